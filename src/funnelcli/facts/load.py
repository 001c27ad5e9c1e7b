"""Files to Exports: everything is read once, the visits in a thread of their own beside the rest."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING
from zoneinfo import ZoneInfo

from funnelcli.config import Config, InputSettings
from funnelcli.facts.exports import Exports, Extent
from funnelcli.facts.series import monthly_series
from funnelcli.inputs import SCHEMAS
from funnelcli.inputs.monthly import MONTHLY_COLUMNS
from funnelcli.inputs.spec import Stage
from funnelcli.problems import ConfigError, Problems, problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import STDIN, SourceFile
from funnelcli.reading.engines.choose import is_large, make_ready, scan_visits
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.monthly import MonthlyTable, read_monthly
from funnelcli.reading.opening import Opened, open_file
from funnelcli.values.channels import ChannelMap
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.periods import month_of

if TYPE_CHECKING:
    import pandas as pd

    from funnelcli.reading.tables import FirstSignups, Table


TWIN_BYTES = 200


def settings_of(config: Config, stage: Stage) -> InputSettings:
    """The settings of one input.  Raises ConfigError where they map a column we do not have."""
    settings: InputSettings = getattr(config.inputs, stage.value)
    known = [column.name for column in SCHEMAS[stage]]
    if stage is Stage.MONTHLY:
        known += [key for keys in MONTHLY_COLUMNS.values() for key in keys]
    for name in settings.columns:
        if name not in known:
            raise ConfigError(
                f"funnel.toml: [inputs.{stage.value}.columns] {name}: there is no such column.",
                hint=f"The columns of {stage.value} are: {', '.join(known)}.",
            )
    return settings


@contextmanager
def stdin_as_file(
    files: Mapping[Stage, Sequence[SourceFile]], stream: Callable[[], IO[bytes]]
) -> Iterator[dict[Stage, list[SourceFile]]]:
    """The same files; standard input and pipes spooled to temporary files so that they can be looked at twice."""
    if not any(_is_stream(one) for given in files.values() for one in given):
        yield {stage: list(given) for stage, given in files.items()}
        return
    with tempfile.TemporaryDirectory(prefix="funnelcli-") as scratch:
        spooled: dict[Stage, list[SourceFile]] = {}
        for stage, given in files.items():
            spooled[stage] = []
            for number, one in enumerate(given):
                if not _is_stream(one):
                    spooled[stage].append(one)
                    continue
                path = Path(scratch) / f"{stage.value}-{number}"
                source = stream() if one.name == STDIN else one.path.open("rb")
                with path.open("wb") as spool:
                    shutil.copyfileobj(source, spool, 1 << 20)
                spooled[stage].append(SourceFile(stage, "stdin" if one.name == STDIN else one.name, path))
        yield spooled


def _is_stream(file: SourceFile) -> bool:
    """Whether a file can be read but once: standard input, a named pipe, a shell's <(command)."""
    if file.name == STDIN:
        return True
    try:
        mode = file.path.stat().st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)


def load(
    config: Config, files: Mapping[Stage, Sequence[SourceFile]], *, progress: Callable[[str], None] = lambda _: None
) -> Exports:
    """Read and check every file.  Faults in the data are in ``problems``, not raised."""
    problems = Problems()
    _report_twins(files, problems)
    opened: dict[Stage, list[Opened]] = {}
    for stage, given in files.items():
        opened[stage] = []
        for one in given:
            try:
                opened[stage].extend(open_file(one, settings_of(config, stage)))
            except FileFault as fault:
                problems.extend(fault.problems)
    for found in opened.values():
        problems.extend(warning for one in found for warning in one.warnings)
    return _Loading(config=config, files=files, opened=opened, problems=problems, progress=progress).exports()


