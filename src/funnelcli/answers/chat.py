"""The report in five lines, for a chat: what moved, what is behind its target, and what to look at."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from fractions import Fraction

from msgspec import Struct

from funnelcli.answers.answer import Fact, Facts, Page
from funnelcli.answers.cells import Cell, Day, Number, Words
from funnelcli.answers.chance import Chance, adjusted, of_counts, of_rates, of_target, of_target_rate
from funnelcli.answers.dashboard import Dashboard
from funnelcli.answers.dashboard_blocks import CLOSING, MRR
from funnelcli.answers.goals import is_kept
from funnelcli.answers.pack import Pack
from funnelcli.answers.planned_cells import planned
from funnelcli.answers.report_figures import change_of, shown_rows
from funnelcli.answers.report_model import Report, Row
from funnelcli.counting.counts import unit_of
from funnelcli.counting.reach import reach_of
from funnelcli.facts.model import Facts as Exports
from funnelcli.inputs import input_of_event
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import Flow, Ratio, measures_behind
from funnelcli.planning.declare import Kind
from funnelcli.planning.track import TrackCell, TrackRow
from funnelcli.text import Message, as_text, joined
from funnelcli.values.figures import Note, Unit
from funnelcli.values.periods import Period

REGISTERED = "closing_registered_users"
_BETTER, _WORSE = Message("Better"), Message("Worse")
_BEHIND, _LOOK = Message("Behind target"), Message("Look at")
_NOTHING, _NO_BASE = Message("nothing"), Message("no whole period to compare with another")
_NOTHING_ELSE = Message("nothing else stands out")
# What puts figures in doubt, the gravest first; other notes are read in the report.
DOUBTS = ("rows-left-out", "ends-early", "part-of-", "zeros-beyond-", "unread-columns", "not-counted")


def chat_page(exports: Exports, pack: Pack) -> Page:
    """The five lines: where it stands, better, worse, behind its target (without targets what else moved), look at."""
    dashboard = Dashboard(report=pack.report, goals=pack.goals)
    left = Left(moves=list(_moves(dashboard, exports)), notes=_doubts(pack.report))
    none = Words(_NOTHING if dashboard.base is not None else _NO_BASE)
    lines = [
        _standing(pack, dashboard),
        Fact(name=_BETTER, cell=left.mover(lambda move: move.good) or none),
        Fact(name=_WORSE, cell=left.mover(lambda move: not move.good) or none),
    ]
    behind = pack.unread_targets or _behind(dashboard)
    lines.append(Fact(name=_LOOK, cell=left.other()) if behind is None else Fact(name=_BEHIND, cell=behind))
    lines.append(Fact(name=_LOOK, cell=left.other()))
    return Page(blocks=(Facts(facts=tuple(lines)),))


def _standing(pack: Pack, dashboard: Dashboard) -> Fact:
    """The period, whose it is, and what there is at its end."""
    cells: list[Cell] = [Words(pack.firm)] if pack.firm else []
    for key in (CLOSING, MRR) if dashboard.has(CLOSING) else (REGISTERED,):
        row = dashboard.row(key)
        if row is not None and dashboard.figure(row).value is not None:
            cells.append(_level(dashboard, row))
    if dashboard.base is not None:
        cells.append(Words(Message("against {base}"), facts={"base": dashboard.base}))
    elif dashboard.month.partial:
        cells.append(Words(Message("counted up to {day}"), facts={"day": Day(pack.report.spec.as_of)}))
    return Fact(name=dashboard.period.words, cell=_together(", ", cells))


def _level(dashboard: Dashboard, row: Row) -> Words:
    """A balance with its change."""
    facts: dict[str, Cell] = {"label": Words(row.label), "figure": dashboard.figure(row)}
    text = as_text("{label} {figure}")
    if row.unit is Unit.AMOUNT:
        facts["currency"] = Words(dashboard.report.spec.currency)
        text = as_text("{label} {figure} {currency}")
    change = dashboard.change(row)
    if change is None or change.value is None:
        return Words(text, facts=facts)
    return Words(as_text("{level} ({change})"), facts={"level": Words(text, facts=facts), "change": change})


def _together(separator: str, cells: Sequence[Cell]) -> Words:
    names = [f"cell{place}" for place in range(len(cells))]
    text = joined(separator, [f"{{{name}}}" for name in names])
    return Words(text, facts=dict(zip(names, cells, strict=True)))


# --- what moved ------------------------------------------------------------------------------------------------------


class Move(Struct, frozen=True, kw_only=True):
    """A count or a rate that has changed, whether for the better, how far, and whether that is more than chance."""

    row: Row
    words: Words
    good: bool
    size: float
    chance: Chance

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """What is more than chance first, what nothing can be said of last; the larger first."""
        return (not self.chance.is_more, self.chance.p is None, -self.size)


class Left(Struct, kw_only=True):
    """What is not said yet."""

    moves: list[Move]
    notes: list[Note]

    def mover(self, wanted: Callable[[Move], bool]) -> Words | None:
        """The first of the moves that are wanted, which is then said."""
        moves = sorted(filter(wanted, self.moves), key=lambda move: move.rank)
        if not moves:
            return None
        self.moves.remove(moves[0])
        return moves[0].words

    def other(self) -> Words:
        """What else is worth a look: what moved by more than chance, the bad first; doubts; what moved at all."""
        said = self.mover(lambda move: move.chance.is_more and not move.good)
        said = said or self.mover(lambda move: move.chance.is_more)
        if said is None and self.notes:
            return Words(self.notes.pop(0).text)
        return said or self.mover(lambda move: move.chance.p is not None) or Words(_NOTHING_ELSE)


def _moves(dashboard: Dashboard, exports: Exports) -> Iterator[Move]:
    """The counts and rates of the whole that have changed for the better or the worse."""
    if dashboard.base is None:
        return
    changed = [(row, *_tested(dashboard, exports, row)) for row in shown_rows(dashboard.report) if _is_tested(row)]
    changed = [(row, p, size) for row, p, size in changed if size]
    chances = adjusted([p for _, p, _ in changed])
    for (row, _, size), chance in zip(changed, chances, strict=True):
        yield Move(
            row=row,
            words=_moved(dashboard, row, chance),
            good=(size > 0) == (row.metric.good == "up"),
            size=abs(size),
            chance=chance,
        )


def _is_tested(row: Row) -> bool:
    """Whether a row counts events, or is a share of some; what is neither good nor bad is no news."""
    kind = row.metric.kind
    of_counts_alone = isinstance(kind, Flow) or (isinstance(kind, Ratio) and row.unit is Unit.RATE)
    return of_counts_alone and row.part is None and row.metric.good != "neither"


def _tested(dashboard: Dashboard, exports: Exports, row: Row) -> tuple[float | None, float]:
    """The p-value of a row's change, and how far it moved: the logarithm of the ratio, 0 where that tells nothing.

    Counts are compared by the day; where only the number of days differs, nothing has moved.  Nor is a rate compared of
    which one side is known of more days than the other.
    """
    now, before = row.cells[dashboard.headline], dashboard.earlier(row)
    if before is None or now.value is None or before.value is None or now.value == before.value:
        return None, 0.0
    assert dashboard.base is not None
    known = [_days(dashboard.report, exports, row, period) for period in (dashboard.period, dashboard.base.first)]
    if any(len(days) != 1 for days in known):
        return None, 0.0
    (days,), (days_before,) = known
    size = _ratio(now.value, before.value)
    if isinstance(row.metric.kind, Ratio):
        return of_rates(now, before), size
    if (now.value * days_before - before.value * days) * size <= 0:
        return None, 0.0
    return of_counts(now.value, before.value, days, days_before), size


def _ratio(now: float, before: float) -> float:
    return math.log(now / before) if now and before else math.inf if now else -math.inf


def _days(report: Report, exports: Exports, row: Row, period: Period) -> set[int]:
    """How many days of a period the exports behind a row tell of, up to the last that counts."""
    last = min(period.last_day, report.spec.as_of)
    days: set[int] = set()
    for measure in measures_behind(row.metric, CATALOGUE, None):
        wanted, first, end = input_of_event(measure.plus[0]), period.start, last
        if wanted is not None and wanted.name in exports.inputs:
            reach = reach_of(exports, wanted.name, report.spec.as_of, unit_of(report.spec.periods))
            until = reach.last or (reach.end and reach.end - timedelta(days=1))
            first, end = max(first, reach.first or reach.start or first), min(last, until or last)
        days.add(max((end - first).days + 1, 0))
    return days - {0}


def _moved(dashboard: Dashboard, row: Row, chance: Chance) -> Words:
    before = dashboard.earlier(row)
    assert before is not None
    values = (row.cells[dashboard.headline], before)
    now, then = (dashboard.quotient(row, value) or dashboard.number(row, value) for value in values)
    facts: dict[str, Cell] = {
        "label": Words(dashboard.report.label_of(row)), "now": now, "then": then,
        "change": change_of(row, dashboard.headline), "chance": Words(chance.words),
    }  # fmt: skip
    return Words(Message("{label} {now} against {then}, {change} – {chance}"), facts=facts)


# --- what is behind its target ---------------------------------------------------------------------------------------


class Judged(Struct, frozen=True, kw_only=True):
    """A figure beside its target; ``row`` is that of the report."""

    row: Row
    planned: TrackRow
    cell: TrackCell

    @property
    def kept(self) -> Fraction:
        """How much of the target, or in a month that runs of the pace, is kept."""
        kept = self.cell.kept(self.planned.metric.good)
        return Fraction(1) if kept is None else kept

    @property
    def is_count(self) -> bool:
        """Whether it is a number of events, which may have come more or less often by chance."""
        return isinstance(self.row.metric.kind, Flow) or self.row.unit is Unit.VISITS

    def tested(self) -> float | None:
        """The p-value of a count or a rate beside its target; None of others, like levels and amounts."""
        cell = self.cell
        assert cell.actual is not None
        assert cell.target is not None
        if cell.numerator is not None and cell.denominator is not None:
            return of_target_rate(cell.numerator, cell.denominator, cell.target)
        if not self.is_count:
            return None
        return of_target(cell.actual, cell.target if cell.pace is None else cell.pace.expected)


def _behind(dashboard: Dashboard) -> Words | None:
    """What keeps least of its target, in a month that runs of what was expected by now; None without targets."""
    period = next((p for p in (dashboard.running, dashboard.period) if p and _judged(dashboard, p)), None)
    if period is None:
        return None
    judged = _judged(dashboard, period)
    behind = [each for each in judged if not is_kept(each.planned, each.cell)]
    if not behind:
        text = Message("none of {n} in {period}")
        return Words(text, facts={"n": Number(value=len(judged)), "period": dashboard.months(period)})
    chances = adjusted([each.tested() for each in behind])
    worst, chance = min(zip(behind, chances, strict=True), key=lambda known: known[0].kept)
    said: list[Cell] = [_short(dashboard, worst, chance, period)]
    if len(behind) > 1:
        more = Number(value=len(behind) - 1)
        said.append(Words(Message("{n} more [n!is|are] behind"), facts={"n": more}))
    return _together("; ", said)


def _judged(dashboard: Dashboard, period: Period) -> Sequence[Judged]:
    """The figures of a period that have a target to be judged by, as ``track --fail-under`` judges them."""
    known = [
        Judged(row=row, planned=planned_row, cell=cell)
        for (key, month), (planned_row, cell) in dashboard.goals.cells.items()
        if month == period.key and (row := dashboard.row(key)) is not None
    ]
    return [
        each
        for each in known
        if is_kept(each.planned, each.cell) is not None
        and (each.planned.metric.good == "up" or each.planned.metric.kind is Kind.MEASURED)
    ]


def _short(dashboard: Dashboard, judged: Judged, chance: Chance, period: Period) -> Words:
    """A figure beside its target."""
    cell, unit = judged.cell, judged.row.unit

    def shown(value: Fraction | None) -> Number:
        return planned(value, unit, dashboard.goals.currency)

    facts: dict[str, Cell] = {
        "label": Words(dashboard.report.label_of(judged.row)), "actual": shown(cell.actual),
        "target": shown(cell.target), "share": planned(cell.of_pace, Unit.RATE), "period": Words(period.words),
    }  # fmt: skip
    text = Message("{label} {actual} of {target} in {period} ({share})")
    if cell.is_rate:
        text = Message("{label} {actual}, target {target} in {period}")
    elif cell.pace is not None:
        facts["expected"] = shown(cell.pace.expected)
        text = Message("{label} {actual} of {expected} expected by now ({share}), target {target} in {period}")
    said = Words(text, facts=facts)
    return _together(" – ", [said, Words(chance.words)]) if cell.is_rate or judged.is_count else said


# --- what is in doubt ------------------------------------------------------------------------------------------------


def _doubts(report: Report) -> list[Note]:
    """The notes that put figures in doubt, the gravest first."""
    return [note for code in DOUBTS for note in report.notes if note.code.startswith(code)]
