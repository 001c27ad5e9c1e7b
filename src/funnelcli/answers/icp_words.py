"""The words of the review of the ideal customer profile."""

from __future__ import annotations

from collections.abc import Mapping

from funnelcli.answers.icp_tests import CRITERION, Compared
from funnelcli.answers.icp_values import OTHER
from funnelcli.counting.parts import OTHER_LABEL, UNKNOWN_LABEL
from funnelcli.facts.dimensions import UNKNOWN
from funnelcli.text import Marked, Message, Text, as_text

STEPS: Mapping[str, Text] = {"keep": Message("keep"), "add": Message("add"), "drop": Message("drop")}
MOVED: Mapping[str, Text] = {
    "rose": Message("rose"), "fell": Message("fell"), "new": Message("new"), "gone": Message("no longer stands"),
}  # fmt: skip
BECAUSE: Mapping[str, Text] = {
    "stands-for": Message("better than the rest, beyond chance: {outcomes}"),
    "stands-against": Message("worse than the rest, beyond chance: {outcomes}"),
    "no-sign": Message("no difference beyond chance, for or against"),
    "too-thin": Message("too thin to say"),
}
FOUND: Mapping[str, Text] = {
    "made": Message("look at it"), "not-made": Message("not seen"), "not-known": Message("not known"),
    "few": Message("perhaps, too thin to say"),
}  # fmt: skip
MISTAKES: Mapping[tuple[str, str], Text] = {
    ("size", "made"): Message(
        "{band} employees: {churn} lost against {churn_rest}, {tickets} tickets a customer against {tickets_rest}, and "
        "{net} a month against {net_rest} {how}"
    ),
    ("size", "not-made"): Message("No size is lost more often, or asks for more help, and brings less {how}."),
    ("size", "not-known"): Message("Whether a size costs more than it brings: {why}"),
    ("contact", "made"): Message("One contact, where more roles are needed: {n} of {of} that sales is at."),
    ("contact", "not-made"): Message("No account that needs several roles has one contact alone."),
    ("contact", "not-known"): Message("Whether accounts have one contact alone: {why}"),
    ("age", "made"): Message("The profile is {n} [day|days] old, more than {most}."),
    ("age", "not-made"): Message("The profile is {n} [day|days] old, no more than {most}."),
    ("age", "not-known"): Message("How old the profile is: {why}"),
}
COSTED: Mapping[str, Text] = {
    "tickets": Message("less the costs of service, shared out by tickets"),
    "alike": Message("less the costs of service, shared out alike as no tickets tell who asks for how much"),
}
UNCOSTED = Message("without the costs of service ({why})")
ADDED_UP = Message("{how}: {arpa} − {cost} against {arpa_rest} − {cost_rest}")
_STANDS, _CHANCE = Message("stands (q = {q})"), Message("may be chance (q = {q})")
_THIN, _UNTESTED = Message("too thin to say"), Message("shown, not tested")
_SMALLEST = 0.001


def tier_words(tier: str) -> Text:
    """A tier for people."""
    return UNKNOWN_LABEL if tier == UNKNOWN else as_text(tier)


def value_words(value: str) -> Text:
    """A value for people."""
    return {UNKNOWN: UNKNOWN_LABEL, OTHER: OTHER_LABEL}.get(value, as_text(value))


def attribute_words(attribute: str) -> Text:
    """An attribute, or the criterion of one."""
    return as_text(attribute.removeprefix(f"{CRITERION}:"))


def verdict_words(each: Compared) -> Text:
    """What comes of a test, with its q."""
    if each.q is None:
        return _THIN if each.verdict == "too-thin" else _UNTESTED
    shown = f"{each.q:.3f}" if each.q >= _SMALLEST else f"< {_SMALLEST}"
    return (_STANDS if each.verdict == "stands" else _CHANCE).filled(q=Marked(shown))
