"""What can be read: one declaration an input."""

from funnelcli.inputs.demos import DEMOS
from funnelcli.inputs.monthly import MONTHLY
from funnelcli.inputs.paid_users import PAID_USERS
from funnelcli.inputs.signups import SIGNUPS
from funnelcli.inputs.spec import Column, Input, Stage
from funnelcli.inputs.visitors import VISITORS

INPUTS: dict[Stage, Input] = {one.stage: one for one in (VISITORS, SIGNUPS, DEMOS, PAID_USERS, MONTHLY)}
SCHEMAS: dict[Stage, tuple[Column, ...]] = {stage: one.columns for stage, one in INPUTS.items()}
NAME_PATTERNS: dict[Stage, tuple[str, ...]] = {stage: one.files for stage, one in INPUTS.items()}
