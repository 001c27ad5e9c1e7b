"""What spreadsheets, exports and folders' names do to files: never counted as if the file said it."""

from __future__ import annotations

import gzip
import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from funnelcli.facts.load import load
from funnelcli.problems import InputError
from funnelcli.reading.discover import discover, open_folder
from funnelcli.reading.engines import duckdb_engine, rows_engine, visit_groups
from funnelcli.reading.engines.model import VisitRequest
from funnelcli.reading.opening import Opened
from funnelcli.values.dates import DateReader
from support import exports_of, figures, in_month, report_of, run_cli, said_of, write_folder


def paying(folder: Path) -> tuple[float | None, float | None]:
    """The new customers of January 2026, and those at its end."""
    known = figures(report_of(folder, month="2026-01", as_of="2026-01-31"))
    return known["new_paid_users", None, "2026-01"][0], known["closing_paid_users", None, "2026-01"][0]


# --- no end ------------------------------------------------------------------------------------------------------

ZERO_ENDS = (
    ("ann", "2026-01-05 00:00:00", "0000-00-00 00:00:00"),
    ("bob", "2026-01-06 00:00:00", "2026-01-20 00:00:00"),
    ("cat", "2026-01-07 00:00:00", "Never"),
)


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["user_id", "started_at", "ended_at"])
    for user, start, end in ZERO_ENDS:
        page.append([user, datetime.fromisoformat(start), end])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _parquet(path: Path, query: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "xlsx", "parquet"])
def test_zero_dates_are_asked_about_and_empty_where_the_settings_say_so(kind: str, tmp_path: Path) -> None:
    target = tmp_path / f"paid_users.{kind}"
    text = "user_id,started_at,ended_at\n" + "".join(",".join(row) + "\n" for row in ZERO_ENDS)
    match kind:
        case "csv":
            target.write_text(text, encoding="utf-8")
        case "csv.gz":
            target.write_bytes(gzip.compress(text.encode(), mtime=0))
        case "xlsx":
            target.write_bytes(_workbook())
        case _:
            rows = ", ".join(f"('{user}', TIMESTAMP '{start}', '{end}')" for user, start, end in ZERO_ENDS)
            _parquet(target, f"SELECT * FROM (VALUES {rows}) t (user_id, started_at, ended_at)")
    with pytest.raises(InputError) as refused:
        exports_of(tmp_path)
    assert {problem.code for problem in refused.value.problems} == {"no-end-value"}
    with pytest.raises(InputError):
        exports_of(tmp_path, skip_bad_rows=True)  # leaving the rows out leaves out those who still pay
    (tmp_path / "funnel.toml").write_text('[inputs.paid_users]\nempty = ["0000-00-00*", "NEVER"]\n', encoding="utf-8")
    assert paying(tmp_path) == (3, 2)  # ann, bob and cat came; bob was lost on the 20th


def test_the_refusal_of_a_zero_end_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "paid_users.csv").write_text(
        "user_id,started_at,ended_at\nann,2026-01-05,1970-01-01 07:00:00\n", encoding="utf-8"
    )
    done = run_cli("report", tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    for word in ("no end", "means empty", '[inputs.paid_users] empty = ["1970-01-01*"]'):
        assert word in done.stderr
    assert "--skip-bad-rows" not in done.stderr


def test_a_word_for_empty_holds_in_every_column_and_every_input(tmp_path: Path) -> None:
    (tmp_path / "visitors.csv").write_text(
        "date,visits,existing_visits\n2026-01-05,10,n.a.\n2026-01-06,7,2\n", encoding="utf-8"
    )
    (tmp_path / "monthly.csv").write_text("month,new_demo_bookings\n2026-01,4\n2026-02,#N/A\n", encoding="utf-8")
    (tmp_path / "funnel.toml").write_text(
        '[inputs.visitors]\nempty = "N.A."\n[inputs.monthly]\nempty = "#n/a"\n', encoding="utf-8"
    )
    known = figures(report_of(tmp_path, first="2026-01", last="2026-02", as_of="2026-02-28"))
    assert known["existing_user_visits", None, "2026-01"][0] == 2
    assert known["new_demo_bookings", None, "2026-01"][0] == 4
    assert known["new_demo_bookings", None, "2026-02"][0] is None


def test_a_word_for_empty_may_not_leave_a_needed_cell_empty(tmp_path: Path) -> None:
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\nu1,2026-01-05\nnobody,2026-01-06\n", encoding="utf-8")
    (tmp_path / "funnel.toml").write_text('[inputs.signups]\nempty = ["nobody"]\n', encoding="utf-8")
    with pytest.raises(InputError) as refused:
        exports_of(tmp_path)
    assert [(p.code, p.line) for p in refused.value.problems] == [("empty-cell", 3)]


# --- totals, and amounts that are none ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "total", ["Tổng cộng,,1000,", "Total,45000,1000,", ",Grand total,1000,", ",,1000,Sum", "TOTAL:,1000,,"]
)
def test_a_word_for_a_total_beside_amounts_alone_is_no_person(total: str, tmp_path: Path) -> None:
    (tmp_path / "paid_users.csv").write_text(
        f"user_id,started_at,mrr,plan\nann,2026-01-05,400,a\nbob,2026-01-06,600,b\n{total}\n", encoding="utf-8"
    )
    assert paying(tmp_path) == (2, 2)
    (tally,) = exports_of(tmp_path).tallies
    assert (tally.read, tally.counted, tally.skipped) == (2, 2, 1)


