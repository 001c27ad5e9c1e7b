"""Words that mean the same however they are spelled: of capitals and white space alone, one spelling."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from funnelcli.facts.events import Coded, without_twins
from funnelcli.values.channels import fold


def in_one_spelling(words: Coded) -> Coded:
    """The same words, those that differ in capitals and white space alone in the spelling that is there most often.

    >>> in_one_spelling(Coded.of(["No answer", "no  answer", "no  answer", "Budget"])).of_rows(slice(None))
    ['no answer', 'no answer', 'no answer', 'Budget']
    """
    number = np.bincount(words.codes, minlength=len(words.texts))
    plain = [" ".join(text.split()) for text in words.texts]
    seen: dict[str, dict[str, int]] = {}
    for text, of_text in zip(plain, number.tolist(), strict=True):
        spellings = seen.setdefault(fold(text), {})
        spellings[text] = spellings.get(text, 0) + of_text
    commonest = {key: min(spellings, key=_often_first(spellings)) for key, spellings in seen.items()}
    return without_twins(words.codes, [commonest[fold(text)] for text in plain])


def _often_first(number: Mapping[str, int]) -> Callable[[str], tuple[int, str]]:
    return lambda text: (-number[text], text)
