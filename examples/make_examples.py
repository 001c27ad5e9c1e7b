"""Write the example exports: a messy Vietnamese SaaS firm, a plain English one, and one that sets up an ERP.

Usage: python examples/make_examples.py [OUTDIR]      (default: the folder of this file)

Everything in them is invented.  Every run writes the same bytes, on every machine: of the random
methods only ``Random.random`` is used, whose sequence Python promises to keep.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

T = TypeVar("T")
Weighted = Sequence[tuple[T, int]]
DAY = timedelta(days=1)


def below(rng: Random, bound: int) -> int:
    """Draw a whole number from 0 up to, not including, the bound."""
    return int(rng.random() * bound)


def pick(rng: Random, choices: Weighted[T]) -> T:
    """Draw one value from (value, weight) pairs."""
    left = below(rng, sum(weight for _, weight in choices))
    for value, weight in choices:
        left -= weight
        if left < 0:
            return value
    raise ValueError("no choice has a weight")


def add_months(day: date, months: int) -> date:
    """Go to the same day some months later, or to that month's last day where it has no such day.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month_end = date(year + month // 11, (month + 1) % 12 + 1, 1) - DAY
    return month_end.replace(day=min(day.day, month_end.day))


def days_between(first: date, last: date) -> list[date]:
    """List the days from the first to the last, both included."""
    return [first + DAY * offset for offset in range((last - first).days + 1)]


def busyness(day: date) -> int:
    """Weigh a day for business, 0-100: weekends are quieter, and over Tết 2026 little happens."""
    weekday_weight = (100, 100, 100, 100, 95, 60, 40)[day.weekday()]
    return weekday_weight // 4 if date(2026, 2, 14) <= day <= date(2026, 2, 22) else weekday_weight


def days_of_signups(rng: Random, first: date, monthly: Sequence[int]) -> list[date]:
    """Draw the days on which people sign up, in order, given how many do so in each month."""
    drawn: list[date] = []
    for index, count in enumerate(monthly):
        month = add_months(first, index)
        weights = [(day, busyness(day)) for day in days_between(month, add_months(month, 1) - DAY)]
        drawn += [pick(rng, weights) for _ in range(count)]
    return sorted(drawn)


def csv_text(
    rows: Iterable[Sequence[str]],
    *,
    delimiter: str = ",",
    newline: str = "\n",
    quoted_column: int | None = None,
) -> str:
    """Render rows as CSV, quoting the cells that need it and all of one column after the header."""
    lines = []
    for number, row in enumerate(rows):
        cells = [
            '"' + cell.replace('"', '""') + '"'
            if any(mark in cell for mark in (delimiter, '"', "\n")) or (number > 0 and column == quoted_column)
            else cell
            for column, cell in enumerate(row)
        ]
        lines.append(delimiter.join(cells) + newline)
    return "".join(lines)


