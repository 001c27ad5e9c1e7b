"""The list of whom to call: its order, who is not on it, one lead opened, and the test of the score on leads of old."""

import csv
import io
import json
import tomllib
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.lead_model import as_settings
from funnelcli.problems import InputError, UsageError
from support import write_folder

SIGNUPS = """user_id,signed_up_at,source
late,2026-09-20 09:00,web
early,2026-09-01 10:00,google ads
called,2026-09-01,web
customer,2026-09-01,web
cold,2026-09-01,web
rival@rival.vn,2026-09-01,web
future,2026-10-05,web
"""
DEEDS = "user_id,at,kind,direction,owner\n" + "".join(
    f"{who},2026-09-25 08:00,demo request,in,\n" for who in ("late", "early", "called", "customer", "rival@rival.vn")
)
DEEDS += "called,2026-09-26 09:00,call,out,Lan\nearly,2026-08-20 09:00,call,out,Lan\n"
PAID = "user_id,start_date,end_date\ncustomer,2026-09-27,2026-12-31\n"
TOML = """[leads]
exclude = { email = ["*@rival.vn"] }
"""
FILES = {"signups.csv": SIGNUPS, "activities.csv": DEEDS, "paid_users.csv": PAID}


def test_whom_to_call_stands_in_the_order_of_the_wait(tmp_path: Path) -> None:
    """early was called before it came, which is no touch since; called was; customer pays; the rival is no lead."""
    folder = fc.open_folder(write_folder(tmp_path, FILES, TOML))
    asked = folder.leads(as_of="2026-09-30")
    assert [(row.user_id, row.grade, row.channel) for row in asked.rows] == [
        ("early", "?1", "paid"), ("late", "?1", "organic"),
    ]  # fmt: skip
    # 40 × 0.5^(5/30) = 35.636 on both sides.
    assert [row.lead_score for row in asked.rows] == [35.636, 35.636]
    assert asked.rows[0].last_touch_at == "2026-08-20 09:00"
    every = folder.leads(as_of="2026-09-30", everyone=True)
    assert [row.user_id for row in every.rows] == ["called", "customer", "early", "late", "cold"]
    assert [row.paid_at for row in every.rows] == ["", "2026-09-27", "", "", ""]
    only = folder.leads(as_of="2026-09-30", by="channel", part="paid")
    assert [row.user_id for row in only.rows] == ["early"]


def test_an_earlier_day_knows_nothing_of_later_ones(tmp_path: Path) -> None:
    folder = fc.open_folder(write_folder(tmp_path, FILES, TOML))
    asked = folder.leads(as_of="2026-09-25")
    assert [row.user_id for row in asked.rows] == ["called", "customer", "early", "late"]
    assert folder.leads(as_of="2026-09-24").rows == ()


def test_one_lead_is_opened_to_each_of_its_points(tmp_path: Path) -> None:
    folder = fc.open_folder(write_folder(tmp_path, FILES, TOML))
    opened = folder.leads(lead_id="LATE", as_of="2026-09-30").opened
    assert opened is not None
    (deed,) = opened.deeds
    assert (deed.kind, deed.at, deed.points, deed.age_days) == ("demo_request", "2026-09-25 08:00", 40.0, 5)
    assert (round(deed.left, 3), deed.file, deed.line) == (35.636, "activities.csv", 2)
    assert [(part.score, part.name, round(part.points, 3)) for part in opened.parts] == [
        ("interest", "demo_request", 35.636)
    ]
    with pytest.raises(UsageError, match="nobody of that id had signed up by 2026-09-30"):
        folder.leads(lead_id="future", as_of="2026-09-30")


def test_it_takes_signups(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="leads are signups"):
        fc.open_folder(write_folder(tmp_path, {"paid_users.csv": PAID})).leads()


def test_spreadsheets_and_programs_get_the_same(tmp_path: Path) -> None:
    answer = fc.open_folder(write_folder(tmp_path, FILES, TOML)).leads(as_of="2026-09-30")
    rows = list(csv.DictReader(io.StringIO(answer.render("csv").lstrip("\ufeff"))))
    data = json.loads(answer.render("json"))
    assert [row["user_id"] for row in rows] == [row["user_id"] for row in data["rows"]] == ["early", "late"]
    assert list(rows[0]) == [
        "rank", "user_id", "account", "owner", "grade", "lead_score", "fit_score", "interest_score", "reasons", "tier",
        "channel", "temperature", "lead_at", "mql_at", "handed_over_at", "sql_at", "paid_at", "waiting_minutes",
        "due_at", "last_interest_at", "last_touch_at", "touches", "file", "line",
    ]  # fmt: skip
    assert (data["hot"], data["warm"], data["cold"], data["leads"], data["excluded"]) == (3, 0, 1, 5, 1)


