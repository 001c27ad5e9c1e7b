"""Balances from before the exports begin, worked by hand: what [opening] gives beyond what the exports show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.counting.opening import OpeningBalances
from funnelcli.counting.select import day_number
from funnelcli.values.figures import Missing
from support import exports_of

# At the start of February the exports show b alone: a was lost on the last day of January, c comes on 1 February.
PAID = "user_id,started_at,ended_at,mrr\na,2026-01-05,2026-01-31,10\nb,2026-01-31,,20\nc,2026-02-01,2026-02-28,40\n"


def report_of(place: Path, opening: str) -> fc.ReportResult:
    (place / "paid_users.csv").write_text(PAID, encoding="utf-8")
    settings = f'[business]\ncurrency = "USD"\n[opening]\nmonth = "2026-02"\n{opening}\n'
    (place / "funnel.toml").write_text(settings, encoding="utf-8")
    return fc.open_folder(place).report(start="2026-01", end="2026-03", as_of="2026-03-31")


def figures(report: fc.ReportResult, metric: str) -> list[float | None]:
    return [value.value for key, value in report.values(metric).items() if key != "total"]


def test_what_it_gives_beyond_the_exports_lifts_every_later_balance(tmp_path: Path) -> None:
    report = report_of(tmp_path, "paid_users = 5\nmrr = 100")
    # 5 less the 1 that is shown: 4 more.  January lies before it.  February: 5 + 1 - 1; March: nothing happens.
    assert figures(report, "opening_paid_users") == [None, 5, 5]
    assert figures(report, "closing_paid_users") == [None, 5, 5]
    # 100 less b's 20: 80 more.  c's 40 are gone again by the end of February.
    assert figures(report, "closing_mrr_amount") == [None, 100, 100]
    reason = report.values("opening_paid_users")["2026-01"].missing
    assert reason is not None
    assert reason.reason.of("en") == "[opening] gives the balance only from 2026-02 on"


def test_the_rows_behind_it_are_those_shown_and_the_settings(tmp_path: Path) -> None:
    rows = report_of(tmp_path, "paid_users = 5").explain("opening_paid_users", month="2026-03").rows
    places = [(row.file, row.line, row.amount) for row in rows]
    assert places == [("funnel.toml [opening] paid_users", None, 4), ("paid_users.csv", 3, 1)]


def test_the_very_balance_that_the_exports_show_adds_nothing(tmp_path: Path) -> None:
    assert figures(report_of(tmp_path, "paid_users = 1\nmrr = 20"), "closing_paid_users") == [None, 1, 1]


@pytest.mark.parametrize("opening", ["paid_users = 0", "mrr = 19.99"])
def test_less_than_the_exports_show_is_refused(opening: str, tmp_path: Path) -> None:
    with pytest.raises(fc.ConfigError, match="already show"):
        report_of(tmp_path, opening)


def test_money_that_it_does_not_give_is_missing_where_it_gives_customers(tmp_path: Path) -> None:
    report = report_of(tmp_path, "paid_users = 5")
    assert figures(report, "closing_paid_users") == [None, 5, 5]
    assert figures(report, "closing_mrr_amount") == [None, None, None]


def test_its_parts_are_unknown(tmp_path: Path) -> None:
    report_of(tmp_path, "paid_users = 5")
    report = fc.open_folder(tmp_path).report(month="2026-03", by="channel", as_of="2026-03-31")
    assert report["opening_paid_users", "unknown"].to_dict() == {"2026-03": 5}


# --- what the settings and the exports say of each balance -------------------------------------------------------

FEBRUARY = day_number(date(2026, 2, 1))
PEOPLE = (
    "user_id,signed_up_at\na,2026-01-05\nb,2026-01-31\nc,2026-02-01\n",
    "user_id,booked_at,held_at\na,2026-01-05,2026-01-31\nb,2026-01-05,2026-02-01\n",
)


def balances(place: Path, opening: str | None, *, paid: str | None = PAID, people: bool = False) -> OpeningBalances:
    settings = "" if opening is None else f'[opening]\nmonth = "2026-02"\n{opening}\n'
    (place / "funnel.toml").write_text(settings, encoding="utf-8")
    files = {"paid_users": paid, **dict(zip(("signups", "demos"), PEOPLE if people else (), strict=False))}
    for name, text in files.items():
        if text is not None:
            (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return OpeningBalances(exports_of(place))


def codes(known: Mapping[str, int | Missing]) -> dict[str, int | str]:
    return {key: number.code if isinstance(number, Missing) else number for key, number in known.items()}


def reasons(found: OpeningBalances, key: str) -> list[str | None]:
    """Why a balance is missing the day before the settings' month, on its first day, and a day later."""
    given = [found.reason(key, day) for day in (FEBRUARY - 1, FEBRUARY, FEBRUARY + 1)]
    return [None if missing is None else missing.code for missing in given]


