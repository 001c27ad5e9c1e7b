"""Why a figure is missing: the reasons that counting gives."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from msgspec.structs import replace

from funnelcli.inputs.paid_users import NO_AMOUNTS
from funnelcli.inputs.spec import Input
from funnelcli.text import Text, day_words, joined
from funnelcli.values.figures import Missing

NOT_SPLIT = Missing(
    "not-split-by-channel",
    Text("the monthly table does not split this by channel", "bảng tháng không chia theo kênh"),
)
NOT_IN_MONTHLY = Missing(
    "not-in-monthly-table",
    Text("the monthly table does not give it", "bảng tháng không có số này"),
)
NOT_MEASURED_IN_MONTHLY = replace(NOT_IN_MONTHLY, in_residual=True)
NO_MONTHLY_AMOUNTS = Missing(
    NO_AMOUNTS.code,
    Text("the monthly table has no closing_mrr_amount", "bảng tháng không có cột closing_mrr_amount"),
)
AMOUNTS_UNDECIDED = Missing(
    "amounts-undecided",
    Text(
        'nothing decides the decimal mark of the amounts: say [inputs.paid_users] decimal = "," or "."',
        'không rõ dấu thập phân của số tiền: đặt [inputs.paid_users] decimal = "," hoặc "."',
    ),
)
OPENING_WITHOUT_MRR = Missing(
    "opening-without-mrr",
    Text(
        "[opening] has paid users whose MRR it does not give: add [opening] mrr",
        "[opening] có PU nhưng chưa có MRR của họ: thêm [opening] mrr",
    ),
)


NOT_TOGETHER = Missing(
    "no-month-in-common",
    Text("no month asked for is in all the exports it needs", "không có tháng nào đủ các tệp cần thiết"),
)


def beside_amounts(absent: Missing, unread: Sequence[Text]) -> Missing:
    """Why there is no money, and how to have the columns read that hold amounts and are not."""
    return Missing("amounts-not-read", joined("; ", [absent.reason, *unread])) if unread else absent


def begins_later(wanted: Input, first: date, as_of: date) -> Missing:
    """The export of an input begins after the period; on what day is not said of a day after as_of."""
    begins = Text("the export of {stage} begins on {day}", "tệp {stage} bắt đầu từ {day}")
    if first > as_of:
        begins = Text("the export of {stage} begins after {day}", "tệp {stage} bắt đầu sau {day}")
    return Missing(
        f"{wanted.name.replace('_', '-')}-begin-later",
        begins.filled(stage=wanted.title, day=day_words(min(first, as_of))),
    )


def ended_earlier(wanted: Input, last: date) -> Missing:
    """The export of an input ends before the period."""
    return Missing(
        f"{wanted.name.replace('_', '-')}-ended-earlier",
        Text("the export of {stage} ends on {day}", "tệp {stage} kết thúc ngày {day}").filled(
            stage=wanted.title, day=day_words(last)
        ),
    )


def not_covered(wanted: Input, first: date, last: date) -> Missing:
    """The settings say that the export of an input covers other months."""
    return Missing(
        f"{wanted.name.replace('_', '-')}-not-covered",
        Text(
            "[inputs.{name}] covers {first} to {last} only", "[inputs.{name}] covers chỉ gồm {first} đến {last}"
        ).filled(name=wanted.name, first=f"{first:%Y-%m}", last=f"{last:%Y-%m}"),
    )


def no_export(wanted: Input) -> Missing:
    """There is no file for an input."""
    return Missing(
        f"no-{wanted.name.replace('_', '-')}-export",
        Text("no {stage} export", "không có tệp {stage}").filled(stage=wanted.title),
    )


def not_split_by(dimension: Text, wanted: Input) -> Missing:
    """The rows of an input cannot be split by a dimension."""
    return Missing(
        "not-split-by-dimension",
        Text("{input} are not split by {dimension}", "{input} không chia theo {dimension}").filled(
            input=wanted.title, dimension=Text(dimension.en.casefold(), dimension.vi.casefold())
        ),
    )


@lru_cache(maxsize=64)
def after_as_of(as_of: date) -> Missing:
    """The period has not begun by as_of."""
    return Missing(
        "after-as-of",
        Text("the period begins after {day}", "kỳ bắt đầu sau ngày {day}").filled(day=as_of.isoformat()),
    )


def before_opening(month: str) -> Missing:
    """The period lies before the month whose opening balances the config gives."""
    return Missing(
        "before-opening",
        Text("[opening] gives the balance only from {month} on", "[opening] chỉ cho số dư từ {month}").filled(
            month=month
        ),
    )


def undated_ends_reason(rows: int) -> Missing:
    """Rows say by their status that they have ended, and nothing says when."""
    return Missing(
        "ends-undated",
        Text(
            "{rows} [row has|rows have] ended on a day that nothing says; `funnelcli check` lists them",
            "{rows} dòng đã kết thúc nhưng không rõ ngày; xem `funnelcli check`",
        ).filled(rows=rows),
    )


def between_lists_reason(_: int) -> Missing:
    """Somebody is gone from a list of who pays, and the one before it was made in another period."""
    return Missing(
        "left-between-lists",
        Text(
            "who is gone from a newer list of customers may have left in this period or in another one",
            "khách không còn trong danh sách mới hơn có thể đã rời đi trong kỳ này hoặc kỳ khác",
        ),
    )


def beyond_lists_reason(_: int) -> Missing:
    """Lists of who pays do not tell who left before the oldest of them, nor after the newest."""
    return Missing(
        "beyond-lists",
        Text(
            "the lists of customers tell who left only from the oldest to the newest of them",
            "các danh sách khách chỉ cho biết ai rời đi từ danh sách cũ nhất đến mới nhất",
        ),
    )


def came_between_lists_reason(_: int) -> Missing:
    """Somebody is new in a list of who pays, and the one before it was made in another period."""
    return Missing(
        "came-between-lists",
        Text(
            "who is new in a list of customers may have begun in this period or in another one",
            "khách mới trong một danh sách có thể đã bắt đầu trong kỳ này hoặc kỳ khác",
        ),
    )


def unseen_by_lists_reason(_: int) -> Missing:
    """Lists of who pays at the time, without starts, do not tell who paid before the oldest or after the newest."""
    return Missing(
        "unseen-by-lists",
        Text(
            "the lists of customers give no starts: they tell who pays, and who is new, only from the oldest to the "
            "newest of them",
            "các danh sách khách không có ngày bắt đầu: chỉ cho biết ai trả phí và ai mới từ danh sách cũ nhất đến mới "
            "nhất",
        ),
    )


def rows_in_force_reason(*, unpriced: int = 0, undecided: int = 0) -> Missing:
    """Rows in force have no amount that MRR could be made from, or one whose decimal mark nothing decides."""
    if undecided:
        return AMOUNTS_UNDECIDED
    return Missing(
        "rows-without-amount",
        Text(
            f"{'1 row' if unpriced == 1 else f'{unpriced} rows'} in force cannot be priced; "
            "`funnelcli check` lists them",
            f"{unpriced} dòng đang hiệu lực không tính được MRR; xem `funnelcli check`",
        ),
    )
