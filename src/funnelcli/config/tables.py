"""The tables of funnel.toml and their keys."""

import difflib
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from msgspec import field

from funnelcli.config.agreement import Sla
from funnelcli.config.engine import Engine
from funnelcli.config.flywheel import FlywheelSettings
from funnelcli.config.icp import IcpSettings
from funnelcli.config.inputs import NOTHING_SET, InputSettings
from funnelcli.config.leads import LeadSettings
from funnelcli.config.mail import MailSettings
from funnelcli.config.own import OwnMetric
from funnelcli.config.planning import Plan, Policy, Team
from funnelcli.config.table import About, Limits, Reads, Table
from funnelcli.config.values import (
    MONTH_PATTERN,
    Count,
    Globs,
    Money,
    Share,
    Weekday,
    known_zone,
)
from funnelcli.text import Lang, Message, TextError, did_you_mean, languages
from funnelcli.values.channels import ChannelName

DEFAULT_TIMEZONE = "Asia/Ho_Chi_Minh"
DEFAULT_CURRENCY = "VND"


def _some_day(value: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
    if value == ():
        raise TextError(Message("give at least one day, or leave it out"))
    return value


def _known_language(value: object) -> object:
    if value not in languages():
        from pydantic_core import PydanticCustomError

        known = " or ".join(map(repr, languages()))
        raise PydanticCustomError("literal_error", "Input should be {expected}", {"expected": known})
    return value


FiscalMonth = Literal["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"]


class Business(Table, frozen=True, kw_only=True):
    """Whose figures these are."""

    name: Annotated[str, About("The name in the title of the dashboard.")] = ""
    currency: Annotated[
        str,
        Limits(pattern=r"^[A-Z]{3}$"),
        About("ISO 4217 code of every amount in the exports; without it, what the paid users say."),
    ] = DEFAULT_CURRENCY
    timezone: Annotated[
        str,
        Reads(known_zone, "after"),
        About(
            "IANA zone the business day follows. Times with an offset are converted to it; "
            "times without one are taken as local to it."
        ),
    ] = DEFAULT_TIMEZONE
    gross_margin: Annotated[
        Share | None, About('Share of revenue left after serving a customer, like "80%": payback is reckoned with it.')
    ] = None
    lang: Annotated[
        Annotated[Lang, Reads(_known_language, "instead", {"enum": list(languages()), "type": "string"})] | None,
        About(f"Language of the formats for people: {' or '.join(languages())}."),
    ] = None
    workdays: Annotated[
        Annotated[tuple[Weekday, ...], Limits(strict=False), Reads(_some_day, "after")] | None,
        About(
            'The days business is done, like ["mon", "tue", "wed", "thu", "fri"]; the pace of a running month '
            "then counts them instead of all days."
        ),
    ] = None
    holidays: Annotated[
        tuple[date, ...],
        Limits(strict=False),
        About("Dates that are no business days, like [2027-02-05, 2027-02-08]; read with workdays."),
    ] = ()
    fiscal_year_starts: Annotated[
        FiscalMonth | None,
        About(
            'The month that the fiscal year starts with, like "04". --grain year and quarter are then those of '
            "fiscal years, which are named by the year they begin in (FY2026, FY2026-Q1)."
        ),
    ] = None

    @property
    def year_starts(self) -> int | None:
        """The number of that month; None where it is not said."""
        return None if self.fiscal_year_starts is None else int(self.fiscal_year_starts)


class DimensionSettings(Table, frozen=True, kw_only=True):
    """What every metric can be split by, beside the built-in channel, plan, owner and source."""

    input: Annotated[str, About("The input whose rows say it, like signups.")]
    column: Annotated[str, About("The header it stands under, like Ngành.")]


def _known_window(value: dict[str, str]) -> dict[str, str]:
    from funnelcli.values.windows import parse_window

    for window in value.values():
        parse_window(window)
    return value


def _known_promise(value: str | None) -> str | None:
    from funnelcli.values.windows import parse_window

    return None if value is None else parse_window(value).text


class JourneySettings(Table, frozen=True, kw_only=True):
    """The stages that people, customers or deals go through, where they are other than the built-in ones."""

    entity: Annotated[Literal["person", "customer", "deal"] | None, About("What goes through the stages.")] = None
    source: Annotated[
        Literal["funnel", "deals", "journey"] | None,
        About("Whose rows say so: deals, journey, or funnel, which is the four inputs of the dashboard."),
    ] = field(default=None, name="from")
    stages: Annotated[
        Globs, About('The stages in their order, as the export writes them, like ["Liên hệ", "Demo", "Hợp đồng"].')
    ] = ()
    optional: Annotated[Globs, About("Stages that may be left out: whoever skips one goes on.")] = ()
    lost: Annotated[Globs, About("Further words, or globs, of stages that are losses.")] = ()
    words: Annotated[
        dict[str, Globs], About('Stage = further words for it in the export, as globs: demo = ["Trình bày*"].')
    ] = field(default_factory=dict)
    limits: Annotated[
        dict[str, str],
        Reads(_known_window, "after"),
        About('Stage = how long it may last before it counts as stuck, like demo = "14d".'),
    ] = field(default_factory=dict)
    promised: Annotated[
        str | None,
        Reads(_known_promise, "after"),
        About('How long after the contract a customer is promised to be live, like "30d".'),
    ] = None
    live: Annotated[str | None, About("The stage from which on a customer has the use of what was bought.")] = None


class PaidUsers(Table, frozen=True, kw_only=True):
    """How subscription rows become stays."""

    grace_days: Annotated[int, Limits(ge=0, le=366), About("Unpaid days between two rows that still are one stay.")] = 0
    early_days: Annotated[
        int,
        Limits(ge=0, le=31),
        About(
            "Where a row of the same plan renews another so many days before its end or fewer (and within its last "
            "quarter), the other's MRR counts only up to the day before. 0: both count while both are in force."
        ),
    ] = 0
    end_date: Annotated[
        Literal["inclusive", "exclusive"],
        About(
            "inclusive: the customer is lost on the date in the cell; exclusive: that date "
            "is the first unpaid day, so the loss is dated the day before."
        ),
    ] = "inclusive"
    shape: Annotated[
        Literal["subscriptions", "payments", "events"],
        About(
            "subscriptions: a row lasts from its start to its end; payments: a row is a payment, which lasts "
            "its interval (a month where none is given) where it has no end; events: a row is an event, like created "
            "or cancelled, and lasts to the customer's next one. Without it, logs of events are told by their rows."
        ),
    ] = "subscriptions"
    event_amounts: Annotated[
        Literal["after", "change"] | None,
        About(
            "What the amounts of events are. after: what is paid from then on; change: by how much that "
            "changes. Without it, they are changes where some are below 0."
        ),
    ] = None
    same_customers: Annotated[
        Literal["snapshots", "parts"] | None,
        About(
            "What files with the same customers are. snapshots: lists of who pays at the time, so that who is "
            "not in the newer one has left, and what differs has changed; parts: rows to be put together. Without it, "
            "the rows decide."
        ),
    ] = None
    first_of_month: Annotated[
        Literal["month", "before"] | None,
        About(
            "What a list of the first of a month tells: month: who pays in that month; before: who paid in the "
            "one that is over. Without it, a header of months, or the starts of the rows, decide."
        ),
    ] = None
    open_rows: Annotated[
        Literal["add", "replace"] | None,
        About(
            "What an open row is beside an earlier open one of the same customer with another plan or amount: "
            "add: both are paid for; replace: it takes the place of the earlier one. Without it, both count and are "
            "named."
        ),
    ] = None
    free_counts: Annotated[bool, About("Whether trials and rows that cost nothing count as paid users.")] = False
    ends: Annotated[
        Literal["facts", "scheduled"],
        About(
            "facts: every end in the exports has happened, so that as_of is never before it; scheduled: ends "
            "may be those of running contracts. Without it, what is known of the export says so."
        ),
    ] = "scheduled"


class Churn(Table, frozen=True, kw_only=True):
    """How the churn rate counts."""

    method: Annotated[
        Literal["all", "opening"],
        About(
            "all: every loss of the period; opening: only those paying when it began who are not when it ends "
            "(ChartMogul's rule)."
        ),
    ] = "all"


def _known_codes(value: tuple[str, ...]) -> tuple[str, ...]:
    from funnelcli.problems.kinds import KINDS, Severity

    known = [code for code, kind in KINDS.items() if kind.severity is Severity.WARNING]
    for code in value:
        if code not in known:
            close = did_you_mean(difflib.get_close_matches(code, known, n=1))
            text = Message("{code!r} is no kind of warning.{guess} docs/errors.md lists them")
            raise TextError(text.filled(code=code, guess=close))
    return value


class Costs(Table, frozen=True, kw_only=True):
    """Which costs are those of winning customers."""

    service_teams: Annotated[
        Globs,
        About(
            "Teams, as globs, whose costs serve customers who are there already: they are in no acquisition cost. "
            "Capitals and marks between words do not matter."
        ),
    ] = ("implement", "customer_success", "expert", "dev")

    @property
    def names_of_service_teams(self) -> tuple[str, ...]:
        """Their names as exports may write them: with a mark, a hyphen or nothing between their words."""
        marks = ("_", " ", "-")
        named = [name.replace(mark, other) for name in self.service_teams for mark in marks for other in marks]
        return tuple(dict.fromkeys((*self.service_teams, *named)))


class Strict(Table, frozen=True, kw_only=True):
    """What ``--strict`` does not stop at."""

    accept: Annotated[
        Annotated[Globs, Reads(_known_codes, "after")],
        About(
            'Kinds of warnings that are known and accepted, like ["orphan-user"]: with --strict every other one '
            "stops the run."
        ),
    ] = ()


class Opening(Table, frozen=True, kw_only=True):
    """True balances at the start of a month, where the exports do not reach back far enough."""

    month: Annotated[Annotated[str, Limits(pattern=MONTH_PATTERN)], About("The month, like 2026-01.")]
    registered_users: Annotated[Count | None, About("RU at the start of the month.")] = None
    paid_users: Annotated[Count | None, About("PU at the start of the month.")] = None
    demos_held: Annotated[Count | None, About("Demos held before the month.")] = None
    mrr: Annotated[Money | None, About("MRR of all paying customers at the start of the month.")] = None

    @property
    def first_day(self) -> date:
        """The day the balances stand at."""
        return date.fromisoformat(f"{self.month}-01")


class Config(Table, frozen=True, kw_only=True):
    """The whole of funnel.toml."""

    business: Business = Business()
    inputs: Annotated[
        dict[str, InputSettings], About("Input = how it is found and read; what is not set is found from the files.")
    ] = field(default_factory=dict)
    channels: Annotated[
        dict[ChannelName, Globs],
        About(
            "Channel = globs over the source, tried in the order written, before the built-in "
            'ones. For example paid = ["*/ cpc", "facebook*"].'
        ),
    ] = field(default_factory=dict)
    dimensions: Annotated[
        dict[str, DimensionSettings], About("Dimension = the input and column that say it, for `--by`.")
    ] = field(default_factory=dict)
    metrics: Annotated[
        dict[str, OwnMetric], About("Metric of your own = what it is made of; it stands beside the built-in ones.")
    ] = field(default_factory=dict)
    identity: Annotated[
        dict[str, str],
        About(
            "Input = the header that names its people, for example paid_users = 'Customer Email'; or by = the "
            "header in all inputs that have it, for example by = 'Email'. Without it, the columns that join are found."
        ),
    ] = field(default_factory=dict)
    journeys: Annotated[dict[str, JourneySettings], About("Journey = its stages, and how the export writes them.")] = (
        field(default_factory=dict)
    )
    paid_users: PaidUsers = PaidUsers()
    churn: Churn = Churn()
    costs: Costs = Costs()
    flywheel: FlywheelSettings = FlywheelSettings()
    leads: LeadSettings = LeadSettings()
    sla: Sla = Sla()
    icp: IcpSettings = IcpSettings()
    strict: Strict = Strict()
    engine: Engine = Engine()
    mail: MailSettings = MailSettings()
    opening: Annotated[Opening | None, About("Balances from before the exports begin.")] = None
    plan: Plan = Plan()
    teams: Annotated[
        dict[str, Team], About("Team = the stages and channels it owns; without it, the built-in teams.")
    ] = field(default_factory=dict)
    policies: Annotated[dict[str, Policy], About("Team = what it costs; for the budget of `funnelcli targets`.")] = (
        field(default_factory=dict)
    )

    _in_dong: Mapping[str, str] = field(default_factory=dict)

    @property
    def amounts_in_dong(self) -> Mapping[str, str]:
        """The amounts with a unit that says đồng, like tỷ, as they are written, by ``[table] key``."""
        return self._in_dong

    def input_settings(self, name: str) -> InputSettings:
        """How the input of a name is found and read: as the file says, else all left open."""
        return self.inputs.get(name, NOTHING_SET)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes of people and firms that the settings name."""
        return tuple(dict.fromkeys((*self.leads.attributes, *self.icp.attributes)))

    @property
    def currency_given(self) -> str | None:
        """The currency where it was written down rather than assumed."""
        return self.business.currency if self.business.gives("currency") else None

    @property
    def timezone_given(self) -> bool:
        """Whether the zone was written down rather than assumed."""
        return self.business.gives("timezone")


def json_schema() -> dict[str, Any]:
    """The JSON Schema of funnel.toml, for editors."""
    from funnelcli.config.checked import json_schema_of

    schema = json_schema_of(Config)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
