"""What metrics of one's own ask of rows, held against what the rows have: values that none of them has."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from funnelcli.config import FILE_NAME
from funnelcli.facts.dimensions import CHANNEL, UNKNOWN
from funnelcli.facts.model import Facts
from funnelcli.problems import Problem, problem
from funnelcli.text import NOTHING, Text, did_you_mean
from funnelcli.values.channels import fold, matches

MOST_SEEN = 12


def values_of_no_row(facts: Facts) -> Iterator[Problem]:
    """A warning for each value that ``where`` of [metrics.NAME] names and no row has: it counts nothing."""
    seen: dict[str, list[str]] = {}
    for name, settings in facts.config.metrics.items():
        yield from _of(facts, f"metrics.{name}.where", settings.where, seen)
        if settings.count is not None:
            yield from _of(facts, f"metrics.{name}.count.where", settings.count.where, seen)


def _of(facts: Facts, place: str, where: Mapping[str, Sequence[str]], seen: dict[str, list[str]]) -> Iterator[Problem]:
    for dimension, globs in where.items():
        if dimension == CHANNEL or not facts.dimensions.is_said(dimension):
            continue  # channels are all known; what no file says is missing, with that reason
        if dimension not in seen:
            seen[dimension] = _values(facts, dimension)
        for glob in globs:
            if not any(matches(value, (glob,)) for value in (*seen[dimension], UNKNOWN)):
                yield problem(
                    "where-fits-nothing", file=FILE_NAME, place=place, dimension=dimension, glob=glob,
                    guess=_guess(glob, seen[dimension]), seen=", ".join(seen[dimension][:MOST_SEEN]),
                )  # fmt: skip


def _values(facts: Facts, dimension: str) -> list[str]:
    """The values of a dimension that rows have, in alphabetical order."""
    records = {id(events.records): events.records for events in facts.events.values()}
    splitting = [each for each in records.values() if facts.dimensions.splits(dimension, each)]
    values = {text for each in splitting for text in facts.dimensions.of(dimension, each).present().texts}
    return sorted(values - {UNKNOWN}, key=fold)


def _guess(glob: str, values: Sequence[str]) -> Text:
    """The value that is most like what was written."""
    folded = {fold(value): value for value in values}
    close = difflib.get_close_matches(fold(glob).strip("*?"), folded, n=1)
    return did_you_mean([folded[each] for each in close]) if close else NOTHING
