"""Demos booked and held."""

from funnelcli.inputs.people import source, user
from funnelcli.inputs.spec import CellKind, Column, Input, Stage

DEMOS = Input(
    stage=Stage.DEMOS,
    files=("demos*", "meetings*"),
    columns=(
        user("who the demo is for"),
        Column(
            name="booked_at",
            kind=CellKind.DATE,
            meaning="when the demo was booked",
            required=True,
            aliases=(
                "booking date", "booked date", "booked on", "booked", "ngày đặt", "ngày đặt lịch", "ngày đặt demo",
                "ngày đăng ký demo", "became a sales qualified lead date", "scheduled at", "requested at", "create date",
                "created date", "created at", "date created", "created (utc)", "created", "ngày tạo", "date", "ngày",
            ),
        ),
        Column(
            name="demo_id",
            kind=CellKind.ID,
            meaning="the demo's own id",
            aliases=(
                "meeting id", "booking id", "event id", "activity id", "mã demo", "mã lịch hẹn", "mã cuộc hẹn",
                "record id", "id",
            ),
        ),
        Column(
            name="held_at",
            kind=CellKind.DATE,
            meaning="when the demo was held",
            aliases=(
                "held date", "held on", "held", "demo date", "demo at", "meeting date", "meeting start time",
                "start time", "attended at", "completed at", "ngày demo", "ngày diễn ra", "ngày thực hiện", "ngày họp",
                "ngày hẹn",
            ),
        ),
        Column(
            name="status",
            kind=CellKind.TEXT,
            meaning="held, booked, cancelled or no-show",
            aliases=("demo status", "meeting outcome", "outcome", "trạng thái", "tình trạng", "kết quả"),
        ),
        *source("where the demo came from"),
        Column(
            name="owner",
            kind=CellKind.TEXT,
            meaning="who gives the demo",
            aliases=(
                "demo owner", "deal owner", "contact owner", "hubspot owner", "opportunity owner", "assigned to", "host",
                "người phụ trách", "nhân viên", "nhân viên phụ trách", "phụ trách",
            ),
        ),
    ),
)  # fmt: skip
