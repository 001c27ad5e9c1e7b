"""How patterns of the settings stand to each other: what takes all of another, what has nothing in common."""

from __future__ import annotations

from collections.abc import Sequence

from funnelcli.values.channels import fold, matches
from funnelcli.values.criteria import Span, fits, range_of

_MARKS = "*?["


def is_upside_down(pattern: str) -> bool:
    """Whether a range ends before it begins, so that no number is in it.

    >>> [is_upside_down(pattern) for pattern in ("2000-10", "10-2000", "10-10", "501-", "giám đốc*")]
    [True, False, False, False, False]
    """
    span = range_of(pattern)
    return span is not None and span.low is not None and span.high is not None and span.low > span.high


def taken_by(pattern: str, earlier: Sequence[str]) -> str | None:
    """The first of some earlier patterns that fits whatever a later one fits; None where none does for sure.

    >>> taken_by("50-100", ["1-9", "10-500"]), taken_by("giám đốc*", ["*"]), taken_by("CEO", ["ceo", "cto"])
    ('10-500', '*', 'ceo')
    >>> taken_by("400-600", ["10-500"]), taken_by("ab*", ["a?"]), taken_by("501-", ["*500*"])
    (None, None, None)
    """
    return next((each for each in earlier if _takes(each, pattern)), None)


def have_nothing_in_common(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether no cell can fit a pattern on either side, as far as the patterns alone tell.

    >>> have_nothing_in_common(["10-2000"], ["3000-"]), have_nothing_in_common(["VN", "SG"], ["us"])
    (True, True)
    >>> have_nothing_in_common(["10-2000"], ["2000-"]), have_nothing_in_common(["V*"], ["VN"])
    (False, False)
    """
    return not any(_may_meet(each, other) for each in some for other in others)


def _takes(earlier: str, later: str) -> bool:
    wide, narrow = range_of(earlier), range_of(later)
    if wide is not None and narrow is not None:
        return wide.holds(narrow) is True
    if wide is not None or narrow is not None:
        return fold(earlier) == "*"
    # A star takes a star; any other mark may take less than what the later one leaves open.
    is_plain = not any(mark in later for mark in _MARKS)
    return matches(later, (earlier,)) if is_plain or not any(mark in earlier for mark in "?[") else False


def _may_meet(first: str, other: str) -> bool:
    ranges = range_of(first), range_of(other)
    if ranges[0] is not None and ranges[1] is not None:
        return _overlap(ranges[0], ranges[1])
    if any(mark in each for each in (first, other) for mark in _MARKS) or any(ranges):
        return True
    return fits(first, other) is True or fits(other, first) is True


def _overlap(first: Span, other: Span) -> bool:
    return first.holds(other) is not False
