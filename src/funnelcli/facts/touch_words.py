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
    ANSWERED,
    CALLED_OFF,
    DONE,
    FROM_THEM,
    INBOUND,
    NO_ANSWER,
    NOBODY_THERE,
    OUTBOUND,
    PLANNED,
    SAID_NO,
    SPOKE,
    TELLING,
    TO_THEM,
    UNDELIVERED,
)
from funnelcli.problems import Problem, problem
from funnelcli.reading.opening import Opened
from funnelcli.reading.tables import Table
from funnelcli.text import COMMA, Message, Text, as_text, joined
from funnelcli.text.plain import plain
from funnelcli.values.cells import read_flag
from funnelcli.values.channels import fold, matches
from funnelcli.values.statuses import are_shares, status_key, whole_shares

NO, YES, UNKNOWN = 0, 1, -1
MOST_SHOWN = 5
_TICKS = frozenset("✓✔☑✅")
_MISSED = r"^(cuoc )?(goi )?(missed|nho)\b"
_OUTRIGHT = TELLING["direction"] + r"|\b(incoming|inbound|outgoing|outbound)\b"
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?\b")
_DONE, _PLANNED = (
    Message("they count as done"),
    Message("they count as planned, since all are later than what was done"),
)
_OUTCOME = Message("they count as done, since most have an outcome")
_NUMBERED = Message("{text} ({n} [row|rows])")
_NOT_SPOKEN, _MET = Message("these count as if they did not"), Message("what was met for counts as if they did")
Given = Mapping[str, Sequence[str]]


class Words(Struct, frozen=True, kw_only=True, eq=False):
    """Of each row whether it was done, came from the other side or from ours, and whether they spoke, or nobody did.

    ``completed`` is what a status says was done, ``undelivered`` what it says reached nobody.
    """

    done: np.ndarray
    completed: np.ndarray
    undelivered: np.ndarray
    theirs: np.ndarray
    ours: np.ndarray
    spoke: np.ndarray
    nobody: np.ndarray
    problems: Sequence[Problem]


def words_of(table: Table, rows: Rows, met: np.ndarray, called: np.ndarray) -> Words:
    """What the words of the rows say, each file by its own, and by what the settings say of it.

    ``met`` are meetings by their kind, ``called`` calls: a call that was missed is one of theirs.
    """
    size = len(rows)
    said = {name: np.zeros(size, dtype=bool) for name in ("undone", "completed", "undelivered", "spoke", "nobody")}
    side = np.full(size, UNKNOWN)
    problems: list[Problem] = []
    for file, opened in enumerate(table.files):
        mine = np.flatnonzero(rows["file"] == file) if len(table.files) > 1 else np.arange(size)
        of_file = _OfFile(rows, mine, opened.name, opened.settings.status, met[mine])
        for name in _telling(opened, "status"):
            for key, which in of_file.status(name).items():
                said[key][mine] |= which
        for name in _telling(opened, "outcome"):
            for key, which in of_file.outcome(name).items():
                said[key][mine] |= which
        for name in _telling(opened, "direction"):
            side[mine] = np.where(side[mine] == UNKNOWN, of_file.side(name), side[mine])
        side[mine] = np.where(side[mine] == UNKNOWN, of_file.side_by_kind(), side[mine])
        side[mine] = np.where((side[mine] == UNKNOWN) & called[mine] & of_file.missed(opened), YES, side[mine])
        problems += of_file.problems
    return Words(
        done=~said["undone"], completed=said["completed"], undelivered=said["undelivered"], theirs=side == YES,
        ours=side == NO, spoke=said["spoke"] & ~said["nobody"], nobody=said["nobody"], problems=problems,
    )  # fmt: skip


def _telling(opened: Opened, role: str) -> list[str]:
    """The columns of a file that say one thing of its rows: the usual one, and others that are told by their cells."""
    return [column.name for column in opened.known_columns if column.name.partition(":")[0] == role]


