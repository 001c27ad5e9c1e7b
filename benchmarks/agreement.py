"""Measure `funnelcli sla` and `funnelcli leads` of nine thousand leads with a million activities.

Usage: python benchmarks/agreement.py [--rows 1000000] [--repeat 3] [--folder DIR]

Prints a Markdown table of medians.  Exit status 1 where a command fails.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb
from measure import BenchmarkError, child_environment, interleave, tell, try_all, written

LEADS, WANTED_SECONDS, WANTED_MB = 9_000, 3, 600
MINUTES = 400_000  # from the start of the year on
FILES = {
    "signups": """
        SELECT format('L{{:05d}}', range) AS user_id, ['google / cpc', 'organic', 'facebook'][1 + range % 3] AS source,
            TIMESTAMP '2026-01-01' + INTERVAL 1 MINUTE * CAST(hash(range, 1) % {minutes} AS INTEGER) AS signed_up_at
        FROM range({leads})
    """,
    "handovers": """
        SELECT user_id, handed_over_at,
            ['Lan', 'Minh', 'Hoa', 'John'][CAST(1 + hash(range, 3) % 4 AS BIGINT)] AS to_owner,
            CASE WHEN hash(range, 4) % 2 = 0
                THEN handed_over_at + INTERVAL 1 MINUTE * CAST(hash(range, 5) % 5000 AS INTEGER) END AS accepted_at,
            CASE WHEN hash(range, 6) % 3 = 0
                THEN handed_over_at + INTERVAL 1 MINUTE * CAST(hash(range, 7) % 9000 AS INTEGER) END AS returned_at
        FROM (SELECT range, format('L{{:05d}}', range) AS user_id, TIMESTAMP '2026-01-01'
            + INTERVAL 1 MINUTE * CAST(hash(range, 1) % {minutes} + hash(range, 2) % 3000 AS INTEGER) AS handed_over_at
            FROM range({leads}))
    """,
    "activities": """
        SELECT range AS activity_id, format('L{{:05d}}', hash(range, 8) % {leads}) AS user_id,
            TIMESTAMP '2026-01-01' + INTERVAL 1 MINUTE * CAST(hash(range, 9) % {minutes} AS INTEGER) AS at,
            ['call', 'email', 'meeting', 'note', 'email open', 'form'][CAST(1 + hash(range, 10) % 6 AS BIGINT)] AS kind,
            ['Lan', 'Minh', 'Hoa', 'John', ''][CAST(1 + hash(range, 11) % 5 AS BIGINT)] AS owner,
            ['in', 'out'][CAST(1 + hash(range, 12) % 2 AS BIGINT)] AS direction,
            ['answered', 'no answer', ''][CAST(1 + hash(range, 13) % 3 AS BIGINT)] AS outcome
        FROM range({rows})
    """,
}
SETTINGS = """[sla]
since = 2026-01-01
marketing = { mqls = 900 }
[sla.sales]
respond = "4h"
decide = "2d"
attempts = 6
apart = "1d-4d"
[sla.hours]
mon-fri = "08:00-17:30"
sat = "08:00-12:00"
holidays = "VN"
calendars.us = { timezone = "America/New_York", mon-fri = "09:00-17:00", owners = ["John*"] }
"""


def write(folder: Path, rows: int) -> None:
    """The exports with so many activities; kept where they are there already."""
    if (folder / "complete").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    for name, query in FILES.items():
        filled = query.format(rows=rows, leads=LEADS, minutes=MINUTES)
        connection.execute(f"COPY ({filled}) TO '{folder}/{name}.csv' (HEADER)")
    (folder / "funnel.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "complete").write_text("", encoding="utf-8")


def measured(folder: Path, rows: int, repeat: int) -> str:
    """Make the rows where they are not there, and time the commands."""
    tell(f"{LEADS:,} leads with {rows:,} activities in {folder}")
    written(write, folder, rows)
    environment = child_environment(folder.parent)
    commands = {name: [sys.executable, "-m", "funnelcli", name, str(folder), "-f", "json"] for name in ("sla", "leads")}
    _, failures = try_all(commands, environment)
    if failures:
        raise BenchmarkError("; ".join(f"{name}: {why}" for name, why in failures.items()))
    lines = [
        f"{LEADS:,} leads with {rows:,} activities; at most {WANTED_SECONDS} s and {WANTED_MB} MB are wanted", "",
        "| command | seconds | CPU seconds | peak MB |", "| --- | --- | --- | --- |",
    ]  # fmt: skip
    for name, figures in interleave(commands, repeat=repeat, environment=environment).items():
        middle = [sorted(each)[len(each) // 2] for each in (figures.seconds, figures.cpu_seconds, figures.peaks_mb)]
        lines.append(f"| {name} | {middle[0]:.2f} | {middle[1]:.2f} | {middle[2]:.0f} |")
    return "\n".join(lines)


def main() -> int:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description="Measure sla and leads.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "funnelcli-benchmarks")
    options = parser.parse_args()
    try:
        print(measured(options.folder / f"agreement-{options.rows}", options.rows, options.repeat))
    except (BenchmarkError, OSError) as error:
        print(f"agreement.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
