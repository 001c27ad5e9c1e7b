"""``funnelcli cohorts``: the same people followed through the stages."""

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
from funnelcli.values.periods import Grain

RANK = 35
EXAMPLES = (
    ("funnelcli cohorts examples/plain", "who of each month's signups pays, by age, within 90 days"),
    ("funnelcli cohorts examples/plain --to-stage demo_booked --window 30d", "to another stage, within 30 days"),
    ("funnelcli cohorts examples/saas_vn --by channel --last 6 -f csv", "by channel, a row a cohort"),
)

_Journey = Annotated[str, typer.Option("--journey", metavar="NAME", help="The journey whose stages they go through.")]
_FromStage = Annotated[
    str | None,
    typer.Option("--from-stage", metavar="STAGE", help="The stage that makes a cohort.", show_default="signup"),
]
_ToStage = Annotated[
    str | None,
    typer.Option(
        "--to-stage", metavar="STAGE", help="The stage to get to: demo_booked, demo_held, paid or lost.",
        show_default="paid",
    ),
]  # fmt: skip
_Window = Annotated[
    str, typer.Option("--window", metavar="TIME", help="How long each has to get there: 90d, 12w, 3m (months), 48h.")
]
_Entry = Annotated[
    str, typer.Option("--entry", metavar="first|best", help="From the first entry, or the best of several.")
]
_Order = Annotated[
    str, typer.Option("--order", metavar="any|strict", help="Who skips stages gets there too, or does not.")
]


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def cohorts(
    path: opt.PathArgument = Path("."),
    files: Files = MappingProxyType({}),
    journey: _Journey = "funnel",
    from_stage: _FromStage = None,
    to_stage: _ToStage = None,
    window: _Window = "90d",
    entry: _Entry = "first",
    order: _Order = "any",
    first: opt.First = None,
    last: opt.Last = None,
    latest: opt.Latest = None,
    grain: opt.GrainOption = Grain.MONTH,
    by: opt.By = None,
    out: Out = MappingProxyType({}),
    layout: opt.RowLayout = None,
    lang: opt.LangOption = None,
    as_of: opt.AsOf = None,
    skip_bad_rows: opt.SkipBadRows = False,
    effort: Given = MappingProxyType({}),
    caution: Caution = MappingProxyType({}),
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """The same people followed: who of each month's signups gets to a later stage, how soon, and who is still open."""
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session
    from funnelcli.renderers import LAYOUTS, View

    wanted = delivery_of(out, layout=layout, among=LAYOUTS[View.ROWS], as_of=as_of)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    with session.folder(path, files, effort, caution) as folder:
        result = folder.cohorts(
            journey=journey, from_stage=from_stage, to_stage=to_stage, window=window, entry=entry, order=order,
            start=first, end=last, last=latest, grain=grain, by=by, as_of=as_of, skip_bad_rows=skip_bad_rows,
        )  # fmt: skip
        session.deliver(result.answer, wanted, session.lang(lang, folder.config.business.lang), inputs=folder.inputs)
