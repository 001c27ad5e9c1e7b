"""Every figure of a ready-made monthly table against the recount: random tables, gaps, grains, exports beside it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from draws import BOTH, any_of, order_of, subsets, together, tries
from funnelcli.answers.explain import counted_rows, explain_value
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import Setting
from funnelcli.values.channels import SLICES, Channel
from funnelcli.values.period_words import parse_bound
from funnelcli.values.periods import Grain
from oracle.monthly_recount import LEAVES, Counted, MonthlyTable, answers_of, count_monthly, month_after
from oracle.random_exports import RULES, STAGES, Exports, cases, toml_of, write_folder
from oracle.recount import CHANNELS, SIDES, Answer, Period, Row, Rules, Told, recount
from oracle.test_against_recount import NAMES, periods_over
from read_once import read_once
from support import Figure, FigureKey, dashboard_figures, explained_rows, exports_of, figures, report_of

FIRST_MONTH = date(2025, 9, 1)
MONTHS = tuple(month_after(FIRST_MONTH, step) for step in range(10))
# A month on either side of every table too: nothing is known there.
ASKED = (month_after(MONTHS[0], -1), *MONTHS, month_after(MONTHS[-1]))
AS_OF_DAYS = tuple(
    day for month in ASKED for day in (month, month + timedelta(days=14), month_after(month) - timedelta(days=1))
)
FLOWS = (
    "organic_visits",
    "paid_visits",
    "existing_user_visits",
    "new_signups",
    "new_demo_bookings",
    "new_paid_users",
    "reactivated_paid_users",
    "churned_paid_users",
)
SPLIT_COLUMNS = ("paid_signups", "sales_sme_signups", "affiliate_signups", "partner_signups", "referral_signups")
LEVELS = (
    "opening_registered_users",
    "closing_registered_users",
    "total_leads",
    "cumulative_demos_held",
    "opening_paid_users",
    "closing_paid_users",
    "closing_mrr_amount",
)


@dataclass(frozen=True, kw_only=True)
class MonthlyCase:
    """A monthly table, the exports beside it, what the business decided, and what is asked."""

    table: MonthlyTable
    exports: Exports
    rules: Rules
    as_of: date
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """How a table is laid out: whether it has rows of the whole, and of which channels.

    ``silent`` are the columns that no row of a channel fills.
    """

    whole: bool
    channels: tuple[str, ...]
    columns: tuple[str, ...]
    silent: frozenset[str]


# Strategies are made once: to make one anew for every example takes longer than to draw from it.
UP_TO_400_TWICE, UP_TO_90_TWICE = together(*[range(401)] * 2), together(*[range(91)] * 2)
SIX_TIMES_IN_SEVEN = st.integers(0, 6)
FOUR_TIMES_IN_FIVE_EACH = together(*[range(5)] * len((*FLOWS, *LEVELS)))
# Rows of the whole, of channels, or of both; whether there are columns of signups by channel, which, and all of them;
# and whether these are the whole.
KINDS = together(("whole", "channels", "both"), BOTH, subsets(*SPLIT_COLUMNS), BOTH, BOTH)
SOME_CHANNELS = any_of(*(chosen for chosen in subsets(*CHANNELS) if 1 <= len(chosen) <= 4))
TWO_MONTHS, TWO_ASKED = together(MONTHS, MONTHS), together(ASKED, ASKED)
AT_MOST_TWO_STAGES = any_of(*(chosen for chosen in subsets(*STAGES) if len(chosen) <= 2))
AN_AS_OF_DAY = any_of(*AS_OF_DAYS)
EITHER_WAY = st.booleans()
EXPORTED = cases()


@cache
def up_to(most: int, times: int) -> st.SearchStrategy[tuple[int, ...]]:
    """So many numbers from 0 on."""
    return together(*[range(most + 1)] * times) if times else st.just(())


@st.composite
def layouts(draw: st.DrawFn) -> _Layout:
    """Rows of the whole, of channels, or of both; any columns that such rows can fill."""
    kind, has_some, some, has_all, are_the_whole = draw(KINDS)
    channels: tuple[str, ...] = ()
    if kind != "whole":
        channels = tuple(sorted(draw(SOME_CHANNELS)))
    # Four columns in five, so that balances meet the flows they are made of.
    often = draw(FOUR_TIMES_IN_FIVE_EACH)
    columns = {column for column, is_there in zip((*FLOWS, *LEVELS), often, strict=True) if is_there}
    if kind != "channels":
        columns |= set(some) if has_some else set()
        if has_all:
            columns |= {"organic_signups", *SPLIT_COLUMNS}
            if are_the_whole:
                columns.discard("new_signups")  # the six of them are the whole
    silent = draw(st.sets(any_of(*sorted(columns)), max_size=4)) if kind == "both" and columns else set()
    return _Layout(
        whole=kind != "channels", channels=channels, columns=tuple(sorted(columns)), silent=frozenset(silent)
    )


LAYOUTS = layouts()


def _is_misplaced(column: str, channel: str) -> bool:
    """Whether visits of a column are none of a channel's."""
    return column in ("organic_visits", "paid_visits") and (column == "paid_visits") != (channel == "paid")


