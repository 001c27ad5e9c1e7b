"""Journeys: ordered stages that people, customers or deals come to, and the ends that they have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.facts.journey_settings import check_journey
from funnelcli.inputs import INPUTS
from funnelcli.inputs.stages import stage_slug
from funnelcli.text import Message, Text, as_text
from funnelcli.values.channels import matches

if TYPE_CHECKING:
    from funnelcli.config import Config, JourneySettings
    from funnelcli.facts.events import Events

Entity = Literal["person", "customer", "deal"]


_DENIED = r"\b(not|never|no|non|khong|chua)\b"


class Stage(Struct, frozen=True, kw_only=True):
    """A stage: its name, what people call it, and the events that enter it.

    A stage of rows that say it in words is entered by those that a pattern of ``words`` fits, once they have neither
    capitals nor accents, or that its name or one of the globs of ``given`` does.  An ``end`` leaves the journey:
    ``won`` is one that is reached, like a stage, others are losses.  An ``optional`` stage may be skipped.  ``home`` is
    the input of a stage whose journey is of several.  Deals come to it too, whose person is then in it: by stages that
    the pattern ``of_deals`` fits, or, where that is ``won``, when they are won.
    """

    name: str
    label: Text
    events: tuple[str, ...] = ()
    words: str = ""
    given: tuple[str, ...] = ()
    optional: bool = False
    end: bool = False
    won: bool = False
    owner: str = ""
    home: str = ""
    of_deals: str = ""

    @property
    def is_way(self) -> bool:
        """Whether it is a stage on the way, and no end."""
        return not self.end

    @property
    def is_reached(self) -> bool:
        """Whether coming to it is getting on: it is no loss."""
        return self.won or not self.end

    def fits(self, slug: str) -> bool:
        """Whether rows whose stage is written so, in ASCII with ``_`` between its words, are of it.

        >>> OPPORTUNITY.stages[3].fits("demo_da_hen"), OPPORTUNITY.stages[3].fits("quotation")
        (True, False)
        """
        return slug == self.name or self.is_given(slug) or self.by_words(slug)

    def is_given(self, slug: str) -> bool:
        """Whether the settings have it among its words."""
        return matches(slug, tuple(map(_glob, self.given)))

    def by_words(self, slug: str) -> bool:
        """Whether its own words fit, and nothing denies them: what is not qualified has not come to it.

        >>> OPPORTUNITY.stages[1].by_words("not_qualified"), OPPORTUNITY.stages[3].by_words("chua_demo")
        (False, False)
        """
        words = slug.replace("_", " ")
        return bool(self.words) and re.search(self.words, words) is not None and re.search(_DENIED, words) is None


def _glob(given: str) -> str:
    """A glob over words as one over slugs."""
    return "*".join(stage_slug(part) for part in given.split("*"))


class Journey(Struct, frozen=True, kw_only=True):
    """Stages in their order; the ends come last.

    ``entity`` is what goes through them, and ``source`` the input whose rows say so, None where several do.  ``limits``
    are how long something may be in a stage, as windows, by the name of the stage; ``live`` is the stage from which on
    a customer has the use of what was bought, within the ``promised`` time after the contract.  The names ``taken`` are
    those of stages of an earlier journey.
    """

    name: str
    title: Text
    stages: tuple[Stage, ...]
    entity: Entity = "person"
    source: str | None = None
    limits: Mapping[str, str] = {}
    live: str | None = None
    promised: str | None = None
    taken: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The name it is looked up by."""
        return self.name

    def place(self, name: str) -> int:
        """The place of a stage; ValueError where there is none of that name."""
        return [stage.name for stage in self.stages].index(name)

    @property
    def ways(self) -> tuple[Stage, ...]:
        """The stages but for the ends."""
        return tuple(stage for stage in self.stages if not stage.end)


