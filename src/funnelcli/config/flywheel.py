"""The settings of the flywheel: how soon whoever is not content is to be talked to."""

from typing import Annotated

from funnelcli.config.table import About, Reads, Table


def _known_window(value: str) -> str:
    from funnelcli.values.windows import parse_window

    return parse_window(value).text


class FlywheelSettings(Table, frozen=True, kw_only=True):
    """What the flywheel is judged by."""

    follow_up: Annotated[
        str,
        Reads(_known_window, "after"),
        About('How soon somebody is to come back to who gave 0 to 6, like "2d" or "48h".'),
    ] = "2d"
