"""Actual figures beside targets as a page with pictures: who is where, then every table, then what to know."""

from __future__ import annotations

from collections.abc import Iterator

from funnelcli.answers.answer import Heading, Notes, Table
from funnelcli.answers.cells import Months, Words
from funnelcli.answers.drawn import Chapter, DrawnPage, Lead
from funnelcli.answers.goals import progress_of
from funnelcli.answers.track import Tracked
from funnelcli.answers.track_page import page_blocks
from funnelcli.text import Message
from funnelcli.values.periods import Grain

_PROGRESS = Message("Progress")
_TABLES = Message("All figures")
_NOTES = Message("Notes")


def track_page(tracked: Tracked) -> DrawnPage:
    """The page of a comparison."""
    blocks = page_blocks(tracked)
    heading = next(block for block in blocks if isinstance(block, Heading))
    last = tracked.periods[-1]
    lead = Lead(
        firm=None,
        period=Months(first=last, grain=Grain.MONTH),
        base=None,
        title=heading.text,
        is_titled=True,
        brief=(),
        basis=heading.basis,
    )
    tables = tuple(block for block in blocks if isinstance(block, Table))
    notes = tuple(block for block in blocks if isinstance(block, Notes))
    return DrawnPage(lead=lead, first=(), chapters=tuple(_chapters(tracked, tables, notes)))


def _chapters(tracked: Tracked, tables: tuple[Table, ...], notes: tuple[Notes, ...]) -> Iterator[Chapter]:
    begun = [period for period in tracked.periods if period.start <= tracked.as_of]
    drawn = progress_of(tracked, begun[-1]) if begun else None
    if drawn is not None and drawn.groups:
        yield Chapter(name="progress", title=_PROGRESS, blocks=(drawn,))
    if tables:
        yield Chapter(name="figures", title=_TABLES, blocks=tables)
    if notes:
        lead = Words(Message("What to know before quoting a figure."))
        yield Chapter(name="notes", title=_NOTES, lead=lead, blocks=notes)