def write(path: Path, text: str, *, encoding: str = "utf-8") -> None:
    """Write a text as it is: no newline is translated on any system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))


# --- saas_vn: the firm ---------------------------------------------------------------------------

VN_FIRST, VN_LAST = date(2025, 5, 1), date(2026, 10, 31)
VN_SIGNUPS = (
    *(130, 138, 149, 156, 168, 177, 184, 190),  # 2025, from May on
    *(186, 128, 212, 226, 235, 247, 256, 268, 283, 300),  # 2026, to October; Tết is in February
)
VN_REGISTERED_BEFORE = 2140  # customers KH00001 to KH02140 registered before the export begins
VN_DEMOS_BEFORE = 612
VN_PAID_BEFORE = 52  # paying customers from before, with rows in the export ...
# ... and those whose rows were left behind in an older system, by the plan they pay for.
VN_PLANS_NOT_EXPORTED = ("Cơ bản", "Cơ bản", "Cơ bản", "Chuyên nghiệp", "Chuyên nghiệp", "Cao cấp")
VN_PAID_NOT_EXPORTED = len(VN_PLANS_NOT_EXPORTED)

# Session source / medium, sessions on a busy day in May 2025, percent of them by existing users.
VN_TRAFFIC = (
    ("google / organic", 95, 12),
    ("(direct) / (none)", 70, 45),
    ("google / cpc", 75, 5),
    ("facebook / cpc", 60, 4),
    ("zalo / cpc", 22, 6),
    ("youtube / social", 16, 10),
    ("affiliate / referral-link", 9, 3),
    ("partner / referral-link", 6, 15),
    ("newsletter / email", 8, 75),
)
# Nguồn, percent of the signups, percent of those who book a demo.
VN_SOURCES = (
    ("google / organic", 23, 22),
    ("(direct) / (none)", 12, 21),
    ("Tự nhiên", 8, 22),
    ("google / cpc", 13, 17),
    ("facebook / cpc", 12, 15),
    ("Quảng cáo Zalo", 7, 17),
    ("Sales SME", 9, 36),
    ("Affiliate", 4, 20),
    ("Cộng tác viên", 3, 21),
    ("Đối tác triển khai", 3, 38),
    ("Giới thiệu", 3, 34),
    ("Hội thảo offline", 1, 25),
)
VN_PLACES = (
    ("TP. Hồ Chí Minh", 38),
    ("Hà Nội", 30),
    ("Đà Nẵng", 9),
    ("Cần Thơ", 6),
    ("Hải Phòng", 6),
    ("Đồng Nai", 6),
    ("", 5),
)
VN_NAMES = (
    ("Công ty TNHH Ví dụ {}", 40),
    ("Cửa hàng Mẫu {}", 30),
    ("Hộ kinh doanh Thử {}", 24),
    ('Công ty CP "Mẫu Xanh" {}', 4),
    ("Công ty Ví dụ {}; chi nhánh 2", 2),
)
VN_OWNERS = (("Lan", 3), ("Minh", 3), ("Hà", 2), ("Tuấn", 2))
VN_MONTHLY_PRICES = {"Cơ bản": 299_000, "Chuyên nghiệp": 649_000, "Cao cấp": 1_290_000}
VN_PLANS = (("Cơ bản", 55), ("Chuyên nghiệp", 33), ("Cao cấp", 12))
VN_TERMS = ((3, 36), (6, 30), (12, 32), (0, 2))
HELD, NO_SHOW, CANCELLED, BOOKED = "Đã demo", "Không đến", "Hủy", "Đã đặt"

# Histories told on purpose: when the customer registered, then (start, months) of each contract.
Story = tuple[tuple[str, int], ...]
VN_STORIES: tuple[tuple[str, Story], ...] = (
    # lost, regained, and lost again
    ("2025-05", (("2025-06-10", 3), ("2026-01-12", 3))),
    # regained months later
    ("2025-06", (("2025-07-01", 3), ("2026-02-03", 6), ("2026-08-03", 6))),
    ("2025-07", (("2025-08-15", 3), ("2026-05-20", 12))),
    ("2025-09", (("2025-10-06", 3), ("2026-07-01", 6))),
    # three unpaid days, over the end of a month: within grace_days, so one stay
    ("2025-08", (("2025-09-01", 6), ("2026-03-04", 12))),
    # four unpaid days: one too many, so lost and regained
    ("2025-10", (("2025-11-03", 3), ("2026-02-07", 12))),
    # joins and leaves within one month
    ("2026-05", (("2026-06-01", 1),)),
)
# What is spent a month, in thousands, on which channel or source, by which team, on what; and how much it varies.
VN_COSTS = (
    ("google / cpc", "marketing", "Tìm kiếm", 9_500, 30),
    ("facebook / cpc", "marketing", "Chuyển đổi", 7_000, 30),
    ("Quảng cáo Zalo", "marketing", "Zalo OA", 2_600, 30),
    ("organic", "marketing", "Nội dung SEO", 3_000, 10),
    ("Affiliate", "affiliate", "Phần mềm theo dõi", 1_200, 0),
    ("Đối tác triển khai", "partner", "Chăm sóc đối tác", 1_500, 20),
    ("Sales SME", "sales_sme", "Lương và điện thoại", 9_000, 10),
    ("", "marketing", "Công cụ dùng chung", 1_800, 0),
    ("", "customer_success", "Lương", 12_000, 0),
)
# Now and then: a workshop that no channel pattern matches, and a credit.
VN_WORKSHOP_MONTHS, VN_CREDIT_MONTH = (2, 7, 12, 16), 15
VN_STORY_FROM_BEFORE: tuple[str, Story] = (
    "KH00007",
    (("2024-08-10", 6), ("2025-08-04", 12), ("2026-08-04", 12)),
)


@dataclass(frozen=True, kw_only=True)
class Lead:
    """Somebody who filled the form."""

    code: str
    name: str
    source: str
    place: str
    signed_up_at: datetime


@dataclass(frozen=True, kw_only=True)
class Demo:
    """One booked demo, with the day it was planned for."""

    customer: str
    booked_on: date
    planned_on: date
    status: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class Contract:
    """One paid order; zero months are an order without an end, billed a month at a time."""

    customer: str
    start: date
    months: int
    plan: str

    @property
    def end(self) -> date | None:
        """The last paid day."""
        return add_months(self.start, self.months) - DAY if self.months else None


def simulate_leads(rng: Random) -> list[Lead]:
    """Simulate who signs up, in the order of the customer codes."""
    moments = sorted(
        datetime(day.year, day.month, day.day, 7 + below(rng, 16), below(rng, 60))
        for day in days_of_signups(rng, VN_FIRST, VN_SIGNUPS)
    )
    sources = [(source, percent) for source, percent, _ in VN_SOURCES]
    return [
        Lead(
            code=f"KH{number:05d}",
            name=pick(rng, VN_NAMES).format(number),
            source=pick(rng, sources),
            place=pick(rng, VN_PLACES),
            signed_up_at=moment,
        )
        for number, moment in enumerate(moments, start=VN_REGISTERED_BEFORE + 1)
    ]


def simulate_demo(rng: Random, customer: str, booked_on: date) -> Demo:
    """Simulate one booking; most are planned within a week, and those ahead are still open."""
    wait = below(rng, 8) if rng.random() < 0.9 else 8 + below(rng, 12)
    outcomes = ((HELD, 78), (NO_SHOW, 12), (CANCELLED, 9), (BOOKED, 1))
    planned_on = booked_on + DAY * wait
    status = pick(rng, outcomes) if planned_on <= VN_LAST else BOOKED
    owner = pick(rng, VN_OWNERS)
    return Demo(customer=customer, booked_on=booked_on, planned_on=planned_on, status=status, owner=owner)


def simulate_demos(rng: Random, leads: Sequence[Lead]) -> list[Demo]:
    """Simulate the bookings: by new leads, again after a no-show, and by customers from before."""
    percent_booking = {source: percent for source, _, percent in VN_SOURCES}
    demos = [
        simulate_demo(rng, code, day) for code, day in (("KH00188", date(2025, 8, 12)), ("KH01904", date(2026, 4, 7)))
    ]
    for lead in leads:
        if rng.random() * 100 >= percent_booking[lead.source]:
            continue
        wait = rng.random()  # cubed: most book soon, the last after 25 days
        booked_on = lead.signed_up_at.date() + DAY * int(26 * wait * wait * wait)
        demo = simulate_demo(rng, lead.code, booked_on)
        demos.append(demo)
        if demo.status == NO_SHOW and rng.random() < 0.3:
            demos.append(simulate_demo(rng, lead.code, demo.planned_on + DAY * (2 + below(rng, 8))))
    return sorted(
        (demo for demo in demos if demo.booked_on <= VN_LAST),
        key=lambda demo: (demo.booked_on, demo.customer),
    )


def next_start(rng: Random, end: date) -> date | None:
    """Draw when a customer whose contract ends pays again, None for never within the export."""
    kinds = (("next day", 62), ("early", 11), ("late", 5), ("back months later", 2), ("lost", 20))
    match pick(rng, kinds):
        case "next day":
            start = end + DAY
        case "early":
            start = end - DAY * below(rng, 6)
        case "late":  # one to three unpaid days
            start = end + DAY * (2 + below(rng, 3))
        case "back months later":
            start = end + DAY * (100 + below(rng, 120))
        case _:
            return None
    if start <= VN_LAST:
        return start
    return VN_LAST if (start - end).days <= 4 else None  # those due tomorrow have paid today


def renewals(rng: Random, first: Contract) -> Iterator[Contract]:
    """Follow one customer from the first contract on."""
    contract = first
    while True:
        yield contract
        if contract.end is None or contract.end > VN_LAST:
            return
        start = next_start(rng, contract.end)
        if start is None:
            return
        plan = pick(rng, VN_PLANS) if rng.random() < 0.1 else contract.plan
        contract = replace(contract, start=start, plan=plan)


def first_contracts(rng: Random, demos: Sequence[Demo]) -> Iterator[Contract]:
    """Simulate who was paying already, and which demos lead to a first contract."""
    for number in range(VN_PAID_BEFORE):
        months = pick(rng, VN_TERMS)
        start = VN_FIRST - DAY * (1 + below(rng, 28 * (months or 12) - 7))
        code = f"KH{20 + 37 * number:05d}"
        yield Contract(customer=code, start=start, months=months, plan=pick(rng, VN_PLANS))
    for demo in demos:
        known = demo.customer > f"KH{VN_REGISTERED_BEFORE:05d}"
        if demo.status != HELD or not known or rng.random() >= 0.38:
            continue
        days_left = 30 - (demo.planned_on - demo.booked_on).days
        start = demo.planned_on + DAY * below(rng, days_left + 1)
        months, plan = pick(rng, VN_TERMS), pick(rng, VN_PLANS)
        if start <= VN_LAST:
            yield Contract(customer=demo.customer, start=start, months=months, plan=plan)


def stories(leads: Sequence[Lead], demos: Sequence[Demo]) -> Iterator[Contract]:
    """Give the histories told on purpose to people who bought without a demo."""
    with_demo = {demo.customer for demo in demos}
    histories = [VN_STORY_FROM_BEFORE]
    for month, story in VN_STORIES:
        histories.append(
            next(
                (lead.code, story)
                for lead in leads
                if lead.signed_up_at.isoformat().startswith(month) and lead.code not in with_demo
            )
        )
    for code, story in histories:
        for start, months in story:
            day = date.fromisoformat(start)
            yield Contract(customer=code, start=day, months=months, plan="Cơ bản")


def simulate_contracts(rng: Random, leads: Sequence[Lead], demos: Sequence[Demo]) -> list[Contract]:
    """Simulate every paid order, in the order of the starts."""
    contracts = list(stories(leads, demos))
    for first in list(first_contracts(rng, demos)):  # drawn before any renewal is
        contracts += renewals(rng, first)
    return sorted(contracts, key=lambda contract: (contract.start, contract.customer))


def in_force_at_start(contracts: Sequence[Contract]) -> list[Contract]:
    """List the contracts of those who were paying when the export begins."""
    return [
        contract
        for contract in contracts
        if contract.start < VN_FIRST and (contract.end is None or contract.end >= VN_FIRST)
    ]


def opening_paid_users(contracts: Sequence[Contract]) -> int:
    """Count who was truly paying when the export begins: those shown, and those left out of it."""
    return len({contract.customer for contract in in_force_at_start(contracts)}) + VN_PAID_NOT_EXPORTED


def opening_mrr(contracts: Sequence[Contract]) -> int:
    """Sum what they paid a month."""
    plans = [contract.plan for contract in in_force_at_start(contracts)]
    return sum(VN_MONTHLY_PRICES[plan] for plan in [*plans, *VN_PLANS_NOT_EXPORTED])


# --- saas_vn: its exports ------------------------------------------------------------------------

VN_TRAFFIC_HEADER = ("Date", "Session source / medium", "Sessions", "Phiên khách cũ")
VN_SIGNUPS_HEADER = (
    *("STT", "Mã khách hàng", "Tên khách hàng", "Email", "Điện thoại"),
    *("Ngày đăng ký", "Nguồn", "Tỉnh/Thành phố"),
)
VN_DEMOS_HEADER = (
    *("Mã demo", "Mã khách hàng", "Ngày đặt", "Ngày demo"),
    *("Trạng thái", "Người phụ trách"),
)
VN_BUDGET_YEAR = 2026
VN_COSTS_HEADER = ("Tháng", "Kênh", "Bộ phận", "Chiến dịch", "Số tiền")
VN_PAID_USERS_HEADER = (
    *("Mã đơn hàng", "Mã khách hàng", "Ngày bắt đầu", "Ngày hết hạn"),
    *("Gói", "Số tiền", "Chu kỳ"),
)


def write_vn_traffic(folder: Path, rng: Random) -> None:
    """Write the GA4 export: '#' lines first, and at the end a total with one field too many."""
    rule = "# " + "-" * 40
    preamble = (
        rule,
        "# Traffic acquisition: Session source / medium",
        "# Account: Công ty Ví dụ",
        "# Property: www.example.com - GA4",
        rule,
        "#",
        "# All Users",
        f"# Start date: {VN_FIRST:%Y%m%d}",
        f"# End date: {VN_LAST:%Y%m%d}",
        "",
    )
    rows: list[tuple[str, ...]] = [VN_TRAFFIC_HEADER]
    total = total_existing = 0
    for day in days_between(VN_FIRST, VN_LAST):
        month = (day.year - VN_FIRST.year) * 12 + day.month - VN_FIRST.month
        growth = (VN_SIGNUPS[month] + VN_SIGNUPS[0]) / (2 * VN_SIGNUPS[0])
        for source, base, percent_existing in VN_TRAFFIC:
            busy = base * growth * (30 + 0.7 * busyness(day)) / 100
            sessions = int(busy * (0.8 + 0.4 * rng.random()))
            existing = int(sessions * percent_existing / 100 + rng.random())
            total, total_existing = total + sessions, total_existing + existing
            if sessions:
                rows.append((f"{day:%Y%m%d}", source, str(sessions), str(existing)))
    rows.append(("", "", str(total), str(total_existing), "Grand total"))
    write(folder / "traffic_ga4.csv", "\n".join(preamble) + "\n" + csv_text(rows))


def write_vn_signups(folder: Path, rng: Random, leads: Sequence[Lead]) -> None:
    """Write the CRM's customer list: a title above, a total below, some people in it twice."""
    again = [replace(lead, signed_up_at=lead.signed_up_at + DAY * (3 + below(rng, 40))) for lead in leads[60::290]]
    listed = [lead for lead in [*leads, *again] if lead.signed_up_at.date() <= VN_LAST]
    listed.sort(key=lambda lead: (lead.signed_up_at, lead.code))
    rows: list[tuple[str, ...]] = [VN_SIGNUPS_HEADER]
    for number, lead in enumerate(listed, start=1):
        email, phone = f"{lead.code.lower()}@example.com", f"01000{lead.code[2:]}"
        moment = f"{lead.signed_up_at:%d/%m/%Y %H:%M}"
        rows.append((str(number), lead.code, lead.name, email, phone, moment, lead.source, lead.place))
    rows.append(("Tổng cộng", str(len(listed)), "", "", "", "", "", ""))
    title = "DANH SÁCH KHÁCH HÀNG ĐĂNG KÝ\r\nXuất lúc: 01/11/2026 08:00\r\n\r\n"
    text = title + csv_text(rows, delimiter=";", newline="\r\n")
    write(folder / "signups_crm.csv", text, encoding="utf-8-sig")


