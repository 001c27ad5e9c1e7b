"""Measure reports over visits written in many ways, each beside a hand-written DuckDB query that counts the same.

Usage: python benchmarks/shapes.py [--visits 3000000] [--repeat 3] [--folder DIR] [--shape NAME ...] [--no-join]

Prints a Markdown table of medians and ratios, wall and CPU.  The visits are those of generate.py, a fifth of them with
the id of somebody, joined with 200,000 signups unless that is not wanted; only how they are written differs.  Exit
status 1 where a command fails, or the visits that both count differ.
"""

from __future__ import annotations

import argparse
import csv
import io
import multiprocessing
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
from generate import visits_sql, write_people
from measure import BenchmarkError, child_environment, interleave, run_once, tell

HERE = Path(__file__).resolve().parent
FIRST_MONTH, LAST_MONTH = "2024-11", "2026-10"


READ = "try_cast(date AS TIMESTAMP)"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A way to write visits: SQL that writes a moment ``t``, SQL of the peer that reads ``date``, and the files.

    ``columns`` are SQL of further columns, ``source`` SQL of the source; ``odd`` rows have a date that is none.
    """

    write: str
    read: str = READ
    delimiter: str = ","
    quote: bool = False
    gzip: bool = False
    above: str = ""
    encoding: str = "utf-8"
    end: str = "\n"
    files: int = 1
    parquet: bool = False
    source: str = "source"
    columns: tuple[str, ...] = ()
    summed: bool = False
    odd: int = 0
    joins: bool = True
    paid: str = "source LIKE '% / cpc'"

    @property
    def suffix(self) -> str:
        """How its files end."""
        return ".parquet" if self.parquet else ".csv.gz" if self.gzip else ".csv"


LOCAL = "timezone('Asia/Ho_Chi_Minh', try_cast(date AS TIMESTAMPTZ))"
SECONDS = "strftime(t, '%Y-%m-%d %H:%M:%S')"
DAY = "strftime(t, '%Y-%m-%d')"
SHAPES = {
    "ISO days": Shape(write=DAY),
    "timestamps": Shape(write=SECONDS),
    "timestamps, T": Shape(write="strftime(t, '%Y-%m-%dT%H:%M:%S')"),
    "timestamps, minutes": Shape(write="strftime(t, '%Y-%m-%d %H:%M')"),
    "timestamps, fractions": Shape(write="strftime(t, '%Y-%m-%d %H:%M:%S.%f')"),
    "Z": Shape(write="strftime(t, '%Y-%m-%dT%H:%M:%SZ')", read=LOCAL),
    "+07:00": Shape(write="strftime(t, '%Y-%m-%dT%H:%M:%S') || '+07:00'", read=LOCAL),
    "+00": Shape(write=f"{SECONDS} || '+00'", read=LOCAL),
    "UTC": Shape(write=f"{SECONDS} || ' UTC'", read=LOCAL),
    "d/m/y": Shape(write="strftime(t, '%d/%m/%Y')", read="try_strptime(date, '%d/%m/%Y')"),
    "d/m/y HH:MM": Shape(write="strftime(t, '%d/%m/%Y %H:%M')", read="try_strptime(date, '%d/%m/%Y %H:%M')"),
    "m/d/y": Shape(write="strftime(t, '%m/%d/%Y')", read="try_strptime(date, '%m/%d/%Y')"),
    "m/d/y AM/PM": Shape(write="strftime(t, '%m/%d/%Y %I:%M %p')", read="try_strptime(date, '%m/%d/%Y %I:%M %p')"),
    "Jan 5, 2025": Shape(write="strftime(t, '%b %-d, %Y')", read="try_strptime(date, '%b %d, %Y')"),
    "YYYYMMDD": Shape(write="strftime(t, '%Y%m%d')", read="try_strptime(date, '%Y%m%d')"),
    "epoch": Shape(
        write="CAST(epoch(t) AS BIGINT)", read="timezone('Asia/Ho_Chi_Minh', to_timestamp(try_cast(date AS BIGINT)))"
    ),
    "summed": Shape(write=DAY, columns=("1 + h % 3 AS visits",), summed=True, joins=False),
    "existing flags": Shape(write=DAY, columns=("h % 7 = 0 AS is_existing",), joins=False),
    "source and medium": Shape(
        write=SECONDS, source="split_part(source, ' / ', 1)", columns=("split_part(source, ' / ', 2) AS medium",),
        paid="medium = 'cpc'",
    ),
    "2,000 sources": Shape(write=SECONDS, source="source || ' ' || (h % 200)"),
    "a million sources": Shape(write=DAY, source="'s' || (h % 1000000) || ' / cpc'"),
    "marks in sources": Shape(write=SECONDS, source="if(h % 50 = 0, 'the \"x\" of ' || source, source)"),
    "quoted": Shape(write=SECONDS, quote=True),
    "semicolons": Shape(write=SECONDS, delimiter=";"),
    "CRLF": Shape(write=SECONDS, end="\r\n"),
    "a mark of the byte order": Shape(write=SECONDS, encoding="utf-8-sig"),
    "gzip": Shape(write=SECONDS, gzip=True),
    "24 files": Shape(write=SECONDS, files=24),
    "500 files": Shape(write=SECONDS, files=500),
    "80 columns": Shape(write=SECONDS, columns=tuple(f"'c{n}-' || (h % {n + 2}) AS note_{n}" for n in range(76))),
    "preamble": Shape(write=SECONDS, above="Report of visits\n\n"),
    # DuckDB 2.0 makes of a TRY_CAST of every row a cast within its reader of CSV, which fails where one row is odd.
    "one odd row": Shape(write=SECONDS, odd=1, read=f"CASE WHEN date LIKE '____-%' THEN {READ} END"),
    "10,000 odd rows": Shape(write=SECONDS, odd=10_000, read=f"CASE WHEN date LIKE '____-%' THEN {READ} END"),
    "Parquet, text": Shape(write=SECONDS, parquet=True),
    "Parquet, date": Shape(write="CAST(t AS DATE)", parquet=True),
    "Parquet, timestamp": Shape(write="t", parquet=True),
    "Parquet, timestamptz": Shape(
        write="timezone('UTC', t)", parquet=True, read="timezone('Asia/Ho_Chi_Minh', date)"
    ),
    "UTF-16": Shape(write=SECONDS, encoding="utf-16"),
    "cp1258": Shape(write=SECONDS, encoding="cp1258"),
}  # fmt: skip


def write(folder: Path, shape: Shape, visits: int, *, join: bool) -> None:
    """The exports of one shape; kept where they are there already."""
    if (folder / "complete").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    odd = (
        f"CASE WHEN row_number % {max(1, visits // shape.odd)} = 7 THEN 'n/a' ELSE {shape.write} END"
        if shape.odd
        else ""
    )
    columns = ", ".join((f"{odd or shape.write} AS date", f"{shape.source} AS source", *shape.columns))
    columns += ", user_id, visitor_id" if shape.joins and join else ", visitor_id"
    made = visits_sql(visits=visits, seed=1)
    base = f"SELECT *, hash(visitor_id, 3) AS h, row_number() OVER () AS row_number FROM ({made})"
    rows = (
        f"SELECT {columns}, (row_number - 1) * {shape.files} // {visits} AS file_number FROM "
        f"(SELECT *, CAST(date AS TIMESTAMP) + to_seconds(CAST(hash(h, 5) % 86400 AS BIGINT)) AS t FROM ({base}))"
    )
    forced = ", FORCE_QUOTE *" if shape.quote else ""
    packed = ", COMPRESSION gzip" if shape.gzip else ""
    form = "FORMAT parquet" if shape.parquet else f"HEADER, DELIMITER '{shape.delimiter}'{forced}{packed}"
    duckdb.execute(f"CREATE OR REPLACE TABLE rows AS {rows}")
    for number in range(shape.files):
        target = folder / f"visitors-{number:03}{shape.suffix}"
        wanted = f"SELECT * EXCLUDE file_number FROM rows WHERE file_number = {number}"
        duckdb.execute(f"COPY ({wanted}) TO '{target}' ({form})")
        if shape.above or shape.encoding != "utf-8" or shape.end != "\n":
            rewrite(target, shape)
    duckdb.execute("DROP TABLE rows")
    write_people(folder, seed=1)
    for name in ("demos.csv", "paid_users.csv", *([] if shape.joins and join else ["signups.csv"])):
        (folder / name).unlink()
    (folder / "complete").write_text("")
    os.sync()


def rewrite(target: Path, shape: Shape) -> None:
    """The file once more, in the shape's encoding and line ends, and below what stands above the table."""
    copy = target.with_suffix(".new")
    with (
        target.open(encoding="utf-8", newline="") as plain,
        copy.open("w", encoding=shape.encoding, newline=shape.end) as new,
    ):
        new.write(shape.above)
        while piece := plain.read(1_000_000):
            new.write(piece)
    copy.replace(target)


