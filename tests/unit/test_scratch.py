"""The folder for what passes: gone with the run, and after a killed run removed by the next one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from funnelcli.reading.scratch import scratch_folder

pytestmark = pytest.mark.skipif(os.name != "posix", reason="locks of folders")
RUN = """
import sys
from funnelcli.reading.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "half.csv").write_text("user_id")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files of this test lie."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@contextmanager
def living(place: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another run with a folder of its own, which goes on until it is told to end."""
    with subprocess.Popen(
        [sys.executable, "-c", RUN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(place)},
    ) as run:  # fmt: skip
        assert run.stdout is not None
        yield run, Path(run.stdout.readline().strip())
        run.communicate("")


def test_a_folder_is_there_for_the_run_and_gone_after_it(place: Path) -> None:
    with scratch_folder() as folder:
        (folder / "pipe").write_text("x", encoding="utf-8")
        assert folder.parent == place
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM])
def test_the_folder_of_a_killed_run_is_removed_by_the_next_one_and_that_of_a_living_run_is_not(
    by: signal.Signals, place: Path
) -> None:
    with living(place) as (run, left), living(place) as (other, kept):
        assert (left / "half.csv").exists()
        run.send_signal(by)
        run.wait()
        assert left.exists()
        with scratch_folder() as own:
            assert sorted(place.iterdir()) == sorted((own, kept))
        assert (kept / "half.csv").exists()
        assert other.poll() is None
    assert list(place.iterdir()) == []


def test_what_is_no_folder_of_a_run_stays(place: Path) -> None:
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    for name in ("funnelcli-scratch-", "funnelcli-scratch-too_long_", "funnelcli-abcdefgh", "scratch-abcdefgh"):
        (place / name).mkdir()
    (place / "funnelcli-scratch-linked__").symlink_to(elsewhere)
    (place / "funnelcli-scratch-a_file__").write_text("x", encoding="utf-8")
    before = sorted(place.iterdir())
    with scratch_folder():
        pass
    assert sorted(place.iterdir()) == before
