"""Reviews that are kept in ``icp_review.json``, to be compared with the next one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from funnelcli.problems import InputError
from funnelcli.text import Message

FILE_NAME = "icp_review.json"
FORMAT = "funnelcli.icp-reviews"
MOST_KEPT = 8  # two years of quarters


class KeptRow(Struct, frozen=True, kw_only=True):
    """What a review said of the accounts with a value."""

    attribute: str
    value: str
    outcome: str
    n: int
    figure: float | None
    q: float | None
    stands: bool


class KeptReview(Struct, frozen=True, kw_only=True):
    """A review as it was kept: its day, and what it said of each value."""

    as_of: date
    rows: tuple[KeptRow, ...]


def read_reviews(folder: Path) -> tuple[KeptReview, ...]:
    """The reviews of a folder, none where there is no file; InputError for a file that is none of ours."""
    path = folder / FILE_NAME
    if not path.is_file():
        return ()
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError(FORMAT)
        return tuple(
            KeptReview(as_of=date.fromisoformat(each["as_of"]), rows=tuple(KeptRow(**row) for row in each["rows"]))
            for each in data["reviews"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            Message("{file} holds no reviews that could be read.").filled(file=FILE_NAME),
            hint=Message("Move it away, and the next review starts anew."),
        ) from None


def written_reviews(kept: Sequence[KeptReview], new: KeptReview) -> bytes:
    """The file with one review more; of one day the new one stands."""
    others = [each for each in kept if each.as_of != new.as_of]
    reviews = sorted([*others, new], key=lambda each: each.as_of)[-MOST_KEPT:]
    data: dict[str, Any] = {
        "format": FORMAT, "format_version": 1,
        "reviews": [
            {"as_of": each.as_of.isoformat(), "rows": [_row(row) for row in each.rows]} for each in reviews
        ],
    }  # fmt: skip
    return (json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _row(row: KeptRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in KeptRow.__struct_fields__}
