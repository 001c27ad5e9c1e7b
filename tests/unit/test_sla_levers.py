"""What would help most, by the plan; attempts by channel; promises that stand in targets: worked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.levers import Lever
from funnelcli.problems import ConfigError, FunnelError
from support import write_folder

NAMES = [f"u{number:03}" for number in range(100)]
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06")


def folder_of(tmp_path: Path, terms: str, **more: str) -> fc.Folder:
    """Each month 100 sign up, 40 come to a demo, 10 become customers at 50; all of June's are handed over.

    50 of these are accepted, 30 came back at once, 20 are not decided.
    """
    signups, demos, paid = (["user_id,signed_up_at"], ["user_id,booked_at,held_at"], ["user_id,started_at,mrr"])
    handed = ["user_id,handed_over_at,to_owner,accepted_at,returned_at"]
    for month in MONTHS:
        for place, name in enumerate(NAMES):
            user = f"{month}-{name}"
            signups.append(f"{user},{month}-02 09:00")
            if place < 40:
                demos.append(f"{user},{month}-03,{month}-04")
            if place < 10:
                paid.append(f"{user},{month}-05,50")
            if month == "2026-06":
                accepted = "2026-06-03 10:00" if place < 50 else ""
                returned = "2026-06-03 10:00" if place >= 70 else ""
                handed.append(f"{user},2026-06-03 09:00,Lan,{accepted},{returned}")
    files = {
        "signups.csv": signups, "demos.csv": demos, "paid_users.csv": paid, "handovers.csv": handed,
        "activities.csv": ["user_id,at,kind,owner", "x,2026-06-01 10:00,call,Lan", "x,2026-06-30 10:00,call,Lan"],
    }  # fmt: skip
    texts = {name: "\n".join(lines) + "\n" for name, lines in files.items()}
    return fc.open_folder(write_folder(tmp_path, {**texts, **more}, terms))


TERMS = """[sla]
since = 2026-01-01
goal = { metric = "new_paid_users", amount = 120, by = 2026-12-31 }
marketing = { mqls = 150 }
[sla.sales]
respond = "4h"
decide = "2d"
attempts = 1
"""


def test_each_change_is_worth_what_the_plan_makes_of_it(tmp_path: Path) -> None:
    page = folder_of(tmp_path, TERMS).sla(month="2026-06", as_of="2026-06-30").agreed
    # 40 of 100 come to a demo, 10 of 40 pay: the 100 signups of June are 10 customers.  150 of 100 MQLs: 5 more.
    # 50 are accepted of 100.  30 came back too early: of the 70 others 50 are accepted, and so 30 x 50/70 more beside
    # 50; 20 are overdue: of the 80 others 50 are, and so 20 x 50/80 = 12.5 more.  As many more come to a demo:
    # 10 x 30/70 = 4.29, and 10 x 12.5/50 = 2.5.  Nobody was contacted: no others say how often they were accepted.
    assert page.levers.of == "new_paid_users"
    assert page.levers.changes == (
        Lever(key="mqls", now=100, promise=150, effect=5.0, leads=100),
        Lever(key="returned_too_early_leads", now=30, promise=0, effect=10 * 30 / 70, leads=100),
        Lever(key="overdue_leads", now=20, promise=0, effect=2.5, leads=100),
    )


def contacted(places: range) -> str:
    rows = [f"2026-06-{NAMES[place]},2026-06-03 09:30,call,Lan,outbound" for place in places]
    return "\n".join(["user_id,at,kind,owner,direction", *rows, "x,2026-06-30 10:00,call,Lan,outbound"]) + "\n"


def effects_of(folder: fc.Folder) -> dict[str, float]:
    return {
        each.key: each.effect for each in folder.sla(month="2026-06", as_of="2026-06-30").agreed.levers.changes
    }  # fmt: skip


def test_those_not_contacted_but_accepted_are_no_more_acceptances(tmp_path: Path) -> None:
    """Of the 50 accepted 40 were contacted, of the 50 others 20.  Of the 60 contacted 40 are accepted: of the 40 not
    contacted 40 x 40/60 would be, of which 10 are already.
    """
    folder = folder_of(tmp_path, TERMS, **{"activities.csv": contacted(range(10, 70))})
    assert effects_of(folder)["untouched_leads"] == pytest.approx(10 * (40 * 40 / 60 - 10) / 50)


def test_where_the_contacted_are_accepted_less_often_nothing_is_gained(tmp_path: Path) -> None:
    """50 of the 100 are contacted, and it is those that nobody accepted: 0 of 50, so that the others lose nothing."""
    folder = folder_of(tmp_path, TERMS, **{"activities.csv": contacted(range(50, 100))})
    assert "untouched_leads" not in effects_of(folder)


def test_all_accepted_can_be_no_more_than_all(tmp_path: Path) -> None:
    """Everybody handed over was accepted, a quarter of them contacted: not to be untouched adds nothing."""
    rows = [f"2026-06-{name},2026-06-03 09:00,Lan,2026-06-03 10:00" for name in NAMES]
    handed = "\n".join(["user_id,handed_over_at,to_owner,accepted_at", *rows]) + "\n"
    folder = folder_of(tmp_path, TERMS, **{"activities.csv": contacted(range(25)), "handovers.csv": handed})
    assert effects_of(folder) == {"mqls": 5.0}


def test_of_a_goal_of_money_a_customer_brings_what_new_ones_do(tmp_path: Path) -> None:
    terms = TERMS.replace("new_paid_users", "new_mrr_amount")
    page = folder_of(tmp_path, terms).sla(month="2026-06", as_of="2026-06-30").agreed
    effects = {lever.key: lever.effect for lever in page.levers.changes}
    # 50 a month each.
    assert (page.levers.of, page.levers.each, effects["mqls"]) == ("new_mrr_amount", 50.0, 5.0 * 50)
    given = folder_of(tmp_path, terms + '[plan]\ndemo_to_paid = "50%"\n').sla(month="2026-06", as_of="2026-06-30")
    # At 20 customers of 100 signups each change brings twice as much.
    assert {lever.key: lever.effect for lever in given.agreed.levers.changes}["mqls"] == 10.0 * 50


def test_without_a_rate_of_the_plan_nothing_is_guessed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, TERMS)
    (tmp_path / "demos.csv").unlink()
    page = folder.sla(month="2026-06", as_of="2026-06-30")
    assert page.agreed.levers.changes == ()
    missing = json.loads(page.render("json"))["changes_missing"]
    assert missing == "demo_to_paid_rate is missing: no demos export."
    assert "as the plan cannot tell: demo" in page.render("md")


def test_without_demos_the_stages_that_there_are_tell(tmp_path: Path) -> None:
    """Of the 300 leads handed over in January to March 30 paid within 90 days: 10 % of the 100 of June is 10."""
    folder = folder_of(tmp_path, TERMS)
    (tmp_path / "demos.csv").unlink()
    rows = [f"{month}-{name},{month}-03 09:00,Lan,{month}-03 10:00," for month in MONTHS[:3] for name in NAMES]
    with (tmp_path / "handovers.csv").open("a", encoding="utf-8") as file:
        file.write("\n".join(rows) + "\n")
    page = fc.open_folder(tmp_path).sla(month="2026-06", as_of="2026-06-30")
    levers = page.agreed.levers
    assert (levers.mqls, levers.share, levers.why) == (100, 30 / 300, None)
    # 150 MQLs for 100 are 5 more; those that were not accepted, accepted as often as the others, as with demos.
    assert [(each.key, each.effect) for each in levers.changes] == [
        ("mqls", 5.0), ("returned_too_early_leads", 10 * 30 / 70), ("overdue_leads", 2.5)
    ]  # fmt: skip
    assert "There are no demos to plan with: the 100 MQLs of the month, of which 10.0% pay" in page.render("md")
    assert folder.sla(month="2026-06", as_of="2026-06-30").agreed.levers.of == "new_paid_users"


def test_what_to_agree_names_a_day(tmp_path: Path) -> None:
    page = folder_of(tmp_path, TERMS).sla(month="2026-06", as_of="2026-06-30").render("md")
    lines = [line for line in page.split("To agree")[1].splitlines() if "31 Jul 2026" in line]
    assert any("Ready for sales" in line and "100" in line and "150" in line for line in lines)
    assert "the next meeting" not in page


ATTEMPTED = {
    "handovers.csv": "user_id,handed_over_at,to_owner\na,2026-09-07 09:00,Lan\nb,2026-09-07 09:00,Minh\n",
    "activities.csv": "user_id,at,kind,owner\na,2026-09-07 10:00,call,Lan\na,2026-09-07 10:20,email,Lan\n"
    "a,2026-09-07 14:00,email,Lan\na,2026-09-08 14:00,call,Lan\nb,2026-09-08 14:00,chat,Minh\n",
}  # fmt: skip


def test_attempts_by_channel_are_of_the_channel_of_their_first_touch(tmp_path: Path) -> None:
    folder = fc.open_folder(write_folder(tmp_path, ATTEMPTED, '[sla.sales]\nchannels = ["call", "email", "chat"]\n'))
    report = folder.sla(month="2026-09", as_of="2026-09-09", by="owner").agreed.report
    keys = ("lead_attempts", "call_attempts", "email_attempts", "chat_attempts", "meeting_attempts")
    # The mail of 10:20 is of the call twenty minutes before it.
    expected = {None: [4, 2, 1, 1, 0], "Lan": [3, 2, 1, 0, 0], "Minh": [1, 0, 0, 1, 0]}
    counted = {
        part: [row.cells[0].value for key in keys for row in report.rows
               if row.metric.key == key and (row.part.key if row.part else None) == part]
        for part in expected
    }  # fmt: skip
    assert counted == expected
    page = folder.sla(month="2026-09", as_of="2026-09-09").render("md")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    assert [row for row in rows if row and row[0] in ("Calls", "Mails", "Chats", "Meetings")] == [
        ["Calls", "2", "50.0%", "1.00"], ["Mails", "1", "25.0%", "0.50"], ["Chats", "1", "25.0%", "0.50"]
    ]  # fmt: skip


SIGNED_UP = "user_id,signed_up_at\n" + "".join(
    f"{month}{number},2026-{month}-02\n" for month, most in (("07", 6), ("08", 3), ("09", 8)) for number in range(most)
)


@pytest.mark.parametrize("by", [None, "source"])
def test_targets_are_what_marketing_is_measured_by(tmp_path: Path, by: str | None) -> None:
    """Promised are 4 in August and 10 in September by the targets, and 5 in other months by the settings."""
    signups = SIGNED_UP.replace("user_id,signed_up_at\n", "user_id,signed_up_at,source\n").replace("-02\n", "-02,web\n")
    files = {"signups.csv": signups, "targets.csv": "month,mqls\n2026-08,4\n2026-09,10\n"}
    terms = '[sla]\ngoal = "targets.csv"\nmarketing = { mqls = 5 }\n'
    folder = fc.open_folder(write_folder(tmp_path, files, terms))
    report = folder.report(start="2026-07", end="2026-09", as_of="2026-09-30", section="sla", by=by)
    promised, kept = report.values("promised_mqls"), report.values("marketing_commitment_ratio")
    assert [cell.value for cell in promised.values()] == [5, 4, 10, 5 + 4 + 10]
    assert [cell.value for cell in kept.values()] == [6 / 5, 3 / 4, 8 / 10, 17 / 19]
    assert folder.explain("promised_mqls", month="2026-09", as_of="2026-09-30").value.value == 10
    page = folder.sla(month="2026-09", as_of="2026-09-30")
    assert page["marketing_commitment_ratio"]["2026-09"].value == 8 / 10
    assert "mqls" in json.loads(page.render("json"))["to_agree"]
    if by is not None:
        # What was promised was promised for the whole.
        part = report.values("promised_mqls", "web")["2026-09"]
        assert (part.value, part.missing.code if part.missing else None) == (None, "of-the-whole-only")
        of_leads = folder.report(month="2026-09", as_of="2026-09-30", section="leads", by=by)
        assert of_leads.values("mqls", "web")["2026-09"].value == 8


PROMISED_BY = "metric,channel,2026-08,2026-09\nmqls,,4,10\nmqls,paid,3,4\nmqls,organic,,5\nnew_paid_users,,2,3\n"


def test_what_targets_promise_by_channel_is_that_of_each(tmp_path: Path) -> None:
    """Paid promises 3 and 4, organic 5 in September alone; the whole 4 and 10, whatever channels promise."""
    signups = (
        "user_id,signed_up_at,source\n" + "".join(f"p{n},2026-09-02,ads\n" for n in range(3)) + "w,2026-09-03,web\n"
    )
    terms = '[channels]\npaid = ["ads"]\n[sla]\ngoal = "targets.csv"\n'
    folder = fc.open_folder(write_folder(tmp_path, {"signups.csv": signups, "targets.csv": PROMISED_BY}, terms))
    report = folder.report(start="2026-08", end="2026-09", as_of="2026-09-30", section="sla", by="channel")

    def cells(key: str, part: str | None) -> list[float | str | None]:
        values = report.values(key, part).values() if part else report.values(key).values()
        return [cell.missing.code if cell.missing else cell.value for cell in values]

    assert cells("promised_mqls", None) == [4, 10, 14]
    assert cells("promised_mqls", "paid") == [3, 4, 7]
    assert cells("promised_mqls", "organic") == ["no-promise-of-channel", 5, "no-promise-of-channel"]
    assert cells("marketing_commitment_ratio", "paid") == [0, 3 / 4, 3 / 7]
    assert cells("marketing_commitment_ratio", "organic")[1] == 1 / 5
    # Of channels alone the whole is their sum.
    (tmp_path / "targets.csv").write_text(PROMISED_BY.replace("mqls,,4,10\n", ""), encoding="utf-8")
    folder = fc.open_folder(tmp_path)
    whole = folder.report(start="2026-08", end="2026-09", as_of="2026-09-30", section="sla").values("promised_mqls")
    assert [cell.value for cell in whole.values()] == [3, 9, 12]


def test_the_shared_goal_is_that_of_the_targets(tmp_path: Path) -> None:
    """Two customers in August and three in September: on the 15th all of August is due, and half of September."""
    paid = "user_id,started_at\na,2026-08-05\nb,2026-09-10\nc,2026-09-20\n"
    files = {"signups.csv": SIGNED_UP, "paid_users.csv": paid, "targets.csv": PROMISED_BY}
    folder = fc.open_folder(write_folder(tmp_path, files, '[sla]\ngoal = "targets.csv"\n'))
    page = folder.sla(month="2026-09", as_of="2026-09-15")
    goal = json.loads(page.render("json"))["goal"]
    assert goal == {
        "metric": "new_paid_users", "amount": 5, "since": "2026-08-01", "by": "2026-09-30", "due": 2 + 3 / 2,
        "reached": 2, "missing": None, "mqls_needed": None,
    }  # fmt: skip
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.render("md").splitlines()]
    assert ["New PU", "5", "30 Sep 2026", "3.5", "2", "–"] in [row[:6] for row in rows if row]


def test_targets_that_are_not_there_are_said(tmp_path: Path) -> None:
    terms = '[sla]\ngoal = "targets.csv"\n'
    folder = fc.open_folder(write_folder(tmp_path, {"signups.csv": SIGNED_UP}, terms))
    with pytest.raises(FunnelError, match=r"targets\.csv"):
        folder.sla(month="2026-09")
    missing = folder.report(month="2026-09", section="sla").values("promised_mqls")["2026-09"].missing
    assert missing is not None
    assert (
        missing.reason.of("en") == "targets.csv says nothing of mqls in 2026-09, and [sla.marketing] mqls is not there"
    )


SINCE, BY = "[sla]\nsince = 2026-07-01\n", "by = 2026-12-31 }\n"


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (f'{SINCE}goal = {{ metric = "acceptance_rate", amount = 200_000, {BY}', "no total"),
        (f'{SINCE}goal = {{ metric = "closing_paid_users", amount = 2, {BY}', "no total"),
        (f'[sla]\ngoal = {{ metric = "won_amount", amount = 200_000, {BY}', "since is not there"),
        (f'{SINCE}goal = {{ metric = "won_amount", amount = 0, {BY}', "more than 0"),
        ("[sla.sales]\nchannels = []\n", "leave the key out for all"),
    ],
)
def test_terms_that_mean_nothing_are_refused(tmp_path: Path, terms: str, said: str) -> None:
    folder = write_folder(tmp_path, {"signups.csv": SIGNED_UP}, terms)
    with pytest.raises(ConfigError, match=said):
        fc.open_folder(folder).sla(month="2026-09")
