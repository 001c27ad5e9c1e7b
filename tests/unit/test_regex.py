"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import gc
import importlib
import pickle
import pkgutil
import re
from copy import deepcopy

import pytest

import funnelcli
from funnelcli.text.regex import _Regex, regex


def test_it_does_what_a_compiled_one_does() -> None:
    ours, theirs = regex("(?P<word>[a-z]+)", re.IGNORECASE), re.compile("(?P<word>[a-z]+)", re.IGNORECASE)
    for both in (ours, deepcopy(ours), pickle.loads(pickle.dumps(ours))):
        for text in ("Ab 12 cd", "12", ""):
            assert both.findall(text) == theirs.findall(text)
            assert [match.span() for match in both.finditer(text)] == [match.span() for match in theirs.finditer(text)]
            assert both.sub("x", text) == theirs.sub("x", text)
            assert both.split(text) == theirs.split(text)
            for name in ("match", "search", "fullmatch"):
                mine, other = getattr(both, name)(text), getattr(theirs, name)(text)
                assert (mine and mine.groupdict()) == (other and other.groupdict())
    with pytest.raises(AttributeError):
        ours.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_every_one_of_the_product_can_be_compiled() -> None:
    """What is compiled on first use would otherwise fail there only."""
    for module in pkgutil.walk_packages(funnelcli.__path__, "funnelcli."):
        if not module.name.endswith(("__main__", "dask_engine", "dask_processes")):
            importlib.import_module(module.name)
    gc.unfreeze()  # the collector is told to pass over what was imported before the tests, and gets at nothing of it
    written = [known for known in gc.get_objects() if isinstance(known, _Regex)]
    gc.freeze()
    assert len(written) > 100
    for known in written:
        known.fullmatch("")
