"""The figures of a plan, each declared once; ``actual`` names the dashboard's metric that it is compared with."""

from collections.abc import Callable
from fractions import Fraction
from itertools import accumulate
from math import ceil

from funnelcli.planning.backsolve import Month, rounded_down
from funnelcli.planning.declare import Course, Kind, Months, PaceOf
from funnelcli.planning.declare import PlannedMetric as PlannedMetric
from funnelcli.planning.keys import Key
from funnelcli.text import Text
from funnelcli.values.declared import Declared
from funnelcli.values.figures import Missing, Unit

# --- how they are made -------------------------------------------------------------------------------------------


def _of_run(figure: Callable[[Month], Fraction]) -> Callable[[Course], Months | Missing]:
    return lambda course: course.run if isinstance(course.run, Missing) else [figure(month) for month in course.run]


_opening = _of_run(lambda month: month.opening)
_churned = _of_run(lambda month: month.churned)
_closing = _of_run(lambda month: month.closing)
# Customers are whole: of those expected to stay, a part is one more who must.
_renewed = _of_run(lambda month: Fraction(ceil(month.opening - month.churned)))


def _revenue(course: Course) -> Months | Missing:
    return course.revenue


def _allowed_churned(course: Course) -> Months | Missing:
    lost = _churned(course)
    return lost if isinstance(lost, Missing) else [Fraction(n) for n in rounded_down(list(accumulate(lost)))]


# --- the declarations --------------------------------------------------------------------------------------------

VISITORS = PlannedMetric(
    key="required_net_new_visitors",
    kind=Kind.STAGE,
    label=Text("Net new visitors needed", "Lượt truy cập mới cần có"),
    short=Text("Visitors", "Visitor"),
    unit=Unit.VISITS,
    formula=Text(
        "running total of required_new_signups / visitor_to_signup_rate, rounded up",
        "lũy kế required_new_signups / visitor_to_signup_rate, làm tròn lên",
    ),
    definition=Text(
        "Visits needed so that, at the visitor to signup rate, every running total of signups is covered.",
        "Lượt truy cập cần có để đủ số đăng ký theo tỷ lệ Visitor → RU.",
    ),
    actual="net_new_visitors",
    rate=Key.VISITOR_TO_SIGNUP,
    owner="visitors",
    paid_by="per_visit",
    always=True,
    replanned=True,
)

SIGNUPS = PlannedMetric(
    key="required_new_signups",
    kind=Kind.STAGE,
    label=Text("New signups (RU) needed", "Đăng ký mới (RU) cần có"),
    short=Text("Signups", "Đăng ký"),
    unit=Unit.PEOPLE,
    formula=Text(
        "running total of required_new_demo_bookings / signup_to_demo_rate, rounded up",
        "lũy kế required_new_demo_bookings / signup_to_demo_rate, làm tròn lên",
    ),
    definition=Text(
        "Signups needed so that, at the signup to demo rate, every running total of demo bookings is covered.",
        "Đăng ký cần có để đủ số demo theo tỷ lệ RU → Demo.",
    ),
    actual="new_signups",
    rate=Key.SIGNUP_TO_DEMO,
    owner="signups",
    paid_by="per_signup",
    always=True,
    replanned=True,
)

DEMOS = PlannedMetric(
    key="required_new_demo_bookings",
    kind=Kind.STAGE,
    label=Text("Demo bookings needed", "Demo đặt mới cần có"),
    short=Text("Demos", "Demo"),
    unit=Unit.DEMOS,
    formula=Text(
        "running total of required_new_paid_users / demo_to_paid_rate, rounded up",
        "lũy kế required_new_paid_users / demo_to_paid_rate, làm tròn lên",
    ),
    definition=Text(
        "Demo bookings needed so that, at the demo to paid rate, every running total of new PU is covered.",
        "Demo đặt mới cần có để đủ số PU mới theo tỷ lệ Demo → PU.",
    ),
    actual="new_demo_bookings",
    rate=Key.DEMO_TO_PAID,
    owner="demos",
    paid_by="per_demo",
    always=True,
    replanned=True,
)

NEW_PAID_USERS = PlannedMetric(
    key="required_new_paid_users",
    kind=Kind.STAGE,
    label=Text("New PU needed", "PU mới cần có"),
    short=Text("New PU", "PU mới"),
    unit=Unit.CUSTOMERS,
    formula=Text(
        "the smallest whole total that reaches the goal; its share of each month, running total rounded up",
        "tổng nguyên nhỏ nhất đạt mục tiêu; phần của mỗi tháng, lũy kế làm tròn lên",
    ),
    definition=Text(
        "The fewest new customers, in the shape asked for, that reach the goal.",
        "Số PU mới ít nhất, theo dạng phân bổ đã chọn, để đạt mục tiêu.",
    ),
    actual="new_paid_users",
    owner="new_paid_users",
    always=True,
    replanned=True,
)

