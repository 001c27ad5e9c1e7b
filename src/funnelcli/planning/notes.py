"""What the reader of a plan should know: quotas above the best months, a goal met already, rates that differ."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from funnelcli.planning.assume import Assumptions, needs_base
from funnelcli.planning.backsolve import churn_ceiling
from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.keys import option_of
from funnelcli.planning.labels import label_of, month_words, span_words
from funnelcli.planning.metrics import PLANNED, stages
from funnelcli.planning.mix import Quotas
from funnelcli.planning.model import (
    Best,
    Cash,
    Goal,
    Key,
    Lever,
    Measured,
    Origin,
    PlanRow,
    RevenueModel,
    Shape,
    ShapeKind,
)
from funnelcli.text import COMMA, Marked, Message, Text, grouped, joined, percent
from funnelcli.values.channels import CHANNEL_LABELS, Channel
from funnelcli.values.figures import Note
from funnelcli.values.periods import Period


def left_out_notes(assumptions: Assumptions) -> list[Note]:
    """The stages of the funnel that a plan of deals does without, as nobody knows the rate at which they go on."""
    places = [place for place, stage in enumerate(stages()) if _is_unknown(stage, assumptions)]
    if not places:
        return []
    left_out = stages()[places[0] :]
    rate = left_out[0].rate
    assert rate is not None
    text = Message("Not planned, as {rate} is not known ({reason}): {stages}. {option} gives it.")
    stages_said = joined(COMMA, [stage.short for stage in left_out])
    return [
        Note(
            "stages-not-planned",
            text.filled(
                rate=label_of(rate), reason=assumptions[rate].source, stages=stages_said, option=option_of(rate)
            ),
        )
    ]


def _is_unknown(stage: PlannedMetric, assumptions: Assumptions) -> bool:
    if stage.rate is None:
        return False
    assumption = assumptions[stage.rate]
    return assumption.is_left_out and assumption.origin is Origin.MISSING


def blended_note(quotas: Quotas, pooled: Quotas) -> list[Note]:
    """Where channels at their own rates need other totals than the pooled rates do."""
    differing = [
        (stage, sum(own), sum(other))
        for stage in stages()
        if stage.rate is not None
        and (own := quotas.whole.get(stage.key)) is not None
        and (other := pooled.whole.get(stage.key)) is not None
        and abs(sum(own) - sum(other)) > 1
    ]
    if not differing:
        return []
    listed = joined("; ", [Message("{stage} {own} / {other}").filled(
        stage=stage.short, own=grouped(own), other=grouped(other)) for stage, own, other in differing])  # fmt: skip
    return [
        Note(
            "channels-differ-from-pooled",
            Message("By channel, each at its own rates and in this mix / at the pooled rates: {list}.").filled(
                list=listed
            ),
        )
    ]


def season_notes(shape: Shape, measured: Measured | None) -> list[Note]:
    """Where the season of a seasonal plan comes from, and whether growth is still in it."""
    season = measured.season if measured and shape.kind is ShapeKind.SEASONAL else None
    return season.note() if season is not None else []


def revenue_note(goal: Goal, model: RevenueModel, measured: Measured | None) -> list[Note]:
    """What the revenue of a range is: the MRR at the months' ends, beside the cash where the exports tell it."""
    if goal.kind.at_end or not goal.kind.priced or model is not RevenueModel.RECURRING:
        return []
    return [revenue_words(measured.cash if measured else None)]


def revenue_words(cash: Cash | None) -> Note:
    """That revenue is MRR at the months' ends, beside what was paid over some months where that is told."""
    if cash is None:
        text = Message("Revenue is the sum of the MRR at the months' ends, not the cash that comes in.")
        return Note("revenue-is-mrr", text)
    text = Message(
        "Revenue is the sum of the MRR at the months' ends, not the cash that comes in: over {months} it was "
        "{mrr}, and {paid} was paid."
    )
    figures = {"mrr": grouped(float(cash.mrr)), "paid": grouped(float(cash.paid))}
    return Note("revenue-is-mrr", text.filled(months=span_words(*cash.months), **figures))


