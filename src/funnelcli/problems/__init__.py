"""What goes wrong: faults in the data as values, and the errors that end a run."""

from funnelcli.problems.exceptions import (
    BrokenIdentityError,
    ConfigError,
    ExitCode,
    FunnelError,
    GoalError,
    ThresholdError,
    UsageError,
)
from funnelcli.problems.model import MOST_KEPT, Further, InputError, Problem, Problems, problem
from funnelcli.problems.system import line_of, reason_of

__all__ = [
    "MOST_KEPT",
    "BrokenIdentityError",
    "ConfigError",
    "ExitCode",
    "FunnelError",
    "Further",
    "GoalError",
    "InputError",
    "Problem",
    "Problems",
    "ThresholdError",
    "UsageError",
    "line_of",
    "problem",
    "reason_of",
]
