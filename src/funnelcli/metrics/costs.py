"""Costs: what was spent, and what a visit, a lead, a demo and a customer costs, and what a customer brings."""

from collections.abc import Iterator

from funnelcli.config import Config
from funnelcli.counting import measures
from funnelcli.metrics.model import (
    COSTS,
    Annualised,
    Flow,
    Formula,
    Kind,
    Metric,
    Monthly,
    Never,
    Product,
    Ratio,
    Setting,
    Trailing,
)
from funnelcli.text import Message, Text
from funnelcli.values.channels import Channel
from funnelcli.values.figures import HUNDREDTHS, Missing, Unit

SOURCE = "definitions: costs"
OWNER = "marketing"
CAC, LTV, CHURN = "customer_acquisition_cost_amount", "customer_lifetime_value_amount", "monthly_paid_user_churn_rate"
MARGIN, ACQUISITION = "gross_margin_rate", "acquisition_cost_amount"
_PAID = frozenset({Channel.PAID})
# Money over people, or over money, is no share of people.
BESIDE_MONEY = Message("an amount over another figure is no share of people")
_ACQUISITION_COSTS = Message("the amounts of the costs of the period, but for those of the teams of service")


def _metric(
    key: str, label: Text, unit: Unit, kind: Kind, definition: Text, good: str = "down", *, shown: bool = True
) -> Metric:
    """A figure of costs; ``good`` is "up", "down" or "neither"."""
    return Metric(
        key=key, label=label, unit=unit, section=COSTS, kind=kind, definition=definition, owner=OWNER, source=SOURCE,
        good="up" if good == "up" else "down" if good == "down" else "neither", shown=shown,
    )  # fmt: skip


def _of_channel_paid(key: str, label: Text, unit: Unit, flow: Flow, definition: Text) -> Metric:
    """A flow of channel paid, which only serves to make another figure."""
    return Metric(
        key=key, label=label, unit=unit, section=COSTS, kind=flow, definition=definition, owner=OWNER, source=SOURCE,
        good="neither", shown=False, by_channel=False,
    )  # fmt: skip


def _spent() -> Iterator[Metric]:
    yield _metric(
        "actual_cost_amount", Message("Costs"), Unit.AMOUNT,
        Flow(
            measure=measures.COSTS, per=HUNDREDTHS,
            what=Message("the amounts of the costs dated within the period, credits taken off"),
        ),
        Message(
            "What was spent in the period by the rows of costs; credits, which are below 0, are taken off. A month's "
            "costs are dated its first day. What names no channel is unassigned, and spread over nothing."
        ), "neither",
    )  # fmt: skip
    yield _metric(
        ACQUISITION, Message("Costs of acquisition"), Unit.AMOUNT,
        Flow(measure=measures.ACQUISITION_COSTS, per=HUNDREDTHS, what=_ACQUISITION_COSTS),
        Message(
            "Costs but for those of the teams that serve customers who are there already: [costs] service_teams, else "
            "implement, customer_success, expert and dev. Commission by [policies] is not added."
        ), "neither",
    )  # fmt: skip
    yield _metric(
        "service_cost_amount", Message("Costs of service"), Unit.AMOUNT,
        Flow(
            measure=measures.SERVICE_COSTS, per=HUNDREDTHS,
            what=Message("the amounts of the costs of the period of the teams of service"),
        ),
        Message(
            "Costs of the teams that serve customers who are there already: [costs] service_teams, else implement, "
            "customer_success, expert and dev. With the costs of acquisition they are all costs."
        ), "neither", shown=False,
    )  # fmt: skip
    yield _metric(
        "cost_impressions", Message("Ad impressions"), Unit.NUMBER,
        Flow(measure=measures.COST_IMPRESSIONS, what=Message("impressions of the ads that the costs paid for")),
        Message("How often the ads were shown that the costs of the period paid for."), "neither",
    )  # fmt: skip
    yield _metric(
        "cost_clicks", Message("Ad clicks"), Unit.NUMBER,
        Flow(measure=measures.COST_CLICKS, what=Message("clicks on the ads that the costs paid for")),
        Message("Clicks on the ads that the costs of the period paid for."), "neither",
    )  # fmt: skip


