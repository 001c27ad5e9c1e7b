"""The agreement in tables: its terms, the goal, what each side promised and delivered, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from funnelcli.answers.answer import Block, Column, Heading, Listing, Notes, Raw, Table
from funnelcli.answers.cells import Cell, Day, Number, Words
from funnelcli.answers.goals import team_words
from funnelcli.answers.plain import CHANGE
from funnelcli.answers.report_model import Report, Row
from funnelcli.answers.sla import ATTEMPTS, BY_OWNER, BY_SOURCE, MARKETING, RETURNS, SALES, Agreed
from funnelcli.answers.sla_response import response_blocks
from funnelcli.answers.sla_terms import PROMISES, RULES, hours_lines, term_lines
from funnelcli.facts.dimensions import RETURN_REASON
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.attempts import CHANNELS, on_channel
from funnelcli.planning.keys import Key
from funnelcli.text import NOTHING, Message, Text, as_text, day_words, in_context
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Grain, month_of, shift

_HEADING = Message("{title}, {month}")
_BASIS, _AGAINST = Message("Counted up to {day}, {zone}"), Message("Change: against {base}")
_FIGURE, _PROMISED, _OWNER = Message("Figure"), Message("Promised"), Message("Owner")
_OF_PROMISE = Message("Of promise")
AGREED, GOAL, BREACHES = Message("What was agreed"), Message("Goal"), Message("Promises broken")
_MARKETING, _SALES = Message("Marketing: promised and delivered"), Message("Sales: promised and delivered")
_RETURNED, _LEVERS, _TO_AGREE = Message("Returns"), Message("What would help most"), Message("To agree")
_BY = {
    "source": Message("Quality by source, {months}"), "tier": Message("Quality by tier, {months}"),
    "owner": Message("Sales by owner"), RETURN_REASON: Message("Returns by reason"),
}  # fmt: skip
_NAME, _SAID, _PART = Message("Item"), Message("Agreed on"), Message("Part")
BROKEN = Message("Promises broken to leads handed over from {first} to {last}")
_NO_BREACHES = Message("No promise to a lead of this range was broken, as far as it can be measured.")
_NO_LEVERS = Message(
    "No change is known that would bring anything: it takes promises in [sla] that are not kept, and 30 leads."
)
_LEVERS_NOT_KNOWN = Message("What a change would bring is not known, as the plan cannot tell: {why}")
_WOULD_ADD = Message("Would add: {figure}")
_EACH = Message("A new customer adds {each}.")
_ESTIMATE = Message(
    "By the plan: the {signups} leads of the month at its rates, {to_demo} from signup to demo and {to_paid} from demo "
    "to PU, with one figure at a time taken to its promise. Nothing says that the change alone would do it."
)
_OF_MQLS = Message(
    "There are no demos to plan with: the {mqls} MQLs of the month, of which {share} pay by the latest whose horizon "
    "is over, with one figure at a time taken to its promise. Nothing says that the change alone would do it."
)
_BY_CHANNEL = Message("Attempts by channel")
HEADER = ("owner", "user_id", "promise", "due_at", "over_minutes", "on_leave")
TITLES: Mapping[str, Text] = {
    "owner": Message("owner"), "user_id": Message("lead"), "promise": Message("promise"),
    "due_at": in_context("by when", "due"),
    "over_minutes": Message("minutes over"), "on_leave": Message("on leave"),
}  # fmt: skip
_PROMISE_NAMES = {
    "respond": Message("answer"), "decide": Message("decide"), "attempts": Message("attempts before a return"),
}  # fmt: skip
_YES = Message("yes")
MOST_BREACHES = 20


def heading(asked: Agreed) -> Heading:
    """The headline period, and what the figures stand on."""
    spec, dashboard = asked.report.spec, asked.dashboard
    basis = [Words(_BASIS, facts={"day": Day(spec.as_of), "zone": Words(spec.timezone)}, tone="dim")]
    if dashboard.base is not None:
        basis.append(Words(_AGAINST, facts={"base": dashboard.base}, tone="dim"))
    return Heading(
        text=Words(_HEADING, facts={"title": Words(spec.title), "month": dashboard.month}), basis=tuple(basis)
    )


def all_blocks(asked: Agreed) -> Iterator[Block]:
    """The page of the monthly meeting, from top to bottom."""
    yield heading(asked)
    yield _terms(asked)
    yield from goal_blocks(asked)
    yield _figures(asked, _MARKETING, MARKETING)
    months = asked.dashboard.months(asked.quality.spec.periods[0], asked.quality.spec.periods[-1])
    for name in ("source", "tier"):
        if name in asked.split:
            yield from _by(asked.split[name], Words(_BY[name], facts={"months": months}), BY_SOURCE)
    yield _figures(asked, _SALES, SALES)
    yield from response_blocks(asked)
    yield from _attempts(asked)
    if "owner" in asked.split:
        yield from _by(asked.split["owner"], Words(_BY["owner"]), BY_OWNER)
    yield _figures(asked, _RETURNED, RETURNS)
    if RETURN_REASON in asked.split:
        yield from _by(asked.split[RETURN_REASON], Words(_BY[RETURN_REASON]), RETURNS)
    yield from breach_blocks(asked, most=MOST_BREACHES)
    yield from lever_blocks(asked)
    yield from _to_agree(asked)


# --- what was agreed -------------------------------------------------------------------------------------------------


def _terms(asked: Agreed) -> Table:
    lines: list[tuple[Cell, ...]] = [(Words(Message("Hand-over")), Words(RULES.get(asked.rule, NOTHING)))]
    lines += [*term_lines(asked.sla, asked.report.spec.as_of), *hours_lines(asked)]
    return Table(
        title=Words(AGREED), columns=(Column(header=Words(_NAME)), Column(header=Words(_SAID), words=True)),
        rows=tuple(lines),
    )  # fmt: skip


def goal_blocks(asked: Agreed) -> Iterator[Table]:
    """Where the goal stands."""
    state = asked.goal
    if state is None:
        return
    metric, currency = CATALOGUE[state.goal.metric], asked.report.spec.currency

    def number(value: float | None) -> Cell:
        return Number(value=value, unit=metric.unit, currency=currency)

    needed = Number(value=state.mqls, unit=Unit.PEOPLE)
    yield Table(
        title=Words(GOAL),
        columns=tuple(
            Column(header=Words(text))
            for text in (
                _FIGURE, Message("Goal"), Message("By"), Message("Due by today"), Message("Reached"),
                Message("MQLs still needed"),
            )
        ),
        rows=((
            Words(metric.label), number(float(state.goal.amount)), Day(state.goal.by or state.since),
            number(state.due), number(state.reached), needed,
        ),),
    )  # fmt: skip


# --- figures ---------------------------------------------------------------------------------------------------------


def _figures(asked: Agreed, title: Text, keys: tuple[str, ...]) -> Table:
    """Figures beside what was promised, the change and who owns them."""
    dashboard = asked.dashboard
    compared = dashboard.base is not None
    columns = [
        Column(header=Words(_FIGURE)), Column(header=replace(dashboard.month, partial=False)),
        *([Column(header=Words(CHANGE), spare=1)] if compared else []), Column(header=Words(_PROMISED)),
        Column(header=Words(_OF_PROMISE), spare=3, drawn="goal"),
        Column(header=Words(_OWNER), words=True, spare=2),
    ]  # fmt: skip
    lines = []
    for row in asked.rows(keys):
        change: list[Cell] = [dashboard.change(row) or Words(NOTHING)] if compared else []
        owner = Words(team_words(row.metric.owner))
        of_promise = _of_promise(asked, row)
        lines.append((Words(row.label), dashboard.figure(row), *change, promised(asked, row), of_promise, owner))
    return Table(title=Words(title), columns=tuple(columns), rows=tuple(lines))


def _of_promise(asked: Agreed, row: Row) -> Cell:
    """What a figure is of its promise, or of its limit; a dash where nothing was promised, or nobody knows."""
    value, promise = row.cells[asked.dashboard.headline].value, promise_of(asked, row)
    if value is None or not promise:
        return Words(NOTHING)
    kept = is_kept(asked, row)
    return Number(value=value / promise, unit=Unit.RATE, tone="" if kept is None else "good" if kept else "bad")


def promise_of(asked: Agreed, row: Row) -> float | None:
    """What was promised of a figure, by the targets where these are the promise, else by the settings."""
    goal = asked.dashboard.goal(row.metric.key)
    value = declared_promise(asked, row)
    return value if value is not None or goal is None or goal.target.value is None else float(goal.target.value)


def promised(asked: Agreed, row: Row) -> Cell:
    """What was promised of a figure, with the sign of whether it is kept; a dash where nothing was."""
    goal = asked.dashboard.goal(row.metric.key)
    value = declared_promise(asked, row)
    if value is None and goal is None:
        return Words(NOTHING)
    target: Cell = (
        goal.target if value is None and goal is not None
        else Number(value=value, unit=row.unit, currency=asked.report.spec.currency)
    )  # fmt: skip
    kept = is_kept(asked, row)
    if kept is None:
        return target
    facts: dict[str, Cell] = {"target": target, "sign": Words("✓" if kept else "✗")}
    return Words(as_text("{target}\u00a0{sign}"), facts=facts, tone="good" if kept else "bad")


def declared_promise(asked: Agreed, row: Row) -> float | None:
    """What the settings promise of a figure; nothing of what the targets say, where these are the promise."""
    by_targets = asked.sla.goal is not None and bool(asked.sla.goal.file)
    if by_targets and asked.dashboard.goal(row.metric.key) is not None:
        return None
    if row.metric.key == "mqls":
        promised_mqls = asked.dashboard.row("promised_mqls")
        return None if promised_mqls is None else promised_mqls.cells[asked.dashboard.headline].value
    promise = PROMISES.get(row.metric.key)
    return promise(asked.sla) if promise is not None else None


_GROWING = frozenset(("mqls", "marketing_commitment_ratio"))  # figures of a month that still runs may yet get there


def is_kept(asked: Agreed, row: Row) -> bool | None:
    """Whether a figure is what was promised of it; None where nothing was, or nobody knows (yet)."""
    value, goal = declared_promise(asked, row), asked.dashboard.goal(row.metric.key)
    figure = row.cells[asked.dashboard.headline].value
    if value is None and goal is not None:
        return goal.kept
    if value is None or figure is None:
        return None
    kept = figure <= value if row.metric.good == "down" else figure >= value
    runs = asked.dashboard.period.last_day > asked.report.spec.as_of
    return None if not kept and runs and row.metric.key in _GROWING else kept


def _by(report: Report, title: Words, keys: tuple[str, ...]) -> Iterator[Table]:
    """Some figures of each part, a part a line; parts without any are left out, and so is a table of none."""
    parts = list(dict.fromkeys(row.part for row in report.rows if row.part is not None))
    cells = {(row.part, row.metric.key): row for row in report.rows}
    shown = [key for key in keys if any((part, key) in cells for part in parts)]
    lines = []
    for part in parts:
        rows = [cells.get((part, key)) for key in shown]
        values = [None if row is None else row.total for row in rows]
        if any(value is not None and value.value for value in values):
            lines.append((Words(part.label if part is not None else ""), *(
                Words(NOTHING) if row is None or value is None
                else Number(value=value.value, unit=row.unit, currency=report.spec.currency, missing=value.missing)
                for row, value in zip(rows, values, strict=True)
            )))  # fmt: skip
    columns = (Column(header=Words(_PART)), *(Column(header=Words(CATALOGUE[key].label)) for key in shown))
    if lines:
        yield Table(title=title, columns=columns, rows=tuple(lines))


# --- what to do ------------------------------------------------------------------------------------------------------


def breach_cells(asked: Agreed) -> list[tuple[Raw, ...]]:
    """The lines of the list, in the order of its header."""
    return [
        (row.owner, row.user_id, row.promise, row.due_at, row.over_minutes, "yes" if row.on_leave else "")
        for row in asked.breaches
    ]


def span_words(asked: Agreed) -> dict[str, Text]:
    """The days from and to which the leads were handed over whose broken promises are listed."""
    return {name: day_words(day) for name, day in zip(("first", "last"), asked.span, strict=True)}


def breach_blocks(asked: Agreed, *, titled: bool = True, most: int | None = None) -> Iterator[Block]:
    """The broken promises, those that still wait first."""
    if not asked.breaches:
        yield Notes((Words(_NO_BREACHES),))
        return
    rows: list[tuple[Raw, ...]] = [
        (
            row.owner or None, row.user_id, _PROMISE_NAMES[row.promise], row.due_at, row.over_minutes,
            _YES if row.on_leave else None,
        )
        for row in asked.breaches[:most]
    ]  # fmt: skip
    yield Listing(
        header=HEADER, rows=rows, numbers=frozenset({"over_minutes"}), titles=TITLES,
        title=Words(BROKEN.filled(**span_words(asked))) if titled else None,
    )  # fmt: skip
    if most is not None and len(asked.breaches) > most:
        more = Message("{n} more; --breaches lists them all.")
        yield Notes((Words(more.filled(n=len(asked.breaches) - most)),))


def lever_blocks(asked: Agreed) -> Iterator[Block]:
    """The changes that would bring most."""
    levers, currency = asked.levers, asked.report.spec.currency
    if not levers.changes:
        yield Notes((Words(_NO_LEVERS if levers.why is None else _LEVERS_NOT_KNOWN.filled(why=levers.why)),))
        return
    of = CATALOGUE[levers.of]

    def number(value: float, unit: Unit) -> Number:
        return Number(value=value, unit=unit, currency=currency)

    yield Table(
        title=Words(_LEVERS),
        columns=tuple(
            Column(header=header)
            for header in (
                Words(_FIGURE), Words(Message("Now")), Words(_PROMISED),
                Words(_WOULD_ADD, facts={"figure": Words(of.label)}), Words(Message("Leads")),
            )
        ),
        rows=tuple(
            (
                Words(CATALOGUE[lever.key].label), number(lever.now, CATALOGUE[lever.key].unit),
                number(lever.promise, CATALOGUE[lever.key].unit),
                # Parts of a customer are no customer, but a tenth of one each month is one a year.
                number(round(lever.effect, 2), of.unit if of.unit is Unit.AMOUNT else Unit.NUMBER),
                Number(value=lever.leads),
            )
            for lever in levers.changes
        ),
    )  # fmt: skip
    if of.unit is Unit.AMOUNT:
        yield Notes((Words(_EACH, facts={"each": number(levers.each, Unit.AMOUNT)}),))
    if levers.share is not None:
        of_mqls: dict[str, Cell] = {"mqls": Number(value=levers.mqls), "share": number(levers.share, Unit.RATE)}
        yield Notes((Words(_OF_MQLS, facts=of_mqls),))
        return
    facts: dict[str, Cell] = {
        "signups": Number(value=levers.signups), "to_demo": number(levers.rates[Key.SIGNUP_TO_DEMO], Unit.RATE),
        "to_paid": number(levers.rates[Key.DEMO_TO_PAID], Unit.RATE),
    }  # fmt: skip
    yield Notes((Words(_ESTIMATE, facts=facts),))


def to_agree(asked: Agreed) -> list[Row]:
    """The figures of which less than promised was kept."""
    return [row for row in asked.rows((*MARKETING, *SALES, *RETURNS)) if is_kept(asked, row) is False]


def _to_agree(asked: Agreed) -> Iterator[Block]:
    """What was not kept: to be agreed anew, by whom, and by the end of the month that the next meeting looks at."""
    missed, dashboard = to_agree(asked), asked.dashboard
    if missed:
        last = month_of(max(asked.report.spec.as_of, shift(month_of(dashboard.period.last_day), 1, Grain.MONTH).start))
        headers = (Message("What"), Message("Now"), _PROMISED, Message("Who"), Message("By"))
        yield Table(
            title=Words(_TO_AGREE),
            columns=tuple(Column(header=Words(text), words=text not in (headers[1], headers[2])) for text in headers),
            rows=tuple(
                (
                    Words(row.label), dashboard.figure(row), promised(asked, row), Words(team_words(row.metric.owner)),
                    Day(last.last_day),
                )
                for row in missed
            ),
        )  # fmt: skip


def _attempts(asked: Agreed) -> Iterator[Block]:
    """The attempts on each channel that was agreed on."""
    values = {row.metric.key: row.cells[asked.dashboard.headline].value for row in asked.rows(ATTEMPTS)}
    total, leads = values.get("lead_attempts"), values.get("seen_leads")
    if not total or not leads:
        return
    lines = []
    for channel in asked.sla.sales.channels:
        number = values.get(on_channel(channel)) or 0
        lines.append((
            Words(CHANNELS[channel]), Number(value=number), Number(value=number / total, unit=Unit.RATE),
            Number(value=number / leads, unit=Unit.NUMBER),
        ))  # fmt: skip
    headers = (Message("Channel"), Message("Attempts"), Message("Share"), Message("A lead"))
    yield Table(
        title=Words(_BY_CHANNEL), columns=tuple(Column(header=Words(text)) for text in headers), rows=tuple(lines)
    )


def not_measurable(asked: Agreed) -> dict[str, tuple[Text, list[Row]]]:
    """The figures without a value in the headline period, by the code of why."""
    why: dict[str, tuple[Text, list[Row]]] = {}
    for row in asked.rows((*MARKETING, *SALES, *RETURNS)):
        missing = row.cells[asked.dashboard.headline].missing
        if missing is not None:
            why.setdefault(missing.code, (missing.reason, []))[1].append(row)
    return why
