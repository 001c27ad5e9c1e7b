"""People followed from stage to stage: windows, ties, skipped stages, returns, ages; each figure worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelcli.counting.cohorts import cohorts_of, overall
from funnelcli.counting.following import Entries, Entry, Followed, Order, follow, through
from funnelcli.facts.moments import Moments, ages, elapsed, last_day, within
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.periods import Grain, month_of, span
from funnelcli.values.windows import parse_window

Written = tuple[int, str]  # who, and when: a day, or a day and a time


def moments(texts: Iterable[str]) -> Moments:
    written = list(texts)
    at = (
        np.array([np.datetime64(text.replace(" ", "T"), "us") for text in written])
        .astype("datetime64[us]")
        .astype(np.int64)
    )
    return Moments(day=at // DAY_MICROS, at=at, timed=np.array([" " in text for text in written], dtype=bool))


def entries(*written: Written) -> Entries:
    when = (
        moments(text for _, text in written) if written else moments(["2026-01-01"]).at_places(np.zeros(0, dtype=int))
    )
    return Entries.of(np.array([who for who, _ in written], dtype=np.int64), when)


def days(followed: Followed) -> list[float | None]:
    micros = elapsed(followed.since, followed.end).tolist()
    return [m / DAY_MICROS if r else None for m, r in zip(micros, followed.reached.tolist(), strict=True)]


# --- windows and ties ------------------------------------------------------------------------------------------------

AT_THE_EDGE = [
    ("2026-05-01 15:00", "2026-05-08 15:00", True),  # exactly seven days
    ("2026-05-01 15:00", "2026-05-08 15:01", False),  # a minute late
    ("2026-05-01 15:00", "2026-05-08", True),  # seven whole days
    ("2026-05-01", "2026-05-09", False),
    ("2026-05-01 15:00", "2026-05-01", True),  # a bare date is its whole day
    ("2026-05-01 15:00", "2026-05-01 14:00", False),  # before
    ("2026-05-01", "2026-05-01", True),
]


def test_the_last_moment_of_a_window_is_within_it() -> None:
    first = entries(*((who, start) for who, (start, _, _) in enumerate(AT_THE_EDGE)))
    later = entries(*((who, end) for who, (_, end, _) in enumerate(AT_THE_EDGE)))
    followed = follow([first, later])
    assert followed.within(parse_window("7d")).tolist() == [held for _, _, held in AT_THE_EDGE]
    assert followed.within(parse_window("1w")).tolist() == [held for _, _, held in AT_THE_EDGE]
    assert (followed.earlier, followed.without) == (1, 0)
    assert days(followed)[2:7] == [7, 8, 0, None, 0]
    # Were there a second one two days later, the one who came before would get on, in 2 days.
    again = follow([first, entries(*((who, end) for who, (_, end, _) in enumerate(AT_THE_EDGE)), (5, "2026-05-03"))])
    assert (days(again)[5], again.earlier) == (2, 0)


@pytest.mark.parametrize(
    ("window", "start", "end", "held"),
    [
        ("1m", "2026-01-31", "2026-02-28", True),
        ("1m", "2026-01-31", "2026-03-01", False),
        ("2m", "2026-01-31", "2026-03-31", True),
        ("1m", "2026-01-15 10:00", "2026-02-15 10:00", True),
        ("1m", "2026-01-15 10:00", "2026-02-15 10:01", False),
        ("1m", "2026-01-15 10:00", "2026-02-15", True),
        ("48h", "2026-01-15 10:00", "2026-01-17 10:00", True),
        ("48h", "2026-01-15 10:00", "2026-01-17 10:01", False),
        ("48h", "2026-01-15 10:00", "2026-01-17", True),
        ("48h", "2026-01-15", "2026-01-18", False),
        ("30h", "2026-01-15", "2026-01-16", True),
        ("30h", "2026-01-15", "2026-01-17", False),
    ],
)
def test_windows_of_months_and_hours(window: str, start: str, end: str, held: bool) -> None:
    assert within(parse_window(window), moments([start]), moments([end])).tolist() == [held]


@pytest.mark.parametrize("text", ["", "90", "0d", "d", "90 days", "-3d", "1.5m", "900y", "99999d"])
def test_what_is_no_window_is_refused(text: str) -> None:
    from funnelcli.text import TextError

    with pytest.raises(TextError):
        parse_window(text)


@pytest.mark.parametrize(
    ("start", "end", "age"),
    [
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-01-31", "2026-03-30", 1),
        ("2026-01-31", "2026-03-31", 2),
        ("2026-01-28", "2026-02-27", 0),
        ("2026-01-28", "2026-02-28", 1),
        ("2028-02-29", "2029-02-27", 11),
        ("2028-02-29", "2029-02-28", 12),
        ("2026-01-15 10:00", "2026-02-15 09:59", 0),
        ("2026-01-15 10:00", "2026-02-15 10:00", 1),
        ("2026-01-15 10:00", "2026-02-15", 1),
    ],
)
def test_ages_are_reckoned_from_the_start(start: str, end: str, age: int) -> None:
    assert ages(moments([start]), moments([end])).tolist() == [age]


@given(st.dates(date(2019, 1, 1), date(2030, 12, 31)), st.integers(0, 1_500))
@settings(max_examples=200)
def test_an_age_is_the_largest_number_of_months_that_fit(start: date, gap: int) -> None:
    """A slow recount: month by month from the start, cut to the month's last day."""
    end = start + timedelta(gap)

    def later(months: int) -> date:
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(1)).day
        return date(year, month + 1, min(start.day, last))

    count = 0
    while later(count + 1) <= end:
        count += 1
    assert ages(moments([str(start)]), moments([str(end)])).tolist() == [count]