OPENING = PlannedMetric(
    key="planned_opening_paid_users",
    kind=Kind.LEVEL,
    label=Text("PU at start of month", "PU đầu tháng"),
    short=Text("PU at start", "PU đầu"),
    unit=Unit.CUSTOMERS,
    formula=Text(
        "planned_closing_paid_users of the month before; opening_paid_users in the first",
        "planned_closing_paid_users của tháng trước; tháng đầu là opening_paid_users",
    ),
    definition=Text(
        "Customers expected to pay when the month begins: the closing of the month before.",
        "PU dự kiến đầu tháng, bằng PU cuối tháng trước.",
    ),
    total="first",
    actual="opening_paid_users",
    work=_opening,
    pace=PaceOf.OPENING,
    always=True,
    judged=False,
    by_month=False,
)

CHURNED = PlannedMetric(
    key="expected_churned_paid_users",
    kind=Kind.EXPECTED,
    label=Text("Lost PU expected", "PU mất dự kiến"),
    short=Text("Lost PU", "PU mất"),
    unit=Unit.CUSTOMERS,
    formula="planned_opening_paid_users x paid_user_churn_rate",
    definition=Text(
        "Opening PU times the churn rate; an expectation, so not a whole number.",
        "PU đầu tháng nhân tỷ lệ rời bỏ; là kỳ vọng nên có thể lẻ.",
    ),
    actual="churned_paid_users",
    good="down",
    work=_churned,
    always=True,
)

CLOSING = PlannedMetric(
    key="planned_closing_paid_users",
    kind=Kind.LEVEL,
    label=Text("PU at end of month", "PU cuối tháng"),
    short=Text("PU at end", "PU cuối"),
    unit=Unit.CUSTOMERS,
    formula="planned_opening_paid_users - expected_churned_paid_users + required_new_paid_users",
    definition=Text("Opening PU - lost PU + new PU.", "PU đầu tháng - PU mất + PU mới."),
    total="last",
    actual="closing_paid_users",
    work=_closing,
    pace=PaceOf.BASE,
    always=True,
)

REVENUE = PlannedMetric(
    key="planned_revenue_amount",
    kind=Kind.EXPECTED,
    label=Text("Revenue", "Doanh thu"),
    short=Text("Revenue", "Doanh thu"),
    unit=Unit.AMOUNT,
    formula=Text(
        "MRR of the month before (opening_mrr_amount in the first) x (1 - paid_user_churn_rate) + new_arpa_amount x "
        "required_new_paid_users, or deal_size_amount x required_new_paid_users",
        "MRR tháng trước (tháng đầu: opening_mrr_amount) x (1 - paid_user_churn_rate) + new_arpa_amount x "
        "required_new_paid_users, hoặc deal_size_amount x required_new_paid_users",
    ),
    definition=Text(
        "Recurring: MRR at the end of the month, which is not the cash of the month: what is left of the MRR before, "
        "and that of the new customers. One-off: deal size times new customers.",
        "Định kỳ: MRR cuối tháng (không phải tiền thu trong tháng): MRR trước đó còn lại cộng MRR của PU mới. "
        "Một lần: giá trị hợp đồng nhân PU mới.",
    ),
    actual="closing_mrr_amount",
    work=_revenue,
    pace=PaceOf.BASE,
    always=True,
    actual_recurs=True,
)

ALLOWED_CHURNED = PlannedMetric(
    key="allowed_churned_paid_users",
    kind=Kind.QUOTA,
    label=Text("Lost PU at most", "PU mất tối đa"),
    short=Text("Lost at most", "Mất tối đa"),
    unit=Unit.CUSTOMERS,
    formula=Text(
        "running total of expected_churned_paid_users, rounded down",
        "lũy kế expected_churned_paid_users, làm tròn xuống",
    ),
    definition=Text(
        "Lost PU expected, its running total rounded down to whole customers.",
        "PU mất dự kiến, cộng dồn rồi làm tròn xuống.",
    ),
    actual="churned_paid_users",
    good="down",
    work=_allowed_churned,
    owner="retention",
)

