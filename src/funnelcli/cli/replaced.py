"""Whether what is to replace an older output has lost most of what that one counted: exports may be cut short."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from funnelcli.problems import Problem, problem
from funnelcli.renderers import Counts, Format
from funnelcli.renderers.wording.reread import ROWS
from funnelcli.text import Message, Text, as_text

FEWEST = 10  # counted before; of fewer most may well go
SHARE = 2  # less than one in so many is left


def rows_lost(path: Path, data: bytes, form: Format) -> Problem | None:
    """A warning about an output that has less than half of what is counted in the file that it is to replace.

    Both say so in the same format.  Of periods only those count that are in both; what has no figure any more is 0.
    """
    try:
        old = form.counts(path.read_bytes()) if path.is_file() else {}
    except OSError:
        return None
    for what, then, now in _sums(old, form.counts(data)) if old else ():
        if then >= FEWEST and now * SHARE < then:
            return problem("rows-lost", file=str(path), what=_words(what), then=round(then), now=round(now))
    return None


def _sums(old: Counts, new: Counts) -> Iterator[tuple[tuple[str, str], float, float]]:
    """What both count, how much of it there was and is: the rows of an input, or a metric over their common periods."""
    for input_name in [name for what, name in old if what == ROWS]:
        yield (ROWS, input_name), old[ROWS, input_name], new.get((ROWS, input_name), 0)
    periods = {of for what, of in new if what != ROWS}
    common = [key for key in old if key[0] != ROWS and key[1] in periods]
    for metric in dict.fromkeys(metric for metric, _ in common):
        keys = [key for key in common if key[0] == metric]
        yield (metric, ""), sum(old[key] for key in keys), sum(new.get(key, 0) for key in keys)


def _words(what: tuple[str, str]) -> Text:
    counted, name = what
    return Message("rows of {name}").filled(name=name) if counted == ROWS else as_text(counted)
