"""What of a machine a scan may use, by control groups made by hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from funnelcli.reading.engines import machine
from funnelcli.reading.engines.machine import megabytes, threads


def group(folder: Path, cpu: str, memory: str) -> Path:
    (folder / "cpu.max").write_text(cpu + "\n", encoding="ascii")
    (folder / "memory.max").write_text(memory + "\n", encoding="ascii")
    return folder


@pytest.mark.parametrize(
    ("bound", "cpu", "expected"),
    [
        (8, "max 100000", 8),
        (8, "200000 100000", 2),
        (8, "150000 100000", 2),  # a processor and a half
        (8, "50000 100000", 1),
        (2, "800000 100000", 2),  # no more than those it is bound to
        (64, "max 100000", machine.MOST_THREADS),
        (8, "nonsense", 8),
    ],
)
def test_threads_are_those_that_are_granted(
    bound: int, cpu: str, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(bound)), raising=False)
    assert threads(group(tmp_path, cpu, "max")) == expected


@pytest.mark.parametrize(
    ("memory", "machine_bytes", "of_threads", "expected"),
    [
        ("max", 24_000_000_000, 2, 400),  # 200 MB a thread
        ("max", 24_000_000_000, 8, 1600),
        ("1000000000", 24_000_000_000, 8, 250),  # a quarter of what the group has
        ("max", 1_200_000_000, 8, 300),  # or the machine
        ("100000000", 24_000_000_000, 2, 100),  # less than that is no use
    ],
)
def test_memory_is_a_part_of_what_there_is(
    memory: str, machine_bytes: int, of_threads: int, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_machine_bytes", lambda: machine_bytes)
    assert megabytes(of_threads, group(tmp_path, "max 100000", memory)) == expected


def test_without_control_groups_it_is_the_machine(tmp_path: Path) -> None:
    assert threads(tmp_path / "none") >= 1
    assert megabytes(2, tmp_path / "none") >= 100
