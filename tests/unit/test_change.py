"""What made a figure change: a worked example, and the law that the parts add up to the change exactly."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.change import ChangeExplained
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import Percentile, Ranking
from funnelcli.problems import UsageError
from funnelcli.stats.alike import all_alike
from support import EXAMPLES, run_cli

# Of each channel the signups and the demos of two months.
MONTHS = {
    "organic": ("google / organic", (100, 30), (60, 21)),
    "paid": ("facebook / cpc", (100, 10), (120, 12)),
    "affiliate": ("affiliate / link", (0, 0), (20, 9)),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exports")
    signups, demos = ["user_id,signed_up_at,source"], ["user_id,booked_at"]
    for source, *months in MONTHS.values():
        for month, (people, booked) in zip((9, 10), months, strict=True):
            for number in range(people):
                day = date(2026, month, 1) + timedelta(number % 28)
                who = f"{source[:3]}{month}-{number}"
                signups.append(f"{who},{day},{source}")
                if number < booked:
                    demos.append(f"{who},{day}")
    (path / "signups.csv").write_text("\n".join(signups) + "\n", "utf-8")
    (path / "demos.csv").write_text("\n".join(demos) + "\n", "utf-8")
    return path


def by_channel(folder: Path, metric: str) -> ChangeExplained:
    return fc.open_folder(folder).explain_change(metric, "2026-09", "2026-10", by="channel").explained


def percent(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value) * 100, 4)


def test_a_rate_by_hand(folder: Path) -> None:
    """20 % to 21 %: R = 20.5 %; organic mix -0.2 x (32.5 - 20.5), rate 5 x 0.4; paid 0.1 x (10 - 20.5); and so on."""
    explained = (
        fc.open_folder(folder).explain_change("signup_to_demo_rate", "2026-09", "2026-10", by="channel").explained
    )
    [split] = explained.splits
    parts = {part.part.key: (percent(part.mix), percent(part.rate), percent(part.adds)) for part in split.parts}
    assert parts == {
        "organic": (-2.4, 2.0, -0.4),
        "paid": (-1.05, 0.0, -1.05),
        "affiliate": (2.45, 0.0, 2.45),
    }
    assert explained.change == Fraction(1, 100) == sum(part.adds for part in split.parts)


def test_a_count_by_hand(folder: Path) -> None:
    """40 to 42 demos: organic -40 x 0.325 and 0.05 x 80, paid 20 x 0.1, the new channel 20 x 0.45."""
    explained = by_channel(folder, "new_demo_bookings")
    [split] = explained.splits
    moved = [part for part in split.parts if part.adds]
    parts = {p.part.key: [float(n or 0) for n in (p.mix, p.rate, p.adds)] for p in moved}
    assert parts == {"organic": [-13, 4, -9], "paid": [2, 0, 2], "affiliate": [9, 0, 9]}
    assert explained.change == 2


@pytest.mark.parametrize(
    "metric",
    [
        "new_signups", "signup_to_demo_rate", "demo_to_paid_rate", "closing_paid_users", "arpa_amount",
        "paid_user_churn_rate", "net_new_paid_users", "closing_mrr_amount",
    ],
)  # fmt: skip
@pytest.mark.parametrize("after", ["2026-04", "2026-08"])
def test_the_parts_of_every_dimension_add_up_to_the_change(metric: str, after: str) -> None:
    changed = fc.open_folder(EXAMPLES / "plain").explain_change(metric, "2026-03", after).explained
    assert changed.splits
    for split in changed.splits:
        assert sum((part.adds for part in split.parts), Fraction(0)) == pytest.approx(changed.change), (
            split.dimension.name
        )
        for part in split.parts:
            if part.mix is not None and part.rate is not None:
                assert part.mix + part.rate == part.adds


def _whole_change(explained: ChangeExplained) -> float:
    return (explained.now.value or 0) - (explained.then.value or 0)


@pytest.mark.parametrize(
    ("example", "before", "after"), [("erp_vn", "2026-03", "2026-04"), ("saas_vn", "2026-08", "2026-09")]
)
def test_of_every_metric_the_parts_add_up_or_are_said_not_to(example: str, before: str, after: str) -> None:
    """All of the catalogue by every dimension: the parts are the change, that is what stands there; or no part adds."""
    folder, apart, split_up = fc.open_folder(EXAMPLES / example), set(), 0
    for key, metric in CATALOGUE.items():
        try:
            explained = folder.explain_change(key, before, after).explained
        except UsageError:  # a figure that is missing
            continue
        assert float(explained.change) == pytest.approx(_whole_change(explained), rel=1e-9, abs=1e-9), key
        for split in explained.splits:
            added = sum((part.adds for part in split.parts), Fraction(0))
            if split.adds_up:
                assert added == explained.change, (key, split.dimension.name)
                split_up += 1
            else:
                assert not added, key
                assert split.largest == split.parts, key
                apart.add(type(metric.kind).__name__ if "largest" not in key else "")
                assert isinstance(metric.kind, Percentile | Ranking) or key in LARGEST, key
    assert split_up > 400


LARGEST = ("concentration_rate", "largest_mrr_amount")


def test_a_quotient_of_quotients_by_hand(tmp_path: Path) -> None:
    """LTV is ARPA over churn, (M / C) / (L / O): a part adds to each, at the mean of the other in both months."""
    rows = ["user_id,started_at,ended_at,mrr,plan"]
    for plan, price, customers in (("A", 100, 6), ("B", 200, 4)):
        for number in range(customers):
            end = {("A", 0): "2026-01-20", ("A", 1): "2026-02-10", ("B", 0): "2026-02-11"}.get((plan, number), "")
            rows.append(f"{plan}{number},2025-12-01,{end},{price},{plan}")
    (tmp_path / "paid_users.csv").write_text("\n".join(rows) + "\n", "utf-8")
    folder = fc.open_folder(tmp_path)
    explained = folder.explain_change(
        "customer_lifetime_value_amount", "2026-01", "2026-02", by="plan", as_of="2026-02-28"
    ).explained
    [split] = explained.splits
    # January: 1,300 / 9 over 1 / 10. February: 1,000 / 7 over 2 / 9.
    arpa, lost = (Fraction(1300, 9), Fraction(1000, 7)), (Fraction(1, 10), Fraction(2, 9))
    assert explained.change == arpa[1] / lost[1] - arpa[0] / lost[0]
    mean_arpa, inverse = sum(arpa) / 2, (1 / lost[0] + 1 / lost[1]) / 2
    expected = {}
    for plan, (m, c), (gone, o) in (
        ("A", ((500, 400), (5, 4)), ((1, 1), (6, 5))),
        ("B", ((800, 600), (4, 3)), ((0, 1), (4, 4))),
    ):
        of_arpa = Fraction(m[1], 7) - Fraction(m[0], 9) - (Fraction(c[1], 7) - Fraction(c[0], 9)) * mean_arpa
        rate = sum(lost) / 2
        of_lost = Fraction(gone[1], 9) - Fraction(gone[0], 10) - (Fraction(o[1], 9) - Fraction(o[0], 10)) * rate
        expected[plan] = of_arpa * inverse - of_lost / (lost[0] * lost[1]) * mean_arpa
    assert {part.part.key: part.adds for part in split.parts if part.adds} == expected
    assert sum(expected.values()) == explained.change


def test_a_median_is_shown_part_by_part(folder: Path) -> None:
    asked = ("explain", "signup_to_demo_booked_lag_days", folder, "--change", "2026-09..2026-10", "--by", "channel")
    done = run_cli(*asked, "-f", "json", "--as-of", "2027-03-01")
    [split] = json.loads(done.stdout)["splits"]
    assert (split["adds_up"], {part["adds"] for part in split["parts"]}) == (False, {None})
    shown = run_cli(*asked, "-q", "--as-of", "2027-03-01").stdout
    assert "do not add up" in shown
    assert "Adds" not in shown


def test_where_all_changed_by_one_factor_nothing_stands_out() -> None:
    one = Fraction(1)
    assert all_alike([(40, 44, one, one), (60, 66, one, one)]) == pytest.approx(1)
    uneven = all_alike([(100, 10, one, one), (10, 100, one, one)])
    assert uneven is not None
    assert uneven < 1e-6
    assert all_alike([(40, 44, one, one)]) is None
    # By rates: 10 of 100 and 20 of 200 before, 30 of 100 and 60 of 200 after.
    assert all_alike([(10, 30, Fraction(100), Fraction(100)), (20, 60, Fraction(200), Fraction(200))]) == pytest.approx(
        1
    )


def test_the_chi_squared_by_hand() -> None:
    """30 then 10, and 20 then 40, 50 each time: 20 and 30 expected, 2 x 100/20 + 2 x 100/30 = 16.667, one degree."""
    one = Fraction(1)
    value = all_alike([(30, 10, one, one), (20, 40, one, one)])
    assert value == pytest.approx(4.4558e-05, rel=1e-3)


def test_the_command(folder: Path) -> None:
    asked = ("explain", "signup_to_demo_rate", folder, "--change", "2026-09..2026-10")
    done = run_cli(*asked, "--by", "channel", "-f", "json")
    data = json.loads(done.stdout)
    assert (done.returncode, data["format"], round(data["change"], 6)) == (0, "funnelcli.change", 0.01)
    shown = run_cli(*asked, "-q")
    assert "From 20.0% to 21.0%: +1.00 pp" in shown.stdout
    for form in ("md", "html", "csv", "xlsx", "eml"):
        result = fc.open_folder(folder).explain_change("signup_to_demo_rate", "2026-09", "2026-10")
        assert result.to_bytes(form)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--change", "2026-09"), "--change '2026-09' are not two periods."),
        (("--change", "2026-09..2026-10..2026-11"), "are not two periods."),
        (("--change", "2026-09..2026Q4"), "Sep 2026 and Q4 2026 are not of one length."),
        (("--change", "2026-09..2026-10", "--rows"), "--change stands alone, or with --by."),
        (("--change", "2025-01..2026-10"), "signup_to_demo_rate has no figure in Jan 2025"),
    ],
)
def test_what_cannot_be_compared_is_refused(folder: Path, options: tuple[str, ...], says: str) -> None:
    done = run_cli("explain", "signup_to_demo_rate", folder, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
