"""What can be read: one declaration an input, one file a family of them.

Every module of this folder that declares an :class:`Input` is found by itself.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping

from funnelcli.inputs.spec import Input, base_event
from funnelcli.values.declared import Declared


def _declared() -> Iterator[Input]:
    """The inputs that the modules of this folder declare, by rank."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    inputs = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, Input)}
    yield from sorted(inputs.values(), key=lambda declared: declared.rank)


INPUTS: Declared[Input] = Declared(collect=_declared)


def exports() -> list[Input]:
    """The inputs that rows are read from: all but the ready-made table, which stands in for them."""
    return [declared for declared in INPUTS.values() if not declared.stands_in]


def input_of_event(event: str) -> Input | None:
    """The input whose rows stand for an event.

    >>> input_of_event("demo_held").name
    'demos'
    """
    by_event, by_name = INPUTS.following(_by_event)
    name = base_event(event)
    known = by_event.get(name)
    own = by_name.get(name) if ":" in event else None  # of open columns, and of stages of a journey
    if known is None or own is None:
        return known or own
    return next(each for each in exports() if each is known or each is own)


def _by_event(declared: Mapping[str, Input]) -> tuple[Mapping[str, Input], Mapping[str, Input]]:
    """The exports by the events that their rows stand for, of several the first; and by their names."""
    read = [each for each in declared.values() if not each.stands_in]
    return {name: each for each in reversed(read) for name in each.event_names}, {each.name: each for each in read}
