"""Files whose own dates do not tell day from month, and that are read as the other files of their input prove."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from funnelcli.problems import Problem, problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.evidence import ORDER_LABELS
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import quiet_rows
from funnelcli.values.cells import clean
from funnelcli.values.dates import DateOrder, order_said

MOST_ROWS = 5_000  # of more rows some tell the order, or the file is not looked at to its end
MOST_FILES = 400


def orders_of_others(
    opened: Mapping[str, Sequence[Opened]], orders: Mapping[str, DateOrder | None]
) -> Iterator[Problem]:
    """A remark for each file that does not say itself in which order its days and months are.

    ``orders`` are those in which the files of each input are read; what the settings say needs no remark.
    """
    for name, order in orders.items():
        files = opened[name]
        if order not in ORDER_LABELS or not 1 < len(files) <= MOST_FILES:
            continue
        for source in files:
            if source.settings.date_order is None and (place := _undecided(source)) is not None:
                line, column, text = place
                yield problem(
                    "order-of-others", file=source.name, line=line, column=column, example=text,
                    order=ORDER_LABELS[order], stage=name,
                )  # fmt: skip


def _undecided(source: Opened) -> tuple[int, str, str] | None:
    """The first date of a file that may be read in two orders; None where any of its dates may not."""
    dates = [(column.name, source.columns.index[column.name]) for column in source.known_columns if column.is_date]
    first: tuple[int, str, str] | None = None
    try:
        for number, (line, record) in enumerate(islice(quiet_rows(source), MOST_ROWS + 1)):
            for name, place in dates:
                text = clean(record[place])
                says = order_said(text) if text else None
                if says in ORDER_LABELS or number == MOST_ROWS:
                    return None
                if says is not None and first is None:
                    first = (line, name, text)
    except FileFault:
        return None
    return first
