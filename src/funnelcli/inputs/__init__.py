"""What can be read: one declaration an input, one file a family of them.

Every module of this folder that declares an :class:`Input` is found by itself.
"""

import importlib
import pkgutil
from collections.abc import Iterator

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
    name = base_event(event)
    own = name if ":" in event else ""  # of open columns, and of stages of a journey
    return next((each for each in exports() if name in each.event_names or each.name == own), None)
