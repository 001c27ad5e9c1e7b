"""What the reader of the agreement should know of how hand-overs, answers and acceptances were told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from funnelcli.counting.agreement import Agreement, Reached
from funnelcli.counting.select import day_number
from funnelcli.facts.handovers import NEVER
from funnelcli.facts.model import Facts
from funnelcli.metrics.attempts import CHANNELS
from funnelcli.text import COMMA, Message, Text, day_words, joined
from funnelcli.values.dates import day_of

_BY_DEMO = Message("{n} [lead counts|leads count] as accepted by [n!the demo that was|the demos that were] booked.")
_NO_TIME = Message("{n} [hand-over has|hand-overs have] no time of day, and [n!is|are] in no response time.")
_TOUCH_NO_TIME = Message("{n} first [contact has|contacts have] no time of day, and [n!is|are] in no response time.")
_NOT_TOLD = Message(
    "{n} [lead was|leads were] handed over on days that the activities do not tell of: whether anybody contacted "
    "[n!it|them], or when first, is not known, and no promise to [n!it|them] counts as broken for that. {reach}"
)
_REACH = (
    (Message("They begin on {since} and end on {until}."), Message("They begin on {since}.")),
    (Message("They end on {until}."), Message("They have no rows.")),
)
_SHORT = Message(
    "Files with {channels} tell of fewer days than the other activities do: beyond them nobody knows who was "
    "contacted. Where there were none any more, [inputs.activities] covers says until when the files tell of all."
)
_NOBODY = Message(
    "No lead that was ever handed over has been contacted, by activities that tell of contacts with others: see "
    "whether they hold those with leads, and under the same ids."
)
_WITHIN_SALES = Message(
    "{n} [lead has|leads have] gone from one of sales to another alone, and [n!is|are] in no figure: who of marketing "
    "gives leads away must be among [sla.marketing] owners."
)
_RETURN_NO_TIME = Message(
    "{n} [lead|leads] came back untouched on a day without a time, and [n!is|are] in no response time."
)
_EARLY = Message(
    "Of {n} [lead|leads] the rows say that [n!it was|they were] accepted or came back before the hand-over: that does "
    "not count."
)
_SEVERAL = Message(
    "{n} [cell names|cells name] several owners, like {example!r}: what is said so counts for the first of them."
)
_ONE = Message(
    "{n} [cell of owners|cells of owners], like {example!r}, [n!is|are] taken for one person: no other cell names the "
    "parts by themselves."
)
_NO_MARKS = Message(
    "{n} [name is|names are] written without accents, like {example!r}, and taken for {name!r}, the one spelled so "
    "with them."
)
_AGAIN = Message(
    "{n} [row names|rows name] the same owner again before the lead came back: [n!it is|they are] no hand-over."
)
_NO_DIRECTION = Message(
    "The activities do not say whose doing they are: a call, meeting or chat counts as ours, and so does a mail that "
    "names an owner."
)


def _reach_words(reached: Reached) -> Text:
    """The days from and up to which activities tell of contacts."""
    since, until = reached.since > -NEVER, -NEVER < reached.until < NEVER
    days = {
        name: day_words(day_of(moment)) for name, moment in (("since", reached.since), ("until", reached.until))
        if abs(moment) < NEVER
    }  # fmt: skip
    return _REACH[not since][not until].filled(**days)


def remarks_of(facts: Facts, known: Agreement | None, first: date, last: date) -> Iterator[Text]:
    """What is to be said of leads handed over from a day to another."""
    if known is None:
        return
    has_activities = "activities" in facts.inputs
    day = known.handovers.day
    within = (day >= day_number(first)) & (day <= day_number(last))
    touched = known.touched_at
    for text, which in (
        (_BY_DEMO, known.accepted_by_demo),
        (_NO_TIME, ~known.handovers.when.timed),
        (_TOUCH_NO_TIME, touched.there & ~touched.timed),
        (_RETURN_NO_TIME, known.ends_on_a_day),
    ):
        if number := int(np.count_nonzero(within & which)):
            yield text.filled(n=number)
    if number := int(np.count_nonzero(has_activities & within & ~known.seen)):
        yield _NOT_TOLD.filled(n=number, reach=_reach_words(known.reached))
        if short := [CHANNELS[channel] for channel in known.reached.short]:
            yield _SHORT.filled(channels=joined(COMMA, short))
    if has_activities and known.seen.any() and not known.touched.any():
        yield _NOBODY
    rows = known.handovers.rows
    if number := len(np.setdiff1d(rows.entity[rows.when.at <= known.until], known.handovers.entity)):
        yield _WITHIN_SALES.filled(n=number)
    if rows.early:
        yield _EARLY.filled(n=rows.early)
    for text, cells in zip((_SEVERAL, _ONE), known.names.several(), strict=True):
        if cells:
            yield text.filled(n=len(cells), example=cells[0])
    if bare := known.names.without_marks():
        yield _NO_MARKS.filled(n=len(bare), example=bare[0][0], name=bare[0][1])
    if known.handovers.repeated:
        yield _AGAIN.filled(n=known.handovers.repeated)
    if has_activities and not facts.has_column("activities", "direction"):
        yield _NO_DIRECTION
