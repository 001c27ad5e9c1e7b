"""Accounts judged one by one in plain Python, beside the columns: tiers by day, figures by tier, outcomes by value."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

import funnelcli as fc
from support import write_folder

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
TOML = """
[icp]
hard = { country = ["VN"], employees = ["10-2000"] }
soft = [{ industry = ["edu*"], weight = 3 }, { employees = ["50-500"], weight = 2 },
        { stage = ["growing"], weight = 1 }]
tiers = [0.75, 0.5]
known = 0.6
"""
TIERS = ("A", "B", "C", "D", "unknown")
NAMES = ("country", "employees", "industry", "stage")
CELLS = {
    "country": ["VN", "VN", "VN", "SG", ""],
    "employees": ["5", "30", "120", "300", "51-200", "1500-3000", "many", ""],
    "industry": ["education", "Edu tech", "retail", ""],
    "stage": ["growing", "mature", ""],
}
Row = tuple[str, date | None, dict[str, str]]


class World:
    """Firms with people, rows that change, signups, bookings and contracts, at random."""

    def __init__(self, seed: int) -> None:
        rng = Random(seed)
        self.firms = [f"f{number}" for number in range(40)]
        self.people = {f"p{number}": rng.choice([*self.firms, ""]) for number in range(90)}
        self.rows: list[Row] = []
        for name in self.firms:
            self.rows.append((name, None, {key: rng.choice(cells) for key, cells in CELLS.items()}))
            if rng.random() < 0.5:
                day = FIRST + timedelta(rng.randrange(170))
                changed = rng.choice(NAMES)
                self.rows.append((name, day, {changed: rng.choice(CELLS[changed])}))
        self.signups = {name: FIRST + timedelta(rng.randrange(175)) for name in self.people}
        self.demos = [
            (name, day + timedelta(rng.randrange(6))) for name, day in self.signups.items() if rng.random() < 0.6
        ]
        self.paid: dict[str, tuple[date, date | None, int]] = {}
        for name, day in self.signups.items():
            if rng.random() < 0.5:
                start = day + timedelta(rng.randrange(60))
                end = start + timedelta(rng.randrange(10, 90)) if rng.random() < 0.4 else None
                self.paid[name] = (start, end, rng.randrange(1, 9) * 100)

    def folder(self, place: Path) -> Path:
        accounts = ["account_id,valid_from," + ",".join(NAMES)]
        accounts += [f"{who},{day or ''}," + ",".join(cells.get(n, "") for n in NAMES) for who, day, cells in self.rows]
        signups = [f"{name},{day},{self.people[name]}" for name, day in self.signups.items()]
        demos = [f"{name},{day}" for name, day in self.demos]
        paid = [f"{name},{start},{end or ''},Pro,{mrr}" for name, (start, end, mrr) in self.paid.items()]
        files = {
            "accounts.csv": accounts, "signups.csv": ["user_id,signed_up_at,account_id", *signups],
            "demos.csv": ["user_id,booked_at", *demos],
            "paid_users.csv": ["user_id,started_at,ended_at,plan,mrr", *paid],
        }  # fmt: skip
        return write_folder(place, {name: "\n".join(lines) + "\n" for name, lines in files.items()}, TOML)

    def known(self, firm: str, name: str, day: date) -> str:
        """What is known of a firm on a day: the latest row that says anything, of a size a number."""
        said = [(since or date.min, number, cells[name]) for number, (who, since, cells) in enumerate(self.rows)
                if who == firm and cells.get(name, "") not in ("", "many")
                and (since is None or since <= day)]  # fmt: skip
        return max(said)[2] if said else ""

    def tier(self, person: str, day: date) -> str:
        """The tier of a person's account on a day; whoever is with no firm is of nobody knows what."""
        firm = self.people[person]
        return self.tier_of({name: self.known(firm, name, day) if firm else "" for name in NAMES})

    @staticmethod
    def tier_of(cells: dict[str, str]) -> str:
        country = None if not cells["country"] else cells["country"] == "VN"
        size, wide = within(cells["employees"], 10, 2000), within(cells["employees"], 50, 500)
        if False in (country, size):
            return "D"
        soft = [
            (3, None if not cells["industry"] else cells["industry"].casefold().startswith("edu")), (2, wide),
            (1, None if not cells["stage"] else cells["stage"] == "growing"),
        ]  # fmt: skip
        known = sum(weight for weight, met in soft if met is not None)
        if None in (country, size) or Fraction(known, 6) < Fraction(6, 10):
            return "unknown"
        share = Fraction(sum(weight for weight, met in soft if met), known)
        return "A" if share >= Fraction(3, 4) else "B" if share >= Fraction(1, 2) else "C"


