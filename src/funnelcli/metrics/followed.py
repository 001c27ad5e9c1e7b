"""Rates of the same people, or deals: of what came to a stage in a period, the share that got to a later one."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.counting.measures import Doubt, Measure
from funnelcli.counting.pairs import Pair, pairs_of
from funnelcli.counting.reasons import starts_unknown_reason
from funnelcli.facts.journeys import Entity
from funnelcli.metrics.journeys import UNITS, Declaring
from funnelcli.metrics.model import Flow, Kind, Metric, Percentile, Ratio, Section
from funnelcli.metrics.times import percentiles
from funnelcli.text import Message, Text
from funnelcli.values.figures import Unit


class Said(Struct, frozen=True, kw_only=True):
    """A pair of stages in words: its ``label``, what the rate is, and who came, matured and got on, each in a sentence.

    ``what`` are the same three as they stand in a formula.
    """

    label: Text
    rate: Text
    people: tuple[Text, Text, Text]
    what: tuple[Text, Text, Text]
    nothing: Text


_NAMES = ("entered", "matured", "converted")
_LABELS = (Message("{rate}: entered"), Message("{rate}: whose window is over"), Message("{rate}: got on"))


def followed_metrics(
    pair: Pair, said: Said, section: Section, owner: str, source: str, unit: Unit, after: str | None = None
) -> Iterator[Metric]:
    """The metrics of two stages: the rate, and the people that it is made of, who are shown with it alone."""

    def metric(name: str, label: Text, kind: Kind, definition: Text, unit: Unit) -> Metric:
        return Metric(
            key=f"{pair.key}_{name}", label=label, unit=unit, section=section, kind=kind, definition=definition,
            owner=owner, good="up", source=source, shown=unit is Unit.RATE, basis="cohort", after=after,
        )  # fmt: skip

    entered, matured, converted = (f"{pair.key}_{name}" for name in _NAMES)
    ratio = Ratio(numerator=converted, denominator=matured, everybody=entered, nothing=said.nothing)
    yield metric("cohort_rate", said.label, ratio, said.rate, Unit.RATE)
    doubts = (Doubt(events=(pair.undated,), reason=starts_unknown_reason),)
    events = (pair.entered, pair.matured, pair.converted)
    for name, event, label, people, what in zip(_NAMES, events, _LABELS, said.people, said.what, strict=True):
        measure = Measure(
            name=f"{pair.key}_{name}", plus=(event,), when="within", doubts=doubts if event == pair.converted else ()
        )
        yield metric(name, label.filled(rate=said.label), Flow(measure=measure, what=what), people, unit)
    yield from _times(pair, said, metric("days", said.label, ratio, said.rate, Unit.DAYS))


def _times(pair: Pair, said: Said, usual: Metric) -> Iterator[Metric]:
    """How long it takes from the first stage to the second: of all who entered, and of those who get on.

    The higher percentiles stand in ``journey`` and ``cohorts``, and are explained.
    """

    def measure(event: str, *doubts: Doubt) -> Measure:
        return Measure(name=event, plus=(event,), when="within", doubts=doubts)

    of_all = Percentile(
        of=f"{pair.key}_entered", quantile=0.5, nothing=said.nothing, instead=measure(pair.ended),
        until=measure(pair.reached, Doubt(events=(pair.undated,), reason=starts_unknown_reason)),
    )  # fmt: skip
    of_them = replace(of_all, among=measure(pair.in_time))
    usual = replace(usual, good="down", after=None, shown=True)
    for key, kind, label, definition in (
        (pair.time_key, of_all, _OF_ALL, _BY_WHEN), (f"{pair.time_key}_lag", of_them, _OF_THEM, _LAG)
    ):  # fmt: skip
        median = replace(usual, kind=kind, label=label.filled(rate=said.label), definition=definition)
        for each in percentiles(key, median):
            yield replace(each, shown=not each.part, part=False)


_OF_ALL, _OF_THEM = Message("{rate}: days"), Message("{rate}: days of those who got on")
_BY_WHEN = Message(
    "The day after their entry by which {share} % of all who entered in the period got on; another end competes, what "
    "is still waited for counts as not yet (Aalen-Johansen). Missing where so many never do."
)
_LAG = Message(
    "The day after their entry by which {share} % got on of those who do so within the window (90 days, or --window), "
    "or by the last day seen; of who entered in the period."
)


_SAME: dict[Entity, Message] = {
    "deal": Message("{start} → {goal}, same deals"),
    "customer": Message("{start} → {goal}, same customers"),
    "person": Message("{start} → {goal}, same people"),
}
_RATE = Message(
    "Of what came to the stage {start} in the period, for the first time, the share that came to {goal}, or past it, "
    "within the window (90 days, or --window), once that is over for all of it."
)
_PEOPLE = (
    Message("What came to the stage {start} within the period, for the first time."),
    Message("What came to the stage {start} within the period, for the first time, and whose window is over by as_of."),
    Message("Of what came to the stage {start} in the period and whose window is over, what came to {goal} within it."),
)
_WHAT = (
    Message("first entries into the stage within the period"),
    Message("first entries into the stage within the period whose window is over"),
    Message("of these, what got on within its window"),
)


def journey_rates(of: Declaring) -> Iterator[Metric]:
    """The rates of a journey from each stage to the next, and from the first to the last."""
    journey = of.journey
    labels = {stage.name: stage.label for stage in journey.stages}
    for pair in pairs_of(journey):
        names = {"start": labels[pair.start], "goal": labels[pair.goal]}
        said = Said(
            label=_SAME[journey.entity].filled(**names),
            rate=_RATE.filled(**names),
            people=(_PEOPLE[0].filled(**names), _PEOPLE[1].filled(**names), _PEOPLE[2].filled(**names)),
            what=_WHAT,
            nothing=Message("nothing came to the stage in the period"),
        )
        yield from followed_metrics(pair, said, of.section, of.owner, "definitions: journeys", UNITS[journey.entity])
