"""What is odd but legal in checked facts; each finding points at its row."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial

import numpy as np

from funnelcli.answers.cash_checks import refunds_above_paid
from funnelcli.answers.joins import inputs_that_join_none, join_findings
from funnelcli.answers.own_checks import values_of_no_row
from funnelcli.answers.rule_checks import rules_of_nobody
from funnelcli.counting.select import day_number
from funnelcli.facts.events import NO_DAY, NOBODY, OPEN_END, UNDATED_END, Events
from funnelcli.facts.model import Extent, Facts, latest_day
from funnelcli.inputs import INPUTS, exports
from funnelcli.inputs.monthly import MONTHLY, MONTHLY_COLUMNS
from funnelcli.inputs.spec import NEARLY_EVERY_DAY, Input
from funnelcli.problems import MOST_KEPT, Further, Problem, Problems, problem
from funnelcli.stats.distinct import distinct, is_among
from funnelcli.text import COMMA, Message, Text, day_words, joined
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.periods import Grain, Period, month_of, span

QUIETER = 2  # times as long as ever before is too long a silence for an export that has not ended
SHORT_RUN = 4  # months that are named one by one
BEGINNING = NEARLY_EVERY_DAY  # days within which exports that begin together begin


def odd_findings(facts: Facts, as_of: date, *, today: date | None = None) -> Problems:
    """Every warning about the facts as a whole; ``today`` adds those about dates that lie ahead of the clock."""
    problems = Problems()
    problems.extend(join_findings(facts))
    problems.extend(_orphans(facts))
    problems.extend(_out_of_order(facts))
    problems.extend(reach_findings(facts, as_of))
    problems.extend(_zeros_after(facts, as_of))
    problems.extend(_sources(facts))
    problems.extend(_unused_columns(facts))
    problems.extend(_overlaps(facts))
    problems.extend(_starts_ahead(facts, as_of))
    problems.extend(done_ahead(facts, as_of))
    problems.extend(refunds_above_paid(facts, as_of))
    problems.extend(values_of_no_row(facts))
    problems.extend(rules_of_nobody(facts))
    if today is not None:
        problems.extend(_future(facts, today))
    return problems


def reach_findings(facts: Facts, as_of: date) -> list[Problem]:
    """What the exports do not reach over: whole months without a row, a late beginning, an early end."""
    return [*_gaps(facts, as_of), *_reach(facts, as_of)]


def row_events(facts: Facts, declared: Input) -> Events | None:
    """The events of an input of which every row that counts has one."""
    return facts.events.get(declared.events[0].name) if declared.events else None


def _each(
    events: Events, places: np.ndarray, code: str, column: str, facts: Callable[[int], dict[str, object]]
) -> Iterator[Problem | Further]:
    """A problem at the row of each event of some places; of a file with very many the rest is only counted."""
    records, files = events.records, events.records.file[events.row[places]]
    for file in distinct(files).tolist():
        mine, name = places[files == file], records.files[file]
        for place in mine[:MOST_KEPT].tolist():
            yield problem(code, file=name, line=int(records.line[events.row[place]]), column=column, **facts(place))
        if more := len(mine[MOST_KEPT:]):
            yield Further(code=code, file=name, column=column, number=more)


def _day(number: int) -> date:
    return day_of(int(number) * DAY_MICROS)


def _by_place(events: Events, chosen: np.ndarray) -> np.ndarray:
    """The chosen places in the order of file and line."""
    rows = events.row[chosen]
    order = np.lexsort((events.records.line[rows], events.records.file[rows]))
    ordered: np.ndarray = np.flatnonzero(chosen)[order] if chosen.dtype == bool else chosen[order]
    return ordered


def orphans(facts: Facts, declared: Input) -> np.ndarray | None:
    """The row event of each person of an input who is not among those of the other input where it should be.

    The first of each person, in the order of file and line; None where there is nothing to compare, or where rows may
    be of anybody.  Whom rows that
    events are made of share with customers, or with demos, is said of these.
    """
    events = row_events(facts, declared)
    others = row_events(facts, INPUTS[declared.people]) if declared.people and declared.people in facts.inputs else None
    if events is None or others is None or declared.attributes:
        return None
    entity = events.records.entity[events.row]
    missing = ~is_among(entity, others.records.entity[others.row]) & (entity != NOBODY)
    for earlier in exports() if declared.made is not None else ():
        said = row_events(facts, earlier) if earlier.made is None and earlier.people == declared.people else None
        if said is not None:
            missing &= ~is_among(entity, said.records.entity[said.row])
    places = _by_place(events, missing)
    _, first = np.unique(entity[places], return_index=True)
    return np.asarray(places[np.sort(first)])


def _orphans(facts: Facts) -> Iterator[Problem | Further]:
    without = inputs_that_join_none(facts)
    for declared in exports():
        if declared.name in without:
            continue  # said once for all of them
        events, places = row_events(facts, declared), orphans(facts, declared)
        if events is not None and places is not None:
            who = partial(_who, facts, events)
            yield from _each(events, places, "orphan-user", declared.events[0].entity, who)


def _out_of_order(facts: Facts) -> Iterator[Problem | Further]:
    """The first row of each person that comes before what it should follow."""
    for declared in exports():
        follows, events = declared.follows, row_events(facts, declared)
        before = facts.events.get(follows.event) if follows is not None else None
        if follows is None or events is None or before is None or facts.inputs[declared.name].is_listed:
            continue  # the month of a list may well be that of the signup
        order = np.lexsort((events.records.line[events.row], events.records.file[events.row], events.day))
        entity = events.records.entity[events.row[order]]
        _, first = np.unique(entity, return_index=True)
        places = order[first]
        earlier = np.full(len(facts.entities) + 1, NO_DAY)  # NOBODY is the last
        earlier[before.records.entity[before.row]] = before.day
        late = places[events.day[places] < earlier[entity[first]]]
        both_days = partial(_both_days, facts, events, earlier)
        yield from _each(events, _by_place(events, late), follows.code, follows.at, both_days)


def _person(events: Events, place: int) -> int:
    return int(events.records.entity[events.row[place]])


def _who(facts: Facts, events: Events, place: int) -> dict[str, object]:
    return {"user": facts.entities[_person(events, place)]}


def _both_days(facts: Facts, events: Events, earlier: np.ndarray, place: int) -> dict[str, object]:
    before = _day(int(earlier[_person(events, place)]))
    return _who(facts, events, place) | {"started": _day(events.day[place]), "signed_up": before}


def _gaps(facts: Facts, as_of: date) -> Iterator[Problem]:
    """Whole months without a row between a steady input's first and last."""
    for name, extent in facts.extents.items():
        declared = facts.inputs[name].input
        covered = facts.config.input_settings(name).covered is not None
        if not declared.steady or declared.stands_in or covered:
            continue
        last = min(extent.last, as_of)
        if extent.first > last:
            continue
        months = span(month_of(extent.first), month_of(last), Grain.MONTH)
        empty = [month for month in months if month.start not in extent.months]
        if empty:
            yield problem("month-gap", file=facts.names(name), months=in_runs(empty))


