"""The example of a sales team: leads with their firms, what they did, and what sales and marketing did with them.

Everything in it is invented; `make_examples.py` writes it with the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from make_examples import Weighted, below, busyness, csv_text, days_between, pick, write

FIRST, LAST = date(2026, 1, 5), date(2026, 10, 30)
HOUR = timedelta(hours=1)
SOURCES: Weighted[str] = [
    ("google / cpc", 30), ("facebook / cpc", 25), ("Giới thiệu", 15), ("Hội thảo", 12), ("Trang web", 18),
]  # fmt: skip
INDUSTRIES: Weighted[str] = [("Giáo dục", 40), ("Bán lẻ", 25), ("Sản xuất", 20), ("Y tế", 10), ("", 5)]
SIZES: Weighted[str] = [("1-9", 15), ("10-49", 25), ("50-199", 30), ("200-499", 15), ("500-1.999", 8), ("", 7)]
CITIES: Weighted[str] = [("Hà Nội", 40), ("TP. Hồ Chí Minh", 40), ("Đà Nẵng", 12), ("Cần Thơ", 8)]
ROLES: Weighted[str] = [
    ("Giám đốc", 25), ("Trưởng phòng IT", 20), ("Kế toán", 15), ("Nhân viên", 25), ("Sinh viên", 8), ("", 7),
]  # fmt: skip
SELLERS: Weighted[str] = [("Lan", 40), ("Minh", 35), ("Tuấn", 25)]
REASONS: Weighted[str] = [("Không nghe máy", 40), ("Chưa có ngân sách", 30), ("Sai số", 15), ("", 15)]


@dataclass
class Contact:
    """A lead: who it is, how well it fits, and all that is written of it."""

    code: str
    came: datetime
    source: str
    firm: str
    role: str
    chance: float
    deeds: list[tuple[datetime, str, str, str, str, str]] = field(default_factory=list)
    handed: list[tuple[datetime, str, datetime | None, datetime | None, str]] = field(default_factory=list)
    demo: tuple[datetime, date | None, str] | None = None
    paid: date | None = None


def moment(rng: Random, day: date, first: int = 7, last: int = 23) -> datetime:
    """Draw a moment of a day between two hours."""
    return datetime(day.year, day.month, day.day, first) + timedelta(minutes=below(rng, (last - first) * 60))


def working(when: datetime) -> datetime:
    """The moment, else the next at which somebody works: 08:00 to 17:30 from Monday to Friday."""
    while when.weekday() > 4 or when.hour >= 17 or busyness(when.date()) < 40:
        when = datetime(when.year, when.month, when.day, 8, 5) + timedelta(days=1)
    return when if when.hour >= 8 else when.replace(hour=8, minute=5)


def firms(rng: Random) -> list[tuple[str, str, str, str, str]]:
    """The firms: number, industry, size, city, country."""
    return [
        (f"CT{number:03}", pick(rng, INDUSTRIES), pick(rng, SIZES), pick(rng, CITIES),
         pick(rng, [("VN", 94), ("SG", 4), ("", 2)]))
        for number in range(1, 161)
    ]  # fmt: skip


def contacts(rng: Random, known: list[tuple[str, str, str, str, str]]) -> Iterator[Contact]:
    """Draw the leads of all days, and what becomes of each."""
    number = 0
    for day in days_between(FIRST, LAST):
        for _ in range(1 + (rng.random() < 0.35) if rng.random() * 100 < busyness(day) * 1.1 else 0):
            number += 1
            firm = known[below(rng, len(known))]
            role = pick(rng, ROLES)
            chance = 0.03 + 0.12 * (firm[1] == "Giáo dục") + 0.10 * (firm[2] in ("50-199", "200-499"))
            chance += 0.08 * (role in ("Giám đốc", "Trưởng phòng IT")) - 0.03 * (role == "Sinh viên")
            contact = Contact(
                code=f"L{number:04}", came=moment(rng, day), source=pick(rng, SOURCES), firm=firm[0], role=role,
                chance=max(chance, 0.01),
            )  # fmt: skip
            interest(rng, contact)
            selling(rng, contact)
            yield contact


def interest(rng: Random, contact: Contact) -> None:
    """What a lead does of its own: the likelier it buys, the more."""
    eager = contact.chance * 4

    def do(kind: str, when: datetime, automatic: str = "") -> None:
        if when.date() <= LAST:
            contact.deeds.append((when, kind, "Đến", "", "", automatic))

    do("Điền form", contact.came)
    if rng.random() < 0.25 + eager * 0.5:
        do("Yêu cầu demo", contact.came + timedelta(minutes=3 + below(rng, 60 * 24 * 4)))
    for _ in range(below(rng, 6)):
        when = contact.came + timedelta(minutes=below(rng, 60 * 24 * 60))
        do(pick(rng, [("Mở email", 60), ("Bấm link", 25), ("Hội thảo", 8), ("Phản hồi", 7)]), when)
    if rng.random() < 0.06:
        do("Hủy đăng ký", contact.came + timedelta(days=10 + below(rng, 40)))
    contact.deeds.append((contact.came + timedelta(minutes=1), "Email", "Đi", "", "", "Có"))


def selling(rng: Random, contact: Contact) -> None:
    """What sales does with a lead that asks for a demo, and whether it buys."""
    asked = [when for when, kind, *_ in contact.deeds if kind == "Yêu cầu demo"]
    if not asked or rng.random() < 0.08:
        return
    handed = working(asked[0] + timedelta(minutes=20 + below(rng, 240)))
    seller = pick(rng, SELLERS)
    slow = {"Lan": 1, "Minh": 3, "Tuấn": 9}[seller]
    tries, spoke = 0, False
    when = working(handed + timedelta(minutes=5 + below(rng, 60 * slow)))
    while when.date() <= LAST and tries < 5 and not spoke and rng.random() < 0.93:
        tries += 1
        spoke = rng.random() < 0.45
        kind = "Gọi điện" if rng.random() < 0.75 else "Email"
        outcome = ("Đã nghe máy" if spoke else "Không nghe máy") if kind == "Gọi điện" else ""
        spoke = spoke and kind == "Gọi điện"
        contact.deeds.append((when, kind, "Đi", seller, outcome, ""))
        if not spoke:
            when = working(when + timedelta(days=1 + below(rng, 3), minutes=below(rng, 180)))
    accepted = when + HOUR if spoke and when.date() <= LAST else None
    back = None
    if not spoke and tries and rng.random() < 0.7 and (when + HOUR).date() <= LAST:
        back = working(when + HOUR)
    contact.handed.append((handed, seller, accepted, back, pick(rng, REASONS) if back else ""))
    if accepted is not None:
        booked = accepted + timedelta(minutes=30)
        held = booked.date() + timedelta(days=2 + below(rng, 9))
        came = held <= LAST and rng.random() < 0.75
        status = "Đã demo" if came else "Đã đặt" if held > LAST else "Không đến"
        contact.demo = (booked, held if came else None, status)
        start = held + timedelta(days=5 + below(rng, 40))
        if came and start <= LAST and rng.random() < min(0.9, contact.chance * 2.2):
            contact.paid = start


def day_text(when: datetime | date | None) -> str:
    """A day, with its time where it has one, as people in Vietnam write it."""
    if when is None:
        return ""
    return when.strftime("%d/%m/%Y %H:%M" if isinstance(when, datetime) else "%d/%m/%Y")


CONFIG = """#:schema ./funnel.schema.json
# How the firm judges its leads: who fits, what says that somebody is interested, and when sales is to call.

