"""Texts, names and paths as SQL writes them."""

from pathlib import Path


def literal(value: str) -> str:
    """The text as SQL writes it.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def sql_path(path: Path) -> str:
    """A path as an SQL string in which DuckDB's glob characters stand for themselves."""
    text = str(path)
    for mark in "[*?":
        text = text.replace(mark, f"[{mark}]")
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
