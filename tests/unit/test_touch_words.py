"""What words of activities are understood as, what is decided by what stands beside them, and what is said of them."""

import re
from pathlib import Path

import funnelcli as fc
from funnelcli.answers.checks import row_events
from funnelcli.facts.load import load
from funnelcli.facts.model import Facts
from funnelcli.reading.discover import discover, open_folder
from support import write_folder

SIGNUPS = "user_id,signed_up_at\nan,2026-09-01\nbinh,2026-09-01\n"


def facts_of(place: Path, activities: str, toml: str = "") -> Facts:
    opened = open_folder(write_folder(place, {"signups.csv": SIGNUPS, "activities.csv": activities}, toml))
    return load(opened.config, discover(opened, {})[0])


def lines(facts: Facts, name: str) -> list[int]:
    """The lines of the rows that an event is of."""
    events = facts.events[name]
    return sorted(events.records.line[events.row].tolist())


def said(facts: Facts) -> list[tuple[str, str]]:
    return [
        (each.code, each.message) for each in facts.problems if re.match("activity-.*-known|activity-un", each.code)
    ]


def test_a_status_that_no_word_tells(tmp_path: Path) -> None:
    """'Logged by AE' has outcomes, so it was done; 'Tentative' lies after all that was; of 'Alpha' nothing tells."""
    facts = facts_of(
        tmp_path,
        "user_id,at,kind,status,outcome\n"
        "an,2026-09-02,call,Completed,\n"  # 2
        "an,2026-09-03,call,Recorded by AE,answered\n"  # 3
        "an,2026-09-04,call,Recorded by AE,\n"  # 4: one of two has an outcome
        "an,2026-09-05,call,Alpha,\n"  # 5
        "an,2026-09-06,call,,\n"  # 6
        "binh,2026-09-08,call,Completed,\n"  # 7: the last that was done
        "binh,2026-09-09,call,Tentative,\n"  # 8
        "binh,2026-09-10,call,Tentative,\n"  # 9
        "binh,2026-09-07,call,Not started,\n",  # 10
    )
    assert lines(facts, "activity") == [2, 3, 4, 5, 6, 7]
    what = "statuses that are not understood"
    assert sorted(said(facts)) == [
        ("activity-status-not-known", f"{what}: {rows}")
        for rows in (
            "'Alpha' (1 row); they count as done",
            "'Recorded by AE' (2 rows); they count as done, since most have an outcome",
            "'Tentative' (2 rows); they count as planned, since all are later than what was done",
        )
    ]


def test_the_settings_say_what_words_mean(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        "user_id,at,kind,status,direction,outcome\n"
        "an,2026-09-02,call,Alpha,L2R,Beta\n"
        "an,2026-09-03,call,Omega,R2L,Gamma\n"
        "an,2026-09-04,call,Alpha,R2L,Gamma\n",
        '[inputs.activities.status]\ndone = ["alpha"]\nnot_done = ["omega"]\ninbound = ["L2R"]\noutbound = ["r2l"]\n'
        'spoke = ["Beta"]\nnot_spoke = ["Gamma"]\n',
    )
    assert (lines(facts, "activity"), lines(facts, "inbound_activity")) == ([2, 4], [2])
    assert (lines(facts, "outbound_touch"), lines(facts, "spoke_call"), said(facts)) == ([4], [2], [])


def test_marks_and_shares(tmp_path: Path) -> None:
    """Where every filled cell is a tick, a yes or a day, what is empty was not done; of shares the whole was."""
    for number, (cells, done) in enumerate(
        [(("x", "", "x"), [2, 4]), (("2026-09-02", "", "03/09/2026"), [2, 4]), (("100%", "40%", "100%"), [2, 4]),
         (("TRUE", "FALSE", ""), [2, 4]), (("Completed", "", ""), [2, 3, 4])]
    ):  # fmt: skip
        rows = "".join(f"an,2026-09-0{day},call,{cell}\n" for day, cell in enumerate(cells, start=2))
        (tmp_path / str(number)).mkdir()
        facts = facts_of(tmp_path / str(number), f"user_id,at,kind,done\n{rows}")
        assert lines(facts, "activity") == done, cells
        marks = ", ".join(dict.fromkeys(repr(cell) for cell in cells if cell))
        expected = [("activity-unmarked", f"1 activity without a mark where the others have one ({marks}): not done")]
        assert said(facts) == (expected if number < 2 else [])