# --- ways through the stages -----------------------------------------------------------------------------------------

SIGNUPS = entries((1, "2026-03-01"), (2, "2026-03-02"), (3, "2026-03-03"), (4, "2026-03-04"))
DEMOS = entries((1, "2026-03-05"), (3, "2026-03-10"))
PAID = entries((1, "2026-03-20"), (2, "2026-03-15"))


def test_who_skips_a_stage_has_got_to_it_in_any_order() -> None:
    to_demo = follow([SIGNUPS, DEMOS, PAID])
    assert (to_demo.reached.tolist(), to_demo.skipped.tolist()) == (
        [True, True, True, False],
        [False, True, False, False],
    )
    to_paid, from_demo = follow([SIGNUPS, PAID]), follow([DEMOS, PAID])
    assert to_paid.reached.tolist() == [True, True, False, False]
    assert (from_demo.reached.tolist(), from_demo.without) == ([True, False], 1)  # the second never had a demo


def test_strictly_only_who_came_through_every_stage_counts() -> None:
    assert follow([SIGNUPS, DEMOS], order="strict").reached.tolist() == [True, False, True, False]
    assert follow(through([SIGNUPS, DEMOS, PAID], [True, True]), order="strict").reached.tolist() == [
        True,
        *[False] * 3,
    ]
    # Where the demo is optional, who had none gets on too.
    optional = follow(through([SIGNUPS, DEMOS, PAID], [False, True]), order="strict")
    assert optional.reached.tolist() == [True, True, False, False]


def test_on_a_tie_stages_count_in_their_order() -> None:
    """Two stages and a loss on one bare date: both entered, in 0 days."""
    day = "2026-03-01"
    followed = follow(through([entries((1, day)), entries((1, day)), entries((1, day))], [True, True]), order="strict")
    assert (followed.reached.tolist(), days(followed), followed.skipped.tolist()) == ([True], [0], [False])


@pytest.mark.parametrize(
    ("stages", "entry", "held", "took"),
    [
        (("demo", "contract"), "first", False, 43),
        (("demo", "contract"), "best", True, 5),  # from 20 March
        (("qualify", "contract"), "first", False, 52),
        (("qualify", "contract"), "best", True, 24),  # from 1 March
    ],
)
def test_of_several_entries_the_first_or_the_best_counts(
    stages: tuple[str, str], entry: Entry, held: bool, took: int
) -> None:
    known = {
        "qualify": entries((1, "2026-02-01"), (1, "2026-03-01")),
        "demo": entries((1, "2026-02-10"), (1, "2026-03-20")),
        "contract": entries((1, "2026-03-25")),
    }
    window = parse_window("30d")
    followed = follow([known[stage] for stage in stages], entry=entry, window=window)
    assert (followed.within(window).tolist(), days(followed)) == ([held], [took])
    assert followed.start.when.day.tolist() == [int(known[stages[0]].when.day[0])]  # the cohort stays February's


