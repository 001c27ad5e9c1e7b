"""Files of targets as people write them: months, figures and channels in many words, amounts and rates, workbooks."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction as Frac
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from funnelcli.answers.monthly_amounts import read_amounts
from funnelcli.answers.targets_file import read_targets
from funnelcli.answers.targets_names import Names
from funnelcli.planning.model import RowKey
from funnelcli.problems import UsageError
from funnelcli.values.channels import Channel, ChannelMap
from funnelcli.values.dates import month_labelled

SIGNUPS, WON = "required_new_signups", "required_new_paid_users"
JULY, AUGUST = "2026-07", "2026-08"


def whole(metric: str) -> RowKey:
    return (metric, None, None)


def read(text: str, name: str = "t.csv", names: Names | None = None) -> Mapping[RowKey, Mapping[str, Frac]]:
    return read_targets(text, name, names).rows


def refused(text: str, name: str = "t.csv") -> str:
    with pytest.raises(UsageError) as error:
        read(text, name)
    assert error.value.text.of("vi") != error.value.text.of("en")
    return error.value.text.of("en")


# --- months ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2026-07", "2026/7", "202607", "07/2026", "7-2026", "T7/2026", "T7-2026", "T7-26", "T07/26", "Th7/2026",
        "Thg7-26", "Thg 7-26", "thg.7/2026", "Tháng 7/2026", "tháng 7 năm 2026", "Tháng 7 2026", "Tháng bảy 2026",
        "Jul-26", "Jul 2026", "July 2026", "july-2026", "Jul'26", "jul/26", "2026 Jul", "7/1/2026", "1/7/2026",
        "07/01/2026", "01/07/2026", "7/1/26", "1.7.2026", "1-7-2026", "1-Jul-26", "01-Jul-2026", "2026-07-01",
        "2026-07-01 00:00:00", " Jul-26 ",
    ],
)  # fmt: skip
def test_a_month_in_many_words(text: str) -> None:
    assert month_labelled(text) == (2026, 7)
    assert read(f'metric,"{text}"\nnew_signups,400\n') == {whole(SIGNUPS): {JULY: 400}}
    assert read(f'period,metric,value\n"{text}",new_signups,400\n') == {whole(SIGNUPS): {JULY: 400}}


@pytest.mark.parametrize(
    "text", ["Jul 26", "07/26", "7", "2026", "Q3 2026", "T13/2026", "13/1/2026", "7/2/2026", "2026-07-02", "total", ""]
)
def test_what_names_no_month(text: str) -> None:
    assert month_labelled(text) is None


@pytest.mark.parametrize("header", ["Tháng 7,Tháng 8", "Jul,Aug", "T7,T8", "tháng bảy,tháng tám"])
def test_months_without_a_year_take_the_one_that_is_said(header: str) -> None:
    wanted = {whole(SIGNUPS): {JULY: 400, AUGUST: 410}}
    assert read(f"Chỉ tiêu 2026,{header}\nnew_signups,400,410\n") == wanted
    assert read(f"Kế hoạch năm 2026\n\nmetric,{header}\nnew_signups,400,410\n") == wanted
    assert read(f"metric,{header}\nnew_signups,400,410\n", "targets-2026.csv") == wanted
    says = refused(f"metric,{header}\nnew_signups,400,410\n")
    assert says == f"t.csv:1: of which year is {header.partition(',')[0]!r}?"
    # Two years are said, or the months go on into the next.
    assert "of which year" in refused(f"Chỉ tiêu 2026-2027,{header}\nnew_signups,400,410\n")
    assert "of which year" in refused("Chỉ tiêu 2026,Tháng 12,Tháng 1\nnew_signups,400,410\n")


def test_two_headers_of_one_month_are_refused() -> None:
    assert refused("metric,2026-07,Jul-26\nnew_signups,4,5\n") == "t.csv:1: there are two columns '2026-07, Jul-26'."


@pytest.mark.parametrize("header", ["Total", "Tổng cộng", "Tổng", "2026", "năm 2026"])
def test_a_total_beside_the_months_is_none_of_them(header: str) -> None:
    assert read(f"metric,2026-07,2026-08,{header}\nnew_signups,4,5,9\n") == {whole(SIGNUPS): {JULY: 4, AUGUST: 5}}


def test_a_quarter_is_a_total_only_where_its_months_are_there() -> None:
    rows = "metric,2026-07,2026-08,2026-09,Q3 2026\nnew_signups,4,5,6,15\n"
    assert read(rows) == {whole(SIGNUPS): {JULY: 4, AUGUST: 5, "2026-09": 6}}
    assert refused(rows.replace("Q3 2026", "Q4 2026")) == "t.csv:1: 'Q4 2026' is not a month."
    # Words beside the months are no targets, numbers that nobody understands are refused.
    assert read("metric,owner,2026-07\nnew_signups,Lan,4\n") == {whole(SIGNUPS): {JULY: 4}}
    assert refused("metric,stretch,2026-07\nnew_signups,5,4\n") == "t.csv:1: 'stretch' is not a month."


# --- figures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("new_signups", SIGNUPS),
        ("required_new_signups", SIGNUPS),
        ("New signups (RU)", SIGNUPS),
        ("New signups", SIGNUPS),
        ("RU", SIGNUPS),
        ("Đăng ký mới (RU)", SIGNUPS),
        ("Đăng ký mới", SIGNUPS),
        ("đăng ký MỚI:", SIGNUPS),
        ("Dang ky moi", SIGNUPS),
        ("Đăng ký", SIGNUPS),
        ("PU mới", WON),
        ("Demo đặt mới", "required_new_demo_bookings"),
        ("Lượt truy cập mới thuần", "required_net_new_visitors"),
        ("PU mất (hết hạn không gia hạn)", "expected_churned_paid_users"),
        ("PU cuối tháng", "planned_closing_paid_users"),
        ("Revenue", "planned_revenue_amount"),
        ("Doanh thu", "planned_revenue_amount"),
        ("MRR", "closing_mrr_amount"),
        ("MRR at end of month", "closing_mrr_amount"),
        ("MRR cuối tháng", "closing_mrr_amount"),
        ("arpa_amount", "arpa_amount"),
        ("ARPA", "arpa_amount"),
        ("ARPA (MRR trên mỗi PU)", "arpa_amount"),
        ("total_leads", "total_leads"),
        ("- Paid (performance)", "paid_signups"),
        ("- Trả phí (quảng cáo)", "paid_signups"),
    ],
)
def test_a_figure_in_the_words_people_see(name: str, metric: str) -> None:
    for title in ("metric", "Chỉ tiêu", "Chỉ số", "KPI", "Hạng mục", ""):
        assert read(f"{title},2026-07\n{name},400\n") == {whole(metric): {JULY: 400}}
    assert read(f"STT,{title},2026-07\n1,{name},400\n2,PU at start,90\n")[whole(metric)] == {JULY: 400}


@pytest.mark.parametrize(
    "name", ["visitor_to_signup_rate", "Visitor → RU", "Visitor -> RU", "Tỷ lệ Visitor → RU", "visitor-to-signup"]
)
def test_a_rate_in_the_words_people_see(name: str) -> None:
    for share in ("4%", "4 %", "0.04", '"0,04"', '"4,0%"', "1/25"):
        assert read(f"metric,2026-07\n{name},{share}\n") == {whole("visitor_to_signup_rate"): {JULY: Frac(1, 25)}}


@pytest.mark.parametrize("name", ["paid_user_churn_rate", "Churn rate", "Tỷ lệ rời bỏ", "Churn rate, a month", "churn"])
def test_churn_in_the_words_people_see(name: str) -> None:
    assert read(f'metric,2026-07\n"{name}",3%\n') == {whole("paid_user_churn_rate"): {JULY: Frac(3, 100)}}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("new_signupz,4", "t.csv:2: 'new_signupz' is no metric that has targets. Did you mean new_signups?"),
        ("Đăng kí mới,4", "t.csv:2: 'Đăng kí mới' is no metric that has targets. Did you mean đăng ký mới?"),
        ("PU,4", "t.csv:2: 'PU' is no metric that has targets."),
        ("Costs less the budget,9", "t.csv:2: there is no figure to compare 'Costs less the budget' with."),
        ("deal_size_amount,900", "t.csv:2: 'deal_size_amount' is no metric that has targets."),
        ("visitor_to_signup_rate,4", "t.csv:2: '4' may mean 4 % or 4 times; write it like 4%."),
        ("new_signups,4%", "t.csv:2: '4%' is a share, not a target."),
        ("arpa_amount,4%", "t.csv:2: '4%' is a share, not a target."),
        ("arpa_amount,1 tỷ 2", "t.csv:2: '1 tỷ 2' could be 1.2 tỷ, or 2 of a smaller unit more;"),
    ],
)
def test_a_row_that_is_not_understood_is_never_left_out(row: str, says: str) -> None:
    assert refused(f"metric,2026-07\n{row}\nRU,5\n").startswith(says)


def test_amounts_as_people_write_them() -> None:
    rows = 'metric,2026-07,2026-08\nDoanh thu,2 tỷ rưỡi,"1,2 tỷ"\nARPA,1tr5,900k\n'
    assert read(rows) == {
        whole("planned_revenue_amount"): {JULY: 2_500_000_000, AUGUST: 1_200_000_000},
        whole("arpa_amount"): {JULY: 1_500_000, AUGUST: 900_000},
    }


def test_empty_cells_and_dashes_are_no_targets() -> None:
    rows = "metric,2026-07,2026-08\nMARKETING,,\nnew_signups,–,5\nDemos,-,\n"
    assert read(rows) == {whole(SIGNUPS): {AUGUST: 5}}


# --- channels and teams ------------------------------------------------------------------------------------------

OWN = Names(ChannelMap({"paid": ("facebook", "google ads"), "affiliate": ("ctv",), "partner": ("đại lý *",)}))


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("Facebook", Channel.PAID),
        ("CTV", Channel.AFFILIATE),
        ("Đại lý HN", Channel.PARTNER),
        ("paid", Channel.PAID),
        ("Trả phí", Channel.PAID),
        ("Sales SME", Channel.SALES_SME),
        ("Giới thiệu", Channel.REFERRAL),
        ("Tự nhiên", Channel.ORGANIC),
    ],
)
def test_channels_go_through_the_settings(name: str, channel: Channel) -> None:
    for title in ("channel", "Kênh", "Nguồn"):
        assert read(f"metric,{title},2026-07\nRU,{name},4\n", names=OWN) == {(SIGNUPS, channel, None): {JULY: 4}}
    assert read(f"metric,2026-07\nNew PU ({name}),4\n", names=OWN) == {(WON, channel, None): {JULY: 4}}


def test_without_the_settings_facebook_is_what_it_is_in_the_exports() -> None:
    assert read("metric,channel,2026-07\nRU,Facebook,4\n") == {(SIGNUPS, Channel.ORGANIC, None): {JULY: 4}}
    assert refused("metric,channel,2026-07\nRU,tv,4\n") == "t.csv:2: 'tv' is no channel."


def test_a_name_above_several_channels_is_written_once() -> None:
    rows = "Chỉ tiêu,Kênh,2026-07\nĐăng ký mới,Facebook,4\n,CTV,5\nPU mới,Facebook,1\n,CTV,2\n"
    assert read(rows, names=OWN) == {
        (SIGNUPS, Channel.PAID, None): {JULY: 4},
        (SIGNUPS, Channel.AFFILIATE, None): {JULY: 5},
        (WON, Channel.PAID, None): {JULY: 1},
        (WON, Channel.AFFILIATE, None): {JULY: 2},
    }


def test_a_row_that_stands_twice_names_its_channel_and_team() -> None:
    rows = "metric,channel,team,2026-07\nRU,Facebook,growth,4\nRU,Google Ads,growth,5\n"
    with pytest.raises(UsageError) as error:
        read(rows, names=OWN)
    twice = "t.csv:3: required_new_signups, channel paid, team growth of 2026-07 stands there twice."
    assert error.value.text.of("en") == twice
    assert error.value.text.of("vi").startswith("t.csv:3: required_new_signups, kênh paid, đội growth của 2026-07")
    assert error.value.advice.of("en") == (
        "Facebook and Google Ads are both of the channel paid by [channels]: write one row with their sum."
    )


def test_a_column_of_teams_is_known_by_its_cells() -> None:
    names = Names(ChannelMap({}), frozenset(["growth", "sales"]))
    rows = "metric,Phụ trách,2026-07\nRU,growth,4\nRU,sales,5\n"
    assert read(rows, names=names) == {(SIGNUPS, None, "growth"): {JULY: 4}, (SIGNUPS, None, "sales"): {JULY: 5}}


# --- months down, Markdown ---------------------------------------------------------------------------------------


def test_months_may_stand_in_rows() -> None:
    rows = "Tháng,Đăng ký mới,PU mới,Ghi chú\nThg7-26,400,12,\nThg8-26,410,,\nTổng,810,12,\n"
    assert read(rows) == {whole(SIGNUPS): {JULY: 400, AUGUST: 410}, whole(WON): {JULY: 12}}
    by_channel = "month,channel,RU\n2026-07,paid,4\n2026-07,partner,5\n"
    assert read(by_channel) == {(SIGNUPS, Channel.PAID, None): {JULY: 4}, (SIGNUPS, Channel.PARTNER, None): {JULY: 5}}
    assert "'RUU' is no metric" in refused("month,RU,RUU\n2026-07,4,5\n")


def test_markdown_of_ones_own() -> None:
    text = "# Plan\n\nMetric | Channel | 7/1/2026\n--- | --- | ---:\nRU | paid | 1.200\nnew\\_paid\\_users | \\- | 30\n"
    with pytest.raises(UsageError, match="is no channel"):
        read(text)
    assert read(text.replace("\\-", "paid")) == {
        (SIGNUPS, Channel.PAID, None): {JULY: 1200},
        (WON, Channel.PAID, None): {JULY: 30},
    }
    assert "t.md:6: 'new_paid_userz' is no metric" in refused(text.replace("users", "userz").replace("\\-", ""), "t.md")


def test_a_team_in_the_title_of_markdown() -> None:
    growth = "### Team: a\\_b\n\n| metric | 2026-07 |\n| --- | --: |\n| RU | 4 |\n"
    other = "### Đội: c\n\n| Tháng | RU |\n|---|--:|\n| 07/2026 | 5 |\n"
    assert read(f"{growth}\n{other}") == {(SIGNUPS, None, "a_b"): {JULY: 4}, (SIGNUPS, None, "c"): {JULY: 5}}


def test_a_column_headed_origin_hides_no_targets() -> None:
    assert read("metric,origin,2026-07\nRU,board,4\n") == {whole(SIGNUPS): {JULY: 4}}


# --- workbooks ---------------------------------------------------------------------------------------------------

Cells = Sequence[Sequence[str | float | date]]


def workbook(sheets: Mapping[str, Cells]) -> bytes:
    """A workbook; texts as texts, days as days, and numbers below 1 as percentages."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    day, share = book.add_format({"num_format": "mmm-yy"}), book.add_format({"num_format": "0.0%"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                match cell:
                    case date():
                        sheet.write_datetime(at, column, cell, day)
                    case str():
                        sheet.write_string(at, column, cell)
                    case _:
                        sheet.write_number(at, column, cell, share if cell < 1 else None)
    book.close()
    return out.getvalue()


