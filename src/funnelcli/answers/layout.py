"""How an answer may be laid out."""

from enum import StrEnum


class Layout(StrEnum):
    """How an answer is laid out.

    As rows: a column for each period (wide), or a row for each figure (tidy).  For people: a table for each metric, or
    for each part.
    """

    WIDE = "wide"
    TIDY = "tidy"
    METRIC = "metric"
    PART = "part"
