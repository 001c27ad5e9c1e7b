"""``funnelcli example``: folders of exports to try everything with."""

from pathlib import Path
from typing import Annotated

import typer

from funnelcli.cli import options as opt
from funnelcli.text import Message

RANK = 80
EXAMPLES = (
    ("funnelcli example", "the folders examples/plain, saas_vn, erp_vn, leads_vn, own_metrics and plan_sellers"),
    ("funnelcli example try", "the same in another place"),
)


def example(
    path: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where to write them.", show_default="the folder examples")
    ] = Path("examples"),
    force: Annotated[bool, typer.Option("--force", help="Replace files that were changed.")] = False,
    lang: opt.LangOption = None,
    quiet: opt.Quiet = False,
) -> None:
    """Write the example folders, with which every command of the README can be tried."""
    from funnelcli.api.examples import write_examples
    from funnelcli.cli.session import Session

    session = Session(quiet=quiet)
    session.lang(lang)
    folders = write_examples(path, force=force)
    for folder in folders:
        session.say(Message("wrote {output}").filled(output=folder))
    session.say(Message("Next: funnelcli report {path}").filled(path=folders[-1]))