RENEWED = PlannedMetric(
    key="required_renewed_paid_users",
    kind=Kind.QUOTA,
    label=Text("PU kept at least", "PU giữ lại tối thiểu"),
    short=Text("Kept at least", "Giữ tối thiểu"),
    unit=Unit.CUSTOMERS,
    formula=Text(
        "planned_opening_paid_users - expected_churned_paid_users, rounded up",
        "planned_opening_paid_users - expected_churned_paid_users, làm tròn lên",
    ),
    definition=Text(
        "Opening PU less the lost PU expected, rounded up: those who must stay, be it by renewal.",
        "PU đầu tháng trừ PU mất dự kiến, làm tròn lên: số khách phải ở lại hoặc gia hạn.",
    ),
    total="last",
    work=_renewed,
    pace=PaceOf.BASE,
    owner="retention",
)

ONBOARDINGS = PlannedMetric(
    key="required_onboardings",
    kind=Kind.QUOTA,
    label=Text("Onboardings", "Triển khai cho PU mới"),
    short=Text("Onboardings", "Triển khai"),
    unit=Unit.CUSTOMERS,
    formula="required_new_paid_users",
    definition=Text("One for each new PU.", "Mỗi PU mới một lần triển khai."),
    quota_of="required_new_paid_users",
    owner="onboardings",
)

COST = PlannedMetric(
    key="planned_cost_amount",
    kind=Kind.BUDGET,
    label=Text("Policy budget", "Ngân sách chính sách"),
    short=Text("Budget", "Ngân sách"),
    unit=Unit.AMOUNT,
    good="down",
    formula=Text(
        "per_visit x visits + per_signup x signups + per_demo x demos + per_new_paid_user x new PU + fixed_per_month",
        "per_visit x lượt truy cập + per_signup x đăng ký + per_demo x demo + per_new_paid_user x PU mới "
        "+ fixed_per_month",
    ),
    definition=Text(
        "What the policies of funnel.toml cost: so much a visit, signup, demo or new PU, and fixed monthly amounts.",
        "Chi phí theo chính sách trong funnel.toml: theo lượt, đăng ký, demo, PU mới và khoản cố định mỗi tháng.",
    ),
    by_month=False,
)

COST_RATE = PlannedMetric(
    key="planned_cost_rate",
    kind=Kind.BUDGET,
    label=Text("Budget / revenue", "Ngân sách / doanh thu"),
    short=Text("Share", "Tỷ lệ"),
    unit=Unit.RATE,
    good="down",
    formula="planned_cost_amount / planned_revenue_amount",
    definition=Text("Policy budget over revenue.", "Ngân sách chính sách trên doanh thu."),
    total="own",
    by_month=False,
    tracked=False,
)

CAC = PlannedMetric(
    key="planned_cac_amount",
    kind=Kind.BUDGET,
    label=Text("CAC", "CAC"),
    short=Text("CAC", "CAC"),
    unit=Unit.AMOUNT,
    good="down",
    formula="planned_cost_amount / required_new_paid_users",
    definition=Text(
        "Policy budget per new PU. What is paid for a visit, signup or customer belongs to its channel; fixed amounts "
        "to the team's channels, by their new PU.",
        "Ngân sách trên mỗi PU mới. Khoản theo lượt, đăng ký, khách thuộc kênh đó; khoản cố định chia theo PU mới.",
    ),
    total="own",
    by_month=False,
    tracked=False,
)

PAYBACK = PlannedMetric(
    key="planned_payback_months",
    kind=Kind.BUDGET,
    label=Text("Payback (months)", "Hoàn vốn (tháng)"),
    short=Text("Payback", "Hoàn vốn"),
    unit=Unit.MONTHS,
    good="down",
    formula="planned_cac_amount / (new_arpa_amount x [business] gross_margin)",
    definition=Text(
        "CAC over the margin of what a new customer brings a month: [business] gross_margin, else 100 %. Never, where "
        "the customer is lost before.",
        "CAC trên lãi gộp mỗi tháng của một PU mới: [business] gross_margin, 100 % nếu không khai. "
        "Không bao giờ, nếu khách rời đi trước đó.",
    ),
    total="own",
    by_month=False,
    tracked=False,
)

PLANNED = Declared(
    VISITORS, SIGNUPS, DEMOS, NEW_PAID_USERS, OPENING, CHURNED, CLOSING, REVENUE, ALLOWED_CHURNED, RENEWED, ONBOARDINGS,
    COST, COST_RATE, CAC, PAYBACK,
)  # fmt: skip


def stages() -> tuple[PlannedMetric, ...]:
    """The stages from the new customers back to the visitors: each is made from the one before it in this list."""
    return tuple(metric for metric in reversed(tuple(PLANNED.values())) if metric.kind is Kind.STAGE)


STAGE_RATES = tuple(stage.rate for stage in stages() if stage.rate is not None)


def owned() -> tuple[PlannedMetric, ...]:
    """What [teams] share out by channel."""
    return tuple(metric for metric in PLANNED.values() if metric.owner is not None and metric.parts_of is not None)
