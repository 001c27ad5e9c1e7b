"""Tables with a column for each month or day: read turned round where headers and cells decide it, else refused."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from funnelcli.reading.engines import choose
from support import explained_rows, figures, in_month, report_of, said_of, write_folder

TURNED = ("read-turned", None)


@pytest.mark.parametrize(
    "header",
    [
        "Metric,2026-01,2026-02",
        "Month,T1/2026,T2/2026",
        ",Jan 2026,Feb 2026",
        "metric,label,unit,2026-01,2026-02,total",  # as a report of funnelcli is written
    ],
)
def test_figures_by_month_are_read(header: str, tmp_path: Path) -> None:
    beside = header.count(",") - 2
    total = header.endswith("total")
    rows = [("new_signups", "10", "20"), ("New paid users", "1", "2")]
    labels = ",x" * (beside - total)
    lines = [f"{name}{labels},{first},{second}" + ",99" * total for name, first, second in rows]
    folder = write_folder(tmp_path, {"monthly.csv": "\n".join([header, *lines, ""])})
    keys = ("new_signups", "new_paid_users")
    assert (in_month(folder, "2026-01", *keys), in_month(folder, "2026-02", *keys)) == ([10, 1], [20, 2])
    [(code, (message, _))] = said_of(folder).items()
    assert (code, "'total'" in message) == (TURNED, total)


def test_a_figure_by_channel_has_the_line_that_it_stands_on(tmp_path: Path) -> None:
    """Of 20 signups 5 are paid, so that 15 are organic; the whole stands on line 2, the share on line 3."""
    text = "Chỉ số;Kênh;T1/2026;T2/2026\nnew_signups;;10;20\nnew_signups;paid;4;5\n"
    folder = write_folder(tmp_path, {"monthly.csv": text})
    known = figures(report_of(folder, first="2026-01", last="2026-02", by_channel=True))
    assert [known["new_signups", part, "2026-02"][0] for part in (None, "paid", "organic")] == [20, 5, 15]
    assert explained_rows(folder, "new_signups", "2026-02") == (20, [("monthly.csv", 2, 20)])
    assert explained_rows(folder, "paid_signups", "2026-02") == (5, [("monthly.csv", 3, 5)])


def test_a_year_may_stand_in_a_column_of_its_own(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"monthly.csv": "Năm,Tháng,new_signups\n2025,Tháng 12,5\n2026,Tháng 1,6\n"})
    assert (in_month(folder, "2025-12", "new_signups"), in_month(folder, "2026-01", "new_signups")) == ([5], [6])
    assert said_of(folder) == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Metric,Jan,Feb\nnew_signups,10,20\n", "months-across"),  # no year
        ("Metric,2026-01,Feb,2026-03\nnew_signups,10,20,3\n", "months-across"),  # one without
        ("Metric,2026-01,2026-01\nnew_signups,10,20\n", "months-across"),  # one month twice
        ("Metric,2026-01,2026-02\nLeads,10,20\n", "months-across"),  # no name of a figure
        ("Metric,2026-01,2026-02\nnew_signups,10,20\nnew_signups,1,2\n", "figure-twice"),
        ("Metric,2026-01,2026-02\nnew_signups,10,20\nNew signups,1,2\n", "repeated-header"),
        ("month,new_signups,New signups\n2026-01,10,11\n", "repeated-header"),
        ("Metric,2026-01,2026-02\nnew_signups,10,#REF!\n", "spreadsheet-error"),
    ],
)
def test_what_nothing_decides_is_refused(text: str, code: str, tmp_path: Path) -> None:
    assert code in {code for code, _ in said_of(write_folder(tmp_path, {"monthly.csv": text}))}


def test_a_figure_under_a_name_of_ones_own_is_mapped(tmp_path: Path) -> None:
    config = '[inputs.monthly.columns]\nnew_signups = "Leads"\n'
    folder = write_folder(tmp_path, {"monthly.csv": "Metric,2026-01,2026-02\nLeads,10,20\n"}, config)
    assert in_month(folder, "2026-02", "new_signups") == [20]


@pytest.mark.parametrize(
    "text", ["month,new_signups,Leads\n2026-01,10,7\n", "x,2026-01,2026-02\nnew_signups,10,11\nLeads,7,8\n"]
)
def test_numbers_that_are_no_figure_are_named(text: str, tmp_path: Path) -> None:
    """A rate follows from others, and a note holds no number: neither is named."""
    [(_, (message, hint))] = [
        said for said in said_of(write_folder(tmp_path, {"monthly.csv": text})).items() if said[0] != TURNED
    ]
    assert message.endswith("not read: 'Leads'")
    assert "new_signups = 'Leads'" in hint
    tmp_path.joinpath("quiet").mkdir()
    quiet = "month,new_signups,visitor_to_signup_rate,Notes\n2026-01,10,0.2,ok\n"
    assert said_of(write_folder(tmp_path / "quiet", {"monthly.csv": quiet})) == {}


# --- visits ------------------------------------------------------------------------------------------------------

VISITS = "Source,2026-01-13,2026-01-14,2026-02-01\ngoogle,10,20,30\nfacebook ads,1,,3\n"


@pytest.mark.parametrize("small", [10**12, -1], ids=["row by row", "by DuckDB"])
@pytest.mark.parametrize(
    "text",
    [
        VISITS,
        VISITS.replace("Source", ""),
        VISITS.replace("Source", "Date"),
        "Traffic\n\n" + VISITS,
        VISITS.replace("2026-01-13,2026-01-14,2026-02-01", "1/13/2026,1/14/2026,2/1/2026"),
        "Source,2026-01-13,2026-01-14,2026-02-01,Total\ngoogle,10,20,30,60\nfacebook ads,1,,3,4\nTotal,11,20,33,64\n",
    ],
)
def test_visits_by_day_are_read(text: str, small: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """January has 10 + 20 of google and 1 paid one, February 30 and 3."""
    monkeypatch.setattr(choose, "SMALL_BYTES", small)
    folder = write_folder(tmp_path, {"visits.csv": text})
    keys = ("organic_visits", "paid_visits")
    assert (in_month(folder, "2026-01", *keys), in_month(folder, "2026-02", *keys)) == ([30, 1], [30, 3])
    assert [code for code, _ in said_of(folder)] == ["read-turned"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Source,01/02/2026,02/02/2026\ngoogle,1,2\n", "date-order-undecided"),
        ("Source,13/02,14/02\ngoogle,1,2\n", "days-across"),
        ("Source,Rank,2026-02-13,2026-02-14\ngoogle,1,1,2\n", "days-across"),
        ("Source,2026-01,2026-02\ngoogle,1,2\n", "months-across"),
        ("Source,2026-01-01,2026-02-01\ngoogle,1,2\n", "months-across"),  # may be months
        ("Metric,2026-01-13,2026-01-14\nSessions,10,20\nUsers,9,15\n", "visits-in-several-rows"),
        ("Source,2026-01-13,2026-01-14\ngoogle,10,20\nzalo,9,15,3\nbing,1,2\n", "too-many-cells"),
    ],
)
def test_visits_that_nothing_decides_are_refused_or_named(text: str, code: str, tmp_path: Path) -> None:
    assert code in {code for code, _ in said_of(write_folder(tmp_path, {"visits.csv": text}))}


def test_a_hidden_month_of_a_sheet_is_named(tmp_path: Path) -> None:
    """Headers of sheets are days: the first of each month stands for it."""
    book = openpyxl.Workbook()
    book.active.append(["Metric", datetime(2026, 1, 1), datetime(2026, 2, 1), datetime(2026, 3, 1)])
    book.active.append(["new_signups", 1, 2, 3])
    book.active.column_dimensions["C"].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    tmp_path.joinpath("monthly.xlsx").write_bytes(stream.getvalue())
    assert in_month(tmp_path, "2026-02", "new_signups") == [2]
    assert {code for code, _ in said_of(tmp_path)} == {"hidden-columns", "read-turned"}
