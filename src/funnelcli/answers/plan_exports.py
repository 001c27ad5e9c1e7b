"""What a plan is asked, and what the exports say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.sources import Exports
from funnelcli.planning.assume import Assumptions, Given, unknown_keys
from funnelcli.planning.deals import WON_TO_PAID
from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.keys import AnyKey, Key, RevenueModel, option_of
from funnelcli.planning.model import Goal, Measured, Shape, ShapeKind
from funnelcli.planning.past import Past
from funnelcli.planning.plan import By
from funnelcli.planning.selling import MeasuredLag, SellingTime
from funnelcli.planning.solve import WITHOUT_VISITORS
from funnelcli.problems import GoalError, UsageError
from funnelcli.text import NOTHING, Message
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Period


class Wanted(Struct, frozen=True, kw_only=True):
    """What a plan is to reach, over which months and with what given.

    ``window`` are the first and the last month to measure over, None where nobody named one; ``is_named`` says that a
    folder of exports was named.
    """

    goal: Goal
    shape: Shape
    model: RevenueModel
    given: Mapping[AnyKey, Given]
    periods: tuple[Period, ...]
    by: By
    window: tuple[Period | None, Period | None]
    is_named: bool


class Known(Struct, frozen=True, kw_only=True):
    """What the exports tell a plan: ``past`` are its months that are over, with what happened in them.

    ``deals`` are the figures of the stages that deals go through, none where there are no deals.  ``lag`` is the time
    that selling takes, or why it is not known; None where no exports are read.  ``counted`` are those who signed up,
    where nothing tells what became of whom.
    """

    measured: Measured | None
    paths: list[Path]
    currency: str
    past: Past | None = None
    deals: tuple[PlannedMetric, ...] = ()
    lag: MeasuredLag | Missing | None = None
    counted: SellingTime | None = None

    def past_of(self, wanted: Wanted, assumptions: Assumptions) -> Past | None:
        """The months of the plan that are over; deals of theirs bring what a deal does.  UsageError where all are."""
        if self.past is None or not self.past.periods:
            return None
        if len(self.past.periods) == len(wanted.periods):
            raise _all_past(wanted.periods)
        one_off = wanted.model is RevenueModel.ONE_OFF
        return replace(self.past, deal=assumptions[Key.DEAL_SIZE].value if one_off else None)


def _all_past(periods: Sequence[Period]) -> UsageError:
    return UsageError(
        Message("All months of the plan are past: nothing is left to plan."),
        hint=Message("Give a later --to; or --as-of {day} plans as on that day, and funnelcli track compares.").filled(
            day=(periods[0].start - timedelta(days=1)).isoformat()
        ),
    )


def known_of(exports: Exports, wanted: Wanted, as_of: str | None, now: datetime, *, skip_bad_rows: bool) -> Known:
    """What the exports say, where they are asked; the files read for it, and the currency of the amounts."""
    nothing_known = Known(measured=None, paths=[], currency=exports.config.business.currency)
    unknown = unknown_keys(wanted.given, wanted.goal, wanted.model)
    mix_unknown = wanted.by is not By.WHOLE and not exports.config.plan.mix
    named = wanted.is_named or exports.is_named
    if not (named or unknown or mix_unknown or wanted.shape.kind is ShapeKind.SEASONAL):
        return nothing_known
    nothing = exports.nothing_found()
    if nothing is not None:
        # Churn and opening have defaults, a mix and a season their own words; the rest nobody can guess.
        hard = [key for key in unknown if key not in (Key.CHURN, Key.OPENING)]
        if hard:
            raise nothing if wanted.is_named else _not_to_be_guessed(hard)
        return nothing_known
    return _read(exports, wanted, as_of, now, skip_bad_rows=skip_bad_rows)


def _read(exports: Exports, wanted: Wanted, as_of_text: str | None, now: datetime, *, skip_bad_rows: bool) -> Known:
    from funnelcli.answers.actual_figures import Actuals
    from funnelcli.answers.measured import known_until, measure, window
    from funnelcli.answers.measured_deals import measured_deals, won_and_paid
    from funnelcli.answers.measured_lag import counted_time, measured_lag
    from funnelcli.answers.notes import churn_notes, source_notes
    from funnelcli.answers.spec import resolve_as_of

    facts = exports.countable(skip_bad_rows=skip_bad_rows, as_of=as_of_text)
    as_of = resolve_as_of(as_of_text, facts.extents, exports.config.business.timezone, now)
    known, periods = known_until(facts, as_of), wanted.periods
    over = tuple(period for period in periods if period.last_day <= known)
    begins = periods[min(len(over), len(periods) - 1)]
    of_rates = window(facts, known, *wanted.window)
    measured = measure(facts, known, of_rates, begins)
    deals = measured_deals(facts, known, wanted.window, wanted.given)
    if deals is not None:
        measured = replace(measured, pooled={**measured.pooled, **deals.rates})
        ratio = [] if WON_TO_PAID in wanted.given else won_and_paid(facts, of_rates.months, known)
        deals = replace(deals, notes=(*deals.notes, *ratio))
    left_out = [] if Key.CHURN in wanted.given else churn_notes(facts, of_rates.months, known)
    said = source_notes(facts, as_of, skip_bad_rows=skip_bad_rows)
    lag = measured_lag(facts, known, wanted.window, begins)
    happened = Actuals(facts, over, known, one_off=wanted.model is RevenueModel.ONE_OFF).of
    return Known(
        measured=replace(
            measured, notes=(*said, *measured.notes, *left_out, *(deals.notes if deals is not None else ()))
        ),
        paths=exports.inputs,
        currency=facts.currency,
        past=Past(periods=over, actuals=happened),
        deals=() if deals is None else deals.chain,
        lag=lag,
        counted=counted_time(facts, known, begins) if isinstance(lag, Missing) else None,
    )


def _not_to_be_guessed(keys: Sequence[AnyKey]) -> GoalError:
    """Assumptions that are not given, where there is nothing to measure them from."""
    return GoalError(
        Message("Neither given nor measured: {keys}.").filled(keys=", ".join(key.value for key in keys)),
        hint=Message("Give {flags}, or name a folder of exports to measure from.{without}").filled(
            flags=" ".join(option_of(key) for key in keys),
            without=WITHOUT_VISITORS if Key.VISITOR_TO_SIGNUP in keys else NOTHING,
        ),
    )
