"""How soon leads were contacted, against the limit that was agreed: every lead of the period in one of its classes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from funnelcli.answers.answer import Block, Column, Table
from funnelcli.answers.cells import Number, Words
from funnelcli.answers.sla import Agreed
from funnelcli.counting.agreement import Agreement
from funnelcli.counting.handed import is_timed
from funnelcli.counting.select import day_number
from funnelcli.text import Message, Text
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Period

_TITLE = Message("How soon leads were contacted")
_WHEN, _LEADS, _SHARE = Message("First contact"), Message("Leads"), Message("Share")
# Up to which share of the limit a contact is in each class; the limit itself is within it.
_WITHIN: tuple[tuple[float, Text], ...] = (
    (0.25, Message("Within a quarter of the limit")), (0.5, Message("Within half of the limit")),
    (1.0, Message("Within the limit")), (2.0, Message("Up to twice the limit")),
    (float("inf"), Message("Later than that")),
)  # fmt: skip
_WAITING = Message("Not contacted, within the limit so far or when it came back")
_PAST = Message("Not contacted, past the limit")
_UNTIMED = Message("Not measured: in contact before, without a time, or not told of")


def response_blocks(asked: Agreed) -> Iterator[Block]:
    """The leads of the headline period by when they were first contacted; nothing where no limit is agreed."""
    known = asked.known
    if known is None or known.respond_due is None:
        return
    classes = list(classes_of(known, asked.dashboard.period))
    total = sum(number for _, number in classes)
    if not total:
        return
    columns = (Column(header=Words(_WHEN)), Column(header=Words(_LEADS)), Column(header=Words(_SHARE), drawn="bars"))
    yield Table(
        title=Words(_TITLE), columns=columns,
        rows=tuple(
            (Words(name), Number(value=number), Number(value=number / total, unit=Unit.RATE))
            for name, number in classes
        ),
    )  # fmt: skip


def classes_of(known: Agreement, period: Period) -> Iterator[tuple[Text, int]]:
    """How many leads handed over in a period are in each class; each is in one.

    A limit in days is as many minutes of each as are worked until it is due.
    """
    assert known.respond_due is not None
    days = known.handovers.day
    mine = (days >= day_number(period.start)) & (days < day_number(period.end))
    measured, touched = mine & is_timed(known) & ~known.ends_on_a_day, known.answered_at
    took = known.worked(known.start, np.where(touched.there, touched.at, known.over))
    limit = known.worked(known.start, known.respond_due)
    answered = measured & touched.there
    least = np.full(len(known), -1.0)
    for share, name in _WITHIN:
        within = took <= limit * share if np.isfinite(share) else np.ones(len(known), dtype=bool)
        inside = answered & within & (least < 0)
        least[inside] = share
        yield name, int(inside.sum())
    waiting = measured & ~touched.there
    yield _WAITING, int((waiting & (took <= limit)).sum())
    yield _PAST, int((waiting & (took > limit)).sum())
    yield _UNTIMED, int((mine & ~measured).sum())
