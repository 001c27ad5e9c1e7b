"""The Python API: a folder of exports is opened, and asked the questions that the commands ask.

``import funnelcli as fc`` gives everything here.  Nothing is printed, no file is written but by ``save``, and what is
wrong with the exports is raised as one of our exceptions, with every problem attached.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from funnelcli.answers.answer import Answer
from funnelcli.answers.catalogue import dashboard_metric, find
from funnelcli.answers.catalogue_answer import catalogue_answer
from funnelcli.answers.layout import Layout
from funnelcli.answers.sources import Files, Sources
from funnelcli.problems import InputError, Problem, Problems, UsageError
from funnelcli.renderers import Style, by_extension, formats, known_formats, no_format
from funnelcli.text import KNOWN_LANGUAGES, LANGS, Lang, Text
from funnelcli.values.figures import Note, Value
from funnelcli.values.periods import Grain, grain_named
from funnelcli.writing import write_file

if TYPE_CHECKING:
    import pandas as pd

    from funnelcli.answers.check import Checked
    from funnelcli.answers.explain import CountedRow, Explanation
    from funnelcli.answers.report_model import Report, Row
    from funnelcli.answers.track import Tracked
    from funnelcli.config import Config
    from funnelcli.counting.parts import Parts
    from funnelcli.facts.model import Facts
    from funnelcli.planning.model import Plan
    from funnelcli.reading.discover import Folder as OpenedFolder
    from funnelcli.values.dates import DateOrder
    from funnelcli.values.slices import Slice


class Result:
    """An answer to a question: shown as a table in a notebook, written in any format.

    >>> import funnelcli as fc
    >>> fc.explain("new_signups").render("csv").splitlines()[1][:36]
    'new_signups,New signups (RU),people,'
    """

    @property
    def answer(self) -> Answer:
        """The answer as raw values in blocks, rows and data: what the formats are made from."""
        raise TypeError("a result of no question")

    def to_bytes(self, form: str = "json", *, lang: str = "en", layout: str | None = None, bom: bool = False) -> bytes:
        """The answer in a format (table, md, csv, tsv, json, html, xlsx), as the command writes it.

        ``layout`` is wide or tidy for rows, metric or part for people.  Raises UsageError for a format, language or
        layout that there is not.
        """
        if form not in formats():
            raise UsageError(no_format(form), hint=known_formats())
        style = Style(lang=_lang(lang), layout=None if layout is None else _layout(layout), bom=bom)
        return formats()[form].render(self.answer, style)

    def render(self, form: str = "table", *, lang: str = "en", layout: str | None = None) -> str:
        """The answer as text; of a workbook, which is none, ask ``to_bytes``."""
        if form in formats() and not formats()[form].is_text:
            raise UsageError(
                Text("{form} is not text.", "{form} không phải văn bản.").filled(form=form),
                hint=Text(
                    'Use to_bytes("{form}") or save("report.{form}").',
                    'Dùng to_bytes("{form}") hoặc save("report.{form}").',
                ).filled(form=form),
            )
        return self.to_bytes(form, lang=lang, layout=layout).decode()

    def save(self, path: str | Path, *, lang: str = "en", layout: str | None = None) -> Path:
        """Write the answer into a file, whole or not at all, in the format that its ending says."""
        target = _path(path, "path")
        chosen = by_extension().get(target.suffix.casefold())
        if chosen is None:
            raise UsageError(
                Text("{name}: the ending tells no format.", "{name}: không rõ định dạng qua đuôi tệp.").filled(
                    name=target.name
                ),
                hint=Text("Use one of {endings}.", "Dùng một trong {endings}.").filled(
                    endings=" ".join(by_extension())
                ),
            )
        write_file(target, self.to_bytes(chosen.name, lang=lang, layout=layout))
        return target

    def to_frame(self) -> pd.DataFrame:
        """The rows of the answer's usual sheet as a pandas table; exact fractions as floats."""
        import pandas as pd

        sheet = self.answer.sheet()
        rows = [[float(raw) if isinstance(raw, Fraction) else raw for raw in row] for row in sheet.rows]
        return pd.DataFrame(rows, columns=list(sheet.header))

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return self.to_bytes("html").decode()


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

    def __init__(self, folder: Folder, report: Report) -> None:
        self.folder = folder
        self.report = report

    @cached_property
    def answer(self) -> Answer:
        """The dashboard as raw values."""
        from funnelcli.answers.report_answer import report_answer

        return report_answer(self.report)

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
        unsplit = Text("none: the report is not split", "không có: báo cáo không chia")
        raise UsageError(
            Text("The report has no {key} of the part {part!r}.", "Báo cáo không có {key} của phần {part!r}.").filled(
                key=key, part=part
            ),
            hint=Text("Its parts are {known}.", "Các phần là {known}.").filled(known=", ".join(self.parts) or unsplit),
        )

    def __getitem__(self, key: str | tuple[str, str]) -> pd.Series:
        """The numbers of a metric by period, NaN where one is missing; of a part with ``r[metric, part]``."""
        import pandas as pd

        if isinstance(key, str):
            metric, part = key, None
        elif isinstance(key, tuple) and len(key) == 2:
            metric, part = key
        else:
            raise _wrong("the key", key, Text("a metric, or a metric and a part", "một chỉ số, hoặc chỉ số và phần"))
        values = self.values(metric, part)
        numbers = [values[period.key].value for period in self.report.spec.periods]
        index = [period.key for period in self.report.spec.periods]
        return pd.Series(numbers, index=index, name=find(metric).key, dtype=float)

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
        wanted = _month(month, "month") or keys[-1]
        if wanted not in keys:
            raise UsageError(
                Text("The report has no period {wanted!r}.", "Báo cáo không có kỳ {wanted!r}.").filled(wanted=wanted),
                hint=Text("Its periods are {keys}.", "Các kỳ là {keys}.").filled(keys=", ".join(keys)),
            )
        return self.folder._explained(
            metric, wanted, spec.by, part, spec.as_of, spec.skip_bad_rows, self.report.split
        )  # fmt: skip

    def __contains__(self, metric: object) -> bool:
        """Whether it has a metric of this key."""
        return metric in self.metrics

    def __iter__(self) -> Iterator[str]:
        """The keys of its metrics."""
        return iter(self.metrics)