def test_a_word_for_a_total_is_no_person_though_words_stand_beside(tmp_path: Path) -> None:
    # 46027 is 5 January 2026 in a spreadsheet.
    (tmp_path / "paid_users.csv").write_text(
        "user_id,started_at,plan\nTotal,46027,basic\nbob,46028,basic\n", encoding="utf-8"
    )
    assert paying(tmp_path) == (1, 1)


def test_an_error_of_a_spreadsheet_is_no_amount_and_never_0(tmp_path: Path) -> None:
    (tmp_path / "paid_users.csv").write_text(
        "user_id,started_at,mrr,amount\nann,2026-01-05,#REF!,1200\nbob,2026-01-06,600,\n", encoding="utf-8"
    )
    report = report_of(tmp_path, month="2026-01", as_of="2026-01-31")
    assert figures(report)["closing_mrr_amount", None, "2026-01"][0] is None
    assert [(p.code, p.line) for p in exports_of(tmp_path).problems] == [("not-an-amount", 2)]


def test_text_after_a_closing_quotation_mark_is_said(tmp_path: Path) -> None:
    text = 'user_id,signed_up_at,source\n"a"b,2026-01-05,"x, y"\nc,2026-01-06,"z" \nd,2026-01-07,"p"q\n'
    (tmp_path / "signups.csv").write_text(text, encoding="utf-8")
    said = [problem for problem in exports_of(tmp_path).problems if problem.code == "stray-quote"]
    assert [(problem.line, '"a"b' in problem.message) for problem in said] == [(2, True), (4, False)]
    assert figures(report_of(tmp_path, month="2026-01"))["new_signups", None, "2026-01"][0] == 3


# --- days --------------------------------------------------------------------------------------------------------


