"""One run of a command: the folder, the language, the screen, and where output goes."""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from funnelcli.answers.sources import Sources
from funnelcli.cli.writing import write_file, write_stdout
from funnelcli.problems import UsageError
from funnelcli.reading.discover import SourceFile, input_of
from funnelcli.renderers import EXTENSIONS, Format, Style
from funnelcli.text import LANGS, Lang

LONG_READ_BYTES = 20_000_000


@dataclass(kw_only=True)
class Session:
    """The surroundings of one run, looked at once: the clock, the environment, the terminal."""

    quiet: bool = False
    no_color: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def _chatty(self) -> bool:
        return not self.quiet and sys.stderr.isatty()

    @property
    def colour(self) -> bool:
        """Whether standard output is a terminal that wants colour."""
        return self._colour_on(sys.stdout)

    def _colour_on(self, stream: TextIO) -> bool:
        unwanted = self.no_color or self.environ.get("NO_COLOR") or self.environ.get("TERM") == "dumb"
        return stream.isatty() and not unwanted

    @property
    def width(self) -> int | None:
        """The width of the terminal; None where standard output is none, so that nothing is cut."""
        return max(shutil.get_terminal_size().columns, 40) if sys.stdout.isatty() else None

    def lang(self, given: str | None, config: Lang | None = None) -> Lang:
        """The language for people: the option, the config, FUNNELCLI_LANG, then the locale."""
        for name, value in (("--lang", given), ("FUNNELCLI_LANG", self.environ.get("FUNNELCLI_LANG"))):
            if value and value not in LANGS:
                raise UsageError(f"{name} {value!r} is no language.", hint="The languages are en and vi.")
        if given in LANGS:
            return given
        if config:
            return config
        own = self.environ.get("FUNNELCLI_LANG")
        if own in LANGS:
            return own
        locale = self.environ.get("LC_ALL") or self.environ.get("LANG") or ""
        return "vi" if locale.lower().startswith("vi") else "en"

    def say(self, text: str) -> None:
        """A remark on standard error, unless quiet."""
        if not self.quiet:
            print(text, file=sys.stderr)

    @contextlib.contextmanager
    def progress(self, files: Mapping[str, Sequence[SourceFile]]) -> Iterator[Callable[[str], None]]:
        """A status line on standard error while large files are read; nothing where that is no terminal."""
        size = sum(one.path.stat().st_size for given in files.values() for one in given if one.path.is_file())
        if not self._chatty or size < LONG_READ_BYTES:
            yield lambda _: None
            return
        from rich.console import Console

        screen = Console(stderr=True, highlight=False, markup=False, no_color=not self._colour_on(sys.stderr))
        with screen.status("reading") as status:
            yield lambda text: status.update(text)

    # --- reading ---------------------------------------------------------------------------------------------

    def sources(self, path: Path, named: Mapping[str, Sequence[str] | None]) -> Sources:
        """Where the exports are, as the command line says."""
        return Sources(
            path=path,
            named={stage: list(files) for stage, files in named.items() if files},
            stdin=lambda: sys.stdin.buffer,
            progress=self.progress,
        )

    # --- writing ---------------------------------------------------------------------------------------------

    def style(self, lang: Lang, output: str | None, **more: object) -> Style:
        """How the output should look where it goes."""
        on_screen = output in (None, "-")
        return Style(
            lang=lang,
            width=self.width if on_screen else None,
            colour=self.colour if on_screen else False,
            **more,  # type: ignore[arg-type]  # layout and bom, passed on by name
        )

    def write(self, data: bytes, output: str | None, *, inputs: Sequence[Path] = ()) -> None:
        """The bytes to standard output, or whole to the file ``output``, which may be none of the ``inputs``."""
        if output in (None, "-"):
            write_stdout(data)
            return
        assert output is not None
        path = Path(output)
        if any(path.resolve() == one.resolve() for one in inputs):
            raise UsageError(f"-o {output} is one of the exports.", hint="Give another file name.")
        if input_of(path.name) and path.resolve().parent in {one.resolve().parent for one in inputs}:
            raise UsageError(
                f"-o {output} would be read as an export the next time.", hint="Give another name, or another folder."
            )
        write_file(path, data)
        self.say(f"wrote {output}")


def format_for(given: Format | None, output: str | None) -> Format:
    """The format: as asked for, else by the ending of the output file, else a table.

    >>> format_for(None, "october.md").value
    'md'
    """
    if given is not None:
        return given
    if output in (None, "-"):
        return Format.TABLE
    assert output is not None
    suffix = Path(output).suffix.casefold()
    if suffix in EXTENSIONS:
        return EXTENSIONS[suffix]
    if Path(output).exists() and not Path(output).is_file():
        return Format.TABLE
    raise UsageError(
        f"-o {output}: the ending {suffix or '(none)'} tells no format.",
        hint=f"Use one of {' '.join(EXTENSIONS)}, or say the format with -f.",
    )
