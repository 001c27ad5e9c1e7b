"""No words that people see stand in the code outside the catalogue: what else is English there is for programs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Set
from functools import cache

import pytest

from source import SOURCE, files, nodes_of, tree_of

# Two English words in a row, that are no part of a pattern or of code.
_WORDS = re.compile(r"(?<![\w.{\[\\?-])[A-Za-z][a-z]+,? [a-z]{2,}(?![\w(=\[-])")
_MARKUP = re.compile(r"<[^<>]*(?:>|$)")
_VIETNAMESE = re.compile(r"[àáạảãâầấậẩẫăằắặẳẵèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹđ]", re.IGNORECASE)

# What makes strings that are no words for people: messages are in the catalogue, and the others are for programs.
_CALLS = {
    "Message": "the catalogue", "in_context": "the catalogue",
    "regex": "a pattern", "compile": "a pattern",
    "fullmatch": "a pattern", "sub": "a pattern", "search": "a pattern", "split": "a pattern",
    "About": "docs/config.md and the JSON Schema, which are English",
    "NotTheSameError": "said within the program: a figure is then written in place of a formula",
    "Option": "--help, which is English", "Argument": "--help, which is English",
    "PydanticCustomError": "what pydantic says, which is put into words of ours",
}  # fmt: skip
_KEYWORDS = {"help": "--help, which is English", "style": "a colour"}
# Files and rooms whose strings are words of data, or names that only programs see, and why.
_PLACES = {
    "inputs/": "headers and words of exports",
    "values/channels.py": "sources of visits",
    "values/codes.py": "codes, names and words for them in data",
    "values/terms.py": "words for intervals in data",
    "values/amounts.py": "units of amounts in data",
    "values/cells.py": "words in cells that mean nothing, yes or no",
    "values/currencies.py": "currencies in data",
    "values/criteria.py": "words beside numbers in data",
    "values/dates.py": "words for months in data",
    "values/day_words.py": "words for months in data",
    "values/period_words.py": "words for quarters in data",
    "values/roles.py": "words for roles in data",
    "values/score_words.py": "words for scores in data",
    "values/statuses.py": "words in statuses",
    "reading/": "words of headers and cells, SQL, and the names of facts within the program",
    "facts/": "words of headers and cells, and the names of columns within the program",
    "cli/assumptions.py": "--help, which is English",
    "answers/targets_names.py": "letters of names that people write",
    "metrics/": "chapters of the docs, which are English and quoted",
    "renderers/screen/": "colours of Rich",
}
_STRINGS = {
    "the day of the clock": "what a shell shows beside a completion, English as --help is",
    "header found": "a column of CSV; people see its title",
    "planning: funnelcli targets": "a chapter of the docs, which are English and quoted",
    "funnelcli explain ": "a command",
    "^Value error, ": "what pydantic puts before words of ours",
}


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _docstrings(tree: ast.AST) -> set[ast.AST]:
    """Strings that are said to nobody: docstrings, and those of fields."""
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}


def _strings(node: ast.AST, silent: Set[ast.AST]) -> Iterator[tuple[int, str]]:
    """The strings within a node, but for what is in the catalogue or for programs, and what a program's fault says."""
    if node in silent:
        return
    match node:
        case ast.Call() if _called(node) in _CALLS:
            return
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name))) if name in vars(__import__("builtins")):
            return
        case ast.keyword(arg=str(name)) if name in _KEYWORDS:
            return
        case ast.Assign(targets=[ast.Name(id="EXAMPLES")]):  # of --help, which is English
            return
        case ast.Constant(value=str(text)):
            yield node.lineno, text
    for child in ast.iter_child_nodes(node):
        yield from _strings(child, silent)


def outside(tree: ast.Module) -> list[str]:
    """The words of some source that may be for people and are not in the catalogue."""
    strings = [(line, text) for line, text in _strings(tree, _docstrings(tree)) if text not in _STRINGS]
    plain = [(line, text, _MARKUP.sub("", text)) for line, text in strings if "{%" not in text]
    return [f"{line}: {text}" for line, text, said in plain if _WORDS.search(said) or _VIETNAMESE.search(said)]


@cache
def _outside() -> dict[str, list[str]]:
    known = {path.relative_to(SOURCE).as_posix(): outside(tree_of(path)) for path in files()}
    return {name: words for name, words in known.items() if words}


def test_no_words_stand_outside_the_catalogue() -> None:
    wrong = {name: words for name, words in _outside().items() if not name.startswith(tuple(_PLACES))}
    assert wrong == {}, "make a Message of it (docs/translating.md), or say above why it is for programs alone"


