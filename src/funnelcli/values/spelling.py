"""Ids by their letters and digits alone, and addresses by the box to which mail comes: what two spellings share."""

import re
import unicodedata
from collections.abc import Collection

from funnelcli.text.regex import regex
from funnelcli.values.many import in_lines

_ADDRESS_MARKS = "@.+-_"
_WITHOUT_MARKS = {
    kept: {number: None for number in range(128) if not chr(number).isalnum() and chr(number) not in kept}
    for kept in (_ADDRESS_MARKS, "")
}
_WITHOUT_DOTS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}  # to which dots in a name are nothing


def letters_of(text: str) -> str:
    """An id by its letters and digits alone; of an address with its marks, but for a full stop behind it."""
    plain = text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    if plain.isalnum():
        return plain
    kept = _ADDRESS_MARKS if "@" in plain else ""
    if plain.isascii():
        return plain.translate(_WITHOUT_MARKS[kept]).rstrip(".")
    return "".join(letter for letter in plain if letter.isalnum() or letter in kept).rstrip(".")


def mailbox_of(address: str) -> str:
    """The address to which mail comes, as far as all who deliver it agree.

    >>> mailbox_of("an.b+thu@googlemail.com"), mailbox_of("an.b+thu@x.vn")
    ('anb@gmail.com', 'an.b@x.vn')
    """
    name, _, domain = letters_of(address).partition("@")
    return without_dots(f"{name.partition('+')[0] or name}@{domain}")


def without_dots(address: str) -> str:
    """An address without the dots in its name where they are nothing; all else as it is."""
    name, _, domain = address.partition("@")
    plain = _WITHOUT_DOTS.get(domain)
    return f"{name.replace('.', '')}@{plain}" if plain else address


_PLAIN = regex(r"[a-z0-9\n]*|[A-Z0-9\n]*", re.ASCII)
_OF_BOTH_CASES = regex(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")  # of which capitals tell apart
MOST_COMPARED = 200_000


def nearly_alike(ids: Collection[str]) -> list[tuple[str, str]]:
    """The pairs of ids of one column that differ in nothing but capitals and the marks between letters and digits.

    >>> nearly_alike(["KH-1", "kh1", "KH2"]), nearly_alike(["u1", "u2"])
    ([('KH-1', 'kh1')], [])
    >>> nearly_alike(["an.b@gmail.com", "anb@gmail.com", "an.b@x.vn", "anb@x.vn"])
    [('an.b@gmail.com', 'anb@gmail.com')]
    """
    joined = in_lines(ids)
    if len(ids) > MOST_COMPARED or _PLAIN.fullmatch(joined) or _are_unlike(joined, len(ids)):
        return []
    first: dict[str, str] = {}
    pairs = []
    for text in ids:
        key = without_dots(letters_of(text))
        if key and not _OF_BOTH_CASES.fullmatch(text) and (other := first.setdefault(key, text)) != text:
            pairs.append((other, text))
    return pairs


def _are_unlike(joined: str, size: int) -> bool:
    """Whether of many ids, a line each, no two have the same letters and digits; False where that is not seen at once.

    >>> _are_unlike("KH-1\\nKH-2", 2), _are_unlike("KH-1\\nkh1", 2), _are_unlike("zoë", 1)
    (True, False, False)
    >>> _are_unlike("a.b@gmail.com\\nab@gmail.com", 2), _are_unlike("a.b@x.vn\\nab@x.vn", 2)
    (False, True)
    """
    if not joined.isascii() or joined.count("\n") != size - 1:
        return False
    plain = joined.casefold()
    bare = plain.translate(_WITHOUT_MARKS[""] | {10: 10}).split("\n")
    if "@" in plain:
        marked = plain.translate(_WITHOUT_MARKS[_ADDRESS_MARKS] | {10: 10}).split("\n")
        bare = [other.rstrip(".") if "@" in other else text for text, other in zip(bare, marked, strict=True)]
    if "mail.com" in plain and any(domain in plain for domain in _WITHOUT_DOTS):
        bare = [without_dots(text) if text.endswith("mail.com") else text for text in bare]
    return len(set(bare)) == size
