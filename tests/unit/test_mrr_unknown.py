"""What is known of the movements of MRR where a row has no amount, and sums of amounts with decimals."""

from __future__ import annotations

import json
from pathlib import Path

from support import figures, folder_of, run_cli, write_folder

HEADER = "user_id,started_at,ended_at,plan,mrr\n"
BRIDGE = ("opening", "new", "reactivation", "expansion", "contraction", "churned", "closing")


def revenue(folder: Path, rows: str, month: str, by: str | None = None) -> dict[tuple[str, str | None], object]:
    """The value of each metric and part in a month."""
    write_folder(folder, {"paid_users.csv": HEADER + rows})
    report = folder_of(folder).report(section="revenue", month=month, as_of="2026-04-30", by=by).report
    return {(key, part): value for (key, part, period), (value, *_) in figures(report).items() if period == month}


def bridge(known: dict[tuple[str, str | None], object], part: str | None = None) -> list[object]:
    return [known[f"{name}_mrr_amount", part] for name in BRIDGE]


def test_what_is_known_beside_a_row_without_an_amount_is_in_units(tmp_path: Path) -> None:
    """In March binh's amount is not known; in April it is over, and an pays 29.99 as ever."""
    rows = "an,2026-01-05,,Basic,29.99\nbinh,2026-03-10,2026-03-20,Basic,\n"
    assert bridge(revenue(tmp_path, rows, "2026-03")) == [29.99, *[None] * 5, 29.99]
    april = revenue(tmp_path, rows, "2026-04")
    assert bridge(april) == [29.99, 0, 0, 0, 0, 0, 29.99]
    rates = ("net_revenue_retention_rate", "gross_revenue_retention_rate", "concentration_rate")
    assert [april[rate, None] for rate in rates] == [1, 1, 1]


def test_what_is_added_up_in_hundredths_is_exact(tmp_path: Path) -> None:
    """33.33 churned and 100 less are 133.33, and not 133.32999999999998 as in units that are not exact in binary."""
    rows = "an,2026-01-05,2026-03-10,Basic,33.33\nbinh,2026-01-05,2026-03-20,Basic,200\nbinh,2026-03-21,,Basic,100\n"
    write_folder(tmp_path, {"paid_users.csv": HEADER + rows})
    report = folder_of(tmp_path).report(section="revenue", month="2026-03", as_of="2026-04-30").report
    known = figures(report)
    assert known["gross_mrr_churn_rate", None, "2026-03"] == (133.33 / 233.33, 133.33, 233.33)
    assert known["net_new_mrr_amount", None, "2026-03"] == (-133.33, None, None)


def test_nothing_is_said_to_move_while_a_row_without_an_amount_is_in_force(tmp_path: Path) -> None:
    """From January to April; it ends on 10 April, and what an pays is known beside it by plan."""
    rows = "an,2026-01-05,,Basic,30\nan,2026-01-20,2026-04-10,Pro,\n"
    for month, opening, closing in (("2026-01", 0, None), ("2026-02", None, None), ("2026-04", None, 30)):
        assert bridge(revenue(tmp_path, rows, month)) == [opening, *[None] * 5, closing], month
    march = revenue(tmp_path, rows, "2026-03", by="plan")
    assert bridge(march, "Basic") == [30, 0, 0, 0, 0, 0, 30]
    assert bridge(march, "Pro") == [None] * 7


def test_a_plan_that_gives_way_to_one_without_a_price_is_not_said_to_lose(tmp_path: Path) -> None:
    """What Basic paid went over to Pro if that costs as much, and was lost if it is free; SMS is as it was."""
    rows = "an,2026-01-05,2026-02-14,Basic,100\nan,2026-01-05,,SMS,30\nan,2026-02-15,,Pro,\n"
    february = revenue(tmp_path, rows, "2026-02", by="plan")
    assert {part: bridge(february, part) for part in (None, "Basic", "SMS")} == {
        None: [130, *[None] * 6],
        "Basic": [100, *[None] * 5, 0],
        "SMS": [30, 0, 0, 0, 0, 0, 30],
    }
    # Where both only begin, or both only cease, what a plan moved is known.
    rows = "an,2026-01-05,2026-02-14,Basic,100\nan,2026-01-05,2026-02-14,Pro,\n"
    assert bridge(revenue(tmp_path, rows, "2026-02", by="plan"), "Basic") == [100, 0, 0, 0, 0, 100, 0]


# --- who is followed ----------------------------------------------------------------------------------------------

RATES = ("net_revenue_retention_rate", "gross_revenue_retention_rate")


def retained(known: dict[tuple[str, str | None], object], *parts: str | None) -> list[tuple[object, ...]]:
    return [tuple(known[rate, part] for rate in RATES) for part in parts]


MOVED = "an,2026-01-05,2026-02-14,Basic,60\nan,2026-01-05,,SMS,40\nan,2026-02-15,,Pro,90\nbinh,2026-01-05,,SMS,40\n"


