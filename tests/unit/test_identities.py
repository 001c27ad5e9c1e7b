"""What must hold between figures, worked by hand: it holds of right figures, and is noticed where it breaks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from funnelcli.counting.measures import MRR_AT_END, PAYING_AT_END, REGISTERED_AT_END, Measure
from funnelcli.metrics import CATALOGUE, find_metric
from funnelcli.metrics.identities import check_parts, check_periods, check_total
from funnelcli.problems import BrokenIdentityError, UsageError
from funnelcli.text import Message
from funnelcli.values.channels import SLICES, Channel
from funnelcli.values.figures import Missing, Value

UNKNOWN = Missing("unknown", Message("nobody knows"))
PAID, ORGANIC = SLICES[Channel.PAID], SLICES[Channel.ORGANIC]
Figures = dict[str, Sequence[float | None]]


def values(periods: int, **known: Sequence[float | None]) -> dict[str, tuple[Value, ...]]:
    """Every figure missing but those given."""
    columns: dict[str, Sequence[float | None]] = {key: [None] * periods for key in CATALOGUE} | dict(known)
    return {
        key: tuple(Value(value=n) if n is not None else Value(value=None, missing=UNKNOWN) for n in column)
        for key, column in columns.items()
    }


class Counted:
    """Counts of the two balances at the end of each period; nothing else is known."""

    def __init__(self, **ends: Sequence[int | None]) -> None:
        self.ends = {"registered_at_end": ends.get("registered"), "paying_at_end": ends.get("paying")}

    def get(self, measure: Measure, place: int, *_: object) -> int | Missing:
        assert measure in (PAYING_AT_END, REGISTERED_AT_END, MRR_AT_END)
        column = self.ends.get(measure.name)
        number = column[place] if column is not None else None
        return UNKNOWN if number is None else number

    def unmeasured(self, _: Measure) -> dict[Channel, Missing]:
        return {}


SPLIT: Figures = {
    "new_signups": [10],
    "organic_signups": [3],
    "paid_signups": [2],
    "sales_sme_signups": [1],
    "affiliate_signups": [1],
    "partner_signups": [1],
    "referral_signups": [2],
}


def test_the_channels_of_signups_sum_to_them() -> None:
    check_periods(values(1, **SPLIT), ["2026-01"], Counted(), None)
    broken = values(1, **{**SPLIT, "referral_signups": [3]})
    with pytest.raises(BrokenIdentityError, match="parts of new_signups does not hold in 2026-01: 11 is not 10"):
        check_periods(broken, ["2026-01"], Counted(), None)
    # Of a part it need not hold, and a missing figure claims nothing.
    check_periods(broken, ["2026-01"], Counted(), PAID)
    check_periods(values(1, **{**SPLIT, "referral_signups": [None]}), ["2026-01"], Counted(), None)


@pytest.mark.parametrize("closing", ["registered", "paying"])
def test_the_closing_is_what_is_counted_at_the_end(closing: str) -> None:
    key = {"registered": "closing_registered_users", "paying": "closing_paid_users"}[closing]
    figures = values(2, **{key: [5, 7]})
    check_periods(figures, ["2026-01", "2026-02"], Counted(**{closing: [5, 7]}), None)
    check_periods(figures, ["2026-01", "2026-02"], Counted(**{closing: [5, None]}), None)
    with pytest.raises(
        BrokenIdentityError, match=rf"opening \+ flows = {key} does not hold in 2026-02, paid: 7 is not 8"
    ):
        check_periods(figures, ["2026-01", "2026-02"], Counted(**{closing: [5, 8]}), PAID)


def test_each_closing_is_the_next_opening() -> None:
    whole = values(3, opening_paid_users=[1, 2, 4], closing_paid_users=[2, 4, 9])
    check_periods(whole, ["2026-01", "2026-02", "2026-03"], Counted(), None)
    broken = values(3, opening_paid_users=[1, 2, 3], closing_paid_users=[2, 4, 9])
    with pytest.raises(
        BrokenIdentityError, match=r"closing_paid_users = next opening_paid_users .* after 2026-02: 4 is not 3"
    ):
        check_periods(broken, ["2026-01", "2026-02", "2026-03"], Counted(), None)


MONTHS: Figures = {
    "new_paid_users": [2, 3],
    "opening_paid_users": [10, 12],
    "closing_paid_users": [12, 15],
    "total_leads": [5, 9],
}
TOTAL: Figures = {"new_paid_users": [5], "opening_paid_users": [10], "closing_paid_users": [15], "total_leads": [9]}


def test_a_range_is_the_sum_of_flows_the_first_opening_and_the_last_closing() -> None:
    check_total(values(2, **MONTHS), values(1, **TOTAL))


@pytest.mark.parametrize(
    ("metric", "wrong", "says"),
    [
        ("new_paid_users", 4, "sum of new_paid_users"),
        ("opening_paid_users", 12, "first opening_paid_users"),
        ("closing_paid_users", 12, "last closing_paid_users"),
        ("total_leads", 5, "last total_leads"),
    ],
)
def test_a_range_that_is_not_is_noticed(metric: str, wrong: float, says: str) -> None:
    with pytest.raises(BrokenIdentityError, match=says):
        check_total(values(2, **MONTHS), values(1, **{**TOTAL, metric: [wrong]}))


def test_a_month_that_is_missing_claims_nothing_of_the_range() -> None:
    check_total(values(2, new_paid_users=[2, None]), values(1, new_paid_users=[7]))


def test_parts_sum_to_the_whole() -> None:
    whole = values(2, new_paid_users=[5, 7], closing_mrr_amount=[0.3, 1e15])
    parts = {
        PAID: values(2, new_paid_users=[2, 7], closing_mrr_amount=[0.1, 1e15 - 100]),
        ORGANIC: values(2, new_paid_users=[3, 0], closing_mrr_amount=[0.2, 100.3]),
    }
    check_parts(whole, parts)  # amounts to less than half a hundredth, or what floats cannot tell


@pytest.mark.parametrize(
    ("key", "column", "holds"),
    [
        ("new_paid_users", [3, 1], False),
        ("new_paid_users", [3, None], True),
        ("closing_paid_users", [3, 1], False),
        ("closing_mrr_amount", [0.2, 0.004], True),
        ("closing_mrr_amount", [0.2, 0.006], False),
    ],
)
def test_parts_that_do_not_are_noticed(key: str, column: Sequence[float | None], holds: bool) -> None:
    first = 2 if key != "closing_mrr_amount" else 0.1
    whole = values(2, **{key: [first + (column[0] or 0), 0]})
    parts = {PAID: values(2, **{key: [first, 0]}), ORGANIC: values(2, **{key: column})}
    if holds:
        check_parts(whole, parts)
    else:
        with pytest.raises(BrokenIdentityError, match=f"parts of {key} = the whole does not hold in period 2"):
            check_parts(whole, parts)


def test_parts_of_which_one_is_missing_claim_nothing() -> None:
    # 2 of the 9 are known, or of an unknown whole 2 and 1.
    for key in ("new_paid_users", "closing_paid_users", "closing_mrr_amount"):
        check_parts(values(1, **{key: [9]}), {PAID: values(1, **{key: [2]}), ORGANIC: values(1, **{key: [None]})})
        check_parts(values(1, **{key: [None]}), {PAID: values(1, **{key: [2]}), ORGANIC: values(1, **{key: [1]})})


@pytest.mark.parametrize(
    ("whole", "first", "second"),
    [
        (100, 60, 40.006),  # 0.006 too much, more than half a hundredth
        (100, 60, 39.99),
        (1e15, 1e15, 2_000),  # of so much 1e-12 is 1,000
    ],
)
def test_amounts_that_differ_by_more_than_floats_do(whole: float, first: float, second: float) -> None:
    parts = {
        PAID: values(1, closing_mrr_amount=[first]),
        ORGANIC: values(1, closing_mrr_amount=[second]),
    }
    with pytest.raises(BrokenIdentityError, match="parts of closing_mrr_amount = the whole does not hold in period 1"):
        check_parts(values(1, closing_mrr_amount=[whole]), parts)


def test_what_need_not_add_up() -> None:
    # Lost customers that the churn rate counts: with [churn] method = "opening" a range has fewer than its months.
    # And the signups of a channel are checked as its part of all signups, rates never.
    for key in ("churn_counted_paid_users", "organic_signups", "paid_user_churn_rate"):
        check_total(values(2, **{key: [2, 3]}), values(1, **{key: [4]}))
        check_parts(values(1, **{key: [9]}), {PAID: values(1, **{key: [2]}), ORGANIC: values(1, **{key: [3]})})


def test_balances_are_the_first_or_the_last_of_a_range() -> None:
    months: Figures = {"opening_registered_users": [1, 4], "cumulative_demos_held": [2, 5]}
    check_total(values(2, **months), values(1, opening_registered_users=[1], cumulative_demos_held=[5]))
    for wrong, says in (
        ({"opening_registered_users": [4]}, "first opening_registered_users .* in the total: 1 is not 4"),
        ({"cumulative_demos_held": [2]}, "last cumulative_demos_held .* in the total: 5 is not 2"),
    ):
        with pytest.raises(BrokenIdentityError, match=says):
            check_total(values(2, **months), values(1, **wrong))


def test_visits_by_channel_are_no_parts_of_a_flow() -> None:
    # Ads visits are shown beside the organic ones, not as a part of them: neither is of all channels.
    check_periods(values(1, organic_visits=[5], paid_visits=[3], new_signups=[10]), ["2026-01"], Counted(), None)


@pytest.mark.parametrize("written", ["new_paid_users", "New-Paid-Users", " new paid users "])
def test_a_metric_is_named_in_any_way(written: str) -> None:
    assert find_metric(written).key == "new_paid_users"


def test_a_metric_that_there_is_not_names_at_most_three_that_are_close() -> None:
    with pytest.raises(UsageError) as refused:
        find_metric("paid_user")
    assert refused.value.message.count(" or ") == 2


def test_what_each_formula_is_made_of() -> None:
    shown = {metric.key: metric.kind.formula for metric in CATALOGUE.values()}
    assert {key: shown[key] for key in ("net_new_paid_users", "closing_paid_users", "arpa_amount", "new_signups")} == {
        "net_new_paid_users": "new_paid_users + reactivated_paid_users - churned_paid_users",
        "closing_paid_users": "opening_paid_users + net_new_paid_users",
        "arpa_amount": "closing_mrr_amount / closing_paid_users",
        "new_signups": "count of people whose earliest signup lies in the period",
    }
    assert shown["closing_mrr_amount"].startswith("sum of ")
