"""Calendly's exports."""

from funnelcli.inputs.known import KnownExport

EXPORTS = (
    KnownExport(
        name="Calendly events",
        input="demos",
        recognised_by=("Event Created Date & Time", "Invitee Email", "Start Date & Time", "Canceled"),
        columns={
            "user_id": "Invitee Email",
            "demo_id": "Event UUID",
            "booked_at": "Event Created Date & Time",
            "held_at": "Start Date & Time",
            "cancelled": "Canceled",
            "no_show": "Marked as No-Show",
            "owner": "User Email",
            "status": False,
        },
        ignore=("End Date & Time", "Canceled By", "Cancellation reason", "Payment *", "Guest Email(s)"),
        how="Meetings > Export.",
        seen_in="headers of real exports, and public code that reads such exports by name",
    ),
)
