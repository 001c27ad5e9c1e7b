"""Points that the data would give: what was known of leads when they were scored, against whether they paid.

Proposed beside the declared ones, and never applied by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from importlib.util import find_spec

import numpy as np
from msgspec import Struct

from funnelcli.answers.lead_test import FEWEST_LEADS, FEWEST_OUTCOMES, Judged, judged_leads
from funnelcli.facts.leads import Leads
from funnelcli.facts.model import Facts
from funnelcli.problems import InputError, UsageError
from funnelcli.stats.intervals import Interval
from funnelcli.stats.ranking import area_under_curve, delong
from funnelcli.text import Message
from funnelcli.values.dates import DAY_MICROS

FEWEST_OF_A_RULE = 10
ALL_OF_THEM_ALIKE = 30  # leads of a rule of which nobody paid, or everybody did, say as much
_USUAL_MOST = 40  # points of the strongest rule, where nothing is declared


class Proposal(Struct, frozen=True, kw_only=True):
    """A rule of fit, or a kind of activity: how many leads it held for, who of them paid, declared and proposed points.

    ``weight`` are the log odds that it adds; None where too few leads have it, or lack it, to say.
    """

    score: str
    name: str
    rule: str
    leads: int
    paid: int
    declared: float
    weight: float | None
    proposed: int | None


class LeadModel(Struct, frozen=True, kw_only=True):
    """Proposed points of all rules, and how well the declared and the proposed ones put those first who paid.

    The area of the proposed ones is of chances that the others give each lead, so that none judges itself.  ``kinds``
    are those of activities that give points, with what is declared: the points and their cap.
    """

    leads: int
    paid: int
    horizon: str
    after_days: int
    proposals: tuple[Proposal, ...]
    declared_area: float | None
    declared_interval: Interval | None
    proposed_area: float
    proposed_interval: Interval | None
    kinds: Mapping[str, tuple[float, float]] = {}

    @property
    def ranks(self) -> bool:
        """Whether the proposed points put those first who paid, by more than chance may."""
        return self.proposed_interval is not None and self.proposed_interval.lower > 0.5


def proposed_points(facts: Facts, leads: Leads, as_of: date) -> LeadModel:
    """Points by a regularised logistic regression over leads whose horizon is over.

    UsageError where scikit-learn is not installed, InputError where there are too few leads to say anything.
    """
    if find_spec("sklearn") is None:
        raise UsageError(
            Message("--fit-model needs scikit-learn, which is not installed."),
            hint=Message("Install it: pip install 'funnelcli[model]'."),
        )
    judged = judged_leads(leads, as_of)
    paid, others = int(judged.became.sum()), int((~judged.became).sum())
    if paid + others < FEWEST_LEADS or min(paid, others) < FEWEST_OUTCOMES:
        raise InputError(
            Message("Too few leads are old enough to propose points: {n}, of whom {paid} paid.").filled(
                n=paid + others, paid=paid
            ),
            hint=Message("It takes {leads} leads, and {each} of them who paid and who did not.").filled(
                leads=FEWEST_LEADS, each=FEWEST_OUTCOMES
            ),
        )
    rules = list(_rules(leads, judged))
    if not any(rule.held.any() for rule in rules):
        raise InputError(
            Message("Nothing was known of the leads when they were scored: no rule held for any of them."),
            hint=Message('Score them later: [leads] test_after = "14d".'),
        )
    return _proposed(leads, judged, rules)


class _Rule(Struct, frozen=True, kw_only=True, eq=False):
    """A rule, for which leads it ``held``, and how often (a kind of activity up to its cap)."""

    score: str
    name: str
    rule: str
    declared: float
    held: np.ndarray


def _rules(leads: Leads, judged: Judged) -> Iterator[_Rule]:
    who, at = leads.entity[judged.places], judged.at
    for each in () if leads.fit is None else leads.fit.rules:
        rule, _, _ = each.on(who, at // DAY_MICROS)
        for number, pattern in enumerate(each.patterns):
            held = (rule == number).astype(float)
            yield _Rule(score="fit", name=each.name, rule=pattern, declared=float(each.points[number]), held=held)
    interest = leads.interest
    if interest is None:
        return
    given = interest.by_kind(who, at)
    for number, kind in enumerate(interest.kinds):
        points = float(interest.points[number])
        held = given[:, number] / (points or 1.0)
        yield _Rule(score="interest", name=kind, rule="", declared=points, held=np.maximum(held, 0.0))


def _proposed(leads: Leads, judged: Judged, rules: list[_Rule]) -> LeadModel:
    from funnelcli.stats.logistic import regression

    became = judged.became
    counted = [rule for rule in rules if _tells_apart(rule.held, became)]
    fitted = regression(np.stack([rule.held for rule in counted or rules], axis=1), became)
    weights = dict(zip(map(id, counted or rules), fitted.weights.tolist(), strict=True))
    most = max(map(abs, weights.values())) or 1.0
    scale = max((abs(rule.declared) for rule in counted), default=0.0) or _USUAL_MOST
    scores = leads.scores(leads.entity[judged.places], judged.at).lead
    known = ~np.isnan(scores)
    both = bool((known & became).any() and (known & ~became).any())
    return LeadModel(
        leads=len(became), paid=int(became.sum()), horizon=judged.window.text,
        after_days=leads.settings.test_after,
        proposals=tuple(_proposal(rule, became, weights.get(id(rule)), scale / most) for rule in rules),
        declared_area=area_under_curve(scores[known & became], scores[known & ~became]) if both else None,
        declared_interval=delong(scores[known & became], scores[known & ~became]) if both else None,
        proposed_area=area_under_curve(fitted.chance[became], fitted.chance[~became]),
        proposed_interval=delong(fitted.chance[became], fitted.chance[~became]), kinds=dict(leads.settings.points),
    )  # fmt: skip


def _tells_apart(held: np.ndarray, became: np.ndarray) -> bool:
    """Whether enough leads have what a rule asks for, and enough have it otherwise than most.

    Where nobody of them paid, or everybody did, it takes more.
    """
    _, number = np.unique(held, return_counts=True)
    having, paid = int((held > 0).sum()), int(became[held > 0].sum())
    least = FEWEST_OF_A_RULE if 0 < paid < having else ALL_OF_THEM_ALIKE
    return having >= least and len(held) - int(number.max()) >= FEWEST_OF_A_RULE


def _proposal(rule: _Rule, became: np.ndarray, weight: float | None, points: float) -> Proposal:
    held = rule.held > 0
    return Proposal(
        score=rule.score, name=rule.name, rule=rule.rule, leads=int(held.sum()), paid=int((held & became).sum()),
        declared=rule.declared, weight=weight, proposed=None if weight is None else round(weight * points),
    )  # fmt: skip


def as_settings(model: LeadModel) -> str:
    """The proposed points as they would stand in funnel.toml; what nothing is proposed for stays as it is."""
    new = {each.name: each.proposed for each in model.proposals if each.score != "fit" and each.proposed is not None}
    kinds = {name: (new[name], abs(new[name])) if name in new else each for name, each in model.kinds.items()}
    written = [f"{_key(name)} = [{points:g}, {cap:g}]" for name, (points, cap) in kinds.items()]
    lines: list[str] = ["[leads.interest]", *written] if new else []
    by_name: dict[str, list[str]] = {}
    for each in model.proposals:
        points = each.declared if each.proposed is None else each.proposed
        if each.score == "fit":
            by_name.setdefault(each.name, []).append(f'"{each.rule}" = {points:g}')
    lines += ["[leads.fit]"] if by_name else []
    lines += [f"{_key(name)} = {{ {', '.join(rules)} }}" for name, rules in by_name.items()]
    return "\n".join(lines)


def _key(name: str) -> str:
    """A key of TOML."""
    return name if name.replace("_", "").isalnum() and name.isascii() else f'"{name}"'
