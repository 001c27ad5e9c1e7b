"""What holds of every report, whatever the exports: identities, and changes that must change nothing.

The last part compares the two engines that read visits, over files of every shape.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from draws import BOTH, any_of, order_of, subsets, together, tries
from funnelcli.answers.report_answer import report_data
from funnelcli.answers.report_model import Report
from funnelcli.facts.load import load
from funnelcli.reading.discover import discover, open_folder
from funnelcli.reading.engines import choose, duckdb_engine, forms, many_sources, rows_engine
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.opening import Opened
from funnelcli.values.dates import DateReader
from oracle.random_exports import (
    DAYS,
    REQUIRED_COLUMNS,
    SOURCES,
    STYLES,
    Case,
    Exports,
    cases,
    toml_of,
    write_folder,
    written,
)
from oracle.recount import CHANNELS, NEARLY_DAILY, Row, Rows, person
from read_once import read_once
from support import exports_of, figures, report_of

# --- identities --------------------------------------------------------------------------------------------------

FIRST_DAY = date(2025, 6, 1)
MONTH_KEYS = tuple(f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13))[5:18]
OPENING_REGISTERED, OPENING_PAID = 900, 300
WHOLE_AND_CHANNELS = (None, *CHANNELS)
PLACES = [(channel, key) for channel in WHOLE_AND_CHANNELS for key in (*MONTH_KEYS, "total")]
FLOWS = ("new_signups", "new_paid_users", "reactivated_paid_users", "churned_paid_users", "net_new_paid_users")
BALANCES = (
    "total_leads",
    "opening_registered_users",
    "closing_registered_users",
    "opening_paid_users",
    "closing_paid_users",
)

DAYS_OF_BOOKS = [FIRST_DAY + timedelta(days=shift) for shift in range(381)]
PEOPLE = ("ann", "bao", "chi", "dung")
RAW_SOURCES = ("", "", "google / cpc", "affiliate", "partner", "Sales SME", "giới thiệu", "zalo", "zqv")
# Days from the end of the customer's stay before; None: the stay begins on any day.  A third each.
RESTS = (*[None] * 56, *[*range(-10, 6)] * 4, *range(5, 61))
LENGTHS = (*[None] * 201, *[*range(46)] * 4, *range(201))
SOME_STAYS = st.lists(together(PEOPLE, DAYS_OF_BOOKS, RESTS, LENGTHS, RAW_SOURCES), min_size=1, max_size=25)
SOME_SIGNUPS = st.lists(together(PEOPLE, DAYS_OF_BOOKS, RAW_SOURCES), max_size=12)
WAYS = together((0, 1, 7, 40), ("inclusive", "exclusive"), ("all", "opening"), (*[None] * 13, *MONTH_KEYS),
                (*[None] * 381, *DAYS_OF_BOOKS))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Books:
    """Signups and stays of a few customers, the settings they are counted by, and the day they are looked at."""

    signups: Rows
    paid_users: Rows
    grace_days: int
    end_date: str
    churn_method: str
    opening: str | None
    as_of: date | None

    @property
    def toml(self) -> str:
        lines = ["[paid_users]", f"grace_days = {self.grace_days}", f'end_date = "{self.end_date}"']
        lines += ["[churn]", f'method = "{self.churn_method}"']
        # How far exports reach has tests of its own.
        lines += ["[inputs.signups]", f'covers = ["{MONTH_KEYS[0]}", "{MONTH_KEYS[-1]}"]']
        if self.opening is not None:
            lines += ["[opening]", f'month = "{self.opening}"']
            lines += [f"registered_users = {OPENING_REGISTERED}", f"paid_users = {OPENING_PAID}"]
        return "\n".join(lines) + "\n"


@st.composite
def books(draw: st.DrawFn) -> Books:
    """Customers who come, renew early or late, leave and come back, on any day of thirteen months."""
    stays: Rows = []
    latest: dict[str, date] = {}
    for user, day, rest, length, source in draw(SOME_STAYS):
        start = day if rest is None or user not in latest else max(FIRST_DAY, latest[user] + timedelta(days=rest))
        end = None if length is None else start + timedelta(days=length)
        latest[user] = end or start
        written_end = "" if end is None else end.isoformat()
        stays.append({"user_id": user, "started_at": start.isoformat(), "ended_at": written_end, "source": source})
    grace_days, end_date, churn_method, opening, as_of = draw(WAYS)
    return Books(
        signups=[{"user_id": u, "signed_up_at": d.isoformat(), "source": s} for u, d, s in draw(SOME_SIGNUPS)],
        paid_users=stays,
        grace_days=grace_days,
        end_date=end_date,
        churn_method=churn_method,
        opening=opening,
        as_of=as_of,
    )


class Figures:
    """The figures of a report over all months, to be looked up by metric and (channel, period)."""

    def __init__(self, drawn: Books) -> None:
        with TemporaryDirectory() as name:
            folder = Path(name)
            write_folder(Exports(signups=drawn.signups, paid_users=drawn.paid_users), folder)
            (folder / "funnel.toml").write_text(drawn.toml, encoding="utf-8")
            as_of = None if drawn.as_of is None else drawn.as_of.isoformat()
            report = report_of(folder, first=MONTH_KEYS[0], last=MONTH_KEYS[-1], as_of=as_of, by_channel=True)
        assert [period.key for period in report.spec.periods] == list(MONTH_KEYS)
        self.as_of_month = f"{report.spec.as_of:%Y-%m}"
        self.known = figures(report)

    def value(self, metric: str, channel: str | None, key: str) -> float | None:
        return self.known[metric, channel, key][0]

    def everywhere(self, metric: str) -> dict[tuple[str | None, str], float | None]:
        return {at: self.value(metric, *at) for at in PLACES}


def plus(*terms: float | None) -> float | None:
    """The sum; missing when a term is."""
    known = [term for term in terms if term is not None]
    return sum(known) if len(known) == len(terms) else None


def less(whole: float | None, part: float | None) -> float | None:
    return None if whole is None or part is None else whole - part


def openings_and_flows_make_the_closings(of: Figures) -> None:
    opening, signups = of.everywhere("opening_registered_users"), of.everywhere("new_signups")
    assert of.everywhere("closing_registered_users") == {at: plus(opening[at], signups[at]) for at in PLACES}
    assert of.everywhere("total_leads") == of.everywhere("closing_registered_users")
    new, back, lost = (of.everywhere(f"{word}_paid_users") for word in ("new", "reactivated", "churned"))
    net_new = {at: less(plus(new[at], back[at]), lost[at]) for at in PLACES}
    assert of.everywhere("net_new_paid_users") == net_new
    paying = of.everywhere("opening_paid_users")
    closing = of.everywhere("closing_paid_users")
    assert closing == {at: plus(paying[at], net_new[at]) for at in PLACES}
    assert {at: number for at, number in closing.items() if number is not None and number < 0} == {}


def a_closing_is_the_next_opening(drawn: Books, of: Figures) -> None:
    for people, given_balance in (("registered_users", OPENING_REGISTERED), ("paid_users", OPENING_PAID)):
        expected: dict[tuple[str | None, str], float | None] = {}
        for channel in WHOLE_AND_CHANNELS:
            for before, after in pairwise(MONTH_KEYS):
                expected[channel, after] = of.value(f"closing_{people}", channel, before)
                if after > of.as_of_month:
                    expected[channel, after] = None
                elif after == drawn.opening:
                    parts = [of.value(f"opening_{people}", channel, after) for channel in CHANNELS]
                    assert plus(*parts) == given_balance
                    expected[channel, after] = given_balance if channel is None else parts[CHANNELS.index(channel)]
        assert {at: of.value(f"opening_{people}", *at) for at in expected} == expected


def channels_sum_to_the_whole(of: Figures) -> None:
    keys = [(metric, key) for metric in (*BALANCES, *FLOWS) for key in (*MONTH_KEYS, "total")]
    assert {(metric, key): of.value(metric, None, key) for metric, key in keys} == {
        (metric, key): plus(*(of.value(metric, channel, key) for channel in CHANNELS)) for metric, key in keys
    }


def the_total_adds_flows_and_keeps_the_outer_balances(of: Figures) -> None:
    counted = [key for key in MONTH_KEYS if key <= of.as_of_month]
    expected = {(metric, c): plus(*(of.value(metric, c, key) for key in counted)) for metric in FLOWS
                for c in WHOLE_AND_CHANNELS}  # fmt: skip
    for people in ("registered_users", "paid_users"):
        for channel in WHOLE_AND_CHANNELS:
            first, last = (
                of.value(f"opening_{people}", channel, counted[0]),
                of.value(f"closing_{people}", channel, counted[-1]),
            )
            expected[f"opening_{people}", channel] = first
            # The range begins before the balance that [opening] gives, so that the whole of it has none.
            expected[f"closing_{people}", channel] = None if first is None else last
    assert {at: of.value(*at, "total") for at in expected} == expected


def the_churn_rate_counts_the_lost_that_its_method_says(drawn: Books, of: Figures) -> None:
    rates = {at: of.known["paid_user_churn_rate", *at] for at in PLACES}
    lost, paying = of.everywhere("churned_paid_users"), of.everywhere("opening_paid_users")
    assert {at: below for at, (_, _, below) in rates.items()} == paying
    above = {at: counted for at, (_, counted, _) in rates.items()}
    if drawn.churn_method == "all":
        assert above == lost
    else:
        # Who joins and leaves within a period is lost in it, but was not there to be lost when it began.
        assert [at for at in PLACES if above[at] is None] == [at for at in PLACES if lost[at] is None]
        assert {at: (n, lost[at]) for at, n in above.items() if (n or 0) > (lost[at] or 0)} == {}
        assert {at: (n, m) for at, n in above.items() if (m := paying[at]) is not None and (n or 0) > m} == {}


@settings(max_examples=tries(80))
@given(books())
def test_every_identity_holds_of_the_same_books(drawn: Books) -> None:
    of = Figures(drawn)
    openings_and_flows_make_the_closings(of)
    a_closing_is_the_next_opening(drawn, of)
    channels_sum_to_the_whole(of)
    the_total_adds_flows_and_keeps_the_outer_balances(of)
    the_churn_rate_counts_the_lost_that_its_method_says(drawn, of)


# --- the same rows in other files --------------------------------------------------------------------------------

FILE_WORDS = {
    "visitors": ("visitors", "visits", "sessions", "Traffic"),
    "signups": ("signups", "registrations", "leads"),
    "demos": ("demos", "meetings"),
    "paid_users": ("paid_users", "subscriptions", "Customers"),
}
TWIN_BYTES = 200  # files that are alike and at least as long are refused as one export saved twice


@dataclass(frozen=True)
class Piece:
    """One file of an export: its name and some of the rows."""

    stage: str
    name: str
    columns: Sequence[str]
    rows: Rows

    @property
    def text(self) -> str:
        out = io.StringIO()
        table = csv.DictWriter(out, self.columns, lineterminator="\n")
        table.writeheader()
        table.writerows(self.rows)
        return out.getvalue()


@st.composite
def pieces_of(draw: st.DrawFn, exports: Exports) -> list[Piece]:
    """The rows of each export in any order, the columns too, dealt out over files of any names."""
    pieces = []
    for stage, rows in exports.by_stage().items():
        if rows is None:
            continue
        dealt = [rows[place] for place in draw(order_of(*range(len(rows))))]
        inner = draw(st.lists(st.integers(1, len(dealt) - 1), max_size=3)) if len(dealt) > 1 else []
        cuts = [0, *sorted(set(inner)), len(dealt)]  # no file without rows, but for an export that has none
        columns = order_of(*(rows[0] if rows else REQUIRED_COLUMNS[stage]))
        words = any_of(*FILE_WORDS[stage])
        for number, (start, end) in zip(draw(order_of(*range(len(cuts) - 1))), pairwise(cuts), strict=True):
            pieces.append(Piece(stage, f"{draw(words)} {number}.csv", draw(columns), dealt[start:end]))
    return pieces


def outputs(report: Report, files: dict[str, list[str]]) -> dict[str, Any]:
    """What programs read of a report, and its rows; files named in a note by their stage, sources summed by stage."""
    data = report_data(report)
    tallied: dict[str, dict[str, int]] = {}
    for source in data.pop("sources"):
        sums = tallied.setdefault(source["stage"], {})
        for name in ("rows_read", "rows_counted", "rows_duplicate", "rows_rejected", "rows_filtered"):
            sums[name] = sums.get(name, 0) + source[name]
    for note in data["notes"]:
        for stage, names in files.items():
            named = ", ".join(sorted(names))
            note["message"] = note["message"].replace(named, f"<{stage}>") if named else note["message"]
    return {
        "json": data,
        "rows": report.rows,
        "tallies": tallied,
    }


def report_of_case(case: Case, folder: Path) -> Report:
    (folder / "funnel.toml").write_text(toml_of(case.rules), encoding="utf-8")
    as_of = None if case.rules.as_of is None else case.rules.as_of.isoformat()
    return report_of(folder, first="2025-11", last="2026-04", as_of=as_of, by_channel=True)


def outputs_of(case: Case) -> dict[str, Any]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_folder(case.exports, folder)
        report = report_of_case(case, folder)
    return outputs(report, {stage: [f"{stage}.csv"] for stage in FILE_WORDS})


def are_lists(pieces: Sequence[Piece], timezone: str) -> bool:
    """Whether two files of customers have several in common who began on the same day.

    Such files may be lists of who pays at the time, and say more than their rows: who left, what has changed.
    """
    reader = DateReader(order=None, zone=ZoneInfo(timezone))
    begun = [
        {(person(row["user_id"]), reader.day(row["started_at"].strip())) for row in piece.rows}
        for piece in pieces
        if piece.stage == "paid_users"
    ]
    return any(len(mine & theirs) > 1 for mine, theirs in combinations(begun, 2))


# What is asked of two files and could not be asked of the rows of one: rows alike but for their ids; and of the row
# that is the last of its file.
ASKED_OF_FILES = {"exported-twice", "planned-alike", "row-may-be-total"}


def outputs_in_pieces(case: Case, pieces: Sequence[Piece]) -> dict[str, Any] | None:
    """What programs read of the report of the pieces; None where these may be two exports of the same demos."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for piece in pieces:
            (folder / piece.name).write_text(piece.text, encoding="utf-8")
        with read_once(folder):
            report = report_of_case(case, folder)
            if any(fault.code in ASKED_OF_FILES for fault in exports_of(folder).problems):
                return None
    files = {
        stage: [piece.name for piece in pieces if piece.stage == stage] or [f"{stage}.csv"] for stage in FILE_WORDS
    }
    return outputs(report, files)


