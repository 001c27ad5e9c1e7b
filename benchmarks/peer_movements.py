"""What moved the MRR of paid users by hand: one DuckDB query over the rows, kind by kind and month by month.

Usage: python benchmarks/peer_movements.py FOLDER AS_OF
"""

from __future__ import annotations

import csv
import sys

import duckdb

# A stay is unbroken; a row counts through its last day where another begins on the next; a movement is what all rows
# of a customer change on a day.
QUERY = """
    WITH paid AS (
        SELECT user_id, started_at AS first, coalesce(ended_at, DATE '9999-01-01') AS last, mrr
        FROM read_csv('{folder}/paid_users.csv')
    ), after AS (
        SELECT *, max(last) OVER (
            PARTITION BY user_id ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS until FROM paid
    ), numbered AS (
        SELECT *, sum(CASE WHEN until IS NULL OR first > until + 1 THEN 1 ELSE 0 END) OVER (
            PARTITION BY user_id ORDER BY first, last ROWS UNBOUNDED PRECEDING
        ) AS stay FROM after
    ), stays AS (
        SELECT user_id, stay, min(first) AS begins, max(last) AS ends FROM numbered GROUP BY ALL
    ), starts AS (
        SELECT DISTINCT user_id, first FROM paid
    ), ceasing AS (
        SELECT numbered.user_id, numbered.stay, numbered.first, mrr, begins, ends,
            CASE WHEN starts.first IS NULL THEN last ELSE last + 1 END AS ceases
        FROM numbered JOIN stays USING (user_id, stay)
        LEFT JOIN starts ON starts.user_id = numbered.user_id AND starts.first = numbered.last + 1
    ), changes AS (
        SELECT user_id, stay, begins, ends, first AS day, mrr AS change, FALSE AS leaves FROM ceasing
        WHERE ceases > first OR begins = ends
        UNION ALL
        SELECT user_id, stay, begins, ends, ceases, -mrr, begins = ends FROM ceasing
        WHERE (ceases > first OR begins = ends) AND ceases <= DATE '{as_of}'
    ), moved AS (
        SELECT user_id, stay, begins, ends, day, leaves, sum(change) AS change FROM changes GROUP BY ALL
    )
    SELECT strftime(day, '%Y-%m') AS month,
        CASE WHEN day = begins AND NOT leaves THEN CASE WHEN stay = 1 THEN 'new' ELSE 'reactivation' END
            WHEN day = ends THEN 'churned' WHEN change > 0 THEN 'expansion' ELSE 'contraction' END AS kind,
        CAST(sum(abs(change)) AS BIGINT) AS amount
    FROM moved WHERE day <= DATE '{as_of}' AND change <> 0 GROUP BY ALL ORDER BY ALL
"""


def main() -> None:
    """Print a row a month and kind."""
    folder, as_of = sys.argv[1:]
    csv.writer(sys.stdout).writerows(duckdb.connect().execute(QUERY.format(folder=folder, as_of=as_of)).fetchall())


if __name__ == "__main__":
    main()
