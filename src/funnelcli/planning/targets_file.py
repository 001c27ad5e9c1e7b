"""Targets read back from what ``funnelcli targets`` wrote, or from a table of one's own with metrics and months."""

import csv
import difflib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from funnelcli.channels import Channel
from funnelcli.errors import UsageError
from funnelcli.periods import Grain, Period, parse_bound
from funnelcli.planning.metrics import PLANNED
from funnelcli.planning.model import Key

FORMAT = "funnelcli.targets"
VERSION = 1
_MONTH = re.compile(r"\d{4}-\d{2}")
# The dashboard's own names stand for the targets of them.
_BY_ACTUAL = {
    metric.actual: key for key, metric in PLANNED.items() if metric.actual and key != "allowed_churned_paid_users"
}
# Made from other rows, or no quota to be met: not tracked.
_NOT_TRACKED = frozenset({"planned_cost_rate", "planned_cac_amount", "planned_payback_months"})
_ASSUMED = frozenset(key.value for key in Key)

RowKey = tuple[str, Channel | None, str | None]


@dataclass(kw_only=True)
class Targets:
    """Targets by planned metric, channel and team, then by month.  ``one_off`` where revenue is of deals, not MRR."""

    rows: dict[RowKey, dict[str, Fraction]] = field(default_factory=dict)
    one_off: bool = False

    @property
    def months(self) -> tuple[Period, ...]:
        """Every month that has a target, in order."""
        keys = sorted({key for row in self.rows.values() for key in row})
        return tuple(parse_bound(key, Grain.MONTH, last=False, option="targets") for key in keys)

    def add(self, place: str, metric: str, channel: str, team: str, month: str, value: str | float | None) -> None:
        """One target; UsageError that names the place where it cannot be read, or stands there twice."""
        key = (metric_named(metric, place), _channel(channel, place), team.strip().removeprefix("'") or None)
        if key[0] in _NOT_TRACKED or value is None or value == "":
            return
        row = self.rows.setdefault(key, {})
        if month in row:
            raise UsageError(f"{place}: {metric} of {month} stands there twice.", hint="Keep one of the two.")
        row[month] = _number(value, place)


def read_targets(text: str, name: str) -> Targets:
    """The targets in a JSON or CSV text.  UsageError names the place and what is wrong.

    >>> read_targets("metric,2027-01\\nnew_signups,400\\n", "t.csv").rows
    {('required_new_signups', None, None): {'2027-01': Fraction(400, 1)}}
    """
    targets = _from_json(text, name) if text.lstrip().startswith("{") else _from_csv(text, name)
    if not targets.rows:
        raise UsageError(f"{name}: holds no target.", hint="Write one with funnelcli targets … -o targets.csv.")
    return targets


def _from_json(text: str, name: str) -> Targets:
    try:
        data: Any = json.loads(text)
    except ValueError as error:
        raise UsageError(
            f"{name}: is not JSON: {error}.", hint="Write it again with funnelcli targets -f json."
        ) from None
    if data.get("format") != FORMAT:
        raise UsageError(f"{name}: is {data.get('format')!r}, not {FORMAT}.", hint="Name a file of funnelcli targets.")
    if data.get("format_version") != VERSION:
        raise UsageError(
            f"{name}: format_version {data.get('format_version')!r} is not known here.",
            hint="Write it again with this funnelcli, or update funnelcli.",
        )
    targets = Targets()
    try:
        targets.one_off = data["goal"].get("model") == "one_off"
        for number, row in enumerate(data["rows"], start=1):
            for cell in row["cells"]:
                place = f"{name}: row {number}"
                targets.add(
                    place,
                    row["metric"],
                    row["channel"] or "",
                    row["team"] or "",
                    _month(cell["period"], place),
                    cell["value"],
                )
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{name}: lacks {error}.", hint="Write it again with funnelcli targets -f json.") from None
    return targets


def _month(text: object, place: str) -> str:
    if not isinstance(text, str) or not _MONTH.fullmatch(text):
        raise UsageError(f"{place}: {text!r} is not a month.", hint="Targets are by month, like 2027-01.")
    return parse_bound(text, Grain.MONTH, last=False, option=place).key


def _from_csv(text: str, name: str) -> Targets:
    lines = text.lstrip("\ufeff").splitlines()
    header_line = lines[0] if lines else ""
    delimiter = max(",;\t|", key=header_line.count)
    rows = csv.reader(lines, delimiter=delimiter)
    header = [cell.strip() for cell in next(rows, [])]
    if "metric" not in header:
        raise UsageError(
            f"{name}: has no column metric. Headers seen: {', '.join(header[:8])}.",
            hint="Targets are what funnelcli targets writes as CSV or JSON, or a table of metric,2027-01,2027-02,…",
        )
    if "period" in header and "value" in header:
        return _tidy(header, rows, name)
    return _wide(header, rows, name)


def _cells(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {column: cell.strip() for column, cell in zip(header, [*cells, *[""] * len(header)], strict=False)}


def _tidy(header: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> Targets:
    targets = Targets()
    for number, cells in enumerate(rows, start=2):
        row = _cells(header, cells)
        if row["metric"] == Key.DEAL_SIZE.value:
            targets.one_off = True
        if not any(cells) or row.get("variant") or row["period"] in ("goal", "assumption", "total"):
            continue
        place = f"{name}:{number}"
        month = _month(row["period"], place)
        targets.add(place, row["metric"], row.get("channel", ""), row.get("team", ""), month, row["value"])
    return targets


def _wide(header: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> Targets:
    months = [column for column in header if _MONTH.fullmatch(column)]
    if not months:
        raise UsageError(f"{name}: has no column of a month like 2027-01.", hint="Write the months as the headers.")
    targets = Targets()
    for number, cells in enumerate(rows, start=2):
        row = _cells(header, cells)
        if row["metric"] == Key.DEAL_SIZE.value:
            targets.one_off = True
        if not any(cells) or row.get("variant") or row.get("origin") or row["metric"] in _ASSUMED - set(_BY_ACTUAL):
            continue
        for column in months:
            month = _month(column, f"{name}:1")
            targets.add(
                f"{name}:{number}", row["metric"], row.get("channel", ""), row.get("team", ""), month, row[column]
            )
    return targets


def metric_named(text: str, place: str) -> str:
    """The planned metric of a name, its own or the dashboard's; UsageError with the closest."""
    key = text.strip().casefold().replace("-", "_").replace(" ", "_")
    key = _BY_ACTUAL.get(key, key)
    if key not in PLANNED:
        close = difflib.get_close_matches(key, [*PLANNED, *_BY_ACTUAL], n=1)
        guess = f" Did you mean {close[0]}?" if close else ""
        raise UsageError(
            f"{place}: {text!r} is no metric that has targets.{guess}", hint="Known: " + ", ".join(PLANNED) + "."
        )
    return key


def _channel(text: str, place: str) -> Channel | None:
    if not text.strip():
        return None
    try:
        return Channel(text.strip().casefold())
    except ValueError:
        raise UsageError(f"{place}: {text!r} is no channel.", hint=f"The channels are {', '.join(Channel)}.") from None


def _number(value: str | float, place: str) -> Fraction:
    text = str(value).strip().replace("\u00a0", "")
    if re.fullmatch(r"\d+,\d+", text):  # saved again by a spreadsheet that writes a decimal comma
        text = text.replace(",", ".")
    try:
        number = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise UsageError(f"{place}: {str(value)[:40]!r} is not a number.", hint="Write it plainly, like 400.") from None
    if number < 0:
        raise UsageError(f"{place}: a target of {text} is below 0.", hint="Targets are 0 or more.")
    return number
