"""What was said to be there and is not, and files that look as if a part of them were lost."""

from funnelcli.problems.kinds.declare import error, warning
from funnelcli.text import Message

EXPECTED = (
    error(
        "input-missing",
        Message("[inputs.{stage}] says what must be there, and no file of {title} is"),
        Message("Export it, or see why it did not come: files named {names}, or as [inputs.{stage}] files says."),
        whole_file=True,
    ),
    error(
        "too-few-rows",
        Message("{count} [row counts|rows count], and [inputs.{stage}] wants at least {least}"),
        Message("See whether the export is whole; if it is, correct [inputs.{stage}]."),
        whole_file=True,
    ),
    error(
        "too-old",
        Message(
            "the latest row is of {last}, {days} [day|days] before {day}; [inputs.{stage}] max_age is {most} [day|days]"
        ),
        Message("Export it again, or see why the export no longer runs: [inputs.{stage}] max_age."),
        whole_file=True,
    ),
    error(
        "required-cut-short",
        Message("{what}, and [inputs.{stage}] required = true"),
        Message("Wait until it is written, or export it again."),
        whole_file=True,
    ),
    warning(
        "where-fits-nothing",
        Message("[{place}] {dimension}: no row has {glob!r}, which counts nothing.{guess}"),
        Message("Rows have {seen}. Correct it, or accept this if such rows are still to come."),
    ),
    warning(
        "attribute-not-known",
        Message("[{place}] {name}: no file has such an attribute, so that this says nothing of anybody"),
        Message("Files have {seen}.{guess} Correct the name, or add the column."),
    ),
    warning(
        "rule-fits-nothing",
        Message("[{place}] {name}: nothing in the files fits {patterns}"),
        Message("Files have {seen}.{guess} Correct it, or accept this if such rows are still to come."),
    ),
    warning(
        "attribute-not-comparable",
        Message("[{place}] {name}: {cells} cannot be compared with {patterns}; what else is known of the same counts"),
        Message("Write numbers, or bands of them like 51-200, or add a pattern for the words."),
    ),
    warning(
        "cut-short",
        Message("ends within a row: {why}"),
        Message("Wait until it is written, or export it again."),
        alarm=True,
    ),
    warning(
        "rows-lost",
        Message("has {then} {what}, and what is to replace it {now}"),
        Message("See whether the exports are whole; where they are, write to another file, or remove this one."),
        alarm=True,
    ),
)
