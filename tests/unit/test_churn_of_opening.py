"""The churn rate by ``[churn] method = "opening"``: who joined and left, and who left and came back, are out of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from funnelcli.counting import measures
from funnelcli.counting.counts import count
from funnelcli.values.periods import Grain
from support import explained_rows, exports_of, figures, folder_of, report_of

FEB = {"first": "2026-02", "last": "2026-02"}
OPENING = '[churn]\nmethod = "opening"\n'


def write(folder: Path, rows: Sequence[str], funnel: str = OPENING) -> None:
    header = "user_id,started_at,ended_at,source,plan"
    (folder / "paid_users.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    (folder / "funnel.toml").write_text(funnel, encoding="utf-8")


def customers(opening: int, lost: int, joined: int, returned: int) -> list[str]:
    """Rows of so many paying on 1 February, so many losses in it, of which some joined and some came back."""
    staying = [f"s{n},2026-01-01,,," for n in range(opening - (lost - joined))]
    gone = [f"g{n},2026-01-01,2026-02-10,," for n in range(lost - joined)]
    back = [f"g{n},2026-02-20,,," for n in range(returned)]
    short = [f"j{n},2026-02-02,2026-02-12,," for n in range(joined)]
    return [*staying, *gone, *back, *short]


def rate(folder: Path, metric: str = "paid_user_churn_rate", **options: str | Grain | None) -> object:
    return figures(report_of(folder, **options))[metric, None, "2026-02"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("opening", "lost", "joined", "returned", "counted"),
    [
        (100, 12, 1, 1, 10),  # 12 - 1 - 1; 10 / 100 = 10 %
        (1200, 90, 10, 15, 65),  # 90 - 10 - 15; 65 / 1,200 = 5.42 %
        (10, 3, 3, 0, 0),
        (10, 3, 0, 3, 0),
    ],
)
def test_who_joined_and_who_returned_is_out_of_the_numerator(
    opening: int, lost: int, joined: int, returned: int, counted: int, tmp_path: Path
) -> None:
    write(tmp_path, customers(opening, lost, joined, returned))
    options: dict[str, Any] = {**FEB, "as_of": "2026-02-28"}
    assert rate(tmp_path, "churned_paid_users", **options) == (lost, None, None)
    assert rate(tmp_path, **options) == (counted / opening, counted, opening)
    # opening + new + back - lost
    closing = opening + joined + returned - lost
    assert rate(tmp_path, "closing_paid_users", **options) == (closing, None, None)
    # The rows of the numerator and of the denominator.
    _, rows = explained_rows(tmp_path, "paid_user_churn_rate", "2026-02", as_of="2026-02-28")
    assert len(rows) == counted + opening
    value, rows = explained_rows(tmp_path, "churn_counted_paid_users", "2026-02", as_of="2026-02-28")
    assert (value, len(rows)) == (counted, counted)
    notes = {note.code: note.text for note in report_of(tmp_path, **options).notes}
    wanted = {"joined-and-left": joined, "left-and-returned": returned}
    for code, number in wanted.items():
        assert (code in notes) == bool(number)
        if number:
            assert notes[code].of("en").startswith(f"{number} ")
            assert notes[code].of("vi").startswith(f"{number} lượt")
            assert notes[code].of("en").endswith('and not in the churn rate ([churn] method = "opening").')
            assert notes[code].of("vi").endswith('không tính vào tỷ lệ rời bỏ ([churn] method = "opening").')


def test_all_losses_count_unless_the_settings_say_otherwise(tmp_path: Path) -> None:
    write(tmp_path, customers(100, 12, 1, 1), funnel="")
    options: dict[str, Any] = {**FEB, "as_of": "2026-02-28"}
    assert rate(tmp_path, **options) == (0.12, 12, 100)
    notes = {note.code: note.text.of("en") for note in report_of(tmp_path, **options).notes}
    assert "left-and-returned" not in notes
    assert "churn rate" not in notes["joined-and-left"]


# Of customers who were paying when February began; what each adds to the numerator of February.
WAYS_BACK = [
    (["a,2026-01-01,2026-01-31,,"], "2026-03-31", 0, 0),  # lost on the last day of January
    (["a,2026-01-01,2026-02-01,,"], "2026-03-31", 1, 1),  # lost on its first day
    (["a,2026-01-01,2026-02-28,,"], "2026-03-31", 1, 1),  # lost on its last day
    (["a,2026-01-01,2026-03-01,,"], "2026-03-31", 1, 0),
    (["a,2026-01-01,2026-02-10,,", "a,2026-02-28,,,"], "2026-03-31", 1, 0),  # back on the last day
    (["a,2026-01-01,2026-02-10,,", "a,2026-03-01,,,"], "2026-03-31", 1, 1),  # back on the first day of March
    (["a,2026-01-01,2026-02-10,,", "a,2026-02-27,,,"], "2026-02-27", 1, 0),  # back on as_of
    (["a,2026-01-01,2026-02-10,,", "a,2026-02-28,,,"], "2026-02-27", 1, 1),  # not yet
    (["a,2026-01-01,2026-02-27,,"], "2026-02-26", 1, 0),  # not yet lost
    # Lost twice, and gone at the end: one customer of the opening.
    (["a,2026-01-01,2026-02-05,,", "a,2026-02-10,2026-02-20,,"], "2026-03-31", 1, 1),
    (["a,2026-01-01,2026-02-05,,", "a,2026-02-10,2026-02-28,,"], "2026-03-31", 1, 1),
    (["a,2026-01-01,2026-02-05,,", "a,2026-02-10,2026-03-01,,"], "2026-03-31", 1, 0),
    # Lost twice and back twice.
    (["a,2026-01-01,2026-02-05,,", "a,2026-02-10,2026-02-20,,", "a,2026-02-25,,,"], "2026-03-31", 1, 0),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "as_of", "opening", "counted"), WAYS_BACK)
def test_gone_is_who_was_there_at_the_start_and_is_not_at_the_end(
    rows: list[str], as_of: str, opening: int, counted: int, tmp_path: Path
) -> None:
    # Another customer, of a later row, who never leaves.
    write(tmp_path, [*rows, "z,2026-01-01,,,"])
    assert rate(tmp_path, **FEB, as_of=as_of) == (counted / (opening + 1), counted, opening + 1)
    _, listed = explained_rows(tmp_path, "churn_counted_paid_users", "2026-02", as_of=as_of)
    assert len(listed) == counted


def test_every_loss_is_counted_or_joined_or_returned(tmp_path: Path) -> None:
    rows = [row.replace("a,", f"c{number},") for number, (rows, *_) in enumerate(WAYS_BACK) for row in rows]
    write(tmp_path, [*rows, *customers(20, 9, 2, 3)])
    facts = exports_of(tmp_path)
    report = report_of(tmp_path, first="2026-01", last="2026-03", as_of="2026-03-31")
    counts = count(facts, report.spec.periods, report.spec.as_of)
    for place in range(3):
        lost, counted, joined, returned = (
            counts.get(measure, place)
            for measure in (
                measures.CHURNED, measures.CHURNED_OF_OPENING, measures.JOINED_AND_LEFT, measures.LEFT_AND_RETURNED,
            )
        )  # fmt: skip
        assert isinstance(counted, int)
        assert isinstance(joined, int)
        assert isinstance(returned, int)
        assert lost == counted + joined + returned


def test_a_quarter_is_a_period_of_its_own(tmp_path: Path) -> None:
    # Lost in January, back in March; lost in February for good; four who stay.
    write(
        tmp_path,
        [
            "a,2025-12-01,2026-01-10,,", "a,2026-03-05,,,", "b,2025-12-01,2026-02-10,,",
            *(f"s{n},2025-12-01,,," for n in range(3)),
        ],
    )  # fmt: skip
    shown = figures(report_of(tmp_path, first="2026-01", last="2026-03", as_of="2026-03-31"))
    of = {period: shown["paid_user_churn_rate", None, period] for period in ("2026-01", "2026-02", "2026-03", "total")}
    # Of five: a in January; b of four in February; nobody of three in March; of the quarter b alone, of five.
    assert of == {"2026-01": (0.2, 1, 5), "2026-02": (0.25, 1, 4), "2026-03": (0, 0, 3), "total": (0.2, 1, 5)}
    quarter = report_of(tmp_path, grain=Grain.QUARTER, first="2026Q1", last="2026Q1", as_of="2026-03-31")
    assert figures(quarter)["paid_user_churn_rate", None, "2026Q1"] == (0.2, 1, 5)


def test_the_parts_sum_to_the_whole(tmp_path: Path) -> None:
    # a leaves Basic and comes back as Pro: gone from neither; b leaves Basic for good; c joins Pro and leaves.
    write(
        tmp_path,
        [
            "a,2026-01-01,2026-02-05,paid,Basic", "a,2026-02-20,,paid,Pro", "b,2026-01-01,2026-02-10,referral,Basic",
            "c,2026-02-02,2026-02-12,paid,Pro", "d,2026-01-01,,paid,Basic", "e,2026-01-01,,referral,Pro",
        ],
    )  # fmt: skip

    def split(by: str) -> dict[tuple[str, str | None, str], tuple[float | None, float | None, float | None]]:
        asked = folder_of(tmp_path).report(start="2026-02", end="2026-02", as_of="2026-02-28", by=by)
        return figures(asked.report)

    by_plan = split("plan")
    assert by_plan["paid_user_churn_rate", None, "2026-02"] == (1 / 4, 1, 4)  # b of a b d e
    assert by_plan["paid_user_churn_rate", "Basic", "2026-02"] == (1 / 3, 1, 3)  # b of a b d
    assert by_plan["paid_user_churn_rate", "Pro", "2026-02"] == (0, 0, 1)  # nobody of e
    by_channel = split("channel")
    assert by_channel["paid_user_churn_rate", "paid", "2026-02"] == (0, 0, 2)  # a d
    assert by_channel["paid_user_churn_rate", "referral", "2026-02"] == (1 / 2, 1, 2)  # b of b e


def test_a_plan_takes_its_churn_from_the_same_losses(tmp_path: Path) -> None:
    write(tmp_path, [*customers(100, 12, 1, 1), "new,2026-02-28,,,"])
    options = {"rates_from": "2026-02", "rates_to": "2026-02", "as_of": "2026-02-28"}
    rates = {"visitor_to_signup": "4%", "signup_to_demo": "30%", "demo_to_paid": "25%", "arpa": "20"}
    plan = folder_of(tmp_path).targets(mrr="3000", start="2026-03", end="2026-04", **rates, **options).plan  # type: ignore[arg-type]
    (churn,) = [assumed for assumed in plan.assumptions if assumed.key.value == "paid_user_churn_rate"]
    assert churn.numerator == 10
    assert churn.denominator == 100
