"""Forecasts of odd folders: a figure that stands to reason, a note that says what is odd, or a clear error."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from funnelcli import open_folder
from funnelcli.answers.forecast_tables import lands_table
from funnelcli.planning.known_past import BACK, DEMOS, LOST, MRR, NEW, PAYING, SIGNUPS
from funnelcli.problems import InputError, UsageError
from funnelcli.renderers.wording.cells import cell_text
from oracle.forecast_people import Person, Stay, month_end, random_people, write

MONTHS = 14
LAST = month_end(MONTHS)
PEOPLE = random_people(Random(5), MONTHS)


def foretold(folder: Path, day: date = LAST, months: int = 3) -> Any:
    return open_folder(folder).forecast(as_of=day.isoformat(), months=months)


def codes(result: Any) -> set[str]:
    return {note.code for note in result.foretold.notes}


def rows(result: Any) -> dict[str, Any]:
    return {row.key: row for row in result.foretold.forecast.rows}


def only(*names: str) -> Callable[[Path], Path]:
    """The folder with these exports alone."""

    def made(folder: Path) -> Path:
        write(PEOPLE, folder, LAST)
        for path in folder.iterdir():
            if path.stem not in names:
                path.unlink()
        return folder

    return made


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (("signups",), {SIGNUPS}),
        (("demos",), {DEMOS}),
        (("paid_users",), {NEW, LOST, PAYING, MRR}),
        (("demos", "paid_users"), {DEMOS, NEW, LOST, PAYING, MRR}),
        (("signups", "paid_users"), {SIGNUPS, NEW, LOST, PAYING, MRR}),
    ],
)
def test_what_there_are_exports_of_is_foretold(names: Sequence[str], keys: set[str], tmp_path: Path) -> None:
    result = foretold(only(*names)(tmp_path / "exports"))
    assert set(rows(result)) >= keys
    assert set(rows(result)) - keys <= {"reactivated_paid_users"}
    followed = len(result.foretold.past.stages) > 1
    assert ("not-followed" in codes(result)) is ((not followed and NEW in keys) or keys == {DEMOS})


def test_the_monthly_table_is_foretold_without_following_anybody(tmp_path: Path) -> None:
    keys = (SIGNUPS, DEMOS, NEW, LOST, PAYING)
    with (tmp_path / "monthly.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [("month", *keys), *((f"2025-{month:02}", 100, 30, 10, 2, 50 + 8 * month) for month in range(1, 13))]
        )
    result = foretold(tmp_path, date(2025, 12, 31))
    assert [round(cell.value) for cell in rows(result)[NEW].cells] == [10, 10, 10]
    assert rows(result)[PAYING].cells[0].value > 146
    assert "not-followed" in codes(result)


def test_ids_that_join_nobody_follow_nobody(tmp_path: Path) -> None:
    folder = write(PEOPLE, tmp_path / "exports", LAST)
    text = (folder / "signups.csv").read_text()
    (folder / "signups.csv").write_text(text.replace("\nu", "\nother-"))
    result = foretold(folder)
    assert {"not-followed", "ids-do-not-join"} <= codes(result)
    assert rows(result)[NEW].cells[0].value > 5


def test_a_forecast_begins_where_the_first_export_ends(tmp_path: Path) -> None:
    """Signups end half a year before as_of: nothing of demos and customers since then is known beside them."""
    folder = write(PEOPLE, tmp_path / "exports", LAST)
    text = (folder / "signups.csv").read_text().splitlines()
    ended = month_end(MONTHS - 6)
    kept = [line for line in text if line.rsplit(",", 1)[1] <= ended.isoformat() or line == text[0]]
    (folder / "signups.csv").write_text("\n".join(kept) + "\n")
    result = foretold(folder)
    assert result.foretold.until <= ended
    assert result.foretold.forecast.periods[0].start <= ended + timedelta(days=1)
    assert "ends-early" in codes(result)


def test_a_day_within_a_month_leaves_the_months_before_as_they_are(tmp_path: Path) -> None:
    """The same history; the running month holds what has come, and is the first that is foretold."""
    folder = write(PEOPLE, tmp_path / "exports", LAST)
    whole = foretold(folder, month_end(MONTHS - 1))
    running = foretold(folder, month_end(MONTHS - 1) + timedelta(days=14))
    assert running.foretold.over == whole.foretold.over
    assert running.foretold.history == whole.foretold.history
    assert running.foretold.forecast.periods[0] == whole.foretold.forecast.periods[0]
    assert "running-month" in codes(running)
    came = sum(person.signup is not None and month_end(MONTHS - 1) < person.signup for person in PEOPLE)
    soon = rows(running)[SIGNUPS].cells[0].value
    assert soon == pytest.approx(came, rel=0.6)


def test_a_launch_is_no_level(tmp_path: Path) -> None:
    spike = [Person(name=f"x{n}", signup=month_end(9), demo=None, stays=()) for n in range(3000)]
    usual, result = (
        foretold(write(people, tmp_path / name, LAST))
        for name, people in (("usual", PEOPLE), ("spike", PEOPLE + spike))
    )
    assert "spikes" in codes(result)
    assert "spikes" not in codes(usual)
    for key in (SIGNUPS, DEMOS, NEW):
        assert rows(result)[key].total.value == pytest.approx(rows(usual)[key].total.value, rel=0.15)


def test_contracts_that_end_at_once_are_no_churn(tmp_path: Path) -> None:
    ended = month_end(10)
    batch = [
        Person(name=f"x{n}", signup=None, demo=None, stays=(Stay(begins=month_end(1), ends=ended, mrr=50),))
        for n in range(400)
    ]
    result = foretold(write(PEOPLE + batch, tmp_path / "exports", LAST))
    assert "spikes" in codes(result)
    assert rows(result)[LOST].cells[0].value < 30


def test_a_customer_who_is_half_of_the_mrr_widens_its_bands(tmp_path: Path) -> None:
    """He is lost within two years about as likely as not: a tenth of the runs and more lose him in six months."""
    mrr = sum(stay.mrr for each in PEOPLE for stay in each.stays if stay.begins <= LAST and not stay.ends)
    whale = Person(name="x", signup=None, demo=None, stays=(Stay(begins=month_end(2), ends=None, mrr=mrr),))
    result = foretold(write([*PEOPLE, whale], tmp_path / "exports", LAST), months=6)
    total = rows(result)[MRR].total
    assert total.bounds is not None
    assert total.bounds[0] < total.value * 0.7


def test_after_everybody_is_lost_nothing_is_made_up(tmp_path: Path) -> None:
    """Nobody pays, and the new customers of late are too few to tell what one brings: there is no MRR to foretell."""
    stays = [(month_end(1 + n % 2) - timedelta(days=3), month_end(9)) for n in range(60)]
    gone = [
        Person(name=f"x{n}", signup=None, demo=None, stays=(Stay(begins=begins, ends=ends, mrr=50),))
        for n, (begins, ends) in enumerate(stays)
    ]
    folder = write(gone, tmp_path / "exports", month_end(10))
    for name in ("signups", "demos"):
        (folder / f"{name}.csv").unlink()
    result = foretold(folder, month_end(10))
    assert MRR not in rows(result)
    assert all(cell.value >= 0 for row in rows(result).values() for cell in row.cells)


@pytest.mark.parametrize("months", [1, 2, 5, 6, 61])
def test_few_months_and_many_are_foretold(months: int, tmp_path: Path) -> None:
    people = random_people(Random(months), months, monthly=20)
    result = foretold(write(people, tmp_path / "exports", month_end(months)), month_end(months))
    known = result.foretold.over
    assert 1 <= len(known) <= 60
    row = rows(result)[SIGNUPS]
    assert (row.total.bounds is None) is (len(known) < 6)
    assert ("too-few-months" in codes(result)) is (len(known) < 6)


@pytest.mark.parametrize("day", ["2023-12-31", "2024-01-10"])
def test_before_any_month_is_over_there_is_none_to_go_by(day: str, tmp_path: Path) -> None:
    folder = write(PEOPLE, tmp_path / "exports", LAST)
    with pytest.raises(InputError):
        foretold(folder, date.fromisoformat(day))


def test_exports_without_a_row_say_so(tmp_path: Path) -> None:
    folder = write([], tmp_path / "exports", LAST)
    try:
        result = foretold(folder)
    except InputError:
        return
    assert "too-few-months" in codes(result)
    assert all(row.total.value == 0 and row.total.bounds is None for row in rows(result).values())


# --- what is no history, and what is said of it ----------------------------------------------------------------------


def table(path: Path, header: str, lines: Sequence[str]) -> None:
    path.write_text("\n".join([header, *lines]) + "\n")


def back_of(folder: Path, back: Sequence[int]) -> Path:
    """From the 17th month on 8 customers a month are lost, and from the 18th so many of those lost come back in it."""
    folder.mkdir()
    months = [date(2024 + number // 12, number % 12 + 1, 1) for number in range(len(back) + 17)]
    lines, waiting = ["stays,2024-01-01,,100"], 0
    for place, month in enumerate(months[16:], start=16):
        for number in range(8):
            name = f"c{place}-{number}"
            ends = month.replace(day=9)
            lines.append(f"{name},{months[0] if place < 20 else months[place - 4]},{ends},100")
    names = [line.split(",")[0] for line in lines[1:]]
    for place, number in enumerate(back, start=17):
        for name in names[waiting : waiting + number]:
            lines.append(f"{name},{months[place].replace(day=20)},,100")
        waiting += number
    table(folder / "paid_users.csv", "user_id,started_at,ended_at,mrr", lines)
    return folder


def test_nobody_comes_back_before_anybody_is_lost(tmp_path: Path) -> None:
    """16 months in which nobody was lost are no history; the one in which the first are, and nobody came back, is."""
    back = [1, 3, 3, 3, 1, 2, 3, 2, 4, 5, 3, 4, 1, 7, 4, 5, 7]
    result = foretold(back_of(tmp_path / "exports", back), date(2026, 10, 31), 6)
    known = result.foretold.past.streams[BACK]
    assert known.numbers == (0, *back)
    row = rows(result)[BACK]
    assert result.foretold.forecast.shapes[BACK].no_season == "few_months"
    assert all(4.5 < cell.value < 6.5 for cell in row.cells)
    for cell in (*row.cells, row.total, rows(result)[PAYING].total):
        assert cell.bounds[1] <= cell.value <= cell.bounds[2]
    said = next(note.text.of("en") for note in result.foretold.notes if note.code == "season-with-growth")
    assert "Reactivated PU (18 months)" in said


def test_too_few_demos_to_follow_are_said_as_such(tmp_path: Path) -> None:
    """Of 60 people who all signed up 20 had a demo, and 4 of these pay: nobody comes without a signup."""
    months = [date(2025, month, 3) for month in range(1, 11)]
    table(tmp_path / "signups.csv", "user_id,signed_up_at", [f"u{n},{months[n % 10]}" for n in range(60)])
    table(tmp_path / "demos.csv", "user_id,booked_at", [f"u{n},{months[n % 10]}" for n in range(20)])
    table(
        tmp_path / "paid_users.csv", "user_id,started_at,ended_at,mrr",
        [f"u{n},{months[n % 10] + timedelta(days=5)},,50" for n in (2, 5, 8, 19)],
    )  # fmt: skip
    result = foretold(tmp_path, date(2025, 10, 31))
    assert result.foretold.past.stages == (SIGNUPS, DEMOS)
    assert "another-way" not in codes(result)
    said = [note.text.of("en") for note in result.foretold.notes if note.code == "not-followed-on"]
    assert said == [
        "New PU is foretold by itself, and not from New demo bookings: fewer than 30 of these are known of people who "
        "signed up, too few for a rate."
    ]


def test_ends_that_are_known_are_said(tmp_path: Path) -> None:
    """Known up to 31 Oct, foretold to 31 Jan: of ends on 31 Oct, 1 Nov, 31 Jan and 1 Feb the two in the middle."""
    ends = {"a": "2025-10-31", "b": "2025-11-01", "c": "2026-01-31", "d": "2026-02-01", "renewed": "2025-11-30"}
    lines = [f"{name},2025-01-05,{day},50" for name, day in ends.items()]
    lines += ["renewed,2025-12-01,2026-11-30,50", *(f"o{n},2025-{n:02}-01,,50" for n in range(1, 11))]
    table(tmp_path / "paid_users.csv", "user_id,started_at,ended_at,mrr", lines)
    result = foretold(tmp_path, date(2025, 10, 31))
    said = [note.text.of("en") for note in result.foretold.notes if note.code == "known-ends"]
    assert [text.split(" end ")[0] for text in said] == ["Contracts of 2 customers"]


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_that_is_none_is_refused(seed: int, tmp_path: Path) -> None:
    folder = open_folder(write(PEOPLE, tmp_path / "exports", LAST))
    with pytest.raises(UsageError, match="--seed"):
        folder.forecast(as_of=LAST.isoformat(), seed=seed)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_seed_stands_as_it_was_typed(lang: str, tmp_path: Path) -> None:
    folder = open_folder(write(PEOPLE, tmp_path / "exports", LAST))
    text = folder.forecast(as_of=LAST.isoformat(), seed=2026).render(lang=lang)
    assert "seed 2026" in text


def test_targets_of_some_months_have_no_chance_of_all(tmp_path: Path) -> None:
    folder = write(PEOPLE, tmp_path / "exports", LAST)
    ahead = [period.key for period in foretold(folder, months=3).foretold.forecast.periods]
    table(
        folder / "quotas.csv", f"metric,{ahead[0]},{ahead[1]},{ahead[2]}", ["new_signups,0,0,", "new_paid_users,1,2,3"]
    )
    result = open_folder(folder).forecast(as_of=LAST.isoformat(), months=3, targets=folder / "quotas.csv")
    lands: dict[str, Any] = {cell_text(row[0], "en"): row for row in lands_table(result.foretold).rows}
    assert [cell.value for cell in lands["New signups (RU)"][-2:]] == [None, None]
    target, chance = (cell.value for cell in lands["New PU"][-2:])
    assert target == 6  # 1 + 2 + 3
    assert chance is not None
    said = [note.text.of("en") for note in result.foretold.notes if note.code == "targets-of-some-months"]
    assert len(said) == 1
    assert "The chance of meeting what they come to is 100%" in said[0]


def test_notes_of_the_workbook_make_no_column_wide(tmp_path: Path) -> None:
    folder = write(PEOPLE, tmp_path / "exports", LAST)
    data = open_folder(folder).forecast(as_of=LAST.isoformat()).to_bytes("xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert max(column.width for column in sheet.column_dimensions.values()) < 45
    note = next(row[0] for row in sheet.iter_rows() if str(row[0].value).startswith("A forecast says"))
    assert note.alignment.wrap_text
    assert any(note.coordinate in merged for merged in sheet.merged_cells.ranges)
