"""Measure a report of many visits counted by one and by two workers of one thread, beside the same without workers.

Usage: python benchmarks/cluster.py [--visits 40000000] [--repeat 3] [--folder DIR]

Prints a Markdown table: wall time of the whole process, CPU time of it and of its workers, and the ratio of one worker
to two.  All runs must print the same bytes, else nothing is timed.  Exit status 1: they differ, or one cannot be run.

Standard library only: `measure` says why.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from generate import generate
from measure import BenchmarkError, Figures, child_environment, interleave, of_size, tell, try_all

ONE, TWO = "--workers 1", "--workers 2"
WAYS = ("--threads 1", "--threads 2", ONE, TWO)
WANTED = 1.7


def commands(folder: Path) -> dict[str, list[str]]:
    """The same report in each of the ways, as CSV: of JSON, a part is hashing the files."""
    report = [sys.executable, "-m", "funnelcli", "report", str(folder), "-f", "csv"]
    return {way: [*report, *way.split()] for way in WAYS}


def table(figures: dict[str, Figures], visits: int, repeat: int) -> str:
    """The figures as Markdown."""
    ratio = figures[ONE].median / figures[TWO].median
    lines = [
        f"{visits:,} visits, {repeat} rounds, {platform.machine()}, Python {platform.python_version()}",
        "",
        "| | wall, s | least | CPU, s | peak, MB |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| `{way}` | {known.median:.2f} | {known.minimum:.2f} | {known.cpu_median:.2f} | {known.peak_mb:.0f} |"
        for way, known in figures.items()
    ]
    least = figures[ONE].minimum / figures[TWO].minimum
    lines += ["", f"One worker takes {ratio:.2f} times as long as two ({least:.2f} by the least); {WANTED} is wanted."]
    return "\n".join(lines)


def measured(folder: Path, visits: int, repeat: int) -> str:
    """Make the visits where they are not there, see that all ways print the same, and time them."""
    tell(f"{visits:,} visits in {folder}")
    generate(folder, visits=visits, seed=1)
    environment = child_environment(folder.parent)
    asked = commands(folder)
    runs, failures = try_all(asked, environment)
    if failures:
        raise BenchmarkError("; ".join(f"{name}: {why}" for name, why in failures.items()))
    if len({run.stdout for run in runs.values()}) != 1:
        raise BenchmarkError("the reports differ")
    return table(interleave(asked, repeat=repeat, environment=environment), visits, repeat)


if __name__ == "__main__":
    about = "Measure workers: one against two."
    sys.exit(of_size(measured, of="visits", folder="visits", about=about, size=40_000_000))
