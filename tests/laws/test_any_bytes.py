"""Any bytes at all end in an answer or in a named error.

Whatever a file holds, reading it raises nothing but our own errors, and never the one that stands for a bug.  Every
file leaves a tally or a named error of its own.  The rows read are the rows counted, the duplicates and the rejected
ones.  What is free of errors can be counted and written.
"""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from draws import any_of, order_of, subsets, tries
from funnelcli.answers.layout import Layout
from funnelcli.answers.report import build
from funnelcli.answers.spec import RangeOptions, resolve
from funnelcli.facts.load import load
from funnelcli.facts.model import Facts
from funnelcli.problems import ExitCode, FunnelError
from funnelcli.problems.kinds import KINDS, Severity
from funnelcli.reading.discover import discover, open_folder
from funnelcli.reading.engines import choose
from funnelcli.reading.rows import Tally
from funnelcli.renderers import Style
from support import rendered, run_cli

NOW = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)
STAGES = ("visitors", "signups", "demos", "paid_users", "monthly")
SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".xlsx", ".parquet")

many = settings(
    max_examples=tries(120),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)

# --- the law -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """How it ended: the reports made without and with bad rows left out, and the codes of the problems."""

    reports: tuple[str, ...]
    codes: frozenset[str]
    tallies: tuple[Tally, ...]


@contextmanager
def engine(*, large: bool) -> Iterator[None]:
    """Visits read by the engine for large files, however small they are."""
    with pytest.MonkeyPatch.context() as patch:
        if large:
            patch.setattr(choose, "SMALL_BYTES", -1)
        yield


def _reports(exports: Facts, *, skip_bad_rows: bool) -> list[str]:
    """The report as CSV and JSON; none where errors or the user's mistakes forbid it."""
    if exports.problems.fatal(skip_bad_rows=skip_bad_rows):
        return []
    try:
        spec = resolve(RangeOptions(), exports, now=NOW, by="channel", skip_bad_rows=skip_bad_rows)
        report = build(exports, spec, digests=True)
    except FunnelError as error:
        if error.exit_code is ExitCode.BUG:
            raise
        return []
    return [rendered(report, form, Style(layout=Layout.TIDY)) for form in ("csv", "json")]


def outcome(files: Mapping[str, bytes], *, large: bool = False, both_ways: bool = False) -> Outcome:
    """Write the files, read them and hold them to the law; with errors, or ``both_ways``, also without the bad rows."""
    with tempfile.TemporaryDirectory() as scratch, engine(large=large):
        root = Path(scratch)
        for name, content in files.items():
            (root / name).write_bytes(content)
        try:
            opened = open_folder(root)
            sources, _ = discover(opened, {})
            exports = load(opened.config, sources)
        except FunnelError as error:
            if error.exit_code is ExitCode.BUG:
                raise
            return Outcome((), frozenset(), ())
        problems = list(exports.problems)
        stage_of = {source.name: source.input for given_files in sources.values() for source in given_files}
        for problem in problems:
            assert problem.code in KINDS
            assert problem.line is None or problem.line >= 1
            assert set(problem.file.split(", ")) <= stage_of.keys()
            assert problem.message
        errors = [problem for problem in problems if problem.kind.severity is Severity.ERROR]
        # A fault of a whole input, like dates that nothing decides, speaks for all files of it.
        faulty = {stage_of[problem.file] for problem in errors if problem.kind.whole_file}
        tallied = {tally.file for tally in exports.tallies}
        assert [name for name, stage in stage_of.items() if name not in tallied and stage not in faulty] == []
        for tally in exports.tallies:
            numbers = (tally.read, tally.counted, tally.duplicate, tally.rejected, tally.filtered, tally.skipped)
            assert min(numbers) >= 0, tally
            assert tally.read == tally.counted + tally.duplicate + tally.rejected, tally
            assert not tally.rejected or tally.file in {problem.file for problem in errors}, tally
        # Where nothing is wrong, leaving bad rows out leaves nothing out: that is held to in the good files below.
        ways = (False, True) if errors or both_ways else (False,)
        reports = [text for skip in ways for text in _reports(exports, skip_bad_rows=skip)]
        assert all(reports)
        return Outcome(tuple(reports), frozenset(problem.code for problem in problems), tuple(exports.tallies))


