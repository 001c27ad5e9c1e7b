"""The metrics that [metrics.NAME] of the settings declares, made into metrics like all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from funnelcli.answers import own_words as words
from funnelcli.answers.own_share import among
from funnelcli.answers.own_where import Narrowed, Narrowing, narrowing
from funnelcli.answers.own_words import Fault
from funnelcli.answers.targets_names import Names, fold
from funnelcli.config import FILE_NAME, Config
from funnelcli.config.own import CountSettings, OwnMetric
from funnelcli.counting.measures import Measure
from funnelcli.facts.dimensions import CHANNEL, declared_dimensions
from funnelcli.inputs import exports, input_of_event
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import (
    OWN,
    Annualised,
    Balance,
    Flow,
    Formula,
    Kind,
    Metric,
    Percentile,
    Product,
    Ranking,
    Ratio,
    Section,
    Setting,
    Trailing,
)
from funnelcli.planning.metrics import PLANNED
from funnelcli.problems import ConfigError
from funnelcli.text import Message, Text, as_text, said_in_all
from funnelcli.text.regex import regex
from funnelcli.values.channels import ChannelMap
from funnelcli.values.figures import Unit

_NAME = regex(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
MOST_CHARACTERS = 60
MOST_DEEP = 20  # metrics that are made of one another
COUNTS = (*(unit for unit in Unit if unit.is_count), Unit.NUMBER)
_OF_MONEY = Message("of amounts, and no share of people")
_QUOTIENTS = (Unit.RATE, Unit.NUMBER)


def own_metrics(config: Config, *, name: str = FILE_NAME, beside: tuple[Metric, ...] = ()) -> tuple[Metric, ...]:
    """The metrics that the settings declare, and those that only serve to make them, in the order of the settings.

    They may be made of those ``beside``.  Raises ConfigError that names everything that is wrong in them.

    >>> from funnelcli.config import parse_config
    >>> config = parse_config('[metrics.ads_share]\\nratio = ["paid_signups", "new_signups"]')
    >>> [(metric.key, metric.kind.formula, metric.unit.value) for metric in own_metrics(config)]
    [('ads_share', 'paid_signups / new_signups', 'rate')]
    """
    with CATALOGUE.with_those(beside):
        making = _Making(config, name)
        made = making.all()
    if making.faults:
        text, hint = words.in_one(making.faults)
        raise ConfigError(text, hint=hint)
    return made


class _Broken(Exception):
    """A metric cannot be made; its faults are known."""


class _Making:
    """The metrics of some settings in the making, each once, when it is first needed."""

    def __init__(self, config: Config, name: str) -> None:
        self.declared, self.name = config.metrics, name
        self.names = Names(ChannelMap({}))  # what people write for the metrics that are there without settings
        self.dimensions = declared_dimensions(config)
        self.sections = {each.key: each for each in (*(metric.section for metric in CATALOGUE.values()), OWN)}
        self.faults: list[Fault] = []
        self._made: dict[str, tuple[Metric, ...]] = {}  # a metric, and behind it what it alone is made of
        self._behind: dict[str, Metric] = {}
        self._broken: set[str] = set()
        self._path: list[str] = []

    def all(self) -> tuple[Metric, ...]:
        """Every metric that can be made; the faults of the others are in ``faults``."""
        self.faults += self._wrong_names()
        made: list[Metric] = []
        for key in self.declared:
            try:
                self._metric(key)
                made += self._made.get(key, ())
            except _Broken:
                continue
        self.faults += self._taken_labels(made)
        hidden = {each.key for each in made if not each.shown}
        self.faults += [words.taken(self._place(key), key) for key in self.declared if key in hidden]
        return tuple(made)

    def _place(self, key: str, of: str = "") -> str:
        return f"{self.name}: [metrics.{key}] {of}".rstrip()

    def _wrong_names(self) -> Iterator[Fault]:
        for key in self.declared:
            if not _NAME.fullmatch(key) or len(key) > MOST_CHARACTERS:
                yield words.no_name(f"{self.name}: [metrics]", key)
            elif key in CATALOGUE or key in PLANNED:
                yield words.taken(self._place(key), key)
            elif (other := self._named(key)) is not None:
                yield words.taken(self._place(key), other)

    def _named(self, text: str) -> str | None:
        """The built-in metric that people write so; of a figure of a plan the one that it is compared with."""
        key = self.names.find_metric(text)
        planned = PLANNED.get(key or "")
        return key if planned is None else planned.actual or key

    def _taken_labels(self, made: Sequence[Metric]) -> Iterator[Fault]:
        """Labels by which people know another metric: a file of targets, or a question, could mean either."""
        labels: dict[str, str] = {}
        for metric in made:
            given = self.declared[metric.key].label if metric.shown else None
            for text in dict.fromkeys(said_in_all(given)) if given is not None else ():
                other = self._named(text) or (fold(text) if fold(text) in self.declared else None)
                other = other or labels.setdefault(fold(text), metric.key)
                if other != metric.key:
                    yield words.label_taken(self._place(metric.key, "label"), text, other)

    # --- one metric ------------------------------------------------------------------------------------------------

    def _metric(self, key: str) -> Metric:
        """The metric of a key: ours, declared, or one that such is made of; _Broken where it cannot be made."""
        if key in CATALOGUE:
            return CATALOGUE[key]
        if key in self._behind:
            return self._behind[key]
        if key in self._broken:
            raise _Broken
        if key not in self._made:
            self._path.append(key)
            try:
                self._made[key] = self._make(key, self.declared[key])
                self._behind |= {each.key: each for each in self._made[key][1:]}
            except _Broken:
                self._broken.add(key)
                raise
            finally:
                self._path.pop()
        return self._made[key][0]

    def _make(self, key: str, settings: OwnMetric) -> tuple[Metric, ...]:
        rows, section = self._rows(self._place(key), settings.where), self._section(key, settings.section)
        if settings.count is not None:
            kind, units, behind = self._count(key, settings.count, rows)
        else:
            kind, units, behind = self._made_of(key, settings, rows, section)
        unit = units[0] if settings.unit is None else Unit(settings.unit)
        if unit not in units:
            raise self._broken_by(words.unfit(self._place(key, "unit"), unit.value, [each.value for each in units]))
        label: Text = settings.label or as_text(key)
        metric = Metric(
            key=key, label=label, unit=unit, section=section, kind=kind, owner="", good=settings.good, own=True,
            definition=settings.definition or _definition(settings, rows), source=f"funnel.toml: [metrics.{key}]",
        )  # fmt: skip
        followed = any(self._metric(term).basis == "cohort" for term in _terms_of(settings)[1])
        return (replace(metric, basis="cohort") if followed else metric, *behind)

    def _section(self, key: str, name: str | None) -> Section:
        if name is not None and name not in self.sections:
            raise self._broken_by(words.no_section(self._place(key, "section"), name, list(self.sections)))
        return OWN if name is None else self.sections[name]

    def _broken_by(self, *faults: Fault) -> _Broken:
        self.faults += faults
        return _Broken()

    def _rows(self, place: str, where: Mapping[str, tuple[str, ...]]) -> Narrowing | None:
        """What the settings ask of the rows; None where they ask nothing."""
        if not where:
            return None
        rows = narrowing(place, where, self.dimensions)
        if isinstance(rows, list):
            raise self._broken_by(*rows)
        return rows

    # --- counted ---------------------------------------------------------------------------------------------------

    def _count(
        self, key: str, settings: CountSettings, rows: Narrowing | None
    ) -> tuple[Kind, list[Unit], tuple[Metric, ...]]:
        place, events = self._place(key, "count"), countable_events()
        if settings.event not in events:
            raise self._broken_by(words.no_event(f"{place} event", settings.event, list(events)))
        own = self._rows(place, settings.where)
        measure, unit = events[settings.event]
        kind = Flow(measure=measure, what=as_text(settings.event))
        for asked in (own, rows):
            if asked is not None:
                kind = asked.flow(kind.measure, kind.only, as_text(kind.what))
        return (
            kind,
            [Unit.NUMBER, *(each for each in COUNTS if each is not Unit.NUMBER)]
            if unit is None
            else [unit, Unit.NUMBER],
            (),
        )

    # --- made of others --------------------------------------------------------------------------------------------

    def _made_of(
        self, key: str, settings: OwnMetric, rows: Narrowing | None, section: Section
    ) -> tuple[Kind, list[Unit], tuple[Metric, ...]]:
        of, keys = _terms_of(settings)
        place = self._place(key, of)
        terms = self._terms(place, keys)
        is_one = rows is not None and len(terms) == 1  # a metric of some rows alone, which may be a quotient
        units = self._quotient(place, *terms) if of == "ratio" else self._one_unit(place, terms, is_one=is_one)
        if rows is None:
            return _with_share(_kind_of(of, keys), terms), units, ()
        narrowed = Narrowed(rows, f"of_{key}", section, self._metric)
        names = [narrowed.key_of(each) for each in keys]
        if is_one:
            return narrowed.made.pop(names[0]).kind, units, tuple(narrowed.made.values())
        kind = _with_share(_kind_of(of, names), [narrowed.made[each] for each in names])
        return kind, units, tuple(narrowed.made.values())

    def _terms(self, place: str, keys: Sequence[str]) -> list[Metric]:
        known = [*CATALOGUE, *self.declared]
        faults: list[Fault] = []
        terms: list[Metric] = []
        for number, each in enumerate(keys):
            if each in keys[:number]:
                faults.append(words.twice(place, each))
            elif each in PLANNED and each not in CATALOGUE:
                faults.append(words.planned(place, each, PLANNED[each].actual))
            elif each not in known:
                faults.append(words.unknown(place, each, known))
            elif (rate := _rate_of(each)) is not None:
                faults.append(words.of_cohort(place, each, rate))
            elif each in self._path:
                faults.append(words.cycle(place, [*self._path[self._path.index(each) :], each]))
            elif each not in CATALOGUE and len(self._path) > MOST_DEEP:
                faults.append(words.too_deep(place, MOST_DEEP))
            else:
                terms.append(self._metric(each))
        if faults:
            raise self._broken_by(*faults)
        return terms

    def _quotient(self, place: str, above: Metric, below: Metric) -> list[Unit]:
        """The units that one metric over another may have, the usual one first."""
        units = (above.unit, below.unit)
        if above.unit is Unit.AMOUNT and below.unit in COUNTS:
            return [Unit.AMOUNT]
        if all(unit in COUNTS for unit in units) or units[0] is units[1] or all(unit in _QUOTIENTS for unit in units):
            return [*_QUOTIENTS]
        raise self._broken_by(words.cannot_divide(place, above, below))

    def _one_unit(self, place: str, terms: Sequence[Metric], *, is_one: bool) -> list[Unit]:
        """The unit of a sum, or of a difference."""
        never_added = Ratio | Product | Trailing | Setting | Percentile | Annualised | Ranking
        quotients = [words.not_added(place, metric) for metric in terms if isinstance(metric.kind, never_added)]
        if quotients and not is_one:
            raise self._broken_by(*quotients)
        if len({metric.unit for metric in terms}) > 1:
            raise self._broken_by(words.differing(place, terms))
        return [terms[0].unit]


def _kind_of(of: str, keys: Sequence[str]) -> Kind:
    if of == "ratio":
        above, below = keys
        return Ratio(numerator=above, denominator=below, nothing=Message("{key} is 0").filled(key=below))
    if of == "sum":
        return Formula(plus=tuple(keys), with_residual=False)
    return Formula(plus=(keys[0],), minus=tuple(keys[1:]), with_residual=False)


def _rate_of(key: str) -> str | None:
    """The rate of the same people that a metric only serves to make: beside it, windows that are open would be lost."""
    known = CATALOGUE.get(key)
    if known is None or known.basis != "cohort" or known.shown:
        return None
    for rate in CATALOGUE.values():
        if isinstance(rate.kind, Ratio) and rate.kind.everybody and key in (*rate.inputs, rate.kind.everybody):
            return rate.key
    return None


def _terms_of(settings: OwnMetric) -> tuple[str, tuple[str, ...]]:
    """How a metric is made of others, and of which; what is counted is made of none."""
    made = ((of, given) for of in ("ratio", "sum", "difference") if (given := getattr(settings, of)))
    return next(made, ("count", ()))


def _with_share(kind: Kind, terms: Sequence[Metric]) -> Kind:
    """A quotient that knows who above its line are some of those below it, or why it is no share of people."""
    if not isinstance(kind, Ratio):
        return kind
    above, below = terms
    if Unit.AMOUNT in (above.unit, below.unit):
        return replace(kind, beside=_OF_MONEY)
    return replace(kind, among=among(above.kind, below.kind))


def _definition(settings: OwnMetric, rows: Narrowing | None) -> Text:
    """What a metric means, where the settings do not say it."""
    if settings.count is not None or rows is None:
        return Message("Declared in funnel.toml.")
    of, keys = _terms_of(settings)
    text = Message("Declared in funnel.toml: {formula}, where {where}.")
    return text.filled(formula=_kind_of(of, keys).words, where=rows.words)


# --- events ----------------------------------------------------------------------------------------------------------


def countable_events() -> dict[str, tuple[Measure, Unit | None]]:
    """The events whose number can be told, each with how it is counted and in what unit, where a metric says so.

    >>> events = countable_events()
    >>> [event for event in events if event.startswith("demo")], events["signup"][1].value
    (['demo_booked', 'demo_held'], 'people')
    """
    events: list[str] = []
    for declared in exports():
        events += [event.name for event in declared.events]
        events += [declared.outcome.event] if declared.outcome is not None else []
        events += [declared.stays.first, declared.stays.again, declared.stays.lost] if declared.stays else []
    doubtful = {event for metric in CATALOGUE.values() for event in _doubted(metric.kind)}
    return {event: _counted_as(event) for event in dict.fromkeys(events) if event not in doubtful}


def dimensions_of_sums(metrics: Sequence[Metric]) -> set[str]:
    """The dimensions that some metrics ask of rows which are only known as sums, as visits are."""
    kinds = [metric.kind for metric in metrics if isinstance(metric.kind, Flow | Balance)]
    summed = [kind.measure for kind in kinds if (of := input_of_event(kind.measure.plus[0])) and of.summed]
    return {where.dimension for measure in summed for where in measure.where if where.dimension != CHANNEL}


def _doubted(kind: Kind) -> Iterator[str]:
    """The events that only leave a metric in doubt."""
    if isinstance(kind, Flow | Balance):
        yield from (event for doubt in kind.measure.doubts for event in doubt.events)


def _counted_as(event: str) -> tuple[Measure, Unit | None]:
    """How an event is counted: as the metric of it does, with all that leaves its number in doubt."""
    counted = [
        metric
        for metric in CATALOGUE.values()
        if isinstance(metric.kind, Flow | Balance) and metric.kind.measure.plus == (event,)
    ]
    plain = next((each.kind.measure for each in counted if isinstance(each.kind, Flow) and _is_plain(each.kind)), None)
    unit = counted[0].unit if counted else None
    return plain or Measure(name=f"own_{event}", plus=(event,), when="within"), unit


def _is_plain(kind: Flow) -> bool:
    measure = kind.measure
    return not measure.minus and (measure.since, measure.now, measure.rule) == (None, None, None)
