"""``funnelcli track``: actual figures beside the targets."""

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

RANK = 30
EXAMPLES = (
    (
        "funnelcli targets examples/plain --mrr 3k --from 2026-08 --to 2026-12 \\\n      --as-of 2026-07-31 -o t.csv",
        "targets to compare with",
    ),
    ("funnelcli track examples/plain --targets t.csv", "the latest month that has begun beside its targets"),
    (
        "funnelcli track examples/plain --targets t.csv --fail-under 30%",
        "exit 6 where a figure is below that share of its target",
    ),
)


_Targets = Annotated[
    str | None,
    typer.Option(
        "--targets", metavar="FILE",
        help="What funnelcli targets wrote, or a table of your own (CSV, TSV, JSON, Markdown, XLSX); - is stdin.",
        show_default="the targets file of the folder",
    ),
]  # fmt: skip
_By = Annotated[str | None, typer.Option("--by", metavar="channel|team", help="Rows by channel or by team.")]
_Metrics = Annotated[
    list[str] | None, typer.Option("--metric", metavar="KEY", help="Only these metrics, like new_signups.")
]
_Cumulative = Annotated[bool, typer.Option("--cumulative", help="Sums from the first month on.")]
_FailUnder = Annotated[
    str | None,
    typer.Option(
        "--fail-under", metavar="SHARE",
        help="Exit with 6 where a figure is below this share of its target, in a running month of its pace.",
    ),
]  # fmt: skip
_Replan = Annotated[bool, typer.Option("--replan", help="Spread what is still missing over the months that are left.")]


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def track(
    path: opt.PathArgument = Path("."),
    targets: _Targets = None,
    month: opt.Month = None,
    first: opt.First = None,
    last: opt.Last = None,
    by: _By = None,
    metric: _Metrics = None,
    cumulative: _Cumulative = False,
    fail_under: _FailUnder = None,
    replan: _Replan = False,
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
    """Actual figures beside the targets: share, pace of the running month, and what is still to go."""
    from funnelcli.answers.plan_options import read
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session
    from funnelcli.values.amounts import parse_share

    wanted = delivery_of(out, as_of=as_of)
    if fail_under is not None:
        read(parse_share, fail_under, "--fail-under")
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    with session.folder(path, files, effort, caution) as folder:
        result = folder.track(
            targets, month=month, start=first, end=last, by=by, metrics=tuple(metric or ()), cumulative=cumulative,
            replan=replan, as_of=as_of, skip_bad_rows=skip_bad_rows,
        )  # fmt: skip
        spoken, read_from = session.lang(lang, folder.config.business.lang), [*folder.inputs, *result.files]
        session.deliver(result.answer, wanted, spoken, inputs=read_from)
    if fail_under is not None:
        result.check(fail_under)