def write_vn_demos(folder: Path, demos: Sequence[Demo]) -> None:
    """Write the CRM's demos."""
    rows: list[tuple[str, ...]] = [VN_DEMOS_HEADER]
    for number, demo in enumerate(demos, start=1):
        booked_on, planned_on = f"{demo.booked_on:%d/%m/%Y}", f"{demo.planned_on:%d/%m/%Y}"
        code = f"DM{number:05d}"
        rows.append((code, demo.customer, booked_on, planned_on, demo.status, demo.owner))
    write(folder / "demos_crm.csv", csv_text(rows, delimiter=";"), encoding="utf-8-sig")


def write_vn_paid_users(folder: Path, contracts: Sequence[Contract]) -> None:
    """Write the billing system's orders, amounts as the text people see."""
    rows: list[tuple[str, ...]] = [VN_PAID_USERS_HEADER]
    for number, contract in enumerate(contracts, start=1):
        dong = VN_MONTHLY_PRICES[contract.plan] * max(contract.months, 1)
        amount = f"{dong:,} ₫".replace(",", ".")
        start = f"{contract.start:%d/%m/%Y}"
        end = f"{contract.end:%d/%m/%Y}" if contract.end else ""
        term = f"{contract.months} tháng" if contract.months > 1 else "tháng"
        rows.append((f"DH{number:05d}", contract.customer, start, end, contract.plan, amount, term))
    text = csv_text(rows, quoted_column=5)
    write(folder / "paid_users_billing.csv", text, encoding="utf-8-sig")