def _over(key: str, label: Text, below: str, nothing: Text, definition: Text) -> Metric:
    kind = Ratio(numerator=ACQUISITION, denominator=below, nothing=nothing, beside=BESIDE_MONEY, named=True)
    return _metric(key, label, Unit.AMOUNT, kind, definition)


def _each() -> Iterator[Metric]:
    """What one of each costs."""
    yield _metric(
        "all_visits", Message("Visits"), Unit.VISITS, Flow(measure=measures.VISITS, what=Message("visits")),
        Message("Visits of the period, by whomever."), "up", shown=False,
    )  # fmt: skip
    yield _over(
        "cost_per_visit_amount", Message("Cost per visit"), "all_visits", Message("no visits in the period"),
        Message("Costs of acquisition per visit of the same period."),
    )  # fmt: skip
    yield _over(
        "cost_per_lead_amount", Message("Cost per lead (RU)"), "new_signups", Message("no signups in the period"),
        Message("Costs of acquisition per new signup of the same period."),
    )  # fmt: skip
    yield _over(
        "cost_per_demo_amount", Message("Cost per demo"), "new_demo_bookings",
        Message("no demo bookings in the period"),
        Message("Costs of acquisition per demo booked in the same period."),
    )  # fmt: skip
    yield _over(
        CAC, Message("CAC"), "new_paid_users", Message("no new PU in the period"),
        Message(
            "Customer acquisition cost: costs of acquisition per new PU of the same period; who came back is not new. "
            "Of a channel that no row of costs names it is missing, not 0."
        ),
    )  # fmt: skip


def _of_ads() -> Iterator[Metric]:
    yield _of_channel_paid(
        "paid_acquisition_cost_amount", Message("Costs of acquisition, paid"), Unit.AMOUNT,
        Flow(measure=measures.ACQUISITION_COSTS, only=_PAID, per=HUNDREDTHS, what=_ACQUISITION_COSTS),
        Message("Costs of acquisition of channel paid."),
    )  # fmt: skip
    yield _of_channel_paid(
        "paid_channel_new_paid_users", Message("New PU, paid"), Unit.CUSTOMERS,
        Flow(
            measure=measures.NEW_PAID, only=_PAID,
            what=Message("customers of channel paid whose first stay began within the period"),
        ),
        Message("New PU of channel paid."),
    )  # fmt: skip
    yield Metric(
        key="paid_customer_acquisition_cost_amount", label=Message("CAC, paid only"), unit=Unit.AMOUNT, section=COSTS,
        kind=Ratio(
            numerator="paid_acquisition_cost_amount", denominator="paid_channel_new_paid_users",
            nothing=Message("no new PU of channel paid in the period"), beside=BESIDE_MONEY,
        ),
        definition=Message("Costs of acquisition of channel paid per new PU of channel paid of the same period."),
        owner=OWNER, good="down", source=SOURCE, by_channel=False,
    )  # fmt: skip


def _churn() -> Iterator[Metric]:
    yield _metric(
        "months_opening_paid_users", Message("PU at the start of each month, summed"), Unit.CUSTOMERS,
        Monthly(of="opening_paid_users"),
        Message("Customers paying when each month of the period began, added up: months that customers were there."),
        "neither", shown=False,
    )  # fmt: skip
    yield _metric(
        CHURN, Message("Churn rate a month"), Unit.RATE,
        Ratio(
            numerator="churn_counted_paid_users", denominator="months_opening_paid_users",
            nothing=Message("no paid users at the start of any month"),
            beside=Message("of a range a customer stands below the line once a month"),
        ),
        Message(
            "Lost PU over the PU at the start of each month of the period, added up: of a month its churn rate, of a "
            "longer period what is lost in one month of it."
        ),
    )  # fmt: skip
    yield _metric(
        "annualised_churn_rate", Message("Churn rate, a year"), Unit.RATE, Annualised(of="paid_user_churn_rate"),
        Message(
            "What the churn rate of k whole months comes to in a year: 1 - (1 - rate)^(12/k). 5 % a month is 46 %, and "
            "not 60 %. Missing of a period that still runs."
        ),
    )  # fmt: skip


