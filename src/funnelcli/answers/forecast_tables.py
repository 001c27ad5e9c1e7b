"""The tables of a forecast: where figures land, month by month, what would have to change, how good it was."""

from __future__ import annotations

from collections.abc import Iterator

from funnelcli.answers.answer import Column, Table
from funnelcli.answers.cells import Cell, Months, Number, Precision, Tone, Words
from funnelcli.answers.forecast import TITLE, Foretold, target_of_range, words_of
from funnelcli.answers.forecast_basis import LEVERS
from funnelcli.answers.plain import TOTAL
from funnelcli.answers.planned_cells import MONTH
from funnelcli.planning.backtest import Scored
from funnelcli.planning.forecast import FIGURES, Expected, ForecastRow
from funnelcli.planning.landing import Landing, Lever
from funnelcli.planning.tracked import tracked_metric
from funnelcli.text import Message
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Grain

_FIGURE, _TARGET, _CHANCE = Message("Figure"), Message("Target"), Message("Chance")
_BANDS = (
    (Message("90% from"), 0), (Message("50% from"), 1), (TITLE, 0), (Message("50% to"), 1), (Message("90% to"), 0),
)  # fmt: skip
_LANDS, _SCORES = Message("Where it lands"), Message("How good such forecasts were")
_AHEAD, _OFF, _SAME = Message("Ahead"), Message("Off by"), Message("Same as last month")
_HELD = {50: Message("50% held"), 90: Message("90% held")}
_OF = Message("{n} of {all}")
_MONTHS_AHEAD = Message("{n} [month|months]")
_TO_LAND = Message("To land on {target} of {figure} by {month}, short of it by {short}: one of these alone")
_BEYOND = Message("{figure} by {month} lands {over} above the target of {target}.")
_LEVER, _NOW, _NEEDED = Message("Lever"), Message("Today"), Message("Needed")
_NOT_ALONE = Message("not by this alone")


def number(asked: Foretold, key: str, value: float | None, tone: Tone = "") -> Number:
    """A figure of the forecast as a cell."""
    unit = tracked_metric(key).unit
    return Number(value=value, unit=unit, currency=asked.currency, precision=Precision.PLANNED, tone=tone)


# --- where it lands --------------------------------------------------------------------------------------------------


def lands_table(asked: Foretold) -> Table:
    """Each figure over all months, or at their end, with its bands, and its target where there is one."""
    with_targets = bool(asked.targets)
    return Table(
        title=Words(_LANDS),
        columns=(
            *_columns(asked, Words(_FIGURE), with_targets=with_targets),
            *([Column(header=Words(_CHANCE))] if with_targets else []),
        ),
        rows=tuple(
            (
                Words(words_of(row.key)), *_cells(asked, row.key, row.total),
                *(_aim(asked, row.key) if with_targets else ()),
            )
            for row in asked.forecast.rows
        ),
    )  # fmt: skip


def _aim(asked: Foretold, key: str) -> Iterator[Cell]:
    """The target of the months ahead, and the chance of meeting it; a note says that of targets of some of them."""
    target = aimed(asked, key)
    yield number(asked, key, target)
    chance = None if target is None else asked.forecast.chances.get(key)
    yield Number(value=chance, unit=Unit.RATE, precision=Precision.PLANNED)


def aimed(asked: Foretold, key: str) -> float | None:
    """The target of all months, or of their end."""
    return target_of_range(key, asked.targets.get(key, ()))


def _columns(asked: Foretold, first: Cell, *, with_targets: bool) -> tuple[Column, ...]:
    banded = any(row.total.bounds is not None for row in asked.forecast.rows)
    bands = _BANDS if banded else ((TITLE, 0),)
    return (
        Column(header=first, words=True),
        *(Column(header=Words(header), spare=spare) for header, spare in bands),
        *([Column(header=Words(_TARGET))] if with_targets else []),
    )