def write_vn_costs(folder: Path, rng: Random) -> None:
    """Write the book-keeper's sheet: a title, months, amounts with dots, a credit, a total below."""
    rows: list[tuple[str, ...]] = [VN_COSTS_HEADER]
    total = 0
    for index, signups in enumerate(VN_SIGNUPS):
        month = f"{add_months(VN_FIRST, index):%m/%Y}"
        growth = (signups + VN_SIGNUPS[0]) / (2 * VN_SIGNUPS[0])
        spent = [
            (channel, team, what, int(base * growth * (1 - vary / 200 + vary / 100 * rng.random())) * 1000)
            for channel, team, what, base, vary in VN_COSTS
        ]
        if index in VN_WORKSHOP_MONTHS:
            spent.append(("Hội thảo offline", "marketing", "Hội thảo", 8_500_000))
        if index == VN_CREDIT_MONTH:
            spent.append(("google / cpc", "marketing", "Hoàn tiền", -640_000))
        for channel, team, what, amount in spent:
            total += amount
            rows.append((month, channel, team, what, dong(amount)))
    rows.append(("Tổng cộng", "", "", "", dong(total)))
    text = "CHI PHÍ THEO THÁNG;;;;\n" + csv_text(rows, delimiter=";")
    write(folder / "chi_phi.csv", text, encoding="utf-8-sig")


def write_vn_budget(folder: Path) -> None:
    """Write the budget of a year, months of it still ahead: even half millions a campaign, more in the second half."""
    rows: list[tuple[str, ...]] = [("Tháng", "Kênh", "Bộ phận", "Chiến dịch", "Ngân sách")]
    for number in range(1, 13):
        month = f"{number:02d}/{VN_BUDGET_YEAR}"
        for channel, team, what, base, _ in VN_COSTS:
            planned = base * (125 if number <= 6 else 140) // 100 * 1000
            rows.append((month, channel, team, what, dong(round(planned / 500_000) * 500_000)))
        if number % 3 == 0:
            rows.append((month, "Hội thảo offline", "marketing", "Hội thảo", dong(8_000_000)))
    write(folder / "ngan_sach.csv", csv_text(rows, delimiter=";"), encoding="utf-8-sig")


def dong(amount: int) -> str:
    """Write an amount as people do in Vietnam.

    >>> dong(-640_000)
    '-640.000'
    """
    return f"{amount:,}".replace(",", ".")


