"""Numbers as people write them: those of Babel, the library of the locales' own data, in every pattern that is used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel import Locale
from babel.numbers import format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

import funnelcli
from funnelcli.renderers.wording.numbers import decimal_text, percent_text
from funnelcli.text import Lang

LOCALES: dict[Lang, Locale] = {"en": Locale.parse("en_US"), "vi": Locale.parse("vi")}
PATTERNS = (
    "#,##0",
    "#,##0.##",
    "#,##0.####",
    "#,##0.0",
    "#,##0.00",
    "#,##0.000",
    "#,##0.0000",
    "#,##0.0#",
    "#,##0.0####",
)
# Halves of every decimal that is shown, whose even neighbour is below or above; and whatever else a figure may be.
FIGURES = st.one_of(
    st.integers(-(10**15), 10**15),
    st.integers(-2000, 2000).map(lambda number: number / 2),
    st.integers(-2000, 2000).map(lambda number: number / 200),
    st.integers(-2000, 2000).map(lambda number: number / 2000),
    st.floats(-1e13, 1e13),
)


@given(value=FIGURES, lang=st.sampled_from(("en", "vi")))
def test_numbers_are_written_as_the_locales_write_them(value: float, lang: Lang) -> None:
    for pattern in PATTERNS:
        assert decimal_text(value, pattern, lang) == format_decimal(value, pattern, locale=LOCALES[lang])
        share = f"{pattern}%"
        assert percent_text(value, share, lang) == format_percent(value, share, locale=LOCALES[lang])


@pytest.mark.parametrize(
    ("value", "pattern", "lang", "expected"),
    [
        (1234567.5, "#,##0", "en", "1,234,568"),
        (1234566.5, "#,##0", "vi", "1.234.566"),  # a tie goes to the even digit
        (0.125, "#,##0.##", "vi", "0,12"),
        (-0.4, "#,##0", "en", "-0"),
        (2.0, "#,##0.##", "en", "2"),
        (2.0, "#,##0.0#", "en", "2.0"),
    ],
)
def test_numbers_by_hand(value: float, pattern: str, lang: Lang, expected: str) -> None:
    assert decimal_text(value, pattern, lang) == expected


def test_the_patterns_are_those_that_are_compared() -> None:
    root = Path(funnelcli.__file__).parent / "renderers"
    used = {found for path in root.rglob("*.py") for found in re.findall(r'"(#,##0[.0#]*)%?"', path.read_text("utf-8"))}
    assert used <= set(PATTERNS)
