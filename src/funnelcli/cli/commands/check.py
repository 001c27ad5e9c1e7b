"""``funnelcli check``: what is wrong or odd in the exports."""

from pathlib import Path

import typer

from funnelcli.cli import options as opt
from funnelcli.errors import ExitCode
from funnelcli.problem_kinds import Severity
from funnelcli.renderers import Format


def check(
    path: opt.PathArgument = Path("."),
    visitors: opt.Visitors = None,
    signups: opt.Signups = None,
    demos: opt.Demos = None,
    paid_users: opt.PaidUsers = None,
    form: opt.FormatOption = None,
    output: opt.Output = None,
    bom: opt.Bom = False,
    as_of: opt.AsOf = None,
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """What is wrong or odd in the exports, with file, line and column; exit 3 when there are errors."""
    from funnelcli.cli.session import Inputs, Session, format_for, input_paths
    from funnelcli.errors import problem
    from funnelcli.exports.load import load
    from funnelcli.renderers import checked, encode

    chosen: Format = format_for(form, output)
    session = Session(quiet=quiet, no_color=no_color)
    inputs = Inputs(path=path, visitors=visitors, signups=signups, demos=demos, paid_users=paid_users)
    with session.found(inputs) as (folder, files, unknown):
        with session.progress(files) as progress:
            exports = load(folder.config, files, progress=progress)
        # These need pandas, which must not hold up the reading.
        from funnelcli.checks import odd_findings
        from funnelcli.spec import resolve_as_of

        problems = exports.problems
        for name in unknown:
            problems.add(problem("unknown-file", file=name))
        if exports.extents:
            limit = resolve_as_of(as_of, exports.extents, folder.config.business.timezone, session.now)
            problems.extend(odd_findings(exports, limit, today=session.now.date() if as_of is None else limit))
        found = checked.Checked(files=checked.file_lines(exports), problems=problems)
        style = session.style("en", output, bom=bom)
        session.write(encode(checked.render(found, chosen, style), style, chosen), output, inputs=input_paths(exports))
    if problems.of(Severity.ERROR):
        raise typer.Exit(ExitCode.INPUT)
