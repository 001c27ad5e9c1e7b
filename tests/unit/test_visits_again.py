"""Visits that stand twice, in one file or in two, in whatever order: named, and honest ones are not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from funnelcli.reading.engines import choose
from support import in_month, said_of

SUMS = [f"2026-01-{day:02d},{source},{day + len(source)}" for day in range(1, 11) for source in ("google", "zalo")]
ROWS = [f"2026-01-{day:02d} {hour}:{day + 20}:07,google" for day in range(1, 11) for hour in (10, 11, 12)]


def written(folder: Path, **files: Sequence[str]) -> Path:
    for name, lines in files.items():
        header = "date,source,visits" if lines[0].count(",") == 2 else "date,source"
        (folder / f"{name}.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return folder


def mixed(lines: Sequence[str]) -> list[str]:
    return random.Random(7).sample(lines, len(lines))


@pytest.fixture(params=["small", "large"], autouse=True)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "large":
        monkeypatch.setattr(choose, "SMALL_BYTES", 0)


def test_sums_that_stand_twice_in_a_file(tmp_path: Path) -> None:
    # 1 to 10 of google are 55 + 10 * 6 = 115, of zalo 55 + 10 * 4 = 95; both twice.
    folder = written(tmp_path, visitors=[*SUMS, *mixed(SUMS)])
    assert in_month(folder, "2026-01", "net_new_visitors") == [2 * (115 + 95)]
    assert list(said_of(folder)) == [("rows-twice", None)]


def test_rows_that_stand_twice_in_a_file(tmp_path: Path) -> None:
    folder = written(tmp_path, visitors=[*ROWS, *mixed(ROWS)])
    assert in_month(folder, "2026-01", "net_new_visitors") == [60]
    assert list(said_of(folder)) == [("rows-twice", None)]


def test_a_table_twice_below_its_header_is_named_in_any_order(tmp_path: Path) -> None:
    folder = written(tmp_path, visitors=[*ROWS, "date,source", *mixed(ROWS)])
    assert [code for code, _ in said_of(folder)] == ["table-twice"]


@pytest.mark.parametrize(("later", "number"), [(mixed(ROWS), 30), ([*ROWS[15:], "2026-01-12 10:00:00,zalo"], 15)])
def test_rows_that_two_files_share(later: Sequence[str], number: int, tmp_path: Path) -> None:
    folder = written(tmp_path, visitors_1=ROWS, visitors_2=later)
    assert in_month(folder, "2026-01", "net_new_visitors") == [30 + len(later)]
    [(key, texts)] = said_of(folder).items()
    assert key == ("rows-in-two-files", None)
    assert texts[0].startswith(f"{number} of its rows")


def test_visits_that_are_only_as_many_are_others(tmp_path: Path) -> None:
    """Two visits of every day and source, that nothing tells apart; and two files with as many visits a day."""
    pairs = [f"2026-01-{day:02d},{source}" for day in range(1, 21) for source in ("google", "zalo")]
    (one := tmp_path / "one").mkdir()
    assert said_of(written(one, visitors=[*pairs, *pairs])) == {}
    (two := tmp_path / "two").mkdir()
    others = [line.replace(":07", ":08") for line in ROWS]
    assert said_of(written(two, visitors_1=ROWS, visitors_2=others)) == {}
    (three := tmp_path / "three").mkdir()
    assert said_of(written(three, visitors_1=pairs, visitors_2=mixed(pairs))) == {}


def test_numbers_of_visits_that_are_no_accident(tmp_path: Path) -> None:
    """Every day has 1 to 7 visits of either source, of which nothing tells one from the other: 20 days, 40 sums."""
    days = [
        f"2026-01-{day:02d},{source}"
        for day in range(1, 21)
        for source in ("google", "zalo")
        for _ in range(day % 7 + 1)
    ]
    (one := tmp_path / "one").mkdir()
    assert list(said_of(written(one, visitors=[*days, *mixed(days)]))) == [("rows-twice", None)]
    (two := tmp_path / "two").mkdir()
    assert list(said_of(written(two, visitors_1=days, visitors_2=mixed(days)))) == [("rows-in-two-files", None)]
    (fewer := tmp_path / "fewer").mkdir()
    assert said_of(written(fewer, visitors_1=days, visitors_2=mixed(days)[::2])) == {}
