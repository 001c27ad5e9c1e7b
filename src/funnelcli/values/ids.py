"""Ids of people in other letters: what a spreadsheet did to a number, how a phone is written, several ids in a cell.

Nothing here says that two ids are one person: only which of the ids there are an id may stand for.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from funnelcli.text.regex import regex
from funnelcli.values.cells import clean_id, is_shortened
from funnelcli.values.many import in_lines
from funnelcli.values.spelling import letters_of, mailbox_of

MOST_OF = 0.9  # the share of the cells that makes a column one of e-mails or phones
SHORTEST_ID = 4
PHONE_DIGITS = range(8, 16)
COUNTRY_DIGITS = (1, 2, 3)
_LIST = regex(r"\s*[;,|]\s*")
_NUMBER = regex(r"(\d+)(?:\.0+)?", re.ASCII)
_PHONE = regex(r"\(?\+?\(?\d[\d\s().\-]*", re.ASCII)
_PHONE_BEGINS = frozenset("+(0123456789")
_DATE = regex(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}", re.ASCII)
_DECIMAL = regex(r"[\d.,]*[.,][\d.,]*", re.ASCII)


class KeyKind(StrEnum):
    """What a column that may name people holds."""

    EMAIL = "email"
    PHONE = "phone"
    OTHER = "other"


def key_kind(ids: Collection[str]) -> KeyKind:
    """What a column holds, by its distinct cells.

    >>> key_kind(["an@x.vn", "binh@x.vn"]), key_kind(["+84 912 345 678"]), key_kind(["101", "102"])
    (<KeyKind.EMAIL: 'email'>, <KeyKind.PHONE: 'phone'>, <KeyKind.OTHER: 'other'>)
    """
    named = [text for text in ids if text]
    most = MOST_OF * len(named)
    if named and sum("@" in text for text in named) >= most:
        return KeyKind.EMAIL
    written = any(text[0] in "+0(" or not text.isdigit() for text in named)
    if not written or sum(text[0] in _PHONE_BEGINS for text in named) < most:
        return KeyKind.OTHER
    return KeyKind.PHONE if sum(phone_of(text) is not None for text in named) >= most else KeyKind.OTHER


def may_name_people(cells: Iterable[str]) -> bool:
    """Whether the cells of a column are such as ids, e-mails or phones are: not words, days, amounts or small numbers.

    >>> may_name_people(["an@x.vn", ""]), may_name_people(["KH-0012"]), may_name_people(["Hà Nội"])
    (True, True, False)
    >>> may_name_people(["2026-01-05"]), may_name_people(["49.00"]), may_name_people(["12"])
    (False, False, False)
    """
    named = [text for text in cells if text]
    return bool(named) and sum(map(_is_like_an_id, named)) >= MOST_OF * len(named)


def _is_like_an_id(text: str) -> bool:
    if "@" in text:
        return " " not in text or len(listed(text)) > 1
    if _DATE.match(text) or is_shortened(text):
        return False
    if _NUMBER.fullmatch(text):
        return len(text.split(".", 1)[0]) >= SHORTEST_ID
    if text[:1] in ("+", "0", "(") and phone_of(text) is not None:
        return True
    if _DECIMAL.fullmatch(text):
        return False
    parts = listed(text) or [text]
    return all(len(part) >= SHORTEST_ID and any(map(str.isdigit, part)) and " " not in part for part in parts)


def listed(text: str) -> list[str]:
    """The ids of a cell that holds several; none where it does not, as in a name with a comma.

    >>> listed("101;102"), listed("a@x.vn, B@x.vn"), listed("101"), listed("Nguyen, An")
    (['101', '102'], ['a@x.vn', 'b@x.vn'], [], [])
    """
    parts = [part for piece in _LIST.split(text) if (part := clean_id(piece))]
    are_ids = all("@" in part or any(map(str.isdigit, part)) for part in parts)
    return list(dict.fromkeys(parts)) if len(parts) > 1 and are_ids else []


def grouped_numbers(ids: Collection[str]) -> dict[str, str]:
    """The ids that a spreadsheet wrote with a mark between thousands, and the numbers they are, told by all cells.

    Ids below 1,000 stand among them without a mark.  Cells of which each part has three digits may be lists of such
    ids, unless no other stands beside them.

    >>> grouped_numbers(["1,001", "1,002", "7"])
    {'1,001': '1001', '1,002': '1002'}
    >>> grouped_numbers(["101,102", "103"]), grouped_numbers(["1,001", "1002"]), grouped_numbers(["1,001"])
    ({}, {}, {'1,001': '1001'})
    """
    joined = in_lines(ids)  # most columns have no such mark, which a glance tells
    mark = next((mark for mark in (",", ".") if mark in joined), "")
    if not mark:
        return {}
    named = [text for text in ids if text]
    if not all(_GROUPED[mark].fullmatch(text) for text in named):
        return {}
    grouped = [text for text in named if mark in text]
    first, others = {len(text.split(mark)[0]) for text in grouped}, {text.split(mark)[-1][0] for text in grouped}
    if mark == "." and all(text.endswith(".000") for text in grouped):
        return {}  # whole numbers with three decimals
    if first == {3} and "0" not in others and (len(grouped) < len(named) or len(grouped) < 2):
        return {}
    return {text: text.replace(mark, "") for text in grouped}


_GROUPED = {mark: regex(rf"[1-9]\d{{0,2}}(?:\{mark}\d{{3}})*|0", re.ASCII) for mark in (",", ".")}


# --- numbers and phones in other letters ---------------------------------------------------------------------------


def plain_number(text: str, *, zeros: bool = True) -> str | None:
    """The number that an id is, without what a spreadsheet adds (``.0``) and, with ``zeros``, what it takes away.

    >>> plain_number("101.0"), plain_number("0014"), plain_number("0014.0", zeros=False), plain_number("u7")
    ('101', '14', '0014', None)
    """
    number = _NUMBER.fullmatch(text)
    if number is None:
        return None
    return (number[1].lstrip("0") or "0") if zeros else number[1]


def without_fractions(ids: Collection[str]) -> dict[str, str]:
    """The ids that a spreadsheet has made numbers with a fraction, where the same column has them without one too.

    >>> without_fractions(["101", "101.0", "102.0", "0101"])
    {'101.0': '101'}
    """
    if ".0" not in in_lines(ids):
        return {}
    known = set(ids)
    spoilt = {text: plain_number(text, zeros=False) for text in ids if ".0" in text}
    return {text: number for text, number in spoilt.items() if number is not None and number in known}


class Phone(Struct, frozen=True):
    """A phone by its digits; ``is_national`` where these begin with the 0 that stands for the own country."""

    digits: str
    is_national: bool


def phone_of(text: str) -> Phone | None:
    """The phone that a text is, if any.

    >>> phone_of("+84 912 345 678")
    Phone(digits='84912345678', is_national=False)
    >>> phone_of("0912.345.678"), phone_of("u7")
    (Phone(digits='0912345678', is_national=True), None)
    """
    if not _PHONE.fullmatch(text) or _DATE.fullmatch(text):
        return None
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    has_plus = text.startswith(("+", "(+"))
    abroad = has_plus or digits.startswith("00")
    digits = digits if has_plus else digits.removeprefix("00")
    return Phone(digits, not abroad and digits.startswith("0")) if len(digits) in PHONE_DIGITS else None


def alike(missing: Sequence[str], mine: Collection[str], theirs: Mapping[str, object]) -> dict[str, str]:
    """Of the ids that are ``missing`` among ``theirs``, those that stand there in other letters, and how.

    ``mine`` are all the ids of their own side.  An id that may stand for several, or several that may stand for one,
    stand for none, so that no two ids of a side become one.

    >>> alike(["101.0", "0014"], ["101.0", "0014"], {"101": 0, "14": 0})
    {'101.0': '101', '0014': '14'}
    >>> alike(["0014"], ["0014"], {"14": 0, "014": 0})
    {}
    >>> alike(["0912345678"], ["0912345678"], {"+84 912 345 678": 0})
    {'0912345678': '+84 912 345 678'}
    >>> alike(["kh001", "#7"], ["kh001", "#7"], {"KH-001": 0, "7": 0, "8": 0})
    {'kh001': 'KH-001', '#7': '7'}
    >>> alike(["anb@gmail.com", "an+1@x.vn"], ["anb@gmail.com", "an+1@x.vn"], {"an.b@gmail.com": 0, "an@x.vn": 0})
    {'anb@gmail.com': 'an.b@gmail.com', 'an+1@x.vn': 'an@x.vn'}
    """
    if not missing:
        return {}
    joined = "\n".join(["", *theirs])
    known = _one_to_one(_numbers_alike(missing, mine, theirs, joined), mine)
    for others_alike in (_phones_alike, _letters_alike, _mailboxes_alike):
        rest = [text for text in missing if text not in known]
        known |= _one_to_one(others_alike(rest, theirs, joined), {*mine, *known.values()}) if rest else {}
    return known


def _one_to_one(standing: Mapping[str, set[str]], mine: Collection[str]) -> dict[str, str]:
    """Those that stand for one id that is no other's."""
    known = set(mine)
    single = {text: next(iter(others)) for text, others in standing.items() if len(others) == 1}
    claims = Counter(single.values())
    # An id that may be one of several makes them all doubtful for the others.
    doubtful = {other for others in standing.values() if len(others) > 1 for other in others}
    return {
        text: other
        for text, other in single.items()
        if claims[other] == 1 and other not in known and other not in doubtful
    }


