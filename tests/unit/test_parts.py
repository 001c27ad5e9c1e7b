"""The parts of a dimension, worked by hand: the values with one of their own, their order, the places of all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from funnelcli.counting.counts import count
from funnelcli.counting.measures import REGISTERED_AT_END, SIGNUPS, VISITS
from funnelcli.counting.parts import Parts, parts_of
from funnelcli.facts.model import Facts
from funnelcli.values.channels import CHANNELS, Channel
from funnelcli.values.periods import month_of
from support import folder_of

JANUARY, FEBRUARY = month_of(date(2026, 1, 1)), month_of(date(2026, 2, 1))
WHOLE = date(2026, 12, 31)


def write(folder: Path, **files: Sequence[str]) -> None:
    for name, lines in files.items():
        ending = "toml" if name == "funnel" else "csv"
        (folder / f"{name}.{ending}").write_text("\n".join(lines) + "\n", encoding="utf-8")


def facts_of(folder: Path, dimension: str = "source") -> Facts:
    return folder_of(folder).countable(by=dimension)


def parts(folder: Path, dimension: str = "source", as_of: date = WHOLE, also: str | None = None) -> Parts:
    return parts_of(facts_of(folder, dimension), dimension, [JANUARY], as_of, also)


def keys(found: Parts) -> list[str]:
    return [part.key for part in found.slices]


def numbers(folder: Path, *, unlike: str | None = None) -> dict[str, int]:
    """The signups of January by part, beside the whole under ""."""
    facts = facts_of(folder)
    split = parts_of(facts, "source", [JANUARY], WHOLE, unlike)
    counts = count(facts, [JANUARY], WHOLE, split)
    found = {part.key: counts.get(SIGNUPS, 0, part) for part in split.slices} | {"": counts.get(SIGNUPS, 0)}
    return {key: number for key, number in found.items() if isinstance(number, int)}


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-01-30", ["c", "unknown"]),
        ("2026-01-31", ["a", "c", "unknown"]),
        ("2026-02-01", ["a", "c", "unknown"]),  # what comes after the period has no part in it
        ("2026-03-31", ["a", "c", "unknown"]),
    ],
)
def test_values_are_those_up_to_the_last_day_and_as_of(as_of: str, expected: list[str], tmp_path: Path) -> None:
    days = {"a1": "2026-01-31,a", "a2": "2026-01-31,a", "b1": "2026-02-01,b", "b2": "2026-02-01,b", "c": "2025-01-15,c"}
    write(tmp_path, signups=["user_id,signed_up_at,source", *(f"{user},{row}" for user, row in days.items())])
    found = parts(tmp_path, as_of=date.fromisoformat(as_of))
    assert keys(found) == expected
    # All that is not shown would be among the others, had they a part; here the last part stands for them.
    last = len(expected) - 1
    assert found.places == {**{key: place for place, key in enumerate(expected)}, "other": last}
    assert (found.place_of("b"), found.place_of("never seen")) == (last, last)


def test_people_come_before_sums_and_names_decide_between_equals(tmp_path: Path) -> None:
    write(
        tmp_path,
        signups=["user_id,signed_up_at,source", "1,2026-01-01,b", "2,2026-01-01,a", "3,2026-01-01,c", "4,2026-01-01,c"],
        visitors=["date,visits,source", "2026-01-01,5,a", "2026-01-02,5,b", "2026-01-03,100,z", "2026-01-04,0,nil"],
    )
    assert keys(parts(tmp_path)) == ["c", "a", "b", "z", "unknown"]
    more = "date,visits,source", "2026-01-01,5,a", "2026-01-02,6,b", "2026-01-03,1,y", "2026-01-03,100,z"
    write(tmp_path, visitors=more)
    assert keys(parts(tmp_path)) == ["c", "b", "a", "z", "y", "unknown"]


def test_a_row_counts_once_whatever_became_of_it(tmp_path: Path) -> None:
    # Three demos of a are booked, two of b booked and held as well.
    demos = [f"{n},2026-01-0{n},{held},{owner}" for n, held, owner in (
        (1, "", "z"), (2, "", "z"), (3, "", "z"), (4, "2026-01-09", "b"), (5, "2026-01-09", "b"),
    )]  # fmt: skip
    write(tmp_path, demos=["user_id,booked_at,held_at,owner", *demos])
    assert keys(parts(tmp_path, "owner")) == ["z", "b", "unknown"]


def sources(folder: Path, many: int, *, unknown: int = 0, others: Sequence[str] = ()) -> None:
    """January signups: ``many`` of source s01 one, of s02 two …, and ``unknown`` without a source."""
    rows = [f"u{n}-{i},2026-01-05,s{n:02d}" for n in range(1, many + 1) for i in range(n)]
    write(folder, signups=["user_id,signed_up_at,source", *rows, *(f"x{i},2026-01-05," for i in range(unknown))])
    if others:
        write(folder, funnel=others)


LARGEST = [f"s{n:02d}" for n in range(13, 1, -1)]  # s13 to s02: twelve


@pytest.mark.parametrize(
    ("many", "unknown", "expected"),
    [
        (12, 0, [*(f"s{n:02d}" for n in range(12, 0, -1)), "unknown"]),
        (13, 0, [*LARGEST, "other"]),
        (13, 1, [*LARGEST, "other", "unknown"]),
        (1, 2, ["s01", "unknown"]),
        (0, 1, ["unknown"]),
    ],
)
def test_which_parts_there_are(many: int, unknown: int, expected: list[str], tmp_path: Path) -> None:
    sources(tmp_path, many, unknown=unknown)
    found = parts(tmp_path)
    assert keys(found) == expected
    places = {key: place for place, key in enumerate(expected)}
    last = len(expected) - 1
    assert found.places == {"other": last, "unknown": last, **places}
    assert [(part.dimension, part.lasting) for part in found.slices] == [("source", True)] * len(expected)
    assert [part.label.of("en") for part in found.slices] == [
        {"other": "Other", "unknown": "Unknown"}.get(key, key) for key in expected
    ]
    known = {f"s{n:02d}": n for n in range(1, many + 1)} | {"unknown": unknown, "": many * (many + 1) // 2 + unknown}
    shared = numbers(tmp_path)
    assert shared == {key: 1 if key == "other" else known[key] for key in (*expected, "")}  # s01 is the other


@pytest.mark.parametrize(
    ("also", "expected", "rest"),
    [
        ("s01", [*LARGEST, "s01"], None),  # nothing is left for the others, so that what is unknown has its part
        ("s13", LARGEST, 1),
        ("nobody", LARGEST, 1),
        ("other", LARGEST, 1),
        (None, LARGEST, 1),
    ],
)
def test_a_value_may_be_wanted_alone(also: str | None, expected: list[str], rest: int | None, tmp_path: Path) -> None:
    sources(tmp_path, 13)
    write(tmp_path, visitors=["date,visits,source", "2026-01-01,7,s13"])  # one file is enough to know a value by
    assert keys(parts(tmp_path, also=also)) == [*expected, "other" if rest else "unknown"]
    assert numbers(tmp_path, unlike=also) == {
        **{key: int(key[1:]) for key in expected},
        **({"other": rest} if rest else {"unknown": 0}),
        "": 91,
    }


def test_the_unknown_is_no_value_to_want_alone(tmp_path: Path) -> None:
    sources(tmp_path, 14, unknown=3)
    assert keys(parts(tmp_path, also="unknown")) == [f"s{n:02d}" for n in range(14, 2, -1)] + ["other", "unknown"]
    assert keys(parts(tmp_path, also="s01"))[12:] == ["s01", "other", "unknown"]


def test_unknown_rows_and_sums_are_one_part(tmp_path: Path) -> None:
    # As many people as visits without a source.
    sources(tmp_path, 13, unknown=2)
    write(tmp_path, visitors=["date,visits,source", "2026-01-01,2,", "2026-01-02,7,s01"])
    assert keys(parts(tmp_path)) == [*LARGEST, "other", "unknown"]
    facts = facts_of(tmp_path)
    split = parts_of(facts, "source", [JANUARY], WHOLE)
    counts = count(facts, [JANUARY], WHOLE, split)
    assert [counts.get(VISITS, 0, part) for part in split.slices] == [*[0] * 12, 7, 2]
    assert counts.get(VISITS, 0) == 9


def test_what_the_settings_add_is_unknown_or_else_among_the_others(tmp_path: Path) -> None:
    # 91 signups of January and 9 more by the settings: with 13 sources and nobody unknown they are the others'.
    balance = ("[opening]", 'month = "2026-01"', "registered_users = 9")
    opening = (*balance, "[inputs.signups]", 'covers = ["2026-01", "2026-02"]')
    for many, unknown, expected in ((13, 0, [*range(13, 1, -1), 1 + 9]), (12, 0, [*range(12, 0, -1), 9])):
        sources(tmp_path, many, unknown=unknown, others=opening)
        facts = facts_of(tmp_path)
        split = parts_of(facts, "source", [JANUARY, FEBRUARY], WHOLE)
        counts = count(facts, [JANUARY, FEBRUARY], WHOLE, split)
        for place in (0, 1):
            assert [counts.get(REGISTERED_AT_END, place, part) for part in split.slices] == expected
            assert counts.get(REGISTERED_AT_END, place) == sum(expected)


def test_channels_are_all_there_are_in_their_order(tmp_path: Path) -> None:
    sources(tmp_path, 2)
    found = parts(tmp_path, "channel")
    names = [channel.value for channel in CHANNELS if channel is not Channel.UNASSIGNED]
    assert keys(found) == names
    assert found.places == {name: place for place, name in enumerate(names)} | {"other": len(names) - 1}