def test_every_exception_is_needed() -> None:
    assert [place for place in _PLACES if not any(name.startswith(place) for name in _outside())] == []
    text = "".join(path.read_text(encoding="utf-8") for path in files())
    assert [string for string in _STRINGS if string not in text] == []


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ('print("no file is there")', 1),
        ('print(f"{n} rows are left")', 1),
        ('TITLE = "Quotas by month"', 1),
        ('TITLE = "Kế hoạch"', 1),
        ('raise UsageError("no such file")', 1),
        ('raise ValueError("no such file")', 0),
        ('Message("no such file")', 0),
        ('Words(Message("no such file"), facts={"name": Words("the whole year")})', 1),
        ('def f():\n    """No such file."""', 0),
        ('re.compile("no such file")', 0),
        ('Annotated[int, About("How many there are.")]', 0),
        ('KEY = "new_paid_users"', 0),
    ],
)
def test_words_outside_the_catalogue_are_noticed(source: str, number: int) -> None:
    assert len(outside(ast.parse(source))) == number


# --- what is shown is a text -------------------------------------------------------------------------------------

# What takes what people see, by the names of the calls; their literal strings may be keys of programs alone.
_SHOWN = frozenset(
    ("Words", "as_text", "Verbatim", "joined", "foreign", "RichText", "print", "prompt", "filled", "Marked")
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
# Keys of funnel.toml, options and names, which are the same in every language.
_KEYS = frozenset((
    "#:schema ./", "# [inputs.", "[inputs.", ".columns]", "timezone = ", "lang = ", "name = ", "date_order = ",
    "# paid = [", "Parquet", "gzip", "',' ';' '|' tab", "--what-if ", "funnelcli ", "funnelcli: ",
))  # fmt: skip


def _literals(node: ast.expr) -> Iterator[str]:
    """The literal strings that an argument is made of."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            for part in parts:
                yield from _literals(part)
        case ast.IfExp(body=left, orelse=right) | ast.BinOp(left=left, right=right):
            yield from _literals(left)
            yield from _literals(right)
        case ast.Starred(value=value):
            yield from _literals(value)


def _says_something(text: str) -> bool:
    """Whether there are letters in a string, beside the places of facts."""
    return bool(_LETTERS.search(re.sub(r"\{\w*\}?", "", text)))


def bare(nodes: Iterable[ast.AST]) -> list[str]:
    """The words of some source that are shown as they stand there."""
    words = []
    for call in nodes:
        if isinstance(call, ast.Call) and _called(call) in _SHOWN:
            given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg not in ("style", "tone"))]
            said = [text for argument in given for text in _literals(argument)]
            words += [f"{call.lineno}: {text}" for text in said if text not in _KEYS and _says_something(text)]
    return words


def test_what_is_shown_is_a_text() -> None:
    assert {path.name: words for path in files() if (words := bare(nodes_of(path)))} == {}


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ('Words("Total")', 1),
        ('as_text("total" if whole else name)', 1),
        ('text.filled(n=n, hold="holds")', 1),
        ('joined(" or ", names)', 1),
        ('joined(": ", ["gzip", name])', 0),
        ('RichText(title.of(lang), style="bold")', 0),
        ("Words(name)", 0),
    ],
)
def test_what_is_shown_as_it_stands_is_noticed(source: str, number: int) -> None:
    assert len(bare(ast.walk(ast.parse(source)))) == number


# --- templates ---------------------------------------------------------------------------------------------------

_NOT_TEXT = re.compile(r"<(style|script)\b.*?</\1>|\{[{%#].*?[}%#]\}|&\w+;", re.DOTALL)
_READ = re.compile(r"\b(?:aria-label|alt|title|placeholder|summary)=(\"[^\"]*\"|'[^']*')")


def said_by(template: str) -> list[str]:
    """The words that a template says itself: between tags, and in attributes that are read or read aloud."""
    plain = _NOT_TEXT.sub("", template)
    said = [*_READ.findall(plain), *re.sub(r"<[^>]*>|[\w-]+=\"[^\"]*\"", "\n", plain).splitlines()]
    return [text for text in said if _LETTERS.search(text)]


def _templates() -> Iterator[tuple[str, str]]:
    for path in SOURCE.rglob("*"):
        if path.suffix in (".html", ".j2", ".jinja", ".svg"):
            yield path.name, path.read_text(encoding="utf-8")
        elif path.suffix == ".py" and "renderers" in path.parts:
            for node in nodes_of(path):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and "{%" in node.value:
                    yield path.name, node.value


def test_templates_say_nothing_themselves() -> None:
    templates = list(_templates())
    assert len(templates) >= 1
    assert [(name, words) for name, text in templates if (words := said_by(text))] == []


def test_what_a_template_says_itself_is_noticed() -> None:
    said = '<style>p { color: red }</style><p title="Why">{{ text }}</p>{% if x %}<b>Total</b>{% endif %}'
    assert said_by(said) == ['"Why"', "Total"]
