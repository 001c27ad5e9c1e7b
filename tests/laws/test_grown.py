"""Files of visits that grew at their end: what is new is read, and the figures are those of the whole file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import funnelcli as fc
from funnelcli.reading.engines import choose
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.opening import Opened

LONG_AGO = 1_700_000_000  # seconds: older than the clock's moment, so that files are believed
HEAD = "date,source,user_id\n"
JANUARY = [f"2026-01-{day:02d},google,a\n" for day in range(1, 31)]
SIGNUPS = "user_id,signed_up_at\na,2026-01-20\nb,2026-03-01\n"


class Scanned:
    """Of each scan, which files were read, and how many lines they had."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lines: list[int] = []
        original = choose._scan_all

        def scan(opened: list[Opened], request: VisitRequest) -> VisitTable:
            self.lines += [source.file.path.read_bytes().count(b"\n") for source in opened]
            return original(opened, request)

        monkeypatch.setattr(choose, "_scan_all", scan)

    def taken(self) -> list[int]:
        """The lines since the last time."""
        lines, self.lines = self.lines, []
        return lines


@pytest.fixture(autouse=True)
def _every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "SMALL_BYTES", -1)


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> Scanned:
    return Scanned(monkeypatch)


class Exports:
    """A folder whose files are written in the course of days."""

    def __init__(self, place: Path) -> None:
        self.folder, self.cache, self.days = place / "x", place / "kept", 0
        self.folder.mkdir()
        self.write("signups.csv", SIGNUPS)

    def write(self, name: str, text: str) -> None:
        self.days += 1
        (self.folder / name).write_bytes(text.encode())
        os.utime(self.folder / name, (LONG_AGO + self.days, LONG_AGO + self.days))

    def append(self, name: str, text: str) -> None:
        self.write(name, (self.folder / name).read_bytes().decode() + text)

    def outcome(self, *, kept: bool = True) -> str:
        """The report as CSV with the notes, or the errors that forbid one."""
        with fc.open_folder(self.folder, cache=self.cache if kept else None) as opened:
            try:
                report = opened.report(start="2026-01", end="2026-03")
            except fc.InputError as error:
                return "\n".join(f"{each.place}: {each.code}" for each in error.problems)
            said = [f"{each.place}: {each.message}" for each in opened.check().problems]
            return "\n".join([report.to_frame().to_csv(), *(note.text.of("en") for note in report.report.notes), *said])


def grown_twice(exports: Exports, lines: str = "".join(JANUARY)) -> None:
    """A file that was read, has grown and was read again: from now on it is known as one that grows."""
    exports.write("visits.csv", HEAD + lines)
    exports.outcome()
    exports.append("visits.csv", "2026-01-31,zalo,\n")
    exports.outcome()


def test_only_what_is_new_is_read(tmp_path: Path, scanned: Scanned) -> None:
    exports = Exports(tmp_path)
    grown_twice(exports)
    assert scanned.taken() == [31, 32]  # the header and 30 rows, then 31 rows
    exports.append("visits.csv", "2026-02-01,zalo,a\n2026-02-02,google,\n")
    read = exports.outcome()
    assert scanned.taken() == [3]  # the header and the two new ones
    assert exports.outcome() == read
    assert scanned.taken() == []
    assert read == exports.outcome(kept=False)
    scanned.taken()
    exports.append("visits.csv", "2026-02-03,bing,a\n")
    with fc.open_folder(exports.folder, cache=exports.cache) as opened:
        report = opened.report(start="2026-01", end="2026-02")
    assert scanned.taken() == [2]
    # January: 30 of google by a, who signed up on the 20th and is an existing user on 10 of the days, and one of zalo.
    # February: two by a, and one more.
    assert list(report["net_new_visitors"]) == [21, 1]
    assert list(report["existing_user_visits"]) == [10, 2]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-01-05,google,a\n", "2026-01-06,google,a\n"),  # another row, as long as it was
        ("2026-01-05,google,a\n", "2026-01-05,bing..,a\n"),
    ],
)
def test_what_was_there_has_changed(before: str, after: str, tmp_path: Path, scanned: Scanned) -> None:
    exports = Exports(tmp_path)
    grown_twice(exports)
    text = (exports.folder / "visits.csv").read_text()
    exports.write("visits.csv", text.replace(before, after) + "2026-02-01,zalo,a\n")
    scanned.taken()
    assert exports.outcome() == exports.outcome(kept=False)
    assert scanned.taken() == [33, 33]


