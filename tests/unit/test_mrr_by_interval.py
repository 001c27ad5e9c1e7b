"""MRR that grows with the interval of its rows: it may be a price of the interval, which is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from support import in_month, said_of, write_folder

MRR = "closing_mrr_amount"
ASKED = ("mrr-by-interval", "mrr")


def paid(folder: Path, header: str, rows: Sequence[str], config: str = "") -> Path:
    lines = [f"u{n},2026-01-05,,{row}" for n, row in enumerate(rows)]
    text = "\n".join([f"user_id,started_at,ended_at,{header}", *lines, ""])
    return write_folder(folder, {"paid_users.csv": text}, config)


@pytest.mark.parametrize(
    ("header", "rows", "is_asked"),
    [
        ("mrr,interval", ("1200,year", "100,month"), True),
        ("mrr,interval", ("1000,year", "300,quarter", "100,month"), True),  # two months of a year for nothing
        ("mrr,interval", ("1150,year", "100,month"), False),
        ("mrr,plan,interval", ("980,Pro,year", "99,Pro,month", "20,Basic,month", "210,Basic,year"), True),
        ("mrr,plan,interval", ("1200,Enterprise,year", "100,Pro,month"), False),
        ("mrr,plan,interval", ("90,Pro,year", "100,Pro,month"), False),
        ("mrr,interval", ("1200,year", "600,year"), False),
        ("mrr,plan", ("1200,Pro", "100,Pro"), False),
    ],
)
def test_what_is_asked_about(header: str, rows: Sequence[str], is_asked: bool, tmp_path: Path) -> None:
    assert (ASKED in said_of(paid(tmp_path, header, rows))) is is_asked


def test_the_settings_that_are_named_decide(tmp_path: Path) -> None:
    """1,200 a year and 100 a month: 1,300 as MRR, 200 as prices."""
    rows = ("1200,year", "100,month")
    paid(tmp_path, "mrr,interval", rows)
    assert in_month(tmp_path, "2026-01", MRR) == [1300]
    _, step = said_of(tmp_path)[ASKED]
    assert "[inputs.paid_users.columns] amount = 'mrr', mrr = false" in step
    paid(tmp_path, "mrr,interval", rows, '[inputs.paid_users.columns]\namount = "mrr"\nmrr = false\n')
    assert (in_month(tmp_path, "2026-01", MRR), said_of(tmp_path)) == ([200], {})
    paid(tmp_path, "mrr,interval", rows, "[inputs.paid_users.columns]\ninterval = false\n")
    assert (in_month(tmp_path, "2026-01", MRR), ASKED in said_of(tmp_path)) == ([1300], False)
