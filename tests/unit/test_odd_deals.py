"""Deals whose rows are odd: what came before the creation, later downloads, amounts in any order, losses said twice."""

from __future__ import annotations

from pathlib import Path

import funnelcli as fc
from funnelcli.answers.stuck import Limit
from funnelcli.facts.journeys import OPPORTUNITY


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
    # a went back to qualify, b was reopened: neither is in two stages, nor in the furthest that some row names.
    assert figures(folder, "in_qualify", "in_demo", "open_deals", "open_pipeline_amount") == {
        "in_qualify": [0, 0, 1], "in_demo": [0, 0, 1], "open_deals": [2, 2, 2], "open_pipeline_amount": [51, 51, 51],
    }  # fmt: skip
    assert codes(folder) == {"stages-differ"}


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
