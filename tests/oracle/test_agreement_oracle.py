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
HOUR, IN_CONTACT, TICK = timedelta(hours=1), timedelta(days=30), timedelta(microseconds=1)
OWNERS = ("Lan", "Minh", "", "Minh; Lan")
TOUCHERS = ("Lan", "Minh", "Lan; Minh")
QUIET = timedelta(days=3)  # so long an export may be quiet before its end counts as one


class When(NamedTuple):
    """A moment, or a day without a time."""

    at: datetime
    timed: bool = True

    @property
    def end(self) -> datetime:
        return self.at if self.timed else self.at + timedelta(days=1) - TICK

    def not_after(self, other: When) -> bool:
        """By the moment; where one of both is a bare day, by the day."""
        both = self.timed and other.timed
        return self.at <= other.at if both else self.at.date() <= other.at.date()


class Touch(NamedTuple):
    lead: str
    when: When
    owner: str
    spoke: bool


class Handed(NamedTuple):
    """A hand-over as a walk sees it; what happens from ``begin`` up to ``last`` is of it."""

    lead: str
    when: When
    owner: str
    accepted: When | None
    returned: When | None
    reason: str
    again: bool
    begin: datetime
    last: datetime


Row = tuple[str, When, str, When | None, When | None, str]
Given = tuple[list[Row], list[Touch], list[tuple[str, When]], dict[str, datetime]]


def first_of(owners: str) -> str:
    """The first of several names in a cell."""
    return owners.split(";")[0].strip()


def drawn(random: Random) -> Given:
    """Rows of hand-overs, touches, demos and signups of a month; some have no time of day."""

    def as_written(at: datetime) -> When:
        midnight = at.replace(hour=0, minute=0)  # which exports write where they know no time of day
        return When(midnight, timed=False) if random.random() < bare or at == midnight else When(at)

    def moment(least: int = 1, most: int = 29) -> datetime:
        return datetime(2026, 9, random.randint(least, most), random.randint(6, 20), random.randint(0, 59))

    bare = random.choice((0, 0, 0.3))
    leads = [f"u{number}" for number in range(30)]
    rows: list[Row] = []
    for lead in leads:
        at = moment(3, 20)
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            accepted = at + timedelta(minutes=random.randint(-200, 6000)) if random.random() < 0.4 else None
            returned = at + timedelta(minutes=random.randint(-200, 9000)) if random.random() < 0.4 else None
            reason = random.choice(("no answer", "wrong number", "Wrong  number", ""))
            yes, no = (None if each is None else as_written(each) for each in (accepted, returned))
            rows.append((lead, as_written(at), random.choice(OWNERS), yes, no, reason if returned else ""))
            goes_on = returned is not None and returned > at and random.random() < 0.3
            at = returned if goes_on and returned else at + timedelta(minutes=random.randint(1, 12000))
    rows = [row for row in rows if row[1].at <= AS_OF]
    touches = [
        Touch(random.choice(leads), as_written(moment()), random.choice(TOUCHERS), random.random() < 0.2)
        for _ in range(150)
    ]
    touches.append(Touch("u0", When(AS_OF - timedelta(minutes=5)), "Lan", spoke=False))
    # Some exports of activities begin late, or have ended before.
    first, last = random.choice(((1, 30), (1, 30), (8, 30), (1, 19), (8, 19)))
    touches = [touch for touch in touches if first <= touch.when.at.day <= last]
    demos = [(random.choice(leads), as_written(moment())) for _ in range(8)]
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


def answer_due(start: datetime, owner: str) -> datetime:
    """The first moment at which four hours have been worked."""
    left, day = timedelta(hours=4), start.replace(hour=0, minute=0)
    while True:
        for since, until in hours_on(day, owner):
            first, last = max(start, day + since * HOUR), day + until * HOUR
            if last - first >= left:
                return first + left
            left -= max(last - first, timedelta(0))
        day += timedelta(days=1)


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
        mine = sorted((row for row in rows if row[0] == lead), key=lambda row: row[1].end)
        groups: list[list[Row]] = []
        backs: list[When | None] = []
        for row in mine:
            _, when, owner, accepted, returned, reason = row
            accepted, returned = (
                each if each is not None and when.not_after(each) and each.at <= AS_OF else None
                for each in (accepted, returned)
            )
            back = backs[-1] if backs else None
            if not groups or (back is not None and back.not_after(when)):
                groups.append([])
                backs.append(None)
            groups[-1].append((lead, when, owner, accepted, returned, reason))
            if returned is not None and (backs[-1] is None or returned.at < backs[-1].at):
                backs[-1] = returned
        begins = [group[0][1].at for group in groups]
        for place in range(1, len(groups)):
            back = backs[place - 1]
            assert back is not None
            if not groups[place][0][1].timed:
                begins[place] = max(begins[place], back.end + TICK)
        for place, (group, back) in enumerate(zip(groups, backs, strict=True)):
            until = begins[place + 1] if place + 1 < len(groups) else datetime.max
            accepted = min(
                (row[3] for row in group if row[3] is not None and not is_over(row[3], row[4], back)), default=None
            )
            why = next((row[5] for row in group if row[4] is not None and row[4] == back), "")
            last = min(datetime.max if back is None else back.end, until - TICK)
            yield Handed(
                lead, group[0][1], first_of(group[-1][2]), accepted, back, why, place > 0, begins[place], last,
            )  # fmt: skip


