"""How likely targets of months that are not over are met if nothing changes: a line beside what there is of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from funnelcli.answers.forecast import MOST_AHEAD, targets_by_figure, words_of
from funnelcli.answers.forecast_known import KnownMonths
from funnelcli.answers.targets_loaded import NamedTargets
from funnelcli.facts.model import Facts
from funnelcli.planning.forecast import FIGURES, foretell, months_ahead
from funnelcli.planning.labels import month_words
from funnelcli.planning.landing import GOALS
from funnelcli.stats.smoothing import FEWEST
from funnelcli.text import Message, percent
from funnelcli.values.figures import Note

_RUNS = 2_000


def chance_notes(facts: Facts, named: NamedTargets, as_of: date, only: Collection[str] = ()) -> Iterator[Note]:
    """How likely the goal of the targets is met: of MRR, else customers, new ones, demos, signups, at their last month.

    The goal is one of ``only`` some metrics, where any are given.  Nothing where its months are over, or too few are
    known to tell.
    """
    known = KnownMonths(facts, as_of)
    if len(known.months) < FEWEST:
        return
    past = known.past()
    ahead = months_ahead(past, MOST_AHEAD)
    targets = dict(targets_by_figure(named, ahead, only))
    goal = next((key for key in GOALS if key in targets), None)
    if goal is None:
        return
    months = max(place for place, target in enumerate(targets[goal]) if target is not None) + 1
    wanted = {goal: targets[goal][:months]}
    forecast = foretell(past, months, targets=wanted, runs=_RUNS)
    row = forecast.row(goal)
    if row is None or goal not in forecast.chances:
        return
    facts_of = {
        "figure": words_of(goal), "month": month_words(ahead[months - 1]), "chance": percent(forecast.chances[goal], 0),
    }  # fmt: skip
    yield Note("chance", (_AT_END if FIGURES[goal] == "end" else _OVER).filled(**facts_of))


_AT_END = Message(
    "If nothing changes, the target of {figure} in {month} is met with a chance of {chance}: funnelcli forecast."
)
_OVER = Message(
    "If nothing changes, the targets of {figure} from now to {month} together are met with a chance of {chance}: "
    "funnelcli forecast."
)