def test_a_workbook_has_numbers_days_and_percentages() -> None:
    data = workbook(
        {
            "Chỉ tiêu": [
                ["Kế hoạch quý 3"],
                [],
                ["Chỉ tiêu", "Kênh", date(2026, 7, 1), date(2026, 8, 31)],
                ["Đăng ký mới", "", 1200, 1300.0],
                ["Visitor → RU", "", 0.04, "5%"],
                ["ARPA", "Trả phí", 1.5, 900_000],
                ["Doanh thu", "", "2 tỷ rưỡi", 3e9],
            ],
            "Ghi chú": [["Nothing of use", 4]],
        }
    )
    assert read_targets(data, "t.xlsx").rows == {
        whole(SIGNUPS): {JULY: 1200, AUGUST: 1300},
        whole("visitor_to_signup_rate"): {JULY: Frac(1, 25), AUGUST: Frac(1, 20)},
        ("arpa_amount", Channel.PAID, None): {JULY: Frac(3, 2), AUGUST: 900_000},
        whole("planned_revenue_amount"): {JULY: 2_500_000_000, AUGUST: 3_000_000_000},
    }


def test_every_sheet_with_targets_is_read() -> None:
    first: Cells = [["metric", date(2026, 7, 1)], ["RU", 4]]
    other: Cells = [["metric", date(2026, 8, 1)], ["RU", 5]]
    assert read_targets(workbook({"2026": first, "2027": other}), "t.xlsx").rows == {
        whole(SIGNUPS): {JULY: 4, AUGUST: 5}
    }
    with pytest.raises(UsageError, match=r"t\.xlsx \[old\]:2: required_new_signups of 2026-07 stands there twice"):
        read_targets(workbook({"new": first, "old": first}), "t.xlsx")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["metric", "2026-07"], ["RUU", 4]], "t.xlsx [S]:2: 'RUU' is no metric"),
        ([["metric", "2026-07"], ["RU", -4]], "t.xlsx [S]:2: a target of -4 is below 0"),
        ([["metric", "2026-07"], ["churn", 4]], "t.xlsx [S]:2: '4' may mean 4 % or 4 times"),
        ([["metric", date(2026, 7, 15)], ["RU", 4]], "t.xlsx [S]:1: '2026-07-15' is not a month"),
        ([["a", "b"]], "t.xlsx [S]: has no column metric"),
        ([], "t.xlsx [S]: has no column metric"),
    ],
)
def test_a_workbook_that_is_refused(rows: Cells, says: str) -> None:
    with pytest.raises(UsageError) as error:
        read_targets(workbook({"S": rows}), "t.xlsx")
    assert error.value.text.of("en").startswith(says)


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 100, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xx"])
def test_a_damaged_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"^t\.xlsx: "):
        read_targets(data, "t.xlsx")


