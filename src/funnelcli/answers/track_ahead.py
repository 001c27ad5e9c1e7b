"""How likely targets of months that are not over are met if nothing changes: a line beside what there is of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from funnelcli.answers.forecast import MOST_AHEAD, targets_by_figure, words_of
from funnelcli.answers.forecast_known import KnownMonths
from funnelcli.answers.targets_loaded import NamedTargets
from funnelcli.facts.model import Facts
from funnelcli.planning.forecast import FIGURES, foretell, months_ahead
from funnelcli.planning.goals import GOALS as KINDS
from funnelcli.planning.goals import GoalType
from funnelcli.planning.known_past import MRR, PAYING
from funnelcli.planning.labels import month_words
from funnelcli.planning.landing import GOALS
from funnelcli.planning.metrics import PLANNED
from funnelcli.stats.smoothing import FEWEST
from funnelcli.text import Message, grouped, percent
from funnelcli.values.figures import Note
from funnelcli.values.periods import Period

_RUNS = 2_000


def chance_notes(facts: Facts, named: NamedTargets, as_of: date, only: Collection[str] = ()) -> Iterator[Note]:
    """How likely the goal of the targets is met: the plan's, else of MRR, customers, new ones, demos, signups.

    Of what adds up it is that of all months together, those that are over too; else that of the last one.  The goal is
    one of ``only`` some metrics, where any are given.  Nothing where its months are over, or too few are known to tell.
    """
    known = KnownMonths(facts, as_of)
    if len(known.months) < FEWEST:
        return
    past = known.past()
    ahead = months_ahead(past, MOST_AHEAD)
    targets = dict(targets_by_figure(named, ahead, only))
    goal = _goal(named, targets)
    if goal is None:
        return
    months = max(place for place, target in enumerate(targets[goal]) if target is not None) + 1
    wanted = list(targets[goal][:months])
    over = None if FIGURES[goal] == "end" else _over(known, goal, dict(targets_by_figure(named, known.months, only)))
    if over is not None:  # what months that are over fell short of is still to come
        first = next(place for place, target in enumerate(wanted) if target is not None)
        wanted[first] = (wanted[first] or 0.0) + over.wanted - over.came
    forecast = foretell(past, months, targets={goal: wanted}, runs=_RUNS)
    row = forecast.row(goal)
    if row is None or goal not in forecast.chances:
        return
    facts_of = {
        "figure": words_of(goal), "month": month_words(ahead[months - 1]), "chance": percent(forecast.chances[goal], 0),
    }  # fmt: skip
    if over is not None:
        since = month_words(over.since)
        text = _OF_ALL.filled(**facts_of, since=since, came=grouped(over.came, 0), wanted=grouped(over.wanted, 0))
    else:
        text = (_AT_END if FIGURES[goal] == "end" else _OVER).filled(**facts_of)
    yield Note("chance", text)


class _Over(Struct, frozen=True, kw_only=True):
    """What was wanted of the months that are over, the first of them ``since``, and what came."""

    since: Period
    wanted: float
    came: float


def _goal(named: NamedTargets, targets: Mapping[str, Sequence[float | None]]) -> str | None:
    """The figure of the goal that the targets were planned for, where it has any; else the first that has."""
    kind = KINDS.get(named.targets.goal or "")
    own = None if kind is None else _figure_of(kind)
    return next((key for key in (own, *GOALS) if key in GOALS and key in targets), None)


def _figure_of(kind: GoalType) -> str | None:
    """The figure that a goal of a kind is reached in."""
    if kind.at_end:
        return MRR if kind.priced else PAYING
    return None if kind.sums is None else PLANNED[kind.sums].actual


def _over(known: KnownMonths, goal: str, targets: Mapping[str, Sequence[float | None]]) -> _Over | None:
    """None where no month with a target is over, or it is not known what came in one."""
    of_months = targets.get(goal, ())
    places = [place for place, target in enumerate(of_months) if target is not None]
    came = [known.value(goal, place) for place in places]
    if not places or None in came:
        return None
    wanted = sum(of_months[place] or 0.0 for place in places)
    return _Over(since=known.months[places[0]], wanted=wanted, came=sum(number or 0.0 for number in came))


_AT_END = Message(
    "If nothing changes, the target of {figure} in {month} is met with a chance of {chance}: funnelcli forecast."
)
_OF_ALL = Message(
    "If nothing changes, the targets of {figure} from {since} to {month} together are met with a chance of {chance}; "
    "of the {wanted} of months that are over {came} came: funnelcli forecast."
)
_OVER = Message(
    "If nothing changes, the targets of {figure} from now to {month} together are met with a chance of {chance}: "
    "funnelcli forecast."
)
