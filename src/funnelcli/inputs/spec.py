"""How an input is declared: the files it is read from, its columns, and the headers they are known under."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The inputs; the value is the table's name in funnel.toml."""

    VISITORS = "visitors"
    SIGNUPS = "signups"
    DEMOS = "demos"
    PAID_USERS = "paid_users"
    MONTHLY = "monthly"


EXPORT_STAGES = (Stage.VISITORS, Stage.SIGNUPS, Stage.DEMOS, Stage.PAID_USERS)


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


@dataclass(frozen=True, kw_only=True)
class Input:
    """One kind of export: its ``stage``, the ``files`` it is named by, and its ``columns``."""

    stage: Stage
    files: tuple[str, ...]
    columns: tuple[Column, ...]
