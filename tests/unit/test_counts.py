"""Counts worked by hand: numbers of periods, parts and channels, and which of several reasons a missing one has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from funnelcli.counting.counts import Counts, count
from funnelcli.counting.measures import (
    CHURN_COUNTED,
    CHURNED,
    DEMOS_BOOKED,
    DEMOS_HELD_AT_END,
    EXISTING_VISITS,
    MRR_AT_END,
    NEW_PAID,
    PAYING_AT_END,
    PAYING_AT_START,
    REGISTERED_AT_START,
    SIGNUPS,
    TRANSFERRED,
    VISITS,
    Doubt,
    Measure,
)
from funnelcli.counting.parts import parts_of
from funnelcli.counting.reasons import after_as_of
from funnelcli.values.channels import CHANNELS, SLICES, Channel
from funnelcli.values.figures import NO_SOURCE, Missing
from funnelcli.values.periods import month_of
from support import folder_of

MONTHS = tuple(month_of(date(2026, month, 1)) for month in (1, 2, 3))
WHOLE = date(2026, 3, 31)


def write(folder: Path, **files: Sequence[str]) -> None:
    for name, lines in files.items():
        ending = "toml" if name == "funnel" else "csv"
        (folder / f"{name}.{ending}").write_text("\n".join(lines) + "\n", encoding="utf-8")


def counts_of(folder: Path, by: str | None = None, as_of: date = WHOLE) -> Counts:
    facts = folder_of(folder).countable(by=by)
    return count(facts, MONTHS, as_of, None if by is None else parts_of(facts, by, MONTHS, as_of))


def plain(number: int | Missing) -> int | str:
    return number.code if isinstance(number, Missing) else number


def row(counts: Counts, measure: Measure, only: frozenset[Channel] | None = None) -> list[int | str]:
    """The whole business's figures of the months: numbers, or the codes of the reasons why there are none."""
    return [plain(counts.get(measure, place, None, only)) for place in range(3)]


def table(counts: Counts, measure: Measure) -> dict[str, list[int | str]]:
    """The same by part."""
    assert counts.parts is not None
    return {part.key: [plain(counts.get(measure, place, part)) for place in range(3)] for part in counts.parts.slices}


# --- numbers -----------------------------------------------------------------------------------------------------

PAID_ROWS = (
    "user_id,started_at,ended_at,plan,mrr",
    "a,2025-12-31,2026-01-31,Basic,1",  # goes over to Pro on 1 February
    "a,2026-02-01,2026-03-31,Pro,2",
    "b,2026-01-01,2026-02-28,Pro,4",
    "c,2026-03-01,,Basic,8",
)


def test_customers_by_plan(tmp_path: Path) -> None:
    write(tmp_path, paid_users=PAID_ROWS)
    counts = counts_of(tmp_path, "plan")
    nothing = [0, 0, 0]
    assert table(counts, PAYING_AT_START) == {"Basic": [1, 1, 0], "Pro": [0, 1, 1], "unknown": nothing}
    assert table(counts, PAYING_AT_END) == {"Basic": [1, 0, 1], "Pro": [1, 1, 0], "unknown": nothing}
    assert table(counts, TRANSFERRED) == {"Basic": [0, -1, 0], "Pro": [0, 1, 0], "unknown": nothing}
    assert table(counts, NEW_PAID) == {"Basic": [0, 0, 1], "Pro": [1, 0, 0], "unknown": nothing}
    assert table(counts, CHURNED) == {"Basic": nothing, "Pro": [0, 1, 1], "unknown": nothing}
    assert table(counts, MRR_AT_END) == {"Basic": [100, 0, 800], "Pro": [400, 200, 0], "unknown": nothing}
    # Of the whole nobody goes over.
    whole = {
        measure.name: row(counts, measure) for measure in (PAYING_AT_START, PAYING_AT_END, TRANSFERRED, MRR_AT_END)
    }
    assert whole == {
        "paying_at_start": [1, 2, 1],
        "paying_at_end": [2, 1, 1],
        "transferred": nothing,
        "mrr_at_end": [500, 200, 800],
    }
    alone = counts_of(tmp_path)
    assert [row(alone, measure) for measure in (PAYING_AT_START, TRANSFERRED)] == [[1, 2, 1], nothing]


