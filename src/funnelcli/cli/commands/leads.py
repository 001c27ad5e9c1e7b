"""``funnelcli leads``: who to call now."""

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

RANK = 39
EXAMPLES = (
    ("funnelcli leads examples/leads_vn", "hot leads whom nobody has called yet, the longest waiting first"),
    ("funnelcli leads examples/leads_vn --all -o leads.csv", "every lead with its scores, for the CRM"),
)

_Id = Annotated[
    str | None, typer.Option("--id", metavar="ID", help="Open one lead: each point, its rule, its row, what is left.")
]
_All = Annotated[bool, typer.Option("--all", help="Every lead, the highest score first, and not only whom to call.")]
_Model = Annotated[
    bool,
    typer.Option("--fit-model", help="Propose points from how leads of old did, beside the declared ones."),
]
_Part = Annotated[
    str | None, typer.Option("--part", metavar="NAME", help="Only this part of the dimension of --by, like one owner.")
]


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def leads(
    path: opt.PathArgument = Path("."),
    files: Files = MappingProxyType({}),
    lead_id: _Id = None,
    everyone: _All = False,
    fit_model: _Model = False,
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
    """Who to call now: hot leads that nobody has touched, with their scores; and whether the score works."""
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session

    if part is not None and by is None:
        raise UsageError(Message("--part stands beside --by."))
    if lead_id is not None and (everyone or fit_model or by is not None):
        raise UsageError(Message("--id opens one lead: give it without --all, --by and --fit-model."))
    wanted = delivery_of(out, as_of=as_of)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    with session.folder(path, files, effort, caution) as folder:
        result = folder.leads(
            lead_id=lead_id, everyone=everyone, fit_model=fit_model, by=by, part=part, as_of=as_of,
            skip_bad_rows=skip_bad_rows,
        )  # fmt: skip
        session.deliver(result.answer, wanted, session.lang(lang, folder.config.business.lang), inputs=folder.inputs)