# --- does the score work? ------------------------------------------------------------------------------------------


def old_leads(good: int, bad: int, *, paid: tuple[int, int]) -> dict[str, str]:
    """Leads of January, ``good`` ones that asked for a demo and ``bad`` ones that did not; of each so many paid."""
    names = [f"g{n}" for n in range(good)] + [f"b{n}" for n in range(bad)]
    payers = [f"g{n}" for n in range(paid[0])] + [f"b{n}" for n in range(paid[1])]
    deeds = "".join(f"g{n},2026-01-10,demo request\n" for n in range(good))
    known = "".join(f"{who},{'120' if who in payers else ''}\n" for who in names)
    signups = "".join(f"{who},2026-01-10\n" for who in names)
    return {
        "signups.csv": f"user_id,signed_up_at\n{signups}young,2026-05-01\n",
        "activities.csv": f"user_id,at,kind\n{deeds}",
        "paid_users.csv": "user_id,start_date\n" + "".join(f"{who},2026-02-01\n" for who in payers),
        "accounts.csv": f"user_id,employees\n{known}",
    }  # fmt: skip


def test_a_score_that_ranks_is_said_to(tmp_path: Path) -> None:
    """15 of 20 who asked paid, 3 of 20 who did not: of 18 x 22 pairs 15 x 17 are right and 15 x 5 + 3 x 17 are ties."""
    folder = fc.open_folder(write_folder(tmp_path, old_leads(20, 20, paid=(15, 3))))
    test = folder.leads(as_of="2026-05-31").test
    assert (test.leads, test.paid, test.too_young, test.code) == (40, 18, 1, "ranks")
    assert test.area == pytest.approx((15 * 17 + (15 * 5 + 3 * 17) / 2) / (18 * 22))
    groups = [(group.name, group.leads, group.paid, group.rate) for group in test.grades]
    assert groups == [("?1", 20, 15, 0.75), ("?3", 20, 3, 0.15)]
    assert [group.lift for group in test.grades] == [0.75 / 0.45, 0.15 / 0.45]
    assert test.later == ()  # no rule asks for the employees


def test_a_score_that_does_not_rank_and_one_that_is_too_thin(tmp_path: Path) -> None:
    flat = fc.open_folder(write_folder(tmp_path, old_leads(20, 20, paid=(10, 10)))).leads(as_of="2026-05-31").test
    assert (flat.area, flat.code) == (0.5, "does-not-rank")
    thin = fc.open_folder(write_folder(tmp_path, old_leads(20, 20, paid=(9, 0)))).leads(as_of="2026-05-31").test
    assert (thin.paid, thin.code) == (9, "too-thin")
    young = fc.open_folder(tmp_path).leads(as_of="2026-04-09").test
    assert (young.leads, young.too_young) == (0, 40)  # 90 days from 10 January end with 10 April
    assert fc.open_folder(tmp_path).leads(as_of="2026-04-10").test.leads == 40


def test_what_is_known_of_those_who_paid_alone_is_named(tmp_path: Path) -> None:
    toml = "[leads.fit]\nemployees = { '50-500' = 30 }\n"
    folder = fc.open_folder(write_folder(tmp_path, old_leads(20, 20, paid=(15, 3)), toml))
    test = folder.leads(as_of="2026-05-31").test
    # No row says since when: the scores of January knew the employees of March, and the test is flattered.
    assert (test.later, test.leaks, test.code) == (("employees",), ("employees",), "leaks")


def test_what_was_filled_in_later_and_says_so_flatters_nobody(tmp_path: Path) -> None:
    toml = "[leads.fit]\nemployees = { '50-500' = 30 }\n"
    files = old_leads(20, 20, paid=(15, 3))
    files["accounts.csv"] = "user_id,employees,valid_from\n" + "".join(
        f"{line},2026-02-01\n" for line in files["accounts.csv"].splitlines()[1:]
    )
    test = fc.open_folder(write_folder(tmp_path, files, toml)).leads(as_of="2026-05-31").test
    assert (test.later, test.leaks, test.code) == (("employees",), (), "ranks")


