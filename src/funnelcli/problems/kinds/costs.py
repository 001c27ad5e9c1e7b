"""What is wrong or odd about costs: amounts that cannot be read or dated, and channels that nothing names."""

from funnelcli.problems.kinds.declare import error, or_leave_out, warning
from funnelcli.text import Message

OF_COSTS = (
    error(
        "not-a-cost",
        Message("{value!r} is not an amount of money"),
        or_leave_out(Message("Fix the cell")),
    ),
    error(
        "cost-undecided",
        Message("{value!r} could be thousands or a fraction, and nothing in the amounts decides"),
        Message('Say how they are written: [inputs.{stage}] decimal = "." (or ",").'),
        whole_file=True,
    ),
    error(
        "cost-unit-undecided",
        Message("the header {header!r} says that its amounts are in {said}; a setting has to say so too"),
        Message(
            'If they are: [inputs.{stage}] amount_unit = "{unit}"; if they are whole amounts: amount_unit = "major".'
        ),
        whole_file=True,
    ),
    error(
        "cost-over-months",
        Message("the amount is for {first} to {last}: how much of it is of which month, nothing says"),
        or_leave_out(Message("Export it by day or by month, or write a row for each month")),
    ),
    warning(
        "total-of-costs",
        Message(
            "{count} [row says|rows say] total and [count!is the sum of others: it does|are sums of others: they do] "
            "not count"
        ),
        Message("Nothing, if [count!it is|they are]. Else give [count!it|them] another name."),
    ),
    warning(
        "costs-in-two-files",
        Message(
            "{count} of its {rows} [row|rows] [count!stands|stand] in {other} too, with the same day, amount and "
            "words: they count twice"
        ),
        Message("Leave each out of one of the files, unless they are costs of their own."),
    ),
    warning(
        "costs-by-other-days",
        Message(
            "{name!r} comes to the same in {other}, by other days or in other rows, in {count} [month|months] ({first} "
            "to {last}): it counts twice"
        ),
        Message("Leave it out of one of the files, unless these are costs of their own."),
    ),
    warning(
        "unassigned-cost",
        Message("{value!r} ({count} [row|rows]) matches no channel: what it cost is unassigned"),
        Message("Give it a channel in funnel.toml, for example [channels] paid = [{value!r}]."),
    ),
)
