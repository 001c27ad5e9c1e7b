"""What is odd about cash: customers who got back more than they paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from funnelcli.counting.paid_back import paid_back
from funnelcli.counting.select import day_number
from funnelcli.facts.events import NO_LINE
from funnelcli.facts.model import Facts
from funnelcli.inputs.paid_users import PAID_USERS
from funnelcli.problems import Problem, problem
from funnelcli.text import Message, Text, day_words, grouped
from funnelcli.values.figures import HUNDREDTHS, Note

_ABOVE = Message(
    "{n} [customer|customers] got back more than [n!that customer|they] paid in these exports, by {day} {amount} "
    "{currency} more: funnelcli check lists them."
)


def refunds_above_paid(facts: Facts, as_of: date) -> Iterator[Problem]:
    """A warning for each customer who got back more than was paid, at the latest row of a refund."""
    cash, stays = paid_back(facts, day_number(as_of)), PAID_USERS.stays
    assert stays is not None
    for entity, events, place in cash.latest(day_number(as_of)):
        records, row = events.records, int(events.row[place])
        line = int(records.line[row])
        yield problem(
            "refunded-above-paid", file=records.files[int(records.file[row])], line=None if line == NO_LINE else line,
            column=stays.refunded, user=facts.entities[entity], refunded=amount(int(cash.refunded[entity])),
            paid=amount(int(cash.paid[entity])), currency=facts.currency, stage=PAID_USERS.name,
        )  # fmt: skip


def refunds_note(facts: Facts, as_of: date) -> Iterator[Note]:
    """Beside figures of cash, how many got back more than they paid, and how much more."""
    cash = paid_back(facts, day_number(as_of))
    if number := int(cash.is_above.sum()):
        more = int((cash.refunded - cash.paid)[cash.is_above].sum())
        words = _ABOVE.filled(n=number, amount=amount(more), currency=facts.currency, day=day_words(as_of))
        yield Note("refunded-above-paid", words)


def amount(hundredths: int) -> Text:
    """An amount of so many hundredths for people, with decimals where it has any."""
    return grouped(hundredths / HUNDREDTHS, decimals=2 if hundredths % HUNDREDTHS else 0)
