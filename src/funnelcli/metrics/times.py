"""How long it takes, as metrics: the day by which a half, three quarters and nine tenths have got there."""

from collections.abc import Iterator

from msgspec.structs import replace

from funnelcli.metrics.model import Metric, Percentile
from funnelcli.text import Message

QUANTILES = (0.5, 0.75, 0.9)
_MEDIAN, _SHARE = Message("{of}, median"), Message("{of}, {share} %")


def percentiles(key: str, median: Metric, unit: str = "days") -> Iterator[Metric]:
    """The metric of a median, and those of its 75 and 90 %; ``key`` is what their keys begin with.

    They stand in no dashboard.  The label is without the share, the definition may have ``{share}`` in it.
    """
    assert isinstance(median.kind, Percentile)
    for quantile in QUANTILES:
        share, is_median = round(quantile * 100), quantile == QUANTILES[0]
        yield replace(
            median,
            key=percentile_key(key, quantile, unit),
            label=(_MEDIAN if is_median else _SHARE).filled(of=median.label, share=share),
            kind=replace(median.kind, quantile=quantile),
            definition=median.definition.filled(share=share),
            part=not is_median,
            apart=True,
        )


def percentile_key(key: str, quantile: float, unit: str = "days") -> str:
    """The key of a percentile: of the median without a number.

    >>> percentile_key("demo", 0.5), percentile_key("demo", 0.9), percentile_key("resolution", 0.75, "hours")
    ('demo_days', 'demo_p90_days', 'resolution_p75_hours')
    """
    return f"{key}_{unit}" if quantile == QUANTILES[0] else f"{key}_p{round(quantile * 100)}_{unit}"
