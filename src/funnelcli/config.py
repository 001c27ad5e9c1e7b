"""funnel.toml: what may be said in it, and how it is read.

Every table and key is optional.  The descriptions here are also the comments of docs/config.md and of the JSON
Schema that ``funnelcli init`` writes beside the file for editors.
"""

import codecs
import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
    field_validator,
)

from funnelcli.problems import ConfigError, reason_of
from funnelcli.problems.system import CANNOT_READ, CHECK_PATH, NOT_UTF8, SAVE_UTF8
from funnelcli.text import NOTHING, Lang, Text, TextError, did_you_mean, foreign, joined
from funnelcli.values.amounts import parse_amount, parse_share, parse_whole
from funnelcli.values.channels import ChannelName
from funnelcli.values.currencies import currencies_in

FILE_NAME = "funnel.toml"
SCHEMA_NAME = "funnel.schema.json"
DEFAULT_TIMEZONE = "Asia/Ho_Chi_Minh"
DEFAULT_CURRENCY = "VND"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Globs = Annotated[tuple[str, ...], Field(strict=False), BeforeValidator(_as_list)]
_WRITTEN = WithJsonSchema({"type": ["number", "string"]})


def _written(read: Callable[[Any], Any]) -> PlainValidator:
    """A number or a text of the file, as ``read`` understands it."""

    def validate(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise TextError(Text("a number or a text is wanted here", "ở đây cần một số hoặc chuỗi"))
        return read(value)

    return PlainValidator(validate)


def _share_or_none(value: str | float) -> Fraction | str:
    return "none" if value == "none" else parse_share(value)


def _plain_amount(value: str | float) -> Fraction:
    if isinstance(value, str) and currencies_in(value):
        text = Text(
            "{value!r} names a currency; write it without, since [business] currency says it for all",
            "{value!r} có ghi loại tiền; bỏ loại tiền đi vì [business] currency đã khai cho tất cả",
        )
        raise TextError(text.filled(value=value))
    return parse_amount(value)


def _amount_or_share(value: str | float) -> str | float:
    if isinstance(value, str) and value.strip().endswith("%"):
        parse_share(value)
    else:
        _plain_amount(value)
    return value


def _channels_or_all(value: object) -> object:
    if value == "all":
        return value
    names = [value] if isinstance(value, str) else value
    known = list(get_args(ChannelName))
    if not isinstance(names, list) or not names:
        text = Text('write "all", or a list of channels ({known})', 'viết "all", hoặc danh sách kênh ({known})')
        raise TextError(text.filled(known=", ".join(known)))
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(str(name), known, n=1)
            text = Text(
                "{name!r} is no channel.{guess} The channels are {known}",
                "{name!r} không phải kênh.{guess} Các kênh là {known}",
            )
            raise TextError(text.filled(name=name, guess=did_you_mean(close), known=", ".join(known)))
    return tuple(dict.fromkeys(names))


Amount = Annotated[Fraction, _written(_plain_amount), _WRITTEN]
Share = Annotated[Fraction, _written(parse_share), _WRITTEN]
ShareOrNone = Annotated[Fraction | Literal["none"], _written(_share_or_none), _WRITTEN]
AmountOrShare = Annotated[str | int | float, _written(_amount_or_share), _WRITTEN]
Whole = Annotated[int, _written(parse_whole), _WRITTEN]
MonthKey = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Owned = Annotated[
    Literal["all"] | tuple[ChannelName, ...],
    PlainValidator(_channels_or_all),
    WithJsonSchema({"anyOf": [{"const": "all"}, {"type": "array", "items": {"enum": list(get_args(ChannelName))}}]}),
]


class Business(_Model):
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


class InputSettings(_Model):
    """How one input is found and read.  What is not set is found from the files."""

    files: Globs = Field((), description="Files or globs, relative to funnel.toml, instead of the usual names.")
    date_order: Literal["dmy", "mdy", "ymd"] | None = Field(
        None, description="Order of day, month and year where the dates do not tell."
    )
    decimal: Literal[".", ","] | None = Field(None, description="The decimal mark where the numbers do not tell.")
    encoding: str | None = Field(None, description="Text encoding, for example cp1258.")
    delimiter: Literal[",", ";", "\t", "|"] | None = Field(None, description="What separates the cells.")
    sheet: str | None = Field(None, description='The sheet of a workbook; a glob like "2026*" takes several.')
    columns: dict[str, str] = Field(default_factory=dict, description="Our column name = the header in your export.")
    keep: dict[str, Globs] = Field(
        default_factory=dict,
        description="Header = globs: only rows whose cell matches one of them are read.",
    )
    drop: dict[str, Globs] = Field(
        default_factory=dict,
        description="Header = globs: rows whose cell matches one of them are left out.",
    )

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                codecs.lookup(value)
                b"".decode(value)
            except (LookupError, UnicodeError, ValueError):
                text = Text("{value!r} is not a known text encoding", "{value!r} không phải bảng mã đã biết")
                raise TextError(text.filled(value=value)) from None
        return value


NOTHING_SET = InputSettings()  # type: ignore[call-arg]  # every field has a default


class DimensionSettings(_Model):
    """What every metric can be split by, beside the built-in channel, plan, owner and source."""

    input: str = Field(description="The input whose rows say it, like signups.")
    column: str = Field(description="The header it stands under, like Ngành.")


class PaidUsers(_Model):
    """How subscription rows become stays."""

    grace_days: int = Field(0, ge=0, le=366, description="Unpaid days between two rows that still are one stay.")
    end_date: Literal["inclusive", "exclusive"] = Field(
        "inclusive",
        description="inclusive: the customer is lost on the date in the cell; exclusive: that date "
        "is the first unpaid day, so the loss is dated the day before.",
    )


class Churn(_Model):
    """How the churn rate counts."""

    method: Literal["all", "opening"] = Field(
        "all",
        description="all: every loss of the period; opening: only losses of customers who were "
        "paying when it began (ChartMogul's rule).",
    )


class Opening(_Model):
    """True balances at the start of a month, where the exports do not reach back far enough."""

    month: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="The month, like 2026-01.")
    registered_users: int | None = Field(None, ge=0, description="RU at the start of the month.")
    paid_users: int | None = Field(None, ge=0, description="PU at the start of the month.")
    demos_held: int | None = Field(None, ge=0, description="Demos held before the month.")
    mrr: float | None = Field(
        None, ge=0, le=1e12, allow_inf_nan=False, description="MRR of all paying customers at the start of the month."
    )

    @property
    def first_day(self) -> date:
        """The day the balances stand at."""
        return date.fromisoformat(f"{self.month}-01")


