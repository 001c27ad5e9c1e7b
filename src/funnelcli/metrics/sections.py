"""The sections of a report: blocks of metrics under a title, in their order."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from funnelcli.text import Message, Text

if TYPE_CHECKING:
    from funnelcli.config import Config


class Section(Struct, frozen=True, kw_only=True):
    """A block of the dashboard; those of lower ``rank`` stand first.

    One that ``is_journey`` holds the figures of a journey: where settings declare its stages anew, its metrics too.
    ``stages`` are then those on its way, by the keys of who entered them: each with its name and what people call it.
    ``also`` are metrics of other sections that stand in it too, each with the metric that it follows there.  Of one
    that is ``lenient`` only those metrics are shown, where nobody asks, of which the exports tell; and of one that
    ``needs`` inputs none where none of them has files; of one that is ``declared`` none where the settings do not.
    """

    key: str
    title: Text
    rank: int
    is_journey: bool = False
    needs: tuple[str, ...] = ()
    stages: tuple[tuple[str, str, Text], ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    lenient: bool = False
    declared: "Callable[[Config], bool] | None" = None


ACQUISITION = Section(key="acquisition", title=Message("Know → Understand → Fill the form (RU)"), rank=10)
SALES = Section(
    key="sales",
    title=Message("Form → Demo → Quote → Contract (PU)"),
    rank=20,
)
REVENUE = Section(
    key="revenue", title=Message("Revenue: what moved the MRR"), rank=22,
    also=(("closing_mrr_amount", "net_new_mrr_amount"),), lenient=True,
)  # fmt: skip
SUCCESS = Section(key="success", title=Message("Customers: renewals, cash and support"), rank=24, lenient=True)
COSTS = Section(
    key="costs", title=Message("Costs: what a customer costs and brings"), rank=26, needs=("costs",), lenient=True
)
FLYWHEEL = Section(
    key="flywheel", title=Message("Flywheel: attract, engage, delight, friction"), rank=28, lenient=True,
    needs=("surveys", "invites", "activities", "tickets"),
)  # fmt: skip
LEADS = Section(
    key="leads", title=Message("Leads: who is ready for sales, and what becomes of them"), rank=29, lenient=True,
    needs=("accounts", "handovers"),
)  # fmt: skip
SLA = Section(
    key="sla", title=Message("Agreement: what marketing and sales promise each other"), rank=34, needs=("handovers",),
    lenient=True,
)  # fmt: skip
ICP = Section(
    key="icp", title=Message("Ideal customer profile: who fits it, effort and return"), rank=31, lenient=True,
    declared=lambda config: config.icp.is_declared,
)  # fmt: skip
OWN = Section(key="own", title=Message("Own metrics"), rank=90)
# The sections of the dashboard are shown whatever exports there are; those of other inputs where these have files.
DASHBOARD = (ACQUISITION, SALES)
