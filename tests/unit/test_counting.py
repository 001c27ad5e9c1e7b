"""Counting on boundary days, worked by hand: first and last days, the days around them, and as_of on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from funnelcli.values.periods import Grain
from support import explained_rows, figures, report_of

# The last day of January, the first two and the last two of February, the first of March.
EDGE_DAYS = ("2026-01-31", "2026-02-01", "2026-02-02", "2026-02-27", "2026-02-28", "2026-03-01")
DAYS_AFTER = ("2026-02-01", "2026-02-02", "2026-02-03", "2026-02-28", "2026-03-01", "2026-03-02")
THREE_MONTHS = {"first": "2026-01", "last": "2026-03"}

Column = list[float | None]  # a metric's figures: of each period, and of the total


def write(folder: Path, **files: str | Sequence[str]) -> None:
    """Files of a folder by name: of several lines a CSV, of one text the funnel.toml."""
    for name, content in files.items():
        if isinstance(content, str):
            (folder / f"{name}.toml").write_text(content, encoding="utf-8")
        else:
            (folder / f"{name}.csv").write_text("\n".join(content) + "\n", encoding="utf-8")


def columns(folder: Path, *metrics: str, **options: str | Grain | None) -> dict[str, Column]:
    """The whole business's figures of some metrics: of each period in order, and of the total."""
    shown: dict[str, Column] = {metric: [] for metric in metrics}
    for (metric, _, _), (value, _, _) in figures(report_of(folder, **options)).items():  # type: ignore[arg-type]
        if metric in shown:
            shown[metric].append(value)
    return shown


def rows_behind(
    folder: Path, metric: str, period: str, **options: str
) -> tuple[float | None, list[tuple[str, int | None]]]:
    """A figure and the places of the rows behind it, each of which counts once."""
    value, rows = explained_rows(folder, metric, period, **options)
    assert {counts for _, _, counts in rows} <= {1}
    return value, [(file, line) for file, line, _ in rows]


def lines(file: str, *numbers: int) -> list[tuple[str, int | None]]:
    return [(file, number) for number in numbers]


# --- moments and time zones --------------------------------------------------------------------------------------


def test_signups_at_the_first_and_last_moments_of_months(tmp_path: Path) -> None:
    write(
        tmp_path,
        signups=[
            "user_id,signed_up_at",
            "a,2026-01-31 23:59:59",  # 2: January
            "b,2026-02-01 00:00:00",  # 3: February
            "c,2026-02-28 23:59:59",  # 4: February
            "d,2026-03-01 00:00:00",  # 5: March
            "e,2026-01-31T16:59:59Z",  # 6: 23:59:59 in Hanoi, January
            "f,2026-01-31T17:00:00Z",  # 7: 00:00:00 of 1 February in Hanoi
            "g,2026-02-28T16:59:59Z",  # 8: February
            "h,2026-02-28T17:00:00Z",  # 9: 1 March
            "i,2026-01-31T12:00:00-05:00",  # 10: 17:00 UTC, 1 February
            "b,2026-03-05",  # 11: signed up before
        ],
    )
    metrics = ("opening_registered_users", "new_signups", "closing_registered_users", "total_leads")
    assert columns(tmp_path, *metrics, **THREE_MONTHS, as_of="2026-03-31") == {
        "opening_registered_users": [0, 2, 7, 0],  # 2; 2 + 5
        "new_signups": [2, 5, 2, 9],  # a e; b c f g i; d h
        "closing_registered_users": [2, 7, 9, 9],
        "total_leads": [2, 7, 9, 9],
    }
    asked = {"as_of": "2026-03-31"}
    assert rows_behind(tmp_path, "new_signups", "2026-01", **asked) == (2, lines("signups.csv", 2, 6))
    assert rows_behind(tmp_path, "new_signups", "2026-02", **asked) == (5, lines("signups.csv", 3, 4, 7, 8, 10))
    assert rows_behind(tmp_path, "new_signups", "2026-03", **asked) == (2, lines("signups.csv", 5, 9))
    assert rows_behind(tmp_path, "opening_registered_users", "2026-02", **asked) == (2, lines("signups.csv", 2, 6))
    assert rows_behind(tmp_path, "total_leads", "2026-02", **asked) == (7, lines("signups.csv", 2, 3, 4, 6, 7, 8, 10))


