"""A console that draws into text, and the blocks it is given as they should stand there."""

from __future__ import annotations

import io
from typing import IO

from rich.console import Console

from funnelcli.renderers import Style

AS_WIDE_AS_NEEDED = 100_000
NOTE_WIDTH = 100
COLOURS = {"": "", "dim": "dim", "good": "green", "bad": "red", "bold": "bold"}


def console(style: Style, out: IO[str]) -> Console:
    """A console that writes into ``out`` and takes nothing from data for markup."""
    return Console(
        file=out,
        force_terminal=style.colour,
        no_color=not style.colour,
        color_system="standard" if style.colour else None,
        width=style.width or AS_WIDE_AS_NEEDED,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        soft_wrap=False,
    )


def finished(out: io.StringIO) -> str:
    """The console's text without the blanks that tables leave at the ends of lines."""
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").split("\n")) + "\n"
