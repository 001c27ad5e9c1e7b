"""The tables [metrics.NAME] of funnel.toml: metrics of one's own, made of others or counted from the rows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import field

from funnelcli.config.table import About, Reads, Table
from funnelcli.config.values import Globs
from funnelcli.text import ENGLISH, Lang, Message, Text, TextError, languages
from funnelcli.values.figures import Unit

MOST_CHARACTERS = 120
MOST_OF_DEFINITION = 600
_MARKS = "{}|"  # what stands for something else within a text
UNITS = tuple(unit.value for unit in Unit if unit is not Unit.MONTHS)
_KINDS = ("ratio", "sum", "difference", "count")


class Label(Text, frozen=True):
    """Words of the settings in some languages: in one that they are not given in, the English, else those there are.

    >>> Label((("en", "SME share"), ("vi", "Tỷ trọng SME"))).of("vi"), Label((("vi", "Tỷ trọng SME"),)).of("en")
    ('Tỷ trọng SME', 'Tỷ trọng SME')
    """

    words: tuple[tuple[Lang, str], ...]

    def of(self, lang: Lang) -> str:
        """The words in ``lang``."""
        known = dict(self.words)
        return known.get(lang) or known.get(ENGLISH) or self.words[0][1]


def _label(value: object) -> Label:
    return _in_languages(value, MOST_CHARACTERS)


def _definition(value: object) -> Label:
    return _in_languages(value, MOST_OF_DEFINITION)


def _in_languages(value: object, most: int) -> Label:
    """A text, or one of each language; TextError where it is neither, or cannot be shown as it stands."""
    given: dict[str, Any] = {ENGLISH: value} if isinstance(value, str) else value if isinstance(value, dict) else {}
    if not given or not all(lang in languages() and isinstance(said, str) for lang, said in given.items()):
        text = Message(
            'write it as a text, or in its languages ({langs}) like {{en = "SME share", vi = "Tỷ trọng SME"}}'
        )
        raise TextError(text.filled(langs=", ".join(languages())))
    words = {lang: " ".join(said.split()) for lang, said in given.items()}
    for said in words.values():
        if not said or len(said) > most:
            raise TextError(Message("write at least one character, and at most {most}").filled(most=most))
        if any(mark in said for mark in _MARKS) or not said.isprintable():
            raise TextError(Message("leave out {marks}, which stand for something else").filled(marks=" ".join(_MARKS)))
    return Label(tuple(words.items()))


def _known_unit(value: object) -> object:
    if value not in UNITS:
        from pydantic_core import PydanticCustomError

        raise PydanticCustomError(
            "literal_error", "Input should be {expected}", {"expected": ", ".join(map(repr, UNITS))}
        )
    return value


def _two(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(value) != 2:
        raise TextError(
            Message(
                'write two metrics, the first of which is divided by the second, like ["new_signups", "paid_visits"]'
            )
        )
    return value


def _at_least_one(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise TextError(Message('write the metrics as a list, like ["paid_signups", "affiliate_signups"]'))
    return value


def _written(most: int) -> dict[str, Any]:
    """How words in some languages are written, for the JSON Schema."""
    words = {"type": "string", "minLength": 1, "maxLength": most}
    in_each = {"type": "object", "properties": dict.fromkeys(languages(), words), "additionalProperties": False}
    return {"anyOf": [words, in_each]}


Short = Annotated[Label, Reads(_label, "instead", _written(MOST_CHARACTERS))]
Long = Annotated[Label, Reads(_definition, "instead", _written(MOST_OF_DEFINITION))]
Where = Annotated[
    dict[str, Globs],
    About(
        'Dimension = globs, like {plan = "Pro*"}: only rows whose value is like one of them count, for each metric '
        "that it is made of. Dimensions are channel, source, plan, owner, and those of [dimensions]."
    ),
]
Keys = Annotated[Globs, Reads(_at_least_one, "after")]


class CountSettings(Table, frozen=True, kw_only=True):
    """What is counted: an event of the rows, of all rows or of those that fit."""

    event: Annotated[str, About("The event, like signup, demo_held or paid_first.")]
    where: Where = field(default_factory=dict)


class OwnMetric(Table, frozen=True, kw_only=True):
    """A metric of your own, shown, split, explained and tracked like all others."""

    label: Annotated[
        Short | None,
        About('What people call it: a text, or {en = "...", vi = "..."}; without it, its name.'),
    ] = None
    ratio: Annotated[
        Annotated[Globs, Reads(_two, "after")] | None,
        About(
            'The metric above and the metric below, like ["sales_sme_signups", "new_signups"]. Of a range, what both '
            "are over the range."
        ),
    ] = None
    sum: Annotated[Keys | None, About('Metrics of one unit, like ["paid_signups", "affiliate_signups"].')] = None
    difference: Annotated[Keys | None, About("The first of some metrics of one unit less the others.")] = None
    count: Annotated[
        CountSettings | None,
        About('Rows counted by their event, like {event = "demo_held", where = {owner = "An*"}}.'),
    ] = None
    where: Where = field(default_factory=dict)
    unit: Annotated[
        Annotated[str, Reads(_known_unit, "instead", {"enum": list(UNITS), "type": "string"})] | None,
        About(
            "What it counts; without it, what follows from what it is made of. A ratio of two counts is a rate, shown "
            'in per cent; "number" shows it as a plain number.'
        ),
    ] = None
    good: Annotated[
        Literal["up", "down", "neither"],
        About(
            "The direction that is good news. Changes are coloured by it, and targets are judged unless it is neither."
        ),
    ] = "neither"
    section: Annotated[
        str | None,
        About('The section that it is shown in, like "acquisition" or "sales"; without it, one for own metrics.'),
    ] = None
    definition: Annotated[Long | None, About("What it means, as `explain` says it; in languages like the label.")] = (
        None
    )

    def __post_init__(self) -> None:
        given = [name for name in _KINDS if getattr(self, name) is not None]
        if len(given) != 1:
            raise TextError(Message("give one of {kinds}, and no more").filled(kinds=", ".join(_KINDS)))
