"""Signups, demos and paid users read at once are what they are row by row, and a column is what its cells are.

Files that are plain to the last line are taken apart as a whole; whatever else a file may be, the quick way must either
tell the same of it or leave it to the slow one.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from draws import BOTH, any_of, order_of, subsets, together, tries
from funnelcli.config import InputSettings
from funnelcli.inputs import INPUTS
from funnelcli.problems import Problems
from funnelcli.reading import glance, ids_again, odd_ids, raw
from funnelcli.reading.cells import Cells
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.opening import Opened, open_file
from funnelcli.reading.tables import Table, first_signups, read_table
from funnelcli.values.cells import clean, clean_column, clean_id, clean_ids

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PLAIN = InputSettings.read({})
USERS = ("u1", "u2", "007", "7", "U1", "a.b-c:d+e_f", "84912345678", "u1-of-a-long-name")
ODD_USERS = (
    "", " ", " u1", "u1 ", "N/A", "null", "-", "An@Shop.VN", "an@shop.vn", "'an@shop.vn", "'u1", "8.49E+10",
    "8.49123E+10", "zoë", "zoe\u0308", "ZOË@shop.vn", "\u200bu2", "u\u00a01", '="007"', "\tu1", "u\x0b1", "u1\x1c",
    "Nan", "guest", "Total", "0", "5-Jan", "Jan-05", "8491234567800000", "8491234567900000", "test+1@x.vn", "Tester",
    "x@x.vn", "an@example.com", "An Le", "0000000000",
)  # fmt: skip
DATES = ("2026-01-31", "2026-02-01", "2026-02-28", "2025-12-31", "2026-02-01 09:30:00", "2026-01-31T18:00:00Z")
ODD_DATES = (
    "", " ", "N/A", "soon", "2026-02-30", "31/01/2026", "01/31/2026", "05/01/2026", "20260131", "46027", " 2026-01-31",
    "2026-01-31 ", "2999-12-31", "9999-12-31", "1889-01-05", "5 Jan 2026", "Jan 5, 2026", "2026-01-31T10", "0026-01-31",
    "2026-1-5", "\u200b2026-01-31", "Total", "٢٠٢٦-01-31",
)  # fmt: skip
WORDS = (
    "",
    "google / cpc",
    "Google / CPC",
    "held",
    "cancelled",
    "pro",
    "d1",
    "d2",
    "s1",
    "99",
    "Quảng cáo",
    "long " * 15,
)
ODD_WORDS = (" zqv ", "N/A", "Qua\u0309ng ca\u0301o", "a,b;c", 'say "hi"', '"', "line\nbreak", "line\r\nbreak",
             "1.234,5", "total", "#zqv", "\u00a0zqv\u200b", "x\x1fy", "\u2028", "trialing")  # fmt: skip
REQUIRED = {
    "signups": ("user_id", "signed_up_at"),
    "demos": ("user_id", "booked_at"),
    "paid_users": ("user_id", "started_at"),
}
OTHERS = {
    "signups": ("source", "medium", "country"),
    "demos": ("demo_id", "held_at", "status", "source", "owner"),
    "paid_users": ("ended_at", "plan", "subscription_id", "status", "mrr", "amount", "source", "country"),
}
NAMES = ("a.csv", "b.csv", "c.csv.gz", "d.txt")
SOME_NAMES = any_of(*(order for size in (1, 2, 3) for order in permutations(NAMES, size)))


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file as its bytes."""

    name: str
    data: bytes


def usual_cells(column: str) -> Sequence[str]:
    if column == "user_id":
        return USERS
    return DATES if column.endswith("_at") else WORDS


def odd_cells(column: str) -> Sequence[str]:
    if column in ("user_id", "demo_id", "subscription_id"):
        return ODD_USERS
    return ODD_DATES if column.endswith("_at") else ODD_WORDS


def odd_lines(columns: Sequence[str], delimiter: str) -> tuple[str, ...]:
    cells = ["2026-01-31" if name.endswith("_at") else "u1" for name in columns]
    totals = ["Total" if name.endswith("_at") else "3" for name in columns]
    lines = [delimiter.join(line) for line in (cells[:-1], [*cells, ""], [*cells, "more"], columns, totals)]
    most = delimiter.join([*cells[:-1], ""])
    quotes = [most + tail for tail in (' "x y"', 'x"y', '"x"y', '"x', f' "x{delimiter}y"', '"x\ny"', "x\ry")]
    return ("", "  ", delimiter * (len(columns) - 1), "# a comment", *lines, *quotes)