class Plan(_Model):
    """Assumptions for `funnelcli targets`, each in the place of the measured one; an option outweighs them."""

    visitor_to_signup: ShareOrNone | None = Field(
        None, description='Visitor to signup rate, like "4%"; "none" plans without visitors.'
    )
    signup_to_demo: Share | None = Field(None, description="Signup to demo rate.")
    demo_to_paid: Share | None = Field(None, description="Demo to paid rate.")
    churn: Share | None = Field(None, description="Share of the customers lost in a month.")
    arpa: Amount | None = Field(None, description='MRR per paying customer, like "2.5tr".')
    deal_size: Amount | None = Field(
        None, description="Revenue of one new customer, once: makes the plan a one-off one, without ARPA."
    )
    opening_paid_users: Whole | None = Field(None, description="Customers paying when the plan begins.")
    max_new_paid_users: Whole | None = Field(
        None, description="The most new customers the team can win in a month; a goal that needs more is refused."
    )
    rates_from: MonthKey | None = Field(None, description="First month the rates are measured over.")
    rates_to: MonthKey | None = Field(None, description="Last month the rates are measured over.")
    mix: dict[ChannelName, Share] = Field(
        default_factory=dict,
        description="Channel = its share of the new customers, in the place of the recent mix; they sum to 100 %.",
    )
    revenue: dict[MonthKey, Amount] = Field(
        default_factory=dict, description='Month = revenue, for --shape revenue. For example "2027-01" = "800tr".'
    )

    @field_validator("mix")
    @classmethod
    def _whole_mix(cls, value: dict[str, Fraction]) -> dict[str, Fraction]:
        if value and sum(value.values()) != 1:
            text = Text("the shares sum to {sum} %, not 100 %", "tổng các tỷ lệ là {sum} %, không phải 100 %")
            raise TextError(text.filled(sum=f"{float(sum(value.values())) * 100:g}"))
        return value


