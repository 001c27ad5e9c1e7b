"""Which file is which export: by name, by config, or as the command line says."""

import contextlib
import fnmatch
import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.inputs import INPUTS
from funnelcli.inputs.spec import Input
from funnelcli.problems import ConfigError, InputError, Problem, Problems, UsageError, problem, reason_of
from funnelcli.problems.system import CANNOT_READ, at_once, kind_of
from funnelcli.reading.below import exports_below
from funnelcli.reading.held import Held
from funnelcli.reading.meter import Meter
from funnelcli.reading.patterns import TooManyError, files_like
from funnelcli.reading.place import Folder as Folder
from funnelcli.reading.place import open_folder as open_folder
from funnelcli.reading.remote import Remote, is_url, remote_files, shown
from funnelcli.text import NOTHING, OR, Message, Text, joined

if TYPE_CHECKING:
    from funnelcli.reading.by_headers import Choice

SUFFIXES = (
    ".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet",
    ".xlsx.gz", ".xls.gz", ".xlsm.gz", ".xlsb.gz", ".ods.gz",
)  # fmt: skip
# What funnelcli itself writes and keeps beside the exports: never an export.
OWN_FILES = ("targets*", "funnel.schema.json", "icp_review.json")
OTHER_TABLES = (".json", ".jsonl", ".zip", ".numbers", ".xml", ".feather", ".orc", ".avro", ".bz2", ".xz", ".zst")
STDIN = "-"


class SourceFile(Struct, frozen=True, order=True):
    """One file of the input of this name: its path, and the name shown to people.

    A ``remote`` one is not there before it is fetched; ``identity`` then tells its content from any other.  ``held`` is
    what has been read of it, where it is small and being loaded, and ``meter`` is told how far it has been read.
    One that is read as another input first is ``also`` of this one.
    """

    input: str
    name: str
    path: Path
    remote: Remote | None = None
    identity: str = ""
    held: Held | None = None
    meter: Meter | None = None
    also: bool = False


def input_of(name: str) -> Input | None:
    """The input a file name proposes, if it has an ending we read; the longest pattern that fits wins.

    >>> input_of("Paid_Users 2026.csv.gz").name
    'paid_users'
    """
    folded = unicodedata.normalize("NFC", name).casefold()
    if folded.startswith((".", "~$")) or not folded.endswith(SUFFIXES):
        return None
    fitting = [
        (len(pattern), -declared.rank, declared.name)
        for declared in INPUTS.values()
        for pattern in declared.files
        if fnmatch.fnmatchcase(folded, pattern)
    ]
    return INPUTS[max(fitting)[2]] if fitting else None


def _listing(root: Path) -> list[Path]:
    try:
        # A link that leads nowhere is kept: an export that is meant to be there must not go missing silently.
        return sorted((p for p in root.iterdir() if p.is_file() or not p.exists()), key=lambda p: p.name)
    except OSError as error:
        raise UsageError(CANNOT_READ.filled(name=root, reason=reason_of(error))) from None


def _shown(path: Path, root: Path) -> str:
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


def _config_files(folder: Folder, name: str, patterns: Sequence[str]) -> list[SourceFile]:
    sources: dict[Path, SourceFile] = {}
    for pattern in patterns:
        if is_url(pattern):
            there = _remote_sources(name, pattern, sources)
            if not there:
                raise _nothing_like(folder, name, pattern)
            sources |= there
            continue
        try:
            files, others = files_like(pattern, folder.root)
        except TooManyError as error:
            raise ConfigError(
                Message("{config}: [inputs.{name}] files: {pattern!r} {why}.").filled(
                    config=folder.config_name, name=name, pattern=pattern, why=error.text
                ),
                hint=Message("Name the folder and the files more closely."),
            ) from None
        if not files and others:
            raise ConfigError(
                Message("{config}: [inputs.{name}] files: {path} is {kind}, not a file.").filled(
                    config=folder.config_name, name=name, path=_shown(others[0][0], folder.root), kind=others[0][1]
                ),
                hint=Message("Name files."),
            )
        if not files:
            raise _nothing_like(folder, name, pattern)
        for path in files:
            sources[path] = SourceFile(name, _shown(path, folder.root), path)
    return sorted(sources.values())


def _nothing_like(folder: Folder, name: str, pattern: str) -> ConfigError:
    """The error of a pattern that fits no file."""
    if is_url(pattern):
        return ConfigError(
            Message("{config}: [inputs.{name}] files: nothing matches {pattern!r}.").filled(
                config=folder.config_name, name=name, pattern=shown(pattern)
            ),
            hint=Message("Correct the URL."),
        )
    return ConfigError(
        Message("{config}: [inputs.{name}] files: nothing matches {pattern!r} in {root}.").filled(
            config=folder.config_name, name=name, pattern=pattern, root=folder.root
        ),
        hint=Message("Correct the pattern; it is relative to the folder of funnel.toml."),
    )


