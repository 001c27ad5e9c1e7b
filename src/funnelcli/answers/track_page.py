"""Actual figures beside targets for people: in hledger's budget style, with the pace of running months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from funnelcli.answers.answer import Block, Column, Heading, Notes, Table
from funnelcli.answers.cells import Against, Cell, Day, Number, Quotient, Revised, Tone, Words
from funnelcli.answers.phrases import OF_DEALS, REPLANNED, SUMMED, TARGETS_AND_ACTUALS, UNASSIGNED
from funnelcli.answers.plain import METRIC, TOTAL
from funnelcli.answers.planned_cells import MONTH, channel_words, month, planned
from funnelcli.answers.track import Tracked
from funnelcli.planning.teams import NOBODY
from funnelcli.planning.track import Replanned, TrackCell, TrackRow
from funnelcli.text import COMMA, Message, Text, as_text, joined
from funnelcli.values.channels import CHANNEL_LABELS
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Period


def page_blocks(tracked: Tracked) -> tuple[Block, ...]:
    """The comparison for people."""
    tables = (_main(tracked), *paces(tracked), *replans(tracked))
    notes = notes_of(tracked)
    return (
        heading(tracked),
        *(table for table in tables if table.rows),
        *([Notes(notes)] if notes else []),
    )


def heading(tracked: Tracked) -> Heading:
    """The title, what is compared, and which exports are too old for it."""
    facts: dict[str, Cell] = {
        "name": Words(tracked.targets_name),
        "day": Day(tracked.as_of),
        "sum": Words(SUMMED if tracked.cumulative else ""),
        "model": Words(OF_DEALS if tracked.one_off else ""),
    }
    return Heading(
        text=Words(tracked.title),
        basis=(
            Words(TARGETS_AND_ACTUALS, facts=facts, tone="dim"),
            *(Words(note.text, tone="bad") for note in tracked.stale),
        ),
    )


def notes_of(tracked: Tracked) -> tuple[Words, ...]:
    """What the reader should know, and why dashes stand where figures are wanted."""
    return (*(Words(note.text) for note in tracked.notes), *_reasons(tracked))


def label(row: TrackRow) -> Text:
    """The row's label: its metric, and the team and channel where it is of one."""
    name = row.metric.short if row.metric.actual else row.metric.label
    parts: list[Text] = [UNASSIGNED if row.team == NOBODY else as_text(row.team)] if row.team else []
    if row.channel:
        parts.append(CHANNEL_LABELS[row.channel])
    if not parts:
        return name
    return joined("", [name, " (", joined(COMMA, parts), ")"])


def _against(cell: TrackCell, row: TrackRow, currency: str) -> Cell:
    """The actual figure, and where there is a target both."""
    unit, tone = row.metric.unit, _tone(cell, row)
    actual = actual_of(cell, row, currency, tone)
    if cell.target is None:
        return actual
    return Against(
        actual=actual,
        target=planned(cell.target, unit, currency),
        share=planned(cell.share, Unit.RATE),
        # What there is when a period begins cannot be made up within it.
        to_go=planned(None if row.metric.total == "first" else cell.to_go, unit, currency),
        good=row.metric.good,
        tone=tone,
    )


def actual_of(cell: TrackCell, row: TrackRow, currency: str, tone: Tone = "") -> Number | Quotient:
    """The actual figure, a rate with what was divided by what."""
    value = planned(cell.actual, row.metric.unit, currency, missing=cell.missing, tone=tone)
    if cell.actual is None or cell.numerator is None or cell.denominator is None:
        return value
    above, below = (planned(number, Unit.CUSTOMERS) for number in (cell.numerator, cell.denominator))
    return Quotient(rate=value, numerator=above, denominator=below, tone=tone)


def kept(cell: TrackCell, row: TrackRow) -> bool | None:
    """Whether the target, or the pace of a running month, is kept; None where there is nothing to compare."""
    return None if cell.of_pace is None else cell.meets(row.metric.good)


def _tone(cell: TrackCell, row: TrackRow) -> Tone:
    """Good where the target, or the pace of a running month, is kept; bad where it is not."""
    is_kept = kept(cell, row)
    if is_kept is None:
        return "dim" if cell.actual is None else ""
    return "good" if is_kept else "bad"


def for_people(tracked: Tracked) -> list[TrackRow]:
    """The rows people see: of a team with but one channel in a metric, the team's own row says it all."""
    channels = Counter((row.metric.key, row.team) for row in tracked.rows if row.team and row.channel)
    return [
        row
        for row in tracked.rows
        if not (row.team and row.channel) or (channels[row.metric.key, row.team] > 1 and row.metric.actual)
    ]


