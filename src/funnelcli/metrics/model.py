"""How a metric is declared, and the closed set of its kinds.

A kind owns the value of a period, of the whole range (which is one more period), and the text of the formula.
"""

from typing import Literal, assert_never

from msgspec import Struct

from funnelcli.counting.measures import Measure
from funnelcli.metrics.kinds import Annualised as Annualised
from funnelcli.metrics.kinds import Monthly as Monthly
from funnelcli.metrics.kinds import Never as Never
from funnelcli.metrics.kinds import Percentile as Percentile
from funnelcli.metrics.kinds import Ranking as Ranking
from funnelcli.metrics.kinds import Setting as Setting
from funnelcli.metrics.kinds import Trailing as Trailing
from funnelcli.metrics.sections import ACQUISITION as ACQUISITION
from funnelcli.metrics.sections import COSTS as COSTS
from funnelcli.metrics.sections import DASHBOARD as DASHBOARD
from funnelcli.metrics.sections import FLYWHEEL as FLYWHEEL
from funnelcli.metrics.sections import ICP as ICP
from funnelcli.metrics.sections import LEADS as LEADS
from funnelcli.metrics.sections import OWN as OWN
from funnelcli.metrics.sections import REVENUE as REVENUE
from funnelcli.metrics.sections import SALES as SALES
from funnelcli.metrics.sections import SLA as SLA
from funnelcli.metrics.sections import SUCCESS as SUCCESS
from funnelcli.metrics.sections import Section as Section
from funnelcli.text import Message, Text, as_text
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Unit, Value
from funnelcli.values.periods import Grain
from funnelcli.values.slices import Slice

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

    ``per`` of its measure make one unit: amounts are counted in hundredths, below 0 where what is taken counts.
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
        """What a range shows of its periods: the balance at its start or its end, or of those who were there then."""
        if (self.measure.choice is not None and self.measure.choice.since_start) or self.measure.since is not None:
            return "made"
        return "first" if self.measure.when == "before_start" else "last"

    @property
    def adds_up_over_parts(self) -> bool:
        """Whether its parts sum to the whole: not where each part has its own largest."""
        return self.measure.choice is None or self.measure.choice.since_start

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
    else it is missing; such a rate is a share of people always.  Where ``matured`` people are said, of which all have
    to be, it is missing as long as they are not all of the second.  ``times`` is what one of the denominator is
    multiplied with: 100 of what is reckoned for a hundred.  One of ``named`` parts alone is missing where rows name
    none: what stands above the line is then not that of those below it.  One that is ``of_whole`` is the share that a
    part has of the whole business: both sides are one metric.  With a ``least`` number of a metric the parts that have
    fewer are too few to tell.
    """

    numerator: str
    denominator: str
    nothing: Text
    among: Measure | None = None
    beside: Text = OTHERS
    everybody: str | None = None
    times: int = 1
    matured: tuple[str, str] | None = None
    named: bool = False
    of_whole: bool = False
    least: tuple[str, int] | None = None

    @property
    def words(self) -> Text:
        """The formula for people, which is the same in both languages but for a word."""
        if self.of_whole:
            return Message("{key} / {key} of the whole business").filled(key=self.numerator)
        return as_text(self.formula)

    @property
    def formula(self) -> str:
        """The formula over metric keys."""
        if self.of_whole:
            return self.words.of("en")
        quotient = f"{self.numerator} / {self.denominator}"
        return quotient if self.times == 1 else f"{self.times} * {quotient}"

    @property
    def nobody(self) -> str:
        """The code of the reason why it is missing where the denominator is 0."""
        return f"no-{self.denominator.replace('_', '-')}"


class Formula(Struct, frozen=True, kw_only=True):
    """A sum and difference of metrics.

    An ``optional`` term that is missing is left out, which the report notes; so is one that is in the organic residual,
    where that is among the terms (``with_residual``).
    ``measure`` counts the same at once, of which ``per`` make one unit: where another term is missing, it is what is
    shown.  ``between_parts`` are what goes from part to part, and is nothing over the whole: terms of parts that may
    change.  A sum of what is ``together`` is, like a rate, of the part of the period that the exports of all its terms
    tell of.
    """

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    between_parts: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    measure: Measure | None = None
    per: int = 1
    with_residual: bool = True
    together: bool = False

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

    ``nothing`` is the reason to give where one that it is divided by is 0; ``never`` says where it is missing though
    all are known.  Where it ``rounds_up`` it is the next whole number.
    """

    times: tuple[str, ...]
    over: tuple[str, ...] = ()
    nothing: Text
    factor: int = 1
    never: Never | None = None
    rounds_up: bool = False

    @property
    def words(self) -> Text:
        """The formula for people."""
        if self.rounds_up:
            return Message("{formula}, rounded up").filled(formula=self._quotient)
        if self.never is None:
            return as_text(self._quotient)
        text = Message("{formula}; never where {more} is above {than}")
        return text.filled(formula=self._quotient, more=self.never.more, than=self.never.than)

    @property
    def formula(self) -> str:
        """The formula over metric keys, in words where it is not all."""
        return self.words.of("en")

    @property
    def _quotient(self) -> str:
        factor = "" if self.factor == 1 else f"{self.factor} * "
        return factor + " * ".join(self.times) + "".join(f" / {key}" for key in self.over)


