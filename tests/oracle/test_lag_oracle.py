"""Lags, people in hand and quotas of random exports, found by looking at one person after the other.

Written from the definitions, not from the code: months are counted by hand, each open person is followed alone, and
totals 0, 1, 2, ... are tried one by one.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from math import ceil
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from funnelcli import open_folder
from people import People

ZERO, ONE = Fraction(0), Fraction(1)
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
DAYS = (date(2025, 9, 30), date(2025, 10, 31), date(2025, 10, 12), date(2025, 9, 25))


class Person(NamedTuple):
    signup: date | None
    demo: date | None
    paid: date | None


def random_people(random: Random) -> list[Person]:
    people = [Person(day, None, None) for day in DAYS]  # an export of signups that is silent for days has ended
    for _ in range(random.randint(250, 500)):
        signup = FIRST + timedelta(days=random.randint(0, (LAST - FIRST).days))
        demo = signup + timedelta(days=random.choice((0, 3, 20, 45))) if random.random() < 0.5 else None
        paid = (demo or signup) + timedelta(days=random.choice((0, 5, 30, 62))) if random.random() < 0.3 else None
        no_signup = demo is not None and random.random() < 0.1
        people.append(Person(None if no_signup else signup, demo, paid))
    return people


def month(day: date) -> int:
    return day.year * 12 + day.month - 1


class Known(NamedTuple):
    """What is known on a day: the people as they were then, its month, and the share of that which is gone."""

    people: list[Person]
    at: int
    elapsed: Fraction

    @property
    def over(self) -> int:
        return self.at if self.elapsed == 1 else self.at - 1


def known_on(people: list[Person], day: date) -> Known:
    def seen(moment: date | None) -> date | None:
        return moment if moment is not None and moment <= day else None

    days = (date(day.year + day.month // 12, day.month % 12 + 1, 1) - date(day.year, day.month, 1)).days
    return Known([Person(*map(seen, person)) for person in people], month(day), Fraction(day.day, days))


Step = tuple[int, int | None]  # the month of an entry, and that of the next one


def steps_of(known: Known) -> tuple[list[Step], list[Step]]:
    """From the signup to the demo or past it, and from there to the customer, of those who signed up."""
    first, second = [], []
    for person in known.people:
        if person.signup is None:
            continue
        later = [moment for moment in (person.demo, person.paid) if moment is not None]
        reached = month(min(later)) if later else None
        first.append((month(person.signup), reached))
        if reached is not None:
            second.append((reached, None if person.paid is None else month(person.paid)))
    return first, second


def shares_of(steps: list[Step], over: int) -> list[Fraction]:
    shares: list[Fraction] = []
    while True:
        lag = len(shares)
        members = [step for step in steps if step[0] + lag <= over]
        if len(members) < 30:
            return shares
        shares.append(Fraction(sum(end == start + lag for start, end in members), len(members)))


def future(lag: int, elapsed: Fraction, shares: list[Fraction]) -> dict[int, Fraction]:
    """Of one who is open, what comes so many months from now on."""
    if lag >= len(shares):
        return {}
    gone = sum(shares[:lag], ZERO) + elapsed * shares[lag]
    rest = {0: (1 - elapsed) * shares[lag], **{j - lag: shares[j] for j in range(lag + 1, len(shares))}}
    return {months: share / (1 - gone) for months, share in rest.items() if share}


class Recount(NamedTuple):
    shares: tuple[list[Fraction], list[Fraction]]
    credit: list[Fraction]
    entrants: list[int]
    came: list[Fraction]


def recount(known: Known, start: int, months: int, goal: int, lead: int) -> Recount:
    first, second = (shares_of(steps, known.over) for steps in steps_of(known))
    whole = [ZERO] * (len(first) + len(second))
    for one, share in enumerate(first):
        for two, part in enumerate(second):
            whole[one + two] += share * part
    credit = credit_of(known, (first, second), start, months)
    needs = [ceil(Fraction(goal * (m + 1), months)) - ceil(Fraction(goal * m, months)) for m in range(months)]
    signups = [month(person.signup) for person in known.people if person.signup is not None]
    reached = sum(whole, ZERO)
    came = [
        sum(
            (
                whole[start + m - at] / reached
                for at in signups
                if at < start - lead and 0 <= start + m - at < len(whole)
            ),
            ZERO,
        )
        for m in range(months)
    ]
    return Recount((first, second), credit, entrants_of(needs, credit, whole, goal, lead), came)


def credit_of(known: Known, shares: tuple[list[Fraction], list[Fraction]], start: int, months: int) -> list[Fraction]:
    """Whom everybody known brings in the months of the plan, those who have paid in them already included."""
    paid = [ZERO] * months

    def add(at: int, number: Fraction) -> None:
        if 0 <= at - start < months:
            paid[at - start] += number

    for person in known.people:
        if person.paid is not None:
            add(month(person.paid), ONE)
        elif person.demo is not None:
            for later, share in future(known.at - month(person.demo), known.elapsed, shares[1]).items():
                add(known.at + later, share)
        elif person.signup is not None:
            for later, share in future(known.at - month(person.signup), known.elapsed, shares[0]).items():
                for more, part in enumerate(shares[1]):
                    add(known.at + later + more, share * part)
    return paid


def entrants_of(needs: list[int], credit: list[Fraction], whole: list[Fraction], goal: int, lead: int) -> list[int]:
    """Totals 0, 1, 2, ... tried until one is enough."""
    running = [max(ZERO, need - own) for need, own in zip(accumulate(needs), accumulate(credit), strict=True)]
    running = list(accumulate(running, max))
    left = [now - before for before, now in zip([ZERO, *running], running, strict=False)]
    weights = [ZERO] * (lead + len(needs))
    for at, need in enumerate(left):
        for ends, share in enumerate(whole):
            if at - ends + lead >= 0:
                weights[at - ends + lead] += need * share
    total = 0
    while True:
        ups = [ceil(total * part / sum(weights, ZERO)) if any(weights) else 0 for part in accumulate(weights)]
        tried = [now - before for before, now in zip([0, *ups], ups, strict=False)]
        brought = sum(credit, ZERO)
        for at, number in enumerate(tried, start=-lead):
            for ends, share in enumerate(whole):
                if 0 <= at + ends < len(needs):
                    brought += number * share
        if brought >= goal:
            return tried
        total += 1


@pytest.mark.parametrize("seed", range(12))
def test_a_plan_of_random_exports_is_what_one_person_after_the_other_gives(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    people = random_people(random)
    exports = People()
    for person in people:
        exports.add(*(None if moment is None else moment.isoformat() for moment in person))
    day = random.choice(DAYS)
    begins = random.randint(month(day) + (day.day >= 30), month(day) + 2)
    months, goal = random.randint(1, 4), random.randint(30, 60)
    lead = max(begins - month(day + timedelta(days=1)), 0)
    wanted = recount(known_on(people, day), begins, months, goal, lead)
    first, last = (f"{at // 12}-{at % 12 + 1:02}" for at in (begins, begins + months - 1))
    folder = open_folder(exports.write(tmp_path / "exports"))
    plan = folder.targets(
        new_paid_users=goal, start=first, end=last, as_of=day.isoformat(), lag="measured", visitor_to_signup="none"
    ).plan
    assert plan.lag is not None
    for (_, lag), shares in zip(plan.lag.steps, wanted.shares, strict=True):
        ends = max(place for place, share in enumerate(shares) if share) + 1
        assert list(map(float, lag.shares)) == pytest.approx(list(map(float, shares[:ends])), abs=1e-15)
    assert list(map(float, plan.lag.credit)) == pytest.approx(list(map(float, wanted.credit)), abs=1e-12)
    assert [float(due.did) for due in plan.lag.due] == pytest.approx(list(map(float, wanted.came)), abs=1e-12)
    assert list(plan.lag.entrants or ()) == wanted.entrants
    assert len(plan.lead) == lead
