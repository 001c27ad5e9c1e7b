"""A journey as a question: what came to each stage in each period, how long it stays, who gets on, who is stuck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.cohorts import CohortRequest, Cohorts, among, cohorts, window_given
from funnelcli.answers.coverage import PipelineCoverage, pipeline_coverage
from funnelcli.answers.report import build
from funnelcli.answers.report_model import Report, ReportSpec
from funnelcli.answers.spec import RangeOptions, resolve
from funnelcli.answers.targets_tables import Targets
from funnelcli.counting.pairs import CONTRACT, is_live_after_contract, pairs_of
from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import LOST_REASON
from funnelcli.facts.happened import Happened
from funnelcli.facts.journeys import CREATED, OPPORTUNITY, Journey, Stage, journeys_of, resolved
from funnelcli.facts.model import Facts
from funnelcli.facts.trail_events import merged_records, trail_events
from funnelcli.facts.trails import Trail, changes_of, marks_of, rows_of, trail_of, worth_of
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.journeys import journey_metrics, stage_key, stage_time_key
from funnelcli.metrics.model import Metric
from funnelcli.metrics.times import QUANTILES, percentile_key
from funnelcli.problems import InputError
from funnelcli.text import Message
from funnelcli.values.figures import Missing, Value, in_units
from funnelcli.values.periods import Grain
from funnelcli.values.slices import Slice
from funnelcli.values.windows import Window


class JourneyRequest(Struct, frozen=True, kw_only=True):
    """What is asked of a journey: over which periods, split by what, and within what window one gets on."""

    name: str = "opportunity"
    window: str = "90d"
    by: str | None = None
    grain: Grain = Grain.MONTH
    first: str | None = None
    last: str | None = None
    latest: int | None = None
    as_of: str | None = None
    skip_bad_rows: bool = False


class StageFigures(Struct, frozen=True, kw_only=True):
    """A stage over the whole range, of the whole or of a part.

    ``days`` are those by which 50, 75 and 90 % have left it, None where the curve stays below; ``entrants`` are whom
    they are of.  ``next`` is who of them got to the next stage within the window, None where nobody could.
    """

    stage: Stage
    part: Slice | None
    entrants: int
    still_there: int
    days: tuple[float | None, ...]
    goal: Stage | None
    converted: int
    matured: int
    days_to_next: tuple[float | None, ...]
    lag_days: tuple[float | None, ...]
    missing: Missing | None = None


class Reached(Struct, frozen=True, kw_only=True):
    """How many of those who entered the first stage in the range, and whose window is over, got to a stage in it."""

    stage: Stage
    number: int


class Loss(Struct, frozen=True, kw_only=True):
    """How many of a range were lost for a reason in a stage; ``amount`` is what they are worth, as far as known."""

    reason: str
    stage: Stage | None
    number: int
    amount: float | None


class JourneyReport(Struct, frozen=True, kw_only=True):
    """A journey in figures: by period, and of each stage over the whole range.

    ``reached`` is how far those got of whom the window is over.  ``losses`` are the reasons of the losses of the range,
    ``live`` who got from the contract to the stage from which on a customer has the use of what was bought.
    """

    journey: Journey
    report: Report
    stages: tuple[StageFigures, ...]
    window: Window
    undated: tuple[tuple[Stage, int], ...]
    reached: tuple[Reached, ...] = ()
    losses: tuple[Loss, ...] = ()
    live: Cohorts | None = None
    coverage: PipelineCoverage | None = None


def journey_report(
    facts: Facts, request: JourneyRequest, now: datetime, targets: Targets | None = None
) -> JourneyReport:
    """The figures of a journey; of deals also whether the open ones cover the ``targets``.

    Raises UsageError for journeys, windows and dimensions that there are not, InputError where nothing enters it.
    """
    journey, trail, facts = followed_trail(facts, request.name)
    options = RangeOptions(
        first=request.first, last=request.last, latest=request.latest, grain=request.grain, as_of=request.as_of
    )
    spec = resolve(options, facts, now=now, by=request.by, skip_bad_rows=request.skip_bad_rows)
    spec = replace(spec, title=journey.title, window=window_given(request.window))
    metrics = _figures_of(journeys_of(facts.config)[journey.name], journey)
    with CATALOGUE.extended(*(metric for metric in metrics if metric.key not in CATALOGUE)):
        report = build(facts, spec, metrics=metrics)
    # The same periods of every pair of stages, whenever the first of its members entered.
    request = replace(request, first=spec.periods[0].key, last=spec.periods[-1].key, latest=None)
    stages = tuple(_stage_figures(facts, journey, request, report, now))
    report = replace(report, rows=tuple(row for row in report.rows if _is_shown(row.metric)))
    undated = ((stage, _undated(trail, rank)) for rank, stage in enumerate(journey.stages))
    return JourneyReport(
        journey=journey, report=report, stages=stages, window=window_given(request.window),
        undated=tuple((stage, number) for stage, number in undated if number),
        reached=tuple(_reached(facts, journey, request, now)),
        losses=tuple(losses_of(facts, trail, spec)), live=_live(facts, journey, request, now),
        coverage=None if targets is None or journey.name != OPPORTUNITY.name
        else pipeline_coverage(facts, trail, report, targets),
    )  # fmt: skip


def _figures_of(declared: Journey, known: Journey) -> tuple[Metric, ...]:
    """The figures of a journey, but for those of a beginning that rows do not know of."""
    metrics = journey_metrics(declared)
    if any(stage.name == CREATED for stage in known.stages):
        return metrics
    of_it = tuple(stage_key(declared, kind, CREATED) for kind in ("entered", "in", "passed", "recycled", "lost_in"))
    rates = tuple(f"{pair.key}_" for pair in pairs_of(declared) if pair.start == CREATED)
    days = tuple(percentile_key(stage_time_key(declared, CREATED), quantile) for quantile in QUANTILES)
    return tuple(m for m in metrics if m.key not in (*of_it, *days) and not m.key.startswith(rates or ("/",)))


def _is_shown(metric: Metric) -> bool:
    """Whether a figure is one of a page: not one that only serves to make others, nor one of the tables of stages."""
    key = metric.key
    return (
        not metric.apart
        and not key.startswith(("asked_", f"entered_{CREATED}"))
        and "days_of_" not in key
        and "priced_" not in key
        and "closed_" not in key
        and not key.endswith(("_entered", "_matured", "_converted"))
    )


def followed_trail(facts: Facts, name: str) -> tuple[Journey, Trail, Facts]:
    """A journey of a name with its trail, and the facts with its events."""
    known = journeys_of(facts.config)
    staged = resolved(known[among("--name", name, tuple(known))], facts.events)
    last = max((extent.last for extent in facts.extents.values()), default=date.min)
    extent = facts.extents.get(staged.journey.source or "")
    trail = trail_of(staged, facts.events, day_number(extent.last if extent else last))
    if trail is None or not len(trail):
        raise _nothing(facts, staged.journey)
    if staged.journey.source is None:
        records = merged_records(trail.parts, trail.part, rows_of(trail))
        made = {each.name: each for each in trail_events(trail, marks_of(trail), records)}
        facts = replace(facts, events=Happened.together([facts.events, made]))
    return staged.journey, trail, facts


def _nothing(facts: Facts, journey: Journey) -> InputError:
    wanted = journey.source or "signups"
    return InputError(
        Message("Nothing enters the journey {name}: there are no rows of {wanted} that say so.").filled(
            name=journey.name, wanted=wanted
        ),
        hint=Message("There are files of {names}; name the files in funnel.toml: [inputs.{wanted}] files.").filled(
            names=", ".join(facts.inputs) or "–", wanted=wanted
        ),
    )


def losses_of(facts: Facts, trail: Trail, spec: ReportSpec) -> Iterator[Loss]:
    """The losses of the range by reason and by the stage in which they were, the most frequent first."""
    first, after = day_number(spec.periods[0].start), min(day_number(spec.periods[-1].end), day_number(spec.as_of) + 1)
    stages = trail.journey.stages
    is_loss = np.array([stage.end and not stage.won for stage in stages])
    within = trail.dated & (trail.day >= first) & (trail.day < after)
    places = np.flatnonzero(is_loss[trail.rank] & within & changes_of(trail))
    worth = worth_of(trail)
    known: dict[tuple[str, int], list[int]] = {}
    for place in places.tolist():
        events = trail.parts[int(trail.part[place])]
        reason = facts.dimensions.of(LOST_REASON, events.records)
        text = reason.texts[int(reason.codes[events.row[trail.place[place]]])]
        before = int(trail.rank[place - 1]) if place and trail.subject[place - 1] == trail.subject[place] else -1
        known.setdefault((text, before), []).append(int(worth[place]))
    for (text, before), amounts in sorted(known.items(), key=lambda item: (-len(item[1]), item[0])):
        priced = [amount for amount in amounts if amount >= 0]
        yield Loss(
            reason=text, stage=None if before < 0 else stages[before], number=len(amounts),
            amount=in_units(sum(priced), 100) if priced else None,
        )  # fmt: skip


def _live(facts: Facts, journey: Journey, request: JourneyRequest, now: datetime) -> Cohorts | None:
    """Who got from the contract to the use of what was bought within what is promised; None where that is not said."""
    if journey.live is None or not is_live_after_contract(journey):
        return None
    contract = journey.stages[journey.place(CONTRACT)]
    asked = replace(request, window=journey.promised or request.window)
    return _got_on(facts, journey, contract, journey.stages[journey.place(journey.live)], asked, now)


def _undated(trail: Trail, rank: int) -> int:
    return int((~trail.dated & (trail.rank == rank)).sum())


# --- stages over the whole range ---------------------------------------------------------------------------------


def _stage_figures(
    facts: Facts, journey: Journey, request: JourneyRequest, report: Report, now: datetime
) -> Iterator[StageFigures]:
    """Each stage over the whole range, of the whole and of each part: its days are those of its metrics."""
    known = {(row.metric.key, row.part): row.total for row in report.rows}
    reached, pairs = [stage for stage in journey.stages if stage.is_reached], pairs_of(journey)
    for number, stage in enumerate(reached):
        if stage.end:
            continue
        goal = next((later for later in reached[number + 1 :] if not later.optional), None)
        got_on = _got_on(facts, journey, stage, goal, request, now)
        times = {"in": stage_time_key(journey, stage.name)}
        pair = next((each for each in pairs if goal and (each.start, each.goal) == (stage.name, goal.name)), None)
        if pair is not None:
            times |= {"next": pair.time_key, "lag": f"{pair.time_key}_lag"}
        for part in (None, *(report.split.slices if report.split else ())):
            days = {
                name: [known[percentile_key(key, quantile), part] for quantile in QUANTILES]
                for name, key in times.items()
                if (f"{key}_days", part) in known
            }
            entered = known[stage_key(journey, "entered", stage.name), part]
            yield _figures(stage, goal, part, got_on, entered, days)


def _got_on(
    facts: Facts, journey: Journey, stage: Stage, goal: Stage | None, request: JourneyRequest, now: datetime
) -> Cohorts | None:
    """Who got from a stage to the next within the window; None where nobody entered it."""
    if goal is None:
        return None
    asked = CohortRequest(
        journey=journey.name, from_stage=stage.name, to_stage=goal.name, window=request.window, by=request.by,
        grain=request.grain, first=request.first, last=request.last, latest=request.latest, as_of=request.as_of,
    )  # fmt: skip
    try:
        return cohorts(facts, asked, now)
    except InputError:
        return None


def _reached(facts: Facts, journey: Journey, request: JourneyRequest, now: datetime) -> Iterator[Reached]:
    """How far the same got, from all whose window is over on."""
    first, *later = [stage for stage in journey.stages if stage.is_reached and not stage.optional]
    for goal in later:
        got_on = _got_on(facts, journey, first, goal, request, now)
        if got_on is None:
            return
        whole = got_on.splits[0].cohorts
        if goal is later[0]:
            yield Reached(stage=first, number=sum(cohort.matured for cohort in whole))
        yield Reached(stage=goal, number=sum(cohort.converted for cohort in whole))


NOBODY_ENTERED = Missing("nobody-entered-stage", Message("nobody entered it in these periods"))


NO_NEXT = Missing("no-next-stage", Message("no stage comes after it"))


def _figures(
    stage: Stage,
    goal: Stage | None,
    part: Slice | None,
    got_on: Cohorts | None,
    entered: Value,
    days: Mapping[str, Sequence[Value]],
) -> StageFigures:
    """A stage; ``days`` are those in it, to the next and of who gets there, the last two where they are metrics."""
    split = None if got_on is None else next((each for each in got_on.splits if each.part == part), None)
    nothing: tuple[float | None, ...] = (None,) * len(QUANTILES)
    of_stage = days["in"]
    ended, known = of_stage[0].numerator or 0, of_stage[0].denominator or 0
    values = {name: tuple(value.value for value in each) for name, each in days.items()}
    return StageFigures(
        stage=stage, part=part, entrants=int(entered.value or 0), still_there=int(known - ended),
        days=values["in"], goal=goal,
        converted=sum(cohort.converted for cohort in split.cohorts) if split else 0,
        matured=sum(cohort.matured for cohort in split.cohorts) if split else 0,
        days_to_next=values.get("next") or (split.days.of_all if split else nothing),
        lag_days=values.get("lag") or (split.days.of_converting if split else nothing),
        missing=None if entered.value else NOBODY_ENTERED,
    )  # fmt: skip
