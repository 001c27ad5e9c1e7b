"""A journey as a page with pictures: its key figures, how far the same got, charts, and every figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from funnelcli.answers.answer import Block, Notes
from funnelcli.answers.cells import Cell, Day, Number, Words
from funnelcli.answers.dashboard import Dashboard
from funnelcli.answers.dashboard_blocks import definitions, key_figures, trends
from funnelcli.answers.drawn import Chapter, DrawnPage, Funnel, Lead, Step
from funnelcli.answers.journey import JourneyReport
from funnelcli.answers.report_answer import figures
from funnelcli.answers.report_tabs import source_listing
from funnelcli.text import Message, as_text
from funnelcli.values.figures import Unit

_STAGES, _TRENDS, _ALL = Message("Stage by stage"), Message("Trends"), Message("All figures")
_NOTES, _DEFINITIONS, _SOURCES = Message("Notes"), Message("Definitions"), Message("Sources")
_FIRST = ("won_deals", "win_rate", "won_amount", "open_pipeline_amount", "open_deals", "average_won_days")
_OF_OTHERS = ("begun_journeys", "open_journeys", "left_journeys", "lost_journeys")
_SAME = Message("The same followed: those who came in these periods, and whose {window} are over.")
_COUNTED = Message("Counted up to {day}, end of day")


def journey_page(asked: JourneyReport, tables: Sequence[Block], notes: Notes) -> DrawnPage:
    """The page; ``tables`` are those of the stages, ``notes`` what is to be known of all."""
    dashboard = Dashboard(report=asked.report)
    spec = asked.report.spec
    keys = (*_FIRST, *_OF_OTHERS, *(f"{asked.journey.name}_{key}" for key in (*_FIRST, *_OF_OTHERS)))
    first = key_figures(dashboard, keys)
    return DrawnPage(
        lead=Lead(
            firm=None, period=dashboard.span, base=dashboard.base, title=Words(asked.journey.title), brief=(),
            basis=(
                Words(_COUNTED, facts={"day": Day(spec.as_of)}), Words(spec.timezone),
                Words(Message("amounts in {currency}").filled(currency=spec.currency)),
            ),
            is_titled=True,
        ),
        first=(first,) if first.figures else (),
        chapters=tuple(_chapters(asked, dashboard, tables, notes)),
    )  # fmt: skip


def _chapters(asked: JourneyReport, dashboard: Dashboard, tables: Sequence[Block], notes: Notes) -> Iterator[Chapter]:
    span = Words(as_text("{span}"), facts={"span": dashboard.span})
    steps = _funnel(asked, dashboard)
    drawn = () if steps is None else (steps,)
    plain = tuple(block for block in tables if not isinstance(block, Notes))
    yield Chapter(name="stages", title=_STAGES, lead=span, blocks=(*drawn, *plain))  # type: ignore[arg-type]
    if charts := trends(dashboard):
        yield Chapter(name="trends", title=_TRENDS, lead=span, blocks=(charts,))
    yield Chapter(name="figures", title=_ALL, blocks=(figures(asked.report),))
    yield Chapter(name="notes", title=_NOTES, blocks=(notes,))
    yield Chapter(name="definitions", title=_DEFINITIONS, blocks=(definitions(dashboard),))
    yield Chapter(name="sources", title=_SOURCES, blocks=(source_listing(asked.report),))


def _funnel(asked: JourneyReport, dashboard: Dashboard) -> Funnel | None:
    """How far the same got, stage by stage; None where nobody has had the window."""
    if not asked.reached or not asked.reached[0].number:
        return None
    whole = asked.reached[0].number
    steps: list[Step] = []
    for place, reached in enumerate(asked.reached):
        before = asked.reached[place - 1].number if place else None
        share: Cell | None = None if not before else Number(value=reached.number / before, unit=Unit.RATE)
        steps.append(
            Step(
                key=reached.stage.name, label=reached.stage.label, count=Number(value=reached.number), target=None,
                share=share if isinstance(share, Number) else None, earlier=None, change=None,
                of_first=Number(value=reached.number / whole, unit=Unit.RATE) if place else None,
                not_on=Number(value=before - reached.number) if before is not None else None,
            )
        )  # fmt: skip
    return Funnel(month=dashboard.span, base=None, steps=tuple(steps), note=_SAME.filled(window=asked.window.words))