def test_a_workbook_that_numbers_its_days_from_1904(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    page = book.active
    assert page is not None
    page.append(["user_id", "signed_up_at"])
    first = date(2026, 1, 5)
    page.append(["u1", (first - date(1904, 1, 1)).days])  # a bare number
    page.append(["u2", datetime(2026, 1, 31)])  # a date in its style
    page.append(["u3", (date(2026, 1, 31) - date(1904, 1, 1)).days + 0.5])
    book.save(tmp_path / "signups.xlsx")
    known = figures(report_of(tmp_path, first="2026-01", last="2026-01"))
    assert known["new_signups", None, "2026-01"][0] == 3
    # Counted from 1900 on, the bare numbers would be days of January 2022.
    assert figures(report_of(tmp_path, month="2022-01", as_of="2026-02-28"))["new_signups", None, "2022-01"][0] == 0


@pytest.mark.parametrize("offset", ["+14:00", "-12:00", "+05:45"])
def test_an_offset_that_some_place_has(offset: str) -> None:
    hours, minutes = int(offset[:3]), int(offset[0] + offset[4:])
    moment = DateReader(order=None, zone=ZoneInfo("UTC")).day(f"2026-01-05T12:00:00{offset}")
    assert moment == (datetime(2026, 1, 5, 12) - timedelta(hours=hours, minutes=minutes)).date()


@pytest.mark.parametrize("offset", ["+14:01", "-12:01", "+23:59", "+15", "-1300"])
def test_an_offset_that_no_place_has(offset: str) -> None:
    assert DateReader(order=None, zone=ZoneInfo("UTC")).day(f"2026-01-05 12:00:00 {offset}") is None
    assert DateReader(order=None, zone=ZoneInfo("UTC")).day(f"2026-01-05T12:00:00{offset}") is None


# --- visits, by both engines -------------------------------------------------------------------------------------


def opened_visits(folder: Path) -> tuple[list[Opened], VisitRequest]:
    opened_folder = open_folder(folder)
    files, _ = discover(opened_folder, {})
    exports = load(opened_folder.config, files)
    assert exports.visit_request is not None
    return list(exports.inputs["visitors"].opened), exports.visit_request


def by_day(folder: Path, *, read_by_duckdb: bool) -> Mapping[date, tuple[int, int]]:
    """Visits and those by existing users, day by day; what DuckDB reads, or hands back, must agree with the other."""
    opened, request = opened_visits(folder)
    fast, left = duckdb_engine.scan([file for file in opened if read_by_duckdb], request)
    assert left == []
    slow = rows_engine.scan(opened, request)
    days: dict[date, tuple[int, int]] = {}
    for (day, _, _), sums in slow.sums.items():
        visits, existing = days.get(day, (0, 0))
        days[day] = (visits + sums.visits, existing + sums.existing)
    if read_by_duckdb:
        assert fast.sums == slow.sums
    return days


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("place", ["date=2020-05-05", "c0=2020-05-05", "visits=9", "year=2020/[a]{b}*?"])
def test_the_name_of_a_folder_says_nothing_of_its_rows(place: str, kind: str, tmp_path: Path) -> None:
    folder = tmp_path / place
    folder.mkdir(parents=True)
    if kind == "csv":
        (folder / "v.csv").write_text("date,visits\n2026-01-05,10\n2026-01-06,7\n", encoding="utf-8")
    else:
        _parquet(
            tmp_path / "v.parquet", "SELECT * FROM (VALUES ('2026-01-05', 10), ('2026-01-06', 7)) t (date, visits)"
        )
        (tmp_path / "v.parquet").rename(folder / "v.parquet")
    (tmp_path / "funnel.toml").write_text(f'[inputs.visitors]\nfiles = ["**/v.{kind}"]\n', encoding="utf-8")
    assert by_day(tmp_path, read_by_duckdb=True) == {date(2026, 1, 5): (10, 0), date(2026, 1, 6): (7, 0)}


def test_parquet_files_of_different_types_do_not_change_each_other(tmp_path: Path) -> None:
    # Read in one go, the 2.0 and 3.0 of the second file would become whole numbers, and 1.5 would become 2.
    _parquet(tmp_path / "visits1.parquet", "SELECT DATE '2026-01-05' AS date, 1 AS visits")
    _parquet(tmp_path / "visits2.parquet", "SELECT '2026-01-06' AS date, CAST(7 AS BIGINT) AS visits")
    assert by_day(tmp_path, read_by_duckdb=True) == {date(2026, 1, 5): (1, 0), date(2026, 1, 6): (7, 0)}
    _parquet(tmp_path / "visits3.parquet", "SELECT DATE '2026-01-07' AS date, 1.5 AS visits")
    with pytest.raises(InputError) as refused:
        exports_of(tmp_path)
    assert [(p.code, p.file) for p in refused.value.problems] == [("not-a-count", "visits3.parquet")]


def test_ids_that_parquet_holds_as_numbers_are_those_of_the_signups(tmp_path: Path) -> None:
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\n101,2026-01-01\n", encoding="utf-8")
    _parquet(tmp_path / "visits.parquet", "SELECT DATE '2026-01-05' AS date, CAST(101 AS DOUBLE) AS user_id")
    assert by_day(tmp_path, read_by_duckdb=False) == {date(2026, 1, 5): (1, 1)}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('date,source,page\n2026-01-05,google,"/a\n2026-01-06,google,/\n2026-01-07,google,/b"\n', "unclosed-quote", 2),
        ("date,source\n2026-02-01,google\n13/01/2026,google\n", "half-converted-dates", 2),
        ("date,source\n2026-01-05,google\n# others,\n2026-01-06,google\n", "second-table", 3),
        ("date,source\n2026-01-05,google\ndate,source\n2026-01-05,google\n", "table-twice", 3),
    ],
)
def test_duckdb_hands_back_what_only_the_whole_file_tells(text: str, code: str, line: int, tmp_path: Path) -> None:
    opened, request = visits_of(text, tmp_path)
    _, left = duckdb_engine.scan(opened, request)
    assert left == opened
    assert [(p.code, p.line) for p in rows_engine.scan(opened, request).problems] == [(code, line)]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("date,visits,page\n2026-01-05,1,200,\n2026-01-06,5,/\n", "too-many-cells", 2),
        ("date,visits,page\n2026-01-05,1,200,,,\n\n2026-01-06,5,/\n", "too-many-cells", 2),
        ("date,source,page\n2026-01-05,google\n2026-01-06,google,/\n", "short-row", 2),
        ("date,visits\n2026-01-05,²\n2026-01-06,1\n", "not-a-count", 2),
        ("date,is_existing\n2026-01-05,yes\n2026-01-06,#N/A\n", "not-yes-or-no", 3),
        ('date,source\n"2026-01-05","google"\n\n"31/02/2026","zalo"\n', "not-a-date", 4),
        ('date,source,visits\n2026-01-05,"a, b",1\n2026-01-06,"a, b",x\n2026-01-07,b,1\n', "not-a-count", 3),
        ('date,source\n2026-01-05,google\n,"say ""x"""\n2026-01-07,b\n', "empty-cell", 3),
        ("date,source\r\n2026-01-05,google\r\n2026-01-06,zalo\r\n1 record\r\n", "footer", 4),
        ("date,source\n2026-01-05,google\n#N/A,zalo\n2026-01-06,zalo\n", "spreadsheet-error", 3),
    ],
)
def test_only_the_odd_row_is_left_to_the_row_reader(text: str, code: str, line: int, tmp_path: Path) -> None:
    """The other rows are counted by DuckDB; the odd one is named at its line, and what is counted is the same."""
    opened, request = visits_of(text, tmp_path)
    table, left = duckdb_engine.scan(opened, request)
    expected = rows_engine.scan(opened, request)
    assert left == []
    assert [(p.code, p.line) for p in table.problems] == [(code, line)]
    assert [*table.problems] == [*expected.problems]
    assert (table.sums, table.sources, table.tallies) == (expected.sums, expected.sources, expected.tallies)


