"""What the words of activities say: whether they were done, who did them, and whether both sides spoke.

What no word tells is decided by what stands beside it where that tells it, and said with how many rows it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import Coded
from funnelcli.facts.rows import Rows
from funnelcli.inputs.activities import (
    DONE,
    FROM_THEM,
    INBOUND,
    NOBODY_THERE,
    OUTBOUND,
    PLANNED,
    SPOKE,
    TO_THEM,
)
from funnelcli.problems import Problem, problem
from funnelcli.reading.tables import Table
from funnelcli.text import COMMA, Message, Text, as_text, joined
from funnelcli.text.plain import plain
from funnelcli.values.cells import read_flag
from funnelcli.values.channels import fold, matches
from funnelcli.values.statuses import are_shares, status_key, whole_shares

NO, YES, UNKNOWN = 0, 1, -1
MOST_SHOWN = 5
_TICKS = frozenset("✓✔☑✅")
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?\b")
_DONE, _PLANNED = (
    Message("they count as done"),
    Message("they count as planned, since all are later than what was done"),
)
_OUTCOME = Message("they count as done, since most have an outcome")
_NUMBERED = Message("{text} ({n} [row|rows])")
Given = Mapping[str, Sequence[str]]


class Words(Struct, frozen=True, kw_only=True, eq=False):
    """Of each row whether it was done, came from the other side or from ours, and whether they spoke, or nobody did."""

    done: np.ndarray
    theirs: np.ndarray
    ours: np.ndarray
    spoke: np.ndarray
    nobody: np.ndarray
    problems: Sequence[Problem]


def words_of(table: Table, rows: Rows) -> Words:
    """What the words of the rows say, each file by its own, and by what the settings say of it."""
    size = len(rows)
    done, side, spoke = np.ones(size, dtype=bool), np.full(size, UNKNOWN), np.full(size, UNKNOWN)
    problems: list[Problem] = []
    for file, opened in enumerate(table.files):
        mine = np.flatnonzero(rows["file"] == file) if len(table.files) > 1 else np.arange(size)
        of_file = _OfFile(rows, mine, opened.name, opened.settings.status)
        if opened.has("status"):
            done[mine] = of_file.done()
        if opened.has("direction"):
            side[mine] = of_file.side()
        if opened.has("outcome"):
            spoke[mine] = of_file.spoke()
        problems += of_file.problems
    return Words(
        done=done, theirs=side == YES, ours=side == NO, spoke=spoke == YES, nobody=spoke == NO, problems=problems
    )  # fmt: skip


class _OfFile:
    """The rows of a file, and what its words say."""

    def __init__(self, rows: Rows, mine: np.ndarray, name: str, given: Given) -> None:
        self._rows, self._mine, self._name, self._given = rows, mine, name, given
        self.problems: list[Problem] = []

    def done(self) -> np.ndarray:
        """Whether each was done: what nothing tells was."""
        words = self._words("status")
        number = np.bincount(words.codes, minlength=len(words.texts))
        filled = [text for text, rows in zip(words.texts, number.tolist(), strict=True) if text and rows]
        whole = whole_shares(filled) if are_shares(filled) else {}
        marks = bool(filled) and all(map(_is_mark, filled))
        says = np.array([self._was_done(text, whole, blank=not marks) for text in words.texts], dtype=np.int64)
        blank = int(number[[not text for text in words.texts]].sum())
        if marks and blank:
            self._say("activity-unmarked", rows=blank, words=joined(COMMA, list(map(repr, filled[:MOST_SHOWN]))))
        unknown = np.flatnonzero((says == UNKNOWN) & (number > 0))
        if len(unknown):
            has_outcome, is_later = self._beside(words, says, number)
            for chosen, why in (
                (has_outcome, _OUTCOME), (is_later & ~has_outcome, _PLANNED), (~is_later & ~has_outcome, _DONE),
            ):  # fmt: skip
                self._say_of("activity-status-not-known", words, number, unknown[chosen[unknown]], why=why)
            says[unknown] = ~(is_later & ~has_outcome)[unknown]
        return np.asarray((says != NO)[words.codes])

    def _was_done(self, text: str, whole: Mapping[str, bool], *, blank: bool) -> int:
        if not text:
            return YES if blank else NO
        if (given := self._said(text, "done", "not_done")) is not None:
            return given
        return int(whole[text]) if text in whole else was_done(text)

    def _beside(self, words: Coded, says: np.ndarray, number: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of each word whether most of its rows have an outcome, and whether all are later than any that was done."""
        outcome = self._words("outcome").that(bool)
        with_outcome = np.bincount(words.codes[outcome], minlength=len(words.texts))
        at, given = self._rows["at micros"][self._mine], self._rows["at given"][self._mine]
        first = np.full(len(words.texts), np.iinfo(np.int64).max)
        np.minimum.at(first, words.codes[given], at[given])
        known = given & (says == YES)[words.codes] & words.that(bool)
        is_later = first > at[known].max() if known.any() else np.zeros(len(first), dtype=bool)
        return with_outcome * 2 >= np.maximum(number, 1), is_later

    def side(self) -> np.ndarray:
        """YES of what came from the other side, NO of what came from ours, UNKNOWN where nothing tells it."""
        words = self._words("direction")
        number = np.bincount(words.codes, minlength=len(words.texts))
        says = np.array([self._from_them(text) for text in words.texts], dtype=np.int64)
        if ((says == UNKNOWN) & (number > 0)).any():
            people, owners = self._names("entity"), self._names("owner")
            who = [(fold(text) in people) - (fold(text) in owners) if text else 0 for text in words.texts]
            says = np.where((says == UNKNOWN) & (np.array(who) != 0), np.array(who) > 0, says)
        unknown = [place for place in np.flatnonzero(says == UNKNOWN).tolist() if words.texts[place] and number[place]]
        self._say_of("activity-direction-not-known", words, number, np.array(unknown, dtype=np.int64))
        return np.asarray(says[words.codes])

    def _from_them(self, text: str) -> int:
        given = self._said(text, "inbound", "outbound")
        return from_them(text) if given is None else given

    def spoke(self) -> np.ndarray:
        """YES where both sides spoke, NO where nobody was there, UNKNOWN where nothing tells it."""
        words = self._words("outcome")
        number = np.bincount(words.codes, minlength=len(words.texts))
        says = np.array([self._both_spoke(text) for text in words.texts], dtype=np.int64)
        unknown = [place for place in np.flatnonzero(says == UNKNOWN).tolist() if words.texts[place] and number[place]]
        self._say_of("activity-outcome-not-known", words, number, np.array(unknown, dtype=np.int64))
        return np.asarray(says[words.codes])

    def _both_spoke(self, text: str) -> int:
        given = self._said(text, "spoke", "not_spoke")
        return both_spoke(text) if given is None else given

    # --- what the rows hold --------------------------------------------------------------------------------------

    def _words(self, name: str) -> Coded:
        column = self._rows.words.get(name)
        if column is None:
            return Coded.same("", len(self._mine))
        return Coded(column.codes[self._mine], column.texts)

    def _names(self, name: str) -> frozenset[str]:
        """The names in a column, as they are compared."""
        return frozenset(fold(text) for text in self._words(name).present().texts if text)

    def _said(self, text: str, yes: str, no: str) -> int | None:
        """What the settings say of a word."""
        return next((says for group, says in ((yes, YES), (no, NO)) if matches(text, self._given.get(group, ()))), None)

    def _say_of(self, code: str, words: Coded, number: np.ndarray, places: np.ndarray, **facts: Text) -> None:
        """A problem of the file about some words, those of most rows first."""
        if not len(places):
            return
        order = places[np.argsort(-number[places], kind="stable")].tolist()
        shown: list[Text] = [
            _NUMBERED.filled(text=repr(words.texts[place]), n=plain(int(number[place]))) for place in order[:MOST_SHOWN]
        ]
        self._say(
            code, words=joined(COMMA, [*shown, *([as_text("…")] if len(order) > MOST_SHOWN else [])]), **facts
        )  # fmt: skip

    def _say(self, code: str, **facts: Text | int) -> None:
        self.problems.append(problem(code, file=self._name, line=None, column=None, **facts))


