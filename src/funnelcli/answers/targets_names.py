"""The words of a file of targets: which figure, channel and team a cell names, in either language."""

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import Metric
from funnelcli.planning.declare import Kind, PlannedMetric
from funnelcli.planning.keys import FLAGS
from funnelcli.planning.labels import KEY_LABELS
from funnelcli.planning.metrics import PLANNED
from funnelcli.planning.model import RATES, RowKey
from funnelcli.planning.tracked import of_dashboard_alone, tracked_metric
from funnelcli.problems import UsageError
from funnelcli.text import NOTHING, Lang, Message, Text, did_you_mean, languages, said_in_all
from funnelcli.text.regex import regex
from funnelcli.values.channels import CHANNEL_LABELS, Channel, ChannelMap
from funnelcli.values.periods import Grain

# "New signups (RU)": people say either of the two.
_BRACKETED = regex(r"(.+?)\s*\(([^()]+)\)")
# Goals, by what they are about.
_GOALS = {"mrr": "closing_mrr_amount", "paid_users": "closing_paid_users"}


def fold(text: str) -> str:
    """A name as it is compared: whatever its case and its marks, with underscores between its words.

    >>> fold("- Visitor -> RU:"), fold("Đăng ký mới") == fold("đăng_ký_mới")
    ('visitor_→_ru', True)
    """
    arrowed = unicodedata.normalize("NFC", text).casefold().replace("->", "→")
    return re.sub(r"[\s_\-–]+", "_", arrowed).strip("_·:*")


