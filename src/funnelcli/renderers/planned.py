"""A plan for people, and in the other formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from funnelcli.planning.metrics import CAC, COST, COST_RATE, PAYBACK, REVENUE, SIGNUPS, stages
from funnelcli.planning.model import (
    RATES,
    STAGE_RATES,
    Assumption,
    ChannelRate,
    Key,
    Origin,
    Plan,
    PlanRow,
    RevenueModel,
    ShapeKind,
)
from funnelcli.planning.teams import NOBODY
from funnelcli.renderers import Format, Layout, Style
from funnelcli.renderers.page import Cell, Column, Page, Table, row, to_markdown, to_terminal
from funnelcli.renderers.planned_data import KEY_LABELS, document, key_unit, tidy, wide
from funnelcli.renderers.tame import tame
from funnelcli.renderers.to_csv import write_rows
from funnelcli.renderers.to_json import to_text
from funnelcli.renderers.words import MISSING, TOTAL, number_text, period_text, rate_text, tenths
from funnelcli.text import Lang, Text
from funnelcli.values.channels import CHANNEL_LABELS
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Grain

MOST_CHANNELS_SHOWN = 3

SHAPE_LABELS: dict[ShapeKind, Text] = {
    ShapeKind.STEADY: Text("the same number of new PU each month", "PU mới đều mỗi tháng"),
    ShapeKind.GROWTH: Text("new PU growing {growth} a month", "PU mới tăng {growth} mỗi tháng"),
    ShapeKind.SEASONAL: Text("new PU by last year's months", "PU mới theo mùa vụ năm trước"),
    ShapeKind.REVENUE: Text("revenue as given by month", "doanh thu khai theo từng tháng"),
}
MODEL_LABELS: dict[RevenueModel, Text] = {
    RevenueModel.RECURRING: Text("recurring revenue", "doanh thu định kỳ"),
    RevenueModel.ONE_OFF: Text("one-off revenue", "doanh thu một lần"),
}
ORIGIN_LABELS: dict[Origin, Text] = {
    Origin.MEASURED: Text("measured", "đo được"),
    Origin.GIVEN: Text("given", "khai"),
    Origin.DEFAULT: Text("default", "mặc định"),
    Origin.MISSING: Text("missing", "không có"),
}
_NO_TEAM = Text("No team owns", "Chưa có đội phụ trách")


def render(plan: Plan, form: Format, style: Style) -> str:
    """The plan in a format."""
    match form:
        case Format.TABLE:
            return to_terminal(page(plan, style.lang), style)
        case Format.MD:
            return to_markdown(page(plan, style.lang), style)
        case Format.JSON:
            return to_text(document(plan))
        case Format.CSV | Format.TSV:
            lines = tidy(plan) if style.layout is Layout.TIDY else wide(plan)
            return write_rows(lines, "\t" if form is Format.TSV else ",")


def figure(value: Fraction | None, unit: Unit, lang: Lang) -> str:
    """A planned figure for people: expectations to a tenth, amounts without a fraction from a thousand up."""
    if value is None:
        return MISSING
    if unit is Unit.RATE:
        return number_text(float(value), unit, lang)
    decimals = 0 if unit is Unit.AMOUNT and abs(value) >= 1000 else 2 if unit is Unit.AMOUNT else 1
    return number_text(float(round(value, decimals)), unit, lang)


def _assumed(value: Fraction | None, key: Key, lang: Lang) -> str:
    """The value of an assumption; rates with as many decimals as they need."""
    if value is not None and key in RATES:
        return rate_text(value, lang)
    return figure(value, key_unit(key), lang)


def _column(r: PlanRow, lang: Lang) -> list[str]:
    """The figures of a row and its total; expected numbers all to a tenth, so that they line up."""
    values = [*r.values, r.total]
    if r.metric.unit is Unit.CUSTOMERS and any(v is not None and v.denominator != 1 for v in values):
        return [MISSING if v is None else tenths(v, lang) for v in values]
    return [figure(v, r.metric.unit, lang) for v in values]


# --- for people --------------------------------------------------------------------------------------------------


def page(plan: Plan, lang: Lang) -> Page:
    """The plan for people: the goal, what it stands on, and the quotas month by month."""
    return Page(
        title=tame(plan.title.of(lang)),
        basis=(goal_text(plan, lang),),
        tables=[table for table in _tables(plan, lang) if table.rows],
        notes=[note.text.of(lang) for note in plan.notes] + _unreachable(plan, lang),
    )


def _unreachable(plan: Plan, lang: Lang) -> list[str]:
    text = Text("What if {name}: out of reach. {why}", "Nếu {name}: không đạt được. {why}")
    return [text.filled(name=tame(one.name), why=one.unreachable).of(lang) for one in plan.variants if one.unreachable]


def goal_text(plan: Plan, lang: Lang) -> str:
    """The goal, the shape and the revenue model in one line."""
    first, last = (period_text(p, Grain.MONTH, lang) for p in (plan.periods[0], plan.periods[-1]))
    goal = plan.goal.kind.label.filled(
        amount=figure(plan.goal.amount, plan.goal.kind.unit, lang),
        currency=plan.currency,
        range=first if first == last else f"{first} – {last}",
        last=last,
    )
    shape = SHAPE_LABELS[plan.shape.kind].filled(growth=figure(plan.shape.growth, Unit.RATE, lang))
    text = Text("Goal: {goal}; {shape}; {model}.", "Mục tiêu: {goal}; {shape}; {model}.")
    return text.filled(goal=goal, shape=shape, model=MODEL_LABELS[plan.model]).of(lang)


def _tables(plan: Plan, lang: Lang) -> Iterator[Table]:
    yield _assumptions(plan, lang)
    yield _channels(plan, lang)
    whole = [r for r in plan.of() if r.metric.by_month]
    shown = [r for r in whole if any(v is not None for v in r.values)]
    yield _by_month(plan, Text("Quotas by month", "Chỉ tiêu theo tháng").of(lang), shown, [r.metric.short.of(lang) for r in shown], lang)  # fmt: skip
    for stage in reversed(stages()):
        parts = [r for r in plan.rows if r.metric is stage and r.channel and not r.team]
        if parts:
            every = [next(r for r in plan.of() if r.metric is stage), *parts]
            headers = [TOTAL.of(lang), *(CHANNEL_LABELS[r.channel].of(lang) for r in parts if r.channel)]
            yield _by_month(plan, stage.label.of(lang), every, headers, lang)
    for team in dict.fromkeys(r.team for r in plan.rows if r.team):
        yield _team_sheet(plan, team, lang)
    yield _budget(plan, lang)
    yield _cac(plan, lang)
    yield _levers(plan, lang)
    yield _variants(plan, lang)


def _assumptions(plan: Plan, lang: Lang) -> Table:
    return Table(
        title=Text("Assumptions", "Giả định").of(lang),
        columns=(
            Column(header="", words=True),
            Column(header=Text("Value", "Giá trị").of(lang)),
            Column(header=Text("Where from", "Nguồn").of(lang), words=True),
        ),
        rows=tuple(
            row(KEY_LABELS[one.key].of(lang), _assumed(one.value, one.key, lang), origin_text(one, lang))
            for one in plan.assumptions
        ),
    )


def origin_text(one: Assumption, lang: Lang) -> str:
    """Where an assumption comes from: ``measured 12 / 48, 2026-04 – 2026-09``."""
    origin, source = ORIGIN_LABELS[one.origin].of(lang), one.source.of(lang)
    if one.numerator is None or one.denominator is None:
        return f"{origin}: {source}" if one.origin in (Origin.DEFAULT, Origin.MISSING) else f"{origin} {source}"
    if one.key is Key.OPENING:
        return f"{origin} {source}"
    unit = Unit.AMOUNT if one.key is Key.ARPA else Unit.CUSTOMERS
    above, below = figure(one.numerator, unit, lang), figure(one.denominator, Unit.CUSTOMERS, lang)
    return f"{origin} {above} / {below}, {source}"


def _channels(plan: Plan, lang: Lang) -> Table:
    def cell(rate: ChannelRate) -> Cell:
        value = figure(rate.rate, Unit.RATE, lang)
        if rate.numerator is not None and rate.denominator is not None:
            above, below = (figure(n, Unit.CUSTOMERS, lang) for n in (rate.numerator, rate.denominator))
            return Cell(f"{value} ({above}/{below})")
        return Cell(f"{value} *" if rate.pooled else value, "dim" if rate.pooled else "")

    return Table(
        title=Text("Channels (* not the channel's own rate)", "Kênh (* không phải tỷ lệ riêng của kênh)").of(lang),
        columns=(
            Column(header=""),
            Column(header=Text("Of new PU", "Tỷ trọng PU").of(lang)),
            *(Column(header=KEY_LABELS[key].of(lang)) for key in STAGE_RATES),
        ),
        rows=tuple(
            row(
                CHANNEL_LABELS[one.channel].of(lang),
                figure(one.share, Unit.RATE, lang),
                *(cell(one.rates[key]) for key in STAGE_RATES),
            )
            for one in plan.channels
        ),
    )


def _by_month(plan: Plan, title: str, rows: Sequence[PlanRow], headers: Sequence[str], lang: Lang) -> Table:
    """Rows of the plan as columns, a line a month, and the range's figures in the last line."""
    figures = [_column(r, lang) for r in rows]
    lines = [
        row(period_text(period, Grain.MONTH, lang), *(column[i] for column in figures))
        for i, period in enumerate(plan.periods)
    ]
    total = row(TOTAL.of(lang), *(column[-1] for column in figures))
    lines.append(tuple(Cell(cell.text, "bold") for cell in total))
    columns = (Column(header=Text("Month", "Tháng").of(lang)), *(Column(header=header) for header in headers))
    return Table(title=title, columns=columns, rows=tuple(lines) if rows else ())


