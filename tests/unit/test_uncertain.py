"""Which rates have an interval: those of people who are some of those they are divided by, and why others have none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from funnelcli import open_folder
from funnelcli.answers.uncertain import interval_of
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import Ratio
from funnelcli.values.figures import Unit, Value
from support import EXAMPLES, write_folder

HEADER = "user_id,started_at,ended_at,plan\n"
OPENING = '[churn]\nmethod = "opening"\n'
_BESIDE = "some of the lost were not paying when the period began"


def customers(paying: int, lost: int, joined: int = 0, back: int = 0) -> dict[str, str]:
    """So many paying on 1 February, of whom some are lost in it and come back; and some who join and leave in it."""
    rows = [f"s{n},2026-01-01,," for n in range(paying - lost)]
    rows += [f"g{n},2026-01-01,2026-02-10," for n in range(lost)]
    rows += [f"g{n},2026-02-20,," for n in range(back)]
    rows += [f"j{n},2026-02-02,2026-02-12," for n in range(joined)]
    return {"paid_users.csv": HEADER + "\n".join(rows) + "\n"}


def churn(folder: Path, **asked: Any) -> dict[str, Any]:
    explained = open_folder(folder).explain("paid_user_churn_rate", month="2026-02", as_of="2026-02-28", **asked)
    data: dict[str, Any] = json.loads(explained.to_bytes("json"))
    return data


def bounds(data: dict[str, Any]) -> tuple[float, float, float, str] | None:
    interval = data.get("interval")
    if interval is None:
        return None
    return round(interval["lower"], 4), round(interval["upper"], 4), interval["level"], interval["method"]


@pytest.mark.parametrize(
    ("exports", "config", "expected"),
    [
        # 10 of 100: Wilson, (0.1 + 1.9207/100 -+ 1.96 sqrt(0.0009 + 0.9604/10000)) / (1 + 3.8415/100)
        (customers(100, 10), "", (0.0552, 0.1744, 0.95, "wilson")),
        (customers(20, 0), "", (0.0, 0.1611, 0.95, "wilson")),  # Newcombe's 0/20
        # 11 lost of 100, of whom one joined after 1 February: no part of the hundred.
        (customers(100, 10, joined=1), "", None),
        (customers(100, 10, joined=1), OPENING, (0.0552, 0.1744, 0.95, "wilson")),
        # Who comes back was lost of the hundred all the same.
        (customers(100, 10, back=2), "", (0.0552, 0.1744, 0.95, "wilson")),
        (customers(100, 10, back=2), OPENING, (0.0411, 0.1500, 0.95, "wilson")),  # 8 of 100
    ],
)
def test_the_churn_rate_has_an_interval_where_all_lost_were_paying(
    exports: dict[str, str], config: str, expected: object, tmp_path: Path
) -> None:
    data = churn(write_folder(tmp_path, exports, config))
    assert bounds(data) == expected
    assert data.get("no_interval") == (None if expected else _BESIDE)


def test_in_a_part_that_customers_leave_for_another_there_is_none(tmp_path: Path) -> None:
    """Of two on Basic one goes to Pro in February and is lost there: one of Pro's losses, none of its opening."""
    rows = "a,2026-01-01,,Basic\nb,2026-01-01,2026-02-09,Basic\nb,2026-02-10,2026-02-20,Pro\nc,2026-01-01,,Pro\n"
    folder = write_folder(tmp_path, {"paid_users.csv": HEADER + rows})
    assert bounds(churn(folder)) is not None
    data = churn(folder, by="plan", part="Pro")
    assert (data["numerator"], data["denominator"], bounds(data)) == (1, 1, None)
    assert data["no_interval"].startswith("customers go from part to part")


def test_a_rate_without_an_interval_says_so_to_people() -> None:
    folder = open_folder(EXAMPLES / "plain")
    shown = folder.explain("signup_to_demo_rate", month="2026-08").render("table")
    assert "Interval  none: a period rate: other people may stand above and below the line\n" in shown
    vietnamese = folder.explain("paid_user_churn_rate", month="2026-08").render("md", lang="vi")
    assert "0,8% đến 21,0% (95 %, Wilson)" in vietnamese  # 1 of 23


# Rates whose people above the line are among those below it.
SHARES = {
    "plain": {"paid_user_churn_rate", "renewal_rate"},
    "saas_vn": {
        "paid_user_churn_rate", "renewal_rate", "nps_response_rate", "active_share_rate", "invite_conversion_rate",
        "referral_signup_share_rate", "word_of_mouth_share_rate",
    },
}  # fmt: skip


@pytest.mark.parametrize("example", ["plain", "saas_vn"])
def test_an_interval_holds_its_rate_and_no_other_figure_has_one(example: str) -> None:
    data = json.loads(open_folder(EXAMPLES / example).report(by="channel").to_bytes("json"))
    metrics = set()
    for row in data["rows"]:
        for cell in (*row["cells"], row["total"]):
            if "interval" in cell:
                metrics.add(row["metric"])
                assert cell["interval"]["lower"] <= cell["value"] <= cell["interval"]["upper"]
                assert cell["numerator"] <= cell["denominator"]
    assert metrics == SHARES[example]


def test_a_figure_that_is_no_share_has_none() -> None:
    assert interval_of(Value(value=0.5, numerator=1, denominator=2)) is None
    assert interval_of(Value(value=3)) is None


def test_every_rate_says_why_it_may_have_none() -> None:
    rates = [metric for metric in CATALOGUE.values() if isinstance(metric.kind, Ratio) and metric.unit is Unit.RATE]
    assert rates
    for metric in rates:
        assert isinstance(metric.kind, Ratio)
        assert all(metric.kind.beside.of(lang) for lang in ("en", "vi"))
