"""How far files have been read: bytes that have been, of those that are to be, neither of which becomes less."""

from __future__ import annotations

import gzip
import os
import threading
import time
from pathlib import Path

import pytest

from funnelcli.answers.sources import Effort
from funnelcli.facts.load import load
from funnelcli.reading import meter as metering
from funnelcli.reading.dialect import open_bytes
from funnelcli.reading.discover import discover
from funnelcli.reading.meter import Meter, bytes_of_others
from funnelcli.reading.place import open_folder

tells_bytes = pytest.mark.skipif(bytes_of_others() is None, reason="this system does not tell what threads have read")


def file_of(folder: Path, name: str, size: int) -> Path:
    (folder / name).write_bytes(b"x" * (size - 1) + b"\n")
    return folder / name


def test_bytes_are_those_of_all_files(tmp_path: Path) -> None:
    first, second = file_of(tmp_path, "a", 1000), file_of(tmp_path, "b", 500)
    meter = Meter([first, second, tmp_path / "gone"])
    assert meter.look() == (0, 1500)
    meter.at(first, 400)
    meter.at(first, 300)  # another look at the same bytes
    meter.add(second, 100)
    meter.add(second, 50)
    meter.at(tmp_path / "unknown", 10)
    assert meter.look() == (400 + 150, 1500)
    meter.at(first, 5000)  # it has grown since
    meter.done([second])
    assert meter.look() == (1500, 1500)


def test_what_is_kept_need_not_be_read(tmp_path: Path) -> None:
    first, second = file_of(tmp_path, "a", 1000), file_of(tmp_path, "b", 500)
    meter = Meter([first, second])
    meter.kept(first)
    assert meter.look() == (0, 500)
    meter.at(second, 500)
    meter.kept(second)  # too late: what has been read has been
    assert meter.look() == (500, 500)


@pytest.mark.parametrize("packed", [False, True])
def test_a_stream_tells_every_byte_and_looks_do_not_count_twice(
    tmp_path: Path, packed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metering, "LOOK_BYTES", 500_000)
    path = tmp_path / "a.csv"
    text = b"".join(os.urandom(40).hex().encode() + b"\n" for _ in range(20_000))
    path.write_bytes(gzip.compress(text) if packed else text)
    size = path.stat().st_size
    meter = Meter([path])

    def read(most: int | None = None) -> bytes:
        with open_bytes(path, "a.csv", gzipped=packed, meter=meter) as stream:
            return stream.read() if most is None else stream.read(most)

    assert read(100) == text[:100]
    looked = meter.look()[0]
    assert 0 < looked < size
    assert read(100) == text[:100]
    assert meter.look() == (looked, size)
    assert read() == text
    assert meter.look() == (size, size)
    assert read() == text
    assert meter.look() == (2 * size, 2 * size), "it has been read once more"


@tells_bytes
def test_what_other_threads_read_is_followed(tmp_path: Path) -> None:
    first, second = file_of(tmp_path, "a", 300_000), file_of(tmp_path, "b", 300_000)
    meter = Meter([first, second])
    steps, seen = [threading.Event() for _ in range(2)], [threading.Event() for _ in range(2)]

    def reading() -> None:
        for path, step, done in zip((first, second), steps, seen, strict=True):
            step.wait()
            path.read_bytes()
            done.set()

    thread = threading.Thread(target=reading)
    thread.start()
    with meter.followed([first, second]):
        assert meter.look()[0] < 100_000  # nothing but what looking itself reads
        steps[0].set()
        seen[0].wait()
        first_part = meter.look()[0]
        assert 300_000 <= first_part < 400_000
        steps[1].set()
        seen[1].wait()
        assert meter.look() == (600_000, 600_000)
    thread.join()
    assert meter.look() == (600_000, 600_000)


def test_of_a_system_that_does_not_tell_files_are_read_when_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metering, "_OWN_IO", str(tmp_path / "none"))
    assert bytes_of_others() is None
    path = file_of(tmp_path, "a", 1000)
    meter = Meter([path])
    with meter.followed([path]):
        assert meter.look() == (0, 1000)
    assert meter.look() == (1000, 1000)


def test_reading_a_folder_moves_forward_from_nothing_to_all(tmp_path: Path) -> None:
    """Large visits, which DuckDB reads in a thread, and signups beside them."""
    rows = "".join(f"2026-0{n % 9 + 1}-{n % 28 + 1:02},google / organic,v{n}\n" for n in range(110_000))
    (tmp_path / "visitors.csv").write_text("date,source,visitor_id\n" + rows)
    (tmp_path / "signups.csv").write_text(
        "user_id,signed_up_at\n" + "".join(f"u{n},2026-0{n % 9 + 1}-11\n" for n in range(1000))
    )
    opened = open_folder(tmp_path)
    files, _ = discover(opened, {})
    meter = Meter(source.path for given in files.values() for source in given)
    looks: list[tuple[int, int]] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            looks.append(meter.look())
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    facts = load(opened.config, files, meter=meter, effort=Effort(cache=None))
    over.set()
    watcher.join()
    assert len(facts.inputs) == 2
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert (looks[0], meter.look()) == ((0, size), (size, size))
    assert looks == sorted(looks)
    plain = load(opened.config, files, effort=Effort(cache=None))
    assert plain.visits is not None
    assert facts.visits is not None
    assert plain.visits.sums == facts.visits.sums
