"""The agreement between marketing and sales: leads handed over, and what became of them by when."""

from msgspec.structs import replace

from funnelcli.counting.handed_names import (
    GAPS,
    HANDED,
    NO_ACCEPTANCE,
    NO_ATTEMPTS,
    NO_DECIDE,
    NO_MQL,
    NO_RESPOND,
    NO_ROWS,
    NOTHING_HANDED,
)  # fmt: skip
from funnelcli.counting.measures import Doubt, Measure
from funnelcli.metrics.model import SLA, Flow, Good, Kind, Metric, Percentile, Ratio
from funnelcli.metrics.times import percentile_key, percentiles
from funnelcli.text import Message, Text
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.figures import Missing, Unit

SOURCE = "definitions: the agreement"
MINUTE_MICROS = 60_000_000
NONE_HANDED = Message("no leads were handed over in the period")
NONE_SEEN = Message("of the days of no lead that was handed over in the period do the activities tell")
_NO_TOUCH = Message("no lead that was handed over in the period was contacted")
NOT_HANDED = Missing("nothing-handed-over", Message("no file tells of leads"))


def not_agreed(code: str, key: str) -> Missing:
    """The settings do not say something.

    >>> not_agreed("no-limit", "[sla.sales] respond").reason.of("en")
    'the agreement does not say [sla.sales] respond'
    """
    return Missing(code, Message("the agreement does not say {key}").filled(key=key))


def unsaid(event: str, reason: Missing) -> Doubt:
    """Missing, as the settings or the exports do not say something: an event that is there says so."""
    return Doubt(events=(event,), reason=lambda _: reason, of_whole=True, when="before_end")


_NOTHING = unsaid(NOTHING_HANDED, NOT_HANDED)
RESPOND = unsaid(NO_RESPOND, not_agreed("agreement-no-respond", "[sla.sales] respond"))
DECIDE = unsaid(NO_DECIDE, not_agreed("agreement-no-decide", "[sla.sales] decide"))
_ATTEMPTS = unsaid(NO_ATTEMPTS, not_agreed("agreement-no-attempts", "[sla.sales] attempts"))
_NO_ACCEPTANCE = Missing("acceptance-not-known", Message("neither hand-overs nor demos say which leads were accepted"))
_ACCEPTING = unsaid(NO_ACCEPTANCE, _NO_ACCEPTANCE)
_NO_MQL = Missing(
    "mqls-not-dated", Message("no file says when a lead became an MQL, and no trigger of the agreement is known")
)
_QUALIFYING = unsaid(NO_MQL, _NO_MQL)
TOUCHED, RETURNS = ("activity",), ("handover_returned_row",)
_UNTOLD = unsaid(
    NO_ROWS,
    Missing(
        "activities-without-rows", Message("up to that day the activities have no rows that say who was contacted")
    ),
)


def measure(event: str, *doubts: Doubt, needs: tuple[str, ...] = ()) -> Measure:
    """Leads handed over within the period of which an event says something."""
    unreached = (_UNTOLD,) if set(TOUCHED) <= set(needs) else ()
    return Measure(name=event, plus=(event,), when="within", needs=needs, doubts=(_NOTHING, *unreached, *doubts))


def metric(
    key: str,
    label: Text,
    unit: Unit,
    kind: Kind,
    definition: Text,
    *,
    owner: str = "sales",
    good: Good = "neither",
    shown: bool = True,
    part: bool = False,
) -> Metric:
    """A figure of the agreement."""
    return Metric(
        key=key, label=label, unit=unit, section=SLA, kind=kind, definition=definition, owner=owner, good=good,
        source=SOURCE, shown=shown, part=part,
    )  # fmt: skip


def _leads(
    key: str,
    label: Text,
    what: Text,
    definition: Text,
    of: Measure,
    *,
    good: Good = "neither",
    shown: bool = True,
    part: bool = False,
) -> Metric:
    """The declaration of a number of leads to whom something happened in a period."""
    return metric(
        key, label, Unit.PEOPLE, Flow(measure=of, what=what), definition, good=good, shown=shown, part=part
    )  # fmt: skip


HANDED_OVER = _leads(
    "handed_over_leads",
    Message("Leads handed over"),
    Message("leads handed over to sales within the period"),
    Message(
        "Leads handed over to sales within the period: a row of the hand-overs; where there is no such file, what is "
        "first found of when a lead became an MQL or was given to its owner, a trigger of the agreement, the first "
        "demo booking, the signup. A lead that came back and is handed over anew counts again."
    ),
    measure(HANDED),
)

