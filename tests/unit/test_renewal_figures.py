"""Renewals by number and by MRR, worked by hand: through the files, by plan, down to their rows, on boundary days."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from funnelcli import open_folder
from support import NOW

HEADER = "user_id,started_at,ended_at,plan,mrr\n"
# The year of lan is renewed 16 days before its end; minh has two shops; hoa goes on with another plan.
THREE = """\
lan,2025-02-10,2026-02-09,Basic,100
lan,2026-01-25,2027-01-24,Basic,110
minh,2026-01-01,2026-01-31,Shop,100
minh,2026-01-15,2026-02-14,Shop,100
minh,2026-02-01,2026-02-28,Shop,100
hoa,2026-01-01,2026-02-28,Basic,100
hoa,2026-02-16,,Pro,150
"""
NUMBERS = ("renewals_due", "renewed_early", "renewed_on_time", "renewed_late", "lost_renewals", "open_renewals")
AMOUNTS = (
    "renewals_due_mrr_amount", "renewed_early_mrr_amount", "renewed_on_time_mrr_amount", "renewed_late_mrr_amount",
    "lost_renewals_mrr_amount", "open_renewals_mrr_amount",
)  # fmt: skip


def success(
    folder: Path, rows: str = THREE, *, as_of: str = "2026-03-31", toml: str = "", header: str = HEADER, **options: Any
) -> dict[tuple[str, str | None], list[float | None]]:
    """The figures of renewals, by metric and part: of each month, then of the range."""
    (folder / "paid_users.csv").write_text(header + rows, encoding="utf-8")
    (folder / "funnel.toml").write_text(toml, encoding="utf-8")
    asked = {"start": "2026-01", "end": "2026-03", **options}
    report = open_folder(folder, now=NOW).report(section="success", as_of=as_of, **asked).report
    return {
        (row.metric.key, row.part.key if row.part else None): [cell.value for cell in (*row.cells, row.total)]
        for row in report.rows
    }


def column(known: dict[tuple[str, str | None], list[float | None]], place: int, part: str | None = None) -> list[Any]:
    return [known[key, part][place] for key in NUMBERS]


def test_an_early_year_a_second_shop_and_a_contract_that_is_lost_while_the_customer_stays(tmp_path: Path) -> None:
    known = success(tmp_path)
    assert column(known, 0) == [1, 0, 1, 0, 0, 0]  # minh, 31 January
    # 9 February renewed early; 14 and 28 February of minh, 28 February of hoa.
    assert column(known, 1) == [4, 1, 0, 0, 3, 0]
    assert column(known, 2) == [0, 0, 0, 0, 0, 0]
    assert known["renewal_rate", None] == [1 / 1, 1 / 4, None, 2 / 5]
    assert known["renewal_mrr_rate", None] == [100 / 100, 100 / 400, None, 200 / 500]
    assert [known[key, None][1] for key in AMOUNTS] == [400, 100, 0, 0, 300, 0]


def test_what_is_not_past_its_grace_is_open(tmp_path: Path) -> None:
    known = success(tmp_path, as_of="2026-02-28", toml="[paid_users]\ngrace_days = 5\n", end="2026-02")
    assert column(known, 1) == [4, 1, 0, 0, 1, 2]  # both of 28 February may still be renewed by 5 March
    assert known["renewal_rate", None][1] == 1 / 2
    assert known["renewal_mrr_rate", None][1] == 100 / 200


def test_a_row_is_open_up_to_the_last_day_of_its_grace_and_what_begins_later_is_not_known(tmp_path: Path) -> None:
    rows = "an,2026-01-01,2026-01-31,Basic,10\nan,2026-02-04,2026-03-03,Basic,10\n"
    toml = "[paid_users]\ngrace_days = 3\n"
    by_day = {
        day: column(success(tmp_path, rows, as_of=day, toml=toml, start="2026-01", end="2026-01"), 0)
        for day in ("2026-01-31", "2026-02-03", "2026-02-04", "2026-02-05")
    }
    due_open, due_late = [1, 0, 0, 0, 0, 1], [1, 0, 0, 1, 0, 0]
    assert by_day == {
        "2026-01-31": due_open, "2026-02-03": due_open, "2026-02-04": due_late, "2026-02-05": due_late
    }  # fmt: skip
    # Without the second row, 4 February is the day on which the grace is past: its whole day counts.
    lost = {
        day: column(success(tmp_path, rows.splitlines()[0], as_of=day, toml=toml, start="2026-01", end="2026-01"), 0)
        for day in ("2026-02-03", "2026-02-04")
    }
    assert lost == {"2026-02-03": due_open, "2026-02-04": [1, 0, 0, 0, 1, 0]}


def test_the_last_day_before_as_of_is_due_and_the_day_after_is_not(tmp_path: Path) -> None:
    rows = "an,2026-01-01,2026-02-28,Basic,10\nbo,2026-01-01,2026-03-01,Basic,10\n"
    assert column(success(tmp_path, rows, as_of="2026-02-28", end="2026-02"), 1) == [1, 0, 0, 0, 0, 1]
    march = success(tmp_path, rows, as_of="2026-03-01")
    assert [column(march, place) for place in (1, 2)] == [[1, 0, 0, 0, 1, 0], [1, 0, 0, 0, 0, 1]]


def test_rows_that_begin_after_as_of_change_nothing(tmp_path: Path) -> None:
    # On 31 January nobody knows of the row of 1 February: the early one of 20 January renews.  From then on it does.
    rows = "an,2025-02-01,2026-01-31,Basic,10\nan,2026-01-20,2027-01-19,Basic,10\n"
    later = "an,2026-02-01,2027-01-31,Basic,10\n"
    only_january: dict[str, Any] = {"start": "2026-01", "end": "2026-01"}
    for more in ("", later):
        assert column(success(tmp_path, rows + more, as_of="2026-01-31", **only_january), 0) == [1, 1, 0, 0, 0, 0]
    assert column(success(tmp_path, rows + later, as_of="2026-02-01", **only_january), 0) == [1, 0, 1, 0, 0, 0]


def test_an_end_that_is_the_first_unpaid_day_is_due_the_day_before(tmp_path: Path) -> None:
    rows = "an,2026-01-01,2026-02-01,Basic,10\nan,2026-02-01,2026-03-01,Basic,10\n"
    known = success(tmp_path, rows, toml='[paid_users]\nend_date = "exclusive"\n')
    assert [column(known, place) for place in range(3)] == [[1, 0, 1, 0, 0, 0], [1, 0, 0, 0, 1, 0], [0] * 6]


def test_parts_sum_to_the_whole(tmp_path: Path) -> None:
    known = success(tmp_path, by="plan")
    assert [column(known, 1, plan) for plan in ("Basic", "Shop", "Pro")] == [
        [2, 1, 0, 0, 1, 0], [2, 0, 0, 0, 2, 0], [0, 0, 0, 0, 0, 0]
    ]  # fmt: skip
    assert known["renewal_mrr_rate", "Basic"][1] == 100 / 200


def test_the_rows_behind_a_figure(tmp_path: Path) -> None:
    success(tmp_path)
    folder = open_folder(tmp_path, now=NOW)
    rows = folder.explain("lost_renewals", month="2026-02", as_of="2026-03-31").rows
    assert [(row.user_id, row.line, str(row.day)) for row in rows] == [
        ("minh", 5, "2026-02-14"), ("minh", 6, "2026-02-28"), ("hoa", 7, "2026-02-28")
    ]  # fmt: skip
    rate = folder.explain("renewal_mrr_rate", month="2026-02", as_of="2026-03-31").rows
    assert [(row.user_id, row.part, row.amount) for row in rate if row.part != "lost_renewals_mrr_amount"] == [
        ("lan", "renewed_early_mrr_amount", 100)
    ]


def test_without_ends_renewals_are_missing_and_without_amounts_their_mrr(tmp_path: Path) -> None:
    header = "user_id,started_at,plan,mrr\n"
    assert success(tmp_path, "an,2026-01-01,Basic,10\n", header=header)["renewals_due", None] == [None] * 4
    known = success(tmp_path, "an,2026-01-01,2026-01-31,Basic\n", header="user_id,started_at,ended_at,plan\n")
    assert known["renewals_due", None] == [1, 0, 0, 1]
    assert known["renewals_due_mrr_amount", None] == [None] * 4
    known = success(tmp_path, "an,2026-01-01,2026-01-31,Basic,\nbo,2026-02-01,2026-02-28,Basic,7\n")
    assert known["lost_renewals_mrr_amount", None] == [None, 7, 0, None]


def test_an_end_that_nothing_dates_leaves_renewals_in_doubt(tmp_path: Path) -> None:
    header = "user_id,started_at,ended_at,plan,mrr,status\n"
    rows = "an,2026-02-01,,Basic,10,cancelled\nbo,2026-01-01,2026-01-31,Basic,10,active\n"
    assert success(tmp_path, rows, header=header)["renewals_due", None] == [1, None, None, None]


def test_payments_are_renewed_by_the_next_one(tmp_path: Path) -> None:
    rows = "an,2026-01-31,10\nan,2026-02-28,10\nbo,2026-01-05,10\n"
    known = success(tmp_path, rows, header="user_id,started_at,amount\n", toml='[paid_users]\nshape = "payments"\n')
    # an's month from 31 January lasts to 27 February; bo's to 4 February.
    assert [column(known, place) for place in range(3)] == [[0] * 6, [2, 0, 1, 0, 1, 0], [1, 0, 0, 0, 1, 0]]


def test_a_row_without_an_end_is_never_due(tmp_path: Path) -> None:
    assert column(success(tmp_path, "an,2026-01-01,,Basic,10\nbo,2026-01-01,2026-01-31,Basic,1\n"), 3)[0] == 1


# --- rows that overlap what they renew -----------------------------------------------------------------------------


def _mrr(folder: Path, toml: str) -> tuple[list[float | None], list[str]]:
    """The MRR at the end of January to March, and what is said of early renewals."""
    (folder / "paid_users.csv").write_text(HEADER + THREE, encoding="utf-8")
    (folder / "funnel.toml").write_text(toml, encoding="utf-8")
    report = open_folder(folder, now=NOW).report(start="2026-01", end="2026-03", as_of="2026-03-31").report
    row = next(row for row in report.rows if row.metric.key == "closing_mrr_amount")
    codes = [note.code for note in report.notes if note.code in ("early-renewals", "renewed-early")]
    return [cell.value for cell in row.cells], codes


def test_an_early_renewal_counts_beside_the_row_that_it_renews_unless_the_settings_end_that(tmp_path: Path) -> None:
    # At the end of January: lan 100 + 110, minh 100 + 100 (both shops; the January row is paid through its last day,
    # as another begins the day after), hoa 100.  With early_days lan's old row counts up to 24 January.
    assert _mrr(tmp_path, "") == ([510, 260, 260], ["early-renewals"])
    assert _mrr(tmp_path, "[paid_users]\nearly_days = 31\n") == ([410, 260, 260], ["renewed-early"])
    # 16 days early: one day too many for 15.
    assert _mrr(tmp_path, "[paid_users]\nearly_days = 15\n") == ([510, 260, 260], ["early-renewals"])
    assert _mrr(tmp_path, "[paid_users]\nearly_days = 16\n") == ([410, 260, 260], ["renewed-early"])


def test_early_days_change_no_customer_and_no_renewal(tmp_path: Path) -> None:
    def known(toml: str) -> list[Any]:
        (tmp_path / "paid_users.csv").write_text(HEADER + THREE, encoding="utf-8")
        (tmp_path / "funnel.toml").write_text(toml, encoding="utf-8")
        report = open_folder(tmp_path, now=NOW).report(
            start="2026-01", end="2026-03", as_of="2026-03-31", section="all"
        )
        kept = [row for row in report.report.rows if "paid_user" in row.metric.key or "renew" in row.metric.key]
        return [(row.metric.key, [cell.value for cell in row.cells]) for row in kept]

    assert len(known("")) > 15
    assert known("") == known("[paid_users]\nearly_days = 31\n")
