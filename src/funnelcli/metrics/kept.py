"""What stands beside a plan: costs against revenue, as a budget is, and the customers that are kept."""

from funnelcli.counting import measures
from funnelcli.metrics.costs import BESIDE_MONEY
from funnelcli.metrics.model import COSTS, SALES, Flow, Formula, Metric, Monthly, Ratio
from funnelcli.text import Message
from funnelcli.values.figures import Unit

_SOURCE = "definitions: costs"

METRICS = (
    Metric(
        key="gone_paid_users",
        label=Message("PU of the start who are gone at the end"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Flow(
            measure=measures.CHURNED_OF_OPENING,
            what=Message("customers paying when the period began and not when it ended"),
        ),
        definition=Message("Customers who paid when the period began and do not when it ends."),
        owner="customer_success",
        good="down",
        source="definitions: paid users",
        shown=False,
    ),
    Metric(
        key="kept_paid_users",
        label=Message("PU kept"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Formula(plus=("opening_paid_users",), minus=("gone_paid_users",)),
        definition=Message("Customers who paid when the period began and when it ends, be they back or never gone."),
        owner="customer_success",
        good="up",
        source="definitions: paid users",
        shown=False,
    ),
    Metric(
        key="monthly_closing_mrr_amount",
        label=Message("MRR at the end of each month, added up"),
        unit=Unit.AMOUNT,
        section=COSTS,
        kind=Monthly(of="closing_mrr_amount"),
        definition=Message("The MRR at the end of each month of the period, added up: what the months bring."),
        owner="marketing",
        good="up",
        source=_SOURCE,
        shown=False,
    ),
    Metric(
        key="actual_cost_rate",
        label=Message("Costs / revenue"),
        unit=Unit.RATE,
        section=COSTS,
        kind=Ratio(
            numerator="actual_cost_amount",
            denominator="monthly_closing_mrr_amount",
            nothing=Message("no MRR in the period"),
            beside=BESIDE_MONEY,
        ),
        definition=Message("Costs over the MRR at the end of each month, added up: as a budget is held to revenue."),
        owner="marketing",
        good="down",
        source=_SOURCE,
        after="actual_cost_amount",
    ),
)
