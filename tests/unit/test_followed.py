"""Rates of the same people in a report: worked examples, the same counts as ``cohorts``, rows, maturity, formats."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

import funnelcli as fc
from funnelcli.counting.pairs import PAIRS, pairs_of
from funnelcli.facts.journeys import BUILT_IN
from funnelcli.metrics import CATALOGUE
from funnelcli.problems import UsageError
from funnelcli.stats.exact import fisher_test
from support import EXAMPLES, run_cli, write_folder

CONTACTS = {
    "signups.csv": "user_id,signed_up_at\nu1,2026-03-01\nu2,2026-03-20\nu3,2026-04-05\nu4,2026-04-06\n",
    "demos.csv": "user_id,booked_at\nu1,2026-03-31\nu2,2026-04-20\nu3,2026-04-10\n",
}
DEMOS = "signup_to_demo_booked_cohort_rate"


def data_of(folder: Path, **asked: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(fc.open_folder(folder).report(basis="cohort", **asked).to_bytes("json"))
    return data


def rows_of(data: dict[str, Any], metric: str) -> list[dict[str, Any]]:
    return [row for row in data["rows"] if row["metric"] == metric]


def counted(cell: dict[str, Any]) -> tuple[Any, ...]:
    return cell["numerator"], cell["denominator"], cell.get("entered"), cell["missing"]


@pytest.mark.parametrize(
    ("as_of", "march", "april", "total"),
    [
        # u1 converts on its last day; u2's window ends on 19 April; u3 counts with u4, on 6 May.
        ("2026-04-18", (1, 1, 2, "1 of 2 matured"), (0, 0, 2, "0 of 2 matured"), None),
        ("2026-04-19", (1, 2, 2, None), (0, 0, 2, "0 of 2 matured"), (1, 2)),
        ("2026-05-05", (1, 2, 2, None), (1, 1, 2, "1 of 2 matured"), (1, 2)),
        ("2026-05-06", (1, 2, 2, None), (1, 2, 2, None), (2, 4)),
    ],
)
def test_a_period_has_a_rate_once_all_have_had_their_time(
    as_of: str, march: tuple[Any, ...], april: tuple[Any, ...], total: tuple[int, int] | None, tmp_path: Path
) -> None:
    data = data_of(write_folder(tmp_path, CONTACTS), window="30d", start="2026-03", end="2026-04", as_of=as_of)
    [row] = rows_of(data, DEMOS)
    assert [counted(cell) for cell in row["cells"]] == [march, april]
    assert [cell["value"] for cell in row["cells"]] == [
        None if why else above / below for above, below, _, why in (march, april)
    ]
    assert (row["total"]["numerator"], row["total"]["denominator"]) == (total or (1, 1))
    assert row["total"]["value"] == (None if total is None else 0.5)


def test_a_row_whole_and_what_the_report_says_of_itself(tmp_path: Path) -> None:
    """Wilson: 1 of 2 is 9.45 to 90.55 %, 2 of 4 is 15.00 to 85.00 %.  Two and two are too few to tell."""
    data = data_of(write_folder(tmp_path, CONTACTS), window="30d", start="2026-03", end="2026-04", as_of="2026-05-06")
    half = {"level": 0.95, "method": "wilson"}
    two = {"lower": pytest.approx(0.0945, abs=5e-5), "upper": pytest.approx(0.9055, abs=5e-5), **half}
    four = {"lower": pytest.approx(0.15, abs=5e-5), "upper": pytest.approx(0.85, abs=5e-5), **half}
    cell = {"value": 0.5, "numerator": 1, "denominator": 2, "missing": None, "entered": 2, "interval": two}
    assert rows_of(data, DEMOS) == [
        {
            "metric": DEMOS, "label": "RU → Demo, same people", "unit": "rate", "channel": None,
            "cells": [cell, cell],
            "total": {"value": 0.5, "numerator": 2, "denominator": 4, "missing": None, "entered": 4, "interval": four},
            "change": {
                "period": "2026-04", "against": "2026-03", "value": 0.0, "basis": "points",
                "p": None, "adjusted_p": None, "few": True, "verdict": "too-few-to-tell",
            },
        }
    ]  # fmt: skip
    assert (data["basis"], data["window"]) == ("cohort", "30d")
    assert [note["code"] for note in data["notes"][:2]] == ["cohort-rates", "cohort-changes"]


def test_a_report_of_periods_has_none_of_it() -> None:
    data = json.loads(fc.open_folder(EXAMPLES / "plain").report().to_bytes("json"))
    assert "basis" not in data
    assert [row["metric"] for row in data["rows"] if "cohort" in row["metric"]] == []


def test_who_skips_a_stage_has_got_past_it(tmp_path: Path) -> None:
    """u2 paid without a demo: of four signups 3 got to a demo or past it, of two with a demo one paid, of four two."""
    folder = write_folder(
        tmp_path,
        {
            "signups.csv": "user_id,signed_up_at\nu1,2026-03-01\nu2,2026-03-02\nu3,2026-03-03\nu4,2026-03-04\n",
            "demos.csv": "user_id,booked_at\nu1,2026-03-05\nu3,2026-03-10\n",
            "paid_users.csv": "user_id,started_at\nu1,2026-03-20\nu2,2026-03-15\n",
        },
    )
    data = data_of(folder, month="2026-03", as_of="2026-06-30")
    assert {pair.key: counted(rows_of(data, f"{pair.key}_cohort_rate")[0]["cells"][0])[:2] for pair in PAIRS} == {
        "signup_to_demo_booked": (3, 4),
        "demo_booked_to_paid": (1, 2),
        "signup_to_paid": (2, 4),
    }


@pytest.mark.parametrize("by", [None, "channel", "plan", "owner"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.key)
def test_the_report_counts_whom_the_cohorts_count(by: str | None, pair: Any) -> None:
    folder = fc.open_folder(EXAMPLES / "plain")
    data = data_of(EXAMPLES / "plain", window="30d", by=by, start="2026-03", end="2026-08")
    asked = folder.cohorts(
        from_stage=pair.start, to_stage=pair.goal, window="30d", by=by, start="2026-03", end="2026-08"
    )
    expected: dict[Any, list[tuple[int, int, int, float | None]]] = {}
    for row in json.loads(asked.to_bytes("json"))["rows"]:
        rate = row["rate"]["value"] if row["mature"] else None
        part = None if row["by"] is None else row["by"][by]
        expected.setdefault(part, []).append((row["converted"], row["matured"], row["entered"], rate))
    seen = {
        row["channel"] if "channel" in row else row["by"] and row["by"][by]: [
            (cell["numerator"], cell["denominator"], cell["entered"], cell["value"]) for cell in row["cells"]
        ]
        for row in rows_of(data, f"{pair.key}_cohort_rate")
    }
    assert seen == expected
    parts = [cells for part, cells in seen.items() if part is not None]
    for place, whole in enumerate(seen[None]):
        if parts:
            assert tuple(map(sum, zip(*(cells[place][:3] for cells in parts), strict=True))) == whole[:3]


def test_a_later_day_never_takes_back_who_got_on() -> None:
    before: dict[tuple[str, str], int] = {}
    for as_of in ("2026-05-15", "2026-06-30", "2026-08-31"):
        data = data_of(EXAMPLES / "plain", window="14d", as_of=as_of, start="2026-01", end="2026-08")
        for row in data["rows"]:
            for period, cell in zip(data["periods"], row["cells"], strict=True):
                if row["metric"].endswith("_cohort_rate") and cell["numerator"] is not None:
                    key = (row["metric"], period["key"])
                    assert cell["numerator"] >= before.get(key, 0)
                    before[key] = cell["numerator"]
                    if "interval" in cell:
                        assert cell["interval"]["lower"] <= cell["value"] <= cell["interval"]["upper"]
    assert len(before) > 10


# --- deals -----------------------------------------------------------------------------------------------------------

DEALS = """deal_id,created_at,closed_at,won
A,2026-01-01,2026-01-11,1
B,2026-01-01,2026-01-16,0
C,2026-01-01,2026-01-21,0
D,2026-01-01,2026-01-31,1
E,2026-01-01,2026-02-05,0
F,2026-01-19,,
G,2026-01-01,2026-02-20,1
H,2025-12-30,2026-02-28,0
"""
RETURNS = (
    "deal_id,stage,entered_at\nd1,qualify,2026-02-01\nd1,demo,2026-02-10\nd1,qualify,2026-03-01\nd1,demo,2026-03-20\n"
    "d1,contract,2026-03-25\n"
)


def test_deals_are_followed_from_their_creation(tmp_path: Path) -> None:
    """In 30 days A and D are won of seven created in January (F's time ends on 18 February); 90 are over for none."""
    folder = write_folder(tmp_path, {"deals.csv": DEALS})
    for window, expected in (("30d", (2, 7, 7, None)), ("90d", (0, 0, 7, "0 of 7 matured"))):
        data = data_of(folder, window=window, month="2026-01", as_of="2026-02-28")
        [row] = rows_of(data, "created_to_won_cohort_rate")
        assert counted(row["cells"][0]) == expected
        [stage] = rows_of(data, "qualify_to_discovery_cohort_rate")
        assert stage["cells"][0]["missing"] == "the export does not say when stages were entered"
    opened = fc.open_folder(folder).explain(
        "created_to_won_cohort_rate", month="2026-01", window="30d", as_of="2026-02-28"
    )
    assert [(row.part, row.line) for row in opened.rows if row.part.endswith("_converted")] == [
        ("created_to_won_converted", 2), ("created_to_won_converted", 5),
    ]  # fmt: skip


@pytest.mark.parametrize(("window", "contract"), [("30d", (0, 1)), ("43d", (1, 1))])
def test_a_deal_is_followed_from_its_first_entry(window: str, contract: tuple[int, int], tmp_path: Path) -> None:
    """From 10 February to 25 March are 43 days: going back stops no clock.  Discovery it skipped, in 9 days."""
    folder = write_folder(tmp_path, {"deals.csv": RETURNS})
    data = data_of(folder, window=window, start="2026-02", end="2026-03", as_of="2026-03-31")
    [demo] = rows_of(data, "demo_to_contract_cohort_rate")
    assert [counted(cell)[:2] for cell in demo["cells"]] == [contract, (0, 0)]
    [qualify] = rows_of(data, "qualify_to_discovery_cohort_rate")
    assert [counted(cell)[:2] for cell in qualify["cells"]] == [(1, 1), (0, 0)]


@pytest.mark.parametrize("name", ["opportunity", "customer"])
def test_journeys_are_counted_as_their_cohorts_are(name: str) -> None:
    folder = fc.open_folder(EXAMPLES / "erp_vn")
    asked: dict[str, Any] = {"window": "45d", "start": "2026-05", "end": "2026-10"}
    data, seen = data_of(EXAMPLES / "erp_vn", section="all", **asked), 0
    for pair in pairs_of(BUILT_IN[name]):
        cohorts = folder.cohorts(journey=name, from_stage=pair.start, to_stage=pair.goal, **asked)
        expected = [
            (row["converted"], row["matured"], row["entered"], row["rate"]["value"] if row["mature"] else None)
            for row in json.loads(cohorts.to_bytes("json"))["rows"]
        ]
        [row] = rows_of(data, f"{pair.key}_cohort_rate")
        counts = [(cell["numerator"], cell["denominator"], cell["entered"], cell["value"]) for cell in row["cells"]]
        assert counts == expected, pair.key
        seen += sum(entered for _, _, entered, _ in counts)
    assert seen > 100


def test_every_pair_of_a_journey_has_a_key_of_its_own() -> None:
    keys = [pair.key for journey in BUILT_IN.values() for pair in pairs_of(journey)]
    assert len(keys) == len(set(keys)) == 18
    assert {f"{key}_cohort_rate" for key in keys} == {key for key in CATALOGUE if key.endswith("_cohort_rate")}


def test_a_journey_of_ones_own_is_followed_too(tmp_path: Path) -> None:
    """Of two that came to the first stage one got to the second in time."""
    rows = "deal_id,stage,entered_at\na,Liên hệ,2026-01-05\na,Báo giá,2026-01-20\nb,Liên hệ,2026-01-06\n"
    config = '[journeys.opportunity]\nstages = ["Liên hệ", "Báo giá"]\n'
    folder = write_folder(tmp_path, {"deals.csv": rows}, config)
    [row] = rows_of(
        data_of(folder, window="30d", month="2026-01", as_of="2026-03-31"), "lien_he_to_bao_gia_cohort_rate"
    )
    assert counted(row["cells"][0]) == (1, 2, 2, None)


# --- opened ----------------------------------------------------------------------------------------------------------


def test_a_rate_opens_to_the_rows_of_those_who_entered() -> None:
    folder = fc.open_folder(EXAMPLES / "plain")
    opened = folder.explain("signup_to_paid_cohort_rate", month="2026-07", window="30d")
    assert {key: value.value for key, value in opened.inputs.items()} == {
        "signup_to_paid_converted": 5, "signup_to_paid_matured": 52,
    }  # fmt: skip
    rows = [(row.part, row.user_id) for row in opened.rows]
    got_on = {user for part, user in rows if part == "signup_to_paid_converted"}
    followed = {user for part, user in rows if part == "signup_to_paid_matured"}
    assert (len(got_on), len(followed), len(rows)) == (5, 52, 57)
    assert got_on <= followed
    # Whoever got on paid within 30 days of the signup that is listed.
    text = (EXAMPLES / "plain" / "paid_users.csv").read_text("utf-8")
    paid = {row["user_id"]: row["started_at"][:10] for row in csv.DictReader(io.StringIO(text))}
    assert got_on <= set(paid)
    part = folder.explain("signup_to_paid_cohort_rate", month="2026-07", window="30d", by="channel", part="paid")
    assert {row.channel for row in part.rows} == {"paid"}
    assert part.value.denominator == sum(1 for row in part.rows if row.part == "signup_to_paid_matured")


def test_the_parts_of_its_change_add_up() -> None:
    changed = fc.open_folder(EXAMPLES / "plain").explain_change(
        "signup_to_paid_cohort_rate", "2026-06", "2026-07", by="channel", window="30d"
    )
    explained = changed.explained
    assert float(explained.change) == pytest.approx(5 / 52 - 8 / 49)
    assert [sum(part.adds for part in split.parts) for split in explained.splits] == [explained.change]


# --- what cannot be known, and what differs --------------------------------------------------------------------------


def test_without_an_export_of_a_stage_there_is_no_rate(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"signups.csv": CONTACTS["signups.csv"]})
    data = data_of(folder, month="2026-03", as_of="2026-12-31")
    reasons = {pair.key: rows_of(data, f"{pair.key}_cohort_rate")[0]["cells"][0]["missing"] for pair in PAIRS}
    assert reasons == {
        "signup_to_demo_booked": "no demos export",
        "demo_booked_to_paid": "no paid users export",
        "signup_to_paid": "no paid users export",
    }


