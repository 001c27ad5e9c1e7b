"""Exports of surveys: Delighted, HubSpot, SurveyMonkey, and forms that ask how likely one is to recommend."""

from funnelcli.inputs.known import KnownExport
from funnelcli.inputs.surveys import CSAT_ASKED, NPS_ASKED
from funnelcli.inputs.systems.forms import CONTACT
from funnelcli.text import Message

ASKED = (*NPS_ASKED, *CSAT_ASKED)
EXPORTS = (
    KnownExport(
        name="Delighted responses",
        input="surveys",
        recognised_by=(
            ("Response ID", "response_id"),
            ("Score", "score"),
            ("Person ID", "person_id", "Person"),
            ("Created At", "Created At (UTC)", "created_at", "Responded At", "Responded At (UTC)"),
        ),
        columns={
            "answered_at": ("Responded At", "Responded At (UTC)", "Created At", "Created At (UTC)"),
            "score": "Score",
            "user_id": ("Email", "Person Email", "Person ID", "Person"),
            "kind": ("Survey Type", "survey_type"),
            "sent_at": ("Sent At", "Sent At (UTC)"),
            "comment": "Comment",
            "response_id": "Response ID",
        },
        never=("signups",),
        how="Responses > Export, CSV: one row a response.",
        lacks=Message("where it has no Sent At, it does not say whom one asked who did not answer"),
        seen_in="the fields of survey responses in the documentation of its interface; no file was seen",
    ),
    KnownExport(
        name="HubSpot feedback submissions",
        input="surveys",
        recognised_by=(
            ("Survey type", "hs_survey_type"),
            ("Rating", "hs_value"),
            ("Submission date", "Date", "hs_submission_timestamp"),
            ("Feedback sentiment", "Sentiment", "hs_response_group", "hs_sentiment"),
        ),
        columns={
            "answered_at": ("Submission date", "Date", "hs_submission_timestamp"),
            "score": ("Rating", "hs_value"),
            "user_id": ("Email", "Contact email", "Contact ID", "hs_contact_id", "Associated Contact IDs"),
            "kind": ("Survey type", "hs_survey_type"),
            "comment": ("Response", "hs_content"),
            "response_id": ("Response ID", "Record ID", "hs_object_id"),
            "sent_at": False,
        },
        # Its surveys of satisfaction are of three faces, 0 to 2, and those of effort of 1 to 7.
        keep=dict.fromkeys(("Survey type", "hs_survey_type"), ("NPS", "*loyalty*")),
        never=("signups",),
        how="Service > Feedback surveys > Analyze > Responses > Export, with Survey type, Rating and Date.",
        lacks=Message(
            "it does not say whom one asked who did not answer, and its scores of satisfaction are of three faces and "
            "not of 1 to 5: only its NPS is read"
        ),
        seen_in="the properties of feedback submissions in the documentation, and public code that reads them by name",
    ),
    KnownExport(
        name="SurveyMonkey responses",
        input="surveys",
        recognised_by=("Respondent ID", "Collector ID", ("End Date", "Date Modified"), ("Start Date", "Date Created")),
        questions=(ASKED,),
        columns={
            "answered_at": ("End Date", "Date Modified"),
            "user_id": ("Email Address", "Custom Data 1"),
            "response_id": "Respondent ID",
            "sent_at": False,
        },
        # A second line of headers stands below the first.
        drop={"Respondent ID": ("",)},
        never=("signups",),
        how="Analyze Results > Save as > Export file > All individual responses, CSV.",
        lacks=Message("it does not say whom one asked who did not answer"),
        seen_in="public code that reads such exports by name",
    ),
    KnownExport(
        name="Typeform surveys",
        input="surveys",
        recognised_by=("Submit Date (UTC)", "#", ("Network ID", "Start Date (UTC)")),
        questions=(ASKED,),
        columns={
            "user_id": ("Email", "email", "Email address", "Your email", "What's your email?", "user_id"),
            "answered_at": "Submit Date (UTC)",
            "response_id": "#",
            "sent_at": False,
        },
        drop={"Response Type": ("partial", "started")},
        never=("signups",),
        how="Results > Responses > Download all responses, CSV.",
        lacks=Message("it does not say whom one asked who did not answer"),
        seen_in="public code that reads such exports by name; no page of the documentation was found that lists them",
    ),
    KnownExport(
        name="Google Forms surveys",
        input="surveys",
        recognised_by=(("Dấu thời gian", "Timestamp"), CONTACT),
        questions=(ASKED,),
        columns={"user_id": CONTACT, "answered_at": ("Dấu thời gian", "Timestamp"), "sent_at": False},
        never=("signups",),
        how="Responses > Link to Sheets > File > Download > CSV or XLSX; or Responses > Download responses (.csv).",
        lacks=Message("it does not say whom one asked who did not answer"),
        seen_in="public code that reads such sheets by name; no page of the documentation was found that lists them",
    ),
)
