"""Every metric keeps the contract of the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from funnelcli.inputs.monthly import FLOWS, LEVELS, MONTHLY_COLUMNS
from funnelcli.metrics import CATALOGUE, find_metric, shown, with_behind
from funnelcli.metrics.model import DASHBOARD as DASHBOARD_SECTIONS
from funnelcli.metrics.model import (
    Annualised,
    Balance,
    Flow,
    Metric,
    Monthly,
    Product,
    Ranking,
    Ratio,
    Setting,
    Trailing,
)
from funnelcli.problems import UsageError
from funnelcli.text import languages
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Grain

ROOT = Path(__file__).parents[2]

# The dashboard, row by row, with the words of the playbook it comes from.
DASHBOARD = [
    ("total_leads", "Total leads (to date)", "Tổng lead từ các nguồn", "people"),
    ("organic_visits", "Organic visits", "Lượt truy cập tự nhiên", "visits"),
    ("paid_visits", "Ads visits", "Lượt truy cập từ quảng cáo", "visits"),
    ("existing_user_visits", "Visits by existing users", "Lượt truy cập của người dùng hiện tại", "visits"),
    ("net_new_visitors", "Net new visitors", "Lượt truy cập mới thuần", "visits"),
    ("opening_registered_users", "RU at start of month", "RU đầu tháng", "people"),
    ("new_signups", "New signups (RU)", "Đăng ký mới (RU)", "people"),
    ("organic_signups", "Organic (brand)", "Tự nhiên (thương hiệu)", "people"),
    ("paid_signups", "Paid (performance)", "Trả phí (quảng cáo)", "people"),
    ("sales_sme_signups", "From Sales SME", "Từ Sales SME", "people"),
    ("affiliate_signups", "From affiliates", "Từ Affiliate", "people"),
    ("partner_signups", "From partners", "Từ đối tác", "people"),
    ("referral_signups", "From referrals", "Từ giới thiệu", "people"),
    ("visitor_to_signup_rate", "Visitor → RU", "Tỷ lệ Visitor → RU", "rate"),
    ("closing_registered_users", "RU at end of month", "RU cuối tháng", "people"),
    ("cumulative_demos_held", "Total demos (to date)", "Tổng số demo đã thực hiện", "demos"),
    ("new_demo_bookings", "New demo bookings", "Demo đặt mới", "demos"),
    ("signup_to_demo_rate", "RU → Demo", "Tỷ lệ RU → Demo", "rate"),
    ("signup_to_demo_booked_cohort_rate", "RU → Demo, same people", "Tỷ lệ RU → Demo, cùng người", "rate"),
    ("opening_paid_users", "PU at start of month", "PU đầu tháng", "customers"),
    ("new_paid_users", "New PU", "PU mới", "customers"),
    ("reactivated_paid_users", "Reactivated PU", "PU quay lại", "customers"),
    ("demo_to_paid_rate", "Demo → PU", "Tỷ lệ Demo → PU", "rate"),
    ("demo_booked_to_paid_cohort_rate", "Demo → PU, same people", "Tỷ lệ Demo → PU, cùng người", "rate"),
    ("signup_to_paid_cohort_rate", "RU → PU, same people", "Tỷ lệ RU → PU, cùng người", "rate"),
    ("churned_paid_users", "Lost PU", "PU mất (hết hạn không gia hạn)", "customers"),
    ("paid_user_churn_rate", "Churn rate", "Tỷ lệ rời bỏ", "rate"),
    ("net_new_paid_users", "Net new PU", "PU tăng ròng", "customers"),
    ("transferred_paid_users", "PU from other parts, net", "PU từ nhóm khác (ròng)", "customers"),
    ("closing_paid_users", "PU at end of month", "PU cuối tháng", "customers"),
    ("closing_mrr_amount", "MRR at end of month", "MRR cuối tháng", "amount"),
    ("arpa_amount", "ARPA (MRR per PU)", "ARPA (MRR trên mỗi PU)", "amount"),
]


AVERAGES = (
    "arpa_amount", "average_won_amount", "average_won_days", "cost_per_visit_amount", "cost_per_lead_amount",
    "cost_per_demo_amount", "customer_acquisition_cost_amount", "paid_customer_acquisition_cost_amount",
    "customer_acquisition_cost_cohort_amount", "value_per_mql_amount",
)  # fmt: skip


def test_the_dashboard_has_its_rows_in_order_with_their_words() -> None:
    rows = []
    for metric in (each for each in shown() if each.section in DASHBOARD_SECTIONS and not each.apart):
        label = metric.label_for(Grain.MONTH)
        rows.append((metric.key, label.of("en"), label.of("vi"), metric.unit.value))
    assert rows == DASHBOARD


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=lambda m: m.key)
def test_a_metric_is_fully_declared(metric: Metric) -> None:
    texts = [metric.definition.of(lang) for lang in languages()]
    assert all(text.endswith(".") for text in texts)
    assert len(set(texts)) == len(languages()), "the two languages say the same words"
    assert (metric.unit is Unit.RATE) == metric.key.endswith("_rate")
    assert (metric.unit is Unit.AMOUNT) == metric.key.endswith("_amount")
    if not isinstance(metric.kind, Product | Trailing | Monthly | Setting | Annualised):
        is_quotient = metric.unit is Unit.RATE or metric.key in AVERAGES or metric.key.endswith("_score")
        assert isinstance(metric.kind, Ratio | Ranking) == is_quotient or (
            metric.key.endswith("_ratio") and not is_quotient
        )
    assert set(metric.inputs) <= set(CATALOGUE)
    assert [key for key in metric.inputs if key not in metric.kind.formula] == []
    behind = [CATALOGUE[key] for key in with_behind([metric])]
    assert any(isinstance(each.kind, Flow | Balance | Setting) for each in behind), "it is made of something counted"
    assert not re.search(r"_pct|cvr|pu_|ru_", metric.key)


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=lambda m: m.key)
def test_the_source_of_a_metric_is_a_section_of_the_definitions(metric: Metric) -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "docs" / "definitions.md").read_text(encoding="utf-8"), re.MULTILINE)
    document, section = metric.source.split(": ")
    assert document == "definitions"
    assert section in [heading.casefold() for heading in headings]


def test_every_monthly_column_is_a_counted_metric() -> None:
    columns = [key for keys in MONTHLY_COLUMNS.values() for key in keys]
    assert len(columns) == len(set(columns)) == 21
    assert [key for key in columns if key not in CATALOGUE or CATALOGUE[key].unit is Unit.RATE] == []
    stated = {flow.key for flow in FLOWS} | {key for level in LEVELS for key in level.keys}
    assert stated | {key for flow in FLOWS for key in flow.parts.values()} == set(columns)


def test_the_grain_stands_in_the_label() -> None:
    label = CATALOGUE["opening_paid_users"].label_for(Grain.QUARTER)
    assert (label.of("en"), label.of("vi")) == ("PU at start of quarter", "PU đầu quý")


def test_a_key_is_found_as_people_type_it_and_the_closest_is_named_otherwise() -> None:
    assert find_metric("Demo-to-paid rate").key == "demo_to_paid_rate"
    with pytest.raises(UsageError, match="Did you mean paid_user_churn_rate"):
        find_metric("paid_user_churn")
