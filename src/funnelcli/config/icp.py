"""The settings of the ideal customer profile: which accounts fit it, and whom one has to know in them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Annotated, Any

from msgspec import Struct, field

from funnelcli.config.table import About, Limits, Reads, Table
from funnelcli.config.values import Patterns, all_reached, no_range_upside_down, patterns_of
from funnelcli.text import Message, TextError, did_you_mean
from funnelcli.values.roles import BUYING_ROLES

WEIGHT = "weight"
_NO_ROLE = Message(
    "needs {size!r} asks for the role {role!r}, which nothing defines.{guess} Say under [icp.roles] who has it; known "
    "are {known}"
)


class SoftCriterion(Struct, frozen=True, kw_only=True):
    """What speaks for an account: an attribute that fits one of the patterns, and how much that weighs."""

    attribute: str
    patterns: tuple[str, ...]
    weight: Fraction


def _have_nothing_in_common(some: Sequence[str], others: Sequence[str]) -> bool:
    from funnelcli.values.patterns import have_nothing_in_common

    return have_nothing_in_common(some, others)


def _number(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TextError(Message("a number is wanted here"))
    return Fraction(str(value))


def _soft(value: object) -> SoftCriterion:
    text = Message('write an attribute and its weight, like { industry = ["education*"], weight = 3 }')
    if not isinstance(value, dict):
        raise TextError(text)
    attributes = {name: patterns for name, patterns in value.items() if name != WEIGHT}
    if len(attributes) != 1:
        raise TextError(text)
    weight = _number(value.get(WEIGHT, 1))
    if not 0 < weight <= 1000:
        raise TextError(Message("a weight is above 0, up to 1000"))
    ((name, patterns),) = attributes.items()
    return SoftCriterion(attribute=name, patterns=patterns_of(patterns), weight=weight)


def _shares(value: object) -> tuple[Fraction, Fraction]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise TextError(Message("write two shares, like [0.75, 0.5]"))
    better, other = map(_number, value)
    if not 0 <= other <= better <= 1:
        raise TextError(Message("write two shares from 0 to 1, the better first, like [0.75, 0.5]"))
    return better, other


def _share(value: object) -> Fraction:
    share = _number(value)
    if not 0 <= share <= 1:
        raise TextError(Message("write a share from 0 to 1, like 0.6"))
    return share


def _ranges(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    from funnelcli.values.criteria import range_of

    text = Message('write numbers of employees with the roles they need: "-49" = ["decider"]')
    if not isinstance(value, dict):
        raise TextError(text)
    for name in value:
        if range_of(str(name)) is None:
            raise TextError(text)
        no_range_upside_down(str(name))
    all_reached(map(str, value))
    return tuple((str(name), patterns_of(roles)) for name, roles in value.items())


_SHARE: dict[str, Any] = {"type": "number", "minimum": 0, "maximum": 1}
_LIST: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_SOFT: dict[str, Any] = {
    "type": "object", "properties": {WEIGHT: {"type": "number", "exclusiveMinimum": 0}}, "additionalProperties": _LIST,
}  # fmt: skip


class IcpSettings(Table, frozen=True, kw_only=True):
    """The ideal customer profile: what an account must be, what speaks for it, and whom one has to know in it."""

    since: Annotated[
        Annotated[date | None, Limits(strict=False)], About("The day on which the profile was last changed.")
    ] = None
    hard: Annotated[
        dict[str, Patterns],
        About(
            'Attribute = what it must be, as globs or ranges with both ends: country = ["VN"], employees = '
            '["10-2000"]. An account that is not is tier D.'
        ),
    ] = field(default_factory=dict)
    soft: Annotated[
        tuple[Annotated[SoftCriterion, Reads(_soft, "instead", _SOFT)], ...],
        Limits(strict=False),
        About('What speaks for an account, each with its weight: [{ industry = ["education*"], weight = 3 }].'),
    ] = ()
    tiers: Annotated[
        Annotated[
            tuple[Fraction, Fraction],
            Reads(_shares, "instead", {"type": "array", "items": _SHARE, "minItems": 2, "maxItems": 2}),
        ],
        About("The share of the known weight that is met from which on a tier is A, and that from which on it is B."),
    ] = (Fraction(3, 4), Fraction(1, 2))
    known: Annotated[
        Annotated[Fraction, Reads(_share, "instead", _SHARE)],
        About("The least share of the weight that has to be known of an account: below it the tier is unknown."),
    ] = Fraction(3, 5)
    needs: Annotated[
        Annotated[tuple[tuple[str, tuple[str, ...]], ...], Reads(_ranges, "instead", {"type": "object"})],
        About('Number of employees = the roles one has to know there: "-49" = ["decider"].'),
    ] = ()
    roles: Annotated[
        dict[str, Patterns],
        About(
            'Role = what the attribute role says of who has it, as globs: technical = ["cto", "it*"]. The buying '
            "roles of HubSpot are built in: decider, budget, sponsor, champion, influencer, user, legal, blocker."
        ),
    ] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in self.soft:
            hard = self.hard.get(each.attribute)
            if hard is not None and _have_nothing_in_common(hard, each.patterns):
                text = Message("soft {attribute} = {soft} can be met by nobody, since hard wants {hard}")
                raise TextError(
                    text.filled(attribute=each.attribute, soft=", ".join(each.patterns), hard=", ".join(hard))
                )
        known = (*BUYING_ROLES, *self.roles)
        for size, roles in self.needs:
            for role in roles:
                if role not in known:
                    raise TextError(_NO_ROLE.filled(
                        size=size, role=role, guess=did_you_mean(difflib.get_close_matches(role, known, n=1)),
                        known=", ".join(dict.fromkeys(known)),
                    ))  # fmt: skip

    @property
    def is_declared(self) -> bool:
        """Whether there is a profile."""
        return bool(self.hard or self.soft)

    @property
    def criteria(self) -> tuple[str, ...]:
        """The attributes that make the tier, each once."""
        return tuple(dict.fromkeys((*self.hard, *(each.attribute for each in self.soft))))

    @property
    def attributes(self) -> tuple[str, ...]:
        """All attributes that it names."""
        chain = ("role", "employees") if self.needs else ()
        return tuple(dict.fromkeys((*self.criteria, *chain)))