def test_a_header_that_stands_once_more_is_left_out_alone(tmp_path: Path) -> None:
    """Files put together: of 6 lines below the first header two are the header once more, and 4 are visits."""
    text = "date,source\n2026-01-05,a\n2026-01-06,b\ndate,source\n2026-01-06,b\nDate,Source\n2026-01-07,a\n"
    opened, request = visits_of(text, tmp_path)
    table, left = duckdb_engine.scan(opened, request)
    expected = rows_engine.scan(opened, request)
    assert (left, [*table.problems]) == ([], [])
    assert (table.sums, table.sources, table.tallies) == (expected.sums, expected.sources, expected.tallies)
    assert [(tally.read, tally.skipped) for tally in table.tallies] == [(4, 2)]


@pytest.mark.parametrize("written", ["{0}", '"{0}"', "mixed"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_odd_rows_all_over_a_file_of_many_lines(written: str, end: str, tmp_path: Path) -> None:
    """5,000 rows, every 100th without a date, every 250th with a time: 50 are named, those of lines 502, 1002, ... too.

    The first row stands on line 2; row n (from 0) is without a date where n % 100 == 0, so on lines 2, 102, ..., 4902.
    """
    rows = []
    for number in range(5_000):
        day = "" if number % 100 == 0 else "2026-01-05 08:00" if number % 250 == 0 else f"2026-01-{number % 28 + 1:02}"
        cells = (day, f"s{number % 7}")
        rows.append(f'{cells[0]},"{cells[1]}"' if written == "mixed" else ",".join(map(written.format, cells)))
    opened, request = visits_of(end.join(["date,source", *rows, ""]), tmp_path)
    table, left = duckdb_engine.scan(opened, request)
    expected = rows_engine.scan(opened, request)
    assert left == []
    assert [(p.code, p.line) for p in table.problems] == [("empty-cell", line) for line in range(2, 5_002, 100)]
    assert (table.sums, table.sources, table.tallies) == (expected.sums, expected.sources, expected.tallies)
    assert sum(sums.visits for sums in table.sums.values()) == 4_950


def test_a_file_of_very_many_odd_rows_is_handed_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit_groups, "MOST_ODD_ROWS", 3)
    rows = ["2026-01-05,a"] * 9
    for number, handed_back in ((3, False), (4, True)):
        opened, request = visits_of("\n".join(["date,source", *rows, *["2026-01-05 08:00,b"] * number, ""]), tmp_path)
        table, left = duckdb_engine.scan(opened, request)
        assert (left == opened, table.sources["a"]) == (handed_back, 0 if handed_back else 9)


def visits_of(text: str, folder: Path) -> tuple[list[Opened], VisitRequest]:
    """The visits of a text, whose days come first in their dates."""
    (folder / "visits.csv").write_bytes(text.encode())
    (folder / "funnel.toml").write_text('[inputs.visitors]\ndate_order = "dmy"\n', encoding="utf-8")
    return opened_visits(folder)


def test_cells_of_several_lines_are_read_fast_where_no_row_can_hide_in_them(tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text(
        'date,source,page\n2026-01-05,google,"a\nb"\n2026-01-06,zalo,"c"\n', encoding="utf-8"
    )
    assert by_day(tmp_path, read_by_duckdb=True) == {date(2026, 1, 5): (1, 0), date(2026, 1, 6): (1, 0)}


@pytest.mark.parametrize("end", ["1/1/0001 12:00:00 AM", "30/12/1899", "12/30/1899", "01.01.1970", "1900-01-00"])
def test_a_day_before_all_others_asks_for_no_order_of_day_and_month(end: str, tmp_path: Path) -> None:
    """As systems write that there is none; the setting that is named says so."""
    rows = f"user_id,started_at,ended_at\nu1,2026-01-05,{end}\nu2,2026-01-06,2026-02-10\n"
    folder = write_folder(tmp_path, {"paid_users.csv": rows})
    [((code, column), (_, hint))] = said_of(folder).items()
    assert (code, column) == ("no-end-value", "ended_at")
    setting = hint[hint.index("[inputs") : hint.index("]", hint.index("empty =")) + 1].replace("] ", "]\n", 1)
    write_folder(folder, {}, setting)
    assert in_month(folder, "2026-02", "closing_paid_users", "churned_paid_users", as_of="2026-02-28") == [1, 1]


def test_days_that_are_the_number_of_their_month_are_read(tmp_path: Path) -> None:
    rows = "user_id,signed_up_at\nu1,05/05/2026\nu2,06/06/2026\n"
    folder = write_folder(tmp_path, {"signups.csv": rows})
    assert in_month(folder, "2026-05", "new_signups") == [1]
    assert said_of(folder) == {}


def test_spans_of_days_are_named_and_read_as_start_and_end(tmp_path: Path) -> None:
    rows = "user_id,Period\nu1,01/05/2026 - 02/04/2026\nu2,01/06/2026–12/05/2026\nu3,01/17/2026 to 12/16/2026\n"
    folder = write_folder(tmp_path, {"paid_users.csv": rows})
    [((code, _), (message, hint))] = said_of(folder).items()
    assert (code, "'Period' holds spans of days" in message) == ("missing-column", True)
    assert "started_at = 'Period', ended_at = 'Period'" in hint
    write_folder(folder, {}, "[inputs.paid_users.columns]\nstarted_at = 'Period'\nended_at = 'Period'\n")
    assert in_month(folder, "2026-02", "closing_paid_users", "churned_paid_users", as_of="2026-02-28") == [2, 1]
