"""Salesforce's reports, and its tables as the Data Loader writes them: leads, opportunities, events."""

from collections.abc import Mapping

from funnelcli.inputs.known import DEALS, KnownExport
from funnelcli.text import Message
from funnelcli.values.channels import ChannelName

WON_NOT_UNTIL_WHEN = Message("deals say when customers were won and not until when: churn is missing")
# What the CRMs' lists of sources come with: seminars and fairs are no advertisements.
LEAD_SOURCES: Mapping[ChannelName, tuple[str, ...]] = {
    "paid": ("advertisement", "purchased list", "google adwords"),
    "organic": (
        "web*",
        "phone*",
        "public relations",
        "trade show",
        "seminar*",
        "internal seminar",
        "cold call",
        "chat",
        "online store",
        "sales email alias",
        "customer event",
        "x (twitter)",
        "other",
    ),
}
EXPORTS = (
    KnownExport(
        name="Salesforce leads",
        input="signups",
        recognised_by=(
            ("Lead Source", "LeadSource"),
            ("Lead ID", "Id", "Lead Owner", "OwnerId"),
            ("Lead Status", "Status"),
            ("Created Date", "CreatedDate", "Create Date"),
            ("Email", "Company", "Company / Account"),
        ),
        columns={
            "user_id": ("Lead ID", "Id", "Email"),
            "signed_up_at": ("Created Date", "CreatedDate", "Create Date"),
            "source": ("Lead Source", "LeadSource"),
        },
        channels=LEAD_SOURCES,
        how="Reports > Leads > Export, details only, with Lead ID, Created Date and Lead Source; or Data Loader: Lead.",
        seen_in="headers of real exports; the names of the Data Loader are the API's of Lead",
    ),
    KnownExport(
        name="Salesforce opportunities",
        input="paid_users",
        recognised_by=(
            ("StageName", "Stage"),
            ("Opportunity Name", "Opportunity ID", "AccountId"),
            ("Close Date", "CloseDate"),
            ("Account Name", "AccountId", "Account ID"),
        ),
        columns={
            "user_id": ("Account ID", "AccountId", "Account Name"),
            "subscription_id": ("Opportunity ID", "Id"),
            "started_at": ("Close Date", "CloseDate"),
            "status": ("Stage", "StageName"),
            "source": ("Lead Source", "LeadSource"),
        },
        statuses={"paying": ("closed won",), "not_paying": ("closed lost",)},
        ignore=(
            "Probability*",
            "Amount",
            "Total Amount*",
            "ExpectedRevenue",
            "Expected Revenue",
            "Created Date",
            "CreatedDate",
            "Forecast*",
            "Fiscal*",
            "Next Step",
            "Type",
            "IsClosed",
            "IsWon",
        ),
        rank=DEALS,
        lacks=WON_NOT_UNTIL_WHEN,
        channels=LEAD_SOURCES,
        how="Reports > Opportunities > Export, details only; or Data Loader: Opportunity. Better: subscriptions or "
        "contracts.",
        seen_in="headers of real exports; the names of the Data Loader are the API's of Opportunity",
    ),
    KnownExport(
        name="Salesforce events",
        input="demos",
        recognised_by=(
            ("ActivityDateTime", "StartDateTime", "Start Date Time"),
            ("WhoId", "Lead ID", "Contact ID", "Email"),
            "Subject",
            ("CreatedDate", "Created Date"),
        ),
        columns={
            "user_id": ("WhoId", "Lead ID", "Contact ID", "Email"),
            "demo_id": ("Id", "Activity ID"),
            "booked_at": ("CreatedDate", "Created Date"),
            "held_at": ("ActivityDateTime", "StartDateTime", "Start Date Time"),
        },
        ignore=("EndDateTime", "End Date Time", "DurationInMinutes"),
        lacks=Message("it does not say whether people came: every meeting that is over counts as held"),
        how="Data Loader: Event, with WhoId, CreatedDate and ActivityDateTime.",
        seen_in="the API's names of Event; no page of the documentation was found in the lookup",
    ),
    KnownExport(
        name="Salesforce tasks",
        input="activities",
        recognised_by=("WhoId", "CompletedDateTime", "Status", ("TaskSubtype", "Type", "CallType")),
        columns={
            "user_id": "WhoId",
            "at": "CompletedDateTime",  # ActivityDate is the day it was due
            "activity_id": "Id",
            "kind": ("TaskSubtype", "Type"),
            "direction": "CallType",
            "status": "Status",
            "outcome": "CallDisposition",
            "owner": "OwnerId",
        },
        keep={"CompletedDateTime": ("?*",)},
        ignore=("ActivityDate", "CreatedDate", "IsClosed", "Priority", "CallDurationInSeconds"),
        is_in_utc=True,
        how="Data Loader: Task, with Id, WhoId, CompletedDateTime, Status, TaskSubtype and CallType.",
        seen_in="the API's names of Task",
    ),
)
