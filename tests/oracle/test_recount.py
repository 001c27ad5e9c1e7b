"""The recount against cases worked by hand, and the random exports against what they promise."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from draws import tries
from oracle.random_exports import MONTHS, Case, cases, shown_before, toml_of, write_folder
from oracle.recount import (
    CHANNELS,
    METRICS,
    SIGNUP_SPLIT,
    Answer,
    Period,
    Rows,
    Rules,
    recount,
)

Result = dict[tuple[str, str | None, str], Answer]

JAN: Period = ("2026-01", date(2026, 1, 1), date(2026, 2, 1))
FEB: Period = ("2026-02", date(2026, 2, 1), date(2026, 3, 1))
MAR: Period = ("2026-03", date(2026, 3, 1), date(2026, 4, 1))
APR: Period = ("2026-04", date(2026, 4, 1), date(2026, 5, 1))
MAY: Period = ("2026-05", date(2026, 5, 1), date(2026, 6, 1))
TO_MARCH: Period = ("total", date(2026, 1, 1), date(2026, 4, 1))


def rows(header: str, *lines: str) -> Rows:
    columns = header.split(",")
    return [dict(zip(columns, line.split(","), strict=True)) for line in lines]


def count(
    *periods: Period,
    rules: Rules,
    visitors: Rows | None = None,
    signups: Rows | None = None,
    demos: Rows | None = None,
    paid_users: Rows | None = None,
) -> Result:
    return recount(
        visitors=visitors,
        signups=signups,
        demos=demos,
        paid_users=paid_users,
        periods=list(periods),
        rules=rules,
    )


def known(result: Result, period: Period, channel: str | None = None) -> dict[str, object]:
    """All that is known of one column: values, and (value, numerator, denominator) of rates."""
    column: dict[str, object] = {}
    for (metric, of_channel, key), answer in result.items():
        if (of_channel, key) != (channel, period[0]) or answer == Answer(None):
            continue
        if metric == "arpa_amount" and answer.value is None:
            continue  # without amounts only its denominator is known, which stands in a row of its own
        is_rate = metric.endswith("_rate")
        parts = (answer.value, answer.numerator, answer.denominator)
        column[metric] = parts if is_rate else answer.value
    return column


def paid_column(
    opening: int,
    *,
    new: int = 0,
    back: int = 0,
    lost: int = 0,
    net: int,
    closing: int,
    churn: float | None,
    churn_numerator: int | None = None,
) -> dict[str, object]:
    """The column of a business that exports nothing but its paid users."""
    numerator = lost if churn_numerator is None else churn_numerator
    return {
        "opening_paid_users": opening,
        "new_paid_users": new,
        "reactivated_paid_users": back,
        "churned_paid_users": lost,
        "net_new_paid_users": net,
        "closing_paid_users": closing,
        "demo_to_paid_rate": (None, new, None),  # no demos export
        "paid_user_churn_rate": (churn, numerator, opening),
    }


def test_mrr_of_rows_in_force_and_of_the_latest_paid_day() -> None:
    columns = ("user_id", "started_at", "ended_at", "mrr", "amount")
    paid = [
        dict(zip(columns, row, strict=True))
        for row in (
            ("u1", "2026-01-01", "2026-01-31", "", "100"),  # touches the next: 100 at the end of January
            ("u1", "2026-02-01", "2026-03-31", "", "1200"),  # 1,200 / 2 months = 600
            ("u2", "2026-01-10", "", "29.99", ""),
            ("u2", "2026-01-10", "", "29.99", ""),  # the same row once more
        )
    ]
    result = count(JAN, FEB, paid_users=paid, rules=Rules(as_of=date(2026, 2, 28)))
    assert [result["closing_mrr_amount", None, key].value for key in ("2026-01", "2026-02")] == [129.99, 629.99]
    assert result["arpa_amount", None, "2026-02"] == Answer(629.99 / 2, 629.99, 2)


def test_a_row_counts_through_its_last_day_where_another_begins_on_the_day_after() -> None:
    """Also beside a row that goes on: 100 and 1,200 at the end of January, 100 and 29.99 at that of February."""
    paid = rows(
        "user_id,started_at,ended_at,mrr", "u1,2026-01-05,,100", "u1,2026-01-31,2026-01-31,1200", "u1,2026-02-01,,29.99"
    )
    a_day_later = [*paid[:2], {**paid[2], "started_at": "2026-02-02"}]
    months = [
        [answers["closing_mrr_amount", None, key].value for key in ("2026-01", "2026-02")]
        for answers in (
            count(JAN, FEB, paid_users=some, rules=Rules(as_of=date(2026, 2, 28))) for some in (paid, a_day_later)
        )
    ]
    assert months == [[1300, 129.99], [100, 129.99]]  # a day later nothing follows the row of January


def test_who_comes_back_is_reactivated_not_new() -> None:
    paid = rows(
        "user_id,started_at,ended_at",
        "a,2026-01-05,2026-02-10",  # lost in February ...
        "a,2026-03-20,",  # ... and back in March, still paying
        "b,2026-01-08,",
    )
    result = count(JAN, FEB, MAR, paid_users=paid, rules=Rules(as_of=date(2026, 3, 31)))
    assert known(result, JAN) == paid_column(0, new=2, net=2, closing=2, churn=None)  # 0 / 0
    # 2 - 1 = 1; one of the two who were paying on 1 February: 1 / 2
    assert known(result, FEB) == paid_column(2, lost=1, net=-1, closing=1, churn=0.5)
    # 1 + 0 + 1 - 0 = 2; 0 / 1
    assert known(result, MAR) == paid_column(1, back=1, net=1, closing=2, churn=0.0)


def test_a_gap_of_at_most_the_grace_is_one_stay() -> None:
    # Unpaid: 30 and 31 January, 1 February: three days.
    paid = rows("user_id,started_at,ended_at", "a,2026-01-01,2026-01-29", "a,2026-02-02,2026-03-31")
    as_of = date(2026, 2, 28)
    strict = count(JAN, FEB, paid_users=paid, rules=Rules(as_of=as_of, grace_days=2))
    assert known(strict, JAN) == paid_column(0, new=1, lost=1, net=0, closing=0, churn=None)
    assert known(strict, FEB) == paid_column(0, back=1, net=1, closing=1, churn=None)
    patient = count(JAN, FEB, paid_users=paid, rules=Rules(as_of=as_of, grace_days=3))
    assert known(patient, JAN) == paid_column(0, new=1, net=1, closing=1, churn=None)
    assert known(patient, FEB) == paid_column(1, net=0, closing=1, churn=0.0)


def test_rows_that_touch_or_overlap_are_one_stay() -> None:
    paid = rows(
        "user_id,started_at,ended_at",
        "day-after,2026-02-01,2026-02-27",
        "day-after,2026-01-01,2026-01-31",  # the next begins the day after the end
        "same-day,2026-01-01,2026-01-31",
        "same-day,2026-01-31,2026-02-27",
        "inside,2026-01-01,2026-02-27",
        "inside,2026-01-10,2026-01-20",  # ends earlier than the one around it
    )
    result = count(JAN, FEB, paid_users=paid, rules=Rules(as_of=date(2026, 2, 28)))
    assert known(result, JAN) == paid_column(0, new=3, net=3, closing=3, churn=None)
    assert known(result, FEB) == paid_column(3, lost=3, net=-3, closing=0, churn=1.0)  # 3 / 3


def test_joining_and_leaving_in_one_month_is_new_and_lost() -> None:
    paid = rows(
        "user_id,started_at,ended_at",
        "old,2026-01-01,2026-02-20",
        "stays,2026-01-01,",
        "short,2026-02-03,2026-02-17",
    )
    as_of = date(2026, 2, 28)
    every_loss = count(FEB, paid_users=paid, rules=Rules(as_of=as_of))
    # 2 + 1 - 2 = 1; both losses over the two who were paying: 2 / 2
    assert known(every_loss, FEB) == paid_column(2, new=1, lost=2, net=-1, closing=1, churn=1.0)
    of_opening = count(FEB, paid_users=paid, rules=Rules(as_of=as_of, churn_method="opening"))
    # The same counts; only `old` was paying on 1 February: 1 / 2
    assert known(of_opening, FEB) == paid_column(2, new=1, lost=2, net=-1, closing=1, churn=0.5, churn_numerator=1)


def test_who_is_lost_twice_in_a_period_was_paying_at_its_start_once() -> None:
    paid = rows(
        "user_id,started_at,ended_at",
        "a,2026-01-01,2026-02-05",
        "a,2026-02-10,2026-02-20",
    )
    rules = Rules(as_of=date(2026, 2, 28), churn_method="opening")
    # 1 + 1 - 2 = 0; of the two losses only the first ends the stay of 1 February: 1 / 1
    assert known(count(FEB, paid_users=paid, rules=rules), FEB) == paid_column(
        1, back=1, lost=2, net=-1, closing=0, churn=1.0, churn_numerator=1
    )


def test_an_exclusive_end_is_the_first_unpaid_day() -> None:
    paid = rows(
        "user_id,started_at,ended_at",
        "a,2026-01-05,2026-02-01",
        "b,2026-01-31,2026-01-31",  # never lasts less than its first day
    )
    as_of = date(2026, 2, 28)
    inclusive = count(JAN, FEB, paid_users=paid, rules=Rules(as_of=as_of))
    # a is lost on 1 February, b on 31 January.
    assert known(inclusive, JAN) == paid_column(0, new=2, lost=1, net=1, closing=1, churn=None)
    assert known(inclusive, FEB) == paid_column(1, lost=1, net=-1, closing=0, churn=1.0)
    exclusive = count(JAN, FEB, paid_users=paid, rules=Rules(as_of=as_of, end_date="exclusive"))
    # Both are lost on 31 January.
    assert known(exclusive, JAN) == paid_column(0, new=2, lost=2, net=0, closing=0, churn=None)
    assert known(exclusive, FEB) == paid_column(0, net=0, closing=0, churn=None)


def test_nothing_after_as_of_is_counted_and_a_period_after_it_is_missing() -> None:
    paid = rows(
        "user_id,started_at,ended_at",
        "a,2026-01-01,2026-02-14",  # lost on as_of itself
        "b,2026-01-01,2026-02-15",  # a day later: not lost yet
        "c,2026-01-01,2026-02-13",  # renewed, though the renewal has not begun
        "c,2026-02-16,",
        "d,2026-02-15,",  # not begun
    )
    rules = Rules(as_of=date(2026, 2, 14), grace_days=2)
    result = count(FEB, MAR, paid_users=paid, rules=rules)
    # 3 + 0 - 1 = 2; 1 / 3
    assert known(result, FEB) == paid_column(3, lost=1, net=-1, closing=2, churn=1 / 3)
    assert known(result, MAR) == {}
    # Left to itself as_of is the latest start, 16 February: b is lost too, d has begun.
    # 3 + 1 - 2 = 2; 2 / 3
    later = count(FEB, MAR, paid_users=paid, rules=replace(rules, as_of=None))
    assert known(later, FEB) == paid_column(3, new=1, lost=2, net=-1, closing=2, churn=2 / 3)
    assert known(later, MAR) == {}


def test_a_day_begins_at_midnight_of_the_business() -> None:
    visits = rows("date", "2026-04-30T20:00:00Z", "2026-04-30 20:00:00", "2026-05-01T06:59:00+07:00")
    people = rows("user_id,signed_up_at", "a,2026-04-30T16:59:59Z", "b,2026-04-30T17:00:00Z")
    in_vietnam = count(APR, MAY, visitors=visits, signups=people, rules=Rules())
    # 20:00Z is 3:00 on 1 May; the naive 20:00 is April.  17:00Z is midnight.
    assert known(in_vietnam, APR) == {
        "organic_visits": 1,
        "net_new_visitors": 1,
        "total_leads": 1,
        "opening_registered_users": 0,
        "new_signups": 1,
        "organic_signups": 1,
        "closing_registered_users": 1,
        "visitor_to_signup_rate": (1.0, 1, 1),
        "signup_to_demo_rate": (None, None, 1),
    }
    assert known(in_vietnam, MAY) == {
        "organic_visits": 2,
        "net_new_visitors": 2,
        "total_leads": 2,  # 1 + 1
        "opening_registered_users": 1,
        "new_signups": 1,
        "organic_signups": 1,
        "closing_registered_users": 2,
        "visitor_to_signup_rate": (0.5, 1, 2),
        "signup_to_demo_rate": (None, None, 1),
    }
    in_london = count(APR, MAY, visitors=visits, signups=people, rules=Rules(timezone="UTC"))
    # 06:59+07:00 is 23:59Z of April, so nothing at all is in May, which begins after as_of.
    assert known(in_london, APR) == {
        "organic_visits": 3,
        "net_new_visitors": 3,
        "total_leads": 2,
        "opening_registered_users": 0,
        "new_signups": 2,
        "organic_signups": 2,
        "closing_registered_users": 2,
        "visitor_to_signup_rate": (2 / 3, 2, 3),
        "signup_to_demo_rate": (None, None, 2),
    }
    assert known(in_london, MAY) == {}


def test_organic_is_what_no_pattern_measures() -> None:
    people = rows(
        "user_id,signed_up_at,source",
        "a,2026-01-02,Facebook  ADS",  # paid, whatever the case and the space
        "b,2026-01-03,ads-partner-7",  # both patterns match: the first channel, partner
        "c,2026-01-04,newspaper",  # nothing matches: organic
        "d,2026-01-05,",  # empty: organic
        "An@Shop.vn,2026-01-09,newspaper",  # a duplicate of the next row, three days later
        "an@shop.vn,2026-01-06,friend",
    )
    rules = Rules(
        as_of=date(2026, 1, 31),
        channels={"partner": ["*partner*"], "paid": ["*ads*"], "referral": ["friend"]},
    )
    result = count(JAN, signups=people, rules=rules)
    assert known(result, JAN) == {
        "total_leads": 5,
        "opening_registered_users": 0,
        "new_signups": 5,
        "organic_signups": 2,  # 5 - 1 - 0 - 0 - 1 - 1
        "paid_signups": 1,
        "sales_sme_signups": 0,
        "affiliate_signups": 0,
        "partner_signups": 1,
        "referral_signups": 1,
        "closing_registered_users": 5,
        "visitor_to_signup_rate": (None, 5, None),
        "signup_to_demo_rate": (None, None, 5),
    }
    by_channel = {channel: result["new_signups", channel, "2026-01"].value for channel in CHANNELS}
    assert by_channel == {
        "organic": 2,
        "paid": 1,
        "sales_sme": 0,
        "affiliate": 0,
        "partner": 1,
        "referral": 1,
        "unknown": 0,
    }


def test_an_existing_user_had_signed_up_before_the_visit() -> None:
    people = rows(
        "user_id,signed_up_at",
        "timed,2026-01-10 09:00:00",
        "dated,2026-01-10",
        "twice,2026-01-20",
        "twice,2026-01-10",  # the earliest counts
    )
    visits = rows(
        "date,user_id,visits,source",
        "2026-01-10 08:59:59,timed,1,paid",
        "2026-01-10 09:00:00,timed,2,paid",  # at the instant of signing up: not before
        "2026-01-10T02:00:01Z,timed,4,paid",  # 09:00:01: existing
        "2026-01-10,timed,8,organic",  # no time of day: the day decides, and it is the same
        "2026-01-10 23:00:00,dated,16,organic",  # the same
        "2026-01-11,dated,32,organic",  # existing
        "2026-01-11,twice,64,organic",  # existing
        "2026-01-12,nobody,128,organic",
        "2026-01-12,,256,organic",
    )
    result = count(JAN, visitors=visits, signups=people, rules=Rules())
    expected = {
        "organic_visits": 504,  # 8 + 16 + 32 + 64 + 128 + 256
        "paid_visits": 7,  # 1 + 2 + 4
        "existing_user_visits": 100,  # 4 + 32 + 64
        "net_new_visitors": 411,  # 504 + 7 - 100
        "total_leads": 3,
        "opening_registered_users": 0,
        "new_signups": 3,
        "organic_signups": 3,  # no source column: the residual is all of it
        "closing_registered_users": 3,
        "visitor_to_signup_rate": (3 / 411, 3, 411),
        "signup_to_demo_rate": (None, None, 3),
    }
    assert known(result, JAN) == expected
    assert known(count(JAN, visitors=visits, rules=Rules()), JAN) == {
        "organic_visits": 504,
        "paid_visits": 7,
        "net_new_visitors": 511,  # nobody to join with: 504 + 7
        "visitor_to_signup_rate": (None, None, 511),
    }
    assert known(result, JAN, "paid") == {
        "organic_visits": 0,
        "paid_visits": 7,
        "existing_user_visits": 4,
        "net_new_visitors": 3,
        "total_leads": 0,
        "opening_registered_users": 0,
        "new_signups": 0,
        "closing_registered_users": 0,
        "visitor_to_signup_rate": (0.0, 0, 3),
        "signup_to_demo_rate": (None, None, 0),
    }


def test_the_export_may_say_itself_who_exists() -> None:
    summed = rows("date,visits,existing_visits", "2026-01-02,10,4", "2026-01-03,5,0")
    assert known(count(JAN, visitors=summed, rules=Rules()), JAN) == {
        "organic_visits": 15,  # no source column: all of them, and paid is missing
        "existing_user_visits": 4,
        "net_new_visitors": 11,
        "visitor_to_signup_rate": (None, None, 11),
    }
    flagged = rows("date,is_existing,source,visits", "2026-01-02,true,paid,3", "2026-01-03,false,organic,2")
    assert known(count(JAN, visitors=flagged, rules=Rules()), JAN) == {
        "organic_visits": 2,
        "paid_visits": 3,
        "existing_user_visits": 3,
        "net_new_visitors": 2,  # 2 + 3 - 3
        "visitor_to_signup_rate": (None, None, 2),
    }


def test_a_customer_has_the_first_source_written_for_it() -> None:
    paid = rows(
        "user_id,started_at,ended_at,source",
        "a,2026-01-05,,paid",  # the same start, still paying: after the next row
        "a,2026-01-05,2026-01-20,partner",
        "a,2026-01-02,2026-01-03,",  # earliest, but says nothing
        "b,2026-01-02,,",  # by the signup: referral, its accents written in two ways
        "c,2026-01-02,,",  # never signed up
    )
    people = rows("user_id,signed_up_at,source", "b,2026-01-01,gio\u031b\u0301i thie\u0323\u0302u")
    rules = Rules(as_of=date(2026, 1, 31), channels={"referral": ["Gi\u1edbi Thi\u1ec7u*"], "partner": ["partner"]})
    result = count(JAN, paid_users=paid, signups=people, rules=rules)
    new = {channel: result["new_paid_users", channel, "2026-01"].value for channel in CHANNELS}
    assert new == {
        "organic": 0,
        "paid": 0,
        "sales_sme": 0,
        "affiliate": 0,
        "partner": 1,
        "referral": 1,
        "unknown": 1,
    }


def test_a_demo_is_booked_once_and_held_on_its_day() -> None:
    people = rows("user_id,signed_up_at,source", "a,2026-01-02,affiliate", "b,2026-01-02,paid")
    meetings = rows(
        "demo_id,user_id,booked_at,held_at,status,source",
        "1,a,2026-02-03,,,",  # a repeat of the next row, and not the one that counts
        "1,a,2026-01-30,,,",
        "1,a,2026-02-04,2026-02-05,,paid",  # but this repeat tells when it was held
        "2,b,2026-01-10,2026-01-12,no_show,",
        "3,b,2026-01-11,2026-01-13,,partner",  # its own source before the signup's
        ",c,2026-01-20,,held,",  # held on the day it was booked; c never signed up
        ",c,2026-01-20,,held,",  # without an id each row is a demo
        "4,b,2026-02-27,2026-03-02,,",
    )
    result = count(JAN, FEB, signups=people, demos=meetings, rules=Rules(as_of=date(2026, 2, 28)))
    people_before_demos = {"total_leads": 2, "closing_registered_users": 2}
    paid_and_affiliate = {"paid_signups": 1, "affiliate_signups": 1}
    assert known(result, JAN) == {
        **dict.fromkeys(SIGNUP_SPLIT, 0),
        **paid_and_affiliate,
        **people_before_demos,
        "opening_registered_users": 0,
        "new_signups": 2,
        "new_demo_bookings": 5,  # 1, 2, 3 and the two without an id
        "cumulative_demos_held": 3,  # 3 and the two without an id
        "visitor_to_signup_rate": (None, 2, None),
        "signup_to_demo_rate": (2.5, 5, 2),
        "demo_to_paid_rate": (None, None, 5),
    }
    # The signups ended on 2 January: nobody knows who signed up in February.
    assert known(result, FEB) == {
        "new_demo_bookings": 1,  # 4
        "cumulative_demos_held": 4,  # 3 + demo 1, held on 5 February; 4 lies after as_of
        "signup_to_demo_rate": (None, 1, None),
        "demo_to_paid_rate": (None, None, 1),
    }
    booked = {channel: result["new_demo_bookings", channel, "2026-01"].value for channel in CHANNELS}
    assert booked == {
        "organic": 0,
        "paid": 1,  # 2, by b's signup
        "sales_sme": 0,
        "affiliate": 1,  # 1, by a's signup
        "partner": 1,  # 3
        "referral": 0,
        "unknown": 2,  # c's
    }


def test_opening_balances_are_carried_from_their_month() -> None:
    people = rows(
        "user_id,signed_up_at,source",
        "a,2026-01-05,paid",
        "b,2026-02-05,paid",
        "c,2026-03-05,organic",
    )
    meetings = rows("user_id,booked_at,held_at", "a,2026-01-06,2026-01-07", "b,2026-02-06,2026-02-07")
    paid = rows("user_id,started_at,ended_at", "a,2026-01-08,2026-02-08", "b,2026-02-08,")
    rules = Rules(as_of=date(2026, 3, 31), opening=(date(2026, 2, 1), 100, 40, 30))
    result = count(JAN, FEB, signups=people, demos=meetings, paid_users=paid, rules=rules)
    # At 1 February the exports show 1 person, 1 customer and 1 demo held.
    # Beyond them: 100 - 1 = 99, 40 - 1 = 39, 30 - 1 = 29.
    assert known(result, FEB) == {
        **dict.fromkeys(SIGNUP_SPLIT, 0),
        "total_leads": 101,  # 2 + 99
        "opening_registered_users": 100,  # 1 + 99
        "new_signups": 1,
        "paid_signups": 1,
        "closing_registered_users": 101,  # 100 + 1
        "visitor_to_signup_rate": (None, 1, None),
        "cumulative_demos_held": 31,  # 2 + 29
        "new_demo_bookings": 1,
        "signup_to_demo_rate": (1.0, 1, 1),
        "opening_paid_users": 40,  # 1 + 39
        "new_paid_users": 1,
        "reactivated_paid_users": 0,
        "demo_to_paid_rate": (1.0, 1, 1),
        "churned_paid_users": 1,
        "paid_user_churn_rate": (0.025, 1, 40),
        "net_new_paid_users": 0,  # 1 - 1
        "closing_paid_users": 40,  # 40 + 0
    }
    # The month before: the flows are known, the balances are not.
    assert known(result, JAN) == {
        **dict.fromkeys(SIGNUP_SPLIT, 0),
        "new_signups": 1,
        "paid_signups": 1,
        "visitor_to_signup_rate": (None, 1, None),
        "new_demo_bookings": 1,
        "signup_to_demo_rate": (1.0, 1, 1),
        "new_paid_users": 1,
        "reactivated_paid_users": 0,
        "demo_to_paid_rate": (1.0, 1, 1),
        "churned_paid_users": 0,
        "paid_user_churn_rate": (None, 0, None),
        "net_new_paid_users": 1,
    }
    # Nobody knows where those of before came from: paid + unknown is the whole.
    balances = ("total_leads", "cumulative_demos_held", "opening_paid_users")
    by_channel = {
        channel: [result[metric, channel, "2026-02"].value for metric in balances]
        for channel in ("organic", "paid", "unknown")
    }
    assert by_channel == {"organic": [0, 0, 0], "paid": [2, 2, 1], "unknown": [99, 29, 39]}


def test_the_total_is_the_range_as_one_period() -> None:
    visits = rows(
        "date,source,visits,existing_visits",
        "2026-01-10,organic,30,5",
        "2026-02-10,paid,20,5",
        "2026-03-10,organic,10,0",
    )
    people = rows(
        "user_id,signed_up_at,source",
        "z,2025-12-31,organic",
        "a,2026-01-05,paid",
        "b,2026-02-05,organic",
        "c,2026-02-06,organic",
        "a,2026-03-05,organic",  # signed up in January already
    )
    meetings = rows("user_id,booked_at", "a,2026-01-06", "b,2026-03-06", "c,2026-03-06")
    paid = rows(
        "user_id,started_at,ended_at",
        "z,2025-12-31,2026-02-10",
        "z,2026-03-01,",
        "a,2026-01-20,2026-03-15",
    )
    result = count(
        TO_MARCH,
        visitors=visits,
        signups=people,
        demos=meetings,
        paid_users=paid,
        rules=Rules(as_of=date(2026, 3, 31)),
    )
    assert known(result, TO_MARCH) == {
        **dict.fromkeys(SIGNUP_SPLIT, 0),
        "total_leads": 4,
        "organic_visits": 40,  # 30 + 10
        "paid_visits": 20,
        "existing_user_visits": 10,  # 5 + 5
        "net_new_visitors": 50,  # 40 + 20 - 10
        "opening_registered_users": 1,  # of January
        "new_signups": 3,  # 1 + 2 + 0
        "organic_signups": 2,
        "paid_signups": 1,
        "visitor_to_signup_rate": (0.06, 3, 50),  # not the mean of 1/25, 2/15 and 0/10
        "closing_registered_users": 4,  # of March
        # no held_at and no status: nobody knows how many demos were held
        "new_demo_bookings": 3,  # 1 + 0 + 2
        "signup_to_demo_rate": (1.0, 3, 3),
        "opening_paid_users": 1,
        "new_paid_users": 1,  # a
        "reactivated_paid_users": 1,  # z
        "demo_to_paid_rate": (1 / 3, 1, 3),
        "churned_paid_users": 2,  # z in February, a in March
        "paid_user_churn_rate": (2.0, 2, 1),  # above 1 and left so
        "net_new_paid_users": 0,  # 1 + 1 - 2
        "closing_paid_users": 1,
    }


def test_a_missing_export_makes_its_metrics_missing_and_an_empty_one_makes_them_zero() -> None:
    assert known(count(JAN, rules=Rules(as_of=date(2026, 1, 31))), JAN) == {}
    empty = count(JAN, paid_users=[], rules=Rules(as_of=date(2026, 1, 31)))
    # Without a column of ends nobody can be said to have left.
    without_ends = paid_column(0, net=0, closing=0, churn=None)
    del without_ends["churned_paid_users"], without_ends["net_new_paid_users"]
    assert known(empty, JAN) == {**without_ends, "paid_user_churn_rate": (None, None, 0)}
    whole = [(metric, None) for metric in METRICS]
    channels = [(m, c) for c in CHANNELS for m in METRICS if m not in SIGNUP_SPLIT]
    assert [(metric, channel) for metric, channel, _ in empty] == whole + channels


# The random exports

MONTH_PERIODS: list[Period] = [
    (first.strftime("%Y-%m"), first, after)
    for first, after in zip(MONTHS, (*MONTHS[1:], date(2026, 5, 1)), strict=True)
]
light = settings(max_examples=tries(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@light
@given(cases())
def test_channels_sum_to_the_whole_and_months_join_up(case: Case) -> None:
    result = recount(**case.exports.by_stage(), periods=MONTH_PERIODS, rules=case.rules)
    additive = [m for m in METRICS if m not in SIGNUP_SPLIT and not m.endswith(("_rate", "_amount"))]
    for key, _, _ in MONTH_PERIODS:
        whole = [result[metric, None, key].value for metric in additive]
        parts = [[result[metric, channel, key].value for channel in CHANNELS] for metric in additive]
        assert whole == [None if None in part else sum(filter(None, part)) for part in parts]
        mrr = [result["closing_mrr_amount", channel, key].value for channel in (None, *CHANNELS)]
        cents = [None if amount is None else round(amount * 100) for amount in mrr]
        assert cents[0] == (None if None in cents[1:] else sum(filter(None, cents[1:])))
    for (before, _, _), (after, _, _) in pairwise(MONTH_PERIODS):
        for balance in ("registered_users", "paid_users"):
            opening = result[f"opening_{balance}", None, after].value
            closing = result[f"closing_{balance}", None, before].value
            assert None in (opening, closing) or opening == closing


@light
@given(cases())
def test_opening_balances_are_at_least_what_the_exports_show(case: Case) -> None:
    if case.rules.opening is not None:
        month, *given_balances = case.rules.opening
        *shown, mrr = shown_before(case.exports, month, case.rules)
        assert [g >= s for g, s in zip(given_balances, shown, strict=True)] == [True] * 3
        assert case.rules.opening_mrr is None or case.rules.opening_mrr >= mrr


@light
@given(case=cases())
def test_the_files_hold_the_exports_and_the_rules(case: Case, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder: Path = tmp_path_factory.mktemp("business")
    write_folder(case.exports, folder)
    read = {}
    for path in sorted(folder.iterdir()):
        with path.open(encoding="utf-8", newline="") as file:
            read[path.name] = list(csv.DictReader(file))
    written = case.exports.by_stage()
    assert read == {f"{stage}.csv": rows for stage, rows in written.items() if rows is not None}
    opening = case.rules.opening
    assert tomllib.loads(toml_of(case.rules)) == {
        "business": {"timezone": case.rules.timezone},
        "channels": {channel: list(globs) for channel, globs in case.rules.channels.items()},
        "paid_users": {
            "grace_days": case.rules.grace_days,
            "end_date": case.rules.end_date,
            **({"ends": "facts"} if case.rules.ends == "facts" else {}),
        },
        "churn": {"method": case.rules.churn_method},
    } | (
        {
            "inputs": {
                stage: {"covers": [f"{month:%Y-%m}" for month in months]} for stage, months in case.rules.covers.items()
            }
        }
        if case.rules.covers
        else {}
    ) | (
        {}
        if opening is None
        else {
            "opening": {
                "month": opening[0].isoformat()[:7],
                "registered_users": opening[1],
                "paid_users": opening[2],
                "demos_held": opening[3],
                **({} if case.rules.opening_mrr is None else {"mrr": float(case.rules.opening_mrr)}),
            }
        }
    )
