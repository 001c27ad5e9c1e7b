"""funnelcli explain."""


def explain() -> None:
    """To come."""
