"""Figures made of what is counted, worked by hand: sums, shares, and what a missing term does to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from funnelcli.config import Config
from funnelcli.counting.durations import Durations
from funnelcli.counting.measures import NEW_PAID, Measure
from funnelcli.counting.ranked import Ranked
from funnelcli.metrics import CATALOGUE, evaluate, find_metric, no_metric
from funnelcli.metrics.evaluation import Evaluation
from funnelcli.metrics.model import DASHBOARD, OWN, Flow, Metric, Monthly, Product, Setting, Trailing
from funnelcli.problems import UsageError
from funnelcli.text import Message
from funnelcli.values.channels import CHANNELS, Channel
from funnelcli.values.figures import NO_SOURCE, Missing, Unit, Value
from funnelcli.values.periods import Grain, Period, month_of, period_of
from funnelcli.values.slices import Slice

# What nobody declares: metrics of other months, a setting, and a product of them.
OF_MONTHS = {
    "won": Metric(
        key="won", label=Message("Won"), unit=Unit.CUSTOMERS, section=OWN, definition=Message("."), owner="", good="up",
        kind=Flow(measure=NEW_PAID, what="won"),
    ),
    "trailing": Metric(
        key="trailing", label=Message("Won"), unit=Unit.CUSTOMERS, section=OWN, definition=Message("."), owner="",
        good="up", kind=Trailing(of="won", months=3),
    ),
    "earlier": Metric(
        key="earlier", label=Message("Won"), unit=Unit.CUSTOMERS, section=OWN, definition=Message("."), owner="",
        good="up", kind=Trailing(of="won", months=3, before=3),
    ),
    "monthly": Metric(
        key="monthly", label=Message("Won"), unit=Unit.CUSTOMERS, section=OWN, definition=Message("."), owner="",
        good="up", kind=Monthly(of="won"),
    ),
    "grace": Metric(
        key="grace", label=Message("Won"), unit=Unit.NUMBER, section=OWN, definition=Message("."), owner="", good="up",
        kind=Setting(read=lambda config: config.paid_users.grace_days + 4, what=Message("Won")),
    ),
    "magic": Metric(
        key="magic", label=Message("Won"), unit=Unit.NUMBER, section=OWN, definition=Message("."), owner="", good="up",
        kind=Product(times=("trailing",), over=("grace",), factor=12, nothing=Message("no")),
    ),
}  # fmt: skip
UNKNOWN = Missing("unknown", Message("nobody knows"))
OTHER = Missing("other", Message("another reason"))
NOBODY = (UNKNOWN, OTHER)
PLAN = Slice(dimension="plan", key="Pro", label=Message("Pro"), lasting=False)
INDUSTRY = Slice(dimension="industry", key="Retail", label=Message("Retail"), lasting=True)


class Counted:
    """Numbers by measure: of a few channels under their name and the measure's, ``paid visits``; the rest unknown."""

    config = Config()

    def __init__(
        self,
        numbers: dict[str, int | Missing],
        *,
        unmeasured: dict[Channel, Missing] | None = None,
        period: Period | None = None,
        elsewhere: dict[str, Counted] | None = None,
    ) -> None:
        self.numbers = numbers
        self.without = unmeasured or {}
        self.periods = [period or month_of(date(2026, 3, 1))]
        self.as_of = self.periods[0].last_day
        self.elsewhere = elsewhere or {}

    def over(self, period: Period) -> Counted:
        return self.elsewhere[f"{period.start:%Y-%m}..{period.last_day:%Y-%m}"]

    def has_begun(self, period: Period) -> bool:
        return f"{period.start:%Y-%m}..{period.last_day:%Y-%m}" in self.elsewhere

    def ahead(self, _: Period) -> Missing | None:
        return None

    def begins_after(self, _: Iterable[Measure], day: date) -> Missing | None:
        return OTHER if day < date(2026, 1, 1) else None

    def ends_before(self, _: Iterable[Measure], __: date) -> None:
        """Every export goes on."""

    def get(
        self, measure: Measure, place: int, part: Slice | None = None, only: frozenset[Channel] | None = None
    ) -> int | Missing:
        assert (place, part) in [(0, None), (0, PLAN), (0, INDUSTRY)]
        if only is None:
            return self.numbers.get(measure.name, UNKNOWN)
        names = {frozenset([channel]): channel.value for channel in CHANNELS}
        name = names.get(only, "organic" if only == frozenset(CHANNELS) - {Channel.PAID} else "?")
        return self.numbers.get(f"{name} {measure.name}", UNKNOWN)

    def unmeasured(self, _: Measure) -> dict[Channel, Missing]:
        return self.without

    def unreached(self, _: Measure, __: int) -> None:
        """Every export reaches over every period."""

    def is_over(self, _: int) -> bool:
        return True

    def narrowed(self, _: Iterable[Measure], __: int) -> None:
        """Every export reaches over every period."""

    @property
    def durations(self) -> Durations:
        raise NotImplementedError

    def ranked(self, _: Measure, __: Measure, ___: int, part: Slice | None) -> Ranked:
        raise NotImplementedError


