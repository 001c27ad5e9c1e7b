"""``funnelcli init``: a first funnel.toml from what is in the folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from funnelcli.cli import options as opt
from funnelcli.config import DEFAULT_CURRENCY, DEFAULT_TIMEZONE
from funnelcli.problems import UsageError
from funnelcli.writing import write_file

if TYPE_CHECKING:
    from funnelcli.api import Folder
    from funnelcli.values.dates import DateOrder


RANK = 50


def init(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="The folder of exports.", show_default="the current folder")
    ] = Path("."),
    force: Annotated[bool, typer.Option("--force", help="Replace a funnel.toml that is there.")] = False,
    lang: opt.LangOption = None,
    quiet: opt.Quiet = False,
) -> None:
    """Write funnel.toml, and its schema for editors, from the files in a folder."""
    from funnelcli.cli.session import Session
    from funnelcli.config import FILE_NAME, SCHEMA_NAME
    from funnelcli.inputs.settings import schema as schema_of_inputs
    from funnelcli.renderers.json import to_text

    session = Session(quiet=quiet)
    if not path.is_dir():
        raise UsageError(f"{path}: there is no such folder.", hint="Give the folder that holds the exports.")
    toml, schema = path / FILE_NAME, path / SCHEMA_NAME
    schema_text = to_text(schema_of_inputs())
    if not force:
        for target, same in ((toml, None), (schema, schema_text)):
            if (target.exists() or target.is_symlink()) and not _holds(target, same):
                raise UsageError(f"{target} is there already.", hint="Use --force to replace it.")
    with session.folder(path, configured=False) as folder:
        text = _asked_config(folder, session.lang(lang))
        write_file(schema, schema_text.encode())
        write_file(toml, text.encode())
        session.say(f"wrote {toml} and {schema.name}")
        for name in folder.unused:
            session.say(f"not used: {name} (no input is named so)")
        if folder.facts().problems.fatal(skip_bad_rows=False):
            session.say(f"The exports have errors still: funnelcli check {path}")
        else:
            session.say(f"Next: funnelcli report {path}")


def _holds(target: Path, text: str | None) -> bool:
    """Whether a file holds just this text, so that nothing is lost by writing it again."""
    return text is not None and target.is_file() and target.read_text(encoding="utf-8", errors="replace") == text


def _asked_config(folder: Folder, lang: str) -> str:
    """The config: asked for at a terminal; elsewhere with the defaults."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return folder.first_config(lang=lang)
    name = typer.prompt("Name of the business (for the title)", default="", show_default=False, err=True)
    currency = _asked("Currency (ISO code)", DEFAULT_CURRENCY, "currency")
    timezone = _asked("Time zone", DEFAULT_TIMEZONE, "timezone")
    orders: dict[str, DateOrder] = {}
    for undecided, why in folder.undecided_dates().items():
        print(f"{undecided}: {why}", file=sys.stderr)
        answer = ""
        while answer not in ("dmy", "mdy"):
            answer = typer.prompt("Which comes first, day (dmy) or month (mdy)?", err=True).strip().casefold()
        orders[undecided] = "dmy" if answer == "dmy" else "mdy"
    return folder.first_config(name=name.strip(), currency=currency, timezone=timezone, lang=lang, date_orders=orders)


def _asked(question: str, default: str, key: str) -> str:
    """An answer that the config accepts; asked again until it is one."""
    from funnelcli.config import Business

    while True:
        answer = str(typer.prompt(question, default=default, err=True)).strip()
        try:
            Business.model_validate({key: answer})
        except ValueError:
            print(f"{answer!r} is not known.", file=sys.stderr)
            continue
        return answer