SOURCES = (
    "user_id,signed_up_at,source",
    "a,2026-01-31,google / cpc",
    "b,2026-02-01,google / cpc",
    "c,2026-02-28,",
    "d,2026-03-01,partner",
    "e,2025-12-31,partner",
)


@pytest.mark.parametrize("by", [None, "channel", "source"])
def test_signups_of_some_channels(by: str | None, tmp_path: Path) -> None:
    write(tmp_path, signups=SOURCES)
    counts = counts_of(tmp_path, by)
    paid, organic, partner = Channel.PAID, Channel.ORGANIC, Channel.PARTNER
    assert row(counts, SIGNUPS) == [1, 2, 1]
    assert row(counts, SIGNUPS, frozenset({paid})) == [1, 1, 0]
    assert row(counts, SIGNUPS, frozenset({organic})) == [0, 1, 0]
    assert row(counts, SIGNUPS, frozenset({paid, partner})) == [1, 1, 1]
    assert row(counts, SIGNUPS, frozenset(CHANNELS) - {paid}) == [0, 1, 1]
    assert row(counts, SIGNUPS, frozenset()) == [0, 0, 0]
    assert row(counts, REGISTERED_AT_START, frozenset({partner})) == [1, 1, 1]
    if by == "channel":
        split = {key: months for key, months in table(counts, SIGNUPS).items() if any(months)}
        assert split == {"organic": [0, 1, 0], "paid": [1, 1, 0], "partner": [0, 0, 1]}
        # Of a part only its own channel.
        assert counts.get(SIGNUPS, 0, SLICES[paid], frozenset({paid, organic})) == 1
        assert counts.get(SIGNUPS, 0, SLICES[organic], frozenset({paid})) == 0
    if by == "source":
        assert table(counts, SIGNUPS) == {
            "google / cpc": [1, 1, 0], "partner": [0, 0, 1], "unknown": [0, 1, 0],
        }  # fmt: skip


def test_which_channels_nothing_measured(tmp_path: Path) -> None:
    def unmeasured(measure: Measure, **files: Sequence[str]) -> set[Channel]:
        for old in tmp_path.glob("*.csv"):
            old.unlink()
        write(tmp_path, **files)
        found = counts_of(tmp_path).unmeasured(measure)
        assert set(found.values()) <= {NO_SOURCE}
        return set(found)

    others = set(CHANNELS) - {Channel.ORGANIC}
    assert unmeasured(SIGNUPS, signups=SOURCES) == set()
    assert unmeasured(SIGNUPS, signups=("user_id,signed_up_at", "a,2026-01-05")) == others
    assert unmeasured(SIGNUPS, signups=("user_id,signed_up_at,medium", "a,2026-01-05,cpc")) == set()
    assert unmeasured(VISITS, visitors=("date,visits", "2026-01-05,3")) == others
    assert unmeasured(VISITS, visitors=("date,visits,source", "2026-01-05,3,zalo")) == set()
    # Where the person says the channel, the row need not; where neither does, nobody's is known.
    demos, paid = ("user_id,booked_at", "a,2026-01-05"), ("user_id,started_at", "a,2026-01-05")
    assert unmeasured(DEMOS_BOOKED, demos=demos, signups=SOURCES) == set()
    assert unmeasured(NEW_PAID, paid_users=paid, signups=SOURCES) == set()
    assert unmeasured(DEMOS_BOOKED, demos=demos) == others
    assert unmeasured(NEW_PAID, paid_users=paid) == others
    # Of what no file tells there is nothing to say.
    assert unmeasured(SIGNUPS, demos=("user_id,booked_at", "a,2026-01-05")) == set()
    monthly = ("month,new_signups,paid_signups", "2026-01,5,2")
    write(tmp_path, monthly=monthly)
    assert set(counts_of(tmp_path).unmeasured(SIGNUPS)) == others - {Channel.PAID, Channel.UNKNOWN, Channel.UNASSIGNED}


# --- reasons -----------------------------------------------------------------------------------------------------


