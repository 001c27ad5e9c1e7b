"""What a plan stands on, in cells: the goal, the assumptions, the channels, and what is given for each month."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from funnelcli.answers.cells import Number
from funnelcli.answers.worked import Input, WorkedPlan
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.renderers.workbook.book import HEADER_ROW, defined
from funnelcli.renderers.workbook.draft import Draft, Place
from funnelcli.renderers.workbook.formulas import Term, total
from funnelcli.renderers.workbook.looks import DIM, EDGE, HEADER, INPUT, INPUT_FILL, Look, month_format, number_format
from funnelcli.text import Lang, Message
from funnelcli.values.figures import Unit

_ASSUMPTION = Message("Assumption")
_VALUE = Message("Value")
_AS_PLANNED = Message("As planned")
_WHERE_FROM = Message("Where from")
_CHANNEL = Message("Channel")
_OF_NEW = Message("Of new PU")
_SHARES = Message("Share of the new PU")
_AMOUNTS = Message("Revenue wanted")
_POOLED = Message("all channels; each has its own below")
_CHANGEABLE: Look = {"font_color": INPUT, "bg_color": INPUT_FILL, "border": 1, "border_color": EDGE}
_RIGHT: Look = {"align": "right"}
_WRAPPED: Look = {"text_wrap": True, "valign": "top"}
_MOST_RATE = 100
_RATE_ASKED = Message("A share above 0, like 4%.")
_LOST_ASKED = Message("A share of 0% to 100%.")
_NUMBER_ASKED = Message("A number of 0 or more.")


class Rule(Struct, frozen=True, kw_only=True):
    """What may be typed into a cell."""

    row: int
    column: int
    options: dict[str, Any]


class Inputs(Struct, kw_only=True):
    """The sheet of targets while what is given is put on it: names of cells, what may be typed, and the terms.

    ``wrapped`` are rows whose words may take two lines.
    ``live`` is off where nothing is to be worked out again: figures then stand as all others.
    """

    draft: Draft
    plan: WorkedPlan
    lang: Lang
    live: bool
    terms: dict[str, Term] = field(default_factory=dict)
    cells: dict[str, Place] = field(default_factory=dict)
    names: dict[str, tuple[int, int]] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    shares: dict[str, Place] = field(default_factory=dict)
    rates: dict[str, dict[str, Place | None]] = field(default_factory=dict)
    given: list[Place] = field(default_factory=list)
    wrapped: list[int] = field(default_factory=list)

    def changeable(self, row: int, column: int, key: str, figure: Number) -> Place:
        """A cell to be changed, under a name of its own."""
        assert figure.value is not None
        look = _CHANGEABLE if self.live else {}
        place = self.draft.put(row, column, float(figure.value), {"num_format": number_format(figure)}, look, _RIGHT)
        if self.live:
            self.names[key] = (row, column)
            self.rules.append(Rule(row=row, column=column, options=_allowed(key, figure, self.lang)))
        return place


def _allowed(key: str, figure: Number, lang: Lang) -> dict[str, Any]:
    """What may be typed in the place of a figure."""
    between: tuple[float, float]
    if figure.unit is not Unit.RATE or key.endswith("growth"):
        between = (-1, _MOST_RATE) if figure.unit is Unit.RATE else (0, 1e15)
        asked = _NUMBER_ASKED
    elif key.endswith("churn_rate") or "share" in key:
        between, asked = (0, 1), _LOST_ASKED
    else:
        between, asked = (1e-9, _MOST_RATE), _RATE_ASKED
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": between[0],
        "maximum": between[1],
        "error_message": asked.of(lang),
    }


def put_assumptions(inputs: Inputs) -> None:
    """The goal and the assumptions under their header, each with where it comes from; terms for the formulas."""
    draft, plan, lang = inputs.draft, inputs.plan, inputs.lang
    for column, title in enumerate((_ASSUMPTION, _VALUE, _AS_PLANNED, _WHERE_FROM)):
        side = _RIGHT if column in (1, 2) else {"indent": 1} if column else {}
        draft.say(HEADER_ROW, column, title.of(lang), HEADER, side)
    draft.row = HEADER_ROW + 1
    for given in (plan.goal, *([plan.growth] if plan.growth else ()), *plan.inputs):
        _put_assumption(inputs, given)
        draft.row += 1
    draft.row += 1


def _put_assumption(inputs: Inputs, given: Input) -> None:
    draft, row, figure = inputs.draft, inputs.draft.row, given.value
    draft.say(row, 0, given.label.of(inputs.lang))
    origin = cell_text(given.origin, inputs.lang) if given.origin else ""
    form: Look = {"num_format": number_format(figure)}
    if figure.value is None:
        draft.leave(row, 1)
    else:
        draft.put(row, 2, float(figure.value), form, DIM, _RIGHT)
        place = _value_cell(inputs, given, form)
        inputs.cells[given.key] = place
        named = given.key in inputs.names
        inputs.terms[given.key] = Term(defined("asm", given.key), place.value) if named else place.seen(draft.name)
    if given.key in _pooled(inputs.plan):
        origin = f"{origin} ({_POOLED.of(inputs.lang)})" if origin else _POOLED.of(inputs.lang)
    draft.say(row, 3, origin, DIM, {"indent": 1})


def _pooled(plan: WorkedPlan) -> set[str]:
    """The rates that each channel has one of its own in the place of."""
    return {key for channel in plan.channels for key in channel.rates}


def _value_cell(inputs: Inputs, given: Input, form: Look) -> Place:
    """The value of an assumption: to be changed, or what follows from others."""
    draft, row, figure = inputs.draft, inputs.draft.row, given.value
    assert figure.value is not None
    of_months = given.key == inputs.plan.goal.key and bool(inputs.plan.amounts)
    if of_months or given.key in _pooled(inputs.plan) or not inputs.live:
        return draft.put(row, 1, float(figure.value), form, _RIGHT)
    place = inputs.changeable(row, 1, given.key, figure)
    if given.product:
        first, *others = (inputs.terms[key] for key in given.product)
        for other in others:
            first = first * other
        draft.put(row, 1, first, form, _CHANGEABLE, _RIGHT, {"font_color": "#12161C"}, shown=float(figure.value))
    return place


def put_channels(inputs: Inputs) -> None:
    """The channels with their shares of the new customers and their own rates."""
    draft, plan, lang = inputs.draft, inputs.plan, inputs.lang
    if not plan.channels:
        return
    labels = {given.key: given.label for given in plan.inputs}
    rates = [key for key in labels if key in _pooled(plan)]
    titles = [_CHANNEL, _OF_NEW, *(labels[key] for key in rates)]
    for column, title in enumerate(titles):
        draft.say(draft.row, column, title.of(lang), HEADER, _WRAPPED, _RIGHT if column else {})
    inputs.wrapped.append(draft.row)
    for channel in plan.channels:
        draft.row += 1
        draft.say(draft.row, 0, channel.label.of(lang))
        inputs.shares[channel.key] = inputs.changeable(draft.row, 1, f"{channel.key}_share", channel.share)
        inputs.rates[channel.key] = {}
        for column, key in enumerate(rates, start=2):
            figure = channel.rates.get(key)
            known = figure is not None and figure.value is not None
            inputs.rates[channel.key][key] = (
                inputs.changeable(draft.row, column, f"{channel.key}_{key}", figure) if known and figure else None
            )
    draft.row += 2


def put_months(inputs: Inputs, title: str, *, whole: str = "") -> None:
    """The header of a table of months; the last column is the ``whole``."""
    draft = inputs.draft
    draft.say(draft.row, 0, title, HEADER)
    for column, months in enumerate(inputs.plan.periods, start=1):
        form = month_format(months, inputs.lang)
        if form is None:
            draft.say(draft.row, column, cell_text(months, inputs.lang), HEADER, _RIGHT)
        else:
            draft.day(draft.row, column, months.first.start, {"num_format": form}, HEADER, _RIGHT)
    if whole:
        draft.say(draft.row, len(inputs.plan.periods) + 1, whole, HEADER, _RIGHT)
    draft.row += 1


def put_given_months(inputs: Inputs) -> None:
    """What is given for each month: its share of the new customers, or the revenue that is wanted."""
    draft, plan = inputs.draft, inputs.plan
    for label, figures, first in ((_SHARES, plan.shares, plan.past), (_AMOUNTS, plan.amounts, 0)):
        if figures:
            draft.say(draft.row, 0, label.of(inputs.lang))
            for place, figure in enumerate(figures):
                key = f"{'amount' if first == 0 and figures is plan.amounts else 'weight'}_{place + 1}"
                inputs.given.append(inputs.changeable(draft.row, 1 + first + place, key, figure))
            draft.row += 1
    if plan.amounts and inputs.live:
        row, column = HEADER_ROW + 1, 1
        terms = [place.seen(draft.name) for place in inputs.given]
        form: Look = {"num_format": number_format(plan.goal.value)}
        inputs.cells[plan.goal.key] = draft.put(row, column, total(terms), form, _RIGHT)
