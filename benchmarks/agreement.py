"""Measure `funnelcli sla`, `leads` and `icp review` of nine thousand leads with a million activities.

Usage: python benchmarks/agreement.py [--rows 1000000] [--repeat 3] [--folder DIR] [--shape NAME]

The same rows in two shapes: as a database writes them, and as a Vietnamese CRM does, with days first and names of its
own.  Prints a Markdown table of medians for each.  Exit status 1 where a command fails, or the shapes differ.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import duckdb
from measure import BenchmarkError, child_environment, interleave, tell, try_all, written

LEADS, FIRMS, WANTED_SECONDS, WANTED_MB = 9_000, 3_000, 3, 600
MINUTES = 400_000  # from the start of the year on
FILES = {
    "signups": """
        SELECT format('L{{:05d}}', range) AS user_id, ['google / cpc', 'organic', 'facebook'][1 + range % 3] AS source,
            TIMESTAMP '2026-01-01' + INTERVAL 1 MINUTE * CAST(hash(range, 1) % {minutes} AS INTEGER) AS signed_up_at,
            format('C{{:04d}}', range % {firms}) AS account_id
        FROM range({leads})
    """,
    "accounts": """
        SELECT format('C{{:04d}}', range) AS account_id,
            ['education', 'retail', 'health', 'logistics'][CAST(1 + hash(range, 14) % 4 AS BIGINT)] AS industry,
            CAST(hash(range, 15) % 900 AS INTEGER) AS employees, ['VN', 'VN', 'SG'][1 + range % 3] AS country
        FROM range({firms})
    """,
    "paid_users": """
        SELECT format('L{{:05d}}', range) AS user_id, started_at,
            CASE WHEN hash(range, 17) % 4 = 0 THEN CAST(started_at + INTERVAL 60 DAY AS DATE) END AS ended_at,
            CAST(100 + hash(range, 18) % 900 AS INTEGER) AS mrr
        FROM (SELECT range, CAST(TIMESTAMP '2026-01-01' + INTERVAL 1 MINUTE
            * CAST(hash(range, 1) % {minutes} + hash(range, 16) % 90000 AS INTEGER) AS DATE) AS started_at
            FROM range(0, {leads}, 7))
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
# The same columns as a CRM in Vietnamese calls them; moments are written with the day first.
VIETNAMESE = {
    "user_id": "Mã khách hàng", "source": "Nguồn", "signed_up_at": "Thời gian đăng ký", "account_id": "Mã công ty",
    "industry": "Ngành", "employees": "Số nhân viên", "country": "Quốc gia", "started_at": "Ngày bắt đầu",
    "ended_at": "Ngày hết hạn", "mrr": "MRR", "handed_over_at": "Thời gian bàn giao", "to_owner": "Người nhận",
    "accepted_at": "Ngày tiếp nhận", "returned_at": "Ngày trả lại", "activity_id": "Mã hoạt động", "at": "Thời điểm",
    "kind": "Loại", "owner": "Người phụ trách", "direction": "Hướng", "outcome": "Kết quả",
}  # fmt: skip
DAY_FIRST = {"TIMESTAMP": "%d/%m/%Y %H:%M", "DATE": "%d/%m/%Y"}
SHAPES = ("database", "crm")
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
[leads]
mql = { fit = 25, interest = 30 }
[leads.fit]
employees = { "50-500" = 30, "501-" = 10 }
industry = { "education" = 20 }
[icp]
since = 2026-01-01
hard = { country = ["VN"] }
soft = [{ industry = ["education"], weight = 3 }, { employees = ["50-500"], weight = 2 }]
"""


def write(folder: Path, rows: int) -> None:
    """The exports with so many activities; kept where they are there already."""
    if (folder / "complete").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    for name, query in FILES.items():
        filled = query.format(rows=rows, leads=LEADS, minutes=MINUTES, firms=FIRMS)
        is_crm = folder.name.endswith(SHAPES[1])
        wanted = _as_crm(connection, filled) if is_crm else filled
        mark = ";" if is_crm else ","
        connection.execute(f"COPY ({wanted}) TO '{folder}/{name}.csv' (HEADER, DELIMITER '{mark}')")
    (folder / "funnel.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "complete").write_text("", encoding="utf-8")


def _as_crm(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """The same rows with the names of the CRM, and days first."""
    columns = connection.execute(f"DESCRIBE {query}").fetchall()
    cells = (
        f"strftime(\"{name}\", '{DAY_FIRST[kind]}')" if kind in DAY_FIRST else f'"{name}"' for name, kind, *_ in columns
    )
    named = ", ".join(f'{cell} AS "{VIETNAMESE[name]}"' for cell, (name, *_) in zip(cells, columns, strict=True))
    return f"SELECT {named} FROM ({query})"


COMMANDS = {"sla": ("sla",), "leads": ("leads",), "icp": ("icp", "review", "--no-keep")}


def measured(folders: Mapping[str, Path], rows: int, repeat: int) -> str:
    """Make the rows where they are not there, and time the commands."""
    commands: dict[str, list[str]] = {}
    for shape, folder in folders.items():
        tell(f"{LEADS:,} leads with {rows:,} activities in {folder}")
        written(write, folder, rows)
        for name, words in COMMANDS.items():
            asked = [sys.executable, "-m", "funnelcli", words[0], *words[1:2], str(folder), *words[2:]]
            commands[f"{name} ({shape})"] = [*asked, "-f", "csv"]
    environment = child_environment(next(iter(folders.values())).parent)
    outputs, failures = try_all(commands, environment)
    if failures:
        raise BenchmarkError("; ".join(f"{name}: {why}" for name, why in failures.items()))
    for name in COMMANDS:
        if len({outputs[f"{name} ({shape})"].stdout for shape in folders}) > 1:
            raise BenchmarkError(f"{name}: the shapes do not give the same")
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
    parser.add_argument("--shape", choices=SHAPES, action="append", help="only this one")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "funnelcli-benchmarks")
    options = parser.parse_args()
    try:
        shapes = options.shape or SHAPES
        folders = {shape: options.folder / f"agreement-{options.rows}-{shape}" for shape in shapes}
        print(measured(folders, options.rows, options.repeat))
    except (BenchmarkError, OSError) as error:
        print(f"agreement.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
