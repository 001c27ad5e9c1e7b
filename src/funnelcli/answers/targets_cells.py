"""What the cells of a file of targets say: which figure, channel and month is meant, and how much."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from funnelcli.answers.phrases import NOT_A_MONTH
from funnelcli.metrics import CATALOGUE
from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.goals import GOALS
from funnelcli.planning.keys import Key
from funnelcli.planning.metrics import PLANNED
from funnelcli.planning.model import RowKey
from funnelcli.problems import UsageError
from funnelcli.text import Text, did_you_mean
from funnelcli.values.amounts import parse_amount
from funnelcli.values.channels import Channel, ChannelMap
from funnelcli.values.dates import read_month
from funnelcli.values.figures import Unit
from funnelcli.values.numbers import DecimalMark, NumberEvidence, read_number

# How Excel shows 2026-08: Aug-26.
_SHORT_MONTH = re.compile(r"([A-Za-z]{3})-(\d{2})")


@dataclass(frozen=True, kw_only=True)
class TargetCell:
    """A target as it is written, with its place for the errors."""

    place: Text | str
    key: RowKey
    month: str
    text: str | float


def besides_targets() -> set[str]:
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
            names.setdefault(fold(text), metric.key)
        if metric.actual is not None:
            dashboard = CATALOGUE[metric.actual]
            for text in (metric.actual, dashboard.label.en, dashboard.label.vi):
                names.setdefault(fold(text), metric.key)
    return names


def fold(text: str) -> str:
    """A name as it is compared: whatever its case, with underscores between its words."""
    return text.strip().casefold().replace("-", "_").replace(" ", "_")


def metric_named(text: str, place: Text | str) -> str:
    """The planned metric of a name: its own, the dashboard's, or a label; UsageError with the closest."""
    names = _names()
    key = names.get(fold(text))
    if key is None:
        close = difflib.get_close_matches(fold(text), names, n=1)
        known = ", ".join(metric.actual or key for key, metric in PLANNED.items() if metric.tracked)
        raise UsageError(
            Text(
                "{place}: {text!r} is no metric that has targets.{guess}",
                "{place}: {text!r} không phải chỉ số có chỉ tiêu.{guess}",
            ).filled(place=place, text=text, guess=did_you_mean(close)),
            hint=Text("Known: {known}.", "Các chỉ số có chỉ tiêu: {known}.").filled(known=known),
        )
    return key


def row_key(metric: str, channel: str, team: str, place: Text | str) -> RowKey | None:
    """What a row is about; None where that is not tracked."""
    key = (metric_named(metric, place), _channel(channel, place), team.removeprefix("'") or None)
    return key if PLANNED[key[0]].tracked else None


def _channel(text: str, place: Text | str) -> Channel | None:
    if not text:
        return None
    try:
        return Channel(fold(text))
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


def month_named(text: str) -> str | None:
    """The month a header or cell names, also as a spreadsheet may have rewritten it.

    >>> month_named("2027-01"), month_named("Jan-27"), month_named("01/2027"), month_named("total")
    ('2027-01', '2027-01', '2027-01', None)
    """
    short = _SHORT_MONTH.fullmatch(text)
    month = read_month(f"{short[1]} 20{short[2]}" if short else text)
    return f"{month:%Y-%m}" if month else None


def month_of_cell(text: object, place: Text | str) -> str:
    """The month of a target; UsageError where the cell names none."""
    month = month_named(text) if isinstance(text, str) else None
    if month is None:
        raise UsageError(
            NOT_A_MONTH.filled(place=place, text=text),
            hint=Text("Targets are by month, like 2027-01.", "Chỉ tiêu theo tháng, như 2027-01."),
        )
    return month


def decimal_mark(cells: Sequence[TargetCell]) -> DecimalMark | None:
    """The decimal mark that the file's own numbers prove; a spreadsheet may have changed it."""
    evidence = NumberEvidence()
    for cell in cells:
        if isinstance(cell.text, str) and not PLANNED[cell.key[0]].whole:
            evidence.observe(cell.text, cell.place)
    return evidence.mark


def number_of(cell: TargetCell, mark: DecimalMark | None) -> Fraction:
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


def _written(plain: str, text: str, mark: DecimalMark | None, cell: TargetCell) -> Fraction:
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
