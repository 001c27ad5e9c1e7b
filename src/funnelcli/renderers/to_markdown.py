"""Report to Markdown, to go into a mail or a wiki as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from funnelcli.renderers import Style, footnotes
from funnelcli.renderers.tame import tame
from funnelcli.renderers.words import (
    CHANGE,
    METRIC,
    NOTES,
    TOTAL,
    basis,
    change_text,
    compared,
    heading,
    label_text,
    period_text,
    shown_rows,
    value_text,
)

if TYPE_CHECKING:
    from funnelcli.answers.report_model import Report


def escape(text: str) -> str:
    """Text that Markdown shows as it is, on one line, also within a table cell.

    >>> escape("a|b *c* <d>")
    'a\\\\|b \\\\*c\\\\* &lt;d>'
    """
    return re.sub(r"^(\s*)([-+#>]|\d+[.)])", r"\1\\\2", escape_cell(text))


def escape_cell(text: str) -> str:
    """Text for a table cell, where nothing begins a line: ``1.000`` starts no list there.

    >>> escape_cell("1.000 | x")
    '1.000 \\\\| x'
    """
    text = tame(text).replace("\\", "\\\\")
    text = re.sub(r"([|*_`\[\]~])", r"\\\1", text)
    return text.replace("&", "&amp;").replace("<", "&lt;")


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = True) -> str:
    """A table, the first column left and the others, being numbers, right; the cells are escaped already."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    widths = [max(width, 3) for width in widths]

    def line(cells: Sequence[str]) -> str:
        first, *others = cells
        pad = str.rjust if numbers else str.ljust
        padded = [first.ljust(widths[0]), *(pad(c, w) for c, w in zip(others, widths[1:], strict=True))]
        return f"| {' | '.join(padded)} |"

    rule = "| " + " | ".join(["-" * widths[0], *("-" * (w - 1) + (":" if numbers else "-") for w in widths[1:])]) + " |"
    return "\n".join([line(header), rule, *(line(row) for row in rows)])


def render(report: Report, style: Style) -> str:
    """The report as Markdown text."""
    lang, spec = style.lang, report.spec
    against = compared(report)
    rows = shown_rows(report)
    blocks = [f"## {escape(heading(report, lang))}", f"{escape(basis(report, lang))}."]
    for section in dict.fromkeys(row.metric.section for row in rows):
        of_section = [row for row in rows if row.metric.section is section]
        if not of_section:
            continue
        marked = [period_text(p, spec.grain, lang) + ("*" if p.cut_by(spec.as_of) else "") for p in spec.periods]
        header = [METRIC.of(lang), *marked, TOTAL.of(lang), *([CHANGE.of(lang)] if against else [])]
        body = []
        for row in of_section:
            figures = [value_text(cell, row.unit, lang, spec.currency) for cell in (*row.cells, row.total)]
            change = [change_text(row, against[0], lang)] if against else []
            label = label_text(row, lang)
            indent = "&nbsp;&nbsp;" if row.part else ""
            body.append([indent + (escape(label.strip()) if row.part else escape(label)), *figures, *change])
        blocks.append(f"### {escape(section.title.of(lang))}")
        blocks.append(table([escape(cell) for cell in header], body))
    blocks.append(f"**{NOTES.of(lang)}**")
    notes = [escape(note) for note in footnotes.lines(report, lang)]
    blocks.append("\n".join(f"- {note}" for note in notes))
    return "\n\n".join(blocks) + "\n"