@pytest.mark.parametrize(
    ("exports", "plain", "other"),
    [
        pytest.param(
            Exports(
                visitors=[{"date": "2026-01-05"}],
                demos=[{"user_id": "u1", "booked_at": "2026-01-05"}],
                paid_users=[{"user_id": "u1", "started_at": "2026-03-31"}],
            ),
            {"visitors": "visitors.csv"},
            {"visitors": "Traffic.csv"},
            id="exports that end early",
        ),
        pytest.param(
            Exports(demos=[{"user_id": "u1", "booked_at": "2026-01-05", "status": "held"}], paid_users=[]),
            {"paid_users": "paid_users.csv"},
            {"paid_users": "Customers.csv"},
            id="kinds of warnings",
        ),
    ],
)
def test_notes_come_in_an_order_of_their_own(
    exports: Exports, plain: dict[str, str], other: dict[str, str], tmp_path: Path
) -> None:
    made = []
    for place, names in enumerate((plain, other)):
        folder = tmp_path / str(place)
        folder.mkdir()
        write_folder(exports, folder)
        for stage, name in names.items():
            (folder / f"{stage}.csv").rename(folder / name)
        files = {stage: [names.get(stage, f"{stage}.csv")] for stage in FILE_WORDS}
        made.append(outputs(report_of(folder, first="2026-01", last="2026-03", by_channel=True), files))
    assert made[0]["json"]["notes"] == made[1]["json"]["notes"]
    assert made[0] == made[1]


