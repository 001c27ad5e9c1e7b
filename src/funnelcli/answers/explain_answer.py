"""An explanation as an answer: the definition, the arithmetic and the rows behind it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from funnelcli.answers.answer import (
    Answer,
    Block,
    Column,
    Fact,
    Facts,
    Heading,
    Listing,
    NextStep,
    Page,
    Raw,
    Sheet,
    Tab,
    Table,
    Term,
    Terms,
)
from funnelcli.answers.catalogue_answer import source_words
from funnelcli.answers.cells import Cell, Code, Day, Months, Number, Words
from funnelcli.answers.explain import CountedRow, Explanation
from funnelcli.answers.plain import VALUE, titles
from funnelcli.answers.report_answer import part_data, sources_data
from funnelcli.answers.uncertain import INTERVAL, interval_data, interval_of, interval_words, why_none
from funnelcli.facts.dimensions import CHANNEL
from funnelcli.metrics.model import (
    Annualised,
    Balance,
    Flow,
    Formula,
    Metric,
    Monthly,
    Percentile,
    Product,
    Ranking,
    Ratio,
    Setting,
    Trailing,
)
from funnelcli.text import Message, Text, as_text, day_words, joined
from funnelcli.values.figures import Unit, Value
from funnelcli.values.placeholders import AS_OF, PERIOD

_ROW_TITLES = titles(
    Message("part"), Message("file"), Message("line"), Message("date"), Message("source"), Message("channel"),
    Message("counts"), Message("plan"), Message("owner"), Message("ended"), Message("days"), Message("minutes"),
)  # fmt: skip
ENDED = "ended"
_FORMULA = Message("Formula")
_SOURCE = Message("Source")
_OWNER = Message("Owner")
_UNIT = Message("Unit")
_MADE_OF = Message("Made of")
_FIGURE, _ROWS_TAB = Message("Figure"), Message("Rows")
_ROWS = Message("Rows counted ({n})")
_AGAIN = Message("The rows behind it: {command}")


def explain_answer(explained: Explanation, rows: Sequence[CountedRow] | None, *, command: str | None) -> Answer:
    """The explanation, with ``rows`` where they were asked for, else with the ``command`` that would show them."""
    header = row_header(explained)
    listed = [_cells(row, header, explained) for row in rows or ()]
    return Answer(
        title=explained.metric.label_for(explained.period.grain),
        pages=(Page(blocks=_blocks(explained, listed if rows is not None else None, command)),),
        sheets=(Sheet(header=header, rows=listed),),
        data=explain_data(explained, listed if rows is not None else None),
        names={PERIOD: explained.period.key, AS_OF: explained.as_of.isoformat()},
        tabs=lambda: _tabs(_blocks(explained, listed if rows is not None else None, None)),
    )


def _tabs(blocks: Sequence[Block]) -> tuple[Tab, ...]:
    """The figure with what it is made of, and the rows behind it."""
    heading = next(block for block in blocks if isinstance(block, Heading))
    rows = [Tab(name=_ROWS_TAB, blocks=(heading, block)) for block in blocks if isinstance(block, Listing)]
    return (Tab(name=_FIGURE, blocks=tuple(block for block in blocks if not isinstance(block, Listing))), *rows)


def rows_command(explained: Explanation, place: str, options: Mapping[str, object]) -> str:
    """The command that shows the rows behind a figure, with the ``options`` given; ``place`` is as a shell takes it.

    An option of the value True is a flag; those of no value are left out.
    """
    command = f"funnelcli explain {explained.metric.key} {place} --month {explained.period.key} --rows"
    if explained.channel is not None:
        options = {"--channel": explained.channel.value, **options}
    elif explained.dimension is not None:
        options = {"--by": explained.dimension.name, "--part": explained.part and explained.part.key, **options}
    for name, value in options.items():
        command += "" if not value else f" {name}" if value is True else f" {name} {shlex.quote(str(value))}"
    return command


def row_header(explained: Explanation) -> tuple[str, ...]:
    """The columns of the rows; the last but one is the row's channel, or its value of the dimension asked for."""
    dimension = explained.dimension.name if explained.dimension else CHANNEL
    subject = () if explained.subject is None else (explained.subject,)
    times = (ENDED, explained.metric.unit.value) if isinstance(explained.metric.kind, Percentile) else ()
    columns = ("part", "file", "line", *subject, "user_id", "date", "source", dimension, "counts", *times)
    return tuple(dict.fromkeys(columns))


def _cells(row: CountedRow, header: Sequence[str], explained: Explanation) -> tuple[Raw, ...]:
    dimension = explained.dimension
    known: dict[str, Raw] = {
        "part": row.part,
        "file": row.file,
        "line": row.line,
        "user_id": row.user_id,
        "date": row.day,
        "source": row.source,
        CHANNEL: row.channel.value if row.channel else "",
        "counts": row.amount,
        ENDED: row.ended,
        explained.metric.unit.value: row.lasted,
    }
    if dimension is not None and dimension.name != CHANNEL:
        known[dimension.name] = row.value
    if explained.subject is not None:
        known[explained.subject] = row.subject
    return tuple(known[column] for column in header)