def within(cell: str, low: int, high: int) -> bool | None:
    """Whether a cell, a number or a band, lies in a range; None where that is not known."""
    if not cell or cell == "many":
        return None
    ends = [int(part) for part in cell.split("-")]
    first, last = ends[0], ends[-1]
    if last < low or first > high:
        return False
    return True if low <= first and last <= high else None


@pytest.mark.parametrize("seed", range(6))
def test_figures_by_tier(seed: int, tmp_path: Path) -> None:
    world = World(seed)
    report = fc.open_folder(world.folder(tmp_path)).report(start="2026-01", end="2026-06", by="tier", as_of=str(LAST))
    months = [f"2026-{month:02}" for month in range(1, 7)]
    # Signups and demos by the tier of their own day, customers by that of the first paid day.
    signups = Counter((f"{day:%Y-%m}", world.tier(name, day)) for name, day in world.signups.items())
    demos = Counter((f"{day:%Y-%m}", world.tier(name, day)) for name, day in world.demos if day <= LAST)
    new = Counter(
        (f"{start:%Y-%m}", world.tier(name, start)) for name, (start, _, _) in world.paid.items() if start <= LAST
    )
    for metric, counted in (("new_signups", signups), ("new_demo_bookings", demos), ("new_paid_users", new)):
        for tier in TIERS:
            shown = report.values(metric, tier)
            assert [shown[month].value for month in months] == [counted[month, tier] for month in months], metric
    mrr = Counter[str]()
    for name, (start, end, amount) in world.paid.items():
        if start <= LAST and (end is None or end > LAST):
            mrr[world.tier(name, start)] += amount
    closing, shares = (
        {tier: report.values(metric, tier)["2026-06"].value for tier in mrr}
        for metric in ("closing_mrr_amount", "mrr_share_rate")
    )
    assert closing == dict(mrr)
    assert shares == pytest.approx({tier: amount / sum(mrr.values()) for tier, amount in mrr.items()})


@pytest.mark.parametrize("seed", range(6))
def test_the_tiers_partition_the_accounts(seed: int, tmp_path: Path) -> None:
    world = World(seed)
    report = fc.open_folder(world.folder(tmp_path)).report(
        start="2026-01", end="2026-06", section="icp", as_of=str(LAST)
    )
    for month in range(1, 7):
        end = date(2026, month + 1, 1) - timedelta(1)
        people = {name for name, day in world.signups.items() if day <= end}
        # A firm counts from its first person or dated row on; of these firms rows without a date begin nothing.
        begun: dict[str, date] = {}
        for who, day in [(world.people[n], d) for n, d in world.signups.items()] + [
            (w, s) for w, s, _ in world.rows if s
        ]:
            begun[who] = min(day, begun.get(who, day))
        firms = [firm for firm in world.firms if begun.get(firm, date.min) <= end]
        alone = [name for name in people if not world.people[name]]
        tiers = Counter(world.tier_of({name: world.known(firm, name, end) for name in NAMES}) for firm in firms)
        tiers["unknown"] += len(alone)
        key = f"2026-{month:02}"
        counted = {tier: report.values(f"tier_{tier.lower()}_accounts")[key].value for tier in TIERS}
        assert counted == {tier: tiers[tier] for tier in counted}
        assert report.values("accounts")[key].value == sum(tiers.values())


@pytest.mark.parametrize("seed", range(6))
def test_outcomes_of_accounts(seed: int, tmp_path: Path) -> None:
    world = World(seed)
    review = fc.open_folder(world.folder(tmp_path)).icp_review(start="2026-04", as_of=str(LAST)).review
    start = date(2026, 4, 1)
    account = {name: firm or name for name, firm in world.people.items()}
    came: dict[str, date] = {}
    first: dict[str, date] = {}
    for name, day in world.signups.items():
        came[account[name]] = min(day, came.get(account[name], day))
    for name, (day, _, _) in world.paid.items():
        first[account[name]] = min(day, first.get(account[name], day))
    judged = [
        who for who, day in came.items() if start <= day and day + timedelta(90) <= LAST and first.get(who, LAST) >= day
    ]

    def level(day: date) -> Counter[str]:
        held = Counter[str]()
        for name, (begin, end, amount) in world.paid.items():
            if begin <= day and (end is None or end > day):
                held[account[name]] += amount
        return held

    before, after = level(start - timedelta(1)), level(LAST)
    found = {each.key: each for each in review.outcomes}
    assert len(found["conversion"].account) == len(judged)
    assert (len(found["churn"].account), found["churn"].value.sum()) == (
        len(before),
        len([w for w in before if w not in after]),
    )
    assert found["expansion"].value.sum() == len([who for who in before if after[who] > before[who]])
    assert sorted(found["arpa"].value.tolist()) == sorted(after.values())
