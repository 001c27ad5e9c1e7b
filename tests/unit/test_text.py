"""Texts: messages, facts, forms of words and what is made of them; a language comes in where they are shown."""

from __future__ import annotations

import io
import pickle
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from funnelcli.text import (
    AND,
    NOTHING,
    Lowered,
    Message,
    Text,
    as_text,
    catalogue,
    day_words,
    day_written,
    decimal_mark,
    foreign,
    grouped,
    in_context,
    in_marks,
    in_number,
    joined,
    known_languages,
    languages,
    month_words,
    month_written,
    percent,
    quarter_words,
    said_in_all,
)

# A language with three forms, of which the first is of 1, the second of 2 to 4.
MADE = {
    ("", "{n} [row|rows] in {files} [file|files]"): "{n} [jeden|dwa|pięć] / {files} [plik|pliki]",
    ("", "{n} of {name}: [n!it|they]"): "{name} ({n}): [n!A|B|C]",
    ("", " and "): " i ",
    ("", "demos"): "DEMA",
    ("", "no {stage} export"): "brak: {stage}",
    ("a", "left"): "lewy",
    ("b", "left"): "został",
    ("mark", ","): "\N{NO-BREAK SPACE}",
    ("mark", "."): ",",
    ("number", "{number}%"): "{number} %",
    ("month", "Oct"): "paź",
    ("date", "{day} {month} {year}"): "{day}. {month} {year}",
    ("date", "{month} {year}"): "{year}/{m}",
    ("quoted", "{words}"): "„{words}”",
}


@pytest.fixture(autouse=True)
def _made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Catalog(locale="pl")
    for (context, english), words in MADE.items():
        made.add(english, words, context=context or None)
    with (tmp_path / "pl.po").open("wb") as stream:
        write_po(stream, made)
    (tmp_path / "en.po").write_bytes(b"English needs no file")
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)


def test_the_languages_are_those_that_have_a_file() -> None:
    assert languages() == ("en", "pl")
    assert known_languages().of("en") == "The languages are en and pl."


