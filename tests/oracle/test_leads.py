"""Leads walked one by one in plain Python: scores on any day, who was ready when, how warm who is."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from funnelcli.facts.leads import NEVER
from funnelcli.facts.load import load
from funnelcli.reading.discover import discover, open_folder
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.moments import moment_text
from support import figures, report_of, write_folder

POINTS = {
    "demo_request": (40, 40), "event": (15, 30), "form": (10, 30), "reply": (10, 30), "email_click": (3, 15),
    "email_open": (1, 5), "unsubscribe": (-30, 30),
}  # fmt: skip
HALF_LIFE = 9
FIRST = datetime(2026, 3, 1)
TOML = f"""[leads]
half_life = "{HALF_LIFE}d"
mql = {{ fit = 25, interest = 30 }}
exclude = {{ role = ["Kế toán"] }}
[leads.fit]
employees = {{ "50-500" = 30, "501-" = 10 }}
role = {{ "giám đốc*" = 25, "student*" = -50 }}
"""
EMPLOYEES = ["", "10", "50", "500", "501", "9000", "51-200", "100-1000", "nhiều"]
ROLES = ["", "Giám đốc", "Giám đốc kỹ thuật", "Student", "Kế toán"]
Deed = tuple[datetime, bool, str]  # when, whether it has a time of day, the kind
Said = tuple[date | None, str, str]  # from when on, employees, role


class Person:
    def __init__(self, name: str, came: datetime, deeds: list[Deed], said: list[Said], paid: date | None) -> None:
        self.name, self.came, self.deeds, self.said, self.paid = name, came, deeds, said, paid

    def interest(self, until: datetime) -> float:
        total = 0.0
        for kind, (points, cap) in POINTS.items():
            done = [when for when, _, what in self.deeds if what == kind and when <= until]
            given = sum(points * 0.5 ** ((until.date() - when.date()).days / HALF_LIFE) for when in done)
            total += max(-cap, min(cap, given))
        return round(max(0.0, min(100.0, total)), 9)

    def fit(self, day: date) -> float | None:
        known: dict[str, str] = {}
        rows = [row for row in self.said if row[0] is None or row[0] <= day]
        for _, employees, role in sorted(rows, key=lambda row: row[0] or date.min):
            known |= {
                name: cell for name, cell in (("employees", employees), ("role", role)) if cell not in ("", "nhiều")
            }
        if known.get("employees") == "100-1000":
            del known["employees"]  # it may lie in either range
        if not known:
            return None
        size = {"50": 30, "500": 30, "501": 10, "9000": 10, "51-200": 30}.get(known.get("employees", ""), 0)
        role = known.get("role", "")
        return max(0.0, min(100.0, size + (25 if role.startswith("Giám") else -50 if role == "Student" else 0)))

    def is_excluded(self, day: date) -> bool:
        """Whether the last role that was known by a day is one that no lead has."""
        rows = sorted((row for row in self.said if row[2] and (row[0] is None or row[0] <= day)),
                      key=lambda row: row[0] or date.min)  # fmt: skip
        return bool(rows) and rows[-1][2] == "Kế toán"

    def excluded_on(self) -> date | None:
        """The first day from the signup on on which it was known."""
        days = sorted(
            {self.came.date(), *(day for day, _, _ in self.said if day is not None and day > self.came.date())}
        )
        return next((day for day in days if self.is_excluded(day)), None)

    def warmth(self, day: date) -> str | None:
        if self.came.date() > day or (self.paid is not None and self.paid <= day) or self.is_excluded(day):
            return None
        fit, interest = self.fit(day), self.interest(datetime.combine(day, datetime.max.time()))
        letter = 1 if fit is None else 0 if fit >= 50 else 1 if fit >= 25 else 2
        number = 0 if interest >= 30 else 1 if interest >= 10 else 2
        return ["hot", "hot", "warm", "warm", "cold"][min(letter + number + (letter + number > 1), 4)]

    def is_with_marketing(self, day: date) -> bool:
        """Nobody is touched or handed over: from the first day on that is cold, 60 days or more after the signup."""
        untouched = self.came.date() + timedelta(60)
        days = (untouched + timedelta(number) for number in range((day - untouched).days + 1))
        return any(self.warmth(each) == "cold" for each in days)

    def ready(self, until: date) -> str:
        """Every moment of the days up to ``until`` at which anything may have risen, in its order."""
        moments: list[tuple[datetime, bool]] = [(self.came, True)]
        moments += [(when, timed) for when, timed, _ in self.deeds]
        day = self.came.date()
        while day <= until:
            moments.append((datetime.combine(day, datetime.min.time()), False))
            day += timedelta(1)
        for when, timed in sorted(moments):
            if when < self.came or (self.paid is not None and when.date() > self.paid):
                continue
            fit = self.fit(when.date())
            if fit is not None and fit >= 25 and self.interest(when) >= 30:
                at_midnight = when == datetime.combine(when.date(), datetime.min.time())
                return when.date().isoformat() if at_midnight and not timed else when.isoformat(" ", "minutes")
        return ""


def drawn(rng: random.Random) -> list[Person]:
    people = []
    for number in range(60):
        came = FIRST + timedelta(minutes=rng.randrange(60 * 24 * 100) + 1)
        deeds: list[Deed] = []
        for _ in range(rng.choice([0, 1, 3, 8, 20])):
            when = FIRST + timedelta(minutes=rng.randrange(60 * 24 * 120))
            timed = rng.random() < 0.8
            kind = rng.choice(list(POINTS))
            deeds.append((when if timed else datetime.combine(when.date(), datetime.min.time()), timed, kind))
        days = [None, *((FIRST + timedelta(rng.randrange(120))).date() for _ in range(rng.randrange(3)))]
        said = [(day, rng.choice(EMPLOYEES), rng.choice(ROLES)) for day in dict.fromkeys(days) if rng.random() < 0.8]
        paid = (came + timedelta(rng.randrange(60))).date() if rng.random() < 0.3 else None
        people.append(Person(f"p{number:02}", came, deeds, said, paid))
    return people


def written(folder: Path, people: list[Person]) -> Path:
    signups = [f"{p.name},{p.came.isoformat(' ', 'minutes')}" for p in people]
    deeds = [
        f"{n},{p.name},{when.isoformat(' ', 'minutes') if timed else when.date()},{kind},in"
        for p in people for n, (when, timed, kind) in enumerate(p.deeds, 1000 * int(p.name[1:]))
    ]  # fmt: skip
    said = [f"{p.name},{size},{role},{day or ''}" for p in people for day, size, role in p.said]
    paid = [f"{p.name},{p.paid},2027-12-31" for p in people if p.paid is not None]
    tables = {
        "signups.csv": ["user_id,signed_up_at", *signups],
        "activities.csv": ["activity_id,user_id,at,kind,direction", *deeds],
        "accounts.csv": ["user_id,employees,role,valid_from", *said],
        "paid_users.csv": ["user_id,start_date,end_date", *paid],
    }
    return write_folder(folder, {name: "\n".join(lines) + "\n" for name, lines in tables.items()}, TOML)


@pytest.mark.parametrize("seed", range(4))
def test_leads_are_those_of_a_walk_through_the_rows(seed: int, tmp_path: Path) -> None:
    people = drawn(random.Random(seed))
    folder = written(tmp_path, people)
    opened = open_folder(folder)
    facts = load(opened.config, discover(opened, {})[0])
    leads = facts.leads
    assert leads is not None
    names = [facts.entities[who] for who in leads.entity.tolist()]
    by_name = {person.name: person for person in people}
    assert sorted(names) == sorted(by_name)
    for day in (date(2026, 3, 31), date(2026, 5, 15), date(2026, 7, 1)):
        close = ((day - date(1970, 1, 1)).days + 1) * DAY_MICROS - 1
        scores = leads.scores(leads.entity, np.full(len(names), close))
        moment = datetime.combine(day, datetime.max.time())
        assert scores.interest.tolist() == [pytest.approx(by_name[name].interest(moment), abs=1e-6) for name in names]
        fits = [None if np.isnan(fit) else fit for fit in scores.fit.tolist()]
        assert fits == [by_name[name].fit(day) for name in names]
    ready = {
        name: "" if at == NEVER else moment_text(at, timed=timed)
        for name, at, timed in zip(names, leads.mql.at.tolist(), leads.mql.timed.tolist(), strict=True)
    }
    assert ready == {person.name: person.ready(date(2026, 12, 31)) for person in people}
    assert sum(map(bool, ready.values())) > 2  # some are, or nothing is shown
    of = figures(report_of(folder, first="2026-03", last="2026-06", as_of="2026-06-30", section="leads"))
    for month, last in (("2026-03", 31), ("2026-04", 30), ("2026-05", 31), ("2026-06", 30)):
        day = date.fromisoformat(f"{month}-{last}")
        for warmth in ("hot", "warm", "cold"):
            held = sum(person.warmth(day) == warmth for person in people)
            assert of[f"{warmth}_leads", None, month][0] == held, (warmth, month)
        began = [person for person in people if person.is_with_marketing(day.replace(day=1) - timedelta(1))]
        open_ = [person for person in began if person.warmth(day) is not None]
        warmed = sum(person.warmth(day) == "hot" for person in open_)
        assert of["warmed_rate", None, month][1:] == (warmed, len(open_)), month
        assert of["mqls", None, month][0] == sum(
            at.startswith(month) and not by_name[name].is_excluded(date.fromisoformat(at[:10]))
            for name, at in ready.items()
        )
        came = [person for person in people if f"{person.came:%Y-%m}" == month]
        assert of["new_leads", None, month][0] == sum(not person.is_excluded(person.came.date()) for person in came)
        gone = [person.excluded_on() for person in people]
        assert of["excluded_leads", None, month][0] == sum(f"{day or date.max:%Y-%m}" == month for day in gone)
