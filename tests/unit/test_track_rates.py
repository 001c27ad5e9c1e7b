"""Targets on rates and amounts beside what was measured, worked by hand; and billing that is too old for them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction as Frac
from pathlib import Path

import pytest

from funnelcli import open_folder
from funnelcli.answers.track import Tracked
from funnelcli.api.planned import TrackResult
from funnelcli.planning.track import TrackCell
from funnelcli.problems import ThresholdError, UsageError
from funnelcli.values.channels import Channel

ALL = {"start": "2026-07", "end": "2026-09", "as_of": "2026-09-15"}


def write(folder: Path, name: str, header: str, rows: Sequence[str]) -> None:
    (folder / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """July: 100 visits, 4 signups; August: 300 and 6; half of September: 100 and 5.  Ten customers, of whom one a month
    is lost; each pays 20."""
    visits = {"2026-07": 100, "2026-08": 300, "2026-09": 100}
    signups = {"2026-07": 4, "2026-08": 6, "2026-09": 5}
    write(tmp_path, "visitors.csv", "date,source,visits",
          [f"{month}-{day},{source},{number // 2}" for month, number in visits.items()
           for day, source in (("01", "Facebook"), ("15", "seo"))])  # fmt: skip
    write(tmp_path, "signups.csv", "user_id,signed_up_at,source",
          [f"{month}u{n},{month}-{1 if n % 2 else 15},{'Facebook' if n < 3 else 'seo'}"
           for month, number in signups.items() for n in range(number)])  # fmt: skip
    lost = ["2026-07-05", "2026-08-05", "2026-09-05"]
    write(tmp_path, "paid_users.csv", "user_id,started_at,ended_at,mrr",
          [f"c{n},2026-06-01,{lost[n] if n < 3 else ''},20" for n in range(10)]
          + [f"n{n},2026-09-14,,20" for n in range(1)])  # fmt: skip
    (tmp_path / "funnel.toml").write_text('[channels]\npaid = ["facebook"]\n[business]\ncurrency = "USD"\n')
    return tmp_path


TARGETS = """metric,channel,2026-07,2026-08,2026-09
visitor_to_signup_rate,,4%,2%,4%
visitor_to_signup_rate,Facebook,5%,5%,5%
paid_user_churn_rate,,8%,8%,8%
arpa_amount,,20,20,25
closing_mrr_amount,,180,200,160
total_leads,,4,10,20
"""


def track(folder: Path, text: str = TARGETS, **options: object) -> TrackResult:
    (folder / "t.csv").write_text(text, encoding="utf-8")
    return open_folder(folder).track(folder / "t.csv", **{**ALL, **options})  # type: ignore[arg-type]


def cells(tracked: Tracked, metric: str, channel: Channel | None = None) -> list[TrackCell]:
    (row,) = [row for row in tracked.rows if (row.metric.key, row.channel) == (metric, channel)]
    return [*row.cells, row.total]


def plain(*values: object) -> tuple[object, ...]:
    """Values to compare with plain numbers, whichever type they are of."""
    return values


def rates(found: Sequence[TrackCell]) -> list[tuple[object, ...]]:
    """Of each cell the numerator, the denominator and the target."""
    assert all(cell.is_rate and cell.to_go is None and cell.pace is None for cell in found)
    assert all(cell.actual == (cell.numerator or 0) / (cell.denominator or 1) for cell in found)
    return [(cell.numerator, cell.denominator, cell.target) for cell in found]


def test_rates_stand_beside_what_was_divided_and_are_never_summed(exports: Path) -> None:
    tracked = track(exports).tracked
    # 4 / 100, 6 / 300, 5 / 100; of the range 15 / 500.  Its target: (4 % x 100 + 2 % x 300 + 4 % x 100) / 500.
    assert rates(cells(tracked, "visitor_to_signup_rate")) == [
        (4, 100, Frac(4, 100)),
        (6, 300, Frac(2, 100)),
        (5, 100, Frac(4, 100)),
        (15, 500, Frac(14, 500)),
    ]
    # One of ten, one of nine, one of eight; 3 / 27.
    assert rates(cells(tracked, "paid_user_churn_rate")) == [
        (1, 10, Frac(8, 100)), (1, 9, Frac(8, 100)), (1, 8, Frac(8, 100)), (3, 27, Frac(8, 100)),
    ]  # fmt: skip
    # 9, 8 and 8 (7 and one new) who pay 20.
    assert rates(cells(tracked, "arpa_amount")) == [
        (180, 9, 20), (160, 8, 20), (160, 8, 25), (500, 25, Frac(20 * 9 + 20 * 8 + 25 * 8, 25)),
    ]  # fmt: skip


def test_levels_of_the_dashboard_are_those_of_the_last_month(exports: Path) -> None:
    tracked = track(exports).tracked
    for metric, actual, target in (
        ("closing_mrr_amount", [180, 160, 160], [180, 200, 160]),
        ("total_leads", [4, 10, 15], [4, 10, 20]),
    ):
        found = cells(tracked, metric)
        assert [plain(cell.actual, cell.target) for cell in found[:-1]] == list(zip(actual, target, strict=True))
        last = (actual[-1], target[-1], target[-1] - actual[-1])
        assert plain(found[-1].actual, found[-1].target, found[-1].to_go) == last
    # Where MRR has the target, no revenue without one stands beside it.
    assert "planned_revenue_amount" not in {row.metric.key for row in tracked.rows}


def test_rates_by_channel_and_by_team(exports: Path) -> None:
    by_channel = track(exports, by="channel").tracked
    # Of each month three signups and half the visits come from Facebook.
    assert rates(cells(by_channel, "visitor_to_signup_rate", Channel.PAID)) == [
        (3, 50, Frac(5, 100)), (3, 150, Frac(5, 100)), (3, 50, Frac(5, 100)), (9, 250, Frac(5, 100)),
    ]  # fmt: skip
    # Targets by channel alone are shown without --by, too.
    alone = "metric,channel,2026-07\nvisitor_to_signup_rate,Facebook,5%\n"
    (row,) = [row for row in track(exports, alone, month="2026-07", start=None, end=None).tracked.rows if row.channel]
    assert rates(row.cells) == [(3, 50, Frac(5, 100))]
    with pytest.raises(ThresholdError, match=r"visitor_to_signup_rate paid 2026-08: 2\.00% is 40\.0% of 5\.00%\."):
        track(exports, "metric,channel,2026-08\nvisitor_to_signup_rate,Facebook,5%\n", month="2026-08", start=None,
              end=None).check("90%")  # fmt: skip
    # Marketing owns the signups of organic and paid: 4 of 100 in July.
    team = "metric,team,2026-07\nvisitor_to_signup_rate,marketing,5%\n"
    (row,) = track(exports, team, month="2026-07", start=None, end=None, by="team").tracked.rows
    assert rates(row.cells) == [(4, 100, Frac(5, 100))]


@pytest.mark.parametrize(
    ("row", "least", "says"),
    [
        ("visitor_to_signup_rate,4%", "100%", None),  # 4 / 100
        ("visitor_to_signup_rate,5%", "80%", None),
        ("visitor_to_signup_rate,5%", "81%", "visitor_to_signup_rate 2026-07: 4.00% is 80.0% of 5.00%."),
        ("arpa_amount,25", "90%", "arpa_amount 2026-07: 20 is 80.0% of 25."),
        # Of churn less is better: 10 % where 8 % is wanted keeps 80 % of it.
        ("paid_user_churn_rate,10%", "100%", None),
        ("paid_user_churn_rate,8%", "80%", None),
        (
            "paid_user_churn_rate,8%",
            "90%",
            "paid_user_churn_rate 2026-07: 10.00% where at most 8.00% is wanted (80.0%).",
        ),
        ("paid_user_churn_rate,0", "1%", "paid_user_churn_rate 2026-07: 10.00% where at most 0.00% is wanted (0.0%)."),
    ],
)
def test_rates_are_judged(row: str, least: str, says: str | None, exports: Path) -> None:
    asked = track(exports, f"metric,2026-07\n{row}\n", month="2026-07", start=None, end=None)
    if says is None:
        asked.check(least)
        return
    with pytest.raises(ThresholdError) as missed:
        asked.check(least)
    assert missed.value.message.splitlines()[1:] == [f"  {says}"]


def test_a_month_without_visits_has_no_rate_and_the_range_has(exports: Path) -> None:
    write(exports, "visitors.csv", "date,visits", ["2026-07-01,100", "2026-09-15,100"])
    found = cells(track(exports).tracked, "visitor_to_signup_rate")
    assert (found[1].actual, found[1].missing is not None) == (None, True)
    # 4 + 6 + 5 signups of 200 visits; the target: (4 % x 100 + 2 % x 0 + 4 % x 100) / 200.
    assert plain(found[3].numerator, found[3].denominator, found[3].target) == (15, 200, Frac(8, 200))


def as_rows(result: TrackResult, form: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.to_bytes(form).decode())))


def test_formats_show_what_was_divided(exports: Path) -> None:
    result = track(exports)
    (row,) = [row for row in as_rows(result, "csv") if (row["metric"], row["period"]) == ("arpa_amount", "2026-08")]
    wanted = {"actual": "20", "target": "20", "to_go": "", "expected": "", "numerator": "160", "denominator": "8"}
    assert {key: row[key] for key in wanted} == wanted
    data = json.loads(result.to_bytes("json"))
    (july, *_) = next(row["cells"] for row in data["rows"] if row["metric"] == "visitor_to_signup_rate")
    assert july == {
        "period": "2026-07", "actual": 0.04, "target": 0.04, "share": 1, "to_go": None, "numerator": 4,
        "denominator": 100, "missing": None, "pace": None,
    }  # fmt: skip
    markdown = result.to_bytes("md").decode()
    assert "4.0% (4/100) \\[100.0% of 4.0%\\]" in markdown
    assert "10.0% (1/10) \\[125.0% of 8.0%\\]" in markdown
    assert "20 (180/9) \\[100.0% of 20\\]" in markdown


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("options", [{}, {"cumulative": True}, {"start": None, "end": None}, {"by": "channel"}])
def test_replan_keeps_them_as_they_are(form: str, options: Mapping[str, object], exports: Path) -> None:
    text = TARGETS.replace("metric,channel", "metric,channel") + "new_signups,,10,10,30\npaid_signups,,1,2,3\n"
    result = track(exports, text, replan=True, **options)
    path = exports / f"next.{form}"
    path.write_bytes(result.to_bytes(form))
    again = open_folder(exports).track(path, **{**ALL, "by": "channel"}).tracked  # type: ignore[arg-type]
    first = track(exports, text, by="channel").tracked
    for row in first.rows:
        if row.metric.key == "required_new_signups" or row.metric.always:
            continue
        now = cells(again, row.metric.key, row.channel)
        assert [cell.target for cell in now[:3]] == [cell.target for cell in row.cells], row.metric.key
    # Signups: 4 + 6 + 5 are done of 50; the rest is September's, which keeps what is done in it.
    assert [cell.target for cell in cells(again, "required_new_signups")[:3]] == [4, 6, 40]


def test_amounts_in_ty_are_none_of_dollars(exports: Path) -> None:
    with pytest.raises(UsageError) as refused:
        track(exports, "metric,2026-07\nclosing_mrr_amount,2 tỷ rưỡi\n")
    assert (
        refused.value.text.of("en") == "t.csv:2: '2 tỷ rưỡi' is counted as amounts in VND are, and the currency is USD."
    )
    assert refused.value.advice.of("en").startswith("Name the currency, like 500tr USD,")
    named = track(exports, "metric,currency,2026-07\nclosing_mrr_amount,USD,2tr\n")
    assert cells(named.tracked, "closing_mrr_amount")[0].target == 2_000_000
    assert cells(track(exports, "metric,2026-07\nMRR,2tr USD\n").tracked, "closing_mrr_amount")[0].target == 2_000_000
    assert cells(track(exports, "metric,2026-07\nMRR,2k\n").tracked, "closing_mrr_amount")[0].target == 2_000


# --- billing that is too old --------------------------------------------------------------------------------------


def stale(folder: Path) -> None:
    """Signups up to 31 October; of billing, which began every month, what was there on 30 June, paid up to July."""
    signups = [f"u{n},2026-{n:02}-28" for n in range(1, 11)]
    write(folder, "signups.csv", "user_id,signed_up_at", [*signups, "x,2026-10-31"])
    rows = [f"c{n},2026-{n % 6 + 1:02}-05,2026-07-{n + 1:02}" for n in range(19)]
    write(folder, "paid_users.csv", "user_id,started_at,ended_at", [*rows, "k,2026-06-30,"])
    (folder / "funnel.toml").write_text("")


STALE = (
    "paid_users.csv reaches only to 30 Jun 2026, and the figures go up to 31 Oct 2026: who joins or renews after it is "
    "not there, and 19 lost after it may have renewed. Export it again, or set --as-of 2026-06-30."
)


def test_billing_that_ended_is_said_before_who_is_lost(tmp_path: Path) -> None:
    stale(tmp_path)
    result = track(tmp_path, "metric,2026-07,2026-10\nlost_pu,1,1\npaid_users,20,20\n", start="2026-07", as_of=None)
    (note,) = result.tracked.stale
    assert (note.code, note.text.of("en")) == ("ends-early", STALE)
    page = result.to_bytes("md").decode()
    assert page.index("reaches only to") < page.index("Lost PU")
    assert "ends 2026-06-30" not in page  # it is said once
    with pytest.raises(ThresholdError) as missed:
        result.check("90%")
    assert "reaches only to" in missed.value.message.splitlines()[1]
    # What has nothing to do with who pays says nothing of it; nor a month that billing reaches.
    signups = "metric,2026-07\nnew_signups,1\n"
    assert track(tmp_path, signups, metrics="new_signups", as_of=None).tracked.stale == ()
    may = {"start": "2026-05", "end": "2026-05"}
    assert track(tmp_path, "metric,2026-05\nPU at end,1\n", **may, as_of=None).tracked.stale == ()
    # The next step decides.
    june = {"start": "2026-06", "end": "2026-06"}
    until = track(tmp_path, "metric,2026-06\nPU at end,20\n", **june, as_of="2026-06-30").tracked
    assert until.stale == ()
    assert cells(until, "planned_closing_paid_users")[0].actual == 20
