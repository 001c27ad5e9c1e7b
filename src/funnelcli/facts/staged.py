"""What rows say of stages: when something came to them, where it stands without a date, and how and when it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from funnelcli.config import Config, InputSettings
from funnelcli.facts.dated import Dates
from funnelcli.facts.events import NO_DAY, Events, Records
from funnelcli.facts.journeys import journeys_of
from funnelcli.facts.rows import Rows
from funnelcli.facts.staged_ends import LOST, OPEN, WON, end_of, outcomes_of_rows, problems_of_ends, said
from funnelcli.inputs.spec import Stages
from funnelcli.inputs.stages import stage_slug
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.tables import Table
from funnelcli.reading.unit_words import unit_said
from funnelcli.reading.units import UNIT_WORDS
from funnelcli.text import Message, Text
from funnelcli.values.currencies import currencies_in, currency_named, has_decimals
from funnelcli.values.money import UNDECIDED_MARK, AmountReader, read_hundredths

NO_AMOUNT = -1  # in the place of what a row is worth


def at_stage(of_input: str, slug: str) -> str:
    """The event of coming to a stage, by the words of the rows."""
    return f"{of_input}:at:{slug}"


def now_in_stage(of_input: str, slug: str) -> str:
    """The event of being in a stage since a day that nothing says."""
    return f"{of_input}:now:{slug}"


def ended(of_input: str, how: str, *, dated: bool = True) -> str:
    """The event of an end that is ``won``, ``lost`` or ``left``."""
    return f"{of_input}:{how}" if dated else f"{of_input}:{how}_undated"


def expected(of_input: str) -> str:
    """The event of an end that is only expected."""
    return f"{of_input}:expected"


def written_stages(table: Table, rows: Rows) -> dict[str, str]:
    """The words for stages as the rows, or the headers of columns of dates, write them, by their slugs."""
    declared, dated = table.input.stages, table.input.dated
    written: dict[str, str] = {}
    prefix = f"{dated.event}:" if dated is not None else "\0"
    for opened in table.files:
        for column, place in opened.columns.index.items():
            if column.startswith(prefix):
                # The last words of the header, of which the first say that it is of dates.
                slug = column.removeprefix(prefix)
                words = opened.columns.header[place].split()[-len(slug.split("_")) :]
                written.setdefault(slug, " ".join(words).strip("\"'“”‘’"))
    for word in rows.words[declared.stage].texts if declared is not None and declared.stage in rows else ():
        written.setdefault(stage_slug(word), word)
    return {slug: word for slug, word in written.items() if stage_slug(word) == slug}


def stage_events(table: Table, rows: Rows, records: Records, config: Config, problems: Problems) -> Iterator[Events]:
    """The events of rows that say where something stands; rows that contradict themselves are named."""
    declared, name = table.input.stages, table.input.name
    assert declared is not None
    at, closed = Dates.of(rows, declared.at), Dates.of(rows, declared.closed)
    of_input = [journey for journey in journeys_of(config).values() if journey.source == name]
    outcomes = outcomes_of_rows(rows, declared, of_input, closed.given)
    problems.extend(problems_of_ends(table, rows, declared, outcomes))
    says, slugs, is_end = outcomes.says, outcomes.slugs, outcomes.by_stage != OPEN
    by_name: dict[str, list[Events]] = {}
    for code, slug in enumerate(slugs.texts):
        mine = (slugs.codes == code) & ~is_end
        if slug:
            by_name[at_stage(name, slug)] = [at.events(at_stage(name, slug), records, mine)]
            bare = np.flatnonzero(mine & ~at.given & (says == OPEN))
            yield Events.of(now_in_stage(name, slug), records, bare, np.full(len(bare), NO_DAY))
    dated = table.input.dated.event if table.input.dated is not None else ""
    for column in table.moments:
        if dated and column.startswith(f"{dated}:"):
            slug = column.removeprefix(f"{dated}:")
            how = end_of(slug, declared, of_input)
            event = ended(name, how) if how else at_stage(name, slug)
            dates = Dates.of(rows, column)
            by_name.setdefault(event, []).append(dates.events(event, records, dates.given))
    # The row of a stage that says won or lost is dated by that stage; one of a whole deal by when it was closed.
    is_history = is_end & _has_history(rows, declared, at.given)
    closings = Dates(at=closed.at, timed=closed.timed, given=closed.given & ~is_history)
    ends = closings.or_else(at).or_else(closed)
    for how, number, dates in (("won", WON, ends), ("lost", LOST, Dates.of(rows, declared.lost).or_else(ends))):
        event = ended(name, how)
        by_name.setdefault(event, []).append(dates.events(event, records, says == number))
        bare = np.flatnonzero((says == number) & ~dates.given)
        yield Events.of(ended(name, how, dated=False), records, bare, np.full(len(bare), NO_DAY))
    left = Dates.of(rows, declared.left)
    yield left.events(ended(name, "left"), records, left.given)
    if closed.given.any():
        yield closed.events(expected(name), records, says == OPEN)
    for event, parts in by_name.items():
        yield joined_events(event, parts)


def _has_history(rows: Rows, declared: Stages, given: np.ndarray) -> np.ndarray:
    """The rows of what several rows tell of, each of a stage with its day."""
    if declared.subject not in rows:
        return np.zeros(len(rows), dtype=bool)
    subject = rows.words[declared.subject].codes
    return np.asarray(np.bincount(subject[given], minlength=int(subject.max(initial=-1)) + 1)[subject] > 1)


def joined_events(name: str, parts: Sequence[Events]) -> Events:
    """Events of the same records as those of one name."""
    if len(parts) == 1:
        return parts[0]
    columns = ("row", "day", "timed", "weight", "since", "link", "again")
    return Events(
        name=name,
        records=parts[0].records,
        moment=np.concatenate([part.at for part in parts]),
        **{column: np.concatenate([getattr(part, column) for part in parts]) for column in columns},
    )


# --- what each row is worth --------------------------------------------------------------------------------------


def worth(table: Table, rows: Rows, config: Config, currency: str, problems: Problems) -> np.ndarray:
    """What each row is worth in whole hundredths; NO_AMOUNT where it says nothing that can be read or added up."""
    declared = table.input.stages
    if declared is None or not declared.amount or declared.amount not in rows:
        return np.full(len(rows), NO_AMOUNT)
    settings = config.input_settings(table.input.name)
    words = rows.words[declared.amount]
    reader = AmountReader(decimal=settings.decimal, decimals=has_decimals(currency))
    for text in words.texts:
        if text:
            reader.observe(text)
    read = [_hundredths(reader, text) for text in words.texts] or [NO_AMOUNT]
    scale = _scale(settings)
    amounts = np.array([value if value < 0 else value * scale for value in read], dtype=np.int64)[words.codes]
    if settings.amount_unit is None:
        amounts = np.where(_of_doubtful_unit(table, declared, problems)[rows["file"]], NO_AMOUNT, amounts)
    problems.extend(_unreadable(table, rows, declared, reader))
    foreign = _foreign(table, rows, declared, currency)
    why = Message("is in another currency than {currency}").filled(currency=currency)
    problems.extend(
        _left_out(table, rows, declared, row, why) for row in np.flatnonzero(foreign & (amounts >= 0)).tolist()
    )
    return np.where(foreign, NO_AMOUNT, amounts)


def _hundredths(reader: AmountReader, text: str) -> int:
    amount = reader.read(text) if text else None
    return NO_AMOUNT if amount is None or amount == UNDECIDED_MARK else read_hundredths(amount)


def _scale(settings: InputSettings) -> int:
    """How many of the currency an amount is in; cents are no whole ones, and rare for deals."""
    return {"thousand": 10**3, "million": 10**6, "billion": 10**9}.get(settings.amount_unit or "", 1)


def _of_doubtful_unit(table: Table, declared: Stages, problems: Problems) -> np.ndarray:
    """The files whose header says a unit, like millions, that takes a setting to believe it; each is named."""
    units = [unit_said(" ".join(opened.headers_of(declared.amount))) for opened in table.files]
    for opened, unit in zip(table.files, units, strict=True):
        if unit is not None:
            header = opened.columns.header_of(declared.amount) or declared.amount
            problems.add(
                problem(
                    "deal-unit-undecided", file=opened.name, line=opened.header_line or None, column=declared.amount,
                    header=header, said=UNIT_WORDS[unit], unit=unit, stage=table.input.name,
                )
            )  # fmt: skip
    return np.array([unit is not None for unit in units] or [False])


def _unreadable(table: Table, rows: Rows, declared: Stages, reader: AmountReader) -> Iterator[Problem]:
    """A warning of each amount that cannot be read, and of the first whose decimal mark nothing decides."""
    words = rows.words[declared.amount]
    read = {code: reader.read(text) for code, text in enumerate(words.texts) if text}
    unreadable = [code for code, amount in read.items() if amount is None]
    undecided = [code for code, amount in read.items() if amount == UNDECIDED_MARK]
    for row in np.flatnonzero(np.isin(words.codes, unreadable)).tolist():
        yield _left_out(table, rows, declared, row, Message("is no amount from 0 up"))
    for row in np.flatnonzero(np.isin(words.codes, undecided))[:1].tolist():
        yield _left_out(table, rows, declared, row, Message("could be thousands or a fraction"))


def _left_out(table: Table, rows: Rows, declared: Stages, row: int, why: Text) -> Problem:
    """The warning of an amount that is in no sum."""
    return problem(
        "amount-left-out", file=table.files[rows["file"][row]].name, line=int(rows["line"][row]),
        column=declared.amount, value=rows.text(declared.amount, int(row))[:80], why=why, stage=table.input.name,
    )  # fmt: skip


def _foreign(table: Table, rows: Rows, declared: Stages, currency: str) -> np.ndarray:
    """The rows whose amount is in another currency, by its cell, its column of currencies or its header."""
    cells = said(rows, declared.amount, lambda text: int(bool(meant := currencies_in(text)) and currency not in meant))
    named = said(
        rows, declared.currency, lambda text: int(bool(meant := currency_named(text)) and currency not in meant)
    )
    headers = [currencies_in(" ".join(opened.headers_of(declared.amount))) for opened in table.files]
    by_header = np.array([bool(meant) and currency not in meant for meant in headers] or [False])[rows["file"]]
    in_column = said(rows, declared.currency, lambda text: int(bool(currency_named(text))))
    return np.asarray((cells == 1) | (named == 1) | (by_header & (in_column == 0)))


def currency_beside(tables: Mapping[str, Table], config: Config, currency: str) -> str:
    """The currency of all amounts: that of the customers' where these have amounts, else the one most deals say."""
    if config.currency_given is not None:
        return currency
    paid = (table for table in tables.values() if table.input.stays is not None)
    if any(table.has(column) for table in paid for column in (table.input.stays.amounts if table.input.stays else ())):
        return currency
    deals = (table for table in tables.values() if table.input.stages is not None and table.input.stages.amount)
    return next((currency_of_deals(table, currency) for table in deals), currency)


def currency_of_deals(table: Table, assumed: str) -> str:
    """The currency that most rows say, by their cells or their header, else the ``assumed`` one."""
    declared = table.input.stages
    counts: Counter[str] = Counter()
    assert declared is not None
    for column in (declared.currency, declared.amount):
        if column in table.texts:
            cells = table.texts[column]
            sizes = np.bincount(cells.places, minlength=len(cells.texts)).tolist()
            for text, size in zip(cells.texts, sizes, strict=True):
                meant = currency_named(text) if column == declared.currency else currencies_in(text)
                if len(meant) == 1:
                    counts[next(iter(meant))] += size
    for opened in table.files if not counts else ():
        meant = currencies_in(" ".join(opened.headers_of(declared.amount)))
        if len(meant) == 1:
            counts[next(iter(meant))] += 1
    return max(counts, key=lambda code: (counts[code], code == assumed, code), default=assumed)
