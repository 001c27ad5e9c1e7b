"""Metrics of some rows alone: a metric narrowed to the rows whose values of dimensions are like some globs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers import own_words as words
from funnelcli.answers.own_words import Fault
from funnelcli.answers.uncertain import PARTS_CHANGE
from funnelcli.counting.measures import Measure, Where
from funnelcli.facts.dimensions import CHANNEL, Dimension
from funnelcli.metrics.model import (
    Annualised,
    Balance,
    Flow,
    Formula,
    Kind,
    Metric,
    Monthly,
    Percentile,
    Product,
    Ranking,
    Ratio,
    Section,
    Setting,
    Trailing,
)
from funnelcli.text import Message, Text, as_text, joined, said_in_all
from funnelcli.values.channels import CHANNEL_LABELS, CHANNELS, Channel, matches


class Narrowing(Struct, frozen=True, kw_only=True):
    """The rows that a metric is of: of some channels, and of what fits the other dimensions; ``given`` as declared.

    They are of people ``is_lasting`` where nobody goes from them to other rows, as customers do from plan to plan.
    """

    given: Mapping[str, tuple[str, ...]]
    channels: frozenset[Channel] | None = None
    others: tuple[Where, ...] = ()
    is_lasting: bool = False

    @property
    def words(self) -> Text:
        """Which rows these are."""
        return words.where_words(self.given)

    @property
    def every(self) -> tuple[Where, ...]:
        """All that is asked of a row, of its channel too."""
        if self.channels is None:
            return self.others
        keys = tuple(channel.value for channel in CHANNELS if channel in self.channels)
        return (Where(dimension=CHANNEL, globs=keys), *self.others)

    def flow(self, measure: Measure, only: frozenset[Channel] | None, what: Text) -> Flow:
        """What happens, of these rows alone."""
        channels = only if self.channels is None else self.channels if only is None else self.channels & only
        return Flow(measure=self.of(measure, self.others), only=channels, what=self.said(what))

    def of(self, measure: Measure, where: Sequence[Where]) -> Measure:
        """A measure that counts only what fits."""
        return replace(measure, where=(*measure.where, *where)) if where else measure

    def said(self, what: Text | str) -> Text:
        """What is counted, in words."""
        return Message("{what}, where {where}").filled(what=what, where=self.words)

    def defined(self, definition: Text) -> Text:
        """What a metric means that is of these rows alone."""
        return Message("{whole} Only of rows where {where}.").filled(whole=definition, where=self.words)

    def labelled(self, label: Text) -> Text:
        """The label of a metric that is of these rows alone; a period's name is still to be filled in."""
        values = [as_text(_unmarked(", ".join(globs))) for globs in self.given.values()]
        return joined("", [label, " (", joined("; ", values), ")"])