@cache
def looks(stage: str, *, plain: bool) -> st.SearchStrategy[tuple[Any, ...]]:
    """The other columns, the delimiter, how many lines are odd, how cells are quoted, how the file begins and ends."""
    return together(
        subsets(*sorted(OTHERS[stage])), (",", ";", "\t", "|"), (0,) if plain else (0, 1, 1, 2, 4),
        (csv.QUOTE_MINIMAL,) if plain else (csv.QUOTE_MINIMAL, csv.QUOTE_ALL),
        ("\n", "\n", "\r\n") if plain else ("\n", "\r\n", "\r"), ("", "\ufeff"), BOTH,
    )  # fmt: skip


@st.composite
def files(draw: st.DrawFn, stage: str, name: str, *, plain: bool) -> Written:
    """A file of usual rows; unless it is to be ``plain``, with some odd cells and lines, quotes and spaces."""
    others, delimiter, many_odd, quoting, line_end, mark, ended = draw(looks(stage, plain=plain))
    columns = draw(order_of(*REQUIRED[stage], *others))
    usual = together(*map(usual_cells, columns))
    rows: list[tuple[str, ...] | str] = list(draw(st.lists(usual, min_size=2 if plain else 0, max_size=12)))
    for _ in range(many_odd):
        odd, place = draw(together((*columns, "line"), range(len(rows) + 1)))
        odd_row: tuple[str, ...] | str = draw(any_of(*odd_lines(columns, delimiter)))
        if odd != "line":
            odd_row = draw(together(*((odd_cells if column == odd else usual_cells)(column) for column in columns)))
        rows.insert(place, odd_row)
    lines = [row if isinstance(row, str) else line_of(row, delimiter, quoting) for row in (columns, *rows)]
    text = mark + line_end.join(lines) + (line_end if ended else "")
    data = text.encode()
    return Written(name=name, data=gzip.compress(data, mtime=0) if name.endswith(".gz") else data)


def line_of(cells: Sequence[str], delimiter: str, quoting: Any) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=quoting).writerow(cells)
    return out.getvalue().removesuffix("\n")


@st.composite
def some_files(draw: st.DrawFn, stage: str) -> list[Written]:
    return [draw(files(stage, name, plain=draw(st.booleans()))) for name in draw(SOME_NAMES)]


FILTERS: tuple[dict[str, Any], ...] = ({}, {}, {"keep": {"user_id": ["u*"]}}, {"drop": {"user_id": ["u1", "7"]}})


def opened_files(folder: Path, stage: str, written: Sequence[Written], rules: InputSettings) -> list[Opened]:
    opened: list[Opened] = []
    for file in written:
        (folder / file.name).write_bytes(file.data)
        try:
            opened.extend(open_file(SourceFile(stage, file.name, folder / file.name), INPUTS[stage], rules))
        except FileFault:
            continue  # no header: nothing that any reading could be given
    return opened


def contents(table: Table, problems: Problems) -> dict[str, Any]:
    """All that a table says."""
    moments = {
        name: list(zip(column.micros.tolist(), column.timed.tolist(), column.given.tolist(), strict=True))
        for name, column in table.moments.items()
    }
    return {
        "lines": list(zip(table.file.tolist(), table.line.tolist(), strict=True)),
        "texts": {name: list(cells) for name, cells in table.texts.items()},
        "distinct": {name: list(cells.first.items()) for name, cells in table.texts.items()},
        "moments": moments,
        "tallies": table.tallies,
        "problems": list(problems),
        "rest": (table.order, table.converted, [file.name for file in table.files]),
    }


def reading(opened: Sequence[Opened], stage: str, rules: InputSettings) -> dict[str, Any]:
    problems = Problems()
    table = read_table(opened, INPUTS[stage], rules, ZONE, problems)
    return contents(table, problems)