def _numbers_alike(
    missing: Sequence[str], mine: Collection[str], theirs: Mapping[str, object], joined: str
) -> dict[str, set[str]]:
    """By missing id, the ids that are the same number in other letters."""
    zeros = not (_zeros_tell_apart(mine) or _zeros_tell_apart(theirs, joined))
    numbers = {text: number for text in missing if (number := plain_number(text, zeros=zeros)) is not None}
    if not numbers:
        return {}
    spoilt: dict[str, set[str]] = {}
    if "\n0" in joined or ".0" in joined:
        for text in theirs:
            number = plain_number(text, zeros=zeros)
            if number is not None and number != text:
                spoilt.setdefault(number, set()).add(text)
    standing = {
        text: spoilt.get(number, set()) | ({number} if number in theirs else set()) for text, number in numbers.items()
    }
    return {text: others for text, others in standing.items() if others}


def _zeros_tell_apart(ids: Collection[str], joined: str | None = None) -> bool:
    """Whether some ids of one side differ by their leading zeros alone: these then belong to them."""
    if joined is not None and "\n0" not in joined:
        return False
    led = [text for text in ids if text[:1] == "0" and _NUMBER.fullmatch(text)]
    if not led:
        return False
    bare = Counter(plain_number(text, zeros=True) for text in {plain_number(text, zeros=False) for text in led} if text)
    return any(number in ids or times > 1 for number, times in bare.items())