def trail_event(journey: Journey, kind: str, stage: str = "") -> str:
    """The event of a journey: of a stage ``entered``, ``into``, ``out``, ``passed``, and so on.

    >>> trail_event(OPPORTUNITY, "entered", "demo"), trail_event(OPPORTUNITY, "came")
    ('deals:opportunity:entered:demo', 'deals:opportunity:came')
    """
    home = journey.source or journey.stages[journey.place(stage or kind) if _has(journey, stage or kind) else 0].home
    return ":".join(filter(None, (home, journey.name, kind, stage)))


def _has(journey: Journey, name: str) -> bool:
    return any(stage.name == name for stage in journey.stages)


PAID, LOST, WON, LEFT, CREATED = "paid", "lost", "won", "left", "created"
CREATION = ("deal_created",)
FUNNEL = Journey(
    name="funnel",
    title=Message("From the signup to the customer"),
    stages=(
        Stage(name="signup", label=Message("Signup"), events=("signup",), home="signups"),
        Stage(name="demo_booked", label=Message("Demo booked"), events=("demo_booked",), home="demos"),
        Stage(name="demo_held", label=Message("Demo held"), events=("demo_held",), home="demos"),
        Stage(name=PAID, label=Message("Paid"), events=("paid_first", "paid_again"), home="paid_users"),
        Stage(name=LOST, label=Message("Lost"), events=("paid_lost",), end=True, home="paid_users"),
    ),
)
OPPORTUNITY = Journey(
    name="opportunity",
    title=Message("Opportunities, from the first look to the contract"),
    entity="deal",
    source="deals",
    stages=(
        Stage(
            name=CREATED,
            label=Message("Created"),
            events=CREATION,
            words=r"^(new|open|created|moi( tao)?|dang mo)$",
        ),
        Stage(
            name="qualify",
            label=Message("Qualify"),
            words=r"\b(qualif\w*|danh gia|sang loc|xac minh|du dieu kien)\b",
        ),
        Stage(
            name="discovery",
            label=Message("Discovery"),
            words=r"\b(discover\w*|need\w*|analysis|tim hieu|khao sat|nhu cau|kham pha)\b",
        ),
        Stage(name="demo", label=Message("Demo"), words=r"\b(demo\w*|presentation|trinh bay|gioi thieu|dung thu)\b"),
        Stage(
            name="contract",
            label=Message("Contract"),
            words=r"\b(contract\w*|negotiat\w*|hop dong|hd|dam phan|thuong luong)\b",
        ),
        Stage(name=WON, label=Message("Won"), events=("deals:won",), end=True, won=True),
        Stage(name=LOST, label=Message("Lost"), events=("deals:lost",), end=True),
    ),
)
CUSTOMER = Journey(
    name="customer",
    title=Message("Customers, from the quote to staying"),
    entity="customer",
    source="journey",
    live="follow_up",
    taken=frozenset({"contract"}),
    stages=(
        Stage(
            name="quote",
            label=Message("Quote"),
            words=r"\b(quot\w*|bao gia|chao gia)\b",
            of_deals=r"\b(quot\w*|proposal|bao gia|chao gia)\b",
            owner="sales_enterprise",
        ),
        Stage(
            name="contract",
            label=Message("Contract"),
            words=r"\b(contract\w*|hop dong|hd|ky ket)\b",
            of_deals=WON,
            owner="sales_enterprise",
        ),
        Stage(
            name="own_erp",
            label=Message("Own ERP?"),
            words=r"\berp\b",
            optional=True,
            owner="sales_enterprise",
        ),
        Stage(
            name="set_up",
            label=Message("Set-up"),
            words=r"\b(set up|setup|implement\w*|install\w*|cai dat|trien khai|thiet lap|khoi tao)\b",
            owner="implement",
        ),
        Stage(
            name="training",
            label=Message("Training"),
            words=r"\b(train\w*|dao tao|huong dan|tap huan)\b",
            owner="implement",
        ),
        Stage(
            name="scenario",
            label=Message("Scenario"),
            words=r"\b(scenario\w*|use case\w*|kich ban|tinh huong|chay thu)\b",
            owner="expert",
        ),
        Stage(
            name="follow_up",
            label=Message("Follow-up"),
            words=r"\b(follow up|followup|go live|live|theo doi|cham soc|van hanh|nghiem thu|su dung)\b",
            owner="sales_enterprise",
        ),
        Stage(
            name="retention",
            label=Message("Retention"),
            words=r"\b(retention|retain\w*|renew\w*|gia han|duy tri|gan bo)\b",
            owner="customer_success",
        ),
        Stage(name=LEFT, label=Message("Left"), events=("journey:left",), end=True),
        Stage(name=LOST, label=Message("Lost"), events=("journey:lost", "paid_lost"), end=True),
    ),
)  # fmt: skip
BUILT_IN: Mapping[str, Journey] = {journey.name: journey for journey in (FUNNEL, OPPORTUNITY, CUSTOMER)}


