"""Support: how much help customers need, and how soon they have it."""

from msgspec.structs import replace

from funnelcli.counting.measures import Doubt, Measure
from funnelcli.counting.reasons import solved_undated_reason, status_unknown_reason
from funnelcli.metrics.model import SUCCESS, Balance, Flow, Metric, Percentile, Ratio
from funnelcli.metrics.times import percentiles
from funnelcli.text import Message, Text
from funnelcli.values.figures import Unit

SOURCE = "definitions: the flywheel"
MINUTE_MICROS = 60_000_000
NO_TICKETS = Message("no tickets were opened in the period")

_OPENED = (
    Metric(
        key="opened_tickets",
        label=Message("Tickets opened"),
        unit=Unit.TICKETS,
        section=SUCCESS,
        kind=Flow(
            measure=Measure(name="opened_tickets", plus=("ticket",), when="within"),
            what=Message("tickets opened within the period"),
        ),
        definition=Message("Tickets opened within the period, by customers and by others."),
        owner="customer_success",
        good="down",
        source=SOURCE,
    ),
    Metric(
        key="timed_tickets",
        label=Message("Tickets whose solving is known"),
        unit=Unit.TICKETS,
        section=SUCCESS,
        kind=Flow(
            measure=Measure(name="timed_tickets", plus=("ticket_timed",), when="within"),
            what=Message("tickets opened within the period but those solved on a day that nothing says"),
        ),
        definition=Message("Tickets opened within the period, without those solved on a day that nothing says."),
        owner="customer_success",
        good="down",
        source=SOURCE,
        shown=False,
    ),
    Metric(
        key="customer_tickets",
        label=Message("Tickets of customers"),
        unit=Unit.TICKETS,
        section=SUCCESS,
        kind=Flow(
            measure=Measure(name="customer_tickets", plus=("ticket_of_customer",), when="within"),
            what=Message("tickets within the period of who was paying on the day"),
        ),
        definition=Message("Tickets opened within the period by people who were paying on that day."),
        owner="customer_success",
        good="down",
        source=SOURCE,
        shown=False,
    ),
    Metric(
        key="tickets_per_100_paid_users_ratio",
        label=Message("Tickets per 100 PU a month"),
        unit=Unit.NUMBER,
        section=SUCCESS,
        kind=Ratio(
            numerator="customer_tickets",
            denominator="months_opening_paid_users",
            nothing=Message("no paid users at the start of the period"),
            times=100,
        ),
        definition=Message("100 × tickets of customers / the customers paying when each month began, added up."),
        owner="customer_success",
        good="down",
        source=SOURCE,
    ),
    Metric(
        key="open_tickets",
        label=Message("Open tickets at the end"),
        unit=Unit.TICKETS,
        section=SUCCESS,
        kind=Balance(
            measure=Measure(
                name="open_tickets",
                plus=("ticket_unsolved",),
                minus=("ticket_closed",),
                when="before_end",
                doubts=(
                    Doubt(events=("ticket_undated",), minus=("ticket_undated_ceased",), reason=solved_undated_reason),
                    Doubt(events=("ticket_unclear",), reason=status_unknown_reason),
                ),
            ),
            what=Message("tickets opened and not solved when the period ends"),
        ),
        definition=Message("Tickets opened up to the end of the period and not solved by then."),
        owner="customer_success",
        good="down",
        source=SOURCE,
    ),
)


def _times(key: str, label: Text, unit: Unit, kind: Percentile, definition: Text) -> tuple[Metric, ...]:
    """The median of how long something takes with tickets, and the time by which nine in ten have it."""
    median = Metric(
        key=key, label=label, unit=unit, section=SUCCESS, kind=kind, definition=definition, owner="customer_success",
        good="down", source=SOURCE,
    )  # fmt: skip
    named = percentiles(key, median, unit.value)
    return tuple(replace(each, apart=False) for each in named if not each.key.startswith(f"{key}_p75"))


METRICS: tuple[Metric, ...] = (
    *_OPENED,
    *_times(
        "first_response", Message("First response (minutes)"), Unit.MINUTES,
        Percentile(
            of="opened_tickets", until=Measure(name="ticket_answered", plus=("ticket_answered",), when="within"),
            quantile=0.5, per=MINUTE_MICROS, timed=True, nothing=NO_TICKETS,
        ),
        Message(
            "Minutes by which {share} % of the tickets opened in the period had a first answer, nights and weekends "
            "too; those still without one count as waiting (Kaplan-Meier). Tickets without times of day are left out."
        ),
    ),
    *_times(
        "resolution", Message("Resolution (days)"), Unit.DAYS,
        Percentile(
            of="timed_tickets", until=Measure(name="ticket_solved", plus=("ticket_solved",), when="within"),
            quantile=0.5, nothing=NO_TICKETS,
        ),
        Message(
            "Days by which {share} % of the tickets opened in the period were solved; open ones count as not yet "
            "solved (Kaplan-Meier), and those solved on a day that nothing says are left out."
        ),
    ),
)  # fmt: skip