class _OfFile:
    """The rows of a file, and what its words say."""

    def __init__(self, rows: Rows, mine: np.ndarray, name: str, given: Given, met: np.ndarray) -> None:
        self._rows, self._mine, self._name, self._given, self._met = rows, mine, name, given, met
        self.problems: list[Problem] = []

    def status(self, name: str) -> Mapping[str, np.ndarray]:
        """What the words of a status say: what was not done, what was, what reached nobody, and who was there."""
        words = self._words(name)
        given = np.array([self._said(text, "done", "not_done") is not None for text in words.texts], dtype=bool)

        def those(pattern: str) -> np.ndarray:
            fits = [re.search(pattern, status_key(text)) is not None for text in words.texts]
            return np.asarray((np.array(fits, dtype=bool) & ~given)[words.codes])

        done, nobody, undelivered = self.done(name), those(NO_ANSWER), those(UNDELIVERED)
        filled = words.that(bool)
        return {
            "undone": ~done, "completed": done & filled & ~nobody & ~undelivered, "undelivered": undelivered,
            "nobody": nobody, "spoke": those(ANSWERED) & ~nobody,
        }  # fmt: skip

    def outcome(self, name: str) -> Mapping[str, np.ndarray]:
        """What the words of an outcome say: whether both sides spoke, or that it has not come about."""
        says = self.spoke(name)
        words = self._words(name)
        off = [self._said(text, "spoke", "not_spoke") is None and is_called_off(text) for text in words.texts]
        return {"spoke": says == YES, "nobody": says == NO, "undone": np.array(off, dtype=bool)[words.codes]}

    def missed(self, opened: Opened) -> np.ndarray:
        """Which calls were missed, by their status or outcome."""
        missed = np.zeros(len(self._mine), dtype=bool)
        for name in (*_telling(opened, "status"), *_telling(opened, "outcome")):
            missed |= self._words(name).that(lambda text: re.search(_MISSED, status_key(text)) is not None)
        return missed

    def side_by_kind(self) -> np.ndarray:
        """What the kinds say of whose doing it was, where they say it outright: "Gọi nhỡ", "INCOMING_EMAIL"."""
        words = self._words("kind")
        says = [from_them(text) if re.search(_OUTRIGHT, status_key(text)) else UNKNOWN for text in words.texts]
        return np.asarray(np.array(says, dtype=np.int64)[words.codes])

    def done(self, name: str) -> np.ndarray:
        """Whether each was done: what nothing tells was."""
        words = self._words(name)
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

    def side(self, name: str) -> np.ndarray:
        """YES of what came from the other side, NO of what came from ours, UNKNOWN where nothing tells it."""
        words = self._words(name)
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

    def spoke(self, name: str) -> np.ndarray:
        """YES where both sides spoke, NO where nobody was there, UNKNOWN where nothing tells it."""
        words = self._words(name)
        says = np.array([self._both_spoke(text) for text in words.texts], dtype=np.int64)
        for which, why in ((~self._met, _NOT_SPOKEN), (self._met, _MET)):
            number = np.bincount(words.codes[which], minlength=len(words.texts))
            open_ = [
                place for place in np.flatnonzero((says == UNKNOWN) & (number > 0)).tolist()
                if words.texts[place] and not is_called_off(words.texts[place])
            ]  # fmt: skip
            self._say_of("activity-outcome-not-known", words, number, np.array(open_, dtype=np.int64), why=why)
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
    >>> [was_done(word) for word in ("No answer", "Không nghe máy", "Busy", "Khách vắng mặt", "Chưa gọi", "Queued")]
    [1, 1, 1, 1, 0, 0]
    """
    key = status_key(status)
    if _is_mark(status) or any(re.search(pattern, key) is not None for pattern in (NO_ANSWER, DONE, ANSWERED)):
        return YES
    if re.search(UNDELIVERED, key) is not None:
        return YES
    is_planned = any(re.search(pattern, key) is not None for pattern in (PLANNED, CALLED_OFF))
    return NO if is_planned or read_flag(status) is False else UNKNOWN


def is_called_off(outcome: str) -> bool:
    """Whether an outcome is by itself the status of what has not come about.

    >>> [is_called_off(word) for word in ("Scheduled", "CANCELED", "Đã hủy", "No show", "Demo scheduled")]
    [True, True, True, False, False]
    """
    return re.search(CALLED_OFF, status_key(outcome)) is not None


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
    >>> [both_spoke(word) for word in ("Not interested", "Khách từ chối", "Khách vắng mặt", "No show")]
    [1, 1, 0, 0]
    """
    key = status_key(outcome)
    if re.search(SAID_NO, key) is not None and re.search(NO_ANSWER, key) is None:
        return YES
    if re.search(NOBODY_THERE, key) is not None:
        return NO
    return YES if re.search(SPOKE, key) is not None else UNKNOWN
