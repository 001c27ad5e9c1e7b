"""The figures of a journey: of each stage who entered it and who is in it, declared from the stages."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config import Config
from funnelcli.counting.measures import Doubt, Measure
from funnelcli.counting.reasons import stages_undated_reason
from funnelcli.facts.journeys import BUILT_IN, CREATED, Entity, Journey, journeys_of, trail_event
from funnelcli.metrics.model import Balance, Basis, Flow, Good, Kind, Metric, Percentile, Section
from funnelcli.metrics.times import percentiles
from funnelcli.text import Message, Text, joined
from funnelcli.values.figures import Unit

UNITS: dict[Entity, Unit] = {"deal": Unit.DEALS, "customer": Unit.CUSTOMERS, "person": Unit.PEOPLE}


class Declaring(Struct, frozen=True, kw_only=True):
    """Declares the figures of a journey in a section of its own; keys of one that is not built in have its name."""

    journey: Journey
    section: Section
    owner: str
    is_built_in: bool

    @classmethod
    def of(cls, journey: Journey, *, built_in: Journey, owner: str) -> "Declaring":
        """For a journey like a built-in one."""
        return cls(journey=journey, section=section_of(journey), owner=owner, is_built_in=journey.name == built_in.name)

    def key(self, key: str) -> str:
        """The key of a figure."""
        return key if self.is_built_in else f"{self.journey.name}_{key}"

    def metric(
        self,
        key: str,
        label: Text,
        unit: Unit,
        kind: Kind,
        definition: Text,
        good: Good,
        *,
        shown: bool = True,
        is_own: bool = False,
        basis: Basis = "period",
    ) -> Metric:
        """A figure of the journey; the key of one that ``is_own`` is no other journey's as it stands."""
        return Metric(
            key=key if is_own else self.key(key), label=label, unit=unit, section=self.section, kind=kind,
            definition=definition, owner=self.owner, good=good, source="definitions: journeys", shown=shown,
            basis=basis,
        )  # fmt: skip


def section_of(journey: Journey) -> Section:
    """The section of a report that a journey's figures stand in: its title, and its stages."""
    ways = [stage for stage in journey.ways if stage.name != CREATED]
    title = Message("{journey}: {stages}").filled(
        journey=journey.title, stages=joined(" → ", [stage.label for stage in ways])
    )
    return Section(
        key=journey.name, title=title, rank=_RANKS.get(journey.name, 60), is_journey=True,
        stages=tuple((stage_key(journey, "entered", stage.name), stage.name, stage.label) for stage in ways),
    )  # fmt: skip


_RANKS = {"funnel": 35, "opportunity": 40, "customer": 50}


def stage_key(journey: Journey, prefix: str, stage: str) -> str:
    """The key of a figure of a stage; where an earlier journey has a stage of its name, with the journey's name in it.

    >>> from funnelcli.facts.journeys import CUSTOMER, OPPORTUNITY
    >>> stage_key(OPPORTUNITY, "entered", "contract"), stage_key(CUSTOMER, "entered", "contract")
    ('entered_contract', 'entered_customer_contract')
    """
    return f"{prefix}_{journey.name}_{stage}" if stage in journey.taken else f"{prefix}_{stage}"


def stage_time_key(journey: Journey, stage: str) -> str:
    """What the keys of how long things stay in a stage begin with; beyond the built-in journeys with their name.

    >>> from funnelcli.facts.journeys import CUSTOMER, OPPORTUNITY
    >>> stage_time_key(OPPORTUNITY, "demo"), stage_time_key(CUSTOMER, "contract")
    ('demo', 'customer_contract')
    """
    return f"{journey.name}_{stage}" if journey.name not in BUILT_IN or stage in journey.taken else stage


def within(journey: Journey, kind: str, stage: str = "") -> Measure:
    """What happened on a journey within a period."""
    event = trail_event(journey, kind, stage)
    return Measure(name=event, plus=(event,), when="within")


def ended(journey: Journey, kind: str, stage: str = "") -> Measure:
    """What came to an end within a period and is there when it is over: what moved on by then has not ended."""
    return replace(within(journey, kind, stage), now="latest")


def in_stage(journey: Journey, stage: str, kind: str = "") -> Measure:
    """What is in a stage at the end of a period: by number, or by its worth."""
    into, out = (trail_event(journey, f"{kind}{way}", stage) for way in ("into", "out"))
    return Measure(name=into, plus=(into,), minus=(out,), when="before_end", doubts=(unsure(journey, stage),))


def unsure(journey: Journey, *stages: str) -> Doubt:
    """What may have been in some of the stages, or without any, may not have come yet; since when, nothing says."""
    names = stages or ("",)
    return Doubt(
        events=tuple(trail_event(journey, "unsure", name) for name in names),
        minus=tuple(trail_event(journey, "sure", name) for name in names), reason=stages_undated_reason,
    )  # fmt: skip


