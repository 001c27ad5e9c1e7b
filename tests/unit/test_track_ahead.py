"""The chance of targets if nothing changes: in the forecast, and as a line of track."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.forecast_known import KnownMonths
from funnelcli.planning.forecast import FIGURES, foretell
from funnelcli.planning.known_past import LOST, MRR, NEW, PAYING
from support import EXAMPLES, run_cli

SAAS, END = EXAMPLES / "saas_vn", date(2026, 10, 31)


def targets(folder: Path, text: str) -> Path:
    path = folder / "targets.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("key", [NEW, LOST, PAYING, MRR])
def test_a_target_at_a_bound_is_met_as_often_as_the_bound_says(key: str) -> None:
    """Nine of ten runs lie from 5 to 95 %: a target at the lower bound is met in 95 % of the runs, of losses in 5 %.

    Whole numbers fall on the bound itself, so that a little more of them meet it.
    """
    folder = fc.open_folder(SAAS)
    known = KnownMonths(folder.facts(), END)
    past = known.past()
    row = foretell(past, 3).row(key)
    assert row is not None
    assert row.total.bounds is not None
    chances = []
    for bound in row.total.bounds:
        at_end = FIGURES[key] == "end"
        wanted = [None, None, bound] if at_end else [bound, 0.0, 0.0]
        chances.append(foretell(past, 3, targets={key: wanted}).chances[key])
    expected = [0.05, 0.25, 0.75, 0.95] if key == LOST else [0.95, 0.75, 0.25, 0.05]
    for chance, share in zip(chances, expected, strict=True):
        assert share - 0.001 <= chance <= share + 0.12  # a whole number more or less is up to 12 % of the losses
    assert all((a <= b) if key == LOST else (a >= b) for a, b in pairwise(chances))


def test_targets_that_nobody_can_miss_or_meet() -> None:
    past = KnownMonths(fc.open_folder(SAAS).facts(), END).past()
    chances = foretell(past, 2, targets={NEW: [0.0, 0.0], PAYING: [None, 10_000.0], LOST: [0.0, 0.0]}).chances
    assert chances == {NEW: 1.0, PAYING: 0.0, LOST: 0.0}
    # Of a month without a target nothing is asked.
    assert foretell(past, 2, targets={NEW: [None, 0.0]}).chances == {NEW: 1.0}


def test_track_says_how_likely_the_goal_is(tmp_path: Path) -> None:
    path = targets(
        tmp_path, "metric,2026-10,2026-11,2026-12\nnew_paid_users,20,20,20\nclosing_mrr_amount,,,130000000\n"
    )
    notes = fc.open_folder(SAAS).track(targets=path, as_of="2026-10-31").tracked.notes
    (note,) = [note for note in notes if note.code == "chance"]
    past = KnownMonths(fc.open_folder(SAAS).facts(), END).past()
    chance = foretell(past, 2, targets={MRR: [None, 130e6]}, runs=2_000).chances[MRR]
    assert f"is met with a chance of {chance:.0%}" in note.text.of("en")
    assert "Dec 2026" in note.text.of("en")


@pytest.mark.parametrize(
    ("rows", "as_of"),
    [
        ("metric,2026-09\nnew_paid_users,20\n", "2026-10-31"),  # its month is over
        ("metric,2026-10,2026-11\norganic_visits,20,30\n", "2026-10-31"),
        ("metric,2026-10,2026-11\npaid_user_churn_rate,2%,2%\n", "2026-10-31"),
        ("metric,2024-08,2024-09\nnew_paid_users,20,20\n", "2024-08-31"),  # two months are known
    ],
)
def test_track_says_nothing_of_chances_that_nobody_knows(rows: str, as_of: str, tmp_path: Path) -> None:
    path = targets(tmp_path, rows)
    done = run_cli("track", str(SAAS), "--targets", str(path), "--as-of", as_of, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "chance" not in done.stdout


def test_what_months_that_are_over_fell_short_of_is_still_to_come(tmp_path: Path) -> None:
    """The targets of August to December are met where November and December bring what is left of them all."""
    wanted = {"2026-08": 40, "2026-09": 40, "2026-10": 20, "2026-11": 20, "2026-12": 20}
    path = targets(tmp_path, f"metric,{','.join(wanted)}\nnew_paid_users,{','.join(map(str, wanted.values()))}\n")
    folder = fc.open_folder(SAAS)
    (note,) = [n for n in folder.track(targets=path, as_of="2026-10-31").tracked.notes if n.code == "chance"]
    came = int(folder.report(start="2026-08", end="2026-10")["new_paid_users"].sum())
    past = KnownMonths(folder.facts(), END).past()
    left = float(sum(wanted.values()) - came)
    chance = foretell(past, 2, targets={NEW: [left, 0.0]}, runs=2_000).chances[NEW]
    assert 0 < came < 100
    assert f"from Aug 2026 to Dec 2026 together are met with a chance of {chance:.0%}" in note.text.of("en")
    assert f"of the 100 of months that are over {came} came" in note.text.of("en")


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_the_goal_is_that_of_the_plan(form: str, tmp_path: Path) -> None:
    """A plan of new customers has rows of customers at the end, too: the chance is that of its own goal."""
    folder = fc.open_folder(SAAS)
    path = tmp_path / f"targets.{form}"
    plan = folder.targets(new_paid_users=40, start="2026-11", end="2026-12", as_of="2026-10-31")
    path.write_bytes(plan.to_bytes(form))
    notes = folder.track(targets=path, as_of="2026-11-01").tracked.notes
    said = [note.text.of("en") for note in notes if note.code == "chance"]
    assert len(said) == 1
    assert "the targets of New PU from now to Dec 2026" in said[0]
