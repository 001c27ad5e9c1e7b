"""A plan as sheets: its goal and assumptions in cells to be changed, and quotas that are then worked out anew.

What comes out of the formulas is held against the plan before anything is written.  Where it is not the same, or where
the plan is of a kind that cells cannot work out, figures stand in their place, and the sheet says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from funnelcli.answers.answer import Heading, Raw
from funnelcli.answers.answer import Sheet as Rows
from funnelcli.answers.plain import TOTAL
from funnelcli.answers.worked import PlannedLine, WorkedPlan
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.renderers.wording.tame import tame
from funnelcli.renderers.workbook.book import Book, Sheet, label_width
from funnelcli.renderers.workbook.draft import Draft
from funnelcli.renderers.workbook.formulas import DataCell, Term, literal, number
from funnelcli.renderers.workbook.looks import (
    BASIS,
    HEADER,
    INPUT,
    INPUT_FILL,
    LABEL_WIDTH,
    MONEY_WIDTH,
    MONTH_WIDTH,
    TITLE,
    Look,
    shown,
)
from funnelcli.renderers.workbook.plan_inputs import (
    Inputs,
    put_assumptions,
    put_channels,
    put_given_months,
    put_months,
)
from funnelcli.renderers.workbook.plan_lines import Key, Lines, NotTheSameError
from funnelcli.renderers.workbook.solving import Desk
from funnelcli.text import Lang, Message, Text

_QUOTAS = Message("Quotas by month")
_TEAMS = Message("Teams")
_TEAM = Message("Team: {team}")
_LINKED = Message("Figures in green come from the sheet of targets.")
_WORK = Message("Calculation")
_HOW_IT_WORKS = Message("How the quotas follow from the assumptions: do not change these cells.")
_LEGEND = Message("Change the yellow cells: everything below is worked out anew.")
_CHANGED = Message("Changed: no longer the plan as funnelcli made it. Budget, levers and notes do not follow.")
_FIXED = Message(
    "These are figures: they do not follow from the assumptions above ({why}). Run funnelcli targets to plan anew."
)
_TWO_LINES = 12  # letters, which take two lines of a month's column
_HEAD_ROWS = 3  # printed on every page: what is below has headers of its own
_OTHERWISE = Message("formulas would not give the same quotas")
_LEGEND_LOOK: Look = {"font_color": INPUT, "bg_color": INPUT_FILL, "font_size": 10}


class Names(Struct, frozen=True, kw_only=True):
    """The names of the sheets of a plan."""

    targets: str
    teams: str
    work: str


class Drafted(Struct, frozen=True, kw_only=True):
    """The sheets of a plan before they are written."""

    inputs: Inputs
    lines: Lines
    teams: Draft | None
    work: Draft | None


class PlanSheets(Struct, frozen=True, kw_only=True):
    """The sheets of a plan; that of its calculation is written after the others, and the data refers to its cells."""

    book: Book
    drafted: Drafted

    def write_work(self) -> None:
        """The sheet on which quotas are worked out, where they are."""
        work = self.drafted.work
        if work is not None:
            sheet = self.book.sheet(work.name)
            sheet.head(_WORK.of(sheet.lang), _HOW_IT_WORKS.of(sheet.lang))
            _widths(sheet, work, len(self.drafted.lines.plan.periods))
            work.write(sheet)
            sheet.finish()

    def linked(self, rows: Rows, data_name: str) -> Sequence[Sequence[DataCell]] | None:
        """The rows of the data, in which what is worked out refers to the cells of the plan; None where nothing is."""
        if self.drafted.work is None:
            return None
        return [
            _linked(dict(zip(rows.header, row, strict=True)), row, rows.header, self, data_name) for row in rows.rows
        ]

    def cell(self, about: Mapping[str, Raw], sheet: str) -> Term | None:
        """The cell of the plan that a row of the data is about."""
        lines, key = self.drafted.lines, str(about["metric"])
        period = str(about["period"])
        if about["variant"]:
            return None
        if period == "goal":
            place = self.drafted.inputs.cells.get("goal")
        elif period == "assumption":
            place = self.drafted.inputs.cells.get(key)
        else:
            line: Key = (key, str(about["channel"]), str(about["team"]))
            periods = [months.first.key for months in lines.plan.periods]
            column = lines.whole if period == "total" else 1 + periods.index(period)
            place = lines.cells.get(line, {}).get(column)
            if place is not None and column <= lines.plan.past:
                return None
        return None if place is None else place.seen(sheet)


def _linked(
    about: Mapping[str, Raw], row: Sequence[Raw], header: Sequence[str], sheets: PlanSheets, name: str
) -> Sequence[DataCell]:
    value = about["value"]
    term = sheets.cell(about, name) if value is not None else None
    if term is None:
        return row
    place = header.index("value")
    return (*row[:place], (term, float(value)), *row[place + 1 :])  # type: ignore[arg-type]  # a number


# --- the sheets ------------------------------------------------------------------------------------------------------


def write_plan(book: Book, name: Text, heading: Heading | None, plan: WorkedPlan) -> PlanSheets:
    """The sheets of targets and teams; what works them out is written by itself, after the others."""
    names = Names(targets=book.reserve(name), teams=book.reserve(_TEAMS), work=book.reserve(_WORK))
    drafted, why = _drafted(plan, names, book.lang), plan.fixed
    if drafted is None:
        drafted, why = _draft(plan, names, book.lang, live=False), why or _OTHERWISE
    sheet = book.sheet(names.targets)
    _head(sheet, heading, drafted, why)
    _write(sheet, drafted.inputs.draft, plan)
    for key, place in drafted.inputs.names.items():
        sheet.define("asm", key, place, place)
    for rule in drafted.inputs.rules:
        sheet.sheet.data_validation(rule.row, rule.column, rule.row, rule.column, rule.options)
    for row in drafted.inputs.wrapped:
        sheet.raise_row(row, _TWO_LINES, MONTH_WIDTH)
    sheet.finish(repeated=_HEAD_ROWS)
    if drafted.teams is not None:
        teams = book.sheet(names.teams)
        teams.head(_TEAMS.of(book.lang), _LINKED.of(book.lang))
        _write(teams, drafted.teams, plan)
        teams.finish(repeated=_HEAD_ROWS)
    return PlanSheets(book=book, drafted=drafted)


def _drafted(plan: WorkedPlan, names: Names, lang: Lang) -> Drafted | None:
    """The sheets with formulas; None where the plan is of another kind, or they would not come to its figures."""
    if plan.fixed is not None:
        return None
    try:
        return _draft(plan, names, lang, live=True)
    except ArithmeticError:
        return None


def _draft(plan: WorkedPlan, names: Names, lang: Lang, *, live: bool) -> Drafted:
    inputs = Inputs(draft=Draft(name=names.targets), plan=plan, lang=lang, live=live)
    put_assumptions(inputs)
    put_channels(inputs)
    put_months(inputs, _QUOTAS.of(lang), whole=TOTAL.of(lang))
    put_given_months(inputs)
    work = Draft(name=names.work, row=_FIRST_ROW) if live else None
    lines = Lines(plan=plan, lang=lang, inputs=inputs, desk=None)
    teams = _lay_out(lines, names)
    if work is not None:
        lines.desk = _desk(lines, work)
    lines.put_all()
    return Drafted(inputs=inputs, lines=lines, teams=teams, work=work)


_FIRST_ROW = 4


def _desk(lines: Lines, work: Draft) -> Desk:
    plan = lines.plan
    brought = _brought(lines)
    for column, months in enumerate(plan.periods, start=1):
        work.say(_FIRST_ROW - 1, column, cell_text(months, lines.lang), HEADER, {"align": "right"})
    work.say(_FIRST_ROW - 1, 0, "", HEADER)
    return Desk(
        plan=plan,
        work=work,
        target=lines.inputs.draft,
        inputs=lines.inputs.terms,
        given=lines.inputs.given,
        brought=brought,
        columns=list(lines.planned),
        lang=lines.lang,
    )


def _brought(lines: Lines) -> Term | None:
    """What the months that are past brought of the goal, as the sheet of the calculation refers to it."""
    sums = lines.plan.aim.sums
    if not lines.plan.past or sums is None:
        return None
    places = [lines.cell((sums, "", ""), column) for column in range(1, 1 + lines.plan.past)]
    known = [place for place in places if place is not None]
    if len(known) < len(places):
        raise NotTheSameError("a past month has no figure")
    first, last = known[0].seen(""), known[-1].seen("").text.rpartition("!")[2]
    text = first.text if len(known) == 1 else f"{first.text}:{last}"
    return Term(f"SUM({text})", sum(place.value for place in known))


def _lay_out(lines: Lines, names: Names) -> Draft | None:
    """Give every line its row: the whole and the channels on the sheet of targets, the teams on their own."""
    plan, draft, lang = lines.plan, lines.inputs.draft, lines.lang
    for line in plan.lines:
        if not line.channel and not line.team:
            _label(lines, line, draft)
    for title, parts in _by_stage(plan):
        draft.row += 1
        put_months(lines.inputs, title.of(lang), whole=TOTAL.of(lang))
        for line in parts:
            _label(lines, line, draft)
    teams = list(dict.fromkeys(line.team for line in plan.lines if line.team))
    if not teams:
        return None
    of_teams = Draft(name=names.teams, row=_FIRST_ROW - 1)
    aside = Inputs(draft=of_teams, plan=plan, lang=lang, live=False)
    for team in teams:
        label = plan.team_labels.get(team)
        of_team = label.of(lang) if label else _TEAM.of(lang).format(team=tame(team))
        put_months(aside, of_team, whole=TOTAL.of(lang))
        for line in plan.lines:
            if line.team == team:
                _label(lines, line, of_teams)
        of_teams.row += 1
    return of_teams


def _by_stage(plan: WorkedPlan) -> Iterator[tuple[Text, list[PlannedLine]]]:
    """The lines of the channels, by stage, without those that have nothing in any month."""
    parts = [line for line in plan.lines if line.channel and not line.team]
    for key in dict.fromkeys(line.key for line in parts):
        of_stage = [line for line in parts if line.key == key]
        yield of_stage[0].label, of_stage


def _label(lines: Lines, line: PlannedLine, draft: Draft) -> None:
    unit = shown((*line.values, line.total)).unit
    label = lines.plan.channel_labels.get(line.channel) if line.channel else None
    text = line.label.of(lines.lang)
    if label is not None:
        text = label.of(lines.lang)
    text += f", {unit.of(lines.lang)}" if unit else ""
    draft.say(draft.row, 0, text, {"indent": 1} if line.channel else {})
    lines.add(line, draft)


def _head(sheet: Sheet, heading: Heading | None, drafted: Drafted, why: Text | None) -> None:
    """The title, the goal, and how to read the sheet: whether it may be changed, and whether it has been."""
    lang, draft = sheet.lang, drafted.inputs.draft
    if heading is not None:
        draft.say(0, 0, sheet.words(heading.text), TITLE)
        draft.say(1, 0, " ".join(sheet.words(line) for line in heading.basis), BASIS)
    if why is not None:
        draft.say(2, 0, _FIXED.of(lang).format(why=why.of(lang)), BASIS)
        return
    conditions = ",".join(_unchanged(drafted.lines))
    text = f"IF(AND({conditions}),{literal(_LEGEND.of(lang))},{literal(_CHANGED.of(lang))})"
    draft.say(2, 0, Term(text, 0.0), _LEGEND_LOOK, shown=_LEGEND.of(lang))
    for column in (1, 2):
        draft.leave(2, column, _LEGEND_LOOK)


def _unchanged(lines: Lines) -> Iterator[str]:
    """That the totals of the whole are those of the plan, as conditions."""
    for key, cells in lines.cells.items():
        if not key[1] and not key[2] and lines.whole in cells:
            place = cells[lines.whole]
            figure = lines.lines[key].total.value
            if figure is not None:
                known = number(float(figure))
                yield f"ABS({place.seen(place.sheet).text}-{known.text})<=1E-6*ABS({known.text})"


def _write(sheet: Sheet, draft: Draft, plan: WorkedPlan) -> None:
    _widths(sheet, draft, len(plan.periods))
    draft.write(sheet)


def _widths(sheet: Sheet, draft: Draft, periods: int) -> None:
    sheet.fit(0, LABEL_WIDTH, least=LABEL_WIDTH)
    for (row, column), cell in draft.cells.items():
        if column == 0 and row > 2 and isinstance(cell.content, str):
            sheet.fit(0, label_width(cell.content))
    for column in range(1, periods + 2):
        sheet.fit(column, MONEY_WIDTH if column <= 2 else MONTH_WIDTH + 1)