def test_of_two_days_a_demo_was_held_on_the_order_of_rows_does_not_choose(tmp_path: Path) -> None:
    rows = [
        {"demo_id": "d1", "user_id": "u1", "booked_at": "2026-01-05", "held_at": held_at}
        for held_at in ("2026-01-20", "2026-02-10")
    ]
    made = []
    for name, demos in (("forth", rows), ("back", rows[::-1])):
        folder = tmp_path / name
        folder.mkdir()
        write_folder(Exports(demos=demos), folder)
        made.append(figures(report_of(folder, first="2026-01", last="2026-02", as_of="2026-02-28")))
    assert made[0] == made[1]
    assert made[0]["cumulative_demos_held", None, "2026-02"] == (1, None, None)


# --- changes that must change nothing ----------------------------------------------------------------------------

# Notes about the files themselves; rows after as_of may add to these, and to no other note.
NOTES_ON_FILES = {
    "balances-start-here",
    "unmatched-sources",
    "users-without-signup",
    "ids-do-not-join",
    "ids-made-alike",
    "ids-in-a-list",
    "month-gap",
    "begins-late",
    "ends-early",
    "ends-after-as-of",
    "starts-after-as-of",
    "zeros-beyond-demos",
    "zeros-beyond-paid-users",
    "payments-list",
    "plan-without-amounts",
    "not-counted",
    "warnings",
}


LAGS = (0, 0, 1, 29, 400)
SOME_LATER = st.lists(
    together(("1", "2", "3"), LAGS, LAGS, (time(0), time(23, 59, 59)), STYLES, SOURCES, BOTH), min_size=1, max_size=6
)


