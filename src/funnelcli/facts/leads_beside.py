"""Leads beside all else: the hand-overs that are made of rows and dates, and what became of the leads by them."""

from __future__ import annotations

from collections.abc import Mapping

from funnelcli.config import Config
from funnelcli.facts.attributes import Attributes
from funnelcli.facts.commission import commission_events
from funnelcli.facts.dimensions import Dimensions
from funnelcli.facts.events import Events
from funnelcli.facts.handed_rows import handed_events
from funnelcli.facts.happened import Happened
from funnelcli.facts.leads import Leads, leads_in
from funnelcli.facts.tiers import Tiers


def with_leads(
    config: Config, events: Mapping[str, Events], attributes: Attributes, dimensions: Dimensions, tiers: Tiers
) -> tuple[Happened, Leads | None]:
    """The events with those of commission, of hand-overs and of leads; and the leads, where any file has signups."""
    known = Happened.together([events, commission_events(config, events, dimensions)])
    known = Happened.together([known, Happened(handed_events(config, known))])
    leads = leads_in(config, known, attributes, dimensions, tiers)
    return (known if leads is None else Happened.together([known, Happened(leads.happened())])), leads
