"""Exports of ads: Meta, Google and TikTok, by day, by month, or of the days that they say."""

from msgspec.structs import replace

from funnelcli.inputs.known import KnownExport

CAMPAIGN = ("Campaign name", "Ad set name", "Ad name", "Tên chiến dịch", "Tên nhóm quảng cáo", "Tên quảng cáo")
STARTS = ("Reporting starts", "Bắt đầu báo cáo", "Lượt bắt đầu báo cáo")
ENDS = ("Reporting ends", "Kết thúc báo cáo", "Lượt kết thúc báo cáo")
DAY, MONTH = ("Day", "Ngày"), ("Month", "Tháng")


def _without_sums(breakdown: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """What is left out of a report that is broken down: the row of totals, and that of each campaign over all days."""
    return dict.fromkeys((*CAMPAIGN, *breakdown), ("",))


META = KnownExport(
    name="Meta Ads",
    input="costs",
    recognised_by=(STARTS, ENDS, CAMPAIGN),
    columns={
        "date": STARTS,
        "until": ENDS,
        "campaign": CAMPAIGN,
        "clicks": ("Link clicks", "Lượt click vào liên kết", "Lượt nhấp vào liên kết", "Clicks (all)"),
        "team": False,
    },
    drop=_without_sums(()),  # the row of totals, above the others or below them, names none
    source="Meta Ads",
    how="Ads Manager > Reports > Export table data, with Breakdown > By time > Day (or Month) and Amount spent.",
    seen_in="headers of real exports, and public code that reads such downloads by name; the Vietnamese ones are of "
    "its interface, not seen in files",
)
EXPORTS = (
    META,
    replace(
        META,
        name="Meta Ads by day",
        recognised_by=(*META.recognised_by, DAY),
        columns={**META.columns, "date": DAY, "until": False},
        drop=_without_sums(DAY),
    ),
    replace(
        META,
        name="Meta Ads by month",
        recognised_by=(*META.recognised_by, MONTH),
        columns={**META.columns, "date": MONTH, "until": False},
        drop=_without_sums(MONTH),
    ),
    KnownExport(
        name="Google Ads",
        input="costs",
        recognised_by=(
            ("Impr.", "Impressions", "Số lượt hiển thị", "Lượt hiển thị"),
            ("Cost", "Chi phí"),
            ("Day", "Ngày", "Month", "Tháng"),
            ("Campaign", "Chiến dịch", "Ad group", "Nhóm quảng cáo"),
            ("Currency code", "Mã đơn vị tiền tệ", "Mã tiền tệ"),
        ),
        columns={
            "date": ("Day", "Ngày", "Month", "Tháng"),
            "amount": ("Cost", "Chi phí"),
            "campaign": ("Campaign", "Chiến dịch"),
            "currency": ("Currency code", "Mã đơn vị tiền tệ", "Mã tiền tệ"),
            "clicks": ("Clicks", "Lượt nhấp", "Số lượt nhấp"),
            "impressions": ("Impr.", "Impressions", "Số lượt hiển thị", "Lượt hiển thị"),
            "team": False,
        },
        source="Google Ads",
        how="Campaigns > Segment > Time > Day (or Month) > Download > .csv: two lines stand above the header, totals "
        "below.",
        seen_in="headers of real exports; the Vietnamese ones are of its interface, not seen in files",
    ),
    KnownExport(
        name="Google Ads API",
        input="costs",
        recognised_by=(
            ("metrics.cost_micros", "metrics_cost_micros"),
            ("segments.date", "segments_date", "segments.month", "segments_month"),
        ),
        columns={
            "date": ("segments.date", "segments_date", "segments.month", "segments_month"),
            "amount": ("metrics.cost_micros", "metrics_cost_micros"),
            "campaign": ("campaign.name", "campaign_name"),
            "currency": ("customer.currency_code", "customer_currency_code"),
            "clicks": ("metrics.clicks", "metrics_clicks"),
            "impressions": ("metrics.impressions", "metrics_impressions"),
            "team": False,
        },
        amount_unit="micro",
        source="Google Ads",
        how="A query of campaign with segments.date and metrics.cost_micros, saved as CSV.",
        seen_in="the names of fields in the documentation of its interface",
    ),
    KnownExport(
        name="TikTok Ads",
        input="costs",
        recognised_by=(
            ("By Day", "Date", "Day", "Stat time day", "Ngày", "Theo ngày"),
            ("Cost", "Total cost", "Chi phí", "Tổng chi phí"),
            ("Campaign name", "Ad group name", "Tên chiến dịch", "Tên nhóm quảng cáo"),
            ("Clicks (destination)", "CPC (destination)", "CTR (destination)", "Clicks (all)", "CPC (All)",
             "Lượt nhấp (đích đến)", "Lượt nhấp (tất cả)"),
        ),
        columns={
            "date": ("By Day", "Stat time day", "Date", "Day", "Theo ngày", "Ngày"),
            "amount": ("Cost", "Total cost", "Chi phí", "Tổng chi phí"),
            "campaign": ("Campaign name", "Tên chiến dịch"),
            "clicks": ("Clicks (destination)", "Clicks (all)", "Lượt nhấp (đích đến)", "Lượt nhấp (tất cả)"),
            "team": False,
        },
        source="TikTok Ads",
        how="Ads Manager > Reporting > Custom report, with the dimensions By Day and Campaign name > Export.",
        seen_in="headers of its reports in public code; totals stand in a row below",
    ),
)  # fmt: skip
