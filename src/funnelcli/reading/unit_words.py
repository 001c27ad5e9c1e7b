"""What the headers of amounts say of their unit: thousands, millions, hundredths like cents."""

from funnelcli.reading.header_keys import header_key
from funnelcli.text.regex import regex
from funnelcli.values.currencies import without_currency


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
    ("thousand", regex(r"\b(?:k|(?:x ?)?1? ?000s?|thousands?|nghin|ngan(?! (?:sach|hang|quy))|k(?:vnd|usd|eur))\b")),
    ("million", regex(r"\b(?:mn|mio|mil|millions?|trieu|trd?)\b")),
    ("billion", regex(r"\b(?:bn|billions?|ty|ti)\b")),
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
    """
    key = header_key(without_currency(header))
    named = next((unit for unit, pattern in _UNITS if pattern.search(key)), None)
    return named or ("million" if _IN_MILLIONS.search(header) else None)


_MINOR = regex(
    r"\b(?:cents?|minor|pence|penn(?:y|ies)|cts|centimes?|centimos?|centavos?|kobo|paise|kopecks?|sub ?units?|xu"
    r"|x ?100)\b"
)


def minor_said(header: str) -> bool:
    """Whether a header says that its amounts are in the minor unit of their currency, like cents."""
    return "¢" in header or bool(_MINOR.search(header_key(header)))
