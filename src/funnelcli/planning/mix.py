"""The channels of a plan: each at its own rates, in the mix of recent new customers, and its quotas."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.planning.allocate import allocate
from funnelcli.planning.assume import Assumptions
from funnelcli.planning.backsolve import stage_before, whole_numbers
from funnelcli.planning.keys import AnyKey, option_of
from funnelcli.planning.labels import label_of
from funnelcli.planning.metrics import stages
from funnelcli.planning.model import ChannelPlan, ChannelRate, Key, Measured, Origin, Pooled
from funnelcli.planning.solve import required
from funnelcli.problems import GoalError
from funnelcli.text import COMMA, NOTHING, Marked, Message, Text, joined
from funnelcli.values.channels import CHANNEL_LABELS, CHANNELS, Channel
from funnelcli.values.figures import Missing, Note

FEWEST = 30  # of which a rate of a channel is its own alone


class Quotas(Struct, frozen=True, kw_only=True):
    """Whole quotas by month: of each stage for the whole, and (where wanted) of each channel.

    A stage that the plan does without is None.
    """

    whole: Mapping[str, list[int] | None]
    of_channel: Mapping[str, Mapping[Channel, list[int]]]

    def since(self, month: int) -> "Quotas":
        """Those from a month on, by its place."""
        return self._of_months(slice(month, None))

    def until(self, month: int) -> "Quotas":
        """Those of the months before one, by its place."""
        return self._of_months(slice(month))

    def _of_months(self, months: slice) -> "Quotas":
        parts = {
            stage: {channel: quota[months] for channel, quota in mine.items()}
            for stage, mine in self.of_channel.items()
        }
        whole = {stage: None if quota is None else quota[months] for stage, quota in self.whole.items()}
        return Quotas(whole=whole, of_channel=parts)


def channel_plans(
    assumptions: Assumptions, measured: Measured | None, mix: Mapping[Channel, Fraction]
) -> tuple[list[ChannelPlan], list[Note]]:
    """Every channel of the mix with its rates, and what the reader should know of them.

    Raises GoalError where nothing tells the mix, or where a channel of it wins nobody.
    """
    notes: list[Note] = []
    shares = dict(mix) or _recent_mix(measured, notes)
    plans = [
        ChannelPlan(channel=channel, share=shares[channel], rates=_rates(channel, assumptions, measured))
        for channel in CHANNELS
        if shares.get(channel)
    ]
    for plan in plans:
        notes += _rate_notes(plan, assumptions)
    return plans, notes


def _rate_notes(plan: ChannelPlan, assumptions: Assumptions) -> Iterator[Note]:
    """Which rates of a channel are not its own, and which stages it is planned without."""
    name = CHANNEL_LABELS[plan.channel]
    reasons: dict[str, tuple[Text, list[Text]]] = {}
    for key, rate in plan.rates.items():
        if rate.pooled is not None and rate.pooled is not _GIVEN and not assumptions[key].is_left_out:
            reasons.setdefault(rate.pooled.of("en"), (rate.pooled, []))[1].append(label_of(key))
    for reason, keys in reasons.values():
        text = Message("{channel} takes the pooled {keys}: {reason}.")
        yield Note("pooled-rate", text.filled(channel=name, keys=joined(COMMA, keys), reason=reason))
    few = [joined(" ", [label_of(key), f"({_counted(rate)})"]) for key, rate in plan.rates.items() if rate.filled]
    if few:
        text = Message("{channel} has few of its own, filled up to {least} at the pooled rate: {keys}.")
        yield Note("filled-up-rate", text.filled(channel=name, least=FEWEST, keys=joined(COMMA, few)))
    for key, rate in plan.rates.items():
        stage = _PASSED_BY.get(key)
        if rate.rate is None and stage is not None and assumptions[key].value is not None:
            text = Message("{channel} never had any {stage}: it is planned without.")
            yield Note("stage-passed-by", text.filled(channel=name, stage=stage))
            return  # nothing before it is asked for, whatever there was


def _counted(rate: ChannelRate) -> str:
    """What a rate is of: ``6/18``."""
    assert rate.numerator is not None
    assert rate.denominator is not None
    return f"{float(rate.numerator):g}/{float(rate.denominator):g}"


def _recent_mix(measured: Measured | None, notes: list[Note]) -> dict[Channel, Fraction]:
    won = {c: n for c, n in (measured.new_paid if measured else {}).items() if n and c is not Channel.UNKNOWN}
    total = sum(won.values())
    if not total:
        raise GoalError(
            Message("Nothing tells in what mix the channels bring customers."),
            hint=Message('Give it in funnel.toml: [plan.mix] paid = "60%", organic = "40%".'),
        )
    if measured is not None and measured.mix_of_deals:
        notes.append(Note("mix-of-deals", Message("The mix of channels is that of the deals won: no export has PU.")))
    unknown = measured.new_paid.get(Channel.UNKNOWN, 0) if measured else 0
    if unknown:
        notes.append(
            Note(
                "mix-without-unknown",
                Message(
                    "{n} of {total} recent new customers have no known channel; the mix is that of the others."
                ).filled(n=unknown, total=total + unknown),
            )
        )
    return {channel: Fraction(number, total) for channel, number in won.items()}


def rates_changed(plan: ChannelPlan, base: Assumptions, changes: Mapping[AnyKey, Fraction]) -> ChannelPlan:
    """The channel where the pooled rates are others: its own rates change in the same proportion.

    A pooled rate of 0 or none has no proportion: the channel then takes the new one.
    """
    rates = dict(plan.rates)
    for key, value in changes.items():
        if key not in rates:
            continue
        own, pooled = rates[key].rate, base[key].value
        if own is None and pooled is not None:
            continue  # its people come without this stage
        rates[key] = ChannelRate(rate=value if own is None or not pooled else own * value / pooled)
    return replace(plan, rates=rates)


_GIVEN = Message("given for all")
_PASSED = ChannelRate(rate=None)
# What a channel that never had any of it is planned without, by the rate at which its people would go on.
_PASSED_BY: Mapping[AnyKey, Text] = {
    Key.VISITOR_TO_SIGNUP: Message("net new visitors"),
    Key.SIGNUP_TO_DEMO: Message("signups"),
}


def _rates(channel: Channel, assumptions: Assumptions, measured: Measured | None) -> dict[AnyKey, ChannelRate]:
    """The rate of every stage: the channel's own, filled up where it is of few; or the pooled one, and why."""
    own = (measured.of_channel if measured else {}).get(channel, {})
    ever = measured.ever if measured else {}
    rates: dict[AnyKey, ChannelRate] = {}
    for stage in stages():
        if stage.rate is None:
            continue
        pooled, figure = assumptions[stage.rate], own.get(stage.rate)
        if channel not in ever.get(stage.key, (channel,)) or _PASSED in rates.values():
            rates[stage.rate] = _PASSED
        elif pooled.origin is Origin.GIVEN or pooled.is_left_out:
            rates[stage.rate] = ChannelRate(rate=pooled.value, pooled=_GIVEN if measured else None)
        elif isinstance(figure, Pooled):
            rates[stage.rate] = _own_rate(channel, stage.rate, figure, pooled.value)
        else:
            reason = figure.reason if isinstance(figure, Missing) else _NOT_MEASURED
            rates[stage.rate] = ChannelRate(rate=pooled.value, pooled=reason)
    return rates


