"""Values of a dimension as people name them."""

from __future__ import annotations

from collections.abc import Iterable

from funnelcli.answers.phrases import NO_PART, PARTS_ARE
from funnelcli.problems import UsageError
from funnelcli.values.channels import fold


def value_named(name: str, dimension: str, known: Iterable[str], *, option: str = "--part") -> str:
    """A value of a dimension, written as the rows have it; UsageError, with those there are, where none has it.

    >>> value_named("pro", "plan", ["Basic", "Pro"])
    'Pro'
    """
    values = list(dict.fromkeys(known))
    if name in values:
        return name
    wanted = fold(name)
    value = next((text for text in values if fold(text) == wanted), None)
    if value is None:
        raise UsageError(
            NO_PART.filled(option=option, name=name, dimension=dimension),
            hint=PARTS_ARE.filled(dimension=dimension, known=", ".join(sorted(values))),
        )
    return value