_DECIDED: tuple[Metric, ...] = (
    HANDED_OVER,
    _leads(
        "rehanded_leads", Message("Handed over again"), Message("of these, those handed over before"),
        Message("Leads handed over within the period that had been handed over before and had come back."),
        measure("handed_again"), part=True,
    ),
    _leads(
        "accepted_leads", Message("Accepted"), Message("of the leads handed over, those that sales accepted"),
        Message(
            "Leads handed over in the period that sales has accepted; where that is not entered, those that have "
            "booked a demo since, before they came back."
        ),
        measure("handed_accepted", _ACCEPTING), good="up", part=True,
    ),
    _leads(
        "rejected_leads", Message("Rejected"), Message("of the leads handed over, those that came back unaccepted"),
        Message("Leads handed over in the period that came back without having been accepted."),
        measure("handed_rejected", _ACCEPTING, needs=RETURNS), good="down", part=True,
    ),
    _leads(
        "overdue_leads", Message("Overdue"), Message("of the leads handed over, those undecided past the limit"),
        Message("Leads handed over in the period, neither accepted nor returned, for longer than was agreed."),
        measure("handed_overdue", _ACCEPTING, DECIDE, needs=RETURNS), good="down", part=True,
    ),
    _leads(
        "pending_leads", Message("Pending"), Message("of the leads handed over, those undecided within the limit"),
        Message("Leads handed over in the period, neither accepted nor returned, for which there still is time."),
        measure("handed_pending", _ACCEPTING, DECIDE), part=True,
    ),
    _leads(
        "judged_leads", Message("Accepted, rejected or overdue"),
        Message("of the leads handed over, those that are decided or overdue"),
        Message("Leads handed over in the period, without those for which there still is time."),
        measure("handed_judged", _ACCEPTING, DECIDE), shown=False,
    ),
    metric(
        "acceptance_rate", Message("Acceptance"), Unit.RATE,
        Ratio(
            numerator="accepted_leads", denominator="judged_leads", nothing=NONE_HANDED,
            among=measure("handed_accepted", _ACCEPTING),
        ),
        Message("Accepted leads per lead handed over, without those for which there still is time."), good="up",
    ),
    _leads(
        "returned_leads", Message("Returned"), Message("of the leads handed over, those that came back"),
        Message("Leads handed over in the period that came back, accepted before or not."),
        measure("handed_returned", needs=RETURNS), good="down",
    ),
    _leads(
        "returned_too_early_leads", Message("Returned too early"),
        Message("of these, those with fewer attempts than agreed, no conversation, and no reason to come back at once"),
        Message(
            "Leads that came back with fewer attempts than agreed, without a conversation, and for no reason for which "
            "they may come back at once."
        ),
        measure("handed_returned_early", _ATTEMPTS, needs=(*RETURNS, *TOUCHED)), good="down", part=True,
    ),
)  # fmt: skip

_REACHED: tuple[Metric, ...] = (
    _leads(
        "touched_leads", Message("Contacted"), Message("of the leads handed over, those that somebody contacted"),
        Message(
            "Leads handed over in the period whom a person has contacted since: a call, mail, chat, meeting or video "
            "of ours, or an answered call of theirs. Whoever was contacted in the 30 days before is among them."
        ),
        measure("handed_touched", needs=TOUCHED), good="up",
    ),
    _leads(
        "untouched_leads", Message("Not contacted"), Message("of the leads handed over, those that nobody contacted"),
        Message("Leads handed over in the period whom no person has contacted since."),
        measure("handed_untouched", needs=TOUCHED), good="down", part=True,
    ),
    _leads(
        "contact_not_known_leads", Message("Contact not known"),
        Message("of the leads handed over, those of whose days the activities do not tell"),
        Message(
            "Leads handed over in the period before the activities begin or after they end, of whom no contact is "
            "known: they may have been contacted all the same."
        ),
        measure("handed_unseen", needs=TOUCHED), good="down", part=True,
    ),
    _leads(
        "seen_leads", Message("Contact known"),
        Message("of the leads handed over, those of whose days the activities tell"),
        Message("Leads handed over in the period of which activities say whether anybody contacted them."),
        measure("handed_seen", needs=TOUCHED), shown=False,
    ),
    _leads(
        "already_in_contact_leads", Message("In contact before"),
        Message("of the leads handed over, those contacted in the 30 days before"),
        Message(
            "Leads contacted in the 30 days before they signed up, or by whoever received them in the 30 days before "
            "the hand-over: they have no response time."
        ),
        measure("handed_in_contact", needs=TOUCHED), part=True,
    ),
    _leads(
        "conversation_leads", Message("Spoken with"),
        Message("of the leads contacted, those with whom both sides spoke"),
        Message("Leads handed over in the period who answered, replied, or were met."),
        measure("handed_spoke", needs=TOUCHED), good="up", shown=False,
    ),
    metric(
        "connect_rate", Message("Conversations, of those contacted"), Unit.RATE,
        Ratio(
            numerator="conversation_leads", denominator="touched_leads", nothing=_NO_TOUCH,
            among=measure("handed_spoke", needs=TOUCHED),
        ),
        Message("Leads who answered, replied or were met per lead contacted."), good="up",
    ),
    _leads(
        "response_due_leads", Message("Answer due"), Message("of the leads handed over, those whose limit is past"),
        Message("Leads handed over in the period for whose answer the limit is past, and whose answer can be timed."),
        measure("handed_due", RESPOND, needs=TOUCHED), shown=False,
    ),
    _leads(
        "answered_in_time_leads", Message("Answered in time"),
        Message("of these, those contacted within the limit"),
        Message("Of the leads whose limit is past, those contacted within it, its last minute included."),
        measure("handed_in_time", RESPOND, needs=TOUCHED), good="up", shown=False,
    ),
    metric(
        "responded_within_sla_rate", Message("Answered within the limit"), Unit.RATE,
        Ratio(
            numerator="answered_in_time_leads", denominator="response_due_leads",
            nothing=Message("no limit for an answer has passed"),
            among=measure("handed_in_time", RESPOND, needs=TOUCHED),
        ),
        Message("Leads contacted within the limit, its last minute included, per lead whose limit is past."), good="up",
    ),
)  # fmt: skip

