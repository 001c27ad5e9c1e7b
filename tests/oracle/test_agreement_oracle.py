"""A second way to the figures of the agreement: hand-overs of random folders walked one by one, with plain dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

import funnelcli as fc
from support import write_folder

SETTINGS = """[sla]
[sla.sales]
respond = "4h"
decide = "2d"
attempts = 3
apart = "1d-4d"
return_at_once = ["wrong number"]
[sla.hours]
mon-fri = ["08:00-12:00", "13:00-17:30"]
sat = "08:00-12:00"
closed = ["2026-09-02"]
calendars.late = { mon-sun = "12:00-20:00", owners = ["Minh"] }
"""
AS_OF = datetime(2026, 9, 30, 16, 45)
HOUR, IN_CONTACT = timedelta(hours=1), timedelta(days=30)
OWNERS = ("Lan", "Minh", "")


class Touch(NamedTuple):
    lead: str
    at: datetime
    owner: str
    spoke: bool


class Handed(NamedTuple):
    """A hand-over as a walk sees it."""

    lead: str
    at: datetime
    owner: str
    accepted: datetime | None
    returned: datetime | None
    reason: str
    again: bool
    until: datetime  # of the lead's next hand-over


Row = tuple[str, datetime, str, datetime | None, datetime | None, str]


def drawn(random: Random) -> tuple[list[Row], list[Touch], list[tuple[str, datetime]], dict[str, datetime]]:
    """Rows of hand-overs, touches, demos and signups of a month."""

    def moment(least: int = 1, most: int = 29) -> datetime:
        return datetime(2026, 9, random.randint(least, most), random.randint(6, 20), random.randint(0, 59))

    leads = [f"u{number}" for number in range(30)]
    rows: list[Row] = []
    for lead in leads:
        at = moment(3, 20)
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            accepted = at + timedelta(minutes=random.randint(1, 6000)) if random.random() < 0.4 else None
            returned = at + timedelta(minutes=random.randint(1, 9000)) if random.random() < 0.4 else None
            reason = random.choice(("no answer", "wrong number", ""))
            rows.append((lead, at, random.choice(OWNERS), accepted, returned, reason if returned else ""))
            at += timedelta(minutes=random.randint(1, 12000))
    rows = [row for row in rows if row[1] <= AS_OF]
    touches = [
        Touch(random.choice(leads), moment(), random.choice(OWNERS[:2]), random.random() < 0.2) for _ in range(150)
    ]
    demos = [(random.choice(leads), moment()) for _ in range(8)]
    signups = {lead: datetime(2026, 9, random.randint(1, 3), 9, 0) for lead in leads}
    random.shuffle(rows)
    return rows, touches, demos, signups


def hours_on(day: datetime, owner: str) -> list[tuple[float, float]]:
    if owner == "Minh":
        return [(12, 20)]
    if day.date() == datetime(2026, 9, 2).date() or day.weekday() == 6:
        return []
    return [(8, 12)] if day.weekday() == 5 else [(8, 12), (13, 17.5)]


def worked(start: datetime, end: datetime, owner: str) -> float:
    """Working minutes, day by day."""
    total, day = 0.0, start.replace(hour=0, minute=0)
    while day <= end:
        for since, until in hours_on(day, owner):
            first, last = max(start, day + since * HOUR), min(end, day + until * HOUR)
            total += max((last - first).total_seconds() / 60, 0)
        day += timedelta(days=1)
    return total


def is_open(at: datetime, owner: str) -> bool:
    day = at.replace(hour=0, minute=0)
    return any(day + since * HOUR <= at < day + until * HOUR for since, until in hours_on(at, owner))


def two_days_later(start: datetime, owner: str) -> datetime:
    """The same hour two working days later, else the close before it, else the opening."""
    begun = start
    while not is_open(begun, owner):
        begun += timedelta(minutes=1)
    day, left = begun.replace(hour=0, minute=0), 2
    while left:
        day += timedelta(days=1)
        left -= bool(hours_on(day, owner))
    wanted = day + (begun - begun.replace(hour=0, minute=0))
    spans = [(day + since * HOUR, day + until * HOUR) for since, until in hours_on(day, owner)]
    before = [min(wanted, until) for since, until in spans if since <= wanted]
    return before[-1] if before else spans[0][0]


def walk(rows: Sequence[Row]) -> Iterator[Handed]:
    """The hand-overs: a row of a lead before a return only says who has it from then on."""
    for lead in sorted({row[0] for row in rows}):
        mine = sorted(row for row in rows if row[0] == lead)
        returns = sorted((row[4], row[5]) for row in mine if row[4] is not None and row[4] <= AS_OF)
        groups: list[list[Row]] = []
        for row in mine:
            came_back = groups and any(groups[-1][-1][1] < at <= row[1] for at, _ in returns)
            if not groups or came_back:
                groups.append([])
            groups[-1].append(row)
        for place, group in enumerate(groups):
            until = groups[place + 1][0][1] if place + 1 < len(groups) else datetime.max
            back = next(((at, why) for at, why in returns if group[0][1] <= at <= until), None)
            accepted = [row[3] for row in group if row[3] is not None and row[3] <= AS_OF]
            yield Handed(
                lead, group[0][1], group[-1][2], min(accepted, default=None), back[0] if back else None,
                back[1] if back else "", place > 0, until,
            )  # fmt: skip


def median(times: list[tuple[float, bool]]) -> float | None:
    """The first time at which half have been touched, of those who wait too."""
    left, share = len(times), 1.0
    for time in sorted({time for time, _ in times}):
        happened = sum(touched for each, touched in times if each == time)
        share *= 1 - happened / left
        if happened and share <= 0.5 + 1e-12:
            return time
        left -= sum(each == time for each, _ in times)
    return None


def recount(
    rows: Sequence[Row], touches: Sequence[Touch], demos: Sequence[tuple[str, datetime]], signups: dict[str, datetime]
) -> dict[str, float | None]:
    """The figures, each hand-over by itself."""
    names = (
        "handed_over_leads", "rehanded_leads", "accepted_leads", "rejected_leads", "overdue_leads", "pending_leads",
        "returned_leads", "returned_too_early_leads", "touched_leads", "untouched_leads", "already_in_contact_leads",
        "conversation_leads", "response_due_leads", "answered_in_time_leads", "lead_attempts", "attempt_gaps",
        "agreed_attempt_gaps", "both_due_leads", "promise_kept_leads",
    )  # fmt: skip
    sums: dict[str, float | None] = dict.fromkeys(names, 0)
    times: list[tuple[float, bool]] = []

    def add(name: str, number: float = 1) -> None:
        sums[name] = (sums[name] or 0) + number

    for handed in walk(rows):
        stop = min(handed.returned or AS_OF, AS_OF, handed.until - timedelta(microseconds=1))
        mine = sorted(touch for touch in touches if touch.lead == handed.lead and touch.at <= AS_OF)
        since = [touch for touch in mine if handed.at <= touch.at <= stop]
        owner = since[0].owner if since else handed.owner
        signed = signups[handed.lead]
        contact = any(signed - IN_CONTACT <= touch.at < signed for touch in mine) or any(
            touch.owner == handed.owner and handed.at - IN_CONTACT <= touch.at < handed.at for touch in mine
        )
        booked = [at for lead, at in demos if lead == handed.lead and handed.at <= at <= stop]
        accepted = handed.accepted or min(booked, default=None)
        decided = min((at for at in (accepted, handed.returned) if at is not None), default=None)
        due = two_days_later(handed.at, owner)
        add("handed_over_leads")
        add("rehanded_leads", handed.again)
        add("returned_leads", handed.returned is not None)
        state = "accepted" if accepted else "rejected" if handed.returned else "overdue" if due < AS_OF else "pending"
        add(f"{state}_leads")
        add("touched_leads" if since or contact else "untouched_leads")
        add("already_in_contact_leads", contact)
        spoke = any(touch.spoke for touch in since)
        add("conversation_leads", spoke and bool(since or contact))
        at_once = handed.returned is not None and handed.reason == "wrong number"
        timed = not contact and not (at_once and not since)
        took = worked(handed.at, since[0].at if since else max(stop, handed.at), owner)
        limit_past = worked(handed.at, AS_OF, owner) > 240
        if timed:
            times.append((took, bool(since)))
            add("response_due_leads", limit_past)
            add("answered_in_time_leads", limit_past and bool(since) and took <= 240)
        tried = [touch.at for touch in since if touch.at <= (accepted or AS_OF)]
        attempts: list[datetime] = []
        for at in tried:
            if not attempts or at - attempts[-1] > HOUR:
                attempts.append(at)
        add("lead_attempts", len(attempts))
        gaps = [(later.date() - earlier.date()).days for earlier, later in pairwise(attempts)]
        add("attempt_gaps", len(gaps))
        add("agreed_attempt_gaps", sum(1 <= days <= 4 for days in gaps))
        early = handed.returned is not None and len(attempts) < 3 and not spoke and not at_once
        add("returned_too_early_leads", early)
        if limit_past and due < AS_OF:
            answered = (timed and bool(since) and took <= 240) or contact or (at_once and not since)
            add("both_due_leads")
            add("promise_kept_leads", answered and decided is not None and decided <= due and not early)
    return {**sums, "response_minutes": median(times)}


def written(
    folder: Path, given: tuple[list[Row], list[Touch], list[tuple[str, datetime]], dict[str, datetime]]
) -> Path:
    rows, touches, demos, signups = given

    def text(at: datetime | None) -> str:
        return "" if at is None else at.strftime("%Y-%m-%d %H:%M")

    lines = (f"{lead},{text(at)},{owner},{text(yes)},{text(no)},{why}" for lead, at, owner, yes, no, why in rows)
    head = "user_id,handed_over_at,to_owner,accepted_at,returned_at,return_reason"
    did = (f"{t.lead},{text(t.at)},call,{t.owner},out,{'answered' if t.spoke else 'no answer'}" for t in touches)
    return write_folder(
        folder,
        {
            "handovers.csv": "\n".join([head, *lines]) + "\n",
            "activities.csv": "\n".join(["user_id,at,kind,owner,direction,outcome", *did]) + "\n",
            "demos.csv": "\n".join(["user_id,booked_at", *(f"{lead},{text(at)}" for lead, at in demos)]) + "\n",
            "signups.csv": "\n".join(["user_id,signed_up_at", *(f"{lead},{text(at)}" for lead, at in signups.items())])
            + "\n",
        },
        SETTINGS,
    )


def counted(folder: fc.Folder, names: Sequence[str]) -> dict[str, float | None]:
    return {name: folder.explain(name, month="2026-09", as_of=AS_OF).value.value for name in names}


@pytest.mark.parametrize("seed", range(12))
def test_hand_overs_walked_one_by_one(tmp_path: Path, seed: int) -> None:
    given = drawn(Random(seed))
    folder = fc.open_folder(written(tmp_path, given))
    expected = recount(*given)
    figures = counted(folder, list(expected))
    assert figures == pytest.approx(expected)
    states = ("accepted_leads", "rejected_leads", "overdue_leads", "pending_leads")
    assert sum(figures[name] or 0 for name in states) == figures["handed_over_leads"]
    assert (figures["touched_leads"] or 0) + (figures["untouched_leads"] or 0) == figures["handed_over_leads"]
