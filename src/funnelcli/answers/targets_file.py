"""Targets read back from what ``funnelcli targets`` or ``track --replan`` wrote, or from a table of one's own."""

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from funnelcli.answers.phrases import NOT_A_MONTH
from funnelcli.metrics import CATALOGUE
from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.goals import GOALS
from funnelcli.planning.keys import Key
from funnelcli.planning.metrics import PLANNED
from funnelcli.planning.model import RowKey
from funnelcli.problems import UsageError
from funnelcli.reading.small import SmallRow, rows_of
from funnelcli.text import OR, Text, as_text, did_you_mean, foreign, joined
from funnelcli.values.amounts import parse_amount
from funnelcli.values.channels import Channel, ChannelMap
from funnelcli.values.currencies import USUAL, currencies_in
from funnelcli.values.dates import read_month
from funnelcli.values.figures import Unit
from funnelcli.values.numbers import DecimalMark, NumberEvidence, read_number
from funnelcli.values.periods import Grain, Period, parse_bound

FORMAT, TRACK_FORMAT = "funnelcli.targets", "funnelcli.track"
VERSION = 1
_KEEP_ONE = Text("Keep one of the two.", "Giữ một trong hai.")
_WRITE_AGAIN = Text("Write it again with funnelcli targets -f json.", "Ghi lại bằng funnelcli targets -f json.")
# How Excel shows 2026-08: Aug-26.
_SHORT_MONTH = re.compile(r"([A-Za-z]{3})-(\d{2})")
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


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """A target as it is written, with its place for the errors."""

    place: Text | str
    key: RowKey
    month: str
    text: str | float


def read_targets(text: str, name: str) -> Targets:
    """The targets in a JSON or CSV text.  UsageError names the place and what is wrong.

    >>> read_targets("metric,2027-01\\nnew_signups,400\\n", "t.csv").rows
    {('required_new_signups', None, None): {'2027-01': Fraction(400, 1)}}
    """
    targets = Targets()
    cells = _from_json(text, name, targets) if text.lstrip().startswith("{") else _from_csv(text, name, targets)
    mark = _mark(cells)
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
        row[cell.month] = _number(cell, mark)
    if not targets.rows:
        raise UsageError(
            Text("{name}: holds no target.", "{name}: không có chỉ tiêu nào.").filled(name=name),
            hint=Text(
                "Write one with funnelcli targets … -o targets.csv.",
                "Ghi chỉ tiêu bằng funnelcli targets … -o targets.csv.",
            ),
        )
    return targets


# --- JSON --------------------------------------------------------------------------------------------------------


def _from_json(text: str, name: str, targets: Targets) -> list[_Cell]:
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


def _json_rows(rows: Sequence[Mapping[str, Any]], name: str, value: str) -> list[_Cell]:
    return [
        _Cell(place=place, key=key, month=_month(cell["period"], place), text=cell[value])
        for number, row in enumerate(rows, start=1)
        if (
            key := _key(
                row["metric"], row["channel"] or "", row["team"] or "", place := _ROW.filled(name=name, n=number)
            )
        )
        for cell in row["cells"]
        if cell[value] is not None
    ]


def _replanned(data: Mapping[str, Any], name: str) -> list[_Cell]:
    """The targets of a comparison, in the place of which the replanned ones stand where there are some."""
    anew = _json_rows(data["replanned"], name, "value")
    replaced = {(cell.key, cell.month) for cell in anew}
    first = _json_rows(data["rows"], name, "target")
    return [*anew, *(cell for cell in first if (cell.key, cell.month) not in replaced)]


# --- CSV ---------------------------------------------------------------------------------------------------------


def _from_csv(text: str, name: str, targets: Targets) -> list[_Cell]:
    first, *rows = rows_of(text) or [SmallRow(line=1, cells=(), text="")]
    header = [_HEADERS.get(_fold(cell), cell.strip()) for cell in first.cells]
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


def _tidy(header: Sequence[str], rows: Iterable[SmallRow], name: str, value: str, targets: Targets) -> Iterable[_Cell]:
    for number, row in _rows(header, rows, targets):
        text = row.get("replanned") or row[value]
        if row["period"] in ("goal", "assumption", "total") or not text:
            continue
        place = f"{name}:{number}"
        key = _key(row["metric"], row.get("channel", ""), row.get("team", ""), place)
        if key:
            yield _Cell(place=place, key=key, month=_month(row["period"], place), text=text)


def _wide(header: Sequence[str], rows: Iterable[SmallRow], name: str, targets: Targets) -> Iterable[_Cell]:
    months = {column: month for column in header if (month := _as_month(column))}
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
    besides = _besides()
    for number, row in _rows(header, rows, targets):
        if row.get("origin") or row["metric"] in besides:
            continue
        key = _key(row["metric"], row.get("channel", ""), row.get("team", ""), f"{name}:{number}")
        for column, month in months.items():
            if key and row[column]:
                yield _Cell(place=f"{name}:{number}", key=key, month=month, text=row[column])


# --- cells -------------------------------------------------------------------------------------------------------


def _besides() -> set[str]:
    """What a plan's file says besides targets: assumptions, and a goal in money."""
    goals = {goal.key for goal in GOALS.values() if not goal.whole}
    return {*(key.value for key in Key), *goals} - set(_names())


def _names() -> Mapping[str, str]:
    """The names a planned metric goes by: its own, its labels, and those of the dashboard's metric it is about."""
    return _names_of(tuple(PLANNED.values()))


