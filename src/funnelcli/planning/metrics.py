"""The figures of a plan, each declared once; ``actual`` names the dashboard's metric that it is compared with."""

from collections.abc import Callable
from fractions import Fraction
from itertools import accumulate
from math import ceil

from funnelcli.metrics import CATALOGUE
from funnelcli.planning.backsolve import Month, rounded_down
from funnelcli.planning.deals import deal_figures
from funnelcli.planning.declare import Course, Kind, Months, PaceOf
from funnelcli.planning.declare import PlannedMetric as PlannedMetric
from funnelcli.planning.keys import Key
from funnelcli.planning.lag_metrics import LAG_FIGURES
from funnelcli.planning.means_metrics import MEANS_FIGURES
from funnelcli.text import Message, in_context
from funnelcli.values.declared import Declared
from funnelcli.values.figures import Missing, Unit

# --- how they are made -------------------------------------------------------------------------------------------


def _of_run(figure: Callable[[Month], Fraction]) -> Callable[[Course], Months | Missing]:
    return lambda course: course.run if isinstance(course.run, Missing) else [figure(month) for month in course.run]


_opening = _of_run(lambda month: month.opening)
_churned = _of_run(lambda month: month.churned)
_closing = _of_run(lambda month: month.closing)
# Customers are whole: of those expected to stay, a part is one more who must.
_renewed = _of_run(lambda month: Fraction(ceil(month.opening - month.churned)))


def _revenue(course: Course) -> Months | Missing:
    return course.revenue


def _allowed_churned(course: Course) -> Months | Missing:
    lost = _churned(course)
    return lost if isinstance(lost, Missing) else [Fraction(n) for n in rounded_down(list(accumulate(lost)))]


# --- the declarations --------------------------------------------------------------------------------------------

VISITORS = PlannedMetric(
    key="required_net_new_visitors",
    kind=Kind.STAGE,
    label=Message("Net new visitors needed"),
    short=Message("Visitors"),
    unit=Unit.VISITS,
    formula=Message("running total of required_new_signups / visitor_to_signup_rate, rounded up"),
    definition=Message(
        "Visits needed so that, at the visitor to signup rate, every running total of signups is covered."
    ),
    actual="net_new_visitors",
    rate=Key.VISITOR_TO_SIGNUP,
    owner="visitors",
    paid_by="per_visit",
    always=True,
    replanned=True,
)

SIGNUPS = PlannedMetric(
    key="required_new_signups",
    kind=Kind.STAGE,
    label=Message("New signups (RU) needed"),
    short=Message("Signups"),
    unit=Unit.PEOPLE,
    formula=Message("running total of required_new_demo_bookings / signup_to_demo_rate, rounded up"),
    definition=Message(
        "Signups needed so that, at the signup to demo rate, every running total of demo bookings is covered."
    ),
    actual="new_signups",
    rate=Key.SIGNUP_TO_DEMO,
    owner="signups",
    paid_by="per_signup",
    always=True,
    replanned=True,
)

DEMOS = PlannedMetric(
    key="required_new_demo_bookings",
    kind=Kind.STAGE,
    label=Message("Demo bookings needed"),
    short=Message("Demos"),
    unit=Unit.DEMOS,
    formula=Message("running total of required_new_paid_users / demo_to_paid_rate, rounded up"),
    definition=Message(
        "Demo bookings needed so that, at the demo to paid rate, every running total of new PU is covered."
    ),
    actual="new_demo_bookings",
    rate=Key.DEMO_TO_PAID,
    owner="demos",
    paid_by="per_demo",
    always=True,
    replanned=True,
)

NEW_PAID_USERS = PlannedMetric(
    key="required_new_paid_users",
    kind=Kind.STAGE,
    label=Message("New PU needed"),
    short=Message("New PU"),
    unit=Unit.CUSTOMERS,
    formula=Message(
        "the smallest whole total that reaches the goal; its share of each month, running total rounded up"
    ),
    definition=Message("The fewest new customers, in the shape asked for, that reach the goal."),
    actual="new_paid_users",
    owner="new_paid_users",
    always=True,
    replanned=True,
)

