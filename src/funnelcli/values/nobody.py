"""Ids of people that stand for nobody, or for whoever it may be."""

import re
from collections.abc import Mapping
from itertools import islice

from funnelcli.text.regex import regex

PLACEHOLDER, PLACEHOLDER_PHONE = 3, 9  # signs
SHOWN_FIRST = 20
_IN_BRACKETS = regex(r"\([^()\d]*\)|\[[^\[\]\d]*\]|<[^<>\d]*>|\{[^{}\d]*\}")
# What a program would have put a name in the place of.
_TEMPLATE = regex(r"\{\{.*\}\}|\$\{.*\}|%%.*%%|%[A-Z_]+%|\*\|.*\|\*|<%.*%>|\[object .*\]")
_FOR_NOBODY = r"(?:.*\.)?(?:example\.(?:com|net|org)|test|invalid|example|localhost)"
_RESERVED = regex(_FOR_NOBODY)
_MAY_BE_OF_NOBODY = regex(rf"([^@]*)@\1(?:\..*)?|.*@{_FOR_NOBODY}", re.IGNORECASE | re.DOTALL)
_NOBODY = regex(
    r"anon(?:ymous)?(?: (?:users?|customers?))?|guests?(?: (?:users?|customers?|checkout))?|unknown(?: \w+)?|tests?"
    r"|test (?:users?|customers?)|walk[ -]?ins?(?: customers?)?|nobody|not available|deleted(?: users?)?"
    r"|khách (?:lẻ|vãng lai|ẩn danh)|khach (?:le|vang lai|an danh)|ẩn danh|vãng lai|no name|không tên|true|false"
)


def names_nobody(text: str, ids: Mapping[str, object]) -> bool:
    """Whether an id among all ``ids`` of its column is a word for whoever it may be: ``guest``, or a 0 that is no
    number as 1 would be.

    >>> names_nobody("Guest", {}), names_nobody("0", {"77": 0}), names_nobody("0", {"1": 0}), names_nobody("An", {})
    (True, True, False, False)
    >>> names_nobody("999", {"999": 0, "u1": 0}), names_nobody("111", {"111": 0, "352": 0})
    (True, False)
    """
    if "@" in text:
        return is_placeholder(text) or (_is_reserved(text) and not all(map(_is_reserved, islice(ids, SHOWN_FIRST))))
    is_zero = text in ("0", "-1") and "1" not in ids
    if text.isdigit() and text[0] != "0" and len(text) < PLACEHOLDER_PHONE:  # 111 is a number like 110 and 112
        return is_placeholder(text) and not any(
            len(each) == len(text) and each.isdigit() for each in ids if each != text
        )
    return bool(_NOBODY.fullmatch(text.casefold())) or is_zero or is_placeholder(text)


def may_be_of_nobody(address: str) -> bool:
    """Whether an address may be a word for whoever it may be; most are no such at a glance.

    >>> may_be_of_nobody("an@x.vn"), may_be_of_nobody("x@x.vn"), may_be_of_nobody("an@example.com")
    (False, True, True)
    """
    return not address.isascii() or _MAY_BE_OF_NOBODY.fullmatch(address) is not None


def may_be_own(text: str) -> bool:
    """Whether an address names its domain as somebody's own may, and no word for nobody.

    >>> may_be_own("minh@minh.vn"), may_be_own("test@test.com"), may_be_own("xxx@xxx.vn"), may_be_own("an@x.vn")
    (True, False, False, False)
    """
    local, _, domain = text.casefold().partition("@")
    return local == domain.partition(".")[0] and not _NOBODY.fullmatch(local) and not is_placeholder(local)


def _is_reserved(text: str) -> bool:
    """Whether an id is an address that nobody has; of a column of such alone it is said of none."""
    return _RESERVED.fullmatch(text.casefold().rpartition("@")[2]) is not None


def is_placeholder(text: str) -> bool:
    """Whether an id is written as one that stands for none: no letters nor digits, in brackets, one sign repeated.

    >>> [is_placeholder(text) for text in ("?", "(not set)", "[deleted]", "xxx", "0000000000", "0900000000")]
    [True, True, True, True, True, True]
    >>> [is_placeholder(text) for text in ("7", "11", "aa", "0909909990", "10000000", "(An) 7", "{a7-b}", "")]
    [False, False, False, False, False, False, False, False]
    >>> is_placeholder("test@test.com"), is_placeholder("ann@anna.com")
    (True, False)
    """
    if not text:
        return False
    local, at, domain = text.casefold().partition("@")
    if at:
        return local == domain.partition(".")[0]
    if not any(map(str.isalnum, text)) or _IN_BRACKETS.fullmatch(text) or _TEMPLATE.fullmatch(text):
        return True
    if set(text) == {"0", "-"}:
        return True  # 00000000-0000-0000-0000-000000000000
    if text.isdigit() and text[0] == "0" and len(text) >= PLACEHOLDER_PHONE and len(text.strip("0")) <= 1:
        return True
    return len(text) >= PLACEHOLDER and text.isalnum() and len(set(text.casefold())) == 1


def unlike_all(text: str, ids: Mapping[str, object]) -> bool:
    """Whether an id is written in no way in which the others are, by its letters, digits and signs.

    >>> unlike_all("khách", {"khách": 0, "u1": 1, "u2": 2}), unlike_all("u9", {"u9": 0, "u1": 1})
    (True, False)
    """
    own = _traits(text)
    return all(other == text or _traits(other) != own for other in ids)


def _traits(text: str) -> tuple[bool, ...]:
    return (any(map(str.isalpha, text)), any(map(str.isdigit, text)), "@" in text, " " in text)
