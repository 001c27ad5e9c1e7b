"""The examples are what their script makes, and the report of one is what another count of it gave."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from funnelcli.answers.explain import CountedRow, counted_rows, explain_value
from funnelcli.metrics import CATALOGUE, shown
from funnelcli.metrics.model import DASHBOARD, Balance, Flow, Formula, Percentile, Product, Ratio
from funnelcli.values.period_words import parse_bound
from funnelcli.values.periods import Grain
from support import exports_of, figures, report_of

ROOT = Path(__file__).parents[2]

# Counted from the files by a separate plain script, month by month (grace of 3 days, opening of 58 PU).  New signups,
# bookings, PU at start, new, reactivated, lost, PU at end, organic visits, ads visits, existing users' visits.
SAAS_VN = {
    "2025-05": (130, 25, 58, 3, 0, 0, 61, 5595, 4347, 1601),
    "2025-06": (138, 19, 61, 6, 0, 0, 67, 5485, 4276, 1594),
    "2025-07": (149, 30, 67, 6, 0, 3, 70, 6039, 4715, 1759),
    "2025-08": (156, 27, 70, 9, 1, 1, 79, 6092, 4732, 1748),
    "2025-09": (168, 43, 79, 12, 0, 4, 87, 6283, 4864, 1800),
    "2025-10": (177, 33, 87, 12, 0, 2, 97, 6734, 5128, 1956),
    "2025-11": (184, 30, 97, 7, 0, 5, 99, 6480, 4956, 1896),
    "2025-12": (190, 31, 99, 13, 1, 1, 112, 6927, 5409, 2002),
    "2026-01": (186, 44, 112, 9, 1, 8, 114, 6876, 5261, 1996),
    "2026-02": (128, 26, 114, 16, 2, 3, 129, 4281, 3226, 1251),
    "2026-03": (212, 51, 129, 8, 0, 8, 129, 7179, 5727, 2101),
    "2026-04": (226, 61, 129, 13, 0, 5, 137, 7530, 5842, 2208),
    "2026-05": (235, 53, 137, 16, 1, 3, 151, 7853, 5876, 2240),
    "2026-06": (247, 63, 151, 19, 0, 8, 162, 7834, 6048, 2266),
    "2026-07": (256, 52, 162, 19, 1, 6, 176, 8124, 6592, 2387),
    "2026-08": (268, 68, 176, 16, 0, 5, 187, 8455, 6448, 2438),
    "2026-09": (283, 67, 187, 24, 1, 6, 206, 8603, 6765, 2490),
    "2026-10": (300, 77, 206, 23, 0, 4, 225, 9299, 7163, 2729),
}
PLAIN = {
    "2026-01": (34, 8, 0, 4, 0, 0, 4, 386, 154, 12),
    "2026-02": (33, 12, 4, 1, 0, 0, 5, 355, 125, 63),
    "2026-03": (39, 9, 5, 3, 0, 1, 7, 542, 191, 102),
    "2026-04": (42, 13, 7, 5, 0, 1, 11, 539, 201, 94),
    "2026-05": (44, 9, 11, 2, 1, 1, 13, 570, 226, 91),
    "2026-06": (49, 16, 13, 6, 0, 0, 19, 684, 214, 120),
    "2026-07": (52, 17, 19, 6, 0, 2, 23, 709, 293, 131),
    "2026-08": (57, 18, 23, 9, 0, 1, 31, 765, 295, 143),
}
COLUMNS = (
    "new_signups",
    "new_demo_bookings",
    "opening_paid_users",
    "new_paid_users",
    "reactivated_paid_users",
    "churned_paid_users",
    "closing_paid_users",
    "organic_visits",
    "paid_visits",
    "existing_user_visits",
)


@pytest.mark.parametrize(("example", "expected"), [("saas_vn", SAAS_VN), ("plain", PLAIN)])
def test_the_dashboard_is_what_the_other_count_gave(example: str, expected: dict[str, tuple[int, ...]]) -> None:
    report = report_of(ROOT / "examples" / example, first=min(expected), last=max(expected))
    reported = figures(report)
    counted = {month: tuple(reported[key, None, month][0] for key in COLUMNS) for month in expected}
    assert counted == expected


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples as their script makes them."""
    folder = tmp_path_factory.mktemp("examples")
    subprocess.run([sys.executable, ROOT / "examples" / "make_examples.py", folder], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("example", ["saas_vn", "plain", "erp_vn", "leads_vn"])
def test_the_script_makes_the_files_again_byte_for_byte(example: str, made_again: Path) -> None:
    made = {p.name: p.read_bytes() for p in sorted((made_again / example).iterdir())}
    kept = {
        p.name: p.read_bytes()
        for p in sorted((ROOT / "examples" / example).iterdir())
        if p.name != "funnel.schema.json"
    }
    assert made == kept


# What each example has the files for.
OF_EXAMPLE = {
    "saas_vn": [metric.key for metric in shown() if metric.section in DASHBOARD],
    "plain": [metric.key for metric in shown() if metric.section in DASHBOARD],
    "erp_vn": [metric.key for metric in CATALOGUE.values() if metric.section.is_journey],
}
MONTHS = [("saas_vn", "2026-10"), ("saas_vn", "2025Q3"), ("plain", "2026"), ("erp_vn", "2026-10"), ("erp_vn", "2026Q3")]


def percentile(quantile: float, rows: list[CountedRow]) -> float | None:
    """The first time by which a share has ended, by Kaplan-Meier: each row says how long it took, or so far."""
    survival = Fraction(1)
    for time in sorted({row.lasted or 0 for row in rows if row.ended is not None}):
        left = sum(1 for row in rows if row.lasted == time and row.ended is not None)
        survival *= 1 - Fraction(left, sum(1 for row in rows if (row.lasted or 0) >= time))
        if survival <= 1 - Fraction(str(quantile)):
            return time
    return None


@pytest.mark.parametrize(
    ("example", "month", "key"), [(example, month, key) for example, month in MONTHS for key in OF_EXAMPLE[example]]
)
def test_the_rows_behind_every_figure_sum_to_it(example: str, month: str, key: str) -> None:
    """A leaf's rows sum to the leaf; adding and dividing the leaves as the formula says gives the figure."""
    exports = exports_of(ROOT / "examples" / example)
    grain = {7: Grain.MONTH, 6: Grain.QUARTER, 4: Grain.YEAR}[len(month)]
    period = parse_bound(month, grain, last=False, option="--month")
    as_of = max(extent.last for extent in exports.extents.values())
    explained = explain_value(exports, CATALOGUE[key], period, as_of, None)
    rows = counted_rows(exports, explained)
    sums: dict[str, Fraction] = {}
    for row in rows:
        sums[row.part] = sums.get(row.part, Fraction(0)) + Fraction(row.counts, row.per)

    def value(name: str) -> float | None:
        kind = CATALOGUE[name].kind
        match kind:
            case Flow() | Balance():
                return float(sums.get(name, 0))
            case Ratio(numerator=above, denominator=below, times=times):
                return quotient([above], [below], times)
            case Product(times=above, over=below, factor=factor, never=never):
                is_never = never is not None and (value(never.more) or 0) > (value(never.than) or float("inf"))
                return None if is_never else quotient(above, below, factor)
            case Formula(plus=plus, minus=minus):
                return sum(value(key) or 0 for key in plus) - sum(value(key) or 0 for key in minus)
            case Percentile():
                return percentile(kind.quantile, [row for row in rows if row.lasted is not None])
            case _:  # of other months, of the settings: no sum of the rows of this period
                return explain_value(exports, CATALOGUE[name], period, as_of, None).value.value

    def quotient(above: Sequence[str], below: Sequence[str], factor: float) -> float | None:
        terms, divisors = list(map(value, above)), list(map(value, below))
        if None in terms or not all(divisors):
            return None
        return factor * math.prod(term or 0 for term in terms) / math.prod(divisor or 1 for divisor in divisors)

    assert explained.value.value == (None if (known := value(key)) is None else pytest.approx(known, rel=1e-12))
