"""What made a figure change by groups of people: how long they have paid, when they signed up, how much they pay."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from funnelcli import open_folder
from funnelcli.counting.group_names import GROUPS
from funnelcli.counting.groups import GROUPINGS
from funnelcli.problems import UsageError
from support import EXAMPLES, run_cli, write_folder

# On 1 September a and d have paid for eight months, e for one and b not for a whole one; on 1 October for one more.
PAID = """user_id,started_at,ended_at,mrr
a,2026-01-01,2026-10-10,100
b,2026-08-15,2026-10-05,100
c,2026-10-02,,500
d,2026-01-01,,500
e,2026-08-01,,900
f,2026-09-10,2026-10-20,900
"""
SIGNUPS = "user_id,signed_up_at\na,2025-12-01\nb,2026-08-01\nc,2026-10-01\nd,2025-12-05\ne,2026-07-31\ng,2026-10-31\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path, {"paid_users.csv": PAID, "signups.csv": SIGNUPS})


def parts(folder: Path, metric: str, by: str, sides: tuple[str, ...] = ("before", "after", "adds")) -> dict[str, Any]:
    """Of each part that has any figure its sides, in whole numbers."""
    changed = open_folder(folder).explain_change(metric, "2026-09", "2026-10", by=by)
    [split] = json.loads(changed.to_bytes("json"))["splits"]
    shown = {part["part"]: tuple(part[side] for side in sides) for part in split["parts"]}
    return {key: values for key, values in shown.items() if any(values)}


def test_customers_by_how_long_they_have_paid(folder: Path) -> None:
    """In October a (9 months), b (1) and f (0) are lost and c begins."""
    assert parts(folder, "opening_paid_users", "tenure") == {"6-11": (2, 2, 0), "0-2": (2, 3, 1)}
    assert parts(folder, "churned_paid_users", "tenure") == {"6-11": (0, 1, 1), "0-2": (0, 2, 2)}
    assert parts(folder, "new_paid_users", "tenure") == {"new": (1, 1, 0)}


def test_the_churn_rate_by_how_long_they_have_paid(folder: Path) -> None:
    """0 of 4 to 3 of 5; R = 3/10.  6-11: w 1/2 to 2/5, r 0 to 1/2; 0-2: w 1/2 to 3/5, r 0 to 2/3."""
    changed = open_folder(folder).explain_change("paid_user_churn_rate", "2026-09", "2026-10", by="tenure").explained
    [split] = changed.splits
    exact = {part.part.key: (part.mix, part.rate, part.adds) for part in split.parts}
    old, young = Fraction(1, 4) - Fraction(3, 10), Fraction(1, 3) - Fraction(3, 10)
    assert exact == {
        "6-11": (Fraction(-1, 10) * old, Fraction(1, 2) * Fraction(9, 20), Fraction(23, 100)),
        "0-2": (Fraction(1, 10) * young, Fraction(2, 3) * Fraction(11, 20), Fraction(37, 100)),
    }
    assert sum(part.adds for part in split.parts) == changed.change == Fraction(3, 5)


def test_customers_by_the_month_they_signed_up_in(folder: Path) -> None:
    """f never signed up."""
    assert parts(folder, "closing_paid_users", "cohort") == {
        "2025-12": (2, 1, -1), "2026-07": (1, 1, 0), "2026-08": (1, 0, -1), "2026-10": (0, 1, 1), "unknown": (1, 0, -1),
    }  # fmt: skip
    changed = open_folder(folder).explain_change("closing_paid_users", "2026-09", "2026-10", by="cohort").explained
    assert [(split.tested, split.alike) for split in changed.splits] == [(False, None)]


def test_revenue_by_what_a_customer_pays(folder: Path) -> None:
    """Of 100 a, b; of 500 c, d; of 900 e, f: in thirds, 2 x 100, 500 twice, 900 twice.  2,500 becomes 1,900."""
    assert parts(folder, "closing_mrr_amount", "amount") == {
        "<=500": (700, 1000, 300),
        "500-900": (1800, 900, -900),
    }
    assert parts(folder, "new_paid_users", "amount") == {"<=500": (0, 1, 1), "500-900": (1, 0, -1)}


def test_without_amounts_nobody_is_grouped_by_them(tmp_path: Path) -> None:
    rows = "user_id,started_at,ended_at\na,2026-01-01,\nb,2026-10-01,\n"
    changed = open_folder(write_folder(tmp_path, {"paid_users.csv": rows})).explain_change(
        "closing_paid_users", "2026-09", "2026-10"
    )
    assert "tenure" in [split.dimension.name for split in changed.explained.splits]
    assert not {"amount", "cohort"} & {split.dimension.name for split in changed.explained.splits}


@pytest.mark.parametrize("example", ["plain", "saas_vn"])
@pytest.mark.parametrize("metric", ["new_paid_users", "churned_paid_users", "net_new_paid_users", "closing_mrr_amount"])
def test_the_parts_of_every_group_add_up_exactly(example: str, metric: str) -> None:
    changed = open_folder(EXAMPLES / example).explain_change(metric, "2026-07", "2026-08").explained
    splits = {split.dimension.name: split for split in changed.splits}
    assert set(GROUPS) <= set(splits)
    for name in GROUPS:
        assert sum((part.adds for part in splits[name].parts), Fraction(0)) == changed.change


def test_the_groups_are_named_in_one_place() -> None:
    assert tuple(GROUPINGS) == GROUPS
    assert all(grouping.dimension.name == name for name, grouping in GROUPINGS.items())


def test_what_is_not_of_customers_is_not_grouped_by_them() -> None:
    folder = open_folder(EXAMPLES / "plain")
    with pytest.raises(UsageError, match="new_signups is not split by tenure"):
        folder.explain_change("new_signups", "2026-07", "2026-08", by="tenure")
    demos = folder.explain_change("new_demo_bookings", "2026-07", "2026-08").explained
    assert {split.dimension.name for split in demos.splits} & set(GROUPS) == {"cohort"}


def test_a_column_of_that_name_comes_first(tmp_path: Path) -> None:
    rows = "user_id,started_at,ended_at,How long\na,2026-01-01,,ages\nb,2026-10-01,,days\n"
    config = '[dimensions.tenure]\ninput = "paid_users"\ncolumn = "How long"\n'
    folder = write_folder(tmp_path, {"paid_users.csv": rows}, config)
    assert parts(folder, "closing_paid_users", "tenure") == {"ages": (1, 1, 0), "days": (0, 1, 1)}


def test_the_command_shows_them_in_both_languages() -> None:
    asked = (
        "explain",
        "churned_paid_users",
        EXAMPLES / "plain",
        "--change",
        "2026-07..2026-08",
        "-q",
        "--by",
        "tenure",
    )
    assert "Paying since" in run_cli(*asked).stdout
    assert "Thời gian trả phí" in run_cli(*asked, "--lang", "vi", "-f", "md").stdout
