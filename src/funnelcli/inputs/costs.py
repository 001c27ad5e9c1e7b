"""Costs: what was spent, by day or month, on which channel and campaign, by which team."""

from funnelcli.inputs.people import SOURCE
from funnelcli.inputs.spec import CellKind, Column, Event, Input
from funnelcli.inputs.spending import Spending
from funnelcli.text import Message
from funnelcli.values.figures import Missing

NO_CLICKS = Missing("no-clicks", Message("the costs do not say how many clicks they brought"), unneeded=True)
NO_IMPRESSIONS = Missing("no-impressions", Message("the costs do not say how often the ads were shown"), unneeded=True)
# Whom one pays is no word for where people come from by themselves; and words that say nothing name no channel.
PAID = (
    "facebook", "fb", "meta", "google", "youtube", "tiktok", "zalo", "linkedin", "twitter", "instagram", "bing",
    "microsoft", "cốc cốc", "coccoc", "adwords", "google adwords", "meta ads*",
)  # fmt: skip
NOBODY = (
    "unassigned", "(other)", "other", "others", "khác", "(not set)*", "*/ (not set)", "offline", "n/a", "none",
    "(none)", "all", "tất cả", "chung", "general", "không rõ", "chưa phân bổ", "unallocated", "unknown",
)  # fmt: skip

COSTS = Input(
    name="costs",
    title=Message("costs"),
    rank=80,
    files=("costs*", "spend*", "ads*", "chi_phi*", "chi phi*", "chi-phi*", "chi phí*", "chi_phí*"),
    option_help="What was spent: a file, a glob, or -.",
    by_headers=True,
    may_lie_ahead=True,
    columns=(
        Column(
            name="date",
            kind=CellKind.DATE,
            meaning=Message("the day, or the month, that the amount is for"),
            required=True,
            until="until",
            aliases=(
                "day", "by day", "month", "period", "cost date", "spend date", "segments.date", "segments.month",
                "transaction date", "invoice date", "posting date", "date start", "start date", "from date",
                "ngày", "tháng", "kỳ", "ngày chi", "ngày chứng từ", "ngày hóa đơn", "ngày hạch toán", "từ ngày",
                "thời gian",
            ),
        ),
        Column(
            name="until",
            kind=CellKind.DATE,
            meaning=Message("the last day that the amount is for, where it is for several"),
            aliases=("date stop", "end date", "to date", "đến ngày"),
        ),
        Column(
            name="amount",
            kind=CellKind.AMOUNT,
            meaning=Message("what was spent; below 0, a credit"),
            required=True,
            aliases=(
                "cost", "costs", "spend", "spent", "amount spent", "ad spend", "ads spend", "ad cost", "media cost",
                "media spend", "advertising cost", "marketing cost", "total cost", "total spend", "cost micros",
                "metrics.cost micros", "cost amount", "expense", "expenses", "chi phí", "chi tiêu", "số tiền",
                "số tiền đã chi", "số tiền đã chi tiêu", "số tiền chi tiêu", "chi phí quảng cáo", "tổng chi phí",
                "thành tiền",
            ),
        ),
        Column(
            name="channel",
            kind=CellKind.TEXT,
            meaning=Message("the channel it was spent on, or a source that is of one"),
            aliases=(
                "marketing channel", "channel name", "channel group", "default channel group", "kênh",
                "kênh marketing", "kênh quảng cáo",
            ),
        ),
        Column(
            name="source",
            kind=CellKind.TEXT,
            meaning=Message("the source it was spent on, where that is a column of its own"),
            aliases=("platform", "ad platform", "publisher platform", "nền tảng", *SOURCE),
        ),
        Column(
            name="team",
            kind=CellKind.TEXT,
            meaning=Message("the team that spent it"),
            aliases=(
                "team name", "department", "cost center", "cost centre", "đội", "đội ngũ", "bộ phận", "phòng ban",
                "phòng", "nhóm",
            ),
        ),
        Column(
            name="campaign",
            kind=CellKind.TEXT,
            meaning=Message("the campaign, event or content that it was spent on"),
            aliases=(
                "campaign name", "campaign.name", "utm campaign", "chiến dịch", "tên chiến dịch", "chương trình",
                "sự kiện",
            ),
        ),
        Column(
            name="tier",
            kind=CellKind.TEXT,
            meaning=Message("the tier of the accounts that it was spent on, A to D"),
            aliases=("account tier", "icp tier", "hạng", "hạng khách hàng"),
        ),
        Column(
            name="currency",
            kind=CellKind.TEXT,
            meaning=Message("the currency of the amount"),
            aliases=(
                "currency code", "customer.currency code", "account currency", "loại tiền", "tiền tệ", "đơn vị tiền",
                "mã đơn vị tiền tệ", "đơn vị tiền tệ",
            ),
        ),
        Column(
            name="clicks",
            kind=CellKind.COUNT,
            meaning=Message("clicks on the ads"),
            aliases=(
                "link clicks", "clicks (all)", "clicks (destination)", "metrics.clicks", "lượt nhấp", "số lượt nhấp",
                "lượt nhấp vào liên kết", "lượt click",
            ),
        ),
        Column(
            name="impressions",
            kind=CellKind.COUNT,
            meaning=Message("how often the ads were shown"),
            aliases=("impr.", "impression", "metrics.impressions", "lượt hiển thị", "số lượt hiển thị"),
        ),
    ),
    events=(
        Event(name="cost", at="date", value="spent"),
        Event(name="cost_row", at="date"),
        Event(name="cost_click", at="date", value="clicks", needs=("clicks",), absent=NO_CLICKS),
        Event(name="cost_impression", at="date", value="impressions", needs=("impressions",), absent=NO_IMPRESSIONS),
    ),
    spending=Spending(
        at="date", until="until", amount="amount", currency="currency", spent="spent", channel="channel",
        source="source", long="cost_over_days", names=("team", "campaign"),
        sources={"unassigned": NOBODY, "paid": PAID},
    ),
)  # fmt: skip
