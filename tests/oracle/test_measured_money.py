"""What exports say of a plan's beginning: opening MRR, the ARPA of new customers, the gap, the months past."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from funnelcli.answers.measured import measure, window
from funnelcli.planning.model import Key, Pooled
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing
from funnelcli.values.period_words import parse_bound
from funnelcli.values.periods import Grain, Period, month_of
from support import exports_of, run_cli

HEADER = "user_id,started_at,ended_at,mrr\n"
AS_OF = date(2026, 6, 30)


def month(text: str) -> Period:
    return parse_bound(text, Grain.MONTH, last=False, option="month")


def new_arpa(folder: Path, rows: str) -> tuple[Pooled | Missing, list[str]]:
    (folder / "paid_users.csv").write_text(HEADER + rows, encoding="utf-8")
    facts = exports_of(folder)
    measured = measure(facts, AS_OF, window(facts, AS_OF, None, None), month("2026-07"))
    return measured.pooled[Key.NEW_ARPA], [note.code for note in measured.notes]


OLD = "".join(f"old{n},2025-0{n}-01,,100\n" for n in range(1, 6))
# Ten who began in the six months to June, on days at their borders; each brings 70 and is upgraded to 90 a month later.
DAYS = ["01-01", "01-31", "02-01", "02-28", "03-15", "04-01", "04-30", "05-10", "06-01", "06-30"]
NEW = "".join(f"new{n},2026-{day},,70\n" for n, day in enumerate(DAYS))


def test_new_customers_bring_what_they_began_with(tmp_path: Path) -> None:
    upgrade = "new0,2026-02-01,,20\n"  # a second row that adds to the first: no news of how it began
    pooled, said = new_arpa(tmp_path, OLD + NEW + upgrade)
    assert pooled == Pooled(numerator=Fraction(700), denominator=Fraction(10), months=("2026-01", "2026-06"))
    assert "new-arpa-pooled" not in said


def test_two_rows_of_the_first_day_are_what_a_customer_began_with(tmp_path: Path) -> None:
    pooled, _ = new_arpa(tmp_path, OLD + NEW + "new3,2026-02-28,,30\n")
    assert isinstance(pooled, Pooled)
    assert [int(pooled.numerator), int(pooled.denominator)] == [730, 10]


def test_who_came_back_or_began_earlier_is_not_new(tmp_path: Path) -> None:
    back = "gone,2025-01-01,2025-03-31,10\ngone,2026-03-01,,999\n"
    edge = "before,2025-12-31,,500\n"
    pooled, _ = new_arpa(tmp_path, OLD + back + edge + NEW)
    assert isinstance(pooled, Pooled)
    assert [int(pooled.numerator), int(pooled.denominator)] == [700, 10]


@pytest.mark.parametrize(("rows", "reason"), [
    (NEW.replace("new9,2026-06-30,,70\n", ""), "fewer than 10 new customers in the months measured"),
    (NEW.replace("new9,2026-06-30,,70", "new9,2026-06-30,,"), "1"),  # an amount that nobody knows
])  # fmt: skip
def test_where_too_few_tell_the_arpa_of_all_is_taken(rows: str, reason: str, tmp_path: Path) -> None:
    pooled, said = new_arpa(tmp_path, OLD + rows)
    # Of the ends of January to June; with an amount that is not known June is missing.
    ends = [2, 4, 5, 7, 8, 9] if "new9" not in rows else [2, 4, 5, 7, 8]
    assert isinstance(pooled, Pooled)
    assert pooled.numerator == sum(500 + 70 * new for new in ends)
    assert pooled.denominator == sum(5 + new for new in ends)
    assert "new-arpa-pooled" in said


def opening(folder: Path, begins: str) -> tuple[Pooled | Missing, Pooled | Missing]:
    facts = exports_of(folder)
    measured = measure(facts, AS_OF, window(facts, AS_OF, None, None), month(begins))
    return measured.pooled[Key.OPENING], measured.pooled[Key.OPENING_MRR]


def test_the_mrr_at_the_start_is_that_of_the_eve(tmp_path: Path) -> None:
    rows = "a,2026-01-01,,100\nb,2026-02-01,2026-04-30,40\nc,2026-05-01,,7\n"
    (tmp_path / "paid_users.csv").write_text(HEADER + rows, encoding="utf-8")
    # On 30 April a and b pay, on 1 May c has taken the place of b; a plan from May begins before that.
    for begins, customers, mrr in (("2026-04", 2, 140), ("2026-05", 1, 100), ("2026-06", 2, 107), ("2026-09", 2, 107)):
        paying, amount = opening(tmp_path, begins)
        assert isinstance(paying, Pooled)
        assert isinstance(amount, Pooled)
        assert [int(paying.numerator), int(amount.numerator)] == [customers, mrr], begins


def test_an_export_without_amounts_tells_no_mrr(tmp_path: Path) -> None:
    (tmp_path / "paid_users.csv").write_text("user_id,started_at,ended_at\na,2026-01-01,\n", encoding="utf-8")
    paying, amount = opening(tmp_path, "2026-07")
    assert isinstance(paying, Pooled)
    assert isinstance(amount, Missing)
    assert amount.code == "no-amounts"


def test_the_month_within_which_the_exports_begin_is_not_measured_over(tmp_path: Path) -> None:
    for first, months in ((5, ["2026-05", "2026-06"]), (4, ["2026-04", "2026-05", "2026-06"])):
        rows = "".join(f"s{day},2026-04-{day:02}\n" for day in range(first, 31)) + "x,2026-06-30\n"
        (tmp_path / "signups.csv").write_text("user_id,signed_up_at\n" + rows, encoding="utf-8")
        facts = exports_of(tmp_path)
        assert [period.key for period in window(facts, AS_OF, None, None).months] == months


def test_channels_that_ever_had_visits_or_signups(tmp_path: Path) -> None:
    visits = "2026-05-01,google,9\n2026-01-01,facebook ads,1\n2026-06-30,google,1\n"
    (tmp_path / "visitors.csv").write_text("date,source,visits\n" + visits, encoding="utf-8")
    (tmp_path / "signups.csv").write_text(
        "user_id,signed_up_at,source\na,2026-01-02,referral\nb,2026-06-30,google\n", encoding="utf-8"
    )
    facts = exports_of(tmp_path)
    measured = measure(
        facts, AS_OF, window(facts, AS_OF, month("2026-06"), month("2026-06")), month_of(date(2026, 7, 1))
    )
    # In January alone paid had a visit and referral a signup: that is once, though not in the month measured over.
    assert measured.ever == {
        "required_net_new_visitors": frozenset([Channel.ORGANIC, Channel.PAID]),
        "required_new_signups": frozenset([Channel.ORGANIC, Channel.REFERRAL]),
    }


# --- through the command -----------------------------------------------------------------------------------------


def planned(folder: Path, *options: str) -> tuple[dict[str, list[float | None]], list[str]]:
    done = run_cli("targets", folder, *options, "-f", "json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    rows = {row["metric"]: [cell["value"] for cell in row["cells"]] for row in data["rows"] if row["channel"] is None}
    return rows, [note["code"] for note in data["notes"]]


@pytest.fixture
def half_year(tmp_path: Path) -> Path:
    """One signup, demo and customer of 10 a day-pair: from January to June 1, 2, 3, 4, 5, 6 customers are won."""
    signups, demos, paid = ["user_id,signed_up_at"], ["user_id,booked_at"], [HEADER.strip()]
    for number in range(1, 7):
        for person in range(1, 29):
            signups.append(f"u{number}-{person},2026-{number:02}-{person:02}")
        for person in range(1, 11):
            demos.append(f"u{number}-{person},2026-{number:02}-{person + 5:02}")
        for person in range(1, number + 1):
            paid.append(f"u{number}-{person},2026-{number:02}-{person + 10:02},,10")
    signups.append("last,2026-06-30")
    for name, lines in (("signups", signups), ("demos", demos), ("paid_users", paid)):
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


RATES = ("--visitor-to-signup", "none", "--signup-to-demo", "50%", "--demo-to-paid", "50%")


def test_a_plan_of_the_year_puts_in_what_happened(half_year: Path) -> None:
    """1 + 2 + 3 + 4 + 5 + 6 = 21 were won; of 33 for the year 12 are left, two a month."""
    rows, said = planned(half_year, "--new-paid-users", "33", "--from", "2026-01", "--to", "2026-12", *RATES)
    assert rows["required_new_paid_users"] == [1, 2, 3, 4, 5, 6, 2, 2, 2, 2, 2, 2]
    assert rows["required_new_signups"] == [28, 28, 28, 28, 28, 29, *[8] * 6]
    assert rows["planned_closing_paid_users"] == [1, 3, 6, 10, 15, 21, 23, 25, 27, 29, 31, 33]
    assert "planned_revenue_amount" not in rows  # of which a plan for customers won says nothing
    assert "past-months" in said


def test_a_plan_for_revenue_puts_in_the_mrr_that_there_was(half_year: Path) -> None:
    """10 + 30 + 60 + 100 + 150 + 210 = 560 of 2,000 came in; the 210 there bring 1,260 in six months, 180 are missing.

    5 lie as 1, 1, 1, 1, 1, 0 and bring 60 + 50 + 40 + 30 + 20 = 200; 4 as 1, 1, 0, 1, 1, 0 only 160.
    """
    plan = ("--revenue", "2000", "--from", "2026-01", "--to", "2026-12", *RATES, "--arpa", "10")
    rows, _ = planned(half_year, *plan)
    assert rows["required_new_paid_users"][6:] == [1, 1, 1, 1, 1, 0]
    assert rows["planned_revenue_amount"] == [10, 30, 60, 100, 150, 210, 220, 230, 240, 250, 260, 260]


def test_as_of_an_earlier_day_it_is_planned_as_on_that_day(half_year: Path) -> None:
    rows, said = planned(
        half_year, "--new-paid-users", "33", "--from", "2026-06", "--to", "2026-07", "--as-of", "2026-05-31", *RATES
    )
    assert (rows["required_new_paid_users"], "past-months" in said) == ([17, 16], False)


def test_a_plan_of_the_past_alone_is_refused(half_year: Path) -> None:
    plan = ("targets", half_year, "--new-paid-users", "3", "--from", "2026-02", "--to", "2026-06", *RATES)
    done = run_cli(*plan)
    assert (done.returncode, done.stdout) == (2, "")
    assert "All months of the plan are past" in done.stderr
    assert "--as-of 2026-01-31" in done.stderr


def test_a_best_month_lies_before_the_planned_ones(half_year: Path) -> None:
    """June, with 6 new customers, is past and stands in the plan as what happened: it is known, and the best."""
    plan = (
        "targets",
        half_year,
        "--new-paid-users",
        "26",
        "--from",
        "2026-06",
        "--to",
        "2026-07",
        *RATES,
        "-f",
        "json",
    )
    notes = {note["code"]: note["message"] for note in json.loads(run_cli(*plan).stdout)["notes"]}
    assert "20, 3.3x your best month of the last 12 (6 in Jun 2026)" in notes["quota-above-best-month"]


# --- what was paid -----------------------------------------------------------------------------------------------

PAID = "user_id,started_at,ended_at,mrr,amount,interval\n"


@pytest.mark.parametrize(
    ("rows", "paid"),
    [
        # A year of 1,200 is paid at once, in March; its MRR of 100 stands at the ends of March to June.
        ("a,2026-03-01,2027-02-28,,1200,\n", 1200),
        ("a,2026-03-01,2027-02-28,,1200,year\n", 1200),
        # The price of a month, in a row that lasts for a year, says nothing of what was paid when.
        ("a,2026-03-01,2027-02-28,,100,month\n", None),
        ("a,2026-03-01,,,100,month\n", None),
        ("a,2026-03-01,2027-02-28,100,,\n", None),  # nor does an MRR
        # Paid before the months measured over.
        ("a,2025-07-01,2026-06-30,,1200,\nb,2026-06-01,2026-06-30,,7,\n", 7),
    ],
)
def test_what_was_paid_stands_beside_the_mrr(rows: str, paid: int | None, tmp_path: Path) -> None:
    (tmp_path / "paid_users.csv").write_text(PAID + "early,2025-01-01,2025-12-31,,12,\n" + rows, encoding="utf-8")
    facts = exports_of(tmp_path)
    cash = measure(facts, AS_OF, window(facts, AS_OF, None, None), month("2026-07")).cash
    assert (None if cash is None else int(cash.paid)) == paid
    if cash is not None:
        assert (cash.months, int(cash.mrr)) == (("2026-01", "2026-06"), 400 if paid == 1200 else 500)


def test_a_plan_for_revenue_says_that_it_is_not_cash(tmp_path: Path) -> None:
    (tmp_path / "paid_users.csv").write_text(
        PAID + "a,2026-03-01,2027-02-28,,1200,\nb,2026-06-30,2026-07-29,,10,\n", encoding="utf-8"
    )
    plan = ("--revenue", "2000", "--from", "2026-07", "--to", "2026-12", *RATES, "--as-of", "2026-06-30", "-f", "json")
    data = json.loads(run_cli("targets", tmp_path, *plan, "--arpa", "10").stdout)
    # The window begins with March, the month of the first row: 4 x 100 of MRR, and 10 more at the end of June.
    assert {note["code"]: note["message"] for note in data["notes"]}["revenue-is-mrr"] == (
        "Revenue is the sum of the MRR at the months' ends, not the cash that comes in: over Mar 2026 – Jun 2026 it "
        "was 410, and 1,210 was paid."
    )
