"""Paid users: subscriptions, invoices, contracts, each with the days it is paid for."""

from funnelcli.inputs.beside import UNREAL
from funnelcli.inputs.people import earners, source, user
from funnelcli.inputs.plans import USUAL as NAMES_OF_PLANS
from funnelcli.inputs.spec import (
    Alike,
    CellKind,
    Column,
    Event,
    Follows,
    Input,
    Standing,
    Statuses,
    Stays,
    Trial,
)
from funnelcli.text import Message
from funnelcli.values.figures import Missing

# Over statuses without capitals, accents and punctuation; the first that fits holds.
STATUS_RULES = (
    (
        r"trial( has| was| is)? converted|converted from( \w+)? trial|partial\w* refund\w*|non renew\w*|cho gia han"
        r"|sap het han",
        Standing.PAYING,
    ),
    (r"trial|dung thu", Standing.NOT_PAYING),
    (
        r"^(not|no|no longer|khong( con)?|het|ngung|dung) (active|live|current|enabled|subscribed|renew\w*|valid"
        r"|hoat dong|hieu luc|su dung|gia han)",
        Standing.ENDED,
    ),
    (UNREAL, Standing.NOT_PAYING),
    (r"\b(closed? ?)?won\b|\b(da )?chot\b|\bda ky\b|\bky (hop dong|hd)\b|\bthang\b", Standing.PAYING),
    (
        r"\b(free|freemium|incomplete\w*|draft|void\w*|unpaid|fail\w*|declin\w*|refund\w*|charge ?back\w*|abandon\w*"
        r"|uncollectible|rejected|invalid|error|mien phi|that bai|hoan tien|tu choi|loi|nhap)\b",
        Standing.NOT_PAYING,
    ),
    (
        r"\b(cancel\w*|expired?|churn\w*|inactiv\w*|ended|terminat\w*|deactivat\w*|disabled|deleted|removed|stopped|lapsed"
        r"|unsubscrib\w*|former|archived|paus\w*|hold|onhold|suspend\w*|frozen|discontinued|left|huy|het han|ket thuc"
        r"|ngung|tam dung|roi bo|nghi|thanh ly)\b|^dung\b",
        Standing.ENDED,
    ),
    (
        r"^(not|never|khong|chua|cho)\b|lost\b|\b(disput\w*|pending|open|scheduled|upcoming|processing|requires? \w+"
        r"|await\w*|waiting|unverified|thua)\b",
        Standing.NOT_PAYING,
    ),
    (
        r"\b(active|activated|paid|paying|success\w*|succeed\w*|complet\w*|current|live|past due|overdue|dunning"
        r"|renew\w*|good standing|enabled|subscribed|customer|fulfilled|settled|da thanh toan|thanh cong|hoat dong"
        r"|con han|dang dung|su dung|hoan thanh|hoan tat|hieu luc|khach hang|gia han|kich hoat)\b",
        Standing.PAYING,
    ),
    (r"\bclosed\b|^(da )?dong( (cua|tai khoan|hop dong|hd|lai))?$", Standing.ENDED),
)
# What stands beside words of paying and changes nothing; any other word may deny or qualify them.
NEUTRAL = (
    r"\b(closed?|deals?|contracts?|subscriptions?|subscribers?|subs?|accounts?|plans?|clients?|users?|members?"
    r"|memberships?|services?|licen[cs]es?|orders?|invoices?|bills?|billing|payments?|is|are|has|been|in|on|the|a|an"
    r"|and|of|by|for|via|fully?|all|currently|still|again|auto|automatically|now|since|status|state|stage|monthly|month"
    r"|annual(ly)?|annum|year(ly)?|quarter(ly)?|recurring|online|card|bank|transfer|cash|hop dong|hd|da|dang|con|co"
    r"|duoc|tu dong|roi|dich vu|goi|thue bao|tai khoan|khach|don( hang)?|hoa don|tien|du|tinh trang|trang thai|thang"
    r"|nam|quy|ky|thanh toan|thau|new|existing|loyal|vip|business|upsell|cross sell|expansion|renewals?|q[1-4]|moi|tot"
    r"|hien tai|than thiet)\b|(?<![^\W\d_])\d+(?![^\W\d_])"
)
# Parts of a status of their own, beside those of plans: means of paying.
LABEL = (
    r"\b(visa|mastercard|amex|paypal|stripe|wire|ach|sepa|direct debit|manual(ly)?|momo|zalo ?pay|vn ?pay|qr"
    r"|chuyen khoan|tien mat|quet the|the|thu cong)\b"
)
LATE = r"\b(past due|overdue|dunning)\b"
DENIED = (
    r"(^|\b)(not|never|no|non|without|khong|chua|chang)"
    r"( (yet|been|be|being|is|was|a|an|any|longer|bi|con|he|phai|la))* "
)
SCHEDULED = r"cancel|paus|hold|suspend|huy|tam (dung|ngung)|bao luu"
PIPELINE = r"won\b|lost\b|\bstage\b|\bpipeline\b|giai doan|\bthang\b|\bthua\b|da chot"
BILLED = r"\b(invoices?|payments?|receipts?|charges?|transactions?|bills?|hoa don|thanh toan|phieu thu|giao dich)\b"
# Of events, over the same; what fits none of them is understood as a status.
EVENT_RULES = (
    (
        r"\b(schedul\w*|requested|pending|attempt\w*|fail\w*|declin\w*|remind\w*|upcoming|e ?mails?|tickets?|notes?"
        r"|logins?|refund\w*|void\w*|that bai|hoan tien|nhac)\b",
        "",
    ),
    (r"reactivat|resum|restor|resubscri|unpaus|uncancel|win ?back|won back|quay lai|tiep tuc|kich hoat lai", "begins"),
    (r"convert", "begins"),
    (r"trial|dung thu", "trial"),
    (
        r"upgrad|downgrad|expan|contraction|renew|chang|switch|updat|nang cap|ha cap|gia han|mo rong|chuyen|doi goi",
        "changes",
    ),
    (
        r"\b(creat\w*|new|start\w*|beg[ia]n\w*|sign(ed)? ?up|purchas\w*|activated|subscribed|tao|moi|bat dau"
        r"|dang ky)\b",
        "begins",
    ),
)
NO_ENDS = Missing(
    "no-ends",
    Message("no column is read that says when customers left"),
)
NO_AMOUNTS = Missing(
    "no-amounts",
    Message("the export has neither mrr nor amount"),
)

