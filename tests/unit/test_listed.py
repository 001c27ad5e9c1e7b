"""Lists of who pays at the time that give no start: a column of months, or a file a month; worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import funnelcli as fc

MONTHS = ("2026-01", "2026-02", "2026-03")
NEW, LOST, BACK = "new_paid_users", "churned_paid_users", "reactivated_paid_users"
OPENING, CLOSING, MRR = "opening_paid_users", "closing_paid_users", "closing_mrr_amount"
SIGNUPS = ("user_id,signed_up_at", *(f"u{number},2026-01-0{number}" for number in range(1, 8)), "u9,2026-03-31")
# u3 is new in February, u4 in March; u2 is gone in March, and u1 pays 120 then.
JANUARY, FEBRUARY = ("u1,100", "u2,100"), ("u1,100", "u2,100", "u3,100")
MARCH = ("u1,120", "u3,100", "u4,100")
LISTS = (JANUARY, FEBRUARY, MARCH)


def folder_of(place: Path, toml: str = "", /, **files: Sequence[str]) -> fc.Folder:
    place.mkdir(exist_ok=True)
    if toml:
        (place / "funnel.toml").write_text(toml, encoding="utf-8")
    for name, lines in {"signups": SIGNUPS, **files}.items():
        (place / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return fc.open_folder(place)


def under(header: str, said: Sequence[str], lists: Sequence[Sequence[str]] = LISTS) -> list[str]:
    """The lists as one table, each with the month or day that a column says."""
    rows = [f"{text},{line}" for text, lines in zip(said, lists, strict=True) for line in lines]
    return [f"{header},user_id,mrr", *rows]


def values(folder: fc.Folder, metric: str, as_of: str = "2026-03-31") -> list[float | None]:
    known = folder.report(start="2026-01", end="2026-03", as_of=as_of).values(metric)
    return [known[month].value for month in MONTHS]


def codes(folder: fc.Folder) -> list[str]:
    return [fault.code for fault in folder.check().problems if fault.code not in ("month-gap", "ends-early")]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("month", ("2026-01", "2026-02", "2026-03")),
        ("report_month", ("01/2026", "02/2026", "03/2026")),
        ("Month", ("Jan 2026", "Feb 2026", "Mar 2026")),
        ("Month", ("Jan-26", "Feb-26", "Mar-26")),
        ("Tháng", ("T1/2026", "T2/2026", "T3/2026")),
        ("Kỳ", ("Tháng 1/2026", "Tháng 2/2026", "Tháng 3/2026")),
        # A spreadsheet makes the first of a month of "Jan 2026": under a header of months it is that month.
        ("month", ("2026-01-01", "2026-02-01", "2026-03-01")),
        ("Month", ("1/1/2026", "2/1/2026", "3/1/2026")),
        # A header that means any date, with months in it.
        ("date", ("2026-01", "2026-02", "2026-03")),
        ("snapshot_date", ("2026-01-31", "2026-02-28", "2026-03-31")),
        ("Ngày chốt", ("31/01/2026", "28/02/2026", "31/03/2026")),
    ],
)
def test_a_column_of_months_or_days_stands_for_the_starts(header: str, said: Sequence[str], tmp_path: Path) -> None:
    folder = folder_of(tmp_path, paid_users=under(header, said))
    # Who of January's list began in January, nobody knows.
    assert values(folder, NEW) == [None, 1, 1]
    assert values(folder, LOST) == [None, 0, 1]
    assert values(folder, OPENING) == [None, 2, 3]
    assert values(folder, CLOSING) == [2, 2 + 1, 3 + 1 - 1]
    assert values(folder, MRR) == [100 + 100, 100 + 100 + 100, 120 + 100 + 100]
    assert codes(folder) == ["read-as-lists"]


def test_a_file_a_month_says_it_in_its_name(tmp_path: Path) -> None:
    files = {f"paid_users_{month}": ["user_id,mrr", *lines] for month, lines in zip(MONTHS, LISTS, strict=True)}
    folder = folder_of(tmp_path, **files)
    assert values(folder, NEW) == [None, 1, 1]
    assert values(folder, LOST) == [None, 0, 1]
    assert values(folder, MRR) == [200, 300, 320]
    assert [(tally.read, tally.counted) for tally in folder.facts().tallies if tally.input == "paid_users"] == [
        (2, 2), (3, 3), (3, 3),
    ]  # fmt: skip


def test_who_comes_back_is_reactivated_and_a_list_that_is_missing_leaves_months_open(tmp_path: Path) -> None:
    four = ("2025-12", "2026-01", "2026-02", "2026-03")
    away = (("u1,1", "u2,2", "u5,7"), ("u1,1", "u2,2"), ("u1,1", "u2,2", "u5,7"), ("u1,1", "u2,2", "u5,7"))
    folder = folder_of(tmp_path / "back", paid_users=under("month", four, away))
    assert (values(folder, LOST), values(folder, BACK)) == ([1, 0, 0], [0, 1, 0])
    assert values(folder, MRR) == [3, 3 + 7, 3 + 7]
    # Between January's list and March's: u3 may have come in February or in March, u2 have left.
    folder = folder_of(tmp_path / "gap", paid_users=under("month", ("2025-12", "2026-01", "2026-03"), LISTS))
    assert values(folder, NEW) == [1, None, None]
    assert values(folder, LOST) == [0, None, None]
    assert values(folder, CLOSING) == [3, None, 3]
    total = folder.report(start="2026-02", end="2026-03", as_of="2026-03-31")
    # Both months as one period: u4 has come and u2 has left in it, whenever that was.
    assert [total.values(metric)["total"].value for metric in (NEW, LOST, OPENING)] == [1, 1, 3]


def test_beyond_the_lists_nobody_knows_who_pays(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, paid_users=under("month", MONTHS[:2], LISTS[:2]))
    assert values(folder, CLOSING) == [2, 3, None]
    assert values(folder, MRR) == [200, 300, None]
    assert values(folder, NEW) == [None, 1, None]
    why = folder.report(start="2026-03", end="2026-03", as_of="2026-03-31").values(CLOSING)["2026-03"].missing
    assert why is not None
    assert why.code == "unseen-by-lists"


def test_the_first_of_a_month_is_asked_about_where_nothing_says_which_month_it_is(tmp_path: Path) -> None:
    rows = under("As of", ("2026-02-01", "2026-03-01", "2026-04-01"))
    folder = folder_of(tmp_path, paid_users=rows)
    assert codes(folder) == ["list-days-undecided"]
    folder = folder_of(tmp_path, '[paid_users]\nfirst_of_month = "before"\n')
    assert values(folder, MRR) == [200, 300, 320]
    folder = folder_of(tmp_path, '[paid_users]\nfirst_of_month = "month"\n')
    assert values(folder, MRR) == [None, 200, 300]


def test_it_decides_of_lists_with_starts_too(tmp_path: Path) -> None:
    begun = {"u1": "2025-12-10", "u2": "2025-12-15", "u3": "2026-01-10", "u4": "2026-01-20"}
    rows = [
        f"{day},{user},{begun[user]},{mrr}"
        for day, lines in zip(("2026-01-01", "2026-02-01", "2026-03-01"), LISTS, strict=True)
        for user, mrr in (line.split(",") for line in lines)
    ]
    lines = ["As of,user_id,started_at,mrr", *rows]
    # The list of 1 March is that of February: u2 is lost in February.  As the list of March, in March.
    assert values(folder_of(tmp_path / "usual", paid_users=lines), LOST) == [0, 1, None]
    asked = '[paid_users]\nfirst_of_month = "month"\n'
    assert values(folder_of(tmp_path / "month", asked, paid_users=lines), LOST) == [None, 0, 1]


def test_days_under_a_header_that_means_any_date_may_be_payments(tmp_path: Path) -> None:
    rows = under("date", ("2026-01-05", "2026-02-05", "2026-03-05"))
    folder = folder_of(tmp_path, '[inputs.paid_users]\ndate_order = "dmy"\n', paid_users=rows)
    assert codes(folder) == ["lists-or-payments"]
    (fault,) = (fault for fault in folder.check().problems if fault.code == "lists-or-payments")
    assert "listed_on = 'date'" in fault.hint
    folder = folder_of(tmp_path, "[inputs.paid_users.columns]\nlisted_on = 'date'\n")
    assert values(folder, CLOSING) == [None, None, None]  # of what happens after 5 March no list tells
    assert values(folder, CLOSING, as_of="2026-03-05") == [None, None, 3]
    folder = folder_of(tmp_path, '[paid_users]\nshape = "payments"\n')
    assert values(folder, NEW) == [2, 1, 1]


def test_whoever_has_ended_by_the_status_is_not_listed(tmp_path: Path) -> None:
    rows = ["month,user_id,mrr,status"]
    rows += [f"{month},u1,5,active" for month in MONTHS]
    rows += [f"{month},u2,5,{status}" for month, status in zip(MONTHS, ("active", "active", "cancelled"), strict=True)]
    folder = folder_of(tmp_path, paid_users=rows)
    assert values(folder, LOST) == [None, 0, 1]
    assert values(folder, MRR) == [10, 10, 5]
    assert codes(folder) == ["read-as-lists", "not-paying"]


def test_what_is_no_list_is_not_read_as_one(tmp_path: Path) -> None:
    # A start under a header that nobody knows: each customer once.
    folder = folder_of(
        tmp_path / "starts", paid_users=under("Member", ("2026-01-05", "2026-02-06"), (("u1,5",), ("u2,5",)))
    )
    assert codes(folder) == ["missing-column"]
    # One list tells nobody's coming or going.
    folder = folder_of(tmp_path / "single", paid_users=under("month", ("2026-01",), (JANUARY,)))
    (fault,) = (fault for fault in folder.check().problems if fault.code == "missing-column")
    assert "listed_on = 'month'" in fault.hint
    asked = "[inputs.paid_users.columns]\nlisted_on = 'month'\n"
    folder = folder_of(tmp_path / "single", asked)
    assert values(folder, MRR) == [200, None, None]
    # A month without a year is an error of its row.
    folder = folder_of(tmp_path / "year", asked, paid_users=[*under("month", MONTHS), "Mar,u9,5"])
    assert [(f.code, f.line) for f in folder.check().problems if f.code == "list-day-not-read"] == [
        ("list-day-not-read", 2 + 2 + 3 + 3)
    ]
