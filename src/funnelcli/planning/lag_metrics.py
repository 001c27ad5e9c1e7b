"""The figures of a plan that knows how long selling takes: what is needed when, what comes, and what came so far."""

from funnelcli.planning.declare import Kind, PlannedMetric
from funnelcli.text import Message, Text
from funnelcli.values.figures import Unit


def _figure(key: str, label: Text, short: Text, unit: Unit, definition: Text, formula: Text) -> PlannedMetric:
    """A figure that is shown beside the quotas, and has no actual figure of its own."""
    return PlannedMetric(
        key=key, kind=Kind.EXPECTED, label=label, short=short, unit=unit, definition=definition, formula=formula,
        tracked=False, judged=False, by_month=False,
    )  # fmt: skip


NEEDED_NEW = _figure(
    "needed_new_paid_users",
    Message("New PU that the goal needs"),
    Message("New PU needed"),
    Unit.CUSTOMERS,
    Message("New customers that the goal needs of each month, before the time that selling takes is known."),
    Message("the smallest whole total that reaches the goal, in the shape asked for, if selling took no time"),
)
EXPECTED_NEW = _figure(
    "expected_new_paid_users",
    Message("New PU expected"),
    Message("New PU expected"),
    Unit.CUSTOMERS,
    Message(
        "New customers that the quotas and those in hand bring in each month: an expectation, so not a whole number. "
        "Whoever comes after the end is not in it."
    ),
    Message("the quotas of the first stage run forward with their lags, and in_hand_new_paid_users"),
)
IN_HAND_NEW = _figure(
    "in_hand_new_paid_users",
    Message("New PU from those in hand"),
    Message("From those in hand"),
    Unit.CUSTOMERS,
    Message("New customers that people bring who came before the plan begins and are still open."),
    Message("open signups and demos x the share of those still open that gets on in the month"),
)
ENTRANTS_NEEDED = _figure(
    "needed_entrants",
    Message("Signups for the new PU needed"),
    Message("Signups for them"),
    Unit.PEOPLE,
    Message("Signups (or whoever enters the first stage of the plan) that the new PU needed of a month take in all."),
    Message("needed_new_paid_users / the share that ever becomes a customer"),
)
ENTRANTS_DUE = _figure(
    "due_entrants",
    Message("Of these had to come by now"),
    Message("Had to come by now"),
    Unit.PEOPLE,
    Message("Of these signups those that had to come in months that are over when the plan is made."),
    Message("needed_entrants x the share of those who get on that does so after as many month ends, of months over"),
)
ENTRANTS_CAME = _figure(
    "came_entrants",
    Message("Of these came by now"),
    Message("Came by now"),
    Unit.PEOPLE,
    Message("The part of the signups of months that are over that becomes customers in this month, if they ever do."),
    Message("signups of each month over x the share of those who get on that does so after as many month ends"),
)
LAG_FIGURES = (NEEDED_NEW, EXPECTED_NEW, IN_HAND_NEW, ENTRANTS_NEEDED, ENTRANTS_DUE, ENTRANTS_CAME)
TIMED_BY_CHANNEL = (EXPECTED_NEW, IN_HAND_NEW)  # those of each channel that people see