def test_the_same_moments_are_other_days_in_another_zone(tmp_path: Path) -> None:
    write(
        tmp_path,
        funnel='[business]\ntimezone = "America/New_York"\n',
        signups=[
            "user_id,signed_up_at",
            "a,2026-02-01T04:59:59Z",  # 2: 23:59:59 of 31 January in New York (UTC-5)
            "b,2026-02-01T05:00:00Z",  # 3: 00:00:00 of 1 February
            "c,2026-03-01T11:59:59+07:00",  # 4: 04:59:59 UTC, still 28 February
            "d,2026-03-01T12:00:00+07:00",  # 5: 1 March
            "e,2026-02-28 23:59:59",  # 6: without an offset it is New York's already
        ],
    )
    assert columns(tmp_path, "new_signups", **THREE_MONTHS, as_of="2026-03-31") == {"new_signups": [1, 3, 1, 5]}
    assert rows_behind(tmp_path, "new_signups", "2026-02", as_of="2026-03-31") == (3, lines("signups.csv", 3, 4, 6))


def test_demos_are_booked_in_a_month_and_held_in_another(tmp_path: Path) -> None:
    write(
        tmp_path,
        demos=[
            "demo_id,user_id,booked_at,held_at,status",
            "1,a,2026-01-31 23:59,2026-01-31T16:59:59Z,",  # 2: held on 31 January
            "2,b,2026-01-31T17:00:00Z,2026-02-01 00:00:00,",  # 3: booked and held on 1 February
            "3,c,2026-02-28 23:59:59,2026-02-28T17:00:00Z,",  # 4: booked in February, held on 1 March
            "4,d,2026-03-01 00:00,2026-02-28 23:59:59,held",  # 5: booked in March, held in February all the same
            "5,e,2026-02-28,2026-02-28,cancelled",  # 6: booked, not held
            "6,f,2026-02-01,,held",  # 7: held on the day of its booking
        ],
    )
    assert columns(tmp_path, "new_demo_bookings", "cumulative_demos_held", **THREE_MONTHS, as_of="2026-03-31") == {
        "new_demo_bookings": [1, 4, 1, 6],  # 1; 2 3 5 6; 4
        "cumulative_demos_held": [1, 4, 5, 5],  # 1; + 2 4 6; + 3
    }
    asked = {"as_of": "2026-03-31"}
    assert rows_behind(tmp_path, "new_demo_bookings", "2026-02", **asked) == (4, lines("demos.csv", 3, 4, 6, 7))
    assert rows_behind(tmp_path, "cumulative_demos_held", "2026-01", **asked) == (1, lines("demos.csv", 2))
    assert rows_behind(tmp_path, "cumulative_demos_held", "2026-02", **asked) == (4, lines("demos.csv", 2, 3, 5, 7))


def test_visits_of_existing_users_around_the_moment_of_their_signup(tmp_path: Path) -> None:
    write(
        tmp_path,
        signups=["user_id,signed_up_at", "u,2026-01-31 23:59:00"],
        visitors=[
            "date,user_id,source",
            "2026-01-31 23:59:00,u,",  # 2: January, at the very moment of the signup: not before it
            "2026-01-31 23:59:01,u,",  # 3: January, a second later: by an existing user
            "2026-01-31,u,",  # 4: January, no time told and the same day: not existing
            "2026-02-01 00:00:01,u,",  # 5: February, existing
            "2026-02-01,u,ads",  # 6: February, on a later day: existing, and paid
            "2026-02-28T16:59:59Z,,",  # 7: 23:59:59 of 28 February
            "2026-02-28T17:00:00Z,,ads",  # 8: 1 March
            "2026-01-31T16:58:59Z,u,",  # 9: January, a second before the signup
        ],
    )
    metrics = ("organic_visits", "paid_visits", "existing_user_visits", "net_new_visitors")
    assert columns(tmp_path, *metrics, **THREE_MONTHS, as_of="2026-03-31") == {
        "organic_visits": [4, 2, 0, 6],  # 2 3 4 9; 5 7
        "paid_visits": [0, 1, 1, 2],  # 6; 8
        "existing_user_visits": [1, 2, 0, 3],  # 3; 5 6
        "net_new_visitors": [3, 1, 1, 5],  # 4 + 0 - 1; 2 + 1 - 2; 0 + 1 - 0
    }
    # On 1 February the visit of 28 February has not been.
    assert columns(tmp_path, *metrics, **THREE_MONTHS, as_of="2026-02-01") == {
        "organic_visits": [4, 1, None, 5],
        "paid_visits": [0, 1, None, 1],
        "existing_user_visits": [1, 2, None, 3],
        "net_new_visitors": [3, 0, None, 3],
    }
    asked = {"as_of": "2026-03-31"}
    assert rows_behind(tmp_path, "existing_user_visits", "2026-01", **asked) == (1, lines("visitors.csv", 3))
    assert rows_behind(tmp_path, "existing_user_visits", "2026-02", **asked) == (2, lines("visitors.csv", 5, 6))
    assert rows_behind(tmp_path, "organic_visits", "2026-02", **asked) == (2, lines("visitors.csv", 5, 7))
    assert rows_behind(tmp_path, "paid_visits", "2026-03", **asked) == (1, lines("visitors.csv", 8))


