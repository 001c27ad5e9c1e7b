"""Demos and paid users: form -> demo -> quote -> contract."""

from funnelcli.counting import measures
from funnelcli.metrics.model import SALES, Balance, Flow, Formula, Metric, Ratio
from funnelcli.text import Text
from funnelcli.values.figures import HUNDREDTHS, Unit

METRICS: tuple[Metric, ...] = (
    Metric(
        key="cumulative_demos_held",
        label=Text("Total demos (to date)", "Tổng số demo đã thực hiện"),
        unit=Unit.DEMOS,
        section=SALES,
        kind=Balance(
            measure=measures.DEMOS_HELD_AT_END,
            what=Text("demos held up to the end of the period", "demo đã diễn ra đến cuối kỳ"),
        ),
        definition=Text(
            "Demos held up to the end of the period; cancelled, missed and merely booked ones are not held.",
            "Số demo đã diễn ra đến cuối kỳ; demo bị hủy, vắng mặt hoặc mới đặt không tính.",
        ),
        owner="sales_enterprise",
        good="up",
        source="definitions: counting people and rows",
    ),
    Metric(
        key="new_demo_bookings",
        label=Text("New demo bookings", "Demo đặt mới"),
        unit=Unit.DEMOS,
        section=SALES,
        kind=Flow(measure=measures.DEMOS_BOOKED, what=Text("demos booked within the period", "demo được đặt trong kỳ")),
        definition=Text(
            "Demos booked within the period, whatever became of them (a booked demo is a sales-qualified lead, SQL).",
            "Số demo được đặt trong kỳ, dù sau đó ra sao (demo đã đặt là SQL).",
        ),
        owner="sales_enterprise",
        good="up",
    ),
    Metric(
        key="signup_to_demo_rate",
        label=Text("RU → Demo", "Tỷ lệ RU → Demo"),
        unit=Unit.RATE,
        section=SALES,
        kind=Ratio(
            numerator="new_demo_bookings",
            denominator="new_signups",
            nothing=Text("no signups in the period", "không có đăng ký trong kỳ"),
        ),
        definition=Text(
            "New demo bookings per new signup of the same period. "
            "A period rate: other people may stand above and below.",
            "Demo đặt mới trên mỗi đăng ký mới cùng kỳ. Tỷ lệ theo kỳ, không theo cùng nhóm người.",
        ),
        owner="sales_enterprise",
        good="up",
        source="definitions: period rates and cohort rates",
    ),
    Metric(
        key="opening_paid_users",
        label=Text("PU at start of {grain}", "PU đầu {grain}"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Balance(
            measure=measures.PAYING_AT_START,
            what=Text("customers paying when the period began", "khách đang trả phí khi kỳ bắt đầu"),
        ),
        definition=Text(
            "Customers whose stay began before the period and had not ended before its first day.",
            "Khách hàng đang trả phí khi kỳ bắt đầu.",
        ),
        owner="customer_success",
        good="neither",
        source="definitions: paid users",
    ),
    Metric(
        key="new_paid_users",
        label=Text("New PU", "PU mới"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Flow(
            measure=measures.NEW_PAID,
            what=Text("customers whose first stay began within the period", "khách lần đầu trả phí trong kỳ"),
        ),
        definition=Text(
            "Customers who pay for the first time within the period.", "Khách hàng trả phí lần đầu trong kỳ."
        ),
        owner="sales_enterprise",
        good="up",
        source="definitions: paid users",
    ),
    Metric(
        key="reactivated_paid_users",
        label=Text("Reactivated PU", "PU quay lại"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Flow(
            measure=measures.REACTIVATED,
            what=Text("later stays that began within the period", "lần quay lại trả phí trong kỳ"),
        ),
        definition=Text(
            "Customers who paid before, were lost, and pay again within the period.",
            "Khách hàng từng trả phí, đã mất, và trả phí lại trong kỳ.",
        ),
        owner="customer_success",
        good="up",
        source="definitions: paid users",
        hide_zero=True,
    ),
    Metric(
        key="demo_to_paid_rate",
        label=Text("Demo → PU", "Tỷ lệ Demo → PU"),
        unit=Unit.RATE,
        section=SALES,
        kind=Ratio(
            numerator="new_paid_users",
            denominator="new_demo_bookings",
            nothing=Text("no demo bookings in the period", "không có demo đặt mới trong kỳ"),
        ),
        definition=Text(
            "New PU per new demo booking of the same period. A period rate: other people may stand above and below.",
            "PU mới trên mỗi demo đặt mới cùng kỳ. Tỷ lệ theo kỳ, không theo cùng nhóm người.",
        ),
        owner="sales_enterprise",
        good="up",
        source="definitions: period rates and cohort rates",
    ),
    Metric(
        key="churned_paid_users",
        label=Text("Lost PU", "PU mất (hết hạn không gia hạn)"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Flow(
            measure=measures.CHURNED,
            what=Text(
                "stays that ended within the period, at or before as_of", "lần ngừng trả phí trong kỳ, tính đến as_of"
            ),
        ),
        definition=Text(
            "Customers whose stay expired within the period and was not renewed.",
            "Khách hàng hết hạn trong kỳ và không gia hạn.",
        ),
        owner="customer_success",
        good="down",
        source="definitions: paid users",
    ),
    Metric(
        key="churn_counted_paid_users",
        label=Text("Lost PU in the churn rate", "PU mất tính vào tỷ lệ rời bỏ"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Flow(
            measure=measures.CHURN_COUNTED,
            what=Text("lost PU that the churn rate counts", "PU mất được tính vào tỷ lệ churn"),
        ),
        definition=Text(
            'Lost PU that the churn rate counts: all of them, or with [churn] method = "opening" only those who were '
            "paying when the period began and not when it ended: neither who joined and left in it nor who left and "
            "came back in it.",
            'PU mất được tính vào tỷ lệ rời bỏ: tất cả, hoặc với [churn] method = "opening" '
            "chỉ những khách đang trả phí đầu kỳ mà cuối kỳ không còn: không tính người vào và rời trong kỳ, "
            "cũng không tính người rời rồi quay lại trong kỳ.",
        ),
        owner="customer_success",
        good="down",
        source="definitions: paid users",
        shown=False,
        like="churned_paid_users",
    ),
    Metric(
        key="paid_user_churn_rate",
        label=Text("Churn rate", "Tỷ lệ rời bỏ"),
        unit=Unit.RATE,
        section=SALES,
        kind=Ratio(
            numerator="churn_counted_paid_users",
            denominator="opening_paid_users",
            nothing=Text("no paid users at the start of the period", "không có khách trả phí đầu kỳ"),
        ),
        definition=Text(
            "Lost PU per customer paying when the period began.",
            "Số PU mất trên số khách đang trả phí đầu kỳ.",
        ),
        owner="customer_success",
        good="down",
        source="definitions: paid users",
    ),
    Metric(
        key="net_new_paid_users",
        label=Text("Net new PU", "PU tăng ròng"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Formula(plus=("new_paid_users", "reactivated_paid_users"), minus=("churned_paid_users",)),
        definition=Text("New and reactivated PU less the lost.", "PU mới cộng PU quay lại trừ PU mất."),
        owner="customer_success",
        good="up",
    ),
    Metric(
        key="transferred_paid_users",
        label=Text("PU from other parts, net", "PU từ nhóm khác (ròng)"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Flow(
            measure=measures.TRANSFERRED,
            what=Text(
                "customers who came from another part, less those who went to one",
                "khách chuyển đến từ nhóm khác, trừ khách chuyển đi",
            ),
        ),
        between_parts=True,
        definition=Text(
            "Paying customers who came from another part of the split, like another plan, less those who went to one.",
            "Khách đang trả phí chuyển đến từ nhóm khác (ví dụ gói khác) trừ khách chuyển đi.",
        ),
        owner="customer_success",
        good="neither",
        source="definitions: dimensions",
    ),
    Metric(
        key="closing_paid_users",
        label=Text("PU at end of {grain}", "PU cuối {grain}"),
        unit=Unit.CUSTOMERS,
        section=SALES,
        kind=Formula(
            plus=("opening_paid_users", "net_new_paid_users"),
            between_parts=("transferred_paid_users",),
            measure=measures.PAYING_AT_END,
        ),
        definition=Text("Customers paying when the period ended.", "Khách hàng đang trả phí khi kỳ kết thúc."),
        owner="customer_success",
        good="up",
    ),
    Metric(
        key="closing_mrr_amount",
        label=Text("MRR at end of {grain}", "MRR cuối {grain}"),
        unit=Unit.AMOUNT,
        section=SALES,
        kind=Balance(
            measure=measures.MRR_AT_END,
            what=Text(
                "the monthly amounts of the customers paying when the period ended",
                "số tiền hàng tháng của khách đang trả phí khi kỳ kết thúc",
            ),
            per=HUNDREDTHS,
        ),
        definition=Text(
            "Monthly recurring revenue of the customers paying when the period ended: of each row in force its mrr, "
            "else its amount spread over its months.",
            "Doanh thu định kỳ hằng tháng của khách đang trả phí khi kỳ kết thúc: mỗi dòng đang hiệu lực lấy cột mrr, "
            "nếu không có thì lấy số tiền chia đều cho số tháng của dòng.",
        ),
        owner="customer_success",
        good="up",
        source="definitions: revenue",
    ),
    Metric(
        key="arpa_amount",
        label=Text("ARPA (MRR per PU)", "ARPA (MRR trên mỗi PU)"),
        unit=Unit.AMOUNT,
        section=SALES,
        kind=Ratio(
            numerator="closing_mrr_amount",
            denominator="closing_paid_users",
            nothing=Text("no paid users at the end of the period", "không có khách trả phí cuối kỳ"),
        ),
        definition=Text(
            "Average revenue per account: MRR at the end of the period per customer paying then.",
            "Doanh thu trung bình trên mỗi khách: MRR cuối kỳ chia cho số khách đang trả phí khi đó.",
        ),
        owner="customer_success",
        good="up",
        source="definitions: revenue",
    ),
)