# --- points that the data would give --------------------------------------------------------------------------------

RULES = """[leads.fit]
role = { "boss" = 20, "student" = -20, "clerk" = 10 }
"""


def by_role() -> dict[str, str]:
    """60 bosses of whom 45 paid, 60 students of whom 6 did, 60 clerks of whom 24 did; and who is nothing, 24 of 60."""
    of_role = {"boss": 45, "student": 6, "clerk": 24, "": 24}
    people = [(f"{role}{n}", role, n < paid) for role, paid in of_role.items() for n in range(60)]
    return {
        "signups.csv": "user_id,signed_up_at\n" + "".join(f"{who},2026-01-10\n" for who, _, _ in people),
        "accounts.csv": "user_id,role\n" + "".join(f"{who},{role}\n" for who, role, _ in people),
        "paid_users.csv": "user_id,start_date\n" + "".join(f"{who},2026-02-01\n" for who, _, paid in people if paid),
    }


def test_points_are_proposed_from_how_leads_did_and_applied_nowhere(tmp_path: Path) -> None:
    """Odds beside those who are nothing (24:36): bosses 45:15, 4.5 times; students 6:54, a sixth; clerks the same.

    ln 4.5 = 1.50 and -ln 6 = -1.79, a little less for the regularisation; the strongest gets the most points declared.
    """
    pytest.importorskip("sklearn")
    folder = fc.open_folder(write_folder(tmp_path, by_role(), RULES))
    asked = folder.leads(as_of="2026-05-31", fit_model=True)
    model = asked.model
    assert model is not None
    assert (model.leads, model.paid) == (240, 99)
    known = {each.rule: (each.leads, each.paid, each.declared) for each in model.proposals}
    assert known == {"boss": (60, 45, 20.0), "student": (60, 6, -20.0), "clerk": (60, 24, 10.0)}
    proposed = {each.rule: each.proposed for each in model.proposals}
    assert proposed["student"] == -20
    assert proposed["boss"] in (16, 17, 18, 19)  # 20 × 1.50 / 1.79 = 16.8
    assert proposed["clerk"] in (-1, 0, 1)
    # 45 + 24 + 6 and 24 of nothing: the clerks' ten points put them above whom they are no better than.
    assert model.declared_area is not None
    assert model.proposed_area > 0.7
    assert [row.fit_score for row in asked.rows if row.user_id.startswith("boss")] == []  # none is hot: 20 is C
    again = folder.leads(as_of="2026-05-31", fit_model=True).model
    assert again is not None
    assert again.proposals == model.proposals


