"""Sharing whole numbers out, by hand: parts sum to the whole in every month, and none is ever negative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction as Frac
from itertools import accumulate

import pytest

from funnelcli.planning.allocate import allocate, spread


def running(shares: Mapping[str, Frac], whole: Sequence[int]) -> dict[str, list[Frac]]:
    """The exact running totals of parts that have the same share in every month."""
    return {part: [share * total for total in accumulate(whole)] for part, share in shares.items()}


@pytest.mark.parametrize(
    ("what", "whole", "shares", "expected"),
    [
        ("one part takes all", [3, 0, 2], {"a": Frac(1)}, {"a": [3, 0, 2]}),
        ("nothing to share", [0, 0], {"a": Frac(1, 2), "b": Frac(1, 2)}, {"a": [0, 0], "b": [0, 0]}),
        # 1.5 and 1.5: the rest of 1 goes to a, named first; then a lacks 1, b lacks 2.
        ("a tie goes to the first", [3, 3], {"a": Frac(1, 2), "b": Frac(1, 2)}, {"a": [2, 1], "b": [1, 2]}),
        # 0.6, 0.3, 0.1 -> a; then a lacks 0.2, b 0.6, c 0.2 -> b; 0.8, -0.1, 0.3 -> a; 0.4, 0.2, 0.4 -> a (first);
        # 0, 0.5, 0.5 -> b (first).
        (
            "one at a time",
            [1, 1, 1, 1, 1],
            {"a": Frac(6, 10), "b": Frac(3, 10), "c": Frac(1, 10)},
            {"a": [1, 0, 1, 1, 0], "b": [0, 1, 0, 0, 1], "c": [0, 0, 0, 0, 0]},
        ),
        # 4.2, 2.1, 0.7: whole parts 4, 2, 0, and the one left to c, 0.7.
        (
            "the largest remainder",
            [7],
            {"a": Frac(6, 10), "b": Frac(3, 10), "c": Frac(1, 10)},
            {"a": [4], "b": [2], "c": [1]},
        ),
        ("a share of 0 gets nothing", [5, 5], {"a": Frac(0), "b": Frac(1)}, {"a": [0, 0], "b": [5, 5]}),
    ],
)
def test_parts_in_constant_shares(
    what: str, whole: list[int], shares: dict[str, Frac], expected: dict[str, list[int]]
) -> None:
    assert allocate(whole, running(shares, whole)) == expected, what


def test_a_month_takes_nothing_back() -> None:
    """What a part got too much earlier is made up for by giving it nothing, never by a negative number."""
    # Month 1: 0.5 each, one to share: a.  Month 2: a needs 0.5 (has 1, so lacks 0), b 1.5: lacks 1.5; one to share: b.
    assert allocate([1, 1], {"a": [Frac(1, 2), Frac(1, 2)], "b": [Frac(1, 2), Frac(3, 2)]}) == {
        "a": [1, 0],
        "b": [0, 1],
    }


def test_a_month_with_less_to_share_than_the_parts_lack() -> None:
    """Parts ahead of their need leave the others less than the whole numbers they lack."""
    exact = {
        "a": [Frac(4, 10), Frac(4, 10), Frac(4, 10)],
        "b": [Frac(3, 10), Frac(3, 10), Frac(3, 10)],
        "c": [Frac(3, 10), Frac(15, 10), Frac(21, 10)],
        "d": [Frac(0), Frac(8, 10), Frac(12, 10)],
    }
    # Sums 1, 3, 4.  Month 1: a.  Month 2: a lacks 0, b 0.3, c 1.5, d 0.8; two to share: c 1 of its 1.5, then d (0.8).
    # Month 3: b lacks 0.3, c 1.1, d 0.2 and one to share: c.
    assert allocate([1, 2, 1], exact) == {"a": [1, 0, 0], "b": [0, 0, 0], "c": [0, 1, 1], "d": [0, 1, 0]}


def test_how_far_behind_a_part_of_a_constant_share_can_fall() -> None:
    """By 1/2 + ... + 1/k at most for k parts (the laws hold every plan to that), and by more than 1 from 5 parts on."""
    whole = [11, 5, 11, 1]
    exact = running({part: Frac(weight, 43) for part, weight in zip("abcde", (20, 1, 20, 1, 1), strict=True)}, whole)
    shared = allocate(whole, exact)
    # Of 11, a and c need 5.12, the others 0.26: the one left goes to b, whose rest is largest.  Of 16, a and c lack
    # 2.44, d and e 0.37: the one left to a.  Of 27, a lacks 4.56, c 5.56, d and e 0.63: two left, to d and e.
    assert {part: months[:3] for part, months in shared.items()} == {
        "a": [5, 3, 4], "b": [1, 0, 0], "c": [5, 2, 5], "d": [0, 0, 1], "e": [0, 0, 1],
    }  # fmt: skip
    # Of 28, a and c lack 1.02, since the others are ahead by 0.35: one of them gets 1, the other waits.
    over = {part: sum(months) - exact[part][-1] for part, months in shared.items()}
    assert sorted(over.values())[:2] == [12 - Frac(20 * 28, 43), 13 - Frac(20 * 28, 43)]
    assert -(Frac(1, 2) + Frac(1, 3) + Frac(1, 4) + Frac(1, 5)) < min(over.values()) < -1


def test_how_far_behind_a_part_of_any_need_can_fall() -> None:
    """By less than 1 + 1/2 + ... + 1/(k - 1) for k parts; three parts come as near to 1 + 1/2 as eps."""
    eps = Frac(1, 1_000)
    need = [
        # a needs a hair and gets 1, so that it is ahead by nearly 1.
        {"a": eps, "b": Frac(0), "c": Frac(0)},
        # b and c grow by a half each: all that is ahead is used up, one more is given: b, by a hair.
        {"a": eps, "b": Frac(1, 2) + eps, "c": Frac(1, 2)},
        # c grows by nearly 1 more, which a and b are ahead by: the sum of the needs is 2, and none is given.
        {"a": eps, "b": Frac(1, 2) + eps, "c": Frac(3, 2) - 2 * eps},
    ]
    exact = {part: [month[part] for month in need] for part in "abc"}
    # Sums: eps -> 1; 1 + 2 eps -> 2; 2 -> 2.
    shared = allocate([1, 1, 0], exact)
    assert shared == {"a": [1, 0, 0], "b": [0, 1, 0], "c": [0, 0, 0]}
    assert sum(shared["c"]) - exact["c"][-1] == -(Frac(3, 2) - 2 * eps)


@pytest.mark.parametrize(
    ("number", "weights", "expected"),
    [
        (7, [1, 1], [4, 3]),  # running 3.5, 7 -> 4 (halves up), 7
        (7, [0, 0], [4, 3]),  # no weights: the months are alike
        (0, [1, 2], [0, 0]),
        (5, [3, 0, 1], [4, 0, 1]),  # running 3.75, 3.75, 5 -> 4, 4, 5
        (1, [1, 1, 1], [0, 1, 0]),  # running 0.33, 0.67, 1 -> 0, 1, 1
        (10, [1], [10]),
    ],
)
def test_a_number_spread_over_months(number: int, weights: list[int], expected: list[int]) -> None:
    assert spread(number, [Frac(weight) for weight in weights]) == expected
    assert sum(expected) == number


def test_a_tie_goes_to_the_first_where_others_are_ahead() -> None:
    whole = [11, 5, 11, 1]
    shares = {part: Frac(weight, 43) for part, weight in zip("abcde", (20, 1, 20, 1, 1), strict=True)}
    shared = allocate(whole, running(shares, whole))  # a and c both lack 1.02 in the last month
    assert (shared["a"][-1], shared["c"][-1]) == (1, 0)


def test_nothing_can_be_shared_among_nobody() -> None:
    with pytest.raises(ValueError, match="no part"):
        allocate([1], {})
