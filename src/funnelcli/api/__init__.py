"""The Python API: a folder of exports is opened, and asked the questions that the commands ask.

``import funnelcli as fc`` gives everything here.  Nothing is printed, no file is written but by ``save``, and what is
wrong with the exports is raised as one of our exceptions, with every problem attached.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from funnelcli.api.cached import CacheResult, cache
    from funnelcli.api.change import ChangeResult
    from funnelcli.api.checked import CheckResult
    from funnelcli.api.cohort import CohortsResult, JourneyResult, StuckResult
    from funnelcli.api.definitions import DefinitionResult, catalogue, explain
    from funnelcli.api.explained import ExplainResult
    from funnelcli.api.folder import Folder
    from funnelcli.api.opening import open_folder
    from funnelcli.api.owing import CommissionResult
    from funnelcli.api.planned import TargetsResult, TrackResult
    from funnelcli.api.report import ReportResult
    from funnelcli.api.result import Result
    from funnelcli.api.turning import FlywheelResult

__all__ = [
    "CacheResult",
    "ChangeResult",
    "CheckResult",
    "CohortsResult",
    "CommissionResult",
    "DefinitionResult",
    "ExplainResult",
    "FlywheelResult",
    "Folder",
    "JourneyResult",
    "ReportResult",
    "Result",
    "StuckResult",
    "TargetsResult",
    "TrackResult",
    "cache",
    "catalogue",
    "explain",
    "open_folder",
]
# What is asked without exports needs nothing of what reads them.
_MODULES = {
    "CacheResult": "cached",
    "ChangeResult": "change",
    "CheckResult": "checked",
    "CohortsResult": "cohort",
    "CommissionResult": "owing",
    "DefinitionResult": "definitions",
    "ExplainResult": "explained",
    "FlywheelResult": "turning",
    "Folder": "folder",
    "JourneyResult": "cohort",
    "ReportResult": "report",
    "Result": "result",
    "StuckResult": "cohort",
    "TargetsResult": "planned",
    "TrackResult": "planned",
    "cache": "cached",
    "catalogue": "definitions",
    "explain": "definitions",
    "open_folder": "opening",
}


def __getattr__(name: str) -> Any:
    """A name of the API, imported when it is first asked for."""
    import importlib

    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
