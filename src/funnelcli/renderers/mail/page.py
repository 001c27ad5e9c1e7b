"""A letter as the HTML that mail programs show: tables and inline styles alone, no wider than a window of mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from funnelcli.answers.answer import PlainBlock
from funnelcli.answers.cells import Cell, Change, Number
from funnelcli.answers.letter import Letter
from funnelcli.renderers.mail.grids import Grid, Lines, Piece, Remark, Title, pieces
from funnelcli.renderers.page.figures import SIZES, change, exact_money, figure, typeset
from funnelcli.renderers.page.words import UNIT_OF
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.renderers.wording.numbers import decimal_text
from funnelcli.text import Lang, Message
from funnelcli.values.figures import Unit

if TYPE_CHECKING:
    from jinja2 import Template

BESIDE = 42  # letters beside the first column, on a phone
MOST_BYTES = 90_000  # what is longer, programs cut where they like
LARGE = 100_000  # amounts below stand in full
_REST = Message("The rest is on the attached page.")
_KINDS: Mapping[type[Piece], str] = {Grid: "grid", Title: "title", Lines: "lines", Remark: "remark"}


@cache
def _template(name: str) -> Template:
    """A part of the body, compiled once in a process."""
    from jinja2 import Environment, StrictUndefined  # takes a while to import

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    text = resources.files("funnelcli.renderers.mail").joinpath(name).read_text("utf-8")
    return environment.from_string(text)


def body(letter: Letter, lang: Lang, last: str) -> str:
    """The letter as a page that ends with the line ``last``; it says so where there is no room for all of it."""
    show: Callable[..., str] = getattr(_template("pieces.html.jinja").module, "show")  # noqa: B009
    first = [show(*piece, True) for piece in _pieces(letter.first, lang)] if letter.first else []
    left, texts = MOST_BYTES - sum(len(text.encode()) for text in first), list(first)
    for block in letter.blocks:
        shown = [show(*piece, False) for piece in _pieces(block, lang)]
        left -= sum(len(text.encode()) for text in shown)
        if left < 0:
            texts.append(show("remark", Remark(_REST.of(lang)), False))
            break
        texts += shown
    return _template("body.html.jinja").render(
        lang=lang,
        title=cell_text(letter.title, lang),
        basis=" · ".join(cell_text(line, lang) for line in letter.basis),
        blocks=texts,
        last=last,
    )


def _pieces(block: PlainBlock, lang: Lang) -> list[tuple[str, Any]]:
    return [(_KINDS[type(piece)], piece) for piece in pieces(block, lang, lambda _: BESIDE, written)]


def written(cells: Sequence[Cell], lang: Lang) -> list[tuple[str, str]]:
    """The cells of a row as the body has them, and in full where they are written short.

    Several large amounts are in a unit that stands at the row's label.

    >>> from funnelcli.answers.cells import Words
    >>> money = [Number(value=n * 1_000_000, unit=Unit.AMOUNT, currency="VND") for n in (99, 119)]
    >>> written([Words("MRR"), *money], "en")
    [('MRR, ₫M', ''), ('99.0', '99,000,000\xa0VND'), ('119.0', '119,000,000\xa0VND')]
    >>> written([Words("MRR"), money[1]], "en")
    [('MRR', ''), ('₫119.0M', '119,000,000\xa0VND')]
    """
    amounts = [cell for cell in cells if isinstance(cell, Number) and cell.unit is Unit.AMOUNT]
    most = max((abs(float(cell.value or 0)) for cell in amounts), default=0.0)
    if len(amounts) < 2 or most < LARGE:
        return [_cell(cell, lang) for cell in cells]
    size, words = next((size, words) for size, words in SIZES if most >= size)
    label, *others = cells
    text = UNIT_OF.filled(label=cell_text(label, lang), unit=words(amounts[0].currency, lang)).of(lang)
    return [(text, ""), *(_scaled(cell, size, lang) for cell in others)]


def _scaled(cell: Cell, size: float, lang: Lang) -> tuple[str, str]:
    if not isinstance(cell, Number) or cell.unit is not Unit.AMOUNT or cell.value is None:
        return _cell(cell, lang)
    return typeset(decimal_text(float(cell.value) / size, "#,##0.0", lang)), exact_money(cell, lang)


def _cell(cell: Cell, lang: Lang) -> tuple[str, str]:
    match cell:
        case Number():
            shown = figure(cell, lang)
            return shown.text, shown.exact or shown.why
        case Change(value=float() | int()):
            text, arrow = change(cell, lang)
            return f"{arrow} {text}".strip(), ""
        case _:
            return cell_text(cell, lang), ""
