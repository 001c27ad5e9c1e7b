"""Scores that have words around them, as forms write them: ``10 - Extremely likely``, ``9/10``, ``★★★★☆``."""

from __future__ import annotations

from funnelcli.text.regex import regex

_BEFORE_WORDS = regex(r"(?P<score>\d{1,2})\s*(?:/\s*(?:5|10)|stars?|sao|điểm|points?)?(?:(?:\s*[-–—:.(=]|\s)\D*)?")
_AFTER_WORDS = regex(r"\D*[^\W\d_]\D*(?:[-–—:(=]|\s)\s*(?P<score>\d{1,2})\s*\)?")
_STARS = regex(r"(?P<stars>[★⭐]+)[☆✩]*\ufe0f?")


def score_in(cell: str) -> str:
    """The digits of the score that a cell says beside words; the cell as it is where it says none, or several numbers.

    >>> [score_in(cell) for cell in ("10 - Extremely likely", "Not at all likely - 0", "9/10", "4 (good)", "★★★★☆")]
    ['10', '0', '9', '4', '4']
    >>> [score_in(cell) for cell in ("7", "7.5", "Very satisfied", "3 of 4", "5%", "-5")]
    ['7', '7.5', 'Very satisfied', '3 of 4', '5%', '-5']
    """
    text = cell.strip()
    if stars := _STARS.fullmatch(text):
        return str(len(stars["stars"]))
    match = _BEFORE_WORDS.fullmatch(text) or _AFTER_WORDS.fullmatch(text)
    return match["score"] if match is not None else cell