@st.composite
def later_rows(draw: st.DrawFn, case: Case, as_of: date) -> dict[str, Rows]:
    """For each export that there is, rows of people nobody knew, from the first moment after as_of on."""
    later: dict[str, Rows] = {}
    for stage, known in case.exports.by_stage().items():
        if known is None:
            continue
        if not known and stage in NEARLY_DAILY:
            later[stage] = []  # an empty export says that there were none; with rows, it would begin after as_of
            continue
        rows: Rows = []
        for number, lag, ahead, at, style, source, known_user in draw(SOME_LATER):
            begins = as_of + timedelta(days=1 + lag)
            first = written(begins, at, style, case.rules.timezone)
            second = written(begins + timedelta(days=ahead), at, style, case.rules.timezone)
            old_or_new = ("u1" if known_user else "late 1") if stage == "visitors" else f"late {number}"
            everything = {
                **dict.fromkeys(("date", "signed_up_at", "booked_at", "started_at"), first),
                **dict.fromkeys(("held_at", "ended_at"), second),
                **{"user_id": old_or_new, "demo_id": f"late {number}", "visitor_id": "v9", "source": source},
                **{"visits": "7", "existing_visits": "2", "is_existing": "true", "status": "held", "owner": "lan"},
                **{"tier": "gold", "plan": "pro", "mrr": "100", "amount": "1200", "interval": "once"},
            }
            columns = list(known[0]) if known else REQUIRED_COLUMNS[stage]
            rows.append({column: everything[column] for column in columns})
        later[stage] = rows
    return later


def about_figures(made: dict[str, Any]) -> dict[str, Any]:
    """The outputs without what they say of the files."""
    notes = [note for note in made["json"]["notes"] if note["code"] not in NOTES_ON_FILES]
    return {"json": {**made["json"], "notes": notes}, "rows": made["rows"]}


@settings(max_examples=tries(40))
@given(data=st.data())
def test_neither_how_rows_lie_in_files_nor_rows_after_as_of_change_anything(data: st.DataObject) -> None:
    """One folder is drawn for both laws, as reading it is what takes the time."""
    case = data.draw(cases(), label="case")
    pieces = data.draw(pieces_of(case.exports), label="pieces")
    long_texts = [piece.text for piece in pieces if len(piece.text.encode()) >= TWIN_BYTES]
    plain = outputs_of(case)
    if len(set(long_texts)) == len(long_texts) and not are_lists(pieces, case.rules.timezone):
        in_pieces = outputs_in_pieces(case, pieces)
        assert in_pieces is None or in_pieces == plain

    as_of = case.rules.as_of or data.draw(st.sampled_from(DAYS), label="as_of")
    opening = case.rules.opening
    if opening is not None and opening[0] > as_of:
        opening = None  # a balance of a later day is held against the rows up to that day
    seen = replace(case, rules=replace(case.rules, as_of=as_of, opening=opening))
    before = plain if seen == case else outputs_of(seen)
    later = data.draw(later_rows(seen, as_of), label="later rows")
    known = seen.exports.by_stage()
    longer = Exports(**{stage: None if rows is None else rows + later[stage] for stage, rows in known.items()})
    after = outputs_of(replace(seen, exports=longer))
    assert about_figures(after) == about_figures(before)
    # They were read, all the same.
    assert {stage: sums["rows_read"] for stage, sums in after["tallies"].items()} == {
        stage: before["tallies"][stage]["rows_read"] + len(rows) for stage, rows in later.items()
    }


NAMES = ("u1", "u2", "70", "007", "an@shop.vn", "zoë@shop.vn", "Khách 1", "khách 1", "8", "true")


@settings(max_examples=tries(40))
@given(case=cases(), names=st.permutations(NAMES))
def test_other_names_for_the_users_change_nothing(case: Case, names: list[str]) -> None:
    known = {stage: rows for stage, rows in case.exports.by_stage().items() if rows is not None}
    people = sorted({person(row["user_id"]) for rows in known.values() for row in rows if row.get("user_id")})
    new_name = dict(zip(people, names, strict=False))

    def renamed(row: Row) -> Row:
        cell = row.get("user_id", "")
        if not cell:
            return row
        name = new_name[person(cell)]
        in_capitals = cell.strip() != person(cell)
        written_name = name.upper() if in_capitals and "@" in name else name
        return {**row, "user_id": written_name + " " * (len(cell) - len(cell.rstrip()))}

    def own_demo(row: Row) -> Row:
        # A demo is one user's: whose it is otherwise, of two who booked it at once, their names decide.
        if not row.get("demo_id", "").strip():
            return row
        return {**row, "demo_id": f"{row['demo_id'].strip()} of {people.index(person(row['user_id']))}"}

    known["demos"] = [own_demo(row) for row in known.get("demos", [])]
    if case.exports.demos is None:
        del known["demos"]
    if case.rules.opening is not None:
        month, registered, paid, held = case.rules.opening
        more_demos = (month, registered, paid, held + len(known.get("demos", [])))
        case = replace(case, rules=replace(case.rules, opening=more_demos))
    others = {stage: [renamed(row) for row in rows] for stage, rows in known.items()}
    assert len(new_name) == len(people)
    made = outputs_of(replace(case, exports=Exports(**known)))
    assert _without_examples(outputs_of(replace(case, exports=Exports(**others)))) == _without_examples(made)


def _without_examples(made: dict[str, Any]) -> dict[str, Any]:
    """The outputs with the notes on ids by their code alone: each shows ids of both sides.

    How ids are written depends on the names, and nothing else does; that of warnings counts those on it.
    """
    of_names = ("ids-nearly-alike", "id-of-nobody", "warnings")
    others = [note for note in made["json"]["notes"] if note["code"] not in of_names]
    notes = [{"code": note["code"]} if note["code"].startswith("ids-") else note for note in others]
    return {**made, "json": {**made["json"], "notes": notes}}


# --- the two engines ---------------------------------------------------------------------------------------------

