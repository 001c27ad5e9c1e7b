"""Which file of targets is meant, and what it holds."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.cells import Words
from funnelcli.answers.targets_file import read_targets
from funnelcli.answers.targets_names import Names
from funnelcli.answers.targets_tables import Targets
from funnelcli.config import Config
from funnelcli.planning.teams import ownership
from funnelcli.problems import FunnelError, UsageError
from funnelcli.reading.discover import STDIN
from funnelcli.reading.small import read_once, read_small
from funnelcli.text import Message
from funnelcli.values.channels import ChannelMap

Known = TypeVar("Known")
MQLS = "mqls"


class NamedTargets(Struct, frozen=True, kw_only=True):
    """Targets, and the name of the file they are from."""

    targets: Targets
    name: str
    path: Path | None


def names_of(config: Config) -> Names:
    """What names channels and teams in a file of targets, by the settings."""
    return Names(ChannelMap(config.channels), frozenset(ownership(config.teams).teams))


def with_promise(config: Config, folder: Path, stdin: Callable[[], IO[bytes]]) -> Config:
    """The settings with the MQLs by month, and by channel, that the targets promise which the agreement names.

    Targets that cannot be read promise nothing: who asks for the agreement is told so.
    """
    goal = config.sla.goal
    if goal is None or not goal.file:
        return config
    try:
        known = load_targets(str(folder / goal.file), folder, stdin, names_of(config)).targets.rows
    except FunnelError:
        return config
    by_channel = {
        channel.value: months for (key, channel, team), months in known.items()
        if key == MQLS and channel is not None and team is None
    }  # fmt: skip
    return replace(config, sla=config.sla.promising(known.get((MQLS, None, None), {}), by_channel))


def load_targets(
    given: str | None, folder: Path, stdin: Callable[[], IO[bytes]], names: Names, *, option: str = "--targets"
) -> NamedTargets:
    """The targets in a file that an ``option`` names, from standard input, or else the targets of the folder.

    UsageError where there are none, or where they cannot be read.
    """
    if given == STDIN:
        data = read_small(stdin(), f"{option} stdin")
        return NamedTargets(targets=read_targets(data, "stdin", names), name="stdin", path=None)
    path = Path(given) if given is not None else _beside(folder)
    data = read_once(path, f"{option} {path}")
    return NamedTargets(targets=read_targets(data, path.name, names), name=path.name, path=path)


def targets_in(data: bytes, name: str) -> NamedTargets:
    """The targets in a text that ``funnelcli targets`` would write; UsageError where they cannot be read."""
    return NamedTargets(targets=read_targets(data, name), name=name, path=None)


_BESIDE = ("targets.csv", "targets.json", "targets.xlsx", "targets.md", "targets.tsv")


def targets_beside(folder: Path) -> list[Path]:
    """The files of targets in the folder of exports."""
    root = folder if folder.is_dir() else folder.parent
    return [root / name for name in _BESIDE if (root / name).is_file()]


def _beside(folder: Path) -> Path:
    """The one file of targets in the folder of exports."""
    present = targets_beside(folder)
    if len(present) > 1:
        raise UsageError(
            Message("There are both {one} and {other}.").filled(one=present[0].name, other=present[1].name),
            hint=Message("Say which with --targets."),
        )
    if not present:
        raise UsageError(
            Message("There are no targets to compare with."),
            hint=Message("Write them with funnelcli targets … -o targets.csv, and give --targets targets.csv."),
        )
    return present[0]


def if_readable(load: Callable[[], Known], *, asked: bool) -> tuple[Known | None, Words | None]:
    """What is made of the targets of a folder, else why they are not shown; those ``asked`` for must be read."""
    try:
        return load(), None
    except FunnelError as error:
        if asked:
            raise
        return None, Words(Message("The targets of the folder are not shown: {why}").filled(why=error.text))
