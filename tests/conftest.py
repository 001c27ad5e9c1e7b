"""Settings of every test run."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import providers

if TYPE_CHECKING:
    from contracts.problem_cases import Written

os.environ["FUNNELCLI_CACHE"] = "off"  # nothing of a test is kept for the next run; tests of that name their own folder
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # the workers have the cores already; small matrices wait longer for more threads
os.environ.pop("COLUMNS", None)  # how wide the terminal is that the tests are watched on; workers are told
# A run counts real files and imports pandas on the way, so the time of one example says nothing.
# What fails is made small, and not explained by tracing every line of it again and again, which takes minutes.
settings.register_profile(
    "default", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow],
    phases=[phase for phase in Phase if phase is not Phase.explain],
)  # fmt: skip
# The same examples every time: what fails in CI fails again, and what passes does not fail tomorrow.
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


_MEMORY = Path("/dev/shm")
_ENOUGH_BYTES = 2 << 30
_made: list[Path] = []


def pytest_configure(config: pytest.Config) -> None:
    """How tests are spread over workers, and where temporary files lie."""
    if getattr(config.option, "dist", "no") == "load":  # as -n says, if nothing else is asked for
        config.option.dist = "worksteal"  # a worker takes neighbours, which share what is made once
    _write_into_memory()
    _draw_alike()


def _draw_alike() -> None:
    """Examples are the same whatever has been imported: see ``draws``."""
    none = providers._local_constants  # before anything is drawn
    assert not len(none)
    setattr(providers, "_get_local_constants", lambda: none)  # noqa: B010  # no public way says it


def _write_into_memory() -> None:
    """Temporary files lie in memory, where there is enough of it: thousands of small folders are made and read."""
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ENOUGH_BYTES:
        return
    _made.append(Path(tempfile.mkdtemp(prefix="funnelcli-tests-", dir=_MEMORY)))
    os.environ["TMPDIR"] = str(_made[0])  # also for the workers of this run, and for what they start
    tempfile.tempdir = None


def pytest_sessionfinish(exitstatus: int) -> None:
    """What a test that failed has written is left to be looked at."""
    if exitstatus:
        _made.clear()


@pytest.fixture(autouse=True, scope="session")
def _examples_are_read_once() -> Iterator[None]:
    from read_once import read_once

    with read_once():
        yield


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
    gc.set_threshold(100_000, 50, 50)


def pytest_unconfigure() -> None:
    """Let the end of the process find everything again, or DuckDB's bindings say that they leak."""
    gc.unfreeze()
    for folder in _made:
        shutil.rmtree(folder, ignore_errors=True)
