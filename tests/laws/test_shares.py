"""Visits counted in shares: however files are cut, and whoever counts, figures and problems are those of the whole."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from draws import tries
from funnelcli.facts.load import load
from funnelcli.reading.discover import discover, open_folder
from funnelcli.reading.engines import choose, elsewhere, forms, many_sources, share_work, shares
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.engines.share_work import Answer, Order
from funnelcli.reading.opening import Opened
from laws.test_forms import FORMS, opened_in
from laws.test_report_laws import VisitCase, contents, damaged_visits, opened_visits, visit_cases


class AtHand:
    """A crew in this process: orders and answers are sent as workers get and give them, the last one first."""

    def __init__(self, *, is_here: bool = False) -> None:
        self.is_here = is_here
        self.kinds: list[str] = []
        self.registered: list[bytes | None] = []

    def start(self, folder: Path) -> None:
        """It is there."""

    def count(self, orders: Sequence[Order], registered: bytes | None) -> Iterator[tuple[int, Answer]]:
        self.registered.append(registered)
        for place, order in reversed([*enumerate(orders)]):
            sent, people = pickle.loads(pickle.dumps((order, registered)))
            answer = pickle.loads(pickle.dumps(share_work.count_share(sent, people)))
            self.kinds.append(answer.kind)
            yield place, answer

    def close(self) -> None:
        """There is nothing to give back."""


@pytest.fixture(autouse=True)
def _every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(choose, "SMALL_BYTES", -1)
    yield
    share_work.DESKS.close()


def both(
    opened: Sequence[Opened], request: VisitRequest, most: int, sample_rows: int = 2_000, *, is_here: bool = False
) -> tuple[Any, Any, AtHand]:
    """What is counted in shares of at most so many bytes, what in one piece, and who has counted the shares."""
    crew = AtHand(is_here=is_here)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shares, "SHARE_BYTES", most)
        patch.setattr(choose, "FIRST_ROWS", sample_rows)
        patch.setattr(forms, "SAMPLE_ROWS", sample_rows)
        patch.setattr(many_sources, "MANY", sample_rows)
        cut = _all(choose.scan_visits(opened, replace(request, crew=crew)))
        return cut, _all(choose.scan_visits(opened, request)), crew


def _all(table: VisitTable) -> tuple[Any, ...]:
    """All of a table, and all that would be kept of its files."""
    return contents(table), table.order, {name: contents(own) for name, own in table.of_files.items()}


@settings(max_examples=tries(50))
@given(
    # Of few rows: many shares are of one row, and each is a query.
    case=st.one_of(visit_cases(regular=False, most_rows=7), visit_cases(regular=True, most_rows=7)),
    most=st.sampled_from((1, 25, 60, 120, 300)),
    sample_rows=st.sampled_from((1, 3, 2_000)),
)
def test_any_visits_are_counted_alike_in_any_shares(case: VisitCase, most: int, sample_rows: int) -> None:
    with TemporaryDirectory() as name:
        case.write(Path(name))
        opened, request = opened_visits(Path(name))
        cut, whole, _ = both(opened, request, most, sample_rows)
        assert cut == whole


@settings(max_examples=tries(30))
@given(
    texts=st.lists(damaged_visits(), min_size=1, max_size=2, unique=True),
    most=st.sampled_from((1, 20, 40, 80)),
    sample_rows=st.sampled_from((1, 2_000)),
    order=st.sampled_from((None, "dmy")),
)
def test_damaged_visits_are_counted_alike_in_any_shares(
    texts: list[str], most: int, sample_rows: int, order: str | None
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number, text in enumerate(texts):
            (folder / f"visits {number}.csv").write_text(text, encoding="utf-8")
        (folder / "signups.csv").write_text("user_id,signed_up_at\nu1,2026-01-01\n1e5,2026-01-01\n", encoding="utf-8")
        if order:
            (folder / "funnel.toml").write_text(f'[inputs.visitors]\ndate_order = "{order}"\n', encoding="utf-8")
        opened_folder = open_folder(folder)
        exports = load(opened_folder.config, discover(opened_folder, {})[0])
        if exports.visit_request is None or "visitors" not in exports.inputs:
            return  # no file whose header could be read
        cut, whole, _ = both(list(exports.inputs["visitors"].opened), exports.visit_request, most, sample_rows)
        assert cut == whole


FEW_FORMS = ("iso day", "space", "Z", "d/m/y", "AM/PM", "seconds", "Jan 5, 2025")


@pytest.mark.parametrize(("name", "many"), [*((name, 2_000) for name in FEW_FORMS), ("iso day", 3), ("Z", 3)])
def test_each_form_of_dates_is_counted_by_the_crew(name: str, many: int, tmp_path: Path) -> None:
    """140 rows of some 20 to 40 bytes in shares of 700: several, and none is read again here."""
    opened, request = opened_in(tmp_path, FORMS[name], "Asia/Kathmandu")
    cut, whole, crew = both(opened, request, 700, many)
    assert cut == whole
    assert len(crew.kinds) >= 4
    assert {*crew.kinds} == {"counted"}
    assert crew.registered != [None]


# --- cuts ----------------------------------------------------------------------------------------------------------

TEXTS = {
    "plain": "date,source\n2026-01-05,a\n2026-01-06,b\n\n2026-01-07,c\n",
    "no end of the last line": "date,source\n2026-01-05,a\n2026-01-06,b",
    "two bytes an end": "date,source\r\n2026-01-05,a\r\n2026-01-06,b\r\n",
    "a mark of the byte order": "\ufeffdate,source\n2026-01-05,a\n2026-01-06,\u1ea3\n",
    "lines above": "sep=,\nMade by An\n\ndate,source\n2026-01-05,a\n2026-01-06,b\n",
    "a mark within": "date,source\n\ufeff2026-01-05,a\n\ufeff2026-01-06,b\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_cut_is_between_two_lines_and_loses_none(text: str, tmp_path: Path) -> None:
    """However long shares are, each begins where a line does, and together they are the lines below the header."""
    path = tmp_path / "visitors.csv"
    path.write_bytes(text.encode())
    (opened,) = opened_visits(tmp_path)[0]
    data = path.read_bytes()
    head = data.index(b"source") + len(b"source\r\n" if b"\r" in data else b"source\n")
    seen = set[int]()
    for most in range(1, len(data) + 1):
        cut = shares.shares_of(opened, most)
        if len(cut) == 1:
            assert cut[0].is_whole
            continue
        assert {share.head for share in cut} == {head}
        assert b"".join(data[share.start : share.end] for share in cut) == data[head:]
        assert all(data[share.start - 1 : share.start] == b"\n" and share.start < share.end for share in cut)
        seen |= {share.start for share in cut}
    assert seen == {head, *(place + 1 for place in range(head, len(data) - 1) if data[place : place + 1] == b"\n")}


@pytest.mark.parametrize("most", [1, 30, 45])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_texts_of_every_kind_are_counted_alike(text: str, most: int, tmp_path: Path) -> None:
    (tmp_path / "visitors.csv").write_bytes(text.encode())
    opened, request = opened_visits(tmp_path)
    cut, whole, crew = both(opened, request, most)
    assert cut == whole
    assert {*crew.kinds} == {"counted"}


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
@pytest.mark.parametrize("is_here", [True, False])
def test_other_encodings(encoding: str, is_here: bool, tmp_path: Path) -> None:
    """The copy in UTF-8 is cut where its own lines end; workers elsewhere, who cannot see it, are not asked."""
    rows = "".join(f"2026-01-{day:02},café {day}\n" for day in range(1, 29))
    (tmp_path / "visitors.csv").write_bytes(f"créé à midi, été\ndate,source\n{rows}".encode(encoding))
    opened, request = opened_visits(tmp_path)
    cut, whole, crew = both(opened, request, 200, is_here=is_here)
    assert cut == whole
    assert {*crew.kinds} == ({"counted"} if is_here or encoding == "utf-8-sig" else set())
    assert len(crew.kinds) in (0, 3)  # 28 rows of 19 or 20 bytes are 550


@pytest.mark.parametrize(
    "text",
    [
        '"date","sou\nrce"\n2026-01-05,a\n2026-01-06,b\n',  # a header of two lines
        "date,source\r2026-01-05,a\r2026-01-06,b\r",  # no \n at all
        "made by\rAn\ndate,source\n2026-01-05,a\n2026-01-06,b\n",
    ],
)
def test_what_cannot_be_cut_is_one_share(text: str, tmp_path: Path) -> None:
    (tmp_path / "visitors.csv").write_bytes(text.encode())
    (tmp_path / "funnel.toml").write_text("[inputs.visitors.columns]\nsource = false\n", encoding="utf-8")
    opened, request = opened_visits(tmp_path)
    assert [share.is_whole for share in shares.shares_of(opened[0], 1)] == [True]
    cut, whole, _ = both(opened, request, 1)
    assert cut == whole


def test_cells_of_several_lines_are_read_here(tmp_path: Path) -> None:
    """A cut within the cell leaves a share with half of it: the whole file is then read as if nothing had been sent."""
    rows = "".join(f'2026-01-{day:02},"a\nb"\n' for day in range(1, 29))
    (tmp_path / "visitors.csv").write_text(f"date,source\n{rows}", encoding="utf-8")
    opened, request = opened_visits(tmp_path)
    cut, whole, crew = both(opened, request, 33)
    assert "irregular" in crew.kinds
    assert cut == whole


@pytest.mark.parametrize(("most", "kind"), [(1, "irregular"), (2, "counted")])
def test_more_odd_rows_than_may_be_sent_are_read_here(
    most: int, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of the three rows have a cell too few, all in one share."""
    monkeypatch.setattr(elsewhere, "MOST_ODD_ROWS", most)
    (tmp_path / "visitors.csv").write_text("date,source\n2026-01-05\n2026-01-06\n2026-01-07,a\n", encoding="utf-8")
    opened, request = opened_visits(tmp_path)
    cut, whole, crew = both(opened, request, 1_000)
    assert cut == whole
    assert crew.kinds == [kind]


