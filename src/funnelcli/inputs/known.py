"""How an export of a system is declared: how it is recognised, and all that is known of it then."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from funnelcli.text import Message, Text
from funnelcli.values.channels import ChannelName

Header = str | tuple[str, ...]  # a header, or several of which each is it: in another language, of another version
Words = Mapping[str, tuple[str, ...]]


class KnownExport(Struct, frozen=True, kw_only=True, eq=False):
    """An export that people have under the headers of its system: what stands where is then known, not guessed.

    **Recognised.**  A file that has all the headers ``recognised_by`` (of a tuple of several, one) is this export; of
    several the one with the most.  The first should be of few other exports.  ``seen_in`` says where the headers were
    found, ``how`` people come to the export.  ``input`` is the input that it is, None where it is none: ``lacks`` then
    says why, and ``instead`` what to export; of the inputs that it is ``never`` it is none whatever its name says.
    Forms have questions as headers: of each of ``questions``, globs, a header has to be one, too.  What a form is by
    other headers may be anything, so that it ``yields_to`` the inputs that the name of its file says.
    One that is recognised ``by_name_only`` makes of a file what its name says, or what no other file is: then it needs
    a header to ``keep`` rows by, and a cell below it.

    **Read.**  ``columns`` gives the header of our columns (False: no header stands for it); those that it does not name
    are found by their aliases.  What follows says of its file what ``[inputs.NAME]`` says of an input in funnel.toml,
    which outweighs it: ``statuses`` the words of its statuses, by what they say in this system, ``keep`` and ``drop``
    the rows that count, ``ignore`` the columns that change no figure, ``interval`` what its amounts are paid for.
    ``no_date`` are the words that in columns of dates mean none, and where ``is_in_utc``, times that say no zone are in
    UTC.
    ``channels`` are the sources that mean in this system something else than usual.  ``amount_is`` says whether amounts
    are for ``each`` of a quantity or for the ``whole``, ``amount_unit`` that they are in the ``minor`` unit.
    ``ends_are_facts``: what stands under its header of ends has happened, and is no end of a running contract.
    So has what stands under that of starts, where ``starts_are_facts``: none of them lies ahead.
    Rows that say no source, and no channel, are of the ``source``.
    ``shape`` and ``end_date`` are as in ``[paid_users]``, where all files of paid users are of exports that say the
    same.

    **Beside others.**  Of the files of an input only those of the lowest ``rank`` are read: subscriptions say more of
    who pays than invoices, and these more than deals.  ``lacks`` is what the export does not say, and what then.
    """

    name: str
    input: str | None
    recognised_by: tuple[Header, ...]
    questions: tuple[tuple[str, ...], ...] = ()
    columns: Mapping[str, Header | Literal[False]] = field(default_factory=dict)
    seen_in: str = ""
    how: str = ""
    lacks: Text | None = None
    instead: Text | None = None
    never: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    by_name_only: bool = False
    statuses: Words = field(default_factory=dict)
    channels: Mapping[ChannelName, tuple[str, ...]] = field(default_factory=dict)
    keep: Words = field(default_factory=dict)
    drop: Words = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    no_date: tuple[str, ...] = ()
    is_in_utc: bool = False
    interval: str | None = None
    amount_is: str | None = None
    amount_unit: str | None = None
    ends_are_facts: bool = False
    starts_are_facts: bool = False
    shape: Literal["subscriptions", "payments", "events"] | None = None
    end_date: Literal["inclusive", "exclusive"] | None = None
    source: str = ""
    rank: int = 0

    @property
    def key(self) -> str:
        """The name it is looked up by."""
        return self.name

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The headers that recognise it, of each group of which one is enough."""
        return tuple(map(headers_of, self.recognised_by))

    @property
    def weight(self) -> int:
        """How much has to be there for a file to be this export."""
        return len(self.recognised_by) + len(self.questions)

    def headers_for(self, column: str) -> tuple[str, ...]:
        """The headers that stand for a column of ours; none where it is not declared, or where none does."""
        return headers_of(self.columns.get(column, False))


def headers_of(header: Header | Literal[False]) -> tuple[str, ...]:
    """The headers of which each is meant.

    >>> headers_of("Date"), headers_of(("Date", "Ngày")), headers_of(False)
    (('Date',), ('Date', 'Ngày'), ())
    """
    if header is False:
        return ()
    return (header,) if isinstance(header, str) else header


# What several exports of payments and orders do not say.
NO_ENDS = Message("it says when customers bought and not until when: churn is missing")
NO_INTERVALS = Message(
    "it does not say what its prices are paid for, a month or a year: MRR is missing; where all are alike, "
    '[inputs.paid_users] interval = "month" says it'
)
# Ranks: what says of itself from when to when somebody pays, what was paid, and what was agreed.
SUBSCRIPTIONS, PAYMENTS, DEALS = 0, 1, 2
