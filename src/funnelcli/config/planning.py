"""The tables of funnel.toml that a plan is made with: its assumptions, the teams and what they are paid."""

from fractions import Fraction
from typing import Literal

from pydantic import Field, field_validator

from funnelcli.config.values import (
    Amount,
    AmountOrShare,
    MonthKey,
    Owned,
    Share,
    ShareOrNone,
    TableModel,
    Whole,
)
from funnelcli.text import Text, TextError
from funnelcli.values.amounts import parse_amount, parse_share
from funnelcli.values.channels import ChannelName


class Plan(TableModel):
    """Assumptions for `funnelcli targets`, each in the place of the measured one; an option outweighs them."""

    visitor_to_signup: ShareOrNone | None = Field(
        None, description='Visitor to signup rate, like "4%"; "none" plans without visitors.'
    )
    signup_to_demo: Share | None = Field(None, description="Signup to demo rate.")
    demo_to_paid: Share | None = Field(None, description="Demo to paid rate.")
    churn: Share | None = Field(None, description="Share of the customers lost in a month.")
    arpa: Amount | None = Field(None, description='MRR that a new customer brings, like "2.5tr".')
    deal_size: Amount | None = Field(
        None, description="Revenue of one new customer, once: makes the plan a one-off one, without ARPA."
    )
    opening_paid_users: Whole | None = Field(None, description="Customers paying when the plan begins.")
    opening_mrr: Amount | None = Field(None, description="MRR of those customers when the plan begins.")
    max_new_paid_users: Whole | None = Field(
        None, description="The most new customers the team can win in a month; a goal that needs more is refused."
    )
    round: Literal["running", "month"] | None = Field(
        None, description="Whole quotas from running totals rounded up (running), or each month by itself (month)."
    )
    bridge: Literal["measured", "none"] | None = Field(
        None, description="Whether the months between the exports and the plan are run forward at the measured rates."
    )
    rates_from: MonthKey | None = Field(None, description="First month the rates are measured over.")
    rates_to: MonthKey | None = Field(None, description="Last month the rates are measured over.")
    mix: dict[ChannelName, Share] = Field(
        default_factory=dict,
        description="Channel = its share of the new customers, in the place of the recent mix; they sum to 100 %.",
    )
    revenue: dict[MonthKey, Amount] = Field(
        default_factory=dict, description='Month = revenue, for --shape revenue. For example "2027-01" = "800tr".'
    )

    @field_validator("mix")
    @classmethod
    def _whole_mix(cls, value: dict[str, Fraction]) -> dict[str, Fraction]:
        if value and sum(value.values()) != 1:
            text = Text("the shares sum to {sum} %, not 100 %", "tổng các tỷ lệ là {sum} %, không phải 100 %")
            raise TextError(text.filled(sum=f"{float(sum(value.values())) * 100:g}"))
        return value


class Team(TableModel):
    """What a team owns: "all", or a list of channels, of each stage.  Any [teams] replace the built-in ones."""

    visitors: Owned | None = Field(None, description='Net new visitors, like ["organic", "paid"].')
    signups: Owned | None = Field(None, description="New signups.")
    demos: Owned | None = Field(None, description="New demo bookings.")
    new_paid_users: Owned | None = Field(None, description="New PU.")
    onboardings: Owned | None = Field(None, description="Onboardings, one for each new PU.")
    retention: bool = Field(False, description="Lost PU at most, and PU kept at least.")


class Policy(TableModel):
    """What a team is paid or may spend, by [teams] name."""

    per_visit: Amount | None = Field(None, description="For each net new visitor.")
    per_signup: Amount | None = Field(None, description="For each new signup.")
    per_demo: Amount | None = Field(None, description="For each demo booking.")
    per_new_paid_user: AmountOrShare | None = Field(
        None, description='For each new PU: an amount, or a share of its first-year revenue like "10%".'
    )
    fixed_per_month: Amount | None = Field(None, description="Each month, whatever comes.")

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
