"""What several blocks of a page show: a figure, a change, what it is against, the counts of a rate, a label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from funnelcli.answers.cells import Change, Months, Number, Quotient
from funnelcli.renderers.page import words as w
from funnelcli.renderers.page.figures import (
    change,
    figure,
    short_of,
    tone_of,
    typeset,
)
from funnelcli.text import Lang, Text
from funnelcli.values.periods import Period

View = Mapping[str, Any]


def shown(cell: Number | None, lang: Lang) -> View:
    """A figure: its text, in full where it is written short, and why it is missing."""
    if cell is None:
        return {"text": "", "exact": "", "why": ""}
    text = figure(cell, lang)
    return {"text": text.text, "exact": text.exact, "why": text.why}


def moved(cell: Change | None, lang: Lang) -> View | None:
    """A change: its arrow, its text, whether it is good; None where there is none."""
    text, arrow = change(cell, lang)
    return {"text": text, "arrow": arrow, "tone": tone_of(cell, text)} if text else None


def base_words(base: Months | None, headline: Period, lang: Lang) -> str:
    """``on Sep``: what a change is against."""
    if base is None:
        return ""
    return w.ON.filled(base=short_of(base.first, base.grain, lang, headline)).of(lang)


def counts(quotient: Quotient, lang: Lang) -> str:
    """``4 / 206``."""
    return typeset(f"{figure(quotient.numerator, lang).text} / {figure(quotient.denominator, lang).text}")


def lowered(label: Text, lang: Lang) -> str:
    """A label within a sentence: its first letter small, unless it begins with a capital word."""
    text = label.of(lang)
    head = text.split(" ", 1)[0]
    return text if sum(letter.isupper() for letter in head) > 1 else text[:1].lower() + text[1:]
