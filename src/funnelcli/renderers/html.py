"""HTML: one page that needs nothing else, without a script, for a browser, a mail or paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from funnelcli.answers.answer import Answer
from funnelcli.renderers import LAYOUTS, Counts, Format, Style, View, as_bytes
from funnelcli.renderers.wording.reread import ROWS, rows_of
from funnelcli.text.regex import regex

# A page is opened from a mail: what makes it larger than this is shown in part, and the page says so.
MOST_BYTES = 150_000
_HEAD_BYTES = 2_000
_ROWS_IN_HEAD = regex(r'<meta name="funnelcli-rows" content="([a-z0-9_]+ \d+(?:, [a-z0-9_]+ \d+)*)">')

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def _file(name: str) -> str:
    return resources.files("funnelcli.renderers.page").joinpath(name).read_text("utf-8")


@cache
def _template() -> Template:
    """The page, compiled once in a process."""
    from jinja2 import Environment, StrictUndefined  # takes a while to import

    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(_file("template.html.jinja"))


@cache
def _style() -> tuple[str, str]:
    """The style sheet, and its hash as the page's policy names it."""
    text = _file("style.css").replace("\n", "")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return text, f"sha256-{digest}"


def render(answer: Answer, style: Style) -> bytes:
    """The page of an answer as one HTML file: with pictures where the answer has them."""
    from markupsafe import Markup

    from funnelcli.renderers.page import words
    from funnelcli.renderers.page.pages import drawn_page, plain_page, shorter_pages

    lang = style.lang
    text, digest = _style()
    common = {
        "lang": lang,
        "style": Markup(text),
        "style_hash": digest,
        "skip": words.SKIP.of(lang),
        "nav": words.NAV.of(lang),
        "rows": ", ".join(f"{name} {n}" for (_, name), n in rows_of(answer.data.get("sources")).items()),
    }

    def page(context: Mapping[str, Any]) -> bytes:
        return as_bytes(_template().render(**common, **context))

    if answer.drawn is None or style.layout in LAYOUTS[View.PAGE]:
        return page(plain_page(answer, style.layout, lang))
    drawn = answer.drawn()
    data = page(drawn_page(drawn, lang))
    for shorter in shorter_pages(drawn, MOST_BYTES, lambda known: len(page(drawn_page(known, lang)))):
        if len(data) <= MOST_BYTES:
            break
        data = page(drawn_page(shorter, lang))
    return data


def counts(data: bytes) -> Counts:
    """The rows that count of each input, as the head of a page says; none in other pages."""
    match = _ROWS_IN_HEAD.search(data[:_HEAD_BYTES].decode(errors="replace"))
    if match is None:
        return {}
    pairs = (pair.rsplit(" ", 1) for pair in match[1].split(", "))
    return {(ROWS, name): float(number) for name, number in pairs}


FORMAT = Format(
    name="html",
    extensions=(".html", ".htm"),
    views=frozenset({View.PAGE}),
    render=render,
    lists_sources=True,
    counts=counts,
)
