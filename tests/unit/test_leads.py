"""Scores of leads: points that fade and are capped, attributes as they were known, grades, and when who was ready."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import funnelcli as fc
from funnelcli.facts.grades import TEMPERATURES, Scores
from funnelcli.facts.leads import NEVER, Leads
from funnelcli.facts.load import load
from funnelcli.facts.model import Facts
from funnelcli.reading.discover import discover, open_folder
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.moments import moment_text
from support import figures, report_of, write_folder

ACTIVITIES = """activity_id,user_id,at,kind,direction,automatic
1,u1,2026-08-31 10:00,demo_request,in,
2,u1,2026-09-15 09:00,event,in,
3,u1,2026-09-30 09:00,event,in,
4,u1,2026-09-30 14:00,event,in,
4,u1,2026-09-30 14:00,event,in,
5,u1,2026-09-30 15:00,reply,in,yes
6,u1,2026-09-30 16:00,call,out,
"""
ONE = "user_id,signed_up_at\nu1,2026-08-01\n"
READY = "[leads]\nmql = { fit = 25, interest = 30 }\n"


def facts_of(folder: Path) -> Facts:
    opened = open_folder(folder)
    return load(opened.config, discover(opened, {})[0])


def leads_of(folder: Path) -> Leads:
    leads = facts_of(folder).leads
    assert leads is not None
    return leads


def close_of(day: str) -> int:
    return ((date.fromisoformat(day) - date(1970, 1, 1)).days + 1) * DAY_MICROS - 1


def scores_on(leads: Leads, day: str) -> Scores:
    return leads.scores(leads.entity, np.full(len(leads), close_of(day)))


def ready_at(leads: Leads) -> list[str]:
    pairs = zip(leads.mql.at.tolist(), leads.mql.timed.tolist(), strict=True)
    return ["" if at == NEVER else moment_text(at, timed=timed) for at, timed in pairs]


def test_points_halve_and_all_of_a_kind_count_up_to_their_cap(tmp_path: Path) -> None:
    """Of 30 September: 40 × 1/2 = 20, and 15 × 0.5^(15/30) + 15 + 15 = 40.607, cut to 30; the rest gives nothing."""
    leads = leads_of(write_folder(tmp_path, {"signups.csv": ONE, "activities.csv": ACTIVITIES}))
    scores = scores_on(leads, "2026-09-30")
    assert scores.interest.tolist() == [50.0]
    assert scores.names == ["?1"]
    assert leads.interest is not None
    by_kind = leads.interest.by_kind(leads.entity, np.array([close_of("2026-09-30")]))[0]
    given = {kind: points for kind, points in zip(leads.interest.kinds, by_kind.tolist(), strict=True) if points}
    assert given == {"demo_request": 20.0, "event": 30.0}


def test_a_score_knows_nothing_of_what_came_later(tmp_path: Path) -> None:
    """On 15 September: 40 × 0.5^(15/30) + 15 = 43.284."""
    accounts = "user_id,employees\nu1,120\n"
    files = {"signups.csv": ONE, "activities.csv": ACTIVITIES, "accounts.csv": accounts}
    leads = leads_of(write_folder(tmp_path, files, READY + '[leads.fit]\nemployees = { "50-500" = 30 }\n'))
    by_day = {day: scores_on(leads, day).interest.tolist()[0] for day in ("2026-08-30", "2026-08-31", "2026-09-15")}
    assert by_day == {"2026-08-30": 0.0, "2026-08-31": 40.0, "2026-09-15": pytest.approx(43.284, abs=0.0005)}
    assert ready_at(leads) == ["2026-08-31 10:00"]


def test_points_below_zero_exclusion_and_thresholds(tmp_path: Path) -> None:
    """u1 30 + 25; u2 30 - 50, cut to 0; u3 30 + 25 - 30; u4 known by mail alone; u6 not at all; u5 is no lead."""
    accounts = """user_id,employees,role,email