# Days around which clocks in New York change, a month's end, and days that no order of day and month can confuse.
VISIT_DAYS = (
    date(2025, 11, 1),
    date(2025, 11, 2),
    date(2026, 1, 31),
    date(2026, 2, 1),
    date(2026, 3, 8),
    date(2026, 3, 20),
    date(2026, 4, 30),
)
VISIT_TIMES = (time(0), time(0, 0, 1), time(6, 30), time(12, 5, 59), time(17, 0), time(23, 59, 59))
ZONES = ("Asia/Ho_Chi_Minh", "UTC", "America/New_York")
DATE_FORMATS = {
    "day": "%Y-%m-%d",
    "space": "%Y-%m-%d %H:%M:%S",
    "T": "%Y-%m-%dT%H:%M:%S",
    "minutes": "%Y-%m-%d %H:%M",
    "Z": "%Y-%m-%dT%H:%M:%SZ",
    "space Z": "%Y-%m-%d %H:%M:%SZ",
    "+07:00": "%Y-%m-%dT%H:%M:%S+07:00",
    "-03:30": "%Y-%m-%d %H:%M:%S-03:30",
    "dd/mm/yyyy": "%d/%m/%Y",
    "dd/mm/yyyy time": "%d/%m/%Y %H:%M",
    "YYYYMMDD": "%Y%m%d",
}
# One of these a file is what exports do, and all that the fast engine can read.
STYLES_OF_A_FILE = {
    "day": ("day",),
    "naive": ("space", "T", "minutes"),
    "offset": ("Z", "space Z", "+07:00", "-03:30"),
    "dd/mm/yyyy": ("dd/mm/yyyy",),
    "YYYYMMDD": ("YYYYMMDD",),
}
ODD_DATES = (
    "", " ", "N/A", "soon", "2026-02-30", "1889-01-05", "2199-01-05", "20261305", "05/01/2026", "01/13/2026", "46027",
    " 2026-01-31", "2026-01-31 ", "\u200b2026-01-31", "2026-1-5", "2026-01-5 ", "5 Jan 2026", "Jan 5, 2026",
    "2026-01-31T10", "2026-01-31T10:00+0700", "2026-01-31 10:00 PM", "2026-01-31T10:00:00.250", "10:00 2026-01-31",
    "2026-01-31 24:00", "2026-01-31T24:00:00", "2026-01-31T24:00:00Z", "2026-01-31 23:59:60", "2026-01-31 10:60:00",
    "2026-01-31 10:00:5 ", "2026-01-31 10: 0:00", "2026-01-31T10:00:00+25:00", "2026-01-31T10:00:00+07:60",
    "2026-01-31T10:00:00z", "2026-01-31T10:00:00 UTC", "infinity", "epoch", "0026-01-31", "2026-01-31T10:00:00-14:00",
)  # fmt: skip
COUNTS = ("0", "1", "2", "40", "007")
ODD_COUNTS = ("", "1.234", "1,234", "3.0", "1.5", "-1", "x", " 5", "N/A", "9" * 15, "9" * 16, "٣")
FLAGS = ("true", "false", "True", "yes", "no", "Có", "", "0", "1", "null")
ODD_FLAGS = ("maybe", " true ", "2", "chưa", "đu\u0301ng")
VISIT_SOURCES = (
    "", "google / cpc", "Google / CPC", "google", "(direct) / (none)", "zqv", " zqv ", "ZQV", "N/A", "null", "-",
    "a,b;c", "Quảng cáo", "Qua\u0309ng ca\u0301o", "\u00a0zqv\u200b", "line\nbreak", "line\r\nbreak", "tab\tin", "#zqv",
)  # fmt: skip
QUOTED_SOURCES = ('say "hi"', '"', 'google / "cpc"', "it's", '"quoted"')
MEDIUMS = ("", "cpc", "(none)", "N/A", "ORGANIC", "zqv\nv")
PLAIN_USERS = ("u1", "u2", "U1", "007", "7", "a.b-c:d+e_f", "")
ODD_USERS = (
    " u1", "u1 ", "an@shop.vn", "An@Shop.VN", "nobody@shop.vn", "zoë", "zoe\u0308", "ZOË@shop.vn", "zoë@shop.vn",
    "khách 1", "'u1", "'an@shop.vn", "null", "N/A", "\u200bu2", "u\u00a01", "x" * 300, 'u"1', "u1\n",
)  # fmt: skip
ODD_CELLS = {
    "date": ODD_DATES,
    "source": (*QUOTED_SOURCES, "Total", "tổng cộng"),
    "medium": (*QUOTED_SOURCES, "Total"),
    "visits": ODD_COUNTS,
    "existing_visits": (*COUNTS, *ODD_COUNTS),
    "is_existing": ODD_FLAGS,
    "user_id": ODD_USERS,
    "visitor_id": (*QUOTED_SOURCES, " v1", "v1 ", "null"),
    "session_id": (*QUOTED_SOURCES, " s1", "s1 ", "'s1", "S1", "null", "N/A", "8e+10", "#REF!", "phiên 1"),
}
TELLING = ((), ("visits",), ("existing_visits", "visits"), ("is_existing",), ("is_existing", "visits"), ("user_id",),
           ("user_id", "visits"), ("is_existing", "user_id"),
           ("existing_visits", "is_existing", "user_id", "visits"))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class VisitFile:
    """A file of visits to be written: rows of cells in the order of the columns, or lines as they are."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...] | str, ...]
    delimiter: str = ","
    line_end: str = "\n"
    quote_all: bool = False
    mark: bool = False
    last_line_ends: bool = True

    def write(self, folder: Path, date_header: str) -> None:
        lines = [self._line(tuple(date_header if name == "date" else name for name in self.columns))]
        lines += [row if isinstance(row, str) else self._line(row) for row in self.rows]
        text = ("\ufeff" if self.mark else "") + self.line_end.join(lines)
        data = (text + (self.line_end if self.last_line_ends else "")).encode()
        (folder / self.name).write_bytes(gzip.compress(data, mtime=0) if self.name.endswith(".gz") else data)

    def _line(self, cells: Sequence[str]) -> str:
        out = io.StringIO()
        write = csv.writer(
            out,
            delimiter=self.delimiter,
            lineterminator="\r\n",
            quoting=csv.QUOTE_ALL if self.quote_all else csv.QUOTE_MINIMAL,
        )
        write.writerow(cells)
        return out.getvalue().removesuffix("\r\n")


@dataclass(frozen=True, kw_only=True)
class VisitCase:
    """Files of visits, the signups beside them (None: no export), and what the config says of them."""

    files: tuple[VisitFile, ...]
    signups: tuple[tuple[str, str], ...] | None
    timezone: str
    date_order: str | None
    date_header: str

    def write(self, folder: Path) -> None:
        for file in self.files:
            file.write(folder, self.date_header)
        if self.signups is not None:
            rows = [{"user_id": user, "signed_up_at": at} for user, at in self.signups]
            write_folder(Exports(signups=rows), folder)
        lines = ["[business]", f'timezone = "{self.timezone}"', "[inputs.visitors]"]
        lines += [f'date_order = "{self.date_order}"'] if self.date_order else []
        lines += ["[inputs.visitors.columns]", f'date = "{self.date_header}"']
        (folder / "funnel.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def stamp(moment: tuple[date, time], style: str) -> str:
    return datetime.combine(*moment).strftime(DATE_FORMATS[style])


USUAL: Mapping[str, Sequence[str]] = {
    "source": VISIT_SOURCES,
    "medium": MEDIUMS,
    "visits": COUNTS,
    "existing_visits": ("0",),
    "is_existing": FLAGS,
    "user_id": PLAIN_USERS,
    "visitor_id": ("v1", "v,2", "v 3", "", *(("v4",) * 6)),
    "session_id": ("s1", "s2", "s3", "s4", "", "null"),
}
# The columns that say which visits are of whom, the others, how cells and lines are written, and how the file ends.
LOOKS = together(
    TELLING, subsets("medium", "session_id", "source", "visitor_id"), (",", ";", "\t", "|"), ("\n", "\n", "\r\n"),
    BOTH, BOTH, BOTH,
)  # fmt: skip
HOW_MANY_ODD = any_of(0, 1, 1, 2)


@st.composite
def visit_files(
    draw: st.DrawFn,
    name: str,
    *,
    regular: bool,
    styles: Sequence[str],
    moments: Sequence[tuple[date, time]],
    most_rows: int,
) -> VisitFile:
    """One file of regular rows, which the fast engine must read itself, and unless ``regular`` of some odd ones.

    Odd cells are few: a file that is odd all over says nothing of a cell that only looks regular.
    """
    telling, others, delimiter, line_end, quote_all, mark, last_line_ends = draw(LOOKS)
    columns = draw(order_of("date", *telling, *others))
    usual = {**USUAL, "date": [stamp(moment, style) for moment in moments for style in styles]}
    usual_row = together(*(usual[column] for column in columns))
    rows: list[tuple[str, ...] | str] = list(
        draw(st.lists(usual_row, min_size=1 if regular else 0, max_size=most_rows))
    )
    for _ in range(0 if regular else draw(HOW_MANY_ODD)):
        odd, place = draw(together((*columns, "line"), range(len(rows) + 1)))
        odd_row: tuple[str, ...] | str = draw(any_of(*odd_lines(columns, delimiter)))
        if odd != "line":
            cell, cells = draw(any_of(*ODD_CELLS[odd])), draw(usual_row)
            odd_row = tuple(cell if column == odd else other for column, other in zip(columns, cells, strict=True))
        rows.insert(place, odd_row)
    return VisitFile(
        name=name,
        columns=columns,
        rows=tuple(rows),
        delimiter=delimiter,
        line_end=line_end,
        quote_all=quote_all,
        mark=mark,
        last_line_ends=last_line_ends,
    )


def odd_lines(columns: Sequence[str], delimiter: str) -> tuple[str, ...]:
    """Lines that are no ordinary row: blank, short, long, totals, comments, the header again, quotes astray."""
    cells = ["2026-01-31" if name == "date" else "1" if name == "visits" else "" for name in columns]
    header = ["Date" if name == "date" else name for name in columns]
    totals = ["Total" if name == "date" else cell for name, cell in zip(columns, cells, strict=True)]
    plain = [delimiter.join(line) for line in (cells[:-1], [*cells, ""], [*cells, "more"], header, totals)]
    most = delimiter.join([*cells[:-1], ""])
    quotes = [most + tail for tail in (' "x y"', 'x"y', '"x"y', '"x" ', '"x', f' "x{delimiter}y"', '"x\ny"')]
    return ("", "  ", delimiter * (len(columns) - 1), "# a comment", *plain, *quotes)


VISIT_NAMES = ("visits a.csv", "visits [b].csv", "visits 'c'.csv", "visits*d?.csv.gz", "visits é.txt")
REGULAR_USERS = PLAIN_USERS[:-1]
ALL_USERS = (*REGULAR_USERS, *(user for user in ODD_USERS if person(user)))
SOME_NAMES = st.lists(any_of(*VISIT_NAMES), min_size=1, max_size=3, unique=True)
SOME_MOMENTS = st.lists(together(VISIT_DAYS, VISIT_TIMES), min_size=1, max_size=5)
SETTINGS = together(ZONES, (None, None, "dmy", "mdy"), ("date", "Day", "Time (UTC)"))


@st.composite
def visit_cases(draw: st.DrawFn, *, regular: bool, most_rows: int = 15) -> VisitCase:
    names = draw(SOME_NAMES)
    # Few, so that visits and signups meet, to the second too.
    moments = draw(SOME_MOMENTS)
    signups = None
    if draw(st.booleans()):
        users = REGULAR_USERS if regular else ALL_USERS
        stamps = [stamp(moment, style) for moment in moments for style in ("day", "space", "Z")]
        signups = tuple(draw(st.lists(together(users, stamps), max_size=8)))
    styles = [*STYLES_OF_A_FILE.values(), *([] if regular else [tuple(DATE_FORMATS)])]
    if regular:
        # Files of one header are read by one query; and only dates that SQL can read are joined with the signups.
        joinable = [STYLES_OF_A_FILE[kind] for kind in ("day", "naive", "offset")]
        styles = [draw(any_of(*(styles if signups is None else joinable)))]
    files = [
        draw(visit_files(name, regular=regular, styles=draw(any_of(*styles)), moments=moments, most_rows=most_rows))
        for name in names
    ]
    timezone, order, header = draw(SETTINGS)
    return VisitCase(
        files=tuple(files),
        signups=signups,
        timezone=timezone,
        date_order="dmy" if regular else order,
        date_header=header,
    )


def contents(table: VisitTable) -> dict[str, Any]:
    """All that an engine says of the files; where a fault of a whole file forbids any report, only what is wrong."""
    problems = list(table.problems)
    if any(problem.kind.whole_file for problem in problems):
        return {"problems": problems}
    return {
        "sums": table.sums,
        "sources": dict(table.sources),  # not as Counters, to which 0 and absent are one
        "sessions": table.sessions.counts,
        "continued": table.sessions.continued,
        "tallies": sorted((t.file, t.read, t.counted, t.duplicate, t.rejected, t.filtered) for t in table.tallies),
        "converted": table.converted,
        "problems": problems,
    }


def opened_visits(folder: Path) -> tuple[list[Opened], VisitRequest]:
    """The files of visits in a folder, and how the report would have them counted."""
    opened_folder = open_folder(folder)
    files, _ = discover(opened_folder, {})
    exports = load(opened_folder.config, files)
    assert exports.visit_request is not None
    return list(exports.inputs["visitors"].opened), exports.visit_request


def by_both_engines(opened: Sequence[Opened], request: VisitRequest, sample_rows: int = 2_000) -> dict[str, Any]:
    """What both engines together say of files of any size.

    ``sample_rows`` is how far DuckDB looks ahead, so that a small file too can change after it; more sources than that
    are many.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choose, "SMALL_BYTES", -1)
        patch.setattr(choose, "FIRST_ROWS", sample_rows)
        patch.setattr(forms, "SAMPLE_ROWS", sample_rows)
        patch.setattr(many_sources, "MANY", sample_rows)
        return contents(choose.scan_visits(opened, request))