def _report_twins(files: Mapping[Stage, Sequence[SourceFile]], problems: Problems) -> None:
    """Report files of one input that are the same byte for byte: a download saved twice."""
    import hashlib

    for given in files.values():
        sizes: dict[int, list[SourceFile]] = {}
        for one in given:
            try:
                size = os.path.getsize(one.path)
            except OSError:
                continue
            sizes.setdefault(size, []).append(one)
        for size, alike in sizes.items():
            # A few rows may well be alike in two honest files; a real download is longer.
            if len(alike) < 2 or size < TWIN_BYTES:
                continue
            seen: dict[str, str] = {}
            for one in alike:
                try:
                    with one.path.open("rb") as stream:
                        digest = hashlib.file_digest(stream, "sha256").hexdigest()
                except OSError:
                    continue
                if digest in seen:
                    problems.add(problem("same-file-twice", file=one.name, other=seen[digest]))
                seen.setdefault(digest, one.name)


class _Loading:
    """One load, in the order that lets the visits be scanned while pandas is imported and the rest is read."""

    def __init__(
        self,
        *,
        config: Config,
        files: Mapping[Stage, Sequence[SourceFile]],
        opened: Mapping[Stage, list[Opened]],
        problems: Problems,
        progress: Callable[[str], None],
    ) -> None:
        self.config = config
        self.files = {stage: list(given) for stage, given in files.items()}
        self.opened = dict(opened)
        self.problems = problems
        self.progress = progress
        self.zone = ZoneInfo(config.business.timezone)
        self.channels = ChannelMap(config.channels)

    def exports(self) -> Exports:
        # Large visits are scanned in a thread from the first moment on; where they are to be joined with the signups, the
        # engine asks for these when it needs them, and waits until they have been read here.
        awaited: Future[Table] = Future()
        request = self._visit_request(awaited if Stage.SIGNUPS in self.opened else None)
        visits_opened = self.opened.get(Stage.VISITORS)
        early = visits_opened is not None and is_large(visits_opened)
        scan = _Scan(visits_opened, request, self.progress) if visits_opened is not None and early else None
        signups = self._table(Stage.SIGNUPS)
        if signups is not None:
            awaited.set_result(signups)
        if visits_opened is not None and scan is None:
            scan = _Scan(visits_opened, request, self.progress)
        demos = self._table(Stage.DEMOS)
        paid = self._table(Stage.PAID_USERS)
        self.currency = self._currency(paid)
        monthly = self._monthly()
        signups_frame, demos_frame, paid_frame, unmatched = self._frames(signups, demos, paid)
        days = self._days(signups, demos, paid, monthly)
        if early and request.registered is not None and request.signups:
            request.registered()  # while the scan is still busy; the engine compares it with its own
        visits = scan.result() if scan else None
        tables = [t for t in (signups, demos, paid) if t is not None]
        converted = any(t.converted for t in tables)
        if visits is not None:
            days = {Stage.VISITORS: {day for day, _ in visits.sums}} | days
            self.problems.extend(visits.problems)
            unmatched[Stage.VISITORS] = visits.unmatched(self.channels)
            converted = converted or visits.converted
        return Exports(
            config=self.config,
            files=self.files,
            opened=self.opened,
            visits=visits,
            visit_request=request if visits is not None else None,
            signups=signups_frame,
            demos=demos_frame,
            paid_users=paid_frame,
            monthly=monthly,
            series=monthly_series(monthly, self.problems) if monthly else None,
            extents={
                stage: Extent(min(found), max(found), frozenset(day.replace(day=1) for day in found))
                for stage, found in days.items()
                if found
            },
            problems=self.problems,
            currency=self.currency,
            tallies=(
                *(visits.tallies if visits else []),
                *(tally for table in tables for tally in table.tallies),
                *(monthly.tallies if monthly else []),
            ),
            unmatched=unmatched,
            orders={
                **{table.stage: table.order for table in tables},
                **({Stage.VISITORS: visits.order} if visits is not None else {}),
            },
            timezone_assumed=converted and not self.config.timezone_given,
        )

    def _table(self, stage: Stage) -> Table | None:
        if stage not in self.opened:
            return None
        from funnelcli.reading.tables import read_table

        self.progress(f"reading {stage.value}")
        return read_table(self.opened[stage], stage, settings_of(self.config, stage), self.zone, self.problems)

    def _currency(self, paid: Table | None) -> str:
        from funnelcli.facts.money import settle_currency

        return settle_currency(paid, self.config, self.problems)

    def _monthly(self) -> MonthlyTable | None:
        if Stage.MONTHLY not in self.opened:
            return None
        settings = settings_of(self.config, Stage.MONTHLY)
        return read_monthly(self.opened[Stage.MONTHLY], settings, self.problems, currency=self.currency)

    def _days(
        self, signups: Table | None, demos: Table | None, paid: Table | None, monthly: MonthlyTable | None
    ) -> dict[Stage, set[date]]:
        """The days on which each stage has an event, duplicates too; ends and demos to be held may lie ahead."""
        days: dict[Stage, set[date]] = {}
        for table, column in ((signups, "signed_up_at"), (demos, "booked_at"), (paid, "started_at")):
            if table is not None:
                numbers = table.moments[column].distinct_days()
                days[table.stage] = {day_of(number * DAY_MICROS) for number in numbers}
        if monthly is not None:
            months = {row.month for row in monthly.rows}
            days[Stage.MONTHLY] = months | {month_of(month).last_day for month in months}
        return days

    def _visit_request(self, awaited: Future[Table] | None) -> VisitRequest:
        settings = settings_of(self.config, Stage.VISITORS)

        @cache
        def registered() -> FirstSignups:
            from funnelcli.reading.tables import first_signups

            assert awaited is not None
            return first_signups(awaited.result())

        return VisitRequest(
            zone=self.zone,
            channels=ChannelMap(self.config.channels),
            registered=registered if awaited is not None else None,
            order=settings.date_order,
            decimal=settings.decimal,
            signups=tuple(self.opened.get(Stage.SIGNUPS, ())),
        )

    def _frames(
        self, signups: Table | None, demos: Table | None, paid: Table | None
    ) -> tuple[pd.DataFrame | None, pd.DataFrame | None, pd.DataFrame | None, dict[Stage, Counter[str]]]:
        from funnelcli.facts import frames

        unmatched: dict[Stage, Counter[str]] = {}
        of_user = frames.NO_CHANNELS
        signups_frame = demos_frame = paid_frame = None
        if signups is not None:
            signups_frame, of_user = frames.signups_frame(signups, self.channels)
            unmatched[Stage.SIGNUPS] = frames.unmatched_sources(signups_frame, self.channels)
        if demos is not None:
            demos_frame = frames.demos_frame(demos, self.channels, of_user, self.problems)
            unmatched[Stage.DEMOS] = frames.unmatched_sources(demos_frame, self.channels)
        if paid is not None:
            paid_frame = frames.paid_users_frame(
                paid,
                self.channels,
                of_user,
                self.problems,
                exclusive=self.config.paid_users.end_date == "exclusive",
                currency=self.currency,
                settings=settings_of(self.config, Stage.PAID_USERS),
            )
            unmatched[Stage.PAID_USERS] = frames.unmatched_sources(paid_frame, self.channels)
        return signups_frame, demos_frame, paid_frame, unmatched


class _Scan:
    """The scan of the visits; large ones in a thread, for DuckDB lets go of the interpreter while it reads."""

    def __init__(self, opened: Sequence[Opened], request: VisitRequest, progress: Callable[[str], None]) -> None:
        self._table: VisitTable | None = None
        self._error: BaseException | None = None
        self._thread: threading.Thread | None = None

        def run() -> None:
            try:
                self._table = scan_visits(opened, request)
            except BaseException as error:  # raised again in result(), in the thread that waits
                self._error = error

        if is_large(opened):
            progress("reading visits")
            make_ready()
            # The engine's thread needs the interpreter only for moments, but should not wait long for each.
            sys.setswitchinterval(0.0005)
            self._thread = threading.Thread(target=run, daemon=True)
            self._thread.start()
        else:
            run()

    def result(self) -> VisitTable:
        if self._thread is not None:
            while self._thread.is_alive():
                self._thread.join(0.1)  # in slices, so that Ctrl-C is heard
        if self._error is not None:
            raise self._error
        assert self._table is not None
        return self._table
