"""Columns beside people that are not read: those of which the cells could change a figure are named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from funnelcli.problems import Problem, problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened
from funnelcli.reading.sample import Sample, sample_of
from funnelcli.reading.unread import Holding, Unread, moment_in
from funnelcli.reading.unread_amounts import amounts_not_read, currencies_not_read, rates_of_exchange, settings_of
from funnelcli.reading.unread_dates import doubtful_dates
from funnelcli.reading.unread_leaving import leaving_not_read
from funnelcli.reading.unread_meetings import shared_meetings
from funnelcli.reading.unread_numbers import Doubt, doubtful_numbers
from funnelcli.reading.unread_outcomes import doubtful_outcomes
from funnelcli.reading.unread_payments import doubtful_payments
from funnelcli.reading.unread_shares import doubtful_shares
from funnelcli.reading.unread_terms import contradicting_terms
from funnelcli.reading.unread_words import Words, status_column, telling_words
from funnelcli.text import Message, Text, joined
from funnelcli.values.cells import read_flag

MOST_APART = 3  # of more columns of words one warning names them all

_RENEWS = Message(
    "it says that rows renew by themselves whose ends have passed ({number}), so that they may be no losses"
)
_NO_END = Message("If they go on: [inputs.{stage}.columns] {end} = false")
_STATES = Message("it holds words that may say whether a row counts: {words}")
_ALL_STATE = Message("they hold words that may say whether a row counts: {words}")
_AS_STATUS = Message(
    "If it says whether a row counts: [inputs.{stage}.columns] {status} = {header!r}, and [inputs.{stage}.status] for "
    "what its words mean; to leave rows out: [inputs.{stage}.drop] {header!r} = [{word!r}]"
)
_AS_FILTER = Message("To leave out rows that do not count: [inputs.{stage}.drop] {header!r} = [{word!r}]")


def people_problems(opened: Opened, explained: Set[str] = frozenset(), assumed: str | None = None) -> Iterator[Problem]:
    """What is odd about a file because of columns that are not read; of many columns of words in one warning.

    ``explained`` are headers of columns of which it is known what they say, ``assumed`` is the currency of amounts that
    say none, where no setting does.
    """
    is_all_read = len(set(opened.columns.index.values())) == len(opened.columns.header)
    if (is_all_read and _refunded_at(opened) is None) or _is_bare(opened):
        return
    sample = sample_of(opened)
    columns = [column for column in sample.unread() if column.header not in explained]
    doubts = list(doubtful_dates(sample, [*columns, *_days_of_refunds(sample)]))
    days = {doubt.header for doubt in doubts}
    columns = [column for column in columns if column.header not in days]  # seconds and days are no amounts
    doubts += [*_renewing(sample, columns), *doubtful_numbers(sample, columns), *amounts_not_read(sample, columns)]
    doubts += contradicting_terms(sample, columns)
    doubts += doubtful_payments(sample, columns, {doubt.header for doubt in doubts})
    doubts += [*doubtful_outcomes(sample, columns), *doubtful_shares(sample, columns)]
    doubts += leaving_not_read(sample, columns)
    doubts += currencies_not_read(sample, columns)
    doubts += rates_of_exchange(sample, columns, assumed) if assumed is not None else []
    doubts += shared_meetings(sample, columns)
    named = {doubt.header for doubt in doubts}
    for doubt in {doubt.header: doubt for doubt in doubts}.values():
        yield _named(opened, [doubt.header], doubt.why, doubt.step)
    words = list(telling_words(sample, [column for column in columns if column.header not in named]))
    if len(words) > MOST_APART:
        yield _all_named(opened, words)
    else:
        for of_column in words:
            why = _STATES.filled(words=of_column.shown)
            yield _named(opened, [of_column.header], why, _decided(opened, of_column))


def _refunded_at(opened: Opened) -> str | None:
    """The header of the days of refunds, where they are read."""
    stays = opened.input.stays
    return None if stays is None else opened.columns.header_of(stays.refunded_at)


def _days_of_refunds(sample: Sample) -> Iterator[Unread]:
    """The days of refunds that are read, of which some rows may have no amount: they may pay nothing."""
    header, stays = _refunded_at(sample.opened), sample.opened.input.stays
    if header is not None and stays is not None:
        cells = tuple(sample.looked_at(stays.refunded_at))
        yield Unread(header=header, holding=Holding.DATES, cells=cells)


def amounts_beside(opened: Opened) -> list[Text]:
    """How to have amounts read that a file holds and that are not read, the likeliest first."""
    stays = opened.input.stays
    if stays is None or any(opened.has(name) for name in stays.amounts):
        return []
    sample = sample_of(opened)
    return [
        Message("{header!r} holds amounts: [inputs.{stage}.columns] {settings}").filled(
            header=doubt.header, stage=opened.input.name, settings=settings_of(doubt.header, sample)
        )
        for doubt in amounts_not_read(sample, sample.unread())
    ]  # fmt: skip


def _is_bare(opened: Opened) -> bool:
    """Whether an input has nothing that a column that is not read could change."""
    declared = opened.input
    return declared.stays is None and declared.outcome is None and declared.statuses is None


def _named(opened: Opened, headers: Sequence[str], why: Text, step: Text) -> Problem:
    shown = ", ".join(map(repr, headers))
    subject = Message("the column {headers} is") if len(headers) == 1 else Message(
        "the columns {headers} are"
    )  # fmt: skip
    if [*headers] == [_refunded_at(opened)]:
        subject = Message("where no amount stands beside it, the column {headers} is")
    return problem(
        "unread-column", file=opened.name, line=opened.header_line or None, column=", ".join(headers),
        subject=subject.filled(headers=shown), why=why, step=step, headers=shown, stage=opened.input.name,
    )  # fmt: skip


def _all_named(opened: Opened, words: Sequence[Words]) -> Problem:
    of_each = "; ".join(f"{column.header}: {column.shown}" for column in words)
    steps = [_decided(opened, words[0])]
    return _named(opened, [column.header for column in words], _ALL_STATE.filled(words=of_each), joined(" ", steps))


def _decided(opened: Opened, column: Words) -> Text:
    """The setting that decides what the words of a column mean."""
    declared, of_status = opened.input, status_column(opened.input)
    can_be_status = of_status is not None and not opened.has(of_status) and not column.is_flags
    step = _AS_STATUS if can_be_status else _AS_FILTER
    return step.filled(stage=declared.name, status=of_status, header=column.header, word=column.rarest)


def _renewing(sample: Sample, columns: Sequence[Unread]) -> Iterator[Doubt]:
    """The columns of yes and no that say that rows go on after the ends that are read."""
    stays, beside = sample.opened.input.stays, sample.opened.input.beside
    if stays is None:
        return
    starts = [moment for cell in sample.looked_at(stays.start) if (moment := moment_in(cell)) is not None]
    ends = [moment_in(cell) for cell in sample.looked_at(stays.end)]
    latest = max((moment.micros for moment in starts), default=0)
    for column in columns:
        if column.holding is not Holding.FLAGS or not re.search(beside.renews, header_key(column.header)):
            continue
        rows = zip(column.cells, ends, strict=True)
        number = sum(bool(read_flag(cell)) and end is not None and end.micros < latest for cell, end in rows)
        if number:
            step = _NO_END.filled(stage=sample.opened.input.name, end=stays.end)
            yield Doubt(header=column.header, why=_RENEWS.filled(number=number), step=step)