[business]
name = "Công ty Ví dụ"
currency = "VND"
timezone = "Asia/Ho_Chi_Minh"

[inputs.signups]
date_order = "dmy"

[leads]
mql = { fit = 25, interest = 30 }  # ready for sales when both scores are first at their least
horizon = "90d"  # how long a lead has to pay before it is judged
test_after = "7d"  # the score is tested as it stood a week after each lead came

[leads.fit]
employees = { "50-499" = 25, "500-" = 10, "-9" = -10 }
industry = { "giáo dục*" = 25, "bán lẻ*" = 10 }
role = { "giám đốc*" = 20, "trưởng phòng*" = 15, "sinh viên*" = -40 }

# What marketing and sales promised each other: `funnelcli sla` is the page of their meeting.
[sla]
since = 2026-03-01
goal = { metric = "new_paid_users", amount = 40, by = 2026-12-31 }  # from since on
triggers = ["demo_request"]  # what makes a lead one to be handed over

[sla.marketing]
mqls = 12  # a month
mql_to_sql_rate = "70%"
fields = ["employees", "industry", "role"]  # known at the hand-over

[sla.sales]
respond = "4h"  # of business time, to the first call, mail, chat or meeting
decide = "3d"  # working days, to accept a lead or give it back
attempts = 3  # before a lead may come back
apart = "1d-4d"  # between two of them
return_at_once = ["Sai số"]

