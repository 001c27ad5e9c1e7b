"""What people are told of a report's changes: which are more than chance, and of which there is too little to tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from funnelcli.answers.chance import ENOUGH, Chance
from funnelcli.answers.report_model import Report, Row
from funnelcli.text import COMMA, Message, Text, joined

MOST_NAMED = 6
_MARKED = Message(
    "● marks what is more than chance, of {n} [change|changes] tested together (p, adjusted for that, below 5 %)."
)
_NONE = Message("No change is more than chance, of {n} tested together (p, adjusted for that, below 5 %).")
_EVERY_TIME = Message("Who looks every period meets chance more often: that is not corrected for.")
_FEW = Message("Fewer than {n} together: {what}.")
_TOO_FEW = Message("Too few to tell: {what}.")
_USUAL = Message("Changes before were as large: {what}.")


def chance_words(report: Report, rows: Sequence[Row]) -> Text | None:
    """What is said of chance under the figures of the ``rows`` that are shown; None where nothing is tested."""
    tested = sum(row.chance is not None and row.chance.p is not None for row in report.rows)
    if not any(row.chance for row in rows):
        return None
    marked = any(row.chance is not None and row.chance.is_more for row in rows)
    said: list[Text] = [(_MARKED if marked else _NONE).filled(n=tested), _EVERY_TIME] if tested else []
    for text, fits in _KINDS:
        named = [_named(report, row) for row in rows if row.chance is not None and fits(row.chance)]
        if named:
            more = [Message("and {n} more").filled(n=len(named) - MOST_NAMED)] if len(named) > MOST_NAMED else []
            said.append(text.filled(n=ENOUGH, what=joined(COMMA, [*named[:MOST_NAMED], *more])))
    return joined(" ", said)


_KINDS: tuple[tuple[Message, Callable[[Chance], bool]], ...] = (
    (_USUAL, lambda chance: chance.verdict == "as-large-before"),
    (_FEW, lambda chance: chance.few and chance.p is not None),
    (_TOO_FEW, lambda chance: chance.p is None),
)


def _named(report: Report, row: Row) -> Text:
    label = report.label_of(row) if row.part is None else row.label
    return label if row.part is None else Message("{label} ({part})").filled(label=label, part=row.part.label)
