"""The recount of MRR movements against businesses of a few rows, worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import pytest

from oracle.mrr_days import Paid
from oracle.mrr_recount import Answers, Period, Rules, customers_of, months, with_total
from oracle.mrr_recount import recount as recount_of_customers

BRIDGE = ("opening", "new", "reactivation", "expansion", "contraction", "churned", "closing")
Amounts = tuple[int | None, ...]


def paid(*lines: str, channels: Mapping[str, str] | None = None) -> list[Paid]:
    """Rows of customer, first day, last day, plan and MRR, apart by spaces; a dash stands for none."""
    rows = []
    for line in lines:
        user, start, end, plan, mrr = line.split()
        rows.append(
            Paid(
                user=user,
                start=date.fromisoformat(start),
                end=None if end == "-" else date.fromisoformat(end),
                plan=plan,
                hundredths=None if mrr == "-" else int(mrr) * 100,
                channel=(channels or {}).get(user, "unknown"),
            )
        )
    return rows


def recount(rows: Sequence[Paid], periods: Sequence[Period], rules: Rules, by: str | None = None) -> Answers:
    return recount_of_customers(customers_of(rows, periods, rules), periods, rules, by=by)


def bridges(answers: Answers, part: str | None = None, names: Sequence[str] = BRIDGE) -> dict[str, Amounts]:
    """The bridge of each period as whole numbers: opening, what moved, closing."""
    periods = dict.fromkeys(period for _, of, period in answers if of == part)
    return {
        period: tuple(whole(answers[f"{name}_mrr_amount", part, period].value) for name in names) for period in periods
    }


def whole(amount: Fraction | None) -> int | None:
    assert amount is None or amount.denominator == 1
    return None if amount is None else int(amount)


def rates(answers: Answers, period: str, *names: str) -> list[Fraction | None]:
    return [answers[name, None, period].value for name in names]


NRR, GRR = "net_revenue_retention_rate", "gross_revenue_retention_rate"
NRR_12, GRR_12 = "net_revenue_retention_12m_rate", "gross_revenue_retention_12m_rate"
GROSS, NET, QUICK = "gross_mrr_churn_rate", "net_mrr_churn_rate", "mrr_quick_ratio"

# --- an, binh and chi: up and down within a month, lost and back, a day only ---------------------------------------

THREE = (
    "an 2026-01-05 2026-03-10 Basic 100",
    "an 2026-03-10 2026-03-20 Pro 180",
    "an 2026-03-21 - Basic 120",
    "binh 2026-01-20 2026-02-28 Basic 100",
    "binh 2026-04-15 - Basic 80",
    "chi 2026-03-31 2026-03-31 Basic 50",
)
APRIL_ENDS = Rules(as_of=date(2026, 4, 30))
WINTER = months("2026-01", "2026-04")


def test_days_do_not_net_out_and_who_comes_back_is_not_new() -> None:
    answers = recount(paid(*THREE), WINTER, APRIL_ENDS)
    assert bridges(answers) == {
        "2026-01": (0, 200, 0, 0, 0, 0, 200),
        "2026-02": (200, 0, 0, 0, 0, 100, 100),
        "2026-03": (100, 50, 0, 80, 60, 50, 120),  # +80 on the 10th, -60 on the 21st: not +20
        "2026-04": (120, 0, 80, 0, 0, 0, 200),
    }
    march = rates(answers, "2026-03", GROSS, NET, QUICK, NRR, GRR)
    assert march == [
        Fraction(60 + 50, 100),
        Fraction(60 + 50 - 80 - 0, 100),
        Fraction(50 + 80 + 0, 60 + 50),
        Fraction(120, 100),
        Fraction(100, 100),
    ]


def test_an_end_that_lies_ahead_of_as_of_takes_nothing() -> None:
    answers = recount(paid(*THREE), WINTER, Rules(as_of=date(2026, 2, 15)))
    assert bridges(answers)["2026-02"] == (200, 0, 0, 0, 0, 0, 200)
    assert bridges(answers)["2026-03"] == (None,) * 7


def test_what_paid_before_the_files_is_in_balances_alone() -> None:
    rules = Rules(as_of=date(2026, 4, 30), opening=(date(2026, 1, 1), 500_00))
    answers, without = (recount(paid(*THREE), WINTER, each) for each in (rules, APRIL_ENDS))
    assert [bridge[-1] for bridge in bridges(answers).values()] == [700, 600, 620, 700]
    assert [bridge[1:-1] for bridge in bridges(answers).values()] == [
        bridge[1:-1] for bridge in bridges(without).values()
    ]
    assert rates(answers, "2026-02", GROSS, NRR) == [Fraction(100, 700), Fraction(100, 200)]


def test_an_amount_that_nobody_knows_hides_the_months_it_is_in_force_in() -> None:
    rows = paid(*(line.replace("Basic 100", "Basic -") if line.startswith("binh 2026-01") else line for line in THREE))
    assert bridges(recount(rows, WINTER, APRIL_ENDS)) == {
        "2026-01": (0, None, None, None, None, None, None),
        "2026-02": (None, None, None, None, None, None, 100),
        "2026-03": (100, 50, 0, 80, 60, 50, 120),
        "2026-04": (120, 0, 80, 0, 0, 0, 200),
    }


# --- two subscriptions, one of them billed by the month -------------------------------------------------------------


def test_an_add_on_that_is_billed_anew_each_month_does_not_move() -> None:
    rows = paid(
        "an 2026-01-01 2026-12-31 ERP 300",
        "an 2026-01-01 2026-01-31 Add-on 50",
        "an 2026-02-01 2026-02-28 Add-on 50",
        "an 2026-03-01 2026-03-31 Add-on 60",
    )
    assert bridges(recount(rows, months("2026-01", "2026-03"), Rules(as_of=date(2026, 3, 31)))) == {
        "2026-01": (0, 350, 0, 0, 0, 0, 350),
        "2026-02": (350, 0, 0, 0, 0, 0, 350),
        "2026-03": (350, 0, 0, 10, 60, 0, 300),  # the last add-on ends with March, the customer does not
    }


# --- gaps of three and six days -------------------------------------------------------------------------------------

GAPS = (
    "an 2026-01-01 2026-01-31 Basic 100",
    "an 2026-02-04 2026-03-03 Basic 90",
    "an 2026-03-10 - Basic 90",
)
JANUARY_KEPT = (0, 100, 0, 0, 0, 0, 100)


@pytest.mark.parametrize(("grace_days", "expected"), [
    (0, [(0, 100, 0, 0, 0, 100, 0), (0, 0, 90, 0, 0, 0, 90), (90, 0, 90, 0, 0, 90, 90)]),
    (2, [(0, 100, 0, 0, 0, 100, 0), (0, 0, 90, 0, 0, 0, 90), (90, 0, 90, 0, 0, 90, 90)]),
    (3, [JANUARY_KEPT, (100, 0, 0, 0, 10, 0, 90), (90, 0, 90, 0, 0, 90, 90)]),
    (5, [JANUARY_KEPT, (100, 0, 0, 0, 10, 0, 90), (90, 0, 90, 0, 0, 90, 90)]),
    (6, [JANUARY_KEPT, (100, 0, 0, 0, 10, 0, 90), (90, 0, 0, 0, 0, 0, 90)]),
])  # fmt: skip
def test_grace_bridges_a_gap_of_as_many_days_and_no_longer(grace_days: int, expected: list[Amounts]) -> None:
    rules = Rules(as_of=date(2026, 3, 31), grace_days=grace_days)
    answers = recount(paid(*GAPS), months("2026-01", "2026-03"), rules)
    assert list(bridges(answers).values()) == expected


def test_who_is_lost_and_back_within_a_month_is_retained_and_churned() -> None:
    answers = recount(paid(*GAPS), months("2026-01", "2026-03"), Rules(as_of=date(2026, 3, 31)))
    assert rates(answers, "2026-03", NRR, GROSS) == [Fraction(90, 90), Fraction(90, 90)]


# --- renewals before the end, and rows beside each other ------------------------------------------------------------

EARLY = (
    "an 2025-02-10 2026-02-09 Basic 100",
    "an 2026-01-25 2027-01-24 Basic 110",
    "binh 2026-01-01 2026-01-31 Shop 100",
    "binh 2026-01-15 2026-02-14 Shop 100",
    "binh 2026-02-01 2026-02-28 Shop 100",
    "chi 2026-01-01 2026-02-28 Basic 100",
    "chi 2026-02-16 - Pro 150",
)


def test_a_renewal_before_the_end_takes_the_place_of_the_old_row() -> None:
    rules = Rules(as_of=date(2026, 3, 31), early_days=31)
    assert bridges(recount(paid(*EARLY), months("2026-01", "2026-03"), rules)) == {
        "2026-01": (100, 200, 0, 110, 0, 0, 410),
        "2026-02": (410, 0, 0, 150, 200, 100, 260),
        "2026-03": (260, 0, 0, 0, 0, 0, 260),
    }


@pytest.mark.parametrize("early_days", [0, 15])  # the 25th of January to the 9th of February are 16
def test_else_the_two_rows_add_up(early_days: int) -> None:
    rules = Rules(as_of=date(2026, 3, 31), early_days=early_days)
    assert bridges(recount(paid(*EARLY), months("2026-01", "2026-03"), rules)) == {
        "2026-01": (100, 200, 0, 210, 0, 0, 510),
        "2026-02": (510, 0, 0, 150, 300, 100, 260),
        "2026-03": (260, 0, 0, 0, 0, 0, 260),
    }


# --- from plan to plan ----------------------------------------------------------------------------------------------


def test_a_change_of_two_plans_for_two_others_is_a_movement_of_one_of_them() -> None:
    rows = paid(
        "an 2026-01-01 2026-02-14 Basic 100",
        "an 2026-01-01 2026-02-14 SMS 30",
        "an 2026-02-15 - Pro 150",
        "an 2026-02-15 - SMS+ 40",
        "binh 2026-02-15 - Basic 100",
    )
    names = ("opening", "new", "expansion", "transferred", "closing")
    answers = recount(rows, months("2026-02", "2026-02"), Rules(as_of=date(2026, 2, 28)), by="plan")
    assert {part: bridges(answers, part, names)["2026-02"] for part in ("Basic", "SMS", "Pro", "SMS+", None)} == {
        "Basic": (100, 100, 0, -100, 100),
        "SMS": (30, 0, 0, -30, 0),
        "Pro": (0, 0, 60, 90, 150),  # of its 150 the 60 that the customer pays more, and 90 of the others
        "SMS+": (0, 0, 0, 40, 40),
        None: (130, 100, 60, 0, 290),
    }


# --- a year ---------------------------------------------------------------------------------------------------------

YEAR = (
    "an 2024-03-01 2025-06-30 Basic 100",
    "an 2025-07-01 - Pro 160",
    "binh 2024-05-10 2025-09-14 Basic 100",
    "binh 2025-09-15 - Mini 70",
    "chi 2024-08-01 2025-04-30 Basic 200",
    "dung 2024-08-01 2025-02-28 Basic 50",
    "dung 2025-11-01 - Basic 50",
    "em 2025-02-01 - Pro 300",
    "giang 2024-01-01 2024-10-31 Basic 80",
    "giang 2025-03-01 - Basic 80",
)


def test_a_year_of_movements_and_what_is_left_of_its_beginning() -> None:
    periods = with_total(months("2025-01", "2025-12"))
    answers = recount(paid(*YEAR), periods, Rules(as_of=date(2025, 12, 31)))
    assert list(bridges(answers).values()) == [
        (450, 0, 0, 0, 0, 0, 450),
        (450, 300, 0, 0, 0, 50, 700),
        (700, 0, 80, 0, 0, 0, 780),
        (780, 0, 0, 0, 0, 200, 580),
        (580, 0, 0, 0, 0, 0, 580),
        (580, 0, 0, 0, 0, 0, 580),
        (580, 0, 0, 60, 0, 0, 640),
        (640, 0, 0, 0, 0, 0, 640),
        (640, 0, 0, 0, 30, 0, 610),
        (610, 0, 0, 0, 0, 0, 610),
        (610, 0, 50, 0, 0, 0, 660),
        (660, 0, 0, 0, 0, 0, 660),
        (450, 300, 130, 60, 30, 250, 660),
    ]
    quick = [answers[QUICK, None, period].value for period, _, _ in periods]
    assert quick == [None, 6, None, 0, *[None] * 4, 0, *[None] * 3, Fraction(490, 280)]
    assert rates(answers, "2025-12", NRR_12, GRR_12) == [Fraction(280, 450), Fraction(220, 450)]
    assert rates(answers, "total", NET, GROSS, NRR, GRR) == [
        Fraction(90, 450),  # 250 + 30 - 60 - 130
        Fraction(280, 450),
        Fraction(280, 450),
        Fraction(220, 450),
    ]
    assert rates(answers, "2025-07", NRR, GRR) == [Fraction(640, 580), 1]
    assert rates(answers, "2025-09", NRR, GRR) == [Fraction(610, 640)] * 2
    assert rates(answers, "2025-03", NRR) == [1]  # who came back was not there when the month began


def test_nothing_is_retained_of_a_day_before_the_files() -> None:
    answers = recount(paid(*YEAR), months("2024-11", "2025-01"), Rules(as_of=date(2025, 1, 31)))
    # November asks for the last of November 2023, December for the eve of the first row, January for that month's 80.
    assert [answers[NRR_12, None, f"{period}"].value for period in ("2024-11", "2024-12", "2025-01")] == [None, None, 0]


# --- where no example says it ---------------------------------------------------------------------------------------


def test_a_first_rise_above_nothing_is_new_whenever_it_comes() -> None:
    rows = paid("an 2026-01-10 2026-02-09 Basic 0", "an 2026-02-10 2026-02-19 Basic 70", "an 2026-02-20 - Basic 0",
                "an 2026-03-05 - Pro 40")  # fmt: skip
    assert bridges(recount(rows, months("2026-01", "2026-03"), Rules(as_of=date(2026, 3, 31)))) == {
        "2026-01": (0, 0, 0, 0, 0, 0, 0),
        "2026-02": (0, 70, 0, 0, 70, 0, 0),
        "2026-03": (0, 0, 0, 40, 0, 0, 40),
    }


def test_the_ten_largest_of_eleven() -> None:
    rows = paid(*(f"u{number} 2026-01-01 - Basic {number}" for number in range(1, 12)))
    answers = recount(rows, months("2026-01", "2026-01"), Rules(as_of=date(2026, 1, 31)))
    assert rates(answers, "2026-01", "concentration_rate") == [Fraction(66 - 1, 66)]


def test_retention_of_a_plan_follows_those_who_had_most_of_it() -> None:
    rows = paid("an 2026-01-01 2026-02-09 Basic 60", "an 2026-01-01 - SMS 40", "an 2026-02-10 - Pro 90",
                "binh 2026-01-01 - SMS 40")  # fmt: skip
    answers = recount(rows, months("2026-02", "2026-02"), Rules(as_of=date(2026, 2, 28)), by="plan")
    assert {part: answers[NRR, part, "2026-02"].value for part in ("Basic", "SMS", "Pro")} == {
        "Basic": Fraction(130, 100),
        "SMS": 1,
        "Pro": None,
    }


def test_of_two_rows_of_a_day_both_are_what_the_customer_came_to() -> None:
    rows = paid("an 2026-01-31 2026-01-31 Basic 60", "an 2026-01-31 2026-01-31 SMS 40", "an 2026-02-02 - Basic 60")
    answers = recount(rows, months("2026-01", "2026-02"), Rules(as_of=date(2026, 2, 28)), by="plan")
    names = ("opening", "new", "reactivation", "churned", "transferred", "closing")
    assert {part: list(bridges(answers, part, names).values()) for part in (None, "Basic", "SMS")} == {
        None: [(0, 100, 0, 100, 0, 0), (0, 0, 60, 0, 0, 60)],
        "Basic": [(0, 60, 0, 60, 0, 0), (0, 0, 60, 0, 0, 60)],
        "SMS": [(0, 40, 0, 40, 0, 0), (0, 0, 0, 0, 0, 0)],
    }


def test_a_row_that_ends_on_the_day_another_begins_is_followed_by_it_and_counts_no_longer() -> None:
    rows = paid("an 2026-01-01 2026-01-31 Basic 60", "an 2026-01-31 - Pro 100")
    assert bridges(recount(rows, months("2026-01", "2026-02"), Rules(as_of=date(2026, 2, 28)))) == {
        "2026-01": (0, 60, 0, 40, 0, 0, 100),
        "2026-02": (100, 0, 0, 0, 0, 0, 100),
    }


@pytest.mark.parametrize(("start", "seen"), [("2026-02-14", 150), ("2026-02-15", 150), ("2026-02-16", 0)])
def test_the_day_before_the_next_begins_is_the_last_that_a_row_counts_through(start: str, seen: int) -> None:
    """On the evening of the 14th the old row counts where the next begins on the 15th, the new one from the 14th on."""
    rows = paid("an 2026-01-01 2026-02-14 Basic 150", f"an {start} - Basic 150")
    answers = recount(rows, [("eve", date(2026, 2, 14), date(2026, 2, 15))], Rules(as_of=date(2026, 2, 28)))
    assert bridges(answers)["eve"][-1] == seen


def test_where_a_plan_gives_way_to_one_of_unknown_price_nobody_knows_what_moved() -> None:
    """Basic's hundred went over if the other costs as much, and were lost if it is free; a third plan is as it was."""
    rows = paid("an 2026-01-01 2026-02-14 Basic 100", "an 2026-01-01 - SMS 30", "an 2026-02-15 - Pro -")
    names = ("opening", "contraction", "transferred", "closing")
    answers = recount(rows, months("2026-02", "2026-02"), Rules(as_of=date(2026, 2, 28)), by="plan")
    assert {part: bridges(answers, part, names)["2026-02"] for part in (None, "Basic", "SMS", "Pro")} == {
        None: (130, None, None, None),
        "Basic": (100, None, None, 0),
        "SMS": (30, 0, 0, 30),
        "Pro": (0, None, None, None),
    }


def test_what_is_lost_beside_a_plan_of_unknown_price_that_stays_is_known() -> None:
    rows = paid("an 2026-01-01 2026-02-14 Basic 100", "an 2026-01-01 - Pro -")
    answers = recount(rows, months("2026-02", "2026-02"), Rules(as_of=date(2026, 2, 28)), by="plan")
    assert bridges(answers, "Basic", ("opening", "contraction", "closing"))["2026-02"] == (100, 100, 0)
    assert bridges(answers)["2026-02"] == (None,) * 7
