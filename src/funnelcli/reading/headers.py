"""Headers to our columns: by the config's mapping, by our own name, else by alias.

An alias is matched after case, accents, punctuation and white space are folded away, so ``Ngày đăng ký``,
``ngay_dang_ky`` and its decomposed form are one.  Where several headers fit a column, the alias listed first wins.
A known export format is added by adding its headers to the declaration of its input.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import timedelta
from functools import cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.inputs.known import headers_of
from funnelcli.inputs.spec import CellKind, Column, DateColumns, Input, KnownExport, dimension_of
from funnelcli.problems import Problem, problem
from funnelcli.reading.header_keys import header_key as header_key
from funnelcli.reading.known import known_export as known_export
from funnelcli.reading.unit_words import without_unit
from funnelcli.text import NOTHING, OR, Message, Text, as_text, joined
from funnelcli.values.channels import matches
from funnelcli.values.zones import offset_said, without_zone


@cache
def _alias_ranks(wanted: Input) -> dict[str, dict[str, int]]:
    """For each of our columns: header key -> rank, 0 being our own name."""
    return {
        column.name: {
            header_key(name): rank for rank, name in reversed(list(enumerate((column.name, *column.aliases))))
        }
        for column in wanted.columns
    }


@cache
def id_headers(wanted: Input) -> frozenset[str]:
    """The keys of the headers under which ids of an input stand."""
    ids = (column for column in wanted.columns if column.kind is CellKind.ID)
    return frozenset(header_key(name) for column in ids for name in (column.name, *column.aliases))


def headers_known_for(wanted: Input, columns: Iterable[str]) -> frozenset[str]:
    """The keys of the headers that are known for some of our columns.

    >>> from funnelcli.inputs import INPUTS
    >>> "valid until" in headers_known_for(INPUTS["paid_users"], ["ended_at"])
    True
    """
    ranks = _alias_ranks(wanted)
    return frozenset(key for column in columns for key in ranks.get(column, {}))


@cache
def _aliases(wanted: Input) -> frozenset[str]:
    """The keys of all headers that an input knows."""
    return frozenset(key for ranks in _alias_ranks(wanted).values() for key in ranks)


class ColumnMap(Struct, frozen=True):
    """Where our columns stand in a file: column name -> cell index, and the header at each.

    ``open`` are the columns that the declaration does not name one by one: dates of stages, attributes.  Where the file
    ``is_in_utc``, its times are so unless their header says otherwise.
    """

    header: tuple[str, ...]
    index: Mapping[str, int]
    open: tuple[Column, ...] = ()
    is_in_utc: bool = False

    def header_of(self, column: str) -> str | None:
        """The header that stands for our ``column``."""
        place = self.index.get(column)
        return None if place is None else self.header[place]

    def offset_of(self, column: str) -> timedelta | None:
        """How far naive times of a column are ahead of UTC, where its header itself says so, or its system."""
        header = self.header_of(column)
        said = None if header is None else offset_said(header)
        return timedelta() if said is None and self.is_in_utc else said


def match_headers(
    header: Sequence[str], wanted: Input, overrides: Mapping[str, str | Literal[False]]
) -> dict[str, int]:
    """Column name -> index of the header cell for it, with those found.

    A cell serves one column, unless ``overrides`` of the config name it for several; False: none is to serve this one.

    >>> from funnelcli.inputs import INPUTS
    >>> match_headers(["Mã KH", "Ngày đăng ký"], INPUTS["signups"], {})
    {'user_id': 0, 'signed_up_at': 1}
    """
    keys = [header_key(cell) for cell in header]
    export = known_export(header, wanted)
    taken: dict[str, int] = {}
    if export is None and not overrides and not wanted.shared and _aliases(wanted).isdisjoint(keys):
        return taken  # a row of data, as most that are tried for a header
    shared = dict(wanted.shared)
    for column, named in overrides.items():
        place = _place_of(named, header, keys) if named is not False else None
        if place is not None:
            taken[column] = place
    unread = _take_declared(taken, header, export, {*overrides, *shared}) if export is not None else set[str]()
    mapped_places = {taken[column] for column in overrides if column in taken}
    _take_by_alias(taken, header, wanted, {*overrides, *shared, *unread})
    if mapped_places and not has_required(taken, wanted):
        # A header that is mapped to one column may by its name be what another cannot do without.
        needed = {column.name for column in wanted.columns if column.required}.union(*wanted.requires)
        others = {column.name for column in wanted.columns} - needed
        _take_by_alias(taken, header, wanted, {*overrides, *shared, *others}, free=mapped_places)
    for name, mapped in shared.items():
        place = _place_of(mapped, header, keys)
        if place is not None:
            taken[name] = place
    for known in wanted.columns:
        if known.beside and known.beside not in taken and known.name not in overrides:
            taken.pop(known.name, None)
    order_of = {name: n for n, name in enumerate(_alias_ranks(wanted))}
    return dict(sorted(taken.items(), key=lambda item: order_of.get(item[0], 99)))


def _take_declared(taken: dict[str, int], header: Sequence[str], export: KnownExport, but: Set[str]) -> set[str]:
    """Add to ``taken`` the columns, ``but`` some, that a known export names; those for which no header stands."""
    keys = [header_key(cell) for cell in header]
    for column, mapped in export.columns.items():
        places = (_place_of(each, header, keys) for each in headers_of(mapped))
        place = next((place for place in places if place is not None and place not in taken.values()), None)
        if place is not None and column not in but:
            taken[column] = place
    return {column for column, mapped in export.columns.items() if mapped is False}


def _take_by_alias(
    taken: dict[str, int], header: Sequence[str], wanted: Input, but: Set[str], free: Set[int] = frozenset()
) -> None:
    """Add to ``taken`` the columns, ``but`` some, that a header nobody has taken is an alias of; lower ranks first.

    The places in ``free`` may be taken by one more.
    """
    keys = [header_key(cell) for cell in header]
    amounts = {column.name for column in wanted.columns if column.kind is CellKind.AMOUNT}
    # An amount may be known by its header without the currency or the unit: MRR (USD), amount_in_cents.
    bare = [without_unit(cell) for cell in header] if amounts else keys
    dates = {column.name for column in wanted.columns if column.is_date}
    zoneless = [header_key(without_zone(cell)) for cell in header] if dates else keys

    def keys_for(column: str) -> list[list[str]]:
        more = [bare] if column in amounts else [zoneless] if column in dates else []
        return [list(keys), *(list(each) for each in more)]

    claims: list[tuple[bool, int, int, str]] = []
    later = {column.name for column in wanted.columns if column.gives_way}
    for order, (column, ranks) in enumerate(_alias_ranks(wanted).items()):
        known = {key for each in keys_for(column) for key in each}
        ways = ((column in later, ranks[key], order, column) for key in known if key in ranks)
        claims.extend(way for way in ways if column not in but)
    used = set(taken.values()) - free
    for _, rank, _, column in sorted(claims):
        ranks = _alias_ranks(wanted)[column]
        for i, key in (pair for each in keys_for(column) for pair in enumerate(each)):
            if column not in taken and i not in used and ranks.get(key) == rank:
                taken[column] = i
                used.add(i)
    for question in wanted.columns:
        if question.asked and question.name not in taken and question.name not in but:
            asked = [i for i, cell in enumerate(header) if i not in used and matches(cell, question.asked)]
            taken.update((question.name, i) for i in asked[:1])


def _place_of(wanted: str, header: Sequence[str], keys: Sequence[str]) -> int | None:
    """Where a header that the config names stands: written just so, else alike when folded."""
    exact = [i for i, cell in enumerate(header) if _nfc(cell) == _nfc(wanted)]
    loose = [i for i, key in enumerate(keys) if key == header_key(wanted)]
    places = exact or loose
    return places[0] if places else None


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def open_columns(
    header: Sequence[str], wanted: Input, taken: Mapping[str, int], but: Set[str] = frozenset()
) -> dict[str, tuple[int, Column]]:
    """The columns of a header that the input leaves open: dates of stages, and all others where attributes are kept.

    ``but`` are columns that the config says no header stands for.
    """
    opened: dict[str, tuple[int, Column]] = {}
    shared = dict(wanted.shared) if wanted.attributes else {}
    used = {place for name, place in taken.items() if name not in shared}
    for place, cell in enumerate(header):
        key = header_key(cell)
        if not key or place in used:
            continue
        column: Column | None = _dated(key, cell, wanted.dated)
        if column is None and wanted.attributes:
            column = Column(
                name=key.replace(" ", "_"),
                kind=CellKind.TEXT,
                meaning=Message("the attribute {header}").filled(header=cell),
            )
        if column is not None and column.name not in taken and column.name not in but:
            opened.setdefault(column.name, (place, column))
    return opened


FURTHER = "<"  # between a column of dates and the header of a further one of which the earliest counts; in no key


def further_dates(
    header: Sequence[str], wanted: Input, taken: Mapping[str, int], named: Mapping[str, Sequence[str]]
) -> tuple[list[tuple[int, Column]], list[tuple[str, str]]]:
    """The columns of further dates that the config ``named``, with their places, and those that the header lacks."""
    keys = [header_key(cell) for cell in header]
    known: list[tuple[int, Column]] = []
    lacking: list[tuple[str, str]] = []
    for name, cells in named.items():
        column = wanted.column(name)
        for cell in cells if column is not None else ():
            place = _place_of(cell, header, keys)
            if place is None or name not in taken:
                lacking.append((name, cell))
            elif column is not None and place != taken[name]:
                known.append((place, replace(column, name=f"{name}{FURTHER}{cell}", required=False, aliases=())))
    return known, lacking


def _dated(key: str, cell: str, dated: DateColumns | None) -> Column | None:
    """The open column of dates that a header stands for, if any; ``Date entered "Demo"`` dates ``entered:demo``."""
    for prefix in dated.prefixes if dated is not None else ():
        known = header_key(prefix)
        if dated is not None and key.startswith(f"{known} "):
            return _date_of(key[len(known) + 1 :], cell, dated)
    if dated is not None and key in map(header_key, dated.names):
        return _date_of(key, cell, dated)
    return None


def _date_of(named: str, cell: str, dated: DateColumns) -> Column:
    name = f"{dated.event}:{named.replace(' ', '_')}"
    return Column(name=name, kind=CellKind.DATE, meaning=joined(" ", [dated.meaning, f"({cell})"]))


def has_required(columns: Mapping[str, int], wanted: Input) -> bool:
    """Whether every required column was matched, and of each group of which one is enough, one.

    Open columns of dates are not seen here: of an input that may have these instead, all of a group has to be there.
    """
    ways = wanted.dated.instead if wanted.dated is not None else ()
    return (
        all(column.name in columns for column in wanted.columns if column.required)
        and all(any(name in columns for name in group) for group in wanted.requires)
        and (not ways or any(all(name in columns for name in way) for way in ways))
    )


def closest(header: Sequence[str], names: Iterable[str]) -> Text:
    """The headers most like one of ``names``, as a sentence for the error."""
    keys = {header_key(cell): cell for cell in header if header_key(cell)}
    scored: dict[str, float] = {}
    for name in names:
        wanted = header_key(name)
        for key, cell in keys.items():
            ratio = difflib.SequenceMatcher(None, wanted, key).ratio()
            if ratio >= 0.6:
                scored[cell] = max(ratio, scored.get(cell, 0))
    best = sorted(scored, key=lambda cell: (-scored[cell], cell))[:3]
    shown = ", ".join(map(repr, best))
    return Message(" Closest: {headers}.").filled(headers=shown) if best else NOTHING


def _seen(header: Sequence[str]) -> Text:
    shown = [repr(cell) for cell in header if cell.strip()][:40]
    return as_text(", ".join(shown)) if shown else Message("none")


def header_problems(
    header: Sequence[str],
    wanted: Input,
    overrides: Mapping[str, str | Literal[False]],
    columns: Mapping[str, int],
    *,
    file: str,
    line: int | None,
) -> list[Problem]:
    """What is wrong with a header row: columns missing, mapped to nothing, or standing twice."""
    row = _HeaderRow(header=header, wanted=wanted, columns=columns, file=file, line=line)
    faults = [row.column_fault(column, overrides.get(column.name) or None) for column in wanted.columns]
    faults += [row.group_fault(group) for group in wanted.requires]
    faults.append(row.sums_fault())
    faults.append(row.dates_fault())
    return [fault for fault in faults if fault is not None]


_LIKE = "Date entered 'Demo'"
_INSTEAD = Message("Columns that serve as well: {others}.")


class _HeaderRow(Struct, frozen=True, kw_only=True):
    """A header row as it was matched to the columns of an input, and where it stands."""

    header: Sequence[str]
    wanted: Input
    columns: Mapping[str, int]
    file: str
    line: int | None

    def column_fault(self, column: Column, mapped: str | None) -> Problem | None:
        """What is wrong with the header of one column, which the config may have ``mapped``."""
        if mapped is not None and column.name not in self.columns:
            close = closest(self.header, [mapped])
            return self._fault(
                "mapped-column-missing", column.name, header=mapped, seen=_seen(self.header), closest=close
            )
        if column.required and column.name not in self.columns:
            return self._missing(column.name, column.meaning, (column.name, *column.aliases), column.advice)
        if column.name in self.columns:
            chosen = self.header[self.columns[column.name]]
            count = sum(header_key(cell) == header_key(chosen) for cell in self.header)
            if count > 1:
                return self._fault("repeated-header", dimension_of(column.name), count=count, header=chosen)
        return None

    def group_fault(self, group: Sequence[str]) -> Problem | None:
        """A fault where none is there of columns of which one is enough."""
        if any(name in self.columns for name in group):
            return None
        parts = [part for name in group if (part := self.wanted.column(name)) is not None]
        names = [name for part in parts for name in (part.name, *part.aliases)]
        return self._missing(joined(OR, group), joined(OR, [part.meaning for part in parts]), names)

    def sums_fault(self) -> Problem | None:
        """A fault where a header says that rows are sums, and none says of how many."""
        summed = [cell for cell in self.header if header_key(cell) in map(header_key, self.wanted.sum_headers)]
        if not summed or "visits" in self.columns or not has_required(self.columns, self.wanted):
            return None
        why = Message("rows are sums ({header}), so one row is not one visit")
        return self._missing("visits", why.filled(header=summed[0]), ("sessions", "visits"))

    def dates_fault(self) -> Problem | None:
        """A fault where neither the columns are there that date something, nor an open one of dates."""
        dated = self.wanted.dated
        ways = dated.instead if dated is not None else ()
        if dated is None or not ways or any(all(name in self.columns for name in way) for way in ways):
            return None
        if any(_dated(header_key(cell), cell, dated) is not None for cell in self.header):
            return None
        way = min(ways, key=lambda way: sum(name not in self.columns for name in way))
        lacking = next(part for name in way if name not in self.columns and (part := self.wanted.column(name)))
        others = joined(OR, [" + ".join(each) for each in (*(each for each in ways if each is not way), (_LIKE,))])
        advice = _INSTEAD.filled(others=others)
        return self._missing(lacking.name, lacking.meaning, (lacking.name, *lacking.aliases), advice)

    def _missing(
        self, column: Text | str, meaning: Text | str, names: Sequence[str], advice: Text | None = None
    ) -> Problem:
        close = closest(self.header, names)
        close = joined(" ", [close, advice]) if advice is not None else close
        return self._fault("missing-column", column, meaning=meaning, seen=_seen(self.header), closest=close)

    def _fault(self, code: str, column: Text | str, **facts: object) -> Problem:
        return problem(code, file=self.file, line=self.line, column=column, stage=self.wanted.name, **facts)
