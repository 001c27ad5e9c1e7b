"""Cells of a sheet before they are written: formulas are worked out here, and seen from other sheets by their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from msgspec import Struct, field

from funnelcli.renderers.workbook.book import Sheet, day_number, quoted
from funnelcli.renderers.workbook.formulas import Term, at
from funnelcli.renderers.workbook.looks import Look


class Place(Struct, frozen=True):
    """A cell of a sheet, and the number that stands in it.

    >>> Place("Targets", 3, 1, 5.0).seen("Data")
    Term(text="'Targets'!B4", value=5.0, binds=3)
    """

    sheet: str
    row: int
    column: int
    value: float

    def seen(self, sheet: str) -> Term:
        """The cell as a formula on a sheet refers to it."""
        address = at(self.row, self.column)
        return Term(address if sheet == self.sheet else f"{quoted(self.sheet)}!{address}", self.value)


def seen(places: Sequence[Place], sheet: str) -> list[Term]:
    """Some cells as formulas on a sheet refer to them."""
    return [place.seen(sheet) for place in places]


class _Cell(Struct, frozen=True):
    content: Term | float | str | None
    shown: float | str
    looks: tuple[Look, ...]
    why: str | None = None


class Draft(Struct, kw_only=True):
    """The cells of a sheet by row and column, and the row that is written next."""

    name: str
    row: int = 0
    cells: dict[tuple[int, int], _Cell] = field(default_factory=dict)

    def put(self, row: int, column: int, content: Term | float, *looks: Look, shown: float | None = None) -> Place:
        """A number or a formula; ``shown`` is the figure that the formula comes to, where that is known better."""
        value = content.value if isinstance(content, Term) else float(content)
        self.cells[row, column] = _Cell(content, value if shown is None else shown, looks)
        return Place(self.name, row, column, value)

    def say(self, row: int, column: int, words: Term | str, *looks: Look, shown: str = "") -> None:
        """Words, or a formula that comes to words; nothing where there are none."""
        if words == "":
            self.leave(row, column, *looks)
            return
        self.cells[row, column] = _Cell(words, shown if isinstance(words, Term) else words, looks)

    def day(self, row: int, column: int, day: date, *looks: Look) -> None:
        """A day as the number that a spreadsheet has for it."""
        self.put(row, column, day_number(day), *looks)

    def leave(self, row: int, column: int, *looks: Look, why: str | None = None) -> None:
        """An empty cell, and why it is."""
        self.cells[row, column] = _Cell(None, "", looks, why)

    def across(
        self,
        label: str,
        columns: Sequence[int],
        make: Callable[[int, Term | None], Term],
        *looks: Look,
        backwards: bool = False,
    ) -> list[Place]:
        """The next row: each cell is made of its number in the row, from 0, and the cell that was made before it."""
        self.say(self.row, 0, label)
        places: dict[int, Place] = {}
        before: Term | None = None
        order = list(enumerate(columns))
        for number, column in reversed(order) if backwards else order:
            places[number] = self.put(self.row, column, make(number, before), *looks)
            before = places[number].seen(self.name)
        self.row += 1
        return [places[number] for number, _ in order]

    def alone(self, label: str, term: Term, *looks: Look) -> Place:
        """The next row, with one cell."""
        self.say(self.row, 0, label)
        place = self.put(self.row, 1, term, *looks)
        self.row += 1
        return place

    def write(self, sheet: Sheet) -> None:
        """Write the cells."""
        for (row, column), cell in self.cells.items():
            match cell.content:
                case Term() as term:
                    sheet.formula(row, column, term, cell.shown, *cell.looks)
                case str() as text:
                    sheet.text(row, column, text, *cell.looks)
                case None:
                    sheet.blank(row, column, *cell.looks, why=cell.why)
                case number:
                    sheet.number(row, column, number, *cell.looks)
