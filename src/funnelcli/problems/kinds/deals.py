"""What is odd about deals and journeys: ends that contradict themselves, amounts and stages that are not understood."""

from funnelcli.problems.kinds.declare import remark, warning
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
        "outcome-not-known",
        Message("{value!r} ({rows} [row|rows]) says neither won nor lost: what it says so of counts as open"),
        Message(
            'Say which it is: [journeys.{journey}] lost = ["{value}"], or [journeys.{journey}.words] won = ["{value}"].'
        ),
    ),
    warning(
        "before-creation",
        Message(
            "{number} [deal|deals], the first of them here, [has|have] a stage or an end dated before the creation: "
            "it counts from the earlier day on"
        ),
        Message("Mend the dates, if the earlier ones are wrong."),
    ),
    warning(
        "stages-differ",
        Message("of {number} [deal|deals] rows without a date name several stages: the last row counts"),
        Message("Take older exports out of the folder, or export when each came to its stage."),
    ),
    remark(
        "stage-of-two",
        Message("the stage {value!r} ({rows} [row|rows]) could be {stage} or {other}: it is taken for {stage}"),
        Message('If it is not: [journeys.{journey}.words] {other} = ["{value}"].'),
    ),
    warning(
        "deal-unit-undecided",
        Message(
            "the header {header!r} says that its amounts are in {said}; until a setting says so too, they are in no sum"
        ),
        Message(
            'If they are: [inputs.{stage}] amount_unit = "{unit}"; if they are whole amounts: amount_unit = "major".'
        ),
    ),
    warning(
        "created-anew",
        Message(
            "when {number} [deal|deals] [was|were] created differs between rows, the first of them here: the earliest "
            "counts"
        ),
        Message(
            'If they are days of stages: [inputs.{stage}.columns] stage_at = "{header}"; if they are of different '
            'deals, name what tells these apart: deal_id = "your header".'
        ),
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
