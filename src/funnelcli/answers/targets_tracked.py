"""The page that ``funnelcli track`` writes, as tables of the targets that stand in it beside actual figures."""

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from funnelcli.answers.phrases import GIVE_PLAIN, OF_DEALS, REPLANNED, SUMMED, SUMS, TARGETS_AND_ACTUALS
from funnelcli.answers.plain import METRIC
from funnelcli.answers.targets_cells import TargetCell, is_nothing
from funnelcli.answers.targets_names import Names
from funnelcli.answers.targets_tables import Targets, TargetTable, cells_of
from funnelcli.planning.teams import NOBODY
from funnelcli.problems import UsageError
from funnelcli.reading.small import SmallRow
from funnelcli.values.channels import Channel
from funnelcli.values.numbers import DecimalMark

# 256 [76.2% of 336] (80 to go)
_AGAINST = re.compile(r".*\[[^\[\]]* (?:of|của) ([^\[\]]+)\].*")
# 22 (21)
_REVISED = re.compile(r"(\S+) \((\S+)\)")
_LABEL = re.compile(r"(.+?) \((.+)\)")
_MARKS: dict[str, DecimalMark] = {METRIC.en: ".", METRIC.vi: ","}


def is_tracked(text: str) -> bool:
    """Whether a text is a page of actual figures beside targets."""
    return any(map(_says, text.splitlines()))


def _says(line: str) -> bool:
    return any(
        line.startswith(words[: words.index("{")]) and middle in line
        for words in (TARGETS_AND_ACTUALS.en, TARGETS_AND_ACTUALS.vi)
        for middle in re.findall(r"\{name\}(.+?)\{day\}", words)
    )


def tracked_cells(
    text: str, tables: Iterable[TargetTable], name: str, names: Names, targets: Targets
) -> list[TargetCell]:
    """The targets of such a page; where some are replanned, these.  UsageError where they are sums over months."""
    said = next(filter(_says, text.splitlines()))
    if SUMMED.en in said or SUMMED.vi in said:
        raise UsageError(SUMS.filled(name=name), hint=GIVE_PLAIN)
    targets.one_off = OF_DEALS.en in said or OF_DEALS.vi in said
    cells: dict[tuple[object, str], TargetCell] = {}
    for table in tables:
        anew = _replanned(table, names)
        plain = anew or _main(table, names)
        for cell in cells_of(plain, names, targets) or () if plain is not None else ():
            if anew is not None or (cell.key, cell.month) not in cells:
                cells[cell.key, cell.month] = cell
    return list(cells.values())


def _main(table: TargetTable, names: Names) -> TargetTable | None:
    """The table of the comparison with its targets alone; None for the others."""
    header = table.rows[0].cells
    if not header or header[0] not in (METRIC.en, METRIC.vi) or table.title.startswith("*"):
        return None
    rows = [_row(table.rows[0], ("metric", "channel", "team", *(cell.removesuffix("*") for cell in header[1:])))]
    for row in table.rows[1:]:
        targets = [match[1] if (match := _AGAINST.fullmatch(cell)) else "" for cell in row.cells[1:]]
        rows.append(_row(row, (*_parts(row.cells[0], names), *targets)))
    return replace(table, rows=tuple(rows), mark=_MARKS[header[0]])


def _replanned(table: TargetTable, names: Names) -> TargetTable | None:
    """A table of what is left for the months that are left, with the new targets alone; None for the others."""
    title = next(
        (table.title.removesuffix(end) for end in map(_ending, (REPLANNED.en, REPLANNED.vi)) if
         table.title.endswith(end)), None,
    )  # fmt: skip
    if title is None:
        return None
    metric, _, team = _parts(title, names)
    rows = [table.rows[0]]
    for row in table.rows[1:]:
        cells = [_now(cell) for cell in row.cells[1:]]
        rows.append(_row(row, (row.cells[0], *cells)))
    return replace(table, rows=tuple(rows), metric=metric, team=team or None)


def _ending(pattern: str) -> str:
    return pattern.partition("{what}")[2]


def _now(cell: str) -> str:
    match = _REVISED.fullmatch(cell)
    return "" if match is None or is_nothing(match[1]) else match[1]


def _parts(label: str, names: Names) -> tuple[str, str, str]:
    """The figure, the channel and the team that a label names: ``New PU (sales, Paid)``."""
    match = _LABEL.fullmatch(label)
    if match is None or (names.find_metric(label) is not None):
        return label, "", ""
    of_channel: Channel | None = None
    team = match[2]
    before, _, last = match[2].rpartition(", ")
    if (whole := names.find_label(match[2])) is not None and match[2] not in names.teams:
        of_channel, team = whole, ""
    elif before and (of_last := names.find_label(last)) is not None and match[2] not in names.teams:
        of_channel, team = of_last, before
    return match[1], of_channel.value if of_channel else "", NOBODY if team == "chưa có đội" else team


def _row(row: SmallRow, cells: Sequence[str]) -> SmallRow:
    return replace(row, cells=tuple(cells))
