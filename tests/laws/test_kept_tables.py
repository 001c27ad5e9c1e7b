"""What is kept of large files of people for the next run: the same figures with and without; any doubt is a miss."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import funnelcli as fc
from funnelcli.reading import kept_tables, raw
from funnelcli.reading.cells import Cells
from funnelcli.reading.opening import Opened
from funnelcli.reading.raw import RawTable

LONG_AGO = 1_700_000_000  # seconds: older than the clock's moment, so that files are believed

SIGNUPS = "user_id,signed_up_at,source\na,2026-01-05,zalo\nb,2026-01-31,google\n"
DEMOS = "demo_id,user_id,booked_at,held_at\nd1,a,2026-02-01,2026-02-02\nd2,b,2026-02-28,\n"


@pytest.fixture(autouse=True)
def read_anew(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read anew; every file is worth keeping."""
    names: list[str] = []
    original = raw._read

    def reads(opened: Opened) -> RawTable:
        names.append(opened.name)
        return original(opened)

    monkeypatch.setattr(kept_tables, "FEWEST_BYTES", 0)
    monkeypatch.setattr(raw, "_read", reads)
    return names


def write(folder: Path, files: Mapping[str, str], *, at: int = LONG_AGO) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        os.utime(folder / name, (at, at))


def outcome(folder: Path, cache: Path | None, *, verify: bool = False) -> str:
    """The report as CSV with what is said of the files, or the errors that forbid one."""
    with fc.open_folder(folder, cache=cache, verify=verify) as opened:
        said = [f"{each.place}: {each.code}" for each in opened.check().problems]
        try:
            return "\n".join([opened.report(last=3).to_frame().to_csv(), *said])
        except fc.InputError:
            return "\n".join(said)


def test_people_are_read_once(tmp_path: Path, read_anew: list[str]) -> None:
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, {"signups.csv": SIGNUPS, "demos.csv": DEMOS})
    plain = outcome(folder, None)
    read_anew.clear()
    assert outcome(folder, cache) == plain
    assert sorted(set(read_anew)) == ["demos.csv", "signups.csv"]
    read_anew.clear()
    assert outcome(folder, cache) == plain
    assert read_anew == []
    assert {path.stat().st_mode & 0o777 for path in cache.iterdir()} == {0o600}
    with fc.open_folder(folder, cache=cache) as opened:
        # Two signups in January; both demos were booked in February.
        report = opened.report(start="2026-01", end="2026-02")
    assert report["new_signups"].iloc[0] == 2
    assert list(report["new_demo_bookings"]) == [0, 2]
    assert read_anew == []


@pytest.mark.parametrize(
    ("changed", "read"),
    [
        ({"signups.csv": SIGNUPS + "c,2026-02-01,\n"}, ["signups.csv"]),
        ({"demos.csv": DEMOS.replace("2026-02-28", "2026-02-27")}, ["demos.csv"]),
        ({"funnel.toml": '[inputs.signups]\nempty = ["zalo"]\n'}, ["signups.csv"]),
        ({"funnel.toml": '[business]\ntimezone = "UTC"\n'}, []),  # what a cell means is decided after it is read
        ({"funnel.toml": '[channels]\npaid = ["zalo"]\n'}, []),
    ],
)
def test_only_what_changed_is_read(
    changed: dict[str, str], read: list[str], tmp_path: Path, read_anew: list[str]
) -> None:
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, {"signups.csv": SIGNUPS, "demos.csv": DEMOS})
    outcome(folder, cache)
    write(folder, changed, at=LONG_AGO + 60)
    read_anew.clear()
    again = outcome(folder, cache)
    assert sorted(set(read_anew)) == read
    assert again == outcome(folder, None)


def test_verify_sees_through_the_same_size_and_time(tmp_path: Path, read_anew: list[str]) -> None:
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, {"signups.csv": SIGNUPS})
    before = outcome(folder, cache, verify=True)
    with (folder / "signups.csv").open("r+") as stream:
        stream.write(SIGNUPS.replace("2026-01-05", "2026-03-05"))
    os.utime(folder / "signups.csv", (LONG_AGO, LONG_AGO))
    assert outcome(folder, cache) == before
    read_anew.clear()
    assert outcome(folder, cache, verify=True) == outcome(folder, None) != before
    assert read_anew


def test_a_file_of_this_moment_is_not_kept(tmp_path: Path, read_anew: list[str]) -> None:
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, {"signups.csv": SIGNUPS, "demos.csv": DEMOS})
    os.utime(folder / "demos.csv")
    outcome(folder, cache)
    read_anew.clear()
    outcome(folder, cache)
    assert set(read_anew) == {"demos.csv"}


@pytest.mark.parametrize("fault", ["c,soon,zalo\n", "c,2026-02-01,zalo,more\n", ",2026-02-01,zalo\n"])
def test_faults_are_said_again(fault: str, tmp_path: Path) -> None:
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, {"signups.csv": SIGNUPS + fault})
    plain = outcome(folder, None)
    assert plain.startswith("signups.csv:4")
    assert outcome(folder, cache) == outcome(folder, cache) == plain


def half(kept: bytes) -> bytes:
    return kept[: len(kept) // 2]


def beyond(kept: bytes) -> bytes:
    """Each row has a text by its place; of two texts the last has the place 1."""
    columns = msgspec.msgpack.decode(kept)
    columns["cells"]["user_id"]["places"] = {"from": 1, "size": 2}
    return msgspec.msgpack.encode(columns)


@pytest.mark.parametrize("damage", [b"", b"\x81", b"\xc0", b"\x93\x01\x02\x03", half, beyond])
def test_what_is_kept_may_be_damaged(damage: bytes | Callable[[bytes], bytes], tmp_path: Path) -> None:
    folder, cache = tmp_path / "x", tmp_path / "kept"
    write(folder, {"signups.csv": SIGNUPS})
    plain = outcome(folder, cache)
    for path in cache.iterdir():
        path.write_bytes(damage if isinstance(damage, bytes) else damage(path.read_bytes()))
    assert outcome(folder, cache) == plain


texts = st.lists(st.sampled_from(["", "a", "ế", "b\nc", "\ud800", "1"]), max_size=6)


@given(texts, st.integers(0, 70_000))
def test_columns_come_back_as_they_were(cells: list[str], shift: int) -> None:
    column = Cells.of(cells)
    if "\ud800" not in cells:  # which no file of text can hold in UTF-8, and is not kept
        coded = msgspec.msgpack.encode(kept_tables._stored_cells(column))
        back = kept_tables._cells_of(msgspec.msgpack.decode(coded), len(cells))
        assert (back.first, back.places.tolist()) == (column.first, column.places.tolist())
    numbers = np.array([shift, *column.places.tolist()], dtype=np.int64)
    assert kept_tables._numbers_of(kept_tables._stored_numbers(numbers)).tolist() == numbers.tolist()


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 28), st.sampled_from(["zalo", "", "x,y"])), max_size=5)
)
def test_any_people_are_the_same_with_and_without(drawn: list[tuple[str, int, str]]) -> None:
    rows = [f'{who},2026-01-{day:02d},"{source}"' for who, day, source in drawn]
    with tempfile.TemporaryDirectory() as place:
        folder, cache = Path(place) / "x", Path(place) / "kept"
        write(folder, {"signups.csv": "\n".join(["user_id,signed_up_at,source", *rows]) + "\n"})
        assert outcome(folder, None) == outcome(folder, cache) == outcome(folder, cache)
