"""What is odd about deals and journeys: ends that contradict themselves, amounts and stages that are not understood."""

from funnelcli.problems.kinds.declare import warning
from funnelcli.text import Message

OF_DEALS = (
    warning(
        "won-and-lost",
        Message("{value!r} says two things of how it ended: it counts as neither won nor lost"),
        Message("Mend the row: its stage, its status and whether it is closed must agree."),
    ),
    warning(
        "amount-left-out",
        Message("{value!r} {why}: the row counts by number, and in no sum of amounts"),
        Message("Mend the cell, or say how amounts are written: [inputs.{stage}] decimal, [business] currency."),
    ),
    warning(
        "stage-not-known",
        Message(
            "the stage {value!r} ({rows} [row|rows]) is none of the journey {journey}, and is not counted: its "
            "stages are {stages}"
        ),
        Message(
            'Say which it is, like [journeys.{journey}.words] {stage} = ["{value}"]; or name your own stages in their '
            "order: [journeys.{journey}] stages = [{own}]."
        ),
    ),
)
