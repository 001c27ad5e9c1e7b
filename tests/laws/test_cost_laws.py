"""What holds of costs and budgets whatever the rows: parts sum to the whole, order and splitting change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from draws import any_of
from oracle.costs_recount import MONTHS, name_of
from oracle.random_costs import ROWS, Case, Row, cases, write_case, write_costs
from support import Figure, FigureKey, figures, folder_of

FIRST, LAST = name_of(MONTHS[0]), name_of(MONTHS[-1])
AS_OF = "2026-08-31"
SPENT = ("actual_cost_amount", "budgeted_cost_amount", "cost_over_budget_amount")
Known = dict[FigureKey, Figure]


def reported(folder: Path, as_of: object = AS_OF, by: str | None = None) -> Known:
    report = folder_of(folder).report(section="costs", start=FIRST, end=LAST, as_of=as_of, by=by)  # type: ignore[arg-type]
    return figures(report.report)


def hundredths(amount: float | None) -> int:
    return round((amount or 0) * 100)


def uneven(known: Known) -> dict[tuple[str, str], tuple[int, int]]:
    """Where the parts of an amount do not sum to the whole in whole hundredths."""
    whole = {(key, period): figure[0] for (key, part, period), figure in known.items() if part is None and key in SPENT}
    parts = dict.fromkeys(whole, 0)
    for (key, part, period), figure in known.items():
        if part is not None and key in SPENT:
            parts[key, period] += hundredths(figure[0])
    sums = {at: (hundredths(amount), parts[at]) for at, amount in whole.items() if amount is not None}
    return {at: pair for at, pair in sums.items() if pair[0] != pair[1]}


@settings(max_examples=8, deadline=None)
@given(
    spent=st.lists(ROWS, min_size=1, max_size=12),
    planned=st.lists(ROWS, min_size=1, max_size=8),
    by=any_of("channel", "team", "campaign", "source"),
)
def test_the_parts_of_every_dimension_sum_to_the_whole(spent: list[Row], planned: list[Row], by: str) -> None:
    """By channel, team, campaign and source: what is spent, what is planned, and the one less the other."""
    with TemporaryDirectory() as place:
        write_costs(Path(place), [row.written() for row in spent])
        write_costs(Path(place), [row.written() for row in planned], "budgets.csv")
        known = reported(Path(place), by=by)
    assert uneven(known) == {}
    assert sum(hundredths(known[key, None, "total"][0]) for key in SPENT[:2]) == sum(
        row.cost.hundredths for row in (*spent, *planned)
    )


def figures_of(case: Case, files: Sequence[Sequence[str]]) -> Known:
    """The figures of a case whose costs are these rows in these files."""
    with TemporaryDirectory() as place:
        write_case(Path(place), case)
        (Path(place) / "costs.csv").unlink()
        for number, rows in enumerate(files):
            write_costs(Path(place), rows, f"costs_{number}.csv")
        return reported(Path(place), case.business.as_of, "channel")


@settings(max_examples=6, deadline=None)
@given(case=cases(), data=st.data())
def test_the_order_of_rows_and_files_changes_nothing(case: Case, data: st.DataObject) -> None:
    rows = [row.written() for row in case.rows]
    turned = data.draw(st.permutations(rows))
    place = data.draw(st.integers(0, len(rows)))
    files = [part for part in (turned[place:], turned[:place]) if part]
    assert figures_of(case, files) == figures_of(case, [rows])


@settings(max_examples=6, deadline=None)
@given(case=cases())
def test_a_row_in_two_halves_is_one_row(case: Case) -> None:
    """Of an odd number of hundredths one half has one more."""
    halves = [
        row.written(half)
        for row in case.rows
        for half in (row.cost.hundredths // 2, row.cost.hundredths - row.cost.hundredths // 2)
    ]
    assert figures_of(case, [halves]) == figures_of(case, [[row.written() for row in case.rows]])


@settings(max_examples=6, deadline=None)
@given(case=cases(), days=any_of(1, 20, 45))
def test_a_later_day_changes_no_month_that_is_over(case: Case, days: int) -> None:
    """What was known of a month that had closed stays as it was; more of it may become known."""
    with TemporaryDirectory() as place:
        write_case(Path(place), case)
        earlier = case.business.as_of - timedelta(days=days)
        before, after = reported(Path(place), earlier, "channel"), reported(Path(place), case.business.as_of, "channel")
    over = {name_of(month) for month in MONTHS if name_of(month) < f"{earlier:%Y-%m}"}
    closed = {at: figure for at, figure in before.items() if at[2] in over and figure[0] is not None}
    assert {at: figure for at, figure in closed.items() if after.get(at) != figure} == {}
