"""Columns of few words, or of yes and no, that are not read: whether they may say that a row does not count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.inputs.spec import Input, Standing
from funnelcli.reading.cells import Cells
from funnelcli.reading.headers import header_key
from funnelcli.reading.sample import Sample, counted
from funnelcli.reading.unread import FEW_ROWS, Unread, moment_in
from funnelcli.text.regex import regex
from funnelcli.values.cells import read_flag
from funnelcli.values.channels import fold, matches
from funnelcli.values.codes import are_codes
from funnelcli.values.numbers import bare_number
from funnelcli.values.statuses import status_key
from funnelcli.values.terms import months_of_interval

MOST_WORDS = 25
MOST_LOOKED_AT = 300
OF_ATTRIBUTES = ("source", "medium", "plan", "currency", "owner")
NOTE_WORDS = 6  # what is longer on average is a note
STATE_WORDS = 4  # at most, of a note that says but what became of a row
TWO = 2  # words, like yes and no
FEWEST_MIXED, LEAST_MIXED = 2, 0.2  # rows of either word, by which yes and no say nothing of what is over

_COUNT = r"\b(counts?|number|total|times|so luong|so lan|tong)\b"


class Words(Struct, frozen=True, kw_only=True):
    """A column of words that may say whether a row counts: each word with its rows, the most frequent first.

    Under a header of what is ``hoped_for``, it is the rows of a no that may not count.
    """

    header: str
    rows: Mapping[str, int]
    hoped_for: bool = False

    @property
    def shown(self) -> str:
        """The words with their rows, of many the first ones.

        >>> Words(header="Type", rows={"charge": 40, "refund": 3}).shown
        'charge 40, refund 3'
        """
        words = [f"{word[:40] or '(empty)'} {number}" for word, number in self.rows.items()]
        return ", ".join(words[:5]) + (f", … (+{len(words) - 5})" if len(words) > 5 else "")

    @property
    def is_flags(self) -> bool:
        """Whether it holds but yes and no."""
        return all(read_flag(word) is not None for word in self.rows if word)

    @property
    def rarest(self) -> str:
        """The word of fewest rows; of a column that is mostly empty, anything that stands there.

        >>> Words(header="Fraud", rows={"no": 9, "yes": 1}).rarest
        'yes'
        >>> Words(header="converted", rows={"yes": 9, "no": 1}, hoped_for=True).rarest
        'no'
        """
        if self.is_flags:
            wanted = not self.hoped_for
            otherwise = "" if self.hoped_for and "" in self.rows else "no"
            return next((word for word in self.rows if word and read_flag(word) is wanted), otherwise)
        return "?*" if "" in self.rows else list(self.rows)[-1]


def telling_words(sample: Sample, columns: Sequence[Unread]) -> Iterator[Words]:
    """The columns of words that may say whether a row counts.

    A column tells nothing where all rows that count have the same word, where its header or its words are those of an
    attribute, or where it only says more of rows that are known to have ended.
    """
    words = _Words(sample)
    for column in columns:
        if (rows := words.of(column)) is not None:
            hoped_for = bool(re.search(sample.opened.input.beside.hoped_for, status_key(column.header)))
            yield Words(header=column.header, rows=rows, hoped_for=hoped_for)


def status_column(declared: Input) -> str | None:
    """The column that says what became of a row, where an input has one.

    >>> from funnelcli.inputs import INPUTS
    >>> status_column(INPUTS["paid_users"]), status_column(INPUTS["signups"])
    ('status', None)
    """
    if declared.statuses is not None:
        return declared.statuses.column
    return declared.outcome.status if declared.outcome is not None else None


class _Words:
    """What the words of a file's columns say, beside what of it is read."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._input = sample.opened.input
        self._given = sample.opened.settings.status
        size = sample.size
        self._counts = np.ones(size, dtype=bool)
        self._over = np.zeros(size, dtype=bool)  # by a status
        self._dated = np.zeros(size, dtype=bool)  # an end is given
        self._undated = np.zeros(size, dtype=bool)  # what was planned has no date on which it came about
        self._has_status = sample.opened.has(status_column(sample.opened.input) or "")
        self._read_status()
        named = [sample.column(name) for name in OF_ATTRIBUTES]
        self._known = {fold(text) for cells in named if cells is not None for text in cells.texts if text}

    def of(self, column: Unread) -> Mapping[str, int] | None:
        """The words of a column with their rows; None where they change no figure."""
        cells = self._sample.whole(self._sample.place(column))
        if cells is None:
            return None
        return self._of(column.header, cells) or self._noted(column.header, cells) or None

    def _of(self, header: str, cells: Cells) -> Mapping[str, int] | None:
        if self._input.beside.is_of_people(header_key(header)):
            return None
        rows = counted(cells, self._counts)
        filled = [word for word in rows if word][:MOST_LOOKED_AT]
        too_many = len(rows) > MOST_LOOKED_AT and not self._is_deciding(header)
        if too_many or self._is_of_no_state(header, filled):
            return None
        are_known = _are_words(filled) or (self._is_deciding(header) and _are_marks(filled, rows))
        if not filled or not are_known or self._is_explained(header, cells, rows):
            return None
        still = counted(cells, self._counts & ~self._over & ~self._dated)
        if len(rows) == 1 and self._has_status:
            return None
        is_ticked = "" in rows and all(read_flag(word) for word in filled)
        said = [*filled, "no"] if is_ticked and self._header_says(header) is Standing.PAYING else filled
        says = [self._says(header, word, is_still=(word if word in rows else "") in still) for word in said]
        if says.count(None) == 0 and True not in says:
            # All is understood, and known anyway; but for who by the reason of the end has gone on.
            return rows if self._goes_on(header, filled) else None
        if True in says and (self._is_deciding(header) or 2 * says.count(None) <= len(says)):
            return rows
        if len(rows) == 1 or self._are_attributes(header, rows) or self._are_mixed(header, cells, filled):
            return None
        odd = (
            f"{self._input.beside.unreal}|{self._input.beside.once}" if self._input.stays else self._input.beside.unreal
        )
        is_after_sale = re.search(self._input.beside.after_sale, header_key(header))
        is_odd = not is_after_sale and any(re.search(odd, status_key(word)) for word in filled)
        are_signs = all(map(_is_sign, "".join(filled)))  # which say how it goes, whatever of
        return rows if is_odd or are_signs or not self._is_attribute(header, filled) else None

    def _noted(self, header: str, cells: Cells) -> Mapping[str, int]:
        """The notes that say of rows which count that they do not pay, or no longer do."""
        if not _NOTES.search(header_key(header)):
            return {}
        still = counted(cells, self._counts & ~self._over & ~self._dated)
        said = {word: self._standing(word) for word in still if word and len(word.split()) <= STATE_WORDS}
        return {word: still[word] for word, says in said.items() if says in (Standing.ENDED, Standing.NOT_PAYING)}

    def _goes_on(self, header: str, filled: Sequence[str]) -> bool:
        """Whether a header is of ends, and a word under it says that somebody pays."""
        is_of_ends = self._header_says(header) is Standing.ENDED or _END.search(header_key(header)) is not None
        return (
            is_of_ends
            and bool(self._dated.any())
            and any(read_flag(word) is None and self._standing_of(header, word) is Standing.PAYING for word in filled)
        )

    def _read_status(self) -> None:
        """Which rows count, and which are over, by the columns that are read."""
        declared, outcome = self._input, self._input.outcome
        if declared.stays is not None and (ends := self._sample.column(declared.stays.end)) is not None:
            self._dated |= ends.that(bool)
        if declared.statuses is not None and (said := self._sample.column(declared.statuses.column)) is not None:
            self._over |= said.that(lambda text: self._standing(text) is Standing.ENDED)
            self._counts &= ~said.that(self._is_left_out(said.texts))
        if outcome is not None and (done := self._sample.column(outcome.date)) is not None:
            self._undated |= ~done.that(bool)
        for name in (outcome.status, *outcome.undone) if outcome is not None else ():
            if (said := self._sample.column(name)) is not None:
                self._over |= said.that(self._is_denied if outcome and name == outcome.status else _is_undone)

    def _is_left_out(self, texts: Sequence[str]) -> Callable[[str], bool]:
        """Whether rows of a status are not counted: they do not pay, or are of a deal that nothing says is won."""
        statuses = self._input.statuses
        header = self._sample.opened.columns.header_of(status_column(self._input) or "") or ""
        keys = (header_key(header), *map(status_key, texts))
        is_pipeline = statuses is not None and any(re.search(statuses.pipeline, key) for key in keys)
        left_out = {Standing.NOT_PAYING, Standing.UNKNOWN} if is_pipeline else {Standing.NOT_PAYING}
        return lambda text: self._standing(text) in left_out and (bool(text) or is_pipeline)

    def _is_explained(self, header: str, cells: Cells, rows: Mapping[str, int]) -> bool:
        """Whether a column that is empty in some rows only says more of rows that are known to be over."""
        if "" not in rows:
            return False
        filled = self._counts & cells.that(bool)
        if not (filled & ~self._over).any():
            return True
        some_last = self._dated.sum() < self._counts.sum() and 2 * filled.sum() >= self._dated.sum()
        is_of_ends = self._header_says(header) is Standing.ENDED or some_last
        return is_of_ends and not (filled & ~self._over & ~self._dated).any()

    def _are_mixed(self, header: str, cells: Cells, filled: Sequence[str]) -> bool:
        """Whether yes and no stand both among the rows that are known to be over and among the others.

        What says whether a row counts says the same of nearly all that are over.
        """
        if self._is_deciding(header) or any(read_flag(word) is None for word in filled):
            return False
        affirmed, given = (cells.that(lambda text: read_flag(text) is True), cells.that(bool))
        over = self._over | self._dated | self._undated
        groups = [self._counts & given & chosen for chosen in (over, ~over)]
        numbers = [(int((rows & affirmed).sum()), int((rows & ~affirmed).sum())) for rows in groups]
        return all(min(pair) >= max(FEWEST_MIXED, LEAST_MIXED * sum(pair)) for pair in numbers)

    # --- what is understood ---------------------------------------------------------------------------------------

    def _standing(self, text: str) -> Standing:
        declared = self._input.statuses
        if declared is None or not text:
            return Standing.UNKNOWN
        given = (group for group in declared.groups if matches(text, self._given.get(group.value, ())))
        return next(given, declared.says(text))

    def _header_says(self, header: str) -> Standing:
        """What a header says of the rows in which a yes stands under it."""
        beside, key = self._input.beside, status_key(header)
        if re.search(f"{beside.apart}|{beside.after_sale}", key):
            return Standing.UNKNOWN
        if self._input.statuses is not None:
            return self._input.statuses.standing(key)
        outcome, title = self._input.outcome, fold(header.replace("_", " "))
        if outcome is None:
            return Standing.UNKNOWN
        if outcome.says_no(title):
            return Standing.ENDED
        return Standing.PAYING if outcome.affirms(title) else Standing.UNKNOWN

    def _says(self, header: str, word: str, *, is_still: bool) -> bool | None:
        """Whether a word is understood to say that its rows do not count, though they would; None: it is not known."""
        standing = self._standing_of(header, word)
        if standing is Standing.UNKNOWN:
            return None
        return standing is Standing.NOT_PAYING or (standing is Standing.ENDED and is_still)

    def _standing_of(self, header: str, word: str) -> Standing:
        """What a word under a header says of its rows, or the header above a yes or no."""
        if (flag := read_flag(word)) is not None:
            says_of = self._header_says(header)
            if flag or says_of is Standing.UNKNOWN:
                return says_of
            return self._denied(header) if says_of is Standing.PAYING else Standing.PAYING
        if self._input.outcome is None:
            return self._standing(word)
        if self._is_denied(word):
            return Standing.ENDED
        return Standing.PAYING if fold(word) in self._input.outcome.yes else Standing.UNKNOWN

    def _denied(self, header: str) -> Standing:
        """What a no says under a header that is of who pays: who is not active has left, who has not paid never did."""
        statuses, key = self._input.statuses, re.sub(r"^(is|are|still|con|dang) ", "", status_key(header))
        is_over = statuses is not None and statuses.standing(f"not {key}") is Standing.ENDED
        return Standing.ENDED if is_over else Standing.NOT_PAYING

    def _is_denied(self, text: str) -> bool:
        outcome = self._input.outcome
        if outcome is None or not text:
            return False
        return matches(text, self._given.get("not_held", ())) or outcome.denies(fold(text))

    def _is_deciding(self, header: str) -> bool:
        """Whether a header is of what became of a row, or has a word in it that says that it does not count."""
        says = self._header_says(header)
        return self._input.beside.is_telling(header_key(header)) or says in (Standing.NOT_PAYING, Standing.ENDED)

    # --- what is harmless -----------------------------------------------------------------------------------------

    def _is_of_no_state(self, header: str, filled: Sequence[str]) -> bool:
        """Whether words are of settings, of nothing but what was planned, or of contracts that are new and renewed."""
        keys = [status_key(word) for word in filled]
        statuses, key = self._input.statuses, header_key(header)
        if statuses is not None and _CONTRACT.search(key) and all(map(statuses.all_pay, keys)):
            return True
        is_of_kinds = re.search(self._input.beside.kinds, key) and not _STATE.search(key)
        if statuses is not None and is_of_kinds and all(map(_OF_BUSINESS.fullmatch, keys)):
            return True
        if self._input.outcome is not None and all(re.search(self._input.beside.planned, word) for word in keys):
            return True
        return self._input.beside.is_setting(header_key(header), keys)

    def _is_attribute(self, header: str, filled: Sequence[str]) -> bool:
        """Whether a header is of an attribute of people, or above yes and no of nothing that decides."""
        beside, key = self._input.beside, header_key(header)
        if all(word in ("0", "1") for word in filled) and re.search(f"{beside.numbers}|{_COUNT}", key):
            return True
        if all(read_flag(word) is not None for word in filled):
            return beside.is_flag_of_attributes(key)
        if len(filled) <= TWO and beside.is_flag_of_attributes(key) and not self._is_deciding(header):
            return True  # on and off, subscribed and unsubscribed
        return beside.is_attribute(key) and not self._is_deciding(header)

    def _are_attributes(self, header: str, rows: Mapping[str, int]) -> bool:
        """Whether words are codes, names, numbered labels or notes, or the words of a column that is read."""
        filled = [word for word in rows if word]
        are_of_places = are_codes(filled) and (len(filled) > TWO or not self._is_deciding(header))
        if are_of_places or {fold(word) for word in filled} <= self._known:
            return True
        if all(re.fullmatch(self._input.beside.legal_forms, status_key(word)) for word in filled):
            return True
        key = header_key(header)
        is_id = _ID.search(key) is not None and not re.search(self._input.beside.telling, key)
        if is_id and len(filled) > 1 and all(map(_CODE.fullmatch, filled)):
            return True
        if self._is_deciding(header):
            return False
        number = sum(count for word, count in rows.items() if word)
        few = max(2, min(MOST_WORDS, number // 2))
        if number <= FEW_ROWS:
            few = FEW_ROWS if "" in rows else max(3, number - 1)
        shapes = {re.sub(r"\d+", "#", word) for word in filled}
        is_numbered = len(filled) > 1 and len(shapes) == 1 and "#" in next(iter(shapes)) and shapes != {"#"}
        return len(filled) > few or is_numbered or sum(len(word.split()) for word in filled) > NOTE_WORDS * len(filled)


_CONTRACT = regex(
    r"\b(contracts?|agreements?|orders?|deals?|hop dong|hd|don hang)\b.*\b(types?|kinds?|loai)\b"
    r"|\bloai (hop dong|hd|don)\b"
)
_OF_BUSINESS = regex(
    r"(new|existing|current)( (business|customers?|clients?|accounts?|logo|deals?))?|renewals?|upsell|moi|ky moi"
    r"|gia han|tai ky"
)
_END = regex(r"\bend\b")
_NOTES = regex(r"\b(notes?|comments?|remarks?|memo|ghi chu|chu thich|nhan xet)\b")
_STATE = regex(r"\b(state|action|event|su kien)\b")
_OF_NO_YEAR = regex(r"(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])")  # a day and a month
_ID = regex(r"\b(ids?|uuid|guid|no|number|num|ref|reference|code|key|ma|so)\b")
_CODE = regex(r"[^\W_]*[-_./]?\w*\d\w*(?:[-_./]\w+)*")  # a word with a number in it: 006A, CN-1, ev0


def _is_undone(text: str) -> bool:
    return bool(text) and read_flag(text) is not False


def _are_words(filled: Sequence[str]) -> bool:
    """Whether cells are words, or yes and no, and no numbers, dates or terms."""
    if all(read_flag(word) is not None for word in filled):
        return True
    is_word = [
        (any(letter.isalpha() or _is_sign(letter) for letter in word) or _OF_NO_YEAR.fullmatch(word) is not None)
        and bare_number(word) is None
        and moment_in(word) is None
        for word in filled
    ]
    return all(is_word) and not all(months_of_interval(word) is not None for word in filled)


def _is_sign(letter: str) -> bool:
    """Whether a character is a sign like a tick, a star or a coloured circle."""
    return unicodedata.category(letter) == "So"


def _are_marks(filled: Sequence[str], rows: Mapping[str, int]) -> bool:
    """Whether cells are a few numbers that many rows have, as the codes of states are; a year is one too."""
    number = sum(count for word, count in rows.items() if word)
    few = len(filled) <= FEW_ROWS and 2 * len(filled) <= max(number, 2)
    return few and all(word.isascii() and word.isdigit() and len(word) <= len("2026") for word in filled)
