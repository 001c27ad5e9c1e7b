"""What the laws share: DuckDB's databases are opened once, as opening one takes longer than reading a small file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from funnelcli.reading import database

_open = database.connect
_opened: list[Any] = []
_threads: dict[str, int] = {}


@cache
def _database(config: tuple[tuple[str, Any], ...]) -> Any:
    _opened.append(_open(config=dict(config)))
    return _opened[-1]


def _connected(database: str = ":memory:", *, config: Mapping[str, Any] | None = None, **others: Any) -> Any:
    """A connection to an empty database in memory, of the same settings as one that would be opened for it alone.

    Temporary tables and the time zone are the connection's own; other tables of the one before are dropped.
    """
    if database != ":memory:" or others:
        return _open(database, config=dict(config or {}), **others)
    connection = _database(tuple(sorted({**(config or {}), **_threads}.items()))).cursor()
    tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
    for (name,) in tables:
        connection.execute(f'DROP TABLE "{name}"')
    return connection


@pytest.fixture(autouse=True)
def _one_thread_counts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread costs a fifth less than two; that more come to the same is seen where ``SEVERAL_THREADS`` is said."""
    if not getattr(request.module, "SEVERAL_THREADS", False):
        monkeypatch.setitem(_threads, "threads", 1)


@pytest.fixture(autouse=True, scope="session")
def _databases_are_opened_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "connect", _connected)
        yield
    _database.cache_clear()
    while _opened:
        _opened.pop().close()
