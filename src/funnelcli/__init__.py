"""Funnel metrics from a company's own exports: a folder of files in, a monthly dashboard out.

>>> import funnelcli as fc
>>> fc.catalogue().to_frame().loc[0, "metric"]
'total_leads'
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from funnelcli.api import (
        CacheResult,
        ChangeResult,
        CheckResult,
        CohortsResult,
        CommissionResult,
        DefinitionResult,
        ExplainResult,
        FlywheelResult,
        Folder,
        JourneyResult,
        ReportResult,
        Result,
        StuckResult,
        TargetsResult,
        TrackResult,
        cache,
        catalogue,
        explain,
        open_folder,
    )
    from funnelcli.problems import (
        BrokenIdentityError,
        ConfigError,
        FunnelError,
        GoalError,
        InputError,
        Problem,
        Problems,
        ThresholdError,
        UsageError,
    )

__all__ = [
    "BrokenIdentityError", "CacheResult", "ChangeResult", "CheckResult", "CohortsResult", "CommissionResult",
    "ConfigError", "DefinitionResult", "ExplainResult", "FlywheelResult", "Folder", "FunnelError", "GoalError",
    "InputError", "JourneyResult", "Problem", "Problems", "ReportResult", "Result", "StuckResult", "TargetsResult",
    "ThresholdError", "TrackResult", "UsageError", "cache", "catalogue", "explain", "open_folder",
]  # fmt: skip
_PROBLEMS = frozenset(name for name in __all__ if name.endswith("Error") or name.startswith("Problem"))


def __getattr__(name: str) -> Any:
    """The names of the API, imported when they are first asked for: ``import funnelcli`` alone costs nothing."""
    import importlib

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("funnelcli.problems" if name in _PROBLEMS else "funnelcli.api"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
