"""The options of ``targets`` as text, read into a goal, a shape and assumptions."""

import glob
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from funnelcli.config import Plan as PlanSettings
from funnelcli.planning.goals import GOALS
from funnelcli.planning.goals import by_month as goal_by_month
from funnelcli.planning.model import Goal, Shape, ShapeKind
from funnelcli.planning.solve import MORE_THAN_MINUS_100, read_shape
from funnelcli.problems import UsageError
from funnelcli.text import AND, Message, TextError, as_text, foreign, grouped, joined
from funnelcli.values.amounts import parse_amount, parse_share, parse_whole
from funnelcli.values.period_words import PLAIN, Reckoning, parse_bound
from funnelcli.values.periods import Grain, Period, bounded

if TYPE_CHECKING:
    from funnelcli.answers.monthly_amounts import MonthlyAmounts

STANDS_TWICE = Message("{place}: {what} stands there twice.")
_LIKE_GROWTH = Message('Write it like --shape "growth 5%".')
_REVENUE_TABLE = Message("[plan.revenue] of funnel.toml")

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
MAX_MONTHS = 120


def read(parse: Callable[[str], T], text: str, option: str) -> T:
    """The value of an option; UsageError that names the option where it cannot be read."""
    try:
        return parse(text)
    except ValueError as error:
        why = error.text if isinstance(error, TextError) else foreign(error)
        raise UsageError(Message("{option}: {why}.").filled(option=option, why=why)) from None


def one_of(words: type[E], text: str | None, option: str) -> E:
    """One of a few words, the first where none is given; UsageError, with those there are, for any other."""
    choices = list(words)
    if text is None:
        return choices[0]
    try:
        return words(text.strip().casefold())
    except ValueError:
        raise UsageError(
            Message("{option} {text!r} is not known.").filled(option=option, text=text),
            hint=Message("It is one of {words}.").filled(words=", ".join(choices)),
        ) from None


def months_of_plan(first: str | None, last: str | None, by: Reckoning = PLAIN) -> tuple[Period, ...]:
    """The months of a plan, both bounds included."""
    if not first or not last:
        raise UsageError(
            Message("A plan needs its months."),
            hint=Message("Give them like --from 2027-01 --to 2027-12."),
        )
    begin = parse_bound(first, Grain.MONTH, last=False, option="--from", by=by)
    end = parse_bound(last, Grain.MONTH, last=True, option="--to", by=by)
    return bounded(begin, end, Grain.MONTH, most=MAX_MONTHS)


def split_goals(given: Mapping[str, str | Sequence[str] | None]) -> tuple[dict[str, str], list[str] | None]:
    """What each goal's option was given, by the goal's key; and the files of paid users among them.

    Of an option that takes both, a number is the goal and anything else a file.

    >>> split_goals({"mrr": None, "paid_users": ["200", "-"]})
    ({'paid_users': '200'}, ['-'])
    """
    goals: dict[str, str] = {}
    files: list[str] = []
    for key, values in given.items():
        goal = GOALS[key]
        if isinstance(values, str):
            goals[key] = values
            continue
        numbers = [value for value in values or () if _is_amount(value)]
        others = [value for value in values or () if value not in numbers]
        for value in others:
            if value != "-" and not Path(value).exists() and not glob.glob(value, recursive=True):
                raise UsageError(
                    Message("{option} {value!r} is neither a number (a goal) nor a file.").filled(
                        option=goal.option, value=value
                    ),
                    hint=Message("Write {option} 200 for the goal, or name an export of paid users.").filled(
                        option=goal.option
                    ),
                )
        if len(numbers) > 1:
            raise UsageError(
                Message("{option} gives two goals.").filled(option=goal.option),
                hint=Message("Give one number."),
            )
        goals |= dict.fromkeys([key], numbers[0]) if numbers else {}
        files += others
    return goals, files or None


def _is_amount(text: str) -> bool:
    try:
        parse_amount(text)
    except ValueError:
        return False
    return True


def whole(text: str) -> Fraction:
    """A whole number, as an exact figure."""
    return Fraction(parse_whole(text))


