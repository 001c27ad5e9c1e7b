"""An explanation, and the rows behind it, as text, CSV and JSON."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text as RichText

from funnelcli.answers.explain import grain_of
from funnelcli.metrics.model import Balance, Flow, Formula, Metric, Ratio
from funnelcli.renderers import Format, Style
from funnelcli.renderers.tame import tame
from funnelcli.renderers.to_csv import plain_number, safe_text, write_rows
from funnelcli.renderers.to_json import to_text
from funnelcli.renderers.to_terminal import console, finished
from funnelcli.renderers.words import MISSING, number_text, period_text, value_text
from funnelcli.text import Lang, Text
from funnelcli.values.channels import CHANNEL_LABELS
from funnelcli.values.figures import Unit, Value
from funnelcli.values.periods import Grain

if TYPE_CHECKING:
    from funnelcli.answers.explain import CountedRow, Explanation

ROW_HEADER = ("part", "file", "line", "user_id", "date", "source", "channel", "counts")


def render(
    explained: Explanation, rows: Sequence[CountedRow] | None, form: Format, style: Style, *, again: str | None
) -> str:
    """The explanation in a format; CSV and TSV hold the rows alone."""
    match form:
        case Format.TABLE:
            return to_table(explained, rows, style, again=again)
        case Format.CSV | Format.TSV:
            return to_csv(rows or (), "\t" if form is Format.TSV else ",")
        case Format.MD:
            return to_markdown(explained, rows, style.lang)
        case Format.JSON:
            return to_json(explained, rows)


def arithmetic(explained: Explanation, lang: Lang) -> str:
    """The numbers put in and what comes out: ``5 / 200 = 2.5%``; for what is missing, why."""
    unit, value, currency = explained.metric.unit, explained.value, explained.currency
    result = value_text(value, unit, lang, currency)
    by_key = {metric.key: (metric, given) for metric, given in explained.inputs}

    def shown(key: str) -> str:
        metric, given = by_key[key]
        return value_text(given, metric.unit, lang, currency)

    match explained.metric.kind:
        case Ratio(numerator=numerator, denominator=denominator):
            text = f"{shown(numerator)} / {shown(denominator)} = {result}"
        case Formula(plus=plus, minus=minus):
            text = " + ".join(map(shown, plus)) + "".join(f" - {shown(key)}" for key in minus) + f" = {result}"
        case Flow() | Balance():
            text = result
    return f"{text} ({value.missing.reason.of(lang)})" if value.missing else text


def _head(screen: Any, metric: Metric, rest: str, style: Style) -> None:
    line = RichText(metric.key, style="bold cyan")
    line.append(f"  {rest}", style="bold")
    screen.print(line, soft_wrap=style.width is None)
    screen.print(RichText(metric.definition.of(style.lang)), soft_wrap=style.width is None)
    screen.print()


_FORMULA = Text("Formula", "Công thức")
_SOURCE = Text("Source", "Nguồn")
_OWNER = Text("Owner", "Phụ trách")
_UNIT = Text("Unit", "Đơn vị")
_VALUE = Text("Value", "Giá trị")
_MADE_OF = Text("Made of", "Gồm")
_ROWS = Text("Rows counted", "Các dòng được tính")


def _unit(explained: Explanation) -> str:
    """What the figure counts; of an amount also the currency."""
    unit = explained.metric.unit
    return f"{unit.value} ({explained.currency})" if unit is Unit.AMOUNT else unit.value


def _facts(screen: Any, explained: Explanation, more: Sequence[tuple[str, str]], style: Style) -> None:
    lang, metric = style.lang, explained.metric
    facts = [
        (_FORMULA.of(lang), metric.kind.formula),
        *more,
        (_UNIT.of(lang), _unit(explained)),
        (_OWNER.of(lang), metric.owner),
        (_SOURCE.of(lang), metric.source),
    ]
    width = max(len(name) for name, _ in facts)
    for name, fact in facts:
        line = RichText(name.ljust(width) + "  ", style="dim")
        line.append(tame(fact), style="bold" if name == _VALUE.of(lang) else "default")
        screen.print(line, soft_wrap=style.width is None)


def to_table(explained: Explanation, rows: Sequence[CountedRow] | None, style: Style, *, again: str | None) -> str:
    """The explanation for a person; ``again`` is the place to name in the commands it suggests."""
    lang = style.lang
    out = io.StringIO()
    screen = console(style, out)
    grain = grain_of(explained)
    about = [explained.metric.label_for(grain).of(lang), period_text(explained.period, grain, lang)]
    if explained.channel:
        about.append(CHANNEL_LABELS[explained.channel].of(lang))
    if explained.period.cut_by(explained.as_of):
        about.append(Text("counted up to {day}", "tính đến {day}").filled(day=explained.as_of).of(lang))
    _head(screen, explained.metric, ", ".join(about), style)
    _facts(screen, explained, [(_VALUE.of(lang), arithmetic(explained, lang))], style)
    if explained.inputs:
        screen.print()
        screen.print(RichText(_MADE_OF.of(lang), style="bold"))
        _inputs(screen, explained, grain, style)
    if rows is not None:
        screen.print()
        screen.print(RichText(f"{_ROWS.of(lang)} ({len(rows)})", style="bold"))
        out.write(_as_wide_as_needed(_rows_table(rows), style))
    elif again is not None:
        screen.print()
        hint = Text("The rows behind it: {command}", "Các dòng phía sau: {command}")
        command = f"funnelcli explain {explained.metric.key} {again} --month {explained.period.key} --rows"
        command += f" --channel {explained.channel.value}" if explained.channel else ""
        screen.print(RichText(tame(hint.filled(command=command).of(lang)), style="dim"), soft_wrap=True)
    return finished(out)


def _inputs(screen: Any, explained: Explanation, grain: Grain, style: Style) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for metric, value in explained.inputs:
        what = metric.label_for(grain).of(style.lang)
        reason = f" ({value.missing.reason.of(style.lang)})" if value.missing else ""
        table.add_row(
            RichText(metric.key),
            RichText(value_text(value, metric.unit, style.lang, explained.currency)),
            RichText(what + reason),
        )
    screen.print(Padding(table, (0, 0, 0, 2)))


def _cells(row: CountedRow) -> list[str]:
    return [
        row.part,
        row.file,
        "" if row.line is None else str(row.line),
        row.user_id,
        row.day.isoformat() if row.day else "",
        row.source,
        row.channel.value if row.channel else "",
        plain_number(row.amount),
    ]


def _as_wide_as_needed(table: Table, style: Style) -> str:
    """The table with every cell on one line: rows can then be read, searched and copied at any width."""
    out = io.StringIO()
    console(replace(style, width=None), out).print(table)
    return finished(out)


def _rows_table(rows: Sequence[CountedRow]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ROW_HEADER:
        table.add_column(name, justify="right" if name in ("line", "counts") else "left", overflow="fold")
    for row in rows:
        table.add_row(*(RichText(tame(cell)) for cell in _cells(row)))
    return table


def to_csv(rows: Sequence[CountedRow], delimiter: str = ",") -> str:
    """The rows counted, one a line."""
    lines = [list(ROW_HEADER), *([safe_text(tame(cell)) for cell in _cells(row)] for row in rows)]
    return write_rows(iter(lines), delimiter)


def _value(value: Value, unit: Unit) -> dict[str, Any]:
    return {
        "value": value.value,
        "unit": unit.value,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "missing": value.missing.reason.en if value.missing else None,
    }


def to_json(explained: Explanation, rows: Sequence[CountedRow] | None) -> str:
    """The explanation as JSON, format_version 1."""
    metric = explained.metric
    data: dict[str, Any] = {
        "format": "funnelcli.explanation",
        "format_version": 1,
        "metric": metric.key,
        "label": metric.label_for(grain_of(explained)).en,
        "definition": metric.definition.en,
        "formula": metric.kind.formula,
        "source": metric.source,
        "period": explained.period.key,
        "as_of": explained.as_of.isoformat(),
        "channel": explained.channel.value if explained.channel else None,
        **_value(explained.value, metric.unit),
        "currency": explained.currency,
        "inputs": [{"metric": m.key, **_value(v, m.unit)} for m, v in explained.inputs],
    }
    if rows is not None:
        data["rows"] = [
            {**dict(zip(ROW_HEADER, _cells(row), strict=True)), "line": row.line, "counts": row.amount} for row in rows
        ]
    return to_text(data)


def to_markdown(explained: Explanation, rows: Sequence[CountedRow] | None, lang: Lang) -> str:
    """The explanation for a mail."""
    from funnelcli.renderers.to_markdown import escape, table

    grain = grain_of(explained)
    metric = explained.metric
    about = f"{metric.label_for(grain).of(lang)}, {period_text(explained.period, grain, lang)}"
    blocks = [
        f"## {escape(about)}",
        escape(metric.definition.of(lang)),
        f"- {_FORMULA.of(lang)}: `{metric.kind.formula}`\n- {_VALUE.of(lang)}: {escape(arithmetic(explained, lang))}",
    ]
    if explained.inputs:
        money = explained.currency
        body = [[f"`{m.key}`", value_text(v, m.unit, lang, money) or MISSING] for m, v in explained.inputs]
        blocks.append(table([_MADE_OF.of(lang), _VALUE.of(lang)], body))
    if rows is not None:
        counted = number_text(len(rows), Unit.PEOPLE, lang)
        blocks.append(f"### {_ROWS.of(lang)} ({counted})")
        blocks.append(table(ROW_HEADER, [[escape(cell) for cell in _cells(row)] for row in rows], numbers=False))
    return "\n\n".join(blocks) + "\n"
