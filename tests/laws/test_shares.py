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

from funnelcli.facts.load import load
from funnelcli.reading.discover import discover, open_folder
from funnelcli.reading.engines import choose, forms, many_sources, share_work, shares
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.engines.share_work import Answer, Order
from funnelcli.reading.opening import Opened
from laws.test_forms import FORMS, opened_in
from laws.test_report_laws import VisitCase, contents, damaged_visits, opened_visits, visit_cases


class AtHand:
    """A crew in this process: orders and answers are sent as workers get and give them, the last one first."""

    is_here = False

    def __init__(self) -> None:
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
    opened: Sequence[Opened], request: VisitRequest, most: int, sample_rows: int = 2_000
) -> tuple[Any, Any, AtHand]:
    """What is counted in shares of at most so many bytes, what in one piece, and who has counted the shares."""
    crew = AtHand()
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


@settings(max_examples=120)
@given(
    case=st.one_of(visit_cases(regular=False), visit_cases(regular=True)),
    most=st.integers(1, 300),
    sample_rows=st.sampled_from((1, 3, 2_000)),
)
def test_any_visits_are_counted_alike_in_any_shares(case: VisitCase, most: int, sample_rows: int) -> None:
    with TemporaryDirectory() as name:
        case.write(Path(name))
        opened, request = opened_visits(Path(name))
        cut, whole, _ = both(opened, request, most, sample_rows)
        assert cut == whole


@settings(max_examples=60)
@given(
    texts=st.lists(damaged_visits(), min_size=1, max_size=2, unique=True),
    most=st.integers(1, 120),
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


@pytest.mark.parametrize("many", [3, 2_000])
@pytest.mark.parametrize("name", FORMS)
def test_each_form_of_dates_is_counted_by_the_crew(name: str, many: int, tmp_path: Path) -> None:
    """140 rows of some 20 to 40 bytes in shares of 700: several, and none is read again here."""
    opened, request = opened_in(tmp_path, FORMS[name], "Asia/Kathmandu")
    cut, whole, crew = both(opened, request, 700, many)
    assert cut == whole
    assert len(crew.kinds) >= 4
    assert {*crew.kinds} == {"counted"}
    assert crew.registered != [None]
