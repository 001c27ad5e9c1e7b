"""JSON: the data of an answer, whose shape has a version."""

from __future__ import annotations

import json

from funnelcli.answers.answer import Answer
from funnelcli.renderers import Format, Style, View, as_bytes


def to_text(data: object) -> str:
    """Plain data as indented JSON; NaN and infinity are refused."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def render(answer: Answer, style: Style) -> bytes:
    """The data of an answer as JSON; it is the same in every language."""
    return as_bytes(to_text(answer.data))


FORMAT = Format(name="json", extensions=(".json",), views=frozenset({View.DATA}), render=render)
