"""A file that appears whole or not at all."""

import contextlib
import glob
import os
import re
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from funnelcli.problems import UsageError, reason_of
from funnelcli.text import Text

_LEFT = re.compile(r"[a-z0-9_]{8}\.tmp")  # as tempfile names them
FRESH_SECONDS = 1.0  # between a file's making and its lock


def write_file(
    path: Path,
    data: bytes,
    *,
    sync: Callable[[int], None] = os.fsync,
    guard: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext,
) -> None:
    """The file ``path`` with these bytes, replaced in one step; whatever goes wrong, an older file stays as it was.

    ``guard`` is what the writing is done within.  Raises UsageError that names the place and the reason.
    What is no regular file (a pipe, /dev/null) is written to.
    """
    target = path.resolve()
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            if path.is_dir():
                raise UsageError(
                    Text("-o {path} is a folder.", "-o {path} là thư mục.").filled(path=path),
                    hint=Text("Give a file name in it.", "Ghi tên tệp trong thư mục đó."),
                )
            with path.open("wb", buffering=0) as stream:
                stream.write(data)
            return
        if not target.parent.is_dir():
            raise UsageError(
                Text("{path}: there is no folder {folder}.", "{path}: không có thư mục {folder}.").filled(
                    path=path, folder=target.parent
                ),
                hint=Text("Make the folder first.", "Tạo thư mục trước."),
            )
        with guard():
            _replace(target, data, sync)
    except OSError as error:
        raise UsageError(
            Text("{path}: cannot be written: {reason}.", "{path}: không ghi được: {reason}.").filled(
                path=path, reason=reason_of(error)
            ),
            hint=Text("The file is as it was before.", "Tệp vẫn như trước."),
        ) from None


def _replace(target: Path, data: bytes, sync: Callable[[int], None]) -> None:
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
    _remove_left(target)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    beside = Path(name)
    try:
        _lock(handle)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            sync(stream.fileno())
        beside.chmod(mode)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    with contextlib.suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _lock(handle: int) -> bool:
    """Hold a file for as long as it is open; whether nobody else holds it."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def _remove_left(target: Path) -> None:
    """Remove what runs that were killed while they wrote the same file have left beside it."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.tmp"):
        with contextlib.suppress(OSError):
            if not _LEFT.fullmatch(left.name.removeprefix(f".{target.name}.")) or left.is_symlink():
                continue
            handle = os.open(left, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            try:
                old = time.time() - os.fstat(handle).st_mtime
                if stat.S_ISREG(os.fstat(handle).st_mode) and old > FRESH_SECONDS and _lock(handle):
                    left.unlink()
            finally:
                os.close(handle)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
