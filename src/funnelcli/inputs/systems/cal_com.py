"""Cal.com's bookings."""

from funnelcli.inputs.known import KnownExport

EXPORTS = (
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