def test_visits_in_sums_count_what_they_hold(tmp_path: Path) -> None:
    write(
        tmp_path,
        visitors=[
            "date,visits,existing_visits",
            "2026-01-31,100,10",  # 2
            "2026-02-01,200,0",  # 3
            "2026-02-28,400,40",  # 4
            "2026-03-01,800,80",  # 5
        ],
    )
    assert columns(tmp_path, "organic_visits", "existing_user_visits", **THREE_MONTHS, as_of="2026-03-01") == {
        "organic_visits": [100, 600, 800, 1500],  # 200 + 400
        "existing_user_visits": [10, 40, 80, 130],
    }
    # No existing visits on 1 February, so that its row is not behind the figure.
    assert explained_rows(tmp_path, "existing_user_visits", "2026-02") == (40, [("visitors.csv", 4, 40)])
    assert explained_rows(tmp_path, "organic_visits", "2026-02", as_of="2026-02-27") == (
        200,
        [("visitors.csv", 3, 200)],
    )


# --- as_of on each day -------------------------------------------------------------------------------------------

# An event on each of the EDGE_DAYS: how many there are by as_of in January, February, March and in all.
EVENTS_BY_AS_OF: dict[str, Column] = {
    "2026-01-30": [0, None, None, 0],
    "2026-01-31": [1, None, None, 1],  # February begins after it
    "2026-02-01": [1, 1, None, 2],
    "2026-02-02": [1, 2, None, 3],
    "2026-02-03": [1, 2, None, 3],
    "2026-02-27": [1, 3, None, 4],
    "2026-02-28": [1, 4, None, 5],
    "2026-03-01": [1, 4, 1, 6],
    "2026-03-02": [1, 4, 1, 6],
}
# The same events summed from the beginning: before each period, and up to its end.
BEFORE_BY_AS_OF: dict[str, Column] = {
    as_of: [0, None if known[1] is None else 1, None if known[2] is None else 1 + 4, 0]
    for as_of, known in EVENTS_BY_AS_OF.items()
}
UP_TO_BY_AS_OF: dict[str, Column] = {
    "2026-01-30": [0, None, None, 0],
    "2026-01-31": [1, None, None, 1],
    "2026-02-01": [1, 2, None, 2],
    "2026-02-02": [1, 3, None, 3],
    "2026-02-03": [1, 3, None, 3],
    "2026-02-27": [1, 4, None, 4],
    "2026-02-28": [1, 5, None, 5],
    "2026-03-01": [1, 5, 6, 6],
    "2026-03-02": [1, 5, 6, 6],
}
each_as_of = pytest.mark.parametrize("as_of", EVENTS_BY_AS_OF)


@each_as_of
def test_signups_demos_and_starts_up_to_as_of(as_of: str, tmp_path: Path) -> None:
    write(
        tmp_path,
        signups=["user_id,signed_up_at", *(f"s{day},{day}" for day in EDGE_DAYS)],
        demos=["user_id,booked_at,held_at", *(f"s{day},{day},{day}" for day in EDGE_DAYS)],
        paid_users=["user_id,started_at,ended_at", *(f"s{day},{day}," for day in EDGE_DAYS)],
        visitors=["date", *EDGE_DAYS],
    )
    new, before, up_to = EVENTS_BY_AS_OF[as_of], BEFORE_BY_AS_OF[as_of], UP_TO_BY_AS_OF[as_of]
    expected = {
        "organic_visits": new,
        "new_signups": new,
        "new_demo_bookings": new,
        "new_paid_users": new,
        "net_new_paid_users": new,
        "opening_registered_users": before,
        "opening_paid_users": before,
        "total_leads": up_to,
        "closing_registered_users": up_to,
        "cumulative_demos_held": up_to,
        "closing_paid_users": up_to,
    }
    assert columns(tmp_path, *expected, **THREE_MONTHS, as_of=as_of) == expected


# Six customers of December, one lost on each of the EDGE_DAYS.
LOST_BY_AS_OF = EVENTS_BY_AS_OF
# Opening of February: ends on 1, 2, 27, 28 February and 1 March; of March: the end on 1 March.
PAYING_BEFORE: dict[str, Column] = {
    as_of: [6, None if known[1] is None else 5, None if known[2] is None else 1, 6]
    for as_of, known in EVENTS_BY_AS_OF.items()
}
PAYING_AFTER: dict[str, Column] = {
    as_of: [None if lost is None else 6 - lost for lost in known] for as_of, known in UP_TO_BY_AS_OF.items()
}


