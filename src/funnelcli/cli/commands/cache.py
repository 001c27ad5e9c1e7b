"""``funnelcli cache``: what is kept for the next run."""

from types import MappingProxyType
from typing import Annotated

import typer

from funnelcli.cli import options as opt
from funnelcli.cli.output_options import Given, with_mail_options

RANK = 90
EXAMPLES = (
    ("funnelcli cache", "what is kept, and where"),
    ("funnelcli cache --clear", "remove it"),
)

_Clear = Annotated[bool, typer.Option("--clear", help="Remove what is kept; the next run reads all files anew.")]


@with_mail_options
def cache(
    clear: _Clear = False,
    form: opt.FormatOption = None,
    output: opt.Output = None,
    mail: Given = MappingProxyType({}),
    lang: opt.LangOption = None,
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """What earlier runs have kept of large files, to read them faster."""
    from funnelcli import api
    from funnelcli.cli.outputs import delivery, mail_of, style_of
    from funnelcli.cli.session import Session

    wanted = delivery(form, output, style=style_of(mail=mail_of(mail)))
    session = Session(quiet=quiet, no_color=no_color)
    session.deliver(api.cache(clear=clear).answer, wanted, session.lang(lang))
