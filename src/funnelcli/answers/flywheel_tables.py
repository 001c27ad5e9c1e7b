"""The flywheel in tables: the figures of each force beside change, target and owner, and what is listed below them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from funnelcli.answers.answer import Block, Column, Heading, Listing, Notes, Raw, Table
from funnelcli.answers.cells import TARGET, Cell, Day, Number, Trend, Words
from funnelcli.answers.detractors import Detractors
from funnelcli.answers.flywheel import FORCES, Flywheel, Force, Projection
from funnelcli.answers.goals import team_words
from funnelcli.answers.plain import CHANGE, titles
from funnelcli.answers.report_figures import TREND_MOST
from funnelcli.answers.report_model import Row
from funnelcli.answers.stuck import StuckList
from funnelcli.facts.dimensions import UNKNOWN
from funnelcli.metrics import CATALOGUE
from funnelcli.text import NOTHING, Message, Text, as_text, in_context

_FIGURE, _OWNER, _TREND = Message("Figure"), Message("Owner"), Message("Trend")
_HEADING = Message("{title}, {month}")
_BASIS, _AGAINST = Message("Counted up to {day}, {zone}"), Message("Change: against {base}")
DETRACTORS = Message("Detractors nobody has come back to in time")
STUCK = Message("Stuck while setting up")
LOSSES = Message("Deals lost, by reason")
PROJECTION = Message("Projection")
_LATE = Message(
    "{n} of {answered} whose latest answer is 0–6 had nobody come back to them within {window}; of {waiting} the time "
    "is not over."
)
_NAMELESS = Message("{n} [answer|answers] of 0–6 [names|name] nobody: there is nobody to come back to.")
_UNKNOWN = Message("Who of the {answered} with a latest answer of 0–6 was come back to is not known: {reason}.")
_NO_REASON = Message("no reason given")
_REASON, _NUMBER = Message("Reason"), Message("Number")
_TURN, _CUSTOMERS, _MORE = Message("Turn"), Message("Customers"), Message("Brought")
_PROJECTED = Message(
    "A projection, not a forecast: from {start} paying customers, of whom a hundred bring {k} ({name}), and those as "
    "many in turn; churn is not taken off."
)
_NOT_PROJECTED = Message("There is no projection: {name} is missing ({reason}).")
HEADER = (
    "user_id", "score", "answered_at", "due_at", "days_over", "followed_up_at", "owner", "channel", "comment", "file",
    "line",
)  # fmt: skip
TITLES = {
    **titles(
        Message("customer"), Message("score"), Message("owner"), Message("channel"), Message("comment"),
        Message("file"), Message("line"), Message("stage"), Message("since"), Message("days"), Message("limit"),
    ),
    "user_id": Message("customer"), "answered_at": Message("answered"), "due_at": in_context("by when", "due"),
    "days_over": Message("days over"), "followed_up_at": Message("come back to"),
}  # fmt: skip


def heading(asked: Flywheel) -> Heading:
    """The headline period, and what the figures stand on."""
    spec, dashboard = asked.report.spec, asked.dashboard
    month = Words(_HEADING, facts={"title": Words(spec.title), "month": dashboard.month})
    basis = [Words(_BASIS, facts={"day": Day(spec.as_of), "zone": Words(spec.timezone)}, tone="dim")]
    if dashboard.base is not None:
        basis.append(Words(_AGAINST, facts={"base": dashboard.base}, tone="dim"))
    return Heading(text=month, basis=tuple(basis))


def force_tables(asked: Flywheel, *, with_trends: bool = True) -> Iterator[Table]:
    """A table a force, with the figures that there are; ``with_trends`` each with small bars."""
    with_trends = with_trends and len(asked.report.spec.periods) > 1
    has_targets = any(asked.dashboard.goal(row.metric.key) is not None for force in FORCES for row in asked.rows(force))
    for force in FORCES:
        if rows := asked.rows(force):
            yield _force_table(asked, force, rows, has_targets=has_targets, with_trends=with_trends)


def _force_table(asked: Flywheel, force: Force, rows: list[Row], *, has_targets: bool, with_trends: bool) -> Table:
    columns = [
        Column(header=Words(_FIGURE)),
        Column(header=replace(asked.dashboard.month, partial=False)),
        *([Column(header=Words(CHANGE))] if asked.dashboard.base is not None else []),
        *([Column(header=Words(TARGET))] if has_targets else []),
        Column(header=Words(_OWNER), words=True, spare=2),
        *([Column(header=Words(_TREND), spare=1)] if with_trends else []),
    ]
    lines = tuple(tuple(_line(asked, row, has_targets=has_targets, with_trends=with_trends)) for row in rows)
    return Table(title=Words(force.title), columns=tuple(columns), rows=lines)


def _line(asked: Flywheel, row: Row, *, has_targets: bool, with_trends: bool) -> Iterator[Cell]:
    dashboard = asked.dashboard
    yield Words(row.label)
    yield dashboard.figure(row)
    if dashboard.base is not None:
        yield dashboard.change(row) or Words(NOTHING)
    if has_targets:
        goal = dashboard.goal(row.metric.key)
        yield Words(NOTHING) if goal is None else _kept(goal.target, goal.kept)
    yield Words(team_words(row.metric.owner))
    if with_trends:
        yield Trend(tuple(cell.value for cell in row.cells[-TREND_MOST:]))


def _kept(target: Number, kept: bool | None) -> Words:
    """A target with the sign of whether it is kept."""
    if kept is None:
        return Words(as_text("{target}"), facts={"target": target})
    facts: dict[str, Cell] = {"target": target, "sign": Words("✓" if kept else "✗")}
    return Words(as_text("{target}\u00a0{sign}"), facts=facts, tone="good" if kept else "bad")


# --- lists -----------------------------------------------------------------------------------------------------------


def detractor_cells(asked: Detractors) -> list[tuple[Raw, ...]]:
    """The lines of the list, in the order of its header."""
    return [
        (
            row.name, row.score, row.answered, row.due, row.days_over, row.followed_up, row.owner, row.channel,
            row.comment, row.file, row.line,
        )
        for row in asked.rows
    ]  # fmt: skip


def detractor_blocks(asked: Detractors, *, titled: bool = True) -> Iterator[Block]:
    """Who was not come back to, and who cannot be told."""
    if asked.rows:
        yield Listing(
            header=HEADER, rows=detractor_cells(asked), numbers=frozenset({"score", "days_over"}), titles=TITLES,
            title=Words(DETRACTORS) if titled else None,
        )  # fmt: skip
    if lines := tuple(_detractor_lines(asked)):
        yield Notes(lines)


def _detractor_lines(asked: Detractors) -> Iterator[Words]:
    facts = {"answered": asked.answered, "window": asked.follow_up.text}
    if asked.missing is not None and asked.answered:
        yield Words(_UNKNOWN.filled(reason=asked.missing.reason, **facts))
    elif asked.missing is None:
        yield Words(_LATE.filled(n=len(asked.rows), waiting=asked.waiting, **facts))
    if asked.nameless:
        yield Words(_NAMELESS.filled(n=asked.nameless))


def stuck_blocks(asked: StuckList | None) -> Iterator[Block]:
    """Who waits in a stage of setting up for longer than its limit."""
    if asked is None or not asked.rows:
        return
    header = ("customer", "stage", "since", "days", "limit", "owner")
    rows = [(row.name, row.stage.label, row.since, row.days, row.limit.text, row.owner) for row in asked.rows]
    yield Listing(header=header, rows=rows, numbers=frozenset({"days"}), titles=TITLES, title=Words(STUCK))


def loss_blocks(asked: Flywheel) -> Iterator[Block]:
    """Why deals were lost in the range."""
    numbers: dict[str, int] = {}
    for loss in asked.losses:
        numbers[loss.reason] = numbers.get(loss.reason, 0) + loss.number
    if not numbers:
        return
    rows = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    yield Table(
        title=Words(LOSSES),
        columns=(Column(header=Words(_REASON)), Column(header=Words(_NUMBER))),
        rows=tuple((Words(_NO_REASON if why == UNKNOWN else why), Number(value=number)) for why, number in rows),
    )


def projection_blocks(asked: Projection | None, *, titled: bool = True) -> Iterator[Block]:
    """The customers after each turn, marked as a projection."""
    if asked is None:
        return
    name: Text = CATALOGUE[asked.of].label
    if asked.missing is not None:
        yield Notes((Words(_NOT_PROJECTED.filled(name=name, reason=asked.missing.reason)),))
        return
    brought = [None, *(after - before for before, after in zip(asked.totals, asked.totals[1:], strict=False))]
    yield Table(
        title=Words(PROJECTION) if titled else None,
        columns=tuple(Column(header=Words(text)) for text in (_TURN, _MORE, _CUSTOMERS)),
        rows=tuple(
            (Number(value=turn), _rounded(more), _rounded(total))
            for turn, (more, total) in enumerate(zip(brought, asked.totals, strict=True))
        ),
    )
    facts: dict[str, Cell] = {
        "start": Number(value=asked.start), "k": Number(value=round((asked.k or 0) * 100, 1)), "name": Words(name),
    }  # fmt: skip
    yield Notes((Words(_PROJECTED, facts=facts),))


def _rounded(value: float | None) -> Cell:
    return Words(NOTHING) if value is None else Number(value=round(value, 2))