def _phones_alike(missing: Sequence[str], theirs: Mapping[str, object], joined: str) -> dict[str, set[str]]:
    """By missing id, the ids that are the same phone: alike in their digits, or with the country in the place of 0."""
    phones = {text: phone for text in missing if (phone := phone_of(text)) is not None}
    written = any(text[:1] in ("+", "0") or not text.isdigit() for text in phones)
    if not phones or not (written or "\n+" in joined or "\n0" in joined):
        return {}
    by_digits: dict[str, set[str]] = {}
    abroad: dict[str, set[tuple[str, str]]] = {}
    for text in theirs:
        phone = phone_of(text)
        if phone is not None:
            by_digits.setdefault(phone.digits, set()).add(text)
            for country, rest in _without_country(phone):
                abroad.setdefault(rest, set()).add((country, text))
    standing: dict[str, set[tuple[str, str]]] = {}
    for text, phone in phones.items():
        without_zero = phone.digits[1:] if phone.is_national else f"0{phone.digits}"  # which a spreadsheet takes away
        others = {("", other) for digits in (phone.digits, without_zero) for other in by_digits.get(digits, ())}
        if phone.is_national:
            others |= abroad.get(phone.digits[1:], set())
        else:
            nationals = [(country, by_digits.get(f"0{rest}", ())) for country, rest in _without_country(phone)]
            others |= {(country, other) for country, known in nationals for other in known}
        standing[text] = others
    return _of_one_country(standing)


