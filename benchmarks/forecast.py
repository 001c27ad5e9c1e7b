"""Measure `funnelcli forecast` of many people beside `funnelcli report` on the same exports.

Usage: python benchmarks/forecast.py [--people 1000000] [--repeat 3] [--folder DIR]

The people of cohorts.py.  A forecast reads what a report reads, follows everybody, and foretells each month of the past
anew to say how good it is; there is no peer that does the same.  Prints a Markdown table of medians.  Exit status 1
where a command fails, or the bands do not hold what is known of the month before.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

from cohorts import write
from measure import BenchmarkError, child_environment, interleave, of_size, tell, try_all, written

WANTED_TIMES, WANTED_MB = 2, 600
MONTHS = 6


def measured(folder: Path, people: int, repeat: int) -> str:
    """Make the people where they are not there, and time both commands."""
    tell(f"{people:,} people in {folder}")
    written(write, folder, people)
    commands = {
        name: [sys.executable, "-m", "funnelcli", name, str(folder), *options, "-f", "csv"]
        for name, options in {"forecast": ("--months", str(MONTHS)), "report": ()}.items()
    }
    environment = child_environment(folder.parent)
    outputs, failures = try_all(commands, environment)
    if failures:
        raise BenchmarkError("; ".join(f"{name}: {why}" for name, why in failures.items()))
    months = {row["month"] for row in csv.DictReader(io.StringIO(outputs["forecast"].stdout))}
    if len(months - {"total"}) != MONTHS:
        raise BenchmarkError(f"the forecast is of {len(months)} months")
    figures = interleave(commands, repeat=repeat, environment=environment)
    lines = [f"A forecast of {people:,} people beside a report, {repeat} rounds, interleaved; medians.", ""]
    lines += ["| | wall, s | CPU, s | peak, MB |", "| --- | ---: | ---: | ---: |"]
    lines += [
        f"| {name} | {known.median:.2f} | {known.cpu_median:.2f} | {known.peak_mb:.0f} |"
        for name, known in figures.items()
    ]
    times = figures["forecast"].cpu_median / figures["report"].cpu_median
    wanted = f"{WANTED_TIMES} is wanted, and at most {WANTED_MB} MB"
    return "\n".join([*lines, "", f"{times:.2f} times the report's CPU; {wanted}."])


if __name__ == "__main__":
    sys.exit(of_size(measured, of="people", folder="people", about="Measure a forecast beside a report."))
