"""The exports of Pipedrive and Zoho CRM."""

from funnelcli.inputs.known import DEALS, KnownExport
from funnelcli.inputs.systems.salesforce import LEAD_SOURCES, WON_NOT_UNTIL_WHEN

EXPORTS = (
    KnownExport(
        name="Pipedrive people",
        input="signups",
        recognised_by=(
            ("Person - Person created", "Person - Created", "Person - Add time"),
            ("Person - ID", "Person - Email", "Person - Email - Work"),
            "Person - Name",
        ),
        columns={
            "user_id": ("Person - ID", "Person - Email - Work", "Person - Email"),
            "signed_up_at": ("Person - Person created", "Person - Created", "Person - Add time"),
        },
        how="Contacts > People > Export filter results, with ID and Person created.",
        seen_in="public code that reads such exports by name (Entity - Field); no page of the documentation was found",
    ),
    KnownExport(
        name="Pipedrive deals",
        input="paid_users",
        recognised_by=(
            "Deal - Status",
            "Deal - Title",
            ("Deal - Won time", "Deal - Deal closed on", "Deal - Closed on"),
        ),
        columns={
            "user_id": ("Deal - Organization", "Deal - Contact person", "Person - Email", "Deal - Title"),
            "subscription_id": "Deal - ID",
            "started_at": ("Deal - Won time", "Deal - Deal closed on", "Deal - Closed on"),
            "status": "Deal - Status",
            "source": ("Deal - Source", "Deal - Source channel", "Deal - Source origin"),
        },
        statuses={"paying": ("won",), "not_paying": ("open", "lost", "deleted")},
        ignore=(
            "Deal - Stage*",
            "Deal - Value",
            "Deal - Lost*",
            "Deal - Deal created",
            "Deal - Add time",
            "Deal - Expected close date",
            "Deal - Probability",
            "Deal - Weighted*",
            "Deal - Total*",
            "Deal - Done*",
            "Deal - Deal closed on",
            "Deal - Product quantity",
        ),
        rank=DEALS,
        lacks=WON_NOT_UNTIL_WHEN,
        channels=LEAD_SOURCES,
        how="Deals > Export filter results, with Status and Won time. Better: subscriptions or contracts.",
        seen_in="public code that reads such exports by name (Entity - Field); no page of the documentation was found",
    ),
    KnownExport(
        name="Zoho CRM leads",
        input="signups",
        recognised_by=(
            "Lead Owner",
            ("Record Id", "Record ID", "Lead Id"),
            "Created Time",
            ("Lead Status", "Lead Source"),
        ),
        columns={
            "user_id": ("Record Id", "Record ID", "Lead Id"),
            "signed_up_at": "Created Time",
            "source": "Lead Source",
        },
        channels=LEAD_SOURCES,
        how="Setup > Data administration > Export > Leads.",
        seen_in="no page of the documentation was found that lists them: the names are those of the fields in Zoho CRM",
    ),
    KnownExport(
        name="Zoho CRM deals",
        input="paid_users",
        recognised_by=(
            "Closing Date",
            ("Deal Name", "Potential Name"),
            "Stage",
            ("Deal Owner", "Record Id", "Account Name"),
        ),
        columns={
            "user_id": ("Account Name", "Contact Name", "Account Name.id", "Contact Name.id"),
            "subscription_id": ("Record Id", "Record ID"),
            "started_at": "Closing Date",
            "status": "Stage",
            "source": "Lead Source",
        },
        statuses={"paying": ("closed won",), "not_paying": ("closed lost", "closed lost to competition")},
        ignore=("Probability*", "Expected Revenue", "Amount", "Created Time", "Modified Time", "Type", "Next Step"),
        rank=DEALS,
        lacks=WON_NOT_UNTIL_WHEN,
        channels=LEAD_SOURCES,
        how="Setup > Data administration > Export > Deals. Better: subscriptions or contracts.",
        seen_in="no page of the documentation was found that lists them: the names are those of the fields in Zoho CRM",
    ),
)
