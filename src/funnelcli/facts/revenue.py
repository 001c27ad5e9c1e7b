"""MRR at the end of a day: which rows are in force then, and what they come to."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from funnelcli.facts.exports import UNDECIDED, UNPRICED, Exports
from funnelcli.text import Text
from funnelcli.values.channels import CHANNELS
from funnelcli.values.figures import Missing

NO_AMOUNTS = Missing(
    "no-amounts",
    Text("the export has neither mrr nor amount", "tệp không có cột mrr hay số tiền (amount)"),
)
AMOUNTS_UNDECIDED = Missing(
    "amounts-undecided",
    Text(
        'nothing decides the decimal mark of the amounts: say [inputs.paid_users] decimal = "," or "."',
        'không rõ dấu thập phân của số tiền: đặt [inputs.paid_users] decimal = "," hoặc "."',
    ),
)
OPENING_WITHOUT_MRR = Missing(
    "opening-without-mrr",
    Text(
        "[opening] has paid users whose MRR it does not give: add [opening] mrr",
        "[opening] có PU nhưng chưa có MRR của họ: thêm [opening] mrr",
    ),
)


def without_amount(rows: int) -> Missing:
    """So many rows in force have no amount that MRR could be made from."""
    return Missing(
        "rows-without-amount",
        Text(
            f"{'1 row' if rows == 1 else f'{rows} rows'} in force cannot be priced; `funnelcli check` lists them",
            f"{rows} dòng đang hiệu lực không tính được MRR; xem `funnelcli check`",
        ),
    )


@dataclass(frozen=True, kw_only=True)
class MrrAt:
    """MRR at the end of a day by channel, in hundredths, and how many rows in force cannot be told."""

    hundredths: np.ndarray
    unpriced: np.ndarray
    undecided: np.ndarray

    @property
    def total(self) -> int | Missing:
        """The MRR of all channels, or why there is none."""
        return reason_for(int(self.unpriced.sum()), int(self.undecided.sum())) or int(self.hundredths.sum())


def reason_for(unpriced: int, undecided: int) -> Missing | None:
    """Why MRR is missing where so many rows in force have no amount, or one whose decimal mark is undecided."""
    if undecided:
        return AMOUNTS_UNDECIDED
    return without_amount(unpriced) if unpriced else None


class Book:
    """The rows of paid users and the stays merged from them, to be asked for the rows in force at a day's end."""

    def __init__(self, rows: pd.DataFrame, stays: pd.DataFrame) -> None:
        codes, users = pd.factorize(rows["user_id"])
        self._user = codes
        self._users = len(users)
        self._starts, self._ends = rows["start"].to_numpy(np.int64), rows["end"].to_numpy(np.int64)
        self._channels, self._hundredths = rows["channel"].to_numpy(np.int64), rows["hundredths"].to_numpy(np.int64)
        self._stay_user = pd.Index(users).get_indexer(pd.Index(stays["user_id"]))
        self._stay_starts, self._stay_ends = stays["start"].to_numpy(np.int64), stays["end"].to_numpy(np.int64)

    def in_force(self, day: int) -> np.ndarray:
        """The places of the rows that the customers paying across the start of a day pay by.

        Those that began before the day and end on it or later.  A customer who has none, though paying (the next row
        begins that day, or comes within the grace days), pays by the rows of the latest paid day before.
        """
        begun = self._starts < day
        chosen = begun & (self._ends >= day)
        without = np.zeros(self._users, dtype=bool)
        without[self._stay_user[(self._stay_starts < day) & (self._stay_ends >= day)]] = True
        without[self._user[chosen]] = False
        if without.any():
            theirs = np.flatnonzero(begun & without[self._user])
            latest = np.full(self._users, np.iinfo(np.int64).min)
            np.maximum.at(latest, self._user[theirs], self._ends[theirs])
            chosen[theirs[self._ends[theirs] == latest[self._user[theirs]]]] = True
        return np.flatnonzero(chosen)

    def mrr_at(self, day: int) -> MrrAt:
        """The MRR of those paying across the start of a day."""
        rows = self.in_force(day)
        channels, hundredths = self._channels[rows], self._hundredths[rows]

        def by_channel(chosen: np.ndarray, weights: np.ndarray) -> np.ndarray:
            sums = np.zeros(len(CHANNELS), dtype=np.int64)
            np.add.at(sums, channels[chosen], weights[chosen])
            return sums

        ones = np.ones(len(rows), dtype=np.int64)
        return MrrAt(
            hundredths=by_channel(hundredths >= 0, hundredths),
            unpriced=by_channel(hundredths == UNPRICED, ones),
            undecided=by_channel(hundredths == UNDECIDED, ones),
        )


def book_of(exports: Exports, stays: pd.DataFrame) -> Book | None:
    """The book of an export that has amounts; None for one that has none."""
    if exports.paid_users is None or not exports.has_amounts:
        return None
    return Book(exports.paid_users, stays)