@each_as_of
@pytest.mark.parametrize("end_date", ["inclusive", "exclusive"])
def test_losses_up_to_as_of(end_date: str, as_of: str, tmp_path: Path) -> None:
    cells = EDGE_DAYS if end_date == "inclusive" else DAYS_AFTER  # the first unpaid day is the one after the loss
    write(
        tmp_path,
        funnel=f'[paid_users]\nend_date = "{end_date}"\n',
        paid_users=["user_id,started_at,ended_at", *(f"c{cell},2025-12-01,{cell}" for cell in cells)],
    )
    expected = {
        "opening_paid_users": PAYING_BEFORE[as_of],
        "churned_paid_users": LOST_BY_AS_OF[as_of],
        "net_new_paid_users": [None if lost is None else -lost for lost in LOST_BY_AS_OF[as_of]],
        "closing_paid_users": PAYING_AFTER[as_of],
    }
    assert columns(tmp_path, *expected, **THREE_MONTHS, as_of=as_of) == expected


@pytest.mark.parametrize(
    ("as_of", "lost", "still_paying"),
    [
        ("2026-01-31", None, None),  # February begins after it
        ("2026-02-01", [3], [4, 5, 6, 7]),
        ("2026-02-27", [3, 4, 5], [6, 7]),
        ("2026-02-28", [3, 4, 5, 6], [7]),
        ("2026-03-31", [3, 4, 5, 6], [7]),
    ],
)
def test_the_rows_behind_losses(
    as_of: str, lost: list[int] | None, still_paying: list[int] | None, tmp_path: Path
) -> None:
    # Lines 2 to 7 end on 31 January, 1, 2, 27, 28 February and 1 March.
    write(tmp_path, paid_users=["user_id,started_at,ended_at", *(f"c{day},2025-12-01,{day}" for day in EDGE_DAYS)])
    churned = rows_behind(tmp_path, "churned_paid_users", "2026-02", as_of=as_of)
    closing = explained_rows(tmp_path, "closing_paid_users", "2026-02", as_of=as_of)
    if lost is None or still_paying is None:
        assert (churned, closing) == ((None, []), (None, []))
        return
    assert churned == (len(lost), lines("paid_users.csv", *lost))
    # The closing is opening + new + reactivated - churned: behind it are those of the opening, then the lost.
    behind = [*lines("paid_users.csv", 3, 4, 5, 6, 7), *lines("paid_users.csv", *lost)]
    assert closing == (len(still_paying), [(file, line, 1) for file, line in behind])


def test_an_end_on_the_day_of_the_start_is_one_paid_day_either_way(tmp_path: Path) -> None:
    rows = [
        "user_id,started_at,ended_at",
        "a,2026-02-01,2026-02-01",
        "b,2026-02-28,2026-02-28",
        "c,2026-02-28,2026-03-01",
    ]
    metrics = ("new_paid_users", "churned_paid_users", "closing_paid_users")
    write(tmp_path, paid_users=rows)
    # a in February; b in February, for its last day is the 28th; c on 1 March.
    assert columns(tmp_path, *metrics, **THREE_MONTHS, as_of="2026-03-31") == {
        "new_paid_users": [0, 3, 0, 3],
        "churned_paid_users": [0, 2, 1, 3],
        "closing_paid_users": [0, 1, 0, 0],
    }
    write(tmp_path, funnel='[paid_users]\nend_date = "exclusive"\n')
    # c's last paid day is 28 February: all three are lost in February.
    assert columns(tmp_path, *metrics, **THREE_MONTHS, as_of="2026-03-31") == {
        "new_paid_users": [0, 3, 0, 3],
        "churned_paid_users": [0, 3, 0, 3],
        "closing_paid_users": [0, 0, 0, 0],
    }


# --- coming back -------------------------------------------------------------------------------------------------


@each_as_of
def test_reactivations_up_to_as_of(as_of: str, tmp_path: Path) -> None:
    # All were lost on 15 December, and came back on one of the EDGE_DAYS.
    write(
        tmp_path,
        paid_users=[
            "user_id,started_at,ended_at",
            *(f"c{day},2025-12-01,2025-12-15" for day in EDGE_DAYS),
            *(f"c{day},{day}," for day in EDGE_DAYS),
        ],
    )
    expected = {
        "new_paid_users": [None if known is None else 0 for known in EVENTS_BY_AS_OF[as_of]],
        "reactivated_paid_users": EVENTS_BY_AS_OF[as_of],
        "opening_paid_users": BEFORE_BY_AS_OF[as_of],
        "closing_paid_users": UP_TO_BY_AS_OF[as_of],
    }
    assert columns(tmp_path, *expected, **THREE_MONTHS, as_of=as_of) == expected
    # Lines 8 to 13 begin on the EDGE_DAYS, 9 to 12 of them in February.
    in_february = EVENTS_BY_AS_OF[as_of][1]
    behind = lines("paid_users.csv", *range(9, 9 + int(in_february or 0)))
    assert rows_behind(tmp_path, "reactivated_paid_users", "2026-02", as_of=as_of) == (in_february, behind)


