"""The tables [inputs.NAME] of funnel.toml: how an input is found and read, and what must be there."""

from datetime import date
from typing import Annotated, Literal

from msgspec import field

from funnelcli.config.encodings import is_for_tables
from funnelcli.config.table import About, Reads, Table
from funnelcli.config.values import Count, Days, FirstAndLast, Globs, HeaderOrNone
from funnelcli.text import Message, TextError


def _known_interval(value: str) -> str:
    from funnelcli.values.terms import months_of_interval

    if months_of_interval(value) is None:
        text = Message("{value!r} is no interval; write it like month, year or 3 months")
        raise TextError(text.filled(value=value))
    return value


def _known_intervals(value: dict[str, str]) -> dict[str, str]:
    for interval in value.values():
        _known_interval(interval)
    return value


def _known_encoding(value: str) -> str:
    if not is_for_tables(value):
        text = Message("{value!r} is not a known text encoding")
        raise TextError(text.filled(value=value))
    return value


class InputSettings(Table, frozen=True, kw_only=True):
    """How one input is found and read.  What is not set is found from the files."""

    files: Annotated[Globs, About("Files or globs, relative to funnel.toml, instead of the usual names.")] = ()
    date_order: Annotated[
        Literal["dmy", "mdy", "ymd"] | None, About("Order of day, month and year where the dates do not tell.")
    ] = None
    decimal: Annotated[Literal[".", ","] | None, About("The decimal mark where the numbers do not tell.")] = None
    encoding: Annotated[
        Annotated[str, Reads(_known_encoding, "after")] | None, About("Text encoding, for example cp1258.")
    ] = None
    delimiter: Annotated[Literal[",", ";", "\t", "|"] | None, About("What separates the cells.")] = None
    sheet: Annotated[str | None, About('The sheet of a workbook; a glob like "2026*" takes several.')] = None
    empty: Annotated[
        Globs,
        About('Words, or globs, that mean empty in any column, like ["0000-00-00", "never"]; capitals do not matter.'),
    ] = ()
    columns: Annotated[
        dict[str, HeaderOrNone],
        About(
            "Our column name = the header in your export, or false: no header is taken for it. A header may "
            "stand for several columns."
        ),
    ] = field(default_factory=dict)
    earliest: Annotated[
        dict[str, Globs],
        About(
            'Our column of dates = further headers, like ended_at = ["Termination date"]: of its own date and '
            "theirs the earliest of a row counts."
        ),
    ] = field(default_factory=dict)
    keep: Annotated[dict[str, Globs], About("Header = globs: only rows whose cell matches one of them are read.")] = (
        field(default_factory=dict)
    )
    drop: Annotated[dict[str, Globs], About("Header = globs: rows whose cell matches one of them are left out.")] = (
        field(default_factory=dict)
    )
    ignore: Annotated[
        Globs,
        About(
            "Headers, as globs, of columns that are rightly not read, or whose plans are paid for: no warning "
            "names them."
        ),
    ] = ()
    amount_is: Annotated[
        Literal["each", "whole"] | None,
        About("Beside a quantity: whether amount is the price of each, or of the whole."),
    ] = None
    amount_for: Annotated[
        Literal["month", "quarter", "year", "interval"] | None,
        About(
            "What each mrr is for, or where there is no such column each amount: so long, or the interval of its row. "
            "Without it the header and the rows decide."
        ),
    ] = None
    amount_unit: Annotated[
        Literal["major", "minor", "micro", "thousand", "million", "billion"] | None,
        About(
            "minor: mrr and amount are in the minor unit of their currency, like cents; without it, what their "
            "headers say. micro: in millionths; thousand, million or billion: in so many of the currency."
        ),
    ] = None
    interval: Annotated[
        Annotated[str, Reads(_known_interval, "after")] | None,
        About('What amounts are paid for where the rows do not say, like "month" or "year".'),
    ] = None
    intervals: Annotated[
        dict[str, str],
        Reads(_known_intervals, "after"),
        About('What an interval of the rows means, its words as a glob: "Monthly (billed annually)" = "month".'),
    ] = field(default_factory=dict)
    scores: Annotated[
        dict[str, float],
        About(
            'What a score in words means, its words as a glob: "Hài lòng" = 5, "Tạm ổn" = 3; before what the words say '
            "themselves. Words that are no answer belong to empty."
        ),
    ] = field(default_factory=dict)
    each_row: Annotated[
        Literal["visit", "session"] | None,
        About(
            'What a row of visits is where its columns leave it open: "visit", one visit, whatever stands '
            'beside it; or "session", an event of the session that session_id names, of which each counts once.'
        ),
    ] = None
    same_totals: Annotated[
        Literal["once", "add"] | None,
        About(
            'Of files of visits whose days have the same totals: "once", they are the same visits, cut by other '
            'dimensions; or "add", they are visits of their own.'
        ),
    ] = None
    status: Annotated[
        dict[str, Globs],
        About(
            "What statuses say, as globs: paying, not_paying and ended for paid users, held and not_held for "
            "demos; of activities done and not_done, and inbound, outbound, spoke and not_spoke of other words. "
            'For example not_paying = ["on ice"].'
        ),
    ] = field(default_factory=dict)

    covers: Annotated[
        FirstAndLast | None,
        About(
            'The first and last month that the files tell of, like ["2026-01", "2026-10"]: within, a month '
            "without rows is 0; outside, it is missing."
        ),
    ] = None

    required: Annotated[
        bool, About("Whether a run stops where no file of it is there, or one has no rows or ends within a row.")
    ] = False
    min_rows: Annotated[
        Count | None, About("How many rows have to count, of all its files together; fewer stop the run.")
    ] = None
    max_age: Annotated[
        Days | None,
        About(
            'How long ago its latest row may be, like "3d" or "2w", before today or --as-of; an older one stops '
            "the run."
        ),
    ] = None

    @property
    def expects(self) -> bool:
        """Whether it is said what must be there."""
        return self.required or self.min_rows is not None or self.max_age is not None

    @property
    def covered(self) -> tuple[date, date] | None:
        """The first day of the first month, and of the last one, that the files are said to cover."""
        if self.covers is None:
            return None
        first, last = (date.fromisoformat(f"{month}-01") for month in self.covers)
        return first, last

    @property
    def mapped(self) -> dict[str, str]:
        """Our columns with the header that stands for each."""
        return {column: header for column, header in self.columns.items() if header is not False}

    @property
    def unmapped(self) -> frozenset[str]:
        """Our columns that no header stands for, whatever it is called."""
        return frozenset(column for column, header in self.columns.items() if header is False)


NOTHING_SET = InputSettings()
