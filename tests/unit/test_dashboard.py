"""The blocks that a page draws, on a folder small enough to count by hand.

Visits 100 and 120 and (ten days of June) 30; signups 4, 6, 2; demos 2, 3, 1; paid users as below.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from funnelcli import Folder, open_folder
from funnelcli.answers.brief_words import brief
from funnelcli.answers.cells import Number, Quotient
from funnelcli.answers.dashboard import Dashboard
from funnelcli.answers.dashboard_blocks import funnel, key_figures, movements, roll_forward, running, trends
from funnelcli.answers.dashboard_parts import breakdown
from funnelcli.answers.drawn import Breakdown, Flow, Step
from funnelcli.answers.pack import pack_page
from funnelcli.renderers.wording.cells import cell_text
from support import NOW

# Paying at the start of April: a, b.  c comes on 3 April, b leaves on the last day of April; d comes on the first and e
# on the last day of May, a leaves within May; f comes on 5 June.
PAID = """user_id,started_at,ended_at,plan,mrr
a,2026-03-01,2026-05-14,basic,100
b,2026-03-02,2026-04-30,basic,100
c,2026-04-03,,pro,300
d,2026-05-01,,basic,100
e,2026-05-31,,pro,300
f,2026-06-05,,pro,300
"""
TARGETS = """metric,2026-05,2026-06,2026-07
new_signups,6,9,12
new_paid_users,3,3,3
churned_paid_users,1,1,1
"""


def _rows(header: str, rows: list[str]) -> str:
    return "\n".join([header, *rows]) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    root = tmp_path_factory.mktemp("dashboard")
    visits = [("2026-04-01", 60), ("2026-04-30", 40), ("2026-05-01", 50), ("2026-05-31", 70), ("2026-06-10", 30)]
    (root / "visitors.csv").write_text(_rows("date,source,visits", [f"{day},google,{n}" for day, n in visits]))
    days = ["2026-04-01"] * 3 + ["2026-04-30"] + ["2026-05-01"] * 5 + ["2026-05-31"] + ["2026-06-01", "2026-06-10"]
    sources = ["google ads"] * 5 + ["google"] * 7
    (root / "signups.csv").write_text(
        _rows(
            "user_id,signed_up_at,source",
            [f"s{place},{day},{source}" for place, (day, source) in enumerate(zip(days, sources, strict=True))],
        )
    )
    booked = ["2026-04-05", "2026-04-06", "2026-05-02", "2026-05-03", "2026-05-31", "2026-06-02"]
    (root / "demos.csv").write_text(
        _rows("user_id,booked_at,status", [f"s{place},{day},held" for place, day in enumerate(booked)])
    )
    (root / "paid_users.csv").write_text(PAID)
    (root / "targets.csv").write_text(TARGETS)
    (root / "funnel.toml").write_text(
        '[business]\nname = "Firm"\ncurrency = "USD"\n[channels]\npaid = ["google ads"]\norganic = ["google"]\n'
    )
    with open_folder(root, now=NOW) as opened:
        yield opened


@pytest.fixture(scope="module")
def dashboard(folder: Folder) -> Dashboard:
    """April to June, counted up to 10 June: May is the latest whole month."""
    result = folder.report(start="2026-04", end="2026-06", as_of="2026-06-10")
    return Dashboard(report=result.report, goals=result.pack.goals)


def _of(number: Number | None) -> float | None:
    return None if number is None or number.value is None else float(number.value)


def test_the_headline_is_the_latest_whole_month(dashboard: Dashboard) -> None:
    assert (dashboard.period.key, dashboard.base.first.key if dashboard.base else None) == ("2026-05", "2026-04")
    assert dashboard.running is not None
    assert dashboard.running.key == "2026-06"


@pytest.mark.parametrize(
    ("as_of", "headline", "runs"), [("2026-05-30", "2026-04", "2026-05"), ("2026-05-31", "2026-05", None)]
)
def test_a_month_is_whole_with_its_last_day(folder: Folder, as_of: str, headline: str, runs: str | None) -> None:
    looked = Dashboard(report=folder.report(start="2026-04", end="2026-05", as_of=as_of).report)
    assert (looked.period.key, looked.running.key if looked.running else None) == (headline, runs)


def test_where_no_month_is_whole_the_last_one_heads_the_page_and_is_compared_with_none(folder: Folder) -> None:
    looked = Dashboard(report=folder.report(month="2026-06", as_of="2026-06-10").report)
    assert (looked.period.key, looked.base, looked.running) == ("2026-06", None, None)
    assert [card.series.change for card in key_figures(looked).figures] == [None] * 5


def test_key_figures_have_their_change_and_target(dashboard: Dashboard) -> None:
    """MRR: at the end of April a + c = 400, of May c + d + e = 700: + 75 %.  Customers 2, then 3."""
    figures = {card.series.key: card for card in key_figures(dashboard).figures}
    assert list(figures) == [
        "closing_mrr_amount",
        "closing_paid_users",
        "new_paid_users",
        "new_signups",
        "paid_user_churn_rate",
    ]
    money = figures["closing_mrr_amount"]
    assert money.series.change is not None
    assert (_of(money.series.figure), _of(money.difference), money.series.change.value) == (700, 300, 0.75)
    signups = figures["new_signups"]
    assert (_of(signups.series.figure), _of(signups.difference)) == (6, 2)
    assert signups.series.change is not None
    assert signups.series.change.value == pytest.approx(6 / 4 - 1)
    assert signups.goal is not None
    assert (_of(signups.goal.target), _of(signups.goal.share), signups.goal.kept) == (6, 1, True)
    paid = figures["new_paid_users"]
    assert paid.goal is not None
    assert (_of(paid.series.figure), _of(paid.goal.target), paid.goal.kept) == (2, 3, False)


def _step(step: Step) -> tuple[str, float | None, float | None, float | None, float | None, float | None]:
    return (step.key, _of(step.count), _of(step.share), _of(step.earlier), _of(step.of_first), _of(step.not_on))


def test_the_funnel_has_the_share_of_the_step_before_and_of_the_first(dashboard: Dashboard) -> None:
    """May: 120 visits, 6 signups (April 4 of 100), 3 demos (2 of 4), 2 new customers (1 of 2)."""
    block = funnel(dashboard)
    assert block is not None
    assert [_step(step) for step in block.steps] == [
        ("net_new_visitors", 120, None, None, 1, None),
        ("new_signups", 6, 6 / 120, 4 / 100, 6 / 120, 114),
        ("new_demo_bookings", 3, 3 / 6, 2 / 4, 3 / 120, 3),
        ("new_paid_users", 2, 2 / 3, 1 / 2, 2 / 120, 1),
    ]


def test_the_month_that_runs_stands_beside_its_pace(dashboard: Dashboard) -> None:
    """June: 10 of 30 days.  2 signups of 9, 3 expected by now, 6 at this pace; 1 customer of 3, 1 expected."""
    block = running(dashboard)
    assert block is not None
    assert (block.gone, block.days) == (10, 30)
    rows = {
        row.key: (_of(row.so_far), _of(row.expected), _of(row.projected), _of(row.target), row.kept)
        for row in block.rows
    }
    assert rows["new_signups"] == (2, 3, 6, 9, False)
    assert rows["new_paid_users"] == (1, 1, 3, 3, True)
    assert rows["net_new_visitors"] == (30, None, None, None, None)


def _flows(flows: tuple[Flow, ...]) -> list[tuple[str, float, str]]:
    return [(flow.key, float(flow.amount.value or 0), flow.kind) for flow in flows]


def test_customers_roll_forward_over_the_month_and_the_range(dashboard: Dashboard) -> None:
    """April opens with a and b; c comes, b goes.  May opens with a and c; d and e come, a goes."""
    block = movements(dashboard)
    assert block is not None
    assert [_flows(chart.flows) for chart in block.charts] == [
        [
            ("opening_paid_users", 2, "balance"),
            ("new_paid_users", 2, "gain"),
            ("reactivated_paid_users", 0, "gain"),
            ("churned_paid_users", 1, "loss"),
            ("closing_paid_users", 3, "balance"),
        ],
        [
            ("opening_paid_users", 2, "balance"),
            ("new_paid_users", 3, "gain"),
            ("reactivated_paid_users", 0, "gain"),
            ("churned_paid_users", 2, "loss"),
            ("closing_paid_users", 3, "balance"),
        ],
    ]
    assert block.lost is not None
    assert (_of(block.lost.numerator), _of(block.lost.denominator)) == (1, 2)


def test_the_balances_before_and_after_are_joined_by_what_came_and_went(dashboard: Dashboard) -> None:
    for first in range(3):
        for last in range(first, 3):
            chart = roll_forward(dashboard, "closing_paid_users", first, last)
            assert chart is not None
            opening, *flows, closing = _flows(chart.flows)
            assert opening[1] + sum(-n if kind == "loss" else n for _, n, kind in flows) == closing[1]


def test_a_trend_has_a_point_a_month_and_its_target(dashboard: Dashboard) -> None:
    block = trends(dashboard)
    assert block is not None
    line = next(series for series in block.series if series.key == "new_signups")
    assert [(point.period.key, _of(point.figure), _of(point.target), point.partial) for point in line.points] == [
        ("2026-04", 4, None, False),
        ("2026-05", 6, 6, False),
        ("2026-06", 2, 9, True),
    ]
    assert (block.has_targets, line.headline, line.is_rate) == (True, 1, False)


def _parts(block: Breakdown) -> list[tuple[str, float | None, float | None]]:
    return [(cell_text(row.label, "en"), _of(row.count), _of(row.share)) for row in (*block.rows, block.total)]


def test_parts_stand_by_their_size_and_make_the_whole(folder: Folder) -> None:
    """Signups of May: the fifth by ads, the other five by search; over the range 5 by ads, of whom 5 booked a demo."""
    split = folder.report(start="2026-04", end="2026-06", as_of="2026-06-10", by="channel").report
    block = breakdown(Dashboard(report=split))
    assert block is not None
    assert _parts(block)[:2] + _parts(block)[-1:] == [("Organic", 5, 5 / 6), ("Paid", 1, 1 / 6), ("All", 6, 1)]
    paid = next(row for row in block.rows if cell_text(row.label, "en") == "Paid")
    rate = paid.rates[0]
    assert isinstance(rate, Quotient)
    assert (_of(rate.numerator), _of(rate.denominator)) == (5, 5)


def test_a_dimension_that_signups_do_not_know_is_counted_in_customers(folder: Folder) -> None:
    """No signup has a plan: new customers are what the plans are measured by, and customers at the end stand beside."""
    split = folder.report(start="2026-04", end="2026-06", as_of="2026-06-10", by="plan").report
    block = breakdown(Dashboard(report=split))
    assert block is not None
    assert (block.counted.of("en"), block.customers.of("en")) == ("New PU", "PU at end of month")
    assert _parts(block)[:2] == [("pro", 1, 1 / 2), ("basic", 1, 1 / 2)]  # pro has more over the range


def test_the_brief_says_what_is_behind(dashboard: Dashboard) -> None:
    assert [cell_text(sentence, "en") for sentence in brief(dashboard)] == [
        "MRR ended May 2026 at 700, up 75.0% on Apr 2026.",
        "3 paid users: 2 new, 1 lost.",
        "Behind target: New PU (66.7% of it).",
    ]


def test_chapters_without_figures_are_left_out(folder: Folder) -> None:
    result = folder.report(start="2026-04", end="2026-06", as_of="2026-06-10", pack=True)
    names = [chapter.name for chapter in pack_page(result.pack).chapters]
    assert names[:4] == ["funnel", "trends", "paid-users", "mrr"]
    assert names[-6:] == ["targets", "forecast", "figures", "notes", "definitions", "sources"]
    alone = folder.report(month="2026-05")
    assert "trends" not in [chapter.name for chapter in pack_page(alone.pack).chapters]
