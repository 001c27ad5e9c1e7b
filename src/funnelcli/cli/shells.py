"""Completion for a shell that is named, where another than the one that runs now is meant."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

from funnelcli.cli.language import spoken
from funnelcli.problems import UsageError
from funnelcli.text import COMMA, Message, joined

SHOW, INSTALL = "--show-completion", "--install-completion"


def names_shell(arguments: Sequence[str]) -> bool:
    """Whether a command line asks for completion and names a shell behind that.

    >>> names_shell(["--show-completion", "zsh"]), names_shell(["--show-completion"]), names_shell(["report", "zsh"])
    (True, False, False)
    """
    return len(arguments) == 2 and arguments[0] in (SHOW, INSTALL) and not arguments[1].startswith("-")


def complete_in(option: str, shell: str, program: str) -> NoReturn:
    """Show or install the completion of a ``program`` for a shell, and leave; UsageError for one that there is not."""
    from typer.completion import (  # type: ignore[attr-defined]  # Typer's own names
        Shells,
        completion_init,
        get_completion_script,
        install,
    )

    known = [each.value for each in Shells]
    if shell not in known:
        raise UsageError(
            Message("{shell!r} is no shell that completion is made for.").filled(shell=shell),
            hint=Message("They are {known}.").filled(known=joined(COMMA, known)),
        )
    completion_init()
    variable = f"_{program.replace('-', '_').upper()}_COMPLETE"
    if option == SHOW:
        print(get_completion_script(prog_name=program, complete_var=variable, shell=shell))
    else:
        _, path = install(shell=shell, prog_name=program, complete_var=variable)
        done = Message("{shell} completion installed in {path}; a new terminal has it.")
        print(done.filled(shell=shell, path=path).of(spoken()))
    sys.exit(0)
