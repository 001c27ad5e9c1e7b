"""``funnelcli commission``: what the policies owe to whom."""

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

RANK = 46
EXAMPLES = (
    ("funnelcli commission examples/saas_vn --team affiliate --month 2026-10", "what a team was owed in a month"),
    ("funnelcli commission examples/saas_vn --team affiliate -o affiliates.csv", "a statement, to be sent"),
)

_Person = Annotated[
    str | None, typer.Option("--person", metavar="NAME", help="Only what this sales rep or affiliate earns.")
]
_Team = Annotated[str | None, typer.Option("--team", metavar="NAME", help="Only what the policy of this team pays.")]
_Month = Annotated[
    str | None,
    typer.Option("--month", metavar="PERIOD", help="Earned, due or clawed back in a month, a quarter or a year."),
]


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def commission(
    path: opt.PathArgument = Path("."),
    files: Files = MappingProxyType({}),
    person: _Person = None,
    team: _Team = None,
    month: _Month = None,
    first: opt.First = None,
    last: opt.Last = None,
    out: Out = MappingProxyType({}),
    lang: opt.LangOption = None,
    as_of: opt.AsOf = None,
    skip_bad_rows: opt.SkipBadRows = False,
    effort: Given = MappingProxyType({}),
    caution: Caution = MappingProxyType({}),
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """What the policies owe to whom: each commission with its day, amount, due day and what has become of it."""
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session

    wanted = delivery_of(out, as_of=as_of)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    with session.folder(path, files, effort, caution) as folder:
        result = folder.commission(
            person=person, team=team, month=month, start=first, end=last, as_of=as_of, skip_bad_rows=skip_bad_rows
        )
        session.deliver(result.answer, wanted, session.lang(lang, folder.config.business.lang), inputs=folder.inputs)
