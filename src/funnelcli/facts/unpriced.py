"""Plans of which no row has an amount, while those of other plans do: they may cost nothing, and nothing says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from funnelcli.inputs.spec import Stays
from funnelcli.problems import Problem, problem
from funnelcli.reading.opening import Opened

if TYPE_CHECKING:
    import pandas as pd

PLAN = "plan"
SEVERAL = 2  # rows of a plan; the amount of one row may just have been forgotten


def plans_without_amounts(rows: pd.DataFrame, stays: Stays) -> dict[str, list[int]]:
    """The rows of each plan that has several and no amount, where another plan has any."""
    if PLAN not in rows:
        return {}
    plans = rows[PLAN].tolist()
    filled = [any(cells) for cells in zip(*(rows[name].tolist() for name in stays.amounts), strict=True)]
    priced = {plan for plan, is_filled in zip(plans, filled, strict=True) if is_filled}
    unpriced: dict[str, list[int]] = {}
    for row, plan in enumerate(plans):
        if plan and plan not in priced:
            unpriced.setdefault(plan, []).append(row)
    return {plan: of for plan, of in unpriced.items() if priced and len(of) >= SEVERAL}


def unpriced_plans(
    rows: pd.DataFrame, files: Sequence[Opened], unpriced: Mapping[str, Sequence[int]]
) -> Iterator[Problem]:
    """One problem for each such plan, at its first row where there is but one file."""
    names = ", ".join(sorted(opened.name for opened in files))
    numbers = rows["line"].tolist()
    header = next((header for opened in files if (header := opened.columns.header_of(PLAN)) is not None), PLAN)
    for plan, of in unpriced.items():
        line = min(numbers[row] for row in of) if len(files) == 1 else None
        yield problem(
            "plan-without-amounts", file=names, line=line, column=PLAN, rows=len(of), plan=plan[:80], header=header,
            stage=files[0].input.name,
        )  # fmt: skip
