"""What a forecast stands on: the level of signups, rates with what was divided, who is on the way, churn, amounts."""

from __future__ import annotations

from collections.abc import Iterator

from funnelcli.answers.answer import Column, Table
from funnelcli.answers.cells import Cell, Number, Precision, Words
from funnelcli.answers.forecast import Foretold
from funnelcli.planning.forecast import StreamShape, rate_of
from funnelcli.planning.known_past import BACK, DEMOS, NEW, SIGNUPS
from funnelcli.planning.lag import still_open
from funnelcli.planning.landing import LEVERS_OF_STEPS, LeverKey
from funnelcli.text import COMMA, Message, Text, grouped, joined
from funnelcli.values.figures import Unit

Line = tuple[Text, Number, Text]
LEVERS: dict[LeverKey, tuple[Text, Unit]] = {
    "signups": (Message("Signups a month"), Unit.PEOPLE),
    "signup_to_demo": (Message("Signup → demo"), Unit.RATE),
    "demo_to_paid": (Message("Demo → PU"), Unit.RATE),
    "signup_to_paid": (Message("Signup → PU"), Unit.RATE),
    "churn": (Message("Churn a month"), Unit.RATE),
    "arpa": (Message("What a new PU brings a month"), Unit.AMOUNT),
}
_TITLE, _WHAT, _NOW, _FROM = (
    Message("What it stands on"), Message("Assumption"), Message("Today"), Message("From")
)  # fmt: skip
_LEVEL, _TREND, _SEASON = (
    Message("the level of {n} [month|months], the latest counting most"), Message("going on with a damped trend"),
    Message("with a season"),
)  # fmt: skip
_RATE = Message("by lag, of {n} who could, in the latest {months} months; {slow}")
_SAME_MONTH, _MEDIAN = (
    Message("half of those who do, in the same month"),
    Message("half of those who do, within {n} month [end|ends]"),
)
_OPEN: dict[str, Text] = {
    SIGNUPS: Message("Signups on the way"), DEMOS: Message("Demos on the way"),
}  # fmt: skip
_MAY = Message("open, and not past the longest lag")
_OTHERS: dict[str, Text] = {
    DEMOS: Message("Demos without a signup, a month"), NEW: Message("New PU without a signup, a month"),
}  # fmt: skip
_ALONE: dict[str, Text] = {
    DEMOS: Message("Demos a month"), NEW: Message("New PU a month"), BACK: Message("Reactivated PU a month"),
}  # fmt: skip
_CHURN = Message("{lost} lost of {paying} customer-months, {n} [month|months]")
_AMOUNTS = Message("{n} new PU lately")
_LOST, _LOST_FROM = Message("MRR of a lost PU / average"), Message("of those lost lately")
_GROWS, _GROWS_FROM = (
    Message("Growth of the MRR of the others, a month"),
    Message("expansion less contraction, {n} [month|months]"),
)


def basis_table(asked: Foretold) -> Table:
    """Each assumption with its value and where that is from."""
    return Table(
        title=Words(_TITLE),
        columns=(
            Column(header=Words(_WHAT), words=True), Column(header=Words(_NOW)),
            Column(header=Words(_FROM), words=True),
        ),
        rows=tuple(_line(line) for line in basis(asked)),
    )  # fmt: skip


def _line(line: Line) -> tuple[Cell, ...]:
    what, now, source = line
    return Words(what), now, Words(source, tone="dim")


def basis(asked: Foretold) -> Iterator[Line]:
    """What the forecast takes for granted."""
    past, shapes = asked.past, asked.forecast.shapes
    if SIGNUPS in shapes:
        yield LEVERS["signups"][0], _number(shapes[SIGNUPS].level, Unit.PEOPLE), _level(shapes[SIGNUPS])
    for place, step in enumerate(past.steps):
        lag = rate_of(step)
        half = next(at for at in range(len(lag.shares)) if lag.by(at) >= lag.reached / 2)
        slow = _MEDIAN.filled(n=half) if half else _SAME_MONTH
        source = _RATE.filled(n=grouped(step.counts.known[0]), months=asked.recent, slow=slow)
        name, unit = LEVERS[LEVERS_OF_STEPS[past.stages[place], past.stages[place + 1]]]
        yield name, _number(lag.reached, unit), source
    lags = [rate_of(step) for step in past.steps]
    for stage, number in zip(past.stages, still_open(past.hand, lags), strict=False):
        yield _OPEN[stage], _number(float(number), Unit.PEOPLE), _MAY
    for key, alone in _ALONE.items():
        if key in shapes:
            words = _OTHERS[key] if key in past.stages else alone
            yield words, _number(shapes[key].level, Unit.PEOPLE), _level(shapes[key])
    yield from _of_customers(asked)


def _of_customers(asked: Foretold) -> Iterator[Line]:
    past = asked.past
    if past.churn:
        lost, paying = (sum(column) for column in zip(*past.churn, strict=True))
        name, unit = LEVERS["churn"]
        yield (
            name,
            _number(past.churn_rate, unit),
            _CHURN.filled(lost=grouped(lost), paying=grouped(paying), n=len(past.churn)),
        )
    if past.mrr is None:
        return
    worth = past.worth
    if worth.amounts:
        name, unit = LEVERS["arpa"]
        yield name, _number(worth.mean, unit, asked.currency), _AMOUNTS.filled(n=grouped(len(worth.amounts)))
    if worth.lost_rate != 1:
        yield _LOST, _number(worth.lost_rate, Unit.RATE), _LOST_FROM
    if any(worth.grows):
        grows = sum(worth.grows) / len(worth.grows)
        yield _GROWS, _number(grows, Unit.RATE), _GROWS_FROM.filled(n=len(worth.grows))


def _level(shape: StreamShape) -> Text:
    parts = [
        _LEVEL.filled(n=shape.months),
        *([_TREND] if shape.has_trend else []),
        *([_SEASON] if shape.has_season else []),
    ]
    return joined(COMMA, parts)


def _number(value: float, unit: Unit, currency: str = "") -> Number:
    return Number(value=value, unit=unit, currency=currency, precision=Precision.PLANNED)
