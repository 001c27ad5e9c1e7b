"""What turns the wheel and what slows it down: invites and k, word of mouth, advocates, activity, tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

import funnelcli as fc
from support import NOW, in_month, report_of, run_cli, write_folder

PAYING = "user_id,started_at,ended_at\n" + "".join(f"p{n},2026-01-10,\n" for n in range(1, 21))
# x9 is no customer; the pair of p1 and n1 counts once, on 2 May.
INVITES = """user_id,invited_at,invited_user_id,accepted_at
p1,2026-05-02,n1,2026-05-05
p1,2026-05-03,n1,
p1,2026-05-04,n2,
p2,2026-05-10,n3,2026-06-02
p2,2026-05-11,n4,
x9,2026-05-12,n5,2026-05-13
"""
K = ("invites_per_customer_ratio", "invite_conversion_rate", "k_factor_ratio")


def of_month(folder: Path, keys: Sequence[str], month: str, as_of: str) -> list[tuple[float | None, ...]]:
    report = fc.open_folder(folder).report(month=month, as_of=as_of, section=["flywheel", "success"])
    cells = [report.values(key)[month] for key in keys]
    return [(cell.value, cell.numerator, cell.denominator) for cell in cells]


def notes_of(folder: Path, month: str, as_of: str) -> list[str]:
    report = fc.open_folder(folder).report(month=month, as_of=as_of, section="flywheel")
    return [note.code for note in report.notes if note.code == "immature-invites"]


def test_k_is_invites_a_customer_times_the_share_accepted(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"paid_users.csv": PAYING, "invites.csv": INVITES})
    # 4 invites of 20 who pay when May begins; n1 and n3 have come by the end of June.
    assert of_month(folder, K, "2026-05", "2026-06-30") == [(4 / 20, 4, 20), (2 / 4, 2, 4), (2 / 20, 2, 20)]
    # At the end of May n3 has not come; the invites are young.
    assert of_month(folder, K, "2026-05", "2026-05-31") == [(4 / 20, 4, 20), (1 / 4, 1, 4), (1 / 20, 1, 20)]


@pytest.mark.parametrize(("as_of", "said"), [("2026-05-31", 1), ("2026-06-29", 1), ("2026-06-30", 0)])
def test_k_is_not_final_for_30_days(tmp_path: Path, as_of: str, said: int) -> None:
    folder = write_folder(tmp_path, {"paid_users.csv": PAYING, "invites.csv": INVITES})
    assert len(notes_of(folder, "2026-05", as_of)) == said


def test_an_invite_is_accepted_by_the_signup_of_the_invited_where_nothing_else_says_so(tmp_path: Path) -> None:
    invites = "user_id,invited_at,invited_user_id\np1,2026-05-02,n1\np1,2026-05-02,n2\np1,2026-05-02,n3\n"
    # n1 signs up on the day, n2 had before, n3 in June.
    signups = "user_id,signed_up_at\nn1,2026-05-02\nn2,2026-05-01\nn3,2026-06-01\n"
    folder = write_folder(tmp_path, {"paid_users.csv": PAYING, "invites.csv": invites, "signups.csv": signups})
    assert of_month(folder, K[1:2], "2026-05", "2026-05-31") == [(1 / 3, 1, 3)]
    assert of_month(folder, K[1:2], "2026-05", "2026-06-30") == [(2 / 3, 2, 3)]


def test_without_signups_and_days_of_acceptance_nobody_knows(tmp_path: Path) -> None:
    invites = "user_id,invited_at,invited_user_id\np1,2026-05-02,n1\n"
    folder = write_folder(tmp_path, {"paid_users.csv": PAYING, "invites.csv": invites})
    value = fc.open_folder(folder).report(month="2026-05", section="flywheel").values("k_factor_ratio")["2026-05"]
    assert value.missing is not None
    assert value.missing.code == "acceptances-not-known"


def test_word_of_mouth_is_of_customers_of_earlier_periods(tmp_path: Path) -> None:
    paid = (
        "user_id,started_at,ended_at\np1,2026-04-30,\np2,2026-05-01,\nn1,2026-05-20,\nn2,2026-05-21,\nn3,2026-05-22,\n"
    )
    # n1 by p1, who paid in April; n2 by p2, who is new himself; n3 was invited only after he paid.
    invites = "user_id,invited_at,invited_user_id\np1,2026-05-02,n1\np2,2026-05-03,n2\np1,2026-05-23,n3\n"
    folder = write_folder(tmp_path, {"paid_users.csv": paid, "invites.csv": invites})
    assert of_month(folder, ["word_of_mouth_share_rate"], "2026-05", "2026-05-31") == [(1 / 4, 1, 4)]


def test_advocates_promote_by_their_latest_answer_pay_and_have_brought_somebody(tmp_path: Path) -> None:
    paid = "user_id,started_at,ended_at\na,2026-01-01,\nb,2026-01-01,\nc,2026-01-01,2026-06-15\nd,2026-01-01,\n"
    nps = "user_id,answered_at,score\na,2026-05-05,9\nb,2026-05-05,10\nb,2026-06-05,8\nc,2026-05-05,9\nd,2026-05-05,9\n"
    invites = "user_id,invited_at,invited_user_id,accepted_at\na,2026-05-01,n1,2026-05-31\nb,2026-05-01,n2,2026-05-02\n"
    invites += "c,2026-05-01,n3,2026-05-02\nd,2026-05-01,n4,\n"
    folder = write_folder(tmp_path, {"paid_users.csv": paid, "nps.csv": nps, "invites.csv": invites})
    report = fc.open_folder(folder).report(start="2026-04", end="2026-06", as_of="2026-06-30", section="flywheel")
    # May: a (since the last day), b and c; d's invite is not accepted.  June: b is passive, c has left.
    assert report["advocates"].to_dict() == {"2026-04": 0, "2026-05": 3, "2026-06": 1}
    rows = fc.open_folder(folder).explain("advocates", month="2026-06", as_of="2026-06-30").rows
    assert [(row.file, row.line, row.user_id) for row in rows] == [("nps.csv", 2, "a")]


def test_a_customer_is_active_for_30_days_after_something_of_their_own(tmp_path: Path) -> None:
    # Of 20 in May: p1 on the first of the last 30 days, p2 the day before it, p3 a call of ours, p4 a planned one,
    # p5 by a machine, p6 and p7 in one call to us.
    rows = [
        "p1,2026-05-02,login,,,", "p2,2026-05-01,login,,,", "p3,2026-05-20,call,Outbound,Done,",
        "p4,2026-05-20,call,Inbound,Planned,", "p5,2026-05-20,login,,,yes", "p6;p7,2026-05-20,call,INCOMING_CALL,Done,",
        "z,2026-05-31,login,,,",
    ]  # fmt: skip
    activities = "user_id,at,kind,direction,status,automatic\n" + "\n".join(rows) + "\n"
    folder = write_folder(tmp_path, {"paid_users.csv": PAYING, "activities.csv": activities})
    assert of_month(folder, ["active_share_rate"], "2026-05", "2026-05-31") == [(3 / 20, 3, 20)]
    tallies = {source.file: (source.rows_read, source.rows_counted) for source in report_of(folder).sources}
    assert tallies == {"activities.csv": (7, 7), "paid_users.csv": (20, 20)}


def test_one_activity_in_two_exports_is_one(tmp_path: Path) -> None:
    rows = "activity_id,user_id,at,kind\n7,a;b,2026-05-02 09:00,call\n"
    folder = write_folder(tmp_path, {"calls-1.csv": rows, "calls-2.csv": rows + "8,a,2026-05-03,call\n"})
    facts = fc.open_folder(folder).facts()
    assert len(facts.events["outbound_touch"]) == 3
    assert [(tally.file, tally.counted, tally.duplicate) for tally in facts.tallies] == [
        ("calls-1.csv", 0, 1),
        ("calls-2.csv", 2, 0),
    ]


TICKETS = """ticket_id,user_id,opened_at,first_response_at,resolved_at,csat
t1,p1,2026-05-02 09:00,2026-05-02 09:30,2026-05-04 09:00,5
t2,p2,2026-05-03 10:00,2026-05-03 11:00,,
t3,q9,2026-05-03 10:00,,,
t4,p3,2026-06-03 10:00,2026-06-03 10:10,2026-06-03 22:00,2
"""


def test_tickets_are_of_customers_per_hundred_and_open_ones_wait_on(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"paid_users.csv": PAYING, "tickets.csv": TICKETS})
    report = fc.open_folder(folder).report(
        start="2026-05", end="2026-06", as_of="2026-06-30", section=["success", "flywheel"]
    )

    def values(key: str) -> list[float | None]:
        return [value.value for value in report.values(key).values()]

    # q9 is no customer: 2 of 20, then 1 of 20; together 3 of 20 + 20.
    assert values("tickets_per_100_paid_users_ratio") == [100 * 2 / 20, 100 * 1 / 20, 100 * 3 / 40]
    assert values("open_tickets") == [2, 2, 2]
    # May: 30 and 60 minutes, and one waits: S = 2/3, 1/3, so that half have an answer by 60 and nine in ten never.
    assert values("first_response_minutes") == [60, 10, 30]
    assert values("first_response_p90_minutes") == [None, 10, None]
    # t1 took two days, t4 half a day.  Of four, half are solved by two days; in May one of three.
    assert values("resolution_days") == [None, 0.5, 2]
    assert values("csat_rate") == [1, 0, 1 / 2]


def test_open_tickets_wait_to_the_end_of_the_last_day_or_to_its_moment(tmp_path: Path) -> None:
    rows = ("t1,p1,2026-05-30 08:00,2026-05-31 20:00", "t2,p2,2026-05-30 10:00,", "t3,p3,2026-05-30 12:00,")
    text = "ticket_id,user_id,opened_at,first_response_at\n" + "\n".join(rows) + "\n"
    folder = fc.open_folder(write_folder(tmp_path, {"paid_users.csv": PAYING, "tickets.csv": text}))

    def response(as_of: str) -> tuple[Any, ...]:
        value = folder.explain("first_response_minutes", month="2026-05", as_of=as_of).value
        return value.value, value.missing and value.missing.code, value.numerator, value.denominator

    # t1 has its answer after 36 hours; by midnight t2 and t3 have waited for 38 and 36: two of three wait on.
    assert response("2026-05-31") == (None, "curve-below", 1, 3)
    # At ten in the evening they have waited for 36 and 34 hours: of the two at risk at 36 one has its answer.
    assert response("2026-05-31 22:00") == (36 * 60, None, 1, 3)
    # At seven t1 waits as well.
    assert response("2026-05-31 19:00") == (None, "curve-below", 0, 3)


def test_tickets_count_on_any_day_that_is_paid_for(tmp_path: Path) -> None:
    paid = "user_id,started_at,ended_at\na,2026-05-02,2026-05-20\nb,2026-01-01,\n"
    days = ("01", "02", "20", "21")
    rows = "".join(f"t{day},a,2026-05-{day}\n" for day in days)
    folder = write_folder(tmp_path, {"paid_users.csv": paid, "tickets.csv": f"ticket_id,user_id,opened_at\n{rows}"})
    # a pays from the 2nd to the 20th: two of the four days.  b pays when May begins.
    assert of_month(folder, ["tickets_per_100_paid_users_ratio"], "2026-05", "2026-05-31") == [(200, 2, 1)]
    value = fc.open_folder(folder).report(month="2026-05", section="success").values("open_tickets")["2026-05"]
    assert value.missing is not None
    assert value.missing.code == "resolutions-not-known"


def test_the_section_is_shown_by_itself_where_one_of_its_inputs_is(tmp_path: Path) -> None:
    signups = "user_id,signed_up_at,source\nan,2026-05-01,referral\nbinh,2026-05-02,google / cpc\n"
    folder = write_folder(tmp_path, {"signups.csv": signups})
    assert "flywheel" not in {row.metric.section.key for row in report_of(folder).rows}
    write_folder(tmp_path, {"nps.csv": "user_id,answered_at,score\nan,2026-05-02,9\n"})
    rows = {row.metric.key: row for row in report_of(folder, month="2026-05").rows}
    assert rows["referral_signup_share_rate"].cells[0].value == 1 / 2
    assert "k_factor_ratio" not in rows  # it takes invites
    asked = run_cli("report", folder, "--section", "flywheel", "--month", "2026-05", "--lang", "vi")
    assert "Bánh đà" in asked.stdout


def test_active_customers_and_advocates_are_those_of_a_recount_by_day(tmp_path: Path) -> None:
    """A second way: each day, each customer, asked one by one."""
    rng = Random(11)
    start = date(2026, 1, 1)

    def day() -> date:
        return start + timedelta(int(rng.random() * 150))

    people = [f"u{n}" for n in range(30)]
    stays = {who: (first := day(), first + timedelta(int(rng.random() * 90))) for who in people}
    logins = [(people[int(rng.random() * 30)], day()) for _ in range(80)]
    answers = [(people[int(rng.random() * 30)], day(), int(rng.random() * 3) + 8) for _ in range(60)]
    invites = [(people[int(rng.random() * 30)], day(), f"n{n}") for n in range(40)]
    folder = write_folder(
        tmp_path,
        {
            "paid_users.csv": "user_id,started_at,ended_at\n"
            + "".join(f"{w},{a},{b}\n" for w, (a, b) in stays.items()),
            "logins.csv": "user_id,at\n" + "".join(f"{w},{d}\n" for w, d in logins),
            "nps.csv": "user_id,answered_at,score\n" + "".join(f"{w},{d},{s}\n" for w, d, s in answers),
            "invites.csv": "user_id,invited_at,invited_user_id,accepted_at\n"
            + "".join(f"{w},{d},{n},{d}\n" for w, d, n in invites),
        },
    )
    report = fc.open_folder(folder).report(start="2026-01", end="2026-05", as_of="2026-05-31", section="flywheel")
    ends = [date(2026, month + 1, 1) - timedelta(1) for month in range(1, 6)]
    latest = {(who, when): score for who, when, score in answers}  # of one day the last row

    def paying(who: str, end: date) -> bool:
        return stays[who][0] <= end < stays[who][1]

    def promotes(who: str, end: date) -> bool:
        known = [(when, score) for (name, when), score in latest.items() if name == who and when <= end]
        return bool(known) and max(known)[1] >= 9

    def did(who: str, end: date) -> bool:
        return any(name == who and end - timedelta(29) <= when <= end for name, when in logins)

    def brought(who: str, end: date) -> bool:
        return any(name == who and when <= end for name, when, _ in invites)

    active = [sum(paying(who, end) and did(who, end) for who in people) for end in ends]
    advocates = [sum(paying(who, end) and promotes(who, end) and brought(who, end) for who in people) for end in ends]
    cells = list(report.values("active_share_rate").values())[:5]
    assert [cell.numerator for cell in cells] == active
    assert list(report["advocates"]) == advocates


def test_where_nobody_s_source_is_known_no_share_is_of_referrals(tmp_path: Path) -> None:
    """Missing is not 0 %, where neither the customers nor the signups say where they came from."""
    paid = "user_id,started_at,ended_at\na,2026-01-05,\nb,2026-01-06,\n"
    for signups, share in (
        ("user_id,signed_up_at\na,2026-01-02\nb,2026-01-02\n", None),
        ("user_id,signed_up_at,source\na,2026-01-02,google\nb,2026-01-02,\n", 0),
        ("user_id,signed_up_at,source\na,2026-01-02,referral\nb,2026-01-02,google\n", 0.5),
    ):
        invites = "user_id,invited_at\na,2026-01-20\n"  # which have the section shown
        write_folder(tmp_path, {"paid_users.csv": paid, "signups.csv": signups, "invites.csv": invites})
        assert in_month(tmp_path, "2026-01", "referral_new_paid_share_rate") == [share]


def test_invites_of_a_range_are_of_who_paid_when_it_began(tmp_path: Path) -> None:
    """a invites one in May; b, who pays from May on, two in June: of both months a's one counts, and not three."""
    paid = "user_id,started_at,ended_at\na,2026-04-05,\nb,2026-05-06,\n"
    invites = "user_id,invited_at,invited_user_id\na,2026-05-10,n1\nb,2026-06-10,n2\nb,2026-06-11,n3\n"
    folder = write_folder(tmp_path, {"paid_users.csv": paid, "invites.csv": invites})
    for start, notes in (("2026-05", 1), ("2026-06", 0)):
        report = (
            fc.open_folder(folder, now=NOW)
            .report(start=start, end="2026-06", as_of="2026-06-30", section="flywheel")
            .report
        )
        row = next(row for row in report.rows if row.metric.key == "customer_invites")
        assert [cell.value for cell in (*row.cells, row.total)] == ([1, 2, 1] if notes else [2, 2])
        said = [note.text.of("en") for note in report.notes if note.code == "invites-of-range"]
        assert [text[:52] for text in said] == ["Invites of the whole range are the 1 of those who we"] * notes
