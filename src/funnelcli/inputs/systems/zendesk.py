"""Zendesk's tickets."""

from funnelcli.inputs.known import KnownExport
from funnelcli.text import Message

EXPORTS = (
    KnownExport(
        name="Zendesk tickets",
        input="tickets",
        recognised_by=(
            ("Requester", "Requester email", "Requester id"),
            "Assignee",
            "Created at",
            "Solved at",
            ("Id", "ID", "Ticket ID"),
        ),
        columns={
            "ticket_id": ("Id", "ID", "Ticket ID"),
            "user_id": ("Requester email", "Requester external id", "Requester id", "Requester"),
            "opened_at": "Created at",
            "resolved_at": "Solved at",
            "status": "Status",
            "priority": "Priority",
            "kind": "Ticket type",
            "csat": "Satisfaction Score",
        },
        ignore=("Updated at", "Assigned at", "Initially assigned at", "Due date"),
        lacks=Message("it does not say when tickets were first answered"),
        how="Admin Center > Account > Tools > Reports > Export (CSV), or a view of tickets > Actions > Export CSV.",
        seen_in="the columns of the full export, as people quote them; no page of the documentation was looked up",
    ),
)
