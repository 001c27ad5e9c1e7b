"""What must hold between figures; a broken identity is a bug, and nothing is written."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from funnelcli.counting import measures
from funnelcli.counting.measures import Measure
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.evaluation import CountsLike
from funnelcli.metrics.model import Balance, Flow, Metric
from funnelcli.problems import BrokenIdentityError
from funnelcli.text import Marked, Message, Text
from funnelcli.values.figures import HUNDREDTHS, Missing, Unit, Value, in_units
from funnelcli.values.slices import Slice

Values = Mapping[str, Sequence[Value]]

# Balances made of an opening and what happened since, with what is counted at the end.
CLOSINGS = {
    "closing_registered_users": ("opening_registered_users", measures.REGISTERED_AT_END),
    "closing_paid_users": ("opening_paid_users", measures.PAYING_AT_END),
    "moved_closing_mrr_amount": ("opening_mrr_amount", measures.MRR_AT_END),
}
# Figures that are the sums of others, which leave nothing out and count nothing twice.
SUMS = {
    "accounts": ("tier_a_accounts", "tier_b_accounts", "tier_c_accounts", "tier_d_accounts", "tier_unknown_accounts"),
    "handed_over_leads": ("touched_leads", "untouched_leads", "contact_not_known_leads"),
    "lead_attempts": ("call_attempts", "email_attempts", "chat_attempts", "meeting_attempts", "video_attempts"),
    "judged_leads": ("accepted_leads", "rejected_leads", "overdue_leads"),
    "renewals_due": ("renewed_early", "renewed_on_time", "renewed_late", "lost_renewals", "open_renewals"),
    "renewals_due_mrr_amount": (
        "renewed_early_mrr_amount", "renewed_on_time_mrr_amount", "renewed_late_mrr_amount",
        "lost_renewals_mrr_amount", "open_renewals_mrr_amount",
    ),
}  # fmt: skip
# What holds, and of which figures; where it does not, it is said of a period or of the range.
_PARTS, _PARTS_OF_ALL = Message("parts of {key}"), Message("parts of {key} = the whole")
_FLOWS, _NEXT = Message("opening + flows = {key}"), Message("{closing} = next {opening}")
_SUM, _FIRST, _LAST = Message("sum of {key}"), Message("first {key}"), Message("last {key}")
_TOTAL = Message("the total")


def _adds_up(values: Values) -> list[str]:
    """The flows that add up over time, but for those that count of each the latest alone."""
    return [key for key in _adds_up_over_parts(values) if _is_sum(CATALOGUE[key])]


def _is_sum(metric: Metric) -> bool:
    return isinstance(metric.kind, Flow) and metric.kind.over_range == "sum"


def _adds_up_over_parts(values: Values) -> list[str]:
    """The flows that add up over parts."""
    return [metric.key for metric in _of(values) if isinstance(metric.kind, Flow) and metric.shown and not metric.part]


def _of(values: Values) -> list[Metric]:
    """The metrics that there are values of."""
    return [CATALOGUE[key] for key in values]


def _closings(values: Values) -> dict[str, tuple[str, Measure]]:
    """The balances made of an opening that there are values of."""
    return {key: made_of for key, made_of in CLOSINGS.items() if key in values}


def parts_of_channels() -> Sequence[tuple[str, Sequence[str]]]:
    """Each flow with the metrics that are its parts by channel.

    >>> {whole: len(parts) for whole, parts in parts_of_channels()}["new_signups"]
    6
    """
    return CATALOGUE.following(_parts_of_channels)


def _parts_of_channels(catalogue: Mapping[str, Metric]) -> Sequence[tuple[str, Sequence[str]]]:
    parts: dict[int, list[str]] = {}  # by what they count, which is one object of all
    for metric in catalogue.values():
        if metric.part and isinstance(metric.kind, Flow):
            parts.setdefault(id(metric.kind.measure), []).append(metric.key)
    return [
        (whole.key, parts[id(whole.kind.measure)])
        for whole in catalogue.values()
        if isinstance(whole.kind, Flow) and whole.kind.only is None and not whole.own
        if id(whole.kind.measure) in parts
    ]


def closings_beside(metrics: Iterable[Metric]) -> list[Metric]:
    """The balances that are made of openings among some metrics: nobody may see them, but they must hold.

    >>> [metric.key for metric in closings_beside([CATALOGUE["opening_mrr_amount"]])]
    ['moved_closing_mrr_amount']
    """
    keys = {metric.key for metric in metrics}
    return [CATALOGUE[closing] for closing, (opening, _) in CLOSINGS.items() if opening in keys]


def _claim(what: Text, left: float | None, right: float | None, where: Text | str, key: str) -> None:
    """That two figures of a metric are the same: of amounts in whole hundredths."""
    if left is None or right is None:
        return
    # Sums of amounts in floats may differ by less than half a hundredth, or by what floats cannot tell.
    slack = max(0.005, abs(right) * 1e-12) if CATALOGUE[key].unit is Unit.AMOUNT else 0
    if abs(left - right) > slack:
        raise BrokenIdentityError(
            Message("{what} does not hold in {where}: {left} is not {right}. Nothing was written.").filled(
                what=what, where=where, left=Marked(f"{left:g}"), right=Marked(f"{right:g}")
            ),
            hint=Message("This is a bug in funnelcli; please report it with the exports that show it."),
        )


def check_periods(values: Values, keys: Sequence[str], counts: CountsLike, part: Slice | None) -> None:
    """Within each period: the parts of a flow sum to it, openings and flows give the balance counted at the end.

    Between periods: each closing is the next opening.  A missing figure claims nothing.
    """
    split: list[tuple[str, Sequence[str]]] = [
        (whole, names)
        for whole, names in parts_of_channels()
        if part is None and whole in values and all(map(values.__contains__, names))
    ]
    split += [(whole, list(names)) for whole, names in SUMS.items() if all(map(values.__contains__, (whole, *names)))]
    closings = _closings(values)
    for place, key in enumerate(keys):
        where = f"{key}, {part.key}" if part else key
        for whole, names in split:
            parts = [values[name][place].value for name in names]
            if all(number is not None for number in parts):
                _claim(_PARTS.filled(key=whole), sum(n or 0 for n in parts), values[whole][place].value, where, whole)
        for closing, (_, measure) in closings.items():
            counted = counts.get(measure, place, part)
            if not isinstance(counted, Missing):
                in_unit = in_units(counted, HUNDREDTHS if CATALOGUE[closing].unit is Unit.AMOUNT else 1)
                _claim(_FLOWS.filled(key=closing), values[closing][place].value, in_unit, where, closing)
    for (place, key), (later, _) in pairwise(enumerate(keys)):
        for closing, (opening, _) in closings.items():
            after = Message("after {period}").filled(period=key)
            what = _NEXT.filled(closing=closing, opening=opening)
            _claim(what, values[closing][place].value, values[opening][later].value, after, closing)


def check_total(values: Values, total: Values) -> None:
    """The range as one period: flows are the sums of the periods', openings the first's, closings the last's."""
    for key in _adds_up(values):
        column = [value.value for value in values[key]]
        if all(number is not None for number in column):
            _claim(_SUM.filled(key=key), sum(n or 0 for n in column), total[key][0].value, _TOTAL, key)
    for closing, (opening, _) in _closings(values).items():
        _claim(_FIRST.filled(key=opening), values[opening][0].value, total[opening][0].value, _TOTAL, opening)
        _claim(_LAST.filled(key=closing), values[closing][-1].value, total[closing][0].value, _TOTAL, closing)
    for metric in _of(values):
        if isinstance(metric.kind, Balance) and metric.kind.over_range != "made":
            place = 0 if metric.kind.over_range == "first" else -1
            what = (_FIRST if place == 0 else _LAST).filled(key=metric.key)
            _claim(what, values[metric.key][place].value, total[metric.key][0].value, _TOTAL, metric.key)


def check_parts(whole: Values, by_part: Mapping[Slice, Values]) -> None:
    """Over all parts of a dimension, flows and balances sum to the whole."""
    balances = [
        metric.key for metric in _of(whole) if isinstance(metric.kind, Balance) and metric.kind.adds_up_over_parts
    ]
    followed = [metric.key for metric in _of(whole) if metric.basis == "cohort" and isinstance(metric.kind, Flow)]
    for key in (*_adds_up_over_parts(whole), *followed, *_closings(whole), *balances):
        for place, value in enumerate(whole[key]):
            parts = [values[key][place].value for values in by_part.values()]
            if value.value is not None and all(number is not None for number in parts):
                where = Message("period {number}").filled(number=place + 1)
                _claim(_PARTS_OF_ALL.filled(key=key), sum(n or 0 for n in parts), value.value, where, key)
