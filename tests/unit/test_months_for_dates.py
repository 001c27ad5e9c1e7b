"""Months where a date is needed: a column a month, no year, no day; each is refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc
from support import in_month, said_of, write_folder

ACROSS, NO_YEAR = "months-across", "months-without-year"


@pytest.mark.parametrize(
    ("name", "text", "code", "said", "step"),
    [
        ("paid_users", "user_id,Jan 2026,Feb 2026\nu1,1,\n", ACROSS, "'Jan 2026' to 'Feb 2026'", "customer and month"),
        ("paid_users", "Khách hàng,T1,T2,T3\nCty A,5,5,\n", ACROSS, "'T1' to 'T3'", "and say the year."),
        ("visits", "source,2026-01,2026-02\ngoogle,10,20\n", ACROSS, "2 of its columns", "monthly.csv"),
        ("monthly", "metric,T1/2026,T2/2026\nLeads,1,2\n", ACROSS, "2 of its columns", "names of figures"),
        ("paid_users", "Tháng,user_id\nTháng 9,u1\nTháng 10,u1\n", NO_YEAR, "'Tháng 9'", "like 2026-09"),
        ("paid_users", "quarter,user_id\nQ3,u1\nQ4,u1\n", NO_YEAR, "'Q3'", "like 2026-09"),
        ("paid_users", "Năm,Tháng,user_id\n2026,9,u1\n2026,10,u1\n", NO_YEAR, "'9'", "put the year of 'Năm'"),
        ("visits", "Month,source,sessions\nSep,google,10\nOct,google,20\n", NO_YEAR, "'Sep'", "like 2026-09"),
        ("visits", "Month,source,sessions\nSep 2026,google,10\n", "months-for-days", "'Sep 2026'", "Export by day"),
        ("paid_users_thang9", "user_id,mrr\nu1,10\n", "missing-column", "started_at", "paid_users_2026-09.csv"),
        ("monthly", "month,new_signups\nTháng 9,100\n", "month-without-year", "'Tháng 9' says no year", "like 2026-09"),
        ("monthly", "Tháng,new_signups\n9,100\n", "month-without-year", "'9' says no year", "like 2026-09"),
    ],
)  # fmt: skip
def test_months_are_refused_with_what_to_do(
    name: str, text: str, code: str, said: str, step: str, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path, {f"{name}.csv": text})
    [((of, _), (message, hint))] = said_of(folder).items()
    assert (of, said in message, step in hint) == (code, True, True), (message, hint)
    with pytest.raises(fc.InputError):
        fc.open_folder(folder).report()


@pytest.mark.parametrize("month", ["2026-09", "9/2026", "Sep-26", "Thg9-26", "T9/2026", "Tháng 9 năm 2026", "1/9/2026"])
def test_months_with_their_year_are_read_in_all_ways(month: str, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"monthly.csv": f"month,new_signups\n{month},100\n"})
    assert in_month(folder, "2026-09", "new_signups") == [100]