def test_files_whose_rows_are_of_sessions_are_read_here(tmp_path: Path) -> None:
    (tmp_path / "visitors.csv").write_text("date,session_id\n2026-01-05,s1\n2026-01-05,s2\n", encoding="utf-8")
    opened, request = opened_visits(tmp_path)
    cut, whole, crew = both(opened, request, 1)
    assert (cut, crew.kinds) == (whole, [])


def test_each_file_is_kept_as_if_it_had_been_read_here(tmp_path: Path) -> None:
    """Two files of two days each, in shares of a line: what is kept of them is theirs, whoever has counted it."""
    for month in (1, 2):
        rows = "".join(f"2026-{month:02}-{day:02},zalo\n" for day in (5, 6))
        (tmp_path / f"visits-{month}.csv").write_text(f"date,source\n{rows}", encoding="utf-8")
    opened, request = opened_visits(tmp_path)
    crew = AtHand()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shares, "SHARE_BYTES", 1)
        table = choose.scan_visits(opened, replace(request, crew=crew))
    assert crew.kinds == ["counted"] * 4
    assert {name: [day.isoformat() for day, *_ in sorted(own.sums)] for name, own in table.of_files.items()} == {
        f"visits-{month}.csv": [f"2026-{month:02}-05", f"2026-{month:02}-06"] for month in (1, 2)
    }
