"""Words in dates that say nothing more: names of weekdays and zones, words and signs for year, month and day."""

import re
import unicodedata

from funnelcli.text.regex import regex

WORDS_OF_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("một", "giêng"), ("hai",), ("ba",), ("tư", "bốn"), ("năm",), ("sáu",), ("bảy", "bẩy"), ("tám",), ("chín",),
            ("mười",), ("mười một",), ("mười hai", "chạp"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
ANY_WORD_OF_A_MONTH = "|".join(sorted(WORDS_OF_MONTHS, key=len, reverse=True))

_SIGNS = regex(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]")
_WEEKDAY = regex(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[.,]? "
    r"(?=[a-z]{3,9}\.? \d|\d{1,2}(?:st|nd|rd|th)?[ -][a-z])"
)
# In Vietnamese, in which the day comes first wherever it is said in words.
_DAY = r"(?:(?:thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật|t[2-7]|cn)(?:[,.] ?| ))?(?:ng[àa]y )?"
_MONTH = rf"(?:th[áa]ng|thg|th)\.? ?(?P<m>\d{{1,2}}|{ANY_WORD_OF_A_MONTH})"
_YEAR = r"(?:n[ăa]m )?(?P<y>\d{4})(?!\d)"
_SPOKEN = (
    regex(rf"(?:^|(?<=[ ,])){_DAY}(?P<d>\d{{1,2}})[ ,/-]*{_MONTH}[ ,/-]+{_YEAR}"),
    regex(rf"(?:^|(?<=[ ,])){_MONTH} (?P<d>\d{{1,2}}),? {_YEAR}"),
    regex(rf"(?:^|(?<=[ ,]))(?=[^\d,]|t[2-7]){_DAY}(?P<d>\d{{1,2}})[/.-](?P<m>\d{{1,2}})[/.-]{_YEAR}"),
)
_BETWEEN = regex(r"(?:^|(?<=[ ,-]))(?:vào lúc|lúc|vào|hồi|ngày|at|on|@)[ ,]+(?=\d|ng|[a-z]{3})")
_IN_VIETNAMESE = regex(r"\b(?:lúc|vào|hồi|ngày|giờ|sáng|chiều|tối)\b")
_HOURS = regex(
    r"(?<![\d:])(\d{1,2}) ?(?:h|giờ)(?:(\d{2})(?!\d)| ?(\d{1,2})(?= ?(?:phút|p\b|')))?(?: ?(?:phút|p\b|'))?(?![\d:])"
)
_HALVES = regex(r"(\d{1,2}:\d{2}(?::\d{2})?) ?(sáng|chiều|tối)\b")
_DAY_FIRST = regex(r"(?<![\d/.:-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?![\d/.:-])")
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
    >>> [plainly(text) for text in ("10 thg 2, 2026", "10:05 ngày 10 tháng 2 năm 2026", "tháng hai 10, 2026")]
    ['2026-2-10', '10:05 2026-2-10', '2026-2-10']
    >>> plainly("thứ ba, 10/02/2026"), plainly("10/02/2026"), plainly("10th feb 2026")
    ('2026-02-10', '10/02/2026', '10th feb 2026')
    >>> [plainly(text) for text in ("lúc 10:05 10/02/2026", "10h05 ngày 10/2/2026", "9 giờ sáng 10/02/2026")]
    ['10:05 2026-02-10', '10:05 2026-2-10', '9:00 am 2026-02-10']
    >>> plainly("at 10:05 on 10/02/2026"), plainly("10/02/2026 @ 10:05")
    ('10:05 10/02/2026', '10/02/2026 10:05')
    """
    if "gmt" in text or "utc" in text:
        text = _OFFSET.sub(lambda said: _as_offset(*said.groups()), text, count=1)
        text = _ZONE_NAMED.sub("", text, count=1)
    if not text.isascii() or text[:1] in "tcn" or "th" in text:
        text = _SIGNS.sub(r"\1-\2-\3", unicodedata.normalize("NFC", text), count=1)
        text = _of_spoken(text)
    if (text.islower() or "@" in text) and _has_words(text):
        text = _without_words(text)
    return text if text[:1].isdigit() else _WEEKDAY.sub("", text, count=1)


_MAY_STAND_BETWEEN = (" at ", " on ", "@", "h")


def _has_words(text: str) -> bool:
    """Whether a text may have words between a day and a time; most dates have not, which a glance tells."""
    if text.isascii():
        may_have = text[:3] in ("at ", "on ") or any(word in text for word in _MAY_STAND_BETWEEN)
        return may_have and (_BETWEEN.search(text) is not None or _HOURS.search(text) is not None)
    return any(pattern.search(text) for pattern in (_BETWEEN, _HOURS, _IN_VIETNAMESE))


def _without_words(text: str) -> str:
    """A date and a time without the words between them; with Vietnamese ones the day comes first."""
    is_vietnamese = _IN_VIETNAMESE.search(text) is not None
    text = _HOURS.sub(lambda said: f"{said[1]}:{(said[2] or said[3] or '0').zfill(2)}", text, count=1)
    text = _HALVES.sub(lambda said: f"{said[1]} {'am' if said[2] == 'sáng' else 'pm'}", text, count=1)
    text = _BETWEEN.sub("", text)
    return _DAY_FIRST.sub(r"\4-\3-\1", text, count=1) if is_vietnamese else text


def _of_spoken(text: str) -> str:
    """A date without the Vietnamese words in it, the year first."""
    for form in _SPOKEN:
        plain = form.sub(_by_year, text, count=1)
        if plain != text:
            return plain
    return text


def _by_year(match: re.Match[str]) -> str:
    month = match["m"]
    return f"{match['y']}-{WORDS_OF_MONTHS.get(month, month)}-{match['d']}"