def value(key: str, numbers: dict[str, int | Missing], part: Slice | None = None) -> Value:
    return Evaluation(catalogue=CATALOGUE, counts=Counted(numbers), period=0, part=part).value(key)


def figure(key: str, numbers: dict[str, int | Missing], part: Slice | None = None) -> float | str | None:
    """The number, or the code of the reason why there is none."""
    found = value(key, numbers, part)
    return found.missing.code if found.missing is not None else found.value


VISITS: dict[str, int | Missing] = {"organic visits": 70, "paid visits": 30, "existing_visits": 25}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 75),  # 70 + 30 - 25
        ({"existing_visits": UNKNOWN}, 100),  # it may be left out
        ({"paid visits": UNKNOWN}, "unknown"),  # this may not
        ({"organic visits": OTHER, "paid visits": UNKNOWN}, "other"),  # the first of the reasons
        ({"paid visits": NO_SOURCE}, 45),  # they are among the organic ones
        ({"existing_visits": 120}, -20),
    ],
)
def test_net_new_visitors(change: dict[str, int | Missing], expected: float | str) -> None:
    assert figure("net_new_visitors", {**VISITS, **change}) == expected


PAYING: dict[str, int | Missing] = {
    "paying_at_start": 10, "new_paid": 5, "reactivated": 2, "churned": 4, "transferred": 8, "paying_at_end": 99,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "part", "expected"),
    [
        ({}, None, 13),  # 10 + 5 + 2 - 4: nothing comes from another part of the whole
        ({}, INDUSTRY, 13),  # nor where people keep their part
        ({}, PLAN, 21),  # 8 more came from other plans
        # Where a term is missing the closing is what is counted at the end, and if that is missing, too, the term is.
        ({"paying_at_start": UNKNOWN}, None, 99),
        ({"churned": UNKNOWN}, None, 99),
        ({"transferred": UNKNOWN}, None, 13),
        ({"transferred": UNKNOWN}, PLAN, 99),
        ({"paying_at_start": UNKNOWN, "paying_at_end": OTHER}, None, "unknown"),
        ({"churned": OTHER, "paying_at_end": UNKNOWN}, None, "other"),
        ({"paying_at_start": UNKNOWN, "paying_at_end": 0}, None, 0),
    ],
)
def test_closing_paid_users(change: dict[str, int | Missing], part: Slice | None, expected: float | str) -> None:
    assert figure("closing_paid_users", {**PAYING, **change}, part) == expected


def test_net_new_paid_users_have_nothing_to_stand_in_for_a_missing_term() -> None:
    assert figure("net_new_paid_users", PAYING) == 3  # 5 + 2 - 4
    assert figure("net_new_paid_users", {**PAYING, "reactivated": OTHER}) == "other"


def test_closing_registered_users() -> None:
    numbers: dict[str, int | Missing] = {"registered_at_start": 20, "signups": 6, "registered_at_end": 99}
    assert figure("closing_registered_users", numbers) == 26
    assert figure("closing_registered_users", {**numbers, "signups": UNKNOWN}) == 99


