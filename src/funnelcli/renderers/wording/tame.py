"""Text from data made harmless for terminals and tables."""

import re
import unicodedata

from funnelcli.text.regex import regex

_ESCAPES = regex(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")


def tame(text: str) -> str:
    """Text from data with escape sequences, control and direction characters gone and line breaks made spaces.

    >>> tame("a\\x1b[31mb\\nc")
    'ab c'
    """
    if text.isprintable():  # nearly all text is, and there is much of it
        return text
    plain = _ESCAPES.sub("", text)
    spaced = re.sub(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+", " ", plain)
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") or c == "\u200d")
