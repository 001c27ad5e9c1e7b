"""Commission of random folders, recounted event by event in plain Python, and what holds of it whatever the exports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

import funnelcli as fc
from draws import tries
from owed import folder_of

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 120).map(lambda n: FIRST + timedelta(days=n))
NAMES = ("", "A7", "B2", "Lan")


@dataclass(frozen=True)
class Paid:
    """A row of a customer: from a day to a day, or on; what it brings a month in hundredths."""

    start: date
    end: date | None
    mrr: int


@dataclass(frozen=True)
class Person:
    """Somebody who signed up: by whose help, from where, with rows of what was paid."""

    signed_up: date
    affiliate: str
    source: str
    booked: date | None
    paid: tuple[Paid, ...]


@st.composite
def stays(draw: st.DrawFn) -> tuple[Paid, ...]:
    """Rows that follow each other after a gap of at least two days, so that each is a stay of its own."""
    rows: list[Paid] = []
    start = draw(DAYS)
    for _ in range(draw(st.integers(0, 3))):
        end = draw(st.one_of(st.none(), st.integers(0, 60).map(lambda n, start=start: start + timedelta(days=n))))  # type: ignore[misc]
        rows.append(Paid(start=start, end=end, mrr=draw(st.integers(0, 10**7))))
        if end is None:
            break
        start = end + timedelta(days=draw(st.integers(2, 40)))
    return tuple(rows)


PEOPLE = st.lists(
    st.builds(Person, signed_up=DAYS, affiliate=st.sampled_from(NAMES),
              source=st.sampled_from(("affiliate", "google", "")), booked=st.one_of(st.none(), DAYS), paid=stays()),
    min_size=1, max_size=6,
)  # fmt: skip


@dataclass(frozen=True)
class Owed:
    """One commission, in hundredths, and what becomes of it on which day."""

    person: str
    earned: date
    amount: int
    settled: date
    lost: bool


def recount(people: Sequence[Person], share: int, wait: int) -> list[Owed]:
    """What is owed, row by row: 50 a signup and 7 a booking from affiliates, and a share of the first year."""
    owed: list[Owed] = []
    for person in people:
        if person.source != "affiliate":
            continue
        events = [(person.signed_up, 5000)]
        if person.booked is not None:
            events.append((person.booked, 700))
        if person.paid:
            year = Decimal(person.paid[0].mrr * 12 * share) / 100
            events.append((person.paid[0].start, int(year.quantize(Decimal(1), ROUND_HALF_EVEN))))
        for day, amount in events:
            due = day + timedelta(days=wait)
            ends = sorted(row.end for row in person.paid if row.end is not None and row.end >= day)
            lost = bool(ends) and ends[0] <= due
            who = person.affiliate or "unassigned"
            owed.append(Owed(person=who, earned=day, amount=amount, settled=ends[0] if lost else due, lost=lost))
    return [each for each in owed if each.amount]


def folder_with(place: Path, people: Sequence[Person], currency: str, share: int, wait: int) -> fc.Folder:
    """The people as three exports, with a policy of the affiliates."""
    policy = [
        "[business]", f'currency = "{currency}"', "[policies.affiliate]", "per_signup = 50", "per_demo = 7",
        f'per_new_paid_user = "{share}%"', *([f'pay_after = "{wait}d"'] if wait else []),
    ]  # fmt: skip
    signups, demos = ["user_id,affiliate_id,signed_up_at,source"], ["user_id,booked_at"]
    paid = ["user_id,started_at,ended_at,mrr"]
    for number, person in enumerate(people):
        signups.append(f"p{number},{person.affiliate},{person.signed_up},{person.source}")
        demos += [f"p{number},{person.booked}"] if person.booked is not None else []
        paid += [f"p{number},{row.start},{row.end or ''},{row.mrr / 100:.2f}" for row in person.paid]
    return folder_of(place, policy, signups=signups, demos=demos, paid_users=paid)


@settings(max_examples=tries(25), deadline=None)
@given(
    people=PEOPLE,
    as_of=DAYS,
    share=st.integers(1, 40),
    wait=st.sampled_from((0, 1, 30, 45)),
    currency=st.sampled_from(("USD", "EUR")),
)
def test_each_person_s_commission_closes_and_is_that_of_a_recount(
    people: list[Person], as_of: date, share: int, wait: int, currency: str
) -> None:
    """By any day: earned = clawed back + payable + held, each of them as row by row in whole hundredths.

    Of who signs up after it nothing says yet who brought them.
    """
    wanted: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for each in recount([person for person in people if person.signed_up <= as_of], share, wait):
        if each.earned <= as_of:
            state = 3 if each.settled > as_of else 1 if each.lost else 2
            wanted[each.person][0] += each.amount
            wanted[each.person][state] += each.amount
    with TemporaryDirectory() as place:
        folder = folder_with(Path(place), people, currency, share, wait)
        balances = folder.commission(as_of=as_of.isoformat()).balances
    hundredths = {
        each.person: [round(100 * (n or 0)) for n in (each.earned, each.clawed_back, each.payable, each.held)]
        for each in balances
    }
    assert hundredths == dict(wanted)
    assert all(earned == clawed + payable + held for earned, clawed, payable, held in hundredths.values())


@settings(max_examples=10, deadline=None)
@given(people=PEOPLE, share=st.integers(1, 40), wait=st.sampled_from((0, 30)))
def test_months_and_persons_sum_to_what_is_owed(people: list[Person], share: int, wait: int) -> None:
    """The report by month and person has the commissions of the recount, each in the month of its day."""
    owed = recount(people, share, wait)
    months = [f"2026-{month:02}" for month in range(1, 8)]
    with TemporaryDirectory() as place:
        folder = folder_with(Path(place), people, "USD", share, wait)
        report = folder.report(start=months[0], end=months[-1], as_of="2026-07-31", by="person", section="costs")
        payable, clawed = (
            {part: report.values(f"commission_{kind}_amount", part) for part in report.parts}
            for kind in ("payable", "clawed_back")
        )
    for kind, by_part in ((False, payable), (True, clawed)):
        for part, cells in by_part.items():
            for month in months:
                mine = [o.amount for o in owed if o.person == part and o.lost is kind and f"{o.settled:%Y-%m}" == month]
                assert round(100 * (cells[month].value or 0)) == sum(mine), (part, month, kind)
