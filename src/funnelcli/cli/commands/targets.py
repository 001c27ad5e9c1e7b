"""``funnelcli targets``: a goal broken into the quotas of each stage, channel and team."""

from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from funnelcli.cli import options as opt
from funnelcli.cli.goals import Goals, with_goal_options


@with_goal_options
def targets(
    path: opt.PlanPath = None,
    goals: Goals = MappingProxyType({}),
    first: Annotated[str | None, typer.Option("--from", metavar="MONTH", help="First month, like 2027-01.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="MONTH", help="Last month, included.")] = None,
    shape: Annotated[
        str | None,
        typer.Option(
            "--shape",
            metavar="SHAPE",
            help="How new customers lie over the months: steady, 'growth 5%', seasonal, or revenue by month.",
            show_default="steady",
        ),
    ] = None,
    revenue_by_month: Annotated[
        Path | None,
        typer.Option("--revenue-by-month", metavar="FILE", help="The amounts of --shape revenue: month,amount."),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="channel|team", help="Quotas by channel, or a sheet for each team.")
    ] = None,
    visitor_to_signup: Annotated[
        str | None,
        typer.Option("--visitor-to-signup", metavar="SHARE", help="Rate, like 4%; none plans without visitors."),
    ] = None,
    signup_to_demo: Annotated[str | None, typer.Option("--signup-to-demo", metavar="SHARE", help="Rate.")] = None,
    demo_to_paid: Annotated[str | None, typer.Option("--demo-to-paid", metavar="SHARE", help="Rate.")] = None,
    churn: Annotated[
        str | None, typer.Option("--churn", metavar="SHARE", help="Share of the customers lost in a month.")
    ] = None,
    arpa: Annotated[str | None, typer.Option("--arpa", metavar="AMOUNT", help="MRR per paying customer.")] = None,
    deal_size: Annotated[
        str | None,
        typer.Option("--deal-size", metavar="AMOUNT", help="Revenue of a new customer, once; in the place of ARPA."),
    ] = None,
    opening_paid_users: Annotated[
        str | None, typer.Option("--opening-paid-users", metavar="N", help="Customers paying when the plan begins.")
    ] = None,
    max_new_paid_users: Annotated[
        str | None,
        typer.Option("--max-new-paid-users", metavar="N", help="The most new customers you can win in a month."),
    ] = None,
    rates_from: Annotated[
        str | None,
        typer.Option(
            "--rates-from", metavar="MONTH", help="First month the rates are measured over.",
            show_default="the last six complete months",
        ),
    ] = None,
    rates_to: Annotated[
        str | None, typer.Option("--rates-to", metavar="MONTH", help="Last month the rates are measured over.")
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option("--what-if", metavar="KEY=VALUE", help="The plan beside a variant, like demo_to_paid_rate=30%."),
    ] = None,
    visitors: opt.Visitors = None,
    signups: opt.Signups = None,
    demos: opt.Demos = None,
    form: opt.FormatOption = None,
    output: opt.Output = None,
    layout: opt.RowLayout = None,
    bom: opt.Bom = False,
    lang: opt.LangOption = None,
    as_of: opt.AsOf = None,
    skip_bad_rows: opt.SkipBadRows = False,
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:  # fmt: skip
    """A revenue goal broken into the quotas of each stage, channel and team, month by month."""
    from funnelcli.answers.plan_options import split_goals
    from funnelcli.answers.targets import Request, planned
    from funnelcli.answers.targets_answer import targets_answer
    from funnelcli.cli.session import Session, delivery
    from funnelcli.planning.keys import Key
    from funnelcli.renderers import LAYOUTS, View

    goal_texts, paid_users = split_goals(goals)
    wanted = delivery(form, output, layout=layout, among=LAYOUTS[View.ROWS], bom=bom)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    named = {
        "visitors": visitors,
        "signups": signups,
        "demos": demos,
        "paid_users": paid_users,
    }
    request = Request(
        sources=session.sources(path or Path("."), named),
        now=session.now,
        path_given=path is not None,
        goals=goal_texts,
        first=first,
        last=last,
        shape=shape,
        revenue_by_month=revenue_by_month,
        by=by,
        flags={
            Key.VISITOR_TO_SIGNUP: visitor_to_signup,
            Key.SIGNUP_TO_DEMO: signup_to_demo,
            Key.DEMO_TO_PAID: demo_to_paid,
            Key.CHURN: churn,
            Key.ARPA: arpa,
            Key.DEAL_SIZE: deal_size,
            Key.OPENING: opening_paid_users,
        },
        max_new_paid_users=max_new_paid_users,
        rates_from=rates_from,
        rates_to=rates_to,
        what_if=tuple(what_if or ()),
        as_of=as_of,
        skip_bad_rows=skip_bad_rows,
    )
    plan, config_lang, read_files = planned(request)
    session.deliver(targets_answer(plan), wanted, session.lang(lang, config_lang), inputs=read_files)
