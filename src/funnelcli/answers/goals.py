"""Targets beside the dashboard's figures: by metric and period, by team, and those of the months ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from msgspec import Struct, field

from funnelcli.answers.answer import Column, Table
from funnelcli.answers.cells import Cell, Months, Number, Words
from funnelcli.answers.drawn import Goal, Progress, ProgressGroup, ProgressRow
from funnelcli.answers.planned_cells import planned
from funnelcli.answers.targets_loaded import NamedTargets
from funnelcli.answers.track import Tracked
from funnelcli.planning.metrics import REVENUE
from funnelcli.planning.model import RowKey
from funnelcli.planning.teams import NOBODY
from funnelcli.planning.track import TrackCell, TrackRow
from funnelcli.planning.tracked import tracked_metric
from funnelcli.text import Message, Text, as_text
from funnelcli.values.channels import CHANNEL_LABELS, Channel
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Grain, Period, month_of

AHEAD_MOST = 12
_NO_TEAM = Message("No team yet")
_WHOLE = Message("Whole business")
_AHEAD = Message("Targets ahead")
_TEAM_METRIC = Message("Team, figure")


class Goals(Struct, frozen=True, kw_only=True):
    """The targets of the dashboard's metrics, by metric and the period's key, with what there is of each.

    ``whole`` are rows of the whole business over the months shown, ``teams`` those of teams in the headline month and
    the one that runs, ``named`` the file they are from; all None where there are no targets.
    """

    cells: Mapping[tuple[str, str], tuple[TrackRow, TrackCell]] = field(default_factory=dict)
    currency: str = ""
    whole: Tracked | None = None
    teams: Tracked | None = None
    named: NamedTargets | None = None

    def __bool__(self) -> bool:
        return bool(self.cells)

    def cell(self, key: str, period: Period) -> tuple[TrackRow, TrackCell] | None:
        """A metric's row and cell in a period; None where it has no target then."""
        return self.cells.get((key, period.key))

    def target(self, key: str, period: Period) -> Number | None:
        """The target of a metric in a period."""
        known = self.cell(key, period)
        return None if known is None else planned(known[1].target, known[0].metric.unit, self.currency)

    def goal(self, key: str, period: Period) -> Goal | None:
        """The target of a metric in a period, with how much of it there is."""
        known = self.cell(key, period)
        if known is None:
            return None
        row, cell = known
        return Goal(
            target=planned(cell.target, row.metric.unit, self.currency),
            share=planned(cell.share, Unit.RATE),
            kept=is_kept(row, cell),
        )


def is_kept(row: TrackRow, cell: TrackCell) -> bool | None:
    """Whether the target, or the pace of a month that runs, is kept; None where nothing judges it.

    A limit of nothing is kept by nothing.
    """
    return cell.meets(row.metric.good) if row.metric.judged else None


def goals_of(whole: Tracked, teams: Tracked | None, named: NamedTargets) -> Goals:
    """The targets of tracked rows by the dashboard's metric that each is compared with.

    What the dashboard's own metric has as a target comes before what a plan's figure has.
    """
    cells: dict[tuple[str, str], tuple[TrackRow, TrackCell]] = {}
    for row in sorted(whole.rows, key=lambda row: row.metric.key == row.metric.actual):
        actual = row.metric.actual
        if row.channel is not None or row.team is not None or actual is None:
            continue
        if row.metric is REVENUE and whole.one_off:
            continue  # deals of a month are no MRR
        for period, cell in zip(whole.periods, row.cells, strict=True):
            if cell.target is not None and period.key not in whole.past:
                cells[actual, period.key] = (row, cell)
    return Goals(cells=cells, currency=whole.currency, whole=whole, teams=teams, named=named)


# --- who is where ----------------------------------------------------------------------------------------------------