@pytest.mark.parametrize(
    ("grace_days", "lost", "back"),
    [
        # Paid until 30 January; the next rows begin after 0, 1, 2 and 3 unpaid days.
        (0, [3, 0, 0, 3], [0, 3, 0, 3]),
        (1, [2, 0, 0, 2], [0, 2, 0, 2]),
        (2, [1, 0, 0, 1], [0, 1, 0, 1]),
        (3, [0, 0, 0, 0], [0, 0, 0, 0]),
    ],
)
def test_grace_days_across_the_end_of_a_month(grace_days: int, lost: Column, back: Column, tmp_path: Path) -> None:
    starts = ("2026-01-31", "2026-02-01", "2026-02-02", "2026-02-03")
    write(
        tmp_path,
        funnel=f"[paid_users]\ngrace_days = {grace_days}\n",
        paid_users=[
            "user_id,started_at,ended_at",
            *(f"c{day},2026-01-01,2026-01-30" for day in starts),  # 2 to 5
            *(f"c{day},{day}," for day in starts),  # 6 to 9
        ],
    )
    metrics = ("new_paid_users", "churned_paid_users", "reactivated_paid_users", "closing_paid_users")
    assert columns(tmp_path, *metrics, **THREE_MONTHS, as_of="2026-03-31") == {
        "new_paid_users": [4, 0, 0, 4],
        "churned_paid_users": lost,
        "reactivated_paid_users": back,
        "closing_paid_users": [4 - (lost[0] or 0), 4, 4, 4],
    }
    # Rows that begin after as_of still continue a stay, and have not begun.
    assert columns(tmp_path, *metrics, **THREE_MONTHS, as_of="2026-01-31") == {
        "new_paid_users": [4, None, None, 4],
        "churned_paid_users": [lost[0], None, None, lost[0]],
        "reactivated_paid_users": [0, None, None, 0],
        "closing_paid_users": [4 - (lost[0] or 0), None, None, 4 - (lost[0] or 0)],
    }
    first_lost = 2 + 4 - int(lost[0] or 0)  # those of the longest gaps
    assert rows_behind(tmp_path, "churned_paid_users", "2026-01", as_of="2026-03-31") == (
        lost[0],
        lines("paid_users.csv", *range(first_lost, 6)),
    )
    assert rows_behind(tmp_path, "reactivated_paid_users", "2026-02", as_of="2026-03-31") == (
        back[1],
        lines("paid_users.csv", *range(first_lost + 4, 10)),
    )


# --- the churn rate ----------------------------------------------------------------------------------------------

JOINED_AND_LEFT = [
    "user_id,started_at,ended_at",
    "a,2026-01-31,2026-02-01",  # 2: there when February began, lost on its first day
    "b,2026-02-01,2026-02-28",  # 3: joined on the first day of February and left on its last
    "c,2026-02-28,2026-02-28",  # 4: joined and left on the last day
    "d,2026-02-01,2026-03-01",  # 5: there when March began, lost on its first day
    "e,2025-12-31,2026-01-01",  # 6: there when January began, lost on its first day
    "f,2026-01-31,",  # 7: stays
    "g,2026-01-01,2026-01-31",  # 8: joined and left in January
]


@pytest.mark.parametrize(
    ("method", "rates"),
    [
        # Lost: e g; a b c; d.  Opening: e; a f; d f.  Of the range: six lost of one at its start.
        ("all", [2 / 1, 3 / 2, 1 / 2, 6 / 1]),
        # Of the opening alone: e of 1; a of 2; d of 2; and of the range e of 1.
        ("opening", [1 / 1, 1 / 2, 1 / 2, 1 / 1]),
    ],
)
def test_who_joins_and_leaves_within_a_period(method: str, rates: Column, tmp_path: Path) -> None:
    write(tmp_path, funnel=f'[churn]\nmethod = "{method}"\n', paid_users=JOINED_AND_LEFT)
    metrics = (
        "opening_paid_users",
        "new_paid_users",
        "churned_paid_users",
        "closing_paid_users",
        "paid_user_churn_rate",
    )
    assert columns(tmp_path, *metrics, **THREE_MONTHS, as_of="2026-03-31") == {
        "opening_paid_users": [1, 2, 2, 1],
        "new_paid_users": [3, 3, 0, 6],  # a f g; b c d
        "churned_paid_users": [2, 3, 1, 6],
        "closing_paid_users": [2, 2, 1, 1],  # 1 + 3 - 2; 2 + 3 - 3; 2 + 0 - 1
        "paid_user_churn_rate": rates,
    }
    of_february = [2, 3, 4] if method == "all" else [2]
    assert rows_behind(tmp_path, "paid_user_churn_rate", "2026-02", as_of="2026-03-31") == (
        rates[1],
        [*lines("paid_users.csv", *of_february), *lines("paid_users.csv", 2, 7)],  # the lost, and the opening
    )


