"""The few sentences that head a page: the money, the customers, and what is behind its target."""

from __future__ import annotations

from collections.abc import Iterator

from funnelcli.answers.cells import Cell, Number, Precision, Words
from funnelcli.answers.dashboard import Dashboard
from funnelcli.answers.dashboard_blocks import CLOSING, MRR, movements, stage_keys
from funnelcli.answers.drawn import Flow, Goal
from funnelcli.answers.report_model import Row
from funnelcli.text import COMMA, Message, Text, joined
from funnelcli.values.figures import Unit

BEHIND_MOST = 3
_LISTED = (*stage_keys(), "churned_paid_users", CLOSING, MRR)


def brief(dashboard: Dashboard) -> Iterator[Words]:
    """At most three sentences; each is left out where it has no figure to stand on."""
    money = dashboard.row(MRR)
    if money is not None and dashboard.figure(money).value is not None:
        yield _money(dashboard, money)
    customers = _customers(dashboard)
    if customers is not None:
        yield customers
    behind = _behind(dashboard)
    if behind is not None:
        yield behind


def _money(dashboard: Dashboard, row: Row) -> Words:
    """The MRR, how it has changed, and how far it is from its target."""
    facts: dict[str, Cell] = {"month": dashboard.month, "amount": _strong(dashboard.figure(row))}
    parts: list[Text] = [Message("MRR ended {month} at {amount}")]
    change = dashboard.change(row)
    if change is not None and change.value is not None and dashboard.base is not None:
        facts |= {"change": Number(value=abs(change.value), unit=Unit.RATE), "base": dashboard.base}
        parts.append(_moved(change.value))
    goal = dashboard.goal(MRR)
    if goal is not None and goal.share.value is not None:
        apart = float(goal.share.value) - 1
        facts["apart"] = Number(value=abs(apart), unit=Unit.RATE)
        parts.append(_apart(apart))
    if len(parts) == 3:
        last = joined(Message(" and "), parts[1:])
        parts = [parts[0], last]
    return Words(joined("", [joined(COMMA, parts), "."]), facts=facts)


def _moved(change: float) -> Text:
    if not change:
        return Message("unchanged on {base}")
    return Message("up {change} on {base}") if change > 0 else Message("down {change} on {base}")


def _apart(apart: float) -> Text:
    if not apart:
        return Message("exactly on target")
    return Message("{apart} above target") if apart > 0 else Message("{apart} below target")


def _strong(number: Number) -> Number:
    return Number(value=number.value, unit=number.unit, currency=number.currency, missing=number.missing, tone="bold")


def _customers(dashboard: Dashboard) -> Words | None:
    """How many pay, and how they came to be so many."""
    row = dashboard.row(CLOSING)
    if row is None or dashboard.figure(row).value is None:
        return None
    facts: dict[str, Cell] = {"n": _strong(dashboard.figure(row))}
    block = movements(dashboard)
    text: Text = Message("{n} paid users")
    if block is not None:
        flows = [flow for flow in block.charts[0].flows if flow.kind != "balance"]
        named = [(flow, _came(flow)) for flow in flows if flow.amount.value or flow.key == "new_paid_users"]
        facts |= {flow.key: flow.amount for flow, _ in named}
        text = joined(": ", [text, joined(COMMA, [words for _, words in named])]) if named else text
    return Words(joined("", [text, "."]), facts=facts)


def _came(flow: Flow) -> Text:
    """A flow of customers in a word."""
    known = {
        "new_paid_users": Message("{new_paid_users} new"),
        "reactivated_paid_users": Message("{reactivated_paid_users} reactivated"),
        "churned_paid_users": Message("{churned_paid_users} lost"),
    }
    return known.get(flow.key) or joined(" ", [f"{{{flow.key}}}", flow.label])


def _behind(dashboard: Dashboard) -> Words | None:
    """What is behind its target, each with its share; None without targets."""
    if not dashboard.goals:
        return None
    goals = [(row, goal) for key in _LISTED if (row := dashboard.row(key)) and (goal := dashboard.goal(key))]
    judged = [(row, goal) for row, goal in goals if goal.kept is not None]
    behind = [(row, goal) for row, goal in judged if not goal.kept]
    if not judged:
        return None
    if not behind:
        return Words(Message("Nothing is behind its target."))
    behind, more = behind[:BEHIND_MOST], len(behind) - BEHIND_MOST
    facts: dict[str, Cell] = {f"share{place}": _share(goal) for place, (_, goal) in enumerate(behind)}
    named = [
        Message("{label} ({share} of it)").filled(label=row.label, share=f"{{share{place}}}")
        for place, (row, _) in enumerate(behind)
    ]
    listed: Text = joined(COMMA, named)
    if more > 0:
        listed = joined("", [listed, Message(" and {n} more").filled(n=more)])
    text = Message("Behind target: {what}.").filled(what=listed)
    return Words(text, facts=facts)


def _share(goal: Goal) -> Number:
    return Number(value=goal.share.value, unit=Unit.RATE, precision=Precision.PLANNED)
