"""Lists of who pays at the time that give no start: who is new in each, who is gone, and what has changed.

A row lasts from the month or day that it is of until the next list has the same customer once more.  Who is not in the
next list is lost when it was made, who is new in a list has begun when that was made.  What lies before the oldest list
and after the newest one, no list tells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import PurePath

import numpy as np
from msgspec.structs import replace

from funnelcli.config import InputSettings, PaidUsers
from funnelcli.facts.events import NO_DAY, OPEN_END
from funnelcli.facts.lists import days_of_lists
from funnelcli.facts.rows import Rows
from funnelcli.facts.snapshots import LEFT_AFTER, SAID_END, SAID_START, Snapshots
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.evidence import Place, decide_order
from funnelcli.reading.headers import header_key
from funnelcli.reading.made import Days, before_the_month, days_in_name, days_of_texts, order_of_days
from funnelcli.reading.moments import Moments
from funnelcli.reading.tables import Table
from funnelcli.text import NOTHING, Message
from funnelcli.text.regex import regex
from funnelcli.values.dates import DAY_MICROS, DateEvidence, micros_of
from funnelcli.values.periods import month_of

CAME_AFTER = "came after"  # the column of the day from which on a row may have begun, NO_DAY where its start is known
_LISTED_UNTIL = "listed until"
_OF_MONTHS = regex(r"\b(months?|period|quarter|year|thang|ky|quy|nam|mes|mois|monat)\b")


def with_list_days(table: Table, rules: PaidUsers, settings: InputSettings, problems: Problems) -> Table:
    """The table of lists without starts, each row beginning on the first day of the month, or on the day, it is of.

    A cell that is neither goes to ``problems``, its row is left out.
    """
    stays = table.input.stays
    if stays is None or not any(opened.is_list for opened in table.files):
        return table
    days, faults = _days_of_rows(table, stays.listed, rules, settings)
    problems.extend(faults)
    if not all(fault.line for fault in faults):
        days = [None] * len(days)
    bad = np.array([each is None for each in days], dtype=bool)
    good = [each for each in days if each is not None]
    kept = table.without(np.flatnonzero(bad), tallied="rejected") if bad.any() else table
    since, until = (np.array([micros_of(each[side]) for each in good], dtype=np.int64) for side in (0, 1))
    whole = Moments(since, np.zeros(len(good), dtype=bool), np.ones(len(good), dtype=bool))
    moments = {
        **kept.moments,
        stays.start: whole,
        stays.end: Moments.blank(len(good)),
        _LISTED_UNTIL: replace(whole, micros=until),
    }
    lists = {(_number(first), _number(last)) for first, last in good}
    return replace(kept, moments=moments, lists=tuple(sorted(lists, key=lambda each: (each[1], each[0]))))


def _number(day: date) -> int:
    return micros_of(day) // DAY_MICROS


def _days_of_rows(
    table: Table, listed: str, rules: PaidUsers, settings: InputSettings
) -> tuple[list[Days | None], list[Problem]]:
    """Of which days each row is, None where it does not say; and what is wrong with that."""
    cells = table.texts[listed]
    texts = [text for text in cells.texts if text]
    order, fault = decide_order(_evidence(table, listed), settings.date_order, stage=table.input.name)
    order = order or order_of_days(texts, settings.date_order)
    if fault is not None and order is None:
        return [None] * len(table), [fault]
    said = days_of_texts(texts, order)
    of_file: list[Mapping[str, Days]] = []
    for opened in table.files:
        header = opened.columns.header_of(listed)
        if header is None:
            named = days_in_name(PurePath(opened.name).name)
            of_file.append({} if named is None else {"": _made_on(named)})
            continue
        firsts = _of_firsts(said, header, rules)
        if firsts is None:
            return [None] * len(table), [
                problem("list-days-undecided", file=opened.name, column=header, header=header, example=min(said))
            ]
        of_file.append(firsts)
    days = [of_file[file].get(text) for file, text in zip(table.file.tolist(), cells, strict=True)]
    return days, list(_not_read(table, listed, days))


def _made_on(named: Days) -> Days:
    """The day of a file's name; a file of the first of a month is of the month that is over, as it is with starts."""
    first, last = named
    return named if first < last else (before_the_month(first), before_the_month(last))


