"""Deals that are read as customers too, as nothing else says who pays: what is no customer forbids no figure."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc

HEADER = "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Currency,Close Date,Create Date,Deal owner"
WON = "1,A,Closed Won,Sales,1200,USD,2026-03-31,2026-01-31,Lan"
LOST_ELSEWHERE = "2,B,Closed Lost,Sales,1000,VND,2026-02-28,2026-01-31,Lan"
UNDATED = "9,Z,Closed Won,Sales,100,USD,,2026-01-01,Lan"


def written(path: Path, name: str, *rows: str) -> fc.Folder:
    (path / name).write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return fc.open_folder(path)


def codes(folder: fc.Folder) -> list[str]:
    return [fault.code for fault in folder.check().checked.problems]


def test_the_currency_of_a_lost_deal_is_that_of_no_customer(tmp_path: Path) -> None:
    folder = written(tmp_path, "deals.csv", WON, LOST_ELSEWHERE, LOST_ELSEWHERE.replace("2,B", "3,C"))
    report = folder.report(month="2026-03", as_of="2026-03-31").report
    values = {row.metric.key: row.total.value for row in report.rows}
    assert (values["new_paid_users"], values["won_amount"]) == (1, 1200)
    assert "mixed-currency" not in codes(folder)


def test_a_deal_won_on_no_day_is_no_customer_and_named(tmp_path: Path) -> None:
    folder = written(tmp_path, "deals.csv", WON, UNDATED)
    values = {row.metric.key: row.total.value for row in folder.report(month="2026-03", as_of="2026-03-31").report.rows}
    assert (values["new_paid_users"], values["won_deals"]) == (1, 1)
    assert folder.journey().journey.report.rows
    said = [fault for fault in folder.check().checked.problems if fault.code == "left-out-of-also"]
    assert [(fault.place, fault.message) for fault in said] == [
        ("deals.csv:3: started_at", "is left out of paid users, which the file is read as too: started_at is empty")
    ]


def test_of_customers_first_it_is_an_error_as_before(tmp_path: Path) -> None:
    folder = written(tmp_path, "paid_users.csv", WON, UNDATED)
    with pytest.raises(fc.InputError) as raised:
        folder.report(month="2026-03", as_of="2026-03-31")
    assert [fault.code for fault in raised.value.problems if fault.line == 3] == ["empty-cell"]


def test_reasons_are_known_as_systems_call_them(tmp_path: Path) -> None:
    """Zoho's "Reason For Loss": every lost deal has one."""
    (tmp_path / "deals.csv").write_text(
        "Record Id,Deal Name,Deal Owner,Amount,Stage,Closing Date,Created Time,Reason For Loss\n"
        "z1,A,Lan,1200,Closed Won,2026-03-31,2026-01-31 10:00,\n"
        "z2,B,Lan,1000,Closed Lost,2026-02-28,2026-02-01 11:00,Price\n",
        "utf-8",
    )
    frame = fc.open_folder(tmp_path).report(month="2026-02", as_of="2026-03-31", by="lost_reason").report
    lost = {row.part.key: row.total.value for row in frame.rows if row.metric.key == "lost_deals" and row.part}
    assert lost == {"Price": 1, "unknown": 0}
