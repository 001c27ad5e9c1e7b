"""Surveys: NPS with passives and second answers, who answered at all, CSAT, and rows that count nowhere."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from random import Random

import pytest

import funnelcli as fc
from support import figures, report_of, run_cli, write_folder

SENT = """user_id,kind,sent_at,answered_at,score
an,nps,2026-05-01,2026-05-02,10
binh,nps,2026-05-01,2026-05-03,9
chi,nps,2026-05-01,2026-05-03,8
dung,nps,2026-05-01,2026-05-04,7
ha,nps,2026-05-01,2026-05-05,9
khoa,nps,2026-05-01,2026-05-05,6
lan,nps,2026-05-01,,
binh,nps,2026-05-15,2026-05-16,8
"""
NPS_KEYS = ("nps_answers", "nps_promoters", "nps_passives", "nps_detractors", "nps_score", "nps_response_rate")


def of_months(folder: Path, keys: tuple[str, ...], **asked: str) -> dict[str, list[tuple[float | None, ...]]]:
    report = report_of(folder, **asked)  # type: ignore[arg-type]
    known = figures(report)
    periods = [*(period.key for period in report.spec.periods), "total"]
    return {key: [known[key, None, period] for period in periods] for key in keys}


def test_passives_are_among_the_answers_and_the_latest_answer_counts(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"surveys.csv": SENT})
    # Promoters: an, ha. Passives: chi, dung, and binh by the second answer. Detractor: khoa. 8 sent, 7 answered.
    assert of_months(folder, NPS_KEYS, first="2026-05", last="2026-06", as_of="2026-06-30") == {
        "nps_answers": [(6, None, None), (0, None, None), (6, None, None)],
        "nps_promoters": [(2, None, None), (0, None, None), (2, None, None)],
        "nps_passives": [(3, None, None), (0, None, None), (3, None, None)],
        "nps_detractors": [(1, None, None), (0, None, None), (1, None, None)],
        "nps_score": [(100 * (2 - 1) / 6, 1, 6), (None, 0, 0), (100 * (2 - 1) / 6, 1, 6)],
        "nps_response_rate": [(7 / 8, 7, 8), (None, 0, 0), (7 / 8, 7, 8)],
    }
    lines = run_cli("report", folder, "--section", "flywheel", "--month", "2026-05").stdout.splitlines()
    assert [line.split()[:2] for line in lines if line.startswith("NPS  ")] == [["NPS", "17"]]  # 16.67, rounded once


@pytest.mark.parametrize(
    ("scores", "score"), [("6", -100), ("7", 0), ("8", 0), ("9", 100), ("6 7 8 9", 0), ("0 10", 0), ("9 10 6", 100 / 3)]
)
def test_the_bounds_of_the_groups(tmp_path: Path, scores: str, score: float) -> None:
    rows = "".join(f"u{place},2026-05-02,{said}\n" for place, said in enumerate(scores.split()))
    folder = write_folder(tmp_path, {"nps.csv": f"user_id,answered_at,score\n{rows}"})
    ((value, _, _), _) = of_months(folder, ("nps_score",), first="2026-05", last="2026-05")["nps_score"]
    assert value == score


def test_an_answer_counts_in_the_month_of_its_day_and_a_range_counts_the_latest_alone(tmp_path: Path) -> None:
    rows = "an,2026-05-31,10\nan,2026-06-01,0\nan,2026-06-30,8\n,2026-06-30,3\n,2026-06-30,3\n"
    folder = write_folder(tmp_path, {"nps.csv": f"user_id,answered_at,score\n{rows}"})
    # May: an 10. June: an 8, and two answers of nobody. Over both an's 10 and 0 give way to the 8.
    assert of_months(folder, NPS_KEYS[:5], first="2026-05", last="2026-06") == {
        "nps_answers": [(1, None, None), (3, None, None), (3, None, None)],
        "nps_promoters": [(1, None, None), (0, None, None), (0, None, None)],
        "nps_passives": [(0, None, None), (1, None, None), (1, None, None)],
        "nps_detractors": [(0, None, None), (2, None, None), (2, None, None)],
        "nps_score": [(100, 1, 1), (100 * -2 / 3, -2, 3), (100 * -2 / 3, -2, 3)],
    }
    # On 1 June the 0 is the latest answer; the 8 lies ahead.
    assert of_months(folder, ("nps_score",), first="2026-06", last="2026-06", as_of="2026-06-01") == {
        "nps_score": [(-100, -1, 1), (-100, -1, 1)]
    }


def test_what_is_sent_to_one_person_at_several_times_of_a_day_is_one_survey(tmp_path: Path) -> None:
    rows = (
        "an,2026-05-04 22:52,2026-05-05 00:32,9", "an,2026-05-04 19:04,,",  # one, answered on the 5th
        "binh,2026-05-04 08:00,2026-05-06 08:00,3", "binh,2026-05-04 20:00,2026-05-05 08:00,10",  # one, on the 5th
        "chi,2026-05-04 23:59,,", "chi,2026-05-05 00:00,,", "chi,2026-05-05 09:00,,",  # two: two days
        ",2026-05-04 08:00,,", ",2026-05-04 09:00,2026-05-04 10:00,8",  # nobody is named: two
    )  # fmt: skip
    text = "user_id,sent_at,answered_at,score\n" + "\n".join(rows) + "\n"
    folder = write_folder(tmp_path, {"nps.csv": text})
    sent = len({("an", 4), ("binh", 4), ("chi", 4), ("chi", 5), ("", 1), ("", 2)})
    for day, answered in (("2026-05-04", 1), ("2026-05-05", 3), ("2026-05-31", 3)):
        shown = sent - (day == "2026-05-04")  # chi's of the 5th lies ahead
        rate = (answered / shown, answered, shown)
        known = of_months(folder, ("nps_response_rate",), first="2026-05", last="2026-05", as_of=day)
        assert known == {"nps_response_rate": [rate, rate]}
    # Both of binh's answers are answers, of which the later counts: 3.
    assert of_months(folder, ("nps_score",), first="2026-05", last="2026-05")["nps_score"][0][1:] == (1 - 1, 3)


def test_a_later_download_knows_more_and_counts_no_survey_twice(tmp_path: Path) -> None:
    head = "user_id,kind,sent_at,answered_at,score\n"
    folder = write_folder(
        tmp_path,
        {
            "nps-05.csv": f"{head}an,nps,2026-05-01,,\nbinh,nps,2026-05-01,,\n",
            "nps-06.csv": f"{head}an,nps,2026-05-01,2026-06-02,9\nbinh,nps,2026-05-01,,\n",
        },
    )
    assert of_months(folder, ("nps_response_rate",), first="2026-05", last="2026-05", as_of="2026-06-02") == {
        "nps_response_rate": [(1 / 2, 1, 2), (1 / 2, 1, 2)]
    }
    assert of_months(folder, ("nps_response_rate",), first="2026-05", last="2026-05", as_of="2026-06-01") == {
        "nps_response_rate": [(0, 0, 2), (0, 0, 2)]
    }
    tallies = [(source.file, source.rows_counted, source.rows_duplicate) for source in report_of(folder).sources]
    assert tallies == [("nps-05.csv", 0, 2), ("nps-06.csv", 2, 0)]


def test_csat_and_nps_stand_apart_by_the_kind_or_the_name_of_the_file(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        {
            "csat.csv": "user_id,answered_at,score\nan,2026-05-02,5\nan,2026-05-09,3\nbinh,2026-05-02,4\n",
            "surveys.csv": "user_id,kind,answered_at,score\nan,Mức độ hài lòng,2026-05-03,1\nchi,NPS,2026-05-03,9\n",
        },
    )
    # CSAT 5, 3, 4 and 1: two of four are content; each answer counts.  NPS: one answer, 9.
    assert of_months(folder, ("csat_answers", "csat_rate", "nps_score"), first="2026-05", last="2026-05") == {
        "csat_answers": [(4, None, None)] * 2,
        "csat_rate": [(2 / 4, 2, 4)] * 2,
        "nps_score": [(100, 1, 1)] * 2,
    }


def test_without_a_day_of_sending_nobody_knows_how_many_answer(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"nps.csv": "user_id,answered_at,score\nan,2026-05-02,9\n"})
    value = fc.open_folder(folder).report(month="2026-05", section="flywheel").values("nps_response_rate")["2026-05"]
    assert value.missing is not None
    assert value.missing.reason.of("en") == "the surveys do not say when they were sent"


def test_a_score_is_opened_down_to_its_answers(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"surveys.csv": SENT})
    rows = fc.open_folder(folder).explain("nps_promoters", month="2026-05").rows
    assert [(row.file, row.line, row.user_id) for row in rows] == [("surveys.csv", 2, "an"), ("surveys.csv", 6, "ha")]


def test_it_counts_what_a_plain_recount_does(tmp_path: Path) -> None:
    """A second way: each month's answers gone through one by one."""
    rng = Random(7)
    rows = [(f"u{int(rng.random() * 40)}", f"2026-0{1 + int(rng.random() * 4)}-{1 + int(rng.random() * 28):02d}",
             int(rng.random() * 11)) for _ in range(400)]  # fmt: skip
    said: dict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
    kept: dict[tuple[str, str], int] = {}
    for who, day, score in rows:
        kept[who, day] = score  # of one day the last row
    for (who, day), score in sorted(kept.items(), key=lambda item: item[0][1]):
        said[day[:7]][who] = (day, score)
    folder = write_folder(
        tmp_path, {"nps.csv": "user_id,answered_at,score\n" + "".join(f"{w},{d},{s}\n" for w, d, s in rows)}
    )
    counted = of_months(folder, ("nps_promoters", "nps_detractors", "nps_answers"), first="2026-01", last="2026-04")
    months = [f"2026-0{month}" for month in (1, 2, 3, 4)]
    plain = [[score for _, score in said[month].values()] for month in months]
    assert [value for value, _, _ in counted["nps_promoters"][:4]] == [sum(s >= 9 for s in each) for each in plain]
    assert [value for value, _, _ in counted["nps_detractors"][:4]] == [sum(s <= 6 for s in each) for each in plain]
    assert [value for value, _, _ in counted["nps_answers"][:4]] == [len(each) for each in plain]
