"""Amounts in tỷ and tr are amounts in VND: where the currency is another, it has to be named."""

from __future__ import annotations

from pathlib import Path

import pytest

from funnelcli import open_folder
from funnelcli.config.read import parse_config
from funnelcli.problems import ConfigError, UsageError

RATES = {"signup_to_demo": "30%", "demo_to_paid": "25%", "visitor_to_signup": "4%", "churn": "5%"}
MONTHS = {"start": "2027-01", "end": "2027-02"}


def plan(folder: Path, funnel: str, **given: str) -> str:
    """The currency of a plan with some settings and options."""
    (folder / "funnel.toml").write_text(funnel, encoding="utf-8")
    options = {**RATES, "opening_paid_users": "0", **MONTHS, **given}
    return open_folder(folder).targets(**options).plan.currency  # type: ignore[arg-type]


USD = '[business]\ncurrency = "USD"\n'
VND = '[business]\ncurrency = "VND"\n'


@pytest.mark.parametrize(
    ("funnel", "given", "option"),
    [
        (USD, {"revenue": "12 tỷ", "arpa": "2000"}, "--revenue: '12 tỷ'"),
        (USD, {"revenue": "2 tỷ rưỡi", "arpa": "2000"}, "--revenue: '2 tỷ rưỡi'"),
        (USD, {"mrr": "500tr", "arpa": "2000"}, "--mrr: '500tr'"),
        (USD, {"mrr": "500000", "arpa": "1tr5"}, "--arpa: '1tr5'"),
        (USD, {"revenue": "500000", "deal_size": "5 triệu"}, "--deal-size: '5 triệu'"),
        # Nothing but another amount says the currency.
        ("", {"mrr": "500tr", "arpa": "$20"}, "--mrr: '500tr'"),
    ],
)
def test_an_amount_in_ty_or_tr_is_none_of_another_currency(
    funnel: str, given: dict[str, str], option: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as refused:
        plan(tmp_path, funnel, **given)
    assert refused.value.text.of("en") == f"{option} is counted as amounts in VND are, and the currency is USD."
    assert refused.value.text.of("vi") == f"{option} viết theo cách của tiền VND, còn loại tiền là USD."
    assert refused.value.advice.of("en").startswith("Name the currency, like 500tr USD,")


@pytest.mark.parametrize(
    ("funnel", "given", "currency"),
    [
        (USD, {"revenue": "500tr USD", "arpa": "2000"}, "USD"),
        (USD, {"revenue": "$2 tỷ", "arpa": "2000"}, "USD"),
        (USD, {"revenue": "500m", "arpa": "2k"}, "USD"),
        (VND, {"revenue": "12 tỷ", "arpa": "2tr"}, "VND"),
        (VND, {"revenue": "12 tỷ VND", "arpa": "1tr5"}, "VND"),
        ("", {"revenue": "12 tỷ", "arpa": "2tr"}, "VND"),
    ],
)
def test_named_or_in_vnd_it_is_fine(funnel: str, given: dict[str, str], currency: str, tmp_path: Path) -> None:
    assert plan(tmp_path, funnel, **given) == currency


def test_amounts_by_month_and_what_if(tmp_path: Path) -> None:
    table = tmp_path / "months.csv"
    table.write_text("month,amount\n2027-01,500tr\n2027-02,600tr\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"months\.csv:2: '2027-01,500tr' is counted as amounts in VND are"):
        plan(tmp_path, USD, revenue_by_month=str(table), arpa="2000")
    assert plan(tmp_path, VND, revenue_by_month=str(table), arpa="2tr") == "VND"
    with pytest.raises(UsageError, match="--what-if 1: 'arpa=2tr' is counted as amounts in VND are"):
        plan(tmp_path, USD, mrr="500000", arpa="2000", what_if="arpa=2tr")


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ('[plan]\narpa = "2tr"\n', "[plan] arpa: '2tr'"),
        ('[plan]\ndeal_size = "1 tỷ"\n', "[plan] deal_size: '1 tỷ'"),
        ('[plan.revenue]\n"2027-01" = "800tr"\n', "[plan.revenue] 2027-01: '800tr'"),
        ('[policies.growth]\nfixed_per_month = "10tr"\n', "[policies.growth] fixed_per_month: '10tr'"),
        ('[policies.growth]\nper_new_paid_user = "1tr5"\n', "[policies.growth] per_new_paid_user: '1tr5'"),
    ],
)
def test_so_it_is_in_the_settings(table: str, place: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_config(USD + table)
    assert (
        refused.value.text.of("en")
        == f"funnel.toml: {place} is counted as amounts in VND are, and the currency is USD."
    )
    assert "500_000_000" in refused.value.advice.of("vi")
    for funnel in (VND + table, table, USD + table.replace("tr5", "00").replace("tr", "00").replace(" tỷ", "000")):
        parse_config(funnel)


def test_so_it_is_where_the_exports_say_the_currency(tmp_path: Path) -> None:
    (tmp_path / "paid_users.csv").write_text(
        "user_id,started_at,ended_at,mrr,currency\na,2026-01-05,,20,USD\nb,2026-09-30,,20,USD\n", encoding="utf-8"
    )
    funnel = '[plan]\narpa = "2tr"\n'
    with pytest.raises(UsageError, match="arpa: '2tr' is counted as amounts in VND are, and the currency is USD"):
        plan_of_exports(tmp_path, funnel)
    assert plan_of_exports(tmp_path, funnel, arpa="20") == "USD"  # which outweighs it
    assert plan_of_exports(tmp_path, '[plan]\narpa = "2_000"\n') == "USD"


def plan_of_exports(folder: Path, funnel: str, **given: str) -> str:
    (folder / "funnel.toml").write_text(funnel, encoding="utf-8")
    return open_folder(folder).targets(mrr="500", **RATES, **MONTHS, **given).plan.currency  # type: ignore[arg-type]
