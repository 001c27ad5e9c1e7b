"""A wheel of three forces around a hub, as a drawing that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, pi, sin

from markupsafe import Markup, escape
from msgspec import Struct

from funnelcli.renderers.charts.scale import number

_SIZE = 360
_MIDDLE = _SIZE / 2
_OUTER, _INNER, _RIM, _HUB = 166, 66, 9, 54
_GAP = 5.0  # degrees between two forces
_BRAKE, _BRAKE_WIDTH = 174, 8
_LINE = 14  # of text
_MOST_LETTERS = 13  # of a label in a line


class Sector(Struct, frozen=True, kw_only=True):
    """A force, or the hub: its name, its figure, and the lines that say what that is."""

    title: str
    figure: str
    lines: tuple[str, ...]


def wrapped(text: str, most: int = _MOST_LETTERS) -> tuple[str, ...]:
    """A text in at most two lines of so many letters; what has no room is cut.

    >>> wrapped("Referrals among new PU"), wrapped("NPS")
    (('Referrals', 'among new PU'), ('NPS',))
    """
    words, lines = text.split(" "), [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= most or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > 2:
        lines = [lines[0], " ".join(lines[1:])[: most - 1].rstrip() + "…"]
    return tuple(lines)


def wheel(sectors: Sequence[Sector], hub: Sector, *, name: str, described: str, is_braked: bool) -> Markup:
    """The drawing: sectors clockwise from the top, arrows between them, and brakes where there is friction.

    ``name`` is the id of what it is described by, ``described`` what it shows, for who listens to the page.
    """
    parts = [part for place, sector in enumerate(sectors) for part in _sector(sector, place, len(sectors))]
    brakes = list(_brakes()) if is_braked else []
    return Markup(
        f'<svg class="wheel" viewBox="0 0 {_SIZE} {_SIZE}" role="img" aria-labelledby="{escape(name)}">'
        f'<title id="{escape(name)}">{escape(described)}</title>' + "".join((*parts, *brakes, *_hub(hub))) + "</svg>"
    )


def _at(radius: float, degrees: float) -> tuple[float, float]:
    angle = degrees * pi / 180
    return _MIDDLE + radius * cos(angle), _MIDDLE + radius * sin(angle)


def _point(radius: float, degrees: float) -> str:
    x, y = _at(radius, degrees)
    return f"{number(x)} {number(y)}"


def _ring(inner: float, outer: float, begin: float, end: float) -> str:
    """A part of a ring between two angles."""
    large = int(end - begin > 180)
    return (
        f"M{_point(outer, begin)}A{outer} {outer} 0 {large} 1 {_point(outer, end)}"
        f"L{_point(inner, end)}A{inner} {inner} 0 {large} 0 {_point(inner, begin)}Z"
    )


def _sector(sector: Sector, place: int, count: int) -> Iterator[str]:
    width = 360 / count
    middle = -90 + place * width
    begin, end = middle - width / 2 + _GAP / 2, middle + width / 2 - _GAP / 2
    yield f'<path class="track" d="{_ring(_INNER, _OUTER - _RIM, begin, end)}"/>'
    yield f'<path class="data" d="{_ring(_OUTER - _RIM, _OUTER, begin, end)}"/>'
    # An arrow over the gap: which way the wheel turns.
    tip, back = end + _GAP, end - 2
    yield f'<path class="data" d="M{_point(_OUTER + 6, back)}L{_point(_OUTER - _RIM / 2, tip + 3)}'
    yield f'L{_point(_OUTER - _RIM - 6, back)}Z"/>'
    x, y = _at((_INNER + _OUTER - _RIM) / 2, middle)
    yield from _text(sector, x, y)


def _text(sector: Sector, x: float, y: float) -> Iterator[str]:
    top = y - (len(sector.lines) * _LINE + 24) / 2 + 5
    yield f'<text class="mid force" x="{number(x)}" y="{number(top)}">{escape(sector.title)}</text>'
    yield f'<text class="mid figure" x="{number(x)}" y="{number(top + 24)}">{escape(sector.figure)}</text>'
    for place, line in enumerate(sector.lines):
        yield f'<text class="mid" x="{number(x)}" y="{number(top + 39 + place * _LINE)}">{escape(line)}</text>'


def _hub(hub: Sector) -> Iterator[str]:
    yield f'<circle class="hub" cx="{_MIDDLE:g}" cy="{_MIDDLE:g}" r="{_HUB}"/>'
    yield from _text(hub, _MIDDLE, _MIDDLE)


def _brakes() -> Iterator[str]:
    """Two pads on the rim."""
    inner, outer = _BRAKE - _BRAKE_WIDTH / 2, _BRAKE + _BRAKE_WIDTH / 2
    for middle in (0.0, 180.0):
        yield f'<path class="loss" d="{_ring(inner, outer, middle - 16, middle + 16)}"/>'
