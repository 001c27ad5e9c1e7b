"""Why a figure is missing: the reasons that counting gives."""

from datetime import date

from funnelcli.facts.revenue import NO_AMOUNTS
from funnelcli.inputs.spec import Stage
from funnelcli.text import Text
from funnelcli.values.figures import Missing

_STAGE_NAMES = {
    Stage.VISITORS: Text("visitors", "lượt truy cập"),
    Stage.SIGNUPS: Text("signups", "đăng ký"),
    Stage.DEMOS: Text("demos", "demo"),
    Stage.PAID_USERS: Text("paid users", "khách trả phí"),
}

NO_EXISTING = Missing(
    "existing-users-not-told",
    Text(
        "the visits do not say which are by existing users",
        "dữ liệu không cho biết lượt nào là của người dùng hiện tại",
    ),
)
NO_HELD = Missing(
    "held-not-told",
    Text(
        "the demos say neither when they were held nor their status", "dữ liệu demo không có ngày demo hay trạng thái"
    ),
)
NOT_SPLIT = Missing(
    "not-split-by-channel",
    Text("the monthly table does not split this by channel", "bảng tháng không chia theo kênh"),
)
NOT_IN_MONTHLY = Missing(
    "not-in-monthly-table",
    Text("the monthly table does not give it", "bảng tháng không có số này"),
)
NO_MONTHLY_AMOUNTS = Missing(
    NO_AMOUNTS.code,
    Text("the monthly table has no closing_mrr_amount", "bảng tháng không có cột closing_mrr_amount"),
)


def no_export(stage: Stage) -> Missing:
    """There is no file for the stage."""
    return Missing(
        f"no-{stage.value.replace('_', '-')}-export",
        Text("no {stage} export", "không có tệp {stage}").filled(stage=_STAGE_NAMES[stage]),
    )


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