@pytest.mark.parametrize(
    "new",
    [
        "# made by An\n2026-02-01,zalo,a\n",
        "\n2026-02-01,zalo,a\n",
        "Total,32,\n",
        "soon,zalo,a\n",
        "2026-02-01,zalo,a,more\n",
        '2026-02-01,"zalo\nagain",a\n',
        "2026-02-01,zalo",
        "01/02/2026,zalo,a\n",
        "2026-02-01 10:00,zalo,a\n",
        "".join(JANUARY),  # the table once more
    ],
)
def test_rows_that_are_not_like_the_others_are_read_with_all_of_them(new: str, tmp_path: Path) -> None:
    exports = Exports(tmp_path)
    grown_twice(exports)
    exports.append("visits.csv", new)
    assert exports.outcome() == exports.outcome(kept=False)
    exports.append("visits.csv", "2026-02-03,zalo,a\n")
    assert exports.outcome() == exports.outcome(kept=False)
    exports.append("visits.csv", "2026-02-04,zalo,a\n")
    assert exports.outcome() == exports.outcome(kept=False)


@pytest.mark.parametrize("last", ["2026-01-31,zalo,a", "# made by An\n", "\n", "Total,30,\n"])
def test_what_stood_at_the_end_stands_between_rows_now(last: str, tmp_path: Path) -> None:
    exports = Exports(tmp_path)
    exports.write("visits.csv", HEAD + "".join(JANUARY))
    exports.outcome()
    exports.append("visits.csv", last)
    exports.outcome()
    exports.append("visits.csv", "2026-02-03,zalo,a\n")
    assert exports.outcome() == exports.outcome(kept=False)


def test_somebody_signed_up_before(tmp_path: Path) -> None:
    exports = Exports(tmp_path)
    grown_twice(exports)
    exports.append("visits.csv", "2026-02-01,zalo,b\n")
    exports.write("signups.csv", SIGNUPS.replace("b,2026-03-01", "b,2026-01-01").replace("01-20", "01-10"))
    assert exports.outcome() == exports.outcome(kept=False)


def test_an_order_of_days_and_months_that_only_the_old_rows_tell(tmp_path: Path, scanned: Scanned) -> None:
    exports = Exports(tmp_path)
    exports.write("visits.csv", HEAD + "".join(f"{day:02d}/01/2026,google,a\n" for day in range(1, 31)))
    exports.outcome()
    exports.append("visits.csv", "31/01/2026,google,a\n")
    exports.outcome()
    scanned.taken()
    exports.append("visits.csv", "05/02/2026,google,a\n")
    read = exports.outcome()
    assert scanned.taken() == [2]
    assert read == exports.outcome(kept=False)
    exports.append("visits.csv", "02/13/2026,google,a\n")
    assert exports.outcome() == exports.outcome(kept=False)


plain = st.sampled_from(
    ["2026-02-01,zalo,a\n", "2026-02-02,google,b\n", "2026-03-02,,b\n", '2026-02-03,"x, y",\n', "2026-02-04,ế,a\n"]
)
odd = st.sampled_from(["\n", "# note\n", "Total,1,\n", HEAD, "soon,zalo,a\n", "2026-02-05 10:00,zalo,a\n", '"', "\r\n"])


@settings(max_examples=15)  # each is eight reports
@given(st.lists(st.lists(st.one_of(plain, plain, plain, odd), min_size=1, max_size=3), min_size=3, max_size=4))
def test_any_growth(pieces: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        exports = Exports(Path(place))
        exports.write("visits.csv", HEAD + "".join(JANUARY))
        for piece in pieces:
            exports.append("visits.csv", "".join(piece))
            assert exports.outcome() == exports.outcome(kept=False)
