"""Tickets by what they are about: a split of every figure of tickets."""

from pathlib import Path

import funnelcli as fc
from support import write_folder

TICKETS = """ticket_id,user_id,opened_at,kind,resolved_at
1,a,2026-09-01,Lỗi,2026-09-02
2,a,2026-09-03,lỗi ,2026-09-06
3,b,2026-09-03,Hóa đơn,
4,b,2026-09-04,,
5,c,2026-09-05,Lỗi,
"""


def test_tickets_are_split_by_what_they_are_about(tmp_path: Path) -> None:
    paid = "user_id,started_at\na,2026-08-01\nb,2026-08-01\nc,2026-08-15\n"
    folder = fc.open_folder(write_folder(tmp_path, {"tickets.csv": TICKETS, "paid_users.csv": paid}))
    report = folder.report(month="2026-09", as_of="2026-09-30", section="success", by="request")
    parts = ("Lỗi", "Hóa đơn", "none given")
    figures = {
        key: [report.values(key, part)["2026-09"].value for part in parts]
        for key in ("opened_tickets", "open_tickets", "resolution_days")
    }
    # Three spellings of one word; of its three tickets one took a day, one three, and one is open.
    assert figures == {"opened_tickets": [3, 1, 1], "open_tickets": [1, 1, 1], "resolution_days": [3, None, None]}
    assert report.values("opened_tickets")["2026-09"].value == sum(filter(None, figures["opened_tickets"]))
    rows = folder.explain("opened_tickets", month="2026-09", by="request", part="Lỗi", as_of="2026-09-30").rows
    assert [row.line for row in rows] == [2, 3, 6]
    # Customers are of no request: what is reckoned by them is missing there, and says why.
    missing = report.values("tickets_per_100_paid_users_ratio", "Lỗi")["2026-09"].missing
    assert missing is not None
