"""``funnelcli targets``: a goal broken into the quotas of each stage, channel and team."""

from contextlib import nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from funnelcli.cli import options as opt
from funnelcli.cli.assumptions import Assumptions, with_assumption_options
from funnelcli.cli.caution import Given as Caution
from funnelcli.cli.caution import with_caution_options
from funnelcli.cli.effort import Given, with_effort_options
from funnelcli.cli.goals import Goals, with_goal_options
from funnelcli.cli.inputs import Files, with_input_options
from funnelcli.cli.output_options import Given as Out
from funnelcli.cli.output_options import with_output_options

RANK = 20
EXAMPLES = (
    (
        "funnelcli targets examples/saas_vn --mrr 150tr --from 2026-11 --to 2027-04",
        "the quotas of each month, at measured rates",
    ),
    (
        "funnelcli targets examples/plain --mrr 3k --from 2026-09 --to 2026-12 \\\n      --by team",
        "a sheet for each team",
    ),
    (
        "funnelcli targets examples/plain --mrr 3k --from 2026-09 --to 2026-12 \\\n      -o t.csv",
        "a file that track reads",
    ),
)

_First = Annotated[str | None, typer.Option("--from", metavar="MONTH", help="First month, like 2027-01.")]
_Last = Annotated[str | None, typer.Option("--to", metavar="MONTH", help="Last month, included.")]
_Shape = Annotated[
    str | None,
    typer.Option(
        "--shape",
        metavar="SHAPE",
        help="How new customers lie over the months: steady, 'growth 5%', seasonal, or revenue by month.",
        show_default="steady",
    ),
]
_RevenueByMonth = Annotated[
    Path | None,
    typer.Option("--revenue-by-month", metavar="FILE", help="The amounts of --shape revenue: month,amount."),
]
_By = Annotated[
    str | None, typer.Option("--by", metavar="channel|team", help="Quotas by channel, or a sheet for each team.")
]
_MostNew = Annotated[
    str | None,
    typer.Option("--max-new-paid-users", metavar="N", help="The most new customers you can win in a month."),
]
_RatesFrom = Annotated[
    str | None,
    typer.Option(
        "--rates-from", metavar="MONTH", help="First month the rates are measured over.",
        show_default="the last six complete months",
    ),
]  # fmt: skip
_RatesTo = Annotated[
    str | None, typer.Option("--rates-to", metavar="MONTH", help="Last month the rates are measured over.")
]
_DealRates = Annotated[
    list[str] | None,
    typer.Option("--deal-rate", metavar="STAGES=SHARE", help="A rate of deals, like demo_to_contract=40%."),
]
_WhatIf = Annotated[
    list[str] | None,
    typer.Option("--what-if", metavar="KEY=VALUE", help="The plan beside a variant, like demo_to_paid_rate=30%."),
]


_Round = Annotated[
    str | None,
    typer.Option(
        "--round", metavar="running|month", help="Round running totals up, or each month by itself.",
        show_default="running",
    ),
]  # fmt: skip
_Lag = Annotated[
    str | None,
    typer.Option(
        "--lag", metavar="measured|none|N", help="The time from a signup to a customer: measured, none, or N months.",
        show_default="none, with a note",
    ),
]  # fmt: skip
_Confidence = Annotated[
    str | None,
    typer.Option(
        "--confidence", metavar="SHARE", help="Quotas that meet the goal in so many of 20,000 runs, like 80%."
    ),
]
_Seed = Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="What the runs draw.", show_default="1")]
_Simulate = Annotated[
    str | None,
    typer.Option("--simulate", metavar="FILE", help="How likely the quotas of a file meet the goal under chance."),
]
_Minimise = Annotated[
    str | None,
    typer.Option(
        "--minimise", metavar="cost", help="The mix of channels, by [plan.cost], that costs least for the goal."
    ),
]
_Maximise = Annotated[
    str | None,
    typer.Option("--maximise", metavar="new_paid_users", help="In place of a goal: the most that --budget can win."),
]
_Budget = Annotated[
    str | None,
    typer.Option("--budget", metavar="AMOUNT", help="What the signups of a chosen mix may cost, like 500tr."),
]
_Bridge = Annotated[
    str | None,
    typer.Option(
        "--bridge", metavar="measured|none", help="Months between exports and plan: run forward, or unchanged.",
        show_default="measured",
    ),
]  # fmt: skip


@with_goal_options
@with_input_options(but=("paid_users",))
@with_assumption_options
@with_effort_options
@with_caution_options
@with_output_options
def targets(
    path: opt.PlanPath = None,
    goals: Goals = MappingProxyType({}),
    first: _First = None,
    last: _Last = None,
    shape: _Shape = None,
    revenue_by_month: _RevenueByMonth = None,
    by: _By = None,
    assumptions: Assumptions = MappingProxyType({}),
    deal_rates: _DealRates = None,
    max_new_paid_users: _MostNew = None,
    rates_from: _RatesFrom = None,
    rates_to: _RatesTo = None,
    what_if: _WhatIf = None,
    rounding: _Round = None,
    bridge: _Bridge = None,
    lag: _Lag = None,
    confidence: _Confidence = None,
    seed: _Seed = None,
    simulate: _Simulate = None,
    minimise: _Minimise = None,
    maximise: _Maximise = None,
    budget: _Budget = None,
    files: Files = MappingProxyType({}),
    out: Out = MappingProxyType({}),
    layout: opt.RowLayout = None,
    lang: opt.LangOption = None,
    as_of: opt.AsOf = None,
    skip_bad_rows: opt.SkipBadRows = False,
    effort: Given = MappingProxyType({}),
    caution: Caution = MappingProxyType({}),
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """A revenue goal broken into the quotas of each stage, channel and team, month by month."""
    from funnelcli.answers.plan_options import split_goals
    from funnelcli.cli.outputs import delivery_of
    from funnelcli.cli.remarks import remarks_left_out
    from funnelcli.cli.session import Session
    from funnelcli.renderers import LAYOUTS, View

    goal_texts, paid_users = split_goals(goals)
    wanted = delivery_of(out, layout=layout, among=LAYOUTS[View.ROWS], as_of=as_of)
    session = Session(quiet=quiet, no_color=no_color)
    session.lang(lang)
    with session.folder(path or Path("."), {**files, "paid_users": paid_users}, effort, caution) as folder:
        with remarks_left_out() if minimise or maximise else nullcontext():
            result = folder.targets(
                start=first, end=last, shape=shape, revenue_by_month=revenue_by_month, by=by,
                what_if=tuple(what_if or ()), max_new_paid_users=max_new_paid_users, rates_from=rates_from,
                rates_to=rates_to, as_of=as_of, skip_bad_rows=skip_bad_rows, rounding=rounding, bridge=bridge, lag=lag,
                confidence=confidence, seed=seed, simulate=simulate, measure=path is not None, minimise=minimise,
                maximise=maximise, budget=budget, deal_rates=tuple(deal_rates or ()), **goal_texts, **assumptions,
            )  # fmt: skip
        session.deliver(result.answer, wanted, session.lang(lang, folder.config.business.lang), inputs=result.inputs)
