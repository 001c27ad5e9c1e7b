"""Tickets: what customers asked for help with, when they were answered, and when it was solved."""

from funnelcli.inputs.made import Made, Need, any_of, plainly
from funnelcli.inputs.people import user
from funnelcli.inputs.spec import CellKind, Column, Event, Fullest, Input
from funnelcli.text import Message
from funnelcli.values.figures import Missing

NO_RESOLVED = Missing("resolutions-not-known", Message("the tickets do not say when they were solved"))
NO_RESPONSE = Missing("responses-not-known", Message("the tickets do not say when they were first answered"))
NO_CUSTOMERS = Missing("no-customers-beside", Message("it takes paid users beside the tickets: whose are of customers"))
NO_TICKET_CSAT = Missing("no-ticket-csat", Message("the tickets have no column of scores"))

# What a status says, without capitals and accents: what denies that it is solved comes first.
OPEN = (
    r"\b(unresolved|unsolved|not (solved|resolved|closed|done)|re ?open(ed)?|open|new|pending|on ?hold|hold|snoozed"
    r"|wait\w*|in progress|progress|processing|active|assigned|unassigned|todo|to do|backlog|escalated"
    r"|(chua|khong) (xu ly|giai quyet|dong|xong|hoan)|dang|moi|cho|mo( lai)?|tiep nhan)\b"
)
SOLVED = (
    r"\b(solved|closed?|resolved|done|completed?|fixed|answered|deleted|merged|spam|archived|cancel+ed|rejected"
    r"|da (xu ly|giai quyet|dong|xong|hoan \w+)|dong|xong|hoan (thanh|tat)|huy)\b"
)

TICKETS = Input(
    name="tickets",
    title=Message("tickets"),
    rank=67,
    files=("tickets*", "support*", "ho_tro*", "hỗ trợ*", "hỗ_trợ*", "yeu_cau*"),
    option_help="Tickets of support: a file, a glob, or -.",
    people="signups",
    steady=False,
    columns=(
        user(
            Message("who asked"),
            first=("requester email", "requester id", "requester", "requester external id", "người yêu cầu"),
        ),
        Column(
            name="opened_at",
            kind=CellKind.DATE,
            meaning=Message("when the ticket was opened"),
            required=True,
            aliases=(
                "opened", "open date", "created at", "created", "create date", "created date", "created time",
                "date created", "submitted at", "ngày mở", "ngày tạo", "ngày yêu cầu", "thời gian tạo",
                "ngày tiếp nhận",
            ),
        ),
        Column(
            name="ticket_id",
            kind=CellKind.ID,
            identifies=True,
            meaning=Message("the ticket's own id; without it each row is a ticket"),
            aliases=(
                "ticket id", "ticket number", "ticket #", "ticket no", "case number", "case id", "request id",
                "conversation id", "mã ticket", "mã yêu cầu", "mã phiếu", "số phiếu", "id", "record id",
            ),
        ),
        Column(
            name="first_response_at",
            kind=CellKind.DATE,
            meaning=Message("when somebody first answered"),
            aliases=(
                "first response", "first response date", "first responded at", "first reply at", "first replied at",
                "first agent reply date", "first agent response at", "first agent email response date",
                "phản hồi đầu tiên", "thời gian phản hồi đầu", "ngày phản hồi đầu tiên",
            ),
        ),
        Column(
            name="resolved_at",
            kind=CellKind.DATE,
            meaning=Message("when it was solved; empty: still open"),
            aliases=(
                "resolved", "resolved on", "resolved time", "solved at", "solved", "closed at", "close date",
                "closed time", "completed at", "ngày đóng", "ngày xử lý xong", "ngày giải quyết", "ngày hoàn thành",
                "thời gian đóng",
            ),
        ),
        Column(
            name="status",
            kind=CellKind.TEXT,
            meaning=Message("whether it is solved: of tickets without a day on which they were"),
            aliases=("ticket status", "state", "conversation state", "trạng thái", "tình trạng"),
        ),
        Column(
            name="priority",
            kind=CellKind.TEXT,
            meaning=Message("how urgent it is"),
            aliases=("severity", "urgency", "mức ưu tiên", "độ ưu tiên", "mức độ"),
        ),
        Column(
            name="kind",
            kind=CellKind.TEXT,
            meaning=Message("what it is about"),
            alike=True,
            aliases=("type", "ticket type", "category", "topic", "loại", "loại yêu cầu", "chủ đề", "danh mục"),
        ),
        Column(
            name="csat",
            kind=CellKind.NUMBER,
            meaning=Message("how content the customer was with the answer, 1 to 5"),
            least=0,
            most=10,
            is_score=True,
            aliases=("csat score", "rating", "satisfaction", "satisfaction score", "điểm hài lòng", "đánh giá"),
        ),
    ),
    events=(Event(name="ticket_row", at="opened_at"),),
    identity=Fullest(by=(("ticket_id",),)),
    bounds=("opened_at", "resolved_at"),
    made=Made(
        maker="tickets",
        keeps=("kind",),
        says=("solved", "open"),
        words={"open": OPEN, "solved": SOLVED},
        events={
            **plainly(
                "ticket", "ticket_timed", "ticket_undated", "ticket_undated_ceased", "ticket_unclear",
            ),
            **any_of(("ticket_unsolved", "ticket_closed"), Need(columns=("resolved_at", "status"), absent=NO_RESOLVED)),
            **any_of(("ticket_solved",), Need(columns=("resolved_at",), absent=NO_RESOLVED)),
            **any_of(("ticket_answered",), Need(columns=("first_response_at",), absent=NO_RESPONSE)),
            **any_of(("ticket_of_customer",), Need(columns=("user_id@paid_users",), absent=NO_CUSTOMERS)),
            **any_of(("ticket_csat", "ticket_content"), Need(columns=("csat",), absent=NO_TICKET_CSAT)),
        },
    ),
)  # fmt: skip
