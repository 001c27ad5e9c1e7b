"""The plain pandas script: whole files in memory, the same monthly numbers.

Usage: python benchmarks/peer_pandas.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

MONTHS = pd.period_range("2024-11", "2026-10", freq="M")
PAID_SOURCE = " / cpc"
NEVER = pd.Timestamp("9999-12-31")


def to_days(cells: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    """Parse ISO days; a bad cell becomes NaT."""
    return pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")


def per_month(days: pd.Series[pd.Timestamp]) -> pd.Series[int]:
    """Count the rows of every month, the empty ones too."""
    return days.dt.to_period("M").value_counts().reindex(MONTHS, fill_value=0)


def read_first_signups(folder: Path) -> pd.DataFrame:
    """The earliest sign-up of each user: columns day and source, by user_id."""
    signups = pd.read_csv(folder / "signups.csv")
    signups["day"] = to_days(signups["signed_up_at"])
    signups = signups.dropna(subset=["day"]).sort_values("day", kind="stable")
    return signups.drop_duplicates("user_id").set_index("user_id")[["day", "source"]]


def count_visits(folder: Path, first_signups: pd.DataFrame) -> dict[str, pd.Series[int]]:
    """Visits by kind, and those of people who had signed up on an earlier day."""
    visits = pd.read_csv(folder / "visitors.csv")
    visits["day"] = to_days(visits["date"])
    paid = visits["source"].str.endswith(PAID_SOURCE, na=False)
    existing = visits["user_id"].map(first_signups["day"]) < visits["day"]
    return {
        "organic_visits": per_month(visits.loc[~paid, "day"]),
        "paid_visits": per_month(visits.loc[paid, "day"]),
        "existing_user_visits": per_month(visits.loc[existing, "day"]),
    }


def count_signups(first_signups: pd.DataFrame) -> dict[str, pd.Series[int]]:
    """People by the month of their first sign-up."""
    paid = first_signups["source"].str.endswith(PAID_SOURCE, na=False)
    return {
        "new_signups": per_month(first_signups["day"]),
        "paid_signups": per_month(first_signups.loc[paid, "day"]),
    }


def count_demos(folder: Path) -> dict[str, pd.Series[int]]:
    """Bookings by month, one a demo_id."""
    demos = pd.read_csv(folder / "demos.csv")
    demos["day"] = to_days(demos["booked_at"])
    return {"new_demo_bookings": per_month(demos.groupby("demo_id")["day"].min())}


def read_stays(folder: Path) -> pd.DataFrame:
    """Merged stays: rows of one customer that overlap or touch are one; number 0 is the first."""
    rows = pd.read_csv(folder / "paid_users.csv")
    rows["first_day"] = to_days(rows["started_at"])
    rows["last_day"] = to_days(rows["ended_at"]).fillna(NEVER)
    rows = rows.dropna(subset=["first_day"]).sort_values(["user_id", "first_day", "last_day"])
    paid_until = rows.groupby("user_id")["last_day"].cummax()
    paid_before = paid_until.groupby(rows["user_id"]).shift()
    after_a_gap = (rows["first_day"] - paid_before).dt.days > 1
    rows["stay_number"] = after_a_gap.astype(int).groupby(rows["user_id"]).cumsum()
    return (
        rows.groupby(["user_id", "stay_number"])
        .agg(first_day=("first_day", "min"), last_day=("last_day", "max"))
        .reset_index()
    )


def count_paid_users(stays: pd.DataFrame) -> dict[str, pd.Series[int]]:
    """Balances and movements of paying customers, each counted from the stays themselves."""
    first, last = stays["first_day"], stays["last_day"]
    is_first_stay = stays["stay_number"] == 0

    def paying_at(day: pd.Timestamp) -> int:
        return int(((first < day) & (last >= day)).sum())

    starts = MONTHS.to_timestamp()
    next_starts = (MONTHS + 1).to_timestamp()
    return {
        "opening_paid_users": pd.Series([paying_at(day) for day in starts], index=MONTHS),
        "new_paid_users": per_month(first[is_first_stay]),
        "reactivated_paid_users": per_month(first[~is_first_stay]),
        "churned_paid_users": per_month(last),
        "closing_paid_users": pd.Series([paying_at(day) for day in next_starts], index=MONTHS),
    }


def main(folder: Path) -> None:
    """Print metric,month,value."""
    first_signups = read_first_signups(folder)
    table = pd.DataFrame(
        count_visits(folder, first_signups)
        | count_signups(first_signups)
        | count_demos(folder)
        | count_paid_users(read_stays(folder))
    )
    long = table.rename_axis("month").reset_index().melt("month", var_name="metric")
    long[["metric", "month", "value"]].to_csv(sys.stdout, index=False)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
