"""XLSX: a workbook as an analyst would make it, whose rates, balances and totals are formulas over its counts.

Its parts are in the folder `workbook/`.  No text of the data can run as a formula.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from funnelcli.answers.answer import Answer, Figures, Heading, Listing, Page, Tab, TabBlock
from funnelcli.answers.cells import Words
from funnelcli.answers.compared import Comparison
from funnelcli.answers.layout import Layout
from funnelcli.answers.plain import plain_blocks
from funnelcli.answers.worked import WorkedPlan
from funnelcli.renderers import Counts, Format, Style, View
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.renderers.wording.reread import counts_in_rows
from funnelcli.renderers.workbook.blocks import MANY, write_blocks
from funnelcli.renderers.workbook.book import CREATED, Book, Sheet, legal
from funnelcli.renderers.workbook.charts import pages_wide, write_charts
from funnelcli.renderers.workbook.compared import write_comparison
from funnelcli.renderers.workbook.figures import write_figures
from funnelcli.renderers.workbook.plans import PlanSheets, write_plan
from funnelcli.text import Message

_FIGURES = Message("Figures")
_HOW_TO_READ = Message(
    "Rates, balances and totals are formulas: change a count and they follow. "
    "A comment says why cells are empty: on the first of several beside each other."
)
_MOST_IN_TITLE = 255
_MOST_REREAD = 20_000_000


def render(answer: Answer, style: Style) -> bytes:
    """The answer as a workbook: a sheet for each of its tabs, or one of its page, and the rows of its CSV."""
    from xlsxwriter import Workbook  # takes a while to import

    from funnelcli.renderers.workbook.rows import PlainSheet, RowSheet, write_rows

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Book(book=Workbook(out, options), lang=style.lang, plain=PlainSheet)
    title = legal(cell_text(Words(answer.title), style.lang))[:_MOST_IN_TITLE]
    book.book.set_properties({"title": title, "created": CREATED})
    plans: list[PlanSheets] = []
    for tab in answer.tabs() or (Tab(name=_FIGURES, blocks=answer.page(style.layout).blocks),):
        blocks = tab.blocks_in(style.layout)
        plan = next((block for block in blocks if isinstance(block, WorkedPlan)), None)
        if plan is None:
            many = isinstance(blocks[-1], Listing) and len(blocks[-1].rows) > MANY
            _write_page(book.sheet(tab.name, RowSheet if many else None), blocks)
        else:
            plans.append(write_plan(book, tab.name, _heading(blocks), plan))
    for sheets in plans:
        sheets.write_work()
    write_rows(book, answer.sheet(Layout.TIDY), plans[0] if plans else None)
    book.book.close()
    return out.getvalue()


def _write_page(sheet: Sheet, blocks: Sequence[TabBlock]) -> None:
    """A page as a sheet: figures and comparisons in the workbook's own way, all else as plain blocks."""
    heading = _heading(blocks)
    for block in blocks:
        if isinstance(block, Comparison):
            write_comparison(sheet, heading, block)
            return
        if isinstance(block, Figures):
            if heading is not None:
                basis = " ".join(sheet.words(line) for line in heading.basis)
                sheet.head(sheet.words(heading.text), basis, _HOW_TO_READ.of(sheet.lang))
            grid = write_figures(sheet, block)
            write_charts(sheet, grid)
            sheet.finish(pages=pages_wide(grid))
            return
    plain = tuple(block for block in blocks if not isinstance(block, WorkedPlan | Comparison))
    write_blocks(sheet, plain_blocks(Page(blocks=plain)))
    sheet.finish()


def _heading(blocks: Sequence[TabBlock]) -> Heading | None:
    return next((block for block in blocks if isinstance(block, Heading)), None)


def parts(data: bytes) -> list[bytes]:
    """The files that a workbook is packed of; ValueError for what is none."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return [text for name in packed.namelist() for text in (name.encode(), packed.read(name))]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise ValueError(str(error)) from None


def counts(data: bytes) -> Counts:
    """The counts on the sheet of data, the last one; none in what is no such workbook."""
    if len(data) > _MOST_REREAD:
        return {}
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        header, *rows = book.get_sheet_by_index(len(book.sheet_names) - 1).to_python()
    except Exception:  # whatever it is, it was made by somebody else
        return {}
    return counts_in_rows([str(cell) for cell in header], rows)


FORMAT = Format(
    name="xlsx",
    extensions=(".xlsx",),
    views=frozenset({View.PAGE, View.ROWS}),
    is_text=False,
    lists_sources=True,
    render=render,
    parts=parts,
    counts=counts,
)
