"""Activities as systems export them: which rows are contacts of ours, and in which both sides spoke, row by row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import funnelcli as fc
from funnelcli.config.agreement import CONTACTS
from funnelcli.facts.load import load
from funnelcli.facts.model import Facts
from funnelcli.reading.discover import discover, open_folder
from support import write_folder

SIGNUPS = "user_id,signed_up_at\n" + "".join(f"{number},2026-09-01 08:00\n" for number in range(101, 110))
DAY = "2026-09-09"


def facts_of(place: Path, name: str, rows: str, toml: str = "") -> Facts:
    opened = open_folder(write_folder(place, {"signups.csv": SIGNUPS, name: rows}, toml))
    return load(opened.config, discover(opened, {})[0])


def people(facts: Facts, what: str) -> list[str]:
    """Whom the events of all channels are of."""
    found = (facts.events[f"{what}_{channel}"] for channel in CONTACTS)
    return sorted(facts.entities[place] for events in found for place in events.records.entity[events.row].tolist())


EXPORTS = {
    "a log of calls whose type is the direction": (
        "cuoc_goi.csv",
        "Mã khách hàng;Thời gian gọi;Loại cuộc gọi;Nhân viên;Kết quả;Thời lượng\n"
        f"101;{DAY} 10:30;Gọi đi;Lan;Nghe máy;00:02:10\n"
        f"102;{DAY} 11:30;Gọi đi;Lan;Không nghe máy;00:00:20\n"
        f"103;{DAY} 11:45;Cuộc gọi nhỡ;Minh;;\n"
        f"104;{DAY} 14:10;Gọi đến;Minh;Đã trả lời;00:01:00\n"
        f"105;{DAY} 14:20;Gọi đến;Minh;;00:00:00\n",
        ["101", "102", "104"], ["101", "104"],
    ),
    "the kind of contact that says its direction": (
        "tuong_tac.csv",
        "Mã khách hàng,Ngày,Loại,Nhân viên,Trạng thái\n"
        f"101,{DAY} 10:30,Gọi đi,Lan,Nghe máy\n102,{DAY} 10:31,Gọi nhỡ,Lan,\n103,{DAY} 10:32,Gọi đi,Lan,Máy bận\n",
        ["101", "103"], ["101"],
    ),
    "Zoho, which writes what was planned into the status": (
        "calls.csv",
        "Call Id,Call Type,Call Start Time,Call Duration (in seconds),Call Result,Call Owner,Lead ID,Call Status\n"
        f"1,Outbound,{DAY} 10:30:00,123,Interested,Lan,101,Completed\n2,Outbound,{DAY} 11:00:00,,,Lan,102,Scheduled\n"
        f"3,Missed,{DAY} 11:40:00,0,,Minh,103,Missed\n4,Inbound,{DAY} 14:40:00,190,,Minh,104,Completed\n"
        f"5,Outbound,{DAY} 11:00:00,,,Minh,105,Overdue\n6,Outbound,{DAY} 11:00:00,,,Minh,106,Cancelled\n"
        f"7,Outbound,{DAY} 11:00:00,0,,Minh,107,Completed\n",
        ["101", "104", "107"], ["101", "104"],
    ),
    "HubSpot calls": (
        "calls.csv",
        "Record ID,Activity date,Call outcome,Call direction,Call status,Activity assigned to,Associated Contact IDs\n"
        f"1,{DAY} 10:30,Connected,Outbound,COMPLETED,Lan,101\n2,{DAY} 11:00,Left voicemail,Outbound,COMPLETED,Lan,102\n"
        f"3,{DAY} 14:30,Busy,Outbound,BUSY,Minh,103\n4,{DAY} 14:30,,Inbound,MISSED,Minh,104\n"
        f"5,{DAY} 14:30,,Outbound,CANCELED,Minh,105\n6,{DAY} 14:30,,Outbound,NO_ANSWER,Minh,106\n",
        ["101", "102", "103", "106"], ["101"],
    ),
    "HubSpot mails, some of which reached nobody": (
        "emails.csv",
        "Record ID,Activity date,Email direction,Email send status,Activity assigned to,Associated Contact IDs\n"
        f"1,{DAY} 10:30,Outgoing email,Sent,Lan,101\n2,{DAY} 11:00,Incoming email,,Lan,102\n"
        f"3,{DAY} 14:30,Outgoing email,Bounced,Minh,103\n4,{DAY} 14:30,Outgoing email,Scheduled,Minh,104\n"
        f"5,{DAY} 14:30,Outgoing email,Failed,Minh,105\n",
        ["101"], ["102"],
    ),
    "meetings whose outcome says that they did not come about": (
        "activities.csv",
        "Activity type,Activity date,Outcome,Activity assigned to,Associated Contact IDs\n"
        f"Meeting,{DAY} 10:30,Completed,Lan,101\nMeeting,{DAY} 10:30,No Show,Lan,102\n"
        f"Meeting,{DAY} 10:30,Canceled,Lan,103\nMeeting,{DAY} 10:30,Scheduled,Lan,104\n"
        f"Meeting,{DAY} 10:30,Rescheduled,Lan,105\nMeeting,{DAY} 10:30,Khách vắng mặt,Lan,106\n"
        f"Meeting,{DAY} 10:30,Đã hủy,Lan,107\nMeeting,{DAY} 10:30,,Lan,108\n",
        ["101", "102", "106", "108"], ["101", "108"],
    ),
    "the same words under a header of statuses": (
        "activities.csv",
        "Activity type,Activity date,Status,Activity assigned to,Associated Contact IDs\n"
        f"Meeting,{DAY} 10:30,Completed,Lan,101\nMeeting,{DAY} 10:30,No Show,Lan,102\n"
        f"Meeting,{DAY} 10:30,Canceled,Lan,103\nMeeting,{DAY} 10:30,Rescheduled,Lan,104\n"
        f"Meeting,{DAY} 10:30,Vắng mặt,Lan,105\n",
        ["101", "102", "105"], ["101"],
    ),
    "Bitrix24, whose people are responsible": (
        "activities.csv",
        "ID;Start time;Type;Status;Responsible;Contact ID;Direction\n"
        f"1;{DAY} 10:30;Call;Completed;Lan;101;Outgoing\n2;{DAY} 11:30;E-mail;Completed;Lan;102;Outgoing\n"
        f"3;{DAY} 11:50;Call;Waiting;Minh;103;Outgoing\n4;{DAY} 14:30;Call;Completed;Minh;104;Incoming\n"
        f"5;{DAY} 14:30;Open Channel;Completed;Minh;105;Outgoing\n",
        ["101", "102", "105"], [],
    ),
    "Pipedrive, where what is to do has no moment": (
        "activities-1.csv",
        "Activity - ID,Activity - Done,Activity - Type,Activity - Due date,Activity - Assigned to user,"
        "Activity - Marked as done time,Person - ID\n"
        f"1,Done,Call,2026-09-10,Lan,{DAY} 10:30:00,101\n2,To do,Call,2026-09-11,Lan,,102\n"
        f"3,Done,Meeting,{DAY},Minh,{DAY} 16:00:00,103\n4,Done,Task,{DAY},Minh,{DAY} 16:30:00,104\n",
        ["101", "103"], ["103"],
    ),
    "a report of Salesforce, the same": (
        "activities.csv",
        "Activity ID,Type,Status,Date,Completed Date/Time,Assigned,Lead ID,Call Type,Call Result\n"
        "t1,Call,Completed,14/09/2026,13/09/2026 10:30,Lan,101,Outbound,Connected\n"
        "t2,Call,Not Started,13/09/2026,,Lan,102,Outbound,\nt3,Email,Completed,13/09/2026,13/09/2026 10:30,Lan,103,,\n",
        ["101", "103"], ["101"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EXPORTS)
def test_contacts_row_by_row(case: str, tmp_path: Path) -> None:
    name, rows, touched, spoken = EXPORTS[case]
    facts = facts_of(tmp_path, name, rows)
    assert (people(facts, "human_touch"), people(facts, "spoke")) == (touched, spoken)


@pytest.mark.parametrize(
    ("header", "cells", "column"),
    [
        ("Hình thức gọi", ("Gọi đi", "Gọi nhỡ", "Gọi đến"), "direction"),
        ("Tiến độ", ("Hoàn thành", "Đã hủy", "Đã lên lịch"), "status"),
        ("State", ("Completed", "Canceled", "Scheduled"), "status"),
        ("Ghi nhận", ("Nghe máy", "Không nghe máy", "Máy bận"), "outcome"),
    ],
)
def test_a_column_is_what_its_cells_say_under_whatever_header(
    header: str, cells: tuple[str, ...], column: str, tmp_path: Path
) -> None:
    rows = "".join(f"{101 + place},{DAY} 10:0{place},call,Lan,{cell}\n" for place, cell in enumerate(cells))
    facts = facts_of(tmp_path, "activities.csv", f"user_id,at,kind,owner,{header}\n{rows}")
    said = [each.message for each in facts.problems if each.code == "column-by-cells"]
    assert [message.partition(":")[0] for message in said] == [f"{header!r} is read as `{column}`"]
    # Of the first call alone all is well; the others are theirs, not done, or answered by nobody.
    assert people(facts, "human_touch") == (["101", "102", "103"] if column == "outcome" else ["101"])


def test_two_columns_of_statuses_both_count_and_those_of_others_do_not(tmp_path: Path) -> None:
    """Of two that say whether it was done, either denies it; the status of the lead says nothing of the call."""
    facts = facts_of(
        tmp_path,
        "calls.csv",
        "Lead ID,at,owner,Call Status,Outgoing Call Status,Lead Status\n"
        f"101,{DAY} 10:00,Lan,Completed,Completed,Cancelled\n102,{DAY} 10:00,Lan,Completed,Scheduled,Pending\n"
        f"103,{DAY} 10:00,Lan,Cancelled,Completed,Completed\n",
    )
    assert people(facts, "human_touch") == ["101"]
    said = {(each.code, each.message) for each in facts.problems if each.code.startswith("column-")}
    assert {code for code, _ in said} == {"column-by-cells", "column-of-others"}
    assert any("'Lead Status' has words like those of `status`" in message for _, message in said)


def test_a_column_that_the_settings_take_for_none_is_none(tmp_path: Path) -> None:
    rows = f"user_id,at,kind,owner,State\n101,{DAY} 10:00,call,Lan,Planned\n102,{DAY} 10:00,call,Lan,Completed\n"
    facts = facts_of(tmp_path, "activities.csv", rows, "[inputs.activities.columns]\nstatus = false\n")
    assert people(facts, "human_touch") == ["101", "102"]


def test_what_counts_nowhere_is_said_with_how_many_rows_it_is(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        "activities.csv",
        "user_id,at,kind,owner,direction,status\n"
        f"101,{DAY} 10:00,email,,out,done\n102,{DAY} 10:00,email,,out,done\n103,,call,Lan,out,done\n"
        f"104,,call,Lan,out,planned\n105,{DAY} 10:00,Billboard,Lan,out,done\n",
    )
    said = {each.code: each.message for each in facts.problems if each.code.startswith("activity-")}
    assert said == {
        "activity-nameless": "2 mails of ours name nobody who wrote them: no contact by a person",
        "activity-undated": "1 activity that was done has no day: in no figure",
        "activity-not-done": "1 activity is planned, called off or not delivered by what the rows say: not done",
        "activity-kind-not-known": "1 activity of ours is on no channel that we know ('Billboard'): no contact with "
        "anybody",
    }


def test_kinds_that_give_points_are_no_riddle(tmp_path: Path) -> None:
    rows = f"user_id,at,kind\n101,{DAY} 10:00,webinar\n102,{DAY} 10:00,Pricing page\n103,{DAY} 10:00,Thing\n"
    facts = facts_of(
        tmp_path, "activities.csv", rows, '[leads]\ninterest = { "pricing page" = [5, 10], event = [1, 2] }\n'
    )
    said = [each.message for each in facts.problems if each.code == "activity-side-not-known"]
    assert said == ["nothing says of 1 activity whether they are the customer's or ours: they are neither"]


def test_the_only_column_of_known_people_is_theirs(tmp_path: Path) -> None:
    rows = "ID,Whose,at,kind\n" + "".join(f"{9000 + n},{101 + n},{DAY} 10:00,call\n" for n in range(5))
    facts = facts_of(tmp_path, "activities.csv", rows)
    assert people(facts, "human_touch") == ["101", "102", "103", "104", "105"]
    assert "people-by-cells" in {each.code for each in facts.problems}


@pytest.mark.parametrize("days", [("09/09/2026", "19/09/2026"), ("2026-09-09", "2026-09-19")])
def test_times_beside_their_days_are_moments(days: tuple[str, str], tmp_path: Path) -> None:
    """Called at 10:30, an hour and a half after the hand-over at 9; a day whose time is empty stays one without."""
    rows = f"user_id,Ngày gọi,Giờ gọi,kind,owner\n101,{days[0]},10:30,call,Lan\n102,{days[1]},,call,Lan\n"
    facts = facts_of(tmp_path, "activities.csv", rows)
    events = facts.events["activity"]
    seconds = [at // 1_000_000 % 86_400 for at in events.at.tolist()]
    assert (seconds, np.asarray(events.timed).tolist()) == ([10 * 3600 + 30 * 60, 0], [True, False])
    handed = "user_id,handed_over_at,to_owner\n101,2026-09-09 09:00,Lan\n"
    (tmp_path / "handovers.csv").write_text(handed, encoding="utf-8")
    minutes = fc.open_folder(tmp_path).sla(month="2026-09", as_of="2026-09-20")["response_minutes"]["2026-09"].value
    assert minutes == 90


@pytest.mark.parametrize(
    ("header", "cell"), [("Call duration", "00:03"), ("Due time", "10:30"), ("Note time", "soon"), ("Giờ tạo", "10:30")]
)
def test_other_times_are_no_time_of_the_day(header: str, cell: str, tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "activities.csv", f"user_id,at,kind,{header}\n101,2026-09-09,call,{cell}\n")
    assert not np.asarray(facts.events["activity"].timed).any()
