"""Rows of files of people that are the sums of the others, and nobody."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import funnelcli as fc
from funnelcli.reading import last_row, many_sums, subtotals
from support import figures, report_of

DAYS = range(1, 11)
PAID = [f"u{day},2026-01-{day:02d},100" for day in DAYS]


def write(folder: Path, name: str, rows: list[str], config: str = "") -> list[tuple[str, str | None]]:
    """The kinds and columns of what is odd about a file."""
    (folder / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "funnel.toml").write_text(config, encoding="utf-8")
    return [(problem.code, problem.column) for problem in fc.open_folder(folder).check().problems]


def january(folder: Path, *keys: str) -> list[float | None]:
    of = figures(report_of(folder, first="2026-01", last="2026-01"))
    return [of[key, None, "2026-01"][0] for key in keys]


@pytest.mark.parametrize(
    "word", ["Total", "grand total", "Tổng cộng", "TỔNG CỘNG (10)", "Average", "(all)", "Σ", "tong cong"]
)
def test_a_word_for_a_total_is_no_customer_whatever_its_date(word: str, tmp_path: Path) -> None:
    """Ten customers of 100 each: 10 and 1,000, and not 11 and 2,000, in a file of plain rows and in one with quotes."""
    for quote in ("", '"'):
        rows = ["user_id,started_at,mrr", *PAID, f"{quote}{word}{quote},2026-01-31,1000"]
        assert write(tmp_path, "paid_users.csv", rows) == []
        assert january(tmp_path, "new_paid_users", "closing_mrr_amount") == [10, 1000]


def test_a_word_for_a_total_is_nobody_who_signed_up(tmp_path: Path) -> None:
    rows = ["user_id,signed_up_at", *(f"u{day},2026-01-{day:02d}" for day in DAYS), "Subtotal,2026-01-31"]
    assert write(tmp_path, "signups.csv", rows) == []
    assert january(tmp_path, "new_signups") == [10]


def test_an_id_with_such_a_word_in_it_is_a_person(tmp_path: Path) -> None:
    people = ["total@x.vn", "Sumi", "Allen", "tot al", "all-in", "Total Co"]
    rows = ["user_id,signed_up_at", *(f"{person},2026-01-05" for person in people)]
    write(tmp_path, "signups.csv", rows)
    assert january(tmp_path, "new_signups") == [len(people)]


@pytest.mark.parametrize("last", ["TC 10 KH,2026-01-31,1000", "TC 10 KH,1000,"])
def test_a_last_row_with_the_sum_of_the_others_is_asked_about(last: str, tmp_path: Path) -> None:
    """10 x 100 = 1,000, in the place of the amount or of the date; the setting that is named leaves it out."""
    rows = ["user_id,started_at,mrr", *PAID]
    if ",1000," in last:  # a number that is a day too: 10 x 4,605 = 46,050, the 28th of January
        rows, last = [row.replace(",100", ",4605") for row in rows], last.replace("1000", "46050")
    told = write(tmp_path, "paid_users.csv", [*rows, last])
    assert ("row-may-be-total", "started_at" if "46050" in last else "mrr") in told
    assert january(tmp_path, "new_paid_users") == [11]
    drop = '[inputs.paid_users.drop]\nuser_id = ["TC 10 KH"]\n'
    assert write(tmp_path, "paid_users.csv", [*rows, last], drop) == []
    assert january(tmp_path, "new_paid_users", "closing_mrr_amount") == [10, 10 * int(rows[1][-4:].lstrip(","))]


def test_an_amount_that_is_no_sum_is_left_alone(tmp_path: Path) -> None:
    rows = ["user_id,started_at,mrr", *PAID, "u11,2026-01-31,999"]
    assert write(tmp_path, "paid_users.csv", rows) == []


GROUPS = {
    "Nhóm A,2026-01-31,,220": "Nhóm B,2026-01-31,,610",  # a name unlike the ids
    ",2026-01-31,Basic,220": ",2026-01-31,Pro,610",  # no id
    "HN,,,220": "HCM,,,610",  # no date
}


@pytest.mark.parametrize("first", GROUPS)
@pytest.mark.parametrize("above", [False, True])
def test_rows_with_the_sums_of_some_others_are_asked_about(first: str, above: bool, tmp_path: Path) -> None:
    """100 + 120 = 220 and 300 + 310 = 610: the sums stand below their rows or above them; 830 is that of all."""
    one, two = (
        ["u1,2026-01-05,Basic,100", "u2,2026-01-06,Basic,120"],
        ["u3,2026-01-07,Pro,300", "u4,2026-01-08,Pro,310"],
    )
    second = GROUPS[first]
    rows = [first, *one, second, *two] if above else [*one, first, *two, second, first.replace("220", "830")]
    told = write(tmp_path, "paid_users.csv", ["user_id,started_at,plan,mrr", *rows])
    assert ("subtotal-rows", "mrr") in told
    [said] = [p for p in fc.open_folder(tmp_path).check().problems if p.code == "subtotal-rows"]
    lines, side = ("2, 5", "below") if above else ("4, 7, 8", "above")
    assert said.message.startswith(f"rows {lines} hold the sums of the rows {side}, in 'mrr'")
    # What the next step says leaves out these rows: four customers of 830.
    setting = said.hint[said.hint.index("[inputs") :].rstrip(".").replace("drop] ", "drop]\n")
    assert write(tmp_path, "paid_users.csv", ["user_id,started_at,plan,mrr", *rows], setting) == []
    assert january(tmp_path, "new_paid_users", "closing_mrr_amount") == [4, 830]


def test_rows_that_count_the_others_are_asked_about(tmp_path: Path) -> None:
    rows = ["u1,2026-01-05,zalo", "u2,2026-01-05,zalo", "zalo: 2,2026-01-31,", "u3,2026-01-06,web", "u4,2026-01-06,web"]
    told = write(tmp_path, "signups.csv", ["user_id,signed_up_at,source", *rows, "web: 2,2026-01-31,"])
    assert told == [("subtotal-rows", "user_id")]


def test_sums_of_visits_after_some_days_are_asked_about(tmp_path: Path) -> None:
    """10 + 20 = 30, 11 + 23 = 34: all count as they stand, 2 x (30 + 34) = 128, and are named."""
    rows = ["2026-01-05,google,10", "2026-01-06,zalo,20", "2026-01-06,,30"]
    rows += ["2026-01-12,google,11", "2026-01-13,zalo,23", "2026-01-13,,34"]
    assert write(tmp_path, "visits.csv", ["date,source,visits", *rows]) == [("subtotal-rows", "visits")]
    assert january(tmp_path, "net_new_visitors") == [128]


def test_amounts_that_are_the_sums_of_others_by_accident_are_not_named(tmp_path: Path) -> None:
    rows = [f"u{n},2026-01-{n + 1:02d},Basic,{mrr}" for n, mrr in enumerate((100, 100, 200, 100, 100, 200))]
    assert write(tmp_path, "paid_users.csv", ["user_id,started_at,plan,mrr", *rows]) == []


# --- many rows -----------------------------------------------------------------------------------------------------


def grouped(groups: int, name: str) -> list[str]:
    """Groups of four amounts, 100 to 103 and on, below each a row of their sum, under a name or an id."""
    rows, number = [], 0
    for group in range(groups):
        amounts = [100 + group % 7 + n for n in range(4)]
        for amount in amounts:
            rows.append(f"u{number},2026-01-{number % 28 + 1:02d},Basic,{amount}")
            number += 1
        rows.append(f"{name.format(group)},2026-01-31,Basic,{sum(amounts)}")
    return rows


@pytest.mark.parametrize("name", ["Nhóm {}", "x{}", ""])
def test_sums_between_many_rows_are_asked_about(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Among more rows than are looked at one by one; twelve groups of four: their sums stand on lines 6, 11 and on."""
    monkeypatch.setattr(last_row, "MOST_ROWS", 20)
    rows = ["user_id,started_at,plan,mrr", *grouped(12, name)]
    told = write(tmp_path, "paid_users.csv", rows)
    assert [said for said in told if said[0] != "empty-cell"] == [("subtotal-rows", "mrr")]
    [said] = [p for p in fc.open_folder(tmp_path).check().problems if p.code == "subtotal-rows"]
    assert said.message.startswith("rows 6, 11, 16, 21, 26, 31, 36, 41, 46, 51, … hold the sums of the rows above, in")


