"""What is said of scores that stand in words: how they are read, and which of them nobody understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from funnelcli.problems import Problem, problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.opening import Opened
from funnelcli.text import COMMA, Message, Text, joined
from funnelcli.values.score_words import CONTENT_FROM
from funnelcli.values.scores import Said, Score

MOST_SHOWN = 5

_CONTENT = Message("{word!r} is content")
_NOT_CONTENT = Message("{word!r} is not")
_NO_ANSWER = Message("{word!r} is no answer")


def said_of(column: str) -> str:
    """Under which name the numbers of a table say how each score of a column is said.

    >>> said_of("score")
    'score said'
    """
    return f"{column} said"


def scores_in_words(
    opened: Opened, column: str, cells: Cells, known: Mapping[str, Score], lines: np.ndarray
) -> Iterator[Problem]:
    """Of one column how its words are read, and a warning of those that are not understood."""
    sizes = np.bincount(cells.places, minlength=len(cells.texts)).tolist()
    rows = dict(zip(cells.texts, sizes, strict=True))
    read = [text for text, score in known.items() if score.said in (Said.WORDS, Said.NONE)]
    unread = [text for text, score in known.items() if score.said is Said.UNKNOWN]
    for code, texts in (("scores-in-words", read), ("score-not-understood", unread)):
        if texts:
            of = [_as_read(text, known[text]) if code == "scores-in-words" else repr(text[:40]) for text in texts]
            more = [", …"] if len(of) > MOST_SHOWN else []
            yield problem(
                code, file=opened.name, line=int(lines[cells.first[texts[0]]]), column=column,
                rows=sum(rows[text] for text in texts), stage=opened.input.name, word=texts[0][:40],
                words=joined("", [joined(COMMA, of[:MOST_SHOWN]), *more]),
            )  # fmt: skip


def _as_read(text: str, score: Score) -> Text:
    if score.said is Said.NONE:
        return _NO_ANSWER.filled(word=text[:40])
    return (_CONTENT if score.number >= CONTENT_FROM else _NOT_CONTENT).filled(word=text[:40])
