"""Words for people are declared in both languages, and names in the code say what they stand for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest

from funnelcli.problems import FunnelError
from funnelcli.problems.kinds import KINDS, Kind
from funnelcli.text import in_number
from source import SOURCE, files, nodes_of

_SENTENCE = re.compile(r"[A-Za-z]+ [A-Za-z]+|[A-Za-z]{3,}:? ")
_KEYS = re.compile(r"\w*_\w*| x ")  # a formula over keys is the same in both languages


def _names_of(kind: type[Exception]) -> set[str]:
    names = {kind.__name__}
    for narrower in kind.__subclasses__():
        names |= _names_of(narrower)
    return names


# What is made with words for people, and which of its arguments are words: by place, then by name.
_MADE: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    **dict.fromkeys(_names_of(FunnelError), ((0,), ("message", "hint"))),
    **dict.fromkeys(("_error", "_warning", "Kind"), ((1, 2), ("message", "hint"))),
    "TextError": ((0,), ("text",)),
    "Column": ((), ("meaning",)),
    "DateColumns": ((), ("meaning",)),
    **dict.fromkeys(("Flow", "Balance"), ((), ("what",))),
    "PlannedMetric": ((), ("formula",)),
    "Missing": ((1,), ("reason",)),
    "Note": ((1,), ("text",)),
    "say": ((0,), ("text",)),
    "problem": ((), ("reason", "what", "basis", "meaning", "looks", "range", "closest")),
}


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _plain(node: ast.expr) -> str:
    """The literal text of an expression that makes a string; nothing for other expressions."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)
        case ast.BinOp(left=left, right=right):
            return _plain(left) + _plain(right)
        case ast.IfExp(body=body, orelse=other):
            return _plain(body) or _plain(other)
        case ast.Call(func=ast.Attribute(attr="format" | "join", value=value)):
            return _plain(value)
        case _:
            return ""


def _is_sentence(text: str) -> bool:
    return bool(_SENTENCE.search(_KEYS.sub("", text)))


def sentences(nodes: Iterable[ast.AST]) -> list[str]:
    """The words for people in some source that are a bare string."""
    bare = []
    for call in nodes:
        if not isinstance(call, ast.Call) or _called(call) not in _MADE:
            continue
        places, names = _MADE[_called(call)]
        given = [argument for place, argument in enumerate(call.args) if place in places]
        given += [keyword.value for keyword in call.keywords if keyword.arg in names]
        bare += [f"{call.lineno}: {text}" for argument in given if _is_sentence(text := _plain(argument))]
    return bare


def test_words_for_people_are_texts() -> None:
    assert len(files()) > 300
    assert {path.relative_to(SOURCE): bare for path in files() if (bare := sentences(nodes_of(path)))} == {}


def test_what_is_printed_is_text() -> None:
    """Nothing but the version is printed as an English sentence."""
    printed = []
    for path in files():
        for call in nodes_of(path):
            if isinstance(call, ast.Call) and _called(call) in ("print", "prompt", "echo", "secho"):
                printed += [text for argument in call.args if _SENTENCE.search(text := _plain(argument))]
    assert [text for text in printed if not text.startswith(("funnelcli x", "funnelcli: x"))] == []


@pytest.mark.parametrize(
    "source",
    [
        'raise UsageError("There is no goal.")',
        'raise GoalError(f"{key} is missing: {why}.", hint=advice)',
        'raise ConfigError(Message("a b"), hint="Correct it." if x else "")',
        'problem("binary-file", file=name, what="a PDF file")',
    ],
)
def test_a_sentence_is_noticed(source: str) -> None:
    assert len(sentences(ast.walk(ast.parse(source)))) == 1


_NAMELESS = frozenset(("one", "found", "told", "untold"))  # names that do not say what they hold


def _bound(node: ast.AST) -> str | None:
    """The name that a node gives to something."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.Attribute(attr=name, ctx=ast.Store()):
            return name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.alias(asname=name):
            return name
        case ast.ExceptHandler(name=name) | ast.MatchAs(name=name) | ast.MatchStar(name=name):
            return name
        case _:
            return None


def nameless(nodes: Iterable[ast.AST]) -> list[str]:
    """The names bound in some source that say nothing of what they stand for."""
    return [f"{node.lineno}: {name}" for node in nodes if (name := _bound(node)) in _NAMELESS]  # type: ignore[attr-defined]


def test_names_say_what_they_stand_for() -> None:
    assert {path.relative_to(SOURCE): names for path in files() if (names := nameless(nodes_of(path)))} == {}


@pytest.mark.parametrize(
    "source",
    [
        "[one for one in rows]",
        "def read(found): ...",
        "class Sums:\n    untold: int",
        "self.told = 1",
        "if (one := rows): ...",
    ],
)
def test_a_name_that_says_nothing_is_noticed(source: str) -> None:
    assert len(nameless(ast.walk(ast.parse(source)))) == 1


# Facts that are numbers, by their names.
_NUMBERS = (
    "n", "count", "number", "rows", "people", "ids", "sessions", "gone", "new", "changed", "lasting", "ended", "total",
    "most", "joined", "again", "still", "without", "days", "of",
)  # fmt: skip
_PLURAL = re.compile(
    r"\b1 (?!(?:is|as|has|was|this|its|less|unless|plus|lasts|ends|stands|counts)\b)(?:[a-z]+s|people)\b"
    r"|(?<!amounts of )\b1 [a-z]+ (?:are|were|have|stand|hold|say|share|begin|count|do|lie|lead|name)\b"
)


def _of_numbers() -> set[str]:
    """The English texts that tell a number."""
    return {
        call.args[-1].value
        for path in files()
        for call in nodes_of(path)
        if isinstance(call, ast.Call) and _called(call) in ("Message", "in_context") and call.args
        and isinstance(call.args[-1], ast.Constant) and isinstance(call.args[-1].value, str)
        and any(f"{{{name}}}" in call.args[-1].value for name in _NUMBERS)
    }  # fmt: skip


def _of_one(english: str) -> str:
    """A text of which all that is a number is 1, and all else a word."""
    said = in_number(english, dict.fromkeys(_NUMBERS, 1))
    return re.sub(r"\{(\w+)[^{}]*\}", lambda field: "1" if field[1] in _NUMBERS else "x", said)


def test_of_1_every_text_speaks_in_the_singular() -> None:
    texts = _of_numbers()
    assert len(texts) > 100
    assert [said for english in sorted(texts) if _PLURAL.search(said := _of_one(english))] == []


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if "|" in kind.message.of("en")], ids=lambda kind: kind.code
)
def test_a_kind_of_problem_speaks_of_1_and_of_2_as_it_should(kind: Kind) -> None:
    """Nothing is left of the forms, and they differ."""
    names = set(re.findall(r"\{(\w+)", kind.message.of("en")))
    one, two = (kind.message.filled(**dict.fromkeys(names, number)).of("en") for number in (1, 2))
    assert "|" not in one + two
    assert one != two.replace("2", "1")


def test_what_would_be_a_wrong_plural() -> None:
    said = [
        bool(_PLURAL.search(text)) for text in ("1 rows", "of 1 people", "1 row are", "1 row is", "11 rows", "1 is")
    ]
    assert said == [True, True, True, False, False, False]
