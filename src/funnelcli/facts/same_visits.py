"""Reports of the same visits, cut by other dimensions: told by the totals of the days that two files have.

Where the totals leave no doubt, the visits count once; where they may agree by accident it is asked, and both count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.problems import Problem, problem
from funnelcli.reading.engines.model import VisitTable
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened
from funnelcli.text import Message
from funnelcli.values.periods import month_of

SURE_DAYS, UNLIKE = 3, 2  # whose totals agree, and how many of them are unlike each other, where there is no doubt
MANY_DAYS, MANY_UNLIKE = 7, 4  # the same of files that are cut alike, by other sources: each may be a part
FEWEST_DAYS, NO_ACCIDENT = 2, 10  # of whose totals it is asked, and how many visits they have
NEARLY, ON_A_DAY = 0.05, 0.1  # by which the totals of two tools that count the same visits differ
SUMMED_DAYS, A_WEEK = 5, 7  # of which one sum is no accident; and how long one that stands alone is of
NEARLY_ALL = 0.9  # of the days that two files have, those on which they agree
NO_DIMENSIONS = ("date", "visits", "existing_visits", "is_existing", "user_id")

TO_DECIDE = Message('count them once: [inputs.{stage}] same_totals = "once"')
TO_PART = Message("export one of the two without these days")


class Same(Struct, frozen=True, kw_only=True):
    """What is said of files with the same visits, and the files that do not count, each with the one that does."""

    left_out: Mapping[str, str]
    problems: Sequence[Problem]


class _Report(Struct, frozen=True, kw_only=True):
    """Files of visits that are cut by the same columns, with their visits by day."""

    files: Sequence[Opened]
    days: Mapping[date, int]
    rows: int

    @classmethod
    def of(cls, files: Sequence[Opened], table: VisitTable) -> _Report:
        days: Counter[date] = Counter()
        names = {source.name for source in files}
        for name in names:
            for (day, _), visits in table.of_days[name].items():
                days[day] += visits
        rows = sum(tally.read for tally in table.tallies if tally.file in names)
        return cls(files=files, days={day: visits for day, visits in days.items() if visits}, rows=rows)

    @property
    def names(self) -> str:
        return ", ".join(source.name for source in self.files)

    @property
    def is_summed(self) -> bool:
        return self.files[0].has("visits")

    @property
    def says_most(self) -> tuple[int, bool, bool, int]:
        """Which of two reports of the same visits counts: that with more days, with sources, with more rows."""
        return len(self.days), self.files[0].has("source"), not self.is_summed, self.rows


class _Agreement(Struct, frozen=True, kw_only=True):
    """The days on which two reports have as many visits, of those that both have; whether these are all of one's."""

    days: Mapping[date, int]
    common: int
    is_part: bool
    are_cut: bool

    @property
    def is_sure(self) -> bool:
        """Whether it is no accident that all totals agree."""
        unlike = len(set(self.days.values())) >= UNLIKE
        return len(self.days) == self.common and len(self.days) >= SURE_DAYS and unlike and self._are_many

    @property
    def is_no_accident(self) -> bool:
        """Whether even two parts of one whole, as by source, would not have all these totals alike."""
        return len(self.days) >= MANY_DAYS and len(set(self.days.values())) >= MANY_UNLIKE

    @property
    def is_likely(self) -> bool:
        """Whether the same visits are likely enough to ask."""
        fewest = 1 if self.are_cut else FEWEST_DAYS
        most = max(self.days.values(), default=0)
        are_large = self._are_many and (self.are_cut or most >= NO_ACCIDENT)
        return are_large and len(self.days) >= max(fewest, NEARLY_ALL * self.common)

    @property
    def _are_many(self) -> bool:
        return sum(self.days.values()) >= NO_ACCIDENT


def same_visits(table: VisitTable, opened: Sequence[Opened]) -> Same:
    """The files that hold the visits of others, which do not count, and those that may."""
    comparing = _Comparing(table)
    alike: dict[tuple[bool, frozenset[str]], list[Opened]] = {}
    for source in opened:
        if source.name in table.of_days and source.settings.same_totals != "add":
            alike.setdefault((source.has("visits"), _dimensions(source)), []).append(source)
    reports = []
    for (is_summed, _), files in alike.items():
        if is_summed:
            comparing.compare([_Report.of([source], table) for source in files], are_cut=False)
        reports.append(_Report.of([source for source in files if source.name not in comparing.left_out], table))
    comparing.compare(reports, are_cut=True)
    return Same(left_out=comparing.left_out, problems=comparing.problems)


def _dimensions(source: Opened) -> frozenset[str]:
    """The columns by which a file cuts its visits."""
    others = {place for name, place in source.columns.index.items() if name in NO_DIMENSIONS}
    return frozenset(header_key(header) for place, header in enumerate(source.columns.header) if place not in others)


