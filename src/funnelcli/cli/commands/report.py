"""``funnelcli report``: the dashboard."""

from pathlib import Path

from funnelcli.cli import options as opt
from funnelcli.problems import UsageError
from funnelcli.values.periods import Grain


def report(
    path: opt.PathArgument = Path("."),
    visitors: opt.Visitors = None,
    signups: opt.Signups = None,
    demos: opt.Demos = None,
    paid_users: opt.PaidUsers = None,
    first: opt.First = None,
    last: opt.Last = None,
    month: opt.Month = None,
    latest: opt.Latest = None,
    grain: opt.GrainOption = Grain.MONTH,
    by: opt.By = None,
    form: opt.FormatOption = None,
    output: opt.Output = None,
    layout: opt.ReportLayout = None,
    bom: opt.Bom = False,
    lang: opt.LangOption = None,
    as_of: opt.AsOf = None,
    skip_bad_rows: opt.SkipBadRows = False,
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """The dashboard: registered users, paid users, conversion rates, churn, by month."""
    from funnelcli.answers.sources import input_paths
    from funnelcli.cli.session import Session, delivery
    from funnelcli.renderers import View

    by = wants_channels(by)
    wanted = delivery(form, output, layout=layout, bom=bom)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    named = {"visitors": visitors, "signups": signups, "demos": demos, "paid_users": paid_users}
    sources = session.sources(path, named)
    with sources.countable(skip_bad_rows=skip_bad_rows) as facts:
        # These need pandas, which must not hold up the reading.
        from funnelcli.answers.report import build
        from funnelcli.answers.report_answer import report_answer
        from funnelcli.answers.spec import RangeOptions, resolve

        range_ = RangeOptions(first=first, last=last, month=month, latest=latest, grain=grain, as_of=as_of)
        spec = resolve(range_, facts, now=session.now, by=by, skip_bad_rows=skip_bad_rows)
        answer = report_answer(build(facts, spec, digests=wanted.shows(View.DATA)))
        session.deliver(answer, wanted, session.lang(lang, facts.config.business.lang), inputs=input_paths(facts))


def wants_channels(by: str | None) -> str | None:
    """The dimension that ``--by`` names; UsageError for what is none."""
    if by not in (None, "channel"):
        raise UsageError(f"--by {by!r} is not known.", hint="Metrics can be split by channel: --by channel.")
    return by
