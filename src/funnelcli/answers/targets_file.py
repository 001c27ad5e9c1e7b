"""Targets read back from what ``funnelcli targets`` or ``track --replan`` wrote, or from a table of one's own."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from funnelcli.answers.phrases import NOT_A_MONTH
from funnelcli.answers.targets_cells import (
    TargetCell,
    besides_targets,
    decimal_mark,
    fold,
    month_named,
    month_of_cell,
    number_of,
    row_key,
)
from funnelcli.planning.keys import Key
from funnelcli.planning.model import RowKey
from funnelcli.problems import UsageError
from funnelcli.reading.small import SmallRow, rows_of
from funnelcli.text import OR, Text, as_text, foreign, joined
from funnelcli.values.currencies import USUAL, currencies_in
from funnelcli.values.periods import Grain, Period, parse_bound

FORMAT, TRACK_FORMAT = "funnelcli.targets", "funnelcli.track"
VERSION = 1
_KEEP_ONE = Text("Keep one of the two.", "Giữ một trong hai.")
_WRITE_AGAIN = Text("Write it again with funnelcli targets -f json.", "Ghi lại bằng funnelcli targets -f json.")
# Headers in other words; months and what else stands there stay as they are.
_HEADERS = {
    **dict.fromkeys(("metric", "chỉ_số"), "metric"),
    **dict.fromkeys(("channel", "kênh"), "channel"),
    **dict.fromkeys(("team", "đội"), "team"),
    **dict.fromkeys(("currency", "tiền_tệ"), "currency"),
}


@dataclass(kw_only=True)
class Targets:
    """Targets by planned metric, channel and team, then by month.

    ``one_off`` is on where revenue is of deals, not MRR.  ``currency`` is that of the amounts; None where the file does
    not say.
    """

    rows: dict[RowKey, dict[str, Fraction]] = field(default_factory=dict)
    one_off: bool = False
    currency: str | None = None

    @property
    def months(self) -> tuple[Period, ...]:
        """Every month that has a target, in order."""
        keys = sorted({key for row in self.rows.values() for key in row})
        return tuple(parse_bound(key, Grain.MONTH, last=False, option="targets") for key in keys)


def read_targets(text: str, name: str) -> Targets:
    """The targets in a JSON or CSV text.  UsageError names the place and what is wrong.

    >>> read_targets("metric,2027-01\\nnew_signups,400\\n", "t.csv").rows
    {('required_new_signups', None, None): {'2027-01': Fraction(400, 1)}}
    """
    targets = Targets()
    cells = _from_json(text, name, targets) if text.lstrip().startswith("{") else _from_csv(text, name, targets)
    mark = decimal_mark(cells)
    _one_currency(cells, targets)
    for cell in cells:
        row = targets.rows.setdefault(cell.key, {})
        if cell.month in row:
            raise UsageError(
                Text(
                    "{place}: {metric} of {month} stands there twice.", "{place}: {metric} của {month} lặp lại hai lần."
                ).filled(place=cell.place, metric=cell.key[0], month=cell.month),
                hint=_KEEP_ONE,
            )
        row[cell.month] = number_of(cell, mark)
    if not targets.rows:
        raise UsageError(
            Text("{name}: holds no target.", "{name}: không có chỉ tiêu nào.").filled(name=name),
            hint=Text(
                "Write one with funnelcli targets … -o targets.csv.",
                "Ghi chỉ tiêu bằng funnelcli targets … -o targets.csv.",
            ),
        )
    return targets


def _one_currency(cells: Sequence[TargetCell], targets: Targets) -> None:
    """UsageError where an amount names a currency other than that of the file or of the amounts before it."""
    for cell in cells:
        said = currencies_in(cell.text) if isinstance(cell.text, str) else frozenset()
        if said and targets.currency is not None and targets.currency not in said:
            raise UsageError(
                Text(
                    "{place}: {text!r} is in {said}, others in {currency}.",
                    "{place}: {text!r} là {said}, các số khác là {currency}.",
                ).filled(
                    place=cell.place, text=str(cell.text)[:40], said=joined(OR, sorted(said)), currency=targets.currency
                ),
                hint=Text(
                    "Give all targets in the currency of the exports.", "Ghi mọi chỉ tiêu theo loại tiền của dữ liệu."
                ),
            )
        if said:
            targets.currency = targets.currency or USUAL.get(said, min(said))


# --- JSON --------------------------------------------------------------------------------------------------------


def _from_json(text: str, name: str, targets: Targets) -> list[TargetCell]:
    try:
        data: Any = json.loads(text)
    except ValueError as error:
        raise UsageError(
            Text("{name}: is not JSON: {error}.", "{name}: không phải JSON: {error}.").filled(
                name=name, error=foreign(error)
            ),
            hint=_WRITE_AGAIN,
        ) from None
    if data.get("format") not in (FORMAT, TRACK_FORMAT):
        raise UsageError(
            Text("{name}: is {format!r}, not {wanted}.", "{name}: là {format!r}, không phải {wanted}.").filled(
                name=name, format=data.get("format"), wanted=FORMAT
            ),
            hint=Text("Name a file of funnelcli targets.", "Nêu một tệp do funnelcli targets ghi."),
        )
    if data.get("format_version") != VERSION:
        raise UsageError(
            Text(
                "{name}: format_version {version!r} is not known here.",
                "{name}: bản này không biết format_version {version!r}.",
            ).filled(name=name, version=data.get("format_version")),
            hint=Text(
                "Write it again with this funnelcli, or update funnelcli.",
                "Ghi lại bằng bản funnelcli này, hoặc cập nhật funnelcli.",
            ),
        )
    try:
        targets.currency = data.get("currency")
        if data["format"] == TRACK_FORMAT:
            targets.one_off = bool(data["one_off"])
            return _replanned(data, name)
        targets.one_off = data["goal"].get("model") == "one_off"
        return _json_rows(data["rows"], name, "value")
    except (KeyError, TypeError, AttributeError) as error:
        lacking = as_text(str(error)) if isinstance(error, KeyError) else foreign(error)
        raise UsageError(
            Text("{name}: lacks {what}.", "{name}: thiếu {what}.").filled(name=name, what=lacking), hint=_WRITE_AGAIN
        ) from None


_ROW = Text("{name}: row {n}", "{name}: dòng {n}")


def _json_rows(rows: Sequence[Mapping[str, Any]], name: str, value: str) -> list[TargetCell]:
    return [
        TargetCell(place=place, key=key, month=month_of_cell(cell["period"], place), text=cell[value])
        for number, row in enumerate(rows, start=1)
        if (
            key := row_key(
                row["metric"], row["channel"] or "", row["team"] or "", place := _ROW.filled(name=name, n=number)
            )
        )
        for cell in row["cells"]
        if cell[value] is not None
    ]


def _replanned(data: Mapping[str, Any], name: str) -> list[TargetCell]:
    """The targets of a comparison, in the place of which the replanned ones stand where there are some."""
    anew = _json_rows(data["replanned"], name, "value")
    replaced = {(cell.key, cell.month) for cell in anew}
    first = _json_rows(data["rows"], name, "target")
    return [*anew, *(cell for cell in first if (cell.key, cell.month) not in replaced)]


# --- CSV ---------------------------------------------------------------------------------------------------------


def _from_csv(text: str, name: str, targets: Targets) -> list[TargetCell]:
    first, *rows = rows_of(text) or [SmallRow(line=1, cells=(), text="")]
    header = [_HEADERS.get(fold(cell), cell.strip()) for cell in first.cells]
    if "metric" not in header:
        raise UsageError(
            Text(
                "{name}: has no column metric. Headers seen: {seen}.",
                "{name}: không có cột metric. Các tiêu đề trong tệp: {seen}.",
            ).filled(name=name, seen=", ".join(header[:8])),
            hint=Text(
                "Targets are what funnelcli targets writes as CSV or JSON, or a table of metric,2027-01,2027-02,…",
                "Chỉ tiêu là tệp CSV hoặc JSON do funnelcli targets ghi, hoặc bảng metric,2027-01,2027-02,…",
            ),
        )
    value = next((column for column in ("value", "target") if column in header), None)
    cells = (
        _tidy(header, rows, name, value, targets)
        if "period" in header and value
        else _wide(header, rows, name, targets)
    )
    return list(cells)


def _rows(header: Sequence[str], rows: Iterable[SmallRow], targets: Targets) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows that may hold targets, with their lines; what else stands in the file is noted on the way."""
    for written in rows:
        cells = written.cells
        row = {column: cell.strip() for column, cell in zip(header, [*cells, *[""] * len(header)], strict=False)}
        if row["metric"] == Key.DEAL_SIZE.value:
            targets.one_off = True
        targets.currency = targets.currency or row.get("currency") or None
        if any(cells) and not row.get("variant"):
            yield written.line, row


