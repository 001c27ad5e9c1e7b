"""One file a command: its function bears the name of the file, and ``RANK`` says where it stands in the help.

``EXAMPLES`` are command lines, each with what it does, that stand below its options.
"""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from types import ModuleType


def command_names() -> list[str]:
    """The names of all commands, in the order of the help; every module of this folder is imported for it.

    >>> command_names()[:5]
    ['report', 'targets', 'track', 'forecast', 'cohorts']
    """
    return sorted(_names(), key=lambda name: int(_module(name).RANK))


def command_function(name: str) -> Callable[..., None] | None:
    """The function of the command of a name, of which alone the module is imported; None where there is no such one."""
    if name not in _names():
        return None
    function: Callable[..., None] = getattr(_module(name), name)
    return function


def command_examples(name: str) -> Sequence[tuple[str, str]]:
    """Command lines that show what a command does, each with what it is; they run beside the example folders.

    >>> command_examples("metrics")[0][0]
    'funnelcli metrics'
    """
    examples: Sequence[tuple[str, str]] = _module(name).EXAMPLES
    return examples


def _names() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(__path__)]


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name}")
