"""Where no header is known for a needed column, the error names those that may be meant by their cells."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc

SIGNUPS = "user_id,signed_up_at\nKH-001,2026-03-01\nKH-002,2026-03-02\nKH-003,2026-03-03\n"


def missing(path: Path, name: str, text: str, **others: str) -> dict[str, tuple[str, str]]:
    """What is said of each column that a file lacks, after the headers seen, and the advice."""
    for file, content in {name: text, **others}.items():
        (path / f"{file}.csv").write_text(content, encoding="utf-8")
    faults = [fault for fault in fc.open_folder(path).check().problems if fault.code == "missing-column"]
    return {str(fault.column): (fault.message.partition("Headers seen: ")[2], fault.hint) for fault in faults}


def advice(stage: str, column: str, header: str, more: str = "") -> str:
    return f"If that is it, say so in funnel.toml: [inputs.{stage}.columns] {column} = {header!r}{more}."


def test_each_missing_column_has_its_candidate_and_the_line_that_maps_it(tmp_path: Path) -> None:
    demos = "Số,Hẹn lúc,Ai,Giá\n1,15/03/2026,KH-001,1.000\n2,16/03/2026,KH-009,2.000\n3,17/03/2026,KH-010,3.000\n"
    seen = "'Số', 'Hẹn lúc', 'Ai', 'Giá'."
    assert missing(tmp_path, "demos", demos) == {
        "user_id": (f"{seen} 'Ai' holds ids.", advice("demos", "user_id", "Ai")),
        "booked_at": (f"{seen} 'Hẹn lúc' holds dates.", advice("demos", "booked_at", "Hẹn lúc")),
    }
    settings = "[inputs.demos.columns]\nuser_id = 'Ai'\nbooked_at = 'Hẹn lúc'\n"
    (tmp_path / "funnel.toml").write_text(settings, encoding="utf-8")
    checked = fc.open_folder(tmp_path).check()
    assert checked.ok  # the lines are such as can be written down
    assert [(line.tally.read, line.tally.counted) for line in checked.checked.files] == [(3, 3)]


def test_both_languages_say_it(tmp_path: Path) -> None:
    (tmp_path / "demos.csv").write_text("Hẹn lúc,user_id\n05/03/2026,KH-001\n", encoding="utf-8")
    (fault,) = fc.open_folder(tmp_path).check().problems
    assert fault.text.of("vi").endswith("'Hẹn lúc' chứa ngày.")
    assert fault.advice.of("vi") == (
        "Nếu đúng là cột đó, hãy khai báo trong funnel.toml: [inputs.demos.columns] booked_at = 'Hẹn lúc'."
    )


@pytest.mark.parametrize(
    ("cells", "holds"),
    [
        (("KH-001", "KH-002", "x-9"), "holds ids of people who are known"),  # 2 of 3 stand in the signups
        (("K-1001", "K-1002", "K-1003"), "holds ids"),
        (("Công ty An", "Bình & Co", "Cường Phát"), "holds names, hardly any of them twice"),
    ],
)
def test_people_are_found_by_the_surest_thing_that_a_column_holds(
    cells: tuple[str, ...], holds: str, tmp_path: Path
) -> None:
    demos = "booked_at,Bên,Loại\n" + "".join(f"2026-03-0{n + 5},{cell},lớn\n" for n, cell in enumerate(cells))
    (said, hint) = missing(tmp_path, "demos", demos, signups=SIGNUPS)["user_id"]
    assert said == f"'booked_at', 'Bên', 'Loại'. 'Bên' {holds}."
    assert hint == advice("demos", "user_id", "Bên")


def test_of_several_columns_of_dates_all_are_named(tmp_path: Path) -> None:
    demos = "user_id,Một,Hai,Ghi chú\nu1,2026-03-05,2026-03-06,gọi lại\nu2,2026-03-07,,\n"
    (said, hint) = missing(tmp_path, "demos", demos)["booked_at"]
    assert said == "'user_id', 'Một', 'Hai', 'Ghi chú'. 'Một' holds dates. 'Hai' holds dates."
    assert hint == advice("demos", "booked_at", "Một", " (or 'Hai')")


def test_where_no_column_holds_such_a_thing_none_is_named(tmp_path: Path) -> None:
    (said, hint) = missing(tmp_path, "demos", "user_id,Loại\nu1,lớn\nu2,lớn\n")["booked_at"]
    assert said.endswith("'user_id', 'Loại'.")
    assert hint == 'Name it in funnel.toml: [inputs.demos.columns] booked_at = "your header".'


def test_a_file_without_a_known_header_has_its_candidates_too(tmp_path: Path) -> None:
    sums = missing(tmp_path, "visitors", "a;b\n2026-03-01;200\n2026-03-02;300\n")
    assert sums["date"][1] == advice("visitors", "date", "a")
