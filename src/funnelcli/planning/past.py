"""Months of a plan that are past: what happened stands in their place, and the rest is planned."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.planning.declare import Kind, PlannedMetric
from funnelcli.planning.labels import month_words
from funnelcli.planning.metrics import NEW_PAID_USERS, PLANNED, REVENUE
from funnelcli.planning.mix import Quotas
from funnelcli.planning.model import Goal, PlanRow, RowKey, Shape, ShapeKind
from funnelcli.planning.track import Actual
from funnelcli.problems import GoalError
from funnelcli.text import Message, Text
from funnelcli.values.channels import CHANNELS, Channel
from funnelcli.values.figures import Missing, Note
from funnelcli.values.periods import Period

PAST_MONTHS = "past-months"
NOT_PLANNED = Missing("month-past", Message("the month is past"))


class Past(Struct, frozen=True, kw_only=True):
    """The first ``periods`` of a plan, which are past, and how to find what happened in them.

    ``deal`` is what a new customer brings once, where revenue does not recur: the exports have no figure for it.
    """

    periods: tuple[Period, ...]
    actuals: Callable[[Sequence[RowKey]], Mapping[RowKey, Mapping[str, Actual]]]
    deal: Fraction | None = None

    def of(self, metric: PlannedMetric, key: RowKey) -> list[Actual]:
        """The actual figure of each month of a row."""
        if metric is REVENUE and self.deal is not None:
            won = self.of(NEW_PAID_USERS, (NEW_PAID_USERS.key, key[1], key[2]))
            return [replace(a, value=None if a.value is None else a.value * self.deal) for a in won]
        if metric.kind is Kind.BUDGET or metric.actual is None:
            return [Actual(value=None, missing=NOT_PLANNED) for _ in self.periods]
        by_month = self.actuals([key])[key]
        return [by_month[period.key] for period in self.periods]

    def rest_of(self, goal: Goal, shape: Shape) -> tuple[Goal, Shape]:
        """The goal and the shape of the months that are left.  GoalError where what the past brought is not known."""
        summed = PLANNED.get(goal.kind.sums or "")
        brought = Fraction(0) if summed is None else self._brought(summed)
        if shape.kind is ShapeKind.REVENUE:
            running = [total - brought for total in accumulate(shape.amounts)][len(self.periods) :]
            steps = [later - earlier for earlier, later in zip([Fraction(0), *running], running, strict=False)]
            shape = replace(shape, amounts=tuple(steps))
        return replace(goal, amount=goal.amount - brought), shape

    def _brought(self, metric: PlannedMetric) -> Fraction:
        months = self.of(metric, (metric.key, None, None))
        for period, actual in zip(self.periods, months, strict=True):
            if actual.value is None:
                reason = actual.missing.reason if actual.missing else NOT_PLANNED.reason
                raise GoalError(
                    Message(
                        "What {month} brought is not known ({reason}), so what is left of the goal is not, either."
                    ).filled(month=month_words(period), reason=reason),
                    hint=Message("Plan from a later month with --from."),
                )
        return sum((actual.value for actual in months if actual.value is not None), Fraction(0))

    def quotas(self, planned: Quotas, months: int) -> Quotas:
        """The quotas with none of ``months`` for channels that are not planned, but of which something happened."""
        of_channel = {
            stage: {c: parts.get(c) or [0] * months for c in CHANNELS if c in parts or c in self.happened(stage)}
            for stage, parts in planned.of_channel.items()
            if parts
        }
        return Quotas(whole=planned.whole, of_channel={**planned.of_channel, **of_channel})

    def happened(self, stage: str) -> list[Channel]:
        """The channels, unknown ones too, that had any of a stage."""
        metric = PLANNED[stage]
        return [c for c in CHANNELS if any(actual.value for actual in self.of(metric, (stage, c, None)))]

    def before(self, row: PlanRow) -> PlanRow:
        """A row of the months left with the past months before it, and the figure of the whole range."""
        actual = self.of(row.metric, (row.metric.key, row.channel, row.team))
        values = (*(month.value for month in actual), *row.values)
        if row.metric.kind is Kind.BUDGET or row.metric.actual is None:
            return replace(row, values=values)
        missing = row.missing or next((month.missing for month in actual if month.missing), None)
        known = [value for value in values if value is not None]
        whole = len(known) == len(values)
        return replace(row, values=values, total=row.metric.over_range(known) if whole else None, missing=missing)

    def note(self, rest: Sequence[Period]) -> Note:
        """That the plan holds what happened."""
        text = Message("{past} past: what happened stands there; {rest} planned to reach the goal.")
        return Note(PAST_MONTHS, text.filled(past=_are(self.periods), rest=_are(rest)))


def _are(months: Sequence[Period]) -> Text:
    """``Sep 2026 to Oct 2026 are``."""
    first, last = month_words(months[0]), month_words(months[-1])
    alone = len(months) == 1
    words = Message("{first} is") if alone else Message("{first} to {last} are")
    return words.filled(first=first, last=last)
