"""Small random folders of costs, and of the people that they brought, whose days lie at the borders of months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from draws import any_of, together
from oracle.costs_recount import MONTHS, Business, Cost, Person, Stay, first_of, last_of, name_of

# What a row names, and the channel that this is.
NAMED = {
    "google / cpc": "paid", "facebook": "paid", "affiliate": "affiliate", "Partner": "partner",
    "google / organic": "organic", "billboard": "unassigned", "": "unassigned",
}  # fmt: skip
SOURCES = {"google / cpc": "paid", "affiliate": "affiliate", "google / organic": "organic"}
TEAMS = ("marketing", "", "customer_success", "Customer Success", "dev", "partner")
CAMPAIGNS = ("", "Search", "Workshop")
AMOUNTS = (0, 1, 33_33, 100_00, 2_500_00, -40_00, 1_234_567_89)
DAYS = tuple(
    day
    for month in MONTHS
    for day in (
        first_of(month),
        first_of(month) + timedelta(days=13),
        last_of(month) - timedelta(days=1),
        last_of(month),
    )
)
# How a row is dated: by its day, by its month, or by the days from the first of the month to that day.
DATED = ("day", "month", "span")


@dataclass(frozen=True)
class Row:
    """A row of costs as it is written, and what it comes to."""

    date: str
    until: str
    named: str
    cost: Cost

    def written(self, hundredths: int | None = None) -> str:
        amount = self.cost.hundredths if hundredths is None else hundredths
        text = (
            f"{amount / 100:.2f}" if amount < 10**8 else str(Fraction(amount, 100).__floor__()) + f".{amount % 100:02}"
        )
        return f"{self.date},{self.until},{self.named},{self.cost.team},{self.cost.campaign},{text}"


@dataclass(frozen=True)
class Case:
    """A business, and the rows that its costs are written as."""

    rows: tuple[Row, ...]
    business: Business
    sources: tuple[str, ...]
    visit_sources: tuple[str, ...]


def _row(values: tuple[date, str, str, str, str, int]) -> Row:
    day, dated, named, team, campaign, hundredths = values
    month = day.replace(day=1)
    text = {"day": f"{day}", "month": f"{day:%Y-%m}", "span": f"{month}"}[dated]
    until = f"{day}" if dated == "span" else ""
    cost = Cost(
        day=day if dated == "day" else month, hundredths=hundredths, channel=NAMED[named], team=team, campaign=campaign
    )
    return Row(date=text, until=until, named=named, cost=cost)


ROWS = together(DAYS, DATED, tuple(NAMED), TEAMS, CAMPAIGNS, AMOUNTS).map(_row)
_LENGTHS = (0, 1, 27, 40, 90, None)
_PEOPLE = together(
    DAYS[:-8], tuple(SOURCES), (None, *DAYS), (None, 0, 3, 31, 60), _LENGTHS, (1, 29_99, 100_00), (None, 3, 40),
    _LENGTHS, (50_00, 100_00),
)  # fmt: skip
_VISITS = together(DAYS, tuple(SOURCES), (1, 7, 500))
ASKED = (MONTHS[2:5], MONTHS[5:], MONTHS, MONTHS[:3], MONTHS[6:])


def _person(values: tuple[object, ...]) -> tuple[str, Person]:
    signed_up, source, booked, wait, length, mrr, gap, again, other = values
    assert isinstance(signed_up, date)
    assert isinstance(source, str)
    stays: list[Stay] = []
    if isinstance(wait, int):
        start = signed_up + timedelta(days=wait)
        end = start + timedelta(days=length) if isinstance(length, int) else None
        stays.append(Stay(start=start, end=end, mrr=int(str(mrr))))
        if end is not None and isinstance(gap, int):
            start = end + timedelta(days=gap)
            end = start + timedelta(days=again) if isinstance(again, int) else None
            stays.append(Stay(start=start, end=end, mrr=int(str(other))))
    person = Person(
        signed_up=signed_up, channel=SOURCES[source], booked=(booked,) if isinstance(booked, date) else (),
        stays=tuple(stays),
    )  # fmt: skip
    return source, person


@st.composite
def cases(draw: st.DrawFn, least: int = 1, most: int = 9) -> Case:
    """Up to a dozen rows of costs, up to so many people, and visits."""
    rows = draw(st.lists(ROWS, min_size=least, max_size=12))
    people = [_person(values) for values in draw(st.lists(_PEOPLE, min_size=least, max_size=most))]
    visits = draw(st.lists(_VISITS, min_size=1, max_size=4))
    margin, as_of = draw(together((Fraction(1), Fraction(4, 5)), (DAYS[-1], DAYS[-1], DAYS[-6], DAYS[13])))
    business = Business(
        costs=tuple(row.cost for row in rows),
        people=tuple(person for _, person in people),
        visits=tuple((day, SOURCES[source], number) for day, source, number in visits),
        margin=margin,
        as_of=as_of,
    )
    sources = tuple(source for source, _ in people)
    return Case(rows=tuple(rows), business=business, sources=sources, visit_sources=tuple(v[1] for v in visits))


def write_costs(folder: Path, rows: Sequence[str], name: str = "costs.csv") -> None:
    text = "\n".join(("date,until,channel,team,campaign,amount", *rows)) + "\n"
    (folder / name).write_text(text, encoding="utf-8")


def write_case(folder: Path, case: Case) -> None:
    """The files of a business; what is not of costs is known of all its months."""
    business = case.business
    write_costs(folder, [row.written() for row in case.rows])
    signups, demos = ["user_id,signed_up_at,source"], ["user_id,booked_at"]
    paid, visits = ["user_id,started_at,ended_at,mrr"], ["date,source,visits"]
    for number, (source, person) in enumerate(zip(case.sources, business.people, strict=True)):
        signups.append(f"p{number},{person.signed_up},{source}")
        demos += [f"p{number},{day}" for day in person.booked]
        paid += [f"p{number},{stay.start},{stay.end or ''},{stay.mrr / 100:.2f}" for stay in person.stays]
    for source, (day, _, many) in zip(case.visit_sources, business.visits, strict=True):
        visits.append(f"{day},{source},{many}")
    covers = f'covers = ["{name_of(MONTHS[0])}", "{name_of(MONTHS[-1])}"]'
    config = ["[business]", f'gross_margin = "{int(business.margin * 100)}%"']
    for name, lines in (("signups", signups), ("demos", demos), ("paid_users", paid), ("visitors", visits)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        config += [f"[inputs.{name}]", covers]
    (folder / "funnel.toml").write_text("\n".join(config) + "\n", encoding="utf-8")


MONTHS_ASKED = any_of(*ASKED)
