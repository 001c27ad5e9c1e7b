"""HubSpot's exports: contacts, also by the stages they reached, deals, and meetings."""

from msgspec.structs import replace

from funnelcli.inputs.known import DEALS, KnownExport
from funnelcli.inputs.systems.salesforce import WON_NOT_UNTIL_WHEN
from funnelcli.text import Message

CREATED = ("Create Date", "createdate")
SOURCE = ("Original Source", "Original Traffic Source", "hs_analytics_source")
BECAME_SQL = ("Became a Sales Qualified Lead Date", "hs_lifecyclestage_salesqualifiedlead_date")
BOOKED = ("Date of last meeting booked in meetings tool", "engagements_last_meeting_booked")
BECAME_CUSTOMER = ("Became a Customer Date", "hs_lifecyclestage_customer_date")
# How far a contact has come by now, and when it became what: no demo came about by that.
OF_OTHER_STAGES = ("Became a * Date", "hs_lifecyclestage_*", "Lifecycle Stage", "lifecyclestage", "Lead Status",
                   "hs_lead_status")  # fmt: skip
CONTACTS = KnownExport(
    name="HubSpot contacts",
    input="signups",
    recognised_by=(
        (
            "Lifecycle Stage",
            "Lead Status",
            "Original Source",
            "Original Traffic Source",
            "Contact owner",
            "lifecyclestage",
            "hs_lead_status",
            "hs_analytics_source",
        ),
        ("Record ID", "Record ID - Contact", "Contact ID", "hs_object_id"),
        ("Email", "E-mail"),
        CREATED,
    ),
    columns={
        "user_id": ("Record ID", "Record ID - Contact", "Contact ID", "hs_object_id"),
        "signed_up_at": CREATED,
        "source": SOURCE,
    },
    # Links from other sites, and not word of mouth.
    channels={"organic": ("referrals", "ai referrals", "social media")},
    how="CRM > Contacts > Export view; take Record ID, Email, Create Date and Original Source among the columns.",
    seen_in="headers of real exports, and public code that reads such exports by name; "
    "the API's names (hs_*) in a public list of HubSpot's contact properties",
)

# What is done with contacts: whom it was with, when, its id, and who did it.
OF_CONTACTS = ("Associated Contact IDs", "Associated Contact", "Contact ID")
OF_ACTIVITIES = {
    "user_id": OF_CONTACTS,
    "at": ("Activity date", "hs_timestamp"),
    "activity_id": ("Record ID", "hs_object_id"),
    "owner": ("Activity assigned to", "hubspot_owner_id"),
}

