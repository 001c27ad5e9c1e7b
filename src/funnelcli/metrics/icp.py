"""The ideal customer profile: accounts by tier, what is known of them, and effort beside what it brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from funnelcli.counting.measures import Measure, Where
from funnelcli.inputs.activities import TOUCHES
from funnelcli.metrics.model import ATTRIBUTE, ICP, Balance, Flow, Good, Kind, Metric, Ratio
from funnelcli.text import Message, Text
from funnelcli.values.figures import Missing, Unit

if TYPE_CHECKING:
    from funnelcli.config import Config

SOURCE = "definitions: the ideal customer profile"
NO_PROFILE = Missing("no-profile", Message("[icp] declares no ideal customer profile"), unneeded=True)
NO_NEEDS = Missing("no-needed-roles", Message("[icp.needs] does not say which roles are needed"), unneeded=True)


def _declared(measure: Measure, absent: Callable[[Config], Missing | None]) -> Measure:
    """A measure that is missing where the settings leave nothing to count."""
    return replace(measure, rule=lambda config: replace(measure, absent=absent(config)))


def _without_profile(config: Config) -> Missing | None:
    return None if config.icp.is_declared else NO_PROFILE


def _without_needs(config: Config) -> Missing | None:
    return _without_profile(config) or (None if config.icp.needs else NO_NEEDS)


def _level(name: str, absent: Callable[[Config], Missing | None] = _without_profile) -> Measure:
    return _declared(
        Measure(name=name, plus=(f"{name}_into",), minus=(f"{name}_out",), when="before_end"), absent
    )  # fmt: skip


ACCOUNTS = _level("account")


def _of_tier(tier: str) -> Measure:
    return replace(ACCOUNTS, name=f"account_{tier}", where=(Where(dimension="tier", globs=(tier,)),))


def _metric(
    key: str, label: Text, unit: Unit, kind: Kind, definition: Text, good: Good = "up", owner: str = "marketing",
    *, shown: bool = True, part: bool = False, apart_by: tuple[str, ...] = (),
) -> Metric:  # fmt: skip
    return Metric(
        key=key, label=label, unit=unit, section=ICP, kind=kind, definition=definition, owner=owner, good=good,
        source=SOURCE, shown=shown, part=part, apart_by=apart_by,
    )  # fmt: skip


_TIERS: tuple[tuple[str, Text, Text, Good], ...] = (
    ("A", Message("Tier A"), Message("Accounts that meet the hard criteria and nearly all of the soft ones."), "up"),
    ("B", Message("Tier B"), Message("Accounts that meet the hard criteria and enough of the soft ones."), "up"),
    (
        "C", Message("Tier C"), Message("Accounts that meet the hard criteria and few of the soft ones."), "neither",
    ),
    ("D", Message("Tier D"), Message("Accounts that fail a hard criterion."), "down"),
    (
        "unknown", Message("Tier unknown"),
        Message("Accounts of which a hard criterion, or too much of the weight of the soft ones, is not known."),
        "down",
    ),
)  # fmt: skip

_ACCOUNTS: tuple[Metric, ...] = (
    _metric(
        "accounts", Message("Accounts"), Unit.ACCOUNTS,
        Balance(measure=ACCOUNTS, what=Message("accounts at the end of the period")),
        Message(
            "Firms that people are with, and everybody who is with none, known of up to the end of the period; what "
            "nothing dates counts from ever on."
        ),
    ),
    *(
        _metric(
            f"tier_{tier.lower()}_accounts", label, Unit.ACCOUNTS,
            Balance(
                measure=_of_tier(tier),
                what=Message("accounts of tier {tier} at the end of the period").filled(tier=tier),
            ),
            definition, good, part=True,
        )
        for tier, label, definition, good in _TIERS
    ),
    _metric(
        "asked_attributes", Message("Attributes of the profile, of every account"), Unit.NUMBER,
        Balance(measure=_level("attribute"), what=Message("attributes of the profile, of every account")),
        Message("Each attribute that the profile names, of each account at the end of the period."), "neither",
        shown=False, apart_by=(ATTRIBUTE,),
    ),
    _metric(
        "known_attributes", Message("Of these, known"), Unit.NUMBER,
        Balance(measure=_level("attribute_known"), what=Message("attributes of the profile that are known")),
        Message("Of the attributes that the profile names, of each account, those that are known."), shown=False,
        apart_by=(ATTRIBUTE,),
    ),
    _metric(
        "attribute_known_rate", Message("Attributes known"), Unit.RATE,
        Ratio(
            numerator="known_attributes", denominator="asked_attributes", nothing=Message("there are no accounts"),
            beside=Message("an account has several attributes"),
        ),
        Message(
            "Of the attributes that the profile names, of every account at the end of the period, the share that is "
            "known well enough to be compared with it; by attribute with --by attribute."
        ),
        owner="sales_enterprise", apart_by=(ATTRIBUTE,),
    ),
)  # fmt: skip

_TOUCHES = Measure(name="effort_touches", plus=TOUCHES, when="within")
_SHARES: tuple[tuple[str, str, Text, Text, Text], ...] = (
    (
        "demo_effort_share_rate", "new_demo_bookings", Message("Share of demos"),
        Message("no demos were booked in the period"),
        Message("Demos booked of a part, of those of the whole business."),
    ),
    (
        "touch_effort_share_rate", "effort_touches", Message("Share of touches"),
        Message("nobody was called, met or written to in the period"),
        Message("Calls, mails, chats, meetings and answered calls with those of a part, of all of these."),
    ),
    (
        "ticket_effort_share_rate", "opened_tickets", Message("Share of tickets"),
        Message("no tickets were opened in the period"),
        Message("Tickets opened by people of a part, of all tickets."),
    ),
    (
        "cost_effort_share_rate", "actual_cost_amount", Message("Share of costs"),
        Message("nothing was spent in the period"),
        Message("Costs whose rows name a part, of all costs."),
    ),
    (
        "mrr_share_rate", "closing_mrr_amount", Message("Share of MRR"),
        Message("there is no MRR at the end of the period"),
        Message("MRR at the end of the period of a part, of that of the whole business."),
    ),
)  # fmt: skip

_EFFORT: tuple[Metric, ...] = (
    _metric(
        "effort_touches", Message("Touches by our people"), Unit.NUMBER,
        Flow(measure=_TOUCHES, what=Message("touches by our people within the period")),
        Message(
            "Calls, mails with an owner, chats and meetings by our people within the period, and calls of customers "
            "that they answered; none of them automatic, and no mail to many."
        ),
        shown=False,
    ),
    *(
        _metric(
            key, label, Unit.RATE,
            Ratio(
                numerator=of, denominator=of, nothing=nothing, of_whole=True,
                beside=Message("a part beside the whole, and no share of people"),
            ),
            definition, "neither",
        )
        for key, of, label, nothing, definition in _SHARES
    ),
)  # fmt: skip

_CHAIN: tuple[Metric, ...] = (
    _metric(
        "chain_accounts", Message("Accounts that sales is at"), Unit.ACCOUNTS,
        Balance(
            measure=_level("chain_account", _without_needs),
            what=Message("accounts handed over, or with an open deal, at the end of the period"),
        ),
        Message(
            "Accounts of which somebody has been handed over to sales (where no file tells of hand-overs: has booked a "
            "demo), or that have an open deal."
        ),
        "neither", "sales_enterprise",
    ),
    _metric(
        "needed_roles", Message("Roles needed"), Unit.NUMBER,
        Balance(measure=_level("chain_needed", _without_needs), what=Message("roles needed in these accounts")),
        Message("The roles that accounts of their size need by [icp.needs], of the accounts that sales is at."),
        "neither", "sales_enterprise", shown=False,
    ),
    _metric(
        "known_roles", Message("Roles known"), Unit.NUMBER,
        Balance(measure=_level("chain_known", _without_needs), what=Message("needed roles that somebody is known for")),
        Message("Of the roles needed in the accounts that sales is at those that somebody is known for."),
        owner="sales_enterprise", shown=False,
    ),
    _metric(
        "chain_known_rate", Message("Decision chain known"), Unit.RATE,
        Ratio(
            numerator="known_roles", denominator="needed_roles",
            nothing=Message("no role is needed in the accounts that sales is at, or their size is not known"),
            beside=Message("an account has several roles"),
        ),
        Message(
            "Of the roles that are needed in the accounts that sales is at, by their number of employees, the share "
            "that somebody is known for. Accounts of unknown size need none."
        ),
        owner="sales_enterprise",
    ),
    _metric(
        "single_contact_accounts", Message("Accounts with one contact, where more are needed"), Unit.ACCOUNTS,
        Balance(
            measure=_level("single_contact", _without_needs),
            what=Message("accounts that sales is at with one contact, where more roles are needed"),
        ),
        Message("Accounts that sales is at, that need several roles, and of which one person alone is known."),
        "down", "sales_enterprise",
    ),
)  # fmt: skip

METRICS: tuple[Metric, ...] = (*_ACCOUNTS, *_CHAIN, *_EFFORT)
