"""Who moved the MRR in a range of periods: every movement of every customer, the largest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise

import numpy as np
from msgspec import Struct

from funnelcli.answers.named import value_named
from funnelcli.answers.report import check_dimension, sources_of
from funnelcli.answers.report_model import Source
from funnelcli.answers.spec import RangeOptions, resolve
from funnelcli.answers.success_notes import success_notes
from funnelcli.counting.counts import Counts, count
from funnelcli.counting.levels import Levels
from funnelcli.counting.parts import parts_of
from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import CHANNEL
from funnelcli.facts.events import NO_LINE, Events
from funnelcli.facts.model import Facts
from funnelcli.facts.movements import (
    CHURNED,
    CONTRACTED,
    EXPANDED,
    NEW,
    REACTIVATED,
    movement_event,
)
from funnelcli.metrics import CATALOGUE, evaluate, with_behind
from funnelcli.metrics.model import Metric
from funnelcli.problems import UsageError
from funnelcli.text import Message, Text, did_you_mean, in_context, said_in_all
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.figures import HUNDREDTHS, Note, Value, in_units
from funnelcli.values.periods import Grain, Period, whole

MONEY = "mrr"
# The kinds as people name them, with the events that they are.
KINDS_SHOWN = {
    "new": NEW, "reactivation": REACTIVATED, "expansion": EXPANDED, "contraction": CONTRACTED, "churned": CHURNED,
}  # fmt: skip
KIND_WORDS: dict[str, Text] = {
    "new": in_context("MRR", "new"), "reactivation": in_context("MRR", "back"),
    "expansion": in_context("MRR", "expansion"), "contraction": in_context("MRR", "contraction"),
    "churned": in_context("MRR", "churned"),
}  # fmt: skip
BETWEEN_PARTS = ("transferred_mrr_amount",)
BRIDGE = (
    "opening_mrr_amount", "new_mrr_amount", "reactivation_mrr_amount", "expansion_mrr_amount",
    "contraction_mrr_amount", "churned_mrr_amount", "closing_mrr_amount",
)  # fmt: skip


class Move(Struct, frozen=True, kw_only=True):
    """A movement: whose and when, its kind, the MRR ``before`` and ``after`` it, and of which plans it leads to which.

    ``part`` is its value of the dimension that was asked for; ``file`` and ``line`` say where it is read.
    """

    user_id: str
    day: date
    kind: str
    before: float
    after: float
    change: float
    plan_before: str
    plan_after: str
    owner: str
    channel: str
    part: str
    file: str
    line: int | None


class MoveList(Struct, frozen=True, kw_only=True):
    """The movements of a range that were asked for, the largest first, and the bridge of all of them.

    ``bridge`` has each figure of the way from the opening MRR to the closing one, by metric: of the ``part`` that was
    asked for, else of the whole business.
    """

    period: Period
    first: Period
    last: Period
    grain: Grain
    as_of: date
    timezone: str
    currency: str
    moves: tuple[Move, ...]
    bridge: tuple[tuple[Metric, Value], ...]
    sources: tuple[Source, ...]
    by: str | None = None
    part: str | None = None
    kinds: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def customers(self) -> int:
        """How many customers moved."""
        return len({move.user_id for move in self.moves})

    @property
    def net(self) -> float:
        """What all that is listed comes to."""
        return in_units(sum(round(move.change * HUNDREDTHS) for move in self.moves), HUNDREDTHS)


def kinds_named(names: Sequence[str]) -> tuple[str, ...]:
    """The kinds of some names; UsageError, with the closest ones, for what is none.

    >>> kinds_named(["Expansion", "churned", "back"])
    ('expansion', 'churned', 'reactivation')
    """
    of_words = {said.casefold(): kind for kind, text in KIND_WORDS.items() for said in said_in_all(text)}
    kinds = tuple(of_words.get(name.strip().casefold(), name.strip().casefold()) for name in names)
    for kind in kinds:
        if kind not in KINDS_SHOWN:
            raise UsageError(
                Message("--kind {kind!r} is no kind of movement.{guess}").filled(
                    kind=kind, guess=did_you_mean([each for each in KINDS_SHOWN if each[:2] == kind[:2]])
                ),
                hint=Message("The kinds are {known}.").filled(known=", ".join(KINDS_SHOWN)),
            )
    return kinds


def mrr_moves(
    facts: Facts,
    options: RangeOptions,
    now: datetime,
    *,
    kinds: Sequence[str] = (),
    by: str | None = None,
    part: str | None = None,
) -> MoveList:
    """The movements of the periods that are asked for, of all ``kinds`` or some, of a ``part`` of a dimension ``by``.

    Raises UsageError for kinds and dimensions that there are not.
    """
    wanted = kinds_named(kinds)
    if by is not None:
        check_dimension(facts, by)
        part = None if part is None else value_named(part, by, _values_of(facts, by))
    spec = resolve(options, facts, now=now, by=by, skip_bad_rows=False)
    period = whole(spec.periods) if len(spec.periods) > 1 else spec.periods[0]
    split = None if by is None or part is None else parts_of(facts, by, spec.periods, spec.as_of, part)
    counts = count(facts, [period], spec.as_of, split, columns=spec.periods)
    own = None if split is None else next((each for each in split.slices if each.key == part), None)
    of_part = () if own is None else (*BRIDGE[:-1], *BETWEEN_PARTS, BRIDGE[-1])  # none of a part without a row yet
    keys = BRIDGE if split is None else of_part
    values = evaluate(counts, 1, own, with_behind([CATALOGUE[key] for key in keys]))
    moves = list(_moves(facts, counts, period, spec.as_of, by))
    chosen = [m for m in moves if (not wanted or m.kind in wanted) and (part is None or m.part == part)]
    chosen.sort(key=lambda move: (-abs(move.change), move.day, move.user_id))
    return MoveList(
        period=period, first=spec.periods[0], last=spec.periods[-1], grain=spec.grain, as_of=spec.as_of,
        timezone=spec.timezone, currency=spec.currency, moves=tuple(chosen),
        bridge=tuple((CATALOGUE[key], values[key][0]) for key in keys), sources=sources_of(facts), by=by, part=part,
        kinds=wanted, notes=tuple(success_notes(counts.facts, spec, BRIDGE)),
    )  # fmt: skip


def _values_of(facts: Facts, by: str) -> Sequence[str]:
    """The values of a dimension that rows with an amount have."""
    events = facts.events.get(MONEY)
    return () if events is None else facts.dimensions.of(by, events.records).texts


def _moves(facts: Facts, counts: Counts, period: Period, as_of: date, by: str | None) -> Iterator[Move]:
    """The movements of a period up to as_of, in the order of their numbers."""
    names = [movement_event(MONEY, kind) for kind in KINDS_SHOWN.values()]
    known = [events for name in names if (events := counts.occurrences.dated(name)) is not None]
    if not known:
        return
    first, last = day_number(period.start), min(day_number(period.end) - 1, day_number(as_of))
    levels = counts.occurrences.holding("mrr")
    for events in known:
        within = (events.day >= first) & (events.day <= last)
        yield from _of_kind(facts, events.kept(within), levels, by)


def _of_kind(facts: Facts, events: Events, levels: Levels, by: str | None) -> Iterator[Move]:
    """The movements of one kind; each may be of several rows."""
    if not len(events):
        return
    kind = next(name for name, event in KINDS_SHOWN.items() if movement_event(MONEY, event) == events.name)
    order = np.argsort(events.link, kind="stable")
    events = events.kept(order)
    firsts = np.flatnonzero(np.concatenate([[True], np.diff(events.link) != 0]))
    change = np.add.reduceat(events.weight, firsts)
    records, row = events.records, events.row[firsts]
    entity = records.entity[row]
    before = levels.at(entity, events.day[firsts] - 1)
    if events.name == movement_event(MONEY, CHURNED):
        before = -change  # of a stay of one day it was never there at the close of a day
    values = {name: facts.dimensions.of(name, records) for name in ("owner", CHANNEL, *((by,) if by else ()))}
    plans = records.words["plan"].of_rows(events.row) if "plan" in records.words else [""] * len(events)
    bounds = [*firsts.tolist(), len(events)]
    for place, (start, end) in enumerate(pairwise(bounds)):
        if not change[place]:
            continue
        cells = {name: coded.texts[coded.codes[row[place]]] for name, coded in values.items()}
        line = int(records.line[row[place]])
        yield Move(
            user_id=facts.entities[entity[place]], day=day_of(int(events.day[start]) * DAY_MICROS), kind=kind,
            before=in_units(int(before[place]), HUNDREDTHS), change=in_units(int(change[place]), HUNDREDTHS),
            after=in_units(int(before[place] + change[place]), HUNDREDTHS),
            plan_before=_plans(plans[start:end], events.weight[start:end] < 0),
            plan_after=_plans(plans[start:end], events.weight[start:end] > 0),
            owner=cells["owner"] if facts.dimensions.is_said("owner") else "", channel=cells[CHANNEL],
            part=cells[by] if by else "", file=records.files[records.file[row[place]]],
            line=None if line == NO_LINE else line,
        )  # fmt: skip


def _plans(plans: Sequence[str], chosen: np.ndarray) -> str:
    """The plans of the rows that are chosen, each once."""
    return ", ".join(dict.fromkeys(plan for plan, is_chosen in zip(plans, chosen, strict=True) if plan and is_chosen))
