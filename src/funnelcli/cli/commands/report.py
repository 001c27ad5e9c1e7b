"""``funnelcli report``: the dashboard."""

from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

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

RANK = 10
EXAMPLES = (
    ("funnelcli report examples/saas_vn", "the six latest months"),
    ("funnelcli report examples/saas_vn --by channel --last 3", "split by channel, of three months"),
    (
        "funnelcli report examples/plain --basis cohort --window 30d",
        "also who of each month got on in 30 days",
    ),
    ("funnelcli report examples/saas_vn --month last-month -f md", "one month, to go into a mail"),
    ("funnelcli report examples/saas_vn --brief -f md", "five lines for a chat"),
    ("funnelcli report examples/saas_vn --mail-to an@example.com -o mail.eml", "a message, for sendmail -t"),
    ("funnelcli report examples/saas_vn -o out/{period}.html -o out/{period}.xlsx", "a page and a workbook of one run"),
)


_Targets = Annotated[
    str | None,
    typer.Option(
        "--targets", metavar="FILE", help="Targets that a page shows beside the figures.",
        show_default="the targets file of the folder",
    ),
]  # fmt: skip
_Pack = Annotated[
    bool, typer.Option("--pack", help="A page of everything the data supports: a year, each dimension, the targets.")
]
_Rows = Annotated[
    bool,
    typer.Option("--rows", help="A page also holds the rows behind the latest figures, the newest that 150 kB hold."),
]
_Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="FILE",
        help="An earlier report (JSON, or what --freeze wrote): which closed figures differ.",
    ),
]
_FailOnChange = Annotated[
    bool, typer.Option("--fail-on-change", help="Exit with 6, and write nothing, where a closed figure differs.")
]
_Basis = Annotated[
    Literal["period", "cohort"],
    typer.Option(
        "--basis", metavar="period|cohort",
        help="cohort: also rates of the same people, of who entered in each period.", show_default="period",
    ),
]  # fmt: skip
_Section = Annotated[
    list[str] | None,
    typer.Option(
        "--section", metavar="NAME",
        help="Only this section: dashboard, revenue, success, costs, flywheel, opportunity, customer, own, or all. "
        " Several times: several.",
        show_default="all that the files tell of",
    ),
]  # fmt: skip
_Freeze = Annotated[
    str | None,
    typer.Option("--freeze", metavar="FILE", help="Keep the report, and keys of its rows, for a later --against."),
]


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def report(
    path: opt.PathArgument = Path("."),
    files: Files = MappingProxyType({}),
    first: opt.First = None,
    last: opt.Last = None,
    month: opt.Month = None,
    latest: opt.Latest = None,
    grain: opt.GrainOption = Grain.MONTH,
    by: opt.By = None,
    targets: _Targets = None,
    pack: _Pack = False,
    rows: _Rows = False,
    brief: opt.Brief = False,
    against: _Against = None,
    fail_on_change: _FailOnChange = False,
    freeze: _Freeze = None,
    basis: _Basis = "period",
    window: opt.Window = None,
    section: _Section = None,
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
    """The dashboard: registered users, paid users, conversion rates, churn, by month."""
    from funnelcli.cli.freezing import check_kept, kept_once
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session

    if fail_on_change and against is None:
        raise UsageError(Message("--fail-on-change needs an earlier report."), hint=Message("Give it with --against."))
    check_kept(against, freeze, out["output"])
    wanted = delivery_of(out, layout=layout, brief=brief, as_of=as_of)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    with session.folder(path, files, effort, caution) as folder:
        result = folder.report(
            start=first, end=last, month=month, last=latest, grain=grain, by=by, as_of=as_of,
            skip_bad_rows=skip_bad_rows, digests=wanted.lists_sources, targets=targets, pack=pack, rows=rows,
            against=against, basis=basis, window=window, section=section or (),
        )  # fmt: skip
        spoken = session.lang(lang, folder.config.business.lang)
        if fail_on_change:
            result.check_unchanged()
        session.say_changes(result.change_notes)
        kept = {} if freeze is None else kept_once(freeze, result)
        session.deliver(result.answer, wanted, spoken, inputs=folder.inputs, beside=kept)
