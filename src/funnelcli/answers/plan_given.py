"""What is given of a plan's assumptions: options and settings read into values, the revenue model, and variants."""

import difflib
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from funnelcli.answers.plan_options import STANDS_TWICE, read, whole
from funnelcli.config import Plan as PlanSettings
from funnelcli.planning.assume import Given
from funnelcli.planning.deals import every_rate
from funnelcli.planning.goals import GoalType
from funnelcli.planning.goals import by_month as goal_by_month
from funnelcli.planning.keys import (
    AMOUNTS,
    AMOUNTS_OF,
    DEAL_RATE,
    FLAGS,
    PRICE_OF,
    AnyKey,
    Key,
    RevenueModel,
    StageRate,
    keys_of,
)
from funnelcli.planning.metrics import deal_stages
from funnelcli.planning.model import is_rate
from funnelcli.planning.plan import WhatIf
from funnelcli.problems import UsageError
from funnelcli.text import Message, did_you_mean
from funnelcli.values.amounts import parse_amount, parse_share

PLAN_KEYS: Mapping[Key, str] = {
    Key.VISITOR_TO_SIGNUP: "visitor_to_signup",
    Key.SIGNUP_TO_DEMO: "signup_to_demo",
    Key.DEMO_TO_PAID: "demo_to_paid",
    Key.CHURN: "churn",
    Key.NEW_ARPA: "arpa",
    Key.DEAL_SIZE: "deal_size",
    Key.OPENING: "opening_paid_users",
    Key.OPENING_MRR: "opening_mrr",
}


def given_assumptions(flags: Mapping[Key, str | None], settings: PlanSettings) -> dict[AnyKey, Given]:
    """What is given by hand: an option, else the key in [plan]."""
    given: dict[AnyKey, Given] = {}
    for key, name in PLAN_KEYS.items():
        text, written = flags.get(key), getattr(settings, name)
        if text is not None:
            given[key] = Given(value=_value(key, text, FLAGS[key]), place=FLAGS[key])
        elif written is not None:
            given[key] = Given(value=None if written == "none" else Fraction(written), place=f"[plan] {name}")
    return given


def given_deal_rates(texts: Sequence[str], settings: PlanSettings) -> dict[AnyKey, Given]:
    """The rates of the opportunity that are given: ``demo_to_contract=40%`` as an option, else [plan.deal_rates]."""
    names = _deal_names()
    given: dict[AnyKey, Given] = {}
    for name, share in settings.deal_rates.items():
        key = _deal_rate(name, f"[plan.deal_rates] {name}", names)
        given[key] = Given(value=share, place=f"[plan.deal_rates] {name}")
    options: set[AnyKey] = set()
    for text in texts:
        name, mark, value = text.partition("=")
        key = _deal_rate(name if mark else text, f"{DEAL_RATE} {text}", names)
        place = f"{DEAL_RATE} {name.strip()}"
        if key in options:
            raise UsageError(STANDS_TWICE.filled(place=place, what=key.value), hint=Message("Give it once."))
        options.add(key)
        given[key] = Given(value=read(parse_share, value.strip(), place), place=place)
    return given


def _deal_names() -> dict[str, AnyKey]:
    """The rates of the opportunity by what they are called, with and without ``_rate``."""
    return {name: key for key in every_rate() for name in (key.value, key.name_given)}


