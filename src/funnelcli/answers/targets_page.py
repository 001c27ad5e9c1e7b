"""A plan for people: the goal, the assumptions, the quotas by month, channel and team, the budget, and what if."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec.structs import replace

from funnelcli.answers.answer import Block, Column, Heading, Notes, Table
from funnelcli.answers.cells import Cell, Months, Number, Precision, Quotient, Words
from funnelcli.answers.phrases import GOAL, GOAL_OF_PEOPLE
from funnelcli.answers.plain import TOTAL, VALUE
from funnelcli.answers.planned_cells import MONTH, NO_WORDS, channel_words, columns, month, planned
from funnelcli.answers.targets_budget import cac, policy_budget, team_budget
from funnelcli.answers.targets_chance import sure_table
from funnelcli.answers.targets_lag import lag_shares
from funnelcli.answers.targets_means import cost_of_signups, sellers_by_month
from funnelcli.planning.declare import Kind
from funnelcli.planning.labels import label_of
from funnelcli.planning.lag_metrics import LAG_FIGURES, TIMED_BY_CHANNEL
from funnelcli.planning.means_metrics import SIGNUP_COST
from funnelcli.planning.metrics import stages
from funnelcli.planning.model import (
    AMOUNTS,
    STAGE_RATES,
    AnyKey,
    Assumption,
    ChannelRate,
    Key,
    Origin,
    Plan,
    PlanRow,
    RevenueModel,
    ShapeKind,
    is_rate,
)
from funnelcli.planning.past import PAST_MONTHS
from funnelcli.planning.teams import NOBODY
from funnelcli.text import NOTHING, Message, Text, as_text, joined
from funnelcli.values.channels import CHANNEL_LABELS
from funnelcli.values.figures import Note, Unit
from funnelcli.values.periods import Grain

MOST_CHANNELS_SHOWN = 3

SHAPE_LABELS: dict[ShapeKind, Text] = {
    ShapeKind.STEADY: Message("the same number of new PU each month"),
    ShapeKind.GROWTH: Message("new PU growing {growth} a month"),
    ShapeKind.SEASONAL: Message("new PU by the season"),
    ShapeKind.REVENUE: Message("revenue as given by month"),
    ShapeKind.FREE: Message("new PU in whichever months the mix brings them"),
}
MODEL_LABELS: dict[RevenueModel, Text] = {
    RevenueModel.RECURRING: Message("recurring revenue"),
    RevenueModel.ONE_OFF: Message("one-off revenue"),
}
ORIGIN_LABELS: dict[Origin, Text] = {
    Origin.MEASURED: Message("measured"),
    Origin.GIVEN: Message("given"),
    Origin.DEFAULT: Message("default"),
    Origin.MISSING: Message("missing"),
}
NO_TEAM = Message("No team owns")
TEAM = Message("Team: {team}")
BEFORE_OF_STAGE = Message("{stage}, before the plan begins")
BEFORE_OF_TEAM = Message("Team: {team}, before the plan begins")


def key_unit(key: AnyKey) -> Unit:
    """What an assumption counts."""
    return Unit.RATE if is_rate(key) else Unit.AMOUNT if key in AMOUNTS else Unit.CUSTOMERS


def page_blocks(plan: Plan) -> tuple[Block, ...]:
    """The plan for people: the goal, what it stands on, and the quotas month by month."""
    notes = notes_of(plan)
    return (
        heading(plan),
        *(table for table in _tables(plan) if table.rows),
        *([Notes(notes)] if notes else []),
    )


def heading(plan: Plan) -> Heading:
    """The title, and the goal in one line."""
    return Heading(text=Words(plan.title), basis=(_goal(plan),))


def notes_of(plan: Plan) -> tuple[Words, ...]:
    """What the reader should know, and which variants are out of reach."""
    return (*(Words(_starred(note)) for note in plan.notes), *_unreachable(plan))


def beside_tables(plan: Plan) -> Iterator[Table]:
    """What follows from a plan beside its quotas: what its policies cost, levers and variants."""
    yield sellers_by_month(plan)
    yield cost_of_signups(plan)
    yield policy_budget(plan)
    for team in dict.fromkeys(row.team for row in plan.rows if row.team):
        yield team_budget(plan, team)
    yield cac(plan)
    yield sure_table(plan)
    yield _levers(plan)
    yield _variants(plan)


def _starred(note: Note) -> Text:
    """The words of a note, with the asterisk of the past months where it is of them."""
    return joined("", ["* ", note.text]) if note.code == PAST_MONTHS else note.text


def _unreachable(plan: Plan) -> Iterator[Words]:
    text = Message("What if {name}: out of reach. {why}")
    for variant in plan.variants:
        if variant.unreachable:
            yield Words(text, facts={"name": Words(variant.name), "why": Words(variant.unreachable)})


def _goal(plan: Plan) -> Words:
    """The goal, the shape and the revenue model in one line."""
    unit = plan.goal.kind.unit
    goal: dict[str, Cell] = {
        "amount": planned(plan.goal.amount, unit, plan.currency),
        "currency": Words(plan.currency),
        "range": Months(first=plan.periods[0], last=plan.periods[-1], grain=Grain.MONTH),
        "last": month(plan.periods[-1]),
    }
    shape = {"growth": planned(plan.shape.growth, Unit.RATE)}
    facts: dict[str, Cell] = {
        "goal": Words(plan.goal.kind.label, facts=goal),
        "shape": Words(SHAPE_LABELS[plan.shape.kind], facts=shape),
        "model": Words(MODEL_LABELS[plan.model]),
    }
    words = GOAL
    if not plan.goal.kind.of_revenue:
        words = GOAL_OF_PEOPLE
    return Words(words, facts=facts, tone="dim")


def _tables(plan: Plan) -> Iterator[Table]:
    yield _assumptions(plan)
    yield _channels(plan)
    whole = [row for row in plan.of() if row.metric.by_month]
    shown = [row for row in whole if any(value is not None for value in row.values)]
    headers = [Words(row.metric.short) for row in shown]
    yield _by_month(plan, Words(Message("Quotas by month")), shown, headers)
    yield _before(plan, Words(_BEFORE), shown, headers)
    yield lag_shares(plan)
    timed = [row for row in plan.of() if row.metric in LAG_FIGURES]
    yield _by_month(plan, Words(TIMED), timed, [Words(row.metric.short) for row in timed])
    for metric in TIMED_BY_CHANNEL:
        parts = [row for row in plan.rows if row.metric is metric and row.team is None]
        if len(parts) > 1:
            yield _by_month(plan, Words(metric.label), parts, [channel_words(row.channel, TOTAL) for row in parts])
    deals = [row for row in plan.of() if _is_deal(row)]
    yield _by_month(plan, Words(_DEALS), deals, [Words(row.metric.short) for row in deals])
    for stage in reversed(stages()):
        parts = [row for row in plan.rows if row.metric is stage and row.channel and not row.team]
        if parts:
            every = [next(row for row in plan.of() if row.metric is stage), *(_without_passed(plan, r) for r in parts)]
            names = [channel_words(row.channel, TOTAL) for row in every]
            yield _by_month(plan, Words(stage.label), every, names)
            yield _before(plan, Words(BEFORE_OF_STAGE, facts={"stage": Words(stage.label)}), every, names)
    for team in dict.fromkeys(row.team for row in plan.rows if row.team):
        shown, headers = _team_columns(plan, team)
        yield _by_month(plan, _title_of(team, TEAM), shown, headers)
        yield _before(plan, _title_of(team, BEFORE_OF_TEAM), shown, headers)
        yield team_budget(plan, team)
    yield sellers_by_month(plan)
    yield cost_of_signups(plan)
    yield policy_budget(plan)
    yield cac(plan)
    yield sure_table(plan)
    yield _levers(plan)
    yield _variants(plan)


_DEALS = Message("Deals by month")
_BEFORE = Message("Before the plan begins: quotas of months that are not over")
TIMED = Message("New PU, and the time they take")


def _is_deal(row: PlanRow) -> bool:
    """Whether it is of a stage of deals that has figures."""
    return row.metric.kind is Kind.DEAL and row.missing is None


# --- what the plan stands on -----------------------------------------------------------------------------------------


def _assumptions(plan: Plan) -> Table:
    return Table(
        title=Words(Message("Assumptions")),
        columns=(
            Column(header=NO_WORDS, words=True),
            Column(header=Words(VALUE)),
            Column(header=Words(Message("Where from")), words=True),
        ),
        rows=tuple(
            (
                Words(label_of(assumed.key, of_rest=bool(plan.past))),
                _assumed(assumed.value, assumed.key, plan.currency),
                origin_words(assumed),
            )
            for assumed in plan.assumptions
        ),
    )


def _assumed(value: Fraction | None, key: AnyKey, currency: str) -> Number:
    """The value of an assumption; rates with as many decimals as they need."""
    precision = Precision.FINE if is_rate(key) else Precision.PLANNED
    return Number(value=value, unit=key_unit(key), currency=currency, precision=precision)


_AT_START = (Key.OPENING, Key.OPENING_MRR)  # a level on a day, and no quotient


def origin_words(assumed: Assumption) -> Words:
    """Where an assumption comes from: ``measured 12 / 48, 2026-04 – 2026-09``."""
    facts: dict[str, Cell] = {"origin": Words(ORIGIN_LABELS[assumed.origin]), "source": Words(assumed.source)}
    if assumed.numerator is None or assumed.denominator is None or assumed.key in _AT_START:
        counted = assumed.numerator is not None and assumed.denominator is not None
        apart = not counted and assumed.origin in (Origin.DEFAULT, Origin.MISSING)
        return Words(_both("{origin}: {source}" if apart else "{origin} {source}"), facts=facts)
    unit = Unit.AMOUNT if assumed.key is Key.NEW_ARPA else Unit.CUSTOMERS
    facts |= {"above": planned(assumed.numerator, unit), "below": planned(assumed.denominator, Unit.CUSTOMERS)}
    return Words(_both("{origin} {above} / {below}, {source}"), facts=facts)


def _both(pattern: str) -> Text:
    """A pattern without words, the same in both languages."""
    return as_text(pattern)


def _channels(plan: Plan) -> Table:
    def cell(rate: ChannelRate) -> Cell:
        if rate.numerator is not None and rate.denominator is not None:
            above, below = (planned(number, Unit.CUSTOMERS) for number in (rate.numerator, rate.denominator))
            starred = Number(
                value=rate.rate, unit=Unit.RATE, precision=Precision.PLANNED,
                starred=bool(rate.filled) or rate.pooled is not None,
            )  # fmt: skip
            return Quotient(rate=starred, numerator=above, denominator=below)
        pooled = rate.pooled is not None
        return Number(
            value=rate.rate,
            unit=Unit.RATE,
            precision=Precision.PLANNED,
            starred=pooled,
            tone="dim" if pooled else "",
        )

    return Table(
        title=Words(Message("Channels (* not the channel's own rate alone)")),
        columns=columns(
            NOTHING, Message("Of new PU"), *(label_of(key) for key in STAGE_RATES)
        ),
        rows=tuple(
            (
                Words(CHANNEL_LABELS[part.channel]),
                planned(part.share, Unit.RATE),
                *(cell(part.rates[key]) for key in STAGE_RATES),
            )
            for part in plan.channels
        ),
    )  # fmt: skip


# --- the quotas ------------------------------------------------------------------------------------------------------


def _column(row: PlanRow, currency: str) -> list[Number]:
    """The figures of a row and its total; expected numbers all to a tenth, so that they line up."""
    values, unit = [*row.values, row.total], row.metric.unit
    tenths = unit is Unit.CUSTOMERS and any(v is not None and v.denominator != 1 for v in values)
    precision = Precision.TENTHS if tenths else Precision.PLANNED
    return [
        Number(
            value=value,
            unit=unit,
            currency=currency,
            precision=precision,
            missing=row.missing if value is None else None,
            tone="bold" if place == len(row.values) else "",
        )
        for place, value in enumerate(values)
    ]


def _by_month(plan: Plan, title: Words, rows: Sequence[PlanRow], headers: Sequence[Words]) -> Table:
    """Rows of the plan as columns, a line a month, and the range's figures in the last line."""
    figures = [_column(row, plan.currency) for row in rows]
    names: list[Cell] = [
        *(month(period, partial=period in plan.past) for period in plan.periods),
        Words(TOTAL, tone="bold"),
    ]
    lines = [(name, *(column[place] for column in figures)) for place, name in enumerate(names)]
    columns = (Column(header=Words(MONTH)), *(Column(header=header) for header in headers))
    return Table(title=title, columns=columns, rows=tuple(lines) if rows else ())


