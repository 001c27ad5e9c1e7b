"""Demos booked and held."""

from funnelcli.inputs.people import earners, source, user
from funnelcli.inputs.spec import CellKind, Column, Event, Input, Merged, Outcome
from funnelcli.text import Message
from funnelcli.values.figures import Missing

HELD = frozenset(
    ["held", "done", "complete", "completed", "attended", "showed", "show", "finished", "success", "successful", "met"]
) | frozenset(
    (
        "đã demo", "đã diễn ra", "đã thực hiện", "hoàn thành", "đã hoàn thành", "hoàn tất", "thành công", "đã gặp",
        "có mặt", "đã tham dự",
    )
)  # fmt: skip
NOT_HELD = frozenset(
    [
        "cancelled", "canceled", "cancel", "no_show", "no-show", "noshow", "missed", "scheduled",
        "booked", "pending", "rescheduled", "upcoming", "planned", "new", "confirmed", "open",
        "requested", "hủy", "huỷ", "vắng", "chờ", "hoãn",
    ]
) | frozenset(
    (
        "no show", "đã hủy", "đã huỷ", "bị hủy", "không đến", "vắng mặt", "không tham dự", "đã đặt", "đã đặt lịch",
        "đã lên lịch", "dời lịch", "chờ xác nhận", "đã xác nhận", "sắp diễn ra", "chờ demo", "đã hẹn", "hẹn",
    )
)  # fmt: skip
NOT_HELD_WORDS = (
    r"^(hoãn|dời)\b|\bcancel|\bno.?show|\breschedul|\bhủy\b|\bhuỷ\b|\bmissed\b|\babsent\b|\bvắng\b|\bunattended\b"
)
NOT_COME = (
    r"^(not|no|chưa|không)( yet)?$|\b(not|no|never|did ?n.?t|was ?n.?t|chưa|không|ko)\b.*\b(held|done|completed?"
    r"|attend\w*|show|showed|shown|finished|success\w*|met|meet|happen\w*|take place|took place|come|came|joined?"
    r"|present|available|reach\w*|answer\w*|respon\w*|confirm\w*|start\w*|demo|diễn ra|thực hiện|hoàn thành|hoàn tất"
    r"|thành công|gặp|mặt|tham dự|tham gia|đến|vào|nghe|liên (hệ|lạc)|xác nhận|họp|làm|được)\b"
)
NO_HELD = Missing(
    "held-not-told",
    Message("the demos say neither when they were held nor their status"),
)

DEMOS = Input(
    name="demos",
    title=Message("demos"),
    rank=30,
    files=("demos*", "meetings*"),
    option_help="Demos: a file, a glob, or -.",
    people="signups",
    columns=(
        user(Message("who the demo is for")),
        Column(
            name="booked_at",
            kind=CellKind.DATE,
            meaning=Message("when the demo was booked"),
            required=True,
            aliases=(
                "booking date", "booked date", "booked on", "booked", "ngày đặt", "ngày đặt lịch", "ngày đặt demo",
                "ngày đăng ký demo", "became a sales qualified lead date", "scheduled at", "requested at",
                "create date", "created date", "created at", "date created", "created (utc)", "created", "ngày tạo",
                "date", "ngày",
            ),
        ),
        Column(
            name="demo_id",
            kind=CellKind.ID,
            identifies=True,
            meaning=Message("the demo's own id"),
            aliases=(
                "meeting id", "booking id", "event id", "activity id", "mã demo", "mã lịch hẹn", "mã cuộc hẹn",
                "record id", "id",
            ),
        ),
        Column(
            name="held_at",
            kind=CellKind.DATE,
            meaning=Message("when the demo was held"),
            aliases=(
                "held date", "held on", "held", "demo date", "demo at", "meeting date", "meeting start time",
                "start time", "attended at", "completed at", "ngày demo", "ngày diễn ra", "ngày thực hiện", "ngày họp",
                "ngày hẹn",
            ),
        ),
        Column(
            name="status",
            kind=CellKind.TEXT,
            meaning=Message("held, booked, cancelled or no-show"),
            aliases=("demo status", "meeting outcome", "outcome", "trạng thái", "tình trạng", "kết quả"),
        ),
        Column(
            name="cancelled",
            kind=CellKind.TEXT,
            meaning=Message("whether, or when, it was cancelled"),
            aliases=("canceled", "is cancelled", "is canceled", "cancelled at", "canceled at", "cancelled date",
                "canceled date", "đã hủy", "ngày hủy"),
        ),
        Column(
            name="no_show",
            kind=CellKind.TEXT,
            meaning=Message("whether the guest did not come"),
            aliases=(
                "marked as no-show", "is no show", "noshow", "no show date", "no show at", "noShowGuests", "vắng mặt",
                "không đến",
            ),
        ),
        Column(
            name="attended",
            kind=CellKind.TEXT,
            meaning=Message("whether the guest came"),
            aliases=(
                "is attended", "guest attended", "invitee attended", "attendance", "showed up", "show up", "showed",
                "tham gia", "đã tham gia", "có tham gia", "khách tham gia", "khách đã tham gia", "tham dự",
                "đã tham dự", "có mặt", "khách có mặt", "khách đến", "đã đến",
            ),
        ),
        *source(Message("where the demo came from")),
        *earners(),
        Column(
            name="owner",
            kind=CellKind.TEXT,
            meaning=Message("who gives the demo"),
            aliases=(
                "demo owner", "deal owner", "contact owner", "hubspot owner", "opportunity owner", "assigned to",
                "host", "người phụ trách", "nhân viên", "nhân viên phụ trách", "phụ trách",
            ),
        ),
    ),
    events=(Event(name="demo_booked", at="booked_at"),),
    identity=Merged(by="demo_id"),
    outcome=Outcome(
        event="demo_held", planned="booked_at", date="held_at", status="status", yes=HELD, no=NOT_HELD,
        no_words=NOT_HELD_WORDS, negated=NOT_COME,
        denied=r"\b(not|never|non|chưa|không)( (been|be|bị|yet))* ", undone=("cancelled", "no_show"),
        done=("attended",), absent=NO_HELD,
    ),
)  # fmt: skip
