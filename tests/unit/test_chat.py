"""The report in five lines: which figures are named, with which counts, and what is said to be more than chance."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from funnelcli import open_folder
from funnelcli.answers.chance import Chance, adjusted, of_counts, of_rates, of_target, of_target_rate
from funnelcli.renderers import Style, formats
from funnelcli.stats.exact import benjamini_hochberg, binomial_test, counts_test, fisher_test, poisson_test
from funnelcli.values.figures import Value
from support import NOW, run_cli, write_folder

# --- what is tested --------------------------------------------------------------------------------------------------


def test_two_counts_are_compared_by_their_days() -> None:
    assert of_counts(60, 40, 31, 28) == Chance(1.0, alone=counts_test(60, 40, 31, 28))
    assert of_counts(15, 14, 31, 30) == Chance(1.0, alone=counts_test(15, 14, 31, 30), few=True)  # 29 in all
    assert of_counts(15, 15, 31, 30) == Chance(1.0, alone=counts_test(15, 15, 31, 30))
    assert of_counts(40, 40, 31, 0) is None
    # Five can at most be on one side, 2 / 2^5 = 6.25 %; six 2 / 2^6 = 3.125 %.
    assert of_counts(2, 3, 31, 31) == Chance(None, few=True)
    assert of_counts(6, 0, 31, 31) == Chance(1.0, alone=counts_test(6, 0), few=True)


def share(numerator: int, denominator: int, *, is_share: bool = True) -> Value:
    return Value(value=0.5, numerator=numerator, denominator=denominator, is_share=is_share)


def test_two_rates_are_compared_where_they_are_shares_of_people() -> None:
    assert of_rates(share(10, 30), share(20, 40)) == Chance(1.0, alone=fisher_test(10, 30, 20, 40))
    assert of_rates(share(10, 29), share(20, 40)) == Chance(1.0, alone=fisher_test(10, 29, 20, 40), few=True)
    # Of four and four at least 2 of C(8, 2) = 28 tables: 3 of each are 0.48, 2 and 0 are 12/28.
    assert of_rates(share(2, 4), share(0, 4)) == Chance(None, few=True)
    assert of_rates(share(10, 30, is_share=False), share(20, 40)) is None
    assert of_rates(share(10, 30), Value(value=0.5)) is None


def test_targets() -> None:
    assert of_target(Fraction(25), Fraction(31)) == Chance(1.0, alone=poisson_test(25, Fraction(31)))
    assert of_target(Fraction(25), Fraction(29)) == Chance(None, few=True)
    assert of_target(Fraction(30), Fraction(29)) == Chance(1.0, alone=poisson_test(30, Fraction(29)))
    of_rate = Chance(1.0, alone=binomial_test(6, 30, Fraction(1, 4)))
    assert of_target_rate(Fraction(6), Fraction(30), Fraction(1, 4)) == of_rate
    assert of_target_rate(Fraction(6), Fraction(29), Fraction(1, 4)) == Chance(None, few=True)
    assert of_target_rate(Fraction(31), Fraction(30), Fraction(1, 4)) == Chance(None, few=True)


def test_what_is_looked_at_together_is_judged_together() -> None:
    """Alone 0.03 would be more than chance; of two it is 0.06.  What is not tested does not count."""
    tests = [Chance(1.0, alone=0.03), None, Chance(None), Chance(1.0, alone=0.2)]
    assert adjusted(tests) == [Chance(0.06, alone=0.03), None, Chance(None), Chance(0.2, alone=0.2)]
    assert [chance.is_more for chance in (Chance(0.049), Chance(0.05), Chance(None))] == [True, False, False]
    assert not Chance(0.01, usual=True).is_more


@pytest.mark.parametrize(
    ("p", "en", "vi"),
    [
        (None, "too few to tell", "quá ít để kết luận"),
        (0.0009, "more than chance (p below 0.001)", "hơn mức ngẫu nhiên (p dưới 0,001)"),
        (0.0312, "more than chance (p = 0.031)", "hơn mức ngẫu nhiên (p = 0,031)"),
        (0.318, "may be chance (p = 0.32)", "có thể do ngẫu nhiên (p = 0,32)"),
        (0.0499999, "more than chance (p = 0.050)", "hơn mức ngẫu nhiên (p = 0,050)"),
    ],
)
def test_the_verdict_in_words(p: float | None, en: str, vi: str) -> None:
    assert [Chance(p).words.of(lang) for lang in ("en", "vi")] == [en, vi]


# --- the five lines --------------------------------------------------------------------------------------------------


def rows(first: date, numbers: dict[str, int]) -> list[str]:
    """So many people of each source, spread over the days from the first on."""
    return [
        f"{source}{first.month}-{n},{first + timedelta(days=n % 28)},{source}"
        for source, number in numbers.items()
        for n in range(number)
    ]


def exports(tmp_path: Path, *months: tuple[date, dict[str, int]], demos: str = "", config: str = "") -> Path:
    signups = [row for month in months for row in rows(*month)]
    files = {"signups.csv": "user_id,signed_up_at,source\n" + "\n".join(signups) + "\n"}
    if demos:
        files["demos.csv"] = "user_id,booked_at\n" + demos
    return write_folder(tmp_path, files, config)


def lines(folder: Path, lang: str = "en", **options: object) -> list[str]:
    result = open_folder(folder, now=NOW).report(**options)  # type: ignore[arg-type]
    return formats()["md"].render(result.answer, Style(lang=lang, brief=True)).decode().splitlines()


JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def test_what_moved_by_more_than_chance_comes_first(tmp_path: Path) -> None:
    """100 by ads became 200, 40 by partners 30, 50 organic 51; 190 in all became 281."""
    folder = exports(
        tmp_path,
        (JANUARY, {"google / cpc": 100, "partner": 40, "brand": 50}),
        (FEBRUARY, {"google / cpc": 200, "partner": 30, "brand": 51}),
        config='[business]\nname = "A_B"\n',
    )
    said = lines(folder, as_of="2026-02-28")
    assert said == [
        "- Feb 2026: A\\_B, RU at end of month 471 (+147.9%), against Jan 2026",
        "- Better: New signups (RU): Paid (performance) 200 against 100, +100.0% – more than chance (p below 0.001)",
        f"- Worse: New signups (RU): From partners 30 against 40, -25.0% – {verdict(30, 40)}",
        "- Look at: New signups (RU) 281 against 190, +47.9% – more than chance (p below 0.001)",
        f"- Look at: New signups (RU): Organic (brand) 51 against 50, +2.0% – {verdict(51, 50)}",
    ]


def verdict(now: int, before: int) -> str:
    """What is said of one of the four figures above, in 28 days against 31, as they are all looked at."""
    pairs = [(281, 190), (200, 100), (30, 40), (51, 50)]
    p_values = benjamini_hochberg([counts_test(*pair, 28, 31) for pair in pairs])
    assert [p < 0.05 for p in p_values] == [True, True, False, False]
    return Chance(p_values[pairs.index((now, before))]).words.of("en")


def test_the_same_in_vietnamese(tmp_path: Path) -> None:
    folder = exports(tmp_path, (JANUARY, {"brand": 20}), (FEBRUARY, {"brand": 60}))
    assert lines(folder, "vi", as_of="2026-02-28") == [
        "- 02/2026: RU cuối tháng 80 (+300,0%), so với 01/2026",
        "- Tốt hơn: Đăng ký mới (RU) 60 so với 20, +200,0% – hơn mức ngẫu nhiên (p dưới 0,001)",
        "- Kém đi: không có",
        "- Cần xem: Đăng ký mới (RU): Tự nhiên (thương hiệu) 60 so với 20, +200,0% – hơn mức ngẫu nhiên (p dưới 0,001)",
        "- Cần xem: không còn gì nổi bật",
    ]


def test_what_only_has_other_days_has_not_moved(tmp_path: Path) -> None:
    """62 in 31 days and 56 in 28 are two a day: fewer, and no worse."""
    folder = exports(tmp_path, (JANUARY, {"brand": 62}), (FEBRUARY, {"brand": 56}))
    assert lines(folder, as_of="2026-02-28")[1:3] == ["- Better: nothing", "- Worse: nothing"]
    folder = exports(tmp_path, (JANUARY, {"brand": 62}), (FEBRUARY, {"brand": 57}))
    assert lines(folder, as_of="2026-02-28")[1:3] == ["- Better: nothing", "- Worse: nothing"]  # more a day, but fewer


def test_few_are_too_few_to_tell(tmp_path: Path) -> None:
    folder = exports(tmp_path, (JANUARY, {"brand": 1}), (FEBRUARY, {"brand": 4}))
    assert lines(folder, as_of="2026-02-28")[1] == ("- Better: New signups (RU) 4 against 1, +300.0% – too few to tell")


def test_a_rate_is_said_with_what_is_divided(tmp_path: Path) -> None:
    """Of 60 signups 30 booked a demo, then of 60 six."""
    demos = "".join(f"brand1-{n},2026-01-20\n" for n in range(30)) + "".join(
        f"brand2-{n},2026-02-20\n" for n in range(6)
    )
    folder = exports(tmp_path, (JANUARY, {"brand": 60}), (FEBRUARY, {"brand": 60}), demos=demos)
    said = lines(folder, as_of="2026-02-28")
    assert said[2] == "- Worse: New demo bookings 6 against 30, -80.0% – more than chance (p below 0.001)"
    assert said[3] == "- Look at: RU → Demo 10.0% (6/60) against 50.0% (30/60), -40.0 pp"


def test_a_month_of_which_an_export_tells_a_part_is_compared_by_its_days(tmp_path: Path) -> None:
    """Visits begin on 22 January: 20 in ten days and 56 in 28 are as many a day."""
    folder = exports(tmp_path, (JANUARY, {"brand": 62}), (FEBRUARY, {"brand": 56}))
    days = [date(2026, 1, 22) + timedelta(days=n // 2) for n in range(76)]
    (folder / "visitors.csv").write_text("date,source\n" + "".join(f"{day},x\n" for day in days), encoding="utf-8")
    assert lines(folder, as_of="2026-02-28")[1:3] == ["- Better: nothing", "- Worse: nothing"]
    assert lines(folder, as_of="2026-02-28")[3].startswith("- Look at: Of visitors, Jan 2026")  # the doubt is said


def test_a_single_part_of_a_month_is_compared_with_nothing(tmp_path: Path) -> None:
    folder = exports(tmp_path, (FEBRUARY, {"brand": 40}))
    assert lines(folder, month="2026-02", as_of="2026-02-20") == [
        "- Feb 2026: RU at end of month 32, counted up to 20 Feb 2026",
        "- Better: no whole period to compare with another",
        "- Worse: no whole period to compare with another",
        "- Look at: nothing else stands out",
        "- Look at: nothing else stands out",
    ]


# --- beside targets --------------------------------------------------------------------------------------------------

TARGETS = "metric,2026-02,2026-03\nnew_signups,100,62\nnew_demo_bookings,10,10\nclosing_registered_users,90,500\n"


def with_targets(tmp_path: Path) -> Path:
    demos = "".join(f"brand2-{n},2026-02-20\n" for n in range(8))
    folder = exports(tmp_path, (JANUARY, {"brand": 62}), (FEBRUARY, {"brand": 56}), (MARCH, {"brand": 20}), demos=demos)
    (folder / "targets.csv").write_text(TARGETS, encoding="utf-8")
    return folder


def test_what_keeps_least_of_its_target_is_named(tmp_path: Path) -> None:
    """56 of 100 signups is less than 8 of 10 demos; there are 118 of 90 people."""
    said = lines(with_targets(tmp_path), as_of="2026-02-28")
    assert said[3] == (
        "- Behind target: New signups (RU) 56 of 100 in Feb 2026 (56.0%) – more than chance (p below 0.001); "
        "1 more is behind"
    )
    assert poisson_test(56, Fraction(100)) < 0.001 / 2


def test_a_month_that_runs_is_judged_by_its_pace(tmp_path: Path) -> None:
    """On 15 March 15 of 31 days are gone: of 62 signups 30 are expected, 15 are there (56 + 62 + 15 people of 500)."""
    said = lines(with_targets(tmp_path), as_of="2026-03-15")
    assert said[0].startswith("- Feb 2026: ")
    assert said[3] == (
        "- Behind target: New demo bookings 0 of 4.8 expected by now (0.0%), target 10 in Mar 2026 – too few to tell; "
        "2 more are behind"
    )


def test_a_level_is_no_count_that_chance_would_change(tmp_path: Path) -> None:
    folder = with_targets(tmp_path)
    (folder / "targets.csv").write_text("metric,2026-02\nclosing_registered_users,500\n", encoding="utf-8")
    assert lines(folder, as_of="2026-02-28")[3] == "- Behind target: RU at end of month 118 of 500 in Feb 2026 (23.6%)"


def test_all_targets_kept_and_targets_that_cannot_be_read(tmp_path: Path) -> None:
    folder = with_targets(tmp_path)
    (folder / "targets.csv").write_text("metric,2026-02\nnew_signups,50\n", encoding="utf-8")
    assert lines(folder, as_of="2026-02-28")[3] == "- Behind target: none of 1 in Feb 2026"
    (folder / "targets.csv").write_text("metric,2026-02\nnew_signups,soon\n", encoding="utf-8")
    assert lines(folder, as_of="2026-02-28")[3].startswith("- Behind target: The targets of the folder are not shown: ")


# --- the command -----------------------------------------------------------------------------------------------------


def test_brief_is_for_text_and_leaves_pages_whole(tmp_path: Path) -> None:
    folder = exports(tmp_path, (JANUARY, {"brand": 20}), (FEBRUARY, {"brand": 60}))
    done = run_cli("report", folder, "--as-of", "2026-02-28", "--brief", "-f", "md")
    assert (done.returncode, done.stdout.splitlines()) == (0, lines(folder, as_of="2026-02-28"))
    at_terminal = run_cli("report", folder, "--as-of", "2026-02-28", "--brief").stdout.splitlines()
    assert [line.split("  ")[0] for line in at_terminal] == ["Feb 2026", "Better", "Worse", "Look at", "Look at"]
    both = ("-o", str(tmp_path / "a.md"), "-o", str(tmp_path / "a.csv"), "--as-of", "2026-02-28", "--brief", "-q")
    assert run_cli("report", folder, *both).returncode == 0
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == done.stdout
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").startswith("metric,")
    refused = run_cli("report", folder, "--brief", "-f", "csv")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "funnelcli: --brief does not fit -f csv.\n  It fits eml, md, table.\n"
