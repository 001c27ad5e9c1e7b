"""Days with their hour in one number, as GA4 has them: 2026010513 is no number of seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from funnelcli.reading.engines import choose
from support import in_month, said_of, write_folder


@pytest.mark.parametrize("small", [choose.SMALL_BYTES, 0], ids=["row by row", "at once"])
def test_a_date_with_its_hour(small: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """3 + 4 visits in January, 5 in February; in seconds these would be days of 2034."""
    monkeypatch.setattr(choose, "SMALL_BYTES", small)
    write_folder(
        tmp_path, {"visits.csv": "Date + hour (YYYYMMDDHH),Sessions\n2026010513,3\n2026013123,4\n2026020100,5\n"}
    )
    config = '[inputs.visitors.columns]\ndate = "Date + hour (YYYYMMDDHH)"\n'
    write_folder(tmp_path, {}, config)
    assert [in_month(tmp_path, month, "net_new_visitors") for month in ("2026-01", "2026-02")] == [[7], [5]]
    write_folder(tmp_path, {"visits.csv": "date,visits\n1767600000,3\n1767700000,4\n"}, "")  # 5 and 6 January 2026
    assert (in_month(tmp_path, "2026-01", "net_new_visitors"), said_of(tmp_path)) == ([7], {})


def test_a_month_in_figures_is_an_end(tmp_path: Path) -> None:
    """u1 pays to the last day of February."""
    rows = "u1,2026-01-05,202602\nu2,2026-01-06,\nu3,2026-03-06,\n"
    write_folder(tmp_path, {"paid_users.csv": f"user_id,started_at,ended_at\n{rows}"})
    lost = [in_month(tmp_path, month, "churned_paid_users") for month in ("2026-01", "2026-02", "2026-03")]
    assert lost == [[0], [1], [0]]
