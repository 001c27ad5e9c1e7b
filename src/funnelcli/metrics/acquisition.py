"""Visits and registered users: know -> understand -> fill the form."""

from funnelcli.counting import measures
from funnelcli.metrics.model import ACQUISITION, Balance, Flow, Formula, Metric, Ratio
from funnelcli.text import Text
from funnelcli.values.channels import CHANNELS, Channel
from funnelcli.values.figures import Unit


def _signups(channel: Channel, label: Text, definition: Text, owner: str) -> Metric:
    return Metric(
        key=f"{channel.value}_signups",
        label=label,
        unit=Unit.PEOPLE,
        section=ACQUISITION,
        kind=Flow(
            measure=measures.SIGNUPS,
            only=frozenset({channel}),
            what=Text(f"signups of channel {channel.value}", f"đăng ký của kênh {channel.value}"),
        ),
        definition=definition,
        owner=owner,
        good="up",
        by_channel=False,
        part=True,
        hide_zero=channel in (Channel.PARTNER, Channel.REFERRAL),
    )


METRICS: tuple[Metric, ...] = (
    Metric(
        key="total_leads",
        label=Text("Total leads (to date)", "Tổng lead từ các nguồn"),
        unit=Unit.PEOPLE,
        section=ACQUISITION,
        kind=Balance(
            measure=measures.REGISTERED_AT_END,
            what=Text("people who signed up, up to the end of the period", "người đã đăng ký đến cuối kỳ"),
        ),
        definition=Text(
            "Distinct people who ever filled the form, all sources, up to the end of the period.",
            "Số người (không trùng) đã từng điền form, từ mọi nguồn, tính đến cuối kỳ.",
        ),
        owner="marketing",
        good="up",
    ),
    Metric(
        key="organic_visits",
        label=Text("Organic visits", "Lượt truy cập tự nhiên"),
        unit=Unit.VISITS,
        section=ACQUISITION,
        kind=Flow(
            measure=measures.VISITS,
            only=frozenset(CHANNELS) - {Channel.PAID},
            what=Text("visits of every channel but paid", "lượt truy cập của mọi kênh trừ paid"),
        ),
        definition=Text(
            "Visits whose channel is not measured as paid.",
            "Lượt truy cập có kênh không được đo là trả phí.",
        ),
        owner="marketing",
        good="up",
    ),
    Metric(
        key="paid_visits",
        label=Text("Ads visits", "Lượt truy cập từ quảng cáo"),
        unit=Unit.VISITS,
        section=ACQUISITION,
        kind=Flow(
            measure=measures.VISITS,
            only=frozenset({Channel.PAID}),
            what=Text("visits of channel paid", "lượt truy cập của kênh paid"),
        ),
        definition=Text("Visits from paid channels.", "Lượt truy cập từ các kênh trả phí."),
        owner="marketing",
        good="up",
    ),
    Metric(
        key="existing_user_visits",
        label=Text("Visits by existing users", "Lượt truy cập của người dùng hiện tại"),
        unit=Unit.VISITS,
        section=ACQUISITION,
        kind=Flow(
            measure=measures.EXISTING_VISITS,
            what=Text("visits by people already registered", "lượt truy cập của người đã đăng ký"),
        ),
        definition=Text(
            "Visits by people already registered when they came: told by a column of the export, or found by joining "
            "its user ids with the signups (signed up before the visit; by the clock where both files give a time, "
            "else on an earlier day).",
            "Lượt truy cập của người đã đăng ký từ trước: theo cột trong tệp, "
            "hoặc nối mã người dùng với danh sách đăng ký.",
        ),
        owner="marketing",
        good="neither",
        source="definitions: counting people and rows",
    ),
    Metric(
        key="net_new_visitors",
        label=Text("Net new visitors", "Lượt truy cập mới thuần"),
        unit=Unit.VISITS,
        section=ACQUISITION,
        kind=Formula(
            plus=("organic_visits", "paid_visits"),
            minus=("existing_user_visits",),
            optional=frozenset({"existing_user_visits"}),
        ),
        definition=Text(
            "Visits less those by existing users. Where the data cannot tell existing users, all visits, with a note.",
            "Tổng lượt truy cập trừ lượt của người dùng hiện tại. "
            "Nếu dữ liệu không phân biệt được thì là tổng lượt, có ghi chú.",
        ),
        owner="marketing",
        good="up",
    ),
    Metric(
        key="opening_registered_users",
        label=Text("RU at start of {grain}", "RU đầu {grain}"),
        unit=Unit.PEOPLE,
        section=ACQUISITION,
        kind=Balance(
            measure=measures.REGISTERED_AT_START,
            what=Text("people who signed up before the period", "người đã đăng ký trước kỳ"),
        ),
        definition=Text("Registered before the period began.", "Số người đã đăng ký trước khi kỳ bắt đầu."),
        owner="marketing",
        good="neither",
    ),
    Metric(
        key="new_signups",
        label=Text("New signups (RU)", "Đăng ký mới (RU)"),
        unit=Unit.PEOPLE,
        section=ACQUISITION,
        kind=Flow(
            measure=measures.SIGNUPS,
            what=Text("people whose earliest signup lies in the period", "người có lần đăng ký sớm nhất trong kỳ"),
        ),
        definition=Text(
            "People who registered within the period; of several rows of one user_id the earliest counts.",
            "Số người đăng ký trong kỳ; một mã khách hàng có nhiều dòng thì tính dòng sớm nhất.",
        ),
        owner="marketing",
        good="up",
        source="definitions: counting people and rows",
    ),
    _signups(
        Channel.ORGANIC,
        Text("Organic (brand)", "Tự nhiên (thương hiệu)"),
        Text(
            "New signups minus every measured channel: the residual.",
            "Đăng ký mới trừ mọi kênh đo được: phần còn lại.",
        ),
        "marketing",
    ),
    _signups(
        Channel.PAID,
        Text("Paid (performance)", "Trả phí (quảng cáo)"),
        Text("New signups whose source is a paid channel.", "Đăng ký mới từ kênh trả phí."),
        "marketing",
    ),
    _signups(
        Channel.SALES_SME,
        Text("From Sales SME", "Từ Sales SME"),
        Text("New signups brought by the SME sales team.", "Đăng ký mới do đội Sales SME mang về."),
        "sales_sme",
    ),
    _signups(
        Channel.AFFILIATE,
        Text("From affiliates", "Từ Affiliate"),
        Text("New signups brought by affiliates.", "Đăng ký mới do cộng tác viên (affiliate) mang về."),
        "affiliate",
    ),
    _signups(
        Channel.PARTNER,
        Text("From partners", "Từ đối tác"),
        Text("New signups brought by partners.", "Đăng ký mới do đối tác mang về."),
        "partner",
    ),
    _signups(
        Channel.REFERRAL,
        Text("From referrals", "Từ giới thiệu"),
        Text(
            "New signups by word of mouth; they feed the flywheel.",
            "Đăng ký mới nhờ truyền miệng, giới thiệu; nuôi bánh đà tăng trưởng.",
        ),
        "customer_success",
    ),
    Metric(
        key="visitor_to_signup_rate",
        label=Text("Visitor → RU", "Tỷ lệ Visitor → RU"),
        unit=Unit.RATE,
        section=ACQUISITION,
        kind=Ratio(
            numerator="new_signups",
            denominator="net_new_visitors",
            nothing=Text("no net new visitors in the period", "không có lượt truy cập mới trong kỳ"),
        ),
        definition=Text(
            "New signups per net new visitor of the same period (an RU is a marketing-qualified lead, MQL). "
            "A period rate: the signups may come from earlier visits.",
            "Đăng ký mới trên mỗi lượt truy cập mới thuần cùng kỳ (RU là MQL). "
            "Tỷ lệ theo kỳ, không theo cùng nhóm người.",
        ),
        owner="marketing",
        good="up",
        source="definitions: period rates and cohort rates",
    ),
    Metric(
        key="closing_registered_users",
        label=Text("RU at end of {grain}", "RU cuối {grain}"),
        unit=Unit.PEOPLE,
        section=ACQUISITION,
        kind=Formula(plus=("opening_registered_users", "new_signups"), measure=measures.REGISTERED_AT_END),
        definition=Text("Registered by the end of the period.", "Số người đã đăng ký đến cuối kỳ."),
        owner="marketing",
        good="up",
    ),
)
