"""One run of a command: the folder, the language, the screen, and where output goes."""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TextIO

from funnelcli.answers.answer import Answer, Layout
from funnelcli.answers.sources import Sources
from funnelcli.cli.writing import terminated_as_exit, write_stdout
from funnelcli.problems import UsageError
from funnelcli.reading.discover import SourceFile, input_of
from funnelcli.renderers import LAYOUTS, Format, Style, View, by_extension, formats, screen_format
from funnelcli.text import LANGS, Lang
from funnelcli.writing import write_file

if TYPE_CHECKING:
    from funnelcli.api import Folder

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

    def folder(
        self, path: Path, named: Mapping[str, Sequence[str] | None] = MappingProxyType({}), *, configured: bool = True
    ) -> "Folder":
        """The folder of exports, as the command line says."""
        from funnelcli.api import Folder

        sources = Sources(
            path=path,
            configured=configured,
            named={name: list(files) for name, files in named.items() if files},
            stdin=lambda: sys.stdin.buffer,
            progress=self.progress,
        )
        return Folder(sources, now=self.now)

    # --- writing ---------------------------------------------------------------------------------------------

    def deliver(self, answer: Answer, wanted: "Delivery", lang: Lang, *, inputs: Sequence[Path] = ()) -> None:
        """The answer in the format, the layout and the place that were asked for; it may replace none of the ``inputs``."""
        on_screen = wanted.output in (None, "-")
        style = Style(
            lang=lang,
            layout=wanted.layout,
            bom=wanted.bom and wanted.form.takes_bom,
            width=self.width if on_screen else None,
            colour=self.colour if on_screen else False,
        )
        self.write(wanted.form.render(answer, style), wanted.output, inputs=inputs)

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
        write_file(path, data, guard=terminated_as_exit)
        self.say(f"wrote {output}")


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How and where an answer is wanted, checked before anything is read."""

    form: Format
    output: str | None
    layout: Layout | None = None
    bom: bool = False

    def shows(self, view: View) -> bool:
        """Whether the format shows a side of an answer."""
        return view in self.form.views


def delivery(
    form: str | None,
    output: str | None,
    *,
    layout: Layout | None = None,
    among: Sequence[Layout] = tuple(Layout),
    bom: bool = False,
) -> Delivery:
    """Options made into a delivery; ``among`` are the layouts that the command's answer has.

    UsageError where they contradict each other or name what there is not.
    """
    chosen = format_for(form, output)
    if not chosen.is_text and output in (None, "-") and sys.stdout.isatty():
        raise UsageError(
            f"{chosen.name} is not for a terminal.", hint=f"Write it to a file: -o report{chosen.extensions[0]}."
        )
    if layout is not None:
        _check_layout(layout, among, chosen)
    return Delivery(form=chosen, output=output, layout=layout, bom=bom)


def _check_layout(layout: Layout, among: Sequence[Layout], chosen: Format) -> None:
    """UsageError for a layout that this answer or the format has not; wide and tidy do no harm in any format."""
    if layout not in among:
        fitting = " or ".join(fit.value for fit in among)
        raise UsageError(f"--layout {layout.value} is for a split report.", hint=f"Here it is {fitting}.")
    if layout in LAYOUTS[View.PAGE] and layout not in chosen.layouts:
        fitting = ", ".join(form.name for form in formats().values() if layout in form.layouts)
        raise UsageError(
            f"--layout {layout.value} does not fit -f {chosen.name}.",
            hint=f"It fits {fitting}; {chosen.name} {_own(chosen)}.",
        )


def _own(chosen: Format) -> str:
    layouts = " or ".join(layout.value for layout in chosen.layouts)
    return f"is {layouts}" if layouts else "has but one layout"


def format_for(given: str | None, output: str | None) -> Format:
    """The format: as asked for, else by the ending of the output file, else the one for screens.

    >>> format_for(None, "october.md").name
    'md'
    """
    if given is not None:
        named = formats().get(given.strip().casefold())
        if named is None:
            raise UsageError(f"-f {given!r} is no format.", hint=f"The formats are {', '.join(formats())}.")
        return named
    if output in (None, "-"):
        return screen_format()
    assert output is not None
    suffix = Path(output).suffix.casefold()
    endings = by_extension()
    if suffix in endings:
        return endings[suffix]
    if Path(output).exists() and not Path(output).is_file():
        return screen_format()
    raise UsageError(
        f"-o {output}: the ending {suffix or '(none)'} tells no format.",
        hint=f"Use one of {' '.join(endings)}, or say the format with -f.",
    )
