"""What activities do not tell of is not known: hand-overs before their first row, after their last, or without any."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import funnelcli as fc
from support import write_folder

SLA = '[sla.sales]\nrespond = "4h"\nattempts = 2\n[sla.hours]\nmon-fri = "08:00-17:30"\n'
HANDED = """user_id,handed_over_at,to_owner,returned_at
a,2026-09-01 09:00,Lan,2026-09-02 09:00
b,2026-09-01 09:00,Lan,
c,2026-09-15 09:00,Lan,
d,2026-09-16 16:00,Lan,
e,2026-09-25 09:00,Lan,2026-09-28 09:00
"""
TOUCHED = """user_id,at,kind,owner,direction
x,2026-09-10 09:00,call,Lan,out
b,2026-09-11 10:00,call,Lan,out
x,2026-09-16 17:00,call,Lan,out
"""
CONTACTS = ("handed_over_leads", "touched_leads", "untouched_leads", "contact_not_known_leads")
FURTHER = ("response_due_leads", "answered_in_time_leads", "lead_attempts", "seen_leads", "returned_too_early_leads")


def folder_of(tmp_path: Path, touched: str = TOUCHED, config: str = SLA) -> fc.Folder:
    return fc.open_folder(write_folder(tmp_path, {"handovers.csv": HANDED, "activities.csv": touched}, config))


def values(folder: fc.Folder, keys: Sequence[str]) -> list[float | None]:
    return [folder.explain(key, month="2026-09", as_of="2026-09-30").value.value for key in keys]


def test_beyond_the_rows_nobody_knows_who_was_contacted(tmp_path: Path) -> None:
    """Activities go from the 10th to the 16th: a and e are not known, b was contacted; c and d were not."""
    folder = folder_of(tmp_path)
    assert values(folder, CONTACTS) == [5, 1, 2, 2]
    # Of d the limit ends on the 17th, which nothing tells of; c has waited beyond it.  Who was seen had no attempt.
    assert values(folder, FURTHER) == [1, 0, 0, 2, 0]
    page = folder.sla(month="2026-09", as_of="2026-09-30")
    # c is due at 13:00 of the 15th; 270 minutes of that day are left, and 570 of the 16th, the last that is known.
    assert [(row.user_id, row.promise, row.over_minutes) for row in page.breaches] == [("c", "respond", 270 + 570)]
    assert "3 leads were handed over on days that the activities do not tell of" in page.render("md")
    assert "They begin on 10 Sep 2026 and end on 16 Sep 2026." in page.render("md")


def test_what_the_settings_say_is_covered_goes_before_the_rows(tmp_path: Path) -> None:
    covers = '[inputs.activities]\ncovers = ["2026-01", "2026-09"]\n'
    folder = folder_of(tmp_path, config=SLA + covers)
    assert values(folder, CONTACTS) == [5, 1, 4, 0]
    # All limits are past, and nobody was contacted within theirs; a and e came back without any attempt.
    assert values(folder, FURTHER) == [5, 0, 1, 5, 2]


@pytest.mark.parametrize("by", [None, "owner"])
def test_activities_without_rows_say_nothing(tmp_path: Path, by: str | None) -> None:
    folder = folder_of(tmp_path, touched=TOUCHED.splitlines()[0] + "\n")
    report = folder.report(month="2026-09", as_of="2026-09-30", section="sla", by=by)
    cells = [report.values(key)["2026-09"] for key in CONTACTS]
    assert [cell.value for cell in cells] == [5, None, None, None]
    assert {cell.missing.code for cell in cells if cell.missing is not None} == {"activities-without-rows"}
    assert folder.sla(month="2026-09", as_of="2026-09-30").breaches == ()


def test_some_quiet_days_are_no_end(tmp_path: Path) -> None:
    """Nothing on the three days before as_of is quiet, and not an export that has ended."""
    folder = folder_of(tmp_path)
    value = folder.explain("untouched_leads", month="2026-09", as_of="2026-09-19").value.value
    assert value == 2
    assert [row.user_id for row in folder.sla(month="2026-09", as_of="2026-09-19").breaches] == ["c", "d"]


def test_a_file_of_logins_says_nothing_of_contacts(tmp_path: Path) -> None:
    logins = "user_id,at,kind\n" + "".join(f"a,2026-09-{day:02} 09:00,login\n" for day in range(1, 30))
    folder = folder_of(tmp_path, touched=logins)
    assert values(folder, CONTACTS) == [5, None, None, None]
    # Beside a file of calls it does not make that one longer.
    (tmp_path / "calls.csv").write_text(TOUCHED)
    assert values(fc.open_folder(tmp_path), CONTACTS) == [5, 1, 2, 2]


def test_contacts_with_others_alone_are_pointed_out(tmp_path: Path) -> None:
    others = "user_id,at,kind,owner\n" + "".join(f"x,2026-09-{day:02} 09:00,call,Lan\n" for day in range(1, 31))
    page = folder_of(tmp_path, touched=others).sla(month="2026-09", as_of="2026-09-30")
    assert "No lead that was ever handed over has been contacted" in page.render("md")


def test_the_demo_that_hands_a_lead_over_does_not_accept_it(tmp_path: Path) -> None:
    files = {"demos.csv": "user_id,booked_at\na,2026-09-07 09:00\nb,2026-09-08 09:00\n"}
    folder = fc.open_folder(write_folder(tmp_path, files, '[sla.sales]\ndecide = "2d"\n'))
    cells = [
        folder.explain(key, month="2026-09", as_of="2026-09-30").value for key in ("accepted_leads", "overdue_leads")
    ]
    assert [(cell.value, cell.missing.code if cell.missing else "") for cell in cells] == [
        (None, "acceptance-not-known"), (None, "no-handovers-export")
    ]  # fmt: skip
    assert folder.sla(month="2026-09", as_of="2026-09-30").breaches == ()


def a_log(kind: str, days: Sequence[int]) -> str:
    """A contact with somebody else on each of some days of September."""
    lines = [f"x,2026-09-{day:02} 10:00,{kind},Lan,out" for day in days]
    return "\n".join(["user_id,at,kind,owner,direction", *lines]) + "\n"


@pytest.mark.parametrize(("calls", "unknown", "said"), [
    ({"calls.csv": a_log("call", range(1, 13))}, 3, True),  # it ends on the 12th: c, d and e are not known
    ({"calls.csv": a_log("call", range(12, 31))}, 2, True),  # it begins on the 12th: a and b are not
    ({"calls-1.csv": a_log("call", range(1, 13)), "calls-2.csv": a_log("call", range(13, 31))}, 0, False),
    ({"calls.csv": a_log("call", range(1, 31, 3))}, 0, False),  # every third day: it goes on
    ({"calls.csv": a_log("call", (1, 2, 3))}, 0, False),  # too few days to be a log that has ended
])  # fmt: skip
def test_a_log_of_one_channel_that_ended_is_not_seen_beside_others(
    tmp_path: Path, calls: dict[str, str], unknown: int, *, said: bool
) -> None:
    """Mails go on through the month; whoever is handed over when no file tells of calls may have been called."""
    files = {"handovers.csv": HANDED, "emails.csv": a_log("email", range(1, 31)), **calls}
    folder = fc.open_folder(write_folder(tmp_path, files, SLA))
    assert values(folder, CONTACTS) == [5, 0, 5 - unknown, unknown]
    page = folder.sla(month="2026-09", as_of="2026-09-30").render("md")
    assert ("Files with Calls tell of fewer days than the other activities do" in page) is said
    # Who only mails agrees on no calls, and needs no log of them.
    config = SLA.replace("attempts = 2", 'attempts = 2\nchannels = ["email"]')
    (tmp_path / "funnel.toml").write_text(config, encoding="utf-8")
    assert values(fc.open_folder(tmp_path), CONTACTS) == [5, 0, 5, 0]


def test_a_contact_beyond_the_log_of_another_channel_is_one_and_no_response_time(tmp_path: Path) -> None:
    """c was handed over on the 15th and got a mail on the 28th; calls are told of up to the 16th.

    It was contacted; by the end of the 16th nobody had, which is past its limit of that day, and no later time counts.
    """
    mails = a_log("email", range(1, 31)) + "c,2026-09-28 10:00,email,Lan,out\n"
    files = {"handovers.csv": "user_id,handed_over_at,to_owner\nc,2026-09-15 09:00,Lan\n", "emails.csv": mails}
    folder = fc.open_folder(write_folder(tmp_path, {**files, "calls.csv": a_log("call", range(1, 17))}, SLA))
    assert values(folder, CONTACTS) == [1, 1, 0, 0]
    assert values(folder, ("response_due_leads", "answered_in_time_leads", "response_minutes")) == [1, 0, None]
    rows = folder.explain("response_minutes", month="2026-09", as_of="2026-09-30").rows
    # 09:00 to 17:30 are 510 minutes, and the day after has 570: so long without an answer.
    assert [(row.user_id, row.lasted, row.ended) for row in rows] == [("c", 510 + 570, None)]
