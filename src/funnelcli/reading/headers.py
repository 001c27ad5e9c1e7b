"""Headers to our columns: by the config's mapping, by our own name, else by alias.

An alias is matched after case, accents, punctuation and white space are folded away, so ``Ngày đăng ký``,
``ngay_dang_ky`` and its decomposed form are one.  Where several headers fit a column, the alias listed first wins.
A known export format is added by adding its headers here.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from funnelcli.inputs import SCHEMAS
from funnelcli.inputs.spec import CellKind, Stage
from funnelcli.inputs.visitors import SUMMARY_HEADERS
from funnelcli.problems import Problem, problem
from funnelcli.values.currencies import without_currency


@lru_cache(maxsize=4096)
def header_key(header: str) -> str:
    """How headers are compared.

    >>> header_key("Ngày  ĐĂNG_ký"), header_key("Created (UTC)"), header_key("CreatedDate")
    ('ngay dang ky', 'created utc', 'created date')
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", header)  # LeadSource, CreatedDate
    bare = unicodedata.normalize("NFD", apart.casefold().replace("đ", "d"))
    letters = bare if bare.isascii() else "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w#%]|_", " ", letters).split())


@cache
def _alias_ranks(stage: Stage) -> dict[str, dict[str, int]]:
    """For each of our columns: header key -> rank, 0 being our own name."""
    return {
        column.name: {
            header_key(name): rank for rank, name in reversed(list(enumerate((column.name, *column.aliases))))
        }
        for column in SCHEMAS[stage]
    }


@cache
def _aliases(stage: Stage) -> frozenset[str]:
    """The keys of all headers that a stage knows."""
    return frozenset(key for ranks in _alias_ranks(stage).values() for key in ranks)


@dataclass(frozen=True)
class ColumnMap:
    """Where our columns stand in a file: column name -> cell index, and the header at each."""

    header: tuple[str, ...]
    index: Mapping[str, int]

    def header_of(self, column: str) -> str | None:
        """The header that stands for our ``column``."""
        place = self.index.get(column)
        return None if place is None else self.header[place]

    def says_utc(self, column: str) -> bool:
        """Whether the header itself says that naive times are UTC."""
        header = self.header_of(column)
        return header is not None and "utc" in header_key(header).split()


def match_headers(header: Sequence[str], stage: Stage, overrides: Mapping[str, str]) -> dict[str, int]:
    """Column name -> index of the header cell for it, with those found; each cell serves one column.

    >>> match_headers(["Mã KH", "Ngày đăng ký"], Stage.SIGNUPS, {})
    {'user_id': 0, 'signed_up_at': 1}
    """
    keys = [header_key(cell) for cell in header]
    bare = [header_key(without_currency(cell)) for cell in header] if stage is Stage.PAID_USERS else keys
    amounts = {column.name for column in SCHEMAS[stage] if column.kind is CellKind.AMOUNT}
    taken: dict[str, int] = {}
    if not overrides and _aliases(stage).isdisjoint(keys):
        return taken  # a row of data, as most that are tried for a header
    for column, wanted in overrides.items():
        exact = [i for i, cell in enumerate(header) if _nfc(cell) == _nfc(wanted)]
        loose = [i for i, key in enumerate(keys) if key == header_key(wanted)]
        if exact or loose:
            taken[column] = (exact or loose)[0]
    claims: list[tuple[int, int, str]] = []
    for order, (column, ranks) in enumerate(_alias_ranks(stage).items()):
        if column in overrides:
            continue
        known = {*keys, *bare} if column in amounts else keys
        claims.extend((ranks[key], order, column) for key in known if key in ranks)
    used = set(taken.values())
    for rank, _, column in sorted(claims):
        if column in taken:
            continue
        ranks = _alias_ranks(stage)[column]
        # An amount may be known by its header without the currency: MRR (USD).
        for i, key in (*enumerate(keys), *(enumerate(bare) if column in amounts else ())):
            if i not in used and ranks.get(key) == rank:
                taken[column] = i
                used.add(i)
                break
    order_of = {column: n for n, column in enumerate(_alias_ranks(stage))}
    return dict(sorted(taken.items(), key=lambda item: order_of.get(item[0], 99)))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def has_required(found: Mapping[str, int], stage: Stage) -> bool:
    """Whether every required column was found."""
    return all(column.name in found for column in SCHEMAS[stage] if column.required)


def closest(header: Sequence[str], names: Iterable[str]) -> str:
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
    return f" Closest: {', '.join(map(repr, best))}." if best else ""


def _seen(header: Sequence[str]) -> str:
    shown = [repr(cell) for cell in header if cell.strip()][:40]
    return ", ".join(shown) or "none"


def header_problems(
    header: Sequence[str],
    stage: Stage,
    overrides: Mapping[str, str],
    found: Mapping[str, int],
    *,
    file: str,
    line: int | None,
) -> list[Problem]:
    """What is wrong with a header row: columns missing, mapped to nothing, or standing twice."""
    problems: list[Problem] = []
    for column in SCHEMAS[stage]:
        names = (column.name, *column.aliases)
        if column.name in overrides and column.name not in found:
            problems.append(
                problem(
                    "mapped-column-missing", file=file, line=line, column=column.name, stage=stage.value,
                    header=overrides[column.name], seen=_seen(header), closest=closest(header, [overrides[column.name]]),
                )
            )  # fmt: skip
        elif column.required and column.name not in found:
            problems.append(
                problem(
                    "missing-column", file=file, line=line, column=column.name, stage=stage.value, meaning=column.meaning,
                    seen=_seen(header), closest=closest(header, names),
                )
            )  # fmt: skip
        elif column.name in found:
            chosen = header_key(header[found[column.name]])
            count = sum(header_key(cell) == chosen for cell in header)
            if count > 1:
                problems.append(
                    problem(
                        "repeated-header", file=file, line=line, column=column.name, count=count,
                        header=header[found[column.name]], stage=stage.value,
                    )
                )  # fmt: skip
    if stage is Stage.VISITORS and "date" in found and "visits" not in found:
        summed = [cell for cell in header if header_key(cell) in map(header_key, SUMMARY_HEADERS)]
        if summed:
            problems.append(
                problem(
                    "missing-column", file=file, line=line, column="visits", stage=stage.value,
                    meaning=f"rows are sums ({summed[0]}), so one row is not one visit", seen=_seen(header),
                    closest=closest(header, ("sessions", "visits")),
                )
            )  # fmt: skip
    return problems
