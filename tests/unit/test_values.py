"""Cells worked by hand: what each text means as a date, a number, a count, yes or no, a month, or nothing."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from funnelcli.reading.cells import Cells
from funnelcli.values.cells import Exact, clean, clean_id, clean_number, read_flag
from funnelcli.values.dates import DateEvidence, DateOrder, DateReader, day_of, looks_like, micros_of, read_month
from funnelcli.values.numbers import DecimalMark, NumberEvidence, count_mark_said, read_count, read_number

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
NEW_YORK = ZoneInfo("America/New_York")
EPOCH = datetime(1970, 1, 1)


def read(
    text: str, order: DateOrder | None = None, zone: ZoneInfo = SAIGON, *, utc: bool = False
) -> tuple[datetime, bool] | None:
    """The local moment of a cell and whether it has a time of day; None where it is no date."""
    moment = DateReader(order=order, zone=zone, ahead_of_utc=timedelta() if utc else None).read(text)
    return None if moment is None else (EPOCH + timedelta(microseconds=moment.micros), moment.timed)


def day(year: int, month: int, of: int) -> tuple[datetime, bool]:
    return datetime(year, month, of), False


def at(*parts: int) -> tuple[datetime, bool]:
    return datetime(*parts), True  # type: ignore[arg-type]


def midnight(year: int, month: int, of: int) -> tuple[datetime, bool]:
    """Midnight to the second is how databases and workbooks write a day: it counts as no time of day."""
    return day(year, month, of)


# --- dates -------------------------------------------------------------------------------------------------------

OCT_5 = day(2026, 10, 5)

WITHOUT_ORDER = {
    "2026-10-05": OCT_5,
    "2026-1-5": day(2026, 1, 5),
    "2026/10/05": OCT_5,
    "2026/1/5": day(2026, 1, 5),
    "2026.10.05": OCT_5,
    "20261005": OCT_5,
    "2024-02-29": day(2024, 2, 29),
    "2026-10-05 14:30": at(2026, 10, 5, 14, 30),
    "2026-10-05 14:30:15": at(2026, 10, 5, 14, 30, 15),
    "2026-10-05T14:30:15": at(2026, 10, 5, 14, 30, 15),
    "2026-10-05t14:30:15": at(2026, 10, 5, 14, 30, 15),
    "2026-10-05T14:30:15.250": at(2026, 10, 5, 14, 30, 15, 250_000),
    "2026-10-05 00:00:00": midnight(2026, 10, 5),
    "2026-10-05T00:00": midnight(2026, 10, 5),
    "2026-10-05 00:00:01": at(2026, 10, 5, 0, 0, 1),
    "2026-10-05 12:00 AM": midnight(2026, 10, 5),
    "2026-10-05 9:05": at(2026, 10, 5, 9, 5),
    "2026/10/05 14:30:15": at(2026, 10, 5, 14, 30, 15),
    "2026/10/05, 14:30": at(2026, 10, 5, 14, 30),
    "14:30 2026-10-05": at(2026, 10, 5, 14, 30),
    "2026-10-05 2:30 PM": at(2026, 10, 5, 14, 30),
    "2026-10-05 12:30 AM": at(2026, 10, 5, 0, 30),
    "2026-10-05 12:30 pm": at(2026, 10, 5, 12, 30),
    "2026-10-05 2:30 CH": at(2026, 10, 5, 14, 30),
    "2026-10-05 12:30 SA": at(2026, 10, 5, 0, 30),
    "2026-10-05 12:30 CH": at(2026, 10, 5, 12, 30),
    "2026-10-05 11:59:59 SA": at(2026, 10, 5, 11, 59, 59),
    "5 thg 10, 2026": OCT_5,
    "05 thg 10 2026": OCT_5,
    "5/thg 10/2026": OCT_5,
    "5 Th10, 2026": OCT_5,
    "Th10 5, 2026": OCT_5,
    "5 tháng 10, 2026": OCT_5,
    "5 thang 10 nam 2026": OCT_5,
    "Ngày 05 tháng 10 năm 2026": OCT_5,
    "Tháng Mười 5, 2026": OCT_5,
    "5 Tháng Mười, 2026": OCT_5,
    "5 tháng năm năm 2026": day(2026, 5, 5),
    "Thứ Hai, 05/10/2026": OCT_5,
    "T2 05/10/2026": OCT_5,
    "Chủ Nhật, ngày 4 tháng 10 năm 2026": day(2026, 10, 4),
    "Ngày 05/10/2026": OCT_5,
    "14:30 ngày 05/10/2026": at(2026, 10, 5, 14, 30),
    "lúc 14:30 ngày 5 tháng 10 năm 2026": at(2026, 10, 5, 14, 30),
    "lúc 14:30 05/10/2026": at(2026, 10, 5, 14, 30),
    "05/10/2026 lúc 14:30": at(2026, 10, 5, 14, 30),
    "Vào lúc 14h30 ngày 5/10/2026": at(2026, 10, 5, 14, 30),
    "14 giờ 5 phút, ngày 5 tháng 10 năm 2026": at(2026, 10, 5, 14, 5),
    "9h sáng 05/10/2026": at(2026, 10, 5, 9),
    "2:30 chiều ngày 05/10/2026": at(2026, 10, 5, 14, 30),
    "at 2:30 pm on 5 Oct 2026": at(2026, 10, 5, 14, 30),
    "14:30, on Oct 5, 2026": at(2026, 10, 5, 14, 30),
    "2026100514": at(2026, 10, 5, 14),  # GA4's date and hour
    "202610051430": at(2026, 10, 5, 14, 30),
    "20261005143059": at(2026, 10, 5, 14, 30, 59),
    "20261005T143059": at(2026, 10, 5, 14, 30, 59),
    "5 thg 10, 2026 14:30": at(2026, 10, 5, 14, 30),
    "5 thg 10, 2026, 2:30 CH": at(2026, 10, 5, 14, 30),
    "5 tha\u0301ng 10 na\u0306m 2026": OCT_5,
    "5 Oct 2026": OCT_5,
    "05 Oct 2026": OCT_5,
    "5-Oct-2026": OCT_5,
    "5-Oct-26": OCT_5,
    "5 October 2026": OCT_5,
    "5 OCT 2026": OCT_5,
    "5th Oct 2026": OCT_5,
    "5 Oct. 2026": OCT_5,
    "5\u00a0Oct\u00a02026": OCT_5,
    "2026-10-05\u00a014:30": at(2026, 10, 5, 14, 30),
    "Oct 5, 2026": OCT_5,
    "October 5, 2026": OCT_5,
    "Oct 5 2026": OCT_5,
    "Sept 5, 2026": day(2026, 9, 5),
    "May 1, 2026": day(2026, 5, 1),
    "Oct 5, 2026, 2:30 PM": at(2026, 10, 5, 14, 30),
    "Oct 5, 2026 14:30": at(2026, 10, 5, 14, 30),
    # Days since the turn of 1899 to 1900, as Excel counts: 1 January 2026 is day 46 023.
    "46023": day(2026, 1, 1),
    "46023.5": at(2026, 1, 1, 12),
    "46023.75": at(2026, 1, 1, 18),
    "46022.999999": midnight(2026, 1, 1),  # the last tenth of a second of a day is the next one's first
    "45351": day(2024, 2, 29),
}

WITH_ORDER: list[tuple[str, DateOrder, tuple[datetime, bool]]] = [
    ("05/10/2026", "dmy", OCT_5),
    ("05/10/2026", "mdy", day(2026, 5, 10)),
    ("5/10/26", "dmy", OCT_5),
    ("5/10/26", "mdy", day(2026, 5, 10)),
    ("26/10/05", "ymd", OCT_5),
    ("05-10-2026", "dmy", OCT_5),
    ("05.10.2026", "dmy", OCT_5),
    ("05 10 2026", "dmy", OCT_5),
    ("31/12/2026", "dmy", day(2026, 12, 31)),
    ("12/31/2026", "mdy", day(2026, 12, 31)),
    ("29/02/2024", "dmy", day(2024, 2, 29)),
    ("01/01/70", "dmy", day(1970, 1, 1)),
    ("01/01/69", "dmy", day(2069, 1, 1)),
    ("05/10/2026 14:30", "dmy", at(2026, 10, 5, 14, 30)),
    ("05/10/2026 14:30:59", "dmy", at(2026, 10, 5, 14, 30, 59)),
    ("05/10/2026, 14:30", "dmy", at(2026, 10, 5, 14, 30)),
    ("14:30 05/10/2026", "dmy", at(2026, 10, 5, 14, 30)),
    ("14:30:59 05/10/2026", "mdy", at(2026, 5, 10, 14, 30, 59)),
    ("14:30 - 05/10/2026", "dmy", at(2026, 10, 5, 14, 30)),
    ("14h30 05/10/2026", "dmy", at(2026, 10, 5, 14, 30)),
    ("at 14:30 on 05/10/2026", "mdy", at(2026, 5, 10, 14, 30)),
    ("05/10/2026 08:05 SA", "dmy", at(2026, 10, 5, 8, 5)),
    ("05/10/2026 08:05:09 CH", "dmy", at(2026, 10, 5, 20, 5, 9)),
    ("05/10/2026 12:00 SA", "dmy", midnight(2026, 10, 5)),
    ("05/10/2026 12:00 CH", "dmy", at(2026, 10, 5, 12)),
    ("10/5/2026 2:30:00 PM", "mdy", at(2026, 10, 5, 14, 30)),
    ("10/5/2026, 2:30:00 PM", "mdy", at(2026, 10, 5, 14, 30)),
    ("10/5/2026, 2:30:00\u202fPM", "mdy", at(2026, 10, 5, 14, 30)),  # browsers write a narrow space there
    ("10/5/2026 2:30 p.m.", "mdy", at(2026, 10, 5, 14, 30)),
    # The order does not touch what needs none.
    ("2026-10-05", "mdy", OCT_5),
    ("2026-10-05", "ymd", OCT_5),
    ("20261005", "dmy", OCT_5),
    ("5 Oct 2026", "mdy", OCT_5),
    ("46023", "dmy", day(2026, 1, 1)),
]

# Saigon is seven hours ahead of UTC all the year; New York four behind in summer and five in winter.
ZONED: list[tuple[str, ZoneInfo, tuple[datetime, bool]]] = [
    ("2026-04-30T20:00Z", SAIGON, at(2026, 5, 1, 3)),
    ("2026-04-30T16:59:59Z", SAIGON, at(2026, 4, 30, 23, 59, 59)),
    ("2026-04-30T17:00:00Z", SAIGON, at(2026, 5, 1)),
    ("2026-04-30T20:00:00+00:00", SAIGON, at(2026, 5, 1, 3)),
    ("2026-05-01T03:00:00+07:00", SAIGON, at(2026, 5, 1, 3)),
    ("2026-05-01 03:00:00 +0700", SAIGON, at(2026, 5, 1, 3)),
    ("2026-05-01 03:00:00+07", SAIGON, at(2026, 5, 1, 3)),
    ("2026-04-30 20:00:00 UTC", SAIGON, at(2026, 5, 1, 3)),
    ("2026-04-30 20:00 gmt", SAIGON, at(2026, 5, 1, 3)),
    ("2026-04-30T15:00:00-05:00", SAIGON, at(2026, 5, 1, 3)),
    ("2026-05-01T01:30:00+05:30", SAIGON, at(2026, 5, 1, 3)),
    ("2026-04-30 8:00 PM UTC", SAIGON, at(2026, 5, 1, 3)),
    ("2026-07-01T03:59:00Z", NEW_YORK, at(2026, 6, 30, 23, 59)),
    ("2026-07-01T04:00:00Z", NEW_YORK, at(2026, 7, 1)),
    ("2026-01-01T04:00:00Z", NEW_YORK, at(2025, 12, 31, 23)),
    ("2026-07-01T04:00:00", NEW_YORK, at(2026, 7, 1, 4)),
    ("2026-07-01", NEW_YORK, day(2026, 7, 1)),
]

NO_DATE = [
    "31/02/2026",
    "30/02/2024",
    "29/02/2026",
    "31/04/2026",
    "00/10/2026",
    "05/00/2026",
    "32/01/2026",
    "05/13/2026",
    "5/10",
    "10/2026",
    "2026",
    "05/10-2026",
    "05/10/202",
    "05/10/20266",
    "05/10/2026 24:61",
    "05/10/2026 25:00",
    "05/10/2026 14:60",
    "05/10/2026 14:30:61",
    "05/10/2026 13:00 CH",
    "05/10/2026 0:30 SA",
    "05/10/2026 14",
    "2026-02-30",
    "2026-13-01",
    "2026-00-10",
    "2026-10-00",
    "2026-10-05 24:61",
    "2026-10-05T25:00",
    "2026-10-05 14:60",
    "2026-10-05x14:30",
    "2026-10-05/06",
    "2026-10-05-12",
    "2026-10-05,06",
    "2026-10-0514:30",
    "2026-10-051",
    "20261305",
    "202613051430",
    "khoảng 05/10/2026",
    "trước 5/10/2026",
    "until 5 Oct 2026",
    "20260230",
    "202610050",
    "2026-W41-1",
    "31 Feb 2026",
    "31 thg 2, 2026",
    "5 thg 13, 2026",
    "5 thg, 2026",
    "Thứ Hai 2026",
    "T2 5/10",
    "Ngày 5 tháng 10",
    "5 Okt 2026",
    "Oct 2026",
    "Octopus 5, 2026",
    "5 marraskuu 2026",  # a Finnish November, not a March
    "19999",
    "80000",
    "4602",
    "460231",
    "-46023",
    "46023,5",
    "1,234",
    "12.5",
    "yesterday",
    "n.a.",
    "2026-10-05 (Mon)",
    "'2026-10-05",
    "٠٥/١٠/٢٠٢٦",
    "２０２６-10-05",
    "²⁰26-10-05",
]


@pytest.mark.parametrize("text", WITHOUT_ORDER)
@pytest.mark.parametrize("order", [None, "dmy", "mdy"])
def test_a_date_that_needs_no_order(text: str, order: DateOrder | None) -> None:
    assert read(text, order) == WITHOUT_ORDER[text]


@pytest.mark.parametrize(("text", "order", "meant"), WITH_ORDER)
def test_a_date_in_the_columns_order(text: str, order: DateOrder, meant: tuple[datetime, bool]) -> None:
    assert read(text, order) == meant


@pytest.mark.parametrize("text", [text for text, _, meant in WITH_ORDER if "/" in text or text[2:3] in "-. "])
def test_a_date_whose_order_is_open_is_not_guessed(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(("text", "zone", "meant"), ZONED)
def test_a_time_with_an_offset_is_converted(text: str, zone: ZoneInfo, meant: tuple[datetime, bool]) -> None:
    assert read(text, zone=zone) == meant


@pytest.mark.parametrize(
    ("text", "zone", "meant"),
    [
        ("2026-04-30 20:00", SAIGON, at(2026, 5, 1, 3)),
        ("2026-04-30 20:00:00+07:00", SAIGON, at(2026, 4, 30, 20)),
        ("2026-04-30", SAIGON, day(2026, 4, 30)),
        ("2026-05-01", NEW_YORK, day(2026, 5, 1)),
        ("2026-05-01 00:00", NEW_YORK, at(2026, 4, 30, 20)),
        ("30/04/2026 20:00", SAIGON, at(2026, 5, 1, 3)),
        ("46142.875", SAIGON, at(2026, 5, 1, 4)),
    ],
)
def test_a_header_that_says_utc_makes_plain_times_utc(text: str, zone: ZoneInfo, meant: tuple[datetime, bool]) -> None:
    assert read(text, "dmy", zone, utc=True) == meant


@pytest.mark.parametrize("text", NO_DATE)
@pytest.mark.parametrize("order", ["dmy", None])
def test_what_is_no_date(text: str, order: DateOrder | None) -> None:
    assert read(text, order) is None


@pytest.mark.parametrize(
    ("text", "order"),
    [("13/10/2026", "mdy"), ("10/13/2026", "dmy"), ("05/10/2026", "ymd"), ("32/10/05", "dmy"), ("26/13/05", "ymd")],
)
def test_a_date_of_another_order_than_the_columns_is_none(text: str, order: DateOrder) -> None:
    assert read(text, order) is None


def test_years_far_off_are_read_for_the_caller_to_judge() -> None:
    assert read("0001-01-01") == day(1, 1, 1)
    assert read("1899-12-31") == day(1899, 12, 31)
    assert read("9999-12-31") == day(9999, 12, 31)
    assert read("31/12/9999", "dmy") == day(9999, 12, 31)


@pytest.mark.parametrize(
    ("text", "year"),
    [("0001-01-01T00:00:00+07:00", 1), ("9999-12-31T23:59:59-07:00", 9999), ("9999-12-31T23:59:59Z", 9999)],
)
@pytest.mark.parametrize("zone", [SAIGON, NEW_YORK], ids=str)
def test_a_time_at_the_edge_of_the_calendar_is_no_date_or_of_its_year(text: str, year: int, zone: ZoneInfo) -> None:
    moment = read(text, zone=zone)
    assert moment is None or moment[0].year == year


def test_a_reader_says_whether_it_converted() -> None:
    reader = DateReader(order="dmy", zone=SAIGON)
    assert [reader.day("2026-10-05"), reader.day("05/10/2026 14:30"), reader.converted] == [
        date(2026, 10, 5),
        date(2026, 10, 5),
        0,
    ]
    assert reader.day("2026-10-04T20:00Z") == date(2026, 10, 5)
    assert reader.converted > 0


def test_days_and_microseconds_are_each_others_inverse() -> None:
    for day in (date(1, 1, 1), date(1969, 12, 31), date(1970, 1, 1), date(2024, 2, 29), date(9999, 12, 31)):
        assert day_of(micros_of(day)) == day
        assert day_of(micros_of(day) + 86_399_999_999) == day
    assert micros_of(date(1970, 1, 2)) == 86_400_000_000
    assert day_of(-1) == date(1969, 12, 31)


# --- the order of day and month ----------------------------------------------------------------------------------


def evidence_of(*texts: str) -> DateEvidence:
    evidence = DateEvidence()
    for line, text in enumerate(texts, 2):
        evidence.observe(text, f"a.csv:{line}")
    return evidence


def test_the_evidence_of_a_column() -> None:
    evidence = evidence_of("2026-10-05", "05/10/2026", "14:30 13/10/2026", "10/14/26", "06/10/2026", "31/12/2026")
    assert evidence == DateEvidence(
        dmy=("14:30 13/10/2026", "a.csv:4"), mdy=("10/14/26", "a.csv:5"), either=("05/10/2026", "a.csv:3")
    )
    assert evidence.order is None


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        ((), None),
        (("05/10/2026", "06/10/2026", "10/10/2026"), None),
        (("05/10/2026", "13/10/2026"), "dmy"),
        (("05/10/2026", "10/13/2026"), "mdy"),
        (("13/10/2026", "10/13/2026"), None),
        (("5-10-26", "31-10-26"), "dmy"),
        (("05.10.2026 08:00", "25.10.2026 08:00"), "dmy"),
        (("2026-10-13", "20261013", "46023", "13 Oct 2026", "Oct 13, 2026", "2026/13/10"), None),
        (("13:13 05/10/2026",), None),
        (("", "x", "13/2026", "40/50/2026"), None),
    ],
)
def test_the_order_that_the_evidence_proves(texts: tuple[str, ...], order: str | None) -> None:
    assert evidence_of(*texts).order == order


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-13",
        "20261013",
        "46023.5",
        "13 Oct 2026",
        "Oct 13, 2026",
        "",
        "13/2026",
        "x",
        "05/05/2026",
        "30/12/1899",
    ],
)
def test_what_says_nothing_of_the_order(text: str) -> None:
    assert evidence_of(text) == DateEvidence()


def test_an_order_in_words() -> None:
    orders: tuple[DateOrder | None, ...] = ("dmy", "mdy", "ymd", None)
    assert [looks_like(order) for order in orders] == ["DD/MM/YYYY", "MM/DD/YYYY", "YY-MM-DD", "YYYY-MM-DD"]


# --- numbers -----------------------------------------------------------------------------------------------------

# text, with "." as the decimal mark, with "," as it, with none given
NUMBERS: list[tuple[str, float | None, float | None, float | None]] = [
    ("0", 0, 0, 0),
    ("7", 7, 7, 7),
    ("007", 7, 7, 7),
    ("1234567", 1234567, 1234567, 1234567),
    ("1.5", 1.5, None, 1.5),
    ("1,5", None, 1.5, 1.5),
    ("0.125", 0.125, None, 0.125),
    (",5", None, 0.5, 0.5),
    (".5", 0.5, None, 0.5),
    ("5.", 5, None, 5),
    ("12.50", 12.5, None, 12.5),
    ("1.234", 1.234, 1234, None),
    ("1,234", 1234, 1.234, None),
    ("142.111", 142.111, 142111, None),
    ("1234.567", 1234.567, None, 1234.567),
    ("0.123", 0.123, None, 0.123),
    ("0,123", None, 0.123, 0.123),
    ("1.234.567", None, 1234567, 1234567),
    ("1,234,567", 1234567, None, 1234567),
    ("1,234.5", 1234.5, None, 1234.5),
    ("1.234,5", None, 1234.5, 1234.5),
    ("12,34,567.00", 1234567, None, 1234567),  # Indian grouping
    ("1.23.4", None, None, None),
    ("1,2,3", None, None, None),
    ("1,23", None, 1.23, 1.23),
    ("1,2345", None, 1.2345, 1.2345),
    ("12,345,6", None, None, None),
    ("1.234,567.8", None, None, None),
    ("1,234.567,8", None, None, None),
    (",", None, None, None),
    (".", None, None, None),
    ("1 234", 1234, 1234, 1234),
    ("1 234 567,5", None, 1234567.5, 1234567.5),
    ("1\u00a0234", 1234, 1234, 1234),
    ("1\u202f234,5", None, 1234.5, 1234.5),
    ("1'234.50", 1234.5, None, 1234.5),
    ("-5", -5, -5, -5),
    ("−5", -5, -5, -5),
    ("5-", -5, -5, -5),
    ("+5", 5, 5, 5),
    ("(5)", -5, -5, -5),
    ("(1,234.50)", -1234.5, None, -1234.5),
    ("--5", None, None, None),
    ("-5-", None, None, None),
    ("+-5", None, None, None),
    ("$1,200.00", 1200, None, 1200),
    ("-$5.5", -5.5, None, -5.5),
    ("1.234.567 ₫", None, 1234567, 1234567),
    ("3.588.000đ", None, 3588000, 3588000),
    ("3.588.000 VNĐ", None, 3588000, 3588000),
    ("VND 3,588,000", 3588000, None, 3588000),
    ("500.000 đồng", 500, 500000, None),
    ("12.5%", 0.125, None, 0.125),
    ("12,5 %", None, 0.125, 0.125),
    ("50%", 0.5, 0.5, 0.5),
    ("100 %", 1, 1, 1),
    ("-3%", -0.03, -0.03, -0.03),
    ("7%", 0.07, 0.07, 0.07),
    ("1e5", None, None, None),
    ("0x10", None, None, None),
    ("1/2", None, None, None),
    ("12a", None, None, None),
    ("a12", None, None, None),
    ("1.2.3.4", None, None, None),
    ("", None, None, None),
    ("-", None, None, None),
    ("%", None, None, None),
    ("()", None, None, None),
    ("₫", None, None, None),
    ("inf", None, None, None),
    ("nan", None, None, None),
    ("١٢٣", None, None, None),
    ("１２", None, None, None),
    ("²", None, None, None),
    ("½", None, None, None),
]


@pytest.mark.parametrize(("text", "point", "comma", "open_"), NUMBERS, ids=[repr(row[0]) for row in NUMBERS])
def test_a_number(text: str, point: float | None, comma: float | None, open_: float | None) -> None:
    assert (read_number(text, "."), read_number(text, ","), read_number(text, None)) == (point, comma, open_)


@pytest.mark.parametrize("mark", [".", ",", None])
def test_a_number_of_a_typed_file_has_its_point_for_certain(mark: DecimalMark | None) -> None:
    assert read_number(Exact("1.234"), mark) == 1.234
    assert read_number(Exact("142.111"), mark) == 142.111
    assert read_number(Exact("-0.5"), mark) == -0.5
    assert read_number(Exact("1e-07"), mark) == 1e-07


@pytest.mark.parametrize(
    ("texts", "mark", "first"),
    [
        ((), None, (None, None, None)),
        (("1", "25", "1 000"), None, (None, None, None)),
        (("1.234", "1,234"), None, (None, None, "1.234")),
        (("1.234", "2.5"), ".", ("2.5", None, "1.234")),
        (("1.234", "1.234.567"), ",", (None, "1.234.567", "1.234")),
        (("1,234", "1,5"), ",", (None, "1,5", "1,234")),
        (("1,234", "1,234,567"), ".", ("1,234,567", None, "1,234")),
        (("1,234.5",), ".", ("1,234.5", None, None)),
        (("1.234,5",), ",", (None, "1.234,5", None)),
        (("1,234.5", "1.234,5"), None, ("1,234.5", "1.234,5", None)),
        (("12.3456",), ".", ("12.3456", None, None)),
        (("1234.567",), ".", ("1234.567", None, None)),
        (("0.123",), ".", ("0.123", None, None)),
        (("1.5 ₫", "x", ""), ".", ("1.5 ₫", None, None)),
        ((Exact("1.5"), Exact("1.234")), None, (None, None, None)),
    ],
)
def test_what_a_column_says_of_its_decimal_mark(
    texts: tuple[str, ...], mark: str | None, first: tuple[str | None, str | None, str | None]
) -> None:
    evidence = NumberEvidence()
    for line, text in enumerate(texts, 2):
        evidence.observe(text, f"a.csv:{line}")
    assert evidence.mark == mark
    cells = tuple(proof[0] if proof else None for proof in (evidence.point, evidence.comma, evidence.either))
    assert cells == first
    for proof in (evidence.point, evidence.comma, evidence.either):
        if proof is not None:
            assert proof[1] == f"a.csv:{texts.index(proof[0]) + 2}"


# --- counts ------------------------------------------------------------------------------------------------------

# text, with none given, with ".", with ","
COUNTS: list[tuple[str, int | None, int | None, int | None]] = [
    ("0", 0, 0, 0),
    ("12", 12, 12, 12),
    ("0012", 12, 12, 12),
    ("1.234", 1234, None, 1234),
    ("1,234", 1234, 1234, None),
    ("12.000", None, 12, 12000),  # twelve with a fraction of zeros, or twelve thousand
    ("1,000", None, 1000, 1),
    ("1500.000", 1500, 1500, None),
    ("0.000", 0, 0, None),
    ("1.000.000", 1000000, None, 1000000),
    ("1.234.567", 1234567, None, 1234567),
    ("1,234,567", 1234567, 1234567, None),
    ("1 234", 1234, 1234, 1234),
    ("1\u202f234", 1234, 1234, 1234),
    ("1'234", 1234, 1234, 1234),
    ("12.0", 12, 12, None),
    ("12,00", 12, None, 12),
    ("1,234.0", 1234, 1234, None),
    ("1.234,0", 1234, None, 1234),
    ("1,23", None, None, None),
    ("1.23", None, None, None),
    ("12.5", None, None, None),
    ("12,5", None, None, None),
    ("1,2345", None, None, None),
    ("12,34,5", None, None, None),
    ("0,123", None, None, None),
    ("0.123", None, None, None),
    ("0123,456", None, None, None),
    ("1.234,567", None, None, None),
    ("-1", None, None, None),
    ("(3)", None, None, None),
    ("-0", 0, 0, 0),
    ("+3", 3, 3, 3),
    ("50%", None, None, None),
    ("100%", None, None, None),
    ("200 %", None, None, None),
    ("999999999999999", 999999999999999, 999999999999999, 999999999999999),
    ("1000000000000000", None, None, None),
    ("9" * 400, None, None, None),
    ("1e3", None, None, None),
    ("twelve", None, None, None),
    ("12 visits", None, None, None),
    ("", None, None, None),
    ("²", None, None, None),
    ("١٢", None, None, None),
    ("１２", None, None, None),
]


@pytest.mark.parametrize(("text", "open_", "point", "comma"), COUNTS, ids=[repr(row[0][:20]) for row in COUNTS])
def test_a_count(text: str, open_: int | None, point: int | None, comma: int | None) -> None:
    assert (read_count(text, None), read_count(text, "."), read_count(text, ",")) == (open_, point, comma)


@pytest.mark.parametrize("mark", [".", ",", None])
def test_a_count_of_a_typed_file(mark: DecimalMark | None) -> None:
    assert read_count(Exact("1.234"), mark) is None
    assert read_count(Exact("1.5"), mark) is None
    assert read_count(Exact("2.0"), mark) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1.234", "comma"),
        ("1,234", "point"),
        ("12.000", "either"),
        ("12,000", "either"),
        ("1.234.000", "comma"),
        ("1,234,000", "point"),
        ("1500.000", "point"),
        ("1500,000", "comma"),
        ("12.5", None),  # no whole number, so it is a fault of its own and says nothing of the others
        ("1,23", None),
        ("1.234,5", None),
        ("1.234,0", "comma"),
        ("12.0", "point"),
        ("12,0", "comma"),
        ("12", None),
        ("12 000", None),
        ("", None),
        ("many", None),
        (Exact("12.000"), None),
        (Exact("1.234"), None),
    ],
)
def test_what_a_count_says_of_its_columns_decimal_mark(text: str, says: str | None) -> None:
    assert count_mark_said(text) == says
    evidence = NumberEvidence()
    evidence.observe(text, "a.csv:2", whole=True)
    expected = {name: (text, "a.csv:2") if name == says else None for name in ("point", "comma", "either")}
    assert {"point": evidence.point, "comma": evidence.comma, "either": evidence.either} == expected


def test_a_number_of_a_typed_file_is_no_text_in_the_same_letters() -> None:
    # 1.234 of a workbook is a number above 1; in a Vietnamese CSV of the same input it is one thousand and more.
    cells = Cells.of([Exact("1.234"), "1.234", Exact("1.234")])
    assert (len(cells.texts), cells.places.tolist()) == (2, [0, 1, 0])
    assert [read_number(text, ",") for text in cells] == [1.234, 1234.0, 1.234]


def test_a_number_of_a_typed_file_stays_known_as_one() -> None:
    kept, cleaned = clean_number(Exact("1.234")), clean_number(" 1.234 ")
    assert (str(kept), type(kept)) == ("1.234", Exact)
    assert (cleaned, type(cleaned)) == ("1.234", str)
    assert clean_number(" N/A ") == ""


# --- yes and no, months, nothing ---------------------------------------------------------------------------------

FLAGS = {
    **dict.fromkeys(["true", "TRUE", "True", "t", "yes", "Yes", "Y", "1", "1.0", "x", "X", "có", "CÓ", "Đúng"], True),
    **dict.fromkeys(["false", "FALSE", "f", "no", "No", "N", "0", "0.0", "không", "KHÔNG", "Sai", "new"], False),
    **dict.fromkeys(["maybe", "2", "-1", "yess", "", "co", "null", "✓"], None),
}


@pytest.mark.parametrize("text", FLAGS)
def test_yes_and_no(text: str) -> None:
    assert read_flag(text) is FLAGS[text]
    assert read_flag(unicodedata.normalize("NFD", text)) is FLAGS[text]


OCTOBER, JANUARY = date(2026, 10, 1), date(2026, 1, 1)
MONTHS = {
    **dict.fromkeys(
        ["2026-10", "2026/10", "2026.10", "202610", "10/2026", "10-2026", "10.2026", "T10/2026", "t10-2026",
         "Tháng 10/2026", "THÁNG 10/2026", "tháng 10-2026", "Oct 2026", "OCT 2026", "October 2026", "Oct-2026",
         "2026-10-01", "2026/10/1", "01/10/2026", "1/10/2026", "01-10-2026"],
        OCTOBER,
    ),
    **dict.fromkeys(
        ["2026-1", "2026-01", "1/2026", "01/2026", "T1/2026", "Jan 2026", "2026-01-01", "01/01/2026"], JANUARY
    ),
    **dict.fromkeys(
        ["2026", "2026-13", "2026-00", "13/2026", "0/2026", "10", "Oct", "10/26", "2026-10-05", "2026-10-31",
         "05/10/2026", "15/10/2026", "1989-12", "2100-01", "0026-10", "2026Q4", "2026-100", "20261001x", "Total", "",
         "tháng mười", "Mayhem"],
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", MONTHS)
def test_a_month(text: str) -> None:
    assert read_month(text) == MONTHS[text]
    assert read_month(unicodedata.normalize("NFD", text)) == MONTHS[text]


NOTHING = [
    "", " ", "\t", "\u00a0", "\ufeff", "\u200b", " \u200b ", "null", "NULL", "None", "NaN", "nan", "NA", "N/A", "n/a",
    "#N/A", "NaT", "nil", "-", "--", "–", "—", "(null)", "(blank)", "undefined", "\\N", "\\n", "trống", "TRỐNG",
    "(trống)", "không có", "Chưa có", "#VALUE!", "#REF!", " N/A ", "\ufeffnull\u200b",
]  # fmt: skip
SOMETHING = {
    " An ": "An",
    "\ufeffAn\u200b": "An",
    "0": "0",
    "no": "no",
    "false": "false",
    "không": "không",
    "nulls": "nulls",
    "N/A?": "N/A?",
    "a b": "a b",
    "(none)": "(none)",
    "---": "---",
    "Nan Nguyễn": "Nan Nguyễn",
    "'": "'",
    '"': '"',
}


@pytest.mark.parametrize("text", NOTHING, ids=repr)
def test_words_that_mean_nothing(text: str) -> None:
    assert clean(text) == ""
    assert clean_id(text) == ""
    assert clean(unicodedata.normalize("NFD", text)) == ""


@pytest.mark.parametrize("text", SOMETHING, ids=repr)
def test_words_that_mean_something(text: str) -> None:
    assert clean(text) == SOMETHING[text]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("KH001", "KH001"),
        (" KH001 ", "KH001"),
        ("kh001", "kh001"),
        ("'1234567890", "1234567890"),
        ("' 123 ", "123"),
        ("007", "007"),
        ("An@Example.VN", "an@example.vn"),
        (" an@example.vn\u200b", "an@example.vn"),
        ("Ánh@Example.VN", "ánh@example.vn"),
        (unicodedata.normalize("NFD", "Nguyễn Ánh"), "Nguyễn Ánh"),
        ("Nguyễn Ánh", "Nguyễn Ánh"),
        (unicodedata.normalize("NFD", "ÁNH@x.vn"), "ánh@x.vn"),
        ("'", ""),
        ("", ""),
        ("(null)", ""),
    ],
)
def test_an_id_as_it_is_compared(text: str, person: str) -> None:
    assert clean_id(text) == person
