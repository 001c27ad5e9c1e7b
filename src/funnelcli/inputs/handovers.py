"""Hand-overs: when a lead was given to sales, to whom, and whether it was accepted or came back."""

from funnelcli.inputs.made import Made, Need, any_of
from funnelcli.inputs.people import user
from funnelcli.inputs.spec import CellKind, Column, Event, Fullest, Input
from funnelcli.text import Message
from funnelcli.values.figures import Missing

NO_RETURNS = Missing("returns-not-known", Message("the hand-overs do not say which leads came back, nor when"))
# What a history of changes calls the owner of a lead.
OWNER_FIELD = r"\b(owner(id)?|lead owner|nguoi phu trach|phu trach|chu so huu)\b"

HANDOVERS = Input(
    name="handovers",
    title=Message("hand-overs"),
    rank=66,
    files=(
        "handovers*", "hand_overs*", "hand-overs*", "mql*", "ban_giao*", "bàn giao*", "bàn_giao*", "lead_history*",
        "leadhistory*", "lead history*",
    ),
    option_help="Leads handed over to sales, or a history of their owners: a file, a glob, or -.",
    people="signups",
    steady=False,
    columns=(
        user(Message("the lead")),
        Column(
            name="handed_over_at",
            kind=CellKind.DATE,
            meaning=Message("when it was handed over, or went from one owner to another"),
            required=True,
            aliases=(
                "handed over", "handover date", "hand-over date", "handover at", "handoff date", "handed off at",
                "mql date", "mql at", "became a marketing qualified lead date", "assigned at", "assigned date",
                "owner assigned date", "edit date", "changed at", "change date", "created date", "at", "date", "time",
                "ngày bàn giao", "thời gian bàn giao", "bàn giao lúc", "ngày chuyển", "ngày giao", "thời điểm", "ngày",
            ),
        ),
        Column(
            name="handover_id",
            kind=CellKind.ID,
            identifies=True,
            meaning=Message("the hand-over's own id; without it the same lead, moment and owner are one"),
            aliases=("hand-over id", "handoff id", "history id", "mã bàn giao", "record id", "id"),
        ),
        Column(
            name="to_owner",
            kind=CellKind.TEXT,
            meaning=Message("who of sales has it from then on; of several the first"),
            aliases=(
                "to", "owner", "new owner", "assigned to", "lead owner", "contact owner", "sales rep", "receiver",
                "người nhận", "giao cho", "người phụ trách", "nhân viên kinh doanh", "phụ trách", "sale nhận",
            ),
        ),
        Column(
            name="accepted_at",
            kind=CellKind.DATE,
            meaning=Message("when sales accepted it; empty: not yet, or by the demo it booked"),
            aliases=(
                "accepted", "accepted date", "sal date", "acceptance date", "became a sales qualified lead date",
                "ngày tiếp nhận", "ngày chấp nhận", "tiếp nhận lúc", "ngày nhận",
            ),
        ),
        Column(
            name="returned_at",
            kind=CellKind.DATE,
            meaning=Message("when sales gave it back"),
            aliases=(
                "returned", "returned date", "return date", "rejected at", "rejected date", "recycled at",
                "recycled date", "ngày trả lại", "ngày trả về", "trả lại lúc", "ngày từ chối",
            ),
        ),
        Column(
            name="return_reason",
            kind=CellKind.TEXT,
            meaning=Message("why it came back"),
            alike=True,
            aliases=(
                "reason", "returned reason", "rejection reason", "recycle reason", "disqualification reason",
                "unqualified reason", "lý do trả lại", "lý do trả về", "lý do từ chối", "lý do",
            ),
        ),
        Column(
            name="old",
            kind=CellKind.TEXT,
            meaning=Message("of a change of owner, who had it before"),
            aliases=("old value", "old owner", "from", "from owner", "previous owner", "giá trị cũ", "chủ cũ"),
        ),
        Column(
            name="new",
            kind=CellKind.TEXT,
            meaning=Message("of a change of owner, who has it since"),
            aliases=("new value", "giá trị mới", "chủ mới"),
        ),
        Column(
            name="field",
            kind=CellKind.TEXT,
            meaning=Message("what was changed: only changes of the owner hand a lead over"),
            aliases=("field / event", "field event", "field name", "changed field", "trường", "tên trường"),
        ),
    ),
    events=(Event(name="handover_row", at="handed_over_at"),),
    identity=Fullest(
        by=(
            ("handover_id",), ("user_id", "handed_over_at", "to_owner"), ("user_id", "handed_over_at", "old", "new"),
            ("user_id", "handed_over_at"),
        )
    ),
    bounds=("handed_over_at", "returned_at"),
    made=Made(
        maker="handovers",
        keeps=("to_owner", "return_reason", "old", "new", "field"),
        events={
            **any_of(("handover_accepted_row",), Need()),
            **any_of(("handover_returned_row",), Need(columns=("returned_at", "old"), absent=NO_RETURNS)),
        },
    ),
)  # fmt: skip
