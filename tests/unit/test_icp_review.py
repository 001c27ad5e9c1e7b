"""The review of the ideal customer profile, on accounts that can be counted by hand."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.icp_tests import Compared
from support import write_folder

TOML = """
[icp]
since = 2026-01-01
soft = [{ industry = ["education"], weight = 2 }, { city = ["Hue"], weight = 1 }]
"""


def folder_of(place: Path, toml: str = TOML) -> Path:
    """60 accounts that signed up in January: of 30 of education 20 paid within 90 days, of 30 of retail 5.

    Another education account signed up in June, too late to be judged by the end of July; one paid before it signed up.
    """
    accounts, signups, paid = ["account_id,industry,city"], ["user_id,signed_up_at,account_id"], []
    for number in range(60):
        industry, pays = ("education", number < 20) if number < 30 else ("retail", number < 35)
        accounts.append(f"f{number},{industry},{'Hue' if number % 2 else ''}")
        signups.append(f"u{number},2026-01-{1 + number % 28:02},f{number}")
        if pays:
            paid.append(f"u{number},2026-03-01,,Pro,{100 + number}")
    accounts += ["late,education,", "before,retail,"]
    signups += ["ulate,2026-06-15,late", "ubefore,2026-02-10,before"]
    paid = ["user_id,started_at,ended_at,plan,mrr", *paid, "ubefore,2026-02-01,,Pro,100", "ulate,2026-06-20,,Pro,100"]
    rows = {"accounts": accounts, "signups": signups, "paid_users": paid}
    return write_folder(place, {f"{name}.csv": "\n".join(lines) + "\n" for name, lines in rows.items()}, toml)


def row(values: tuple[Compared, ...], attribute: str, value: str, outcome: str) -> Compared:
    (found,) = [
        each for each in values if (each.attribute, each.value, each.outcome.key) == (attribute, value, outcome)
    ]
    return found


def test_a_value_beside_the_rest(tmp_path: Path) -> None:
    result = fc.open_folder(folder_of(tmp_path)).icp_review(as_of="2026-07-31")
    known = row(result.values, "industry", "education", "conversion")
    assert (known.figure.count, known.figure.n, known.rest.count, known.rest.n) == (20, 30, 5, 30)
    assert known.difference is not None
    assert known.difference.value == pytest.approx(20 / 30 - 5 / 30)
    assert known.difference.p == pytest.approx(0.0001810, rel=1e-4)  # the sum over C(30, k) C(30, 25 - k) / C(60, 25)
    assert known.verdict == "stands"
    assert known.is_good
    # 27 pay, all since the range began: nobody can be lost, and money is not tested below 200 customers.
    assert result.review.customers.value == 27
    assert {each.key: each.missing is None for each in result.review.outcomes} == {
        "conversion": True, "renewal": False, "churn": False, "expansion": False, "arpa": True,
    }  # fmt: skip
    assert row(result.values, "industry", "education", "arpa").verdict == "too-thin"
    # The criterion stands for its accounts; the other attribute says nothing of every second account.
    steps = [(each.step, each.attribute, each.because) for each in result.proposals]
    assert steps == [("keep", "industry", "stands-for"), ("keep", "city", "too-thin")]
    assert [(each.kind, each.verdict, each.number) for each in result.mistakes][-1] == ("age", "made", 211)


def test_tiers_sum_to_the_accounts_and_to_the_outcomes(tmp_path: Path) -> None:
    review = fc.open_folder(folder_of(tmp_path)).icp_review(as_of="2026-07-31").review
    tiers = {each.tier: (each.accounts, each.figures["conversion"].n) for each in review.tiers}
    # Of education: A, known of industry alone is 2 / 3 of the weight, which is enough.  Of retail: C, 0 / 2 and 1 / 3.
    assert tiers == {"A": (31, 30), "B": (0, 0), "C": (31, 30), "D": (0, 0), "unknown": (0, 0)}
    assert sum(number for number, _ in tiers.values()) == review.accounts == 62


def test_an_unknown_value_is_tested_and_never_proposed(tmp_path: Path) -> None:
    result = fc.open_folder(folder_of(tmp_path)).icp_review(as_of="2026-07-31")
    known = row(result.values, "city", "unknown", "conversion")
    assert (known.figure.n, known.rest.n, known.q is not None) == (30, 30, True)
    assert "unknown" not in [each.value for each in result.proposals]


def test_reviews_are_kept_and_compared(tmp_path: Path) -> None:
    place = folder_of(tmp_path)
    first = fc.open_folder(place).icp_review(as_of="2026-07-31")
    assert first.review.kept is None
    path = first.keep()
    assert [each["as_of"] for each in json.loads(path.read_text())["reviews"]] == ["2026-07-31"]
    # One retail account more pays in time: 6 of 30, so the rest of education does better than it did.
    with (place / "paid_users.csv").open("a") as file:
        file.write("u40,2026-03-02,,Pro,100\n")
    same_day = fc.open_folder(place).icp_review(as_of="2026-07-31")
    assert same_day.review.kept is None  # a review is not compared with one of its own day
    later = fc.open_folder(place).icp_review(as_of="2026-08-31")
    assert later.review.kept is not None
    assert later.review.kept.as_of == date(2026, 7, 31)
    moved = {(each.moved, each.value): (each.before, each.now) for each in later.review.changes}
    assert list(moved) == [("rose", "retail")]
    assert moved["rose", "retail"] == (5 / 30, 6 / 30)
    later.keep()
    assert [each["as_of"] for each in json.loads(path.read_text())["reviews"]] == ["2026-07-31", "2026-08-31"]


def test_without_a_profile_and_with_a_file_of_another_kind(tmp_path: Path) -> None:
    place = folder_of(tmp_path, "")
    with pytest.raises(fc.ConfigError, match="No ideal customer profile"):
        fc.open_folder(place).icp_review()
    (place / "funnel.toml").write_text(TOML)
    (place / "icp_review.json").write_text("{}")
    with pytest.raises(fc.InputError, match="no reviews that could be read"):
        fc.open_folder(place).icp_review()


def test_a_day_decides_by_what_an_account_is_judged(tmp_path: Path) -> None:
    """An account that was of retail when it signed up is judged as that, whatever it is now."""
    place = folder_of(tmp_path)
    with (place / "accounts.csv").open() as file:
        lines = file.read().splitlines()
    dated = [f"{lines[0]},valid_from", *(f"{line}," for line in lines[1:])]
    changed = date(2026, 1, 3) + timedelta(30)
    dated.append(f"f30,education,,{changed}")
    (place / "accounts.csv").write_text("\n".join(dated) + "\n")
    review = fc.open_folder(place).icp_review(as_of="2026-07-31").review
    assert review.is_dated
    assert row(review.compared, "industry", "education", "conversion").figure.n == 30
    assert {each.tier: each.accounts for each in review.tiers}["A"] == 32


def test_what_is_not_known_of_a_folder_without_customers_is_said(tmp_path: Path) -> None:
    """Nobody knows who pays; and the profile was declared after the day of the review, so that it has no age yet."""
    files = {"signups.csv": "user_id,signed_up_at\nan,2026-07-01\n", "accounts.csv": "user_id,city\nan,Hue\n"}
    toml = TOML.replace("2026-01-01", "2026-08-01")
    result = fc.open_folder(write_folder(tmp_path, files, toml)).icp_review(as_of="2026-07-31")
    review = result.review
    assert (review.customers.value, review.age, review.later) == (None, None, True)
    assert {each.kind: each.why.code if each.why else None for each in result.mistakes} == {
        "size": "no-paid-users-export", "contact": "no-needed-roles", "age": "declared-later",
    }  # fmt: skip
    assert review.proposals == ()
    page = result.render("md")
    assert "nothing speaks for the profile, or against it" in page
    assert "Paying accounts" in page
