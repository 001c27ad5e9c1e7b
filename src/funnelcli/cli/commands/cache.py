"""``funnelcli cache``: what is kept for the next run."""

from typing import Annotated

import typer

from funnelcli.cli import options as opt

RANK = 90
EXAMPLES = (
    ("funnelcli cache", "what is kept, and where"),
    ("funnelcli cache --clear", "remove it"),
)

_Clear = Annotated[bool, typer.Option("--clear", help="Remove what is kept; the next run reads all files anew.")]


def cache(
    clear: _Clear = False, form: opt.FormatOption = None, output: opt.Output = None, lang: opt.LangOption = None
) -> None:
    """What earlier runs have kept of large files, to read them faster."""
    from funnelcli import api
    from funnelcli.cli.outputs import delivery
    from funnelcli.cli.session import Session

    wanted = delivery(form, output)
    session = Session()
    session.deliver(api.cache(clear=clear).answer, wanted, session.lang(lang))
