"""Every section at every grain, with one input alone and with all but one: no bug, and what is missing says why."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.inputs import INPUTS
from funnelcli.metrics import CATALOGUE
from support import write_folder

FILES = {
    "visitors": "date,source,visits\n2026-02-02,direct,7\n2026-03-03,google / cpc,5\n",
    "signups": "user_id,signed_up_at,source\na,2026-02-02,direct\nb,2026-03-03,google / cpc\n",
    "demos": "user_id,demo_id,booked_at,held_at\na,d1,2026-02-03,2026-02-04\nb,d2,2026-03-04,\n",
    "paid_users": "user_id,started_at,ended_at,plan,mrr\na,2026-02-05,,Basic,100\nb,2026-03-05,2026-03-20,Pro,50\n",
    "deals": "deal_id,user_id,created_at,stage,amount,closed_at\nx,a,2026-02-02,Won,900,2026-02-05\n",
    "journey": "user_id,stage,entered_at\na,contract,2026-02-05\na,training,2026-03-05\n",
    "activities": "user_id,at,kind,owner\na,2026-02-02 09:00,call,Lan\nb,2026-03-03 10:00,login,\n",
    "handovers": "user_id,handed_over_at,to_owner\na,2026-02-02 08:00,Lan\n",
    "accounts": "user_id,industry,employees\na,education,60\n",
    "surveys": "user_id,kind,sent_at,answered_at,score\na,nps,2026-02-06,2026-02-07,9\nb,nps,2026-03-06,,\n",
    "costs": "date,channel,amount\n2026-02,google / cpc,3000\n2026-03-09,google / cpc,100\n",
    "budgets": "month,channel,amount\n2026-02,google / cpc,2500\n2026-03,google / cpc,2500\n",
    "invites": "user_id,invited_at,invited_user_id,accepted_at\na,2026-03-02,b,2026-03-03\n",
    "tickets": "ticket_id,user_id,opened_at,first_response_at,resolved_at\nt1,a,2026-03-02 08:00,2026-03-02 09:00,\n",
}
SECTIONS = tuple(dict.fromkeys(metric.section.key for metric in CATALOGUE.values()))
CONFIG = """
[business]
currency = "USD"
[teams.sales]
demos = "all"
[policies.sales]
per_demo = 5
"""


def test_every_input_is_among_them() -> None:
    assert set(FILES) == set(INPUTS) - {"monthly"}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("alone", [True, False])
def test_what_is_missing_says_why(tmp_path: Path, name: str, alone: bool) -> None:
    given = {f"{each}.csv": text for each, text in FILES.items() if (each == name) == alone}
    if given.keys() == {"accounts.csv"}:  # which tell of no day
        given["signups.csv"] = FILES["signups"]
    folder = fc.open_folder(write_folder(tmp_path, given, CONFIG))
    for grain in ("week", "month", "quarter", "year"):
        report = folder.report(section=SECTIONS, grain=grain, last=2, as_of="2026-03-31").report
        assert report.rows
        for row in report.rows:
            for value in (*row.cells, row.total):
                assert (value.value is None) == (value.missing is not None), (row.metric.key, grain)
