"""Rows of visits that are events of a session: each session counts once, worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.reading.engines import choose
from support import figures, report_of

EVENTS = (
    "date,session_id,source,user_id\n"
    "2026-01-31 09:00,s1,google / cpc,\n"
    "2026-01-31 09:05,s1,direct,u1\n"
    "2026-01-31 23:50,s2,direct,\n"
    "2026-02-01 00:10,s2,google / cpc,\n"
    "2026-02-01 08:00,s3,direct,u1\n"
)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def visits(folder: Path, key: str = "net_new_visitors") -> list[float | None]:
    """A figure of January and February 2026."""
    known = figures(report_of(folder, first="2026-01", last="2026-02"))
    return [known[key, None, month][0] for month in ("2026-01", "2026-02")]


def problems(folder: Path) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.column) for problem in fc.open_folder(folder).check().problems]


def tallies(folder: Path) -> dict[str, tuple[int, int, int, int]]:
    known = fc.open_folder(folder).facts().tallies
    return {tally.file: (tally.read, tally.counted, tally.duplicate, tally.rejected) for tally in known}


@pytest.fixture(params=["row by row", "at once"], autouse=True)
def _by_either_engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "at once":
        monkeypatch.setattr(choose, "SMALL_BYTES", -1)


def test_a_session_counts_once_on_its_first_row(tmp_path: Path) -> None:
    """s1 is paid, by its first row; s2 began in January; so January has 2, one of them paid, and February 1."""
    write(tmp_path, {"visitors.csv": EVENTS})
    assert [visits(tmp_path), visits(tmp_path, "paid_visits")] == [[2, 1], [1, 0]]
    assert tallies(tmp_path) == {"visitors.csv": (5, 3, 2, 0)}
    assert problems(tmp_path) == [("rows-are-events", "session_id")]
    notes = {note.code: note.text.of("en") for note in report_of(tmp_path).notes}
    assert "5 rows are 3 visits" in notes["rows-are-events"]


@pytest.mark.parametrize(("each_row", "expected"), [("visit", [3, 2]), ("session", [2, 1])])
def test_settings_decide_what_a_row_is(each_row: str, expected: list[float], tmp_path: Path) -> None:
    write(tmp_path, {"visitors.csv": EVENTS, "funnel.toml": f'[inputs.visitors]\neach_row = "{each_row}"\n'})
    assert visits(tmp_path) == expected
    assert problems(tmp_path) == []


def test_sessions_are_demanded_where_nothing_names_them(tmp_path: Path) -> None:
    write(tmp_path, {"visitors.csv": "date\n2026-01-05\n", "funnel.toml": '[inputs.visitors]\neach_row = "session"\n'})
    assert problems(tmp_path) == [("missing-column", "session_id")]


def test_who_logs_in_on_the_way_was_there_before(tmp_path: Path) -> None:
    """u1 signed up on 30 January: both of their sessions are by an existing user, s1 though it began without a name."""
    write(tmp_path, {"visitors.csv": EVENTS, "signups.csv": "user_id,signed_up_at\nu1,2026-01-30\nu2,2026-02-05\n"})
    assert [visits(tmp_path, "existing_user_visits"), visits(tmp_path)] == [[1, 1], [1, 0]]


def test_who_signs_up_on_the_way_was_not(tmp_path: Path) -> None:
    signed_up = "user_id,signed_up_at\nu1,2026-01-31 09:03\nu2,2026-02-05 10:00\n"
    write(tmp_path, {"visitors.csv": EVENTS, "signups.csv": signed_up})
    assert visits(tmp_path, "existing_user_visits") == [0, 1]


def test_a_session_over_the_border_of_two_files_counts_once(tmp_path: Path) -> None:
    """January holds the first half of s2, February the second; that it was u1's is said only there."""
    lines = EVENTS.replace("00:10,s2,google / cpc,", "00:10,s2,google / cpc,u1").splitlines(keepends=True)
    january, february = "".join(lines[:4]), "".join([lines[0], *lines[4:]])
    write(tmp_path, {"visitors_01.csv": january, "visitors_02.csv": february})
    write(tmp_path, {"signups.csv": "user_id,signed_up_at\nu1,2026-01-30\n"})
    assert [visits(tmp_path, "existing_user_visits"), visits(tmp_path)] == [[2, 1], [0, 0]]
    assert tallies(tmp_path) == {
        "visitors_01.csv": (3, 2, 1, 0),
        "visitors_02.csv": (2, 1, 1, 0),
        "signups.csv": (1, 1, 0, 0),
    }


def test_the_rows_of_a_figure_are_the_first_of_each_session(tmp_path: Path) -> None:
    lines = EVENTS.splitlines(keepends=True)
    write(tmp_path, {"visitors_01.csv": "".join(lines[:4]), "visitors_02.csv": "".join([lines[0], *lines[4:]])})
    explained = fc.open_folder(tmp_path).explain("organic_visits", month="2026-01")
    assert [(row.file, row.line, row.counts) for row in explained.rows] == [("visitors_01.csv", 4, 1)]
    explained = fc.open_folder(tmp_path).explain("organic_visits", month="2026-02")
    assert [(row.file, row.line, row.counts) for row in explained.rows] == [("visitors_02.csv", 3, 1)]


