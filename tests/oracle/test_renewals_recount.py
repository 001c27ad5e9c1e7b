"""Renewals of random folders beside the slow recount: every figure of every month, of the whole and of each part."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from funnelcli import open_folder
from oracle.renewals_recount import Row, outcomes, renewed
from support import NOW

FIRST = date(2026, 1, 1)
KEYS = {
    "renewals_due": ("early", "on time", "late", "lost", "open"), "renewed_early": ("early",),
    "renewed_on_time": ("on time",), "renewed_late": ("late",), "lost_renewals": ("lost",), "open_renewals": ("open",),
}  # fmt: skip
RENEWED = ("early", "on time", "late")
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06")


def drawn(seed: int) -> tuple[list[Row], list[int], int, int]:
    """Rows whose ends and starts meet often, what each brings a month in hundredths, the grace, and the last day."""
    draw = random.Random(seed)
    rows: list[Row] = []
    starts = [0, 30, 31, 58, 59, 60, 89, 90, 120]  # ends and starts of months, and days beside them
    for _ in range(draw.randint(4, 16)):
        start = draw.choice([draw.choice(starts), draw.randint(0, 120)])
        length = draw.choice([1, 7, 28, 30, 31, 59, 90])
        rows.append((draw.choice("aabc"), draw.choice(["", "Pro", "Pro", "Mini"]), start, start + length - 1))
        if draw.random() < 0.15:
            rows[-1] = (*rows[-1][:3], None)
    rows.sort(key=lambda row: (row[0], row[2], row[3] is None, row[3] or 0))
    rows = list(dict.fromkeys(rows))  # alike ones count once
    return rows, [draw.randint(1, 99_999) for _ in rows], draw.choice([0, 0, 1, 5]), draw.randint(60, 180)


CHANNELS = {"a": "partner", "b": "affiliate", "c": "unknown"}


def _plan_of(rows: list[Row], row: Row) -> str:
    """The plan of a row, else the first that its customer has, else none that is known."""
    return row[1] or next((plan for who, plan, _, _ in rows if who == row[0] and plan), "unknown")


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


def written(folder: Path, rows: list[Row], amounts: list[int], grace: int) -> None:
    lines = ["user_id,plan,started_at,ended_at,mrr,source"]
    sources = {"a": "partner", "b": "affiliate", "c": ""}
    for (who, plan, start, end), amount in zip(rows, amounts, strict=True):
        ends = "" if end is None else str(_day(end))
        lines.append(f"{who},{plan},{_day(start)},{ends},{amount // 100}.{amount % 100:02},{sources[who]}")
    (folder / "paid_users.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = f'[business]\ncurrency = "USD"\n[paid_users]\ngrace_days = {grace}\n'
    (folder / "funnel.toml").write_text(settings, encoding="utf-8")


@pytest.mark.parametrize("seed", range(24))
def test_every_figure_of_a_random_folder(seed: int, tmp_path: Path) -> None:
    rows, amounts, grace, until = drawn(seed)
    written(tmp_path, rows, amounts, grace)
    said = outcomes(rows, until, grace)
    by = ["plan", "channel"][seed % 2]
    report = open_folder(tmp_path, now=NOW).report(
        start=MONTHS[0], end=MONTHS[-1], section="success", as_of=str(_day(until)), by=by
    )
    parts = [_plan_of(rows, row) if by == "plan" else CHANNELS[row[0]] for row in rows]
    numbers: Counter[tuple[str, str | None, str]] = Counter()
    for row, amount, of, outcome in zip(rows, amounts, parts, said, strict=True):
        month = f"{_day(row[3]):%Y-%m}" if row[3] is not None else ""
        for key, kinds in KEYS.items() if outcome else ():
            if outcome in kinds:
                for part in (None, of):
                    numbers[key, part, month] += 1
                    numbers[f"{key}_mrr_amount", part, month] += amount
    compared = 0
    for line in report.report.rows:
        key = line.metric.key
        if key.removesuffix("_mrr_amount") not in KEYS:
            continue
        for cell, month in zip(line.cells, MONTHS, strict=True):
            if date.fromisoformat(f"{month}-01") > _day(until):
                assert cell.value is None
                continue
            expected = numbers[key, line.part.key if line.part else None, month]
            assert cell.value == (expected / 100 if key.endswith("amount") else expected), (key, month)
            compared += 1
    assert compared >= len(KEYS) * 2 * 2


@pytest.mark.parametrize("seed", range(24, 34))
def test_what_begins_or_ends_later_changes_nothing_that_was_seen_before(seed: int, tmp_path: Path) -> None:
    rows, amounts, grace, until = drawn(seed)

    def seen(chosen: list[int]) -> list[object]:
        written(tmp_path, [rows[place] for place in chosen], [amounts[place] for place in chosen], grace)
        report = open_folder(tmp_path, now=NOW).report(
            start=MONTHS[0], end=MONTHS[2], section="success", as_of=str(_day(until))
        )
        return [(line.metric.key, [cell.value for cell in line.cells]) for line in report.report.rows]

    begun = [place for place, row in enumerate(rows) if row[2] <= until]
    assert seen(list(range(len(rows)))) == seen(begun)


def test_the_random_rows_have_every_outcome() -> None:
    drawings = [drawn(seed) for seed in range(24)]
    assert {outcome for rows, _, grace, until in drawings for outcome in outcomes(rows, until, grace)} == {
        "", *RENEWED, "lost", "open"
    }  # fmt: skip
    assert any(new[1] == "early" for rows, _, grace, _ in drawings for new in renewed(rows, grace))
