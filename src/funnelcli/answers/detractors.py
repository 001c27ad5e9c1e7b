"""Who gave 0 to 6 and was not come back to in time: the list to work through, the longest overdue first."""

from __future__ import annotations

from datetime import date

import numpy as np
from msgspec import Struct

from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import CHANNEL, UNKNOWN
from funnelcli.facts.events import NOBODY, Events, Records
from funnelcli.facts.model import Facts
from funnelcli.facts.moments import Moments, last_day, within
from funnelcli.text import Message
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.figures import Missing
from funnelcli.values.windows import Window, parse_window

NO_SURVEYS = Missing("no-surveys", Message("there are no surveys"))
NO_FOLLOW_UP = Missing("no-follow-ups", Message("neither activities nor the surveys say who was come back to"))


class Detractor(Struct, frozen=True, kw_only=True):
    """A customer whose latest answer is 0 to 6, when somebody was to come back to them, and when somebody did, late."""

    name: str
    score: str
    answered: date
    due: date
    days_over: int
    followed_up: date | None
    owner: str
    channel: str
    comment: str
    file: str
    line: int | None


class Detractors(Struct, frozen=True, kw_only=True):
    """Those not come back to in time, of all ``answered`` so in the range; or why nobody knows.

    ``waiting`` are those whose time is not over, ``nameless`` the answers that name nobody.
    """

    as_of: date
    follow_up: Window
    rows: tuple[Detractor, ...] = ()
    answered: int = 0
    waiting: int = 0
    nameless: int = 0
    missing: Missing | None = None


def detractors_of(facts: Facts, first: date, as_of: date) -> Detractors:
    """The customers whose latest answer by ``as_of``, given from ``first`` on, is 0 to 6 and was not followed up."""
    follow_up = parse_window(facts.config.flywheel.follow_up)
    events, until = facts.events.get("nps_detractor"), day_number(as_of)
    if events is None:
        return Detractors(as_of=as_of, follow_up=follow_up, missing=NO_SURVEYS)
    latest = events.kept((events.day >= day_number(first)) & (events.day <= until) & (events.again > until))
    named = latest.kept(latest.records.entity[latest.row] != NOBODY)
    nameless = len(latest) - len(named)
    if "activities" not in facts.inputs and not facts.has_column("surveys", "followed_up_at"):
        return Detractors(
            as_of=as_of, follow_up=follow_up, answered=len(named), nameless=nameless, missing=NO_FOLLOW_UP
        )
    start = Moments(day=named.day, at=named.at, timed=named.timed)
    come_back = [_touched(facts, named, until), _followed(facts, named, until)]
    in_time = np.logical_or.reduce([there & within(follow_up, start, when) for when, there in come_back])
    due = last_day(follow_up, start)
    late = np.flatnonzero(~in_time & (due < until))
    days = np.minimum.reduce([np.where(there, when.day, until + 1) for when, there in come_back])
    rows = [_row(facts, named, int(place), int(due[place]), int(days[place]), until) for place in late.tolist()]
    rows.sort(key=lambda row: (row.followed_up is not None, -row.days_over, row.name))
    return Detractors(
        as_of=as_of, follow_up=follow_up, rows=tuple(rows), answered=len(named), nameless=nameless,
        waiting=int((~in_time & (due >= until)).sum()),
    )  # fmt: skip


_Back = tuple[Moments, np.ndarray]


def _touched(facts: Facts, answers: Events, until: int) -> _Back:
    """The first outbound touch of each customer from their answer on, and whether there is one.

    A touch without a time of day may have come after any answer of its day.
    """
    touches = facts.events.get("outbound_touch")
    size = len(answers)
    nothing = Moments(day=answers.day, at=answers.at, timed=np.zeros(size, dtype=bool)), np.zeros(size, dtype=bool)
    if touches is None:
        return nothing
    touches = touches.kept(touches.day <= until)
    if not len(touches) or not size:
        return nothing
    begins = np.where(answers.timed, answers.at, answers.day * DAY_MICROS)
    at = np.where(touches.timed, touches.at, (touches.day + 1) * DAY_MICROS - 1)
    whose = np.concatenate([answers.records.entity[answers.row], touches.records.entity[touches.row]])
    order = np.lexsort((np.repeat([0, 1], [size, len(touches)]), np.concatenate([begins, at]), whose))
    places = np.where(order >= size, np.arange(len(order)), len(order))
    following = np.minimum.accumulate(places[::-1])[::-1]
    of_answer = np.empty(size, dtype=np.int64)
    is_answer = order < size
    of_answer[order[is_answer]] = following[is_answer]
    there = of_answer < len(order)
    coming = order[np.minimum(of_answer, len(order) - 1)]
    there &= whose[coming] == whose[:size]
    place = np.where(there, coming - size, 0)
    return Moments(day=touches.day[place], at=touches.at[place], timed=touches.timed[place]), there


def _followed(facts: Facts, answers: Events, until: int) -> _Back:
    """When the surveys say that somebody came back, and whether they do."""
    size = len(answers)
    events = facts.events.get("survey_followed_up")
    day, at, timed = answers.day.copy(), answers.at.copy(), np.zeros(size, dtype=bool)
    there = np.zeros(size, dtype=bool)
    if events is not None and len(events) and size:
        events = events.kept(events.day <= until)
        place = np.full(len(answers.records), -1)
        place[events.row] = np.arange(len(events))
        there = place[answers.row] >= 0
        mine = place[answers.row][there]
        day[there], at[there], timed[there] = events.day[mine], events.at[mine], events.timed[mine]
    return Moments(day=day, at=at, timed=timed), there


def _row(facts: Facts, answers: Events, place: int, due: int, back: int, until: int) -> Detractor:
    records, row = answers.records, int(answers.row[place])
    line = int(records.line[row])
    return Detractor(
        name=facts.entities[int(records.entity[row])], score=_word(records, "score", row),
        answered=day_of(int(answers.day[place]) * DAY_MICROS), due=day_of(due * DAY_MICROS),
        days_over=(min(back, until) - due), followed_up=day_of(back * DAY_MICROS) if back <= until else None,
        owner=_value(facts, "owner", records, row), channel=_value(facts, CHANNEL, records, row),
        comment=_word(records, "comment", row), file=records.files[int(records.file[row])],
        line=None if line < 0 else line,
    )  # fmt: skip


def _word(records: Records, column: str, row: int) -> str:
    words = records.words.get(column)
    return "" if words is None else words.texts[int(words.codes[row])]


def _value(facts: Facts, dimension: str, records: Records, row: int) -> str:
    values = facts.dimensions.of(dimension, records)
    text = values.texts[int(values.codes[row])]
    return "" if text == UNKNOWN else text
