"""Activities: what was done with people, and what they did themselves: calls, mails, meetings, logins, use."""

from msgspec.structs import replace

from funnelcli.config.agreement import CONTACTS
from funnelcli.inputs.made import Made, Need, any_of, plainly
from funnelcli.inputs.people import user
from funnelcli.inputs.spec import NEARLY_EVERY_DAY, CellKind, Column, Event, Fullest, Input
from funnelcli.text import Message
from funnelcli.values.figures import Missing

NO_CUSTOMERS = Missing("no-payers-beside", Message("it takes paid users beside the activities"))

# A person of ours who got in touch, by the channel of it, and those of them in which both sides spoke.
TOUCHES = tuple(f"human_touch_{channel}" for channel in CONTACTS)
SPOKEN = tuple(f"spoke_{channel}" for channel in CONTACTS)
# What was done on a channel of contact, by whomever: an export without any says nothing of contacts.
CONTACT = "contact_activity"
# The senses of kinds that are our doing.
OURS = ("mass", *CONTACTS, "ours")

ACTIVITIES = Input(
    name="activities",
    title=Message("activities"),
    rank=68,
    files=(
        "activities*", "activity*", "touches*", "calls*", "emails*", "engagements*", "logins*", "usage*",
        "tuong_tac*", "tương tác*", "tương_tác*", "cuoc_goi*", "cuộc gọi*", "cuộc_gọi*", "hoat_dong*",
    ),
    option_help="Activities, of people and with them: a file, a glob, or -.",
    people="signups",
    quiet=NEARLY_EVERY_DAY,
    columns=(
        replace(user(Message("whom it was with, or who did it; several: each")), several=";"),
        Column(
            name="at",
            kind=CellKind.DATE,
            meaning=Message("when it happened, and not when it was due"),
            required=True,
            aliases=(
                "activity date", "completed date time", "completed at", "marked as done time",
                "activity - marked as done time", "done at", "happened at", "occurred at", "call start time",
                "start time", "sent at", "email sent date", "timestamp", "login at", "logged in at", "date", "time",
                "ngày hoạt động", "thời gian", "thời điểm", "ngày gọi", "thời gian gọi", "ngày gửi", "ngày liên hệ",
                "ngày tương tác", "ngày đăng nhập", "ngày",
            ),
        ),
        Column(
            name="kind",
            kind=CellKind.TEXT,
            meaning=Message("what it was: call, email, meeting, login, use; without it, what the file's name says"),
            aliases=(
                "activity type", "type", "engagement type", "task subtype", "event", "event name", "channel",
                "activity - type", "loại", "loại hoạt động", "loại tương tác", "hình thức",
            ),
        ),
        Column(
            name="activity_id",
            kind=CellKind.ID,
            identifies=True,
            meaning=Message("the activity's own id; without it the same person, moment and kind are one"),
            aliases=("engagement id", "call id", "message id", "event id", "mã hoạt động", "record id", "id"),
        ),
        Column(
            name="owner",
            kind=CellKind.TEXT,
            meaning=Message("who did it"),
            aliases=(
                "activity assigned to", "assigned to user", "assigned to", "call owner", "activity owner", "agent",
                "sales rep", "người phụ trách", "nhân viên", "nhân viên phụ trách", "phụ trách", "người gọi",
            ),
        ),
        Column(
            name="direction",
            kind=CellKind.TEXT,
            meaning=Message("inbound, from them; or outbound, from us"),
            aliases=("call direction", "email direction", "call type", "hướng", "chiều", "chiều cuộc gọi"),
        ),
        Column(
            name="status",
            kind=CellKind.TEXT,
            meaning=Message("whether it was done; what is only planned does not count"),
            aliases=("activity status", "task status", "done", "completed", "trạng thái", "tình trạng"),
        ),
        Column(
            name="outcome",
            kind=CellKind.TEXT,
            meaning=Message("what came of it"),
            aliases=("call outcome", "result", "disposition", "call disposition", "kết quả", "kết quả cuộc gọi"),
        ),
        Column(
            name="automatic",
            kind=CellKind.FLAG,
            meaning=Message("whether nobody did it, but a machine"),
            aliases=("automated", "is automated", "auto", "tự động"),
        ),
    ),
    events=(Event(name="activity_row", at="at"),),
    identity=Fullest(by=(("activity_id",), ("user_id", "at", "kind"), ("user_id", "at")), spelt=("kind",)),
    made=Made(
        maker="touches",
        may_be_planned=True,
        named_by_file="kind",
        keeps=("kind",),
        says=("done", "not_done", "inbound", "outbound", "spoke", "not_spoke"),
        events={
            **plainly(
                "activity", "own_activity", "outbound_touch", "inbound_activity", "undirected_activity", CONTACT,
                *TOUCHES, *SPOKEN,
            ),
            **any_of(("active_into", "active_out"), Need(columns=("user_id@paid_users",), absent=NO_CUSTOMERS)),
        },
        words={
            "mass": r"\b(sequences?|marketing|newsletters?|campaigns?|mass|bulk|drip|auto ?repl\w*|automated"
            r"|tu dong)\b",
            "own": r"\b(log(ged)? ?in|logins?|sign(ed)? ?in|session|usage|uses?|used|visit|form|demo request|trial"
            r"|reply|replied|dang nhap|su dung|truy cap|dien form|dang ky|phan hoi)\b",
            "passive": r"\b(opens?|opened|clicks?|clicked|delivered|bounced?|unsubscribed?|mo mail|nhan link)\b",
            "note": r"\b(notes?|tasks?|ghi chu|nhac viec|cong viec)\b",
            "call": r"\b(calls?|called|phone|goi|cuoc goi|dien thoai)\b",
            "video": r"\b(video|zoom|teams|google meet)\b",
            "meeting": r"\b(meetings?|met|visits? to|demo|gap|hop)\b",
            "chat": r"\b(chats?|messages?|sms|zalo|whatsapp|messenger|nhan tin|tin nhan)\b",
            "email": r"\b(e ?mails?|thu)\b",
            "ours": r"\btouch(es)?\b",
        },
    ),
)  # fmt: skip
INBOUND = (
    r"\b(in|inbound|incoming|received|from (customer|contact|client|lead)|den|goi den|nhan(?! vien)|khach goi|vao)\b"
)
OUTBOUND = (
    r"^(forwarded )?e ?mail$"
    r"|\b(out|outbound|outgoing|sent|di|goi di|gui|ra|nhan vien|noi bo|internal|staff)\b"
)
# Both sides by their names: who is named first, or does it, is whom it came from.
_THEM = r"\b(khach( hang)?|kh|customers?|clients?|leads?|contacts?|prospects?)\b"
_US = r"\b(sales?|nhan vien|nv|staff|agents?|reps?|us|we|cong ty|company|minh|ben minh|cskh|tu van vien)\b"
_ACTED = r"(goi|gui|nhan tin|lien he|chu dong|called|calls|wrote|sent|initiated)"
# A call that is missed is one of theirs.
FROM_THEM = rf"{_THEM}.*{_US}|^{_THEM}( {_ACTED}\b|$)|\b(from|tu) {_THEM}|^(cuoc )?(goi )?(missed|nho)\b( calls?$|$)"
TO_THEM = rf"{_US}.*{_THEM}|\b(to|cho|toi|den|with) {_THEM}"
PLANNED = (
    r"\b(plan(ned)?|schedul\w*|not|never|no|open|pending|waiting\w*|deferred|upcoming|to ?do|in progress|draft|overdue"
    r"|cancel\w*|missed|false|chua|du kien|sap|cho|huy|(da )?len lich|(len )?ke hoach|dang|khong|qua han|hoan|nhap)\b"
)
# What a status says of what was done: without accents "hoàn thành" and "hoãn" begin alike.
DONE = (
    r"^(?!.*\b(not|never|no|chua|khong|in)\b).*\b(done|complet\w*|finish\w*|closed|held|logged|sent|received|success\w*"
    r"|hoan (thanh|tat)|xong|ket thuc|thanh cong|da (goi|gui|gap|lam|lien he|thuc hien|nhan|dien ra|xu ly|dong))\b"
)
# What an outcome says of a call or a message: somebody was there, or nobody.
NOBODY_THERE = (
    r"\b(no|not|un\w*|busy|voice ?mail|left|missed|failed|wrong|never|khong|chua|ban|may ban|thue bao|tat may|sai so"
    r"|hop thu|nho)\b"
)
SPOKE = (
    r"\b(answered|connected|reached|spoke|talked|replied|reply|responded|completed|held|met|interested|success\w*"
    r"|nghe may|bat may|tra loi|phan hoi|gap duoc|da gap|ket noi|quan tam|thanh cong)\b"
)
