"""The same people followed from a stage to a later one, by the period in which they entered the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.checks import reaches_to
from funnelcli.answers.report import sources_of
from funnelcli.answers.report_model import Source
from funnelcli.answers.spec import RangeOptions, resolve_as_of, resolve_periods
from funnelcli.counting.cohorts import Cohort, Overall, cohorts_of, overall, waited
from funnelcli.counting.following import Entries, Entry, Followed, Order, ends_of, follow, through
from funnelcli.counting.journeys import ended, entered, parts_of_entries
from funnelcli.counting.levels import Levels
from funnelcli.counting.parts import parts_of
from funnelcli.counting.reach import reach_of
from funnelcli.counting.retention import Retention, retention_of, stays_of
from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import Dimension
from funnelcli.facts.events import OPEN_END
from funnelcli.facts.journeys import LOST, PAID, Journey, Stage, journeys_of, resolved
from funnelcli.facts.model import Facts
from funnelcli.facts.moments import elapsed
from funnelcli.inputs import input_of_event
from funnelcli.metrics.times import QUANTILES
from funnelcli.problems import InputError, UsageError
from funnelcli.stats.survival import aalen_johansen
from funnelcli.text import Message, TextError, day_words, did_you_mean
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.figures import Missing, Note
from funnelcli.values.periods import Grain, Period, period_of, span
from funnelcli.values.slices import Slice
from funnelcli.values.windows import Window, parse_window

COHORTS_SHOWN = 12


class CohortRequest(Struct, frozen=True, kw_only=True):
    """What is asked: from which stage of a journey to which, within what window, and over which cohorts."""

    journey: str = "funnel"
    from_stage: str | None = None
    to_stage: str | None = None
    window: str = "90d"
    entry: str = "first"
    order: str = "any"
    by: str | None = None
    grain: Grain = Grain.MONTH
    first: str | None = None
    last: str | None = None
    latest: int | None = None
    as_of: str | None = None


class Days(Struct, frozen=True, kw_only=True):
    """Days by which a half, three quarters and nine tenths have got on: of all who entered, and of those who ever do.

    None where the curve stays below; ``height`` is the share that has got on by the last day seen.
    """

    of_all: tuple[float | None, ...]
    of_converting: tuple[float | None, ...]
    height: float


class Split(Struct, frozen=True, kw_only=True):
    """The cohorts of the whole (part None) or of a part, together, and how long it takes.

    Of customers until they are lost also what is kept of them, month by month.
    """

    part: Slice | None
    cohorts: tuple[Cohort, ...]
    overall: Overall
    days: Days
    retention: Retention | None = None


class Cohorts(Struct, frozen=True, kw_only=True):
    """The cohorts of one question, with every default filled in; ``until`` is the day up to which is seen."""

    journey: Journey
    start: Stage
    goal: Stage
    window: Window
    entry: Entry
    order: Order
    grain: Grain
    periods: tuple[Period, ...]
    as_of: date
    until: date
    dimension: Dimension | None
    splits: tuple[Split, ...]
    notes: tuple[Note, ...]
    timezone: str
    currency: str
    sources: tuple[Source, ...] = ()


def cohorts(facts: Facts, request: CohortRequest, now: datetime) -> Cohorts:
    """The cohorts that are asked for.

    Raises UsageError for stages, windows and dimensions that there are not, InputError where nobody entered the first
    stage.
    """
    journey, start, goal = _stages(facts, request)
    window = window_given(request.window)
    entry: Entry = "best" if among("--entry", request.entry, ("first", "best")) == "best" else "first"
    order: Order = "strict" if among("--order", request.order, ("any", "strict")) == "strict" else "any"
    as_of = resolve_as_of(request.as_of, facts.extents, facts.config.business.timezone, now)
    until = _seen_until(facts, goal, as_of)
    last, since = day_number(until), _seen_from(facts, start, as_of)
    place = journey.place(start.name)
    stages = [entered(facts, journey, stage, last) for stage in _looked_at(journey, start, goal, order)]
    if not len(stages[0].entries):
        raise _nobody(facts, start)
    periods = _periods(facts, request, stages[0].entries.firsts(), since, until)
    entries = [each.entries for each in stages]
    followed = _followed(journey, entries, (start, goal), entry, order, window)
    seen = followed.start.when.day >= day_number(since)
    others = [stage for stage in journey.stages[place:] if not stage.is_reached and stage is not goal]
    ends = ends_of(followed, [ended(facts, journey, stage, last) for stage in others])
    dimension, parts = _parts(facts, request, periods, as_of)
    codes = None
    if dimension is not None:
        places = {value: parts[2].get(value, parts[2]["other"]) for value in parts[1]}
        codes = parts_of_entries(facts, stages[0], followed.start, dimension.name, places)
    chosen: list[tuple[Slice | None, np.ndarray]] = [(None, seen)]
    chosen += [(part, seen & (codes == number)) for number, part in enumerate(parts[0])] if codes is not None else []
    splits = tuple(_split(part, followed, mine, periods, window, last, ends) for part, mine in chosen)
    if (start.name, goal.name) == (PAID, LOST):
        splits = _with_retention(
            facts,
            splits,
            [followed.start.kept(_shown(followed, mine, periods)) for _, mine in chosen],
            entries[0],
            last,
        )
    notes = _notes(followed, seen, splits[0], (start, goal), window, (as_of, until))
    return Cohorts(
        journey=journey, start=start, goal=goal, window=window, entry=entry, order=order, grain=request.grain,
        periods=periods, as_of=as_of, until=until, dimension=dimension, splits=splits,
        notes=(*_of_silence(facts, goal, until), *notes),
        timezone=facts.config.business.timezone, currency=facts.currency, sources=sources_of(facts),
    )  # fmt: skip


def _looked_at(journey: Journey, start: Stage, goal: Stage, order: Order) -> Iterator[Stage]:
    """The stages from the first on; those between that nobody need come through are left without their events."""
    first, target = journey.place(start.name), journey.place(goal.name)
    for place, stage in enumerate(journey.stages[first:], start=first):
        is_between = first < place < target and order == "any" and stage.is_reached
        yield replace(stage, events=()) if is_between else stage


def _followed(
    journey: Journey,
    entries: Sequence[Entries],
    stages: tuple[Stage, Stage],
    entry: Entry,
    order: Order,
    window: Window,
) -> Followed:
    """Everybody who entered the first of two stages, followed to the second; ``entries`` begin with the first.

    Whoever came to a later stage got on too, but for the ends of the journey: these say that somebody left.
    """
    start, goal = stages
    first, target = journey.place(start.name), journey.place(goal.name)
    if order == "strict":
        between = journey.stages[first + 1 : target + 1]
        needed = [not stage.optional or stage is goal for stage in between]
        return follow(through(entries[: target - first + 1], needed), order=order, entry=entry, window=window)
    later = zip(entries[target - first :], journey.stages[target:], strict=True)
    ways = [entries[0], *(each for each, stage in later if stage is goal or stage.is_reached)]
    return follow(ways, order=order, entry=entry, window=window)


def _stages(facts: Facts, request: CohortRequest) -> tuple[Journey, Stage, Stage]:
    journeys = journeys_of(facts.config)
    journey = resolved(journeys[among("--journey", request.journey, tuple(journeys))], facts.events).journey
    names = [stage.name for stage in journey.stages]
    usual = [stage.name for stage in journey.stages if stage.is_reached]
    first = among("--from-stage", request.from_stage or usual[0], names[:-1])
    last = among("--to-stage", request.to_stage or usual[-1], names[1:])
    if names.index(last) <= names.index(first):
        raise UsageError(
            Message("--to-stage {last} does not come after --from-stage {first}.").filled(first=first, last=last),
            hint=Message("The stages are {names}, in this order.").filled(names=", ".join(names)),
        )
    return journey, journey.stages[names.index(first)], journey.stages[names.index(last)]


def among(option: str, given: str, known: Sequence[str]) -> str:
    """What is given, one of those that are known; UsageError with the closest where it is none."""
    if given in known:
        return given
    import difflib

    guess = did_you_mean(difflib.get_close_matches(given, known, n=1))
    raise UsageError(
        Message("{option} {given}: there is no such one.{guess}").filled(option=option, given=given, guess=guess),
        hint=Message("It is one of {known}.").filled(known=", ".join(known)),
    )


def window_given(text: str) -> Window:
    """A window as it was given; UsageError where it is none."""
    try:
        return parse_window(text)
    except TextError as error:
        raise UsageError(Message("--window: {why}.").filled(why=error.text)) from None


def _inputs_of(stage: Stage, facts: Facts) -> list[str]:
    inputs = [input_of_event(name) for name in stage.events]
    return [declared.name for declared in inputs if declared is not None and declared.name in facts.extents]


def _seen_until(facts: Facts, stage: Stage, as_of: date) -> date:
    """The day up to which the export of a stage tells of it."""
    ends = (reach_of(facts, name, as_of).end for name in _inputs_of(stage, facts))
    return min([as_of, *(end - timedelta(1) for end in ends if end is not None)])


def _seen_from(facts: Facts, stage: Stage, as_of: date) -> date:
    """The day from which on everybody who entered a stage is in its export."""
    starts = (reach_of(facts, name, as_of).start for name in _inputs_of(stage, facts))
    return max([date.min + timedelta(1), *(start for start in starts if start is not None)])


def _nobody(facts: Facts, start: Stage) -> InputError:
    names = ", ".join(facts.inputs) or "–"
    return InputError(
        Message("Nobody has entered the stage {stage}.").filled(stage=start.name),
        hint=Message("There are files of {names}; begin with a stage of theirs: --from-stage.").filled(names=names),
    )


def _periods(facts: Facts, request: CohortRequest, firsts: Entries, since: date, until: date) -> tuple[Period, ...]:
    """The cohorts to show: as asked for, else the latest dozen that have members."""
    if request.first or request.last or request.latest is not None:
        options = RangeOptions(
            first=request.first, last=request.last, latest=request.latest, grain=request.grain, as_of=request.as_of
        )
        return resolve_periods(options, facts.extents, until, facts.config.business.year_starts)
    days = firsts.when.day[firsts.when.day >= day_number(since)] if len(firsts) else firsts.when.day
    begins, ends = (day_of(int(day) * DAY_MICROS) for day in (days.min(), days.max()))
    starts = facts.config.business.year_starts or 1
    first, last = (period_of(day, request.grain, starts) for day in (begins, ends))
    return span(first, last, request.grain)[-COHORTS_SHOWN:]


def _parts(
    facts: Facts, request: CohortRequest, periods: Sequence[Period], as_of: date
) -> tuple[Dimension | None, tuple[tuple[Slice, ...], Sequence[str], Mapping[str, int]]]:
    """The dimension of a split, its parts, every value and the places of those that have a part."""
    if request.by is None:
        return None, ((), (), {})
    from funnelcli.answers.report import check_dimension

    check_dimension(facts, request.by)
    parts = parts_of(facts, request.by, periods, as_of)
    values = {
        text for events in facts.events.values() for text in facts.dimensions.of(request.by, events.records).texts
    }
    return facts.dimensions.declared[request.by], (parts.slices, sorted(values), parts.places)


def _with_retention(
    facts: Facts, splits: Sequence[Split], shown: Sequence[Entries], starts: Entries, until: int
) -> tuple[Split, ...]:
    """The splits with what is kept of the customers of their cohorts."""
    stays = stays_of(starts, facts.events.get("paid_lost"), until, OPEN_END)
    money = facts.events.get("mrr")
    levels = None if money is None else Levels([money], [facts.events["mrr_ceased"]])
    return tuple(
        replace(split, retention=retention_of(stays, mine.entity, until, levels))
        for split, mine in zip(splits, shown, strict=True)
    )


def _shown(followed: Followed, mine: np.ndarray, periods: Sequence[Period]) -> np.ndarray:
    """Which of those who were followed began in one of the cohorts that are shown."""
    days = followed.start.when.day
    shown: np.ndarray = mine & (days >= day_number(periods[0].start)) & (days < day_number(periods[-1].end))
    return shown


def _split(
    part: Slice | None,
    followed: Followed,
    mine: np.ndarray,
    periods: Sequence[Period],
    window: Window,
    until: int,
    ends: np.ndarray,
) -> Split:
    made = cohorts_of(followed, mine, periods, window, until)
    shown = _shown(followed, mine, periods)
    return Split(
        part=part, cohorts=tuple(made), overall=overall(made), days=_days(followed, shown, window, ends, until)
    )


def _days(followed: Followed, shown: np.ndarray, window: Window, ends: np.ndarray, until: int) -> Days:
    """The percentiles of the curve, and of its height at the end of the window."""
    times, became = waited(followed, shown, ends, until)
    curve = aalen_johansen(times, became)
    within = followed.within(window) & shown
    latest = float(elapsed(followed.since, followed.end)[within].max(initial=0))
    height = curve.share_by(latest) if within.any() else 0.0
    return Days(
        of_all=tuple(in_days(curve.percentile(quantile)) for quantile in QUANTILES),
        of_converting=tuple(in_days(curve.percentile(quantile, of=height)) for quantile in QUANTILES),
        height=curve.height,
    )


def in_days(micros: float | None) -> float | None:
    """Microseconds as days, whole ones as whole numbers."""
    if micros is None:
        return None
    days = micros / DAY_MICROS
    return int(days) if days == int(days) else days


def _of_silence(facts: Facts, goal: Stage, until: date) -> Iterator[Note]:
    """That the export of the goal is silent at its end: from then on nobody gets on, or nobody has been exported."""
    for name in _inputs_of(goal, facts):
        last = reaches_to(facts, name, until)
        if last < until:
            text = Message("{files} has no row after {day}: whoever would have got on since then counts as not having.")
            yield Note("goal-silent", text.filled(files=facts.names(name), day=day_words(last)))


_OPEN = Message(
    "{n} of {all} cohorts are open: not all of their people have had {window}; their rate is of those who have."
)
_BEFORE_EXPORT = Message("{n} entered {stage} before its export begins; they are in no cohort.")
_GOAL_BEFORE = Message("{n} came to {goal} before {stage} and not since; they have not got on.")
_GOAL_WITHOUT = Message("{n} came to {goal} without {stage}; they are in no cohort.")


def _notes(
    followed: Followed,
    seen: np.ndarray,
    whole: Split,
    stages: tuple[Stage, Stage],
    window: Window,
    days: tuple[date, date],
) -> list[Note]:
    """What a reader must know: who is in no cohort, and up to which day is seen."""
    notes: list[Note] = []

    def note(code: str, text: Message, **facts: object) -> None:
        notes.append(Note(code, text.filled(**facts)))

    (start, goal), (as_of, until) = stages, days
    if until < as_of:
        text = Message("Seen up to {day}, as far as the exports of both stages reach.")
        note("seen-until", text, day=day_words(until))
    entered = [cohort for cohort in whole.cohorts if cohort.entered]
    if open_ones := sum(not cohort.mature for cohort in entered):
        note("open-cohorts", _OPEN, n=open_ones, all=len(entered), window=window.words)
    if before := int((~seen).sum()):
        note("entered-before", _BEFORE_EXPORT, n=before, stage=start.label)
    if followed.earlier:
        note("goal-before", _GOAL_BEFORE, n=followed.earlier, goal=goal.label, stage=start.label)
    if followed.without:
        note("goal-without", _GOAL_WITHOUT, n=followed.without, goal=goal.label, stage=start.label)
    return notes


NO_WINDOW_OVER = Missing("window-open", Message("nobody's window is over yet"))
NOBODY_CAME = Missing("nobody-entered", Message("nobody entered in this period"))
TOO_DIFFERENT = Missing("above-one", Message("above 100 %: the cohorts differ too much to be put together by age"))
NO_MONEY = Missing("no-amounts", Message("no amounts are known of those who began"))
