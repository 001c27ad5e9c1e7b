"""Logs of what happened to subscriptions: each event lasts to the customer's next one; worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.inputs import INPUTS
from funnelcli.reading.event_log import Happening, happening

MONTHS = ("2026-01", "2026-02", "2026-03")
NEW, LOST, BACK = "new_paid_users", "churned_paid_users", "reactivated_paid_users"
CLOSING, MRR = "closing_paid_users", "closing_mrr_amount"
SIGNUPS = ("user_id,signed_up_at", *(f"u{number},2026-01-0{number}" for number in range(1, 8)), "u9,2026-03-31")
# u1 pays 100, from 20 February on 150; u2 leaves on 5 March; u3 pauses on 12 March; u4 comes on 10 March.
LOG = (
    "user_id,event,date,mrr",
    "u1,created,2026-01-10,100",
    "u2,created,2026-01-15,100",
    "u3,created,2026-02-10,100",
    "u1,upgraded,2026-02-20,150",
    "u2,cancelled,2026-03-05,0",
    "u4,created,2026-03-10,100",
    "u3,paused,2026-03-12,0",
    "u4,renewed,2026-03-20,100",
)


def folder_of(place: Path, toml: str = "", /, **files: Sequence[str]) -> fc.Folder:
    place.mkdir(exist_ok=True)
    if toml:
        (place / "funnel.toml").write_text(toml, encoding="utf-8")
    for name, lines in {"signups": SIGNUPS, **files}.items():
        (place / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return fc.open_folder(place)


def values(folder: fc.Folder, metric: str) -> list[float | None]:
    known = folder.report(start="2026-01", end="2026-03", as_of="2026-03-31").values(metric)
    return [known[month].value for month in MONTHS]


def codes(folder: fc.Folder) -> list[str]:
    return [fault.code for fault in folder.check().problems if fault.code not in ("month-gap", "ends-early")]


def reworded(**words: str) -> list[str]:
    lines = list(LOG)
    for old, new in words.items():
        lines = [line.replace(old, new) for line in lines]
    return lines


CHANGES = [
    line.replace("-20,150", "-20,50").replace("05,0", "05,-100").replace("12,0", "12,-100").replace("-20,100", "-20,0")
    for line in LOG
]


@pytest.mark.parametrize(
    "lines",
    [
        LOG,
        [LOG[0], *reversed(LOG[1:])],
        reworded(event="type", date="event_date"),
        reworded(event="Sự kiện", created="Đăng ký", upgraded="Nâng cấp", cancelled="Hủy", paused="Tạm dừng"),
        # The same as states that follow each other.
        reworded(event="status", created="active", upgraded="active", renewed="active"),
        # By how much what is paid changes: 100 + 50, 100 - 100, 100 + 0.
        CHANGES,
        # An id for each event is none of a subscription.
        [f"{line},{'id' if number == 0 else f'e{number}'}" for number, line in enumerate(LOG)],
    ],
    ids=["", "newest-first", "other-headers", "vietnamese", "states", "changes", "ids-of-events"],
)
def test_each_event_lasts_to_the_next_one(lines: Sequence[str], tmp_path: Path) -> None:
    folder = folder_of(tmp_path, paid_users=lines)
    assert values(folder, NEW) == [2, 1, 1]
    assert values(folder, LOST) == [0, 0, 2]
    assert values(folder, CLOSING) == [2, 2 + 1, 3 + 1 - 2]
    assert values(folder, MRR) == [100 + 100, 150 + 100 + 100, 150 + 100]
    assert codes(folder) == ["read-as-events"]
    (tally,) = (tally for tally in folder.facts().tallies if tally.input == "paid_users")
    # Two of the eight rows only end something.
    assert (tally.read, tally.counted, tally.unpaid) == (6, 6, 2)


def test_the_days_of_an_event(tmp_path: Path) -> None:
    days = [
        "user_id,event,date,mrr",
        "u1,created,2026-01-31,10",
        "u1,cancelled,2026-02-28,0",  # lost on the last day of February
        "u1,reactivated,2026-03-01,10",  # the day after: one stay
        "u2,created,2026-01-31,10",
        "u2,upgraded,2026-01-31,20",  # on the same day: nothing of the 10 is left
        "u2,cancelled,2026-02-27,0",
        "u2,reactivated,2026-03-01,30",  # a day is unpaid
        "u3,created,2026-01-31,10",
        "u3,downgraded,2026-03-01,0",  # to what costs nothing: lost that day
    ]
    folder = folder_of(tmp_path, paid_users=days)
    assert values(folder, NEW) == [3, 0, 0]
    assert values(folder, LOST) == [0, 1, 1]
    assert values(folder, BACK) == [0, 0, 1]
    assert values(folder, MRR) == [10 + 20 + 10, 10 + 10, 10 + 30]
    # The day of the event is the first that is not paid for: u1 has left a gap as well, of one day.
    folder = folder_of(tmp_path, '[paid_users]\nend_date = "exclusive"\n')
    assert values(folder, LOST) == [0, 3, 0]


def test_an_event_that_nobody_knows_changes_nothing_and_is_named(tmp_path: Path) -> None:
    lines = [
        *LOG,
        "u1,frobbed,2026-03-15,0",
        "u4,cancellation requested,2026-03-25,100",
        "u5,payment failed,2026-03-02,9",
    ]
    folder = folder_of(tmp_path, paid_users=lines)
    assert values(folder, MRR) == [200, 350, 250]
    said = [(fault.code, fault.line) for fault in folder.check().problems if fault.code == "event-not-known"]
    assert said == [("event-not-known", 10), ("event-not-known", 11), ("event-not-known", 12)]
    folder = folder_of(tmp_path, '[inputs.paid_users.status]\nended = ["frobbed"]\npaying = ["cancellation*"]\n')
    assert values(folder, MRR) == [200, 350, 250 - 150]
    assert [fault.line for fault in folder.check().problems if fault.code == "event-not-known"] == [12]


def test_a_trial_is_not_paid_until_something_begins(tmp_path: Path) -> None:
    lines = [
        *LOG,
        "u5,trial started,2026-01-05,0",
        "u5,trial converted,2026-02-05,40",
        "u6,trial started,2026-01-05,40",
    ]
    folder = folder_of(tmp_path, paid_users=lines)
    assert values(folder, NEW) == [2, 1 + 1, 1]
    assert values(folder, MRR) == [200, 350 + 40, 250 + 40]


def test_what_begins_before_the_log_is_said(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, paid_users=[*LOG, "u5,renewed,2026-02-01,7", "u6,cancelled,2026-02-03,0"])
    assert values(folder, MRR) == [200, 357, 257]
    (fault,) = (fault for fault in folder.check().problems if fault.code == "read-as-events")
    assert "of 2, like that of u5, the log has no beginning" in fault.message


def test_amounts_that_are_neither_are_refused_and_the_setting_decides(tmp_path: Path) -> None:
    # An upgrade to less than before.
    lines = [line.replace("-20,150", "-20,50") for line in LOG]
    folder = folder_of(tmp_path / "more", paid_users=lines)
    assert codes(folder) == ["event-amounts"]
    asked = '[paid_users]\nevent_amounts = "after"\n'
    assert values(folder_of(tmp_path / "more", asked), MRR) == [200, 50 + 200, 50 + 100]
    # Below 0, and yet what is left when u2 has ended is not 0.
    lines = [line.replace("05,-100", "05,-90") for line in CHANGES]
    assert codes(folder_of(tmp_path / "sum", paid_users=lines)) == ["event-amounts"]
    asked = "[inputs.paid_users.columns]\nmrr = false\n"
    assert values(folder_of(tmp_path / "sum", asked), CLOSING) == [2, 3, 2]


def test_subscriptions_with_a_state_are_no_events(tmp_path: Path) -> None:
    rows = [
        "user_id,subscription_id,status,start_date,mrr",
        "u1,s1,cancelled,2026-01-05,100", "u1,s2,active,2026-02-05,100",
        "u2,s3,active,2026-01-05,100", "u2,s4,cancelled,2026-02-05,100",
    ]  # fmt: skip
    folder = folder_of(tmp_path / "ids", paid_users=rows)
    assert "read-as-events" not in codes(folder)
    without = [",".join(cell for place, cell in enumerate(row.split(",")) if place != 1) for row in rows]
    assert "read-as-events" not in codes(folder_of(tmp_path / "none", paid_users=without))
    # The setting decides either way.
    folder = folder_of(tmp_path / "log", '[paid_users]\nshape = "subscriptions"\n', paid_users=LOG)
    assert "read-as-events" not in codes(folder)
    folder = folder_of(tmp_path / "forced", '[paid_users]\nshape = "events"\n', paid_users=without)
    assert values(folder, LOST) == [0, 1, 0]
    folder = folder_of(
        tmp_path / "nothing", '[paid_users]\nshape = "events"\n', paid_users=["user_id,date", "u1,2026-01-05"]
    )
    assert codes(folder) == ["no-events"]


def test_a_log_beside_subscriptions_is_refused(tmp_path: Path) -> None:
    others = ["user_id,started_at,ended_at", "u1,2026-01-10,2026-03-01"]
    assert codes(folder_of(tmp_path, paid_users_log=LOG, paid_users_now=others)) == ["log-beside-rows"]


def test_an_event_that_ends_something_and_changes_it_is_not_known() -> None:
    statuses = INPUTS["paid_users"].statuses
    assert statuses is not None
    said = [
        happening(text, statuses, {}) for text in ("Cancelled: switched to X", "Renewed/Cancelled", "Created - Pro")
    ]
    assert said == [None, None, Happening.BEGINS]


def test_words_beside_a_status_that_is_understood_make_no_events_of_payments(tmp_path: Path) -> None:
    """Three pay in January and again in February; the payment of u4 failed, so that it never began."""
    rows = [
        f"u{number},2026-0{month}-1{number},{'Failed' if number == 4 else 'Paid'},100,Subscription {word}"
        for month, word in ((1, "creation"), (2, "update"))
        for number in range(1, 5)
    ]
    lines = ["Customer ID,start date,Status,Amount,Description", *rows]
    folder = folder_of(tmp_path, paid_users=lines)
    assert values(folder, NEW) == [3, 0, 0]
    assert "read-as-events" not in codes(folder)
    assert codes(folder).count("not-paying") == 2
