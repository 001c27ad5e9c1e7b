"""Lists without an end whose rows may be payments: named by what they show, with what it would mean; others are not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import funnelcli as fc

Lines = Sequence[str]
LAST = "2026-06-20"


def folder_of(path: Path, paid: Lines, settings: str = "") -> fc.Folder:
    (path / "paid_users.csv").write_text("\n".join(paid) + "\n", encoding="utf-8")
    (path / "funnel.toml").write_text(settings, encoding="utf-8")
    return fc.open_folder(path)


def said(folder: fc.Folder) -> list[tuple[str, str]]:
    faults = folder.check().problems
    return [(fault.message, fault.hint) for fault in faults if fault.code == "payments-list"]


def days(count: int, *, month: int = 6) -> list[str]:
    """Days over a month, the last of which is the 20th."""
    return [f"2026-{month:02}-{20 - 2 * n:02}" for n in range(count)]


def listed(header: str, row: str, count: int = 6) -> list[str]:
    """Rows of as many people on as many days; ``{n}`` is the number of each and ``{day}`` its day."""
    return [header, *(row.format(n=n, day=day) for n, day in enumerate(days(count)))]


PAYMENTS = {
    "a payment id": listed("Payment ID,Customer ID,Date,Amount", "pay-{n}7,u{n},{day},100"),
    "an invoice number": listed("Invoice number,Customer ID,Date,Amount", "A/00{n},u{n},{day},100"),
    "ids of charges under any header": listed("id,Customer ID,Date,Amount", "ch_3Nab4c{n},u{n},{day},100"),
    "ids of charges that are not read": listed("Ref,Customer ID,Date,Amount", "pi_3Nab4c{n},u{n},{day},100"),
    "a date of payment": listed("Customer ID,Payment date,Amount", "u{n},{day},100"),
    "a date of payment in Vietnamese": listed("Mã KH,Ngày thanh toán,Số tiền", "u{n},{day},100"),
    "what became of it and how it was paid": listed(
        "Customer ID,Date,Amount,State of charge,Method", "u{n},{day},100,Succeeded,Visa"),
    "status and method in Vietnamese": listed(
        "Mã KH,Ngày,Số tiền,Trạng thái,Hình thức", "u{n},{day},100,Đã thanh toán,Chuyển khoản"),
}  # fmt: skip


@pytest.mark.parametrize("paid", PAYMENTS.values(), ids=PAYMENTS.keys())
def test_a_list_in_which_everybody_has_paid_once_is_asked_about(paid: Lines, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, paid)
    ((message, hint),) = said(folder)
    # The first row is of 20 June, the sixth of the 10th; each is due again in July, so on 20 June all six pay.
    assert message.endswith("As it is read, all 6 customers pay on; as payments, 6 would after 2026-06-20")
    assert '[paid_users] shape = "payments"' in hint
    notes = [note.text.of("en") for note in folder.report().report.notes if note.code == "payments-list"]
    assert notes == [f"paid_users.csv {message}. {hint}"]
    for shape in ("payments", "subscriptions"):  # whoever says what they are is not asked
        assert said(folder_of(tmp_path, paid, f'[paid_users]\nshape = "{shape}"\n')) == []


SUBSCRIPTIONS = {
    "a list of customers": listed("Customer ID,Start date,Plan,Amount", "u{n},{day},Pro,100"),
    "with how they pay": listed("Customer ID,Start date,Plan,Amount,Payment method", "u{n},{day},Pro,100,Visa"),
    "with a rate": listed("Customer ID,Payment date,Plan,MRR,Payment method", "u{n},{day},Pro,100,Visa"),
    "with ids of subscriptions": listed("Subscription ID,Customer ID,Start date,Amount", "sub_3Nab4{n},u{n},{day},100"),
    "with ends to come": listed("Invoice ID,Customer ID,Start date,End date,Amount", "in_3N{n}cdef,u{n},{day},,100"),
    "with states of subscriptions": listed("Customer ID,Start date,Amount,Status,Method", "u{n},{day},100,active,Visa"),
    "of people with all they ever spent": listed("Customer ID,Created at,Total spend,Card", "u{n},{day},100,Visa"),
    "deals": listed("Deal ID,Customer ID,Close date,Amount,Deal stage", "{n}77,u{n},{day},100,Closed Won"),
}  # fmt: skip


@pytest.mark.parametrize("paid", SUBSCRIPTIONS.values(), ids=SUBSCRIPTIONS.keys())
def test_a_list_of_subscriptions_is_not_asked_about(paid: Lines, tmp_path: Path) -> None:
    assert said(folder_of(tmp_path, paid)) == []


def test_people_who_come_again_when_it_is_due_say_it_of_the_others(tmp_path: Path) -> None:
    """Of ten, one has the same row a month and one a year later; both have it at the end of a shorter month too."""
    once = [f"u{n},2026-03-{n + 10:02},Pro,100" for n in range(8)]
    paid = ["Customer ID,Start date,Plan,Amount", *once]
    monthly, yearly = ["a,2026-01-31,Pro,100", "a,2026-02-28,Pro,100"], ["b,2025-02-20,Pro,100", "b,2026-02-21,Pro,100"]
    ((message, _),) = said(folder_of(tmp_path, [*paid, *monthly, *yearly]))
    # Of 2 of 10 with several rows, too few to say it alone (3 in 10); the last start is 17 March.  On that day the
    # eight are paid up to April, a until 27 March and b until 20 March.
    assert message == (
        "no row has an end, and each may be a payment: 2 of 10 customers have the same once more a month or a year "
        "later. As it is read, all 10 customers pay on; as payments, 10 would after 2026-03-17"
    )
    # One alone may be chance, and so may two of whom others come again at any time.
    assert said(folder_of(tmp_path, [*paid, *monthly])) == []
    # c, d and e come again after 59 to 90 days, at no term: then those at a term are 2 of 5, which is not most.
    others = ["c,2026-01-05", "c,2026-03-20", "d,2026-01-06", "d,2026-03-21", "e,2026-02-01", "e,2026-03-17"]
    more = [f"f{n},2026-02-{n + 1:02},Pro,100" for n in range(10)]  # 5 of 23 come again
    assert said(folder_of(tmp_path, [*paid, *monthly, *yearly, *more, *(f"{each},Pro,100" for each in others)])) == []
    # Another plan a month later is a change of plan.
    upgrades = [line.replace("Pro", "Max") if n else line for n, line in enumerate(monthly)]
    assert said(folder_of(tmp_path, [*paid, *upgrades, *yearly])) == []


def test_what_it_would_mean_is_counted_by_the_interval(tmp_path: Path) -> None:
    """The last payment is of 20 June: who paid on 21 May is paid up to that day, who paid on 22 May for one more."""
    paid = [
        "Payment ID,Customer ID,Date,Amount",
        "pay-1,a,2026-05-21,100",
        "pay-2,b,2026-05-22,100",
        f"pay-3,c,{LAST},100",
    ]
    ((message, _),) = said(folder_of(tmp_path, paid))
    assert message.endswith("all 3 customers pay on; as payments, 2 would after 2026-06-20")
    by_year = folder_of(tmp_path, paid, '[inputs.paid_users]\ninterval = "year"\n')
    assert said(by_year)[0][0].endswith("as payments, 3 would after 2026-06-20")
    # That is what the setting gives.
    folder = folder_of(tmp_path, paid, '[paid_users]\nshape = "payments"\n')
    assert folder.report(month="2026-06").values("closing_paid_users")["2026-06"].value == 2
