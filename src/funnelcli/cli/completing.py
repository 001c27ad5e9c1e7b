"""What a shell completes: keys of metrics, periods, dimensions and parts of the folder that is named.

Only a run that completes comes here.  It never fails, and looks into a folder only where that takes no time to notice.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.core import CompletionItem  # type: ignore[attr-defined]

if TYPE_CHECKING:
    from funnelcli.api import Folder

MOST_BYTES = 500_000  # of a folder that is read for a completion
MONTHS = 24
Said = Mapping[str, Any]  # what stands on the line already, by the name of the parameter
Offer = tuple[str, str]  # a word, and what it is


def with_completions(command: str, parameters: list[Any]) -> list[Any]:
    """The parameters of a command, which complete what can be known."""
    for parameter in parameters:
        offers = (OF_COMMAND.get(command) or {}).get(parameter.name) or OFFERS.get(parameter.name)
        if offers is not None:
            vars(parameter)["shell_complete"] = partial(_completed, offers)
    return parameters


def _completed(offers: Callable[[Said], Iterable[Offer]], ctx: Any, incomplete: str) -> list[CompletionItem]:
    items: list[CompletionItem] = []
    with suppress(Exception):
        for word, about in offers({**ctx.params, "path": _path(ctx)}):
            if word.startswith(incomplete):
                items.append(CompletionItem(word, help=about or None))
    return items


def _path(ctx: Any) -> Path:
    """The folder that is named on the line; where an option still lacks its value, arguments are not told apart."""
    given = ctx.params.get("path")
    named = [Path(argument) for argument in ctx.args if os.path.exists(argument)]
    return Path(given) if given not in (None, Path(".")) else next(iter(named), Path("."))


# --- what is offered -------------------------------------------------------------------------------------------------


def _metrics(said: Said) -> Iterable[Offer]:
    """The metrics, also what the settings of the folder declare where these can be read."""
    from funnelcli.api.offered import metrics
    from funnelcli.problems import FunnelError

    with suppress(FunnelError, OSError):
        return metrics(_folder(said).own_metrics)
    return metrics()


def _formats(_: Said) -> Iterable[Offer]:
    from funnelcli.renderers import format_names

    return [(name, "") for name in format_names()]


def _languages(_: Said) -> Iterable[Offer]:
    from funnelcli.text import languages

    return [(name, "") for name in languages()]


def _channels(_: Said) -> Iterable[Offer]:
    from funnelcli.values.channels import CHANNELS

    return [(channel.value, "") for channel in CHANNELS]


def _dimensions(said: Said) -> Iterable[Offer]:
    """What a report can be split by, also what the settings declare."""
    from funnelcli.api.offered import dimensions

    return dimensions(_folder(said).config)


def _splits_of_plans(_: Said) -> Iterable[Offer]:
    return [("channel", ""), ("team", "")]


def _parts(said: Said) -> Iterable[Offer]:
    """The parts that a small folder has of the dimension named."""
    by = said.get("by") or "channel"
    if _is_small(said):
        return [(part, "") for part in _folder(said).report(by=by).parts]
    return _channels(said) if by == "channel" else []


def _periods(said: Said) -> Iterable[Offer]:
    """The periods that a small folder tells of, else the latest by the calendar; and words like last-month."""
    from funnelcli.values.periods import Grain, period_of, span

    grain = Grain(said.get("grain") or Grain.MONTH)
    first, last = _extent(said)
    yield from ((period.key, "") for period in span(period_of(first, grain), period_of(last, grain), grain))
    for each in dict.fromkeys((grain, Grain.MONTH, Grain.QUARTER, Grain.YEAR)):
        if each is not Grain.WEEK or grain is Grain.WEEK:
            yield from ((f"{which}-{each.value}", "") for which in ("this", "last"))


def _months_ahead(_: Said) -> Iterable[Offer]:
    """The months from this one on, for a plan."""
    from funnelcli.values.periods import Grain, month_of, shift, span

    first = month_of(date.today())
    yield from ((month.key, "") for month in span(first, shift(first, MONTHS - 1, Grain.MONTH), Grain.MONTH))


def _shapes(_: Said) -> Iterable[Offer]:
    from funnelcli.planning.model import ShapeKind

    return [(kind.value, "") for kind in ShapeKind]


def _changes(_: Said) -> Iterable[Offer]:
    """The assumptions that a variant of a plan may change."""
    from funnelcli.api.offered import assumptions

    return ((f"{key}=", about) for key, about in assumptions())


def _deal_rates(_: Said) -> Iterable[Offer]:
    """The rates at which deals go on from stage to stage."""
    from funnelcli.api.offered import deal_rates

    return ((f"{key}=", about) for key, about in deal_rates())


def _journeys(_: Said) -> Iterable[Offer]:
    from funnelcli.api.offered import journeys

    return journeys()


def _stages(said: Said) -> Iterable[Offer]:
    from funnelcli.api.offered import stages

    return stages(said.get("journey") or "funnel")


def _days(_: Said) -> Iterable[Offer]:
    return [("today", "the day of the clock")]


OFFERS: Mapping[str, Callable[[Said], Iterable[Offer]]] = {
    "metric": _metrics, "form": _formats, "lang": _languages, "channel": _channels, "by": _dimensions, "part": _parts,
    "first": _periods, "last": _periods, "month": _periods, "rates_from": _periods, "rates_to": _periods,
    "as_of": _days,
}  # fmt: skip


def _splits_of_changes(said: Said) -> Iterable[Offer]:
    """What a figure can be split by, and a change also by groups of people."""
    from funnelcli.api.offered import groups

    yield from _dimensions(said)
    yield from groups() if said.get("change") else ()


OF_COMMAND: Mapping[str, Mapping[str, Callable[[Said], Iterable[Offer]]]] = {
    "explain": {"by": _splits_of_changes},
    "report": {"basis": lambda _: [("period", ""), ("cohort", "")]},
    "targets": {
        "first": _months_ahead,
        "last": _months_ahead,
        "by": _splits_of_plans,
        "shape": _shapes,
        "lag": lambda _: [("measured", ""), ("none", "")],
        "deal_rates": _deal_rates,
        "what_if": _changes,
    },
    "track": {"by": _splits_of_plans},
    "cohorts": {
        "journey": _journeys,
        "from_stage": _stages,
        "to_stage": _stages,
        "entry": lambda _: [("first", ""), ("best", "")],
        "order": lambda _: [("any", ""), ("strict", "")],
    },
}


# --- the folder ------------------------------------------------------------------------------------------------------


def _folder(said: Said) -> Folder:
    from funnelcli.api import open_folder

    return open_folder(said["path"])


def _files(said: Said) -> list[Path]:
    path: Path = said["path"]
    root = path if path.is_dir() else path.parent
    return sorted(file for file in root.iterdir() if file.is_file())


def _is_small(said: Said) -> bool:
    return sum(file.stat().st_size for file in _files(said)) <= MOST_BYTES


def _extent(said: Said) -> tuple[date, date]:
    """The first and the last day that stand at the beginning and end of the folder's text files, not after today.

    What they mean is not asked: a month too many does no harm.  Where there is none, the last months by the calendar.
    """
    from funnelcli.values.periods import Grain, month_of, shift

    today = date.today()
    earliest = shift(month_of(today), 1 - 5 * MONTHS, Grain.MONTH).start
    days = {day for file in _files(said) if file.suffix.casefold() in _TEXT for day in _days_in(file)}
    known = sorted(day for day in days if earliest <= day <= today)
    return (known[0], known[-1]) if known else (shift(month_of(today), 1 - MONTHS, Grain.MONTH).start, today)


_TEXT = (".csv", ".tsv", ".txt")
_LOOK = 100_000  # bytes at either end of a file
_DAY = re.compile(
    rb"(?<!\d)(?:(?P<y>20\d\d)-(?P<m>[01]\d)-(?P<d>[0-3]\d)|(?P<y2>20\d\d)(?P<m2>[01]\d)(?P<d2>[0-3]\d)(?!\d)"
    rb"|(?P<d3>[0-3]?\d)[/.-](?P<m3>[01]?\d)[/.-](?P<y3>20\d\d))"
)


def _days_in(file: Path) -> Iterator[date]:
    """The days that are written at the beginning and the end of a text file."""
    with file.open("rb") as stream:
        text = stream.read(_LOOK)
        stream.seek(max(_LOOK, file.stat().st_size - _LOOK))
        text += b"\n" + stream.read(_LOOK)
    for match in _DAY.finditer(text):
        year, month, day = (int(next(filter(None, match.group(*names)))) for names in _PARTS)
        with suppress(ValueError):
            yield date(year, month, day)


_PARTS = (("y", "y2", "y3"), ("m", "m2", "m3"), ("d", "d2", "d3"))
