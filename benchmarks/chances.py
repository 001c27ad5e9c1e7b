"""Measure plans under chance: 20,000 runs of 12 months and 6 channels, by the whole command.

Usage: python benchmarks/chances.py [--repeat 3]

Prints a Markdown table of medians beside the same plan without chance.  There is no peer; 2 seconds and 600 MB are the
aim.  Exit status 1 where a command fails, or where it does not write the same bytes each time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from measure import BenchmarkError, child_environment, interleave, run_once, tell

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "examples" / "saas_vn"
GOALS = {"240 new customers": ("--new-paid-users", "240"), "MRR at the end": ("--mrr", "300tr"),
         "revenue over the year": ("--revenue", "2500tr")}  # fmt: skip
SPAN = ("--from", "2026-11", "--to", "2027-10", "--by", "channel", "-f", "json", "-q")
AIM_SECONDS, AIM_MB = 2.0, 600


def measured(repeat: int) -> str:
    """The time and the memory of each goal, with lags and without, beside the plan that knows no chance."""
    commands = {
        f"{name}, lag {lag}{', certain' if not sure else ''}": [
            sys.executable, "-m", "funnelcli", "targets", str(EXAMPLE), *goal, *SPAN, "--lag", lag, *sure,
        ]
        for name, goal in GOALS.items()
        for lag in ("none", "measured")
        for sure in (("--confidence", "80%"), ())
    }  # fmt: skip
    tell(f"plans of {EXAMPLE}")
    with tempfile.TemporaryDirectory() as folder:
        environment = child_environment(Path(folder))
        for name, command in commands.items():
            first, again = run_once(command, environment), run_once(command, environment)
            if failure := first.failure():
                raise BenchmarkError(f"{name} failed, {failure}")
            if first.stdout != again.stdout:
                raise BenchmarkError(f"{name} does not write the same twice")
        figures = interleave(commands, repeat=repeat, environment=environment)
    rows = [
        f"| {name} | {each.median:.2f} | {each.cpu_median:.2f} | {each.peak_mb:.0f} |" for name, each in figures.items()
    ]
    head = ["| plan | wall, s | CPU, s | peak, MB |", "| --- | ---: | ---: | ---: |"]
    return "\n".join([*head, *rows, "", f"{AIM_SECONDS:g} s and {AIM_MB} MB are the aim."])


def main() -> int:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description="Measure plans of 6 channels under chance.")
    parser.add_argument("--repeat", type=int, default=3)
    try:
        print(measured(parser.parse_args().repeat))
    except (BenchmarkError, OSError) as error:
        print(f"chances.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
