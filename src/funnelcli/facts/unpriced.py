"""Plans of which no row has an amount, while those of other plans do: they may cost nothing, and nothing says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from funnelcli.facts.events import Coded
from funnelcli.facts.rows import Rows
from funnelcli.problems import Problem, problem
from funnelcli.reading.opening import Opened

PLAN = "plan"
SEVERAL = 2  # rows of a plan; the amount of one row may just have been forgotten


def plans_without_amounts(plans: Coded, is_priced: np.ndarray) -> np.ndarray:
    """The rows of each plan that has several and no amount, where another plan has any.

    >>> plans_without_amounts(Coded.of(["pro", "free", "free"]), np.array([True, False, False])).tolist()
    [False, True, True]
    """
    size = len(plans.texts)
    rows = np.bincount(plans.codes, minlength=size)
    priced = np.bincount(plans.codes[is_priced], minlength=size)
    unpriced = (rows >= SEVERAL) & (priced == 0) & np.array(list(map(bool, plans.texts)), dtype=bool)
    of_rows: np.ndarray = unpriced[plans.codes] & bool((priced > 0).any())
    return of_rows


def unpriced_plans(rows: Rows, files: Sequence[Opened], unpriced: np.ndarray) -> Iterator[Problem]:
    """One problem for each such plan, at its first row where there is but one file."""
    names = ", ".join(sorted(opened.name for opened in files))
    numbers = rows["line"]
    header = next((header for opened in files if (header := opened.columns.header_of(PLAN)) is not None), PLAN)
    of_plan: dict[str, list[int]] = {}
    for row in np.flatnonzero(unpriced).tolist():
        of_plan.setdefault(rows.text(PLAN, row), []).append(row)
    for plan, of in of_plan.items():
        line = int(numbers[of].min()) if len(files) == 1 else None
        yield problem(
            "plan-without-amounts", file=names, line=line, column=PLAN, rows=len(of), plan=plan[:80], header=header,
            stage=files[0].input.name,
        )  # fmt: skip
