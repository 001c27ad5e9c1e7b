"""Every example in a docstring runs, and every public function and class says what it means."""

from __future__ import annotations

import doctest
import importlib
import inspect
import linecache
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest

import funnelcli
from funnelcli.text import Message

MODULES = [
    importlib.import_module(module.name)
    for module in pkgutil.walk_packages(funnelcli.__path__, "funnelcli.")
    if not module.name.endswith("__main__")
]


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    # A debugger that is reset for each example looks at every file of every library once more.
    monkeypatch.setattr(linecache, "checkcache", lambda filename=None: None)
    known = {"Message": Message}  # what texts are made of, also where a module only handles them
    results = {module.__name__: doctest.testmod(module, extraglobs=known) for module in MODULES}
    assert [name for name, result in results.items() if result.failed] == []
    assert sum(result.attempted for result in results.values()) >= 45


def test_the_python_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parents[2]
    monkeypatch.chdir(root)
    result = doctest.testfile(str(root / "README.md"), module_relative=False)
    assert (result.failed, result.attempted >= 8) == (0, True)


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_what_is_public_says_what_it_means(module: ModuleType) -> None:
    assert module.__doc__
    silent = []
    for name, member in vars(module).items():
        if name.startswith("_") or getattr(member, "__module__", None) != module.__name__:
            continue
        if not inspect.isclass(member) and not inspect.isfunction(member):
            continue
        if not member.__doc__:
            silent.append(name)
        if inspect.isclass(member):
            members = [
                (n, m) for n, m in vars(member).items() if not n.startswith("_") and not hasattr(member.__base__, n)
            ]
            silent += [
                f"{name}.{n}"
                for n, m in members
                if (inspect.isfunction(m) or isinstance(m, property)) and not m.__doc__
            ]
    assert silent == []
