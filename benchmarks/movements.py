"""Measure what moves the MRR of many paid rows, beside a hand-written DuckDB query that tells the same kinds apart.

Usage: python benchmarks/movements.py [--rows 1000000] [--repeat 3] [--folder DIR]

Customers pay by rows of a month or a year, one after another: some at once, some after a gap, at other prices, in
other plans, and some of two subscriptions.  Prints a Markdown table of medians and ratios.  Exit status 1 where a
command fails, or the amounts that both come to differ in any month.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import duckdb
from measure import beside, child_environment, of_size, tell, written

HERE = Path(__file__).resolve().parent
FIRST_MONTH, LAST_MONTH, AS_OF = "2024-10", "2026-10", "2026-10-31"
MOST_TIMES = 2.0
KINDS = ("new", "reactivation", "expansion", "contraction", "churned")
# Five rows a customer; each begins when the one before ends, but one in eight a week later, and one in eight before.
ROWS = """
    CREATE TABLE rows AS SELECT
        range // 5 AS customer, CAST(range % 5 AS INTEGER) AS place,
        DATE '2024-11-01' + CAST(hash(range // 5, 1) % 500 AS INTEGER) AS came,
        CASE hash(range, 2) % 8 WHEN 0 THEN 7 WHEN 1 THEN -5 ELSE 0 END AS gap,
        CASE WHEN hash(range // 5, 3) % 4 = 0 THEN 90 ELSE 30 END AS days,
        100 + 10 * CAST(hash(range, 4) % 5 AS INTEGER) AS mrr,
        ['Basic', 'Pro', 'Business'][CAST(1 + hash(range, 5) % 3 AS BIGINT)] AS plan
    FROM range({rows})
"""
FILE = """
    SELECT format('u{:07d}', customer) AS user_id, came + place * days + gap AS started_at,
        CASE WHEN place = 4 AND hash(customer, 6) % 2 = 0 THEN NULL ELSE came + (place + 1) * days - 1 END AS ended_at,
        plan, mrr
    FROM rows ORDER BY hash(customer, place)
"""


def write(folder: Path, rows: int) -> None:
    """The export of so many rows; kept where it is there already."""
    if (folder / "complete").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute(ROWS.format(rows=rows))
    connection.execute(f"COPY ({FILE}) TO '{folder}/paid_users.csv' (HEADER)")
    (folder / "complete").write_text("", encoding="utf-8")


def ours(text: str) -> dict[tuple[str, str], int]:
    """The amount of each month and kind, as the report gives them, those of 0 left out."""
    amounts: dict[tuple[str, str], int] = {}
    for row in csv.DictReader(io.StringIO(text)):
        kind = row["metric"].removesuffix("_mrr_amount")
        if kind in KINDS:
            months = {name: row[name] for name in row if name[:2] == "20"}
            amounts |= {(month, kind): int(amount) for month, amount in months.items() if int(amount)}
    return amounts


def theirs(text: str) -> dict[tuple[str, str], int]:
    """The same, as the query gives them."""
    return {(month, kind): int(amount) for month, kind, amount in csv.reader(io.StringIO(text)) if int(amount)}


def measured(folder: Path, rows: int, repeat: int) -> str:
    """Make the rows where they are not there, see that both come to the same, and time them."""
    tell(f"{rows:,} rows in {folder}")
    written(write, folder, rows)
    environment = child_environment(folder.parent)
    span = ("--from", FIRST_MONTH, "--to", LAST_MONTH, "--as-of", AS_OF, "-f", "csv", "--section", "revenue")
    commands = {
        "funnelcli": [sys.executable, "-m", "funnelcli", "report", str(folder), *span],
        "duckdb": [sys.executable, str(HERE / "peer_movements.py"), str(folder), AS_OF],
    }
    return beside(
        commands, {"funnelcli": ours, "duckdb": theirs}, environment, repeat=repeat,
        title=f"Movements of the MRR of {rows:,} paid rows",
        wanted=f"{MOST_TIMES} is wanted",
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(
        of_size(measured, of="rows", folder="paid-rows", about="Measure the movements of MRR beside DuckDB by hand.")
    )