def _deal_rate(name: str, place: str, names: Mapping[str, AnyKey]) -> AnyKey:
    """The rate of a name; UsageError with those there are."""
    key = names.get(_written(name))
    if key is not None:
        return key
    close = difflib.get_close_matches(_written(name), names, n=1)
    known = [stage.rate.name_given for stage in deal_stages()[::-1] if isinstance(stage.rate, StageRate)]
    raise UsageError(
        Message("{place}: {name!r} is no rate of the opportunity.{guess}").filled(
            place=place, name=name.strip(), guess=did_you_mean(close)
        ),
        hint=Message('Write it like "{first}=40%"; there are {known}.').filled(
            first=known[len(known) // 2], known=", ".join(known)
        ),
    )


def _written(name: str) -> str:
    return name.strip().casefold().replace("-", "_").replace(" ", "_")


def check_deal_rates(given: Mapping[AnyKey, Given], deals: Sequence[AnyKey]) -> None:
    """UsageError where a rate of deals is given between stages that are not next to one another in the plan."""
    for key, value in given.items():
        if isinstance(key, StageRate) and key not in deals:
            raise UsageError(
                Message("{place}: the plan goes from no such stage to the other.").filled(place=value.place),
                hint=Message("Its rates of deals are {known}.").filled(
                    known=", ".join(rate.name_given for rate in deals if isinstance(rate, StageRate))
                ),
            )


def check_what_if(variants: Sequence[WhatIf], known: Sequence[AnyKey]) -> None:
    """UsageError where a variant changes a rate of deals that the plan does not have."""
    for variant in variants:
        for key in variant.changes:
            if key not in known:
                raise _no_assumption(variant.name, key.value, (), known)


def _value(key: AnyKey, text: str, option: str) -> Fraction | None:
    if key is Key.VISITOR_TO_SIGNUP and text.strip().casefold() == "none":
        return None
    if is_rate(key):
        return read(parse_share, text, option)
    return read(parse_amount if key in AMOUNTS else whole, text, option)


def revenue_model(
    flags: Mapping[Key, str | None], given: Mapping[AnyKey, Given], goal: GoalType
) -> tuple[RevenueModel, dict[AnyKey, Given]]:
    """One-off where a deal size is given, else recurring; and what is given without what belongs to the other model."""
    amounts = AMOUNTS_OF[RevenueModel.RECURRING]
    recurring = [FLAGS[key] for key in Key if key in amounts and flags.get(key) is not None]
    if recurring and flags.get(Key.DEAL_SIZE) is not None:
        raise UsageError(
            Message("{option} and --deal-size are two revenue models.").filled(option=recurring[0]),
            hint=Message("Recurring revenue has {option}, one-off contracts have --deal-size.").filled(
                option=recurring[0]
            ),
        )
    one_off = Key.DEAL_SIZE in given and not recurring
    model = RevenueModel.ONE_OFF if one_off else RevenueModel.RECURRING
    if model not in goal.models:
        raise _other_model(goal, model)
    known = keys_of(model)
    return model, {key: value for key, value in given.items() if key in known or not isinstance(key, Key)}


_MODEL_WORDS = {
    RevenueModel.RECURRING: Message("recurring"),
    RevenueModel.ONE_OFF: Message("one-off"),
}


def _other_model(goal: GoalType, model: RevenueModel) -> UsageError:
    """A goal that there is not of a revenue model."""
    (own,) = goal.models
    wanted, there = FLAGS[PRICE_OF[own]], FLAGS[PRICE_OF[model]]
    return UsageError(
        Message("{option} is {model} revenue: it has {wanted}, not {there}.").filled(
            option=goal.option, model=_MODEL_WORDS[own], wanted=wanted, there=there
        ),
        hint=Message("Use {option}, or {wanted}.").filled(option=goal_by_month().option, wanted=wanted),
    )


def read_what_if(texts: Sequence[str], model: RevenueModel) -> tuple[WhatIf, ...]:
    """Variants like ``demo_to_paid_rate=30%``; several changes of one variant with ``;`` or ``,`` between them."""
    return tuple(WhatIf(name=text.strip(), changes=_changes(text, model)) for text in texts)


def _no_assumption(text: str, name: str, close: Sequence[str], known: Sequence[AnyKey]) -> UsageError:
    return UsageError(
        Message("--what-if {text!r}: {name!r} is no assumption of this plan.{guess}").filled(
            text=text, name=name, guess=did_you_mean(close)
        ),
        hint=Message('Write it like "demo_to_paid_rate=30%"; there are {known}.').filled(
            known=", ".join(key.value for key in known)
        ),
    )


def _changes(text: str, model: RevenueModel) -> dict[AnyKey, Fraction]:
    known = keys_of(model)
    names: dict[str, AnyKey] = {key.value: key for key in known}
    names |= {"arpa_amount": Key.NEW_ARPA} if Key.NEW_ARPA in known else {}
    names |= {FLAGS[key].lstrip("-").replace("-", "_"): key for key in known}
    of_deals = _deal_names()
    changes: dict[AnyKey, Fraction] = {}
    for part in re.split(r"[;,]\s*(?=[A-Za-z_\-][\w\-]*\s*=)", text):
        name, mark, value = part.partition("=")
        written = name.strip().casefold().replace("-", "_")
        key = names.get(written) or of_deals.get(written)
        if not mark or key is None:
            close = difflib.get_close_matches(name.strip(), names, n=1)
            raise _no_assumption(text, name.strip(), close, known)
        if key in changes:
            raise UsageError(
                STANDS_TWICE.filled(place=f"--what-if {text!r}", what=key.value),
                hint=Message("Give each its own --what-if."),
            )
        changed = _value(key, value.strip(), f"--what-if {name.strip()}")
        if changed is None:
            raise UsageError(
                Message("--what-if {text!r}: none cannot be tried.").filled(text=text),
                hint=Message("Give a rate."),
            )
        changes[key] = changed
    return changes
