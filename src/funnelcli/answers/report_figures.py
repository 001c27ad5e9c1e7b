"""What people see of a report: which rows, their change and trend, and the lines under the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from funnelcli.answers.answer import FigureRow
from funnelcli.answers.cells import Change, ChangeBasis, Months, Number, Tone, Trend, Words
from funnelcli.answers.chance_words import chance_words
from funnelcli.answers.made import COUNTED, Recipe, over_range, recipe_of
from funnelcli.answers.report_model import Report, Row, compared_place
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.missing import IMMATURE
from funnelcli.metrics.model import Good, Ratio
from funnelcli.text import Message, Text, day_words, joined, month_words
from funnelcli.values.figures import Unit, Value
from funnelcli.values.periods import Grain, Period

TREND_MOST = 12


def shown_rows(report: Report) -> list[Row]:
    """The rows people see: those that are zero for the whole range are hidden where the catalogue says so.

    A part without a figure in the whole range is hidden too, and amounts where nothing read has any.
    """

    def silent(row: Row) -> bool:
        return all(not cell.value for cell in (*row.cells, row.total))

    def zero(row: Row) -> bool:
        return all(cell.value == 0 for cell in (*row.cells, row.total))

    def hidden(row: Row) -> bool:
        return (zero(row) and row.metric.hide_zero) or (bool(row.part) and silent(row)) or row.is_without_amounts

    return [row for row in report.rows if not hidden(row)]


def compared(report: Report) -> tuple[int, Period, Period] | None:
    """The column whose change is shown, with its period and the one before: the latest that is whole."""
    return compared_place(report.spec)


def figure_row(report: Report, row: Row, label: Text) -> FigureRow:
    """A row of the report under a label, with its change and its trend."""
    against = compared(report)
    minor = row.metric.part
    tone: Tone = "dim" if minor else ""

    def number(value: Value) -> Number:
        return Number(
            value=value.value,
            unit=row.unit,
            currency=report.spec.currency,
            missing=value.missing,
            tone="dim" if value.missing else tone,
        )

    return FigureRow(
        key=row.metric.key,
        label=Words(label, tone=tone),
        cells=tuple(number(cell) for cell in row.cells),
        total=number(row.total),
        change=change_of(row, against[0]) if against else None,
        trend=Trend(tuple(cell.value for cell in row.cells[-TREND_MOST:])),
        minor=minor,
        part=row.part.key if row.part else "",
        made=_recipe(report, row),
        over=over_range(row.metric),
        good=row.metric.good,
    )


def _recipe(report: Report, row: Row) -> Recipe:
    """How a row is made; a rate of what nobody sees as one of what that is like, where the two have the same figures.

    So it is with lost customers and those that the churn rate counts, unless the settings count some of them only.
    """
    kind = row.metric.kind
    like = CATALOGUE[kind.numerator].like if isinstance(kind, Ratio) else None
    if like is not None:
        seen = next((r for r in report.rows if r.metric.key == like and r.part == row.part), None)
        pairs = zip((*seen.cells, seen.total), (*row.cells, row.total), strict=True) if seen else ()
        if not all(other.value == cell.numerator for other, cell in pairs):
            return COUNTED
    return recipe_of(row.metric, row.part)


def change_of(row: Row, place: int) -> Change:
    """The change of a row in a column against the one before.

    Rates change by points, counts by a share of the earlier count, or by their difference where that was 0 or below:
    a share of less than nothing would say that a loss which doubles has grown.
    """
    place = row.place(place)
    now, before = row.cells[place].value, row.cells[place - 1] if place else row.before
    earlier = before.value if before else None
    if now is None or earlier is None:
        return Change(value=None, basis=ChangeBasis.DIFFERENCE)
    if row.unit not in (Unit.RATE, Unit.POINTS) and earlier > 0:
        value, basis = now / earlier - 1, ChangeBasis.RELATIVE
    else:
        value, basis = now - earlier, ChangeBasis.POINTS if row.unit is Unit.RATE else ChangeBasis.DIFFERENCE
    good = is_good(row.metric.good, value)
    more = row.chance is not None and row.chance.is_more
    return Change(value=value, basis=basis, tone="" if good is None else "good" if good else "bad", more=more)


def is_good(good: Good, amount: float) -> bool | None:
    """Whether a change is good news; None where it is neither.

    >>> is_good("down", -0.1), is_good("up", 0), is_good("neither", 5)
    (True, None, None)
    """
    if good == "neither" or amount == 0:
        return None
    return (amount > 0) == (good == "up")


# --- the lines under the tables --------------------------------------------------------------------------------------


def footnotes(report: Report, rows: Sequence[Row] | None = None) -> Iterator[Words]:
    """The basis of the change, what the marks mean, the notes, and the rows behind the figures.

    What is said of chance is of the ``rows`` that are shown, else of the whole business."""
    spec = report.spec
    against = compared(report)
    if against:
        _, now, before = against
        yield Words(
            Message("Change: {now} against {before}."),
            facts={"now": Months(first=now, grain=spec.grain), "before": Months(first=before, grain=spec.grain)},
        )
        whole = [row for row in shown_rows(report) if row.part is None]
        chance = chance_words(report, whole if rows is None else rows)
        yield from () if chance is None else (Words(chance),)
    yield from _named(spec.periods[-1])
    if any(period.cut_by(spec.as_of) for period in spec.periods):
        yield Words(Message("* a period that is not yet whole."))
    reasons = _single_reasons(report)
    if reasons:
        yield Words(Message("– missing: {why}.").filled(why=joined("; ", reasons)))
    for note in report.notes:
        yield Words(note.text)
    yield _quality(report)


def _named(period: Period) -> Iterator[Words]:
    """From which day to which a week goes, from which month to which a fiscal period: their names do not tell."""
    if period.grain is Grain.WEEK:
        text = Message("Weeks go from Monday to Sunday: {name} from {first} to {last}.")
        first, last = day_words(period.start), day_words(period.last_day)
    elif period.is_fiscal:
        text = Message("{name} goes from {first} to {last}: fiscal years are named by the year they begin in.")
        first, last = month_words(period.start), month_words(period.last_day)
    else:
        return
    yield Words(text.filled(name=period.words, first=first, last=last))


def _single_reasons(report: Report) -> list[Text]:
    """The reasons of dashes in rows that have other figures; whole empty rows have notes of their own."""
    reasons: dict[str, Text] = {}
    for row in report.rows:
        cells: list[Value] = [*row.cells, row.total]
        if row.part is None and any(cell.value is not None for cell in cells):
            for cell in cells:
                if cell.missing and cell.missing.code != IMMATURE:
                    reasons.setdefault(cell.missing.code, cell.missing.reason)
    return list({reason.of("en"): reason for reason in reasons.values()}.values())


def _quality(report: Report) -> Words:
    """One line on the rows behind the figures."""
    sources = report.sources
    numbers = {
        "files": len(sources),
        "read": sum(source.rows_read for source in sources),
        "counted": sum(source.rows_counted for source in sources),
        "duplicate": sum(source.rows_duplicate for source in sources),
        "rejected": sum(source.rows_rejected for source in sources),
    }
    text = Message(
        "Data: {files} [file|files], {read} [row|rows] read = {counted} counted + {duplicate} duplicate + "
        "{rejected} rejected."
    )
    return Words(text, facts={name: Number(value=number) for name, number in numbers.items()})
