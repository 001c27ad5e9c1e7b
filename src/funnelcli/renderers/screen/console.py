"""What is drawn onto: texts as they stand, or a console that knows widths and colours."""

from __future__ import annotations

import io
from functools import cached_property
from typing import IO, TYPE_CHECKING

from rich.text import Text as RichText

from funnelcli.renderers import Style

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

AS_WIDE_AS_NEEDED = 100_000
AS_HIGH_AS_USUAL = 25  # nothing is fitted to it; where it is not given, Rich takes its size from what COLUMNS says
NOTE_WIDTH = 100
COLOURS = {"": "", "dim": "dim", "good": "green", "bad": "red", "bold": "bold"}


class Screen:
    """What is drawn onto: it writes into ``out``, and takes nothing from data for markup.

    Where there is no colour, a text that is not to be wrapped is written as it stands, as in a file or a pipe all are:
    Rich's console, which draws all else, takes longer to be imported than most answers to be made.
    """

    def __init__(self, style: Style, out: IO[str]) -> None:
        self.out = out
        self._style = style

    def print(self, drawn: RenderableType = "", *, soft_wrap: bool = False, width: int | None = None) -> None:
        """Draw a text or a table, in lines of its own."""
        text = drawn.plain if isinstance(drawn, RichText) else drawn
        is_plain = not self._style.colour and (soft_wrap or self._style.width is None)
        if isinstance(text, str) and is_plain and "\t" not in text and len(text) < AS_WIDE_AS_NEEDED:
            self.out.write(f"{text}\n")
        else:
            self._console.print(drawn, soft_wrap=soft_wrap, width=width)

    @cached_property
    def _console(self) -> Console:
        from rich.console import Console

        return Console(
            file=self.out,
            force_terminal=self._style.colour,
            no_color=not self._style.colour,
            color_system="256" if self._style.colour else None,
            width=self._style.width or AS_WIDE_AS_NEEDED,
            height=AS_HIGH_AS_USUAL,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
            soft_wrap=False,
        )


def finished(out: io.StringIO) -> str:
    """What was drawn, without the blanks that tables leave at the ends of lines."""
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").split("\n")) + "\n"
