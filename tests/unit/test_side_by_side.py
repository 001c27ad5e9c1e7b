"""Tables that stand side by side in one file of text: the other one is left out and named, or the file is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import in_month, said_of, write_folder

LEFT = ["user_id,signed_up_at,source", "u1,2026-01-05,zalo", "u2,2026-01-06,zalo", "u3,2026-01-07,web"]


def beside(left: list[str], right: list[str]) -> str:
    """Two tables with an empty column between; the shorter one ends before the other."""
    width = [table[0].count(",") for table in (left, right)]
    size = max(len(left), len(right))
    both = [[*table, *["," * commas] * (size - len(table))] for table, commas in zip((left, right), width, strict=True)]
    return "\n".join(",,".join(pair) for pair in zip(*both, strict=True)) + "\n"


@pytest.mark.parametrize(
    "right",
    [
        ["Nguồn,Số lượng", "zalo,2"],  # shorter: a summary
        ["Nguồn,Số lượng", "zalo,2", "web,1", "Email,0", "Tổng,3", "ok,1"],  # longer, and its rows are nobody
        ["Email,Booking date", "a@x.vn,2026-02-01", "b@x.vn,2026-02-03", "c@x.vn,2026-02-04"],  # a table of its own
    ],
)
def test_another_table_beside_is_left_out_and_named(right: list[str], tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"signups.csv": beside(LEFT, right)})
    assert in_month(folder, "2026-01", "new_signups") == [3]
    [(key, (message, _))] = said_of(folder).items()
    assert (key, "from column E on" in message) == (("table-beside", None), True)


def test_visits_beside_another_table_are_summed(tmp_path: Path) -> None:
    """5 + 6 = 11 visits; the costs beside them have a row more."""
    left, right = ["date,visits", "2026-01-05,5", "2026-01-06,6"], ["Ngày,Chi phí", *["2026-01-05,100"] * 3]
    folder = write_folder(tmp_path, {"visits.csv": beside(left, right)})
    assert in_month(folder, "2026-01", "net_new_visitors") == [11]
    assert list(said_of(folder)) == [("table-beside", None)]


@pytest.mark.parametrize(("between", "letter"), [(",,", "E"), (",", "D")])
def test_the_same_headers_beside_are_refused_with_their_place(between: str, letter: str, tmp_path: Path) -> None:
    text = "\n".join(f"{line}{between}{line}" for line in LEFT)
    [(key, (message, _))] = said_of(write_folder(tmp_path, {"signups.csv": text})).items()
    assert (key, message.endswith(f"begins in column {letter}, with 'user_id'")) == (
        ("tables-side-by-side", None),
        True,
    )


def test_an_empty_column_within_a_table_is_none_between_two(tmp_path: Path) -> None:
    rows = [
        "user_id,signed_up_at,,note,email",
        "u1,2026-01-05,,x,a@x.vn",
        "u2,2026-01-06,,,",
        "u3,2026-01-07,,y,c@x.vn",
    ]
    folder = write_folder(tmp_path, {"signups.csv": "\n".join(rows)})
    assert (in_month(folder, "2026-01", "new_signups"), said_of(folder)) == ([3], {})


@pytest.mark.parametrize(
    "right",
    [
        ["Nguồn,Số lượng", "facebook ads,2", "zalo,1"],  # shorter: a summary, or a column that is mostly empty
        ["Nguồn,Số lượng", "facebook ads,1", "zalo,1", "web,1"],  # as long
    ],
)
def test_what_is_read_beyond_an_empty_column_is_named(right: list[str], tmp_path: Path) -> None:
    """The source of the first row would be that of a summary; the setting that is named leaves it out."""
    left = [line.rpartition(",")[0] for line in LEFT]
    folder = write_folder(tmp_path, {"signups.csv": beside(left, right)})
    assert in_month(folder, "2026-01", "new_signups", "paid_signups") == [3, 1]
    [(key, (message, hint))] = said_of(folder).items()
    assert (key, message.startswith("'Nguồn': "), "source = false" in hint) == (("read-beyond-gap", None), True, True)
    write_folder(folder, {}, "[inputs.signups.columns]\nsource = false\n")
    assert in_month(folder, "2026-01", "organic_signups") == [3]
    assert "read-beyond-gap" not in {code for code, _ in said_of(folder)}


def test_what_is_read_of_a_longer_table_beside_is_left_out(tmp_path: Path) -> None:
    """Of the four ends on the right one stands where there is nobody on the left: it is another table."""
    right = ["Email,ended_at", *[f"{name}@x.vn,2026-01-20" for name in "abcd"]]
    left = ["user_id,started_at", "u1,2026-01-05", "u2,2026-01-06", "u3,2026-01-07"]
    folder = write_folder(tmp_path, {"paid_users.csv": beside(left, right)})
    assert in_month(folder, "2026-01", "new_paid_users", "churned_paid_users", as_of="2026-01-31") == [3, None]
    assert "table-beside" in {code for code, _ in said_of(folder)}


def test_a_column_without_a_header_is_no_gap_where_something_stands_in_it(tmp_path: Path) -> None:
    """As the index that pandas writes."""
    rows = ["user_id,signed_up_at,,source", "u1,2026-01-05,0,zalo", "u2,2026-01-06,1,web"]
    folder = write_folder(tmp_path, {"signups.csv": "\n".join(rows)})
    assert (in_month(folder, "2026-01", "new_signups"), said_of(folder)) == ([2], {})
