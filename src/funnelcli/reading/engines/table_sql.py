"""The files that DuckDB can read, as SQL that gives every cell as text."""

from collections.abc import Sequence
from pathlib import Path

from funnelcli.reading.dialect import Container, FileFault
from funnelcli.reading.opening import Opened
from funnelcli.reading.parquet import parquet_kinds, parquet_table
from funnelcli.reading.sql_text import literal, quoted, sql_path
from funnelcli.text.regex import regex

TYPED_DATE = "typed_date"  # the cell of the date as a Parquet file has it

# Cells of these types are the same text for DuckDB as for Python; 101.0 and bytes, for two, are not.
_KINDS = (
    "VARCHAR",
    r"U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?",
    "BOOLEAN",
    "DATE",
    "UUID",
    r"TIMESTAMP(?:_N?M?S)?",
    "ENUM.*",
)
CELLS_TOO_MANY = 3  # that a row may have, before the file is left to the other engine
MOST_LINES_ABOVE = 100  # a header and what stands above the table
_PLAIN_KINDS = regex("|".join((*_KINDS, "TIMESTAMP WITH TIME ZONE")))


def supports(opened: Opened) -> bool:
    """Whether a file is worth trying: UTF-8 with a header of one line near the top, or Parquet, and no filters."""
    packed = opened.content.dense or opened.content.container is Container.WORKBOOK
    if opened.is_filtered or opened.rollups or opened.settings.empty or packed:
        return False
    if opened.block is not None or opened.turned is not None:
        return False
    if opened.content.container is Container.PARQUET:
        return _has_plain_kinds(opened)
    assert opened.dialect is not None
    return 1 <= opened.header_line <= MOST_LINES_ABOVE and opened.dialect.encoding in ("utf-8", "utf-8-sig")


def _has_plain_kinds(opened: Opened) -> bool:
    """Whether the columns of ours in a Parquet file are of types that DuckDB and Python write alike."""
    try:
        kinds = parquet_kinds(opened.file)
    except FileFault:
        return False
    header = opened.columns.header
    return all(_PLAIN_KINDS.fullmatch(kinds.get(header[place], "")) for place in opened.columns.index.values())


def kind_of(opened: Opened, column: str) -> str:
    """The SQL type of one of our columns in a Parquet file; empty for other files."""
    if opened.content.container is not Container.PARQUET:
        return ""
    return parquet_kinds(opened.file).get(opened.columns.header[opened.columns.index[column]], "")


def source_of(group: Sequence[Opened], *, with_breaks: bool = False) -> str:
    """The table function that reads the group's files with all columns as text, named c0, c1, ...

    ``ragged`` is true of rows that are not as wide as the header.  ``with_breaks`` reads cells of several lines, which
    takes longer; those in which stray quotation marks may have enclosed rows are ragged too.  The column ``filename``
    costs something in every row; there is one only where there are several files.
    """
    first = group[0]
    width = len(first.columns.header)
    several = len(group) > 1
    named = ", filename" if several else ""
    if first.dialect is None:
        cells = ", ".join(f"CAST({quoted(name)} AS VARCHAR) AS c{i}" for i, name in enumerate(first.columns.header))
        table = parquet_table(_paths(group), filename=several, numbered=True)
        date = quoted(first.columns.header[first.columns.index["date"]]) if first.has("date") else "NULL"
        return (
            f"(SELECT {cells}, {date} AS {TYPED_DATE}, false AS ragged, "
            f"CAST(file_row_number + 1 AS VARCHAR) AS line{named} FROM {table})"
        )
    # A row that is too short is filled with NULLs, and an empty cell beyond the header, which hides a cell too many,
    # comes into a column of its own.  Filling has it that line breaks within quotation marks are an error, so that
    # stray ones cannot swallow rows.
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width + CELLS_TOO_MANY))
    cells = ", ".join(f"c{i}" for i in range(width + CELLS_TOO_MANY))
    listed = ", ".join(map(sql_path, _paths(group)))
    ragged = f"c{width} IS NOT NULL OR c{width - 1} IS NULL"
    if with_breaks:
        ragged += "".join(
            f" OR (contains(c{i}, {literal(first.dialect.delimiter)}) AND regexp_matches(c{i}, '[\\r\\n]'))"
            for i in range(width)
        )
    return (
        f"(SELECT {cells}, {ragged} AS ragged{named} FROM "
        f"read_csv([{listed}], auto_detect=false, header=false, skip={first.header_line}, "
        f"delim={literal(first.dialect.delimiter)}, quote='\"', escape='\"', nullstr='{_NEVER}', comment='', "
        f"strict_mode=true, ignore_errors=false, null_padding=true, parallel={'false' if with_breaks else 'true'}, "
        f"union_by_name=false, hive_partitioning=false, "
        f"compression='{'gzip' if first.content.gzipped else 'none'}', filename={'true' if several else 'false'}, "
        f"columns={{{columns}}}))"
    )


def whole_rows(group: Sequence[Opened]) -> str:
    """SQL for all the cells of a row of a group: NULLs after those that it has, or its number where it has no line."""
    first = group[0]
    width = len(first.columns.header) + (0 if first.dialect is None else CELLS_TOO_MANY)
    names = [*(f"c{place}" for place in range(width)), *(["line"] if first.dialect is None else [])]
    return f"struct_pack({', '.join(f'{name} := {name}' for name in names)})"


_NEVER = "\x01 no cell is this \x01"


def _paths(group: Sequence[Opened]) -> list[Path]:
    return [file.file.path.resolve() for file in group]
