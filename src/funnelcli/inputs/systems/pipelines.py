"""Deals of customer systems, read as deals: the same exports are paid users where nothing better says who pays."""

from msgspec.structs import replace

from funnelcli.inputs.known import KnownExport
from funnelcli.inputs.systems.crms import EXPORTS as CRMS
from funnelcli.inputs.systems.hubspot import EXPORTS as HUBSPOT
from funnelcli.inputs.systems.salesforce import EXPORTS as SALESFORCE
from funnelcli.text import Message

_SAVED_AS = "The same export; saved as deals.csv it is read as deals alone where other files say who pays."


def _as_deals(name: str, columns: dict[str, str | tuple[str, ...]], ignore: tuple[str, ...]) -> KnownExport:
    """An export of paid users read as deals."""
    known = next(export for export in (*HUBSPOT, *SALESFORCE, *CRMS) if export.name == name)
    return replace(
        known, name=f"{name} (pipeline)", input="deals", by_name_only=True, columns=columns, statuses={},
        ignore=ignore, rank=0, lacks=Message("of stages before the one of now it has days only in columns of dates"),
        how=_SAVED_AS,
    )  # fmt: skip


EXPORTS = (
    _as_deals(
        "HubSpot deals",
        {
            "deal_id": ("Record ID", "Record ID - Deal", "hs_object_id", "Deal Name", "dealname"),
            "user_id": ("Associated Contact IDs", "Associated Company IDs", "Associated Company"),
            "created_at": ("Create Date", "createdate"),
            "stage": ("Deal Stage", "dealstage"),
            "closed_at": ("Close Date", "closedate"),
            "owner": ("Deal owner", "Deal Owner"),
        },
        ("Deal Name", "Pipeline", "Deal probability", "Last Activity Date", "Forecast*", "Weighted*", "Date left*"),
    ),
    _as_deals(
        "Salesforce opportunities",
        {
            "deal_id": ("Opportunity ID", "Id", "Opportunity Name"),
            "user_id": ("Account ID", "AccountId", "Account Name"),
            "created_at": ("Created Date", "CreatedDate"),
            "stage": ("Stage", "StageName"),
            "closed_at": ("Close Date", "CloseDate"),
            "won": ("IsWon", "Won"),
            "is_closed": ("IsClosed", "Closed"),
            "source": ("Lead Source", "LeadSource"),
            "owner": ("Opportunity Owner", "OwnerId"),
        },
        ("Probability*", "ExpectedRevenue", "Expected Revenue", "Forecast*", "Fiscal*", "Next Step", "Type"),
    ),
    _as_deals(
        "Pipedrive deals",
        {
            "deal_id": ("Deal - ID", "Deal - Title"),
            "user_id": ("Deal - Organization", "Deal - Contact person", "Person - Email"),
            "created_at": ("Deal - Deal created", "Deal - Add time"),
            "stage": "Deal - Stage",
            "closed_at": ("Deal - Deal closed on", "Deal - Closed on", "Deal - Won time"),
            "lost_at": "Deal - Lost time",
            "won": "Deal - Status",
            "lost_reason": "Deal - Lost reason",
            "amount": "Deal - Value",
            "owner": "Deal - Owner",
        },
        ("Deal - Expected close date", "Deal - Probability", "Deal - Weighted*", "Deal - Total*",
         "Deal - Done*", "Deal - Product quantity", "Deal - Title"),
    ),
    _as_deals(
        "Zoho CRM deals",
        {
            "deal_id": ("Record Id", "Record ID", "Deal Name", "Potential Name"),
            "user_id": ("Account Name", "Contact Name"),
            "created_at": "Created Time",
            "stage": "Stage",
            "closed_at": "Closing Date",
            "owner": "Deal Owner",
        },
        ("Probability*", "Expected Revenue", "Modified Time", "Type", "Next Step", "Deal Name"),
    ),
    KnownExport(
        name="Bitrix24 deals",
        input="deals",
        recognised_by=("Stage", "Pipeline", "Responsible person", ("Deal name", "Name"), ("Created on", "Created")),
        columns={
            "deal_id": "ID",
            "user_id": ("Contact", "Company"),
            "created_at": ("Created on", "Created"),
            "stage": "Stage",
            "closed_at": ("Expected close date", "Closing date", "End date"),
            "is_closed": "Closed",
            "amount": ("Total", "Income", "Amount"),
            "currency": "Currency",
            "owner": "Responsible person",
            "source": "Source",
        },
        ignore=("Start date", "Deal name", "Name", "Modified*", "Probability*", "Type"),
        lacks=Message("of stages it has the one of now, and of closed deals the day on which they were closed"),
        how="CRM > Deals, as a list, with all fields > Export to CSV.",
        seen_in="the headers of the list; no page of the documentation was found that lists them",
    ),
)  # fmt: skip
