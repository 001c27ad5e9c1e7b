"""What made a figure change, as an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from funnelcli.answers.answer import Answer, Block, Column, Heading, Notes, Page, Raw, Sheet, Tab, Table
from funnelcli.answers.cells import Cell, Months, Number, Words
from funnelcli.answers.change import ChangeExplained, PartChange, Split
from funnelcli.text import Message, Text, joined
from funnelcli.values.figures import Unit
from funnelcli.values.placeholders import AS_OF, PERIOD

_TITLE = Message("{label}: {before} → {after}")
_BASIS = Message("From {then} to {now}: {change}")
_MIX, _VOLUME = Message("Share of the whole"), Message("Volume")
_RATE, _ADDS = Message("Own rate"), Message("Adds")
_REST, _ALL = Message("The rest"), Message("All")
_EVEN = Message("By {by} it is spread evenly: nothing shows that some parts changed otherwise than others (p = {p}).")
_UNEVEN = Message("By {by} the parts changed otherwise than by chance alone (p = {p}).")
_UNTESTED = Message("By {by} there is too little to tell whether the parts changed alike.")
_APART_ALONE = Message(
    "By {by} the parts do not add up to the whole, so nothing is said of what they add: each has its own figure."
)
_APART = Message(
    "By {by} the parts do not add up to the whole, so nothing is said of what they add: each has its own figure. "
    "Parts of {keys} do."
)
_HEADER = ("dimension", "part", "before", "after", "mix", "rate", "adds")


def change_answer(explained: ChangeExplained) -> Answer:
    """The change and what made it, for people and programs."""
    return Answer(
        title=explained.metric.label_for(explained.after.grain),
        pages=(Page(blocks=tuple(_blocks(explained))),),
        sheets=(Sheet(header=_HEADER, rows=list(_rows(explained))),),
        data=change_data(explained),
        names={PERIOD: explained.after.key, AS_OF: explained.as_of.isoformat()},
        tabs=lambda: tuple(_tabs(explained)),
    )


def _heading(explained: ChangeExplained) -> Heading:
    metric, grain = explained.metric, explained.after.grain
    facts: dict[str, Cell] = {
        "label": Words(metric.label_for(grain)),
        "before": Months(first=explained.before, grain=grain, partial=explained.before.cut_by(explained.as_of)),
        "after": Months(first=explained.after, grain=grain, partial=explained.after.cut_by(explained.as_of)),
    }
    numbers: dict[str, Cell] = {
        "then": _figure(explained, Fraction(explained.then.value or 0)),
        "now": _figure(explained, Fraction(explained.now.value or 0)),
        "change": _signed(explained, explained.change),
    }
    return Heading(key=metric.key, text=Words(_TITLE, facts=facts), basis=(Words(_BASIS, facts=numbers),))


def _figure(explained: ChangeExplained, value: Fraction | None) -> Number:
    number = None if value is None else float(value)
    return Number(value=number, unit=explained.metric.unit, currency=explained.currency)


def _signed(explained: ChangeExplained, value: Fraction | None) -> Cell:
    """What is added: of a rate in percentage points."""
    if value is None:
        return Words("")
    if explained.metric.unit is Unit.RATE:
        return Words(_POINTS, facts={"n": Words(f"{float(value) * 100:+.2f}")})
    return _figure(explained, value)


_POINTS = Message("{n} pp")


def _blocks(explained: ChangeExplained) -> Iterator[Block]:
    yield _heading(explained)
    for split in explained.splits:
        yield _table(explained, split)
    lines = tuple(Words(_verdict(split)) for split in explained.splits if split.tested or not split.adds_up)
    if lines:
        yield Notes(lines)


def _verdict(split: Split) -> Text:
    if not split.adds_up:
        text = _APART_ALONE if not split.instead else _APART
        return text.filled(by=split.dimension.title, keys=", ".join(split.instead))
    if split.alike is None:
        return _UNTESTED.filled(by=split.dimension.title)
    text = _EVEN if split.is_even else _UNEVEN
    return text.filled(by=split.dimension.title, p=f"{split.alike:.3f}")


def _table(explained: ChangeExplained, split: Split) -> Table:
    is_rate = any(part.mix is not None for part in split.parts)
    mix = _MIX if explained.metric.unit is Unit.RATE else _VOLUME
    grain = explained.after.grain
    headers: list[Cell] = [Words(split.dimension.title), Months(first=explained.before, grain=grain)]
    headers += [Months(first=explained.after, grain=grain)]
    headers += [Words(mix), Words(_RATE)] if is_rate else []
    headers += [Words(_ADDS)] if split.adds_up else []
    lines = [_line(explained, part, is_rate=is_rate, adds=split.adds_up) for part in split.largest]
    if not split.adds_up:
        whole = (Fraction(value.value or 0) for value in (explained.then, explained.now))
        lines.append((Words(_ALL), *(_figure(explained, value) for value in whole)))
        return _grid(split, headers, lines)
    blank = [Words("")] * (4 if is_rate else 2)
    if split.rest or len(split.largest) < len(split.parts):
        lines.append((Words(_REST), *blank, _signed(explained, split.rest)))
    lines.append((Words(_ALL), *blank, _signed(explained, explained.change)))
    return _grid(split, headers, lines)


def _grid(split: Split, headers: Sequence[Cell], lines: Sequence[tuple[Cell, ...]]) -> Table:
    columns = tuple(Column(header=header) for header in headers)
    return Table(title=Words(split.dimension.title), columns=columns, rows=tuple(lines))


def _line(explained: ChangeExplained, part: PartChange, *, is_rate: bool, adds: bool) -> tuple[Cell, ...]:
    own = [_signed(explained, part.mix), _signed(explained, part.rate)] if is_rate else []
    figures = (_figure(explained, part.then), _figure(explained, part.now))
    added = [_signed(explained, part.adds)] if adds else []
    return (Words(part.part.label), *figures, *own, *added)


def _tabs(explained: ChangeExplained) -> Iterator[Tab]:
    heading = _heading(explained)
    for split in explained.splits:
        yield Tab(name=joined("", [split.dimension.title]), blocks=(heading, _table(explained, split)))


def _rows(explained: ChangeExplained) -> Iterator[tuple[Raw, ...]]:
    for split in explained.splits:
        for part in split.parts:
            yield (
                split.dimension.name,
                part.part.key,
                part.then,
                part.now,
                part.mix,
                part.rate,
                _added(split, part),
            )


def change_data(explained: ChangeExplained) -> dict[str, Any]:
    """The change as plain data, format_version 1."""
    return {
        "format": "funnelcli.change",
        "format_version": 1,
        "metric": explained.metric.key,
        "unit": explained.metric.unit.value,
        "as_of": explained.as_of.isoformat(),
        "currency": explained.currency,
        "before": {"period": explained.before.key, "value": explained.then.value},
        "after": {"period": explained.after.key, "value": explained.now.value},
        "change": float(explained.change),
        "splits": [
            {
                "by": split.dimension.name,
                "all_alike_p": split.alike,
                "adds_up": split.adds_up,
                "parts": [
                    {
                        "part": part.part.key, "before": _float(part.then), "after": _float(part.now),
                        "mix": _float(part.mix), "rate": _float(part.rate), "adds": _float(_added(split, part)),
                    }
                    for part in split.parts
                ],
            }
            for split in explained.splits
        ],
    }  # fmt: skip


def _added(split: Split, part: PartChange) -> Fraction | None:
    return part.adds if split.adds_up else None


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