def test_why_existing_visits_are_not_told(tmp_path: Path) -> None:
    visits = ("date,visits", "2026-01-31,3", "2026-02-01,4")
    write(tmp_path, visitors=visits)
    # The export ends with 1 February, and as_of lies in March.
    assert row(counts_of(tmp_path), VISITS) == [3, 4, "visitors-ended-earlier"]
    assert row(counts_of(tmp_path), EXISTING_VISITS) == ["existing-users-not-told"] * 3
    # Ids of users tell it only beside the signups.
    write(tmp_path, visitors=("date,user_id", "2026-01-31,a", "2026-02-01,a"))
    assert row(counts_of(tmp_path), EXISTING_VISITS) == ["existing-users-not-told"] * 3
    write(tmp_path, signups=("user_id,signed_up_at", "a,2026-01-31"))
    assert row(counts_of(tmp_path), EXISTING_VISITS) == [0, 1, "visitors-ended-earlier"]
    write(tmp_path, visitors=("date,visits,existing_visits", "2026-01-31,3,2", "2026-02-01,4,0"))
    assert row(counts_of(tmp_path), EXISTING_VISITS) == [2, 0, "visitors-ended-earlier"]
    (tmp_path / "visitors.csv").unlink()
    for measure in (VISITS, EXISTING_VISITS):
        assert row(counts_of(tmp_path), measure) == ["no-visitors-export"] * 3
    assert row(counts_of(tmp_path), DEMOS_BOOKED) == ["no-demos-export"] * 3


def test_what_cannot_be_split_is_missing_in_the_parts_alone(tmp_path: Path) -> None:
    write(tmp_path, visitors=("date,visits", "2026-01-31,3", "2026-02-27,1"), paid_users=PAID_ROWS)
    counts = counts_of(tmp_path, "plan", as_of=date(2026, 2, 28))
    assert row(counts, VISITS) == [3, 1, "after-as-of"]
    # A period that has not begun is so whatever it is split by.
    nowhere: list[int | str] = ["not-split-by-dimension", "not-split-by-dimension", "after-as-of"]
    assert table(counts, VISITS) == dict.fromkeys(("Basic", "Pro", "unknown"), nowhere)
    assert table(counts, NEW_PAID) == {
        "Basic": [0, 0, "after-as-of"], "Pro": [1, 0, "after-as-of"], "unknown": [0, 0, "after-as-of"],
    }  # fmt: skip
    assert table(counts, DEMOS_BOOKED) == dict.fromkeys(("Basic", "Pro", "unknown"), ["no-demos-export"] * 3)
    # By channel everything is split.
    assert counts.get(VISITS, 0, SLICES[Channel.ORGANIC]) == 3


DOUBTFUL = (
    "user_id,started_at,ended_at,plan,mrr,source",
    "a,2026-01-31,,Basic,1,partner",
    "b,2026-01-01,2026-01-31,Pro,,google / cpc",  # without an amount, and gone when January ends
    "c,2026-02-01,2026-03-31,Pro,,google / cpc",  # without an amount until the end of March
)


def test_a_row_without_an_amount_is_in_doubt_where_it_counts(tmp_path: Path) -> None:
    write(tmp_path, paid_users=DOUBTFUL)
    no = "rows-without-amount"
    by_plan = counts_of(tmp_path, "plan")
    assert row(by_plan, MRR_AT_END) == [100, no, 100]
    assert table(by_plan, MRR_AT_END) == {"Basic": [100] * 3, "Pro": [0, no, 0], "unknown": [0] * 3}
    by_channel = table(counts_of(tmp_path, "channel"), MRR_AT_END)
    split = {key: months for key, months in by_channel.items() if months != [0, 0, 0]}
    assert split == {"partner": [100] * 3, "paid": [0, no, 0]}
    early = counts_of(tmp_path, "plan", as_of=date(2026, 1, 30))
    assert table(early, MRR_AT_END)["Pro"] == [no, "after-as-of", "after-as-of"]


