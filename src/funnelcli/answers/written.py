"""What pages say, recognised in whichever language they were written."""

import re

from funnelcli.text import Text, decimal_mark, languages, said_in_all
from funnelcli.values.numbers import DecimalMark


def read_back(text: Text, line: str) -> dict[str, str] | None:
    """The facts of a text as they stand in a line that says it in some language; None where it does not.

    >>> read_back(Message("Team: {team}"), "Đội: sales"), read_back(Message("Team: {team}"), "Teams")
    ({'team': 'sales'}, None)
    """
    for words in said_in_all(text):
        plain, names = re.split(r"\{\w+\}", words), re.findall(r"\{(\w+)\}", words)
        match = re.fullmatch("(.*?)".join(map(re.escape, plain)), line)
        if match:
            return dict(zip(names, match.groups(), strict=True))
    return None


def begins(text: Text, line: str) -> bool:
    """Whether a line begins as a text does in some language, up to its first fact.

    >>> begins(Message("Team: {team}"), "Đội: sales"), begins(Message("Team: {team}"), "Teams")
    (True, False)
    """
    return line.startswith(tuple(filter(None, (words.partition("{")[0] for words in said_in_all(text)))))


def mark_beside(header: Text, words: str) -> DecimalMark | None:
    """The decimal mark of the language in which a header is ``words``; None where it is in none, or in several.

    >>> mark_beside(Message("Month"), "Tháng"), mark_beside(Message("Month"), "Mois")
    (',', None)
    """
    marks = {decimal_mark(lang) for lang in languages() if header.of(lang) == words}
    return "." if marks == {"."} else "," if marks == {","} else None
