"""``funnelcli forecast``: where things land if nothing changes."""

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

RANK = 32
EXAMPLES = (
    ("funnelcli forecast examples/saas_vn", "the next six months if nothing changes, and how good such forecasts were"),
    ("funnelcli forecast examples/saas_vn --months 3 -o forecast.xlsx", "the next three as a workbook"),
)

_Months = Annotated[
    int, typer.Option("--months", metavar="N", help="How many months ahead, the running one with them.")
]
_Shape = Annotated[
    str | None,
    typer.Option("--shape", metavar="level|seasonal",
                 help="level: no season. seasonal: one from 15 months on.",
                 show_default="a season from 24 months on"),
]  # fmt: skip
_Seed = Annotated[
    int | None, typer.Option("--seed", metavar="N", min=0, help="Of the runs: the same seed, the same bands.",
                             show_default="1"),
]  # fmt: skip


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def forecast(
    path: opt.PathArgument = Path("."),
    files: Files = MappingProxyType({}),
    months: _Months = 6,
    shape: _Shape = None,
    targets: opt.TargetsBeside = None,
    seed: _Seed = None,
    out: Out = MappingProxyType({}),
    lang: opt.LangOption = None,
    as_of: opt.AsOf = None,
    skip_bad_rows: opt.SkipBadRows = False,
    effort: Given = MappingProxyType({}),
    caution: Caution = MappingProxyType({}),
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """Signups, demos, new and lost PU, and MRR of the months ahead if nothing changes, with 50 and 90 % bands."""
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session

    wanted = delivery_of(out, as_of=as_of)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    with session.folder(path, files, effort, caution) as folder:
        result = folder.forecast(
            months=months, shape=shape, targets=targets, seed=seed, as_of=as_of, skip_bad_rows=skip_bad_rows
        )
        session.deliver(result.answer, wanted, session.lang(lang, folder.config.business.lang), inputs=folder.inputs)
