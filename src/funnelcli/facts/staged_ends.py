"""What rows say of the end of what they tell of: won, lost, or neither; and what of it is not understood."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import Coded
from funnelcli.facts.journeys import Journey
from funnelcli.facts.rows import Rows
from funnelcli.inputs.spec import Stages
from funnelcli.inputs.stages import is_still_open, stage_slug
from funnelcli.problems import Problem, problem
from funnelcli.reading.tables import Table
from funnelcli.values.cells import read_flag
from funnelcli.values.numbers import read_number
from funnelcli.values.statuses import whole_shares

WON, LOST, OPEN, UNSURE = 1, 2, 0, -1
_YES, _NO, _ODD = 3, 4, 5
_NUMBERS = {"won": WON, "lost": LOST}


class Outcomes(Struct, frozen=True, kw_only=True, eq=False):
    """What each row says: its stage by its slug, the end that this says by itself, and the end it says in all.

    ``by_word`` is what the word of its outcome says alone.
    """

    slugs: Coded
    by_stage: np.ndarray
    by_word: np.ndarray
    says: np.ndarray


def end_of(word: str, declared: Stages, journeys: Sequence[Journey]) -> str:
    """The end that the word of a stage, or of an outcome, says: by the settings, else by the usual words."""
    slug = stage_slug(word)
    if any(slug == stage.name for journey in journeys for stage in journey.ways):
        return ""
    named = {
        stage.name if stage.name in _NUMBERS else "" if stage.is_way else stage.name
        for journey in journeys
        for stage in journey.stages
        if slug != stage.name and stage.is_given(slug)
    }
    return named.pop() if len(named) == 1 else declared.outcome(word)


def outcomes_of_rows(rows: Rows, declared: Stages, journeys: Sequence[Journey], is_closed: np.ndarray) -> Outcomes:
    """What rows say of stages and ends; of rows without a column of stages the word of the outcome may be one.

    ``is_closed`` are the rows that have a closing day.
    """
    by_word = said_of_each(rows, declared.won, _outcome_words(rows, declared, journeys))
    slugs, by_stage = _stages(rows, declared, journeys, by_word)
    says = _ends(rows, declared, by_stage, by_word, is_closed)
    return Outcomes(slugs=slugs, by_stage=by_stage, by_word=by_word, says=says)


def _stages(rows: Rows, declared: Stages, journeys: Sequence[Journey], by_word: np.ndarray) -> tuple[Coded, np.ndarray]:
    """The stage of each row by its slug, and the end that it says."""
    nothing = np.full(len(rows), OPEN)
    if declared.stage in rows:
        words = rows.words[declared.stage]
        slugs = Coded.of([stage_slug(word) for word in words.texts] or [""])
        ends = {stage_slug(word): end_of(word, declared, journeys) for word in words.texts}
        numbers = np.array([_NUMBERS.get(ends.get(slug, ""), OPEN) for slug in slugs.texts], dtype=np.int64)
        return Coded(slugs.codes[words.codes], slugs.texts), numbers[slugs.codes][words.codes]
    if not declared.won or declared.won not in rows:
        return Coded.same("", len(rows)), nothing
    words = rows.words[declared.won]
    known = [_stage_among(word, journeys) for word in words.texts]
    slugs = Coded.of(known or [""])
    is_stage = by_word == _ODD
    return Coded.of(np.where(is_stage, np.array(slugs.texts)[slugs.codes][words.codes], "").tolist()), nothing


def _stage_among(word: str, journeys: Sequence[Journey]) -> str:
    """The slug of a word that is a stage of a journey, else nothing."""
    slug = stage_slug(word)
    return slug if any(stage.fits(slug) for journey in journeys for stage in journey.ways) else ""


def said(rows: Rows, column: str, says: Callable[[str], int]) -> np.ndarray:
    """What the cells of a column say, asked once of each; nothing where there is no such column."""
    return said_of_each(rows, column, {text: says(text) for text in rows.words[column].texts} if column in rows else {})


def said_of_each(rows: Rows, column: str, says: dict[str, int]) -> np.ndarray:
    """What the cells of a column say, by their texts; nothing where there is no such column."""
    if not column or column not in rows:
        return np.full(len(rows), OPEN)
    words = rows.words[column]
    return np.asarray(np.array([says[text] for text in words.texts] or [OPEN], dtype=np.int64)[words.codes])


def _outcome_words(rows: Rows, declared: Stages, journeys: Sequence[Journey]) -> dict[str, int]:
    """What each text of the column of outcomes says: an end, a yes or no, that it is open, or something else.

    Chances in per cent say yes where they are the whole, no where they are nothing, and else that it is open.
    """
    texts = rows.words[declared.won].texts if declared.won and declared.won in rows else ()
    flags = {text: read_flag(text) for text in texts if text}
    chances = whole_shares(flags)
    if len(chances) < len(flags) or all(flag is not None for flag in flags.values()):
        chances = {}
    meant = {"": OPEN}
    for text, flag in flags.items():
        if text in chances:
            meant[text] = _YES if chances[text] else OPEN if read_number(text, None) else _NO
        elif flag is not None:
            meant[text] = _YES if flag else _NO
        else:
            how = end_of(text, declared, journeys)
            meant[text] = _NUMBERS[how] if how else OPEN if is_still_open(text) else _ODD
    return meant


def _ends(
    rows: Rows, declared: Stages, by_stage: np.ndarray, by_word: np.ndarray, has_closing_day: np.ndarray
) -> np.ndarray:
    """Of each row whether it is won, lost, or open; UNSURE where it says two things.

    A no says lost only of what is closed: as another column says, or, where nothing else tells, as its date does.
    """

    def flagged(text: str) -> int:
        flag = read_flag(text) if text else None
        return OPEN if flag is None else _YES if flag else _NO

    is_closed = said(rows, declared.is_closed, flagged)
    tells = declared.stage in rows or bool((is_closed != OPEN).any())
    over = (is_closed == _YES) | (has_closing_day if not tells else np.zeros(len(rows), dtype=bool))
    says = np.select(
        [by_word == _YES, (by_word == _NO) & over, by_word == WON, by_word == LOST],
        [WON, LOST, WON, LOST],
        default=OPEN,
    )
    both = (says != OPEN) & (by_stage != OPEN) & (says != by_stage)
    denied = (says != OPEN) & (is_closed == _NO)
    refused = (by_stage == WON) & (by_word == _NO)
    return np.where(both | denied | refused, UNSURE, np.where(says != OPEN, says, by_stage))


def problems_of_ends(table: Table, rows: Rows, declared: Stages, outcomes: Outcomes) -> Iterator[Problem]:
    """A warning of each row that says two things, and of each word of outcomes that says nothing known."""
    for row in np.flatnonzero(outcomes.says == UNSURE).tolist():
        cells = (rows.text(name, row) for name in (declared.stage, declared.won, declared.is_closed) if name in rows)
        yield problem(
            "won-and-lost", file=table.files[rows["file"][row]].name, line=int(rows["line"][row]), column=declared.won,
            value=" / ".join(filter(None, cells))[:80],
        )  # fmt: skip
    # Words beside stages that say the ends are of something else, like how warm a deal is.
    if not (outcomes.by_stage == OPEN).all() and not np.isin(outcomes.by_word, (WON, LOST, _YES, _NO)).any():
        return
    odd = np.flatnonzero((outcomes.by_word == _ODD) & (outcomes.says == OPEN))
    if declared.stage not in rows:
        is_stage = np.array([bool(text) for text in outcomes.slugs.texts] or [False])
        odd = odd[~is_stage[outcomes.slugs.codes[odd]]]
    if not len(odd):
        return
    words = rows.words[declared.won]
    codes, first, counts = np.unique(words.codes[odd], return_index=True, return_counts=True)
    for code, place, count in zip(codes.tolist(), odd[first].tolist(), counts.tolist(), strict=True):
        yield problem(
            "outcome-not-known", file=table.files[rows["file"][place]].name, line=int(rows["line"][place]),
            column=declared.won, value=words.texts[code][:80], rows=count, journey=declared.journey,
        )  # fmt: skip
