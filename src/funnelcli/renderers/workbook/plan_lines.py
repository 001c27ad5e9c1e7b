"""The lines of a plan in cells: each month of a line is made as the plan declares it, from the cells of other lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from msgspec import Struct, field

from funnelcli.answers.cells import Number, Words
from funnelcli.answers.worked import (
    Balance,
    Before,
    Begins,
    Level,
    PlannedLine,
    Repeats,
    RoundedUp,
    RunningDown,
    Share,
    SumOf,
    Times,
    Won,
    WorkedPlan,
)
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.renderers.workbook.draft import Draft, Place, seen
from funnelcli.renderers.workbook.formulas import Term, down, number, same, total, up
from funnelcli.renderers.workbook.looks import DIM, LINK, TOTAL_EDGE, Look, shown
from funnelcli.renderers.workbook.plan_inputs import Inputs
from funnelcli.renderers.workbook.sharing import needs_of_stage, put_stage, share_out, weights_of_new
from funnelcli.renderers.workbook.solving import Desk, new_customers
from funnelcli.text import Lang

Key = tuple[str, str, str]  # the line's key, channel and team


class NotTheSameError(ArithmeticError):
    """A formula comes to another figure than the plan."""


class Lines(Struct, kw_only=True):
    """The lines, the sheet and the row each stands in, and the cells that are put already, by line and column.

    ``desk`` is where new customers are worked out; None where figures stand in the place of formulas.
    """

    plan: WorkedPlan
    lang: Lang
    inputs: Inputs
    desk: Desk | None
    rows: dict[Key, tuple[Draft, int]] = field(default_factory=dict)
    lines: dict[Key, PlannedLine] = field(default_factory=dict)
    cells: dict[Key, dict[int, Place]] = field(default_factory=dict)
    weights: dict[str, Place] = field(default_factory=dict)

    @property
    def planned(self) -> range:
        """The columns of the months that are planned."""
        return range(1 + self.plan.past, 1 + len(self.plan.periods))

    @property
    def whole(self) -> int:
        """The column of the whole range."""
        return 1 + len(self.plan.periods)

    def add(self, line: PlannedLine, draft: Draft) -> None:
        """Give a line the next row of a sheet."""
        key = (line.key, line.channel, line.team)
        self.rows[key] = (draft, draft.row)
        self.lines[key] = line
        self.cells[key] = {}
        draft.row += 1

    def look(self, key: Key) -> Look:
        """How the figures of a line are shown; what comes from another sheet has a colour of its own."""
        line = self.lines[key]
        draft, _ = self.rows[key]
        linked = isinstance(line.made, Repeats) and draft is not self.inputs.draft
        return {"num_format": shown((*line.values, line.total)).format, **({"font_color": LINK} if linked else {})}

    # --- cells -----------------------------------------------------------------------------------------------

    def put_all(self) -> None:
        """Put every line on its sheet; NotTheSameError where a formula comes to another figure than the plan has."""
        if self.desk is not None:
            self._stages(self.desk)
        for key in self.lines:
            for column in range(1, self.whole):
                self.cell(key, column)
            self._total(key)

    def cell(self, key: Key, column: int) -> Place | None:
        """A month of a line, put where it is not yet; None where it has no figure."""
        known = self.cells[key]
        if column not in known:
            figure = self.lines[key].values[column - 1]
            made = self.desk is not None and column in self.planned and figure.value is not None
            term = self._term(key, column) if made else None
            place = self._put(key, column, figure, term)
            if place is None:
                return None
            known[column] = place
        return known[column]

    def _put(self, key: Key, column: int, figure: Number, term: Term | None) -> Place | None:
        draft, row = self.rows[key]
        looks: tuple[Look, ...] = (self.look(key), DIM if column <= self.plan.past else {})
        if figure.value is None:
            reason = cell_text(Words(figure.missing.reason), self.lang) if figure.missing else None
            draft.leave(row, column, *looks, why=reason)
            return None
        if term is None:
            return draft.put(row, column, float(figure.value), *looks)
        return draft.put(row, column, checked(term, figure), *looks, shown=float(figure.value))

    def _total(self, key: Key) -> None:
        line, (draft, row) = self.lines[key], self.rows[key]
        looks: tuple[Look, ...] = (self.look(key), TOTAL_EDGE, {"bold": True})
        if line.total.value is None:
            draft.leave(row, self.whole, *looks)
            return
        cells = self.cells[key]
        term: Term | None = None
        if len(cells) == len(self.plan.periods) and line.over != "own" and self.desk is not None:
            terms = [cells[column].seen(draft.name) for column in sorted(cells)]
            term = total(terms) if line.over == "sum" else terms[0 if line.over == "first" else -1]
        known = float(line.total.value)
        if term is not None and same(term.value, known):
            cells[self.whole] = draft.put(row, self.whole, term, *looks, shown=known)
        else:
            cells[self.whole] = draft.put(row, self.whole, known, *looks)

    # --- stages and channels -------------------------------------------------------------------------------------

    def _stages(self, desk: Desk) -> None:
        """The new customers, and then each stage before them; with channels, each shared out."""
        stages = [line for line in self.plan.lines if isinstance(line.made, Won | Before) and not line.channel]
        first = next(line for line in stages if isinstance(line.made, Won))
        weights = weights_of_new(desk, self.inputs.shares) if self.inputs.shares else {}
        row = self.rows[first.key, "", ""][1]
        places = new_customers(desk, row, self.look((first.key, "", "")))
        self._stage(desk, first, places, weights)
        self._all_before(desk, first, places, weights, [line for line in stages if isinstance(line.made, Before)])

    def _all_before(
        self,
        desk: Desk,
        line: PlannedLine,
        below: Sequence[Place],
        weights: Mapping[str, Place],
        stages: Sequence[PlannedLine],
    ) -> None:
        """The stages before a line, each of which is made of the one after it."""
        for before in stages:
            is_next = isinstance(before.made, Before) and before.made.of == line.key
            if is_next and any(figure.value is not None for figure in before.values):
                places, parts = self._before(desk, before, below, weights)
                self._stage(desk, before, places, parts)
                self._all_before(desk, before, places, parts, stages)

    def _before(
        self, desk: Desk, line: PlannedLine, below: Sequence[Place], weights: Mapping[str, Place]
    ) -> tuple[list[Place], dict[str, Place]]:
        """The quotas of a stage before, and what part of them each channel needs."""
        assert isinstance(line.made, Before)
        row, look = self.rows[line.key, "", ""][1], self.look((line.key, "", ""))
        if not weights or not line.made.shared:
            pooled = self.inputs.terms[line.made.rate]
            return put_stage(desk, row, below, pooled, look, divided=True), {}
        rates = {key: rate for key in weights if (rate := self.inputs.rates[key].get(line.made.rate)) is not None}
        weights = {key: weights[key] for key in rates}  # the others bring people who do not pass the stage
        desk.work.row += 1
        every, parts = needs_of_stage(desk, weights, rates)
        return put_stage(desk, row, below, desk.there([every])[0], look, divided=False), parts

    def _stage(self, desk: Desk, line: PlannedLine, places: Sequence[Place], weights: Mapping[str, Place]) -> None:
        """Hold the quotas of a stage against the plan, and share them out among the channels."""
        self._known((line.key, "", ""), places)
        if not weights:
            return
        rows = {key: self.rows[line.key, key, ""][1] for key in weights}
        look = self.look((line.key, "", ""))
        given = share_out(desk, line.label.of(self.lang), places, weights, rows, look)
        for key, quotas in given.items():
            self._known((line.key, key, ""), quotas)

    def _known(self, key: Key, places: Sequence[Place]) -> None:
        for column, place in zip(self.planned, places, strict=True):
            figure = self.lines[key].values[column - 1]
            if figure.value is None or not same(place.value, float(figure.value)):
                raise NotTheSameError(f"{key}: {place.value} is not {figure.value}")
            self.cells[key][column] = place

    # --- month by month ------------------------------------------------------------------------------------------

    def _term(self, key: Key, column: int) -> Term | None:
        """How a month of a line is made of cells; None where nobody says, or one of them has no figure."""
        line, name = self.lines[key], self.rows[key][0].name
        _, channel, team = key
        terms = self.inputs.terms
        first = column == self.planned[0]

        def of(wanted: str, at: int = column, *, part: str = "", whose: str = "") -> Term:
            place = self.cell((wanted, part, whose), at)
            if place is None:
                raise NotTheSameError(f"{wanted} has no figure")
            return place.seen(name)

        match line.made:
            case None | Won() | Before():
                return None
            case Begins(of=level, first=opening):
                return terms[opening] if first else of(level, column - 1)
            case Share(of=level, rate=rate):
                return of(level) * terms[rate]
            case Balance(plus=plus, minus=minus):
                return _summed([of(term) for term in plus], [of(term) for term in minus])
            case Level(of=won, first=opening, rate=rate, each=each):
                before = terms[opening] if first else of(line.key, column - 1)
                return before * (number(1) - terms[rate]) + of(won) * terms[each]
            case Times(of=won, each=each):
                return of(won) * terms[each]
            case RunningDown(of=lost):
                running = total([of(lost, at) for at in self.planned if at <= column])
                done = [of(line.key, at, whose=team) for at in self.planned if at < column]
                return down(running) - total(done) if done else down(running)
            case RoundedUp(plus=level, minus=lost):
                return up(of(level) - of(lost))
            case Repeats(of=stage):
                return of(stage, part=channel)
            case SumOf():
                return self._sum_of(key, column)
            case _:
                assert_never(line.made)

    def _sum_of(self, key: Key, column: int) -> Term | None:
        """The sum of the channels of a team's line."""
        name, parts = self.rows[key][0].name, [k for k in self.lines if k[0] == key[0] and k[2] == key[2] and k[1]]
        places = [place for part in parts if (place := self.cell(part, column)) is not None]
        return _summed(seen(places, name), []) if len(places) == len(parts) and places else None


def checked(term: Term, figure: Number) -> Term:
    """A formula that comes to the figure of the plan; NotTheSameError where it does not."""
    if figure.value is None or not same(term.value, float(figure.value)):
        raise NotTheSameError(f"{term.text}: {term.value} is not {figure.value}")
    return term


def _summed(plus: Sequence[Term], minus: Sequence[Term]) -> Term:
    result = plus[0]
    for term in plus[1:]:
        result = result + term
    for term in minus:
        result = result - term
    return result
