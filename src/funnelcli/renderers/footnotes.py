"""The lines under the table, the same in every format for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelcli.renderers.words import MISSING, compared, period_text, quality_text
from funnelcli.text import Lang, Text
from funnelcli.values.figures import Value

if TYPE_CHECKING:
    from funnelcli.answers.report_model import Report


def lines(report: Report, lang: Lang) -> list[str]:
    """The basis of the change, what the marks mean, the notes, and the rows behind the figures."""
    spec = report.spec
    found: list[str] = []
    against = compared(report)
    if against:
        _, now, before = against
        found.append(
            Text("Change: {now} against {before}.", "Thay đổi: {now} so với {before}.")
            .filled(now=period_text(now, spec.grain, lang), before=period_text(before, spec.grain, lang))
            .of(lang)
        )
    if any(period.cut_by(spec.as_of) for period in spec.periods):
        found.append(Text("* a period that is not yet whole.", "* kỳ chưa trọn.").of(lang))
    single = _single_reasons(report, lang)
    if single:
        word = Text("missing", "không có số").of(lang)
        found.append(f"{MISSING} {word}: {'; '.join(single)}.")
    found.extend(note.text.of(lang) for note in report.notes)
    found.append(quality_text(report, lang))
    return found


def _single_reasons(report: Report, lang: Lang) -> list[str]:
    """The reasons of dashes in rows that have other figures; whole empty rows have notes of their own."""
    reasons: dict[str, str] = {}
    for row in report.rows:
        cells: list[Value] = [*row.cells, row.total]
        if row.part is None and any(cell.value is not None for cell in cells):
            for cell in cells:
                if cell.missing:
                    reasons.setdefault(cell.missing.code, cell.missing.reason.of(lang))
    return list(reasons.values())