def progress_of(tracked: Tracked, period: Period) -> Progress | None:
    """The figures of the whole and of each team or channel beside their targets in a month; None without any."""
    if period.key not in {month.key for month in tracked.periods}:
        return None
    place = [month.key for month in tracked.periods].index(period.key)
    groups: dict[tuple[str | None, Channel | None], list[ProgressRow]] = {}
    unmeasured: list[Words] = []
    for row in tracked.rows:
        cell = row.cells[place]
        of_both = row.channel is not None and row.team is not None
        if of_both or cell.target is None or period.key in tracked.past:
            continue
        if cell.actual is None or cell.share is None:
            name = _label(row)
            unmeasured.append(
                Words(Message("{what} ({team})").filled(what=name, team=team_words(row.team)))
                if row.team
                else Words(name)
            )
            continue
        groups.setdefault((row.team, row.channel), []).append(_progress_row(row, cell, tracked.currency))
    if not groups and not unmeasured:
        return None
    month = Months(first=period, grain=Grain.MONTH, partial=period.cut_by(tracked.as_of))
    return Progress(
        month=month,
        groups=tuple(
            ProgressGroup(team=Words(CHANNEL_LABELS[channel] if channel else team_words(team)), rows=tuple(rows))
            for (team, channel), rows in groups.items()
        ),
        unmeasured=tuple(unmeasured),
    )


def team_words(team: str | None) -> Text:
    """What a team is called: keys of files as words, and who has none."""
    if team is None:
        return _WHOLE
    return _NO_TEAM if team == NOBODY else as_text(team_title(team))


def team_title(key: str) -> str:
    """A team's key as a title.

    >>> team_title("sales_sme"), team_title("customer_success"), team_title("Đội A")
    ('Sales SME', 'Customer success', 'Đội A')
    """
    if key != key.lower() or " " in key:
        return key
    words = [word.upper() if len(word) <= 3 else word for word in key.split("_")]
    return " ".join([words[0].capitalize() if words[0].islower() else words[0], *words[1:]])


def _label(row: TrackRow) -> Text:
    return row.metric.short if row.metric.actual else row.metric.label


def _progress_row(row: TrackRow, cell: TrackCell, currency: str) -> ProgressRow:
    assert cell.target is not None
    unit = row.metric.unit
    pace = cell.pace.expected / cell.target if cell.pace is not None and cell.target else None
    return ProgressRow(
        key=row.metric.actual or row.metric.key,
        label=_label(row),
        actual=planned(cell.actual, unit, currency),
        target=planned(cell.target, unit, currency),
        share=planned(cell.share, Unit.RATE),
        pace=None if pace is None else planned(pace, Unit.RATE),
        kept=is_kept(row, cell),
        to_go=planned(cell.to_go, unit, currency),
        good=row.metric.good,
    )


# --- what is ahead ---------------------------------------------------------------------------------------------------


def quotas_ahead(goals: Goals, after: Period, as_of: date) -> Table | None:
    """The targets of the months after one, by team where there are teams; None where there are none."""
    if goals.named is None or goals.whole is None:
        return None
    rows = goals.named.targets.rows
    by_team = any(team is not None for _, _, team in rows)
    keys = [key for key in rows if key[1] is None and (key[2] is not None) == by_team]
    months = sorted({month for key in keys for month in rows[key] if month > after.key})[:AHEAD_MOST]
    if not months:
        return None
    periods = [month_of(date.fromisoformat(f"{month}-01")) for month in months]
    columns = (
        Column(header=Words(_TEAM_METRIC), words=True),
        *(Column(header=Months(first=p, grain=Grain.MONTH, partial=p.start <= as_of < p.last_day)) for p in periods),
    )
    lines = list(_quota_lines(goals.whole.currency, rows, keys, months))
    return Table(columns=columns, rows=tuple(lines), title=Words(_AHEAD))


def _quota_lines(
    currency: str,
    rows: Mapping[RowKey, Mapping[str, Fraction]],
    keys: Sequence[RowKey],
    months: Sequence[str],
) -> Iterator[tuple[Cell, ...]]:
    """A line a figure; a team's name stands above its figures."""
    teams = dict.fromkeys(key[2] for key in keys)
    for team in teams:
        of_team = [key for key in keys if key[2] == team and any(month in rows[key] for month in months)]
        if not of_team:
            continue
        if team is not None:
            yield (Words(team_words(team), tone="bold"), *(Words("") for _ in months))
        for key in of_team:
            metric = tracked_metric(key[0])
            figures = (planned(rows[key].get(month), metric.unit, currency) for month in months)
            yield (Words(metric.short if metric.actual else metric.label), *figures)
