"""The geometry of the charts: lengths are the values, gaps stay gaps, and every mark says what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelcli.renderers.charts.bars import axis_of, bar, fall, falls, progress
from funnelcli.renderers.charts.scale import share, top_of
from funnelcli.renderers.charts.series import Chart, Mark, axis_top, chart, spark

ZERO, TOP = 126, 10  # y of the axis, y of its end


def drawn(marks: Sequence[Mark], *, is_rate: bool = False, top: float = 100, headline: int = 0) -> ElementTree.Element:
    ticks = ("0", "50", "100")
    svg = chart(
        Chart(
            name="a <b> & c", described="from 1 to 2", marks=marks, headline=headline, ticks=ticks, top=top,
            is_rate=is_rate, no_data="no data", name_id="t",
        )
    )  # fmt: skip
    return ElementTree.fromstring(str(svg))


def marks(*values: float | None, **more: object) -> list[Mark]:
    return [Mark(value=value, title=f"month {place}", **more) for place, value in enumerate(values)]  # type: ignore[arg-type]


def of_class(root: ElementTree.Element, *names: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if element.get("class") in names]


def test_a_fan_opens_from_the_last_figure_known_to_the_bounds_of_each_month_ahead() -> None:
    """Of 100 the axis has 116 px: 50 lies at 126 - 58 = 68, 25 at 97, 75 at 39, 40 at 79.6, 60 at 56.4."""
    ahead = Mark(value=50, title="ahead", partial=True, bounds=(25, 40, 60, 75))
    root = drawn([*marks(50, 50), ahead])
    left, right = 3 * 6.8 + 8, 356  # the room of three digits, the end of the axis
    known, month = (left + (right - left) / 3 * (place + 0.5) for place in (1, 2))
    paths = {path.get("class"): path.get("d") for path in of_class(root, "fan", "outer-fan")}
    assert paths == {
        "outer-fan": f"M{known:.1f} 68L{month:.1f} 97L{month:.1f} 39Z",
        "fan": f"M{known:.1f} 68L{month:.1f} 79.6L{month:.1f} 56.4Z",
    }
    # Lines, not bars, and no line at 1: that is for rates.
    assert not of_class(root, "data", "soft", "part", "dots")
    assert [circle.get("class") for circle in root.iter("circle")] == ["dot", "dot", "open"]


def test_bars_are_as_high_as_their_values_and_say_them() -> None:
    """50 of 100 is half of the 116 px between the axis and its end; nothing is a bar of 1.5 px, missing is none."""
    root = drawn(marks(50, 0, None, 100), headline=3)
    bars = of_class(root, "soft", "data", "part")
    assert [(b.get("class"), float(b.get("height", ""))) for b in bars] == [("soft", 58), ("soft", 1.5), ("data", 116)]
    assert [float(b.get("y", "")) + float(b.get("height", "")) for b in bars] == [ZERO] * 3
    assert ["".join(b.itertext()) for b in bars] == ["month 0", "month 1", "month 3"]
    gap = of_class(root, "gap")
    assert [(g.get("y"), "".join(g.itertext())) for g in gap] == [("10", "month 2")]
    assert root[0].text == "a <b> & c"


def test_a_line_is_broken_where_a_figure_is_missing_and_dashed_to_a_part_of_a_period() -> None:
    points = marks(10, 20, None, 40, 30)
    points[4] = Mark(value=30, title="so far", partial=True)
    root = drawn(points, is_rate=True, headline=3)
    lines = of_class(root, "line")
    assert [len(re.findall("[ML]", line.get("d", ""))) for line in lines] == [3]
    assert lines[0].get("d", "").count("M") == 2
    assert len(of_class(root, "line dash")) == 1
    assert [dot.get("r") for dot in of_class(root, "dot")] == ["2", "2", "4"]
    assert len(of_class(root, "open")) == 1


def test_targets_are_dashes_a_period_and_never_joined() -> None:
    root = drawn([Mark(value=5, title="", target=50), Mark(value=5, title=""), Mark(value=5, title="", target=100)])
    (goal,) = of_class(root, "goal")
    assert re.findall(r"M[\d.]+ ([\d.]+)h", goal.get("d", "")) == ["68", "10"]  # 126 - 58, 126 - 116
    assert [halo.get("d") for halo in of_class(root, "halo")] == [goal.get("d")]


def test_an_axis_that_goes_beyond_the_whole_has_a_line_at_it() -> None:
    assert len(of_class(drawn(marks(1.34), is_rate=True, top=1.6), "dots")) == 1
    assert of_class(drawn(marks(0.9), is_rate=True, top=1.0), "dots") == []


@given(st.floats(min_value=1e-6, max_value=1e15))
def test_an_axis_holds_its_values_and_not_much_more(most: float) -> None:
    """The steps between its ends are at most 1.5 apart (2.4 to 3 is 1.25, 1 to 1.2 … 6 to 8, 8 to 10, 4 to 6)."""
    top = top_of(most)
    assert most * (1 - 1e-9) <= top <= most * 1.51
    assert len(f"{top / 2:.12g}".replace(".", "").strip("0").partition("e")[0]) <= 2


@given(st.integers(min_value=0, max_value=10))
def test_anaxis_of_few_things_ends_evenly(most: int) -> None:
    top = top_of(most, whole=True)
    assert top % 2 == 0
    assert most <= top <= max(most + 1, 2)


def test_lengths_of_bars_are_shares_of_their_cell() -> None:
    assert share(1 / 3) == "33.33%"
    root = ElementTree.fromstring(str(bar(0.25, marker=0.5)))
    assert [rect.get("width") for rect in root.iter("rect")] == ["100%", "25%"]
    assert root[-1].get("x") == "50%"
    beyond = ElementTree.fromstring(str(bar(1.34)))
    assert [rect.get("width") for rect in beyond.iter("rect")] == ["100%", "100%"]
    assert [text.text for text in beyond.iter("text")] == ["»"]


def test_progress_goes_to_one_and_a_half_of_the_target() -> None:
    root = ElementTree.fromstring(str(progress(0.75, partial=True, pace=0.6)))
    assert [(rect.get("class"), rect.get("width")) for rect in root.iter("rect")] == [
        ("track", "66.67%"), ("part", "50%"), ("tick", "3"),
    ]  # fmt: skip
    assert [inner.get("x") for inner in root if inner.tag == "svg"] == ["66.67%", "40%"]
    assert [
        text.text for text in ElementTree.fromstring(str(progress(1.6, partial=False, pace=None))).iter("text")
    ] == ["»"]


LEVELS = [
    (0.0, 206.0, "level"),
    (206.0, 229.0, "data"),
    (229.0, 229.0, "data"),
    (229.0, 225.0, "loss"),
    (0.0, 225.0, "level"),
]


def test_a_waterfall_goes_from_balance_to_balance() -> None:
    """206 + 23 + 0 - 4 = 225 on an axis to 229: each line begins where the one above it ends."""
    assert axis_of(LEVELS) == (0.0, 229.0)
    lines = falls(LEVELS, 0.0, 229.0)
    assert [(round(line.start * 229), round(line.end * 229)) for line in lines] == [
        (0, 206), (206, 229), (229, 229), (225, 229), (0, 225),
    ]  # fmt: skip
    assert [round((line.before or 0) * 229) for line in lines] == [0, 206, 229, 229, 225]
    assert [line.broken for line in lines] == [False] * 5
    assert 'class="join"' in fall(lines[2])


def test_an_axis_is_broken_where_what_came_and_went_could_not_be_seen() -> None:
    """+ 40 and - 10 on 20,000 are a fifth of a percent: the axis begins below the lowest level, and it is marked."""
    levels = [
        (0.0, 20_000.0, "level"),
        (20_000.0, 20_040.0, "data"),
        (20_040.0, 20_030.0, "loss"),
        (0.0, 20_030.0, "level"),
    ]
    low, high = axis_of(levels)
    assert (low, high) == (19_960.0, 20_040.0)
    lines = falls(levels, low, high)
    assert [line.broken for line in lines] == [True, False, False, True]
    assert [lines[1].start, lines[1].end] == pytest.approx([40 / 80, 1])
    assert "zigzag" in fall(lines[0])


def test_the_small_line_has_an_end_and_no_words() -> None:
    root = ElementTree.fromstring(str(spark(marks(1, 2, None, 4), 3)))
    assert (root.get("aria-hidden"), list(root.itertext())) == ("true", [])
    assert [path.get("d", "").count("M") for path in of_class(root, "line")] == [2]
    assert len(of_class(root, "dot")) == 1
    assert axis_top([1, None, 4], whole=True) == 4
