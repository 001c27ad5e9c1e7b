"""Who comes due, worked by hand: what is listed in which order, what is known of whom, and in every format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from funnelcli import open_folder
from funnelcli.problems import InputError, UsageError
from support import NOW

# As of 10 March, with 5 days of grace: an's contract ended on 6 March and may be renewed up to the 12th; bo's on the
# 4th, whose grace was past on the 10th; chi is renewed on time and duy early; em has no end; gia begins on the 20th.
ROWS = """\
user_id,started_at,ended_at,plan,mrr,source
an,2025-01-01,2025-12-31,Basic,90,partner
an,2026-01-01,2026-03-06,Basic,100.5,
bo,2026-01-01,2026-03-04,Basic,50,
chi,2026-01-01,2026-03-08,Basic,30,
chi,2026-03-09,2026-04-08,Basic,30,
duy,2025-03-21,2026-03-20,Pro,70,
duy,2026-03-05,2027-03-04,Pro,70,
em,2026-01-01,,Basic,20,
gia,2026-03-20,2026-03-31,Basic,10,
ha,2026-01-31,2026-03-10,Pro,40,
khoa,2026-01-01,2026-04-08,Basic,
"""
DEMOS = "user_id,booked_at,owner\nan,2025-01-01,Lan\nchi,2025-12-01,Minh\n"
SETTINGS = "[paid_users]\ngrace_days = 5\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "paid_users.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "demos.csv").write_text(DEMOS, encoding="utf-8")
    (tmp_path / "funnel.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def listed(folder: Path, **options: Any) -> Any:
    return open_folder(folder, now=NOW).renewals(**{"as_of": "2026-03-10", **options})


def test_what_is_overdue_comes_first_then_what_ends_next(folder: Path) -> None:
    rows = listed(folder, within="1m").rows
    assert [(row.user_id, row.state, row.days_to_go, str(row.ends), row.mrr) for row in rows] == [
        ("an", "overdue", -4, "2026-03-06", 100.5),
        ("ha", "due", 0, "2026-03-10", 40),
        ("chi", "due", 29, "2026-04-08", 30),
        ("khoa", "due", 29, "2026-04-08", None),
    ]


def test_what_is_known_of_each_customer(folder: Path) -> None:
    an, ha, chi, khoa = listed(folder, within="1m").rows
    assert [(row.plan, row.owner, row.channel, str(row.started), row.tenure_months) for row in (an, ha, chi, khoa)] == [
        ("Basic", "Lan", "partner", "2026-01-01", 14),  # a customer since 1 January 2025
        ("Pro", "unknown", "unknown", "2026-01-31", 1),  # a month after 31 January is 28 February
        ("Basic", "Minh", "unknown", "2026-03-09", 2),
        ("Basic", "unknown", "unknown", "2026-01-01", 2),
    ]
    assert [(row.file, row.line) for row in (an, ha)] == [("paid_users.csv", 3), ("paid_users.csv", 11)]


@pytest.mark.parametrize(
    ("within", "names"),
    [
        ("28d", ["an", "ha"]),
        ("29d", ["an", "ha", "chi", "khoa"]),
        ("4w", ["an", "ha"]),
        ("1m", ["an", "ha", "chi", "khoa"]),
    ],
)
def test_the_last_day_of_the_time_ahead_is_within_it(folder: Path, within: str, names: list[str]) -> None:
    assert [row.user_id for row in listed(folder, within=within).rows] == names


@pytest.mark.parametrize(
    ("as_of", "overdue"),
    [("2026-03-06", []), ("2026-03-07", ["bo", "an"]), ("2026-03-09", ["bo", "an"]), ("2026-03-10", ["an"]),
     ("2026-03-11", ["an", "ha"]), ("2026-03-12", ["ha"])],
)  # fmt: skip
def test_up_to_the_last_day_of_the_grace_it_is_overdue(folder: Path, as_of: str, overdue: list[str]) -> None:
    rows = listed(folder, as_of=as_of, within="1d").rows
    expected = ["bo"] if as_of == "2026-03-06" else overdue
    assert [row.user_id for row in rows if row.state == "overdue"] == expected


def test_a_renewal_that_begins_later_is_not_known_yet(folder: Path) -> None:
    # On 4 March duy's renewal of the 5th and chi's of the 9th lie ahead.
    rows = listed(folder, as_of="2026-03-04", within="20d").rows
    assert [row.user_id for row in rows] == ["bo", "an", "chi", "ha", "duy"]


def test_the_sums_agree_with_the_rows_in_every_format(folder: Path) -> None:
    result = listed(folder, within="1m")
    data = json.loads(result.to_bytes("json"))
    assert data["format"] == "funnelcli.renewals"
    assert (data["total"], data["overdue"], data["due"]) == (
        {"rows": 4, "mrr_amount": 170.5}, {"rows": 1, "mrr_amount": 100.5}, {"rows": 3, "mrr_amount": 70}
    )  # fmt: skip
    assert data["renewed"] == 1  # duy's, which ends on 20 March
    table = list(csv.DictReader(io.StringIO(result.to_bytes("csv").decode())))
    assert [row["mrr_amount"] for row in table] == ["100.5", "40", "30", ""]
    assert [row["user_id"] for row in data["rows"]] == [row["user_id"] for row in table] == ["an", "ha", "chi", "khoa"]
    assert list(data["rows"][0]) == list(table[0])
    codes = [note["code"] for note in data["notes"]]
    assert codes[:2] == ["rows-without-end", "rows-without-amount"]
    for form in ("table", "md", "html"):
        text = result.to_bytes(form).decode()
        assert "170.5" in text or "170.50" in text, form
    assert result.to_bytes("xlsx")[:2] == b"PK"


def test_one_part_of_a_dimension(folder: Path) -> None:
    assert [row.user_id for row in listed(folder, within="1m", by="owner", part="minh").rows] == ["chi"]
    assert [row.user_id for row in listed(folder, within="1m", by="plan", part="Pro").rows] == ["ha"]
    with pytest.raises(UsageError, match="'Max' is no plan"):
        listed(folder, by="plan", part="Max")


def test_the_list_is_what_the_report_calls_open(folder: Path) -> None:
    # What ended by as_of and is listed is what the figure counts: two, of 140.5.
    report = open_folder(folder, now=NOW).report(month="2026-03", section="success", as_of="2026-03-10")
    rows = [row for row in listed(folder).rows if row.days_to_go <= 0]
    assert (report["open_renewals"].tolist(), report["open_renewals_mrr_amount"].tolist()) == ([2], [140.5])
    assert (len(rows), sum(row.mrr or 0 for row in rows)) == (2, 140.5)


@pytest.mark.parametrize("within", ["soon", "48h", "-3d"])
def test_what_is_no_time_ahead(folder: Path, within: str) -> None:
    with pytest.raises(UsageError):
        listed(folder, within=within)


def test_without_customers_there_is_nothing_to_list(tmp_path: Path) -> None:
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\nan,2026-01-01\n", encoding="utf-8")
    with pytest.raises(InputError, match="No file of paid users"):
        listed(tmp_path)


def test_open_tickets_and_the_last_score_of_each_customer(folder: Path) -> None:
    (folder / "surveys.csv").write_text(
        "user_id,kind,sent_at,answered_at,score\n"
        "an,nps,2026-01-01,2026-01-02,10\nan,nps,2026-02-01,2026-02-03,3\nan,nps,2026-03-09,2026-03-11,9\n"
        "chi,nps,2026-01-01,2026-01-02,0\nha,csat,2026-01-01,2026-01-02,5\n",
        encoding="utf-8",
    )
    (folder / "tickets.csv").write_text(
        "user_id,opened_at,resolved_at\n"
        "an,2026-03-01,\nan,2026-03-02,2026-03-10\nan,2026-03-03,2026-03-11\nan,2026-03-11,\nha,2026-01-05,2026-01-06\n",
        encoding="utf-8",
    )
    rows = listed(folder, within="1m").rows
    # an's answer of 11 March lies after as_of; a score of 0 is one; ha was never asked for it.
    assert [(row.user_id, row.last_nps) for row in rows] == [("an", 3), ("ha", None), ("chi", 0), ("khoa", None)]
    # Of an's tickets one was solved on the 10th, one only on the 11th, and one was opened then.
    assert [(row.user_id, row.open_tickets) for row in rows] == [("an", 2), ("ha", 0), ("chi", 0), ("khoa", 0)]


def test_today_alone_and_years(folder: Path) -> None:
    assert [row.user_id for row in listed(folder, within="0d").rows] == ["an", "ha"]
    year = listed(folder, within="1y")
    assert str(year.renewals.until) == "2027-03-10"
    assert [row.user_id for row in year.rows] == [row.user_id for row in listed(folder, within="12m").rows]
    for wrong in ("-1d", "9999y", "d", "1.5y"):
        with pytest.raises(UsageError):
            listed(folder, within=wrong)


def test_the_sum_of_rows_of_which_no_mrr_is_known_is_not_0(tmp_path: Path) -> None:
    rows = "an,2026-01-01,2026-03-06,\nbo,2026-01-01,2026-03-12,40\nchi,2026-01-01,2026-03-12,\n"
    (tmp_path / "paid_users.csv").write_text(f"user_id,started_at,ended_at,mrr\n{rows}", encoding="utf-8")
    (tmp_path / "funnel.toml").write_text(SETTINGS, encoding="utf-8")
    made = listed(tmp_path)
    # Of an, who is overdue, nobody knows; of the two that are due 40 is known of one, which a note says.
    assert [made.renewals.mrr_of(state) for state in ("overdue", "due", None)] == [None, 40, 40]
    data = json.loads(made.render("json"))
    assert (data["overdue"], data["due"]) == ({"rows": 1, "mrr_amount": None}, {"rows": 2, "mrr_amount": 40})
    assert "MRR a month: – overdue (1 row), 40 due (2 rows)" in made.render("md")
    assert "Of 2 rows no MRR is known: the sums are without them." in made.render("md")
    assert listed(tmp_path, within="0d").renewals.mrr_of() is None
    assert listed(tmp_path, as_of="2026-02-01", within="0d").renewals.mrr_of() == 0  # no rows