# --- for people ------------------------------------------------------------------------------------------------------


def _blocks(explained: Explanation, rows: Sequence[Sequence[Raw]] | None, command: str | None) -> tuple[Block, ...]:
    blocks: list[Block] = [_heading(explained), _facts(explained)]
    if explained.inputs:
        blocks.append(_terms(explained))
    if explained.parts:
        blocks.append(_parts(explained))
    if rows is not None:
        title = Words(_ROWS, facts={"n": Number(value=len(rows))}, tone="bold")
        blocks.append(_listing(explained, rows, title))
    elif command is not None:
        blocks.append(NextStep(Words(_AGAIN, facts={"command": Words(command)}, tone="dim")))
    return tuple(blocks)


def _listing(explained: Explanation, rows: Sequence[Sequence[Raw]], title: Words) -> Listing:
    return Listing(
        title=title,
        header=row_header(explained),
        rows=rows,
        numbers=frozenset({"counts", explained.metric.unit.value}),
        titles=_ROW_TITLES,
    )


def row_listing(explained: Explanation, counted: Sequence[CountedRow], title: Words) -> Listing:
    """The rows that a figure counts, as a list under a title."""
    header = row_header(explained)
    return _listing(explained, [_cells(row, header, explained) for row in counted], title)


def _heading(explained: Explanation) -> Heading:
    grain = explained.period.grain
    facts: dict[str, Cell] = {
        "label": Words(explained.metric.label_for(grain)),
        "period": Months(first=explained.period, grain=grain),
    }
    pattern: Text = Message("{label}, {period}")
    if explained.part is not None and explained.dimension is not None:
        facts["dimension"] = Words(explained.dimension.title)
        facts["part"] = Words(explained.part.label)
        named = ", {part}" if explained.channel else ", {dimension} {part}"
        pattern = joined("", [pattern, named])
    if explained.period.cut_by(explained.as_of):
        facts["day"] = Day(explained.as_of)
        pattern = joined("", [pattern, Message(", counted up to {day}")])
    if explained.over != explained.period:
        facts["first"] = Words(day_words(explained.over.start))
        facts["last"] = Words(day_words(min(explained.over.last_day, explained.as_of)))
        over = Message(", over {first} to {last}, which both exports reach")
        if not isinstance(explained.metric.kind, Ratio):
            over = Message(", over {first} to {last}")
        pattern = joined("", [pattern, over])
    definition = Words(explained.metric.definition)
    return Heading(key=explained.metric.key, text=Words(pattern, facts=facts), basis=(definition,))


def _facts(explained: Explanation) -> Facts:
    metric = explained.metric
    unit = metric.unit.words
    interval = interval_words(metric, explained.value, explained.part)
    return Facts(
        facts=(
            Fact(name=_FORMULA, cell=Code(metric.words_of(explained.part))),
            Fact(name=VALUE, cell=arithmetic(explained)),
            *(() if interval is None else (Fact(name=INTERVAL, cell=interval),)),
            Fact(
                name=_UNIT,
                cell=Words(joined(" ", [unit, f"({explained.currency})"]) if metric.unit is Unit.AMOUNT else unit),
                detail=True,
            ),
            *([Fact(name=_OWNER, cell=Words(metric.owner), detail=True)] if metric.owner else []),
            Fact(name=_SOURCE, cell=Words(source_words(metric.source)), detail=True),
        )
    )


def _number(value: Value, unit: Unit, currency: str) -> Number:
    return Number(value=value.value, unit=unit, currency=currency, missing=value.missing)


def arithmetic(explained: Explanation) -> Cell:
    """The numbers put in and what comes out: ``5 / 200 = 2.5%``; for what is missing, why.

    What is counted and not computed is its number alone.
    """
    currency, value = explained.currency, explained.value
    facts: dict[str, Cell] = {metric.key: _number(given, metric.unit, currency) for metric, given in explained.inputs}
    result = _number(value, explained.metric.unit, currency)
    facts["result"] = result
    match explained.metric.kind:
        case Ratio(numerator=key, of_whole=True, denominator=_) if value.denominator is not None:
            unit = next(metric.unit for metric, _ in explained.inputs if metric.key == key)
            facts["whole"] = Number(value=value.denominator, unit=unit, currency=currency)
            pattern = f"{{{key}}} / {{whole}} = {{result}}"
        case Ratio(numerator=numerator, denominator=denominator, times=times):
            factor = "" if times == 1 else f"{times} * "
            pattern = f"{factor}{{{numerator}}} / {{{denominator}}} = {{result}}"
        case Formula() if explained.is_counted_at_once:
            return replace(result, tone="bold")
        case Formula() as formula:
            plus = formula.plus_of(explained.part)
            sums = " + ".join(f"{{{key}}}" for key in plus) + "".join(f" - {{{key}}}" for key in formula.minus)
            pattern = f"{sums} = {{result}}"
        case Product(times=times, over=over, factor=by):
            divided = "".join(f" / {{{key}}}" for key in over)
            factor = "" if by == 1 else f"{by} * "
            pattern = factor + " * ".join(f"{{{key}}}" for key in times) + divided + " = {result}"
        case Percentile() if value.denominator is not None:
            return _ended(value, result)
        case Ranking() if value.denominator is not None:
            facts["right"], facts["pairs"] = Number(value=value.numerator), Number(value=value.denominator)
            return Words(_PAIRS, facts=facts, tone="bold")
        case _ if value.missing is None:
            return replace(result, tone="bold")
        case Flow() | Balance() | Trailing() | Monthly() | Setting() | Percentile() | Annualised() | Ranking():
            pattern = "{result}"
    if value.missing:
        facts["why"] = Words(value.missing.reason)
        pattern += " ({why})"
    return Words(as_text(pattern), facts=facts, tone="bold")