def in_runs(months: Sequence[Period]) -> Text:
    """Months in a row, of more than ``SHORT_RUN`` that follow each other the first and the last.

    >>> first, after = month_of(date(2025, 10, 1)), month_of(date(2026, 2, 1))
    >>> in_runs([after, first]).of("vi"), in_runs(span(first, after, Grain.MONTH)).of("en")
    ('02/2026, 10/2025', 'Oct 2025 – Feb 2026 (5)')
    """
    runs: list[list[Period]] = []
    for month in months:
        if runs and runs[-1][-1].end == month.start:
            runs[-1].append(month)
        else:
            runs.append([month])
    return joined(COMMA, [words for run in runs for words in _run(run)])


def _run(run: Sequence[Period]) -> list[Text]:
    if len(run) <= SHORT_RUN:
        return [month.words for month in run]
    return [joined(" – ", [run[0].words, joined("", [run[-1].words, f" ({len(run)})"])])]


def reaches_to(facts: Facts, name: str, as_of: date) -> date:
    """The day up to which an export is complete: as_of, unless its last row is so much older that it must have ended.

    Visits and signups come nearly every day; of demos and starts of paid users none may come for a month, or for twice
    as long as the longest time without any so far.  What the settings say that it covers comes first.
    """
    covered = facts.config.input_settings(name).covered
    if covered is not None:
        return month_of(covered[1]).last_day
    extent, declared = facts.extents[name], facts.inputs[name].input
    last = extent.last_by(as_of)
    quiet = declared.quiet if declared.is_daily else max(declared.quiet, QUIETER * extent.longest_gap(as_of))
    return last if last is not None and last < as_of - timedelta(days=quiet) else as_of


