"""A plan of which no row has an amount counts, is named with what decides, and leaves MRR missing, never too low."""

from __future__ import annotations

from pathlib import Path

import funnelcli as fc

HEAD = "Customer ID,Start date,Gói,MRR"
PRO = ["a,2026-01-05,Pro,100", "b,2026-01-06,Pro,60"]
STARTER = ["c,2026-01-07,Starter,", "d,2026-02-08,Starter,", "e,2026-02-09,Starter,"]


def folder_of(path: Path, *lines: str, settings: str = "") -> fc.Folder:
    (path / "paid_users.csv").write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    (path / "funnel.toml").write_text(settings, encoding="utf-8")
    return fc.open_folder(path)


def figures(folder: fc.Folder) -> dict[str, list[float | None]]:
    report = folder.report(start="2026-01", end="2026-02", as_of="2026-02-28")
    return {
        key: [report.values(key)[month].value for month in ("2026-01", "2026-02")]
        for key in ("closing_paid_users", "closing_mrr_amount")
    }


def codes(folder: fc.Folder) -> list[str]:
    return [fault.code for fault in folder.check().problems]


def test_it_is_named_once_and_what_decides_gives_the_figures(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, *PRO, *STARTER)
    # 2 + 1 in January, 2 + 3 in February; what the three bring is not known, so the MRR of the whole is not.
    assert figures(folder) == {"closing_paid_users": [3, 5], "closing_mrr_amount": [None, None]}
    (fault,) = folder.check().problems
    assert (fault.code, fault.line, fault.message) == (
        "plan-without-amounts",
        4,
        "none of the 3 rows of the plan 'Starter' has an amount, and those of other plans do: they count as paying, "
        "and their MRR is not known",
    )
    notes = [note.text.of("en") for note in folder.report().report.notes if note.code == "plan-without-amounts"]
    assert notes == [f"paid_users.csv {fault.message}. {fault.hint}"]
    assert "[inputs.paid_users.drop] 'Gói' = ['Starter']" in fault.hint
    dropped = folder_of(tmp_path, *PRO, *STARTER, settings="[inputs.paid_users.drop]\n'Gói' = ['Starter']\n")
    assert codes(dropped) == []
    assert figures(dropped) == {"closing_paid_users": [2, 2], "closing_mrr_amount": [160, 160]}


def test_amounts_that_may_be_forgotten_are_named_row_by_row(tmp_path: Path) -> None:
    assert codes(folder_of(tmp_path, *PRO, STARTER[0])) == ["no-amount"]  # one row of its plan
    assert codes(folder_of(tmp_path, *PRO, *STARTER, "f,2026-02-10,Starter,20")) == ["no-amount"] * 3
    assert codes(folder_of(tmp_path, *STARTER)) == ["no-amount"] * 3  # no plan has any


def test_a_plan_that_is_free_by_its_name_does_not_count(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, *PRO, *(row.replace("Starter", "Community") for row in STARTER))
    assert codes(folder) == ["free-row"] * 3
    assert figures(folder) == {"closing_paid_users": [2, 2], "closing_mrr_amount": [160, 160]}


def test_a_plan_of_several_rows_without_amounts_is_named_once_though_its_name_may_say_unpaid(tmp_path: Path) -> None:
    gratis = [row.replace("Starter", "Gratis") for row in STARTER]
    assert codes(folder_of(tmp_path, *PRO, *gratis)) == ["plan-without-amounts"]
    # A single row is named by its plan's name, as its amount may just be missing, which is said too.
    assert sorted(codes(folder_of(tmp_path, *PRO, gratis[0]))) == ["no-amount", "plan-may-not-pay"]
