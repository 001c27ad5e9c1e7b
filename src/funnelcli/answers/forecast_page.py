"""A forecast as a page with pictures, and as a chapter of the pack: what is known, and where it goes with its bands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from funnelcli.answers.answer import Notes, Tab, TabBlock, Table
from funnelcli.answers.cells import Cell, Day, Months, Number, Precision, Words
from funnelcli.answers.drawn import Chapter, DrawnPage, Fans, Lead, Point, Series
from funnelcli.answers.forecast import SHOWN_BEFORE, TITLE, Foretold, words_of
from funnelcli.answers.forecast_basis import basis_table
from funnelcli.answers.forecast_tables import landing_tables, lands_table, month_table, score_table
from funnelcli.answers.report_tabs import listing_of_sources
from funnelcli.planning.forecast import ForecastRow
from funnelcli.planning.known_past import DEMOS, LOST, MRR, NEW, PAYING, SIGNUPS
from funnelcli.planning.tracked import tracked_metric
from funnelcli.text import Message, as_text
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Grain

_LANDS, _CHANGE = Message("Where it lands"), Message("To land on the targets")
_MONTHS, _STANDS, _SCORES = Message("Month by month"), Message("What it stands on"), Message("How good it was")
_NOTES, _SOURCES = Message("Notes"), Message("Sources")
_IF_NOTHING = Message("If nothing changes: signups, rates, lags, churn and amounts go on as they are.")
_COUNTED = Message("Known up to {day}, end of day")
_OFF = Message(
    "{figure} of the next month: forecasts were off by {error} in the mean, the same as last month by {naive}; bands "
    "of 90% held {n} of {all} times."
)
_DRAWN = (MRR, PAYING, NEW, SIGNUPS, DEMOS, LOST)
_IN_PACK = (MRR, PAYING, NEW, SIGNUPS)


def forecast_page(asked: Foretold, notes: Notes) -> DrawnPage:
    """The page; ``notes`` are what is to be known of all."""
    months = span_of(asked)
    return DrawnPage(
        lead=Lead(
            firm=None, period=Months(first=asked.forecast.periods[0], grain=Grain.MONTH), base=None,
            title=Words(as_text("{title}, {months}"), facts={"title": Words(TITLE), "months": months}),
            brief=(Words(_IF_NOTHING),), is_titled=True,
            basis=(Words(_COUNTED, facts={"day": Day(asked.until)}), Words(asked.timezone)),
        ),
        first=(fans(asked, _DRAWN),),
        chapters=tuple(_chapters(asked, notes)),
    )  # fmt: skip


def _chapters(asked: Foretold, notes: Notes) -> Iterator[Chapter]:
    yield Chapter(name="lands", title=_LANDS, blocks=(_untitled(lands_table(asked)),))
    if levers := tuple(landing_tables(asked)):
        yield Chapter(name="change", title=_CHANGE, blocks=levers)
    yield Chapter(name="months", title=_MONTHS, blocks=tuple(month_table(asked, row) for row in asked.forecast.rows))
    yield Chapter(name="basis", title=_STANDS, blocks=(_untitled(basis_table(asked)),))
    if asked.scores:
        yield Chapter(name="scores", title=_SCORES, blocks=(_untitled(score_table(asked)),))
    yield Chapter(name="notes", title=_NOTES, blocks=(notes,))
    yield Chapter(name="sources", title=_SOURCES, blocks=(listing_of_sources(asked.sources),))


def forecast_chapter(asked: Foretold) -> Chapter:
    """A forecast as a chapter of a larger page."""
    lines = [*_how_good(asked), *(Words(note.text) for note in asked.of_forecast if note.code != "nothing-changes")]
    return Chapter(
        name="forecast", title=TITLE, lead=Words(_IF_NOTHING),
        blocks=(fans(asked, _IN_PACK), _untitled(lands_table(asked)), Notes(tuple(lines))),
    )  # fmt: skip


def forecast_tab(asked: Foretold) -> Tab:
    """A forecast as a part of a larger workbook."""
    months = (month_table(asked, row) for row in asked.forecast.rows)
    scores = [score_table(asked)] if asked.scores else []
    notes = Notes(tuple(Words(note.text) for note in asked.of_forecast))
    blocks: tuple[TabBlock, ...] = (
        lands_table(asked),
        *landing_tables(asked),
        *months,
        basis_table(asked),
        *scores,
        notes,
    )
    return Tab(name=TITLE, blocks=blocks)


def _how_good(asked: Foretold) -> Iterator[Words]:
    """How far off forecasts of the first figure were."""
    scored = {each.key: each for each in asked.scores if each.ahead == 1}
    for key in _IN_PACK:
        if key in scored:
            score, unit = scored[key], tracked_metric(key).unit
            error, naive = (
                Number(value=value, unit=unit, currency=asked.currency, precision=Precision.PLANNED)
                for value in (score.error, score.naive)
            )
            facts: dict[str, Cell] = {
                "figure": Words(words_of(key)), "error": error, "naive": naive, "n": Number(value=score.held[90]),
                "all": Number(value=score.origins),
            }  # fmt: skip
            yield Words(_OFF, facts=facts)
            return


def span_of(asked: Foretold) -> Months:
    """The months that are foretold."""
    return Months(first=asked.forecast.periods[0], last=asked.forecast.periods[-1], grain=Grain.MONTH)


def _untitled(table: Table) -> Table:
    """A table whose chapter bears its title."""
    return Table(columns=table.columns, rows=table.rows)


# --- the charts ------------------------------------------------------------------------------------------------------


def fans(asked: Foretold, keys: Sequence[str]) -> Fans:
    """The charts of some figures, of those that are foretold."""
    rows = [row for key in keys if (row := asked.forecast.row(key)) is not None]
    return Fans(
        series=tuple(_series(asked, row) for row in rows),
        has_targets=any(row.key in asked.targets for row in rows),
        has_bands=any(row.total.bounds is not None for row in rows),
    )


def _series(asked: Foretold, row: ForecastRow) -> Series:
    known = [
        Point(period=period, figure=_number(asked, row.key, value))
        for period, value in zip(asked.over, asked.history[row.key], strict=True)
    ][-SHOWN_BEFORE:]
    targets = asked.targets.get(row.key, (None,) * len(row.cells))
    ahead = [
        Point(
            period=period, figure=_number(asked, row.key, cell.value), partial=True,
            target=None if target is None else _number(asked, row.key, target),
            bounds=tuple(_number(asked, row.key, bound) for bound in cell.bounds or ()),
        )
        for period, cell, target in zip(asked.forecast.periods, row.cells, targets, strict=True)
    ]  # fmt: skip
    return Series(
        key=row.key, label=words_of(row.key), grain=Grain.MONTH, points=(*known, *ahead), headline=len(known) - 1,
        is_rate=False,
    )  # fmt: skip


def _number(asked: Foretold, key: str, value: float | None) -> Number:
    unit = tracked_metric(key).unit
    whole = value if value is None or unit is not Unit.AMOUNT else round(value)
    return Number(value=whole, unit=unit, currency=asked.currency, precision=Precision.PLANNED)
