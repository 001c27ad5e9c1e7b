"""The amounts of all exports in one currency: which it is, and the rows that are in another."""

from __future__ import annotations

from collections.abc import Mapping

from funnelcli.config import Config
from funnelcli.facts.money import settle_currency
from funnelcli.facts.spending import has_amounts, settle_costs
from funnelcli.facts.staged import currency_beside
from funnelcli.problems import Problems
from funnelcli.reading.also import problems_of
from funnelcli.reading.tables import Table


def in_one_currency(tables: Mapping[str, Table], config: Config, problems: Problems) -> tuple[dict[str, Table], str]:
    """The tables without the rows whose amounts are in another currency than the others, and that currency.

    It is the one that [business] writes down, else that of the customers' amounts, of the deals', of the costs, else
    the assumed one.
    """
    currency, kept = config.business.currency, dict(tables)
    for name, table in tables.items():
        if table.input.stays is not None:
            currency, settled = settle_currency(table, config, problems_of(table.files, table.input, problems))
            kept[name] = settled or table
    currency = currency_beside(kept, config, currency)
    is_said = config.currency_given is not None or any(has_amounts(table.input, table) for table in kept.values())
    for name, table in tables.items():
        if table.input.spending is not None:
            kept[name], currency = settle_costs(table, config, currency if is_said else None, problems)
    return kept, currency
