"""What the tests share: a report built in this process, its figures, and the command as a user runs it."""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typer

from forked import Template
from funnelcli import Folder, open_folder
from funnelcli.answers.report_answer import report_answer
from funnelcli.answers.report_model import Report
from funnelcli.facts.model import Facts
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import DASHBOARD
from funnelcli.renderers import Style, formats
from funnelcli.values.periods import Grain

NOW = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)
TIMEOUT_SECONDS = 120
EXAMPLES = Path(__file__).parents[1] / "examples"

FigureKey = tuple[str, str | None, str]  # metric key, channel or None, period key or "total"
Figure = tuple[float | None, float | None, float | None]  # value, numerator, denominator


def folder_of(folder: Path, now: datetime = NOW) -> Folder:
    """A folder of exports, opened.  The examples, which no test changes, are read once."""
    return _example(folder, now) if folder.parent == EXAMPLES else open_folder(folder, now=now)


@cache
def _example(folder: Path, now: datetime) -> Folder:
    return open_folder(folder, now=now)


def exports_of(folder: Path, *, skip_bad_rows: bool = False) -> Facts:
    """The checked facts of a folder; InputError, with every problem, where they cannot be counted."""
    return folder_of(folder).countable(skip_bad_rows=skip_bad_rows)


def report_of(
    folder: Path,
    *,
    first: str | None = None,
    last: str | None = None,
    month: str | None = None,
    latest: int | None = None,
    grain: Grain = Grain.MONTH,
    as_of: str | None = None,
    by_channel: bool = False,
    skip_bad_rows: bool = False,
    digests: bool = False,
    section: str | tuple[str, ...] = (),
    now: datetime = NOW,
) -> Report:
    """The report of a folder, as ``funnelcli report`` builds it.  One of an example is built once.

    Raises InputError where problems forbid to count the exports, and whatever else the library raises.
    """
    build = _report_of_example if folder.parent == EXAMPLES else _report_of
    return build(
        folder, now, start=first, end=last, month=month, last=latest, grain=grain, as_of=as_of,
        by="channel" if by_channel else None, skip_bad_rows=skip_bad_rows, digests=digests, section=section,
    )  # fmt: skip


def _report_of(folder: Path, now: datetime, **options: Any) -> Report:
    return folder_of(folder, now).report(**options).report


_report_of_example = cache(_report_of)


def rendered(report: Report, form: str, style: Style | None = None) -> str:
    """The report in a text format, by the format's name."""
    return formats()[form].render(report_answer(report), style or Style()).decode()


def figures(report: Report) -> dict[FigureKey, Figure]:
    """Every figure of a report, by metric, channel (None: the whole business) and period ("total": the range)."""
    keys = [*(period.key for period in report.spec.periods), "total"]
    return {
        (row.metric.key, row.part.key if row.part else None, key): (
            cell.value,
            cell.numerator,
            cell.denominator,
        )
        for row in report.rows
        for key, cell in zip(keys, (*row.cells, row.total), strict=True)
    }


def dashboard_figures(report: Report) -> dict[FigureKey, Figure]:
    """The figures of a report that are of the dashboard, and of no other section."""
    return {at: figure for at, figure in figures(report).items() if CATALOGUE[at[0]].section in DASHBOARD}


@cache
def command() -> Callable[..., Any]:
    """The command for calls in this process, made of its declarations once: that takes longer than most runs."""
    from funnelcli.cli.app import app

    made: Callable[..., Any] = typer.main.get_command(app)
    return made


@cache
def _template() -> Template:
    """The process that this worker's runs are forked from."""
    template = Template()
    atexit.register(template.close)
    return template


