"""A report looked at from one period: which one heads the page, and the figures, changes and targets around it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct, field

from funnelcli.answers.cells import Change, Months, Number, Quotient
from funnelcli.answers.drawn import Goal, Point, Series
from funnelcli.answers.goals import Goals
from funnelcli.answers.report_figures import change_of, compared
from funnelcli.answers.report_model import Report, Row
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import Ratio
from funnelcli.values.figures import Unit, Value
from funnelcli.values.periods import Period
from funnelcli.values.slices import Slice


class Dashboard(Struct, frozen=True, kw_only=True, dict=True):
    """A report, with what targets there are, looked at from its headline period.

    That is the latest whole period, since a part of one beside whole ones misleads; where none is whole, the last.
    """

    report: Report
    goals: Goals = field(default_factory=Goals)

    @cached_property
    def headline(self) -> int:
        """The place of the period that the page is about."""
        periods, as_of = self.report.spec.periods, self.report.spec.as_of
        whole = [place for place, period in enumerate(periods) if not period.cut_by(as_of)]
        return whole[-1] if whole else len(periods) - 1

    @property
    def period(self) -> Period:
        """The headline period."""
        return self.report.spec.periods[self.headline]

    @property
    def month(self) -> Months:
        """The headline period as a cell."""
        return self.months(self.period)

    @cached_property
    def base(self) -> Months | None:
        """The period that the headline one is compared with; None where there is none, or the headline is not whole."""
        against = compared(self.report)
        return None if against is None else self.months(against[2])

    @property
    def running(self) -> Period | None:
        """The period after the headline one that has begun and is not yet whole."""
        spec = self.report.spec
        later = [p for p in spec.periods[self.headline + 1 :] if p.start <= spec.as_of < p.last_day]
        return later[0] if later else None

    @property
    def span(self) -> Months:
        """The whole range."""
        periods = self.report.spec.periods
        return self.months(periods[0], periods[-1])

    def months(self, first: Period, last: Period | None = None) -> Months:
        """A period, or a range, as a cell."""
        spec = self.report.spec
        return Months(first=first, last=last, grain=spec.grain, partial=last is None and first.cut_by(spec.as_of))

    # --- figures -----------------------------------------------------------------------------------------------------

    @cached_property
    def _rows(self) -> Mapping[tuple[str, Slice | None], Row]:
        return {(row.metric.key, row.part): row for row in self.report.rows}

    def row(self, key: str, part: Slice | None = None) -> Row | None:
        """The row of a metric; None where the report has none."""
        return self._rows.get((key, part))

    def has(self, key: str) -> bool:
        """Whether a metric has any figure in the range."""
        row = self.row(key)
        return row is not None and any(cell.value is not None for cell in row.cells)

    def number(self, row: Row, value: Value) -> Number:
        """A value of a row as a cell."""
        return Number(value=value.value, unit=row.unit, currency=self.report.spec.currency, missing=value.missing)

    def figure(self, row: Row) -> Number:
        """The headline figure of a row."""
        return self.number(row, row.cells[self.headline])

    def earlier(self, row: Row) -> Value | None:
        """The value that the headline one is compared with."""
        if self.base is None:
            return None
        return row.cells[self.headline - 1] if self.headline else row.before

    def change(self, row: Row) -> Change | None:
        """How the headline figure has changed; None where there is nothing to compare it with."""
        return change_of(row, self.headline) if self.base is not None else None

    def difference(self, row: Row) -> Number | None:
        """The same in the figure's own unit."""
        now, before = row.cells[self.headline].value, self.earlier(row)
        if now is None or before is None or before.value is None:
            return None
        return Number(value=now - before.value, unit=row.unit, currency=self.report.spec.currency)

    def divided(self, row: Row) -> Quotient | None:
        """The headline figure of a rate with what was divided by what."""
        return self.quotient(row, row.cells[self.headline])

    def quotient(self, row: Row, value: Value) -> Quotient | None:
        """A rate with what was divided by what; None of what is no rate, or has no figure."""
        kind = row.metric.kind
        if not isinstance(kind, Ratio) or value.value is None or value.numerator is None or value.denominator is None:
            return None
        currency = self.report.spec.currency
        above, below = (CATALOGUE[key].unit for key in (kind.numerator, kind.denominator))
        return Quotient(
            rate=self.number(row, value),
            numerator=Number(value=value.numerator, unit=above, currency=currency),
            denominator=Number(value=value.denominator, unit=below, currency=currency),
        )

    def series(self, row: Row) -> Series:
        """A row over the periods, with its targets where it is of the whole."""
        spec = self.report.spec
        points = tuple(
            Point(
                period=period,
                figure=self.number(row, cell),
                partial=period.cut_by(spec.as_of),
                target=None if row.part else self.goals.target(row.metric.key, period),
            )
            for period, cell in zip(spec.periods, row.cells, strict=True)
        )
        return Series(
            key=row.metric.key,
            label=row.label,
            grain=spec.grain,
            points=points,
            headline=self.headline,
            is_rate=row.unit is Unit.RATE,
            change=self.change(row),
        )

    def goal(self, key: str, period: Period | None = None) -> Goal | None:
        """The target of a metric in a period (the headline one), with how much of it there is."""
        return self.goals.goal(key, period or self.period)

    def rate_between(self, numerator: str, denominator: str) -> Row | None:
        """The row of the rate that divides a metric by another; None where the catalogue has none."""
        return next(
            (
                row
                for row in self.report.rows
                if row.part is None
                and isinstance(row.metric.kind, Ratio)
                and (row.metric.kind.numerator, row.metric.kind.denominator) == (numerator, denominator)
            ),
            None,
        )
