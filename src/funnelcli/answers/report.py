"""The report of checked exports: figures evaluated, checked against each other, and put beside their provenance."""

import hashlib
from pathlib import Path

from funnelcli.answers.notes import notes_of
from funnelcli.answers.report_model import Report, ReportSpec, Row, Source
from funnelcli.counting.counts import count
from funnelcli.facts.exports import Exports
from funnelcli.inputs.spec import Stage
from funnelcli.metrics import SHOWN, evaluate
from funnelcli.metrics.identities import check_channels, check_periods, check_total
from funnelcli.problems import BrokenIdentityError
from funnelcli.values.channels import CHANNELS, SLICES, Channel
from funnelcli.values.periods import whole


def build(exports: Exports, spec: ReportSpec, *, digests: bool = False) -> Report:
    """The report of checked exports.  ``digests`` adds the files' SHA-256, which takes a second pass over them.

    Raises BrokenIdentityError where figures contradict each other: a bug, and nothing may be written.
    """
    counted = (spec.before, *spec.periods) if spec.before else spec.periods
    counts = count(exports, counted, spec.as_of)
    total_counts = count(exports, [whole(spec.periods)], spec.as_of)
    channels: list[Channel | None] = [None, *CHANNELS] if spec.by else [None]
    skip = 1 if spec.before else 0
    values = {channel: evaluate(counts, len(counted), channel) for channel in channels}
    totals = {channel: evaluate(total_counts, 1, channel) for channel in channels}
    for channel in channels:
        check_periods(values[channel], [p.key for p in counted], counts, channel)
        check_total({key: column[skip:] for key, column in values[channel].items()}, totals[channel])
    if spec.by:
        check_channels(values[None], {c: values[c] for c in CHANNELS})
        check_channels(totals[None], {c: totals[c] for c in CHANNELS})
    _check_tallies(exports)
    rows = [
        Row(
            metric=metric,
            label=metric.label_for(spec.grain),
            part=None if channel is None else SLICES[channel],
            cells=values[channel][metric.key][skip:],
            total=totals[channel][metric.key][0],
            before=values[channel][metric.key][0] if skip else None,
        )
        for metric in SHOWN
        for channel in channels
        if channel is None or metric.by_channel
    ]
    return Report(
        spec=spec,
        rows=tuple(rows),
        notes=tuple(notes_of(exports, spec, counts, rows, skip)),
        sources=_sources(exports, digests=digests),
    )


def _check_tallies(exports: Exports) -> None:
    for tally in exports.tallies:
        if tally.read != tally.counted + tally.duplicate + tally.rejected:
            raise BrokenIdentityError(
                f"{tally.file}: {tally.read} rows read are not {tally.counted} counted + {tally.duplicate} duplicate + "
                f"{tally.rejected} rejected. Nothing was written."
            )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sources(exports: Exports, *, digests: bool) -> tuple[Source, ...]:
    paths = {(stage, one.name): one.file.path for stage, opened in exports.opened.items() for one in opened}
    order = list(Stage)
    return tuple(
        Source(
            file=tally.file,
            stage=tally.stage.value,
            sha256=_digest(paths[tally.stage, tally.file]) if digests else None,
            rows_read=tally.read,
            rows_counted=tally.counted,
            rows_duplicate=tally.duplicate,
            rows_rejected=tally.rejected,
            rows_filtered=tally.filtered,
        )
        for tally in sorted(exports.tallies, key=lambda t: (order.index(t.stage), t.file))
    )
