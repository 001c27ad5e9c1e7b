"""The flywheel by hand: DuckDB queries over activities, tickets, costs and surveys, month by month.

Usage: python benchmarks/peer_flywheel.py FOLDER LAST_MONTH
"""

from __future__ import annotations

import csv
import sys

import duckdb

MONTHS = """
    CREATE TABLE months AS SELECT strftime(first, '%Y-%m') AS month, CAST(first AS DATE) AS first,
        CAST(first + INTERVAL 1 MONTH - INTERVAL 1 DAY AS DATE) AS last
    FROM (SELECT unnest(generate_series(DATE '2026-01-01', DATE '{last}-01', INTERVAL 1 MONTH)) AS first)
"""
QUERIES = (
    # Of each customer the latest answer of a month.
    """
    WITH latest AS (
        SELECT strftime(answered_at, '%Y-%m') AS month, user_id, arg_max(score, answered_at) AS score
        FROM read_csv('{folder}/surveys.csv') GROUP BY ALL
    )
    SELECT month, CASE WHEN score > 8 THEN 'nps_promoters' WHEN score > 6 THEN 'nps_passives' ELSE 'nps_detractors' END
        AS key, count(*) FROM latest JOIN months USING (month) GROUP BY ALL
    """,
    # Of those who pay when a month ends the share that did something themselves in its last 30 days.
    """
    WITH paying AS (
        SELECT month, last, user_id FROM read_csv('{folder}/paid_users.csv')
        JOIN months ON started_at <= last AND (ended_at IS NULL OR ended_at > last)
    ), active AS (
        SELECT DISTINCT user_id, CAST("at" AS DATE) AS day FROM read_csv('{folder}/activities.csv')
        WHERE direction = 'inbound'
    ), own AS (
        SELECT DISTINCT month, user_id FROM paying JOIN active USING (user_id)
        WHERE day <= last AND day > last - 30
    )
    SELECT month, 'active_share_rate', (SELECT count(*) FROM own WHERE own.month = paying.month) / count(*)
    FROM paying GROUP BY month
    """,
    """
    WITH tickets AS (SELECT * FROM read_csv('{folder}/tickets.csv'))
    SELECT month, 'opened_tickets', count(*) FROM tickets JOIN months ON opened_at >= first AND opened_at < last + 1
    GROUP BY month
    UNION ALL
    SELECT month, 'open_tickets', count(*) FROM tickets
    JOIN months ON opened_at < last + 1 AND (resolved_at IS NULL OR resolved_at >= last + 1) GROUP BY month
    """,
    """
    SELECT strftime(date, '%Y-%m') AS month, 'actual_cost_amount', sum(amount) FROM read_csv('{folder}/costs.csv')
    GROUP BY ALL
    """,
)


def main() -> None:
    """Print a row a month and figure."""
    folder, last = sys.argv[1:]
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.execute(MONTHS.format(last=last))
    for query in QUERIES:
        csv.writer(sys.stdout).writerows(connection.execute(query.format(folder=folder)).fetchall())


if __name__ == "__main__":
    main()
