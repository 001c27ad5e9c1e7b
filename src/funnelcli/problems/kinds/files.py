"""What is wrong with a file as a whole: it cannot be read, or not be understood."""

from funnelcli.problems.kinds.declare import error, remark
from funnelcli.text import Message

OF_FILES = (
    error(
        "unreadable-file",
        Message("cannot be read: {reason}"),
        Message("Check the path and the permissions, then run again."),
        whole_file=True,
    ),
    error(
        "unseen-by-workers",
        Message("is not there for {worker}"),
        Message("Put it where all workers see it under the same path, or count here: --workers N, or no --scheduler."),
        whole_file=True,
    ),
    error(
        "changed-by-workers",
        Message("is of another size or time for {worker} than here"),
        Message("Wait until it is written everywhere, then run again."),
        whole_file=True,
    ),
    error(
        "not-counted-by-workers",
        Message("was counted by no worker: {reason}"),
        Message("See whether the workers have enough memory and may read it, or count it here, without --engine dask."),
        whole_file=True,
    ),
    error(
        "empty-file",
        Message("is empty"),
        Message("Export it again, or take it out of the folder."),
        whole_file=True,
    ),
    error(
        "html-file",
        Message("is a web page (HTML), not a table: often a login page saved by a download script"),
        Message("Export the table again as CSV or XLSX."),
        whole_file=True,
    ),
    error(
        "binary-file",
        Message("is not text and no known table format ({what})"),
        Message("Export it as CSV, XLSX or Parquet."),
        whole_file=True,
    ),
    error(
        "broken-file",
        Message("is damaged: {reason}"),
        Message("Export or download it again."),
        whole_file=True,
    ),
    error(
        "too-large",
        Message("holds more than {most}, and is not read further{why}"),
        Message("Look at what is in it: unpack it, or save the part that is wanted as CSV."),
        whole_file=True,
    ),
    error(
        "changed-file",
        Message("changed while it was read"),
        Message("Wait until it is written, then run again."),
        whole_file=True,
    ),
    error(
        "bad-encoding",
        Message("is not {encoding} text: byte {byte} of the file cannot be read"),
        Message("Save it as UTF-8, or set encoding in [inputs.{stage}]."),
        whole_file=True,
    ),
    error(
        "same-file-twice",
        Message("is the same file as {other}, byte for byte: its rows would count twice"),
        Message("Remove one of the two."),
        whole_file=True,
    ),
    error(
        "no-sheet",
        Message("has no sheet named {sheet!r}; its sheets are: {seen}"),
        Message("Correct sheet in [inputs.{stage}]."),
        whole_file=True,
    ),
    error(
        "missing-column",
        Message("has no column for {column} ({meaning}). Headers seen: {seen}.{closest}"),
        Message('Name it in funnel.toml: [inputs.{stage}.columns] {column} = "your header".'),
        whole_file=True,
    ),
    error(
        "mapped-column-missing",
        Message("has no column {header!r}, which funnel.toml maps to {column}. Headers seen: {seen}.{closest}"),
        Message("Correct [inputs.{stage}.columns], or [identity]."),
        whole_file=True,
    ),
    error(
        "filter-column-missing",
        Message("has no column {header!r}, which keep or drop names. Headers seen: {seen}.{closest}"),
        Message("Correct [inputs.{stage}.keep] or .drop."),
        whole_file=True,
    ),
    error(
        "several-sheets",
        Message("has several sheets that fit: {sheets}"),
        Message('Say which: [inputs.{stage}] sheet = "…"; a glob like "*" reads them all.'),
        whole_file=True,
    ),
    error(
        "repeated-header",
        Message("has {count} [column|columns] named {header!r}, wanted for {column}"),
        Message("Rename one of them, or map another header in [inputs.{stage}.columns]."),
        whole_file=True,
    ),
    error(
        "tables-side-by-side",
        Message("two tables stand side by side: another one begins in column {letters}, with {header!r}"),
        Message("Put each table in a file, or a sheet, of its own; or one below the other, under one header."),
        whole_file=True,
    ),
    error(
        "date-order-undecided",
        Message("every date could be day/month or month/day ({example!r}): nothing in the column decides"),
        Message('Say which: [inputs.{stage}] date_order = "dmy" (or "mdy").'),
        whole_file=True,
    ),
    remark(
        "order-of-others",
        Message(
            "no date of this file says whether it is day/month or month/day ({example!r}): read as {order}, as the "
            "other files of {stage} are"
        ),
        Message("If it is written otherwise than these, export it with dates like 2026-04-03."),
    ),
    error(
        "years-first-undecided",
        Message("dates like {example!r} may begin with the year: their last number changes more than the first"),
        Message('Say which: [inputs.{stage}] date_order = "ymd"; or "dmy", if the year stands last.'),
        whole_file=True,
    ),
    error(
        "months-for-days",
        Message("the cells under {header!r} are months, like {example!r}, and no days"),
        Message("Export by day; or give the figures of whole months in a table of months (monthly.csv)."),
        whole_file=True,
    ),
    error(
        "months-across",
        Message(
            "{count} of its columns [is a month|are months], {first!r} to {last!r}, and no column says when a row is"
        ),
        Message("To have them read, {step}{year}."),
        whole_file=True,
    ),
    error(
        "days-across",
        Message("{count} of its columns [is a day|are days], {first!r} to {last!r}, and no column says when a row is"),
        Message(
            "To have them read, leave beside the days only columns of words that say whose the numbers are{year}; or "
            "write a row for each day, with a column for the date."
        ),
        whole_file=True,
    ),
    error(
        "months-without-year",
        Message("the cells under {column!r} say no year, like {example!r}, and no other column says when a row is"),
        Message("To have them read, {step}."),
        whole_file=True,
    ),
    error(
        "date-order-mixed",
        Message("{example!r} can only be {order} but {other!r} ({other_place}) can only be {other_order}"),
        Message("Make the dates of this input alike (all its files), or write them as YYYY-MM-DD."),
        whole_file=True,
    ),
    error(
        "half-converted-dates",
        Message(
            "a spreadsheet has swapped day and month where it could: no true date, like {example!r}, has a day above "
            "12, and every date left as text, like {other!r} ({other_place}), has one"
        ),
        Message(
            "Export again, with the dates as text or as YYYY-MM-DD, and do not save that file in a spreadsheet; if the "
            "true dates are right, write all of them as YYYY-MM-DD."
        ),
        whole_file=True,
    ),
    error(
        "decimal-undecided",
        Message("{example!r} could be thousands or a fraction of zeros: nothing in the column decides"),
        Message('Say which: [inputs.{stage}] decimal = "," (or ".").'),
        whole_file=True,
    ),
    error(
        "decimal-mixed",
        Message("{example!r} uses {mark!r} as the decimal mark but {other!r} ({other_place}) uses {other_mark!r}"),
        Message("Make the numbers of this column alike."),
        whole_file=True,
    ),
    error(
        "unclosed-quote",
        Message("a quotation mark opened here is not closed in its row: the rows that follow are one cell"),
        Message("Close or remove the quotation mark."),
        whole_file=True,
    ),
    error(
        "table-twice",
        Message("the header stands here once more, and below it the same rows as above: they would count twice"),
        Message("Leave the table in the file once."),
        whole_file=True,
    ),
    error(
        "second-table",
        Message("a second table begins here: {example!r}"),
        Message("Put each table in a file of its own."),
        whole_file=True,
    ),
)
