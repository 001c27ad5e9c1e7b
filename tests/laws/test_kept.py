"""What is kept of large visits for the next run: the same figures with and without, and any doubt is a miss."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import funnelcli as fc
from draws import tries
from funnelcli.facts.effort import usual_cache
from funnelcli.reading.engines import choose, kept
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.kept import UNFINISHED
from funnelcli.reading.opening import Opened

LONG_AGO = 1_700_000_000  # seconds: older than the clock's moment, so that files are believed


@pytest.fixture(autouse=True)
def _every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "SMALL_BYTES", -1)


class Scanned:
    """Which files were read anew."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []
        original = choose._scan_all

        def scan(opened: list[Opened], request: VisitRequest) -> VisitTable:
            self.names += [source.name for source in opened]
            return original(opened, request)

        monkeypatch.setattr(choose, "_scan_all", scan)

    def taken(self) -> list[str]:
        """The names since the last time."""
        names, self.names = sorted(self.names), []
        return names


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> Scanned:
    return Scanned(monkeypatch)


def write(folder: Path, files: Mapping[str, str], *, at: int = LONG_AGO) -> None:
    """Write the files as of a moment."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        os.utime(folder / name, (at, at))


def figures(folder: Path, cache: Path | None, *, verify: bool = False, by: str | None = None) -> str:
    """The report as CSV, or the errors that forbid one."""
    with fc.open_folder(folder, cache=cache, verify=verify) as opened:
        try:
            return opened.report(last=3, by=by).to_frame().to_csv()
        except fc.InputError as error:
            return "\n".join(f"{each.place}: {each.code}" for each in error.problems)


MONTHS = {
    "visits-1.csv": "date,source,user_id\n2026-01-05,google,a\n2026-01-31,zalo,\n",
    "visits-2.csv": "date,source,user_id\n2026-02-01,google / cpc,a\n2026-02-28,zalo,b\n",
    "signups.csv": "user_id,signed_up_at\na,2026-01-20\nb,2026-03-01\n",
}


def test_nothing_changed_and_nothing_is_read(tmp_path: Path, scanned: Scanned) -> None:
    """2 visits in each month; a signed up on 20 January, so one of 1 February is by an existing user."""
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, MONTHS)
    plain = figures(folder, None)
    assert scanned.taken() == ["visits-1.csv", "visits-2.csv"]
    assert figures(folder, cache) == plain
    assert scanned.taken() == ["visits-1.csv", "visits-2.csv"]
    assert figures(folder, cache) == plain
    assert scanned.taken() == []
    with fc.open_folder(folder, cache=cache) as opened:
        report = opened.report(start="2026-01", end="2026-02")
    assert list(report["existing_user_visits"]) == [0, 1]
    assert {path.stat().st_mode & 0o777 for path in cache.iterdir()} == {0o600}
    assert cache.stat().st_mode & 0o777 == 0o700
    assert not any(name in path.read_text() for path in cache.iterdir() for name in ('"a"', '"b"'))


@pytest.mark.parametrize(
    ("changed", "read"),
    [
        # Another size, another time of writing, another column, another setting, another signup.
        ({"visits-2.csv": MONTHS["visits-2.csv"] + "2026-02-28,zalo,\n"}, ["visits-2.csv"]),
        ({"visits-2.csv": MONTHS["visits-2.csv"].replace("zalo", "bing")}, ["visits-2.csv"]),
        ({"funnel.toml": '[channels]\npaid = ["zalo"]\n'}, ["visits-1.csv", "visits-2.csv"]),
        ({"funnel.toml": '[business]\ntimezone = "UTC"\n'}, ["visits-1.csv", "visits-2.csv"]),
        # b signed up on the last day of February, not in March: only what was there by then matters.
        ({"signups.csv": MONTHS["signups.csv"].replace("2026-03-01", "2026-02-28")}, ["visits-2.csv"]),
        ({"signups.csv": MONTHS["signups.csv"].replace("2026-01-20", "2026-01-21")}, ["visits-1.csv", "visits-2.csv"]),
        ({"signups.csv": MONTHS["signups.csv"] + "c,2026-03-02\n"}, []),
        ({"signups.csv": "user_id,signed_up_at\nb,2026-03-01\na,2026-01-20\n"}, []),
        ({"signups.csv": MONTHS["signups.csv"].replace("a,", "A,")}, ["visits-1.csv", "visits-2.csv"]),
    ],
)
def test_only_what_changed_is_read(changed: dict[str, str], read: list[str], tmp_path: Path, scanned: Scanned) -> None:
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, MONTHS)
    figures(folder, cache)
    write(folder, changed, at=LONG_AGO + 60)
    scanned.taken()
    again = figures(folder, cache)
    assert scanned.taken() == read
    assert again == figures(folder, None)


def test_the_same_size_and_time_are_seen_through_with_verify(tmp_path: Path, scanned: Scanned) -> None:
    """A tool that sets the old time, on a file written in place, is only found out by the bytes."""
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, MONTHS)
    before = figures(folder, cache, verify=True)
    with (folder / "visits-1.csv").open("r+") as stream:
        stream.write(MONTHS["visits-1.csv"].replace("2026-01-05", "2025-12-05"))
    os.utime(folder / "visits-1.csv", (LONG_AGO, LONG_AGO))
    scanned.taken()
    assert figures(folder, cache) == before
    assert scanned.taken() == []
    assert figures(folder, cache, verify=True) == figures(folder, None) != before


@pytest.mark.parametrize(("seconds", "read"), [(2, ["visits-1.csv", "visits-2.csv"]), (3, [])])
def test_how_long_a_scan_takes_makes_no_file_older(
    seconds: int, read: list[str], tmp_path: Path, scanned: Scanned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to two seconds before the scan began, a file may be written again within the same moment of its clock."""
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, MONTHS)
    monkeypatch.setattr("funnelcli.reading.engines.choose.time.time_ns", lambda: (LONG_AGO + seconds) * 10**9)
    figures(folder, cache)
    scanned.taken()
    figures(folder, cache)
    assert scanned.taken() == read