def begins_at(facts: Facts, name: str, first: date) -> date:
    """The day from which an export is complete: the start of the month of its first row, or if late of the next month.

    It begins late where its first row lies well after the ``first`` of all exports; then part of its month is not
    there.  What the settings say that it covers comes first.
    """
    covered = facts.config.input_settings(name).covered
    if covered is not None:
        return covered[0]
    extent, quiet = facts.extents[name], timedelta(days=facts.inputs[name].input.quiet)
    month = month_of(extent.first)
    late = extent.first > first + quiet and extent.first > month.start
    return month.end if late else month.start


def _reach(facts: Facts, as_of: date) -> Iterator[Problem]:
    """An input that begins months after another, or ends a while before as_of, tells nothing of the rest."""
    extents: dict[str, Extent] = {n: e for n, e in facts.extents.items() if not facts.inputs[n].input.stands_in}
    extents = {n: e for n, e in extents.items() if not facts.inputs[n].input.attributes}  # what is so goes on being so
    if not extents:
        return
    daily = [name for name in extents if facts.inputs[name].input.quiet <= BEGINNING]
    earliest = min(extents, key=lambda name: (extents[name].first, name))
    for name, extent in extents.items():
        if facts.config.input_settings(name).covered is not None:
            continue
        late = month_of(extent.first).start > month_of(extents[earliest].first).end
        if late and name in daily and earliest in daily:
            yield problem(
                "begins-late", file=facts.names(name), first=extent.first, other=facts.names(earliest),
                other_first=extents[earliest].first, stage=name,
            )  # fmt: skip
        last = reaches_to(facts, name, as_of)
        if last < as_of:
            yield problem("ends-early", file=facts.names(name), last=last, as_of=as_of, stage=name)


def _zeros_after(facts: Facts, as_of: date) -> Iterator[Problem]:
    """An input of which whole months after its last row count as 0, though its silence is no longer than before."""
    for name, extent in facts.extents.items():
        declared, last = facts.inputs[name].input, extent.last_by(as_of)
        given = facts.config.input_settings(name).covered is not None
        if (
            declared.is_silent_beyond
            or declared.stands_in
            or given
            or last is None
            or reaches_to(facts, name, as_of) < as_of
        ):
            continue
        after = span(month_of(month_of(last).end), month_of(as_of), Grain.MONTH)
        if months := [month for month in after if month.last_day <= as_of]:
            yield problem(
                "zeros-after", file=facts.names(name), last=day_words(last), as_of=day_words(as_of),
                months=in_runs(months), stage=name,
                first_month=month_of(extent.first).key, last_month=month_of(as_of).key,
            )  # fmt: skip


def _sources(facts: Facts) -> Iterator[Problem]:
    for name, known in facts.inputs.items():
        for source, number in sorted(known.unmatched.items(), key=lambda item: (-item[1], item[0])):
            spending = known.input.spending
            code, column = ("unmatched-source", "source") if spending is None else ("unassigned-cost", spending.channel)
            yield problem(code, file=facts.names(name), column=column, value=source[:80], count=number)


