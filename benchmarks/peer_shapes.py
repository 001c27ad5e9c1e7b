"""The hand-written DuckDB query for visits in one shape: by month and channel, joined with the first signups.

Usage: python benchmarks/peer_shapes.py FOLDER SQL-OF-THE-MOMENT DELIMITER ENCODING SQL-OF-PAID joined|plain|summed

Prints the visits by existing users of the months that are measured; those by paid channels where there are no signups.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

SIGNUPS = """
CREATE TEMP TABLE first_signups AS
    SELECT user_id, min(try_cast(signed_up_at AS DATE)) AS first_day
    FROM read_csv('{folder}/signups.csv', header = true, all_varchar = true) GROUP BY user_id;
"""
QUERY = """
CREATE TEMP TABLE visit_months AS
    SELECT date_trunc('month', day) AS month, is_paid, is_existing, sum(visits) AS visits
    FROM (
        SELECT CAST(moment AS DATE) AS day, coalesce({paid}, false) AS is_paid, {existing} AS is_existing,
            {number} AS visits
        FROM (SELECT *, {moment} AS moment FROM {visits}) {join}
        GROUP BY ALL
    )
    WHERE day BETWEEN DATE '2024-11-01' AND DATE '2026-10-31'
    GROUP BY ALL;
"""


def main(folder: Path, moment: str, delimiter: str, encoding: str, paid: str, kind: str) -> None:
    """Count, and print the visits by existing users, or those by paid channels."""
    paths = sorted(folder.glob("visitors-*"))
    copies = []
    if encoding not in ("utf-8", "utf-8-sig"):  # DuckDB reads these no other way
        for path in paths:
            copy = folder / f"peer-{path.name}"
            copy.write_text(path.read_text(encoding=encoding), encoding="utf-8")
            copies.append(copy)
        paths = copies
    listed = ", ".join(f"'{path}'" for path in paths)
    if paths[0].suffix == ".parquet":
        visits = f"read_parquet([{listed}])"
    else:
        with paths[0].open("rb") as stream:
            above = 0 if paths[0].suffix == ".gz" or stream.readline().count(delimiter.encode()) else 2
        options = f"header = true, all_varchar = true, delim = '{delimiter}', skip = {above}, strict_mode = false"
        visits = f"read_csv([{listed}], {options})"
    is_joined = kind == "joined"
    connection = duckdb.connect()
    if is_joined:
        connection.execute(SIGNUPS.format(folder=folder))
    query = QUERY.format(
        moment=moment, visits=visits, paid=paid,
        number="sum(CAST(visits AS BIGINT))" if kind == "summed" else "count(*)",
        existing="coalesce(first_day < CAST(moment AS DATE), false)" if is_joined else "false",
        join="LEFT JOIN first_signups USING (user_id)" if is_joined else "",
    )  # fmt: skip
    connection.execute(query)
    row = connection.execute(
        f"SELECT sum(visits) FROM visit_months WHERE {'is_existing' if is_joined else 'is_paid'}"
    ).fetchone()
    print((row[0] if row else 0) or 0)
    for copy in copies:
        copy.unlink()


if __name__ == "__main__":
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), *sys.argv[2:])
