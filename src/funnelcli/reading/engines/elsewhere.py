"""Visits counted elsewhere: what is sent to workers, and how their sums come together.

All that is decided from the files as a whole is decided here: how dates are written, which file is cut where, the SQL.
What comes back is read by one query in the place of the scan, so that all after it is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from funnelcli.problems import Problem, UsageError, problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.engines import share_work, shares
from funnelcli.reading.engines.forms import Form, form_of
from funnelcli.reading.engines.many_sources import by_channel
from funnelcli.reading.engines.model import VisitRequest, joins_users
from funnelcli.reading.engines.registered import write_registered
from funnelcli.reading.engines.sessions import tells_sessions
from funnelcli.reading.engines.share_work import PLACE, Answer, Order, Share
from funnelcli.reading.engines.shares import Crew
from funnelcli.reading.engines.visit_groups import MOST_ODD_ROWS, GroupKey, Irregular, Odd
from funnelcli.reading.engines.visit_sql import Rows
from funnelcli.reading.opening import Opened
from funnelcli.reading.scratch import is_scratch
from funnelcli.reading.sql_text import literal, sql_path
from funnelcli.text import Message

_COLUMNS = "file, key, s, m, f, p, n, visits, existing, odd, ids"


class Uncounted(Exception):
    """Files that no worker could count, with the problems that say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(each.message for each in problems))
        self.problems = problems


class Sent(Struct, kw_only=True):
    """A group of files whose visits are counted elsewhere: how its dates are written, its shares, and their sums.

    A share is of the file at a place of the group.
    """

    group: Sequence[Opened]
    form: Form
    join: bool
    part: int | None
    away: Away
    shares: Sequence[tuple[int, Share]]
    sums: list[Path] = field(default_factory=list)
    is_by_channel: bool = False

    @property
    def by_channel(self) -> Sent:
        """The same, with the channel in the place of the source, as ``make_channels`` has told it."""
        return replace(self, is_by_channel=True)

    @property
    def sources(self) -> str:
        """The SQL that counts them by file, source and medium, odd or not."""
        named = "file, coalesce(s, '') AS s, coalesce(m, '') AS m"
        return f"SELECT {named}, sum(visits + coalesce(len(odd), 0)) AS visits FROM {self._summed} GROUP BY ALL"

    def query(self, *, listed: bool) -> str:
        """The SQL that gives the group as the scan of its files would; the odd rows have come with the sums."""
        rows = self._summed
        if self.is_by_channel:
            rows = f"({by_channel(f'SELECT * FROM {rows}')})"
        return (
            "SELECT file, key, s, m, f, p, sum(n)::BIGINT, sum(visits)::BIGINT, sum(existing)::BIGINT, "
            f"flatten(list(odd) FILTER (WHERE odd IS NOT NULL)), NULL FROM {rows} GROUP BY file, key, s, m, f, p"
        )

    @property
    def _summed(self) -> str:
        return f"read_parquet([{', '.join(map(sql_path, self.sums))}])"

    @property
    def odd_ones(self) -> str:
        """Never asked for, since all are listed."""
        raise Irregular

    def rows_of(self, keys: Sequence[GroupKey]) -> str:
        """The SQL of the rows of some groups, which the workers are asked for; Irregular where they are too many.

        Odd where only the groups by source can tell which rows these are.
        """
        if self.is_by_channel:
            raise Odd
        listed = self.away.rows_of(self, keys)
        return f"SELECT file, o FROM read_parquet([{', '.join(map(sql_path, listed))}])"

    def orders(self) -> list[Order]:
        """What the workers are to count."""
        return [self._order(share, self._query(place), most_odd=MOST_ODD_ROWS) for place, share in self.shares]

    def orders_of_rows(self, keys: Sequence[GroupKey]) -> list[Order]:
        """The same for the rows of some groups."""
        orders = []
        for place, share in self.shares:
            own = [("", *key[1:]) for key in keys if key[0] == self._name(place)]
            if own:
                sql = self._rows(place).of_groups
                sql = f"SELECT {literal(self._name(place))} AS file, o FROM ({sql} LIMIT {MOST_ODD_ROWS + 1})"
                orders.append(self._order(share, sql, before=tuple(groups_sql(own))))
        return orders

    def _query(self, place: int) -> str:
        sql = self._rows(place).sums(listed=True)
        return f"SELECT * REPLACE ({literal(self._name(place))} AS file) FROM ({sql}) AS q({_COLUMNS})"

    def _rows(self, place: int) -> Rows:
        return Rows(group=[_placed(self.group[place])], form=self.form, join=self.join, part=self.part)

    def _order(self, share: Share, sql: str, *, before: tuple[str, ...] = (), most_odd: int | None = None) -> Order:
        request = self.away.request
        return Order(
            share=share, sql=sql, before=before, program=share_work.program(),
            registered=self.away.registered_name if self.join else None, megabytes=request.megabytes,
            most_odd=most_odd,
        )  # fmt: skip

    def _name(self, place: int) -> str:
        """What the scan calls a file of the group."""
        return str(self.group[place].file.path.resolve()) if len(self.group) > 1 else ""


