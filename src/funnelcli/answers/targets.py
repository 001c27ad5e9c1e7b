"""One run of ``targets``: what is given, what has to be measured, and the plan made of both."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.phrases import BY_UNKNOWN
from funnelcli.answers.plan_chance import with_confidence
from funnelcli.answers.plan_exports import Wanted, known_of
from funnelcli.answers.plan_given import (
    PLAN_KEYS,
    check_deal_rates,
    check_what_if,
    given_assumptions,
    given_deal_rates,
    read_what_if,
    revenue_model,
)
from funnelcli.answers.plan_lag import check_not_nearer, counted_by_hand, lag_of_settings, with_lag
from funnelcli.answers.plan_means import check_can_be_held, goal_to_maximise, means_of, wish_of, with_means
from funnelcli.answers.plan_options import (
    months_of_plan,
    one_of,
    read,
    read_goal,
    shape_of,
)
from funnelcli.answers.relative import relative_notes
from funnelcli.answers.sources import Exports
from funnelcli.answers.targets_loaded import NamedTargets
from funnelcli.planning.assume import assume
from funnelcli.planning.bridge import bridged
from funnelcli.planning.deals import chain_of
from funnelcli.planning.goals import GOALS
from funnelcli.planning.keys import AMOUNTS, FLAGS, Key, StageRate, keys_of
from funnelcli.planning.means import Wish
from funnelcli.planning.model import Plan, Rounding, Shape, ShapeKind
from funnelcli.planning.plan import By, PlanSpec, make_plan
from funnelcli.problems import UsageError
from funnelcli.text import OR, Message, joined
from funnelcli.values.amounts import is_in_dong, parse_whole
from funnelcli.values.channels import Channel
from funnelcli.values.currencies import DONG, IN_DONG, NAME_THE_CURRENCY, USUAL, currencies_in
from funnelcli.values.lags import parse_lag
from funnelcli.values.period_words import Reckoning, parse_bound
from funnelcli.values.periods import Grain, Period

if TYPE_CHECKING:
    from funnelcli.answers.monthly_amounts import MonthlyAmounts

_TITLE = Message("Targets")


class Request(Struct, frozen=True, kw_only=True):
    """The options of ``targets`` as they were written."""

    exports: Exports
    now: datetime
    path_given: bool
    goals: Mapping[str, str]
    first: str | None
    last: str | None
    shape: str | None
    revenue_by_month: Path | None
    by: str | None
    flags: Mapping[Key, str | None]
    max_new_paid_users: str | None
    rates_from: str | None
    rates_to: str | None
    what_if: tuple[str, ...]
    as_of: str | None
    skip_bad_rows: bool
    rounding: str | None = None
    bridge: str | None = None
    deal_rates: tuple[str, ...] = ()
    lag: str | None = None
    confidence: str | None = None
    seed: str | None = None
    simulate: NamedTargets | None = None
    minimise: str | None = None
    maximise: str | None = None
    budget: str | None = None

    @property
    def wish(self) -> Wish | None:
        """What the mix of channels is chosen for, if anything."""
        return wish_of(self.minimise, self.maximise)


def planned(request: Request) -> tuple[Plan, list[Path]]:
    """The plan, and the files that were read for it.

    Exports are only looked at for what is not given, or where a folder or file is named.
    """
    config = request.exports.config
    by_month = _by_month(request)
    wanted, most = _wanted(request, by_month), request.max_new_paid_users
    means = means_of(config, request.wish, request.budget)
    bridge = one_of(Bridge, request.bridge or config.plan.bridge, "--bridge")
    what_if = read_what_if(request.what_if, wanted.model)
    most_new = read(parse_whole, most, "--max-new-paid-users") if most is not None else config.plan.max_new_paid_users
    lag = read(parse_lag, request.lag, "--lag") if request.lag is not None else lag_of_settings(config.plan.lag)
    known = known_of(request.exports, wanted, request.as_of, request.now, skip_bad_rows=request.skip_bad_rows)
    said = by_month.said if by_month is not None else {}
    certain = bool(known.paths) or config.currency_given is not None
    gap = known.measured.gap if known.measured else None
    chain = known.deals
    if not chain and any(isinstance(key, StageRate) for key in wanted.given):
        chain = chain_of((), wanted.given)
    deals = [figure.rate for figure in chain if figure.rate is not None]
    check_deal_rates(wanted.given, deals)
    check_what_if(what_if, (*keys_of(wanted.model), *deals))
    assumed = assume(wanted.given, known.measured, wanted.goal, wanted.model, deals)
    assumptions, notes = bridged(assumed, gap, wanted=bridge is Bridge.MEASURED)
    words = (request.first, request.last, request.rates_from, request.rates_to)
    notes = [*relative_notes(words, _reckoning(request), asked=True), *notes]
    currency = _one_currency(request, said, known.currency, certain=certain)
    _check_no_dong(request, said, wanted.shape, currency)
    name = config.business.name
    spec = PlanSpec(
        title=joined(" — ", [name, _TITLE]) if name else _TITLE,
        currency=currency,
        goal=wanted.goal, shape=wanted.shape, model=wanted.model, periods=wanted.periods, by=wanted.by,
        assumptions=assumptions,
        measured=known.measured,
        past=known.past_of(wanted, assumptions),
        deals=chain,
        gross_margin=config.business.gross_margin,
        notes=tuple(notes),
        mix={Channel(channel): share for channel, share in config.plan.mix.items()},
        teams=config.teams,
        policies=config.policies,
        most_new=most_new,
        what_if=what_if,
    )  # fmt: skip
    counted = known.counted or counted_by_hand(_reckoning(request).day, wanted.periods[0])
    spec = with_lag(spec, lag, known.lag, counted)
    spec = with_confidence(spec, request.confidence, request.seed, config, known.lag, request.simulate)
    plan = make_plan(with_means(spec, means))
    if request.exports.strict:
        check_not_nearer(plan)
        check_can_be_held(plan)
    return plan, known.paths


def _by_month(request: Request) -> "MonthlyAmounts | None":
    """The amounts of the table that --revenue-by-month names."""
    if request.revenue_by_month is None:
        return None
    from funnelcli.answers.monthly_amounts import read_amounts

    return read_amounts(request.revenue_by_month, request.exports.stdin)


def _wanted(request: Request, by_month: "MonthlyAmounts | None") -> Wanted:
    """What the options and the settings ask for."""
    settings = request.exports.config.plan
    by = _reckoning(request)
    periods = months_of_plan(request.first, request.last, by)
    rounding = one_of(Rounding, request.rounding or settings.round, "--round")
    shape = replace(_shape(request, by_month, periods), rounding=rounding)
    goal = (
        read_goal(request.goals, shape, periods) if request.maximise is None else goal_to_maximise(request.goals, shape)
    )
    given_by_hand = {**given_assumptions(request.flags, settings), **given_deal_rates(request.deal_rates, settings)}
    model, given = revenue_model(request.flags, given_by_hand, goal.kind)
    return Wanted(
        goal=goal, shape=shape, model=model, given=given, periods=periods, by=_split(request.by),
        window=_window(request, by), is_named=request.path_given,
    )  # fmt: skip


def _shape(request: Request, by_month: "MonthlyAmounts | None", periods: tuple[Period, ...]) -> Shape:
    """The shape asked for; the months of the most new customers are free where none is."""
    if request.wish is Wish.NEW_PAID_USERS and request.shape is None and by_month is None:
        return Shape(kind=ShapeKind.FREE)
    shape = shape_of(request.shape, by_month, request.exports.config.plan, periods)
    if shape.kind is ShapeKind.FREE and request.wish is None:
        raise UsageError(
            Message("--shape free leaves the months to a mix that is chosen, and none is."),
            hint=Message("Add --minimise cost, or use another shape."),
        )
    return shape


class Bridge(StrEnum):
    """From the last day known to the plan: run forward at the MEASURED rates, or taken as unchanged."""

    MEASURED = "measured"
    NONE = "none"


def _amounts_given(request: Request) -> dict[str, str]:
    """The amounts of the options, by the option."""
    given = {GOALS[key].option: text for key, text in request.goals.items() if not GOALS[key].whole}
    given |= {FLAGS[key]: text for key, text in request.flags.items() if text and key in AMOUNTS}
    given |= {} if request.budget is None else {"--budget": request.budget}
    return given | {f"--what-if {number}": text for number, text in enumerate(request.what_if, start=1)}


def _one_currency(request: Request, said_by_month: Mapping[str, str], currency: str, *, certain: bool) -> str:
    """The currency of the plan; UsageError where an amount is given in another.

    Where neither exports nor settings tell it, it is the one that the amounts say.
    """
    for option, text in {**_amounts_given(request), **said_by_month}.items():
        said = currencies_in(text)
        if said and currency not in said:
            if not certain:
                currency, certain = USUAL.get(said, min(said)), True
                continue
            raise UsageError(
                Message("{option}: {amount!r} is in {said}, the plan in {currency}.").filled(
                    option=option, amount=" ".join(text.split())[:40], said=joined(OR, sorted(said)), currency=currency
                ),
                hint=Message("Convert the amount, or set [business] currency."),
            )
        certain = certain or bool(said)
    return currency


def _check_no_dong(request: Request, said_by_month: Mapping[str, str], shape: Shape, currency: str) -> None:
    """UsageError where an amount in tỷ or tr, of which no currency is named, would be one of another than VND."""
    if currency == DONG:
        return
    given = {**_amounts_given(request), **said_by_month}
    outweighed = {f"[plan] {PLAN_KEYS[key]}" for key in AMOUNTS if request.flags.get(key)}
    for place, text in request.exports.config.amounts_in_dong.items():
        of_months = place.startswith("[plan.revenue]")
        if place not in outweighed and (
            not of_months or (shape.kind is ShapeKind.REVENUE and request.revenue_by_month is None)
        ):
            given[place] = text
    for place, text in given.items():
        if is_in_dong(text):
            raise UsageError(
                IN_DONG.filled(place=place, text=" ".join(text.split())[:40], currency=currency),
                hint=NAME_THE_CURRENCY.filled(currency=currency),
            )


def _split(by: str | None) -> By:
    try:
        return By.WHOLE if by is None else {"channel": By.CHANNEL, "team": By.TEAM}[by.strip().casefold()]
    except KeyError:
        raise UsageError(
            BY_UNKNOWN.filled(by=by),
            hint=Message("Quotas are split --by channel or --by team."),
        ) from None


def _reckoning(request: Request) -> Reckoning:
    """What months are reckoned by: a plan stands on no day but the one that is given."""
    business = request.exports.config.business
    if request.as_of is None:
        return Reckoning(year_starts=business.year_starts)
    from funnelcli.answers.spec import resolve_as_of

    day = resolve_as_of(request.as_of, {}, business.timezone, request.now)
    return Reckoning(day=day, year_starts=business.year_starts)


def _window(request: Request, by: Reckoning) -> tuple[Period | None, Period | None]:
    plan = request.exports.config.plan
    first, last = request.rates_from or plan.rates_from, request.rates_to or plan.rates_to
    begin = parse_bound(first, Grain.MONTH, last=False, option="--rates-from", by=by) if first else None
    end = parse_bound(last, Grain.MONTH, last=True, option="--rates-to", by=by) if last else None
    if begin and end and end < begin:
        raise UsageError(
            Message("The rates end ({end}) before they begin ({begin}).").filled(begin=begin.key, end=end.key),
            hint=Message("Swap the two."),
        )
    return begin, end


def split_given(given: Mapping[str, str]) -> tuple[dict[str, str], dict[Key, str | None]]:
    """Goals and assumptions by name, as a caller gives them; UsageError, with those there are, for any other name."""
    assumptions = {flag.lstrip("-").replace("-", "_"): key for key, flag in FLAGS.items()}
    for name in given:
        if name not in GOALS and name not in assumptions:
            raise UsageError(
                Message("{name!r} is neither a goal nor an assumption.").filled(name=name),
                hint=Message("The goals are {goals}; the assumptions are {assumptions}.").filled(
                    goals=", ".join(GOALS), assumptions=", ".join(assumptions)
                ),
            )
    goals = {name: text for name, text in given.items() if name in GOALS}
    return goals, {key: given.get(name) for name, key in assumptions.items()}