OPENING = PlannedMetric(
    key="planned_opening_paid_users",
    kind=Kind.LEVEL,
    label=Message("PU at start of month"),
    short=Message("PU at start"),
    unit=Unit.CUSTOMERS,
    formula=Message("planned_closing_paid_users of the month before; opening_paid_users in the first"),
    definition=Message("Customers expected to pay when the month begins: the closing of the month before."),
    total="first",
    actual="opening_paid_users",
    work=_opening,
    pace=PaceOf.OPENING,
    always=True,
    judged=False,
    by_month=False,
)

CHURNED = PlannedMetric(
    key="expected_churned_paid_users",
    kind=Kind.EXPECTED,
    label=Message("Lost PU expected"),
    short=in_context("of a plan", "Lost PU"),
    unit=Unit.CUSTOMERS,
    formula="planned_opening_paid_users x paid_user_churn_rate",
    definition=Message("Opening PU times the churn rate; an expectation, so not a whole number."),
    actual="churned_paid_users",
    good="down",
    work=_churned,
    always=True,
)

CLOSING = PlannedMetric(
    key="planned_closing_paid_users",
    kind=Kind.LEVEL,
    label=Message("PU at end of month"),
    short=Message("PU at end"),
    unit=Unit.CUSTOMERS,
    formula="planned_opening_paid_users - expected_churned_paid_users + required_new_paid_users",
    definition=Message("Opening PU - lost PU + new PU."),
    total="last",
    actual="closing_paid_users",
    work=_closing,
    pace=PaceOf.BASE,
    always=True,
)

REVENUE = PlannedMetric(
    key="planned_revenue_amount",
    kind=Kind.EXPECTED,
    label=Message("Revenue"),
    short=Message("Revenue"),
    unit=Unit.AMOUNT,
    formula=Message(
        "MRR of the month before (opening_mrr_amount in the first) x (1 - paid_user_churn_rate) + new_arpa_amount x "
        "required_new_paid_users, or deal_size_amount x required_new_paid_users"
    ),
    definition=Message(
        "Recurring: MRR at the end of the month, which is not the cash of the month: what is left of the MRR before, "
        "and that of the new customers. One-off: deal size times new customers."
    ),
    actual="closing_mrr_amount",
    work=_revenue,
    pace=PaceOf.BASE,
    always=True,
    actual_recurs=True,
)

ALLOWED_CHURNED = PlannedMetric(
    key="allowed_churned_paid_users",
    kind=Kind.QUOTA,
    label=Message("Lost PU at most"),
    short=Message("Lost at most"),
    unit=Unit.CUSTOMERS,
    formula=Message("running total of expected_churned_paid_users, rounded down"),
    definition=Message("Lost PU expected, its running total rounded down to whole customers."),
    actual="churned_paid_users",
    good="down",
    work=_allowed_churned,
    owner="retention",
)

RENEWED = PlannedMetric(
    key="required_renewed_paid_users",
    kind=Kind.QUOTA,
    label=Message("PU kept at least"),
    short=Message("Kept at least"),
    unit=Unit.CUSTOMERS,
    formula=Message("planned_opening_paid_users - expected_churned_paid_users, rounded up"),
    definition=Message("Opening PU less the lost PU expected, rounded up: those who must stay, be it by renewal."),
    total="last",
    actual="kept_paid_users",
    judged=False,
    work=_renewed,
    pace=PaceOf.BASE,
    owner="retention",
)

ONBOARDINGS = PlannedMetric(
    key="required_onboardings",
    kind=Kind.QUOTA,
    label=Message("Onboardings"),
    short=in_context("short", "Onboardings"),
    unit=Unit.CUSTOMERS,
    formula="required_new_paid_users",
    definition=Message("One for each new PU."),
    quota_of="required_new_paid_users",
    actual="entered_set_up",
    judged=False,
    owner="onboardings",
)