def _before(plan: Plan, title: Words, rows: Sequence[PlanRow], headers: Sequence[Words]) -> Table:
    """The quotas of months before the plan, a line a month."""
    shown = [(row, header) for row, header in zip(rows, headers, strict=True) if row.early]
    figures = [_column(replace(row, values=row.early, total=None), plan.currency) for row, _ in shown]
    lines: list[tuple[Cell, ...]] = [
        (month(period), *(column[place] for column in figures)) for place, period in enumerate(plan.lead)
    ]
    columns = (Column(header=Words(MONTH)), *(Column(header=header) for _, header in shown))
    return Table(title=title, columns=columns, rows=tuple(lines) if shown else ())


def _without_passed(plan: Plan, row: PlanRow) -> PlanRow:
    """A channel's row with nothing, not 0, where its people come without the stage."""
    rates = next((part.rates for part in plan.channels if part.channel is row.channel), {})
    if row.metric.rate is None or row.metric.rate not in rates or rates[row.metric.rate].rate is not None:
        return row
    return replace(row, values=tuple(value or None for value in row.values), total=row.total or None)


def _team_columns(plan: Plan, team: str) -> tuple[list[PlanRow], list[Words]]:
    """What a team's table shows: each figure, and where they are few its channels."""
    mine = [row for row in plan.rows if row.team == team and (row.missing is None or row.total is not None)]
    shown: list[PlanRow] = []
    headers: list[Words] = []
    for row in mine:
        parts = [part for part in mine if part.metric is row.metric and part.channel]
        if row.channel and not 1 < len(parts) <= MOST_CHANNELS_SHOWN:
            continue
        shown.append(_without_passed(plan, row))
        label = CHANNEL_LABELS[row.channel] if row.channel else row.metric.short
        headers.append(Words(joined("", ["·", label]) if row.channel else label))
    return shown, headers


