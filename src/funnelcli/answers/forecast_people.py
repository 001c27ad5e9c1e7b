"""Those who signed up as a forecast follows them: in which month, and in which they came to the later stages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.measured_lag import lag_of, month_number
from funnelcli.counting.following import follow
from funnelcli.counting.journeys import entered
from funnelcli.counting.lags import by_month, cohorts_of, recent_lag_counts
from funnelcli.counting.select import day_number
from funnelcli.facts.journeys import FUNNEL
from funnelcli.facts.model import Facts
from funnelcli.facts.moments import months_of
from funnelcli.planning.known_past import DEMOS, NEW, SIGNUPS, Getting
from funnelcli.stats.distinct import distinct, is_among

YEAR = 12  # months that rates by lag are of
STAGES = {SIGNUPS: 0, DEMOS: 1, NEW: 3}  # the places in the funnel


class People(Struct, frozen=True, kw_only=True, eq=False):
    """Everybody who signed up, and the months in which they came to the later stages, where they did.

    A row stands for ``members`` who are alike.  ``stages`` are those that there are
    exports of.  Who ``skipped`` the demo is at that stage since the next one.
    """

    stages: tuple[str, ...]
    first: int
    members: np.ndarray
    signed_up: np.ndarray
    demo: np.ndarray
    demo_month: np.ndarray
    skipped: np.ndarray
    paid: np.ndarray
    paid_month: np.ndarray
    was_paying: np.ndarray

    @classmethod
    def of(cls, facts: Facts, until: date, stages: tuple[str, ...]) -> People:
        """Those of the exports, up to a day."""
        last = day_number(until)
        entries = [entered(facts, FUNNEL, stage, last).entries for stage in FUNNEL.ways]
        signups = entries[STAGES[SIGNUPS]].firsts()
        paid = entries[STAGES[NEW]]
        signed_up = months_of(signups.when.day)
        to_paid = follow([signups, paid])
        reached, month, skipped = to_paid.reached, months_of(to_paid.end.day), np.zeros(len(signups), dtype=bool)
        demo, demo_month = reached, month
        if DEMOS in stages:
            to_demo = follow([signups, *entries[STAGES[DEMOS] : STAGES[NEW] + 1]])
            demo, demo_month, skipped = to_demo.reached, months_of(to_demo.end.day), to_demo.skipped
        return cls.alike(
            stages, int(signed_up.min(initial=month_number(until))), signed_up=signed_up, demo=demo,
            demo_month=demo_month, skipped=skipped, paid=reached, paid_month=month,
            was_paying=~reached & is_among(signups.entity, paid.entity),
        )  # fmt: skip

    @classmethod
    def alike(cls, stages: tuple[str, ...], first: int, **columns: np.ndarray) -> People:
        """People of whom a row each is given, those together who are alike."""
        columns["demo_month"] = np.where(columns["demo"], columns["demo_month"], first)
        columns["paid_month"] = np.where(columns["paid"], columns["paid_month"], first)
        keys = np.zeros(len(columns["demo"]), dtype=np.int64)
        for column in columns.values():
            kinds = distinct(column.astype(np.int64))
            keys = keys * len(kinds) + np.searchsorted(kinds, column)
        _, rows, members = np.unique(keys, return_index=True, return_counts=True)
        return cls(
            stages=stages, first=first, members=members, **{name: column[rows] for name, column in columns.items()}
        )  # fmt: skip

    def without(self, months: Sequence[int]) -> People:
        """Those who signed up in other months."""
        if not months:
            return self
        kept, names = ~np.isin(self.signed_up, months), (*self.__struct_fields__,)
        return replace(self, **{name: getattr(self, name)[kept] for name in names if name not in ("stages", "first")})

    def linked(self, key: str) -> dict[int, int]:
        """How many of those who signed up came to a stage, by month."""
        if key == NEW:
            return by_month(self.paid_month[self.paid], self.members[self.paid])
        linked = self.demo & ~self.skipped
        return by_month(self.demo_month[linked], self.members[linked])

    def step(self, key: str, over: int) -> Getting:
        """How they got on to a stage from the one before, as it was known at the end of a month."""
        begun, got_on, reached, members = self.signed_up, self.demo_month, self.demo, self.members
        if key == NEW and DEMOS in self.stages:
            mine = self.demo & (self.demo_month <= over)
            begun, got_on, reached = self.demo_month[mine], self.paid_month[mine], self.paid[mine]
            members = members[mine]
        counts = recent_lag_counts(begun, got_on, reached, over, YEAR, members=members)
        last = len(lag_of(counts).shares) - 1 if counts.known else 0
        cohorts = cohorts_of(begun, got_on, reached, over - last, last, YEAR, members=members)
        return Getting(counts=counts, cohorts=cohorts)

    def had(self, over: int) -> tuple[int, int]:
        """Of those who came to demos or further lately, how many had one."""
        recent = self.demo & (self.demo_month <= over) & (self.demo_month > over - YEAR)
        return int(self.members[recent & ~self.skipped].sum()), int(self.members[recent].sum())

    def opened(self, stages: Sequence[str], until: int) -> list[dict[int, int]]:
        """How many wait in each stage but the last, by the month since which, as it was known at the end of a month."""
        there = self.signed_up <= until
        on = self.demo & (self.demo_month <= until)
        paid = self.paid & (self.paid_month <= until)
        signed_up, held = there & ~on & ~self.was_paying, there & on & ~paid
        waiting = [by_month(self.signed_up[signed_up], self.members[signed_up])]
        if len(stages) == len(STAGES):
            waiting.append(by_month(self.demo_month[held], self.members[held]))
        return waiting
