"""Measure reports over visits written in many ways, each beside a hand-written DuckDB query that counts the same.

Usage: python benchmarks/shapes.py [--visits 3000000] [--repeat 3] [--folder DIR] [--shape NAME ...]

Prints a Markdown table of medians and ratios, wall and CPU.  The visits are those of generate.py, a fifth of them with
the id of somebody, joined with 200,000 signups; only how they are written differs.  Exit status 1 where a command
fails, or the visits that both count differ.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
from generate import visits_sql, write_people
from measure import BenchmarkError, child_environment, interleave, run_once, tell

HERE = Path(__file__).resolve().parent
FIRST_MONTH, LAST_MONTH = "2024-11", "2026-10"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A way to write visits: SQL that writes a moment ``t``, SQL of the peer that reads ``date``, and the file."""

    write: str
    read: str = "try_cast(date AS TIMESTAMP)"
    delimiter: str = ","
    quote: bool = False
    gzip: bool = False
    above: str = ""
    encoding: str = "utf-8"


LOCAL = "timezone('Asia/Ho_Chi_Minh', try_cast(date AS TIMESTAMPTZ))"
SECONDS = "strftime(t, '%Y-%m-%d %H:%M:%S')"
SHAPES = {
    "ISO days": Shape(write="strftime(t, '%Y-%m-%d')"),
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
    "m/d/y AM/PM": Shape(write="strftime(t, '%m/%d/%Y %I:%M %p')", read="try_strptime(date, '%m/%d/%Y %I:%M %p')"),
    "Jan 5, 2025": Shape(write="strftime(t, '%b %-d, %Y')", read="try_strptime(date, '%b %d, %Y')"),
    "YYYYMMDD": Shape(write="strftime(t, '%Y%m%d')", read="try_strptime(date, '%Y%m%d')"),
    "epoch": Shape(
        write="CAST(epoch(t) AS BIGINT)", read="timezone('Asia/Ho_Chi_Minh', to_timestamp(try_cast(date AS BIGINT)))"
    ),
    "quoted": Shape(write=SECONDS, quote=True),
    "semicolons": Shape(write=SECONDS, delimiter=";"),
    "gzip": Shape(write=SECONDS, gzip=True),
    "preamble": Shape(write=SECONDS, above="Report of visits\n\n"),
    "UTF-16": Shape(write=SECONDS, encoding="utf-16"),
    "cp1258": Shape(write=SECONDS, encoding="cp1258"),
}


def write(folder: Path, shape: Shape, visits: int) -> None:
    """The exports of one shape; kept where they are there already."""
    target = folder / ("visitors.csv.gz" if shape.gzip else "visitors.csv")
    if (folder / "complete").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    query = (
        f"SELECT {shape.write} AS date, source, user_id, visitor_id FROM (SELECT *, CAST(date AS TIMESTAMP) + "
        f"to_seconds(CAST(hash(visitor_id, 3) % 86400 AS BIGINT)) AS t FROM ({visits_sql(visits=visits, seed=1)}))"
    )
    forced = ", FORCE_QUOTE *" if shape.quote else ""
    packed = ", COMPRESSION gzip" if shape.gzip else ""
    duckdb.execute(f"COPY ({query}) TO '{target}' (HEADER, DELIMITER '{shape.delimiter}'{forced}{packed})")
    if shape.above or shape.encoding != "utf-8":
        rewrite(target, shape)
    write_people(folder, seed=1)
    (folder / "complete").write_text("")


def rewrite(target: Path, shape: Shape) -> None:
    """The file once more, in the shape's encoding and below what stands above the table."""
    copy = target.with_suffix(".new")
    with target.open(encoding="utf-8", newline="") as plain, copy.open("w", encoding=shape.encoding, newline="") as new:
        new.write(shape.above)
        while piece := plain.read(1_000_000):
            new.write(piece)
    copy.replace(target)


def ours(text: str) -> int:
    """The visits by existing users of all months, as the report gives them."""
    rows = csv.DictReader(io.StringIO(text))
    return sum(
        int(float(row["value"] or 0))
        for row in rows
        if row["metric"] == "existing_user_visits" and not row["channel"] and row["period"] != "total"
    )


def measured(name: str, base: Path, visits: int, repeat: int) -> list[str]:
    """The row of one shape."""
    folder, shape = base / f"shapes-{visits}" / name.replace("/", "-"), SHAPES[name]
    write(folder, shape, visits)
    environment = child_environment(base)
    span = ("--from", FIRST_MONTH, "--to", LAST_MONTH, "-f", "csv", "--layout", "tidy")
    commands = {
        "funnelcli": [sys.executable, "-m", "funnelcli", "report", str(folder), *span],
        "duckdb": [
            sys.executable,
            str(HERE / "peer_shapes.py"),
            str(folder),
            shape.read,
            shape.delimiter,
            shape.encoding,
        ],
    }
    first = {of: run_once(command, environment) for of, command in commands.items()}
    for of, run in first.items():
        if failure := run.failure():
            raise BenchmarkError(f"{name}: {of} failed, {failure}")
    if ours(first["funnelcli"].stdout) != int(first["duckdb"].stdout):
        raise BenchmarkError(f"{name}: {ours(first['funnelcli'].stdout)} visits, and {first['duckdb'].stdout.strip()}")
    tell(name)
    figures = interleave(commands, repeat=repeat, environment=environment)
    own, peer = figures["funnelcli"], figures["duckdb"]
    ratios = [own.median / peer.median, own.cpu_median / peer.cpu_median]
    cells = [own.median, peer.median, ratios[0], own.cpu_median, peer.cpu_median, ratios[1]]
    return [name, *(f"{cell:.2f}" for cell in cells), f"{own.peak_mb:.0f}"]


def main() -> int:
    """Measure the shapes that are asked for, and print the table."""
    parser = argparse.ArgumentParser(description="Measure many ways to write visits beside DuckDB by hand.")
    parser.add_argument("--visits", type=int, default=3_000_000, help="rows of visitors.csv")
    parser.add_argument("--repeat", type=int, default=3, help="rounds for each shape")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "funnelcli-benchmarks")
    parser.add_argument("--shape", action="append", choices=list(SHAPES), help="one of the shapes (repeatable)")
    options = parser.parse_args()
    header = ["shape", "wall, s", "DuckDB", "ratio", "CPU, s", "DuckDB", "ratio", "peak, MB"]
    print(f"{options.visits:,} visits, {options.repeat} rounds, interleaved; medians.\n")
    print(f"| {' | '.join(header)} |\n|{' --- |' * len(header)}")
    try:
        for name in options.shape or SHAPES:
            print(f"| {' | '.join(measured(name, options.folder, options.visits, options.repeat))} |", flush=True)
    except BenchmarkError as failed:
        tell(f"shapes.py: {failed}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