def _cells(asked: Foretold, key: str, figure: Expected) -> Iterator[Cell]:
    """The figure between its bounds, from the lowest to the highest."""
    expected = number(asked, key, figure.value, "bold")
    if figure.bounds is None:
        yield expected
        return
    low, half, to_half, high = (_bound(asked, key, bound) for bound in figure.bounds)
    yield from (low, half, expected, to_half, high)


def _bound(asked: Foretold, key: str, bound: float) -> Number:
    return Number(value=round(bound), unit=tracked_metric(key).unit, currency=asked.currency, tone="dim")


def month_table(asked: Foretold, row: ForecastRow) -> Table:
    """A figure month by month, and over all of them where it adds up."""
    targets = asked.targets.get(row.key)
    cells = zip(asked.forecast.periods, row.cells, targets or [None] * len(row.cells), strict=True)
    lines: list[tuple[Cell, ...]] = []
    for place, (period, figure, target) in enumerate(cells):
        partial = place == 0 and asked.forecast.elapsed > 0
        month = Months(first=period, grain=Grain.MONTH, partial=partial)
        aim = [number(asked, row.key, target)] if targets else []
        lines.append((month, *_cells(asked, row.key, figure), *aim))
    if FIGURES[row.key] == "sum" and len(row.cells) > 1:
        aim = [number(asked, row.key, aimed(asked, row.key))] if targets else []
        lines.append((Words(TOTAL), *_cells(asked, row.key, row.total), *aim))
    return Table(
        title=Words(words_of(row.key)),
        columns=_columns(asked, Words(MONTH), with_targets=targets is not None),
        rows=tuple(lines),
    )


# --- what would have to change ---------------------------------------------------------------------------------------


def landing_tables(asked: Foretold) -> Iterator[Table]:
    """Of each figure that lands short of its targets what would have to change, one at a time."""
    for each in asked.landings:
        if each.short > 0:
            yield Table(
                title=Words(_TO_LAND, facts=_landing_facts(asked, each)),
                columns=tuple(
                    Column(header=Words(header), words=header is _LEVER) for header in (_LEVER, _NOW, _NEEDED)
                ),
                rows=tuple(_lever_line(asked, lever) for lever in each.levers),
            )


def _landing_facts(asked: Foretold, each: Landing) -> dict[str, Cell]:
    return {
        "figure": Words(words_of(each.key)), "target": number(asked, each.key, each.target),
        "short": number(asked, each.key, each.short), "over": number(asked, each.key, -each.short),
        "month": Months(first=asked.forecast.periods[each.months - 1], grain=Grain.MONTH),
    }  # fmt: skip


def beyond(asked: Foretold, each: Landing) -> Words:
    """That a figure lands above its target."""
    return Words(_BEYOND, facts=_landing_facts(asked, each))


def _lever_line(asked: Foretold, lever: Lever) -> tuple[Cell, ...]:
    words, unit = LEVERS[lever.key]
    now, needed = (
        Number(value=value, unit=unit, currency=asked.currency, precision=Precision.PLANNED)
        for value in (lever.now, lever.needed)
    )
    return Words(words), now, needed if lever.needed is not None else Words(_NOT_ALONE, tone="dim")


# --- how good such forecasts were ------------------------------------------------------------------------------------


def score_table(asked: Foretold) -> Table:
    """How far off forecasts were, beside "the same as last month", and how often their bands held."""
    headers = (_FIGURE, _AHEAD, _OFF, _SAME, *_HELD.values())
    return Table(
        title=Words(_SCORES),
        columns=tuple(
            Column(header=Words(header), words=header is _FIGURE, spare=int(header is _HELD[50])) for header in headers
        ),
        rows=tuple(_score_line(asked, each) for each in asked.scores),
    )


def _score_line(asked: Foretold, each: Scored) -> tuple[Cell, ...]:
    tone: Tone = "bad" if each.too_seldom else ""
    held = (
        Words(_OF.filled(n=each.held[share], all=each.origins), tone=tone if share == 90 else "") for share in (50, 90)
    )
    return (
        Words(words_of(each.key)), Words(_MONTHS_AHEAD.filled(n=each.ahead)),
        number(asked, each.key, each.error), number(asked, each.key, each.naive), *held,
    )  # fmt: skip
