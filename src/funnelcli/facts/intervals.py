"""What the cells of intervals say: so many months, that something is paid for once, or nothing that is understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from funnelcli.config import InputSettings
from funnelcli.facts.rows import Rows
from funnelcli.facts.two_intervals import Decided, decide
from funnelcli.inputs.spec import Stays
from funnelcli.problems import Problem, problem
from funnelcli.reading.opening import Opened
from funnelcli.reading.sample import sample_of
from funnelcli.text import Message, Text
from funnelcli.values.channels import matches
from funnelcli.values.money import AmountReader
from funnelcli.values.numbers import bare_number
from funnelcli.values.terms import is_one_time, months_of_interval, two_intervals

MOST_SHOWN = 5

_BOTH = Message(
    "Their unit stands in another column: [inputs.{stage}.columns] {interval} = {other!r}, {count} = {header!r}"
)
_NUMBERS = Message(
    "If they count months: [inputs.{stage}.columns] {count} = {header!r}, {interval} = false and [inputs.{stage}] "
    'interval = "month"'
)
_WORDS = Message(
    'Say what they mean: [inputs.{stage}.intervals] {word!r} = "month" (or "year", "3 months"); if all amounts are for '
    'one interval: [inputs.{stage}.columns] {interval} = false and [inputs.{stage}] interval = "month"'
)
_TWO = Message(
    "They name two intervals; say which one the amounts are for: [inputs.{stage}.intervals] {word!r} = {first!r} (or "
    "{second!r})"
)


class Intervals(Struct, frozen=True, kw_only=True, eq=False):
    """What the intervals of the rows say.

    ``months`` are those of an interval, or the usual ones of the settings; None where neither says them.  ``once`` are
    rows that are paid for once, and ``strange`` those with a cell that nobody understands.  ``decided`` are the cells
    that name two intervals of which one was taken.
    """

    months: Sequence[Fraction | None]
    once: Sequence[bool]
    strange: Sequence[bool]
    decided: Mapping[str, Decided]


def intervals_of(rows: Rows, stays: Stays, settings: InputSettings, *, decimals: bool, payments: bool) -> Intervals:
    """What the cells of the intervals of rows say; a word that is not known is of the usual interval, if there is one.

    What the settings say of a cell comes first.  A bare number is of no interval: it says nothing of its unit; and what
    names two is of the one that its words or other rows tell.  ``decimals`` says whether the currency has any, and
    ``payments`` that each row is a payment.
    """
    usual = months_of_interval(settings.interval) if settings.interval else None
    cells = rows.list_of(stays.interval)
    known = {cell: interval_said(cell, settings) if cell else None for cell in set(cells)}
    both = {cell: named for cell, months in known.items() if months is None and (named := two_intervals(cell))}
    reader = AmountReader(decimal=settings.decimal, decimals=decimals)
    amounts = rows.list_of(stays.amounts[-1])
    decided = decide(rows, cells, both, known, amounts, reader, payments=payments)
    known |= {cell: of.months for cell, of in decided.items()}
    once = {cell: known[cell] is None and is_one_time(cell) for cell in known}
    strange = {
        cell: bool(cell)
        and known[cell] is None
        and not once[cell]
        and (usual is None or (cell in both and usual not in both[cell].months) or bare_number(cell) is not None)
        for cell in known
    }
    months = [None if strange[cell] else known[cell] or usual for cell in cells]
    return Intervals(
        months=months, once=[once[cell] for cell in cells], strange=[strange[cell] for cell in cells], decided=decided
    )  # fmt: skip


def interval_said(cell: str, settings: InputSettings) -> Fraction | None:
    """The months that the settings say a cell means, else those that it says itself."""
    for words, interval in settings.intervals.items():
        if matches(cell, (words,)):
            return months_of_interval(interval)
    return months_of_interval(cell)


def strange_intervals(rows: Rows, files: Sequence[Opened], stays: Stays, strange: Sequence[int]) -> Iterator[Problem]:
    """For each file, how many rows have ``strange`` intervals, which ones, and the setting that helps."""
    files_of_rows, lines = rows["file"], rows["line"]
    of_file: dict[int, list[int]] = {}
    for row in strange:
        of_file.setdefault(int(files_of_rows[row]), []).append(row)
    for file, places in of_file.items():
        opened = files[file]
        words = list(dict.fromkeys(rows.text(stays.interval, row) for row in places))
        shown = ", ".join(repr(word[:40]) for word in words[:MOST_SHOWN])
        yield problem(
            "interval-not-understood", file=opened.name, line=int(lines[places].min()), column=stays.interval,
            rows=len(places), values=shown + (", …" if len(words) > MOST_SHOWN else ""), stage=opened.input.name,
            step=_step(opened, stays, words),
        )  # fmt: skip


def _step(opened: Opened, stays: Stays, words: Sequence[str]) -> Text:
    are_numbers = all(bare_number(word) is not None for word in words)
    other = next(_of_words(opened), None) if are_numbers else None
    step = _WORDS if not are_numbers else _NUMBERS if other is None else _BOTH
    of_two = next(((word, both) for word in words if (both := two_intervals(word)) is not None), None)
    if of_two is not None:
        first, second = map(_written, of_two[1].months)
        return _TWO.filled(stage=opened.input.name, word=of_two[0], first=first, second=second)
    return step.filled(
        stage=opened.input.name, interval=stays.interval, count=stays.interval_count, other=other or "",
        word=words[0],
        header=opened.columns.header_of(stays.interval) or stays.interval,
    )  # fmt: skip


def _written(months: Fraction) -> str:
    """An interval as it is written in funnel.toml."""
    if months == 12:
        return "year"
    if months.denominator > 1:
        return f"{round(months * 365 / 12)} days"
    return "month" if months == 1 else f"{months} months"


def _of_words(opened: Opened) -> Iterator[str]:
    """The headers of columns that are not read and hold intervals in words."""
    for column in sample_of(opened).unread():
        filled = {cell for cell in column.cells if cell}
        if filled and all(months_of_interval(cell) is not None for cell in filled):
            yield column.header