def journeys_of(config: Config) -> dict[str, Journey]:
    """The journeys that there are: the built-in ones as ``[journeys]`` has them, and those that it declares.

    ConfigError where the settings name stages that there are not.
    """
    known = dict(BUILT_IN)
    for name, settings in config.journeys.items():
        known[name] = _declared(name, settings, known.get(name))
        check_journey(name, settings, known[name], tuple(stage.name for stage in FUNNEL.stages))
    taken: set[str] = set()
    for name, journey in known.items():
        names = {stage.name for stage in journey.stages}
        known[name] = replace(journey, taken=frozenset(names & taken))
        taken |= {stage.name for stage in journey.ways}
    return known


def _declared(name: str, settings: JourneySettings, before: Journey | None) -> Journey:
    """A journey as its settings have it."""
    entity: Entity = settings.entity or (before.entity if before else "person")
    source = settings.source or (before.source if before else {"deal": "deals"}.get(entity, "journey"))
    source = None if source == "funnel" else source
    ends = _ends_of(source, settings.lost)
    if settings.stages:
        known = {stage.name: stage for stage in (*FUNNEL.stages, *(before.stages if before else ()))}
        ways = [_stage(word, known, source) for word in _without_ends(settings.stages, source)]
        first = (OPPORTUNITY.stages[0],) if source == "deals" else ()
        ways = [way for way in ways if not first or way.name != CREATED]
        stages = (*first, *ways, *(end for end in ends if end.name not in {way.name for way in ways}))
    elif before is not None and before.source == source:
        stages = (*before.ways, *ends) if settings.lost else before.stages
    else:
        stages = before.stages if before is not None else ()
    optional = set(map(stage_slug, settings.optional))
    words = {stage_slug(stage): globs for stage, globs in settings.words.items()}
    return Journey(
        name=name,
        title=before.title if before else as_text(name),
        entity=entity,
        source=source,
        limits={stage_slug(stage): limit for stage, limit in settings.limits.items()},
        promised=settings.promised or (before.promised if before else None),
        live=stage_slug(settings.live) if settings.live else (before.live if before else None),
        stages=tuple(
            replace(
                stage,
                optional=stage.optional or stage.name in optional,
                given=(*stage.given, *words.get(stage.name, ())),
            )
            for stage in stages
        ),
    )  # fmt: skip


def _without_ends(words: Sequence[str], source: str | None) -> list[str]:
    """The words of stages but for those that say an end by themselves: "won", "lost", and such words at the end."""
    if source is None:
        return list(words)
    said = INPUTS[source].stages
    ways = [word for word in words if stage_slug(word) not in (WON, LOST, LEFT)]
    while ways and said is not None and said.outcome(ways[-1]):
        ways.pop()
    return ways


