"""The terminal: tables with letters and colours that fit its width."""

from __future__ import annotations

from funnelcli.answers.answer import Answer
from funnelcli.renderers import Format, Style, View, as_bytes


def render(answer: Answer, style: Style) -> bytes:
    """The page of an answer for a terminal of ``style.width`` columns, or as wide as it needs."""
    from funnelcli.renderers.screen.draw import drawn  # brings Rich

    return as_bytes(drawn(answer.page(style.layout, brief=style.brief), style))


FORMAT = Format(name="table", extensions=(".txt",), views=frozenset({View.PAGE}), takes_brief=True, render=render)
