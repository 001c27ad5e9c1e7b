"""The cells of a large file of people, kept for the next run: distinct texts and which of them each row has."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from msgspec.structs import asdict

from funnelcli.reading.cells import Cells
from funnelcli.reading.dialect import Container
from funnelcli.reading.kept import MOST_BYTES, Store, key_of, may_be_kept
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Tally
from funnelcli.reading.words import Words

if TYPE_CHECKING:
    from funnelcli.reading.raw import RawTable

FEWEST_BYTES, LARGEST_BYTES = 1_000_000, 60_000_000  # of a file that is kept; smaller ones are read as quickly
SUFFIX = ".part.msgpack"


def is_worth_keeping(source: Opened) -> bool:
    """Whether a file is of text, and of a size for which it is quicker to read what was kept of it."""
    try:
        size = os.path.getsize(source.file.path)
    except OSError:
        return False
    return source.content.container is Container.TEXT and FEWEST_BYTES <= size <= LARGEST_BYTES


def kept_columns(store: Store, source: Opened) -> tuple[Tally, np.ndarray, dict[str, Cells]] | None:
    """The tally, the lines and the columns that are kept of a file; None where there is nothing to be believed."""
    try:
        kept = msgspec.msgpack.decode(store.read(key_of(source) + SUFFIX))
        if store.verify and kept["content"] != store.content_of(source):
            return None
        tally, lines = Tally(**kept["tally"]), _numbers_of(kept["lines"])
        return tally, lines, {name: _cells_of(column, len(lines)) for name, column in kept["cells"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, msgspec.DecodeError):
        return None


def keep_columns(store: Store, table: RawTable, *, began: int) -> None:
    """Keep the columns of a file without faults; what cannot be written is not kept.

    ``began`` is when its rows were first read, in nanoseconds since 1970.
    """
    source = table.opened
    if len(table.problems) or not may_be_kept(source, began):
        return
    kept = {
        "content": store.content_of(source),
        "tally": asdict(table.tally),
        "lines": _stored_numbers(table.lines),
        "cells": {name: _stored_cells(cells) for name, cells in table.cells.items()},
    }
    with suppress(OSError, UnicodeError):
        store.write(key_of(source) + SUFFIX, msgspec.msgpack.encode(kept))
        store.shrink(MOST_BYTES)


def _stored_cells(cells: Cells) -> dict[str, Any]:
    if cells.words is not None:
        numbers = cells.words.numbers.astype("<u8", copy=False)
        return {"words": numbers.tobytes(), "width": len(numbers), "encoding": cells.words.encoding}
    return {"texts": cells.texts, "first": _stored_numbers(cells.rows), "places": _stored_numbers(cells.places)}


def _cells_of(column: dict[str, Any], size: int) -> Cells:
    if "words" in column:
        numbers = np.frombuffer(column["words"], dtype="<u8").reshape(column["width"], size)
        return Cells.written(Words(numbers, column["encoding"]))
    texts, places = column["texts"], _numbers_of(column["places"])
    first = dict(zip(texts, _numbers_of(column["first"]).tolist(), strict=True))
    if len(places) != size or len(first) != len(texts) or (size and int(places.max()) >= len(texts)):
        raise ValueError("a column is damaged")
    return Cells(first, places)


def _stored_numbers(numbers: np.ndarray) -> dict[str, Any]:
    """Whole numbers in as few bytes as they need; those that follow one another by the first alone."""
    size = len(numbers)
    first, last = (int(numbers[0]), int(numbers[-1])) if size else (0, 0)
    if last - first == size - 1 and bool((np.diff(numbers) == 1).all()):
        return {"from": first, "size": size}
    kind = np.min_scalar_type(int(numbers.max()) if size else 0)
    return {"kind": kind.str, "bytes": numbers.astype(kind).tobytes()}


def _numbers_of(stored: dict[str, Any]) -> np.ndarray:
    if "from" in stored:
        return np.arange(stored["from"], stored["from"] + stored["size"], dtype=np.int64)
    return np.frombuffer(stored["bytes"], dtype=stored["kind"]).astype(np.int64)
