"""Whether tracked figures keep a share of their targets, or of their pace."""

from fractions import Fraction

from funnelcli.answers.track import Tracked
from funnelcli.planning.declare import Kind, PlannedMetric
from funnelcli.planning.track import TrackCell, TrackRow
from funnelcli.problems import ThresholdError
from funnelcli.text import Marked, Message, Text, grouped, joined
from funnelcli.values.figures import Unit


def below(tracked: Tracked, least: Fraction) -> None:
    """ThresholdError where a figure is below a share of its target, or in a running month of its pace.

    Of sums only the latest is judged, of a team its own row and not those of its channels.  A target whose figure is
    missing cannot be shown to be met, and a begun month without any target cannot be judged: both are named too.
    """
    lines: list[Text] = []
    judged: set[str] = set()
    begun = [(place, period) for place, period in enumerate(tracked.periods) if period.start <= tracked.as_of]
    begun = begun[-1:] if tracked.cumulative else begun
    for row in tracked.rows:
        down = row.metric.good == "down"
        if (down and row.metric.kind is not Kind.MEASURED) or not row.metric.judged or row.metric.actual is None:
            continue
        if row.team and row.channel:
            continue
        for place, period in begun:
            cell = row.cells[place]
            if cell.target is None:
                continue
            judged.add(period.key)
            fault = _fault(row, cell, least) if cell.target or down else None
            if fault is not None:
                name = " ".join(filter(None, (row.metric.actual, row.channel, row.team)))
                text = Message("{name} {month}: {fault}.")
                lines.append(text.filled(name=name, month=period.key, fault=fault))
    without_target = Message("{month}: no target to judge by.")
    # A month that was past when the targets were made has none by right: but nothing at all is no proof of anything.
    excused = tracked.past if judged else frozenset()
    lines += [
        without_target.filled(month=period.key)
        for _, period in begun
        if period.key not in judged and period.key not in excused
    ]
    if lines:
        lines = [*(note.text for note in tracked.stale), *lines]
        head = Message("below {least} % of the target:")
        raise ThresholdError(
            joined("\n  ", [head.filled(least=Marked(f"{float(least * 100):g}")), *lines]),
            hint=Message("--metric KEY judges only some; the report itself is written."),
        )


def _fault(row: TrackRow, cell: TrackCell, least: Fraction) -> Text | None:
    """What is wrong with a figure that has a target: it is missing, or too little of the target is kept."""
    if cell.actual is None:
        why = cell.missing.reason if cell.missing else Message("there is no figure")
        return Message("cannot be judged: {why}").filled(why=why)
    kept = cell.kept(row.metric.good)
    return _against(cell, row.metric, kept) if kept is not None and kept < least else None


def _against(cell: TrackCell, metric: PlannedMetric, kept: Fraction) -> Text:
    assert cell.actual is not None
    assert cell.target is not None
    rate = metric.unit is Unit.RATE

    def shown(value: Fraction) -> Text:
        """Amounts of a thousand and more whole, as the tables have them."""
        if rate:
            return Marked(f"{float(value):.2%}")
        return grouped(float(value), 1 if metric.unit is not Unit.AMOUNT else 0 if value >= 1000 else 2)

    figures = {"actual": shown(cell.actual), "share": Marked(f"{float(kept):.1%}"), "target": shown(cell.target)}
    if metric.good == "down":
        return Message("{actual} where at most {target} is wanted ({share})").filled(**figures)
    if cell.pace is None:
        return Message("{actual} is {share} of {target}").filled(**figures)
    return Message("{actual} is {share} of the {expected} expected by now, of {target}").filled(
        expected=shown(cell.pace.expected), **figures
    )
