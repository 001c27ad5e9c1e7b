"""Cells known by their bytes are what they are as texts: one by one, told apart, found again, and as dates."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from funnelcli.facts import joins
from funnelcli.facts.events import NOBODY, Coded
from funnelcli.facts.people import People
from funnelcli.reading import plain_dates as dates_at_once
from funnelcli.reading.cells import Cells, Column
from funnelcli.reading.moments import Moments
from funnelcli.reading.words import LONGEST, NOWHERE, Piece
from funnelcli.values import spelling

# Around the eight bytes of a number, and around the longest that is kept in such numbers.
SIZES = (0, 1, 7, 8, 9, 16, 17, LONGEST - 1, LONGEST, LONGEST + 1)
CELLS = st.one_of(
    st.sampled_from(["", "u1", "u2", "an@x.vn", "Quảng cáo", "zalo / cpc", *("a" * size for size in SIZES)]),
    st.text(alphabet="abcdé9 -", max_size=20),
)
COLUMNS = st.lists(CELLS, min_size=1, max_size=30)


def column(cells: list[str], *, quoted: bool = False, pieces: int = 3) -> Cells:
    made = Column(0)
    for start in range(0, len(cells), pieces):
        lines = "".join(f'"{cell}",x\n' if quoted else f"{cell},x\n" for cell in cells[start : start + pieces])
        piece = Piece.of(lines.encode(), ",", 2, "utf-8")
        assert piece is not None
        made.add(piece)
    return made.cells()


@given(cells=COLUMNS, quoted=st.booleans(), pieces=st.integers(1, 8))
def test_a_column_of_words_is_its_texts(cells: list[str], quoted: bool, pieces: int) -> None:
    written, plain = column(cells, quoted=quoted, pieces=pieces), Cells.of(cells)
    assert (written.words is None) == any(len(cell.encode()) > LONGEST for cell in cells)
    assert list(written) == cells
    assert (written.first, written.places.tolist()) == (plain.first, plain.places.tolist())
    assert (written.texts, written.rows.tolist()) == (plain.texts, plain.rows.tolist())
    assert written.are_blank().tolist() == plain.are_blank().tolist() == [not cell for cell in cells]
    assert list(Cells.joined([written, plain, written])) == cells * 3
    assert list(Cells.joined([written, written]).first.items()) == list(plain.first.items())
    some = np.arange(len(cells)) % 3 == 1
    assert list(written.kept(some).first.items()) == list(plain.kept(some).first.items())


@given(mine=COLUMNS, theirs=COLUMNS)
def test_words_are_found_in_another_column(mine: list[str], theirs: list[str]) -> None:
    here, there = column(mine).words, column(theirs).words
    if here is None or there is None:
        return
    distinct = list(dict.fromkeys(mine))
    places = here.index.find(there, np.arange(len(theirs)))
    assert places.tolist() == [distinct.index(cell) if cell in distinct else NOWHERE for cell in theirs]


def test_alike_numbers_are_told_apart() -> None:
    cells = [f"{number:o}" for number in range(5_000)] + [f"u{number}" for number in range(5_000)]
    words = column(cells, pieces=10_000).words
    assert words is not None
    assert words.index.first.tolist() == list(range(10_000))


DATES = (
    "2026-01-05", "2026-02-28 10:30", "2026-02-28T23:59:59", "2024-02-29", "", "1899-12-31", "2026-01-05 10:30:15.5",
    "2026-01-05T10:30Z", "2026-1-05", "20260105", "0000-01-01",
)  # fmt: skip
LETTERS = "0123456789-: T/.9a;?é"


@st.composite
def dates(draw: st.DrawFn) -> str:
    """A date, or one in which a letter is another."""
    text = draw(st.sampled_from(DATES))
    if text and draw(st.booleans()):
        place = draw(st.integers(0, len(text) - 1))
        text = text[:place] + draw(st.sampled_from(LETTERS)) + text[place + 1 :]
    return text


@given(cells=st.lists(dates(), min_size=1, max_size=4), at_once=st.sampled_from((1, 2, 8192)))
@example(cells=["2026-02-30"], at_once=1)
@example(cells=["2026-01-05 24:00"], at_once=1)
@example(cells=["2026-01-05 10:60"], at_once=1)
def test_dates_read_at_once_are_those_read_as_texts(cells: list[str], at_once: int) -> None:
    kept, dates_at_once._AT_ONCE = dates_at_once._AT_ONCE, at_once
    try:
        known = column(cells, pieces=8).dates
    finally:
        dates_at_once._AT_ONCE = kept
    read = Moments.of_dates(known) if known is not None else None
    filled = [cell for cell in cells if cell]
    plain = Moments.of_plain(filled)
    assert (read is None) == (plain is None)
    if read is not None and plain is not None:
        assert read.given.tolist() == [bool(cell) for cell in cells]
        kept_rows = read.kept(read.given)
        assert kept_rows.micros.tolist() == plain.micros.tolist()
        assert kept_rows.timed.tolist() == plain.timed.tolist()
        first = datetime.fromisoformat(filled[0]) - datetime(1970, 1, 1)
        assert kept_rows.micros[0] == round(first.total_seconds() * 1_000_000)


IDS = ("", "u1", "u2", "U1", "u-1", "101", "101.0", "0101", "101;102", "u1, u2", "8.49E+10", "an@x.vn", "An", "zoë",
       "an@x.vn; u2")  # fmt: skip
SOME_IDS = st.lists(st.sampled_from(IDS), min_size=1, max_size=12)


@given(mine=SOME_IDS, theirs=SOME_IDS)
def test_ids_known_by_their_bytes_join_as_their_texts_do(mine: list[str], theirs: list[str]) -> None:
    places, respelt, split = joins._values(listed(mine), listed(theirs))
    plain_places, plain_respelt, plain_split = joins._values(Cells.of(mine), Cells.of(theirs))
    assert (places.tolist(), respelt, split) == (plain_places.tolist(), plain_respelt, plain_split)


def listed(cells: list[str]) -> Cells:
    """A column of ids, of which some hold a comma, by their bytes."""
    piece = Piece.of("".join(f"{cell}\n" for cell in cells).encode(), "|", 1, "utf-8")
    words = piece.words(0) if piece is not None else None
    assert words is not None
    return Cells.written(words)


@given(columns=st.lists(st.tuples(SOME_IDS, st.booleans()), min_size=1, max_size=4), some=st.integers(1, 3))
def test_people_have_one_code_however_their_ids_are_known(columns: list[tuple[list[str], bool]], some: int) -> None:
    """Each column is asked for with only some of its rows, in an order of their own."""
    people, names = People(), []
    for ids, by_bytes in columns:
        cells = listed(ids) if by_bytes else Cells.of(ids)
        rows = np.arange(len(ids))[::-some]
        coded = Coded(cells.places[rows], cells.texts, cells if by_bytes else None)
        wanted = [ids[row] for row in rows.tolist()]
        names += [text for text in dict.fromkeys(wanted) if text and text not in names]
        codes = [names.index(text) if text else NOBODY for text in wanted]
        assert people.coded(coded).tolist() == codes
        assert list(people.names) == names


@given(
    ids=st.lists(
        st.one_of(
            st.text(alphabet="aA1@.-_+#é ", max_size=4),
            st.sampled_from(["a.b@gmail.com", "ab@googlemail.com", "a.b@x.vn"]),
        ),
        unique=True,
        max_size=8,
    )
)
def test_ids_that_are_unlike_at_a_glance_have_no_pairs(ids: list[str]) -> None:
    with pytest.MonkeyPatch.context() as closely:
        closely.setattr(spelling, "_are_unlike", lambda *_: False)
        pairs = spelling.nearly_alike(ids)
    assert spelling.nearly_alike(ids) == pairs
