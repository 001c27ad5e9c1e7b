"""Whether the commission of each person closes: what is earned is clawed back, payable or held."""

from __future__ import annotations

from datetime import date

import numpy as np

from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import PERSON
from funnelcli.facts.earnings import EARNINGS, PARTS, Earning, commission_event
from funnelcli.facts.events import Events
from funnelcli.facts.model import Facts
from funnelcli.problems import BrokenIdentityError
from funnelcli.stats.distinct import is_among
from funnelcli.text import Marked, Message
from funnelcli.values.figures import in_units


def check_commission(facts: Facts, as_of: date) -> None:
    """By as_of, what each person has earned is clawed back, payable or held; BrokenIdentityError where it is not."""
    until = day_number(as_of)
    for earning in EARNINGS:
        earned = facts.events.get(commission_event(earning.event, "earned"))
        if earned is None:
            continue
        persons = facts.dimensions.of(PERSON, earned.records)
        sums = {
            kind: _by_person(facts, commission_event(earning.event, kind), until, len(persons.texts))
            for kind in ("earned", "clawed_back", "payable")
        }
        held = _sum_by(persons.codes, _still_held(facts, earning, until), len(persons.texts))
        settled = sums["clawed_back"] + sums["payable"] + held
        for code in np.flatnonzero(sums["earned"] != settled).tolist():
            raise BrokenIdentityError(
                Message(
                    "commission of {person}: earned = clawed back + payable + held does not hold on {day}: {left} is "
                    "not {right}. Nothing was written."
                ).filled(
                    person=persons.texts[code], day=Marked(as_of.isoformat()),
                    left=Marked(f"{in_units(int(sums['earned'][code]), PARTS):g}"),
                    right=Marked(f"{in_units(int(settled[code]), PARTS):g}"),
                ),
                hint=Message("This is a bug in funnelcli; please report it with the exports that show it."),
            )  # fmt: skip


def _by_person(facts: Facts, name: str, until: int, size: int) -> np.ndarray:
    events = facts.events[name]
    codes = facts.dimensions.of(PERSON, events.records).codes
    return _sum_by(codes, events.kept(events.day <= until), size)


def _sum_by(codes: np.ndarray, events: Events, size: int) -> np.ndarray:
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, codes[events.row], events.weight)
    return sums


def _still_held(facts: Facts, earning: Earning, until: int) -> Events:
    """What was earned by a day and not released by then, one by one."""
    held, released = (facts.events[commission_event(earning.event, kind)] for kind in ("held", "released"))
    gone = released.link[released.day <= until]
    return held.kept((held.day <= until) & ~is_among(held.link, gone))
