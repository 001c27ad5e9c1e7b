"""Bars that stand in a cell: their lengths are shares of it, so that nothing is scaled.

They say nothing that the cells beside them do not say, and are hidden from who listens to the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct

from funnelcli.renderers.charts.scale import share

_OPEN = '<svg class="bar {kind}" width="100%" height="{height}" aria-hidden="true" focusable="false">'
PROGRESS_END = 1.5


def bar(
    length: float, *, look: str = "data", marker: float | None = None, ends: tuple[float, float] | None = None
) -> Markup:
    """A bar of a share of its cell on a track; a ``marker`` shows what it was before, ``ends`` its interval.

    >>> 'width="25%"' in bar(0.25), 'class="whisker"' in bar(0.25, ends=(0.1, 0.4))
    (True, True)
    """
    height = 26 if marker is not None else 20
    at = "" if marker is None else _triangle(marker, 20)
    over = "" if length <= 1 else '<text x="100%" y="15" dx="-4" class="over">»</text>'
    return Markup(
        _OPEN.format(kind="", height=height)
        + f'<rect class="track" width="100%" height="20"/><rect class="{look}" width="{share(length)}" height="20"/>'
        + over
        + at
        + ("" if ends is None else _whisker(*ends))
        + "</svg>"
    )


def _whisker(low: float, high: float) -> str:
    """A line from one end of an interval to the other, with a stroke at either."""
    first, last = share(low), share(high)
    strokes = "".join(f'<line class="whisker" x1="{x}" x2="{x}" y1="5" y2="15"/>' for x in (first, last))
    return f'<line class="whisker" x1="{first}" x2="{last}" y1="10" y2="10"/>{strokes}'


def _triangle(at: float, y: int) -> str:
    """A small triangle under a place, which says what was or what is expected."""
    return f'<svg x="{share(at)}" y="{y}" overflow="visible"><path class="was" d="M0 0l4 6h-8z"/></svg>'


def progress(done: float, *, partial: bool, pace: float | None) -> Markup:
    """A bar from 0 to 150 % of a target with a tick at 100 %; what is beyond is marked, and the pace by a triangle."""
    end = PROGRESS_END
    over = '<text x="100%" y="13" dx="-4" class="over">»</text>' if done > end else ""
    at = "" if pace is None else _triangle(pace / end, 16)
    return Markup(
        _OPEN.format(kind="prog", height=22)
        + f'<rect class="track" width="{share(1 / end)}" height="16"/>'
        + f'<rect class="{"part" if partial else "data"}" width="{share(done / end)}" height="16"/>'
        + f'<svg x="{share(1 / end)}" overflow="visible"><rect class="tick" x="-1" y="-1" width="3" height="18"/></svg>'
        + over
        + at
        + "</svg>"
    )


class Fall(Struct, frozen=True, kw_only=True):
    """A line of a waterfall: from where to where, and how it looks; ``broken`` where the axis does not begin at 0."""

    start: float
    end: float
    look: str
    before: float | None = None
    after: float | None = None
    broken: bool = False


def axis_of(levels: Sequence[tuple[float, float, str]]) -> tuple[float, float]:
    """Where an axis begins and ends: at 0, unless what came and went would then be too small to be seen.

    >>> axis_of([(0, 100, "level"), (100, 130, "data"), (0, 130, "level")])
    (0.0, 130)
    >>> axis_of([(0, 1000, "level"), (1000, 1005, "data"), (0, 1005, "level")])
    (995, 1005)
    """
    ends = [value for begin, end, look in levels for value in ((end,) if look == "level" else (begin, end))]
    high, lowest = max([*ends, 1.0]), min(ends)
    flows = [abs(end - begin) for begin, end, look in levels if look != "level" and end != begin]
    if lowest <= 0 or not flows or max(flows) >= high * 0.02:
        return 0.0, high
    width = max(high - lowest, max(flows))
    size = 10 ** (len(str(int(width))) - 1)
    low = (lowest - width) // size * size
    return (max(low, 0.0), high) if low > high * 0.5 else (0.0, high)


def falls(levels: Sequence[tuple[float, float, str]], low: float, high: float) -> list[Fall]:
    """The lines of a waterfall as shares of an axis from ``low`` to ``high``, with the levels that connect them.

    Each of ``levels`` is where a line begins, where it ends, and how it looks.
    """
    width = (high - low) or 1.0

    def at(value: float) -> float:
        return (value - low) / width

    return [
        Fall(
            start=at(min(begin, end)) if look != "level" else 0.0,
            end=at(max(begin, end)),
            look=look,
            before=at(levels[place - 1][1]) if place else None,
            after=at(end) if place < len(levels) - 1 else None,
            broken=low > 0 and look == "level",
        )
        for place, (begin, end, look) in enumerate(levels)
    ]


def fall(line: Fall) -> Markup:
    """A line of a waterfall: the bar, and the level that connects it to the lines above and below."""
    lines = ""
    if line.before is not None:
        lines += f'<line class="join" x1="{share(line.before)}" x2="{share(line.before)}" y1="0" y2="5"/>'
    if line.after is not None:
        lines += f'<line class="join" x1="{share(line.after)}" x2="{share(line.after)}" y1="25" y2="30"/>'
    if line.end - line.start < 0.0005 and line.look != "level":
        x = share(line.end)
        lines += f'<line class="join" x1="{x}" x2="{x}" y1="0" y2="30"/>'
    zigzag = '<path class="zigzag" d="M14 3l-5 6 6 6-6 6 5 6"/>' if line.broken else ""
    return Markup(
        _OPEN.format(kind="fall", height=30)
        + f'<rect class="{line.look}" x="{share(line.start)}" y="5" width="{share(line.end - line.start)}" '
        + f'height="20"/>{lines}{zigzag}</svg>'
    )