def _key(part: Slice | None) -> str | None:
    return None if part is None else part.key


class ExplainResult(Result):
    """A figure opened: its ``value``, what it is made of (``inputs``), and the ``rows`` that were counted."""

    def __init__(self, facts: Facts, explanation: Explanation, split: Parts | None) -> None:
        self._facts = facts
        self._split = split
        self.explanation = explanation
        self.listed = False
        self.command: str | None = None

    @property
    def value(self) -> Value:
        """The figure, or the reason why there is none."""
        return self.explanation.value

    @property
    def inputs(self) -> dict[str, Value]:
        """The figures it is made of, one level down, by metric."""
        return {metric.key: value for metric, value in self.explanation.inputs}

    @property
    def parts(self) -> dict[str, Value]:
        """The value of each part, where a dimension was asked for."""
        return {part.key: value for part, value in self.explanation.parts}

    @cached_property
    def rows(self) -> list[CountedRow]:
        """The very rows of the exports that the figure counts; they sum to it."""
        from funnelcli.answers.explain import counted_rows

        return counted_rows(self._facts, self.explanation, self._split)

    @property
    def answer(self) -> Answer:
        """The explanation as raw values, with its rows where they were asked for."""
        from funnelcli.answers.explain_answer import explain_answer

        rows = self.rows if self.listed else None
        return explain_answer(self.explanation, rows, command=self.command)

    def to_frame(self) -> pd.DataFrame:
        """The rows counted as a pandas table."""
        import pandas as pd

        from funnelcli.answers.explain_answer import explain_answer

        sheet = explain_answer(self.explanation, self.rows, command=None).sheet()
        return pd.DataFrame([list(row) for row in sheet.rows], columns=list(sheet.header))


class DefinitionResult(Result):
    """What metrics mean."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    @property
    def answer(self) -> Answer:
        """The definitions as raw values."""
        return self._answer


class TargetsResult(Result):
    """A goal broken into quotas; ``plan`` has them as exact fractions."""

    def __init__(self, plan: Plan, inputs: Sequence[Path]) -> None:
        self.plan = plan
        self.inputs = tuple(inputs)

    @cached_property
    def answer(self) -> Answer:
        """The plan as raw values."""
        from funnelcli.answers.targets_answer import targets_answer

        return targets_answer(self.plan)


class TrackResult(Result):
    """Actual figures beside targets; ``tracked`` has them as exact fractions."""

    def __init__(self, tracked: Tracked, files: Sequence[Path] = ()) -> None:
        self.tracked = tracked
        self.files = tuple(files)

    @cached_property
    def answer(self) -> Answer:
        """The comparison as raw values."""
        from funnelcli.answers.track_answer import track_answer

        return track_answer(self.tracked)

    def check(self, least: str) -> None:
        """ThresholdError where a figure is below a share of its target, or in a running month of its pace."""
        from funnelcli.answers.plan_options import read
        from funnelcli.answers.track import below
        from funnelcli.values.amounts import parse_share

        below(self.tracked, read(parse_share, least, "least"))


class CheckResult(Result):
    """What is wrong or odd in the exports; ``problems`` lists it, ``ok`` says whether a report can be made."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked

    @property
    def problems(self) -> list[Problem]:
        """Every error and warning, the errors first."""
        return self.checked.problems.sorted()

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.checked.problems.fatal(skip_bad_rows=False)

    @cached_property
    def answer(self) -> Answer:
        """The findings as raw values."""
        from funnelcli.answers.check_answer import check_answer

        return check_answer(self.checked)