@settings(max_examples=tries(300))
@given(data=st.data(), stage=st.sampled_from(tuple(REQUIRED)), filters=st.sampled_from(FILTERS))
def test_files_read_at_once_are_what_they_are_row_by_row(data: st.DataObject, stage: str, filters: Any) -> None:
    written = data.draw(some_files(stage))
    order, piece = data.draw(together((None, None, "dmy"), (1, 40, raw.PIECE_BYTES)))
    rules = InputSettings.read({**filters, "date_order": order})
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        opened = opened_files(Path(name), stage, written, rules)
        patch.setattr(raw, "PIECE_BYTES", piece)
        at_once = reading(opened, stage, rules)
        with pytest.MonkeyPatch.context() as closely:  # no text is told at a glance
            for module in (glance, raw, odd_ids, ids_again):
                closely.setattr(module, "glance", lambda texts: None)
            assert reading(opened, stage, rules) == at_once
        patch.setattr(raw, "_plain_columns", lambda *_: None)
        assert reading(opened, stage, rules) == at_once
        patch.setattr(raw, "_regular_columns", lambda *_: None)
        assert reading(opened, stage, rules) == at_once


@settings(max_examples=tries(60))
@given(data=st.data(), stage=st.sampled_from(tuple(REQUIRED)))
def test_a_plain_file_is_read_at_once(data: st.DataObject, stage: str) -> None:
    written = data.draw(files(stage, "a.csv", plain=True))
    with TemporaryDirectory() as name:
        (opened,) = opened_files(Path(name), stage, [written], PLAIN)
        assert raw._plain_columns(opened, {0}) is not None


texts = st.lists(st.sampled_from((*USERS, *ODD_USERS, *ODD_DATES, *ODD_WORDS)), max_size=30)


@given(texts=texts)
def test_a_column_cleaned_at_a_glance_is_every_cell_cleaned(texts: list[str]) -> None:
    assert clean_column(texts) == [clean(text) for text in texts]
    cleaned = clean_column(texts)
    assert clean_ids(cleaned) == [clean_id(text) for text in cleaned]


@given(parts=st.lists(texts, max_size=3), chosen=st.data())
def test_a_column_by_distinct_texts_is_its_cells(parts: list[list[str]], chosen: st.DataObject) -> None:
    cells = Cells.joined([Cells.of(part) for part in parts])
    flat = [text for part in parts for text in part]
    assert list(cells) == flat == cells.values().tolist()
    assert cells.first == {text: flat.index(text) for text in flat}
    folded = cells.reworded([text.strip().lower() for text in cells.texts])
    assert list(folded) == [text.strip().lower() for text in flat]
    assert folded.first == {text: list(folded).index(text) for text in folded}
    rows = chosen.draw(st.lists(st.booleans(), min_size=len(flat), max_size=len(flat)))
    kept = cells.kept(np.array(rows, dtype=bool))
    assert list(kept) == [text for text, wanted in zip(flat, rows, strict=True) if wanted]
    if cells.texts:
        wanted = cells.texts[-1]
        assert cells.rows_of([len(cells.texts) - 1]) == [row for row, text in enumerate(flat) if text == wanted]


@given(rows=st.lists(st.tuples(st.sampled_from(USERS[:3]), st.sampled_from(DATES)), max_size=12))
def test_the_first_signup_is_the_earliest_row(rows: list[tuple[str, str]]) -> None:
    text = "user_id,signed_up_at\n" + "".join(f"{user},{day}\n" for user, day in [*rows, ("last", DATES[0])])
    with TemporaryDirectory() as name:
        opened = opened_files(Path(name), "signups", [Written(name="a.csv", data=text.encode())], PLAIN)
        table = read_table(opened, INPUTS["signups"], PLAIN, ZONE, Problems())
    column = table.moments["signed_up_at"]
    moments = list(zip(column.micros.tolist(), column.timed.tolist(), strict=True))
    by_user: dict[str, list[tuple[int, bool]]] = {}
    for user, moment in zip(table.texts["user_id"], moments, strict=True):
        by_user.setdefault(user, []).append(moment)
    first = first_signups(table)
    assert first.moments == {user: min(moments) for user, moments in by_user.items()}
    assert first.total_days == sum(micros // 86_400_000_000 for micros, _ in map(min, by_user.values()))
