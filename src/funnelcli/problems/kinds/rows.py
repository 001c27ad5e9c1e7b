"""What is wrong with rows: a cell that is not what its column holds, or rows that contradict each other."""

from funnelcli.problems.kinds.declare import error, or_leave_out
from funnelcli.text import Message

_FIX_CELL = or_leave_out(Message("Fix the cell"))
_MEANS_EMPTY = Message(
    "If it means empty, say so in funnel.toml: [inputs.{stage}] empty = [{word}]; else fix the cell."
)

OF_ROWS = (
    error(
        "too-many-cells",
        Message(
            "has {count} [cell|cells] where the header has {width}: a {delimiter} inside a cell needs quotation marks"
        ),
        or_leave_out(Message("Quote the cell")),
    ),
    error("empty-cell", Message("{column} is empty"), or_leave_out(Message("Fill the cell in"))),
    error(
        "not-a-date",
        Message("{value!r} is not a date. Dates here look like {looks}"),
        _FIX_CELL,
    ),
    error(
        "implausible-date",
        Message("{value!r} lies outside the years 1990 to 2099"),
        _FIX_CELL,
    ),
    error(
        "shortened-id",
        Message("{value!r} is a long number that a spreadsheet has cut short: different ids look alike"),
        or_leave_out(Message("Export it again with the column as text")),
    ),
    error(
        "spreadsheet-error",
        Message("{value!r} is an error of a spreadsheet: what stood here is lost"),
        or_leave_out(
            Message("Mend the formula and export again; if it means empty, say so: [inputs.{stage}] empty = [{word}]")
        ),
    ),
    error(
        "no-end-value",
        Message("{value!r} is no date here: it may say that there is no end, and then the customer still pays"),
        _MEANS_EMPTY,
        whole_file=True,
    ),
    error(
        "no-date-value",
        Message("{value!r} is no date here: it may say that there is none"),
        or_leave_out(
            Message("If it means empty, say so in funnel.toml: [inputs.{stage}] empty = [{word}]; else fix the cell")
        ),
    ),
    error(
        "not-a-count",
        Message("{value!r} is not a whole number from 0 up"),
        _FIX_CELL,
    ),
    error("not-a-number", Message("{value!r} is not a number{range}"), _FIX_CELL),
    error(
        "not-yes-or-no",
        Message("{value!r} is neither yes nor no"),
        or_leave_out(Message("Write true or false")),
    ),
    error(
        "end-before-start",
        Message("ends {ended} before it starts {started}"),
        or_leave_out(Message("Fix the dates")),
    ),
    error(
        "more-existing-than-visits",
        Message("existing_visits is {existing} but visits is {visits}"),
        _FIX_CELL,
    ),
    error(
        "not-a-month",
        Message("{value!r} is not a month"),
        or_leave_out(Message("Write it as 2026-10 or 10/2026")),
    ),
    error(
        "month-without-year",
        Message("{value!r} says no year"),
        or_leave_out(Message("Write the year too, like 2026-09")),
    ),
    error(
        "not-a-channel",
        Message("{value!r} is not a channel ({channels})"),
        or_leave_out(Message("Use one of the channel names")),
    ),
    error(
        "month-twice",
        Message("{month} stands here and in {other_place} for the same channel"),
        or_leave_out(Message("Keep one of the rows")),
    ),
    error(
        "mixed-currency",
        Message("{value!r} is an amount in {said}, but {basis}"),
        Message(
            "Convert the amounts; or keep one currency, where a column says it: "
            "[inputs.{stage}.keep] {header!r} = [{keep!r}]; or map a column whose header names "
            "the one currency of all its rows; or set [business] currency; or leave the row out with --skip-bad-rows."
        ),
    ),
    error(
        "balance-does-not-close",
        Message("{metric} of {month} is {given}, but the months before make it {computed}"),
        Message("Correct the balance or the months before it."),
        whole_file=True,
    ),
    error(
        "parts-exceed-whole",
        Message("the channels of {month} sum to {parts}, more than the whole, {whole}"),
        Message("Correct the row."),
        whole_file=True,
    ),
)
