"""``funnelcli check``: what is wrong or odd in the exports."""

from pathlib import Path
from types import MappingProxyType

import typer

from funnelcli.cli import options as opt
from funnelcli.cli.caution import Given as Caution
from funnelcli.cli.caution import with_caution_options
from funnelcli.cli.effort import Given, with_effort_options
from funnelcli.cli.inputs import Files, with_input_options
from funnelcli.cli.output_options import Given as Out
from funnelcli.cli.output_options import with_output_options
from funnelcli.problems import ExitCode

RANK = 40
EXAMPLES = (
    ("funnelcli check examples/saas_vn", "everything wrong or odd, by file"),
    ("funnelcli check examples/saas_vn -f csv -o findings.csv", "a row for each finding"),
)


@with_input_options()
@with_effort_options
@with_caution_options
@with_output_options
def check(
    path: opt.PathArgument = Path("."),
    files: Files = MappingProxyType({}),
    out: Out = MappingProxyType({}),
    lang: opt.LangOption = None,
    as_of: opt.AsOf = None,
    effort: Given = MappingProxyType({}),
    caution: Caution = MappingProxyType({}),
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """What is wrong or odd in the exports, with file, line and column; exit 3 when there are errors."""
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.session import Session

    wanted = delivery_of(out, as_of=as_of)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    with session.folder(path, files, effort, caution) as folder:
        result = folder.check(as_of=as_of)
        session.deliver(result.answer, wanted, session.lang(lang, folder.config.business.lang), inputs=folder.inputs)
    if not result.ok or (caution.get("strict") and folder.judged is not None and len(folder.judged.warnings)):
        raise typer.Exit(ExitCode.INPUT)
