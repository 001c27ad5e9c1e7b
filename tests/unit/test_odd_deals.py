"""Deals whose rows are odd: what came before the creation, later downloads, amounts in any order, losses said twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.stuck import Limit
from funnelcli.facts.journeys import OPPORTUNITY
from funnelcli.problems import ConfigError, UsageError


def figures(folder: fc.Folder, *keys: str, name: str = "opportunity") -> dict[str, list[float | None]]:
    """The figures of January to March 2026, by key."""
    journey = folder.journey(name, start="2026-01", end="2026-03", as_of="2026-03-31")
    return {key: [None if value != value else value for value in journey[key].tolist()] for key in keys}


def written(folder: Path, **files: str) -> fc.Folder:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return fc.open_folder(folder)


def codes(folder: fc.Folder) -> set[str]:
    return {problem.code for problem in folder.facts().problems}


def test_a_creation_reopens_nothing(tmp_path: Path) -> None:
    # a was lost in December, before its creation on 5 January: it has ended all the same.  b came to the demo first.
    rows = "a,2026-01-05,Closed Lost,,2025-12-01\nb,2026-02-05,Demo,2026-01-20,\nc,2026-01-05,Demo,2026-01-20,\n"
    folder = written(tmp_path, deals="deal_id,created_at,stage,stage_at,closed_at\n" + rows)
    assert figures(folder, "open_deals", "in_created", "in_demo", "recycled_created", "lost_deals") == {
        "open_deals": [2, 2, 2], "in_created": [0, 0, 0], "in_demo": [2, 2, 2], "recycled_created": [0, 0, 0],
        "lost_deals": [0, 0, 0],
    }  # fmt: skip
    said = next(problem for problem in folder.facts().problems if problem.code == "before-creation")
    assert (said.file, said.line) == ("deals.csv", 2)


def test_a_deal_whose_rows_name_several_stages_without_a_date_is_in_the_last(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        deals_2026_02="deal_id,created_at,stage,amount\na,2026-01-05,Demo,100\nb,2026-01-06,Closed won,7\n",
        deals_2026_03="deal_id,created_at,stage,amount\na,2026-01-05,Qualify,50\nb,2026-03-30,Demo,1\n",
    )
    # a went back to qualify, b was reopened: neither is in two stages, nor in the furthest that some row names.  Since
    # when a is in qualify nothing says: it may have been there in January.
    assert figures(folder, "in_qualify", "in_demo", "open_deals", "open_pipeline_amount") == {
        "in_qualify": [None, None, 1], "in_demo": [0, 0, 1], "open_deals": [2, 2, 2],
        "open_pipeline_amount": [51, 51, 51],
    }  # fmt: skip
    assert codes(folder) == {"stages-differ", "created-anew"}


def test_the_amount_is_that_of_the_latest_moment_in_whatever_order_the_rows_are(tmp_path: Path) -> None:
    rows = ["a,Demo,2026-02-10,150", "a,Qualify,2026-01-10,100", "a,Contract,2026-03-10,"]
    for number, lines in enumerate((rows, rows[::-1])):
        (tmp_path / str(number)).mkdir()
        folder = written(tmp_path / str(number), deals="deal_id,stage,stage_at,amount\n" + "\n".join(lines) + "\n")
        assert figures(folder, "open_pipeline_amount") == {"open_pipeline_amount": [150, 150, 150]}


def test_of_rows_of_one_moment_the_last_has_the_amount(tmp_path: Path) -> None:
    rows = "a,2026-01-05,Demo,2026-01-10,100\na,2026-01-05,Demo,2026-01-10,120\n"
    folder = written(tmp_path, deals="deal_id,created_at,stage,stage_at,amount\n" + rows)
    assert figures(folder, "open_pipeline_amount") == {"open_pipeline_amount": [120, 120, 120]}


def test_without_amounts_there_is_no_pipeline_and_not_one_of_nothing(tmp_path: Path) -> None:
    folder = written(tmp_path, deals="deal_id,stage,stage_at\na,Demo,2026-01-10\n")
    assert figures(folder, "open_deals", "open_pipeline_amount") == {
        "open_deals": [1, 1, 1], "open_pipeline_amount": [None, None, None],
    }  # fmt: skip


def test_a_loss_that_two_cells_say_is_one_loss(tmp_path: Path) -> None:
    header = "deal_id,created_at,stage,Date entered Qualify,Date entered Closed Lost,closed_at,lost_reason\n"
    rows = "a,2026-01-05,Closed Lost,2026-01-06,2026-02-15,2026-02-15,Price\n"
    folder = written(tmp_path, deals=header + rows)
    losses = folder.journey(start="2026-01", end="2026-03", as_of="2026-03-31").journey.losses
    assert [(loss.reason, loss.stage and loss.stage.name, loss.number) for loss in losses] == [("Price", "qualify", 1)]
    assert figures(folder, "lost_deals") == {"lost_deals": [0, 1, 0]}


def test_a_measured_limit_is_written_as_people_write_it() -> None:
    stage = OPPORTUNITY.stages[0]
    assert [Limit(stage=stage, days=days).text for days in (9.958333333, 14, 0.04, None)] == ["10d", "14d", "1h", ""]


# --- what says how a deal ended ----------------------------------------------------------------------------------


def test_where_deals_stand_now_says_nothing_of_the_months_before(tmp_path: Path) -> None:
    """Where a stands in demo now, it may have been in any stage up to that from its creation, or its last day, on."""
    rows = "a,2026-01-05,Demo,,Lan\nb,2026-02-07,Qualify,2026-02-10,Huy\nc,2026-03-02,Contract,,Huy\n"
    folder = written(tmp_path, deals="deal_id,created_at,stage,stage_at,owner\n" + rows)
    assert figures(folder, "in_created", "in_qualify", "in_discovery", "in_demo", "in_contract", "open_deals") == {
        "in_created": [None, None, 0], "in_qualify": [None, None, 1], "in_discovery": [None, None, 0],
        "in_demo": [None, None, 1], "in_contract": [0, 0, 1], "open_deals": [1, 2, 3],
    }  # fmt: skip
    said = folder.explain("in_demo", month="2026-02").value.missing
    assert said is not None
    assert (said.code, said.reason.of("en")) == (
        "stage-since-unknown",
        "of 1 the export says in which stage they are now, not since when",
    )
    by = {
        part: folder.explain("in_demo", month="2026-02", by="owner", part=part).value.value for part in ("Lan", "Huy")
    }
    assert by == {"Lan": None, "Huy": 0}  # all that Huy has is known


def test_without_any_day_nobody_knows_how_many_were_open(tmp_path: Path) -> None:
    rows = "a,2026-01-05,Demo,1\nb,,Demo,2\nc,2026-03-31,Qualify,4\n"
    folder = written(tmp_path, deals="deal_id,stage_at,stage,amount\n" + rows)
    assert figures(folder, "open_deals", "open_pipeline_amount") == {
        "open_deals": [None, None, 3], "open_pipeline_amount": [None, None, 7],
    }  # fmt: skip


def test_a_column_of_outcomes_may_hold_chances(tmp_path: Path) -> None:
    # The whole is won, nothing is lost where a day says that it is over; between them a deal is open.
    rows = "a,2026-01-02,100%,2026-01-20\nb,2026-01-03,0%,2026-02-20\nc,2026-01-04,50%,2026-03-01\nd,2026-01-04,0%,\n"
    folder = written(tmp_path, deals="deal_id,created_at,won,closed_at\n" + rows)
    assert figures(folder, "won_deals", "lost_deals", "open_deals") == {
        "won_deals": [1, 0, 0], "lost_deals": [0, 1, 0], "open_deals": [3, 2, 2],
    }  # fmt: skip


def test_a_column_of_outcomes_may_say_the_stages(tmp_path: Path) -> None:
    rows = (
        "1,05/01/2026,Demo,\n2,06/01/2026,Đàm phán,\n3,07/01/2026,Đã ký,20/02/2026\n4,07/01/2026,Đang mở,21/02/2026\n"
    )
    folder = written(tmp_path, co_hoi="Mã cơ hội,Ngày tạo,Trạng thái,Ngày đóng\n" + rows)
    # Where each stands is known on 21 February, the last day of the export, and not before.
    assert figures(folder, "in_demo", "in_contract", "won_deals", "open_deals") == {
        "in_demo": [None, 1, 1], "in_contract": [None, 1, 1], "won_deals": [0, 1, 0], "open_deals": [4, 3, 3],
    }  # fmt: skip
    assert codes(folder) == set()


UNKNOWN = "deal_id,created_at,status,closed_at\na,2026-01-02,Won,2026-01-20\nb,2026-01-03,Trượt,2026-02-20\n"
UNKNOWN += "c,2026-01-03,In progress,2026-04-20\nd,2026-01-03,Trượt,2026-02-21\ne,2026-01-03,Bàn giao xong,2026-02-21\n"


def test_a_word_that_says_no_known_end_is_named_and_the_settings_can_say_it(tmp_path: Path) -> None:
    folder = written(tmp_path, deals=UNKNOWN)
    said = sorted((problem.line or 0, str(problem.message)) for problem in folder.facts().problems)
    so = "says neither won nor lost: what it says so of counts as open"
    assert said == [(3, f"'Trượt' (2 rows) {so}"), (6, f"'Bàn giao xong' (1 row) {so}")]
    assert figures(folder, "won_deals", "lost_deals", "open_deals")["open_deals"] == [4, 4, 4]
    config = '[journeys.opportunity]\nlost = ["Trượt"]\nwords = { won = ["Bàn giao*"] }\n'
    (tmp_path / "funnel.toml").write_text(config, encoding="utf-8")
    told = fc.open_folder(tmp_path)
    assert figures(told, "won_deals", "lost_deals", "open_deals") == {
        "won_deals": [1, 1, 0], "lost_deals": [0, 2, 0], "open_deals": [4, 1, 1],
    }  # fmt: skip
    assert codes(told) == set()


def test_words_beside_stages_that_say_the_ends_need_not_be_known(tmp_path: Path) -> None:
    rows = "a,2026-01-02,Closed Won,Hot,2026-01-20\nb,2026-01-03,Demo,Cold,2026-04-20\n"
    folder = written(tmp_path, deals="deal_id,created_at,stage,status,closed_at\n" + rows)
    assert codes(folder) == set()
    assert figures(folder, "won_deals", "open_deals") == {"won_deals": [1, 0, 0], "open_deals": [1, 1, 1]}


def test_losses_may_have_a_column_of_days_of_their_own(tmp_path: Path) -> None:
    rows = "1,Won,2026-01-05,2026-01-20,\n2,Lost,2026-01-06,,2026-02-10\n3,Open,2026-01-06,,\n"
    folder = written(tmp_path, deals="deal_id,status,created_at,Won time,Lost time\n" + rows)
    assert figures(folder, "won_deals", "lost_deals", "open_deals") == {
        "won_deals": [1, 0, 0], "lost_deals": [0, 1, 0], "open_deals": [2, 1, 1],
    }  # fmt: skip


def test_each_row_of_a_history_dates_its_own_end(tmp_path: Path) -> None:
    # Every row has the day on which the deal was closed at last; it was lost on 20 January, and won on 5 March.
    rows = "Qualify,2026-01-02\na,Closed lost,2026-01-20\na,Demo,2026-02-10\na,Closed won,2026-03-05\n"
    lines = [f"{line},2026-03-05\n" for line in ("a," + rows).splitlines()]
    folder = written(tmp_path, deals="deal_id,stage,stage_at,closed_at\n" + "".join(lines))
    assert figures(folder, "won_deals", "lost_deals", "in_demo") == {
        "won_deals": [0, 0, 1], "lost_deals": [1, 0, 0], "in_demo": [0, 1, 0],
    }  # fmt: skip


def test_a_stage_that_is_denied_is_not_that_stage(tmp_path: Path) -> None:
    rows = "a,Not qualified,2026-01-10\nb,Chưa demo,2026-01-11\nc,Demo no show,2026-01-12\nd,Demo,2026-01-13\n"
    folder = written(tmp_path, deals="deal_id,stage,stage_at\n" + rows)
    assert figures(folder, "entered_qualify", "entered_demo") == {
        "entered_qualify": [0, 0, 0], "entered_demo": [1, 0, 0],
    }  # fmt: skip
    assert sum(problem.code == "stage-not-known" for problem in folder.facts().problems) == 3


def test_who_has_gone_on_at_no_known_day_is_not_still_there(tmp_path: Path) -> None:
    # a is in the demo now, since nobody knows when; b is still only created; c was won after 10 days.
    rows = "a,2026-01-02,Demo,\nb,2026-01-05,,\nc,2026-01-10,Closed won,2026-01-20\n"
    folder = written(tmp_path, deals="deal_id,created_at,stage,closed_at\n" + rows)
    journey = folder.journey(start="2026-01", end="2026-03", as_of="2026-03-31").journey
    created = journey.stages[0]
    assert (created.entrants, created.still_there, created.days[0]) == (3, 1, 10)  # S(10) = 1/2: b and c


def test_what_serves_instead_of_a_missing_column_is_said(tmp_path: Path) -> None:
    folder = written(tmp_path, deals="deal_id,stage,amount\na,Demo,100\n")
    problem = next(iter(folder.check().problems))
    assert str(problem.hint) == 'Name it in funnel.toml: [inputs.deals.columns] created_at = "your header".'
    assert str(problem.message).endswith("Columns that serve as well: stage + stage_at or Date entered 'Demo'.")


# --- what is asked of any folder -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("opportunity", ""),
        ("x", '[journeys.x]\nentity = "deal"\nstages = ["Qualify", "Demo"]\n'),
        ("report", '[journeys.report]\nentity = "deal"\nstages = ["Qualify", "Demo"]\n'),
    ],
)
def test_a_journey_of_rows_without_a_creation_is_written(tmp_path: Path, name: str, config: str) -> None:
    (tmp_path / "funnel.toml").write_text(config, encoding="utf-8")
    rows = "a,Qualify,2026-01-02\na,Demo,2026-01-12\na,Closed won,2026-02-01\n"
    folder = written(tmp_path, deals="deal_id,stage,stage_at\n" + rows)
    written_as = {form: folder.journey(name).to_bytes(form) for form in ("table", "md", "csv", "json", "xlsx")}
    assert all(written_as.values())
    own = "" if name == "opportunity" else f"{name}_"
    assert figures(folder, f"{own}won_deals", name=name) == {f"{own}won_deals": [0, 1, 0]}
    # Nothing says when it was created: of that beginning there are no figures.
    keys = [row.metric.key for row in folder.journey(name).journey.report.rows]
    assert [key for key in keys if "created" in key] == [f"{own}created_deals"]


@pytest.mark.parametrize(
    ("name", "config", "key", "fault"),
    [
        ("x", 'entity = "deal"\nstages = ["Demo", "demo"]', "stages", "'demo' stands there more than once (2)."),
        ("x", 'entity = "deal"', "stages", "there is no stage."),
        ("x", 'stages = ["!!!"]', "stages", "'!!!' has neither letters nor digits."),
        ("x", 'from = "funnel"\nstages = ["signup", "Trial"]', "stages", "'Trial' is no stage of the funnel."),
        ("opportunity", 'optional = ["Foo"]', "optional", "'Foo' is no stage of this journey."),
        ("opportunity", 'words = { foo = ["Bar"] }', "words", "'foo' is no stage of this journey."),
        ("opportunity", 'limits = { foo = "3d" }', "limits", "'foo' is no stage of this journey."),
        ("customer", 'live = "foo"', "live", "'foo' is no stage of this journey."),
        ("opportunity", 'lost = ["Demo"]', "lost", "'Demo' is a stage on the way, and no loss."),
        ("My", 'stages = ["a"]', "stages", "the name of a journey stands in the keys of its figures."),
    ],
)
def test_settings_that_name_what_there_is_not_say_so(
    tmp_path: Path, name: str, config: str, key: str, fault: str
) -> None:
    (tmp_path / "funnel.toml").write_text(f"[journeys.{name}]\n{config}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        written(tmp_path, deals="deal_id,stage,stage_at\na,Demo,2026-01-10\n").journey()
    assert str(raised.value) == f"funnel.toml: [journeys.{name}] {key}: {fault}"


def test_stages_that_are_ends_may_be_named_among_the_stages(tmp_path: Path) -> None:
    config = '[journeys.opportunity]\nstages = ["Liên hệ", "Ký hợp đồng", "Báo giá", "Thắng", "Closed lost"]\n'
    (tmp_path / "funnel.toml").write_text(config, encoding="utf-8")
    rows = "a,Liên hệ,2026-01-02\na,Ký hợp đồng,2026-01-12\na,Báo giá,2026-02-01\nb,Thắng,2026-02-02\n"
    folder = written(tmp_path, deals="deal_id,stage,stage_at\n" + rows)
    # What usually says an end is a stage where it stands before others.
    assert figures(folder, "entered_lien_he", "entered_ky_hop_dong", "entered_bao_gia", "won_deals", "lost_deals") == {
        "entered_lien_he": [1, 0, 0], "entered_ky_hop_dong": [1, 0, 0], "entered_bao_gia": [0, 1, 0],
        "won_deals": [0, 1, 0], "lost_deals": [0, 0, 0],
    }  # fmt: skip
    assert codes(folder) == set()


# --- amounts and days that headers say -----------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["amount,currency\n", "Amount (USD)\n"])
def test_the_currency_of_deals_is_the_one_that_they_say(tmp_path: Path, header: str) -> None:
    row = "a,2026-01-05,Demo,2026-01-10,100" + (",USD\n" if "currency" in header else "\n")
    folder = written(tmp_path, deals="deal_id,created_at,stage,stage_at," + header + row)
    assert figures(folder, "open_pipeline_amount") == {"open_pipeline_amount": [100, 100, 100]}
    assert codes(folder) == set()
    assert folder.facts().currency == "USD"


def test_amounts_beside_those_of_customers_are_in_their_currency(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        paid_users="user_id,started_at,ended_at,mrr,currency\nu,2026-01-05,,10,VND\n",
        deals="deal_id,created_at,stage,stage_at,amount,currency\na,2026-01-05,Demo,2026-01-10,100,USD\n",
    )
    # No amount is left to be added up: that is not known, and not 0.
    assert figures(folder, "open_deals", "open_pipeline_amount") == {
        "open_deals": [1, 1, 1], "open_pipeline_amount": [None, None, None],
    }  # fmt: skip
    assert codes(folder) == {"amount-left-out"}


def test_amounts_of_a_header_of_millions_wait_for_the_settings(tmp_path: Path) -> None:
    deals = "deal_id,created_at,stage,stage_at,Giá trị (triệu đồng)\na,2026-01-05,Demo,2026-01-10,100\n"
    folder = written(tmp_path, deals=deals)
    assert codes(folder) == {"deal-unit-undecided"}
    assert figures(folder, "open_pipeline_amount") == {"open_pipeline_amount": [None, None, None]}
    (tmp_path / "funnel.toml").write_text('[inputs.deals]\namount_unit = "million"\n', encoding="utf-8")
    assert figures(fc.open_folder(tmp_path), "open_pipeline_amount") == {"open_pipeline_amount": [10**8] * 3}


def test_rows_that_say_other_days_of_creation_are_named_and_may_be_stages(tmp_path: Path) -> None:
    rows = "A,Qualification,2026-01-06\nA,Needs Analysis,2026-01-20\nA,Closed Won,2026-02-10\nB,Demo,2026-01-07\n"
    folder = written(tmp_path, opportunity_history="Opportunity ID,Stage Name,Created Date\n" + rows)
    said = next(problem for problem in folder.facts().problems if problem.code == "created-anew")
    assert (said.line, 'stage_at = "Created Date"' in str(said.hint)) == (3, True)
    (tmp_path / "funnel.toml").write_text('[inputs.deals.columns]\nstage_at = "Created Date"\n', encoding="utf-8")
    told = fc.open_folder(tmp_path)
    assert figures(told, "created_deals", "entered_discovery", "won_deals", "average_won_days") == {
        "created_deals": [2, 0, 0], "entered_discovery": [1, 0, 0], "won_deals": [0, 1, 0],
        "average_won_days": [None, 35, None],  # from 6 January to 10 February
    }  # fmt: skip
    assert codes(told) == set()


def test_a_stage_of_an_own_journey_is_known(tmp_path: Path) -> None:
    (tmp_path / "funnel.toml").write_text('[journeys.x]\nstages = ["Alpha", "Beta"]\n', encoding="utf-8")
    rows = "u,Alpha,2026-01-05\nu,Gamma,2026-01-06\n"
    folder = written(tmp_path, journey="user_id,stage,entered_at\n" + rows)
    said = [str(problem.message) for problem in folder.facts().problems]
    expected = "the stage 'Gamma' (1 row) is none of the journey x, and is not counted: its stages are alpha, beta"
    assert said == [expected]


def test_the_rows_of_a_figure_name_their_deals(tmp_path: Path) -> None:
    rows = "d1,2026-01-02,yes,2026-01-20\nd2,2026-01-03,no,2026-01-21\n"
    folder = written(tmp_path, deals="deal_id,created_at,won,closed_at\n" + rows)
    explained = folder.explain("win_rate", month="2026-01")
    assert [(row.subject, row.line, row.counts) for row in explained.rows] == [("d1", 2, 1), ("d2", 3, 1)]
    assert list(explained.to_frame()["deal_id"]) == ["d1", "d2"]
    explained.listed = True
    listed = json.loads(explained.to_bytes("json"))["rows"]
    assert [(row["deal_id"], row["user_id"], row["date"]) for row in listed] == [
        ("d1", "", "2026-01-20"), ("d2", "", "2026-01-21"),
    ]  # fmt: skip


def test_a_dimension_that_no_file_has_is_asked_for_where_it_would_stand(tmp_path: Path) -> None:
    folder = written(tmp_path, deals="deal_id,created_at,won,closed_at\nd1,2026-01-02,yes,2026-01-20\n")
    with pytest.raises(UsageError) as raised:
        folder.journey(by="lost_reason")
    assert raised.value.hint == 'Name it in funnel.toml: [inputs.deals.columns] lost_reason = "your header".'


def test_a_stage_whose_words_are_of_two_is_said_and_can_be_told(tmp_path: Path) -> None:
    folder = written(tmp_path, deals="deal_id,stage,stage_at\na,Qualified - demo booked,2026-01-10\n")
    assert codes(folder) == {"stage-of-two"}
    assert figures(folder, "entered_qualify", "entered_demo") == {
        "entered_qualify": [1, 0, 0], "entered_demo": [0, 0, 0],
    }  # fmt: skip
    hint = str(next(iter(folder.facts().problems)).hint)
    assert hint == 'If it is not: [journeys.opportunity.words] demo = ["qualified demo booked"].'
    told = '[journeys.opportunity.words]\ndemo = ["qualified demo booked"]\n'
    (tmp_path / "funnel.toml").write_text(told, encoding="utf-8")
    told_so = fc.open_folder(tmp_path)
    assert figures(told_so, "entered_demo") == {"entered_demo": [1, 0, 0]}
    assert codes(told_so) == set()