CHANNEL = "channel"
ATTRIBUTE = "attribute"  # the dimension of what a profile asks for

Kind = Flow | Balance | Ratio | Formula | Product | Trailing | Monthly | Setting | Percentile | Annualised | Ranking


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
    ``apart_by`` are the dimensions that tell no figures apart but those made for them, of which it is one.
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
    apart_by: tuple[str, ...] = ()

    @property
    def is_of_same_people(self) -> bool:
        """Whether it is a rate of people who are followed from one stage to another."""
        return isinstance(self.kind, Ratio) and self.kind.everybody is not None

    @property
    def is_of_whole(self) -> bool:
        """Whether it is the share that a part has of the whole business."""
        return isinstance(self.kind, Ratio) and self.kind.of_whole

    @property
    def waits_for_people(self) -> bool:
        """Whether it is of periods whose people have all had their time."""
        return isinstance(self.kind, Ratio) and self.kind.matured is not None

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
        if dimension == ATTRIBUTE:
            return dimension in self.apart_by
        return self.by_channel or dimension != CHANNEL

    @property
    def inputs(self) -> tuple[str, ...]:
        """The keys of the metrics it is made of, one level down."""
        return self.inputs_of(None)

    @property
    def ever_made_of(self) -> tuple[str, ...]:
        """The same of the whole and of any part, with those who must all be below the line of a rate."""
        more = self.kind.between_parts if isinstance(self.kind, Formula) else ()
        kind = self.kind
        everybody = (kind.everybody,) if isinstance(kind, Ratio) and kind.everybody is not None else ()
        matured = (kind.matured or ()) if isinstance(kind, Ratio) else ()
        least = (kind.least[0],) if isinstance(kind, Ratio) and kind.least is not None else ()
        return (*self.inputs, *more, *everybody, *matured, *least)

    def inputs_of(self, part: Slice | None) -> tuple[str, ...]:
        """The keys of the metrics that it is made of in a part (None: the whole), one level down."""
        match self.kind:
            case Flow() | Balance() | Setting():
                return ()
            case Trailing(of=key) | Monthly(of=key) | Percentile(of=key) | Annualised(of=key):
                return (key,)
            case Ranking(of=of, reached=reached):
                return (of, reached)
            case Ratio(numerator=numerator, denominator=denominator):
                return (numerator,) if numerator == denominator else (numerator, denominator)
            case Formula() as formula:
                return (*formula.plus_of(part), *formula.minus)
            case Product(times=times, over=over, never=never):
                return (*times, *over, *(() if never is None else (never.than,)))
            case _:
                assert_never(self.kind)