# --- single words ----------------------------------------------------------------------------------------------------


def was_done(status: str) -> int:
    """Whether a status says that it was done, is still to be done or will not be, or neither.

    >>> [was_done(word) for word in ("Completed", "Not started", "Đã lên lịch", "false", "2026-09-01", "On hold")]
    [1, 0, 0, 0, 1, -1]
    >>> [was_done(word) for word in ("Hoàn thành", "Hoãn", "Chưa hoàn thành", "Lên kế hoạch", "In progress")]
    [1, 0, 0, 0, 0]
    """
    if _is_mark(status) or re.search(DONE, status_key(status)) is not None:
        return YES
    return NO if read_flag(status) is False or re.search(PLANNED, status_key(status)) is not None else UNKNOWN


def _is_mark(text: str) -> bool:
    """Whether a cell is a mark that something was done: a yes, a tick, or the day of it."""
    return read_flag(text) is True or text in _TICKS or _DAY.match(text) is not None


def from_them(direction: str) -> int:
    """Whether a direction says that it came from the customer, or from us; words for both say neither.

    >>> [from_them(text) for text in ("INCOMING_EMAIL", "EMAIL", "Gọi đến", "Gọi đi", "in/out", "A", "")]
    [1, 0, 1, 0, -1, -1, -1]
    >>> [from_them(text) for text in ("Khách hàng gọi", "Gọi cho khách", "KH → NV", "sales to customer", "from lead")]
    [1, 0, 1, 0, 1]
    >>> [from_them(text) for text in ("Missed", "Missed call", "Cuộc gọi nhỡ", "Gọi nhỡ")]
    [1, 1, 1, 1]
    """
    key = status_key(direction)
    for pattern, says in ((FROM_THEM, YES), (TO_THEM, NO)):
        if re.search(pattern, key) is not None:
            return says
    inbound, outbound = (re.search(pattern, key) is not None for pattern in (INBOUND, OUTBOUND))
    return UNKNOWN if inbound == outbound else int(inbound)


def both_spoke(outcome: str) -> int:
    """Whether an outcome says that both sides spoke, that nobody was there, or neither.

    >>> [both_spoke(word) for word in ("Answered", "No answer", "Đã nghe máy", "Không nghe máy", "left voicemail", "-")]
    [1, 0, 1, 0, 0, -1]
    """
    key = status_key(outcome)
    if re.search(NOBODY_THERE, key) is not None:
        return NO
    return YES if re.search(SPOKE, key) is not None else UNKNOWN
