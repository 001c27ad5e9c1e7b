"""What the headers of amounts say of their unit: thousands, millions, hundredths like cents."""

import unicodedata

from funnelcli.reading.header_keys import header_key
from funnelcli.text.regex import regex
from funnelcli.values.currencies import currencies_in, without_currency


def without_unit(cell: str) -> str:
    """A header without the currency and the unit that it says.

    >>> without_unit("Amount (USD)"), without_unit("amount_in_cents"), without_unit("MRR (nghìn đồng)")
    ('amount', 'amount', 'mrr')
    """
    return _UNIT_BEHIND.sub("", header_key(without_currency(cell)))


_UNIT_BEHIND = regex(
    r" (?:(?:in|x|dvt|don vi|don vi tinh|unit) )?(?:cents|minor(?: units?)?|k|(?:x? ?1 ?)?000s?|thousands?(?: of)?"
    r"|nghin|ngan|mn|mio|mil|millions?(?: of)?|trieu|tr|bn|billions?(?: of)?|ty|ti)$"
)


_UNITS = (
    ("micro", regex(r"\b(?:micros?|millionths?)\b")),
    ("thousand", regex(r"\b(?:k|(?:x ?)?1? ?000s?|thousands?|nghin|k(?:vnd|usd|eur))\b")),
    ("million", regex(r"\b(?:mn|mio|mil|millions?|trieu|trd?)\b")),
    ("billion", regex(r"\b(?:bn|billions?)\b")),
)
_IN_MILLIONS = regex(r"[(\[]\W*M\W*[)\]]")


def unit_said(header: str) -> str | None:
    """In how many of its currency a header says that its amounts are: a thousand, a million, a millionth; or nothing.

    >>> unit_said("price_micros"), minor_said("Amount (¢)"), minor_said("amount")
    ('micro', True, False)
    >>> unit_said("MRR (k)"), unit_said("Doanh thu (triệu đồng)"), unit_said("ARR ($M)"), unit_said("MRR (USD)")
    ('thousand', 'million', 'million', None)
    >>> unit_said("Số tiền (ngàn đồng)"), unit_said("Ngân sách"), unit_said("Ngân sách (ngàn)")
    ('thousand', None, 'thousand')
    >>> unit_said("Doanh thu công ty"), unit_said("Tỷ lệ chi"), unit_said("Chi phí (tỷ)"), unit_said("Tien thu ngan")
    (None, None, 'billion', None)
    """
    key = header_key(without_currency(header))
    named = next((unit for unit, pattern in _UNITS if pattern.search(key)), None)
    return named or ("million" if _IN_MILLIONS.search(header) else _unit_by_its_place(header))


# Words that are units and parts of others: bank and budget, company and rate.  "Ngân" with its mark is no thousand.
_WEAK = {"ngan": "thousand", "ngàn": "thousand", "ty": "billion", "ti": "billion", "tỷ": "billion", "tỉ": "billion"}
_WORDS = regex(r"[^\W_]+|[()\[\]/:,;–-]")
_MONEY = frozenset({"đồng", "dong", "đ", "d", "vnd", "vnđ"})
_BEFORE_UNITS = frozenset({"in", "x", "dvt", "đvt", "vị", "vi", "tính", "tinh", "(", "[", "/", ":", ",", ";", "-", "–"})
_BEHIND_UNITS = frozenset({"", ")", "]"})
_COMPOUNDS = regex(r"(?:\bcong ty|(?<!\bdoanh )\bthu ngan)$")  # company, cashier


def _unit_by_its_place(header: str) -> str | None:
    """The unit that a word says where it stands as one: before a currency, in brackets, behind a mark, at the end."""
    words = _WORDS.findall(unicodedata.normalize("NFC", header).casefold())
    for place, word in enumerate(words):
        before, behind = (words[place - 1] if place else ""), (words[place + 1] if place + 1 < len(words) else "")
        if word not in _WEAK or not before:
            continue
        is_last = not behind and not _COMPOUNDS.search(header_key(header))
        is_apart = (before in _BEFORE_UNITS or _is_money(before)) and behind in _BEHIND_UNITS
        if _is_money(behind) or is_apart or is_last:
            return _WEAK[word]
    return None


def _is_money(word: str) -> bool:
    return word in _MONEY or bool(currencies_in(word))


_MINOR = regex(
    r"\b(?:cents?|minor|pence|penn(?:y|ies)|cts|centimes?|centimos?|centavos?|kobo|paise|kopecks?|sub ?units?|xu"
    r"|x ?100)\b"
)


def minor_said(header: str) -> bool:
    """Whether a header says that its amounts are in the minor unit of their currency, like cents."""
    return "¢" in header or bool(_MINOR.search(header_key(header)))