def write_vn_config(folder: Path, paying_at_start: int, mrr_at_start: int) -> None:
    """Write the configuration that tells the tool what these exports cannot."""
    text = f"""\
#:schema ./funnel.schema.json
# What the exports in this folder cannot say themselves.  Everything here is optional.

[business]
name = "Công ty Ví dụ"
currency = "VND"
timezone = "Asia/Ho_Chi_Minh"
lang = "en"  # "vi" gives Vietnamese labels

# A column of the firm's own: sessions by people who already had an account.
[inputs.visitors.columns]
existing_visits = "Phiên khách cũ"

# 03/04/2026 is the third of April here.
[inputs.signups]
date_order = "dmy"

# Patterns for source names, tried before the built-in ones.  A source that nothing matches is
# organic, and the report lists it: "Hội thảo offline" (workshops) is left out to show this.
[channels]
paid = ["*/ cpc", "Quảng cáo*"]
sales_sme = ["Sales SME*"]
affiliate = ["Cộng tác viên*", "affiliate*"]
partner = ["Đối tác*", "partner / *"]
referral = ["Giới thiệu*"]

# A renewal up to three unpaid days late is not a loss.
[paid_users]
grace_days = 3

# The true balances at the start of this month.  The exports begin in the middle of the firm's life:
# earlier signups and demos are not in them, and
# {VN_PAID_NOT_EXPORTED} of the customers who were paying then have no order there.
[opening]
month = "{VN_FIRST:%Y-%m}"
registered_users = {VN_REGISTERED_BEFORE}
paid_users = {paying_at_start}
demos_held = {VN_DEMOS_BEFORE}
mrr = {mrr_at_start}

# What the work of the teams costs; `funnelcli targets --by team` makes the budget of it.
[policies.marketing]
per_visit = 800
fixed_per_month = "10tr"

[policies.affiliate]
per_signup = 50_000
per_new_paid_user = "10%"  # of the customer's first-year revenue
pay_after = "30d"  # who has left by then is not paid for

[policies.sales_sme]
per_new_paid_user = 500_000
"""
    write(folder / "funnel.toml", text)


# --- saas_vn: what its customers say and do ------------------------------------------------------

VN_SURVEYED_FROM, VN_SUPPORTED_FROM, VN_LOGGED_FROM = date(2026, 1, 1), date(2026, 1, 1), date(2026, 5, 1)
VN_SCORES = ((10, 22), (9, 24), (8, 19), (7, 13), (6, 8), (5, 6), (3, 5), (0, 3))
VN_SAID = {
    6: (("", 3), ("Chưa thấy khác nhiều", 1), ("Phản hồi hơi chậm", 1)),
    9: (("", 5), ("Dễ dùng", 1), ("Hỗ trợ nhiệt tình", 1), ("Sẽ giới thiệu cho bạn", 1)),
}
VN_TOPICS = (("Hóa đơn", 3), ("Lỗi đồng bộ", 4), ("Cách dùng", 6), ("Phân quyền", 2))
VN_PRIORITIES = (("Thường", 7), ("Cao", 2), ("Khẩn", 1))
VN_CONTENT = ((5, 5), (4, 6), (3, 2), (2, 1))
VN_KINDS = (("Đăng nhập", "", 78), ("Gọi", "Gọi đến", 9), ("Gọi", "Gọi đi", 8), ("Email", "Gửi", 5))


def pays_on(contracts: Sequence[Contract], day: date) -> list[str]:
    """List who has a contract in force on a day, in the order of the codes."""
    there = (each for each in contracts if each.start <= day and (each.end is None or each.end >= day))
    return sorted({contract.customer for contract in there})


def vn_day(day: date | datetime | None) -> str:
    """Render a day, or a moment, as the firm's systems do."""
    if day is None:
        return ""
    return f"{day:%d/%m/%Y %H:%M}" if isinstance(day, datetime) else f"{day:%d/%m/%Y}"


def months_from(first: date) -> list[date]:
    """List the first days of the months from one to the last of the export."""
    months = [first]
    while add_months(months[-1], 1) <= VN_LAST:
        months.append(add_months(months[-1], 1))
    return months


def write_vn_surveys(folder: Path, rng: Random, contracts: Sequence[Contract]) -> None:
    """Write the NPS surveys: a third of the customers is asked each month, and four in ten answer."""
    rows: list[tuple[str, ...]] = [
        ("Mã khách hàng", "Ngày gửi", "Ngày trả lời", "Điểm", "Nhận xét", "Ngày liên hệ lại")
    ]
    for number, month in enumerate(months_from(VN_SURVEYED_FROM)):
        for code in pays_on(contracts, month):
            if int(code[2:]) % 3 != number % 3:
                continue
            sent = month + DAY * 5
            answered = sent + DAY * below(rng, 9) if rng.random() < 0.42 else None
            score, back = "", None
            said = ""
            if answered is not None:
                points = pick(rng, VN_SCORES)
                score, said = str(points), pick(rng, VN_SAID[6 if points <= 6 else 9])
                if points <= 6 and rng.random() < 0.7:
                    back = answered + DAY * below(rng, 5)
            back = back if back is not None and back <= VN_LAST else None
            rows.append((code, vn_day(sent), vn_day(answered), score, said, vn_day(back)))
    write(folder / "khao_sat_nps.csv", csv_text(rows, delimiter=";"), encoding="utf-8-sig")


def write_vn_invites(folder: Path, rng: Random, leads: Sequence[Lead], contracts: Sequence[Contract]) -> None:
    """Write who invited whom: most of those who came by word of mouth, and as many who never came."""
    rows: list[tuple[str, ...]] = []
    for lead in leads:
        if lead.source != "Giới thiệu":
            continue
        invited = lead.signed_up_at.date() - DAY * below(rng, 15)
        paying = pays_on(contracts, invited)
        if invited < VN_FIRST or rng.random() < 0.2:
            continue
        rows.append((paying[below(rng, len(paying))], vn_day(invited), lead.code))
        if rng.random() < 0.15:  # asked twice
            rows.append((rows[-1][0], vn_day(min(invited + DAY * 2, VN_LAST)), lead.code))
        for _ in range(below(rng, 3)):
            rows.append((paying[below(rng, len(paying))], vn_day(invited), ""))
    header = ("Mã người giới thiệu", "Ngày giới thiệu", "Mã người được giới thiệu")
    rows.sort(key=lambda row: (row[1][6:], row[1][3:5], row[1][:2], row[0]))
    write(folder / "gioi_thieu.csv", csv_text([header, *rows], delimiter=";"), encoding="utf-8-sig")


