"""Measure funnelcli beside a hand-written DuckDB script and a plain pandas script; its start-up.

Usage: python benchmarks/run.py [--visits 10000000] [--repeat 5] [--folder DIR]

Prints a Markdown summary.  Exit status 1 when the numbers of the three differ or one of them cannot
be run; a missed target is printed, not an error, since a busy machine misses targets too.

Standard library only: `measure` says why.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import TypeAlias

from measure import (
    BenchmarkError,
    Command,
    Measured,
    Run,
    child_environment,
    interleave,
    run_once,
    tell,
    try_all,
)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FIRST_MONTH, LAST_MONTH = "2024-11", "2026-10"  # the months of generate.py and of both peers

FUNNELCLI, DUCKDB, PANDAS = "funnelcli", "duckdb", "pandas"
IMPORT_PANDAS = 'python -c "import pandas"'

MOST_SECONDS_OVER_PANDAS = 0.35
TARGETS_HELP = "funnelcli targets --help"
MOST_SECONDS_OVER_HELP = 0.15  # 36 months, 6 channels, every team
TWO_YEARS = "funnelcli report, 24 months by channel"
MOST_SECONDS_OVER_CSV = {"html": 0.15, "xlsx": 0.30}
MOST_PEAK_GROWTH = 1.10  # from GROWTH_FROM visits to the largest folder measured
GROWTH_FROM = 10_000_000

Numbers: TypeAlias = dict[tuple[str, str], Decimal | None]  # (metric, month) -> value


@dataclass(frozen=True, kw_only=True)
class Targets:
    """Upper bounds of one size; None where there is none."""

    duckdb_ratio: float | None = None
    pandas_ratio: float | None = None
    peak_mb: float | None = None


TARGETS = {
    10_000_000: Targets(duckdb_ratio=1.3, pandas_ratio=0.5, peak_mb=600),
    40_000_000: Targets(duckdb_ratio=1.15),
}


@dataclass(frozen=True, kw_only=True)
class SizeResult:
    """One folder measured."""

    visits: int
    file_mb: float
    cells_compared: int
    measured: Measured


@dataclass(frozen=True, kw_only=True)
class Check:
    """A figure beside its target."""

    figure: str
    value: float
    most: float | None
    unit: str = ""

    def cells(self) -> list[str]:
        """The row of the table: figure, measured, target, verdict."""
        measured = f"{self.value:.4g}{self.unit}"
        if self.most is None:
            return [self.figure, measured, "none", ""]
        verdict = "met" if self.value <= self.most else "**not met**"
        return [self.figure, measured, f"<= {self.most:g}{self.unit}", verdict]


# The numbers of the three


def read_numbers(text: str, *, month_column: str) -> Numbers:
    """The whole business's values of a CSV; rows of one channel are passed over."""
    reader = csv.DictReader(text.splitlines())
    if missing := {"metric", month_column, "value"} - set(reader.fieldnames or ()):
        raise BenchmarkError(f"the CSV has no column {', '.join(sorted(missing))}")
    return {
        (row["metric"], row[month_column]): Decimal(row["value"]) if row["value"] else None
        for row in reader
        if not row.get("channel")
    }


def differences(expected: Numbers, actual: Numbers, *, name: str) -> list[str]:
    """The cells of the first that the second has otherwise, or not at all."""
    return [
        f"{metric} {month}: {DUCKDB} {value}, {name} {actual.get((metric, month), 'no such row')}"
        for (metric, month), value in expected.items()
        if (metric, month) not in actual or actual[metric, month] != value
    ]


def check_numbers(runs: Mapping[str, Run]) -> int:
    """Raise unless every run printed the DuckDB script's numbers; how many cells were compared."""
    numbers = {
        name: read_numbers(run.stdout, month_column="period" if name == FUNNELCLI else "month")
        for name, run in runs.items()
    }
    expected = numbers[DUCKDB]
    if not expected:
        raise BenchmarkError(f"{DUCKDB} printed no numbers")
    differing = [line for name in numbers for line in differences(expected, numbers[name], name=name)]
    if differing:
        shown = "\n".join(f"  {line}" for line in differing[:12])
        raise BenchmarkError(f"the numbers differ in {len(differing)} cells:\n{shown}")
    return len(expected)


# Measuring


def funnelcli(*arguments: str) -> list[str]:
    """The command line of the funnelcli that is installed beside this interpreter."""
    return [sys.executable, "-m", "funnelcli", *arguments]


def size_commands(folder: Path) -> dict[str, Command]:
    """The three that compute the same numbers."""
    span = ("--from", FIRST_MONTH, "--to", LAST_MONTH)
    return {
        FUNNELCLI: funnelcli("report", str(folder), *span, "-f", "csv", "--layout", "tidy"),
        DUCKDB: [sys.executable, str(HERE / "peer_duckdb.py"), str(folder)],
        PANDAS: [sys.executable, str(HERE / "peer_pandas.py"), str(folder)],
    }