@pytest.mark.parametrize(
    ("as_of", "how_many"),
    [
        ("2026-01-30", None),
        ("2026-01-31", "1"),  # g
        ("2026-02-27", "1"),
        ("2026-02-28", "3"),  # b and c left on the 28th
        ("2026-03-31", "3"),
    ],
)
def test_the_report_says_how_many_joined_and_left(as_of: str, how_many: str | None, tmp_path: Path) -> None:
    write(tmp_path, paid_users=JOINED_AND_LEFT)
    report = report_of(tmp_path, **THREE_MONTHS, as_of=as_of)  # type: ignore[arg-type]
    said = [note.text.of("en").split()[0] for note in report.notes if note.code == "joined-and-left"]
    assert said == ([] if how_many is None else [how_many])


# --- revenue -----------------------------------------------------------------------------------------------------

# Powers of two, so that a sum tells whose it is.
PRICED = [
    "user_id,started_at,ended_at,mrr",
    "a,2025-12-01,2026-01-31,1",  # 2: lost on the last day of January
    "b,2025-12-01,2026-02-01,2",  # 3: lost on the first of February
    "c,2025-12-01,2026-02-28,4",  # 4: lost on its last day
    "d,2026-01-31,,8",  # 5
    "e,2026-02-01,,16",  # 6
    "f,2026-02-28,,32",  # 7
    "g,2026-03-01,,64",  # 8
    "h,2025-12-01,2026-03-01,128",  # 9
]


@pytest.mark.parametrize(
    ("as_of", "mrr"),
    [
        ("2026-01-30", [1 + 2 + 4 + 128, None, None, 135]),
        ("2026-01-31", [2 + 4 + 8 + 128, None, None, 142]),
        ("2026-02-01", [142, 4 + 8 + 16 + 128, None, 156]),
        ("2026-02-27", [142, 156, None, 156]),
        ("2026-02-28", [142, 8 + 16 + 32 + 128, None, 184]),
        ("2026-03-01", [142, 184, 8 + 16 + 32 + 64, 120]),
        ("2026-03-31", [142, 184, 120, 120]),
    ],
)
def test_mrr_at_the_end_of_months_and_of_as_of(as_of: str, mrr: Column, tmp_path: Path) -> None:
    write(tmp_path, paid_users=PRICED)
    assert columns(tmp_path, "closing_mrr_amount", **THREE_MONTHS, as_of=as_of) == {"closing_mrr_amount": mrr}


def test_the_rows_behind_mrr(tmp_path: Path) -> None:
    write(tmp_path, paid_users=PRICED)

    def behind(period: str, as_of: str) -> tuple[float | None, list[tuple[int | None, float]]]:
        value, rows = explained_rows(tmp_path, "closing_mrr_amount", period, as_of=as_of)
        return value, [(line, counts) for _, line, counts in rows]

    assert behind("2026-01", "2026-03-31") == (142, [(3, 2), (4, 4), (5, 8), (9, 128)])
    assert behind("2026-02", "2026-03-31") == (184, [(5, 8), (6, 16), (7, 32), (9, 128)])
    assert behind("2026-02", "2026-02-01") == (156, [(4, 4), (5, 8), (6, 16), (9, 128)])
    assert behind("2026Q1", "2026-03-31") == (120, [(5, 8), (6, 16), (7, 32), (8, 64)])


@pytest.mark.parametrize(
    ("as_of", "mrr"),
    [
        ("2026-01-31", [1 + 2, None, None, 3]),  # both rows are still paid on 1 February
        ("2026-02-01", [3, 2, None, 2]),  # the first was paid for the last time that day
        ("2026-03-14", [3, 2, 2, 2]),
        ("2026-03-15", [3, 2, 0, 0]),
    ],
)
def test_of_two_rows_of_a_customer_those_count_that_go_on(as_of: str, mrr: Column, tmp_path: Path) -> None:
    rows = ["user_id,started_at,ended_at,mrr", "a,2026-01-10,2026-02-01,1", "a,2026-01-10,2026-03-15,2"]
    write(tmp_path, paid_users=rows)
    assert columns(tmp_path, "closing_mrr_amount", **THREE_MONTHS, as_of=as_of) == {"closing_mrr_amount": mrr}


# --- opening balances --------------------------------------------------------------------------------------------


