"""Cash collected and refunded beside MRR, worked by hand: by which day, of which rows, and where nobody knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from funnelcli import open_folder
from support import NOW

HEADER = "user_id,started_at,ended_at,plan,interval,amount,paid_at,status,refunded_at,refunded_amount\n"
# A year paid in advance and left with a part of it back; a month taken back whole; another year.
YEARS = """\
lan,2025-07-16,2026-07-15,Pro,year,1200,2025-07-10,cancelled,2026-05-04,90
minh,2026-05-03,2026-06-02,Basic,month,50,2026-05-03,refunded,2026-05-12,50
hoa,2026-05-01,2027-04-30,Pro,year,1200,2026-05-01,active,,
"""
KEYS = ("collected_amount", "refunded_amount")


def cash(folder: Path, rows: str, *, header: str = HEADER, toml: str = "", **options: Any) -> dict[str, Any]:
    """Each figure by month, and those of the range."""
    (folder / "paid_users.csv").write_text(header + rows, encoding="utf-8")
    (folder / "funnel.toml").write_text(toml, encoding="utf-8")
    asked = {"start": "2026-01", "end": "2026-03", "as_of": "2026-03-31", "section": "all", **options}
    report = open_folder(folder, now=NOW).report(**asked)
    return {
        row.metric.key: [cell.value for cell in (*row.cells, row.total)]
        for row in report.report.rows
        if row.part is None
    } | {"report": report.report}


def reason(known: dict[str, Any], key: str, place: int = 0) -> str:
    row = next(row for row in known["report"].rows if row.metric.key == key)
    assert row.cells[place].missing is not None
    return str(row.cells[place].missing.code)


def test_years_paid_at_once_beside_their_mrr(tmp_path: Path) -> None:
    known = cash(tmp_path, YEARS, start="2025-07", end="2026-07", as_of="2026-07-31")
    months = ["2025-07", *(f"2025-{m:02}" for m in range(8, 13)), *(f"2026-{m:02}" for m in range(1, 8)), "total"]
    by_month = {key: {m: v for m, v in zip(months, known[key], strict=True) if v} for key in KEYS}
    assert by_month == {
        "collected_amount": {"2025-07": 1200, "2026-05": 1200 + 50, "total": 2450},
        "refunded_amount": {"2026-05": 90 + 50, "total": 140},
    }
    # A refund moves no MRR: 100 from July, 200 from May on, 100 from 15 July on; nobody is new or lost with the refund.
    assert dict(zip(months, known["closing_mrr_amount"], strict=True)) == {
        **dict.fromkeys(months[:10], 100), "2026-05": 200, "2026-06": 200, "2026-07": 100, "total": 100
    }  # fmt: skip
    assert [sum(known[key][:-1]) for key in ("new_paid_users", "churned_paid_users")] == [2, 1]


def test_without_a_day_of_payment_the_start_counts_and_that_is_said(tmp_path: Path) -> None:
    header = "user_id,started_at,ended_at,amount,refunded\n"
    known = cash(tmp_path, "an,2026-01-31,2026-02-27,70,\nbo,2026-02-01,2026-02-28,30,5\n", header=header)
    assert [known[key] for key in KEYS] == [[70, 30, 0, 100], [0, 5, 0, 5]]
    said = {note.code: note.text.of("en") for note in known["report"].notes}
    assert said["cash-by-start"] == "Cash of 2 rows is dated by their start: nothing says when it was paid."
    assert said["refunds-by-payment"].startswith("1 refund is dated by the day of its payment")


@pytest.mark.parametrize(
    ("what", "rows", "collected"),
    [
        ("the price of a month, for a year", "an,2026-01-15,2027-01-14,month,10\n", [None, None, None]),
        ("the price of a month, without an end", "an,2026-02-15,,month,10\n", [0, None, None]),
        ("a year's, over in January", "an,2025-01-15,2026-01-14,month,10\nbo,2026-02-01,2026-02-28,,7\n", [None, 7, 0]),
        ("within one month, for two weeks and more", "an,2026-02-02,2026-02-27,week,10\n", [0, None, 0]),
        ("a month each", "an,2026-01-15,2026-02-14,month,10\nan,2026-02-15,2026-03-14,month,10\n", [10, 10, 0]),
    ],
)  # fmt: skip
def test_a_row_longer_than_its_interval_states_a_price(
    what: str, rows: str, collected: list[float | None], tmp_path: Path
) -> None:
    known = cash(tmp_path, rows, header="user_id,started_at,ended_at,interval,amount\n")
    assert known["collected_amount"][:3] == collected, what
    if None in collected:
        assert reason(known, "collected_amount", collected.index(None)) == "prices-alone"


def test_payments_and_credit_notes(tmp_path: Path) -> None:
    header = "user_id,paid_at,amount,invoice_id\n"
    rows = "an,2026-01-05,100,i1\nan,2026-02-05,100,i2\nan,2026-02-20,-100,i2\nbo,2026-01-31,40,i3\n"
    rows += "bo,2026-03-01,(15),i3\n"
    known = cash(tmp_path, rows, header=header, toml='[paid_users]\nshape = "payments"\n')
    assert [known[key] for key in KEYS] == [[140, 100, 0, 240], [0, 100, 15, 115]]
    folder = open_folder(tmp_path, now=NOW)
    back = folder.explain("refunded_amount", month="2026-02", as_of="2026-03-31").rows
    assert [(row.user_id, row.line, str(row.day), row.amount) for row in back] == [("an", 4, "2026-02-20", 100)]
    paid = folder.explain("collected_amount", month="2026-02", as_of="2026-03-31").rows
    assert [(row.user_id, row.line, row.amount) for row in paid] == [("an", 3, 100)]


def test_what_was_never_paid_is_no_cash(tmp_path: Path) -> None:
    header = "user_id,started_at,ended_at,amount,status\n"
    rows = (
        "an,2026-01-01,2026-01-31,10,paid\nbo,2026-01-01,2026-01-31,20,failed\nchi,2026-01-01,2026-01-31,30,refunded\n"
    )
    known = cash(tmp_path, rows, header=header)
    assert [known[key][0] for key in KEYS] == [10 + 30, 30]


def test_by_plan_and_channel_and_in_cents(tmp_path: Path) -> None:
    header = "user_id,started_at,ended_at,plan,source,amount_in_cents,currency,refunded\n"
    rows = "an,2026-01-01,2026-01-31,Pro,partner,1050,USD,\nbo,2026-01-01,2026-01-31,Basic,affiliate,2000,USD,525\n"
    known = cash(tmp_path, rows, header=header, by="plan")
    assert [known[key][0] for key in KEYS] == [30.5, 5.25]
    parts = {
        (row.metric.key, row.part.key): row.cells[0].value
        for row in known["report"].rows
        if row.part is not None and row.metric.key in KEYS and row.part.key != "unknown"
    }
    assert parts == {
        ("collected_amount", "Pro"): 10.5, ("collected_amount", "Basic"): 20,
        ("refunded_amount", "Pro"): 0, ("refunded_amount", "Basic"): 5.25,
    }  # fmt: skip


def test_where_nothing_is_known_it_is_missing(tmp_path: Path) -> None:
    known = cash(tmp_path, "an,2026-01-01,2026-01-31,10\n", header="user_id,started_at,ended_at,mrr\n")
    assert {row.metric.key for row in known["report"].rows}.isdisjoint(KEYS)  # nothing tells of payments
    known = cash(tmp_path, "an,2026-01-01,2026-01-31,10\n", header="user_id,started_at,ended_at,amount\n")
    assert known["collected_amount"] == [10, 0, 0, 10]
    assert reason(known, "refunded_amount") == "no-refunds"


@pytest.mark.parametrize("later", ["", "bo,2026-04-02,2026-05-01,70\n"])
@pytest.mark.parametrize("by", [None, "channel"])
def test_what_no_column_says_is_missing_however_many_rows_count(tmp_path: Path, later: str, by: str | None) -> None:
    """Nobody pays for the only row, which therefore does not count; one after as_of changes nothing of that."""
    header = "user_id,started_at,ended_at,amount\n"
    known = cash(tmp_path, f"an,2026-01-31,2026-02-27,0\n{later}", header=header, by=by)
    assert known["collected_amount"] == [0, 0, 0, 0]
    assert known["refunded_amount"] == [None] * 4
    assert reason(known, "refunded_amount") == "no-refunds"


def test_an_amount_beside_an_mrr_is_cash_where_it_comes_to_that(tmp_path: Path) -> None:
    header = "user_id,started_at,ended_at,mrr,amount,paid_at\n"
    known = cash(tmp_path, "an,2026-02-01,2027-01-31,100,1200,2026-01-31\n", header=header)
    assert known["collected_amount"] == [1200, 0, 0, 1200]
    known = cash(tmp_path, "an,2026-02-01,2027-01-31,100,100,2026-01-31\n", header=header)
    assert known["collected_amount"] == [0, None, None, None]


def test_what_is_paid_after_as_of_does_not_count_and_a_header_stays_the_start_where_there_is_no_other(
    tmp_path: Path,
) -> None:
    header = "user_id,started_at,ended_at,amount,paid_at\n"
    rows = "an,2026-01-01,2026-01-31,10,2026-02-10\n"
    assert cash(tmp_path, rows, header=header, as_of="2026-02-09", end="2026-02")["collected_amount"] == [0, 0, 0]
    assert cash(tmp_path, rows, header=header, as_of="2026-02-10", end="2026-02")["collected_amount"] == [0, 10, 10]
    known = cash(tmp_path, "an,2026-01-05,2026-02-04,10\n", header="user_id,paid_at,ended_at,amount\n")
    assert (known["new_paid_users"][:2], known["collected_amount"][:2]) == ([1, 0], [10, 0])


def test_days_of_refunds_without_an_amount_are_named(tmp_path: Path) -> None:
    header = "user_id,started_at,ended_at,amount,refunded_at,refunded\n"
    rows = "an,2026-01-01,2026-01-31,10,2026-01-20,4\nbo,2026-01-01,2026-01-31,10,2026-01-21,\n"
    known = cash(tmp_path, rows, header=header)
    assert [known[key][0] for key in KEYS] == [20, 4]
    said = [fault.text.of("en") for fault in open_folder(tmp_path, now=NOW).check().problems]
    assert said == [
        "where no amount stands beside it, the column 'refunded_at' is not read, and it holds days on which rows may "
        "have been paid back or charged back (1); they count"
    ]  # fmt: skip


@pytest.mark.parametrize("interval", ["month", ""])
def test_who_is_billed_on_the_31st_pays_a_month_each_month(tmp_path: Path, interval: str) -> None:
    days = ("01-31,2026-02-27", "02-28,2026-03-30", "03-31,2026-04-29", "04-30,2026-05-30", "05-31,2026-06-29")
    rows = "".join(f"b,2026-{day},Pro,{interval},100,2026-{day[:5]},,,\n" for day in days)
    known = cash(tmp_path, rows, end="2026-05", as_of="2026-05-31")
    assert known["collected_amount"] == [100, 100, 100, 100, 100, 500]
    assert known["closing_mrr_amount"] == [100] * 6
    # A row that does last longer than its interval, by more than a twentieth, still says no more than a price.
    known = cash(tmp_path, rows + "c,2026-03-01,2026-04-02,Pro,month,70,,,,\n", end="2026-05", as_of="2026-05-31")
    assert known["collected_amount"] == [100, 100, None, None, 100, None]
