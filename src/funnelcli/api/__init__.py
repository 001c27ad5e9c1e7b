"""The Python API: a folder of exports is opened, and asked the questions that the commands ask.

``import funnelcli as fc`` gives everything here.  Nothing is printed, no file is written but by ``save``, and what is
wrong with the exports is raised as one of our exceptions, with every problem attached.
"""

from funnelcli.api.cached import CacheResult, cache
from funnelcli.api.checked import CheckResult
from funnelcli.api.definitions import DefinitionResult, catalogue, explain
from funnelcli.api.explained import ExplainResult
from funnelcli.api.folder import Folder
from funnelcli.api.opening import open_folder
from funnelcli.api.planned import TargetsResult, TrackResult
from funnelcli.api.report import ReportResult
from funnelcli.api.result import Result

__all__ = [
    "CacheResult",
    "CheckResult",
    "DefinitionResult",
    "ExplainResult",
    "Folder",
    "ReportResult",
    "Result",
    "TargetsResult",
    "TrackResult",
    "cache",
    "catalogue",
    "explain",
    "open_folder",
]