class _Comparing:
    """Reports compared with each other, and what comes of it."""

    def __init__(self, table: VisitTable) -> None:
        self.table = table
        self.left_out: dict[str, str] = {}
        self.problems: list[Problem] = []

    def compare(self, reports: Sequence[_Report], *, are_cut: bool) -> None:
        """Compare each with those that tell of the same time."""
        for kept, other in _pairs(reports):
            if not self._are_left_out(kept, other) and (kept.is_summed or other.is_summed):
                self._compare(kept, other, _agreement(kept.days, other.days, are_cut=are_cut))

    def _are_left_out(self, *reports: _Report) -> bool:
        return any(report.files[0].name in self.left_out for report in reports)

    def _compare(self, kept: _Report, other: _Report, agreement: _Agreement) -> None:
        is_told = other.files[0].settings.same_totals == "once" and agreement.is_likely
        is_sure = agreement.is_sure and (agreement.are_cut or agreement.is_no_accident or self._share_rows(kept, other))
        if agreement.is_part and (is_sure or is_told):
            self.left_out.update({source.name: kept.names for source in other.files})
            self._say("same-visits-twice", kept, other, agreement)
        elif agreement.is_likely:
            if agreement.are_cut or not self._share_rows(kept, other):
                self._say("visits-agree", kept, other, agreement)
        elif sums := sums_of(other.days, kept.days):
            is_told = other.files[0].settings.same_totals == "once"
            if is_told:
                self.left_out.update({source.name: kept.names for source in other.files})
            said = replace(agreement, days=sums)
            self._say("same-visits-twice" if is_told else "visits-summed-again", kept, other, said)
        elif _are_close(kept.days, other.days):
            self._say("visits-counted-alike", kept, other, agreement)

    def _share_rows(self, kept: _Report, other: _Report) -> bool:
        """Whether files that are cut alike have rows of the same days and sources, which is said of them."""
        mine, theirs = (self.table.summed.get(report.files[0].name, set()) for report in (kept, other))
        return not mine.isdisjoint(theirs)

    def _say(self, code: str, kept: _Report, other: _Report, agreement: _Agreement) -> None:
        facts: dict[str, Any] = {"other": kept.names, "stage": other.files[0].input.name}
        if agreement.days:
            day = max(agreement.days, key=lambda day: (agreement.days[day], day))
            facts |= {"count": len(agreement.days), "days": len(other.days), "day": day}
            facts["visits"] = agreement.days[day]
        if code == "visits-agree":
            facts["step"] = (TO_DECIDE if agreement.is_part else TO_PART).filled(stage=facts["stage"])
        self.problems.extend(problem(code, file=source.name, **facts) for source in other.files)


def _pairs(reports: Sequence[_Report]) -> Iterator[tuple[_Report, _Report]]:
    """The pairs of reports whose times overlap, that which says most first."""
    dated = [(number, sorted(report.days)) for number, report in enumerate(reports) if report.days]
    spans = sorted((days[0], _end_of(days), number) for number, days in dated)
    for place, (_, last, number) in enumerate(spans):
        for first, _, other in spans[place + 1 :]:
            if first > last:
                break
            pair = sorted((reports[number], reports[other]), key=lambda report: report.names)
            kept, less = sorted(pair, key=lambda report: report.says_most, reverse=True)
            yield kept, less


def _agreement(days: Mapping[date, int], others: Mapping[date, int], *, are_cut: bool) -> _Agreement:
    """Where two reports agree; ``others`` has no more days."""
    common = [day for day in others if day in days]
    agreed = {day: others[day] for day in common if others[day] == days[day]}
    return _Agreement(days=agreed, common=len(common), is_part=len(common) == len(others), are_cut=are_cut)


def sums_of(days: Mapping[date, int], others: Mapping[date, int]) -> dict[date, int]:
    """The days whose totals are the sums of the others up to the next one: a report by week or month beside one by day.

    None where any that can be compared is not, or where too few are for it to be no accident.
    """
    if len(days) >= len(others):
        return {}
    begins = sorted(days)
    ends = [*begins[1:], _end_of(begins)]
    spans = list(zip(begins, ends, strict=True))
    within = {begin: [n for day, n in others.items() if begin <= day < end] for begin, end in spans}
    beside = {begin: numbers for begin, numbers in within.items() if numbers}
    if any(sum(numbers) != days[begin] for begin, numbers in beside.items()):
        return {}
    several = sum(len(numbers) > 1 for numbers in beside.values())
    are_long = any(len(numbers) >= SUMMED_DAYS for numbers in beside.values())
    are_enough = are_long or (several and len(beside) >= FEWEST_DAYS)
    visits = sum(map(sum, beside.values()))
    return {begin: days[begin] for begin in beside} if are_enough and visits >= NO_ACCIDENT else {}


def _end_of(begins: Sequence[date]) -> date:
    """The day on which the last of some spans ends: that of its month, or as many days on as the shortest has."""
    last = begins[-1]
    if all(day.day == 1 for day in begins):
        return month_of(last).end
    gaps = [(later - earlier).days for earlier, later in pairwise(begins)]
    return last + timedelta(days=min(gaps, default=A_WEEK))


def _are_close(days: Mapping[date, int], others: Mapping[date, int]) -> bool:
    """Whether two tools may have counted the same visits: the same days, with totals that are close together."""
    if len(days) < SURE_DAYS or days.keys() != others.keys() or days == others:
        return False
    near = sum(abs(number - others[day]) <= ON_A_DAY * max(number, others[day]) for day, number in days.items())
    totals = sum(days.values()), sum(others.values())
    return near >= NEARLY_ALL * len(days) and abs(totals[0] - totals[1]) <= NEARLY * max(totals)
