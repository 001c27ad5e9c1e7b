"""HubSpot's exports: contacts, and the same contacts by the stages they reached."""

from msgspec.structs import replace

from funnelcli.inputs.known import KnownExport
from funnelcli.text import Message

CREATED = ("Create Date", "createdate")
SOURCE = ("Original Source", "Original Traffic Source", "hs_analytics_source")
BECAME_SQL = ("Became a Sales Qualified Lead Date", "hs_lifecyclestage_salesqualifiedlead_date")
BECAME_CUSTOMER = ("Became a Customer Date", "hs_lifecyclestage_customer_date")
CONTACTS = KnownExport(
    name="HubSpot contacts",
    input="signups",
    recognised_by=(
        ("Lifecycle Stage", "Lead Status", "Original Source", "Original Traffic Source", "Contact owner",
         "lifecyclestage", "hs_lead_status", "hs_analytics_source"),
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
    channels={"organic": ("referrals",)},
    how="CRM > Contacts > Export view; take Record ID, Email, Create Date and Original Source among the columns.",
    seen_in="headers of real exports, and public code that reads such exports by name; "
    "the API's names (hs_*) in a public list of HubSpot's contact properties",
)  # fmt: skip

EXPORTS = (
    CONTACTS,
    replace(
        CONTACTS,
        name="HubSpot contacts that became sales qualified",
        input="demos",
        by_name_only=True,
        recognised_by=(*CONTACTS.recognised_by, BECAME_SQL),
        columns={"user_id": CONTACTS.columns["user_id"], "booked_at": BECAME_SQL, "source": SOURCE},
        keep=dict.fromkeys(BECAME_SQL, ("?*",)),
        lacks=Message("whether a demo was held is not in it"),
        how="The same export, saved as demos.csv: a contact counts on the day it became sales qualified.",
    ),
    replace(
        CONTACTS,
        name="HubSpot contacts that became customers",
        input="paid_users",
        by_name_only=True,
        recognised_by=(*CONTACTS.recognised_by, BECAME_CUSTOMER),
        columns={"user_id": CONTACTS.columns["user_id"], "started_at": BECAME_CUSTOMER, "source": SOURCE},
        keep=dict.fromkeys(BECAME_CUSTOMER, ("?*",)),
        lacks=Message("it says when customers came and not until when: churn is missing"),
        how="The same export, saved as paid_users.csv: a contact counts on the day it became a customer.",
    ),
)
