"""Costs as people and systems write them: months across, rows of totals, and each export with its own marks."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.problems import InputError
from support import NOW, figures

MONTHS = ("2026-01", "2026-02")


def folder_with(place: Path, *, currency: str = "USD", **files: str) -> fc.Folder:
    for name, text in files.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    (place / "funnel.toml").write_text(f'[business]\ncurrency = "{currency}"\n', encoding="utf-8")
    return fc.open_folder(place, now=NOW)


def spent(folder: fc.Folder, metric: str = "actual_cost_amount") -> dict[str | None, list[float | None]]:
    """What was spent in January and February, by channel; channels of nothing left out."""
    report = folder.report(start=MONTHS[0], end=MONTHS[1], by="channel", as_of="2026-02-28").report
    known = figures(report)
    parts = dict.fromkeys(part for key, part, _ in known if key == metric)
    cells = {part: [known[metric, part, month][0] for month in MONTHS] for part in parts}
    return {part: values for part, values in cells.items() if any(values)}


def codes(folder: fc.Folder) -> set[str]:
    return {problem.code for problem in folder.check(as_of="2026-02-28").problems}


ACROSS = {None: [1540.5, 2300], "paid": [1200.5, 2300], "affiliate": [340, None]}


@pytest.mark.parametrize(
    ("table", "also"),
    [
        (
            "channel,2026-01,2026-02,Total\nfacebook,\"1,000.50\",2000,\"3,000.50\"\ngoogle / cpc,200,300,500\n"
            "affiliate,340,,340\nTotal,\"1,540.50\",2300,\"3,840.50\"\n",
            {"total-of-costs"},
        ),
        ("Kênh;T1/2026;T2/2026\nfacebook;1.000,50;2.000\ngoogle / cpc;200;300\naffiliate;340;-\n", set()),
        (
            "Marketing 2026,,,\n,Jan 2026,Feb 2026,Q1 2026\nfacebook,1000.5,2000,3000.5\ngoogle / cpc,200,300,500\n"
            "affiliate,340,,340\nTổng cộng,1540.5,2300,3840.5\n",
            {"total-of-costs"},
        ),
        (
            "Source,2026-01-05,2026-01-20,2026-02-10\nfacebook,1000.5,,2000\ngoogle / cpc,150,50,300\n"
            "affiliate,,340,\n",
            set(),
        ),
    ],
    ids=["with totals", "in Vietnamese", "below a title", "by day"],
)  # fmt: skip
def test_a_column_a_month_or_a_day(tmp_path: Path, table: str, also: set[str]) -> None:
    """January is 1,000.50 + 200 + 340 = 1,540.50, February 2,000 + 300 = 2,300; sums in the table count nothing."""
    folder = folder_with(tmp_path, costs=table)
    assert {part: [n or None for n in cells] for part, cells in spent(folder).items()} == ACROSS
    assert codes(folder) == {"read-turned", *also}


def test_a_row_of_a_total_among_others_does_not_count(tmp_path: Path) -> None:
    """900 of facebook and 100 of affiliate in January are 1,000, and the row that says so is no third cost."""
    table = (
        "month,channel,amount\n2026-01,facebook,900\n2026-01,affiliate,100\n2026-01,Total,1000\n2026-02,facebook,5\n"
    )
    folder = folder_with(tmp_path, costs=table)
    assert spent(folder) == {None: [1000, 5], "paid": [900, 5], "affiliate": [100, 0]}
    assert codes(folder) == {"total-of-costs"}


def test_months_of_no_year_are_refused(tmp_path: Path) -> None:
    folder = folder_with(
        tmp_path, costs="channel,Jan,Feb\nfacebook,1,2\n", signups="user_id,signed_up_at\na,2026-01-05\n"
    )
    with pytest.raises(InputError) as refused:
        folder.report(as_of="2026-02-28")
    assert [problem.code for problem in refused.value.problems] == ["header-months-without-year"]


A = 'date,channel,amount,impressions\n2026-01-10,google / cpc,"1,234.50","50,000"\n'
B = "date;channel;amount;impressions\n2026-02-10;facebook;3.500{};60.001\n"


def test_what_one_export_proves_says_nothing_of_another(tmp_path: Path) -> None:
    """A writes 1,234.50; B's 3.500 is 3,500 or 3.50, which nothing of B decides, and it is not read as A would."""
    with pytest.raises(InputError) as refused:
        folder_with(tmp_path, costs_a=A, costs_b=B.format("")).report(as_of="2026-02-28")
    assert {(p.code, p.file) for p in refused.value.problems} == {("cost-undecided", "costs_b.csv")}


def test_each_export_has_its_own_marks(tmp_path: Path) -> None:
    """B writes 3.500,25; A's 50,000 impressions are fifty thousand by its amounts, B's 60.001 by themselves."""
    folder = folder_with(tmp_path, costs_a=A, costs_b=B.format(",25"))
    assert spent(folder)[None] == [1234.5, 3500.25]
    assert spent(folder, "cost_impressions")[None] == [50000, 60001]


def test_files_of_one_export_prove_each_others_marks(tmp_path: Path) -> None:
    """The same headers and delimiters: 3,500 of the second piece is as 1,234.50 of the first."""
    second = 'date,channel,amount,impressions\n2026-02-10,facebook,"3,500","60,000"\n'
    folder = folder_with(tmp_path, costs_q1=A, costs_q2=second)
    assert spent(folder)[None] == [1234.5, 3500]
    assert spent(folder, "cost_impressions")[None] == [50000, 60000]


@pytest.mark.parametrize(
    ("account", "told"),
    [("900", {"costs-by-other-days"}), ("901", set())],
)
def test_an_account_beside_an_export_of_ads(tmp_path: Path, account: str, told: set[str]) -> None:
    """January of Meta's export is 400 + 500 = 900, as the account's line of facebook is, or is not."""
    ads = "Reporting starts,Reporting ends,Campaign name,Day,Amount spent (USD),Impressions\n" + "".join(
        f"{day},{day},Tet,{day},{amount},100\n" for day, amount in (("2026-01-09", 400), ("2026-01-20", 500))
    )
    table = f"month,channel,amount\n2026-01,facebook,{account}\n2026-02,affiliate,50\n"
    folder = folder_with(tmp_path, costs=table, ads_meta=ads)
    assert spent(folder)["paid"] == [900 + int(account), 0]
    assert {code for code in codes(folder) if code.startswith("costs-")} == told


@pytest.mark.parametrize(("days", "unit"), [(("2026-01-01", "2026-02-03"), "Day"), (("2026-01", "2026-02"), "Month")])
def test_sums_of_campaigns_of_meta_are_no_rows_in_a_report_by_day_or_month(
    tmp_path: Path, days: tuple[str, str], unit: str
) -> None:
    head = f"Campaign name,{unit},Amount spent (USD),Impressions,Link clicks,Reporting starts,Reporting ends"
    rows = (
        ("", "", 3500, 350), ("A", "", 2000, 200), ("A", days[0], 1500, 150), ("A", days[1], 500, 50),
        ("B", "", 1500, 150), ("B", days[0], 1500, 150),
    )  # fmt: skip
    lines = [f"{name},{day},{money},{shown},1,2026-01-01,2026-02-28" for name, day, money, shown in rows]
    folder = folder_with(tmp_path, ads_meta="\n".join([head, *lines]) + "\n")
    assert spent(folder) == {None: [3000, 500], "paid": [3000, 500]}
    assert sum(money for name, day, money, _ in rows if day) == rows[0][2]
    (tally,) = folder.facts().tallies
    assert (tally.counted, tally.rejected, tally.filtered) == (3, 0, 3)
