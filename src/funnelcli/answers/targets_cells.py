"""What the cells of a file of targets say: which month is meant, and how much."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct

from funnelcli.answers.phrases import NOT_A_MONTH
from funnelcli.planning.model import RowKey
from funnelcli.planning.tracked import tracked_metric
from funnelcli.problems import UsageError
from funnelcli.text import Message, Text, TextError, foreign
from funnelcli.text.regex import regex
from funnelcli.values.amounts import is_in_dong, parse_amount, parse_share
from funnelcli.values.cells import Exact
from funnelcli.values.dates import month_labelled
from funnelcli.values.figures import Unit
from funnelcli.values.numbers import DecimalMark, NumberEvidence, read_number

# Written where a cell has no target.
_NOTHING = frozenset(("", "-", "–", "—"))
_LONGEST = 100
_YEARS = regex(r"(?<!\d)(20\d{2})(?!\d)")


class TargetCell(Struct, frozen=True, kw_only=True):
    """A target as it is written, with its place for the errors.

    ``is_share`` says that a number without % is a share of 1; ``currency`` is what the row says of it, and ``mark`` the
    decimal mark where the cells prove none.  ``is_past`` says that it is what happened before the plan was made;
    ``source`` is the channel as it is written, where it is a word of its own.
    """

    place: Text | str
    key: RowKey
    month: str
    text: str | float
    is_share: bool = False
    currency: str = ""
    mark: DecimalMark | None = None
    is_past: bool = False
    source: str = ""

    @property
    def is_in_dong(self) -> bool:
        """Whether it is an amount in VND by its unit alone."""
        return isinstance(self.text, str) and not self.currency and self.unit is Unit.AMOUNT and is_in_dong(self.text)

    @property
    def unit(self) -> Unit:
        """What it counts."""
        return tracked_metric(self.key[0]).unit


def is_nothing(text: str) -> bool:
    """Whether a cell has no target: it is empty, or a dash.

    >>> is_nothing("–"), is_nothing("0")
    (True, False)
    """
    return text.strip() in _NOTHING


# --- months ------------------------------------------------------------------------------------------------------


def year_in(texts: Iterable[str]) -> int | None:
    """The one year that some texts name, like a title; None where there is none, or more than one.

    >>> year_in(["Chỉ tiêu 2026", "Tháng 7"]), year_in(["2026", "2027"])
    (2026, None)
    """
    years = {int(year) for text in texts for year in _YEARS.findall(text)}
    return years.pop() if len(years) == 1 else None


def months_named(texts: Sequence[str], year: int | None, place: Text | str) -> dict[int, str]:
    """The months that some headers name, by the place of the header; those without a year are of ``year``.

    UsageError where nothing tells their year, or two headers name one month.

    >>> months_named(["metric", "Jan-27", "Thg2-27", "total"], None, "t.csv:1")
    {1: '2027-01', 2: '2027-02'}
    """
    labelled = {at: label for at, text in enumerate(texts) if (label := month_labelled(text)) is not None}
    own = {said for said, _ in labelled.values() if said is not None}
    bare = [(at, month) for at, (said, month) in labelled.items() if said is None]
    year = next(iter(own)) if len(own) == 1 else None if own else year
    if bare and (year is None or [month for _, month in bare] != sorted({month for _, month in bare})):
        raise UsageError(
            Message("{place}: of which year is {text!r}?").filled(place=place, text=texts[bare[0][0]]),
            hint=Message("Write the months like 2027-01."),
        )
    named = {at: f"{said or year}-{month:02}" for at, (said, month) in labelled.items()}
    for at, month in named.items():
        first = next(other for other, same in named.items() if same == month)
        if first != at:
            both = texts[at] if texts[first] == texts[at] else f"{texts[first]}, {texts[at]}"
            raise UsageError(
                Message("{place}: there are two columns {column!r}.").filled(place=place, column=both),
                hint=KEEP_ONE,
            )
    return named


KEEP_ONE = Message("Keep one of the two.")


def month_of_cell(text: object, place: Text | str, year: int | None = None) -> str:
    """The month of a target; UsageError where the cell names none."""
    said = month_labelled(text) if isinstance(text, str) else None
    if said is None or (said[0] or year) is None:
        raise UsageError(
            NOT_A_MONTH.filled(place=place, text=text),
            hint=Message("Targets are by month, like 2027-01."),
        )
    return f"{said[0] or year}-{said[1]:02}"


# --- numbers -----------------------------------------------------------------------------------------------------


def decimal_mark(cells: Sequence[TargetCell]) -> DecimalMark | None:
    """The decimal mark that the file's own numbers prove; a spreadsheet may have changed it."""
    evidence = NumberEvidence()
    for cell in cells:
        if isinstance(cell.text, str) and not tracked_metric(cell.key[0]).whole and "%" not in cell.text:
            evidence.observe(cell.text, cell.place)
    if evidence.mark is None and evidence.point is None:
        return next((cell.mark for cell in cells if cell.mark is not None), None)
    return evidence.mark


