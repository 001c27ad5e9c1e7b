"""The page that ``funnelcli track`` writes, as tables of the targets that stand in it beside actual figures."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from funnelcli.answers.phrases import (
    AGAINST,
    AGAINST_BELOW,
    AGAINST_OVER,
    AGAINST_TO_GO,
    GIVE_PLAIN,
    OF_DEALS,
    REPLANNED,
    SUMMED,
    SUMS,
    TARGETS_AND_ACTUALS,
    UNASSIGNED,
)
from funnelcli.answers.plain import METRIC
from funnelcli.answers.targets_cells import TargetCell, is_nothing
from funnelcli.answers.targets_names import Names
from funnelcli.answers.targets_tables import Targets, TargetTable, cells_of
from funnelcli.answers.written import mark_beside, read_back
from funnelcli.planning.teams import NOBODY
from funnelcli.problems import UsageError
from funnelcli.reading.small import SmallRow
from funnelcli.text import said_in_all
from funnelcli.text.regex import regex
from funnelcli.values.channels import Channel

# 256 [76.2% of 336] (80 to go)
_AGAINST = (AGAINST, AGAINST_TO_GO, AGAINST_OVER, AGAINST_BELOW)
# 22 (21)
_REVISED = regex(r"(\S+) \((\S+)\)")
_LABEL = regex(r"(.+?) \((.+)\)")


def is_tracked(text: str) -> bool:
    """Whether a text is a page of actual figures beside targets."""
    return any(map(_says, text.splitlines()))


def _says(line: str) -> bool:
    return read_back(TARGETS_AND_ACTUALS, line) is not None


def _against(cell: str) -> str:
    """The target of a cell that holds it beside an actual figure; nothing of others."""
    for text in _AGAINST:
        if (said := read_back(text, cell)) is not None:
            return said["target"]
    return ""


def tracked_cells(
    text: str, tables: Iterable[TargetTable], name: str, names: Names, targets: Targets
) -> list[TargetCell]:
    """The targets of such a page; where some are replanned, these.  UsageError where they are sums over months."""
    said = next(filter(_says, text.splitlines()))
    if any(words in said for words in said_in_all(SUMMED)):
        raise UsageError(SUMS.filled(name=name), hint=GIVE_PLAIN)
    targets.one_off = any(words in said for words in said_in_all(OF_DEALS))
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
    if not header or header[0] not in said_in_all(METRIC) or table.title.startswith("*"):
        return None
    rows = [_row(table.rows[0], ("metric", "channel", "team", *(cell.removesuffix("*") for cell in header[1:])))]
    for row in table.rows[1:]:
        targets = map(_against, row.cells[1:])
        rows.append(_row(row, (*_parts(row.cells[0], names), *targets)))
    return replace(table, rows=tuple(rows), mark=mark_beside(METRIC, header[0]))


def _replanned(table: TargetTable, names: Names) -> TargetTable | None:
    """A table of what is left for the months that are left, with the new targets alone; None for the others."""
    said = read_back(REPLANNED, table.title)
    if said is None:
        return None
    metric, _, team = _parts(said["what"], names)
    rows = [table.rows[0]]
    for row in table.rows[1:]:
        cells = [_now(cell) for cell in row.cells[1:]]
        rows.append(_row(row, (row.cells[0], *cells)))
    return replace(table, rows=tuple(rows), metric=metric, team=team or None)


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
    return match[1], of_channel.value if of_channel else "", NOBODY if team in said_in_all(UNASSIGNED) else team


def _row(row: SmallRow, cells: Sequence[str]) -> SmallRow:
    return replace(row, cells=tuple(cells))