COST = PlannedMetric(
    key="planned_cost_amount",
    kind=Kind.BUDGET,
    label=Message("Policy budget"),
    short=Message("Budget"),
    unit=Unit.AMOUNT,
    good="down",
    formula=Message(
        "per_visit x visits + per_signup x signups + per_demo x demos + per_new_paid_user x new PU + fixed_per_month"
    ),
    definition=Message(
        "What the policies of funnel.toml cost: so much a visit, signup, demo or new PU, and fixed monthly amounts."
    ),
    actual="actual_cost_amount",
    judged=False,
    by_month=False,
)

COST_DIFFERENCE = PlannedMetric(
    key="cost_difference_amount",
    kind=Kind.MEASURED,
    label=Message("Costs less the budget"),
    short=Message("Difference"),
    unit=Unit.AMOUNT,
    good="down",
    formula="actual_cost_amount - planned_cost_amount",
    definition=Message("Costs of the months that have a budget, less that budget; below 0 less was spent."),
    judged=False,
    by_month=False,
    tracked=False,
)

COST_RATE = PlannedMetric(
    key="planned_cost_rate",
    kind=Kind.BUDGET,
    label=Message("Budget / revenue"),
    short=Message("Share"),
    unit=Unit.RATE,
    good="down",
    formula="planned_cost_amount / planned_revenue_amount",
    definition=Message("Policy budget over revenue."),
    total="own",
    actual="actual_cost_rate",
    pace=None,
    judged=False,
    by_month=False,
)

CAC = PlannedMetric(
    key="planned_cac_amount",
    kind=Kind.BUDGET,
    label=Message("CAC"),
    short=Message("CAC"),
    unit=Unit.AMOUNT,
    good="down",
    formula="planned_cost_amount / required_new_paid_users",
    definition=Message(
        "Policy budget per new PU. What is paid for a visit, signup or customer belongs to its channel; fixed amounts "
        "to the team's channels, by their new PU."
    ),
    total="own",
    actual="customer_acquisition_cost_amount",
    pace=None,
    judged=False,
    by_month=False,
)

PAYBACK = PlannedMetric(
    key="planned_payback_months",
    kind=Kind.BUDGET,
    label=Message("Payback (months)"),
    short=Message("Payback"),
    unit=Unit.MONTHS,
    good="down",
    formula="planned_cac_amount / (new_arpa_amount x [business] gross_margin)",
    definition=Message(
        "CAC over the margin of what a new customer brings a month: [business] gross_margin, else 100 %. Never, where "
        "the customer is lost before."
    ),
    total="own",
    actual="cac_payback_months",
    pace=None,
    judged=False,
    by_month=False,
)


def _gives_way(metric: PlannedMetric, more: tuple[PlannedMetric, ...]) -> bool:
    """Whether a figure is of the built-in stages of the opportunity, where settings declare others."""
    return metric.kind is Kind.DEAL and any(other.kind is Kind.DEAL for other in more)


PLANNED = Declared(
    VISITORS, SIGNUPS, DEMOS, NEW_PAID_USERS, *LAG_FIGURES, OPENING, CHURNED, CLOSING, REVENUE, ALLOWED_CHURNED,
    RENEWED, ONBOARDINGS, *deal_figures(CATALOGUE["created_deals"].section), *MEANS_FIGURES, COST, COST_DIFFERENCE,
    COST_RATE, CAC, PAYBACK,
    order=lambda metric: metric.kind is Kind.BUDGET, gives_way=_gives_way,
)  # fmt: skip


def stages() -> tuple[PlannedMetric, ...]:
    """The stages from the new customers back to the visitors: each is made from the one before it in this list."""
    return tuple(metric for metric in reversed(tuple(PLANNED.values())) if metric.kind is Kind.STAGE)


def deal_stages() -> tuple[PlannedMetric, ...]:
    """The figures of the opportunity from the deals won back to those created, each made from the one before."""
    return tuple(metric for metric in reversed(tuple(PLANNED.values())) if metric.kind is Kind.DEAL)


STAGE_RATES = tuple(stage.rate for stage in stages() if stage.rate is not None)


def owned() -> tuple[PlannedMetric, ...]:
    """What [teams] share out by channel."""
    return tuple(metric for metric in PLANNED.values() if metric.owner is not None and metric.parts_of is not None)