class Team(_Model):
    """What a team owns: "all", or a list of channels, of each stage.  Any [teams] replace the built-in ones."""

    visitors: Owned | None = Field(None, description='Net new visitors, like ["organic", "paid"].')
    signups: Owned | None = Field(None, description="New signups.")
    demos: Owned | None = Field(None, description="New demo bookings.")
    new_paid_users: Owned | None = Field(None, description="New PU.")
    onboardings: Owned | None = Field(None, description="Onboardings, one for each new PU.")
    retention: bool = Field(False, description="Lost PU at most, and PU kept at least.")


class Policy(_Model):
    """What a team is paid or may spend, by [teams] name."""

    per_visit: Amount | None = Field(None, description="For each net new visitor.")
    per_signup: Amount | None = Field(None, description="For each new signup.")
    per_demo: Amount | None = Field(None, description="For each demo booking.")
    per_new_paid_user: AmountOrShare | None = Field(
        None, description='For each new PU: an amount, or a share of its first-year revenue like "10%".'
    )
    fixed_per_month: Amount | None = Field(None, description="Each month, whatever comes.")

    @property
    def share_of_first_year(self) -> Fraction | None:
        """The share of a new customer's first-year revenue, where the policy gives one."""
        value = self.per_new_paid_user
        return parse_share(value) if isinstance(value, str) and value.strip().endswith("%") else None

    @property
    def amount_per_new_paid_user(self) -> Fraction | None:
        """The amount for a new customer, where the policy gives one."""
        value = self.per_new_paid_user
        return None if value is None or self.share_of_first_year is not None else parse_amount(value)


class Config(_Model):
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
    paid_users: PaidUsers = PaidUsers()  # type: ignore[call-arg]
    churn: Churn = Churn()  # type: ignore[call-arg]
    opening: Opening | None = Field(None, description="Balances from before the exports begin.")
    plan: Plan = Plan()  # type: ignore[call-arg]
    teams: dict[str, Team] = Field(
        default_factory=dict, description="Team = the stages and channels it owns; without it, the built-in teams."
    )
    policies: dict[str, Policy] = Field(
        default_factory=dict, description="Team = what it costs; for the budget of `funnelcli targets`."
    )

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


