"""Why a figure is missing: the reasons that counting gives."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from msgspec.structs import replace

from funnelcli.inputs.paid_users import NO_AMOUNTS
from funnelcli.inputs.spec import Input
from funnelcli.text import Lowered, Message, Text, day_words, joined
from funnelcli.text.plain import plain_day
from funnelcli.values.figures import Missing

NOT_SPLIT = Missing(
    "not-split-by-channel",
    Message("the monthly table does not split this by channel"),
)
NOT_IN_MONTHLY = Missing(
    "not-in-monthly-table",
    Message("the monthly table does not give it"),
)
NO_WEEKS_IN_MONTHLY = Missing(
    "monthly-table-has-no-weeks",
    Message("the monthly table has months, and no weeks"),
)
NOT_MEASURED_IN_MONTHLY = replace(NOT_IN_MONTHLY, in_residual=True)
NO_MONTHLY_AMOUNTS = Missing(
    NO_AMOUNTS.code,
    Message("the monthly table has no closing_mrr_amount"),
)
AMOUNTS_UNDECIDED = Missing(
    "amounts-undecided",
    Message('nothing decides the decimal mark of the amounts: say [inputs.paid_users] decimal = "," or "."'),
)
OPENING_WITHOUT_MRR = Missing(
    "opening-without-mrr",
    Message("[opening] has paid users whose MRR it does not give: add [opening] mrr"),
)


NOT_TOGETHER = Missing(
    "no-month-in-common",
    Message("no month asked for is in all the exports it needs"),
)


def beside_amounts(absent: Missing, unread: Sequence[Text]) -> Missing:
    """Why there is no money, and how to have the columns read that hold amounts and are not."""
    return Missing("amounts-not-read", joined("; ", [absent.reason, *unread])) if unread else absent


def begins_later(wanted: Input, first: date, as_of: date) -> Missing:
    """The export of an input begins after the period; on what day is not said of a day after as_of."""
    begins = Message("the export of {stage} begins on {day}")
    if first > as_of:
        begins = Message("the export of {stage} begins after {day}")
    return Missing(
        f"{wanted.name.replace('_', '-')}-begin-later",
        begins.filled(stage=wanted.title, day=day_words(min(first, as_of))),
    )


def ended_earlier(wanted: Input, last: date) -> Missing:
    """The export of an input ends before the period."""
    return Missing(
        f"{wanted.name.replace('_', '-')}-ended-earlier",
        Message("the export of {stage} ends on {day}").filled(stage=wanted.title, day=day_words(last)),
    )


def dated_by_month(wanted: Input) -> Missing:
    """The rows of an input are sums of months, each dated by a day of its month: they tell nothing of weeks."""
    return Missing(
        f"{wanted.name.replace('_', '-')}-dated-by-month",
        Message("the rows of {stage} are dated by month, and tell nothing of weeks").filled(stage=wanted.title),
    )


def not_covered(wanted: Input, first: date, last: date) -> Missing:
    """The settings say that the export of an input covers other months."""
    return Missing(
        f"{wanted.name.replace('_', '-')}-not-covered",
        Message("[inputs.{name}] covers {first} to {last} only").filled(
            name=wanted.name, first=f"{first:%Y-%m}", last=f"{last:%Y-%m}"
        ),
    )


def no_export(wanted: Input) -> Missing:
    """There is no file for an input."""
    return Missing(
        f"no-{wanted.name.replace('_', '-')}-export",
        Message("no {stage} export").filled(stage=wanted.title),
    )


def not_split_by(dimension: Text, wanted: Input) -> Missing:
    """The rows of an input cannot be split by a dimension."""
    return Missing(
        "not-split-by-dimension",
        Message("{input} are not split by {dimension}").filled(input=wanted.title, dimension=Lowered(dimension)),
    )


def summed_otherwise(dimension: str, wanted: Input) -> Missing:
    """The rows of an input are only known as sums, by channel and one dimension more, which is another one."""
    return Missing(
        "summed-otherwise",
        Message("{input} are summed by channel and one dimension more: --by {dimension} shows it").filled(
            input=wanted.title, dimension=dimension
        ),
    )


def not_told(dimension: Text) -> Missing:
    """No file has a column that says a dimension."""
    return Missing(
        "no-column-of-dimension",
        Message("no file has a column for {dimension}").filled(dimension=Lowered(dimension)),
    )


@lru_cache(maxsize=64)
def after_as_of(as_of: date) -> Missing:
    """The period has not begun by as_of."""
    return Missing(
        "after-as-of",
        Message("the period begins after {day}").filled(day=plain_day(as_of)),
    )


def before_opening(month: str) -> Missing:
    """The period lies before the month whose opening balances the config gives."""
    return Missing(
        "before-opening",
        Message("[opening] gives the balance only from {month} on").filled(month=month),
    )


def undated_ends_reason(rows: int) -> Missing:
    """Rows say by their status that they have ended, and nothing says when."""
    return Missing(
        "ends-undated",
        Message("{rows} [row has|rows have] ended on a day that nothing says; `funnelcli check` lists them").filled(
            rows=rows
        ),
    )


def solved_undated_reason(rows: int) -> Missing:
    """Tickets are solved by their status, and nothing says since when."""
    text = Message("{rows} [ticket was|tickets were] solved on a day that nothing says; `funnelcli check` lists them")
    return Missing("solved-undated", text.filled(rows=rows))


def status_unknown_reason(rows: int) -> Missing:
    """Of tickets neither a day nor a status that is known says whether they are solved."""
    text = Message("of {rows} [ticket|tickets] nothing that is known says whether [rows!it is|they are] solved")
    return Missing("ticket-status-not-known", text.filled(rows=rows))


def between_lists_reason(_: int) -> Missing:
    """Somebody is gone from a list of who pays, and the one before it was made in another period."""
    return Missing(
        "left-between-lists",
        Message("who is gone from a newer list of customers may have left in this period or in another one"),
    )


def beyond_lists_reason(_: int) -> Missing:
    """Lists of who pays do not tell who left before the oldest of them, nor after the newest."""
    return Missing(
        "beyond-lists",
        Message("the lists of customers tell who left only from the oldest to the newest of them"),
    )


def came_between_lists_reason(_: int) -> Missing:
    """Somebody is new in a list of who pays, and the one before it was made in another period."""
    return Missing(
        "came-between-lists",
        Message("who is new in a list of customers may have begun in this period or in another one"),
    )


def starts_unknown_reason(_: int) -> Missing:
    """Lists of who pays at the time tell who began between two of them, and not on which day."""
    return Missing(
        "starts-unknown",
        Message("the lists of customers give no starts: on which day somebody began to pay is not known"),
    )


def unseen_by_lists_reason(_: int) -> Missing:
    """Lists of who pays at the time, without starts, do not tell who paid before the oldest or after the newest."""
    return Missing(
        "unseen-by-lists",
        Message(
            "the lists of customers give no starts: they tell who pays, and who is new, only from the oldest to the "
            "newest of them"
        ),
    )


def rows_in_force_reason(*, unpriced: int = 0, undecided: int = 0) -> Missing:
    """Rows in force have no amount that MRR could be made from, or one whose decimal mark nothing decides."""
    if undecided:
        return AMOUNTS_UNDECIDED
    return Missing(
        "rows-without-amount",
        Message("{n} [row|rows] in force cannot be priced; `funnelcli check` lists them").filled(n=unpriced),
    )


def unpriced_ends_reason(rows: int) -> Missing:
    """Rows that end have no amount that MRR could be made from."""
    return Missing(
        "rows-without-amount",
        Message("{n} [row|rows] that [n!ends|end] cannot be priced; `funnelcli check` lists them").filled(n=rows),
    )


def no_costs_reason(_: int) -> Missing:
    """No row of costs tells of the part in the period."""
    return Missing("no-costs", Message("no row of costs in the period"))


def prices_alone_reason(rows: int) -> Missing:
    """Rows that last state what an interval of theirs costs, or no amount: they tell no payments."""
    return Missing(
        "prices-alone",
        Message("{n} [row states|rows state] the price of an interval or no amount, and so not what was paid").filled(
            n=rows
        ),
    )


def unread_cash_reason(rows: int) -> Missing:
    """Payments, or refunds, whose amount cannot be read."""
    return Missing("cash-not-read", Message("the amount of {n} [payment|payments] cannot be read").filled(n=rows))


def stages_undated_reason(number: int) -> Missing:
    """Nobody knows in which stage some were: the export only says in which they are now."""
    text = Message("of {n} the export says in which stage they are now, not since when")
    return Missing("stage-since-unknown", text.filled(n=number))
