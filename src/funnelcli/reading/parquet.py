"""Parquet files, read through DuckDB, which is here anyway."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from funnelcli.problems import problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import SourceFile
from funnelcli.text import Text, foreign

BATCH = 10_000


def sql_path(path: Path) -> str:
    """A path as an SQL string in which DuckDB's glob characters stand for themselves."""
    text = str(path)
    for mark in "[*?":
        text = text.replace(mark, f"[{mark}]")
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _run(file: SourceFile, query: str) -> Any:
    try:
        connection = duckdb.connect(config={"threads": 1})
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(query)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0][:200]
        raise FileFault(problem("broken-file", file=file.name, reason=foreign(reason))) from None


def parquet_table(paths: Sequence[Path], *, filename: bool = False) -> str:
    """The table function that reads Parquet files, with what is in them and nothing that their folders' names say."""
    listed = ", ".join(sql_path(path.resolve()) for path in paths)
    named = ", filename=true" if filename else ""
    return f"read_parquet([{listed}], hive_partitioning=false, union_by_name=false{named})"


def parquet_kinds(file: SourceFile) -> dict[str, str]:
    """The SQL type of each column, by its name."""
    columns = _run(file, f"DESCRIBE SELECT * FROM {parquet_table([file.path])}").fetchall()
    return {str(name): str(kind) for name, kind, *_ in columns}


def parquet_header(file: SourceFile, *, gzipped: bool) -> list[str]:
    """The names of the columns."""
    if gzipped:
        raise FileFault(problem("binary-file", file=file.name, what=Text("gzipped Parquet", "Parquet nén gzip")))
    result = _run(file, f"SELECT * FROM {parquet_table([file.path])} LIMIT 0")
    try:
        return [str(column[0]) for column in result.description]
    except (RuntimeError, UnicodeError):
        reason = Text("a column's name is not UTF-8 text", "tên một cột không phải văn bản UTF-8")
        raise FileFault(problem("broken-file", file=file.name, reason=reason)) from None


def parquet_rows(file: SourceFile) -> Iterator[tuple[Any, ...]]:
    """The rows as typed values, in the file's order; times with a zone as text in UTC."""
    wanted = ", ".join(
        f"CAST({quoted(name)} AS VARCHAR)" if "TIME ZONE" in kind else quoted(name)
        for name, kind in parquet_kinds(file).items()
    )
    result = _run(file, f"SELECT {wanted} FROM {parquet_table([file.path])}")
    while True:
        try:
            batch = result.fetchmany(BATCH)
        except duckdb.Error as error:
            reason = str(error).splitlines()[0][:200]
            raise FileFault(problem("broken-file", file=file.name, reason=foreign(reason))) from None
        if not batch:
            return
        yield from batch
