"""What the reader should know of costs: the margin that is assumed, and the channel of what names none."""

from collections.abc import Iterator, Sequence

from funnelcli.answers.report_model import Row
from funnelcli.facts.model import Facts
from funnelcli.metrics import CATALOGUE, stands_on
from funnelcli.metrics.costs import MARGIN
from funnelcli.text import Message
from funnelcli.values.channels import CHANNEL_LABELS
from funnelcli.values.figures import Note

_MARGIN = Message("LTV and payback take a gross margin of 100 %; [business] gross_margin says yours.")
_OF_SYSTEM = Message(
    "{file} names no channel and no source: what it cost is of {source}, of channel {channel}; [channels] in "
    "funnel.toml may say another."
)


def cost_notes(facts: Facts, rows: Sequence[Row]) -> Iterator[Note]:
    """That revenue is taken for profit, and which exports of ads are of a channel by their system alone."""
    if facts.config.business.gross_margin is None and _have_worth(rows):
        yield Note("gross-margin-assumed", _MARGIN)
    for known in facts.inputs.values() if any(row.metric.section.key == "costs" for row in rows) else ():
        spending = known.input.spending
        if spending is None:
            continue
        for opened in known.opened:
            source = opened.export.source if opened.export is not None else ""
            if source and not opened.has(spending.channel) and not opened.has(spending.source):
                channel = facts.dimensions.channels.within(known.input.name).of(source)
                words = _OF_SYSTEM.filled(file=opened.name, source=source, channel=CHANNEL_LABELS[channel])
                yield Note("costs-of-system", words)


def _have_worth(rows: Sequence[Row]) -> bool:
    """Whether a row has a figure that is made with the margin."""
    metrics = {row.metric.key: CATALOGUE[row.metric.key] for row in rows if row.metric.key in CATALOGUE}
    of_margin = {key for key, metric in metrics.items() if stands_on(metric, MARGIN)}
    return any(cell.value is not None for row in rows if row.metric.key in of_margin for cell in row.cells)