def _remote_sources(name: str, pattern: str, known: Mapping[Path, SourceFile]) -> dict[Path, SourceFile]:
    """The files elsewhere that a URL fits, by paths that stand for them; each has a name of its own."""
    import hashlib

    sources: dict[Path, SourceFile] = {}
    taken = {source.name for source in known.values()}
    for own, remote in remote_files(pattern):
        digest = hashlib.blake2b(f"{remote.given}\n{remote.inner}".encode("utf-8", "surrogatepass"), digest_size=16)
        place = Path(f"{pattern.partition('://')[0]}:", digest.hexdigest())
        named = next(each for each in chain([own], (f"{own} ({n})" for n in count(2))) if each not in taken)
        taken.add(named)
        sources[place] = SourceFile(name, named, place, remote)
    return sources


def _named_files(name: str, given: Sequence[str]) -> list[SourceFile]:
    sources: dict[Path, SourceFile] = {}
    for pattern in given:
        if pattern == STDIN:
            path = Path(os.devnull)
            sources[path] = SourceFile(name, STDIN, path)
            continue
        if is_url(pattern):
            there = _remote_sources(name, pattern, sources)
            sources |= there
            if there:
                continue
        paths = [] if is_url(pattern) else _given_paths(name, pattern)
        if not paths:
            raise UsageError(
                Message("{option} {pattern}: there is no such file.").filled(
                    option=INPUTS[name].flag, pattern=shown(pattern)
                ),
                hint=Message("Give a file, a glob in quotation marks, or - for standard input."),
            )
        for path in paths:
            sources[path] = SourceFile(name, path.as_posix(), path)
    return sorted(sources.values())


def _given_paths(name: str, pattern: str) -> list[Path]:
    """The files that an option names or fits; UsageError for what is none, and cannot be read like one."""
    path = Path(pattern)
    option = INPUTS[name].flag
    others: list[tuple[Path, Text]] = []
    try:
        if "\0" not in pattern and path.exists():
            paths = [path]
        else:
            paths, others = files_like(pattern, Path())
    except TooManyError as error:
        raise UsageError(
            Message("{option} {pattern}: {why}.").filled(option=option, pattern=pattern, why=error.text),
            hint=Message("Name the folder and the files more closely."),
        ) from None
    others += [(path, kind_of(path.stat().st_mode)) for path in paths if not _is_readable(path)]
    if others:
        raise UsageError(
            Message("{option} {path} is {kind}, not a file.").filled(
                option=option, path=others[0][0], kind=others[0][1]
            ),
            hint=Message("Give a file, or a pipe that ends."),
        )
    return paths


def _is_readable(path: Path) -> bool:
    """Whether a path is a file, a pipe, a terminal, or the device without a byte; other devices never end."""
    mode = path.stat().st_mode
    if stat.S_ISCHR(mode):
        if path.samefile(os.devnull):
            return True
        try:
            with open(path, "rb", buffering=0, opener=at_once) as device:
                return device.isatty()
        except OSError:
            return False
    return stat.S_ISREG(mode) or stat.S_ISFIFO(mode)


def not_files(folder: Folder) -> list[Problem]:
    """What is named like an export in the folder and is no file: said, since it is not read.

    So are exports in folders below, of inputs that have none in the folder itself.  Where the config lists the files
    of an input, what has its usual name is of no matter.
    """
    odd: list[Problem] = []
    try:
        paths = sorted(folder.root.iterdir(), key=lambda path: path.name)
    except OSError:
        return odd
    for path in paths:
        named = input_of(path.name)
        if named is None or folder.config.input_settings(named.name).files:
            continue
        with contextlib.suppress(OSError):
            mode = path.stat().st_mode
            if not stat.S_ISREG(mode):
                odd.append(problem("not-a-file", file=path.name, kind=kind_of(mode), stage=named.name))
    known = {named.name for path in paths if path.is_file() and (named := input_of(path.name)) is not None}
    known |= {name for name in INPUTS if folder.config.input_settings(name).files}
    return [*odd, *exports_below(folder.root, SUFFIXES, known)]


class Found(Struct, frozen=True, kw_only=True):
    """The files of each input, sorted by name, the names of the files in the folder that are none, and what is odd.

    ``instead`` says what to export instead of files that are of no use.
    """

    files: dict[str, list[SourceFile]]
    unknown: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    instead: tuple[Text, ...] = ()


