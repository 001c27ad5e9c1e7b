"""JSON: the data of an answer, whose shape has a version."""

from __future__ import annotations

import json

from funnelcli.answers.answer import Answer
from funnelcli.renderers import Counts, Format, Style, View, as_bytes
from funnelcli.renderers.wording.reread import rows_of

_NO_NUMBERS = (b"NaN", b"Infinity")


def to_bytes(data: object) -> bytes:
    """Plain data as indented JSON in UTF-8; NaN and infinity are refused.

    >>> to_bytes({"value": 1.5})
    b'{\\n  "value": 1.5\\n}\\n'
    """
    from pydantic_core import PydanticSerializationError, to_json

    try:
        text = to_json(data, indent=2)  # json itself indents in Python, which takes eight times as long
    except (PydanticSerializationError, UnicodeError):
        text = b""  # half a character, as names of files may hold
    if not text or any(word in text for word in _NO_NUMBERS):
        return as_bytes(json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n")
    return text + b"\n"


def render(answer: Answer, style: Style) -> bytes:
    """The data of an answer as JSON; it is the same in every language."""
    return to_bytes(answer.data)


def counts(data: bytes) -> Counts:
    """The rows that count of each input, as a file says; none in what is no such file."""
    try:
        answer = json.loads(data)
    except ValueError:
        return {}
    return rows_of(answer.get("sources")) if isinstance(answer, dict) else {}


FORMAT = Format(
    name="json", extensions=(".json",), views=frozenset({View.DATA}), lists_sources=True, render=render, counts=counts
)
