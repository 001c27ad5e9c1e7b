"""What is counted of commission: what is earned, falls due, is clawed back, and is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from funnelcli.counting.measures import BEGUN_SOMETIME, LOSSES, Doubt, Measure, When
from funnelcli.facts.earnings import EARNINGS, Earning, commission_event
from funnelcli.text import Message
from funnelcli.values.figures import Missing

if TYPE_CHECKING:
    from funnelcli.config import Config

NO_POLICY = Missing("no-policy-set", Message("no policy pays for a visit, a signup, a demo or a customer"))


def _unpriced_reason(number: int) -> Missing:
    """The MRR that customers begin with is not known, of which their commission is a share."""
    return Missing(
        "commission-unpriced",
        Message("of {n} new [customer|customers] the MRR is not known, of which the commission is a share").filled(
            n=number
        ),
    )


def _unsettled_reason(number: int) -> Missing:
    """Nobody knows on which day customers left: their commission may be clawed back, or paid."""
    return Missing(
        "commission-unsettled",
        Message("of {n} [commission|commissions] nothing says on which day the customer left").filled(n=number),
    )


def paid_earnings(config: Config) -> tuple[Earning, ...]:
    """What the policies of the settings pay for."""
    return tuple(each for each in EARNINGS if any(map(each.is_paid_by, config.policies.values())))


def _events(earnings: tuple[Earning, ...], kind: str) -> tuple[str, ...]:
    return tuple(commission_event(each.event, kind) for each in earnings)


def _of(config: Config, name: str, kind: str, when: When, minus: str = "") -> Measure:
    """A measure of what the policies of the settings pay for."""
    paid = paid_earnings(config) or EARNINGS
    unpriced = Doubt(
        events=_events(paid, f"{kind}_unpriced"), minus=_events(paid, f"{minus}_unpriced") if minus else (),
        reason=_unpriced_reason,
    )  # fmt: skip
    shares = [policy.share_of_first_year for policy in config.policies.values()]
    return Measure(
        name=name,
        plus=_events(paid, kind),
        minus=_events(paid, minus) if minus else (),
        when=when,
        doubts=(unpriced,),
        needs=(*(each.event for each in paid), *(("mrr",) if any(share is not None for share in shares) else ())),
        absent=None if paid_earnings(config) else NO_POLICY,
    )


def _earned(config: Config) -> Measure:
    measure = _of(config, "commission_earned", "earned", "within")
    starts = BEGUN_SOMETIME if "paid_first" in measure.needs else ()
    return replace(measure, doubts=(*measure.doubts, *starts))


def _settled(config: Config, name: str, kind: str, when: When, minus: str = "") -> Measure:
    """A measure of what becomes of commission: it must be known who is lost, and when."""
    measure = _of(config, name, kind, when, minus)
    measure = replace(measure, of_known=True)
    of_people = tuple(each for each in paid_earnings(config) if each.of_person)
    if not of_people:
        return measure
    unlisted = tuple(doubt for doubt in LOSSES if doubt.of_whole)
    return replace(measure, needs=(*measure.needs, "paid_lost"), doubts=(*measure.doubts, *unlisted))


def _unsettled(config: Config, *whens: When) -> tuple[Doubt, ...]:
    """Where the day of a loss is not known: doubts at the days that ``whens`` say."""
    paid = paid_earnings(config) or EARNINGS
    return tuple(
        Doubt(
            events=_events(paid, "unsettled"), minus=_events(paid, "unsettled_ceased"), reason=_unsettled_reason,
            when=when,
        )
        for when in whens
    )  # fmt: skip


def _doubtful(config: Config, kind: str) -> Doubt:
    paid = paid_earnings(config) or EARNINGS
    return Doubt(events=_events(paid, kind), reason=_unsettled_reason)


def _payable(config: Config) -> Measure:
    measure = _settled(config, "commission_payable", "payable", "within")
    return replace(measure, doubts=(*measure.doubts, _doubtful(config, "doubtful_due")))


def _clawed_back(config: Config) -> Measure:
    measure = _settled(config, "commission_clawed_back", "clawed_back", "within")
    more = (_doubtful(config, "doubtful"), *_unsettled(config, "before_start", "before_end"))
    return replace(measure, doubts=(*measure.doubts, *more))


def _held(config: Config) -> Measure:
    measure = _settled(config, "commission_held", "held", "before_end", "released")
    return replace(measure, doubts=(*measure.doubts, *_unsettled(config, "before_end")))


EARNED = Measure(name="commission_earned", plus=_events(EARNINGS, "earned"), when="within", rule=_earned)
PAYABLE = Measure(name="commission_payable", plus=_events(EARNINGS, "payable"), when="within", rule=_payable)
CLAWED_BACK = Measure(
    name="commission_clawed_back", plus=_events(EARNINGS, "clawed_back"), when="within", rule=_clawed_back
)
HELD = Measure(
    name="commission_held", plus=_events(EARNINGS, "held"), minus=_events(EARNINGS, "released"), when="before_end",
    rule=_held,
)  # fmt: skip
