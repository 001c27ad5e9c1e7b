"""The result of a check: what was read of every file, and everything wrong or odd, with its place."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text as RichText

from funnelcli.answers.check import Checked, FileLine
from funnelcli.problems import Problem, Problems
from funnelcli.problems.kinds import Severity
from funnelcli.renderers import Format, Style
from funnelcli.renderers.tame import tame
from funnelcli.renderers.to_csv import safe_text, write_rows
from funnelcli.renderers.to_json import to_text
from funnelcli.renderers.to_markdown import escape
from funnelcli.renderers.to_markdown import table as markdown_table
from funnelcli.renderers.to_terminal import console, finished

if TYPE_CHECKING:
    pass

FILE_HEADER = ("file", "stage", "read", "counted", "duplicate", "rejected", "filtered", "header found")
PROBLEM_HEADER = ("severity", "code", "file", "line", "column", "message", "hint")


def render(checked: Checked, form: Format, style: Style) -> str:
    """The result in a format; CSV and TSV hold the problems alone."""
    match form:
        case Format.TABLE:
            return _table(checked, style)
        case Format.CSV | Format.TSV:
            rows = [list(PROBLEM_HEADER), *([safe_text(tame(cell)) for cell in _cells(p)] for p in checked.problems)]
            return write_rows(iter(rows), "\t" if form is Format.TSV else ",")
        case Format.MD:
            return _markdown(checked)
        case Format.JSON:
            return to_text(_document(checked))


def _cells(one: Problem) -> list[str]:
    line = "" if one.line is None else str(one.line)
    return [one.kind.severity.value, one.code, one.file, line, one.column or "", one.message, one.hint]


def _file_cells(line: FileLine) -> list[str]:
    tally = line.tally
    numbers = [tally.read, tally.counted, tally.duplicate, tally.rejected, tally.filtered]
    found = ", ".join(f"{ours} = {theirs}" if ours != theirs else ours for ours, theirs in line.columns)
    return [tally.file, tally.input, *map(str, numbers), found]


def _verdict(checked: Checked) -> str:
    errors, warnings = checked.count(Severity.ERROR), checked.count(Severity.WARNING)

    def number(n: int, word: str) -> str:
        return f"{n} {word}{'' if n == 1 else 's'}" if n else f"no {word}s"

    tail = "A report can be made." if not errors else "No report can be made until the errors are gone."
    return f"{number(errors, 'error').capitalize()}, {number(warnings, 'warning')}. {tail}"


def _document(checked: Checked) -> dict[str, Any]:
    return {
        "format": "funnelcli.check",
        "format_version": 1,
        "errors": checked.count(Severity.ERROR),
        "warnings": checked.count(Severity.WARNING),
        "files": [
            {
                "file": line.tally.file,
                "stage": line.tally.input,
                "rows_read": line.tally.read,
                "rows_counted": line.tally.counted,
                "rows_duplicate": line.tally.duplicate,
                "rows_rejected": line.tally.rejected,
                "rows_filtered": line.tally.filtered,
                "columns": dict(line.columns),
            }
            for line in checked.files
        ],
        "problems": [
            {
                "severity": one.kind.severity.value,
                "code": one.code,
                "file": one.file,
                "line": one.line,
                "column": one.column,
                "message": one.message,
                "hint": one.hint,
            }
            for one in checked.problems
        ],
    }


def _by_kind(problems: Problems, severity: Severity) -> list[tuple[str, list[Problem]]]:
    groups: dict[str, list[Problem]] = {}
    for one in problems.of(severity):
        groups.setdefault(one.code, []).append(one)
    return list(groups.items())


def _table(checked: Checked, style: Style) -> str:
    out = io.StringIO()
    screen = console(style, out)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in FILE_HEADER[:-1]:
        table.add_column(name, justify="right" if name in FILE_HEADER[2:7] else "left", no_wrap=True)
    for line in checked.files:
        table.add_row(*(RichText(tame(cell)) for cell in _file_cells(line)[:-1]))
    if checked.files:
        wide = io.StringIO()
        console(replace(style, width=None), wide).print(table)
        out.write(finished(wide))
        screen.print()
    for line in checked.files:
        found = RichText(f"{tame(line.tally.file)}: ", style="bold")
        found.append(tame(_file_cells(line)[-1]), style="dim")
        screen.print(found, soft_wrap=style.width is None)
    if checked.files:
        screen.print()
    for severity, colour in ((Severity.ERROR, "bold red"), (Severity.WARNING, "bold yellow")):
        for code, group in _by_kind(checked.problems, severity):
            total = checked.problems.count(code)
            screen.print(RichText(f"{severity.value}: {code} ({total})", style=colour), soft_wrap=True)
            _problems(screen, group, style)
            if total > len(group):
                screen.print(RichText(f"  … and {total - len(group)} more", style="dim"))
            screen.print()
    screen.print(RichText(_verdict(checked), style="bold"))
    return finished(out)


def _problems(screen: Any, group: Sequence[Problem], style: Style) -> None:
    hints = {one.hint for one in group}
    for one in group:
        screen.print(RichText(f"  {tame(one.place)}: {tame(one.message)}"), soft_wrap=style.width is None)
        if len(hints) > 1:
            screen.print(RichText(f"    {tame(one.hint)}", style="dim"), soft_wrap=style.width is None)
    if len(hints) == 1:
        screen.print(RichText(f"  → {tame(group[0].hint)}", style="dim"), soft_wrap=style.width is None)


def _markdown(checked: Checked) -> str:
    files = [[escape(cell) for cell in _file_cells(line)] for line in checked.files]
    blocks = ["## Check", escape(_verdict(checked)), markdown_table(FILE_HEADER, files, numbers=False)]
    rows = [[escape(cell) for cell in _cells(one)] for one in checked.problems]
    if rows:
        blocks.append(markdown_table(PROBLEM_HEADER, rows, numbers=False))
    return "\n\n".join(blocks) + "\n"
