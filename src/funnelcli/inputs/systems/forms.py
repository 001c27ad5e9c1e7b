"""Forms and lead ads: Google Forms, Typeform, Meta Lead Ads, TikTok; and lists of people: Mailchimp, Intercom."""

from funnelcli.inputs.known import KnownExport
from funnelcli.text import Message

CONTACT = (
    "Email Address",
    "Email address",
    "Địa chỉ email",
    "Username",
    "Tên người dùng",
    "Email",
    "Số điện thoại",
    "SĐT",
    "Điện thoại",
    "Phone number",
    "Phone",
)
EXPORTS = (
    KnownExport(
        name="Google Forms responses",
        input="signups",
        recognised_by=(("Dấu thời gian", "Timestamp"), CONTACT),
        columns={"user_id": CONTACT, "signed_up_at": ("Dấu thời gian", "Timestamp")},
        yields_to=("surveys",),
        how="Responses > Link to Sheets > File > Download > CSV or XLSX; or Responses > Download responses (.csv).",
        seen_in="public code that reads such sheets by name; no page of the documentation was found that lists them",
    ),
    KnownExport(
        name="Typeform responses",
        input="signups",
        recognised_by=("Submit Date (UTC)", "#", ("Network ID", "Start Date (UTC)")),
        columns={
            "user_id": ("Email", "email", "Email address", "Your email", "What's your email?", "#"),
            "signed_up_at": "Submit Date (UTC)",
            "source": ("utm_source", "source"),
            "medium": "utm_medium",
        },
        drop={"Response Type": ("partial", "started")},
        yields_to=("surveys",),
        ignore=("Start Date (UTC)", "Stage Date (UTC)", "Response Type", "Ending", "Tags"),
        how="Results > Responses > Download all responses, CSV.",
        seen_in="public code that reads such exports by name; no page of the documentation was found that lists them",
    ),
    KnownExport(
        name="Meta lead ads",
        input="signups",
        recognised_by=("is_organic", "created_time", "form_id", "platform"),
        columns={
            "user_id": ("email", "work_email", "phone_number", "phone", "id"),
            "signed_up_at": "created_time",
            "source": "platform",
            "medium": "is_organic",
        },
        # Leads of an ad, unless the form was found without one.
        channels={"organic": ("* / true", "* / 1"), "paid": ("* / false", "* / 0")},
        how="Ads Manager or Page > Instant forms > Download leads, CSV (tab-separated, UTF-16).",
        seen_in="public code that reads such exports by name, and the fields of the Lead Ads Retrieval API",
    ),
    KnownExport(
        name="TikTok leads",
        input="signups",
        recognised_by=(
            ("Adgroup Name", "adgroup_name", "Adgroup ID", "adgroup_id", "Ad Group Name"),
            ("Lead ID", "lead_id"),
            ("Created Time", "created_time", "create_time"),
            ("Ad Name", "ad_name", "Campaign Name", "campaign_name"),
        ),
        columns={
            "user_id": ("Email", "email", "Phone number", "Phone Number", "phone_number", "Lead ID", "lead_id"),
            "signed_up_at": ("Created Time", "created_time", "create_time"),
            "source": ("Campaign Name", "campaign_name", "Adgroup Name", "adgroup_name"),
        },
        channels={"paid": ("*",)},
        how="TikTok Ads Manager > Tools > Instant forms > Download leads, CSV.",
        seen_in="public code that reads such exports by name; no page of the documentation was found that lists them",
    ),
    KnownExport(
        name="Mailchimp audience",
        input="signups",
        recognised_by=("OPTIN_TIME", ("Email Address", "EMAIL", "Email"), ("MEMBER_RATING", "LEID", "EUID")),
        columns={
            "user_id": ("Email Address", "EMAIL", "Email"),
            "signed_up_at": ("OPTIN_TIME", "CONFIRM_TIME"),
        },
        ignore=("CONFIRM_TIME", "LAST_CHANGED", "MEMBER_RATING", "UNSUB*", "CLEAN*"),
        how="Audience > All contacts > Export audience: subscribed_members_export.csv.",
        lacks=Message("people added by hand have no OPTIN_TIME"),
        seen_in="public code that reads such exports by name; no page of the documentation was found that lists them",
    ),
    KnownExport(
        name="Intercom users",
        input="signups",
        recognised_by=(
            ("Last seen", "Last seen (UTC)", "Web sessions", "First seen", "First seen (UTC)"),
            ("Signed up", "Signed up (UTC)", "signed_up_at"),
            ("Email", "User ID"),
        ),
        columns={
            "user_id": ("User ID", "Email"),
            "signed_up_at": ("Signed up", "Signed up (UTC)", "signed_up_at"),
            "source": ("UTM source", "utm_source", "Referral URL"),
            "medium": ("UTM medium", "utm_medium"),
        },
        ignore=("Last seen*", "First seen*", "Last contacted*", "Last heard from*", "Web sessions"),
        how="Contacts > Users > More > Export CSV, with all columns.",
        seen_in="no page of the documentation was found that lists them: the names are of Intercom's attributes",
    ),
)
