"""What is said of metrics of one's own: which rows they are of, and what is wrong in how they are declared."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from funnelcli.metrics.model import Metric
from funnelcli.text import AND, OR, Message, Text, did_you_mean, joined


class Fault(Struct, frozen=True, kw_only=True):
    """What is wrong in the settings, with its place, and what to do next."""

    text: Text
    hint: Text


def fault(place: str, why: Text, hint: Text) -> Fault:
    """A fault at a place like ``funnel.toml: [metrics.share] ratio``."""
    return Fault(text=Message("{place}: {why}.").filled(place=place, why=why), hint=hint)


def where_words(where: Mapping[str, Sequence[str]]) -> Text:
    """Which rows alone something is of.

    >>> where_words({"plan": ["Pro*", "Team"], "channel": ["paid"]}).of("en")
    'plan is Pro* or Team, and channel is paid'
    """
    each = [
        Message("{dimension} is {values}").filled(dimension=name, values=joined(OR, globs))
        for name, globs in where.items()
    ]
    return each[0] if len(each) == 1 else joined(joined("", [",", AND]), each)


# --- faults ----------------------------------------------------------------------------------------------------------

_RENAME = Message("Give it another name.")
_LIST_ALL = Message("`funnelcli metrics` lists them all.")


def close_to(word: str, known: Iterable[str]) -> Text:
    """The closest of some names, as a guess at what was meant; of what is shorter than them, those that have it."""
    names = list(known)
    folded = word.strip().casefold().replace("-", "_").replace(" ", "_")
    close = difflib.get_close_matches(folded, names, n=1, cutoff=0.5)
    return did_you_mean(close or [name for name in names if f"_{folded}_" in f"_{name}_"][:1])


def no_name(place: str, name: str) -> Fault:
    """A name that cannot be a key."""
    return fault(
        place,
        Message("{name!r} is no name for a metric").filled(name=name),
        Message(
            "Write it in small letters without accents, digits and underscores, like sme_share; label is for people."
        ),
    )


def taken(place: str, key: str) -> Fault:
    """A name that is a built-in metric's, or what people write for it."""
    return fault(place, Message("its name already stands for {key}").filled(key=key), _RENAME)


def label_taken(place: str, label: str, key: str) -> Fault:
    """A label that people know another metric by."""
    why = Message("{label!r} is what {key} is called").filled(label=label, key=key)
    return fault(place, why, Message("Give it another label."))


def unknown(place: str, key: str, known: Iterable[str]) -> Fault:
    """A key that is no metric's."""
    why = Message("{key!r} is no metric").filled(key=key)
    return Fault(text=joined("", [fault(place, why, _LIST_ALL).text, close_to(key, known)]), hint=_LIST_ALL)


def planned(place: str, key: str, actual: str | None) -> Fault:
    """A figure of a plan, which the exports do not tell; ``actual`` is the one that it is compared with."""
    why = Message("{key} is a figure of a plan, not of the exports").filled(key=key)
    hint = _LIST_ALL if actual is None else Message("Take {actual}, which it is compared with.").filled(actual=actual)
    return fault(place, why, hint)


def of_cohort(place: str, key: str, rate: str) -> Fault:
    """People who are followed, whose number means nothing without those who still have time."""
    why = Message("{key} only serves to make {rate}, which knows whose window is over").filled(key=key, rate=rate)
    hint = Message('Take that: sum = ["{rate}"], with where for some rows alone.').filled(rate=rate)
    return fault(place, why, hint)


def cycle(place: str, path: Sequence[str]) -> Fault:
    """A metric that is made of itself."""
    why = Message("it is made of itself: {path}").filled(path=" → ".join(path))
    return fault(place, why, Message("Take one of them out of another."))


def too_deep(place: str, most: int) -> Fault:
    """Metrics made of metrics made of metrics, and so on."""
    why = Message("more than {most} [metric is|metrics are] made of one another").filled(most=most)
    return fault(place, why, Message("Make it of the ones that these are made of."))