WHEN = st.one_of(
    st.dates(date(2026, 1, 1), date(2026, 1, 6)).map(str),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 6)).map(lambda t: f"{t:%Y-%m-%d %H}:00"),
)
PEOPLE = st.lists(st.tuples(st.integers(0, 3), WHEN), max_size=8)


def is_not_before(end: str, start: str) -> bool:
    if " " in start and " " in end:
        return end >= start
    return end[:10] >= start[:10]


@given(PEOPLE.filter(bool), PEOPLE, PEOPLE)
@settings(max_examples=300)
def test_whoever_is_followed_is_followed_as_a_walk_from_person_to_person_says(
    first: list[Written], second: list[Written], third: list[Written]
) -> None:
    """Person by person: the earliest entry, and whether anything of a later stage is not before it."""
    followed = follow([entries(*first), entries(*second), entries(*third)])
    for place, who in enumerate(followed.start.entity.tolist()):
        starts = sorted(
            (text for person, text in first if person == who), key=lambda text: (text[:10], len(text) > 10, text)
        )
        start = starts[0]
        got_on = [text for person, text in (*second, *third) if person == who and is_not_before(text, start)]
        assert followed.reached[place] == bool(got_on)
        if got_on:
            assert str(np.datetime64(int(followed.end.day[place]), "D")) == min(text[:10] for text in got_on)
        of_second = [text for person, text in second if person == who and is_not_before(text, start)]
        if not of_second:
            assert bool(followed.skipped[place]) == bool(got_on)
    came = {person for person, _ in second}
    known = {person for person, _ in first}
    assert followed.without == len(came - known)


# --- cohorts ---------------------------------------------------------------------------------------------------------

MARCH, APRIL = span(month_of(date(2026, 3, 1)), month_of(date(2026, 4, 1)), Grain.MONTH)
FOUR = entries((1, "2026-03-01"), (2, "2026-03-20"), (3, "2026-04-05"), (4, "2026-04-06"))
THREE_DEMOS = ((1, "2026-03-31"), (2, "2026-04-20"), (3, "2026-04-10"))


@pytest.mark.parametrize(
    ("as_of", "march", "april", "together"),
    [
        ("2026-04-18", (2, 1, 1, False), (2, 0, 0, False), (0, 0)),
        ("2026-04-19", (2, 2, 1, True), (2, 0, 0, False), (1, 2)),
        ("2026-05-04", (2, 2, 1, True), (2, 0, 0, False), (1, 2)),
        ("2026-05-05", (2, 2, 1, True), (2, 1, 1, False), (1, 2)),
        ("2026-05-06", (2, 2, 1, True), (2, 2, 1, True), (2, 4)),
    ],
)
def test_nobody_counts_before_the_window_is_over(
    as_of: str, march: tuple[int, int, int, bool], april: tuple[int, int, int, bool], together: tuple[int, int]
) -> None:
    """The third got on within 5 days, and enters numerator and denominator only on 5 May, when 30 days are over."""
    day = int(np.datetime64(as_of, "D").astype(int))
    seen = entries(*((who, text) for who, text in THREE_DEMOS if text <= as_of))
    followed = follow([FOUR.until(day), seen])
    everybody = np.ones(len(followed.start), dtype=bool)
    made = cohorts_of(followed, everybody, [MARCH, APRIL], parse_window("30d"), day)
    assert [(c.entered, c.matured, c.converted, c.mature) for c in made] == [march, april]
    whole = overall(made)
    assert (whole.converted, whole.members) == together


def test_a_column_is_known_when_its_time_is_over_for_the_last_member() -> None:
    """The last of January's began on the 31st: month 0 is over on 27 February, its window of 1m on the 28th."""
    january = month_of(date(2026, 1, 1))
    first = entries((1, "2026-01-05"), (2, "2026-01-31"))
    for as_of, known, matured in (("2026-02-26", 0, 1), ("2026-02-27", 1, 1), ("2026-02-28", 1, 2)):
        day = int(np.datetime64(as_of, "D").astype(int))
        followed = follow([first, entries((1, "2026-01-20"))])
        [cohort] = cohorts_of(followed, np.ones(2, dtype=bool), [january], parse_window("1m"), day)
        assert (sum(cell.converted is not None for cell in cohort.cells), cohort.matured) == (known, matured)


