"""Figures that others have published, each from a folder of a few rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from support import figures, folder_of, write_folder

HEADER = "user_id,started_at,ended_at,mrr\n"
# Before April, each in a row of its own: what grows, what shrinks and what goes within April.
THERE = {"grows": 100, "shrinks": 100, "goes": 100, "stays": 60}


def april(folder: Path, *, new: int = 0, back: int = 0, up: int = 0, down: int = 0, lost: int = 0) -> Path:
    """A folder in which so much moves each way in April 2026."""
    rows = [f"new,2026-04-05,,{new}"] if new else []
    rows += [f"back,2026-01-01,2026-02-10,5\nback,2026-04-06,,{back}"] if back else []
    rows += [f"grows,2026-01-01,2026-04-09,100\ngrows,2026-04-10,,{100 + up}"] if up else []
    rows += [f"shrinks,2026-01-01,2026-04-09,100\nshrinks,2026-04-10,,{100 - down}"] if down else []
    rows += [f"goes,2026-01-01,2026-04-11,{lost}"] if lost else []
    return write_folder(folder, {"paid_users.csv": HEADER + "\n".join(["stays,2026-01-01,,60", *rows]) + "\n"})


def of_april(folder: Path, *metrics: str) -> list[tuple[float | None, float | None, float | None]]:
    report = folder_of(folder).report(section="revenue", month="2026-04", as_of=date(2026, 4, 30)).report
    known = figures(report)
    return [known[metric, None, "2026-04"] for metric in metrics]


@pytest.mark.parametrize(("moved", "above", "below", "ratio"), [
    ({"new": 14, "up": 10, "down": 1, "lost": 3}, 24, 4, 6),
    ({"new": 20, "back": 4, "up": 6, "down": 10}, 30, 10, 3),
    ({"new": 40, "down": 8, "lost": 12}, 40, 20, 2),
])  # fmt: skip
def test_the_quick_ratio_of_what_came_and_what_went(
    moved: dict[str, int], above: int, below: int, ratio: int, tmp_path: Path
) -> None:
    assert of_april(april(tmp_path, **moved), "mrr_quick_ratio") == [(ratio, above, below)]


def test_of_200_six_are_lost_four_less_and_twenty_more_are_105_per_cent(tmp_path: Path) -> None:
    rows = (
        "goes,2026-01-01,2026-04-11,6\n"
        "shrinks,2026-01-01,2026-04-09,50\nshrinks,2026-04-10,,46\n"
        "grows,2026-01-01,2026-04-09,80\ngrows,2026-04-10,,100\n"
        "stays,2026-01-01,,64\n"
    )
    write_folder(tmp_path, {"paid_users.csv": HEADER + rows})
    net, gross, churn, net_churn = of_april(
        tmp_path,
        "net_revenue_retention_rate",
        "gross_revenue_retention_rate",
        "gross_mrr_churn_rate",
        "net_mrr_churn_rate",
    )
    assert net == (1.05, 200 - 6 - 4 + 20, 200)
    assert gross == (0.95, 200 - 6 - 4, 200)
    assert churn == (0.05, 6 + 4, 200)
    assert net_churn == (-0.05, 6 + 4 - 20, 200)
