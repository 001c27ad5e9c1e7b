"""How an input declares rows that say how something, like a deal, goes through the stages of a journey."""

from __future__ import annotations

import re

from msgspec import Struct

from funnelcli.text import Message
from funnelcli.values.figures import Missing
from funnelcli.values.statuses import status_key

_WON = r"\b(closed? ?)?won\b|\bthang\b|\b(da )?chot( don| deal)?\b|\bda ky\b|\bky (hop dong|hd)\b|\bthanh cong\b"
_LOST = (
    r"\b(closed? ?)?lost\b|\bthua\b|\bmat (khach|deal|co hoi)\b|\b(that bai|tu choi|da huy|huy bo|khong mua|roi bo)\b"
    r"|\b(cancel(l?ed)?|churned|rejected|abandoned|disqualified|declined)\b|^huy$"
)
# What is denied, asked or still ahead is neither.
_DOUBT = r"\b(not|never|no|non|khong|chua|cho|sap|to be|almost|likely|probably|can|may|pending)\b"
_AHEAD = (
    r"\b(open|new|active|progress|hold|pending|working|ongoing|dang|moi|cho|chua|mo|tiep tuc|tam dung|sap)\b"
    r"|\b(to be|almost|likely|probably|can|may|not yet|not (closed? )?won|khong chac)\b"
)
_DENIED = r"\b(never|no|non|khong tiep)\b|\bnot\b(?! (yet|(closed )?won))"

NO_AMOUNT = Missing("no-amounts-of-deals", Message("the export has no column of amounts"))
AMOUNTS_UNREAD = Missing("deals-unpriced", Message("no deal has an amount that can be read and added up"))
NO_CREATION = Missing("no-creation", Message("the export does not say when they were created"))
NO_STAGE = Missing("no-stages", Message("the export does not say stages"))
UNDATED_STAGES = Missing("stages-undated", Message("the export does not say when stages were entered"))
NO_OUTCOME = Missing("no-outcomes", Message("the export does not say which were won and which were lost"))


class Stages(Struct, frozen=True, kw_only=True, eq=False):
    """Rows of which each says where a ``subject`` stands in a journey, or has all the days on which it came to stages.

    ``journey`` is the built-in one that they are of.  ``subject`` is the column that names what goes through it, and
    ``person`` the column of whom that is about.  ``stage`` and ``at`` are the columns of a stage and of when it was
    entered; ``left`` that of when it was left.  ``created`` dates the beginning, and ``closed`` the end: with ``won``,
    or a stage that says so, it is won or lost, else only expected; ``lost`` dates losses alone.  ``is_closed`` says
    whether the end has come.  ``reason`` is why something was lost, and ``amount`` what it is worth.
    """

    journey: str
    subject: str
    stage: str
    at: str
    left: str = ""
    created: str = ""
    closed: str = ""
    won: str = ""
    is_closed: str = ""
    lost: str = ""
    reason: str = ""
    amount: str = ""
    currency: str = ""
    won_words: str = _WON
    lost_words: str = _LOST

    def needs_of(self, event: str, dated: str) -> tuple[tuple[str, ...], Missing | None]:
        """The columns of which one is needed for what happens on the journey to be known, and why it is not.

        ``dated`` is the event of open columns of dates; a column that ends with ``:`` is any of them.
        """
        _, _, kind, *stage = event.split(":")
        if stage and stage[0] == "created" and kind in ("into", "out", "entered"):
            return (self.created, self.stage, f"{dated}:"), NO_CREATION
        if kind.startswith(("worth", "priced", "weighted", "unrated")):
            return (self.amount,), NO_AMOUNT
        if kind in ("into", "out"):
            return (self.stage, f"{dated}:"), NO_STAGE
        if kind in ("entered", "passed", "skipped", "recycled", "lost_in"):
            return (self.at, f"{dated}:"), UNDATED_STAGES
        if kind in ("won", "days_won"):
            return (self.won, self.stage, f"{dated}:"), NO_OUTCOME
        return (), None

    def outcome(self, word: str) -> str:
        """What the word of a stage, or of a status, says of the end: ``won``, ``lost``, or nothing.

        >>> from funnelcli.inputs import INPUTS
        >>> says = INPUTS["deals"].stages.outcome
        >>> [says(word) for word in ("Closed Won", "Đã ký", "Closed Lost", "Thất bại", "Demo", "Not won", "Sắp chốt")]
        ['won', 'won', 'lost', 'lost', '', '', '']
        """
        key = status_key(word)
        won, lost = re.search(self.won_words, key), re.search(self.lost_words, key)
        if (won is None) == (lost is None) or re.search(_DOUBT, key.replace("khong mua", "")):
            return ""
        return "won" if won else "lost"


def is_still_open(word: str) -> bool:
    """Whether the word of an outcome says that it is still ahead, like "In progress" and "Đang theo dõi".

    >>> [is_still_open(word) for word in ("Open", "On hold", "Chưa chốt", "Không tiếp tục", "Rớt")]
    [True, True, True, False, False]
    """
    key = status_key(word)
    return re.search(_AHEAD, key) is not None and re.search(_DENIED, key) is None


def stage_slug(word: str) -> str:
    """The name of a stage as in keys: in ASCII, in small letters, with ``_`` between its words.

    >>> stage_slug("Set-up"), stage_slug("Triển khai"), stage_slug("Date entered 'Demo'")
    ('set_up', 'trien_khai', 'date_entered_demo')
    """
    return status_key(word).replace(" ", "_")