NO_PAYMENTS = Missing(
    "no-payments",
    Message("no column is read that says what was paid"),
    unneeded=True,
)
NO_REFUNDS = Missing(
    "no-refunds",
    Message("the export has neither a column of refunds nor an amount below 0"),
    unneeded=True,
)

PAID_USERS = Input(
    name="paid_users",
    title=Message("paid users"),
    rank=40,
    files=("paid_users*", "paid*", "subscriptions*", "customers*"),
    option_help="Paid users: a file, a glob, or -.",
    people="signups",
    steady=False,
    may_lie_ahead=True,
    columns=(
        user(Message("the customer who pays")),
        Column(
            name="started_at",
            kind=CellKind.DATE,
            meaning=Message("the first day paid for"),
            required=True,
            aliases=(
                "start date", "start (utc)", "start date (utc)", "started on", "start", "subscription start date",
                "subscription start", "service period start", "period start", "activated at", "activated on",
                "activation date", "ngày bắt đầu", "ngày kích hoạt", "ngày hiệu lực", "từ ngày", "ngày thanh toán",
                "ngày đặt",
                "paid at", "paid on",
                "payment date", "became a customer date", "won date", "won time", "won at", "close date",
                "created (utc)", "created at", "created date",
                "date", "ngày",
                "event date", "event time", "event timestamp", "occurred at", "effective date", "ngày sự kiện",
            ),
        ),
        Column(
            name="ended_at",
            kind=CellKind.END_DATE,
            meaning=Message("the end; empty while still paying"),
            aliases=(
                "end date", "ended on", "ended at (utc)", "end", "subscription end date", "subscription end",
                "service period end", "period end", "expires at", "expiry date", "expiration date", "expired at",
                "valid until", "ngày kết thúc", "ngày hết hạn", "hạn sử dụng", "đến ngày", "churn date", "churned at",
                "canceled date", "cancelled date",
            ),
        ),
        Column(
            name="listed_on",
            kind=CellKind.MONTH,
            meaning=Message(
                "the month or day of which a row says that the customer pays, where there is no start"),
        ),
        *source(Message("where the customer came from")),
        *earners(),
        Column(
            name="plan",
            kind=CellKind.TEXT,
            meaning=Message("the plan"),
            aliases=(
                "plan name", "plan tier", "product", "product name", "plan price id", "gói", "gói dịch vụ", "tên gói",
            ),
        ),
        Column(
            name="subscription_id",
            kind=CellKind.ID,
            identifies=True,
            meaning=Message("the subscription, invoice or contract"),
            aliases=(
                "subscription external id", "invoice id", "contract id", "order id", "mã đơn", "mã đơn hàng",
                "mã hợp đồng", "mã hóa đơn", "id",
            ),
        ),
        Column(
            name="status",
            kind=CellKind.TEXT,
            meaning=Message(
                "the state of the subscription: paying, not paying, or ended"),
            aliases=(
                "subscription status", "deal stage", "stage", "trạng thái", "tình trạng", "probability (%)",
                "probability", "deal probability", "financial status", "xác suất", "xác suất (%)", "tỷ lệ thắng",
            ),
        ),
        Column(
            name="trial_ends_at",
            kind=CellKind.DATE,
            meaning=Message("the end of the trial, from which on it is paid for"),
            aliases=(
                "trial end (utc)", "trial end", "trial ends", "trial end date", "trial ended at", "trial expires at",
                "ngày hết dùng thử", "ngày kết thúc dùng thử", "hết hạn dùng thử",
            ),
        ),
        Column(
            name="trial_days",
            kind=CellKind.AMOUNT,
            meaning=Message(
                "how many days the trial lasts, from the start on"
            ),
            aliases=(
                "trial period (days)", "trial period days", "trial length (days)", "trial length", "trial duration",
                "trial period", "days of trial", "free trial days", "số ngày dùng thử", "dùng thử (ngày)",
                "thời gian dùng thử", "thời gian dùng thử (ngày)",
            ),
        ),
        Column(
            name="is_trial",
            kind=CellKind.FLAG,
            meaning=Message("whether the row is a trial"),
            aliases=("trial", "on trial", "in trial", "is trial period", "dùng thử", "là dùng thử"),
        ),
        Column(
            name="spent",
            kind=CellKind.AMOUNT,
            meaning=Message(
                "all that was ever paid; who never paid anything is no paid user"),
            aliases=("total spend", "total spent", "lifetime revenue", "lifetime value", "tổng chi tiêu"),
        ),
        Column(
            name="mrr",
            kind=CellKind.AMOUNT,
            meaning=Message("monthly recurring revenue"),
            aliases=("mrr amount", "monthly recurring revenue"),
        ),
        Column(
            name="amount",
            kind=CellKind.AMOUNT,
            meaning=Message(
                "the amount paid; without mrr it is spread over the row's months"),
            aliases=("total amount", "plan amount", "total", "số tiền", "tổng tiền", "thành tiền", "giá trị"),
        ),
        Column(
            name="refunded",
            kind=CellKind.AMOUNT,
            meaning=Message(
                "what was paid back; a row paid back in whole does not count"),
            aliases=("amount refunded", "refunded amount", "refund amount", "refunds", "số tiền hoàn", "đã hoàn"),
        ),
        Column(
            name="paid_at",
            kind=CellKind.DATE,
            meaning=Message("the day on which the amount was paid; without it the start"),
            gives_way=True,
            beside="amount",
            aliases=("paid on", "payment date", "ngày thanh toán"),
        ),
        Column(
            name="refunded_at",
            kind=CellKind.DATE,
            meaning=Message("the day on which it was paid back"),
            gives_way=True,
            beside="refunded",
            aliases=("refund date", "refunded on", "date refunded", "ngày hoàn tiền"),
        ),
        Column(
            name="currency",
            kind=CellKind.TEXT,
            meaning=Message("the currency of the amounts"),
            aliases=("plan currency", "currency code", "total amount currency", "đơn vị tiền", "tiền tệ", "loại tiền"),
        ),
        Column(
            name="interval",
            kind=CellKind.TEXT,
            meaning=Message(
                "what the amount is paid for: month, quarter, year, week, 6 months"),
            aliases=(
                "plan interval", "billing interval", "billing frequency", "billing period", "chu kỳ",
                "chu kỳ thanh toán",
            ),
        ),
        Column(
            name="interval_count",
            kind=CellKind.AMOUNT,
            meaning=Message("how many intervals the amount is paid for"),
            aliases=("plan interval count", "billing interval count", "billing period count", "số chu kỳ"),
        ),
        Column(
            name="quantity",
            kind=CellKind.AMOUNT,
            meaning=Message("how many seats or units"),
            aliases=("qty", "seats", "seat count", "number of seats", "licenses", "số lượng", "sl", "số ghế"),
        ),
    ),
    events=(Event(name="subscription", at="started_at"),),
    identity=Alike(
        columns=("plan", "subscription_id", "mrr", "amount", "interval", "interval_count", "quantity"),
        key="subscription_id", rate="mrr", billed=BILLED,
    ),
    stays=Stays(
        start="started_at", end="ended_at", first="paid_first", again="paid_again", lost="paid_lost",
        moved_in="paid_moved_in", moved_out="paid_moved_out", money="mrr", cash="collected",
        term="paid_term", refund="refunded", paid_at="paid_at", refunded_at="refunded_at",
        amounts=("mrr", "amount"), currency="currency", interval="interval",
        interval_count="interval_count", quantity="quantity", spent="spent",
        refunded="refunded", absent=NO_AMOUNTS,
        undated="paid_end_undated", gone="paid_gone", unlisted="paid_unlisted", endless=NO_ENDS,
        listed="listed_on", came="paid_came", unseen="paid_unseen", unpaid=NO_PAYMENTS,
    ),
    statuses=Statuses(
        column="status", rules=STATUS_RULES, pipeline=PIPELINE, scheduled=SCHEDULED, neutral=NEUTRAL, denied=DENIED,
        label=rf"(?!\bold\b)(?:{NAMES_OF_PLANS})|{LABEL}", late=LATE,
        events=EVENT_RULES,
        closed=r"\bclosed\b|\bdong\b", lost=r"^(customer |khach hang )?lost( customer)?$",
        acts=r"\b(cancel\w*|churn\w*|terminat\w*|left|huy|roi bo|nghi)\b",
    ),
    trial=Trial(
        ends="trial_ends_at", days="trial_days", flag="is_trial", plan="plan", trial_plan=r"\btrial\b|dung thu",
        free_plan=r"(?<!\bad )(?<!\bads )\b(free|freemium|mien phi|community|evaluation|pilot|poc|proof of concept)\b",
    ),
    follows=Follows(at="started_at", event="signup", code="paid-before-signup"),
    bounds=("started_at", "ended_at"),
)  # fmt: skip