def _tidy(
    header: Sequence[str], rows: Iterable[SmallRow], name: str, value: str, targets: Targets
) -> Iterable[TargetCell]:
    for number, row in _rows(header, rows, targets):
        text = row.get("replanned") or row[value]
        if row["period"] in ("goal", "assumption", "total") or not text:
            continue
        place = f"{name}:{number}"
        key = row_key(row["metric"], row.get("channel", ""), row.get("team", ""), place)
        if key:
            yield TargetCell(place=place, key=key, month=month_of_cell(row["period"], place), text=text)


def _wide(header: Sequence[str], rows: Iterable[SmallRow], name: str, targets: Targets) -> Iterable[TargetCell]:
    months = {column: month for column in header if (month := month_named(column))}
    twice = [column for column in months if header.count(column) > 1]
    if twice:
        raise UsageError(
            Text("{name}:1: there are two columns {column!r}.", "{name}:1: có hai cột {column!r}.").filled(
                name=name, column=twice[0]
            ),
            hint=_KEEP_ONE,
        )
    spoilt = [column for column in header if column not in months and re.fullmatch(r"\d[\d/.\-]*", column)]
    if spoilt:
        raise UsageError(
            NOT_A_MONTH.filled(place=f"{name}:1", text=spoilt[0]),
            hint=Text("Write the months like 2027-01.", "Viết các tháng như 2027-01."),
        )
    if not months:
        raise UsageError(
            Text(
                "{name}: has no column of a month like 2027-01.", "{name}: không có cột tháng nào như 2027-01."
            ).filled(name=name),
            hint=Text("Write the months as the headers.", "Viết các tháng làm tiêu đề cột."),
        )
    besides = besides_targets()
    for number, row in _rows(header, rows, targets):
        if row.get("origin") or row["metric"] in besides:
            continue
        key = row_key(row["metric"], row.get("channel", ""), row.get("team", ""), f"{name}:{number}")
        for column, month in months.items():
            if key and row[column]:
                yield TargetCell(place=f"{name}:{number}", key=key, month=month, text=row[column])
