"""What marketing promises sales, and what it takes: MQLs, what each of them is worth, and how many a goal needs."""

from typing import TYPE_CHECKING

from funnelcli.counting.handed_names import COMPLETE, NO_FIELDS
from funnelcli.counting.measures import Measure
from funnelcli.inputs.lead_stages import MQL_VALUE, NO_MQL_VALUE
from funnelcli.metrics.agreement import NONE_HANDED, measure, metric, not_agreed, unsaid
from funnelcli.metrics.model import Flow, Metric, Monthly, Product, Ratio, Setting
from funnelcli.text import Message
from funnelcli.values.figures import HUNDREDTHS, Missing, Unit
from funnelcli.values.terms import months_between

if TYPE_CHECKING:
    from funnelcli.config import Config

_NO_PROMISE = not_agreed("no-promise", "[sla.marketing] mqls")
_NO_GOAL = not_agreed("no-goal", "[sla] goal, since")
_NO_FIELDS = Missing(
    "fields-not-known", Message("the agreement does not say [sla.marketing] fields, or no file tells of one of them")
)
_NO_MONEY = Missing("goal-is-no-amount", Message("the goal of the agreement is no amount of money"))
_NO_VALUE = Missing("mql-value-not-known", Message("neither deals nor the MRR of paid users say what leads brought"))


def _promised(config: "Config") -> float | Missing:
    return _NO_PROMISE if config.sla.marketing.mqls is None else config.sla.marketing.mqls


def _promised_of(config: "Config", month: str) -> float | Missing:
    """The MQLs that the targets promise for a month, where the agreement names a file of them, else the settings."""
    number, goal = config.sla.promised_mqls.get(month), config.sla.goal
    if number is None and goal is not None and goal.file and config.sla.marketing.mqls is None:
        reason = Message("{file} says nothing of mqls in {month}, and [sla.marketing] mqls is not there")
        return Missing("no-promise", reason.filled(file=goal.file, month=month))
    return _promised(config) if number is None else float(number)


def _promised_by(config: "Config", month: str, channel: str) -> float | Missing | None:
    """The MQLs that the targets promise of a channel for a month; None where they promise none by channel."""
    by_channel, goal = config.sla.promised_by_channel, config.sla.goal
    if not by_channel or goal is None:
        return None
    number = by_channel.get(channel, {}).get(month)
    if number is None:
        reason = Message("{file} says nothing of mqls of this channel in {month}").filled(file=goal.file, month=month)
        return Missing("no-promise-of-channel", reason)
    return float(number)


def goal_a_month(config: "Config") -> float | Missing:
    """What the goal of the agreement comes to in a month, from since to by; missing where it is none of money."""
    goal, since = config.sla.goal, config.sla.since
    if goal is None or goal.by is None or since is None or goal.by < since:
        return _NO_GOAL
    if not goal.metric.endswith("_amount"):
        return _NO_MONEY
    return float(goal.amount / months_between(since, goal.by))


_VALUE = Measure(
    name=MQL_VALUE, plus=(MQL_VALUE,), when="within", now="known",
    doubts=(unsaid(NO_MQL_VALUE, _NO_VALUE),),
)  # fmt: skip
METRICS: tuple[Metric, ...] = (
    metric(
        "complete_handovers", Message("Handed over with all that was agreed"), Unit.PEOPLE,
        Flow(
            measure=measure(COMPLETE, unsaid(NO_FIELDS, _NO_FIELDS)),
            what=Message("of the leads handed over, those of whom all agreed fields were known"),
        ),
        Message("Leads handed over in the period of whom all of [sla.marketing] fields were known on the day."),
        owner="marketing", good="up", shown=False,
    ),
    metric(
        "complete_handovers_rate", Message("Handed over complete"), Unit.RATE,
        Ratio(
            numerator="complete_handovers", denominator="handed_over_leads", nothing=NONE_HANDED,
            among=measure(COMPLETE),
        ),
        Message("Leads handed over of whom all of [sla.marketing] fields were known on the day per lead handed over."),
        owner="marketing", good="up",
    ),
    metric(
        "promised_mqls_a_month", Message("MQLs promised a month"), Unit.PEOPLE,
        Setting(
            read=_promised, of_month=_promised_of, of_whole=True, of_channel=_promised_by,
            what=Message("[sla.marketing] mqls, or mqls in the targets that [sla] goal names"),
        ),
        Message("The MQLs a month that marketing promises, of the whole business; by channel where the targets are."),
        owner="marketing", shown=False,
    ),
    metric(
        "promised_mqls", Message("MQLs promised"), Unit.PEOPLE, Monthly(of="promised_mqls_a_month"),
        Message("The MQLs that marketing promises, for each calendar month that has begun."), owner="marketing",
    ),
    metric(
        "marketing_commitment_ratio", Message("MQLs, of those promised"), Unit.NUMBER,
        Ratio(numerator="mqls", denominator="promised_mqls", nothing=Message("no MQLs were promised")),
        Message("MQLs of the period per MQL that marketing promised for its months."), owner="marketing", good="up",
    ),
    metric(
        "mql_value_amount", Message("Brought by MQLs"), Unit.AMOUNT,
        Flow(
            measure=_VALUE, per=HUNDREDTHS,
            what=Message("what leads that were ready for sales in the period have won within the horizon"),
        ),
        Message(
            "What the leads that were first ready for sales in the period, and whose horizon is over, have won within "
            "it: the amounts of their deals, without deals twelve times the MRR that they began with."
        ),
        owner="marketing", good="up", shown=False,
    ),
    metric(
        "value_per_mql_amount", Message("Value of an MQL"), Unit.AMOUNT,
        Ratio(
            numerator="mql_value_amount", denominator="lead_mql_to_paid_matured",
            nothing=Message("the horizon of no MQL of the period is over"),
        ),
        Message("What MQLs of the period whose horizon is over have won within it, per such MQL."),
        owner="marketing", good="up",
    ),
    metric(
        "goal_amount", Message("Goal of the agreement"), Unit.AMOUNT, Monthly(of="goal_a_month_amount"),
        Message("What the goal of the agreement comes to, in equal parts for each calendar month that has begun."),
        shown=False,
    ),
    metric(
        "goal_a_month_amount", Message("Goal of the agreement a month"), Unit.AMOUNT,
        Setting(read=goal_a_month, of_whole=True, what=Message("[sla] goal / the months from since to by")),
        Message("The goal of the agreement in equal parts for the months from since to by."), shown=False,
    ),
    metric(
        "required_mqls", Message("MQLs that the goal needs"), Unit.PEOPLE,
        Product(
            times=("goal_amount",), over=("value_per_mql_amount",), rounds_up=True,
            nothing=Message("no MQL has brought anything"),
        ),
        Message("The goal of the period per value of an MQL, rounded up."), owner="marketing",
    ),
)  # fmt: skip
