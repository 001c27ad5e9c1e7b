"""HTML: one page that needs nothing else, without a script, for a browser or a mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, assert_never

from msgspec import Struct

from funnelcli.answers.answer import Answer, Facts, Heading, Listing, Notes, PlainBlock, Raw, Table
from funnelcli.answers.cells import Cell, Code, Tone, Words, reason_of
from funnelcli.answers.plain import plain_blocks
from funnelcli.renderers import Format, Style, View, as_bytes
from funnelcli.renderers.csv import plain_text
from funnelcli.renderers.wording.cells import NOTES, cell_text
from funnelcli.text import Lang

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATE = """\
<!doctype html>
<html lang="{{ lang }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
:root { color-scheme: light dark; --line: #8884; --soft: #777; --good: #137333; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --soft: #9a9a9a; --good: #6dd58c; --bad: #f2857d; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem; max-width: 72rem; }
h1 { font-size: 1.4rem; margin: 0 0 .3rem; }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
p, li, dt { color: var(--soft); }
div { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { border-bottom-width: 2px; }
tbody th { font-weight: normal; }
.number { text-align: right; white-space: nowrap; }
.dim { color: var(--soft); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.bold { font-weight: bold; }
dl { display: grid; grid-template-columns: max-content auto; gap: .2rem 1rem; }
dd { margin: 0; }
</style>
</head>
<body>
{%- macro text(place) -%}
{%- if place.is_code %}<code>{{ place.text }}</code>{% else %}{{ place.text }}{% endif -%}
{%- endmacro -%}
{%- macro marks(place) -%}
{%- if place.classes %} class="{{ place.classes }}"{% endif -%}
{%- if place.why %} title="{{ place.why }}"{% endif -%}
{%- endmacro %}
{% for block in blocks %}
{% if block.kind == "heading" %}
<h1>{% if block.key %}<code>{{ block.key }}</code> {% endif %}{{ block.title }}</h1>
{% for line in block.lines %}
<p>{{ line }}</p>
{% endfor %}
{% elif block.kind == "table" %}
<section>
{% if block.title %}
<h2>{{ block.title }}</h2>
{% endif %}
<div><table>
<thead><tr>{% for place in block.header %}\
<th scope="col"{{ marks(place) }}>{{ text(place) }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in block.rows %}
<tr>{% for place in row %}{% if loop.first %}<th scope="row"{{ marks(place) }}>{{ text(place) }}</th>\
{% else %}<td{{ marks(place) }}>{{ text(place) }}</td>{% endif %}{% endfor %}</tr>
{% endfor %}
</tbody>
</table></div>
</section>
{% elif block.kind == "facts" %}
<dl>
{% for name, place in block.facts %}
<dt>{{ name }}</dt><dd{{ marks(place) }}>{{ text(place) }}</dd>
{% endfor %}
</dl>
{% else %}
<section>
<h2>{{ block.title }}</h2>
<ul>
{% for line in block.lines %}
<li>{{ line }}</li>
{% endfor %}
</ul>
</section>
{% endif %}
{% endfor %}
</body>
</html>
"""


class _Place(Struct, frozen=True, kw_only=True):
    """A cell as the template takes it: text, how it looks, and why it is a dash."""

    text: str
    classes: str = ""
    why: str = ""
    is_code: bool = False


@cache
def _template() -> Template:
    """The page, compiled once in a process."""
    from jinja2 import Environment, StrictUndefined  # takes a while to import

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.from_string(_TEMPLATE)


def render(answer: Answer, style: Style) -> bytes:
    """The page of an answer as one HTML file."""
    blocks = plain_blocks(answer.page(style.layout))
    if not any(isinstance(block, Heading) for block in blocks):
        blocks = (Heading(text=Words(answer.title)), *blocks)
    title = cell_text(Words(answer.title), style.lang)
    shown = [_block(block, style.lang) for block in blocks]
    return as_bytes(_template().render(lang=style.lang, title=title, blocks=shown))


def _block(block: PlainBlock, lang: Lang) -> Mapping[str, object]:
    """A block as the template takes it."""
    match block:
        case Heading():
            lines = [cell_text(line, lang) for line in block.basis]
            return {"kind": "heading", "key": block.key, "title": cell_text(block.text, lang), "lines": lines}
        case Table():
            right = [place > 0 and not column.words for place, column in enumerate(block.columns)]
            header = [_place(column.header, lang, right=r) for column, r in zip(block.columns, right, strict=True)]
            rows = [[_place(cell, lang, right=r) for cell, r in zip(row, right, strict=True)] for row in block.rows]
            return {"kind": "table", "title": _title(block.title, lang), "header": header, "rows": rows}
        case Listing():
            header = [
                _Place(text=title.of(lang), classes=_classes("", right=name in block.numbers))
                for name, title in zip(block.header, block.headings, strict=True)
            ]
            rows = [list(_raw_places(block, row, lang)) for row in block.rows]
            return {"kind": "table", "title": _title(block.title, lang), "header": header, "rows": rows}
        case Facts():
            facts = [(fact.name.of(lang), _place(fact.cell, lang, right=False)) for fact in block.facts]
            return {"kind": "facts", "facts": facts}
        case Notes():
            lines = [cell_text(line, lang) for line in block.lines]
            return {"kind": "notes", "title": NOTES.of(lang), "lines": lines}
        case _:
            assert_never(block)


def _title(title: Words | None, lang: Lang) -> str:
    return "" if title is None else cell_text(title, lang)


def _place(cell: Cell, lang: Lang, *, right: bool) -> _Place:
    reason = reason_of(cell)
    return _Place(
        text=cell_text(cell, lang),
        classes=_classes(cell.tone, right=right),
        why=cell_text(Words(reason), lang) if reason else "",
        is_code=isinstance(cell, Code),
    )


def _raw_places(block: Listing, row: Sequence[Raw], lang: Lang) -> Iterator[_Place]:
    for name, value in zip(block.header, row, strict=True):
        yield _Place(text=plain_text(value, lang), classes=_classes("", right=name in block.numbers))


def _classes(tone: Tone, *, right: bool) -> str:
    return " ".join(filter(None, ("number" if right else "", tone)))


FORMAT = Format(name="html", extensions=(".html", ".htm"), views=frozenset({View.PAGE}), render=render)
