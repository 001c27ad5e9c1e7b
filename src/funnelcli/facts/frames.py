"""Typed columns to checked pandas tables: duplicates set aside, channels filled in."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import pandas as pd

from funnelcli.config import InputSettings
from funnelcli.facts.exports import NO_DAY, OPEN_END
from funnelcli.facts.money import monthly_hundredths
from funnelcli.problems import Problems, problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.engines.model import source_text
from funnelcli.reading.tables import Table
from funnelcli.values.channels import CODES, Channel, ChannelMap, fold
from funnelcli.values.dates import DAY_MICROS, day_of

HELD = frozenset(
    ["held", "done", "complete", "completed", "attended", "showed", "show", "finished", "success", "successful", "met"]
) | frozenset(
    (
        "đã demo", "đã diễn ra", "đã thực hiện", "hoàn thành", "đã hoàn thành", "hoàn tất", "thành công", "đã gặp",
        "có mặt", "đã tham dự",
    )
)  # fmt: skip
NOT_HELD = frozenset(
    ["cancelled", "canceled", "cancel", "no_show", "no-show", "noshow", "missed", "scheduled", "booked", "pending", "rescheduled", "upcoming", "planned", "new", "confirmed", "open", "requested", "hủy", "huỷ", "vắng", "chờ", "hoãn"]
) | frozenset(
    (
        "no show", "đã hủy", "đã huỷ", "bị hủy", "không đến", "vắng mặt", "không tham dự", "đã đặt", "đã đặt lịch",
        "đã lên lịch", "dời lịch", "chờ xác nhận", "đã xác nhận", "sắp diễn ra", "chờ demo", "đã hẹn", "hẹn",
    )
)  # fmt: skip
_NOT_HELD_WORDS = re.compile(r"^(not|no|chưa|không|hoãn|dời)\b|cancel|\bno.?show|reschedul|\bhủy\b|\bhuỷ\b")
NOT_PAYING = frozenset(
    (
        "trialing", "trial", "in trial", "free", "free trial", "incomplete", "incomplete_expired", "incomplete expired",
        "draft", "void", "unpaid", "closedlost", "closed lost", "refunded", "refund", "đã hoàn tiền", "hoàn tiền", "dùng thử", "miễn phí", "thất bại",
    )
)  # fmt: skip


def says_not_held(status: str) -> bool:
    """Whether a folded status says that the demo was not (yet) held.

    >>> says_not_held("cancelled by client"), says_not_held("đã demo")
    (True, False)
    """
    return status in NOT_HELD or bool(_NOT_HELD_WORDS.search(status))


def _sources(table: Table) -> Cells:
    """Each row's source, put together with its medium where the file has one."""
    with_medium = [one.has("medium") for one in table.files]
    if not any(with_medium):
        return table.texts["source"]
    rows = zip(table.texts["source"], table.texts["medium"], table.file.tolist(), strict=True)
    return Cells.of([source_text(source, medium if with_medium[file] else None) for source, medium, file in rows])


def _column(cells: Cells) -> pd.Series:
    return pd.Series(cells.values(), dtype=object)


def _base(table: Table, sources: Cells) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user_id": _column(table.texts["user_id"]),
            "source": _column(sources),
            "file": table.file,
            "line": table.line,
        }
    )


def _set_aside(table: Table, frame: pd.DataFrame, kept: pd.Series | np.ndarray) -> pd.DataFrame:
    """The kept rows in order; the others are tallied as duplicates of their files."""
    for number, count in frame.loc[~kept, "file"].value_counts().items():
        tally = table.tallies[int(str(number))]
        tally.duplicate += int(count)
        tally.counted -= int(count)
    return frame[kept].reset_index(drop=True)


def _mapped(sources: Cells, channels: ChannelMap) -> np.ndarray:
    """The channel code of each source."""
    codes = [CODES[channels.of(source)] for source in sources.texts]
    mapped: np.ndarray = np.array(codes, dtype=np.int64)[sources.places]
    return mapped


def unmatched_sources(frame: pd.DataFrame, channels: ChannelMap) -> Counter[str]:
    """The sources no pattern matches, with their rows."""
    sources = Cells.of(frame["source"].tolist())
    rows = np.bincount(sources.places, minlength=len(sources.texts)).tolist()
    return Counter(
        {source: n for source, n in zip(sources.texts, rows, strict=True) if not channels.is_matched(source)}
    )


_NOBODY = -1


