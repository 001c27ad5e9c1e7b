"""Calendly's exports."""

from funnelcli.inputs.spec import KnownExport

EXPORTS = (
    KnownExport(
        name="Calendly events",
        input="demos",
        recognised_by=("Invitee Email", "Start Date & Time", "Event Created Date & Time", "Canceled"),
        columns={
            "user_id": "Invitee Email",
            "booked_at": "Event Created Date & Time",
            "held_at": "Start Date & Time",
            "cancelled": "Canceled",
            "no_show": "Marked as No-Show",
        },
    ),
)
