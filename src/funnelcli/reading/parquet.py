"""Parquet files, read through DuckDB, which is here anyway."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from funnelcli.problems import Problem, problem
from funnelcli.reading.bounds import ROWS, UNPACKED, most_rows, most_unpacked, too_large
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import SourceFile
from funnelcli.text import Text, foreign

BATCH = 10_000
MEMORY_LIMIT = "1GB"


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
        connection = duckdb.connect(config={"threads": 1, "memory_limit": MEMORY_LIMIT, "temp_directory": ""})
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(query)
    except duckdb.Error as error:
        raise FileFault(_broken(file, error)) from None


def parquet_header(file: SourceFile, *, gzipped: bool) -> list[str]:
    """The names of the columns."""
    if gzipped:
        raise FileFault(problem("binary-file", file=file.name, what=Text("gzipped Parquet", "Parquet nén gzip")))
    result = _run(file, f"SELECT * FROM read_parquet({sql_path(file.path)}) LIMIT 0")
    try:
        return [str(column[0]) for column in result.description]
    except (RuntimeError, UnicodeError):
        reason = Text("a column's name is not UTF-8 text", "tên một cột không phải văn bản UTF-8")
        raise FileFault(problem("broken-file", file=file.name, reason=reason)) from None


def parquet_size(file: SourceFile) -> int:
    """How many rows a file has; FileFault where it is damaged."""
    size = _first(file, f"SELECT count(*) FROM read_parquet({sql_path(file.path)})")
    return int(size)


def _first(file: SourceFile, query: str) -> Any:
    try:
        return _run(file, query).fetchone()[0]
    except duckdb.Error as error:
        raise FileFault(_broken(file, error)) from None


def _broken(file: SourceFile, error: duckdb.Error) -> Problem:
    return problem("broken-file", file=file.name, reason=foreign(str(error).splitlines()[0][:200]))


def check_size(file: SourceFile, *, summed: bool) -> None:
    """FileFault for a file of a few bytes whose rows, or the texts in them, would fill the memory."""
    bytes_packed = os.path.getsize(file.path)
    most = most_rows(bytes_packed, summed=summed)
    if parquet_size(file) > most:
        raise FileFault(too_large(file.name, ROWS, most))
    columns = _run(file, f"DESCRIBE SELECT * FROM read_parquet({sql_path(file.path)})").fetchall()
    texts = [f"coalesce(sum(strlen(CAST({quoted(name)} AS VARCHAR))), 0)" for name, kind, *_ in columns if _long(kind)]
    if texts:
        unpacked = _first(file, f"SELECT {' + '.join(texts)} FROM read_parquet({sql_path(file.path)})")
        if unpacked > most_unpacked(bytes_packed):
            raise FileFault(too_large(file.name, UNPACKED, most_unpacked(bytes_packed)))


def _long(kind: str) -> bool:
    """Whether the values of a type have no size of their own: texts, and whatever holds others."""
    return kind in ("VARCHAR", "BLOB", "BIT", "JSON") or (any(mark in kind for mark in "[(<") and "DECIMAL" not in kind)


def parquet_rows(file: SourceFile) -> Iterator[tuple[Any, ...]]:
    """The rows as typed values, in the file's order; times with a zone as text in UTC."""
    columns = _run(file, f"DESCRIBE SELECT * FROM read_parquet({sql_path(file.path)})").fetchall()
    wanted = ", ".join(
        f"CAST({quoted(name)} AS VARCHAR)" if "TIME ZONE" in kind else quoted(name) for name, kind, *_ in columns
    )
    result = _run(file, f"SELECT {wanted} FROM read_parquet({sql_path(file.path)})")
    while True:
        try:
            batch = result.fetchmany(BATCH)
        except duckdb.Error as error:
            raise FileFault(_broken(file, error)) from None
        if not batch:
            return
        yield from batch
