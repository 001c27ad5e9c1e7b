"""``funnelcli metrics``: the catalogue."""

from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from funnelcli.cli import options as opt
from funnelcli.cli.output_options import Given, with_mail_options

RANK = 70
EXAMPLES = (
    ("funnelcli metrics", "all metrics with their definitions"),
    ("funnelcli metrics -f csv", "as a table"),
    ("funnelcli metrics examples/own_metrics", "with those that its funnel.toml declares"),
)

_PathArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="PATH",
        help="A folder, or a funnel.toml, whose own metrics are listed too.",
        show_default="the built-in metrics alone",
    ),
]


@with_mail_options
def metrics(
    path: _PathArgument = None,
    form: opt.FormatOption = None,
    output: opt.Output = None,
    mail: Given = MappingProxyType({}),
    lang: opt.LangOption = None,
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """The catalogue: every metric with its key, label, unit and formula."""
    from funnelcli import api
    from funnelcli.cli.outputs import delivery, mail_of, style_of
    from funnelcli.cli.session import Session

    wanted = delivery(form, output, style=style_of(mail=mail_of(mail)))
    session = Session(quiet=quiet, no_color=no_color)
    if path is None:
        session.deliver(api.catalogue().answer, wanted, session.lang(lang))
        return
    session.lang(lang)
    with session.folder(path) as folder:
        session.deliver(folder.catalogue().answer, wanted, session.lang(lang, folder.config.business.lang))
