"""A report as it was written down before: its figures, its files, and the keys of the events that it counted."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from funnelcli.answers.report_answer import report_data
from funnelcli.answers.report_model import Report
from funnelcli.counting.renewing import with_renewals
from funnelcli.counting.select import day_number
from funnelcli.facts.keyed import Keyed, keyed_events
from funnelcli.facts.model import Facts
from funnelcli.problems import UsageError, reason_of
from funnelcli.text import Message

FROZEN, VERSION = "frozen", 2
_TYPES = {"key": "<u8", "day": "<i4", "weight": "<i8", "traits": "<u8", "file": "<i4", "line": "<i4"}
MOST_BYTES = 1_000_000_000


class Earlier(Struct, frozen=True, kw_only=True):
    """What a report said.

    ``figures`` are its numbers (value, numerator, denominator) by metric, part and period; ``closed`` the keys of its
    periods that were whole; ``files`` the digest and the rows counted of each file.  ``events`` are empty where only
    the figures were written down; ``settings`` stands for those of the time.
    """

    name: str
    as_of: date
    grain: str
    currency: str
    timezone: str
    closed: frozenset[str]
    figures: Mapping[tuple[str, str, str], tuple[float | None, float | None, float | None]]
    files: Mapping[tuple[str, str], tuple[str | None, int]]
    events: Mapping[str, Keyed]
    settings: str | None = None
    window: str | None = None


def frozen_data(report: Report, facts: Facts) -> dict[str, Any]:
    """The data of a report with the keys of the events that it counted, up to its as_of."""
    events = keyed_events(with_renewals(facts, report.spec.as_of), day_number(report.spec.as_of))
    written = {name: _written(keyed) for name, keyed in sorted(events.items())}
    return {**report_data(report), FROZEN: {"version": VERSION, "settings": settings_digest(facts), "events": written}}


def settings_digest(facts: Facts) -> str:
    """What stands for the settings that the facts were read and counted with."""
    return hashlib.sha256(repr(facts.config).encode()).hexdigest()


def _written(keyed: Keyed) -> dict[str, Any]:
    columns = {name: getattr(keyed, name).astype(kind) for name, kind in _TYPES.items()}
    return {"files": list(keyed.files), **{n: base64.b64encode(c.tobytes()).decode() for n, c in columns.items()}}


def read_earlier(path: Path) -> Earlier:
    """A report that ``report -f json`` or ``--freeze`` wrote.  UsageError where it is none or cannot be read."""
    if str(path) == "-":
        raise UsageError(
            Message("--against -: an earlier report is a file, no pipe."), hint=Message("Give the name of the file.")
        )
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise _no_report(path)
        return _earlier(json.loads(data), path.name)
    except OSError as error:
        text = Message("--against {path}: cannot be read: {reason}.")
        raise UsageError(
            text.filled(path=path, reason=reason_of(error)),
            hint=Message("Write it with report --freeze {path}.").filled(path=path),
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _no_report(path) from None


def _no_report(path: Path) -> UsageError:
    return UsageError(
        Message("--against {path}: is no report that can be compared with.").filled(path=path),
        hint=Message("Give what funnelcli report wrote with --freeze, or with -f json."),
    )


def _earlier(data: Mapping[str, Any], name: str) -> Earlier:
    if data["format"] != "funnelcli.report" or data["format_version"] != 1:
        raise ValueError("another format")
    keys = [str(period["key"]) for period in data["periods"]]
    figures = {
        (str(row["metric"]), part_key(row), key): (
            _number(cell["value"]),
            _number(cell["numerator"]),
            _number(cell["denominator"]),
        )
        for row in data["rows"]
        for key, cell in zip(keys, row["cells"], strict=True)
    }
    frozen = data.get(FROZEN, {"version": VERSION, "events": {}})
    if frozen["version"] != VERSION:
        raise ValueError("another version")
    return Earlier(
        name=name,
        as_of=date.fromisoformat(data["as_of"]),
        grain=str(data["grain"]),
        currency=str(data["currency"]),
        timezone=str(data["timezone"]),
        closed=frozenset(str(period["key"]) for period in data["periods"] if not period["partial"]),
        figures=figures,
        files={
            (str(source["stage"]), str(source["file"])): (source["sha256"], int(source["rows_counted"]))
            for source in data["sources"]
        },
        events={str(name): _read(written) for name, written in frozen["events"].items()},
        settings=frozen.get("settings"),
        window=data.get("window"),
    )


def part_key(row: Mapping[str, Any]) -> str:
    """The part that a row of a report's data is of, as ``dimension=value``; empty for the whole.

    >>> part_key({"channel": None}), part_key({"channel": "paid"}), part_key({"by": {"plan": "Basic"}})
    ('', 'channel=paid', 'plan=Basic')
    """
    if "channel" in row:
        return "" if row["channel"] is None else f"channel={row['channel']}"
    return "" if row["by"] is None else "".join(f"{name}={value}" for name, value in row["by"].items())


def _number(value: object) -> float | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)):
        return value
    raise TypeError("no number")


def _read(written: Mapping[str, Any]) -> Keyed:
    columns = {
        name: np.frombuffer(base64.b64decode(written[name], validate=True), dtype=kind).astype(
            kind if name in ("key", "traits") else np.int64
        )
        for name, kind in _TYPES.items()
    }
    files: Sequence[str] = [str(file) for file in written["files"]]
    sizes = {len(column) for column in columns.values()}
    if len(sizes) != 1 or (sizes != {0} and not 0 <= columns["file"].max(initial=0) < max(len(files), 1)):
        raise ValueError("columns of different lengths")
    return Keyed(**columns, files=files)