def _margin(config: Config) -> float:
    """The share of revenue that is left; all of it where the settings give none."""
    given = config.business.gross_margin
    return 1.0 if given is None else float(given)


def _worth() -> Iterator[Metric]:
    yield _metric(
        MARGIN, Message("Gross margin"), Unit.RATE,
        Setting(read=_margin, what=Message("[business] gross_margin, else 100 %")),
        Message("What is left of revenue after serving customers: [business] gross_margin, else 100 %."), "up",
        shown=False,
    )  # fmt: skip
    yield _metric(
        LTV, Message("LTV"), Unit.AMOUNT,
        Product(times=("arpa_amount", MARGIN), over=(CHURN,), nothing=Message("nobody was lost")),
        Message(
            "Customer lifetime value: ARPA times the gross margin over the churn rate a month. Missing where nobody "
            "was lost: nothing says how long customers stay."
        ), "up",
    )  # fmt: skip
    yield _metric(
        "ltv_to_cac_ratio", Message("LTV : CAC"), Unit.NUMBER,
        Product(times=(LTV,), over=(CAC,), nothing=Message("nothing was spent")),
        Message("What a customer brings over what one costs."), "up",
    )  # fmt: skip
    yield _metric(
        "cac_payback_months", Message("CAC payback (months)"), Unit.MONTHS,
        Product(
            times=(CAC,), over=("arpa_amount", MARGIN), nothing=Message("a customer brings nothing a month"),
            never=Never(
                more=CAC, than=LTV,
                reason=Missing("never", Message("never: a customer costs more than one brings (CAC > LTV)")),
            ),
        ),
        Message(
            "Months until a new customer has brought what one costs: CAC over ARPA times the gross margin. Never where "
            "CAC is above LTV: on average a customer is lost before."
        ),
    )  # fmt: skip


def _magic() -> Iterator[Metric]:
    yield _metric(
        "mrr_3_months_before_amount", Message("MRR 3 months before"), Unit.AMOUNT,
        Trailing(of="closing_mrr_amount", months=3, before=3), Message("MRR three months before the period ended."),
        "neither", shown=False,
    )  # fmt: skip
    yield _metric(
        "mrr_of_3_months_amount", Message("Net new MRR of 3 months"), Unit.AMOUNT,
        Formula(plus=("closing_mrr_amount",), minus=("mrr_3_months_before_amount",)),
        Message("MRR at the end of the period less that of three months before."), "up", shown=False,
    )  # fmt: skip
    yield _metric(
        "acquisition_cost_3_months_before_amount", Message("Costs of acquisition of the 3 months before"), Unit.AMOUNT,
        Trailing(of=ACQUISITION, months=3, before=3),
        Message("Costs of acquisition of the three months before the last three."), "neither", shown=False,
    )  # fmt: skip
    yield _metric(
        "sales_magic_number_ratio", Message("Sales magic number"), Unit.NUMBER,
        Product(
            times=("mrr_of_3_months_amount",), over=("acquisition_cost_3_months_before_amount",), factor=12,
            nothing=Message("nothing was spent"),
        ),
        Message(
            "Net new MRR of the last three months, a year of it, per costs of acquisition of the three months before: "
            "what a year brings of what was spent."
        ), "up",
    )  # fmt: skip


COHORT_CAC = Metric(
    key="customer_acquisition_cost_cohort_amount", label=Message("CAC, same people"), unit=Unit.AMOUNT, section=COSTS,
    kind=Ratio(
        numerator=ACQUISITION, denominator="signup_to_paid_converted",
        nothing=Message("none of those who registered in the period paid within the window"), beside=BESIDE_MONEY,
        named=True, matured=("signup_to_paid_matured", "signup_to_paid_entered"),
    ),
    definition=Message(
        "Costs of acquisition of the period per customer of those who registered in it and paid within the window (90 "
        "days, or --window), once that is over for all of them: where sales take longer than a month, the money "
        "stands beside the customers that it brought."
    ),
    owner=OWNER, good="down", source=SOURCE, basis="cohort", after=CAC,
)  # fmt: skip

METRICS: tuple[Metric, ...] = (
    *_spent(), *_each(), *_of_ads(), COHORT_CAC, *_churn(), *_worth(), *_magic(),
)  # fmt: skip
