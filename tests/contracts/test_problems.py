"""Every kind of problem is found where it is, and nothing else; and no command answers in spite of an error."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.problem_cases import (
    BALANCES,
    CASES,
    MANY_SIGNUPS,
    QUIET,
    ROWS,
    THREE_VISITS,
    WARNINGS,
    WHOLE_FILE,
    Case,
    Place,
    Written,
    gz,
)
from funnelcli.answers.checks import odd_findings
from funnelcli.answers.report import build
from funnelcli.answers.spec import RangeOptions, resolve, resolve_as_of
from funnelcli.facts import load as loading
from funnelcli.facts.model import Facts
from funnelcli.problems import InputError
from funnelcli.problems.kinds import KINDS, Severity
from funnelcli.reading import dialect, tables
from funnelcli.reading.discover import find, not_files, nothing_found, open_folder
from funnelcli.reading.engines import choose
from support import command, run_cli

NOW = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)
ERRORS = [case for case in CASES if any(KINDS[code].severity is Severity.ERROR for code in case.codes)]
NOTHING_TO_READ = [case for case in CASES if case.name == "a file of no input"]

# No input of ours has a column of bare numbers yet; test_toy_inputs declares one with a score, and finds the fault.
OF_TOY_INPUTS = {"not-a-number"}
# Somebody must write a file while it is read: test_a_file_that_changes_while_it_is_read.
OF_MOVING_FILES = {"changed-file"}
# These take workers: unit/test_cluster.py.
OF_WORKERS = {"unseen-by-workers", "changed-by-workers", "not-counted-by-workers"}
# What settings or an older output say must be there: cli/test_night.py.
OF_EXPECTATIONS = {"input-missing", "too-few-rows", "too-old", "required-cut-short", "rows-lost"}


def _ids(case: Case) -> str:
    return re.sub(r"\W+", "-", case.name)


each = pytest.mark.parametrize("case", CASES, ids=_ids)
each_error = pytest.mark.parametrize("case", ERRORS, ids=_ids)


def read(folder: Path) -> tuple[Facts | None, list[str]]:
    """The exports of a folder (None where it has none) and the files in it that belong to no input."""
    opened = open_folder(folder)
    found = find(opened, {})
    names = [str(name) for name in found.unknown]
    if not found.files:
        return None, names
    exports = loading.load(opened.config, found.files)
    exports.problems.extend(found.problems)
    return exports, names


def found_in(case: Case, folder: Path) -> list[Place]:
    """Every problem that reading and checking the folder of a case finds, each as often as it is found."""
    exports, unknown = read(folder)
    if exports is None:
        opened = open_folder(folder)
        found = find(opened, {})
        refused = nothing_found(opened, found).problems
        return [(problem.code, problem.file, problem.line, problem.column) for problem in refused]
    problems = [*exports.problems, *not_files(open_folder(folder))]
    if exports.extents:
        as_of = resolve_as_of(None, exports.extents, "UTC", NOW)
        problems += odd_findings(exports, as_of, today=case.today)
    for tally in exports.tallies:
        assert tally.read == tally.counted + tally.duplicate + tally.rejected
    places = [(problem.code, problem.file, problem.line, problem.column) for problem in problems]
    return [*places, *(("unknown-file", name, None, None) for name in unknown)]


def test_every_kind_has_a_case() -> None:
    elsewhere = OF_TOY_INPUTS | OF_MOVING_FILES | OF_WORKERS | OF_EXPECTATIONS
    reproduced = {code for case in CASES for code in case.codes} | elsewhere
    assert sorted(KINDS.keys() - reproduced) == []
    assert sorted(reproduced - KINDS.keys()) == []


def test_the_names_of_the_cases_tell_them_apart() -> None:
    names = [case.name for case in (*CASES, *QUIET)]
    assert len(set(names)) == len(names)


@each
def test_each_problem_is_found_at_its_place_and_no_other(case: Case, written: Written) -> None:
    assert case.expected
    places = found_in(case, written(case))
    assert set(places) == case.expected
    once = [place for place in places if place[0] != "unmatched-source"]
    assert len(once) == len(set(once))


@pytest.mark.parametrize("case", QUIET, ids=_ids)
def test_what_only_looks_wrong_is_not_reported(case: Case, written: Written) -> None:
    assert found_in(case, written(case)) == []
    exports, _ = read(written(case))
    assert exports is not None
    assert exports.tallies
    assert all(tally.counted > 0 for tally in exports.tallies)


@pytest.mark.parametrize(
    "case", [case for case in (*CASES, *QUIET) if any(name.startswith("visitors") for name in case.files)], ids=_ids
)
def test_the_engine_for_large_files_finds_the_same(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "SMALL_BYTES", -1)
    case.write(tmp_path)
    assert set(found_in(case, tmp_path)) == case.expected


# --- what must not be counted without a word ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    ["Sessions", "Số phiên", "Tổng số phiên", "Tổng lượt truy cập", "Truy cập", "Lượt", "Traffic", "Count", "Hits",
     "Visits (all)", "Users (total)", "Clicks", "Active users"],
)  # fmt: skip
def test_a_row_that_sums_a_day_never_counts_as_one_visit(header: str, tmp_path: Path) -> None:
    """Known or not, a column of sums is read as the visits or refused: 250 visits are not two."""
    (tmp_path / "visitors.csv").write_text(f"Ngày;{header}\n2026-01-05;120\n2026-01-06;130\n", "utf-8")
    exports, _ = read(tmp_path)
    assert exports is not None
    refused = [(problem.file, problem.line, problem.column) for problem in exports.problems.of(Severity.ERROR)]
    counted = sum(sums.visits for sums in exports.visits.sums.values()) if exports.visits else 0
    assert refused == [("visitors.csv", 1, "visits")] or (refused, counted) == ([], 250)


def test_ids_that_a_spreadsheet_has_shortened_are_not_taken_for_one_person(tmp_path: Path) -> None:
    """Three phone numbers, saved as CSV by a spreadsheet that showed them as 8.49123E+10."""
    rows = "".join(f"8.49123E+10,2026-01-{day:02}\n" for day in (5, 6, 7))
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\n" + rows, "utf-8")
    exports, _ = read(tmp_path)
    assert exports is not None
    assert [(problem.file, problem.column) for problem in exports.problems][:1] == [("signups.csv", "user_id")]


# --- beyond the part of a file that is looked at first -----------------------------------------------------------

_HEAD = "user_id,signed_up_at,note\n"
_GOOD = "".join(f"u{n:05},2026-01-{n % 20 + 10},nothing\n" for n in range(2_000))
LATE: dict[str, tuple[dict[str, bytes], Place]] = {
    "encoding": (
        {"signups.csv": (_HEAD + _GOOD).encode() + b"v1,2026-01-05,caf\xe9\n" + b"v2,2026-01-05,x\n"},
        ("bad-encoding", "signups.csv", 2_002, None),
    ),
    "encoding-of-visits": (
        {"visitors.csv": (_HEAD + _GOOD).replace("signed_up_at", "date").encode() + b"v1,2026-01-05,caf\xe9\n"},
        ("bad-encoding", "visitors.csv", 2_002, None),
    ),
    "quotation-mark": (
        {"signups.csv": (_HEAD + _GOOD + 'v1,2026-01-05,"x\nv2,2026-01-05,x\n').encode()},
        ("unclosed-quote", "signups.csv", 2_002, None),
    ),
    "zip": ({"signups.csv.gz": gz(_HEAD + _GOOD)[:-9]}, ("broken-file", "signups.csv.gz", None, None)),
    "row": (
        {"signups.csv": (_HEAD + _GOOD + "v1,2026-01-05,x\nv2,never,x\n").encode()},
        ("not-a-date", "signups.csv", 2_003, "signed_up_at"),
    ),
}


@pytest.mark.parametrize(("files", "place"), LATE.values(), ids=LATE)
@pytest.mark.parametrize("size", [200, 50_000], ids=["early-sample", "late-sample"])
def test_a_fault_beyond_the_first_look_is_found_at_its_place(
    files: dict[str, bytes], place: Place, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "SAMPLE_BYTES", size)
    case = Case("late", files, frozenset([place]))
    case.write(tmp_path)
    assert found_in(case, tmp_path) == [place]


def test_a_file_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A download that goes on: between the look at its header and its rows, a row is added."""
    path = tmp_path / "signups.csv"
    path.write_text("user_id,signed_up_at\nu1,2026-01-05\n", "utf-8")
    (tmp_path / "demos.csv").write_text("user_id,booked_at\nu1,2026-01-06\n", "utf-8")
    read_table = tables.read_table

    def read_late(*args: Any) -> tables.Table:
        path.write_text("user_id,signed_up_at\nu1,2026-01-05\nu2,2026-01-06\n", "utf-8")
        return read_table(*args)

    monkeypatch.setattr(tables, "read_table", read_late)
    exports, _ = read(tmp_path)
    assert exports is not None
    places = [(problem.code, problem.file) for problem in exports.problems]
    assert places == [("changed-file", "signups.csv")]
    assert exports.problems.fatal(skip_bad_rows=True)


