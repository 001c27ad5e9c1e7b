"""Tickets of Freshdesk, and conversations of Intercom as they are exported."""

from funnelcli.inputs.known import KnownExport
from funnelcli.text import Message

EXPORTS = (
    KnownExport(
        name="Freshdesk tickets",
        input="tickets",
        recognised_by=("Initial response time", ("Ticket ID", "Ticket Id"), "Created time", "Resolved time"),
        columns={
            "ticket_id": ("Ticket ID", "Ticket Id"),
            "user_id": ("Email", "Requester email", "Contact ID", "Full name"),
            "opened_at": "Created time",
            "first_response_at": "Initial response time",
            "resolved_at": "Resolved time",
            "status": "Status",
            "priority": "Priority",
            "kind": "Type",
            "csat": "Survey results",
        },
        ignore=("Closed time", "Due by Time", "Last update time", "First response time*", "Resolution time*",
                "Time tracked", "Agent interactions", "Customer interactions"),
        how="Tickets > Export, with all fields of the ticket and the e-mail of the contact, CSV.",
        seen_in="public code that reads such exports by name",
    ),
    KnownExport(
        name="Intercom conversations",
        input="tickets",
        recognised_by=("conversation_id", "conversation_created_at", "conversation_first_response_at"),
        columns={
            "ticket_id": "conversation_id",
            "user_id": ("message_author_email", "message_author_user_id", "message_author_id"),
            "opened_at": "conversation_created_at",
            "first_response_at": "conversation_first_response_at",
            "resolved_at": "conversation_closed_at",
            "status": "conversation_state",
            "csat": False,
        },
        # Beside the message that opens a conversation there may be rows of answers, notes and assignments.
        keep={"message_type": ("conversation_message",)},
        ignore=("message_*", "conversation_tags"),
        is_in_utc=True,
        lacks=Message("it does not say how content customers were"),
        how="A conversation export, one row a conversation, CSV.",
        seen_in="the list of columns in the documentation of such an export",
    ),
)  # fmt: skip
