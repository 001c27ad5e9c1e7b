"""Plans worked by hand where a number lies just on an edge: a rate above 1, half a base, totals one apart."""

from __future__ import annotations

from fractions import Fraction as Frac

import pytest

from funnelcli.planning.mix import rates_changed
from funnelcli.planning.model import (
    Best,
    ChannelPlan,
    ChannelRate,
    Key,
    Measured,
    Plan,
    Pooled,
    ShapeKind,
)
from funnelcli.planning.plan import By, make_plan
from funnelcli.planning.solve import read_shape
from planned import (
    NEW,
    ORGANIC,
    RATES,
    WINDOW,
    WON,
    lines,
    notes,
    spec,
)


def levers(plan: Plan) -> list[tuple[Key, Frac | int, Frac | int]]:
    return [(lever.key, lever.value, lever.signups) for lever in plan.levers]


def test_totals_of_channels_that_differ_by_one_are_no_news() -> None:
    own = {Key.DEMO_TO_PAID: Pooled(numerator=Frac(20), denominator=Frac(70), months=WINDOW)}
    measured = Measured(
        pooled={Key.DEMO_TO_PAID: Pooled(numerator=Frac(1), denominator=Frac(4), months=WINDOW)},
        of_channel={ORGANIC: own},
        signups={ORGANIC: 100},
    )
    given: dict[Key, Frac | int | None] = {Key.SIGNUP_TO_DEMO: 1, Key.VISITOR_TO_SIGNUP: None}

    def said(amount: int) -> str | None:
        plan = make_plan(spec(NEW, amount, given, months=1, measured=measured, by=By.CHANNEL, mix={ORGANIC: Frac(1)}))
        return notes(plan).get("channels-differ-from-pooled")

    assert said(2) is None  # 2 x 7/2 = 7 demos, and 2 x 4 = 8
    assert str(said(4)).endswith("Demos 14 / 16; Signups 14 / 16.")


def test_a_rate_above_one_is_no_share_and_may_rise() -> None:
    values: dict[Key, Frac | int | None] = {
        Key.DEMO_TO_PAID: Frac(1, 2), Key.SIGNUP_TO_DEMO: Frac(3, 2), Key.VISITOR_TO_SIGNUP: None,
    }  # fmt: skip
    # 200 demos of 133.3 signups; at 1.65 a signup 121.2; and at 55 % 181.8 demos, 182 of 121.3 signups.
    assert levers(make_plan(spec(NEW, 100, values, months=1))) == [
        (Key.SIGNUP_TO_DEMO, Frac(33, 20), 122),
        (Key.DEMO_TO_PAID, Frac(11, 20), 122),
    ]


@pytest.mark.parametrize("known", [{Key.OPENING: 5}, {Key.CHURN: Frac(1, 10)}])
def test_half_a_base_is_none(known: dict[Key, Frac | int | None]) -> None:
    planned = lines(make_plan(spec(NEW, 2, {**RATES, **known, Key.ARPA: 7})))
    nothing = ((None, None), None)
    assert [planned[key] for key in planned if "required" not in key] == [nothing] * 4  # revenue stands on it, too


@pytest.mark.parametrize(("best", "times"), [(100, "1.1x"), (108, "1.04x"), (50, "2.2x")])
def test_how_far_above_the_best_month(best: int, times: str) -> None:
    measured = Measured(best={(WON, None): Best(number=Frac(best), month="2025-11")})
    text = notes(make_plan(spec(NEW, 112, RATES, months=1, measured=measured)))["quota-above-best-month"]
    assert f"112, {times} your best month of the last 12 ({best} in 2025-11)" in text


def test_a_channel_takes_a_new_rate_where_the_pooled_one_has_no_proportion() -> None:
    half = ChannelPlan(channel=ORGANIC, share=Frac(1), rates={Key.DEMO_TO_PAID: ChannelRate(rate=Frac(1, 2))})

    def changed_to(pooled_rate: Frac | int) -> Frac | None:
        base = spec(NEW, 1, {Key.DEMO_TO_PAID: pooled_rate}).assumptions
        return rates_changed(half, base, {Key.DEMO_TO_PAID: Frac(1, 5)}).rates[Key.DEMO_TO_PAID].rate

    assert changed_to(0) == Frac(1, 5)
    assert changed_to(Frac(2, 5)) == Frac(1, 4)  # the pooled rate halves, so does its own


def test_the_words_of_a_shape() -> None:
    assert [read_shape(text) for text in (None, "Growth 5 % up", "growth=5%", "seasonal")] == [
        (ShapeKind.STEADY, ""),
        (ShapeKind.GROWTH, "5 % up"),
        (ShapeKind.GROWTH, "5%"),
        (ShapeKind.SEASONAL, ""),
    ]
