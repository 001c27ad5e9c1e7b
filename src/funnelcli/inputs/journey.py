"""The journey of customers after the demo: the stages of setting up and training that each went through."""

from funnelcli.inputs.deals import ENTERED
from funnelcli.inputs.people import user
from funnelcli.inputs.spec import CellKind, Column, DateColumns, Distinct, Event, Input
from funnelcli.inputs.stages import Stages
from funnelcli.text import Message

JOURNEY = Input(
    name="journey",
    title=Message("journeys"),
    rank=60,
    files=("journey*", "onboarding*", "stages*", "trien_khai*", "triển khai*", "triển_khai*", "hanh_trinh*"),
    option="journeys",
    option_help="Journeys of customers: a file, a glob, or -.",
    people="signups",
    steady=False,
    columns=(
        user(Message("the customer"), own_id=True),
        Column(
            name="stage",
            kind=CellKind.TEXT,
            meaning=Message("the stage that the customer came to"),
            aliases=("stage name", "step", "phase", "milestone", "status", "giai đoạn", "bước", "công đoạn", "mốc"),
        ),
        Column(
            name="entered_at",
            kind=CellKind.DATE,
            meaning=Message("when the customer came to that stage"),
            aliases=(
                "entered", "date entered", "started at", "start date", "stage date", "at", "date", "ngày vào", "ngày",
                "ngày bắt đầu", "ngày chuyển",
            ),
        ),
        Column(
            name="left_at",
            kind=CellKind.DATE,
            meaning=Message("when the customer left that stage"),
            aliases=(
                "left", "date left", "exited at", "finished at", "completed at", "end date", "ngày rời", "ngày xong",
                "ngày kết thúc", "ngày hoàn thành",
            ),
        ),
        Column(
            name="owner",
            kind=CellKind.TEXT,
            meaning=Message("who looks after the customer in that stage"),
            aliases=(
                "stage owner", "assigned to", "implementer", "csm", "người phụ trách", "nhân viên", "phụ trách",
                "nhân viên phụ trách", "nhân viên triển khai",
            ),
        ),
        Column(
            name="note",
            kind=CellKind.TEXT,
            meaning=Message("a note; of a customer who left, the reason"),
            aliases=("notes", "comment", "reason", "lý do", "ghi chú"),
        ),
    ),
    dated=DateColumns(
        event="journey:at", prefixes=ENTERED, meaning=Message("when the customer came to a stage"),
        instead=(("stage", "entered_at"),),
    ),
    events=(Event(name="journey_row", at="entered_at"),),
    identity=Distinct(),
    stages=Stages(
        journey="customer", subject="user_id", stage="stage", at="entered_at", left="left_at", reason="note"
    ),
)  # fmt: skip