def run_cli(
    *args: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str | bytes | None = None,
    code: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m funnelcli`` with ``args``, to its end; with ``code``, ``python -c`` instead.

    The language, colour and width of whoever runs the tests are not handed on; ``env`` is added to what is.  Both
    streams are UTF-8 text, line ends as they were written.  Each run is a process of its own, forked from one that has
    its imports behind it; an interpreter is started where ``env`` speaks to it (PYTHON…), or nothing can fork.
    """
    own = _environment(env)
    given = stdin.encode() if isinstance(stdin, str) else stdin or b""
    arguments = [str(argument) for argument in args]
    if not hasattr(os, "fork") or any(name.startswith("PYTHON") for name in env or ()):
        what = ["-m", "funnelcli"] if code is None else ["-c", code]
        done = subprocess.run(
            [sys.executable, *what, *arguments],
            cwd=cwd,
            env=own,
            input=given,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        status, out, err = done.returncode, done.stdout, done.stderr
    else:
        status, out, err = _template().run(
            arguments, cwd=str(cwd or Path.cwd()), env=own, stdin=given, timeout=TIMEOUT_SECONDS, code=code
        )
    return subprocess.CompletedProcess(arguments, status, out.decode(), err.decode())


@contextmanager
def running_cli(
    *args: str | Path,
    streams: tuple[int, int, int],
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    code: str | None = None,
) -> Iterator[tuple[int, Callable[[], int]]]:
    """The same while it runs, with standard input, output and error of one's own.

    Gives which process it is, and a way to wait for its exit status.
    Whatever happens, it has ended afterwards.
    """
    template = _template()
    ended: list[int] = []

    def end() -> int:
        if not ended:
            ended.append(template.end())
        return ended[0]

    arguments = [str(argument) for argument in args]
    pid = template.begin(arguments, cwd=str(cwd or Path.cwd()), env=_environment(env), streams=streams, code=code)
    try:
        yield pid, end
    finally:
        if not ended:
            os.kill(pid, signal.SIGKILL)
            end()


def _environment(env: Mapping[str, str] | None) -> dict[str, str]:
    left = ("FUNNELCLI_LANG", "LANG", "LC_ALL", "NO_COLOR", "CI", "COLUMNS")
    own = {k: v for k, v in os.environ.items() if k not in left}
    return own | {"LC_ALL": "C.UTF-8", **(env or {})}


_IMPORTED = r"""
import json, sys
from funnelcli.cli.app import main
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["funnelcli", *arguments]
    try:
        main()
    except SystemExit as leaving:
        assert not leaving.code, leaving.code
    sys.stdout.flush()
    print("\n--- imported by then:", json.dumps([name for name in sys.modules if "." not in name]), flush=True)
"""


def imported_by(runs: Sequence[Sequence[str]]) -> list[frozenset[str]]:
    """What each run has brought in by its end, one after the other in one interpreter; each must show something."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTED, json.dumps(runs)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    shown = re.split(r"\n--- imported by then: (.*)\n", done.stdout)
    assert [bool(text) for text in shown[::2]] == [True] * len(runs) + [False]
    return [frozenset(json.loads(names)) for names in shown[1::2]]


ExplainedRow = tuple[str, int | None, float]  # file, line, how much of the figure it counts


def explained_rows(
    folder: Path, metric: str, period: str, *, as_of: str | None = None, channel: str | None = None
) -> tuple[float | None, list[ExplainedRow]]:
    """A figure as ``funnelcli explain --rows`` gives it, and the rows that it says are behind it."""
    options = [*(("--as-of", as_of) if as_of else ()), *(("--channel", channel) if channel else ())]
    done = run_cli("explain", metric, folder, "--month", period, *options, "-f", "json", "--rows", "-q")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    explained = json.loads(done.stdout)
    return explained["value"], [(row["file"], row["line"], row["counts"]) for row in explained["rows"]]


def write_folder(folder: Path, files: Mapping[str, str], config: str = "") -> Path:
    """A folder with these files of text, and with a funnel.toml of this text."""
    for name, text in {**files, "funnel.toml": config}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def linked(folder: Path, copy: Path) -> Path:
    """A copy of an example with settings of its own.  Its exports are links, read once with it: change none."""
    copy.mkdir()
    for path in folder.iterdir():
        if path.suffix == ".toml":
            shutil.copy(path, copy)
        else:
            (copy / path.name).symlink_to(path)
    return copy


def said_of(folder: Path) -> dict[tuple[str, str | None], tuple[str, str]]:
    """By code and column: what is said of a folder, and the next step."""
    return {(p.code, p.column): (p.message, p.hint) for p in open_folder(folder).check().problems}


def in_month(folder: Path, month: str, *keys: str, as_of: str | None = None) -> list[float | None]:
    """The figures of the whole business in a month."""
    known = figures(report_of(folder, month=month, as_of=as_of))
    return [known[key, None, month][0] for key in keys]
