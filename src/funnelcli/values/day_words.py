"""Words in dates that say nothing more: the name of the weekday before a day, and the signs for year, month and day."""

from funnelcli.text.regex import regex

_SIGNS = regex(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]")
_WEEKDAY = regex(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[.,]? "
    r"(?=[a-z]{3,9}\.? \d|\d{1,2}(?:st|nd|rd|th)?[ -][a-z])"
)


def plainly(text: str) -> str:
    """A date in small letters without the name of its weekday, and with marks for the signs of year, month and day.

    >>> plainly("2026年2月10日"), plainly("tue feb 10 2026"), plainly("tue, 10 feb 2026"), plainly("mon 5/10/2026")
    ('2026-2-10', 'feb 10 2026', '10 feb 2026', 'mon 5/10/2026')
    """
    if text.isascii():
        return text if text[:1].isdigit() else _WEEKDAY.sub("", text, count=1)
    return _SIGNS.sub(r"\1-\2-\3", text, count=1)
