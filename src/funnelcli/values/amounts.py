"""Amounts and shares as people write them, read into exact fractions: ``12 tỷ``, ``500tr``, ``1.2m``, ``4%``."""

import re
import unicodedata
from fractions import Fraction

from funnelcli.text import Message, TextError
from funnelcli.text.regex import regex
from funnelcli.values.currencies import currencies_in, without_currency_around
from funnelcli.values.digits import GROUPING, DecimalMark, exact, mark_of, other_than, whole_and_fraction

_SCALES = {
    **dict.fromkeys(("k", "nghìn", "nghin", "ngàn", "ngan", "thousand"), 10**3),
    **dict.fromkeys(("m", "mn", "mil", "million", "tr", "triệu", "trieu"), 10**6),
    **dict.fromkeys(("b", "bn", "billion", "tỷ", "tỉ", "ty", "ti"), 10**9),
}
# Words that are Vietnamese: an amount with one of them is in đồng, unless it names another currency.
_VIETNAMESE = frozenset(
    ("nghìn", "nghin", "ngàn", "ngan", "tr", "triệu", "trieu", "tỷ", "tỉ", "ty", "ti", "rưỡi", "rưởi", "ruoi")
)
_HALF = frozenset(("rưỡi", "rưởi", "ruoi"))
# After these units tenths may be written at once: 1tr5 is 1.5 million.
_WITH_TENTHS = frozenset(("k", *_VIETNAMESE - _HALF))
_PART = regex(rf"(?P<number>\d[\d.,{GROUPING}]*)(?P<words>[^\W\d_]+(?:\s+[^\W\d_]+)*)?\s*")
_NOT_FROM_0 = Message("{text} is not an amount from 0 up")
_NO_AMOUNT = Message("{text!r} is not an amount; write it like 12_000_000, 12 tỷ, 500tr or 1.2m")
_TWO_UNITS = Message("{text!r} could be {whole} or {other} times the unit; write it plainly")
_HALF_OF_WHAT = Message("{text!r} could be half of which unit; write it like 2.5 tỷ")
_TENTHS_OR_ANOTHER = Message(
    "{text!r} could be {tenths}, or {digits} of a smaller unit more; write it like 1,2 tỷ or 1 tỷ 200 triệu"
)
_NOT_THREES = Message("{text!r} is not an amount; its digits are not in groups of three")
_NO_SHARE = Message("{text!r} is not a share; write it like 4%, 0.04 or 1/25")
_TWO_WAYS = Message("{text!r} could be read in two ways; write it without the last zeros, or without the mark")
_PERCENT_OR_TIMES = Message("{text!r} may mean {bare} % or {bare} times; write it like {bare}%")
_BELOW_0 = Message("{text!r} is below 0; write it like 4%, 0.04 or 1/25")
_MONEY = Message("{text!r} is an amount of money, and a number is wanted")
_NOT_WHOLE = Message("{text!r} is not a whole number")
_SPACES = regex(f"[{GROUPING}]")
_SPACED = regex(rf"\d{{1,3}}(?:[{GROUPING}]\d{{3}})+(?:[.,]\d+)?")


def parse_amount(text: str | float) -> Fraction:
    """An amount of money, or any number from 0 up, as people write it.

    TextError says what cannot be read, and how to write it instead.

    >>> [int(parse_amount(text)) for text in ("12 tỷ", "500tr", "1.2m", "12_000_000", "$25,000.00", "1 tỷ 200 triệu")]
    [12000000000, 500000000, 1200000, 12000000, 25000, 1200000000]
    >>> [int(parse_amount(text)) for text in ("2 tỷ rưỡi", "1tr5", "1tr250")]
    [2500000000, 1500000, 1250000]
    """
    if isinstance(text, int | float):
        if isinstance(text, bool) or not 0 <= text < float("inf"):
            raise TextError(_NOT_FROM_0.filled(text=text))
        return Fraction(str(text))
    bare = unicodedata.normalize("NFC", text).casefold().strip()
    bare = without_currency_around(bare)
    total, place, smallest = Fraction(0), 0, None
    before: re.Match[str] | None = None
    while place < len(bare):
        part = _PART.match(bare, place)
        if part is not None and before is not None and not part["words"]:
            return total + _tenths(before, part, text)
        words = (part["words"] or "").split() if part else []
        half = bool(words) and words[-1] in _HALF
        scale = _scale(" ".join(words[:-1] if half else words)) if part else None
        # After "1 tỷ" may come "200 triệu", but neither "200" (of what?) nor another "2 tỷ".
        if part is None or scale is None or (smallest is not None and scale >= smallest) or (place and scale == 1):
            raise TextError(_NO_AMOUNT.filled(text=text))
        number = part["number"].strip()
        if half and (part.end() < len(bare) or len(words) != 2 or not number.isdigit()):
            raise TextError(_HALF_OF_WHAT.filled(text=text))
        total += (_number(number, text, scaled=scale > 1) + (Fraction(1, 2) if half else 0)) * scale
        place, smallest, before = part.end(), scale, part
    if not place:
        raise TextError(_NO_AMOUNT.filled(text=text))
    return total


