"""funnelcli check."""


def check() -> None:
    """To come."""
