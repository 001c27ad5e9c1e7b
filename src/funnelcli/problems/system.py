"""What the operating system answers, in words of both languages."""

import errno
import os
import stat
from collections.abc import Callable, Mapping

from funnelcli.text import Message, Text, foreign

# What is said wherever a file is read.
CANNOT_READ = Message("{name}: cannot be read: {reason}.")
CHECK_PATH = Message("Check the path.")
NOT_UTF8 = Message("{name}: is not UTF-8 text (byte {byte}).")
SAVE_UTF8 = Message("Save it as UTF-8.")

MOST_QUOTED = 200  # characters of what a library says

# What the system says of errors, in its own words.
_SAID: Mapping[int, Text] = {
    errno.ENOENT: Message("No such file or directory"),
    errno.EACCES: Message("Permission denied"),
    errno.EPERM: Message("Operation not permitted"),
    errno.EISDIR: Message("Is a directory"),
    errno.ENOTDIR: Message("Not a directory"),
    errno.EEXIST: Message("File exists"),
    errno.ENOSPC: Message("No space left on device"),
    errno.EDQUOT: Message("Disk quota exceeded"),
    errno.EFBIG: Message("File too large"),
    errno.EROFS: Message("Read-only file system"),
    errno.EIO: Message("Input/output error"),
    errno.ELOOP: Message("Too many levels of symbolic links"),
    errno.ENAMETOOLONG: Message("File name too long"),
    errno.EBUSY: Message("Device or resource busy"),
    errno.EINVAL: Message("Invalid argument"),
    errno.EMFILE: Message("Too many open files"),
}


def reason_of(error: OSError) -> Text:
    """Why the system refused; what has no translation here is quoted.

    >>> reason_of(IsADirectoryError(errno.EISDIR, "Is a directory")).of("vi")
    'là thư mục'
    """
    english = error.strerror or str(error)
    known = _SAID.get(error.errno) if error.errno is not None else None
    return foreign(english) if known is None or known.of("en") != english else known


def line_of(error: BaseException, seen: Callable[[str], str] = str) -> Text:
    """What a library says of an error, quoted in one line, as it may be ``seen``; its kind, where it says nothing.

    >>> line_of(ValueError("no such host. \\n at 10.0.0.1")).of("en"), line_of(KeyError()).of("en")
    ('no such host', 'KeyError')
    """
    first = next(iter(str(error).strip().splitlines()), "")
    return foreign(seen(first)[:MOST_QUOTED].rstrip(". ") or type(error).__name__)


def kind_of(mode: int) -> Text:
    """What is no regular file, by the ``mode`` that the system gives it.

    >>> kind_of(stat.S_IFIFO).of("en"), kind_of(stat.S_IFDIR).of("vi")
    ('a pipe', 'thư mục')
    """
    if stat.S_ISDIR(mode):
        return Message("a folder")
    if stat.S_ISFIFO(mode):
        return Message("a pipe")
    if stat.S_ISSOCK(mode):
        return Message("a socket")
    return Message("a device")


def at_once(path: str, flags: int) -> int:
    """An opener that does not wait for whatever should be at the other end."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
