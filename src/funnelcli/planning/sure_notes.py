"""What a plan says of how sure it is."""

from __future__ import annotations

from funnelcli.planning.lag_notes import how_many
from funnelcli.planning.sureness import Confidence, whole_share
from funnelcli.text import Message, Text, grouped, percent
from funnelcli.values.figures import Note

_SURE = Message(
    "The quotas meet the goal in {chance} of {runs} runs (--seed {seed}), with {total}. The plan without chance meets "
    "it in {plain_chance}, with {plain}."
)
_WITHOUT = Message("What one assumption 10 % better needs, and what-if, are of the plan without chance.")
_SIMULATED = Message("The quotas of {name}, {total}, meet the goal in {chance} of the runs.")


def sure_notes(sure: Confidence | None, *, beside: bool) -> list[Note]:
    """How sure the quotas are, and how sure those of the plan without chance would be.

    Where levers or variants stand ``beside`` them, that these know no chance.
    """
    if sure is None:
        return []
    mine, plain = sure.mine, sure.plain
    assert mine.chance is not None
    assert mine.total is not None
    assert plain.chance is not None
    assert plain.total is not None
    text = _SURE.filled(
        chance=_whole(mine.chance), runs=grouped(sure.runs), seed=str(sure.seed),
        total=how_many(sure.top, mine.stages[sure.top.key]),
        plain=how_many(sure.top, plain.stages[sure.top.key]), plain_chance=_whole(plain.chance),
    )  # fmt: skip
    notes = [Note("confidence", text)]
    if sure.simulated is not None:
        given = sure.simulated
        simulated = _SIMULATED.filled(
            name=given.name, total=how_many(sure.top, given.total), chance=_whole(given.chance)
        )
        notes.append(Note("simulated", simulated))
    return [*notes, Note("variants-without-chance", _WITHOUT)] if beside else notes


def _whole(chance: float) -> Text:
    return percent(whole_share(chance), 0)
