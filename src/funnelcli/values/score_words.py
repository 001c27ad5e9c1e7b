"""Scores in words and faces, as help desks and forms write them: which scale a whole column is of, and what it says.

A word says what it does on the scales that have all the words of its column: "Good" is content beside "Bad" and beside
"Very good, average", and in the middle of "Excellent, very good, good, fair, poor"; by itself it says neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from funnelcli.text.regex import regex
from funnelcli.values.statuses import status_key

CONTENT_FROM = 4  # of 5

# Worst to best, by what is left of words without accents; 0 is no answer.
_SCALES: tuple[Mapping[int, str], ...] = (
    {
        1: "bad|bad with comment|badwithcomment",
        5: "good|good with comment|goodwithcomment",
        0: "offered|unoffered|not offered|unrated|not rated",
    },
    {
        1: "very dissatisfied|extremely dissatisfied|highly dissatisfied|completely dissatisfied|very unsatisfied"
        "|extremely unsatisfied|rat khong hai long|hoan toan khong hai long|cuc ky khong hai long|rat bat man",
        2: "dissatisfied|unsatisfied|not satisfied|somewhat dissatisfied|slightly dissatisfied|somewhat unsatisfied"
        "|khong hai long|chua hai long|it hai long|bat man",
        3: "neutral|neither satisfied nor dissatisfied|neither|ok|okay|binh thuong|trung lap|tam duoc|tam on",
        4: "satisfied|somewhat satisfied|slightly satisfied|hai long|kha hai long|tuong doi hai long",
        5: "very satisfied|extremely satisfied|highly satisfied|completely satisfied|rat hai long|hoan toan hai long"
        "|cuc ky hai long|vo cung hai long",
    },
    {
        1: "extremely unhappy|very unhappy",
        2: "unhappy|not happy",
        3: "neutral",
        4: "happy",
        5: "very happy|extremely happy",
    },
    {
        1: "very bad|very poor|terrible|awful|horrible|rat te|rat kem|rat xau|qua te",
        2: "bad|poor|te|kem|xau|khong tot|chua tot|not good",
        3: "average|fair|ok|okay|so so|neutral|binh thuong|trung binh|just okay|just ok|tam duoc",
        4: "good|tot|kha tot",
        5: "very good|excellent|great|awesome|amazing|rat tot|tuyet voi|xuat sac",
    },
    {1: "poor", 2: "fair", 3: "good", 4: "very good", 5: "excellent|outstanding"},
    {1: "terrible", 2: "bad", 3: "ok|okay", 4: "great", 5: "amazing"},
    {2: "not good", 3: "just okay|just ok", 5: "awesome"},
    {1: "negative|thumbs down|dislike|disliked|tieu cuc", 3: "neutral", 5: "positive|thumbs up|like|liked|tich cuc"},
    {1: "😠|😡|🤬|👎", 2: "😞|🙁|☹|😕|😟", 3: "😐", 4: "🙂|😊|😀", 5: "😃|🤩|😍|😁|👍"},
)
_BY_WORD: tuple[dict[str, int], ...] = tuple(
    {word: score for score, words in scale.items() for word in words.split("|")} for scale in _SCALES
)
# Of recommending: a number beside such words may still stand on a scale that is turned round.
_LIKELY = {
    "extremely likely": 1, "very likely": 1, "likely": 1, "not at all likely": -1, "very unlikely": -1, "unlikely": -1,
    "extremely unlikely": -1, "not likely": -1,
}  # fmt: skip
_NUMBER = regex(r"\d+(?:\s*/\s*\d+)?")


def scores_of_words(texts: Iterable[str]) -> dict[str, int]:
    """What words and faces of one column say, of 5, and 0 where they say that nobody answered.

    Words are left out that stand on no scale, and all of them where the scales that have them differ.

    >>> scores_of_words(["Good", "Bad", "Offered"]), scores_of_words(["Rất hài lòng", "Bình thường", "Xanh"])
    ({'Good': 5, 'Bad': 1, 'Offered': 0}, {'Rất hài lòng': 5, 'Bình thường': 3})
    >>> scores_of_words(["Good"]), scores_of_words(["Excellent", "Good", "Poor"]), scores_of_words(["Good", "Average"])
    ({}, {}, {'Good': 4, 'Average': 3})
    """
    keys = {text: _key(text) for text in texts}
    known = {key for key in keys.values() if any(key in scale for scale in _BY_WORD)}
    fitting = [scale for scale in _BY_WORD if known <= scale.keys()]
    if not known or not fitting:
        return {}
    for key in known:
        if len({(scale[key] > 0, scale[key] >= CONTENT_FROM) for scale in fitting}) > 1:
            return {}
    return {text: fitting[0][key] for text, key in keys.items() if key in known}


def is_turned_round(scores: Mapping[str, float]) -> bool:
    """Whether numbers with words beside them say the better the lower they are; ``scores`` are those of the cells.

    >>> is_turned_round({"1 - Very satisfied": 1, "5 - Very dissatisfied": 5}), is_turned_round({"5 (good)": 5})
    (True, False)
    """
    better = [(_sense(text), number) for text, number in scores.items()]
    liked = [number for sense, number in better if sense > 0]
    disliked = [number for sense, number in better if sense < 0]
    return bool(liked and disliked) and max(disliked) > min(liked)


def _key(text: str) -> str:
    face = text.strip().replace("\ufe0f", "")
    return face if face and not any(map(str.isalnum, face)) else status_key(text)


def _sense(text: str) -> int:
    """1 where the words beside a number are of who is content, -1 of who is not, 0 where they say neither."""
    key = status_key(_NUMBER.sub(" ", text))
    if key in _LIKELY:
        return _LIKELY[key]
    said = {(scale[key] > 3) - (scale[key] < 3) for scale in _BY_WORD if scale.get(key)}
    return said.pop() if len(said) == 1 else 0
