"""What commission may be paid for, declared once: each with the price that the policies of the settings have for it."""

from msgspec import Struct

from funnelcli.config import Policy
from funnelcli.inputs import input_of_event

# Commission is counted in ten-thousandths of a unit of the currency, so that prices of a visit may be small.
PARTS = 10_000
# The stage that the rows of an input are of, by the keys of [teams].
STAGE_OF = {"visitors": "visitors", "signups": "signups", "demos": "demos", "paid_users": "new_paid_users"}


class Earning(Struct, frozen=True, kw_only=True):
    """What commission is paid for: an ``event``, less those ``minus`` of the same rows, at a ``price`` of [policies].

    ``of_person`` says that somebody can be lost for whom it was paid.
    """

    event: str
    price: str
    minus: str | None = None
    of_person: bool = True

    @property
    def name(self) -> str:
        """What it is called where it is listed.

        >>> [earning.name for earning in EARNINGS]
        ['visit', 'signup', 'demo', 'new_paid_user']
        """
        return self.price.removeprefix("per_")

    @property
    def stage(self) -> str:
        """The stage of [teams] that it is of.

        >>> EARNINGS[-1].stage
        'new_paid_users'
        """
        declared = input_of_event(self.event)
        assert declared is not None
        return STAGE_OF[declared.name]

    def is_paid_by(self, policy: Policy) -> bool:
        """Whether a policy has a price for it."""
        return getattr(policy, self.price) is not None


EARNINGS = (
    Earning(event="visit", price="per_visit", minus="existing_visit", of_person=False),
    Earning(event="signup", price="per_signup"),
    Earning(event="demo_booked", price="per_demo"),
    Earning(event="paid_first", price="per_new_paid_user"),
)


def commission_event(event: str, kind: str) -> str:
    """The name of what happens to the commission of an event.

    >>> commission_event("signup", "earned")
    'signup:commission_earned'
    """
    return f"{event}:commission_{kind}"