def test_lists_of_who_pays_do_not_tell_who_paid_in_time(tmp_path: Path) -> None:
    """u2 is new in February's list: whether it paid within 10 days of 25 January, nobody knows."""
    lists = "month,user_id,mrr\n2026-01,u1,9\n2026-02,u1,9\n2026-02,u2,9\n2026-03,u1,9\n2026-03,u2,9\n"
    signups = "user_id,signed_up_at\nu1,2026-01-02\nu2,2026-01-25\nu3,2026-03-31\n"
    config = '[inputs.paid_users.columns]\nlisted_on = "month"\n'
    folder = write_folder(tmp_path, {"signups.csv": signups, "paid_users.csv": lists}, config)
    [row] = rows_of(data_of(folder, window="10d", month="2026-01"), "signup_to_paid_cohort_rate")
    assert row["cells"][0]["missing"] == (
        "the lists of customers give no starts: on which day somebody began to pay is not known"
    )


def test_a_month_that_nobody_entered_says_so(tmp_path: Path) -> None:
    signups = CONTACTS["signups.csv"] + "u5,2026-06-01\n"
    folder = write_folder(tmp_path, {**CONTACTS, "signups.csv": signups})
    [row] = rows_of(data_of(folder, month="2026-05", as_of="2026-12-31"), DEMOS)
    assert row["cells"][0] == {
        "value": None, "numerator": 0, "denominator": 0, "missing": "nobody entered in the period", "entered": 0,
    }  # fmt: skip


