"""The folder for what passes: pipes as files, large visits while they are counted.

It is gone when the run ends.  A run that is killed leaves its folder; the next run that needs one removes it.  Whether
a run still lives is told by its lock on the folder, which the system lifts when it ends, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from funnelcli.text.regex import regex

_PREFIX = "funnelcli-scratch-"
_NAMED = regex(re.escape(_PREFIX) + r"[a-z0-9_]{8}")  # as tempfile names them
_ATTEMPTS = 100


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder of its own, removed afterwards; those that killed runs have left are removed before."""
    _remove_leftovers(Path(tempfile.gettempdir()))
    folder, lock = _made()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def is_scratch(path: Path) -> bool:
    """Whether a path lies in such a folder, of whatever run.

    >>> is_scratch(Path("/tmp/funnelcli-scratch-a1b2c3d4/visitors-0")), is_scratch(Path("/srv/visitors.csv"))
    (True, False)
    """
    return any(map(_NAMED.fullmatch, path.parts))


def _made() -> tuple[Path, int | None]:
    """A new folder and the lock on it; another run may have taken it for a leftover before it was locked."""
    for _ in range(_ATTEMPTS):
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        if not _can_lock():
            return folder, None
        lock = _locked(folder)
        if lock is not None:
            return folder, lock
    return Path(tempfile.mkdtemp(prefix=_PREFIX)), None


def _can_lock() -> bool:
    return os.name == "posix"


def _locked(folder: Path) -> int | None:
    """The lock on a folder; None where another run has it, or the folder is gone, or there are no locks."""
    if not _can_lock():
        return None
    import fcntl

    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.stat(folder, follow_symlinks=False).st_ino == os.fstat(descriptor).st_ino:
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def _remove_leftovers(place: Path) -> None:
    """Remove the folders of one's own runs that no longer live."""
    if not _can_lock():
        return
    with contextlib.suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            if _NAMED.fullmatch(entry.name) and _is_own_folder(Path(entry.path)):
                lock = _locked(Path(entry.path))
                if lock is not None:
                    shutil.rmtree(entry.path, ignore_errors=True)
                    os.close(lock)


def _is_own_folder(path: Path) -> bool:
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
