"""Visits: Matomo, Plausible, Umami, PostHog and Mixpanel."""

from funnelcli.inputs.known import KnownExport
from funnelcli.text import Message

EXPORTS = (
    KnownExport(
        name="Matomo visits",
        input="visitors",
        recognised_by=(
            ("nb_visits", "Visits"),
            ("date", "Date"),
            ("nb_actions", "Actions", "nb_uniq_visitors", "Unique visitors"),
        ),
        columns={
            "date": ("date", "Date"),
            "visits": ("nb_visits", "Visits"),
            "source": ("label", "Label"),
        },
        # Channel types: links from other sites, and not word of mouth.
        channels={
            "organic": ("websites", "search engines", "social networks", "direct entry", "ai assistants"),
            "paid": ("campaigns",),
        },
        how="Acquisition > All Channels, by day > Export > CSV, several dates in rows (period=day, date=FROM,TO).",
        seen_in="Matomo's code and tests (Renderer/Csv: nb_uniq_visitors, nb_visits ...) and code that reads them",
    ),
    KnownExport(
        name="Plausible visits",
        input="visitors",
        recognised_by=("date", "visitors", "visits", "pageviews", ("bounce_rate", "visit_duration")),
        columns={"date": "date", "visits": "visits", "source": False},
        lacks=Message("it does not say where visits came from: all count as organic"),
        how="The dashboard > Export stats: visitors.csv; its sources.csv has no days.",
        seen_in="Plausible's code and public code that asks its API (visitors, visits, pageviews, views_per_visit, "
        "bounce_rate, visit_duration)",
    ),
    KnownExport(
        name="Umami events",
        input="visitors",
        recognised_by=("visit_id", "website_id", "session_id", "created_at", "url_path"),
        columns={
            "date": "created_at",
            "session_id": "visit_id",
            "visitor_id": "session_id",
            "source": "utm_source",
            "medium": "utm_medium",
        },
        drop={"event_type": ("2",)},
        is_in_utc=True,
        how="Settings > Websites > Data > Export: website_event.csv.",
        seen_in="public code that reads such exports by name (website_event.csv)",
    ),
    KnownExport(
        name="PostHog events",
        input="visitors",
        recognised_by=(
            ("properties.$session_id", "$session_id"),
            ("timestamp", "Time"),
            ("event", "Event"),
            ("distinct_id", "person.distinct_id", "Person"),
        ),
        columns={
            "date": ("timestamp", "Time"),
            "session_id": ("properties.$session_id", "$session_id"),
            "visitor_id": ("distinct_id", "person.distinct_id", "Person"),
            "source": ("properties.utm_source", "utm_source", "properties.$referring_domain"),
            "medium": ("properties.utm_medium", "utm_medium"),
        },
        keep={"event": ("$pageview", "$screen", "Pageview", "Screen")},
        how="Activity > Export > CSV, with the columns timestamp, $session_id and utm_source.",
        seen_in="no page of the documentation was found that lists them: the names are those of PostHog's events",
    ),
    KnownExport(
        name="Mixpanel events",
        input="visitors",
        recognised_by=(
            ("$insert_id", "Insert ID", "mp_processing_time_ms"),
            ("event", "Event Name"),
            "time",
            ("distinct_id", "Distinct ID"),
        ),
        columns={
            "date": "time",
            "visitor_id": ("distinct_id", "Distinct ID"),
            "source": ("utm_source", "UTM Source", "$initial_referring_domain"),
            "medium": ("utm_medium", "UTM Medium"),
        },
        keep={"event": ("$session_start", "Session Start"), "Event Name": ("$session_start", "Session Start")},
        lacks=Message("only the events of sessions that begin are visits: the others are left out"),
        how="Events > Export CSV, with Session Start events.",
        seen_in="public code that reads such exports by name (event, time, distinct_id, $insert_id)",
    ),
)