def _main(tracked: Tracked) -> Table:
    with_total = len(tracked.periods) > 1 and not tracked.cumulative
    columns = [Column(header=Words(METRIC)), *(_month_column(tracked, period) for period in tracked.periods)]
    if with_total:
        columns.append(Column(header=Words(TOTAL)))
    rows = []
    for row in for_people(tracked):
        cells = [*row.cells, *([row.total] if with_total else [])]
        rows.append((Words(label(row)), *(_against(cell, row, tracked.currency) for cell in cells)))
    return Table(columns=tuple(columns), rows=tuple(rows))


def _month_column(tracked: Tracked, period: Period) -> Column:
    """A month; where there is no room for all, those ahead go first."""
    ahead = period.start > tracked.as_of
    spare = 0 if len(tracked.periods) == 1 else 2 if ahead else 1
    return Column(header=month(period, partial=period.cut_by(tracked.as_of) and not ahead), spare=spare)


def paces(tracked: Tracked) -> Iterator[Table]:
    """For each running month: what is expected by now, the projected end, and what is needed a day."""
    for place, period in enumerate(tracked.periods):
        rows = [row for row in for_people(tracked) if row.cells[place].pace and row.cells[place].actual is not None]
        if not rows:
            continue
        pace = rows[0].cells[place].pace
        assert pace is not None
        title = Message("* Pace of {month}: {share} of its days gone, {left} left")
        facts: dict[str, Cell] = {
            "month": month(period),
            "share": planned(pace.elapsed, Unit.RATE),
            "left": Number(value=pace.days_left),
        }
        headers = (
            METRIC,
            Message("Expected by now"),
            Message("Of pace"),
            Message("Projected end"),
            Message("Needed a day"),
        )
        yield Table(
            title=Words(title, facts=facts),
            columns=tuple(Column(header=Words(header)) for header in headers),
            rows=tuple(_pace_line(row, row.cells[place], tracked.currency) for row in rows),
        )


def _pace_line(row: TrackRow, cell: TrackCell, currency: str) -> tuple[Cell, ...]:
    assert cell.pace is not None
    unit = row.metric.unit
    return (
        Words(label(row)),
        planned(cell.pace.expected, unit, currency),
        planned(cell.of_pace, Unit.RATE, tone=_tone(cell, row)),
        planned(cell.pace.projected, unit, currency),
        planned(cell.pace.needed_a_day if row.metric.good == "up" else None, unit, currency),
    )


def replans(tracked: Tracked) -> Iterator[Table]:
    """A table of each metric (and team): the months, with the whole and the channels as columns."""
    groups: dict[tuple[str, str | None], list[Replanned]] = {}
    for replanned in tracked.replanned:
        groups.setdefault((replanned.key[0], replanned.key[2]), []).append(replanned)
    labels = {(row.metric.key, row.team): label(row) for row in tracked.rows if row.channel is None}
    for group, members in groups.items():
        lines: list[tuple[Cell, ...]] = [
            (month(period), *(_quota(member, place) for member in members))
            for place, period in enumerate(members[0].months)
        ]
        lines.append((Words(TOTAL, tone="bold"), *(_whole_quota(member) for member in members)))
        headers = (Words(MONTH), *(channel_words(member.key[1], TOTAL) for member in members))
        yield Table(
            title=Words(REPLANNED, facts={"what": Words(labels.get(group, group[0]))}),
            columns=tuple(Column(header=header) for header in headers),
            rows=tuple(lines),
        )


def _quota(replanned: Replanned, place: int) -> Revised:
    now = replanned.quotas[place]
    return Revised(
        now=planned(None if now is None else Fraction(now), Unit.CUSTOMERS),
        before=planned(replanned.before[place], Unit.CUSTOMERS),
    )


def _whole_quota(replanned: Replanned) -> Revised:
    total = sum(quota or 0 for quota in replanned.quotas)
    return Revised(
        now=planned(Fraction(total), Unit.CUSTOMERS),
        before=planned(replanned.wanted, Unit.CUSTOMERS),
        tone="bold",
    )


def _reasons(tracked: Tracked) -> Iterator[Words]:
    """Why dashes stand where figures are wanted."""
    reasons: dict[Text, list[Text]] = {}
    for row in for_people(tracked):
        for cell in row.cells:
            if cell.missing and not cell.ahead:
                labels = reasons.setdefault(cell.missing.reason, [])
                if label(row) not in labels:
                    labels.append(label(row))
    for reason, labels in reasons.items():
        yield Words(joined("", ["– ", joined(COMMA, labels), ": ", reason, "."]))