def groups_sql(keys: Sequence[Sequence[Any]]) -> Iterator[str]:
    """SQL that makes the table of the groups whose rows are wanted."""
    yield "CREATE OR REPLACE TEMP TABLE odd_groups (file TEXT, key TEXT, s TEXT, m TEXT, f TEXT, p TEXT)"
    rows = (", ".join("NULL" if cell is None else literal(str(cell)) for cell in key) for key in keys)
    yield f"INSERT INTO odd_groups VALUES {', '.join(f'({row})' for row in rows)}"


def _placed(opened: Opened) -> Opened:
    """The file at the place that stands for its path."""
    return replace(opened, file=replace(opened.file, path=PLACE))


class Away:
    """What is counted by a crew for one scan."""

    def __init__(self, request: VisitRequest, crew: Crew, scratch: Path) -> None:
        self.request, self._crew, self._scratch = request, crew, scratch
        self._registered: bytes | None = None
        self.registered_name: str | None = None
        self._files = 0

    def count(self, groups: Sequence[Sequence[Opened]]) -> dict[int, Sent]:
        """The groups that could be counted elsewhere, by their place; Uncounted where a file could by nobody."""
        planned = {place: sent for place, group in enumerate(groups) if (sent := self._planned(group)) is not None}
        if not planned:
            return {}
        self._crew.start(self._scratch)
        if self.request.registered is not None and any(sent.join for sent in planned.values()):
            path = self._scratch / "registered-sent.csv"
            write_registered(path, self.request.registered())
            self._registered = path.read_bytes()
            self.registered_name = share_work.name_of(self._registered)
        orders = [(place, order) for place, sent in planned.items() for order in sent.orders()]
        irregular = set[int]()
        for number, answer in self._answers([order for _, order in orders], planned):
            place = orders[number][0]
            share, meter = orders[number][1].share, planned[place].group[0].file.meter
            if meter is not None:
                meter.add(_path_of(share, planned[place].group), share.end - share.start)
            if answer.kind == "irregular":
                irregular.add(place)
            else:
                planned[place].sums.append(self._kept(answer))
        return {place: sent for place, sent in planned.items() if place not in irregular}

    def rows_of(self, sent: Sent, keys: Sequence[GroupKey]) -> list[Path]:
        """The rows of some groups, as Parquet files."""
        listed = []
        for _, answer in self._answers(sent.orders_of_rows(keys), {0: sent}):
            if answer.kind == "irregular":
                raise Irregular
            listed.append(self._kept(answer))
        return listed

    def _planned(self, group: Sequence[Opened]) -> Sent | None:
        """How a group is to be counted elsewhere; None where that is for this machine to do."""
        first, request = group[0], self.request
        hidden = not self._crew.is_here and any(is_scratch(opened.file.path) for opened in group)
        if hidden or tells_sessions(first):
            return None
        join = joins_users(first, request)
        try:
            form = form_of(group, request, compares=join)
            cut = [
                (place, share) for place, opened in enumerate(group)
                for share in shares.shares_of(opened, shares.SHARE_BYTES)
            ]  # fmt: skip
        except (FileFault, OSError):
            return None  # who reads it here says so
        if form is None:
            return None
        return Sent(group=group, form=form, join=join, part=request.column_of(first), away=self, shares=cut)

    def _answers(self, orders: Sequence[Order], sent: Mapping[int, Sent]) -> Iterator[tuple[int, Answer]]:
        """The answers to all orders; Uncounted where a worker has not the file."""
        names = {str(opened.file.path.resolve()): opened.name for each in sent.values() for opened in each.group}
        faults: dict[str, Problem] = {}
        for number, answer in self._crew.count(orders, self._registered):
            path = orders[number].share.path
            if answer.kind in ("counted", "irregular"):
                yield number, answer
            else:
                faults[path] = _fault(answer, names.get(path, path))
        if faults:
            raise Uncounted(list(faults.values()))

    def _kept(self, answer: Answer) -> Path:
        self._files += 1
        path = self._scratch / f"sums-{self._files}.parquet"
        path.write_bytes(answer.sums)
        return path


def _path_of(share: Share, group: Sequence[Opened]) -> Path:
    """The file that a share is of, as it was named."""
    return next(opened.file.path for opened in group if str(opened.file.path.resolve()) == share.path)


def _fault(answer: Answer, name: str) -> Problem:
    """Why a file was not counted; UsageError where the workers run another program."""
    worker = answer.worker or Message("a worker")
    match answer.kind:
        case "program":
            raise UsageError(
                Message("{worker} runs {theirs}; here it is {ours}.").filled(
                    worker=worker, theirs=answer.about, ours=", ".join(share_work.program())
                ),
                hint=Message("Install the same versions here and on every worker."),
            )
        case "unseen" | "changed":
            return problem(f"{answer.kind}-by-workers", file=name, worker=worker)
        case _:
            return problem("not-counted-by-workers", file=name, reason=answer.about)