def is_over(accepted: When, *backs: When | None) -> bool:
    """Whether a lead had come back before it was accepted, of its own row or of another of the hand-over."""
    return any(back is not None and not accepted.not_after(back) for back in backs)


def by(when: When, stops: list[When]) -> datetime:
    """When something has happened that is of a bare day: by its end, or what ends on that day."""
    on_day = [stop.at for stop in stops if stop.timed and stop.at.date() == when.at.date()]
    return when.at if when.timed else min([when.end, AS_OF, *on_day])


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


def told(touches: Sequence[Touch], signups: dict[str, datetime]) -> tuple[datetime, datetime, datetime]:
    """From when until when the touches tell of contacts, and up to when who came back then is known to have had none.

    They tell of everything where they begin when all else does, or go on until the end, but for some days.
    """
    days = [touch.when.at.date() for touch in touches]
    begun = min([*(at.date() for at in signups.values()), *days])
    since = datetime.combine(min(days), datetime.min.time()) if min(days) > begun + QUIET else datetime.min
    if max(days) >= AS_OF.date() - QUIET:
        return since, AS_OF, datetime.max
    last = datetime.combine(max(days) + timedelta(days=1), datetime.min.time()) - TICK
    return since, last, last + QUIET


def recount(
    rows: Sequence[Row], touches: Sequence[Touch], demos: Sequence[tuple[str, When]], signups: dict[str, datetime]
) -> dict[str, float | None]:
    """The figures, each hand-over by itself."""
    names = (
        "handed_over_leads", "rehanded_leads", "accepted_leads", "rejected_leads", "overdue_leads", "pending_leads",
        "returned_leads", "returned_too_early_leads", "touched_leads", "untouched_leads", "already_in_contact_leads",
        "conversation_leads", "response_due_leads", "answered_in_time_leads", "lead_attempts", "attempt_gaps",
        "agreed_attempt_gaps", "both_due_leads", "promise_kept_leads", "contact_not_known_leads", "seen_leads",
    )  # fmt: skip
    sums: dict[str, float | None] = dict.fromkeys(names, 0)
    times: list[tuple[float, bool]] = []

    def add(name: str, number: float = 1) -> None:
        sums[name] = (sums[name] or 0) + number

    all_handed = list(walk(rows))
    told_since, told_until, told_by = told(touches, signups)
    for handed in all_handed:
        stops = [
            each
            for other in all_handed
            if other.lead == handed.lead
            for each in (other.accepted, other.returned)
            if each
        ]
        seen = handed.when.end >= told_since and handed.when.at <= told_until
        stop = max(min(told_until, handed.last), handed.when.at)
        mine = sorted(
            (by(touch.when, stops), touch) for touch in touches if touch.lead == handed.lead and touch.when.at <= AS_OF
        )
        since = [(at, touch) for at, touch in mine if handed.begin <= at <= stop]
        owner = first_of(since[0][1].owner) if since else handed.owner
        signed, started = signups[handed.lead], handed.when.at
        contact = any(signed - IN_CONTACT <= at < signed for at, _ in mine) or any(
            handed.owner in map(first_of, touch.owner.split(";")) and started - IN_CONTACT <= at < started
            for at, touch in mine
        )
        booked = [
            at for lead, at in demos
            if lead == handed.lead and at.at <= AS_OF and handed.begin <= by(at, stops) <= handed.last
        ]  # fmt: skip
        accepted = handed.accepted or min(booked, default=None, key=lambda at: by(at, stops))
        decided = min((each.at for each in (accepted, handed.returned) if each is not None), default=None)
        due = two_days_later(started, owner)
        if not handed.when.timed:
            due = due.replace(hour=0, minute=0) + timedelta(days=1) - TICK
        add("handed_over_leads")
        add("rehanded_leads", handed.again)
        add("returned_leads", handed.returned is not None)
        state = "accepted" if accepted else "rejected" if handed.returned else "overdue" if due < AS_OF else "pending"
        add(f"{state}_leads")
        known = "untouched_leads" if seen else "contact_not_known_leads"
        add("touched_leads" if since or contact else known)
        add("seen_leads", seen)
        add("already_in_contact_leads", contact)
        spoke = any(touch.spoke for _, touch in since)
        add("conversation_leads", spoke and bool(since or contact))
        at_once = handed.returned is not None and " ".join(handed.reason.split()).casefold() == "wrong number"
        has_minutes = handed.when.timed and (not since or since[0][1].when.timed)
        timed = has_minutes and not contact and not (at_once and not since) and seen
        took = worked(started, since[0][0] if since else stop, owner)
        limit_past = answer_due(started, owner) < told_until
        if timed:
            if since or handed.returned is None or handed.returned.timed:
                times.append((took, bool(since)))
            add("response_due_leads", limit_past)
            add("answered_in_time_leads", limit_past and bool(since) and took <= 240)
        tried = [(at, touch.when.timed) for at, touch in since if at <= (accepted.end if accepted else AS_OF)]
        attempts: list[tuple[datetime, bool]] = []
        for at, is_timed in tried:
            if not attempts or at - attempts[-1][0] > HOUR:
                attempts.append((at, is_timed))
        attempts = attempts if seen else []
        add("lead_attempts", len(attempts))
        gaps = [(later.date() - earlier.date()).days for (earlier, _), (later, _) in pairwise(attempts)]
        add("attempt_gaps", len(gaps))
        add("agreed_attempt_gaps", sum(1 <= days <= 4 for days in gaps))
        early = handed.returned is not None and len(attempts) < 3 and not spoke and not at_once
        early = early and seen and handed.returned is not None and handed.returned.at <= told_by
        add("returned_too_early_leads", early)
        if has_minutes and limit_past and due < AS_OF and seen:
            in_time = handed.returned is not None and worked(started, handed.returned.at, owner) <= 240
            answered = (timed and bool(since) and took <= 240) or contact or (at_once and not since and in_time)
            add("both_due_leads")
            add("promise_kept_leads", answered and decided is not None and decided <= due and not early)
    return {**sums, "response_minutes": median(times)}


