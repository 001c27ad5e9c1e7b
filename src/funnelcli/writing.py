"""Files that appear whole or not at all."""

import contextlib
import glob
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from funnelcli.problems import UsageError, reason_of
from funnelcli.text import Message
from funnelcli.text.regex import regex

_LEFT = regex(r"[a-z0-9_]{8}\.tmp")  # as tempfile names them
FRESH_SECONDS = 1.0  # between a file's making and its lock


class Output(Struct, frozen=True, kw_only=True):
    """A place for a file, and its bytes."""

    path: Path
    data: bytes


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
    write_files([Output(path=path, data=data)], sync=sync, guard=guard)


def write_files(
    outputs: Sequence[Output],
    *,
    folders: bool = False,
    sync: Callable[[int], None] = os.fsync,
    guard: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext,
) -> None:
    """Several files as :func:`write_file` writes one: all of them, or none.

    All lie complete on the disk before the first is put in place, and where one cannot be, those before it are put back
    as they were.  Only a run that is killed, or a machine that stops, between two of them leaves some new and some old,
    each of them whole.  What is no regular file is written to last; that cannot be taken back.
    ``folders`` that are not there are made for them.
    """
    with contextlib.ExitStack() as held, contextlib.ExitStack() as made, guard():
        staged = [(output, _staged(output, made, held, sync, folders=folders)) for output in outputs]
        files = [(output, beside) for output, beside in staged if beside is not None]
        kept = [_kept(output, made, held) if len(outputs) > 1 else None for output, _ in files]
        with contextlib.ExitStack() as undone:
            for (output, beside), old in zip(files, kept, strict=True):
                with _reasons(output.path):
                    _put_in_place(beside, output.path.resolve())
                undone.callback(_put_back, output.path.resolve(), old)
            for output in (output for output, beside in staged if beside is None):
                with _reasons(output.path), output.path.open("wb", buffering=0) as stream:
                    stream.write(output.data)
            undone.pop_all()
        made.pop_all()
        for name in filter(None, kept):
            name.unlink(missing_ok=True)


def _kept(output: Output, made: contextlib.ExitStack, held: contextlib.ExitStack) -> Path | None:
    """The older file of an output under a second name beside it, until all outputs are in place; None without one.

    It is named as a file that is being written, so that what a killed run has left of it is removed by the next one.
    """
    import shutil
    import tempfile

    target = output.path.resolve()
    if not target.exists():
        return None
    with _reasons(output.path):
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
        os.close(handle)
        old = Path(name)
        made.callback(old.unlink, missing_ok=True)
        old.unlink()
        try:
            old.hardlink_to(target)
        except (OSError, NotImplementedError):  # where files have one name only
            shutil.copy2(target, old)
        handle = os.open(old, os.O_RDONLY)
        held.callback(os.close, handle)
        _lock(handle)
    return old


def _put_back(target: Path, old: Path | None) -> None:
    """The file as it was before: the older one, or none."""
    with contextlib.suppress(OSError):
        if old is None:
            target.unlink(missing_ok=True)
        else:
            old.replace(target)


@contextlib.contextmanager
def _reasons(path: Path) -> Iterator[None]:
    """UsageError with the place and the reason for what the system does not allow."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            Message("{path}: cannot be written: {reason}.").filled(path=path, reason=reason_of(error)),
            hint=Message("The file is as it was before."),
        ) from None


def _staged(
    output: Output,
    made: contextlib.ExitStack,
    held: contextlib.ExitStack,
    sync: Callable[[int], None],
    *,
    folders: bool,
) -> Path | None:
    """A complete file beside the place of an output, gone again with ``made``; None for what is no regular file.

    Until ``held`` ends it is locked, so that no other run takes it for what a killed one has left.
    """
    path, target = output.path, output.path.resolve()
    with _reasons(path):
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            if path.is_dir():
                raise UsageError(
                    Message("-o {path} is a folder.").filled(path=path),
                    hint=Message("Give a file name in it."),
                )
            return None
        if folders:
            _make(target.parent, made)
        if not target.parent.is_dir():
            raise UsageError(
                Message("{path}: there is no folder {folder}.").filled(path=path, folder=target.parent),
                hint=Message("Make the folder first."),
            )
        return _written_beside(target, output.data, made, held, sync)


def _make(folder: Path, made: contextlib.ExitStack) -> None:
    """Make a folder and those it lies in; ``made`` removes what was made."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(exist_ok=True)
        made.callback(_remove_empty, missing)


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def _written_beside(
    target: Path, data: bytes, made: contextlib.ExitStack, held: contextlib.ExitStack, sync: Callable[[int], None]
) -> Path:
    import tempfile

    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
    _remove_left(target)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    beside = Path(name)
    made.callback(beside.unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as stream:
        if _lock(handle):
            held.callback(os.close, os.dup(handle))
        stream.write(data)
        stream.flush()
        sync(stream.fileno())
    beside.chmod(mode)
    return beside


def _put_in_place(beside: Path, target: Path) -> None:
    beside.replace(target)
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