def _stage(word: str, known: Mapping[str, Stage], source: str | None) -> Stage:
    """A stage by the word that the settings have for it: one of the funnel's, a built-in one, or one's own."""
    name = stage_slug(word)
    before = known.get(name)
    if before is not None and (source is None or not before.events):
        return before
    return Stage(name=name, label=as_text(word), given=(word,))


def _ends_of(source: str | None, lost: Sequence[str]) -> tuple[Stage, ...]:
    """The ends of a journey of rows of an input; stages that ``lost`` names are losses."""
    if source is None:
        return (FUNNEL.stages[-1],)
    won = (Stage(name=WON, label=Message("Won"), events=(f"{source}:won",), end=True, won=True),)
    lost_by = (f"{source}:lost", *(("paid_lost",) if source == "journey" else ()))
    left = Stage(name=LEFT, label=Message("Left"), events=(f"{source}:left",), end=True)
    ends = Stage(name=LOST, label=Message("Lost"), events=lost_by, given=tuple(lost), end=True)
    return (*won, ends) if source == "deals" else (left, ends)


class Resolved(Struct, frozen=True, kw_only=True):
    """A journey whose stages name the events that enter them, and the stages of rows that are none of its own.

    ``undated`` are, by stage, the events of being in it since nobody knows when; ``unknown`` are slugs with rows.
    """

    journey: Journey
    undated: Mapping[str, tuple[str, ...]]
    unknown: Mapping[str, int]


def resolved(journey: Journey, events: Mapping[str, Events]) -> Resolved:
    """The journey with the events by which its stages are entered, as far as there are any.

    What an own name or a glob of the settings fits is of that stage, else of the first whose words fit.
    """
    if journey.source is None:
        return Resolved(journey=journey, undated={}, unknown={})
    entered: dict[str, list[str]] = {stage.name: list(stage.events) for stage in journey.stages}
    undated: dict[str, list[str]] = {stage.name: [] for stage in journey.stages}
    unknown: dict[str, int] = {}
    for name, known in events.items():
        of_input, _, rest = name.partition(":")
        how, _, slug = rest.partition(":")
        if of_input != journey.source or how not in ("at", "now") or not len(known):
            continue
        stage = of_slug(journey, slug)
        if stage is None and slug:
            unknown[slug] = unknown.get(slug, 0) + len(known)
        elif stage is not None:
            (entered if how == "at" else undated)[stage.name].append(name)
    for stage in journey.stages:
        entered[stage.name] += _by_deals(stage, events)
    for how in (WON, LOST):
        if how in undated:
            undated[how].append(f"{journey.source}:{how}_undated")
    named = (replace(stage, events=tuple(entered[stage.name])) for stage in journey.stages)
    # Rows that say no creation know of none: what they tell of came when it came to its first stage.
    stages = tuple(s for s in named if s.name != CREATED or any(len(events.get(name, ())) for name in s.events))
    return Resolved(
        journey=replace(journey, stages=stages),
        undated={name: tuple(names) for name, names in undated.items() if names},
        unknown=unknown,
    )


def _by_deals(stage: Stage, events: Mapping[str, Events]) -> list[str]:
    """The events of deals that bring their person to a stage of a journey of customers."""
    if not stage.of_deals:
        return []
    if stage.of_deals == WON:
        return [name for name in ("deals:won",) if name in events]
    pattern = re.compile(stage.of_deals)
    prefix = "deals:at:"
    return [
        name for name in events
        if name.startswith(prefix) and pattern.search(name.removeprefix(prefix).replace("_", " "))
    ]  # fmt: skip


def of_slug(journey: Journey, slug: str) -> Stage | None:
    """The stage of a journey that rows mean whose stage is written so; None where it is none of them."""
    exact = (stage for stage in journey.stages if stage.name == slug)
    given = (stage for stage in journey.stages if stage.is_given(slug))
    by_words = (stage for stage in journey.stages if stage.by_words(slug))
    return next(exact, None) or next(given, None) or next(by_words, None)
