"""``funnelcli cohorts``: worked examples, the examples' people walked through one by one, every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import funnelcli as fc
from answers import hostile_folder
from support import EXAMPLES, run_cli

CONTACTS = {
    "signups": "user_id,signed_up_at\nu1,2026-03-01\nu2,2026-03-20\nu3,2026-04-05\nu4,2026-04-06\n",
    "demos": "user_id,booked_at\nu1,2026-03-31\nu2,2026-04-20\nu3,2026-04-10\n",
}


def folder_of(folder: Path, **files: str) -> fc.Folder:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return fc.open_folder(folder)


def data_of(folder: fc.Folder, **asked: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(folder.cohorts(**asked).to_bytes("json"))
    return data


@pytest.mark.parametrize(
    ("as_of", "march", "april", "complete"),
    [
        ("2026-04-18", (1, 1, False), None, None),
        ("2026-04-19", (1, 2, True), None, (1, 2)),
        ("2026-05-06", (1, 2, True), (1, 2, True), (2, 4)),
    ],
)
def test_nobody_is_judged_before_their_window_is_over(
    as_of: str, march: tuple[int, int, bool], april: tuple[int, int, bool] | None, complete: Any, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "exports", **CONTACTS)
    data = data_of(folder, to_stage="demo_booked", window="30d", start="2026-03", end="2026-04", as_of=as_of)
    rates = [(row["rate"]["numerator"], row["rate"]["denominator"], row["mature"]) for row in data["rows"]]
    assert rates == [march, april or (None, None, False)]
    whole = data["overall"]["complete_cohorts"]
    assert (whole["numerator"], whole["denominator"]) == (complete or (None, None))
    if complete == (2, 4):  # Wilson: 15.00 to 85.00 %
        assert [round(whole["interval"][bound], 4) for bound in ("lower", "upper")] == [0.15, 0.85]


def test_who_skips_a_stage_is_shown(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path / "exports",
        signups="user_id,signed_up_at\nu1,2026-03-01\nu2,2026-03-02\nu3,2026-03-03\nu4,2026-03-04\n",
        demos="user_id,booked_at\nu1,2026-03-05\nu3,2026-03-10\n",
        paid_users="user_id,started_at\nu1,2026-03-20\nu2,2026-03-15\n",
    )
    seen = {}
    for start, goal, order in (
        ("signup", "demo_booked", "any"), ("signup", "demo_booked", "strict"), ("demo_booked", "paid", "any"),
        ("signup", "paid", "any"),
    ):  # fmt: skip
        data = data_of(
            folder, from_stage=start, to_stage=goal, order=order, as_of="2026-06-30", start="2026-03", end="2026-03"
        )
        [row] = data["rows"]
        seen[start, goal, order] = (row["converted"], row["entered"], row["skipped"])
    assert seen == {
        ("signup", "demo_booked", "any"): (3, 4, 1),
        ("signup", "demo_booked", "strict"): (2, 4, 0),
        ("demo_booked", "paid", "any"): (1, 2, 0),
        ("signup", "paid", "any"): (2, 4, 0),
    }


# --- a walk through the examples -------------------------------------------------------------------------------------


def table(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / f"{name}.csv").read_text("utf-8"))))


def walked(folder: Path, window: int, until: date) -> Iterator[tuple[str, int, int, int]]:
    """Of each month its signups, those whose window is over, and those of them who paid within it; one by one."""
    first: dict[str, date] = {}
    for row in table(folder, "signups"):
        day = date.fromisoformat(row["signed_up_at"][:10])
        first[row["user_id"]] = min(day, first.get(row["user_id"], day))
    paid: dict[str, list[date]] = {}
    for row in table(folder, "paid_users"):
        paid.setdefault(row["user_id"], []).append(date.fromisoformat(row["started_at"][:10]))
    for month in sorted({f"{day:%Y-%m}" for day in first.values()}):
        people = [user for user, day in first.items() if f"{day:%Y-%m}" == month]
        matured = [user for user in people if first[user] + timedelta(window) <= until]
        got_on = [
            user for user in matured
            if any(0 <= (day - first[user]).days <= window for day in paid.get(user, ()))
        ]  # fmt: skip
        yield month, len(people), len(matured), len(got_on)


@pytest.mark.parametrize("window", [7, 14, 90])
def test_the_example_is_what_a_walk_from_person_to_person_says(window: int) -> None:
    data = data_of(fc.open_folder(EXAMPLES / "plain"), window=f"{window}d")
    rows = [(row["cohort"], row["entered"], row["matured"], row["converted"]) for row in data["rows"]]
    assert rows == list(walked(EXAMPLES / "plain", window, date(2026, 8, 31)))
    assert data["overall"]["complete_cohorts"]["denominator"] == sum(row[2] for row in rows if row[1] == row[2])


def test_the_parts_of_a_dimension_sum_to_the_whole() -> None:
    for by in ("channel", "plan", "source"):
        data = data_of(fc.open_folder(EXAMPLES / "plain"), by=by, to_stage="demo_held", window="30d")
        whole = {row["cohort"]: row for row in data["rows"] if row["by"] is None}
        for cohort, row in whole.items():
            parts = [each for each in data["rows"] if each["by"] and each["cohort"] == cohort]
            for key in ("entered", "matured", "converted", "skipped"):
                assert sum(part[key] for part in parts) == row[key], (by, cohort, key)


# --- what is kept of customers ---------------------------------------------------------------------------------------

STAYS = (
    "user_id,started_at,ended_at,mrr\nc1,2026-01-31,2026-02-28,100\nc2,2026-01-15,,100\nc3,2026-01-10,2026-02-20,100\n"
    "c3,2026-03-25,,150\nc4,2026-01-20,2026-03-20,100\n"
)


def test_what_is_kept_after_so_many_months(tmp_path: Path) -> None:
    """The first is lost on its last day of February, which is a month after 31 January: gone by month 1.

    The third comes back in the third month and pays 150: kept of the money 250 of 400, of which 50 is expansion.
    """
    folder = folder_of(tmp_path / "exports", paid_users=STAYS)
    data = data_of(folder, from_stage="paid", to_stage="lost", as_of="2026-04-30", start="2026-01", end="2026-01")
    kept = [
        (row["paying"], row["members"], row["back"], row["mrr"], row["mrr_without_expansion"])
        for row in data["retention"]
    ]
    assert kept == [(4, 4, 0, 400, 400), (3, 4, 0, 300, 300), (1, 4, 0, 100, 100), (2, 4, 1, 250, 200)]
    assert [row["first_stay"]["value"] for row in data["retention"]] == pytest.approx([1, 3 / 4, 1 / 4, 1 / 4])
    assert data["lifetime_days"] == {"median": 41, "p75": 59, "p90": None}
    assert {row["mrr_at_start"] for row in data["retention"]} == {400}


def test_what_is_kept_of_the_example_is_what_a_walk_says() -> None:
    """Customer by customer: paying at the close of the day so many months later, of those for whom it has come."""
    until = date(2026, 8, 31)
    data = data_of(fc.open_folder(EXAMPLES / "plain"), from_stage="paid", to_stage="lost")
    stays: dict[str, list[tuple[date, date]]] = {}
    for row in table(EXAMPLES / "plain", "paid_users"):
        end = date.fromisoformat(row["ended_at"][:10]) if row["ended_at"] else date.max
        stays.setdefault(row["user_id"], []).append((date.fromisoformat(row["started_at"][:10]), end))
    for kept in data["retention"]:
        members = paying = 0
        for rows in stays.values():
            start = min(begun for begun, _ in rows)
            year, month = divmod(start.year * 12 + start.month - 1 + kept["months"], 12)
            last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(1)).day
            day = date(year, month + 1, min(start.day, last))
            if day <= until:
                members += 1
                paying += any(begun <= day < end or (end > until and begun <= day) for begun, end in rows)
        assert (kept["members"], kept["paying"]) == (members, paying), kept["months"]


# --- formats and options ---------------------------------------------------------------------------------------------


def test_rows_for_spreadsheets_hold_what_the_data_does() -> None:
    result = fc.open_folder(EXAMPLES / "plain").cohorts(by="channel", window="30d")
    data = json.loads(result.to_bytes("json"))
    wide = list(csv.DictReader(io.StringIO(result.render("csv"))))
    assert [(row["cohort"], row["channel"], int(row["entered"])) for row in wide] == [
        (row["cohort"], row["by"]["channel"] if row["by"] else "", row["entered"]) for row in data["rows"]
    ]
    tidy = list(csv.DictReader(io.StringIO(result.render("csv", layout="tidy"))))
    known = [cell for row in data["rows"] for cell in row["cells"] if cell["known"] and row["entered"]]
    assert [int(row["converted"]) for row in tidy] == [cell["converted"] for cell in known]
    assert [float(row["share"]) for row in tidy] == pytest.approx([cell["share"] for cell in known])


@pytest.mark.parametrize("form", ["table", "md", "html", "eml", "xlsx", "tsv"])
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_format_shows_it(form: str, lang: str) -> None:
    result = fc.open_folder(EXAMPLES / "plain").cohorts(last=3)
    assert result.to_bytes(form, lang=lang) == result.to_bytes(form, lang=lang)


def test_hostile_labels_stay_text(tmp_path: Path) -> None:
    result = fc.open_folder(hostile_folder(tmp_path)).cohorts(by="source", to_stage="demo_booked")
    for form in ("html", "md", "table", "csv"):
        text = result.render(form)
        assert "<script" not in text
        assert "\x1b" not in text


def test_large_shares_are_shaded() -> None:
    page = fc.open_folder(EXAMPLES / "plain").cohorts(last=6).render("html")
    assert '<td class="number shade5"' in page
    assert "shade0" not in page


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--to-stage", "demo"), "--to-stage demo: there is no such one. Did you mean demo_held or demo_booked?"),
        (("--from-stage", "paid", "--to-stage", "signup"), "--to-stage signup: there is no such one."),
        (("--from-stage", "paid", "--to-stage", "demo_held"), "--to-stage demo_held does not come after"),
        (("--window", "90"), "--window: '90' is no window; write it like 90d, 12w, 3m, 1y or 48h."),
        (("--journey", "sales"), "--journey sales: there is no such one."),
        (("--entry", "last"), "--entry last: there is no such one."),
        (("--by", "nothing"), "nothing"),
        (("--last", "0"), "--last must be at least 1."),
    ],
)
def test_what_cannot_be_followed_is_refused(options: tuple[str, ...], says: str) -> None:
    done = run_cli("cohorts", EXAMPLES / "plain", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert says.split("?")[0][:40] in done.stderr


def test_without_anybody_in_the_first_stage_there_is_no_cohort(tmp_path: Path) -> None:
    folder_of(tmp_path / "exports", demos=CONTACTS["demos"])
    done = run_cli("cohorts", tmp_path / "exports")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "funnelcli: Nobody has entered the stage signup.\n"
        "  There are files of demos; begin with a stage of theirs: --from-stage.\n"
    )
