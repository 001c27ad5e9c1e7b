"""Every figure of costs against the recount row by row: random rows, whole and by channel, by month and of a range."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings

from draws import any_of
from oracle.costs_recount import CHANNELS, Month, Recount, name_of
from oracle.random_costs import MONTHS_ASKED, Case, cases, write_case
from support import figures, folder_of


@settings(max_examples=18, deadline=None)
@given(case=cases(), asked=MONTHS_ASKED)
def test_every_figure_of_costs_is_what_the_recount_counts(case: Case, asked: tuple[Month, ...]) -> None:
    with TemporaryDirectory() as place:
        write_case(Path(place), case)
        result = folder_of(Path(place)).report(
            section="costs", start=name_of(asked[0]), end=name_of(asked[-1]), by="channel", as_of=case.business.as_of
        )
        got = figures(result.report)
    shown = {part for _, part, _ in got}
    wanted = Recount(case.business, asked).figures(part for part in (None, *CHANNELS) if part in shown)
    off = {
        at: (None if value is None else float(value), got[at][0])
        for at, value in wanted.items()
        if not _alike(None if value is None else float(value), got[at][0])
    }
    assert off == {}


@settings(max_examples=25, deadline=None)
@given(case=cases(8, 40), asked=MONTHS_ASKED, days=any_of(1, 3, 31, 60))
def test_costs_beside_the_customers_that_came_of_their_month(case: Case, asked: tuple[Month, ...], days: int) -> None:
    key = "customer_acquisition_cost_cohort_amount"
    with TemporaryDirectory() as place:
        write_case(Path(place), case)
        result = folder_of(Path(place)).report(
            section="costs", start=name_of(asked[0]), end=name_of(asked[-1]), by="channel", basis="cohort",
            window=f"{days}d", as_of=case.business.as_of,
        )  # fmt: skip
        got = figures(result.report)
    wanted = Recount(case.business, asked).cohort_cac(days)
    off = {
        at: (None if value is None else float(value), got[at][0])
        for at, value in wanted.items()
        if at in got and not _alike(None if value is None else float(value), got[at][0])
    }
    assert off == {}
    assert (key, None, "total") in got


def _alike(wanted: float | None, got: float | None) -> bool:
    if wanted is None or got is None:
        return wanted is got
    return abs(wanted - got) <= 1e-9 * max(1, abs(wanted))