def test_too_few_leads_propose_nothing(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    folder = fc.open_folder(write_folder(tmp_path, old_leads(20, 20, paid=(9, 0)), RULES))
    with pytest.raises(InputError, match="Too few leads are old enough to propose points: 40, of whom 9 paid"):
        folder.leads(as_of="2026-05-31", fit_model=True)


def test_what_every_lead_has_alike_proposes_nothing(tmp_path: Path) -> None:
    """All 80 filled in a form on the day they came, which tells nobody apart; half of them asked for a demo."""
    pytest.importorskip("sklearn")
    files = old_leads(40, 40, paid=(20, 2))
    names = [f"{kind}{number}" for kind in "gb" for number in range(40)]
    files["activities.csv"] += "".join(f"{who},2026-01-10,form\n" for who in names)
    model = fc.open_folder(write_folder(tmp_path, files, RULES)).leads(as_of="2026-05-31", fit_model=True).model
    assert model is not None
    proposed = {each.name: each.proposed for each in model.proposals if each.score == "interest"}
    assert proposed["form"] is None
    assert proposed["demo_request"] is not None


# --- beside hand-overs -----------------------------------------------------------------------------------------------

HANDED = """user_id,handed_over_at,to_owner,accepted_at,returned_at
a,2026-09-23 16:00,Lan,,
b,2026-09-22 09:00,Lan,2026-09-22 10:00,2026-09-23 10:00
c,2026-09-21 09:00,Minh,2026-09-21 11:00,
c,2026-09-24 09:00,Lan,,
d,2026-09-23,Minh,,
"""
ASKED = "user_id,at,kind,direction,owner\n" + "".join(f"{who},2026-09-20 08:00,demo request,in,\n" for who in "abcde")
ASKED += "c,2026-09-23 09:00,call,out,Minh\nd,2026-09-22 09:00,call,out,Lan\ne,2026-09-21 09:00,email,out,\n"
SALES = '[sla.sales]\nrespond = "4h"\n'


def test_whom_to_call_is_seen_from_the_hand_over_on(tmp_path: Path) -> None:
    """b came back; d was called before the hand-over alone; a mail without an owner is nobody's touch: e waits on.

    Nothing is known of Thursday 24 September after nine: a waits 90 minutes of Wednesday and 60 of Thursday, and is due
    150 minutes into Thursday, at 10:30.  c was called by Minh and then given to Lan: the clock ran on.  d came on a
    bare day.
    """
    files = {
        "signups.csv": "user_id,signed_up_at\n" + "".join(f"{who},2026-09-20 07:00\n" for who in "abcde"),
        "activities.csv": ASKED, "handovers.csv": HANDED,
    }  # fmt: skip
    folder = fc.open_folder(write_folder(tmp_path, files, SALES))
    asked = folder.leads(as_of="2026-09-24")
    listed = [(row.user_id, row.owner, row.handed_over_at, row.waiting_minutes, row.due_at) for row in asked.rows]
    assert listed == [
        ("e", "", "", 3 * 570 + 60, "2026-09-21 12:00"),  # Monday to Wednesday, and an hour
        ("d", "Minh", "2026-09-23", None, ""),
        ("a", "Lan", "2026-09-23 16:00", 90 + 60, "2026-09-24 10:30"),
    ]
    every = {row.user_id: row for row in folder.leads(as_of="2026-09-24", everyone=True).rows}
    assert {who: row.mql_at for who, row in every.items()} == {
        "a": "2026-09-23 16:00", "b": "2026-09-22 09:00", "c": "2026-09-21 09:00", "d": "2026-09-23", "e": "",
    }  # fmt: skip
    assert {who: row.sql_at for who, row in every.items() if row.sql_at} == {
        "b": "2026-09-22 10:00", "c": "2026-09-21 11:00",
    }  # fmt: skip
    assert (every["c"].owner, every["c"].touches, every["c"].handed_over_at) == ("Lan", 1, "2026-09-21 09:00")
    # By the 22nd nobody had called c, nor given b back: and d, which was called that day, was with nobody.
    assert [row.user_id for row in folder.leads(as_of="2026-09-22").rows] == ["a", "e", "c", "b"]
    assert [row.user_id for row in folder.leads(as_of="2026-09-24", by="owner", part="Lan").rows] == ["a"]
    noon = folder.leads(as_of="2026-09-22 09:30", everyone=True).rows
    assert {row.user_id: (row.owner, row.touches) for row in noon} == {
        "a": ("", 0), "b": ("Lan", 0), "c": ("Minh", 0), "d": ("", 1), "e": ("", 0),
    }  # fmt: skip


def test_a_status_that_says_done_is_done_whatever_it_begins_with(tmp_path: Path) -> None:
    """Without accents "hoàn thành" (done) begins as "hoãn" (put off) does."""
    statuses = {"a": "Hoàn thành", "b": "Đã hoàn thành", "c": "Hoãn", "d": "Lên kế hoạch", "e": "Chưa hoàn thành"}
    files = {
        "signups.csv": "user_id,signed_up_at\n" + "".join(f"{who},2026-09-01\n" for who in statuses),
        "activities.csv": "user_id,at,kind,status\n"
        + "".join(f"{who},2026-09-02 09:00,demo request,{said}\n" for who, said in statuses.items()),
    }
    rows = fc.open_folder(write_folder(tmp_path, files)).leads(as_of="2026-09-02", everyone=True).rows
    assert {row.user_id: row.interest_score for row in rows} == {"a": 40, "b": 40, "c": 0, "d": 0, "e": 0}


def test_what_cannot_be_compared_is_not_known_and_is_named(tmp_path: Path) -> None:
    """A band that overlaps a rule, words where a number is asked for; a catch-all below does not get them."""
    cells = {"a": "10-100", "b": "không rõ", "c": "120", "d": "5", "e": "1 200"}
    files = {
        "signups.csv": "user_id,signed_up_at\n" + "".join(f"{who},2026-09-01\n" for who in cells),
        "accounts.csv": "user_id,employees\n" + "".join(f"{who},{cell}\n" for who, cell in cells.items()),
    }
    toml = "[leads.fit]\nemployees = { '50-500' = 30, '1000-' = 20, '*' = 5 }\n"
    asked = fc.open_folder(write_folder(tmp_path, files, toml)).leads(as_of="2026-09-02", everyone=True)
    assert {row.user_id: row.fit_score for row in asked.leads.rows} == {"a": None, "b": None, "c": 30, "d": 5, "e": 20}
    said = {note.code: note.text.of("en") for note in asked.leads.notes}
    assert said["cells-not-compared"] == ("employees: '10-100', 'không rõ' fit no rule for sure, and count as unknown.")


@pytest.mark.parametrize(
    ("toml", "missing"),
    [
        ('[leads]\nmql = "handover"\n', ("mqls", "sqls", "recycled_leads", "lead_to_mql_rate")),
        ("[leads]\nmql = { fit = 25, interest = 30 }\n", ("mqls", "sqls", "mql_to_paid_rate")),
        ("", ("sqls", "recycled_leads", "hot_leads")),
    ],
)
def test_what_nothing_tells_is_missing_and_not_zero(toml: str, missing: tuple[str, ...], tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"signups.csv": "user_id,signed_up_at\na,2026-09-01\n"}, toml)
    report = fc.open_folder(folder).report(month="2026-09", section="leads", as_of="2026-09-30")
    assert [key for key in missing if not report[key].isna().all()] == []
    assert report["new_leads"].tolist() == [1]


