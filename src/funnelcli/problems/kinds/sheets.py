"""What is odd about a sheet of a workbook beside its values: what is hidden, merged, or not reckoned."""

from funnelcli.problems.kinds.declare import error, warning
from funnelcli.text import Message

OF_SHEETS = (
    error(
        "formula-without-value",
        Message(
            "{count} [cell|cells] under {header!r} [count!holds|hold] a formula without its value, like {cell}: the "
            "program that wrote the "
            "workbook has not calculated it"
        ),
        Message("Open the workbook in Excel or LibreOffice and save it, so that it is calculated; or export values."),
        whole_file=True,
    ),
    warning(
        "hidden-rows",
        Message("{count} [row is|rows are] {how}; [count!it counts|they count]"),
        Message("If they are not to count, delete them; or say so in a column: [inputs.{stage}.drop]."),
    ),
    warning(
        "hidden-columns",
        Message("hidden columns are read: {headers}"),
        Message("If one is not to be read: [inputs.{stage}.columns] our name = false."),
    ),
    warning(
        "table-beside",
        Message(
            "another table stands beside this one, after an empty column, with other rows: {headers}, from column "
            "{letters} on; it is not read"
        ),
        Message("If it is part of this table, take out the empty column; else give it a sheet or a file of its own."),
        counts=False,
    ),
    warning(
        "shown-in-currencies",
        Message(
            "the amounts under {header!r} are shown in several currencies ({currencies}), by number formats that are "
            "not read: they count as if they were in one"
        ),
        Message('Add a column that says which: [inputs.{stage}.columns] {currency} = "your header".'),
    ),
    warning(
        "shown-as-percentages",
        Message(
            "numbers under {header!r} are shown as percentages by their number format, so that 0.5 is seen as 50%: "
            "they count as what the cells hold"
        ),
        Message(
            "Correct the format in the workbook; or name the right column: [inputs.{stage}.columns] {ours} = "
            '"your header".'
        ),
    ),
    warning(
        "shown-in-another-currency",
        Message(
            "the amounts under {header!r} are shown in {shown} by their number format, and [business] currency is "
            "{currency}: they count as {currency}"
        ),
        Message("Correct the setting, or the format in the workbook."),
    ),
    warning(
        "read-beyond-gap",
        Message(
            "{headers}: read beyond an empty column, as of the people on the same rows; another table may stand there"
        ),
        Message("If it is another table: [inputs.{stage}.columns] {settings}; else take out the empty column."),
    ),
    warning(
        "merged-cells",
        Message("{count} [cell is|cells are] merged over several rows, under {headers}: {counts}"),
        Message("If it is that of the first row only, split the cells."),
    ),
)