def _unmarked(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def narrowing(
    place: str, where: Mapping[str, tuple[str, ...]], dimensions: Mapping[str, Dimension]
) -> Narrowing | list[Fault]:
    """What ``where`` of the settings asks of rows; the faults where it names what there is not."""
    faults = list(_faults(place, where, dimensions))
    if faults:
        return faults
    globs = where.get(CHANNEL)
    return Narrowing(
        given=where,
        channels=None if globs is None else frozenset(channel for channel in CHANNELS if _is_like(channel, globs)),
        others=tuple(Where(dimension=name, globs=given) for name, given in where.items() if name != CHANNEL),
        is_lasting=all(dimensions[name].lasting for name in where),
    )


def _faults(place: str, where: Mapping[str, tuple[str, ...]], dimensions: Mapping[str, Dimension]) -> Iterator[Fault]:
    for name, globs in where.items():
        if name not in dimensions:
            yield words.no_dimension(f"{place} where", name, list(dimensions))
        elif not globs:
            yield words.no_globs(f"{place} where.{name}")
        elif name == CHANNEL:
            for glob in globs:
                if not any(_is_like(channel, (glob,)) for channel in CHANNELS):
                    yield words.no_channel(f"{place} where.{name}", glob, [channel.value for channel in CHANNELS])


def _is_like(channel: Channel, globs: Sequence[str]) -> bool:
    """Whether a channel, by its key or by what people call it, is like one of some globs."""
    return any(matches(name, globs) for name in (channel.value, *said_in_all(CHANNEL_LABELS[channel])))


class Narrowed:
    """Metrics of some rows alone, made of others: each once, with all that it is made of.

    ``metric_of`` gives the metric of a key, ``suffix`` is put behind the keys, and ``section`` is where they stand.
    What is made serves only to make others, and is in ``made``.
    """

    def __init__(self, rows: Narrowing, suffix: str, section: Section, metric_of: Callable[[str], Metric]) -> None:
        self.rows, self.suffix, self.section, self.metric_of = rows, suffix, section, metric_of
        self.made: dict[str, Metric] = {}

    def key_of(self, key: str) -> str:
        """The key of a metric's narrowed one, which is then made."""
        narrowed = f"{key}_{self.suffix}"
        if narrowed not in self.made:
            whole = self.metric_of(key)
            self.made[narrowed] = replace(
                whole,
                key=narrowed,
                section=self.section,
                label=self.rows.labelled(whole.label),
                kind=self._kind(whole),
                definition=self.rows.defined(whole.definition),
                shown=False,
                after=None,
                part=False,
                between_parts=False,
                like=None,
                own=True,
            )
        return narrowed

    def _kind(self, whole: Metric) -> Kind:
        kind = whole.kind
        match kind:
            case Flow():
                return replace(self.rows.flow(kind.measure, kind.only, as_text(kind.what)), per=kind.per)
            case Balance():
                measure = self.rows.of(kind.measure, self.rows.every)
                return replace(kind, measure=measure, what=self.rows.said(kind.what))
            case Ratio():
                above, below = self.key_of(kind.numerator), self.key_of(kind.denominator)
                return replace(
                    kind,
                    numerator=above,
                    denominator=below,
                    nothing=Message("{key} is 0").filled(key=below),
                    among=self._among(kind.among),
                    beside=kind.beside if kind.among is None or self.rows.is_lasting else PARTS_CHANGE,
                    everybody=None if kind.everybody is None else self.key_of(kind.everybody),
                    matured=None if kind.matured is None else tuple(map(self.key_of, kind.matured)),
                    least=None if kind.least is None else (self.key_of(kind.least[0]), kind.least[1]),
                )
            case Formula():
                return self._formula(kind, whole.key)
            case Product(times=times, over=over, never=never):
                terms = {key: self.key_of(key) for key in (*times, *over)}
                if never is not None:
                    never = replace(never, more=self.key_of(never.more), than=self.key_of(never.than))
                of_rows = replace(kind, times=tuple(terms[k] for k in times), over=tuple(terms[k] for k in over))
                return replace(of_rows, never=never)
            case Trailing() | Monthly() | Percentile() | Annualised():
                return replace(kind, of=self.key_of(kind.of))
            case Setting():
                return kind
            case Ranking():
                return replace(kind, of=self.key_of(kind.of), reached=self.key_of(kind.reached))
            case _:
                assert_never(kind)

    def _among(self, measure: Measure | None) -> Measure | None:
        """Who above a line are some of those below it: nobody knows where people go from such rows to others."""
        return None if measure is None or not self.rows.is_lasting else self.rows.of(measure, self.rows.every)

    def _formula(self, kind: Formula, key: str) -> Kind:
        """A sum that is also counted at once is counted; of any other each term is narrowed, moves between rows too."""
        if kind.measure is not None:
            measure = self.rows.of(kind.measure, self.rows.every)
            return Balance(measure=measure, what=self.rows.said(key), per=kind.per)
        return replace(
            kind,
            plus=tuple(map(self.key_of, (*kind.plus, *kind.between_parts))),
            minus=tuple(map(self.key_of, kind.minus)),
            between_parts=(),
            optional=frozenset(f"{key}_{self.suffix}" for key in kind.optional),
        )
