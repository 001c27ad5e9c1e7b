"""The agreement between marketing and sales, worked by hand: responses, returns, acceptance, attempts, hand-overs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.problems import ConfigError
from support import write_folder

HOURS = '[sla.hours]\nmon-fri = "08:00-17:30"\nsat = "08:00-12:00"\nholidays = "VN"\n'
SALES = '[sla.sales]\nrespond = "4h"\ndecide = "2d"\nattempts = 3\napart = "1d-4d"\nreturn_at_once = "wrong number"\n'
SLA = SALES + HOURS
Cell = tuple[float | None, float | None, float | None]


def figures(
    tmp_path: Path, files: dict[str, str], keys: Sequence[str], as_of: str, *, config: str = SLA, by: str | None = None
) -> list[Cell]:
    """Value, numerator and denominator of figures of September 2026."""
    folder = fc.open_folder(write_folder(tmp_path, files, config))
    report = folder.report(month="2026-09", as_of=as_of, section="sla", by=by)
    cells = [report.values(key)["2026-09"] for key in keys]
    return [(cell.value, cell.numerator, cell.denominator) for cell in cells]


def numbers(
    tmp_path: Path, files: dict[str, str], keys: Sequence[str], as_of: str, *, config: str = SLA
) -> list[float | None]:
    return [value for value, _, _ in figures(tmp_path, files, keys, as_of, config=config)]


HANDED = {
    "handovers.csv": "user_id,handed_over_at,to_owner\na,2026-09-09 10:00,Lan\nb,2026-09-09 16:00,Lan\n"
    "c,2026-09-09 11:00,Lan\nd,2026-09-09 09:00,Lan\n",
    "activities.csv": """user_id,at,kind,owner,direction,outcome,automatic
a,2026-09-09 10:01,email,Lan,out,,yes
a,2026-09-09 10:20,email,,in,,
a,2026-09-09 11:30,email,Lan,out,,
b,2026-09-09 16:05,email,,out,,
b,2026-09-10 08:15,call,Lan,in,answered,
c,2026-09-08 15:00,call,Lan,out,no answer,
c,2026-09-09 11:20,call,Lan,out,no answer,
d,2026-09-09 09:30,note,Lan,,,
""",
}


def test_a_response_is_the_first_touch_of_a_person(tmp_path: Path) -> None:
    counts = ("handed_over_leads", "touched_leads", "untouched_leads", "already_in_contact_leads")
    assert numbers(tmp_path, HANDED, counts, "2026-09-10 12:00") == [4, 3, 1, 1]
    # a after 90 minutes, b after 90 + 15; d has waited for 510 + 240.  At 105 two of three have been touched.
    rates = ("responded_within_sla_rate", "response_minutes", "response_p90_minutes", "response_calendar_minutes")
    assert figures(tmp_path, HANDED, rates, "2026-09-10 12:00") == [
        (2 / 3, 2, 3),
        (105, 2, 3),
        (None, 2, 3),
        (8 * 60 + 8 * 60 + 15, 2, 3),
    ]


@pytest.mark.parametrize(("as_of", "expected"), [("2026-09-10 10:30", (1, 2)), ("2026-09-10 10:31", (2, 3))])
def test_a_limit_is_past_when_its_last_minute_is(tmp_path: Path, as_of: str, expected: tuple[int, int]) -> None:
    # b's 240 minutes: 90 up to 17:30, then 150 from 08:00 to 10:30.
    ((_, *counts),) = figures(tmp_path, HANDED, ["responded_within_sla_rate"], as_of)
    assert tuple(counts) == expected


def test_the_last_minute_of_a_limit_is_within_it(tmp_path: Path) -> None:
    handed = "user_id,handed_over_at,to_owner\na,2026-09-09 10:00,Lan\nb,2026-09-09 10:00,Lan\n"
    touched = "user_id,at,kind,owner\na,2026-09-09 14:00,call,Lan\nb,2026-09-09 14:01,call,Lan\n"
    files = {"handovers.csv": handed, "activities.csv": touched}
    assert figures(tmp_path, files, ["responded_within_sla_rate"], "2026-09-10") == [(1 / 2, 1, 2)]


RETURNED = {
    "handovers.csv": """user_id,handed_over_at,returned_at,return_reason
