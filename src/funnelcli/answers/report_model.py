"""A report as data: the spec with every default filled in, rows of raw values, notes and provenance."""

from datetime import date

from msgspec import Struct

from funnelcli.answers.chance import Chance
from funnelcli.counting.parts import Parts
from funnelcli.facts.dimensions import CHANNEL, Dimension
from funnelcli.inputs.paid_users import NO_AMOUNTS
from funnelcli.metrics.model import Metric
from funnelcli.text import Text, joined
from funnelcli.values.figures import Note, Unit, Value
from funnelcli.values.periods import Grain, Period
from funnelcli.values.slices import Slice
from funnelcli.values.windows import Window


class ReportSpec(Struct, frozen=True, kw_only=True):
    """Every default filled in: from here on nothing asks the clock, the environment or the config.

    ``before`` is the period before the first, for the change; None where the exports do not reach it.
    ``by`` is the dimension that every metric is split by, None for the whole business alone.  With a
    ``window``, that each has to get on, the same people are followed too.  ``said`` is what is to be said of how the
    periods were understood.  ``sections`` are those that are asked for, by key; none: all that the exports tell of.
    """

    title: Text
    periods: tuple[Period, ...]
    before: Period | None
    grain: Grain
    as_of: date
    by: str | None
    timezone: str
    currency: str
    skip_bad_rows: bool
    sections: frozenset[str] = frozenset()
    window: Window | None = None
    said: tuple[Note, ...] = ()


def compared_place(spec: ReportSpec) -> tuple[int, Period, Period] | None:
    """The column whose change is shown, with its period and the one before: the latest that is whole.

    None where no whole period has another before it.
    """
    for place in range(len(spec.periods) - 1, -1, -1):
        before = spec.periods[place - 1] if place else spec.before
        if before is not None and not spec.periods[place].cut_by(spec.as_of):
            return place, spec.periods[place], before
    return None


class Row(Struct, frozen=True, kw_only=True):
    """One metric over the periods, of the whole business (part None) or of one part of it.

    ``before`` is its value in the period before the first one shown.  ``chance`` is what is to be said of its change in
    the latest whole period, None where nothing is tested; ``days`` are those that the exports tell of in it and in the
    one before, None where they tell of different ones.
    """

    metric: Metric
    label: Text
    part: Slice | None
    cells: tuple[Value, ...]
    total: Value
    before: Value | None
    chance: Chance | None = None
    days: tuple[int, int] | None = None

    @property
    def unit(self) -> Unit:
        """What the figures count."""
        return self.metric.unit

    def place(self, compared: int) -> int:
        """The column whose change is shown, where it is the ``compared`` one of the report.

        Of people who are followed the latest that is over, if the one before it is too.
        """
        column = (self.before, *self.cells[: compared + 1])
        if self.metric.basis == "cohort":
            for place in range(compared, -1, -1):
                now, before = column[place + 1], column[place]
                if now is not None and before is not None and None not in (now.value, before.value):
                    return place
        return compared

    @property
    def is_without_amounts(self) -> bool:
        """Whether it is missing throughout because nothing read has an amount; people then need not see it."""
        return all(
            cell.missing is not None and (cell.missing.unneeded or cell.missing.code == NO_AMOUNTS.code)
            for cell in (*self.cells, self.total)
        )


class Source(Struct, frozen=True, kw_only=True):
    """One file: what was read of it, and (when asked for) the SHA-256 of its bytes."""

    file: str
    stage: str
    sha256: str | None
    rows_read: int
    rows_counted: int
    rows_duplicate: int
    rows_rejected: int
    rows_filtered: int


class Report(Struct, frozen=True, kw_only=True):
    """The dashboard as data; ``dimension`` is what it is split by and ``split`` its parts, None where it is not."""

    spec: ReportSpec
    dimension: Dimension | None
    split: Parts | None
    rows: tuple[Row, ...]
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]

    def label_of(self, row: Row) -> Text:
        """The label of a row, where it is a part of the one above it after that one's."""
        if not row.metric.part:
            return row.label
        above = [each for each in self.rows[: self.rows.index(row)] if each.part is None and not each.metric.part]
        return joined(": ", [above[-1].label, row.label])

    @property
    def part_column(self) -> str:
        """The name of the column that holds the part of a row; it is there, and empty, where nothing is split too."""
        return self.dimension.name if self.dimension else CHANNEL