_NOT_MEASURED = Message("nothing measured of it")
_NONE_WENT_ON = Message("none of its {n} went on")


def _own_rate(channel: Channel, key: AnyKey, figure: Pooled, pooled: Fraction | None) -> ChannelRate:
    """x of n, filled up to 30 with the pooled rate p: (x + m p) / (n + m), so that nothing jumps at the 30th.

    Raises GoalError where none of enough demos became a customer.
    """
    of, went_on = max(figure.denominator, Fraction(0)), max(figure.numerator, Fraction(0))
    filled = max(Fraction(FEWEST) - of, Fraction(0))
    if filled:
        if pooled is None:
            return ChannelRate(rate=None, numerator=went_on, denominator=of)
        rate = (went_on + filled * pooled) / (of + filled)
        return ChannelRate(rate=rate, numerator=went_on, denominator=of, filled=filled)
    if went_on:
        return ChannelRate(rate=went_on / of, numerator=went_on, denominator=of)
    if key is Key.DEMO_TO_PAID:
        raise GoalError(
            Message("{channel} is in the mix, but none of its {n} [demo|demos] became a customer.").filled(
                channel=CHANNEL_LABELS[channel], n=int(of)
            ),
            hint=Message("Take {channel} out of [plan.mix], or give --demo-to-paid.").filled(channel=channel.value),
        )
    return ChannelRate(rate=pooled, numerator=went_on, denominator=of, pooled=_NONE_WENT_ON.filled(n=int(of)))


_OTHER_MONTHS = Message(", or measure over other months with --rates-from")


