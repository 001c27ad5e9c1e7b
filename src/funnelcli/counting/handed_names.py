"""The names of the events of hand-overs that measures count."""

HANDED = "agreement_handed_over"
# Attempts that follow another, and those of them that do so as was agreed.
GAPS, GAPS_KEPT = "attempt_gap", "attempt_gap_kept"
# Events that are there where something is not said, and figures are missing for want of it.
NOTHING_HANDED, NO_ACCEPTANCE, NO_MQL = "agreement_nothing", "agreement_no_acceptance", "agreement_no_mql"
NO_ROWS = "agreement_no_activities"
COMPLETE, NO_FIELDS = "handed_complete", "agreement_no_fields"
NO_RESPOND, NO_DECIDE, NO_ATTEMPTS, NO_APART = (
    f"agreement_no_{key}" for key in ("respond", "decide", "attempts", "apart")
)


def attempts_on(channel: str) -> str:
    """The event of the attempts on a channel of contact.

    >>> attempts_on("call")
    'handed_attempts_call'
    """
    return f"handed_attempts_{channel}"