_UNTIL = {
    "response": measure("handed_touched", needs=TOUCHED),
    "speed": measure("handed_touched", needs=(*TOUCHED, "signup")),
    "handover": measure("handed_first", _QUALIFYING),
}


def _time(key: str, label: Text, timing: str, definition: Text, *, owner: str = "sales") -> tuple[Metric, ...]:
    """The median and the 90 % of how long something takes, by working hours; the same by the calendar."""
    made: list[Metric] = []
    by_calendar = Message("{of}, by the calendar").filled(of=label)
    for unit, clock, text in (("minutes", "business", label), ("calendar_minutes", "calendar", by_calendar)):
        kind = Percentile(
            of="handed_over_leads", until=_UNTIL[timing], quantile=0.5, per=MINUTE_MICROS, timing=f"{timing}:{clock}",
            nothing=NONE_HANDED,
        )  # fmt: skip
        median = metric(key, text, Unit.MINUTES, kind, definition, owner=owner, good="down")
        made += [
            replace(each, apart=False, part=False)
            for each in percentiles(key, median, unit)
            if each.key != percentile_key(key, 0.75, unit)
        ]
    return tuple(made)


_WORKING = Message(
    "Working minutes of the receiver's calendar; by the calendar, nights and weekends too. Leads not contacted count "
    "as waiting until they came back or the last moment (Kaplan-Meier); hand-overs without a time of day, and leads in "
    "contact before, are left out."
)
_TIMES: tuple[Metric, ...] = (
    *_time("response", Message("Hand-over to first contact (minutes)"), "response", _WORKING),
    *_time("speed_to_lead", Message("Signup to first contact (minutes)"), "speed", _WORKING),
    *(
        each
        for each in _time(
            "mql_to_handover", Message("MQL to hand-over (minutes)"), "handover",
            Message(
                "Working minutes from the moment at which a lead became an MQL, or did what triggers a hand-over, to "
                "the hand-over."
            ),
            owner="marketing",
        )
        if "calendar" not in each.key
    ),
    replace(
        metric(
            "between_attempts_days", Message("Between two attempts (days), median"), Unit.DAYS,
            Percentile(
                of="attempt_gaps", until=measure(GAPS, needs=TOUCHED), quantile=0.5, timing="gap", between=True,
                per=DAY_MICROS, nothing=Message("no lead was tried twice"),
            ),
            Message("Median of the days between two attempts to reach the same lead, in parts of a day."),
        ),
    ),
)  # fmt: skip

_PROMISED: tuple[Metric, ...] = (
    _leads(
        "both_due_leads", Message("Answer and decision due"),
        Message("of the leads handed over, those for which both limits are past"),
        Message("Leads handed over in the period for whose answer and decision the limits are past."),
        measure("handed_both_due", RESPOND, DECIDE, _ACCEPTING, needs=TOUCHED), shown=False,
    ),
    _leads(
        "promise_kept_leads", Message("Promise kept"),
        Message("of these, those answered and decided in time and not returned too early"),
        Message("Leads answered and decided within their limits, and not returned too early."),
        measure("handed_kept", RESPOND, DECIDE, _ACCEPTING, needs=TOUCHED), good="up", shown=False,
    ),
    metric(
        "sales_commitment_rate", Message("Promise of sales kept"), Unit.RATE,
        Ratio(
            numerator="promise_kept_leads", denominator="both_due_leads",
            nothing=Message("no lead has had the time that sales is given"),
            among=measure("handed_kept", RESPOND, DECIDE, _ACCEPTING, needs=TOUCHED),
        ),
        Message(
            "Leads answered and decided in time, and not returned too early, per lead for which both limits are past."
        ),
        good="up",
    ),
)  # fmt: skip

METRICS: tuple[Metric, ...] = (*_DECIDED, *_REACHED, *_TIMES, *_PROMISED)