def by_rows(opened: Sequence[Opened], request: VisitRequest) -> dict[str, Any]:
    """What the engine for small files says of files of any size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choose, "SMALL_BYTES", 10**12)
        return contents(choose.scan_visits(opened, request))


@settings(max_examples=tries(160))
@given(case=visit_cases(regular=False), sample_rows=st.sampled_from((1, 3, 2_000)))
def test_both_engines_read_any_visits_alike(case: VisitCase, sample_rows: int) -> None:
    with TemporaryDirectory() as name:
        case.write(Path(name))
        opened, request = opened_visits(Path(name))
        assert by_both_engines(opened, request, sample_rows) == by_rows(opened, request)


@settings(max_examples=tries(60))
@given(case=visit_cases(regular=True))
def test_the_fast_engine_reads_regular_visits_itself(case: VisitCase) -> None:
    with TemporaryDirectory() as name:
        case.write(Path(name))
        opened, request = opened_visits(Path(name))
        table, handed_back = duckdb_engine.scan(opened, request)
        expected = contents(rows_engine.scan(opened, request))
    assert handed_back == []
    assert expected["problems"] == []
    assert contents(table) == expected


@pytest.mark.parametrize(
    ("signed_up_at", "visits", "existing"),
    [
        ("2026-01-31 17:00:00", ("2026-01-31 16:59:59", "2026-01-31 17:00:00", "2026-01-31T17:00:01"), 1),
        ("2026-01-31T10:00:00Z", ("2026-01-31 16:59:59", "2026-01-31 17:00:00", "2026-01-31T17:00:01"), 1),
        ("2026-01-31 17:00:00", ("2026-01-31T09:59:59Z", "2026-01-31T10:00:00Z", "2026-01-31 13:00:01+03:00"), 1),
        # Where one of the two says no time, only an earlier day is before.
        ("2026-01-31 17:00:00", ("2026-01-30", "2026-01-31", "2026-02-01"), 1),
        ("2026-01-31", ("2026-01-31 00:00:01", "2026-01-31 23:59:59", "2026-02-01 00:00:00"), 1),
        ("2026-01-31", ("2026-01-31T16:59:59Z", "2026-01-31T17:00:00Z", "2026-01-31T18:00:00Z"), 2),
        ("2026-01-31", ("2026-01-30", "2026-01-31", "2026-02-01"), 1),
    ],
)
def test_both_engines_know_which_came_first(
    signed_up_at: str, visits: tuple[str, ...], existing: int, tmp_path: Path
) -> None:
    VisitCase(
        files=(VisitFile(name="visits.csv", columns=("date", "user_id"), rows=tuple((at, "u1") for at in visits)),),
        signups=(("u1", signed_up_at),),
        timezone="Asia/Ho_Chi_Minh",
        date_order=None,
        date_header="date",
    ).write(tmp_path)
    opened, request = opened_visits(tmp_path)
    table, handed_back = duckdb_engine.scan(opened, request)
    assert handed_back == []
    counted = [
        sum(sums.existing for sums in counts.sums.values()) for counts in (table, rows_engine.scan(opened, request))
    ]
    assert counted == [existing, existing]


def differences(
    files: Mapping[str, VisitFile], users: Sequence[str], folder: Path
) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Of the files that DuckDB does not hand back, those in which the engines do not agree: (row by row, by DuckDB)."""
    VisitCase(
        files=tuple(files.values()),
        signups=tuple((user, "2026-01-30") for user in users),
        timezone="Asia/Ho_Chi_Minh",
        date_order="dmy",
        date_header="date",
    ).write(folder)
    opened, request = opened_visits(folder)
    assert [file.name for file in opened] == [file.name for file in files.values()]
    differing = {}
    for label, file in zip(files, opened, strict=True):
        table, handed_back = duckdb_engine.scan([file], request)
        expected = contents(rows_engine.scan([file], request))
        if not handed_back and contents(table) != expected:
            differing[label] = (expected, contents(table))
    return differing


