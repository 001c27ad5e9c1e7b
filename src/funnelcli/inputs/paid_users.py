"""Paid users: subscriptions, invoices, contracts, each with the days it is paid for."""

from funnelcli.inputs.people import source, user
from funnelcli.inputs.spec import Alike, CellKind, Column, Event, Follows, Input, States, Stays
from funnelcli.text import Text
from funnelcli.values.figures import Missing

NOT_PAYING = frozenset(
    (
        "trialing", "trial", "in trial", "free", "free trial", "incomplete", "incomplete_expired", "incomplete expired",
        "draft", "void", "unpaid", "closedlost", "closed lost", "refunded", "refund",
        "đã hoàn tiền", "hoàn tiền", "dùng thử", "miễn phí", "thất bại",
    )
)  # fmt: skip
NO_AMOUNTS = Missing(
    "no-amounts",
    Text("the export has neither mrr nor amount", "tệp không có cột mrr hay số tiền (amount)"),
)

PAID_USERS = Input(
    name="paid_users",
    title=Text("paid users", "khách trả phí"),
    rank=40,
    files=("paid_users*", "paid*", "subscriptions*", "customers*"),
    option_help="Paid users: a file, a glob, or -.",
    people="signups",
    steady=False,
    may_lie_ahead=True,
    columns=(
        user(Text("the customer who pays", "khách trả phí")),
        Column(
            name="started_at",
            kind=CellKind.DATE,
            meaning=Text("the first day paid for", "ngày đầu tiên được trả phí"),
            required=True,
            aliases=(
                "start date", "start (utc)", "start date (utc)", "started on", "start", "subscription start date",
                "subscription start", "service period start", "period start", "activated at", "activation date",
                "ngày bắt đầu", "ngày kích hoạt", "ngày hiệu lực", "từ ngày", "ngày thanh toán", "paid at", "paid on",
                "payment date", "became a customer date", "close date", "created (utc)", "created at", "date", "ngày",
            ),
        ),
        Column(
            name="ended_at",
            kind=CellKind.END_DATE,
            meaning=Text("the end; empty while still paying", "ngày kết thúc; để trống khi còn trả phí"),
            aliases=(
                "end date", "ended on", "ended at (utc)", "end", "subscription end date", "subscription end",
                "service period end", "period end", "expires at", "expiry date", "expiration date", "expired at",
                "valid until", "ngày kết thúc", "ngày hết hạn", "hạn sử dụng", "đến ngày", "churn date", "churned at",
            ),
        ),
        *source(Text("where the customer came from", "nguồn của khách")),
        Column(
            name="plan",
            kind=CellKind.TEXT,
            meaning=Text("the plan", "gói dịch vụ"),
            aliases=(
                "plan name", "plan tier", "product", "product name", "plan price id", "gói", "gói dịch vụ", "tên gói",
            ),
        ),
        Column(
            name="subscription_id",
            kind=CellKind.ID,
            meaning=Text("the subscription, invoice or contract", "mã thuê bao, hóa đơn hoặc hợp đồng"),
            aliases=(
                "subscription external id", "invoice id", "contract id", "order id", "mã đơn", "mã đơn hàng",
                "mã hợp đồng", "mã hóa đơn", "id",
            ),
        ),
        Column(
            name="status",
            kind=CellKind.TEXT,
            meaning=Text(
                "the state of the subscription; a state that says nobody pays is warned of",
                "trạng thái thuê bao; trạng thái không trả phí sẽ bị cảnh báo",
            ),
            aliases=("subscription status", "deal stage", "stage", "trạng thái", "tình trạng"),
        ),
        Column(
            name="mrr",
            kind=CellKind.AMOUNT,
            meaning=Text("monthly recurring revenue", "doanh thu định kỳ hàng tháng (MRR)"),
            aliases=("mrr amount", "monthly recurring revenue"),
        ),
        Column(
            name="amount",
            kind=CellKind.AMOUNT,
            meaning=Text(
                "the amount paid; without mrr it is spread over the row's months",
                "số tiền đã trả; nếu không có mrr thì chia đều cho các tháng của dòng",
            ),
            aliases=("total amount", "plan amount", "total", "số tiền", "tổng tiền", "thành tiền", "giá trị"),
        ),
        Column(
            name="currency",
            kind=CellKind.TEXT,
            meaning=Text("the currency of the amounts", "loại tiền của số tiền"),
            aliases=("plan currency", "currency code", "total amount currency", "đơn vị tiền", "tiền tệ", "loại tiền"),
        ),
        Column(
            name="interval",
            kind=CellKind.TEXT,
            meaning=Text(
                "what the amount is paid for: month, quarter, year, week, 6 months",
                "chu kỳ của số tiền: tháng, quý, năm, tuần, 6 tháng",
            ),
            aliases=(
                "plan interval", "billing interval", "billing frequency", "billing period", "chu kỳ",
                "chu kỳ thanh toán",
            ),
        ),
    ),
    events=(Event(name="subscription", at="started_at"),),
    identity=Alike(columns=("plan", "subscription_id", "mrr", "amount", "interval"), key="subscription_id"),
    stays=Stays(
        start="started_at", end="ended_at", first="paid_first", again="paid_again", lost="paid_lost",
        moved_in="paid_moved_in", moved_out="paid_moved_out", money="mrr",
        amounts=("mrr", "amount"), currency="currency", interval="interval", absent=NO_AMOUNTS,
    ),
    states=States(column="status", words=NOT_PAYING, code="not-paying"),
    follows=Follows(at="started_at", event="signup", code="paid-before-signup"),
    bounds=("started_at", "ended_at"),
)  # fmt: skip
