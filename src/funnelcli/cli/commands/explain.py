"""``funnelcli explain``: a figure opened down to its rows."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from funnelcli.cli import options as opt
from funnelcli.problems import UsageError
from funnelcli.values.channels import SLICES, Channel


def explain(
    metric: Annotated[str, typer.Argument(metavar="METRIC", help="A metric's key; `funnelcli metrics` lists them.")],
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="PATH",
            help="A folder of exports, or a funnel.toml.",
            show_default="definition only; the current folder where --month or --rows is given",
        ),
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(
            "--month",
            metavar="PERIOD",
            help="A month, a quarter like 2026Q4 or a year.",
            show_default="the latest month with data",
        ),
    ] = None,
    channel: Annotated[str | None, typer.Option("--channel", metavar="NAME", help="Of one channel only.")] = None,
    rows: Annotated[bool, typer.Option("--rows", help="The very rows that were counted, with file and line.")] = False,
    visitors: opt.Visitors = None,
    signups: opt.Signups = None,
    demos: opt.Demos = None,
    paid_users: opt.PaidUsers = None,
    form: opt.FormatOption = None,
    output: opt.Output = None,
    bom: opt.Bom = False,
    lang: opt.LangOption = None,
    as_of: opt.AsOf = None,
    skip_bad_rows: opt.SkipBadRows = False,
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """What a metric means and, of a folder, the numbers put in and the rows behind them."""
    from funnelcli.answers.catalogue import find
    from funnelcli.answers.catalogue_answer import catalogue_answer
    from funnelcli.cli.session import Session, delivery
    from funnelcli.planning.metrics import PlannedMetric
    from funnelcli.renderers import View
    from funnelcli.values.periods import grain_named

    asked = find(metric)
    wanted = delivery(form, output, bom=bom)
    session = Session(quiet=quiet, no_color=no_color)
    named = {"visitors": visitors, "signups": signups, "demos": demos, "paid_users": paid_users}
    if path is None and not (any(named.values()) or rows or month or channel):
        session.deliver(catalogue_answer([asked]), wanted, session.lang(lang))
        return

    if isinstance(asked, PlannedMetric):
        raise UsageError(
            f"{asked.key} is a figure of a plan, not of the exports.",
            hint=f"funnelcli explain {asked.key} says what it is; funnelcli targets computes it.",
        )
    from funnelcli.answers.sources import input_paths

    sources = session.sources(path or Path("."), named)
    with sources.countable(skip_bad_rows=skip_bad_rows) as facts:
        # These need pandas, which must not hold up the reading.
        from funnelcli.answers.explain import counted_rows, explain_value
        from funnelcli.answers.explain_answer import explain_answer, rows_command
        from funnelcli.answers.spec import RangeOptions, resolve

        options = RangeOptions(month=month, latest=None if month else 1, grain=grain_named(month), as_of=as_of)
        spec = resolve(options, facts, now=session.now, by=None, skip_bad_rows=skip_bad_rows)
        explained = explain_value(
            facts, asked, spec.periods[-1], spec.as_of, None if channel is None else SLICES[_channel(channel)]
        )
        behind = counted_rows(facts, explained) if rows or wanted.shows(View.ROWS) else None
        again = None if any(named.values()) else rows_command(explained, shlex.quote(str(path or ".")))
        answer = explain_answer(explained, behind, command=again)
        in_lang = session.lang(lang, facts.config.business.lang)
        session.deliver(answer, wanted, in_lang, inputs=input_paths(facts))


def _channel(name: str) -> Channel:
    try:
        return Channel(name.strip().casefold())
    except ValueError:
        raise UsageError(f"--channel {name!r} is no channel.", hint=f"The channels are {', '.join(Channel)}.") from None
