"""``funnelcli track``: actual figures beside the targets."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from funnelcli.cli import options as opt


def track(
    path: opt.PathArgument = Path("."),
    targets: Annotated[
        str | None,
        typer.Option(
            "--targets", metavar="FILE", help="What funnelcli targets wrote, as CSV or JSON; - is standard input.",
            show_default="targets.csv or targets.json of the folder",
        ),
    ] = None,
    month: opt.Month = None,
    first: opt.First = None,
    last: opt.Last = None,
    by: Annotated[str | None, typer.Option("--by", metavar="channel|team", help="Rows by channel or by team.")] = None,
    metric: Annotated[
        list[str] | None, typer.Option("--metric", metavar="KEY", help="Only these metrics, like new_signups.")
    ] = None,
    cumulative: Annotated[bool, typer.Option("--cumulative", help="Sums from the first month on.")] = False,
    fail_under: Annotated[
        str | None,
        typer.Option(
            "--fail-under", metavar="SHARE",
            help="Exit with 6 where a figure is below this share of its target, in a running month of its pace.",
        ),
    ] = None,
    replan: Annotated[
        bool, typer.Option("--replan", help="Spread what is still missing over the months that are left.")
    ] = False,
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
) -> None:  # fmt: skip
    """Actual figures beside the targets: share, pace of the running month, and what is still to go."""
    from funnelcli.answers.plan_options import read
    from funnelcli.answers.sources import input_paths
    from funnelcli.answers.track import TrackRequest, below, load_targets, tracked
    from funnelcli.answers.track_answer import track_answer
    from funnelcli.cli.session import Session, delivery
    from funnelcli.values.amounts import parse_share

    wanted = delivery(form, output, bom=bom)
    least = read(parse_share, fail_under, "--fail-under") if fail_under is not None else None
    named_targets = load_targets(targets, path, lambda: sys.stdin.buffer)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    named = {"visitors": visitors, "signups": signups, "demos": demos, "paid_users": paid_users}
    sources = session.sources(path, named)
    request = TrackRequest(
        month=month, first=first, last=last, by=by, metrics=tuple(metric or ()), cumulative=cumulative, replan=replan,
        as_of=as_of, skip_bad_rows=skip_bad_rows,
    )  # fmt: skip
    with sources.countable(skip_bad_rows=skip_bad_rows) as facts:
        compared = tracked(facts, named_targets, request, session.now)
        read_files = [*input_paths(facts), *([named_targets.path] if named_targets.path else [])]
        in_lang = session.lang(lang, facts.config.business.lang)
        session.deliver(track_answer(compared), wanted, in_lang, inputs=read_files)
    if least is not None:
        below(compared, least)
