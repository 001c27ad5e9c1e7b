"""How an input declares who counts: rows that last, what their statuses say, trials, and what came about."""

import re
from enum import StrEnum

from msgspec import Struct, field

from funnelcli.inputs.plans import PlanWords
from funnelcli.text.regex import regex
from funnelcli.values.figures import Missing
from funnelcli.values.statuses import status_key, status_parts

# What becomes of a row that lasts when it ends, as events on the day of its end: due, by what renews it, or by nothing.
RENEWALS = ("renewal_due", "renewed_early", "renewed_on_time", "renewed_late", "renewal_lost", "renewal_open")
RENEWED = RENEWALS[1:4]
# The same by what the row brought a month; of rows of which that is not known, or whose decimal mark is undecided, and
# of exports that have no amounts.
BY_MRR, UNPRICED_MRR, UNDECIDED_MRR, NO_MRR = "_mrr", "_mrr_unpriced", "_mrr_undecided", "_mrr_absent"

_DOUBT = regex(r"\?|(?<![\d.,])(?!100)\d[\d.,]*\s*%")  # a question, or a part of the whole


class Outcome(Struct, frozen=True, kw_only=True, eq=False):
    """Something planned that may come about, like a demo.

    ``date`` is the column that says when it did, ``status`` the column that says whether.  Without a date it came about
    at the date of ``planned``.  ``undone`` are columns in which a yes, or a date, says that it did not, and ``done``
    columns in which a no does.

    ``no_words`` say no wherever they stand in a status, unless they are ``denied`` just before; what is ``negated``
    says no only of words for coming about: who was not interested may well have come.
    """

    event: str
    planned: str
    date: str
    status: str
    yes: frozenset[str]
    no: frozenset[str]
    no_words: str
    negated: str
    denied: str
    undone: tuple[str, ...]
    done: tuple[str, ...]
    absent: Missing

    def denies(self, word: str) -> bool:
        """Whether a folded status, or header, says that what was planned did not (yet) come about."""
        return word in self.no or self.says_no(word)

    def says_no(self, words: str) -> bool:
        """Whether folded words say that something did not come about, whatever else they say.

        >>> from funnelcli.inputs import INPUTS
        >>> says_no = INPUTS["demos"].outcome.says_no
        >>> [says_no(words) for words in ("cancelled by guest", "not cancelled", "not attended", "not interested")]
        [True, False, True, False]
        """
        if (fitting := re.search(self.no_words, words)) is not None:
            return not re.search(rf"({self.denied})$", words[: fitting.start()])
        return bool(re.search(self.negated, words))

    def affirms(self, title: str) -> bool:
        """Whether a folded header is of whether it came about: has one of the words for yes in it."""
        return any(re.search(rf"\b{re.escape(word)}\b", title) for word in self.yes)


class Stays(Struct, frozen=True, kw_only=True, eq=False):
    """Rows that last from ``start`` to ``end``: those of one person that touch are one stay, which begins and is lost.

    ``moved_in`` and ``moved_out`` are the two sides of going from one row to the next within a stay, ``undated`` the
    beginnings of rows that have ended on a day that nothing says.  ``gone`` bounds the days of which one is an end, and
    ``unlisted`` those of which nothing tells who left.  Where ``listed`` says of which month or day a row is, in the
    place of a start, ``came`` bounds the days of which one is a start, and ``unseen`` those of which nothing tells who
    pays.  ``amounts`` are the columns that the money of a row
    is made from, the first that is filled; an amount may be for each of a ``quantity``, and be paid for
    ``interval_count`` intervals.  ``spent`` is all that was ever paid, ``refunded`` what was paid back.  Without
    amounts the money is missing as ``absent`` says, and without an end the losses as ``endless`` says.  ``cash`` is the
    event of what was paid, on the day of the column ``paid_at``, and ``refund`` of what was paid back, on that of
    ``refunded_at``; without amounts both are missing as ``unpaid`` says.  ``term`` is that of a row from its
    start to its end, from which its renewal follows.
    """

    start: str
    end: str
    first: str
    again: str
    lost: str
    moved_in: str
    moved_out: str
    undated: str
    gone: str
    unlisted: str
    listed: str
    came: str
    unseen: str
    money: str
    cash: str
    refund: str
    paid_at: str
    refunded_at: str
    term: str
    amounts: tuple[str, ...]
    currency: str
    interval: str
    interval_count: str
    quantity: str
    spent: str
    refunded: str
    absent: Missing
    endless: Missing
    unpaid: Missing


class Standing(StrEnum):
    """What a status says of a row that lasts."""

    PAYING = "paying"
    NOT_PAYING = "not_paying"
    ENDED = "ended"
    UNKNOWN = "unknown"


