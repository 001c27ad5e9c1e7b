"""TSV: as CSV, with tabs between the cells."""

from __future__ import annotations

from funnelcli.answers.answer import Answer
from funnelcli.renderers import Format, Style, View
from funnelcli.renderers.csv import render_rows
from funnelcli.renderers.wording.reread import counts_in_text


def render(answer: Answer, style: Style) -> bytes:
    """The rows of an answer as TSV."""
    return render_rows(answer, style, TAB)


TAB = "\t"
FORMAT = Format(
    name="tsv",
    extensions=(".tsv",),
    views=frozenset({View.ROWS}),
    takes_bom=True,
    delimiter=TAB,
    render=render,
    counts=lambda data: counts_in_text(data, (TAB,)),
)
