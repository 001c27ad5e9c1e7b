"""One run of a command: the folder, the language, the screen, and where output goes."""

import contextlib
import os
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, TextIO

from msgspec import Struct, field
from msgspec.structs import replace

from funnelcli.cli.language import settle, spoken
from funnelcli.cli.writing import terminated_as_exit, write_stdout
from funnelcli.problems import FunnelError, InputError, Problems, UsageError
from funnelcli.renderers import Format, Style
from funnelcli.text import Lang, Message, Text, as_text, joined
from funnelcli.writing import Output, write_files

if TYPE_CHECKING:
    from funnelcli.answers.answer import Answer
    from funnelcli.answers.judged import Judged
    from funnelcli.api import Folder
    from funnelcli.cli.outputs import Copy, Delivery
    from funnelcli.reading.discover import SourceFile
    from funnelcli.reading.meter import Meter

LEAST_WIDTH = 40
_WROTE = Message("wrote {output}")
_TO_NOBODY = Message("the message is for nobody yet: sendmail -t needs --mail-to, or [mail] to in funnel.toml")
_UNCHANGED = Message("{output} is as it was")


class Session(Struct, kw_only=True):
    """The surroundings of one run, looked at once: the clock, the environment, the terminal."""

    quiet: bool = False
    no_color: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    _given: str | None = None
    _folder: "Folder | None" = None

    @property
    def colour(self) -> bool:
        """Whether standard output is a terminal that wants colour."""
        return self._colour_on(sys.stdout)

    def _colour_on(self, stream: TextIO) -> bool:
        unwanted = self.no_color or self.environ.get("NO_COLOR") or self.environ.get("TERM") == "dumb"
        return stream.isatty() and not unwanted

    @property
    def width(self) -> int | None:
        """The width of the terminal on which output will be read; None where none is known, so that nothing is cut.

        Of what is piped into a pager that is the terminal which standard error or input still are.
        """
        if sys.stdout.isatty():
            return max(shutil.get_terminal_size().columns, LEAST_WIDTH)
        said = self.environ.get("COLUMNS", "")
        columns = int(said) if said.isdecimal() else 0
        columns = columns or (_width_of(sys.stderr, sys.stdin) if _is_pipe(sys.stdout) else 0)
        return max(columns, LEAST_WIDTH) if columns else None

    def lang(self, given: str | None, config: Lang | None = None) -> Lang:
        """The language for people: the option, the config, FUNNELCLI_LANG, then the locale."""
        self._given = given
        return settle(given, config, self.environ)

    def say(self, text: Text) -> None:
        """A remark on standard error, unless quiet."""
        if not self.quiet:
            print(text.of(spoken()), file=sys.stderr)

    def say_changes(self, notes: Sequence[Text]) -> None:
        """What differs from an earlier report, on standard error; who sits at a terminal reads it below the figures."""
        if not sys.stdout.isatty():
            for note in notes:
                self.say(joined("", ["funnelcli: ", note]))

    @contextlib.contextmanager
    def progress(self, files: Mapping[str, Sequence["SourceFile"]]) -> Iterator["Meter | None"]:
        """A line on standard error, while reading takes long, that says how far it is; none where nobody watches.

        Nobody does where it is no terminal, in CI, and where a pager has the terminal for what it is given by a pipe.
        """
        watched = not self.quiet and sys.stderr.isatty() and self.environ.get("TERM") != "dumb"
        if not watched or self.environ.get("CI") or _is_pipe(sys.stdout):
            yield None
            return
        from funnelcli.cli.watching import watched_meter

        paths = [file.path for given in files.values() for file in given]
        lang = self.lang(self._given, self._folder.config.business.lang if self._folder else None)
        with watched_meter(paths, sys.stderr, lang, colour=self._colour_on(sys.stderr)) as meter:
            yield meter

    # --- reading ---------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def folder(
        self,
        path: Path,
        named: Mapping[str, Sequence[str] | None] = MappingProxyType({}),
        given: Mapping[str, Any] = MappingProxyType({}),
        caution: Mapping[str, Any] = MappingProxyType({}),
        *,
        configured: bool = True,
    ) -> Iterator["Folder"]:
        """The folder of exports, as the command line says; what goes wrong within is said in its language.

        ``named`` are the files of inputs, ``given`` what was said of how large files are read, ``caution`` of how much
        is to be said and accepted.  What is odd about what was counted is said at the end.
        """
        from funnelcli.answers.sources import Effort, Sources, usual_cache
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
            strict=caution.get("strict", False),
        )
        with Folder(sources, now=self.now) as folder:
            self._folder = folder
            try:
                yield folder
                if folder.judged is not None:
                    self._speak(folder.judged, path, verbose=caution.get("verbose", False))
            except FunnelError:
                with contextlib.suppress(FunnelError):
                    self.lang(self._given, folder.config.business.lang)
                raise

    def _speak(self, judged: "Judged", path: Path, *, verbose: bool) -> None:
        """What was decided, where that is wanted, and what is odd about what was counted, on standard error.

        Who sits at a terminal has read the latter below the figures, but for alarms.
        """
        from funnelcli.cli.warned import decision_lines, warning_lines

        lines = list(decision_lines(judged.decided, spoken())) if verbose else []
        if not self.quiet and not judged.listed:
            lines += warning_lines(judged.warnings, path, spoken(), alarms_only=sys.stdout.isatty())
        for line in lines:
            print(line, file=sys.stderr)

    # --- writing ---------------------------------------------------------------------------------------------

    def deliver(
        self,
        answer: "Answer",
        wanted: "Delivery",
        lang: Lang,
        *,
        inputs: Sequence[Path] = (),
        beside: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        """Write the answer in the formats, the layout and the places asked for; it may replace none of the ``inputs``.

        ``beside`` are further files, whose names may have placeholders too.

        All is made before the first file is written; what goes to standard output comes last.
        """
        files, shown = [], []
        own = self._folder.own_files if self._folder and (wanted.has_files or beside) else []
        for copy, output in wanted.placed(answer.names, [*inputs, *own]):
            style = self._style(wanted, copy, lang)
            data = self._rendered(answer, copy.form, style)
            if output is None:
                shown.append(data)
                if copy.form.takes_mail and not style.mail.is_addressed:
                    self.say(_TO_NOBODY)
            else:
                files.append((output, data, wanted.leaves(copy, output, data, answer.names)))
                self._compare(output, data, copy.form)
        for name, data in beside.items():
            files.append((wanted.place(name, answer.names, [*inputs, *own]), data, False))
        write_files(
            [Output(path=path, data=data) for path, data, unchanged in files if not unchanged],
            folders=True,
            guard=terminated_as_exit,
        )
        for path, _, unchanged in files:
            self.say((_UNCHANGED if unchanged else _WROTE).filled(output=path))
        for data in shown:
            write_stdout(data)

    def _rendered(self, answer: "Answer", form: "Format", style: Style) -> bytes:
        """The answer in a format, written with the metrics that the settings of the folder declare."""
        from funnelcli.api.declared import declaring

        with declaring(self._folder.own_metrics if self._folder is not None else ()):
            return form.render(answer, style)

    def _compare(self, path: Path, data: bytes, form: "Format") -> None:
        """A warning where an output has lost most of what the file counts that it replaces; strictly, the end."""
        from funnelcli.answers.sources import strict_refusal
        from funnelcli.cli.replaced import rows_lost
        from funnelcli.cli.warned import warning_line

        lost = rows_lost(path, data, form)
        if lost is None:
            return
        folder = self._folder
        if folder is not None and folder.sources.strict and lost.code not in folder.config.strict.accept:
            problems = Problems()
            problems.add(lost)
            raise InputError(strict_refusal(problems), problems=problems)
        self.say(as_text(warning_line(lost, spoken())))

    def _style(self, wanted: "Delivery", copy: "Copy", lang: Lang) -> Style:
        on_screen = copy.output is None
        width, colour = (self.width, self.colour) if on_screen else (None, False)
        mail = wanted.style.mail if self._folder is None else wanted.style.mail.over(self._folder.config.mail.mail)
        whole = not sys.stdout.isatty()
        return replace(wanted.style, lang=lang, width=width, colour=colour, whole=whole, mail=mail)


def _is_pipe(stream: TextIO) -> bool:
    """Whether somebody reads what is written there."""
    try:
        return stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return False


def _width_of(*streams: TextIO | None) -> int:
    """How many columns the terminal has that a stream is, the first that is one; 0 where none is."""
    for stream in streams:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            return os.get_terminal_size(stream.fileno()).columns  # type: ignore[union-attr]  # none, where it is closed
    return 0


def _standard_input() -> IO[bytes]:
    if sys.stdin is None:
        raise UsageError(
            Message("standard input is closed."),
            hint=Message("Give a file, or pipe something into it."),
        )
    return sys.stdin.buffer
