"""How strongly a cell of a grid is shaded: five steps, so that large figures are seen at a glance."""

import math

from funnelcli.answers.cells import Cell, Number

STEPS = 5


def step_of(cell: Cell) -> int:
    """The step of a cell, 0 for one that is not shaded.

    >>> step_of(Number(value=0.2, shade=0.41)), step_of(Number(value=0, shade=0.0)), step_of(Number(value=1))
    (3, 0, 0)
    """
    shade = cell.shade if isinstance(cell, Number) else None
    return 0 if shade is None else min(STEPS, math.ceil(shade * STEPS))
