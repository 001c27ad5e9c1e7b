"""The monthly pack: a report as a page with pictures, in chapters from the summary down to the sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec import Struct

from funnelcli.answers.answer import Notes, Table
from funnelcli.answers.brief_words import brief
from funnelcli.answers.cells import Cell, Day, Words
from funnelcli.answers.dashboard import Dashboard
from funnelcli.answers.dashboard_blocks import (
    definitions,
    funnel,
    key_figures,
    movements,
    mrr_movements,
    running,
    trends,
)
from funnelcli.answers.dashboard_parts import breakdown, measured
from funnelcli.answers.drawn import Chapter, DrawnBlock, DrawnPage, Folded, Lead, Movements
from funnelcli.answers.followed_tables import followed_tables
from funnelcli.answers.forecast import Foretold
from funnelcli.answers.forecast_page import forecast_chapter
from funnelcli.answers.goals import Goals, progress_of, quotas_ahead
from funnelcli.answers.report_answer import figures
from funnelcli.answers.report_figures import footnotes, shown_rows
from funnelcli.answers.report_model import Report
from funnelcli.answers.report_tabs import source_listing
from funnelcli.facts.dimensions import CHANNEL
from funnelcli.text import Message, as_text
from funnelcli.values.figures import Unit

_FUNNEL = Message("Funnel")
_TRENDS = Message("Trends")
_PAID, _MRR = Message("Paid users"), Message("MRR")
_CUSTOMERS, _FROM_TO = (
    Message("From {opening} to {closing} customers in {month}."),
    Message("From {opening} to {closing} in {month}."),
)
_CHANNELS = Message("Channels")
_TARGETS = Message("Targets")
_ALL = Message("All figures")
_NOTES = Message("Notes")
_DEFINITIONS = Message("Definitions")
_SOURCES = Message("Sources")


class Pack(Struct, frozen=True, kw_only=True):
    """What a page is made of: the report of the whole, those of its splits, the targets, and the firm's name.

    ``splits`` makes the reports by each dimension when they are wanted: of some metrics, or with None of all.
    ``ahead`` is where things land if nothing changes; None where that cannot be told, or is not wanted.
    """

    report: Report
    splits: Callable[[Collection[str] | None], Iterator[Report]]
    goals: Goals
    firm: str | None
    unread_targets: Words | None = None
    ahead: Foretold | None = None
    rows: tuple[Folded, ...] = ()


def pack_page(pack: Pack) -> DrawnPage:
    """The page of a report."""
    dashboard = Dashboard(report=pack.report, goals=pack.goals)
    run = running(dashboard)
    return DrawnPage(
        lead=_lead(pack, dashboard),
        first=(key_figures(dashboard), *([run] if run else [])),
        chapters=tuple(_chapters(pack, dashboard)),
    )


def _lead(pack: Pack, dashboard: Dashboard) -> Lead:
    return Lead(
        firm=Words(pack.firm) if pack.firm else None,
        period=dashboard.month,
        base=dashboard.base,
        title=Words(pack.report.spec.title),
        brief=tuple(brief(dashboard)),
        basis=tuple(_basis(pack, dashboard)),
    )


def _basis(pack: Pack, dashboard: Dashboard) -> Iterator[Words]:
    """What all stands on: the last day, the zone, the currency, the plan."""
    spec = pack.report.spec
    yield Words(Message("Counted up to {day}, end of day"), facts={"day": Day(spec.as_of)})
    yield Words(spec.timezone)
    if any(row.unit is Unit.AMOUNT for row in shown_rows(pack.report)):
        yield Words(Message("amounts in {currency}").filled(currency=spec.currency))
    whole = pack.goals.whole
    if pack.goals and whole is not None:
        yield Words(Message("targets of {name}").filled(name=whole.targets_name))


# --- the chapters ----------------------------------------------------------------------------------------------------


def _chapters(pack: Pack, dashboard: Dashboard) -> Iterator[Chapter]:
    """The chapters that have something to show."""
    steps, came_and_went, charts = funnel(dashboard), movements(dashboard), trends(dashboard)
    if steps:
        yield Chapter(name="funnel", title=_FUNNEL, blocks=(steps,))
    if charts:
        span = Words(as_text("{span}"), facts={"span": dashboard.span})
        yield Chapter(name="trends", title=_TRENDS, lead=span, blocks=(charts,))
    if came_and_went:
        yield Chapter(name="paid-users", title=_PAID, lead=_moved(_CUSTOMERS, came_and_went), blocks=(came_and_went,))
    if (moved := mrr_movements(dashboard)) is not None:
        yield Chapter(name="mrr", title=_MRR, lead=_moved(_FROM_TO, moved), blocks=(moved,))
    yield from _parts(pack)
    targets = tuple(_targets(pack, dashboard))
    if targets:
        title = Message("Targets by team") if pack.goals.teams else _TARGETS
        lead = Words(Message("Who is where, and what is owed next."))
        yield Chapter(name="targets", title=title, lead=lead, link=_TARGETS, blocks=targets)
    if pack.ahead is not None:
        yield forecast_chapter(pack.ahead)
    yield Chapter(
        name="figures",
        title=_ALL,
        lead=Words(Message("Every figure of the dashboard.")),
        blocks=(figures(pack.report), *followed_tables(pack.report)),
    )
    notes = (*([pack.unread_targets] if pack.unread_targets else []), *footnotes(pack.report), *_further(pack))
    lead = Words(Message("What to know before quoting a figure."))
    yield Chapter(name="notes", title=_NOTES, lead=lead, blocks=(Notes(notes),))
    yield Chapter(
        name="definitions",
        title=_DEFINITIONS,
        lead=Words(Message("What each figure counts, its formula, and what it is made of.")),
        blocks=(definitions(dashboard),),
    )
    if pack.rows:
        title = Message("Rows behind the figures")
        newest = Message("Of {month}, the newest first; each counts as its last column says.")
        lead = Words(newest, facts={"month": dashboard.month})
        yield Chapter(name="rows", title=title, lead=lead, link=Message("Rows"), blocks=pack.rows)
    yield Chapter(
        name="sources",
        title=_SOURCES,
        lead=Words(Message("The files that were read.")),
        blocks=(source_listing(pack.report),),
    )


def _moved(text: Message, block: Movements) -> Words:
    """From how many customers to how many, or from what MRR to what."""
    flows = block.charts[0].flows
    facts: dict[str, Cell] = {
        "opening": flows[0].amount,
        "closing": flows[-1].amount,
        "month": block.month,
    }
    return Words(text, facts=facts)


def _parts(pack: Pack) -> Iterator[Chapter]:
    """A chapter for each split whose parts have figures."""
    for place, split in enumerate(pack.splits(measured())):
        block = breakdown(Dashboard(report=split))
        if block is None:
            continue
        is_channel = split.spec.by == CHANNEL
        title = _CHANNELS if is_channel else block.dimension
        lead = Message("Where signups, demos and revenue come from.")
        yield Chapter(
            name="channels" if is_channel else f"parts-{place}",
            title=title,
            lead=Words(lead) if is_channel else None,
            blocks=(block,),
        )


def _targets(pack: Pack, dashboard: Dashboard) -> Iterator[DrawnBlock | Table]:
    """Who is where in the headline month and in the one that runs, and what is owed after it."""
    if not pack.goals:
        return
    run, tracked = dashboard.running, pack.goals.teams or pack.goals.whole
    for period in (dashboard.period, *([run] if run else [])):
        block = progress_of(tracked, period) if tracked is not None else None
        if block is not None:
            yield block
    ahead = quotas_ahead(pack.goals, run or dashboard.period, pack.report.spec.as_of)
    if ahead is not None:
        yield ahead


def _further(pack: Pack) -> Sequence[Words]:
    """What the other parts of the page have to say, and the report has not said."""
    known = {note.code for note in pack.report.notes}
    whole = pack.goals.whole
    return [Words(note.text) for note in (whole.notes if whole else ()) if note.code not in known]
