"""Which rows that last are paid for: by their status, their trial and their amount.

What does not pay is no customer and is left out; what has ended on a day that nothing says is marked as such.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config import InputSettings, PaidUsers
from funnelcli.facts.by_plan import by_plan, name_doubtful_plans
from funnelcli.facts.by_status import by_status
from funnelcli.facts.events import UNDATED_END
from funnelcli.facts.intervals import interval_said
from funnelcli.facts.standing_rows import StandingRows
from funnelcli.inputs.spec import Alike, Standing, Statuses, Stays, Trial
from funnelcli.problems import Problems
from funnelcli.reading.moments import Moments
from funnelcli.reading.tables import Table
from funnelcli.reading.unread import moment_in
from funnelcli.stats.distinct import is_among
from funnelcli.text.regex import regex
from funnelcli.values.cells import read_flag
from funnelcli.values.currencies import without_currency
from funnelcli.values.dates import DAY_MICROS, day_of, micros_of
from funnelcli.values.numbers import read_number
from funnelcli.values.terms import after_months, is_one_time, months_of_interval, two_intervals

MOST_TRIAL_DAYS = 3_660


class PaidRows(Struct, frozen=True, kw_only=True, eq=False):
    """The ``rows`` of a table that are paid for, and those ``taken_back``: refunds, and what they pay back in whole."""

    rows: Table
    taken_back: Table | None = None


def paying_rows(table: Table) -> np.ndarray:
    """Which rows pay, as far as a status says so."""
    rows = StandingRows.of(table, Problems())
    if len(table) and table.input.stays is not None and table.input.statuses is not None:
        by_status(rows, table.input.statuses, table.input.stays)
    return rows.kept


def paid_rows(table: Table, rules: PaidUsers, settings: InputSettings, problems: Problems) -> PaidRows:
    """The rows of a table that are paid for.

    Rows that do not pay are left out and tallied as unpaid, a trial is paid for from its end on, and a row that has
    ended, with no date of when, ends on UNDATED_END.  A payment lasts its interval.  ``settings`` may say what statuses
    mean; each row that is left out or not understood is warned of.
    """
    declared = table.input
    if declared.stays is None or not len(table):
        return PaidRows(rows=table)
    rows = StandingRows.of(table, problems)
    if declared.statuses is not None:
        by_status(rows, declared.statuses, declared.stays)
    moments = dict(table.moments)
    if not rules.free_counts:
        if declared.trial is not None:
            by_plan(rows, declared.trial, declared.stays)
            moments[declared.stays.start] = _by_trial(rows, declared.trial, declared.stays)
        _by_amount(rows, declared.stays)
        if declared.trial is not None:
            name_doubtful_plans(rows, declared.trial, declared.stays, settings)
    _by_interval(rows, declared.stays)
    _by_refund(rows, declared.stays)
    if rows.undated.any():
        moments[declared.stays.end] = _undated(table.moments[declared.stays.end], rows.undated)
    if rules.shape == "payments":
        moments[declared.stays.end] = _paid_until(table, moments, declared.stays, rules, settings)
    if rows.kept.all():
        return PaidRows(rows=replace(table, moments=moments))
    kept = replace(table, moments=moments).without(np.flatnonzero(~rows.kept), tallied="unpaid")
    return PaidRows(rows=kept, taken_back=rows.taken(moments))


def _undated(ends: Moments, undated: np.ndarray) -> Moments:
    return replace(ends, micros=np.where(undated, UNDATED_END * DAY_MICROS, ends.micros), given=ends.given | undated)


def _paid_until(
    table: Table, moments: Mapping[str, Moments], stays: Stays, rules: PaidUsers, settings: InputSettings
) -> Moments:
    """The ends of payments: the day before the next one is due, a month on where no interval is given."""
    start, end = moments[stays.start], moments[stays.end]
    usual = months_of_interval(settings.interval or "month") or Fraction(1)
    cells = table.texts[stays.interval]
    lasting = [(_billed_for(text, settings) if text else None) or usual for text in cells.texts]
    until = end.micros.copy()
    for row in np.flatnonzero(~end.given).tolist():
        first = day_of(int(start.micros[row]))
        due = after_months(first, lasting[int(cells.places[row])])
        until[row] = micros_of(due if rules.end_date == "exclusive" else due - timedelta(days=1))
    return replace(end, micros=until, given=np.ones_like(end.given))


def _billed_for(text: str, settings: InputSettings) -> Fraction | None:
    """The months that a payment is for: of two intervals those of its bills."""
    both = two_intervals(text)
    return interval_said(text, settings) or (both.billing if both is not None else None)


# --- by trial ----------------------------------------------------------------------------------------------------


def _by_trial(rows: StandingRows, declared: Trial, stays: Stays) -> Moments:
    """Leave trials out; the starts of the others, which are those of what is paid for."""
    table = rows.table
    says_trial = table.texts[declared.flag].that(lambda text: _says_trial(text, table.input.statuses) is True)
    start, end = table.moments[stays.start], table.moments[stays.end]
    trial = _trial_ends(rows, declared, start)
    day = trial.micros // DAY_MICROS
    # Who is gone by the day on which the trial ends has never paid.
    left = trial.given & end.given & (end.micros // DAY_MICROS <= day) & ~rows.undated
    for column, never_paid in ((declared.flag, says_trial), (declared.ends, left & ~says_trial)):
        rows.warn("trial-not-paid", never_paid & rows.kept, column)
        rows.leave_out(never_paid)
    later = trial.given & (day > start.micros // DAY_MICROS)
    return replace(
        start, micros=np.where(later, trial.micros, start.micros), timed=np.where(later, trial.timed, start.timed)
    )


_LEADING = regex(r"[\d.,]+")
_WEEKS = regex(r"\b(?:w|wk|wks|weeks?)\b|tuần")
_MONTHS = regex(r"\b(?:m|mo|months?)\b|tháng")


def _days_of(text: str) -> int | None:
    """The days of a trial: 14, 14.0, "14 days", "2 weeks", "1 month" as 30; None for anything else.

    >>> _days_of("14.0"), _days_of("14 ngày"), _days_of("2 weeks"), _days_of("none")
    (14, 14, 14, None)
    """
    number = _LEADING.match(text)
    days = read_number(number[0], None) if number else None
    if number is None or days is None or not days.is_integer() or not 0 <= days < MOST_TRIAL_DAYS:
        return None
    rest = text[number.end() :].casefold().strip()
    if not rest or re.fullmatch(r"d|days?|ngày", rest):
        return int(days)
    return int(days) * (7 if _WEEKS.match(rest) else 30 if _MONTHS.match(rest) else 0) or None


def _says_trial(text: str, statuses: Statuses | None) -> bool | None:
    """Whether a cell of a column of trials says that its row is one; None where nobody knows, or a number of days."""
    flag = read_flag(text)
    if flag is not None or not text or statuses is None:
        return bool(flag)
    standing = Standing.UNKNOWN if _days_of(text) is not None else statuses.says(text)
    return None if standing is Standing.UNKNOWN else standing is Standing.NOT_PAYING


def _trial_ends(rows: StandingRows, declared: Trial, start: Moments) -> Moments:
    """The ends of trials, as they are given, else some days after the start; what is no number of days is warned of."""
    ends, statuses = rows.table.moments[declared.ends], rows.table.input.statuses
    for column in (declared.days, declared.flag):
        cells = rows.table.texts[column]
        wanted = [
            text if column == declared.days or _says_trial(text, statuses) is None else "" for text in cells.texts
        ]
        days = [_days_of(text) if text else 0 for text in wanted]
        unknown = {text for text, number in zip(cells.texts, days, strict=True) if number is None}
        rows.warn("trial-days-not-read", rows.kept & cells.that(unknown.__contains__), column, cells)
        lasting = np.array([number or 0 for number in days] or [0], dtype=np.int64)[cells.places]
        by_days = ~ends.given & (lasting > 0)
        if by_days.any():
            until = (start.micros // DAY_MICROS + lasting) * DAY_MICROS
            micros, timed = np.where(by_days, until, ends.micros), np.where(by_days, False, ends.timed)
            ends = replace(ends, micros=micros, timed=timed, given=ends.given | by_days)
    return ends


# --- by amount ---------------------------------------------------------------------------------------------------

_NOTHING = regex(r"0+(?:[.,]0*)?", re.ASCII)


def _by_amount(rows: StandingRows, stays: Stays) -> None:
    """Leave out rows that cost nothing, and people who never spent anything.

    Rows do not look at each other for it: what comes later would change what was counted before.
    """
    _leave_out_nothings(rows, stays.amounts, "free-row")
    _leave_out_nothings(rows, (stays.spent,), "never-paid")


def _costs_nothing(text: str) -> bool:
    return bool(_NOTHING.fullmatch(without_currency(text).strip()))


def _leave_out_nothings(rows: StandingRows, columns: Sequence[str], code: str) -> None:
    """Leave out rows whose amount, the first of the ``columns`` that is filled in, is 0."""
    table = rows.table
    nothing, filled = np.zeros(len(table), dtype=bool), np.zeros(len(table), dtype=bool)
    for column in columns:
        cells = table.texts[column]
        nothing |= ~filled & cells.that(_costs_nothing)
        filled |= cells.that(bool)
    nothing &= rows.kept
    if nothing.any():
        rows.warn(code, nothing, next(column for column in columns if table.has(column)))
        rows.leave_out(nothing)


# --- by interval and refund --------------------------------------------------------------------------------------

_DIGITS = regex(r"\d+", re.ASCII)


def _by_interval(rows: StandingRows, stays: Stays) -> None:
    """Leave out what is bought once, without an end, by people who also pay for what recurs: a fee for the set-up."""
    table = rows.table
    cells = table.texts[stays.interval]
    once = cells.that(is_one_time) & rows.kept & ~table.moments[stays.end].given
    if once.any():
        recurs = cells.that(lambda text: months_of_interval(text) is not None)
        people = table.texts[table.input.events[0].entity].places
        once &= is_among(people, people[recurs & rows.kept])
        rows.warn("one-time-row", once, stays.interval)
        rows.leave_out(once)


def _digits(text: str) -> str:
    return "".join(_DIGITS.findall(text)).lstrip("0")


def is_negative(text: str) -> bool:
    """Whether an amount is written as one below 0.

    >>> is_negative("-5"), is_negative("(1,200)"), is_negative("1-2")
    (True, True, False)
    """
    bare = text.strip()
    return bool(_DIGITS.search(bare)) and (bare[:1] in "-−(" or bare[-1:] in "-)")


def _by_refund(rows: StandingRows, stays: Stays) -> None:
    """Leave out refunds and credit notes, and with them the rows that they pay back in whole."""
    table = rows.table
    is_any = any(is_negative(text) for name in stays.amounts for text in table.texts[name].texts)
    if not is_any and not table.has(stays.refunded):
        return  # looking at every row only takes time
    amounts = [_first_filled(cells) for cells in zip(*(table.texts[name] for name in stays.amounts), strict=True)]
    refunded = list(table.texts[stays.refunded])
    whole = np.array(
        [
            bool(back) and (_says_whole(back) or (bool(_digits(back)) and _digits(back) == _digits(amount)))
            for back, amount in zip(refunded, amounts, strict=True)
        ],
        dtype=bool,
    )
    negative = np.array([is_negative(amount) for amount in amounts], dtype=bool) & rows.kept
    if negative.any():
        reversed_rows, negative = _paid_back(rows, stays, amounts, negative)
        whole |= reversed_rows
        rows.reversed_rows |= reversed_rows
    column = next((name for name in (stays.refunded, *stays.amounts) if table.has(name)), stays.refunded)
    for code, chosen in (("refund", negative), ("refunded", whole & ~negative)):
        rows.warn(code, chosen & rows.kept, column)
        rows.taken_back |= chosen & rows.kept
        rows.leave_out(chosen)


def _says_whole(back: str) -> bool:
    """Whether a cell says, by a yes or by a day, that a row was paid back."""
    return read_flag(back) is True or moment_in(back) is not None


def _first_filled(cells: Sequence[str]) -> str:
    return next((cell for cell in cells if cell), "")


def _paid_back(
    rows: StandingRows, stays: Stays, amounts: Sequence[str], negative: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The rows that negative ones reverse in whole, and the negative rows that reverse something.

    A row is reversed by one of the same person and amount, and of the same subscription or invoice where both name
    one.  In part it is reversed by one of the same subscription or invoice, and by any amount below 0 of somebody who
    has paid, but by no MRR.
    """
    table, identity = rows.table, rows.table.input.identity
    people = list(table.texts[table.input.events[0].entity])
    keys = list(table.texts[identity.key]) if isinstance(identity, Alike) else [""] * len(table)
    reversed_rows, refunds = np.zeros(len(table), dtype=bool), np.zeros(len(table), dtype=bool)
    is_amount = [not mrr for mrr in table.texts[stays.amounts[0]]]
    by_amount: dict[tuple[str, str], list[int]] = {}
    named: set[tuple[str, str]] = set()
    for row in np.flatnonzero(rows.kept & ~negative).tolist():
        by_amount.setdefault((people[row], _digits(amounts[row])), []).append(row)
        named.add((people[row], keys[row]))
    paying = {person for person, _ in named}
    for row in np.flatnonzero(negative).tolist():
        alike = by_amount.get((people[row], _digits(amounts[row])), [])
        fitting = [p for p in alike if keys[p] == keys[row]] or [p for p in alike if not (keys[p] and keys[row])]
        if fitting:
            reversed_rows[fitting[0]] = True
            alike.remove(fitting[0])
        refunds[row] = (
            bool(fitting)
            or bool(keys[row] and (people[row], keys[row]) in named)
            or (is_amount[row] and people[row] in paying)
        )
    return reversed_rows, refunds
