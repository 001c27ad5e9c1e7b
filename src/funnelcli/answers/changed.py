"""What differs from an earlier report, as notes, tables and data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from funnelcli.answers.answer import Column, Listing, Notes, PlainBlock, Tab, Table
from funnelcli.answers.cells import Cell, Months, Number, Words
from funnelcli.answers.drawn import Chapter
from funnelcli.text import COMMA, Message, Text, day_words, grouped, joined, percent
from funnelcli.text.plain import plain, plain_day
from funnelcli.values.figures import Missing, Note, Unit, in_units

if TYPE_CHECKING:
    from funnelcli.answers.against import Changes, FigureChange, FileChange, Numbers, RowChange
    from funnelcli.answers.report_model import Report

MOST_SHOWN = 50  # rows that people see; programs get them all
_WHO, CHANNEL = "user_id", "channel"
NO_FIGURE = Missing("no-figure", Message("there is no figure of it"))
MOST_IN_PAGE = 60  # figures of a page
MOST_SAID = 5  # figures that are named in a line
_TITLE = Message("Closed figures that differ from {file}, counted up to {day}")
_ROWS = Message("Rows that came, went or changed ({n})")
_HEADER = ("change", "event", _WHO, "date_then", "date_now", "counts_then", "counts_now", "file", "line")
_TITLES: dict[str, Text] = {
    "change": Message("change"), "event": Message("event"), "date_then": Message("date then"),
    "date_now": Message("date now"), "counts_then": Message("counts then"), "counts_now": Message("counts now"),
    "file": Message("file"), "line": Message("line"),
}  # fmt: skip
_TAB = Message("Changes")


def change_notes(changes: Changes) -> tuple[Note, ...]:
    """Whether closed figures differ from those reported before, which, and what of the files does."""
    earlier = changes.earlier
    facts: dict[str, object] = {"file": earlier.name, "day": day_words(earlier.as_of)}
    if not changes.figures:
        text = Message("No closed figure differs from {file}, counted up to {day}: {n} compared.")
        return (Note("no-change", text.filled(n=changes.compared, **facts)), *_limits(changes))
    text = Message("{n} of {all} closed [figure|figures] differ from {file}, counted up to {day}: {which}.")
    which = joined("; ", [*map(_said, changes.figures[:MOST_SAID]), *_more(len(changes.figures) - MOST_SAID)])
    notes = [Note("changed-figures", text.filled(n=len(changes.figures), all=changes.compared, which=which, **facts))]
    if changes.files:
        said = joined("; ", [_file_said(change.file, change.then, change.now) for change in changes.files])
        notes.append(Note("changed-files", Message("Files that differ: {files}.").filled(files=said)))
    if changes.rows:
        said = joined("; ", [*map(_row_said, changes.rows[:MOST_SAID]), *_more((changes.rows_in_all or 0) - MOST_SAID)])
        notes.append(Note("changed-rows", Message("Rows behind them: {rows}.").filled(rows=said)))
    if changes.settings_differ:
        notes.append(
            Note("changed-settings", Message("The settings are not those of {file}.").filled(file=earlier.name))
        )
    notes += _limits(changes)
    if changes.rows_in_all is None:
        text = Message("{file} does not keep the rows that it counted; report --freeze does.")
        notes.append(Note("rows-not-kept", text.filled(file=earlier.name)))
    return tuple(notes)


def _limits(changes: Changes) -> list[Note]:
    """What was not compared."""
    text = Message("{file} has no parts: only the whole is compared.")
    return [Note("whole-compared", text.filled(file=changes.earlier.name))] if changes.whole_only else []


def noted(report: Report, changes: Changes) -> Report:
    """A report whose notes say first what differs."""
    return replace(report, notes=(*change_notes(changes), *report.notes))


def _more(n: int) -> Iterator[Text]:
    if n > 0:
        yield Message("and {n} more").filled(n=n)


def _said(change: FigureChange) -> Text:
    """A figure in a few words: ``New PU, 09/2026: 12 → 13``; of a rate that looks the same what was divided."""
    named = joined(COMMA, [change.label, change.part_label]) if change.part else change.label
    text = Message("{label}, {period}: {then} → {now}")
    then, now = (_short(numbers[0], change.unit) for numbers in (change.then, change.now))
    if then == now and None not in (change.then[1], change.now[1]):
        then, now = (f"{_quotient(numbers)}" for numbers in (change.then, change.now))
    return text.filled(label=named, period=change.period.words, then=then, now=now)


def _quotient(numbers: Numbers) -> str:
    _, above, below = numbers
    return f"{above:g}/{below:g}" if above is not None and below is not None else "–"


def _short(value: float | None, unit: Unit) -> Text | str:
    if value is None:
        return "–"
    return percent(value, 2) if unit is Unit.RATE else grouped(value, 2)


_KINDS = {"came": Message("came"), "went": Message("went"), "changed": Message("changed")}


def _row_said(change: RowChange) -> Text:
    """A row in a few words, without the person: ``signup 30 Sep 2026 went (signups.csv:5)``."""
    days = [plain_day(day) for day in dict.fromkeys((change.then, change.now)) if day is not None]
    place = f" ({change.file}:{change.line})" if change.file else ""
    counts = ""
    if change.kind == "changed" and change.weight_then != change.weight_now:
        before, after = (_counts(change, weight) for weight in (change.weight_then, change.weight_now))
        counts = f" {before:g} → {after:g}" if before is not None and after is not None else ""
    return joined("", [f"{change.event} ", joined(" → ", days), counts, " ", _KINDS[change.kind], place])


def _file_said(file: str, then: int | None, now: int | None) -> Text:
    if then is None:
        return Message("{file} came, {now} rows counted").filled(file=file, now=plain(now))
    if now is None:
        return Message("{file} went, {then} rows counted").filled(file=file, then=plain(then))
    return Message("{file}, {then} → {now} rows counted").filled(file=file, then=plain(then), now=plain(now))


def change_chapter(changes: Changes, currency: str) -> Chapter:
    """The chapter of a page that says what differs, first of all; of very many figures the first."""
    figures = changes.figures[:MOST_IN_PAGE]
    blocks = change_blocks(replace(changes, figures=figures), currency)
    lead = None
    if len(figures) < len(changes.figures):
        text = Message("{shown} of {n} are shown; -f json has them.")
        lead = Words(text.filled(shown=plain(len(figures)), n=plain(len(changes.figures))))
    return Chapter(name="changes", title=_TAB, lead=lead, blocks=blocks)


def change_blocks(changes: Changes, currency: str) -> tuple[PlainBlock, ...]:
    """The figures that differ, and the rows behind them; nothing where none does."""
    if not changes.figures:
        return ()
    earlier = changes.earlier
    title = Words(_TITLE, facts={"file": Words(earlier.name), "day": Words(day_words(earlier.as_of))})
    split = any(change.part for change in changes.figures)
    headers = [
        Message("metric"),
        *([Message("part")] if split else []),
        Message("period"),
        Message("then"),
        Message("now"),
    ]
    words = len(headers) - 2
    table = Table(
        title=title,
        columns=tuple(Column(header=Words(header), words=place < words) for place, header in enumerate(headers)),
        rows=tuple(tuple(_cells(change, currency, split=split)) for change in changes.figures),
    )
    return (table, *_listing(changes))


def _cells(change: FigureChange, currency: str, *, split: bool) -> Iterator[Cell]:
    yield Words(change.label)
    if split:
        yield Words(change.part_label)
    yield Months(first=change.period, grain=change.period.grain)
    for value in (change.then[0], change.now[0]):
        yield Number(value=value, unit=change.unit, currency=currency, missing=None if value is not None else NO_FIGURE)


def _listing(changes: Changes) -> Iterator[PlainBlock]:
    if not changes.rows:
        return
    shown = changes.rows[:MOST_SHOWN]
    yield Listing(
        title=Words(_ROWS, facts={"n": Number(value=changes.rows_in_all)}),
        header=tuple(name for name in _HEADER if name != _WHO),
        rows=[_shown_row(change) for change in shown],
        numbers=frozenset({"line", "counts_then", "counts_now"}),
        titles=_TITLES,
    )
    if (changes.rows_in_all or 0) > len(shown):
        text = Message("{shown} of {n} are shown; -f json has them.")
        yield Notes((Words(text.filled(shown=len(shown), n=changes.rows_in_all)),))


def _shown_row(change: RowChange) -> tuple[Any, ...]:
    """A row for people: whom it is about stands in the file, and in the data for programs."""
    kind, event, _, *rest = _row(change)
    return (_KINDS[kind], event, *rest)


def _row(change: RowChange) -> tuple[Any, ...]:
    line = change.line if change.file else None
    counts = (_counts(change, change.weight_then), _counts(change, change.weight_now))
    return (change.kind, change.event, change.person, change.then, change.now, *counts, change.file, line)


def _counts(change: RowChange, weight: int | None) -> float | None:
    """What an event counts; amounts are kept in hundredths."""
    return None if weight is None else in_units(weight, change.per)


def change_tab(changes: Changes, currency: str) -> tuple[Tab, ...]:
    """The part of a report that is what differs."""
    blocks = change_blocks(changes, currency)
    return (Tab(name=_TAB, blocks=blocks),) if blocks else ()


def change_data(changes: Changes) -> dict[str, Any]:
    """What differs, for programs."""
    earlier = changes.earlier
    return {
        "against": earlier.name,
        "as_of": earlier.as_of.isoformat(),
        "figures_compared": changes.compared,
        "figures": [_figure_data(change) for change in changes.figures],
        "files": [_file_data(change) for change in changes.files],
        "rows_changed": changes.rows_in_all,
        "rows": [dict(zip(_HEADER, map(_as_data, _row(change)), strict=True)) for change in changes.rows],
    }


def _file_data(change: FileChange) -> dict[str, Any]:
    counted = {"rows_counted_then": change.then, "rows_counted_now": change.now}
    return {"file": change.file, "stage": change.input, **counted}


def _figure_data(change: FigureChange) -> dict[str, Any]:
    dimension, _, value = change.part.partition("=")
    where = {"by": {dimension: value}} if dimension not in ("", CHANNEL) else {CHANNEL: value or None}
    names = ("value", "numerator", "denominator")
    return {
        "metric": change.metric, **where, "period": change.period.key,
        "then": dict(zip(names, change.then, strict=True)), "now": dict(zip(names, change.now, strict=True)),
    }  # fmt: skip


def _as_data(cell: Any) -> Any:
    return cell.isoformat() if hasattr(cell, "isoformat") else cell
