"""What is odd but legal."""

from funnelcli.problems.kinds.declare import remark, warning
from funnelcli.text import Message

_BOTH_DATES = Message("It counts; check both dates.")

ODDITIES = (
    warning(
        "no-rows",
        Message("has a header and no rows: it counts as zeros"),
        Message("Is this the right export?"),
    ),
    warning(
        "excel-named-otherwise",
        Message("is an Excel workbook under another name; it was read as one"),
        Message("Rename it to .xlsx."),
    ),
    warning(
        "short-row",
        Message("has {count} [cell|cells] where the header has {width}; the missing ones count as empty"),
        Message("Check that the row was not cut off."),
    ),
    warning(
        "ends-at-start",
        Message(
            "in {count} of {rows} [row|rows] with an end that under {header!r} is the day of the start: they count as "
            "new and as lost on one day"
        ),
        Message("If it is no end: [inputs.{stage}.columns] {column} = false."),
    ),
    warning(
        "stray-quote",
        Message("text stands after a closing quotation mark: {value}; it was read as one cell, without the marks"),
        Message("Double the quotation marks within a cell, or leave them out."),
    ),
    warning(
        "unknown-file",
        Message("is in the folder but matches no input; it was not read"),
        Message("Rename it ({names}) or list it in [inputs.…] files."),
    ),
    remark(
        "looks-like",
        Message("looks like {title}: its headers are those of {export}"),
        Message('Nothing, if it is. If it is not, say which files are: [inputs.{stage}] files = ["…"].'),
    ),
    remark(
        "read-also",
        Message("is read as {title} too, as {export}: no other file is of these"),
        Message('If other files are: [inputs.{stage}] files = ["…"].'),
    ),
    warning(
        "left-out-of-also",
        Message("is left out of {title}, which the file is read as too: {said}"),
        Message(
            "Nothing, if other figures are meant: it counts as what the file is first. Else mend the cell, or save "
            "what says it as {stage}.csv."
        ),
        counts=False,
    ),
    warning(
        "not-such-a-list",
        Message("is an export of {export}, {why}; it was not read"),
        Message('{instead} If it is to be read all the same: [inputs.{stage}] files = ["{name}"].'),
        counts=False,
    ),
    warning(
        "not-as-mapped",
        Message(
            "looks like {title}, as an export of {export}; it was not read, as it lacks what [inputs.{stage}] names: "
            "{headers}"
        ),
        Message(
            'If it is to be read: take these out of [inputs.{stage}], or list its files there: files = ["{name}", …].'
        ),
        counts=False,
    ),
    remark(
        "not-of-use",
        Message("is an export of {export}, {why}; it was not read"),
        Message("Nothing is wrong. {instead}"),
    ),
    remark(
        "export-lacks",
        Message("is an export of {export}: {lacks}"),
        Message("Nothing is wrong; docs/exports.md says how to export more, where there is more."),
    ),
    remark(
        "behind-another",
        Message("looks like {title}, as an export of {export}; it was not read, as {other} says better who they are"),
        Message('To read it instead: [inputs.{stage}] files = ["{name}"].'),
    ),
    remark(
        "named-otherwise",
        Message("is read as {title}, as its name says; its headers are those of {export}, which are {other}"),
        Message('If they are: [inputs.{stage}] files = ["{name}"].'),
    ),
    remark(
        "of-two-exports",
        Message("has the headers of {export} and of {other}; it is taken for the first"),
        Message("If it is the other, name its file in funnel.toml under the input that it is of."),
    ),
    warning(
        "not-a-file",
        Message("is named like an export of {stage} and is {kind}; it was not read"),
        Message('Name what is to be read: [inputs.{stage}] files = ["…"], or rename it.'),
    ),
    warning(
        "paid-before-signup",
        Message("{user} paid on {started}, before signing up on {signed_up}"),
        _BOTH_DATES,
    ),
    warning(
        "held-before-booked",
        Message("the demo was held on {held}, before it was booked on {booked}"),
        _BOTH_DATES,
    ),
    remark(
        "held-after-bookings",
        Message(
            "{count} [demo|demos] [count!was|were] held after {as_of}, the last day of which the files tell: "
            "[count!it does|they do] not count by then"
        ),
        Message("To count [count!it|them]: --as-of {latest}."),
    ),
    warning(
        "held-without-date",
        Message("the demo was held but says not when; it counts on the day it was booked"),
        Message("Add held_at."),
    ),
    warning(
        "unknown-status",
        Message("the demo status {value!r} is not known; it counts as held when it has held_at"),
        Message("Say what it means: [inputs.demos.status] held or not_held = [{value!r}]."),
    ),
    warning(
        "unread-column",
        Message("{subject} not read, and {why}"),
        Message("{step}; if it changes no figure: [inputs.{stage}] ignore = [{headers}]."),
    ),
    warning(
        "not-paying",
        Message("the status {value!r} says that nobody pays; the row does not count"),
        Message("Where it does pay: [inputs.{stage}.status] paying = [{value!r}]."),
        counts=False,
    ),
    warning(
        "ended-without-date",
        Message(
            "the status {value!r} says that it has ended, and no date says when: losses are missing from its start on"
        ),
        Message(
            "Name the column that says when: [inputs.{stage}.columns] ended_at = {ends}; or leave such rows "
            "out: [inputs.{stage}.status] not_paying = [{value!r}]."
        ),
    ),
    warning(
        "paying-after-end",
        Message("the status {value!r} says that it is paid for, and its end has passed: it counts as lost on that day"),
        Message("Where the end is that of the latest billing period: [inputs.{stage}.columns] ended_at = false."),
    ),
    warning(
        "status-not-known",
        Message("the status {value!r} is not known; the row {counts_as}"),
        Message("Say what it means: [inputs.{stage}.status] paying, not_paying or ended = [{value!r}]."),
    ),
    warning(
        "trial-not-paid",
        Message("is a trial that was not paid for; the row does not count"),
        Message("To count trials: [paid_users] free_counts = true."),
        counts=False,
    ),
    warning(
        "plan-may-not-pay",
        Message(
            "the column {header!r} has plans of which no amount and no word says that they are paid for: {plans}; in "
            "all {rows} [row counts|rows count] as paying"
        ),
        Message(
            "To leave them out: [inputs.{stage}.drop] {header!r} = {values}; if they are paid for: [inputs.{stage}] "
            "ignore = [{header!r}]."
        ),
    ),
    warning(
        "trial-days-not-read",
        Message("{value!r} is neither yes or no nor a number of days, so the row counts as paid from its start on"),
        Message("Write it like yes, no or 14; or have the column not read: [inputs.{stage}.columns] {column} = false."),
    ),
    warning(
        "free-row",
        Message("costs nothing; the row does not count"),
        Message("To count what is free: [paid_users] free_counts = true."),
        counts=False,
    ),
    warning(
        "never-paid",
        Message("has spent nothing so far; the row does not count"),
        Message("To count everybody: [paid_users] free_counts = true."),
        counts=False,
    ),
    warning(
        "one-time-row",
        Message("is bought once, beside rows that recur; it makes nobody a paid user"),
        Message("Where it lasts, give it an end or an interval."),
        counts=False,
    ),
    warning(
        "refund",
        Message("is a refund or a credit note: it is cash, and makes nobody a paid user"),
        Message("Check that it names the customer and the invoice it reverses."),
        counts=False,
    ),
    warning(
        "refunded",
        Message("was paid back in whole; the row does not count"),
        Message("Check the refund."),
        counts=False,
    ),
    warning(
        "payments-list",
        Message(
            "no row has an end, and each may be a payment: {signs}. As it is read, all {people} "
            "[customer pays|customers pay] on; as payments, {still} would after {day}"
        ),
        Message(
            'If they are: [paid_users] shape = "payments"; each then lasts its interval (a month, or that of '
            '[inputs.{stage}] interval), with grace_days of grace. If not: shape = "subscriptions".'
        ),
    ),
    warning(
        "nothing-kept",
        Message("keep and drop leave out all of its {count} [row|rows]"),
        Message("Check the globs of [inputs.{stage}.keep] and .drop."),
    ),
    warning(
        "future-date",
        Message("{value} lies after {limit}"),
        Message("Nothing after as_of is counted; check the date, or set --as-of."),
    ),
    warning(
        "starts-ahead",
        Message(
            "{count} [row begins|rows begin] after {as_of}, the last day of the other files, up to {last}: not counted "
            "by then"
        ),
        Message("To count them: --as-of {last}; or export the other files up to it."),
    ),
    warning(
        "lone-date",
        Message(
            "{value} lies years after every other date of the files: as_of is not moved to it, so it does not count"
        ),
        Message("Correct the date; if it is right: --as-of {value}."),
    ),
    warning(
        "lone-start",
        Message("{value} lies years before every other date of the file: from then on the row counts"),
        Message("Correct the date, if it is a slip."),
    ),
    warning(
        "month-gap",
        Message("no rows in {months}"),
        Message("Zeros are shown; check that the export is whole."),
    ),
    warning(
        "begins-late",
        Message("begins {first}, later than {other} ({other_first})"),
        Message(
            "The months before are missing; export it from the same day on, or say which months it covers: "
            "[inputs.{stage}] covers."
        ),
    ),
    warning(
        "ends-early",
        Message("ends {last}, before as_of {as_of}"),
        Message(
            "Months after it are missing, of demos and paid users they show zeros; export it again, or set "
            "--as-of {last}, or say which months it covers: [inputs.{stage}] covers."
        ),
    ),
    remark(
        "zeros-after",
        Message("reaches only to {last}, and other exports to {as_of}: no row in {months}, which counts as 0"),
        Message(
            'If the export is whole, say so: [inputs.{stage}] covers = ["{first_month}", "{last_month}"]; else export '
            "it again."
        ),
    ),
    warning(
        "unmatched-source",
        Message("source {value!r} ({count} [row|rows]) matches no channel pattern; it counts as organic"),
        Message('Give it a channel: [channels] paid = ["…"].'),
    ),
    warning(
        "same-visits-twice",
        Message(
            "holds the visits of {other} once more: {count} of its {days} [total|totals] [count!is that|are those] of "
            "the other, like {visits} on {day}; it does not count"
        ),
        Message(
            "Leave only one of the two in the folder; if they are visits of their own: [inputs.{stage}] same_totals = "
            '"add".'
        ),
        counts=False,
    ),
    warning(
        "overlapping-files",
        Message("{count} of its (day, source) sums also [stands|stand] in {other}"),
        Message("Check that the two exports do not cover the same days."),
    ),
    warning(
        "unused-column",
        Message("the monthly column {column!r} was not used: {reason}"),
        Message("Remove the column, or the export that stands for it."),
    ),
)
