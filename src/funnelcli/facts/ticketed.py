"""Tickets: when each was opened, first answered and solved, and how content the customer was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from funnelcli.facts.answered import CONTENT_FROM, CSAT_FROM, CSAT_TO, how_said, of_another_scale
from funnelcli.facts.dated import Dates
from funnelcli.facts.events import Coded, Events, Records
from funnelcli.facts.rows import Rows
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.tables import Table
from funnelcli.values.channels import matches

UNKNOWN, OPEN, SOLVED = 0, 1, 2  # what a status says of a ticket
MOST_SHOWN = 5


def ticket_events(table: Table, rows: Rows, records: Records, problems: Problems) -> Iterator[Events]:
    """What happened to each ticket; a score counts on the day it was solved, else opened."""
    every = np.ones(len(rows), dtype=bool)
    opened, solved = Dates.of(rows, "opened_at"), Dates.of(rows, "resolved_at")
    tickets, ends = opened.events("ticket", records, every), solved.events("ticket_solved", records, every)
    yield tickets.tied(tickets.row)
    yield ends.tied(ends.row)
    yield ends.tied(ends.row).named("ticket_closed")
    standing = _standing(table, rows, problems)
    undated = (standing == SOLVED) & ~solved.given
    problems.extend(_reopened(table, rows, (standing == OPEN) & solved.given))
    problems.extend(_undated(table, rows, undated))
    unsolved = opened.events("ticket_unsolved", records, ~undated)
    yield unsolved.tied(unsolved.row)
    timed = opened.events("ticket_timed", records, ~undated)
    yield timed.tied(timed.row)
    since = opened.events("ticket_undated", records, undated)
    yield since.tied(since.row)
    yield _ceased(since, (opened, solved, Dates.of(rows, "first_response_at")), records)
    dates = np.array([of.has("resolved_at") for of in table.files] or [False])[rows["file"]]
    yield opened.events("ticket_unclear", records, (standing == UNKNOWN) & ~solved.given & ~dates)
    answered = Dates.of(rows, "first_response_at")
    for row in np.flatnonzero(answered.before(opened)).tolist():
        problems.add(
            problem("answered-before-opened", file=table.files[rows["file"][row]].name, line=int(rows["line"][row]),
                    column="first_response_at")
        )  # fmt: skip
    yield answered.events("ticket_answered", records, every)
    score = rows["csat"] if "csat" in rows else np.full(len(rows), np.nan)
    elsewhere = of_another_scale(how_said(rows, "csat"), np.zeros(len(rows), dtype=bool))
    fits = (score >= CSAT_FROM) & (score <= CSAT_TO) & (score == np.floor(score)) & ~elsewhere
    for row in np.flatnonzero(~np.isnan(score) & ~fits).tolist():
        problems.add(
            problem(
                "score-off-the-scale", file=table.files[rows["file"][row]].name, line=int(rows["line"][row]),
                column="csat", score=f"{score[row]:g}", scale=f"{CSAT_FROM}–{CSAT_TO}", stage=table.input.name,
            )
        )  # fmt: skip
    scored = solved.or_else(opened)
    yield scored.events("ticket_csat", records, fits)
    yield scored.events("ticket_content", records, fits & (score >= CONTENT_FROM))


# --- what a status says ------------------------------------------------------------------------------------------


def _standing(table: Table, rows: Rows, problems: Problems) -> np.ndarray:
    """What the status of each ticket says; words that nobody knows are named."""
    words, made = rows.words.get("status", Coded.same("", len(rows))), table.input.made
    assert made is not None
    says = np.full((len(table.files), max(1, len(words.texts))), UNKNOWN)
    for number, opened in enumerate(table.files):
        given = opened.settings.status
        for place, text in enumerate(words.texts):
            sense = next((key for key in made.says if matches(text, given.get(key, ()))), None) or made.sense_of(text)
            says[number, place] = {"open": OPEN, "solved": SOLVED}.get(sense, UNKNOWN)
        unknown = (rows["file"] == number) & words.that(bool) & (says[number][words.codes] == UNKNOWN)
        if unknown.any():
            texts = [words.texts[code] for code in dict.fromkeys(words.codes[unknown].tolist())]
            shown = ", ".join(repr(text[:40]) for text in texts[:MOST_SHOWN]) + (
                ", …" if len(texts) > MOST_SHOWN else ""
            )
            problems.add(
                problem(
                    "ticket-status-not-known", file=opened.name, line=int(rows["line"][unknown].min()), column="status",
                    rows=int(unknown.sum()), values=shown, word=texts[0][:40], stage=table.input.name,
                )
            )  # fmt: skip
    standing: np.ndarray = says[rows["file"], words.codes]
    return standing


def _ceased(since: Events, dates: Sequence[Dates], records: Records) -> Events:
    """That by the last day on which anything happened to a ticket those are solved of which nothing says when."""
    last = max((int(each.day[each.given].max()) for each in dates if each.given.any()), default=0)
    days = np.full(len(since), last)
    return Events.of("ticket_undated_ceased", records, since.row, days, since=since.day, link=since.row)


def _reopened(table: Table, rows: Rows, chosen: np.ndarray) -> Iterator[Problem]:
    return _of_files("solved-and-open", table, rows, chosen, "status")


def _undated(table: Table, rows: Rows, chosen: np.ndarray) -> Iterator[Problem]:
    return _of_files("solved-undated", table, rows, chosen, "resolved_at")


def _of_files(code: str, table: Table, rows: Rows, chosen: np.ndarray, column: str) -> Iterator[Problem]:
    """A problem for each file with chosen rows, at the first of them."""
    for number in np.unique(rows["file"][chosen]).tolist():
        mine = chosen & (rows["file"] == number)
        yield problem(
            code, file=table.files[number].name, line=int(rows["line"][mine].min()), column=column,
            rows=int(mine.sum()), stage=table.input.name,
        )  # fmt: skip