def read_goal(texts: Mapping[str, str], shape: Shape, periods: Sequence[Period]) -> Goal:
    """The one goal that is given, by its key; with ``--shape revenue`` the sum of the monthly amounts."""
    given = [(goal, texts[key]) for key, goal in GOALS.items() if key in texts]
    if len(given) > 1:
        names = joined(AND, [goal.option for goal, _ in given])
        raise UsageError(
            Message("{names} are two goals.").filled(names=names),
            hint=Message("A plan has exactly one."),
        )
    of_months = Goal(kind=goal_by_month(), amount=sum(shape.amounts, Fraction(0)))
    if not given:
        if shape.kind is ShapeKind.REVENUE:
            return of_months
        options = ", ".join(goal.option for goal in GOALS.values())
        raise UsageError(
            Message("There is no goal."),
            hint=Message("Give one of {options}.").filled(options=options),
        )
    goal, text = given[0]
    amount = read(whole if goal.whole else parse_amount, text, goal.option)
    if amount == 0:
        raise UsageError(Message("{option} {text}: a goal is above 0.").filled(option=goal.option, text=text))
    if shape.kind is ShapeKind.REVENUE and (not goal.by_month or amount != of_months.amount):
        raise UsageError(
            Message("--shape revenue is itself a goal: its amounts of {first} to {last} sum to {sum}.").filled(
                first=periods[0].key, last=periods[-1].key, sum=grouped(float(of_months.amount))
            ),
            hint=Message("Leave {option} out, or make the amounts sum to it.").filled(option=goal.option),
        )
    return Goal(kind=goal, amount=amount)


def shape_of(
    text: str | None, by_month: "MonthlyAmounts | None", settings: PlanSettings, periods: Sequence[Period]
) -> Shape:
    """The shape, with its growth or its monthly amounts."""
    if by_month is not None and text is None:
        text = ShapeKind.REVENUE.value
    kind, rest = read_shape(text)
    if rest and kind is not ShapeKind.GROWTH:
        raise UsageError(
            Message("--shape {text!r}: only growth takes a number.").filled(text=text),
            hint=_LIKE_GROWTH,
        )
    if by_month is not None and kind is not ShapeKind.REVENUE:
        raise UsageError(
            Message("--revenue-by-month goes with --shape revenue."),
            hint=Message("Leave one of them out."),
        )
    if kind is ShapeKind.GROWTH:
        return _growing(rest)
    if kind is ShapeKind.REVENUE:
        return _by_revenue(by_month, settings, periods)
    return Shape(kind=kind)


def _growing(rate: str) -> Shape:
    """New customers that grow at a rate, which has to leave some."""
    if not rate:
        raise UsageError(Message("--shape growth needs a rate."), hint=_LIKE_GROWTH)
    growth = read(lambda written: parse_share(written, signed=True), rate, "--shape growth")
    if growth <= -1:
        raise UsageError(
            Message("--shape growth {rest}: nothing is left after the first month.").filled(rest=rate),
            hint=MORE_THAN_MINUS_100,
        )
    return Shape(kind=ShapeKind.GROWTH, growth=growth)


def _by_revenue(by_month: "MonthlyAmounts | None", settings: PlanSettings, periods: Sequence[Period]) -> Shape:
    """The revenue of every month of the plan: from the table named, else from the settings."""
    amounts = settings.revenue if by_month is None else by_month.amounts
    absent = [period.key for period in periods if period.key not in amounts]
    if absent:
        place = _REVENUE_TABLE if by_month is None else as_text(by_month.name)
        raise UsageError(
            Message("{place} gives no amount for {months}.").filled(
                place=place, months=", ".join(absent[:6]) + (" …" if len(absent) > 6 else "")
            ),
            hint=Message(
                'Give every month of the plan: "2027-01" = "800tr", or --revenue-by-month FILE with month,amount.'
            ),
        )
    return Shape(kind=ShapeKind.REVENUE, amounts=tuple(amounts[period.key] for period in periods))
