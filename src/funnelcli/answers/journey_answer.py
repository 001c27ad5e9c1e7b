"""A journey as an answer: its stages over the whole range, then every figure by period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from funnelcli.answers.answer import Answer, Block, Column, Heading, Notes, Page, Tab, Table
from funnelcli.answers.cells import Cell, Day, Months, Number, Words
from funnelcli.answers.cohorts import NO_WINDOW_OVER
from funnelcli.answers.cohorts_data import cohorts_data
from funnelcli.answers.journey import NO_NEXT, JourneyReport, Loss, StageFigures
from funnelcli.answers.journey_page import journey_page
from funnelcli.answers.layout import Layout
from funnelcli.answers.report_answer import figures, part_data, report_answer, report_data
from funnelcli.answers.report_figures import footnotes
from funnelcli.answers.uncertain import interval_data
from funnelcli.facts.dimensions import UNKNOWN
from funnelcli.metrics.missing import STAYS_BELOW
from funnelcli.metrics.times import QUANTILES
from funnelcli.stats.intervals import Interval, wilson
from funnelcli.text import Message, Text, as_text, joined
from funnelcli.values.figures import Missing, Unit

_STAGES = Message("Stages")
_STAGE, _ENTERED, _THERE = Message("Stage"), Message("Entered"), Message("Still there")
_LEFT_BY = Message("{share} % gone by")
_GOAL, _WITHIN, _MATURED, _INTERVAL = Message("Next"), Message("Within {window}"), Message("Matured"), Message("95 %")
_NEXT_BY = Message("Half there by")
_WHOLE = Message("Whole business")
_BASIS = Message("{range}; within {window} of the first entry; counted up to {day}, {zone}")
_UNDATED = Message("Without a date: {stages}. They count as in their stage at the end, and in no other figure.")
_OF_STAGE = Message("{stage} {n}")
_READ = Message(
    "Gone by which day: from the first entry into a stage to the first later one or any end; whoever is still there "
    "counts as not yet gone."
)
_BY_THEN, _ALL = Message("Days by when how many have it"), Message("Of all who came")
_TO_VALUE = Message("From {start} to {goal}")
_LOST, _REASON, _NUMBER, _AMOUNT = Message("Lost, by reason"), Message("Reason"), Message("Number"), Message("Amount")
_NO_REASON = Message("no reason given")
_UNPRICED = Missing("no-amounts-of-deals", Message("none of them has an amount"))
_COVERAGE = Message("Open pipeline beside the targets")
_MONTH, _TARGET, _WON_SO_FAR, _TO_WIN = (
    Message("Month"),
    Message("To be won"),
    Message("Won so far"),
    Message("Left to win"),
)
_EXPECTED, _WORTH, _COVERS = Message("Deals expected"), Message("Worth"), Message("Covers")
_NOT_EXPECTED = Message(
    "Open deals that are expected in no month: {overdue} whose day is over, {undated} without one. What is left is "
    "worth the average deal won."
)


def journey_answer(asked: JourneyReport) -> Answer:
    """Everything that a journey has to say."""
    of_report = report_answer(asked.report)
    blocks = (_heading(asked), *_tables(asked), *_coverage(asked), *_live(asked), *_losses(asked))
    notes = _notes(asked)
    pages = tuple(
        Page(layout=layout, blocks=(*blocks, figures(asked.report, layout), notes)) for layout in _layouts(asked)
    )
    return Answer(
        title=asked.journey.title,
        pages=pages,
        sheets=of_report.sheets,
        data=journey_data(asked),
        names=of_report.names,
        drawn=lambda: journey_page(asked, blocks[1:], notes),
        tabs=lambda: (
            Tab(name=_STAGES, blocks=blocks),
            Tab(name=Message("Figures"), blocks=(_heading(asked), figures(asked.report, _layouts(asked)[0]), notes)),
        ),
    )


def _layouts(asked: JourneyReport) -> tuple[Layout | None, ...]:
    return (Layout.METRIC, Layout.PART) if asked.report.spec.by else (None,)


def _heading(asked: JourneyReport) -> Heading:
    spec = asked.report.spec
    facts: dict[str, Cell] = {
        "range": Months(first=spec.periods[0], last=spec.periods[-1], grain=spec.grain),
        "window": Words(asked.window.words), "day": Day(spec.as_of), "zone": Words(spec.timezone),
    }  # fmt: skip
    return Heading(text=Words(asked.journey.title), basis=(Words(_BASIS, facts=facts, tone="dim"),))


def _tables(asked: JourneyReport) -> Iterator[Block]:
    for part in dict.fromkeys(stage.part for stage in asked.stages):
        rows = [stage for stage in asked.stages if stage.part == part]
        title = Words(part.label if part is not None else _WHOLE if asked.report.spec.by else _STAGES)
        yield Table(title=title, columns=tuple(_columns(asked)), rows=tuple(tuple(_line(stage)) for stage in rows))


def _coverage(asked: JourneyReport) -> Iterator[Block]:
    """The open deals beside what is still to be won in the months that have targets."""
    known = asked.coverage
    if known is None:
        return
    currency = asked.report.spec.currency
    headers = (_MONTH, _TARGET, _WON_SO_FAR, _TO_WIN, _EXPECTED, _WORTH, _COVERS)
    lines = (
        (
            Months(first=each.period, grain=asked.report.spec.grain),
            Number(value=each.target),
            Number(value=each.won),
            Number(value=each.to_win),
            Number(value=each.deals),
            Number(value=each.worth, unit=Unit.AMOUNT, currency=currency),
            Number(value=None if each.ratio is None else round(each.ratio, 2), missing=each.missing),
        )
        for each in known.months
    )
    yield Table(
        title=Words(_COVERAGE), columns=tuple(Column(header=Words(header)) for header in headers), rows=tuple(lines)
    )  # fmt: skip
    if known.overdue or known.undated:
        yield Notes((Words(_NOT_EXPECTED.filled(overdue=known.overdue, undated=known.undated)),))


def _live(asked: JourneyReport) -> Iterator[Block]:
    """How long it takes from the contract to the use of what was bought, and who has it within the promised time."""
    if asked.live is None:
        return
    headers = (_BY_THEN, *(as_text(f"{round(quantile * 100)} %") for quantile in QUANTILES))
    whole = asked.live.splits[0]
    converted = sum(cohort.converted for cohort in whole.cohorts)
    matured = sum(cohort.matured for cohort in whole.cohorts)
    missing = None if matured else NO_WINDOW_OVER
    share = Number(value=converted / matured if matured else None, unit=Unit.RATE, missing=missing)
    title = _TO_VALUE.filled(start=asked.live.start.label, goal=asked.live.goal.label)
    yield Table(
        title=Words(title),
        columns=(
            *(Column(header=Words(header)) for header in headers),
            Column(header=Words(_WITHIN.filled(window=asked.live.window.words))), Column(header=Words(_MATURED)),
        ),
        rows=((Words(_ALL), *(_days(days, None) for days in whole.days.of_all), share, Number(value=matured)),),
    )  # fmt: skip


def _losses(asked: JourneyReport) -> Iterator[Block]:
    """The losses of the range by reason and stage."""
    if not asked.losses:
        return
    has_amounts = any(loss.amount is not None for loss in asked.losses)
    headers = [_REASON, _STAGE, _NUMBER, *([_AMOUNT] if has_amounts else [])]
    yield Table(
        title=Words(_LOST),
        columns=tuple(Column(header=Words(header)) for header in headers),
        rows=tuple(tuple(_loss_line(asked, loss, has_amounts=has_amounts)) for loss in asked.losses),
    )


def _loss_line(asked: JourneyReport, loss: Loss, *, has_amounts: bool) -> Iterator[Cell]:
    yield Words(_NO_REASON if loss.reason == UNKNOWN else loss.reason)
    yield Words(loss.stage.label if loss.stage is not None else "")
    yield Number(value=loss.number)
    if has_amounts:
        missing = None if loss.amount is not None else _UNPRICED
        yield Number(value=loss.amount, unit=Unit.AMOUNT, currency=asked.report.spec.currency, missing=missing)


def _columns(asked: JourneyReport) -> Iterator[Column]:
    yield Column(header=Words(_STAGE))
    yield Column(header=Words(_ENTERED))
    yield Column(header=Words(_THERE), spare=3)
    for place, quantile in enumerate(QUANTILES):
        yield Column(header=Words(_LEFT_BY.filled(share=round(quantile * 100))), spare=0 if place == 0 else 5 + place)
    yield Column(header=Words(_GOAL), words=True)
    yield Column(header=Words(_WITHIN.filled(window=asked.window.words)))
    yield Column(header=Words(_INTERVAL), spare=2)
    yield Column(header=Words(_MATURED), spare=1)
    yield Column(header=Words(_NEXT_BY), spare=4)


def _line(stage: StageFigures) -> Iterator[Cell]:
    yield Words(stage.stage.label)
    yield Number(value=stage.entrants)
    yield Number(value=stage.still_there)
    for days in stage.days:
        yield _days(days, stage.missing)
    yield Words(stage.goal.label if stage.goal is not None else "")
    missing = NO_NEXT if stage.goal is None else None if stage.matured else stage.missing or NO_WINDOW_OVER
    rate = stage.converted / stage.matured if missing is None else None
    yield Number(value=rate, unit=Unit.RATE, missing=missing)
    interval = interval_of(stage)
    yield Words("" if interval is None else f"{interval.lower * 100:.0f}–{interval.upper * 100:.0f}")
    yield Number(value=stage.matured)
    yield _days(stage.days_to_next[0], NO_NEXT if stage.goal is None else stage.missing)


def _days(days: float | None, missing: Missing | None) -> Number:
    rounded = None if days is None else round(days, 1)
    return Number(value=rounded, missing=None if days is not None else missing or STAYS_BELOW)


def interval_of(stage: StageFigures) -> Interval | None:
    """Wilson's interval of who got to the next stage within the window."""
    return wilson(stage.converted, stage.matured) if stage.matured and stage.goal is not None else None


