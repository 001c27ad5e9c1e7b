"""Tickets: when each was opened, first answered and solved, and how content the customer was."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from funnelcli.facts.answered import CONTENT_FROM, CSAT_FROM, CSAT_TO, how_said, of_another_scale
from funnelcli.facts.dated import Dates
from funnelcli.facts.events import Events, Records
from funnelcli.facts.rows import Rows
from funnelcli.problems import Problems, problem
from funnelcli.reading.tables import Table


def ticket_events(table: Table, rows: Rows, records: Records, problems: Problems) -> Iterator[Events]:
    """What happened to each ticket; a score counts on the day it was solved, else opened."""
    every = np.ones(len(rows), dtype=bool)
    opened, solved = Dates.of(rows, "opened_at"), Dates.of(rows, "resolved_at")
    tickets, ends = opened.events("ticket", records, every), solved.events("ticket_solved", records, every)
    yield tickets.tied(tickets.row)
    yield tickets.tied(tickets.row).named("ticket_unsolved")
    yield ends.tied(ends.row)
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