WRITTEN = r"""# A comment.
msgid ""
msgstr ""
"Language: cs\n"
"Plural-Forms: nplurals=3; plural=(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2;\n"

#: a.py
#, python-brace-format
msgctxt "here"
msgid "one \"{x}\""
msgstr "jedna \"{x}\"\ttab"

#. to translators
msgid ""
"two\n"
"lines"
msgstr ""
"dva\\ "
"řádky"

#, fuzzy
#| msgid "old"
msgid "guessed"
msgstr "tipnuto"

msgid "not yet"
msgstr ""

#~ msgid "gone"
#~ msgstr "pryč"
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_catalogue_is_read_as_editors_write_it(ends: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder := tmp_path / "others").mkdir()
    (folder / "cs.po").write_bytes(WRITTEN.replace("\n", ends).encode())
    monkeypatch.setattr(catalogue, "FOLDER", folder)
    read = catalogue.catalogue_of("cs")
    assert dict(read.messages) == {
        ("here", 'one "{x}"'): 'jedna "{x}"\ttab',
        ("", "two\nlines"): "dva\\ řádky",
        ("", "not yet"): "",
    }
    known = read_po(io.BytesIO(WRITTEN.encode()), locale="cs")
    assert {(m.context or "", m.id): m.string for m in known if m.id and not m.fuzzy} == dict(read.messages)
    assert [read.form(n) for n in (0, 1, 2, 5)] == [2, 0, 1, 2]
    assert Message("not yet").of("cs") == "not yet"


def test_what_is_not_translated_is_english() -> None:
    text = Message("nobody has translated this {n}").filled(n=4)
    assert [text.of(lang) for lang in ("en", "pl", "xx")] == ["nobody has translated this 4"] * 3
    assert Message("no {stage} export").filled(stage=Message("signups")).of("pl") == "brak: signups"


def test_a_context_tells_apart_what_is_the_same_in_english() -> None:
    assert [in_context(context, "left").of("pl") for context in ("a", "b", "c")] == ["lewy", "został", "left"]
    assert [in_context(context, "left").of("en") for context in ("a", "b", "c")] == ["left"] * 3
    assert in_context("a", "left") != in_context("b", "left")


@pytest.mark.parametrize(
    ("n", "english", "made_up"),
    [
        (0, "0 rows", "0 pięć"),
        (1, "1 row", "1 jeden"),
        (2, "2 rows", "2 dwa"),
        (5, "5 rows", "5 pięć"),
        (22, "22 rows", "22 dwa"),
        (grouped(1), "1 row", "1 jeden"),
        (grouped(1002), "1,002 rows", "1\N{NO-BREAK SPACE}002 dwa"),
        (1.5, "1.5 rows", "1.5 pięć"),
        ("many", "many rows", "many pięć"),
    ],
)
def test_the_form_is_that_of_the_number(n: object, english: str, made_up: str) -> None:
    text = Message("{n} [row|rows] in {files} [file|files]").filled(n=n, files=1)
    assert (text.of("en"), text.of("pl")) == (f"{english} in 1 file", f"{made_up} / 1 plik")


def test_a_translation_with_fewer_forms_than_its_language_uses_the_last() -> None:
    text = Message("{n} [row|rows] in {files} [file|files]").filled(n=1, files=5)
    assert text.of("pl") == "1 jeden / 5 pliki"


def test_a_form_may_follow_a_number_that_is_named() -> None:
    text = Message("{n} of {name}: [n!it|they]")
    assert [text.filled(n=n, name="x 1").of("pl") for n in (1, 3, 5)] == ["x 1 (1): A", "x 1 (3): B", "x 1 (5): C"]
    assert [in_number("[n!it|they] {n} [a|b|c]", {"n": n}) for n in (1, 2)] == ["it {n} a", "they {n} b"]


def test_braces_and_bars_in_facts_are_text() -> None:
    text = Message("no {stage} export").filled(stage="{x} [a|b]")
    assert (text.of("en"), text.of("pl")) == ("no {x} [a|b] export", "brak: {x} [a|b]")


def test_a_fact_is_as_it_was_when_the_text_was_filled() -> None:
    names = ["a"]
    text, quoted = (Message(words).filled(names=names) for words in ("{names}", "{names!r}"))
    names.append("b")
    assert (text.of("en"), quoted.of("en")) == ("['a']", "['a']")
    of = Message("{x} {x!r}").filled
    assert [of(x=x).of("pl") for x in (Fraction(1, 2), Path("a"), "a", None)] == [
        "1/2 Fraction(1, 2)",
        "a PosixPath('a')",
        "a 'a'",
        "None None",
    ]


def test_texts_are_made_of_texts() -> None:
    both = joined(AND, [Message("demos"), "x.csv"])
    assert (both.of("en"), both.of("pl")) == ("demos and x.csv", "DEMA i x.csv")
    assert joined(", ", []).of("pl") == NOTHING.of("pl") == ""
    within = joined("", [as_text("* "), Message("no {stage} export")]).filled(stage=Message("demos"))
    assert (within.of("en"), within.of("pl")) == ("* no demos export", "* brak: DEMA")
    assert Lowered(Message("demos")).of("pl") == "dema"
    assert foreign("no route").of("pl") == "„no route”"
    assert said_in_all(Message("demos")) == ("demos", "DEMA")
    assert said_in_all(as_text("x")) == ("x",)


def test_numbers_and_days_are_written_as_the_catalogue_says() -> None:
    day = date(2026, 10, 5)
    assert [grouped(1234567.25, 1).of(lang) for lang in ("en", "pl")] == [
        "1,234,567.2",
        "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,2",
    ]
    assert (in_marks("1,040.5", "pl"), decimal_mark("pl")) == ("1\N{NO-BREAK SPACE}040,5", ",")
    assert [percent(0.031).of(lang) for lang in ("en", "pl")] == ["3.1%", "3,1 %"]
    assert [day_words(day).of(lang) for lang in ("en", "pl")] == ["5 Oct 2026", "5. paź 2026"]
    assert [month_words(day).of(lang) for lang in ("en", "pl")] == ["Oct 2026", "2026/10"]
    assert quarter_words(day).of("pl") == "Q4 2026"


def test_days_and_months_are_read_back() -> None:
    assert [day_written(text, "pl") for text in ("5. Paź 2026: x", "5. Paż 2026", "31. Feb 2026", "")] == [
        date(2026, 10, 5), None, None, None
    ]  # fmt: skip
    assert [month_written(text) for text in ("2026/10", "OCT 2026", "2026/13", "2026/10/1")] == [
        date(2026, 10, 1), date(2026, 10, 1), None, None
    ]  # fmt: skip


TEXTS: list[Text] = [
    Message("demos"),
    in_context("a", "left"),
    Message("{n} of {name}").filled(n=grouped(4), name=Path("x"), why=None),
    joined(AND, [Message("demos"), "x"]),
    percent(0.5),
    Lowered(Message("demos")),
]


@pytest.mark.parametrize("text", TEXTS, ids=str)
def test_a_text_is_a_value(text: Text) -> None:
    """It is compared, hashed and sent to another process, and says the same there."""
    again = pickle.loads(pickle.dumps(text))
    assert again == text
    assert hash(again) == hash(text)
    assert again.of("pl") == text.of("pl")
