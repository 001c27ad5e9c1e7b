"""Every kind of error and warning about the data, declared once; the reports and docs/errors.md are made from it."""

from funnelcli.problems.kinds.costs import OF_COSTS
from funnelcli.problems.kinds.deals import OF_DEALS
from funnelcli.problems.kinds.declare import Kind, Severity
from funnelcli.problems.kinds.expected import EXPECTED
from funnelcli.problems.kinds.files import OF_FILES
from funnelcli.problems.kinds.flywheel import OF_FLYWHEEL
from funnelcli.problems.kinds.money import OF_MONEY
from funnelcli.problems.kinds.oddities import ODDITIES
from funnelcli.problems.kinds.people import OF_PEOPLE
from funnelcli.problems.kinds.rows import OF_ROWS
from funnelcli.problems.kinds.shapes import OF_SHAPES
from funnelcli.problems.kinds.sheets import OF_SHEETS
from funnelcli.problems.kinds.visits import ROWS_OF

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        *OF_FILES,
        *OF_ROWS,
        *ODDITIES,
        *OF_MONEY,
        *ROWS_OF,
        *OF_PEOPLE,
        *OF_SHAPES,
        *OF_SHEETS,
        *OF_DEALS,
        *OF_COSTS,
        *OF_FLYWHEEL,
        *EXPECTED,
    )
}

__all__ = ["KINDS", "Kind", "Severity"]