def _tenths(unit: re.Match[str], part: re.Match[str], text: object) -> Fraction:
    """What digits at once behind a unit add: 1tr5 is 1.5 million, and 1tr250 as well 1.25 as 1 and 250 thousand.

    Two digits could be either, and behind a space they could be a number of their own.
    """
    digits, words = part["number"].strip(), unit["words"].split()
    whole = unit["number"].strip()
    if (
        part.end() < len(part.string) or len(words) != 1 or words[0] not in _WITH_TENTHS
        or not digits.isdigit() or not whole.isdigit() or len(digits) > 3
    ):  # fmt: skip
        raise TextError(_NO_AMOUNT.filled(text=text))
    scale = _scale(words[0])
    assert scale is not None
    if len(digits) == 2 or part.string[part.start() - 1].isspace():
        tenths = f"{f'{whole}.{digits}'.rstrip('0').rstrip('.')} {words[0]}"
        raise TextError(_TENTHS_OR_ANOTHER.filled(text=text, tenths=tenths, digits=digits))
    return Fraction(int(digits), 10 ** len(digits)) * scale


def is_in_dong(text: str) -> bool:
    """Whether an amount is in đồng by its unit: it has a Vietnamese one, and names no currency.

    >>> is_in_dong("12 tỷ"), is_in_dong("500tr USD"), is_in_dong("1.2m")
    (True, False, False)
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    units = re.findall(r"(?<=\d)\s*([^\W\d_]+(?:\s+[^\W\d_]+)*)", without_currency_around(folded.strip()))
    words = {word for unit in units for word in unit.split()}
    return not currencies_in(text) and not words.isdisjoint(_VIETNAMESE)


def _scale(words: str | None) -> int | None:
    scale = 1
    for word in (words or "").split():
        if word not in _SCALES:
            return None
        scale *= _SCALES[word]
    return scale


def _number(digits: str, text: object, *, scaled: bool) -> Fraction:
    """Digits with marks.

    A lone mark before three digits groups thousands (nobody writes thousandths of money), but before a word such as
    tỷ it may be either, and is refused.
    """
    plain = _SPACES.sub("", digits)
    mark = mark_of(plain)
    if mark == "either":
        own: DecimalMark = "." if "." in plain else ","
        whole, _, rest = plain.partition(own)
        if scaled:
            other = f"{whole}.{rest}".rstrip("0").rstrip(".")
            raise TextError(_TWO_UNITS.filled(text=text, whole=f"{whole}{rest}", other=other))
        mark = other_than(own)
    parts = whole_and_fraction(plain, mark, "threes")
    if parts is None or (len(plain) != len(digits) and not _SPACED.fullmatch(digits)):
        raise TextError(_NOT_THREES.filled(text=text))
    return exact(*parts)


_SHARE = regex(r"(?P<sign>[+\-−]?)\s*(?P<number>\d+(?:[.,]\d+)?|[.,]\d+)\s*(?P<percent>%?)")
_DIVIDED = regex(r"(?P<above>\d+)\s*/\s*(?P<below>\d+)")


def parse_share(text: str | float, *, signed: bool = False) -> Fraction:
    """A share: ``4%``, ``4,5 %``, ``0.04`` or ``1/25``; 0 and up, with ``signed`` below 0 too.

    A bare number from 1 up is refused, since ``4`` may be meant as 4 %.  TextError says how to write it.

    >>> parse_share("4%"), parse_share("0,04") == parse_share("1/25")
    (Fraction(1, 25), True)
    """
    written = _NO_SHARE.filled(text=text)
    # A float is of a config; 1e-05 is how Python writes it.
    plain = f"{text:.15f}".rstrip("0").rstrip(".") if isinstance(text, float) else str(text)
    bare = unicodedata.normalize("NFC", plain).strip()
    if divided := _DIVIDED.fullmatch(bare):
        if int(divided["below"]) == 0:
            raise TextError(written)
        return Fraction(int(divided["above"]), int(divided["below"]))
    match = _SHARE.fullmatch(bare)
    if not match:
        raise TextError(written)
    if re.fullmatch(r"[1-9]\d{0,2}[.,]000", match["number"]):
        raise TextError(_TWO_WAYS.filled(text=text))
    share = Fraction(match["number"].replace(",", ".")) / (100 if match["percent"] else 1)
    if not match["percent"] and share >= 1:
        raise TextError(_PERCENT_OR_TIMES.filled(text=text, bare=bare))
    if match["sign"] in ("-", "−"):
        share = -share
    if share < 0 and not signed:
        raise TextError(_BELOW_0.filled(text=text))
    return share


def parse_whole(text: str | float) -> int:
    """A whole number from 0 up, as :func:`parse_amount` reads it.

    >>> parse_whole("1_200"), parse_whole("2k")
    (1200, 2000)
    """
    if isinstance(text, str) and currencies_in(text):
        raise TextError(_MONEY.filled(text=text))
    number = parse_amount(text)
    if number.denominator != 1:
        raise TextError(_NOT_WHOLE.filled(text=text))
    return int(number)
