"""What the tests share: a report built in this process, its figures, and the command as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from funnelcli.answers.report import build
from funnelcli.answers.report_answer import report_answer
from funnelcli.answers.report_model import Report
from funnelcli.answers.spec import RangeOptions, resolve
from funnelcli.facts.exports import Exports
from funnelcli.facts.load import load
from funnelcli.problems import InputError
from funnelcli.reading.discover import discover, nothing_found, open_folder
from funnelcli.renderers import Style, formats
from funnelcli.values.periods import Grain

NOW = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)
TIMEOUT_SECONDS = 120

FigureKey = tuple[str, str | None, str]  # metric key, channel or None, period key or "total"
Figure = tuple[float | None, float | None, float | None]  # value, numerator, denominator


def exports_of(folder: Path, *, skip_bad_rows: bool = False) -> Exports:
    """The checked exports of a folder; InputError, naming each problem, where they cannot be counted."""
    opened = open_folder(folder)
    files, unknown = discover(opened, {})
    if not files:
        raise nothing_found(opened, unknown)
    exports = load(opened.config, files)
    fatal = exports.problems.fatal(skip_bad_rows=skip_bad_rows)
    if fatal:
        places = [f"{one.file}:{one.line} {one.code}: {one.message}" for one in fatal]
        raise InputError("\n".join(places), problems=exports.problems)
    return exports


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
    now: datetime = NOW,
) -> Report:
    """The report of a folder, as ``funnelcli report`` builds it.

    Raises InputError where problems forbid to count the exports, and whatever else the library raises.
    """
    exports = exports_of(folder, skip_bad_rows=skip_bad_rows)
    options = RangeOptions(first=first, last=last, month=month, latest=latest, grain=grain, as_of=as_of)
    spec = resolve(options, exports, now=now, by="channel" if by_channel else None, skip_bad_rows=skip_bad_rows)
    return build(exports, spec, digests=digests)


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


def run_cli(
    *args: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str | bytes | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m funnelcli`` with ``args``, to its end.

    The language and colour of whoever runs the tests are not handed on; ``env`` is added to what is.  Both streams
    are UTF-8 text, line ends as they were written.
    """
    own = {k: v for k, v in os.environ.items() if k not in ("FUNNELCLI_LANG", "LANG", "LC_ALL", "NO_COLOR")}
    given = stdin.encode() if isinstance(stdin, str) else stdin or b""
    done = subprocess.run(
        [sys.executable, "-m", "funnelcli", *map(str, args)],
        cwd=cwd,
        env={**own, "LC_ALL": "C.UTF-8", **(env or {})},
        input=given,
        capture_output=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
