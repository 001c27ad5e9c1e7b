"""The hand-written DuckDB script: what an analyst would write to get the same monthly numbers.

Usage: python benchmarks/peer_duckdb.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

FIRST_MONTH, LAST_MONTH = "2024-11-01", "2026-10-01"
PAID_SOURCE = "% / cpc"

# Cells are read as text and cast with try_cast: a bad one is left out instead of ending the run.
# `stays`: rows of one customer that overlap or touch are one; an open end is a day never reached.
SCRIPT = f"""
CREATE TEMP TABLE first_signups AS
    SELECT
        user_id,
        min(try_cast(signed_up_at AS DATE)) AS first_day,
        arg_min(source, try_cast(signed_up_at AS DATE)) AS source
    FROM read_csv($folder || '/signups.csv', header = true, all_varchar = true)
    WHERE try_cast(signed_up_at AS DATE) IS NOT NULL
    GROUP BY user_id;

CREATE TEMP TABLE visit_days AS
    SELECT
        try_cast(visit.date AS DATE) AS day,
        coalesce(visit.source LIKE '{PAID_SOURCE}', false) AS is_paid,
        coalesce(first_signups.first_day < try_cast(visit.date AS DATE), false) AS is_existing,
        count(*) AS visits
    FROM read_csv($folder || '/visitors.csv', header = true, all_varchar = true) AS visit
    LEFT JOIN first_signups USING (user_id)
    GROUP BY ALL;

CREATE TEMP TABLE visit_months AS
    SELECT
        date_trunc('month', day) AS month,
        sum(visits) FILTER (WHERE NOT is_paid) AS organic,
        sum(visits) FILTER (WHERE is_paid) AS paid,
        sum(visits) FILTER (WHERE is_existing) AS existing
    FROM visit_days
    WHERE day IS NOT NULL
    GROUP BY 1;

CREATE TEMP TABLE demos AS
    SELECT demo_id, min(try_cast(booked_at AS DATE)) AS booked_day
    FROM read_csv($folder || '/demos.csv', header = true, all_varchar = true)
    GROUP BY demo_id;

CREATE TEMP TABLE stays AS
    WITH rows AS (
        SELECT
            user_id,
            try_cast(started_at AS DATE) AS first_day,
            coalesce(try_cast(ended_at AS DATE), DATE '9999-12-31') AS last_day
        FROM read_csv($folder || '/paid_users.csv', header = true, all_varchar = true)
        WHERE try_cast(started_at AS DATE) IS NOT NULL
    ), marked AS (
        SELECT
            *,
            first_day > 1 + max(last_day) OVER (
                PARTITION BY user_id ORDER BY first_day, last_day
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS begins_after_a_gap
        FROM rows
    ), numbered AS (
        SELECT
            *,
            count(*) FILTER (WHERE begins_after_a_gap) OVER (
                PARTITION BY user_id ORDER BY first_day, last_day ROWS UNBOUNDED PRECEDING
            ) AS stay_number
        FROM marked
    )
    SELECT user_id, stay_number, min(first_day) AS first_day, max(last_day) AS last_day
    FROM numbered
    GROUP BY user_id, stay_number;

CREATE TEMP TABLE months AS
    SELECT month, month + INTERVAL 1 MONTH AS next_month
    FROM generate_series(DATE '{FIRST_MONTH}', DATE '{LAST_MONTH}', INTERVAL 1 MONTH) AS s(month);

CREATE TEMP TABLE signup_months AS
    SELECT
        date_trunc('month', first_day) AS month,
        count(*) AS all_channels,
        count(*) FILTER (WHERE source LIKE '{PAID_SOURCE}') AS paid
    FROM first_signups
    GROUP BY 1;
"""

ANSWER = """
SELECT 'organic_visits' AS metric, month, coalesce(organic, 0) AS value
    FROM months LEFT JOIN visit_months USING (month)
UNION ALL
SELECT 'paid_visits', month, coalesce(paid, 0)
    FROM months LEFT JOIN visit_months USING (month)
UNION ALL
SELECT 'existing_user_visits', month, coalesce(existing, 0)
    FROM months LEFT JOIN visit_months USING (month)
UNION ALL
SELECT 'new_signups', month, coalesce(all_channels, 0)
    FROM months LEFT JOIN signup_months USING (month)
UNION ALL
SELECT 'paid_signups', month, coalesce(paid, 0)
    FROM months LEFT JOIN signup_months USING (month)
UNION ALL
SELECT 'new_demo_bookings', month, count(booked_day)
    FROM months LEFT JOIN demos ON booked_day >= month AND booked_day < next_month
    GROUP BY month
UNION ALL
SELECT 'opening_paid_users', month, count(user_id)
    FROM months LEFT JOIN stays ON first_day < month AND last_day >= month
    GROUP BY month
UNION ALL
SELECT 'new_paid_users', month, count(user_id)
    FROM months
    LEFT JOIN stays ON stay_number = 0 AND first_day >= month AND first_day < next_month
    GROUP BY month
UNION ALL
SELECT 'reactivated_paid_users', month, count(user_id)
    FROM months
    LEFT JOIN stays ON stay_number > 0 AND first_day >= month AND first_day < next_month
    GROUP BY month
UNION ALL
SELECT 'churned_paid_users', month, count(user_id)
    FROM months LEFT JOIN stays ON last_day >= month AND last_day < next_month
    GROUP BY month
UNION ALL
SELECT 'closing_paid_users', month, count(user_id)
    FROM months LEFT JOIN stays ON first_day < next_month AND last_day >= next_month
    GROUP BY month
"""


def main(folder: Path) -> None:
    """Print metric,month,value."""
    connection = duckdb.connect()
    # A parameter belongs to one statement; a variable is seen by all of them.
    connection.execute("SET VARIABLE folder = $1", [str(folder)])
    connection.execute(SCRIPT.replace("$folder", "getvariable('folder')"))
    print("metric,month,value")
    for metric, month, value in connection.execute(ANSWER + "ORDER BY metric, month").fetchall():
        print(f"{metric},{month:%Y-%m},{value}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