def _bare(text: str) -> str:
    """A folded name without its accents: as it is typed where there are none."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class Names(Struct, frozen=True, dict=True):
    """What names figures and channels; ``channels`` are those of the settings, ``teams`` the names of the teams."""

    channels: ChannelMap
    teams: frozenset[str] = frozenset()

    @cached_property
    def _metrics(self) -> Mapping[str, str]:
        """The key of each name; they are the same for as long as the same is declared, in the same languages."""
        known = CATALOGUE.following(_names_by_declarations)
        declared = (PLANNED.following(_Declarations), languages())
        if declared not in known:
            known[declared] = _keys_by_name()
        return known[declared]

    def find_metric(self, text: str) -> str | None:
        """The key of the figure of a name; None where there is none."""
        return self._metrics.get(fold(text)) or self._metrics.get(_bare(fold(text)))

    def metric(self, text: str, place: Text | str) -> str:
        """The key of the figure of a name; UsageError with the closest where there is none."""
        key = self.find_metric(text)
        if key is None:
            close = difflib.get_close_matches(fold(text), self._metrics, n=1)
            close = [name if name in CATALOGUE or name in PLANNED else name.replace("_", " ") for name in close]
            known = ", ".join(dict.fromkeys(m.actual or key for key, m in PLANNED.items() if m.tracked))
            raise UsageError(
                Message("{place}: {text!r} is no metric that has targets.{guess}").filled(
                    place=place, text=text[:60], guess=did_you_mean(close)
                ),
                hint=Message("Known: {known}, and every other metric of funnelcli metrics.").filled(known=known),
            )
        return key

    def find_channel(self, text: str) -> Channel | None:
        """The channel of a name, its own or a source that [channels] and the built-in patterns know."""
        labelled = self.find_label(text)
        if labelled is not None:
            return labelled
        return self.channels.of(text) if text.strip() and self.channels.is_matched(text) else None

    def find_label(self, text: str) -> Channel | None:
        """The channel whose own name, or label, a text is."""
        folded = fold(text)
        of_labels = ((channel, label) for channel, label in CHANNEL_LABELS.items())
        return next((c for c, label in of_labels if folded in (c.value, *map(fold, said_in_all(label)))), None)

    def channel(self, text: str, place: Text | str) -> Channel | None:
        """The channel of a cell, None where it is empty; UsageError where it names none."""
        if not text:
            return None
        channel = self.find_channel(text)
        if channel is None:
            raise UsageError(
                Message("{place}: {text!r} is no channel.").filled(place=place, text=text[:60]),
                hint=Message(
                    "The channels are {known}; [channels] in funnel.toml says which sources are theirs."
                ).filled(known=", ".join(Channel)),
            )
        return channel

    def row_key(self, metric: str, channel: str, team: str, place: Text | str) -> RowKey | None:
        """What a row is about; None where that is not tracked."""
        key, named = self.find_metric(metric), self.channel(channel, place)
        within = _BRACKETED.fullmatch(metric.strip())
        if key is None and named is None and within and self.find_metric(within[1]):
            # "New PU (Paid)": a channel behind the figure.
            key, named = self.find_metric(within[1]), self.find_channel(within[2])
            key = key if named is not None else None
        key = key or self.metric(metric, place)
        if tracked_metric(key).tracked:
            return key, named, team.removeprefix("'") or None
        if fold(metric) == key:  # as funnelcli targets writes it, beside what is tracked
            return None
        raise UsageError(
            Message("{place}: there is no figure to compare {text!r} with.").filled(place=place, text=metric[:60]),
            hint=Message("Leave the row out."),
        )


def metric_named(text: str, place: Text | str) -> str:
    """The figure of a name; UsageError with the closest where there is none.

    >>> metric_named("Đăng ký mới", "t.csv:2"), metric_named("RU", "t.csv:3"), metric_named("arpa_amount", "t.csv:4")
    ('required_new_signups', 'required_new_signups', 'arpa_amount')
    """
    return Names(ChannelMap({})).metric(text, place)


def named(key: RowKey) -> Text:
    """A row in words for an error: its figure, and where it is of one, its channel and team."""
    metric, channel, team = key
    of_channel = Message(", channel {channel}").filled(channel=channel.value) if channel else NOTHING
    of_team = Message(", team {team}").filled(team=team) if team else NOTHING
    return Message("{metric}{channel}{team}").filled(metric=metric, channel=of_channel, team=of_team)


class _Declarations:
    """Stands for what is declared: it is made anew where that is another."""

    def __init__(self, _: Mapping[str, PlannedMetric]) -> None: ...


def _names_by_declarations(_: Mapping[str, Metric]) -> dict[tuple[_Declarations, tuple[Lang, ...]], Mapping[str, str]]:
    return {}


def _keys_by_name() -> Mapping[str, str]:
    """The key of each name: its own, the labels people see, and what is left of these without brackets."""
    names: dict[str, str] = {}
    for text, key in _metric_names():
        names.setdefault(fold(text), key)
    parts = list(_parts_of_labels())
    # What is short for a figure of a plan, like RU, is no less so where it stands in the label of another metric.
    for known in (_unlike([part for part in parts if part[1] in PLANNED]), _unlike(parts)):
        names |= {name: key for name, key in known.items() if name not in names}
    without = _unlike([(_bare(name), key) for name, key in names.items()])
    return names | {name: key for name, key in without.items() if name not in names}


def _metric_names() -> Iterator[tuple[str, str]]:
    """Names and the keys that they stand for; of equal names the first counts."""
    alone = {metric.key: metric for metric in of_dashboard_alone()}
    named = [metric for metric in PLANNED.values() if not metric.actual_recurs and metric.kind is not Kind.QUOTA]
    own = {metric.actual: metric.key for metric in reversed(named) if metric.actual in CATALOGUE}
    yield from ((key, key) for key in PLANNED)
    for metric in PLANNED.values():
        yield from ((text, metric.key) for text in _labels(metric))
        if metric.actual in own and metric.actual is not None:
            label = CATALOGUE[metric.actual].label_for(Grain.MONTH)
            yield from ((text, metric.key) for text in (metric.actual, *said_in_all(label)))
    yield from ((text, key) for key, metric in alone.items() if key not in own for text in (key, *_labels(metric)))
    yield from ((goal, own.get(key, key)) for goal, key in _GOALS.items())
    for assumption, flag in FLAGS.items():
        if assumption in RATES and assumption.value in alone:
            label = KEY_LABELS[assumption]
            yield from ((text, assumption.value) for text in (flag.lstrip("-"), *said_in_all(label)))


def _labels(metric: PlannedMetric) -> tuple[str, ...]:
    return (*said_in_all(metric.label), *said_in_all(metric.short))


def _parts_of_labels() -> Iterator[tuple[str, str]]:
    """Labels without their brackets, and what stands in these where it is short for it, like RU."""
    for text, key in _metric_names():
        within = _BRACKETED.fullmatch(text)
        if within and not text.startswith("-"):
            yield fold(within[1]), key
            if within[2].isupper():
                yield fold(within[2]), key


def _unlike(names: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> dict[str, str]:
    """Names that stand for one thing alone."""
    pairs = dict.fromkeys(names)
    numbers = Counter(name for name, _ in pairs)
    return {name: key for name, key in pairs if numbers[name] == 1}
