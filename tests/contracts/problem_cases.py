"""A reproducing case for every kind of problem: a small folder, and where which problem must be found.

A case is the files of a folder (funnel.toml among them) and the whole set of (code, file, line, column) that reading
and checking them finds: no more and no less.  Lines are those of the file as an editor or a spreadsheet counts them, the
header's among them; rows of Parquet, which has no lines, count from 1.
"""

from __future__ import annotations

import gzip
import io
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from read_once import read_once

Place = tuple[str, str, int | None, str | None]

HUBSPOT_CONTACTS = (
    "Record ID,Email,Create Date,Original Source,Lifecycle Stage\n"
    "101,an@x.vn,2026-01-05,Referrals,Lead\n102,binh@x.vn,2026-01-15,Paid Search,Lead\n"
)
STRIPE_CUSTOMERS = (
    "id,Email,Created (UTC),Delinquent,Total Spend\n"
    "cus_1,an@x.vn,2026-01-05 03:00,false,49.00\ncus_2,binh@x.vn,2026-01-06 03:00,false,0.00\n"
)
HARAVAN_ORDERS = (
    "Mã đơn hàng,Ngày đặt,Email,Số điện thoại,Thanh toán,Giao hàng,Kênh,Tổng tiền\n"
    "#1001,2026-01-08,,0901000001,Đã thanh toán,Đã giao,Website,250000\n"
    "#1002,2026-01-16,,0901000002,Đã thanh toán,Đã giao,Website,199000\n"
)
STRIPE_PAYMENTS = (
    "id,Customer ID,Created date (UTC),Created (UTC),Amount,Currency,Status\n"
    "ch_1,cus_1,2026-01-10 03:00,2026-01-10 03:00,49.00,usd,Paid\n"
    "ch_2,cus_2,2026-01-11 03:00,2026-01-11 03:00,49.00,usd,Paid\n"
)
STRIPE_INVOICES = (
    "id,Customer,Amount Due,Total,Currency,Status,Minimum Line Item Period Start (UTC),"
    "Maximum Line Item Period End (UTC)\nin_1,cus_1,49.00,49.00,usd,paid,2026-01-10 03:00,2026-02-10 03:00\n"
)
Maker = Callable[[], bytes]


class Unreadable:
    """A file that is there and cannot be read."""


class LinkToNowhere:
    """A link to a file that is not there."""


class Directory:
    """A folder that has the name of a file."""


Content = str | bytes | Maker | Unreadable | LinkToNowhere | Directory


