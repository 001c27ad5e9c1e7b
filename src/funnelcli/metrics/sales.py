"""Demos and paid users: form -> demo -> quote -> contract."""

from funnelcli.counting import measures
from funnelcli.metrics.model import SALES, Balance, Flow, Formula, Metric, Ratio
from funnelcli.text import Message
from funnelcli.values.figures import HUNDREDTHS, Unit

METRICS: tuple[Metric, ...] = (
    Metric(
        key="cumulative_demos_held",
        label=Message("Total demos (to date)"),
        unit=Unit.DEMOS,
        section=SALES,
        kind=Balance(
            measure=measures.DEMOS_HELD_AT_END,
            what=Message("demos held up to the end of the period"),
        ),
        definition=Message(
            "Demos held up to the end of the period; cancelled, missed and merely booked ones are not held."
        ),
        owner="sales_enterprise",
        good="up",
        source="definitions: counting people and rows",
    ),
    Metric(
        key="new_demo_bookings",
        label=Message("New demo bookings"),
        unit=Unit.DEMOS,
        section=SALES,
        kind=Flow(measure=measures.DEMOS_BOOKED, what=Message("demos booked within the period")),
        definition=Message(
            "Demos booked within the period, whatever became of them (a booked demo is a sales-qualified lead, SQL)."
        ),
        owner="sales_enterprise",
        good="up",
    ),
    Metric(
        key="signup_to_demo_rate",
        label=Message("RU → Demo"),
        unit=Unit.RATE,
        section=SALES,
        kind=Ratio(
            numerator="new_demo_bookings",
            denominator="new_signups",
            nothing=Message("no signups in the period"),
        ),
        definition=Message(
            "New demo bookings per new signup of the same period. "
            "A period rate: other people may stand above and below."
        ),
        owner="sales_enterprise",
        good="up",
        source="definitions: period rates and cohort rates",
    ),
    Metric(
        key="opening_paid_users",
        label=Message("PU at start of {grain}"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Balance(
            measure=measures.PAYING_AT_START,
            what=Message("customers paying when the period began"),
        ),
        definition=Message("Customers whose stay began before the period and had not ended before its first day."),
        owner="customer_success",
        good="neither",
        source="definitions: paid users",
    ),
    Metric(
        key="new_paid_users",
        label=Message("New PU"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Flow(
            measure=measures.NEW_PAID,
            what=Message("customers whose first stay began within the period"),
        ),
        definition=Message("Customers who pay for the first time within the period."),
        owner="sales_enterprise",
        good="up",
        source="definitions: paid users",
    ),
    Metric(
        key="reactivated_paid_users",
        label=Message("Reactivated PU"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Flow(
            measure=measures.REACTIVATED,
            what=Message("later stays that began within the period"),
        ),
        definition=Message("Customers who paid before, were lost, and pay again within the period."),
        owner="customer_success",
        good="up",
        source="definitions: paid users",
        hide_zero=True,
    ),
    Metric(
        key="demo_to_paid_rate",
        label=Message("Demo → PU"),
        unit=Unit.RATE,
        section=SALES,
        kind=Ratio(
            numerator="new_paid_users",
            denominator="new_demo_bookings",
            nothing=Message("no demo bookings in the period"),
        ),
        definition=Message(
            "New PU per new demo booking of the same period. A period rate: other people may stand above and below."
        ),
        owner="sales_enterprise",
        good="up",
        source="definitions: period rates and cohort rates",
    ),
    Metric(
        key="churned_paid_users",
        label=Message("Lost PU"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Flow(
            measure=measures.CHURNED,
            what=Message("stays that ended within the period, at or before as_of"),
        ),
        definition=Message("Customers whose stay expired within the period and was not renewed."),
        owner="customer_success",
        good="down",
        source="definitions: paid users",
    ),
    Metric(
        key="churn_counted_paid_users",
        label=Message("Lost PU in the churn rate"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Flow(
            measure=measures.CHURN_COUNTED,
            what=Message("lost PU that the churn rate counts"),
        ),
        definition=Message(
            'Lost PU that the churn rate counts: all of them, or with [churn] method = "opening" only those who were '
            "paying when the period began and not when it ended: neither who joined and left in it nor who left and "
            "came back in it."
        ),
        owner="customer_success",
        good="down",
        source="definitions: paid users",
        shown=False,
        like="churned_paid_users",
    ),
    Metric(
        key="paid_user_churn_rate",
        label=Message("Churn rate"),
        unit=Unit.RATE,
        section=SALES,
        kind=Ratio(
            numerator="churn_counted_paid_users",
            denominator="opening_paid_users",
            nothing=Message("no paid users at the start of the period"),
            among=measures.LOST_OF_OPENING,
            beside=Message("some of the lost were not paying when the period began"),
        ),
        definition=Message("Lost PU per customer paying when the period began."),
        owner="customer_success",
        good="down",
        source="definitions: paid users",
    ),
    Metric(
        key="net_new_paid_users",
        label=Message("Net new PU"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Formula(plus=("new_paid_users", "reactivated_paid_users"), minus=("churned_paid_users",)),
        definition=Message("New and reactivated PU less the lost."),
        owner="customer_success",
        good="up",
    ),
    Metric(
        key="transferred_paid_users",
        label=Message("PU from other parts, net"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Flow(
            measure=measures.TRANSFERRED,
            what=Message("customers who came from another part, less those who went to one"),
        ),
        between_parts=True,
        definition=Message(
            "Paying customers who came from another part of the split, like another plan, less those who went to one."
        ),
        owner="customer_success",
        good="neither",
        source="definitions: dimensions",
    ),
    Metric(
        key="closing_paid_users",
        label=Message("PU at end of {grain}"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Formula(
            plus=("opening_paid_users", "net_new_paid_users"),
            between_parts=("transferred_paid_users",),
            measure=measures.PAYING_AT_END,
        ),
        definition=Message("Customers paying when the period ended."),
        owner="customer_success",
        good="up",
    ),
    Metric(
        key="closing_mrr_amount",
        label=Message("MRR at end of {grain}"),
        unit=Unit.AMOUNT,
        section=SALES,
        kind=Balance(
            measure=measures.MRR_AT_END,
            what=Message("the monthly amounts of the customers paying when the period ended"),
            per=HUNDREDTHS,
        ),
        definition=Message(
            "Monthly recurring revenue of the customers paying when the period ended: of each row in force its mrr, "
            "else its amount spread over its months."
        ),
        owner="customer_success",
        good="up",
        source="definitions: revenue",
    ),
    Metric(
        key="arpa_amount",
        label=Message("ARPA (MRR per PU)"),
        unit=Unit.AMOUNT,
        section=SALES,
        kind=Ratio(
            numerator="closing_mrr_amount",
            denominator="closing_paid_users",
            nothing=Message("no paid users at the end of the period"),
            beside=Message("an amount per customer is no share of people"),
        ),
        definition=Message("Average revenue per account: MRR at the end of the period per customer paying then."),
        owner="customer_success",
        good="up",
        source="definitions: revenue",
    ),
)
