"""Time series: bars for counts and levels, a line for rates, and the small line beside a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup, escape
from msgspec import Struct

from funnelcli.renderers.charts.scale import number, top_of

WIDTH, HEIGHT = 360, 150
_TOP, _BOTTOM, _RIGHT = 10, 126, 356
_LETTER = 6.8  # the width of a digit of the axis
_SPARK_HEIGHT = 40


class Mark(Struct, frozen=True, kw_only=True):
    """A period of a series: its value (None: missing), its target, and what its title says.

    ``bounds`` are those of what is foretold, from the lowest to the highest: two pairs, the inner within the outer.
    """

    value: float | None
    title: str
    label: str = ""
    partial: bool = False
    target: float | None = None
    missing: str = ""
    bounds: tuple[float, ...] = ()


class Chart(Struct, frozen=True, kw_only=True):
    """A chart of a metric: its name, what it shows in words, and its marks.

    ``headline`` is the place of the mark that stands out; ``axis`` writes a tick.
    """

    name: str
    described: str
    marks: Sequence[Mark]
    headline: int
    ticks: tuple[str, str, str]
    top: float
    is_rate: bool
    no_data: str = ""
    name_id: str = ""

    @property
    def is_fan(self) -> bool:
        """Whether some of it is foretold, with bounds."""
        return any(mark.bounds for mark in self.marks)


def axis_top(values: Sequence[float | None], *, whole: bool) -> float:
    """The end of the axis that holds some values."""
    return top_of(max((value for value in values if value is not None), default=0.0), whole=whole)


def chart(drawn: Chart) -> Markup:
    """A chart as an image with a title, a description, and a title on each mark."""
    gutter = max(len(tick) for tick in drawn.ticks) * _LETTER + 8
    box = _Box(left=gutter, step=(_RIGHT - gutter) / max(len(drawn.marks), 1), top=drawn.top)
    parts = [
        *_axis(drawn, box),
        *_gaps(drawn, box),
        *_fan(drawn, box),
        *(_line(drawn, box) if drawn.is_rate or drawn.is_fan else _bars(drawn, box)),
        *_targets(drawn, box),
        *_dates(drawn, box),
    ]
    head = (
        f'<svg class="chart" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" aria-labelledby="{drawn.name_id}">'
        f'<title id="{drawn.name_id}">{escape(drawn.name)}</title><desc>{escape(drawn.described)}</desc>'
    )
    return Markup(head + "".join(parts) + "</svg>")


class _Box(Struct, frozen=True, kw_only=True):
    """Where values and periods lie."""

    left: float
    step: float
    top: float

    def y(self, value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * min(value / self.top, 1.0)

    def start(self, place: int) -> float:
        return self.left + self.step * place

    def middle(self, place: int) -> float:
        return self.left + self.step * (place + 0.5)


def _axis(drawn: Chart, box: _Box) -> Iterator[str]:
    for tick, value in zip(drawn.ticks, (0.0, drawn.top / 2, drawn.top), strict=True):
        y, base = number(box.y(value)), ' class="base"' if not value else ' class="grid"'
        yield f'<path{base} d="M{number(box.left)} {y}H{_RIGHT}"/>'
        yield f'<text x="{number(box.left - 5)}" y="{number(box.y(value) + 4)}" class="end">{escape(tick)}</text>'
    if drawn.is_rate and drawn.top > 1:
        yield f'<path class="dots" d="M{number(box.left)} {number(box.y(1.0))}H{_RIGHT}"/>'


def _gaps(drawn: Chart, box: _Box) -> Iterator[str]:
    """A band over periods without a figure, with words where there is room."""
    for is_gap, run in groupby(enumerate(drawn.marks), key=lambda item: item[1].value is None):
        places = list(run)
        if not is_gap:
            continue
        first, count = places[0][0], len(places)
        why = next((mark.missing for _, mark in places if mark.missing), "")
        title = f"<title>{escape(places[0][1].title)}</title>" if count == 1 else f"<title>{escape(why)}</title>"
        width = box.step * count
        yield (
            f'<rect class="gap" x="{number(box.start(first))}" y="{_TOP}" width="{number(width)}" '
            f'height="{_BOTTOM - _TOP}">{title}</rect>'
        )
        if width > len(drawn.no_data) * _LETTER:
            middle = number(box.start(first) + width / 2)
            yield f'<text class="mid" x="{middle}" y="{(_TOP + _BOTTOM) // 2}">{escape(drawn.no_data)}</text>'


def _bars(drawn: Chart, box: _Box) -> Iterator[str]:
    width = box.step * 0.76
    for place, mark in enumerate(drawn.marks):
        if mark.value is None:
            continue
        height = max(_BOTTOM - box.y(max(mark.value, 0.0)), 1.5)
        look = "part" if mark.partial else "data" if place == drawn.headline else "soft"
        yield (
            f'<rect class="{look}" x="{number(box.start(place) + box.step * 0.12)}" y="{number(_BOTTOM - height)}" '
            f'width="{number(width)}" height="{number(height)}"><title>{escape(mark.title)}</title></rect>'
        )


def _fan(drawn: Chart, box: _Box) -> Iterator[str]:
    """The bands of what is foretold, the wider one below; they open from the last figure that is known."""
    known = next((mark.value for mark in reversed(drawn.marks) if not mark.bounds and mark.value is not None), None)
    ahead = [place for place, mark in enumerate(drawn.marks) if mark.bounds]
    if not ahead:
        return
    for look, low, high in (("outer-fan", 0, 3), ("fan", 1, 2)):
        lows = [(box.middle(place), box.y(drawn.marks[place].bounds[low])) for place in ahead]
        highs = [(box.middle(place), box.y(drawn.marks[place].bounds[high])) for place in ahead]
        start = [] if known is None or not ahead[0] else [(box.middle(ahead[0] - 1), box.y(known))]
        points = "L".join(f"{number(x)} {number(y)}" for x, y in [*start, *lows, *reversed(highs)])
        yield f'<path class="{look}" d="M{points}Z"/>'


def _line(drawn: Chart, box: _Box) -> Iterator[str]:
    """Segments between neighbours that both have a figure; dashed to a period that is not yet whole."""
    whole: list[str] = []
    pen = False
    for place, mark in enumerate(drawn.marks):
        if mark.value is None:
            pen = False
            continue
        point = f"{number(box.middle(place))} {number(box.y(mark.value))}"
        if mark.partial and pen:
            before = drawn.marks[place - 1]
            assert before.value is not None
            start = f"{number(box.middle(place - 1))} {number(box.y(before.value))}"
            yield f'<path class="line dash" d="M{start}L{point}"/>'
        else:
            whole.append(f"{'L' if pen else 'M'}{point}")
        pen = True
    if whole:
        yield f'<path class="line" d="{"".join(whole)}"/>'
    for place, mark in enumerate(drawn.marks):
        if mark.value is None:
            continue
        look, radius = ("open", 4) if mark.partial else ("dot", 4 if place == drawn.headline else 2)
        x, y = number(box.middle(place)), number(box.y(mark.value))
        yield f'<circle class="{look}" cx="{x}" cy="{y}" r="{radius}"><title>{escape(mark.title)}</title></circle>'


def _targets(drawn: Chart, box: _Box) -> Iterator[str]:
    """A dash a period: never joined, since nothing is wanted between two of them."""
    dashes = "".join(
        f"M{number(box.start(place) + 1)} {number(box.y(mark.target))}h{number(box.step - 2)}"
        for place, mark in enumerate(drawn.marks)
        if mark.target is not None
    )
    if dashes:
        yield f'<path class="halo" d="{dashes}"/><path class="goal" d="{dashes}"/>'


def _dates(drawn: Chart, box: _Box) -> Iterator[str]:
    """The first and the last period, and those between that have a label and room for it."""
    last = len(drawn.marks) - 1
    taken = [(0, "start")] if last else []
    room = max((len(mark.label) for mark in drawn.marks), default=0) * _LETTER + 8
    for place, mark in enumerate(drawn.marks[1:-1], start=1):
        before = box.start(0) + room if len(taken) < 2 else box.middle(taken[-1][0]) + room / 2
        if mark.label and box.middle(place) - room / 2 > before and box.middle(place) + room / 2 < _RIGHT - room:
            taken.append((place, "mid"))
    for place, anchor in [*taken, (last, "end")]:
        x = box.start(place) if anchor == "start" else _RIGHT if anchor == "end" else box.middle(place)
        yield f'<text class="{anchor}" x="{number(x)}" y="{HEIGHT - 6}">{escape(drawn.marks[place].label)}</text>'


def spark(
    marks: Sequence[Mark], headline: int, *, filled: bool = False, width: int = 160, whole: bool = False
) -> Markup:
    """The small line beside a figure, from zero on a scale of its own; hidden from readers, which have the figure.

    A ``whole`` one is drawn at whole coordinates, where there are many of them.
    """
    values = [value for mark in marks for value in (mark.value, mark.target) if value is not None]
    most = max(values, default=0.0)
    step = (width - 8) / max(len(marks) - 1, 1)

    def at(value: float) -> str:
        return number(round(value) if whole else value)

    def x(place: int) -> str:
        return at(4 + step * place)

    def y(value: float) -> str:
        return at(_SPARK_HEIGHT - 4 - (_SPARK_HEIGHT - 10) * (value / most if most else 0.0))

    path, area, pen = "", "", -1
    for place, mark in enumerate(marks):
        if mark.value is None:
            pen = -1
            continue
        if mark.partial and place > headline:
            continue
        path += f"{'L' if pen == place - 1 and pen >= 0 else 'M'}{x(place)} {y(mark.value)}"
        pen = place
    known = [place for place, mark in enumerate(marks[: headline + 1]) if mark.value is not None]
    if filled and known and all(marks[place].value is not None for place in range(known[0], headline + 1)):
        points = "".join(f"L{x(place)} {y(marks[place].value or 0.0)}" for place in known)
        floor = _SPARK_HEIGHT - 4
        area = f'<path class="area" d="M{x(known[0])} {floor}{points}V{floor}Z"/>'
    goals = "".join(
        f"M{number(4 + step * place - step * 0.42)} {y(mark.target)}h{number(step * 0.84)}"
        for place, mark in enumerate(marks)
        if mark.target is not None
    )
    dot = marks[headline].value
    end = "" if dot is None else f'<circle class="dot" cx="{x(headline)}" cy="{y(dot)}" r="3"/>'
    return Markup(
        f'<svg class="spark" viewBox="0 0 {width} {_SPARK_HEIGHT}" aria-hidden="true" focusable="false">'
        f'<path class="base" d="M0 {_SPARK_HEIGHT - 4}H{width}"/>{area}<path class="line" d="{path}"/>'
        f"{f'<path class=goal d={chr(34)}{goals}{chr(34)}/>' if goals else ''}{end}</svg>"
    )
