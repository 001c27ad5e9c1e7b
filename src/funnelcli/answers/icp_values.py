"""The values of attributes by which accounts are told apart: words as they are written, numbers in ranges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
from msgspec import Struct

from funnelcli.config.icp import IcpSettings
from funnelcli.facts.attributes import attribute_name
from funnelcli.facts.dimensions import UNKNOWN
from funnelcli.facts.tiers import Tiers
from funnelcli.inputs.accounts import SAME_ATTRIBUTE
from funnelcli.values.criteria import Span, range_of, span_of

MOST_VALUES = 12
OTHER = "other"
_NUMBERS = 0.8  # the share of the texts of an attribute that are numbers, from which on it is one of numbers
_OF_ONE = frozenset(("role", "email", "website", "phone"))  # of people, or each account has its own
_NO_VALUE = -1


class Values(Struct, frozen=True, kw_only=True, eq=False):
    """An attribute with its values: of each of its texts the place of its value, below 0 where that is not known.

    The value after all others is that of those of which too few accounts are to stand alone.  ``bands`` are those of
    numbers.
    """

    tiers: Tiers
    attribute: str
    names: tuple[str, ...]
    of_text: np.ndarray
    bands: tuple[Span, ...] = ()

    @property
    def proposed(self) -> tuple[str, ...]:
        """The values that a profile may name."""
        return tuple(name for name in self.names if name not in (OTHER, UNKNOWN))

    def of(self, account: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The place among the names of the value of each account on a day; what is not known has the last."""
        asked = _A_NUMBER if self.bands else ()
        codes, _ = self.tiers.firms.known(self.tiers.attributes, self.attribute, account, day, asked)
        places = np.append(self.of_text, _NO_VALUE)[codes]
        return np.where(places == _NO_VALUE, len(self.names) - 1, places)


_A_NUMBER = ("0-",)


def values_of(tiers: Tiers, profile: IcpSettings, day: int) -> tuple[Values, ...]:
    """The values of every attribute of the profile and of the accounts, by what is known on a day."""
    return tuple(known for name in _attributes(tiers, profile) if (known := _values(tiers, profile, name, day)))


def _attributes(tiers: Tiers, profile: IcpSettings) -> list[str]:
    """The attributes by their usual names, those of the profile first."""
    usual = {attribute_name(header): name for name, headers in SAME_ATTRIBUTE.items() for header in (name, *headers)}
    named = [attribute_name(name) for name in (*profile.criteria, *tiers.attributes.names)]
    return [name for name in dict.fromkeys(usual.get(name, name) for name in named) if name not in _OF_ONE]


def _values(tiers: Tiers, profile: IcpSettings, name: str, day: int) -> Values | None:
    """The values of an attribute; None where no file has it, or nearly every account has one of its own."""
    attribute = tiers.attributes.of(name)
    texts = [] if attribute is None else list(attribute.texts)
    if not texts:
        return None
    sizes = _sizes(tiers, name, day)
    spans = [span_of(text) for text in texts]
    numbers = sum(int(size) for size, span in zip(sizes, spans, strict=True) if span is not None)
    if numbers >= _NUMBERS * max(int(sizes.sum()), 1) and numbers:
        return _by_ranges(tiers, profile, name, spans, _sizes(tiers, name, day, _A_NUMBER))
    return _by_words(tiers, name, texts, sizes)


def _sizes(tiers: Tiers, name: str, day: int, patterns: Sequence[str] = ()) -> np.ndarray:
    """Of each text of an attribute the number of accounts of which it is known on a day."""
    every = np.arange(len(tiers.firms))
    codes, texts = tiers.firms.known(tiers.attributes, name, every, np.full(len(every), day), patterns)
    return np.bincount(codes[codes >= 0], minlength=len(texts))


def _by_words(tiers: Tiers, name: str, texts: Sequence[str], sizes: np.ndarray) -> Values | None:
    folded = [" ".join(text.casefold().split()) for text in texts]
    number, written = Counter[str](), dict[str, str]()
    for key, text, size in zip(folded, texts, sizes.tolist(), strict=True):
        number[key] += size
        written.setdefault(key, text)
    present = {key: size for key, size in number.items() if size}
    if len(present) > MOST_VALUES and len(present) > sum(present.values()) / 2:
        return None
    largest = sorted(present, key=lambda key: (-present[key], key))[:MOST_VALUES]
    rest = len(present) > len(largest)
    places = {key: place for place, key in enumerate(largest)}
    names = (*(written[key] for key in largest), *((OTHER,) if rest else ()), UNKNOWN)
    of_text = np.array([places.get(key, len(largest) if rest else _NO_VALUE) for key in folded], dtype=np.int64)
    return Values(tiers=tiers, attribute=name, names=names, of_text=of_text)


def _by_ranges(
    tiers: Tiers, profile: IcpSettings, name: str, spans: Sequence[Span | None], sizes: np.ndarray
) -> Values:
    cuts = sorted(set(_cuts_of_profile(profile, name))) or _quartiles(spans, sizes)
    bounds = [None, *cuts, None]
    bands = [Span(low, None if high is None else high - 1) for low, high in pairwise(bounds)]
    of_text = [
        next((place for place, band in enumerate(bands) if span is not None and band.holds(span)), _NO_VALUE)
        for span in spans
    ]
    used = sorted({place for place, size in zip(of_text, sizes.tolist(), strict=True) if size and place != _NO_VALUE})
    places = {place: rank for rank, place in enumerate(used)}
    return Values(
        tiers=tiers, attribute=name, names=(*(_written(bands[place]) for place in used), UNKNOWN),
        of_text=np.array([places.get(place, _NO_VALUE) for place in of_text], dtype=np.int64),
        bands=tuple(bands[place] for place in used),
    )  # fmt: skip


def _cuts_of_profile(profile: IcpSettings, name: str) -> Iterator[Fraction]:
    """The numbers with which ranges of the profile begin, and those after which they end."""
    soft = [(each.attribute, each.patterns) for each in profile.soft]
    needs = [("employees", tuple(size for size, _ in profile.needs))]
    for attribute, patterns in (*profile.hard.items(), *soft, *needs):
        if attribute_name(attribute) == name:
            for span in filter(None, map(range_of, patterns)):
                yield from () if span.low is None else (span.low,)
                yield from () if span.high is None else (span.high + 1,)


def _quartiles(spans: Sequence[Span | None], sizes: np.ndarray) -> list[Fraction]:
    """Three whole numbers that part what is known in four."""
    numbers = [
        float(span.low if span.low is not None else span.high or 0)
        for span, size in zip(spans, sizes.tolist(), strict=True) if span is not None for _ in range(size)
    ]  # fmt: skip
    return sorted({Fraction(round(float(cut))) for cut in np.quantile(numbers, (0.25, 0.5, 0.75), method="higher")})


def _written(band: Span) -> str:
    """A range as settings write it."""
    low, high = ("" if end is None else f"{float(end):g}" for end in (band.low, band.high))
    return f"{low}-{high}"