def test_a_file_of_this_moment_is_not_kept(tmp_path: Path, scanned: Scanned) -> None:
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, MONTHS)
    os.utime(folder / "visits-2.csv")
    figures(folder, cache)
    scanned.taken()
    figures(folder, cache)
    assert scanned.taken() == ["visits-2.csv"]


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b'{"joined": null}', b"\xff\xfe", b'{"joined": 1, "until": 3}'])
def test_what_is_kept_may_be_damaged(damage: bytes, tmp_path: Path) -> None:
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, MONTHS)
    plain = figures(folder, cache)
    for path in cache.iterdir():
        path.write_bytes(damage)
    assert figures(folder, cache) == plain
    assert figures(folder, cache) == plain


def test_faults_are_said_again(tmp_path: Path) -> None:
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, {**MONTHS, "visits-2.csv": "date,source,user_id\nsoon,zalo,\n2026-02-01,zalo,\n"})
    assert figures(folder, cache) == figures(folder, cache) == "visits-2.csv:2: date: not-a-date"


def test_dates_that_only_another_file_explains(tmp_path: Path, scanned: Scanned) -> None:
    """31/01 proves that days come first; 05/02 alone would not, and 02/13 denies it."""
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(
        folder,
        {"visits-1.csv": "date,source\n05/01/2026,a\n31/01/2026,b\n", "visits-2.csv": "date,source\n05/02/2026,a\n"},
    )
    plain = figures(folder, cache)
    assert "2026-02" in plain
    scanned.taken()
    assert figures(folder, cache) == plain == figures(folder, None)
    assert scanned.taken() == ["visits-1.csv", "visits-2.csv", "visits-2.csv"]
    write(folder, {"visits-1.csv": "date,source\n05/01/2026,a\n01/31/2026,b\n"}, at=LONG_AGO + 60)
    assert figures(folder, cache) == figures(folder, None) != plain
    write(folder, {"visits-2.csv": "date,source\n13/02/2026,a\n"}, at=LONG_AGO + 120)
    assert figures(folder, cache) == figures(folder, None) == "visits-2.csv:2: date: date-order-mixed"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    folder, cache = tmp_path / "x", tmp_path / "file"
    write(folder, MONTHS)
    cache.write_text("no folder")
    assert figures(folder, cache) == figures(folder, None)


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    cache = tmp_path / "kept"
    cache.mkdir()
    for number in range(4):
        path = cache / f"{number}{kept.SUFFIX}"
        path.write_bytes(b"x" * 100)
        os.utime(path, (LONG_AGO + number, LONG_AGO + number))
    killed = cache / f"{UNFINISHED}killed"
    killed.write_bytes(b"x")
    os.utime(killed, (LONG_AGO, LONG_AGO))
    (cache / ".new-mine").write_bytes(b"x")
    (cache / "mine.txt").write_text("is not ours")
    assert kept.KeptParts(cache).shrink(250) == 3
    left = [".new-mine", f"2{kept.SUFFIX}", f"3{kept.SUFFIX}", "mine.txt"]
    assert sorted(path.name for path in cache.iterdir()) == left


