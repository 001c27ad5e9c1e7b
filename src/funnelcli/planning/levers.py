"""Levers: what a plan needs where one of its assumptions is a tenth better."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from funnelcli.planning.assume import Assumptions
from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.metrics import SIGNUPS, VISITORS
from funnelcli.planning.model import AnyKey, Key, Lever, is_rate

# How much a tenth better is, and the stage whose quotas the assumption can change, the first that people come to.
_TENTH_BETTER: Mapping[AnyKey, tuple[Fraction, PlannedMetric]] = {
    Key.VISITOR_TO_SIGNUP: (Fraction(11, 10), VISITORS),
    Key.SIGNUP_TO_DEMO: (Fraction(11, 10), SIGNUPS),
    Key.DEMO_TO_PAID: (Fraction(11, 10), SIGNUPS),
    Key.CHURN: (Fraction(9, 10), SIGNUPS),
    Key.NEW_ARPA: (Fraction(11, 10), SIGNUPS),
    Key.DEAL_SIZE: (Fraction(11, 10), SIGNUPS),
}
Changes = Mapping[AnyKey, Fraction]


def levers_of(
    assumptions: Assumptions,
    quotas: Callable[[Changes], Mapping[str, Sequence[int] | None]],
    exact: Callable[[Changes, str], Fraction],
) -> list[Lever]:
    """Each assumption a tenth better that saves something of the stage it can change: what saves most comes first.

    They are ranked by what they save before anything is rounded, of equal ones those earlier in the funnel first:
    rounding is chance.  ``quotas`` are the whole quotas of each stage under changed assumptions, ``exact`` what is
    needed of a stage before rounding.
    """
    return sorted(_levers(assumptions, quotas, exact), key=lambda lever: -lever.saved)


def _levers(
    assumptions: Assumptions,
    quotas: Callable[[Changes], Mapping[str, Sequence[int] | None]],
    exact: Callable[[Changes, str], Fraction],
) -> Iterator[Lever]:
    today = quotas({})
    of_stage: dict[str, Fraction] = {}
    for key, (factor, stage) in _TENTH_BETTER.items():
        value = assumptions[key].value if key in assumptions else None
        now = sum(today.get(stage.key) or [])
        if not value or not now:
            continue
        better = min(value * factor, Fraction(1)) if is_rate(key) and value <= 1 else value * factor
        needed = sum(quotas({key: better}).get(stage.key) or [])
        if stage.key not in of_stage:
            of_stage[stage.key] = exact({}, stage.key)
        before, after = of_stage[stage.key], exact({key: better}, stage.key)
        if after < before:
            yield Lever(
                key=key, value=better, stage=stage, now=Fraction(now), needed=Fraction(needed),
                saved=(before - after) / before,
            )  # fmt: skip
