"""Columns that are not read and hold shares, some of them the whole: of deals, how likely they are to be won."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from funnelcli.reading.headers import header_key
from funnelcli.reading.sample import Sample
from funnelcli.reading.unread import Holding, Unread
from funnelcli.reading.unread_numbers import Doubt
from funnelcli.text import Message
from funnelcli.values.numbers import bare_number
from funnelcli.values.statuses import are_shares, whole_shares

_LIKELY = Message(
    "it holds shares ({cells}), which may say how likely a row is to be paid for; {number} that [is|are] not the whole "
    "[counts|count]"
)
_AS_CERTAINTY = Message(
    "If only the whole is paid for: [inputs.{stage}.columns] {status} = {header!r}, or [inputs.{stage}.keep] "
    "{header!r} = {whole}"
)


def doubtful_shares(sample: Sample, columns: Sequence[Unread]) -> Iterator[Doubt]:
    """The columns of shares that may say that rows are not paid for, where no status does."""
    opened = sample.opened
    statuses, beside = opened.input.statuses, opened.input.beside
    if statuses is None or opened.has(statuses.column):
        return
    for column in columns:
        filled, key = [cell for cell in column.cells if cell], header_key(column.header)
        if any(bare_number(cell) is None for cell in filled) or re.search(f"{beside.numbers}|{beside.reduces}", key):
            continue
        is_certainty = bool(re.search(beside.certainty, key)) and column.holding is Holding.COUNTS
        if not (are_shares(filled) or (is_certainty and len(set(whole_shares(filled).values())) > 1)):
            continue
        whole = [cell for cell, is_whole in whole_shares(filled).items() if is_whole]
        shown = list(dict.fromkeys(filled))
        yield Doubt(
            header=column.header,
            why=_LIKELY.filled(
                cells=", ".join(shown[:3]) + (", …" if len(shown) > 3 else ""),
                number=sum(cell not in whole for cell in filled),
            ),
            step=_AS_CERTAINTY.filled(
                stage=opened.input.name, status=statuses.column, header=column.header, whole=whole
            ),
        )  # fmt: skip
