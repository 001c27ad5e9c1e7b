"""Reports that are kept: where they may be written, and that none is lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from funnelcli.problems import UsageError
from funnelcli.text import Message
from funnelcli.values.placeholders import filled

if TYPE_CHECKING:
    from funnelcli.api import ReportResult

_OTHER = Message("Give another name.")


def check_kept(against: str | None, freeze: str | None, outputs: Sequence[str] | str | None) -> None:
    """UsageError where an earlier report would be written over by what is compared with it, or is no file."""
    for option, name in (("--against", against), ("--freeze", freeze)):
        if name == "-":
            raise UsageError(
                Message("{option} -: a report that is kept is a file, no pipe.").filled(option=option), hint=_OTHER
            )
    written = [outputs] if isinstance(outputs, str) else list(outputs or ())
    for name in (*written, freeze):
        if against is not None and name is not None and name != "-" and Path(name).resolve() == Path(against).resolve():
            raise UsageError(
                Message("{name} would be written over by what is held against it.").filled(name=against), hint=_OTHER
            )


def kept_once(freeze: str, result: ReportResult) -> dict[str, bytes]:
    """The file of a report to be kept, with its bytes; none where it is there already and says the same figures.

    UsageError where no period of the report is over, or where the file holds other figures.
    """
    spec = result.report.spec
    if all(period.cut_by(spec.as_of) for period in spec.periods):
        raise UsageError(
            Message("--freeze: no period of the report is over on {day}.").filled(day=spec.as_of),
            hint=Message("Ask for one that is, with --month, or for a later day with --as-of."),
        )
    path = Path(filled(freeze, result.answer.names))
    if not path.exists():
        return {freeze: result.frozen()}
    if result.is_kept_in(path):
        return {}
    raise UsageError(
        Message("--freeze {path}: the file is there and holds other figures.").filled(path=path),
        hint=Message("See what differs with --against {path}; to keep these instead, remove the file.").filled(
            path=path
        ),
    )
