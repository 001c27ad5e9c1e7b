"""What metrics are made of in the end: the measures that are counted for them, and whether these are hundredths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from funnelcli.counting.measures import Asked, Measure
from funnelcli.metrics.model import Balance, Flow, Formula, Metric, Percentile
from funnelcli.values.figures import HUNDREDTHS
from funnelcli.values.slices import Slice


class MadeOf(Struct, kw_only=True):
    """What the metrics of a ``catalogue`` are made of, each looked up once: it is the same in every period."""

    catalogue: Mapping[str, Metric]
    _measures: dict[tuple[str, bool], tuple[Measure, ...]] = field(default_factory=dict)
    _hundredths: dict[tuple[str, bool], bool] = field(default_factory=dict)

    def measures(self, metric: Metric, part: Slice | None) -> tuple[Measure, ...]:
        """The measures that a metric is made of in the end, in a part or the whole business."""
        key = (metric.key, part is None or part.lasting)
        if key not in self._measures:
            self._measures[key] = tuple(measures_behind(metric, self.catalogue, part))
        return self._measures[key]

    def is_in_hundredths(self, metric: Metric, part: Slice | None) -> bool:
        """Whether a metric is an amount counted in hundredths, or made of such alone.

        These are added up as they are counted: in units 33.33 and 100 come to 133.32999999999998.
        """
        key = (metric.key, part is None or part.lasting)
        if key not in self._hundredths:
            self._hundredths[key] = self._counts_hundredths(metric, part)
        return self._hundredths[key]

    def _counts_hundredths(self, metric: Metric, part: Slice | None) -> bool:
        match metric.kind:
            case Flow(per=per) | Balance(per=per):
                return abs(per) == HUNDREDTHS
            case Formula():
                return all(self.is_in_hundredths(self.catalogue[key], part) for key in metric.inputs_of(part))
            case _:
                return False


def made_of(catalogue: Mapping[str, Metric]) -> MadeOf:
    """What the metrics of a catalogue are made of, to be looked up."""
    return MadeOf(catalogue=catalogue)


def measures_behind(metric: Metric, catalogue: Mapping[str, Metric], part: Slice | None) -> Iterator[Measure]:
    """The measures that a metric is made of in the end, in a part or the whole business."""
    if isinstance(metric.kind, Flow | Balance):
        yield metric.kind.measure
    for key in metric.inputs_of(part):
        yield from measures_behind(catalogue[key], catalogue, part)


def asked_of(kind: Percentile, catalogue: Mapping[str, Metric]) -> Asked:
    """What a percentile asks of how long things took."""
    of = catalogue[kind.of].kind
    only = of.only if isinstance(of, Flow) else None
    return Asked(
        begun=counted_by(catalogue[kind.of]), until=kind.until, instead=kind.instead, among=kind.among, only=only,
        timed=kind.timed, timing=kind.timing,
    )  # fmt: skip


def counted_by(metric: Metric) -> Measure:
    """The measure of what happens within a period; TypeError of any other metric."""
    if not isinstance(metric.kind, Flow):
        raise TypeError(f"{metric.key}: it is of what happens within a period")
    return metric.kind.measure
