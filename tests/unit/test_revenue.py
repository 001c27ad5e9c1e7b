"""MRR at the end of months and ARPA, worked by hand from small exports."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from funnelcli.answers.explain import counted_rows, explain_value
from funnelcli.answers.layout import Layout
from funnelcli.answers.report_model import Report
from funnelcli.metrics import CATALOGUE
from funnelcli.problems import ConfigError, InputError
from funnelcli.renderers import Style
from funnelcli.values.period_words import parse_bound
from funnelcli.values.periods import Grain
from support import exports_of, figures, rendered, report_of

HEADER = "user_id,started_at,ended_at,mrr,amount\n"


def reported(folder: Path, rows: str, *, toml: str = "", header: str = HEADER, **options: object) -> Report:
    (folder / "paid_users.csv").write_text(header + rows, encoding="utf-8")
    (folder / "funnel.toml").write_text(toml, encoding="utf-8")
    return report_of(folder, **{"first": "2026-01", "last": "2026-03", "as_of": "2026-03-31", **options})  # type: ignore[arg-type]


def mrr(report: Report, channel: str | None = None, metric: str = "closing_mrr_amount") -> list[float | None]:
    known = figures(report)
    return [known[metric, channel, key][0] for key in (*(p.key for p in report.spec.periods), "total")]


def reasons(report: Report) -> list[str]:
    row = next(row for row in report.rows if row.metric.key == "closing_mrr_amount")
    return [cell.missing.reason.of("en") if cell.missing else "" for cell in (*row.cells, row.total)]


def test_a_prepaid_year_is_spread_over_its_months(tmp_path: Path) -> None:
    # 1,200 / 12 = 100 at the end of January, February and March, and of the range.
    assert mrr(reported(tmp_path, "a,2026-01-10,2027-01-09,,1200\n")) == [100, 100, 100, 100]


def test_monthly_invoices_that_touch_at_the_end_of_a_month(tmp_path: Path) -> None:
    # At the end of January no row is in force: the first has ended, the next begins the day after.  The first counts.
    rows = "a,2026-01-01,2026-01-31,,100\na,2026-02-01,2026-02-28,,150\na,2026-03-01,2026-03-31,,200\n"
    # Lost on 31 March, for nothing follows.
    assert mrr(reported(tmp_path, rows)) == [100, 150, 0, 0]


def test_a_gap_within_the_grace_days_counts_the_row_before_it(tmp_path: Path) -> None:
    rows = "a,2026-01-01,2026-01-30,70,\na,2026-02-03,,90,\n"
    assert mrr(reported(tmp_path, rows, toml="[paid_users]\ngrace_days = 3\n")) == [70, 90, 90, 90]
    assert mrr(reported(tmp_path, rows)) == [0, 90, 90, 90]


def test_an_upgrade_that_overlaps_counts_both_while_both_are_in_force(tmp_path: Path) -> None:
    rows = "a,2026-01-01,2026-02-10,100,\na,2026-01-20,2026-04-30,300,\n"
    # January: 100 + 300; after 10 February 300.
    report = reported(tmp_path, rows)
    assert mrr(report) == [400, 300, 300, 300]
    assert mrr(report, metric="arpa_amount") == [400, 300, 300, 300]  # one customer


def test_arpa_divides_by_those_who_pay_then(tmp_path: Path) -> None:
    report = reported(tmp_path, "a,2026-01-01,,100,\nb,2026-02-01,,50,\n")
    assert mrr(report, metric="arpa_amount") == [100 / 1, 150 / 2, 150 / 2, 150 / 2]
    nobody = reported(tmp_path, "a,2026-02-01,,100,\n")
    assert (mrr(nobody), mrr(nobody, metric="arpa_amount")) == ([0, 100, 100, 100], [None, 100, 100, 100])


def test_a_row_without_an_amount_makes_its_months_and_its_channel_missing(tmp_path: Path) -> None:
    rows = "a,2026-01-01,,100,,partner\nb,2026-01-01,2026-02-10,,,affiliate\nc,2026-01-01,2026-02-10,,,affiliate\n"
    report = reported(tmp_path, rows, header=HEADER.replace("\n", ",source\n"), by_channel=True)
    assert mrr(report) == [None, 100, 100, 100]
    assert reasons(report)[0] == "2 rows in force cannot be priced; `funnelcli check` lists them"
    assert mrr(report, "affiliate") == [None, 0, 0, 0]
    assert mrr(report, "partner") == [100, 100, 100, 100]


def test_an_amount_without_an_end_is_not_known_unless_an_interval_says_what_for(tmp_path: Path) -> None:
    open_end = reported(tmp_path, "a,2026-01-01,,,1200\n")
    assert mrr(open_end) == [None] * 4
    assert reasons(open_end) == ["1 row in force cannot be priced; `funnelcli check` lists them"] * 4
    header = "user_id,started_at,Plan Amount,Plan Interval\n"
    # 1,200 / 12 + 60 / 3 + 12 / (12 / 52) = 100 + 20 + 52
    report = reported(
        tmp_path, "a,2026-01-01,1200,year\nb,2026-01-01,60,quarter\nc,2026-01-01,12,week\n", header=header
    )
    assert mrr(report) == [172] * 4


def test_shares_of_a_month_are_rounded_row_by_row(tmp_path: Path) -> None:
    # 10 / (7/31) = 44.2857… to 44.29, twice: 88.58, where the sum would have been 88.57.
    report = reported(
        tmp_path, "a,2026-01-28,2026-02-03,,10\nb,2026-01-28,2026-02-03,,10\n", last="2026-01", as_of="2026-01-31"
    )
    assert mrr(report) == [88.58, 88.58]


def test_without_a_column_people_do_not_see_the_rows_and_machines_do(tmp_path: Path) -> None:
    report = reported(tmp_path, "a,2026-01-01\n", header="user_id,started_at\n")
    assert reasons(report) == ["the export has neither mrr nor amount"] * 4
    assert [note.code for note in report.notes if note.code == "missing-no-amounts"] == []
    for form in ("table", "md"):
        assert not re.search("MRR|ARPA|VND", rendered(report, form, Style()))
    assert "closing_mrr_amount" in rendered(report, "csv", Style(layout=Layout.TIDY))


@pytest.mark.parametrize(
    ("toml", "lang", "shown"),
    [
        ('[business]\ncurrency = "USD"\n', "en", ["12,346", "12,346", "999.50", "999.50"]),
        ("", "vi", ["12.346", "12.346", "1.000", "1.000"]),
    ],
)
def test_amounts_as_people_write_them(tmp_path: Path, toml: str, lang: str, shown: list[str]) -> None:
    report = reported(tmp_path, "a,2026-01-01,2026-03-10,11346.00,\nb,2026-01-01,,999.50,\n", toml=toml)
    assert mrr(report) == [12345.5, 12345.5, 999.5, 999.5]
    text = rendered(report, "table", Style(lang=lang))
    line = next(line for line in text.splitlines() if line.startswith("MRR"))
    assert re.findall(r"(?<= )\d[\d.,]*(?= )", line)[-4:] == shown
    assert ("USD" if toml else "VND") in text.splitlines()[1]


def test_opening_mrr_lifts_every_later_balance(tmp_path: Path) -> None:
    rows = "a,2025-12-01,,100,\nb,2026-02-05,,50,\n"
    toml = '[opening]\nmonth = "2026-02"\npaid_users = 3\nmrr = 350.5\n'
    report = reported(tmp_path, rows, toml=toml, by_channel=True, header=HEADER)
    # At 1 February the export shows 100 of 350.50; with b it is 350.50 + 50 from the end of February on.
    assert mrr(report)[:3] == [None, 400.5, 400.5]
    assert mrr(report, metric="arpa_amount")[:3] == [None, 400.5 / 4, 400.5 / 4]
    exports = exports_of(tmp_path)
    period = parse_bound("2026-02", Grain.MONTH, last=False, option="--month")
    explained = explain_value(exports, CATALOGUE["closing_mrr_amount"], period, report.spec.as_of, None)
    assert [(row.file, row.line, row.amount) for row in counted_rows(exports, explained)] == [
        ("funnel.toml [opening] mrr", None, 250.5),
        ("paid_users.csv", 2, 100),
        ("paid_users.csv", 3, 50),
    ]


def test_opening_paid_users_beyond_the_export_need_their_mrr(tmp_path: Path) -> None:
    rows = "a,2025-12-01,,100,\n"
    more = reported(tmp_path, rows, toml='[opening]\nmonth = "2026-02"\npaid_users = 3\n')
    assert mrr(more) == [None] * 4
    assert reasons(more)[1] == "[opening] has paid users whose MRR it does not give: add [opening] mrr"
    same = reported(tmp_path, rows, toml='[opening]\nmonth = "2026-02"\npaid_users = 1\n')
    assert mrr(same)[:3] == [None, 100, 100]
    with pytest.raises(ConfigError, match=r"mrr = 99.5, but the exports already show 100"):
        reported(tmp_path, rows, toml='[opening]\nmonth = "2026-02"\nmrr = 99.5\n')
    unknown = reported(tmp_path, rows + "b,2025-12-01,2026-02-10,,\n", toml='[opening]\nmonth = "2026-02"\nmrr = 500\n')
    assert mrr(unknown)[1:3] == [None, None]


def test_the_currency_is_what_the_export_says(tmp_path: Path) -> None:
    dollars = reported(tmp_path, "a,2026-01-01,,$100,\nb,2026-01-01,,50,\n")
    assert (dollars.spec.currency, mrr(dollars)) == ("USD", [150] * 4)
    singapore = reported(tmp_path, "a,2026-01-01,,$100,\n", toml='[business]\ncurrency = "SGD"\n')
    assert singapore.spec.currency == "SGD"
    header = "user_id,started_at,mrr,currency\n"
    column = reported(tmp_path, "a,2026-01-01,$100,SGD\nb,2026-01-01,$1,\n", header=header)
    assert (column.spec.currency, mrr(column)) == ("SGD", [101] * 4)
    assert reported(tmp_path, "a,2026-01-01,,100,\n").spec.currency == "VND"


def test_another_currency_is_an_error_at_each_of_its_rows_or_left_out(tmp_path: Path) -> None:
    rows = "a,2026-01-01,,100 ₫,\nb,2026-01-01,,200 ₫,\nc,2026-01-01,,€5,\n"
    with pytest.raises(InputError) as refused:
        reported(tmp_path, rows)
    (fault,) = refused.value.problems
    assert (fault.place, fault.code) == ("paid_users.csv:4: mrr", "mixed-currency")
    assert fault.message.startswith("'€5' is an amount in EUR, but 2 rows")
    left = reported(tmp_path, rows, skip_bad_rows=True)
    assert (mrr(left), left.sources[0].rows_rejected) == ([300] * 4, 1)
    with pytest.raises(InputError) as caught:
        reported(tmp_path, rows, toml='[business]\ncurrency = "EUR"\n')
    assert [problem.line for problem in caught.value.problems] == [2, 3]


def test_undecided_amounts_are_missing_and_the_setting_decides(tmp_path: Path) -> None:
    toml = '[business]\ncurrency = "USD"\n'
    report = reported(tmp_path, "a,2026-01-01,,1.200,\n", toml=toml)
    assert mrr(report) == [None] * 4
    assert "[inputs.paid_users] decimal" in reasons(report)[0]
    decided = reported(tmp_path, "a,2026-01-01,,1.200,\n", toml=toml + '[inputs.paid_users]\ndecimal = "."\n')
    assert mrr(decided) == [1.2] * 4


def test_a_monthly_table_gives_mrr(tmp_path: Path) -> None:
    (tmp_path / "monthly.csv").write_text(
        "month,closing_paid_users,closing_mrr_amount\n2026-01,4,1200.50\n2026-02,5,\n2026-03,5,1500\n", encoding="utf-8"
    )
    report = report_of(tmp_path, first="2026-01", last="2026-03")
    assert mrr(report) == [1200.5, None, 1500, 1500]
    (tmp_path / "monthly.csv").write_text("month,closing_paid_users\n2026-01,4\n", encoding="utf-8")
    without = report_of(tmp_path)
    assert reasons(without) == ["the monthly table has no closing_mrr_amount"] * 2
    assert "MRR" not in rendered(without, "table", Style())