def ours(text: str, metric: str) -> int:
    """The visits of all months, as the report gives them."""
    rows = csv.DictReader(io.StringIO(text))
    return sum(
        int(float(row["value"] or 0))
        for row in rows
        if row["metric"] == metric and not row["channel"] and row["period"] != "total"
    )


def measured(name: str, options: argparse.Namespace) -> list[str]:
    """The row of one shape."""
    base, visits = options.folder, options.visits
    join = not options.no_join
    shape = SHAPES[name]
    folder = base / f"shapes-{visits}{'' if join else '-plain'}" / name.replace("/", "-").replace(",", "")
    # In a child, which may grow as large as it likes: the peak of one is never less than what its parent held.
    child = multiprocessing.get_context("spawn").Process(
        target=write, args=(folder, shape, visits), kwargs={"join": join}
    )
    child.start()
    child.join()
    environment = child_environment(base)
    span = ("--from", FIRST_MONTH, "--to", LAST_MONTH, "-f", "csv", "--layout", "tidy", "--skip-bad-rows")
    joins = shape.joins and join
    commands = {
        "funnelcli": [sys.executable, "-m", "funnelcli", "report", str(folder), *span],
        "duckdb": [
            sys.executable, str(HERE / "peer_shapes.py"), str(folder), shape.read, shape.delimiter, shape.encoding,
            shape.paid, "joined" if joins else "summed" if shape.summed else "plain",
        ],
    }  # fmt: skip
    metric = "existing_user_visits" if joins else "paid_visits"
    first = {of: run_once(command, environment) for of, command in commands.items()}
    for of, run in first.items():
        if failure := run.failure():
            raise BenchmarkError(f"{name}: {of} failed, {failure}")
    if ours(first["funnelcli"].stdout, metric) != int(first["duckdb"].stdout):
        counted = ours(first["funnelcli"].stdout, metric)
        raise BenchmarkError(f"{name}: {counted} visits, and {first['duckdb'].stdout.strip()}")
    tell(name)
    figures = interleave(commands, repeat=options.repeat, environment=environment)
    own, peer = figures["funnelcli"], figures["duckdb"]
    ratios = [own.median / peer.median, own.cpu_median / peer.cpu_median]
    cells = [own.median, peer.median, ratios[0], own.cpu_median, peer.cpu_median, ratios[1]]
    if options.remove:
        shutil.rmtree(folder)
    return [name, *(f"{cell:.2f}" for cell in cells), f"{own.peak_mb:.0f}"]


