"""An export of a system is one declaration: one is declared here, and nothing else of the product knows of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.check import file_lines
from funnelcli.answers.init import Answers, first_config
from funnelcli.inputs import INPUTS
from funnelcli.inputs.spec import KnownExport
from funnelcli.inputs.systems import KNOWN_EXPORTS
from funnelcli.reading.headers import header_key, known_export, match_headers
from support import exports_of, figures, report_of, run_cli

# Both headers are of no input; by their aliases alone the file would have neither a customer nor a start.
TOY = KnownExport(
    name="Toybill contracts",
    input="paid_users",
    recognised_by=("Payer", "Live since"),
    columns={"user_id": "Payer", "started_at": "Live since", "ended_at": "Gone"},
)
ROWS = "Payer,Live since,Gone,Plan\nan,2026-01-05,,Pro\nbinh,2026-01-09,2026-02-03,Basic\n"


@pytest.fixture
def toy() -> Iterator[None]:
    with KNOWN_EXPORTS.extended(TOY):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "paid_users.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def test_without_the_declaration_the_file_is_refused(folder: Path) -> None:
    with pytest.raises(fc.InputError) as refused:
        report_of(folder)
    assert {(fault.code, fault.column) for fault in refused.value.problems} == {
        ("missing-column", "user_id"),
        ("missing-column", "started_at"),
    }


def test_it_is_read_named_and_written_down(folder: Path, toy: None) -> None:
    of = figures(report_of(folder, first="2026-01", last="2026-02", as_of="2026-02-28"))
    # Both begin in January; binh is lost on 3 February.
    assert [of["new_paid_users", None, key][0] for key in ("2026-01", "2026-02")] == [2, 0]
    assert [of["churned_paid_users", None, key][0] for key in ("2026-01", "2026-02")] == [0, 1]
    facts = exports_of(folder)
    (line,) = file_lines(facts)
    assert line.export == "Toybill contracts"
    assert dict(line.columns) == {
        "user_id": "Payer", "started_at": "Live since", "ended_at": "Gone", "plan": "Plan",
    }  # fmt: skip
    written = first_config(facts, Answers())
    assert "# paid_users.csv: Toybill contracts, utf-8, comma, header on line 1" in written
    assert tomllib.loads(written)["inputs"]["paid_users"]["columns"]["started_at"] == "Live since"


def test_settings_outweigh_the_declaration(folder: Path, toy: None) -> None:
    header = ["Payer", "Live since", "Gone", "Plan"]
    assert match_headers(header, INPUTS["paid_users"], {"ended_at": "Live since", "started_at": "Gone"}) == {
        "user_id": 0, "started_at": 2, "ended_at": 1, "plan": 3,
    }  # fmt: skip


def test_of_two_that_fit_the_one_recognised_by_more_headers_is_it(toy: None) -> None:
    finer = KnownExport(name="finer", input="paid_users", recognised_by=("Payer", "Live since", "Gone"), columns={})
    with KNOWN_EXPORTS.extended(finer):
        whole = known_export(["gone", "payer", "LIVE_SINCE"], INPUTS["paid_users"])
        part = known_export(["payer", "LIVE_SINCE"], INPUTS["paid_users"])
    assert (whole, part) == (finer, TOY)
    assert known_export(["payer", "live since"], INPUTS["signups"]) is None


@pytest.mark.parametrize("export", KNOWN_EXPORTS.values(), ids=KNOWN_EXPORTS)
def test_declarations_name_columns_that_there_are(export: KnownExport) -> None:
    declared = INPUTS[export.input] if export.input is not None else None
    assert set(export.columns) <= {column.name for column in declared.columns} if declared else not export.columns
    assert set(export.statuses) <= set(declared.status_groups) if declared else not export.statuses
    of_columns = [{header_key(header) for header in export.headers_for(column)} for column in export.columns]
    keys = [key for of_column in of_columns for key in of_column]
    assert len(set(keys)) == len(keys)  # no header serves two columns
    assert export.seen_in
    assert export.how or export.input is None
    assert (export.input is None) == (export.instead is not None)


def test_stripe_is_named_by_check(tmp_path: Path) -> None:
    header = "id,Customer ID,Status,Start (UTC),Start Date (UTC),Current Period End (UTC),Ended At (UTC)\n"
    row = "sub_1,cus_1,active,2026-02-05 05:00,2026-01-05 05:00,2026-03-05 05:00,\n"
    (tmp_path / "subscriptions.csv").write_text(header + row, encoding="utf-8")
    done = run_cli("check", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    # The subscription began in January; "Start" is of the price that is in force.
    assert (
        "subscriptions.csv: Stripe subscriptions: user_id = Customer ID, started_at = Start Date (UTC)" in done.stdout
    )
