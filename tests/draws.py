"""Draws that cost little: Hypothesis takes as long to draw one of two values as one of a million.

In CI the examples are derandomised: they follow from the text of the law and nothing else, so that what is red in one
run is red in the next.  To draw what a branch asks for, Hypothesis also tries the numbers and texts that stand in the
modules that have been imported by then: by that the examples of a law depended on the tests that its worker had run
before, and on every line of the package, though not on the hash seed.  A law of its own was green while the same law in
the whole suite was red.  So ``conftest`` has no constants looked for; what matters here is drawn on purpose anyway.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import ceil, factorial, floor, prod
from typing import Any

from hypothesis import strategies as st

# Of a wider range Hypothesis no longer draws every number alike.
_AT_ONCE = 1 << 23
BOTH = (False, True)
_SHARE, _FEWEST = 3, 12


def tries(number: int) -> int:
    """On how many examples a law is tried: a third of them in the suite, all by `make thorough`.

    >>> tries(300) in (100, 300), tries(12)
    (True, 12)
    """
    return number if os.environ.get("FUNNELCLI_TRIES") == "all" else max(number // _SHARE, min(number, _FEWEST))


def together(*choices: Sequence[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """One value of each sequence, each as likely as the others of it, by as few draws as will do."""
    groups: list[list[Sequence[Any]]] = [[]]
    for values in choices:
        if groups[-1] and prod(map(len, groups[-1])) * len(values) > _AT_ONCE:
            groups.append([])
        groups[-1].append(values)
    drawn = [_of_a_group(group) for group in groups]
    return drawn[0] if len(drawn) == 1 else st.tuples(*drawn).map(lambda parts: sum(parts, ()))


def _of_a_group(choices: Sequence[Sequence[Any]]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.integers(0, prod(map(len, choices)) - 1).map(lambda number: split(number, choices))


def split(number: int, choices: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    """What a number below the product of their lengths stands for: a value of each sequence.

    >>> [split(number, ("ab", (1, 2, 3))) for number in (0, 1, 5)]
    [('a', 1), ('b', 1), ('b', 3)]
    """
    values = []
    for options in choices:
        number, place = divmod(number, len(options))
        values.append(options[place])
    return tuple(values)


def built(make: Callable[..., Any], *choices: Sequence[Any]) -> st.SearchStrategy[Any]:
    """What is made of one value of each sequence."""
    return together(*choices).map(lambda values: make(*values))


@cache
def any_of(*values: Any) -> st.SearchStrategy[Any]:
    """One of some values.  Hypothesis looks through a strategy that is made within a draw each time; this it knows."""
    return st.sampled_from(values)


@cache
def order_of(*values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """Some values in any order, by one draw where they are few."""
    if factorial(len(values)) > _AT_ONCE:
        return st.permutations(values).map(tuple)
    return st.integers(0, factorial(len(values)) - 1).map(lambda number: _arranged(number, values))


def _arranged(number: int, values: Sequence[Any]) -> tuple[Any, ...]:
    left, arranged = list(values), []
    while left:
        number, place = divmod(number, len(left))
        arranged.append(left.pop(place))
    return tuple(arranged)


def subsets(*values: Any) -> tuple[tuple[Any, ...], ...]:
    """Every selection of some values, the empty one first.

    >>> subsets("a", "b")
    ((), ('a',), ('b',), ('a', 'b'))
    """
    return tuple(chosen for size in range(len(values) + 1) for chosen in combinations(values, size))


def fractions(least: Fraction | int, most: Fraction | int, largest_denominator: int) -> tuple[Fraction, ...]:
    """All fractions from one to another with denominators up to the largest, the simplest ones first."""
    each = {
        Fraction(above, below)
        for below in range(1, largest_denominator + 1)
        for above in range(ceil(least * below), floor(most * below) + 1)
    }
    return tuple(sorted(each, key=lambda number: (number.denominator, number)))