def main() -> int:
    """Measure the shapes that are asked for, and print the table."""
    parser = argparse.ArgumentParser(description="Measure many ways to write visits beside DuckDB by hand.")
    parser.add_argument("--visits", type=int, default=3_000_000, help="rows of visits")
    parser.add_argument("--repeat", type=int, default=3, help="rounds for each shape")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "funnelcli-benchmarks")
    parser.add_argument("--shape", action="append", choices=list(SHAPES), help="one of the shapes (repeatable)")
    parser.add_argument("--no-join", action="store_true", help="no users, and no signups to join them with")
    parser.add_argument("--remove", action="store_true", help="remove each folder once it is measured")
    options = parser.parse_args()
    header = ["shape", "wall, s", "DuckDB", "ratio", "CPU, s", "DuckDB", "ratio", "peak, MB"]
    joined = "not joined" if options.no_join else "joined with 200,000 signups"
    print(f"{options.visits:,} visits, {joined}, {options.repeat} rounds, interleaved; medians.\n")
    print(f"| {' | '.join(header)} |\n|{' --- |' * len(header)}")
    failed = False
    for name in options.shape or SHAPES:
        try:
            print(f"| {' | '.join(measured(name, options))} |", flush=True)
        except BenchmarkError as error:
            failed = True
            tell(f"shapes.py: {error}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
