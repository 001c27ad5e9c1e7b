"""Columns that are not read beside what is planned, like a demo: whether they say that, or when, it came about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from funnelcli.inputs.spec import Outcome
from funnelcli.reading.headers import header_key
from funnelcli.reading.sample import Sample
from funnelcli.reading.unread import Holding, Unread, moment_in
from funnelcli.reading.unread_numbers import Doubt
from funnelcli.text import Message, Text
from funnelcli.values.cells import read_flag
from funnelcli.values.channels import fold
from funnelcli.values.dates import day_of
from funnelcli.values.numbers import bare_number, read_number

_UNDONE = Message("it is filled in {number} [row|rows], which by its header may not have been held; they count as held")
_AS_UNDONE = Message("If these were not held: [inputs.{stage}.columns] {undone} = {header!r}")
_LASTED = Message("it is 0 in {number} [row|rows], which may not have been held")
_AS_LASTED = Message("If these were not held: [inputs.{stage}.columns] {done} = {header!r}")
_WHEN = Message("it holds days from the booking on, and nothing that is read says when they were held")
_AS_WHEN = Message("If they were held on them: [inputs.{stage}.columns] {date} = {header!r}")
_OF_OTHERS = r"\b(from|reasons?|notes?|by|hosts?|policy|url|links?|ly do|ghi chu)\b"


def doubtful_outcomes(sample: Sample, columns: Sequence[Unread]) -> Iterator[Doubt]:
    """The columns that may say of what is planned that it did not come about, or when it did."""
    outcome = sample.opened.input.outcome
    if outcome is None:
        return
    for column in columns:
        doubt = _undone(sample, outcome, column) or _lasted(sample, outcome, column) or _when(sample, outcome, column)
        if doubt is not None:
            yield doubt


def _doubt(sample: Sample, column: Unread, why: Text, step: Text, **facts: object) -> Doubt:
    named = step.filled(stage=sample.opened.input.name, header=column.header, **facts)
    return Doubt(header=column.header, why=why, step=named)


def _undone(sample: Sample, outcome: Outcome, column: Unread) -> Doubt | None:
    """A column that by its header says who did not come, with days, e-mails or anything but words and flags."""
    title = fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column.header).replace("_", " "))
    free = next((name for name in outcome.undone if not sample.opened.has(name)), None)
    if free is None or column.holding is Holding.FLAGS or not outcome.says_no(title):
        return None
    if re.search(_OF_OTHERS, title):
        return None
    said = [sample.looked_at(name) for name in (outcome.status, *outcome.undone)]
    denied = [outcome.denies(fold(status)) or any(undone) for status, *undone in zip(*said, strict=True)]
    says = [bool(cell) and read_flag(cell) is not False for cell in column.cells]
    number = sum(of and not known for of, known in zip(says, denied, strict=True))
    if not number or all(says):
        return None
    why = _UNDONE.filled(number=number)
    return _doubt(sample, column, why, _AS_UNDONE, undone=free)


def _lasted(sample: Sample, outcome: Outcome, column: Unread) -> Doubt | None:
    """A column of how long it lasted that is 0 in some rows."""
    beside = sample.opened.input.beside
    filled = [cell for cell in column.cells if cell]
    if not re.search(beside.lasting, header_key(column.header)) or any(bare_number(cell) is None for cell in filled):
        return None
    zeros = [cell for cell in filled if read_number(cell, None) == 0]
    if not zeros or len(zeros) == len(filled):
        return None
    done = next((name for name in outcome.done if not sample.opened.has(name)), None)
    return None if done is None else _doubt(sample, column, _LASTED.filled(number=len(zeros)), _AS_LASTED, done=done)


def _when(sample: Sample, outcome: Outcome, column: Unread) -> Doubt | None:
    """A column of days from the booking on, where none says when it was held."""
    beside, key = sample.opened.input.beside, header_key(column.header)
    if column.holding is not Holding.DATES or sample.opened.has(outcome.date):
        return None
    says_when = re.search(beside.meets, key)
    if re.search(beside.of_activity, key) and not says_when:
        return None
    if sample.opened.has(outcome.status) and not says_when:
        return None
    planned = sample.looked_at(outcome.planned)
    pairs = [(moment_in(cell), moment_in(day)) for cell, day in zip(column.cells, planned, strict=True) if cell]
    days = [(day_of(a.micros), day_of(b.micros)) for a, b in pairs if a is not None and b is not None]
    after = sum(day >= booked for day, booked in days)
    if not days or 10 * after < 9 * len(days) or all(day == booked for day, booked in days):
        return None
    return _doubt(sample, column, _WHEN, _AS_WHEN, date=outcome.date)
