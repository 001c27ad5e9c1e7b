"""Parquet files, read through DuckDB, which is here anyway."""

import os
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from funnelcli.problems import Problem, problem
from funnelcli.reading import database
from funnelcli.reading.bounds import ROWS, UNPACKED, most_rows, most_unpacked, too_large
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.sql_text import quoted, sql_path
from funnelcli.text import Message, foreign

BATCH = 10_000
MEMORY_LIMIT = "1GB"
SECONDS = 60.0


@lru_cache(maxsize=1)
def _database(_process: int) -> Any:
    """An empty database in memory, to ask about files with; it takes longer to open one than to read a small file.

    A process that was forked has its own.
    """
    empty = database.connect(config={"threads": 1, "memory_limit": MEMORY_LIMIT, "temp_directory": ""})
    empty.execute("SET GLOBAL TimeZone = 'UTC'")
    return empty


def _connection(file: SourceFile) -> Any:
    try:
        return _database(os.getpid()).cursor()
    except database.Error as error:
        raise FileFault(_broken(file, error)) from None


def _run(file: SourceFile, query: str) -> Any:
    try:
        return _connection(file).execute(query)
    except database.Error as error:
        raise FileFault(_broken(file, error)) from None


def parquet_table(paths: Sequence[Path], *, filename: bool = False, numbered: bool = False) -> str:
    """The table function that reads Parquet files, with what is in them and nothing that their folders' names say."""
    listed = ", ".join(sql_path(path.resolve()) for path in paths)
    named = (", filename=true" if filename else "") + (", file_row_number=true" if numbered else "")
    return f"read_parquet([{listed}], hive_partitioning=false, union_by_name=false{named})"


def parquet_kinds(file: SourceFile) -> dict[str, str]:
    """The SQL type of each column, by its name."""
    known = os.stat(file.path)
    return dict(_kinds(file, known.st_size, known.st_mtime_ns))


@lru_cache(maxsize=256)
def _kinds(file: SourceFile, _bytes_packed: int, _changed_at: int) -> tuple[tuple[str, str], ...]:
    """The same for a file as it stands: what is read several times is asked once."""
    columns = _run(file, f"DESCRIBE SELECT * FROM {parquet_table([file.path])}").fetchall()
    return tuple((str(name), str(kind)) for name, kind, *_ in columns)


def parquet_header(file: SourceFile, *, gzipped: bool) -> list[str]:
    """The names of the columns."""
    if gzipped:
        raise FileFault(problem("binary-file", file=file.name, what=Message("gzipped Parquet")))
    result = _run(file, f"SELECT * FROM {parquet_table([file.path])} LIMIT 0")
    try:
        return [str(column[0]) for column in result.description]
    except (RuntimeError, UnicodeError):
        reason = Message("a column's name is not UTF-8 text")
        raise FileFault(problem("broken-file", file=file.name, reason=reason)) from None


def parquet_size(file: SourceFile) -> int:
    """How many rows a file has; FileFault where it is damaged."""
    size = _first(file, f"SELECT count(*) FROM {parquet_table([file.path])}")
    return int(size)


def _first(file: SourceFile, query: str) -> Any:
    """The one value of a query; FileFault where it takes longer than a file that people wrote does."""
    connection = _connection(file)
    giving_up = threading.Timer(SECONDS, connection.interrupt)
    giving_up.start()
    try:
        return connection.execute(query).fetchone()[0]
    except database.InterruptException:
        raise FileFault(too_large(file.name, UNPACKED, most_unpacked(os.path.getsize(file.path)))) from None
    except database.Error as error:
        raise FileFault(_broken(file, error)) from None
    finally:
        giving_up.cancel()


def _broken(file: SourceFile, error: database.Error) -> Problem:
    return problem("broken-file", file=file.name, reason=foreign(str(error).splitlines()[0][:200]))


def check_size(file: SourceFile, *, summed: bool) -> None:
    """FileFault for a file of a few bytes whose rows, or the texts in them, would fill the memory."""
    known = os.stat(file.path)
    _check_size(file, known.st_size, known.st_mtime_ns, summed=summed)


@lru_cache(maxsize=256)
def _check_size(file: SourceFile, bytes_packed: int, _changed_at: int, *, summed: bool) -> None:
    """The same for a file as it stands: what is read several times is looked through once."""
    most = most_rows(bytes_packed, summed=summed)
    has = parquet_size(file)
    if has > most:
        raise FileFault(too_large(file.name, ROWS, most))
    kinds = parquet_kinds(file)
    texts = [f"coalesce(strlen(CAST({quoted(name)} AS VARCHAR)), 0)" for name, kind in kinds.items() if _long(kind)]
    most_bytes = most_unpacked(bytes_packed)
    # Of the first rows first: a text that is repeated without end shows there, or is given up.
    steps = [rows for rows in (100, 10_000) if rows < has]
    for rows in (*steps, has) if texts else ():
        size = f"SELECT {' + '.join(texts)} AS size FROM {parquet_table([file.path])} LIMIT {rows}"
        if _first(file, f"SELECT coalesce(sum(size), 0) FROM ({size})") > most_bytes:
            raise FileFault(too_large(file.name, UNPACKED, most_bytes))


def _long(kind: str) -> bool:
    """Whether the values of a type have no size of their own: texts, and whatever holds others."""
    return kind in ("VARCHAR", "BLOB", "BIT", "JSON") or (any(mark in kind for mark in "[(<") and "DECIMAL" not in kind)


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
        except database.Error as error:
            raise FileFault(_broken(file, error)) from None
        if not batch:
            return
        yield from batch
