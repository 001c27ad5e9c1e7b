"""A firm run on as it is: who stays, who is lost and what they bring, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from funnelcli.stats.paths import Firm, Money, course, nobody, thinned
from funnelcli.stats.simulation import Counts, Given

RUNS = 20_000


def new(*months: int) -> np.ndarray:
    return np.repeat(np.array(months)[:, None], RUNS, axis=1)


def test_losses_are_of_those_who_pay_when_the_month_begins() -> None:
    """1,000 at 10 %: 100; then 900 + 50 new: 95; then 855 + 50: 90.5.  Of the new ones nobody is lost at once."""
    after = course(Firm(customers=1000, churn=Given(rate=0.1)), new(50, 50, 50), nobody(3, RUNS), seed=1)
    assert after.lost.mean(axis=1) == pytest.approx([100, 95, 90.5], rel=0.01)
    assert after.end.mean(axis=1) == pytest.approx([950, 905, 864.5], rel=0.01)
    assert after.amount is None


def test_of_a_month_that_runs_only_the_rest_loses() -> None:
    """Three quarters are over: 10 % x 1/4 of 1,000, and the whole of the next month."""
    firm = Firm(customers=1000, churn=Given(rate=0.1), elapsed=0.75)
    after = course(firm, nobody(2, RUNS), nobody(2, RUNS), seed=1)
    assert after.lost.mean(axis=1) == pytest.approx([25, 97.5], rel=0.01)


def test_whoever_comes_back_pays_again() -> None:
    after = course(Firm(customers=0, churn=Given(rate=0.0)), new(2, 0), new(3, 4), seed=1)
    assert after.end[:, 0].tolist() == [5, 9]


def test_where_nobody_pays_nothing_is_brought() -> None:
    firm = Firm(customers=0, churn=Given(rate=0.5), money=Money(opening=0.0, amounts=(50.0,), apart=20.0))
    after = course(firm, nobody(2, RUNS), nobody(2, RUNS), seed=1)
    assert after.amount is not None
    assert after.amount.max() == 0


def test_what_new_customers_bring_adds_up() -> None:
    """100 bring 5,000; 3 at 50 come each month, nobody is lost, and what all bring grows by 1 %."""
    money = Money(opening=5000.0, amounts=(50.0,), grows=(0.01,))
    after = course(Firm(customers=100, churn=Given(rate=0.0), money=money), new(3, 3), nobody(2, RUNS), seed=1)
    assert after.amount is not None
    assert after.amount[:, 0].tolist() == pytest.approx([5200, 5402])


def test_the_lost_take_what_they_take_beside_the_average() -> None:
    """1,000 bring 50 each; 10 % are lost, who bring half as much: 50,000 - 100 x 25."""
    money = Money(opening=50_000.0, amounts=(50.0,), lost=0.5)
    after = course(Firm(customers=1000, churn=Given(rate=0.1), money=money), nobody(1, RUNS), nobody(1, RUNS), seed=1)
    assert after.amount is not None
    assert after.amount.mean() == pytest.approx(47_500, rel=0.002)


def test_how_much_the_lost_take_is_as_unsure_as_it_was_counted() -> None:
    """25 who differ by as much as they bring tell the mean to a fifth: of 100 lost at 50, 5,000 that is 1,000."""
    money = Money(opening=50_000.0, amounts=(50.0,), apart=50.0, lost_of=25)
    firm = Firm(customers=1000, churn=Given(rate=0.1), money=money)
    after = course(firm, nobody(1, RUNS), nobody(1, RUNS), seed=1)
    assert after.amount is not None
    apart = np.hypot(np.hypot(1000, 50 * np.sqrt(100)), 50 * np.sqrt(1000 * 0.1 * 0.9))  # and who is lost, and how many
    assert after.amount.std() == pytest.approx(apart, rel=0.05)


def test_the_largest_customer_is_lost_or_kept_as_a_whole() -> None:
    """Of 1,000 one brings as much as all others: in a tenth of the runs he is gone, and half of the MRR with him."""
    money = Money(opening=2000.0, amounts=(1.0,), largest=(1000.0,))
    after = course(Firm(customers=1000, churn=Given(rate=0.1), money=money), nobody(1, RUNS), nobody(1, RUNS), seed=1)
    assert after.amount is not None
    assert float((after.amount[0] < 1200).mean()) == pytest.approx(0.1, abs=0.01)
    assert after.amount.mean() == pytest.approx(1800, rel=0.01)


def test_growth_is_as_unsure_as_the_months_that_told_it() -> None:
    """Months of 0 and 10 %: of a run's two they are a resample, so that its mean is 0, 5 or 10 %."""
    money = Money(opening=100.0, amounts=(50.0,), grows=(0.0, 0.1))
    after = course(Firm(customers=10, churn=Given(rate=0.0), money=money), nobody(2, RUNS), nobody(2, RUNS), seed=1)
    assert after.amount is not None
    shares = {grown: float((after.amount[1].round(6) == grown).mean()) for grown in (100, 110, 121)}
    # All of one kind in half of the runs; else each month is either.
    assert shares == pytest.approx({100: 0.375, 110: 0.25, 121: 0.375}, abs=0.015)


def test_of_those_of_whom_something_holds_as_many_are_drawn() -> None:
    did = thinned(new(40, 400), Counts(number=300, of=400), seed=[1])
    assert did.mean(axis=1) == pytest.approx([30, 300], rel=0.01)
    assert did.max(axis=1).tolist() <= [40, 400]
