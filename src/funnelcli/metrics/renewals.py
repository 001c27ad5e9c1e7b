"""Renewals: the rows of customers that end, by what renews each of them; by number, and by what they bring a month."""

from collections.abc import Iterator

from funnelcli.counting import measures
from funnelcli.counting.measures import RENEWALS_BY, RENEWALS_MRR_BY
from funnelcli.metrics.model import SUCCESS, Flow, Formula, Good, Kind, Metric, Ratio
from funnelcli.text import Message, Text
from funnelcli.values.figures import HUNDREDTHS, Unit

OWNER, SOURCE = "customer_success", "definitions: renewals"
NOTHING_DECIDED = Message("no renewal that was due in the period is decided")

# Of each outcome the keys by number and by MRR, what it is called, what it means, and whether it is good news.
_OUTCOMES: dict[str, tuple[str, str, Text, Text, Good]] = {
    "renewal_due": (
        "renewals_due", "renewals_due_mrr_amount", Message("Renewals due"),
        Message(
            "Rows of customers whose last paid day lies within the period, at or before as_of; a row that is paid for "
            "without an end is never due."
        ),
        "neither",
    ),
    "renewed_early": (
        "renewed_early", "renewed_early_mrr_amount", Message("Renewed early"),
        Message(
            "Due rows beside which another one of the same named plan began within the last 31 days and the last "
            "quarter of the term, which ends later, where nothing renews them on time."
        ),
        "up",
    ),
    "renewed_on_time": (
        "renewed_on_time", "renewed_on_time_mrr_amount", Message("Renewed on time"),
        Message(
            "Due rows after which another one of the customer begins on the last paid day or the day after; one of the "
            "same plan comes first, and each row renews one other at most."
        ),
        "up",
    ),
    "renewed_late": (
        "renewed_late", "renewed_late_mrr_amount", Message("Renewed late"),
        Message(
            "Due rows after which another one of the customer begins later than the day after, but within "
            "[paid_users] grace_days unpaid days."
        ),
        "up",
    ),
    "renewal_lost": (
        "lost_renewals", "lost_renewals_mrr_amount", Message("Not renewed"),
        Message(
            "Due rows that nothing renews and whose grace days are past by as_of. The contract is lost, not the "
            "customer, who may pay by another row."
        ),
        "down",
    ),
    "renewal_open": (
        "open_renewals", "open_renewals_mrr_amount", Message("Still open"),
        Message("Due rows that nothing renews yet and whose grace days are not past by as_of."),
        "neither",
    ),
}  # fmt: skip
_BY_MRR = Message("{label} (MRR)")
_MRR_OF = Message("What these rows brought a month: {what}")


_RARE = ("renewed_early", "renewed_late", "renewal_open")  # people see them only where there are any


def _metrics() -> Iterator[Metric]:
    for outcome, (key, _, label, what, good) in _OUTCOMES.items():
        yield _metric(
            key, label, Unit.CONTRACTS, what, good, hide_zero=outcome in _RARE,
            kind=Flow(measure=RENEWALS_BY[outcome], what=Message("rows that end within the period")),
        )  # fmt: skip
    yield _metric("renewals_made", Message("Renewed"), Unit.CONTRACTS, _MADE, "up", kind=_sum_of(_MADE_OF, 0))
    yield _metric(
        "renewals_decided", Message("Decided"), Unit.CONTRACTS, _DECIDED, "neither", kind=_sum_of(_DECIDED_OF, 0)
    )
    yield _metric(
        "renewal_rate", Message("Renewal rate"), Unit.RATE,
        Message("Of the due rows that are renewed or lost the share that is renewed; open ones are left out."), "up",
        kind=Ratio(
            numerator="renewals_made", denominator="renewals_decided", nothing=NOTHING_DECIDED,
            among=measures.RENEWALS_MADE,
        ),
    )  # fmt: skip
    for outcome, (_, key, label, what, good) in _OUTCOMES.items():
        yield _metric(
            key, _BY_MRR.filled(label=label), Unit.AMOUNT, _MRR_OF.filled(what=what), good, hide_zero=outcome in _RARE,
            kind=Flow(
                measure=RENEWALS_MRR_BY[outcome], what=Message("the MRR of rows that end within the period"),
                per=HUNDREDTHS,
            ),
        )  # fmt: skip
    yield _metric("renewed_mrr_amount", Message("MRR renewed"), Unit.AMOUNT, _MADE, "up", kind=_sum_of(_MADE_OF, 1))
    yield _metric(
        "decided_mrr_amount", Message("MRR decided"), Unit.AMOUNT, _DECIDED, "neither", kind=_sum_of(_DECIDED_OF, 1)
    )
    yield _metric(
        "renewal_mrr_rate", Message("Renewal rate by MRR"), Unit.RATE,
        Message("The same by the MRR of the rows that were due, whatever the new ones bring."), "up",
        kind=Ratio(numerator="renewed_mrr_amount", denominator="decided_mrr_amount", nothing=NOTHING_DECIDED),
    )  # fmt: skip


_MADE_OF = ("renewed_early", "renewed_on_time", "renewed_late")
_DECIDED_OF = (*_MADE_OF, "renewal_lost")
_MADE = Message("Due rows that are renewed: early, on time or late.")
_DECIDED = Message("Due rows that are renewed or lost: those that are still open are left out.")
_HIDDEN = frozenset(("renewals_made", "renewals_decided", "renewed_mrr_amount", "decided_mrr_amount"))


def _sum_of(outcomes: tuple[str, ...], place: int) -> Formula:
    """The figures of some outcomes added up, by number (0) or by MRR (1)."""
    return Formula(plus=tuple(str(_OUTCOMES[outcome][place]) for outcome in outcomes))


def _metric(
    key: str, label: Text, unit: Unit, definition: Text, good: Good, *, kind: Kind, hide_zero: bool = False
) -> Metric:
    return Metric(
        key=key, label=label, unit=unit, section=SUCCESS, kind=kind, definition=definition, owner=OWNER, good=good,
        source=SOURCE, shown=key not in _HIDDEN, hide_zero=hide_zero,
    )  # fmt: skip


METRICS: tuple[Metric, ...] = tuple(_metrics())
