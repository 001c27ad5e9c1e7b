"""One run of a command: the folder, the language, the screen, and where output goes."""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, TextIO

from msgspec import Struct, field

from funnelcli.answers.answer import Answer
from funnelcli.answers.layout import Layout
from funnelcli.answers.sources import Effort, Sources, usual_cache
from funnelcli.cli.language import settle, spoken
from funnelcli.cli.writing import terminated_as_exit, write_stdout
from funnelcli.config import FILE_NAME, SCHEMA_NAME
from funnelcli.problems import FunnelError, UsageError
from funnelcli.reading.discover import SourceFile, input_of
from funnelcli.renderers import LAYOUTS, Format, Style, View, by_extension, formats, known_formats, screen_format
from funnelcli.text import OR, Lang, Text, joined
from funnelcli.writing import write_file

if TYPE_CHECKING:
    from funnelcli.api import Folder

LONG_READ_BYTES = 20_000_000


class Session(Struct, kw_only=True):
    """The surroundings of one run, looked at once: the clock, the environment, the terminal."""

    quiet: bool = False
    no_color: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    _given: str | None = None
    _folder: "Folder | None" = None

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
        self._given = given
        return settle(given, config, self.environ)

    def say(self, text: Text) -> None:
        """A remark on standard error, unless quiet."""
        if not self.quiet:
            print(text.of(spoken()), file=sys.stderr)

    @contextlib.contextmanager
    def progress(self, files: Mapping[str, Sequence[SourceFile]]) -> Iterator[Callable[[Text], None]]:
        """A status line on standard error while large files are read; nothing where that is no terminal."""
        size = sum(file.path.stat().st_size for given in files.values() for file in given if file.path.is_file())
        if not self._chatty or size < LONG_READ_BYTES:
            yield lambda _: None
            return
        from rich.console import Console

        screen = Console(stderr=True, highlight=False, markup=False, no_color=not self._colour_on(sys.stderr))
        with screen.status(Text("reading", "đang đọc").of(spoken())) as status:
            yield lambda text: status.update(text.of(spoken()))

    # --- reading ---------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def folder(
        self,
        path: Path,
        named: Mapping[str, Sequence[str] | None] = MappingProxyType({}),
        given: Mapping[str, Any] = MappingProxyType({}),
        *,
        configured: bool = True,
    ) -> Iterator["Folder"]:
        """The folder of exports, as the command line says; what goes wrong within is said in its language.

        ``named`` are the files of inputs, ``given`` what was said of how large files are read.
        """
        from funnelcli.api import Folder

        sources = Sources(
            path=path,
            configured=configured,
            named={name: list(files) for name, files in named.items() if files},
            stdin=_standard_input,
            progress=self.progress,
            effort=Effort(
                **{name: given.get(name) for name in ("threads", "engine", "scheduler", "workers")},
                cache=None if given.get("no_cache", True) else usual_cache(),
                verify=given.get("verify", False),
            ),
        )
        with Folder(sources, now=self.now) as folder:
            self._folder = folder
            try:
                yield folder
            except FunnelError:
                with contextlib.suppress(FunnelError):
                    self.lang(self._given, folder.config.business.lang)
                raise

    # --- writing ---------------------------------------------------------------------------------------------

    def deliver(self, answer: Answer, wanted: "Delivery", lang: Lang, *, inputs: Sequence[Path] = ()) -> None:
        """Write the answer in the format, the layout and the place asked for; it may replace none of the ``inputs``."""
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
        check_output(path, output, [*inputs, *(self._folder.own_files if self._folder else ())])
        write_file(path, data, guard=terminated_as_exit)
        self.say(Text("wrote {output}", "đã ghi {output}").filled(output=output))


def _standard_input() -> IO[bytes]:
    if sys.stdin is None:
        raise UsageError(
            Text("standard input is closed.", "đầu vào chuẩn đã đóng."),
            hint=Text("Give a file, or pipe something into it.", "Chỉ một tệp, hoặc nối ống dẫn (pipe) vào."),
        )
    return sys.stdin.buffer