def test_a_total_below_many_rows_is_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_row, "MOST_ROWS", 5)
    assert write(tmp_path, "paid_users.csv", ["user_id,started_at,mrr", *PAID]) == []
    whole = sum(int(row.rpartition(",")[2]) for row in PAID)
    rows = ["user_id,started_at,mrr", *PAID, f"tc,2026-01-31,{whole}"]
    assert write(tmp_path, "paid_users.csv", rows) == [("row-may-be-total", "mrr")]


def test_sums_of_visits_between_many_rows_are_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_row, "MOST_READ", 5)
    rows = ["2026-01-05,google,10", "2026-01-06,zalo,20", "2026-01-06,,30"]
    rows += ["2026-01-12,google,11", "2026-01-13,zalo,23", "2026-01-13,,34"]
    assert write(tmp_path, "visits.csv", ["date,source,visits", *rows]) == [("subtotal-rows", "visits")]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=14), st.booleans())
def test_sums_are_the_same_by_columns_as_row_by_row(rows: list[tuple[int, bool]], made: bool) -> None:
    """Of rows some of which are chosen, with any numbers or, where ``made``, with the sums of those above."""
    numbers, chosen = np.array([n for n, _ in rows], dtype=np.int64), np.array([c for _, c in rows], dtype=bool)
    chosen[-1] = True
    start = 0
    for row in np.flatnonzero(chosen).tolist() if made else ():
        numbers[row] = numbers[start:row].sum() or numbers[:row][~chosen[:row]].sum()
        start = row + 1

    def says(row: int) -> set[int]:
        return {int(numbers[row])}

    def comes_to(some: Sequence[int]) -> int:
        return int(numbers[list(some)].sum())

    side = subtotals._are_sums(len(numbers), set(np.flatnonzero(chosen).tolist()), says, comes_to)
    assert many_sums.are_sums(numbers, chosen) == (side is subtotals._BELOW)
