"""The example folders that come with the package, to try everything with."""

from __future__ import annotations

from pathlib import Path

import funnelcli
from funnelcli.problems import UsageError
from funnelcli.text import Message
from funnelcli.writing import Output, write_files

_PACKAGE = Path(funnelcli.__file__).parent


def examples_folder() -> Path:
    """Where the examples lie: in the installed package, or beside the sources of a checkout.

    >>> (examples_folder() / "plain" / "signups.csv").is_file()
    True
    """
    for folder in (_PACKAGE / "examples", _PACKAGE.parents[1] / "examples"):
        if folder.is_dir():
            return folder
    raise UsageError(
        Message("The examples are not installed."), hint=Message("Install funnelcli again from its wheel.")
    )


def write_examples(target: Path, *, force: bool = False) -> list[Path]:
    """Write the example folders into ``target``, all or none; gives the folders.

    UsageError where a file of another content is in the way, unless it is to be replaced (``force``).
    """
    source = examples_folder()
    folders = sorted(path for path in source.iterdir() if path.is_dir() and path.name[0].isalpha())
    outputs = [
        Output(path=target / path.relative_to(source), data=path.read_bytes())
        for folder in folders
        for path in sorted(folder.iterdir())
        if path.is_file()
    ]
    for output in outputs:
        if not force and output.path.exists() and not _holds(output):
            raise UsageError(
                Message("{target} is there already.").filled(target=output.path),
                hint=Message("Use --force to replace it, or name another folder."),
            )
    write_files([output for output in outputs if not _holds(output)], folders=True)
    return [target / folder.name for folder in folders]


def _holds(output: Output) -> bool:
    """Whether the file is there as it should be."""
    return output.path.is_file() and output.path.read_bytes() == output.data