def test_the_tier_of_a_lead_is_that_of_the_day(tmp_path: Path) -> None:
    """The firm was of retail when late signed up, and of education from 25 September on."""
    files = {
        "signups.csv": "user_id,signed_up_at,account_id\nlate,2026-09-20,mai\n",
        "accounts.csv": "account_id,industry,valid_from\nmai,retail,\nmai,education,2026-09-25\n",
    }
    toml = '[icp]\nhard = { industry = ["education"] }\n'
    folder = fc.open_folder(write_folder(tmp_path, files, toml))
    days = ("2026-09-24", "2026-09-25")
    assert [folder.leads(as_of=day, everyone=True).rows[0].tier for day in days] == ["D", "A"]
    listed = {
        (day, tier): len(folder.leads(as_of=day, everyone=True, by="tier", part=tier).rows)
        for day, tier in zip(days, "DA", strict=True)
    }
    assert listed == {("2026-09-24", "D"): 1, ("2026-09-25", "A"): 1}


def test_a_paste_of_proposed_points_loses_no_kind_and_a_few_leads_propose_nothing(tmp_path: Path) -> None:
    """A webinar, of one's own, was seen by 6 leads of whom nobody paid; 20 of nobody say as little, 10 of some do."""
    pytest.importorskip("sklearn")
    files = old_leads(60, 60, paid=(30, 2))
    did = {"webinar": [f"b{n}" for n in range(6)], "event": [f"b{n}" for n in range(20, 40)],
           "reply": [*(f"g{n}" for n in range(5)), *(f"b{n}" for n in range(5, 10))]}  # fmt: skip
    files["activities.csv"] += "".join(f"{who},2026-01-10,{kind}\n" for kind, names in did.items() for who in names)
    points = "[leads.interest]\nwebinar = [7, 21]\nevent = [15, 30]\nreply = [10, 30]\ndemo_request = [40, 40]\n"
    points += "form = [10, 30]\n"
    model = fc.open_folder(write_folder(tmp_path, files, points)).leads(as_of="2026-05-31", fit_model=True).model
    assert model is not None
    proposed = {each.name: each.proposed for each in model.proposals if each.score == "interest"}
    assert (proposed["webinar"], proposed["event"], proposed["form"]) == (None, None, None)
    assert proposed["reply"] is not None
    assert proposed["demo_request"] is not None
    pasted = tomllib.loads(as_settings(model))["leads"]["interest"]
    assert (pasted["webinar"], pasted["event"], pasted["form"]) == ([7, 21], [15, 30], [10, 30])
    assert pasted["demo_request"] == [proposed["demo_request"], abs(proposed["demo_request"])]
