"""``funnelcli metrics``: the catalogue."""

from typing import Annotated

import typer

from funnelcli.cli import options as opt
from funnelcli.renderers import Format


def metrics(
    form: Annotated[Format | None, typer.Option("-f", "--format", help="Output format.", show_default="table")] = None,
    lang: opt.LangOption = None,
) -> None:
    """The catalogue: every metric with its key, label, unit and formula."""
    from funnelcli.answers.catalogue import every
    from funnelcli.cli.session import Session
    from funnelcli.cli.writing import write_stdout
    from funnelcli.renderers.catalogue import render

    session = Session()
    text = render(form or Format.TABLE, session.style(session.lang(lang), None), every())
    write_stdout(text.encode())