def written(folder: Path, given: Given) -> Path:
    rows, touches, demos, signups = given

    def text(when: When | None) -> str:
        return "" if when is None else when.at.strftime("%Y-%m-%d %H:%M" if when.timed else "%Y-%m-%d")

    lines = (f"{lead},{text(at)},{owner},{text(yes)},{text(no)},{why}" for lead, at, owner, yes, no, why in rows)
    came = [f"{lead},{at:%Y-%m-%d %H:%M}" for lead, at in signups.items()]
    head = "user_id,handed_over_at,to_owner,accepted_at,returned_at,return_reason"
    did = (f"{t.lead},{text(t.when)},call,{t.owner},out,{'answered' if t.spoke else 'no answer'}" for t in touches)
    return write_folder(
        folder,
        {
            "handovers.csv": "\n".join([head, *lines]) + "\n",
            "activities.csv": "\n".join(["user_id,at,kind,owner,direction,outcome", *did]) + "\n",
            "demos.csv": "\n".join(["user_id,booked_at", *(f"{lead},{text(at)}" for lead, at in demos)]) + "\n",
            "signups.csv": "\n".join(["user_id,signed_up_at", *came]) + "\n",
        },
        SETTINGS,
    )


def counted(folder: fc.Folder, names: Sequence[str]) -> dict[str, float | None]:
    return {name: folder.explain(name, month="2026-09", as_of=AS_OF).value.value for name in names}


@pytest.mark.parametrize("seed", range(24))
def test_hand_overs_walked_one_by_one(tmp_path: Path, seed: int) -> None:
    given = drawn(Random(seed))
    folder = fc.open_folder(written(tmp_path, given))
    expected = recount(*given)
    figures = counted(folder, list(expected))
    assert figures == pytest.approx(expected)
    states = ("accepted_leads", "rejected_leads", "overdue_leads", "pending_leads")
    assert sum(figures[name] or 0 for name in states) == figures["handed_over_leads"]
    contacts = ("touched_leads", "untouched_leads", "contact_not_known_leads")
    assert sum(figures[name] or 0 for name in contacts) == figures["handed_over_leads"]