def triangle(*rows: tuple[int, tuple[int, ...]]) -> tuple[Followed, list[str]]:
    """People of some cohorts, one a month from January 2026 on, and at which age so many of each got on."""
    starts, got_on, who = [], [], 0
    for number, (members, at_ages) in enumerate(rows):
        plan = [age for age, count in enumerate(at_ages) for _ in range(count)]
        for place in range(members):
            who += 1
            starts.append((who, f"2026-{number + 1:02}-01"))
            if place < len(plan):
                month = number + 1 + plan[place]
                got_on.append((who, f"2026-{month:02}-10"))
    return follow([entries(*starts), entries(*got_on)]), [f"2026-{n + 1:02}" for n in range(len(rows))]


def test_both_ways_to_put_cohorts_together() -> None:
    """(4 + 6) / 30 of the two that have come to the age 2; by age 8/60 + 6/40 + 2/30 = 35 %."""
    followed, names = triangle((10, (1, 2, 1)), (20, (2, 3, 1)), (10, (3, 1)), (20, (2,)))
    periods = span(month_of(date(2026, 1, 1)), month_of(date(2026, 4, 1)), Grain.MONTH)
    day = int(np.datetime64("2026-04-30", "D").astype(int))
    everybody = np.ones(len(followed.start), dtype=bool)
    made = cohorts_of(followed, everybody, periods, parse_window("3m"), day)
    assert [cohort.period.key for cohort in made] == names
    cells = [[cell.new for cell in cohort.cells if cell.new is not None] for cohort in made]
    assert cells == [[1, 2, 1, 0], [2, 3, 1], [3, 1], [2]]
    whole = overall(made)
    assert whole.by_age == pytest.approx(8 / 60 + 6 / 40 + 2 / 30 + 0 / 10)
    complete = overall(cohorts_of(followed, everybody, periods, parse_window("88d"), day))
    assert (complete.converted, complete.members) == (10, 30)


def test_by_age_may_pass_the_whole() -> None:
    """None of ten in the first month and ten in the second; then ten of ten at once: 10/20 + 10/10."""
    followed, _ = triangle((10, (0, 10)), (10, (10,)))
    periods = span(month_of(date(2026, 1, 1)), month_of(date(2026, 2, 1)), Grain.MONTH)
    day = int(np.datetime64("2026-02-28", "D").astype(int))
    made = cohorts_of(followed, np.ones(20, dtype=bool), periods, parse_window("1m"), day)
    assert overall(made).by_age == pytest.approx(1.5)


@given(PEOPLE.filter(bool), PEOPLE, st.integers(1, 6), st.integers(0, 8))
@settings(max_examples=200)
def test_laws_of_cohorts(first: list[Written], second: list[Written], window: int, later: int) -> None:
    """Cohorts sum to all who entered, windows only add, and a later day takes nobody back who had got on."""
    periods = span(month_of(date(2026, 1, 1)), month_of(date(2026, 1, 1)), Grain.MONTH)
    day = int(np.datetime64("2026-01-06", "D").astype(int))
    followed = follow([entries(*first), entries(*second)])
    everybody = np.ones(len(followed.start), dtype=bool)
    order: Order = "any"
    assert order == "any"

    def made(number: int, until: int) -> tuple[int, int, int]:
        [cohort] = cohorts_of(followed, everybody, periods, parse_window(f"{number}d"), until)
        return cohort.entered, cohort.matured, cohort.converted

    entered, matured, converted = made(window, day + later)
    assert entered == len({who for who, _ in first})
    assert converted <= matured <= entered
    assert made(window, day + later + 1)[1] >= matured
    assert made(window, day + later + 1)[2] >= converted
    assert made(window + 1, day + 60)[2] >= made(window, day + 60)[2]


def test_the_day_on_which_a_window_ends() -> None:
    start = moments(["2026-03-20", "2026-03-20 23:30"])
    ends = {
        text: last_day(parse_window(text), start).astype("datetime64[D]").astype(str).tolist()
        for text in ("30d", "1m", "2h")
    }
    assert ends == {
        "30d": ["2026-04-19", "2026-04-19"], "1m": ["2026-04-20", "2026-04-20"], "2h": ["2026-03-20", "2026-03-21"],
    }  # fmt: skip