def startup_commands() -> dict[str, Command]:
    """Importing pandas, the measure of the others, and what people type most."""
    examples = ROOT / "examples"
    return {
        IMPORT_PANDAS: [sys.executable, "-c", "import pandas"],
        "funnelcli report examples/saas_vn": funnelcli("report", str(examples / "saas_vn")),
        "funnelcli report examples/plain": funnelcli("report", str(examples / "plain")),
        TARGETS_HELP: funnelcli("targets", "--help"),
        **{
            f"funnelcli targets, 36 months by team, {form}": funnelcli(
                "targets",
                str(HERE / "plan"),
                "--revenue",
                "120 tỷ",
                "--from",
                "2027-01",
                "--to",
                "2029-12",
                "--by",
                "team",
                "-f",
                form,
            )
            for form in ("table", "json")
        },
        **{
            f"{TWO_YEARS}, {form}": funnelcli(
                "report",
                str(examples / "saas_vn"),
                "--from",
                "2024-11",
                "--to",
                "2026-10",
                "--by",
                "channel",
                "-f",
                form,
                "-o",
                os.devnull,
            )
            for form in ("csv", *MOST_SECONDS_OVER_CSV)
        },
        "funnelcli --help": funnelcli("--help"),
        "funnelcli --version": funnelcli("--version"),
    }


def generate(folder: Path, *, visits: int) -> None:
    """Write the folder, or keep it; in a child, which may grow as large as it likes."""
    script = str(HERE / "generate.py")
    run = run_once([sys.executable, script, str(folder), "--visits", str(visits)], os.environ)
    if failure := run.failure():
        raise BenchmarkError(f"generate.py, {failure}")
    tell(run.stderr.strip())


def measure_size(base: Path, *, visits: int, repeat: int) -> SizeResult:
    """Generate one folder, compare the numbers, time the commands."""
    folder = base / f"visits-{visits}"
    generate(folder, visits=visits)
    environment = child_environment(base)
    commands = size_commands(folder)
    tell(f"{visits:,} visits: comparing the numbers")
    runs, failures = try_all(commands, environment)
    for name, why in failures.items():
        tell(f"{name} cannot be run, {why}")
        if name != FUNNELCLI:
            raise BenchmarkError(f"{name} cannot be run, {why}")
    compared = check_numbers(runs)
    ready = {name: commands[name] for name in runs}
    return SizeResult(
        visits=visits,
        file_mb=(folder / "visitors.csv").stat().st_size / 1e6,
        cells_compared=compared,
        measured=Measured(figures=interleave(ready, repeat=repeat, environment=environment), failures=failures),
    )


def measure_startup(base: Path, *, repeat: int) -> Measured:
    """Time the short commands."""
    tell("start-up")
    environment = child_environment(base)
    commands = startup_commands()
    runs, failures = try_all(commands, environment)
    ready = {name: commands[name] for name in runs}
    return Measured(figures=interleave(ready, repeat=repeat, environment=environment), failures=failures)


# The summary


def size_checks(result: SizeResult) -> list[Check]:
    """Ratios and peak of one size; none when funnelcli could not be run."""
    figures = result.measured.figures
    if FUNNELCLI not in figures:
        return []
    own = figures[FUNNELCLI]
    targets = TARGETS.get(result.visits, Targets())
    checks = []
    for peer, most in ((DUCKDB, targets.duckdb_ratio), (PANDAS, targets.pandas_ratio)):
        other = figures[peer]
        name = f"{FUNNELCLI} / {peer}"
        checks += [
            Check(figure=f"{name}, medians", value=own.median / other.median, most=most),
            Check(figure=f"{name}, minima", value=own.minimum / other.minimum, most=most),
        ]
    peak = Check(figure="peak of funnelcli", value=own.peak_mb, most=targets.peak_mb, unit=" MB")
    return [*checks, peak]


def growth_checks(results: Sequence[SizeResult]) -> list[Check]:
    """How much the peak grows with the rows; none unless two large folders were measured."""
    peaks = {
        result.visits: result.measured.figures[FUNNELCLI].peak_mb
        for result in results
        if result.visits >= GROWTH_FROM and FUNNELCLI in result.measured.figures
    }
    if GROWTH_FROM not in peaks or len(peaks) == 1:
        return []
    return [
        Check(
            figure=f"peak of funnelcli, {visits:,} / {GROWTH_FROM:,} visits",
            value=peaks[visits] / peaks[GROWTH_FROM],
            most=MOST_PEAK_GROWTH,
        )
        for visits in sorted(peaks)[1:]
    ]


