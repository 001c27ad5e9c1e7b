"""The names of what is counted; metrics are declared over these."""

from enum import StrEnum


class Measure(StrEnum):
    """One thing counted by channel and period.  AT_START and AT_END are levels, the others add up over time.

    MRR_AT_END is in hundredths of the currency's unit.
    """

    VISITS = "visits"
    EXISTING_VISITS = "existing_visits"
    SIGNUPS = "signups"
    REGISTERED_AT_START = "registered_at_start"
    REGISTERED_AT_END = "registered_at_end"
    DEMOS_BOOKED = "demos_booked"
    DEMOS_HELD_AT_END = "demos_held_at_end"
    PAYING_AT_START = "paying_at_start"
    PAYING_AT_END = "paying_at_end"
    NEW_PAID = "new_paid"
    REACTIVATED = "reactivated"
    CHURNED = "churned"
    CHURN_COUNTED = "churn_counted"
    JOINED_AND_LEFT = "joined_and_left"
    MRR_AT_END = "mrr_at_end"
