"""What [icp] and [leads] ask of people and firms, held against what the files say of them: rules that fit nobody."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from funnelcli.config import FILE_NAME
from funnelcli.config.leads import kind_of_points
from funnelcli.facts.chain import EMPLOYEES, ROLE
from funnelcli.facts.dimensions import TIER
from funnelcli.facts.model import Facts
from funnelcli.inputs.accounts import attribute_column, attribute_of
from funnelcli.inputs.signups import SIGNUPS
from funnelcli.metrics.model import ICP, LEADS
from funnelcli.metrics.sections import Section
from funnelcli.problems import Problem, problem
from funnelcli.text import COMMA, NOTHING, Message, Text, as_text, did_you_mean, joined
from funnelcli.values.channels import fold
from funnelcli.values.criteria import Criterion
from funnelcli.values.roles import BUYING_ROLES

MOST_SEEN = 12
_ALIKE = 0.75  # of two texts: less is another word
_NO_ATTRIBUTE = Message("no attribute at all: accounts* has them, a column each, or signups*")
_NO_KIND = Message("no kind at all")


def rules_of_nobody(facts: Facts) -> Iterator[Problem]:
    """A warning for each rule of [icp] and [leads] that fits nothing that the files say."""
    yield from rules_of_profile(facts)
    yield from rules_of_leads(facts)


def rules_shown(facts: Facts, by: str | None, sections: Collection[Section]) -> Iterator[Problem]:
    """Those by which figures of some sections are made, or are split."""
    if ICP in sections or by == TIER:
        yield from rules_of_profile(facts)
    if LEADS in sections:
        yield from rules_of_leads(facts)


def rules_of_profile(facts: Facts) -> Iterator[Problem]:
    """The same of the ideal customer profile."""
    profile = facts.config.icp
    for name, patterns in profile.hard.items():
        yield from _attribute(facts, "icp.hard", name, patterns, together=True)
    for each in profile.soft:
        yield from _attribute(facts, "icp.soft", each.attribute, each.patterns, together=True)
    if profile.needs:
        for name in (EMPLOYEES, ROLE):
            sizes = tuple(size for size, _ in profile.needs) if name == EMPLOYEES else ()
            yield from _attribute(facts, "icp.needs", name, sizes, together=True)
    needed = dict.fromkeys(role for _, roles in profile.needs for role in roles)
    for role in dict.fromkeys((*needed, *profile.roles)) if facts.attributes.has(ROLE) else ():
        patterns = (*profile.roles.get(role, ()), *BUYING_ROLES.get(role, ()))
        yield from _attribute(facts, f"icp.roles.{role}", ROLE, patterns, together=True)


def rules_of_leads(facts: Facts) -> Iterator[Problem]:
    """The same of what leads score points for, and of who is none."""
    settings = facts.config.leads
    for name, rules in settings.fit.items():
        yield from _attribute(facts, "leads.fit", name, tuple(rules), together=False)
    for name, globs in settings.exclude.items():
        yield from _attribute(facts, "leads.exclude", name, globs, together=False)
    interest = None if facts.leads is None else facts.leads.interest
    if interest is None:
        return  # what leads do is not known at all, which is said where it is asked for
    seen = np.bincount(interest.kind, minlength=len(interest.kinds)).tolist()
    numbers = dict(zip(interest.kinds, seen, strict=True))
    idle = [name for name, (points, _) in settings.interest.items() if points and not numbers.get(kind_of_points(name))]
    words = interest.records.words.get("kind") if idle else None
    sizes = [] if words is None else np.bincount(words.codes, minlength=len(words.texts)).tolist()
    kinds = Counter(
        {text: size for text, size in zip(words.texts if words else (), sizes, strict=True) if text and size}
    )
    for name in idle:
        yield _fits_nothing("leads.interest", "kind", [name], _by_number(kinds), _NO_KIND)


def _attribute(facts: Facts, place: str, name: str, patterns: Sequence[str], *, together: bool) -> Iterator[Problem]:
    """What of some patterns fits nothing: all of them where they stand for one rule ``together``, else each."""
    attribute = facts.attributes.of(name)
    if attribute is None:
        known = _known_names(facts)
        yield problem(
            "attribute-not-known", file=FILE_NAME, place=place, name=name, guess=_guess(name, known),
            seen=_list(known, _NO_ATTRIBUTE),
        )  # fmt: skip
        return
    lost = attribute.not_understood(patterns)
    if lost:
        yield problem(
            "attribute-not-comparable", file=FILE_NAME, place=place, name=name,
            cells=_list([f"{cell!r} ({rows})" for cell, rows in lost.most_common()], NOTHING),
            patterns=", ".join(map(repr, patterns)),
        )  # fmt: skip
    cells = [text for text in attribute.texts if text and text not in lost]
    idle = [each for each in patterns if not any(Criterion((each,)).met_by(cell) for cell in cells)]
    if idle and (not together or len(idle) == len(patterns)):
        yield _fits_nothing(place, name, idle, _by_number(Counter(cells)), NOTHING)


def _fits_nothing(place: str, name: str, idle: Sequence[str], cells: Sequence[str], otherwise: Text) -> Problem:
    guesses = (_guess(each, cells) for each in idle)
    return problem(
        "rule-fits-nothing", file=FILE_NAME, place=place, name=name, patterns=", ".join(map(repr, idle)),
        guess=next((each for each in guesses if each is not NOTHING), NOTHING), seen=_list(cells, otherwise),
    )  # fmt: skip


def _known_names(facts: Facts) -> list[str]:
    """The attributes that files have, and the columns of the signups that are read once they are named."""
    names, signups = list(facts.attributes.usual_names), facts.inputs.get(SIGNUPS.name)
    for file in () if signups is None else signups.opened:
        columns = {place: name for name, place in file.columns.index.items()}
        for place, header in enumerate(file.columns.header):
            attribute = attribute_of(columns.get(place, attribute_column(header).name))
            names += [attribute] if header and attribute is not None else []
    return list(dict.fromkeys(names))


def _by_number(cells: Counter[str]) -> list[str]:
    return [cell for cell, _ in cells.most_common()]


def _list(texts: Sequence[str], otherwise: Text) -> Text:
    shown = [as_text(text) for text in texts[:MOST_SEEN]]
    return joined(COMMA, [*shown, *([as_text("…")] if len(texts) > MOST_SEEN else [])]) if shown else otherwise


def _guess(written: str, known: Iterable[str]) -> Text:
    """The known text that is most like what was written, where any is."""
    folded = {fold(text): text for text in known}
    close = difflib.get_close_matches(fold(written).strip("*?"), folded, n=1, cutoff=_ALIKE)
    return did_you_mean([folded[each] for each in close]) if close else NOTHING
