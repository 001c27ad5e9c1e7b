"""Columns of rows are ordered, grouped and compared as a table of pandas is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from funnelcli.facts.events import Coded
from funnelcli.facts.rows import Rows, firsts_of

FAR = 2**61  # two such columns have more combinations than a number can tell apart
NAMES = ("plan", "start", "at", "until", "timed")

rows_drawn = st.lists(
    st.tuples(
        st.sampled_from(["", "a", "B", "b", "ế", "10", "9"]),
        st.integers(-2, 2),
        st.sampled_from([-FAR, 0, FAR]),
        st.sampled_from([-FAR, 1, FAR]),
        st.booleans(),
    ),
    max_size=12,
)
names_drawn = st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True)


def both(drawn: list[tuple[str, int, int, int, bool]]) -> tuple[Rows, pd.DataFrame]:
    columns: list[list[Any]] = [[row[place] for row in drawn] for place in range(len(NAMES))]
    kinds = (np.int64, np.int64, np.int64, bool)
    numbers = {n: np.array(c, dtype=k) for n, c, k in zip(NAMES[1:], columns[1:], kinds, strict=True)}
    frame = pd.DataFrame({"plan": pd.Series(columns[0], dtype=object), **numbers})
    return Rows({"plan": Coded.of(columns[0])}, numbers, len(drawn)), frame


@given(rows_drawn, names_drawn)
def test_rows_are_compared_and_ordered_as_by_pandas(
    drawn: list[tuple[str, int, int, int, bool]], names: list[str]
) -> None:
    rows, frame = both(drawn)
    assert rows.again(names).tolist() == frame.duplicated(names).tolist()
    assert rows.several(names).tolist() == frame.duplicated(names, keep=False).tolist()
    assert rows.order_by(names).tolist() == frame.sort_values(names, kind="stable").index.tolist()
    groups = rows.groups_of(names).tolist()
    expected = frame.groupby(names, sort=False).ngroup().tolist() if drawn else []
    assert len(set(zip(groups, expected, strict=True))) == len(set(groups)) == len(set(expected))


@given(rows_drawn, st.lists(st.integers(0, 11), max_size=12))
def test_rows_that_are_taken_keep_their_cells(drawn: list[tuple[str, int, int, int, bool]], at: list[int]) -> None:
    rows, frame = both(drawn)
    places = [place for place in at if place < len(drawn)]
    taken = rows.taken(np.array(places, dtype=np.int64))
    for name in NAMES:
        assert taken.list_of(name) == frame[name].iloc[places].tolist()
    assert taken.words["plan"].present().texts == list(dict.fromkeys(taken.list_of("plan")))
    assert taken.words["plan"].present().of_rows(slice(None)) == taken.list_of("plan")


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=10))
def test_the_first_chosen_row_of_a_group(drawn: list[tuple[int, bool]]) -> None:
    groups, chosen = (np.array([each[side] for each in drawn], dtype=kind) for side, kind in ((0, int), (1, bool)))
    slow = [next((n for n, (g, c) in enumerate(drawn) if c and g == group), -1) for group, _ in drawn]
    assert firsts_of(groups, chosen).tolist() == slow
