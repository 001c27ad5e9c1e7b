"""Write a folder of made-up exports to measure with: the same options, the same bytes.

The visits come from DuckDB's `hash()` of the row number, so that ten million take seconds; the
three small files come from the standard library's seeded generator.  Everything happens on or
before `LAST_DAY`, except the ends of subscriptions, which may lie ahead.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

FIRST_VISIT_DAY = date(2024, 11, 1)
FIRST_SIGNUP_DAY = date(2024, 5, 1)  # some are registered, and pay, before the first month
LAST_DAY = date(2026, 10, 31)

SIGNUP_ROWS = 200_000
REPEATED_SIGNUP_ROWS = 2_000  # of those: the same person again on a later day
DEMO_ROWS = 40_000
PAID_ROWS = 15_000
PERSONS = SIGNUP_ROWS - REPEATED_SIGNUP_ROWS
VISITING_USER_IDS = 210_000  # the ids above PERSONS never signed up

FILES = ("visitors.csv", "signups.csv", "demos.csv", "paid_users.csv")
MARKER = ".benchmark.json"  # says what the folder holds, so that a second run can skip the work

# One twentieth of the rows each: a source named four times has a share of 20 %.
SOURCES = (
    *("google / cpc",) * 4,
    *("google / organic",) * 4,
    *("(direct) / (none)",) * 3,
    *("facebook / cpc",) * 3,
    "tiktok / cpc",
    "bing / organic",
    "zalo / referral",
    "newsletter / email",
    "accesstrade / affiliate",
    "agency / partner",
)
ONE_VISIT_IN_HAS_A_USER = 5
VISITS_PER_VISITOR = 3

TERM_DAYS = {"starter": 30, "pro": 90, "enterprise": 365}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who signed up: the day and the source of the first sign-up."""

    user_id: str
    signed_up_at: date
    source: str


def user_id(number: int) -> str:
    """The id as it stands in every file.

    >>> user_id(7)
    'u0000007'
    """
    return f"u{number:07d}"


def visits_sql(*, visits: int, seed: int) -> str:
    """The query of the visits: row number in, row out, in the order of the days."""
    sources = ", ".join(f"'{source}'" for source in SOURCES)
    days = (LAST_DAY - FIRST_VISIT_DAY).days + 1
    visitors = visits // VISITS_PER_VISITOR + 1
    return f"""
        SELECT
            DATE '{FIRST_VISIT_DAY}' + CAST(row_number * {days} // {visits} AS INTEGER) AS date,
            [{sources}][1 + CAST(h % {len(SOURCES)} AS BIGINT)] AS source,
            CASE WHEN h // 20 % {ONE_VISIT_IN_HAS_A_USER} = 0
                THEN format('u{{:07d}}', h // 100 % {VISITING_USER_IDS}) END AS user_id,
            format('visitor-{{:016x}}', hash(h // 100 % {visitors})) AS visitor_id
        FROM (SELECT range AS row_number, hash(range, {seed}) AS h FROM range({visits}))
    """


def write_visits(path: Path, *, visits: int, seed: int) -> None:
    """Write visitors.csv: about 54 bytes a row."""
    target = str(path).replace("'", "''")
    duckdb.execute(f"COPY ({visits_sql(visits=visits, seed=seed)}) TO '{target}' (HEADER)")


def make_people(rng: random.Random) -> list[Person]:
    """Everybody who signs up, in the order of their days; the last one on the last day."""
    span = (LAST_DAY - FIRST_SIGNUP_DAY).days
    offsets = sorted(rng.randint(0, span) for _ in range(PERSONS))
    offsets[-1] = span
    return [
        Person(
            user_id=user_id(number),
            signed_up_at=FIRST_SIGNUP_DAY + timedelta(days=offset),
            source=rng.choice(SOURCES),
        )
        for number, offset in enumerate(offsets)
    ]


