"""One run of ``targets``: what is given, what has to be measured, and the plan made of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from funnelcli.answers.phrases import BY_UNKNOWN
from funnelcli.answers.plan_options import (
    given_assumptions,
    months_of_plan,
    one_of,
    read,
    read_amounts,
    read_goal,
    read_what_if,
    revenue_model,
    shape_of,
)
from funnelcli.answers.sources import Exports
from funnelcli.config import Config
from funnelcli.planning.assume import Assumptions, Given, assume, unknown_keys
from funnelcli.planning.bridge import bridged
from funnelcli.planning.goals import GOALS
from funnelcli.planning.keys import AMOUNTS, FLAGS, Key, RevenueModel
from funnelcli.planning.model import Goal, Measured, Plan, Rounding, RowKey, Shape, ShapeKind
from funnelcli.planning.past import Past
from funnelcli.planning.plan import By, PlanSpec, make_plan
from funnelcli.planning.solve import WITHOUT_VISITORS
from funnelcli.planning.track import Actual
from funnelcli.problems import GoalError, UsageError
from funnelcli.text import NOTHING, OR, Text, joined
from funnelcli.values.amounts import parse_whole
from funnelcli.values.channels import Channel
from funnelcli.values.currencies import USUAL, currencies_in
from funnelcli.values.periods import Grain, Period, parse_bound

_TITLE = Text("Targets", "Chỉ tiêu")


@dataclass(frozen=True, kw_only=True)
class Request:
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


def planned(request: Request) -> tuple[Plan, list[Path]]:
    """The plan, and the files that were read for it.

    Exports are only looked at for what is not given, or where a folder or file is named.
    """
    by = _split(request.by)
    periods = months_of_plan(request.first, request.last)
    config = request.exports.config
    table = request.revenue_by_month
    by_month = read_amounts(table, request.exports.stdin) if table is not None else None
    rounding = one_of(Rounding, request.rounding or config.plan.round, "--round")
    bridge = one_of(Bridge, request.bridge or config.plan.bridge, "--bridge")
    shape = replace(shape_of(request.shape, by_month, config.plan, periods), rounding=rounding)
    goal = read_goal(request.goals, shape, periods)
    model, given = revenue_model(request.flags, given_assumptions(request.flags, config.plan), goal.kind)
    what_if = read_what_if(request.what_if, model)
    window = _window(request, config)
    most = request.max_new_paid_users
    most_new = read(parse_whole, most, "--max-new-paid-users") if most is not None else config.plan.max_new_paid_users
    known = _measured(request, config, given, goal, model, shape, by, periods, window)
    measured, currency = known.measured, known.currency
    said = by_month.said if by_month is not None else {}
    currency = _one_currency(request, said, currency, certain=bool(known.paths) or config.currency_given is not None)
    name = config.business.name
    gap = measured.gap if measured else None
    assumptions, notes = bridged(assume(given, measured, goal, model), gap, wanted=bridge is Bridge.MEASURED)
    spec = PlanSpec(
        title=Text(f"{name} — {_TITLE.en}", f"{name} — {_TITLE.vi}") if name else _TITLE,
        currency=currency,
        goal=goal,
        shape=shape,
        model=model,
        periods=periods,
        assumptions=assumptions,
        measured=measured,
        past=_past(known, periods, assumptions, model),
        gross_margin=config.business.gross_margin,
        notes=tuple(notes),
        by=by,
        mix={Channel(channel): share for channel, share in config.plan.mix.items()},
        teams=config.teams,
        policies=config.policies,
        most_new=most_new,
        what_if=what_if,
    )
    return make_plan(spec), known.paths


class Bridge(StrEnum):
    """From the last day known to the plan: run forward at the MEASURED rates, or taken as unchanged."""

    MEASURED = "measured"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What the exports tell a plan: ``past`` are its months that are over, with what happened in them."""

    measured: Measured | None
    paths: list[Path]
    currency: str
    past: Past | None = None


def _past(known: _Known, periods: tuple[Period, ...], assumptions: Assumptions, model: RevenueModel) -> Past | None:
    """The months of the plan that are over; of deals, they brought what a deal brings.  UsageError where all are."""
    past = known.past
    if past is None or not past.periods:
        return None
    if len(past.periods) == len(periods):
        raise UsageError(
            Text(
                "All months of the plan are past: nothing is left to plan.",
                "Mọi tháng của kế hoạch đã qua: không còn gì để lập kế hoạch.",
            ),
            hint=Text(
                "Give a later --to; or --as-of {day} plans as on that day, and funnelcli track compares.",
                "Khai --to muộn hơn; hoặc --as-of {day} để lập như vào ngày đó, rồi so sánh bằng funnelcli track.",
            ).filled(day=(periods[0].start - timedelta(days=1)).isoformat()),
        )
    deal = assumptions[Key.DEAL_SIZE].value if model is RevenueModel.ONE_OFF else None
    return replace(past, deal=deal)


def _one_currency(request: Request, said_by_month: Mapping[str, str], currency: str, *, certain: bool) -> str:
    """The currency of the plan; UsageError where an amount is given in another.

    Where neither exports nor settings tell it, it is the one that the amounts say.
    """
    flags = request.flags
    given = {GOALS[key].option: text for key, text in request.goals.items() if not GOALS[key].whole}
    given |= {FLAGS[key]: text for key, text in flags.items() if text and key in AMOUNTS}
    given |= {f"--what-if {number}": text for number, text in enumerate(request.what_if, start=1)}
    given |= said_by_month
    for option, text in given.items():
        said = currencies_in(text)
        if said and currency not in said:
            if not certain:
                currency, certain = USUAL.get(said, min(said)), True
                continue
            raise UsageError(
                Text(
                    "{option}: {amount!r} is in {said}, the plan in {currency}.",
                    "{option}: {amount!r} là {said}, còn kế hoạch là {currency}.",
                ).filled(
                    option=option, amount=" ".join(text.split())[:40], said=joined(OR, sorted(said)), currency=currency
                ),
                hint=Text(
                    "Convert the amount, or set [business] currency.", "Quy đổi số tiền, hoặc đặt [business] currency."
                ),
            )
        certain = certain or bool(said)
    return currency


