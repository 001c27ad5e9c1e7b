"""Where a firm lands if nothing changes: its level of signups, its rates, churn and amounts as they are, run on.

The figure of a month is what is to be expected; the bands are those that 50 and 90 % of many runs lie in.
Source: docs/planning.md, forecast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, Literal

from msgspec import Struct

from funnelcli.planning.known_past import BACK, DEMOS, LOST, MRR, NEW, PAYING, SIGNUPS, Getting, Past, Stream
from funnelcli.planning.lag import Lag, brought_by, forward
from funnelcli.planning.seasons import MOST, season_of
from funnelcli.stats.paths import Firm, Money, bands, course, entering, nobody, thinned
from funnelcli.stats.simulation import Counts, Hand, Runs, Step, Waiting, World, dispersion
from funnelcli.stats.smoothing import FEWEST, Outlook
from funnelcli.stats.smoothing import outlook as smoothed
from funnelcli.values.periods import Grain, Period, shift, span

RUNS, SEED = 5_000, 1
YEAR, SEASON_FROM, SEASON_LEAST = 12, 24, 15
SEASON_PEOPLE = 10  # of each calendar month, over the years: fewer tell chance rather than a season
NoSeason = Literal["few_months", "few_people", "unasked"]
Over = Literal["sum", "end"]
Shape = Literal["level", "seasonal"]
# The figures that are foretold, and how a range has them.
FIGURES: Mapping[str, Over] = {
    SIGNUPS: "sum", DEMOS: "sum", NEW: "sum", BACK: "sum", LOST: "sum", PAYING: "end", MRR: "end",
}  # fmt: skip
Targets = Mapping[str, Sequence[float | None]]  # by figure, of each month ahead
Numbers = Any  # an array of whole numbers by month and run


class Expected(Struct, frozen=True, kw_only=True):
    """A figure: what is to be expected, and the bounds that 90 and 50 % of the runs lie within (5, 25, 75, 95 %).

    None where too few months are known for any.
    """

    value: float
    bounds: tuple[float, ...] | None = None

    def holds(self, actual: float, share: Literal[50, 90]) -> bool:
        """Whether what came lies within the bounds of so many per cent of the runs.

        >>> figure = Expected(value=10, bounds=(5, 8, 12, 15))
        >>> figure.holds(13, 50), figure.holds(13, 90)
        (False, True)
        """
        assert self.bounds is not None
        low, high = (1, 2) if share == 50 else (0, 3)
        return self.bounds[low] <= actual <= self.bounds[high]


class ForecastRow(Struct, frozen=True, kw_only=True):
    """A figure of each month, and of all of them: their sum, or the last one."""

    key: str
    cells: tuple[Expected, ...]
    total: Expected


class Forecast(Struct, frozen=True, kw_only=True):
    """The figures of the ``periods`` ahead, of the first of which ``elapsed`` is over.

    ``shapes`` say how those who come are foretold, by figure; ``chances`` in what share of the runs the targets of a
    figure are met, all of its months together.
    """

    periods: tuple[Period, ...]
    elapsed: float
    rows: tuple[ForecastRow, ...]
    shapes: Mapping[str, StreamShape]
    seed: int
    runs: int
    chances: Mapping[str, float] = {}

    def row(self, key: str) -> ForecastRow | None:
        """The row of a figure; None where it cannot be foretold."""
        return next((row for row in self.rows if row.key == key), None)


class StreamShape(Struct, frozen=True, kw_only=True):
    """How those who come are foretold: by how many months, from which level on, with a trend, with a season.

    ``no_season`` is why there is none.
    """

    months: int
    level: float
    has_trend: bool
    no_season: NoSeason | None

    @property
    def has_season(self) -> bool:
        """Whether the calendar month counts."""
        return self.no_season is None


class Ahead(Struct, frozen=True, kw_only=True):
    """A stream foretold: how, and what each month is of a usual one."""

    outlook: Outlook | None
    seasons: tuple[float, ...]
    mean: float
    shape: StreamShape

    def expected(self, elapsed: float) -> list[float]:
        """How many come in each month, in the first of them in what is left of it."""
        months = len(self.seasons)
        levels = [self.mean] * months if self.outlook is None else self.outlook.expected(months).tolist()
        left = [1 - elapsed, *[1.0] * (months - 1)]
        return [level * season * share for level, season, share in zip(levels, self.seasons, left, strict=True)]


def foretell(
    past: Past,
    months: int,
    *,
    shape: Shape | None = None,
    seed: int = SEED,
    runs: int = RUNS,
    targets: Targets | None = None,
) -> Forecast:
    """The figures of so many months, and the chances of the ``targets`` that some have in these."""
    periods = months_ahead(past, months)
    streams = streams_ahead(past, periods, shape)
    expected = expected_figures(
        past, {key: each.expected(float(past.elapsed)) for key, each in streams.items()}, months
    )
    has_bands = bool(streams) and all(each.outlook is not None for each in streams.values())
    drawn = _drawn(past, streams, months, seed, runs) if has_bands else {}
    rows = tuple(_row(key, numbers, drawn.get(key)) for key, numbers in expected.items())
    return Forecast(
        periods=periods, elapsed=float(past.elapsed), rows=rows,
        shapes={key: each.shape for key, each in streams.items()}, seed=seed, runs=runs,
        chances={key: _chance(key, drawn[key], wanted) for key, wanted in (targets or {}).items() if key in drawn},
    )  # fmt: skip


def months_ahead(past: Past, months: int) -> tuple[Period, ...]:
    """The months that are foretold."""
    return span(past.begins, shift(past.begins, months - 1, Grain.MONTH), Grain.MONTH)


def streams_ahead(past: Past, periods: Sequence[Period], shape: Shape | None) -> dict[str, Ahead]:
    """How each stream goes on."""
    return {key: _ahead(stream, periods, shape) for key, stream in past.streams.items()}


def _ahead(stream: Stream, periods: Sequence[Period], shape: Shape | None) -> Ahead:
    """How many will come by what is known of those who came."""
    known, seasons, years = stream.usual, [1.0] * len(periods), 0
    weights = _season(stream, shape)
    if isinstance(weights, dict):
        known = [number / weights[month.start.month] for month, number in zip(stream.months, known, strict=True)]
        seasons = [weights[period.start.month] for period in periods]
        years = max(min(len(known), MOST) // YEAR, 1)
    mean = sum(known) / len(known)
    outlook = smoothed(known, seasons=years) if len(known) >= FEWEST else None
    level = mean if outlook is None else float(outlook.expected(1)[0])
    described = StreamShape(
        months=len(known), level=level, has_trend=outlook is not None and outlook.has_trend,
        no_season=None if isinstance(weights, dict) else weights,
    )  # fmt: skip
    return Ahead(outlook=outlook, seasons=tuple(seasons), mean=mean, shape=described)


def _season(stream: Stream, shape: Shape | None) -> dict[int, float] | NoSeason:
    """What each calendar month is of a usual one, or why that is not told: the same rule for everybody who comes."""
    if shape == "level":
        return "unasked"
    if len(stream.numbers) < (SEASON_LEAST if shape == "seasonal" else SEASON_FROM):
        return "few_months"
    known = [round(number) for number in stream.usual]
    by_month = dict.fromkeys(range(1, YEAR + 1), 0)
    for month, number in [*zip(stream.months, known, strict=True)][-MOST:]:
        by_month[month.start.month] += number
    season = season_of(stream.months, known)
    if season is None or season.growth is None or min(by_month.values()) < SEASON_PEOPLE:
        return "few_people"
    usual = float(sum(season.weights.values())) / YEAR
    return {month: float(weight) / usual for month, weight in season.weights.items()}


# --- what is to be expected ------------------------------------------------------------------------------------------


def expected_figures(past: Past, come: Mapping[str, Sequence[float]], months: int) -> dict[str, list[float]]:
    """Each figure by month, where so many ``come``; those that cannot be told are not in it."""
    so_far = past.so_far
    reached = _expected_stages(past, come, months)
    figures: dict[str, list[float]] = {}
    for key in (SIGNUPS, DEMOS, NEW, BACK):
        if key in reached or key in come:
            numbers = _added(reached.get(key), come.get(key) if key not in past.stages[:1] else None, months)
            figures[key] = _with_first(numbers, so_far.get(key, 0.0))
    if past.customers is None or not past.churn or NEW not in figures:
        return figures
    churn = past.losses * past.churn_rate
    left, paying, lost, end = 1 - float(past.elapsed), float(past.customers), [], []
    gained = _added(figures[NEW], figures.get(BACK), months)
    gained[0] -= so_far.get(NEW, 0.0) + so_far.get(BACK, 0.0)
    amount, each = [], _usual_amount(past)
    level = past.mrr or 0.0
    for month in range(months):
        share = left if month == 0 else 1.0
        gone = paying * churn * share
        grown = sum(past.worth.grows) / len(past.worth.grows) * share
        of_each = level / paying if paying else 0.0
        level = max(level * (1 + grown) - gone * past.worth.lost_rate * of_each + gained[month] * each, 0.0)
        paying += gained[month] - gone
        lost.append(gone)
        end.append(paying)
        amount.append(level)
    figures |= {LOST: _with_first(lost, so_far.get(LOST, 0.0)), PAYING: end}
    return {**figures, MRR: amount} if past.has_worth else figures


def _expected_stages(past: Past, come: Mapping[str, Sequence[float]], months: int) -> dict[str, list[float]]:
    """Who comes to each stage by month of those who sign up, and of those in hand; in what is left of the first."""
    if SIGNUPS not in come:
        return {}
    lags = [rate_of(step) for step in past.steps]
    entering: list[list[float]] = [list(come[SIGNUPS]), *[[0.0] * months for _ in lags]]
    fresh, brought = forward(entering, lags), brought_by(past.hand, lags, months)
    stages = dict(zip(past.stages, (_added(*both, months) for both in zip(fresh, brought, strict=True)), strict=True))
    if DEMOS in stages:
        had, of = past.had
        stages[DEMOS] = [number * had / of for number in stages[DEMOS]] if of else stages[DEMOS]
    return stages


def rate_of(step: Getting) -> Lag:
    """The shares of a step by lag, as numbers."""
    shares = [step.times * came / known for came, known in zip(step.counts.came, step.counts.known, strict=True)]
    last = max((lag + 1 for lag, share in enumerate(shares) if share), default=1)
    return Lag(shares=tuple(shares[:last]))


def _usual_amount(past: Past) -> float:
    """What a new customer brings: the mean of those lately, else what all do."""
    if past.worth.amounts:
        return past.worth.mean
    return (past.mrr or 0.0) / past.customers if past.customers else 0.0


def _added(first: Sequence[Any] | None, second: Sequence[Any] | None, months: int) -> list[float]:
    columns = [column for column in (first, second) if column is not None]
    return [float(sum(column[month] for column in columns)) for month in range(months)]


def _with_first(numbers: Sequence[float], so_far: float) -> list[float]:
    return [numbers[0] + so_far, *numbers[1:]]


# --- how far off that may be -----------------------------------------------------------------------------------------


def _drawn(past: Past, streams: Mapping[str, Ahead], months: int, seed: int, runs: int) -> dict[str, Numbers]:
    """The figures of each run."""
    elapsed = float(past.elapsed)
    come: dict[str, Numbers] = {
        key: entering(each.outlook, each.seasons, runs=runs, seed=(seed, 10 + place), elapsed=elapsed)
        for place, (key, each) in enumerate(streams.items())
        if each.outlook is not None
    }
    figures: dict[str, Numbers] = {}
    if SIGNUPS in come:
        stages = _runs(past, months, seed, runs).reached(come[SIGNUPS])
        figures = dict(zip(past.stages, stages, strict=True))
    if DEMOS in figures and past.had[1]:
        figures[DEMOS] = thinned(figures[DEMOS], Counts(number=past.had[0], of=past.had[1]), seed=(seed, 4))
    for key in (DEMOS, NEW, BACK):
        if key in come:
            figures[key] = figures[key] + come[key] if key in figures else come[key]
    if past.customers is not None and past.churn and NEW in figures:
        after = course(_firm(past), figures[NEW], figures.get(BACK, nobody(months, runs)), seed=seed)
        figures |= {LOST: after.lost, PAYING: after.end}
        if after.amount is not None:
            figures[MRR] = after.amount
    for key, number in past.so_far.items():
        if number and key in figures:
            figures[key] = figures[key].copy()
            figures[key][0] += int(number)
    return figures


def _runs(past: Past, months: int, seed: int, runs: int) -> Runs:
    waiting = tuple(
        Waiting(stage=each.stage, at=past.hand.at - each.month, number=int(each.number)) for each in past.hand.open
    )
    hand = Hand(waiting=waiting, month=past.hand.at, elapsed=float(past.hand.elapsed))
    steps = tuple(_step(step) for step in past.steps)
    return Runs(World(steps=steps, months=months, hand=hand), seed=seed, runs=runs)


def _step(step: Getting) -> Step:
    """The rate of a step, of those of whom it is known whether they ever get on, and when they do."""
    shares, did, of = rate_of(step).shares, [n for n, _ in step.cohorts], [n for _, n in step.cohorts]
    matured = float(step.counts.known[len(shares) - 1])
    more, size = (dispersion(did, of), sum(of) / len(of)) if of else (1.0, matured)
    counts = Counts(number=float(sum(shares)) * matured, of=matured, dispersion=more, size=size)
    return Step(rate=counts, by_lag=step.counts.as_if_known(), counted=True)


def _firm(past: Past) -> Firm:
    lost, paying = [n for n, _ in past.churn], [n for _, n in past.churn]
    more = dispersion(lost, paying)
    churn = Counts(number=sum(lost), of=sum(paying), dispersion=more, size=sum(paying) / len(paying))
    money = _money(past, past.mrr) if past.mrr is not None and past.has_worth else None
    return Firm(customers=past.customers or 0, churn=churn, elapsed=float(past.elapsed), money=money)


def _money(past: Past, opening: float) -> Money:
    """What customers bring; where that is known of none alone, they are taken to differ by as much as they bring."""
    worth, each = past.worth, _usual_amount(past)
    apart = worth.apart if worth.apart is not None else each
    return Money(
        opening=opening, amounts=worth.amounts or (each,), largest=worth.largest, apart=apart,
        lost=worth.lost_rate, lost_of=worth.lost_of, grows=worth.grows,
    )  # fmt: skip


def _row(key: str, numbers: Sequence[float], drawn: Numbers | None) -> ForecastRow:
    over, whole = FIGURES[key], key != MRR
    total = numbers[-1] if over == "end" else list(accumulate(numbers))[-1]
    if drawn is None:
        return ForecastRow(key=key, cells=tuple(map(_alone, numbers)), total=_alone(total))
    of_range = drawn[-1] if over == "end" else drawn.sum(axis=0)
    cells = zip(numbers, drawn, strict=True)
    return ForecastRow(
        key=key,
        cells=tuple(Expected(value=value, bounds=bands(runs, whole=whole)) for value, runs in cells),
        total=Expected(value=total, bounds=bands(of_range, whole=whole)),
    )


def _alone(value: float) -> Expected:
    return Expected(value=value)


def _chance(key: str, drawn: Numbers, targets: Sequence[float | None]) -> float:
    """The share of the runs that meet the targets: all of what adds up, the last of what stands at an end.

    What had better stay low meets a limit.
    """
    known = [place for place, target in enumerate(targets) if target is not None]
    places = known if FIGURES[key] == "sum" else known[-1:]
    reached = drawn[places].sum(axis=0)
    wanted = sum(targets[place] or 0.0 for place in places)
    # What adds up in another order is not short of the target for it.
    met = reached <= wanted * (1 + 1e-12) if key == LOST else reached >= wanted * (1 - 1e-12)
    return float(met.mean())
