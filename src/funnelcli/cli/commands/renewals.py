"""``funnelcli renewals``: who comes due."""

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

RANK = 38
EXAMPLES = (
    (
        "funnelcli renewals examples/saas_vn",
        "whose contracts end within 60 days and are not renewed yet, the overdue first",
    ),
    ("funnelcli renewals examples/saas_vn --within 30d -o renewals.csv", "the same of 30 days as a list for the team"),
)

_Within = Annotated[
    str, typer.Option("--within", metavar="TIME", help="How far ahead to look from as_of on: 60d, 8w, 2m (months).")
]
_Part = Annotated[
    str | None, typer.Option("--part", metavar="NAME", help="Only this part of the dimension of --by, like one owner.")
]


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def renewals(
    path: opt.PathArgument = Path("."),
    files: Files = MappingProxyType({}),
    within: _Within = "60d",
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
    """Contracts that come due and are not renewed yet: whose, plan, MRR, owner, tenure, days to go; overdue first."""
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session

    if part is not None and by is None:
        raise UsageError(Message("--part stands beside --by."))
    wanted = delivery_of(out, as_of=as_of)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    with session.folder(path, files, effort, caution) as folder:
        result = folder.renewals(within=within, by=by, part=part, as_of=as_of, skip_bad_rows=skip_bad_rows)
        session.deliver(result.answer, wanted, session.lang(lang, folder.config.business.lang), inputs=folder.inputs)