def stage_metrics(journey: Journey, section: Section, owner: str) -> Iterator[Metric]:
    """The figures of the stages: entered and in it, which are shown; passed on, skipped, back, lost, which are not.

    How long things stay in them stands apart.
    """
    unit = UNITS[journey.entity]
    for stage in journey.ways:
        yield Metric(
            key=stage_key(journey, "entered", stage.name),
            label=Message("{stage}: entered").filled(stage=stage.label),
            unit=unit,
            section=section,
            kind=Flow(
                measure=within(journey, "entered", stage.name),
                what=Message("first entries into the stage within the period"),
            ),
            definition=Message(
                "What came to this stage for the first time within the period; returns are not counted."
            ),
            owner=stage.owner or owner,
            good="up",
            source="definitions: journeys",
            shown=stage.name != CREATED,
        )
    for stage in journey.ways:
        yield Metric(
            key=stage_key(journey, "in", stage.name),
            label=_NOT_YET if stage.name == CREATED else Message("{stage}: in it at the end").filled(stage=stage.label),
            unit=unit,
            section=section,
            kind=Balance(
                measure=in_stage(journey, stage.name),
                what=Message("what is in the stage when the period ends, returns too"),
            ),
            definition=Message("Not ended by the end of the period, and this stage is the one it came to last."),
            owner=stage.owner or owner,
            good="neither",
            source="definitions: journeys",
            hide_zero=stage.name == CREATED,
        )
    yield from _stays(journey, section, owner)
    for kind, label, text, good in _STEPS:
        for stage in journey.ways:
            if stage.name == CREATED and kind == "skipped":
                continue
            yield Metric(
                key=stage_key(journey, kind, stage.name),
                label=label.filled(stage=stage.label),
                unit=unit,
                section=section,
                kind=Flow(measure=(ended if kind == "lost_in" else within)(journey, kind, stage.name), what=text),
                definition=Message("How many {what} within the period.").filled(what=text),
                owner=stage.owner or owner,
                good=good,
                source="definitions: journeys",
                shown=False,
                hide_zero=kind != "passed",
            )


def _stays(journey: Journey, section: Section, owner: str) -> Iterator[Metric]:
    """How long things stay in each stage."""
    for stage in journey.ways:
        key = stage_time_key(journey, stage.name)
        until = ended(journey, "gone", stage.name)
        kind = Percentile(
            of=stage_key(journey, "entered", stage.name), until=until, quantile=0.5,
            nothing=Message("nothing came to the stage in the period"),
        )  # fmt: skip
        metric = Metric(
            key=f"{key}_days", label=Message("{stage}: days in it").filled(stage=stage.label), unit=Unit.DAYS,
            section=section, kind=kind, owner=stage.owner or owner, good="down", source="definitions: journeys",
            definition=Message(
                "Of what came to this stage in the period, for the first time, the day by which {share} % had gone on "
                "to a later stage, or to an end; what is still there counts as not yet gone (Kaplan-Meier)."
            ),
        )  # fmt: skip
        yield from percentiles(key, metric)


_NOT_YET = Message("In no stage yet at the end")
_STEPS: tuple[tuple[str, Message, Text, Good], ...] = (
    ("passed", Message("{stage}: went on"), Message("first went on from it to a later stage"), "up"),
    ("skipped", Message("{stage}: skipped"), Message("came to a later stage without it"), "neither"),
    (
        "recycled",
        Message("{stage}: back in it"),
        Message("came back to it from a later stage, or after an end"),
        "down",
    ),
    ("lost_in", Message("{stage}: lost in it"), Message("were lost while they were in it"), "down"),
)


def open_metric(journey: Journey, key: str, label: Text, section: Section, owner: str) -> Metric:
    """How many have come and not ended, whatever stage they are in."""
    return Metric(
        key=key,
        label=label,
        unit=UNITS[journey.entity],
        section=section,
        kind=Balance(
            measure=Measure(
                name=f"open_{journey.name}",
                plus=tuple(trail_event(journey, "into", stage.name) for stage in journey.ways),
                minus=tuple(trail_event(journey, "out", stage.name) for stage in journey.ways),
                when="before_end",
                doubts=(unsure(journey),),
            ),
            what=Message("what has come and not ended when the period ends"),
        ),
        definition=Message("All that have come and not ended by the end of the period, whatever stage they are in."),
        owner=owner,
        good="up",
        source="definitions: journeys",
    )


def journey_metrics(journey: Journey) -> tuple[Metric, ...]:
    """Every figure of a journey: of deals with what they are worth, else of the stages and ends alone.

    >>> from funnelcli.facts.journeys import FUNNEL
    >>> [metric.key for metric in journey_metrics(FUNNEL)][:3]
    ['funnel_begun_journeys', 'entered_signup', 'entered_demo_booked']
    """
    from funnelcli.metrics.customer import customer_metrics
    from funnelcli.metrics.opportunity import deal_metrics

    return deal_metrics(journey) if journey.source == "deals" else customer_metrics(journey)


def metrics_of_settings(config: Config) -> tuple[Metric, ...]:
    """The figures of the journeys that the settings declare, but for those that have the built-in stages.

    >>> from funnelcli.config import parse_config
    >>> metrics = metrics_of_settings(parse_config('[journeys.opportunity]\\nstages = ["Liên hệ", "Báo giá"]'))
    >>> [metric.key for metric in metrics if metric.key.startswith("entered_") and metric.shown]
    ['entered_lien_he', 'entered_bao_gia']
    """
    known = journeys_of(config)
    own = [journey for name, journey in known.items() if _stages_of(journey) != _stages_of(BUILT_IN.get(name))]
    return tuple(metric for journey in own for metric in journey_metrics(journey))


def _stages_of(journey: Journey | None) -> object:
    if journey is None:
        return None
    return journey.entity, journey.source, [(s.name, s.label.of("en"), s.optional, s.end) for s in journey.stages]
