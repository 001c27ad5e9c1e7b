"""Proposed points as an answer: each rule with its leads, declared and proposed points, and how well both do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from funnelcli.answers.answer import Block, Column, Heading, Notes, Sheet, Table
from funnelcli.answers.cells import Cell, Number, Words
from funnelcli.answers.lead_model import LeadModel, as_settings
from funnelcli.answers.lead_test import DOES_NOT_RANK
from funnelcli.answers.uncertain import interval_data
from funnelcli.stats.intervals import Interval
from funnelcli.text import Message, Text
from funnelcli.values.figures import Unit
from funnelcli.values.windows import parse_window

_TITLE = Message("Points that the data would give; they are applied nowhere")
_OF = Message(
    "Logistic regression, regularised and cross-validated, over {n} [lead|leads] whose {horizon} are over ({paid} "
    "paid), by what was known of them {after} [day|days] after they came"
)
_DECLARED = Message("Declared points: of pairs {area} stand right ({low} to {high})")
_PROPOSED = Message("Proposed points, each lead judged by the others: {area} ({low} to {high})")
_HEADERS: tuple[Text, ...] = (
    Message("Of what"), Message("Rule"), Message("Leads"), Message("Paid"), Message("Declared"), Message("Proposed"),
)  # fmt: skip
_FEW = Message("Where too few leads have it, or lack it, nothing is proposed.")
_TO_USE = Message("To use them, write into funnel.toml:")
_OTHERS = Message("Points of another size need other thresholds too: [leads] mql and grades.")


def model_blocks(model: LeadModel) -> Iterator[Block]:
    """The proposal, for people."""
    facts: dict[str, Cell] = {
        "n": Number(value=model.leads), "paid": Number(value=model.paid),
        "horizon": Words(parse_window(model.horizon).words), "after": Number(value=model.after_days),
    }  # fmt: skip
    basis = [Words(_OF, facts=facts, tone="dim")]
    if model.declared_area is not None:
        basis.append(Words(_DECLARED, facts=_area(model.declared_area, model.declared_interval), tone="dim"))
    basis.append(Words(_PROPOSED, facts=_area(model.proposed_area, model.proposed_interval), tone="dim"))
    if not model.ranks:
        basis.append(Words(DOES_NOT_RANK, tone="dim"))
    yield Heading(text=Words(_TITLE), basis=tuple(basis))
    rows: list[tuple[Cell, ...]] = [
        (
            Words(each.name), Words(each.rule), Number(value=each.leads), Number(value=each.paid),
            Number(value=each.declared), Number(value=each.proposed),
        )
        for each in model.proposals
    ]  # fmt: skip
    columns = tuple(Column(header=Words(header), words=place < 2) for place, header in enumerate(_HEADERS))
    yield Table(columns=columns, rows=tuple(rows))
    settings = as_settings(model)
    notes = [Words(_FEW)] if any(each.proposed is None for each in model.proposals) else []
    if settings:
        notes += [Words(_OTHERS), Words(_TO_USE), *(Words(line) for line in settings.splitlines())]
    yield Notes(tuple(notes))


def model_sheet(model: LeadModel) -> Sheet:
    """The proposal, for spreadsheets."""
    header = ("score", "name", "rule", "leads", "paid", "declared_points", "log_odds", "proposed_points")
    rows = [
        (each.score, each.name, each.rule, each.leads, each.paid, each.declared, each.weight, each.proposed)
        for each in model.proposals
    ]
    return Sheet(header=header, rows=rows)


def _area(area: float, interval: Interval | None) -> Mapping[str, Cell]:
    bounds = (area, area if interval is None else interval.lower, area if interval is None else interval.upper)
    return {
        name: Number(value=value, unit=Unit.RATE) for name, value in zip(("area", "low", "high"), bounds, strict=True)
    }


def model_data(model: LeadModel) -> dict[str, Any]:
    """The proposal, for programs."""
    return {
        "leads": model.leads,
        "paid": model.paid,
        "horizon": model.horizon,
        "after_days": model.after_days,
        "declared": {"score_auc_rate": model.declared_area, "interval": interval_data(model.declared_interval)},
        "proposed": {
            "score_auc_rate": model.proposed_area, "interval": interval_data(model.proposed_interval),
            "ranks": model.ranks,
        },
        "rules": [
            {
                "score": each.score, "name": each.name, "rule": each.rule or None, "leads": each.leads,
                "paid": each.paid, "declared_points": each.declared, "log_odds": each.weight,
                "proposed_points": each.proposed,
            }
            for each in model.proposals
        ],
        "settings": as_settings(model) or None,
    }  # fmt: skip
