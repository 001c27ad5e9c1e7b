"""Columns of dates that are not read beside rows that last: whether they may be ends, starts, or days of refunds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from funnelcli.inputs.spec import Standing
from funnelcli.reading.headers import header_key
from funnelcli.reading.sample import Sample
from funnelcli.reading.unread import Holding, Unread, moment_in
from funnelcli.reading.unread_numbers import Doubt
from funnelcli.text import Text
from funnelcli.values.dates import day_of
from funnelcli.values.statuses import status_key

SOON = 45  # days after a start on which what belongs to the start, like the first payment, is over

_END = Text(
    "it holds dates beside the start: with no end known, losses are missing",
    "cột chứa ngày bên cạnh ngày bắt đầu: không rõ ngày kết thúc nên thiếu số PU mất",
)
_ALSO_ENDS = Text(
    "it holds dates on which customers may have left, beside the ends that are read",
    "cột chứa ngày khách có thể đã rời đi, bên cạnh ngày kết thúc đang đọc",
)
_EARLIEST = Text(
    "If customers left on them, so that the earlier date counts: [inputs.{stage}.earliest] {end} = [{header!r}]",
    "Nếu là ngày khách rời đi, khi đó ngày sớm hơn được tính: [inputs.{stage}.earliest] {end} = [{header!r}]",
)
_AS_END = Text(
    "If customers left on them: [inputs.{stage}.columns] {end} = {header!r}",
    "Nếu là ngày khách rời đi: [inputs.{stage}.columns] {end} = {header!r}",
)
_STARTS = Text(
    "it holds dates from which on customers may pay: {later} after the start that is read, {empty} empty",
    "cột chứa ngày khách có thể bắt đầu trả phí: {later} dòng sau ngày bắt đầu đang đọc, {empty} dòng trống",
)
_AS_START = Text(
    "If they pay from then on: [inputs.{stage}.columns] {start} = {header!r}{keep}",
    "Nếu trả phí từ ngày đó: [inputs.{stage}.columns] {start} = {header!r}{keep}",
)
_KEEP = Text(
    ", and [inputs.{stage}.keep] {header!r} = ['?*'] to leave out who has none",
    ", và [inputs.{stage}.keep] {header!r} = ['?*'] để bỏ dòng không có ngày",
)
_OR_END = Text(
    "; if customers left on them: {end} = {header!r}", "; nếu là ngày khách rời đi: {end} = {header!r}"
)  # fmt: skip
_PAID_BACK = Text(
    "it holds days on which rows may have been paid back or charged back ({number}); they count",
    "cột chứa ngày có thể đã hoàn tiền hoặc khiếu nại ({number}); các dòng đó vẫn được tính",
)
_AS_REFUND = Text(
    "If these rows pay nothing: [inputs.{stage}.columns] {refunded} = {header!r}, or [inputs.{stage}.drop] {header!r} "
    "= ['?*']",
    "Nếu các dòng đó không trả phí: [inputs.{stage}.columns] {refunded} = {header!r}, hoặc [inputs.{stage}.drop] "
    "{header!r} = ['?*']",
)
_DROP_REFUNDS = Text(
    "If these rows pay nothing: [inputs.{stage}.drop] {header!r} = ['?*']",
    "Nếu các dòng đó không trả phí: [inputs.{stage}.drop] {header!r} = ['?*']",
)


def doubtful_dates(sample: Sample, columns: Sequence[Unread]) -> Iterator[Doubt]:
    """The columns of dates that may be ends, or starts, of rows that last, or say that they were paid back."""
    if sample.opened.input.stays is None:
        return
    dates, named = _Dates(sample), end_beside_status(sample)  # which the problem of these statuses names
    for column in columns:
        if column.header != named and column.holding is Holding.DATES and (doubt := dates.of(column)) is not None:
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


@dataclass(frozen=True, kw_only=True)
class _Beside:
    """The days of a column with the starts of their rows: of how many rows they are, and where they lie."""

    filled: int
    empty: int
    before: int  # or on the day of the start
    later: int
    soon: int  # from the start on, within some days
    moves: int  # in another month than the start


class _Dates:
    """What a file says of the starts, ends and refunds of its rows."""

    def __init__(self, sample: Sample) -> None:
        stays = sample.opened.input.stays
        assert stays is not None
        self._sample, self._stays, self._beside = sample, stays, sample.opened.input.beside
        self._has_ends = any(sample.looked_at(stays.end))
        export = sample.opened.export
        self._are_facts = export is not None and export.ends_are_facts
        self._starts = [_day(cell) for cell in sample.looked_at(stays.start)]

    def of(self, column: Unread) -> Doubt | None:
        """What dates may be that a header or their days tell; None where they change no figure."""
        key = header_key(column.header)
        if re.search(self._beside.refunds, key):
            return self._refunds(column)
        if self._are_facts:
            return None
        lies = self._lies(column)
        if self._says_end(column.header):
            return self._end(column)
        if re.search(self._beside.of_activity, key):
            return None
        if re.search(self._beside.starts, key) and not re.search(self._beside.not_first, key):
            return self._start(column, lies)
        if self._has_ends or 2 * lies.before > lies.filled:
            return None
        near = lies.filled >= lies.empty and 10 * lies.soon >= 9 * lies.filled
        return self._start(column, lies) if near else self._end(column)

    def _says_end(self, header: str) -> bool:
        statuses = self._sample.opened.input.statuses
        return statuses is not None and statuses.standing(status_key(header)) is Standing.ENDED

    def _lies(self, column: Unread) -> _Beside:
        pairs = [(_day(cell), start) for cell, start in zip(column.cells, self._starts, strict=True)]
        days = [(day, start) for day, start in pairs if day is not None and start is not None]
        return _Beside(
            filled=len(days),
            empty=sum(not cell for cell in column.cells),
            before=sum(day <= start for day, start in days),
            later=sum(day > start for day, start in days),
            soon=sum(0 <= (day - start).days <= SOON for day, start in days),
            moves=sum(day > start and (day.year, day.month) != (start.year, start.month) for day, start in days),
        )

    def _end(self, column: Unread) -> Doubt:
        return self._doubt(column, _ALSO_ENDS if self._has_ends else _END, _EARLIEST if self._has_ends else _AS_END)

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
            step = Text("{start}{end}", "{start}{end}").filled(start=step, end=ending)
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
        stage, stays = self._sample.opened.input.name, self._stays
        return Doubt(
            header=column.header, why=why,
            step=step.filled(stage=stage, end=stays.end, refunded=stays.refunded, header=column.header),
        )  # fmt: skip


def _day(cell: str) -> date | None:
    moment = moment_in(cell) if cell else None
    return None if moment is None else day_of(moment.micros)
