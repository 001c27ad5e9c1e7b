"""Changes of figures that are small, or below 0: in pages for the terminal and in workbooks."""

from __future__ import annotations

from pathlib import Path

from support import run_cli

# 700 when February begins, of which 100 are lost in February and 300 in March.
PAID = "user_id,started_at,ended_at,mrr\na,2026-01-01,2026-02-10,100\nb,2026-01-01,2026-03-10,300\nc,2026-01-01,,300\n"


def test_a_loss_that_trebles_is_no_growth(tmp_path: Path) -> None:
    """Net new MRR goes from -100 to -300: by -200, where -300 / -100 - 1 would be +200 %."""
    (tmp_path / "paid_users.csv").write_text(PAID, encoding="utf-8")
    page = run_cli(
        "report", str(tmp_path), "--section", "revenue", "--as-of", "2026-03-31", env={"COLUMNS": "120"}
    ).stdout
    (line,) = (line.split() for line in page.splitlines() if line.startswith("Net new MRR "))
    assert line[3:8] == ["700", "-100", "-300", "300", "-200"]
    (churned,) = (line.split() for line in page.splitlines() if line.startswith("Churned MRR "))
    assert churned[2:7] == ["0", "100", "300", "400", "+200.0%"]