def test_who_is_followed_counts_in_the_plan_that_most_was_paid_for(tmp_path: Path) -> None:
    """an came to 60 + 40 with most of it in Basic, and comes to 90 + 40: that is Basic's, and binh's 40 are of SMS."""
    known = revenue(tmp_path, MOVED, "2026-02", by="plan")
    assert retained(known, None, "Basic", "SMS", "Pro") == [
        (170 / 140, 1),
        (130 / 100, 100 / 100),
        (40 / 40, 40 / 40),
        (None, None),  # nobody had most in it in January
    ]


def test_of_two_plans_of_as_much_the_first_by_name_is_that_of_most(tmp_path: Path) -> None:
    rows = "an,2026-01-05,2026-02-14,Pro,60\nan,2026-01-05,,Basic,60\n"
    assert retained(revenue(tmp_path, rows, "2026-02", by="plan"), "Basic", "Pro") == [
        (60 / 120, 60 / 120),
        (None, None),
    ]


def test_the_rows_behind_the_retention_of_a_plan_are_those_of_who_is_followed_in_it(tmp_path: Path) -> None:
    write_folder(tmp_path, {"paid_users.csv": HEADER + MOVED})
    asked = ("--month", "2026-02", "--as-of", "2026-02-28", "--by", "plan", "--part", "Basic", "--rows", "-f", "json")
    done = run_cli("explain", "net_revenue_retention_rate", tmp_path, *asked, "-q")
    rows = [(row["part"], row["line"], row["plan"], row["counts"]) for row in json.loads(done.stdout)["rows"]]
    assert rows == [
        ("kept_mrr_amount", 3, "Basic", 40),
        ("kept_mrr_amount", 4, "Basic", 90),
        ("known_opening_mrr_amount", 2, "Basic", 60),
        ("known_opening_mrr_amount", 3, "Basic", 40),
    ]


def test_a_metric_of_some_rows_is_the_same_as_the_part(tmp_path: Path) -> None:
    settings = "[metrics.nrr_of_basic]\nsum = ['net_revenue_retention_rate']\nwhere = {plan = 'Basic'}\n"
    write_folder(tmp_path, {"paid_users.csv": HEADER + MOVED}, settings)
    report = folder_of(tmp_path).report(month="2026-02", as_of="2026-04-30")
    assert report["nrr_of_basic"].tolist() == [130 / 100]


def test_who_came_without_a_price_hides_nothing_of_those_there_before(tmp_path: Path) -> None:
    """binh came in February; of chi, who was there, only the plan of now has no price."""
    rows = "an,2026-01-05,,Basic,60\nbinh,2026-02-05,,Basic,\n"
    assert retained(revenue(tmp_path, rows, "2026-02"), None) == [(1, 1)]
    rows += "chi,2026-01-05,2026-02-14,SMS,40\nchi,2026-02-15,,Pro,\n"
    known = revenue(tmp_path, rows, "2026-02", by="plan")
    assert retained(known, None, "Basic", "SMS") == [(None, None), (1, 1), (None, None)]


def test_nothing_is_followed_from_before_the_opening_nor_into_what_lies_ahead(tmp_path: Path) -> None:
    paid = {"paid_users.csv": HEADER + "an,2025-01-05,,Basic,60\n"}
    write_folder(tmp_path, paid, "[opening]\nmonth = '2025-06'\npaid_users = 3\nmrr = 200\n")
    report = folder_of(tmp_path).report(section="revenue", start="2026-04", end="2026-07", as_of="2026-06-30").report
    known = figures(report)
    year = [known["net_revenue_retention_12m_rate", None, f"2026-0{month}"][0] for month in range(4, 8)]
    assert year == [None, 1, 1, None]  # April's would begin in May 2025, July has not begun


def test_rows_of_others_after_as_of_change_no_reason(tmp_path: Path) -> None:
    """On 31 January an's 500 end and a row without an amount begins, both organic: two rows in all are not priced.

    A customer of another channel who comes a year later changes nothing of that.
    """
    header = "user_id,started_at,ended_at,mrr,source\n"
    rows = "an,2025-12-03,2026-01-31,500,google\nan,2026-01-31,,,google\nbinh,2025-11-01,,,google\n"

    def reasons(folder: Path, text: str) -> list[tuple[str, str | None]]:
        folder.mkdir()
        write_folder(folder, {"paid_users.csv": header + text})
        document = folder_of(folder).report(section="revenue", as_of="2026-03-04", start="2025-11", end="2026-03")
        return [
            (row["metric"], cell["missing"])
            for row in document.answer.data["rows"]
            for cell in (*row["cells"], row["total"])
        ]

    before = reasons(tmp_path / "a", rows)
    assert ("new_mrr_amount", "2 rows in force cannot be priced; `funnelcli check` lists them") in before
    assert reasons(tmp_path / "b", rows + "chi,2027-04-09,2027-05-09,12,affiliate\n") == before