[sla.hours]
mon-fri = "08:00-17:30"
holidays = "VN"  # with the days that are swapped for them
closed = ["2026-02-14/2026-02-22"]  # Tết as the firm keeps it

[sla.hours.leave]
"Tuấn" = ["2026-09-07/2026-09-11"]

# Whom the firm is made for: each account gets a tier by it, for --by tier and `funnelcli icp review`.
[icp]
since = 2026-03-02
hard = { country = ["VN"] }
soft = [{ industry = ["giáo dục*"], weight = 3 }, { employees = ["50-499"], weight = 2 }]
needs = { "-49" = ["decider"], "50-" = ["decider", "manager"] }
roles = { decider = ["giám đốc*"], manager = ["trưởng phòng*"] }
"""


def write_leads_vn(folder: Path) -> None:
    """Simulate the firm and write its folder."""
    known = firms(Random(41))
    leads = list(contacts(Random(42), known))
    rows: list[tuple[str, ...]] = [("Mã khách hàng", "Thời gian đăng ký", "Nguồn", "Mã công ty", "Chức vụ")]
    rows += [(lead.code, day_text(lead.came), lead.source, lead.firm, lead.role) for lead in leads]
    write(folder / "signups.csv", csv_text(rows, delimiter=";"), encoding="utf-8-sig")
    header = ("Mã công ty", "Ngành", "Số nhân viên", "Tỉnh thành", "Quốc gia")
    write(folder / "cong_ty.csv", csv_text([header, *known], delimiter=";"), encoding="utf-8-sig")
    deeds = sorted((deed, lead.code) for lead in leads for deed in lead.deeds if deed[0].date() <= LAST)
    rows = [("Mã hoạt động", "Mã khách hàng", "Thời điểm", "Loại", "Hướng", "Người phụ trách", "Kết quả", "Tự động")]
    rows += [
        (f"HD{number:05}", code, day_text(when), kind, way, owner, outcome, automatic)
        for number, ((when, kind, way, owner, outcome, automatic), code) in enumerate(deeds, 1)
    ]  # fmt: skip
    write(folder / "tuong_tac.csv", csv_text(rows, delimiter=";"), encoding="utf-8-sig")
    rows = [("Mã khách hàng", "Thời gian bàn giao", "Người nhận", "Ngày tiếp nhận", "Ngày trả lại", "Lý do trả lại")]
    handed = sorted((each[0], lead.code, each) for lead in leads for each in lead.handed if each[0].date() <= LAST)
    rows += [
        (code, day_text(when), seller, day_text(accepted), day_text(back), reason)
        for when, code, (_, seller, accepted, back, reason) in handed
    ]  # fmt: skip
    write(folder / "ban_giao.csv", csv_text(rows, delimiter=";"), encoding="utf-8-sig")
    rows = [("Mã demo", "Mã khách hàng", "Ngày đặt", "Ngày demo", "Trạng thái", "Người phụ trách")]
    demos = sorted(
        ((lead.demo[0], lead) for lead in leads if lead.demo is not None and lead.demo[0].date() <= LAST),
        key=lambda pair: (pair[0], pair[1].code),
    )
    rows += [
        (f"DM{number:04}", lead.code, day_text(booked), day_text(held), status, lead.handed[0][1])
        for number, (booked, lead) in enumerate(demos, 1) if lead.demo for _, held, status in [lead.demo]
    ]  # fmt: skip
    write(folder / "demos.csv", csv_text(rows, delimiter=";"), encoding="utf-8-sig")
    rows = [("Mã khách hàng", "Ngày bắt đầu", "Ngày hết hạn", "Gói", "MRR")]
    paid = sorted((lead.paid, lead.code, lead.chance) for lead in leads if lead.paid is not None)
    rows += [
        (code, day_text(start), day_text(start.replace(year=start.year + 1) - timedelta(1)),
         "Chuyên nghiệp" if chance > 0.2 else "Cơ bản", "2.400.000" if chance > 0.2 else "900.000")
        for start, code, chance in paid
    ]  # fmt: skip
    write(folder / "paid_users.csv", csv_text(rows, delimiter=";"), encoding="utf-8-sig")
    write(folder / "funnel.toml", CONFIG)