def number_of(cell: TargetCell, mark: DecimalMark | None) -> Fraction:
    """The number of a cell; 1.200 is refused, as it may be a fraction, but in a whole quota it is thousands."""
    if isinstance(cell.text, Exact) or not isinstance(cell.text, str):
        number = _exact(cell)
        if cell.unit is Unit.RATE and number >= 1 and not cell.is_share and isinstance(cell.text, Exact):
            number = _share(str(cell.text), cell)
    else:
        text = cell.text.replace("\u00a0", " ").strip()
        if len(text) > _LONGEST:
            raise _no_number(cell, NOT_A_NUMBER.filled(text=text[:40]))
        number = _share(text, cell) if cell.unit is Unit.RATE else _counted(text, mark, cell)
    if number < 0:
        raise UsageError(
            Message("{place}: a target of {text} is below 0.").filled(place=cell.place, text=str(cell.text)),
            hint=Message("Targets are 0 or more."),
        )
    return number


def _exact(cell: TargetCell) -> Fraction:
    """A number that a typed file gave."""
    try:
        return Fraction(str(cell.text))
    except ValueError:
        raise _no_number(cell, NOT_A_NUMBER.filled(text=str(cell.text)[:40])) from None


NOT_A_NUMBER = Message("{text!r} is not a number")


def _no_number(cell: TargetCell, why: Text) -> UsageError:
    return UsageError(
        Message("{place}: {why}.").filled(place=cell.place, why=why),
        hint=Message("Write it plainly, like 400."),
    )


def _share(text: str, cell: TargetCell) -> Fraction:
    """A rate, written like 4% or 0.04."""
    if cell.is_share and re.fullmatch(r"\d+(\.\d+)?(e[+-]?\d+)?", text, re.IGNORECASE):
        return Fraction(text)
    try:
        return parse_share(text)
    except ValueError as error:
        why = error.text if isinstance(error, TextError) else foreign(error)
        raise UsageError(
            Message("{place}: {why}.").filled(place=cell.place, why=why),
            hint=Message("Write rates like 4% or 0.04."),
        ) from None


def _counted(text: str, mark: DecimalMark | None, cell: TargetCell) -> Fraction:
    """A number or an amount."""
    plain = re.sub(r"\s", "", text)
    grouped = re.fullmatch(r"\d{1,3}[.,]\d{3}", plain) and not plain.startswith("0")
    if grouped and tracked_metric(cell.key[0]).whole:
        return Fraction(re.sub("[.,]", "", plain))
    if grouped and mark is None:
        raise UsageError(
            Message("{place}: {text!r} could be thousands or a fraction.").filled(place=cell.place, text=text),
            hint=Message("Write it plainly, like 1200 or 1.2."),
        )
    return _written(plain, text, mark, cell)


def _written(plain: str, text: str, mark: DecimalMark | None, cell: TargetCell) -> Fraction:
    if "%" in plain:
        raise UsageError(
            Message("{place}: {text!r} is a share, not a target.").filled(place=cell.place, text=text[:40]),
            hint=Message("Write the number itself, like 400."),
        )
    if re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", plain, re.IGNORECASE) and mark != ",":
        return Fraction(plain)
    known = read_number(plain, mark)
    if known is not None:
        return Fraction(str(known))
    why = NOT_A_NUMBER.filled(text=text[:40])
    try:
        if cell.unit is Unit.AMOUNT:
            return parse_amount(text)
    except TextError as error:
        why = error.text
    raise _no_number(cell, why)
