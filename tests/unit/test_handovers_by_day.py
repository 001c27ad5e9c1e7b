"""Hand-overs whose moments are bare days, lie at one moment, or contradict themselves: worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import funnelcli as fc
from support import write_folder

SLA = """[sla.sales]
respond = "4h"
decide = "2d"
attempts = 2
[sla.hours]
mon-fri = "08:00-17:30"
"""
HEAD = "user_id,handed_over_at,to_owner,accepted_at,returned_at,return_reason\n"
TOUCHED = "user_id,at,kind,owner,direction,outcome\n"


def folder_of(tmp_path: Path, handed: str, touched: str, config: str = SLA) -> fc.Folder:
    files = {"handovers.csv": HEAD + handed, "activities.csv": TOUCHED + touched}
    return fc.open_folder(write_folder(tmp_path, files, config))


def values(folder: fc.Folder, keys: Sequence[str], as_of: str = "2026-09-10") -> dict[str, float | None]:
    return {key: folder.explain(key, month="2026-09", as_of=as_of).value.value for key in keys}


def test_touches_of_the_day_of_a_return_were_before_it(tmp_path: Path) -> None:
    """Handed over on Monday at 09:00; two calls on Tuesday, on which it came back, nobody knows when."""
    touched = "a,2026-09-08 10:00,call,Lan,out,no answer\na,2026-09-08 15:00,call,Lan,out,no answer\n"
    folder = folder_of(tmp_path, "a,2026-09-07 09:00,Lan,,2026-09-08,no answer\n", touched)
    keys = ("touched_leads", "untouched_leads", "returned_too_early_leads", "lead_attempts", "response_minutes")
    # 09:00 to 17:30 are 510 minutes, 08:00 to 10:00 another 120.
    assert values(folder, keys) == {
        "touched_leads": 1, "untouched_leads": 0, "returned_too_early_leads": 0, "lead_attempts": 2,
        "response_minutes": 510 + 120,
    }  # fmt: skip
    breaches = folder.sla(month="2026-09", as_of="2026-09-10").breaches
    # Due on Monday at 13:00: 270 minutes of that day are left, and 120 of the next.
    assert [(row.promise, row.due_at, row.over_minutes) for row in breaches] == [
        ("respond", "2026-09-07 13:00", 270 + 120)
    ]


def test_attempts_of_the_day_of_an_acceptance_were_before_it(tmp_path: Path) -> None:
    touched = "a,2026-09-07 10:00,call,Lan,out,no answer\na,2026-09-07 15:00,call,Lan,out,answered\n"
    folder = folder_of(tmp_path, "a,2026-09-07 09:00,Lan,2026-09-07,,\n", touched)
    keys = ("accepted_leads", "lead_attempts", "conversation_leads")
    assert values(folder, keys) == {"accepted_leads": 1, "lead_attempts": 2, "conversation_leads": 1}


def test_who_came_back_untouched_on_a_bare_day_waited_nobody_knows_how_long(tmp_path: Path) -> None:
    handed = "a,2026-09-07 09:00,Lan,,2026-09-08,no answer\nb,2026-09-07 09:00,Lan,,,\n"
    touched = "b,2026-09-07 10:00,call,Lan,out,answered\nb,2026-09-10 10:00,call,Lan,out,answered\n"
    folder = folder_of(tmp_path, handed, touched)
    keys = ("touched_leads", "untouched_leads", "response_minutes", "response_due_leads", "answered_in_time_leads")
    # The limit of both is past, and a has no answer; only of b is it known how long it waited.
    assert values(folder, keys) == {
        "touched_leads": 1, "untouched_leads": 1, "response_minutes": 60, "response_due_leads": 2,
        "answered_in_time_leads": 1,
    }  # fmt: skip
    page = folder.sla(month="2026-09", as_of="2026-09-10")
    assert [(row.user_id, row.promise, row.over_minutes) for row in page.breaches if row.user_id == "a"] == [
        ("a", "attempts", None), ("a", "respond", None)
    ]  # fmt: skip
    assert "1 lead came back untouched on a day without a time" in page.render("md")


def test_a_touch_of_a_bare_day_is_of_the_hand_over_that_ends_on_it(tmp_path: Path) -> None:
    handed = "a,2026-09-07 09:00,Lan,,2026-09-08 11:00,no answer\na,2026-09-08 14:00,Minh,,,\n"
    folder = folder_of(tmp_path, handed, "a,2026-09-08,call,Lan,out,no answer\nz,2026-09-10,call,Lan,out,\n")
    report = folder.report(month="2026-09", as_of="2026-09-10", section="sla", by="owner")
    touched = {name: report.values("touched_leads", name)["2026-09"].value for name in ("Lan", "Minh")}
    assert touched == {"Lan": 1, "Minh": 0}
    # A bare day cannot be measured in minutes.
    assert report.values("response_minutes", "Lan")["2026-09"].value is None


def test_a_return_at_the_moment_of_the_next_hand_over_is_of_its_own_row(tmp_path: Path) -> None:
    handed = (
        "a,2026-09-03 09:00,Lan,,2026-09-07 10:00,no answer\na,2026-09-07 10:00,Minh,,,\n"
        "b,2026-09-03 09:00,Lan,,2026-09-07,no budget\nb,2026-09-07,Minh,,,\n"
    )
    others = [f"z,2026-09-{day} 10:00,call,Lan,out,\n" for day in ("03", "10")]
    touched = "b,2026-09-07 10:00,call,Lan,out,no answer\n" + "".join(others)
    folder = folder_of(tmp_path, handed, touched)
    keys = ("handed_over_leads", "rehanded_leads", "returned_leads", "overdue_leads", "pending_leads")
    # Each of both was handed over twice, and came back once; the second time is two working days old at most.
    assert values(folder, keys, "2026-09-08") == {
        "handed_over_leads": 4, "rehanded_leads": 2, "returned_leads": 2, "overdue_leads": 0, "pending_leads": 2
    }  # fmt: skip
    report = folder.report(month="2026-09", as_of="2026-09-10", section="sla", by="owner")
    counts = {
        name: [report.values(key, name)["2026-09"].value for key in ("returned_leads", "touched_leads")]
        for name in ("Lan", "Minh")
    }
    assert counts == {"Lan": [2, 1], "Minh": [0, 0]}


def test_several_returns_each_end_the_hand_over_of_their_row(tmp_path: Path) -> None:
    handed = (
        "a,2026-09-01 09:00,Lan,,2026-09-02 09:00,No answer\na,2026-09-03 09:00,Minh,,2026-09-04 09:00,no answer\n"
        "a,2026-09-04 09:00,Lan,2026-09-04 10:00,2026-09-07 09:00,no  answer\na,2026-09-08 09:00,Minh,,,\n"
    )
    folder = folder_of(tmp_path, handed, "z,2026-09-10 10:00,call,Lan,out,\n")
    keys = ("handed_over_leads", "rehanded_leads", "returned_leads", "rejected_leads", "accepted_leads")
    assert values(folder, keys) == {
        "handed_over_leads": 4, "rehanded_leads": 3, "returned_leads": 3, "rejected_leads": 2, "accepted_leads": 1
    }  # fmt: skip
    report = folder.report(month="2026-09", as_of="2026-09-10", section="sla", by="return_reason")
    # Three spellings of one reason; two of them are one but for a second space, which makes it the commonest.
    assert report.values("returned_leads", "no answer")["2026-09"].value == 3


def test_what_lies_before_the_hand_over_does_not_count_and_is_named(tmp_path: Path) -> None:
    handed = (
        "a,2026-09-07 09:00,Lan,2026-09-07 08:00,,\nb,2026-09-07 09:00,Lan,,2026-09-07 08:59,no answer\n"
        "c,2026-09-07 09:00,Lan,2026-09-07,,\n"
    )
    folder = folder_of(tmp_path, handed, "z,2026-09-10 10:00,call,Lan,out,\n")
    keys = ("handed_over_leads", "accepted_leads", "returned_leads", "overdue_leads")
    assert values(folder, keys) == {
        "handed_over_leads": 3, "accepted_leads": 1, "returned_leads": 0, "overdue_leads": 2
    }  # fmt: skip
    found = [(each.code, each.line) for each in folder.check().problems if "before-handover" in each.code]
    assert found == [("accepted-before-handover", 2), ("returned-before-handover", 3)]


def test_every_order_of_handed_over_accepted_and_returned(tmp_path: Path) -> None:
    """Moments of three days in every order; an acceptance counts between the hand-over and the return alone."""
    handed = (
        "a,2026-09-01 09:00,Lan,2026-09-02 09:00,2026-09-03 09:00,\n"  # in order: accepted, and back
        "b,2026-09-01 09:00,Lan,2026-09-03 09:00,2026-09-02 09:00,\n"  # accepted after it came back: rejected
        "c,2026-09-02 09:00,Lan,2026-09-01 09:00,2026-09-03 09:00,\n"  # accepted before it was there: rejected
        "d,2026-09-02 09:00,Lan,2026-09-03 09:00,2026-09-02 08:00,\n"  # back before it was there: accepted
        "e,2026-09-03 09:00,Lan,2026-09-03 07:00,2026-09-03 08:00,\n"  # both before: undecided
        "f,2026-09-03 09:00,Lan,2026-09-03 08:00,2026-09-03 07:00,\n"
        "g,2026-09-01 09:00,Lan,2026-09-02 09:00,2026-09-02 09:00,\n"  # at one moment, or on one day: accepted first
        "h,2026-09-01 09:00,Lan,2026-09-02,2026-09-02 09:00,\n"
        # Handed over anew: the late acceptance of the first row is of neither, that of the second row is of it.
        "i,2026-09-01 09:00,Lan,2026-09-03 10:00,2026-09-02 09:00,\ni,2026-09-03 09:00,Minh,,,\n"
        "j,2026-09-01 09:00,Lan,,2026-09-02 09:00,\nj,2026-09-03 09:00,Minh,2026-09-03 10:00,,\n"
        # Given on to Minh before it came back from Lan; accepted after that.
        "k,2026-09-01 09:00,Lan,,2026-09-02 09:00,\nk,2026-09-01 10:00,Minh,2026-09-03 09:00,,\n"
    )
    folder = folder_of(tmp_path, handed, "z,2026-09-10 10:00,call,Lan,out,\n")
    keys = ("handed_over_leads", "accepted_leads", "rejected_leads", "overdue_leads", "pending_leads", "returned_leads")
    # 11 leads and two again; accepted a, d, g, h, j; rejected b, c, i, j, k; undecided e, f and i anew.
    assert values(folder, keys) == {
        "handed_over_leads": 13, "accepted_leads": 5, "rejected_leads": 5, "overdue_leads": 3, "pending_leads": 0,
        "returned_leads": 8,
    }  # fmt: skip
    late = [each.line for each in folder.check().problems if each.code == "accepted-after-return"]
    assert late == [3, 10]
    # Known on the 2nd: nothing that was accepted or came back later, and no acceptance that is taken back later.
    assert values(folder, ("accepted_leads", "rejected_leads"), "2026-09-02") == {
        "accepted_leads": 3, "rejected_leads": 4
    }  # fmt: skip
    leads = {row.user_id: row.sql_at for row in signed_up(tmp_path).leads(everyone=True, as_of="2026-09-10").leads.rows}
    # The first acceptance of a lead that counts; who was never accepted was never taken on.
    assert {who for who, at in leads.items() if at} == {"a", "d", "g", "h", "j"}


def signed_up(folder: Path) -> fc.Folder:
    """The folder with a signup of everybody."""
    lines = [f"{who},2026-08-20" for who in "abcdefghijk"]
    (folder / "signups.csv").write_text("\n".join(["user_id,signed_up_at", *lines]) + "\n", encoding="utf-8")
    return fc.open_folder(folder)


HISTORY = "Lead ID,Edit Date,Field / Event,Old Value,New Value\n"
QUEUE, LAN, MINH = "00G5g000000aBcDEFG", "0055g00000LanAAAAA", "0055g0000MinhAAAAA"


def test_a_history_that_says_each_change_twice_hands_over_once(tmp_path: Path) -> None:
    """Rows of ids stand beside those of names, now before them, now after them."""
    history = HISTORY + (
        f"a,2026-09-03 09:00,Lead Owner,{QUEUE},{LAN}\na,2026-09-03 09:00,Lead Owner,Inbound queue,Lan\n"
        f"b,2026-09-03 09:00,Lead Owner,Inbound queue,Minh\nb,2026-09-03 09:00,Lead Owner,{QUEUE},{MINH}\n"
        f"a,2026-09-07 09:00,Lead Owner,Lan,Inbound queue\na,2026-09-07 09:00,Lead Owner,{LAN},{QUEUE}\n"
        f"c,2026-09-08 09:00,Lead Owner,{QUEUE},{MINH}\n"
    )
    folder = fc.open_folder(write_folder(tmp_path, {"lead_history.csv": history}, SLA))
    keys = ("handed_over_leads", "returned_leads", "rehanded_leads")
    assert values(folder, keys) == {"handed_over_leads": 3, "returned_leads": 1, "rehanded_leads": 0}
    report = folder.report(month="2026-09", as_of="2026-09-10", section="sla", by="owner")
    # What stands there by ids alone is known by name from the other rows.
    assert [report.values("handed_over_leads", name)["2026-09"].value for name in ("Lan", "Minh")] == [1, 2]


def test_a_history_with_the_latest_first_and_two_changes_at_once(tmp_path: Path) -> None:
    history = HISTORY + (
        "a,2026-09-07 09:00,Lead Owner,Inbound queue,Minh\na,2026-09-07 09:00,Lead Owner,Lan,Inbound queue\n"
        "a,2026-09-03 09:00,Lead Owner,Inbound queue,Lan\n"
        "b,2026-09-08 09:00,Lead Owner,Lan,Inbound queue\nb,2026-09-08 09:00,Lead Owner,Inbound queue,Lan\n"
    )
    folder = fc.open_folder(write_folder(tmp_path, {"lead_history.csv": history}, SLA))
    # a went to Lan, back, and to Minh; b went to Lan and came back at once.
    keys = ("handed_over_leads", "returned_leads", "rehanded_leads")
    assert values(folder, keys) == {"handed_over_leads": 3, "returned_leads": 2, "rehanded_leads": 1}


def test_a_change_within_sales_before_the_first_hand_over_hides_none(tmp_path: Path) -> None:
    history = HISTORY + (
        "a,2026-09-01 09:00,Lead Owner,Lan,Minh\na,2026-09-03 09:00,Lead Owner,Inbound queue,Lan\n"
        "b,2026-09-01 09:00,Lead Owner,Lan,Minh\n"
    )
    folder = fc.open_folder(write_folder(tmp_path, {"lead_history.csv": history}, SLA))
    assert values(folder, ["handed_over_leads"]) == {"handed_over_leads": 1}
    page = folder.sla(month="2026-09", as_of="2026-09-10").render("md")
    assert "1 lead has gone from one of sales to another alone" in page
    # Nor is it ready for sales by that.
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\na,2026-09-01\nb,2026-09-01\n")
    assert values(fc.open_folder(tmp_path), ["mqls"]) == {"mqls": 1}


def test_what_came_back_untouched_before_it_was_due_is_over_by_no_minutes(tmp_path: Path) -> None:
    """It was never answered, and waited for no longer than the limit."""
    folder = folder_of(tmp_path, "a,2026-09-07 09:00,Lan,,2026-09-07 09:30,no\n", "z,2026-09-10 10:00,call,Lan,out,\n")
    breaches = folder.sla(month="2026-09", as_of="2026-09-10").breaches
    assert [(row.promise, row.due_at, row.over_minutes) for row in breaches] == [
        ("attempts", "", None), ("respond", "2026-09-07 13:00", None)
    ]  # fmt: skip


def test_owners_without_accents_are_those_with_them(tmp_path: Path) -> None:
    """ "Nguyen Lan" can be nobody but "Nguyễn Lan"; "Tran Minh" may be either of two, and "Lan" alone is a name."""
    handed = (
        "a,2026-09-07 09:00,Nguyễn Lan,,,\nb,2026-09-07 09:00,nguyen lan,,,\nc,2026-09-07 09:00,Trần Minh,,,\n"
        "d,2026-09-07 09:00,Trần Mính,,,\ne,2026-09-07 09:00,Tran Minh,,,\nf,2026-09-07 09:00,Lân,,,\n"
        "g,2026-09-07 09:00,Lan,,,\n"
    )
    folder = folder_of(tmp_path, handed, "z,2026-09-10 10:00,call,Lan,out,\n")
    report = folder.report(month="2026-09", as_of="2026-09-10", section="sla", by="owner")
    parts = {part for metric, part in report.to_frame().index if metric == "handed_over_leads" and part}
    numbers = {part: report.values("handed_over_leads", part)["2026-09"].value for part in parts}
    assert {part: number for part, number in numbers.items() if number} == {
        "Nguyễn Lan": 2, "Trần Minh": 1, "Trần Mính": 1, "Tran Minh": 1, "Lân": 1, "Lan": 1
    }  # fmt: skip
    page = folder.sla(month="2026-09", as_of="2026-09-10").render("md")
    assert "1 name is written without accents, like 'nguyen lan', and taken for 'Nguyễn Lan'" in page