class Statuses(Struct, frozen=True, kw_only=True, eq=False):
    """What the words of a status ``column`` say of its row.

    ``rules`` are patterns over a status without capitals, accents and punctuation, each with what it says; the first
    that fits holds.  A column in which some status fits ``pipeline``, or whose header does, is one of deals: there a
    status that nobody knows is of a deal not won, while elsewhere it counts as paying.  ``groups`` are the keys under
    which ``[inputs.NAME.status]`` decides otherwise.  What is ``scheduled`` may run on to the end that its row gives.
    In a log of events the words of ``events`` hold first: each pattern with what such an event does, which nobody knows
    where that is empty.

    Of deals, what is but ``closed`` may be won or lost; elsewhere, what is ``lost`` was paid for up to its end.
    Under headers of ``acts``, like that of cancelling, an end is the day on which it happened.

    A status says that somebody pays only where all its words do, or are ``neutral``: any other word may deny, qualify
    or contradict it.  A part of its own, like one in brackets, may be a ``label``: that of a plan or a means of paying.
    Who is ``late`` pays still, but beside any other word of paying that is a doubt.  What says that somebody does not
    pay, says so unless it is ``denied`` just before.
    """

    column: str
    scheduled: str
    rules: tuple[tuple[str, Standing], ...]
    pipeline: str
    events: tuple[tuple[str, str], ...] = ()
    neutral: str = r"(?!)"
    label: str = r"(?!)"
    late: str = r"(?!)"
    denied: str = r"(?!)"
    closed: str = r"(?!)"
    lost: str = r"(?!)"
    acts: str = r"(?!)"
    groups: tuple[Standing, ...] = (Standing.PAYING, Standing.NOT_PAYING, Standing.ENDED)

    def standing(self, key: str) -> Standing:
        """What a header without capitals, accents and punctuation is of, by the first rule that fits."""
        return next((says for rule, says in self.rules if re.search(rule, key)), Standing.UNKNOWN)

    def says(self, status: str) -> Standing:
        """What the cell of a column of statuses says, all its words and all its parts together.

        >>> from funnelcli.inputs import INPUTS
        >>> says = INPUTS["paid_users"].statuses.says
        >>> [says(word).value for word in ("active", "was active", "Won (cancelled)", "cancelled", "not cancelled")]
        ['paying', 'unknown', 'unknown', 'ended', 'unknown']
        >>> [says(word).value for word in ("Active (Pro)", "Active/Overdue", "overdue", "Active, Bảo lưu")]
        ['paying', 'unknown', 'paying', 'unknown']
        >>> [says(word).value for word in ("1. Active", "Active 2026", "Active (0)", "Paid 1/3")]
        ['paying', 'paying', 'unknown', 'unknown']
        """
        said = self._says(status)
        if said not in (Standing.PAYING, Standing.UNKNOWN) or _DOUBT.search(status):
            return said
        parts = status_parts(status)
        if len(parts) > 1:
            if any(status_key(part).isdecimal() for part in parts[1:]):
                return Standing.UNKNOWN  # like Active (0) and Paid 1/3: nothing says what is counted
            each = {self._says(part) for part in parts if not self._is_label(part)}
            said = Standing.PAYING if each == {Standing.PAYING} else Standing.UNKNOWN
        return Standing.UNKNOWN if said is Standing.PAYING and self._is_late_and_paying(status) else said

    def _says(self, status: str) -> Standing:
        """What a status says by its words, wherever they stand in it."""
        key = status_key(status)
        for rule, says in self.rules:
            if (fitting := re.search(rule, key)) is None:
                continue
            if says is not Standing.PAYING:
                return Standing.UNKNOWN if re.search(rf"({self.denied})$", key[: fitting.start()]) else says
            is_sure = self.all_pay(key) and not _DOUBT.search(status)
            return says if is_sure else Standing.UNKNOWN
        return Standing.UNKNOWN

    def _is_label(self, part: str) -> bool:
        """Whether a part of a status says nothing of whether somebody pays."""
        key = status_key(part)
        is_known = any(re.search(rule, key) for rule, _ in self.rules)
        return not is_known and not re.sub(f"{self.neutral}|{self.label}", " ", key).strip()

    def _is_late_and_paying(self, status: str) -> bool:
        """Whether a status says of one that pays that it is late, and that it is not."""
        key = status_key(status)
        rest = re.sub(self.late, " ", key)
        return rest != key and any(says is Standing.PAYING and re.search(rule, rest) for rule, says in self.rules)

    def all_pay(self, key: str) -> bool:
        """Whether no word is left of a status without those that say that somebody pays, and the neutral ones.

        >>> from funnelcli.inputs import INPUTS
        >>> [INPUTS["paid_users"].statuses.all_pay(key) for key in ("new", "gia han", "won back", "trial")]
        [True, True, False, False]
        """
        for rule, says in self.rules:
            if says is Standing.PAYING:
                key = re.sub(rule, " ", key)
        return not re.sub(self.neutral, " ", key).strip()


class Trial(Struct, frozen=True, kw_only=True, eq=False):
    """What is not paid for yet: ``ends`` is the column of the day from which a row is paid for, ``flag`` says yes.

    ``days`` is the column of how many days after its start that is.  A ``plan`` whose name fits ``trial_plan`` is a
    trial, and one that fits ``free_plan`` costs nothing; ``words`` are those that stand in names of plans.
    """

    ends: str
    days: str
    flag: str
    plan: str
    trial_plan: str
    free_plan: str
    words: PlanWords = field(default_factory=PlanWords)
