"""The time that selling takes in a plan, for people."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from funnelcli.answers.answer import Column, Table
from funnelcli.answers.cells import Cell, Words
from funnelcli.answers.planned_cells import NO_WORDS, planned
from funnelcli.planning.labels import label_of
from funnelcli.planning.lag import Lag
from funnelcli.planning.model import Plan
from funnelcli.planning.selling import LagPlan
from funnelcli.text import Message, Text, as_text, joined
from funnelcli.values.channels import CHANNEL_LABELS
from funnelcli.values.figures import Unit

MOST_LAGS = 6  # columns of single lags; later ones stand together
_TITLE = Message("Who gets on, by the month ends between")
_EVER = Message("Ever")
_LATER = Message("Later")
_OF_CHANNEL = Message("{channel}, {way}")


def lag_shares(plan: Plan) -> Table:
    """A line for each step, and for the whole way, of all and of each channel that is planned.

    It says the share that ever gets on, and after how many month ends.
    """
    lines = [] if plan.lag is None else list(_ways(plan.lag))
    most = max((_length(lag) for _, lag in lines), default=0)
    single = min(most, MOST_LAGS)
    headers: list[Text] = [_EVER, *(as_text(str(lag)) for lag in range(single))]
    headers += [_LATER] if most > single else []
    return Table(
        title=Words(_TITLE),
        columns=(Column(header=NO_WORDS, words=True), *(Column(header=Words(header)) for header in headers)),
        rows=tuple((Words(label), *_shares(lag, single, later=most > single)) for label, lag in lines),
    )


def _ways(plan: LagPlan) -> Iterator[tuple[Text, Lag]]:
    last = plan.chain[-1].short
    yield from ((label_of(key), lag) for key, lag in plan.steps)
    if len(plan.steps) > 1:
        yield joined(" → ", [plan.top.short, last]), plan.lag
    for part in plan.parts:
        if part.channel is not None and part.share and part.steps:
            way = joined(" → ", [plan.chain[part.top].short, last])
            yield _OF_CHANNEL.filled(channel=CHANNEL_LABELS[part.channel], way=way), part.lag


def _length(lag: Lag) -> int:
    """The lags up to the last at which anybody gets on."""
    return max((place + 1 for place, share in enumerate(lag.shares) if share), default=0)


def _shares(lag: Lag, single: int, *, later: bool) -> Iterator[Cell]:
    yield planned(lag.reached, Unit.RATE)
    for place in range(single):
        yield planned(lag.shares[place] if place < len(lag.shares) else Fraction(0), Unit.RATE)
    if later:
        yield planned(lag.reached - lag.by(single - 1), Unit.RATE)
