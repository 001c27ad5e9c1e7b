"""The forecast as a page, as a chapter of the pack, and in its workbook: what is known, and where it goes."""

from __future__ import annotations

import re
from pathlib import Path

import funnelcli as fc
from funnelcli.answers.forecast_page import fans
from support import EXAMPLES, run_cli
from workbooks import opened

SAAS = EXAMPLES / "saas_vn"
TARGETS = "metric,2026-11,2026-12\nnew_paid_users,25,28\nclosing_mrr_amount,130000000,145000000\n"


def test_a_fan_has_the_latest_months_known_and_those_ahead_with_their_targets(tmp_path: Path) -> None:
    targets = tmp_path / "targets.csv"
    targets.write_text(TARGETS, encoding="utf-8")
    result = fc.open_folder(SAAS).forecast(months=3, as_of="2026-10-31", targets=targets)
    drawn = fans(result.foretold, ("new_paid_users",))
    (series,) = drawn.series
    assert (drawn.has_targets, drawn.has_bands, series.headline) == (True, True, 11)
    assert [point.period.key for point in series.points][::11] == ["2025-11", "2026-10"]
    report = fc.open_folder(SAAS).report(start="2025-11", end="2026-10", as_of="2026-10-31")
    known = list(report["new_paid_users"].to_dict().values())
    assert [point.figure.value for point in series.points[:12]] == known
    ahead = series.points[12:]
    assert [point.figure.value for point in ahead] == [
        result["new_paid_users"][month].value for month in ("2026-11", "2026-12", "2027-01")
    ]
    assert [point.target and point.target.value for point in ahead] == [25, 28, None]
    assert [tuple(bound.value for bound in point.bounds) for point in ahead] == [
        result["new_paid_users"][month].bounds for month in ("2026-11", "2026-12", "2027-01")
    ]


def test_the_page_of_a_forecast_says_each_month_in_words() -> None:
    page = run_cli(
        "forecast", str(SAAS), "--as-of", "2026-10-31", "--months", "2", "--lang", "en", "-f", "html", "-q"
    ).stdout
    result = fc.open_folder(SAAS).forecast(months=2, as_of="2026-10-31")["new_paid_users"]["2026-11"]
    assert result.bounds is not None
    low, half, to_half, high = (f"{bound:.0f}" for bound in result.bounds)
    words = f"Nov 2026, foretold: {result.value:.1f}; 50%: {half} – {to_half}; 90%: {low} – {high}"
    assert f"<title>{words}</title>" in page.replace("\N{NO-BREAK SPACE}", " ")


def test_the_pack_has_the_forecast_as_a_chapter_and_as_a_tab(tmp_path: Path) -> None:
    html, book = tmp_path / "pack.html", tmp_path / "pack.xlsx"
    for path in (html, book):
        done = run_cli("report", str(SAAS), "--pack", "--as-of", "2026-10-31", "--lang", "en", "-o", str(path), "-q")
        assert done.returncode == 0, done.stderr
    page = html.read_text(encoding="utf-8")
    assert '<section class="chapter" id="forecast"' in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    # The chapter foretells six months, as the command does by itself.
    total = fc.open_folder(SAAS).forecast(as_of="2026-10-31")["new_paid_users"]["total"].value
    assert f">{total:.1f}<" in page
    sheet = opened(book.read_bytes())["Forecast"]
    lands = {row[0].value: row[3].value for row in sheet.iter_rows(min_row=1, max_row=12)}
    assert abs(float(lands["New PU"]) - total) < 0.05


def test_a_report_without_pack_makes_no_forecast() -> None:
    page = run_cli("report", str(SAAS), "--as-of", "2026-10-31", "-f", "html", "-q").stdout
    assert 'id="forecast"' not in page


def test_a_pack_of_months_that_are_not_over_has_none(tmp_path: Path) -> None:
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\na,2026-05-03\nb,2026-05-04\n", encoding="utf-8")
    page = run_cli("report", str(tmp_path), "--pack", "--as-of", "2026-05-10", "-f", "html", "-q").stdout
    assert 'id="figures"' in page
    assert 'id="forecast"' not in page
