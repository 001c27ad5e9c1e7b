"""Which file is which export: by name, by config, or as the command line says."""

import fnmatch
import glob
import os
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from funnelcli.config import FILE_NAME, Config, read_config
from funnelcli.inputs import NAME_PATTERNS
from funnelcli.inputs.spec import Stage
from funnelcli.problems import ConfigError, InputError, Problems, UsageError, problem

SUFFIXES = (
    ".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet",
)  # fmt: skip
# What funnelcli itself writes and keeps beside the exports: never an export.
OWN_FILES = ("targets*", "funnel.schema.json")
OTHER_TABLES = (".json", ".jsonl", ".zip", ".numbers", ".xml", ".feather", ".orc", ".avro", ".bz2", ".xz", ".zst")
STDIN = "-"


@dataclass(frozen=True, order=True)
class SourceFile:
    """One file of one stage: where it lies, and how it is named to the reader."""

    stage: Stage
    name: str
    path: Path


@dataclass(frozen=True, kw_only=True)
class Folder:
    """What PATH stands for: the folder, its settings, and the name of the settings' file (None: none there)."""

    root: Path
    config: Config
    config_name: str | None


def open_folder(path: Path) -> Folder:
    """The folder of exports ``path`` (or the folder of the funnel.toml ``path``) with its settings.

    Raises UsageError where there is no such place, ConfigError where the settings are wrong.
    """
    if path.is_dir():
        config_path = path / FILE_NAME
        if config_path.is_symlink() or config_path.exists():
            return Folder(root=path, config=read_config(config_path), config_name=config_path.name)
        return Folder(root=path, config=Config(), config_name=None)  # type: ignore[call-arg]
    if path.is_file():
        if path.suffix.casefold() != ".toml":
            raise UsageError(
                f"{path} is neither a folder nor a funnel.toml.",
                hint="Give the folder, or name files with --visitors, --signups, --demos, --paid-users.",
            )
        return Folder(root=path.parent, config=read_config(path), config_name=path.name)
    raise UsageError(f"{path}: there is no such folder or file.", hint="Check the path.")


def stage_of(name: str) -> Stage | None:
    """The stage a file name tells, if it has an ending we read.

    >>> stage_of("Paid_Users 2026.csv.gz").value
    'paid_users'
    """
    folded = unicodedata.normalize("NFC", name).casefold()
    if folded.startswith((".", "~$")) or not folded.endswith(SUFFIXES):
        return None
    for stage, patterns in NAME_PATTERNS.items():
        if any(fnmatch.fnmatchcase(folded, pattern) for pattern in patterns):
            return stage
    return None


def _listing(root: Path) -> list[Path]:
    try:
        # A link that leads nowhere is kept: an export that is meant to be there must not go missing silently.
        return sorted((p for p in root.iterdir() if p.is_file() or p.is_symlink()), key=lambda p: p.name)
    except OSError as error:
        raise UsageError(f"{root}: cannot be read: {error.strerror}.") from None


def _shown(path: Path, root: Path) -> str:
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


def _config_files(folder: Folder, stage: Stage, patterns: Sequence[str]) -> list[SourceFile]:
    found: dict[Path, SourceFile] = {}
    for pattern in patterns:
        hits = sorted(glob.glob(pattern, root_dir=folder.root, recursive=True))
        files = [folder.root / hit for hit in hits if (folder.root / hit).is_file()]
        if not files:
            raise ConfigError(
                f"{folder.config_name}: [inputs.{stage.value}] files: nothing matches {pattern!r} in {folder.root}.",
                hint="Correct the pattern; it is relative to the folder of funnel.toml.",
            )
        for path in files:
            found[path] = SourceFile(stage, _shown(path, folder.root), path)
    return sorted(found.values())


def _named_files(stage: Stage, given: Sequence[str]) -> list[SourceFile]:
    found: dict[Path, SourceFile] = {}
    for pattern in given:
        if pattern == STDIN:
            path = Path(os.devnull)
            found[path] = SourceFile(stage, STDIN, path)
            continue
        paths = [Path(pattern)] if Path(pattern).exists() else []
        paths = paths or [Path(hit) for hit in sorted(glob.glob(pattern, recursive=True))]
        paths = [path for path in paths if not path.is_dir()]
        if not paths:
            raise UsageError(
                f"--{stage.value.replace('_', '-')} {pattern}: there is no such file.",
                hint="Give a file, a glob in quotation marks, or - for standard input.",
            )
        for path in paths:
            found[path] = SourceFile(stage, path.as_posix(), path)
    return sorted(found.values())


def discover(folder: Folder, named: Mapping[Stage, Sequence[str]]) -> tuple[dict[Stage, list[SourceFile]], list[str]]:
    """The files of each stage, sorted by name, and the names of the files in the folder that are none.

    Files named on the command line stand for the whole: then the folder is not looked through.  Files listed in
    the config replace the usual names of their stage.  Raises UsageError or ConfigError where a named file is not there.
    """
    if any(named.values()):
        if sum(pattern == STDIN for given in named.values() for pattern in given) > 1:
            raise UsageError("Only one input can be read from standard input.")
        return {s: _named_files(s, given) for s, given in named.items() if given}, []
    files: dict[Stage, list[SourceFile]] = {}
    listed: set[Path] = set()
    for stage in Stage:
        patterns = getattr(folder.config.inputs, stage.value).files
        if patterns:
            files[stage] = _config_files(folder, stage, patterns)
            listed.update(one.path for one in files[stage])
    unknown: list[str] = []
    by_config = set(files)
    for path in _listing(folder.root):
        if path in listed or path.name.startswith((".", "~$")):
            continue
        told = stage_of(path.name)
        if told is None or told in by_config:
            own = any(fnmatch.fnmatchcase(path.name.casefold(), pattern) for pattern in OWN_FILES)
            if not own and path.name.casefold().endswith((*SUFFIXES, *OTHER_TABLES)):
                unknown.append(path.name)
            continue
        files.setdefault(told, []).append(SourceFile(told, path.name, path))
    return {stage: files[stage] for stage in Stage if stage in files}, unknown


def nothing_found(folder: Folder, unknown: Sequence[str]) -> InputError:
    """The error for a folder that holds no export at all."""
    problems = Problems()
    for name in unknown:
        problems.add(problem("unknown-file", file=name))
    seen = f" Tables seen: {', '.join(unknown[:8])}." if unknown else ""
    return InputError(
        f"{folder.root}: no exports found.{seen}",
        problems=problems,
        hint="Name them visitors*, signups*, demos*, paid_users* or monthly* (.csv .tsv .txt, also .gz, .xlsx, "
        '.parquet), or list them in funnel.toml: [inputs.signups] files = ["crm/*.csv"].',
    )