def test_a_doubt_is_of_its_part_wherever_that_stands(tmp_path: Path) -> None:
    # Two more of Basic in January make it the first part, so that the doubtful one is the second.
    more = ("d,2026-01-01,2026-01-05,Basic,2", "e,2026-01-01,2026-01-05,Basic,4")
    write(tmp_path, paid_users=(*DOUBTFUL, *more))
    no = "rows-without-amount"
    counts = counts_of(tmp_path, "plan")
    assert list(table(counts, MRR_AT_END).items()) == [("Basic", [100] * 3), ("Pro", [0, no, 0]), ("unknown", [0] * 3)]
    # A doubt of the whole business, which there is not, hides none of a part, whichever comes first: nobody came back.
    none = Doubt(events=("paid_again",), reason=lambda number: after_as_of(WHOLE), of_whole=True)
    for doubts in ((none, *MRR_AT_END.doubts), (*MRR_AT_END.doubts, none)):
        assert table(counts, replace(MRR_AT_END, name="doubted", doubts=doubts)) == table(counts, MRR_AT_END)


def test_one_file_that_does_not_tell_existing_users_leaves_every_part_in_doubt(tmp_path: Path) -> None:
    write(
        tmp_path,
        visitors_1=("date,visits,existing_visits,source", "2026-01-31,3,1,partner", "2026-03-01,2,2,partner"),
        visitors_2=("date,visits,source", "2026-02-01,4,google / cpc", "2026-03-31,5,google / cpc"),
    )
    no = "existing-users-not-told"
    visits = counts_of(tmp_path, "channel", as_of=date(2026, 3, 30))
    assert row(visits, EXISTING_VISITS) == [1, no, 2]
    parts = table(visits, EXISTING_VISITS)
    assert (parts.pop("partner"), set(map(tuple, parts.values()))) == ([1, no, 2], {(0, no, 0)})
    assert row(visits, VISITS) == [3, 4, 2]
    assert row(counts_of(tmp_path), EXISTING_VISITS) == [1, no, no]


def test_a_balance_from_the_settings(tmp_path: Path) -> None:
    write(
        tmp_path,
        funnel=("[opening]", 'month = "2026-02"', "paid_users = 7", "demos_held = 3"),
        paid_users=PAID_ROWS,
        demos=("user_id,booked_at,held_at", "a,2026-01-05,2026-01-31", "b,2026-01-05,2026-02-01"),
    )
    # At 1 February a and b pay; 5 more do by the settings.  b leaves on 28 February; a on 31 March, when c is there.
    for by in (None, "channel", "plan"):
        counts = counts_of(tmp_path, by)
        assert row(counts, PAYING_AT_START) == ["before-opening", 7, 6]
        assert row(counts, PAYING_AT_END) == ["before-opening", 6, 6]
        # One was held before February, two more by the settings.
        assert row(counts, DEMOS_HELD_AT_END) == ["before-opening", 4, 4]
        assert row(counts, CHURN_COUNTED) == [0, 1, 1]
    before = "before-opening"
    assert table(counts_of(tmp_path, "plan"), PAYING_AT_START) == {
        "Basic": [before, 1 - 1 + 1, 0], "Pro": [before, 1, 1], "unknown": [before, 5, 5],
    }  # fmt: skip
    split = table(counts_of(tmp_path, "channel"), PAYING_AT_START)
    assert {key: months for key, months in split.items() if months != [before, 0, 0]} == {"unknown": [before, 7, 6]}
    # Before the settings' month, and a period that has not begun: the first is said.
    early = counts_of(tmp_path, as_of=date(2025, 12, 31))
    assert row(early, PAYING_AT_START) == [before, "after-as-of", "after-as-of"]


def test_figures_asked_for_again_are_the_same(tmp_path: Path) -> None:
    write(tmp_path, funnel=("[opening]", 'month = "2026-01"', "paid_users = 7"), paid_users=PAID_ROWS)
    counts = counts_of(tmp_path, "plan")
    first = [row(counts, PAYING_AT_START), table(counts, PAYING_AT_START), table(counts, PAYING_AT_END)]
    assert first[0] == [7, 8, 7]  # 6 beyond a
    again = [row(counts, PAYING_AT_START), table(counts, PAYING_AT_START), table(counts, PAYING_AT_END)]
    assert again == first
