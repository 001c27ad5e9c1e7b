"""What C code says on standard output by itself: it has no place among the lines of an answer."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def remarks_left_out() -> Iterator[None]:
    """Nothing on standard output meanwhile: a solver may write a remark there, past Python, among an answer's lines."""
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    with suppress(ValueError, OSError):
        sys.stdout.flush()
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            _flush_remarks()
            os.dup2(kept, 1)
            os.close(kept)


def _flush_remarks() -> None:
    """What C code has written and not yet sent."""
    import ctypes

    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).fflush(None)
