"""What of the machine a scan may use: its processors and a part of its memory, as far as a container allows them."""

from __future__ import annotations

import os
from math import ceil
from pathlib import Path

MOST_THREADS = 16
MEGABYTES_A_THREAD = 200
PART_OF_MEMORY = 4
_CGROUP = Path("/sys/fs/cgroup")


def threads(group: Path = _CGROUP) -> int:
    """The processors that this process may use: those it is bound to, and what the control group grants.

    >>> 1 <= threads() <= MOST_THREADS
    True
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    granted = bound
    quota, _, period = _words(group / "cpu.max").partition(" ")
    if quota.isdigit() and period.isdigit() and int(period):
        granted = ceil(int(quota) / int(period))
    return max(1, min(bound, granted, MOST_THREADS))


def megabytes(of_threads: int, group: Path = _CGROUP) -> int:
    """The memory of a scan: so much for each thread, but no more than a part of what the machine or the group has.

    >>> megabytes(2, Path("/nowhere")) <= 400
    True
    """
    available = _machine_bytes()
    granted = _words(group / "memory.max")
    if granted.isdigit():
        available = min(available, int(granted))
    return max(100, min(of_threads * MEGABYTES_A_THREAD, available // PART_OF_MEMORY // 1_000_000))


def _machine_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 8_000_000_000


def _words(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