def _team_sheet(plan: Plan, team: str, lang: Lang) -> Table:
    mine = [r for r in plan.rows if r.team == team and (r.missing is None or r.total is not None)]
    shown: list[PlanRow] = []
    headers: list[str] = []
    for r in mine:
        parts = [p for p in mine if p.metric is r.metric and p.channel]
        if r.channel and not 1 < len(parts) <= MOST_CHANNELS_SHOWN:
            continue
        shown.append(r)
        name = CHANNEL_LABELS[r.channel].of(lang) if r.channel else r.metric.short.of(lang)
        headers.append(f"·{name}" if r.channel else name)
    title = _NO_TEAM.of(lang) if team == NOBODY else Text("Team: {team}", "Đội: {team}").filled(team=team).of(lang)
    return _by_month(plan, title, shown, headers, lang)


def _budget(plan: Plan, lang: Lang) -> Table:
    costs = [r for r in plan.rows if r.metric is COST]
    share = next((r for r in plan.rows if r.metric is COST_RATE), None)
    revenue = next(r for r in plan.rows if r.metric is REVENUE)

    def line(r: PlanRow) -> tuple[Cell, ...]:
        name = r.team or TOTAL.of(lang)
        if r.total is None:
            return row(name, Cell(r.missing.reason.of(lang) if r.missing else MISSING, "dim"), MISSING)
        of_revenue = r.total / revenue.total if revenue.total else None
        return row(name, figure(r.total, Unit.AMOUNT, lang), figure(of_revenue, Unit.RATE, lang))

    return Table(
        title=Text("Policy budget ({currency})", "Ngân sách chính sách ({currency})").filled(currency=plan.currency).of(lang),
        columns=(
            Column(header=Text("Team", "Đội").of(lang)),
            Column(header=COST.short.of(lang)),
            Column(header=COST_RATE.label.of(lang)),
        ),
        rows=tuple(line(r) for r in costs) if share is not None else (),
    )  # fmt: skip