def signup_rows(people: Sequence[Person], rng: random.Random) -> list[tuple[str, ...]]:
    """One row a person, and some of the older half once more on a later day."""
    rows = [(p.signed_up_at.isoformat(), p.user_id, p.source) for p in people]
    for person in rng.sample(people[: len(people) // 2], REPEATED_SIGNUP_ROWS):
        wait = rng.randint(1, (LAST_DAY - person.signed_up_at).days)
        again = person.signed_up_at + timedelta(days=wait)
        rows.append((again.isoformat(), person.user_id, rng.choice(SOURCES)))
    return [(person, day, source) for day, person, source in sorted(rows)]


def demo_rows(people: Sequence[Person], rng: random.Random) -> list[tuple[str, ...]]:
    """Bookings within a month of the sign-up, four in five of them held within two weeks."""
    rows = []
    for person in rng.choices(people, k=DEMO_ROWS):
        booked = min(person.signed_up_at + timedelta(days=rng.randint(0, 30)), LAST_DAY)
        held = booked + timedelta(days=rng.randint(1, 14))
        if rng.random() < 0.2:
            rows.append((booked.isoformat(), person.user_id, "", "cancelled"))
        elif held > LAST_DAY:
            rows.append((booked.isoformat(), person.user_id, "", "booked"))
        else:
            rows.append((booked.isoformat(), person.user_id, held.isoformat(), "held"))
    return [
        (f"d{number:06d}", person, booked, held, status)
        for number, (booked, person, held, status) in enumerate(sorted(rows))
    ]


def renewal_gap_days(rng: random.Random) -> int:
    """Days from a term's last to the next one's first: 1 touches, less overlaps, more is a loss."""
    draw = rng.random()
    if draw < 0.10:
        return -rng.randint(0, 5)
    return 1 if draw < 0.85 else rng.randint(2, 60)


def subscription_rows(person: Person, rng: random.Random) -> Iterator[tuple[str, ...]]:
    """The terms of one customer, until they stop, stay for good, or the last day is reached."""
    plan = rng.choice(tuple(TERM_DAYS))
    started = person.signed_up_at + timedelta(days=rng.randint(0, 60))
    while started <= LAST_DAY:
        ended = started + timedelta(days=TERM_DAYS[plan] - 1)
        fate = rng.random()
        text = "" if fate < 0.05 else ended.isoformat()
        yield (started.isoformat(), person.user_id, text, plan)
        if fate < 0.25:
            return
        started = ended + timedelta(days=renewal_gap_days(rng))


def paid_rows(people: Sequence[Person], rng: random.Random) -> list[tuple[str, ...]]:
    """Customers drawn one by one until their terms fill the file."""
    rows: list[tuple[str, ...]] = []
    for person in rng.sample(people, PAID_ROWS):
        rows.extend(subscription_rows(person, rng))
        if len(rows) >= PAID_ROWS:
            break
    kept = sorted(rows[:PAID_ROWS])
    return [(person, started, ended, plan) for started, person, ended, plan in kept]


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write one small file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_people(folder: Path, *, seed: int) -> None:
    """Write the three small files."""
    rng = random.Random(seed)
    people = make_people(rng)
    write_csv(folder / "signups.csv", ("user_id", "signed_up_at", "source"), signup_rows(people, rng))
    write_csv(
        folder / "demos.csv",
        ("demo_id", "user_id", "booked_at", "held_at", "status"),
        demo_rows(people, rng),
    )
    write_csv(
        folder / "paid_users.csv",
        ("user_id", "started_at", "ended_at", "plan"),
        paid_rows(people, rng),
    )


def generate(folder: Path, *, visits: int, seed: int) -> bool:
    """Fill the folder; False when it held the wanted files already.

    A folder with files of these names that this script did not write is refused, not overwritten.
    """
    marker = folder / MARKER
    wanted = {"complete": True, "seed": seed, "visits": visits}
    present = [name for name in FILES if (folder / name).exists()]
    if marker.exists():
        if len(present) == len(FILES) and json.loads(marker.read_text("utf-8")) == wanted:
            return False
    elif present:
        raise FileExistsError(f"{folder} has a {present[0]} that this script did not write; name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps(wanted | {"complete": False}), "utf-8")
    write_visits(folder / "visitors.csv", visits=visits, seed=seed)
    write_people(folder, seed=seed)
    marker.write_text(json.dumps(wanted), "utf-8")
    return True


def main() -> int:
    """Parse the command line, fill the folder, say what was done on stderr."""
    parser = argparse.ArgumentParser(description="Write a folder of exports to measure with.")
    parser.add_argument("folder", type=Path, metavar="OUTDIR")
    parser.add_argument("--visits", type=int, default=10_000_000, help="rows of visitors.csv")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other numbers")
    options = parser.parse_args()
    if options.visits < 1 or options.seed < 0:
        parser.error("--visits is at least 1, --seed at least 0")
    try:
        written = generate(options.folder, visits=options.visits, seed=options.seed)
    except OSError as error:
        print(f"generate.py: {error}", file=sys.stderr)
        return 1
    verb = "wrote" if written else "kept, as it was complete:"
    print(f"{verb} {options.folder} ({options.visits:,} visits)", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
