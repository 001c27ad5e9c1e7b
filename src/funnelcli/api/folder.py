"""A folder of exports, and the questions that it can be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from funnelcli.answers.catalogue import dashboard_metric
from funnelcli.api import arguments
from funnelcli.api.agreed import Agreeing
from funnelcli.api.change import ChangeResult
from funnelcli.api.checked import CheckResult
from funnelcli.api.declared import declaring, with_own_metrics
from funnelcli.api.explained import ExplainResult
from funnelcli.api.looking_ahead import LookingAhead
from funnelcli.api.owing import Owing
from funnelcli.api.planned import TargetsResult, TrackResult
from funnelcli.api.profile import Profiling
from funnelcli.api.report import PageOptions, ReportResult
from funnelcli.counting.group_names import GROUPS
from funnelcli.text import Text
from funnelcli.values.period_words import grain_named

if TYPE_CHECKING:
    from funnelcli.api.definitions import DefinitionResult
    from funnelcli.counting.parts import Parts
    from funnelcli.values.dates import DateOrder


class Folder(LookingAhead, Owing, Profiling, Agreeing):
    """A folder of exports, to be asked.  The files are read when the first question needs them, and then kept.

    As a context manager it lets go of what it holds at the end of the block; without one, when it is no longer used.
    ``judged`` are the facts that the last answer was counted from, with what is odd about them.
    """

    @with_own_metrics
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
        targets: str | Path | None = None,
        pack: bool = False,
        rows: bool = False,
        against: str | Path | None = None,
        basis: str = "period",
        window: str | None = None,
        section: str | Sequence[str] = (),
    ) -> ReportResult:
        """The dashboard over a range of periods (``start`` to ``end``, the ``last`` so many, or one ``month``).

        ``by`` splits every metric by a dimension.  Its page shows the ``targets`` of a file, else those of the folder;
        with ``pack`` everything that the data supports, over a year where no range is given, and with ``rows`` the
        rows behind the latest figures.  ``basis="cohort"`` puts rates of the same people beside those of periods: of
        who entered in each, the share that got on within the ``window`` (``"90d"``).  ``section`` names
        those to be shown: dashboard, opportunity, customer, or one of the settings.  Held ``against`` an earlier
        report, written as JSON or frozen, it says which closed figures differ.  Raises InputError where the exports
        have errors, UsageError for options that contradict each other, ConfigError for wrong settings.

        >>> import funnelcli as fc
        >>> fc.open_folder("examples/plain").report(month="2026-08")["new_signups"].to_dict()
        {'2026-08': 57.0}
        """
        by, grain = arguments.word(by, "by"), arguments.grain(grain)
        first, final = arguments.month(start, "start"), arguments.month(end, "end")
        only = arguments.month(month, "month")
        latest, day = arguments.whole(last, "last"), arguments.day(as_of)
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=by, as_of=day)
        before = None if against is None else arguments.path(against, "against")
        # Only now: the scan of large visits begins before numpy and pandas are imported.
        from funnelcli.answers.against import compared
        from funnelcli.answers.report import build
        from funnelcli.answers.spec import RangeOptions, resolve

        wanted = RangeOptions(first=first, last=final, month=only, latest=latest, grain=grain, as_of=day, pack=pack)
        followed, sections = arguments.window(basis, window), arguments.words(section, "section")
        spec = resolve(
            wanted, facts, now=self.now, by=by, skip_bad_rows=skip_bad_rows, window=followed, sections=sections
        )
        given = None if targets is None else str(arguments.path(targets, "targets"))
        page = PageOptions(targets=given, everything=pack, rows=rows)
        report = build(facts, spec, digests=digests or before is not None)
        changes = None if before is None else compared(report, facts, before)
        return ReportResult(self, report, page, changes)._counted_to(as_of)

    @with_own_metrics
    def explain(
        self,
        metric: str,
        *,
        month: str | date | None = None,
        by: str | None = None,
        part: str | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
        window: str | None = None,
    ) -> ExplainResult:
        """A figure of a month, quarter or year (the latest month where none is given), of the whole or of one ``part``.

        ``by`` names the dimension of the part; without a part each part is shown beside the whole.  A rate of the same
        people gives each the ``window`` to get on.

        >>> import funnelcli as fc
        >>> rate = fc.open_folder("examples/plain").explain("paid_user_churn_rate", month="2026-08")
        >>> {metric: value.value for metric, value in rate.inputs.items()}
        {'churn_counted_paid_users': 1, 'opening_paid_users': 23}
        """
        return self._explained(metric, month, by, part, as_of, skip_bad_rows, window=window)

    @with_own_metrics
    def explain_change(
        self,
        metric: str,
        before: str | date,
        after: str | date,
        *,
        by: str | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
        window: str | None = None,
    ) -> ChangeResult:
        """What made a figure change from one month, quarter or year to another: the parts of each dimension, or of one.

        They add up to the change exactly, of a rate what comes of other shares of the whole apart from own rates.

        >>> import funnelcli as fc
        >>> change = fc.open_folder("examples/plain").explain_change("new_signups", "2026-07", "2026-08", by="channel")
        >>> [(part.part.key, int(part.adds)) for part in change.explained.splits[0].largest]
        [('paid', 13), ('organic', -6)]
        """
        wanted, by = dashboard_metric(arguments.needed(metric, "metric")), arguments.word(by, "by")
        each = arguments.window(wanted.basis, window)
        of_files = None if by in GROUPS and by not in self.config.dimensions else by
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=of_files, as_of=arguments.day(as_of))
        from funnelcli.answers.change import explain_change
        from funnelcli.answers.spec import RangeOptions, resolve
        from funnelcli.counting.followed import needed

        periods = []
        for given, name in ((before, "before"), (after, "after")):
            month = arguments.month(given, name)
            options = RangeOptions(month=month, grain=grain_named(month), as_of=arguments.day(as_of))
            spec = resolve(options, facts, now=self.now, by=by, skip_bad_rows=skip_bad_rows)
            periods.append(spec.periods[-1])
        first, last = periods
        facts = needed(facts, each, spec.as_of)
        return ChangeResult(explain_change(facts, wanted, first, last, spec.as_of, by))._counted_to(as_of)

    @with_own_metrics
    def _explained(
        self,
        metric: str,
        month: str | date | None,
        by: str | None,
        part: str | None,
        as_of: str | date | None,
        skip_bad_rows: bool,
        split: Parts | None = None,
        window: str | None = None,
    ) -> ExplainResult:
        """A figure opened; ``split`` are the parts of the report that it stands in."""
        period, part = arguments.month(month, "month"), arguments.word(part, "part")
        wanted = dashboard_metric(arguments.needed(metric, "metric"))
        by = arguments.word(by, "by") or ("channel" if part is not None else None)
        each = arguments.window(wanted.basis, window)
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=by, as_of=arguments.day(as_of))
        from funnelcli.answers.explain import explain_value, part_named
        from funnelcli.answers.report import parts_for
        from funnelcli.answers.spec import RangeOptions, resolve
        from funnelcli.counting.followed import needed

        options = RangeOptions(
            month=period, latest=None if period else 1, grain=grain_named(period), as_of=arguments.day(as_of)
        )  # fmt: skip
        spec = resolve(options, facts, now=self.now, by=by, skip_bad_rows=skip_bad_rows)
        split = split or parts_for(facts, spec, part)
        of_part = part_named(split, part) if split is not None and part is not None else None
        facts = needed(facts, each, spec.as_of)
        explanation = explain_value(facts, wanted, spec.periods[-1], spec.as_of, of_part, split)
        return ExplainResult(facts, explanation, split)._counted_to(as_of)

    @with_own_metrics
    def check(self, *, as_of: str | date | None = None) -> CheckResult:
        """What is wrong or odd in the exports, with file, line and column; nothing is raised for it.

        >>> import funnelcli as fc
        >>> checked = fc.open_folder("examples/saas_vn").check()
        >>> checked.ok, checked.problems[0].code
        (True, 'unassigned-cost')
        """
        self.judged = self._judged(self.facts(), arguments.day(as_of), listed=True)
        return CheckResult(self.judged.checked)._counted_to(as_of)

    @with_own_metrics
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
        >>> targets = folder.targets(new_paid_users=20, start="2026-07", end="2026-08", as_of="2026-06-30")
        >>> list(folder.track(targets).to_frame()["period"].unique())
        ['2026-08', 'total']
        """
        from funnelcli.answers.targets_loaded import load_targets, names_of, targets_in
        from funnelcli.answers.track import TrackRequest, tracked

        if isinstance(targets, TargetsResult):
            named = targets_in(targets.to_bytes("json"), "targets")
        else:
            given = None if targets is None else str(arguments.path(targets, "targets"))
            named = load_targets(given, self.sources.path, self.sources.stdin, names_of(self.config))
        request = TrackRequest(
            month=arguments.month(month, "month"),
            first=arguments.month(start, "start"),
            last=arguments.month(end, "end"),
            by=arguments.word(by, "by"),
            metrics=arguments.words(metrics),
            cumulative=cumulative,
            replan=replan,
            with_chance=True,
            as_of=arguments.day(as_of),
            skip_bad_rows=skip_bad_rows,
        )
        facts = self.countable(skip_bad_rows=skip_bad_rows, as_of=request.as_of)
        result = TrackResult(tracked(facts, named, request, self.now), [named.path] if named.path else [])
        return result._counted_to(as_of)

    def targets(
        self,
        *,
        start: str | date | None = None,
        end: str | date | None = None,
        shape: str | None = None,
        revenue_by_month: str | Path | None = None,
        by: str | None = None,
        deal_rates: str | Sequence[str] = (),
        what_if: str | Sequence[str] = (),
        max_new_paid_users: str | int | None = None,
        rates_from: str | date | None = None,
        rates_to: str | date | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
        rounding: str | None = None,
        bridge: str | None = None,
        lag: str | int | None = None,
        confidence: str | float | None = None,
        seed: int | None = None,
        simulate: str | Path | None = None,
        minimise: str | None = None,
        maximise: str | None = None,
        budget: str | int | None = None,
        measure: bool = True,
        **given: str | int | float | None,
    ) -> TargetsResult:
        """A goal broken into the quotas of each stage, month by month.

        The goal is one of ``revenue``, ``mrr``, ``paid_users``, ``new_paid_users``; assumptions are given like
        ``demo_to_paid="40%"`` (those of deals like ``deal_rates=["demo_to_contract=40%"]``), and measured from the
        exports where they are not.  Without ``measure`` the exports are only looked at for what is not given.  ``lag``
        is ``"measured"``, ``"none"`` or a number of months, ``confidence`` the share of runs that are to meet the goal,
        like ``"80%"``, whose draws a ``seed`` decides; of the quotas of a file to ``simulate`` that share is told.
        With ``minimise="cost"`` the channels are mixed so that the goal costs least, with ``maximise="new_paid_users"``
        and a ``budget`` so that this wins the most.  Raises GoalError where the goal cannot be met.

        >>> import funnelcli as fc
        >>> plan = fc.open_folder("examples/plain").targets(new_paid_users=20, start="2026-09", end="2026-10")
        >>> plan.to_frame().set_index("metric").loc["required_new_paid_users", ["2026-09", "2026-10", "total"]].tolist()
        [10.0, 10.0, 20.0]
        """
        from funnelcli.answers.targets import Request, planned, split_given

        goals, flags = split_given({name: str(value) for name, value in given.items() if value is not None})
        table = None if revenue_by_month is None else arguments.path(revenue_by_month, "revenue_by_month")
        request = Request(
            exports=self, now=self.now, path_given=measure, goals=goals, flags=flags, revenue_by_month=table,
            first=arguments.month(start, "start"), last=arguments.month(end, "end"),
            shape=arguments.word(shape, "shape"), by=arguments.word(by, "by"),
            max_new_paid_users=None if max_new_paid_users is None else str(max_new_paid_users),
            rates_from=arguments.month(rates_from, "rates_from"), rates_to=arguments.month(rates_to, "rates_to"),
            what_if=arguments.words(what_if), as_of=arguments.day(as_of), skip_bad_rows=skip_bad_rows,
            rounding=arguments.word(rounding, "rounding"), bridge=arguments.word(bridge, "bridge"),
            deal_rates=arguments.words(deal_rates), lag=None if lag is None else str(lag),
            confidence=None if confidence is None else str(confidence), seed=None if seed is None else str(seed),
            simulate=None if simulate is None else self._named_targets(simulate, "simulate"),
            minimise=arguments.word(minimise, "minimise"), maximise=arguments.word(maximise, "maximise"),
            budget=None if budget is None else str(budget),
        )  # fmt: skip
        with declaring(self.own_metrics):
            plan, inputs = planned(request)
        return TargetsResult(plan, inputs)

    @with_own_metrics
    def catalogue(self, metric: str | None = None) -> DefinitionResult:
        """The catalogue of all metrics, or one of them, with those that the settings of the folder declare.

        >>> import funnelcli as fc
        >>> list(fc.open_folder("examples/own_metrics").catalogue().to_frame()["metric"][-2:])
        ['planned_cac_amount', 'planned_payback_months']
        """
        from funnelcli.api.definitions import catalogue, explain

        return catalogue() if metric is None else explain(metric)

    def undecided_dates(self) -> dict[str, Text]:
        """The inputs whose order of day and month nothing decides, each with a cell that shows it."""
        from funnelcli.answers.init import undecided_dates

        return undecided_dates(self._understood())

    def first_config(
        self,
        *,
        name: str = "",
        currency: str | None = None,
        timezone: str | None = None,
        lang: str = "en",
        date_orders: Mapping[str, DateOrder] | None = None,
        agreement: Mapping[str, int | str] | None = None,
    ) -> str:
        """The text of a funnel.toml that says how the folder is read, with comments, to be corrected where it is wrong.

        ``name``, ``currency`` and ``timezone`` are of the business; ``date_orders`` decides dates like 03/04/2026 of an
        input (``{"signups": "dmy"}``).  ``agreement`` are terms of marketing and sales (``{"respond": "4h"}``).
        """
        from funnelcli.answers.init import Answers, first_config

        facts = self._understood()
        answers = Answers(
            name=name,
            currency=currency or facts.currency,
            timezone=timezone or facts.config.business.timezone,
            lang=arguments.lang(lang),
            date_orders=date_orders or {},
            agreement=agreement or {},
        )
        return first_config(facts, answers, self.unused, self._opened.root)