def test_a_direction_that_names_who_it_was(tmp_path: Path) -> None:
    """The customer's own id, or the owner's name, is whom it came from; of words that say both, or nothing, the kind
    decides: a login is the customer's, a call ours."""
    facts = facts_of(
        tmp_path,
        "user_id,at,kind,owner,direction\n"
        "an,2026-09-02,email,Lan,AN\n"  # 2: from the customer
        "an,2026-09-03,email,Lan,lan\n"  # 3: from the owner
        "an,2026-09-04,call,Lan,A\n"  # 4
        "an,2026-09-05,login,,A\n"  # 5
        "an,2026-09-06,call,Lan,in/out\n"  # 6
        "an,2026-09-07,email,Lan,INCOMING_EMAIL\n"  # 7
        "an,2026-09-08,email,Lan,EMAIL\n"  # 8
        "an,2026-09-09,call,Lan,\n",  # 9: empty, which needs no word
    )
    assert lines(facts, "inbound_activity") == [2, 7]
    assert lines(facts, "own_activity") == [2, 5, 7]
    assert lines(facts, "outbound_touch") == [3, 4, 6, 8, 9]
    assert said(facts) == [
        ("activity-direction-not-known",
         "directions that are not understood: 'A' (2 rows), 'in/out' (1 row); these count by their kind"),
    ]  # fmt: skip


def test_an_outcome_that_no_word_tells(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        "user_id,at,kind,outcome\nan,2026-09-02,call,Answered\nan,2026-09-03,call,No answer\nan,2026-09-04,call,Hot\n",
    )
    assert lines(facts, "spoke_call") == [2]
    assert said(facts) == [
        ("activity-outcome-not-known",
         "outcomes that do not say whether both sides spoke: 'Hot' (1 row); these count as if they did not"),
    ]  # fmt: skip


def test_each_file_has_its_own_words(tmp_path: Path) -> None:
    """The ticks of one file say nothing of the empty cells of another."""
    ticks = "user_id,at,kind,done\nan,2026-09-02,call,x\nan,2026-09-03,call,\n"
    words = "user_id,at,kind,status\nan,2026-09-04,call,Completed\nan,2026-09-05,call,\n"
    files = {"signups.csv": SIGNUPS, "activities_a.csv": ticks, "activities_b.csv": words}
    opened = open_folder(write_folder(tmp_path, files))
    facts = load(opened.config, discover(opened, {})[0])
    events = facts.events["activity"]
    assert [str(day) for day in events.day.astype("datetime64[D]")] == ["2026-09-02", "2026-09-04", "2026-09-05"]


def test_kinds_that_differ_in_spelling_are_one_activity(tmp_path: Path) -> None:
    """Without ids: the same person, moment and kind however written; another kind, or an id of its own, is another."""
    facts = facts_of(
        tmp_path,
        "user_id,at,kind,activity_id\n"
        "an,2026-09-02 10:00,Gọi điện,\n"  # 2
        "an,2026-09-02 10:00,GỌI ĐIỆN,\n"  # 3: of equals the last counts
        "an,2026-09-02 10:00,goi-dien,\n"  # 4
        "an,2026-09-02 10:00,Email,\n"  # 5
        "an,2026-09-02 10:01,Gọi điện,\n"  # 6
        "binh,2026-09-02 10:00,call,7\n"  # 7
        "binh,2026-09-02 10:00,Call,8\n",  # 8
    )
    assert lines(facts, "activity") == [4, 5, 6, 7, 8]
    declared = facts.inputs["activities"].input
    assert row_events(facts, declared) is not None
    assert facts.inputs["activities"].tallies[0].duplicate == 2


def test_what_was_not_understood_is_warned_of(tmp_path: Path) -> None:
    files = {"signups.csv": SIGNUPS, "activities.csv": "user_id,at,kind,status\nan,2026-09-02,call,Alpha\n"}
    checked = fc.open_folder(write_folder(tmp_path, files)).check()
    (warning,) = [each for each in checked.problems if each.code == "activity-status-not-known"]
    assert (warning.file, warning.kind.severity.value) == ("activities.csv", "warning")
    assert warning.hint == "Say what they mean: [inputs.activities.status] done or not_done = [...]."


def test_of_one_call_twice_the_row_that_says_it_was_answered_counts(tmp_path: Path) -> None:
    """The same person, moment and kind: one row says it was answered, the other that it came from them."""
    rows = ["an,2026-09-02 10:00,call,Hoa,,answered\n", "an,2026-09-02 10:00,call,Hoa,in,\n"]
    for number, order in enumerate((rows, rows[::-1])):
        (tmp_path / str(number)).mkdir()
        facts = facts_of(tmp_path / str(number), "user_id,at,kind,owner,direction,outcome\n" + "".join(order))
        assert (lines(facts, "spoke_call"), lines(facts, "activity")) == ([2 + number], [2 + number])