def startup_checks(measured: Measured) -> list[Check]:
    """What an example report takes beyond importing pandas, and a large plan beyond its help, by the medians."""
    base = measured.figures[IMPORT_PANDAS].median
    started = measured.figures[TARGETS_HELP].median
    plans = [
        Check(
            figure=f"{name} - its start-up (--help)",
            value=figures.median - started,
            most=MOST_SECONDS_OVER_HELP,
            unit=" s",
        )
        for name, figures in measured.figures.items()
        if "36 months" in name
    ]
    return [
        Check(
            figure=f"{name} - import pandas",
            value=figures.median - base,
            most=MOST_SECONDS_OVER_PANDAS,
            unit=" s",
        )
        for name, figures in measured.figures.items()
        if "report examples/" in name
    ] + [*plans, *form_checks(measured)]


def form_checks(measured: Measured) -> list[Check]:
    """What a page and a workbook of two years by channel take beyond the same report as CSV, by the medians."""
    plain = measured.figures.get(f"{TWO_YEARS}, csv")
    if plain is None:
        return []
    return [
        Check(figure=f"{TWO_YEARS}, {form} - csv", value=figures.median - plain.median, most=most, unit=" s")
        for form, most in MOST_SECONDS_OVER_CSV.items()
        if (figures := measured.figures.get(f"{TWO_YEARS}, {form}")) is not None
    ]


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table and an empty line."""
    lines = [header, ["---"] * len(header), *rows]
    return [*(f"| {' | '.join(cells)} |" for cells in lines), ""]


def figures_lines(measured: Measured) -> list[str]:
    """The table of the commands, and a line for each that could not be run."""
    rows = [
        [name, f"{f.median:.3f}", f"{f.minimum:.3f}", f"{f.cpu_median:.3f}", f"{f.peak_mb:.0f}"]
        for name, f in measured.figures.items()
    ]
    lines = table(["command", "median, s", "minimum, s", "CPU, s", "peak, MB"], rows)
    for name, why in measured.failures.items():
        lines += [f"**Not measured: `{name}` cannot be run** ({why}).", ""]
    return lines


def checks_lines(checks: Sequence[Check]) -> list[str]:
    """The table of the checks, or nothing."""
    header = ["figure", "measured", "target", "verdict"]
    return table(header, (check.cells() for check in checks)) if checks else []


def size_lines(result: SizeResult) -> list[str]:
    """The section of one size."""
    names = ", ".join(result.measured.figures)
    return [
        f"## {result.visits:,} visits ({result.file_mb:.0f} MB)",
        "",
        f"The same numbers from {names}: {result.cells_compared} cells compared.",
        "",
        *figures_lines(result.measured),
        *checks_lines(size_checks(result)),
    ]


def machine_line() -> str:
    """The versions and the cores, which every figure depends on."""
    installed = {d.metadata["Name"].lower(): d.version for d in metadata.distributions()}
    names = (FUNNELCLI, DUCKDB, PANDAS, "pyarrow")
    versions = [f"{name} {installed.get(name, 'not installed')}" for name in names]
    python = f"Python {platform.python_version()}"
    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return ", ".join([python, *versions, where]) + "."


def summary(results: Sequence[SizeResult], startup: Measured, *, repeat: int) -> str:
    """The whole Markdown text."""
    lines = ["# Benchmark", "", machine_line(), f"Rounds: {repeat}, interleaved.", ""]
    for result in results:
        lines += size_lines(result)
    if growth := growth_checks(results):
        lines += ["## Memory", "", *checks_lines(growth)]
    lines += ["## Start-up", "", *figures_lines(startup), *checks_lines(startup_checks(startup))]
    return "\n".join(lines)


def parse_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure funnelcli beside two peers.")
    parser.add_argument("--visits", type=int, action="append", help="rows of visitors.csv (repeatable)")
    parser.add_argument("--repeat", type=int, default=5, help="rounds for each size")
    parser.add_argument("--startup-repeat", type=int, default=11, help="rounds of the start-up")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()) / "funnelcli-benchmarks",
        help="where the generated folders are kept, one for each size",
    )
    options = parser.parse_args()
    options.visits = sorted(set(options.visits or [10_000_000]))
    if min(*options.visits, options.repeat, options.startup_repeat) < 1:
        parser.error("--visits, --repeat and --startup-repeat are at least 1")
    return options


def main() -> int:
    """Measure, print, and say by the exit status whether everything ran and agreed."""
    options = parse_options()
    try:
        results = [measure_size(options.folder, visits=visits, repeat=options.repeat) for visits in options.visits]
        startup = measure_startup(options.folder, repeat=options.startup_repeat)
        print(summary(results, startup, repeat=options.repeat))
    except BenchmarkError as failed:
        tell(f"run.py: {failed}")
        return 1
    everything = [*(result.measured for result in results), startup]
    return 1 if any(measured.failures for measured in everything) else 0


if __name__ == "__main__":
    sys.exit(main())