a,2026-09-03 09:00,2026-09-07 17:00,no answer
b,2026-09-03 09:00,2026-09-03 10:00,wrong number
c,2026-09-03 09:00,2026-09-07 17:00,
d,2026-09-03 09:00,2026-09-04 09:00,no budget
""",
    "activities.csv": """user_id,at,kind,owner,direction,outcome
a,2026-09-03 10:00,call,Lan,out,no answer
a,2026-09-04 10:00,call,Lan,out,no answer
b,2026-09-03 09:30,call,Lan,out,no answer
c,2026-09-03 10:00,call,Lan,out,no answer
c,2026-09-03 10:20,call,Lan,out,no answer
c,2026-09-04 15:00,email,Lan,out,
d,2026-09-03 11:00,call,Lan,out,answered
""",
}


def test_a_lead_returned_too_early(tmp_path: Path) -> None:
    keys = ("returned_leads", "returned_too_early_leads", "attempts_per_lead_ratio", "spaced_as_agreed_rate")
    assert figures(tmp_path, RETURNED, keys, "2026-09-10") == [
        (4, None, None), (2, None, None), ((2 + 1 + 2 + 1) / 4, 6, 4), (1.0, 2, 2),
    ]  # fmt: skip
    ((days, *_),) = figures(tmp_path, RETURNED, ["between_attempts_days"], "2026-09-10")
    assert days == pytest.approx((24 / 24 + 29 / 24) / 2)


def test_reasons_of_returns_are_a_dimension(tmp_path: Path) -> None:
    folder = fc.open_folder(write_folder(tmp_path, RETURNED, SLA))
    report = folder.report(month="2026-09", as_of="2026-09-10", section="sla", by="return_reason")
    parts = {
        part: report.values("returned_leads", part)["2026-09"].value
        for part in ("no answer", "wrong number", "none given", "no budget")
    }
    assert parts == {"no answer": 1, "wrong number": 1, "none given": 1, "no budget": 1}


def test_reasons_spelled_differently_are_one_part(tmp_path: Path) -> None:
    handed = "user_id,handed_over_at,returned_at,return_reason\n" + "".join(
        f"{name},2026-09-03 09:00,2026-09-07 17:00,{reason}\n"
        for name, reason in (("a", "no  answer"), ("b", "No  Answer"), ("c", "no  answer"), ("d", ""))
    )
    folder = fc.open_folder(write_folder(tmp_path, {"handovers.csv": handed}, SLA))
    report = folder.report(month="2026-09", as_of="2026-09-10", section="sla", by="return_reason")
    rows = [row for row in report.report.rows if row.metric.key == "returned_leads" and row.part is not None]
    assert [(row.part.label.of("en"), row.cells[0].value) for row in rows if row.part is not None] == [
        ("no answer", 3), ("None given", 1)
    ]  # fmt: skip


DECIDED = {
    "handovers.csv": """user_id,handed_over_at,accepted_at,returned_at
