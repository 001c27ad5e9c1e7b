"""Files whose dates could be day/month or month/day, and that are read as the other files of their input are."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import figures, report_of, said_of, write_folder

TELLS = "user_id,signed_up_at\nu1,13/02/2026\nu2,05/03/2026\n"
OPEN = "user_id,signed_up_at\nu3,03/03/2026\nu4,04/03/2026\nu5,05/03/2026\n"


def test_the_file_that_does_not_tell_is_named_with_how_it_is_read(tmp_path: Path) -> None:
    """03/03, 04/03 and 05/03 are days of March, as 13/02 in the other file is a day of February."""
    write_folder(tmp_path, {"signups_1.csv": TELLS, "signups_2.csv": OPEN})
    [(key, (text, _))] = said_of(tmp_path).items()
    assert key == ("order-of-others", "signed_up_at")
    assert "('04/03/2026'): read as day/month/year, as the other files of signups are" in text
    report = report_of(tmp_path, month="2026-03")
    assert figures(report)["new_signups", None, "2026-03"][0] == 4  # u2 to u5
    [note] = [note.text.of("en") for note in report.notes if note.code == "order-of-others"]
    assert note.startswith("signups_2.csv no date of this file says")


@pytest.mark.parametrize(
    ("files", "config"),
    [
        ({"signups_1.csv": TELLS, "signups_2.csv": OPEN + "u6,14/03/2026\n"}, ""),
        ({"signups_1.csv": TELLS, "signups_2.csv": OPEN}, '[inputs.signups]\ndate_order = "dmy"\n'),
        ({"signups_1.csv": TELLS, "signups_2.csv": "user_id,signed_up_at\nu3,03/03/2026\nu4,2026-03-04\n"}, ""),
        ({"signups_1.csv": TELLS + "u3,03/04/2026\n"}, ""),
    ],
)
def test_nothing_is_said_where_a_file_tells_or_needs_no_order(
    files: dict[str, str], config: str, tmp_path: Path
) -> None:
    write_folder(tmp_path, files, config)
    assert said_of(tmp_path) == {}


def test_visits_too(tmp_path: Path) -> None:
    """One visit on 13 February, and two in March."""
    write_folder(tmp_path, {"visits_1.csv": "date\n13/02/2026\n", "visits_2.csv": "date\n03/03/2026\n05/03/2026\n"})
    assert list(said_of(tmp_path)) == [("order-of-others", "date")]
    assert figures(report_of(tmp_path, month="2026-03"))["net_new_visitors", None, "2026-03"][0] == 2
