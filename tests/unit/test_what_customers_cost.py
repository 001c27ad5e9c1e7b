"""What a customer costs and brings: CAC by channel, LTV, payback, and what is not known of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from funnelcli.answers.report_model import Report
from funnelcli.values.figures import Value
from support import folder_of

CAC, PAID_CAC = "customer_acquisition_cost_amount", "paid_customer_acquisition_cost_amount"
# Paid 6,000 + 2,000 - 400 = 7,600; affiliate 1,500; of no channel 1,000 + 500; customer_success serves.
COSTS = """date,channel,team,amount
2026-03,google / cpc,marketing,6000
2026-03-10,facebook / paid,marketing,2000
2026-03-25,google / cpc,marketing,-400
2026-03,affiliate,affiliate,1500
2026-03,,marketing,1000
2026-03-20,billboard,marketing,500
2026-03,,Customer Success,3000
"""
NEW = {"google / cpc": 19, "affiliate": 5, "google / organic": 8}


def people(folder: Path, new: Mapping[str, int] = NEW) -> None:
    """New customers of March by source; one who paid before and comes back, and one of April."""
    signups, paid = ["user_id,signed_up_at,source"], ["user_id,started_at,ended_at,mrr"]
    for source, number in new.items():
        for each in range(number):
            signups.append(f"{source} {each},2026-03-01,{source}")
            paid.append(f"{source} {each},2026-03-{each + 2:02},,100")
    signups += ["old,2026-01-05,google / cpc", "late,2026-04-01,google / cpc"]
    paid += ["old,2026-01-05,2026-01-31,100", "old,2026-03-05,,100", "late,2026-04-02,,100"]
    (folder / "signups.csv").write_text("\n".join(signups), encoding="utf-8")
    (folder / "paid_users.csv").write_text("\n".join(paid), encoding="utf-8")


def report(folder: Path, **options: object) -> Report:
    asked = {"start": "2026-03", "end": "2026-04", "as_of": "2026-04-30"} | options
    return folder_of(folder).report(**asked).report  # type: ignore[arg-type]


def cells(report: Report, key: str, part: str | None = None) -> list[Value]:
    """The figures of a metric by period, and of the range."""
    of_part = (row for row in report.rows if row.metric.key == key and (row.part.key if row.part else None) == part)
    row = next(of_part)
    return [*row.cells, row.total]


def shown(report: Report, key: str, part: str | None = None) -> list[float | str]:
    """The figures, or the codes of the reasons why there are none."""
    return [
        cell.missing.code if cell.missing is not None else round(cell.value or 0, 6)
        for cell in cells(report, key, part)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "costs.csv").write_text(COSTS, encoding="utf-8")
    people(tmp_path)
    return tmp_path


def test_the_cac_of_a_channel_is_what_names_it_over_its_new_customers(folder: Path) -> None:
    by_channel = report(folder, by="channel")
    # 7,600 / 19; 1,500 / 5; 10,600 / (19 + 5 + 8) = 331.25: who came back is not new.
    ended = "costs-ended-earlier"
    assert {part: shown(by_channel, CAC, part) for part in ("paid", "affiliate", None)} == {
        "paid": [400, ended, 400],
        "affiliate": [300, ended, 300],
        None: [331.25, ended, 331.25],
    }
    assert shown(by_channel, "acquisition_cost_amount") == [10600, ended, 10600]
    assert shown(by_channel, "actual_cost_amount") == [13600, ended, 13600]
    assert [(cell.numerator, cell.denominator) for cell in cells(by_channel, CAC)[::2]] == [(10600, 32)] * 2
    assert shown(by_channel, PAID_CAC) == [400, ended, 400]


def test_a_channel_without_costs_has_no_cac_and_costs_without_a_channel_have_none(folder: Path) -> None:
    by_channel = report(folder, by="channel")
    assert shown(by_channel, CAC, "organic")[0] == "no-costs"
    assert shown(by_channel, "acquisition_cost_amount", "unassigned")[0] == 1500
    assert shown(by_channel, CAC, "unassigned")[0] == "no-new-paid-users"


def test_money_that_names_nobody_is_not_that_of_people_whom_nobody_names(folder: Path) -> None:
    # 1,900 / 19; 500 name no source, and the 8 without one are not who came of them.
    (folder / "costs.csv").write_text(
        "month,source,amount\n2026-03,google / cpc,1900\n2026-03,,500\n", encoding="utf-8"
    )
    people(folder, {"google / cpc": 19, "": 8})
    by_source = report(folder, by="source")
    assert shown(by_source, CAC, "google / cpc")[0] == 100
    assert shown(by_source, CAC, "unassigned")[0] == "no-new-paid-users"
    assert shown(by_source, CAC, "unknown")[0] == "no-costs"


def test_who_serves_is_said_by_the_settings(folder: Path) -> None:
    (folder / "funnel.toml").write_text('[costs]\nservice_teams = ["affil*"]\n', encoding="utf-8")
    # 13,600 - 1,500 = 12,100; 12,100 / 32 = 378.125.
    assert shown(report(folder), CAC)[0] == 378.125


def test_costs_without_teams_are_all_of_acquisition(folder: Path) -> None:
    (folder / "costs.csv").write_text("date,amount\n2026-03,3200\n", encoding="utf-8")
    assert shown(report(folder), CAC)[0] == 100


def test_a_lead_and_a_demo_cost_what_was_spent_over_their_number(folder: Path) -> None:
    (folder / "demos.csv").write_text("user_id,booked_at\nold,2026-03-05\nlate,2026-03-06\n", encoding="utf-8")
    (folder / "visitors.csv").write_text(
        "date,source,visits\n2026-03-01,google / cpc,760\n2026-03-31,google / organic,300\n2026-04-30,zalo,5\n",
        encoding="utf-8",
    )
    march = report(folder, by="channel")
    assert shown(march, "cost_per_lead_amount")[0] == 331.25  # 10,600 / 32
    assert shown(march, "cost_per_demo_amount")[0] == 5300  # 10,600 / 2
    assert shown(march, "cost_per_visit_amount")[0] == 10  # 10,600 / 1,060
    assert shown(march, "cost_per_visit_amount", "paid")[0] == 10  # 7,600 / 760
    assert shown(march, "cost_per_visit_amount", "affiliate")[0] == "no-all-visits"


# --- what a customer brings ------------------------------------------------------------------------------------------


def of_two_months(folder: Path, cost: int, *, lost: tuple[int, int] = (3, 6), margin: str = '"80%"') -> Report:
    """40 customers when March begins, of whom some are lost; 13 come in March and 7 in April, for one cost each."""
    stays = [("2026-02-01", "")] * 40 + [("2026-03-02", "")] * 13 + [("2026-04-02", "")] * 7
    ends = ["2026-03-20"] * lost[0] + ["2026-04-20"] * lost[1]
    stays = [(start, ends[place] if place < len(ends) else "") for place, (start, _) in enumerate(stays)]
    rows = [f"u{place},{start},{end},100" for place, (start, end) in enumerate(stays)]
    (folder / "paid_users.csv").write_text("user_id,started_at,ended_at,mrr\n" + "\n".join(rows), encoding="utf-8")
    (folder / "costs.csv").write_text(f"month,cost\n2026-03,{13 * cost}\n2026-04,{7 * cost}\n", encoding="utf-8")
    (folder / "funnel.toml").write_text(f"[business]\ngross_margin = {margin}\n" if margin else "", encoding="utf-8")
    return report(folder)


@pytest.mark.parametrize(
    ("cost", "payback", "over_cac"),
    [(700, 700 / 80, 800 / 700), (800, 10, 1), (900, "never", 800 / 900)],
)
def test_payback_and_what_a_customer_brings_over_what_one_costs(
    tmp_path: Path, cost: int, payback: float | str, over_cac: float
) -> None:
    known = of_two_months(tmp_path, cost)
    # (3 + 6) / (40 + 50) = 10 % a month; 100 x 0.8 / 0.1 = 800; of April alone 100 x 0.8 / (6 / 50) = 666.67.
    assert shown(known, "monthly_paid_user_churn_rate") == [3 / 40, 0.12, 0.1]
    assert shown(known, "customer_lifetime_value_amount")[1:] == [round(80 / 0.12, 6), 800]
    assert shown(known, "ltv_to_cac_ratio")[2] == round(over_cac, 6)
    assert shown(known, "cac_payback_months")[2] == payback


def test_the_churn_of_months_comes_to_more_in_a_year(tmp_path: Path) -> None:
    # 9 / 40 = 22.5 % in two months: 1 - 0.775^6; 7.5 % and 12 % in one: 1 - 0.925^12, 1 - 0.88^12.
    known = of_two_months(tmp_path, 700)
    expected = [1 - 0.925**12, 1 - 0.88**12, 1 - 0.775**6]
    assert shown(known, "annualised_churn_rate") == [round(rate, 6) for rate in expected]
    assert round(expected[2], 3) == 0.783
    running = report(tmp_path, as_of="2026-04-15")
    assert shown(running, "annualised_churn_rate")[1:] == ["no-whole-months"] * 2


def test_where_nobody_was_lost_there_is_no_ltv_but_a_payback(tmp_path: Path) -> None:
    known = of_two_months(tmp_path, 900, lost=(0, 0))
    assert shown(known, "customer_lifetime_value_amount") == ["no-monthly-paid-user-churn-rate"] * 3
    assert shown(known, "ltv_to_cac_ratio") == ["no-monthly-paid-user-churn-rate"] * 3
    assert shown(known, "cac_payback_months")[2] == 11.25


def test_a_margin_that_nobody_says_is_all_of_revenue_and_that_is_said(tmp_path: Path) -> None:
    known = of_two_months(tmp_path, 900, margin="")
    assert shown(known, "customer_lifetime_value_amount")[2] == 1000  # 100 / 0.1
    assert "gross-margin-assumed" in {note.code for note in known.notes}
    assert "gross-margin-assumed" not in {note.code for note in of_two_months(tmp_path, 900).notes}


def published(folder: Path, *, costs: str, margin: str, arpa: int, opening: int, lost: int, new: int) -> Report:
    """March of a firm of which so much is published."""
    stays = [f"u{n},2026-02-01,{'2026-03-31' if n < lost else ''},{arpa}" for n in range(opening)]
    stays += [f"n{n},2026-03-05,,{arpa}" for n in range(new)]
    (folder / "paid_users.csv").write_text("user_id,started_at,ended_at,mrr\n" + "\n".join(stays), encoding="utf-8")
    (folder / "costs.csv").write_text(costs, encoding="utf-8")
    (folder / "funnel.toml").write_text(f'[business]\ngross_margin = "{margin}"\n', encoding="utf-8")
    return report(folder, start="2026-03", end="2026-03", as_of="2026-03-31")


def test_published_values_hold(tmp_path: Path) -> None:
    # LTV 100 / 5 % = 2,000; with a margin of 80 % it is 1,600; 5 % a month is 46 % a year.
    spent = "month,team,amount\n2026-03,marketing,10000\n2026-03,sales,5000\n"
    known = published(tmp_path, costs=spent, margin="100%", arpa=100, opening=20, lost=1, new=30)
    assert shown(known, "customer_lifetime_value_amount")[0] == 2000
    assert shown(known, CAC)[0] == 500  # (10,000 + 5,000) / 30
    assert round(float(shown(known, "annualised_churn_rate")[0]), 2) == 0.46
    known = published(tmp_path, costs=spent, margin="80%", arpa=100, opening=20, lost=1, new=30)
    assert shown(known, "customer_lifetime_value_amount")[0] == 1600
    # CAC 1,200, ARPA 200, margin 80 %: 1,200 / 160 = 7.5 months.
    costs = "month,amount\n2026-03,36000\n"
    known = published(tmp_path, costs=costs, margin="80%", arpa=200, opening=20, lost=1, new=30)
    assert shown(known, "cac_payback_months")[0] == 7.5


def magic(folder: Path, costs: str) -> Report:
    """MRR of 44,000 at the end of March and 52,000 at the end of June; a firm that began in December."""
    (folder / "paid_users.csv").write_text(
        "user_id,started_at,mrr\na,2025-12-01,44000\nb,2026-05-10,8000\n", encoding="utf-8"
    )
    (folder / "costs.csv").write_text(costs, encoding="utf-8")
    return report(folder, start="2026-05", end="2026-06", as_of="2026-06-30")


def test_the_magic_number_sets_a_year_of_new_mrr_against_the_quarter_before(tmp_path: Path) -> None:
    # 12 x (52,000 - 44,000) / (20,000 + 30,000 + 30,000) = 1.2; of May, 12 x 8,000 / (20,000 + 30,000 + no December).
    costs = "month,cost\n2026-01,20000\n2026-02,30000\n2026-03,30000\n2026-04,999\n2026-06,5\n"
    key = "sales_magic_number_ratio"
    assert shown(magic(tmp_path, costs), key) == ["costs-begin-later", 1.2, 1.2]
    # Costs that end in February tell nothing of March.
    assert shown(magic(tmp_path, "month,cost\n2025-11,1\n2026-02,1\n"), key)[1] == "costs-ended-earlier"


def test_what_looks_back_from_a_month_that_has_not_begun_is_missing(tmp_path: Path) -> None:
    """By 31 July a range to August has no last three months, though the three before them are known."""
    magic(tmp_path, "month,cost\n2026-01,20000\n2026-02,30000\n2026-03,30000\n2026-04,999\n2026-06,5\n")
    known = report(tmp_path, start="2026-06", end="2026-08", as_of="2026-07-31")
    # 12 x (52,000 - 44,000) / (30,000 + 30,000 + 999), of February to April.
    july = pytest.approx(12 * 8000 / 60999)
    assert shown(known, "sales_magic_number_ratio") == [1.2, july, "after-as-of", "after-as-of"]


def test_a_cohort_stands_beside_the_cost_of_its_month(tmp_path: Path) -> None:
    # Of two who registered in March one paid in April and one in May: 300 / 2.  Of April's one has not had 60 days.
    (tmp_path / "signups.csv").write_text(
        "user_id,signed_up_at\na,2026-03-05\nb,2026-03-06\nc,2026-04-20\nd,2026-05-31\n", encoding="utf-8"
    )
    (tmp_path / "paid_users.csv").write_text(
        "user_id,started_at,mrr\na,2026-04-10,5\nb,2026-05-04,5\nc,2026-04-21,5\n", encoding="utf-8"
    )
    (tmp_path / "costs.csv").write_text("month,cost\n2026-03,300\n2026-04,100\n", encoding="utf-8")
    key = "customer_acquisition_cost_cohort_amount"
    known = report(tmp_path, as_of="2026-05-31", basis="cohort", window="60d")
    assert shown(known, key) == [150, "immature", 150]
    assert [(cell.numerator, cell.denominator) for cell in cells(known, key)] == [(300, 2), (100, 0), (300, 2)]
    assert key not in {row.metric.key for row in report(tmp_path, as_of="2026-05-31").rows}


def test_what_an_export_covers_is_known_before_its_first_row(tmp_path: Path) -> None:
    """Nobody paid before March, as [inputs.paid_users] covers says; of June 12 x (300 - 100) / 600 = 4."""
    (tmp_path / "paid_users.csv").write_text(
        "user_id,started_at,mrr\na,2026-03-05,100\nb,2026-05-05,200\n", encoding="utf-8"
    )
    (tmp_path / "costs.csv").write_text("month,cost\n2026-01,100\n2026-03,500\n", encoding="utf-8")
    key, asked = "sales_magic_number_ratio", {"start": "2026-06", "end": "2026-06", "as_of": "2026-06-30"}
    assert shown(report(tmp_path, **asked), key)[0] == "paid-users-begin-later"
    (tmp_path / "funnel.toml").write_text('[inputs.paid_users]\ncovers = ["2026-01", "2026-06"]\n', encoding="utf-8")
    assert shown(report(tmp_path, **asked), key)[0] == 4
    (tmp_path / "funnel.toml").write_text('[inputs.paid_users]\ncovers = ["2026-02", "2026-06"]\n', encoding="utf-8")
    assert shown(report(tmp_path, **asked), key)[0] == "paid-users-not-covered"