# --- amounts by month ---------------------------------------------------------------------------------------------


def amounts(content: str | bytes, folder: Path, name: str = "r.csv") -> Mapping[str, Frac]:
    data = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    return read_amounts(folder / name, io.BytesIO).amounts


@pytest.mark.parametrize(
    "text",
    [
        "month,amount\n7/1/2026,2 tỷ rưỡi\n8/1/2026,1tr5\n",
        "Thg7-26,2 tỷ rưỡi\nThg8-26,1tr5\n",
        "Tháng;Doanh thu 2026\nTháng 7;2 tỷ rưỡi\nTháng 8;1tr5\n",
        "Chỉ tiêu,Jul-26,Aug-26\nDoanh thu,2 tỷ rưỡi,1tr5\n",
        "Doanh thu 2026,T7,T8\n,2 tỷ rưỡi,1tr5\n",
    ],
)
def test_revenue_by_month_knows_the_same_months_and_amounts(text: str, tmp_path: Path) -> None:
    assert amounts(text, tmp_path) == {JULY: 2_500_000_000, AUGUST: 1_500_000}


def test_revenue_by_month_may_be_a_workbook(tmp_path: Path) -> None:
    data = workbook({"S": [["Tháng", "Doanh thu"], [date(2026, 7, 1), 2.5e9], [date(2026, 8, 31), 1_500_000]]})
    assert amounts(data, tmp_path, "r.xlsx") == {JULY: 2_500_000_000, AUGUST: 1_500_000}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Tháng 7,100tr\n", "r.csv:1: 'Tháng 7' is not a month."),
        ("month,amount\n2026-07,100tr\nAugust,50tr\n", "r.csv:3: 'August' is not a month."),
        ("month,amount\n2026-07,1tr25\n", "r.csv:2: '1tr25' could be 1.25 tr"),
        ("month,amount\n7/1/2026,1tr\n2026-07,2tr\n", "r.csv:3: 2026-07 stands there twice."),
        ("x,Jul-26,2026-07\ny,1tr,2tr\n", "r.csv:1: there are two columns 'Jul-26, 2026-07'."),
    ],
)
def test_revenue_by_month_that_is_refused(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        amounts(text, tmp_path)
    assert error.value.text.of("en").startswith(says)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("Chỉ tiêu,Jul 26,Aug 26\nPU mới,4,5\n", "t.csv:1: 'Jul 26' is not a month."),
        ("Chỉ tiêu 2026,,\nChỉ số,Quý 3/2026,Quý 4/2026\nPU mới,4,5\n", "t.csv:2: 'Quý 3/2026' is not a month."),
        ("Chỉ tiêu\nmetric,Q3 2026\nnew_signups,4\n", "t.csv:2: 'Q3 2026' is not a month."),
        ("a,b\nx,y\n", "t.csv: has no column metric. Headers seen: a, b."),
    ],
)
def test_a_header_that_is_no_month_is_the_trouble(rows: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        read(rows)
    assert error.value.text.of("en") == said


def test_known_figures_are_named_once() -> None:
    with pytest.raises(UsageError) as error:
        read("metric,2026-07\nnew_signup,4\n")
    assert error.value.advice.of("en").count("churned_paid_users") == 1
