"""Facts by all that figures are made of: whatever has the same of it has the same figures, which need no second count.

Not by how it was written: in which file and line a record stands counts nowhere, which the layers of the product hold.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction

import numpy as np
from msgspec import Struct

from funnelcli.answers.report import build
from funnelcli.answers.report_model import Report, ReportSpec
from funnelcli.facts.events import Records
from funnelcli.facts.model import Facts, InputFacts

_PLACE = {"files", "file", "line"}  # of records
_built: dict[Hashable, Report] = {}


def built_once(facts: Facts, spec: ReportSpec) -> Report:
    """The report of facts, counted once for all that have the same of what figures are made of."""
    key = (repr(spec), _of_facts(facts))
    if key not in _built:
        _built[key] = build(facts, spec)
    return _built[key]


def _of_facts(facts: Facts) -> Hashable:
    known: dict[int, Hashable] = {}
    return (
        repr(facts.config),
        tuple((name, _of_input(of_input, known)) for name, of_input in facts.inputs.items()),
        _of([list(facts.entities), dict(facts.events), facts.stated, facts.currency, facts.joins], known),
        facts.timezone_assumed,
        tuple(problem.code for problem in facts.problems),
        tuple(facts.dimensions.declared),
    )


def _of_input(of_input: InputFacts, known: dict[int, Hashable]) -> Hashable:
    said = [of_input.extent, of_input.records, dict(of_input.unmatched), list(map(str, of_input.amounts_not_read))]
    columns = frozenset(name for opened in of_input.opened for name in opened.columns.index if opened.has(name))
    used = [(t.read, t.counted, t.duplicate, t.rejected, t.filtered, t.unpaid) for t in of_input.tallies]
    tallies = tuple(map(sum, zip(*used, strict=True)))
    exports = tuple(opened.export and opened.export.name for opened in of_input.opened)
    return _of(said, known), columns, tallies, of_input.is_log, of_input.is_listed, exports


def _of(value: object, known: dict[int, Hashable]) -> Hashable:
    """A value by what it holds; TypeError for a kind of which nobody has said what it holds."""
    match value:
        case None | str() | int() | float() | date() | Enum() | Fraction():
            return value
        case np.ndarray():
            return str(value.dtype), value.shape, value.tobytes()
        case frozenset() | set():
            return frozenset(_of(each, known) for each in value)
        case Mapping():
            return tuple((key, _of(each, known)) for key, each in sorted(value.items()))
        case Sequence():
            return tuple(_of(each, known) for each in value)
        case Struct():
            if id(value) not in known:
                left_out = _PLACE if isinstance(value, Records) else {"cells"}
                fields = [name for name in value.__struct_fields__ if name not in left_out]
                known[id(value)] = hash(("", *(_of(getattr(value, name), known) for name in fields)))
            return type(value).__name__, known[id(value)]
        case _:
            raise TypeError(f"what does a {type(value).__name__} hold?")