@pytest.mark.parametrize(
    ("column", "beside"),
    [
        ("date", {"date": "2026-01-31"}),
        ("date", {"date": "2026-01-31 17:00:00"}),
        ("date", {"date": "2026-01-31T17:00:00Z"}),
        ("date", {"date": "31/01/2026"}),
        ("date", {"date": "20260131"}),
        ("date", {"date": "2026-01-31 17:00:00", "user_id": "u1"}),
        ("source", {"date": "2026-01-31", "source": "zqv"}),
        ("medium", {"date": "2026-01-31", "source": "zqv", "medium": "cpc"}),
        ("visits", {"date": "2026-01-31", "visits": "3"}),
        ("existing_visits", {"date": "2026-01-31", "visits": "3", "existing_visits": "1"}),
        ("is_existing", {"date": "2026-01-31", "is_existing": "true"}),
        ("user_id", {"date": "2026-01-31", "user_id": "u1"}),
        ("user_id", {"date": "2026-01-31 17:00:00", "user_id": "u1"}),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value.values()),
)
def test_an_odd_cell_is_read_alike_or_handed_back(column: str, beside: dict[str, str], tmp_path: Path) -> None:
    files = {
        cell: VisitFile(
            name=f"visits {number:03}.csv",
            columns=tuple(beside),
            rows=(tuple(beside.values()), tuple({**beside, column: cell}.values())),
        )
        for number, cell in enumerate(ODD_CELLS[column])
    }
    # Whoever a cell could mean has signed up, under a leading apostrophe too, which means nothing in a workbook.
    users = dict.fromkeys((*PLAIN_USERS[:-1], *(user for user in ODD_USERS if person(user)), "''u1", "'null"))
    assert differences(files, list(users), tmp_path) == {}, "cell: (row by row, by DuckDB)"


