"""Cells that name several owners: what the other cells tell of them decides."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.facts.owners import OwnerNames
from support import write_folder

SLA = '[sla.sales]\nrespond = "4h"\n[sla.hours]\nmon-fri = "08:00-17:30"\n'


@pytest.mark.parametrize(
    ("cell", "others", "expected"),
    [
        ("Minh;Lan", (), ("Minh", "Lan")),
        ("Lan / Minh", ("Lan", "Minh"), ("Lan", "Minh")),
        ("Lan / Minh", ("Lan",), ("Lan / Minh",)),
        ("lan & MINH", ("Lan", "minh"), ("lan", "MINH")),
        ("Lan và Minh", ("Lan", "Minh"), ("Lan", "Minh")),
        ("R&D", ("Lan",), ("R&D",)),
        ("Lan, Minh", (), ("Lan", "Minh")),
        ("Trần, Lan", ("Trần, Minh", "Hoa"), ("Trần, Lan",)),
        ("Lan, Minh", ("Minh, Hoa", "Hoa", "Minh"), ("Lan", "Minh")),
        ("Lan;", (), ("Lan",)),
        ("Hoa; Lan / Minh", ("Lan", "Minh"), ("Hoa", "Lan", "Minh")),
    ],
)
def test_whom_a_cell_names(cell: str, others: tuple[str, ...], expected: tuple[str, ...]) -> None:
    names = OwnerNames(cells={text.casefold(): text for text in (cell, *others)})
    assert names.people(cell) == expected


def test_a_lead_counts_for_the_first_who_touched_it(tmp_path: Path) -> None:
    files = {
        "handovers.csv": "user_id,handed_over_at,to_owner\na,2026-09-07 09:00,Lan / Minh\nb,2026-09-07 09:00,Minh\n"
        "c,2026-09-07 09:00,Lan\nd,2026-09-07 09:00,Lan\n",
        "activities.csv": "user_id,at,kind,owner\nb,2026-09-07 10:00,call,Minh & Lan\n"
        "c,2026-09-07 10:30,call,Minh;Lan\nd,2026-09-04 10:00,call,Minh;Lan\nd,2026-09-07 11:00,call,Hoa / Support\n",
    }
    folder = fc.open_folder(write_folder(tmp_path, files, SLA))
    report = folder.report(month="2026-09", as_of="2026-09-08", section="sla", by="owner")
    handed = {name: report.values("handed_over_leads", name)["2026-09"].value for name in ("Lan", "Minh")}
    # a is Lan's, b and c Minh's; d was touched by somebody whose parts nobody else has.
    assert handed == {"Lan": 1, "Minh": 2}
    assert report.values("handed_over_leads", "Hoa / Support")["2026-09"].value == 1
    # Lan, who received d, was in touch with it before: she is the second of two in the cell.
    assert report.values("already_in_contact_leads", "Hoa / Support")["2026-09"].value == 1
    page = folder.sla(month="2026-09", as_of="2026-09-08").render("md")
    assert "3 cells name several owners, like 'Lan / Minh'" in page
    assert "1 cell of owners, like 'Hoa / Support', is taken for one person" in page
