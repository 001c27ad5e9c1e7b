"""Attempts to reach leads that were handed over: how many, on which channels, and how far apart."""

from funnelcli.config.agreement import CONTACTS
from funnelcli.counting.handed_names import GAPS, GAPS_KEPT, NO_APART, attempts_on
from funnelcli.metrics.agreement import (
    NONE_HANDED,
    NONE_SEEN,
    TOUCHED,
    measure,
    metric,
    not_agreed,
    unsaid,
)
from funnelcli.metrics.model import Flow, Metric, Ratio
from funnelcli.text import Message
from funnelcli.values.figures import Unit

WEEK_MINUTES = 7 * 24 * 60
_APART = unsaid(NO_APART, not_agreed("agreement-no-apart", "[sla.sales] apart"))
CHANNELS = {
    "call": Message("Calls"), "email": Message("Mails"), "chat": Message("Chats"), "meeting": Message("Meetings"),
    "video": Message("Video meetings"),
}  # fmt: skip
_ON_CHANNEL = Message("Attempts to reach leads: {channel}")
_ON = Message(
    "Of the attempts to reach the leads handed over in the period those whose first touch was on this channel."
)


def on_channel(channel: str) -> str:
    """The key of the attempts on a channel of contact.

    >>> on_channel("call")
    'call_attempts'
    """
    return f"{channel}_attempts"


_BY_CHANNEL = tuple(
    metric(
        on_channel(channel), _ON_CHANNEL.filled(channel=CHANNELS[channel]), Unit.NUMBER,
        Flow(
            measure=measure(attempts_on(channel), needs=TOUCHED),
            what=Message("of these, those on the channel"),
        ),
        _ON, shown=False, part=True,
    )
    for channel in CONTACTS
)  # fmt: skip
METRICS: tuple[Metric, ...] = (
    *_BY_CHANNEL,
    metric(
        "lead_attempts", Message("Attempts to reach leads"), Unit.NUMBER,
        Flow(
            measure=measure("handed_attempts", needs=TOUCHED), what=Message("attempts to reach the leads handed over")
        ),
        Message(
            "Attempts to reach the leads handed over in the period, up to the acceptance, the return or the last day; "
            "touches within an hour are one."
        ),
        shown=False,
    ),
    metric(
        "attempts_per_lead_ratio", Message("Attempts a lead"), Unit.NUMBER,
        Ratio(numerator="lead_attempts", denominator="seen_leads", nothing=NONE_SEEN),
        Message("Attempts to reach leads per lead handed over of whose days the activities tell."), good="up",
    ),
    metric(
        "lead_touches", Message("Touches of leads"), Unit.NUMBER,
        Flow(measure=measure("handed_touches", needs=TOUCHED), what=Message("touches of the leads handed over")),
        Message("Touches of the leads handed over in the period, up to the acceptance, the return or the last day."),
        shown=False,
    ),
    metric(
        "lead_weeks", Message("Weeks that leads were open"), Unit.NUMBER,
        Flow(
            measure=measure("handed_minutes", needs=TOUCHED), per=WEEK_MINUTES,
            what=Message("weeks from the hand-over to the acceptance, the return or the last day"),
        ),
        Message("Weeks from each hand-over to the acceptance, the return or the last day, added up."), shown=False,
    ),
    metric(
        "touches_per_lead_week_ratio", Message("Touches a lead and week"), Unit.NUMBER,
        Ratio(numerator="lead_touches", denominator="lead_weeks", nothing=NONE_HANDED),
        Message("Touches of leads per week from the hand-over to the acceptance, the return or the last day."),
        good="up",
    ),
    metric(
        "attempt_gaps", Message("Gaps between attempts"), Unit.NUMBER,
        Flow(measure=measure(GAPS, needs=TOUCHED), what=Message("attempts that follow another of the same hand-over")),
        Message("Attempts that follow another to reach the same lead."), shown=False,
    ),
    metric(
        "agreed_attempt_gaps", Message("Gaps as agreed"), Unit.NUMBER,
        Flow(measure=measure(GAPS_KEPT, _APART, needs=TOUCHED), what=Message("of these, those as far apart as agreed")),
        Message("Attempts as many calendar days after the one before as was agreed."), shown=False,
    ),
    metric(
        "spaced_as_agreed_rate", Message("Attempts spaced as agreed"), Unit.RATE,
        Ratio(
            numerator="agreed_attempt_gaps", denominator="attempt_gaps",
            nothing=Message("no lead was tried twice"), beside=Message("of gaps, and no share of people"),
        ),
        Message("Gaps between attempts that are as many calendar days as was agreed per gap."), good="up",
    ),
)  # fmt: skip
