"""Every answer for programs says which files its figures are counted from, and how their rows were used."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

import funnelcli as fc
from funnelcli.api.result import Result
from support import EXAMPLES, NOW

VN, ERP = EXAMPLES / "saas_vn", EXAMPLES / "erp_vn"
ASKED: dict[str, Callable[[], Result]] = {
    "report": lambda: fc.open_folder(VN, now=NOW).report(last=2),
    "movements": lambda: fc.open_folder(VN, now=NOW).movements(month="2026-10"),
    "renewals": lambda: fc.open_folder(VN, now=NOW).renewals(),
    "commission": lambda: fc.open_folder(VN, now=NOW).commission(month="2026-10"),
    "flywheel": lambda: fc.open_folder(VN, now=NOW).flywheel(),
    "detractors": lambda: fc.open_folder(VN, now=NOW).flywheel(only_detractors=True),
    "cohorts": lambda: fc.open_folder(VN, now=NOW).cohorts(),
    "journey": lambda: fc.open_folder(ERP, now=NOW).journey(),
    "explain": lambda: fc.open_folder(VN, now=NOW).explain("new_signups", month="2026-10"),
    "track": lambda: fc.open_folder(VN, now=NOW).track(
        fc.open_folder(VN, now=NOW).targets(new_paid_users=40, start="2026-11", end="2026-12"), start="2026-10"
    ),
    "stuck": lambda: fc.open_folder(ERP, now=NOW).stuck(),
}
USED = ("rows_read", "rows_counted", "rows_duplicate", "rows_rejected", "rows_filtered")


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_names_its_files_and_how_their_rows_were_used(name: str) -> None:
    data = json.loads(ASKED[name]().to_bytes("json"))
    folder = ERP if name in ("journey", "stuck") else VN
    assert {source["file"] for source in data["sources"]} == {path.name for path in folder.glob("*.csv")}
    for source in data["sources"]:
        assert set(source) == {"file", "stage", "sha256", *USED}
        read, counted, duplicate, rejected, _ = (source[key] for key in USED)
        assert read == counted + duplicate + rejected > 0