def test_what_is_given_and_shown_of_each_balance(tmp_path: Path) -> None:
    found = balances(tmp_path, "registered_users = 9\ndemos_held = 0\nmrr = 20.5", people=True, paid=PAID)
    # Before February a and b signed up, a's demo was held, and b pays 20; amounts are in hundredths.
    with pytest.raises(fc.ConfigError, match=r"demos_held = 0, but the exports already show 1 at 2026-02-01"):
        found.check()
    found = balances(tmp_path, "registered_users = 9\ndemos_held = 1\nmrr = 20.5", people=True, paid=PAID)
    found.check()
    keys = ("registered_users", "paid_users", "demos_held", "mrr")
    assert {key: found.given(key) for key in keys} == {
        "registered_users": 9, "paid_users": None, "demos_held": 1, "mrr": 2_050,
    }  # fmt: skip
    assert codes(found.shown) == {"registered_users": 2, "paid_users": 1, "demos_held": 1, "mrr": 2_000}
    assert {key: found.beyond(key) for key in keys} == {
        "registered_users": 7, "paid_users": 0, "demos_held": 0, "mrr": 50,
    }  # fmt: skip
    before = ["before-opening", None, None]
    assert {key: reasons(found, key) for key in keys} == {
        "registered_users": before, "paid_users": [None] * 3, "demos_held": before, "mrr": before,
    }  # fmt: skip
    lifted = found.events("registered_users")
    assert lifted is not None
    assert (lifted.day.tolist(), lifted.weight.tolist(), lifted.row.tolist()) == ([FEBRUARY], [7], [0])
    assert (found.events("demos_held"), found.events("paid_users")) == (None, None)


def test_without_settings_nothing_is_given_or_shown(tmp_path: Path) -> None:
    found = balances(tmp_path, None)
    found.check()
    assert (found.given("mrr"), found.given("paid_users"), dict(found.shown)) == (None, None, {})
    assert (reasons(found, "paid_users"), found.beyond("paid_users"), found.events("paid_users")) == (
        [None] * 3,
        0,
        None,
    )


def test_of_inputs_without_files_or_amounts_nothing_is_shown(tmp_path: Path) -> None:
    found = balances(
        tmp_path, "registered_users = 9\npaid_users = 5\nmrr = 7", paid="user_id,started_at\na,2026-01-05\n"
    )
    assert codes(found.shown) == {"paid_users": 1}
    assert {key: found.beyond(key) for key in ("registered_users", "paid_users", "mrr")} == {
        "registered_users": 0, "paid_users": 4, "mrr": 0,
    }  # fmt: skip
    assert (reasons(found, "registered_users"), reasons(found, "mrr")) == ([None] * 3, [None] * 3)
    assert (found.events("registered_users"), found.events("mrr")) == (None, None)


@pytest.mark.parametrize(
    ("opening", "missing"),
    [
        # Money of customers beyond the exports is not known, and nobody's money before the settings' month.
        ("paid_users = 2", ["before-opening", "opening-without-mrr", "opening-without-mrr"]),
        ("paid_users = 1", ["before-opening", None, None]),
        ("paid_users = 2\nmrr = 20", ["before-opening", None, None]),
        ("registered_users = 2", [None, None, None]),
    ],
)
def test_why_mrr_is_missing(opening: str, missing: list[str | None], tmp_path: Path) -> None:
    assert reasons(balances(tmp_path, opening), "mrr") == missing


def test_what_the_exports_leave_in_doubt_is_added_to_nothing(tmp_path: Path) -> None:
    # d has no amount, and pays on 1 February; so there is no telling what the settings' 500 exceed.
    found = balances(tmp_path, "mrr = 500\npaid_users = 9", paid=f"{PAID}d,2026-01-31,2026-02-05,\n")
    assert codes(found.shown) == {"paid_users": 2, "mrr": "rows-without-amount"}
    assert (found.beyond("mrr"), found.events("mrr")) == (0, None)
    assert reasons(found, "mrr") == ["before-opening", "rows-without-amount", "rows-without-amount"]
    # Gone by then, or not yet there, it is in nobody's way.
    for dates in ("2026-01-05,2026-01-31", "2026-02-01,"):
        late = balances(tmp_path, "mrr = 500", paid=f"{PAID}d,{dates},\n")
        assert (codes(late.shown)["mrr"], late.beyond("mrr")) == (2_000, 48_000)
        assert reasons(late, "mrr") == ["before-opening", None, None]