def test_opening_balances_lift_from_the_first_day_of_their_month_on(tmp_path: Path) -> None:
    write(
        tmp_path,
        funnel='[opening]\nmonth = "2026-02"\nregistered_users = 100\npaid_users = 50\ndemos_held = 30\n',
        signups=["user_id,signed_up_at", *(f"s{day},{day}" for day in EDGE_DAYS)],
        demos=["user_id,booked_at,held_at", *(f"s{day},{day},{day}" for day in EDGE_DAYS)],
        paid_users=["user_id,started_at,ended_at", *(f"s{day},{day}," for day in EDGE_DAYS)],
    )
    # On 31 January the exports show one of each: 99, 49 and 29 lie beyond them.  February adds 4, March 1.
    expected: dict[str, Column] = {
        "opening_registered_users": [None, 100, 104, None],
        "total_leads": [None, 104, 105, None],
        "closing_registered_users": [None, 104, 105, None],
        "cumulative_demos_held": [None, 30 + 4, 30 + 5, None],
        "opening_paid_users": [None, 50, 54, None],
        "closing_paid_users": [None, 54, 55, None],
        "new_signups": [1, 4, 1, 6],
        "new_paid_users": [1, 4, 1, 6],
    }
    assert columns(tmp_path, *expected, **THREE_MONTHS, as_of="2026-03-31") == expected
    # A range that begins with their month has them in its total.
    of_february = columns(tmp_path, *expected, first="2026-02", last="2026-03", as_of="2026-03-31")
    assert of_february == {
        "opening_registered_users": [100, 104, 100],
        "total_leads": [104, 105, 105],
        "closing_registered_users": [104, 105, 105],
        "cumulative_demos_held": [34, 35, 35],
        "opening_paid_users": [50, 54, 50],
        "closing_paid_users": [54, 55, 55],
        "new_signups": [4, 1, 5],
        "new_paid_users": [4, 1, 5],
    }
    assert explained_rows(tmp_path, "opening_paid_users", "2026-02", as_of="2026-03-31") == (
        50,
        [("funnel.toml [opening] paid_users", None, 49), ("paid_users.csv", 2, 1)],
    )
    assert explained_rows(tmp_path, "cumulative_demos_held", "2026-02", as_of="2026-02-01") == (
        31,  # 29 beyond the exports, 31 January, 1 February
        [("demos.csv", 2, 1), ("demos.csv", 3, 1), ("funnel.toml [opening] demos_held", None, 29)],
    )
    assert explained_rows(tmp_path, "opening_registered_users", "2026-01", as_of="2026-03-31") == (None, [])


@pytest.mark.parametrize(
    ("start", "end", "shown_before", "beyond"),
    [
        ("2026-01-31", "", 1, 49),
        ("2026-02-01", "", 0, 50),  # it begins with the month: not before it
        ("2025-12-01", "2026-02-01", 1, 49),  # lost on the first day of the month: paying when it began
        ("2025-12-01", "2026-01-31", 0, 50),  # lost the day before
    ],
)
def test_what_the_exports_show_of_an_opening(
    start: str, end: str, shown_before: int, beyond: int, tmp_path: Path
) -> None:
    write(
        tmp_path,
        funnel='[opening]\nmonth = "2026-02"\npaid_users = 50\n',
        paid_users=["user_id,started_at,ended_at", f"a,{start},{end}"],
    )
    behind = [("funnel.toml [opening] paid_users", None, beyond), ("paid_users.csv", 2, 1)][: 1 + shown_before]
    assert explained_rows(tmp_path, "opening_paid_users", "2026-02", as_of="2026-03-31") == (50, behind)


# --- quarters and years ------------------------------------------------------------------------------------------

LONG_EDGES = ("2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01", "2026-12-31", "2027-01-01")


def write_long_edges(folder: Path) -> None:
    """On each of the LONG_EDGES a signup, and the loss of a customer of 2024."""
    write(
        folder,
        signups=["user_id,signed_up_at", *(f"s{day},{day}" for day in LONG_EDGES)],
        paid_users=["user_id,started_at,ended_at", *(f"c{day},2024-12-01,{day}" for day in LONG_EDGES)],
    )


METRICS_OF_EDGES = (
    "opening_registered_users",
    "new_signups",
    "total_leads",
    "opening_paid_users",
    "churned_paid_users",
    "closing_paid_users",
)


