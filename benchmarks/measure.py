"""Run commands and keep what each took: wall time and peak memory.

Standard library only, for a reason: the peak that the system reports for a child is never less than
what its parent held when it started the child, so the measuring process has to stay small.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

Command: TypeAlias = Sequence[str]


class BenchmarkError(Exception):
    """Something that ends the benchmark; the message says what to look at."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One child process, from before its start to its end."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    status: int
    stdout: str
    stderr: str

    def failure(self) -> str | None:
        """The exit status and the line of stderr that says most, or None when all went well."""
        if self.status == 0:
            return None
        lines = self.stderr.strip().splitlines() or ["nothing on stderr"]
        line = lines[-1] if lines[0].startswith("Traceback") else lines[0]
        return f"exit status {self.status}: {line}"


@dataclass(kw_only=True)
class Figures:
    """What the runs of one command took."""

    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    peaks_mb: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def cpu_median(self) -> float:
        return statistics.median(self.cpu_seconds)

    @property
    def minimum(self) -> float:
        return min(self.seconds)

    @property
    def peak_mb(self) -> float:
        """The largest of the peaks."""
        return max(self.peaks_mb)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The figures of a group of commands, by name, and why the others have none."""

    figures: Mapping[str, Figures]
    failures: Mapping[str, str]


def peak_to_mb(maxrss: int) -> float:
    """Megabytes (a million bytes) from ru_maxrss: kibibytes on Linux, bytes on macOS."""
    return maxrss / 1e6 if sys.platform == "darwin" else maxrss * 1024 / 1e6


def child_environment(folder: Path) -> dict[str, str]:
    """This environment, with bytecode kept beside the data, so that no timed import compiles; no visits are kept."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return environment | {"PYTHONPYCACHEPREFIX": str(folder / "pycache"), "FUNNELCLI_CACHE": "off"}


def run_once(command: Command, environment: Mapping[str, str]) -> Run:
    """Run a command to its end; its output goes to files, so that no pipe holds it up."""
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        stdout.seek(0)
        stderr.seek(0)
        return Run(
            seconds=seconds,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_mb=peak_to_mb(usage.ru_maxrss),
            status=process.returncode,
            stdout=stdout.read().decode("utf-8", "replace"),
            stderr=stderr.read().decode("utf-8", "replace"),
        )


def interleave(commands: Mapping[str, Command], *, repeat: int, environment: Mapping[str, str]) -> dict[str, Figures]:
    """Run all once, then all again, ...: a slow minute of the machine hits each of them."""
    figures = {name: Figures() for name in commands}
    for number in range(1, repeat + 1):
        tell(f"  round {number} of {repeat}")
        for name, command in commands.items():
            run = run_once(command, environment)
            if failure := run.failure():
                raise BenchmarkError(f"{name} failed in round {number}, {failure}")
            figures[name].seconds.append(run.seconds)
            figures[name].cpu_seconds.append(run.cpu_seconds)
            figures[name].peaks_mb.append(run.peak_mb)
    return figures


def tell(message: str) -> None:
    """Progress, on stderr."""
    print(message, file=sys.stderr, flush=True)


def try_all(commands: Mapping[str, Command], environment: Mapping[str, str]) -> tuple[dict[str, Run], dict[str, str]]:
    """Run each once, untimed: fills the caches and finds what cannot be run (name -> why)."""
    runs = {name: run_once(command, environment) for name, command in commands.items()}
    failures = {name: why for name, run in runs.items() if (why := run.failure())}
    return {name: run for name, run in runs.items() if name not in failures}, failures


def written(write: Callable[[Path, int], None], folder: Path, size: int) -> None:
    """Have exports written in a child, which may grow as large as it likes: a peak is never less than its parent's."""
    child = multiprocessing.get_context("spawn").Process(target=write, args=(folder, size))
    child.start()
    child.join()
    if child.exitcode:
        raise BenchmarkError("the exports could not be written")


def beside(
    commands: Mapping[str, Command],
    counted: Mapping[str, Callable[[str], object]],
    environment: Mapping[str, str],
    *,
    title: str,
    repeat: int,
    wanted: str,
) -> str:
    """A Markdown table of funnelcli and one peer that counts the same, whose output each of ``counted`` reads.

    Raises BenchmarkError where a command fails, or what they count differs.
    """
    first = {name: run_once(command, environment) for name, command in commands.items()}
    for name, run in first.items():
        if failure := run.failure():
            raise BenchmarkError(f"{name} failed, {failure}")
    mine, other = (counted[name](first[name].stdout) for name in commands)
    if mine != other:
        raise BenchmarkError(f"what they count differs: {str(mine)[:300]} is not {str(other)[:300]}")
    figures = interleave(commands, repeat=repeat, environment=environment)
    own, peer = figures.values()
    lines = [f"{title}, {repeat} rounds, interleaved; medians.", ""]
    lines += ["| | wall, s | CPU, s | peak, MB |", "| --- | ---: | ---: | ---: |"]
    lines += [
        f"| {name} | {known.median:.2f} | {known.cpu_median:.2f} | {known.peak_mb:.0f} |"
        for name, known in figures.items()
    ]
    wall, cpu = own.median / peer.median, own.cpu_median / peer.cpu_median
    return "\n".join([*lines, "", f"{wall:.2f} times the query's wall time, {cpu:.2f} times its CPU; {wanted}."])


def of_size(
    measured: Callable[[Path, int, int], str], *, of: str, folder: str, about: str, size: int = 1_000_000
) -> int:
    """A benchmark of one size: parse the command line, measure with the folder, the size and the rounds, and print.

    ``of`` is what the ``size`` counts, which is the usual one, and ``folder`` what the folder of exports of that size
    begins with; exit status 1 where it cannot be measured.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument(f"--{of}", dest="size", type=int, default=size)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "funnelcli-benchmarks")
    options = parser.parse_args()
    try:
        print(measured(options.folder / f"{folder}-{options.size}", options.size, options.repeat))
    except (BenchmarkError, OSError) as error:
        print(f"{Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        return 1
    return 0
