"""Parquet files, read through DuckDB, which is here anyway."""

import os
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
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
FIRST_ROWS = 2_000  # that are held
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
    return dict(_kinds(file, *_as_it_stands(file)))


def _as_it_stands(file: SourceFile) -> tuple[int, int]:
    """The size of a file, and when it was changed: what is known of it holds for as long as these do."""
    known = os.stat(file.path)
    return known.st_size, known.st_mtime_ns


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
    return _size(file, *_as_it_stands(file))


@lru_cache(maxsize=256)
def _size(file: SourceFile, _bytes_packed: int, _changed_at: int) -> int:
    return int(_first(file, f"SELECT count(*) FROM {parquet_table([file.path])}"))


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


def _check_rows(file: SourceFile, *, summed: bool) -> None:
    """FileFault for a file of a few bytes whose rows, or the texts in the first of them, would fill the memory."""
    most = most_rows(os.path.getsize(file.path), summed=summed)
    has = parquet_size(file)
    if has > most:
        raise FileFault(too_large(file.name, ROWS, most))
    # A text that is repeated without end shows in the first rows, or reading them is given up.
    for rows in (100, BATCH):
        _check_texts(file, *_as_it_stands(file), rows=min(rows, has))


@lru_cache(maxsize=256)
def _check_texts(file: SourceFile, bytes_packed: int, _changed_at: int, *, rows: int) -> None:
    """FileFault where the texts of the first ``rows`` would fill the memory; looked through once for each file."""
    kinds = parquet_kinds(file)
    texts = [f"coalesce(strlen(CAST({quoted(name)} AS VARCHAR)), 0)" for name, kind in kinds.items() if _long(kind)]
    size = f"SELECT {' + '.join(texts)} AS size FROM {parquet_table([file.path])} LIMIT {rows}"
    if texts and _first(file, f"SELECT coalesce(sum(size), 0) FROM ({size})") > most_unpacked(bytes_packed):
        raise FileFault(too_large(file.name, UNPACKED, most_unpacked(bytes_packed)))


def _long(kind: str) -> bool:
    """Whether the values of a type have no size of their own: texts, and whatever holds others."""
    return kind in ("VARCHAR", "BLOB", "BIT", "JSON") or (any(mark in kind for mark in "[(<") and "DECIMAL" not in kind)


def parquet_rows(file: SourceFile, *, summed: bool) -> Iterator[tuple[Any, ...]]:
    """The rows as typed values, in the file's order; times with a zone as text in UTC.

    FileFault for a file of a few bytes whose rows, or whose texts, would fill the memory.
    """
    _check_rows(file, summed=summed)
    first = _first_rows(file, *_as_it_stands(file))
    yield from first
    if len(first) < FIRST_ROWS:
        return
    _check_texts(file, *_as_it_stands(file), rows=parquet_size(file))
    yield from islice(_rows(file), FIRST_ROWS, None)


@lru_cache(maxsize=16)
def _first_rows(file: SourceFile, _bytes_packed: int, _changed_at: int) -> tuple[tuple[Any, ...], ...]:
    """The first rows of a file as it stands, which are looked at from many sides."""
    return tuple(_rows(file, FIRST_ROWS))


def _rows(file: SourceFile, most: int | None = None) -> Iterator[tuple[Any, ...]]:
    wanted = ", ".join(
        f"CAST({quoted(name)} AS VARCHAR)" if "TIME ZONE" in kind else quoted(name)
        for name, kind in parquet_kinds(file).items()
    )
    result = _run(file, f"SELECT {wanted} FROM {parquet_table([file.path])} LIMIT {'ALL' if most is None else most}")
    while True:
        try:
            batch = result.fetchmany(BATCH)
        except database.Error as error:
            raise FileFault(_broken(file, error)) from None
        if not batch:
            return
        yield from batch
