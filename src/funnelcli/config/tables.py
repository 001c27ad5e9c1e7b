"""The tables of funnel.toml and their keys."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    field_validator,
    model_validator,
)

from funnelcli.config.encodings import is_for_tables
from funnelcli.config.engine import Engine
from funnelcli.config.planning import Plan, Policy, Team
from funnelcli.config.values import (
    MONTH_PATTERN,
    Count,
    FirstAndLast,
    Globs,
    HeaderOrNone,
    Money,
    Share,
    TableModel,
    Weekday,
    amounts_in_dong,
)
from funnelcli.text import Lang, Text, TextError
from funnelcli.values.channels import ChannelName
from funnelcli.values.terms import months_of_interval

DEFAULT_TIMEZONE = "Asia/Ho_Chi_Minh"
DEFAULT_CURRENCY = "VND"


class Business(TableModel):
    """Whose figures these are."""

    name: str = Field("", description="The name in the title of the dashboard.")
    currency: str = Field(
        DEFAULT_CURRENCY,
        pattern=r"^[A-Z]{3}$",
        description="ISO 4217 code of every amount in the exports; without it, what the paid users say.",
    )
    timezone: str = Field(
        DEFAULT_TIMEZONE,
        description="IANA zone the business day follows. Times with an offset are converted to it; "
        "times without one are taken as local to it.",
    )
    gross_margin: Share | None = Field(
        None, description='Share of revenue left after serving a customer, like "80%": payback is reckoned with it.'
    )
    lang: Lang | None = Field(None, description="Language of the formats for people: en or vi.")
    workdays: Annotated[tuple[Weekday, ...], Field(strict=False)] | None = Field(
        None,
        description='The days business is done, like ["mon", "tue", "wed", "thu", "fri"]; the pace of a running month '
        "then counts them instead of all days.",
    )
    holidays: Annotated[tuple[date, ...], Field(strict=False)] = Field(
        (), description="Dates that are no business days, like [2027-02-05, 2027-02-08]; read with workdays."
    )

    @field_validator("workdays")
    @classmethod
    def _some_day(cls, value: tuple[Weekday, ...] | None) -> tuple[Weekday, ...] | None:
        if value == ():
            raise TextError(Text("give at least one day, or leave it out", "khai ít nhất một ngày, hoặc bỏ khóa này"))
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            text = Text(
                "{value!r} is not a known time zone; write it like Asia/Ho_Chi_Minh",
                "{value!r} không phải múi giờ đã biết; viết như Asia/Ho_Chi_Minh",
            )
            raise TextError(text.filled(value=value)) from None
        return value


class InputSettings(TableModel):
    """How one input is found and read.  What is not set is found from the files."""

    files: Globs = Field((), description="Files or globs, relative to funnel.toml, instead of the usual names.")
    date_order: Literal["dmy", "mdy", "ymd"] | None = Field(
        None, description="Order of day, month and year where the dates do not tell."
    )
    decimal: Literal[".", ","] | None = Field(None, description="The decimal mark where the numbers do not tell.")
    encoding: str | None = Field(None, description="Text encoding, for example cp1258.")
    delimiter: Literal[",", ";", "\t", "|"] | None = Field(None, description="What separates the cells.")
    sheet: str | None = Field(None, description='The sheet of a workbook; a glob like "2026*" takes several.')
    empty: Globs = Field(
        (),
        description='Words, or globs, that mean empty in any column, like ["0000-00-00", "never"]; '
        "capitals do not matter.",
    )
    columns: dict[str, HeaderOrNone] = Field(
        default_factory=dict,
        description="Our column name = the header in your export, or false: no header is taken for it. A header may "
        "stand for several columns.",
    )
    earliest: dict[str, Globs] = Field(
        default_factory=dict,
        description='Our column of dates = further headers, like ended_at = ["Termination date"]: of its own date and '
        "theirs the earliest of a row counts.",
    )
    keep: dict[str, Globs] = Field(
        default_factory=dict,
        description="Header = globs: only rows whose cell matches one of them are read.",
    )
    drop: dict[str, Globs] = Field(
        default_factory=dict,
        description="Header = globs: rows whose cell matches one of them are left out.",
    )
    ignore: Globs = Field(
        (),
        description="Headers, as globs, of columns that are rightly not read, or whose plans are paid for: no warning "
        "names them.",
    )
    amount_is: Literal["each", "whole"] | None = Field(
        None, description="Beside a quantity: whether amount is the price of each, or of the whole."
    )
    amount_unit: Literal["major", "minor", "micro", "thousand", "million", "billion"] | None = Field(
        None,
        description="minor: mrr and amount are in the minor unit of their currency, like cents; without it, what their "
        "headers say. micro: in millionths; thousand, million or billion: in so many of the currency.",
    )
    interval: str | None = Field(
        None, description='What amounts are paid for where the rows do not say, like "month" or "year".'
    )
    intervals: dict[str, str] = Field(
        default_factory=dict,
        description='What an interval of the rows means, its words as a glob: "Monthly (billed annually)" = "month".',
    )
    each_row: Literal["visit", "session"] | None = Field(
        None,
        description='What a row of visits is where its columns leave it open: "visit", one visit, whatever stands '
        'beside it; or "session", an event of the session that session_id names, of which each counts once.',
    )
    status: dict[str, Globs] = Field(
        default_factory=dict,
        description="What statuses say, as globs: paying, not_paying and ended for paid users, held and not_held for "
        'demos. For example not_paying = ["on ice"].',
    )

    @field_validator("interval")
    @classmethod
    def _known_interval(cls, value: str | None) -> str | None:
        if value is not None and months_of_interval(value) is None:
            text = Text(
                "{value!r} is no interval; write it like month, year or 3 months",
                "{value!r} không phải chu kỳ; viết như month, year hoặc 3 months",
            )
            raise TextError(text.filled(value=value))
        return value

    @field_validator("intervals")
    @classmethod
    def _known_intervals(cls, value: dict[str, str]) -> dict[str, str]:
        for interval in value.values():
            cls._known_interval(interval)
        return value

    covers: FirstAndLast | None = Field(
        None,
        description='The first and last month that the files tell of, like ["2026-01", "2026-10"]: within, a month '
        "without rows is 0; outside, it is missing.",
    )

    @property
    def covered(self) -> tuple[date, date] | None:
        """The first day of the first month, and of the last one, that the files are said to cover."""
        if self.covers is None:
            return None
        first, last = (date.fromisoformat(f"{month}-01") for month in self.covers)
        return first, last

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        if value is not None and not is_for_tables(value):
            text = Text("{value!r} is not a known text encoding", "{value!r} không phải bảng mã đã biết")
            raise TextError(text.filled(value=value))
        return value

    @property
    def mapped(self) -> dict[str, str]:
        """Our columns with the header that stands for each."""
        return {column: header for column, header in self.columns.items() if header is not False}

    @property
    def unmapped(self) -> frozenset[str]:
        """Our columns that no header stands for, whatever it is called."""
        return frozenset(column for column, header in self.columns.items() if header is False)


NOTHING_SET = InputSettings()  # type: ignore[call-arg]  # every field has a default


class DimensionSettings(TableModel):
    """What every metric can be split by, beside the built-in channel, plan, owner and source."""

    input: str = Field(description="The input whose rows say it, like signups.")
    column: str = Field(description="The header it stands under, like Ngành.")


class PaidUsers(TableModel):
    """How subscription rows become stays."""

    grace_days: int = Field(0, ge=0, le=366, description="Unpaid days between two rows that still are one stay.")
    end_date: Literal["inclusive", "exclusive"] = Field(
        "inclusive",
        description="inclusive: the customer is lost on the date in the cell; exclusive: that date "
        "is the first unpaid day, so the loss is dated the day before.",
    )
    shape: Literal["subscriptions", "payments", "events"] = Field(
        "subscriptions",
        description="subscriptions: a row lasts from its start to its end; payments: a row is a payment, which lasts "
        "its interval (a month where none is given) where it has no end; events: a row is an event, like created or "
        "cancelled, and lasts to the customer's next one. Without it, logs of events are told by their rows.",
    )
    event_amounts: Literal["after", "change"] | None = Field(
        None,
        description="What the amounts of events are. after: what is paid from then on; change: by how much that "
        "changes. Without it, they are changes where some are below 0.",
    )
    same_customers: Literal["snapshots", "parts"] | None = Field(
        None,
        description="What files with the same customers are. snapshots: lists of who pays at the time, so that who is "
        "not in the newer one has left, and what differs has changed; parts: rows to be put together. Without it, the "
        "rows decide.",
    )
    first_of_month: Literal["month", "before"] | None = Field(
        None,
        description="What a list of the first of a month tells: month: who pays in that month; before: who paid in the "
        "one that is over. Without it, a header of months, or the starts of the rows, decide.",
    )
    open_rows: Literal["add", "replace"] | None = Field(
        None,
        description="What an open row is beside an earlier open one of the same customer with another plan or amount: "
        "add: both are paid for; replace: it takes the place of the earlier one. Without it, both count and are named.",
    )
    free_counts: bool = Field(False, description="Whether trials and rows that cost nothing count as paid users.")
    ends: Literal["facts", "scheduled"] = Field(
        "scheduled",
        description="facts: every end in the exports has happened, so that as_of is never before it; scheduled: ends "
        "may be those of running contracts. Without it, what is known of the export says so.",
    )

    @property
    def shape_given(self) -> bool:
        """Whether the settings say what the rows are."""
        return "shape" in self.model_fields_set

    @property
    def ends_given(self) -> bool:
        """Whether the settings say what the ends are, and not the kind of export."""
        return "ends" in self.model_fields_set


class Churn(TableModel):
    """How the churn rate counts."""

    method: Literal["all", "opening"] = Field(
        "all",
        description="all: every loss of the period; opening: only those paying when it began who are not when it ends "
        "(ChartMogul's rule).",
    )


class Opening(TableModel):
    """True balances at the start of a month, where the exports do not reach back far enough."""

    month: str = Field(pattern=MONTH_PATTERN, description="The month, like 2026-01.")
    registered_users: Count | None = Field(None, description="RU at the start of the month.")
    paid_users: Count | None = Field(None, description="PU at the start of the month.")
    demos_held: Count | None = Field(None, description="Demos held before the month.")
    mrr: Money | None = Field(None, description="MRR of all paying customers at the start of the month.")

    @property
    def first_day(self) -> date:
        """The day the balances stand at."""
        return date.fromisoformat(f"{self.month}-01")


class Config(TableModel):
    """The whole of funnel.toml."""

    business: Business = Business()  # type: ignore[call-arg]
    inputs: dict[str, InputSettings] = Field(
        default_factory=dict, description="Input = how it is found and read; what is not set is found from the files."
    )
    channels: dict[ChannelName, Globs] = Field(
        default_factory=dict,
        description="Channel = globs over the source, tried in the order written, before the built-in "
        'ones. For example paid = ["*/ cpc", "facebook*"].',
    )
    dimensions: dict[str, DimensionSettings] = Field(
        default_factory=dict, description="Dimension = the input and column that say it, for `--by`."
    )
    identity: dict[str, str] = Field(
        default_factory=dict,
        description="Input = the header that names its people, for example paid_users = 'Customer Email'; or by = the "
        "header in all inputs that have it, for example by = 'Email'. Without it, the columns that join are found.",
    )
    paid_users: PaidUsers = PaidUsers()  # type: ignore[call-arg]
    churn: Churn = Churn()  # type: ignore[call-arg]
    engine: Engine = Engine()  # type: ignore[call-arg]
    opening: Opening | None = Field(None, description="Balances from before the exports begin.")
    plan: Plan = Plan()  # type: ignore[call-arg]
    teams: dict[str, Team] = Field(
        default_factory=dict, description="Team = the stages and channels it owns; without it, the built-in teams."
    )
    policies: dict[str, Policy] = Field(
        default_factory=dict, description="Team = what it costs; for the budget of `funnelcli targets`."
    )

    _in_dong: dict[str, str] = PrivateAttr(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _with_words(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        config = handler(value)
        if isinstance(value, dict):
            config._in_dong = amounts_in_dong(value)
        return config

    @property
    def amounts_in_dong(self) -> Mapping[str, str]:
        """The amounts with a unit that says đồng, like tỷ, as they are written, by ``[table] key``."""
        return dict(self._in_dong)

    def input_settings(self, name: str) -> InputSettings:
        """How the input of a name is found and read: as the file says, else all left open."""
        return self.inputs.get(name, NOTHING_SET)

    @property
    def currency_given(self) -> str | None:
        """The currency where it was written down rather than assumed."""
        return self.business.currency if "currency" in self.business.model_fields_set else None

    @property
    def timezone_given(self) -> bool:
        """Whether the zone was written down rather than assumed."""
        return "timezone" in self.business.model_fields_set


def json_schema() -> dict[str, Any]:
    """The JSON Schema of funnel.toml, for editors."""
    schema = Config.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