@pytest.mark.parametrize(
    ("booked", "signups", "expected"),
    [
        (6, 4, Value(value=1.5, numerator=6, denominator=4)),  # several demos of one signup
        (0, 4, Value(value=0, numerator=0, denominator=4)),
        (UNKNOWN, 4, Value(value=None, numerator=None, denominator=4, missing=UNKNOWN)),
        (6, OTHER, Value(value=None, numerator=6, denominator=None, missing=OTHER)),
        (UNKNOWN, OTHER, Value(value=None, missing=UNKNOWN)),
        # Nothing to divide by matters only where there is something to divide.
        (UNKNOWN, 0, Value(value=None, numerator=None, denominator=0, missing=UNKNOWN)),
    ],
)
def test_a_rate(booked: int | Missing, signups: int | Missing, expected: Value) -> None:
    assert value("signup_to_demo_rate", {"demos_booked": booked, "signups": signups}) == expected


@pytest.mark.parametrize(
    ("rate", "numbers", "code", "reason"),
    [
        ("signup_to_demo_rate", {"demos_booked": 6, "signups": 0}, "no-new-signups", "no signups in the period"),
        ("demo_to_paid_rate", {"new_paid": 6, "demos_booked": 0}, "no-new-demo-bookings", "no demo bookings in"),
        ("paid_user_churn_rate", {"churn_counted": 6, "paying_at_start": 0}, "no-opening-paid-users", "no paid users"),
    ],
)
def test_a_rate_of_nothing(rate: str, numbers: dict[str, int | Missing], code: str, reason: str) -> None:
    found = value(rate, numbers)
    assert (found.value, found.numerator, found.denominator) == (None, 6, 0)
    assert found.missing is not None
    assert (found.missing.code, found.missing.in_residual) == (code, False)
    assert found.missing.reason.of("en").startswith(reason)


def test_amounts_are_counted_in_hundredths() -> None:
    assert [figure("closing_mrr_amount", {"mrr_at_end": hundredths}) for hundredths in (12_345, 12_300, 1, 0)] == [
        123.45, 123, 0.01, 0,
    ]  # fmt: skip
    # 120 of 8 customers: 10 + 2 - 4.
    paying: dict[str, int | Missing] = {**PAYING, "new_paid": 2, "reactivated": 0}
    assert value("arpa_amount", {**paying, "mrr_at_end": 12_000}) == Value(value=15, numerator=120, denominator=8)


def test_a_channel_that_nothing_measured_has_no_figure_of_its_own() -> None:
    counts = Counted({**VISITS, "paid signups": 3}, unmeasured=dict.fromkeys([Channel.PAID], NO_SOURCE))
    values = {key: column[0] for key, column in evaluate(counts, 1, None).items()}
    assert list(values) == list(CATALOGUE)
    # Organic visits are of several channels, and hold what is not measured of the others.
    dashboard = {key: found for key, found in values.items() if CATALOGUE[key].section in DASHBOARD}
    shown = {key: (found.value, found.missing) for key, found in dashboard.items() if found.missing != UNKNOWN}
    assert shown == {
        "organic_visits": (70, None),
        "paid_visits": (None, NO_SOURCE),
        "existing_user_visits": (25, None),
        "net_new_visitors": (45, None),
        "paid_signups": (None, NO_SOURCE),
    }


# --- what is declared --------------------------------------------------------------------------------------------


# Those of the dashboard: journeys have their own.
OF_DASHBOARD = {key: metric for key, metric in CATALOGUE.items() if metric.section in DASHBOARD}


def keys_where(attribute: str) -> set[str]:
    return {key for key, metric in OF_DASHBOARD.items() if getattr(metric, attribute)}


def test_which_metrics_are_not_like_most() -> None:
    channels = {f"{name}_signups" for name in ("organic", "paid", "sales_sme", "affiliate", "partner", "referral")}
    assert keys_where("part") == channels
    assert keys_where("hide_zero") == {"partner_signups", "referral_signups", "reactivated_paid_users"}
    assert keys_where("between_parts") == {"transferred_paid_users"}
    followed = {
        f"{pair}_{people}"
        for pair in ("signup_to_demo_booked", "demo_booked_to_paid", "signup_to_paid")
        for people in ("entered", "matured", "converted")
    }
    apart = keys_where("apart")
    assert {key.rpartition("_")[2] for key in apart} == {"days"}
    assert set(OF_DASHBOARD) - keys_where("shown") - apart == {
        "churn_counted_paid_users", "kept_paid_users", "gone_paid_users", *followed,
    }  # fmt: skip
    assert set(OF_DASHBOARD) - keys_where("by_channel") == channels
    # What is a channel itself is split by everything else.
    split = {
        name: {key for key, metric in OF_DASHBOARD.items() if metric.is_split_by(name)} for name in ("channel", "plan")
    }
    assert split == {"channel": set(OF_DASHBOARD) - channels, "plan": set(OF_DASHBOARD)}


