"""``funnelcli journey``: the stages that deals, customers or people go through."""

from pathlib import Path
from types import MappingProxyType
from typing import Annotated

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
from funnelcli.values.periods import Grain

RANK = 36
EXAMPLES = (
    ("funnelcli journey examples/plain --name funnel", "from the signup to the customer, stage by stage"),
    ("funnelcli journey examples/plain --name funnel --stuck", "who waits in a stage for longer than usual"),
)

_Name = Annotated[
    str,
    typer.Option("--name", metavar="NAME", help="opportunity, customer, funnel, or a journey of funnel.toml."),
]
_Window = Annotated[
    str, typer.Option("--window", metavar="TIME", help="How long each has to get on: 90d, 12w, 3m (months), 48h.")
]
_Stuck = Annotated[
    bool, typer.Option("--stuck", help="List what is in a stage for longer than its limit, with owner, days, amount.")
]
_Targets = Annotated[
    str | None,
    typer.Option("--targets", metavar="FILE", help="Targets of deals to be won, beside which the open ones stand.",
                 show_default="the file of targets in the folder"),
]  # fmt: skip
_Part = Annotated[
    str | None, typer.Option("--part", metavar="NAME", help="With --stuck: only this part of the dimension of --by.")
]


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def journey(
    path: opt.PathArgument = Path("."),
    files: Files = MappingProxyType({}),
    name: _Name = "opportunity",
    stuck: _Stuck = False,
    window: _Window = "90d",
    first: opt.First = None,
    last: opt.Last = None,
    latest: opt.Latest = None,
    grain: opt.GrainOption = Grain.MONTH,
    by: opt.By = None,
    part: _Part = None,
    targets: _Targets = None,
    out: Out = MappingProxyType({}),
    layout: opt.ReportLayout = None,
    lang: opt.LangOption = None,
    as_of: opt.AsOf = None,
    skip_bad_rows: opt.SkipBadRows = False,
    effort: Given = MappingProxyType({}),
    caution: Caution = MappingProxyType({}),
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """Stages of deals or customers: what came to each, went on or was lost, how long it takes, what is stuck."""
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session

    if part is not None and (not stuck or by is None):
        raise UsageError(Message("--part stands beside --stuck and --by."))
    if stuck and (first or last or latest is not None):
        raise UsageError(Message("--stuck lists what is stuck on one day."), hint=Message("Give the day with --as-of."))
    wanted = delivery_of(out, layout=layout, as_of=as_of)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    with session.folder(path, files, effort, caution) as folder:
        result = (
            folder.stuck(name, by=by, part=part, as_of=as_of, skip_bad_rows=skip_bad_rows)
            if stuck
            else folder.journey(
                name,
                window=window,
                start=first,
                end=last,
                last=latest,
                grain=grain,
                by=by,
                targets=targets,
                as_of=as_of,
                skip_bad_rows=skip_bad_rows,
            )
        )
        session.deliver(result.answer, wanted, session.lang(lang, folder.config.business.lang), inputs=folder.inputs)
