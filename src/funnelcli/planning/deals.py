"""The planned figures of the opportunity, each declared once: deals created, those at each stage, and deals won."""

from collections.abc import Container, Sequence
from itertools import pairwise

from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import Metric, Section
from funnelcli.planning.declare import Kind, PlannedMetric
from funnelcli.planning.keys import AnyKey, Key, StageRate
from funnelcli.text import Message, Text, as_text, joined
from funnelcli.values.figures import Unit

CREATED, WON, PAID = "created", "won", "paid"
JOURNEY, CREATED_DEALS, WON_DEALS = "opportunity", "created_deals", "won_deals"
REQUIRED_WON_DEALS = f"required_{WON_DEALS}"
_ONE_CUSTOMER = Message("Deals won → new PU")
WON_TO_PAID = StageRate("won_to_paid_rate", _ONE_CUSTOMER)
_PAID = Message("Paid")


def deal_figures(section: Section, without: Container[str] = ()) -> tuple[PlannedMetric, ...]:
    """The figures of a plan for the stages of a section of the opportunity, from the deals created to those won.

    A stage before one that it is ``without`` goes on to the one after it.

    >>> from funnelcli.metrics import CATALOGUE
    >>> figures = deal_figures(CATALOGUE["created_deals"].section)
    >>> [figure.key for figure in figures][-2:], figures[-2].rate
    (['required_entered_contract', 'required_won_deals'], 'contract_to_won_rate')
    """
    stages = [stage for stage in section.stages if stage[1] not in without]
    ways = [(CREATED_DEALS, CREATED, Message("Created")), *stages, (WON_DEALS, WON, Message("Won"))]
    ends = [*ways, ("", PAID, _PAID)]
    return tuple(_figure(this, after) for this, after in pairwise(ends))


def deals_of_settings(metrics: Sequence[Metric]) -> tuple[PlannedMetric, ...]:
    """The figures of a plan for an opportunity whose stages some settings declare, by its metrics; else none."""
    created = next((metric for metric in metrics if metric.key == CREATED_DEALS), None)
    return () if created is None else deal_figures(created.section)


_Way = tuple[str, str, Text]


def _figure(this: _Way, after: _Way) -> PlannedMetric:
    """The figure of a stage, and the rate at which it goes on to the next."""
    actual, name, label = this
    rate = WON_TO_PAID if name == WON else StageRate(_rate(name, after[1]), joined(" → ", [label, after[2]]))
    following = f"required_{after[0]}" if after[0] else "required_new_paid_users"
    return PlannedMetric(
        key=f"required_{actual}",
        kind=Kind.DEAL,
        label=_LABELS.get(name, _REACHED).filled(stage=label),
        short=_SHORTS.get(name, _DEALS_AT).filled(stage=label),
        unit=Unit.DEALS,
        formula=Message("running total of {of} / {rate}, rounded up").filled(of=following, rate=rate),
        definition=_DEFINITIONS.get(name, _OF_STAGE),
        actual=actual,
        rate=rate,
        stage=name,
        replanned=True,
        by_month=False,
    )


def _rate(name: str, after: str) -> str:
    """The key of a rate; where another assumption has it, with the name of the journey in it.

    >>> _rate("demo", "contract"), _rate("demo", "paid")
    ('demo_to_contract_rate', 'opportunity_demo_to_paid_rate')
    """
    key = f"{name}_to_{after}_rate"
    return f"{JOURNEY}_{key}" if key in {known.value for known in Key} else key


def every_rate() -> dict[StageRate, tuple[str, str]]:
    """The two stages of every rate that there may be: from each stage to any later one, and from won to paid."""
    names = [CREATED, *(name for _, name, _ in _stages()), WON]
    pairs = [(first, after) for place, first in enumerate(names) for after in names[place + 1 :]]
    rates = {StageRate(key, as_text(key)): pair for pair in pairs for key in [_rate(*pair)]}
    return {**rates, WON_TO_PAID: (WON, PAID)}


def chain_of(dated: Container[str], given: Container[AnyKey]) -> tuple[PlannedMetric, ...]:
    """The figures of the stages that deals go through: those that are dated, or that a given rate names.

    >>> [figure.rate for figure in chain_of({"demo"}, ())]
    ['created_to_demo_rate', 'demo_to_won_rate', 'won_to_paid_rate']
    """
    if CREATED_DEALS not in CATALOGUE:
        return ()
    named = {stage for rate, pair in every_rate().items() if rate in given for stage in pair}
    without = {name for _, name, _ in _stages() if name not in named and name not in dated}
    return deal_figures(CATALOGUE[CREATED_DEALS].section, without)


def _stages() -> tuple[tuple[str, str, Text], ...]:
    """The stages of the opportunity between its creation and its end; none where settings have no such journey."""
    return CATALOGUE[CREATED_DEALS].section.stages if CREATED_DEALS in CATALOGUE else ()


_REACHED = Message("{stage}: deals that must get there")
_LABELS = {CREATED: Message("Deals that must be created"), WON: Message("Deals that must be won")}
_SHORTS = {CREATED: Message("Deals created"), WON: Message("Deals won")}
_DEALS_AT = Message("{stage} (deals)")
_OF_STAGE = Message(
    "Deals that must come to this stage, or to a later one without it, so that at the rate of those who go on every "
    "running total of the next is covered."
)
_DEFINITIONS = {
    CREATED: Message(
        "Deals that must be created so that, at the share that comes to the first stage, every running total of it is "
        "covered."
    ),
    WON: Message("Deals that must be won: as many as new PU, unless won_to_paid_rate says otherwise."),
}