@dataclass(frozen=True)
class Case:
    """A folder and the problems in it.  ``today`` is the clock for dates that lie ahead of it; None: not looked at."""

    name: str
    files: Mapping[str, Content]
    expected: frozenset[Place]
    today: date | None = None

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(code for code, _, _, _ in self.expected)

    def write(self, folder: Path) -> None:
        """Make the folder."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            match content:
                case str():
                    path.write_bytes(content.encode("utf-8"))
                case bytes():
                    path.write_bytes(content)
                case Unreadable():
                    _make_unreadable(path)
                case LinkToNowhere():
                    path.symlink_to(folder / "moved-elsewhere.csv")
                case Directory():
                    path.mkdir()
                case _:
                    path.write_bytes(content())


Written = Callable[[Case], Path]


@contextmanager
def written_once(root: Path) -> Iterator[Written]:
    """The folder of a case below ``root``, which nothing may change: it is written, and read, when first asked for."""
    made: dict[str, Path] = {}

    def folder(case: Case) -> Path:
        if case.name not in made:
            made[case.name] = root / str(len(made))
            made[case.name].mkdir()
            case.write(made[case.name])
        return made[case.name]

    with read_once(root):
        yield folder


def _make_unreadable(path: Path) -> None:
    """A file whose rights forbid to read it; for the superuser, whom no rights bind, one whose bytes the system keeps."""
    path.write_bytes(b"user_id,signed_up_at\n")
    path.chmod(0)
    if os.access(path, os.R_OK):
        path.unlink()
        path.symlink_to("/proc/self/mem")


def far_cell() -> bytes:
    """A workbook of a few kilobytes whose one sheet reaches over 17 billion cells."""
    book = openpyxl.Workbook()
    page: Any = book.active
    page.append(["user_id", "signed_up_at"])
    page["XFD1048576"] = "x"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def gz(text: str) -> bytes:
    return gzip.compress(text.encode("utf-8"), mtime=0)


def xlsx(*rows: Sequence[Any], sheet: str = "Sheet1", **more: Sequence[Sequence[Any]]) -> Maker:
    """A workbook of one sheet, and of ``more`` by name; an empty row is an empty line."""

    @cache
    def make() -> bytes:
        book = openpyxl.Workbook()
        page: Any = book.active
        page.title = sheet
        for row in rows:
            page.append(list(row))
        for name, others in more.items():
            page = book.create_sheet(name)
            for row in others:
                page.append(list(row))
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return make


def marked(mark: Callable[[Any], object], *rows: Sequence[Any]) -> Maker:
    """A workbook of one sheet that is then marked: cells merged, rows hidden."""

    @cache
    def make() -> bytes:
        book = openpyxl.Workbook()
        page: Any = book.active
        for row in rows:
            page.append(list(row))
        mark(page)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return make


def _hide_row(page: Any) -> None:
    page.row_dimensions[3].hidden = True


def _hide_column(page: Any) -> None:
    page.column_dimensions["B"].hidden = True


PEOPLE_OF_A_SHEET = (("user_id", "signed_up_at"), ("u1", "2026-01-05"), ("u2", "2026-01-06"))


PAYING_IN_A_SHEET = (("user_id", "started_at", "mrr"), ("u1", "2026-01-05", 100), ("u2", "2026-01-06", 200))


def _in_dollars(*cells: str) -> Callable[[Any], object]:
    """Shows some amounts of a sheet in dollars, the others in dong, by number formats alone."""

    def mark(page: Any) -> None:
        for cell in ("C2", "C3"):
            page[cell].number_format = '#,##0.00 "USD"' if cell in cells else "#,##0 [$₫-42A]"

    return mark


def parquet(query: str) -> Maker:
    """The result of a query as a Parquet file."""

    @cache
    def make() -> bytes:
        with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as connection:
            path = Path(scratch) / "table.parquet"
            connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
            return path.read_bytes()

    return make


def cut(make: Maker, share: float) -> Maker:
    """The beginning of a file, as an interrupted download leaves it."""
    return lambda: make()[: int(len(make()) * share)]


# Rows that count, beside what is read of nobody.
TWO_SIGNUPS: Mapping[str, Content] = {"signups.csv": "user_id,signed_up_at\na,2026-01-05\nb,2026-01-06\n"}


def _case(name: str, files: Mapping[str, Content], *expected: Place, today: date | None = None) -> Case:
    return Case(name, files, frozenset(expected), today)


GOOD_SIGNUPS = "user_id,signed_up_at\nu1,2026-01-05\nu2,2026-01-20\n"
MANY_SIGNUPS = "user_id,signed_up_at\n" + "".join(f"customer-{n:03},2026-01-{n + 10}\n" for n in range(10))
SIGNUPS_OF_A_YEAR = "user_id,signed_up_at\n" + "".join(
    f"u{n * 7919 % 10007},{date(2026, 1, 1) + timedelta(n * 37 % 365)}\n" for n in range(200)
)
MANY_VISITS = "date,source,visits\n" + "".join(f"2026-01-{n + 10},google / organic,{n}\n" for n in range(10))
THREE_VISITS = "date,visits\n2026-01-05,10\n2026-01-06,11\n2026-01-07,12\n"

# --- faults of a whole file --------------------------------------------------------------------------------------

WHOLE_FILE = (
    _case(
        "a cost that may be thousands or a fraction",
        {"funnel.toml": '[business]\ncurrency = "USD"\n', "costs.csv": "date,amount\n2026-01-05,1.200\n"},
        ("cost-undecided", "costs.csv", 2, "amount"),
    ),
    _case(
        "costs in millions by their header",
        {"costs.csv": "month,Chi phí (triệu đồng)\n2026-01,12\n"},
        ("cost-unit-undecided", "costs.csv", 1, "amount"),
    ),
    _case(
        "a known export of the usual name that lacks what the settings name",
        {
            "signups.csv": HUBSPOT_CONTACTS,
            "funnel.toml": '[inputs.signups.columns]\nsource = "ref"\n',
        },
        ("mapped-column-missing", "signups.csv", 1, "source"),
    ),
    _case("unreadable", {"signups.csv": Unreadable()}, ("unreadable-file", "signups.csv", None, None)),
    _case("a link that leads nowhere", {"signups.csv": LinkToNowhere()}, ("unreadable-file", "signups.csv", None, None)),
    _case(
        "a sheet with one cell in its last corner",
        {"signups.xlsx": far_cell},
        ("too-large", "signups.xlsx", None, None),
    ),
    _case("empty", {"signups.csv": ""}, ("empty-file", "signups.csv", None, None)),
    _case("only a byte-order mark", {"visitors.csv": b"\xef\xbb\xbf"}, ("empty-file", "visitors.csv", None, None)),
    _case("only blank lines", {"demos.csv": " \r\n\r\n\t\r\n"}, ("empty-file", "demos.csv", None, None)),
    _case("nothing zipped", {"signups.csv.gz": gz("")}, ("empty-file", "signups.csv.gz", None, None)),
    _case("an empty sheet", {"signups.xlsx": xlsx()}, ("empty-file", "signups.xlsx", None, None)),
    _case(
        "two empty files beside a good one",
        {"signups.csv": GOOD_SIGNUPS, "demos.csv": "", "paid_users.csv": "\n"},
        ("empty-file", "demos.csv", None, None),
        ("empty-file", "paid_users.csv", None, None),
    ),
    _case(
        "a login page",
        {"signups.csv": "<!DOCTYPE html>\n<html><head><title>Log in</title></head></html>\n"},
        ("html-file", "signups.csv", None, None),
    ),
    _case(
        "a web table that calls itself a workbook",
        {"visitors.xlsx": b"\xef\xbb\xbf\r\n  <TABLE border=1><tr><td>date</td></tr></TABLE>"},
        ("html-file", "visitors.xlsx", None, None),
    ),
    _case(
        "a PDF",
        {"signups.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"},
        ("binary-file", "signups.csv", None, None),
    ),
    _case(
        "a picture named as a workbook",
        {"visitors.xlsx": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"},
        ("binary-file", "visitors.xlsx", None, None),
    ),
    _case(
        "bytes that are no text",
        {"signups.csv": b"user_id,signed_up_at\nu1,2026-01-05\x00\x00\n"},
        ("binary-file", "signups.csv", None, None),
    ),
    _case(
        "zipped Parquet",
        {"signups.csv.gz": lambda: gzip.compress(parquet("SELECT 'u1' AS user_id, DATE '2026-01-05' AS date")(), mtime=0)},
        ("binary-file", "signups.csv.gz", None, None),
    ),
    _case(
        "an interrupted download, zipped",
        {"signups.csv.gz": gz(MANY_SIGNUPS)[:-12]},
        ("broken-file", "signups.csv.gz", None, None),
    ),
    _case(
        "a zipped file whose checksum is wrong",
        {"visitors.csv.gz": gz(THREE_VISITS)[:-8] + b"\0\1\2\3\4\5\6\7"},
        ("broken-file", "visitors.csv.gz", None, None),
    ),
    _case(
        "an interrupted download of a workbook",
        {"signups.xlsx": cut(xlsx(("user_id", "signed_up_at"), ("u1", date(2026, 1, 5))), 0.5)},
        ("broken-file", "signups.xlsx", None, None),
    ),
    _case(
        "an interrupted download of Parquet",
        {"signups.parquet": cut(parquet("SELECT 'u1' AS user_id, DATE '2026-01-05' AS signed_up_at"), 0.7)},
        ("broken-file", "signups.parquet", None, None),
    ),
    _case(
        "a Parquet file of visits that is only a beginning",
        {"visitors.parquet": b"PAR1" + b"\x15\x04" * 40},
        ("broken-file", "visitors.parquet", None, None),
    ),
    _case(
        "not in the encoding that the settings say",
        {
            "signups.csv": "user_id,signed_up_at,name\nu1,2026-01-05,André\n".encode("cp1252"),
            "funnel.toml": '[inputs.signups]\nencoding = "utf-8"\n',
        },
        ("bad-encoding", "signups.csv", None, None),
    ),
    _case(
        "in no encoding at all",
        {"visitors.csv": b"date,source\n2026-01-05,gi\xe1\xbb\x9bi thi\xe1\xbb\x87u\n2026-01-06,\x81\x8d\x8f\x90\n"},
        ("bad-encoding", "visitors.csv", None, None),
    ),
    _case(
        "saved twice",
        {"signups.csv": MANY_SIGNUPS, "signups (1).csv": MANY_SIGNUPS},
        ("same-file-twice", "signups.csv", None, None),
    ),
    _case(
        "saved three times, zipped, in a folder of its own",
        {
            "a/crm.csv.gz": gz(SIGNUPS_OF_A_YEAR),
            "b/crm.csv.gz": gz(SIGNUPS_OF_A_YEAR),
            "c/crm.csv.gz": gz(SIGNUPS_OF_A_YEAR),
            "funnel.toml": '[inputs.signups]\nfiles = "*/crm.csv.gz"\n',
        },
        ("same-file-twice", "b/crm.csv.gz", None, None),
        ("same-file-twice", "c/crm.csv.gz", None, None),
    ),
    _case(
        "visits saved twice",
        {"visitors.csv": MANY_VISITS, "visitors_copy.csv": MANY_VISITS},
        ("same-file-twice", "visitors_copy.csv", None, None),
        ("same-visits-twice", "visitors_copy.csv", None, None),
    ),
    _case(
        "another sheet than the settings say",
        {
            "signups.xlsx": xlsx(("user_id", "signed_up_at"), ("u1", date(2026, 1, 5)), sheet="Dữ liệu"),
            "funnel.toml": '[inputs.signups]\nsheet = "Data"\n',
        },
        ("no-sheet", "signups.xlsx", None, None),
    ),
    _case(
        "a sheet for each month",
        {
            "visitors.xlsx": xlsx(
                ("date", "visits"), (date(2026, 1, 5), 7), sheet="Jan", Feb=[("date", "visits"), (date(2026, 2, 5), 8)]
            )
        },
        ("several-sheets", "visitors.xlsx", None, None),
    ),
    _case(
        "no column for the user",
        {"signups.csv": "full name,signed_up_at\nAn,2026-01-05\n"},
        ("missing-column", "signups.csv", 1, "user_id"),
    ),
    _case(
        "none of the columns",
        {"signups.csv": "alpha,beta\n1,2\n"},
        ("missing-column", "signups.csv", 1, "user_id"),
        ("missing-column", "signups.csv", 1, "signed_up_at"),
    ),
    _case(
        "no header at all",
        {"demos.csv": "u1,2026-01-05\nu2,2026-01-06\n"},
        ("missing-column", "demos.csv", 1, "user_id"),
        ("missing-column", "demos.csv", 1, "booked_at"),
    ),
    _case(
        "a header below a title without the start",
        {"paid_users.csv": 'BÁO CÁO\r\n"Xuất lúc:\r\n08:00"\r\n\r\nMã khách hàng;Ngày hết hạn;Gói\r\nu1;31/12/2026;A\r\n'},
        ("missing-column", "paid_users.csv", 5, "started_at"),
    ),
    _case(
        "a header below a title in a workbook",
        {"signups.xlsx": xlsx(("BÁO CÁO",), (), ("Mã khách hàng", "Nguồn"), ("u1", "Zalo"))},
        ("missing-column", "signups.xlsx", 3, "signed_up_at"),
    ),
    _case(
        "a column missing from Parquet, which has no lines",
        {"signups.parquet": parquet("SELECT 'u1' AS user_id, 'x' AS source")},
        ("missing-column", "signups.parquet", None, "signed_up_at"),
    ),
    _case(
        "sums of something else than visits",
        {"visitors.csv": "Date,Active users,New users\n20260105,120,80\n"},
        ("missing-column", "visitors.csv", 1, "visits"),
    ),
    _case(
        "a monthly table without months",
        {"monthly.csv": "new_signups,new_paid_users\n5,1\n"},
        ("missing-column", "monthly.csv", 1, "month"),
    ),
    _case(
        "a column mapped to a header that is not there",
        {
            "signups.csv": "# a note\nKhách,signed_up_at\nu1,2026-01-05\n",
            "funnel.toml": '[inputs.signups.columns]\nuser_id = "Mã khách"\n',
        },
        ("mapped-column-missing", "signups.csv", 2, "user_id"),
    ),
    _case(
        "an optional column mapped to a header that is not there",
        {
            "visitors.csv": "date,visits\n2026-01-05,10\n",
            "funnel.toml": '[inputs.visitors.columns]\nsource = "Kênh quảng bá"\n',
        },
        ("mapped-column-missing", "visitors.csv", 1, "source"),
    ),
    _case(
        "rows to be kept by a header that is not there",
        {
            "paid_users.csv": "user_id,started_at\nu1,2026-01-05\n",
            "funnel.toml": '[inputs.paid_users.keep]\nis_trial = ["False"]\n',
        },
        ("filter-column-missing", "paid_users.csv", 1, "is_trial"),
    ),
    _case(
        "the same headers once more beside a table",
        {"signups.csv": "user_id,signed_up_at,,user_id,signed_up_at\nu1,2026-01-05,,u2,2026-02-05\n"},
        ("tables-side-by-side", "signups.csv", 1, None),
    ),
    _case(
        "a header twice",
        {"signups.csv": "user_id,signed_up_at,user_id\nu1,2026-01-05,u2\n"},
        ("repeated-header", "signups.csv", 1, "user_id"),
    ),
    _case(
        "a header twice but for capitals and accents",
        {"demos.csv": "#\nMã khách hàng;Ngày đặt;NGAY DAT\nu1;2026-01-05;2026-01-06\n"},
        ("repeated-header", "demos.csv", 2, "booked_at"),
    ),
    _case(
        "a column for each month",
        {"paid_users.csv": "user_id,Jan 2026,Feb 2026\nu1,100,100\n"},
        ("months-across", "paid_users.csv", 1, None),
    ),
    _case(
        "a column for each day, and numbers beside them",
        {"visits.csv": "Source,Rank,2026-01-13,2026-01-14\nzalo,1,10,20\n"},
        ("days-across", "visits.csv", 1, None),
    ),
    _case(
        "a figure that stands twice in a table with a column for each month",
        {"monthly.csv": "Metric,2026-01,2026-02\nnew_signups,10,20\nnew_signups,1,2\n"},
        ("figure-twice", "monthly.csv", 3, None),
        ("read-turned", "monthly.csv", 1, None),
    ),
    _case(
        "months without a year where dates should be",
        {"paid_users.csv": "month,user_id\nSep,u1\nOct,u1\n"},
        ("months-without-year", "paid_users.csv", 1, "month"),
    ),
    _case(
        "costs with a column for each month, which say no year",
        {"costs.csv": "channel,Jan,Feb\nfacebook,1,2\n", "signups.csv": "user_id,signed_up_at\nu1,2026-01-05\n"},
        ("header-months-without-year", "costs.csv", 1, None),
    ),
    _case(
        "months where days should be",
        {"visitors.csv": "date,visits\n2026-01,700\n2026-02,800\n"},
        ("months-for-days", "visitors.csv", 1, "date"),
        ("not-a-date", "visitors.csv", 2, "date"),
        ("not-a-date", "visitors.csv", 3, "date"),
    ),
    _case(
        "dates that may begin with the year",
        {"signups.csv": "user_id,signed_up_at\nu1,26/12/25\nu2,26/01/26\n"},
        ("years-first-undecided", "signups.csv", 1, "signed_up_at"),
    ),
    _case(
        "days that could be months",
        {"signups.csv": "user_id,signed_up_at\nu1,2026-01-05\nu2,05/10/2026\nu3,06/10/2026\n"},
        ("date-order-undecided", "signups.csv", 3, "signed_up_at"),
    ),
    _case(
        "days of visits that could be months",
        {"visitors.csv": "date,visits\n2026-01-05,1\n\n01/02/2026,2\n03/04/2026,2\n"},
        ("date-order-undecided", "visitors.csv", 4, "date"),
    ),
    _case(
        "an end that could be a month",
        {"paid_users.csv": "user_id,started_at,ended_at\nu1,2026-01-05,\nu2,2026-02-01,03/04/2026\n"},
        ("date-order-undecided", "paid_users.csv", 3, "ended_at"),
    ),
    _case(
        "a demo day that could be a month, in a workbook",
        {"demos.xlsx": xlsx(("user_id", "booked_at", "held_at"), ("u1", date(2026, 1, 5), None), ("u2", date(2026, 1, 6), "01/02/2026"))},
        ("date-order-undecided", "demos.xlsx", 3, "held_at"),
    ),
    _case(
        "days that could be months in two files",
        {
            "signups_a.csv": "user_id,signed_up_at\nu1,2026-01-05\n",
            "signups_b.csv": "user_id,signed_up_at\nu2,05/10/2026\n",
        },
        ("date-order-undecided", "signups_b.csv", 2, "signed_up_at"),
    ),
    _case(
        "days first and months first",
        {"signups.csv": "user_id,signed_up_at\nu1,05/10/2026\nu2,13/10/2026\nu3,10/14/2026\n"},
        ("date-order-mixed", "signups.csv", 3, "signed_up_at"),
    ),
    _case(
        "days first in one file and months first in another",
        {
            "visitors_a.csv": "date,visits\n01/31/2026,2\n",
            "visitors_b.csv": "date,visits\n01/02/2026,2\n31/01/2026,2\n",
        },
        ("date-order-mixed", "visitors_b.csv", 3, "date"),
    ),
    _case(
        "starts with the month first and ends with the day first",
        {"paid_users.csv": "user_id,started_at,ended_at\nu1,01/13/2026,\nu2,01/14/2026,14/02/2026\n"},
        ("date-order-mixed", "paid_users.csv", 3, "ended_at"),
    ),
    _case(
        "days and months swapped where a spreadsheet could",
        {"signups.csv": "user_id,signed_up_at\nu1,2026-05-01\nu2,2026-07-07\nu3,13/01/2026\nu4,2026-03-02 08:30:00\nu5,28/02/2026\n"},
        ("half-converted-dates", "signups.csv", 2, "signed_up_at"),
    ),
    _case(
        "days and months swapped in texts with the month first, and in one of two files",
        {
            "signups_a.csv": "user_id,signed_up_at\nu1,2026-01-20\n",
            "signups_b.csv": "user_id,signed_up_at\nu2,01/13/2026\nu3,2026-02-01\nu4,01/31/2026\n",
        },
        ("half-converted-dates", "signups_b.csv", 3, "signed_up_at"),
    ),
    _case(
        "days and months swapped in a workbook, beside texts",
        {"demos.xlsx": xlsx(("user_id", "booked_at", "held_at"), ("u1", date(2026, 1, 20), datetime(2026, 6, 1)), ("u2", date(2026, 1, 6), "13/01/2026"))},
        ("half-converted-dates", "demos.xlsx", 2, "held_at"),
    ),
    _case(
        "days and months of visits swapped, though the settings give the order of the texts",
        {
            "visitors.csv": "date,visits\n2026-02-01,7\n13/01/2026,8\n2-Mar-2026,9\n",
            "funnel.toml": '[inputs.visitors]\ndate_order = "dmy"\n',
        },
        ("half-converted-dates", "visitors.csv", 2, "date"),
    ),
    _case(
        "visits that could be thousands",
        {"visitors.csv": "date,visits\n2026-01-05,7\n2026-01-06,12.000\n2026-01-07,5.000\n"},
        ("decimal-undecided", "visitors.csv", 3, "visits"),
    ),
    _case(
        "visits by existing users that could be thousands",
        {"visitors.csv": 'date,visits,existing_visits\n2026-01-05,70000,3\n2026-01-06,50000,"12,000"\n'},
        ("decimal-undecided", "visitors.csv", 3, "existing_visits"),
    ),
    _case(
        "a month's signups that could be thousands",
        {"monthly.csv": "month,new_signups,new_paid_users\n2026-01,900,1\n2026-02,900,1.000\n"},
        ("decimal-undecided", "monthly.csv", 3, "new_paid_users"),
    ),
    _case(
        "visits with the point and with the comma between thousands",
        {"visitors.csv": 'date,visits\n2026-01-05,12.000\n2026-01-06,1.234.567\n2026-01-07,"1,234,567"\n'},
        ("decimal-mixed", "visitors.csv", 4, "visits"),
    ),
    _case(
        "visits with the point in one file and the comma in another",
        {
            "visitors_a.csv": "date;visits\n2026-01-05;12.000\n",
            "visitors_b.csv": "date;visits\n2026-01-06;1.234\n2026-01-07;1,234\n",
        },
        ("decimal-mixed", "visitors_b.csv", 3, "visits"),
    ),
    _case(
        "a quotation mark that is never closed",
        {"signups.csv": 'user_id,signed_up_at,note\nu1,2026-01-05,x\nu2,2026-01-06,"said\nu3,2026-01-07,x\nu4,2026-01-08,x\n'},
        ("unclosed-quote", "signups.csv", 3, None),
    ),
    _case(
        "a quotation mark that is never closed, below lines that take several",
        {"visitors.csv": 'Title\r\n\r\ndate,visits,page\r\n2026-01-05,1,"a\r\nb"\r\n\r\n2026-01-06,1,"c\r\n2026-01-07,1,d\r\n'},
        ("unclosed-quote", "visitors.csv", 7, None),
    ),
    _case(
        "two cells that begin with a quotation mark, and rows between them",
        {
            "signups.tsv": "user_id\tsigned_up_at\tnote\nu1\t2026-01-05\tx\nu2\t2026-01-06\t\"fine\" he said\n"
            'u3\t2026-01-07\t"well\nu4\t2026-01-08\tx\nu5\t2026-01-09\tx\nu6\t2026-01-10\t"bye\nu7\t2026-01-11\tx\n'
        },
        ("unclosed-quote", "signups.tsv", 4, None),
    ),
    _case(
        "visits between a cell that begins with a quotation mark and one that ends with one",
        {
            "visitors.csv": "date,source,page\n2026-01-05,google,/\n2026-01-06,google,\"/a\n2026-01-07,google,/\n"
            '2026-01-08,google,/\n2026-01-09,google,/b"\n2026-01-10,google,/\n'
        },
        ("unclosed-quote", "visitors.csv", 3, None),
    ),
    _case(
        "signups between a cell that begins with a quotation mark and one that ends with one",
        {"signups.csv": 'user_id;note;signed_up_at\nu1;"x;2026-01-05\nu2;x;2026-01-06\nu3;y";2026-01-07\nu4;z;2026-01-08\n'},
        ("unclosed-quote", "signups.csv", 2, None),
    ),
    _case(
        "rows between two quotation marks, whatever their dates look like",
        {"signups.csv": 'user_id,source,signed_up_at\nu1,"google,5 Jan 2026\nu2,facebook,6 Jan 2026\nu3,zalo",7 Jan 2026\nu4,x,8 Jan 2026\n'},
        ("unclosed-quote", "signups.csv", 2, None),
    ),
    _case(
        "one row between two quotation marks",
        {"signups.csv": 'user_id,source,signed_up_at\nu1,"google,5 Jan 2026\nu3,zalo",7 Jan 2026\n'},
        ("unclosed-quote", "signups.csv", 2, None),
    ),
    _case(
        "rows that a quotation mark in the header swallows",
        {"signups.csv": 'user_id,signed_up_at,"note\nu1,2026-01-05,x\nu2,2026-01-06,y"\nu3,2026-01-07,z\n'},
        ("unclosed-quote", "signups.csv", 1, None),
    ),
    _case(
        "the first row, swallowed by a quotation mark in the header",
        {"signups.tsv": 'user_id\tsigned_up_at\t"source\nu1\t5 Jan 2026\tgoogle"\nu3\t7 Jan 2026\tzalo\n'},
        ("unclosed-quote", "signups.tsv", 1, None),
    ),
    _case(
        "the same table twice in one file",
        {
            "visitors.csv": "date,source,sessions\n2026-01-05,direct,5\n2026-01-06,direct,6\n\ndate,source,sessions\n"
            "2026-01-05,direct,5\n2026-01-06,direct,6\n",
        },
        ("table-twice", "visitors.csv", 5, None),
    ),
    _case(
        "a list of contacts that is put in as demos too",
        {
            "signups.csv": "Record ID,Create Date\n1,2026-01-05\n2,2026-01-06\n3,2026-01-07\n",
            "demos.csv": "Contact ID,Create Date\n1,2026-01-05\n2,2026-01-06\n3,2026-01-07\n",
        },
        ("list-of-people", "demos.csv", None, "booked_at"),
    ),
    _case(
        "two tables in one file",
        {"visitors.csv": "# Overview\nDate,Sessions\n20260105,120\n20260106,130\n\n# Countries\nCountry,Sessions\nVN,250\n"},
        ("second-table", "visitors.csv", 6, None),
    ),
    _case(
        "other sums of the same days, below the same header",
        {
            "visitors.csv": "date,source,visits\n2026-01-05,google,100\n2026-01-06,google,110\n\ndate,source,visits\n"
            "2026-01-05,google,40\n2026-01-06,google,50\n",
        },
        ("second-table", "visitors.csv", 5, None),
    ),
    _case(
        "a table with another header below the first",
        {
            "visitors.csv": "Date,Channel group,Sessions\n20260105,Direct,100\n\nDate,Device category,Sessions\n"
            "20260105,mobile,60\n20260105,desktop,40\n",
        },
        ("second-table", "visitors.csv", 4, None),
    ),
    _case(
        "two tables of signups in one file",
        {"signups.csv": "user_id,signed_up_at\nu1,2026-01-05\n# older\nuser_id,signed_up_at\nu2,2025-01-05\n"},
        ("second-table", "signups.csv", 3, None),
    ),
    _case(
        "lists of the first of each month",
        {"paid_users.csv": "as_of,user_id\n2026-01-01,u1\n2026-01-01,u2\n2026-02-01,u1\n2026-02-01,u2\n"},
        ("list-days-undecided", "paid_users.csv", None, "as_of"),
    ),
    _case(
        "customers who stand under several dates",
        {"paid_users.csv": "date,user_id\n2026-01-05,u1\n2026-01-05,u2\n2026-02-05,u1\n2026-02-05,u2\n"},
        ("lists-or-payments", "paid_users.csv", None, "date"),
    ),
    _case(
        "amounts of events that are neither sums nor changes",
        {
            "paid_users.csv": "user_id,event,date,mrr\n" "u1,created,2026-01-05,5\n" "u1,upgraded,2026-02-05,3\n" "u2,created,2026-01-06,5\n" "u2,cancelled,2026-02-06,0\n",
        },
        ("event-amounts", "paid_users.csv", 3, "mrr"),
    ),
    _case(
        "a log of events without an event",
        {
            "funnel.toml": '[paid_users]\nshape = "events"\n',
            "paid_users.csv": "user_id,date\nu1,2026-01-05\n",
        },
        ("no-events", "paid_users.csv", None, "status"),
    ),
    _case(
        "a log of events beside subscriptions",
        {
            "paid_users_1.csv": "user_id,event,date,mrr\n" "u1,created,2026-01-05,5\n" "u1,upgraded,2026-02-05,9\n" "u2,created,2026-01-06,5\n" "u2,cancelled,2026-02-06,0\n",
            "paid_users_2.csv": "user_id,started_at,mrr\nu1,2026-01-05,5\n",
        },
        ("log-beside-rows", "paid_users_1.csv", None, None),
    ),
    _case(
        "formulas that nobody has calculated",
        {"signups.xlsx": xlsx(("user_id", "signed_up_at"), ("u1", "=TODAY()"), ("u2", "2026-01-06"))},
        ("formula-without-value", "signups.xlsx", 2, "signed_up_at"),
    ),
)  # fmt: skip

# --- faults of one row -------------------------------------------------------------------------------------------

ROWS = (
    _case(
        "a cost that is none, and one without an amount",
        {"costs.csv": "date,amount\n2026-01-05,100\n2026-01-06,soon\n2026-01-07,\n"},
        ("not-a-cost", "costs.csv", 3, "amount"),
        ("empty-cell", "costs.csv", 4, "amount"),
    ),
    _case(
        "a cost for days of two months, beside one for days of a month",
        {"costs.csv": "Từ ngày,Đến ngày,amount\n2026-01-05,2026-02-04,100\n2026-01-05,2026-01-31,100\n"},
        ("cost-over-months", "costs.csv", 2, "date"),
    ),
    _case(
        "costs in two currencies",
        {"costs.csv": "date,amount,currency\n2026-01-05,100,USD\n2026-01-06,200,USD\n2026-01-07,50,EUR\n"},
        ("mixed-currency", "costs.csv", 4, "amount"),
    ),
    _case(
        "a delimiter in a cell that is not quoted",
        {"signups.csv": "user_id,signed_up_at,note\nu1,2026-01-05,a\nu2,2026-01-06,b, c\nu3,2026-01-07,d\n"},
        ("too-many-cells", "signups.csv", 3, None),
    ),
    _case(
        "a delimiter in a source that is not quoted",
        {"visitors.csv": "date;visits;source\n2026-01-05;1;google\n2026-01-06;1;a; b\n\n2026-01-07;1;a;;b\n"},
        ("too-many-cells", "visitors.csv", 3, None),
        ("too-many-cells", "visitors.csv", 5, None),
    ),
    _case(
        "a cell too many, hidden by an empty one at the end",
        {"paid_users.csv": "user_id,started_at,mrr,plan\nu1,2026-01-01,1,200,\nu2,2026-01-01,500,basic\n"},
        ("too-many-cells", "paid_users.csv", 2, None),
    ),
    _case(
        "a cell too many in every row, which a delimiter at the end does not explain",
        {"paid_users.csv": "user_id,started_at,mrr,plan\nu1,2026-01-01,1,200,\n", "demos.csv": "user_id,booked_at\nu1,2026-01-01\n"},
        ("too-many-cells", "paid_users.csv", 2, None),
    ),
    _case(
        "a source cut in two, hidden by an empty cell at the end",
        {"visitors.csv": "date,source,page\n2026-01-05,google, b,\n2026-01-06,google,/\n"},
        ("too-many-cells", "visitors.csv", 2, None),
    ),
    _case(
        "ids that lost digits, by lower case, without a fraction, and by more digits than a spreadsheet keeps",
        {
            "paid_users.csv": "user_id,subscription_id,started_at\n8.49e10,s1,2026-01-05\nu2,1E+05,2026-01-05\nu3,1e5,2026-01-05\n",
            "demos.csv": "user_id;booked_at\n8e+10;2026-01-05\n8,49E+10;2026-01-05\n9007199254740992.0;2026-01-05\n",
        },
        ("shortened-id", "paid_users.csv", 2, "user_id"),
        ("shortened-id", "paid_users.csv", 3, "subscription_id"),
        ("shortened-id", "demos.csv", 2, "user_id"),
        ("shortened-id", "demos.csv", 3, "user_id"),
        ("shortened-id", "demos.csv", 4, "user_id"),
    ),
    _case(
        "ids of visits that lost digits, where they are looked up",
        {
            "visitors.csv": "date,user_id\n2026-01-05,8.49E+10\n2026-01-06,1E+05\n2026-01-20,u1\n",
            "signups.csv": GOOD_SIGNUPS,
        },
        ("shortened-id", "visitors.csv", 2, "user_id"),
        ("shortened-id", "visitors.csv", 3, "user_id"),
    ),
    _case(
        "errors of a spreadsheet as people, days and records",
        {
            "signups.csv": "user_id,signed_up_at\n#NAME?,2026-01-05\n#N/A,2026-01-05\nu3,#REF!\nu4,Loading...\nu5,########\nu6,2026-01-05\n",
            "demos.csv": "demo_id,user_id,booked_at,held_at\n#ERROR!,u6,2026-01-06,\nd2,u6,2026-01-06,#N/A\n",
        },
        ("spreadsheet-error", "signups.csv", 2, "user_id"),
        ("spreadsheet-error", "signups.csv", 3, "user_id"),
        ("spreadsheet-error", "signups.csv", 4, "signed_up_at"),
        ("spreadsheet-error", "signups.csv", 5, "signed_up_at"),
        ("spreadsheet-error", "signups.csv", 6, "signed_up_at"),
        ("spreadsheet-error", "demos.csv", 2, "demo_id"),
        ("spreadsheet-error", "demos.csv", 3, "held_at"),
    ),
    _case(
        "errors of a spreadsheet as numbers, and as people who visit",
        {
            "visitors.csv": "date,visits,existing_visits\n2026-01-05,#DIV/0!,\n2026-01-06,3,#N/A\n#VALUE!,3,1\n2026-01-07,3,1\n2026-02-28,1,1\n",
            "monthly.csv": "month,new_demo_bookings\n2026-01,#N/A\n2026-02,3\n",
        },
        ("spreadsheet-error", "visitors.csv", 2, "visits"),
        ("spreadsheet-error", "visitors.csv", 3, "existing_visits"),
        ("spreadsheet-error", "visitors.csv", 4, "date"),
        ("spreadsheet-error", "monthly.csv", 2, "new_demo_bookings"),
    ),
    _case(
        "yes or no lost to an error of a spreadsheet",
        {"visitors.csv": "date,is_existing\n2026-01-05,#N/A\n2026-01-05,yes\n"},
        ("not-yes-or-no", "visitors.csv", 2, "is_existing"),
    ),
    _case(
        "ends that may say there is none",
        {
            "paid_users.csv": "user_id,started_at,ended_at\nu1,2026-01-05,0000-00-00\nu2,2026-01-05,0000-00-00 00:00:00\n"
            "u3,2026-01-05,1970-01-01\nu4,2026-01-05,1970-01-01 07:00:00\nu5,2026-01-05,0\nu6,2026-01-05,Never\n"
            "u7,2026-01-05,trọn đời\nu8,2026-01-05,00/01/1900\nu9,2026-01-05,#N/A\nu10,2026-01-05,9999-12-31\n"
        },
        *(("no-end-value", "paid_users.csv", line, "ended_at") for line in range(2, 11)),
    ),
    _case(
        "days of demos that may say there is none",
        {"demos.csv": "user_id,booked_at,held_at\nu1,2026-01-05,0000-00-00\nu2,2026-01-05,1970-01-01\nu3,2026-01-05,\n"},
        ("no-date-value", "demos.csv", 2, "held_at"),
        ("no-date-value", "demos.csv", 3, "held_at"),
    ),
    _case(
        "numbers in other digits",
        {"visitors.csv": "date,visits\n2026-01-05,²\n2026-01-06,①\n2026-01-07,3\n"},
        ("not-a-count", "visitors.csv", 2, "visits"),
        ("not-a-count", "visitors.csv", 3, "visits"),
    ),
    _case(
        "times further from UTC than any place",
        {"signups.csv": "user_id,signed_up_at\nu1,2026-01-05T00:00:00+14:01\nu2,2026-01-05 00:00 -13\nu3,2026-01-05T00:00:00+14:00\n"},
        ("not-a-date", "signups.csv", 2, "signed_up_at"),
        ("not-a-date", "signups.csv", 3, "signed_up_at"),
    ),
    _case(
        "a fault on one of the sheets that the settings ask for",
        {
            "visitors.xlsx": xlsx(
                ("date", "visits"), (date(2026, 1, 5), 7), sheet="Jan", Feb=[(), ("date", "visits"), ("soon", 8), (date(2026, 2, 5), 8)]
            ),
            "funnel.toml": '[inputs.visitors]\nsheet = "*"\n',
        },
        ("not-a-date", "visitors.xlsx#Feb", 3, "date"),
    ),
    _case(
        "ids that a spreadsheet has cut short",
        {"signups.csv": 'user_id,signed_up_at\n84912345678,2026-01-05\n8.49123E+10,2026-01-05\n"8,49123E+10",2026-01-06\n8.49E+10,2026-01-07\n'},
        ("shortened-id", "signups.csv", 3, "user_id"),
        ("shortened-id", "signups.csv", 4, "user_id"),
        ("shortened-id", "signups.csv", 5, "user_id"),
    ),
    _case(
        "demos whose ids a spreadsheet has cut short",
        {"demos.csv": "demo_id,user_id,booked_at\n9.00719E+15,u1,2026-01-05\n9.00719E+15,u2,2026-01-05\n123,u3,2026-01-05\n"},
        ("shortened-id", "demos.csv", 2, "demo_id"),
        ("shortened-id", "demos.csv", 3, "demo_id"),
    ),
    _case(
        "signups without a person or a day",
        {"signups.csv": "user_id,signed_up_at\n,2026-01-05\nu2,\n\"  \",2026-01-06\nu4,N/A\n(null),-\nu6,2026-01-07\n"},
        ("empty-cell", "signups.csv", 2, "user_id"),
        ("empty-cell", "signups.csv", 3, "signed_up_at"),
        ("empty-cell", "signups.csv", 4, "user_id"),
        ("empty-cell", "signups.csv", 5, "signed_up_at"),
        ("empty-cell", "signups.csv", 6, "user_id"),
        ("empty-cell", "signups.csv", 6, "signed_up_at"),
    ),
    _case(
        "demos without a person or a day",
        {"demos.csv": "demo_id,user_id,booked_at,held_at\nd1,,2026-01-05,\nd2,u2,,2026-01-06\nd3,u3,2026-01-06,\n"},
        ("empty-cell", "demos.csv", 2, "user_id"),
        ("empty-cell", "demos.csv", 3, "booked_at"),
    ),
    _case(
        "customers without a name or a start",
        {"paid_users.csv": "user_id,started_at,ended_at\n,2026-01-05,\nu2,,2026-01-06\nu3,2026-01-07,\n"},
        ("empty-cell", "paid_users.csv", 2, "user_id"),
        ("empty-cell", "paid_users.csv", 3, "started_at"),
    ),
    _case(
        "visits without a day or a number",
        {"visitors.csv": "date,visits\n,5\n2026-01-05,\n2026-01-06,7\n"},
        ("empty-cell", "visitors.csv", 2, "date"),
        ("empty-cell", "visitors.csv", 3, "visits"),
    ),
    _case(
        "an empty cell in a workbook",
        {"signups.xlsx": xlsx(("Báo cáo",), ("user_id", "signed_up_at"), ("u1", date(2026, 1, 5)), (), (None, datetime(2026, 1, 6, 9)))},
        ("empty-cell", "signups.xlsx", 5, "user_id"),
    ),
    _case(
        "an empty cell in Parquet",
        {"signups.parquet": parquet("SELECT * FROM (VALUES ('u1', DATE '2026-01-05'), (NULL, DATE '2026-01-06')) t (user_id, signed_up_at)")},
        ("empty-cell", "signups.parquet", 2, "user_id"),
    ),
    _case(
        "what is no day of a signup",
        {
            "signups.csv": 'name,user_id,signed_up_at\r\n"An\r\nBình",u1,2026-01-15\r\n\r\nx,u2,31/02/2026\r\n,u3,soon\r\n'
            "x,u4,2026-13-01\r\nx,u5,30/01/2026\r\n"
        },
        ("not-a-date", "signups.csv", 5, "signed_up_at"),
        ("not-a-date", "signups.csv", 6, "signed_up_at"),
        ("not-a-date", "signups.csv", 7, "signed_up_at"),
    ),
    _case(
        "what is no day of a demo",
        {"demos.csv": "user_id,booked_at,held_at\nu1,2026-01-05,later\nu2,2026-02-30,2026-03-01\nu3,2026-01-06,\n"},
        ("no-date-value", "demos.csv", 2, "held_at"),
        ("not-a-date", "demos.csv", 3, "booked_at"),
    ),
    _case(
        "what is no day of a customer",
        {"paid_users.csv.gz": gz("user_id,started_at,ended_at\nu1,2026-01-05,24:61\nu2,x,y\nu3,2026-01-06,\n")},
        ("not-a-date", "paid_users.csv.gz", 2, "ended_at"),
        ("not-a-date", "paid_users.csv.gz", 3, "started_at"),
        ("no-end-value", "paid_users.csv.gz", 3, "ended_at"),
    ),
    _case(
        "what is no day of a visit",
        {"visitors.csv": "date,visits\n2026-01-05,5\n2026-02-29,6\nsum of all,7\n2026-01-06 24:61,1\n"},
        ("not-a-date", "visitors.csv", 3, "date"),
        ("not-a-date", "visitors.csv", 4, "date"),
        ("not-a-date", "visitors.csv", 5, "date"),
    ),
    _case(
        "a day that contradicts the order which the others prove",
        {
            "signups.csv": "user_id,signed_up_at\nu1,13/10/2026\nu2,05/10/2026\nu3,10/13/2026\n",
            "funnel.toml": '[inputs.signups]\ndate_order = "dmy"\n',
        },
        ("not-a-date", "signups.csv", 4, "signed_up_at"),
    ),
    _case(
        "years that cannot be",
        {"signups.csv": "user_id,signed_up_at\nu1,1970-01-01\nu2,0026-01-05\nu3,2206-01-05\nu4,2026-01-05\n"},
        ("implausible-date", "signups.csv", 2, "signed_up_at"),
        ("implausible-date", "signups.csv", 3, "signed_up_at"),
        ("implausible-date", "signups.csv", 4, "signed_up_at"),
    ),
    _case(
        "years of visits that cannot be",
        {"visitors.csv": "date,visits\n1989-12-31,5\n1990-01-01,6\n2099-12-31,6\n2100-01-01,7\n"},
        ("implausible-date", "visitors.csv", 2, "date"),
        ("implausible-date", "visitors.csv", 5, "date"),
        ("month-gap", "visitors.csv", None, None),
    ),
    _case(
        "years of customers that cannot be; an end far ahead is none",
        {
            "paid_users.csv": "user_id,started_at,ended_at\nu1,2026-01-05,1900-01-01\nu2,9999-12-31,\n"
            "u3,2026-01-05,9999-12-31\nu4,2026-01-05,2999-12-31 23:59:59\nu5,2026-01-05,9999-12-31T23:59:59Z\n"
        },
        ("no-end-value", "paid_users.csv", 2, "ended_at"),
        ("implausible-date", "paid_users.csv", 3, "started_at"),
    ),
    _case(
        "what is no number of visits",
        {"visitors.csv": "date,visits\n2026-01-05,12.5\n2026-01-06,-3\n2026-01-07,many\n2026-01-08,\"1,23\"\n2026-01-09,\"1,234\"\n"},
        ("not-a-count", "visitors.csv", 2, "visits"),
        ("not-a-count", "visitors.csv", 3, "visits"),
        ("not-a-count", "visitors.csv", 4, "visits"),
        ("not-a-count", "visitors.csv", 5, "visits"),
    ),
    _case(
        "what is no number of existing users",
        {"visitors.csv": "date,visits,existing_visits\n2026-01-05,12,some\n2026-01-06,3,\n2026-01-07,3,1\n"},
        ("not-a-count", "visitors.csv", 2, "existing_visits"),
    ),
    _case(
        "what is no number of a month",
        {"monthly.csv": "month,new_signups,new_paid_users\n2026-01,5,1\n2026-02,5.5,1\n2026-03,6,one\n"},
        ("not-a-count", "monthly.csv", 3, "new_signups"),
        ("not-a-count", "monthly.csv", 4, "new_paid_users"),
    ),
    _case(
        "neither yes nor no",
        {"visitors.csv": "date,is_existing\n2026-01-05,true\n2026-01-05,perhaps\n2026-01-05,\n2026-01-05,Có\n2026-01-05,2\n"},
        ("not-yes-or-no", "visitors.csv", 3, "is_existing"),
        ("not-yes-or-no", "visitors.csv", 6, "is_existing"),
    ),
    _case(
        "an end before the start",
        {
            "paid_users.csv": "user_id,started_at,ended_at\nu1,2026-01-05,2026-01-04\nu2,2026-01-05 09:00,2026-01-05 08:00\n"
            "u3,2026-01-05,2025-01-05\n"
        },
        ("end-before-start", "paid_users.csv", 2, "ended_at"),
        ("end-before-start", "paid_users.csv", 4, "ended_at"),
    ),
    _case(
        "more visits by existing users than visits",
        {"visitors.csv": "date,visits,existing_visits\n2026-01-05,10,10\n2026-01-06,10,11\n"},
        ("more-existing-than-visits", "visitors.csv", 3, "existing_visits"),
    ),
    _case(
        "a month without its year",
        {"monthly.csv": "month,new_signups\nTháng 9,100\n2026-10,120\n"},
        ("month-without-year", "monthly.csv", 2, "month"),
    ),
    _case(
        "what is no month",
        {"monthly.csv": "month,new_signups\n2026-01,5\n2026-13,6\nlater,7\n,8\n2026-02-15,9\n"},
        ("not-a-month", "monthly.csv", 3, "month"),
        ("not-a-month", "monthly.csv", 4, "month"),
        ("empty-cell", "monthly.csv", 5, "month"),
        ("not-a-month", "monthly.csv", 6, "month"),
    ),
    _case(
        "what is no channel",
        {"monthly.csv": "month,channel,new_signups\n2026-01,paid,5\n2026-01,billboards,6\n2026-01,,20\n"},
        ("not-a-channel", "monthly.csv", 3, "channel"),
    ),
    _case(
        "a month twice",
        {"monthly.csv": "month,channel,new_signups\n2026-01,paid,5\n2026-01,organic,5\n01/2026,Paid,6\n"},
        ("month-twice", "monthly.csv", 4, "month"),
    ),
    _case(
        "a month in two files",
        {"monthly_a.csv": "month,new_signups\n2026-01,5\n", "monthly_b.csv": "month,new_signups\n\n2026-01,5\n2026-02,6\n"},
        ("month-twice", "monthly_b.csv", 3, "month"),
    ),
    _case(
        "channels that sum to more than the whole",
        {"monthly.csv": "month,new_signups,paid_signups,sales_sme_signups\n2026-01,5,3,2\n2026-02,5,3,3\n"},
        ("parts-exceed-whole", "monthly.csv", 3, "new_signups"),
    ),
    _case(
        "several faults in several files at once",
        {
            "visitors.csv": "date,visits\n2026-01-05,x\n2026-01-06,4\n",
            "signups.csv": "user_id,signed_up_at\nu1,2026-01-05\n,x\n",
            "demos.csv": "user_id\nu1\n",
            "paid_users.csv": "user_id,started_at,ended_at\nu1,2026-01-06,2026-01-01\n",
        },
        ("not-a-count", "visitors.csv", 2, "visits"),
        ("empty-cell", "signups.csv", 3, "user_id"),
        ("not-a-date", "signups.csv", 3, "signed_up_at"),
        ("missing-column", "demos.csv", 1, "booked_at"),
        ("end-before-start", "paid_users.csv", 2, "ended_at"),
    ),
    _case(
        "amounts in two currencies, by sign, code and column",
        {
            "paid_users.csv": "user_id,started_at,mrr,currency\nu1,2026-01-05,100 ₫,\nu2,2026-01-05,100,VND\n"
            "u3,2026-01-05,$5,\nu4,2026-01-05,5,eur\nu5,2026-01-05,7,\nu6,2026-01-05,,EUR\n",
        },
        ("mixed-currency", "paid_users.csv", 4, "mrr"),
        ("mixed-currency", "paid_users.csv", 5, "mrr"),
        ("no-amount", "paid_users.csv", 7, "amount"),
    ),
    _case(
        "amounts in another currency than the business's, by the header",
        {
            "paid_users.csv": "user_id,started_at,Amount (USD)\nu1,2026-01-05,100\nu2,2026-01-05,\n",
            "funnel.toml": '[business]\ncurrency = "VND"\n',
        },
        ("mixed-currency", "paid_users.csv", 2, "amount"),
        ("no-amount", "paid_users.csv", 3, "amount"),
    ),
    _case(
        "a monthly table in another currency",
        {"monthly.csv": "month,closing_mrr_amount\n2026-01,$1200\n2026-02,1200 đ\n"},
        ("mixed-currency", "monthly.csv", 2, "closing_mrr_amount"),
    ),
    _case(
        "a list of no month",
        {
            "funnel.toml": "[inputs.paid_users.columns]\nlisted_on = 'month'\n",
            "paid_users.csv": "month,user_id\n2026-01,u1\n2026-01,u2\n2026-02,u1\nsoon,u2\n",
        },
        ("list-day-not-read", "paid_users.csv", 5, "listed_on"),
        ("read-as-lists", "paid_users.csv", None, "listed_on"),
    ),
)  # fmt: skip

# A balance is a fault of one row's cell, yet leaving the row out does not cure it.
BALANCES = (
    _case(
        "a closing balance that the months do not make",
        {"monthly.csv": "month,opening_paid_users,new_paid_users,churned_paid_users,closing_paid_users\n2026-01,10,5,1,14\n2026-02,14,2,1,16\n"},
        ("balance-does-not-close", "monthly.csv", 3, "closing_paid_users"),
    ),
    _case(
        "an opening balance that is not the closing one before",
        {"monthly.csv": "month,opening_registered_users,new_signups\n2026-01,100,5\n2026-02,105,6\n2026-03,112,6\n"},
        ("balance-does-not-close", "monthly.csv", 4, "opening_registered_users"),
    ),
    _case(
        "two columns that give one balance differently",
        {"monthly.csv": "month,closing_registered_users,total_leads\n2026-01,100,100\n2026-02,105,106\n"},
        ("balance-does-not-close", "monthly.csv", 3, "total_leads"),
    ),
)  # fmt: skip

# --- odd but legal -----------------------------------------------------------------------------------------------

WARNINGS = (
    _case(
        "a metric of one's own where no row has the value",
        {
            "signups.csv": GOOD_SIGNUPS,
            "paid_users.csv": "user_id,started_at,plan\nu1,2026-01-05,Pro\nu2,2026-01-20,Basic\n",
            "funnel.toml": '[metrics.a]\ncount = {event = "paid_first", where = {plan = ["P*", "bsic"]}}\n'
            '[metrics.b]\nsum = ["new_signups"]\nwhere = {plan = "unknown", channel = "partner"}\n',
        },
        ("where-fits-nothing", "funnel.toml", None, None),
    ),
    _case(
        "a profile of an attribute that no file has, and of a country that no account is in",
        {
            "signups.csv": GOOD_SIGNUPS,
            "accounts.csv": "user_id,country\nu1,VN\nu2,VN\n",
            "funnel.toml": '[icp]\nhard = {contry = ["VN"], country = ["SG"]}\n',
        },
        ("attribute-not-known", "funnel.toml", None, None),
        ("rule-fits-nothing", "funnel.toml", None, None),
    ),
    _case(
        "a size in words where the profile asks for numbers",
        {
            "signups.csv": GOOD_SIGNUPS,
            "accounts.csv": "user_id,employees\nu1,vài chục\nu2,120\n",
            "funnel.toml": '[icp]\nhard = {employees = ["50-500"]}\n',
        },
        ("attribute-not-comparable", "funnel.toml", None, None),
    ),
    _case(
        "a file that ends within a row",
        {"signups.csv": "user_id,signed_up_at\nu1,2026-01-05\nu2,2026-01-20\nu3,2026-01-2"},
        ("cut-short", "signups.csv", None, None),
    ),
    _case(
        "a header and nothing else",
        {"signups.csv": GOOD_SIGNUPS, "demos.csv": "user_id,booked_at\n", "paid_users.csv": "user_id,started_at\nTổng cộng,\n"},
        ("no-rows", "demos.csv", None, None),
        ("no-rows", "paid_users.csv", None, None),
    ),
    _case(
        "demos that stop a month before the signups, as they have stopped before",
        {
            "signups.csv": "user_id,signed_up_at\n" + "".join(
                f"u{n},2026-0{1 + n // 14}-{1 + 2 * (n % 14):02}\n" for n in range(56)) + "x,2026-04-30\n",
            "demos.csv": "user_id,booked_at\nu1,2026-01-05\nu2,2026-02-20\nu3,2026-03-05\n",
        },
        ("zeros-after", "demos.csv", None, None),
    ),
    _case(
        "a workbook named as CSV",
        {"signups.csv": xlsx(("user_id", "signed_up_at"), ("u1", date(2026, 1, 5)))},
        ("excel-named-otherwise", "signups.csv", None, None),
    ),
    _case(
        "cells that are no amount",
        {
            "paid_users.csv": "user_id,started_at,mrr,amount\nu1,2026-01-05,free,\nu2,2026-01-05,-5,10\n"
            "u3,2026-01-05,,12 %\nu4,2026-01-05,10,free\nu5,2026-01-05,0,\nu6,2026-01-05,,\n",
        },
        ("not-an-amount", "paid_users.csv", 2, "mrr"),
        ("not-an-amount", "paid_users.csv", 3, "mrr"),
        ("not-an-amount", "paid_users.csv", 4, "amount"),
        ("free-row", "paid_users.csv", 6, "mrr"),
        ("no-amount", "paid_users.csv", 7, "amount"),
    ),
    _case(
        "a plan of which no row has an amount",
        {"paid_users.csv": "user_id,started_at,plan,mrr\nu1,2026-01-05,Pro,100\nu2,2026-01-06,Starter,\n"
         "u3,2026-01-07,Starter,\nu4,2026-01-08,Team,\n"},
        ("plan-without-amounts", "paid_users.csv", 3, "plan"),
        ("no-amount", "paid_users.csv", 5, "amount"),
    ),
    _case(
        "amounts that nothing spreads over months",
        {"paid_users.csv": "user_id,started_at,ended_at,amount,interval\nu1,2026-01-05,,100,\nu2,2026-01-05,,100,month\n"
         "u3,2026-01-05,2026-02-04,100,\n"},
        ("no-amount", "paid_users.csv", 2, "amount"),
    ),
    _case(
        "amounts whose decimal mark nothing decides, or other cells contradict",
        {"paid_users.csv": "user_id,started_at,mrr\nu1,2026-01-05,€ 1.200\nu2,2026-01-05,€ 2.400\nu3,2026-01-05,€ 10\n"},
        ("amount-undecided", "paid_users.csv", 2, "mrr"),
    ),
    _case(
        "sources under a header that nobody knows",
        {"visitors.csv": "date,Kênh truy cập,visits\n2026-01-05,Organic Search,3\n2026-01-05,Paid Search,2\n"},
        ("source-by-cells", "visitors.csv", None, "Kênh truy cập"),
    ),
    _case(
        "an id of several people by their addresses",
        {
            "signups.csv": "user_id,email,signed_up_at\nu1,an@x.vn,2026-01-05\nu2,bo@x.vn,2026-01-05\n"
            "u9,chi@x.vn,2026-01-06\nu9,dan@x.vn,2026-01-06\nu9,em@x.vn,2026-01-06\n"
        },
        ("id-of-several", "signups.csv", 4, "user_id"),
    ),
    _case(
        "numbers of rows as ids, which begin anew",
        {
            "signups.csv": "id,signed_up_at\n1,2026-01-05\n2,2026-01-06\n3,2026-01-07\n1,2026-02-05\n2,2026-02-06\n"
            "3,2026-02-07\n"
        },
        ("ids-number-rows", "signups.csv", 5, "user_id"),
    ),
    _case(
        "names as ids, one of them twice",
        {
            "signups.csv": "user_id,signed_up_at\nNguyễn An,2026-01-05\nLê Chi,2026-01-06\nTrần Bình,2026-01-06\n"
            "Phạm Dung,2026-01-06\nVũ Em,2026-01-06\nNguyễn An,2026-02-07\n"
        },
        ("ids-are-names", "signups.csv", 7, "user_id"),
    ),
    _case(
        "people by whom a form is tried",
        {"signups.csv": "email,signed_up_at\nan@x.vn,2026-01-05\ntest+1@x.vn,2026-01-06\n"},
        ("ids-of-tests", "signups.csv", 3, "user_id"),
    ),
    _case(
        "ends that are the days of the starts",
        {
            "paid_users.csv": "user_id,started_at,ended_at\nu1,2026-01-05,2026-01-05\nu2,2026-01-06,2026-01-06\n"
            "u3,2026-01-07,2026-01-07\n"
        },
        ("ends-at-start", "paid_users.csv", 2, "ended_at"),
    ),
    _case(
        "amounts of a program, which may be cents",
        {
            "paid_users.csv": "customer_id,start_date,ended_at,amount,interval,currency\n"
            "c1,1767571200,,2000,month,usd\nc2,1767657600,,5000,month,usd\n"
        },
        ("amounts-may-be-minor", "paid_users.csv", 1, "amount"),
    ),
    _case(
        "visits that grow on each day, as sums of all days so far do",
        {"visitors.csv": "date,visits\n" + "".join(f"2026-01-{day:02},{100 * day}\n" for day in range(1, 16))},
        ("visits-only-grow", "visitors.csv", 1, "visits"),
    ),
    _case(
        "ids that a spreadsheet has made days",
        {"signups.csv": "user_id,signed_up_at\n1-Mar,2026-01-05\nu2,2026-01-06\n"},
        ("ids-as-days", "signups.csv", 2, "user_id"),
    ),
    _case(
        "ids that differ in capitals and marks alone",
        {"signups.csv": "user_id,signed_up_at\nKH-001,2026-01-05\nkh001,2026-01-06\n"},
        ("ids-nearly-alike", "signups.csv", 3, "user_id"),
    ),
    _case(
        "all accounts of a system beside its subscriptions",
        {
            "customers.csv": "Customer ID,Created (UTC)\ncus_1,2026-01-05\ncus_2,2026-01-06\n",
            "paid_users.csv": "user_id,started_at,ended_at\ncus_1,2026-01-15,\n",
        },
        ("only-people", "customers.csv", 1, None),
    ),
    _case(
        "amounts in thousands beside such with fractions",
        {"paid_users.csv": "user_id,started_at,ended_at,mrr\nu1,2026-01-05,,100.5\nu2,2026-01-06,,300.125\n"},
        ("thousands-beside-fractions", "paid_users.csv", 3, "mrr"),
    ),
    _case(
        "amounts of a monthly table",
        {
            "monthly.csv": "month,closing_paid_users,closing_mrr_amount\n2026-01,5,x\n2026-02,5,1200.50\n",
            "funnel.toml": '[business]\ncurrency = "USD"\n',
        },
        ("not-an-amount", "monthly.csv", 2, "closing_mrr_amount"),
    ),
    _case(
        "rows that were cut off",
        {"signups.csv": "user_id,signed_up_at,note,more\nu1,2026-01-05,a,b\nu2,2026-01-06\nu3,2026-01-07,a\nu4,2026-01-08,,\n"},
        ("short-row", "signups.csv", 3, None),
        ("short-row", "signups.csv", 4, None),
    ),
    _case(
        "a quoted word that begins a cell",
        {"signups.csv": 'user_id,signed_up_at,note\nu1,2026-01-05,"An" said\nu2,2026-01-06,"Bo" \nu3,2026-01-07,c\n'},
        ("stray-quote", "signups.csv", 2, None),
    ),
    _case(
        "a file of no input",
        {"orders.csv": "id,total\n1,2\n", "notes.md": "# notes\n", "image.png": b"\x89PNG", ".hidden.csv": "a\n"},
        ("unknown-file", "orders.csv", None, None),
    ),
    _case(
        "files of no input beside others",
        {
            "signups.csv": GOOD_SIGNUPS, "orders.xlsx": b"", "Lead list.tsv": "", "old.xls": b"", "~$signups.xlsx": b"",
            "visitors.zip": b"PK", "demos.json": "[]", "logo.svg": "", "README": "",
        },
        ("unknown-file", "orders.xlsx", None, None),
        ("unknown-file", "Lead list.tsv", None, None),
        ("unknown-file", "old.xls", None, None),
        ("unknown-file", "visitors.zip", None, None),
        ("unknown-file", "demos.json", None, None),
    ),
    _case(
        "exports known by their headers, whatever their names say",
        {
            "hubspot-crm-exports-all-contacts.csv": HUBSPOT_CONTACTS,
            "customers.csv": STRIPE_CUSTOMERS,
            "unified_customers.csv": STRIPE_CUSTOMERS,
            "paid_users.csv": "user_id,started_at\n101,2026-01-07\n102,2026-01-15\n",
            "invoices.csv": STRIPE_INVOICES,
        },
        ("looks-like", "hubspot-crm-exports-all-contacts.csv", None, None),
        ("not-such-a-list", "customers.csv", None, None),
        ("not-of-use", "unified_customers.csv", None, None),
        ("behind-another", "invoices.csv", None, None),
    ),
    _case(
        "an export that is named like another input, and can be read as such",
        {"signups.csv": STRIPE_PAYMENTS},
        ("named-otherwise", "signups.csv", None, None),
    ),
    _case(
        "a file with the headers of two exports",
        {
            "export.csv": "id,Customer ID,Email,Start Date (UTC),Current Period End (UTC),Ended At (UTC),Created (UTC),"
            "Delinquent,Total Spend\nsub_1,cus_1,an@x.vn,2026-01-05 03:00,2026-02-05 03:00,,2026-01-05 03:00,,49.00\n",
        },
        ("looks-like", "export.csv", None, None),
        ("of-two-exports", "export.csv", None, None),
    ),
    _case(
        "an export that lacks what the settings name for its input",
        {
            "signups.csv": "user_id,signed_up_at,ref\nu1,2026-01-05,Google\nu2,2026-01-15,Google\n",
            "all-contacts.csv": HUBSPOT_CONTACTS,
            "funnel.toml": '[inputs.signups.columns]\nsource = "ref"\n',
        },
        ("not-as-mapped", "all-contacts.csv", None, None),
    ),
    _case(
        "orders of people who are known by their phones",
        {"orders.csv": HARAVAN_ORDERS},
        ("looks-like", "orders.csv", None, None),
        ("export-lacks", "orders.csv", None, None),
        ("people-by-filled", "orders.csv", None, "Số điện thoại"),
        ("no-amount", "orders.csv", 2, "amount"),
        ("no-amount", "orders.csv", 3, "amount"),
    ),
    _case(
        "an export that is known to lack something",
        {"invoices.csv": STRIPE_INVOICES},
        ("looks-like", "invoices.csv", None, None),
        ("export-lacks", "invoices.csv", None, None),
    ),
    _case(
        "a folder that has the name of a file",
        {"signups.csv": GOOD_SIGNUPS, "demos.parquet": Directory(), "notes": Directory()},
        ("not-a-file", "demos.parquet", None, None),
    ),
    _case(
        "people who never signed up",
        {
            "signups.csv": GOOD_SIGNUPS,
            "demos.csv": "user_id,booked_at\nu1,2026-01-06\nu8,2026-01-07\nu8,2026-01-08\n",
            "paid_users.csv": "user_id,started_at\nu9,2026-01-07\nu2,2026-01-20\n",
        },
        ("orphan-user", "demos.csv", 3, "user_id"),
        ("orphan-user", "paid_users.csv", 2, "user_id"),
    ),
    _case(
        "people none of whom is among the signups",
        {
            "signups.csv": GOOD_SIGNUPS,
            "demos.csv": "user_id,booked_at\nu1,2026-01-20\n",
            "paid_users.csv": "customer id,started_at\ncus_1,2026-01-21\ncus_2,2026-01-22\ncus_1,2026-01-22\n",
        },
        ("ids-do-not-join", "paid_users.csv", None, None),
    ),
    _case(
        "people who join by another column than the usual",
        {
            "signups.csv": "contact id,email,signed_up_at\n1,a@x.vn,2026-01-05\n2,b@x.vn,2026-01-06\n",
            "paid_users.csv": "customer id,email,started_at\ncus_1,a@x.vn,2026-01-07\ncus_2,b@x.vn,2026-01-08\n",
        },
        ("joined-by", "paid_users.csv", None, None),
    ),
    _case(
        "an address of several people",
        {
            "signups.csv": "contact id,email,signed_up_at\n1,a@x.vn,2026-01-05\n2,b@x.vn,2026-01-06\n3,b@x.vn,2026-01-06\n4,c@x.vn,2026-01-06\n",
            "paid_users.csv": "customer id,email,started_at\ncus_1,a@x.vn,2026-01-07\ncus_2,b@x.vn,2026-01-08\n",
        },
        ("joined-in-part", "paid_users.csv", None, None),
        ("ids-shared", "paid_users.csv", None, None),
        ("orphan-user", "paid_users.csv", 3, "user_id"),
    ),
    _case(
        "ids that a spreadsheet changed",
        {
            "signups.csv": "user_id,signed_up_at\n0101,2026-01-05\n0102,2026-01-06\n",
            "demos.csv": "user_id,booked_at\n101.0,2026-01-07\n102.0,2026-01-08\n",
        },
        ("ids-made-alike", "demos.csv", None, None),
    ),
    _case(
        "several ids in a cell",
        {
            "signups.csv": "user_id,signed_up_at\n101,2026-01-05\n102,2026-01-06\n",
            "demos.csv": "associated contact ids,booked_at\n102;101,2026-01-07\n101,2026-01-08\n",
        },
        ("ids-in-a-list", "demos.csv", None, None),
    ),
    _case(
        "paid before signing up",
        {
            "signups.csv": GOOD_SIGNUPS,
            "paid_users.csv": "user_id,started_at,ended_at\nu1,2026-01-05,\nu2,2026-01-21,\nu2,2026-01-19,2026-01-20\n",
        },
        ("paid-before-signup", "paid_users.csv", 4, "started_at"),
        ("starts-ahead", "paid_users.csv", None, "started_at"),
    ),
    _case(
        "customers who do not pay",
        {"paid_users.csv": "user_id,started_at,status\nu1,2026-01-05,active\nu2,2026-01-05,trialing\nu3,2026-01-06,Incomplete_Expired\n"},
        ("not-paying", "paid_users.csv", 3, "status"),
        ("not-paying", "paid_users.csv", 4, "status"),
    ),
    _case(
        "statuses of customers who have gone, and ones that nobody knows",
        {
            "paid_users.csv": "user_id,started_at,ended_at,status\nu1,2026-01-05,,Đã hủy\nu2,2026-01-05,2026-01-20,cancelled\n"
            "u3,2026-01-06,,on ice\nu4,2026-01-06,,\n",
        },
        ("ended-without-date", "paid_users.csv", 2, "status"),
        ("status-not-known", "paid_users.csv", 4, "status"),
    ),
    _case(
        "the same visits by source and by page",
        {
            "visitors_by_source.csv": "date,source,sessions\n2026-01-05,google / cpc,7\n2026-01-05,direct,3\n"
            "2026-01-06,direct,5\n2026-01-07,direct,6\n",
            "visitors_pages.csv": "date,landing page,sessions\n2026-01-05,/,10\n2026-01-06,/,5\n2026-01-07,/a,6\n",
        },
        ("same-visits-twice", "visitors_pages.csv", None, None),
    ),
    _case(
        "a session that has a row for every page",
        {
            "visitors.csv": "date,session_id,page\n2026-01-05 08:00,s1,/\n2026-01-05 08:01,s1,/a\n2026-01-05 09:00,s2,/\n"
        },
        ("rows-are-events", "visitors.csv", 1, "session_id"),
    ),
    _case(
        "four pages of a visitor on each day",
        {
            "visitors.csv": "date,Khách,Trang\n"
            + "".join(f"2026-01-0{day},k{day},/{page}\n" for day in range(1, 8) for page in "abcd")
        },
        ("rows-may-be-events", "visitors.csv", 1, "Khách"),
    ),
    _case(
        "rows that are the sums of the others",
        {"visitors.csv": "date,source,device,visits\n" + "2026-01-05,direct,mobile,2\n2026-01-05,direct,All,2\n"},
        ("rollup-rows", "visitors.csv", 1, "device"),
    ),
    _case(
        "signups of which some are spam",
        {"signups.csv": "user_id,signed_up_at,status\nu1,2026-01-05,ok\nu2,2026-01-06,spam\n"},
        ("unread-column-excludes", "signups.csv", 1, "status"),
    ),
    _case(
        "payments without ends",
        {
            "paid_users.csv": "user_id,started_at\nu1,2026-01-05\nu2,2026-01-06\nu1,2026-02-05\nu2,2026-02-06\nu3,2026-02-07\n",
        },
        ("payments-list", "paid_users.csv", None, "ended_at"),
    ),
    _case(
        "somebody who is no longer in the newest list of customers",
        {
            "paid_users_1.csv": "user_id,started_at,mrr\nu1,2026-01-05,1\nu2,2026-01-06,2\nu3,2026-01-07,3\n",
            "paid_users_2.csv": "user_id,started_at,mrr\nu1,2026-01-05,9\nu3,2026-01-07,3\nu4,2026-02-07,4\n",
        },
        ("read-as-snapshots", "paid_users_1.csv, paid_users_2.csv", None, "user_id"),
    ),
    _case(
        "dated files without ends that have one of several customers once more",
        {
            "paid_users_2026-01-31.csv": "user_id,started_at,mrr\nu1,2026-01-05,1\nu2,2026-01-06,2\nu3,2026-01-07,3\n",
            "paid_users_2026-02-28.csv": "user_id,started_at,mrr\nu3,2026-01-07,3\nu4,2026-02-06,2\nu5,2026-02-07,4\n",
        },
        ("listed-in-several", "paid_users_2026-01-31.csv, paid_users_2026-02-28.csv", None, "user_id"),
    ),
    _case(
        "a stage that nobody knows beside a status that says won",
        {"paid_users.csv": "user_id,started_at,Stage,Deal - Status\nu1,2026-01-05,Contract,Won\nu2,2026-01-06,Demo,Lost\n"},
        ("status-by-cells", "paid_users.csv", None, "status"),
        ("not-paying", "paid_users.csv", 3, "status"),
    ),
    _case(
        "a start after the last signup",
        {
            "signups.csv": "user_id,signed_up_at\nu1,2026-01-05\n",
            "paid_users.csv": "user_id,started_at,ended_at\nu1,2026-01-05,\nu1,2026-02-03,\n",
        },
        ("starts-ahead", "paid_users.csv", None, "started_at"),
    ),
    _case(
        "a date years after all others",
        {"signups.csv": "user_id,signed_up_at\nu1,2020-01-05\nu2,2020-01-20\nu3,2024-02-03\n"},
        ("lone-date", "signups.csv", 4, "signed_up_at"),
    ),
    _case(
        "ids with a mark between thousands",
        {"signups.csv": 'user_id,signed_up_at\n"1,001",2026-01-05\n"1,002",2026-01-06\n'},
        ("ids-in-thousands", "signups.csv", None, "user_id"),
    ),
    _case(
        "a last row whose amount is the sum of the others",
        {
            "paid_users.csv": "user_id,started_at,mrr\nu1,2026-01-05,1\nu2,2026-01-06,2\nu3,2026-01-07,3\nu4,2026-01-08,4\n"
            "TC 4 KH,2026-01-31,10\n"
        },
        ("row-may-be-total", "paid_users.csv", 6, "mrr"),
    ),
    _case(
        "amounts that are for a year by their header, and for a month by their interval",
        {
            "paid_users.csv": "user_id,started_at,ended_at,Giá mỗi năm,interval\nu1,2026-01-05,,1200,month\n",
            "funnel.toml": '[inputs.paid_users.columns]\namount = "Giá mỗi năm"\n',
        },
        ("term-in-header", "paid_users.csv", 2, "amount"),
    ),
    _case(
        "a row for each metric beside visits",
        {"visitors.csv": "date,metric,visits\n2026-01-05,Sessions,20\n2026-01-05,Users,12\n"},
        ("visits-in-several-rows", "visitors.csv", 1, "metric"),
    ),
    _case(
        "visits by week",
        {"visitors.csv": "date,visits\n2026-01-05,20\n2026-01-12,22\n2026-01-19,12\n2026-01-26,12\n"},
        ("rows-are-weeks", "visitors.csv", 1, "date"),
    ),
    _case(
        "a start many years before all others",
        {"signups.csv": "user_id,signed_up_at\nz,2006-01-05\n" + "".join(f"u{n},2026-01-0{n}\n" for n in range(1, 7))},
        ("lone-start", "signups.csv", 2, "signed_up_at"),
        ("month-gap", "signups.csv", None, None),
    ),
    _case(
        "sums between the rows of customers",
        {
            "paid_users.csv": "user_id,started_at,mrr\nu1,2026-01-05,100\nu2,2026-01-06,120\nNhóm A,2026-01-31,220\n"
            "u3,2026-01-07,300\nu4,2026-01-08,310\nNhóm B,2026-01-31,610\n"
        },
        ("subtotal-rows", "paid_users.csv", 4, "mrr"),
    ),
    _case(
        "visits whose rows stand in the file twice, in another order",
        {
            "visitors.csv": "date,source,visits\n"
            + "".join(f"2026-01-{n:02d},google,{n}\n" for n in [*range(1, 13), *range(12, 0, -1)])
        },
        ("rows-twice", "visitors.csv", None, None),
    ),
    _case(
        "visits that two files have, in another order",
        {
            "visitors_1.csv": "date,source\n" + "".join(f"2026-01-{n // 4 + 1:02d} 10:{n}:00,google\n" for n in range(12, 40)),
            "visitors_2.csv": "date,source\n" + "".join(f"2026-01-{n // 4 + 1:02d} 10:{n}:00,google\n" for n in range(39, 27, -1)),
        },
        ("rows-in-two-files", "visitors_2.csv", None, None),
    ),
    _case(
        "two files of demos with the same times and other ids",
        {
            "demos_1.csv": "user_id,booked_at\n" + "".join(f"u{n},2026-01-0{n}\n" for n in range(1, 7)),
            "demos_2.csv": "user_id,booked_at\n" + "".join(f"{n}@x.vn,2026-01-0{n}\n" for n in range(1, 7)),
        },
        ("times-alike", "demos_2.csv", None, None),
    ),
    _case(
        "a quantity that is no number, and one that is empty beside others",
        {
            "paid_users.csv": "user_id,started_at,ended_at,unit price,interval,quantity\nu1,2026-01-05,,100,month,five\n"
            "u2,2026-01-06,,100,month,3\nu3,2026-01-07,,100,month,\n",
            "funnel.toml": '[inputs.paid_users.columns]\namount = "unit price"\n',
        },
        ("not-a-quantity", "paid_users.csv", 2, "quantity"),
        ("quantity-empty", "paid_users.csv", 4, "quantity"),
    ),
    _case(
        "an id that is a word for anybody",
        {"signups.csv": "user_id,signed_up_at\nu1,2026-01-05\nguest,2026-01-06\n"},
        ("id-of-nobody", "signups.csv", 3, "user_id"),
    ),
    _case(
        "a zone in a header that is none for sure",
        {"signups.csv": "user_id,Created at (CST)\nu1,2026-01-05 10:00\nu2,2026-01-06 11:00\n"},
        ("zone-not-known", "signups.csv", None, "signed_up_at"),
    ),
    _case(
        "a table with a column for each month",
        {"monthly.csv": "Metric,2026-01,2026-02\nnew_signups,10,20\n"},
        ("read-turned", "monthly.csv", 1, None),
    ),
    _case(
        "a column of a monthly table that is no figure",
        {"monthly.csv": "month,new_signups,Leads\n2026-01,10,7\n"},
        ("figures-not-read", "monthly.csv", 1, None),
    ),
    _case(
        "a column beyond an empty one, which is read",
        {"paid_users.csv": "user_id,started_at,,ended_at\nu1,2026-01-05,,2026-01-20\nu2,2026-01-06,,2026-01-21\n"},
        ("read-beyond-gap", "paid_users.csv", None, None),
    ),
    _case(
        "lists of who pays without starts, by month",
        {"paid_users.csv": "month,user_id\n2026-01,u1\n2026-01,u2\n2026-02,u1\n2026-02,u2\n"},
        ("read-as-lists", "paid_users.csv", None, "listed_on"),
    ),
    _case(
        "somebody who is no longer in the newest list, while others have an end",
        {
            "paid_users_1.csv": "user_id,started_at,ended_at\nu1,2026-01-05,2026-01-20\nu2,2026-01-06,\nu3,2026-01-07,\n",
            "paid_users_2.csv": "user_id,started_at,ended_at\nu1,2026-01-05,2026-01-20\nu3,2026-01-07,\n",
        },
        ("gone-from-snapshot", "paid_users_1.csv", None, "user_id"),
    ),
    _case(
        "bills that say the MRR of one subscription, and an unknown column beside another",
        {
            "paid_users_1.csv": "user_id,started_at,ended_at,Invoice ref,mrr\nu1,2026-01-05,,i1,10\nu1,2026-01-05,,i2,10\n",
            "paid_users_2.csv": "user_id,started_at,ended_at,shop,mrr\nu2,2026-01-05,,a,10\nu2,2026-01-05,,b,10\n",
        },
        ("rate-repeated", "paid_users_1.csv", 3, "Invoice ref"),
        ("rate-repeated", "paid_users_2.csv", 3, "shop"),
        ("unread-column", "paid_users_2.csv", 1, "shop"),
    ),
    _case(
        "a plan that by its name nobody pays for",
        {"paid_users.csv": "user_id,started_at,plan\nu1,2026-01-05,Pro\nu2,2026-01-06,Gratis\n"},
        ("plan-may-not-pay", "paid_users.csv", None, "plan"),
    ),
    _case(
        "a plan that was changed while the old row was left open",
        {"paid_users.csv": "user_id,started_at,ended_at,plan\nu1,2026-01-05,,a\nu1,2026-01-20,,b\nu2,2026-01-06,,a\n"},
        ("open-beside-open", "paid_users.csv", 3, "ended_at"),
    ),
    _case(
        "a demo of one person and day in two files, by ids of one series",
        {
            "demos_1.csv": "demo_id,user_id,booked_at\nd1,u1,2026-01-05\nd2,u2,2026-01-20\n",
            "demos_2.csv": "demo_id,user_id,booked_at\nd8,u2,2026-01-20\nd9,u3,2026-01-27\n",
        },
        ("planned-alike", "demos_2.csv", None, "demo_id"),
    ),
    _case(
        "demos exported twice, with other ids the second time",
        {
            "demos_1.csv": "demo_id,user_id,booked_at\nd1,u1,2026-01-05\nd2,u2,2026-01-06\nd3,u3,2026-01-07\n",
            "demos_2.csv": "demo_id,user_id,booked_at\nx1,u1,2026-01-05\nx2,u2,2026-01-06\nx3,u3,2026-01-07\n",
        },
        ("exported-twice", "demos_2.csv", None, "demo_id"),
    ),
    _case(
        "a line straight below the table",
        {"signups.csv": "user_id,signed_up_at,source\nu1,2026-01-05,direct\nMade by: An,,\n"},
        ("footer", "signups.csv", 3, None),
    ),
    _case(
        "visits in a folder a month",
        {
            "signups.csv": "user_id,signed_up_at\nu1,2026-01-05\n",
            "visitors/month=2026-01/part.csv": "date,visits\n2026-01-05,3\n",
        },
        ("exports-below", "visitors/", None, None),
    ),
    _case(
        "people under a header that nobody knows",
        {"demos.csv": "Invitee Email,booked_at\nan@x.vn,2026-01-05\nbo@x.vn,2026-01-06\n"},
        ("people-by-cells", "demos.csv", None, "Invitee Email"),
    ),
    _case(
        "a status that says paying beside an end that has passed",
        {"paid_users.csv": "user_id,started_at,ended_at,status\nu1,2026-01-05,2026-02-05,active\nu2,2026-03-01,,active\n"},
        ("paying-after-end", "paid_users.csv", 2, "ended_at"),
    ),
    _case(
        "people who never spent anything",
        {"paid_users.csv": "user_id,started_at,ended_at,total_spend\nu1,2026-01-05,,100.00\nu2,2026-01-05,,0.00\n"},
        ("never-paid", "paid_users.csv", 3, "spent"),
    ),
    _case(
        "a fee paid once, and refunds",
        {
            "paid_users.csv": "user_id,started_at,ended_at,amount,interval,invoice_id,amount_refunded\n"
            "u1,2026-01-05,,100,month,i1,0\nu1,2026-01-05,,500,one-time,i2,0\nu2,2026-01-06,,100,month,i3,100\n"
            "u3,2026-01-06,,100,month,i4,0\nu3,2026-01-07,,-100,month,i4,0\nu4,2026-01-08,,100,month,i5,40\n",
        },
        ("one-time-row", "paid_users.csv", 3, "interval"),
        ("refunded", "paid_users.csv", 4, "refunded"),
        ("refunded", "paid_users.csv", 5, "refunded"),
        ("refund", "paid_users.csv", 6, "refunded"),
    ),
    _case(
        "quantities of which nothing says whether the amount is for each",
        {
            "paid_users.csv": "user_id,started_at,ended_at,amount,interval,quantity\nu1,2026-01-05,,100,month,5\n"
            "u2,2026-01-05,,40,month,1\n",
        },
        ("quantity-undecided", "paid_users.csv", 2, "quantity"),
    ),
    _case(
        "an interval that names the one of the price and the one of the bills",
        {"paid_users.csv": 'user_id,started_at,amount,interval\nu1,2026-01-05,20,"per month, billed annually"\n'},
        ("two-intervals", "paid_users.csv", 2, "interval"),
    ),
    _case(
        "intervals that are bare numbers, and what is paid once",
        {
            "paid_users.csv": "user_id,started_at,ended_at,amount,interval\nu1,2026-01-01,2026-12-31,100,3\n"
            "u2,2026-01-01,,100,lifetime\n",
        },
        ("interval-not-understood", "paid_users.csv", 2, "interval"),
        ("paid-once", "paid_users.csv", 3, "amount"),
    ),
    _case(
        "visits of this period and of the previous one",
        {
            "visitors.csv": "Date,Date range,Source,Sessions\n2026-01-05,Current,google,10\n"
            "2026-01-05,Previous,google,8\n",
        },
        ("visits-cut-again", "visitors.csv", 1, "Date range"),
    ),
    _case(
        "days and months that only another file tells apart",
        {
            "signups_a.csv": "user_id,signed_up_at\nu1,13/02/2026\nu2,05/03/2026\n",
            "signups_b.csv": "user_id,signed_up_at\nu3,03/03/2026\nu4,04/03/2026\n",
        },
        ("order-of-others", "signups_b.csv", 3, "signed_up_at"),
    ),
    _case(
        "units in a row straight below the header",
        {"paid_users.csv": "user_id,started_at,mrr\n,(date),VND\nu1,2026-01-05,100\nu2,2026-01-06,200\n"},
        ("units-row", "paid_users.csv", 2, None),
    ),
    _case(
        "an MRR of a year that is twelve times that of a month",
        {
            "paid_users.csv": "user_id,started_at,ended_at,mrr,interval\nu1,2026-01-05,,1200,year\n"
            "u2,2026-01-06,,100,month\n",
        },
        ("mrr-by-interval", "paid_users.csv", 2, "mrr"),
    ),
    _case(
        "a customer who got back more than was paid",
        {
            "paid_users.csv": "user_id,started_at,ended_at,amount,interval,refunded_amount\n"
            "u1,2026-01-05,2026-02-04,50,month,90\nu2,2026-01-06,2026-02-05,50,month,\n",
        },
        ("refunded-above-paid", "paid_users.csv", 2, "refunded"),
    ),
    _case(
        "scores in words that are understood, others, and words where 0 to 10 is asked",
        {
            "csat.csv": "user_id,answered_at,score\nu1,2026-01-05,Satisfied\nu2,2026-01-06,Xanh\n",
            "nps.csv": "user_id,answered_at,score\nu1,2026-01-05,4/5\nu2,2026-01-06,9\n",
        },
        ("scores-in-words", "csat.csv", 2, "score"),
        ("score-not-understood", "csat.csv", 3, "score"),
        ("score-of-another-scale", "nps.csv", 2, "score"),
    ),
    _case(
        "tickets whose status nobody knows, or says another thing than their day",
        {
            "tickets.csv": "ticket_id,user_id,opened_at,resolved_at,status\n1,u1,2026-01-05,2026-01-06,Open\n"
            "2,u2,2026-01-05,,Solved\n3,u3,2026-01-06,,Xanh\n",
        },
        ("ticket-status-not-known", "tickets.csv", 4, "status"),
        ("solved-and-open", "tickets.csv", 2, "status"),
        ("solved-undated", "tickets.csv", 3, "resolved_at"),
    ),
    _case(
        "an amount that is the same for a month and for a year",
        {
            "paid_users.csv": "user_id,started_at,ended_at,plan,amount,interval\nu1,2026-01-05,,Pro,100,year\n"
            "u2,2026-01-06,,Pro,100,month\n",
        },
        ("one-price-for-any-interval", "paid_users.csv", 2, "amount"),
    ),
    _case(
        "a yearly amount that the settings take for MRR",
        {
            "paid_users.csv": "user_id,started_at,ended_at,ARR\nu1,2026-01-05,,1200\n",
            "funnel.toml": '[inputs.paid_users.columns]\nmrr = "ARR"\n',
        },
        ("mrr-of-a-year", "paid_users.csv", 2, "mrr"),
    ),
    _case(
        "visits by source and by device on one day",
        {
            "visitors_a.csv": "date,source,visits\n2026-01-05,google,70\n2026-01-05,direct,30\n",
            "visitors_b.csv": "date,device,visits\n2026-01-05,mobile,100\n",
        },
        ("visits-agree", "visitors_b.csv", None, None),
    ),
    _case(
        "visits by day and by month",
        {
            "visitors_a.csv": "date,visits\n2026-01-05,10\n2026-01-06,20\n2026-02-05,30\n2026-02-06,5\n",
            "visitors_b.csv": "date,visits\n2026-01-01,30\n2026-02-01,35\n",
        },
        ("visits-summed-again", "visitors_b.csv", None, None),
    ),
    _case(
        "visits counted by two tools",
        {
            "visitors_a.csv": "date,source,visits\n2026-01-05,google,100\n2026-01-06,google,200\n2026-01-07,google,50\n",
            "visitors_b.csv": "date,source,visits\n2026-01-05,facebook,104\n2026-01-06,facebook,199\n"
            "2026-01-07,facebook,52\n",
        },
        ("visits-counted-alike", "visitors_b.csv", None, None),
    ),
    _case(
        "one price for a month and for a year",
        {
            "paid_users.csv": "user_id,started_at,ended_at,plan,amount\nu1,2026-01-01,2026-01-31,Pro,100\n"
            "u2,2026-01-01,2026-12-31,Pro,100\n",
        },
        ("one-price-for-any-term", "paid_users.csv", 2, "amount"),
    ),
    _case(
        "columns that are not read and could change a figure",
        {
            "paid_users.csv": "user_id,started_at,mrr,boxes,DateLeft,lifecycle\nu1,2026-01-05,100,3,,active\n"
            "u2,2026-01-05,100,1,2026-02-03,Đã hủy\n",
        },
        ("unread-column", "paid_users.csv", 1, "boxes"),
        ("unread-column", "paid_users.csv", 1, "DateLeft"),
        ("unread-column", "paid_users.csv", 1, "lifecycle"),
    ),
    _case(
        "many columns of words that are not read",
        {
            "paid_users.csv": "user_id,started_at,ended_at,mrr,Kind,Desk,Line,Group\n"
            + "".join(f"u{n},2026-01-0{n},,100,{w},{w},{w},{w}\n" for n, w in enumerate("aabbab", start=1)),
        },
        ("unread-column", "paid_users.csv", 1, "Kind, Desk, Line, Group"),
    ),
    _case(
        "amounts in thousands, by the header alone",
        {
            "funnel.toml": "[inputs.paid_users.columns]\nmrr = 'MRR (k)'\n",
            "paid_users.csv": "user_id,started_at,ended_at,MRR (k)\nu1,2026-01-05,,1500\n",
        },
        ("amount-unit-undecided", "paid_users.csv", 1, "mrr"),
    ),
    _case(
        "a trial whose days are none",
        {"paid_users.csv": "user_id,started_at,ended_at,trial_days\nu1,2026-01-05,,14\nu2,2026-01-05,,soon\n"},
        ("trial-days-not-read", "paid_users.csv", 3, "trial_days"),
        ("starts-ahead", "paid_users.csv", None, "started_at"),
    ),
    _case(
        "trials",
        {
            "paid_users.csv": "user_id,started_at,ended_at,trial_ends_at,is_trial\nu1,2026-01-05,2026-01-19,2026-01-19,no\n"
            "u2,2026-01-05,2026-02-20,2026-01-19,no\nu3,2026-01-06,,,yes\n",
        },
        ("trial-not-paid", "paid_users.csv", 2, "trial_ends_at"),
        ("trial-not-paid", "paid_users.csv", 4, "is_trial"),
        ("starts-ahead", "paid_users.csv", None, "started_at"),
    ),
    _case(
        "no row that the settings keep",
        {
            "signups.csv": "user_id,signed_up_at,kind\nu1,2026-01-05,b\nu2,2026-01-05,b\n",
            "demos.csv": "user_id,booked_at\nu1,2026-01-05\n",
            "funnel.toml": '[inputs.signups.keep]\nkind = "a"\n',
        },
        ("nothing-kept", "signups.csv", None, None),
        ("orphan-user", "demos.csv", 2, "user_id"),
    ),
    _case(
        "a demo that was held after the last booking",
        {"demos.csv": "user_id,booked_at,held_at,status\nu1,2026-01-05,2026-01-07,held\nu2,2026-01-06,2026-01-06,held\n"},
        ("held-after-bookings", "demos.csv", None, "held_at"),
    ),
    _case(
        "held before it was booked",
        {"demos.csv": "user_id,booked_at,held_at\nu1,2026-01-06,2026-01-05\nu2,2026-01-06 10:00,2026-01-06 09:00\n"},
        ("held-before-booked", "demos.csv", 2, "held_at"),
    ),
    _case(
        "held on no day",
        {"demos.csv": "user_id,booked_at,held_at,status\nu1,2026-01-06,,held\nu2,2026-01-06,,Đã demo\nu3,2026-01-06,,booked\n"},
        ("held-without-date", "demos.csv", 2, "status"),
        ("held-without-date", "demos.csv", 3, "status"),
    ),
    _case(
        "a status that nobody knows",
        {"demos.csv": "user_id,booked_at,status\nu1,2026-01-06,booked\nu2,2026-01-06,in limbo\nu3,2026-01-06,\n"},
        ("unknown-status", "demos.csv", 3, "status"),
    ),
    _case(
        "days that lie ahead",
        {
            "visitors.csv": "date,visits\n2026-01-05,1\n2026-01-06,1\n",
            "signups.csv": "user_id,signed_up_at\nu1,2026-01-05\nu2,2026-01-06\n",
            "demos.csv": "user_id,booked_at,held_at\nu1,2026-01-05,2026-01-09\nu2,2026-01-07,\n",
            "paid_users.csv": "user_id,started_at,ended_at\nu1,2026-01-05,2027-01-05\nu2,2026-01-08,\n",
        },
        ("future-date", "visitors.csv", None, "date"),
        ("future-date", "signups.csv", 3, "signed_up_at"),
        ("future-date", "demos.csv", 3, "booked_at"),
        ("future-date", "paid_users.csv", 3, "started_at"),
        ("starts-ahead", "paid_users.csv", None, "started_at"),
        today=date(2026, 1, 5),
    ),
    _case(
        "a month without a row",
        {
            "visitors.csv": "date,visits\n2026-01-05,1\n2026-03-06,1\n",
            "signups.csv": "user_id,signed_up_at\nu1,2026-01-05\nu2,2026-02-05\nu3,2026-03-05\n",
        },
        ("month-gap", "visitors.csv", None, None),
    ),
    _case(
        "a month without a row in several files",
        {
            "signups_1.csv": "user_id,signed_up_at\nu1,2026-01-05\n",
            "signups_2.csv": "user_id,signed_up_at\nu2,2026-03-05\n",
        },
        ("month-gap", "signups_1.csv, signups_2.csv", None, None),
    ),
    _case(
        "one export begins later than another",
        {
            "visitors.csv": "date,visits\n2026-01-05,1\n2026-02-05,1\n2026-03-31,1\n",
            "signups.csv": "user_id,signed_up_at\nu1,2026-03-01\nu2,2026-03-30\n",
        },
        ("begins-late", "signups.csv", None, None),
    ),
    _case(
        "one export ends earlier than another",
        {
            "visitors.csv": "date,visits\n2026-01-05,1\n2026-01-16,1\n",
            "signups.csv": "user_id,signed_up_at\nu1,2026-01-05\nu2,2026-01-20\n",
        },
        ("ends-early", "visitors.csv", None, None),
    ),
    _case(
        "sources that no pattern matches",
        {
            "visitors.csv": "date,source\n2026-01-05,google / cpc\n2026-01-05,Hội chợ\n2026-01-05,hội chợ\n",
            "signups.csv": "user_id,signed_up_at,source\nu1,2026-01-05,Hội chợ\nu2,2026-01-05,referral\n",
        },
        ("unmatched-source", "visitors.csv", None, "source"),
        ("unmatched-source", "signups.csv", None, "source"),
    ),
    _case(
        "two exports of the same days",
        {
            "visitors_january.csv": "date,source,visits\n2026-01-05,google / cpc,10\n2026-01-06,google / cpc,20\n",
            "visitors_q1.csv": "date,source,visits\n2026-01-06,google / cpc,20\n2026-01-07,google / cpc,30\n",
        },
        ("overlapping-files", "visitors_q1.csv", None, None),
    ),
    _case(
        "a few sums saved twice",
        {"visitors.csv": THREE_VISITS, "visitors_copy.csv": THREE_VISITS},
        ("same-visits-twice", "visitors_copy.csv", None, None),
    ),
    _case(
        "the same visits as CSV and zipped",
        {"visitors.csv": THREE_VISITS, "visitors.csv.gz": gz(THREE_VISITS)},
        ("same-visits-twice", "visitors.csv.gz", None, None),
    ),
    _case(
        "a monthly column beside an export of its own",
        {"monthly.csv": "month,new_signups,new_paid_users\n2026-01,5,1\n", "signups.csv": GOOD_SIGNUPS + "u3,2026-01-31\n"},
        ("unused-column", "monthly.csv", None, "new_signups"),
    ),
    _case(
        "a log of events",
        {
            "paid_users.csv": "user_id,event,date,mrr\n" "u1,created,2026-01-05,5\n" "u1,upgraded,2026-02-05,9\n" "u2,created,2026-01-06,5\n" "u2,cancelled,2026-02-06,0\n",
        },
        ("read-as-events", "paid_users.csv", None, "status"),
    ),
    _case(
        "an event that nobody knows",
        {
            "paid_users.csv": "user_id,event,date,mrr\n" "u1,created,2026-01-05,5\n" "u1,frobbed,2026-02-05,9\n" "u2,created,2026-01-06,5\n" "u2,cancelled,2026-02-06,0\n",
        },
        ("event-not-known", "paid_users.csv", 3, "status"),
        ("read-as-events", "paid_users.csv", None, "status"),
    ),
    _case(
        "hidden rows",
        {"signups.xlsx": marked(_hide_row, *PEOPLE_OF_A_SHEET)},
        ("hidden-rows", "signups.xlsx", 3, None),
    ),
    _case(
        "hidden columns",
        {"signups.xlsx": marked(_hide_column, *PEOPLE_OF_A_SHEET)},
        ("hidden-columns", "signups.xlsx", None, None),
    ),
    _case(
        "amounts that are shown in two currencies",
        {"paid_users.xlsx": marked(_in_dollars("C2"), *PAYING_IN_A_SHEET)},
        ("shown-in-currencies", "paid_users.xlsx", None, "mrr"),
    ),
    _case(
        "amounts that are shown as percentages",
        {
            "paid_users.xlsx": marked(
                lambda page: setattr(page["C2"], "number_format", "0%"), *PAYING_IN_A_SHEET
            )
        },
        ("shown-as-percentages", "paid_users.xlsx", None, "mrr"),
    ),
    _case(
        "amounts that are shown in another currency than that of the settings",
        {
            "paid_users.xlsx": marked(_in_dollars("C2", "C3"), *PAYING_IN_A_SHEET),
            "funnel.toml": '[business]\ncurrency = "VND"\n',
        },
        ("shown-in-another-currency", "paid_users.xlsx", None, "mrr"),
    ),
    _case(
        "a date merged over two rows",
        {"signups.xlsx": marked(lambda page: page.merge_cells("B2:B3"), *PEOPLE_OF_A_SHEET)},
        ("merged-cells", "signups.xlsx", None, None),
    ),
    _case(
        "a deal that is won and lost at once",
        {"deals.csv": "deal_id,created_at,stage,won\na,2026-01-05,Closed lost,yes\nb,2026-01-06,Demo,\n"},
        ("won-and-lost", "deals.csv", 2, "won"),
    ),
    _case(
        "an amount of a deal that is none, and one in another currency",
        {
            "deals.csv": "deal_id,created_at,stage,amount\na,2026-01-05,Demo,much\nb,2026-01-06,Demo,USD 900\n"
            "c,2026-01-06,Demo,VND 900000\nd,2026-01-06,Demo,VND 800000\n"
        },
        ("amount-left-out", "deals.csv", 2, "amount"),
        ("amount-left-out", "deals.csv", 3, "amount"),
    ),
    _case(
        "contacts that are customers too, one of which became one on no day",
        {
            "contacts.csv": "Record ID,Email,Create Date,Original Source,Lifecycle Stage,Became a Customer Date\n"
            "101,an@x.vn,2026-01-05,Referrals,Customer,2026-01-20\n102,binh@x.vn,2026-01-19,Paid Search,Lead,soon\n"
        },
        ("export-lacks", "contacts.csv", None, None),
        ("left-out-of-also", "contacts.csv", 3, "started_at"),
        ("looks-like", "contacts.csv", None, None),
        ("read-also", "contacts.csv", None, None),
        ("unread-column", "contacts.csv", 1, "Lifecycle Stage"),
    ),
    _case(
        "contacts that are signups and customers in one file",
        {
            "contacts.csv": "Record ID,Email,Create Date,Original Source,Lifecycle Stage,Became a Customer Date\n"
            "101,an@x.vn,2026-01-05,Referrals,Customer,2026-01-20\n102,binh@x.vn,2026-01-19,Paid Search,Lead,\n"
        },
        ("export-lacks", "contacts.csv", None, None),
        ("looks-like", "contacts.csv", None, None),
        ("read-also", "contacts.csv", None, None),
    ),
    _case(
        "a word of an outcome that says neither won nor lost",
        {"deals.csv": "deal_id,created_at,status,closed_at\na,2026-02-05,Won,2026-02-20\nb,2026-02-05,Trượt,2026-02-20\n"},
        ("outcome-not-known", "deals.csv", 3, "won"),
    ),
    _case(
        "a stage whose words are of two",
        {"deals.csv": "deal_id,stage,entered_at\na,Qualified - demo booked,2026-02-05\na,Demo,2026-02-06\n"},
        ("stage-of-two", "deals.csv", None, None),
    ),
    _case(
        "amounts of deals under a header that says millions",
        {"deals.csv": "deal_id,created_at,Amount (millions)\na,2026-02-05,3\n"},
        ("deal-unit-undecided", "deals.csv", 1, "amount"),
    ),
    _case(
        "costs of a channel that nothing matches, beside one that is not said",
        {"costs.csv": "date,channel,amount\n2026-01-05,Billboard,100\n2026-01-06,,100\n2026-01-07,facebook,100\n"},
        ("unassigned-cost", "costs.csv", None, "channel"),
    ),
    _case(
        "costs in two exports of which one holds a part of the other, beside rows alike within a file",
        {
            "costs_q1.csv": "date,channel,amount\n2026-01-05,paid,100\n2026-01-05,paid,100\n2026-02-05,paid,70\n",
            "costs_q2.csv": "date,channel,amount\n2026-02-05,paid,70\n2026-04-05,paid,70\n2026-04-05,affiliate,70\n",
        },
        ("costs-in-two-files", "costs_q2.csv", None, None),
        ("month-gap", "costs_q1.csv, costs_q2.csv", None, None),
    ),
    _case(
        "costs of a channel by month in one file, and by the days of one of these months in another",
        {
            "costs.csv": "month,channel,amount\n2026-01,facebook,900\n2026-02,facebook,800\n2026-01,affiliate,50\n",
            "costs_days.csv": "date,channel,amount\n2026-01-09,facebook,400\n2026-01-20,facebook,500\n"
            "2026-02-09,facebook,801\n",
        },
        ("costs-by-other-days", "costs_days.csv", None, None),
    ),
    _case(
        "costs with a row that says it is the total",
        {"costs.csv": "month,channel,amount\n2026-01,facebook,900\n2026-01,Total,900\n"},
        ("total-of-costs", "costs.csv", 3, None),
    ),
    _case(
        "a file that only has the name of costs",
        {"ads.csv": "name,size\nbanner,300x250\n", "signups.csv": "user_id,signed_up_at\nu1,2026-01-05\n"},
        ("unknown-file", "ads.csv", None, None),
    ),
    _case(
        "two rows of a deal that say different days of creation",
        {"deals.csv": "deal_id,created_at,won,closed_at\na,2026-02-05,,\na,2026-02-09,yes,2026-02-20\n"},
        ("created-anew", "deals.csv", 3, None),
    ),
    _case(
        "a deal that comes to a stage before it is created",
        {"deals.csv": "deal_id,created_at,stage,entered_at\na,2026-02-05,Demo,2026-01-20\nb,2026-01-05,Demo,2026-01-06\n"},
        ("before-creation", "deals.csv", 2, None),
    ),
    _case(
        "rows of one deal that name two stages and no date",
        {"deals.csv": "deal_id,created_at,stage\na,2026-01-05,Qualify\na,2026-01-05,Demo\n"},
        ("stages-differ", "deals.csv", None, None),
    ),
    _case(
        "a word that is no stage of the journey",
        {"deals.csv": "deal_id,stage,entered_at\na,Siesta,2026-01-05\na,Demo,2026-01-06\n"},
        ("stage-not-known", "deals.csv", None, None),
    ),
    _case(
        "a kind of survey that is neither NPS nor CSAT",
        {"surveys.csv": "user_id,kind,answered_at,score\na,CES,2026-01-05,6\n", **TWO_SIGNUPS},
        ("survey-kind-not-known", "surveys.csv", None, None),
    ),
    _case(
        "scores from 1 to 5 that nothing says the question of",
        {"surveys.csv": "user_id,answered_at,score\na,2026-01-05,4\nb,2026-01-06,5\n", **TWO_SIGNUPS},
        ("survey-scale-undecided", "surveys.csv", None, None),
    ),
    _case(
        "a score without the day of the answer",
        {"nps.csv": "user_id,answered_at,score\na,2026-01-05,9\nb,,10\n"},
        ("answer-undated", "nps.csv", 3, "answered_at"),
    ),
    _case(
        "an answer without a score",
        {"nps.csv": "user_id,answered_at,score\na,2026-01-05,9\nb,2026-01-06,\n"},
        ("answer-without-score", "nps.csv", 3, "score"),
    ),
    _case(
        "tickets that were answered before they were opened, by the time and by the day",
        {
            "tickets.csv": "user_id,opened_at,first_response_at\na,2026-01-05 09:00,2026-01-05 08:00\n"
            "b,2026-01-05 09:00,2026-01-05\nc,2026-01-05 09:00,2026-01-04\nd,2026-01-05 09:00,2026-01-05 09:00\n"
        },
        ("answered-before-opened", "tickets.csv", 2, "first_response_at"),
        ("answered-before-opened", "tickets.csv", 4, "first_response_at"),
    ),
    _case(
        "hand-overs that were accepted, or came back, before they were made, by the time and by the day",
        {
            "handovers.csv": "user_id,handed_over_at,accepted_at,returned_at\n"
            "a,2026-01-05 09:00,2026-01-05 08:00,\nb,2026-01-05 09:00,2026-01-05,2026-01-05 08:59\n"
            "c,2026-01-05,2026-01-05 08:00,2026-01-05\n"
        },
        ("accepted-before-handover", "handovers.csv", 2, "accepted_at"),
        ("returned-before-handover", "handovers.csv", 3, "returned_at"),
    ),
    _case(
        "hand-overs that were accepted after they had come back",
        {
            "handovers.csv": "user_id,handed_over_at,accepted_at,returned_at\n"
            "a,2026-01-05 09:00,2026-01-06 08:00,2026-01-05 17:00\nb,2026-01-05 09:00,2026-01-06,2026-01-06 08:59\n"
        },
        ("accepted-after-return", "handovers.csv", 2, "accepted_at"),
    ),
    _case(
        "an invite of oneself, and one that was accepted before",
        {
            "invites.csv": "user_id,invited_at,invited_user_id,accepted_at\na,2026-01-05,a,2026-01-06\n"
            "a,2026-01-05,b,2026-01-04\na,2026-01-05,c,2026-01-05\n",
            "signups.csv": "user_id,signed_up_at\na,2026-01-02\nb,2026-01-04\nc,2026-01-05\n",
        },
        ("invited-themselves", "invites.csv", 2, "invited_user_id"),
        ("accepted-before-invited", "invites.csv", 3, "invited_user_id"),
    ),
    _case(
        "a CSAT score above 5",
        {"csat.csv": "user_id,answered_at,score\na,2026-01-05,4\nb,2026-01-06,7\n"},
        ("score-off-the-scale", "csat.csv", 3, "score"),
    ),
    _case(
        "activities whose status, direction and outcome say nothing",
        {
            "activities.csv": "user_id,at,kind,status,direction,outcome\na,2026-01-05 09:00,call,Alpha,Zeta,Hot\n",
            "signups.csv": "user_id,signed_up_at\na,2026-01-04\n",
        },
        ("activity-status-not-known", "activities.csv", None, None),
        ("activity-direction-not-known", "activities.csv", None, None),
        ("activity-outcome-not-known", "activities.csv", None, None),
    ),
    _case(
        "activities of which some have a tick",
        {
            "activities.csv": "user_id,at,kind,done\na,2026-01-05 09:00,call,x\na,2026-01-06 09:00,call,\n",
            "signups.csv": "user_id,signed_up_at\na,2026-01-04\n",
        },
        ("activity-unmarked", "activities.csv", None, None),
        ("activity-not-done", "activities.csv", None, None),
    ),
    _case(
        "activities done on no day, of ours on no known channel, and mails of nobody",
        {
            "activities.csv": "user_id,at,kind,direction,status\na,2026-01-05 09:00,Billboard,out,done\n"
            "a,,call,out,done\na,2026-01-05 10:00,email,out,done\n",
            "signups.csv": "user_id,signed_up_at\na,2026-01-04\n",
        },
        ("activity-undated", "activities.csv", None, None),
        ("activity-kind-not-known", "activities.csv", None, None),
        ("activity-nameless", "activities.csv", None, None),
    ),
    _case(
        "times of day beside their days",
        {
            "activities.csv": "user_id,Ngày gọi,Giờ gọi,kind\na,2026-01-05,09:30,call\na,2026-01-05,10:30,call\n",
            "signups.csv": "user_id,signed_up_at\na,2026-01-04\n",
        },
        ("time-beside", "activities.csv", None, "Ngày gọi"),
    ),
    _case(
        "two columns that mean the same attribute",
        {
            "signups.csv": "user_id,signed_up_at,Buying Role,Job Title\na,2026-01-04,,CEO\nb,2026-01-05,USER,CTO\n",
            "funnel.toml": '[leads.fit]\nrole = { "ceo" = 10 }\n',
        },
        ("attribute-by-filled", "signups.csv", None, "Job Title"),
    ),
    _case(
        "columns of activities that their cells tell, one of them of something else",
        {
            "activities.csv": "user_id,at,Kiểu,Account state\na,2026-01-05 09:00,Gọi đi,Completed\n"
            "a,2026-01-05 10:00,Gọi nhỡ,Planned\n",
            "signups.csv": "user_id,signed_up_at\na,2026-01-04\n",
        },
        ("column-by-cells", "activities.csv", None, "direction"),
        ("column-of-others", "activities.csv", None, "status"),
    ),
    _case(
        "an activity of which nothing says whose doing it is",
        {"activities.csv": "user_id,at\na,2026-01-05 09:00\n", "signups.csv": "user_id,signed_up_at\na,2026-01-04\n"},
        ("activity-side-not-known", "activities.csv", None, None),
    ),
    _case(
        "another table beside the one that is read",
        {
            "signups.xlsx": xlsx(
                ("user_id", "signed_up_at", None, "Plan", "Price"), ("u1", "2026-01-05", None, "Basic", 5),
                ("u2", "2026-01-06"),
            )
        },
        ("table-beside", "signups.xlsx", None, None),
    ),
)  # fmt: skip

CASES = (*WHOLE_FILE, *ROWS, *BALANCES, *WARNINGS)

# --- nothing wrong at all ----------------------------------------------------------------------------------------

QUIET = (
    _case(
        "thousands that another row proves",
        {"visitors_a.csv": "date;visits\n2026-01-05;12.000\n", "visitors_b.csv": "date;visits\n2026-01-06;1.234\n"},
    ),
    _case("fractions of zeros that another row proves", {"visitors.csv": "date,visits\n2026-01-05,12.000\n2026-01-06,7.0\n"}),
    _case("a number of a workbook", {"visitors.xlsx": xlsx(("date", "visits"), (date(2026, 1, 5), 12.0), (date(2026, 1, 6), 1000.0))}),
    _case(
        "a quoted last cell at the very end",
        {"signups.csv": 'user_id,signed_up_at,note\nu1,2026-01-05,x\nu2,2026-01-06,"two\nlines"'},
    ),
    _case("a quoted last cell before the last line's end", {"signups.csv": 'user_id,signed_up_at\nu1,"2026-01-05"\n'}),
    _case("a closing remark", {"visitors.csv": "date,visits\n2026-01-05,1\n# end of the report\n"}),
    _case("a quotation mark inside a cell", {"signups.csv": 'user_id,signed_up_at,note\nu1,2026-01-05,a 5" screen\n'}),
    _case(
        "faults in rows that the settings leave out",
        {
            "paid_users.csv": "user_id,started_at,is_trial\nu1,2026-01-05,False\n,,True\nu3,never,TRUE\n",
            "funnel.toml": '[inputs.paid_users.keep]\nis_trial = ["False"]\n',
        },
    ),
    _case(
        "ends that never come",
        {
            "paid_users.csv": "user_id,started_at,ended_at\nu1,2026-01-05,9999-12-31\nu2,2026-01-05,2999-12-31 23:59:59\n"
            "u3,2026-01-05,9999-12-31T23:59:59Z\nu4,2026-01-05,9999-12-31T23:59:59+00:00\n"
        },
    ),
    _case(
        "ends and days that the settings say are empty",
        {
            "paid_users.csv": "user_id,started_at,ended_at\nu1,2026-01-05,0000-00-00 00:00:00\nu2,2026-01-05,NEVER\n",
            "demos.xlsx": xlsx(("user_id", "booked_at", "held_at"), ("u1", date(2026, 1, 20), datetime(1970, 1, 1))),
            "funnel.toml": '[inputs.paid_users]\nempty = ["0000-00-00*", "never"]\n[inputs.demos]\nempty = "1970-01-01*"\n',
        },
    ),
    _case(
        "true dates and texts side by side: a true day above 12",
        {"signups.csv": "user_id,signed_up_at\nu1,2026-02-01\nu2,13/01/2026\nu3,2026-01-13\n"},
    ),
    _case(
        "true dates and texts side by side: a text that a spreadsheet would have read",
        {"signups.csv": "user_id,signed_up_at\nu1,2026-02-01\nu2,13/01/2026\nu3,02/01/2026\n"},
    ),
    _case(
        "true dates that are the same day when swapped, and times with their offset, beside texts",
        {"signups.csv": "user_id,signed_up_at\nu1,2026-02-02\nu2,13/01/2026\nu3,2026-02-01T08:00:00Z\n"},
    ),
    _case(
        "a header of two lines, with a comma",
        {"signups.csv": 'user_id,signed_up_at,"note\n(place, if any)"\nu1,2026-01-05,x\n'},
    ),
    _case(
        "a total without a day, and one whose sum stands where the day should",
        {"paid_users.csv": "user_id,started_at,mrr,ended_at\nu1,2026-01-05,100,\nTổng cộng,,100,\nTotal,45000,#REF!,\n"},
    ),
    _case(
        "a delimiter at the end of every row, but not of the header, nor of a total",
        {"paid_users.csv": "user_id,started_at,mrr,plan\nu1,2026-01-01,100,a,\nu2,2026-01-01,500,,\nTotal,,600,\n"},
    ),
    _case("cells beyond the header that say nothing", {"signups.csv": "user_id,signed_up_at\nu1,2026-01-05,,\n"}),
    _case(
        "two parts of one export that hold different days",
        {"visitors_1.csv": "date,visits\n2026-01-05,1\n", "visitors_2.csv": "date,visits\n2026-01-06,1\n"},
    ),
    _case(
        "visits one a row, of one day in two files",
        {
            "visitors_1.csv": "date,visitor_id\n2026-01-05 08:00,v1\n2026-01-05 09:00,v2\n",
            "visitors_2.csv": "date,visitor_id\n2026-01-05 18:00,v3\n2026-01-06 09:00,v4\n",
        },
    ),
)  # fmt: skip
