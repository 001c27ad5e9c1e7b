"""Opening balances of the settings: by how much they exceed what the exports show, and since when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property

import numpy as np

from funnelcli.counting import measures
from funnelcli.counting.measures import Measure
from funnelcli.counting.reasons import OPENING_WITHOUT_MRR, before_opening
from funnelcli.counting.select import day_number
from funnelcli.facts.events import Events, Records
from funnelcli.facts.model import Facts
from funnelcli.inputs import input_of_event
from funnelcli.problems import ConfigError
from funnelcli.text import Message
from funnelcli.values.channels import Channel
from funnelcli.values.figures import HUNDREDTHS, Missing, in_units
from funnelcli.values.money import read_hundredths

# The key of [opening], and the measure whose level at the day it states.
STATED: Mapping[str, Measure] = {
    "registered_users": measures.REGISTERED_AT_START,
    "paid_users": measures.PAYING_AT_START,
    "demos_held": measures.DEMOS_HELD_AT_END,
    "mrr": measures.MRR_AT_END,
}


class OpeningBalances:
    """The balances that [opening] gives at a day, beside those that the exports alone show then."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.opening = facts.config.opening

    def given(self, key: str) -> int | None:
        """What [opening] gives under a key, as it is counted: MRR in hundredths."""
        if self.opening is None:
            return None
        if key == "mrr":
            return None if self.opening.mrr is None else read_hundredths(Fraction(str(self.opening.mrr)))
        given: int | None = getattr(self.opening, key)
        return given

    @cached_property
    def shown(self) -> Mapping[str, int | Missing]:
        """The balances that the exports alone show at the start of the day; of inputs without files there is none."""
        return dict(self._shown()) if self.opening is not None else {}

    def _shown(self) -> Iterator[tuple[str, int | Missing]]:
        assert self.opening is not None
        for key, measure in STATED.items():
            wanted = input_of_event(measure.plus[0])
            if wanted is None or wanted.name not in self.facts.inputs:
                continue
            needs, _ = wanted.needs_of(measure.plus[0])
            if key == "mrr" and not any(self.facts.has_column(wanted.name, need) for need in needs):
                continue
            doubt = next(
                (
                    doubt.reason(number)
                    for doubt in measure.doubts
                    if (number := self._level(doubt.events, doubt.minus))
                ),
                None,
            )
            yield key, doubt or self._level(measure.plus, measure.minus)

    def _level(self, plus: tuple[str, ...], minus: tuple[str, ...]) -> int:
        """What there is at the start of the day, whatever ``as_of`` is."""
        assert self.opening is not None
        day = day_number(self.opening.first_day)
        known = [(sign, self.facts.events.get(name)) for sign, names in ((1, plus), (-1, minus)) for name in names]
        return sum(sign * int(events.weight[events.day < day].sum()) for sign, events in known if events is not None)

    def beyond(self, key: str) -> int:
        """How much [opening] gives beyond the exports; ConfigError where it gives less."""
        given, shown = self.given(key), self.shown.get(key)
        if given is None or shown is None or isinstance(shown, Missing):
            return 0
        if given < shown:
            assert self.opening is not None
            per = HUNDREDTHS if key == "mrr" else 1
            raise ConfigError(
                Message(
                    "funnel.toml: [opening] {key} = {given}, but the exports already show {shown} at {day}."
                ).filled(key=key, given=in_units(given, per), shown=in_units(shown, per), day=self.opening.first_day),
                hint=Message("Give the true balance at that day, or remove the key."),
            )
        return given - shown

    def check(self) -> None:
        """ConfigError where [opening] gives less than the exports themselves show at that day."""
        for key in STATED:
            self.beyond(key)

    def reason(self, key: str, start: int) -> Missing | None:
        """Why a balance is missing at a day: the day lies before the opening, or the settings give no balance."""
        given, shown = self.given(key), self.shown.get(key)
        if self.opening is None or shown is None or not self._begins(key):
            return None
        before = self.before(key, start)
        if before is not None:
            return before
        if key == "mrr" and given is None:
            paid = self.shown.get("paid_users")
            beyond = isinstance(paid, int) and (self.opening.paid_users or 0) > paid
            return OPENING_WITHOUT_MRR if beyond else None
        return shown if isinstance(shown, Missing) else None

    def before(self, key: str, start: int) -> Missing | None:
        """Why what the exports show at a day is not what there was: balances begin later, with the opening."""
        if self.opening is None or not self._begins(key) or start >= day_number(self.opening.first_day):
            return None
        return before_opening(self.opening.month)

    def _begins(self, key: str) -> bool:
        """Whether balances begin with the opening: MRR also does where the paid users do."""
        keys = (key, "paid_users") if key == "mrr" else (key,)
        return any(self.given(each) is not None for each in keys)

    def events(self, key: str) -> Events | None:
        """What [opening] gives beyond the exports, as an event on its day; None where it gives nothing."""
        beyond = self.beyond(key)
        if not beyond or self.opening is None:
            return None
        records = Records.invented("opening", f"funnel.toml [opening] {key}", {"channel": Channel.UNKNOWN.value})
        day = np.array([day_number(self.opening.first_day)], dtype=np.int64)
        return Events.of(f"opening_{key}", records, np.array([0]), day, weight=np.array([beyond]))
