"""Measure the flywheel of many customers, beside a hand-written DuckDB query that counts the same of the same rows.

Usage: python benchmarks/flywheel.py [--rows 1000000] [--repeat 3] [--folder DIR]

So many rows each of activities, tickets, costs and surveys, of a tenth as many customers.  Prints a Markdown table of
medians and ratios.  Exit status 1 where a command fails, or what both count differs in any month.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import duckdb
from measure import beside, child_environment, of_size, tell, written

HERE = Path(__file__).resolve().parent
FIRST_MONTH, LAST_MONTH, AS_OF = "2026-01", "2026-10", "2026-10-31"
WANTED = 3.0
# What both count of each month, by the names of the report.
COUNTED = (
    "nps_promoters", "nps_passives", "nps_detractors", "active_share_rate", "opened_tickets", "open_tickets",
    "actual_cost_amount",
)  # fmt: skip
SECONDS = 26_000_000  # from the start of the year to the end of October
FILES = {
    "paid_users": """
        SELECT user_id, came AS started_at, CASE WHEN hash(range, 2) % 3 = 0
            THEN came + CAST(30 + hash(range, 3) % 300 AS INTEGER) END AS ended_at, 100 AS mrr
        FROM (SELECT range, format('u{{:07d}}', range) AS user_id,
            DATE '2025-06-01' + CAST(hash(range, 1) % 500 AS INTEGER) AS came FROM range({rows} // 10))
    """,
    "activities": """
        SELECT range AS activity_id, format('u{{:07d}}', hash(range, 4) % ({rows} // 10)) AS user_id,
            TIMESTAMP '2026-01-01' + INTERVAL 1 SECOND * CAST(hash(range, 5) % {seconds} AS INTEGER) AS at,
            ['call', 'email', 'meeting'][CAST(1 + hash(range, 6) % 3 AS BIGINT)] AS kind,
            ['inbound', 'outbound'][CAST(1 + hash(range, 7) % 2 AS BIGINT)] AS direction
        FROM range({rows})
    """,
    "tickets": """
        SELECT range AS ticket_id, format('u{{:07d}}', hash(range, 8) % ({rows} // 10)) AS user_id, opened AS opened_at,
            CASE WHEN hash(range, 10) % 10 > 0
                THEN opened + INTERVAL 1 SECOND * CAST(hash(range, 11) % 900000 AS INTEGER) END AS resolved_at
        FROM (SELECT range, TIMESTAMP '2026-01-01' + INTERVAL 1 SECOND * CAST(hash(range, 9) % {seconds} AS INTEGER)
            AS opened FROM range({rows}))
    """,
    "costs": """
        SELECT DATE '2026-01-01' + CAST(hash(range, 12) % 304 AS INTEGER) AS date,
            ['google / cpc', 'affiliate', 'organic', ''][CAST(1 + hash(range, 13) % 4 AS BIGINT)] AS channel,
            ['marketing', 'sales', ''][CAST(1 + hash(range, 14) % 3 AS BIGINT)] AS team,
            'campaign ' || hash(range, 15) % 200 AS campaign, CAST(hash(range, 16) % 100000 AS INTEGER) AS amount
        FROM range({rows})
    """,
    "surveys": """
        SELECT DISTINCT ON (user_id, answered_at) * FROM (
            SELECT format('u{{:07d}}', hash(range, 17) % ({rows} // 10)) AS user_id, 'nps' AS kind,
                TIMESTAMP '2026-01-01' + INTERVAL 1 SECOND * CAST(hash(range, 18) % {seconds} AS INTEGER)
                AS answered_at, hash(range, 19) % 11 AS score
            FROM range({rows})
        )
    """,
}


def write(folder: Path, rows: int) -> None:
    """The exports of so many rows; kept where they are there already."""
    if (folder / "complete").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    for name, query in FILES.items():
        connection.execute(f"COPY ({query.format(rows=rows, seconds=SECONDS)}) TO '{folder}/{name}.csv' (HEADER)")
    (folder / "funnel.toml").write_text('[business]\ntimezone = "UTC"\n', encoding="utf-8")
    (folder / "complete").write_text("", encoding="utf-8")


def ours(text: str) -> dict[tuple[str, str], float]:
    """What is counted of each month, as the report gives it; shares to six decimals."""
    counted: dict[tuple[str, str], float] = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row["metric"] in COUNTED:
            months = {name: row[name] for name in row if name[:2] == "20"}
            counted |= {(month, row["metric"]): round(float(number), 6) for month, number in months.items()}
    return counted


def theirs(text: str) -> dict[tuple[str, str], float]:
    """The same, as the query gives it."""
    return {(month, key): round(float(number), 6) for month, key, number in csv.reader(io.StringIO(text))}


def measured(folder: Path, rows: int, repeat: int) -> str:
    """Make the rows where they are not there, see that both come to the same, and time them."""
    tell(f"{rows:,} rows of each in {folder}")
    written(write, folder, rows)
    span = ("--from", FIRST_MONTH, "--to", LAST_MONTH, "--as-of", AS_OF, "-f", "csv")
    sections = ("--section", "flywheel", "--section", "success", "--section", "costs")
    commands = {
        "funnelcli": [sys.executable, "-m", "funnelcli", "report", str(folder), *span, *sections],
        "duckdb": [sys.executable, str(HERE / "peer_flywheel.py"), str(folder), LAST_MONTH],
    }
    return beside(
        commands, {"funnelcli": ours, "duckdb": theirs}, child_environment(folder.parent), repeat=repeat,
        title=f"The flywheel of {rows:,} activities, tickets, costs and surveys each",
        wanted=f"{WANTED} is wanted",
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(of_size(measured, of="rows", folder="flywheel", about="Measure the flywheel beside DuckDB by hand."))
