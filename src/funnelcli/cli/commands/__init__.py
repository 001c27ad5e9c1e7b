"""One file a command: its function bears the name of the file, and ``RANK`` says where it stands in the help."""

import importlib
import pkgutil
from collections.abc import Callable


def commands() -> dict[str, Callable[..., None]]:
    """The function of every command, as the modules of this folder declare them.

    >>> list(commands())
    ['report', 'targets', 'track', 'check', 'init', 'explain', 'metrics', 'cache']
    """
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    modules = {name: importlib.import_module(f"{__name__}.{name}") for name in names}
    return {name: getattr(modules[name], name) for name in sorted(names, key=lambda name: modules[name].RANK)}
