"""``python -m funnelcli``."""

from funnelcli.cli.app import main

if __name__ == "__main__":
    main()
