"""Lists of rows without an end that may be payments: what their rows, headers and cells say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePath

import numpy as np

from funnelcli.config import Config
from funnelcli.facts.events import OPEN_END
from funnelcli.facts.rows import Rows
from funnelcli.inputs.spec import Alike
from funnelcli.problems import Problem, problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened
from funnelcli.reading.sample import sample_of
from funnelcli.reading.tables import Table
from funnelcli.text import Message, Text, joined
from funnelcli.text.regex import regex
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.statuses import status_key
from funnelcli.values.terms import add_months, after_months, months_of_interval

MANY_AGAIN = 0.3  # of the people, those with several rows without an end
SURE = 2  # what signs must weigh together; one that a subscription may have too weighs 1
TERMS = (1, 2, 3, 6, 12)  # months after which people pay again
SLACK = 3  # days by which they do so earlier or later

_SEVERAL = Message(
    "{again} of {people} [customer|customers] [again!has|have] several rows"
)  # fmt: skip
_RENEWED = Message(
    "{again} of {people} [customer|customers] [again!has|have] the same once more a month or a year later"
)
_DATES = Message("the start stands under {header!r}")
_NUMBERS = Message("every row has a number of its own under {header!r}, like {value!r}")
_STATUSES = Message("{header!r} says of payments what became of them ({value})")
_METHODS = Message("{header!r} says how was paid ({value})")
_FILES = Message("the file is called so")

_PAID_ON = r"\bpaid\b|\bbilled\b|\bcharged\b|\binvoiced\b|\bngay (thu|tra|chuyen) (tien|khoan)\b"
_PAYMENT_IDS = regex(
    r"(?:ch|py|pi|in|txn|pay|rcpt|trx)_\w{6,}|(?:inv|pay|pmt|rcpt|txn|trx|bill|hđ|hd|pt)[-_/# ]?(?:\w*[-_/ ])?\d+", re.I
)
_OF_CHARGES = regex(
    r"(?:succeeded|success(?:ful)?|paid|captured|settled|authori[sz]ed|fail(?:ed)?|declined|refunded"
    r"|partially refunded|charged ?back|disputed|completed?|da thanh toan|da thu( tien)?|thanh cong|that bai"
    r"|hoan tien|da hoan( tien)?)"
)
_METHOD = regex(
    r"(?:.*\b(?:card|visa|master ?card|amex|paypal|momo|vnpay|zalo ?pay|cash|wire|ach|sepa|bank|transfer|cheque|check"
    r"|direct debit|chuyen khoan|tien mat|the|vi dien tu|cod|qr)\b.*)"
)


def may_be_payments(table: Table, rows: Rows, config: Config) -> Iterator[Problem]:
    """That each row of an input may be a payment, with what says so and how many would still pay if it is.

    Nothing is said where a row has an end, or where the settings say what the rows are.
    """
    stays, identity = table.input.stays, table.input.identity
    if stays is None or not isinstance(identity, Alike) or config.paid_users.gives("shape") or not len(rows):
        return
    if not (rows["end"] == OPEN_END).all():
        return
    starts = np.bincount(rows.words["entity"].codes[~rows.again(["entity", "start"])])
    people, again = int((starts > 0).sum()), int((starts > 1).sum())
    if again >= 2 and again >= MANY_AGAIN * people:
        signs = [_SEVERAL.filled(again=again, people=people)]
    elif any(table.has(name) for name in (stays.end, stays.spent)):
        return
    else:
        weighed = [*_renewed(rows, identity, people), *_signs_of_files(table, rows, identity)]
        if sum(weight for weight, _ in weighed) < SURE:
            return
        signs = [sign for _, sign in weighed]
    latest = int(rows["start"].max())
    still = _still_paying(rows, latest, stays.interval, config.input_settings(table.input.name).interval)
    yield problem(
        "payments-list", file=", ".join(sorted(opened.name for opened in table.files)), column=stays.end,
        signs=joined("; ", signs), people=people, still=still, day=day_of(latest * DAY_MICROS), stage=table.input.name,
    )  # fmt: skip


def _still_paying(rows: Rows, day: int, column: str, usual: str | None) -> int:
    """How many people would pay on after a day if each row were a payment for its interval, else for a month."""
    months = (months_of_interval(usual) if usual else None) or Fraction(1)
    cells = rows.list_of(column) if column in rows else [""] * len(rows)
    lasts = zip(rows.list_of("entity"), rows.list_of("start"), cells, strict=True)
    return len({who for who, start, cell in lasts if _due(start, months_of_interval(cell) or months) > day + 1})


@lru_cache(maxsize=4096)
def _due(start: int, months: Fraction) -> int:
    """The day on which a payment of some months is due again, days as numbers."""
    first = day_of(start * DAY_MICROS)
    return start + (after_months(first, months) - first).days


# --- what says that rows are payments ----------------------------------------------------------------------------


def _renewed(rows: Rows, identity: Alike, people: int) -> Iterator[tuple[int, Text]]:
    """People of whom the same row comes once more when it would be due: those, where most who come again are such."""
    same = [name for name in identity.columns if name in rows and name != identity.key]
    several = rows.taken(rows.several(["entity"]) & rows.is_filled("entity"))
    starts: dict[str, dict[tuple[str, ...], set[int]]] = {}
    columns = zip(*(several.list_of(name) for name in same), strict=True) if same else [()] * len(several)
    for who, start, what in zip(several.list_of("entity"), several.list_of("start"), columns, strict=True):
        starts.setdefault(who, {}).setdefault(what, set()).add(start)
    again = sum(any(map(_comes_again, map(sorted, of.values()))) for of in starts.values())
    if again and 2 * again >= len(starts):
        yield min(again, SURE), _RENEWED.filled(again=again, people=people)


def _comes_again(starts: Sequence[int]) -> bool:
    """Whether of some days, in order, one follows the one before it by a term."""
    return any(_is_term(earlier, later) for earlier, later in pairwise(starts))


def _is_term(earlier: int, later: int) -> bool:
    first, then = day_of(earlier * DAY_MICROS), day_of(later * DAY_MICROS)
    return any(abs(then - add_months(first, months)) <= timedelta(days=SLACK) for months in TERMS)


def _signs_of_files(table: Table, rows: Rows, identity: Alike) -> Iterator[tuple[int, Text]]:
    """What headers, cells and names of files say; nothing where a rate is read, as no payment has one."""
    stays = table.input.stays
    assert stays is not None
    has_rate = identity.rate in rows and bool(rows.is_filled(identity.rate).any())
    if has_rate or any(opened.export is not None for opened in table.files):
        return
    signs = [dict(_signs_of(opened, identity)) for opened in table.files]
    has_amounts = any(table.has(name) for name in stays.amounts)
    for kind in (_DATES, _NUMBERS, _STATUSES, _METHODS, _FILES):
        if all(kind in of_file for of_file in signs):
            is_strong = kind is _NUMBERS or (kind is _DATES and has_amounts)
            yield SURE if is_strong else 1, signs[0][kind]


def _signs_of(opened: Opened, identity: Alike) -> Iterator[tuple[Text, Text]]:
    """What a file says, by the kind of sign."""
    stays, statuses = opened.input.stays, opened.input.statuses
    sample, index = sample_of(opened), opened.columns.index
    spared = {index.get(name) for name in (opened.input.person or "", "plan", *_dates(opened))}
    of_status = index.get(statuses.column) if statuses is not None else None
    start = opened.columns.header_of(stays.start if stays is not None else "") or ""
    if re.search(f"{identity.billed}|{_PAID_ON}", header_key(start)):
        yield _DATES, _DATES.filled(header=start)
    for place, header in enumerate(opened.columns.header):
        cells = sample.at(place)
        filled = [cell for cell in cells if cell]
        if not filled or place in spared:
            continue
        words = sorted({status_key(cell) for cell in filled})
        if len(set(filled)) == len(cells) > 1 and _are_numbers_of_payments(header, filled, identity):
            yield _NUMBERS, _NUMBERS.filled(header=header, value=filled[0][:40])
        elif all(map(_OF_CHARGES.fullmatch, words)):
            yield _STATUSES, _STATUSES.filled(header=header, value=_shown(filled))
        elif place != of_status and all(map(_METHOD.fullmatch, words)) and 2 * len(words) <= len(filled):
            yield _METHODS, _METHODS.filled(header=header, value=_shown(filled))
    if re.search(identity.billed, header_key(PurePath(opened.name).stem)):
        yield _FILES, _FILES


def _dates(opened: Opened) -> list[str]:
    return [column.name for column in opened.known_columns if column.is_date]


def _are_numbers_of_payments(header: str, cells: Sequence[str], identity: Alike) -> bool:
    """Whether cells that are all different are numbers of payments: by their form, or by what they stand under."""
    if all(map(_PAYMENT_IDS.fullmatch, cells)):
        return True
    has_digits = all(any(map(str.isdigit, cell)) for cell in cells)
    return has_digits and bool(re.search(identity.billed, header_key(header))) and not _is_money(header)


def _is_money(header: str) -> bool:
    return bool(re.search(r"\b(amounts?|total|value|date|at|on|tien|ngay|gia tri)\b", header_key(header)))


def _shown(cells: Sequence[str]) -> str:
    words = list(dict.fromkeys(cells))
    return ", ".join(word[:40] for word in words[:3]) + (", …" if len(words) > 3 else "")