@dataclass(frozen=True, eq=False)
class UserChannels:
    """The channel code of each user who signed up: ``codes`` in the order of the texts of ``users``."""

    users: Cells
    codes: np.ndarray

    def of(self, users: pd.Series) -> np.ndarray:
        """The code of each of the given users, _NOBODY for those who never signed up."""
        rows = np.fromiter(map(self.users.first.get, users.tolist(), repeat(_NOBODY)), dtype=np.int64, count=len(users))
        codes = np.full(len(users), _NOBODY)
        known = rows != _NOBODY
        codes[known] = self.codes[self.users.places[rows[known]]]
        return codes


NO_CHANNELS = UserChannels(Cells.of([]), np.zeros(0, dtype=np.int64))


def signups_frame(table: Table, channels: ChannelMap) -> tuple[pd.DataFrame, UserChannels]:
    """One row a person, the earliest of its rows; and everybody's channel."""
    sources, users = _sources(table), table.texts["user_id"].places
    frame = _base(table, sources)
    moments = table.moments["signed_up_at"]
    frame["micros"] = moments.micros
    frame["timed"] = moments.timed
    frame["day"] = moments.micros // DAY_MICROS
    frame["channel"] = _mapped(sources, channels)
    repeated = np.bincount(users)[users] > 1
    if repeated.any():
        several = frame[repeated].sort_values(["micros", "source", "timed", "file", "line"], kind="stable")
        kept = np.ones(len(frame), dtype=bool)
        kept[several.index[several.duplicated("user_id")]] = False
        frame, users = _set_aside(table, frame, kept), users[kept]
    codes = np.zeros(len(frame), dtype=np.int64)
    codes[users] = frame["channel"].to_numpy()
    return frame, UserChannels(table.texts["user_id"], codes)


def demos_frame(table: Table, channels: ChannelMap, of_user: UserChannels, problems: Problems) -> pd.DataFrame:
    """One row a demo: per demo_id the earliest booking, with what later rows of it know beside."""
    frame = _base(table, _sources(table))
    frame["demo_id"] = _column(table.texts["demo_id"])
    status = table.texts["status"]
    frame["status"] = _column(status.reworded([*map(fold, status.texts)]))
    frame["micros"] = table.moments["booked_at"].micros
    frame["booked"] = frame["micros"] // DAY_MICROS
    frame["held"] = table.moments["held_at"].days(NO_DAY)
    repeated = (frame["demo_id"] != "") & frame["demo_id"].duplicated(keep=False)
    if repeated.any():
        frame = frame.sort_values(["micros", "user_id", "source", "status", "held", "file", "line"], kind="stable")
        frame = _filled_from_repeats(frame)
        frame = _set_aside(table, frame, (frame["demo_id"] == "") | ~frame.duplicated("demo_id"))
    _settle_held(table, frame, problems)
    frame["channel"] = _own_or_users(frame, channels, of_user)
    return frame


