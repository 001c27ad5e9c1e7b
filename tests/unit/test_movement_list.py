"""The list of who moved the MRR: the bridge above it is of what was asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from funnelcli import open_folder

# An stays with Pro and buys Team beside it; Bo goes from Pro to Team; Chi leaves; Dung renews Pro five days early.
ROWS = """user_id,started_at,ended_at,plan,mrr
an,2026-01-01,2026-12-31,Pro,100
an,2026-03-05,2026-12-31,Team,40
bo,2026-01-01,2026-03-09,Pro,100
bo,2026-03-10,2026-12-31,Team,160
chi,2026-01-01,2026-03-20,Team,30
dung,2026-02-01,2026-03-15,Pro,50
dung,2026-03-11,2026-12-31,Pro,50
"""


def asked(tmp_path: Path, **options: Any) -> dict[str, Any]:
    (tmp_path / "paid_users.csv").write_text(ROWS, encoding="utf-8")
    movements = open_folder(tmp_path).movements(month="2026-03", as_of="2026-03-31", **options)
    known: dict[str, Any] = json.loads(movements.to_bytes("json"))
    return known


def test_the_bridge_of_a_part_is_the_one_of_the_report(tmp_path: Path) -> None:
    """Pro has 250 (An, Bo, Dung's 50) and loses Bo's 100 to Team; Team has Chi's 30, and 40 + 60 come, and 100."""
    known = asked(tmp_path, by="plan", part="Team")
    assert known["by"] == {"plan": "Team"}
    assert known["bridge"] == {
        "opening_mrr_amount": 30, "new_mrr_amount": 0, "reactivation_mrr_amount": 0,
        "expansion_mrr_amount": 40 + 60, "contraction_mrr_amount": 0, "churned_mrr_amount": 30,
        "transferred_mrr_amount": 100, "closing_mrr_amount": 40 + 160,
    }  # fmt: skip
    report = open_folder(tmp_path).report(month="2026-03", as_of="2026-03-31", by="plan", section="revenue")
    rows = [row for row in report.report.rows if row.part is not None and row.part.key == "Team"]
    of_team = {row.metric.key: row.cells[0].value for row in rows}
    assert known["bridge"] == {key: of_team[key] for key in known["bridge"]}


def test_the_bridge_of_all_is_the_whole_business(tmp_path: Path) -> None:
    """280 at first; An's 40, Bo's 60 and Dung's second 50 come, Dung's first 50 and Chi's 30 go."""
    assert asked(tmp_path)["bridge"] == {
        "opening_mrr_amount": 100 + 100 + 30 + 50, "new_mrr_amount": 0, "reactivation_mrr_amount": 0,
        "expansion_mrr_amount": 40 + 60 + 50, "contraction_mrr_amount": 50, "churned_mrr_amount": 30,
        "closing_mrr_amount": 140 + 160 + 50,
    }  # fmt: skip


def test_what_was_renewed_early_is_said_where_it_shows(tmp_path: Path) -> None:
    notes = {note["code"]: note["message"] for note in asked(tmp_path)["notes"]}
    assert notes["early-renewals"].startswith("1 row begins before the end of the one that it renews: both count")


@pytest.mark.parametrize("name", ["back", "Reactivation", "quay lại"])
def test_kinds_are_known_by_the_words_of_the_list(tmp_path: Path, name: str) -> None:
    assert asked(tmp_path, kind=name)["kinds"] == ["reactivation"]
