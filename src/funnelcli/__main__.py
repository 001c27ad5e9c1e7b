"""``python -m funnelcli``, and the ``funnelcli`` command."""

import gc
import os
import signal
from types import FrameType

INTERRUPTED = 130


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Nothing has been read or opened yet that would have to be tidied up."""
    os._exit(INTERRUPTED)


def run() -> None:
    """The ``funnelcli`` command, from its first import to the end of the process."""
    # One run, then the process is gone: looking for cycles among fresh modules and millions of cells only costs time.
    gc.disable()
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # a shell may have it ignored
    if ours:
        signal.signal(signal.SIGINT, _leave)
    from funnelcli.cli.app import run as run_command

    if ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    run_command()


if __name__ == "__main__":
    run()
