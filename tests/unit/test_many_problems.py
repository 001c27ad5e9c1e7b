"""Very many problems of one kind: the first are kept with their lines, and all of them are counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from funnelcli.problems import MOST_KEPT, Further, Problem, Problems, problem
from support import run_cli

MORE = 37


def bad(line: int, file: str = "signups.csv") -> Problem:
    return problem("not-a-date", file=file, line=line, column="signed_up_at", value="x", looks="YYYY-MM-DD")


def test_problems_of_problems_are_counted_once_each() -> None:
    """5 of 3 kept and 2 counted, another file's 1, and 4 that were never made: 10 in all, in another too."""
    first = Problems(limit=3)
    first.extend(bad(line) for line in range(1, 6))
    first.add(bad(9, "demos.csv"))
    first.extend([Further(code="not-a-date", file="signups.csv", column="signed_up_at", number=4)])
    second = Problems(limit=2)
    second.extend(first)
    assert (len(first), first.count("not-a-date"), len(first.sorted())) == (10, 10, 4)
    assert (len(second), second.count("not-a-date"), len(second.sorted())) == (10, 10, 3)
    assert [each.line for each in second.sorted() if each.file == "signups.csv"] == [1, 2]


def test_kinds_are_picked_with_those_only_counted() -> None:
    problems = Problems(limit=1)
    problems.extend([bad(1), bad(2), problem("empty-cell", file="signups.csv", line=3, column="user_id")])
    assert problems.of_kinds(lambda code: code == "not-a-date").count("not-a-date") == 2
    assert len(problems.of_kinds(lambda code: code == "empty-cell")) == 1


@pytest.mark.parametrize(
    ("code", "booked"),
    [
        ("orphan-user", "2026-10-06"),
        ("paid-before-signup", None),
        ("future-date", "2099-10-04"),
        ("not-a-date", "never"),
    ],
)
def test_check_and_report_say_how_many_there_are(tmp_path: Path, code: str, booked: str | None) -> None:
    """As many demos with the problem as are kept and 37 more, beside as many without it."""
    number = MOST_KEPT + MORE
    whom = "x" if code == "orphan-user" else "u"
    signups = [f"u{n},2026-10-05" for n in range(2 * number)]
    _write(tmp_path / "signups.csv", "user_id,signed_up_at", signups)
    if booked is None:
        paid = [f"u{n},2026-10-{4 + (n >= number):02}" for n in range(2 * number)]
        _write(tmp_path / "paid_users.csv", "user_id,started_at", paid)
    else:
        demos = [f"{whom}{n},{booked}" for n in range(number)] + [f"u{n + number},2026-10-06" for n in range(number)]
        _write(tmp_path / "demos.csv", "user_id,booked_at", demos)
    checked = run_cli("check", tmp_path, "--lang", "en").stdout
    assert f"{code} ({number})" in checked, checked[-600:]
    assert f"and {MORE} more" in checked
    reported = run_cli("report", tmp_path, "--lang", "en").stderr
    assert (f"{code} ({number})" if code != "not-a-date" else f"{number} errors") in reported


def _write(path: Path, header: str, rows: list[str]) -> None:
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
