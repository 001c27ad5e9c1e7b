"""What people call the assumptions of a plan, its rates and its months."""

from collections.abc import Mapping
from datetime import date

from funnelcli.metrics import CATALOGUE
from funnelcli.planning.keys import Key
from funnelcli.text import Text, day_words, joined
from funnelcli.text import month_words as words_of_month
from funnelcli.values.periods import Period

KEY_LABELS: Mapping[Key, Text] = {
    Key.VISITOR_TO_SIGNUP: CATALOGUE["visitor_to_signup_rate"].label,
    Key.SIGNUP_TO_DEMO: CATALOGUE["signup_to_demo_rate"].label,
    Key.DEMO_TO_PAID: CATALOGUE["demo_to_paid_rate"].label,
    Key.CHURN: Text("Churn rate, a month", "Tỷ lệ rời bỏ mỗi tháng"),
    Key.NEW_ARPA: Text("ARPA of new PU", "ARPA của PU mới"),
    Key.DEAL_SIZE: Text("Deal size", "Giá trị hợp đồng"),
    Key.OPENING: Text("PU when the plan begins", "PU khi bắt đầu kế hoạch"),
    Key.OPENING_MRR: Text("MRR when the plan begins", "MRR khi bắt đầu kế hoạch"),
}
# Where months of the plan are past, and the rest is planned.
KEY_LABELS_OF_REST: Mapping[Key, Text] = {
    **KEY_LABELS,
    Key.OPENING: Text("PU when the planned months begin", "PU khi các tháng kế hoạch bắt đầu"),
    Key.OPENING_MRR: Text("MRR when the planned months begin", "MRR khi các tháng kế hoạch bắt đầu"),
}


def month_words(month: Period | str) -> Text:
    """A month, or the key of one, in the words of a note.

    >>> month_words("2026-11")
    Text(en='Nov 2026', vi='11/2026')
    """
    return words_of_month(date.fromisoformat(f"{month}-01") if isinstance(month, str) else month.start)


def span_words(first: str, last: str) -> Text:
    """From one month, or day, to another by their keys, in the words of a note.

    >>> span_words("2026-05", "2026-10")
    Text(en='May 2026 – Oct 2026', vi='05/2026 – 10/2026')
    >>> span_words("2026-10-31", "2026-10-31")
    Text(en='31 Oct 2026', vi='31/10/2026')
    """
    return joined(" – ", [_words_of(key) for key in dict.fromkeys((first, last))])


def _words_of(key: str) -> Text:
    return day_words(date.fromisoformat(key)) if key.count("-") > 1 else month_words(key)
