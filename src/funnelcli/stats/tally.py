"""What counts for a goal when people are drawn."""

from enum import StrEnum


class Tally(StrEnum):
    """How often a customer counts: once when WON, once who still pays AT_END, or SUMMED over the month ends he pays at.

    >>> [tally.value for tally in Tally]
    ['won', 'at_end', 'summed']
    """

    WON = "won"
    AT_END = "at_end"
    SUMMED = "summed"
