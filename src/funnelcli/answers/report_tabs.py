"""A report in parts that stand by themselves, as sheets of a workbook: figures, parts, definitions, notes, sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from funnelcli.answers.answer import (
    Block,
    Chart,
    Entries,
    FigureRow,
    Figures,
    Heading,
    Listing,
    Notes,
    Page,
    Tab,
    Table,
)
from funnelcli.answers.catalogue_answer import entry_of
from funnelcli.answers.cells import Number, Words
from funnelcli.answers.plain import titles
from funnelcli.answers.report_figures import footnotes, shown_rows
from funnelcli.answers.report_model import Report, Source
from funnelcli.facts.dimensions import CHANNEL
from funnelcli.text import Message, Text

_DASHBOARD = Message("Dashboard")
_CHANNELS = Message("Channels")
_DEFINITIONS = Message("Definitions")
_NOTES = Message("Notes")
_SOURCES = Message("Sources")
_WHAT_THEY_MEAN = Message("What the figures mean, and how they are made.")
_SOURCE_HEADER = ("file", "stage", "read", "counted", "duplicate", "rejected", "filtered", "sha256")
_SOURCE_TITLES = titles(
    Message("file"), Message("stage"), Message("read"), Message("counted"), Message("duplicate"), Message("rejected"),
    Message("filtered"),
)  # fmt: skip
_HOW_ROWS_WERE_USED = Message(
    "Of each file: rows read = counted + duplicate + rejected; what the settings keep out is filtered before that."
)
_CHARTS = (
    Chart(title=Message("New signups (RU)"), kind="bars", keys=("new_signups",)),
    Chart(title=Message("New PU"), kind="bars", keys=("new_paid_users",)),
    Chart(title=Message("MRR"), kind="bars", keys=("closing_mrr_amount",)),
    Chart(
        title=Message("Rates"),
        kind="lines",
        keys=("visitor_to_signup_rate", "signup_to_demo_rate", "demo_to_paid_rate", "paid_user_churn_rate"),
    ),
    Chart(
        title=Message("PU: who came and went"),
        kind="stack",
        keys=("new_paid_users", "reactivated_paid_users"),
        below=("churned_paid_users",),
    ),
    Chart(
        title=Message("MRR: what moved it"),
        kind="stack",
        keys=("new_mrr_amount", "expansion_mrr_amount", "reactivation_mrr_amount"),
        below=("churned_mrr_amount", "contraction_mrr_amount"),
    ),
    Chart(
        title=Message("MRR from opening to closing"),
        kind="waterfall",
        keys=("opening_mrr_amount", "new_mrr_amount", "reactivation_mrr_amount", "expansion_mrr_amount"),
        below=("contraction_mrr_amount", "churned_mrr_amount"),
        closing="closing_mrr_amount",
    ),
)
_SPLIT_CHARTS = tuple(
    Chart(title=chart.title, kind="stack", keys=chart.keys, parts=True) for chart in _CHARTS if chart.kind == "bars"
)


class Beside(Struct, frozen=True, kw_only=True):
    """What a report's tabs have beside its own: targets by metric and period's key, tabs of targets, and notes."""

    targets: Mapping[tuple[str, str], Number] = field(default_factory=dict)
    tabs: tuple[Tab, ...] = ()
    notes: tuple[Words, ...] = ()


def report_tabs(report: Report, whole: Page, splits: Sequence[Tab], beside: Beside | None = None) -> tuple[Tab, ...]:
    """The tabs: the page of the ``whole`` business, those of the parts, targets, and what they stand on."""
    beside = beside or Beside()
    notes = Notes((*beside.notes, *footnotes(report)))
    return (
        Tab(name=_DASHBOARD, blocks=_aimed(_charted(whole, _CHARTS), report, beside)),
        *splits,
        *beside.tabs,
        Tab(name=_DEFINITIONS, blocks=_definitions(report)),
        Tab(name=_NOTES, blocks=(Heading(text=Words(_NOTES)), notes)),
        Tab(name=_SOURCES, blocks=_sources(report)),
    )


def _aimed(blocks: Sequence[Block], report: Report, beside: Beside) -> tuple[Block, ...]:
    """The blocks with the targets of their figures."""
    periods = [period.key for period in report.spec.periods]

    def with_targets(row: FigureRow) -> FigureRow:
        known = [beside.targets.get((row.key, period)) for period in periods]
        if row.part or not any(known):
            return row
        return replace(row, targets=tuple(target or Number(value=None, unit=row.total.unit) for target in known))

    def aimed(block: Block) -> Block:
        if not isinstance(block, Figures) or not beside.targets:
            return block
        sections = (replace(s, rows=tuple(map(with_targets, s.rows))) for s in block.sections)
        return replace(block, sections=tuple(sections))

    return tuple(map(aimed, blocks))


def split_tab(report: Report, pages: Sequence[Page]) -> Tab:
    """The tab of the parts, in each layout."""
    layouts = {page.layout: _charted(page, _SPLIT_CHARTS) for page in pages if page.layout is not None}
    return Tab(name=_split_name(report), blocks=next(iter(layouts.values())), layouts=layouts)


def _charted(page: Page, charts: tuple[Chart, ...]) -> tuple[Block, ...]:
    """The heading and the figures of a page, with what of them is worth drawing."""
    figures = [replace(block, charts=charts) for block in page.blocks if isinstance(block, Figures)]
    beside = (block for block in page.blocks if isinstance(block, Table))
    return (*(block for block in page.blocks if isinstance(block, Heading)), *figures, *beside)


def _split_name(report: Report) -> Text:
    assert report.dimension is not None
    return _CHANNELS if report.dimension.name == CHANNEL else report.dimension.title


def _definitions(report: Report) -> tuple[Block, ...]:
    """What each metric that is shown counts."""
    metrics = dict.fromkeys(row.metric for row in shown_rows(report))
    entries = Entries(entries=tuple(entry_of(metric, report.spec.grain) for metric in metrics), detailed=False)
    return (Heading(text=Words(_DEFINITIONS), basis=(Words(_WHAT_THEY_MEAN),)), entries)


def _sources(report: Report) -> tuple[Block, ...]:
    """How the rows of each file were used."""
    return (Heading(text=Words(_SOURCES), basis=(Words(_HOW_ROWS_WERE_USED),)), source_listing(report))


def source_listing(report: Report) -> Listing:
    """The files, how their rows were used, and the digests of their bytes where these were made."""
    return listing_of_sources(report.sources)


def listing_of_sources(sources: Sequence[Source]) -> Listing:
    """The same of some sources."""
    digests = any(source.sha256 for source in sources)
    header = _SOURCE_HEADER if digests else _SOURCE_HEADER[:-1]
    rows = [line[: len(header)] for line in _source_lines(sources)]
    return Listing(header=header, rows=rows, numbers=frozenset(_SOURCE_HEADER[2:7]), titles=_SOURCE_TITLES)


def _source_lines(sources: Sequence[Source]) -> Iterator[tuple[str | int | None, ...]]:
    for source in sources:
        used = (source.rows_read, source.rows_counted, source.rows_duplicate, source.rows_rejected)
        yield (source.file, source.stage, *used, source.rows_filtered, source.sha256)
