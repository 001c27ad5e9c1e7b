"""Answers to surveys: which question each is to, what it says, and which of a customer is followed by a later one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from funnelcli.facts.dated import Dates
from funnelcli.facts.events import NOBODY, OPEN_END, Coded, Events, Records
from funnelcli.facts.rows import Rows
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.tables import Table
from funnelcli.reading.worded_scores import said_of
from funnelcli.stats.distinct import distinct
from funnelcli.values.scores import Said

NPS, CSAT, OTHER, UNDECIDED = "nps", "csat", "other", ""
DETRACTORS_TO, PROMOTERS_FROM = 6, 9
CSAT_FROM, CONTENT_FROM, CSAT_TO = 1, 4, 5


def answer_events(table: Table, rows: Rows, records: Records, problems: Problems) -> Iterator[Events]:
    """Surveys sent and answered; what is in no figure is named in ``problems``."""
    answered, sent = Dates.of(rows, "answered_at"), Dates.of(rows, "sent_at")
    score = rows["score"] if "score" in rows else np.full(len(rows), np.nan)
    said = how_said(rows, "score")
    kinds = kinds_of(table, rows, score)
    problems.extend(_odd_kinds(table, rows, kinds, score))
    problems.extend(_half_answers(table, rows, score, answered.given))
    elsewhere = of_another_scale(said, kinds == NPS) & ~np.isnan(score) & np.isin(kinds, (NPS, CSAT))
    problems.extend(_of_another_scale(table, rows, kinds, elsewhere))
    score = np.where(elsewhere, np.nan, score)
    whole = score == np.floor(score)
    of_csat = (kinds == CSAT) & whole & (score >= CSAT_FROM) & (score <= CSAT_TO)
    of_nps = (kinds == NPS) & whole
    has_score = ~np.isnan(score) & np.isin(kinds, (NPS, CSAT))
    problems.extend(_off_the_scale(table, rows, kinds, np.flatnonzero(has_score & ~of_csat & ~of_nps)))
    yield _sent(sent, answered, records, kinds == NPS)
    answers = _followed(answered.events("nps_answer", records, of_nps), records)
    yield answers
    said = score[answers.row]
    yield replace(answers, name="nps_scored", weight=said.astype(np.int64))
    for name, chosen in (
        ("nps_promoter", said >= PROMOTERS_FROM),
        ("nps_passive", (said > DETRACTORS_TO) & (said < PROMOTERS_FROM)),
        ("nps_detractor", said <= DETRACTORS_TO),
    ):
        yield answers.kept(chosen).named(name)
    yield Dates.of(rows, "followed_up_at").events("survey_followed_up", records, of_nps)
    yield answered.events("csat_answer", records, of_csat)
    yield answered.events("csat_content", records, of_csat & (score >= CONTENT_FROM))


def how_said(rows: Rows, column: str) -> np.ndarray:
    """How each score is said, as a ``Said``."""
    name = said_of(column)
    numbers: np.ndarray = rows[name] if name in rows else np.zeros(len(rows))
    return numbers


def of_another_scale(said: np.ndarray, is_nps: np.ndarray) -> np.ndarray:
    """Which scores are said to be of 5, or in words, where 0 to 10 is asked, and of 10 where 1 to 5 is."""
    other: np.ndarray = np.where(is_nps, np.isin(said, (Said.OF_FIVE, Said.WORDS)), said == Said.OF_TEN)
    return other


def kinds_of(table: Table, rows: Rows, score: np.ndarray) -> np.ndarray:
    """Which question each row is of: what its kind says, or its file's name, its header, else the scores of its file.

    A score above 5, of 0, or said to be of 10, is of NPS alone, and one in words or of 5 of CSAT; a file of others from
    1 to 5 could be of both, and is UNDECIDED.
    """
    made = table.input.made
    assert made is not None
    words = rows.words.get("kind", Coded.same("", len(rows)))
    senses = np.array([(made.sense_of(text) or OTHER) if text else UNDECIDED for text in words.texts] or [UNDECIDED])
    kinds: np.ndarray = senses[words.codes].astype("<U9")
    asked = np.array([made.sense_of(opened.columns.header_of("score") or "") for opened in table.files] or [""])
    kinds = np.where(kinds == UNDECIDED, asked[rows["file"]], kinds)
    unsaid, file, said = kinds == UNDECIDED, rows["file"], how_said(rows, "score")
    of_csat_alone = unsaid & np.isin(said, (Said.OF_FIVE, Said.WORDS)) & ~np.isnan(score)
    of_nps_alone = unsaid & ((score > CSAT_TO) | (score == 0) | (said == Said.OF_TEN))
    scored = unsaid & ~np.isnan(score)
    size = len(table.files)
    shows_nps = np.bincount(file[of_nps_alone], minlength=size) > 0
    any_scored = np.bincount(file[scored], minlength=size) > 0
    is_nps = shows_nps | ~any_scored
    is_csat = ~shows_nps & (np.bincount(file[of_csat_alone], minlength=size) > 0)
    kinds[unsaid & is_nps[file]] = NPS
    kinds[unsaid & is_csat[file]] = CSAT
    return kinds


def _sent(sent: Dates, answered: Dates, records: Records, chosen: np.ndarray) -> Events:
    """Surveys that were sent, each with the day from which on it is known to be answered.

    Those of one person and day are one, be they sent at several times of it: that which is answered first.
    """
    events = sent.events("nps_sent", records, chosen)
    days = np.where(answered.given, answered.day, OPEN_END)[events.row]
    whose = records.entity[events.row]
    order = np.lexsort((days, events.day, whose))
    again = (np.diff(whose[order]) == 0) & (np.diff(events.day[order]) == 0) & (whose[order[1:]] != NOBODY)
    once = np.ones(len(events), dtype=bool)
    once[order[1:][again]] = False
    return events.followed_on(days).kept(once)


def _followed(answers: Events, records: Records) -> Events:
    """Answers, each with the day of the next one of the same customer; those of nobody are followed by none."""
    whose = records.entity[answers.row]
    order = np.lexsort((np.arange(len(answers)), answers.at, whose))
    again = np.full(len(answers), OPEN_END)
    same = (whose[order[1:]] == whose[order[:-1]]) & (whose[order[1:]] != NOBODY)
    again[order[:-1][same]] = answers.day[order[1:][same]]
    return answers.followed_on(again)


# --- what is odd -------------------------------------------------------------------------------------------------


def _odd_kinds(table: Table, rows: Rows, kinds: np.ndarray, score: np.ndarray) -> Iterator[Problem]:
    """A warning of each word that is no kind we know, and of each file whose scores could be of both."""
    words = rows.words.get("kind", Coded.same("", len(rows)))
    for code in distinct(words.codes[kinds == OTHER]).tolist():
        number = int((words.codes == code).sum())
        names = ", ".join(opened.name for opened in table.files)
        yield problem("survey-kind-not-known", file=names, value=words.texts[code][:80], rows=number)
    undecided = (kinds == UNDECIDED) & ~np.isnan(score)
    for file in distinct(rows["file"][undecided]).tolist():
        number = int((undecided & (rows["file"] == file)).sum())
        yield problem("survey-scale-undecided", file=table.files[file].name, rows=number)


def _half_answers(table: Table, rows: Rows, score: np.ndarray, dated: np.ndarray) -> Iterator[Problem]:
    """Scores without a day, and days without a score: neither is an answer that counts."""
    for row in np.flatnonzero(~np.isnan(score) & ~dated).tolist():
        yield _of_row("answer-undated", table, rows, row, "answered_at", score=f"{score[row]:g}")
    unread = np.isin(how_said(rows, "score"), (Said.UNKNOWN, Said.NONE))  # which is said of all of them at once
    for row in np.flatnonzero(np.isnan(score) & dated & ~unread).tolist():
        yield _of_row("answer-without-score", table, rows, row, "score")


def _of_another_scale(table: Table, rows: Rows, kinds: np.ndarray, chosen: np.ndarray) -> Iterator[Problem]:
    """A warning for each file and question with scores of the scale of another."""
    file = rows["file"]
    for kind, scale in ((NPS, "0–10"), (CSAT, f"{CSAT_FROM}–{CSAT_TO}")):
        for number in np.unique(file[chosen & (kinds == kind)]).tolist():
            places = np.flatnonzero(chosen & (kinds == kind) & (file == number))
            yield problem(
                "score-of-another-scale", file=table.files[number].name, line=int(rows["line"][places].min()),
                column="score", rows=len(places), kind=kind.upper(), scale=scale, stage=table.input.name,
            )  # fmt: skip


def _off_the_scale(table: Table, rows: Rows, kinds: np.ndarray, places: np.ndarray) -> Iterator[Problem]:
    for row in places.tolist():
        scale = "0–10" if kinds[row] == NPS else f"{CSAT_FROM}–{CSAT_TO}"
        yield _of_row("score-off-the-scale", table, rows, row, "score", score=f"{rows['score'][row]:g}", scale=scale)


def _of_row(code: str, table: Table, rows: Rows, row: int, column: str, **facts: object) -> Problem:
    return problem(
        code, file=table.files[rows["file"][row]].name, line=int(rows["line"][row]), column=column, **facts
    )  # fmt: skip