EXPORTS = (
    CONTACTS,
    replace(
        CONTACTS,
        name="HubSpot contacts (sales qualified)",
        input="demos",
        by_name_only=True,
        recognised_by=(*CONTACTS.recognised_by, BECAME_SQL),
        columns={"user_id": CONTACTS.columns["user_id"], "booked_at": BECAME_SQL, "source": SOURCE},
        keep=dict.fromkeys(BECAME_SQL, ("?*",)),
        ignore=OF_OTHER_STAGES,
        lacks=Message("whether a demo was held is not in it"),
        how="The same export: a contact counts on the day it became sales qualified, where no other file has demos, or "
        "where it is saved as demos.csv.",
    ),
    replace(
        CONTACTS,
        name="HubSpot contacts that booked a meeting",
        input="demos",
        by_name_only=True,
        recognised_by=(*CONTACTS.recognised_by, BOOKED),
        columns={"user_id": CONTACTS.columns["user_id"], "booked_at": BOOKED, "source": SOURCE},
        keep=dict.fromkeys(BOOKED, ("?*",)),
        ignore=OF_OTHER_STAGES,
        lacks=Message("of each contact the last meeting alone is in it, and not whether it was held"),
        how="The same export, with that date among the columns: used where nothing says when contacts became sales "
        "qualified.",
    ),
    replace(
        CONTACTS,
        name="HubSpot contacts (customers)",
        input="paid_users",
        by_name_only=True,
        recognised_by=(*CONTACTS.recognised_by, BECAME_CUSTOMER),
        columns={"user_id": CONTACTS.columns["user_id"], "started_at": BECAME_CUSTOMER, "source": SOURCE},
        keep=dict.fromkeys(BECAME_CUSTOMER, ("?*",)),
        starts_are_facts=True,
        lacks=Message("it says when customers came and not until when: churn is missing"),
        how="The same export: a contact counts on the day it became a customer, where no other file has paid users, or "
        "where it is saved as paid_users.csv.",
    ),
    KnownExport(
        name="HubSpot deals",
        input="paid_users",
        recognised_by=(
            ("Deal Stage", "dealstage"),
            ("Deal Name", "dealname"),
            ("Close Date", "closedate"),
            ("Pipeline", "pipeline", "Record ID", "Record ID - Deal", "hs_object_id", "Deal owner", "Deal Owner"),
        ),
        columns={
            "user_id": (
                "Associated Contact IDs",
                "Associated Company IDs",
                "Associated Company",
                "Deal Name",
                "dealname",
            ),
            "subscription_id": ("Record ID", "Record ID - Deal", "hs_object_id"),
            "started_at": ("Close Date", "closedate"),
            "status": ("Deal Stage", "dealstage"),
            "source": (*SOURCE, "Lead source"),
        },
        statuses={"paying": ("closed won", "closedwon"), "not_paying": ("closed lost", "closedlost")},
        channels={"organic": ("referrals", "ai referrals", "social media")},
        ignore=(
            "Amount*",
            "amount",
            "Create Date",
            "createdate",
            "Deal probability",
            "Is closed lost",
            "Is Closed *",
            "Date entered*",
            "Date left*",
            "Last Activity Date",
            "Forecast*",
            "Weighted*",
        ),
        rank=DEALS,
        lacks=WON_NOT_UNTIL_WHEN,
        how="CRM > Deals > Export view, with Record ID and Associated Contact IDs. Better: subscriptions or contracts.",
        seen_in="headers of real exports; the API's names in public code that asks for them",
    ),
    KnownExport(
        name="HubSpot meetings",
        input="demos",
        recognised_by=(
            ("Meeting outcome", "hs_meeting_outcome"),
            ("Meeting start time", "hs_meeting_start_time"),
            ("Create date", "Create Date", "hs_createdate", "Activity date", "hs_timestamp"),
        ),
        columns={
            "user_id": ("Associated Contact IDs", "Associated Contact", "Contact ID", "Email"),
            "demo_id": ("Record ID", "Record ID - Meeting", "hs_object_id"),
            "booked_at": ("Create date", "Create Date", "hs_createdate", "Activity date", "hs_timestamp"),
            "held_at": ("Meeting start time", "hs_meeting_start_time"),
            "status": ("Meeting outcome", "hs_meeting_outcome"),
            "owner": ("Activity assigned to", "hubspot_owner_id"),
        },
        statuses={
            "held": ("completed",),
            "not_held": ("scheduled", "rescheduled", "no show", "no_show", "canceled"),
        },
        ignore=("Meeting end time", "hs_meeting_end_time", "Activity date", "hs_timestamp"),
        how="CRM > Meetings (activities) > Export, with Create date, start time, outcome and contact.",
        seen_in="public code that lists HubSpot's properties of meetings (hs_meeting_outcome: Meeting outcome ...)",
    ),
    KnownExport(
        name="HubSpot calls",
        input="activities",
        recognised_by=(
            ("Call direction", "Call outcome", "Call Title", "hs_call_direction", "hs_call_disposition"),
            ("Activity date", "hs_timestamp"),
            OF_CONTACTS,
        ),
        columns={
            **OF_ACTIVITIES,
            "direction": ("Call direction", "hs_call_direction"),
            "status": ("Call status", "hs_call_status"),
            "outcome": ("Call outcome", "hs_call_disposition"),
            "lasted": ("Call duration", "hs_call_duration"),
        },
        how="CRM > Calls > Export, with Activity date, direction, outcome, status, duration and contact.",
        seen_in="HubSpot's exports of calls; the API's names in public lists of its properties of calls (hs_call_*)",
    ),
    KnownExport(
        name="HubSpot emails",
        input="activities",
        recognised_by=(
            ("Email direction", "Email send status", "hs_email_direction", "hs_email_status"),
            ("Activity date", "hs_timestamp"),
            OF_CONTACTS,
        ),
        columns={
            **OF_ACTIVITIES,
            "direction": ("Email direction", "hs_email_direction"),
            "status": ("Email send status", "hs_email_status"),
        },
        how="CRM > Emails (activities) > Export, with Activity date, direction, send status and contact.",
        seen_in="HubSpot's exports of emails; the API's names in public lists of its properties of emails (hs_email_*)",
    ),
)
