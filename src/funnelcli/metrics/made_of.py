"""What metrics are made of in the end: the measures that are counted for them, and whether these are hundredths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from funnelcli.counting.measures import Measure
from funnelcli.metrics.model import Balance, Flow, Formula, Metric
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