def _filled_from_repeats(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of one demo_id learn from each other: a row that says held outweighs the others, whatever their order.

    Else a missing held day and status come from the earliest row that has them.
    """
    frame = frame.copy()
    named = frame["demo_id"] != ""
    by_id = frame.loc[named, "demo_id"]

    def earliest(values: pd.Series) -> pd.Series:
        return values[named].groupby(by_id).transform("first")

    says_held = frame["status"].isin(HELD)
    held = frame["held"].where(frame["held"] != NO_DAY)
    status = frame["status"].where(frame["status"] != "")
    any_held = earliest(says_held.where(says_held)).notna()
    by_held_rows = earliest(held.where(says_held)).fillna(earliest(held))
    own_or_earliest = held[named].fillna(earliest(held))
    frame.loc[named, "held"] = by_held_rows.where(any_held, own_or_earliest).fillna(NO_DAY).astype(np.int64)
    frame.loc[named, "status"] = (
        earliest(status.where(says_held)).where(any_held, status[named].fillna(earliest(status))).fillna("")
    )
    return frame


def _settle_held(table: Table, frame: pd.DataFrame, problems: Problems) -> None:
    """Decide of every demo whether and when it was held, from its date and its status."""
    has_date = frame["held"] != NO_DAY
    says_held = frame["status"].isin(HELD)
    says_not = frame["status"].isin([status for status in frame["status"].unique() if says_not_held(status)])
    odd = (frame["status"] != "") & ~says_held & ~says_not
    undated = says_held & ~has_date
    for code, rows in (("unknown-status", odd), ("held-without-date", undated)):
        for row in frame[rows].itertuples():
            problems.add(
                problem(code, file=table.files[int(str(row.file))].name, line=int(str(row.line)), column="status",
                        value=row.status)
            )  # fmt: skip
    early = has_date & ~says_not & (frame["held"] < frame["booked"])
    for row in frame[early].itertuples():
        problems.add(
            problem("held-before-booked", file=table.files[int(str(row.file))].name, line=int(str(row.line)),
                    column="held_at", held=_iso(row.held), booked=_iso(row.booked))
        )  # fmt: skip
    frame.loc[undated, "held"] = frame.loc[undated, "booked"]
    frame.loc[says_not, "held"] = NO_DAY


def _iso(day: object) -> str:
    return day_of(int(str(day)) * DAY_MICROS).isoformat()


def _own_or_users(frame: pd.DataFrame, channels: ChannelMap, of_user: UserChannels) -> np.ndarray:
    """The channel code of each row: its own source's, else its user's, else unknown; notes whose user signed up."""
    users = of_user.of(frame["user_id"])
    frame["signed_up"] = users != _NOBODY
    users = np.where(users == _NOBODY, CODES[Channel.UNKNOWN], users)
    return np.where(frame["source"] != "", _mapped(Cells.of(frame["source"].tolist()), channels), users)


def _is_outdated(frame: pd.DataFrame) -> pd.Series:
    """Open rows of a subscription that another row, from the same start, knows to have ended."""
    named = frame["subscription_id"] != ""
    is_open = frame["end"] == OPEN_END
    ended = frame[named & ~is_open].set_index(["user_id", "subscription_id", "start"]).index
    keys = pd.MultiIndex.from_frame(frame[["user_id", "subscription_id", "start"]])
    return named & is_open & keys.isin(ended)


def _warn_not_paying(table: Table, problems: Problems) -> None:
    statuses = table.texts["status"]
    for row in statuses.rows_of([i for i, status in enumerate(statuses.texts) if fold(status) in NOT_PAYING]):
        file, line = table.place(row)
        header = table.files[table.file[row]].columns.header_of("status")
        value = statuses.texts[statuses.places[row]]
        problems.add(problem("not-paying", file=file, line=line, column="status", value=value, header=header))


def paid_users_frame(
    table: Table,
    channels: ChannelMap,
    of_user: UserChannels,
    problems: Problems,
    *,
    exclusive: bool,
    currency: str,
    settings: InputSettings,
) -> pd.DataFrame:
    """The rows of paid users with their last paid day; rows alike in every cell count once.

    An open row of a subscription (by its id) gives way to one that knows its end: a later download of the same.

    A customer has one channel, so that channels add up over time: its earliest own source, else its signup's.
    """
    frame = _base(table, _sources(table))
    for name in ("plan", "subscription_id", "mrr", "amount", "currency", "interval"):
        frame[name] = _column(table.texts[name])
    frame["start"] = table.moments["started_at"].days(NO_DAY)
    end = table.moments["ended_at"].days(OPEN_END)
    if exclusive:
        end = np.where(end == OPEN_END, end, np.maximum(end - 1, frame["start"].to_numpy()))
    frame["end"] = end
    # Columns that no file has are alike in every row, and looking at them only takes time.
    said = [name for name in ("plan", "subscription_id", "mrr", "amount", "interval") if table.has(name)]
    alike = ["user_id", "start", "end", "source", *said]
    _warn_not_paying(table, problems)
    frame = frame.sort_values(["user_id", "start", "end", "source", "file", "line"], kind="stable")
    kept = ~frame.duplicated(alike)
    if "subscription_id" in said:
        kept &= ~_is_outdated(frame)
    frame = _set_aside(table, frame, kept)
    frame["hundredths"] = monthly_hundredths(frame, table.files, currency, settings.decimal, problems)
    own = frame[frame["source"] != ""].drop_duplicates("user_id")
    of_customer = {user: CODES[channels.of(source)] for user, source in zip(own["user_id"], own["source"], strict=True)}
    signed_up = of_user.of(frame["user_id"])
    frame["signed_up"] = signed_up != _NOBODY
    signed_up = np.where(signed_up == _NOBODY, CODES[Channel.UNKNOWN], signed_up)
    frame["channel"] = np.fromiter(
        (of_customer.get(user, code) for user, code in zip(frame["user_id"], signed_up, strict=True)),
        dtype=np.int64,
        count=len(frame),
    )
    return frame
