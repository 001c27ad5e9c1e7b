"""The assumptions of a plan: given, else measured, else a default that is said out loud."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from funnelcli.planning.metrics import STAGE_RATES
from funnelcli.planning.model import PRICE_OF, Assumption, Goal, Key, Measured, Origin, Pooled, RevenueModel
from funnelcli.text import Text
from funnelcli.values.figures import Missing

NOT_GIVEN = Missing(
    "not-given",
    Text("neither given nor measured", "chưa khai và cũng không đo được"),
)
NOT_WANTED = Missing(
    "left-out",
    Text("left out of the plan (none)", "không đưa vào kế hoạch (none)"),
)


@dataclass(frozen=True, kw_only=True)
class Given:
    """A number given by hand; ``value`` None leaves the stage out; ``place`` is the option or table it stands in."""

    value: Fraction | None
    place: str


Assumptions = Mapping[Key, Assumption]


def needs_base(goal: Goal, model: RevenueModel) -> bool:
    """Whether the goal is about the customers who pay at some time, not only about those won."""
    return model in goal.kind.based_on


def unknown_keys(given: Mapping[Key, Given], goal: Goal, model: RevenueModel) -> list[Key]:
    """The assumptions that the plan wants and nobody gave: what would have to be measured."""
    wanted = [*reversed(STAGE_RATES)]
    if needs_base(goal, model):
        wanted += [Key.CHURN, Key.OPENING]
    if goal.kind.priced and model is RevenueModel.RECURRING:  # a deal size is always given: it makes the model
        wanted.append(Key.ARPA)
    return [key for key in wanted if key not in given]


def assume(
    given: Mapping[Key, Given], measured: Measured | None, goal: Goal, model: RevenueModel
) -> dict[Key, Assumption]:
    """Every assumption with its origin, in the order they are shown.

    Where nothing is measured, churn and opening fall back to 0 if the goal needs them and they are not given: nobody
    leaves, from nothing.  What exports fail to tell stays missing.
    """
    assumptions = {key: _assumption(key, given, measured) for key in Key}
    if needs_base(goal, model) and measured is None:
        if assumptions[Key.CHURN].origin is Origin.MISSING:
            assumptions[Key.CHURN] = _default(Key.CHURN, "nobody is lost", "không mất khách nào")
        if assumptions[Key.OPENING].origin is Origin.MISSING and not assumptions[Key.CHURN].value:
            assumptions[Key.OPENING] = _default(Key.OPENING, "the plan begins from nothing", "bắt đầu từ 0")
    for other, price in PRICE_OF.items():
        if other is not model:
            del assumptions[price]
    return assumptions


def _default(key: Key, en: str, vi: str) -> Assumption:
    return Assumption(key=key, value=Fraction(0), origin=Origin.DEFAULT, source=Text(en, vi))


def _assumption(key: Key, given: Mapping[Key, Given], measured: Measured | None) -> Assumption:
    if key in given:
        value, place = given[key].value, given[key].place
        return Assumption(
            key=key,
            value=value,
            origin=Origin.GIVEN,
            source=Text(place, place),
            missing=NOT_WANTED if value is None else None,
        )
    pooled = (measured.pooled if measured else {}).get(key, NOT_GIVEN)
    if isinstance(pooled, Pooled) and pooled.denominator != 0:
        first, last = pooled.months
        months = first if first == last else f"{first} – {last}"
        return Assumption(
            key=key,
            value=pooled.numerator / pooled.denominator,
            origin=Origin.MEASURED,
            source=Text(months, months),
            numerator=pooled.numerator,
            denominator=pooled.denominator,
        )
    reason = pooled if isinstance(pooled, Missing) else _NOTHING_BELOW
    return Assumption(key=key, value=None, origin=Origin.MISSING, source=reason.reason, missing=reason)


_NOTHING_BELOW = Missing("nothing-to-divide-by", Text("0 in the denominator", "mẫu số bằng 0"))


def changed(assumptions: Assumptions, changes: Mapping[Key, Fraction], name: str) -> dict[Key, Assumption]:
    """The same assumptions with some given otherwise."""
    source = Text(name, name)
    given = {
        key: replace(
            assumptions[key],
            value=value,
            origin=Origin.GIVEN,
            source=source,
            missing=None,
            numerator=None,
            denominator=None,
        )
        for key, value in changes.items()
        if key in assumptions
    }
    return {**assumptions, **given}
