"""Commission worked by hand: what is earned, when it is due, what is clawed back, and who earns it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import funnelcli as fc
from owed import PAID, POLICY, SIGNUPS, folder_of

METRICS = {
    "earned": "commission_earned_amount",
    "payable": "commission_payable_amount",
    "clawed": "commission_clawed_back_amount",
    "held": "commission_held_amount",
}
MONTHS = ["2026-01", "2026-02", "2026-03"]


def figures(
    folder: fc.Folder, as_of: str, *, by: str | None = None, part: str | None = None, start: str = "2026-01"
) -> dict[str, list[float | None]]:
    """Each figure of commission by month, and of the range, of the whole or of a part."""
    report = folder.report(start=start, end=as_of[:7], as_of=as_of, by=by, section="costs")
    rows = {row.metric.key: row for row in report.report.rows if (row.part.key if row.part else None) == part}
    return {name: [cell.value for cell in (*rows[key].cells, rows[key].total)] for name, key in METRICS.items()}


def test_a_quarter_of_two_earners(tmp_path: Path) -> None:
    """Signups bring 50, first payments 10 % of a first year: 120, 240, 180, 120."""
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=PAID)
    assert figures(folder, "2026-03-31", by="person", part="B2") == {
        "earned": [50 + 120 + 50 + 240, 50 + 180, 0, 690],
        "clawed": [0, 240, 0, 240],
        "payable": [0, 50 + 120 + 50, 50 + 180, 450],
        "held": [460, 460 + 230 - 240 - 220, 0, 0],
    }
    assert figures(folder, "2026-03-31", by="person", part="unassigned") == {
        "earned": [0, 0, 50 + 120, 170], "clawed": [0, 0, 0, 0], "payable": [0, 0, 0, 0], "held": [0, 0, 170, 170],
    }  # fmt: skip
    assert figures(folder, "2026-03-31") == {
        "earned": [460, 230, 170, 860], "clawed": [0, 240, 0, 240], "payable": [0, 220, 230, 450],
        "held": [460, 230, 170, 170],
    }  # fmt: skip


@pytest.mark.parametrize("by", ["team", "channel", "affiliate_id", "source"])
def test_other_splits_sum_to_the_whole(tmp_path: Path, by: str) -> None:
    """Whatever it is split by, the figures of the parts sum to those of the whole, which the report asserts as well."""
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=PAID)
    report = folder.report(start="2026-01", end="2026-03", as_of="2026-03-31", by=by, section="costs")
    for key in METRICS.values():
        for month in MONTHS:
            parts = [report.values(key, part)[month].value or 0 for part in report.parts]
            assert sum(parts) == report.values(key)[month].value, (by, key, month)


@pytest.mark.parametrize(
    ("as_of", "earned", "payable", "clawed", "held"),
    [
        ("2026-01-09", 0, 0, 0, 0),
        ("2026-01-10", 50, 0, 0, 50),  # the day of the signup
        ("2026-02-08", 460, 0, 0, 460),
        ("2026-02-09", 460, 50, 0, 410),  # the 30th day after the signup
        ("2026-02-23", 510, 220, 0, 290),
        ("2026-02-24", 510, 220, 240, 50),  # n2 leaves on the day on which 240 would be due
    ],
)  # fmt: skip
def test_days_on_which_it_changes(
    tmp_path: Path, as_of: str, earned: float, payable: float, clawed: float, held: float
) -> None:
    """To date, earned = payable + clawed back + held on every day; nothing after it is known."""
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=PAID)
    totals = {name: column[-1] for name, column in figures(folder, as_of).items()}
    assert totals == {"earned": earned, "payable": payable, "clawed": clawed, "held": held}
    assert earned == payable + clawed + held


@pytest.mark.parametrize(
    ("end", "clawed", "payable"),
    [("2026-02-23", 240, 50), ("2026-02-24", 240, 50), ("2026-02-25", 0, 290)],
)
def test_the_due_day_is_the_last_to_claw_back(tmp_path: Path, end: str, clawed: float, payable: float) -> None:
    """Paid from 25 January on, due 30 days later, on 24 February: who leaves on that day is not paid for."""
    folder = folder_of(tmp_path, signups=SIGNUPS[:1] + SIGNUPS[2:3], paid_users=(PAID[0], f"n2,2026-01-25,{end},200"))
    totals = {name: column[-1] for name, column in figures(folder, "2026-03-31").items()}
    assert totals == {"earned": 290, "payable": payable, "clawed": clawed, "held": 0}


def test_who_leaves_before_a_signup_is_due_brings_nothing(tmp_path: Path) -> None:
    """Both commissions of the person go back on the day of the loss, and who comes back brings none again."""
    paid = (PAID[0], "n1,2026-01-12,2026-01-20,100", "n1,2026-02-01,,100")
    folder = folder_of(tmp_path, signups=SIGNUPS[:2], paid_users=paid)
    assert figures(folder, "2026-03-31") == {
        "earned": [170, 0, 0, 170], "payable": [0, 0, 0, 0], "clawed": [170, 0, 0, 170], "held": [0, 0, 0, 0],
    }  # fmt: skip


def test_a_first_payment_of_two_rows_and_half_a_hundredth(tmp_path: Path) -> None:
    """12.5 % of 12 x (10.05 + 0.02) is 15.105, which is 15.10; a second plan of a later day is no beginning."""
    policy = ("[policies.affiliate]", 'per_new_paid_user = "12.5%"')
    paid = ("user_id,started_at,ended_at,plan,mrr", "n1,2026-01-20,,A,10.05", "n1,2026-01-20,,B,0.02",
            "n1,2026-01-21,,C,500")  # fmt: skip
    folder = folder_of(tmp_path, ("[business]", 'currency = "USD"', *policy), signups=SIGNUPS[:2], paid_users=paid)
    totals = {name: column[-1] for name, column in figures(folder, "2026-01-31").items()}
    assert totals == {"earned": 15.10, "payable": 15.10, "clawed": 0, "held": 0}


def test_prices_of_every_stage(tmp_path: Path) -> None:
    """Visits that are not those of users, signups, bookings and customers of the channels that a team is paid for."""
    policy = (
        "[business]", 'currency = "USD"',
        "[policies.marketing]", "per_visit = 0.0125", "per_signup = 2", "fixed_per_month = 1000",
        "[policies.sales_enterprise]", "per_demo = 10", "per_new_paid_user = 100",
    )  # fmt: skip
    folder = folder_of(
        tmp_path, policy,
        visitors=("date,source,visits,existing_visits", "2026-01-05,google / cpc,10,3", "2026-01-06,affiliate,99,0"),
        signups=("user_id,signed_up_at,source,sales_rep", "p1,2026-01-05,google / cpc,Lan", "p2,2026-01-06,affiliate,"),
        demos=("user_id,booked_at,sales_rep", "p1,2026-01-07,", "p2,2026-01-07,Minh"),
        paid_users=("user_id,started_at,ended_at,mrr", "p2,2026-01-09,,5"),
    )  # fmt: skip
    # marketing: 7 x 0.0125 + 2; sales: 2 x 10 + 100.  p1's rep is that of the signup, p2's that of the demo.
    by_team = {part: figures(folder, "2026-01-31", by="team", part=part)["earned"][0]
               for part in ("marketing", "sales_enterprise")}  # fmt: skip
    assert by_team == {"marketing": 0.0875 + 2, "sales_enterprise": 120}
    by_person = {part: figures(folder, "2026-01-31", by="person", part=part)["earned"][0]
                 for part in ("Lan", "Minh", "unassigned")}  # fmt: skip
    assert by_person == {"Lan": 2 + 10, "Minh": 10 + 100, "unassigned": 0.0875}


def test_what_is_not_known_is_missing_and_says_why(tmp_path: Path) -> None:
    """No amount, no end, no export: each of these leaves what depends on it open, and nothing is 0 for it."""
    paid = ("user_id,started_at,ended_at,mrr", "n1,2026-01-20,,", "n2,2026-02-25,,200")
    policy = (*POLICY[:2], *POLICY[4:])  # whose export of signups ends in January
    report = folder_of(tmp_path, policy, signups=SIGNUPS[:3], paid_users=paid).report(
        start="2026-01", end="2026-03", as_of="2026-03-31", section="costs"
    )
    cells = {name: report.values(key) for name, key in METRICS.items()}
    codes = {name: [cell.missing.code if cell.missing else cell.value for cell in map(of.get, MONTHS) if cell]
             for name, of in cells.items()}  # fmt: skip
    assert codes == {
        # n1's MRR is not known on 20 January, nor what falls due for it on 19 February; n2's 240 are due on 27 March.
        "earned": ["commission-unpriced", "signups-ended-earlier", "signups-ended-earlier"],
        "payable": [0, "commission-unpriced", 240],
        "clawed": [0, 0, 0],
        "held": ["commission-unpriced", 240, 0],
    }


def test_the_rows_behind_each_figure(tmp_path: Path) -> None:
    """Each figure opens down to the rows that earned it, on the day on which it counts; visits row by row as well."""
    policy = (*POLICY, "[policies.marketing]", "per_visit = 0.5", 'pay_after = "2w"')
    visits = ("date,source,user_id", *(f"2026-02-{day:02},google,v{day}" for day in range(11, 21)))
    folder = folder_of(tmp_path, policy, signups=SIGNUPS, paid_users=PAID, visitors=visits)

    def rows(name: str, month: str) -> list[tuple[str, str, float]]:
        listed = folder.explain(METRICS[name], month=month, as_of="2026-03-31").rows
        return [(row.user_id, str(row.day), row.amount) for row in listed]

    assert rows("earned", "2026-02") == [
        ("n3", "2026-02-25", 180), ("n3", "2026-02-20", 50),
        *((f"v{day}", f"2026-02-{day}", 0.5) for day in range(11, 21)),
    ]  # fmt: skip
    assert rows("earned", "2026-01") == []  # the visits of which are not known
    assert rows("clawed", "2026-02") == [("n2", "2026-02-24", 240)]
    assert rows("payable", "2026-03") == [
        ("n3", "2026-03-27", 180), ("n3", "2026-03-22", 50),
        *((f"v{day + 14}", f"2026-03-{day:02}", 0.5) for day in range(1, 7)),
    ]  # fmt: skip
    # Two weeks after 15 to 20 February it is March: those visits are still held when February ends.
    held = rows("held", "2026-02")
    assert held == [("n3", "2026-02-25", 180), ("n3", "2026-02-20", 50),
                    *((f"v{day}", f"2026-02-{day}", 0.5) for day in range(15, 21))]  # fmt: skip


def test_commission_without_a_policy_is_missing(tmp_path: Path) -> None:
    """Where nothing is paid for what comes about, it is not 0, and the report does not show it of itself."""
    folder = folder_of(tmp_path, ("[policies.affiliate]", "fixed_per_month = 500"), signups=SIGNUPS, paid_users=PAID)
    cells = folder.report(month="2026-01", section="costs").values(METRICS["earned"])
    assert cells["2026-01"].missing is not None
    assert cells["2026-01"].missing.code == "no-policy-set"
    assert METRICS["earned"] not in folder.report(month="2026-01").metrics


def test_a_policy_of_no_team_is_refused(tmp_path: Path) -> None:
    """A wrong name must not leave the commission of a team out in silence."""
    folder = folder_of(tmp_path, ("[policies.afiliate]", "per_signup = 500"), signups=SIGNUPS, paid_users=PAID)
    with pytest.raises(fc.ConfigError, match="there is no team afiliate"):
        folder.report()


def test_a_balance_that_does_not_close_is_a_bug(tmp_path: Path) -> None:
    """What each person has earned is clawed back, payable or held: a report that says otherwise is not written."""
    from msgspec.structs import replace

    from funnelcli.counting.commission_balance import check_commission

    facts = folder_of(tmp_path, signups=SIGNUPS, paid_users=PAID).countable()
    check_commission(facts, date(2026, 3, 31))
    name = "signup:commission_payable"
    wrong = replace(facts, events={**facts.events, name: replace(facts.events[name], weight=np.full(4, 1))})
    with pytest.raises(fc.BrokenIdentityError, match="commission of B2"):
        check_commission(wrong, date(2026, 3, 31))
