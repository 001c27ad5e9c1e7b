"""``python -m funnelcli``, and the ``funnelcli`` command."""

import gc

# One run, then the process is gone: looking for cycles among fresh modules and millions of cells only costs time.
gc.disable()

from funnelcli.cli.app import run  # noqa: E402  # the imports are what is to be quicker

if __name__ == "__main__":
    run()