# --- good files --------------------------------------------------------------------------------------------------

TEXTS: Mapping[str, str] = {
    "visitors": 'date,source,visits,existing_visits,page\n2026-01-05,google / cpc,"1,234",3,"a, ""b""\nc"\n'
    "2026-01-17,Giới thiệu,7,0,/\n2026-02-28,,12,,/giá\n",
    "signups": "Mã khách hàng;Ngày đăng ký;Nguồn;Ghi chú\nKH1;05/01/2026;google / cpc;x\nKH2;17/01/2026;Đối tác;\n"
    "an@x.vn;28/02/2026 14:30;;\"y; z\"\nTổng cộng;;;3\n",
    "demos": "# Demos\n\nuser_id\tbooked_at\theld_at\tstatus\tdemo_id\nKH1\t2026-01-06\t2026-01-09\theld\td1\n"
    "KH2\t2026-01-18T20:00:00Z\t\tcancelled\td2\nan@x.vn\t2026-03-01\t\t\td3\n",
    "paid_users": "user_id,started_at,ended_at,plan\nKH1,2026-01-12,2026-02-11,a\nKH1,2026-03-12,,b\n"
    "KH9,20260201,9999-12-31,c\n",
    "monthly": "month,channel,new_signups,new_paid_users,opening_paid_users\n"
    "2026-01,,10,2,5\n02/2026,,12,3,7\n2026-01,paid,4,1,\n",
}  # fmt: skip


