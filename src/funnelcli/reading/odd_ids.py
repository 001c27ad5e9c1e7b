"""Ids of people that are odd: those of nobody, of several people, spoilt by a spreadsheet, nearly alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from string import digits
from typing import TYPE_CHECKING

import numpy as np

from funnelcli.problems import Problem, problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.glance import glance, those, those_like
from funnelcli.reading.ids_again import ids_again
from funnelcli.reading.keys import FurtherKey, further_keys, sampled
from funnelcli.reading.opening import Opened
from funnelcli.reading.raw import whole_columns
from funnelcli.values.cells import clean_ids
from funnelcli.values.ids import KeyKind
from funnelcli.values.many import a_line, in_lines, lines_like
from funnelcli.values.nobody import may_be_of_nobody, may_be_own, names_nobody, unlike_all
from funnelcli.values.spelling import nearly_alike

if TYPE_CHECKING:
    from funnelcli.reading.tables import Table

# An id with so many rows is nobody's where so many others have one each, which are all but a few.
OFTEN, MOST_OFTEN, FEWEST_SINGLE, ALL_BUT = 3, 3, 5, 0.8
MOST_ROWS = 20_000  # of a table of which whole columns are read for a question


def odd_ids(table: Table) -> Iterator[Problem]:
    """What is odd, or wrong, about the ids of the people of a table."""
    if table.person:
        yield from _of_nobody(table)
        yield from _of_several(table)
        yield from _made_days(table)
        yield from _cut_off(table)
        yield from _nearly_alike(table)
        yield from _of_tests(table)
        yield from ids_again(table)


# All but ids that end in a digit and begin with another sign than that: neither with 0, as phones do, nor with a mark.
_MAY_BE_NOBODY = a_line(r"[^\n]*[^0-9\n]|[0-][^\n]*|([^\n])(?:[^\n]*\1)?|")


def _of_nobody(table: Table) -> Iterator[Problem]:
    """The ids that are words for whoever it may be: their rows count as those of one person."""
    person = table.person
    cells = table.texts[person]
    numbers = np.bincount(cells.places, minlength=len(cells.texts))
    often = _written_often(cells, numbers)
    look = glance(cells.texts)
    doubtful: Iterable[str]
    if look is None:
        doubtful = lines_like(_MAY_BE_NOBODY, cells.texts)
    else:
        is_odd = ~look.ends_with(digits) | look.begins_with("0-") | (look.first == look.last)
        doubtful = those(cells.texts, is_odd)
    doubtful = (text for text in doubtful if "@" not in text or may_be_of_nobody(text))
    for text in dict.fromkeys((*doubtful, *often)):
        row = cells.first[text]
        is_number = text[-1:].isdigit() and text[0] not in ("0", "-", text[-1])
        rows = int(numbers[cells.places[row]])
        if rows == 1 and may_be_own(text):
            continue
        if text in often or (not is_number and names_nobody(text, cells.first)):
            file, line = table.place(row)
            header = table.files[int(table.file[row])].columns.header_of(person) or person
            yield problem(
                "id-of-nobody", file=file, line=line, column=person, value=text[:80], rows=rows, header=header,
                stage=table.input.name,
            )  # fmt: skip


# As a spreadsheet shows the days that it makes of ids like MAR-1, 3-1 and 1/3.
_A_DAY = a_line(
    r"[0-9]{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:-[0-9]{2,4})?"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-[0-9]{2}|[0-9]{4}-[0-9]{2}-[0-9]{2} 00:00:00"
)
_LONGEST_DAY = len("2026-01-05 00:00:00")
_LONG = a_line(r"[0-9]{16,}")
_KEPT = 15  # the digits that a spreadsheet keeps of a number; the others are 0


def _made_days(table: Table) -> Iterator[Problem]:
    """A warning of ids that are written as a spreadsheet writes days."""
    cells = table.texts[table.person]
    look = glance(cells.texts)
    is_likely = None if look is None else look.begins_with(f"{digits}JFMASOND") & (look.size <= _LONGEST_DAY)
    days = those_like(_A_DAY, cells.texts, is_likely) if "-" in in_lines(cells.texts) else []
    if days:
        row = cells.first[days[0]]
        file, line = table.place(row)
        yield problem("ids-as-days", file=file, line=line, column=table.person, value=days[0], count=len(days))


def _cut_off(table: Table) -> Iterator[Problem]:
    """The fault of ids that are numbers too long for a spreadsheet, all of which end in its zeros."""
    cells = table.texts[table.person]
    look = glance(cells.texts)
    is_likely = None if look is None else look.begins_with(digits) & (look.size > _KEPT)
    long = those_like(_LONG, cells.texts, is_likely)
    if len(long) > 1 and all(set(text[_KEPT:]) == {"0"} for text in long):
        file, line = table.place(cells.first[long[0]])
        yield problem("shortened-id", file=file, line=line, column=table.person, value=long[0][:80])


def _nearly_alike(table: Table) -> Iterator[Problem]:
    """A warning of ids that differ in nothing but capitals and marks, which count as different people."""
    cells = table.texts[table.person]
    pairs = nearly_alike(cells.texts)
    if pairs:
        first, other = pairs[0]
        file, line = table.place(cells.first[other])
        yield problem(
            "ids-nearly-alike", file=file, line=line, column=table.person, value=other[:80], other=first[:80],
            count=len(pairs),
        )  # fmt: skip


def _written_often(cells: Cells, numbers: np.ndarray) -> set[str]:
    """The ids that have many rows where hardly any other has two, and that look like none of them."""
    several = np.flatnonzero(numbers >= OFTEN).tolist()
    if not several or len(several) > MOST_OFTEN or (numbers == 1).sum() < max(FEWEST_SINGLE, ALL_BUT * len(numbers)):
        return set()
    texts = list(cells.texts)
    return {texts[place] for place in several if texts[place] and unlike_all(texts[place], cells.first)}


_A_TEST = a_line(r"(?i:(?:tests?|testing|tester|kiemthu|thunghiem)(?:[+._-]?[0-9]*|[+._-][^\n@]*)(?:@[^\n]*)?)")


def _of_tests(table: Table) -> Iterator[Problem]:
    """A warning of ids by which whoever made the form tried it, like test+1@x.vn; one word for nobody is another."""
    cells = table.texts[table.person]
    look = glance(cells.texts)
    likely = those_like(_A_TEST, cells.texts, None if look is None else look.begins_with("tTkK"))
    tests = [text for text in likely if not names_nobody(text, cells.first)]
    if tests and 2 * len(tests) <= len(cells.texts):
        row = cells.first[tests[0]]
        file, line = table.place(row)
        header = table.files[int(table.file[row])].columns.header_of(table.person) or table.person
        yield problem(
            "ids-of-tests", file=file, line=line, column=table.person, value=tests[0][:80], count=len(tests),
            header=header, stage=table.input.name,
        )  # fmt: skip


# --- ids of several people -----------------------------------------------------------------------------------------


def _of_several(table: Table) -> Iterator[Problem]:
    """A warning of each id under which stand several people by their e-mails or phones, where other ids have one each.

    Like ``admin``, by whom rows were typed in, or an id that was given twice.
    """
    cells = table.texts[table.person]
    rows = np.bincount(cells.places, minlength=len(cells.texts))
    if not len(rows) or rows.max() < OFTEN:
        return
    for opened in table.files:
        try:
            said = _several_in(opened, table.person, is_large=len(table) > MOST_ROWS)
        except FileFault:
            continue  # which reading the file says
        if said is not None:
            text, key, others = said
            file, line = table.place(cells.first[text]) if text in cells.first else (opened.name, None)
            yield problem(
                "id-of-several", file=file, line=line, column=table.person, value=text[:80], count=len(others),
                header=opened.columns.header_of(table.person), other=key.header,
                examples=", ".join(map(repr, others[:2])), stage=opened.input.name,
            )  # fmt: skip


def _several_in(opened: Opened, person: str, *, is_large: bool) -> tuple[str, FurtherKey, Sequence[str]] | None:
    """The first id of a file under which several people stand, by which column, and their cells in that.

    Of a large one the first rows are looked at: it takes an id that comes often to count many people wrongly.
    """
    own = opened.columns.index.get(person)
    records = sampled(opened)
    keys = [] if own is None else further_keys(opened, person, records=records)
    keys = [key for key in keys if key.kind is not KeyKind.OTHER]  # e-mails and phones
    if own is None or not keys:
        return None
    places = {own, *(key.place for key in keys)}
    if is_large:
        columns = {place: Cells.of([record[place] for record in records]) for place in places}
    else:
        columns = dict(whole_columns(opened, places))
    ids = columns[own].reworded(clean_ids(columns[own].texts))
    for key in keys:
        beside = columns[key.place].reworded(clean_ids(columns[key.place].texts))
        for text, others in _with_several(ids, beside).items():
            return text, key, others
    return None


def _with_several(ids: Cells, beside: Cells) -> dict[str, list[str]]:
    """The ids with several cells beside them, where nearly all have one of their own; none where that is not so."""
    cells: dict[str, dict[str, None]] = {}
    for text, other in zip(ids.values(), beside.values(), strict=True):
        if text and other:
            cells.setdefault(text, {})[other] = None
    several = {text: [*others] for text, others in cells.items() if len(others) >= OFTEN}
    single = [next(iter(others)) for others in cells.values() if len(others) == 1]
    is_own = len(set(single)) >= ALL_BUT * len(single) and len(single) >= ALL_BUT * (len(cells) - len(several))
    return several if is_own and 0 < len(several) <= min(MOST_OFTEN, len(single)) else {}