_ENDED, _ENDED_WHY = Message("{result} ({ended} of {all} ended)"), Message("{result} ({why}; {ended} of {all} ended)")


_PAIRS = Message("{right} of {pairs} pairs stand right: {result}")


def _ended(value: Value, result: Number) -> Words:
    """A percentile of how long things take, with how many of how many have ended."""
    facts: dict[str, Cell] = {
        "result": result, "ended": Number(value=value.numerator), "all": Number(value=value.denominator),
        **({} if value.missing is None else {"why": Words(value.missing.reason)}),
    }  # fmt: skip
    return Words(_ENDED if value.missing is None else _ENDED_WHY, facts=facts, tone="bold")


def _terms(explained: Explanation) -> Terms:
    grain = explained.period.grain

    def term(metric: Metric, value: Value) -> Term:
        label = metric.label_for(grain)
        if value.missing:
            why = value.missing.reason
            label = joined("", [label, " (", why, ")"])
        return Term(
            key=Code(metric.key), value=_number(value, metric.unit, explained.currency), label=Words(label)
        )  # fmt: skip

    return Terms(title=_MADE_OF, terms=tuple(term(metric, value) for metric, value in explained.inputs))


def _parts(explained: Explanation) -> Table:
    """The figure of every part of the dimension that was asked for."""
    assert explained.dimension is not None
    unit = explained.metric.unit
    columns = (Column(header=Words(explained.dimension.title), words=True), Column(header=Words(VALUE)))
    rows = tuple((Words(part.label), _number(value, unit, explained.currency)) for part, value in explained.parts)
    title = Message("By part: {dimension}").filled(dimension=explained.dimension.title)
    return Table(columns=columns, rows=rows, title=Words(title, tone="bold"))


# --- for programs ----------------------------------------------------------------------------------------------------


def _value_data(value: Value, unit: Unit) -> dict[str, Any]:
    return {
        "value": value.value,
        "unit": unit.value,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "missing": value.missing.reason.of("en") if value.missing else None,
    }


def _certainty_data(explained: Explanation) -> dict[str, Any]:
    """The interval of a rate, or why it has none."""
    why = why_none(explained.metric, explained.value, explained.part)
    if why is not None:
        return {"interval": None, "no_interval": why.of("en")}
    return _interval_data(explained.value)


def _interval_data(value: Value) -> dict[str, Any]:
    interval = interval_of(value)
    return {} if interval is None else {"interval": interval_data(interval)}


def _over_data(explained: Explanation) -> dict[str, Any]:
    """The part of the period that a rate is taken over, where it is not the whole."""
    if explained.over == explained.period:
        return {}
    return {"over": {"start": explained.over.start.isoformat(), "end_exclusive": explained.over.end.isoformat()}}


def explain_data(explained: Explanation, rows: Sequence[Sequence[Raw]] | None) -> dict[str, Any]:
    """The explanation as plain data, format_version 1."""
    metric = explained.metric
    data: dict[str, Any] = {
        "format": "funnelcli.explanation",
        "format_version": 1,
        "metric": metric.key,
        "label": metric.label_for(explained.period.grain).of("en"),
        "definition": metric.definition.of("en"),
        "formula": metric.formula_of(explained.part),
        "source": metric.source,
        "period": explained.period.key,
        "as_of": explained.as_of.isoformat(),
        **_over_data(explained),
        **part_data(explained.part, explained.dimension),
        **_value_data(explained.value, metric.unit),
        **_certainty_data(explained),
        "currency": explained.currency,
        "inputs": [{"metric": part.key, **_value_data(value, part.unit)} for part, value in explained.inputs],
    }
    if explained.parts:
        data["parts"] = [
            {**part_data(part, explained.dimension), **_value_data(value, metric.unit), **_interval_data(value)}
            for part, value in explained.parts
        ]
    if rows is not None:
        header = row_header(explained)
        date = header.index("date")
        data["rows"] = [{**dict(zip(header, row, strict=True)), "date": str(row[date] or "")} for row in rows]
    return {**data, "sources": sources_data(explained.sources)}