@st.composite
def flows_of_a_month(draw: st.DrawFn, layout: _Layout) -> dict[tuple[str, str], int]:
    """What truly happened in a month, by flow and channel; what no row of a channel shows is under an empty name."""
    places = [(column, channel) for column in FLOWS for channel in (*layout.channels, "")]
    happened = dict(zip(places, draw(up_to(9, len(places))), strict=True))
    for column, channel in places:
        if _is_misplaced(column, channel) if channel else not layout.whole:
            happened[column, channel] = 0
    return happened


def _spread(number: int, places: int) -> list[int]:
    """A number over so many places, as evenly as whole numbers go."""
    return [number // places + (place < number % places) for place in range(places)]


@st.composite
def tables(draw: st.DrawFn) -> MonthlyTable:
    """Tables whose balances agree with their flows, whatever cells, rows and months they lack."""
    layout = draw(LAYOUTS)
    first, last = sorted(draw(TWO_MONTHS))
    registered, paying = draw(UP_TO_90_TWICE)
    rows: list[Row] = []
    for month in MONTHS[MONTHS.index(first) : MONTHS.index(last) + 1]:
        happened = draw(flows_of_a_month(layout))
        flows = {column: sum(happened[column, place] for place in (*layout.channels, "")) for column in FLOWS}
        back = flows["reactivated_paid_users"] if "reactivated_paid_users" in layout.columns else 0
        levels = {"opening_registered_users": registered, "opening_paid_users": paying}
        registered += flows["new_signups"]
        paying += flows["new_paid_users"] + back - flows["churned_paid_users"]
        levels |= {"closing_registered_users": registered, "total_leads": registered, "closing_paid_users": paying}
        levels |= dict(zip(("cumulative_demos_held", "closing_mrr_amount"), draw(UP_TO_400_TWICE), strict=True))
        # Nobody writes a balance below zero; those months are simply not stated.
        stated = {column: level for column, level in levels.items() if column in layout.columns and level >= 0}
        if draw(SIX_TIMES_IN_SEVEN):
            rows += draw(_rows_of_a_month(layout, month, happened, flows, stated))
    return MonthlyTable(columns=layout.columns, rows=tuple(rows))


TABLES = tables()


@st.composite
def _rows_of_a_month(
    draw: st.DrawFn,
    layout: _Layout,
    month: date,
    happened: Mapping[tuple[str, str], int],
    flows: Mapping[str, int],
    levels: Mapping[str, int],
) -> list[Row]:
    """The rows of one month.  Some columns and cells are empty; beside a row of the whole some channels have no row."""
    count = len(layout.columns)
    empty = {column for column, filled in zip(layout.columns, draw(up_to(6, count)), strict=True) if not filled}
    key = f"{month:%Y-%m}"
    written: list[Row] = []
    # Of each channel whether it has a row; of each cell of the row one in ten is empty, and what is misplaced is there.
    has_row = draw(up_to(5, len(layout.channels)))
    for place, channel in enumerate(layout.channels):
        if layout.whole and not has_row[place]:
            continue
        row = {"month": key, "channel": channel}
        for column, filled, misplaced in zip(layout.columns, draw(up_to(9, count)), draw(up_to(1, count)), strict=True):
            if column in layout.silent or (_is_misplaced(column, channel) and misplaced):
                continue
            if column in FLOWS:
                number = happened[column, channel]
                # Signups and visits are never of unknown channel: an empty cell says there that there were none.
                has_place = channel != "unknown" or column not in ("new_signups", "organic_visits")
                row[column] = str(number) if filled or (number and not has_place) else ""
            elif column in levels and not layout.whole:
                row[column] = str(_spread(levels[column], len(layout.channels))[place]) if filled else ""
        written.append(row)
    if layout.whole:
        all_channels_have_rows = len(written) == len(layout.channels)
        whole = {"month": key, "channel": ""}
        for column, filled, left_out in zip(layout.columns, draw(up_to(9, count)), draw(up_to(1, count)), strict=True):
            if column in FLOWS:
                # Where the channels are all there is, they may be left to say so.
                omitted = all_channels_have_rows and not happened[column, ""] and left_out
                whole[column] = "" if omitted and layout.channels else str(flows[column])
            elif column in levels:
                whole[column] = str(levels[column]) if filled else ""
        numbers = _signup_columns(layout, happened, flows)
        for (column, number), filled in zip(numbers.items(), draw(up_to(9, len(numbers))), strict=True):
            whole[column] = str(number) if filled else ""
        written.append(whole)
    return [
        {column: "" if column in empty else row.get(column, "") for column in ("month", "channel", *layout.columns)}
        for row in (written[place] for place in draw(order_of(*range(len(written)))))
    ]


def _signup_columns(
    layout: _Layout, happened: Mapping[tuple[str, str], int], flows: Mapping[str, int]
) -> dict[str, int]:
    """The signups of the channels with a column of their own, in the row of the whole; organic is the rest of it."""
    columns = [column for column in SPLIT_COLUMNS if column in layout.columns]
    if layout.channels:
        numbers = {column: happened.get(("new_signups", column.removesuffix("_signups")), 0) for column in columns}
    else:
        numbers = dict(zip(columns, _spread(flows["new_signups"], 1 + len(columns)), strict=False))
    if "organic_signups" in layout.columns:
        numbers["organic_signups"] = flows["new_signups"] - sum(numbers.values())
    return numbers


@st.composite
def monthly_cases(draw: st.DrawFn, *, alone: bool = False) -> MonthlyCase:
    """A table alone, or beside exports of some of what it has columns for."""
    exports, rules = Exports(), None
    if not alone and draw(EITHER_WAY):
        beside, kept = draw(EXPORTED), draw(AT_MOST_TWO_STAGES)
        of_stages = beside.exports.by_stage()
        exports = Exports(**{stage: of_stages[stage] if stage in kept else None for stage in STAGES})
        rules = beside.rules
    first, last = sorted(draw(TWO_ASKED))
    as_of = draw(AN_AS_OF_DAY)
    rules = replace(rules or draw(RULES), as_of=as_of, opening=None, opening_mrr=None)
    return MonthlyCase(table=draw(TABLES), exports=exports, rules=rules, as_of=as_of, first=first, last=last)


def write_monthly(table: MonthlyTable, folder: Path) -> None:
    columns = ("month", *(("channel",) if table.has_channels() else ()), *table.columns)
    with (folder / "monthly.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(table.rows)


def recounted(case: MonthlyCase, periods: list[Period]) -> dict[FigureKey, Figure]:
    """Every figure by the two recounts: of the exports that there are, and of the table for the others.

    The table has its own rows for every month, so that a rate is taken over the months that the exports tell of.
    """
    answers = _recounted(case, periods)
    by_stage = case.exports.by_stage()
    told = Told(by_stage, _rules(case), case.as_of, weeks=False)
    for period in periods:
        for rate, stages in SIDES.items():
            exported = [stage for stage in stages if by_stage[stage] is not None]
            part = told.part(period, exported)
            of_part = {}
            if part is not None and part[1] <= case.as_of and part != period:
                of_part = _recounted(case, [part])
            for channel in (None, *CHANNELS):
                at = (rate, channel, period[0])
                if of_part:
                    answers[at] = of_part[at]
                elif part is None:
                    answers[at] = Answer(None, answers[at].numerator, answers[at].denominator)
    return {at: (answer.value, answer.numerator, answer.denominator) for at, answer in answers.items()}


def _rules(case: MonthlyCase) -> Rules:
    months = case.table.months()
    return replace(case.rules, beside=[months[0]] if months else [])


def _recounted(case: MonthlyCase, periods: list[Period]) -> dict[FigureKey, Answer]:
    by_stage = case.exports.by_stage()
    of_exports = recount(**by_stage, periods=periods, rules=_rules(case))
    counted: Counted = {}
    for stage, metrics in LEAVES.items():
        if by_stage[stage] is None:
            table = case.table if case.table.stands_for(stage) else MonthlyTable(columns=(), rows=())
            counted |= count_monthly(table, stage, periods, case.as_of, case.rules.churn_method)
            continue
        for key, _, _ in periods:
            for channel in (None, *CHANNELS):
                for metric in metrics:
                    if metric == "paying_at_end":
                        counted[metric, channel, key] = of_exports["closing_paid_users", channel, key].value
                    elif metric == "churn_counted_paid_users":
                        counted[metric, channel, key] = of_exports["paid_user_churn_rate", channel, key].numerator
                    else:
                        counted[metric, channel, key] = of_exports.get((metric, channel, key), Answer(None)).value
    answers = answers_of(counted, periods)
    if by_stage["signups"] is not None:
        # Of an export the closing of a range is that of its last column, and no sum where months are not reached.
        exported = {at: answer for at, answer in of_exports.items() if at[0] == "closing_registered_users"}
        answers |= {at: exported[at] for at in exported if at in answers}
    return answers


def reported(case: MonthlyCase, *grains: Grain) -> list[dict[FigureKey, Figure]]:
    """Every figure of the report, by each of the grains."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_folder(case.exports, folder)
        write_monthly(case.table, folder)
        (folder / "funnel.toml").write_text(toml_of(case.rules), encoding="utf-8")
        first, last, as_of = f"{case.first:%Y-%m}", f"{case.last:%Y-%m}", case.as_of.isoformat()
        with read_once(folder):
            asked = {"first": first, "last": last, "as_of": as_of, "by_channel": True, "section": "dashboard"}
            reports = [report_of(folder, grain=grain, **asked) for grain in grains]  # type: ignore[arg-type]
    return [dashboard_figures(report) for report in reports]


@settings(max_examples=tries(90))
@given(case=monthly_cases(), grains=any_of(*combinations(NAMES, 2)))
def test_every_figure_of_a_monthly_table_is_what_the_recount_says(case: MonthlyCase, grains: Sequence[Grain]) -> None:
    for grain, got in zip(grains, reported(case, *grains), strict=True):
        expected = recounted(case, periods_over(case.first, case.last, NAMES[grain]))
        assert got.keys() == expected.keys()
        differences = {at: (expected[at], got[at]) for at in expected if expected[at] != got[at]}
        assert differences == {}, "(metric, channel, period): (recounted, reported)"


@settings(max_examples=tries(40))
@given(table=TABLES, as_of=st.sampled_from(AS_OF_DAYS), key=st.sampled_from(("2025-11", "2025Q4", "2026Q1", "2026")),
       channel=st.sampled_from((None, *CHANNELS)))  # fmt: skip
def test_the_rows_behind_every_figure_sum_to_it_and_none_is_later_than_as_of(
    table: MonthlyTable, as_of: date, key: str, channel: str | None
) -> None:
    with TemporaryDirectory() as name:
        write_monthly(table, Path(name))
        facts = exports_of(Path(name))
    grain = Grain.MONTH if "-" in key else Grain.QUARTER if "Q" in key else Grain.YEAR
    period = parse_bound(key, grain, last=False, option="")
    part = None if channel is None else SLICES[Channel(channel)]
    for metric in CATALOGUE.values():
        if metric.section.is_journey or isinstance(metric.kind, Setting):
            continue  # no table of months states what becomes of deals, and settings have no rows
        explained = explain_value(facts, metric, period, as_of, part)
        rows = counted_rows(facts, explained)  # raises where they do not sum to what is counted
        assert [row for row in rows if row.day is None or not row.day <= as_of] == []
        if explained.value.value is not None and (not metric.inputs or explained.is_counted_at_once):
            assert sum(row.counts for row in rows) == explained.value.value * (rows[0].per if rows else 1)


@settings(max_examples=tries(40))
@given(case=monthly_cases(alone=True), grain=st.sampled_from(list(NAMES)))
def test_months_after_as_of_change_nothing(case: MonthlyCase, grain: Grain) -> None:
    cut = replace(case, table=case.table.until(case.as_of))
    assert reported(case, grain) == reported(cut, grain)


# --- faults that this recount has found, each in its smallest table ---------------------------------------------------


NOT_SPLIT: dict[str | None, float | None] = dict.fromkeys(CHANNELS)


def reported_table(folder: Path, text: str, **options: str | Grain) -> dict[str, list[float | None]]:
    """The whole business's figures of a monthly table alone: metric -> its periods and the total."""
    (folder / "monthly.csv").write_text(text, encoding="utf-8")
    shown: dict[str, list[float | None]] = {}
    for (metric, _, _), (value, _, _) in figures(report_of(folder, **options)).items():  # type: ignore[arg-type]
        shown.setdefault(metric, []).append(value)
    return shown


PAYING_TABLE = (
    "month,opening_paid_users,new_paid_users,churned_paid_users\n2026-01,10,5,1\n2026-02,14,2,1\n2026-03,15,4,1\n"
)


def test_a_quarter_of_which_as_of_reaches_two_months(tmp_path: Path) -> None:
    shown = reported_table(tmp_path, PAYING_TABLE, month="2026Q1", grain=Grain.QUARTER, as_of="2026-02-10")
    assert shown["new_paid_users"] == [7, 7]  # 5 + 2; March begins after as_of
    assert shown["closing_paid_users"] == [15, 15]  # 10 + (5 - 1) + (2 - 1)


def test_levels_at_the_end_of_a_cut_range_are_those_as_of_reaches(tmp_path: Path) -> None:
    text = "month,new_signups,total_leads,cumulative_demos_held,closing_mrr_amount\n"
    text += "2026-01,3,103,7,100\n2026-02,4,107,8,200\n2026-03,5,112,9,300\n"
    shown = reported_table(tmp_path, text, first="2026-01", last="2026-03", as_of="2026-02-10")
    levels = {key: shown[key] for key in ("total_leads", "cumulative_demos_held", "closing_mrr_amount")}
    assert levels == {  # the total is that of February, the last month that as_of reaches
        "total_leads": [103, 107, None, 107],
        "cumulative_demos_held": [7, 8, None, 8],
        "closing_mrr_amount": [100, 200, None, 200],
    }


def test_total_leads_are_not_split_by_channel(tmp_path: Path) -> None:
    (tmp_path / "monthly.csv").write_text("month,total_leads\n2026-01,20\n", encoding="utf-8")
    shown = figures(report_of(tmp_path, by_channel=True))
    by_channel = {at[1]: value for at, (value, _, _) in shown.items() if at[0] == "total_leads" and at[2] == "total"}
    assert by_channel == {None: 20, **NOT_SPLIT}


def test_what_the_churn_rate_counts_is_not_split_where_the_lost_are_not(tmp_path: Path) -> None:
    (tmp_path / "monthly.csv").write_text(
        "month,opening_paid_users,churned_paid_users\n2026-01,20,3\n", encoding="utf-8"
    )
    shown = figures(report_of(tmp_path, by_channel=True))
    lost = {channel: shown["churned_paid_users", channel, "total"][0] for channel in (None, *CHANNELS)}
    above = {channel: shown["paid_user_churn_rate", channel, "total"][1] for channel in (None, *CHANNELS)}
    assert lost == {None: 3, **NOT_SPLIT}
    assert above == lost


def test_a_closing_that_the_table_states_is_shown(tmp_path: Path) -> None:
    shown = reported_table(tmp_path, "month,closing_paid_users,closing_registered_users\n2026-01,4,9\n2026-02,5,11\n")
    assert shown["closing_paid_users"] == [4, 5, 5]
    assert shown["closing_registered_users"] == [9, 11, 11]


def test_an_empty_cell_of_paid_or_organic_visits_is_missing(tmp_path: Path) -> None:
    shown = reported_table(tmp_path, "month,organic_visits,paid_visits\n2026-01,100,\n2026-02,,20\n")
    assert (shown["organic_visits"], shown["paid_visits"]) == ([100, None, None], [None, 20, None])


def test_organic_visits_that_no_column_gives_are_missing(tmp_path: Path) -> None:
    shown = reported_table(tmp_path, "month,paid_visits\n2026-01,100\n")
    assert (shown["organic_visits"], shown["paid_visits"]) == ([None, None], [100, 100])


def test_an_empty_cell_of_a_signup_channel_is_missing(tmp_path: Path) -> None:
    shown = reported_table(tmp_path, "month,new_signups,paid_signups\n2026-01,10,\n2026-02,10,4\n")
    assert (shown["new_signups"], shown["paid_signups"]) == ([10, 10, 20], [None, 4, None])


def test_signups_of_measured_channels_alone_are_not_the_whole(tmp_path: Path) -> None:
    shown = reported_table(tmp_path, "month,paid_signups\n2026-01,3\n2026-02,4\n")
    parts = {key: shown[key] for key in ("new_signups", "organic_signups", "paid_signups")}
    assert parts == {"new_signups": [None] * 3, "organic_signups": [None] * 3, "paid_signups": [3, 4, 7]}


def test_signups_that_no_row_of_a_channel_gives_are_not_measured(tmp_path: Path) -> None:
    text = "month,channel,new_signups,new_demo_bookings\n2026-01,paid,,2\n2026-01,,5,4\n"
    shown = reported_table(tmp_path, text)
    assert (shown["new_signups"], shown["paid_signups"]) == ([5, 5], [None, None])


def test_signups_of_unknown_channel_are_in_the_residual(tmp_path: Path) -> None:
    shown = reported_table(tmp_path, "month,channel,new_signups\n2026-01,unknown,3\n2026-01,paid,4\n")
    assert (shown["new_signups"], shown["organic_signups"], shown["paid_signups"]) == ([7, 7], [3, 3], [4, 4])


ROWS_TABLE = "month,channel,new_signups\n2026-01,,3\n2026-02,,4\n2026-02,paid,1\n2026-03,,5\n"


def test_rows_of_months_after_as_of_are_not_behind_a_quarter(tmp_path: Path) -> None:
    (tmp_path / "monthly.csv").write_text(ROWS_TABLE, encoding="utf-8")
    assert explained_rows(tmp_path, "new_signups", "2026Q1", as_of="2026-02-10") == (
        7,  # 3 + 4
        [("monthly.csv", 2, 3), ("monthly.csv", 3, 4)],
    )


def test_the_row_of_a_channel_is_behind_its_figure(tmp_path: Path) -> None:
    (tmp_path / "monthly.csv").write_text(ROWS_TABLE, encoding="utf-8")
    of_paid = (1, [("monthly.csv", 4, 1)])
    assert explained_rows(tmp_path, "new_signups", "2026-02", channel="paid") == of_paid
    assert explained_rows(tmp_path, "paid_signups", "2026-02") == of_paid


def test_the_rows_that_make_a_carried_balance_are_behind_it(tmp_path: Path) -> None:
    text = "month,opening_registered_users,new_signups\n2026-01,10,3\n2026-02,,4\n"
    (tmp_path / "monthly.csv").write_text(text, encoding="utf-8")
    value, rows = explained_rows(tmp_path, "opening_registered_users", "2026-02")
    assert (value, sum(counts for _, _, counts in rows)) == (13, 13)  # 10 + 3