def stage_rate(assumptions: Assumptions, key: AnyKey) -> Fraction | None:
    """The rate of a stage, None where the plan does without it; GoalError where it is missing or 0."""
    assumption = assumptions[key]
    if assumption.is_left_out:
        return None
    rate = required(assumptions, key)
    if rate <= 0:
        measured = assumption.origin is Origin.MEASURED
        raise GoalError(
            Message("{key} is {rate} ({source}): nobody goes on, so no number before it is enough.").filled(
                key=key.value, rate=Marked(f"{float(rate):g}"), source=assumption.source
            ),
            hint=Message("Give {flag} above 0{else_}.").filled(
                flag=option_of(key), else_=_OTHER_MONTHS if measured else NOTHING
            ),
        )
    return rate


Own = Mapping[str, list[int] | None]
_NONE: Own = {}


def pooled_quotas(new: Sequence[int], assumptions: Assumptions, *, by_month: bool = False, own: Own = _NONE) -> Quotas:
    """The quotas of every stage at the pooled rates; of a stage that has its ``own``, these."""
    whole: dict[str, list[int] | None] = {}
    quota: list[int] | None = list(new)
    for stage in stages():
        if stage.rate is not None:
            rate = stage_rate(assumptions, stage.rate)
            quota = None if quota is None or rate is None else stage_before(quota, rate, by_month=by_month)
        quota = whole[stage.key] = own.get(stage.key, quota)
    return Quotas(whole=whole, of_channel={})


def needs_of_one(assumptions: Assumptions, plans: Sequence[ChannelPlan]) -> dict[str, Fraction]:
    """How much of each stage one new customer takes, exactly: at the pooled rates, or by channel in its mix."""
    parts = list(plans) or [ChannelPlan(channel=Channel.UNKNOWN, share=Fraction(1), rates={})]
    weights = {plan.channel: plan.share for plan in parts}
    needs: dict[str, Fraction] = {}
    for stage in stages():
        if stage.rate is not None:
            pooled = stage_rate(assumptions, stage.rate)
            if pooled is None:
                break
            for plan in parts:
                rate = plan.rates[stage.rate].rate if plan.rates else pooled
                weights[plan.channel] = _per_one(weights[plan.channel], rate)
        needs[stage.key] = sum(weights.values(), Fraction(0))
    return needs


Weights = Mapping[Channel, Fraction]


def channel_quotas(
    new: Sequence[int],
    assumptions: Assumptions,
    plans: Sequence[ChannelPlan],
    *,
    by_month: bool = False,
) -> Quotas:
    """The quotas of every stage, each channel at its own rates.

    Of every customer a channel brings its share, and each of those needs 1 / rate of the stage before.  The whole of a
    stage is what the whole numbers of the stage below so need, its running total rounded up; the channels share it in
    proportion to what they need.
    """
    whole: dict[str, list[int] | None] = {}
    of_channel: dict[str, Mapping[Channel, list[int]]] = {}
    for stage, quota, weights in _stages(new, assumptions, plans, by_month=by_month):
        whole[stage] = quota
        of_channel[stage] = {} if quota is None else _shared(quota, weights)
    return Quotas(whole=whole, of_channel=of_channel)


def whole_quotas(
    new: Sequence[int],
    assumptions: Assumptions,
    plans: Sequence[ChannelPlan],
    *,
    by_month: bool = False,
) -> Quotas:
    """The same, of the whole only: nothing is shared out, which is most of the work."""
    whole = {stage: quota for stage, quota, _ in _stages(new, assumptions, plans, by_month=by_month)}
    return Quotas(whole=whole, of_channel={})


def _stages(
    new: Sequence[int], assumptions: Assumptions, plans: Sequence[ChannelPlan], *, by_month: bool
) -> Iterator[tuple[str, list[int] | None, Weights]]:
    """Each stage with its quota and the part of it that each channel needs; None where the plan does without it."""
    weights: Weights = {plan.channel: plan.share for plan in plans}
    quota: list[int] | None = list(new)
    for stage in stages():
        key = stage.rate
        if key is not None:
            if quota is None or stage_rate(assumptions, key) is None:
                yield stage.key, None, {}
                return
            needs = {plan.channel: _per_one(weights[plan.channel], plan.rates[key].rate) for plan in plans}
            all_needs = sum(needs.values(), Fraction(0))
            quota = whole_numbers([number * all_needs for number in quota], by_month=by_month)
            weights = {channel: need / all_needs if all_needs else Fraction(0) for channel, need in needs.items()}
        yield stage.key, quota, weights


def _per_one(weight: Fraction, rate: Fraction | None) -> Fraction:
    """What a channel needs of the stage before for each one of the whole; 0 where the stage is passed by."""
    return Fraction(0) if rate is None else weight / rate


def _shared(quota: Sequence[int], weights: Mapping[Channel, Fraction]) -> dict[Channel, list[int]]:
    running = list(accumulate(quota))
    return allocate(quota, {channel: [weight * total for total in running] for channel, weight in weights.items()})