def check_output(path: Path, output: str, kept: Sequence[Path]) -> None:
    """UsageError where an output would replace one of the files to be ``kept``, or be read as one the next time."""
    if path.resolve().name.casefold() in (FILE_NAME, SCHEMA_NAME) or path.name.casefold() in (FILE_NAME, SCHEMA_NAME):
        raise UsageError(
            Text("-o {output} is the place of the settings.", "-o {output} là chỗ của cấu hình.").filled(output=output),
            hint=Text("Give another file name.", "Chọn tên tệp khác."),
        )
    if any(_is_same(path, source) for source in kept):
        raise UsageError(
            Text(
                "-o {output} is one of the exports, or the settings.",
                "-o {output} là một trong các tệp dữ liệu, hoặc cấu hình.",
            ).filled(output=output),
            hint=Text("Give another file name.", "Chọn tên tệp khác."),
        )
    if input_of(path.name) and path.resolve().parent in {source.resolve().parent for source in kept}:
        raise UsageError(
            Text(
                "-o {output} would be read as an export the next time.",
                "-o {output} lần sau sẽ bị đọc như tệp dữ liệu.",
            ).filled(output=output),
            hint=Text("Give another name, or another folder.", "Chọn tên khác, hoặc thư mục khác."),
        )


def _is_same(path: Path, source: Path) -> bool:
    """Whether two paths are one file, by whatever name: a link, another spelling."""
    try:
        return path.samefile(source)
    except OSError:
        return path.resolve() == source.resolve()


class Delivery(Struct, frozen=True, kw_only=True):
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
            Text("{form} is not for a terminal.", "{form} không hiện được trên terminal.").filled(form=chosen.name),
            hint=Text("Write it to a file: -o report{ending}.", "Ghi ra tệp: -o report{ending}.").filled(
                ending=chosen.extensions[0]
            ),
        )
    if layout is not None:
        _check_layout(layout, among, chosen)
    return Delivery(form=chosen, output=output, layout=layout, bom=bom)


def _check_layout(layout: Layout, among: Sequence[Layout], chosen: Format) -> None:
    """UsageError for a layout that this answer or the format has not; wide and tidy do no harm in any format."""
    if layout not in among:
        raise UsageError(
            Text("--layout {layout} is for a split report.", "--layout {layout} chỉ dùng cho báo cáo có chia.").filled(
                layout=layout.value
            ),
            hint=Text("Here it is {fitting}.", "Ở đây dùng {fitting}.").filled(
                fitting=joined(OR, [fit.value for fit in among])
            ),
        )
    if layout in LAYOUTS[View.PAGE] and layout not in chosen.layouts:
        fitting = ", ".join(form.name for form in formats().values() if layout in form.layouts)
        raise UsageError(
            Text("--layout {layout} does not fit -f {form}.", "--layout {layout} không hợp với -f {form}.").filled(
                layout=layout.value, form=chosen.name
            ),
            hint=Text("It fits {fitting}; {form} {own}.", "Hợp với {fitting}; {form} {own}.").filled(
                fitting=fitting, form=chosen.name, own=_own(chosen)
            ),
        )


def _own(chosen: Format) -> Text:
    if not chosen.layouts:
        return Text("has but one layout", "chỉ có một bố cục")
    return Text("is {layouts}", "có {layouts}").filled(layouts=joined(OR, [layout.value for layout in chosen.layouts]))


def format_for(given: str | None, output: str | None) -> Format:
    """The format: as asked for, else by the ending of the output file, else the one for screens.

    >>> format_for(None, "october.md").name
    'md'
    """
    if given is not None:
        named = formats().get(given.strip().casefold())
        if named is None:
            text = Text("-f {given!r} is no format.", "-f {given!r} không phải định dạng.")
            raise UsageError(text.filled(given=given), hint=known_formats())
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
        Text(
            "-o {output}: the ending {ending} tells no format.", "-o {output}: không rõ định dạng qua đuôi {ending}."
        ).filled(output=output, ending=suffix or Text("(none)", "(trống)")),
        hint=Text(
            "Use one of {endings}, or say the format with -f.", "Dùng một trong {endings}, hoặc chỉ định dạng bằng -f."
        ).filled(endings=" ".join(endings)),
    )
