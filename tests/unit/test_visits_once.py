"""Visits that would be counted as rows, or several times: sums in any dress, metrics, events, pages, copies, weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from support import in_month, said_of, write_folder

DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(20)]
NET = "net_new_visitors"


def visits(folder: Path, header: str, rows: Sequence[str], config: str = "") -> Path:
    return write_folder(folder, {"visits.csv": "\n".join([header, *rows]) + "\n"}, config)


def january(folder: Path) -> float | None:
    return in_month(folder, "2026-01", NET)[0]


# --- sums that are not written in plain digits -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Besuche", [f'"1,{100 + n}"' for n in range(20)]),
        ("Besuche", [f'"1,{100 + n}"' if n % 2 else f"{900 + n}" for n in range(20)]),
        ("Traffic volume", [f"{10 + n}.3K" for n in range(20)]),
        ("Số", [f"{100 + n} lượt" for n in range(20)]),
        ("Bucket", [f"{100 * n}-{100 * n + 99}" for n in range(1, 21)]),
        ("Share", [f"{n + 1}%" for n in range(20)]),
        ("uniques", ["not available" if n % 5 == 2 else f"{10 * n}" for n in range(20)]),
        ("total", [str(n + 1) for n in range(20)]),
        ("n", [str(101 + n) for n in range(20)]),
    ],
)
def test_a_row_of_sums_is_no_visit_however_it_is_written(header: str, cells: Sequence[str], tmp_path: Path) -> None:
    rows = [f"{day},direct,{cell}" for day, cell in zip(DAYS, cells, strict=True)]
    visits(tmp_path, f"date,source,{header}", rows)
    assert list(said_of(tmp_path)) == [("missing-column", "visits")]
    visits(tmp_path, f"date,source,{header}", rows, '[inputs.visitors]\neach_row = "visit"\n')
    assert january(tmp_path) == 20


def test_the_sums_are_counted_by_the_column_that_is_named(tmp_path: Path) -> None:
    """1,100 + ... + 1,119 = 20 x 1,109.5 = 22,190."""
    rows = [f'{day},direct,"1,{100 + n}"' for n, day in enumerate(DAYS)]
    visits(tmp_path, "date,source,Besuche", rows, '[inputs.visitors.columns]\nvisits = "Besuche"\n')
    assert january(tmp_path) == 22_190


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("STT", "{}"),
        ("Day of month", "{}"),
        ("age", "{}-{}"),
        ("screen", "{}"),
        ("page", "{} mẹo {}"),
        ("price", "{} USD"),
        ("name", "n{}"),
    ],
)
def test_a_row_may_be_a_visit_with_some_number_beside_it(header: str, cell: str, tmp_path: Path) -> None:
    cells = [cell.format(n + 1, n + 9) if header != "screen" else "1920 px" for n in range(20)]
    visits(tmp_path, f"date,source,{header}", [f"{day},direct,{text}" for day, text in zip(DAYS, cells, strict=True)])
    assert said_of(tmp_path) == {}
    assert january(tmp_path) == 20


# --- one visit in several rows -----------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["Metric", "KPI", "x", "Chỉ số"])
def test_a_row_for_each_metric(header: str, tmp_path: Path) -> None:
    """16 + 17 + ... + 26 = 231 sessions; with the 165 users (10 + ... + 20) they would be 396."""
    rows = [row for n in range(11) for row in (f"{DAYS[n]},Sessions,{16 + n}", f"{DAYS[n]},Users,{10 + n}")]
    visits(tmp_path, f"Date,{header},Sessions", rows)
    _, step = said_of(tmp_path)["visits-in-several-rows", header]
    assert f"[inputs.visitors.keep] '{header}' = ['Sessions']" in step
    visits(tmp_path, f"Date,{header},Sessions", rows, f"[inputs.visitors.keep]\n'{header}' = ['Sessions']\n")
    assert said_of(tmp_path) == {}
    assert january(tmp_path) == 231


@pytest.mark.parametrize(
    "words", [("New Visitor", "Returning Visitor"), ("new", "returning"), ("Khách mới", "Khách cũ")]
)
def test_who_came_first_and_who_again_are_two_parts(words: tuple[str, str], tmp_path: Path) -> None:
    """(10 + ... + 20) + (16 + ... + 26) = 165 + 231."""
    rows = [row for n in range(11) for row in (f"{DAYS[n]},{words[0]},{10 + n}", f"{DAYS[n]},{words[1]},{16 + n}")]
    visits(tmp_path, "Date,New / returning,Sessions", rows)
    assert (said_of(tmp_path), january(tmp_path)) == ({}, 396)


def test_a_row_for_each_event(tmp_path: Path) -> None:
    """20 + 21 + ... + 39 = 590 sessions began; those with a page view or a scroll are the same ones."""
    rows = [
        f"{day},{event},{number}"
        for n, day in enumerate(DAYS)
        for event, number in (("session_start", 20 + n), ("page_view", 19 + n), ("scroll", 5))
    ]
    visits(tmp_path, "Date,Event name,Sessions", rows)
    assert "['session_start']" in said_of(tmp_path)["visits-in-several-rows", "Event name"][1]
    visits(tmp_path, "Date,Event name,Sessions", rows, "[inputs.visitors.keep]\n'Event name' = ['session_start']\n")
    assert (said_of(tmp_path), january(tmp_path)) == ({}, 590)


def test_a_row_for_each_page_and_for_each_landing_page(tmp_path: Path) -> None:
    """A visit has several pages, and one on which it begins."""
    rows = [f"{day},{page},5" for day in DAYS for page in ("/", "/gia", "/blog")]
    visits(tmp_path, "Date,Page,Visits", rows)
    assert list(said_of(tmp_path)) == [("visits-in-several-rows", "Page")]
    visits(tmp_path, "Date,Landing page,Visits", rows)
    assert (said_of(tmp_path), january(tmp_path)) == ({}, 300)


def test_a_property_that_is_there_twice(tmp_path: Path) -> None:
    """10 + ... + 29 = 390 visits, and not twice as many; two devices with other numbers are two parts."""
    rows = [f"{day},{name},{10 + n}" for n, day in enumerate(DAYS) for name in ("shop", "shop (old tag)")]
    visits(tmp_path, "Date,Property,Sessions", rows)
    assert list(said_of(tmp_path)) == [("visits-in-several-rows", "Property")]
    visits(tmp_path, "Date,Property,Sessions", rows, "[inputs.visitors.keep]\nProperty = ['shop']\n")
    assert january(tmp_path) == 390
    rows = [f"{day},{name},{10 + n + len(name)}" for n, day in enumerate(DAYS) for name in ("mobile", "tv")]
    visits(tmp_path, "Date,Device,Sessions", rows)
    assert said_of(tmp_path) == {}


def test_four_days_prove_a_sum_in_words(tmp_path: Path) -> None:
    """SEO + Ads are the whole site on each of four days, with another sum each: 16 + 17 + 18 + 19 = 70."""
    rows = [
        f"{DAYS[n]},{name},{number}"
        for n in range(4)
        for name, number in (("Cả web", 16 + n), ("SEO", 1 + n), ("Ads", 15))
    ]
    visits(tmp_path, "Date,Nhóm,Sessions", rows)
    assert list(said_of(tmp_path)) == [("rollup-rows", "Nhóm")]
    assert january(tmp_path) == 70
    visits(tmp_path, "Date,Nhóm,Sessions", [row.replace("16", "2").replace("15", "1") for row in rows])
    assert said_of(tmp_path) == {}


def test_visits_of_weeks_and_a_column_a_channel_are_named(tmp_path: Path) -> None:
    weeks = [f"2026-01-{day:02d},70" for day in (5, 12, 19, 26)]
    visits(tmp_path, "date,sessions", weeks)
    assert list(said_of(tmp_path)) == [("rows-are-weeks", "date")]
    visits(tmp_path, "date,sessions", [*weeks, "2026-01-27,10"])
    assert said_of(tmp_path) == {}
    pivot = ["2026-01-05,12,30,4", "2026-01-06,8,20,5"]
    visits(tmp_path, "Date,Organic Search,Paid Search,Direct", pivot)
    assert "write a row for each part" in said_of(tmp_path)["missing-column", "visits"][0]
    columns = '[inputs.visitors.columns]\nvisits = "Organic Search"\n'
    visits(tmp_path, "Date,Organic Search,Paid Search,Direct", pivot, columns)
    assert list(said_of(tmp_path)) == [("unread-column", "Paid Search, Direct")]
    visits(tmp_path, "Date,Visites,Visiteurs,Actions", pivot, columns.replace("Organic Search", "Visites"))
    assert said_of(tmp_path) == {}
    visits(tmp_path, "Date,Organic Search,Users,Pageviews", pivot, columns)
    assert said_of(tmp_path) == {}


# --- pages and events, a row each --------------------------------------------------------------------------------


def test_pages_that_their_own_site_refers_to(tmp_path: Path) -> None:
    """Ten visits of three pages: their site stands in no row that begins a visit; other sites do."""
    rows = [
        f"{day} 10:0{minute}:07,{page},{site}"
        for day in DAYS[:10]
        for minute, page, site in ((0, "/", "google.com"), (2, "/gia", "shop.vn"), (4, "/mua", "shop.vn"))
    ]
    visits(tmp_path, "timestamp,page_path,referrer", rows)
    assert list(said_of(tmp_path)) == [("rows-may-be-events", "referrer")]
    visits(tmp_path, "timestamp,page_path,referrer", [row for row in rows if "google" in row])
    assert said_of(tmp_path) == {}


def test_few_rows_of_pages_and_events(tmp_path: Path) -> None:
    rows = [
        f"2026-01-0{day} 10:0{minute}:00,{name},/{minute}"
        for day, name in ((5, "aaa"), (6, "bbb"))
        for minute in (0, 2)
    ]
    visits(tmp_path, "time,uv_token,page", [*rows, "2026-01-07 10:00:00,ccc,/"])
    assert list(said_of(tmp_path)) == [("rows-may-be-events", "uv_token")]
    visits(tmp_path, "event_date,event_name", ["2026-01-05,session_start", "2026-01-05,page_view", "2026-01-06,scroll"])
    assert list(said_of(tmp_path)) == [("rows-may-be-events", "event_name")]


# --- a table that stands twice in one file -------------------------------------------------------------------------


@pytest.mark.parametrize("below", [["c", "b", "a"], ["c", "b", "a", "d"], ["a", "b", "c"]])
def test_a_table_that_stands_twice_in_whatever_order(below: Sequence[str], tmp_path: Path) -> None:
    def rows(names: Sequence[str]) -> list[str]:
        return ["user_id,booked_at", *(f"{name},2026-01-0{ord(name) - 96}" for name in names)]

    write_folder(tmp_path, {"demos.csv": "\n".join([*rows("abc"), *rows(below)]) + "\n"})
    assert list(said_of(tmp_path)) == [("table-twice", None)]
    write_folder(tmp_path, {"demos.csv": "\n".join([*rows("abc"), *rows(["d", "e", "a"])]) + "\n"})
    assert said_of(tmp_path) == {}


def test_visits_that_stand_twice_in_another_order(tmp_path: Path) -> None:
    """Three days once more, backwards; and three other days, which are no second table."""
    rows = [f"{day},google" for day in DAYS[:3]]
    visits(tmp_path, "date,source", [*rows, "date,source", *reversed(rows)])
    assert list(said_of(tmp_path)) == [("table-twice", None)]
    visits(tmp_path, "date,source", [*rows, "date,source", *(f"{day},google" for day in DAYS[3:6])])
    assert (said_of(tmp_path), january(tmp_path)) == ({}, 6)


# --- other sums of the same days, below the same header ------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 2_000], ids=["a few rows", "rows for DuckDB"])
def test_other_sums_of_the_same_days_are_a_second_table(many: int, tmp_path: Path) -> None:
    """100 + 110 visits by channel, and the same visits by device: 210, not 420.  Other days are no second table."""
    days = [f"2026-01-{1 + place % 28:02}" for place in range(2 * many)]
    above = [f"{day},google,{100 + place}" for place, day in enumerate(days)]
    below = [f"{day},google,{40 + place}" for place, day in enumerate(days)]
    visits(tmp_path, "date,source,visits", [*above, "date,source,visits", *below])
    assert list(said_of(tmp_path)) == [("second-table", None)]
    visits(tmp_path, "date,source,visits", [*above, "date,source,visits", *(f"{day},zalo,7" for day in days)])
    assert (said_of(tmp_path), january(tmp_path)) == ({}, sum(100 + place + 7 for place in range(2 * many)))
    visits(tmp_path, "date,source,visits", [*above, "Date,Device,Visits", *below])
    assert list(said_of(tmp_path)) == [("second-table", None)]


def test_costs_below_the_header_once_more(tmp_path: Path) -> None:
    """The spend of two days by channel, then by campaign: the same money."""
    (tmp_path / "costs.csv").write_text(
        "date,channel,amount\n2026-01-05,paid,100\n2026-01-06,paid,110\ndate,channel,amount\n"
        "2026-01-05,paid,60\n2026-01-06,paid,50\n",
        encoding="utf-8",
    )
    write_folder(tmp_path, {"signups.csv": "user_id,signed_up_at\nu1,2026-01-05\n"})
    assert ("second-table", None) in said_of(tmp_path)
