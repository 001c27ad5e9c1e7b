"""Every kind of fault and oddity in the data, declared once: the text report, JSON and docs/errors.md are made from this."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """ERROR stops the report; WARNING is odd but legal."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of problem, declared once.

    ``message`` and ``hint`` are templates over the facts given to :func:`problem`; ``whole_file`` marks faults
    that leaving rows out cannot cure.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    whole_file: bool = False


def _error(code: str, message: str, hint: str, *, whole_file: bool = False) -> Kind:
    return Kind(code=code, severity=Severity.ERROR, message=message, hint=hint, whole_file=whole_file)


def _warning(code: str, message: str, hint: str) -> Kind:
    return Kind(code=code, severity=Severity.WARNING, message=message, hint=hint)


_SKIP = "or leave the row out with --skip-bad-rows"

_ALL = (
    # the file as a whole
    _error(
        "unreadable-file",
        "cannot be read: {reason}",
        "Check the path and the permissions, then run again.",
        whole_file=True,
    ),
    _error(
        "empty-file",
        "is empty",
        "Export it again, or take it out of the folder.",
        whole_file=True,
    ),
    _error(
        "html-file",
        "is a web page (HTML), not a table: often a login page saved by a download script",
        "Export the table again as CSV or XLSX.",
        whole_file=True,
    ),
    _error(
        "binary-file",
        "is not text and no known table format ({what})",
        "Export it as CSV, XLSX or Parquet.",
        whole_file=True,
    ),
    _error(
        "broken-file",
        "is damaged: {reason}",
        "Export or download it again.",
        whole_file=True,
    ),
    _error(
        "bad-encoding",
        "is not {encoding} text: byte {byte} of the file cannot be read",
        "Save it as UTF-8, or set encoding in [inputs.{stage}].",
        whole_file=True,
    ),
    _error(
        "same-file-twice",
        "is the same file as {other}, byte for byte: its rows would count twice",
        "Remove one of the two.",
        whole_file=True,
    ),
    _error(
        "no-sheet",
        "has no sheet named {sheet!r}; its sheets are: {seen}",
        "Correct sheet in [inputs.{stage}].",
        whole_file=True,
    ),
    _error(
        "missing-column",
        "has no column for {column} ({meaning}). Headers seen: {seen}.{closest}",
        'Name it in funnel.toml: [inputs.{stage}.columns] {column} = "your header".',
        whole_file=True,
    ),
    _error(
        "mapped-column-missing",
        "has no column {header!r}, which funnel.toml maps to {column}. Headers seen: {seen}.{closest}",
        "Correct [inputs.{stage}.columns].",
        whole_file=True,
    ),
    _error(
        "filter-column-missing",
        "has no column {header!r}, which keep or drop names. Headers seen: {seen}.{closest}",
        "Correct [inputs.{stage}.keep] or .drop.",
        whole_file=True,
    ),
    _error(
        "several-sheets",
        "has several sheets that fit: {sheets}",
        'Say which: [inputs.{stage}] sheet = "…"; a glob like "*" reads them all.',
        whole_file=True,
    ),
    _error(
        "repeated-header",
        "has {count} columns named {header!r}, wanted for {column}",
        "Rename one of them, or map another header in [inputs.{stage}.columns].",
        whole_file=True,
    ),
    _error(
        "date-order-undecided",
        "every date could be day/month or month/day ({example!r}): nothing in the column decides",
        'Say which: [inputs.{stage}] date_order = "dmy" (or "mdy").',
        whole_file=True,
    ),
    _error(
        "date-order-mixed",
        "{example!r} can only be {order} but {other!r} ({other_place}) can only be {other_order}",
        "Make the dates of this input alike (all its files), or write them as YYYY-MM-DD.",
        whole_file=True,
    ),
    _error(
        "decimal-undecided",
        "{example!r} could be thousands or a fraction of zeros: nothing in the column decides",
        'Say which: [inputs.{stage}] decimal = "," (or ".").',
        whole_file=True,
    ),
    _error(
        "decimal-mixed",
        "{example!r} uses {mark!r} as the decimal mark but {other!r} ({other_place}) uses {other_mark!r}",
        "Make the numbers of this column alike.",
        whole_file=True,
    ),
    _error(
        "unclosed-quote",
        "a quotation mark opened here is never closed: the rest of the file is one cell",
        "Close or remove the quotation mark.",
        whole_file=True,
    ),
    _error(
        "second-table",
        "a second table begins here: {example!r}",
        "Put each table in a file of its own.",
        whole_file=True,
    ),
    # one row
    _error(
        "too-many-cells",
        "has {count} cells where the header has {width}: a {delimiter} inside a cell needs quotation marks",
        f"Quote the cell, {_SKIP}.",
    ),
    _error("empty-cell", "{column} is empty", f"Fill the cell in, {_SKIP}."),
    _error(
        "not-a-date",
        "{value!r} is not a date. Dates here look like {looks}",
        f"Fix the cell, {_SKIP}.",
    ),
    _error(
        "implausible-date",
        "{value!r} lies outside the years 1990 to 2099",
        f"Fix the cell, {_SKIP}.",
    ),
    _error(
        "shortened-id",
        "{value!r} is a long number that a spreadsheet has cut short: different ids look alike",
        f"Export it again with the column as text, {_SKIP}.",
    ),
    _error(
        "not-a-count",
        "{value!r} is not a whole number from 0 up",
        f"Fix the cell, {_SKIP}.",
    ),
    _error(
        "not-a-number",
        "{value!r} is not a number{range}",
        f"Fix the cell, {_SKIP}.",
    ),
    _error(
        "not-yes-or-no",
        "{value!r} is neither yes nor no",
        f"Write true or false, {_SKIP}.",
    ),
    _error(
        "end-before-start",
        "ends {ended} before it starts {started}",
        f"Fix the dates, {_SKIP}.",
    ),
    _error(
        "more-existing-than-visits",
        "existing_visits is {existing} but visits is {visits}",
        f"Fix the cell, {_SKIP}.",
    ),
    _error(
        "not-a-month",
        "{value!r} is not a month",
        f"Write it as 2026-10 or 10/2026, {_SKIP}.",
    ),
    _error(
        "not-a-channel",
        "{value!r} is not a channel ({channels})",
        f"Use one of the channel names, {_SKIP}.",
    ),
    _error(
        "month-twice",
        "{month} stands here and in {other_place} for the same channel",
        f"Keep one of the rows, {_SKIP}.",
    ),
    _error(
        "mixed-currency",
        "{value!r} is an amount in {said}, but {basis}",
        "Convert the amounts; or keep one currency, where a column says it: [inputs.{stage}.keep] {header!r} = [{keep!r}]; "
        f"or set [business] currency; {_SKIP}.",
    ),
    _error(
        "balance-does-not-close",
        "{metric} of {month} is {given}, but the months before make it {computed}",
        "Correct the balance or the months before it.",
        whole_file=True,
    ),
    _error(
        "parts-exceed-whole",
        "the channels of {month} sum to {parts}, more than the whole, {whole}",
        "Correct the row.",
        whole_file=True,
    ),
    # odd but legal
    _warning(
        "no-rows",
        "has a header and no rows: it counts as zeros",
        "Is this the right export?",
    ),
    _warning(
        "excel-named-otherwise",
        "is an Excel workbook under another name; it was read as one",
        "Rename it to .xlsx.",
    ),
    _warning(
        "short-row",
        "has {count} cells where the header has {width}; the missing ones count as empty",
        "Check that the row was not cut off.",
    ),
    _warning(
        "unknown-file",
        "is in the folder but matches no input; it was not read",
        "Rename it ({names}) or list it in [inputs.…] files.",
    ),
    _warning(
        "orphan-user",
        "{user} has no signup",
        "It counts; check that the signups export reaches back far enough.",
    ),
    _warning(
        "paid-before-signup",
        "{user} paid on {started}, before signing up on {signed_up}",
        "It counts; check both dates.",
    ),
    _warning(
        "held-before-booked",
        "the demo was held on {held}, before it was booked on {booked}",
        "It counts; check both dates.",
    ),
    _warning(
        "held-without-date",
        "the demo was held but says not when; it counts on the day it was booked",
        "Add held_at.",
    ),
    _warning(
        "unknown-status",
        "the demo status {value!r} is not known; it counts as held when it has held_at",
        "Check the status.",
    ),
    _warning(
        "not-paying",
        "the status {value!r} says that nobody pays; the row counts",
        "Leave such rows out: [inputs.paid_users.drop] {header!r} = [{value!r}].",
    ),
    _warning(
        "not-an-amount",
        "{value!r} is not an amount from 0 up, so the MRR of the row is not known",
        "Fix the cell: MRR is missing at the end of every period in which the row is in force.",
    ),
    _warning(
        "no-amount",
        "has {what}, so the MRR of the row is not known",
        "Fill in mrr, or an amount with an end or an interval: MRR is missing while the row is in force.",
    ),
    _warning(
        "amount-undecided",
        "{value!r} could be thousands or a fraction: nothing in the amounts decides, so MRR is missing",
        'Say which: [inputs.{stage}] decimal = "," (or ".").',
    ),
    _warning(
        "nothing-kept",
        "keep and drop leave out all of its {count} rows",
        "Check the globs of [inputs.{stage}.keep] and .drop.",
    ),
    _warning(
        "future-date",
        "{value} lies after {limit}",
        "Nothing after as_of is counted; check the date, or set --as-of.",
    ),
    _warning(
        "month-gap",
        "no rows in {months}",
        "Zeros are shown; check that the export is whole.",
    ),
    _warning(
        "begins-late",
        "begins {first}, later than {other} ({other_first})",
        "The months before show zeros; export it from the same day on.",
    ),
    _warning(
        "ends-early",
        "ends {last}, before as_of {as_of}",
        "The days after show zeros; export it again, or set --as-of {last}.",
    ),
    _warning(
        "unmatched-source",
        "source {value!r} ({count} rows) matches no channel pattern; it counts as organic",
        'Give it a channel: [channels] paid = ["…"].',
    ),
    _warning(
        "overlapping-files",
        "{count} of its (day, source) sums also stand in {other}",
        "Check that the two exports do not cover the same days.",
    ),
    _warning(
        "unused-column",
        "the monthly column {column!r} was not used: {reason}",
        "Remove the column, or the export that stands for it.",
    ),
)

KINDS: dict[str, Kind] = {kind.code: kind for kind in _ALL}