u1,120,Giám đốc điều hành,an@abc.vn
u2,120,student,binh@xyz.vn
u3,120,Giám đốc,chi@dh.edu.vn
u4,,,dung@abc.vn
u5,300,Giám đốc,e@rival.vn
u6,,,
"""
    people = [f"u{number}" for number in range(1, 7)]
    signups = "user_id,signed_up_at\n" + "".join(f"{who},2026-09-01\n" for who in people)
    deeds = "user_id,at,kind\n" + "".join(f"{w},2026-09-10,form\n{w},2026-09-10,unsubscribe\n" for w in people)
    toml = """[leads]
exclude = { email = ["*@rival.vn", "*@us.vn"] }
[leads.fit]
employees = { "50-500" = 30, "501-" = 10 }
role = { "giám đốc*" = 25, "student*" = -50 }
email = { "*.edu.vn" = -30 }
"""
    folder = write_folder(tmp_path, {"signups.csv": signups, "accounts.csv": accounts, "activities.csv": deeds}, toml)
    leads = leads_of(folder)
    scores = scores_on(leads, "2026-09-10")
    assert scores.interest.tolist() == [0.0] * 6  # 10 - 30, cut to 0
    known = [None if np.isnan(fit) else fit for fit in scores.fit.tolist()]
    assert known == [55.0, 0.0, 25.0, 0.0, 55.0, None]
    assert scores.names == ["A3", "C3", "B3", "C3", "A3", "?3"]
    warmth = [TEMPERATURES[code] for code in scores.temperature.tolist()]
    assert warmth == ["warm", "cold", "cold", "cold", "warm", "cold"]
    assert leads.is_excluded(np.full(len(leads), 10**5)).tolist() == [False, False, False, False, True, False]
    of = figures(report_of(folder, month="2026-09", as_of="2026-09-30", section="leads"))
    shown = {key: of[key, None, "2026-09"][0] for key in ("new_leads", "excluded_leads", "warm_leads", "cold_leads")}
    assert shown == {"new_leads": 5, "excluded_leads": 1, "warm_leads": 1, "cold_leads": 4}


def test_who_is_no_lead_is_so_from_the_day_on_that_it_was_known(tmp_path: Path) -> None:
    """On 20 September a becomes known to be of a rival; until then it was a lead like b.  On 10 September c was one of
    us, on 25 September no longer."""
    accounts = "user_id,industry,valid_from\na,Mai,\na,Rival,2026-09-20\nb,Sen,\nc,Us,\nc,Sen,2026-09-25\n"
    signups = "user_id,signed_up_at\na,2026-09-01\nb,2026-09-02\nc,2026-09-10\n"
    deeds = "user_id,at,kind\na,2026-09-15,demo_request\nb,2026-09-15,form\nc,2026-09-15,form\n"
    toml = """[leads]
exclude = { industry = ["rival", "us"] }
half_life = "none"
mql = { fit = 0, interest = 30 }
[leads.fit]
industry = { "*" = 60 }
"""
    files = {"signups.csv": signups, "accounts.csv": accounts, "activities.csv": deeds}
    folder = fc.open_folder(write_folder(tmp_path, files, toml))
    called = {day: [row.user_id for row in folder.leads(as_of=f"2026-09-{day}").leads.rows] for day in (19, 20, 25)}
    assert called == {19: ["a", "b"], 20: ["b"], 25: ["b", "c"]}
    listed = {day: folder.leads(as_of=f"2026-09-{day}").leads for day in (19, 20, 25)}
    assert {day: (each.all_leads, each.excluded) for day, each in listed.items()} == {
        19: (2, 1),
        20: (1, 2),
        25: (2, 1),
    }
    of = figures(report_of(tmp_path, month="2026-09", as_of="2026-09-30", section="leads"))
    shown = {key: of[key, None, "2026-09"][0] for key in ("new_leads", "excluded_leads", "mqls", "hot_leads")}
    # a came, and was ready on the 15th, before it was known; c never came as a lead.  At the end b and c are hot (A2).
    assert shown == {"new_leads": 2, "excluded_leads": 2, "mqls": 1, "hot_leads": 2}
    rows = folder.explain("excluded_leads", month="2026-09", as_of="2026-09-30").rows
    assert [(row.user_id, str(row.day)) for row in rows] == [("a", "2026-09-20"), ("c", "2026-09-10")]


def test_who_was_ready_is_so_from_the_first_moment_on_that_both_scores_held(tmp_path: Path) -> None:
    """a is known to fit from the 5th on, when 40 × 0.5^(3/30) = 37.3 are left; b from December on, when they are gone.

    e had left the list: 40 - 30 × 0.5^(49/30) = 40 - 9.67 = 30.33 on 20 September.
    """
    signups = "user_id,signed_up_at\n" + "".join(f"{who},2026-09-01\n" for who in "abe")
    accounts = "user_id,employees,valid_from\na,120,2026-09-05\nb,120,2026-12-05\ne,120,\n"
    deeds = """user_id,at,kind
