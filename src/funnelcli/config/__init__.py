"""funnel.toml: what may be said in it, and how it is read.

Every table and key is optional.  The descriptions here are also the comments of docs/config.md and of the JSON
Schema that ``funnelcli init`` writes beside the file for editors.
"""

from funnelcli.config.inputs import InputSettings
from funnelcli.config.planning import Plan, Policy, Team
from funnelcli.config.read import FILE_NAME, SCHEMA_NAME, parse_config, read_config
from funnelcli.config.tables import (
    DEFAULT_CURRENCY,
    DEFAULT_TIMEZONE,
    Business,
    Churn,
    Config,
    DimensionSettings,
    JourneySettings,
    Opening,
    PaidUsers,
    json_schema,
)
from funnelcli.config.values import WEEKDAYS, Owned
from funnelcli.config.words import SEE_CONFIG, unknown_key

__all__ = [
    "DEFAULT_CURRENCY",
    "DEFAULT_TIMEZONE",
    "FILE_NAME",
    "SCHEMA_NAME",
    "SEE_CONFIG",
    "WEEKDAYS",
    "Business",
    "Churn",
    "Config",
    "DimensionSettings",
    "InputSettings",
    "JourneySettings",
    "Opening",
    "Owned",
    "PaidUsers",
    "Plan",
    "Policy",
    "Team",
    "json_schema",
    "parse_config",
    "read_config",
    "unknown_key",
]
