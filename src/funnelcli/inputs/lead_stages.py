"""The stages of leads by name, the events that say who came to them, and the pairs of which a share is asked."""

from msgspec import Struct

# Events that are there where something is unknown.
NO_MQL, NO_SQL, NO_TOUCHES = "lead:no_mql", "lead:no_sql", "lead:no_touches"
NO_FIT, NO_SCORES = "lead:no_fit", "lead:no_scores"
# Who has a score on the day that counts, and the score itself, in thousandths: by what, and by what they did, and both.
THOUSANDTHS = 1000
SCORES = {name: (f"lead:{name}_scored", f"lead:{name}_score") for name in ("fit", "interest", "lead")}
# Leads whose horizon is over, the scores of those that have one, and who paid within it.
OLD_ENOUGH, RANKED, PAID_IN_TIME = "lead:old_enough", "lead:ranked", "paid_first:in_time"
SCORE_EVENTS = (*(name for names in SCORES.values() for name in names), OLD_ENOUGH, RANKED, PAID_IN_TIME)
RECYCLED, NURTURE_OVER = "recycled", "nurture_over"
# Who is with marketing when a period begins and has not paid when it ends; and those of them that are hot then.
NURTURED, WARMED = ("nurtured_into", "nurtured_out"), ("warmed_into", "warmed_out")
# What leads that were ready for sales brought; and that nothing says it.
MQL_VALUE, NO_MQL_VALUE = "mql:value", "mql:no_value"
BECAME_SQL = "became_sql"  # the date on which a list of leads says that sales accepted one
LEAD, EXCLUDED, MQL, SQL, PAID = "lead", "excluded_lead", "mql", "sql", "paid"


class LeadPair(Struct, frozen=True, kw_only=True):
    """Two stages of leads of which the share is asked that gets from the one to the other within the horizon."""

    start: str
    goal: str
    home: str

    @property
    def key(self) -> str:
        """What its metrics begin with."""
        return f"{self.start}_to_{self.goal}"

    @property
    def names(self) -> tuple[str, str]:
        """The events of whoever came to the first stage, and of those of them who got on in time.

        >>> LEAD_PAIRS[0].names
        ('lead:lead_to_mql_entered', 'mql:lead_to_mql_converted')
        """
        return f"{self.start}:{self.key}_entered", f"{self.home}:{self.key}_converted"


LEAD_PAIRS = (
    LeadPair(start=LEAD, goal=MQL, home=MQL), LeadPair(start=MQL, goal=SQL, home=SQL),
    LeadPair(start=SQL, goal=PAID, home="paid_first"), LeadPair(start=MQL, goal=PAID, home="paid_first"),
    LeadPair(start=LEAD, goal=PAID, home="paid_first"),
)  # fmt: skip
# The same of leads that are back with marketing.
RECYCLED_PAIRS = (
    LeadPair(start=RECYCLED, goal=SQL, home=SQL), LeadPair(start=RECYCLED, goal=PAID, home="paid_first"),
)  # fmt: skip