def _sheet(text: str) -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    dialect = csv.Sniffer().sniff(text.splitlines()[-1], ",;\t")
    for row in csv.reader(io.StringIO(text), delimiter=dialect.delimiter):
        cells: list[object] = []
        for cell in row:
            try:
                cells.append(datetime.fromisoformat(cell).replace(tzinfo=None))
            except ValueError:
                cells.append(int(cell) if cell.isascii() and cell.isdigit() else cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def _connection() -> Any:
    """One for the whole run: opening one takes longer than writing a small file."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _parquet(query: str) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "table.parquet"
        _connection().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
        return path.read_bytes()


_PARQUET_QUERIES = {
    "visitors": "SELECT DATE '2026-01-05' + (i * 9)::INTEGER AS date, 'google / cpc' AS source, "
    "i AS visits FROM range(9) t (i)",
    "signups": "SELECT 'KH' || i AS user_id, "
    "TIMESTAMP '2026-01-05 10:00:00' + INTERVAL (i) DAY AS signed_up_at FROM range(9) t (i)",
    "demos": "SELECT 'KH' || i AS user_id, DATE '2026-01-07' AS booked_at, 'held' AS status FROM range(9) t (i)",
    "paid_users": "SELECT 'KH' || i AS user_id, DATE '2026-01-09' AS started_at, NULL::DATE AS ended_at "
    "FROM range(9) t (i)",
    "monthly": "SELECT '2026-0' || (i + 1) AS month, i AS new_signups FROM range(9) t (i)",
}  # fmt: skip

_MAKERS: Mapping[str, Callable[[str], bytes]] = {
    ".csv": lambda stage: TEXTS[stage].encode("utf-8"),
    ".tsv": lambda stage: TEXTS[stage].encode("utf-8-sig"),
    ".txt": lambda stage: TEXTS[stage].encode("utf-16"),
    ".csv.gz": lambda stage: gzip.compress(TEXTS[stage].encode("utf-8"), mtime=0),
    ".xlsx": lambda stage: _sheet(TEXTS[stage]),
    ".parquet": lambda stage: _parquet(_PARQUET_QUERIES[stage]),
}


@cache
def good(stage: str, suffix: str) -> bytes:
    """A whole file of a stage."""
    return _MAKERS[suffix](stage)


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("stage", STAGES)
def test_the_files_to_be_damaged_are_good(stage: str, suffix: str, large: bool) -> None:
    got = outcome({stage + suffix: good(stage, suffix)}, large=large, both_ways=True)
    assert (len(got.reports), [tally.counted for tally in got.tallies]) == (4, [9 if suffix == ".parquet" else 3])


# --- any bytes ---------------------------------------------------------------------------------------------------

_starts = st.sampled_from(
    [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"\x1f\x8b\x08\x00",
     b"sep=;\n", b"# ", b"<", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"date,source\n", b"user_id;signed_up_at\n", b'"',
     b"\x00"]
)  # fmt: skip
_any_bytes = st.builds(
    lambda start, rest: start + rest,
    _starts,
    st.binary(max_size=300) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")),
)
_names = st.builds(lambda stage, suffix: stage + suffix, st.sampled_from(STAGES), st.sampled_from(SUFFIXES))


@many
@given(files=st.dictionaries(_names, _any_bytes, min_size=1, max_size=3), large=st.booleans())
@example(files={"visitors.csv": b"\xff\xfe\x00"}, large=False)
@example(files={"signups.csv": b"\x1f\x8b"}, large=False)
@example(files={"signups.csv": b"sep="}, large=False)
@example(files={"signups.csv": b"sep=\n"}, large=False)
@example(files={"signups.csv": b'sep="\nuser_id"signed_up_at\n'}, large=False)
@example(files={"signups.csv": "sep=é\nuser_idésigned_up_at\nué2026-01-05\n".encode()}, large=False)
@example(files={"visitors.csv": "sep=€\ndate€visits\n2026-01-05€5\n".encode()}, large=True)
@example(files={"signups.csv": b"user_id,signed_up_at\n" + b'"' * 10_001}, large=False)
@example(files={"visitors.csv": b"date\n2026-01-05"}, large=True)
@example(files={"visitors.csv": b"date\r2026-01-05\r"}, large=True)
@example(files={"visitors.csv": b"date,visits\n2026-01-05," + b"9" * 15 + b"\n2026-01-05," + b"9" * 15}, large=True)
@example(files={"paid_users.csv": b"user_id,started_at,ended_at\nu,2026-01-05,9999-12-31T23:59:59Z\n"}, large=False)
@example(files={"signups.csv": b"user_id,signed_up_at\nu,0001-01-01T00:00:00+14:00\n"}, large=False)
@example(files={"visitors.csv": b"date\n9999-12-31T23:59:59Z\n"}, large=True)
@example(files={"visitors.csv": b"date\n0001-01-01T00:00:00+14:00\n"}, large=True)
def test_any_bytes_in_any_file(files: dict[str, bytes], large: bool) -> None:
    outcome(files, large=large)


# --- damaged files -----------------------------------------------------------------------------------------------

Damage = Callable[[bytes], bytes]
_NASTY = [b"\x00", b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"#", b"\xff", b"\xc3", b"\xe1\xbb", b"\x81",
          b"\x1a", b"=", b"-", b"999999999999999999999", b"1e400", b"2026-02-30", b"Total", b"\xe2\x80\xa8",
          b"\xc2\x85", b"\x0b", b"\xed\xa0\x80", b"\xef\xbf\xbf", b"NaN", b"'", b"<html", b"1900-01-00", b"99999",
          b"+99:99"]  # fmt: skip
_place = st.floats(0, 1, exclude_max=True)


def _at(data: bytes, share: float) -> int:
    return int(len(data) * share)


def _flip(share: float, mask: int) -> Damage:
    def damage(data: bytes) -> bytes:
        place = _at(data, share)
        return data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :] if data else data

    return damage


def _delete(share: float, count: int) -> Damage:
    return lambda data: data[: _at(data, share)] + data[_at(data, share) + count :]


def _insert(share: float, what: bytes) -> Damage:
    return lambda data: data[: _at(data, share)] + what + data[_at(data, share) :]


def _repeat(share: float, count: int) -> Damage:
    def damage(data: bytes) -> bytes:
        place = _at(data, share)
        return data[: place + count] + data[place:]

    return damage


_damages = st.lists(
    st.one_of(
        st.builds(_flip, _place, st.integers(1, 255)),
        st.builds(_delete, _place, st.integers(1, 60)),
        st.builds(_insert, _place, st.sampled_from(_NASTY) | st.binary(max_size=8)),
        st.builds(_repeat, _place, st.integers(1, 120)),
        st.builds(lambda share: lambda data: data[: _at(data, share)], _place),
        st.just(lambda data: data + data),
        st.just(lambda data: data[::-1]),
    ),
    min_size=1,
    max_size=5,
)


def _damaged(stage: str, suffix: str, damages: list[Damage], inside: bool) -> bytes:
    data = good(stage, suffix)
    wrapped = inside and suffix == ".csv.gz"
    if wrapped:
        data = gzip.decompress(data)
    for damage in damages:
        data = damage(data)
    return gzip.compress(data, mtime=0) if wrapped else data


@settings(many, max_examples=tries(250))
@given(
    stage=st.sampled_from(STAGES),
    suffix=st.sampled_from((*SUFFIXES, ".csv", ".csv")),
    damages=_damages,
    inside=st.booleans(),
    beside=st.sets(st.sampled_from(STAGES[:4]), max_size=2),
    large=st.booleans(),
)
def test_damaged_files(
    stage: str, suffix: str, damages: list[Damage], inside: bool, beside: set[str], large: bool
) -> None:
    files = {other + ".csv": good(other, ".csv") for other in sorted(beside - {stage})}
    outcome({**files, stage + suffix: _damaged(stage, suffix, damages, inside)}, large=large)


@many
@given(
    stage=st.sampled_from(STAGES),
    suffix=st.sampled_from(SUFFIXES),
    named=st.sampled_from(SUFFIXES),
    share=st.floats(0, 1),
    large=st.booleans(),
)
def test_files_cut_off_and_files_under_another_name(
    stage: str, suffix: str, named: str, share: float, large: bool
) -> None:
    data = good(stage, suffix)
    outcome({stage + named: data[: int(len(data) * share)]}, large=large)


# --- good headers, any cells -------------------------------------------------------------------------------------

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "visitors": ("date", "source", "medium", "visits", "existing_visits", "is_existing", "user_id"),
    "signups": ("user_id", "signed_up_at", "source"),
    "demos": ("user_id", "booked_at", "demo_id", "held_at", "status", "source"),
    "paid_users": ("user_id", "started_at", "ended_at", "plan", "source", "amount"),
    "monthly": ("month", "channel", "new_signups", "organic_signups", "paid_signups", "total_leads", "new_paid_users",
                "opening_paid_users", "closing_paid_users", "churned_paid_users", "paid_visits", "organic_visits",
                "existing_user_visits", "new_demo_bookings", "cumulative_demos_held", "opening_registered_users"),
}  # fmt: skip
_REQUIRED = {"visitors": 1, "signups": 2, "demos": 2, "paid_users": 2, "monthly": 1}

_WORDS = (
    "", " ", "-", "0", "1", "7", "1.234", "1,5", "-3", "1e9", "9" * 15, "9" * 16, "9" * 400, "true", "no", "x",
    "u1", "u2", "U1", "an@x.vn", "AN@X.VN", "'u1", "KH 1", "Total", "Tổng cộng", "Grand total", "# note", "#",
    "2026-01-05", "2026-02-28", "2026-01-05 10:00", "2026-01-31T20:00:00Z", "2026-01-05T10:00:00+14:00",
    "0001-01-01T00:00+14:00", "9999-12-31T23:59:59-11:00", "0000-01-01", "9999-12-31", "1990-01-01", "2099-12-31",
    "05/10/2026", "13/10/2026", "10/13/2026", "31/02/2026", "14:30 05/10/2026", "46027", "46027.5", "99999",
    "20260105", "2026-01", "01/2026", "2026-13", "Oct 2026", "paid", "organic", "unknown", "all", "google / cpc",
    "Giới thiệu", "held", "no_show", "cancelled", "in limbo", "N/A", "#REF!", "=1+1", "a\nb", 'say "x"', '"',
    "a,b", "\u0000", "\ufeff", "\u200b", "\u2028", "\ud7ff", "\U0001f600", "ﬁ", "İ", "ß", "²", "١٢", "[/] x",
    "\x1b[31m",
)  # fmt: skip
_HALF_A_YEAR = (datetime(2026, 6, 1) - datetime(2025, 11, 1)) // timedelta(microseconds=1)


def _moment(number: int) -> str:
    """Some moment in a winter, now and then one on the second or at midnight."""
    moment = datetime(2025, 11, 1) + timedelta(microseconds=number * 7_777_777_777 % _HALF_A_YEAR)
    match number % 8:
        case 0:
            return str(moment.replace(hour=0, minute=0, second=0, microsecond=0))
        case 1 | 2 | 3:
            return str(moment.replace(microsecond=0))
        case _:
            return str(moment)


_cells = st.one_of(
    any_of(*_WORDS),
    st.integers(0, 47_482).map(lambda days: str(date(1980, 1, 1) + timedelta(days=days))),
    st.integers(0, (1 << 23) - 1).map(_moment),
    st.integers(-5, 2000).map(str),
    st.floats().map(str),
    st.text(max_size=6),
)


@st.composite
def _tables(draw: st.DrawFn, stage: str) -> tuple[list[str], list[list[str]]]:
    """A header of the required columns and some others, and rows that need not be as wide."""
    required, optional = COLUMNS[stage][: _REQUIRED[stage]], COLUMNS[stage][_REQUIRED[stage] :]
    chosen, more = draw(_chosen(optional))
    header = draw(order_of(*required, *chosen, *more))
    return list(header), draw(_rows(len(header)))


@cache
def _chosen(optional: tuple[str, ...]) -> st.SearchStrategy[tuple[list[str], tuple[str, ...]]]:
    """Any of some columns, few of many, and perhaps another one."""
    some = st.lists(any_of(*optional), unique=True)
    return st.tuples(some, any_of((), ("note",), ("",)))


@cache
def _rows(width: int) -> st.SearchStrategy[list[list[str]]]:
    exact = st.lists(_cells, min_size=width, max_size=width)
    return st.lists(st.one_of(exact, exact, exact, st.lists(_cells, max_size=width + 2)), max_size=8)


def _as_csv(header: list[str], rows: list[list[str]], delimiter: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue().encode("utf-8", "replace")


_SOME_STAGES = any_of(*(chosen for chosen in subsets(*sorted(STAGES)) if 1 <= len(chosen) <= 4))
_PARTS, _DELIMITERS = any_of(("",), ("",), ("_1", "_2")), any_of(",", ";", "\t", "|")
_TABLES = {stage: _tables(stage) for stage in STAGES}


@st.composite
def _folders(draw: st.DrawFn) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for stage in draw(_SOME_STAGES):
        for part in draw(_PARTS):
            header, rows = draw(_TABLES[stage])
            files[stage + part + ".csv"] = _as_csv(header, rows, draw(_DELIMITERS))
    return files


_toml = st.builds(
    lambda parts: "\n".join(parts).encode(),
    st.lists(
        st.sampled_from(
            ['[inputs.signups]\ndate_order = "dmy"\n', '[inputs.visitors]\ndate_order = "mdy"\ndecimal = ","\n',
             '[inputs.demos]\nencoding = "utf-16"\n', '[inputs.paid_users]\ndelimiter = ";"\n',
             '[inputs.monthly]\ndecimal = "."\n', '[business]\ntimezone = "America/New_York"\n',
             '[paid_users]\ngrace_days = 30\nend_date = "exclusive"\n', '[churn]\nmethod = "opening"\n',
             '[opening]\nmonth = "2026-01"\nregistered_users = 5\npaid_users = 5\ndemos_held = 5\n']
        ),
        unique=True,
        max_size=3,
    ),
)  # fmt: skip


@settings(many, max_examples=tries(300))
@given(files=_folders(), config=_toml, large=st.booleans())
def test_good_headers_and_any_cells(files: dict[str, bytes], config: bytes, large: bool) -> None:
    outcome({**files, "funnel.toml": config}, large=large)


@settings(many, max_examples=tries(150))
@given(table=_TABLES["visitors"], signups=st.none() | _TABLES["signups"])
def test_both_engines_make_the_same_of_any_cells(
    table: tuple[list[str], list[list[str]]], signups: tuple[list[str], list[list[str]]] | None
) -> None:
    files = {"visitors.csv": _as_csv(*table, ",")}
    if signups is not None:
        files["signups.csv"] = _as_csv(*signups, ",")
    small, large = outcome(files), outcome(files, large=True)
    assert (small.codes, small.tallies, small.reports) == (large.codes, large.tallies, large.reports)


_raw_lines = st.lists(
    st.lists(_cells | st.sampled_from(['"u3', 'u3"', '"', '""', '"u3"', '"u"3', "2026-01-07"]), min_size=1, max_size=4),
    max_size=8,
)  # fmt: skip


@settings(many, max_examples=tries(150))
@given(
    stage=st.sampled_from(STAGES[:4]),
    rows=st.one_of(_raw_lines, st.lists(st.lists(_cells, min_size=3, max_size=3), max_size=8)),
    quoted=st.booleans(),
    large=st.booleans(),
)
def test_a_blank_line_at_the_end_changes_nothing(stage: str, rows: list[list[str]], quoted: bool, large: bool) -> None:
    """Files in which every line is a row may be read by a shorter way; it must come to the same."""
    header = [*COLUMNS[stage][: _REQUIRED[stage]], *COLUMNS[stage][-2:]][:3]
    if quoted:
        data = _as_csv(header, rows, ",")
    else:
        text = "".join(",".join(cell.replace("\x00", "") for cell in row) + "\n" for row in [header, *rows])
        data = text.encode("utf-8", "replace")
    short, long = (outcome({stage + ".csv": content}, large=large) for content in (data, data + b"\n"))
    assert (short.codes, short.tallies) == (long.codes, long.tallies)
    assert short.reports[::2] == long.reports[::2]  # the JSON holds the digests of the files


# --- workbooks and Parquet with cells of any type ----------------------------------------------------------------

_typed = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.integers(0, 50_000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 1, 2), date(9999, 12, 31)),
    st.datetimes(datetime(1900, 1, 2), datetime(9999, 12, 31)),
    st.times(),
    st.timedeltas(timedelta(0), timedelta(days=40)),
    st.sampled_from(["", "u1", "2026-01-05", "05/10/2026", "13/10/2026", "1.234", "Tổng cộng", "#N/A", "=1/0", "=A1"]),
    st.text(max_size=8),
)


@many
@given(
    stage=st.sampled_from(STAGES),
    rows=st.lists(st.lists(_typed, max_size=8), max_size=6),
    title=st.booleans(),
    large=st.booleans(),
)
def test_workbooks_with_cells_of_any_type(stage: str, rows: list[list[object]], title: bool, large: bool) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    if title:
        sheet.append(["Báo cáo", None, datetime(2026, 1, 1)])
    sheet.append(list(COLUMNS[stage]))
    for row in rows:
        try:
            sheet.append(row)
        except IllegalCharacterError:
            continue
    out = io.BytesIO()
    book.save(out)
    outcome({stage + ".xlsx": out.getvalue()}, large=large)


_IN_SIX_GIGABYTES = (
    "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30)); "
    "sys.argv[0] = 'funnelcli'; runpy.run_module('funnelcli', run_name='__main__', alter_sys=True)"
)


@pytest.mark.parametrize("cell", ["C1048576", "XFD9", "XFD1048576"])
def test_a_space_typed_far_from_the_table(cell: str, tmp_path: Path) -> None:
    """A sheet may be as wide and long as it can be and hold next to nothing; the process must not go down with it."""
    pytest.importorskip("resource")
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (("user_id", "signed_up_at"), ("u1", date(2026, 1, 5)), ("u2", date(2026, 1, 6))):
        sheet.append(row)
    sheet[cell] = " "
    book.save(tmp_path / "signups.xlsx")
    done = run_cli("report", tmp_path, "-f", "csv", code=_IN_SIX_GIGABYTES)
    assert done.returncode in (ExitCode.OK, ExitCode.INPUT), done.stderr[-500:]
    assert "signups.xlsx" in done.stderr or "new_signups" in done.stdout


PARQUET_TYPES = {
    "boolean": "i % 2 = 0",
    "tinyint": "i::TINYINT",
    "hugeint": "i::HUGEINT * 10::HUGEINT ** 30",
    "double": "i * 0.5",
    "nan": "CASE WHEN i = 0 THEN 'nan'::DOUBLE ELSE 'inf'::DOUBLE END",
    "decimal": "i::DECIMAL(20, 4)",
    "blob": "encode('u' || i)",
    "broken-blob": r"'\xFF\x00'::BLOB",
    "date": "DATE '2026-01-05' + i::INTEGER",
    "date-far": "DATE '5881580-07-10'",
    "date-infinite": "CASE WHEN i = 0 THEN 'infinity'::DATE ELSE '-infinity'::DATE END",
    "date-before-christ": "DATE '2026-01-05 (BC)'",
    "time": "TIME '10:30:00'",
    "timestamp": "TIMESTAMP '2026-01-05 10:00:00' + INTERVAL (i) HOUR",
    "timestamp-infinite": "'infinity'::TIMESTAMP",
    "timestamp-far": "TIMESTAMP '290000-01-01 00:00:00'",
    "timestamp-nanoseconds": "TIMESTAMP_NS '2026-01-05 10:00:00.123456789'",
    "timestamp-with-zone": "TIMESTAMPTZ '2026-01-05 20:00:00+00'",
    "timestamp-with-zone-infinite": "'infinity'::TIMESTAMPTZ",
    "interval": "INTERVAL (i) DAY",
    "uuid": "uuid()",
    "list": "[i, i + 1]",
    "struct": "{'a': i}",
    "map": "MAP {'a': i}",
    "enum": "(CASE WHEN i = 0 THEN 'held' ELSE 'u1' END)::ENUM('held', 'u1')",
    "json": "'{\"a\": 1}'",
    "text": "'x' || chr(0) || i",
    "null": "NULL",
    "null-integer": "NULL::INTEGER",
}


_USUAL = {
    "date": "DATE '2026-01-05'", "signed_up_at": "DATE '2026-01-05'", "booked_at": "DATE '2026-01-06'",
    "held_at": "NULL::DATE", "started_at": "DATE '2026-01-07'", "ended_at": "NULL::DATE",
    "month": "'2026-0' || (i + 1)", "user_id": "'u' || i", "channel": "'paid'", "is_existing": "false",
    "source": "'google'", "status": "'held'",
}  # fmt: skip


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
@pytest.mark.parametrize("kind", PARQUET_TYPES)
def test_parquet_with_columns_of_any_type(kind: str, large: bool) -> None:
    """The type stands in each column in turn, a file for each; the others hold what belongs there."""
    files: dict[str, bytes] = {}
    for stage in ("visitors",) if large else ("visitors", "paid_users"):
        columns = COLUMNS[stage][:5]
        for odd in columns:
            cells = {name: _USUAL.get(name, "i") for name in columns} | {odd: PARQUET_TYPES[kind]}
            query = ", ".join(f'{cell} AS "{name}"' for name, cell in cells.items())
            files[f"{stage}_{odd}.parquet"] = _parquet(f"SELECT {query} FROM range(2) t (i)")
    got = outcome(files, large=large)
    assert len(files) == (5 if large else 10)
    assert sum(tally.counted for tally in got.tallies) > 0


def test_what_was_drawn_has_both_endings() -> None:
    """The strategies do not only make files that are refused at once."""
    endings: set[str] = set()

    @settings(many, max_examples=60, derandomize=True, database=None)
    @given(files=_folders())
    def collect(files: dict[str, bytes]) -> None:
        got = outcome(files)
        endings.add("report" if got.reports else "refused")
        endings.update(got.codes)

    collect()
    assert {"report", "refused", "not-a-date", "empty-cell"} <= endings
