"""Files of one input that are the same: a download saved twice."""

import hashlib
import os
from collections.abc import Mapping, Sequence

from funnelcli.problems import Problems, problem
from funnelcli.reading.discover import SourceFile

TWIN_BYTES = 200


def report_twins(files: Mapping[str, Sequence[SourceFile]], problems: Problems) -> None:
    """Report files of one input that are the same byte for byte: a download saved twice."""
    for given in files.values():
        sizes: dict[int, list[SourceFile]] = {}
        for source in given:
            try:
                size = os.path.getsize(source.path)
            except OSError:
                continue
            sizes.setdefault(size, []).append(source)
        for size, alike in sizes.items():
            # A few rows may well be alike in two honest files; a real download is longer.
            if len(alike) < 2 or size < TWIN_BYTES:
                continue
            seen: dict[str, str] = {}
            for source in alike:
                try:
                    with source.path.open("rb") as stream:
                        digest = hashlib.file_digest(stream, "sha256").hexdigest()
                except OSError:
                    continue
                if digest in seen:
                    problems.add(problem("same-file-twice", file=source.name, other=seen[digest]))
                seen.setdefault(digest, source.name)
