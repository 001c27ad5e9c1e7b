"""What the exports say of the assumptions of a plan, and the actual figures beside its targets."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from msgspec import Struct

from funnelcli.answers.checks import begins_at, reaches_to
from funnelcli.answers.measured_money import amounts_of_new, arpa_of_new, at_start, cash_of, gap_before
from funnelcli.counting import measures
from funnelcli.counting.counts import Counts, count
from funnelcli.counting.reasons import NOT_TOGETHER
from funnelcli.facts.model import Facts, latest_day
from funnelcli.metrics import CATALOGUE, evaluate
from funnelcli.planning.deals import CREATED_DEALS, WON_DEALS
from funnelcli.planning.labels import month_words
from funnelcli.planning.metrics import SIGNUPS, STAGE_RATES, VISITORS, deal_stages, stages
from funnelcli.planning.model import AnyKey, Best, Key, Measured, Pooled
from funnelcli.planning.seasons import MOST, Season, season_of
from funnelcli.text import COMMA, Message, joined
from funnelcli.values.channels import CHANNELS, NAMED_CHANNELS, SLICES, Channel
from funnelcli.values.figures import Missing, Note, Value
from funnelcli.values.periods import Grain, Period, month_of, shift, span

WINDOW_MONTHS = 6
BEGINNING = timedelta(days=3)
YEAR_MONTHS = 12

# The stages whose exports a rate is made from: a month counts only where both have begun and not yet ended.
_RATE_INPUTS: Mapping[AnyKey, tuple[str, ...]] = {
    Key.VISITOR_TO_SIGNUP: ("visitors", "signups"),
    Key.SIGNUP_TO_DEMO: ("signups", "demos"),
    Key.DEMO_TO_PAID: ("demos", "paid_users"),
    Key.CHURN: ("paid_users",),
}
_ARPA, _ARPA_INPUTS = "arpa_amount", ("paid_users",)
NO_WHOLE_MONTH = Missing("no-whole-month", Message("the exports hold no complete month"))


class Window(Struct, frozen=True, kw_only=True):
    """The months that rates are measured over; ``given`` says that the user named them."""

    months: tuple[Period, ...]
    given: bool = False


def last_whole_month(as_of: date) -> Period:
    """The latest month that ``as_of`` does not cut.

    >>> last_whole_month(date(2026, 10, 30)).key, last_whole_month(date(2026, 10, 31)).key
    ('2026-09', '2026-10')
    """
    month = month_of(as_of)
    return shift(month, -1, Grain.MONTH) if month.cut_by(as_of) else month


def known_until(facts: Facts, as_of: date) -> date:
    """The day up to which a plan measures: as_of, but no more than three days after the last row of all exports.

    So a later --as-of changes no rate, and loses no customer whose renewal is not exported yet.
    """
    latest = latest_day(facts.extents) or as_of
    return latest if as_of - latest > timedelta(days=3) else as_of


def window(facts: Facts, as_of: date, first: Period | None, last: Period | None) -> Window:
    """The months to measure over: as named, else the last complete six that the exports reach back to.

    The month within which all exports begin, more than three days after its first, is not among them.
    """
    begins = min((extent.first for extent in facts.extents.values()), default=as_of)
    end = last or last_whole_month(as_of)
    reached = month_of(begins)
    if begins > reached.start + BEGINNING and not _covered_from(facts, reached.start):
        reached = shift(reached, 1, Grain.MONTH)
    start = first or max(shift(end, 1 - WINDOW_MONTHS, Grain.MONTH), reached)
    months = span(start, end, Grain.MONTH) if start <= end else ()
    return Window(months=months, given=first is not None or last is not None)


def _covered_from(facts: Facts, day: date) -> bool:
    """Whether the settings say of an export that it covers all from a day on."""
    covered = (facts.config.input_settings(name).covered for name in facts.extents)
    return any(months is not None and months[0] <= day for months in covered)


def measure(facts: Facts, as_of: date, over: Window, plan_begins: Period) -> Measured:
    """Everything a plan may want to know of the exports.

    Rates are pooled over the window: sum of numerators over sum of denominators.  What cannot be told is missing with
    its reason; nothing is raised for it.  ``plan_begins`` is the first month that is planned: those of the plan's range
    before it are past, and known.
    """
    start = at_start(facts, as_of, plan_begins)
    if not over.months:
        absent: dict[AnyKey, Pooled | Missing] = dict.fromkeys(_RATE_INPUTS, NO_WHOLE_MONTH)
        return Measured(
            pooled={**absent, Key.NEW_ARPA: NO_WHOLE_MONTH, **start}, gap=gap_before(as_of, plan_begins, None)
        )
    year = span(shift(last_whole_month(as_of), 1 - YEAR_MONTHS, Grain.MONTH), last_whole_month(as_of), Grain.MONTH)
    figures = Figures(facts, over.months, as_of)
    past = Figures(facts, year, as_of)
    arpa, notes = new_arpa(figures)
    of_deals = "paid_users" not in facts.extents and "deals" in facts.extents and WON_DEALS in CATALOGUE
    return Measured(
        pooled={**{key: figures.pooled(key, None) for key in _RATE_INPUTS}, Key.NEW_ARPA: arpa, **start},
        of_channel={channel: {key: figures.pooled(key, channel) for key in STAGE_RATES} for channel in NAMED_CHANNELS},
        new_paid={
            channel: figures.summed(WON_DEALS if of_deals else "new_paid_users", channel) for channel in CHANNELS
        },
        mix_of_deals=of_deals,
        ever=_ever(facts, as_of),
        best=dict(_bests(past, plan_begins)),
        season=_season(facts, as_of),
        gap=gap_before(as_of, plan_begins, figures.usual("new_paid_users")),
        cash=cash_of(figures.counts, figures.months),
        cohorts={key: figures.cohorts(key.value, _RATE_INPUTS[key]) for key in STAGE_RATES},
        amounts=amounts_of_new(facts, over.months, as_of),
        notes=(*_window_notes(over, as_of), *notes),
    )


def new_arpa(figures: "Figures") -> tuple[Pooled | Missing, list[Note]]:
    """The ARPA of those who began in the window; of all, and a note of it, where too few of them tell."""
    own = arpa_of_new(figures.facts, figures.months, figures.as_of)
    if isinstance(own, Pooled):
        return own, []
    pooled = figures.quotient(_ARPA, _ARPA_INPUTS, None)
    if not isinstance(pooled, Pooled):
        return pooled, []
    text = Message("New customers are taken to bring the ARPA of all: {reason}. --arpa gives another.")
    return pooled, [Note("new-arpa-pooled", text.filled(reason=own.reason))]


def summed(facts: Facts, keys: Sequence[str], months: Sequence[Period], as_of: date) -> list[Fraction | None]:
    """The figures of some months, added up; None where one of them is not known."""
    figures = Figures(facts, months, as_of)
    columns = [[value.value for value in figures.of(key, None)] for key in keys]
    return [None if None in column else sum(map(exact, column), Fraction(0)) for column in columns]


def _ever(facts: Facts, as_of: date) -> dict[str, frozenset[Channel]]:
    """The channels that ever had net new visitors, or signups; a stage that is not told by channel is not in it."""
    first = min((extent.first for extent in facts.extents.values()), default=as_of)
    if first > as_of:
        return {}
    everything = Period(start=first, end=as_of + timedelta(days=1), key="")
    figures = Figures(facts, [everything], as_of)
    result: dict[str, frozenset[Channel]] = {}
    for stage, measure_of in ((VISITORS, measures.VISITS), (SIGNUPS, measures.SIGNUPS)):
        assert stage.actual is not None
        values = {channel: figures.of(stage.actual, channel)[0].value for channel in NAMED_CHANNELS}
        if not figures.counts.unmeasured(measure_of) and None not in values.values():
            result[stage.key] = frozenset(channel for channel, value in values.items() if value and value > 0)
    return result


class Figures:
    """The metrics of some months, of the whole and by channel."""

    def __init__(self, facts: Facts, months: Sequence[Period], as_of: date) -> None:
        self.facts, self.months, self.as_of = facts, tuple(months), as_of
        self.counts: Counts = count(facts, self.months, as_of)
        self._values: dict[tuple[str, Channel | None], tuple[Value, ...]] = {}

    def of(self, key: str, channel: Channel | None) -> tuple[Value, ...]:
        """The values of a metric by period, of a channel or (None) the whole."""
        if (key, channel) not in self._values:
            part = None if channel is None else SLICES[channel]
            self._values[key, channel] = evaluate(self.counts, len(self.months), part, [key])[key]
        return self._values[key, channel]

    def summed(self, key: str, channel: Channel | None) -> int:
        """What a metric comes to over all periods; what is missing adds nothing."""
        return int(sum(value.value or 0 for value in self.of(key, channel)))

    def covered(self, inputs: Sequence[str], month: Period) -> bool:
        """Whether the exports of all stages of a rate cover a month, from its beginning (or their own) to its end."""
        first = min((extent.first for extent in self.facts.extents.values()), default=self.as_of)
        return all(
            begins_at(self.facts, name, first) <= month.start
            and month.last_day <= reaches_to(self.facts, name, self.as_of)
            for name in inputs
            if name in self.facts.extents
        )

    def pooled(self, key: AnyKey, channel: Channel | None) -> Pooled | Missing:
        """A rate over the months that all its exports reach over."""
        return self.quotient(key.value, _RATE_INPUTS[key], channel)

    def usual(self, key: str) -> Fraction | None:
        """The mean of the months that are known; None where none is."""
        known = [exact(value.value) for value in self.of(key, None) if value.value is not None]
        return sum(known, Fraction(0)) / len(known) if known else None

    def cohorts(self, name: str, inputs: Sequence[str]) -> tuple[tuple[int, int], ...]:
        """Those who did and those who could of a rate, by month; none where more did than could."""
        if name not in CATALOGUE:
            return ()
        months = [(int(did), int(could)) for _, did, could in self._quotients(name, inputs, None)]
        return tuple(months) if all(did <= could for did, could in months) else ()

    def quotient(self, name: str, inputs: Sequence[str], channel: Channel | None) -> Pooled | Missing:
        """A rate of the catalogue over the months that all of ``inputs`` reach over."""
        if name not in CATALOGUE:
            return NOT_TOGETHER
        unmeasured = self.counts.unmeasured(measures.VISITS)
        if channel is not None and name == Key.VISITOR_TO_SIGNUP and unmeasured:
            return next(iter(unmeasured.values()))
        usable = self._quotients(name, inputs, channel)
        if not usable:
            return next((value.missing for value in self.of(name, channel) if value.missing), NOT_TOGETHER)
        return Pooled(
            numerator=sum((exact(above) for _, above, _ in usable), Fraction(0)),
            denominator=sum((exact(below) for _, _, below in usable), Fraction(0)),
            months=(usable[0][0].key, usable[-1][0].key),
        )

    def _quotients(
        self, name: str, inputs: Sequence[str], channel: Channel | None
    ) -> list[tuple[Period, float, float]]:
        """The numerator and the denominator of each month that all of ``inputs`` reach over, where both are known."""
        return [
            (month, value.numerator, value.denominator)
            for month, value in zip(self.months, self.of(name, channel), strict=True)
            if self.covered(inputs, month) and value.numerator is not None and value.denominator is not None
        ]


def exact(number: float | None) -> Fraction:
    """A count or an amount in hundredths as the fraction it stands for."""
    return Fraction(str(number)) if number is not None else Fraction(0)


def _window_notes(over: Window, as_of: date) -> list[Note]:
    notes: list[Note] = []
    if len(over.months) < WINDOW_MONTHS and not over.given:
        notes.append(
            Note(
                "short-window",
                Message("Rates are measured over {n} complete [month|months] only: the exports hold no more.").filled(
                    n=len(over.months)
                ),
            )
        )
    partial = [month_words(month) for month in over.months if month.cut_by(as_of)]
    if partial:
        notes.append(
            Note(
                "partial-month-in-window",
                Message("Not yet whole, yet measured over: {months}.").filled(months=joined(COMMA, partial)),
            )
        )
    return notes


def _bests(past: Figures, begins: Period) -> list[tuple[tuple[str, Channel | None], Best]]:
    """The highest month of every stage of the last twelve before the planned ones, of the whole and by channel."""
    bests: list[tuple[tuple[str, Channel | None], Best]] = []
    # Of the stages between, a plan counts those who skip them too: there is no figure that is like it.
    ends = [stage for stage in deal_stages() if stage.actual in (CREATED_DEALS, WON_DEALS)]
    for stage in (*stages(), *ends):
        if stage.actual is None or stage.actual not in CATALOGUE:
            continue
        for channel in (None, *NAMED_CHANNELS):
            known = [
                (value.value, month.key)
                for month, value in zip(past.months, past.of(stage.actual, channel), strict=True)
                if value.value is not None and month.start < begins.start
            ]
            if any(number for number, _ in known):
                number, key = max(known, key=lambda pair: pair[0])
                bests.append(((stage.key, channel), Best(number=exact(number), month=key)))
    return bests


def _season(facts: Facts, as_of: date) -> Season | None:
    """How new PU lay over the calendar months of the complete months that the exports reach back to.

    Those before one that is not known do not count; None where fewer than twelve do.
    """
    extent, last = facts.extents.get("paid_users"), last_whole_month(as_of)
    reached = shift(last, 1 - MOST, Grain.MONTH)
    if extent is not None:
        reached = max(reached, month_of(extent.first))
    months = span(reached, last, Grain.MONTH) if reached <= last else ()
    values = Figures(facts, months, as_of).of("new_paid_users", None) if len(months) >= YEAR_MONTHS else ()
    known = next((place for place, value in enumerate(reversed(values)) if value.value is None), len(values))
    numbers = [int(value.value or 0) for value in values[len(values) - known :]]
    return season_of(months[len(months) - known :], numbers)
