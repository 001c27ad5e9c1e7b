"""``funnelcli flywheel``: what attracts, engages and delights customers, what they bring, and what slows it down."""

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

RANK = 37
EXAMPLES = (
    ("funnelcli flywheel examples/saas_vn", "attract, engage, delight and friction on one page"),
    ("funnelcli flywheel examples/saas_vn --turns 3", "and what three turns of it would bring"),
    ("funnelcli flywheel examples/saas_vn --detractors", "whom nobody has come back to in time"),
)

_Turns = Annotated[
    int | None,
    typer.Option("--turns", metavar="N", help="Project N turns: each customer brings k, and those bring as many."),
]
_Detractors = Annotated[
    bool, typer.Option("--detractors", help="List only whom nobody has come back to within [flywheel] follow_up.")
]


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def flywheel(
    path: opt.PathArgument = Path("."),
    files: Files = MappingProxyType({}),
    detractors: _Detractors = False,
    turns: _Turns = None,
    first: opt.First = None,
    last: opt.Last = None,
    month: opt.Month = None,
    latest: opt.Latest = None,
    grain: opt.GrainOption = Grain.MONTH,
    by: opt.By = None,
    targets: opt.TargetsBeside = None,
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
    """Attract, engage, delight and friction: figures with change, target and owner, and whom to come back to."""
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session

    if detractors and turns is not None:
        raise UsageError(Message("--detractors and --turns are two answers: give one of them."))
    wanted = delivery_of(out, layout=layout, as_of=as_of)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    with session.folder(path, files, effort, caution) as folder:
        result = folder.flywheel(
            start=first,
            end=last,
            last=latest,
            month=month,
            grain=grain,
            by=by,
            as_of=as_of,
            turns=turns,
            targets=targets,
            only_detractors=detractors,
            skip_bad_rows=skip_bad_rows,
        )
        session.deliver(result.answer, wanted, session.lang(lang, folder.config.business.lang), inputs=folder.inputs)
