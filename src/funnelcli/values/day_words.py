"""Words in dates that say nothing more: names of weekdays and zones, words and signs for year, month and day."""

from funnelcli.text.regex import regex

_SIGNS = regex(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]")
_WEEKDAY = regex(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[.,]? "
    r"(?=[a-z]{3,9}\.? \d|\d{1,2}(?:st|nd|rd|th)?[ -][a-z])"
)
# Who writes the day of the week in Vietnamese writes the day of the month first.
_VIETNAMESE = (
    (
        regex(
            r"^(?:(?:thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật|t[2-7]|cn)[,.]? ?)(?:ngày )?"
            r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"
        ),
        r"\3-\2-\1",
    ),
    (
        regex(
            r"(?:(?:thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật)[,.]? ?)?(?:ngày )?(\d{1,2})[ -]?"
            r"(?:tháng|thg|th)\.?[ -]?(\d{1,2})(?:,? (?:năm )?|/|-)(\d{4})"
        ),
        r"\3-\2-\1",
    ),
)
_BEFORE_TIME = regex(r"(?<=\d),? (?:at|@|lúc|vào lúc) (?=\d{1,2}[:h])")
_ZONE_NAMED = regex(r"(?<=[+-]\d{4}) \([^()]*\)$")
_OFFSET = regex(r"(?:gmt|utc) ?([+-])(\d{1,2})(?::?(\d{2}))?(?=$| \()")


def _as_offset(sign: str, hours: str, minutes: str | None) -> str:
    return f"{sign}{int(hours):02}{minutes or '00'}"


def plainly(text: str) -> str:
    """A date in small letters without the name of its weekday, and with marks for the signs of year, month and day.

    >>> plainly("2026年2月10日"), plainly("tue feb 10 2026"), plainly("tue, 10 feb 2026"), plainly("mon 5/10/2026")
    ('2026-2-10', 'feb 10 2026', '10 feb 2026', 'mon 5/10/2026')
    >>> plainly("5 tháng 6, 2026"), plainly("thứ hai, 5/1/2026 lúc 9:30"), plainly("2026/1/5 9:12:33 am gmt+7")
    ('2026-6-5', '2026-1-5 9:30', '2026/1/5 9:12:33 am +0700')
    """
    if "gmt" in text or "utc" in text:
        text = _OFFSET.sub(lambda said: _as_offset(*said.groups()), text, count=1)
        text = _ZONE_NAMED.sub("", text, count=1)
    if not text.isascii() or text[:1] in "tc" or "th" in text:
        text = _SIGNS.sub(r"\1-\2-\3", text, count=1)
        for form, plain in _VIETNAMESE:
            text = form.sub(plain, text, count=1)
    if " at " in text or "@" in text or "lúc" in text:
        text = _BEFORE_TIME.sub(" ", text, count=1)
    return text if text[:1].isdigit() else _WEEKDAY.sub("", text, count=1)
