"""Columns of dates that are not read beside rows that last: whether they may be ends, starts, or days of refunds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from funnelcli.inputs.spec import Standing
from funnelcli.reading.headers import header_key
from funnelcli.reading.sample import Sample
from funnelcli.reading.standing import not_counted
from funnelcli.reading.unread import Holding, Unread, moment_in
from funnelcli.reading.unread_days import days_in
from funnelcli.reading.unread_numbers import Doubt
from funnelcli.text import Message, Text, joined
from funnelcli.values.dates import day_of
from funnelcli.values.statuses import status_key

SHORT = 3  # days of the shortest trial
MOST_DAYS = 3_660
SOON = 45  # days after a start on which what belongs to the start, like the first payment, is over

_END = Message("it holds dates beside the start: with no end known, losses are missing")
_ALSO_ENDS = Message("it holds dates on which customers may have left, beside the ends that are read")
_EARLIEST = Message(
    "If customers left on them, so that the earlier date counts: [inputs.{stage}.earliest] {end} = [{header!r}]"
)
_AS_END = Message("If customers left on them: [inputs.{stage}.columns] {end} = {header!r}")
_STARTS = Message("it holds dates from which on customers may pay: {later} after the start that is read, {empty} empty")
_AS_START = Message("If they pay from then on: [inputs.{stage}.columns] {start} = {header!r}{keep}")
_KEEP = Message(", and [inputs.{stage}.keep] {header!r} = ['?*'] to leave out who has none")
_OR_END = Message(
    "; if customers left on them: {end} = {header!r}"
)  # fmt: skip
_BEGINS = r"\b(starts?|started|begins?|began|from|bat dau|tu)\b"
_NO_DAYS = Message(", and [inputs.{stage}] empty = {words} for who has not")
_TRIALS = Message(
    "it holds days of trials, {later} after the start that is read: who has not paid by then counts as new"
)
_PAY_LATER = Message("it holds days that mostly lie as long after the start ({later}), as the ends of trials do")
_AS_TRIAL_END = Message(
    "If people pay from then on, and who is gone by then never did: [inputs.{stage}.columns] {trial} = {header!r}"
)
_PAID_BACK = Message("it holds days on which rows may have been paid back or charged back ({number}); they count")
_AS_REFUND = Message(
    "If these rows pay nothing: [inputs.{stage}.columns] {refunded} = {header!r}, or [inputs.{stage}.drop] {header!r} "
    "= ['?*']"
)
_DROP_REFUNDS = Message("If these rows pay nothing: [inputs.{stage}.drop] {header!r} = ['?*']")


def doubtful_dates(sample: Sample, columns: Sequence[Unread]) -> Iterator[Doubt]:
    """The columns of dates that may be ends, or starts, of rows that last, or say that they were paid back."""
    if sample.opened.input.stays is None or sample.opened.is_list:
        return
    dates, named = _Dates(sample), end_beside_status(sample)  # which the problem of these statuses names
    for column in columns:
        if column.header != named and (doubt := dates.of(column)) is not None:
            yield doubt


def end_beside_status(sample: Sample) -> str | None:
    """The header of a column that is not read and dates all rows that by their status have ended; None: there is none.

    It is looked for where no end is read, by headers of ends.
    """
    stays, statuses = sample.opened.input.stays, sample.opened.input.statuses
    if stays is None or statuses is None or any(sample.looked_at(stays.end)):
        return None
    said = [statuses.says(word) if word else None for word in sample.looked_at(statuses.column)]
    for column in sample.unread() if Standing.ENDED in said else ():
        is_of_ends = statuses.standing(status_key(column.header)) is Standing.ENDED
        are_dated = all(cell for cell, says in zip(column.cells, said, strict=True) if says is Standing.ENDED)
        if column.holding is Holding.DATES and is_of_ends and are_dated:
            return column.header
    return None


class _Beside(Struct, frozen=True, kw_only=True):
    """The days of a column with the starts of their rows: of how many rows they are, and where they lie."""

    filled: int
    empty: int
    before: int  # or on the day of the start
    later: int
    soon: int  # from the start on, within some days
    moves: int  # in another month than the start
    alike: bool  # mostly as many days after the start, as trials are, and no month
    open: int  # in rows without an end that is read, or before it


class _Dates:
    """What a file says of the starts, ends and refunds of its rows."""

    def __init__(self, sample: Sample) -> None:
        stays = sample.opened.input.stays
        assert stays is not None
        self._sample, self._stays, self._beside = sample, stays, sample.opened.input.beside
        self._has_ends = any(sample.looked_at(stays.end))
        export = sample.opened.export
        self._are_facts = export is not None and export.ends_are_facts
        self._counts = self._that_count()
        self._starts = [_day(cell) for cell in sample.looked_at(stays.start)]
        self._ends = [_day(cell) for cell in sample.looked_at(stays.end)]

    def _that_count(self) -> list[bool]:
        """Of each row whether it counts, as far as its status says."""
        opened = self._sample.opened
        statuses, given = opened.input.statuses, opened.settings.status
        said = self._sample.looked_at(statuses.column if statuses is not None else "")
        if statuses is None or not any(said):
            return [True] * len(said)
        left_out = not_counted(opened.columns.header_of(statuses.column) or "", said, statuses, given)
        return [word not in left_out for word in said]

    def of(self, column: Unread) -> Doubt | None:
        """What dates may be that a header or their days tell; None where they change no figure."""
        key = header_key(column.header)
        written = days_in(column.cells)
        if written is None or (written.as_numbers and not self._may_be_ends(column.header, written.days)):
            return None
        if re.search(self._beside.refunds, key):
            return self._refunds(column) if column.holding is Holding.DATES else None
        lies = self._lies(written.days)
        if self._are_facts or not lies.filled:
            return None
        begins = re.search(self._beside.starts, key) and not re.search(
            f"{self._beside.not_first}|{self._beside.of_activity}", key
        )
        if not self._says_end(column.header) and (re.search(self._beside.won, key) or begins):
            return self._start(column, lies)
        if self._is_of_trial(key):
            return self._trial(column, lies)
        if self._says_end(column.header):
            return self._end(column, written.words)
        if re.search(self._beside.of_activity, key):
            return None
        if 2 * lies.before > lies.filled:
            return None
        if self._has_ends:
            return None if re.search(self._beside.not_first, key) else self._beside_ends(column, lies, written.words)
        near = lies.filled >= lies.empty and 10 * lies.soon >= 9 * lies.filled
        return self._start(column, lies) if near and not written.words else self._end(column, written.words)

    def _may_be_ends(self, header: str, days: Sequence[date | None]) -> bool:
        """Whether numbers that may be days are taken for some: of some rows, after their starts, where no end is."""
        pairs = [(day, start) for day, start in zip(days, self._starts, strict=True) if day and start]
        is_partial = self._says_end(header) or len(pairs) < len(self._starts)
        return is_partial and all(start <= day < start + timedelta(days=MOST_DAYS) for day, start in pairs)

    def _is_of_trial(self, key: str) -> bool:
        trial = self._sample.opened.input.trial
        if trial is None or self._sample.opened.has(trial.ends) or re.search(_BEGINS, key):
            return False
        return bool(re.search(trial.trial_plan, key))

    def _trial(self, column: Unread, lies: _Beside) -> Doubt | None:
        """Days of a trial that lie after the start: its end, unless they are of something that is still to come."""
        if not lies.later:
            return None
        return self._doubt(column, _TRIALS.filled(later=lies.later), _AS_TRIAL_END)

    def _beside_ends(self, column: Unread, lies: _Beside, words: Sequence[str]) -> Doubt | None:
        """Days beside known ends: as many days after most starts they may be of trials, in a few rows of other ends."""
        trial = self._sample.opened.input.trial
        if lies.alike and trial is not None and not self._sample.opened.has(trial.ends):
            return self._doubt(column, _PAY_LATER.filled(later=lies.later), _AS_TRIAL_END)
        is_of_few = lies.filled <= lies.empty and lies.open
        return self._end(column, words) if is_of_few and 10 * lies.later >= 9 * lies.filled else None

    def _says_end(self, header: str) -> bool:
        statuses = self._sample.opened.input.statuses
        return statuses is not None and statuses.standing(status_key(header)) is Standing.ENDED

    def _lies(self, column: Sequence[date | None]) -> _Beside:
        every = zip(column, self._starts, self._ends, self._counts, strict=True)
        rows = [(day, start, end) for day, start, end, counts in every if counts]
        days = [(day, start) for day, start, _ in rows if day is not None and start is not None]
        return _Beside(
            filled=len(days),
            empty=sum(day is None for day, _, _ in rows),
            before=sum(day <= start for day, start in days),
            later=sum(day > start for day, start in days),
            soon=sum(0 <= (day - start).days <= SOON for day, start in days),
            moves=sum(day > start and (day.year, day.month) != (start.year, start.month) for day, start in days),
            alike=_are_alike(days),
            open=sum(day is not None and (end is None or day < end) for day, _, end in rows),
        )

    def _end(self, column: Unread, words: Sequence[str] = ()) -> Doubt:
        step: Text
        why, step = (_ALSO_ENDS, _EARLIEST) if self._has_ends else (_END, _AS_END)
        if words:
            step = joined("", [step, _NO_DAYS.filled(stage=self._sample.opened.input.name, words=list(words))])
        return self._doubt(column, why, step)

    def _start(self, column: Unread, lies: _Beside) -> Doubt | None:
        """Days of a start, where taking them for it would change a month or leave out a row."""
        if not lies.later or not (lies.moves or lies.empty):
            return None
        step = _AS_START.filled(
            stage=self._sample.opened.input.name, start=self._stays.start, header=column.header,
            keep=_KEEP.filled(stage=self._sample.opened.input.name, header=column.header) if lies.empty else "",
        )  # fmt: skip
        if not self._has_ends:
            ending = _OR_END.filled(end=self._stays.end, header=column.header)
            step = Message("{start}{end}").filled(start=step, end=ending)
        why = _STARTS.filled(later=lies.later, empty=lies.empty)
        return Doubt(header=column.header, why=why, step=step)

    def _refunds(self, column: Unread) -> Doubt | None:
        """Days of refunds, unless what is read says of all their rows that they pay nothing."""
        statuses, opened = self._sample.opened.input.statuses, self._sample.opened
        said = self._sample.looked_at(statuses.column if statuses is not None else "")
        backs = self._sample.looked_at(self._stays.refunded)
        number = sum(
            bool(cell) and not back
            and (statuses is None or statuses.says(word) is not Standing.NOT_PAYING)
            for cell, back, word in zip(column.cells, backs, said, strict=True)
        )  # fmt: skip
        if not number:
            return None
        step = _DROP_REFUNDS if opened.has(self._stays.refunded) else _AS_REFUND
        return self._doubt(column, _PAID_BACK.filled(number=number), step)

    def _doubt(self, column: Unread, why: Text, step: Text) -> Doubt:
        stage, stays, trial = self._sample.opened.input.name, self._stays, self._sample.opened.input.trial
        facts = {"end": stays.end, "refunded": stays.refunded, "trial": trial.ends if trial is not None else ""}
        return Doubt(header=column.header, why=why, step=step.filled(stage=stage, header=column.header, **facts))


def _are_alike(days: Sequence[tuple[date, date]]) -> bool:
    """Whether most days lie as many days after their starts as trials last, and not just a month."""
    after = Counter((day - start).days for day, start in days)
    gap, number = after.most_common(1)[0] if after else (0, 0)
    are_months = all(day.day == start.day for day, start in days)
    return SHORT <= gap <= SOON and number >= 2 and 3 * number >= 2 * len(days) and not are_months


def _day(cell: str) -> date | None:
    moment = moment_in(cell) if cell else None
    return None if moment is None else day_of(moment.micros)
