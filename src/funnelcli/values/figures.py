"""What a figure is: its unit, its value or the reason why there is none, and notes on figures."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from funnelcli.text import Message, Text, in_context

# Of these make one unit of the currency: amounts are counted in whole hundredths, so that sums are exact.
HUNDREDTHS = 100


class Unit(StrEnum):
    """What a figure counts; decides how a renderer writes it."""

    PEOPLE = "people"
    VISITS = "visits"
    DEMOS = "demos"
    CUSTOMERS = "customers"
    DEALS = "deals"
    ANSWERS = "answers"
    INVITES = "invites"
    TICKETS = "tickets"
    CONTRACTS = "contracts"
    ACCOUNTS = "accounts"
    RATE = "rate"
    AMOUNT = "amount"
    MONTHS = "months"
    DAYS = "days"
    MINUTES = "minutes"
    POINTS = "points"
    NUMBER = "number"

    @property
    def words(self) -> Text:
        """What it is called for people."""
        return _UNITS[self]

    @property
    def is_count(self) -> bool:
        """Whether it counts things, which are whole.

        >>> Unit.DEALS.is_count, Unit.DAYS.is_count
        (True, False)
        """
        return self in _COUNTS


_COUNTS = frozenset(
    (
        Unit.PEOPLE, Unit.VISITS, Unit.DEMOS, Unit.CUSTOMERS, Unit.DEALS, Unit.ANSWERS, Unit.INVITES, Unit.TICKETS,
        Unit.CONTRACTS, Unit.ACCOUNTS,
    )
)  # fmt: skip
_UNITS: Mapping[Unit, Text] = {
    Unit.PEOPLE: Message("people"),
    Unit.VISITS: Message("visits"),
    Unit.DEMOS: Message("demos"),
    Unit.CUSTOMERS: Message("customers"),
    Unit.DEALS: Message("deals"),
    Unit.ANSWERS: Message("answers"),
    Unit.INVITES: Message("invites"),
    Unit.TICKETS: Message("tickets"),
    Unit.CONTRACTS: Message("contracts"),
    Unit.ACCOUNTS: Message("accounts"),
    Unit.RATE: Message("rate"),
    Unit.AMOUNT: Message("amount"),
    Unit.MONTHS: Message("months"),
    Unit.DAYS: Message("days"),
    Unit.MINUTES: Message("minutes"),
    Unit.POINTS: Message("points"),
    Unit.NUMBER: in_context("unit", "number"),
}


class Missing(Struct, frozen=True):
    """No figure, and why.  ``code`` is stable; ``reason`` is for people.

    ``in_residual`` says that what it would count is not lost, but counted in the organic residual.  One that is
    ``unneeded`` is of what few exports say: people need not see a row that is missing throughout.
    """

    code: str
    reason: Text
    in_residual: bool = False
    unneeded: bool = False


class Value(Struct, frozen=True, kw_only=True):
    """One figure: a raw number or a reason, and for a rate what was divided by what.

    Rates are shares, 0 to 1 and possibly above; counts are whole.  ``is_share`` says that what stands above the line
    are some of the very people that stand below it: only then has a rate an interval.  Of those who ``entered`` in a
    period the denominator are those whose time is over.  A quotient counts ``times`` the numerator.
    ``bounds`` are those of its interval, with the method, where it is no such share and has one all the same.
    """

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    missing: Missing | None = None
    is_share: bool = False
    entered: float | None = None
    times: int = 1
    bounds: tuple[float, float, str] | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.missing is None):
            raise ValueError("a value is either a number or missing with a reason")


class Note(Struct, frozen=True):
    """Something the reader should know about the figures; ``code`` is stable, ``text`` for people."""

    code: str
    text: Text


def in_units(number: int, per: int) -> float:
    """A number of parts, of which ``per`` make a unit, in units; whole ones stay whole.

    >>> in_units(12345, 100), in_units(12300, 100)
    (123.45, 123)
    """
    return number / per if number % per else number // per


NO_SOURCE = Missing(
    "no-source-column",
    Message("the export has no source column, so its channels are not measured"),
    in_residual=True,
)
