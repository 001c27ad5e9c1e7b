"""The settings of leads: what they score for who they are and for what they did, and when they are ready for sales."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Struct, field

from funnelcli.config.table import About, Reads, Table
from funnelcli.config.values import Patterns, all_reached, no_range_upside_down
from funnelcli.text import Message, TextError

Points = int | float
MOST_POINTS = 1000
# What a lead may do, with the points that one gives and the most that all of a kind do.
INTEREST: dict[str, tuple[Points, Points]] = {
    "demo_request": (40, 40),
    "event": (15, 30),
    "form": (10, 30),
    "reply": (10, 30),
    "email_click": (3, 15),
    "email_open": (1, 5),
    "unsubscribe": (-30, 30),
}


class ReadyScores(Struct, frozen=True, kw_only=True):
    """The least of both scores that a lead has when marketing has done its part."""

    fit: Points
    interest: Points


def _points(value: object) -> Points:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MOST_POINTS:
        raise TextError(Message("write points as a number from -{most} to {most}").filled(most=MOST_POINTS))
    return value


def _score(value: object) -> Points:
    points = _points(value)
    if not 0 <= points <= 100:
        raise TextError(Message("write a score from 0 to 100"))
    return points


def _pair(value: object) -> tuple[Points, Points]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise TextError(Message("write two numbers, like [40, 40]"))
    return (_points(value[0]), _points(value[1]))


def _points_and_cap(value: object) -> tuple[Points, Points]:
    points, cap = _pair(value)
    if cap < 0:
        raise TextError(Message("the second number is the most that counts of a kind, up or down: 0 or more"))
    if points and not cap:
        raise TextError(Message("a most of 0 leaves none of the points: write [0, 0] where the kind is to give none"))
    return (points, cap)


def _thresholds(value: object) -> tuple[Points, Points]:
    better, other = _pair(value)
    if not 0 <= other <= better <= 100:
        raise TextError(Message("write two scores from 0 to 100, the better first, like [50, 25]"))
    return (better, other)


def _rules(value: object) -> dict[str, Points]:
    if not isinstance(value, dict) or not value:
        raise TextError(Message('write patterns with their points: "50-500" = 30, "501-" = 10'))
    for pattern in map(str, value):
        no_range_upside_down(pattern)
    all_reached(map(str, value))
    return {str(pattern): _points(points) for pattern, points in value.items()}


def _ready(value: object) -> ReadyScores | str:
    if value in ("handover", "signup"):
        return str(value)
    if isinstance(value, dict) and set(value) <= {"fit", "interest"} and value:
        return ReadyScores(fit=_score(value.get("fit", 0)), interest=_score(value.get("interest", 0)))
    text = Message('write "handover", "signup", or the least of both scores, with fit = 25, interest = 30')
    raise TextError(text)


def _half_life(value: object) -> str:
    if value != "none" and _days_in(value) is None:
        raise TextError(Message('write it as days or weeks, like "30d", or "none"'))
    return str(value)


def _days_in(value: object) -> int | None:
    """The days of a time in days or weeks; None where it is none."""
    from funnelcli.values.windows import parse_window

    try:
        window = parse_window(value) if isinstance(value, str) else None
    except TextError:
        return None
    if window is None or window.unit not in ("d", "w"):
        return None
    return window.number * (7 if window.unit == "w" else 1)


def _known_window(value: str) -> str:
    from funnelcli.values.windows import parse_window

    window = parse_window(value)
    if window.unit == "h":
        raise TextError(Message("leads are judged by days: write it like 90d, 12w or 3m"))
    return window.text


def _days_later(value: object) -> int:
    days = 0 if value in ("0d", 0) else _days_in(value)
    if days is None:
        raise TextError(Message('write it as days or weeks, like "7d", or "0d"'))
    return days


def kind_of_points(name: str) -> str:
    """A kind of activity as the built-in ones are written, where it is one of them.

    >>> kind_of_points("Demo request"), kind_of_points("Pricing page")
    ('demo_request', 'Pricing page')
    """
    written = _folded(name)
    return written if written in INTEREST else name


def _folded(name: str) -> str:
    """A name without capitals, and with one mark between its words."""
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


_NUMBER: dict[str, Any] = {"type": "number", "minimum": -MOST_POINTS, "maximum": MOST_POINTS}
_TWO: dict[str, Any] = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
_SCORES = {"type": "object", "properties": {"fit": _NUMBER, "interest": _NUMBER}, "additionalProperties": False}
_Thresholds = Annotated[tuple[Points, Points], Reads(_thresholds, "instead", _TWO)]


class GradeSettings(Table, frozen=True, kw_only=True):
    """From which scores on a lead has the better grades."""

    fit: Annotated[_Thresholds, About("The fit from which on a lead is A, and that from which on it is B.")] = (50, 25)
    interest: Annotated[
        _Thresholds, About("The interest from which on a lead is 1, and that from which on it is 2.")
    ] = (30, 10)


class LeadSettings(Table, frozen=True, kw_only=True):
    """How leads are scored, and when they are what."""

    half_life: Annotated[
        Annotated[str, Reads(_half_life, "instead", {"type": "string"})],
        About('After how long what a lead did counts half, like "30d"; "none": it never fades.'),
    ] = "30d"
    grades: Annotated[GradeSettings, About("Letter by fit, number by interest.")] = GradeSettings()
    mql: Annotated[
        Annotated[
            ReadyScores | str | None,
            Reads(_ready, "instead", {"anyOf": [{"enum": ["handover", "signup"]}, _SCORES]}),
        ],
        About(
            "When a lead is ready for sales (MQL): when it first has both scores, when it is handed over, or when it "
            "signs up. Without it: the hand-over where there are any, else the signup."
        ),
    ] = None
    sql: Annotated[
        Literal["accepted", "demo"] | None,
        About(
            "When sales takes a lead on (SQL): when it is accepted, or has a demo booked. Without it: accepted where "
            "hand-overs say so, else the demo."
        ),
    ] = None
    horizon: Annotated[
        str, Reads(_known_window, "after"), About('How long a lead has to pay before it can be judged, like "90d".')
    ] = "90d"
    test_after: Annotated[
        Annotated[int, Reads(_days_later, "instead", {"type": "string"})],
        About('How long after they came leads are scored where the score is tested, like "7d".'),
    ] = 0
    cold_after: Annotated[
        str,
        Reads(_known_window, "after"),
        About('After how long untouched a cold lead is back with marketing, like "60d".'),
    ] = "60d"
    exclude: Annotated[
        dict[str, Patterns],
        About('Attribute = globs of who is no lead, like email = ["*@rival.vn"]: they are counted apart.'),
    ] = field(default_factory=dict)
    fit: Annotated[
        dict[str, Annotated[dict[str, Points], Reads(_rules, "instead", {"type": "object"})]],
        About(
            'Attribute = what its values give, the first that fits: employees = { "50-500" = 30 }, role = '
            '{ "student*" = -50 }. Globs, or ranges with both ends.'
        ),
    ] = field(default_factory=dict)
    interest: Annotated[
        dict[str, Annotated[tuple[Points, Points], Reads(_points_and_cap, "instead", _TWO)]],
        About(
            "Kind of activity = the points of one, and the most that all of the kind give: webinar = [15, 30]. It "
            "stands beside the built-in kinds, or in the place of the one of its name; [0, 0] gives none."
        ),
    ] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table, names in (("interest", self.interest), ("fit", self.fit), ("exclude", self.exclude)):
            first: dict[str, str] = {}
            for name in names:
                if (other := first.setdefault(_folded(name), name)) != name:
                    text = Message("{table}: {one!r} and {other!r} are the same: write it once")
                    raise TextError(text.filled(table=table, one=other, other=name))

    @property
    def points(self) -> dict[str, tuple[Points, Points]]:
        """The points and the cap of every kind, the built-in ones too."""
        return {**INTEREST, **{kind_of_points(name): points for name, points in self.interest.items()}}

    @property
    def half_life_days(self) -> int | None:
        """The days after which points count half; None: they do not fade."""
        return _days_in(self.half_life)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that it names."""
        return tuple(dict.fromkeys((*self.fit, *self.exclude)))