# --- what the commands make of it --------------------------------------------------------------------------------


def run_here(capfd: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """A command in this process: its exit status, standard output and standard error."""
    with pytest.raises(SystemExit) as left:
        command()(list(args))
    out, err = capfd.readouterr()
    code = left.value.code
    return (0 if code is None else int(code)), out, err


def assert_named(case: Case, err: str) -> None:
    """Standard error names, for every kind of error, the file and the line of one of the places."""
    codes = {code for code in case.codes if KINDS[code].severity is Severity.ERROR}
    for code in codes:
        places = [(file, line) for kind, file, line, _ in case.expected if kind == code]
        shown = [f"{file}:{line}:" if line is not None else f"{file}:" for file, line in places]
        assert any(place in err for place in shown), (code, shown, err)
    assert "Traceback" not in err
    assert "this is a bug" not in err


@pytest.mark.parametrize("case", [*ERRORS, *NOTHING_TO_READ], ids=_ids)
def test_a_report_is_refused_with_the_place_of_each_error_and_leaves_the_file_it_would_have_written(
    case: Case, written: Written, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    refused = run_here(capfd, "report", str(written(case)))
    assert refused[:2] == (3, "")
    assert_named(case, refused[2])
    if case in NOTHING_TO_READ:
        assert "orders.csv" in refused[2]

    target = tmp_path / "out.csv"
    target.write_bytes(b"last month's figures\n")
    before = target.stat()
    assert run_here(capfd, "report", str(written(case)), "-o", str(target)) == refused
    assert target.read_bytes() == b"last month's figures\n"
    assert target.stat().st_mtime_ns == before.st_mtime_ns
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_a_refused_run_leaves_the_file_it_would_have_written(tmp_path: Path) -> None:
    """The same of a process of its own."""
    case = ERRORS[0]
    exports, target = tmp_path / "exports", tmp_path / "out.csv"
    exports.mkdir()
    case.write(exports)
    target.write_bytes(b"last month's figures\n")
    before = target.stat()
    done = run_cli("report", exports, "-o", target)
    assert (done.returncode, done.stdout) == (3, "")
    assert_named(case, done.stderr)
    assert (target.read_bytes(), target.stat().st_mtime_ns) == (b"last month's figures\n", before.st_mtime_ns)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exports", "out.csv"]


@each_error
def test_check_lists_the_same_problems_and_says_so_by_its_exit_status(
    case: Case, written: Written, capfd: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run_here(capfd, "check", str(written(case)), "-f", "json")
    listed = {
        (problem["code"], problem["file"], problem["line"], problem["column"])
        for problem in json.loads(out)["problems"]
        if problem["severity"] == "error"
    }
    assert status == 3
    assert listed == {place for place in case.expected if KINDS[place[0]].severity is Severity.ERROR}


@pytest.mark.parametrize("case", [*WHOLE_FILE, *BALANCES], ids=_ids)
def test_leaving_rows_out_does_not_cure_a_whole_file(
    case: Case, written: Written, capfd: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run_here(capfd, "report", str(written(case)), "--skip-bad-rows")
    assert (status, out) == (3, "")
    assert_named(case, err)


@pytest.mark.parametrize(
    "case", [case for case in ROWS if not any(KINDS[code].whole_file for code in case.codes)], ids=_ids
)
def test_leaving_rows_out_cures_rows(case: Case, written: Written) -> None:
    exports, _ = read(written(case))
    assert exports is not None
    assert exports.problems.fatal(skip_bad_rows=True) == []
    bad = {(file, line) for code, file, line, _ in case.expected if KINDS[code].severity is Severity.ERROR}
    assert sum(tally.rejected for tally in exports.tallies) == len(bad)
    spec = resolve(RangeOptions(), exports, now=NOW, by="channel", skip_bad_rows=True)
    report = build(exports, spec)
    assert report.rows
    assert "rows-left-out" in {note.code for note in report.notes}


@pytest.mark.parametrize("case", WARNINGS, ids=_ids)
def test_a_warning_does_not_stop_a_report(case: Case, written: Written) -> None:
    exports, _ = read(written(case))
    if case in NOTHING_TO_READ:
        assert exports is None
        return
    assert exports is not None
    assert exports.problems.fatal(skip_bad_rows=False) == []
    spec = resolve(RangeOptions(), exports, now=NOW, by="channel", skip_bad_rows=False)
    assert build(exports, spec).rows


def test_only_so_many_problems_of_a_kind_are_kept_but_all_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"u{n},never\n" for n in range(10_050))
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\n" + rows, "utf-8")
    exports, _ = read(tmp_path)
    assert exports is not None
    kept = [(problem.code, problem.line) for problem in exports.problems]
    assert kept == [("not-a-date", line) for line in range(2, 10_002)]
    assert exports.problems.count("not-a-date") == 10_050
    assert [(t.read, t.counted, t.rejected) for t in exports.tallies] == [(10_050, 0, 10_050)]


def test_a_folder_without_an_export_is_refused(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("a\n", "utf-8")
    opened = open_folder(tmp_path)
    error = nothing_found(opened, find(opened, {}))
    assert isinstance(error, InputError)
    assert [(problem.code, problem.file) for problem in error.problems] == [("unknown-file", "orders.csv")]


def test_the_good_tables_of_the_cases_are_good(tmp_path: Path) -> None:
    (tmp_path / "signups.csv").write_text(MANY_SIGNUPS, "utf-8")
    (tmp_path / "visitors.csv").write_text(THREE_VISITS, "utf-8")
    exports, unknown = read(tmp_path)
    assert exports is not None
    assert (list(exports.problems), unknown) == ([], [])
    assert [(t.input, t.read, t.counted) for t in exports.tallies] == [("visitors", 3, 3), ("signups", 10, 10)]
