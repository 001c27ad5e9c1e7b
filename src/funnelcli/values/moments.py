"""Moments as lists write them: the day, and the time where there is one."""

from datetime import datetime, timedelta

_EPOCH = datetime(1970, 1, 1)


def moment_text(at: int, *, timed: bool) -> str:
    """A local moment in microseconds since 1970-01-01, in ISO form; a bare day without a time.

    >>> moment_text(1788170400_000_000, timed=True), moment_text(1788170400_000_000, timed=False)
    ('2026-08-31 10:00', '2026-08-31')
    """
    moment = _EPOCH + timedelta(microseconds=at)
    if not timed:
        return moment.date().isoformat()
    return moment.replace(microsecond=0).isoformat(" ").removesuffix(":00")