def _notes(asked: JourneyReport) -> Notes:
    lines = [Words(_READ)]
    if asked.undated:
        named = joined(", ", [_OF_STAGE.filled(stage=stage.label, n=number) for stage, number in asked.undated])
        lines.append(Words(_UNDATED.filled(stages=named)))
    return Notes((*lines, *footnotes(asked.report)))


# --- for programs ------------------------------------------------------------------------------------------------


def journey_data(asked: JourneyReport) -> dict[str, Any]:
    """A journey as plain data, format_version 1: the figures as in a report, and its stages over the whole range."""
    data = report_data(asked.report)
    return {
        **data,
        "format": "funnelcli.journey",
        "title": asked.journey.title.of("en"),
        "journey": asked.journey.name,
        "window": asked.window.text,
        "stages": [_stage_data(asked, stage) for stage in asked.stages],
        "reached": [{"stage": reached.stage.name, "number": reached.number} for reached in asked.reached],
        "lost_by_reason": [
            {
                "reason": None if loss.reason == UNKNOWN else loss.reason,
                "stage": None if loss.stage is None else loss.stage.name,
                "number": loss.number,
                "amount": loss.amount,
            }
            for loss in asked.losses
        ],
        "pipeline_coverage": [
            {
                "period": each.period.key,
                "target": each.target,
                "won": each.won,
                "to_win": each.to_win,
                "deals_expected": each.deals,
                "deals_without_amount": each.unpriced,
                "open_amount": each.worth,
                "pipeline_coverage_ratio": each.ratio,
                "missing": None if each.missing is None else each.missing.reason.of("en"),
            }
            for each in (asked.coverage.months if asked.coverage else ())
        ],
        "time_to_value": None if asked.live is None else cohorts_data(asked.live),
        "undated": {stage.name: number for stage, number in asked.undated},
    }


def _stage_data(asked: JourneyReport, stage: StageFigures) -> dict[str, Any]:
    names = ("median", "p75", "p90")
    share = stage.converted / stage.matured if stage.matured else None
    return {
        "stage": stage.stage.name,
        "label": _english(stage.stage.label),
        **part_data(stage.part, asked.report.dimension),
        "entered": stage.entrants,
        "still_there": stage.still_there,
        "days": dict(zip(names, stage.days, strict=True)),
        "next": None if stage.goal is None else stage.goal.name,
        "rate": {
            "value": share, "numerator": stage.converted if stage.matured else None,
            "denominator": stage.matured or None, "missing": None if stage.matured else _why(stage),
            "interval": interval_data(interval_of(stage)),
        },
        "days_to_next": dict(zip(names, stage.days_to_next, strict=True)),
        "lag_days": dict(zip(names, stage.lag_days, strict=True)),
    }  # fmt: skip


def _why(stage: StageFigures) -> str:
    missing = NO_NEXT if stage.goal is None else stage.missing or NO_WINDOW_OVER
    return missing.reason.of("en")


def _english(text: Text) -> str:
    return text.of("en")
