"""Whether plans at 80 % are met in 80 % of firms: firms of known rates, of which a plan knows only a history.

Usage: python tools/calibrate.py [--firms 2000] [--runs 20000] [--seed 1]

Of each firm the rates of two stages are drawn, then a history of signups by them; from its counts alone come the quotas
for 80 %, and the chance that these have by the true rates is known exactly.  Prints a Markdown table.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from statistics import fmean

import numpy as np
from msgspec import Struct
from scipy.stats import binom

from funnelcli.stats.crowds import Crowds, Path, Prospects
from funnelcli.stats.simulation import Counts, Step, World, fewest_entrants
from funnelcli.stats.tally import Tally

LEVEL, GOAL = 0.8, 60
HISTORIES = (200, 1000)


class Calibrated(Struct, frozen=True, kw_only=True):
    """Over many firms the means of the chance that was stated and of the true one, and the true one of plain plans."""

    firms: int
    stated: float
    true: float
    plain: float


def calibrated(history: int, *, firms: int, runs: int, seed: int) -> Calibrated:
    """What quotas for 80 % are worth, by the true rates; each firm has a seed of its own."""
    dice = np.random.Generator(np.random.PCG64([seed, history]))
    stated: list[float] = []
    true: list[float] = []
    plain: list[float] = []
    while len(true) < firms:
        first, second = dice.uniform(0.15, 0.45), dice.uniform(0.15, 0.40)
        demos = int(dice.binomial(history, first))
        paid = int(dice.binomial(demos, second))
        if not paid:
            continue  # nobody can plan from that, and the plan says so
        steps = (Step(rate=Counts(number=demos, of=history)), Step(rate=Counts(number=paid, of=demos)))
        least = int(np.ceil(GOAL * history / paid))
        prospects = Prospects(paths=(Path(world=World(steps=steps, months=1)),), months=1, tally=Tally.WON)
        crowds = Crowds(prospects, seed=seed + len(true), runs=runs)

        def chance(total: int, crowds: Crowds = crowds) -> float:
            return float((crowds.reached([[total]]) >= GOAL).mean())

        total, share = fewest_entrants(chance, LEVEL, least=least) or (least, 0.0)
        stated.append(share)
        true.append(float(binom.sf(GOAL - 1, total, first * second)))
        plain.append(float(binom.sf(GOAL - 1, least, first * second)))
    return Calibrated(firms=firms, stated=fmean(stated), true=fmean(true), plain=fmean(plain))


def table(rows: Sequence[tuple[int, Calibrated]]) -> str:
    """The results as a Markdown table."""
    head = "| signups of history | firms | stated | true | plain plan |\n| ---: | ---: | ---: | ---: | ---: |\n"
    return head + "".join(
        f"| {history:,} | {each.firms:,} | {each.stated:.1%} | {each.true:.1%} | {each.plain:.1%} |\n"
        for history, each in rows
    )


def main() -> None:
    """Calibrate by each history and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--firms", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rows = [(n, calibrated(n, firms=given.firms, runs=given.runs, seed=given.seed)) for n in HISTORIES]
    print(table(rows), end="")


if __name__ == "__main__":
    main()