def test_the_command_shows_and_clears(tmp_path: Path) -> None:
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, MONTHS)
    figures(folder, cache)
    # Of each file of visits what it adds, and how it was, should it grow.
    shown = fc.cache(cache).to_frame().loc[0]
    assert (shown["folder"], shown["files"], shown["removed"]) == (str(cache), 4, 0)
    assert shown["bytes"] == sum(path.stat().st_size for path in cache.iterdir())
    cleared = fc.cache(cache, clear=True).to_frame().loc[0]
    assert (cleared["files"], cleared["bytes"], cleared["removed"], list(cache.iterdir())) == (0, 0, 4, [])


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"FUNNELCLI_CACHE": "/a"}, Path("/a")),
        ({"FUNNELCLI_CACHE": "off"}, None),
        ({"XDG_CACHE_HOME": "/x"}, Path("/x/funnelcli")),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, Path("/h/.cache/funnelcli")),
        ({"HOME": "/h"}, Path("/h/.cache/funnelcli")),
    ],
)
def test_where_it_is_kept(environment: dict[str, str], expected: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FUNNELCLI_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert usual_cache() == expected


ROWS = st.tuples(
    st.sampled_from(
        ("2026-01-05", "2026-01-31", "2026-02-01", "2026-02-01 09:00", "13/02/2026", "05/02/2026", "soon", "")
    ),
    st.sampled_from(("google", "google / cpc", "zalo", '"x"', "Total")),
    st.sampled_from(("a", "b", "c", "", "A ")),
)
FOLDERS = st.tuples(
    st.lists(st.lists(ROWS, min_size=1, max_size=4), min_size=1, max_size=3),
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(("2026-01-05", "2026-01-31", "2026-02-01"))), max_size=3
    ),
)


@settings(max_examples=tries(40))
@given(runs=st.lists(FOLDERS, min_size=2, max_size=3), by=st.sampled_from((None, "source")))
def test_the_same_with_and_without(
    runs: list[tuple[list[list[tuple[str, str, str]]], list[tuple[str, str]]]],
    by: str | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """However files and signups change from run to run, what was kept changes no figure and no fault."""
    folder, cache = tmp_path_factory.mktemp("run"), tmp_path_factory.mktemp("kept")
    for number, (files, people) in enumerate(runs):
        texts = {
            f"visits-{place}.csv": "\n".join(["date,source,user_id", *map(",".join, rows), ""])
            for place, rows in enumerate(files)
        }
        texts["signups.csv"] = "\n".join(["user_id,signed_up_at", *map(",".join, people), ""])
        unchanged = {
            name for name, text in texts.items() if (folder / name).exists() and (folder / name).read_text() == text
        }
        write(folder, {name: text for name, text in texts.items() if name not in unchanged}, at=LONG_AGO + number)
        for path in {*folder.iterdir()} - {folder / name for name in texts}:
            path.unlink()
        assert figures(folder, cache, by=by) == figures(folder, None, by=by)
    assert all(isinstance(json.loads(path.read_bytes()), dict) for path in cache.iterdir())
