"""The hand-written DuckDB query for cohorts: who of each month's signups paid within 90 days.

Usage: python benchmarks/peer_cohorts.py FOLDER AS_OF

Prints a line for each month: who signed up first in it, whose 90 days are over by AS_OF, and who of these paid.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import duckdb

QUERY = """
WITH signed AS (
    SELECT user_id, CAST(min(try_cast(signed_up_at AS TIMESTAMP)) AS DATE) AS signed_on
    FROM read_csv('{folder}/signups.csv', header = true, all_varchar = true) GROUP BY user_id
),
paid AS (
    SELECT user_id, try_cast(started_at AS DATE) AS paid_on
    FROM read_csv('{folder}/paid_users.csv', header = true, all_varchar = true)
),
followed AS (
    SELECT signed.user_id, signed_on, min(paid_on) FILTER (WHERE paid_on >= signed_on) AS paid_on
    FROM signed LEFT JOIN paid USING (user_id) GROUP BY ALL
)
SELECT
    strftime(signed_on, '%Y-%m') AS cohort, count(*), count_if(signed_on + 90 <= DATE '{as_of}'),
    count_if(signed_on + 90 <= DATE '{as_of}' AND paid_on - signed_on <= 90)
FROM followed GROUP BY 1 ORDER BY 1
"""


def main(folder: Path, as_of: date) -> None:
    """Count, and print."""
    for row in duckdb.execute(QUERY.format(folder=folder, as_of=as_of)).fetchall():
        print(*row, sep=",")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))