@lru_cache(maxsize=2)
def _names_of(metrics: Sequence[PlannedMetric]) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for metric in metrics:
        for text in (metric.key, metric.label.en, metric.label.vi, metric.short.en, metric.short.vi):
            names.setdefault(_fold(text), metric.key)
        if metric.actual is not None:
            dashboard = CATALOGUE[metric.actual]
            for text in (metric.actual, dashboard.label.en, dashboard.label.vi):
                names.setdefault(_fold(text), metric.key)
    return names


def _fold(text: str) -> str:
    return text.strip().casefold().replace("-", "_").replace(" ", "_")


def metric_named(text: str, place: Text | str) -> str:
    """The planned metric of a name: its own, the dashboard's, or a label; UsageError with the closest."""
    names = _names()
    key = names.get(_fold(text))
    if key is None:
        close = difflib.get_close_matches(_fold(text), names, n=1)
        known = ", ".join(metric.actual or key for key, metric in PLANNED.items() if metric.tracked)
        raise UsageError(
            Text(
                "{place}: {text!r} is no metric that has targets.{guess}",
                "{place}: {text!r} không phải chỉ số có chỉ tiêu.{guess}",
            ).filled(place=place, text=text, guess=did_you_mean(close)),
            hint=Text("Known: {known}.", "Các chỉ số có chỉ tiêu: {known}.").filled(known=known),
        )
    return key


def _key(metric: str, channel: str, team: str, place: Text | str) -> RowKey | None:
    """What a row is about; None where that is not tracked."""
    key = (metric_named(metric, place), _channel(channel, place), team.removeprefix("'") or None)
    return key if PLANNED[key[0]].tracked else None


def _channel(text: str, place: Text | str) -> Channel | None:
    if not text:
        return None
    try:
        return Channel(_fold(text))
    except ValueError:
        named = ChannelMap({})
        if named.is_matched(text):
            return named.of(text)
        raise UsageError(
            Text("{place}: {text!r} is no channel.", "{place}: {text!r} không phải kênh.").filled(
                place=place, text=text
            ),
            hint=Text("The channels are {known}.", "Các kênh là {known}.").filled(known=", ".join(Channel)),
        ) from None


def _as_month(text: str) -> str | None:
    """The month a header or cell names, also as a spreadsheet may have rewritten it.

    >>> _as_month("2027-01"), _as_month("Jan-27"), _as_month("01/2027"), _as_month("total")
    ('2027-01', '2027-01', '2027-01', None)
    """
    short = _SHORT_MONTH.fullmatch(text)
    month = read_month(f"{short[1]} 20{short[2]}" if short else text)
    return f"{month:%Y-%m}" if month else None


def _month(text: object, place: Text | str) -> str:
    month = _as_month(text) if isinstance(text, str) else None
    if month is None:
        raise UsageError(
            NOT_A_MONTH.filled(place=place, text=text),
            hint=Text("Targets are by month, like 2027-01.", "Chỉ tiêu theo tháng, như 2027-01."),
        )
    return month


def _mark(cells: Sequence[_Cell]) -> DecimalMark | None:
    """The decimal mark that the file's own numbers prove; a spreadsheet may have changed it."""
    evidence = NumberEvidence()
    for cell in cells:
        if isinstance(cell.text, str) and not PLANNED[cell.key[0]].whole:
            evidence.observe(cell.text, cell.place)
    return evidence.mark


def _one_currency(cells: Sequence[_Cell], targets: Targets) -> None:
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


def _number(cell: _Cell, mark: DecimalMark | None) -> Fraction:
    """The number of a cell; 1.200 is refused, as it may be a fraction, but in a whole quota it is thousands."""
    if not isinstance(cell.text, str):
        number = Fraction(str(cell.text))
    else:
        text = cell.text.replace("\u00a0", " ").strip()
        plain = re.sub(r"\s", "", text)
        grouped = re.fullmatch(r"\d{1,3}[.,]\d{3}", plain) and not plain.startswith("0")
        if grouped and PLANNED[cell.key[0]].whole:
            number = Fraction(re.sub("[.,]", "", plain))
        elif grouped and mark is None:
            raise UsageError(
                Text(
                    "{place}: {text!r} could be thousands or a fraction.",
                    "{place}: {text!r} có thể là hàng nghìn hoặc số thập phân.",
                ).filled(place=cell.place, text=text),
                hint=Text("Write it plainly, like 1200 or 1.2.", "Viết rõ, như 1200 hoặc 1.2."),
            )
        else:
            number = _written(plain, text, mark, cell)
    if number < 0:
        raise UsageError(
            Text("{place}: a target of {text} is below 0.", "{place}: chỉ tiêu {text} nhỏ hơn 0.").filled(
                place=cell.place, text=cell.text
            ),
            hint=Text("Targets are 0 or more.", "Chỉ tiêu từ 0 trở lên."),
        )
    return number


def _written(plain: str, text: str, mark: DecimalMark | None, cell: _Cell) -> Fraction:
    if "%" in plain:
        raise UsageError(
            Text(
                "{place}: {text!r} is a share, not a target.", "{place}: {text!r} là tỷ lệ, không phải chỉ tiêu."
            ).filled(place=cell.place, text=text[:40]),
            hint=Text("Write the number itself, like 400.", "Viết chính con số, như 400."),
        )
    if re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", plain, re.IGNORECASE) and mark != ",":
        return Fraction(plain)
    known = read_number(plain, mark)
    if known is not None:
        return Fraction(str(known))
    try:
        if PLANNED[cell.key[0]].unit is Unit.AMOUNT:
            return parse_amount(text)
    except ValueError:
        pass
    raise UsageError(
        Text("{place}: {text!r} is not a number.", "{place}: {text!r} không phải số.").filled(
            place=cell.place, text=text[:40]
        ),
        hint=Text("Write it plainly, like 400.", "Viết rõ, như 400."),
    )