class Folder:
    """A folder of exports, to be asked.  The files are read when the first question needs them, and then kept.

    As a context manager it lets go of what it holds at the end of the block; without one, when it is no longer used.
    """

    def __init__(self, sources: Sources, *, now: datetime | None = None) -> None:
        self.sources = sources
        self.now = now or datetime.now(UTC)
        self._held = contextlib.ExitStack()
        self._facts: dict[str | None, Facts] = {}

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the facts and of temporary copies of piped files."""
        self._facts.clear()
        self._held.close()
        vars(self).pop("_files", None)

    def __repr__(self) -> str:
        return f"Folder({str(self.sources.path)!r})"

    @cached_property
    def _opened(self) -> OpenedFolder:
        return self.sources.folder()

    @property
    def config(self) -> Config:
        """The settings of its funnel.toml."""
        return self._opened.config

    @cached_property
    def _files(self) -> tuple[Files, list[str]]:
        """The files of each input, copies of those that can be read but once, and the tables that are of no input."""
        if error := self.nothing_found():
            raise error
        return self._held.enter_context(self.sources.readable(self._discovered[0])), self._discovered[1]

    @cached_property
    def _discovered(self) -> tuple[Files, list[str]]:
        from funnelcli.reading.discover import discover

        return discover(self._opened, self.sources.named)

    def nothing_found(self) -> InputError | None:
        """The error of a folder that holds no export at all; None where it holds one."""
        from funnelcli.reading.discover import nothing_found

        files, unknown = self._discovered
        return None if files else nothing_found(self._opened, unknown)

    @property
    def is_named(self) -> bool:
        """Whether files are named one by one."""
        return bool(self.sources.named)

    @property
    def stdin(self) -> Callable[[], IO[bytes]]:
        """What gives the stream that ``-`` stands for."""
        return self.sources.stdin

    @property
    def inputs(self) -> list[Path]:
        """The files that are read."""
        return [source.path for given in self._files[0].values() for source in given]

    def facts(self, *, by: str | None = None) -> Facts:
        """The checked facts, whatever is wrong with them; ``by`` is a dimension that summed rows are to be split by."""
        from funnelcli.facts.load import load

        split = by if by not in (None, "channel") else None
        if split not in self._facts:
            files, _ = self._files
            with self.sources.progress(files) as progress:
                self._facts[split] = load(self.config, files, by=split, progress=progress)
        return self._facts[split]

    def countable(self, *, skip_bad_rows: bool = False, by: str | None = None) -> Facts:
        """The checked facts; InputError, with every problem, where errors forbid to count them."""
        from funnelcli.answers.sources import refusal

        facts = self.facts(by=by)
        if facts.problems.fatal(skip_bad_rows=skip_bad_rows):
            raise InputError(refusal(facts), problems=facts.problems)
        return facts

    def report(
        self,
        *,
        start: str | date | None = None,
        end: str | date | None = None,
        month: str | date | None = None,
        last: int | None = None,
        grain: str = "month",
        by: str | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
        digests: bool = False,
    ) -> ReportResult:
        """The dashboard over a range of periods (``start`` to ``end``, the ``last`` so many, or one ``month``).

        ``by`` splits every metric by a dimension.  Raises InputError where the exports have errors, UsageError for
        options that contradict each other, ConfigError for wrong settings.

        >>> import funnelcli as fc
        >>> fc.open_folder("examples/plain").report(month="2026-08")["new_signups"].to_dict()
        {'2026-08': 57.0}
        """
        by, grain = _word(by, "by"), _grain(grain)
        first, final, only = _month(start, "start"), _month(end, "end"), _month(month, "month")
        latest, day = _whole(last, "last"), _day(as_of)
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=by)
        # Only now: the scan of large visits begins before numpy and pandas are imported.
        from funnelcli.answers.report import build
        from funnelcli.answers.spec import RangeOptions, resolve

        wanted = RangeOptions(first=first, last=final, month=only, latest=latest, grain=grain, as_of=day)
        spec = resolve(wanted, facts, now=self.now, by=by, skip_bad_rows=skip_bad_rows)
        return ReportResult(self, build(facts, spec, digests=digests))

    def explain(
        self,
        metric: str,
        *,
        month: str | date | None = None,
        by: str | None = None,
        part: str | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
    ) -> ExplainResult:
        """A figure of a month, quarter or year (the latest month where none is given), of the whole or of one ``part``.

        ``by`` names the dimension of the part; without a part each part is shown beside the whole.

        >>> import funnelcli as fc
        >>> rate = fc.open_folder("examples/plain").explain("paid_user_churn_rate", month="2026-08")
        >>> {metric: value.value for metric, value in rate.inputs.items()}
        {'churn_counted_paid_users': 1, 'opening_paid_users': 23}
        """
        return self._explained(metric, month, by, part, as_of, skip_bad_rows)

    def _explained(
        self,
        metric: str,
        month: str | date | None,
        by: str | None,
        part: str | None,
        as_of: str | date | None,
        skip_bad_rows: bool,
        split: Parts | None = None,
    ) -> ExplainResult:
        """A figure opened; ``split`` are the parts of the report that it stands in."""
        period, part = _month(month, "month"), _word(part, "part")
        wanted = dashboard_metric(_needed(metric, "metric"))
        by = _word(by, "by") or ("channel" if part is not None else None)
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=by)
        from funnelcli.answers.explain import explain_value, part_named
        from funnelcli.answers.report import parts_for
        from funnelcli.answers.spec import RangeOptions, resolve

        options = RangeOptions(
            month=period, latest=None if period else 1, grain=grain_named(period), as_of=_day(as_of)
        )  # fmt: skip
        spec = resolve(options, facts, now=self.now, by=by, skip_bad_rows=skip_bad_rows)
        split = split or parts_for(facts, spec, part)
        of_part = part_named(split, part) if split is not None and part is not None else None
        explanation = explain_value(facts, wanted, spec.periods[-1], spec.as_of, of_part, split)
        return ExplainResult(facts, explanation, split)

    def check(self, *, as_of: str | date | None = None) -> CheckResult:
        """What is wrong or odd in the exports, with file, line and column; nothing is raised for it.

        >>> import funnelcli as fc
        >>> checked = fc.open_folder("examples/saas_vn").check()
        >>> checked.ok, checked.problems[0].code
        (True, 'orphan-user')
        """
        from funnelcli.answers.check import Checked, file_lines
        from funnelcli.answers.checks import odd_findings
        from funnelcli.answers.spec import resolve_as_of
        from funnelcli.reading.discover import unknown_file

        facts = self.facts()
        problems = Problems()
        problems.extend(facts.problems)
        for name in self._files[1]:
            problems.add(unknown_file(name))
        if facts.extents:
            limit = resolve_as_of(_day(as_of), facts.extents, self.config.business.timezone, self.now)
            problems.extend(odd_findings(facts, limit, today=self.now.date() if as_of is None else limit))
        return CheckResult(Checked(files=file_lines(facts), problems=problems))

    def track(
        self,
        targets: str | Path | TargetsResult | None = None,
        *,
        month: str | date | None = None,
        start: str | date | None = None,
        end: str | date | None = None,
        by: str | None = None,
        metrics: str | Sequence[str] = (),
        cumulative: bool = False,
        replan: bool = False,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
    ) -> TrackResult:
        """Actual figures beside targets: a file, a result of :meth:`targets`, or the targets file in the folder.

        ``start``, ``end`` or ``month`` choose months of the targets, ``metrics`` the figures; ``cumulative`` sums from
        their first month; ``replan`` spreads what is left over the months that are left.

        >>> import funnelcli as fc
        >>> folder = fc.open_folder("examples/plain")
        >>> targets = folder.targets(new_paid_users=20, start="2026-07", end="2026-08", rates_to="2026-06")
        >>> list(folder.track(targets).to_frame()["period"].unique())
        ['2026-08', 'total']
        """
        from funnelcli.answers.track import TrackRequest, load_targets, targets_in, tracked

        if isinstance(targets, TargetsResult):
            named = targets_in(targets.to_bytes("json"), "targets")
        else:
            given = None if targets is None else str(_path(targets, "targets"))
            named = load_targets(given, self.sources.path, self.sources.stdin)
        request = TrackRequest(
            month=_month(month, "month"), first=_month(start, "start"), last=_month(end, "end"), by=_word(by, "by"),
            metrics=_words(metrics), cumulative=cumulative, replan=replan, as_of=_day(as_of),
            skip_bad_rows=skip_bad_rows,
        )  # fmt: skip
        facts = self.countable(skip_bad_rows=skip_bad_rows)
        return TrackResult(tracked(facts, named, request, self.now), [named.path] if named.path else [])

    def targets(
        self,
        *,
        start: str | date | None = None,
        end: str | date | None = None,
        shape: str | None = None,
        revenue_by_month: str | Path | None = None,
        by: str | None = None,
        what_if: str | Sequence[str] = (),
        max_new_paid_users: str | int | None = None,
        rates_from: str | date | None = None,
        rates_to: str | date | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
        measure: bool = True,
        **given: str | int | float | None,
    ) -> TargetsResult:
        """A goal broken into the quotas of each stage, month by month.

        The goal is one of ``revenue``, ``mrr``, ``paid_users``, ``new_paid_users``; assumptions are given like
        ``demo_to_paid="40%"``, and measured from the exports where they are not.  Without ``measure`` the exports are
        only looked at for what is not given.  Raises GoalError where the goal cannot be met.

        >>> import funnelcli as fc
        >>> plan = fc.open_folder("examples/plain").targets(new_paid_users=20, start="2026-09", end="2026-10")
        >>> plan.to_frame().set_index("metric").loc["required_new_paid_users", ["2026-09", "2026-10", "total"]].tolist()
        [10.0, 10.0, 20.0]
        """
        from funnelcli.answers.targets import Request, planned, split_given

        goals, flags = split_given({name: str(value) for name, value in given.items() if value is not None})
        request = Request(
            exports=self,
            now=self.now,
            path_given=measure,
            goals=goals,
            first=_month(start, "start"),
            last=_month(end, "end"),
            shape=_word(shape, "shape"),
            revenue_by_month=None if revenue_by_month is None else _path(revenue_by_month, "revenue_by_month"),
            by=_word(by, "by"),
            flags=flags,
            max_new_paid_users=None if max_new_paid_users is None else str(max_new_paid_users),
            rates_from=_month(rates_from, "rates_from"),
            rates_to=_month(rates_to, "rates_to"),
            what_if=_words(what_if),
            as_of=_day(as_of),
            skip_bad_rows=skip_bad_rows,
        )
        plan, inputs = planned(request)
        return TargetsResult(plan, inputs)

    @property
    def unused(self) -> list[str]:
        """The names of tables in the folder that are of no input."""
        return self._files[1]

    def undecided_dates(self) -> dict[str, Text]:
        """The inputs whose order of day and month nothing decides, each with a cell that shows it."""
        from funnelcli.answers.init import undecided_dates

        return undecided_dates(self.facts())

    def first_config(
        self,
        *,
        name: str = "",
        currency: str | None = None,
        timezone: str | None = None,
        lang: str = "en",
        date_orders: Mapping[str, DateOrder] | None = None,
    ) -> str:
        """The text of a funnel.toml that says how the folder is read, with comments, to be corrected where it is wrong.

        ``name``, ``currency`` and ``timezone`` are of the business; ``date_orders`` decides dates like 03/04/2026 of an
        input (``{"signups": "dmy"}``).
        """
        from funnelcli.answers.init import Answers, first_config

        facts = self.facts()
        answers = Answers(
            name=name,
            currency=currency or facts.currency,
            timezone=timezone or facts.config.business.timezone,
            lang=_lang(lang),
            date_orders=date_orders or {},
        )
        return first_config(facts, answers)


def open_folder(
    path: str | Path = ".",
    *,
    files: Mapping[str, str | Path | Sequence[str | Path]] | None = None,
    configured: bool = True,
    now: datetime | None = None,
) -> Folder:
    """A folder of exports, or the folder of a funnel.toml; not ``configured``, a funnel.toml in it is not looked at.

    ``files`` name the files of inputs one by one (``{"signups": "crm/leads.csv"}``), which then stand for the whole.
    ``now`` is only looked at for ``as_of="today"`` and by ``check``.  Raises UsageError where there is no such place.

    >>> import funnelcli as fc
    >>> fc.open_folder("no/such/place").report()
    Traceback (most recent call last):
    ...
    funnelcli.problems.exceptions.UsageError: no/such/place: there is no such folder or file.
    """
    named = {
        name: [str(given)] if isinstance(given, str | Path) else [str(each) for each in given]
        for name, given in (files or {}).items()
    }
    _check_inputs(named)
    return Folder(Sources(path=_path(path, "path"), named=named, configured=configured), now=now)


def _check_inputs(named: Mapping[str, object]) -> None:
    from funnelcli.inputs import exports

    known = [declared.name for declared in exports()]
    for name in named:
        if name not in known:
            raise UsageError(
                Text("{name!r} is no input.", "{name!r} không phải nguồn dữ liệu.").filled(name=name),
                hint=Text("The inputs are {known}.", "Các nguồn dữ liệu là {known}.").filled(known=", ".join(known)),
            )


def explain(metric: str) -> DefinitionResult:
    """What a metric means, without any exports.  Raises UsageError, with the closest, for what is none.

    >>> import funnelcli as fc
    >>> fc.explain("new_signups").to_frame().loc[0, "unit"]
    'people'
    """
    return DefinitionResult(catalogue_answer([find(_needed(metric, "metric"))]))


def catalogue() -> DefinitionResult:
    """The catalogue of all metrics.

    >>> import funnelcli as fc
    >>> "churned_paid_users" in set(fc.catalogue().to_frame()["metric"])
    True
    """
    return DefinitionResult(catalogue_answer())


def _grain(text: str) -> Grain:
    try:
        return Grain(text)
    except ValueError:
        raise UsageError(
            Text("{text!r} is no grain.", "{text!r} không phải độ dài kỳ.").filled(text=text),
            hint=Text("The grains are {known}.", "Các độ dài kỳ là {known}.").filled(known=", ".join(Grain)),
        ) from None


def _lang(text: str) -> Lang:
    for lang in LANGS:
        if lang == text:
            return lang
    raise UsageError(
        Text("{text!r} is no language.", "{text!r} không phải ngôn ngữ.").filled(text=text), hint=KNOWN_LANGUAGES
    )


def _layout(text: str) -> Layout:
    try:
        return Layout(text)
    except ValueError:
        raise UsageError(
            Text("{text!r} is no layout.", "{text!r} không phải bố cục.").filled(text=text),
            hint=Text("The layouts are {known}.", "Các bố cục là {known}.").filled(known=", ".join(Layout)),
        ) from None


def _day(day: str | date | None) -> str | None:
    return day.isoformat()[:10] if isinstance(day, date) else _word(day, "as_of")


def _month(month: str | date | None, name: str) -> str | None:
    """A month (quarter, year) as text; a date stands for its month."""
    return month.isoformat()[:7] if isinstance(month, date) else _word(month, name)


def _word(word: str | None, name: str) -> str | None:
    """A text that is given; UsageError where it is empty, or something else."""
    if word is None or (isinstance(word, str) and word.strip()):
        return word
    raise _wrong(name, word, Text("a text", "một chuỗi"))


def _needed(word: str | None, name: str) -> str:
    """A text that has to be given."""
    given = _word(word, name)
    if given is None:
        raise _wrong(name, word, Text("a text", "một chuỗi"))
    return given


def _words(words: str | Sequence[str], name: str = "words") -> tuple[str, ...]:
    """Several texts; one alone may stand by itself."""
    return tuple(_needed(word, name) for word in ([words] if isinstance(words, str) else words))


def _whole(number: int | None, name: str) -> int | None:
    if number is None or (isinstance(number, int) and not isinstance(number, bool)):
        return number
    raise _wrong(name, number, Text("a whole number", "một số nguyên"))


def _path(path: str | Path, name: str) -> Path:
    if isinstance(path, str | Path) and str(path):
        return Path(path)
    raise _wrong(name, path, Text("a path", "một đường dẫn"))


def _wrong(name: str, given: object, wanted: Text) -> UsageError:
    return UsageError(
        Text("{name} = {given!r} is of no use.", "{name} = {given!r} không dùng được.").filled(name=name, given=given),
        hint=Text("Give {wanted}.", "Hãy cho {wanted}.").filled(wanted=wanted),
    )


__all__ = [
    "CheckResult",
    "DefinitionResult",
    "ExplainResult",
    "Folder",
    "ReportResult",
    "Result",
    "TargetsResult",
    "TrackResult",
    "catalogue",
    "explain",
    "open_folder",
]
