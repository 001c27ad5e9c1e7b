"""The application: its commands, and how every run ends."""

import contextlib
import os
import signal
import sys
import threading
from types import FrameType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from funnelcli import __version__
from funnelcli.cli.command import made, with_plain_values
from funnelcli.cli.commands import command_examples, command_function, command_names
from funnelcli.cli.language import begin, spoken
from funnelcli.cli.shells import complete_in, names_shell
from funnelcli.cli.writing import leave
from funnelcli.problems import ExitCode, FunnelError, InputError, Problem, Problems, reason_of
from funnelcli.problems.kinds import Severity
from funnelcli.text import Lang, Message, Text, foreign

_NO_OUTPUT = Message("the output cannot be written: {reason}.")
_NO_MEMORY = Message("there is not enough memory for these exports; nothing was written.")
_CLOSED = Message("standard output is closed; give it one, if only /dev/null.")
_BUG = Message(
    "this is a bug: {kind}: {error}\n"
    "  Nothing was written.  Run again with FUNNELCLI_DEBUG=1 to see where, and please report it."
)
_MORE = Message("  … and {n} more like it ({code}); `funnelcli check` lists them.")


def _complain(text: Text) -> None:
    """A line on standard error in the language of the run."""
    print(f"funnelcli: {text.of(spoken())}", file=sys.stderr)


class Group(TyperGroup):
    """The commands, each made when it is asked for.

    Turns our errors into a message and an exit status, and anything unforeseen into a short apology.
    """

    def get_params(self, ctx: Any) -> list[Any]:
        """The options before a command."""
        return with_plain_values(super().get_params(ctx))

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands, in the order of the help."""
        return command_names()

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name; None where there is no such one."""
        if cmd_name not in self.commands:
            function = command_function(cmd_name)
            if function is None:  # Typer suggests one of those that it knows
                self.commands = {name: self.get_command(ctx, name) for name in command_names()}
                return None
            self.commands[cmd_name] = made(cmd_name, function, command_examples(cmd_name))
        return self.commands[cmd_name]

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, and leave with the exit status of what happened."""
        given = kwargs.get("args", args[0] if args else None)
        arguments = sys.argv[1:] if given is None else list(given)
        begin(arguments, os.environ)
        try:
            if names_shell(arguments):
                complete_in(arguments[0], arguments[1], str(self.name))
            return super().main(*args, **kwargs)
        except FunnelError as error:
            if error.exit_code is not ExitCode.CLOSED_PIPE:
                show_error(error)
            sys.exit(error.exit_code)
        except OSError as error:  # of Typer's own printing, help for one
            with contextlib.suppress(OSError):
                _complain(_NO_OUTPUT.filled(reason=reason_of(error)))
            sys.exit(ExitCode.USAGE)
        except MemoryError:
            _complain(_NO_MEMORY)
            sys.exit(ExitCode.INPUT)
        except Exception as error:
            if _interrupted.is_set():  # which a library may have made an error of its own of
                raise KeyboardInterrupt from error
            if os.environ.get("FUNNELCLI_DEBUG"):
                raise
            _complain(_BUG.filled(kind=type(error).__name__, error=foreign(error)))
            sys.exit(ExitCode.BUG)


app = typer.Typer(
    name="funnelcli",
    cls=Group,
    help="Funnel metrics from a company's own exports: a folder of files in, a monthly dashboard out.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"funnelcli {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("-V", "--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Funnel metrics from a company's own exports: a folder of files in, a monthly dashboard out."""


def show_error(error: FunnelError) -> None:
    """The error on standard error: what happened, where, and what to do next."""
    with contextlib.suppress(OSError):
        lang = spoken()
        print(f"funnelcli: {printable(error.text.of(lang))}", file=sys.stderr)
        if isinstance(error, InputError):
            for line in problem_lines(error.problems, lang):
                print(line, file=sys.stderr)
        if error.hint:
            print(f"  {printable(error.advice.of(lang))}", file=sys.stderr)
        sys.stderr.flush()


def printable(text: str) -> str:
    """Text that may hold cells from data, safe for a terminal; its own line breaks stay."""
    from funnelcli.renderers.wording.tame import tame

    return "\n".join(tame(line) for line in text.split("\n"))


def problem_lines(problems: Problems, lang: Lang = "en") -> list[str]:
    """The first problem of each kind, with how many more there are."""
    first: dict[str, Problem] = {}
    for problem in problems.of(Severity.ERROR) or problems.of(Severity.WARNING):
        first.setdefault(problem.code, problem)
    lines: list[str] = []
    for code, problem in first.items():
        lines.append("")
        lines.append(printable(f"{problem.where.of(lang)}: {problem.text.of(lang)}".replace("\n", " ")))
        lines.append(printable(f"  {problem.advice.of(lang)}"))
        more = problems.count(code) - 1
        if more:
            lines.append(_MORE.filled(n=more, code=code).of(lang))
    return lines


_interrupted = threading.Event()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Ctrl-C, as Python does it, and remembered."""
    _interrupted.set()
    raise KeyboardInterrupt


def main() -> None:
    """Everything but the leaving of the process; ends with SystemExit."""
    if sys.stderr is None:  # a daemon may close it
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115  # open for the whole run
    if sys.stdout is None:
        begin(sys.argv[1:], os.environ)
        _complain(_CLOSED)
        sys.exit(ExitCode.USAGE)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell may have it ignored
        signal.signal(signal.SIGINT, _interrupt)
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, leave)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    # The thread that scans large visits needs the interpreter only for moments, but should not wait long for each.
    sys.setswitchinterval(0.0005)
    # numpy's algebra library would start a thread for each core; there is no algebra here to do.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # pydantic would look through all installed packages for plugins.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    app()


def run() -> None:
    """Main, then exit without freeing millions of cells one by one; with FUNNELCLI_DEBUG, exit the usual way."""
    code: object = 0
    try:
        main()
    except SystemExit as leaving:
        code = leaving.code
    except KeyboardInterrupt:
        code = int(ExitCode.INTERRUPTED)
    status = code if isinstance(code, int) else 0 if code is None else 1
    if os.environ.get("FUNNELCLI_DEBUG"):
        sys.exit(status)
    # Whatever was opened is closed by now, temporary files are gone: nothing is left for the interpreter to do.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # one that is closed is None
            stream.flush()
    os._exit(status)
