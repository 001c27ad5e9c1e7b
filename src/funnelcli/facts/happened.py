"""Events by name, some of which are only made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from funnelcli.facts.events import Events


class Later(Struct, frozen=True, kw_only=True, eq=False):
    """Events of some ``names`` that ``make`` makes, all of them at once."""

    names: tuple[str, ...]
    make: Callable[[], Iterable[Events]]


class Happened(Mapping[str, Events]):
    """Events by name: those of a later one stand in the place of those of an earlier one.

    >>> made = []
    >>> happened = Happened([Later(names=("mrr:new",), make=lambda: made.append("asked") or [])])
    >>> list(happened), "mrr:new" in happened, made
    (['mrr:new'], True, [])
    """

    def __init__(self, events: Iterable[Events | Later]) -> None:
        self._known: dict[str, Events | Later] = {}
        for each in events:
            for name in each.names if isinstance(each, Later) else (each.name,):
                self._known[name] = each

    @classmethod
    def together(cls, several: Iterable[Mapping[str, Events]]) -> Happened:
        """Those of several, without making any."""
        together = cls(())
        for each in several:
            together._known |= each._known if isinstance(each, Happened) else each
        return together

    def __getitem__(self, name: str) -> Events:
        known = self._known[name]
        if isinstance(known, Later):
            self._known |= {events.name: events for events in known.make() if self._known[events.name] is known}
            return self[name]
        return known

    @property
    def made(self) -> Iterator[Events]:
        """Those that are made already, without making any."""
        return (events for events in tuple(self._known.values()) if isinstance(events, Events))

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._known))

    def __len__(self) -> int:
        return len(self._known)


def made_already(events: Mapping[str, Events]) -> Iterable[Events]:
    """The events that nothing has to be made for.

    >>> list(made_already(Happened([Later(names=("mrr:new",), make=lambda: [])])))
    []
    """
    return events.made if isinstance(events, Happened) else events.values()
