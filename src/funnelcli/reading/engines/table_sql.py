"""The files that DuckDB can read, as SQL that gives every cell as text."""

from collections.abc import Sequence

from funnelcli.reading.dialect import Container
from funnelcli.reading.opening import Opened
from funnelcli.reading.parquet import quoted, sql_path


def supports(opened: Opened) -> bool:
    """Whether a file is worth trying: UTF-8 with a one-line header on top, or Parquet, and no filters."""
    if opened.is_filtered or opened.content.dense or opened.content.container is Container.WORKBOOK:
        return False
    if opened.content.container is Container.PARQUET:
        return True
    assert opened.dialect is not None
    return opened.header_line == 1 and opened.dialect.encoding in ("utf-8", "utf-8-sig")


def literal(value: str) -> str:
    """The text as SQL writes it.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def source_of(group: Sequence[Opened]) -> str:
    """The table function that reads the group's files with all columns as text, named c0, c1, ...

    The column ``filename`` costs something in every row; there is one only where there are several files.
    """
    first = group[0]
    paths = "[" + ", ".join(sql_path(f.file.path.resolve()) for f in group) + "]"
    width = len(first.columns.header)
    named = "true" if len(group) > 1 else "false"
    if first.dialect is None:
        cells = ", ".join(f"CAST({quoted(name)} AS VARCHAR) AS c{i}" for i, name in enumerate(first.columns.header))
        return f"(SELECT {cells}{', filename' if len(group) > 1 else ''} FROM read_parquet({paths}, filename={named}))"
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    compression = "gzip" if first.content.gzipped else "none"
    return (
        f"read_csv({paths}, auto_detect=false, header=false, skip=1, delim={literal(first.dialect.delimiter)}, "
        f"quote='\"', escape='\"', nullstr='', strict_mode=true, null_padding=false, "
        f"compression='{compression}', filename={named}, columns={{{columns}}})"
    )
