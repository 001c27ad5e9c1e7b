"""Deals: sales opportunities, each with the stages that it went through, its amount and its end."""

from funnelcli.inputs.people import EMAIL, SOURCE
from funnelcli.inputs.spec import CellKind, Column, DateColumns, Distinct, Event, Input
from funnelcli.inputs.stages import Stages
from funnelcli.text import Message

ENTERED = (
    "date entered", "date entered stage", "entered", "entered at", "entered on", "ngày vào", "ngày chuyển sang",
    "ngày chuyển", "ngày vào giai đoạn",
)  # fmt: skip

DEALS = Input(
    name="deals",
    title=Message("deals"),
    rank=50,
    files=("deals*", "opportunities*", "opportunity*", "co_hoi*", "cơ hội*", "cơ_hội*"),
    option_help="Deals: a file, a glob, or -.",
    people="signups",
    steady=False,
    columns=(
        Column(
            name="deal_id",
            kind=CellKind.ID,
            identifies=True,
            required=True,
            meaning=Message("the deal"),
            aliases=(
                "opportunity id", "record id - deal", "deal - id", "record id", "hs_object_id", "mã cơ hội", "mã deal",
                "mã hợp đồng", "id cơ hội", "deal", "opportunity", "cơ hội", "id", "deal name", "dealname",
                "opportunity name", "deal - title", "tên cơ hội", "tên deal",
            ),
        ),
        Column(
            name="created_at",
            kind=CellKind.DATE,
            meaning=Message("when the deal was created"),
            aliases=(
                "create date", "createdate", "created date", "created on", "date created", "deal created",
                "deal - deal created", "deal - add time", "created time", "created", "ngày tạo", "thời gian tạo",
                "ngày mở", "opened at", "open date",
            ),
        ),
        Column(
            name="user_id",
            kind=CellKind.ID,
            identifies=True,
            meaning=Message("the person, or one of the persons, the deal is with"),
            aliases=(
                "associated contact ids", "contact id", "contact ids", "customer id", "account id", "lead id",
                "mã khách hàng", "mã kh", "user", "associated company ids", *EMAIL, "contact email", "person - email",
                "deal - contact person", "associated contact", "account name", "associated company", "khách hàng",
                "deal - organization", "customer",
            ),
        ),
        Column(
            name="stage",
            kind=CellKind.TEXT,
            meaning=Message("the stage that the deal is in, or came to"),
            aliases=(
                "deal stage", "dealstage", "stage name", "stagename", "new stage", "to stage", "deal - stage",
                "opportunity stage", "giai đoạn", "bước", "trạng thái cơ hội",
            ),
        ),
        Column(
            name="stage_at",
            kind=CellKind.DATE,
            meaning=Message("when it came to that stage"),
            aliases=(
                "entered_at", "entered at", "date entered current stage", "stage entered", "stage date",
                "stage change date", "last stage change date", "last modified stage date", "entered stage at",
                "changed at", "ngày vào giai đoạn", "ngày chuyển giai đoạn", "ngày vào", "ngày chuyển",
            ),
        ),
        Column(
            name="left_at",
            kind=CellKind.DATE,
            meaning=Message("when it left that stage"),
            aliases=("date left stage", "exited at", "date exited", "left stage at", "ngày rời", "ngày rời giai đoạn"),
        ),
        Column(
            name="closed_at",
            kind=CellKind.DATE,
            meaning=Message("when the deal was won or lost; of an open one, when that is expected"),
            aliases=(
                "close date", "closedate", "closed date", "closed on", "deal - deal closed on", "won at", "won date",
                "deal - won time", "won time", "won on", "ngày đóng", "ngày chốt", "ngày kết thúc", "ngày ký",
            ),
        ),
        Column(
            name="lost_at",
            kind=CellKind.DATE,
            meaning=Message("when the deal was lost, where that is a column of its own"),
            aliases=("lost time", "deal - lost time", "lost date", "date lost", "lost on", "ngày thua", "ngày mất"),
        ),
        Column(
            name="won",
            kind=CellKind.TEXT,
            meaning=Message("whether it was won: yes or no, or a status like Won, Lost and Open"),
            aliases=(
                "is won", "is closed won", "hs_is_closed_won", "iswon", "status", "deal status", "deal - status",
                "outcome", "result", "kết quả", "trạng thái", "tình trạng", "thắng",
            ),
        ),
        Column(
            name="is_closed",
            kind=CellKind.TEXT,
            meaning=Message("whether the deal has come to its end"),
            aliases=("closed", "isclosed", "is closed", "hs_is_closed", "đã đóng"),
        ),
        Column(
            name="lost_reason",
            kind=CellKind.TEXT,
            meaning=Message("why the deal was lost"),
            alike=True,
            aliases=(
                "closed lost reason", "closed_lost_reason", "loss reason", "reason lost", "lost reason", "lost reasons",
                "reason for loss", "reason for losing", "reason of loss", "reason for lost", "why lost", "lost because",
                "deal - lost reason", "reason", "lý do", "lý do thua", "lý do mất", "lý do thất bại",
            ),
        ),
        Column(
            name="amount",
            kind=CellKind.AMOUNT,
            meaning=Message("what the deal is worth"),
            aliases=(
                "deal amount", "deal value", "value", "deal - value", "total amount", "opportunity amount",
                "expected revenue", "total", "giá trị", "giá trị cơ hội", "giá trị hợp đồng", "số tiền",
                "doanh thu dự kiến",
            ),
        ),
        Column(
            name="currency",
            kind=CellKind.TEXT,
            meaning=Message("the currency of the amount"),
            aliases=(
                "currency code", "currencyisocode", "deal currency code", "total amount currency", "deal - currency",
                "loại tiền", "tiền tệ", "đơn vị tiền",
            ),
        ),
        Column(name="source", kind=CellKind.TEXT, meaning=Message("where the deal came from"), aliases=SOURCE),
        Column(
            name="owner",
            kind=CellKind.TEXT,
            meaning=Message("who looks after the deal"),
            aliases=(
                "deal owner", "opportunity owner", "responsible person", "responsible",
                "hubspot owner", "deal - owner", "sales rep", "sales", "assigned to",
                "người phụ trách", "nhân viên", "nhân viên phụ trách", "nhân viên kinh doanh", "phụ trách",
            ),
        ),
    ),
    dated=DateColumns(
        event="deals:at", prefixes=ENTERED, meaning=Message("when the deal came to a stage"),
        instead=(("created_at",), ("stage", "stage_at")),
    ),
    events=(Event(name="deal_created", at="created_at", entity="user_id"),),
    identity=Distinct(),
    stages=Stages(
        journey="opportunity", subject="deal_id", stage="stage", at="stage_at", left="left_at", created="created_at",
        closed="closed_at", lost="lost_at", won="won", is_closed="is_closed", reason="lost_reason", amount="amount",
        currency="currency",
    ),
)  # fmt: skip
