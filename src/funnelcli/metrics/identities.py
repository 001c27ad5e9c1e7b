"""What must hold between figures; a broken identity is a bug, and nothing is written."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from funnelcli.facts.measures import Measure
from funnelcli.metrics.model import CountsLike
from funnelcli.problems import BrokenIdentityError
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing, Value

Values = Mapping[str, Sequence[Value]]

_SPLIT = (
    "organic_signups",
    "paid_signups",
    "sales_sme_signups",
    "affiliate_signups",
    "partner_signups",
    "referral_signups",
)
_ADDS_UP = (
    "organic_visits",
    "paid_visits",
    "existing_user_visits",
    "new_signups",
    "new_demo_bookings",
    "new_paid_users",
    "reactivated_paid_users",
    "churned_paid_users",
)
_MEASURED_CLOSINGS = {
    "closing_registered_users": Measure.REGISTERED_AT_END,
    "closing_paid_users": Measure.PAYING_AT_END,
}
_OPENINGS = {
    "closing_registered_users": "opening_registered_users",
    "closing_paid_users": "opening_paid_users",
}


# Sums of amounts in floats may differ by less than half a hundredth, or by what floats of their size cannot tell.
_AMOUNTS = ("closing_mrr_amount",)


def _claim(what: str, left: float | None, right: float | None, where: str, *, within: float = 0) -> None:
    if left is not None and right is not None and abs(left - right) > within:
        raise BrokenIdentityError(
            f"{what} does not hold in {where}: {left:g} is not {right:g}. Nothing was written.",
            hint="This is a bug in funnelcli; please report it with the exports that show it.",
        )


def check_periods(values: Values, keys: Sequence[str], counts: CountsLike, channel: Channel | None) -> None:
    """Within each period: channel signups sum to new_signups, openings and flows give the balance counted at the end.

    Between periods: each closing is the next opening.  A missing figure claims nothing.
    """
    for place, key in enumerate(keys):
        where = f"{key}, {channel.value}" if channel else key
        parts = [values[name][place].value for name in _SPLIT]
        if channel is None and all(part is not None for part in parts):
            whole = values["new_signups"][place].value
            _claim("channel signups = new_signups", sum(p or 0 for p in parts), whole, where)
        for closing, measure in _MEASURED_CLOSINGS.items():
            channels = None if channel is None else frozenset({channel})
            counted = counts.get(measure, place, channels)
            if not isinstance(counted, Missing):
                _claim(f"opening + flows = {closing}", values[closing][place].value, counted, where)
    for (place, key), (later, _) in pairwise(enumerate(keys)):
        for closing, opening in _OPENINGS.items():
            _claim(
                f"{closing} = next {opening}",
                values[closing][place].value,
                values[opening][later].value,
                f"after {key}",
            )


def check_total(values: Values, total: Values) -> None:
    """The range as one period: flows are the sums of the periods', openings the first's, closings the last's."""
    for key in _ADDS_UP:
        column = [value.value for value in values[key]]
        if all(number is not None for number in column):
            _claim(f"sum of {key}", sum(n or 0 for n in column), total[key][0].value, "the total")
    for closing, opening in _OPENINGS.items():
        _claim(f"first {opening}", values[opening][0].value, total[opening][0].value, "the total")
        _claim(f"last {closing}", values[closing][-1].value, total[closing][0].value, "the total")
    for closing in _AMOUNTS:
        _claim(f"last {closing}", values[closing][-1].value, total[closing][0].value, "the total")


def check_channels(whole: Values, by_channel: Mapping[Channel, Values]) -> None:
    """Over all channels, flows and balances sum to the whole."""
    for key in (*_ADDS_UP, *_OPENINGS, *_OPENINGS.values(), "total_leads", "cumulative_demos_held", *_AMOUNTS):
        for place, value in enumerate(whole[key]):
            parts = [values[key][place].value for values in by_channel.values()]
            if value.value is not None and all(part is not None for part in parts):
                within = max(0.005, value.value * 1e-12) if key in _AMOUNTS else 0
                whole_of = f"channels of {key} = the whole"
                _claim(whole_of, sum(p or 0 for p in parts), value.value, f"period {place + 1}", within=within)
