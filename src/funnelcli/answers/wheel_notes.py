"""What the reader of the flywheel should know: invites that had no time to be accepted yet, and whose the total is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from funnelcli.answers.report_model import ReportSpec, Row
from funnelcli.text import Message, day_words, joined
from funnelcli.values.figures import Note

MATURE_DAYS = 30  # after the period in which the invites were made
OF_INVITES = ("k_factor_ratio", "invite_conversion_rate")
_IMMATURE = Message(
    "k-factor and conversion of invites of {periods} are not final: invites have {days} [day|days] to be accepted, and "
    "it is counted up to {as_of}."
)
INVITES = "customer_invites"
_TOTAL = Message(
    "Invites of the whole range are the {total} of those who were paying when it began, as are figures made of them; "
    "those of its periods are of who was paying when each began, {sum} in all."
)


def wheel_notes(spec: ReportSpec, rows: Sequence[Row]) -> Iterator[Note]:
    """Which periods' invites have not had their days, and that those of the range are of fewer customers."""
    yield from _total_note(rows)
    rows = [row for row in rows if row.metric.key in OF_INVITES and row.part is None]
    young = [
        period
        for place, period in enumerate(spec.periods)
        if period.last_day + timedelta(MATURE_DAYS) > spec.as_of and any(row.cells[place].value for row in rows)
    ]
    if young:
        text = _IMMATURE.filled(
            periods=joined(", ", [period.words for period in young]), days=MATURE_DAYS, as_of=day_words(spec.as_of)
        )
        yield Note("immature-invites", text)


def _total_note(rows: Sequence[Row]) -> Iterator[Note]:
    """A range is one period, whose customers are those of its beginning: its invites are not the sum of the others."""
    whole = [row for row in rows if row.metric.key == INVITES and row.part is None]
    for row in whole:
        total = None if row.total is None else row.total.value
        of_periods = sum(int(cell.value or 0) for cell in row.cells)
        if total is not None and total != of_periods:
            yield Note("invites-of-range", _TOTAL.filled(total=int(total), sum=of_periods))