def base_notes(goal: Goal, model: RevenueModel, assumptions: Assumptions, new: Sequence[int]) -> list[Note]:
    """Where the customers there are reach the goal, how their MRR falls, and where they level off."""
    if not needs_base(goal, model):
        return []
    notes: list[Note] = []
    if not any(new):
        notes.append(
            Note(
                "goal-already-met",
                Message("The customers who pay today are enough for the goal: no new one is needed."),
            )
        )
    churn = assumptions[Key.CHURN].value
    if churn and any(new) and goal.kind.priced:
        text = Message(
            "The MRR there is falls by the churn rate of customers, {churn} a month: those lost bring the average."
        )
        notes.append(Note("mrr-falls-with-churn", text.filled(churn=percent(float(churn), 2))))
    if churn and any(new) and max(new) - min(new) <= 1:
        ceiling = churn_ceiling(Fraction(sum(new), len(new)), churn)
        assert ceiling is not None
        notes.append(
            Note(
                "churn-ceiling",
                Message("At {churn} lost a month and {new} new a month, customers level off at {ceiling}.").filled(
                    churn=percent(float(churn), 2),
                    new=grouped(sum(new) / len(new), 1),
                    ceiling=grouped(float(ceiling)),
                ),
            )
        )
    return notes


def rounding_notes(need: Sequence[Fraction], new: Sequence[int], periods: Sequence[Period]) -> list[Note]:
    """The months that need somebody and plan nobody, since an earlier month, rounded up, has already brought them."""
    none = [
        month_words(period) for period, whole, part in zip(periods, new, need, strict=True) if whole == 0 and part > 0
    ]
    if not none:
        return []
    text = Message(
        "No new PU in {months} only because running totals are rounded up; --round month plans each month by itself."
    )
    return [Note("month-without-new", text.filled(months=joined(COMMA, none)))]


def hidden_levers(levers: Sequence[Lever]) -> list[Note]:
    """The levers that save something which rounding to whole quotas hides."""
    hidden = [
        Message("{key} ({share})").filled(key=label_of(lever.key), share=percent(float(lever.saved), 2))
        for lever in levers
        if lever.hidden
    ]
    if not hidden:
        return []
    text = Message("Whole quotas hide what these would save: {list}.")
    return [Note("lever-hidden-by-rounding", text.filled(list=joined(COMMA, hidden)))]


def above_best(
    rows: Sequence[PlanRow], best_of: Mapping[tuple[str, Channel | None], Best], periods: Sequence[Period]
) -> list[Note]:
    """Quotas above anything in the last twelve months: a note for each stage, and one for all channels."""
    notes: list[Note] = []
    of_channels: dict[str, list[Text]] = {}
    for row in rows:
        best = best_of.get((row.metric.key, row.channel))
        known = [value for value in row.values if value is not None]
        if best is None or not best.number or row.team is not None or not known or max(known) <= best.number:
            continue
        if row.channel is None:
            notes.append(_above_best_note(row.metric, periods[row.values.index(max(known))], max(known), best))
        else:
            named = joined(" ", [CHANNEL_LABELS[row.channel], _times(max(known) / best.number)])
            of_channels.setdefault(row.metric.key, []).append(named)
    return [*notes, _channels_above_best_note(of_channels)] if of_channels else notes


def _above_best_note(metric: PlannedMetric, month: Period, quota: Fraction, best: Best) -> Note:
    text = Message("{metric} in {month}: {quota}, {times} your best month of the last 12 ({best} in {when}).")
    return Note(
        "quota-above-best-month",
        text.filled(
            metric=metric.label,
            month=month_words(month),
            quota=grouped(int(quota)),
            times=_times(quota / best.number),
            best=grouped(int(best.number)),
            when=month_words(best.month),
        ),
    )


def _channels_above_best_note(of_channels: Mapping[str, Sequence[Text]]) -> Note:
    """One note for all channels; ``of_channels`` names them by the planned metric they exceed their best in."""
    text = Message("Above the channel's best month of the last 12: {list}.")
    parts = [
        Message("{metric}: {list}").filled(metric=PLANNED[key].short, list=joined(COMMA, texts))
        for key, texts in of_channels.items()
    ]
    return Note("channel-quota-above-best-month", text.filled(list=joined("; ", parts)))


def _times(share: Fraction) -> Text:
    """How many times: ``2.4x``, and near 1 more closely, ``1.04x``."""
    number = f"{float(share):.1f}" if share >= Fraction(11, 10) else f"{float(share):.2f}"
    return Message("{number}x").filled(number=Marked(number))
