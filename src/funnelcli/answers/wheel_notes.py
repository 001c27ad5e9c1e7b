"""What the reader of the flywheel should know: invites that have not yet had the time to be accepted."""

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


def wheel_notes(spec: ReportSpec, rows: Sequence[Row]) -> Iterator[Note]:
    """Which periods' invites have not had their days."""
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
