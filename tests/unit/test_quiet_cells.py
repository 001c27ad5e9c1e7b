"""Cells and headers that were read for something else without a word; worked by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

import funnelcli as fc

Lines = Sequence[str]
MONTHS = ("2026-01", "2026-02")
SIGNUPS, NEW, CLOSING = "new_signups", "new_paid_users", "closing_paid_users"
MRR, LOST = "closing_mrr_amount", "churned_paid_users"


def folder_of(place: Path, toml: str = "", /, **files: Lines) -> fc.Folder:
    """A folder of files, each given as lines, with its funnel.toml."""
    place.mkdir(exist_ok=True)
    (place / "funnel.toml").write_text(toml, encoding="utf-8")
    for name, lines in files.items():
        (place / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return fc.open_folder(place)


def values(folder: fc.Folder, metric: str, as_of: str | None = None) -> list[float | None]:
    """A metric of January and February 2026."""
    report = folder.report(start="2026-01", end="2026-02", as_of=as_of)
    known = report.values(metric)
    return [known[month].value for month in MONTHS]


def fc_day(folder: fc.Folder) -> str:
    """The day up to which is counted."""
    return str(json.loads(folder.report().render("json"))["as_of"])


def codes(folder: fc.Folder) -> list[str]:
    """What a check says, but of how far the files reach."""
    of_reach = ("month-gap", "ends-early", "begins-late")
    return [fault.code for fault in folder.check().problems if fault.code not in of_reach]


# --- lists that say when they were made ---------------------------------------------------------------------------

OLDER = ("customer_id,started_at,plan,mrr", "1,2026-01-03,Pro,20", "2,2026-01-04,Pro,20")
NEWER = ("customer_id,started_at,plan,mrr", "1,2026-01-03,Pro,50", "3,2026-02-10,Pro,20")


def test_one_customer_joins_lists_that_are_dated_and_have_no_ends(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **{"paid_users_2026-01-31": OLDER, "paid_users_2026-02-28": NEWER})
    # The newest list was made on 28 February, though its last customer came on the 10th.
    assert values(folder, MRR) == [20 + 20, 50 + 20]
    assert values(folder, CLOSING) == [2, 2]
    assert values(folder, LOST) == [None, 1]
    assert codes(folder) == ["read-as-snapshots"]
    folder = folder_of(tmp_path, '[paid_users]\nsame_customers = "parts"\n')
    assert values(folder, CLOSING) == [2, 3]
    assert "read-as-snapshots" not in codes(folder)


def test_a_column_that_says_when_lists_were_made_is_read(tmp_path: Path) -> None:
    rows = ("1,s1,2026-01-03,,20,2026-01-31", "2,s2,2026-01-04,,20,2026-01-31",
            "1,s1,2026-01-03,,50,2026-02-28", "3,s3,2026-02-10,,20,2026-02-28")  # fmt: skip
    header = "customer_id,subscription_id,started_at,ended_at,mrr,exported_at"
    folder = folder_of(tmp_path, paid_users=(header, *rows))
    assert values(folder, MRR) == [20 + 20, 50 + 20]
    assert values(folder, LOST) == [None, 1]
    assert codes(folder) == ["read-as-snapshots"]


def test_the_day_of_each_row_is_no_day_of_a_list(tmp_path: Path) -> None:
    header = "customer_id,subscription_id,started_at,mrr,updated_at"
    folder = folder_of(tmp_path, paid_users=(header, "1,s1,2026-01-03,20,2026-01-05", "1,s2,2026-01-03,30,2026-01-09"))
    assert values(folder, MRR, "2026-02-28") == [20 + 30, 20 + 30]
    assert "read-as-snapshots" not in codes(folder)


# --- whose rows they are ------------------------------------------------------------------------------------------


def test_an_address_is_its_person_however_it_is_written(tmp_path: Path) -> None:
    emails = (
        "ann@x.com",
        "<ann@x.com>",
        "mailto:Ann@x.com",
        "Ann Lee <ann@x.com>",
        '"Lee, Ann <ann@x.com>"',
        "bob@x.com",
    )
    rows = [f"{email},2026-01-0{day}" for day, email in enumerate(emails, start=1)]
    folder = folder_of(tmp_path, signups=("email,created_at", *rows, "cat@x.com,2026-02-01"))
    assert values(folder, SIGNUPS) == [2, 1]
    assert codes(folder) == []


@pytest.mark.parametrize("mark", [",", "."])
def test_ids_with_a_mark_between_thousands_are_numbers(mark: str, tmp_path: Path) -> None:
    paid = [f'"1{mark}001",2026-01-05,,10', f'"1{mark}002",2026-02-05,,20']
    signups = ("user_id,signed_up_at", "1,2026-01-01", "2,2026-01-01", "1001,2026-01-03", "1002,2026-01-04")
    folder = folder_of(tmp_path, signups=signups, paid_users=("user_id,started_at,ended_at,mrr", *paid))
    assert values(folder, NEW, "2026-02-28") == [1, 1]
    assert codes(folder) == ["ids-in-thousands"]
    assert {row.user_id for row in folder.explain(NEW, month="2026-01").rows} == {"1001"}


def test_words_for_anybody_are_named(tmp_path: Path) -> None:
    rows = ("kh1,2026-01-03", "Khách lẻ,2026-01-04", "Khách lẻ,2026-01-05", "0,2026-01-06")
    folder = folder_of(tmp_path, signups=("user_id,signed_up_at", *rows))
    assert codes(folder) == ["id-of-nobody", "id-of-nobody"]


# --- zones in headers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "february"),
    [
        # 31 January, 20:00: in Saigon (+7) that is 3 hours behind its own midnight, and 08:00 of 1 February from EST.
        ("Created At (EST)", 1), ("Created At (PST)", 1), ("Created At (UTC)", 1), ("Created At (GMT-5)", 1),
        ("Created At (ICT)", 0), ("Created At (GMT+7)", 0), ("Created At (+07:00)", 0), ("Created At", 0),
        ("Created At (+03:00)", 1),  # 20:00 is 17:00 UTC, which is midnight in Saigon
        ("Created At (+03:30)", 0),
    ],
)  # fmt: skip
def test_a_header_says_the_zone_of_its_times(header: str, february: int, tmp_path: Path) -> None:
    rows = ("a@x.com,2026-01-31 20:00", "b@x.com,2026-01-20 10:00", "c@x.com,2026-02-20 10:00")
    folder = folder_of(tmp_path, signups=(f"Email,{header}", *rows))
    assert values(folder, SIGNUPS) == [2 - february, 1 + february]
    assert codes(folder) == []


# --- plans and amounts ----------------------------------------------------------------------------------------------


def test_plans_that_are_free_by_name_count_only_where_something_is_paid(tmp_path: Path) -> None:
    plans = ("Gói miễn phí", "Community", "Evaluation", "Pilot", "Free tier", "Pro", "Ad-free")
    rows = [f"{number},2026-01-0{number},,{plan}" for number, plan in enumerate(plans, start=1)]
    folder = folder_of(tmp_path, paid_users=("user_id,started_at,ended_at,plan", *rows))
    assert values(folder, NEW, "2026-02-28") == [2, 0]
    assert codes(folder) == ["free-row"] * 5
    rows = ["1,2026-01-03,,Pilot,49", "2,2026-01-03,,Pro,49"]
    folder = folder_of(tmp_path, paid_users=("user_id,started_at,ended_at,plan,mrr", *rows))
    assert values(folder, NEW, "2026-02-28") == [2, 0]


def test_a_header_that_is_mapped_says_the_currency_of_its_rows(tmp_path: Path) -> None:
    rows = ("1,2026-01-03,,100,100,USD", "2,2026-01-13,,100,108,EUR", "3,2026-02-14,,100,100,USD")
    toml = "[inputs.paid_users.columns]\nmrr = 'mrr_usd'\n"
    folder = folder_of(tmp_path, toml, paid_users=("user_id,started_at,ended_at,mrr,mrr_usd,currency", *rows))
    assert values(folder, MRR) == [100 + 108, 100 + 108 + 100]


def test_amounts_with_words_for_thousands_and_millions(tmp_path: Path) -> None:
    rows = ("1,2026-01-03,,1.5tr", "2,2026-01-13,,500k", "3,2026-02-14,,2 triệu")
    folder = folder_of(tmp_path, paid_users=("user_id,started_at,ended_at,mrr", *rows))
    assert values(folder, MRR) == [1_500_000 + 500_000, 1_500_000 + 500_000 + 2_000_000]
    folder = folder_of(tmp_path, "[business]\ncurrency = 'USD'\n")
    assert "not-an-amount" in codes(folder)


# --- which column it is ---------------------------------------------------------------------------------------------


def test_of_two_ends_the_earlier_counts_where_the_settings_say_so(tmp_path: Path) -> None:
    rows = ("1,2026-01-03,2026-02-02,10,", "2,2026-01-13,2026-12-31,10,2026-02-10", "3,2026-01-14,2026-12-31,10,")
    lines = ("user_id,started_at,Contract end,mrr,Termination date", *rows)
    mapped = "[inputs.paid_users.columns]\nended_at = 'Contract end'\n"
    folder = folder_of(tmp_path, mapped, paid_users=lines)
    (hint,) = [fault.hint for fault in folder.check().problems if fault.code == "unread-column"]
    assert "[inputs.paid_users.earliest] ended_at = ['Termination date']" in hint
    further = f"{mapped}[inputs.paid_users.earliest]\nended_at = ['Termination date']\n"
    folder = folder_of(tmp_path, further)
    assert codes(folder) == []
    # Customer 1 left on 2 February by the contract, 2 on 10 February by the termination; 3 goes on.
    assert values(folder, LOST, "2026-02-28") == [0, 2]
    assert values(folder, CLOSING, "2026-02-28") == [3, 1]
    folder = folder_of(tmp_path, further.replace("Termination date", "No such header"))
    assert "mapped-column-missing" in codes(folder)
    folder = folder_of(tmp_path, "[inputs.paid_users.earliest]\nplan = ['Termination date']\n")
    with pytest.raises(fc.ConfigError):
        folder.check()


def test_the_status_is_the_column_whose_words_are_known(tmp_path: Path) -> None:
    rows = ("1,2026-01-20,Won,Contract", "2,2026-01-25,Lost,Proposal", "3,2026-02-20,Won,Contract")
    lines = ("user_id,started_at,Deal - Status,Deal - Stage", *rows)
    folder = folder_of(tmp_path, paid_users=lines)
    assert values(folder, NEW, "2026-02-28") == [1, 1]
    assert sorted(codes(folder)) == ["not-paying", "status-by-cells"]
    folder = folder_of(tmp_path, "[inputs.paid_users.columns]\nstatus = 'Deal - Stage'\n")
    assert "status-by-cells" not in codes(folder)


# --- dates apart from the others -------------------------------------------------------------------------------------


def test_a_lone_date_years_ahead_does_not_move_the_last_day(tmp_path: Path) -> None:
    rows = ("u1,2026-01-01", "u2,2026-01-20", "u3,2062-02-03")
    folder = folder_of(tmp_path, signups=("user_id,signed_up_at", *rows))
    assert fc_day(folder) == "2026-01-20"
    assert values(folder, SIGNUPS) == [2, None]
    assert "lone-date" in codes(folder)
    # Two years apart are no slip, and neither are several dates.
    folder = folder_of(tmp_path, signups=("user_id,signed_up_at", *rows[:2], "u3,2028-01-20"))
    assert fc_day(folder) == "2028-01-20"
    folder = folder_of(tmp_path, signups=("user_id,signed_up_at", *rows, "u4,2062-02-04"))
    assert fc_day(folder) == "2062-02-04"


def test_a_check_says_which_starts_lie_after_the_other_files(tmp_path: Path) -> None:
    paid = ("user_id,started_at,ended_at,mrr", "1,2026-01-03,,50", "2,2026-02-03,,50")
    folder = folder_of(tmp_path, signups=("user_id,signed_up_at", "1,2026-01-01", "2,2026-01-30"), paid_users=paid)
    assert codes(folder) == ["starts-ahead"]
    assert values(folder, NEW) == [1, None]
    assert values(folder, NEW, "2026-02-03") == [1, 1]
