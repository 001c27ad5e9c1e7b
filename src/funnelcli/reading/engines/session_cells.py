"""The cells that say which session a row is of."""

from collections.abc import Sequence

from funnelcli.problems import Problem, problem
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.engines.sessions import SESSION, VISITOR, Rank, Repeats, tells_sessions
from funnelcli.reading.engines.spoilt import error_value
from funnelcli.reading.rows import Reading
from funnelcli.values.cells import clean_id, clean_value, is_error_value, is_shortened
from funnelcli.values.dates import Moment


class SessionCells:
    """The cells that say which session a row is of; where rows count as visits, whether any is repeated."""

    def __init__(self, reading: Reading, request: VisitRequest, table: VisitTable) -> None:
        index = reading.opened.columns.index
        self.are_told = tells_sessions(reading.opened)
        self._opened = reading.opened
        self._table = table
        self._repeats = None if request.by_session else Repeats()
        self._places = index.get(SESSION), index.get(VISITOR)
        ranked = (index.get(name) for name in ("source", "medium", "is_existing"))
        self._ranked = (*ranked, request.column_of(reading.opened))

    def spoilt(self, record: Sequence[str], line: int) -> Problem | None:
        """What a spreadsheet has done to the id of a session that is to be counted."""
        cell = record[self._places[0] or 0]
        if self._repeats is not None or not self.are_told:
            return None
        if is_shortened(clean_id(cell)):
            return problem("shortened-id", file=self._opened.name, line=line, column=SESSION, value=cell[:80])
        text = clean_value(cell)
        return error_value(SESSION, text, self._opened, line) if is_error_value(text) else None

    def read(self, record: Sequence[str], moment: Moment) -> tuple[tuple[str, str], Rank | None]:
        """The session and the visitor of a row, and its rank among the rows of the session."""
        session, visitor = (clean_id(record[place]) if place is not None else "" for place in self._places)
        if self._repeats is not None:
            self._repeats.add(session, visitor)
            return (session, visitor), None
        source, medium, flag, part = (record[place].strip(" ") if place is not None else "" for place in self._ranked)
        return (session, visitor), Rank(moment.micros, not source, source, medium, flag, part)

    def end(self) -> None:
        """Note what the rows have said, once all are read."""
        if self._repeats is not None and self._repeats.any:
            self._table.sessions.repeated.add(self._opened.name)
