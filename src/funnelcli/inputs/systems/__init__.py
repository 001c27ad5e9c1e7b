"""Exports that are known by name: one declaration each, in a file of its system, recognised by its headers.

Every module of this folder that declares ``EXPORTS`` is found by itself.
"""

import importlib
import pkgutil
from collections.abc import Iterator

from funnelcli.inputs.spec import KnownExport
from funnelcli.values.declared import Declared


def _declared() -> Iterator[KnownExport]:
    for module in pkgutil.iter_modules(__path__):
        yield from importlib.import_module(f"{__name__}.{module.name}").EXPORTS


KNOWN_EXPORTS: Declared[KnownExport] = Declared(collect=_declared)
