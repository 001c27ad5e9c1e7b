"""What a plan says of what it has to work with: too many demos, what its mix costs, and what more would bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from funnelcli.planning.labels import month_words, span_words
from funnelcli.planning.means import Wish
from funnelcli.planning.means_metrics import DEMO_CAPACITY, DEMOS_OVER, SELLERS_LACKING
from funnelcli.planning.metrics import DEMOS
from funnelcli.planning.mix_plan import Binding, BoundBy, Gain, MixPlan, MoreOf
from funnelcli.planning.model import PlanRow
from funnelcli.text import COMMA, Message, Text, grouped, joined
from funnelcli.values.channels import CHANNEL_LABELS
from funnelcli.values.figures import Note
from funnelcli.values.periods import Period

ABOVE_CAPACITY = "demos-above-capacity"
_ABOVE = Message(
    "The sellers cannot hold all demos that the plan needs: {months}. {n} more [seller|sellers] at full pace "
    "[holds|hold] them."
)
_MONTH = Message("{month} ({demos}, they hold {held})")


def means_notes(months: Sequence[Period], rows: Sequence[PlanRow]) -> Iterator[Note]:
    """The months, those before the plan too, that need more demos than the sellers can hold; nothing where none do."""
    of = {row.metric.key: row for row in rows if row.channel is None}
    over = of.get(DEMOS_OVER.key)
    if over is None or not any(over.of_last(len(months))):
        return
    lacking = max(number or 0 for number in of[SELLERS_LACKING.key].of_last(len(months)))
    above_them = [
        _MONTH.filled(month=month_words(period), demos=grouped(int(demos or 0)), held=grouped(int(held or 0)))
        for period, above, demos, held in zip(
            months, *(row.of_last(len(months)) for row in (over, of[DEMOS.key], of[DEMO_CAPACITY.key])), strict=True
        )
        if above
    ]
    yield Note(ABOVE_CAPACITY, _ABOVE.filled(months=joined(COMMA, above_them), n=int(lacking)))


def mix_notes(mix: MixPlan, periods: Sequence[Period]) -> Iterator[Note]:
    """What the mix costs, what bounds it, and what more of that would bring."""
    facts = {
        "cost": grouped(float(mix.cost)),
        "n": mix.new,
        "new": grouped(mix.new),
        "floor": grouped(float(mix.floor)),
    }
    if mix.budget is not None:
        facts |= {"budget": grouped(float(mix.budget)), "left": grouped(float(mix.budget - mix.cost))}
    if mix.aim is not None:
        facts |= {"aim": grouped(float(mix.aim), 1), "expected": grouped(float(sum(mix.customers)), 1)}
        sure = _SURE_MOST if mix.wish is Wish.NEW_PAID_USERS else _SURE if mix.proven else _SURE_NOT_PROVEN
        yield Note("sure-mix", sure.filled(**facts))
    elif mix.wish is Wish.NEW_PAID_USERS:
        yield Note("most-new-paid-users", _MOST.filled(**facts))
    else:
        yield Note("cheapest-mix", (_CHEAPEST if mix.proven else _NOT_PROVEN).filled(**facts))
    if mix.early:
        months = months_words(range(len(periods) - len(mix.customers)), periods)
        yield Note("early-signup-cost", _EARLY.filled(early=grouped(float(mix.early)), months=months))
    if mix.wish is Wish.NEW_PAID_USERS and not mix.proven and mix.aim is None:
        yield Note("mix-not-proven", _PERHAPS_MORE.filled(**facts))
    if mix.unused:
        channels = joined(COMMA, [CHANNEL_LABELS[channel] for channel in mix.unused])
        yield Note("no-cost-declared", _UNUSED.filled(channels=channels))
    if mix.bindings:
        yield Note("bound-by", _BOUND.filled(list=binding_words(mix.bindings, periods)))
    for gain in mix.gains:
        yield Note(gain.more.value.replace("_", "-"), gain_words(gain, mix))


_CHEAPEST = Message("The signups cost {cost}; no other mix within what there is reaches the goal for less.")
_NOT_PROVEN = Message(
    "The signups cost {cost}, the least that was found; whether another mix costs less is not proven, but none costs "
    "less than {floor}."
)
_MOST = Message(
    "{new} new [n!customer|customers] [n!is|are] the most that a budget of {budget} wins; the signups cost {cost}, "
    "{left} is left."
)
_SURE = Message(
    "The signups cost {cost}: no other mix that is expected to bring {aim} costs less, and one that is expected to "
    "bring less is not sure enough. That no other mix as sure costs less is not proven."
)
_SURE_NOT_PROVEN = Message(
    "The signups cost {cost}, the least that was found for a mix that is expected to bring {aim}; one that is expected "
    "to bring less is not sure enough. That no other mix as sure costs less is not proven."
)
_SURE_MOST = Message(
    "The goal is the most that a budget of {budget} wins so surely, of the mixes tried: {expected} new customers are "
    "expected; the signups cost {cost}, {left} is left."
)
_EARLY = Message("Of that {early} is for signups before the plan begins: {months}.")
_PERHAPS_MORE = Message("Whether the same could be won for less, or one more, is not proven.")
_UNUSED = Message("No cost is declared of {channels}: no signups of theirs are in the mix.")
_BOUND = Message("What the mix takes all of: {list}.")
_BOUND_BY: Mapping[BoundBy, Message] = {
    BoundBy.SELLERS: Message("the demos that the sellers can hold"),
    BoundBy.CAP: Message("the signups of {channels}"),
    BoundBy.BUDGET: Message("the budget"),
    BoundBy.MOST_NEW: Message("the most new PU of a month"),
}


def binding_words(bindings: Sequence[Binding], periods: Sequence[Period]) -> Text:
    """What a mix takes all of, and in which months: ``the signups of Paid, Organic (Jan 2027 – Mar 2027)``."""
    alike: dict[tuple[BoundBy, tuple[int, ...]], list[Text]] = {}
    for binding in bindings:
        channels = alike.setdefault((binding.by, binding.months), [])
        channels += [] if binding.channel is None else [CHANNEL_LABELS[binding.channel]]
    words: list[Text] = []
    for (by, months), channels in alike.items():
        text = _BOUND_BY[by].filled(channels=joined(COMMA, channels)) if channels else _BOUND_BY[by]
        spans = [joined("", ["(", months_words(months, periods), ")"])] if months else []
        words.append(joined(" ", [text, *spans]))
    return joined("; ", words)


def months_words(months: Sequence[int], periods: Sequence[Period]) -> Text:
    """Months by their places, those that follow each other as a span: ``Jan 2027 – Mar 2027, Jun 2027``."""
    spans: list[list[int]] = []
    for month in months:
        if spans and month == spans[-1][-1] + 1:
            spans[-1].append(month)
        else:
            spans.append([month])
    return joined(COMMA, [span_words(periods[span[0]].key, periods[span[-1]].key) for span in spans])


_WITH: Mapping[MoreOf, Text] = {
    MoreOf.SELLER: Message("With one more seller from the first month on"),
    MoreOf.BUDGET: Message("With 10 % more money"),
}


def gain_words(gain: Gain, mix: MixPlan) -> Text:
    """What the mix would come to with more of something."""
    more, cost, saved = _WITH[gain.more], grouped(float(gain.cost)), grouped(float(mix.cost - gain.cost))
    if gain.new > mix.new:
        text = Message("{more} it would be {new} new customers, {further} more, for {cost}.")
        return text.filled(more=more, new=grouped(gain.new), further=grouped(gain.new - mix.new), cost=cost)
    if gain.cost < mix.cost:
        return Message("{more} the signups would cost {cost}, {saved} less.").filled(more=more, cost=cost, saved=saved)
    if gain.more is MoreOf.BUDGET and not mix.free:
        return Message("{more} no more would be won in this shape of the months.").filled(more=more)
    return Message("{more} nothing would change.").filled(more=more)
