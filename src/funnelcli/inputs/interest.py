"""What leads do, as exports write it: which kinds of activities say that somebody is interested."""

from __future__ import annotations

import re
from collections.abc import Iterable

from funnelcli.inputs.activities import ACTIVITIES
from funnelcli.values.statuses import status_key

_WANTED = r"(demo|trial|consult\w*|quote|pricing|tu van|bao gia|dung thu)"
# Kinds that a lead alone can do, by how exports may call them; the first that fits.
_PATTERNS: dict[str, str] = {
    "unsubscribe": r"unsubscri\w*|opt(ed)? ?out|huy (dang ky|nhan)( \w+)*|bo theo doi",
    "demo_request": rf"(request|yeu cau|dang ky|book|hoi|xin)\w*( \w+)* {_WANTED}"
    rf"|{_WANTED} (request\w*|form|yeu cau|dang ky|signup)",
    "email_click": r"click\w*|bam( vao)? (link|lien ket)|nhap( vao)? (link|lien ket)",
    "email_open": r"opens?|opened|mo (e ?mail|thu)",
    "reply": r"repl(y|ied|ies)|(da )?(phan hoi|tra loi)( \w+)*",
    "form": r"forms?|submissions?|submitted|(dien|gui) (form|bieu mau)|bieu mau",
    "event": r"events?|webinars?|workshops?|seminars?|conferences?|su kien|hoi thao",
}  # fmt: skip
# Kinds of a connection, which may be the doing of either side.
_CONTACTS = frozenset(("call", "video", "meeting", "chat", "email", "ours"))


def interest_of(cell: str, kinds: Iterable[str]) -> str | None:
    """Which of the ``kinds`` that give points an activity is, by what its cell says; None: none of them.

    A kind of one's own is told by its words, the longest first; the built-in ones by what exports call them.

    >>> kinds = ["demo_request", "email_open", "form", "event", "pricing_page"]
    >>> [interest_of(cell, kinds) for cell in ("Demo Request", "Opened e-mail", "Đăng ký tư vấn", "Pricing page view")]
    ['demo_request', 'email_open', 'demo_request', 'pricing_page']
    >>> interest_of("Invoice sent", kinds) is None
    True
    """
    said = status_key(cell)
    if not said:
        return None
    words = {kind: status_key(kind) for kind in kinds}
    exact = next((kind for kind, key in words.items() if key == said), None)
    if exact is not None:
        return exact
    own = sorted((kind for kind in words if kind not in _PATTERNS), key=lambda kind: -len(words[kind]))
    for kind in own:
        if f" {words[kind]} " in f" {said} ":
            return kind
    return next((kind for kind, p in _PATTERNS.items() if kind in words and re.search(rf"\b(?:{p})\b", said)), None)


def is_of_leads_alone(kind: str) -> bool:
    """Whether a kind that gives points is one that nobody of ours can do, so that it need not be said who did it.

    >>> is_of_leads_alone("email_open"), is_of_leads_alone("call"), is_of_leads_alone("pricing_page")
    (True, False, True)
    """
    if kind in _PATTERNS:
        return True
    return ACTIVITIES.made is not None and ACTIVITIES.made.sense_of(kind) not in _CONTACTS
