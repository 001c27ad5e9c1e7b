"""How sure a plan is, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from funnelcli.answers.answer import Column, Table
from funnelcli.answers.cells import Cell, Number, Precision, Tone, Words
from funnelcli.planning.metrics import PLANNED
from funnelcli.planning.model import Plan
from funnelcli.planning.sureness import Confidence, Sureness, whole_share
from funnelcli.text import Message, Text, percent
from funnelcli.values.figures import Unit

_TITLE = Message("How sure: quotas over the plan, and the share of runs that meet the goal")
_PLAIN, _LEVEL, _QUOTAS_OF = Message("without chance"), Message("{level} sure"), Message("quotas of {name}")
_MEETS = Message("Meets the goal")


def sure_table(plan: Plan) -> Table:
    """The plain plan and those that are surer, side by side; no rows where nobody asked."""
    sure = plan.confidence
    if sure is None:
        return Table(title=Words(_TITLE), columns=(), rows=())
    shown = list(sure.plain.stages)
    headers = (Words(""), *(Words(PLANNED[key].short) for key in shown), Words(_MEETS))
    return Table(
        title=Words(_TITLE),
        columns=tuple(Column(header=header) for header in headers),
        rows=(*(_line(each, shown, sure) for each in sure.levels), *_simulated_line(sure, shown)),
    )


def level_name(level: Fraction | None) -> Text:
    """What a plan that is so sure is called beside the others.

    >>> level_name(Fraction(4, 5)).of("en"), level_name(None).of("en")
    ('80% sure', 'without chance')
    >>> level_name(Fraction("0.795")).of("en")
    '79.5% sure'
    """
    if level is None:
        return _PLAIN
    return _LEVEL.filled(level=percent(float(level), 0 if (level * 100).denominator == 1 else 1))


def _line(each: Sureness, shown: list[str], sure: Confidence) -> tuple[Cell, ...]:
    tone: Tone = "bold" if each.level == sure.asked else ""
    return (
        Words(level_name(each.level), tone=tone),
        *(
            Number(value=each.stages.get(key), unit=PLANNED[key].unit, precision=Precision.PLANNED, tone=tone)
            for key in shown
        ),
        _chance(each.chance, tone),
    )


def _chance(chance: float | None, tone: Tone = "") -> Cell:
    """A share of the runs in whole per cents, as in words: more would be noise."""
    if chance is None:
        return Number(value=None, unit=Unit.RATE, tone=tone)
    return Words(percent(whole_share(chance), 0), tone=tone)


def _simulated_line(sure: Confidence, shown: list[str]) -> Iterator[tuple[Cell, ...]]:
    """The quotas of a file, of which only the first stage is met exactly."""
    given = sure.simulated
    if given is None:
        return
    totals = (given.total if key == sure.top.key else None for key in shown)
    yield (
        Words(_QUOTAS_OF.filled(name=given.name)),
        *(Number(value=total, unit=PLANNED[key].unit) for key, total in zip(shown, totals, strict=True)),
        _chance(given.chance),
    )


def sure_data(sure: Confidence) -> dict[str, Any]:
    """The same for programs."""
    return {
        "asked": float(sure.asked),
        "seed": sure.seed,
        "runs": sure.runs,
        **_simulated_data(sure),
        "levels": [
            {
                "confidence": None if each.level is None else float(each.level),
                "entrants": each.total,
                "meets_goal_rate": each.chance,
                "totals": {key: float(value) for key, value in each.stages.items()},
            }
            for each in sure.levels
        ],
    }


def _simulated_data(sure: Confidence) -> dict[str, Any]:
    given = sure.simulated
    if given is None:
        return {}
    return {"simulated": {"file": given.name, "entrants": given.total, "meets_goal_rate": given.chance}}