a,2026-09-02 09:00,demo request
b,2026-09-02 09:00,demo request
e,2026-08-02 09:00,unsubscribed
e,2026-09-20 11:00,demo request
"""
    toml = READY + '[leads.fit]\nemployees = { "50-500" = 30 }\n'
    files = {"signups.csv": signups, "accounts.csv": accounts, "activities.csv": deeds}
    assert ready_at(leads_of(write_folder(tmp_path, files, toml))) == ["2026-09-05", "", "2026-09-20 11:00"]


def test_a_score_may_rise_though_nothing_happens(tmp_path: Path) -> None:
    """Ten forms and ten events stay above their caps of 30, while of the unsubscription 30 × 0.5^(n/30) are left.

    60 - 30 × 0.5^(n/30) is 40 or more from n = 17.55 on: on day 18, when the forms give 100 × 0.5^(17/30) = 67.5.
    """
    rows = "".join(f"a,2026-09-02 0{n}:00,form\na,2026-09-02 0{n}:30,event\n" for n in range(10))
    deeds = f"user_id,at,kind\na,2026-09-01 08:59,unsubscribe\n{rows}"
    toml = "[leads]\nmql = { fit = 0, interest = 40 }\n[leads.fit]\nemployees = { '1-' = 5 }\n"
    files = {
        "signups.csv": "user_id,signed_up_at\na,2026-09-03\n", "accounts.csv": "user_id,employees\na,3\n",
        "activities.csv": deeds,
    }  # fmt: skip
    leads = leads_of(write_folder(tmp_path, files, toml))
    assert leads.interest is not None
    day = (date(2026, 9, 19) - date(2026, 9, 1)).days
    assert 30 + 30 - 30 * 0.5 ** (day / 30) >= 40 > 30 + 30 - 30 * 0.5 ** ((day - 1) / 30)
    assert ready_at(leads) == ["2026-09-19"]


def test_a_customer_is_no_lead_and_a_lead_is_none_before_it_came(tmp_path: Path) -> None:
    """a asked for a demo before the signup, which counts from the signup on; b after the first payment, never."""
    files = {
        "signups.csv": "user_id,signed_up_at\na,2026-09-03 08:00\nb,2026-09-03\n",
        "accounts.csv": "user_id,employees\na,100\nb,100\n",
        "activities.csv": "user_id,at,kind\na,2026-09-01,demo request\nb,2026-09-20,demo request\n",
        "paid_users.csv": "user_id,start_date,end_date\nb,2026-09-10,2026-12-31\n",
    }
    toml = READY + '[leads.fit]\nemployees = { "50-500" = 30 }\n'
    assert ready_at(leads_of(write_folder(tmp_path, files, toml))) == ["2026-09-03 08:00", ""]


def test_without_points_the_profile_of_customers_says_who_fits(tmp_path: Path) -> None:
    """a meets all of it (100, A), b 2 of 4 (50, B), c 1 of 4 (25, C); d is ruled out: C, never an MQL; e unknown."""
    toml = """[leads]
