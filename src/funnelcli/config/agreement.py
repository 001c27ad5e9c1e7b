"""The agreement between marketing and sales: what each side promises, by when, and which hours count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from funnelcli.config.table import About, Limits, Reads, Table
from funnelcli.config.values import Amount, Globs, Share, Whole, known_zone
from funnelcli.text import Message, TextError, foreign
from funnelcli.text.regex import regex
from funnelcli.values.hours import Spans, days_from_to, parse_spans

# The channels on which somebody may be reached.
CONTACTS = ("call", "email", "chat", "meeting", "video")
# Whom marketing's leads are with before they are handed over, where the agreement does not say it.
OF_MARKETING = ("marketing*", "*queue*", "unassigned")
_LIMIT = regex(r"([1-9]\d{0,3}) ?(m|min|h|d)")
_MINUTES = {"m": 1, "min": 1, "h": 60}
_APART = regex(r"(\d{1,3}) ?d? ?[-–] ?([1-9]\d{0,2}) ?d")


class Limit(Struct, frozen=True, kw_only=True):
    """How long something may take: so many ``minutes`` of business time, or until the same hour ``days`` later.

    >>> parse_limit("4h"), parse_limit("2d").text
    (Limit(minutes=240, days=0), '2d')
    """

    minutes: int = 0
    days: int = 0

    @property
    def text(self) -> str:
        """How it is written."""
        if self.days:
            return f"{self.days}d"
        return f"{self.minutes}m" if self.minutes % 60 else f"{self.minutes // 60}h"


def parse_limit(value: object) -> Limit:
    """A limit as it is written: ``30m``, ``4h``, ``2d``.  TextError where it is none."""
    match = _LIMIT.fullmatch(value.strip().casefold()) if isinstance(value, str) else None
    if match is None:
        raise TextError(Message('write it in minutes, hours or working days, like "30m", "4h" or "2d"'))
    number, unit = int(match[1]), match[2]
    return Limit(days=number) if unit == "d" else Limit(minutes=number * _MINUTES[unit])


def _apart(value: object) -> tuple[int, int]:
    match = _APART.fullmatch(value.strip().casefold()) if isinstance(value, str) else None
    if match is None or int(match[1]) > int(match[2]):
        raise TextError(Message('write the least and the most days between two, like "1d-4d"'))
    return int(match[1]), int(match[2])


class Goal(Struct, frozen=True, kw_only=True):
    """What both sides are after: so much of a metric ``by`` a day; or what a file of targets says (``file``)."""

    metric: str = ""
    amount: Fraction = Fraction(0)
    by: date | None = None
    file: str = ""


class GoalTable(Table, frozen=True, kw_only=True):
    """A goal that is written in funnel.toml: a total from since to by."""

    metric: Annotated[str, About("The metric, like won_amount.")]
    amount: Annotated[Amount, About("How much of it, from since to by.")]
    by: Annotated[date, About("The last day of the goal.")]


def _goal(value: object) -> Goal:
    if isinstance(value, str) and value.strip():
        return Goal(file=value.strip())
    if not isinstance(value, dict):
        text = Message('write the name of a file of targets, or { metric = "won_amount", amount = 200_000, by = day }')
        raise TextError(text)
    try:
        table = GoalTable.read(value)
    except ValueError as error:
        text = Message("a goal has a metric, an amount and the day by which it is due, and nothing else: {why}")
        key, why = str(error).splitlines()[1:3]
        raise TextError(text.filled(why=foreign(f"{key}: {why.strip().split(' [type=')[0]}"))) from None
    if not table.amount:
        raise TextError(Message("a goal is more than 0: give its amount"))
    return Goal(metric=table.metric, amount=table.amount, by=table.by)


def _channels(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        text = Message("nobody could be reached on no channel: name some of {known}, or leave the key out for all")
        raise TextError(text.filled(known=", ".join(CONTACTS)))
    for name in value:
        if name not in CONTACTS:
            text = Message("{name!r} is no channel of contact; these are {known}")
            raise TextError(text.filled(name=name, known=", ".join(CONTACTS)))
    return value


def _country(value: str) -> str:
    from funnelcli.values.holidays import check_country

    return check_country(value)


def _spans(value: object) -> Spans:
    if not isinstance(value, str | list | tuple):
        raise TextError(Message('write the hours like "08:00-17:30", or several as a list'))
    return parse_spans(value)


def _days(value: Any) -> tuple[tuple[date, date], ...]:
    several = value if isinstance(value, list | tuple) else [value]
    return tuple(days_from_to(each) for each in several)


def _leave(value: object) -> dict[str, tuple[tuple[date, date], ...]]:
    if not isinstance(value, dict):
        raise TextError(Message('write who is on leave and when, like { "Lan" = ["2026-09-07/2026-09-11"] }'))
    return {str(name): _days(days) for name, days in value.items()}


_HOURS_WRITTEN: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_DAYS_WRITTEN: dict[str, Any] = {"type": ["array", "string"], "items": {"type": "string"}}
OfADay = Annotated[Spans | None, Reads(_spans, "instead", _HOURS_WRITTEN)]
SomeDays = Annotated[tuple[tuple[date, date], ...], Reads(_days, "instead", _DAYS_WRITTEN)]
_HOURS = About('From when until when work is done, like "08:00-17:30", or a list where there is a break.')


class CalendarTable(Table, frozen=True, kw_only=True):
    """When work is done; a day of its own goes before a span of days."""

    mon_thu: Annotated[OfADay, _HOURS] = field(default=None, name="mon-thu")
    mon_fri: Annotated[OfADay, _HOURS] = field(default=None, name="mon-fri")
    mon_sat: Annotated[OfADay, _HOURS] = field(default=None, name="mon-sat")
    mon_sun: Annotated[OfADay, _HOURS] = field(default=None, name="mon-sun")
    tue_sat: Annotated[OfADay, _HOURS] = field(default=None, name="tue-sat")
    sun_thu: Annotated[OfADay, _HOURS] = field(default=None, name="sun-thu")
    sat_sun: Annotated[OfADay, _HOURS] = field(default=None, name="sat-sun")
    mon: Annotated[OfADay, _HOURS] = None
    tue: Annotated[OfADay, _HOURS] = None
    wed: Annotated[OfADay, _HOURS] = None
    thu: Annotated[OfADay, _HOURS] = None
    fri: Annotated[OfADay, _HOURS] = None
    sat: Annotated[OfADay, _HOURS] = None
    sun: Annotated[OfADay, _HOURS] = None
    holidays: Annotated[
        Annotated[str, Reads(_country, "after")] | None,
        About("The country whose public holidays are off, like VN, with the days that are swapped for them."),
    ] = None
    closed: Annotated[
        SomeDays, About('Further days off, like ["2026-02-14/2026-02-22"]: Tết as the firm keeps it.')
    ] = ()
    open: Annotated[SomeDays, About("Days that are worked in full, whatever they are else.")] = ()

    def __post_init__(self) -> None:
        said = [spans for key, _ in _KEYS if (spans := getattr(self, key)) is not None]
        if said and not any(said):
            raise TextError(Message('no day has hours: say when work is done, like mon-fri = "08:00-17:30"'))

    def hours_of(self, weekday: int) -> Spans | None:
        """What is said of a day of the week, 0 being Monday, by the narrowest key; None where nothing is."""
        for key, days in _KEYS:
            said: Spans | None = getattr(self, key)
            if said is not None and weekday in days:
                return said
        return None


_KEYS: tuple[tuple[str, tuple[int, ...]], ...] = (
    *((name, (number,)) for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))),
    ("sat_sun", (5, 6)), ("mon_thu", (0, 1, 2, 3)), ("mon_fri", (0, 1, 2, 3, 4)), ("tue_sat", (1, 2, 3, 4, 5)),
    ("sun_thu", (6, 0, 1, 2, 3)), ("mon_sat", (0, 1, 2, 3, 4, 5)), ("mon_sun", (0, 1, 2, 3, 4, 5, 6)),
)  # fmt: skip


class OwnCalendar(CalendarTable, frozen=True, kw_only=True):
    """A calendar of some people alone: when they work, in their zone."""

    timezone: Annotated[
        Annotated[str, Reads(known_zone, "after")] | None,
        About("The zone of its hours; without it, that of the business."),
    ] = None
    owners: Annotated[Globs, About('Whose calendar it is, as globs, like ["John*"].')] = ()


class SlaHours(CalendarTable, frozen=True, kw_only=True):
    """Business hours, which clocks run by; without any, 08:00 to 17:30 on workdays."""

    calendars: Annotated[dict[str, OwnCalendar], About("Calendar = the hours of some people, in their zone.")] = field(
        default_factory=dict
    )
    leave: Annotated[
        Annotated[
            dict[str, tuple[tuple[date, date], ...]],
            Reads(_leave, "instead", {"type": "object", "additionalProperties": _DAYS_WRITTEN}),
        ],
        About('Who is on leave and when, like "Lan" = ["2026-09-07/2026-09-11"]; clocks run on, breaches say so.'),
    ] = field(default_factory=dict)


class SlaMarketing(Table, frozen=True, kw_only=True):
    """What marketing promises."""

    mqls: Annotated[Whole | None, About("MQLs a month.")] = None
    mql_to_sql_rate: Annotated[Share | None, About('Share of MQLs that are to become SQLs, like 0.3 or "30%".')] = None
    fields: Annotated[Globs, About("What is to be known of a lead when it is handed over.")] = ()
    owners: Annotated[
        Globs, About("Whom leads are with before they are handed over, as globs: people and queues of marketing.")
    ] = OF_MARKETING


LimitOrNone = Annotated[
    Limit | None, Reads(parse_limit, "instead", {"type": "string", "pattern": r"^[1-9]\d{0,3} ?(m|min|h|d)$"})
]


class SlaSales(Table, frozen=True, kw_only=True):
    """What sales promises."""

    respond: Annotated[
        LimitOrNone,
        About('How soon a lead is contacted: m and h are business time, "2d" the same hour two working days later.'),
    ] = None
    decide: Annotated[LimitOrNone, About("How soon a lead is accepted or returned.")] = None
    attempts: Annotated[
        Annotated[int, Limits(ge=1, le=100)] | None, About("How often a lead is tried before it may be returned.")
    ] = None
    apart: Annotated[
        Annotated[tuple[int, int] | None, Reads(_apart, "instead", {"type": "string"})],
        About('Least and most calendar days between two attempts, like "1d-4d".'),
    ] = None
    channels: Annotated[
        Annotated[Globs, Reads(_channels, "after")], About("Channels on which a contact counts as one.")
    ] = CONTACTS
    return_at_once: Annotated[Globs, About("Reasons for which a lead may go back without any attempt, as globs.")] = ()


class Sla(Table, frozen=True, kw_only=True):
    """The agreement between marketing and sales."""

    since: Annotated[date | None, About("From when on it holds.")] = None
    goal: Annotated[
        Annotated[Goal | None, Reads(_goal, "instead", {"type": ["object", "string"]})],
        About('What both are after: { metric, amount, by }, or a file of targets like "targets.csv".'),
    ] = None
    triggers: Annotated[
        Globs, About("Kinds of activities that make a lead one to be handed over, as globs, like demo_request.")
    ] = ()
    marketing: SlaMarketing = SlaMarketing()
    sales: SlaSales = SlaSales()
    hours: SlaHours = SlaHours()

    _promised: Mapping[str, Fraction] = field(default_factory=dict)
    _promised_by: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.goal is None or self.goal.by is None:
            return
        if self.since is None:
            raise TextError(
                Message("the goal is a total from since to by, and since is not there: add since = 2026-07-01 to [sla]")
            )
        if self.goal.by < self.since:
            raise TextError(Message("the goal is due before the agreement begins: give a day after [sla] since"))

    @property
    def promised_mqls(self) -> Mapping[str, Fraction]:
        """The MQLs by month that the targets promise which ``goal`` names; empty where they are not read."""
        return self._promised

    @property
    def promised_by_channel(self) -> Mapping[str, Mapping[str, Fraction]]:
        """The same of each channel of which the targets say it."""
        return self._promised_by

    def promising(
        self, mqls: Mapping[str, Fraction], by_channel: Mapping[str, Mapping[str, Fraction]] | None = None
    ) -> Sla:
        """The same agreement, with what targets promise by month; of what they promise by channel alone the sum."""
        months = dict.fromkeys(month for each in (by_channel or {}).values() for month in each)
        of_all = {month: sum((each.get(month, Fraction(0)) for each in (by_channel or {}).values()), Fraction(0))
                  for month in months}  # fmt: skip
        return replace(self, _promised={**of_all, **mqls}, _promised_by=by_channel or {})


Promise = Literal["respond", "decide", "attempts"]