def test_a_rate_that_has_come_is_no_change_of_a_closed_figure(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    folder = write_folder(tmp_path / "exports", CONTACTS)
    asked: dict[str, Any] = {"basis": "cohort", "start": "2026-03", "end": "2026-04"}
    earlier = tmp_path / "earlier.json"
    fc.open_folder(folder).report(**asked, window="30d", as_of="2026-04-30").save(earlier)

    def differing(**more: Any) -> list[str]:
        result = fc.open_folder(folder).report(**asked, against=earlier, **more)
        assert result.changes is not None
        return [change.metric for change in result.changes.figures]

    assert differing(window="30d", as_of="2026-06-30") == []
    assert differing(window="10d", as_of="2026-06-30") == []  # other rates, which are not compared
    (folder / "demos.csv").write_text("user_id,booked_at\nu1,2026-03-31\nu2,2026-04-19\nu3,2026-04-10\n", "utf-8")
    assert differing(window="30d", as_of="2026-04-30") == [DEMOS]  # u2 now got on in time, and booked in April still


def test_two_periods_that_are_over_are_tested_by_fisher(tmp_path: Path) -> None:
    """Of 40 in March 20 book in time, of 40 in April five; May is not over, and the change is that of April."""
    people = [(f"{month}-{n}", f"2026-{month:02}-{n % 28 + 1:02}") for month in (3, 4, 5) for n in range(40)]
    booked = [(user, day) for user, day in people if int(user.split("-")[1]) < {3: 20, 4: 5, 5: 40}[int(user[0])]]
    folder = write_folder(
        tmp_path,
        {
            "signups.csv": "user_id,signed_up_at\n" + "".join(f"{user},{day}\n" for user, day in people),
            "demos.csv": "user_id,booked_at\n" + "".join(f"{user},{day}\n" for user, day in booked),
        },
    )
    data = data_of(folder, window="30d", start="2026-03", end="2026-05", as_of="2026-05-31")
    [row] = rows_of(data, DEMOS)
    assert [cell["value"] for cell in row["cells"]] == [0.5, 0.125, None]
    change = row["change"]
    assert (change["period"], change["against"], change["value"]) == ("2026-04", "2026-03", -0.375)
    assert (change["p"], change["verdict"]) == (fisher_test(5, 40, 20, 40), "more-than-chance")
    signups = rows_of(data, "new_signups")[0]["change"]
    assert (signups["period"], signups["against"]) == ("2026-05", "2026-04")


# --- formats and options ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [None, "channel"])
def test_every_format_has_the_rates(by: str | None) -> None:
    result = fc.open_folder(EXAMPLES / "plain").report(basis="cohort", window="30d", by=by)
    for form in ("table", "md", "html"):
        text = result.render(form)
        assert "RU → PU, same people" in text
        assert "RU → PU, same people, within 30 days" in text
        assert "Complete periods" in text
    for form in ("xlsx", "eml"):
        assert result.to_bytes(form)
    tidy = list(csv.DictReader(io.StringIO(result.render("csv", layout="tidy"))))
    [cell] = [row for row in tidy if (row["metric"], row["channel"], row["period"]) == (DEMOS, "", "2026-08")]
    assert (cell["value"], cell["missing"]) == ("", "0 of 57 matured")
    assert "Tỷ lệ RU → PU, cùng người, trong 30 ngày" in result.render("md", lang="vi")


def test_the_table_says_how_many_and_how_sure() -> None:
    """Of the channels the complete periods: they sum to those of the whole, 226 of whom 26 paid."""
    text = fc.open_folder(EXAMPLES / "plain").report(basis="cohort", window="30d", by="channel").render("table")
    shown = text.partition("RU → PU, same people, within 30 days\n")[2].partition("\n\n")[0].splitlines()
    lines = [[cell.strip() for cell in re.split(r" {2,}", line.strip())] for line in shown]
    assert lines[0] == ["Period / Channel", "People", "Matured", "Got on", "Rate", "95 %"]
    assert lines[6] == ["Jul 2026", "52", "52", "5", "9.6%", "4–21"]
    assert lines[7] == ["Aug 2026*", "57", "0", "0", "–"]
    assert lines[8] == ["Complete periods", "226", "226", "26", "11.5%", "8–16"]
    assert [sum(int(line[place]) for line in lines[9:]) for place in (1, 2, 3)] == [226, 226, 26]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--window", "30d"), "A window is of rates of the same people, and none is asked for."),
        (
            ("--basis", "cohort", "--window", "soon"),
            "--window: 'soon' is no window; write it like 90d, 12w, 3m, 1y or 48h.",
        ),
        (("--basis", "people"), "'people' is not one of 'period', 'cohort'."),
    ],
)
def test_wrong_options_are_refused(options: tuple[str, ...], says: str) -> None:
    done = run_cli("report", EXAMPLES / "plain", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_a_window_is_of_a_rate_of_the_same_people_alone() -> None:
    folder = fc.open_folder(EXAMPLES / "plain")
    with pytest.raises(UsageError, match="none is asked for"):
        folder.explain("signup_to_demo_rate", window="30d")
    with pytest.raises(UsageError, match="There is no basis"):
        folder.report(basis="people")
    report = folder.report(basis="cohort", window="30d")
    assert report.explain("signup_to_paid_cohort_rate", month="2026-07").value.denominator == 52
    assert report.explain("new_signups", month="2026-07").value.value == 52
    said = run_cli("explain", "signup_to_paid_cohort_rate", EXAMPLES / "plain", "--window", "30d", "-q").stdout
    assert said.endswith("--month 2026-08 --rows --window 30d\n")


def test_a_metric_of_ones_own_that_is_made_of_them_is_shown_beside_them(tmp_path: Path) -> None:
    """Of March u1 got on after 30 days, and u2 after 31: one of two."""
    config = f'[metrics.of_everybody]\nsum = ["{DEMOS}"]\nwhere = {{channel = "*"}}\n'
    folder = write_folder(tmp_path, CONTACTS, config)
    data = data_of(folder, window="30d", month="2026-03", as_of="2026-05-06")
    assert [row["cells"][0]["value"] for row in rows_of(data, "of_everybody")] == [0.5]
    assert "of_everybody" not in fc.open_folder(folder).report(month="2026-03").metrics
