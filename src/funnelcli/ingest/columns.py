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
from enum import StrEnum
from functools import cache, lru_cache

from funnelcli.currencies import without_currency
from funnelcli.errors import Problem, problem
from funnelcli.ingest.discover import Stage


class CellKind(StrEnum):
    """How the cells of a column are read."""

    ID = "id"
    DATE = "date"
    END_DATE = "end_date"
    TEXT = "text"
    AMOUNT = "amount"
    COUNT = "count"
    FLAG = "flag"
    MONTH = "month"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One of our columns: its name, how it is read, what it means, and the headers it is known under."""

    name: str
    kind: CellKind
    meaning: str
    required: bool = False
    aliases: tuple[str, ...] = ()


_PERSON = (
    "customer id", "account id", "contact id", "associated contact ids", "lead id", "mã khách hàng", "mã kh",
    "mã người dùng", "id khách hàng", "user", "uid", "customer external id", "client id",
)  # fmt: skip
_EMAIL = ("email", "e-mail", "email address", "customer email", "địa chỉ email", "thư điện tử")
_SOURCE = (
    "session source / medium", "source / medium", "first user source / medium", "utm_source / utm_medium",
    "session default channel group", "session primary channel group (default channel group)",
    "first user default channel group", "first user primary channel group (default channel group)",
    "default channel group", "default channel grouping", "channel group", "lead source", "leadsource", "original source",
    "original traffic source", "latest source", "nguồn", "nguồn khách hàng", "nguồn khách", "nguồn lead", "nguồn đăng ký",
    "nguồn / phương tiện", "kênh", "channel", "referral source", "acquisition channel", "traffic source",
    "acquisition source", "session source", "first user source", "utm source",
)  # fmt: skip
_MEDIUM = ("session medium", "first user medium", "utm medium", "phương tiện")


def _source(meaning: str) -> tuple[Column, Column]:
    return (
        Column(name="source", kind=CellKind.TEXT, meaning=meaning, aliases=_SOURCE),
        Column(
            name="medium",
            kind=CellKind.TEXT,
            meaning="the medium where source and medium stand apart (google, cpc)",
            aliases=_MEDIUM,
        ),
    )


def _user(meaning: str, *, first: tuple[str, ...] = (), own_id: bool = False) -> Column:
    ids = (*first, *_PERSON, *(("record id", "id") if own_id else ()), *_EMAIL)
    return Column(name="user_id", kind=CellKind.ID, meaning=meaning, required=True, aliases=ids)


SCHEMAS: dict[Stage, tuple[Column, ...]] = {
    Stage.VISITORS: (
        Column(
            name="date",
            kind=CellKind.DATE,
            meaning="the day or time of the visit",
            required=True,
            aliases=(
                "day", "visit date", "visited at", "session date", "session start", "timestamp", "datetime",
                "date time", "event date", "started at", "created at", "time", "ngày", "ngày truy cập", "thời gian",
                "thời gian truy cập",
            ),
        ),
        *_source("where the visit came from"),
        Column(
            name="visits",
            kind=CellKind.COUNT,
            meaning="visits summed in this row (default 1)",
            aliases=(
                "sessions", "session count", "total sessions", "total visits", "số phiên", "phiên", "lượt truy cập",
                "số lượt truy cập", "số lượt", "số phiên truy cập",
                "tổng số phiên", "tổng lượt truy cập", "lượt", "truy cập", "visits (all)", "sessions (all)", "traffic",
            ),
        ),
        Column(
            name="existing_visits",
            kind=CellKind.COUNT,
            meaning="of these, visits by people already registered",
            aliases=(
                "existing user visits", "existing user sessions", "visits by existing users",
                "lượt truy cập của người dùng hiện tại", "lượt truy cập của khách hiện tại",
            ),
        ),
        Column(
            name="is_existing",
            kind=CellKind.FLAG,
            meaning="whether the visitor was already registered",
            aliases=("existing", "existing user", "is existing user", "is registered", "registered", "logged in",
                     "is logged in", "signed in", "đã đăng ký", "người dùng hiện tại"),
        ),
        Column(
            name="user_id",
            kind=CellKind.ID,
            meaning="the visitor's user id, empty where unknown",
            aliases=("customer id", "account id", "contact id", "mã khách hàng", "mã người dùng", "uid", "email"),
        ),
        Column(
            name="visitor_id",
            kind=CellKind.ID,
            meaning="the browser or device",
            aliases=("client id", "anonymous id", "cookie id", "device id", "session id"),
        ),
    ),
    Stage.SIGNUPS: (
        _user("the person who filled the form", own_id=True),
        Column(
            name="signed_up_at",
            kind=CellKind.DATE,
            meaning="when the form was filled",
            required=True,
            aliases=(
                "signup date", "sign up date", "signed up", "signup at", "registered at", "registration date",
                "registered on", "ngày đăng ký", "thời gian đăng ký", "submitted at", "submission date", "created (utc)",
                "create date", "created date", "created at", "date created", "created on", "created", "ngày tạo",
                "thời gian tạo", "became a lead date", "became a subscriber date",
                "became a marketing qualified lead date", "timestamp", "date", "ngày",
            ),
        ),
        *_source("where the signup came from"),
    ),
    Stage.DEMOS: (
        _user("who the demo is for"),
        Column(
            name="booked_at",
            kind=CellKind.DATE,
            meaning="when the demo was booked",
            required=True,
            aliases=(
                "booking date", "booked date", "booked on", "booked", "ngày đặt", "ngày đặt lịch", "ngày đặt demo",
                "ngày đăng ký demo", "became a sales qualified lead date", "scheduled at", "requested at", "create date",
                "created date", "created at", "date created", "created (utc)", "created", "ngày tạo", "date", "ngày",
            ),
        ),
        Column(
            name="demo_id",
            kind=CellKind.ID,
            meaning="the demo's own id",
            aliases=(
                "meeting id", "booking id", "event id", "activity id", "mã demo", "mã lịch hẹn", "mã cuộc hẹn",
                "record id", "id",
            ),
        ),
        Column(
            name="held_at",
            kind=CellKind.DATE,
            meaning="when the demo was held",
            aliases=(
                "held date", "held on", "held", "demo date", "demo at", "meeting date", "meeting start time",
                "start time", "attended at", "completed at", "ngày demo", "ngày diễn ra", "ngày thực hiện", "ngày họp",
                "ngày hẹn",
            ),
        ),
        Column(
            name="status",
            kind=CellKind.TEXT,
            meaning="held, booked, cancelled or no-show",
            aliases=("demo status", "meeting outcome", "outcome", "trạng thái", "tình trạng", "kết quả"),
        ),
        *_source("where the demo came from"),
        Column(
            name="owner",
            kind=CellKind.TEXT,
            meaning="who gives the demo",
            aliases=(
                "demo owner", "deal owner", "contact owner", "hubspot owner", "opportunity owner", "assigned to", "host",
                "người phụ trách", "nhân viên", "nhân viên phụ trách", "phụ trách",
            ),
        ),
    ),
    Stage.PAID_USERS: (
        _user("the customer who pays"),
        Column(
            name="started_at",
            kind=CellKind.DATE,
            meaning="the first day paid for",
            required=True,
            aliases=(
                "start date", "start (utc)", "start date (utc)", "started on", "start", "subscription start date",
                "subscription start", "service period start", "period start", "activated at", "activation date",
                "ngày bắt đầu", "ngày kích hoạt", "ngày hiệu lực", "từ ngày", "ngày thanh toán", "paid at", "paid on",
                "payment date", "became a customer date", "close date", "created (utc)", "created at", "date", "ngày",
            ),
        ),
        Column(
            name="ended_at",
            kind=CellKind.END_DATE,
            meaning="the end; empty while still paying",
            aliases=(
                "end date", "ended on", "ended at (utc)", "end", "subscription end date", "subscription end",
                "service period end", "period end", "expires at", "expiry date", "expiration date", "expired at",
                "valid until", "ngày kết thúc", "ngày hết hạn", "hạn sử dụng", "đến ngày", "churn date", "churned at",
            ),
        ),
        *_source("where the customer came from"),
        Column(
            name="plan",
            kind=CellKind.TEXT,
            meaning="the plan",
            aliases=("plan name", "plan tier", "product", "product name", "plan price id", "gói", "gói dịch vụ", "tên gói"),
        ),
        Column(
            name="subscription_id",
            kind=CellKind.ID,
            meaning="the subscription, invoice or contract",
            aliases=(
                "subscription external id", "invoice id", "contract id", "order id", "mã đơn", "mã đơn hàng",
                "mã hợp đồng", "mã hóa đơn", "id",
            ),
        ),
        Column(
            name="status",
            kind=CellKind.TEXT,
            meaning="the state of the subscription; a state that says nobody pays is warned of",
            aliases=("subscription status", "deal stage", "stage", "trạng thái", "tình trạng"),
        ),
        Column(
            name="mrr",
            kind=CellKind.AMOUNT,
            meaning="monthly recurring revenue",
            aliases=("mrr amount", "monthly recurring revenue"),
        ),
        Column(
            name="amount",
            kind=CellKind.AMOUNT,
            meaning="the amount paid; without mrr it is spread over the row's months",
            aliases=("total amount", "plan amount", "total", "số tiền", "tổng tiền", "thành tiền", "giá trị"),
        ),
        Column(
            name="currency",
            kind=CellKind.TEXT,
            meaning="the currency of the amounts",
            aliases=("plan currency", "currency code", "total amount currency", "đơn vị tiền", "tiền tệ", "loại tiền"),
        ),
        Column(
            name="interval",
            kind=CellKind.TEXT,
            meaning="what the amount is paid for: month, quarter, year, week, 6 months",
            aliases=("plan interval", "billing interval", "billing frequency", "billing period", "chu kỳ", "chu kỳ thanh toán"),
        ),
    ),
    Stage.MONTHLY: (
        Column(
            name="month",
            kind=CellKind.MONTH,
            meaning="the month, like 2026-10",
            required=True,
            aliases=("tháng", "period", "kỳ", "date"),
        ),
        Column(name="channel", kind=CellKind.TEXT, meaning="the channel, empty for the whole", aliases=("kênh",)),
    ),
}  # fmt: skip

# A file of visits that has these but no visits column is a summary of something else; a row is then not a visit.
SUMMARY_HEADERS = (
    "active users", "total users", "new users", "users", "pageviews", "views", "event count", "engaged sessions",
    "count", "hits", "users (total)", "visitors", "unique visitors", "clicks", "link clicks", "impressions", "impr.", "reach", "results", "cost", "amount spent", "lượt nhấp", "lượt hiển thị",
    "người dùng", "người dùng mới", "số người dùng", "lượt xem",
)  # fmt: skip


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