def test_one_number_of_two_visitors_is_two_sessions(tmp_path: Path) -> None:
    """v1 and v2 have a session 1 each on the 5th, v1 another one a week later, under the same number."""
    rows = "05 09:00,v1,1|05 09:01,v1,1|05 09:00,v2,1|12 09:00,v1,1|12 09:20,v1,1"
    text = "".join(f"2026-01-{row}\n" for row in rows.split("|"))
    write(tmp_path, {"visitors.csv": f"date,visitor_id,ga_session_id\n{text}"})
    assert visits(tmp_path)[0] == 3


def test_numbers_that_come_back_tell_nothing_without_a_visitor(tmp_path: Path) -> None:
    rows = "".join(f"2026-01-{day:02} 09:0{minute},{minute % 2}\n" for day in (5, 12, 19) for minute in (0, 2, 1, 3))
    write(tmp_path, {"visitors.csv": f"date,session_id\n{rows}"})
    assert problems(tmp_path) == [("missing-column", "visits")]
    write(tmp_path, {"funnel.toml": '[inputs.visitors]\neach_row = "session"\n'})
    assert [visits(tmp_path)[0], problems(tmp_path)] == [6, []]


def test_rows_that_name_no_session_do_not_count(tmp_path: Path) -> None:
    rows = "2026-01-05 09:00,s1\n2026-01-05 09:01,s1\n2026-01-05 09:02,\n2026-01-06 09:00,s2\n"
    write(tmp_path, {"visitors.csv": f"date,session_id\n{rows}"})
    assert [visits(tmp_path)[0], tallies(tmp_path)] == [2, {"visitors.csv": (4, 2, 1, 1)}]
    assert "1 row without one does not count" in str(fc.open_folder(tmp_path).check().problems[0].message)


def test_a_flag_that_is_none_is_named_in_every_row_of_a_session(tmp_path: Path) -> None:
    """The second row of s1 (line 3) and a row without a session (line 4) are rejected, and s1 is a visit."""
    write(
        tmp_path,
        {
            "visits.csv": "date,session_id,visitor_id,is_existing\n2026-01-05 08:00,s1,v1,true\n"
            "2026-01-05 08:01,s1,v1,maybe\n2026-01-05 09:00,,v2,x,y\n2026-01-05 08:02,s1,v1,\n"
        },
    )
    faults = [(problem.code, problem.line) for problem in fc.open_folder(tmp_path).check().problems]
    assert [fault for fault in faults if fault[0] in ("not-yes-or-no", "too-many-cells")] == [
        ("not-yes-or-no", 3), ("too-many-cells", 4),
    ]  # fmt: skip
    assert tallies(tmp_path)["visits.csv"] == (4, 1, 1, 2)


def test_sessions_of_days_alone(tmp_path: Path) -> None:
    """s1 goes on after midnight; s2 stands on three days running, as numbers do that begin anew each day."""
    rows = ["31,s1", "31,s1", "31,s2", "31,s2"]
    text = "".join(f"2026-01-{row}\n" for row in rows) + "2026-02-01,s1\n2026-02-01,s2\n2026-02-02,s2\n"
    more = "".join(f"2026-02-03,t{number}\n" for number in range(9))
    write(tmp_path, {"visitors.csv": f"date,session_id\n{text}{more}"})
    assert visits(tmp_path) == [2, 2 + 9]


def test_sessions_of_one_row_each_are_visits_as_ever(tmp_path: Path) -> None:
    write(tmp_path, {"visitors.csv": "date,session_id\n2026-01-05,s1\n2026-01-05,s2\n2026-01-06,\n"})
    assert [visits(tmp_path)[0], problems(tmp_path)] == [3, []]


def test_a_visit_beside_a_session(tmp_path: Path) -> None:
    """Two columns that tell: s1 has three rows on the 5th, s2 one on the 6th."""
    rows = "s1,v1,2026-01-05 10:00\ns1,v1,2026-01-05 10:01\ns1,v1,2026-01-05 10:02\ns2,v2,2026-01-06 10:00\n"
    write(tmp_path, {"visitors.csv": f"session_id,visit_id,created_at\n{rows}"})
    assert [visits(tmp_path)[0], problems(tmp_path)] == [2, [("rows-are-events", "session_id")]]


def test_an_id_that_comes_back_days_later_makes_no_events(tmp_path: Path) -> None:
    """v1 has a session s1 on two days; no session has several rows, so that the row without one counts too."""
    rows = "2026-01-05,v1,s1\n2026-01-09,v1,s1\n2026-01-09,v2,\n"
    write(tmp_path, {"visitors.csv": f"date,visitor_id,session_id\n{rows}"})
    assert [visits(tmp_path)[0], problems(tmp_path)] == [3, []]


def test_summed_visits_beside_a_session_stay_sums(tmp_path: Path) -> None:
    write(tmp_path, {"visitors.csv": "date,session_id,visits\n2026-01-05,s1,2\n2026-01-05,s1,3\n"})
    assert [visits(tmp_path)[0], problems(tmp_path)] == [5, []]