def _without_country(phone: Phone) -> list[tuple[str, str]]:
    """The countries that an international number may be of, each with the number within it."""
    if phone.is_national:
        return []
    digits = phone.digits
    return [(digits[:n], digits[n:]) for n in COUNTRY_DIGITS if len(digits) - n >= PHONE_DIGITS.start - 1]


def _of_one_country(standing: Mapping[str, set[tuple[str, str]]]) -> dict[str, set[str]]:
    """National numbers are all of one country: that of most; where two countries have as many, of none."""
    countries = Counter(country for others in standing.values() for country, _ in others if country)
    ranked = countries.most_common(2)
    tied = len(ranked) > 1 and ranked[0][1] == ranked[1][1]
    own = ranked[0][0] if ranked and not tied else ""
    return {
        text: kept
        for text, others in standing.items()
        if (kept := {other for country, other in others if country in ("", own)})
    }


# --- the same letters and digits -----------------------------------------------------------------------------------

FEW, MANY = 0.01, 100_000
_SALESFORCE = regex(r"[0-9A-Za-z]{18}")  # an id of 15 letters, whose capitals the last three tell


def _letters_alike(missing: Sequence[str], theirs: Mapping[str, object], joined: str) -> dict[str, set[str]]:
    """By missing id, the ids of the same letters and digits, whatever their capitals and the marks between them.

    Where there are very many ids, and hardly any is missing, they are not looked through.
    """
    if len(theirs) > MANY and len(missing) < FEW * len(theirs):
        return {}
    keys = {text: key for text in missing if (key := letters_of(text))}
    wanted, shorter = set(keys.values()), {text[:15] for text in missing if _SALESFORCE.fullmatch(text)}
    same: dict[str, set[str]] = {}
    for text in theirs:
        if (key := letters_of(text)) in wanted:
            same.setdefault(key, set()).add(text)
    # Of two numbers, or phones, it has been told whether they may be one.
    standing = {
        text: {other for other in same[key] if not (_is_number(text) and _is_number(other))}
        for text, key in keys.items()
        if key in same
    }
    lengthened = {text[:15]: text for text in theirs if len(text) == 18 and _SALESFORCE.fullmatch(text)}
    for text in missing:
        other = text[:15] if text[:15] in shorter and text[:15] in theirs else lengthened.get(text)
        if other is not None:
            standing.setdefault(text, set()).add(other)
    return {text: others for text, others in standing.items() if others}


def _is_number(text: str) -> bool:
    return plain_number(text) is not None or phone_of(text) is not None


# --- addresses of one mailbox --------------------------------------------------------------------------------------


def _mailboxes_alike(missing: Sequence[str], theirs: Mapping[str, object], joined: str) -> dict[str, set[str]]:
    """By missing id, the addresses whose mail comes to the same box: with a tag behind a plus, with dots at Gmail."""
    if "@" not in joined or (len(theirs) > MANY and len(missing) < FEW * len(theirs)):
        return {}
    boxes = {text: mailbox_of(text) for text in missing if "@" in text}
    wanted = set(boxes.values())
    same: dict[str, set[str]] = {}
    for text in theirs:
        if "@" in text and (box := mailbox_of(text)) in wanted:
            same.setdefault(box, set()).add(text)
    return {text: same[box] for text, box in boxes.items() if box in same}
