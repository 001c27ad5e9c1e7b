"""Every figure of the report against the recount: random exports, random rules, random ranges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings

from draws import any_of, together, tries
from funnelcli.values.periods import Grain
from oracle.random_exports import MONTHS, Case, Exports, cases, toml_of, write_folder
from oracle.recount import Period, Rules, recount
from read_once import read_once
from support import Figure, FigureKey, dashboard_figures, report_of

# A month before the exports and one after them too: nothing is known there, or not yet.
ASKED = (date(2025, 10, 1), *MONTHS, date(2026, 5, 1))

Namer = Callable[[date], str]
NAMES: dict[Grain, Namer] = {
    Grain.MONTH: lambda day: f"{day:%Y-%m}",
    Grain.QUARTER: lambda day: f"{day.year}Q{(day.month + 2) // 3}",
    Grain.YEAR: lambda day: str(day.year),
}


def periods_over(first: date, last: date, name: Namer) -> list[Period]:
    """The periods that the months from ``first`` to ``last`` lie in, and their whole as "total".

    A month is the unit: a period is all the months that bear its name, asked for or not.
    """
    months = [date(year, month, 1) for year in range(2024, 2028) for month in range(1, 13)]
    named = [name(month) for month in months]
    asked = dict.fromkeys(name(month) for month in months if first <= month <= last)
    periods = [(key, months[named.index(key)], months[len(named) - named[::-1].index(key)]) for key in asked]
    return [*periods, ("total", periods[0][1], periods[-1][2])]


def test_periods_are_whole_months_quarters_and_years() -> None:
    first, last = date(2025, 12, 1), date(2026, 2, 1)
    assert [periods_over(first, last, name) for name in NAMES.values()] == [
        [
            ("2025-12", date(2025, 12, 1), date(2026, 1, 1)),
            ("2026-01", date(2026, 1, 1), date(2026, 2, 1)),
            ("2026-02", date(2026, 2, 1), date(2026, 3, 1)),
            ("total", date(2025, 12, 1), date(2026, 3, 1)),
        ],
        [
            ("2025Q4", date(2025, 10, 1), date(2026, 1, 1)),
            ("2026Q1", date(2026, 1, 1), date(2026, 4, 1)),
            ("total", date(2025, 10, 1), date(2026, 4, 1)),
        ],
        [
            ("2025", date(2025, 1, 1), date(2026, 1, 1)),
            ("2026", date(2026, 1, 1), date(2027, 1, 1)),
            ("total", date(2025, 1, 1), date(2027, 1, 1)),
        ],
    ]


def weeks_over(first: date, last: date) -> list[Period]:
    """The weeks from Monday to Sunday that have days from ``first`` to the end of the month ``last``, and their whole.

    A week bears the number that it has in the year of its Thursday.
    """
    end = month_after(last)
    monday = first - timedelta(days=first.weekday())
    weeks: list[Period] = []
    while monday < end:
        thursday = monday + timedelta(days=3)
        number = (thursday - date(thursday.year, 1, 1)).days // 7 + 1
        weeks.append((f"{thursday.year}-W{number:02}", monday, monday + timedelta(days=7)))
        monday += timedelta(days=7)
    return [*weeks, ("total", weeks[0][1], weeks[-1][2])]


def month_after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def fiscal(starts: int, months: int) -> Namer:
    """The names of fiscal years, or of their quarters, that start with a month."""

    def name(day: date) -> str:
        year = day.year if day.month >= starts else day.year - 1
        gone = (day.year - year) * 12 + day.month - starts
        return f"FY{year}" if months == 12 else f"FY{year}-Q{gone // months + 1}"

    return name


def recounted(case: Case, periods: list[Period]) -> dict[FigureKey, Figure]:
    answers = recount(**case.exports.by_stage(), periods=periods, rules=case.rules)
    return {key: (answer.value, answer.numerator, answer.denominator) for key, answer in answers.items()}


def reported(case: Case, folder: Path, grain: Grain, first: str, last: str, more: str = "") -> dict[FigureKey, Figure]:
    """Every figure of the report of the case in a folder; ``more`` is a line of [business]."""
    as_of = case.rules.as_of
    (folder / "funnel.toml").write_text(toml_of(case.rules).replace("\n", f"\n{more}\n", 1), encoding="utf-8")
    report = report_of(
        folder,
        first=first,
        last=last,
        grain=grain,
        as_of=None if as_of is None else as_of.isoformat(),
        by_channel=True,
        section="dashboard",
    )
    return dashboard_figures(report)


FISCAL_STARTS = (2, 4, 12)  # the first and the last divide the quarters of the calendar
GRAINS = (*((grain, 1) for grain in Grain), *((grain, 0) for grain in (Grain.QUARTER, Grain.YEAR)))


SOME_GRAINS = any_of(*combinations(GRAINS, 3))


# Beside a row that goes on, one is followed on the day after: the first to be found red in the whole suite only.
FOLLOWED = Case(
    exports=Exports(
        visitors=[{"date": "2025-11-02"}],
        paid_users=[
            {"user_id": "u1", "started_at": start, "ended_at": end, "mrr": "100"}
            for start, end in (("2025-11-01", ""), ("2025-11-02", "2025-11-02"), ("2025-11-03", "2026-01-01"))
        ],
    ),
    rules=Rules(channels={}),
)


@settings(max_examples=tries(140))
@example(case=FOLLOWED, months=(MONTHS[0], MONTHS[0]), grains=((Grain.WEEK, 1), (Grain.MONTH, 1)), fiscal_start=2)
@given(case=cases(), months=together(ASKED, ASKED), grains=SOME_GRAINS, fiscal_start=any_of(*FISCAL_STARTS))
def test_every_figure_is_what_the_recount_counts(
    case: Case, months: tuple[date, date], grains: Sequence[tuple[Grain, int]], fiscal_start: int
) -> None:
    """Of each case several ways to count: drawing it and reading its files is what takes the time."""
    first, last = sorted(months)
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_folder(case.exports, folder)
        with read_once(folder):
            for grain, starts in grains:
                every_figure_is_what_the_recount_counts(case, folder, first, last, grain, starts or fiscal_start)


def every_figure_is_what_the_recount_counts(
    case: Case, folder: Path, first: date, last: date, grain: Grain, starts: int
) -> None:
    if grain is Grain.WEEK:
        periods = weeks_over(first, last)
    else:
        name = NAMES[grain] if starts == 1 else fiscal(starts, {Grain.QUARTER: 3, Grain.YEAR: 12}[grain])
        periods = periods_over(first, last, name)
    expected = recounted(case, periods)
    more = f'fiscal_year_starts = "{starts:02}"' if starts > 1 else ""
    got = reported(case, folder, grain, NAMES[Grain.MONTH](first), NAMES[Grain.MONTH](last), more)
    assert got.keys() == expected.keys()
    differences = {key: (expected[key], got[key]) for key in expected if expected[key] != got[key]}
    assert differences == {}, "(metric, channel, period): (recounted, reported)"
