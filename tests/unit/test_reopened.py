"""Deals that come back: what was won or lost and moved on from is neither, and a return is to an earlier stage."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.api.folder import Folder

STAGES = ("Qualify", "Discovery", "Demo", "Contract")
KEYS = ("qualify", "discovery", "demo", "contract")


def deals(path: Path, rows: list[tuple[str, str, str]], created: str = "2028-01-02") -> Folder:
    """Deals by the rows of their stages: each the deal, the stage and the day; every deal is worth 10 a letter."""
    lines = ["deal_id,created_at,stage,stage_at,amount"]
    lines += [f"{deal},{created},{stage},{day},{10 * len(deal)}" for deal, stage, day in rows]
    (path / "deals.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return fc.open_folder(path)


def figures(folder: Folder, *keys: str, start: str, end: str, as_of: str) -> dict[str, list[float | None]]:
    frame = folder.report(start=start, end=end, as_of=as_of, section="opportunity").to_frame()
    return {key: [None if v is None or v != v else float(v) for v in frame.loc[key].to_numpy()] for key in keys}


REOPENED = [
    ("a", "Contract", "2028-01-05"), ("a", "Closed Won", "2028-01-10"), ("a", "Demo", "2028-01-15"),
    ("a", "Closed Won", "2028-02-20"),
    ("b", "Qualify", "2028-01-04"), ("b", "Closed Lost", "2028-01-10"), ("b", "Demo", "2028-01-15"),
    ("c", "Qualify", "2028-01-04"), ("c", "Closed Lost", "2028-01-10"), ("c", "Demo", "2028-01-15"),
    ("c", "Closed Won", "2028-01-20"),
]  # fmt: skip


def test_a_deal_ends_once_and_not_at_all_while_it_is_open(tmp_path: Path) -> None:
    """a is won in February, b open, c won in January: 3 created = 2 won + 0 lost + 1 open, in months and over both."""
    folder = deals(tmp_path, REOPENED)
    keys = ("created_deals", "won_deals", "won_amount", "lost_deals", "open_deals", "win_rate", "average_won_days")
    seen = figures(folder, *keys, start="2028-01", end="2028-02", as_of="2028-02-29")
    assert seen["created_deals"][:2] == [3, 0]
    assert seen["won_deals"][:2] == [1, 1]
    assert seen["won_amount"][:2] == [10, 10]
    assert seen["lost_deals"][:2] == [0, 0]
    assert seen["open_deals"][:2] == [2, 1]
    assert seen["average_won_days"][:2] == [18, 49]
    early = figures(folder, *keys, start="2028-01", end="2028-01", as_of="2028-01-12")
    assert [early[key][0] for key in keys] == [3, 1, 10, 2, 0, pytest.approx(1 / 3), 8]


def test_a_range_counts_a_deal_once_though_each_of_its_months_does(tmp_path: Path) -> None:
    """Lost in January and still so at its end, won in February: in each month once, over both won alone."""
    rows = [("a", "Closed Lost", "2028-01-10"), ("a", "Demo", "2028-02-05"), ("a", "Closed Won", "2028-02-20")]
    folder = deals(tmp_path, rows)
    keys = ("won_deals", "lost_deals", "won_amount", "lost_amount")
    seen = figures(folder, *keys, start="2028-01", end="2028-02", as_of="2028-02-29")
    assert [seen[key] for key in keys] == [[0, 1, 1], [1, 0, 0], [0, 10, 10], [10, 0, 0]]


def test_who_was_lost_and_is_open_again_is_waited_for(tmp_path: Path) -> None:
    """10 and 45 days, and one that is lost and back: 1/3, then 1/3 + 2/3 x 1/2 = 2/3 of all; of these 75 % at 45."""
    rows = [
        ("a", "Discovery", "2028-02-01"), ("a", "Demo", "2028-02-11"),
        ("b", "Discovery", "2028-02-01"), ("b", "Closed Lost", "2028-02-02"), ("b", "Qualify", "2028-02-03"),
        ("c", "Discovery", "2028-02-01"), ("c", "Demo", "2028-03-17"),
    ]  # fmt: skip
    folder = deals(tmp_path, rows)

    def days(key: str, as_of: str) -> float | None:
        return folder.explain(key, month="2028-02", as_of=as_of).explanation.value.value

    keys = ("discovery_to_demo_lag_days", "discovery_to_demo_lag_p75_days", "discovery_to_demo_lag_p90_days")
    assert [days(key, "2028-05-31") for key in keys] == [10, 45, 45]
    # In the stage itself: back in qualify it has not left discovery; a median of 10, 45 and one still there is 45.
    assert [days(key, "2028-05-31") for key in ("discovery_days", "discovery_p75_days")] == [45, None]
    # As seen on the day of the loss it has left, after a day: 1 of 3 by then.
    assert days("discovery_days", "2028-02-02") is None
    assert folder.explain("discovery_days", month="2028-02", as_of="2028-02-02").explanation.value.numerator == 1
    # Lost for good later on, it is a loss: of three, one after 10 days, and one lost for good after 30.
    lost = deals(tmp_path, [*rows, ("b", "Closed Lost", "2028-03-02")])
    value = lost.explain("discovery_days", month="2028-02", as_of="2028-05-31").explanation.value
    assert (value.value, value.numerator) == (30, 3)


def walked(rows: list[tuple[str, str, str]], last: str) -> tuple[dict[str, int], dict[str, int], dict[str, str]]:
    """Returns by stage, and by whether each deal is won, lost or open at a day: deal by deal, row by row."""
    back, state = dict.fromkeys(KEYS, 0), dict.fromkeys(("won", "lost", "open"), 0)
    order = {"Created": -1, **{name: place for place, name in enumerate(STAGES)}, "Closed Won": 8, "Closed Lost": 8}
    standing: dict[str, str] = {}
    for deal, stage, _ in sorted((row for row in rows if row[2] <= last), key=lambda row: (row[0], row[2])):
        before = standing.get(deal, "Created")
        if stage in STAGES and order[stage] < order[before]:
            back[KEYS[order[stage]]] += 1
        standing[deal] = stage
    for stage in standing.values():
        state[{"Closed Won": "won", "Closed Lost": "lost"}.get(stage, "open")] += 1
    return back, state, standing


@pytest.mark.parametrize("seed", range(6))
def test_deals_walked_one_by_one(tmp_path: Path, seed: int) -> None:
    rolled = random.Random(seed)
    rows = []
    for number in range(40):
        day, before = date(2028, 1, 3) + timedelta(rolled.randrange(20)), ""
        for _ in range(rolled.randrange(1, 8)):
            stage = rolled.choice([name for name in (*STAGES, "Closed Won", "Closed Lost") if name != before])
            rows.append((f"d{number:02}", stage, f"{day}"))
            day, before = day + timedelta(rolled.randrange(1, 12)), stage
    folder = deals(tmp_path, rows)
    for as_of in ("2028-01-31", "2028-03-31"):
        back, state, _ = walked(rows, as_of)
        keys = ("created_deals", "won_deals", "lost_deals", "open_deals")
        seen = figures(folder, *keys, start="2028-01", end="2028-03", as_of=as_of)
        values = {key: seen[key][-1] or 0 for key in keys}
        assert {end: values[f"{end}_deals"] for end in state if end != "open"} == {
            end: number for end, number in state.items() if end != "open"
        }
        assert values["created_deals"] == values["won_deals"] + values["lost_deals"] + values["open_deals"]
        for key in KEYS:
            found = folder.explain(f"recycled_{key}", month="2028", as_of=as_of).explanation.value.value
            assert found == back[key], (key, as_of)
