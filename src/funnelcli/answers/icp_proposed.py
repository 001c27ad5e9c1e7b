"""The profile that the data would choose beside the declared one: what to keep, to add and to drop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from funnelcli.answers.icp_tests import CRITERION, Compared
from funnelcli.answers.icp_values import Values
from funnelcli.config.icp import IcpSettings
from funnelcli.facts.attributes import attribute_name
from funnelcli.values.criteria import Criterion

Step = Literal["keep", "add", "drop"]
Because = Literal["stands-for", "stands-against", "no-sign", "too-thin"]


class Proposal(Struct, frozen=True, kw_only=True):
    """A criterion of the profile, or a value that might be one, with what speaks for it or against it."""

    step: Step
    attribute: str
    value: str
    because: Because
    evidence: tuple[Compared, ...] = ()


def proposals_of(
    profile: IcpSettings, criteria: Sequence[Compared], compared: Sequence[Compared], values: Sequence[Values]
) -> Iterator[Proposal]:
    """Each criterion to be kept or dropped, then the values to be added: those that nothing speaks against."""
    by_criterion: dict[tuple[str, str], list[Compared]] = {}
    for each in criteria:
        by_criterion.setdefault((each.attribute.removeprefix(f"{CRITERION}:"), each.value), []).append(each)
    for (attribute, value), tests in by_criterion.items():
        good, bad = _standing(tests)
        if good or not bad:
            thin = all(each.verdict == "too-thin" for each in tests)
            because: Because = "stands-for" if good else "too-thin" if thin else "no-sign"
            yield Proposal(step="keep", attribute=attribute, value=value, because=because, evidence=tuple(good))
        else:
            yield Proposal(
                step="drop", attribute=attribute, value=value, because="stands-against", evidence=tuple(bad)
            )  # fmt: skip
    proposed = {(each.attribute, name) for each in values for name in each.proposed}
    by_value: dict[tuple[str, str], list[Compared]] = {}
    for each in compared:
        if (each.attribute, each.value) in proposed and not _is_in(profile, each.attribute, each.value):
            by_value.setdefault((each.attribute, each.value), []).append(each)
    for (attribute, value), tests in by_value.items():
        good, bad = _standing(tests)
        if good and not bad:
            yield Proposal(step="add", attribute=attribute, value=value, because="stands-for", evidence=tuple(good))


def _standing(tests: Sequence[Compared]) -> tuple[list[Compared], list[Compared]]:
    """The tests that stand, those that speak for the accounts and those against them."""
    stand = [each for each in tests if each.verdict == "stands"]
    return [each for each in stand if each.is_good], [each for each in stand if not each.is_good]


def _is_in(profile: IcpSettings, attribute: str, value: str) -> bool:
    """Whether the profile has a value among its criteria already."""
    soft = [(each.attribute, each.patterns) for each in profile.soft]
    return any(
        attribute_name(name) == attribute and Criterion(tuple(patterns)).met_by(value)
        for name, patterns in (*profile.hard.items(), *soft)
    )
