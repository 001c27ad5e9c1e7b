"""Renewals a second, slow way: every row looks at every other one, round by round; days are plain numbers.

It shares no code with the package on purpose.
"""

from __future__ import annotations

from collections.abc import Sequence

Row = tuple[str, str, int, int | None]  # customer, plan, first and last paid day; None: no end
Renewal = tuple[int, str]  # the row that renews, -1 for none, and how
NOTHING: Renewal = (-1, "")
ROUNDS = (("on time", True), ("on time", False), ("early", True), ("late", True), ("late", False))


def renewed(rows: Sequence[Row], grace: int) -> list[Renewal]:
    """What renews each row: in each round the rows take their turns in the order in which they begin."""
    known = [NOTHING] * len(rows)
    used: set[int] = set()
    in_order = sorted(range(len(rows)), key=lambda row: (rows[row][2], row))
    for how, same_plan in ROUNDS:
        for new in in_order:
            fitting = [
                (end, old)
                for old, (who, plan, _, end) in enumerate(rows)
                if end is not None and new not in used and known[old] == NOTHING
                and who == rows[new][0] and (plan == rows[new][1] or not same_plan)
                and _ends_later(rows[new], end) and how == manner(rows[old], rows[new], grace)
            ]  # fmt: skip
            if fitting:
                known[min(fitting)[1]] = (new, how)
                used.add(new)
    return known


def _ends_later(row: Row, end: int) -> bool:
    return row[3] is None or row[3] > end


def manner(old: Row, new: Row, grace: int) -> str:
    """How a row would renew another one, by the days between an end and a start alone."""
    assert old[3] is not None
    days_early = old[3] + 1 - new[2]
    if days_early in (0, 1):
        return "on time"
    if 2 <= days_early <= 31 and 4 * days_early <= old[3] + 1 - old[2] and old[1] == new[1] != "":
        return "early"
    return "late" if 1 <= -days_early <= grace else ""


def outcomes(rows: Sequence[Row], as_of: int, grace: int) -> list[str]:
    """What became of each row by the end of a day: empty where it is not due, or has not begun."""
    begun = [place for place, row in enumerate(rows) if row[2] <= as_of]
    known = dict(zip(begun, renewed([rows[place] for place in begun], grace), strict=True))
    said: list[str] = []
    for place, (_, _, _, end) in enumerate(rows):
        if place not in known or end is None or end > as_of:
            said.append("")
        elif known[place][1]:
            said.append(known[place][1])
        else:
            said.append("open" if as_of < end + 1 + grace else "lost")
    return said
