"""The dashboard as a caller holds it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from funnelcli.answers.answer import Answer
from funnelcli.answers.catalogue import dashboard_metric, find
from funnelcli.api import arguments
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.result import Result
from funnelcli.problems import ThresholdError, UsageError
from funnelcli.text import Message, Text, joined
from funnelcli.values.figures import Note, Value

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from funnelcli.answers.against import Changes
    from funnelcli.answers.answer import Page, Tab
    from funnelcli.answers.drawn import DrawnPage
    from funnelcli.answers.pack import Pack
    from funnelcli.answers.report_model import Report, Row
    from funnelcli.answers.targets_loaded import NamedTargets
    from funnelcli.api.explained import ExplainResult
    from funnelcli.api.folder import Folder
    from funnelcli.values.slices import Slice


class PageOptions(Struct, frozen=True, kw_only=True):
    """What the page of a report is to show beside its figures: the file of its targets, everything, the rows."""

    targets: str | None = None
    everything: bool = False
    rows: bool = False


class ReportResult(Result):
    """The dashboard.

    ``r["new_paid_users"]`` gives the figures of a metric, ``r.explain(...)`` opens one figure down to its rows.

    >>> import funnelcli as fc
    >>> report = fc.open_folder("examples/plain").report(last=2, by="plan")
    >>> report["closing_paid_users", "team"].to_dict()
    {'2026-07': 7.0, '2026-08': 9.0}
    >>> report.parts
    ['starter', 'team', 'business', 'unknown']
    """

    def __init__(
        self, folder: Folder, report: Report, page: PageOptions | None = None, changes: Changes | None = None
    ) -> None:
        self.folder = folder
        self.changes = changes
        self.report = report
        if changes is not None:
            from funnelcli.answers.changed import noted

            self.report = noted(report, changes)
        self.page = page or PageOptions()

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The dashboard as raw values."""
        from funnelcli.answers.report_answer import report_answer

        return report_answer(self.report, self._drawn, self._tabs, self._brief, self.changes)

    @with_own_metrics
    def frozen(self) -> bytes:
        """The report as JSON with the keys of all rows that it counted, so that a later one can be held against it.

        A key stands for a person and tells no id; who knows an id can tell its key.

        >>> import funnelcli as fc, json
        >>> kept = json.loads(fc.open_folder("examples/plain").report(last=1).frozen())
        >>> kept["format"], "demo_booked" in kept["frozen"]["events"]
        ('funnelcli.report', True)
        """
        from funnelcli.answers.frozen import frozen_data
        from funnelcli.answers.report import with_digests
        from funnelcli.renderers.json import to_bytes

        facts = self.folder.facts(by=self.report.spec.by)
        return to_bytes(frozen_data(with_digests(self.report, facts), facts))

    @with_own_metrics
    def is_kept_in(self, path: Path) -> bool:
        """Whether a file keeps the same periods with the same figures.  UsageError where it keeps no report."""
        from funnelcli.answers.against import changes
        from funnelcli.answers.frozen import read_earlier

        earlier = read_earlier(path)
        closed = {period.key for period in self.report.spec.periods if not period.cut_by(self.report.spec.as_of)}
        if earlier.closed != closed:
            return False
        return not changes(self.report, self.folder.facts(by=self.report.spec.by), earlier).figures

    @property
    @with_own_metrics
    def change_notes(self) -> list[Text]:
        """What differs from the report that this one is held against; nothing where nothing does, or there is none."""
        if self.changes is None or not self.changes.figures:
            return []
        from funnelcli.answers.changed import change_notes

        return [note.text for note in change_notes(self.changes)]

    def check_unchanged(self) -> None:
        """ThresholdError where closed figures differ from those of the report that this one is held against."""
        if self.change_notes:
            first, *more = self.change_notes
            raise ThresholdError(first, hint=joined(" ", more))

    @cached_property
    @with_own_metrics
    def pack(self) -> Pack:
        """The report with what a page shows beside it: targets, and the parts of each dimension."""
        from funnelcli.answers.packing import packed

        spec, page = self.report.spec, self.page
        facts = self.folder.facts(by=spec.by)
        return packed(
            facts, self.report, self._targets, self.folder.now, everything=page.everything,
            asked=page.targets is not None, with_rows=page.rows,
        )  # fmt: skip

    @with_own_metrics
    def _tabs(self) -> tuple[Tab, ...]:
        from funnelcli.answers.pack_tabs import pack_tabs

        return pack_tabs(self.pack)

    @with_own_metrics
    def _drawn(self) -> DrawnPage:
        from funnelcli.answers.pack import pack_page

        page = pack_page(self.pack)
        if self.changes is None or not self.changes.figures:
            return page
        from msgspec.structs import replace

        from funnelcli.answers.changed import change_chapter

        chapter = change_chapter(self.changes, self.report.spec.currency)
        return replace(page, chapters=(chapter, *page.chapters))

    @with_own_metrics
    def _brief(self) -> Page:
        from funnelcli.answers.chat import chat_page

        return chat_page(self.pack)

    def _targets(self) -> NamedTargets | None:
        """The targets asked for, or those of the folder; None where there are none."""
        from funnelcli.answers.targets_loaded import load_targets, names_of, targets_beside

        given, sources = self.page.targets, self.folder.sources
        if given is None and not targets_beside(sources.path):
            return None
        return load_targets(given, sources.path, sources.stdin, names_of(self.folder.config))

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the reader should know about the figures."""
        return self.report.notes

    @property
    def metrics(self) -> list[str]:
        """The keys of the metrics it has, in the order they are shown."""
        return list(dict.fromkeys(row.metric.key for row in self.report.rows))

    @property
    def parts(self) -> list[str]:
        """The parts that it is split into; none where it is not."""
        return list(dict.fromkeys(row.part.key for row in self.report.rows if row.part is not None))

    @with_own_metrics
    def values(self, metric: str, part: str | None = None) -> dict[str, Value]:
        """The figures of a metric by period key, and of the whole range under ``total``; each a number or its reason.

        Raises UsageError for a metric or part that the report has not.

        >>> import funnelcli as fc
        >>> report = fc.open_folder("examples/plain").report(last=2)
        >>> rate = report.values("paid_user_churn_rate")["2026-08"]
        >>> rate.numerator, rate.denominator, rate.missing
        (1, 23, None)
        """
        row = self._row(metric, part)
        keys = [*(period.key for period in self.report.spec.periods), "total"]
        return dict(zip(keys, (*row.cells, row.total), strict=True))

    def _row(self, metric: str, part: str | None) -> Row:
        key = find(metric).key
        for row in self.report.rows:
            if row.metric.key == key and (row.part.key if row.part else None) == part:
                return row
        unsplit = Message("none: the report is not split")
        raise UsageError(
            Message("The report has no {key} of the part {part!r}.").filled(key=key, part=part),
            hint=Message("Its parts are {known}.").filled(known=", ".join(self.parts) or unsplit),
        )

    @with_own_metrics
    def __getitem__(self, key: str | tuple[str, str]) -> pd.Series:
        """The numbers of a metric by period, NaN where one is missing; of a part with ``r[metric, part]``."""
        import pandas as pd

        if isinstance(key, str):
            metric, part = key, None
        elif isinstance(key, tuple) and len(key) == 2:
            metric, part = key
        else:
            wanted = Message("a metric, or a metric and a part")
            raise arguments.wrong(Message("the key"), key, wanted)
        values = self.values(metric, part)
        numbers = [values[period.key].value for period in self.report.spec.periods]
        index = [period.key for period in self.report.spec.periods]
        return pd.Series(numbers, index=index, name=find(metric).key, dtype=float)

    @with_own_metrics
    def to_frame(self) -> pd.DataFrame:
        """A row a metric (and part), a column a period and ``total``; NaN where a figure is missing."""
        import pandas as pd

        split = bool(self.parts)
        rows = [
            {
                "metric": row.metric.key,
                **({self.report.spec.by or "part": row.part.key if row.part else ""} if split else {}),
                **{key: value.value for key, value in self.values(row.metric.key, _key(row.part)).items()},
            }
            for row in self.report.rows
        ]
        frame = pd.DataFrame(rows)
        names = ["metric", self.report.spec.by or "part"] if split else ["metric"]
        return frame.set_index(names)

    def explain(self, metric: str, *, month: str | date | None = None, part: str | None = None) -> ExplainResult:
        """A figure of this report opened: ``month`` is the key of one of its periods, the last where none is given.

        >>> import funnelcli as fc
        >>> lost = fc.open_folder("examples/plain").report(last=2).explain("churned_paid_users")
        >>> [(row.file, row.line, row.user_id) for row in lost.rows]
        [('paid_users.csv', 4, 'u016')]
        """
        spec = self.report.spec
        keys = [period.key for period in spec.periods]
        wanted = arguments.month(month, "month") or keys[-1]
        if wanted not in keys:
            raise UsageError(
                Message("The report has no period {wanted!r}.").filled(wanted=wanted),
                hint=Message("Its periods are {keys}.").filled(keys=", ".join(keys)),
            )
        opened = self.folder._explained(
            metric, wanted, spec.by, part, spec.as_of, spec.skip_bad_rows, self.report.split,
            window=spec.window.text if spec.window and dashboard_metric(metric).basis == "cohort" else None,
        )  # fmt: skip
        opened.by_clock = self.by_clock
        return opened

    def __contains__(self, metric: object) -> bool:
        """Whether it has a metric of this key."""
        return metric in self.metrics

    def __iter__(self) -> Iterator[str]:
        """The keys of its metrics."""
        return iter(self.metrics)


def _key(part: Slice | None) -> str | None:
    return None if part is None else part.key
