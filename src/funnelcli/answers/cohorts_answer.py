"""Cohorts as an answer: the grid of who got on by which age, what all cohorts say together, and how long it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from funnelcli.answers.answer import Answer, Block, Column, Heading, Notes, Page, Raw, Sheet, Tab, Table
from funnelcli.answers.cells import Cell, Day, Months, Number, Words
from funnelcli.answers.cohorts import (
    NO_MONEY,
    NO_WINDOW_OVER,
    Cohorts,
    Split,
)
from funnelcli.answers.cohorts_data import cohorts_data
from funnelcli.answers.cohorts_figures import by_age_of, first_stay, interval_of, rate_value, title_of
from funnelcli.answers.layout import Layout
from funnelcli.answers.uncertain import bounds_text
from funnelcli.counting.cohorts import Cohort
from funnelcli.counting.retention import Kept, Retention
from funnelcli.metrics.missing import STAYS_BELOW
from funnelcli.metrics.times import QUANTILES
from funnelcli.stats.intervals import wilson
from funnelcli.text import NOTHING, Message, Text, joined
from funnelcli.values.figures import Unit
from funnelcli.values.placeholders import AS_OF, PERIOD

_BASIS = Message("Within {window} of the {entry} entry; counted up to {day}, {zone}")
_FIRST, _BEST = Message("first"), Message("best")
_STRICT = Message("; only who came through every stage between")
_WHOLE = Message("Whole business")
_COHORT, _PEOPLE, _MATURED = Message("Cohort"), Message("People"), Message("Matured")
_INTERVAL, _SKIPPED = Message("95 %"), Message("Skipped")
_AFTER, _PAYING, _SHARE, _BACK = Message("After months"), Message("Paying"), Message("Share"), Message("Of them back")
_FIRST_STAY = Message("First stay")
_MONEY, _HELD = Message("MRR kept"), Message("Without expansion")
_KEPT = Message("{of}: who still pays after … months")
_HALF = Message("half of first stays are over after {days} [day|days]")
_TOGETHER = Message("All cohorts together")
_COMPLETE = Message("Complete cohorts only")
_BY_AGE = Message("By age")
_DAYS = Message("Days")
_COHORTS = Message("Cohorts")
_BY_THEN = Message("By when how many have got on")
_OF_ALL = Message("Of all who entered")
_OF_CONVERTING = Message("Of those who get on")
_SHARES = Message("{goal}: share by the age of … months")


def cohorts_answer(asked: Cohorts) -> Answer:
    """Everything that cohorts have to say."""
    return Answer(
        title=title_of(asked),
        pages=(Page(blocks=tuple(_blocks(asked))),),
        sheets=(
            Sheet(layout=Layout.WIDE, header=_wide_header(asked), rows=list(_wide(asked))),
            Sheet(layout=Layout.TIDY, header=_tidy_header(asked), rows=list(_tidy(asked))),
        ),
        data=cohorts_data(asked),
        names={PERIOD: asked.periods[-1].key, AS_OF: asked.as_of.isoformat()},
        tabs=lambda: tuple(_tabs(asked)),
    )


def _heading(asked: Cohorts) -> Heading:
    entry = _BEST if asked.entry == "best" else _FIRST
    basis: Text = joined("", [_BASIS, _STRICT if asked.order == "strict" else NOTHING])
    facts: dict[str, Cell] = {
        "window": Words(asked.window.words), "entry": Words(entry), "day": Day(asked.as_of),
        "zone": Words(asked.timezone),
    }  # fmt: skip
    return Heading(text=Words(title_of(asked)), basis=(Words(basis, facts=facts, tone="dim"),))


def _blocks(asked: Cohorts) -> Iterator[Block]:
    yield _heading(asked)
    for split in asked.splits:
        yield grid(asked, split)
    yield _together(asked)
    yield _waits(asked)
    yield from retention_tables(asked)
    lines = tuple(Words(note.text) for note in asked.notes)
    if lines:
        yield Notes(lines)


def _label(split: Split) -> Text:
    return _WHOLE if split.part is None else split.part.label


def _most(split: Split) -> int:
    """How many ages any cohort is known at."""
    return max((sum(cell.converted is not None for cell in cohort.cells) for cohort in split.cohorts), default=0)


def grid(asked: Cohorts, split: Split) -> Table:
    """A line a cohort: its people, whose window is over, who of these got on, and the share by each age in months."""
    ages = _most(asked.splits[0])
    skips = any(cohort.skipped for cohort in split.cohorts)
    headers: list[Cell] = [Words(_COHORT), Words(_PEOPLE), Words(_MATURED), Words(asked.goal.label)]
    headers += [Words(_SKIPPED)] if skips else []
    headers += [Words(asked.window.words), Words(_INTERVAL), *(Words(str(age)) for age in range(ages))]
    largest = max(_shares(asked.splits), default=0.0)
    rows = [tuple(_line(cohort, asked, ages, largest, skips=skips)) for cohort in split.cohorts]
    return Table(
        title=Words(_label(split))
        if len(asked.splits) > 1
        else Words(_SHARES, facts={"goal": Words(asked.goal.label)}),
        columns=tuple(Column(header=header) for header in headers),
        rows=tuple(rows),
    )


def _shares(splits: Iterable[Split]) -> Iterator[float]:
    """Every share of the grids."""
    for split in splits:
        for cohort in split.cohorts:
            yield from (cell.converted / cohort.entered for cell in cohort.cells if cell.converted and cohort.entered)


def _line(cohort: Cohort, asked: Cohorts, ages: int, largest: float, *, skips: bool) -> Iterator[Cell]:
    yield Months(first=cohort.period, grain=asked.grain, partial=not cohort.mature)
    yield Number(value=cohort.entered)
    yield Number(value=cohort.matured)
    yield Number(value=cohort.converted)
    if skips:
        yield Number(value=cohort.skipped)
    yield rate_of(cohort)
    yield Words(bounds_text(interval_of(cohort)))
    for cell in cohort.cells[:ages]:
        if cell.converted is None or not cohort.entered:
            yield Words("")
            continue
        share = cell.converted / cohort.entered
        yield Number(value=share, unit=Unit.RATE, shade=share / largest if largest else 0.0)
    yield from (Words("") for _ in range(ages - len(cohort.cells)))


def rate_of(cohort: Cohort) -> Number:
    """The share of those whose window is over that got on within it."""
    value, missing = rate_value(cohort)
    return Number(value=value, unit=Unit.RATE, missing=missing)


def _together(asked: Cohorts) -> Table:
    """Both ways to put the cohorts together, for the whole and each part."""
    headers = [asked.dimension.title if asked.dimension else _COHORTS, _COMPLETE, _INTERVAL, _PEOPLE, _BY_AGE]
    return Table(
        title=Words(_TOGETHER),
        columns=tuple(Column(header=Words(header)) for header in headers),
        rows=tuple(tuple(_overall_line(split)) for split in asked.splits),
    )


def _overall_line(split: Split) -> Iterator[Cell]:
    whole = split.overall
    yield Words(_label(split))
    rate = whole.converted / whole.members if whole.members else None
    yield Number(value=rate, unit=Unit.RATE, missing=None if whole.members else NO_WINDOW_OVER)
    yield Words(bounds_text(wilson(whole.converted, whole.members) if whole.members else None))
    yield Number(value=whole.members)
    yield by_age_of(split)


def _waits(asked: Cohorts) -> Table:
    """The days by which a half, three quarters and nine tenths got on."""
    headers = [Words(_BY_THEN), *(Words(f"{round(quantile * 100)} %") for quantile in QUANTILES)]
    return Table(
        title=Words(_DAYS),
        columns=tuple(Column(header=header) for header in headers),
        rows=tuple(line for split in asked.splits for line in _days_lines(asked, split)),
    )


def _days_lines(asked: Cohorts, split: Split) -> Iterator[tuple[Cell, ...]]:
    for label, values in ((_OF_ALL, split.days.of_all), (_OF_CONVERTING, split.days.of_converting)):
        named = joined(": ", [_label(split), label]) if len(asked.splits) > 1 else label
        rounded = (None if value is None else round(value, 1) for value in values)
        cells = (Number(value=value, missing=None if value is not None else STAYS_BELOW) for value in rounded)
        yield (Words(named), *cells)


def retention_tables(asked: Cohorts) -> Iterator[Table]:
    """What is kept of customers after so many months: who pays, how long first stays last, and of the money."""
    for split in asked.splits:
        if split.retention is None or not split.retention.kept:
            continue
        has_money = any(kept.money is not None for kept in split.retention.kept)
        headers = [_AFTER, _PEOPLE, _PAYING, _SHARE, _BACK, _FIRST_STAY, _INTERVAL]
        headers += [_MONEY, _HELD] if has_money else []
        median = split.retention.by_day.percentile(0.5)
        text = joined("; ", [_KEPT, *([] if median is None else [_HALF.filled(days=round(median))])])
        yield Table(
            title=Words(text, facts={"of": Words(_label(split))}),
            columns=tuple(Column(header=Words(header)) for header in headers),
            rows=tuple(tuple(_kept_line(split.retention, kept, has_money=has_money)) for kept in split.retention.kept),
        )


def _kept_line(retention: Retention, kept: Kept, *, has_money: bool) -> Iterator[Cell]:
    yield Number(value=kept.months)
    yield Number(value=kept.members)
    yield Number(value=kept.paying)
    share = kept.paying / kept.members
    yield Number(value=share, unit=Unit.RATE, shade=share)
    yield Number(value=kept.back)
    survival, interval = first_stay(retention, kept.months)
    yield Number(value=survival, unit=Unit.RATE)
    yield Words(bounds_text(interval))
    if has_money:
        for part in (kept.money, kept.held):
            known = bool(kept.at_start) and part is not None
            share = (part or 0) / (kept.at_start or 1)
            yield Number(value=share if known else None, unit=Unit.RATE, missing=None if known else NO_MONEY)


def _tabs(asked: Cohorts) -> Iterator[Tab]:
    heading = _heading(asked)
    for split in asked.splits:
        yield Tab(name=_label(split), blocks=(heading, grid(asked, split)))
    notes = [block for block in _blocks(asked) if isinstance(block, Notes)]
    yield Tab(
        name=_TOGETHER,
        blocks=(heading, _together(asked), _waits(asked), *retention_tables(asked), *notes),
    )


# --- for spreadsheets ------------------------------------------------------------------------------------------------


def _part_column(asked: Cohorts) -> tuple[str, ...]:
    return (asked.dimension.name,) if asked.dimension else ()


def _wide_header(asked: Cohorts) -> tuple[str, ...]:
    ages = tuple(f"age_{age}" for age in range(_most(asked.splits[0])))
    counts = ("entered", "matured", "converted", "skipped", "mature", "rate", "lower", "upper")
    return ("cohort", *_part_column(asked), *counts, *ages)


def _about(asked: Cohorts, split: Split, cohort: Cohort) -> tuple[Raw, ...]:
    part = () if asked.dimension is None else ("" if split.part is None else split.part.key,)
    return (cohort.period.key, *part)


def _wide(asked: Cohorts) -> Iterator[tuple[Raw, ...]]:
    ages = _most(asked.splits[0])
    for split in asked.splits:
        for cohort in split.cohorts:
            interval = interval_of(cohort)
            bounds = (None, None) if interval is None else (interval.lower, interval.upper)
            shares = [
                None if cell.converted is None or not cohort.entered else cell.converted / cohort.entered
                for cell in cohort.cells[:ages]
            ]
            shares += [None] * (ages - len(shares))
            counts = (cohort.entered, cohort.matured, cohort.converted, cohort.skipped, int(cohort.mature))
            yield (*_about(asked, split, cohort), *counts, rate_value(cohort)[0], *bounds, *shares)


def _tidy_header(asked: Cohorts) -> tuple[str, ...]:
    return ("cohort", *_part_column(asked), "age", "entered", "converted", "share")


def _tidy(asked: Cohorts) -> Iterator[tuple[Raw, ...]]:
    for split in asked.splits:
        for cohort in split.cohorts:
            for cell in cohort.cells:
                if cell.converted is not None and cohort.entered:
                    share = cell.converted / cohort.entered
                    yield (*_about(asked, split, cohort), cell.age, cohort.entered, cell.converted, share)