def _split(by: str | None) -> By:
    try:
        return By.WHOLE if by is None else {"channel": By.CHANNEL, "team": By.TEAM}[by.strip().casefold()]
    except KeyError:
        raise UsageError(
            BY_UNKNOWN.filled(by=by),
            hint=Text(
                "Quotas are split --by channel or --by team.", "Chỉ tiêu được chia bằng --by channel hoặc --by team."
            ),
        ) from None


def _window(request: Request, config: Config) -> tuple[Period | None, Period | None]:
    first, last = request.rates_from or config.plan.rates_from, request.rates_to or config.plan.rates_to
    begin = parse_bound(first, Grain.MONTH, last=False, option="--rates-from") if first else None
    end = parse_bound(last, Grain.MONTH, last=True, option="--rates-to") if last else None
    if begin and end and end < begin:
        raise UsageError(
            Text(
                "The rates end ({end}) before they begin ({begin}).",
                "Kỳ đo tỷ lệ kết thúc ({end}) trước khi bắt đầu ({begin}).",
            ).filled(begin=begin.key, end=end.key),
            hint=Text("Swap the two.", "Đổi chỗ hai tháng."),
        )
    return begin, end


def _measured(
    request: Request,
    config: Config,
    given: Mapping[Key, Given],
    goal: Goal,
    model: RevenueModel,
    shape: Shape,
    by: By,
    periods: tuple[Period, ...],
    bounds: tuple[Period | None, Period | None],
) -> _Known:
    """What the exports say, where they are asked; the files read for it, and the currency of the amounts."""
    nothing_known = _Known(measured=None, paths=[], currency=config.business.currency)
    unknown = unknown_keys(given, goal, model)
    mix_unknown = by is not By.WHOLE and not config.plan.mix
    named = request.path_given or request.exports.is_named
    if not (named or unknown or mix_unknown or shape.kind is ShapeKind.SEASONAL):
        return nothing_known
    nothing = request.exports.nothing_found()
    if nothing is not None:
        # Churn and opening have defaults, a mix and a season their own words; the rest nobody can guess.
        hard = [key for key in unknown if key not in (Key.CHURN, Key.OPENING)]
        if hard:
            raise nothing if request.path_given else _not_to_be_guessed(hard)
        return nothing_known
    from funnelcli.answers.measured import actuals, known_until, measure, window
    from funnelcli.answers.notes import source_notes
    from funnelcli.answers.spec import resolve_as_of

    facts = request.exports.countable(skip_bad_rows=request.skip_bad_rows)
    as_of = resolve_as_of(request.as_of, facts.extents, config.business.timezone, request.now)
    known = known_until(facts, as_of)
    over = tuple(period for period in periods if period.last_day <= known)
    begins = periods[min(len(over), len(periods) - 1)]
    measured = measure(facts, known, window(facts, known, *bounds), begins, range_begins=periods[0])
    said = source_notes(facts, as_of, skip_bad_rows=request.skip_bad_rows)

    def happened(keys: Sequence[RowKey]) -> Mapping[RowKey, Mapping[str, Actual]]:
        return actuals(facts, keys, over, known, one_off=model is RevenueModel.ONE_OFF)

    return _Known(
        measured=replace(measured, notes=(*said, *measured.notes)),
        paths=request.exports.inputs,
        currency=facts.currency,
        past=Past(periods=over, actuals=happened),
    )


def _not_to_be_guessed(keys: Sequence[Key]) -> GoalError:
    """Assumptions that are not given, where there is nothing to measure them from."""
    return GoalError(
        Text("Neither given nor measured: {keys}.", "Chưa khai mà cũng chưa đo được: {keys}.").filled(
            keys=", ".join(key.value for key in keys)
        ),
        hint=Text(
            "Give {flags}, or name a folder of exports to measure from.{without}",
            "Khai {flags}, hoặc chỉ một thư mục dữ liệu để đo.{without}",
        ).filled(
            flags=" ".join(FLAGS[key] for key in keys),
            without=WITHOUT_VISITORS if Key.VISITOR_TO_SIGNUP in keys else NOTHING,
        ),
    )


def split_given(given: Mapping[str, str]) -> tuple[dict[str, str], dict[Key, str | None]]:
    """Goals and assumptions by name, as a caller gives them; UsageError, with those there are, for any other name."""
    assumptions = {flag.lstrip("-").replace("-", "_"): key for key, flag in FLAGS.items()}
    for name in given:
        if name not in GOALS and name not in assumptions:
            raise UsageError(
                Text(
                    "{name!r} is neither a goal nor an assumption.",
                    "{name!r} không phải mục tiêu, cũng không phải giả định.",
                ).filled(name=name),
                hint=Text(
                    "The goals are {goals}; the assumptions are {assumptions}.",
                    "Các mục tiêu là {goals}; các giả định là {assumptions}.",
                ).filled(goals=", ".join(GOALS), assumptions=", ".join(assumptions)),
            )
    goals = {name: text for name, text in given.items() if name in GOALS}
    return goals, {key: given.get(name) for name, key in assumptions.items()}
