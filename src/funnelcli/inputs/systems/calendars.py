"""Bookings of demos: Calendly and Cal.com."""

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
    KnownExport(
        name="Cal.com bookings",
        input="demos",
        recognised_by=("noShowGuests", "createdAt", "startTime", "eventTypeId"),
        columns={
            "user_id": ("attendeeEmail1", "attendeeEmail", "noShowGuests"),
            "demo_id": ("uid", "id"),
            "booked_at": "createdAt",
            "held_at": "startTime",
            "status": ("timeStatus", "status"),
        },
        statuses={
            "held": ("completed",),
            "not_held": ("cancelled", "canceled", "uncompleted", "rescheduled", "rejected"),
        },
        ignore=("endTime", "eventLength", "paid", "rating*", "noShowHost", "noShowGuestsCount"),
        how="Insights > Download as CSV.",
        seen_in="the code of Cal.com (features/insights, which names these fields); no page of the documentation was "
        "found",
    ),
)
