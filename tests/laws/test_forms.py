"""Every way to write the dates of visits: DuckDB reads it itself, and comes to what the row reader does."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from funnelcli.facts.load import load
from funnelcli.reading import database
from funnelcli.reading.discover import discover, open_folder
from funnelcli.reading.engines import duckdb_engine, many_sources, rows_engine
from funnelcli.reading.engines.forms import form_of
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.engines.visit_sql import with_readings
from funnelcli.reading.opening import Opened
from funnelcli.values.cells import clean
from funnelcli.values.dates import DateReader

SEVERAL_THREADS = True
Written = Callable[[datetime], str]
FORMS: dict[str, Written] = {
    "iso day": lambda at: f"{at:%Y-%m-%d}",
    "space": lambda at: f"{at:%Y-%m-%d %H:%M:%S}",
    "T": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}",
    "minutes": lambda at: f"{at:%Y-%m-%d %H:%M}",
    "milliseconds": lambda at: f"{at:%Y-%m-%d %H:%M:%S}.007",
    "microseconds": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}.000001",
    "Z": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}Z",
    "fractions Z": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}.250Z",
    "+07:00": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}+07:00",
    "+00": lambda at: f"{at:%Y-%m-%d %H:%M:%S}+00",
    "-0330": lambda at: f"{at:%Y-%m-%d %H:%M:%S}-0330",
    "UTC": lambda at: f"{at:%Y-%m-%d %H:%M:%S} UTC",
    "d/m/y": lambda at: f"{at:%d/%m/%Y}",
    "d.m.y": lambda at: f"{at.day}.{at.month}.{at.year}",
    "m-d-y": lambda at: f"{at:%m-%d-%Y}",
    "d/m/y h:m": lambda at: f"{at:%d/%m/%Y %H:%M}",
    "d/m/y h:m:s": lambda at: f"{at.day}/{at.month}/{at.year} {at.hour}:{at:%M:%S}",
    "AM/PM": lambda at: f"{at:%m/%d/%Y %I:%M %p}",
    "am/pm": lambda at: (
        f"{at.month}/{at.day}/{at.year} {(at.hour + 11) % 12 + 1}:{at:%M:%S} {'am' if at.hour < 12 else 'pm'}"
    ),
    "compact": lambda at: f"{at:%Y%m%d}",
    "seconds": lambda at: str(int(at.replace(tzinfo=UTC).timestamp())),
    "milliseconds since 1970": lambda at: f"{int(at.replace(tzinfo=UTC).timestamp())}789",
    "Jan 5, 2025": lambda at: f"{at:%b} {at.day}, {at.year}",
    "January 5, 2025": lambda at: f"{at:%B} {at.day}, {at.year}",
    "5 Jan 2025 h:m": lambda at: f"{at.day} {at:%b %Y %H:%M}",
    "05-Jan-2025": lambda at: f"{at:%d-%b-%Y}",
}
ZONES = ("Asia/Ho_Chi_Minh", "America/New_York", "Asia/Kathmandu")
# The last second of a day and the first of the next, in two months and around a leap day, and moments in between.
MOMENTS = [
    day + timedelta(seconds=seconds)
    for day in (
        datetime(2024, 2, 28),
        datetime(2024, 2, 29),
        datetime(2024, 3, 10),
        datetime(2024, 11, 3),
        datetime(2025, 12, 31),
    )
    for seconds in (0, 1, 25_200, 43_200, 61_199, 61_200, 86_399)
]


def opened_in(folder: Path, written: Written, zone: str, *, header: str = "date") -> tuple[list[Opened], VisitRequest]:
    """Visits at all moments by two who signed up on a day and at a moment among them, one who did not, and nobody."""
    (folder / "funnel.toml").write_text(f'[business]\ntimezone = "{zone}"\n', encoding="utf-8")
    rows = [
        f'"{written(at)}",{source},{user}'
        for number, at in enumerate(MOMENTS)
        for user, source in (("a", "google"), ("b", "facebook / cpc"), ("never", "zalo"), ("", f"s{number % 3}"))
    ]
    (folder / "visitors.csv").write_text(f'"{header}",source,user_id\n' + "\n".join(rows) + "\n", encoding="utf-8")
    (folder / "signups.csv").write_text("user_id,signed_up_at\na,2024-02-29\nb,2024-03-10 12:00:00\n", encoding="utf-8")
    opened_folder = open_folder(folder)
    files, _ = discover(opened_folder, {})
    facts = load(opened_folder.config, files)
    assert facts.visit_request is not None
    return list(facts.inputs["visitors"].opened), facts.visit_request


def contents(table: VisitTable) -> tuple[object, ...]:
    return table.sums, table.sources, table.order, table.converted, [*table.tallies], [*table.problems]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_read_by_both_engines_alike(name: str, zone: str, tmp_path: Path) -> None:
    opened, request = opened_in(tmp_path, FORMS[name], zone)
    table, handed_back = duckdb_engine.scan(opened, request)
    assert handed_back == []
    expected = rows_engine.scan(opened, request)
    assert contents(table) == contents(expected)
    assert sum(sums.existing for sums in expected.sums.values()) > 0


MARKS = "0159 \t-+.:/TZzAPm,\n\u00e9"  # that a cell may have in the place of any of its own


def spoilt(texts: list[str]) -> list[str]:
    """The texts with each of their signs another one, and some with two or three of them, or one too many or few."""
    draw = random.Random(1)
    once = {text[:place] + mark + text[place + 1 :] for text in texts for place in range(len(text)) for mark in MARKS}
    twice = {text[:place] + mark + text[place + 1 :] for text in draw.sample(sorted(once), min(len(once), 1_500))
             for place, mark in [(draw.randrange(len(text)), draw.choice(MARKS))]}  # fmt: skip
    longer = {text[:place] + mark + text[place:] for text in texts for place in range(len(text) + 1) for mark in MARKS}
    shorter = {text[:place] + text[place + 1 :] for text in (*texts, *draw.sample(sorted(longer), 500))
               for place in range(len(text))}  # fmt: skip
    hours = {text.replace(f"{mark}07:", f"{mark}24:") for text in texts for mark in " T"}
    return sorted({*texts, *once, *twice, *longer, *shorter, *hours})


TIMED = [name for name in FORMS if FORMS[name](MOMENTS[0]) != FORMS[name](MOMENTS[3])]


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "America/New_York"])
@pytest.mark.parametrize("name", TIMED)
def test_what_sql_reads_python_reads_alike(name: str, zone: str, tmp_path: Path) -> None:
    """Whatever has become of a cell: SQL leaves it to Python, or has the same moment of it."""
    opened, request = opened_in(tmp_path, FORMS[name], zone)
    form = form_of(opened, request, compares=True)
    assert form is not None
    texts = spoilt([FORMS[name](at) for at in (*MOMENTS[7:9], *MOMENTS[-2:], datetime(2024, 3, 10, 7, 5, 9))])
    connection = database.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("CREATE TABLE cells AS SELECT unnest(?) AS d", [texts])
    readings = with_readings("SELECT d FROM cells", form)
    rows = connection.execute(
        f"SELECT d, epoch_us(moment), {form.timed} FROM (SELECT *, {form.moment} AS moment FROM ({readings})) "
        "WHERE year(moment) BETWEEN 1990 AND 2099"
    ).fetchall()
    reader = DateReader(order=form.order, zone=ZoneInfo(zone))
    differing = [(text, micros, reader.read(clean(text))) for text, micros, timed in rows
                 if reader.read(clean(text)) != (micros, timed)]  # fmt: skip
    assert differing == []
    assert len(rows) >= 5


@pytest.mark.parametrize("name", ["space", "T", "minutes", "milliseconds"])
def test_times_under_a_header_that_says_utc(name: str, tmp_path: Path) -> None:
    opened, request = opened_in(tmp_path, FORMS[name], "Asia/Ho_Chi_Minh", header="Date (UTC)")
    table, handed_back = duckdb_engine.scan(opened, request)
    assert handed_back == []
    assert contents(table) == contents(rows_engine.scan(opened, request))


ODD_DATES = ("", "2024-02-30", "31/31/2024", "2024-03-10 25:00:00", "13/13/2024 10:00", "tomorrow", "Feb 30, 2024")


@pytest.mark.parametrize("name", FORMS)
def test_only_the_row_with_a_date_that_is_none_is_left_to_the_row_reader(name: str, tmp_path: Path) -> None:
    opened, request = opened_in(tmp_path, FORMS[name], "Asia/Ho_Chi_Minh")
    path = tmp_path / "visitors.csv"
    regular = path.read_text(encoding="utf-8")
    for odd in ODD_DATES:
        path.write_text(f"{regular}{odd},google,a\n", encoding="utf-8")
        table, handed_back = duckdb_engine.scan(opened, request)
        assert handed_back == [], odd
        assert contents(table) == contents(rows_engine.scan(opened, request)), odd
        assert [tally.rejected for tally in table.tallies] == [1], odd


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1258", "cp1252"])
@pytest.mark.parametrize("above", ["", "sep=,\n", "Report of visits\nMade on 1 Jan\n\n"])
def test_other_encodings_and_lines_above_the_header(encoding: str, above: str, tmp_path: Path) -> None:
    """What is read as UTF-8 with the header on top is read alike in another encoding, or with a preamble."""
    plain, request = opened_in(tmp_path, FORMS["space"], "Asia/Ho_Chi_Minh")
    path = tmp_path / "visitors.csv"
    text = path.read_text(encoding="utf-8").replace("zalo", "Quảng cáo" if encoding.startswith("utf") else "café")
    path.write_text(text, encoding="utf-8")
    expected = rows_engine.scan(plain, request)
    if encoding == "utf-16-le":
        above = "\ufeff" + above
    path.write_bytes((above + text).encode(encoding))
    opened_folder = open_folder(tmp_path)
    files, _ = discover(opened_folder, {})
    facts = load(opened_folder.config, files)
    assert facts.visit_request is not None
    opened = list(facts.inputs["visitors"].opened)
    table, handed_back = duckdb_engine.scan(opened, facts.visit_request)
    assert handed_back == []
    assert contents(table) == contents(rows_engine.scan(opened, facts.visit_request))
    assert (table.sums, [tally.read for tally in table.tallies]) == (
        expected.sums, [tally.read for tally in expected.tallies],
    )  # fmt: skip


def test_a_file_that_leaves_its_encoding_is_left_to_the_row_reader(tmp_path: Path) -> None:
    _, request = opened_in(tmp_path, FORMS["space"], "Asia/Ho_Chi_Minh")
    path = tmp_path / "visitors.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    files, _ = discover(open_folder(tmp_path), {})
    opened = list(load(open_folder(tmp_path).config, files).inputs["visitors"].opened)
    with path.open("ab") as stream:
        stream.write(b"\x00")  # half a character
    table, handed_back = duckdb_engine.scan(opened, request)
    assert (table.sums, [file.file.path for file in handed_back]) == ({}, [path])


@pytest.mark.parametrize("name", ["iso day", "space", "Z", "d/m/y h:m"])
@pytest.mark.parametrize("odd", ["", "soon,zalo,a", "2024-02-29,Total,", '2024-02-29,"""x""",b', "2024-02-29,zalo"])
def test_visits_of_many_sources_are_summed_by_channel(
    name: str, odd: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_sources, "MANY", 3)
    opened, request = opened_in(tmp_path, FORMS[name], "Asia/Ho_Chi_Minh")
    path = tmp_path / "visitors.csv"
    path.write_text(path.read_text(encoding="utf-8") + (odd and f"{odd}\n"), encoding="utf-8")
    assert many_sources.has_many_sources(opened[0], request)
    table, handed_back = duckdb_engine.scan(opened, request)
    assert handed_back == []
    assert contents(table) == contents(rows_engine.scan(opened, request))


@pytest.mark.parametrize(("most", "many"), [(5, True), (6, False)])
def test_six_sources_are_many_or_not(most: int, many: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """google, facebook / cpc, zalo, s0, s1 and s2: more than five, and not more than six."""
    monkeypatch.setattr(many_sources, "MANY", most)
    opened, request = opened_in(tmp_path, FORMS["iso day"], "Asia/Ho_Chi_Minh")
    assert many_sources.has_many_sources(opened[0], request) is many


@pytest.mark.parametrize("odd", ["", "2024-02-30,zalo,a", "soon,zalo,a"])
def test_odd_rows_of_wide_files_are_fetched_when_there_are_some(odd: str, tmp_path: Path) -> None:
    opened, request = opened_in(tmp_path, FORMS["iso day"], "Asia/Ho_Chi_Minh")
    notes = duckdb_engine.LISTED_WIDTH
    path = tmp_path / "visitors.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    wide = [header + "".join(f",note {number}" for number in range(notes)), *(row + ",x" * notes for row in rows)]
    path.write_text("\n".join([*wide, *([odd] if odd else []), ""]), encoding="utf-8")
    files, _ = discover(open_folder(tmp_path), {})
    opened = list(load(open_folder(tmp_path).config, files).inputs["visitors"].opened)
    table, handed_back = duckdb_engine.scan(opened, request)
    assert handed_back == []
    assert contents(table) == contents(rows_engine.scan(opened, request))
    assert [tally.rejected for tally in table.tallies] == [1 if odd else 0]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("header", ["date", "Date (UTC)"])
@pytest.mark.parametrize("kind", ["DATE", "TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMP_S", "VARCHAR"])
def test_dates_of_parquet_files_are_read_as_they_are(kind: str, header: str, zone: str, tmp_path: Path) -> None:
    opened_in(tmp_path, FORMS["space"], zone, header=header)
    visits = tmp_path / "visitors.csv"
    connection = database.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(
        f'COPY (SELECT CAST("{header}" AS {kind}) AS "{header}", source, user_id FROM read_csv(\'{visits}\', '
        f"all_varchar=true) UNION ALL SELECT NULL, 'zalo', 'a') TO '{tmp_path / 'visitors.parquet'}' (FORMAT parquet)"
    )
    visits.unlink()
    files, _ = discover(open_folder(tmp_path), {})
    facts = load(open_folder(tmp_path).config, files)
    assert facts.visit_request is not None
    opened = list(facts.inputs["visitors"].opened)
    table, handed_back = duckdb_engine.scan(opened, facts.visit_request)
    assert handed_back == []
    assert contents(table) == contents(rows_engine.scan(opened, facts.visit_request))
    assert [tally.rejected for tally in table.tallies] == [1]
