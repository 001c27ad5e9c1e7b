"""Subscription rows to stays: the unbroken time a customer pays."""

import numpy as np
import pandas as pd


def merge_stays(rows: pd.DataFrame, *, grace_days: int) -> pd.DataFrame:
    """One row a stay: user_id, channel, start, end (last paid day or OPEN_END), is_first, first_row, last_row.

    Rows of one customer that overlap, touch, or leave at most ``grace_days`` unpaid days between them are one stay.
    ``first_row`` and ``last_row`` are positions in ``rows``: where the stay begins, and the row whose end is the stay's.
    Source: docs/definitions.md, paid users.

    >>> rows = pd.DataFrame({"user_id": ["a", "a", "a"], "channel": [1] * 3,
    ...                      "start": [0, 31, 90], "end": [30, 59, 120]})
    >>> merge_stays(rows, grace_days=0)[["start", "end", "is_first"]].values.tolist()
    [[0, 59, True], [90, 120, False]]
    """
    ordered = rows[["user_id", "channel", "start", "end"]].copy()
    ordered["row"] = np.arange(len(rows))
    ordered = ordered.sort_values(["user_id", "start", "end", "row"], kind="stable").reset_index(drop=True)
    paid_until = ordered.groupby("user_id", sort=False)["end"].cummax()
    same_user = ordered["user_id"].eq(ordered["user_id"].shift())
    unpaid = ordered["start"] - paid_until.shift(fill_value=0) - 1
    begins = ~same_user | (unpaid > grace_days)
    ordered["stay"] = begins.cumsum()
    firsts = ordered[begins].set_index("stay")
    lasts = ordered.sort_values(["stay", "end"], kind="stable").drop_duplicates("stay", keep="last").set_index("stay")
    return pd.DataFrame(
        {
            "user_id": firsts["user_id"],
            "channel": firsts["channel"],
            "start": firsts["start"],
            "end": lasts["end"],
            "is_first": ~firsts["user_id"].duplicated(),
            "first_row": firsts["row"],
            "last_row": lasts["row"],
        }
    ).reset_index(drop=True)
