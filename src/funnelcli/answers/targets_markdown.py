"""Tables of Markdown, as ``funnelcli targets`` writes them or by hand, made tables of targets."""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from funnelcli.answers.phrases import GOAL, GOAL_OF_PEOPLE
from funnelcli.answers.planned_cells import MONTH
from funnelcli.answers.targets_cells import TargetCell, is_nothing
from funnelcli.answers.targets_names import Names
from funnelcli.answers.targets_page import BEFORE_OF_STAGE, BEFORE_OF_TEAM, MODEL_LABELS, NO_TEAM, TEAM, TIMED
from funnelcli.answers.targets_tables import Targets, TargetTable
from funnelcli.answers.written import begins, mark_beside, read_back
from funnelcli.planning.keys import Key, RevenueModel
from funnelcli.planning.labels import KEY_LABELS, KEY_LABELS_OF_REST
from funnelcli.planning.metrics import CLOSING, OPENING
from funnelcli.planning.teams import NOBODY
from funnelcli.reading.small import SmallRow
from funnelcli.text import Text, said_in_all
from funnelcli.text.regex import regex
from funnelcli.values.currencies import USUAL, currencies_in
from funnelcli.values.period_words import parse_bound
from funnelcli.values.periods import Grain, shift

_TITLE = regex(r"#{1,6}\s+(.*)")
_RULE = regex(r"\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?")
_PIPE = regex(r"(?<!\\)((?:\\\\)*)\|")
_ESCAPED = regex(r"\\([!-/:-@\[-`{-~])")


def is_markdown(text: str) -> bool:
    """Whether a text has a table of Markdown: a line of cells above a line of dashes.

    >>> is_markdown("| metric | 2027-01 |\\n| --- | --: |\\n"), is_markdown("metric|2027-01\\nnew_signups|4\\n")
    (True, False)
    """
    lines = text.splitlines()
    return any(_RULE.fullmatch(line.strip()) and "|" in lines[place] for place, line in enumerate(lines[1:]))


def markdown_tables(text: str, name: str, names: Names, targets: Targets) -> Iterator[TargetTable]:
    """The tables of a text, each with what its title says of it; what the goal says goes into ``targets``."""
    title, about, rows = "", [name], list[SmallRow]()
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        stripped = line.strip()
        if _PIPE.search(stripped) and not _is_goal(stripped):
            if not _RULE.fullmatch(stripped):
                rows.append(SmallRow(line=number, cells=tuple(_cells(stripped)), text=line))
            continue
        is_timed = title in said_in_all(TIMED)
        targets.timed |= is_timed
        if rows and not is_timed:
            yield _table(rows, title, name, about, names)
        rows = []
        if heading := _TITLE.fullmatch(stripped):
            title = unescaped(heading[1])
            about.append(title)
        elif _is_goal(stripped):
            _notice_goal(unescaped(stripped), targets)


def openings(tables: Sequence[TargetTable], read: Sequence[TargetCell]) -> Iterator[TargetCell]:
    """The customers at the start of each month, which the page leaves out: those at the end of the month before.

    Of the first month that is planned they stand among the assumptions.
    """
    closing = {cell.month: cell for cell in read if cell.key == (CLOSING.key, None, None) and not cell.is_past}
    if not closing or any(cell.key[0] == OPENING.key for cell in read):
        return
    first, key = min(closing), (OPENING.key, None, None)
    labels = {text for of in (KEY_LABELS, KEY_LABELS_OF_REST) for text in said_in_all(of[Key.OPENING])}
    for row in (row for table in tables for row in table.rows):
        if len(row.cells) > 1 and row.cells[0] in labels and not is_nothing(row.cells[1]):
            yield replace(closing[first], key=key, text=row.cells[1])
    for month, cell in closing.items():
        before = shift(parse_bound(month, Grain.MONTH, last=False, option="targets"), -1, Grain.MONTH).key
        if before in closing:
            yield replace(cell, key=key, text=closing[before].text)


def _cells(line: str) -> list[str]:
    """The cells of a line, unescaped."""
    inner = line.strip()
    inner = inner[1:] if inner.startswith("|") else inner
    parts = _PIPE.split(inner)
    # Backslashes before a mark that parts cells belong to the cell before it.
    cells = [parts[at] + (parts[at + 1] if at + 1 < len(parts) else "") for at in range(0, len(parts), 2)]
    cells = cells[:-1] if not cells[-1].strip() else cells
    return [unescaped(cell.strip()) for cell in cells]


def unescaped(text: str) -> str:
    r"""A text of Markdown as it was before it was escaped.

    >>> unescaped(r"sales\_sme \| a`@`b.c &lt;x&amp;")
    'sales_sme | a@b.c <x&'
    """
    plain = re.sub(r"`@`", "@", text)
    plain = _ESCAPED.sub(r"\1", plain)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("**", "")


def _table(rows: list[SmallRow], title: str, name: str, about: list[str], names: Names) -> TargetTable:
    first = rows[0].cells[0] if rows[0].cells else ""
    team, of_stage = _team(title), read_back(BEFORE_OF_STAGE, title)
    title = of_stage["stage"] if of_stage is not None and team is None else title
    metric = None if team is not None or names.find_metric(title) is None else title
    return TargetTable(
        name=name, rows=tuple(rows), about=tuple(about), metric=metric, team=team, mark=mark_beside(MONTH, first),
        title=title,
    )  # fmt: skip


def _team(title: str) -> str | None:
    """The team that a title names."""
    if title in said_in_all(NO_TEAM):
        return NOBODY
    said = read_back(BEFORE_OF_TEAM, title) or read_back(TEAM, title)
    return None if said is None else said["team"].strip()


def _is_goal(line: str) -> bool:
    return begins(GOAL, line) or begins(GOAL_OF_PEOPLE, line)


def _notice_goal(line: str, targets: Targets) -> None:
    """The currency of a goal, and whether its revenue is of deals."""
    one_off: Text = MODEL_LABELS[RevenueModel.ONE_OFF]
    targets.one_off |= line.rstrip(".").endswith(said_in_all(one_off))
    if said := currencies_in(line):
        targets.currency = USUAL.get(said, min(said))
