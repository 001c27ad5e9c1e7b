"""Axes from zero whose ticks can be written exactly."""

from __future__ import annotations

import math

_STEPS = (1.0, 1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 6.0, 8.0, 10.0)


def top_of(most: float, *, whole: bool = False) -> float:
    """The end of an axis that holds values up to ``most``, so that its half can be written exactly too.

    A ``whole`` axis counts things: below ten it ends with an even number.

    >>> top_of(13733), top_of(77, whole=True), top_of(5, whole=True), top_of(0.0713)
    (16000.0, 80.0, 6.0, 0.08)
    >>> top_of(0)
    1.0
    """
    if most <= 0:
        return 2.0 if whole else 1.0
    if whole and most <= 10:
        return max(2.0, 2.0 * math.ceil(most / 2))
    size = 10.0 ** math.floor(math.log10(most))
    step = next(step for step in (*_STEPS, 12.0) if step * size >= most * (1 - 1e-9))
    return float(f"{step * size:.12g}")


def number(value: float) -> str:
    """A coordinate, as short as it can be.

    >>> number(12.0), number(3.14159), number(-0.001)
    ('12', '3.1', '0')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text in ("-0", "0") else text


def share(value: float) -> str:
    """A length in percent of its cell.

    >>> share(0.0218), share(1), share(1.5)
    ('2.18%', '100%', '100%')
    """
    text = f"{min(max(value, 0.0), 1.0) * 100:.2f}".rstrip("0").rstrip(".")
    return f"{text}%"
