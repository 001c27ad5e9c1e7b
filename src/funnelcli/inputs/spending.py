"""How an input declares rows that say what was spent: when, how much, and on which channel."""

from collections.abc import Mapping

from msgspec import Struct

from funnelcli.values.channels import Channel


class Spending(Struct, frozen=True, kw_only=True, eq=False):
    """Rows of money that was spent: a day or a month, and an amount, which is below 0 for a credit.

    ``at`` and ``until`` are the first and the last day that an amount is for, ``amount`` and ``currency`` what it says,
    and ``spent`` is what each row comes to in whole hundredths.  ``channel`` names one of our channels or a source, and
    where it is empty ``source`` does.  ``sources`` mean something else here than where people come from: who pays for
    "facebook" pays for ads.  What names no channel is of ``rest``.  ``long`` is the event of rows that are for more
    days than a week has.  ``names`` are the other columns of words: a row in which one of them is a word for a total is
    the sum of others.
    """

    at: str
    until: str
    amount: str
    currency: str
    spent: str
    channel: str
    source: str
    long: str
    names: tuple[str, ...] = ()
    sources: Mapping[str, tuple[str, ...]]
    rest: Channel = Channel.UNASSIGNED
