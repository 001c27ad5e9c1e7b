"""Small random firms, person by person, and the exports that they would have written by the end of a day."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

BEGINS = date(2024, 1, 1)
PRICES = (20, 50, 50, 120, 900)


@dataclass(frozen=True, kw_only=True)
class Stay:
    """From when to when somebody paid, its last day included (None: on and on), and what a month."""

    begins: date
    ends: date | None
    mrr: int


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody, as far as it went."""

    name: str
    signup: date | None
    demo: date | None
    stays: tuple[Stay, ...]


def month_number(day: date) -> int:
    """Months since January 1970."""
    return (day.year - 1970) * 12 + day.month - 1


def month_end(months: int) -> date:
    """The last day of the month that is so many after the first, from 1 on."""
    year, month = BEGINS.year + (months - 1) // 12, (months - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def random_people(random: Random, months: int, monthly: int = 40) -> list[Person]:
    """Those of so many months: most sign up, some book a demo, some pay, leave, come back, or pay more than before."""
    people: list[Person] = []
    rates = random.uniform(0.3, 0.7), random.uniform(0.3, 0.7)
    days = (month_end(months) - BEGINS).days + 1
    for number in range(months * monthly):
        came = BEGINS + timedelta(days=random.randrange(days))
        signup = None if random.random() < 0.08 else came
        demo = came + timedelta(days=random.choice((0, 3, 20, 45))) if random.random() < rates[0] else None
        stays: tuple[Stay, ...] = ()
        if (demo or random.random() < 0.05) and random.random() < rates[1]:
            stays = tuple(_stays(random, (demo or came) + timedelta(days=random.choice((0, 5, 25, 60, 100)))))
        if random.random() < 0.05:
            demo = None
        if signup or demo or stays:
            people.append(Person(name=f"u{number:05}", signup=signup, demo=demo, stays=stays))
    return people


def _stays(random: Random, begins: date) -> Iterator[Stay]:
    """One after the other, with or without days between."""
    while True:
        mrr = random.choice(PRICES)
        if random.random() < 0.5:
            yield Stay(begins=begins, ends=None, mrr=mrr)
            return
        ends = begins + timedelta(days=random.choice((30, 60, 120, 200)))
        yield Stay(begins=begins, ends=ends, mrr=mrr)
        if random.random() < 0.5:
            return
        begins = ends + timedelta(days=random.choice((0, 0, 20, 70)))


def write(people: Sequence[Person], folder: Path, day: date) -> Path:
    """The exports of the end of a day: of what comes after it nothing is in them."""
    folder.mkdir(parents=True)
    signups = [(each.name, each.signup) for each in people if each.signup and each.signup <= day]
    demos = [(f"d-{each.name}", each.name, each.demo) for each in people if each.demo and each.demo <= day]
    paid = [
        (each.name, stay.begins, stay.ends if stay.ends and stay.ends <= day else "", stay.mrr, "USD")
        for each in people
        for stay in each.stays
        if stay.begins <= day
    ]
    _file(folder / "signups.csv", ("user_id", "signed_up_at"), signups)
    _file(folder / "demos.csv", ("demo_id", "user_id", "booked_at"), demos)
    _file(folder / "paid_users.csv", ("user_id", "started_at", "ended_at", "mrr", "currency"), paid)
    return folder


def _file(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
