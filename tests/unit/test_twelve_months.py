"""NRR and GRR of 12 months where the last day that counts lies within the period: of the 12 months up to it."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc
from support import write_folder

NRR, GRR = "net_revenue_retention_12m_rate", "gross_revenue_retention_12m_rate"
# By 1 March 2024 three have 400; a leaves with February 2025, c with 2024, d comes on 2 March 2024,
# and b pays less from May on.
PAID = """user_id,started_at,ended_at,plan,mrr
a,2024-01-01,2025-02-28,P,100
b,2024-01-01,2024-05-14,P,100
b,2024-05-15,,P,70
c,2024-01-01,2024-12-31,P,200
d,2024-03-02,,P,50
"""


def rates(folder: Path, grain: str, as_of: str) -> list[tuple[float | None, float | None]]:
    """NRR and GRR of 12 months of the last period, and of the total."""
    report = fc.open_folder(folder).report(section="revenue", grain=grain, last=2, as_of=as_of)
    return [(report.values(NRR)[key].value, report.values(GRR)[key].value) for key in list(report.values(NRR))[-2:]]


@pytest.mark.parametrize("grain", ["week", "month", "quarter", "year"])
@pytest.mark.parametrize(
    ("as_of", "kept", "then"),
    [
        ("2025-03-01", 70, 400),  # from the close of 1 March 2024, before d
        ("2025-03-02", 70 + 50, 450),  # d is there: 120 of 450
        ("2025-02-27", 100 + 70, 400),  # a has still a day to go
    ],
)
def test_twelve_months_up_to_the_last_day_at_any_grain(
    tmp_path: Path, grain: str, as_of: str, kept: int, then: int
) -> None:
    folder = write_folder(tmp_path, {"paid_users.csv": PAID})
    # Weeks end on Sundays: that of 24 February is over by 2 March, which changes nothing.
    assert rates(folder, grain, as_of) == [(kept / then, kept / then)] * 2


def test_a_period_that_is_over_has_its_own_twelve_months_and_leap_days_are_days(tmp_path: Path) -> None:
    paid = "user_id,started_at,ended_at,mrr\na,2023-01-01,,100\nb,2023-03-01,,60\n"
    folder = write_folder(tmp_path, {"paid_users.csv": paid})
    # By 28 February 2024, and by the 29th, the months begin with the close of 28 February 2023: without b.
    for as_of in ("2024-02-28", "2024-02-29"):
        assert rates(folder, "month", as_of) == [(1, 1), (1, 1)]
        asked = fc.open_folder(folder).explain("known_opening_mrr_amount", month="2024-02", as_of=as_of).value
        assert asked.value == 160  # of the month: both
    value = fc.open_folder(folder).explain(NRR, month="2024-02", as_of="2024-02-28")
    assert {key: each.value for key, each in value.inputs.items()} == {NRR.replace("_12m", ""): 1}


def test_where_the_export_begins_within_the_twelve_months_there_is_none(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"paid_users.csv": PAID})
    assert rates(folder, "year", "2024-12-15") == [(None, None)] * 2
