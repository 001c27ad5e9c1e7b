"""Settings of every test run."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from contracts.problem_cases import Written

os.environ["FUNNELCLI_CACHE"] = "off"  # nothing of a test is kept for the next run; tests of that name their own folder
# A run counts real files and imports pandas on the way, so the time of one example says nothing.
settings.register_profile("default", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
# The same examples every time: what fails in CI fails again, and what passes does not fail tomorrow.
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """The folders of the cases of problems, each written and read once, however many tests ask about it."""
    from contracts.problem_cases import written_once

    with written_once(tmp_path_factory.mktemp("cases")) as folder:
        yield folder


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure() -> None:
    """Let the end of the process find everything again, or DuckDB's bindings say that they leak."""
    gc.unfreeze()
