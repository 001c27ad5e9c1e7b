"""Every figure of the report against the recount: random exports, random rules, random ranges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelcli.values.periods import Grain
from oracle.random_exports import MONTHS, Case, cases, toml_of, write_folder
from oracle.recount import Period, recount
from support import Figure, FigureKey, figures, report_of

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
    months = [date(year, month, 1) for year in range(2025, 2028) for month in range(1, 13)]
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


def recounted(case: Case, periods: list[Period]) -> dict[FigureKey, Figure]:
    answers = recount(**case.exports.by_stage(), periods=periods, rules=case.rules)
    return {key: (answer.value, answer.numerator, answer.denominator) for key, answer in answers.items()}


def reported(case: Case, grain: Grain, first: str, last: str) -> dict[FigureKey, Figure]:
    as_of = case.rules.as_of
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_folder(case.exports, folder)
        (folder / "funnel.toml").write_text(toml_of(case.rules), encoding="utf-8")
        report = report_of(
            folder,
            first=first,
            last=last,
            grain=grain,
            as_of=None if as_of is None else as_of.isoformat(),
            by_channel=True,
        )
    return figures(report)


@pytest.mark.parametrize("grain", Grain)
@settings(max_examples=70)
@given(data=st.data())
def test_every_figure_is_what_the_recount_counts(grain: Grain, data: st.DataObject) -> None:
    case = data.draw(cases(), label="case")
    first, last = sorted(data.draw(st.tuples(*[st.sampled_from(ASKED)] * 2), label="months"))
    expected = recounted(case, periods_over(first, last, NAMES[grain]))
    got = reported(case, grain, NAMES[Grain.MONTH](first), NAMES[Grain.MONTH](last))
    assert got.keys() == expected.keys()
    differences = {key: (expected[key], got[key]) for key in expected if expected[key] != got[key]}
    assert differences == {}, "(metric, channel, period): (recounted, reported)"