def test_what_a_metric_is_made_of() -> None:
    closing, won = CATALOGUE["closing_paid_users"], CATALOGUE["new_paid_users"]
    churn = CATALOGUE["paid_user_churn_rate"]
    assert closing.inputs == closing.inputs_of(INDUSTRY) == ("opening_paid_users", "net_new_paid_users")
    assert closing.inputs_of(PLAN) == (*closing.inputs, "transferred_paid_users")
    assert CATALOGUE["net_new_visitors"].inputs == ("organic_visits", "paid_visits", "existing_user_visits")
    assert churn.inputs == churn.inputs_of(PLAN) == ("churn_counted_paid_users", "opening_paid_users")
    assert won.inputs == won.inputs_of(PLAN) == ()
    assert closing.formula_of(PLAN) == "opening_paid_users + net_new_paid_users + transferred_paid_users"
    assert closing.formula_of(None) == closing.formula_of(INDUSTRY) == "opening_paid_users + net_new_paid_users"
    assert closing.words_of(PLAN).of("vi") == closing.formula_of(PLAN)
    assert won.words_of(PLAN).of("vi") == "số khách lần đầu trả phí trong kỳ"
    assert churn.formula_of(PLAN) == churn.words_of(None).of("vi") == "churn_counted_paid_users / opening_paid_users"
    # A balance is counted, amounts are summed.
    words = {key: CATALOGUE[key].words_of(None).of("en") for key in ("opening_paid_users", "closing_mrr_amount")}
    assert {key: text.partition(" of ")[0] for key, text in words.items()} == {
        "opening_paid_users": "count",
        "closing_mrr_amount": "sum",
    }


def test_at_most_three_metrics_are_offered_for_a_wrong_name() -> None:
    assert find_metric("CLOSING PAID-USERS") is CATALOGUE["closing_paid_users"]
    with pytest.raises(UsageError) as refused:
        find_metric("paid_users")
    offered = [key for key in CATALOGUE if key in refused.value.message]
    assert (len(offered), refused.value.message.count(" or ")) == (3, 2), offered
    assert no_metric("xyz", []).message == "'xyz' is no metric."


def of_months(key: str, counts: Counted) -> float | str | None:
    found = Evaluation(catalogue=OF_MONTHS, counts=counts, period=0, part=None).value(key)
    return found.missing.code if found.missing is not None else found.value


def test_figures_of_the_months_before() -> None:
    months = {
        "2026-01..2026-03": Counted({"new_paid": 9}),
        "2025-10..2025-12": Counted({"new_paid": 7}),
    }
    march = Counted({"new_paid": 2}, elsewhere=months)
    # January to March; the three months before begin before the exports do.
    assert [of_months(key, march) for key in ("won", "trailing", "earlier")] == [2, 9, "other"]
    april = Counted({}, period=month_of(date(2026, 4, 1)), elsewhere={"2026-02..2026-04": Counted({"new_paid": 5})})
    assert of_months("trailing", april) == 5
    # 12 x 9 / 4.
    assert of_months("magic", march) == 27
    assert OF_MONTHS["magic"].kind.formula == "12 * trailing / grace"
    assert of_months("grace", march) == 4


def test_a_sum_over_the_months_of_a_period() -> None:
    months = {f"2026-{number:02}..2026-{number:02}": Counted({"new_paid": number}) for number in (1, 2)}
    quarter = Counted({}, period=period_of(date(2026, 1, 1), Grain.QUARTER), elsewhere=months)
    assert of_months("monthly", quarter) == 3  # March has not begun
    unknown = {**months, "2026-02..2026-02": Counted({"new_paid": OTHER})}
    assert of_months("monthly", Counted({}, period=quarter.periods[0], elsewhere=unknown)) == "other"
    month = Counted({"new_paid": 6}, period=month_of(date(2026, 1, 1)), elsewhere=months)
    assert of_months("monthly", month) == 6  # a month is made of itself
    week = Counted({"new_paid": 6}, period=period_of(date(2026, 1, 1), Grain.WEEK))
    assert of_months("monthly", week) == "week-has-no-months"
