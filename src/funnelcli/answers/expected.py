"""What the settings say must be there, held against what is: an input that is missing, has lost rows, or is old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from funnelcli.facts.model import Facts
from funnelcli.inputs import INPUTS
from funnelcli.problems import Problem, problem


def unmet(facts: Facts, day: date, *, place: str, named: bool = False) -> Iterator[Problem]:
    """An error for each thing that ``[inputs.NAME]`` says must be there and is not.

    ``day`` is the one up to which an export should reach, today where no other was asked for; ``place`` names the
    settings.  Files that are ``named`` one by one stand for the whole: no other input is missing.
    """
    for name in INPUTS:
        settings = facts.config.input_settings(name)
        if not settings.expects:
            continue
        if name not in facts.inputs:
            if not named:
                declared = INPUTS[name]
                names = ", ".join(declared.files)
                yield problem("input-missing", file=place, stage=name, title=declared.title, names=names)
            continue
        yield from _few(facts, name)
        yield from _old(facts, name, day)
        if settings.required:
            yield from _cut(facts, name)


def _few(facts: Facts, name: str) -> Iterator[Problem]:
    settings = facts.config.input_settings(name)
    least = max(settings.min_rows or 0, 1 if settings.required else 0)
    counted = sum(tally.counted for tally in facts.tallies if tally.input == name)
    if counted < least:
        yield problem("too-few-rows", file=facts.names(name), stage=name, count=counted, least=least)


def _old(facts: Facts, name: str, day: date) -> Iterator[Problem]:
    most, extent = facts.config.input_settings(name).max_age, facts.extents.get(name)
    last = extent.last_by(day) if extent is not None else None
    if most is None or last is None:
        return
    days = (day - last).days
    if days > most:
        yield problem("too-old", file=facts.names(name), stage=name, last=last, day=day, days=days, most=most)


def _cut(facts: Facts, name: str) -> Iterator[Problem]:
    """The files that end within a row; the last row of one may be anything."""
    files = {file.name for file in facts.inputs[name].files}
    for fault in facts.problems:
        if fault.code == "cut-short" and fault.file in files:
            yield problem("required-cut-short", file=fault.file, stage=name, what=fault.text)
