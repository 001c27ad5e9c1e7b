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
    r"|cancel\w*|missed|queued|ringing|connecting|false"
    r"|chua|du kien|sap|cho|huy|(da )?len lich|(len )?ke hoach|dang|khong|qua han|hoan|nhap)\b"
)
# What a status says of what was done: without accents "hoàn thành" and "hoãn" begin alike.
DONE = (
    r"^(?!.*\b(not|never|no|chua|khong|in)\b).*\b(done|complet\w*|finish\w*|closed|held|logged|sent|received|success\w*"
    r"|hoan (thanh|tat)|xong|ket thuc|thanh cong|da (goi|gui|gap|lam|lien he|thuc hien|nhan|dien ra|xu ly|dong))\b"
)
# What an outcome says of a call or a message: somebody was there, or nobody.
NOBODY_THERE = (
    r"\b(no|not|un\w*|busy|voice ?mail|left|missed|failed|wrong|never|khong|chua|ban|may ban|thue bao|tat may|sai so"
    r"|hop thu|nho|vang mat)\b"
)
SPOKE = (
    r"\b(answered|connected|reached|spoke|talked|replied|reply|responded|completed|held|met|interested|success\w*"
    r"|nghe may|bat may|tra loi|phan hoi|gap duoc|da gap|ket noi|quan tam|thanh cong)\b"
)
# Somebody was there who said no, or another time.
SAID_NO = (
    r"\b(not interested|no interest|no (need|budget)|refused|declined|khong (quan tam|co nhu cau|phu hop|dong y|mua)"
    r"|tu choi|hen goi lai)\b"
)
# What a status or an outcome says of who was not there: it was done, and nobody spoke.
NO_ANSWER = (
    r"\b(no ?answer|not answered|un ?answered|no response|no ?show\w*|busy|(left )?voice ?mail|missed|wrong number"
    r"|not reached|unreachable|khong (nghe|bat|tra loi|lien lac|den|tham gia|tham du|du|gap|co mat|goi duoc)\w*|may ban"
    r"|thue bao|tat may|sai so|nho|vang mat|chua (nghe|bat|tra loi)\w*)\b"
)
ANSWERED = r"\b(answered|connected|talked|spoke|nghe may|bat may|tra loi|gap duoc)\b"
# An outcome that by itself is a status: it has not come about.
CALLED_OFF = (
    r"^((re ?)?schedul\w*|cancel\w*( by .*)?|planned|not started|postponed|overdue|deferred|queued|upcoming|to ?do"
    r"|(da )?huy( bo| lich| hen| hop| cuoc (hen|hop|goi))?|hoan( lai| lich)?|doi lich|(da )?len lich|du kien"
    r"|chua (dien ra|thuc hien|hop|gap|goi|den han)|sap (toi|dien ra)|qua han)$"
)
# What is written and was not delivered has reached nobody.
UNDELIVERED = r"\b(fail\w*|bounced?|undelivered|not delivered|rejected|dropped|that bai|loi|gui loi|bi tra lai)\b"
# Which cells show that a column without a known header says one of these.
TELLING = {
    "direction": r"^((cuoc )?(goi )?(di|den|ra|vao|nho)|in|out|inbound|outbound|incoming|outgoing|missed|received|sent"
    r"|gui( di)?|nhan|(in|out)(bound|going|coming)( \w+)?|(missed|received|dialed|dialled) calls?)$",
    "status": r"^((re ?)?schedul\w*|complet\w*|cancel\w*|planned|not started|in progress|overdue|deferred|done|to ?do"
    r"|pending|draft|sent|sending|queued|fail\w*|bounced?|delivered|held|not held|finished|ringing|connecting"
    r"|(da |chua )?(hoan thanh|hoan tat|thuc hien|dien ra|gui|xong)|(da )?huy|(da )?len lich|du kien|dang thuc hien"
    r"|qua han|thanh cong|that bai)$",
    "outcome": rf"{NO_ANSWER}|{SAID_NO}|^((da )?(nghe may|bat may|tra loi)|answered|connected|replied|spoke|reached"
    r"|gap duoc|left (live )?message|interested)$",
}
# Of somebody or something else, whatever its words are.
OF_OTHERS = (
    r"\b(lead|deal|contact|account|company|customer|client|opportunity|ticket|order|invoice|payment|subscription"
    r"|stage|lifecycle|priority|khach|khach hang|kh|co hoi|giai doan|don hang|hop dong|thanh toan|uu tien)\b"
)

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
            may_be_empty=True,
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
            aliases=(
                "activity - id", "engagement id", "call id", "message id", "event id", "mã hoạt động", "record id",
                "id",
            ),
        ),
        Column(
            name="owner",
            kind=CellKind.TEXT,
            meaning=Message("who did it"),
            aliases=(
                "activity assigned to", "assigned to user", "assigned to", "call owner", "activity owner", "agent",
                "activity - assigned to user", "responsible", "assigned", "sales rep", "người phụ trách", "nhân viên",
                "nhân viên phụ trách", "phụ trách", "người gọi", "người thực hiện",
            ),
        ),
        Column(
            name="direction",
            kind=CellKind.TEXT,
            meaning=Message("inbound, from them; or outbound, from us"),
            aliases=(
                "call direction", "email direction", "call type", "hướng", "hướng cuộc gọi", "chiều", "chiều cuộc gọi",
            ),
        ),
        Column(
            name="status",
            kind=CellKind.TEXT,
            meaning=Message("whether it was done; what is only planned does not count"),
            aliases=(
                "activity status", "task status", "call status", "outgoing call status", "email send status", "done",
                "activity - done", "completed", "trạng thái", "tình trạng",
            ),
        ),
        Column(
            name="outcome",
            kind=CellKind.TEXT,
            meaning=Message("what came of it"),
            aliases=(
                "call outcome", "meeting outcome", "result", "call result", "disposition", "call disposition",
                "kết quả", "kết quả cuộc gọi",
            ),
        ),
        Column(
            name="lasted",
            kind=CellKind.TEXT,
            meaning=Message("how long both sides spoke in a call: what was done and is longer than 0 was answered"),
            aliases=(
                "call duration", "call duration in seconds", "call duration (in seconds)", "talk time",
                "talk time in seconds", "thời lượng", "thời lượng cuộc gọi", "thời lượng đàm thoại",
                "thời gian đàm thoại",
            ),
        ),
        Column(
            name="automatic",
            kind=CellKind.FLAG,
            meaning=Message("whether nobody did it, but a machine"),
            aliases=("automated", "is automated", "auto", "tự động"),
        ),
    ),
    events=(Event(name="activity_row", at="at"),),
    identity=Fullest(
        by=(("activity_id",), ("user_id", "at", "kind"), ("user_id", "at")), spelt=("kind",),
        weighty=("outcome", rf"^(?!.*{NOBODY_THERE}).*{SPOKE}"),
    ),
    made=Made(
        maker="touches",
        may_be_planned=True,
        named_by_file="kind",
        keeps=("kind",),
        says=("done", "not_done", "inbound", "outbound", "spoke", "not_spoke"),
        telling=TELLING,
        of_others=OF_OTHERS,
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
            "passive": r"\b(opens?(?! channel)|opened|clicks?|clicked|delivered|bounced?|unsubscribed?|mo mail"
            r"|nhan link)\b",
            "note": r"\b(notes?|tasks?|ghi chu|nhac viec|cong viec)\b",
            "call": r"\b(calls?|called|phone|goi|cuoc goi|dien thoai)\b",
            "video": r"\b(video|zoom|teams|google meet)\b",
            "meeting": r"\b(meetings?|met|visits? to|demo|gap|hop)\b",
            "chat": r"\b(chats?|messages?|sms|zalo|whats ?app|messenger|viber|telegram|we ?chat|open channels?"
            r"|direct messages?|nhan tin|tin nhan)\b",
            "email": r"\b(e ?mails?|thu)\b",
            "ours": r"\btouch(es)?\b",
        },
    ),
)  # fmt: skip
