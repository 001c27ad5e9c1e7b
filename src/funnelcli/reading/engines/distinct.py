"""Single columns of large files: their distinct cells, and the cells beside some ids."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from funnelcli.reading.dialect import FileFault
from funnelcli.reading.engines.choose import is_large
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import quiet_rows
from funnelcli.values.cells import clean_id


def distinct_ids(opened: Opened, place: int) -> set[str]:
    """The ids that stand in one column of a file; of a damaged one those before the damage."""
    cells = _at_once(opened, place) if is_large([opened]) else None
    if cells is None:
        cells = set()
        with suppress(FileFault):  # the scan itself reports it
            cells.update(record[place] for _, record in quiet_rows(opened))
    return set(map(clean_id, cells)) - {""}


def cells_beside(opened: Opened, place: int, ids: Iterable[str], other: int) -> dict[str, str] | None:
    """What stands in another column beside each of some ids; None where the file cannot be asked at once."""
    from funnelcli.reading.sql_text import literal

    wanted = ", ".join(map(literal, ids))
    rows = _asked(opened, f"SELECT c{place}, c{other}", f"WHERE c{place} IN ({wanted})") if wanted else []
    return None if rows is None else {clean_id(name): clean_id(cell or "") for name, cell in rows}


def _at_once(opened: Opened, place: int) -> set[str] | None:
    """The same by DuckDB; None where it cannot read the file."""
    rows = _asked(opened, f"SELECT DISTINCT c{place}", "")
    return None if rows is None else {cell for (cell,) in rows if cell}


def _asked(opened: Opened, select: str, where: str) -> list[Any] | None:
    """What DuckDB answers about a file; None where it cannot read it."""
    from funnelcli.reading import database
    from funnelcli.reading.engines.machine import threads
    from funnelcli.reading.engines.table_sql import source_of, supports

    if not supports(opened):
        return None
    with database.connect(config={"threads": threads()}) as connection:
        try:
            rows: list[Any] = connection.execute(f"{select} FROM {source_of([opened])} {where}").fetchall()
        except database.Error:
            return None
    return rows
