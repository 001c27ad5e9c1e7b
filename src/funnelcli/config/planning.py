"""The tables of funnel.toml that a plan is made with: its assumptions, the teams and what they are paid."""

from fractions import Fraction
from typing import Annotated, Literal

from msgspec import field

from funnelcli.config.capacity import Capacity, SignupCost
from funnelcli.config.table import About, Reads, Table
from funnelcli.config.values import (
    Amount,
    AmountOrShare,
    Confidence,
    Days,
    Globs,
    Lag,
    MonthKey,
    Owned,
    Share,
    ShareOrNone,
    Whole,
)
from funnelcli.text import Message, TextError
from funnelcli.values.amounts import parse_amount, parse_share
from funnelcli.values.channels import ChannelName


def _whole_mix(value: dict[str, Fraction]) -> dict[str, Fraction]:
    if value and sum(value.values()) != 1:
        text = Message("the shares sum to {sum} %, not 100 %")
        raise TextError(text.filled(sum=f"{float(sum(value.values())) * 100:g}"))
    return value


def _known_window(value: str | None) -> str | None:
    from funnelcli.values.windows import parse_window

    return None if value is None else parse_window(value).text


class Plan(Table, frozen=True, kw_only=True):
    """Assumptions for `funnelcli targets`, each in the place of the measured one; an option outweighs them."""

    visitor_to_signup: Annotated[
        ShareOrNone | None, About('Visitor to signup rate, like "4%"; "none" plans without visitors.')
    ] = None
    signup_to_demo: Annotated[Share | None, About("Signup to demo rate.")] = None
    demo_to_paid: Annotated[Share | None, About("Demo to paid rate.")] = None
    churn: Annotated[Share | None, About("Share of the customers lost in a month.")] = None
    arpa: Annotated[Amount | None, About('MRR that a new customer brings, like "2.5tr".')] = None
    deal_size: Annotated[
        Amount | None, About("Revenue of one new customer, once: makes the plan a one-off one, without ARPA.")
    ] = None
    opening_paid_users: Annotated[Whole | None, About("Customers paying when the plan begins.")] = None
    opening_mrr: Annotated[Amount | None, About("MRR of those customers when the plan begins.")] = None
    max_new_paid_users: Annotated[
        Whole | None, About("The most new customers the team can win in a month; a goal that needs more is refused.")
    ] = None
    round: Annotated[
        Literal["running", "month"] | None,
        About("Whole quotas from running totals rounded up (running), or each month by itself (month)."),
    ] = None
    bridge: Annotated[
        Literal["measured", "none"] | None,
        About("Whether the months between the exports and the plan are run forward at the measured rates."),
    ] = None
    lag: Annotated[
        Lag | None,
        About('The time from a signup to a customer: "measured", "none", or a number of months.'),
    ] = None
    confidence: Annotated[
        Confidence | None, About('Quotas that meet the goal in so many runs of the months under chance, like "80%".')
    ] = None
    rates_from: Annotated[MonthKey | None, About("First month the rates are measured over.")] = None
    rates_to: Annotated[MonthKey | None, About("Last month the rates are measured over.")] = None
    deal_rates: Annotated[
        dict[str, Share],
        About(
            'Rates from a stage of the opportunity to the next, like demo_to_contract = "40%"; won_to_paid is the '
            "share of the deals won that become new PU (100 %)."
        ),
    ] = field(default_factory=dict)
    deal_window: Annotated[
        str | None,
        Reads(_known_window, "after"),
        About('How long a deal has to get on before it counts in the rates of deals, like "180d"; 90d else.'),
    ] = None
    mix: Annotated[
        dict[ChannelName, Share],
        Reads(_whole_mix, "after"),
        About("Channel = its share of the new customers, in the place of the recent mix; they sum to 100 %."),
    ] = field(default_factory=dict)
    revenue: Annotated[
        dict[MonthKey, Amount], About('Month = revenue, for --shape revenue. For example "2027-01" = "800tr".')
    ] = field(default_factory=dict)
    capacity: Annotated[Capacity, About("What the sellers can hold.")] = Capacity()
    cost: Annotated[dict[ChannelName, SignupCost], About("Channel = what its signups cost.")] = field(
        default_factory=dict
    )


class Team(Table, frozen=True, kw_only=True):
    """What a team owns: "all", or a list of channels, of each stage.  Any [teams] replace the built-in ones."""

    visitors: Annotated[Owned | None, About('Net new visitors, like ["organic", "paid"].')] = None
    signups: Annotated[Owned | None, About("New signups.")] = None
    demos: Annotated[Owned | None, About("New demo bookings.")] = None
    new_paid_users: Annotated[Owned | None, About("New PU.")] = None
    onboardings: Annotated[Owned | None, About("Onboardings, one for each new PU.")] = None
    deals: Annotated[
        Globs, About('Stages of the opportunity: "all", or some, like ["demo", "contract", "won"], also "created".')
    ] = ()
    retention: Annotated[bool, About("Lost PU at most, and PU kept at least.")] = False


class Policy(Table, frozen=True, kw_only=True):
    """What a team is paid or may spend, by [teams] name."""

    per_visit: Annotated[Amount | None, About("For each net new visitor.")] = None
    per_signup: Annotated[Amount | None, About("For each new signup.")] = None
    per_demo: Annotated[Amount | None, About("For each demo booking.")] = None
    per_new_paid_user: Annotated[
        AmountOrShare | None, About('For each new PU: an amount, or a share of its first-year revenue like "10%".')
    ] = None
    fixed_per_month: Annotated[Amount | None, About("Each month, whatever comes.")] = None
    pay_after: Annotated[
        Days | None,
        About('How long after it is earned a commission is due, like "30d"; who has left by then is not paid for.'),
    ] = None

    @property
    def pays(self) -> bool:
        """Whether it has any price at all."""
        return any(
            price is not None
            for price in (
                self.per_visit, self.per_signup, self.per_demo, self.per_new_paid_user, self.fixed_per_month
            )
        )  # fmt: skip

    @property
    def share_of_first_year(self) -> Fraction | None:
        """The share of a new customer's first-year revenue, where the policy gives one."""
        value = self.per_new_paid_user
        return parse_share(value) if isinstance(value, str) and value.strip().endswith("%") else None

    @property
    def amount_per_new_paid_user(self) -> Fraction | None:
        """The amount for a new customer, where the policy gives one."""
        value = self.per_new_paid_user
        return None if value is None or self.share_of_first_year is not None else parse_amount(value)
