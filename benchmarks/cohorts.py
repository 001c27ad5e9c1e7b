"""Measure cohorts of many people with five events each, beside a hand-written DuckDB query that follows the same.

Usage: python benchmarks/cohorts.py [--people 1000000] [--repeat 3] [--folder DIR]

Everybody signs up, books a demo and holds it; every other one pays, and leaves after a year.  Prints a Markdown table
of medians and ratios.  Exit status 1 where a command fails, or the cohorts that both count differ.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import duckdb
from measure import beside, child_environment, of_size, tell, written

HERE = Path(__file__).resolve().parent
FIRST_MONTH, LAST_MONTH, AS_OF = "2024-11", "2026-10", "2026-10-31"
MOST_TIMES, MOST_MB = 3.0, 600
# Everybody by number: when they signed up, how many days later they had a demo, and how many later they paid.
PEOPLE = """
    CREATE TABLE people AS SELECT
        format('u{{:07d}}', range) AS user_id,
        TIMESTAMP '2024-11-01' + to_seconds(CAST(hash(range, 1) % {seconds} AS BIGINT)) AS t,
        ['google / cpc', 'google / organic', '(direct) / (none)', 'zalo / referral']
            [CAST(1 + hash(range, 2) % 4 AS BIGINT)] AS source,
        CAST(1 + hash(range, 3) % 20 AS INTEGER) AS until_demo,
        CASE WHEN hash(range, 4) % 2 = 0 THEN CAST(hash(range, 5) % 60 AS INTEGER) END AS until_paid
    FROM range({people})
"""
SECONDS = 730 * 86_400  # of 24 months
FILES = {
    "signups": "SELECT user_id, strftime(t, '%Y-%m-%d %H:%M:%S') AS signed_up_at, source FROM people",
    "demos": "SELECT user_id, strftime(t, '%Y-%m-%d %H:%M:%S') AS booked_at, "
    "strftime(t + to_days(until_demo), '%Y-%m-%d %H:%M:%S') AS held_at FROM people "
    f"WHERE t + to_days(until_demo) < TIMESTAMP '{AS_OF}' + INTERVAL 1 DAY",
    "paid_users": "SELECT user_id, CAST(t AS DATE) + until_demo + until_paid AS started_at, "
    "CAST(t AS DATE) + until_demo + until_paid + 365 AS ended_at, 100 AS mrr FROM people "
    f"WHERE until_paid IS NOT NULL AND CAST(t AS DATE) + until_demo + until_paid <= DATE '{AS_OF}'",
}


def write(folder: Path, people: int) -> None:
    """The exports of so many people; kept where they are there already."""
    if (folder / "complete").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute(PEOPLE.format(people=people, seconds=SECONDS))
    for name, query in FILES.items():
        connection.execute(f"COPY ({query}) TO '{folder / name}.csv' (HEADER)")
    (folder / "complete").write_text("", encoding="utf-8")


def ours(text: str) -> list[tuple[str, ...]]:
    """Each cohort, who entered it, whose window is over, and who of these got there, as `cohorts` gives them."""
    rows = csv.DictReader(io.StringIO(text))
    return [tuple(row[name] for name in ("cohort", "entered", "matured", "converted")) for row in rows]


def theirs(text: str) -> list[tuple[str, ...]]:
    """The same, as the query gives them."""
    return [tuple(row) for row in csv.reader(io.StringIO(text))]


def measured(folder: Path, people: int, repeat: int) -> str:
    """Make the people where they are not there, see that both count the same, and time them."""
    tell(f"{people:,} people in {folder}")
    written(write, folder, people)
    environment = child_environment(folder.parent)
    span = ("--from", FIRST_MONTH, "--to", LAST_MONTH, "-f", "csv")
    commands = {
        "funnelcli": [sys.executable, "-m", "funnelcli", "cohorts", str(folder), *span],
        "duckdb": [sys.executable, str(HERE / "peer_cohorts.py"), str(folder), AS_OF],
    }
    return beside(
        commands, {"funnelcli": ours, "duckdb": theirs}, environment, repeat=repeat,
        title=f"Cohorts of {people:,} people with five events each",
        wanted=f"{MOST_TIMES} is wanted, and at most {MOST_MB} MB",
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(of_size(measured, of="people", folder="people", about="Measure cohorts beside DuckDB by hand."))
