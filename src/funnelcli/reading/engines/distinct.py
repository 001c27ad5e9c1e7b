"""The distinct cells of a column of visits, which may be too many rows to hold."""

from contextlib import suppress

from funnelcli.problems import Problems
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.engines.choose import is_large
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Reading
from funnelcli.values.cells import clean_id


def distinct_ids(opened: Opened, place: int) -> set[str]:
    """The ids that stand in one column of a file; of a damaged one those before the damage."""
    cells = _at_once(opened, place) if is_large([opened]) else None
    if cells is None:
        cells = set()
        with suppress(FileFault):  # the scan itself reports it
            cells.update(record[place] for _, record in Reading(opened=opened, problems=Problems(limit=0)).rows())
    return set(map(clean_id, cells)) - {""}


def _at_once(opened: Opened, place: int) -> set[str] | None:
    """The same by DuckDB; None where it cannot read the file."""
    import duckdb

    from funnelcli.reading.engines.table_sql import source_of, supports

    if not supports(opened):
        return None
    with duckdb.connect(config={"threads": 2}) as connection:
        try:
            rows = connection.execute(f"SELECT DISTINCT c{place} FROM {source_of([opened])}").fetchall()
        except duckdb.Error:
            return None
    return {cell for (cell,) in rows if cell}
