"""Deals and customers on their journeys: what each row says of stages and ends, and the figures made of it by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import funnelcli as fc
from funnelcli.api.cohort import JourneyResult
from funnelcli.problems import UsageError


def written(folder: Path, **files: str) -> fc.Folder:
    """A folder with these files, by the name before the dot; ``config`` is the funnel.toml."""
    for name, text in files.items():
        (folder / ("funnel.toml" if name == "config" else f"{name}.csv")).write_text(text, encoding="utf-8")
    return fc.open_folder(folder)


def by_month(journey: JourneyResult, *keys: str) -> dict[str, list[float | None]]:
    return {key: [None if value != value else value for value in journey[key].tolist()] for key in keys}


# --- a return, a loss, a skipped stage -------------------------------------------------------------------------------

RETURNS = (
    "deal_id,stage,entered_at\n"
    "d1,qualify,2026-02-01\nd1,demo,2026-02-10\nd1,qualify,2026-03-01\nd1,demo,2026-03-20\nd1,contract,2026-03-25\n"
)


def test_a_return_counts_when_it_happens_and_erases_no_date(tmp_path: Path) -> None:
    folder = written(tmp_path, deals=RETURNS)
    journey = folder.journey(start="2026-02", end="2026-03", as_of="2026-03-31")
    assert by_month(journey, "entered_qualify", "entered_demo", "recycled_qualify", "recycled_demo") == {
        "entered_qualify": [1, 0], "entered_demo": [1, 0], "recycled_qualify": [0, 1], "recycled_demo": [0, 0],
    }  # fmt: skip
    # In demo at the end of February, in qualify on 15 March, in the contract at the end of March.
    assert by_month(journey, "in_qualify", "in_demo", "in_contract") == {
        "in_qualify": [0, 0], "in_demo": [1, 0], "in_contract": [0, 1],
    }  # fmt: skip
    midway = folder.journey(start="2026-03", end="2026-03", as_of="2026-03-15")
    assert by_month(midway, "in_qualify", "in_demo") == {"in_qualify": [1], "in_demo": [0]}
    # From 1 to 10 February 9 days in qualify; from 10 February to 25 March 43 in demo: going back stops no clock.
    days = {stage.stage.name: (stage.days[0], stage.still_there) for stage in journey.journey.stages}
    assert days == {"qualify": (9, 0), "discovery": (None, 0), "demo": (43, 0), "contract": (None, 1)}
    # Discovery was passed over on 10 February.
    assert by_month(journey, "skipped_discovery", "passed_qualify", "passed_demo") == {
        "skipped_discovery": [1, 0], "passed_qualify": [1, 0], "passed_demo": [0, 1],
    }  # fmt: skip


COMPETING = (
    "deal_id,created_at,closed_at,won\nA,2026-01-01,2026-01-11,1\nB,2026-01-01,2026-01-16,0\nC,2026-01-01,2026-01-21,0\n"
    "D,2026-01-01,2026-01-31,1\nE,2026-01-01,2026-02-05,0\nF,2026-01-19,,\nG,2026-01-01,2026-02-20,1\n"
    "H,2025-12-30,2026-02-28,0\n"
)


def test_a_loss_is_an_end_of_its_own(tmp_path: Path) -> None:
    folder = written(tmp_path, deals=COMPETING)
    cohorts = folder.cohorts(journey="opportunity", from_stage="created", to_stage="won", as_of="2026-02-28").cohorts
    days = cohorts.splits[0].days
    # Won after 10, 30 and 50 days: 1/8, + 5/8 x 1/5, + 3/8 x 1/2; Kaplan-Meier with losses censored gives 65 %.
    assert days.height == pytest.approx(1 / 8 + 5 / 8 / 5 + 3 / 8 / 2)
    assert (days.of_all[0], days.of_converting[0]) == (None, 30)
    assert all(cohort.matured == 0 for cohort in cohorts.splits[0].cohorts)
    report = folder.report(start="2025-12", end="2026-02", as_of="2026-02-28")
    assert report["won_deals"].to_dict() == {"2025-12": 0, "2026-01": 2, "2026-02": 1}
    assert report["lost_deals"].to_dict() == {"2025-12": 0, "2026-01": 2, "2026-02": 2}
    total = next(row for row in report.report.rows if row.metric.key == "win_rate").total
    assert (total.value, total.numerator, total.denominator) == (3 / 7, 3, 7)
    assert report["average_won_days"].to_dict()["2026-01"] == (10 + 30) / 2
    assert report["open_deals"].to_dict() == {"2025-12": 1, "2026-01": 4, "2026-02": 1}


SKIPPED = "deal_id,created_at,Date entered Demo,won,closed_at\nu1,2026-03-01,2026-03-05,yes,2026-03-20\n"
SKIPPED += "u2,2026-03-02,,yes,2026-03-15\nu3,2026-03-03,2026-03-10,,\nu4,2026-03-04,,,\n"


def test_who_skips_a_stage_is_shown_and_is_in_no_days_of_it(tmp_path: Path) -> None:
    folder = written(tmp_path, deals=SKIPPED)
    journey = folder.journey(start="2026-03", end="2026-03", as_of="2026-06-30")
    keys = ("created_deals", "entered_demo", "skipped_demo", "passed_demo", "won_deals")
    assert by_month(journey, *keys) == dict(zip(keys, [[4], [2], [1], [1], [2]], strict=True))
    demo = next(stage for stage in journey.journey.stages if stage.stage.name == "demo")
    assert (demo.converted, demo.matured) == (1, 2)
    later = folder.journey(start="2026-04", end="2026-04", as_of="2026-06-30").journey.stages
    assert {(stage.entrants, stage.matured) for stage in later} == {(0, 0)}
    assert (demo.entrants, demo.still_there, demo.days[0]) == (2, 1, 15)  # u1 from 5 to 20 March; u3 is still there
    cohorts = folder.cohorts(
        journey="opportunity", from_stage="demo", to_stage="won", window="90d", as_of="2026-06-30"
    ).cohorts.splits[0]
    assert [(c.converted, c.matured) for c in cohorts.cohorts if c.entered] == [(1, 2)]  # u2 never had a demo
    whole = folder.cohorts(journey="opportunity", from_stage="created", to_stage="demo", as_of="2026-06-30").cohorts
    assert [(c.converted, c.skipped, c.matured) for c in whole.splits[0].cohorts] == [(3, 1, 4)]


# --- what rows say of ends ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "rows", "won", "lost", "is_open"),
    [
        ("won", ["yes,2026-01-09", "no,2026-01-09", ","], 1, 1, 1),
        # A stage says which are closed: a no is of open deals too.
        ("stage,won", ["Closed Won,1,2026-01-09", "Closed Lost,0,2026-01-09", "Demo,0,2026-03-09"], 1, 1, 1),
        ("is_closed,won", ["TRUE,TRUE,2026-01-09", "TRUE,FALSE,2026-01-09", "FALSE,FALSE,2026-03-09"], 1, 1, 1),
        ("Trạng thái", ["Đã ký,2026-01-09", "Thất bại,2026-01-09", "Đang thương lượng,2026-03-09"], 1, 1, 1),
        ("stage", ["Not won,2026-01-09", "Sắp chốt,2026-01-09", "Demo,"], 0, 0, 3),
        ("stage,won", ["Closed Lost,yes,2026-01-09", "Demo,,", "Demo,,"], 0, 0, 3),  # it says two things
    ],
)
def test_what_says_won_and_lost(
    tmp_path: Path, header: str, rows: list[str], won: int, lost: int, is_open: int
) -> None:
    lines = [f"d{number},2026-01-02,{row}\n" for number, row in enumerate(rows)]
    folder = written(tmp_path, deals=f"deal_id,created_at,{header},closed_at\n" + "".join(lines))
    report = folder.report(month="2026-01", as_of="2026-01-31")
    figures = {key: report[key].to_dict()["2026-01"] for key in ("won_deals", "lost_deals", "open_deals")}
    assert figures == {"won_deals": won, "lost_deals": lost, "open_deals": is_open}


def test_a_deal_won_without_a_day_is_in_no_period_and_not_open(tmp_path: Path) -> None:
    rows = "deal_id,created_at,stage,closed_at\na,2026-01-02,Closed won,\nb,2026-01-20,Demo,\n"
    folder = written(tmp_path, deals=rows)
    journey = folder.journey(start="2026-01", end="2026-01")
    assert by_month(journey, "won_deals", "open_deals", "in_demo") == {
        "won_deals": [0], "open_deals": [1], "in_demo": [1],
    }  # fmt: skip
    undated = {stage.name: number for stage, number in journey.journey.undated}
    assert undated == {"won": 1, "demo": 1}
    # When it came to its stage nobody knows: that is missing, and not 0.
    assert by_month(journey, "entered_demo") == {"entered_demo": [None]}


def test_who_leaves_a_stage_for_no_other_has_left(tmp_path: Path) -> None:
    rows = (
        "user_id,stage,entered_at,left_at\nk1,Quote,2026-01-02,2026-01-05\nk1,Contract,2026-01-05,2026-01-06\n"
        "k1,Set-up,2026-01-06,2026-01-20\nk1,Follow-up,2026-02-01,\nk2,Quote,2026-01-10,2026-01-18\n"
        "k3,Contract,2026-01-12,\nk3,Own ERP?,2026-01-13,\n"
    )
    folder = written(tmp_path, onboarding=rows)
    journey = folder.journey("customer", start="2026-01", end="2026-02", as_of="2026-02-28")
    assert by_month(journey, "left_journeys", "open_journeys", "in_own_erp", "in_set_up", "in_follow_up") == {
        "left_journeys": [1, 0], "open_journeys": [2, 2], "in_own_erp": [1, 1], "in_set_up": [1, 0],
        "in_follow_up": [0, 1],
    }  # fmt: skip
    # k3 has an ERP of its own, k1 went past the question; k1 skipped training and the scenario in February.
    share = journey["share_of_own_erp_rate"].to_dict()
    assert share["2026-01"] == 1 / 2
    assert by_month(journey, "skipped_training", "skipped_scenario") == {
        "skipped_training": [0, 1], "skipped_scenario": [0, 1],
    }  # fmt: skip
    # From the contract of 5 January to the follow-up of 1 February 27 days; k3 is still on the way.
    assert journey.journey.live is not None
    assert journey.journey.live.splits[0].days.of_all == (27, None, None)


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ("k,Set-up,2026-01-06,2026-01-20\nk,Training,2026-01-20,\n", 0),  # it came to the next stage that day
        ("k,Set-up,2026-01-06,2026-01-20\nk,Training,2026-01-22,\n", 0),
        ("k,Set-up,2026-01-06,2026-01-20\n", 1),
        ("k,Set-up,2026-01-20,2026-01-20\n", 1),  # within its first day
        ("k,Set-up,2026-01-06,2026-01-20 10:00\nk,Training,2026-01-20 10:00,\n", 0),
        ("k,Set-up,2026-01-20 08:00,2026-01-20 10:00\nk,Quote,2026-01-20 07:00,\n", 1),
    ],
)
def test_who_comes_to_the_next_stage_on_the_day_of_leaving_has_not_left(tmp_path: Path, rows: str, left: int) -> None:
    folder = written(tmp_path, onboarding=f"user_id,stage,entered_at,left_at\n{rows}")
    journey = folder.journey("customer", start="2026-01", end="2026-01", as_of="2026-01-31")
    assert by_month(journey, "left_journeys", "open_journeys") == {"left_journeys": [left], "open_journeys": [1 - left]}


# --- one's own stages, amounts, what is stuck ------------------------------------------------------------------------

PIPELINE = (
    "Mã cơ hội;Mã khách hàng;Ngày tạo;Giai đoạn;Ngày vào Tìm hiểu;Ngày vào Demo;Ngày đóng;Giá trị;Lý do thua;"
    "Phụ trách\n"
    "CH1;kh1;05/01/2026;Đã ký;07/01/2026;15/01/2026;28/01/2026;120.000.000;;Lan\n"
    "CH2;kh2;06/01/2026;Thất bại;08/01/2026;;20/01/2026;80 triệu;Giá cao;Minh\n"
    "CH3;kh3;10/01/2026;Demo;12/01/2026;25/01/2026;28/02/2026;50tr;;Lan\n"
)


def test_amounts_owners_and_reasons_of_vietnamese_deals(tmp_path: Path) -> None:
    folder = written(tmp_path, **{"Cơ hội": PIPELINE})
    report = folder.report(month="2026-01", by="owner", as_of="2026-01-31")
    figures = {
        (row.metric.key, row.part.key if row.part else None): row.cells[0].value
        for row in report.report.rows
        if row.metric.key in ("won_amount", "lost_amount", "open_pipeline_amount", "win_amount_rate")
    }
    assert figures == {
        ("won_amount", None): 120e6, ("won_amount", "Lan"): 120e6, ("won_amount", "Minh"): 0,
        ("won_amount", "unknown"): 0,
        ("lost_amount", None): 80e6, ("lost_amount", "Lan"): 0, ("lost_amount", "Minh"): 80e6,
        ("lost_amount", "unknown"): 0,
        ("open_pipeline_amount", None): 50e6, ("open_pipeline_amount", "Lan"): 50e6,
        ("open_pipeline_amount", "Minh"): 0,
        ("open_pipeline_amount", "unknown"): 0,
        ("win_amount_rate", None): 0.6, ("win_amount_rate", "Lan"): 1, ("win_amount_rate", "Minh"): 0,
        ("win_amount_rate", "unknown"): None,
    }  # fmt: skip
    losses = folder.journey(start="2026-01", end="2026-01").journey.losses
    known = [(loss.reason, loss.stage.name if loss.stage else "", loss.number, loss.amount) for loss in losses]
    assert known == [("Giá cao", "discovery", 1, 80e6)]
    # One deal open x 1/2 won x 120 million / 23 days from 5 to 28 January.
    velocity = report["sales_velocity_amount"].to_dict()["2026-01"]
    assert velocity == pytest.approx(1 * 0.5 * 120e6 / 23)


def test_stages_of_ones_own_have_figures_and_are_explained(tmp_path: Path) -> None:
    config = '[journeys.opportunity]\nstages = ["Tìm hiểu", "Demo"]\n[journeys.opportunity.limits]\ndemo = "14d"\n'
    folder = written(tmp_path, config=config, **{"Cơ hội": PIPELINE})
    report = folder.report(month="2026-01", as_of="2026-01-31")
    keys = {row.metric.key for row in report.report.rows}
    assert {"entered_tim_hieu", "in_demo"} <= keys
    assert "entered_qualify" not in keys
    rows = folder.explain("entered_tim_hieu", month="2026-01").rows
    assert [(row.file, row.line, row.user_id) for row in rows] == [
        ("Cơ hội.csv", 2, "kh1"), ("Cơ hội.csv", 3, "kh2"), ("Cơ hội.csv", 4, "kh3"),
    ]  # fmt: skip
    # In demo since 25 January: 14 days are over on 8 February, so that it is stuck from 9 February on.
    assert folder.stuck(as_of="2026-02-08").rows == ()
    (stuck,) = folder.stuck(as_of="2026-02-09").rows
    about = (stuck.name, stuck.person, stuck.stage.name, stuck.since, stuck.days, stuck.owner, stuck.amount, stuck.line)
    assert about == ("CH3", "kh3", "demo", date(2026, 1, 25), 15, "Lan", 50e6, 4)
    assert folder.stuck(by="owner", part="Minh", as_of="2026-02-09").rows == ()


def test_limits_of_hours_are_over_by_the_clock_to_the_end_of_the_day(tmp_path: Path) -> None:
    config = '[journeys.opportunity.limits]\ndemo = "36h"\n'
    rows = "deal_id,stage,entered_at\na,Demo,2026-01-30 11:59\nb,Demo,2026-01-30 12:00\nc,Demo,2026-01-30\n"
    folder = written(tmp_path, config=config, deals=rows)
    # By midnight of 31 January a has been there for 36 hours and a minute, b for 36 hours, c for one whole day.
    assert [row.name for row in folder.stuck(as_of="2026-01-31").rows] == ["a"]
    assert [row.name for row in folder.stuck(as_of="2026-02-01").rows] == ["a", "b", "c"]


def test_a_word_that_is_no_stage_is_named_with_the_settings_that_make_it_one(tmp_path: Path) -> None:
    folder = written(tmp_path, deals="deal_id,stage,entered_at\na,Tiếp cận,2026-01-02\na,Demo,2026-01-09\n")
    (odd,) = [fault for fault in folder.check().problems if fault.code == "stage-not-known"]
    assert str(odd.message) == (
        "the stage 'Tiếp cận' (1 row) is none of the journey opportunity, and is not counted: its stages are qualify, "
        "discovery, demo, contract"
    )
    assert '[journeys.opportunity] stages = ["Tiếp cận", "Demo"]' in str(odd.hint)


@pytest.mark.parametrize(
    "rows",
    [
        "deal_id,stage,entered_at\na,Liên hệ,2026-01-02\na,Báo giá,2026-01-05\na,Demo,2026-01-09\n"
        "b,Liên hệ,2026-01-08\n",
        "deal_id,Date entered 'Liên hệ',Date entered Báo giá,Date entered Demo\na,2026-01-02,2026-01-05,2026-01-09\n"
        "b,2026-01-08,,\n",
    ],
)
def test_init_proposes_the_stages_that_no_journey_has(tmp_path: Path, rows: str) -> None:
    folder = written(tmp_path, deals=rows)
    text = folder.first_config()
    assert '# [journeys.opportunity]\n# stages = ["Liên hệ", "Báo giá", "Demo"]\n' in text
    assert "# deals.csv has stages that are none of the journey opportunity: Báo giá, Liên hệ." in text
    proposed = text.replace("# [journeys", "[journeys").replace("# stages =", "stages =")
    own = written(tmp_path, config=proposed)
    assert "stage-not-known" not in {fault.code for fault in own.facts().problems}
    report = own.report(month="2026-01", as_of="2026-01-31").report
    labels = {row.metric.key: row.label.of("vi") for row in report.rows}
    assert labels["entered_bao_gia"].startswith("Báo giá")
    entered = {row.metric.key: row.total.value for row in report.rows if row.metric.key.startswith("entered_")}
    assert entered == {"entered_lien_he": 2, "entered_bao_gia": 1, "entered_demo": 1}


def test_what_is_asked_wrongly_of_a_journey_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path, deals=RETURNS)
    with pytest.raises(UsageError, match=r"--name oportunity: there is no such one\. Did you mean opportunity\?"):
        folder.journey("oportunity")
    with pytest.raises(fc.InputError, match="Nothing enters the journey customer"):
        folder.journey("customer")


# --- a walk through every deal, one by one -----------------------------------------------------------------------

STAGES = ("qualify", "discovery", "demo", "contract", "Closed won", "Closed lost")
FIRST = date(2026, 1, 1)
DEALS = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(STAGES), st.integers(0, 89), st.booleans()), min_size=1, max_size=24
)


def walked(rows: list[tuple[int, str, int, bool]], until: date) -> Counter[str]:
    """The same figures, by walking through the days of each deal: of one day stages go in their order."""
    seen: Counter[str] = Counter()
    for deal in {deal for deal, *_ in rows}:
        mine = sorted({(day, STAGES.index(stage)) for of, stage, day, _ in rows if of == deal})
        mine = [(day, rank) for day, rank in mine if FIRST + timedelta(day) <= until]
        before, entered, skipped = -1, set[int](), set[int]()
        for _, rank in mine:
            if rank == before:
                continue
            if rank < 4:
                seen[f"entered_{STAGES[rank]}"] += rank not in entered
                seen["recycled"] += rank < before
            if rank != 5:
                passed_over = set(range(min(rank, 4))) - entered - skipped
                seen["skipped"] += len(passed_over)
                skipped |= passed_over
            entered.add(rank)
            before = rank
        if mine:
            seen["came"] += 1
            seen["in" if before < 4 else "ended"] += 1
            seen["won"] += before == 4
            seen["lost"] += before == 5
    return seen


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=DEALS, until=st.integers(0, 89))
def test_a_walk_through_every_deal_gives_the_same(
    tmp_path: Path, rows: list[tuple[int, str, int, bool]], until: int
) -> None:
    day = FIRST + timedelta(until)
    lines = [f"d{deal},{stage},{FIRST + timedelta(at)}{' 10:00' if timed else ''}\n" for deal, stage, at, timed in rows]
    if not any(at <= until for _, _, at, _ in rows):
        return
    folder = written(tmp_path, deals="deal_id,stage,entered_at\n" + "".join(lines))
    report = folder.journey(start="2026-01", end="2026-03", as_of=day.isoformat()).journey.report
    total = {row.metric.key: row.total.value or 0 for row in report.rows if row.part is None}
    expected = walked(rows, day)
    figures = {
        **{f"entered_{stage}": total[f"entered_{stage}"] for stage in STAGES[:4]},
        "recycled": sum(total[f"recycled_{stage}"] for stage in STAGES[:4]),
        "skipped": sum(total[f"skipped_{stage}"] for stage in STAGES[:4]),
        "won": total["won_deals"], "lost": total["lost_deals"], "came": total["created_deals"],
        "in": sum(total[f"in_{stage}"] for stage in STAGES[:4]),
    }  # fmt: skip
    assert figures == {key: expected[key] for key in figures}
    assert total["open_deals"] + expected["ended"] == total["created_deals"]
    assert total["open_deals"] + total["won_deals"] + total["lost_deals"] == total["created_deals"]


# --- the same deals followed, and what open ones may bring -----------------------------------------------------------

# Four deals came to the demo by 20 January, and two of them were won within 30 days: e came to it on 10 February.
FOLLOWED = "deal_id,created_at,Date entered Demo,stage,closed_at,amount\n"
FOLLOWED += "a,2026-01-01,2026-01-05,Closed won,2026-01-20,100\nb,2026-01-02,2026-01-06,Closed lost,2026-01-10,80\n"
FOLLOWED += "c,2026-01-02,2026-01-10,Closed won,2026-02-09,60\nd,2026-01-04,2026-01-20,Demo,,40\n"
FOLLOWED += "e,2026-02-01,2026-02-10,Demo,,70\n"


def test_open_deals_weigh_what_share_was_won_from_their_stage(tmp_path: Path) -> None:
    folder = written(tmp_path, deals=FOLLOWED)
    options = {"start": "2026-01", "end": "2026-02", "as_of": "2026-02-28", "basis": "cohort", "window": "30d"}
    report = folder.report(section="opportunity", **options)  # type: ignore[arg-type]
    # a after 15 days and c after 30, the last of its window; b and d not: 2 of 4.
    rate = next(row for row in report.report.rows if row.metric.key == "contract_to_won_cohort_rate")
    assert rate.cells[0].missing is not None  # nobody came to the contract
    shares = {
        row.metric.key: row.cells
        for row in folder.journey(start="2026-01", end="2026-02", window="30d").journey.report.rows
    }
    assert [(cell.numerator, cell.denominator) for cell in shares["created_to_won_cohort_rate"]] == [(1, 4), (0, 0)]
    # Open at the end of January c and d, both in demo, at its end d and e: (60 + 40) / 2 and (40 + 70) / 2.
    assert report["open_pipeline_amount"].to_dict() == {"2026-01": 100, "2026-02": 110}
    assert report["weighted_pipeline_amount"].to_dict() == {"2026-01": 50, "2026-02": 55}
    longer = folder.report(section="opportunity", **{**options, "window": "60d"})  # type: ignore[arg-type]
    assert all(value != value for value in longer["weighted_pipeline_amount"].tolist())  # nobody has had 60 days


def test_counts_of_the_same_deals_are_opened_down_to_their_rows(tmp_path: Path) -> None:
    folder = written(tmp_path, deals=FOLLOWED)
    explained = folder.explain("created_to_won_cohort_rate", month="2026-01", window="30d", as_of="2026-02-28")
    rows = [(row.part, row.line) for row in explained.rows]
    matured = [("created_to_won_matured", line) for line in (2, 3, 4, 5)]
    assert sorted(rows) == sorted([("created_to_won_converted", 2), *matured])


def test_the_page_shows_how_far_the_same_deals_got(tmp_path: Path) -> None:
    folder = written(tmp_path, deals=FOLLOWED)
    journey = folder.journey(start="2026-01", end="2026-01", window="60d", as_of="2026-03-31")
    # Of the four deals of January the 60 days are over: all came to the demo or past it, a and c were won.
    reached = [(reached.stage.name, reached.number) for reached in journey.journey.reached]
    assert reached == [("created", 4), ("qualify", 4), ("discovery", 4), ("demo", 4), ("contract", 2), ("won", 2)]
    page = journey.render("html")
    assert "The same followed: those who came in these periods, and whose 60 days are over." in page
    early = folder.journey(start="2026-01", end="2026-01", window="60d", as_of="2026-01-31").journey
    assert [(each.stage.name, each.number) for each in early.reached][:1] == [("created", 0)]
    assert "The same followed" not in folder.journey(start="2026-01", end="2026-01", as_of="2026-01-31").render("html")


def test_the_contract_of_a_customer_is_a_deal_that_was_won(tmp_path: Path) -> None:
    deals = (
        "deal_id,user_id,created_at,Date entered Proposal,stage,closed_at\n"
        "d1,k1,2026-01-01,2026-01-05,Closed won,2026-01-10\nd2,k2,2026-01-02,2026-01-06,Closed lost,2026-01-12\n"
        "d3,k3,2026-01-03,,Closed won,2026-01-20\n"
    )
    rows = "user_id,stage,entered_at\nk1,Set-up,2026-01-15\nk1,Go-live,2026-02-09\nk1,Contract,2026-01-11\n"
    ends = "user_id,started_at,ended_at\nk1,2026-01-10,\nk3,2026-01-20,2026-02-20\nk9,2025-12-01,2026-02-01\n"
    folder = written(tmp_path, deals=deals, onboarding=rows, paid_users=ends)
    journey = folder.journey("customer", start="2026-01", end="2026-02", as_of="2026-02-28")
    # k2 was lost as a deal and k9 was never on the way: they are on no journey of customers.
    keys = ("entered_quote", "entered_customer_contract", "entered_set_up", "in_customer_contract", "lost_journeys")
    assert by_month(journey, *keys) == dict(zip(keys, [[1, 0], [2, 0], [1, 0], [1, 0], [0, 1]], strict=True))
    # From the contract of 10 January to the go-live of 9 February 30 days.
    assert journey.journey.live is not None
    assert journey.journey.live.splits[0].days.of_all[0] == 30
    report = folder.report(start="2026-01", end="2026-02", section="customer", as_of="2026-02-28")
    assert report["open_journeys"].to_dict() == {"2026-01": 2, "2026-02": 1}
    rows_behind = folder.explain("entered_customer_contract", month="2026-01", as_of="2026-02-28").rows
    assert [(row.file, row.line, row.user_id) for row in rows_behind] == [
        ("deals.csv", 2, "k1"),
        ("deals.csv", 4, "k3"),
    ]


def test_open_deals_stand_beside_what_is_still_to_be_won(tmp_path: Path) -> None:
    deals = (
        "deal_id,created_at,stage,closed_at,amount\na,2026-01-01,Closed won,2026-01-20,100\n"
        "b,2026-01-02,Closed won,2026-02-03,60\nc,2026-01-02,Demo,2026-02-20,90\nd,2026-01-04,Demo,2026-03-01,70\n"
        "e,2026-01-05,Demo,2026-02-28,\nf,2026-01-05,Demo,2026-02-01,40\ng,2026-01-05,Demo,,40\n"
    )
    targets = "metric,2026-01,2026-02,2026-03\nrequired_won_deals,1,4,1\n"
    folder = written(tmp_path, deals=deals, targets=targets)
    known = folder.journey(start="2026-01", end="2026-02", as_of="2026-02-10").journey.coverage
    assert known is not None
    # Of February 4 less b are to be won, worth (100 + 60) / 2 each: 240.  Expected in it are c (90), e, without an
    # amount, and f, whose day was over on 1 February; of March d.  January is over.
    about = [(m.period.key, m.target, m.won, m.to_win, m.deals, m.unpriced, m.worth, m.ratio) for m in known.months]
    assert about == [("2026-02", 4, 1, 3, 3, 1, 130, 130 / 240), ("2026-03", 1, 0, 1, 1, 0, 70, 70 / 80)]
    assert (known.overdue, known.undated) == (1, 1)
    reached = folder.journey(start="2026-01", end="2026-01", as_of="2026-01-31").journey.coverage
    assert reached is not None
    assert (reached.months[0].ratio, reached.months[0].missing is not None) == (None, True)
