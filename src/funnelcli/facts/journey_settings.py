"""What is wrong with the journeys of the settings: stages that are none, that stand twice, that nothing can enter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelcli.inputs.stages import stage_slug
from funnelcli.problems import ConfigError
from funnelcli.text import Message, Text

if TYPE_CHECKING:
    from funnelcli.config import JourneySettings
    from funnelcli.facts.journeys import Journey

_A_NAME = "my_journey"
_STAGES_OF = Message("Its stages are {stages}.")


def check_journey(name: str, settings: JourneySettings, journey: Journey, of_source: tuple[str, ...]) -> None:
    """ConfigError where the settings of a journey name what there is not; ``of_source`` are the funnel's stages."""
    for key, message, hint in _faults(name, settings, journey, of_source):
        place = Message("funnel.toml: [journeys.{name}] {key}: {fault}").filled(name=name, key=key, fault=message)
        raise ConfigError(place, hint=hint)


def _faults(
    name: str, settings: JourneySettings, journey: Journey, of_source: tuple[str, ...]
) -> Iterator[tuple[str, Text, Text]]:
    """The key of each fault, what it is, and what to do."""
    if name != stage_slug(name):
        yield (
            "stages", Message("the name of a journey stands in the keys of its figures."),
            Message("Call it [journeys.{name}].").filled(name=stage_slug(name) or _A_NAME),
        )  # fmt: skip
    like = Message('Name them in their order, as the export writes them: stages = ["Liên hệ", "Demo", "Hợp đồng"].')
    for word in settings.stages:
        if not stage_slug(word):
            yield "stages", Message("{word!r} has neither letters nor digits.").filled(word=word), like
    for slug, number in Counter(map(stage_slug, settings.stages)).items():
        if number > 1:
            yield (
                "stages", Message("{word!r} stands there more than once ({number}).").filled(word=slug, number=number),
                Message("Leave it there once; other words for it: [journeys.{name}.words].").filled(name=name),
            )  # fmt: skip
    if not journey.ways:
        yield "stages", Message("there is no stage."), like
    if journey.source is None:
        for word in settings.stages:
            if stage_slug(word) not in of_source:
                yield (
                    "stages", Message("{word!r} is no stage of the funnel.").filled(word=word),
                    _STAGES_OF.filled(stages=", ".join(of_source)),
                )  # fmt: skip
    yield from _strangers(settings, journey)


def _strangers(settings: JourneySettings, journey: Journey) -> Iterator[tuple[str, Text, Text]]:
    """What names stages that the journey has not, or as a loss one that it has."""
    ways = [stage.name for stage in journey.ways]
    every = [stage.name for stage in journey.stages]
    named = {
        "optional": (settings.optional, ways), "words": (settings.words, every), "limits": (settings.limits, ways),
        "live": ([settings.live] if settings.live else [], ways),
    }  # fmt: skip
    for key, (words, known) in named.items():
        for word in words:
            if stage_slug(word) not in known:
                yield (
                    key, Message("{word!r} is no stage of this journey.").filled(word=word),
                    _STAGES_OF.filled(stages=", ".join(known)),
                )  # fmt: skip
    for word in settings.lost:
        if stage_slug(word) in ways:
            yield (
                "lost", Message("{word!r} is a stage on the way, and no loss.").filled(word=word),
                Message("Take it out of lost, or out of stages."),
            )  # fmt: skip
