"""The decision chain: who is needed in an account, who is known, and from when on sales is at it."""

from pathlib import Path

import funnelcli as fc
from support import write_folder

TOML = """
[icp]
hard = { employees = ["1-"] }
needs = { "-49" = ["decider"], "50-" = ["decider", "technical"] }
roles = { decider = ["ceo", "giám đốc*"], technical = ["cto", "it*"] }
"""
FILES = {
    "signups.csv": "user_id,signed_up_at,account_id\n"
    "an,2026-07-01,mai\nbinh,2026-08-20,mai\nchi,2026-07-02,sen\ndung,2026-07-03,tre\nem,2026-07-03,tre\n"
    "gia,2026-07-04,\n",
    "accounts.csv": "user_id,account_id,employees,role,valid_from\n"
    ",mai,120,,\n,sen,20,,\n,tre,300,,\nan,,,Giám đốc điều hành,\nbinh,,,IT manager,\n"
    "chi,,,Kế toán,\ndung,,,Decision Maker;Champion,2026-08-10\nem,,,Intern,\n",
    "demos.csv": "user_id,booked_at\nan,2026-07-10\nchi,2026-07-11\n",
    "deals.csv": "deal_id,user_id,created_at,closed_at,won\nd,dung,2026-07-15,2026-08-25,no\n",
}  # fmt: skip
KEYS = ("chain_accounts", "chain_known_rate", "single_contact_accounts")


def figures(folder: Path, month: str) -> list[tuple[float | None, float | None]]:
    report = fc.open_folder(folder).report(month=month, section="icp")
    known = [report.values(key)[month] for key in KEYS]
    return [(value.numerator if value.denominator else value.value, value.denominator) for value in known]


def test_two_months(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, FILES, TOML)
    # July: mai and sen have booked a demo, tre has an open deal.  mai needs two, of whom an is the decider; sen one,
    # and chi is none; tre two, of whom nothing is known yet.  mai alone has one contact, as sen needs no more.
    assert figures(folder, "2026-07") == [(3, None), (1, 5), (1, None)]
    # August: binh has come to mai, who has both; the deal of tre is closed, and nobody there has booked.
    assert figures(folder, "2026-08") == [(2, None), (2, 3), (0, None)]


def test_by_tier_and_by_row(tmp_path: Path) -> None:
    folder = fc.open_folder(write_folder(tmp_path, FILES, TOML))
    split = folder.report(month="2026-07", section="icp", by="tier").to_frame().loc["chain_accounts"]["2026-07"]
    assert split.to_dict() == {"": 3, "A": 3, "B": 0, "C": 0, "D": 0, "unknown": 0}
    rows = folder.explain("chain_known_rate", month="2026-07").rows
    assert [(row.part, row.user_id, row.counts) for row in rows] == [
        ("known_roles", "mai", 1), ("needed_roles", "mai", 2), ("needed_roles", "sen", 1), ("needed_roles", "tre", 2),
    ]  # fmt: skip
