"""What a row of visits is where no session says so: an event, a sum of other rows, or of no real person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

import funnelcli as fc
from support import figures, report_of

DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(12)]


def visits(folder: Path, rows: Iterable[str], config: str = "") -> list[tuple[str, str | None]]:
    """The kinds and columns of what is wrong or odd about a file of visits."""
    (folder / "visitors.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    if config:
        (folder / "funnel.toml").write_text(config, encoding="utf-8")
    return [(problem.code, problem.column) for problem in fc.open_folder(folder).check().problems]


def january(folder: Path, key: str = "net_new_visitors") -> float | None:
    return figures(report_of(folder, first="2026-01", last="2026-01"))[key, None, "2026-01"][0]


# --- events of visitors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["visitor_id", "Khách", "cid"])
def test_rows_of_a_visitor_within_minutes_are_events(header: str, tmp_path: Path) -> None:
    """Four rows within three minutes, once a day: 12 sessions where the settings say which column tells them."""
    rows = [f"{day} 09:0{minute},k{day.day}" for day in DAYS for minute in range(4)]
    assert visits(tmp_path, [f"date,{header}", *rows]) == [("missing-column", "visits")]
    columns = f'[inputs.visitors]\neach_row = "session"\n[inputs.visitors.columns]\nsession_id = "{header}"\n'
    assert visits(tmp_path, [f"date,{header}", *rows], columns) == []
    assert january(tmp_path) == 12
    assert visits(tmp_path, [f"date,{header}", *rows], '[inputs.visitors]\neach_row = "visit"\n') == []
    assert january(tmp_path) == 48


@pytest.mark.parametrize("time", ["", " {hour}:00"])
def test_rows_of_a_visitor_on_one_day_may_be_events(time: str, tmp_path: Path) -> None:
    rows = [f"{day}{time.format(hour=10 + 3 * n)},k{day.day},/{n}" for day in DAYS for n in range(4)]
    assert visits(tmp_path, ["date,Khách,Trang", *rows]) == [("rows-may-be-events", "Khách")]
    assert january(tmp_path) == 48
    notes = {note.code: note.text.of("en") for note in report_of(tmp_path).notes}
    assert "48 rows share 12 pairs of 'Khách' and day" in notes["rows-may-be-events"]
    columns = '[inputs.visitors]\neach_row = "session"\n[inputs.visitors.columns]\nsession_id = "Khách"\n'
    assert visits(tmp_path, ["date,Khách,Trang", *rows], columns) == []
    assert january(tmp_path) == 12


def test_names_of_events(tmp_path: Path) -> None:
    rows = [f"{day},{event}" for day in DAYS for event in ("Xem trang", "Bấm nút", "Gọi điện")]
    assert visits(tmp_path, ["Ngày,Hành động", *rows]) == [("rows-may-be-events", "Hành động")]


def test_times_since_1970(tmp_path: Path) -> None:
    """1767222000 is 23:00 UTC on 31 December 2025, the first of January in Vietnam."""
    for micros in ("1767222000", "1767222000000", "1767222000000000"):
        assert visits(tmp_path, ["event_timestamp,user_pseudo_id", f"{micros},a"]) == []
        assert january(tmp_path) == 1


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("visitor_id", [f"v{number}" for number in range(48)]),
        ("device", ["mobile", "desktop"] * 24),
        ("landing page", ["/", "/gia", "/blog/1"] * 16),
        ("campaign", [f"nl-{number // 4}" for number in range(48)]),
        ("browser", [f"chrome{100 + number % 6}" for number in range(48)]),
    ],
)
def test_columns_of_single_visits(header: str, cells: list[str], tmp_path: Path) -> None:
    """A visitor of each row, a kind of device, a page, a campaign of each day: a row is a visit all the same."""
    times = [f"{day} {hour:02}:30" for day in DAYS for hour in (8, 12, 16, 20)]
    rows = [f"{at},{cell}" for at, cell in zip(times, cells, strict=True)]
    assert visits(tmp_path, [f"date,{header}", *rows]) == []
    assert january(tmp_path) == 48


def test_several_visits_a_day_of_who_is_logged_in(tmp_path: Path) -> None:
    rows = [f"{day} {hour}:15,u{user},mobile" for day in DAYS for user in range(4) for hour in (10, 14, 19)]
    assert visits(tmp_path, ["date,user_id,device", *rows]) == []


# --- sums of other rows ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["All devices", "Tất cả", "(all)", "", "x"])
def test_rows_that_are_sums_of_the_others(word: str, tmp_path: Path) -> None:
    """On each of 12 days 5 + n by mobile, 3 by desktop, and their sum once more: 8 x 12 + (0 + 1 + … + 11) = 162."""
    rows = [
        f"{day},direct,{device},{number}"
        for n, day in enumerate(DAYS)
        for device, number in (("mobile", 5 + n), ("desktop", 3), (word, 8 + n))
    ]
    assert visits(tmp_path, ["date,source,device,visits", *rows]) == [("rollup-rows", "device")]
    assert january(tmp_path) == 162
    drop = f"[inputs.visitors.drop]\n'device' = ['{word}']\n"
    assert visits(tmp_path, ["date,source,device,visits", *rows], drop) == []
    assert january(tmp_path) == 162
    assert visits(tmp_path, ["date,source,device,visits", *rows], "[inputs.visitors]\nignore = ['device']\n") == []
    assert january(tmp_path) == 324


def test_sums_by_two_columns_at_once(tmp_path: Path) -> None:
    """Each cell of source x device, and the sums over either and over both: 1 + 2 + 3 + 4 = 10 a day."""
    table = {("google", "mobile"): 1, ("google", "desktop"): 2, ("zalo", "mobile"): 3, ("zalo", "desktop"): 4,
             ("google", "All"): 3, ("zalo", "All"): 7, ("All", "mobile"): 4, ("All", "desktop"): 6,
             ("All", "All"): 10}  # fmt: skip
    rows = [f"{day},{source},{device},{number}" for day in DAYS for (source, device), number in table.items()]
    kinds = visits(tmp_path, ["date,source,device,visits", *rows])
    assert [kind for kind in kinds if kind[0] == "rollup-rows"] == [
        ("rollup-rows", "device"),
        ("rollup-rows", "source"),
    ]
    assert january(tmp_path) == 120


def test_sums_of_one_column_by_source_and_of_both(tmp_path: Path) -> None:
    """No row tells the mobile visits of all sources; 1 + 2 + 3 + 4 = 10 a day all the same."""
    table = {("google", "mobile"): 1, ("google", "desktop"): 2, ("zalo", "mobile"): 3, ("zalo", "desktop"): 4,
             ("google", "All"): 3, ("zalo", "All"): 7, ("All", "All"): 10}  # fmt: skip
    rows = [f"{day},{source},{device},{number}" for day in DAYS for (source, device), number in table.items()]
    assert visits(tmp_path, ["date,source,device,visits", *rows])[0] == ("rollup-rows", "device")
    assert january(tmp_path) == 120


def test_a_word_for_all_where_nothing_is_told_apart(tmp_path: Path) -> None:
    """Of google only all devices are known, of zalo mobile and all: 5 a day are in no other row, so that all count."""
    table = {("google", "All"): 5, ("zalo", "mobile"): 3, ("zalo", "All"): 3}
    rows = [f"{day},{source},{device},{number}" for day in DAYS for (source, device), number in table.items()]
    assert "rollup-rows" not in [code for code, _ in visits(tmp_path, ["date,source,device,visits", *rows])]
    assert january(tmp_path) == 132


def test_days_of_which_only_the_sum_is_there(tmp_path: Path) -> None:
    rows = [f"{day},All,8" for day in DAYS] + [f"{day},mobile,8" for day in DAYS[:6]]
    assert visits(tmp_path, ["date,device,visits", *rows]) == []


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [("mobile", "desktop", DAYS), ("mobile", "desktop", DAYS[:1]), ("Mới", "Quay lại", DAYS)],
)
def test_two_equal_halves_are_no_sums(first: str, second: str, days: list[date], tmp_path: Path) -> None:
    """Of many days they may be one half twice, which is asked; both count."""
    rows = [f"{day},{device},{5 + n}" for n, day in enumerate(days) for device in (first, second)]
    asked = [("visits-in-several-rows", "device")] if len(days) > 1 else []
    assert visits(tmp_path, ["date,device,visits", *rows]) == asked
    assert january(tmp_path) == 2 * sum(5 + n for n in range(len(days)))


def test_a_word_for_all_that_is_no_sum(tmp_path: Path) -> None:
    rows = [f"{day},{device},{number}" for day in DAYS for device, number in (("All", 9), ("mobile", 5))]
    assert visits(tmp_path, ["date,device,visits", *rows]) == []
    assert january(tmp_path) == 14 * 12


# --- no real people ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cell", "other"),
    [
        ("status", "spam", "ok"),
        ("Trạng thái", "Trùng", "Mới"),
        ("is_test", "true", "false"),
        ("Nội bộ", "Có", "Không"),
        ("Valid?", "no", "yes"),
    ],
)
def test_rows_of_no_real_person_are_told(header: str, cell: str, other: str, tmp_path: Path) -> None:
    rows = "".join(f"u{n},2026-01-{n + 1:02},{cell if n % 4 == 0 else other}\n" for n in range(12))
    (tmp_path / "signups.csv").write_text(f"user_id,signed_up_at,{header}\n{rows}", encoding="utf-8")

    def codes() -> list[tuple[str, str | None]]:
        return [(problem.code, problem.column) for problem in fc.open_folder(tmp_path).check().problems]

    assert codes() == [("unread-column-excludes", header)]
    assert january(tmp_path, "new_signups") == 12
    (tmp_path / "funnel.toml").write_text(f"[inputs.signups.drop]\n'{header}' = ['{cell}']\n", encoding="utf-8")
    assert [codes(), january(tmp_path, "new_signups")] == [[], 9]
    (tmp_path / "funnel.toml").write_text(f"[inputs.signups]\nignore = ['{header}']\n", encoding="utf-8")
    assert [codes(), january(tmp_path, "new_signups")] == [[], 12]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("region", "Bắc Trung Nam"),
        ("Test drive", "yes no yes"),
        ("plan", "pro basic free"),
        ("is_customer", "yes no no"),
    ],
)
def test_words_that_say_nothing_of_the_kind(header: str, cells: str, tmp_path: Path) -> None:
    rows = "".join(f"u{n},2026-01-{n + 1:02},{cells.split()[n % 3]}\n" for n in range(12))
    (tmp_path / "signups.csv").write_text(f"user_id,signed_up_at,{header}\n{rows}", encoding="utf-8")
    assert [problem.code for problem in fc.open_folder(tmp_path).check().problems] == []


def test_bots_beside_visits(tmp_path: Path) -> None:
    rows = [f"{day},direct,{number},{bot}" for day in DAYS for number, bot in ((8, "no"), (50, "yes"))]
    assert visits(tmp_path, ["date,source,visits,is_bot", *rows]) == [("unread-column-excludes", "is_bot")]
    assert visits(tmp_path, ["date,source,visits,is_bot", *rows], "[inputs.visitors.drop]\n'is_bot' = ['yes']\n") == []
    assert january(tmp_path) == 8 * 12


# --- sums that run on ----------------------------------------------------------------------------------------------

MONTH = [date(2026, 1, 1) + timedelta(days=number) for number in range(28)]


@pytest.mark.parametrize(
    ("each", "is_said"),
    [
        ([100 + number % 7 for number in range(28)], True),  # summed up below
        ([100] * 28, True),
        ([100, 3, *[100] * 26], True),
        ([100, 0, *[100] * 26], False),  # one day has as many as the one before
    ],
)
def test_visits_that_only_grow_may_be_sums_of_all_days_so_far(each: list[int], is_said: bool, tmp_path: Path) -> None:
    totals = [sum(each[: place + 1]) for place in range(len(each))]
    rows = [f"{day},{total}" for day, total in zip(MONTH, totals, strict=True)]
    assert visits(tmp_path, ["date,sessions", *rows]) == [("visits-only-grow", "visits")] * is_said
    assert january(tmp_path) == sum(totals)


@pytest.mark.parametrize("sums", [range(1000, 1028), range(1000, 1280, 10), [*range(1000, 14000, 1000)]])
def test_visits_that_grow_a_little_or_for_some_days_are_visits(sums: Iterable[int], tmp_path: Path) -> None:
    rows = [f"{day},{total}" for day, total in zip(MONTH, sums, strict=False)]
    assert visits(tmp_path, ["date,sessions", *rows]) == []
