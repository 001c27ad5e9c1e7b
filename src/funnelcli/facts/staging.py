"""The journeys that rows of an input go through, as events in the one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from funnelcli.config import Config
from funnelcli.facts.events import NOBODY, Events, Records
from funnelcli.facts.journeys import CREATED, CREATION, Journey, Resolved, journeys_of, of_slug, resolved
from funnelcli.facts.model import InputFacts
from funnelcli.facts.trail_events import merged_records, trail_events
from funnelcli.facts.trails import Trail, created_late, marks_of, rows_of, subjects_of, trail_of
from funnelcli.problems import Problems, problem
from funnelcli.stats.distinct import distinct
from funnelcli.values.dates import DAY_MICROS, micros_of


def events_of_journeys(
    config: Config,
    events: Mapping[str, Events],
    records: Mapping[str, Records],
    inputs: Mapping[str, InputFacts],
    problems: Problems,
) -> dict[str, Events]:
    """What happened on each journey of rows that say their stages; words that are no stage are named."""
    made: dict[str, Events] = {}
    looked_at: set[str] = set()
    for journey in journeys_of(config).values():
        known = inputs.get(journey.source or "")
        if known is None or known.extent is None:
            continue
        staged = resolved(journey, events)
        others = [other for other in journeys_of(config).values() if other.source == journey.source]
        _report_unknown(staged, events, known, others, problems)
        _report_of_two(staged, events, known, problems)
        trail = trail_of(staged, events, micros_of(known.extent.last) // DAY_MICROS)
        if trail is not None and known.input.name not in looked_at:
            looked_at.add(known.input.name)
            _report_odd(trail, staged, events, known, problems)
        if trail is not None:
            several = any(part.records is not trail.parts[0].records for part in trail.parts)
            of_rows = merged_records(trail.parts, trail.part, rows_of(trail)) if several else records[known.input.name]
            made |= {each.name: each for each in trail_events(trail, marks_of(trail), of_rows)}
    return made


def unknown_stages(staged: Resolved, journeys: Sequence[Journey]) -> dict[str, int]:
    """The stages of rows that are of none of the ``journeys`` of their input, by their slugs, with the rows of each.

    They are told of by the last of these journeys, which the settings may have declared.
    """
    if staged.journey.name != journeys[-1].name:
        return {}
    return {
        slug: rows
        for slug, rows in staged.unknown.items()
        if not any(stage.fits(slug) for other in journeys for stage in other.stages)
    }


def own_stages(known: InputFacts, events: Mapping[str, Events]) -> list[str]:
    """The stages that rows of an input write, in their words, in the order in which most come to them."""
    written = known.records.stages if known.records is not None else {}
    return [written.get(slug, slug.replace("_", " ")) for slug in _in_order(known.input.name, events)]


def _report_unknown(
    staged: Resolved, events: Mapping[str, Events], known: InputFacts, journeys: Sequence[Journey], problems: Problems
) -> None:
    """A warning for each word of the rows that is a stage of none of the ``journeys`` of their input."""
    journey, unknown = staged.journey, unknown_stages(staged, journeys)
    if not unknown:
        return
    usual = [stage.name for stage in journey.ways if stage.name != CREATED]
    written = known.records.stages if known.records is not None else {}
    own = ", ".join(f'"{word}"' for word in own_stages(known, events))
    for slug, rows in sorted(unknown.items(), key=lambda pair: (-pair[1], pair[0])):
        problems.add(
            problem(
                "stage-not-known", file=known.names, value=written.get(slug, slug.replace("_", " ")), rows=rows,
                journey=journey.name, stage=usual[-1] if usual else "", stages=", ".join(usual), own=own,
            )
        )  # fmt: skip


def _report_of_two(staged: Resolved, events: Mapping[str, Events], known: InputFacts, problems: Problems) -> None:
    """A note of each word of the rows whose parts are of two stages of a journey: it is taken for the first."""
    journey, numbers = staged.journey, Counter[str]()
    for name, each in events.items():
        of_input, _, rest = name.partition(":")
        how, _, slug = rest.partition(":")
        if of_input == journey.source and how in ("at", "now"):
            numbers[slug] += len(each)
    for slug, rows in sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0])):
        fitting = [stage for stage in journey.ways if stage.by_words(slug)]
        chosen = of_slug(journey, slug)
        if rows and len(fitting) > 1 and chosen is fitting[0] and slug != chosen.name:
            word, other = slug.replace("_", " "), fitting[1]
            problems.add(
                problem(
                    "stage-of-two", file=known.names, value=word, rows=rows, journey=journey.name,
                    stage=chosen.name, other=other.name,
                )
            )  # fmt: skip


def _report_odd(
    trail: Trail, staged: Resolved, events: Mapping[str, Events], known: InputFacts, problems: Problems
) -> None:
    """A warning where stages are dated before the creation, and where rows without dates name several stages."""
    late = np.flatnonzero(created_late(trail))
    if len(late):
        records, row = trail.parts[int(trail.part[late[0]])].records, int(rows_of(trail)[late[0]])
        problems.add(
            problem(
                "before-creation", file=records.files[int(records.file[row])], line=int(records.line[row]),
                number=len(distinct(trail.subject[late])),
            )
        )  # fmt: skip
    _report_creations(trail, known, problems)
    nobody = np.zeros(0, dtype=np.int64)
    in_each = (
        distinct(np.concatenate([nobody, *(subjects_of(events[n], staged.journey) for n in names if n in events)]))
        for names in staged.undated.values()
    )
    subjects, numbers = np.unique(np.concatenate([nobody, *in_each]), return_counts=True)
    if number := int(((numbers > 1) & (subjects != NOBODY)).sum()):
        problems.add(problem("stages-differ", file=known.names, number=number))


def _report_creations(trail: Trail, known: InputFacts, problems: Problems) -> None:
    """A warning where rows of one thing say different days of its creation."""
    created = np.flatnonzero(np.array([part.name in CREATION for part in trail.parts], dtype=bool)[trail.part])
    subject, day = trail.subject[created], trail.day[created]
    anew = created[1:][(subject[1:] == subject[:-1]) & (day[1:] != day[:-1])]
    declared = known.input.stages
    if len(anew) and declared is not None:
        records, row = trail.parts[int(trail.part[anew[0]])].records, int(rows_of(trail)[anew[0]])
        header = next((h for each in known.opened if (h := each.columns.header_of(declared.created))), declared.created)
        problems.add(
            problem(
                "created-anew", file=records.files[int(records.file[row])], line=int(records.line[row]),
                number=len(distinct(trail.subject[anew])), stage=known.input.name, header=header,
            )
        )  # fmt: skip


def _in_order(name: str, events: Mapping[str, Events]) -> list[str]:
    """The stages that rows of an input write, in the order in which most come to them; those without a date last."""
    first: dict[int, list[tuple[int, str]]] = {}
    slugs: list[str] = []
    for event, known in events.items():
        of_input, _, rest = event.partition(":")
        how, _, slug = rest.partition(":")
        if of_input != name or how not in ("at", "now") or not slug or not len(known):
            continue
        slugs += [slug] if slug not in slugs else []
        records = known.records
        whose = (records.entity if records.subject is None else records.subject)[known.row]
        for subject, day in zip(whose.tolist(), known.day.tolist(), strict=True) if how == "at" else ():
            first.setdefault(subject, []).append((day, slug))
    before: Counter[tuple[str, str]] = Counter()
    for entries in first.values():
        ordered = [slug for _, slug in sorted(entries)]
        before.update((a, b) for n, a in enumerate(ordered) for b in ordered[n + 1 :] if a != b)
    dated = {slug for pair in before for slug in pair}
    wins = {slug: sum(before[slug, other] > before[other, slug] for other in slugs) for slug in slugs}
    return sorted(slugs, key=lambda slug: (slug not in dated, -wins[slug], slugs.index(slug)))
