"""Scores that have words around them, as forms write them: ``10 - Extremely likely``, ``9/10``, ``★★★★☆``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from math import nan

from msgspec import Struct

from funnelcli.text.regex import regex
from funnelcli.values.channels import matches
from funnelcli.values.digits import DecimalMark
from funnelcli.values.numbers import read_number
from funnelcli.values.score_words import is_turned_round, scores_of_words

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


class Said(IntEnum):
    """How a cell says a score: by a number, by one of so many, by words, in no way that is known, or as none."""

    NUMBER = 0
    OF_FIVE = 1
    OF_TEN = 2
    WORDS = 3
    UNKNOWN = 4
    NONE = 5


class Score(Struct, frozen=True):
    """The number of a score, NaN where there is none, and how a cell says it."""

    number: float
    said: Said


_OF = regex(r".*\d\s*/\s*(?P<of>5|10)\b.*")


def scores_in(texts: Iterable[str], given: Mapping[str, float], mark: DecimalMark | None) -> dict[str, Score]:
    """The scores of the cells of one column; ``given`` are those that the settings say, by globs, before all others.

    Where numbers are the better the lower they are by the words beside them, they are of no scale that we know.

    >>> scores_in(["9/10", "Good", "Bad", "yes"], {}, None)["9/10"]
    Score(number=9.0, said=<Said.OF_TEN: 2>)
    >>> [score.number for score in scores_in(["Good", "Bad", "yes"], {"Y*": 5}, None).values()]
    [5.0, 1.0, 5.0]
    """
    known: dict[str, Score] = {}
    cells = list(texts)
    unsaid: list[str] = []
    for text in cells:
        said = next((number for words, number in given.items() if matches(text, (words,))), None)
        bare = score_in(text)
        number = None if "%" in text else read_number(bare, mark)
        if said is not None:
            known[text] = Score(float(said), Said.NUMBER)
        elif number is not None:
            of = _OF.fullmatch(text)
            five = (of is not None and of["of"] == "5") or _STARS.fullmatch(text.strip()) is not None
            known[text] = Score(number, Said.OF_FIVE if five else Said.NUMBER if of is None else Said.OF_TEN)
        else:
            unsaid.append(text)
    beside = {text: score.number for text, score in known.items() if any(map(str.isalpha, text))}
    if is_turned_round(beside):
        known |= {text: Score(nan, Said.UNKNOWN) for text in beside}
    words = scores_of_words(unsaid)
    for text in unsaid:
        step = words.get(text)
        how = Said.UNKNOWN if step is None else Said.WORDS if step else Said.NONE
        known[text] = Score(float(step or nan), how)
    return {text: known[text] for text in cells}
