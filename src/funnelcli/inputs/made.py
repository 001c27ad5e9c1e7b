"""How an input declares the events that are made of its rows: by words, by other rows, or by what other inputs say."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct, field

from funnelcli.values.figures import Missing
from funnelcli.values.statuses import status_key

Maker = Literal["answers", "handovers", "invites", "leads", "tickets", "touches"]


class Need(Struct, frozen=True, kw_only=True):
    """The columns of which one is needed for an event to be known, and why it is not where none is there.

    A column like ``user_id@invites`` is of use only beside files of that other input, ``user_id@a+b`` beside both.
    """

    columns: tuple[str, ...] = ()
    absent: Missing | None = None


NOTHING_NEEDED = Need()


class Made(Struct, frozen=True, kw_only=True):
    """Events that rows stand for by more than a date.

    ``maker`` says what makes them, and ``events`` are their names, each with what it needs.  ``words`` are patterns of
    what cells say, by the sense that they have, over words without capitals and accents.  Empty cells of the column
    ``named_by_file`` hold the name of their file, where that has a sense.  ``other`` is the column of another person
    that a row is about, and ``keeps`` are columns whose cells lists of such rows show.  Rows
    that ``may_be_planned`` are dated by what is made of them alone.  ``says`` are the keys under which
    ``[inputs.NAME.status]`` says what their words mean.  ``telling`` are patterns of cells by the column that most of
    them show a column of any header to be, but where its header is ``of_others``.
    """

    maker: Maker
    events: Mapping[str, Need]
    words: Mapping[str, str] = field(default_factory=dict)
    named_by_file: str = ""
    other: str = ""
    keeps: tuple[str, ...] = ()
    may_be_planned: bool = False
    says: tuple[str, ...] = ()
    telling: Mapping[str, str] = field(default_factory=dict)
    of_others: str = ""

    def sense_of(self, word: str) -> str:
        """The sense of a cell, the first whose pattern fits; nothing where none does.

        >>> Made(maker="answers", events={}, words={"csat": "hai long"}).sense_of("Mức độ hài lòng")
        'csat'
        """
        key = status_key(word)
        return next((sense for sense, pattern in self.words.items() if re.search(pattern, key)), "")

    def needs_of(self, event: str) -> tuple[tuple[str, ...], Missing | None]:
        """The columns of which one is needed for an event, and why it is not known where none is there.

        >>> made = Made(maker="answers", events={"sent": Need(columns=("sent_at",))})
        >>> made.needs_of("sent"), made.needs_of("other")
        ((('sent_at',), None), ((), None))
        """
        need = self.events.get(event, NOTHING_NEEDED)
        return need.columns, need.absent


def plainly(*names: str) -> dict[str, Need]:
    """Events that need no more than the rows.

    >>> list(plainly("opened"))
    ['opened']
    """
    return dict.fromkeys(names, NOTHING_NEEDED)


def any_of(names: Sequence[str], need: Need) -> dict[str, Need]:
    """Several events that need the same.

    >>> any_of(["sent"], Need(columns=("sent_at",)))["sent"].columns
    ('sent_at',)
    """
    return dict.fromkeys(names, need)