def discover(folder: Folder, named: Mapping[str, Sequence[str]]) -> tuple[dict[str, list[SourceFile]], list[str]]:
    """The files of each input, and the names of the files in the folder that are none, as :func:`find` finds them."""
    files = find(folder, named)
    return files.files, list(files.unknown)


def find(folder: Folder, named: Mapping[str, Sequence[str]]) -> Found:
    """The files of each input, by the settings, by their headers where these are of a known export, else by name.

    Files named on the command line stand for the whole: then the folder is not looked through.  Files listed in the
    config replace the usual names of their input.  Raises UsageError or ConfigError where a named file is not there.
    """
    if any(named.values()):
        if sum(pattern == STDIN for given in named.values() for pattern in given) > 1:
            raise UsageError(Message("Only one input can be read from standard input."))
        return Found(files={name: _named_files(name, given) for name, given in named.items() if given})
    from funnelcli.reading.by_headers import behind_others, chosen, problems_of_choices, read_also

    files: dict[str, list[SourceFile]] = {}
    for name in INPUTS:
        if patterns := folder.config.input_settings(name).files:
            files[name] = _config_files(folder, name, patterns)
    listed, by_config = {source.path for given in files.values() for source in given}, set(files)
    unknown: list[str] = []
    choices: list[Choice] = []
    for path in _tables(folder.root, listed):
        proposed = input_of(path.name)
        proposed = None if proposed is None or proposed.name in by_config else proposed
        name = proposed.name if proposed is not None else ""
        choice = None
        if path.name.casefold().endswith(SUFFIXES):
            choice = chosen(SourceFile(name, path.name, path), proposed, folder.config, by_config)
        if choice is not None and choice.is_known:
            choices.append(choice)
        else:
            unknown.append(path.name)
    behind = behind_others(choices, by_config)
    for choice in choices:
        if choice.input is not None and choice.source.path not in behind:
            files.setdefault(choice.input, []).append(replace(choice.source, input=choice.input))
    also = read_also(choices, set(files))
    for name, more in also.items():
        files[name] = [replace(choice.source, input=name, also=True) for choice, _ in more]
    return Found(
        files={name: files[name] for name in INPUTS if name in files},
        unknown=tuple(unknown),
        problems=tuple(problems_of_choices(choices, behind, also)),
        instead=tuple(dict.fromkeys(filter(None, map(_instead_of, choices)))),
    )


def _instead_of(choice: "Choice") -> Text | None:
    """What to export instead of a file that is of no use, and whose name does not say that it is."""
    is_of_no_use = choice.input is None and choice.proposed is None
    return choice.export.instead if choice.export is not None and is_of_no_use else None


def _tables(root: Path, listed: Set[Path]) -> Iterator[Path]:
    """The tables in a folder but for those ``listed``, and those that funnelcli itself has written."""
    for path in _listing(root):
        folded = path.name.casefold()
        if path in listed or folded.startswith((".", "~$")) or not folded.endswith((*SUFFIXES, *OTHER_TABLES)):
            continue
        if input_of(path.name) is None and any(fnmatch.fnmatchcase(folded, pattern) for pattern in OWN_FILES):
            continue
        yield path


def nothing_found(folder: Folder, files: Found) -> InputError:
    """The error for a folder that holds no export at all."""
    problems = Problems()
    problems.extend(files.problems)
    unknown = files.unknown
    for name in unknown:
        problems.add(unknown_file(name))
    odd = not_files(folder)
    problems.extend(odd)
    tables = ", ".join(unknown[:8])
    seen = Message(" Tables seen: {tables}.").filled(tables=tables) if unknown else NOTHING
    seen = joined(
        "", [seen, *(joined("", [f" {each.file} ", each.text, "."]) for each in (*files.problems[:8], *odd[:8]))]
    )
    named = Message(
        "Name them {names} (.csv .tsv .txt, also .gz, .xlsx, .parquet), "
        'or list them in funnel.toml: [inputs.signups] files = ["crm/*.csv"].'
    ).filled(names=_usual_names())
    return InputError(
        Message("{root}: no exports found.{seen}").filled(root=folder.root, seen=seen),
        problems=problems,
        hint=joined(" ", [*files.instead, named]),
    )


def unknown_file(name: str) -> Problem:
    """The problem of a table in the folder that is of no input."""
    names = ", ".join(declared.files[0] for declared in INPUTS.values())
    return problem("unknown-file", file=name, names=names)


def _usual_names() -> Text:
    *first, last = (declared.files[0] for declared in INPUTS.values())
    return joined(OR, [", ".join(first), last])