def unused_monthly_columns(facts: Facts) -> list[str]:
    """The monthly columns whose input has an export of its own, which is then what counts."""
    if facts.stated is None:
        return []
    columns = facts.stated.table.columns
    return sorted(key for name in facts.inputs for key in MONTHLY_COLUMNS.get(name, ()) if key in columns)


def _unused_columns(facts: Facts) -> Iterator[Problem]:
    for key in unused_monthly_columns(facts):
        yield problem(
            "unused-column",
            file=facts.names(MONTHLY.name),
            column=key,
            reason=Message("there is an export of its own for it"),
        )


def overlapping_sums(facts: Facts) -> list[tuple[str, str, int]]:
    """Pairs of files of summed visits with how many (day, source) sums they have in common."""
    summed = facts.visits.summed if facts.visits is not None else {}
    asked = {fault.file for fault in facts.problems if fault.code in ("visits-agree", "visits-summed-again")}
    names = sorted(summed.keys() - asked)
    pairs = [(later, earlier) for place, later in enumerate(names) for earlier in names[:place]]
    return [(later, earlier, n) for later, earlier in pairs if (n := len(summed[later] & summed[earlier]))]


def _overlaps(facts: Facts) -> Iterator[Problem]:
    """Files that may be two exports of overlapping months."""
    for later, earlier, common in overlapping_sums(facts):
        yield problem("overlapping-files", file=later, other=earlier, count=common)


def _starts_ahead(facts: Facts, as_of: date) -> Iterator[Problem]:
    """Rows that begin after the last day on which anything else happened: they do not count by then."""
    latest = latest_day(facts.extents)
    if latest is None or as_of != latest:
        return  # as_of was asked for
    for declared in exports():
        events = row_events(facts, declared) if declared.may_lie_ahead else None
        if events is None:
            continue
        days = events.day[(events.day > day_number(as_of)) & (events.day < UNDATED_END)]
        if len(days):
            yield problem(
                "starts-ahead", file=facts.names(declared.name), column=declared.events[0].at, count=len(days),
                as_of=as_of, last=_day(int(days.max())),
            )  # fmt: skip


def done_ahead(facts: Facts, as_of: date, least: float = 0) -> Iterator[Problem]:
    """What came about, by its own word, after an as_of that nobody asked for, if it is more than a ``least`` share."""
    if latest_day(facts.extents) != as_of:
        return
    for declared in exports():
        events = facts.events.get(declared.outcome.event) if declared.outcome is not None else None
        if events is None or declared.outcome is None or events.records.done is None:
            continue
        days = events.day[(events.day > day_number(as_of)) & events.records.done[events.row]]
        if len(days) > least * len(events.day):
            yield problem(
                "held-after-bookings", file=facts.names(declared.name), column=declared.outcome.date, count=len(days),
                as_of=as_of, latest=_day(int(days.max())),
            )  # fmt: skip


def _future(facts: Facts, today: date) -> Iterator[Problem | Further]:
    """Rows dated after today, but for those of what is planned; of summed inputs the first day alone."""
    limit = day_number(today)
    for declared in exports():
        events = row_events(facts, declared)
        if events is None or declared.is_planned:
            continue
        ahead = (events.day > limit) & (events.day < OPEN_END)
        column = declared.events[0].at
        if declared.summed:
            if ahead.any():
                first = _day(int(events.day[ahead].min()))
                yield problem("future-date", file=facts.names(declared.name), column=column, value=first, limit=today)
            continue
        yield from _each(events, np.flatnonzero(ahead), "future-date", column, partial(_beyond, events, today))


def _beyond(events: Events, today: date, place: int) -> dict[str, object]:
    return {"value": _day(events.day[place]), "limit": today}
