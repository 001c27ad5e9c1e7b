"""``funnelcli check``: what is wrong or odd in the exports."""

from pathlib import Path

import typer

from funnelcli.cli import options as opt
from funnelcli.problems import ExitCode
from funnelcli.problems.kinds import Severity


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
    from funnelcli.answers.check import Checked, file_lines
    from funnelcli.answers.check_answer import check_answer
    from funnelcli.answers.sources import input_paths
    from funnelcli.cli.session import Session, delivery
    from funnelcli.facts.load import load
    from funnelcli.reading.discover import unknown_file

    wanted = delivery(form, output, bom=bom)
    session = Session(quiet=quiet, no_color=no_color)
    named = {"visitors": visitors, "signups": signups, "demos": demos, "paid_users": paid_users}
    sources = session.sources(path, named)
    with sources.files() as (folder, files, unknown):
        with session.progress(files) as progress:
            facts = load(folder.config, files, progress=progress)
        # These need pandas, which must not hold up the reading.
        from funnelcli.answers.checks import odd_findings
        from funnelcli.answers.spec import resolve_as_of

        problems = facts.problems
        for name in unknown:
            problems.add(unknown_file(name))
        if facts.extents:
            limit = resolve_as_of(as_of, facts.extents, folder.config.business.timezone, session.now)
            problems.extend(odd_findings(facts, limit, today=session.now.date() if as_of is None else limit))
        answer = check_answer(Checked(files=file_lines(facts), problems=problems))
        session.deliver(answer, wanted, "en", inputs=input_paths(facts))
    if problems.of(Severity.ERROR):
        raise typer.Exit(ExitCode.INPUT)
