"""The flywheel as a page with a picture: the wheel, its forces, what is listed below, charts, definitions."""

from __future__ import annotations

from collections.abc import Iterator

from funnelcli.answers.answer import Notes
from funnelcli.answers.cells import Day, Words
from funnelcli.answers.dashboard_blocks import definitions, trends
from funnelcli.answers.drawn import Chapter, DrawnPage, Lead, Spoke, Wheel
from funnelcli.answers.flywheel import FORCES, TITLE, Flywheel, Force
from funnelcli.answers.flywheel_tables import (
    detractor_blocks,
    force_tables,
    loss_blocks,
    projection_blocks,
    stuck_blocks,
)
from funnelcli.answers.report_answer import figures
from funnelcli.answers.report_tabs import source_listing
from funnelcli.text import Message, Text, as_text

_FORCES, _TO_DO, _TRENDS, _ALL = Message("The forces"), Message("To do"), Message("Trends"), Message("All figures")
_TURNS = Message("Projection")
_NOTES, _DEFINITIONS, _SOURCES = Message("Notes"), Message("Definitions"), Message("Sources")
_COUNTED = Message("Counted up to {day}, end of day")


def flywheel_page(asked: Flywheel, notes: Notes) -> DrawnPage:
    """The page; ``notes`` are what is to be known of all."""
    dashboard, spec = asked.dashboard, asked.report.spec
    return DrawnPage(
        lead=Lead(
            firm=None, period=dashboard.month, base=dashboard.base,
            title=Words(as_text("{title}, {month}"), facts={"title": Words(TITLE), "month": dashboard.month}),
            brief=(), basis=(Words(_COUNTED, facts={"day": Day(spec.as_of)}), Words(spec.timezone)), is_titled=True,
        ),
        first=(wheel(asked),),
        chapters=tuple(_chapters(asked, notes)),
    )  # fmt: skip


def _chapters(asked: Flywheel, notes: Notes) -> Iterator[Chapter]:
    dashboard = asked.dashboard
    yield Chapter(name="forces", title=_FORCES, blocks=tuple(force_tables(asked, with_trends=False)))
    to_do = (*detractor_blocks(asked.detractors), *stuck_blocks(asked.stuck), *loss_blocks(asked))
    if to_do:
        yield Chapter(name="todo", title=_TO_DO, blocks=to_do)  # type: ignore[arg-type]
    if turns := tuple(projection_blocks(asked.projection, titled=False)):
        yield Chapter(name="turns", title=_TURNS, blocks=turns)  # type: ignore[arg-type]
    if charts := trends(dashboard):
        yield Chapter(name="trends", title=_TRENDS, blocks=(charts,))
    yield Chapter(name="figures", title=_ALL, blocks=(figures(asked.report),))
    yield Chapter(name="notes", title=_NOTES, blocks=(notes,))
    yield Chapter(name="definitions", title=_DEFINITIONS, blocks=(definitions(dashboard),))
    yield Chapter(name="sources", title=_SOURCES, blocks=(source_listing(asked.report),))


# Of each force what stands in the drawing: the first of these that has a figure.
_SHOWN = {
    "attract": ("referral_new_paid_share_rate", "referral_signup_share_rate", "net_new_visitors"),
    "engage": ("active_share_rate", "demo_to_paid_rate", "signup_to_demo_rate", "visitor_to_signup_rate"),
    "delight": ("nps_score", "csat_rate", "renewal_rate", "expansion_share_rate"),
    "wheel": ("k_factor_ratio", "blended_k_factor_ratio"),
}
_BRAKES = ("paid_user_churn_rate", "tickets_per_100_paid_users_ratio", "first_response_minutes", "resolution_days")


def wheel(asked: Flywheel) -> Wheel:
    """The wheel: a figure of each force, k in its hub, and what brakes it."""
    titles = {force.key: force.title for force in FORCES}
    spokes = {key: _spoke(asked, titles[key], keys) for key, keys in _SHOWN.items()}
    friction = next(force for force in FORCES if force.key == "friction")
    return Wheel(
        month=asked.dashboard.month,
        base=asked.dashboard.base,
        spokes=tuple(spokes[key] for key in ("attract", "engage", "delight")),
        hub=spokes["wheel"],
        friction=friction.title,
        brakes=tuple(_brakes(asked, friction)),
    )


def _spoke(asked: Flywheel, title: Text, keys: tuple[str, ...]) -> Spoke:
    rows = [row for key in keys if (row := asked.dashboard.row(key)) is not None]
    row = next((row for row in rows if asked.dashboard.figure(row).value is not None), rows[0] if rows else None)
    if row is None:
        return Spoke(title=title)
    return Spoke(
        title=title, key=row.metric.key, label=row.label, figure=asked.dashboard.figure(row),
        change=asked.dashboard.change(row),
    )  # fmt: skip


def _brakes(asked: Flywheel, force: Force) -> Iterator[Spoke]:
    for key in _BRAKES:
        row = asked.dashboard.row(key)
        if row is not None and asked.dashboard.figure(row).value is not None:
            yield _spoke(asked, force.title, (key,))
