"""What people call the assumptions of a plan, its rates and its months."""

from collections.abc import Mapping
from datetime import date

from funnelcli.metrics import CATALOGUE
from funnelcli.planning.keys import AnyKey, Key
from funnelcli.text import Message, Text, day_words, joined
from funnelcli.text import month_words as words_of_month
from funnelcli.values.periods import Period

KEY_LABELS: Mapping[Key, Text] = {
    Key.VISITOR_TO_SIGNUP: CATALOGUE["visitor_to_signup_rate"].label,
    Key.SIGNUP_TO_DEMO: CATALOGUE["signup_to_demo_rate"].label,
    Key.DEMO_TO_PAID: CATALOGUE["demo_to_paid_rate"].label,
    Key.CHURN: Message("Churn rate, a month"),
    Key.NEW_ARPA: Message("ARPA of new PU"),
    Key.DEAL_SIZE: Message("Deal size"),
    Key.OPENING: Message("PU when the plan begins"),
    Key.OPENING_MRR: Message("MRR when the plan begins"),
}
# Where months of the plan are past, and the rest is planned.
KEY_LABELS_OF_REST: Mapping[Key, Text] = {
    **KEY_LABELS,
    Key.OPENING: Message("PU when the planned months begin"),
    Key.OPENING_MRR: Message("MRR when the planned months begin"),
}


def label_of(key: AnyKey, *, of_rest: bool = False) -> Text:
    """What people call an assumption; ``of_rest`` where months of the plan are past.

    >>> label_of(Key.CHURN).of("en")
    'Churn rate, a month'
    """
    return (KEY_LABELS_OF_REST if of_rest else KEY_LABELS)[key] if isinstance(key, Key) else key.label


def month_words(month: Period | str) -> Text:
    """A month, or the key of one, in the words of a note.

    >>> month_words("2026-11").of("en"), month_words("2026-11").of("vi")
    ('Nov 2026', '11/2026')
    """
    return words_of_month(date.fromisoformat(f"{month}-01") if isinstance(month, str) else month.start)


def span_words(first: str, last: str) -> Text:
    """From one month, or day, to another by their keys, in the words of a note.

    >>> span_words("2026-05", "2026-10").of("en"), span_words("2026-05", "2026-10").of("vi")
    ('May 2026 – Oct 2026', '05/2026 – 10/2026')
    >>> span_words("2026-10-31", "2026-10-31").of("vi")
    '31/10/2026'
    """
    return joined(" – ", [_words_of(key) for key in dict.fromkeys((first, last))])


def _words_of(key: str) -> Text:
    return day_words(date.fromisoformat(key)) if key.count("-") > 1 else month_words(key)