a,2026-09-03 09:00,2026-09-03 10:00,
b,2026-09-03 09:30,2026-09-04 09:00,2026-09-08 11:00
c,2026-09-04 14:00,,2026-09-04 15:00
d,2026-09-07 11:00,,
e,2026-09-09 09:00,,
f,2026-09-07 10:00,,
""",
    "demos.csv": "user_id,booked_at\nf,2026-09-08 15:00\n",
}
STATES = ("accepted_leads", "rejected_leads", "overdue_leads", "pending_leads")


def test_leads_are_accepted_rejected_overdue_or_pending(tmp_path: Path) -> None:
    assert numbers(tmp_path, DECIDED, ("handed_over_leads", *STATES), "2026-09-10 12:00") == [6, 3, 1, 1, 1]
    assert figures(tmp_path, DECIDED, ["acceptance_rate"], "2026-09-10 12:00") == [(3 / 5, 3, 5)]
    assert numbers(tmp_path, DECIDED, ["returned_leads"], "2026-09-10 12:00") == [2]


def test_what_comes_later_is_not_known(tmp_path: Path) -> None:
    # At 3 September, 09:45, nothing is decided: a and b only have been handed over.
    assert numbers(tmp_path, DECIDED, ("handed_over_leads", *STATES), "2026-09-03 09:45") == [2, 0, 0, 0, 2]


def test_speed_to_lead_with_those_who_still_wait(tmp_path: Path) -> None:
    files = {
        "signups.csv": "user_id,signed_up_at\na,2026-09-09 08:00\nb,2026-09-09 08:00\nc,2026-09-08 17:00\n"
        "d,2026-09-09 11:15\ne,2026-09-08 17:10\n",
        "activities.csv": "user_id,at,kind,owner\na,2026-09-09 08:30,call,Lan\nb,2026-09-09 09:00,call,Lan\n"
        "c,2026-09-09 09:30,call,Lan\n",
    }
    # Without a file of hand-overs a signup is one: 30, 60 and 30 + 90 minutes; d waits for 45, e for 20 + 240.
    # At 30 4/5, at 60 4/5 x 2/3, at 120 that x 1/2: 0.27 is the first at 0.5 or below, 0.1 is never reached.
    keys = ("speed_to_lead_minutes", "speed_to_lead_p90_minutes", "response_minutes")
    assert numbers(tmp_path, files, keys, "2026-09-09 12:00") == [120, None, 120]


def test_reassignments_and_repeated_rows_are_no_hand_overs(tmp_path: Path) -> None:
    files = {
        "handovers.csv": """user_id,handed_over_at,to_owner,returned_at
a,2026-09-03 09:00,Lan,
a,2026-09-03 11:00,Minh,2026-09-10 09:00
a,2026-09-17 09:00,Lan,
b,2026-09-04 09:00,Lan,
b,2026-09-04 09:05,Lan,
""",
        "activities.csv": "user_id,at,kind,owner\na,2026-09-03 11:30,call,Minh\n",
    }
    keys = ("handed_over_leads", "rehanded_leads", "returned_leads")
    assert numbers(tmp_path, files, keys, "2026-09-30") == [3, 1, 1]
    folder = fc.open_folder(tmp_path)
    report = folder.report(month="2026-09", as_of="2026-09-30", section="sla", by="owner")
    assert report.values("response_minutes", "Minh")["2026-09"].value == 150
    assert [report.values("handed_over_leads", name)["2026-09"].value for name in ("Minh", "Lan")] == [1, 2]
    rows = folder.explain("handed_over_leads", month="2026-09", as_of="2026-09-30").rows
    assert [(row.user_id, row.line) for row in rows] == [("a", 2), ("a", 4), ("b", 5)]


def test_a_history_of_owners_hands_over_and_takes_back(tmp_path: Path) -> None:
    history = """Lead ID,Edit Date,Field / Event,Old Value,New Value
