"""Grades of leads: a letter by fit and a number by interest, and how warm that makes them."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from funnelcli.config.leads import GradeSettings

HOT, WARM, COLD = 0, 1, 2
TEMPERATURES = ("hot", "warm", "cold")
LETTERS, NUMBERS = ("A", "B", "C", "?"), ("1", "2", "3", "?")
MIDDLE, MISSING = 1, 3
# By letter and number: a missing side counts as the middle.
_WARMTH = np.array([[HOT, HOT, WARM], [HOT, WARM, COLD], [WARM, COLD, COLD]])


class Scores(Struct, frozen=True, kw_only=True, eq=False):
    """Both scores of leads, NaN where one is not known, and what they come to.

    ``letter`` is the place of that of the fit in LETTERS.
    """

    fit: np.ndarray
    letter: np.ndarray
    interest: np.ndarray
    grades: GradeSettings

    def __len__(self) -> int:
        return len(self.fit)

    @property
    def lead(self) -> np.ndarray:
        """The sum of both; what is not known adds nothing, and NaN where neither is."""
        total = np.nan_to_num(self.fit) + np.nan_to_num(self.interest)
        return np.where(np.isnan(self.fit) & np.isnan(self.interest), np.nan, total)

    @property
    def number(self) -> np.ndarray:
        """The place of each number in NUMBERS."""
        return graded(self.interest, self.grades.interest)

    @property
    def names(self) -> list[str]:
        """The grades as they are written, like A1, with ? for what is missing."""
        pairs = zip(self.letter.tolist(), self.number.tolist(), strict=True)
        return [LETTERS[letter] + NUMBERS[number] for letter, number in pairs]

    @property
    def temperature(self) -> np.ndarray:
        """HOT, WARM or COLD.

        >>> fit, interest = np.array([55.0, 25, 0, np.nan]), np.array([0.0, 30, 10, 0])
        >>> scores = Scores(fit=fit, letter=graded(fit, (50, 25)), interest=interest, grades=GradeSettings())
        >>> scores.temperature.tolist() == [WARM, HOT, COLD, COLD]
        True
        """
        letter, number = (np.where(each == MISSING, MIDDLE, each) for each in (self.letter, self.number))
        return np.asarray(_WARMTH[letter, number])


def graded(scores: np.ndarray, thresholds: tuple[float, float]) -> np.ndarray:
    """0 from the first threshold on, 1 from the second on, else 2; a threshold belongs to the better side."""
    better, other = thresholds
    known = np.nan_to_num(scores, nan=-1.0)
    graded = np.where(known >= better, 0, np.where(known >= other, 1, 2))
    return np.asarray(np.where(np.isnan(scores), MISSING, graded))
