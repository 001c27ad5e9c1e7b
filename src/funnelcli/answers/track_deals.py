"""What is to be said of the stages of deals beside their targets: who passed them by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from funnelcli.answers.measured import summed
from funnelcli.facts.model import Facts
from funnelcli.metrics import CATALOGUE
from funnelcli.planning.declare import Kind
from funnelcli.planning.tracked import tracked_metric
from funnelcli.text import COMMA, Message, joined
from funnelcli.values.figures import Note
from funnelcli.values.periods import Period

_PASSED_BY = Message(
    "In the months shown deals passed stages by ({list}): targets count them as having come to these, the actual "
    "figures do not."
)
_STAGE = Message("{stage} {n}")


def passed_by(facts: Facts, keys: Iterable[str], periods: Sequence[Period], as_of: date) -> Iterator[Note]:
    """That deals skipped stages which have targets, in the periods that have begun; nothing where none did."""
    begun = [period for period in periods if period.start <= as_of]
    stages = {
        metric.short: skipped
        for metric in map(tracked_metric, dict.fromkeys(keys))
        if metric.kind is Kind.DEAL
        and metric.actual is not None
        and (skipped := metric.actual.replace("entered_", "skipped_", 1)) in CATALOGUE
        and skipped != metric.actual
    }
    numbers = summed(facts, list(stages.values()), begun, as_of) if stages and begun else []
    some = [_STAGE.filled(stage=label, n=int(n)) for label, n in zip(stages, numbers, strict=False) if n]
    if some:
        yield Note("deals-passed-by", _PASSED_BY.filled(list=joined(COMMA, some)))