a,2026-09-03 09:00,Lead Owner,Marketing queue,Lan
a,2026-09-03 10:00,Status,New,Working
a,2026-09-03 11:00,Lead Owner,Lan,Minh
a,2026-09-08 09:00,Lead Owner,Minh,Marketing queue
a,2026-09-10 09:00,Lead Owner,Marketing queue,Lan
b,2026-09-04 09:00,Lead Owner,Lan,Minh
"""
    keys = ("handed_over_leads", "rehanded_leads", "returned_leads")
    files = {"lead_history.csv": history}
    # b went from one of sales to another: when it was handed over, the history does not say.
    assert numbers(tmp_path, files, keys, "2026-09-30") == [2, 1, 1]


def test_a_day_without_an_hour_cannot_be_measured_in_minutes(tmp_path: Path) -> None:
    files = {
        "handovers.csv": "user_id,handed_over_at,to_owner\na,2026-09-09,Lan\nb,2026-09-09 09:00,Lan\n",
        "activities.csv": "user_id,at,kind,owner\na,2026-09-09 10:00,call,Lan\nb,2026-09-09 10:00,call,Lan\n",
    }
    keys = ("touched_leads", "response_minutes", "responded_within_sla_rate")
    assert figures(tmp_path, files, keys, "2026-09-30") == [(2, None, None), (60, 1, 1), (1.0, 1, 1)]


def test_without_activities_returns_or_limits_figures_are_missing_and_say_why(tmp_path: Path) -> None:
    folder = fc.open_folder(
        write_folder(tmp_path, {"handovers.csv": "user_id,handed_over_at\na,2026-09-09 10:00\n"}, HOURS)
    )
    report = folder.report(month="2026-09", as_of="2026-09-30", section="sla")
    why = {
        key: None if (missing := report.values(key)["2026-09"].missing) is None else missing.code
        for key in (
            "handed_over_leads",
            "touched_leads",
            "returned_leads",
            "responded_within_sla_rate",
            "overdue_leads",
        )
    }
    assert why == {
        "handed_over_leads": None, "touched_leads": "no-activities-export", "returned_leads": "returns-not-known",
        "responded_within_sla_rate": "no-activities-export", "overdue_leads": "returns-not-known",
    }  # fmt: skip


def test_hand_overs_make_leads_ready_for_sales(tmp_path: Path) -> None:
    signups = "user_id,signed_up_at\na,2026-09-01\nb,2026-09-01\nx,2026-09-01\n"
    files = {**DECIDED, "signups.csv": signups + "c,2026-09-01\nd,2026-09-01\ne,2026-09-01\nf,2026-09-01\n"}
    report = fc.open_folder(write_folder(tmp_path, files, SLA)).report(month="2026-09", section="leads")
    # All but x were handed over; a and b were accepted, f by the demo it booked.
    assert [report.values(key)["2026-09"].value for key in ("new_leads", "mqls", "sqls")] == [7, 6, 3]


def test_a_call_log_alone_beside_customers_is_read(tmp_path: Path) -> None:
    """Nobody did anything of their own: there are no spans in which customers were active."""
    files = {
        "paid_users.csv": "user_id,start,end,mrr\nu1,2026-01-05,2026-03-05,100\n",
        "activities.csv": "user_id,at,kind,owner,direction,outcome\nu1,2026-02-05 10:00,call,Lan,out,answered\n",
    }
    report = fc.open_folder(write_folder(tmp_path, files)).report(month="2026-02")
    assert report["active_share_rate"].tolist() == [0]


def test_where_nothing_says_who_was_accepted_no_promise_is_broken(tmp_path: Path) -> None:
    files = {
        "signups.csv": "user_id,signed_up_at\nb3,2026-09-07\n",
        "handovers.csv": "user_id,handed_over_at,to_owner\nb3,2026-09-07 09:00,Lan\n",
        "activities.csv": "user_id,at,kind,owner,direction,outcome\nb3,2026-09-07 09:30,call,Lan,out,answered\n"
        "zz,2026-09-20 09:30,call,Lan,out,answered\n",
    }
    toml = '[sla.sales]\nrespond = "4h"\ndecide = "2d"\nattempts = 3\n'
    folder = fc.open_folder(write_folder(tmp_path, files, toml))
    report = folder.report(month="2026-09", as_of="2026-09-20", section="sla")
    assert report["sales_commitment_rate"].isna().all()
    assert report["responded_within_sla_rate"].tolist() == [1]
    assert folder.sla(month="2026-09", as_of="2026-09-20").breaches == ()


def test_a_goal_before_the_agreement_is_refused(tmp_path: Path) -> None:
    toml = '[sla]\nsince = 2026-07-01\ngoal = { metric = "new_paid_users", amount = 3, by = 2026-06-30 }\n'
    folder = write_folder(tmp_path, {"signups.csv": "user_id,signed_up_at\na,2026-09-07\n"}, toml)
    with pytest.raises(ConfigError, match="due before the agreement begins"):
        fc.open_folder(folder).sla(month="2026-09")


@pytest.mark.parametrize(
    ("handed", "touched", "minutes"),
    [("2026-03-08 01:30", "2026-03-08 03:30", 60), ("2026-11-01 00:30", "2026-11-01 02:30", 180)],
)
def test_minutes_by_the_calendar_are_those_that_pass_where_clocks_are_changed(
    tmp_path: Path, handed: str, touched: str, minutes: int
) -> None:
    """In New York two o'clock is three on 8 March, and the hour from one to two is there twice on 1 November."""
    files = {
        "handovers.csv": f"user_id,handed_over_at,to_owner\na,{handed},Lan\n",
        "activities.csv": f"user_id,at,kind,owner\na,{touched},call,Lan\n",
    }
    folder = fc.open_folder(write_folder(tmp_path, files, '[business]\ntimezone = "America/New_York"\n'))
    value = folder.explain("response_calendar_minutes", month=handed[:7], as_of=touched[:10]).value.value
    assert value == minutes


