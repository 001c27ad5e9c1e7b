"""The review of the ideal customer profile as an answer: eight parts for people, rows for spreadsheets, data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from funnelcli.answers.answer import Answer, Block, Heading, Page, Raw, Sheet, Tab
from funnelcli.answers.cells import Cell, Day, Words
from funnelcli.answers.icp_kept import KeptReview, KeptRow
from funnelcli.answers.icp_proposed import Proposal
from funnelcli.answers.icp_review import EFFORT, REQUESTS, TITLE, Review
from funnelcli.answers.icp_tables import PARTS
from funnelcli.answers.icp_tests import Compared, Figure
from funnelcli.answers.report_answer import notes_data, sources_data
from funnelcli.text import Message
from funnelcli.values.placeholders import AS_OF

HEADER = (
    "attribute", "value", "outcome", "n", "figure", "lower", "upper", "rest_n", "rest", "difference",
    "difference_lower", "difference_upper", "p", "q", "verdict",
)  # fmt: skip
_BASIS = Message("{first} to {last}, counted up to {day}, {zone}")


def review_answer(asked: Review) -> Answer:
    """Everything that the review says."""
    blocks = (_heading(asked), *(block for part in PARTS for block in part.blocks(asked)))
    tests = (*asked.ranks, *asked.criteria, *asked.compared)
    return Answer(
        title=TITLE,
        pages=(Page(blocks=blocks),),
        sheets=(Sheet(header=HEADER, rows=[_cells(each) for each in tests]),),
        data=review_data(asked),
        names={AS_OF: asked.as_of.isoformat()},
        tabs=lambda: tuple(_tabs(asked)),
    )


def _tabs(asked: Review) -> Iterator[Tab]:
    for part in PARTS:
        blocks: tuple[Block, ...] = tuple(part.blocks(asked))
        if blocks:
            yield Tab(name=part.name, blocks=blocks)


def _heading(asked: Review) -> Heading:
    facts: dict[str, Cell] = {
        "first": Words(asked.periods[0].key), "last": Words(asked.periods[-1].key), "day": Day(asked.as_of),
        "zone": Words(asked.timezone),
    }  # fmt: skip
    return Heading(text=Words(TITLE), basis=(Words(_BASIS, facts=facts, tone="dim"),))


def _cells(each: Compared) -> tuple[Raw, ...]:
    own, gap = each.figure.interval, each.difference
    return (
        each.attribute, each.value, each.outcome.key, each.figure.n, each.figure.value,
        None if own is None else own.lower, None if own is None else own.upper, each.rest.n, each.rest.value,
        None if gap is None else gap.value, None if gap is None else gap.interval.lower,
        None if gap is None else gap.interval.upper, None if gap is None else gap.p, each.q, each.verdict,
    )  # fmt: skip


def kept_review(asked: Review) -> KeptReview:
    """What is kept of a review for the next one."""
    return KeptReview(
        as_of=asked.as_of,
        rows=tuple(
            KeptRow(
                attribute=each.attribute, value=each.value, outcome=each.outcome.key, n=each.figure.n,
                figure=each.figure.value, q=each.q, stands=each.verdict == "stands",
            )
            for each in asked.compared
        ),
    )  # fmt: skip


# --- for programs ----------------------------------------------------------------------------------------------------


def review_data(asked: Review) -> dict[str, Any]:
    """The review as plain data, format_version 1."""
    return {
        "format": "funnelcli.icp-review",
        "format_version": 1,
        "title": TITLE.of("en"),
        "as_of": asked.as_of.isoformat(),
        "timezone": asked.timezone,
        "currency": asked.currency,
        "periods": [period.key for period in asked.periods],
        "profile": {
            "since": None if asked.since is None else asked.since.isoformat(), "age_days": asked.age,
            "accounts": asked.accounts, "customers": asked.customers.value, "dated": asked.is_dated,
            "attribute_known_rate": {name: value.value for name, value in asked.known},
        },
        "outcomes": [
            {
                "outcome": each.key, "unit": each.unit.value, "good": each.good, "accounts": len(each.account),
                "missing": None if each.missing is None else each.missing.reason.of("en"),
            }
            for each in asked.outcomes
        ],
        "tiers": [
            {
                "tier": row.tier, "accounts": row.accounts, "median_days_to_pay": row.days,
                "outcomes": {key: _figure(figure) for key, figure in row.figures.items()},
                **{key: _value(asked, key, row.tier) for key in (*EFFORT[1:], *REQUESTS)},
            }
            for row in asked.tiers
        ],
        "ranks": [_row(each) for each in asked.ranks],
        "tests": asked.tests,
        "values": [_row(each) for each in asked.compared],
        "compared_with": None if asked.kept is None else asked.kept.as_of.isoformat(),
        "changes": [
            {name: getattr(each, name) for name in each.__struct_fields__} for each in asked.changes
        ],
        "proposals": [_proposal(each) for each in asked.proposals],
        "mistakes": [
            {
                "mistake": each.kind, "verdict": each.verdict, "band": each.band or None, "number": each.number,
                "of": each.of, "churn": each.churn, "tickets_per_customer": each.tickets, "arpa": each.arpa,
                "cost_to_serve": each.cost, "arpa_less_cost": each.net, "costs_shared": each.shared,
                "costs_missing": None if each.uncosted is None else each.uncosted.reason.of("en"),
                "few": each.few, "missing": None if each.why is None else each.why.reason.of("en"),
            }
            for each in asked.mistakes
        ],
        "requests": [{"kind": each.kind, "tickets": dict(each.tickets)} for each in asked.requests],
        "criteria": [_row(each) for each in asked.criteria],
        "kept": asked.keeps,
        "notes": notes_data(asked.notes),
        "sources": sources_data(asked.sources),
    }  # fmt: skip


def _value(asked: Review, key: str, tier: str) -> float | None:
    value = asked.share(key, tier)
    return None if value is None else value.value


def _row(each: Compared) -> dict[str, Any]:
    return dict(zip(HEADER, _cells(each), strict=True))


def _figure(figure: Figure) -> dict[str, Any]:
    own = figure.interval
    return {
        "n": figure.n, "count": figure.count, "value": figure.value,
        "interval": None if own is None else {
            "lower": own.lower, "upper": own.upper, "level": own.level, "method": own.method,
        },
    }  # fmt: skip


def _proposal(each: Proposal) -> dict[str, Any]:
    return {
        "step": each.step, "attribute": each.attribute, "value": each.value, "because": each.because,
        "evidence": [test.outcome.key for test in each.evidence],
    }  # fmt: skip
