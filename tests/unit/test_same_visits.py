"""Reports of the same visits, cut by other dimensions: counted once where it is sure, asked about where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from funnelcli.reading.engines import choose
from support import in_month, report_of, said_of, write_folder

NET = "net_new_visitors"


def cut(by: str, *parts: tuple[str, int, int], days: Sequence[int] = range(1, 11), month: str = "01") -> str:
    """A report in which each part has ``first + step * day`` visits on a day."""
    rows = [f"2026-{month}-{day:02d},{part},{first + step * day}" for day in days for part, first, step in parts]
    return "\n".join([f"date,{by},visits", *rows]) + "\n"


# On day n 4n + 1 visits, however they are cut: of ten days 4 x 55 + 10 = 230.
BY_DEVICE = cut("device", ("mobile", 0, 3), ("desktop", 1, 1))
BY_COUNTRY = cut("country", ("VN", -1, 3), ("US", 2, 1))
BY_SOURCE = cut("source", ("google", -1, 3), ("zalo", 2, 1))
ONLY_GOOGLE = cut("source", ("google", -1, 3))
ONLY_ZALO = cut("source", ("zalo", 2, 1))
IN_ROWS = "date,source\n" + "".join(
    f"2026-01-{day:02d} 10:{minute:02d}:00,google\n" for day in range(1, 11) for minute in range(4 * day + 1)
)


def january(folder: Path) -> float | None:
    return in_month(folder, "2026-01", NET)[0]


@pytest.fixture(params=["small", "large"], autouse=True)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "large":
        monkeypatch.setattr(choose, "SMALL_BYTES", 0)


@pytest.mark.parametrize(
    ("files", "left_out", "counted"),
    [
        ({"visits_a": BY_DEVICE, "visits_b": BY_SOURCE}, "visits_a.csv", "visits_b.csv"),
        ({"visits_a": BY_DEVICE, "visits_b": BY_COUNTRY}, "visits_b.csv", "visits_a.csv"),
        ({"visits_a": BY_SOURCE, "visits_b": IN_ROWS}, "visits_a.csv", "visits_b.csv"),
        (
            {"visits_a": ONLY_GOOGLE, "visits_b": ONLY_ZALO, "visits_c": BY_DEVICE},
            "visits_c.csv",
            "visits_a.csv, visits_b.csv",
        ),
        ({"visits_a": BY_SOURCE, "visits_b": cut("page", ("/", 1, 4), days=(3, 5, 9))}, "visits_b.csv", "visits_a.csv"),
        ({"visits_a": BY_SOURCE, "visits_b": BY_SOURCE.replace("date", "Day")}, "visits_b.csv", "visits_a.csv"),
    ],
)
def test_what_is_surely_the_same_counts_once(
    files: dict[str, str], left_out: str, counted: str, tmp_path: Path
) -> None:
    write_folder(tmp_path, {f"{name}.csv": text for name, text in files.items()})
    assert january(tmp_path) == 230
    [problem] = folder_problems(tmp_path)
    assert (problem[0], problem[1]) == ("same-visits-twice", left_out)
    assert f"the visits of {counted} once more" in problem[2]
    note = next(note for note in report_of(tmp_path).notes if note.code == "same-visits-twice")
    assert note.text.of("en").endswith('if they are visits of their own: [inputs.visitors] same_totals = "add".')


def folder_problems(folder: Path) -> list[tuple[str, str, str]]:
    from funnelcli import open_folder

    return [(p.code, p.file, p.message) for p in open_folder(folder).check().problems]


def test_that_they_are_visits_of_their_own_can_be_said(tmp_path: Path) -> None:
    """230 + 230."""
    add = '[inputs.visitors]\nsame_totals = "add"\n'
    write_folder(tmp_path, {"visits_a.csv": BY_DEVICE, "visits_b.csv": BY_SOURCE}, add)
    assert (january(tmp_path), said_of(tmp_path)) == (460, {})


@pytest.mark.parametrize("days", [(5,), (5, 6), (5, 6, 7)])
def test_few_and_round_totals_are_asked_about(days: Sequence[int], tmp_path: Path) -> None:
    """100 on each day in either report: 60 + 40 by device, 70 + 30 by source."""
    files = {
        "visits_a.csv": cut("device", ("mobile", 60, 0), ("desktop", 40, 0), days=days),
        "visits_b.csv": cut("source", ("google", 70, 0), ("zalo", 30, 0), days=days),
    }
    write_folder(tmp_path, files)
    [(text, step)] = said_of(tmp_path).values()
    number = f"{len(days)} day" + "s" * (len(days) > 1)
    assert text.startswith(f"has the totals of visits_b.csv on {number}, like 100 on 2026-01-0{days[-1]}")
    assert step.startswith('If they are the same visits, count them once: [inputs.visitors] same_totals = "once"')
    assert january(tmp_path) == 200 * len(days)
    assert [note.code for note in report_of(tmp_path).notes].count("visits-agree") == 1
    write_folder(tmp_path, files, '[inputs.visitors]\nsame_totals = "once"\n')
    assert (january(tmp_path), list(said_of(tmp_path))) == (100 * len(days), [("same-visits-twice", None)])
    write_folder(tmp_path, files, '[inputs.visitors]\nsame_totals = "add"\n')
    assert (january(tmp_path), said_of(tmp_path)) == (200 * len(days), {})


@pytest.mark.parametrize(
    ("first", "days", "codes"), [(5, 3, []), (50, 3, ["visits-agree"]), (5, 10, ["same-visits-twice"])]
)
def test_of_other_sources_it_takes_more_totals_to_be_sure(
    first: int, days: int, codes: list[str], tmp_path: Path
) -> None:
    """Google and Zalo with as many visits each day, which two parts may well have on three days and not on ten."""
    files = {
        f"visits_{name}.csv": cut("source", (name, first, 1), days=range(1, days + 1)) for name in ("google", "zalo")
    }
    write_folder(tmp_path, files)
    assert [code for code, _ in said_of(tmp_path)] == codes


def test_reports_of_times_that_overlap_are_asked_about(tmp_path: Path) -> None:
    """Ten days are in both; the 15th has 5 by device alone, the 17th 4 by source: 230 + 5 + 230 + 4."""
    write_folder(
        tmp_path,
        {"visits_a.csv": BY_DEVICE + "2026-01-15,mobile,5\n", "visits_b.csv": BY_SOURCE + "2026-01-17,zalo,4\n"},
    )
    assert january(tmp_path) == 469
    [(text, step)] = said_of(tmp_path).values()
    assert text.startswith("has the totals of visits_b.csv on 10 days, like 41 on 2026-01-10")
    assert step.startswith("If they are the same visits, export one of the two without these days")


BY_DAY = "date,visits\n" + "".join(f"2026-01-{day:02d},{day}\n" for day in range(5, 19))


@pytest.mark.parametrize(
    ("sums", "is_asked"),
    [
        ("2026-01-05,56\n2026-01-12,105\n", True),  # weeks: 5 + ... + 11 and 12 + ... + 18
        ("2026-01-01,161\n", True),
        ("2026-01-05,56\n2026-01-12,104\n", False),
        ("2026-01-01,161\n2026-02-01,99\n", True),  # of February there are no days
        ("2026-01-05,57\n", False),
    ],
)
def test_sums_by_week_or_month_beside_days(sums: str, is_asked: bool, tmp_path: Path) -> None:
    """5 + ... + 18 = 161 visits by day."""
    files = {"visits_a.csv": BY_DAY, "visits_b.csv": "date,visits\n" + sums}
    write_folder(tmp_path, files)
    assert (("visits-summed-again", None) in said_of(tmp_path)) is is_asked
    write_folder(tmp_path, files, '[inputs.visitors]\nsame_totals = "once"\n')
    total = sum(int(line.split(",")[1]) for line in sums.splitlines() if line.startswith("2026-01"))
    assert january(tmp_path) == (161 if is_asked else 161 + total)


@pytest.mark.parametrize(
    "files",
    [
        (ONLY_GOOGLE, ONLY_ZALO),
        (cut("source", ("google", 1, 0)), cut("source", ("zalo", 1, 0))),
        (BY_SOURCE, cut("device", ("mobile", 1, 4), month="02")),
        (cut("source", ("google", 70, 0), days=(5,)), cut("source", ("zalo", 70, 0), days=(5,))),
        (cut("source", ("zalo", 3, 0), days=(5, 6)), cut("page", ("/", 3, 0), days=(5,))),
    ],
)
def test_parts_and_other_times_are_visits_of_their_own(files: tuple[str, str], tmp_path: Path) -> None:
    write_folder(tmp_path, {f"visits_{n}.csv": text for n, text in enumerate(files)})
    assert said_of(tmp_path) == {}
