"""The assumptions of a plan: given, else measured, else a default that is said out loud."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.planning.deals import WON_TO_PAID
from funnelcli.planning.keys import keys_of
from funnelcli.planning.labels import span_words
from funnelcli.planning.metrics import STAGE_RATES
from funnelcli.planning.model import LEFT_OUT, AnyKey, Assumption, Goal, Key, Measured, Origin, Pooled, RevenueModel
from funnelcli.text import Message, Text, as_text, grouped
from funnelcli.values.figures import Missing

NOT_GIVEN = Missing(
    "not-given",
    Message("neither given nor measured"),
)
NOT_WANTED = Missing(
    LEFT_OUT,
    Message("left out of the plan (none)"),
)


class Given(Struct, frozen=True, kw_only=True):
    """A number given by hand; ``value`` None leaves the stage out; ``place`` is the option or table it stands in."""

    value: Fraction | None
    place: str


Assumptions = Mapping[AnyKey, Assumption]


def needs_base(goal: Goal, model: RevenueModel) -> bool:
    """Whether the goal is about the customers who pay at some time, not only about those won."""
    return model in goal.kind.based_on


def unknown_keys(given: Mapping[AnyKey, Given], goal: Goal, model: RevenueModel) -> list[AnyKey]:
    """The assumptions that the plan wants and nobody gave: what would have to be measured.

    Where the customers at the start are given and their MRR is not, they are taken to bring what a new one brings.
    """
    wanted: list[AnyKey] = [*reversed(STAGE_RATES)]
    if needs_base(goal, model):
        wanted += [Key.CHURN, Key.OPENING]
    if goal.kind.priced and model is RevenueModel.RECURRING:  # a deal size is always given: it makes the model
        wanted.append(Key.NEW_ARPA)
    return [key for key in wanted if key not in given]


def assume(
    given: Mapping[AnyKey, Given],
    measured: Measured | None,
    goal: Goal,
    model: RevenueModel,
    deals: Sequence[AnyKey] = (),
) -> dict[AnyKey, Assumption]:
    """Every assumption with its origin, in the order they are shown; ``deals`` are those of the opportunity.

    Where nothing is measured, churn and opening fall back to 0 if the goal needs them and they are not given: nobody
    leaves, from nothing.  What exports fail to tell stays missing.  The MRR at the start follows from the customers
    there where it is neither given nor measured for them.  With ``deals``, stages of the funnel of which nobody knows
    the rate are left out, and a deal won is a new customer unless another share is given.
    """
    keys: tuple[AnyKey, ...] = (*keys_of(model), *deals)
    assumptions = {key: _assumption(key, given, measured) for key in keys}
    if WON_TO_PAID in assumptions and assumptions[WON_TO_PAID].origin is Origin.MISSING:
        assumptions[WON_TO_PAID] = _default(WON_TO_PAID, _ONE_EACH, Fraction(1))
    if deals:
        assumptions |= {key: _left_out(assumptions[key]) for key in STAGE_RATES}
    if needs_base(goal, model) and measured is None:
        if assumptions[Key.CHURN].origin is Origin.MISSING:
            assumptions[Key.CHURN] = _default(Key.CHURN, _NOBODY_LOST)
        if assumptions[Key.OPENING].origin is Origin.MISSING and not assumptions[Key.CHURN].value:
            assumptions[Key.OPENING] = _default(Key.OPENING, _FROM_NOTHING)
    if Key.OPENING_MRR in assumptions:
        assumptions[Key.OPENING_MRR] = _opening_mrr(assumptions, measured)
    return assumptions


def _left_out(assumption: Assumption) -> Assumption:
    """The assumption, where it is missing as one that the plan does without."""
    if assumption.origin is not Origin.MISSING or assumption.missing is None:
        return assumption
    return replace(assumption, missing=Missing(LEFT_OUT, assumption.missing.reason))


_ONE_EACH = Message("each deal won is a new customer")
_NOBODY_LOST = Message("nobody is lost")
_FROM_NOTHING = Message("the plan begins from nothing")
_AT_MEASURED = Message("PU when the plan begins x {mrr} measured of each")
_AT_NEW_ARPA = Message("PU when the plan begins x the ARPA of new ones")


def _opening_mrr(assumptions: Assumptions, measured: Measured | None) -> Assumption:
    """The MRR at the start: given, else measured of the same customers, else what the given number of them brings."""
    mrr, opening, price = (assumptions[key] for key in (Key.OPENING_MRR, Key.OPENING, Key.NEW_ARPA))
    if mrr.origin is Origin.GIVEN or opening.value is None:
        return mrr
    if opening.origin is not Origin.GIVEN:
        if mrr.value is not None or price.value is None:
            return mrr
        return _default(Key.OPENING_MRR, _AT_NEW_ARPA, opening.value * price.value)
    known = (measured.pooled if measured else {}).get(Key.OPENING)
    if mrr.value is not None and isinstance(known, Pooled) and known.numerator:
        each = mrr.value / known.numerator
        words = _AT_MEASURED.filled(mrr=grouped(float(each)))
        return _default(Key.OPENING_MRR, words, opening.value * each)
    return mrr if price.value is None else _default(Key.OPENING_MRR, _AT_NEW_ARPA, opening.value * price.value)


def _default(key: AnyKey, source: Text, value: Fraction = Fraction(0)) -> Assumption:
    return Assumption(key=key, value=value, origin=Origin.DEFAULT, source=source)


def _assumption(key: AnyKey, given: Mapping[AnyKey, Given], measured: Measured | None) -> Assumption:
    if key in given:
        value, place = given[key].value, given[key].place
        return Assumption(
            key=key,
            value=value,
            origin=Origin.GIVEN,
            source=as_text(place),
            missing=NOT_WANTED if value is None else None,
        )
    pooled = (measured.pooled if measured else {}).get(key, NOT_GIVEN)
    if isinstance(pooled, Pooled) and pooled.denominator != 0:
        return Assumption(
            key=key,
            value=pooled.numerator / pooled.denominator,
            origin=Origin.MEASURED,
            source=span_words(*pooled.months),
            plain=" – ".join(dict.fromkeys(pooled.months)),
            numerator=pooled.numerator,
            denominator=pooled.denominator,
        )
    reason = pooled if isinstance(pooled, Missing) else _NOTHING_BELOW
    return Assumption(key=key, value=None, origin=Origin.MISSING, source=reason.reason, missing=reason)


_NOTHING_BELOW = Missing("nothing-to-divide-by", Message("0 in the denominator"))


def changed(assumptions: Assumptions, changes: Mapping[AnyKey, Fraction], name: str) -> dict[AnyKey, Assumption]:
    """The same assumptions with some given otherwise; other customers at the start bring as much each as those there.

    What the customers there bring does not change with the ARPA of new ones.
    """
    source = as_text(name)
    wanted = {key: value for key, value in changes.items() if key in assumptions}
    if Key.OPENING in wanted and Key.OPENING_MRR in assumptions and Key.OPENING_MRR not in wanted:
        mrr = _mrr_of(wanted[Key.OPENING], assumptions, wanted)
        wanted |= {} if mrr is None else {Key.OPENING_MRR: mrr}
    given = {
        key: replace(
            assumptions[key],
            value=value,
            origin=Origin.GIVEN,
            source=source,
            plain=None,
            missing=None,
            numerator=None,
            denominator=None,
        )
        for key, value in wanted.items()
    }
    return {**assumptions, **given}


def _mrr_of(customers: Fraction, assumptions: Assumptions, changes: Mapping[AnyKey, Fraction]) -> Fraction | None:
    """The MRR of another number of customers: each brings what those there do, else what a new one does."""
    mrr, opening = assumptions[Key.OPENING_MRR].value, assumptions[Key.OPENING].value
    if mrr is not None and opening:
        return customers * mrr / opening
    price = changes.get(Key.NEW_ARPA, assumptions[Key.NEW_ARPA].value)
    return None if price is None else customers * price
