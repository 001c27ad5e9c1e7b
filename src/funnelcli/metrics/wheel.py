"""What turns the wheel: customers who bring customers, by invites or word of mouth, and who use what they have."""

from msgspec.structs import replace

from funnelcli.counting import measures
from funnelcli.counting.measures import Measure, Where
from funnelcli.metrics.model import FLYWHEEL, Balance, Flow, Good, Kind, Metric, Ratio
from funnelcli.text import Message, Text
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Unit

SOURCE = "definitions: the flywheel"
NO_PAYING = Message("no paid users at the start of the period")
INVITES = Measure(name="customer_invites", plus=("invite",), when="within", held="paying")
ACCEPTED = Measure(name="accepted_invites", plus=("invite_answered",), when="within", now="known", held="paying")
ACTIVE = Measure(
    name="active_customers", plus=("active_into",), minus=("active_out",), when="before_end",
    doubts=measures.PAYING_AT_END.doubts,
)  # fmt: skip
ADVOCATES = Measure(
    name="advocates", plus=("advocate_into",), minus=("advocate_out",), when="before_end",
    doubts=measures.PAYING_AT_END.doubts,
)  # fmt: skip
BY_REFERRAL = replace(measures.SIGNUPS, where=(Where(dimension="channel", globs=(Channel.REFERRAL.value,)),))
BY_WORD = Measure(
    name="paid_by_word", plus=("paid_by_word",), when="within", since="before_start", doubts=measures.NEW_PAID.doubts
)


def _metric(
    key: str,
    label: Text,
    unit: Unit,
    kind: Kind,
    definition: Text,
    *,
    owner: str = "customer_success",
    good: Good = "up",
    shown: bool = True,
    by_channel: bool = True,
) -> Metric:
    return Metric(
        key=key, label=label, unit=unit, section=FLYWHEEL, kind=kind, definition=definition, owner=owner, good=good,
        source=SOURCE, shown=shown, by_channel=by_channel,
    )  # fmt: skip


_ATTRACT: tuple[Metric, ...] = (
    _metric(
        "referral_signup_share_rate", Message("Referrals among new RU"), Unit.RATE,
        Ratio(
            numerator="referral_signups", denominator="new_signups", nothing=Message("no signups in the period"),
            among=BY_REFERRAL,
        ),
        Message("New signups of channel referral per new signup."), owner="marketing", by_channel=False,
    ),
    _metric(
        "referral_new_paid_users", Message("New PU from referrals"), Unit.CUSTOMERS,
        Flow(
            measure=measures.NEW_PAID, only=frozenset({Channel.REFERRAL}),
            what=Message("customers of channel referral whose first stay began within the period"),
        ),
        Message("New PU whose channel is referral."), shown=False, by_channel=False,
    ),
    _metric(
        "referral_new_paid_share_rate", Message("Referrals among new PU"), Unit.RATE,
        Ratio(
            numerator="referral_new_paid_users", denominator="new_paid_users",
            nothing=Message("no new paid users in the period"),
        ),
        Message("New PU of channel referral per new PU."), owner="marketing", by_channel=False,
    ),
)  # fmt: skip
_ENGAGE: tuple[Metric, ...] = (
    _metric(
        "active_customers", Message("Active PU at the end"), Unit.CUSTOMERS,
        Balance(
            measure=ACTIVE,
            what=Message("paying customers who did something of their own in the last 30 days"),
        ),
        Message(
            "Customers paying when the period ends who did something of their own, like a login or a call to us, in "
            "the 30 days that end with it."
        ),
        shown=False,
    ),
    _metric(
        "active_share_rate", Message("Active PU, of all"), Unit.RATE,
        Ratio(
            numerator="active_customers", denominator="closing_paid_users",
            nothing=Message("no paid users at the end of the period"), among=ACTIVE,
        ),
        Message("Active PU per customer paying when the period ends."),
    ),
)  # fmt: skip
_WHEEL: tuple[Metric, ...] = (
    _metric(
        "advocates", Message("Advocates"), Unit.CUSTOMERS,
        Balance(
            measure=ADVOCATES,
            what=Message("paying customers whose latest answer is 9–10 and who have brought somebody"),
        ),
        Message(
            "Customers paying when the period ends whose latest NPS answer, to date, is 9 or 10 and who have an "
            "accepted invite."
        ),
    ),
    _metric(
        "customer_invites", Message("Invites by customers"), Unit.INVITES,
        Flow(measure=INVITES, what=Message("invites within the period by those who were paying when it began")),
        Message(
            "Invites made within the period by customers who were paying when it began; a pair of who invites and who "
            "is invited counts once, when it was first made."
        ),
    ),
    _metric(
        "accepted_invites", Message("Invites accepted"), Unit.INVITES,
        Flow(measure=ACCEPTED, what=Message("of these invites, those that are accepted by as_of")),
        Message("Of the invites by customers of the period those accepted by as_of, whenever that was."),
    ),
    _metric(
        "invites_per_customer_ratio", Message("Invites a customer"), Unit.NUMBER,
        Ratio(numerator="customer_invites", denominator="opening_paid_users", nothing=NO_PAYING),
        Message("Invites by customers per customer paying when the period began."),
    ),
    _metric(
        "invite_conversion_rate", Message("Invites → accepted"), Unit.RATE,
        Ratio(
            numerator="accepted_invites", denominator="customer_invites",
            nothing=Message("no invites by customers in the period"), among=ACCEPTED,
        ),
        Message("Of the invites by customers of the period the share that is accepted by as_of."),
    ),
    _metric(
        "k_factor_ratio", Message("k-factor"), Unit.NUMBER,
        Ratio(numerator="accepted_invites", denominator="opening_paid_users", nothing=NO_PAYING),
        Message(
            "Accepted invites of the period per customer paying when it began: invites a customer times the share that "
            "is accepted. Not yet final for 30 days."
        ),
    ),
    _metric(
        "blended_k_factor_ratio", Message("k-factor by referrals"), Unit.NUMBER,
        Ratio(numerator="referral_signups", denominator="opening_paid_users", nothing=NO_PAYING),
        Message(
            "New signups of channel referral per customer paying when the period began: what stands without a file of "
            "invites."
        ),
        by_channel=False,
    ),
    _metric(
        "invited_new_paid_users", Message("New PU by word of mouth"), Unit.CUSTOMERS,
        Flow(measure=BY_WORD, what=Message("new customers invited by customers of earlier periods")),
        Message("New PU whom somebody invited who first paid before the period began."), shown=False,
    ),
    _metric(
        "word_of_mouth_share_rate", Message("Word of mouth among new PU"), Unit.RATE,
        Ratio(
            numerator="invited_new_paid_users", denominator="new_paid_users",
            nothing=Message("no new paid users in the period"), among=BY_WORD,
        ),
        Message("New PU invited by customers of earlier periods per new PU."),
    ),
)  # fmt: skip

METRICS: tuple[Metric, ...] = (*_ATTRACT, *_ENGAGE, *_WHEEL)
