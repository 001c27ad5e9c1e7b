"""``funnelcli icp review``: the ideal customer profile beside what became of the accounts."""

from enum import StrEnum
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

RANK = 39
EXAMPLES = (
    ("funnelcli icp review examples/leads_vn --no-keep", "do the tiers rank, which values differ, what to change"),
    ("funnelcli icp review examples/leads_vn --no-keep -o review.xlsx", "the same, a sheet a part"),
)


class Asked(StrEnum):
    """What can be asked of the profile."""

    REVIEW = "review"


_What = Annotated[Asked, typer.Argument(metavar="WHAT", help="review: what became of the accounts, by tier and value.")]
_Keep = Annotated[
    bool, typer.Option("--keep/--no-keep", help="Keep it in icp_review.json, to be compared with the next one.")
]


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def icp(
    what: _What = Asked.REVIEW,
    path: opt.PathArgument = Path("."),
    files: Files = MappingProxyType({}),
    keep: _Keep = True,
    first: opt.First = None,
    last: opt.Last = None,
    latest: opt.Latest = None,
    out: Out = MappingProxyType({}),
    lang: opt.LangOption = None,
    as_of: opt.AsOf = None,
    skip_bad_rows: opt.SkipBadRows = False,
    effort: Given = MappingProxyType({}),
    caution: Caution = MappingProxyType({}),
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """The ideal customer profile reviewed: whether its tiers rank, which values differ, what to keep, add and drop."""
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session

    wanted = delivery_of(out, as_of=as_of)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    with session.folder(path, files, effort, caution) as folder:
        result = folder.icp_review(
            start=first, end=last, last=latest, as_of=as_of, skip_bad_rows=skip_bad_rows, to_keep=keep
        )
        session.deliver(result.answer, wanted, session.lang(lang, folder.config.business.lang), inputs=folder.inputs)
        if keep:
            result.keep()
