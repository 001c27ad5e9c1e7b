"""Visits and registered users: know -> understand -> fill the form."""

from funnelcli.counting import measures
from funnelcli.metrics.model import ACQUISITION, Balance, Flow, Formula, Metric, Ratio
from funnelcli.text import Message, Text
from funnelcli.values.channels import CHANNELS, Channel
from funnelcli.values.figures import Unit


def _signups(channel: Channel, label: Text, definition: Text, owner: str) -> Metric:
    return Metric(
        key=f"{channel.value}_signups",
        label=label,
        unit=Unit.PEOPLE,
        section=ACQUISITION,
        kind=Flow(
            measure=measures.SIGNUPS,
            only=frozenset({channel}),
            what=Message("signups of channel {channel}").filled(channel=channel.value),
        ),
        definition=definition,
        owner=owner,
        good="up",
        by_channel=False,
        part=True,
        hide_zero=channel in (Channel.PARTNER, Channel.REFERRAL),
    )


METRICS: tuple[Metric, ...] = (
    Metric(
        key="total_leads",
        label=Message("Total leads (to date)"),
        unit=Unit.PEOPLE,
        section=ACQUISITION,
        kind=Balance(
            measure=measures.REGISTERED_AT_END,
            what=Message("people who signed up, up to the end of the period"),
        ),
        definition=Message("Distinct people who ever filled the form, all sources, up to the end of the period."),
        owner="marketing",
        good="up",
    ),
    Metric(
        key="organic_visits",
        label=Message("Organic visits"),
        unit=Unit.VISITS,
        section=ACQUISITION,
        kind=Flow(
            measure=measures.VISITS,
            only=frozenset(CHANNELS) - {Channel.PAID},
            what=Message("visits of every channel but paid"),
        ),
        definition=Message("Visits whose channel is not measured as paid."),
        owner="marketing",
        good="up",
    ),
    Metric(
        key="paid_visits",
        label=Message("Ads visits"),
        unit=Unit.VISITS,
        section=ACQUISITION,
        kind=Flow(
            measure=measures.VISITS,
            only=frozenset({Channel.PAID}),
            what=Message("visits of channel paid"),
        ),
        definition=Message("Visits from paid channels."),
        owner="marketing",
        good="up",
    ),
    Metric(
        key="existing_user_visits",
        label=Message("Visits by existing users"),
        unit=Unit.VISITS,
        section=ACQUISITION,
        kind=Flow(
            measure=measures.EXISTING_VISITS,
            what=Message("visits by people already registered"),
        ),
        definition=Message(
            "Visits by people already registered when they came: told by a column of the export, or found by joining "
            "its user ids with the signups (signed up before the visit; by the clock where both files give a time, "
            "else on an earlier day)."
        ),
        owner="marketing",
        good="neither",
        source="definitions: counting people and rows",
    ),
    Metric(
        key="net_new_visitors",
        label=Message("Net new visitors"),
        unit=Unit.VISITS,
        section=ACQUISITION,
        kind=Formula(
            plus=("organic_visits", "paid_visits"),
            minus=("existing_user_visits",),
            optional=frozenset({"existing_user_visits"}),
        ),
        definition=Message(
            "Visits less those by existing users. Where the data cannot tell existing users, all visits, with a note."
        ),
        owner="marketing",
        good="up",
    ),
    Metric(
        key="opening_registered_users",
        label=Message("RU at start of {grain}"),
        unit=Unit.PEOPLE,
        section=ACQUISITION,
        kind=Balance(
            measure=measures.REGISTERED_AT_START,
            what=Message("people who signed up before the period"),
        ),
        definition=Message("Registered before the period began."),
        owner="marketing",
        good="neither",
    ),
    Metric(
        key="new_signups",
        label=Message("New signups (RU)"),
        unit=Unit.PEOPLE,
        section=ACQUISITION,
        kind=Flow(
            measure=measures.SIGNUPS,
            what=Message("people whose earliest signup lies in the period"),
        ),
        definition=Message(
            "People who registered within the period; of several rows of one user_id the earliest counts."
        ),
        owner="marketing",
        good="up",
        source="definitions: counting people and rows",
    ),
    _signups(
        Channel.ORGANIC,
        Message("Organic (brand)"),
        Message("New signups minus every measured channel: the residual."),
        "marketing",
    ),
    _signups(
        Channel.PAID,
        Message("Paid (performance)"),
        Message("New signups whose source is a paid channel."),
        "marketing",
    ),
    _signups(
        Channel.SALES_SME,
        Message("From Sales SME"),
        Message("New signups brought by the SME sales team."),
        "sales_sme",
    ),
    _signups(
        Channel.AFFILIATE,
        Message("From affiliates"),
        Message("New signups brought by affiliates."),
        "affiliate",
    ),
    _signups(
        Channel.PARTNER,
        Message("From partners"),
        Message("New signups brought by partners."),
        "partner",
    ),
    _signups(
        Channel.REFERRAL,
        Message("From referrals"),
        Message("New signups by word of mouth; they feed the flywheel."),
        "customer_success",
    ),
    Metric(
        key="visitor_to_signup_rate",
        label=Message("Visitor → RU"),
        unit=Unit.RATE,
        section=ACQUISITION,
        kind=Ratio(
            numerator="new_signups",
            denominator="net_new_visitors",
            nothing=Message("no net new visitors in the period"),
        ),
        definition=Message(
            "New signups per net new visitor of the same period (an RU is a marketing-qualified lead, MQL). "
            "A period rate: the signups may come from earlier visits."
        ),
        owner="marketing",
        good="up",
        source="definitions: period rates and cohort rates",
    ),
    Metric(
        key="closing_registered_users",
        label=Message("RU at end of {grain}"),
        unit=Unit.PEOPLE,
        section=ACQUISITION,
        kind=Formula(plus=("opening_registered_users", "new_signups"), measure=measures.REGISTERED_AT_END),
        definition=Message("Registered by the end of the period."),
        owner="marketing",
        good="up",
    ),
)