def _cac(plan: Plan, lang: Lang) -> Table:
    cac = [r for r in plan.rows if r.metric is CAC]
    payback = {r.channel: r for r in plan.rows if r.metric is PAYBACK}

    def line(r: PlanRow) -> tuple[Cell, ...]:
        name = CHANNEL_LABELS[r.channel].of(lang) if r.channel else TOTAL.of(lang)
        if r.total is None and r.missing:
            return row(name, Cell(r.missing.reason.of(lang), "dim"), MISSING)
        return row(name, figure(r.total, Unit.AMOUNT, lang), figure(payback[r.channel].total, Unit.MONTHS, lang))

    return Table(
        title=Text("CAC by channel", "CAC theo kênh").of(lang),
        columns=(
            Column(header=Text("Channel", "Kênh").of(lang)),
            Column(header=CAC.label.of(lang)),
            Column(header=PAYBACK.label.of(lang)),
        ),
        rows=tuple(line(r) for r in cac),
    )


def _levers(plan: Plan, lang: Lang) -> Table:
    now = next(r for r in plan.of() if r.metric is SIGNUPS).total
    return Table(
        title=Text("One assumption 10 % better: signups then needed", "Cải thiện một giả định 10 %: số đăng ký cần có").of(lang),
        columns=(
            Column(header=""),
            Column(header=Text("Becomes", "Thành").of(lang)),
            Column(header=SIGNUPS.short.of(lang)),
            Column(header=Text("Fewer", "Giảm").of(lang)),
        ),
        rows=tuple(
            row(
                KEY_LABELS[one.key].of(lang),
                _assumed(one.value, one.key, lang),
                figure(one.signups, Unit.PEOPLE, lang),
                figure((now - one.signups) / now, Unit.RATE, lang),
            )
            for one in plan.levers
            if now
        ),
    )  # fmt: skip


def _variants(plan: Plan, lang: Lang) -> Table:
    shown = [r for r in plan.of() if r.metric.by_month]
    header = [Text("Plan", "Kế hoạch").of(lang), *(tame(one.name) for one in plan.variants)]

    def line(r: PlanRow) -> tuple[Cell, ...]:
        others = [figure(one.totals.get(r.metric.key), r.metric.unit, lang) for one in plan.variants]
        return row(r.metric.label.of(lang), figure(r.total, r.metric.unit, lang), *others)

    return Table(
        title=Text("What if", "Nếu như").of(lang),
        columns=(Column(header=""), *(Column(header=name) for name in header)),
        rows=tuple(line(r) for r in shown) if plan.variants else (),
    )