def _evidence(table: Table, listed: str) -> DateEvidence:
    evidence = DateEvidence()
    for text, row in table.texts[listed].first.items():
        evidence.observe(text, Place(*table.place(row), listed))
    return evidence


def _of_firsts(said: Mapping[str, Days], header: str, rules: PaidUsers) -> dict[str, Days] | None:
    """The days of lists; where all are the first of a month, what these mean, None where nothing says it."""
    days = [each for each in said.values() if each[0] == each[1]]
    if not days or any(first.day != 1 for first, _ in days):
        return dict(said)
    match rules.first_of_month or ("month" if _OF_MONTHS.search(header_key(header)) else None):
        case "month":
            return {text: (first, month_of(first).last_day) for text, (first, _) in said.items()}
        case "before":
            return {
                text: each if each[0] < each[1] else (before_the_month(each[0]), before_the_month(each[0]))
                for text, each in said.items()
            }
        case None:
            return None


def _not_read(table: Table, listed: str, days: Sequence[Days | None]) -> Iterable[Problem]:
    for row, text in enumerate(table.texts[listed]):
        if days[row] is None:
            file, line = table.place(row)
            yield problem("list-day-not-read", file=file, line=line, column=listed, value=text[:80])


# --- who is new, and who is gone ---------------------------------------------------------------------------------


def as_listed(table: Table, rows: Rows) -> Snapshots:
    """The rows with the starts and ends that their lists tell."""
    until = rows[f"{_LISTED_UNTIL} micros"] // DAY_MICROS
    position = {days: number for number, days in enumerate(table.lists)}
    at = np.array([position[days] for days in zip(rows["start"].tolist(), until.tolist(), strict=True)], dtype=np.int64)
    people = rows.list_of("entity")
    seen: dict[str, set[int]] = defaultdict(set)
    for person, place in zip(people, at.tolist(), strict=True):
        seen[person].add(place)
    end = np.full(len(rows), OPEN_END)
    left, came = np.full(len(rows), NO_DAY), np.full(len(rows), NO_DAY)
    start = rows["start"]
    new: list[str] = []
    gone: list[str] = []
    for row, (person, place) in enumerate(zip(people, at.tolist(), strict=True)):
        if place and place - 1 not in seen[person]:
            came[row] = min(table.lists[place - 1][1] + 1, start[row])
            new.append(person)
        if place == len(table.lists) - 1:
            continue
        since = table.lists[place + 1][0]
        if place + 1 in seen[person]:
            end[row] = max(start[row], since - 1)
        else:
            end[row] = max(start[row], since)
            left[row] = min(table.lists[place][1] + 1, end[row])
            gone.append(person)
    said = {SAID_START: rows["start"], SAID_END: rows["end"]}
    lasting = rows.with_columns({**said, "end": end, LEFT_AFTER: left, CAME_AFTER: came})
    listed = ((table.lists[0][1], table.lists[-1][1] + 1),) if table.lists else ()
    return Snapshots(
        rows=lasting, kept=np.ones(len(rows), dtype=bool), listed=listed, starts_said=False,
        reached=table.lists[-1][0] if table.lists else None, problems=(_said(table, new, gone),) if len(rows) else (),
    )  # fmt: skip


def _said(table: Table, new: Sequence[str], gone: Sequence[str]) -> Problem:
    stays = table.input.stays
    assert stays is not None
    headers = [header for opened in table.files if (header := opened.columns.header_of(stays.listed)) is not None]
    by = Message("under {header!r}").filled(header=headers[0]) if headers else _BY_NAME
    return problem(
        "read-as-lists", file=", ".join(opened.name for opened in table.files), column=stays.listed, by=by,
        made=days_of_lists(table.lists), new=len(set(new)), gone=len(set(gone)),
        like=Message(", like {user}").filled(user=min(gone)[:80]) if gone else NOTHING,
        stage=table.input.name, start=stays.start,
    )  # fmt: skip


_BY_NAME = Message("in the names of the files")