mql = { fit = 25, interest = 30 }
[icp]
hard = { country = "VN" }
soft = [{ industry = "education*", weight = 2 }, { city = "Hue", weight = 1 }, { stage = "growing", weight = 1 }]
"""
    accounts = """user_id,country,industry,city,stage
a,VN,education,Hue,growing
b,VN,education,Hanoi,mature
c,VN,retail,Hue,mature
d,SG,education,Hue,growing
e,VN,,,growing
"""
    files = {
        "signups.csv": "user_id,signed_up_at\n" + "".join(f"{who},2026-09-01\n" for who in "abcde"),
        "accounts.csv": accounts,
        "activities.csv": "user_id,at,kind\n" + "".join(f"{who},2026-09-10 09:00,demo request\n" for who in "abcde"),
    }
    leads = leads_of(write_folder(tmp_path, files, toml))
    scores = scores_on(leads, "2026-09-10")
    assert [None if np.isnan(fit) else fit for fit in scores.fit.tolist()] == [100.0, 50.0, 25.0, 100.0, None]
    assert scores.names == ["A1", "B1", "C1", "C1", "?1"]
    assert ready_at(leads) == ["2026-09-10 09:00"] * 3 + ["", ""]
    of = figures(report_of(tmp_path, month="2026-09", as_of="2026-09-10", section="leads"))
    # A1, B1 and ?1, which counts as B1, are hot; C1 is warm.
    assert [of[f"{warmth}_leads", None, "2026-09"][0] for warmth in ("hot", "warm", "cold")] == [3, 2, 0]


def test_leads_come_back_to_marketing_once_between_two_hand_overs(tmp_path: Path) -> None:
    """All came on 1 January; 60 days later is 2 March.

    a was given back on 10 March at ten and handed over again 22 days later, at nine; b was never touched; c was, on
    1 February, so that the 60 days end with 2 April; d was accepted.  e asked for a demo on 20 February, of whose 40
    points 10 are left on day 60: warm until 21 April, cold from the 22nd on.  f paid.
    """
    people = "abcdef"
    files = {
        "signups.csv": "user_id,signed_up_at\n" + "".join(f"{who},2026-01-01\n" for who in people),
        "handovers.csv": "user_id,handed_over_at,accepted_at,returned_at\n"
        "a,2026-03-02 09:00,,2026-03-10 10:00\na,2026-04-01 09:00,2026-04-02 09:00,\n"
        "d,2026-02-10 09:00,2026-02-11 09:00,\n",
        "activities.csv": "user_id,at,kind,direction,owner\nc,2026-02-01 09:00,call,out,Lan\n"
        "a,2026-03-09 09:00,call,out,Lan\ne,2026-02-20 09:00,demo request,in,\n",
        "paid_users.csv": "user_id,start_date,end_date\nf,2026-02-01,2026-12-31\n",
    }
    covers = '[inputs.signups]\ncovers = ["2026-01", "2026-06"]\n'
    folder = write_folder(tmp_path, files, covers)
    of = figures(report_of(folder, first="2026-01", last="2026-06", as_of="2026-06-30", section="leads"))
    months = [f"2026-0{month}" for month in range(1, 7)]
    assert [of["recycled_leads", None, month][0] for month in months] == [0, 0, 2, 2, 0, 0]
    # Of a and b half are handed over again by day 22; of c and e nobody.
    assert [of["nurture_days", None, month][0] for month in ("2026-03", "2026-04")] == [22 - 1 / 24, None]
    # The 90 days of both are over: a was accepted within them, b was not.
    assert of["recycled_to_sql_rate", None, "2026-03"] == (0.5, 1, 2)
    assert of["recycled_to_paid_rate", None, "2026-03"] == (0, 0, 2)
    assert of["recycled_to_sql_rate", None, "2026-04"][0] is None  # those of e end with 21 July
    on_the_day = figures(report_of(folder, month="2026-03", as_of="2026-03-09", section="leads"))
    assert on_the_day["recycled_leads", None, "2026-03"][0] == 1


def test_who_was_with_marketing_and_is_hot_at_the_end(tmp_path: Path) -> None:
    """All came on 1 January and are cold and untouched for 60 days on 2 March: nobody is with marketing before.

    a asks for a demo on 30 April, and has 40 points: hot; of these 40 x 0.5^(13/30) = 29.6 are left on 13 May, and it
    is hot no more.  b asks on 3 April, and is hot until 15 April alone: within the month, and not at its end.  c pays
    on 10 April, d on 5 March.  e is handed over on 20 April, and f is never heard of again.
    """
    files = {
        "signups.csv": "user_id,signed_up_at\n" + "".join(f"{who},2026-01-01\n" for who in "abcdef"),
        "handovers.csv": "user_id,handed_over_at\ne,2026-04-20 09:00\n",
        "activities.csv": "user_id,at,kind,direction\na,2026-04-30 09:00,demo request,in\n"
        "b,2026-04-03 09:00,demo request,in\n",
        "paid_users.csv": "user_id,start_date,end_date\nc,2026-04-10,2026-12-31\nd,2026-03-05,2026-12-31\n",
    }
    covers = '[inputs.signups]\ncovers = ["2026-01", "2026-06"]\n[inputs.activities]\ncovers = ["2026-01", "2026-06"]\n'
    folder = write_folder(tmp_path, files, covers)
    of = figures(report_of(folder, first="2026-03", last="2026-06", as_of="2026-06-30", section="leads"))
    # March: nobody at its start.  April: a, b, e and f (c pays within it), of whom a is hot at the end.  May and June:
    # a, b and f, none of them hot at the end.
    assert [of["warmed_rate", None, f"2026-0{month}"] for month in (3, 4, 5, 6)] == [
        (None, 0, 0), (0.25, 1, 4), (0, 0, 3), (0, 0, 3),
    ]  # fmt: skip
    # A range looks from its start to its end: of those of 1 April that have not paid by 30 April, or by 30 June.
    quarter = report_of(folder, first="2026-04", last="2026-06", as_of="2026-06-30", section="leads")
    (total,) = [row.total for row in quarter.rows if row.metric.key == "warmed_rate"]
    assert (total.numerator, total.denominator) == (0, 4)
    # A quarter that ends on the day on which a asked counts it, the day before does not.
    for day, hot in (("2026-04-29", 0), ("2026-04-30", 1)):
        of = figures(report_of(folder, month="2026-04", as_of=day, section="leads"))
        assert of["warmed_rate", None, "2026-04"][1:] == (hot, 4)
    explained = fc.open_folder(folder).explain("warmed_leads", month="2026-04")
    assert [row.user_id for row in explained.rows] == ["a"]
    explained = fc.open_folder(folder).explain("nurtured_leads", month="2026-05", as_of="2026-06-30")
    assert sorted(row.user_id for row in explained.rows) == ["a", "b", "f"]


def test_a_list_of_leads_that_says_who_is_an_sql_and_not_who_was_an_mql(tmp_path: Path) -> None:
    """Four leads: a with both dates, b with that of the SQL alone, c with that of the MQL alone, d with none."""
    head = "Record ID,Create Date,Became a Marketing Qualified Lead Date,Became a Sales Qualified Lead Date\n"
    rows = "a,2026-03-01,2026-03-02,2026-03-05\nb,2026-03-01,,2026-03-06\nc,2026-03-01,2026-03-03,\nd,2026-03-01,,\n"
    of = figures(report_of(write_folder(tmp_path, {"leads.csv": head + rows}), month="2026-03", section="leads"))
    assert of["sqls", None, "2026-03"][0] == 2
    assert of["mqls", None, "2026-03"][0] == 2
    only = head.replace("Became a Marketing Qualified Lead Date,", "") + "a,2026-03-01,2026-03-05\nb,2026-03-01,\n"
    (tmp_path / "only").mkdir()
    of = figures(report_of(write_folder(tmp_path / "only", {"leads.csv": only}), month="2026-03", section="leads"))
    assert of["sqls", None, "2026-03"][0] == 1
