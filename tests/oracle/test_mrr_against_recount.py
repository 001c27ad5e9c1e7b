"""Every figure of the revenue section against the recount by day: random rows, random rules, whole and by part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings

from draws import any_of, together
from funnelcli.values.periods import Grain
from oracle.mrr_recount import METRICS, Answer, Answers, Period, customers_of, months, recount, with_total
from oracle.random_paid import ASKED, Case, cases, toml_of, with_opening, write_paid
from support import Figure, FigureKey, figures, folder_of

DIMENSIONS = ("channel", "plan")
TRANSFERRED = "transferred_mrr_amount"  # which only parts have that customers go from and to
EXACT = 1e-12  # of a rate, whose sides are exact


def grouped(asked: Sequence[Period], grain: Grain) -> list[Period]:
    """Months as they are, or the whole quarters or years of the calendar in which they lie; and the whole of all."""
    named = {
        Grain.MONTH: "{0:%Y-%m}",
        Grain.QUARTER: "{0.year}Q{1}",
        Grain.YEAR: "{0.year}",
    }[grain]
    groups: dict[str, list[Period]] = {}
    for month in months("2024-01", "2025-12"):
        name = named.format(month[1], (month[1].month + 2) // 3)
        groups.setdefault(name, []).append(month)
    return with_total([(key, of[0][1], of[-1][2]) for key, of in groups.items() if not set(of).isdisjoint(asked)])


def reported(folder: Path, case: Case, asked: Sequence[Period], grain: Grain, by: str) -> dict[FigureKey, Figure]:
    result = folder_of(folder).report(
        section="revenue",
        start=asked[0][0],
        end=asked[-1][0],
        grain=grain.value,
        by=by,
        as_of=case.rules.as_of,
    )
    return {key: figure for key, figure in figures(result.report).items() if key[0] in METRICS}


def differences(expected: Answers, got: dict[FigureKey, Figure]) -> dict[FigureKey, tuple[Answer, Figure]]:
    """Where the two differ: (recounted, reported)."""
    return {key: (expected[key], got[key]) for key in expected if not agree(expected[key], got[key])}


def agree(answer: Answer, figure: Figure) -> bool:
    value, *sides = figure
    known = [None if side is None else float(side) for side in (answer.numerator, answer.denominator)]
    if answer.value is None or value is None:
        return answer.value is None and value is None
    return sides == known and abs(value - answer.value) <= EXACT * max(1, abs(value))


GRAINS = (Grain.MONTH, Grain.QUARTER, Grain.YEAR)


@settings(max_examples=14)
@given(case=cases(), ends=together(ASKED, ASKED), grain=any_of(*GRAINS), has_opening=any_of(False, False, False, True))
def test_every_figure_of_revenue_is_what_the_recount_counts(
    case: Case, ends: tuple[Period, Period], grain: Grain, has_opening: bool
) -> None:
    """Whole and in parts, of a dimension that a customer is of for good, and of one that it may change."""
    first, last = sorted(ASKED.index(period) for period in ends)
    asked, paying = ASKED[first : last + 1], None
    periods = grouped(asked, grain)
    if has_opening:
        case, paying = with_opening(case, periods[0], 2, 123_45)
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_paid(folder, case)
        (folder / "funnel.toml").write_text(toml_of(case, paying), encoding="utf-8")
        known = customers_of(case.paying(), periods, case.rules)
        for by in DIMENSIONS:
            got = reported(folder, case, asked, grain, by)
            parts = sorted({part for _, part, _ in got if part is not None})
            expected = recount(known, periods, case.rules, by=by, parts=parts)
            expected = {key: answer for key, answer in expected.items() if by == "plan" or key[0] != TRANSFERRED}
            assert got.keys() == expected.keys(), by
            assert differences(expected, got) == {}, (by, case)
