"""funnelcli init."""


def init() -> None:
    """To come."""
