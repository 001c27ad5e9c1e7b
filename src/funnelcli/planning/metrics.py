"""The figures of a plan, each declared once; ``actual`` names the dashboard's metric that it is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from funnelcli.text import Text
from funnelcli.values.figures import Unit

TotalOf = Literal["sum", "first", "last", "own"]


@dataclass(frozen=True, kw_only=True)
class PlannedMetric:
    """One planned figure.  ``total`` says what the range's figure is: the sum, the first, the last, or one of its own.

    ``good`` says which side of the target is good news.
    """

    key: str
    label: Text
    short: Text
    unit: Unit
    definition: Text
    formula: str
    total: TotalOf = "sum"
    actual: str | None = None
    good: Literal["up", "down"] = "up"


_ALL = (
    PlannedMetric(
        key="required_net_new_visitors",
        label=Text("Net new visitors needed", "Lượt truy cập mới cần có"),
        short=Text("Visitors", "Visitor"),
        unit=Unit.VISITS,
        formula="running total of required_new_signups / visitor_to_signup_rate, rounded up",
        definition=Text(
            "Visits needed so that, at the visitor to signup rate, every running total of signups is covered.",
            "Lượt truy cập cần có để đủ số đăng ký theo tỷ lệ Visitor → RU.",
        ),
        actual="net_new_visitors",
    ),
    PlannedMetric(
        key="required_new_signups",
        label=Text("New signups (RU) needed", "Đăng ký mới (RU) cần có"),
        short=Text("Signups", "Đăng ký"),
        unit=Unit.PEOPLE,
        formula="running total of required_new_demo_bookings / signup_to_demo_rate, rounded up",
        definition=Text(
            "Signups needed so that, at the signup to demo rate, every running total of demo bookings is covered.",
            "Đăng ký cần có để đủ số demo theo tỷ lệ RU → Demo.",
        ),
        actual="new_signups",
    ),
    PlannedMetric(
        key="required_new_demo_bookings",
        label=Text("Demo bookings needed", "Demo đặt mới cần có"),
        short=Text("Demos", "Demo"),
        unit=Unit.DEMOS,
        formula="running total of required_new_paid_users / demo_to_paid_rate, rounded up",
        definition=Text(
            "Demo bookings needed so that, at the demo to paid rate, every running total of new PU is covered.",
            "Demo đặt mới cần có để đủ số PU mới theo tỷ lệ Demo → PU.",
        ),
        actual="new_demo_bookings",
    ),
    PlannedMetric(
        key="required_new_paid_users",
        label=Text("New PU needed", "PU mới cần có"),
        short=Text("New PU", "PU mới"),
        unit=Unit.CUSTOMERS,
        formula="the smallest whole total that reaches the goal; its share of each month, running total rounded up",
        definition=Text(
            "The fewest new customers, in the shape asked for, that reach the goal.",
            "Số PU mới ít nhất, theo dạng phân bổ đã chọn, để đạt mục tiêu.",
        ),
        actual="new_paid_users",
    ),
    PlannedMetric(
        key="planned_opening_paid_users",
        label=Text("PU at start of month", "PU đầu tháng"),
        short=Text("PU at start", "PU đầu"),
        unit=Unit.CUSTOMERS,
        formula="planned_closing_paid_users of the month before; opening_paid_users in the first",
        definition=Text(
            "Customers expected to pay when the month begins: the closing of the month before.",
            "PU dự kiến đầu tháng, bằng PU cuối tháng trước.",
        ),
        total="first",
        actual="opening_paid_users",
    ),
    PlannedMetric(
        key="expected_churned_paid_users",
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
    ),
    PlannedMetric(
        key="planned_closing_paid_users",
        label=Text("PU at end of month", "PU cuối tháng"),
        short=Text("PU at end", "PU cuối"),
        unit=Unit.CUSTOMERS,
        formula="planned_opening_paid_users - expected_churned_paid_users + required_new_paid_users",
        definition=Text("Opening PU - lost PU + new PU.", "PU đầu tháng - PU mất + PU mới."),
        total="last",
        actual="closing_paid_users",
    ),
    PlannedMetric(
        key="planned_revenue_amount",
        label=Text("Revenue", "Doanh thu"),
        short=Text("Revenue", "Doanh thu"),
        unit=Unit.AMOUNT,
        formula="arpa_amount x planned_closing_paid_users, or deal_size_amount x required_new_paid_users",
        definition=Text(
            "Recurring: ARPA times the customers paying at the end of the month. One-off: deal size times new customers.",
            "Định kỳ: ARPA nhân PU cuối tháng. Một lần: giá trị hợp đồng nhân PU mới.",
        ),
        actual="closing_mrr_amount",
    ),
    PlannedMetric(
        key="allowed_churned_paid_users",
        label=Text("Lost PU at most", "PU mất tối đa"),
        short=Text("Lost at most", "Mất tối đa"),
        unit=Unit.CUSTOMERS,
        formula="running total of expected_churned_paid_users, rounded down",
        definition=Text(
            "Lost PU expected, its running total rounded down to whole customers.",
            "PU mất dự kiến, cộng dồn rồi làm tròn xuống.",
        ),
        actual="churned_paid_users",
        good="down",
    ),
    PlannedMetric(
        key="required_renewed_paid_users",
        label=Text("PU kept at least", "PU giữ lại tối thiểu"),
        short=Text("Kept at least", "Giữ tối thiểu"),
        unit=Unit.CUSTOMERS,
        formula="planned_opening_paid_users - expected_churned_paid_users, rounded up",
        definition=Text(
            "Opening PU less the lost PU expected, rounded up: those who must stay, be it by renewal.",
            "PU đầu tháng trừ PU mất dự kiến, làm tròn lên: số khách phải ở lại hoặc gia hạn.",
        ),
        total="last",
    ),
    PlannedMetric(
        key="required_onboardings",
        label=Text("Onboardings", "Triển khai cho PU mới"),
        short=Text("Onboardings", "Triển khai"),
        unit=Unit.CUSTOMERS,
        formula="required_new_paid_users",
        definition=Text("One for each new PU.", "Mỗi PU mới một lần triển khai."),
    ),
    PlannedMetric(
        key="planned_cost_amount",
        label=Text("Policy budget", "Ngân sách chính sách"),
        short=Text("Budget", "Ngân sách"),
        unit=Unit.AMOUNT,
        good="down",
        formula="per_visit x visits + per_signup x signups + per_demo x demos + per_new_paid_user x new PU + fixed_per_month",
        definition=Text(
            "What the policies of funnel.toml cost: so much a visit, signup, demo or new PU, and fixed monthly amounts.",
            "Chi phí theo chính sách trong funnel.toml: theo lượt, đăng ký, demo, PU mới và khoản cố định mỗi tháng.",
        ),
    ),
    PlannedMetric(
        key="planned_cost_rate",
        label=Text("Budget / revenue", "Ngân sách / doanh thu"),
        short=Text("Share", "Tỷ lệ"),
        unit=Unit.RATE,
        good="down",
        formula="planned_cost_amount / planned_revenue_amount",
        definition=Text("Policy budget over revenue.", "Ngân sách chính sách trên doanh thu."),
        total="own",
    ),
    PlannedMetric(
        key="planned_cac_amount",
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
    ),
    PlannedMetric(
        key="planned_payback_months",
        label=Text("Payback (months)", "Hoàn vốn (tháng)"),
        short=Text("Payback", "Hoàn vốn"),
        unit=Unit.MONTHS,
        good="down",
        formula="planned_cac_amount / arpa_amount",
        definition=Text(
            "CAC over ARPA: the months of revenue that pay the policy back; no margin is taken off.",
            "CAC trên ARPA: số tháng doanh thu bù lại chi phí; chưa trừ giá vốn.",
        ),
        total="own",
    ),
)  # fmt: skip

PLANNED: Mapping[str, PlannedMetric] = {metric.key: metric for metric in _ALL}
STAGES = ("required_new_paid_users", "required_new_demo_bookings", "required_new_signups", "required_net_new_visitors")
