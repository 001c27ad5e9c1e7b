"""The report in five lines, for a chat: what moved, what is behind its target, and what to look at."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.answer import Fact, Facts, Page
from funnelcli.answers.cells import Cell, Day, Number, Words
from funnelcli.answers.chance import Chance, adjusted, of_target, of_target_rate
from funnelcli.answers.dashboard import Dashboard
from funnelcli.answers.dashboard_blocks import CLOSING, MRR
from funnelcli.answers.goals import is_kept
from funnelcli.answers.pack import Pack
from funnelcli.answers.planned_cells import planned
from funnelcli.answers.report_figures import change_of, shown_rows
from funnelcli.answers.report_model import Report, Row
from funnelcli.metrics.model import Flow, Ratio
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


def chat_page(pack: Pack) -> Page:
    """The five lines: where it stands, better, worse, behind its target (without targets what else moved), look at."""
    dashboard = Dashboard(report=pack.report, goals=pack.goals)
    left = Left(moves=list(_moves(dashboard)), notes=_doubts(pack.report))
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
    chance: Chance | None

    @property
    def is_more(self) -> bool:
        """Whether it is more than chance."""
        return self.chance is not None and self.chance.is_more

    @property
    def is_enough(self) -> bool:
        """Whether there is enough of it to say anything; a rate that is no share of people has no chance."""
        return self.chance is None or self.chance.p is not None

    @property
    def rank(self) -> tuple[bool, bool, bool, float]:
        """What is more than chance first, few then and what nothing can be said of last; the larger first."""
        return (not self.is_more, not self.is_enough, self.chance is not None and self.chance.few, -self.size)


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
        said = self.mover(lambda move: move.is_more and not move.good)
        said = said or self.mover(lambda move: move.is_more)
        if said is None and self.notes:
            return Words(self.notes.pop(0).text)
        return said or self.mover(lambda move: move.is_enough) or Words(_NOTHING_ELSE)


def _moves(dashboard: Dashboard) -> Iterator[Move]:
    """The counts and rates of the whole that have changed for the better or the worse."""
    if dashboard.base is None:
        return
    for row in shown_rows(dashboard.report):
        size = _size(dashboard, row) if _is_news(row) else 0.0
        if size:
            yield Move(
                row=row,
                words=_moved(dashboard, row),
                good=(size > 0) == (row.metric.good == "up"),
                size=abs(size),
                chance=row.chance,
            )


def _is_news(row: Row) -> bool:
    """Whether a row counts events, or is a share of some; what is neither good nor bad is no news."""
    kind = row.metric.kind
    of_counts_alone = isinstance(kind, Flow) or (isinstance(kind, Ratio) and row.unit is Unit.RATE)
    return of_counts_alone and row.part is None and row.metric.good != "neither"


def _size(dashboard: Dashboard, row: Row) -> float:
    """How far a row moved: the logarithm of the ratio, 0 where that tells nothing.

    Counts are compared by the day; where only the number of days differs, nothing has moved.  Nor is a rate compared of
    which one side is known of more days than the other.
    """
    now, before = row.cells[dashboard.headline], dashboard.earlier(row)
    if before is None or now.value is None or before.value is None or now.value == before.value:
        return 0.0
    size = _ratio(now.value, before.value)
    if row.days is None:
        return 0.0
    days, days_before = row.days
    if not isinstance(row.metric.kind, Ratio) and (now.value * days_before - before.value * days) * size <= 0:
        return 0.0
    return size


def _ratio(now: float, before: float) -> float:
    return math.log(now / before) if now and before else math.inf if now else -math.inf


def _moved(dashboard: Dashboard, row: Row) -> Words:
    before = dashboard.earlier(row)
    assert before is not None
    values = (row.cells[dashboard.headline], before)
    now, then = (dashboard.quotient(row, value) or dashboard.number(row, value) for value in values)
    facts: dict[str, Cell] = {
        "label": Words(dashboard.report.label_of(row)), "now": now, "then": then,
        "change": replace(change_of(row, dashboard.headline), more=False),
    }  # fmt: skip
    said = Words(Message("{label} {now} against {then}, {change}"), facts=facts)
    return said if row.chance is None else _together(" – ", [said, Words(row.chance.words)])


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

    def tested(self) -> Chance | None:
        """What a count or a rate says beside its target; None of others, like levels and amounts."""
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


def _short(dashboard: Dashboard, judged: Judged, chance: Chance | None, period: Period) -> Words:
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
    return said if chance is None else _together(" – ", [said, Words(chance.words)])


# --- what is in doubt ------------------------------------------------------------------------------------------------


def _doubts(report: Report) -> list[Note]:
    """The notes that put figures in doubt, the gravest first."""
    return [note for code in DOUBTS for note in report.notes if note.code.startswith(code)]