@pytest.mark.parametrize("last", ["source", "medium", "visits", "is_existing", "user_id", "visitor_id"])
def test_an_odd_line_is_read_alike_or_handed_back(last: str, tmp_path: Path) -> None:
    columns = ("date", "source", last) if last == "medium" else ("date", last)
    regular = tuple({"date": "2026-01-31", "source": "zqv", "visits": "3"}.get(name, "") for name in columns)
    files = {
        line: VisitFile(name=f"visits {number:03}.csv", columns=columns, rows=(regular, line, regular))
        for number, line in enumerate(odd_lines(columns, ","))
    }
    assert differences(files, ["x", "x y", "xy"], tmp_path) == {}, "line: (row by row, by DuckDB)"


# --- damage ------------------------------------------------------------------------------------------------------

DAMAGE: Mapping[str, tuple[str, ...]] = {
    "date": ("45000", "2026-01-05T00:00:00+14:00", "2026-01-05T00:00:00+14:01", "2026-01-05T00:00:00-12:30", "#REF!",
             "#N/A", "Loading...", "13/01/2026", "01/13/2026", "05/01/2026", "0000-00-00", "1970-01-01", "Total"),
    "visits": ("²", "①", "１２", "#DIV/0!", "#N/A", "1E+03", "12.0", "-1", ""),
    "existing_visits": ("²", "#N/A", "#VALUE!", "2.0", ""),
    "is_existing": ("#N/A", "#NAME?", "²", "-"),
    "user_id": ("8.49E+10", "8e+10", "1E+05", "8,49E+10", "1e5", "#N/A", "#NAME?", "Loading...", "9007199254740992.0"),
    "source": ("#REF!", "Total", "Tổng cộng", '"a"b', '"a" ', "zalo\t", "1,200"),
}  # fmt: skip
SOUND = {"date": ("2026-01-05", "2026-02-13", "2026-03-04"), "visits": ("1", "200"), "existing_visits": ("0", "1"),
         "is_existing": ("true", ""), "user_id": ("u1", ""), "source": ("google", "")}  # fmt: skip
LAYOUTS = (("date", "source"), ("source", "date", "user_id"), ("date", "visits", "source"), ("date", "user_id"),
           ("date", "visits", "existing_visits", "source"), ("date", "is_existing", "source"))  # fmt: skip
HOWS = ("sound", "sound", "cell", "cell", "more", "fewer", "opened", "closed", "total")
SHAPES = together(LAYOUTS, ("", "", ","), ("", "", "T08:00:00Z"), range(1, 9))


@st.composite
def damaged_visits(draw: st.DrawFn) -> str:
    """A text of visits: sound rows, cells that a spreadsheet has damaged, cells too many or too few, stray quotes."""
    columns, tail, moment, count = draw(SHAPES)
    sound = [[text + (moment if name == "date" else "") for text in SOUND[name]] for name in columns]
    row = together(*sound, HOWS, range(len(columns)), ("", "", " ", "200"))
    lines = []
    for _ in range(count):
        *cells, how, place, extra = draw(row)
        match how:
            case "cell":
                cells[place] = draw(any_of(*DAMAGE[columns[place]]))
            case "more":
                cells.append(extra)
            case "fewer":
                cells.pop()
            case "opened":
                cells[place] = f'"{cells[place]}'
            case "closed":
                cells[place] = f'{cells[place]}"'
            case "total":
                cells = ["" if n != place else "Tổng cộng" for n in range(len(cells))]
        lines.append(",".join(cells) + tail)
    return "\n".join([",".join(columns), *lines, ""])


# Of a file that DuckDB reads, what is no date is said with how dates look in the other, which the row reader reads.
ONE_PROVES_THE_ORDER = ["date,source\n2026-01-05,google\nsoon,google\n", "date,source\n13/01/2026,zalo\n2026-01-05\n"]
# Quotation marks around rows, below the first rows, by which the form of the dates is told.
ROWS_IN_A_CELL = ['date,source\n2026-01-05,zalo\n2026-01-06,"google\n2026-01-07,zalo\n2026-01-08,"\n2026-01-09,zalo\n']


@settings(max_examples=tries(60))
@example(texts=ONE_PROVES_THE_ORDER, signups=False, sample_rows=2_000, order=None)
@example(texts=ROWS_IN_A_CELL, signups=False, sample_rows=1, order=None)
@given(
    texts=st.lists(damaged_visits(), min_size=1, max_size=2, unique=True),
    signups=st.booleans(),
    sample_rows=st.sampled_from((1, 2_000)),
    order=st.sampled_from((None, "dmy")),
)
def test_both_engines_see_the_same_damage(texts: list[str], signups: bool, sample_rows: int, order: str | None) -> None:
    """What is refused by one is refused by the other, at the same places, and what is counted is the same."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number, text in enumerate(texts):
            (folder / f"visits {number}.csv").write_text(text, encoding="utf-8")
        if signups:
            (folder / "signups.csv").write_text(
                "user_id,signed_up_at\nu1,2026-01-01\n1e5,2026-01-01\n", encoding="utf-8"
            )
        if order:
            (folder / "funnel.toml").write_text(f'[inputs.visitors]\ndate_order = "{order}"\n', encoding="utf-8")
        opened_folder = open_folder(folder)
        files, _ = discover(opened_folder, {})
        exports = load(opened_folder.config, files)
        if exports.visit_request is None or "visitors" not in exports.inputs:
            return  # no file whose header could be read
        opened, request = list(exports.inputs["visitors"].opened), exports.visit_request
        assert by_both_engines(opened, request, sample_rows) == contents(rows_engine.scan(opened, request))
