"""From a goal to the fewest new customers, in cells: what `funnelcli targets` does, worked out anew by a spreadsheet.

A goal is a linear form over the new customers of each month: what is reached without any, and what each of them adds.
The fewest whole total that reaches it, spread over the months with running totals rounded up, is found by halving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from funnelcli.answers.worked import WorkedPlan
from funnelcli.renderers.workbook.draft import Draft, Place, seen
from funnelcli.renderers.workbook.formulas import (
    GUARD,
    Term,
    biggest,
    down,
    either,
    number,
    products_summed,
    span,
    total,
    up,
)
from funnelcli.renderers.workbook.looks import HEADER, Look
from funnelcli.text import Lang, Message

# How often the range in which the answer lies is halved; it is narrow, unless nearly all are lost each month.
_HALVINGS = 20
# By how much of itself a goal may be missed for what floating point cannot hold.
_SLACK = Term("1E-12", 1e-12)
_AMOUNT: Look = {"num_format": "#,##0.00"}
_WEIGHT_LOOK: Look = {"num_format": "0.0000"}
_COUNT: Look = {"num_format": "#,##0"}

_LEFT = Message("Of what there is, left at the end of the month")
_GAIN = Message("A new customer of the month adds to the goal")
_WEIGHT = Message("Weight of the month")
_RUNNING = Message("Weights up to the month")
_DROP = Message("Adds more than one of the next month")
_NEED = Message("What is to be reached")
_BASE = Message("Reached without any new customer")
_EACH = Message("A new customer adds, in this shape")
_EXACT = Message("New customers needed, not whole")
_HALVING = Message("Halving: the fewest that are enough")
_TOO_FEW = Message("Too few")
_ENOUGH = Message("Enough")
_BETWEEN = Message("Between")
_REACHED = Message("Reaches")
_TOTAL = Message("New customers needed")
_WANTED = Message("Wanted up to the month")
_KEPT = Message("Left of the month before")
_SO_FAR = Message("Reached before the month")
_LEVEL = Message("Level at the end of the month")
_HIGHEST = Message("New customers wanted up to the month, not whole")


class Desk(Struct, frozen=True, kw_only=True):
    """Where a plan is worked out: the sheet for it, the sheet of targets, and the inputs by their keys.

    ``given`` are the cells of the months that have a share or an amount of their own; ``brought`` is what the past
    months brought of the goal, and ``columns`` are those of the months that are planned, the same on both sheets.
    """

    plan: WorkedPlan
    work: Draft
    target: Draft
    inputs: Mapping[str, Term]
    given: Sequence[Place]
    brought: Term | None
    columns: Sequence[int]
    lang: Lang

    def here(self, places: Sequence[Place]) -> list[Term]:
        """Cells as the sheet of the work refers to them."""
        return seen(places, self.work.name)

    def there(self, places: Sequence[Place]) -> list[Term]:
        """Cells as the sheet of targets refers to them."""
        return seen(places, self.target.name)


def new_customers(desk: Desk, row: int, look: Look) -> list[Place]:
    """The new customers of each month that is planned, put into a row of the sheet of targets."""
    if not desk.plan.amounts:
        terms = _in_shape(desk)
    elif desk.plan.aim.price is not None:
        terms = _by_amounts_once(desk, desk.inputs[desk.plan.aim.price])
    else:
        return _by_amounts(desk, row, look)
    return [desk.target.put(row, column, term, look) for column, term in zip(desk.columns, terms, strict=True)]


# --- in the shape of the plan ----------------------------------------------------------------------------------------


def _in_shape(desk: Desk) -> list[Term]:
    work, lang = desk.work, desk.lang
    gain = _gain(desk)
    base = work.alone(_BASE.of(lang), _base(desk), _AMOUNT)
    weights = work.across(_WEIGHT.of(lang), desk.columns, lambda i, before: _weight(desk, i, before), _WEIGHT_LOOK)
    each_weight = desk.here(weights)
    running = work.across(
        _RUNNING.of(lang), desk.columns, lambda i, before: before + each_weight[i] if before else each_weight[i],
        _WEIGHT_LOOK,
    )  # fmt: skip
    need = work.alone(_NEED.of(lang), _need(desk), _AMOUNT)
    whole_weight = desk.here(running)[-1]
    each = work.alone(_EACH.of(lang), products_summed(desk.here(gain), each_weight) / whole_weight, _AMOUNT)
    exact = work.alone(_EXACT.of(lang), _exact(*desk.here([need, base, each])), _AMOUNT)
    if desk.plan.by_month:
        return [up(desk.there([exact])[0] / number(len(desk.columns)))] * len(desk.columns)
    place = _fewest(desk, gain, running, *desk.here([need, base, each, exact]))
    fewest, running_there = desk.there([place])[0], desk.there(running)
    totals = [up(fewest * weight / running_there[-1]) for weight in running_there]
    return [totals[0], *(later - before for before, later in pairwise(totals))]


def _gain(desk: Desk) -> list[Place]:
    """What a new customer of each month adds to the goal: who comes early is there longer, or lost by the end."""
    aim = desk.plan.aim
    each = desk.inputs[aim.each] if aim.each else number(1)

    def make(_: int, later: Term | None) -> Term:
        if aim.rate is None or later is None:
            return each
        kept = later * (number(1) - desk.inputs[aim.rate])
        return kept if aim.kind == "at_end" else each + kept

    return desk.work.across(_GAIN.of(desk.lang), desk.columns, make, _AMOUNT, backwards=True)


def _base(desk: Desk) -> Term:
    """What is reached without any new customer."""
    aim = desk.plan.aim
    if aim.first is None or aim.rate is None:
        return number(0)
    first, kept = desk.inputs[aim.first], number(1) - desk.inputs[aim.rate]
    left = desk.work.across(
        _LEFT.of(desk.lang), desk.columns, lambda _, before: (before or first) * kept, _AMOUNT
    )  # fmt: skip
    return desk.here(left)[-1] if aim.kind == "at_end" else total(desk.here(left))


def _weight(desk: Desk, place: int, before: Term | None) -> Term:
    """The weight of a month: its own share, what the growth makes of the month before, or the same for all."""
    if desk.given:
        return desk.here(desk.given)[place]
    if desk.plan.growth is None or before is None:
        return number(1)
    return before * (number(1) + desk.inputs[desk.plan.growth.key])


def _need(desk: Desk) -> Term:
    goal = desk.inputs["goal"]
    rest = goal - desk.brought if desk.brought else goal
    return rest / desk.inputs[desk.plan.aim.price] if desk.plan.aim.price else rest


def _lacks(need: Term, reached: Term) -> tuple[str, bool]:
    """Whether a goal is not yet reached, as it is written and worked out."""
    slack = _SLACK.value * abs(need.value)
    return f"{reached.text}<{need.text}-{_SLACK.text}*ABS({need.text})", reached.value < need.value - slack


def _exact(need: Term, base: Term, each: Term) -> Term:
    condition, holds = _lacks(need, base)
    missing = (need - base) / each if each.value else number(0)
    return either(condition, Term(f"({need.text}-{base.text})/{each.text}", missing.value), number(0), holds=holds)


def _fewest(
    desk: Desk, gain: Sequence[Place], running: Sequence[Place], need: Term, base: Term, each: Term, exact: Term
) -> Place:
    """The fewest whole total that reaches the goal with running totals rounded up, by halving."""
    work, lang, gains = desk.work, desk.lang, desk.here(gain)
    last = len(gains) - 1
    drops = work.across(
        _DROP.of(lang), desk.columns, lambda i, _: gains[i] - gains[i + 1] if i < last else gains[i], _AMOUNT
    )
    # Rounding up moves customers to earlier months: that is worth no more than the first of them adds beyond the last.
    early, late = biggest(gains[0] - gains[-1], number(0)), biggest(gains[-1] - gains[0], number(0))
    low = biggest(down(exact - early / each) - number(1), number(0))
    high = up(exact + late / each) + number(1)
    work.row += 1
    for column, title in enumerate((_HALVING, _TOO_FEW, _ENOUGH, _BETWEEN, _REACHED)):
        work.say(work.row, column, title.of(lang), HEADER, {"align": "right"} if column else {})
    for _ in range(_HALVINGS):
        work.row += 1
        low, high = _halved(desk, (low, high), base, need, desk.here(drops), desk.here(running))
    work.row += 1
    fewest = either(f"{exact.text}=0", number(0), high, holds=exact.value == 0)
    return work.alone(_TOTAL.of(lang), fewest, _COUNT)


def _halved(
    desk: Desk, ends: tuple[Term, Term], base: Term, need: Term, drops: Sequence[Term], running: Sequence[Term]
) -> tuple[Term, Term]:
    """The half of a range in which the answer lies, from the middle of it."""
    work, row = desk.work, desk.work.row
    low, high = (
        work.put(row, column, end, _COUNT).seen(work.name) for column, end in enumerate(ends, start=1)
    )  # fmt: skip
    middle = work.put(row, 3, down((low + high) / number(2)), _COUNT).seen(work.name)
    value = base.value + sum(
        drop.value * up(middle * weight / running[-1]).value for drop, weight in zip(drops, running, strict=True)
    )
    share = f"ROUNDUP(ROUND({middle.text}*{span(running)}/{running[-1].text},{GUARD}),0)"
    reached = work.put(row, 4, Term(f"{base.text}+SUMPRODUCT({span(drops)},{share})", value), _AMOUNT).seen(work.name)
    condition, holds = _lacks(need, reached)
    return either(condition, middle, low, holds=holds), either(condition, high, middle, holds=holds)


# --- by amounts ------------------------------------------------------------------------------------------------------


def _wanted(desk: Desk) -> list[Term]:
    """The revenue wanted up to each month, less what the past brought."""
    amounts = desk.here(desk.given)

    def make(place: int, _: Term | None) -> Term:
        running = total(amounts[: desk.plan.past + place + 1])
        return running - desk.brought if desk.brought else running

    return desk.here(desk.work.across(_WANTED.of(desk.lang), desk.columns, make, _AMOUNT))


def _by_amounts_once(desk: Desk, price: Term) -> list[Term]:
    """Where a customer brings an amount once: enough of them for each running total of the amounts."""
    wanted = _wanted(desk)
    highest = desk.work.across(
        _HIGHEST.of(desk.lang), desk.columns,
        lambda i, before: biggest(wanted[i] / price, before or number(0)),
        _AMOUNT,
    )  # fmt: skip
    totals = desk.there(highest)
    if desk.plan.by_month:
        return [up(totals[0]), *(up(later - before) for before, later in pairwise(totals))]
    return [up(totals[0]), *(up(later) - up(before) for before, later in pairwise(totals))]


def _by_amounts(desk: Desk, row: int, look: Look) -> list[Place]:
    """Where the revenue is a level: each month as many as its level lacks of what is wanted up to it."""
    aim, work, lang = desk.plan.aim, desk.work, desk.lang
    assert aim.first is not None
    assert aim.rate is not None
    kept = number(1) - desk.inputs[aim.rate]
    each = desk.inputs[aim.each] if aim.each else number(1)
    wanted = _wanted(desk)
    rows = dict(zip((_SO_FAR, _KEPT, _LEVEL), range(work.row, work.row + 3), strict=True))
    for label, number_of_row in rows.items():
        work.say(number_of_row, 0, label.of(lang))
    new: list[Place] = []
    levels: list[Place] = []
    for place, column in enumerate(desk.columns):
        before = desk.here(levels)
        so_far = work.put(rows[_SO_FAR], column, total(before) if before else number(0), _AMOUNT)
        left = work.put(rows[_KEPT], column, (before[-1] if before else desk.inputs[aim.first]) * kept, _AMOUNT)
        wanted_there = Place(work.name, rows[_SO_FAR] - 1, column, wanted[place].value)
        target, reached, there = desk.there([wanted_there, so_far, left])
        lacking = biggest((target - reached - there) / each, number(0))
        new.append(desk.target.put(row, column, up(lacking), look))
        of_new = desk.here(new)[-1]
        levels.append(work.put(rows[_LEVEL], column, desk.here([left])[0] + of_new * each, _AMOUNT))
    work.row += 3
    return new
