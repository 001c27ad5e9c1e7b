"""What is odd about amounts: what they are for, in which unit they are, and what is none."""

from funnelcli.problems.kinds.declare import remark, warning
from funnelcli.text import Message

OF_MONEY = (
    warning(
        "quantity-undecided",
        Message(
            "has the quantity {value} and an amount, and nothing says whether the amount is for each or for the whole"
        ),
        Message('Say which: [inputs.{stage}] amount_is = "each" (or "whole").'),
    ),
    warning(
        "amount-unit-undecided",
        Message(
            "the header {header!r} says that its amounts are in {said}; until a setting says so too, they are not read "
            "and MRR is missing"
        ),
        Message(
            'If they are: [inputs.{stage}] amount_unit = "{unit}"; if they are whole amounts: amount_unit = "major".'
        ),
    ),
    warning(
        "amounts-may-be-minor",
        Message(
            "{why}, as programs write them, and the amounts under {header!r} are whole, like {value!r}: they may be in "
            "cents, and count as they stand"
        ),
        Message(
            'If they are: [inputs.{stage}] amount_unit = "minor"; if they are whole amounts: amount_unit = "major".'
        ),
    ),
    warning(
        "term-in-header",
        Message(
            "the header {header!r} says that the amounts are for a {words}, and {rows} [row is|rows are] "
            "of another interval ({interval!r}, with {value!r}); nothing in the rows tells which, and they count as "
            "the header says"
        ),
        Message(
            'If the header is right: [inputs.{stage}] amount_for = "{term}"; if they are for the interval of each row: '
            'amount_for = "interval".'
        ),
    ),
    warning(
        "mrr-by-interval",
        Message(
            "{value!r} under {header!r}, of {interval!r}, is about as many times the {other!r} of a shorter interval "
            "as it is longer, and so are nearly all that can be told: the amounts are read as the prices of the "
            "intervals, and spread over them"
        ),
        Message('If they are for a {words} all the same: [inputs.{stage}] amount_for = "{term}"; else "interval".'),
    ),
    warning(
        "one-price-for-any-interval",
        Message(
            "{value!r} under {header!r}, of {interval!r}, is about the {other!r} of a shorter interval: it may be a "
            "price a month; it is spread over its interval"
        ),
        Message('If it is: [inputs.{stage}] amount_for = "month"; if it is for its interval: amount_for = "interval".'),
    ),
    remark(
        "mrr-of-a-year",
        Message("the header {header!r} says that its amounts are for a {words}: MRR is as much of them as a month is"),
        Message('If they are for a month: [inputs.{stage}] amount_for = "month"; else "{term}".'),
    ),
    warning(
        "refunded-above-paid",
        Message(
            "{user} got back {refunded} {currency} in all and paid {paid} {currency} in these exports: both count as "
            "they stand"
        ),
        Message(
            "Add the export with the earlier payments, or mend the amounts; funnelcli explain refunded_amount --rows "
            "lists the refunds."
        ),
    ),
    warning(
        "not-a-quantity",
        Message("{value!r} is no whole number that the amount could be for, so the MRR of the row is not known"),
        Message("Fix the cell; if the column says nothing of the amounts: [inputs.{stage}.columns] {column} = false."),
    ),
    warning(
        "quantity-empty",
        Message(
            "{rows} [row says|rows say] nothing in {header!r}, where others say more than 1: "
            "[rows!it counts|they count] as 1"
        ),
        Message("Fill the cells in; if they are 1: [inputs.{stage}] ignore = [{header!r}]."),
    ),
    warning(
        "one-price-for-any-term",
        Message(
            "the amount {value!r} is the same for terms of {shortest} and {longest} months: it may be the price of a "
            "billing period, and not of the whole term"
        ),
        Message('If it is: [inputs.{stage}] interval = "month" (or "year").'),
    ),
    warning(
        "interval-not-understood",
        Message(
            "{rows} [row has an interval that is|rows have intervals that are] not understood ({values}): what amounts "
            "are for is not known, so MRR is missing"
        ),
        Message("{step}; to spread the amounts from start to end: [inputs.{stage}.columns] interval = false."),
    ),
    remark(
        "two-intervals",
        Message(
            "{value!r} names two intervals: the amounts of {rows} [row|rows] are taken to be for {months} "
            "[month|months], as {why}"
        ),
        Message('If they are for the other: [inputs.{stage}.intervals] {value!r} = "month" (or "year", …).'),
    ),
    warning(
        "paid-once",
        Message("the amount {value!r} is paid for once: the row counts as a paid user, with an MRR of 0"),
        Message(
            'Where it lasts, give it an end; to leave such rows out: [inputs.{stage}.drop] "your header" = ["its '
            'word"].'
        ),
        counts=False,
    ),
    warning(
        "not-an-amount",
        Message("{value!r} is not an amount from 0 up, so the MRR of the row is not known"),
        Message("Fix the cell: MRR is missing at the end of every period in which the row is in force."),
    ),
    warning(
        "no-amount",
        Message("has {what}, so the MRR of the row is not known"),
        Message(
            "Fill in mrr, or an amount with an end or an interval, or say what all amounts are for: [inputs.{stage}] "
            'interval = "month"; MRR is missing while the row is in force.'
        ),
    ),
    warning(
        "plan-without-amounts",
        Message(
            "none of the {rows} [row|rows] of the plan {plan!r} has an amount, and those of other plans do: they "
            "count as "
            "paying, and their MRR is not known"
        ),
        Message(
            "If the plan is free: [inputs.{stage}.drop] {header!r} = [{plan!r}]; if it is paid for, fill in mrr or "
            "amount (0 for what costs nothing: it does not count, unless [paid_users] free_counts = true)."
        ),
    ),
    warning(
        "amount-undecided",
        Message("{value!r} could be thousands or a fraction: nothing in the amounts decides, so MRR is missing"),
        Message('Say which: [inputs.{stage}] decimal = "," (or ".").'),
    ),
    warning(
        "thousands-beside-fractions",
        Message("{value!r} is read as thousands, though {beside!r} in another row has a fraction"),
        Message('If it has one too: [inputs.{stage}] decimal = "{mark}"; else mend the other amount.'),
    ),
)
