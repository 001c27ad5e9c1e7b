"""The catalogue of metrics, or some of it, as an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from funnelcli.answers.answer import Answer, Entries, Entry, Heading, Page, Raw, Sheet, Tab
from funnelcli.answers.catalogue import every
from funnelcli.answers.cells import Words
from funnelcli.answers.plain import ENTRY_HEADER, entries_listing
from funnelcli.metrics.model import Metric
from funnelcli.planning.metrics import PlannedMetric
from funnelcli.text import Message, Text, as_text, foreign, joined
from funnelcli.values.periods import Grain

GOOD_WORDS: Mapping[str, Text] = {
    "up": Message("up"),
    "down": Message("down"),
    "neither": Message("neither"),
}
_SOURCES = {"definitions": Message("definitions"), "planning": Message("planning")}
_TITLE = Message("Metrics")


def catalogue_answer(metrics: Sequence[Metric | PlannedMetric] | None = None) -> Answer:
    """The metrics in the dashboard's order, then those of a plan; of a single one also whose it is.

    >>> catalogue_answer().sheet().rows[0][0]
    'total_leads'
    """
    wanted = every() if metrics is None else metrics
    entries = Entries(entries=tuple(entry_of(metric) for metric in wanted), detailed=len(wanted) == 1)
    rows = [tuple(in_english(cell) for cell in row) for row in entries_listing(entries).rows]
    listed = [dict(zip(ENTRY_HEADER, row, strict=True)) for row in rows]
    return Answer(
        title=entries.entries[0].label if entries.detailed else _TITLE,
        pages=(Page(blocks=(entries,)),),
        sheets=(Sheet(header=ENTRY_HEADER, rows=rows),),
        data={"format": "funnelcli.metrics", "format_version": 1, "metrics": listed},
        tabs=lambda: (Tab(name=_TITLE, blocks=(Heading(text=Words(_TITLE)), entries)),),
    )


def in_english(cell: Raw) -> Raw:
    """A cell of a list as programs read it."""
    return cell.of("en") if isinstance(cell, Text) else cell


def source_words(source: str) -> Text:
    """Where a definition comes from; the chapters of the docs, which are English, are quoted.

    >>> source_words("definitions: paid users").of("vi")
    'định nghĩa: “paid users”'
    """
    place, mark, chapter = source.partition(": ")
    return joined(": ", [_SOURCES.get(place, as_text(place)), foreign(chapter)]) if mark else as_text(source)


def entry_of(metric: Metric | PlannedMetric, grain: Grain = Grain.MONTH) -> Entry:
    """What a metric is, for people.

    >>> from funnelcli.metrics import CATALOGUE
    >>> entry_of(CATALOGUE["opening_paid_users"], Grain.QUARTER).label.of("en")
    'PU at start of quarter'
    """
    if isinstance(metric, PlannedMetric):
        label, formula, owner, source = metric.label, as_text(metric.formula), "", "planning: funnelcli targets"
    else:
        label, formula = metric.label_for(grain), metric.kind.words
        owner, source = metric.owner, metric.source
    return Entry(
        key=metric.key,
        label=label,
        unit=metric.unit.words,
        formula=formula,
        definition=metric.definition,
        owner=owner,
        good=GOOD_WORDS[metric.good],
        source=source_words(source),
    )
