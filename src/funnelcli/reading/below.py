"""Exports in folders below the one that is read: parts of a table, or a folder a month.  They are named, not read."""

from __future__ import annotations

import fnmatch
import os
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct

from funnelcli.inputs import INPUTS
from funnelcli.problems import Problem, problem

NAMES = 2_000  # looked at
DEEPEST = 4  # folders, one within the other


class _Below(Struct, frozen=True):
    """A table in a folder below: its path from there, and the pattern that its own name fits, where that matters."""

    path: PurePosixPath
    pattern: str | None


def exports_below(root: Path, suffixes: tuple[str, ...], known: Collection[str]) -> list[Problem]:
    """Of each input that has no file, the folder that holds such files, with the setting that reads them.

    A folder that is named like an input holds its tables, whatever these are called; other folders hold the exports of
    an input where the files are named so.
    """
    of_input: dict[str, list[_Below]] = {}
    for path in _tables(root, suffixes):
        for name, pattern in _inputs_of(path):
            if name not in known:
                of_input.setdefault(name, []).append(_Below(path, pattern))
    problems = []
    for name in INPUTS:
        below = sorted(of_input.get(name, []), key=lambda each: each.path)
        if below:
            folders = sorted({each.path.parts[0] for each in below})
            example, pattern = below[0].path.as_posix(), _pattern(below, folders)
            problems.append(
                problem(
                    "exports-below",
                    file=f"{folders[0]}/",
                    stage=name,
                    count=len(below),
                    example=example,
                    pattern=pattern,
                )
            )
    return problems


def _inputs_of(path: PurePosixPath) -> Iterator[tuple[str, str | None]]:
    """The inputs that a table below is of: by the folder it stands in, else by its own name."""
    for folder in path.parts[:-1]:
        if (named := _fitting(folder)) is not None:
            yield named[0], None
            return
    own = _fitting(path.name)
    if own is not None:
        yield own


def _fitting(name: str) -> tuple[str, str] | None:
    folded = unicodedata.normalize("NFC", name).casefold()
    fitting = [
        (len(pattern), -declared.rank, declared.name, pattern)
        for declared in INPUTS.values()
        for pattern in declared.files
        if fnmatch.fnmatchcase(folded, pattern)
    ]
    return max(fitting)[2:] if fitting else None


def _pattern(below: list[_Below], folders: list[str]) -> str:
    """The pattern of files that reads the tables."""
    first = folders[0] if len(folders) == 1 else "*"
    patterns, endings = {each.pattern for each in below}, {"".join(each.path.suffixes[-2:]) for each in below}
    named = next(iter(patterns)) if len(patterns) == 1 else None
    ending = next(iter(endings)) if len(endings) == 1 else ".*"
    if ending.count(".") > 1 and not ending.endswith(".gz"):
        ending = below[0].path.suffix
    base = f"{(named or '*').rstrip('*')}*{ending}"
    is_flat = all(len(each.path.parts) == 2 for each in below)
    return f"{first}/{base}" if is_flat else f"{first}/**/{base}"


def _tables(root: Path, suffixes: tuple[str, ...]) -> list[PurePosixPath]:
    """The tables in folders below, by their path from there; hidden names and links to folders are not followed."""
    tables: list[PurePosixPath] = []
    seen, left = 0, [(root, PurePosixPath())]
    while left:
        folder, path = left.pop()
        try:
            with os.scandir(folder) as entries:
                names = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in names:
            seen += 1
            if seen > NAMES:
                return tables
            if entry.name.startswith((".", "~$", "_")):
                continue
            below = path / entry.name
            if entry.is_dir(follow_symlinks=False):
                if len(below.parts) < DEEPEST:
                    left.append((folder / entry.name, below))
            elif len(below.parts) > 1 and entry.name.casefold().endswith(suffixes):
                tables.append(below)
    return tables
