"""The few errors that end a run, each with the exit status that the shell is given."""

from enum import IntEnum

from funnelcli.text import Text, as_text


class ExitCode(IntEnum):
    """What the process answers to the shell."""

    OK = 0
    BUG = 1
    USAGE = 2
    INPUT = 3
    CONFIG = 4
    GOAL = 5
    THRESHOLD = 6
    INTERRUPTED = 130
    CLOSED_PIPE = 141


class FunnelError(Exception):
    """The base of every error that ends a run with a message and no traceback.

    ``text`` and ``advice`` are what happened and what to do next in both languages; ``message``, ``hint`` and the error
    as a string are their English.  A plain string stands for what is the same in both.
    """

    exit_code: ExitCode = ExitCode.BUG

    def __init__(self, message: Text | str, *, hint: Text | str = "") -> None:
        self.text = as_text(message)
        self.advice = as_text(hint)
        super().__init__(self.text.of("en"))

    @property
    def message(self) -> str:
        """What happened, in English."""
        return self.text.of("en")

    @property
    def hint(self) -> str:
        """What to do next, in English; empty where there is nothing to say."""
        return self.advice.of("en")


class UsageError(FunnelError):
    """The options or the output place given on the command line cannot be used."""

    exit_code = ExitCode.USAGE


class ConfigError(FunnelError):
    """funnel.toml is wrong, or says something the data contradicts."""

    exit_code = ExitCode.CONFIG


class GoalError(FunnelError):
    """A goal cannot be met, or cannot be planned for with what is known; the hint says what would make it reachable."""

    exit_code = ExitCode.GOAL


class ThresholdError(FunnelError):
    """A tracked figure is below the share asked for, or a closed one differs from what was reported before."""

    exit_code = ExitCode.THRESHOLD


class BrokenIdentityError(FunnelError):
    """A figure contradicts another one: a bug in funnelcli, never written out."""

    exit_code = ExitCode.BUG