def test_reasons_of_lost_deals_are_spelled_once(tmp_path: Path) -> None:
    deals = "deal_id,created_at,stage,closed_at,won,lost_reason\n" + "".join(
        f"{name},2026-01-05,Lost,2026-01-08,no,{reason}\n"
        for name, reason in (("a", "Price"), ("b", "price"), ("c", "price "), ("d", "Timing"))
    )
    folder = fc.open_folder(write_folder(tmp_path, {"deals.csv": deals}))
    report = folder.report(month="2026-01", as_of="2026-01-31", by="lost_reason")
    rows = [row for row in report.report.rows if row.metric.key == "lost_deals" and row.part is not None]
    assert {row.part.key: row.cells[0].value for row in rows if row.part is not None} == {
        "price": 3, "Timing": 1, "unknown": 0
    }  # fmt: skip


@pytest.mark.parametrize(
    ("returned", "kept"),
    [("2026-09-07 12:00", 1), ("2026-09-07 12:01", 0), ("2026-09-07", 1), ("2026-09-08 15:00", 0), ("2026-09-08", 0)],
)
def test_what_comes_back_untouched_at_once_does_so_within_the_limit(tmp_path: Path, returned: str, kept: int) -> None:
    # From 08:00 on the 240 minutes end at 12:00; b was called at 10:00 and came back on the next day.
    handed = "user_id,handed_over_at,to_owner,returned_at,return_reason\n"
    handed += f"a,2026-09-07 08:00,Lan,{returned},wrong number\nb,2026-09-07 08:00,Lan,2026-09-08 16:00,wrong number\n"
    touched = "user_id,at,kind,owner,direction\nb,2026-09-07 10:00,call,Lan,out\nx,2026-09-15 08:00,note,Lan,\n"
    files = {"handovers.csv": handed, "activities.csv": touched, "demos.csv": "user_id,booked_at\nx,2026-09-14\n"}
    keys = ["sales_commitment_rate", "responded_within_sla_rate"]
    assert figures(tmp_path, files, keys, "2026-09-15") == [((1 + kept) / 2, 1 + kept, 2), (1.0, 1, 1)]
    broken = fc.open_folder(tmp_path).sla(month="2026-09", as_of="2026-09-15").breaches
    assert [(each.user_id, each.promise) for each in broken] == [("a", "respond")] * (1 - kept)