def twice(place: str, key: str) -> Fault:
    """A metric that stands in a sum twice."""
    return fault(place, Message("{key} stands there twice").filled(key=key), Message("Leave it there once."))


def differing(place: str, metrics: Sequence[Metric]) -> Fault:
    """Metrics that count different things, which do not add up."""
    each = [Message("{key} counts {unit}").filled(key=metric.key, unit=metric.unit.words) for metric in metrics]
    why = Message("its units differ: {each}").filled(each=joined(", ", each))
    return fault(place, why, Message("Add up metrics of one unit; ratio divides one by another."))


def not_added(place: str, metric: Metric) -> Fault:
    """A quotient, which does not add up: of rates a difference is in points, of averages it is of no one."""
    why = Message("{key} is a quotient, and quotients do not add up").filled(key=metric.key)
    hint = Message(
        "Add up what is divided, and divide the sums with ratio; how far two rates are apart, in percentage points, is "
        "seen where they stand side by side."
    )
    return fault(place, why, hint)


def cannot_divide(place: str, above: Metric, below: Metric) -> Fault:
    """A quotient that nothing could be said by."""
    why = Message("{above} ({above_unit}) over {below} ({below_unit}) is no figure that can be shown").filled(
        above=above.key, above_unit=above.unit.words, below=below.key, below_unit=below.unit.words
    )
    hint = Message("Divide counts by counts, amounts by counts, amounts by amounts, or rates by rates.")
    return fault(place, why, hint)


def unfit(place: str, unit: str, fitting: Sequence[str]) -> Fault:
    """A unit that what it is made of does not have."""
    known = joined(OR, fitting)
    why = Message("{unit} does not fit what it is made of").filled(unit=unit)
    return fault(
        place, why, Message("It may be {known}; without a unit it is {first}.").filled(known=known, first=fitting[0])
    )


def no_event(place: str, event: str, known: Sequence[str]) -> Fault:
    """An event that no input has."""
    why = Message("{event!r} is no event that can be counted").filled(event=event)
    hint = Message("The events are {known}.").filled(known=", ".join(known))
    return Fault(text=joined("", [fault(place, why, hint).text, close_to(event, known)]), hint=hint)


def no_dimension(place: str, name: str, known: Sequence[str]) -> Fault:
    """A dimension that the settings do not name."""
    why = Message("{name!r} is no dimension").filled(name=name)
    hint = Message("They are {known}; [dimensions.{name}] would name a column of your own.").filled(
        known=", ".join(known), name=name
    )
    return Fault(text=joined("", [fault(place, why, hint).text, close_to(name, known)]), hint=hint)


def no_globs(place: str) -> Fault:
    """A condition that nothing fits."""
    return fault(place, Message("no value fits an empty list"), Message("Name the values, or leave the dimension out."))


def no_channel(place: str, word: str, known: Sequence[str]) -> Fault:
    """A channel that there is not."""
    why = Message("{word!r} is no channel").filled(word=word)
    hint = Message("The channels are {known}; sources stand under source.").filled(known=", ".join(known))
    return Fault(text=joined("", [fault(place, why, hint).text, close_to(word, known)]), hint=hint)


def no_section(place: str, section: str, known: Sequence[str]) -> Fault:
    """A section that the dashboard does not have."""
    why = Message("{section!r} is no section").filled(section=section)
    hint = Message("The sections are {known}.").filled(known=", ".join(known))
    return Fault(text=joined("", [fault(place, why, hint).text, close_to(section, known)]), hint=hint)


def in_one(faults: Sequence[Fault]) -> tuple[Text, Text]:
    """All faults, a line each, and what to do next: each hint once."""
    hints = list(dict.fromkeys(each.hint for each in faults))
    return joined("\n", [each.text for each in faults]), joined(" ", hints)
