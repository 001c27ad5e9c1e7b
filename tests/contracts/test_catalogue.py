"""One catalogue of messages: all that people are told is in it, in every language, with the facts it is about."""

from __future__ import annotations

import ast
import gettext
import importlib.util
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message

from funnelcli.text import languages
from funnelcli.text.catalogue import catalogue_of
from source import SOURCE, files, nodes_of

ROOT = Path(__file__).parents[2]
LOCALES = SOURCE / "text" / "locales"
FILES = sorted(LOCALES.glob("*.po"))
_PLACES = re.compile(r"\{\w*(?:![rsa])?\}")
# Of these messages a translation takes what its language needs of what is said to translators.
_CHOSEN = {
    "pydantic": {"{error}", "{class_name}"},
    "date": {"{day}", "{dd}", "{month}", "{m}", "{mm}", "{year}", "{quarter}"},
}
HOW = "run `make messages`, and translate what is new: docs/translating.md"


@cache
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def template() -> Catalog:
    """Every message of the code, as Babel finds them."""
    found: Catalog = tool().messages()
    return found


@cache
def catalogue(path: Path) -> Catalog:
    read: Catalog = tool().read(path.read_text(encoding="utf-8"), path.stem)
    return read


def keys(messages: Catalog) -> set[tuple[str, str]]:
    return {(message.context or "", str(message.id)) for message in messages if message.id}


def test_every_language_has_its_file() -> None:
    assert ("en", *(path.stem for path in FILES)) == languages()
    assert len(FILES) >= 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_catalogue_is_what_make_messages_writes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert keys(catalogue(path)) == keys(template()), HOW
    assert text == tool().updated(path, template()), HOW


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_catalogue_is_read_as_babel_reads_it(path: Path) -> None:
    """What the program reads by itself, since Babel takes long to import, is what the library makes of it."""
    read = catalogue_of(path.stem)
    known = {(m.context or "", str(m.id)): str(m.string) for m in catalogue(path) if m.id}
    assert read.messages == known
    assert len(known) > 1000
    numbers = range(1000)
    rule = gettext.c2py(catalogue(path).plural_expr)
    assert [read.form(number) for number in numbers] == [rule(number) for number in numbers]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_message_is_translated(path: Path) -> None:
    messages = [message for message in catalogue(path) if message.id]
    assert [message.id for message in messages if not message.string or message.fuzzy] == [], HOW
    assert not catalogue(path).obsolete
    assert "#~" not in path.read_text(encoding="utf-8")


def _facts(text: str) -> set[str]:
    return set(_PLACES.findall(text))


def wrong_in(message: Message, plurals: int) -> str:
    """What is wrong with a translation: facts that are not there or left out, or other forms than the language has."""
    english, translated = str(message.id), str(message.string)
    known, optional = _facts(english), _CHOSEN.get(message.context or "", set())
    if extra := _facts(translated) - known - optional:
        return f"{translated!r}: no {sorted(extra)}"
    if left := known - _facts(translated) - optional:
        return f"{translated!r}: without {sorted(left)}"
    forms = re.findall(r"\[(?:\w+!)?([^\[\]|{}]*(?:\|[^\[\]|{}]*)+)\]", translated)
    if any(form.count("|") + 1 > plurals for form in forms):
        return f"{translated!r}: more forms than {plurals}"
    return ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_translation_has_the_facts_of_its_message(path: Path) -> None:
    messages = catalogue(path)
    assert [wrong for message in messages if message.id and (wrong := wrong_in(message, messages.num_plurals))] == []


@pytest.mark.parametrize(
    ("translated", "wrong"),
    [
        ("{n} von {stage}", ""),
        ("{stage}: {n} [a|b]", ""),
        ("{n} von", "without ['{stage}']"),
        ("{n} von {stage}{name}", "no ['{name}']"),
        ("{n} von {stage!r}", "no ['{stage!r}']"),
        ("{n} [a|b|c] von {stage}", "more forms than 2"),
    ],
)
def test_what_is_wrong_with_a_translation_is_noticed(translated: str, wrong: str) -> None:
    said = wrong_in(Message("{n} of {stage}", translated), 2)
    assert said == (f"{translated!r}: {wrong}" if wrong else "")


# --- in the code -------------------------------------------------------------------------------------------------


def not_literal(nodes: Iterable[ast.AST]) -> list[str]:
    """The messages of some source that Babel cannot find: what makes one is not given literal strings alone."""
    wrong = []
    for call in nodes:
        match call:
            case ast.Call(func=ast.Name(id="Message"), args=[ast.Constant(value=str())], keywords=[]):
                continue
            case ast.Call(
                func=ast.Name(id="in_context"), args=[ast.Constant(value=str()), ast.Constant(value=str())], keywords=[]
            ):
                continue
            case ast.Call(func=ast.Name(id="Message" | "in_context") | ast.Attribute(attr="Message" | "in_context")):
                wrong.append(f"{call.lineno}: {ast.unparse(call)}")
    return wrong


def test_every_message_stands_as_a_literal() -> None:
    others = [path for path in files() if path != SOURCE / "text" / "__init__.py"]
    assert {path.name: wrong for path in others if (wrong := not_literal(nodes_of(path)))} == {}


@pytest.mark.parametrize(
    "source",
    ['Message(f"{n} rows")', 'Message(words)', 'Message("a", "b")', 'Message("a" + "b")', 'in_context(c, "a")',
     'text.Message("a")', 'Message("a", context="b")'],
)  # fmt: skip
def test_a_message_that_is_no_literal_is_noticed(source: str) -> None:
    assert len(not_literal(ast.walk(ast.parse(source)))) == 1
