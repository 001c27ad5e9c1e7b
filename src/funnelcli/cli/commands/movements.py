"""``funnelcli movements``: who moved the MRR, from what to what."""

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
    ("funnelcli movements examples/saas_vn --month 2026-10", "who moved the MRR in October, the largest first"),
    ("funnelcli movements examples/saas_vn --last 3 --kind churned -f csv", "what was lost in three months, as rows"),
)

_Kind = Annotated[
    list[str] | None,
    typer.Option(
        "--kind", metavar="KIND", help="Only new, reactivation, expansion, contraction or churned; may be repeated."
    ),
]
_Part = Annotated[
    str | None, typer.Option("--part", metavar="NAME", help="Only this part of the dimension of --by.")
]  # fmt: skip


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def movements(
    path: opt.PathArgument = Path("."),
    files: Files = MappingProxyType({}),
    first: opt.First = None,
    last: opt.Last = None,
    month: opt.Month = None,
    latest: opt.Latest = None,
    grain: opt.GrainOption = Grain.MONTH,
    kind: _Kind = None,
    by: opt.By = None,
    part: _Part = None,
    out: Out = MappingProxyType({}),
    lang: opt.LangOption = None,
    as_of: opt.AsOf = None,
    skip_bad_rows: opt.SkipBadRows = False,
    effort: Given = MappingProxyType({}),
    caution: Caution = MappingProxyType({}),
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """Who moved the MRR: new, back, more, less or gone, from what to what, the largest first."""
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session

    if part is not None and by is None:
        raise UsageError(Message("--part stands beside --by."))
    wanted = delivery_of(out, layout=None, as_of=as_of)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    with session.folder(path, files, effort, caution) as folder:
        result = folder.movements(
            start=first,
            end=last,
            month=month,
            last=latest,
            grain=grain,
            kind=kind or (),
            by=by,
            part=part,
            as_of=as_of,
            skip_bad_rows=skip_bad_rows,
        )
        session.deliver(result.answer, wanted, session.lang(lang, folder.config.business.lang), inputs=folder.inputs)
