"""Costs that stand in two files by other days: the month of an account beside the days that an export of ads has of it.

Sums tell: of the same month, and the same channel by its name, both files come to the same.  An export of a system
names no channel, so that all of it is compared with each channel of another file, in every month that both have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from msgspec import Struct

from funnelcli.facts.rows import Rows
from funnelcli.inputs.spec import Spending
from funnelcli.problems import Problem, problem
from funnelcli.reading.opening import Opened
from funnelcli.text import month_words
from funnelcli.values.channels import fold
from funnelcli.values.dates import DAY_MICROS, day_of


class _Month(Struct, frozen=True):
    """What the rows of a month come to, in hundredths, and the same with each amount times its day."""

    spent: int
    by_day: int

    def is_again(self, other: _Month) -> bool:
        """Whether two come to the same by other days, or in other rows of them; alike ones are named as such."""
        return self.spent == other.spent != 0 and self.by_day != other.by_day


_Months = dict[int, _Month]  # by the month, counted from 1970


def in_other_rows(rows: Rows, files: Sequence[Opened], declared: Spending) -> Iterator[Problem]:
    """A warning of each channel of a file whose months come to what they do in an earlier file, by other days."""
    if len(files) < 2 or not len(rows):
        return
    of_files = _spent(rows, declared)
    whole = {file: _whole(of_files[file]) for file in of_files if _names_none(files[file])}
    for first, second in combinations(sorted(of_files), 2):
        ours, theirs = of_files[first], of_files[second]
        for name in sorted(ours.keys() & theirs.keys()):
            again = [month for month in ours[name] if _same(ours[name], theirs[name], month)]
            if again:
                yield _told(files[first], files[second], name, again)
                break
        else:
            for name, months in _against(whole, of_files, first, second):
                yield _told(files[first], files[second], name, months)
                break


def _names_none(opened: Opened) -> bool:
    """Whether a file is an export of a system, whose rows name no channel of ours."""
    return opened.export is not None and bool(opened.export.source)


def _spent(rows: Rows, declared: Spending) -> dict[int, dict[str, _Months]]:
    """What each file comes to by channel, as it is named, and month."""
    days = rows[f"{declared.at} micros"] // DAY_MICROS
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    spent = rows[declared.spent]
    first, of_row, _ = rows.with_columns({"month": month}).alike(["file", declared.channel, "month"])
    sums = np.zeros((2, len(first)), dtype=np.int64)
    np.add.at(sums[0], of_row, spent)
    np.add.at(sums[1], of_row, spent * (days % 1000))
    names = rows.words[declared.channel].of_rows(first)
    known: dict[int, dict[str, _Months]] = {}
    for file, name, when, of_month, by_day in zip(
        rows["file"][first].tolist(), names, month[first].tolist(), *sums.tolist(), strict=True
    ):
        of_name = known.setdefault(file, {}).setdefault(fold(name), {})
        before = of_name.get(when, _Month(0, 0))
        of_name[when] = _Month(before.spent + of_month, before.by_day + by_day)
    return known


def _whole(of_names: dict[str, _Months]) -> _Months:
    """What all of a file comes to by month."""
    months: _Months = {}
    for of_name in of_names.values():
        for when, of_month in of_name.items():
            before = months.get(when, _Month(0, 0))
            months[when] = _Month(before.spent + of_month.spent, before.by_day + of_month.by_day)
    return months


def _same(ours: _Months, theirs: _Months, month: int) -> bool:
    return month in theirs and theirs[month].is_again(ours[month])


def _against(
    whole: dict[int, _Months], of_files: dict[int, dict[str, _Months]], first: int, second: int
) -> Iterator[tuple[str, list[int]]]:
    """The channels of one file that are all of another in every month of both, which is an export of a system."""
    for export, other in ((first, second), (second, first)):
        if export not in whole:
            continue
        for name, months in sorted(of_files[other].items()):
            both = sorted(months.keys() & whole[export].keys())
            if both and all(_same(months, whole[export], month) for month in both):
                yield name, both


def _told(first: Opened, second: Opened, name: str, months: Sequence[int]) -> Problem:
    days = [day_of(int(np.datetime64(month, "M").astype("datetime64[D]").astype(int)) * DAY_MICROS) for month in months]
    return problem(
        "costs-by-other-days", file=second.name, other=first.name, count=len(months), name=name[:80] or "–",
        first=month_words(min(days)), last=month_words(max(days)),
    )  # fmt: skip