def _title_of(team: str, title: Message) -> Words:
    """The title of a team's table; of nobody's, that no team owns what is in it."""
    return Words(NO_TEAM) if team == NOBODY else Words(title, facts={"team": Words(team)})


# --- levers, variants -------------------------------------------------------------------------------------------------


_BETTER = Message("One assumption 10 % better: what is then needed")
_BETTER_OF_REST = Message("One assumption 10 % better: what is then needed of the months planned")


def _levers(plan: Plan) -> Table:
    return Table(
        title=Words(_BETTER_OF_REST if plan.past else _BETTER),
        columns=columns(
            NOTHING, Message("Becomes"), Message("Of"), Message("Needed"),
            Message("Instead of"), Message("Fewer before rounding"),
        ),
        rows=tuple(
            (
                Words(label_of(lever.key)),
                _assumed(lever.value, lever.key, plan.currency),
                Words(lever.stage.short),
                planned(lever.needed, lever.stage.unit),
                planned(lever.now, lever.stage.unit),
                planned(lever.saved, Unit.RATE),
            )
            for lever in plan.levers
        ),
    )  # fmt: skip


def _variants(plan: Plan) -> Table:
    shown = [row for row in plan.of() if row.metric.by_month or row.metric is SIGNUP_COST or _is_deal(row)]
    names = (NO_WORDS, Words(Message("Plan")), *(Words(variant.name) for variant in plan.variants))

    def line(row: PlanRow) -> tuple[Cell, ...]:
        totals = (row.total, *(variant.totals.get(row.metric.key) for variant in plan.variants))
        return (Words(row.metric.label), *(planned(total, row.metric.unit, plan.currency) for total in totals))

    return Table(
        title=Words(Message("What if")),
        columns=tuple(Column(header=name) for name in names),
        rows=tuple(line(row) for row in shown) if plan.variants else (),
    )