def test_quarters_hold_their_first_and_last_days(tmp_path: Path) -> None:
    write_long_edges(tmp_path)
    asked = {"first": "2025-12", "last": "2026-04", "as_of": "2027-12-31", "grain": Grain.QUARTER}
    assert columns(tmp_path, *METRICS_OF_EDGES, **asked) == {  # 2025Q4, 2026Q1, 2026Q2
        "opening_registered_users": [0, 1, 3, 0],
        "new_signups": [1, 2, 1, 4],
        "total_leads": [1, 3, 4, 4],
        "opening_paid_users": [6, 5, 3, 6],
        "churned_paid_users": [1, 2, 1, 4],
        "closing_paid_users": [5, 3, 2, 2],
    }
    # The first quarter is still going on: 31 March has not come.
    assert columns(tmp_path, *METRICS_OF_EDGES, **{**asked, "as_of": "2026-03-30"}) == {
        "opening_registered_users": [0, 1, None, 0],
        "new_signups": [1, 1, None, 2],
        "total_leads": [1, 2, None, 2],
        "opening_paid_users": [6, 5, None, 6],
        "churned_paid_users": [1, 1, None, 2],
        "closing_paid_users": [5, 4, None, 4],
    }
    assert rows_behind(tmp_path, "new_signups", "2026Q1", as_of="2027-12-31") == (2, lines("signups.csv", 3, 4))
    assert rows_behind(tmp_path, "churned_paid_users", "2026Q1", as_of="2026-03-30") == (1, lines("paid_users.csv", 3))


def test_years_hold_their_first_and_last_days(tmp_path: Path) -> None:
    write_long_edges(tmp_path)
    asked = {"first": "2025", "last": "2027", "as_of": "2027-12-31", "grain": Grain.YEAR}
    assert columns(tmp_path, *METRICS_OF_EDGES, **asked) == {
        "opening_registered_users": [0, 1, 5, 0],
        "new_signups": [1, 4, 1, 6],
        "total_leads": [1, 5, 6, 6],
        "opening_paid_users": [6, 5, 1, 6],
        "churned_paid_users": [1, 4, 1, 6],
        "closing_paid_users": [5, 1, 0, 0],
    }
    assert columns(tmp_path, *METRICS_OF_EDGES, **{**asked, "as_of": "2026-12-31"}) == {
        "opening_registered_users": [0, 1, None, 0],
        "new_signups": [1, 4, None, 5],
        "total_leads": [1, 5, None, 5],
        "opening_paid_users": [6, 5, None, 6],
        "churned_paid_users": [1, 4, None, 5],
        "closing_paid_users": [5, 1, None, 1],
    }
    assert rows_behind(tmp_path, "churned_paid_users", "2026", as_of="2027-12-31") == (
        4,
        lines("paid_users.csv", 3, 4, 5, 6),
    )


# --- the monthly table -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "signups", "openings", "leads"),
    [
        # A month that as_of only just reaches counts whole, for the table knows of no days; the next one does not.
        ("2026-01-01", [3, None, None, 3], [10, None, None, 10], [13, None, None]),
        ("2026-01-31", [3, None, None, 3], [10, None, None, 10], [13, None, None]),
        ("2026-02-01", [3, 4, None, 7], [10, 13, None, 10], [13, 17, None]),
        ("2026-02-28", [3, 4, None, 7], [10, 13, None, 10], [13, 17, None]),
        ("2026-03-01", [3, 4, 5, 12], [10, 13, 17, 10], [13, 17, 22]),
        ("2026-03-31", [3, 4, 5, 12], [10, 13, 17, 10], [13, 17, 22]),
    ],
)
def test_the_months_of_a_table_that_as_of_reaches(
    as_of: str, signups: Column, openings: Column, leads: Column, tmp_path: Path
) -> None:
    write(
        tmp_path,
        monthly=["month,opening_registered_users,new_signups", "2026-01,10,3", "2026-02,13,4", "2026-03,17,5"],
    )
    shown = columns(tmp_path, "new_signups", "opening_registered_users", "total_leads", **THREE_MONTHS, as_of=as_of)
    # The total of total_leads in a range that as_of cuts is asked of the table in the oracle.
    assert {**shown, "total_leads": shown["total_leads"][:3]} == {
        "new_signups": signups,
        "opening_registered_users": openings,
        "total_leads": leads,
    }
    behind = [] if signups[1] is None else [("monthly.csv", 3, 4)]
    assert explained_rows(tmp_path, "new_signups", "2026-02", as_of=as_of) == (signups[1], behind)


def test_a_month_that_the_table_lacks_makes_a_quarter_missing_but_not_its_months(tmp_path: Path) -> None:
    write(tmp_path, monthly=["month,new_demo_bookings", "2026-01,3", "2026-03,5"])
    assert columns(tmp_path, "new_demo_bookings", **THREE_MONTHS) == {"new_demo_bookings": [3, None, 5, None]}
    # By 31 January nothing is lacking yet.
    quarter = columns(tmp_path, "new_demo_bookings", month="2026Q1", grain=Grain.QUARTER, as_of="2026-01-31")
    assert quarter == {"new_demo_bookings": [3, 3]}
