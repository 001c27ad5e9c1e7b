"""Files that are elsewhere, by URL: found and fetched through fsspec, where that is installed.

A file is copied once to the folder for what passes and read from there as any other; messages name its URL, without
what must not be seen of it: passwords, and the keys of signed links.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from funnelcli.problems import FunnelError, InputError, Problem, Problems, UsageError, line_of, problem
from funnelcli.reading.bounds import FILES, FROM_AFAR, PART_OF_DISK, too_large
from funnelcli.reading.dialect import YOUNG_SECONDS
from funnelcli.text import Message, Text, grouped
from funnelcli.text.regex import regex

Result = TypeVar("Result")
_URL = regex(r"[A-Za-z][A-Za-z0-9+.-]+(::[A-Za-z][A-Za-z0-9+.-]+)*://\S")
_ANY_URL = regex(r"[A-Za-z][A-Za-z0-9+.-]+://[^\s'\"<>]+")
_USER = regex(r"//[^/\s]*@")
_CHUNK = 1 << 20
_BY_CONTENT = ("ETag", "etag", "md5Hash", "md5", "content_md5", "VersionId", "generation")
_BY_TIME = ("LastModified", "last_modified", "mtime", "modified", "updated", "created")

_NEEDS_FSSPEC = Message("{url}: reading from URLs needs fsspec, which is not installed.")  # fmt: skip
_INSTALL = Message("Install it: pip install 'funnelcli[remote]'.")
_INSTALL_LIBRARY = Message(
    "Install the library for it beside fsspec, like s3fs for s3:// or gcsfs for gs://, or download the file."
)
_CANNOT = Message("{url}: cannot be read: {reason}.")
_CHECK = Message("Check the URL, and what gives access to it.")
_IS_FOLDER = Message("it is a folder; name its files, like {url}/*.csv")
_TOO_MANY = Message("it fits more than {number} [file|files]")
_TOO_LARGE = Message("{name} is too large; nothing was written.")
_CHANGED = Message("{name} changed while it was read; nothing was written.")


class Remote(Struct, frozen=True, order=True):
    """A file elsewhere: the URL or pattern by which it was found, and what it is called there."""

    given: str
    inner: str


def is_url(text: str) -> bool:
    """Whether a text names a file elsewhere.

    >>> is_url("s3://bucket/visits/*.parquet"), is_url("C:\\\\visits.csv"), is_url("a/b.csv"), is_url("c://x")
    (True, False, False, False)
    """
    return bool(_URL.match(text))


def shown(url: str) -> str:
    """A URL as it may be seen: without a password, and without what signs it.

    >>> shown("https://an:secret@example.com/a.csv?sig=xyz#1"), shown("s3://bucket/a?.csv")
    ('https://example.com/a.csv', 's3://bucket/a?.csv')
    """
    plain = _USER.sub("//", url)
    return re.split("[?#]", plain, maxsplit=1)[0] if "http" in plain.partition("://")[0] or "=" in plain else plain


def remote_files(pattern: str) -> list[tuple[str, Remote]]:
    """The files elsewhere that a URL names or fits, sorted, each with its name for people; none where there is none.

    UsageError where they cannot be looked for.
    """

    def look() -> list[tuple[str, Remote]]:
        system, path = _system(pattern)
        if _is_wild(pattern):
            inner = sorted(name for name, known in system.glob(path, detail=True).items() if known["type"] == "file")
        else:
            try:
                known = system.info(path)
            except FileNotFoundError:
                return []
            if known["type"] == "directory":
                raise _unreadable(pattern, _IS_FOLDER.filled(url=shown(pattern).rstrip("/")))
            inner = [path]
        if len(inner) > FILES:
            raise _unreadable(pattern, _TOO_MANY.filled(number=grouped(FILES)))
        return [(shown(system.unstrip_protocol(name)), Remote(pattern, name)) for name in inner]

    return _trying(pattern, look)


def fetch(name: str, remote: Remote, target: Path) -> str:
    """Copy a file elsewhere to ``target``; gives what tells it from any other content it may have, else nothing.

    InputError where it is larger than there is room for, or changes meanwhile; UsageError where it cannot be read.
    """

    def copy() -> str:
        system, _ = _system(remote.given)
        system.invalidate_cache()
        known = system.info(remote.inner)
        most = shutil.disk_usage(target.parent).free // PART_OF_DISK
        size = 0
        with system.open(remote.inner, "rb") as stream, target.open("wb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if max(size, known.get("size") or 0) > most:
                    raise _refused(_TOO_LARGE.filled(name=name), too_large(name, FROM_AFAR, most))
                file.write(chunk)
        system.invalidate_cache()
        now = system.info(remote.inner)
        if _what(now) != _what(known) or (known.get("size") is not None and known["size"] != size):
            raise _refused(_CHANGED.filled(name=name), problem("changed-file", file=name))
        return _identity(system.unstrip_protocol(remote.inner), size, known)

    return _trying(name, copy)


def _system(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it."""
    try:
        import fsspec.core
    except ImportError:
        raise UsageError(_NEEDS_FSSPEC.filled(url=shown(url)), hint=_INSTALL) from None
    system, path = fsspec.core.url_to_fs(url)
    return system, str(path)


def _trying(url: str, action: Callable[[], Result]) -> Result:
    """What an action gives; whatever goes wrong in the many libraries behind it, as an error that names the URL."""
    try:
        return action()
    except FunnelError:
        raise
    except ImportError as error:
        raise UsageError(_CANNOT.filled(url=shown(url), reason=_reason(error, url)), hint=_INSTALL_LIBRARY) from None
    except Exception as error:
        raise _unreadable(url, _reason(error, url)) from None


def _unreadable(url: str, reason: Text) -> UsageError:
    return UsageError(_CANNOT.filled(url=shown(url), reason=reason), hint=_CHECK)


def _refused(text: Text, fault: Problem) -> InputError:
    problems = Problems()
    problems.add(fault)
    return InputError(text, problems=problems)


def _reason(error: Exception, url: str) -> Text:
    """What a library says in one line, without what must not be seen of the URL."""
    return line_of(error, lambda said: _ANY_URL.sub(lambda match: shown(match[0]), said.replace(url, shown(url))))


def _is_wild(url: str) -> bool:
    """Whether a URL is a pattern; in that of a web page, ? begins the query."""
    return any(mark in url for mark in ("*[" if url.startswith("http") else "*?["))


def _what(known: Mapping[str, Any]) -> dict[str, str]:
    """What a file system says of a file by which a change is seen."""
    return {name: str(known[name]) for name in ("size", *_BY_CONTENT, *_BY_TIME) if known.get(name)}


def _identity(url: str, size: int, known: Mapping[str, Any]) -> str:
    """What a file is, as text; empty where it could have been written twice and look the same."""
    by_content = {name: str(known[name]) for name in _BY_CONTENT if known.get(name)}
    if by_content:
        return repr((url, size, sorted(by_content.items())))
    written = next((known[name] for name in _BY_TIME if known.get(name)), None)
    moment = written.timestamp() if isinstance(written, datetime) else written
    if not isinstance(moment, int | float) or time.time() - moment <= YOUNG_SECONDS:
        return ""
    return repr((url, size, moment))
