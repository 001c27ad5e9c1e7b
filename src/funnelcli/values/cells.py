"""Cells made clean: white space, words that mean nothing, people's ids, yes and no.

Every cell arrives as text.  What a date or a number means is read in ``dates`` and ``numbers``.
"""

import re
import unicodedata
from collections.abc import Sequence

from funnelcli.text.regex import regex
from funnelcli.values.many import in_lines

NULL_WORDS = frozenset(
    {
        "", "null", "none", "nan", "na", "n/a", "#n/a", "#na", "nat", "nil", "-", "--", "–", "—", "(null)",
        "(blank)", "blank", "undefined", "\\n", "trống", "(trống)", "không có", "chưa có", "#value!", "#ref!",
    }
)  # fmt: skip

NULL_STARTS = frozenset(word[:1] for word in NULL_WORDS) | frozenset(word[:1].upper() for word in NULL_WORDS)
_NULL_LONGEST = 2 * max(map(len, NULL_WORDS))  # decomposed letters are two characters
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"


class Exact(str):
    """Text of a number that a typed file (a workbook, Parquet) gave: the point in it is the decimal mark.

    It equals no plain text, which may mean another number in the same letters.

    >>> Exact("1.500") == "1.500", Exact("1.500") == Exact("1.500"), len({Exact("1.500"), "1.500"})
    (False, True, 2)
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Exact) and str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(("exact", str(self)))


def clean(text: str) -> str:
    """The cell without white space and invisible marks around it; words that mean nothing become empty.

    >>> clean(" N/A "), clean(" An "), clean('="001"')
    ('', 'An', '001')
    """
    stripped = text.strip()
    if not stripped.isascii():
        stripped = stripped.strip(_INVISIBLE).strip()
    if stripped[:2] == '="' and stripped[-1:] == '"':
        stripped = stripped[2:-1].strip()  # how a CSV keeps Excel from turning 001 into 1
    if stripped[:1] in NULL_STARTS and len(stripped) <= _NULL_LONGEST:
        word = stripped if stripped.isascii() else unicodedata.normalize("NFC", stripped)
        if word.casefold() in NULL_WORDS:
            return ""
    return stripped


def clean_number(text: str) -> str:
    """A cell that holds a number, cleaned; a number that a typed file gave stays known as one.

    >>> isinstance(clean_number(Exact("1.5")), Exact)
    True
    """
    return text if isinstance(text, Exact) else clean_value(text)


# Characters that may have to go from the edge of a cell: a column without them, as ids mostly are, has clean edges.
_EDGES = (" ", "\t", '"', "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f")
_AT_EDGES = ('="', " \n", "\n ", "\t\n", "\n\t", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f")


def clean_column(cells: Sequence[str], likely: Sequence[str] | None = None) -> Sequence[str]:
    """Every cell cleaned; a column in which all are clean already, as ids mostly are, is told at a glance.

    ``likely`` are the cells among which every one that means nothing is, where these are known.

    >>> clean_column([" a", "N/A", "b"])
    ['a', '', 'b']
    """
    joined = in_lines(cells)
    if joined.isascii() and "\n\n" not in joined and joined == joined.strip() and not _has_edges(joined):
        if likely is None:
            starts = {cell[:1] for cell in cells}
            likely = () if starts.isdisjoint(NULL_STARTS) else cells
        if NULL_WORDS.isdisjoint(map(str.lower, likely)):
            return cells
    return list(map(clean, cells))


def _has_edges(joined: str) -> bool:
    """Whether a cell of a column joined by line breaks has anything at its edge that does not belong to it."""
    return any(mark in joined for mark in _EDGES) and any(edge in joined for edge in _AT_EDGES)


def clean_ids(cells: Sequence[str]) -> Sequence[str]:
    """Cleaned cells as ids; the same as :func:`clean_id` of each.

    >>> clean_ids(["An@Example.vn", "u1"])
    ['an@example.vn', 'u1']
    """
    joined = in_lines(cells)
    if joined.isascii() and "'" not in joined:
        if "@" not in joined:
            return cells
        lower = joined.lower()
        if "<" not in lower and "mailto:" not in lower and lower.count("\n") == len(cells) - 1:
            if lower == joined:
                return cells
            return [small if "@" in small else cell for cell, small in zip(cells, lower.split("\n"), strict=True)]
    return list(map(clean_id, cells))


# With an exponent that has a sign, or a mark and an exponent: 8.49E+10, 8e+10, 8,49E10; 1e5 may be an id of hexadecimal
# digits.  Of more than 15 digits a spreadsheet and a float keep only the first.
SHORTENED = r"[0-9]+(?:[.,][0-9]+)?[eE]\+[0-9]+|[0-9]+[.,][0-9]+[eE][0-9]+|[0-9]{16,}[.,]0"
_SHORTENED = regex(SHORTENED)
_A_SHORTENED = regex(rf"^(?:{SHORTENED})$", re.MULTILINE)


def is_shortened(cell: str) -> bool:
    """Whether a spreadsheet wrote a long number in short, so that different ids look alike.

    >>> is_shortened("8.49123E+10"), is_shortened("8e+10"), is_shortened("84912345678"), is_shortened("1e5")
    (True, True, False, False)
    """
    return bool(_SHORTENED.fullmatch(cell))


LOADING = r"(?i:loading *(?:\.\.\.|…))|Err:[0-9]{3}"
# A formula as it was written, in the place of what it comes to.
FORMULA = r"=[A-Z]{1,3}[0-9]{1,7}|=[A-Z][A-Z0-9.]*[(].*"
SPOILT = f"{SHORTENED}|{LOADING}|{FORMULA}"
_ERROR_VALUE = regex(rf"#¡?[^\W\d_]{{2}}\S{{0,12}}[!?]|(?i:#n/?[a-z])|#GETTING_DATA|#{{2,}}|{LOADING}|{FORMULA}")


def is_error_value(cell: str) -> bool:
    """Whether a cell is what a spreadsheet shows in the place of a value: a failed formula, or a column too narrow.

    The errors are told by their shape, for Excel translates their names.

    >>> [is_error_value(cell) for cell in ("#REF!", "#N/A", "#NOM?", "Loading...", "########", "#1", "An")]
    [True, True, True, True, True, False, False]
    >>> [is_error_value(cell) for cell in ("Err:502", "=A2", "=VLOOKUP(A2;B:C;2)", "Error", "=", "=>")]
    [True, True, True, False, False, False]
    """
    if cell[:1] not in ("#", "L", "l", "E", "=") or not _ERROR_VALUE.fullmatch(cell):
        return False
    return cell[:1] != "#" or cell == cell.upper() or len(cell) == 4


def may_be_spoilt(cells: Sequence[str]) -> bool:
    """Whether any of many cells may be a shortened number or an error, told at a glance: most columns have none.

    >>> may_be_spoilt(["u1", "u2"]), may_be_spoilt(["u1", "8e+10"])
    (False, True)
    """
    joined = in_lines(cells)
    # One letter is looked for many times as fast as two: of most columns these are not there.
    marks = (mark for letter, marks in _SPOILT.items() if letter in joined for mark in marks)
    return any(mark in joined for mark in marks) or (
        ("." in joined or "," in joined) and _A_SHORTENED.search(joined) is not None
    )


_SPOILT = {"#": ("#",), "=": ("=",), "+": ("e+", "E+"), "g": ("oading",), "G": ("OADING",), ":": ("Err:",)}


def clean_value(text: str) -> str:
    """A cell cleaned in which a spreadsheet's error is not empty: what stood there is lost, not left out.

    >>> clean_value(" #N/A "), clean_value("N/A")
    ('#N/A', '')
    """
    cleaned = clean(text)
    if not cleaned and "#" in text:
        stripped = text.strip()
        return stripped if is_error_value(stripped) else cleaned
    return cleaned


def clean_values(cells: Sequence[str], likely: Sequence[str] | None = None) -> Sequence[str]:
    """Every cell of a column as :func:`clean_value` cleans it.

    >>> clean_values([" a", "#N/A", "N/A"])
    ['a', '#N/A', '']
    """
    return list(map(clean_value, cells)) if "#" in in_lines(cells) else clean_column(cells, likely)


# What mail programs and spreadsheets write around an address: a name before it, pointed brackets, the name of a link.
_ADDRESS = regex(r"(?:[^<>@]*<)?\s*(?:mailto:)?\s*([^\s<>@,;|:]+@[^\s<>@,;|?]+)(?:\?[^\s<>@]*)?\s*>?", re.IGNORECASE)


def _address_in(text: str) -> str:
    """The address that a cell holds; the cell itself where it holds anything else, as several addresses.

    >>> _address_in("Ann Lee <ann@x.com>"), _address_in("mailto:ann@x.com"), _address_in("a@x.com; b@x.com")
    ('ann@x.com', 'ann@x.com', 'a@x.com; b@x.com')
    """
    if not ("<" in text or "mailto:" in text.lower()):
        return text
    address = _ADDRESS.fullmatch(text)
    return address[1] if address else text


def clean_id(text: str) -> str:
    """A person's id as it is compared: trimmed, NFC, Shopify's leading apostrophe gone, e-mails in lower case.

    Of an address with a name, in brackets or of a link, only the address is the id.

    >>> clean_id(" 'An@Example.vn "), clean_id("An <An@Example.vn>")
    ('an@example.vn', 'an@example.vn')
    """
    known = clean(text)
    while known[:1] == "'":  # cleaned to the end, so that a cleaned id cleans to itself
        known = clean(known.lstrip("'"))
    if "@" in known:
        known = _address_in(known)
        return known.lower() if known.isascii() else unicodedata.normalize("NFC", known).casefold()
    return known if known.isascii() else unicodedata.normalize("NFC", known)


YES = frozenset({"true", "t", "yes", "y", "1", "1.0", "x", "có", "đúng", "existing", "registered"})
NO = frozenset({"false", "f", "no", "n", "0", "0.0", "không", "sai", "new"})


def read_flag(text: str) -> bool | None:
    """True or False for the usual words in English and Vietnamese; None for others.

    >>> read_flag("Có"), read_flag("0"), read_flag("maybe")
    (True, False, None)
    """
    word = unicodedata.normalize("NFC", text).casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    return None
