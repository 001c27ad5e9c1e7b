"""Which file is which export by its headers: they decide where its name does not, and the settings outweigh both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config import Config
from funnelcli.inputs import INPUTS
from funnelcli.inputs.known import KnownExport
from funnelcli.inputs.spec import Input
from funnelcli.problems import Problem, problem
from funnelcli.reading.header_keys import header_key
from funnelcli.reading.headers import has_required, match_headers
from funnelcli.reading.peek import TEXTS, export_at_a_glance, first_rows
from funnelcli.reading.turned import may_be_turned

if TYPE_CHECKING:
    from funnelcli.reading.discover import SourceFile


class Choice(Struct, frozen=True, kw_only=True):
    """Which input a file is of, None where it is of none, and the export that its headers are of, as far as known."""

    source: SourceFile
    proposed: Input | None
    input: str | None
    export: KnownExport | None = None
    other: KnownExport | None = None  # fits as well
    is_by_name: bool = False  # though the export is of another input
    lacking: tuple[str, ...] = ()  # what the settings name for its input
    also: tuple[KnownExport, ...] = ()  # what it is too, of other inputs

    @property
    def rank(self) -> int:
        """How far the file stands behind others of its input."""
        return 0 if self.export is None or self.is_by_name else self.export.rank

    @property
    def is_known(self) -> bool:
        """Whether anything is known of the file: that it is of an input, or an export that is of none."""
        return self.input is not None or self.export is not None


def chosen(source: SourceFile, proposed: Input | None, config: Config, listed: Set[str]) -> Choice:
    """Which input a file is of, and what it may be besides: its rows may hold several, like contacts with the days on
    which they signed up and became customers.
    """
    if proposed is not None and _is_told_otherwise(source, proposed, config):
        proposed = None
    if proposed is not None and not source.path.name.casefold().endswith(TEXTS):
        return Choice(source=source, proposed=proposed, input=proposed.name)
    exports, header = export_at_a_glance(source)
    choice = _chosen(source, proposed, config, listed, (exports, header))
    also = (
        export
        for export in exports
        if export.input not in (None, choice.input)
        and export.input not in listed
        and not (choice.export is not None and export.input in choice.export.never)
        and not _mapped_and_lacking(header, export.input or "", config)
        and has_required(match_headers(header, INPUTS[export.input or ""], {}), INPUTS[export.input or ""])
    )
    return replace(choice, also=tuple(also)) if choice.export is not None and not choice.is_by_name else choice


def _is_told_otherwise(source: SourceFile, proposed: Input, config: Config) -> bool:
    """Whether a file has only the name of an input that is told by its headers, and no header that it needs."""
    if not proposed.by_headers or source.path.suffix.casefold() == ".parquet":
        return False
    named = config.input_settings(proposed.name).columns
    return not any(
        has_required(match_headers(row, proposed, named), proposed) or may_be_turned(row, proposed)
        for row in first_rows(source)
    )


def _chosen(
    source: SourceFile,
    proposed: Input | None,
    config: Config,
    listed: Set[str],
    glance: tuple[Sequence[KnownExport], Sequence[str]],
) -> Choice:
    """Which input a file is of: the one its name has ``proposed`` where it can be read as such, else its headers' one.

    What an export is ``never`` it is not, whatever its name says.  Of the inputs ``listed`` the settings name all
    files.  A workbook is looked into only where its name says nothing.
    """
    by_name = Choice(source=source, proposed=proposed, input=proposed.name if proposed is not None else None)
    every, header = glance
    fits = proposed is not None and (
        proposed.name in config.inputs or has_required(match_headers(header, proposed, {}), proposed)
    )
    exports = [e for e in every if not e.by_name_only or (proposed is not None and e.input == proposed.name and fits)]
    if not exports:
        return by_name
    best, *others = exports
    tied = [other for other in others if other.weight == best.weight]
    if proposed is not None:
        best = next((export for export in exports if export.input == proposed.name), best)
        if best.input != proposed.name and (proposed.name in config.inputs or proposed.name in best.yields_to):
            return by_name  # the settings say what is to be read of it
        if best.input != proposed.name and proposed.name not in best.never:
            index = match_headers(header, proposed, {})
            if best.input is None or has_required(index, proposed):
                return replace(by_name, export=best, is_by_name=True)
    if best.input is not None and (proposed is None or best.input != proposed.name):
        lacking = _mapped_and_lacking(header, best.input, config)
        if best.input in listed or lacking:
            export = None if best.input in listed else best
            return Choice(source=source, proposed=proposed, input=None, export=export, lacking=lacking)
    other = next((each for each in tied if each is not best), None)
    return Choice(source=source, proposed=proposed, input=best.input, export=best, other=other)


def _mapped_and_lacking(header: Sequence[str], name: str, config: Config) -> tuple[str, ...]:
    """What the settings name for an input and a header has not."""
    settings, keys = config.input_settings(name), set(map(header_key, header))
    named = (*settings.mapped.values(), *settings.keep, *settings.drop)
    return tuple(dict.fromkeys(cell for cell in named if header_key(cell) not in keys))


def behind_others(choices: Sequence[Choice], listed: Set[str]) -> dict[Path, Choice]:
    """The files that stand behind others of their input, each with one before which it does."""
    first: dict[str, Choice] = {}
    for choice in choices:
        if choice.input is not None and choice.rank < (first[choice.input].rank if choice.input in first else 99):
            first[choice.input] = choice
    return {
        choice.source.path: first[choice.input]
        for choice in choices
        if choice.input is not None and choice.rank > first[choice.input].rank and choice.input not in listed
    }


def read_also(choices: Sequence[Choice], taken: Set[str]) -> dict[str, list[tuple[Choice, KnownExport]]]:
    """What files are besides, of the inputs that no other file is of: of each those that say most of it."""
    known: dict[str, list[tuple[Choice, KnownExport]]] = {}
    for choice in choices:
        for export in choice.also:
            if export.input is not None and export.input not in taken:
                known.setdefault(export.input, []).append((choice, export))
    for name, files in known.items():
        least = min(export.rank for _, export in files)
        first = {choice.source.path: (choice, export) for choice, export in reversed(files) if export.rank == least}
        known[name] = list(reversed(first.values()))
    return known


def problems_of_choices(
    choices: Sequence[Choice],
    behind: Mapping[Path, Choice],
    also: Mapping[str, Sequence[tuple[Choice, KnownExport]]],
) -> Iterator[Problem]:
    """What is to be said of files that are read as what their headers say, as several inputs, or not at all."""
    read = {choice.source.path for files in also.values() for choice, _ in files}
    for name, files in also.items():
        for choice, of_it in files:
            yield problem("read-also", file=choice.source.name, export=of_it.name, stage=name, title=INPUTS[name].title)
    for choice in choices:
        export, file = choice.export, choice.source.name
        if export is None:
            continue
        if choice.is_by_name:
            if choice.proposed is not None and export.input is not None:
                yield problem(
                    "named-otherwise", file=file, export=export.name, stage=export.input, name=file,
                    title=choice.proposed.title, other=INPUTS[export.input].title,
                )  # fmt: skip
            continue
        if choice.lacking and export.input is not None:
            yield problem(
                "not-as-mapped", file=file, export=export.name, stage=export.input, name=file,
                title=INPUTS[export.input].title, headers=", ".join(map(repr, choice.lacking)),
            )  # fmt: skip
        elif choice.source.path in behind and choice.source.path in read:
            continue  # it is read as something else
        elif (first := behind.get(choice.source.path)) is not None:
            yield problem(
                "behind-another", file=file, export=export.name, other=first.source.name, stage=choice.input,
                title=INPUTS[choice.input or ""].title, name=file,
            )  # fmt: skip
        elif choice.input is None:
            code = "not-of-use" if choice.proposed is None else "not-such-a-list"
            stage = "" if choice.proposed is None else choice.proposed.name
            yield problem(
                code, file=file, export=export.name, stage=stage, name=file, why=export.lacks, instead=export.instead
            )
        elif choice.proposed is None or choice.input != choice.proposed.name:
            yield problem(
                "looks-like", file=file, export=export.name, stage=choice.input, title=INPUTS[choice.input].title
            )
        if choice.other is not None and export is not None:
            yield problem(
                "of-two-exports", file=file, export=export.name, other=choice.other.name, stage=choice.input or ""
            )
