"""``funnelcli init``: a first funnel.toml from what is in the folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from funnelcli.cli import options as opt
from funnelcli.problems import UsageError
from funnelcli.text import Lang, Message, Text

if TYPE_CHECKING:
    from funnelcli.api import Folder
    from funnelcli.values.dates import DateOrder


RANK = 50
EXAMPLES = (("funnelcli init examples/plain --force", "funnel.toml for a folder, to be corrected"),)


def init(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="The folder of exports.", show_default="the current folder")
    ] = Path("."),
    force: Annotated[bool, typer.Option("--force", help="Replace a funnel.toml that is there.")] = False,
    lang: opt.LangOption = None,
    quiet: opt.Quiet = False,
) -> None:
    """Write funnel.toml, and its schema for editors, from the files in a folder."""
    from funnelcli.answers.sources import no_folder
    from funnelcli.cli.session import Session
    from funnelcli.config import FILE_NAME, SCHEMA_NAME
    from funnelcli.reading.settings import schema as schema_of_inputs
    from funnelcli.renderers.json import to_bytes
    from funnelcli.writing import write_file

    session = Session(quiet=quiet)
    session.lang(lang)
    if not path.is_dir():
        raise no_folder(path)
    toml, schema = path / FILE_NAME, path / SCHEMA_NAME
    schema_text = to_bytes(schema_of_inputs()).decode()
    if not force:
        _check_free(toml, None)
        _check_free(schema, schema_text)
    with session.folder(path, configured=False) as folder:
        text = _asked_config(folder, session.lang(lang))
        write_file(schema, schema_text.encode())
        write_file(toml, text.encode())
        session.say(Message("wrote {toml} and {schema}").filled(toml=toml, schema=schema.name))
        for remark in _remarks(folder, path):
            session.say(remark)


def _check_free(target: Path, text: str | None) -> None:
    """UsageError where a file is there already; one that holds just what would be written is no loss."""
    if (target.exists() or target.is_symlink()) and not _holds(target, text):
        raise UsageError(
            Message("{target} is there already.").filled(target=target),
            hint=Message("Use --force to replace it."),
        )


def _remarks(folder: Folder, path: Path) -> Iterator[Text]:
    """The files that no input takes, and what to do next."""
    for name in folder.unused:
        unused = Message("not used: {name} (no input is named so)")
        yield unused.filled(name=name)
    if folder.nothing_found() is not None:
        yield Message(
            "No file is known to be of an input: correct {path}/funnel.toml, which says what was understood"
        ).filled(path=path)
        return
    broken = Message("The exports have errors still: funnelcli check {path}")
    whole = Message("Next: funnelcli report {path}")
    has_errors = folder.facts().problems.fatal(skip_bad_rows=False)
    yield (broken if has_errors else whole).filled(path=path)


def _holds(target: Path, text: str | None) -> bool:
    """Whether a file holds just this text, so that nothing is lost by writing it again."""
    return text is not None and target.is_file() and target.read_text(encoding="utf-8", errors="replace") == text


_NAME = Message("Name of the business (for the title)")
_CURRENCY = Message("Currency (ISO code)")
_TIMEZONE = Message("Time zone")
_WHICH_FIRST = Message("Which comes first, day (dmy) or month (mdy)?")
_NOT_KNOWN = Message("{answer!r} is not known.")


def _asked_config(folder: Folder, lang: Lang) -> str:
    """The config: asked for at a terminal; elsewhere with the defaults."""
    from funnelcli.config import DEFAULT_CURRENCY, DEFAULT_TIMEZONE

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return folder.first_config(lang=lang)
    name = typer.prompt(_NAME.of(lang), default="", show_default=False, err=True)
    currency = _asked(_CURRENCY, DEFAULT_CURRENCY, "currency", lang)
    timezone = _asked(_TIMEZONE, DEFAULT_TIMEZONE, "timezone", lang)
    orders: dict[str, DateOrder] = {}
    for undecided, why in folder.undecided_dates().items():
        print(f"{undecided}: {why.of(lang)}", file=sys.stderr)
        answer = ""
        while answer not in ("dmy", "mdy"):
            answer = typer.prompt(_WHICH_FIRST.of(lang), err=True).strip().casefold()
        orders[undecided] = "dmy" if answer == "dmy" else "mdy"
    return folder.first_config(
        name=name.strip(), currency=currency, timezone=timezone, lang=lang, date_orders=orders,
        agreement=_agreed(lang) if "handovers" in folder.facts().inputs else {},
    )  # fmt: skip


def _agreed(lang: Lang) -> dict[str, int | str]:
    """The terms of the agreement that were answered: asked where there are hand-overs, each again until it is one."""
    from funnelcli.answers.init_agreement import TERMS

    agreed: dict[str, int | str] = {}
    for term in TERMS:
        while answer := typer.prompt(term.question.of(lang), default="", show_default=False, err=True).strip():
            try:
                agreed[term.key] = term.value(answer)
            except ValueError:
                print(_NOT_KNOWN.filled(answer=answer).of(lang), file=sys.stderr)
                continue
            break
    return agreed


def _asked(question: Text, default: str, key: str, lang: Lang) -> str:
    """An answer that the config accepts; asked again until it is one."""
    from funnelcli.config import Business

    while True:
        answer = str(typer.prompt(question.of(lang), default=default, err=True)).strip()
        try:
            Business.read({key: answer})
        except ValueError:
            print(_NOT_KNOWN.filled(answer=answer).of(lang), file=sys.stderr)
            continue
        return answer
