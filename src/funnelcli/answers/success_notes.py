"""What to know about renewals and cash: rows that overlap what they renew, and cash that is dated by other days."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from funnelcli.answers.cash_checks import refunds_note
from funnelcli.answers.report_model import ReportSpec
from funnelcli.counting.renewing import terms_known
from funnelcli.counting.select import day_number
from funnelcli.facts.model import Facts
from funnelcli.facts.renewals import EARLY
from funnelcli.inputs.paid_users import PAID_USERS
from funnelcli.text import Message
from funnelcli.values.figures import Note

_MRR = "closing_mrr_amount"
_CASH = ("collected_amount", "refunded_amount")
_BOTH = Message(
    "{n} [row begins|rows begin] before the end of the one that [n!it renews|they renew]: both count while both are in "
    "force; [paid_users] early_days = 31 lets the earlier one count up to the day before."
)
_SHORT = Message(
    "{n} [row is|rows are] renewed early: [it counts|they count] up to the day before the renewal begins ([paid_users] "
    "early_days)."
)
_BY_START = Message("Cash of {n} [row|rows] is dated by [n!its|their] start: nothing says when it was paid.")
_BY_PAYMENT = Message(
    "{n} [refund is|refunds are] dated by the day of [n!its|their] payment: nothing says when it was paid back."
)


def success_notes(facts: Facts, spec: ReportSpec, keys: Collection[str]) -> Iterator[Note]:
    """The notes of the figures with these ``keys``; ``facts`` are those that were counted."""
    first, last = day_number(spec.periods[0].start), min(day_number(spec.periods[-1].last_day), day_number(spec.as_of))
    if _MRR in keys:
        yield from _early_notes(facts, first, last)
    if any(key in keys for key in _CASH):
        yield from _cash_notes(facts, first, last)
        yield from refunds_note(facts, min(spec.periods[-1].last_day, spec.as_of))


def _early_notes(facts: Facts, first: int, last: int) -> Iterator[Note]:
    """How many rows were renewed early while the range ran, and whether both count."""
    terms = terms_known(facts)
    if terms is None:
        return
    start, end, by = terms.events.since, terms.events.day, terms.renewals.by
    early = (terms.renewals.how == EARLY) & (end >= first) & (start[by] <= last)
    is_short = end + 1 - start[by] <= facts.config.paid_users.early_days
    for code, text, chosen in (
        ("early-renewals", _BOTH, early & ~is_short),
        ("renewed-early", _SHORT, early & is_short),
    ):
        if number := int(np.count_nonzero(chosen)):
            yield Note(code, text.filled(n=number))


def _cash_notes(facts: Facts, first: int, last: int) -> Iterator[Note]:
    """How many payments are dated by the start of their row, and how many refunds by the day of the payment."""
    stays = PAID_USERS.stays
    assert stays is not None

    for code, text, name in (
        ("cash-by-start", _BY_START, stays.cash), ("refunds-by-payment", _BY_PAYMENT, stays.refund)
    ):  # fmt: skip
        each = (facts.events.get(f"{name}{suffix}_undated") for suffix in ("", "_back"))
        within = (((events.day >= first) & (events.day <= last)).sum() for events in each if events is not None)
        if number := int(sum(within)):
            yield Note(code, text.filled(n=number))
