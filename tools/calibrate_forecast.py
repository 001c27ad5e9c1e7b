"""How often the bands of a forecast hold: firms of known rates, of which a forecast sees only a history of people.

Usage: python tools/calibrate_forecast.py [--firms 2000] [--runs 2000] [--seed 1]

Of each firm a level of signups is drawn, of several kinds, and rates, lags, churn and amounts; then people, one by one,
month by month.  The forecast is given the first months, by the code that the command counts exports with, and what came
in the next six is held against its bands.  Prints Markdown tables.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

import numpy as np
from msgspec import Struct

from funnelcli.answers.forecast_known import KnownMonths
from funnelcli.answers.forecast_people import STAGES, People
from funnelcli.answers.measured_lag import month_number
from funnelcli.answers.measured_money import FEWEST_NEW, spread_apart
from funnelcli.planning.forecast import Expected, Forecast, foretell
from funnelcli.planning.known_past import DEMOS, LOST, MRR, NEW, PAYING, SIGNUPS
from funnelcli.values.periods import Grain, month_of, shift, span

AHEAD = 6
KINDS = ("steady", "uneven", "moving")
HISTORIES = ((6, 11), (12, 23), (24, 36))
FIGURES = (SIGNUPS, DEMOS, NEW, LOST, PAYING, MRR)
OVER = ("1 month", "3 months", "total of 6")
FIRST = month_of(date(2020, 1, 1))
_SOLD = np.array([20.0, 50.0, 120.0, 400.0])  # what a customer brings a month, by plan


class Drawn(Struct, frozen=True, kw_only=True, eq=False):
    """A firm: its people, its figures by month, and what each new customer brought, and each of all, in each month."""

    people: People
    values: Mapping[str, np.ndarray]
    amounts: Sequence[np.ndarray]
    brought: Sequence[np.ndarray]


class Held(Struct, frozen=True, kw_only=True):
    """Whether the bands of 50 and 90 % held, of one figure of one firm."""

    kind: str
    history: int
    figure: str
    over: str
    half: bool
    most: bool


class History(KnownMonths):
    """The first months of a firm, known as those of exports are."""

    def __init__(self, firm: Drawn, months: int) -> None:
        self.firm, self.months = firm, span(FIRST, shift(FIRST, months - 1, Grain.MONTH), Grain.MONTH)
        self.running, self.elapsed, self.people = None, Fraction(0), firm.people

    def value(self, key: str, place: int) -> float | None:
        """A figure of a month."""
        return float(self.firm.values[key][place]) if key in self.firm.values else 0.0

    def amounts(self, places: range) -> tuple[float, ...]:
        """What each of the new customers of some months brings."""
        new = np.concatenate([self.firm.amounts[place] for place in places])
        return tuple(new.tolist()) if len(new) >= FEWEST_NEW else ()

    def apart(self, place: int) -> tuple[tuple[float, ...], float | None]:
        """What the largest customers at the end of a month bring, and how far apart the others are."""
        return spread_apart(self.firm.brought[place])


def levels(dice: np.random.Generator, kind: str, months: int) -> np.ndarray:
    """How many sign up in a usual month, by month."""
    usual = float(np.exp(dice.uniform(np.log(40), np.log(600))))
    if kind == "uneven":  # months differ more than chance, around a level that does not move
        shape = 1 / dice.uniform(0.1, 0.35) ** 2
        return usual * dice.gamma(shape, 1 / shape, months)
    if kind == "moving":
        return np.asarray(usual * np.exp(np.cumsum(dice.normal(0, dice.uniform(0.03, 0.12), months))))
    if kind == "growing":
        return np.asarray(usual * (1 + dice.uniform(0.01, 0.05)) ** np.arange(months))
    return np.full(months, usual)


def firm(dice: np.random.Generator, kind: str, months: int) -> Drawn:
    """A firm of so many months."""
    signed_up = np.repeat(np.arange(months), dice.poisson(levels(dice, kind, months)))
    number = len(signed_up)
    demo = dice.random(number) < dice.uniform(0.15, 0.5)
    paid = demo & (dice.random(number) < dice.uniform(0.1, 0.4))
    skipped = paid & (dice.random(number) < max(dice.uniform(-0.2, 0.2), 0.0))
    demo_month = signed_up + _lags(dice, number, 3)
    paid_month = demo_month + _lags(dice, number, 4)
    demo_month = np.where(skipped, paid_month, demo_month)
    values, amounts, brought = _customers(dice, np.sort(paid_month[paid]), months)
    values[SIGNUPS] = np.bincount(signed_up, minlength=months)[:months]
    values[DEMOS] = np.bincount(demo_month[demo & ~skipped], minlength=months)[:months]
    first = month_number(FIRST.start)
    people = People.alike(
        tuple(STAGES), first, signed_up=signed_up + first, demo=demo, demo_month=demo_month + first,
        skipped=skipped, paid=paid, paid_month=paid_month + first, was_paying=np.zeros(number, dtype=bool),
    )  # fmt: skip
    return Drawn(people=people, values=values, amounts=amounts, brought=brought)


def _lags(dice: np.random.Generator, number: int, longest: int) -> np.ndarray:
    """How many month ends later each of some people gets on."""
    return dice.choice(longest + 1, number, p=dice.dirichlet(2.0 ** -np.arange(longest + 1) * 3))


def _customers(
    dice: np.random.Generator, came: np.ndarray, months: int
) -> tuple[dict[str, np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """What becomes of those who come to pay in some months, and of those who did before: their figures by month."""
    old = int(np.exp(dice.uniform(np.log(30), np.log(800))))
    since = np.concatenate([np.full(old, -1), came[came < months]])
    until = since + dice.geometric(dice.uniform(0.01, 0.06), len(since))
    brings = dice.choice(_SOLD, len(since), p=dice.dirichlet([2.0, 2.0, 1.0, 0.5])) * dice.gamma(30, 1 / 30, len(since))
    moves = dice.uniform(0.0, 0.04)
    keys = (NEW, LOST, PAYING, MRR, "opening_paid_users", "opening_mrr_amount", "churned_mrr_amount",
            "expansion_mrr_amount", "contraction_mrr_amount")  # fmt: skip
    values = {key: np.zeros(months) for key in keys}
    amounts: list[np.ndarray] = []
    brought: list[np.ndarray] = []
    for month in range(months):
        paying = (since < month) & (until >= month)
        gone, new = paying & (until == month), since == month
        before = brings.copy()
        moved = paying & ~gone & (dice.random(len(brings)) < moves)
        brings = np.where(moved, brings * dice.uniform(0.7, 1.5, len(brings)), brings)
        more = (brings - before)[moved]
        stay = paying & ~gone | new
        amounts.append(brings[new])
        brought.append(brings[stay])
        for key, value in zip(
            keys,
            (new.sum(), gone.sum(), stay.sum(), brings[stay].sum(), paying.sum(), before[paying].sum(),
             before[gone].sum(), more[more > 0].sum(), -more[more < 0].sum()),
            strict=True,
        ):  # fmt: skip
            values[key][month] = value
    return values, amounts, brought


def held(dice: np.random.Generator, kind: str, *, runs: int, seed: int) -> Iterator[Held]:
    """Which bands held, of one firm whose history is of 6 to 36 months."""
    history = int(dice.integers(6, 37))
    drawn = firm(dice, kind, history + AHEAD)
    forecast = foretell(History(drawn, history).past(history), AHEAD, seed=seed, runs=runs)
    for figure in FIGURES:
        for over, (foretold, came) in zip(OVER, _judged(forecast, drawn, figure, history), strict=True):
            if foretold.bounds is not None:
                yield Held(
                    kind=kind, history=history, figure=figure, over=over,
                    half=foretold.holds(came, 50), most=foretold.holds(came, 90),
                )  # fmt: skip


def _judged(forecast: Forecast, drawn: Drawn, figure: str, history: int) -> list[tuple[Expected, float]]:
    """What was foretold for the first month, the third and all six, and what came."""
    row, came = forecast.row(figure), drawn.values[figure][history:]
    assert row is not None
    total = float(came[-1] if figure in (PAYING, MRR) else came.sum())
    return [(row.cells[0], float(came[0])), (row.cells[2], float(came[2])), (row.total, total)]


def calibrated(kinds: Sequence[str], *, firms: int, runs: int, seed: int) -> list[Held]:
    """The bands of so many firms, as many of each kind; each firm has a seed of its own."""
    all_held: list[Held] = []
    for number in range(firms):
        dice = np.random.Generator(np.random.PCG64([seed, number]))
        all_held.extend(held(dice, kinds[number % len(kinds)], runs=runs, seed=seed + number))
    return all_held


def share(all_held: Sequence[Held], *, most: bool) -> float:
    """How often the bands of 90 %, else of 50 %, held: the mean over kinds."""
    kinds = dict.fromkeys(each.kind for each in all_held)
    of_kinds = ([each.most if most else each.half for each in all_held if each.kind == kind] for kind in kinds)
    return float(np.mean([np.mean(of_kind) for of_kind in of_kinds]))


def table(all_held: Sequence[Held], kinds: Sequence[str]) -> str:
    """The results as Markdown: by figure and how far ahead, by kind, and by length of history."""
    lines = [
        "| | " + " | ".join(f"{over}: 50 % | 90 %" for over in OVER) + " |",
        "| --- |" + " ---: |" * 2 * len(OVER),
        *(_line(figure, [each for each in all_held if each.figure == figure]) for figure in FIGURES),
        *(_line(kind, [each for each in all_held if each.kind == kind]) for kind in kinds),
    ]
    for least, most in HISTORIES:
        those = [each for each in all_held if least <= each.history <= most]
        lines.append(_line(f"{least} to {most} months", those))
    lines.append(_line("all", all_held))
    return "\n".join(lines) + "\n"


def _line(name: str, those: Sequence[Held]) -> str:
    cells = []
    for over in OVER:
        mine = [each for each in those if each.over == over]
        cells += [f"{share(mine, most=most):.1%}" if mine else "" for most in (False, True)]
    return f"| {name} | " + " | ".join(cells) + " |"


def main() -> None:
    """Forecast many firms and print how often the bands held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--firms", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=(*KINDS, "growing"))
    given = parser.parse_args()
    all_held = calibrated(given.kinds, firms=given.firms, runs=given.runs, seed=given.seed)
    print(table(all_held, given.kinds), end="")
    print(f"\nAll figures: 50 % {share(all_held, most=False):.1%}, 90 % {share(all_held, most=True):.1%}")


if __name__ == "__main__":
    main()
