"""Google Analytics 4: reports of traffic, as tables and as free forms."""

from msgspec.structs import replace

from funnelcli.inputs.known import KnownExport
from funnelcli.text import Message

CHANNELS = (
    "Session primary channel group (Default Channel Group)",
    "Session default channel group",
    "Session source / medium",
    "Session source",
    "Session medium",
    "Session campaign",
    "Default channel group",
    "Nguồn/phương tiện của phiên",
    "Nhóm kênh mặc định của phiên",
)
TRAFFIC = KnownExport(
    name="GA4 traffic acquisition",
    input="visitors",
    recognised_by=(CHANNELS, ("Sessions", "Số phiên", "Phiên"), ("Date", "Ngày")),
    columns={
        "date": ("Date", "Ngày"),
        "visits": ("Sessions", "Số phiên", "Phiên"),
        "source": (*CHANNELS[:3], *CHANNELS[-2:]),
    },
    # Links from other sites, and not word of mouth.
    channels={"organic": ("referral",)},
    how="Reports > Acquisition > Traffic acquisition, with Date as a secondary dimension > Share > Download file; "
    "or Explore > Free form with Date and a session channel as rows and Sessions as value.",
    seen_in="headers of real exports, and public code that reads such downloads by name, Vietnamese ones too (its "
    "name of the channel group is of a report's text, that of sessions not seen)",
)
EXPORTS = (
    TRAFFIC,
    replace(
        TRAFFIC,
        name="GA4 traffic acquisition without days",
        input=None,
        recognised_by=(CHANNELS, ("Sessions", "Số phiên", "Phiên")),
        columns={},
        channels={},
        lacks=Message("which sums all days"),
        instead=Message("Add Date as a dimension and export again."),
    ),
    replace(
        TRAFFIC,
        name="GA4 traffic acquisition by the hour",
        recognised_by=(CHANNELS, ("Sessions", "Số phiên", "Phiên"), ("Date + hour (YYYYMMDDHH)", "dateHour")),
        columns={**TRAFFIC.columns, "date": ("Date + hour (YYYYMMDDHH)", "dateHour")},
    ),
)
