"""The tier of an account, worked by hand: what is met, what fails, and what nobody knows."""

from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.facts.load import load
from funnelcli.facts.model import Facts
from funnelcli.facts.tiers import TIERS
from funnelcli.reading.discover import discover, open_folder
from support import write_folder

HARD = 'hard = { country = ["VN"], employees = ["10-2000"] }'
PROFILE = f"""
[icp]
{HARD}
soft = [{{ industry = ["education*", "giáo dục*"], weight = 3 }}, {{ employees = ["50-500"], weight = 2 }},
        {{ stage = ["growing"], weight = 1 }}]
tiers = [0.75, 0.5]
known = 0.6
"""
FIRMS = """account_id,country,employees,industry,stage
mai,VN,120,education,
lan,VN,,education,growing
cuc,VN,1500,education software,mature
truc,VN,80,retail,
dao,VN,120,,
sen,SG,120,education,growing
"""


def facts_of(folder: Path) -> Facts:
    opened = open_folder(folder)
    return load(opened.config, discover(opened, {})[0])


def tiers_of(folder: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The tier of each account today, and what is missing of it."""
    tiers = facts_of(folder).tiers
    spans, names = tiers.spans, tiers.firms.names
    return {
        names[spans.account[place]]: (TIERS[spans.tier[place]], tiers.missing(place)) for place in tiers.on().tolist()
    }


def test_six_firms(tmp_path: Path) -> None:
    assert tiers_of(write_folder(tmp_path, {"accounts.csv": FIRMS}, PROFILE)) == {
        "mai": ("A", ()),  # industry 3 + employees 2 are known and met: 5 / 5; 5 of 6 are known
        "lan": ("unknown", ("employees",)),  # a hard criterion of which nobody knows, and not one that fails
        "cuc": ("B", ()),  # 3 of 6
        "truc": ("C", ()),  # 2 of the 5 that are known
        "dao": ("unknown", ("industry", "stage")),  # 2 of 6 are known, fewer than 0.6
        "sen": ("D", ()),  # another country
    }


def test_without_the_hard_criterion_on_size(tmp_path: Path) -> None:
    toml = PROFILE.replace(HARD, 'hard = { country = ["VN"] }')
    assert tiers_of(write_folder(tmp_path, {"accounts.csv": FIRMS}, toml))["lan"] == ("A", ())  # 4 of 4, 4 of 6 known


@pytest.mark.parametrize(
    ("size", "tier"),
    [("51-200", "A"), ("2001-5000", "D"), ("1001-5000", "unknown"), ("11-50", "unknown"), ("< 10", "D")],
)
def test_a_cell_that_is_a_band(tmp_path: Path, size: str, tier: str) -> None:
    toml = PROFILE.replace("known = 0.6", "known = 0.9")
    firms = f"account_id,country,employees,industry,stage\nmai,VN,{size},education,growing\n"
    assert tiers_of(write_folder(tmp_path, {"accounts.csv": firms}, toml))["mai"][0] == tier


def test_the_five_sum_to_all_accounts(tmp_path: Path) -> None:
    signups = "user_id,signed_up_at,account_id\nan,2026-08-03,mai\nbinh,2026-08-04,sen\nchi,2026-08-05,\n"
    folder = fc.open_folder(write_folder(tmp_path, {"accounts.csv": FIRMS, "signups.csv": signups}, PROFILE))
    report = folder.report(month="2026-08", section="icp").to_frame()["2026-08"].to_dict()
    assert {key: number for key, number in report.items() if str(key).startswith(("accounts", "tier_"))} == {
        "accounts": 7, "tier_a_accounts": 1, "tier_b_accounts": 1, "tier_c_accounts": 1, "tier_d_accounts": 1,
        "tier_unknown_accounts": 3,  # two firms, and chi, who is with none
    }  # fmt: skip
    split = folder.report(month="2026-08", by="tier").to_frame().loc["new_signups"]["2026-08"].to_dict()
    assert split == {"": 3, "A": 1, "B": 0, "C": 0, "D": 1, "unknown": 1}


@pytest.mark.parametrize(("of_people", "of_firms"), [("MAI", "MAI"), ("Mai", "MAI"), ("mai", "Mai")])
def test_a_firm_is_one_account_however_its_id_is_written(tmp_path: Path, of_people: str, of_firms: str) -> None:
    """What stands for the firm in its own rows is no account beside that of its people."""
    files = {
        "signups.csv": f"user_id,signed_up_at,account_id\nan,2026-08-03,{of_people}\nbinh,2026-08-04,{of_people}\n",
        "accounts.csv": f"account_id,country,employees,industry,stage\n{of_firms},VN,120,education,growing\n",
    }
    folder = fc.open_folder(write_folder(tmp_path, files, PROFILE))
    figures = folder.report(month="2026-08", section="icp").to_frame()["2026-08"].to_dict()
    assert (figures["accounts"], figures["tier_a_accounts"]) == (1, 1)
