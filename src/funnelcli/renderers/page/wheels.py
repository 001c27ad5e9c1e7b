"""The wheel as the template takes it: the drawing, and its figures beside it."""

from __future__ import annotations

from funnelcli.answers.drawn import Spoke, Wheel
from funnelcli.renderers.charts.wheel import Sector, wheel, wrapped
from funnelcli.renderers.page.figures import figure
from funnelcli.renderers.page.pieces import View, base_words, moved, shown
from funnelcli.text import Lang


def wheel_view(block: Wheel, lang: Lang) -> View:
    """The drawing with a figure of each force, and the same in words with their changes and what brakes the wheel."""
    base = base_words(block.base, block.month.first, lang)
    spokes = (*block.spokes, block.hub)
    described = "; ".join(_said(spoke, lang) for spoke in (*spokes, *block.brakes))
    return {
        "kind": "wheel",
        "svg": wheel(
            [_sector(spoke, lang) for spoke in block.spokes], _sector(block.hub, lang, plain=True),
            name="t-wheel", described=described, is_braked=bool(block.brakes),
        ),
        "rows": [_row(spoke, base, lang) for spoke in spokes],
        "friction": block.friction.of(lang),
        "brakes": [_row(spoke, base, lang) for spoke in block.brakes],
    }  # fmt: skip


def _text(spoke: Spoke, lang: Lang) -> str:
    return "–" if spoke.figure is None else figure(spoke.figure, lang).text


def _said(spoke: Spoke, lang: Lang) -> str:
    label = "" if spoke.label is None else f" ({spoke.label.of(lang)})"
    return f"{spoke.title.of(lang)}: {_text(spoke, lang)}{label}"


def _sector(spoke: Spoke, lang: Lang, *, plain: bool = False) -> Sector:
    """A force of the drawing; the ``plain`` hub has its label in the place of the title."""
    label = "" if spoke.label is None else spoke.label.of(lang)
    if plain:
        return Sector(title=label or spoke.title.of(lang), figure=_text(spoke, lang), lines=())
    return Sector(title=spoke.title.of(lang), figure=_text(spoke, lang), lines=wrapped(label) if label else ())


def _row(spoke: Spoke, base: str, lang: Lang) -> View:
    change = moved(spoke.change, lang)
    return {
        "title": spoke.title.of(lang),
        "key": spoke.key,
        "label": "" if spoke.label is None else spoke.label.of(lang),
        "figure": shown(spoke.figure, lang),
        "change": change,
        "base": base if change else "",
    }
