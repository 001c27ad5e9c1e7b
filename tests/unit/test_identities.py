"""What must hold between figures, worked by hand: it holds of right figures, and is noticed where it breaks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from funnelcli.counting.measures import PAYING_AT_END, REGISTERED_AT_END, Measure
from funnelcli.metrics import CATALOGUE, find_metric
from funnelcli.metrics.identities import check_parts, check_periods, check_total
from funnelcli.problems import BrokenIdentityError, UsageError
from funnelcli.text import Text
from funnelcli.values.channels import SLICES, Channel
from funnelcli.values.figures import Missing, Value

UNKNOWN = Missing("unknown", Text("nobody knows", "không rõ"))
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
        assert measure in (PAYING_AT_END, REGISTERED_AT_END)
        column = self.ends[measure.name]
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