def parse_config(text: str, *, name: str = FILE_NAME) -> Config:
    """The settings in TOML ``text``.

    Raises ConfigError that names every key that is wrong, what is wrong with it, and the closest known key.

    >>> parse_config('[churn]\\nmethod = "opening"').churn.method
    'opening'
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            Text("{name}: this is not valid TOML: {error}.", "{name}: TOML không hợp lệ: {error}.").filled(
                name=name, error=foreign(error)
            ),
            hint=Text(
                "Strings need quotation marks, lists square brackets; see docs/config.md.",
                "Chuỗi cần ngoặc kép, danh sách cần ngoặc vuông; xem docs/config.md.",
            ),
        ) from None
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        lines = [joined(": ", [name, _in_words(fault)]) for fault in error.errors()]
        raise ConfigError(joined("\n", lines), hint=SEE_CONFIG) from None


def read_config(path: Path, *, name: str | None = None) -> Config:
    """The settings in the file ``path``; ConfigError where it cannot be read or is wrong."""
    shown = name or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(CANNOT_READ.filled(name=shown, reason=reason_of(error)), hint=CHECK_PATH) from None
    except UnicodeDecodeError as error:
        raise ConfigError(NOT_UTF8.filled(name=shown, byte=error.start), hint=SAVE_UTF8) from None
    return parse_config(text, name=shown)


SEE_CONFIG = Text("docs/config.md lists every table and key.", "docs/config.md liệt kê mọi bảng và khóa.")


def unknown_key(where: str, close: Sequence[str], known: Iterable[str]) -> Text:
    """What is said of a key that there is not, with the closest one and all that there are."""
    return Text(
        "{where}: there is no such key.{guess} Known here: {known}.",
        "{where}: không có khóa này.{guess} Các khóa có ở đây: {known}.",
    ).filled(where=where, guess=did_you_mean(close), known=", ".join(known))


def _in_words(error: Mapping[str, Any]) -> Text:
    """One pydantic error as ``[table] key: what is wrong``."""
    place = [str(part) for part in error["loc"] if not str(part).startswith("function-")]
    table, key = place[:-1], place[-1] if place else ""
    where = f"[{'.'.join(table)}] {key}" if table else key
    match error["type"]:
        case "extra_forbidden":
            known = _known_keys(table)
            return unknown_key(where, difflib.get_close_matches(key, known, n=1), known)
        case "literal_error" if key == "[key]":
            known = [name.strip("' ") for name in re.split(",| or ", error["ctx"]["expected"])]
            close = difflib.get_close_matches(str(error["input"]), known, n=1)
            return unknown_key(f"[{table[0]}] {error['input']}", close, known)
        case "literal_error":
            expected = error["ctx"]["expected"]
            text = Text("{where}: {given!r} is not one of {expected}.", "{where}: {given!r} không thuộc {expected}.")
            options = Text(expected, expected.replace(" or ", " hoặc "))
            return text.filled(where=where, given=error["input"], expected=options)
        case "string_pattern_mismatch" if key == "[key]":
            text = Text(
                "[{table}] {given}: is not a month like 2027-01.", "[{table}] {given}: không phải tháng như 2027-01."
            )
            return text.filled(table=".".join(table[:-1]), given=error["input"])
        case "string_pattern_mismatch":
            text = Text("{where}: {given!r} is not written right ({help})", "{where}: {given!r} viết chưa đúng{help}")
            described = _field_help(table, key)
            like = _PATTERNS.get(key, NOTHING)
            return text.filled(where=where, given=error["input"], help=Text(described, like.vi))
        case "missing":
            return Text("{where}: is missing.", "{where}: còn thiếu.").filled(where=where)
        case _:
            text = Text("{where}: {why} (found {given!r}).", "{where}: {why} (đang là {given!r}).")
            return text.filled(where=where, why=_why(error), given=error["input"])


# How to write what has a pattern of its own.
_PATTERNS: Mapping[str, Text] = {
    "currency": Text("", " (mã ISO 4217, như VND)"),
    "month": Text("", " (tháng, như 2026-01)"),
    "rates_from": Text("", " (tháng, như 2026-01)"),
    "rates_to": Text("", " (tháng, như 2026-01)"),
}
# What pydantic says of the values that people most often get wrong; anything else it says is quoted.
_PYDANTIC: Mapping[str, str] = {
    "string_type": "phải là chuỗi trong ngoặc kép",
    "int_type": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "float_type": "phải là số",
    "bool_type": "phải là true hoặc false",
    "list_type": "phải là danh sách trong ngoặc vuông",
    "tuple_type": "phải là danh sách trong ngoặc vuông",
    "dict_type": "phải là một bảng",
    "model_type": "phải là một bảng",
    "model_attributes_type": "phải là một bảng",
    "date_type": "phải là ngày, như 2027-02-05",
    "date_from_datetime_parsing": "phải là ngày, như 2027-02-05",
    "date_from_datetime_inexact": "phải là ngày, như 2027-02-05",
    "date_parsing": "phải là ngày, như 2027-02-05",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "phải từ {le} trở xuống",
    "finite_number": "phải là số hữu hạn",
}


def _why(error: Mapping[str, Any]) -> Text:
    """What is wrong with a value: as we say it ourselves, else as pydantic does."""
    context = error.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, TextError):
        return cause.text
    english = re.sub(r"^Value error, ", "", error["msg"])
    known = _PYDANTIC.get(error["type"])
    return foreign(english) if known is None else Text(english, known.format(**context))


def _model_at(table: list[str]) -> type[BaseModel] | None:
    model: type[BaseModel] | None = Config
    named = False
    for part in table:
        if named:  # the name of a team or a policy, in a table of such tables
            named = False
            continue
        field = model.model_fields.get(part) if model else None
        if field is None:
            return None
        kinds = [field.annotation, *getattr(field.annotation, "__args__", ())]
        model = next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)
        named = model is not None and get_origin(field.annotation) is dict
    return model


def _known_keys(table: list[str]) -> list[str]:
    model = _model_at(table)
    return list(model.model_fields) if model else []


def _field_help(table: list[str], key: str) -> str:
    model = _model_at(table)
    field = model.model_fields.get(key) if model else None
    return (field.description or "") if field else ""


def json_schema() -> dict[str, Any]:
    """The JSON Schema of funnel.toml, for editors."""
    schema = Config.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
