"""The metrics that the settings of a folder declare: a question is asked, and its answer is written, with these too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from funnelcli.api.kept_files import files_among

if TYPE_CHECKING:
    from funnelcli.metrics.model import Metric

P = ParamSpec("P")
R = TypeVar("R")


class Asked(Protocol):
    """What is asked with the metrics that some settings declare."""

    @property
    def own_metrics(self) -> tuple[Metric, ...]:
        """The metrics that the settings declare."""
        ...

    @property
    def own_files(self) -> Sequence[Path]:
        """The files that nothing may be written over: exports and settings."""
        ...


class Answered:
    """What is answered with the metrics that some settings declare; without settings, there are none.

    It knows the files of which it was made, which must not be written over by it.
    """

    own_metrics: tuple[Metric, ...] = ()
    kept_files: tuple[Path, ...] = ()  # the exports and settings that were asked,
    given_files: tuple[Path, ...] = ()  # and the other files that the question named

    @property
    def own_files(self) -> Sequence[Path]:
        """The files that nothing made from this may be written over."""
        return self.kept_files


D = TypeVar("D", bound=Asked)


def declaring(metrics: tuple[Metric, ...]) -> AbstractContextManager[None]:
    """The time in which the metrics of some settings are there beside the built-in ones, planned ones too."""
    return _declared(metrics) if metrics else nullcontext()


@contextmanager
def _declared(metrics: tuple[Metric, ...]) -> Iterator[None]:
    from funnelcli.metrics import CATALOGUE
    from funnelcli.planning.deals import deals_of_settings
    from funnelcli.planning.metrics import PLANNED

    with CATALOGUE.with_those(metrics), PLANNED.with_those(deals_of_settings(metrics)):
        yield


def with_own_metrics(method: Callable[Concatenate[D, P], R]) -> Callable[Concatenate[D, P], R]:
    """The same method, in which the metrics that the settings declare are there; what it answers has them as well."""

    @wraps(method)
    def asked(self: D, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with declaring(self.own_metrics):
            answer = method(self, *args, **kwargs)
        if isinstance(answer, Answered):
            answer.own_metrics = self.own_metrics
            answer.kept_files = tuple(self.own_files)
            answer.given_files = tuple(files_among([*args, *kwargs.values()]))
        return answer

    return asked