def write_vn_tickets(folder: Path, rng: Random, leads: Sequence[Lead], contracts: Sequence[Contract]) -> None:
    """Write the tickets: about one of a customer in twelve a month, a few of people who do not pay."""
    opened: list[tuple[datetime, str]] = []
    for month in months_from(VN_SUPPORTED_FROM):
        others = [lead.code for lead in leads[:: len(leads) // 3]]
        for code in [*pays_on(contracts, month), *others]:
            if rng.random() < 0.085:
                day = month + DAY * below(rng, 28)
                opened.append((datetime(day.year, day.month, day.day, 8 + below(rng, 10), below(rng, 60)), code))
    rows: list[tuple[str, ...]] = [
        ("Mã yêu cầu", "Mã khách hàng", "Ngày tạo", "Phản hồi đầu tiên", "Ngày xử lý xong", "Mức ưu tiên",
         "Loại yêu cầu", "Điểm hài lòng")
    ]  # fmt: skip
    end = datetime(VN_LAST.year, VN_LAST.month, VN_LAST.day, 23, 59)
    for number, (moment, code) in enumerate(sorted(opened), start=1):
        first = moment + timedelta(minutes=4 + int(300 * rng.random() ** 3))
        solved = first + timedelta(minutes=20 + int(60 * 24 * 9 * rng.random() ** 4))
        score = str(pick(rng, VN_CONTENT)) if rng.random() < 0.5 else ""
        is_open = solved > end or rng.random() < 0.02
        rows.append(
            (
                f"YC{number:04d}", code, vn_day(moment), vn_day(first) if first <= end else "",
                "" if is_open else vn_day(solved), pick(rng, VN_PRIORITIES), pick(rng, VN_TOPICS),
                "" if is_open else score,
            )
        )  # fmt: skip
    write(folder / "ho_tro.csv", csv_text(rows, delimiter=";"), encoding="utf-8-sig")


def write_vn_activities(folder: Path, rng: Random, contracts: Sequence[Contract]) -> None:
    """Write what customers did and what was done with them; a few calls are only planned."""
    done: list[tuple[datetime, str, str, str]] = []
    kinds = [((kind, way), percent) for kind, way, percent in VN_KINDS]
    for month in months_from(VN_LOGGED_FROM):
        for code in pays_on(contracts, month):
            for _ in range(below(rng, 3)):
                day = min(month + DAY * below(rng, 31), add_months(month, 1) - DAY)
                kind, way = pick(rng, kinds)
                moment = datetime(day.year, day.month, day.day, 8 + below(rng, 11), below(rng, 60))
                done.append((moment, code, kind, way))
    rows: list[tuple[str, ...]] = [("Mã khách hàng", "Thời điểm", "Loại", "Hướng", "Người phụ trách", "Trạng thái")]
    for moment, code, kind, way in sorted(done):
        owner = pick(rng, VN_OWNERS) if way else ""
        status = "" if not way else "Đã lên lịch" if rng.random() < 0.06 else "Hoàn thành"
        rows.append((code, vn_day(moment), kind, way, owner, status))
    write(folder / "tuong_tac.csv", csv_text(rows, delimiter=";"), encoding="utf-8-sig")


def write_saas_vn(folder: Path) -> None:
    """Simulate the firm and write its folder."""
    leads = simulate_leads(Random(1))
    demos = simulate_demos(Random(2), leads)
    contracts = simulate_contracts(Random(3), leads, demos)
    write_vn_traffic(folder, Random(4))
    write_vn_signups(folder, Random(5), leads)
    write_vn_demos(folder, demos)
    write_vn_paid_users(folder, contracts)
    write_vn_costs(folder, Random(6))
    write_vn_budget(folder)
    write_vn_config(folder, opening_paid_users(contracts), opening_mrr(contracts))
    write_vn_surveys(folder, Random(31), contracts)
    write_vn_invites(folder, Random(32), leads, contracts)
    write_vn_tickets(folder, Random(33), leads, contracts)
    write_vn_activities(folder, Random(34), contracts)


# --- plain: the firm and its exports -------------------------------------------------------------

PLAIN_FIRST, PLAIN_LAST = date(2026, 1, 1), date(2026, 8, 31)
PLAIN_SIGNUPS = (34, 33, 39, 42, 44, 49, 52, 57)
PLAIN_VISIT_SOURCES = (
    ("google / organic", 34),
    ("(direct) / (none)", 22),
    ("google / cpc", 18),
    ("facebook / paid", 13),
    ("newsletter / email", 5),
    ("partner / referral", 4),
    ("affiliate / link", 4),
)
PLAIN_SALES = "sales sme"
PLAIN_RETURNING = (("(direct) / (none)", 6), ("google / organic", 2), ("newsletter / email", 2))
PLAIN_INTERESTS = (("starter", 5), ("team", 3), ("business", 2))
PLAIN_MRR = {"starter": 29, "team": 99, "business": 249}
PLAIN_OWNERS = (("Alex", 1), ("Kim", 1), ("Sam", 1))


@dataclass(frozen=True, kw_only=True)
class User:
    """Somebody who signed up."""

    user_id: str
    visitor_id: str
    signed_up_on: date
    source: str
    plan: str


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """One booked demo; held_on is empty unless it took place."""

    user: User
    booked_on: date
    held_on: date | None
    status: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class Stay:
    """One time somebody paid; an empty end is still paying."""

    user: User
    start: date
    end: date | None


def iso(day: date | None) -> str:
    """Render a day, or nothing."""
    return day.isoformat() if day else ""


def simulate_users(rng: Random) -> list[User]:
    """Simulate who signs up."""
    sources = (*PLAIN_VISIT_SOURCES, (PLAIN_SALES, 9))
    return [
        User(
            user_id=f"u{number:03d}",
            visitor_id=f"v{number:04d}",
            signed_up_on=day,
            source=pick(rng, sources),
            plan=pick(rng, PLAIN_INTERESTS),
        )
        for number, day in enumerate(days_of_signups(rng, PLAIN_FIRST, PLAIN_SIGNUPS), start=1)
    ]


def simulate_meetings(rng: Random, users: Sequence[User]) -> list[Meeting]:
    """Simulate the demos booked by the users, sales' own leads more often than others."""
    meetings = []
    for user in users:
        if rng.random() >= (0.5 if user.source == PLAIN_SALES else 0.3):
            continue
        booked_on = user.signed_up_on + DAY * below(rng, 12)
        planned_on = booked_on + DAY * below(rng, 7)
        outcome = pick(rng, (("held", 80), ("no_show", 12), ("cancelled", 8)))
        status = outcome if planned_on <= PLAIN_LAST else "booked"
        held_on = planned_on if status == "held" else None
        owner = pick(rng, PLAIN_OWNERS)
        if booked_on <= PLAIN_LAST:
            meeting = Meeting(user=user, booked_on=booked_on, held_on=held_on, status=status, owner=owner)
            meetings.append(meeting)
    return sorted(meetings, key=lambda meeting: (meeting.booked_on, meeting.user.user_id))


def simulate_stays(rng: Random, meetings: Sequence[Meeting]) -> list[Stay]:
    """Simulate who pays from when to when; the first one lost comes back two months later."""
    stays = []
    for meeting in meetings:
        if meeting.held_on is None or rng.random() >= 0.5:
            continue
        start = meeting.held_on + DAY * below(rng, 15)
        months = 1 + below(rng, 14)
        end = add_months(start, months) - DAY
        if start <= PLAIN_LAST:
            stays.append(Stay(user=meeting.user, start=start, end=end if end <= PLAIN_LAST else None))
    lost_on, user = min(((stay.end, stay.user) for stay in stays if stay.end), key=lambda lost: lost[0])
    stays.append(Stay(user=user, start=add_months(lost_on, 2), end=None))
    return sorted(stays, key=lambda stay: (stay.start, stay.user.user_id))


def write_plain_visitors(folder: Path, rng: Random, users: Sequence[User]) -> None:
    """Write one row a visit: of users before, on and after their signup day, and of strangers."""
    visits: list[tuple[date, str, str, str]] = []
    for user in users:
        source = "(direct) / (none)" if user.source == PLAIN_SALES else user.source
        came = [(user.signed_up_on - DAY * (1 + below(rng, 14)), source) for _ in range(below(rng, 3))]
        if rng.random() < 0.8:
            came.append((user.signed_up_on, source))
        for _ in range(below(rng, 7)):
            day = user.signed_up_on + DAY * (1 + below(rng, 75))
            came.append((day, pick(rng, PLAIN_RETURNING)))
        visits += [(day, source, user.user_id, user.visitor_id) for day, source in came]
    number = len(users)
    for day in days_between(PLAIN_FIRST, PLAIN_LAST):
        busy = PLAIN_SIGNUPS[day.month - 1] * (30 + 0.7 * busyness(day)) / 100
        for _ in range(1 + int(busy * (0.35 + 0.3 * rng.random()))):
            number += 1
            visits.append((day, pick(rng, PLAIN_VISIT_SOURCES), "", f"v{number:04d}"))
    shown = sorted(visit for visit in visits if PLAIN_FIRST <= visit[0] <= PLAIN_LAST)
    rows = [("date", "source", "user_id", "visitor_id")]
    rows += [(iso(day), source, user_id, visitor) for day, source, user_id, visitor in shown]
    write(folder / "visitors.csv", csv_text(rows))


def write_plain_signups(folder: Path, users: Sequence[User]) -> None:
    """Write one row a user."""
    rows = [("user_id", "signed_up_at", "source", "plan_interest")]
    rows += [(user.user_id, iso(user.signed_up_on), user.source, user.plan) for user in users]
    write(folder / "signups.csv", csv_text(rows))


def write_plain_demos(folder: Path, meetings: Sequence[Meeting]) -> None:
    """Write one row a demo."""
    rows = [("demo_id", "user_id", "booked_at", "held_at", "status", "owner")]
    for number, meeting in enumerate(meetings, start=1):
        booked_at, held_at = iso(meeting.booked_on), iso(meeting.held_on)
        user_id = meeting.user.user_id
        rows.append((f"d{number:03d}", user_id, booked_at, held_at, meeting.status, meeting.owner))
    write(folder / "demos.csv", csv_text(rows))


def write_plain_paid_users(folder: Path, stays: Sequence[Stay]) -> None:
    """Write one row a stay."""
    rows = [("user_id", "started_at", "ended_at", "plan", "mrr", "currency")]
    for stay in stays:
        user_id, plan = stay.user.user_id, stay.user.plan
        rows.append((user_id, iso(stay.start), iso(stay.end), plan, str(PLAIN_MRR[plan]), "USD"))
    write(folder / "paid_users.csv", csv_text(rows))


def write_plain(folder: Path) -> None:
    """Simulate the firm and write its folder."""
    users = simulate_users(Random(11))
    meetings = simulate_meetings(Random(12), users)
    stays = simulate_stays(Random(13), meetings)
    write_plain_visitors(folder, Random(14), users)
    write_plain_signups(folder, users)
    write_plain_demos(folder, meetings)
    write_plain_paid_users(folder, stays)


# --- the firm that sells and sets up an ERP -------------------------------------------------------------------------

ERP_FIRST, ERP_LAST = date(2026, 1, 5), date(2026, 10, 31)
ERP_OWNERS = (("Lan", 4), ("Minh", 3), ("Hương", 3))
ERP_SOURCES = (("Hội thảo", 3), ("Giới thiệu", 2), ("facebook / cpc", 3), ("Website", 4))
ERP_REASONS = (("Giá cao", 5), ("Chưa có ngân sách", 4), ("Chọn đối thủ", 3), ("Không phản hồi", 4))
# Stage of a deal: its header, the days before it, and how many of a hundred get to it.
ERP_STAGES = (
    ("Đánh giá", (2, 9), 84),
    ("Tìm hiểu nhu cầu", (4, 15), 78),
    ("Demo", (5, 21), 72),
    ("Hợp đồng", (7, 35), 66),
)
ERP_WON = ((5, 30), 70)
# Stage after the sale: its word, and the days that it takes.
ERP_SETTING_UP = (
    ("Báo giá", (2, 8)), ("Hợp đồng", (1, 5)), ("Có ERP riêng", (1, 4)), ("Triển khai", (7, 28)), ("Đào tạo", (3, 12)),
    ("Kịch bản", (3, 10)), ("Theo dõi", (20, 60)), ("Gia hạn", (1, 2)),
)  # fmt: skip
ERP_TEAM = (("Tú", 3), ("Bích", 2))


@dataclass(frozen=True)
class Deal:
    """One opportunity: the day of each stage it came to, and how and when it ended."""

    number: int
    customer: str
    created_on: date
    stages: tuple[date | None, ...]
    stage: str
    closed_on: date | None
    won: bool
    amount: int | None
    owner: str
    source: str
    reason: str


def simulate_deals(rng: Random) -> list[Deal]:
    """Draw the deals: one to three a week, some of which skip a stage, and those not yet through stay open."""
    deals: list[Deal] = []
    day = ERP_FIRST
    while day <= ERP_LAST:
        deals.append(simulate_deal(rng, len(deals) + 1, day))
        day += DAY * (1 + below(rng, 4))
    return deals


def simulate_deal(rng: Random, number: int, created: date) -> Deal:
    """Draw one deal, up to the last day of the export."""
    owner, source = pick(rng, ERP_OWNERS), pick(rng, ERP_SOURCES)
    amount = None if below(rng, 100) < 6 else (40 + 5 * below(rng, 50)) * 1_000_000
    stages: list[date | None] = []
    at, stage, is_lost = created, "Mới", False
    for name, (least, most), chance in ERP_STAGES:
        later = at + DAY * (least + below(rng, most - least + 1))
        if later > ERP_LAST:
            break
        if below(rng, 100) >= chance:
            at, is_lost = later, True
            break
        skipped = below(rng, 100) < 7
        stages.append(None if skipped else later)
        at, stage = later, stage if skipped else name
    won = False
    if not is_lost and len(stages) == len(ERP_STAGES):
        (least, most), chance = ERP_WON
        later = at + DAY * (least + below(rng, most - least + 1))
        if later <= ERP_LAST:
            at, won = later, below(rng, 100) < chance
            is_lost = not won
    stages += [None] * (len(ERP_STAGES) - len(stages))
    closed = at if won or is_lost else add_months(created, 3)
    return Deal(
        number=number, customer=f"KH{300 + number}", created_on=created, stages=tuple(stages),
        stage="Đã ký" if won else "Thất bại" if is_lost else stage, closed_on=closed, won=won, amount=amount,
        owner=owner, source=source, reason=pick(rng, ERP_REASONS) if is_lost else "",
    )  # fmt: skip


def slashed(day: date | None) -> str:
    """Write a day as Vietnamese exports do."""
    return f"{day:%d/%m/%Y}" if day else ""


def write_erp_deals(folder: Path, deals: Sequence[Deal]) -> None:
    """Write one row a deal, with a column of dates a stage."""
    rows = [
        ("Mã cơ hội", "Mã khách hàng", "Ngày tạo", "Giai đoạn", *(f"Ngày vào {name}" for name, *_ in ERP_STAGES),
         "Ngày đóng", "Giá trị", "Nguồn", "Người phụ trách", "Lý do thua")
    ]  # fmt: skip
    for deal in deals:
        amount = f"{deal.amount:,}".replace(",", ".") if deal.amount else ""
        days = [slashed(day) for day in deal.stages]
        rows.append(
            (f"CH{deal.number:03d}", deal.customer, slashed(deal.created_on), deal.stage, *days,
             slashed(deal.closed_on), amount, deal.source, deal.owner, deal.reason)
        )  # fmt: skip
    write(folder / "co_hoi.csv", csv_text(rows, delimiter=";"))


def write_erp_journey(folder: Path, rng: Random, deals: Sequence[Deal]) -> None:
    """Write a row for each stage that each customer came to after the sale; two in ten have an ERP of their own."""
    rows = [("Mã khách hàng", "Giai đoạn", "Ngày vào", "Ngày rời", "Nhân viên phụ trách", "Ghi chú")]
    for deal in (deal for deal in deals if deal.won):
        assert deal.closed_on is not None
        at: date = deal.closed_on - DAY * 6
        has_own_erp, leaves = below(rng, 100) < 20, below(rng, 100) < 12
        for place, (name, (least, most)) in enumerate(ERP_SETTING_UP):
            if (
                at > ERP_LAST
                or (name == "Có ERP riêng" and not has_own_erp)
                or (name == "Kịch bản" and below(rng, 4) == 0)
            ):
                continue
            left = at + DAY * (least + below(rng, most - least + 1))
            owner = deal.owner if place < 3 else pick(rng, ERP_TEAM)
            gone = leaves and name == "Đào tạo"
            stays = left > ERP_LAST or (name == ERP_SETTING_UP[-1][0] and not gone)
            note = "Dừng dự án" if gone else ""
            rows.append((deal.customer, name, slashed(at), "" if stays else slashed(left), owner, note))
            at = left
            if gone:
                break
    write(folder / "trien_khai.csv", csv_text(rows, delimiter=";"))


ERP_CONFIG = """\
# How the exports of a firm are read that sells an ERP and sets it up for its customers.

[business]
name = "Phần mềm Lúa"
lang = "vi"

[channels]
paid = ["Hội thảo"]

[journeys.opportunity.limits]
demo = "21d"             # longer in the demo than three weeks is stuck
contract = "45d"

[journeys.customer]
promised = "45d"         # from the contract to the use of it
"""


def write_erp_vn(folder: Path) -> None:
    """Simulate the firm and write its folder."""
    deals = simulate_deals(Random(21))
    write_erp_deals(folder, deals)
    write_erp_journey(folder, Random(22), deals)
    write(folder / "funnel.toml", ERP_CONFIG)


def main(arguments: Sequence[str]) -> int:
    """Write the folders into the folder named, or beside this file."""
    if len(arguments) > 1 or any(argument.startswith("-") for argument in arguments):
        sys.stderr.write(__doc__ or "")
        return 2
    out = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    write_saas_vn(out / "saas_vn")
    write_plain(out / "plain")
    write_erp_vn(out / "erp_vn")
    from make_leads import write_leads_vn

    write_leads_vn(out / "leads_vn")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
