"""The hand-written DuckDB query for visits in one shape: by month and channel, joined with the first signups.

Usage: python benchmarks/peer_shapes.py FOLDER SQL-OF-THE-MOMENT DELIMITER ENCODING

Prints the visits by existing users of the months that are measured.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

QUERY = """
CREATE TEMP TABLE first_signups AS
    SELECT user_id, min(try_cast(signed_up_at AS DATE)) AS first_day
    FROM read_csv('{folder}/signups.csv', header = true, all_varchar = true) GROUP BY user_id;
CREATE TEMP TABLE visit_months AS
    SELECT date_trunc('month', day) AS month, is_paid, is_existing, sum(visits) AS visits
    FROM (
        SELECT CAST(moment AS DATE) AS day, coalesce(source LIKE '% / cpc', false) AS is_paid,
            coalesce(first_day < CAST(moment AS DATE), false) AS is_existing, count(*) AS visits
        FROM (SELECT *, {moment} AS moment FROM {visits}) LEFT JOIN first_signups USING (user_id)
        GROUP BY ALL
    )
    WHERE day BETWEEN DATE '2024-11-01' AND DATE '2026-10-31'
    GROUP BY ALL;
"""


def main(folder: Path, moment: str, delimiter: str, encoding: str) -> None:
    """Count, and print the visits by existing users."""
    path = next(folder.glob("visitors.csv*"))
    copy = folder / "peer.csv"
    if encoding != "utf-8":  # DuckDB reads these no other way
        copy.write_text(path.read_text(encoding=encoding), encoding="utf-8")
        path = copy
    with path.open("rb") as stream:
        above = 0 if path.suffix == ".gz" or stream.readline().count(delimiter.encode()) else 2
    options = f"header = true, all_varchar = true, delim = '{delimiter}', skip = {above}, strict_mode = false"
    connection = duckdb.connect()
    connection.execute(QUERY.format(folder=folder, moment=moment, visits=f"read_csv('{path}', {options})"))
    row = connection.execute("SELECT sum(visits) FROM visit_months WHERE is_existing").fetchone()
    print(row[0] if row else 0)
    copy.unlink(missing_ok=True)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), *sys.argv[2:])
