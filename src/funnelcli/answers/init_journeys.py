"""What ``init`` proposes where rows name stages that no journey has: a journey of these, in their order."""

from __future__ import annotations

from collections.abc import Iterator

from funnelcli.answers.init_drafts import commented, quoted
from funnelcli.facts.journeys import journeys_of, resolved
from funnelcli.facts.model import Facts
from funnelcli.facts.staging import own_stages, unknown_stages
from funnelcli.text import Message, Text, joined

_NOT_KNOWN = Message(
    "# {file} has stages that are none of the journey {journey}: {stages}.\n"
    "# Its own, in the order in which most come to them; put it right, and take the # away:"
)


def own_journeys(facts: Facts) -> Iterator[Text]:
    """A block for each input whose rows name stages that are of no journey."""
    journeys = journeys_of(facts.config)
    for name, known in facts.inputs.items():
        of_input = [journey for journey in journeys.values() if journey.source == name]
        if not of_input or known.records is None:
            continue
        unknown = unknown_stages(resolved(of_input[-1], facts.events), of_input)
        written = known.records.stages
        if unknown:
            named = ", ".join(written.get(slug, slug.replace("_", " ")) for slug in sorted(unknown))
            stages = ", ".join(map(quoted, own_stages(known, facts.events)))
            journey = of_input[-1].name
            head = _NOT_KNOWN.filled(file=commented(known.names), journey=journey, stages=commented(named))
            lines: list[Text | str] = [head, f"# [journeys.{journey}]", f"# stages = [{stages}]"]
            yield joined("\n", lines)
