"""``funnelcli sla``: what marketing and sales promised each other, and what came of it."""

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

RANK = 40
EXAMPLES = (
    ("funnelcli sla examples/leads_vn --month 2026-09", "the page of the monthly meeting of marketing and sales"),
    ("funnelcli sla examples/leads_vn --breaches -o breaches.csv", "promises that were broken, for an alert"),
)

_Breaches = Annotated[
    bool, typer.Option("--breaches", help="List only the promises that were broken, those that still wait first.")
]
_FailUnder = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-under", metavar="METRIC=X",
        help="Exit 6 where a figure of the page's period is below X, or missing: responded_within_sla_rate=0.9. "
        "Repeatable.",
    ),
]  # fmt: skip


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def sla(
    path: opt.PathArgument = Path("."),
    files: Files = MappingProxyType({}),
    breaches: _Breaches = False,
    fail_under: _FailUnder = None,
    first: opt.First = None,
    last: opt.Last = None,
    month: opt.Month = None,
    latest: opt.Latest = None,
    grain: opt.GrainOption = Grain.MONTH,
    by: opt.By = None,
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
    """What marketing and sales promised each other and kept: leads, answers, decisions, returns, and what to agree."""
    from funnelcli.answers.sla import least_of
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session

    wanted = delivery_of(out, layout=layout, as_of=as_of)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    least = dict(least_of(given) for given in fail_under or ())
    with session.folder(path, files, effort, caution) as folder:
        result = folder.sla(
            month=month, start=first, end=last, last=latest, grain=grain, by=by, as_of=as_of, only_breaches=breaches,
            skip_bad_rows=skip_bad_rows,
        )  # fmt: skip
        session.deliver(result.answer, wanted, session.lang(lang, folder.config.business.lang), inputs=folder.inputs)
    if least:
        result.check(least)
