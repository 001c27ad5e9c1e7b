"""What a forecast knows of random firms: the same as the exports of that day tell, and as people walked one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

import pytest

from funnelcli import open_folder
from funnelcli.answers.forecast_known import KnownMonths
from funnelcli.planning.known_past import DEMOS, NEW, SIGNUPS, Getting, Past
from funnelcli.values.lags import LagCounts
from oracle.forecast_people import Person, Stay, month_end, month_number, random_people, write

FEWEST, YEAR, HALF = 30, 12, 6
Steps = list[tuple[int, int | None]]  # the month of an entry, and that in which the next stage was come to


def known_of(folder: Path, day: date) -> KnownMonths:
    return KnownMonths(open_folder(folder).countable(skip_bad_rows=False, by=None, as_of=day.isoformat()), day)


@pytest.mark.parametrize("seed", range(4))
def test_what_was_known_is_what_the_exports_of_that_day_tell(seed: int, tmp_path: Path) -> None:
    """Every month end of the whole exports, beside exports written on that day: nothing that came later is seen."""
    random = Random(seed)
    months = random.randint(9, 16)
    people = random_people(random, months, random.choice((20, 40)))
    whole = known_of(write(people, tmp_path / "whole", month_end(months)), month_end(months))
    compared = 0
    for known in range(2, len(whole.months) + 1):
        cut = known_of(write(people, tmp_path / f"cut{known}", month_end(known)), month_end(known))
        past = whole.past(known)
        # Exports of few rows may seem to end before the month does, and those without a row tell nothing.
        if cut.until == month_end(known) and past.customers is not None:
            assert cut.past() == past
            compared += 1
    assert compared >= months // 2


@pytest.mark.parametrize("seed", range(4, 10))
def test_what_is_known_is_what_people_come_to_one_by_one(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    months = random.randint(9, 18)
    people = random_people(random, months)
    known = known_of(write(people, tmp_path / "exports", month_end(months)), month_end(months))
    for at in (*range(4, months, 4), months):
        compare(known.past(at), people, at)


def compare(past: Past, people: Sequence[Person], known: int) -> None:
    """All that is known at a month end, beside the rows dated by then."""
    day = month_end(known)
    over = month_number(day)
    steps = walked(people, day)
    assert past.stages == (SIGNUPS, DEMOS, NEW)
    for got, step in zip(past.steps, steps, strict=True):
        assert got.counts == by_lag(step, over)
        assert got.cohorts == cohorts(step, over, lags_of(got))
    assert sorted((each.stage, each.month, each.number) for each in past.hand.open) == waiting(steps, over)
    months = range(over - known + 1, over + 1)
    signed_up = Counter(begun for begun, _ in steps[0])
    assert past.streams[SIGNUPS].numbers == tuple(signed_up[month] for month in months)
    demos = [each for each in people if each.demo and each.demo <= day]
    paying = [each for each in people if each.stays and each.stays[0].begins <= day]
    for key, moments in (
        (DEMOS, [each.demo for each in demos if not each.signup]),
        (NEW, [each.stays[0].begins for each in paying if not each.signup]),
    ):
        came = Counter(month_number(moment) for moment in moments if moment)
        stream = past.streams.get(key)
        last = months if stream is None else months[-len(stream.numbers) :]
        numbers = tuple(came[month] for month in last)
        assert numbers == stream.numbers if stream is not None else not any(numbers[-YEAR:])
    recent = [each for each in demos + paying if each.signup]
    entered = {each.name: min(d for d in (each.demo, first_paid(each, day)) if d and d <= day) for each in recent}
    lately = [each for each in people if each.name in entered and month_number(entered[each.name]) > over - YEAR]
    assert past.had == (sum(each.demo is not None and each.demo <= day for each in lately), len(lately))
    compare_customers(past, paying, day)


def compare_customers(past: Past, paying: Sequence[Person], day: date) -> None:
    now = [
        stay for each in paying for stay in each.stays if stay.begins <= day and not (stay.ends and stay.ends <= day)
    ]
    assert past.customers == len(now)
    assert past.mrr == sum(stay.mrr for stay in now)
    new = [each.stays[0] for each in paying if month_number(each.stays[0].begins) > month_number(day) - HALF]
    assert sorted(past.worth.amounts) == (sorted(float(stay.mrr) for stay in new) if len(new) >= 10 else [])


def over(stay: Stay, day: date) -> bool:
    return stay.ends is not None and stay.ends <= day


def first_paid(person: Person, day: date) -> date | None:
    return person.stays[0].begins if person.stays and person.stays[0].begins <= day else None


def walked(people: Sequence[Person], day: date) -> tuple[Steps, Steps]:
    """Who signed up and when they came to a demo or past it; who came there and when they paid; up to a day."""
    first: Steps = []
    second: Steps = []
    for person in people:
        if person.signup is None or person.signup > day:
            continue
        paid = first_paid(person, day)
        reached = min((moment for moment in (person.demo, paid) if moment and moment <= day), default=None)
        first.append((month_number(person.signup), None if reached is None else month_number(reached)))
        if reached is not None:
            second.append((month_number(reached), None if paid is None else month_number(paid)))
    return first, second


def by_lag(step: Steps, over: int) -> LagCounts:
    """Lag by lag: of whom it lay in the latest twelve months, and how many got on then; up to the last known of 30."""
    came: list[int] = []
    known: list[int] = []
    while True:
        lag = len(known)
        mine = [(begun, on) for begun, on in step if over - YEAR < begun + lag <= over]
        if len(mine) < FEWEST:
            return LagCounts(came=tuple(came), known=tuple(known))
        known.append(len(mine))
        came.append(sum(on == begun + lag for begun, on in mine))


def lags_of(got: Getting) -> int:
    return max(lag for lag, number in enumerate(got.counts.came) if number)


def cohorts(step: Steps, over: int, longest: int) -> tuple[tuple[int, int], ...]:
    """The latest twelve months of which all lags are over: who got on, and who could."""
    last = over - longest
    of = Counter(begun for begun, _ in step if last - YEAR < begun <= last)
    did = Counter(begun for begun, on in step if on is not None and on - begun <= longest)
    return tuple((did[month], of[month]) for month in sorted(of))


def waiting(steps: tuple[Steps, Steps], over: int) -> list[tuple[int, int, int]]:
    """Who is in a stage, since which month beside the first that is foretold."""
    numbers = Counter((stage, begun - over - 1) for stage, step in enumerate(steps) for begun, on in step if on is None)
    return sorted((stage, month, number) for (stage, month), number in numbers.items())
