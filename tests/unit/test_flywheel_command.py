"""``funnelcli flywheel``: its forces, whom nobody came back to, the projection, in every format and both languages."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.flywheel import FORCES, projected
from funnelcli.metrics import CATALOGUE
from support import EXAMPLES, run_cli, write_folder

SAAS = EXAMPLES / "saas_vn"
ANSWERS = """user_id,sent_at,answered_at,score,followed_up_at
an,2026-05-01,2026-05-05,6,
binh,2026-05-01,2026-05-05,9,
chi,2026-05-01,2026-05-05 15:00,3,
dung,2026-05-01,2026-05-05,0,2026-05-07
ha,2026-05-01,2026-05-05,0,2026-05-08
lan,2026-05-01,2026-05-05,2,
lan,2026-05-10,2026-05-11,7,
,2026-05-01,2026-05-05,1,
"""


def listed(folder: Path, as_of: str) -> list[tuple[str, int, date | None]]:
    rows = fc.open_folder(folder).flywheel(month="2026-05", as_of=as_of).detractors
    return [(row.name, row.days_over, row.followed_up) for row in rows]


def test_a_detractor_is_listed_from_the_day_after_the_time_to_come_back(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"nps.csv": ANSWERS})
    assert listed(folder, "2026-05-07") == []
    # Two days from the 5th are over with the 7th: an and chi; ha was come back to a day too late.  Lan is content now.
    assert listed(folder, "2026-05-08") == [
        ("an", 1, None),
        ("chi", 1, None),
        ("lan", 1, None),
        ("ha", 1, date(2026, 5, 8)),
    ]
    assert listed(folder, "2026-05-31") == [("an", 24, None), ("chi", 24, None), ("ha", 1, date(2026, 5, 8))]
    known = fc.open_folder(folder).flywheel(month="2026-05", as_of="2026-05-31").flywheel.detractors
    assert (known.answered, known.waiting, known.nameless) == (4, 0, 1)


@pytest.mark.parametrize(
    ("touch", "names"),
    [
        ("chi,2026-05-05 14:59,call,Outbound", ["an", "chi"]),  # before the answer
        ("chi,2026-05-05 15:00,call,Outbound", ["an"]),
        ("chi,2026-05-05,call,Outbound", ["an"]),  # on the day, at no time
        ("chi,2026-05-07 14:59,call,Outbound", ["an"]),
        ("chi,2026-05-07 15:01,call,Outbound", ["an", "chi"]),  # 48 hours and a minute
        ("an;chi,2026-05-07,email,Outbound", []),
        ("chi,2026-05-06,call,Inbound", ["an", "chi"]),
        ("chi,2026-05-08,call,Outbound", ["an", "chi"]),
    ],
)
def test_an_outbound_touch_within_the_time_comes_back(tmp_path: Path, touch: str, names: list[str]) -> None:
    answers = "user_id,answered_at,score\nan,2026-05-05,6\nchi,2026-05-05 15:00,3\n"
    folder = write_folder(tmp_path, {"nps.csv": answers, "activities.csv": f"user_id,at,kind,direction\n{touch}\n"})
    assert sorted(name for name, _, _ in listed(folder, "2026-05-31")) == names


def test_the_settings_say_how_soon(tmp_path: Path) -> None:
    answers = "user_id,answered_at,score,followed_up_at\nan,2026-05-05,6,2026-05-10\n"
    folder = write_folder(tmp_path, {"nps.csv": answers}, '[flywheel]\nfollow_up = "1w"\n')
    assert listed(folder, "2026-05-31") == []
    write_folder(tmp_path, {}, '[flywheel]\nfollow_up = "soon"\n')
    with pytest.raises(fc.ConfigError, match=r"\[flywheel\] follow_up"):
        fc.open_folder(folder).flywheel()


def test_where_nothing_says_who_was_come_back_to_nobody_is_accused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"nps.csv": "user_id,answered_at,score\nan,2026-05-05,6\n"})
    result = run_cli("flywheel", folder, "--month", "2026-05")
    line = (
        "Who of the 1 with a latest answer of 0–6 was come back to is not known: neither activities nor the surveys say"
    )
    assert line in result.stdout
    assert fc.open_folder(folder).flywheel(month="2026-05").detractors == ()


# --- the projection ------------------------------------------------------------------------------------------------


def test_turns_are_a_geometric_series_from_who_pays_at_the_close(tmp_path: Path) -> None:
    paid = "user_id,started_at,ended_at\n" + "".join(f"p{n},2026-01-10,\n" for n in range(20))
    invites = "user_id,invited_at,invited_user_id,accepted_at\np1,2026-05-02,a,2026-05-05\np2,2026-05-02,b,2026-05-05\n"
    folder = write_folder(tmp_path, {"paid_users.csv": paid, "invites.csv": invites})
    wheel = fc.open_folder(folder).flywheel(month="2026-05", as_of="2026-06-30", turns=3)
    # k = 2 / 20: 20, 20 + 2, 22 + 0.2, 22.2 + 0.02
    assert [round(total, 4) for total in wheel.projection] == [20, 22, 22.2, 22.22]
    assert list(projected(20, 0.1, 3))[-1] == pytest.approx(20 * (1 + 0.1 + 0.01 + 0.001))
    assert list(projected(7, 1, 4)) == [7, 14, 21, 28, 35]
    data = json.loads(wheel.to_bytes("json"))["projection"]
    assert (data["is_projection"], data["metric"], data["start"], data["k"]) == (True, "k_factor_ratio", 20, 2 / 20)
    text = wheel.to_bytes("table").decode()
    assert "22.22" in text
    assert "A projection, not a forecast" in text


def test_without_k_there_is_no_projection_and_it_says_why(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"signups.csv": "user_id,signed_up_at\nan,2026-05-05\n"})
    result = run_cli("flywheel", folder, "--turns", "2")
    assert "There is no projection: k-factor by referrals is missing" in result.stdout
    assert run_cli("flywheel", folder, "--turns", "0").returncode == 2
    assert run_cli("flywheel", folder, "--turns", "61").returncode == 2
    assert run_cli("flywheel", folder, "--turns", "2", "--detractors").returncode == 2


# --- formats -------------------------------------------------------------------------------------------------------


def test_every_figure_is_a_declared_metric_and_a_row_of_the_report() -> None:
    wheel = fc.open_folder(SAAS).flywheel(last=2)
    data = json.loads(wheel.to_bytes("json"))
    assert data["format"] == "funnelcli.flywheel"
    shown = [key for force in data["forces"] for key in force["metrics"]]
    assert shown == [key for force in FORCES for key in force.metrics if key in CATALOGUE]
    assert [row["metric"] for row in data["rows"]] == shown
    report = json.loads(fc.open_folder(SAAS).report(last=2, section="flywheel").to_bytes("json"))
    of_report = {row["metric"]: row["cells"] for row in report["rows"]}
    same = {row["metric"]: row["cells"] for row in data["rows"] if row["metric"] in of_report}
    assert same == {key: of_report[key] for key in same}
    assert len(same) >= 10


def test_the_rows_of_a_spreadsheet_are_those_of_the_figures() -> None:
    rows = list(csv.DictReader(io.StringIO(run_cli("flywheel", SAAS, "-f", "csv", "--last", "2").stdout)))
    assert [row["metric"] for row in rows][:3] == [
        "net_new_visitors", "referral_signup_share_rate", "referral_new_paid_share_rate",
    ]  # fmt: skip
    listed_rows = list(csv.DictReader(io.StringIO(run_cli("flywheel", SAAS, "--detractors", "-f", "csv").stdout)))
    assert list(listed_rows[0]) == [
        "user_id", "score", "answered_at", "due_at", "days_over", "followed_up_at", "owner", "channel", "comment",
        "file", "line",
    ]  # fmt: skip
    assert len(listed_rows) == len(fc.open_folder(SAAS).flywheel().detractors)


@pytest.mark.parametrize(
    ("form", "lang", "by"),
    [
        *((form, "en", None) for form in ("table", "md", "tsv", "html", "xlsx", "json", "csv")),
        *((form, "vi", "channel") for form in ("table", "html", "xlsx")),
        ("table", "en", "plan"), ("csv", "en", "owner"),
    ],
)  # fmt: skip
def test_it_is_in_every_format_by_every_dimension(form: str, lang: str, by: str | None) -> None:
    data = fc.open_folder(SAAS).flywheel(last=2, by=by, turns=2).to_bytes(form, lang=lang)
    assert len(data) > 500


@pytest.mark.parametrize("width", ["80", "160"])
def test_no_line_is_wider_than_the_terminal(width: str) -> None:
    result = run_cli("flywheel", SAAS, "--turns", "2", env={"COLUMNS": width, "FUNNELCLI_WIDTH": width})
    assert result.returncode == 0


def test_the_wheel_is_a_drawing_without_a_script_that_says_what_it_shows() -> None:
    page = fc.open_folder(SAAS).flywheel(last=3).to_bytes("html").decode()
    assert "<script" not in page
    (drawing,) = re.findall(r'<svg class="wheel".*?</svg>', page, re.DOTALL)
    assert 'role="img" aria-labelledby="t-wheel"' in drawing
    (title,) = re.findall(r"<title[^>]*>([^<]*)</title>", drawing)
    assert [part.split(":")[0] for part in title.split("; ")][:4] == ["Attract", "Engage", "Delight", "What turns it"]
    assert len(re.findall(r'<path class="track"', drawing)) == 3
    assert len(page.encode()) < 150_000


def test_targets_stand_beside_the_figures(tmp_path: Path) -> None:
    paid = "user_id,started_at,ended_at\nan,2026-01-10,\n"
    targets = "metric,channel,team,unit,2026-05\nnps_score,,,points,40\npaid_user_churn_rate,,,rate,0.05\n"
    folder = write_folder(
        tmp_path,
        {
            "nps.csv": "user_id,answered_at,score\nan,2026-05-05,9\nbinh,2026-05-06,7\n",
            "paid_users.csv": paid,
            "targets.csv": targets,
        },
    )
    data = json.loads(fc.open_folder(folder).flywheel(month="2026-05", as_of="2026-05-31").to_bytes("json"))
    # NPS is 100 x 1 / 2 = 50, above 40; nobody left, below 5 %.
    assert data["targets"] == {
        "nps_score": {"target": 40, "kept": True}, "paid_user_churn_rate": {"target": 0.05, "kept": True},
    }  # fmt: skip
    text = run_cli("flywheel", folder, "--month", "2026-05", "--as-of", "2026-05-31").stdout
    assert re.search(r"NPS +50 .* 40\s✓", text)
