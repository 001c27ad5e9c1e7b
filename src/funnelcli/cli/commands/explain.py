"""``funnelcli explain``: a figure opened down to its rows."""

from __future__ import annotations

import shlex
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from funnelcli.cli import options as opt
from funnelcli.cli.caution import Given as Caution
from funnelcli.cli.caution import with_caution_options
from funnelcli.cli.effort import Given, with_effort_options
from funnelcli.cli.inputs import Files, with_input_options
from funnelcli.cli.output_options import Given as Out
from funnelcli.cli.output_options import with_output_options
from funnelcli.problems import UsageError
from funnelcli.text import Message

if TYPE_CHECKING:
    from funnelcli.cli.outputs import Delivery
    from funnelcli.cli.session import Session

RANK = 60
EXAMPLES = (
    ("funnelcli explain churned_paid_users", "what a metric means"),
    ("funnelcli explain churned_paid_users examples/saas_vn --month 2026-10", "its numbers in a month"),
    ("funnelcli explain new_signups examples/plain --channel paid --rows", "the very rows that were counted"),
    ("funnelcli explain signup_to_demo_rate examples/plain --change 2026-07..2026-08", "what made it change"),
)

_Metric = Annotated[str, typer.Argument(metavar="METRIC", help="A metric's key; `funnelcli metrics` lists them.")]
_PathArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="PATH",
        help="A folder of exports, or a funnel.toml.",
        show_default="definition only; the current folder where --month or --rows is given",
    ),
]
_Period = Annotated[
    str | None,
    typer.Option(
        "--month",
        metavar="PERIOD",
        help="A month, a quarter like 2026Q4 or a year.",
        show_default="the latest month with data",
    ),
]
_Channel = Annotated[str | None, typer.Option("--channel", metavar="NAME", help="Of one channel only.")]
_Part = Annotated[str | None, typer.Option("--part", metavar="VALUE", help="Of one part of --by only.")]
_Rows = Annotated[bool, typer.Option("--rows", help="The very rows that were counted, with file and line.")]
_Change = Annotated[
    str | None,
    typer.Option(
        "--change",
        metavar="FROM..TO",
        help="What made it change from a period to another: 2026-09..2026-10; --by also tenure, cohort or amount.",
    ),
]


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def explain(
    metric: _Metric,
    path: _PathArgument = None,
    month: _Period = None,
    channel: _Channel = None,
    by: opt.By = None,
    part: _Part = None,
    rows: _Rows = False,
    change: _Change = None,
    window: opt.Window = None,
    files: Files = MappingProxyType({}),
    out: Out = MappingProxyType({}),
    lang: opt.LangOption = None,
    as_of: opt.AsOf = None,
    skip_bad_rows: opt.SkipBadRows = False,
    effort: Given = MappingProxyType({}),
    caution: Caution = MappingProxyType({}),
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """What a metric means and, of a folder, the numbers put in and the rows behind them."""
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session
    from funnelcli.renderers import View

    wanted = delivery_of(out)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    named, asked = any(files.values()), any((rows, month, channel, by, part, change, window))
    periods = _periods(change, month, rows, channel, part)
    part = _part(channel, by, part)
    if path is None and not (named or asked):
        _define(metric, session, wanted, lang)
        return
    from funnelcli.answers.explain_answer import rows_command

    with session.folder(path or Path("."), files, effort, caution) as folder:
        if periods is not None:
            changed = folder.explain_change(
                metric, *periods, by=by, as_of=as_of, skip_bad_rows=skip_bad_rows, window=window
            )
            spoken = session.lang(lang, folder.config.business.lang)
            session.deliver(changed.answer, wanted, spoken, inputs=folder.inputs)
            return
        result = folder.explain(
            metric, month=month, by=by, part=part, as_of=as_of, skip_bad_rows=skip_bad_rows, window=window
        )
        result.listed = rows or wanted.shows(View.ROWS)
        if not named:
            options = {"--as-of": as_of, "--window": window, "--skip-bad-rows": skip_bad_rows}
            result.command = rows_command(result.explanation, shlex.quote(str(path or ".")), options)
        session.deliver(result.answer, wanted, session.lang(lang, folder.config.business.lang), inputs=folder.inputs)


def _define(metric: str, session: Session, wanted: Delivery, lang: str | None) -> None:
    """What a metric means: a built-in one, else one that the funnel.toml of the current folder declares."""
    from funnelcli import api
    from funnelcli.config import FILE_NAME

    try:
        answer = api.explain(metric).answer
    except UsageError:
        if not Path(FILE_NAME).is_file():
            raise
        with session.folder(Path(".")) as folder:
            answer = folder.catalogue(metric).answer
            session.deliver(answer, wanted, session.lang(lang, folder.config.business.lang))
        return
    session.deliver(answer, wanted, session.lang(lang))


def _periods(change: str | None, *others: object) -> tuple[str, str] | None:
    """The two periods of --change; UsageError where they are not two, or something else is asked for as well."""
    if change is None:
        return None
    before, dots, after = change.partition("..")
    if not (before.strip() and dots and after.strip()) or ".." in after:
        raise UsageError(
            Message("--change {change!r} are not two periods.").filled(change=change),
            hint=Message("Write them like 2026-09..2026-10."),
        )
    if any(others):
        raise UsageError(Message("--change stands alone, or with --by."))
    return before.strip(), after.strip()


def _part(channel: str | None, by: str | None, part: str | None) -> str | None:
    """The part asked for; --channel says it without --by."""
    if channel is not None and by not in (None, "channel"):
        raise UsageError(
            Message("--channel and --by contradict each other."),
            hint=Message("Give the part of {by} with --part.").filled(by=by),
        )
    return part if channel is None else channel
