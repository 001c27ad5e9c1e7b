"""How a metric is declared, and the closed set of its kinds.

A kind owns the value of a period, of the whole range (which is one more period), and the text of the formula.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, assert_never

from msgspec import Struct

from funnelcli.counting.measures import Measure
from funnelcli.text import Message, Text, as_text
from funnelcli.values.channels import Channel
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.figures import Unit, Value
from funnelcli.values.periods import WHOLE, Grain, Period
from funnelcli.values.slices import Slice
from funnelcli.values.terms import add_months

if TYPE_CHECKING:
    from funnelcli.config import Config


class Section(Struct, frozen=True, kw_only=True):
    """A block of the dashboard; those of lower ``rank`` stand first.

    One that ``is_journey`` holds the figures of a journey: where settings declare its stages anew, its metrics too.
    ``stages`` are then those on its way, by the keys of who entered them: each with its name and what people call it.
    One that ``needs`` inputs is shown by itself only where one of them has files, whatever its figures are made of.
    """

    key: str
    title: Text
    rank: int
    is_journey: bool = False
    needs: tuple[str, ...] = ()
    stages: tuple[tuple[str, str, Text], ...] = ()


ACQUISITION = Section(key="acquisition", title=Message("Know → Understand → Fill the form (RU)"), rank=10)
SALES = Section(
    key="sales",
    title=Message("Form → Demo → Quote → Contract (PU)"),
    rank=20,
)
REVENUE = Section(key="revenue", title=Message("Revenue: what MRR moved, and why"), rank=22)
SUCCESS = Section(key="success", title=Message("Customers: renewals, cash and support"), rank=24)
COSTS = Section(key="costs", title=Message("Costs: what a customer costs and brings"), rank=26, needs=("costs",))
FLYWHEEL = Section(
    key="flywheel", title=Message("Flywheel: attract, engage, delight, friction"), rank=28,
    needs=("surveys", "invites", "activities", "tickets"),
)  # fmt: skip
OWN = Section(key="own", title=Message("Own metrics"), rank=90)
# The sections of the dashboard are shown whatever exports there are; those of other inputs where these have files.
DASHBOARD = (ACQUISITION, SALES)

# Why a rate of what happened in one period has no interval.
OTHERS = Message("a period rate: other people may stand above and below the line")

GRAIN_WORDS: dict[Grain, Text] = {
    Grain.WEEK: Message("week"),
    Grain.MONTH: Message("month"),
    Grain.QUARTER: Message("quarter"),
    Grain.YEAR: Message("year"),
}
Good = Literal["up", "down", "neither"]
Basis = Literal["period", "cohort"]
OverRange = Literal["sum", "first", "last", "made"]


class Flow(Struct, frozen=True, kw_only=True):
    """Things that happen; they add up over time and over channels.  ``only`` are the channels it is about.

    ``per`` of its measure make one unit: amounts are counted in hundredths.
    """

    measure: Measure
    only: frozenset[Channel] | None = None
    what: Text | str
    per: int = 1

    @property
    def over_range(self) -> OverRange:
        """What a range shows of its periods: their sum, but where whom it counts depends on where these begin."""
        return "made" if self.measure.now == "latest" or self.measure.held is not None else "sum"

    @property
    def words(self) -> Text:
        """The formula for people."""
        text = Message("count of {what}") if self.per == 1 else Message("sum of {what}")
        return text.filled(what=self.what)

    @property
    def formula(self) -> str:
        """The formula in words."""
        return self.words.of("en")


class Balance(Struct, frozen=True, kw_only=True):
    """A level at the start or the end of a period; never added up over time.

    ``per`` of its measure make one unit: amounts are counted in hundredths.
    """

    measure: Measure
    what: Text | str
    per: int = 1

    @property
    def over_range(self) -> OverRange:
        """What a range shows of its periods: the balance at its start, or at its end."""
        return "first" if self.measure.when == "before_start" else "last"

    @property
    def words(self) -> Text:
        """The formula for people."""
        text = Message("count of {what}") if self.per == 1 else Message("sum of {what}")
        return text.filled(what=self.what)

    @property
    def formula(self) -> str:
        """The formula in words."""
        return self.words.of("en")


class Ratio(Struct, frozen=True, kw_only=True):
    """One metric divided by another; of a range, the range's sums are divided, never rates averaged.

    ``nothing`` is the reason to give where the denominator is 0.  ``among`` counts those above the line who are some of
    the people below it, and ``beside`` says of the others who they are: where there are any, and where nothing counts
    them, the rate is no share of people, and has no interval.  ``everybody`` are those who must all be below the line,
    else it is missing; such a rate is a share of people always.  ``times`` is what one of the denominator is multiplied
    with: 100 of what is reckoned for a hundred.
    """

    numerator: str
    denominator: str
    nothing: Text
    among: Measure | None = None
    beside: Text = OTHERS
    everybody: str | None = None
    times: int = 1

    @property
    def words(self) -> Text:
        """The formula for people, which is the same in both languages."""
        return as_text(self.formula)

    @property
    def formula(self) -> str:
        """The formula over metric keys."""
        quotient = f"{self.numerator} / {self.denominator}"
        return quotient if self.times == 1 else f"{self.times} * {quotient}"


class Formula(Struct, frozen=True, kw_only=True):
    """A sum and difference of metrics.

    An ``optional`` term that is missing is left out, which the report notes; so is one that is in the organic residual,
    where that is among the terms (``with_residual``).
    ``measure`` counts the same at once: where another term is missing, it is what is shown.  ``between_parts`` are what
    goes from part to part, and is nothing over the whole: terms of parts that may change.
    """

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    between_parts: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    measure: Measure | None = None
    with_residual: bool = True

    def plus_of(self, part: Slice | None) -> tuple[str, ...]:
        """What is added up in a part (None: the whole)."""
        return self.plus if part is None or part.lasting else (*self.plus, *self.between_parts)

    @property
    def words(self) -> Text:
        """The formula for people, which is the same in both languages."""
        return as_text(self.formula)

    @property
    def formula(self) -> str:
        """The formula over metric keys."""
        return self.formula_of(None)

    def formula_of(self, part: Slice | None) -> str:
        """The formula of a part (None: of the whole)."""
        return " + ".join(self.plus_of(part)) + "".join(f" - {key}" for key in self.minus)

    def needs(self, key: str, term: Value) -> bool:
        """Whether the sum cannot do without a term that is missing."""
        if term.missing is None or key in self.optional:
            return False
        return not (self.with_residual and term.missing.in_residual)


class Product(Struct, frozen=True, kw_only=True):
    """Metrics multiplied with each other, and with a ``factor``, and divided by others; of a range, those of the range.

    ``nothing`` is the reason to give where one that it is divided by is 0.
    """

    times: tuple[str, ...]
    over: tuple[str, ...] = ()
    nothing: Text
    factor: int = 1

    @property
    def words(self) -> Text:
        """The formula for people, which is the same in both languages."""
        return as_text(self.formula)

    @property
    def formula(self) -> str:
        """The formula over metric keys."""
        factor = "" if self.factor == 1 else f"{self.factor} * "
        return factor + " * ".join(self.times) + "".join(f" / {key}" for key in self.over)


class Trailing(Struct, frozen=True, kw_only=True):
    """Another metric over the last ``months`` before the period ends, or those that end ``before`` months earlier.

    Missing where these begin before the exports do.
    """

    of: str
    months: int
    before: int = 0

    def window(self, period: Period) -> Period:
        """The months that it is of, for a period.

        >>> from datetime import date
        >>> year = Trailing(of="paid_user_churn_rate", months=12).window(Period(date(2026, 3, 1), date(2026, 4, 1), ""))
        >>> year.start.isoformat(), year.end.isoformat()
        ('2025-04-01', '2026-04-01')
        """
        end = add_months(period.end, -self.before)
        return Period(add_months(end, -self.months), end, WHOLE)

    @property
    def words(self) -> Text:
        """The formula for people."""
        text = Message("{key} of the last {n} [month|months]")
        if self.before:
            text = Message("{key} of the {n} [month|months] that end {before} earlier")
        return text.filled(key=self.of, n=self.months, before=self.before)

    @property
    def formula(self) -> str:
        """The formula in words."""
        return self.words.of("en")


class Monthly(Struct, frozen=True, kw_only=True):
    """The sum of another metric over the calendar months that a period is made of, as far as they have begun."""

    of: str

    @property
    def words(self) -> Text:
        """The formula for people."""
        return Message("sum of {key} over the months").filled(key=self.of)

    @property
    def formula(self) -> str:
        """The formula in words."""
        return self.words.of("en")


class Setting(Struct, frozen=True, kw_only=True):
    """A number that the settings give, the same in every period; ``what`` says which."""

    read: "Callable[[Config], float]"
    what: Text

    @property
    def words(self) -> Text:
        """The formula for people."""
        return self.what

    @property
    def formula(self) -> str:
        """The formula in words."""
        return self.words.of("en")


class Percentile(Struct, frozen=True, kw_only=True):
    """The time by which a share of what happened in a period has ended, by Kaplan-Meier: what goes on counts as such.

    ``of`` is the flow that it is of, and ``until`` the measure of what ends it: events of the same row, or those that
    have its link.  Where another end may come first, ``instead`` measures that: the curve is then that of Aalen and
    Johansen, and never gets to all.  ``among`` measures those who come to it in time: the time is then that by which
    the share of these has, as high as the curve is when the last of them has.  ``per`` microseconds make one unit; of
    what is ``timed`` only that tells which has a time of day, at its beginning and its end.  A range is one period.
    ``nothing`` is the reason to give where nothing happened.

    >>> Percentile(of="entered_demo", until=Measure(name="x", plus=("x",), when="within"), quantile=0.5,
    ...            nothing=Message("nothing")).formula
    '50 % of entered_demo ended'
    """

    of: str
    until: Measure
    quantile: float
    instead: Measure | None = None
    among: Measure | None = None
    per: int = DAY_MICROS
    timed: bool = False
    nothing: Text

    @property
    def words(self) -> Text:
        """The formula for people."""
        return Message("{share} % of {of} ended").filled(share=round(self.quantile * 100), of=as_text(self.of))

    @property
    def formula(self) -> str:
        """The formula in words."""
        return self.words.of("en")


Kind = Flow | Balance | Ratio | Formula | Product | Trailing | Monthly | Setting | Percentile


class Metric(Struct, frozen=True, kw_only=True):
    """One row of the dashboard, declared once.

    ``good`` is the direction that is good news, ``owner`` the team it belongs to, and ``source`` where the definition
    comes from.  ``shown`` is off for a metric that only serves to make others, ``by_channel`` for one that is a channel
    itself.  ``between_parts`` is on for moves between parts: they are 0 but in a split by what may change, like a
    customer's plan.  ``part`` marks a row that is a part of the one above, ``hide_zero`` a row that people see only
    when it is not 0.  ``like`` is the shown metric that one which is not shown is the same as, but for some settings.
    ``own`` marks one that the settings declare.
    ``basis`` says whether it is of what happens in a period, or of the people who enter in it, wherever they get to.
    ``after`` is the metric that it stands right after; one ``apart`` stands where its section or itself is asked for.
    """

    key: str
    label: Text
    unit: Unit
    section: Section
    kind: Kind
    definition: Text
    owner: str
    good: Good
    source: str = "definitions: the dashboard"
    shown: bool = True
    by_channel: bool = True
    between_parts: bool = False
    part: bool = False
    hide_zero: bool = False
    like: str | None = None
    own: bool = False
    basis: Basis = "period"
    after: str | None = None
    needs: tuple[str, ...] | None = None
    apart: bool = False

    @property
    def is_of_same_people(self) -> bool:
        """Whether it is a rate of people who are followed from one stage to another."""
        return isinstance(self.kind, Ratio) and self.kind.everybody is not None

    def formula_of(self, part: Slice | None) -> str:
        """The formula over metric keys, or in words, of a part (None: of the whole)."""
        return self.kind.formula_of(part) if isinstance(self.kind, Formula) else self.kind.formula

    def words_of(self, part: Slice | None) -> Text:
        """The same for people."""
        return as_text(self.kind.formula_of(part)) if isinstance(self.kind, Formula) else self.kind.words

    def label_for(self, grain: Grain) -> Text:
        """The label with the grain's word in it, where it speaks of the period."""
        return self.label.filled(grain=GRAIN_WORDS[grain])

    def is_split_by(self, dimension: str) -> bool:
        """Whether it is shown for each part of a dimension; what is a channel itself is not split by channel."""
        return self.by_channel or dimension != "channel"

    @property
    def inputs(self) -> tuple[str, ...]:
        """The keys of the metrics it is made of, one level down."""
        return self.inputs_of(None)

    @property
    def ever_made_of(self) -> tuple[str, ...]:
        """The same of the whole and of any part, with those who must all be below the line of a rate."""
        more = self.kind.between_parts if isinstance(self.kind, Formula) else ()
        everybody = self.kind.everybody if isinstance(self.kind, Ratio) else None
        return (*self.inputs, *more, *(() if everybody is None else (everybody,)))

    def inputs_of(self, part: Slice | None) -> tuple[str, ...]:
        """The keys of the metrics that it is made of in a part (None: the whole), one level down."""
        match self.kind:
            case Flow() | Balance() | Setting():
                return ()
            case Trailing(of=key) | Monthly(of=key) | Percentile(of=key):
                return (key,)
            case Ratio(numerator=numerator, denominator=denominator):
                return (numerator, denominator)
            case Formula() as formula:
                return (*formula.plus_of(part), *formula.minus)
            case Product(times=times, over=over):
                return (*times, *over)
            case _:
                assert_never(self.kind)
